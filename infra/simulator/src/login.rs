//! LINE Login as far as LIFF uses it: the key of its ID tokens, and who opened a page in the app.

use std::{
    collections::VecDeque,
    fmt,
    io::{self, Error},
};

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode,
    jwk::{Jwk, ThumbprintHash},
};
use serde_json::{Value, json};

use crate::{ids, people::Index};

/// Who makes LINE's ID tokens.
const ISSUER: &str = "https://access.line.me";
/// The life of an ID token that LIFF gives.
const ID_TOKEN_MS: i64 = 3_600_000;
/// So many visits to pages are remembered.
const VISITS_MAX: usize = 1_000;

/// The key that signs ID tokens.
#[derive(Clone)]
pub(crate) struct Key {
    pkcs8: Vec<u8>,
    signing: EncodingKey,
    published: Jwk,
    name: String,
}

impl Key {
    /// A new one.
    pub(crate) fn generate() -> io::Result<Self> {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(Error::other)?;
        let pkcs8 = pair.to_pkcs8v1().map_err(Error::other)?;
        Self::read(pkcs8.as_ref()).ok_or_else(|| Error::other("a new key cannot be read"))
    }

    /// One that was saved.
    pub(crate) fn read(pkcs8: &[u8]) -> Option<Self> {
        let signing = EncodingKey::from_ec_der(pkcs8);
        let mut published = Jwk::from_encoding_key(&signing, Algorithm::ES256).ok()?;
        let name = published.thumbprint(ThumbprintHash::SHA256).ok()?;
        published.common.key_id = Some(name.clone());
        Some(Self { pkcs8: pkcs8.to_owned(), signing, published, name })
    }

    pub(crate) fn saved(&self) -> &[u8] {
        &self.pkcs8
    }

    /// The key set as LINE publishes it.
    pub(crate) fn published(&self) -> Value {
        json!({ "keys": [self.published] })
    }

    /// An ID token of that moment. As with new channels, it says no name: a page has to ask for that.
    pub(crate) fn id_token(&self, user_id: &str, channel: &str, now_ms: i64) -> Option<String> {
        let claims = json!({
            "iss": ISSUER, "sub": user_id, "aud": channel, "exp": (now_ms + ID_TOKEN_MS) / 1_000, "iat": now_ms / 1_000,
            "amr": ["linesso"],
        });
        let header = Header { kid: Some(self.name.clone()), ..Header::new(Algorithm::ES256) };
        encode(&header, &claims, &self.signing).ok()
    }

    /// What an ID token says, if it is for that channel and not over; else LINE's words for what is wrong.
    pub(crate) fn verified(&self, token: &str, channel: &str, now_ms: i64) -> Result<Value, &'static str> {
        let mut validation = Validation::new(Algorithm::ES256);
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_aud = false;
        let key = DecodingKey::from_jwk(&self.published).map_err(|_| "Invalid IdToken.")?;
        let claims = decode::<Value>(token, &key, &validation).map_err(|_| "Invalid IdToken.")?.claims;
        if claims["aud"] != channel {
            return Err("Invalid IdToken Audience.");
        }
        if claims["exp"].as_i64().is_none_or(|ends| ends <= now_ms / 1_000) {
            return Err("IdToken expired.");
        }
        Ok(claims)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.name)
    }
}

/// The channel of a LIFF app: the part of its id before the hyphen.
pub(crate) fn channel(liff_id: &str) -> &str {
    liff_id.split_once('-').map_or(liff_id, |(channel, _)| channel)
}

/// Where a page was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Browser {
    /// LINE's own.
    Line,
    /// Another, in which the resident signed in.
    Other,
}

/// A resident who opened a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Visitor {
    pub(crate) resident: Index,
    pub(crate) browser: Browser,
}

/// Visits under way: a ticket brings somebody to a page, and there becomes a session of that page's tab.
#[derive(Debug, Default)]
pub(crate) struct Visits {
    tickets: VecDeque<(String, Visitor)>,
    sessions: VecDeque<(String, Visitor)>,
}

impl Visits {
    /// A ticket that opens a page once.
    pub(crate) fn ticket(&mut self, visitor: Visitor) -> String {
        add(&mut self.tickets, visitor)
    }

    /// Takes a ticket for a session of its own; `None` if it was used before, or never made.
    pub(crate) fn enter(&mut self, ticket: &str) -> Option<(String, Visitor)> {
        let place = self.tickets.iter().position(|(known, _)| known == ticket)?;
        let (_, visitor) = self.tickets.remove(place)?;
        Some((add(&mut self.sessions, visitor), visitor))
    }

    /// Whose session it is.
    pub(crate) fn visitor(&self, session: &str) -> Option<Visitor> {
        self.sessions.iter().find(|(known, _)| known == session).map(|(_, visitor)| *visitor)
    }
}

fn add(visits: &mut VecDeque<(String, Visitor)>, visitor: Visitor) -> String {
    let secret = ids::hex32();
    visits.push_back((secret.clone(), visitor));
    while visits.len() > VISITS_MAX {
        visits.pop_front();
    }
    secret
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_800_000_000_000;

    #[test]
    fn an_id_token_is_verified_by_the_key_that_made_it_and_as_long_as_it_lives() {
        let key = Key::generate().unwrap();
        let token = key.id_token("U1", "1234567890", NOW_MS).unwrap();
        let verified = |at_ms| key.verified(&token, "1234567890", at_ms);
        assert_eq!(verified(NOW_MS + 3_599_999).unwrap()["sub"], "U1");
        assert_eq!(verified(NOW_MS + 3_600_000), Err("IdToken expired."));
        assert_eq!(key.verified(&token, "2", NOW_MS), Err("Invalid IdToken Audience."));
        let other = Key::generate().unwrap();
        assert_eq!(other.verified(&token, "1234567890", NOW_MS), Err("Invalid IdToken."));
        let saved = Key::read(key.saved()).unwrap();
        assert_eq!(saved.published(), key.published());
        assert!(saved.verified(&token, "1234567890", NOW_MS).is_ok());
        assert!(Key::read(b"no key").is_none());
    }

    #[test]
    fn a_ticket_opens_a_page_once() {
        let mut visits = Visits::default();
        let visitor = Visitor { resident: 7, browser: Browser::Line };
        let ticket = visits.ticket(visitor);
        assert_eq!(visits.visitor(&ticket), None, "a ticket is no session");
        let (session, entered) = visits.enter(&ticket).unwrap();
        assert_eq!((entered, visits.visitor(&session)), (visitor, Some(visitor)));
        assert_eq!(visits.enter(&ticket), None);
        assert_eq!(visits.enter(""), None);
        for _ in 0..VISITS_MAX {
            let ticket = visits.ticket(visitor);
            visits.enter(&ticket).unwrap();
        }
        assert_eq!(visits.visitor(&session), None, "the oldest are forgotten");
    }
}
