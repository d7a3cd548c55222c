//! The check of an ID token (`OpenID` Connect Core 1.0, section 3.1.3.7), against a clock that is given.

use jiff::Timestamp;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use serde_json::Value;

use super::error::{SignInError, TokenFault};
use super::{Claims, EmailVerified, is_same};

/// By how many seconds the issuer's clock and ours may differ.
const LEEWAY_SECONDS: f64 = 60.0;
/// So long ago at most the issuer has seen the person themselves, not only its own memory of them.
pub(super) const AUTHENTICATION_AGE_SECONDS_MAX: u16 = 300;
/// The longest subject that an issuer may use, by the standard.
const SUBJECT_BYTES_MAX: usize = 255;
/// The longest mail address that mail can be sent to (RFC 5321 with erratum 1690).
const EMAIL_BYTES_MAX: usize = 254;
/// The longest name that we take.
const NAME_CHARS_MAX: usize = 100;

/// The algorithms that only the holder of a private key can sign with.
const ALGORITHMS: [Algorithm; 8] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
];

/// What the token says about its own signature. Not to be believed, only to find the key by.
pub(super) struct Claimed {
    pub(super) algorithm: Algorithm,
    pub(super) key: String,
}

impl Claimed {
    /// Reads a token's header. Keys and addresses of keys in it are ignored: it could bring its own.
    pub(super) fn of(token: &str) -> Result<Self, TokenFault> {
        // Whatever the library has no name for, `none` among them, fails to be read at all.
        let header = decode_header(token).map_err(|_| TokenFault::Algorithm)?;
        if !ALGORITHMS.contains(&header.alg) {
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
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a str,
    pub(super) now: Timestamp,
}

#[derive(Deserialize)]
struct Payload {
    iss: String,
    sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: f64,
    iat: f64,
    nbf: Option<f64>,
    // Left out by issuers that go without it although asked for an age, as Entra ID may.
    auth_time: Option<f64>,
    nonce: Option<String>,
    // Of any type: what is not a text or a truth is nothing, and no reason to keep a person out.
    email: Option<Value>,
    email_verified: Option<Value>,
    name: Option<Value>,
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

/// Checks the signature first, then everything that the token says.
pub(super) fn check(
    token: &str,
    algorithm: Algorithm,
    key: &DecodingKey,
    expected: &Expected<'_>,
) -> Result<Claims, SignInError> {
    let mut validation = Validation::new(algorithm);
    // The library would look at the system's clock, and at claims only where they are present: those are ours to check.
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    let payload = decode::<Payload>(token, key, &validation)
        .map_err(|error| match error.kind() {
            ErrorKind::InvalidSignature => TokenFault::Signature,
            ErrorKind::InvalidAlgorithm | ErrorKind::InvalidKeyFormat => TokenFault::UnfitKey,
            _ => TokenFault::Malformed,
        })
        .map_err(SignInError::Untrusted)?
        .claims;
    says_what_it_must(&payload, expected).map_err(SignInError::Untrusted)?;
    if !payload.nonce.as_deref().is_some_and(|nonce| is_same(expected.nonce, nonce)) {
        return Err(SignInError::AnotherSignIn);
    }
    if payload.auth_time.is_some_and(|at| is_long_ago(at, expected.now)) {
        return Err(SignInError::NotAskedAnew);
    }
    Ok(claims(payload))
}

fn says_what_it_must(payload: &Payload, expected: &Expected<'_>) -> Result<(), TokenFault> {
    if payload.iss != expected.issuer {
        return Err(TokenFault::Issuer);
    }
    let audience = payload.aud.as_slice();
    let is_party = payload.azp.as_deref().map_or(audience.len() == 1, |party| party == expected.client_id);
    if !audience.iter().any(|client| client == expected.client_id) || !is_party {
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

fn is_long_ago(at: f64, now: Timestamp) -> bool {
    at + f64::from(AUTHENTICATION_AGE_SECONDS_MAX) + LEEWAY_SECONDS <= now.as_duration().as_secs_f64()
}

fn claims(payload: Payload) -> Claims {
    Claims {
        subject: payload.sub,
        issuer: payload.iss,
        email: payload.email.as_ref().and_then(Value::as_str).and_then(email),
        email_verified: email_verified(payload.email_verified.as_ref()),
        name: payload.name.as_ref().and_then(Value::as_str).and_then(name),
    }
}

fn email(text: &str) -> Option<String> {
    let text = text.trim();
    let is_plain = text.len() <= EMAIL_BYTES_MAX && !text.contains(|c: char| c.is_control() || c.is_whitespace());
    let (local, host) = text.rsplit_once('@')?;
    (is_plain && !local.is_empty() && !host.is_empty()).then(|| text.to_owned())
}

/// Cognito writes the truth as a text for people who come from another issuer.
fn email_verified(value: Option<&Value>) -> EmailVerified {
    match value {
        None | Some(Value::Null) => EmailVerified::Unsaid,
        Some(Value::Bool(true)) => EmailVerified::Yes,
        Some(Value::String(text)) if text == "true" => EmailVerified::Yes,
        Some(_) => EmailVerified::No,
    }
}

fn name(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect();
    let plain = plain.trim();
    (!plain.is_empty()).then(|| plain.to_owned())
}
