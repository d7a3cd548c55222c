//! Sign-in at the town's own issuer (a Cognito user pool, Entra ID, ...): `OpenID` Connect's code flow with PKCE.
//!
//! [`Issuer`] is all that the pages see of it. A sign-in is two calls: [`Issuer::begin`] makes the address to send the
//! browser to and the [`Pending`] half to keep for it; [`Issuer::finish`] turns the code that the browser brings back into
//! [`Claims`]. In between, the caller compares the `state` ([`Pending::is_answered_by`]) before anything else.
//! Who the person is in the console, and for how long, is decided elsewhere: no token of the issuer's outlives `finish`.

mod address;
mod error;
mod id_token;
mod issuer;
mod provider;
#[cfg(test)]
mod tests;

use std::fmt;

use async_trait::async_trait;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

pub use error::{Fault, InvalidSettings, SignInError};
pub use issuer::OpenIdIssuer;
pub use openid::call::{CallError, Timeouts};
#[cfg(test)]
use openid::token::TokenFault;

/// Which issuer to trust, and who we are to it.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The exact `iss` of its tokens, such as `https://cognito-idp.ap-northeast-1.amazonaws.com/<pool>` or
    /// `https://login.microsoftonline.com/<tenant>/v2.0` (one tenant; `common` stands for any, and is not supported).
    pub issuer: String,
    /// Our client id there.
    pub client_id: String,
    /// Our secret there; `None` for a public client, which PKCE alone protects.
    pub client_secret: Option<SecretString>,
    /// Where the discovery document is, if not below the issuer. The document must name the issuer all the same: this
    /// moves the place that we ask, never whom we trust.
    pub discovery_url: Option<String>,
}

/// Randomness for one sign-in, fresh each time: what its state, its nonce and its verifier are made of.
pub type Seeds = [[u8; 32]; 3];

/// A sign-in that has begun. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Begin {
    /// Where to send the browser.
    pub authorize_url: String,
    /// What to keep until it comes back.
    pub pending: Pending,
}

impl fmt::Debug for Begin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Begin(..)")
    }
}

/// Our half of a sign-in under way, bound to one browser and used once. `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// Comes back with the browser: proves that the answer belongs to a sign-in that this browser began.
    pub state: String,
    /// Comes back in the ID token: proves that the token was made for this sign-in.
    pub nonce: String,
    /// Goes to the issuer with the code: proves that whoever redeems it began the sign-in (PKCE).
    pub verifier: String,
}

impl Pending {
    /// Whether a redirect with this `state` answers this sign-in; compared in constant time.
    #[must_use]
    pub fn is_answered_by(&self, state: &str) -> bool {
        is_same(&self.state, state)
    }
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pending(..)")
    }
}

/// What the issuer vouches for. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Claims {
    /// The person's id at the issuer: never given to another person, and the only one to recognize somebody by.
    pub subject: String,
    /// The issuer.
    pub issuer: String,
    /// The person's mail address, if the issuer says one that can be one.
    pub email: Option<String>,
    /// Whether the issuer says that the address is the person's own.
    pub email_verified: EmailVerified,
    /// The person's name, if the issuer says it; at most 100 characters.
    pub name: Option<String>,
}

impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claims").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl Claims {
    /// The mail address, if it may be believed to be the person's own.
    #[must_use]
    pub fn trusted_email(&self, trust: EmailTrust) -> Option<&str> {
        let is_trusted = match (self.email_verified, trust) {
            (EmailVerified::Yes, _) | (EmailVerified::Unsaid, EmailTrust::Unsaid) => true,
            (EmailVerified::Unsaid, EmailTrust::Verified) | (EmailVerified::No, _) => false,
        };
        self.email.as_deref().filter(|_| is_trusted)
    }
}

/// Which mail addresses count. Set per issuer; an address that the issuer says to be unverified never does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmailTrust {
    /// Those that the issuer says to be verified.
    Verified,
    /// Those too of which it says nothing: for an Entra ID tenant whose administrators give out the addresses.
    Unsaid,
}

impl EmailTrust {
    /// What a setting says; anything but `unsaid` is the stricter one.
    #[must_use]
    pub fn of(setting: &str) -> Self {
        if setting == "unsaid" { Self::Unsaid } else { Self::Verified }
    }
}

/// What the issuer says about a mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmailVerified {
    /// It belongs to the person.
    Yes,
    /// Nobody has made sure of it: an invitation must not be matched by it.
    No,
    /// Nothing, as Entra ID does. There a tenant's administrators set the addresses of members, but a guest's address, or
    /// one in a domain that the tenant does not own, is not proven.
    Unsaid,
}

/// The issuer that the town's staff sign in at.
#[async_trait]
pub trait Issuer: Send + Sync {
    /// Begins a sign-in that ends at `callback`: an address of ours, registered at the issuer.
    async fn begin(&self, callback: &str, seeds: Seeds, now: Timestamp) -> Result<Begin, SignInError>;

    /// Redeems the code that came back to `callback`, the same as at the beginning.
    ///
    /// A code works once: after any error, also a passing one, the person begins anew.
    async fn finish(
        &self,
        code: &str,
        pending: &Pending,
        callback: &str,
        now: Timestamp,
    ) -> Result<Claims, SignInError>;

    /// Where to send the browser to be signed out at the issuer too, and from there back to `return_to`: an address of
    /// ours, registered at the issuer. `None` if the issuer offers none, or cannot be asked; our own session is over
    /// either way.
    async fn sign_out_url(&self, return_to: &str, now: Timestamp) -> Option<String>;
}

/// Compares two secrets in a time that does not tell how much of them is the same.
fn is_same(ours: &str, theirs: &str) -> bool {
    verify_slices_are_equal(ours.as_bytes(), theirs.as_bytes()).is_ok()
}
