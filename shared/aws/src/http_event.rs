//! HTTP as Lambda carries it: the events and answers of function URLs and HTTP APIs (payload format 2.0).
//!
//! `lambda_http` does this too, but panics at paths and bodies that anybody on the Internet can send, and a scanner
//! would set off our alarms.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri};
use serde::{Deserialize, Serialize};

/// A request as Lambda hands it over. Everything may be missing: then it is no request.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct HttpEvent {
    raw_path: String,
    raw_query_string: String,
    headers: HashMap<String, String>,
    /// Lambda takes the cookies out of the headers.
    cookies: Vec<String>,
    body: Option<String>,
    is_base64_encoded: bool,
    request_context: RequestContext,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct RequestContext {
    http: RequestLine,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct RequestLine {
    method: String,
}

/// Why an event is no request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Malformed {
    #[error("no HTTP method")]
    Method,
    #[error("no path, or one with characters that no path has")]
    Path,
    #[error("the body is not the Base64 that it is said to be")]
    Body,
}

impl HttpEvent {
    /// The request, its body as it was sent. Headers that HTTP does not allow are left out.
    pub(crate) fn into_request(self) -> Result<Request<Bytes>, Malformed> {
        let method = Method::from_bytes(self.request_context.http.method.as_bytes()).map_err(|_| Malformed::Method)?;
        let target = if self.raw_query_string.is_empty() {
            self.raw_path
        } else {
            format!("{}?{}", self.raw_path, self.raw_query_string)
        };
        let uri = Uri::try_from(target).map_err(|_| Malformed::Path)?;
        let body = match self.body {
            Some(body) if self.is_base64_encoded => STANDARD.decode(body).map_err(|_| Malformed::Body)?.into(),
            Some(body) => Bytes::from(body),
            None => Bytes::new(),
        };
        let mut request = Request::new(body);
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        for (name, value) in self.headers {
            // Names of any case become lower case here.
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                request.headers_mut().append(name, value);
            }
        }
        if let Ok(cookies) = HeaderValue::try_from(self.cookies.join("; "))
            && !cookies.is_empty()
        {
            request.headers_mut().insert(COOKIE, cookies);
        }
        Ok(request)
    }
}

/// An answer as Lambda takes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HttpAnswer {
    status_code: u16,
    headers: HashMap<String, String>,
    /// Lambda takes at most one header of a name, and cookies apart.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cookies: Vec<String>,
    body: String,
    is_base64_encoded: bool,
}

impl HttpAnswer {
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self {
            status_code: status.as_u16(),
            headers: HashMap::new(),
            cookies: Vec::new(),
            body: String::new(),
            is_base64_encoded: false,
        }
    }
}

impl<B: Into<Bytes>> From<Response<B>> for HttpAnswer {
    fn from(response: Response<B>) -> Self {
        let (parts, body) = response.into_parts();
        let value = |value: &HeaderValue| value.to_str().ok().map(str::to_owned);
        let header = |(name, of): (&HeaderName, &HeaderValue)| Some((name.to_string(), value(of)?));
        let headers = parts.headers.iter().filter(|(name, _)| **name != SET_COOKIE).filter_map(header).collect();
        let cookies = parts.headers.get_all(SET_COOKIE).iter().filter_map(value).collect();
        // A text travels as it is; anything else as Base64.
        let (body, is_base64_encoded) = match String::from_utf8(body.into().into()) {
            Ok(text) => (text, false),
            Err(bytes) => (STANDARD.encode(bytes.as_bytes()), true),
        };
        Self { headers, cookies, body, is_base64_encoded, ..Self::empty(parts.status) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn request(event: &str) -> Request<Bytes> {
        serde_json::from_str::<HttpEvent>(event).unwrap().into_request().unwrap()
    }

    #[test]
    fn a_recorded_request_comes_out_as_it_was_sent() {
        let request = request(include_str!("../tests/events/function-url-request.json"));
        assert_eq!(*request.method(), Method::POST);
        assert_eq!(request.uri(), "/line/webhook?a=1&b=%20");
        assert_eq!(request.headers()["x-line-signature"], "c2lnbmF0dXJl");
        assert_eq!(request.body(), r#"{"destination":"U0","events":[{"message":{"text":"かんでんち"}}]}"#);
    }

    #[test]
    fn base64_and_any_header_case_come_out_the_same() {
        let request = request(include_str!("../tests/events/function-url-request-base64.json"));
        assert_eq!(request.headers()["x-line-signature"], "c2lnbmF0dXJl");
        assert_eq!(request.body(), "{\"events\":[]}\u{0}\n".as_bytes());
    }

    #[test]
    fn cookies_travel_apart_both_ways_and_bytes_as_base64() {
        let event = json!({"requestContext": {"http": {"method": "GET"}}, "rawPath": "/", "cookies": ["a=1", "b=2"]});
        let request = serde_json::from_value::<HttpEvent>(event).unwrap().into_request().unwrap();
        assert_eq!(request.headers()[COOKIE], "a=1; b=2");
        let response = Response::builder().header(SET_COOKIE, "a=1; Secure").header(SET_COOKIE, "b=2").header("x", "y");
        let answer = HttpAnswer::from(response.body(vec![0xff, 0x00]).unwrap());
        assert_eq!(
            serde_json::to_value(answer).unwrap(),
            json!({"statusCode": 200, "headers": {"x": "y"}, "cookies": ["a=1; Secure", "b=2"], "body": "/wA=", "isBase64Encoded": true})
        );
    }

    #[test]
    fn what_is_no_request_is_refused() {
        let event = |method: &str, path: &str, body: Value, base64: bool| json!({"requestContext": {"http": {"method": method}}, "rawPath": path, "body": body, "isBase64Encoded": base64});
        for (event, expected) in [
            (json!({}), Malformed::Method),
            (event("PO ST", "/", Value::Null, false), Malformed::Method),
            (event("GET", "", Value::Null, false), Malformed::Path),
            (event("GET", "/a b", Value::Null, false), Malformed::Path),
            (event("GET", "/`\n", Value::Null, false), Malformed::Path),
            (event("POST", "/", json!("{}"), true), Malformed::Body),
        ] {
            let text = event.to_string();
            assert_eq!(
                serde_json::from_value::<HttpEvent>(event).unwrap().into_request().err(),
                Some(expected),
                "{text}"
            );
        }
        let odd = json!({"requestContext": {"http": {"method": "GET"}}, "rawPath": "/ごみ", "headers": {"a b": "1", "c": "\n", "D": "2"}});
        let request = serde_json::from_value::<HttpEvent>(odd).unwrap().into_request().unwrap();
        assert_eq!((request.headers().len(), &request.headers()["d"]), (1, &HeaderValue::from_static("2")));
        assert!(request.body().is_empty());
    }
}
