//! Ports of the residents' pages: who somebody is, and that they stay so for a while.

use async_trait::async_trait;
use domain::ids::ResidentId;
use jiff::{SignedDuration, Timestamp};

use super::staff::SessionKey;
use crate::error::Error;

/// A session ends so long after it began, used or not.
pub const RESIDENT_SESSION_LIFE: SignedDuration = SignedDuration::from_hours(2);

/// Says who somebody is, from what the platform gave their browser.
#[async_trait]
pub trait ResidentLogins: Send + Sync {
    /// Whose ID token this is; `None` where it is not to be believed.
    async fn resident(&self, id_token: &str, now: Timestamp) -> Result<Option<ResidentId>, Error>;
}

/// Sessions of residents. They are found by the hash of a secret that only the browser has.
#[async_trait]
pub trait ResidentSessions: Send + Sync {
    /// Begins one.
    async fn begin(&self, key: &SessionKey, resident: &ResidentId, ends: Timestamp) -> Result<(), Error>;

    /// Whose it is, while it lasts.
    async fn find(&self, key: &SessionKey, now: Timestamp) -> Result<Option<ResidentId>, Error>;

    /// Ends one.
    async fn end(&self, key: &SessionKey) -> Result<(), Error>;
}
