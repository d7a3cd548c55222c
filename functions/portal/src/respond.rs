//! Answers as HTTP: how long they are kept, and what all of them carry.

use aws::web::guards;
use domain::text::hex;
use http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    ETAG, IF_NONE_MATCH, LOCATION,
};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use maud::Markup;
use sha2::{Digest, Sha256};

/// For how long an answer may be kept by whoever stands between us and the reader.
#[derive(Clone, Copy)]
pub(crate) enum Kept {
    /// As long as what was read for it is kept here.
    AMinute,
    /// What is under this address never changes.
    ForGood,
    /// The next may be another.
    NotAtAll,
}

/// An answer.
pub(crate) fn answer(status: StatusCode, content_type: &'static str, kept: Kept, body: String) -> Response<String> {
    let kept = match kept {
        Kept::AMinute => "public, max-age=60",
        Kept::ForGood => "public, max-age=31536000, immutable",
        Kept::NotAtAll => "no-store",
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = [(CONTENT_TYPE, content_type), (CACHE_CONTROL, kept)];
    response.headers_mut().extend(headers.map(|(name, value)| (name, HeaderValue::from_static(value))));
    response
}

/// A page that everybody may see.
pub(crate) fn page(markup: Markup) -> Response<String> {
    answer(StatusCode::OK, "text/html; charset=utf-8", Kept::AMinute, markup.into_string())
}

/// What the pages of others may read, too.
pub(crate) fn open(mut response: Response<String>) -> Response<String> {
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("link, etag"));
    response
}

/// Leads elsewhere.
pub(crate) fn elsewhere(path: &'static str) -> Response<String> {
    let mut response = answer(StatusCode::FOUND, "text/plain; charset=utf-8", Kept::AMinute, String::new());
    response.headers_mut().insert(LOCATION, HeaderValue::from_static(path));
    response
}

/// The answer with what all of them carry, and without its body where the reader has just that.
pub(crate) fn finished(mut response: Response<String>, asked: &HeaderMap, policy: &HeaderValue) -> Response<String> {
    // Some pages say for themselves what they may load and do.
    for (name, value) in guards().into_iter().chain([(CONTENT_SECURITY_POLICY, policy.clone())]) {
        response.headers_mut().entry(name).or_insert(value);
    }
    if response.status() != StatusCode::OK {
        return response;
    }
    let tag = format!("\"{}\"", hex(&Sha256::digest(response.body().as_bytes())[..16]));
    let known = asked.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    if known.flat_map(|tags| tags.split(',')).any(|known| known.trim().trim_start_matches("W/") == tag) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response.body_mut().clear();
    }
    if let Ok(tag) = HeaderValue::try_from(tag) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}
