//! The session in its cookie: who asks, for how long, and the token that proves that a form was ours.

use aws::web::session::{SameSite, cookie, host_cookie};
use domain::ids::StaffId;
use http::HeaderMap;
use sha2::{Digest, Sha256};

pub use aws::web::session::Secret;

/// The cookie's name.
pub const COOKIE_NAME: &str = "__Host-kairan";

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
        Some(Self { staff: staff.parse().ok()?, secret: Secret::parse(secret)? })
    }

    /// The `Set-Cookie` that begins the session in the browser.
    #[must_use]
    pub fn set_cookie(&self) -> String {
        lax_cookie(COOKIE_NAME, &format!("{}.{}", self.staff, self.secret.reveal()), None)
    }
}

/// The `Set-Cookie` that takes a cookie of ours away.
#[must_use]
pub fn remove_cookie(name: &str) -> String {
    lax_cookie(name, "", Some(0))
}

/// A `Set-Cookie` that comes back also where another site, such as the issuer, led here.
pub(crate) fn lax_cookie(name: &str, value: &str, max_age: Option<i64>) -> String {
    host_cookie(name, value, SameSite::Lax, max_age)
}

/// Compares without telling by the time it takes how much is right.
#[must_use]
pub fn same(a: &str, b: &str) -> bool {
    Sha256::digest(a.as_bytes()) == Sha256::digest(b.as_bytes())
}

#[cfg(test)]
mod tests {
    use http::header::COOKIE;

    use super::*;

    fn headers(cookies: &str) -> HeaderMap {
        HeaderMap::from_iter([(COOKIE, cookies.parse().unwrap())])
    }

    #[test]
    fn a_ticket_comes_back_from_the_browser_and_nothing_else_is_one() {
        let ticket = Ticket { staff: "a-1".parse().unwrap(), secret: Secret::new([7; 32]) };
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
    fn a_cookie_is_taken_away_by_its_name() {
        assert!(remove_cookie("__Host-x").starts_with("__Host-x=; "));
        assert!(remove_cookie("__Host-x").contains("Max-Age=0"));
    }
}
