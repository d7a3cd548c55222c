//! Ports of other systems: those that may file reports (by a key), and those that hear of each change (by a hook).

use async_trait::async_trait;
use domain::audit::Act;
use jiff::Timestamp;
use secrecy::SecretString;

use super::staff::Written;
use crate::error::Error;

/// A system that may file reports. Its key is known to itself only; here is the key's SHA-256 in hex.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// The SHA-256 of the key in hex.
    pub hash: String,
    /// What staff call the system; at most 60 characters.
    pub name: String,
    /// When it was made.
    pub made_at: Timestamp,
}

/// Keys of other systems.
#[async_trait]
pub trait ApiKeys: Send + Sync {
    /// The one of this hash.
    async fn find(&self, hash: &str) -> Result<Option<ApiKey>, Error>;

    /// All, by name.
    async fn all(&self) -> Result<Vec<ApiKey>, Error>;

    /// Writes a new one; `Raced` if it is there, or was and has been taken away.
    async fn add(&self, key: &ApiKey, act: &Act) -> Result<Written, Error>;

    /// Takes one away; `Raced` if it is not there.
    async fn remove(&self, hash: &str, act: &Act) -> Result<Written, Error>;
}

/// A system that hears of each change of a report.
#[derive(Debug, Clone)]
pub struct Hook {
    /// Its id: a UUID.
    pub id: String,
    /// What staff call it; at most 60 characters.
    pub name: String,
    /// Where it is told, `https://`.
    pub url: String,
    /// What both sides sign with.
    pub secret: SecretString,
    /// When it was made.
    pub made_at: Timestamp,
}

/// Where other systems hear of changes.
#[async_trait]
pub trait Hooks: Send + Sync {
    /// All, by name.
    async fn all(&self) -> Result<Vec<Hook>, Error>;

    /// Writes a new one; `Raced` if it is there, or was and has been taken away.
    async fn add(&self, hook: &Hook, act: &Act) -> Result<Written, Error>;

    /// Takes one away; `Raced` if it is not there.
    async fn remove(&self, id: &str, act: &Act) -> Result<Written, Error>;
}

/// What a hook is told, ready to go out. `Debug` shows only its id.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its id: the same for the same change and hook.
    pub id: String,
    /// When it is sent, in seconds since 1970.
    pub timestamp: i64,
    /// The signature of id, timestamp and body, as the header holds it.
    pub signature: String,
    /// JSON.
    pub body: String,
}

impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Letter").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What another system says to a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// It has it.
    Taken,
    /// It is not there any more, and wants no other.
    Gone,
}

/// The way to other systems.
#[async_trait]
pub trait HookCalls: Send + Sync {
    /// Hands over a letter. Whatever else is answered than [`Received`] is an error: the letter has to come again.
    async fn post(&self, url: &str, letter: &Letter) -> Result<Received, Error>;
}
