//! What the web pages of all our functions have in common: headers that keep browsers from guessing, and where they stand.

use http::header::{HOST, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS};
use http::{HeaderMap, HeaderName, HeaderValue};

/// The headers of every answer. What a page may load (`Content-Security-Policy`) and how long it is kept it says itself.
#[must_use]
pub fn guards() -> [(HeaderName, HeaderValue); 6] {
    [
        // With `no-referrer` browsers would send `Origin: null` with our own forms.
        (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
        (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000")),
        (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
        (
            HeaderName::from_static("permissions-policy"),
            HeaderValue::from_static("camera=(), microphone=(), geolocation=()"),
        ),
    ]
}

/// Where the browser found us, such as `https://abc.lambda-url.ap-northeast-1.on.aws`: as it asked, encrypted but on this machine.
#[must_use]
pub fn origin_of(headers: &HeaderMap) -> String {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let local = name == "localhost" || name.ends_with(".localhost") || name == "127.0.0.1";
    format!("{}://{host}", if local { "http" } else { "https" })
}
