//! How many messages the platform gives a month.

use std::sync::Mutex;

use app::error::{Error, Kind};
use app::ports::quota::{Quota, Quotas};
use async_trait::async_trait;

use crate::city::lock;

/// What the platform says of the month: as many as one likes, until a test says otherwise.
pub struct TestQuota(Mutex<Option<Quota>>);

impl Default for TestQuota {
    fn default() -> Self {
        Self(Mutex::new(Some(Quota::Unlimited)))
    }
}

impl TestQuota {
    /// From now on the month has so many, of which so many were sent.
    pub fn limit(&self, limit: u64, used: u64) {
        *lock(&self.0) = Some(Quota::Limited { limit, used });
    }

    /// From now on the platform does not say.
    pub fn fail(&self) {
        *lock(&self.0) = None;
    }
}

#[async_trait]
impl Quotas for TestQuota {
    async fn quota(&self) -> Result<Quota, Error> {
        lock(&self.0).ok_or_else(|| Error::new(Kind::Transient, "read the quota", "as the test says"))
    }
}
