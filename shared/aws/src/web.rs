//! What the web pages of all our functions have in common: headers that keep browsers from guessing, and where they stand.

pub mod session;

use http::header::{HOST, ORIGIN, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS};
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

/// Whether a page of ours that stands at `origin` sent this, as the browser says it. One that says nothing is not believed.
#[must_use]
pub fn is_ours(headers: &HeaderMap, origin: &str) -> bool {
    let value = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    match (value("sec-fetch-site"), value(ORIGIN.as_str())) {
        (Some("same-origin"), None) => true,
        (Some("same-origin") | None, Some(from)) => from == origin,
        (Some(_), _) | (None, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_forms_of_our_own_pages_are_taken() {
        let ours = "https://console.example";
        for (pairs, expected) in [
            (&[("origin", "https://console.example"), ("sec-fetch-site", "same-origin")][..], true),
            (&[("origin", "https://console.example")], true),
            (&[("sec-fetch-site", "same-origin")], true),
            (&[], false),
            (&[("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")], false),
            (&[("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")], false),
            (&[("origin", "https://console.example"), ("sec-fetch-site", "same-site")], false),
            (&[("origin", "https://console.example"), ("sec-fetch-site", "none")], false),
            (&[("origin", "null")], false),
            (&[("origin", "https://console.example.evil.example")], false),
        ] {
            assert_eq!(is_ours(&headers(pairs), ours), expected, "{pairs:?}");
        }
    }
}
