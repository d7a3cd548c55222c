//! One call to LINE: its address, its headers, its token, and the answer with a bounded body.

use bytes::{Bytes, BytesMut};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{Method, StatusCode};
use reqwest::Response;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::LineClient;
use super::error::{LineError, Refusal, RequestId};
use crate::config::Host;
use crate::limits::{ANSWER_BYTES_MAX, ERROR_BYTES_MAX};
use crate::token::{Token, not_taken};

const RETRY_KEY: &str = "x-line-retry-key";
const REQUEST_ID: &str = "x-line-request-id";
const ACCEPTED_REQUEST_ID: &str = "x-line-accepted-request-id";

/// A call, ready to be sent more than once.
#[derive(Clone)]
pub(crate) struct Call<'a> {
    doing: &'static str,
    method: Method,
    host: Host,
    path: &'a [&'a str],
    query: Vec<(&'static str, String)>,
    body: Option<(&'static str, Bytes)>,
    retry_key: Option<Uuid>,
}

impl<'a> Call<'a> {
    pub(crate) fn new(doing: &'static str, method: Method, host: Host, path: &'a [&'a str]) -> Self {
        Self { doing, method, host, path, query: Vec::new(), body: None, retry_key: None }
    }

    pub(crate) fn get(doing: &'static str, path: &'a [&'a str]) -> Self {
        Self::new(doing, Method::GET, Host::Api, path)
    }

    pub(crate) fn post(doing: &'static str, path: &'a [&'a str]) -> Self {
        Self::new(doing, Method::POST, Host::Api, path)
    }

    pub(crate) fn delete(doing: &'static str, path: &'a [&'a str]) -> Self {
        Self::new(doing, Method::DELETE, Host::Api, path)
    }

    pub(crate) fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    pub(crate) fn json(self, body: &impl Serialize) -> Result<Self, LineError> {
        let json = serde_json::to_vec(body).map_err(|_| LineError::Unfit("the request cannot be written as JSON"))?;
        Ok(self.bytes("application/json", json.into()))
    }

    pub(crate) fn bytes(self, content_type: &'static str, body: Bytes) -> Self {
        Self { body: Some((content_type, body)), ..self }
    }

    /// Only for the calls for which LINE documents it: it answers 400 to a retry key on any other.
    pub(crate) fn retry_key(self, key: Uuid) -> Self {
        Self { retry_key: Some(key), ..self }
    }
}

/// LINE's answer, its body not yet read.
pub(crate) struct Answer {
    doing: &'static str,
    pub(crate) status: StatusCode,
    pub(crate) request_id: Option<RequestId>,
    pub(crate) accepted_request_id: Option<RequestId>,
    pub(crate) response: Response,
}

impl Answer {
    /// The answer if its status is a success, or else the refusal.
    pub(crate) async fn success(self) -> Result<Self, LineError> {
        if self.status.is_success() { Ok(self) } else { Err(self.refusal().await) }
    }

    /// The answer as a refusal. A body that breaks off changes nothing about the status.
    pub(crate) async fn refusal(self) -> LineError {
        let body = whole_body(self.response, ERROR_BYTES_MAX).await.unwrap_or_default();
        Refusal::new(self.doing, self.status.as_u16(), self.request_id, &body.bytes).into()
    }

    /// The body of a success, read as JSON.
    pub(crate) async fn json<T: DeserializeOwned>(self) -> Result<T, LineError> {
        let doing = self.doing;
        let body = whole_body(self.success().await?.response, ANSWER_BYTES_MAX).await?;
        if body.is_cut {
            return Err(LineError::Unreadable { doing, why: "it is too long" });
        }
        serde_json::from_slice(&body.bytes).map_err(|_| LineError::Unreadable { doing, why: "it has another shape" })
    }

    /// The body, or nothing if it cannot be read: for answers whose status has said everything that matters.
    pub(crate) async fn lenient<T: DeserializeOwned + Default>(self) -> T {
        let body = whole_body(self.response, ERROR_BYTES_MAX).await.unwrap_or_default();
        serde_json::from_slice(&body.bytes).unwrap_or_default()
    }

    /// Takes a success whose body says nothing.
    pub(crate) async fn done(self) -> Result<(), LineError> {
        self.success().await.map(drop)
    }
}

impl LineClient {
    /// Makes a call. If LINE does not take the token, once more with a new one: LINE did nothing then.
    pub(crate) async fn call(&self, call: &Call<'_>) -> Result<Answer, LineError> {
        let token = self.token().await?;
        let answer = self.attempt(call, &token).await?;
        if answer.status != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        self.tokens.forget(&token);
        let token = self.token().await?;
        let answer = self.attempt(call, &token).await?;
        if answer.status == StatusCode::UNAUTHORIZED {
            not_taken(answer.status.as_u16());
        }
        Ok(answer)
    }

    async fn token(&self) -> Result<Token, LineError> {
        self.tokens.current().await.map_err(|error| LineError::NoToken(Box::new(error)))
    }

    async fn attempt(&self, call: &Call<'_>, token: &Token) -> Result<Answer, LineError> {
        let mut url = self.endpoints.url(call.host, call.path);
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        let mut request = self.http.request(call.method.clone(), url).header(AUTHORIZATION, token.header.clone());
        if let Some((content_type, body)) = &call.body {
            request = request.header(CONTENT_TYPE, *content_type).body(body.clone());
        }
        if let Some(key) = call.retry_key {
            request = request.header(RETRY_KEY, key.to_string());
        }
        if call.host == Host::Data {
            request = request.timeout(self.timeouts.file);
        }
        let response = request.send().await?;
        Ok(Answer {
            doing: call.doing,
            status: response.status(),
            request_id: request_id(&response),
            accepted_request_id: header(&response, ACCEPTED_REQUEST_ID),
            response,
        })
    }
}

/// The id that LINE gave to the request.
pub(crate) fn request_id(response: &Response) -> Option<RequestId> {
    header(response, REQUEST_ID)
}

fn header(response: &Response, name: &str) -> Option<RequestId> {
    let value = response.headers().get(name)?.to_str().ok()?;
    Some(RequestId(value.chars().take(100).collect()))
}

/// A body, up to a number of bytes.
#[derive(Default)]
pub(crate) struct Body {
    pub(crate) bytes: Bytes,
    /// Whether there was more.
    pub(crate) is_cut: bool,
}

/// Reads a body, but no more than `max` bytes of it.
pub(crate) async fn whole_body(mut response: Response, max: usize) -> Result<Body, LineError> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = response.chunk().await? {
        let room = max - bytes.len();
        bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if chunk.len() > room {
            return Ok(Body { bytes: bytes.freeze(), is_cut: true });
        }
    }
    Ok(Body { bytes: bytes.freeze(), is_cut: false })
}
