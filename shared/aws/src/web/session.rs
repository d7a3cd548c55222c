//! Sessions in cookies: a secret that one browser knows, what names its session in the table, and the cookie itself.

use app::ports::staff::SessionKey;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cookie::Cookie;
use domain::text::hex;
use http::HeaderMap;
use http::header::COOKIE;
use sha2::{Digest, Sha256};

pub use cookie::SameSite;

/// A request carries at most this many bytes of cookies that we look at.
const COOKIE_BYTES_MAX: usize = 8 * 1024;

/// A secret that only one browser knows, and from which all else about its session follows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A new one, from chance.
    #[must_use]
    pub fn new(random: [u8; 32]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(random))
    }

    /// The one that a cookie holds, if it is well-formed.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let random: [u8; 32] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        Some(Self::new(random))
    }

    /// What the cookie holds. It is for nobody else.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What names the session in the table.
    #[must_use]
    pub fn key(&self) -> SessionKey {
        SessionKey(hex(&self.digest("session")))
    }

    /// What forms carry. No other site can read the secret from which it follows.
    #[must_use]
    pub fn csrf(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.digest("form"))
    }

    fn digest(&self, purpose: &str) -> [u8; 32] {
        Sha256::digest(format!("{purpose}\0{}", self.0).as_bytes()).into()
    }
}

/// A `Set-Cookie` that only this host gets back, and no script sees. Its name begins with `__Host-`, with which browsers refuse it
/// from other hosts, other paths and without encryption (RFC 6265bis, 4.1.3.2).
#[must_use]
pub fn host_cookie(name: &str, value: &str, same_site: SameSite, max_age: Option<i64>) -> String {
    let cookie = Cookie::build((name.to_owned(), value.to_owned())).path("/").secure(true).http_only(true);
    let text = cookie.same_site(same_site).build().to_string();
    max_age.map_or_else(|| text.clone(), |seconds| format!("{text}; Max-Age={seconds}"))
}

/// The value of a cookie in a request.
#[must_use]
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut all = all.filter(|text| text.len() <= COOKIE_BYTES_MAX);
    all.find_map(|text| {
        Cookie::split_parse(text).flatten().find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_and_form_token_follow_from_the_secret_and_do_not_tell_it() {
        let (secret, other) = (Secret::new([7; 32]), Secret::new([8; 32]));
        assert_ne!(secret.key(), other.key());
        assert_ne!(secret.csrf(), other.csrf());
        assert_ne!(secret.key().0, secret.csrf());
        assert!(!secret.key().0.contains(&secret.0));
    }

    #[test]
    fn a_secret_comes_back_from_its_cookie_and_nothing_else_is_one() {
        let secret = Secret::new([7; 32]);
        let header = host_cookie("__Host-x", secret.reveal(), SameSite::Strict, Some(60));
        for attribute in ["HttpOnly", "Secure", "SameSite=Strict", "Path=/", "Max-Age=60"] {
            assert!(header.contains(attribute), "{header}");
        }
        assert!(!header.contains("Domain"));
        let sent = format!("other=1; {}", header.split(';').next().unwrap());
        let headers = HeaderMap::from_iter([(COOKIE, sent.parse().unwrap())]);
        assert!(cookie(&headers, "__Host-x").and_then(|text| Secret::parse(&text)) == Some(secret));
        assert_eq!(cookie(&headers, "__Host-y"), None);
        for wrong in ["", "x", "AAAA", "BwcH BwcH", &"A".repeat(44)] {
            assert!(Secret::parse(wrong).is_none(), "{wrong}");
        }
        let many = HeaderMap::from_iter([(COOKIE, format!("{sent}; {}", "a".repeat(9_000)).parse().unwrap())]);
        assert_eq!(cookie(&many, "__Host-x"), None);
    }
}
