//! The signature of a webhook: proof that LINE sent exactly these bytes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

/// The name of the header that holds the signature; LINE may change its case.
pub const HEADER: &str = "x-line-signature";

/// Whether a signature belongs to a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Verdict {
    /// LINE signed these bytes with this channel's secret.
    Genuine,
    /// Somebody else did, or the bytes were changed on the way.
    Forged,
}

/// Checks `signature` (Base64 of HMAC-SHA256) against the raw bytes of the body, in constant time.
pub fn verify(secret: &SecretString, body: &[u8], signature: &str) -> Verdict {
    let Ok(claimed) = STANDARD.decode(signature) else { return Verdict::Forged };
    // HMAC takes keys of every length, so that the error cannot happen; if it did, nothing would be genuine.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()) else { return Verdict::Forged };
    mac.update(body);
    if mac.verify_slice(&claimed).is_ok() { Verdict::Genuine } else { Verdict::Forged }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From LINE's documentation and the tests of its Python and Node SDKs.
    const VECTORS: [(&str, &str, &str); 3] = [
        (
            "8c570fa6dd201bb328f1c1eac23a96d8",
            r#"{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}"#,
            "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=",
        ),
        ("channel_secret", "bodybodybodybody", "/gg9a+LvFevTH1sd7XCQycD7tsWclCsInj7MhBHxN7k="),
        ("test_secret", r#"{"hello":"world"}"#, "t7Hn4ZDHqs6e+wdvI5TyQIvzie0DmMUmuXEBqyyE/tM="),
    ];

    #[test]
    fn genuine_signatures_are_taken() {
        for (secret, body, signature) in VECTORS {
            assert_eq!(verify(&secret.into(), body.as_bytes(), signature), Verdict::Genuine, "{body}");
        }
    }

    #[test]
    fn anything_else_is_forged() {
        let (secret, body, signature) = VECTORS[0];
        let other_signature = VECTORS[1].2;
        for (secret, body, signature) in [
            (secret, &body[..body.len() - 1], signature),
            (secret, &body.replace("[]", "[ ]"), signature),
            ("another secret", body, signature),
            (secret, body, other_signature),
            (secret, body, &signature[..20]),
            (secret, body, ""),
            (secret, body, "not base64 at all, 署名"),
            (secret, body, &STANDARD.encode(b"short")),
        ] {
            assert_eq!(verify(&secret.into(), body.as_bytes(), signature), Verdict::Forged, "{signature}");
        }
    }
}
