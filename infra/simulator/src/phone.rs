//! The phone page, embedded: its files are listed by `build.rs`.

use axum::{
    body::Body,
    extract::Path,
    http::{
        Response, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    response::IntoResponse,
};

const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/phone_files.rs"));

pub(crate) async fn index() -> Response<Body> {
    respond("index.html")
}

pub(crate) async fn file(Path(path): Path<String>) -> Response<Body> {
    respond(&path)
}

/// One of its files.
pub(crate) fn respond(path: &str) -> Response<Body> {
    match FILES.iter().find(|(name, _)| *name == path) {
        Some((_, bytes)) => ([(CONTENT_TYPE, content_type(path)), (CACHE_CONTROL, "no-cache")], *bytes).into_response(),
        None => (StatusCode::NOT_FOUND, "not found").into_response(),
    }
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "webmanifest" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}
