//! What an ID token must say beyond what every one does, and what it says of the person.

use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey};
use openid::token::{self, Claimed, LEEWAY_SECONDS, Said};
use serde::Deserialize;
use serde_json::Value;

use super::error::SignInError;
use super::{Claims, EmailVerified, is_same};

/// So long ago at most the issuer has seen the person themselves, not only its own memory of them.
pub(super) const AUTHENTICATION_AGE_SECONDS_MAX: u16 = 300;
/// The longest mail address that mail can be sent to (RFC 5321 with erratum 1690).
const EMAIL_BYTES_MAX: usize = 254;
/// The longest name that we take.
const NAME_CHARS_MAX: usize = 100;

/// The algorithms that only the holder of a private key can sign with.
pub(super) const ALGORITHMS: [Algorithm; 8] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
];

/// What a good token says.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a String,
    pub(super) nonce: &'a str,
    pub(super) now: Timestamp,
}

#[derive(Deserialize)]
struct OfThePerson {
    // Left out by issuers that go without it although asked for an age, as Entra ID may.
    auth_time: Option<f64>,
    nonce: Option<String>,
    // Of any type: what is not a text or a truth is nothing, and no reason to keep a person out.
    email: Option<Value>,
    email_verified: Option<Value>,
    name: Option<Value>,
}

/// Checks the signature and what every token says first, then whether it was made for this sign-in, anew.
pub(super) fn check(
    token: &str,
    claimed: &Claimed,
    key: &DecodingKey,
    expected: &Expected<'_>,
) -> Result<Claims, SignInError> {
    let clients = std::slice::from_ref(expected.client_id);
    let of_every_token = token::Expected { issuer: expected.issuer, clients, now: expected.now };
    let said: Said<OfThePerson> = token::check(token, claimed, key, &of_every_token).map_err(SignInError::Untrusted)?;
    if !said.rest.nonce.as_deref().is_some_and(|nonce| is_same(expected.nonce, nonce)) {
        return Err(SignInError::AnotherSignIn);
    }
    if said.rest.auth_time.is_some_and(|at| is_long_ago(at, expected.now)) {
        return Err(SignInError::NotAskedAnew);
    }
    Ok(claims(said, expected.issuer))
}

fn is_long_ago(at: f64, now: Timestamp) -> bool {
    at + f64::from(AUTHENTICATION_AGE_SECONDS_MAX) + LEEWAY_SECONDS <= now.as_duration().as_secs_f64()
}

fn claims(Said { subject, rest }: Said<OfThePerson>, issuer: &str) -> Claims {
    Claims {
        subject,
        issuer: issuer.to_owned(),
        email: rest.email.as_ref().and_then(Value::as_str).and_then(email),
        email_verified: email_verified(rest.email_verified.as_ref()),
        name: rest.name.as_ref().and_then(Value::as_str).and_then(name),
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
