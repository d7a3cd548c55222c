//! What can go wrong with a sign-in: whose fault it is, and whether to try again. Nothing in here is personal or secret.

use std::sync::Arc;

use app::error::Kind;

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

/// A call to the issuer that brought nothing.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CallError {
    /// No answer came, or not to the end.
    #[error("the issuer did not answer the call to {doing}")]
    Silent {
        /// What was asked for.
        doing: &'static str,
        /// The cause, without the address.
        source: Arc<reqwest::Error>,
    },
    /// The issuer refused.
    #[error("the issuer refused to {doing}: {status} {}", .code.as_deref().unwrap_or("without a reason"))]
    Refused {
        /// What was asked for.
        doing: &'static str,
        /// The HTTP status.
        status: u16,
        /// OAuth's error code, such as `invalid_client`. Its description, which may name a person, is left out.
        code: Option<String>,
    },
    /// The browser came back with the issuer's error instead of a code.
    #[error("the issuer ended the sign-in: {}", .code.as_deref().unwrap_or("without a reason"))]
    Redirected {
        /// OAuth's error code, such as `invalid_scope`.
        code: Option<String>,
    },
    /// The issuer's answer makes no sense to us.
    #[error("the issuer's answer to the call to {doing} cannot be used: {why}")]
    Unusable {
        /// What was asked for.
        doing: &'static str,
        /// What is wrong with the answer.
        why: &'static str,
    },
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

impl CallError {
    /// Whether to try again.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Refused { status: 429, .. } => Kind::Throttled,
            Self::Silent { .. } | Self::Refused { status: 408 | 500..=599, .. } => Kind::Transient,
            Self::Redirected { code } if is_passing(code.as_deref()) => Kind::Transient,
            Self::Refused { .. } | Self::Redirected { .. } | Self::Unusable { .. } => Kind::Permanent,
        }
    }
}

fn is_passing(code: Option<&str>) -> bool {
    matches!(code, Some("server_error" | "temporarily_unavailable"))
}

/// An error code as OAuth writes them; anything else could be made up by whoever sent the browser here.
pub(super) fn oauth_code(text: &str) -> Option<String> {
    let is_code = (1..=40).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    is_code.then(|| text.to_owned())
}
