//! Requests and answers of LINE's API, free of any HTTP library's types where handlers see them.

use std::collections::HashMap;

use axum::{
    body::{Body, Bytes},
    extract::Query,
    http::{HeaderValue, Response, StatusCode, Uri, header::CONTENT_TYPE},
};
use serde_json::{Value, json};

use crate::endpoints::Endpoint;

/// A request that passed the gate: known endpoint, live token, within its rate.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) endpoint: Endpoint,
    pub(crate) request_id: String,
    pub(crate) now_ms: i64,
    /// The open segments of the path.
    pub(crate) open: Vec<String>,
    pub(crate) query: String,
    pub(crate) content_type: String,
    pub(crate) retry_key: Option<u128>,
    pub(crate) body: Bytes,
}

impl Call {
    /// An open segment of the path.
    pub(crate) fn segment(&self, place: usize) -> &str {
        self.open.get(place).map_or("", String::as_str)
    }

    /// A query parameter.
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        pairs(&self.query).remove(name)
    }

    /// The fields of a form body.
    pub(crate) fn form(&self) -> HashMap<String, String> {
        std::str::from_utf8(&self.body).map(pairs).unwrap_or_default()
    }

    /// The body as a JSON object, or LINE's refusal.
    pub(crate) fn object(&self) -> Result<Value, Answer> {
        if !self.content_type.to_ascii_lowercase().starts_with("application/json") {
            let message = format!("The content type, {}, is not supported", self.content_type);
            return Err(Answer::error(StatusCode::UNSUPPORTED_MEDIA_TYPE, &message));
        }
        let refusal = |line: usize, column: usize| {
            let message = format!("The request body could not be parsed as JSON (line: {line}, column: {column})");
            Answer::error(StatusCode::BAD_REQUEST, &message)
        };
        let value: Value = serde_json::from_slice(&self.body).map_err(|error| refusal(error.line(), error.column()))?;
        if value.is_object() { Ok(value) } else { Err(refusal(1, 1)) }
    }

    /// A number for endpoint and body, to notice a retry key used for something else.
    pub(crate) fn fingerprint(&self) -> u64 {
        use std::hash::{DefaultHasher, Hash as _, Hasher as _};
        let mut hasher = DefaultHasher::new();
        (self.endpoint, &self.body).hash(&mut hasher);
        hasher.finish()
    }
}

fn pairs(encoded: &str) -> HashMap<String, String> {
    let uri = format!("/?{encoded}").parse::<Uri>();
    uri.ok()
        .and_then(|uri| Query::<HashMap<String, String>>::try_from_uri(&uri).ok())
        .map(|Query(pairs)| pairs)
        .unwrap_or_default()
}

/// What LINE answers.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) content_type: String,
    pub(crate) body: Bytes,
    /// `x-line-accepted-request-id`, in a 409.
    pub(crate) accepted_request_id: Option<String>,
    /// For the journal: a mistake of the caller that LINE itself would not notice.
    pub(crate) warning: Option<String>,
}

impl Answer {
    pub(crate) fn json(status: StatusCode, body: &Value) -> Self {
        Self::bytes(status, "application/json", body.to_string().into())
    }

    pub(crate) fn ok(body: &Value) -> Self {
        Self::json(StatusCode::OK, body)
    }

    /// `{}`, LINE's way to say yes.
    pub(crate) fn empty() -> Self {
        Self::ok(&json!({}))
    }

    pub(crate) fn accepted() -> Self {
        Self::json(StatusCode::ACCEPTED, &json!({}))
    }

    pub(crate) fn bytes(status: StatusCode, content_type: &str, body: Bytes) -> Self {
        Self { status, content_type: content_type.to_owned(), body, accepted_request_id: None, warning: None }
    }

    pub(crate) fn error(status: StatusCode, message: &str) -> Self {
        Self::json(status, &json!({ "message": message }))
    }

    pub(crate) fn bad(message: &str) -> Self {
        Self::error(StatusCode::BAD_REQUEST, message)
    }

    pub(crate) fn not_found() -> Self {
        Self::error(StatusCode::NOT_FOUND, "Not found")
    }

    /// The answer on the wire, without the headers that every answer has.
    pub(crate) fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        if let Ok(content_type) = HeaderValue::from_str(&self.content_type) {
            response.headers_mut().insert(CONTENT_TYPE, content_type);
        }
        response
    }
}
