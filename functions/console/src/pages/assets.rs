//! Style, script and pictures: named by their content, so that browsers may keep them for good.

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, Response};

use crate::assets;
use crate::web::{Answer, Call, Failure};

/// `GET /assets/{name}`
pub async fn show(call: Call) -> Result<Answer, Failure> {
    let asset = assets::find(&call.path).ok_or(Failure::NotFound)?;
    let mut response = Response::new(Bytes::from_static(asset.text.as_bytes()));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(Answer::Raw(response))
}
