//! The issuer's published keys, and which of them may have signed a token.

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;

use super::error::TokenFault;

/// What reading the keys is called in errors.
pub(super) const DOING: &str = "read the issuer's keys";

/// The key set as it is published (RFC 7517, section 5).
#[derive(Deserialize)]
pub(super) struct KeySet {
    // Read one by one: a key of a kind that we do not know must not hide the others.
    keys: Vec<Value>,
}

/// The issuer's keys.
pub(super) struct Keys(Vec<Jwk>);

impl From<KeySet> for Keys {
    fn from(set: KeySet) -> Self {
        Self(set.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect())
    }
}

impl Keys {
    /// The key of this name for this algorithm.
    pub(super) fn find(&self, name: &str, algorithm: Algorithm) -> Result<DecodingKey, TokenFault> {
        let mut fault = TokenFault::UnknownKey;
        for key in self.0.iter().filter(|key| key.common.key_id.as_deref() == Some(name)) {
            if is_for_signatures(key) && is_for(key, algorithm) {
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
