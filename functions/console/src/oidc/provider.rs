//! The issuer's discovery document: where to send browsers, where to redeem codes, where its keys are.

use openid::call::CallError;
use reqwest::Url;
use serde::Deserialize;

use super::address::Reach;

/// What reading the document is called in errors.
pub(super) const DOING: &str = "read the discovery document";

/// The document, as far as we use it (`OpenID` Connect Discovery 1.0, section 3).
#[derive(Deserialize)]
pub(super) struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    end_session_endpoint: Option<String>,
}

/// The issuer's addresses, each checked.
pub(super) struct Provider {
    pub(super) authorize: Url,
    pub(super) token: Url,
    pub(super) keys: Url,
    pub(super) end_session: Option<Url>,
}

impl Provider {
    /// Takes a document that names exactly the issuer that we trust and leads nowhere out of `reach`.
    ///
    /// There is no exception for a document from an address of its own: whoever answers there could otherwise hand out the
    /// endpoints and keys of another issuer. The city on one machine needs none, its emulator writes the name on the tokens
    /// into its document too.
    pub(super) fn read(document: &Document, issuer: &str, reach: Reach) -> Result<Self, CallError> {
        if document.issuer != issuer {
            return Err(CallError::Unusable { doing: DOING, why: "it names another issuer" });
        }
        let address = |text: &str| {
            reach.address(text).ok_or(CallError::Unusable { doing: DOING, why: "an address in it is not safe" })
        };
        Ok(Self {
            authorize: address(&document.authorization_endpoint)?,
            token: address(&document.token_endpoint)?,
            keys: address(&document.jwks_uri)?,
            end_session: document.end_session_endpoint.as_deref().map(address).transpose()?,
        })
    }
}
