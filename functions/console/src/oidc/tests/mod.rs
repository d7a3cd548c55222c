//! The sign-in against an issuer of our own making, honest and otherwise.

mod fake;
mod faults;
mod flow;
mod keys;
mod tokens;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{Claims, Issuer as _, OpenIdIssuer, Pending, Seeds, SignInError};
use fake::CLIENT;

const CALLBACK: &str = "https://console.town.example.jp/sign-in/callback";
const SEEDS: Seeds = [[1; 32], [2; 32], [3; 32]];

/// The present of all tests.
fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap()
}

fn after(minutes: i64) -> Timestamp {
    now() + SignedDuration::from_mins(minutes)
}

/// A sign-in as [`SEEDS`] makes it.
fn pending() -> Pending {
    Pending { state: "state".to_owned(), nonce: "nonce".to_owned(), verifier: "v".repeat(43) }
}

/// The claims of a good token for [`pending`].
fn good(issuer: &str) -> Value {
    let second = now().as_second();
    json!({
        "iss": issuer,
        "sub": "0d6f-4711",
        "aud": CLIENT,
        "exp": second + 300,
        "iat": second,
        "nonce": "nonce",
        "email": "hanako@town.example.jp",
        "email_verified": true,
        "name": "山田 花子",
    })
}

async fn finish(issuer: &OpenIdIssuer, now: Timestamp) -> Result<Claims, SignInError> {
    issuer.finish("code", &pending(), CALLBACK, now).await
}
