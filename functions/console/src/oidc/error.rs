//! What can go wrong with a sign-in: whose fault it is, and whether to try again. Nothing in here is personal or secret.

use app::error::Kind;
use openid::call::{CallError, oauth_code};
use openid::token::TokenFault;

/// Settings that no sign-in can come of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSettings {
    /// There is no issuer or no client id.
    #[error("the issuer and the client id must both be set")]
    Missing,
    /// The discovery document would come from an address that anybody on the way could answer for.
    #[error("the discovery document's address must be https, or http on a loopback host, without user or fragment")]
    Address,
    /// The client for the calls cannot be built.
    #[error("the HTTP client cannot be built")]
    Client,
}

/// A sign-in that came to nothing.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SignInError {
    /// The person, or the issuer on their behalf, said no.
    #[error("the sign-in was declined")]
    Denied,
    /// The code was used before, is too old, or is none.
    #[error("the code has ended, or was used before")]
    Expired,
    /// The ID token was made for another sign-in than this browser's: an old tab, or somebody slipping in their own.
    #[error("the ID token belongs to another sign-in")]
    AnotherSignIn,
    /// The issuer did not ask the person for anything, though it was told to: whoever sits there may be somebody else.
    #[error("the issuer has not asked the person anew")]
    NotAskedAnew,
    /// The ID token is not to be trusted.
    #[error("the ID token is refused: {0}")]
    Untrusted(TokenFault),
    /// The issuer could not be asked, or did not answer usefully.
    #[error(transparent)]
    Call(#[from] CallError),
}

/// Who can do something about a failed sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The visitor: by signing in once more. Nothing is wrong with the console.
    Visitor,
    /// We: by trying again if it passes, or by mending the settings here or at the issuer.
    Ours(Kind),
}

impl SignInError {
    /// What it means that the browser came back with this `error` instead of a code.
    #[must_use]
    pub fn of_redirect(error: &str) -> Self {
        match error {
            "access_denied" => Self::Denied,
            // The issuer would have to ask the person something, and the person went away.
            "login_required" | "interaction_required" | "consent_required" | "account_selection_required" => {
                Self::Expired
            }
            other => CallError::Redirected { code: oauth_code(other) }.into(),
        }
    }

    /// Who can do something about it.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Denied | Self::Expired | Self::AnotherSignIn | Self::NotAskedAnew => Fault::Visitor,
            // The issuer began to use a key less than a minute after we read its keys.
            Self::Untrusted(TokenFault::UnknownKey) => Fault::Ours(Kind::Transient),
            Self::Untrusted(_) => Fault::Ours(Kind::Permanent),
            Self::Call(error) => Fault::Ours(error.kind()),
        }
    }
}
