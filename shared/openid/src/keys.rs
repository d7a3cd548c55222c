//! The issuer's published keys, and which of them may have signed a token.

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use reqwest::RequestBuilder;
use serde::Deserialize;
use serde_json::Value;

use crate::cache::Cache;
use crate::call::{CallError, json};
use crate::token::{Claimed, TokenFault};

/// How long what the issuer publishes is used.
pub const PUBLISHED_MAX_AGE: SignedDuration = SignedDuration::from_hours(1);
/// How old the keys must be for an unknown one to be worth a look at the issuer: whoever names keys that do not exist
/// makes us ask once a minute at most.
const KEYS_MIN_AGE: SignedDuration = SignedDuration::from_mins(1);
/// What reading the keys is called in errors.
const DOING: &str = "read the issuer's keys";

/// An issuer's keys, read when they are needed.
#[derive(Default)]
pub struct IssuerKeys(Cache<Keys>);

impl IssuerKeys {
    /// The key that a token claims to be signed with; looked for once more in newly read keys if it is unknown. `ask` begins the
    /// call that reads them.
    pub async fn find<F>(
        &self,
        claimed: &Claimed,
        now: Timestamp,
        ask: impl Fn() -> F,
    ) -> Result<Result<DecodingKey, TokenFault>, CallError>
    where
        F: Future<Output = Result<RequestBuilder, CallError>>,
    {
        let read = || async { json::<KeySet>(ask().await?, DOING).await.map(Keys::from) };
        let known = self.0.get(now, PUBLISHED_MAX_AGE, read()).await?.find(claimed);
        Ok(match known {
            Err(TokenFault::UnknownKey) => self.0.get(now, KEYS_MIN_AGE, read()).await?.find(claimed),
            known => known,
        })
    }
}

/// The key set as it is published (RFC 7517, section 5).
#[derive(Deserialize)]
struct KeySet {
    // Read one by one: a key of a kind that we do not know must not hide the others.
    keys: Vec<Value>,
}

struct Keys(Vec<Jwk>);

impl From<KeySet> for Keys {
    fn from(set: KeySet) -> Self {
        Self(set.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect())
    }
}

impl Keys {
    fn find(&self, claimed: &Claimed) -> Result<DecodingKey, TokenFault> {
        let mut fault = TokenFault::UnknownKey;
        for key in self.0.iter().filter(|key| key.common.key_id.as_ref() == Some(&claimed.key)) {
            if is_for_signatures(key) && is_for(key, claimed.algorithm) {
                return DecodingKey::from_jwk(key).map_err(|_| TokenFault::UnfitKey);
            }
            fault = TokenFault::UnfitKey;
        }
        Err(fault)
    }
}

fn is_for_signatures(key: &Jwk) -> bool {
    let used = key.common.public_key_use.as_ref().is_none_or(|used| *used == PublicKeyUse::Signature);
    let operations = key.common.key_operations.as_ref();
    used && operations.is_none_or(|operations| operations.contains(&KeyOperations::Verify))
}

/// Whether the key is of the kind that the algorithm needs, and not kept for another. Entra ID's keys name no algorithm.
fn is_for(key: &Jwk, algorithm: Algorithm) -> bool {
    let is_kind = match (&key.algorithm, algorithm) {
        (
            AlgorithmParameters::RSA(_),
            Algorithm::RS256
            | Algorithm::RS384
            | Algorithm::RS512
            | Algorithm::PS256
            | Algorithm::PS384
            | Algorithm::PS512,
        ) => true,
        (AlgorithmParameters::EllipticCurve(key), Algorithm::ES256) => key.curve == EllipticCurve::P256,
        (AlgorithmParameters::EllipticCurve(key), Algorithm::ES384) => key.curve == EllipticCurve::P384,
        _ => false,
    };
    is_kind && key.common.key_algorithm.is_none_or(|kept_for| kept_for == KeyAlgorithm::from(algorithm))
}
