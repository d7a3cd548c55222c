//! The session in its cookie: who asks, for how long, and the token that proves that a form was ours.

use app::ports::staff::SessionKey;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cookie::{Cookie, SameSite};
use domain::ids::StaffId;
use domain::text::hex;
use http::HeaderMap;
use http::header::COOKIE;
use sha2::{Digest, Sha256};

/// The cookie's name. `__Host-` makes browsers refuse it from other hosts, other paths and without encryption
/// (RFC 6265bis, 4.1.3.2).
pub const COOKIE_NAME: &str = "__Host-kairan";
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

    /// The secret with the name of its owner.
    #[must_use]
    pub fn ticket(self, staff: StaffId) -> Ticket {
        Ticket { staff, secret: self }
    }

    fn digest(&self, purpose: &str) -> [u8; 32] {
        Sha256::digest(format!("{purpose}\0{}", self.0).as_bytes()).into()
    }
}

/// What the cookie holds: whose session, and its secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Whose.
    pub staff: StaffId,
    /// The secret.
    pub secret: Secret,
}

impl Ticket {
    /// The one in a request, if it is well-formed.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        let value = cookie(headers, COOKIE_NAME)?;
        let (staff, secret) = value.split_once('.')?;
        let random: [u8; 32] = URL_SAFE_NO_PAD.decode(secret).ok()?.try_into().ok()?;
        Some(Secret::new(random).ticket(staff.parse().ok()?))
    }

    /// The `Set-Cookie` that begins the session in the browser.
    #[must_use]
    pub fn set_cookie(&self) -> String {
        host_cookie(COOKIE_NAME, format!("{}.{}", self.staff, self.secret.0), None)
    }
}

/// The `Set-Cookie` that takes a cookie of ours away.
#[must_use]
pub fn remove_cookie(name: &str) -> String {
    host_cookie(name, String::new(), Some(0))
}

/// A `Set-Cookie` that only this host gets back, and no script sees.
pub(crate) fn host_cookie(name: &str, value: String, max_age: Option<i64>) -> String {
    let cookie =
        Cookie::build((name.to_owned(), value)).path("/").secure(true).http_only(true).same_site(SameSite::Lax);
    let text = cookie.build().to_string();
    max_age.map_or_else(|| text.clone(), |seconds| format!("{text}; Max-Age={seconds}"))
}

/// The value of a cookie in a request.
pub(crate) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut all = all.filter(|text| text.len() <= COOKIE_BYTES_MAX);
    all.find_map(|text| {
        Cookie::split_parse(text).flatten().find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
    })
}

/// Compares without telling by the time it takes how much is right.
#[must_use]
pub fn same(a: &str, b: &str) -> bool {
    Sha256::digest(a.as_bytes()) == Sha256::digest(b.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(cookies: &str) -> HeaderMap {
        HeaderMap::from_iter([(COOKIE, cookies.parse().unwrap())])
    }

    #[test]
    fn a_ticket_comes_back_from_the_browser_and_nothing_else_is_one() {
        let ticket = Secret::new([7; 32]).ticket("a-1".parse().unwrap());
        let header = ticket.set_cookie();
        assert!(header.starts_with("__Host-kairan=a-1."), "{header}");
        for attribute in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
            assert!(header.contains(attribute), "{header}");
        }
        assert!(!header.contains("Domain"));
        let sent = header.split(';').next().unwrap();
        assert!(Ticket::of(&headers(&format!("other=1; {sent}"))) == Some(ticket));
        for wrong in
            ["", "__Host-kairan=", "__Host-kairan=a-1", "__Host-kairan=a-1.x", "__Host-kairan=A b.AAAA", "kairan=a-1.x"]
        {
            assert!(Ticket::of(&headers(wrong)).is_none(), "{wrong}");
        }
    }

    #[test]
    fn key_and_form_token_follow_from_the_secret_and_do_not_tell_it() {
        let (secret, other) = (Secret::new([7; 32]), Secret::new([8; 32]));
        assert_ne!(secret.key(), other.key());
        assert_ne!(secret.csrf(), other.csrf());
        assert_ne!(secret.key().0, secret.csrf());
        assert!(!secret.key().0.contains(&secret.0));
    }

    #[test]
    fn a_cookie_is_taken_away_by_its_name() {
        assert!(remove_cookie("__Host-x").starts_with("__Host-x=; "));
        assert!(remove_cookie("__Host-x").contains("Max-Age=0"));
    }
}
