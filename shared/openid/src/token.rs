//! The check of an ID token (`OpenID` Connect Core 1.0, section 3.1.3.7), against a clock that is given.

use jiff::Timestamp;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// By how many seconds the issuer's clock and ours may differ.
pub const LEEWAY_SECONDS: f64 = 60.0;
/// The longest subject that an issuer may use, by the standard.
const SUBJECT_BYTES_MAX: usize = 255;

/// Why an ID token is not to be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// It lacks a claim that every ID token has, or has one of another shape.
    #[error("it is not a well-formed ID token")]
    Malformed,
    /// It is not signed in a way that only the issuer can, or is no signed token at all.
    #[error("it names no algorithm that is allowed")]
    Algorithm,
    /// The issuer does not publish the key that it names.
    #[error("its key is unknown")]
    UnknownKey,
    /// The key that it names is not for this algorithm, or not for signatures.
    #[error("its key is not for this use")]
    UnfitKey,
    /// The signature is not the key's.
    #[error("its signature is forged")]
    Signature,
    /// It comes from another issuer.
    #[error("its issuer is another")]
    Issuer,
    /// It is meant for another client.
    #[error("its audience is another")]
    Audience,
    /// Its time is over.
    #[error("it has expired")]
    Expired,
    /// Its time has not come: one of the two clocks is wrong.
    #[error("it is not valid yet")]
    NotYetValid,
}

/// What the token says about its own signature. Not to be believed, only to find the key by.
pub struct Claimed {
    pub(crate) algorithm: Algorithm,
    pub(crate) key: String,
}

impl Claimed {
    /// Reads a token's header, and takes only these algorithms. Keys and addresses of keys in it are ignored: it could bring its own.
    pub fn of(token: &str, allowed: &[Algorithm]) -> Result<Self, TokenFault> {
        // Whatever the library has no name for, `none` among them, fails to be read at all.
        let header = decode_header(token).map_err(|_| TokenFault::Algorithm)?;
        if !allowed.contains(&header.alg) {
            return Err(TokenFault::Algorithm);
        }
        // An extension that must be understood, and that we do not (RFC 7515, section 4.1.11).
        if header.crit.is_some() {
            return Err(TokenFault::Malformed);
        }
        // Without a name every key would have to be tried.
        let key = header.kid.ok_or(TokenFault::UnknownKey)?;
        Ok(Self { algorithm: header.alg, key })
    }
}

/// What a good token says.
pub struct Expected<'a> {
    /// Who made it.
    pub issuer: &'a str,
    /// For whom: any of our ids at the issuer.
    pub clients: &'a [String],
    /// When it is shown.
    pub now: Timestamp,
}

/// What a good token has said.
pub struct Said<T> {
    /// Of whom: an id that the issuer gives to nobody else.
    pub subject: String,
    /// Its other claims, unchecked.
    pub rest: T,
}

#[derive(Deserialize)]
struct Payload<T> {
    iss: String,
    sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: f64,
    iat: f64,
    nbf: Option<f64>,
    #[serde(flatten)]
    rest: T,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    fn as_slice(&self) -> &[String] {
        match self {
            Self::One(client) => std::slice::from_ref(client),
            Self::Many(clients) => clients,
        }
    }
}

/// Checks the signature first, then what every ID token says. A nonce is the caller's to compare.
pub fn check<T: DeserializeOwned>(
    token: &str,
    claimed: &Claimed,
    key: &DecodingKey,
    expected: &Expected<'_>,
) -> Result<Said<T>, TokenFault> {
    let mut validation = Validation::new(claimed.algorithm);
    // The library would look at the system's clock, and at claims only where they are present: those are ours to check.
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    let payload = decode::<Payload<T>>(token, key, &validation)
        .map_err(|error| match error.kind() {
            ErrorKind::InvalidSignature => TokenFault::Signature,
            ErrorKind::InvalidAlgorithm | ErrorKind::InvalidKeyFormat => TokenFault::UnfitKey,
            _ => TokenFault::Malformed,
        })?
        .claims;
    says_what_it_must(&payload, expected)?;
    Ok(Said { subject: payload.sub, rest: payload.rest })
}

fn says_what_it_must<T>(payload: &Payload<T>, expected: &Expected<'_>) -> Result<(), TokenFault> {
    if payload.iss != expected.issuer {
        return Err(TokenFault::Issuer);
    }
    let audience = payload.aud.as_slice();
    let is_party = payload.azp.as_ref().map_or(audience.len() == 1, |party| expected.clients.contains(party));
    if !audience.iter().any(|client| expected.clients.contains(client)) || !is_party {
        return Err(TokenFault::Audience);
    }
    let now = expected.now.as_duration().as_secs_f64();
    if now >= payload.exp + LEEWAY_SECONDS {
        return Err(TokenFault::Expired);
    }
    if payload.iat.max(payload.nbf.unwrap_or(payload.iat)) > now + LEEWAY_SECONDS {
        return Err(TokenFault::NotYetValid);
    }
    let is_subject = (1..=SUBJECT_BYTES_MAX).contains(&payload.sub.len())
        && payload.sub.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_control());
    if is_subject { Ok(()) } else { Err(TokenFault::Malformed) }
}
