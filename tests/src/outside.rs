//! Other systems in memory: their keys, and what they and everybody see of reports.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use app::error::Error;
use app::ports::outside::{ApiKey, ApiKeys};
use app::ports::staff::{AuditLog, Written};
use app::ports::{Clock, PictureAddresses, PictureUrls};
use app::report::outside::{OutsideDesk, hash_of};
use async_trait::async_trait;
use domain::audit::Act;
use domain::broadcast::content::PictureId;
use jiff::Timestamp;
use portal::Faces;

use crate::city::lock;
use crate::reports::{TestReportJobs, TestReports};

/// The keys.
#[derive(Default)]
pub struct TestApiKeys {
    audit: Option<Arc<dyn AuditLog>>,
    keys: Mutex<BTreeMap<String, ApiKey>>,
    /// The hashes of all that were ever made.
    used: Mutex<BTreeSet<String>>,
}

impl TestApiKeys {
    /// None yet; acts go into this log.
    #[must_use]
    pub fn new(audit: Arc<dyn AuditLog>) -> Self {
        Self { audit: Some(audit), ..Self::default() }
    }

    /// From now on a system of this name has this key.
    pub fn give(&self, name: &str, key: &str) {
        let hash = hash_of(key);
        let made = ApiKey { hash: hash.clone(), name: name.to_owned(), made_at: Timestamp::UNIX_EPOCH };
        lock(&self.keys).insert(hash, made);
    }

    async fn record(&self, act: &Act) -> Result<Written, Error> {
        if let Some(audit) = &self.audit {
            audit.append(act).await?;
        }
        Ok(Written::Done)
    }
}

#[async_trait]
impl ApiKeys for TestApiKeys {
    async fn find(&self, hash: &str) -> Result<Option<ApiKey>, Error> {
        Ok(lock(&self.keys).get(hash).cloned())
    }

    async fn all(&self) -> Result<Vec<ApiKey>, Error> {
        let mut keys: Vec<ApiKey> = lock(&self.keys).values().cloned().collect();
        keys.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(keys)
    }

    async fn add(&self, key: &ApiKey, act: &Act) -> Result<Written, Error> {
        if lock(&self.keys).contains_key(&key.hash) || !lock(&self.used).insert(key.hash.clone()) {
            return Ok(Written::Raced);
        }
        lock(&self.keys).insert(key.hash.clone(), key.clone());
        self.record(act).await
    }

    async fn remove(&self, hash: &str, act: &Act) -> Result<Written, Error> {
        if lock(&self.keys).remove(hash).is_none() {
            return Ok(Written::Raced);
        }
        self.record(act).await
    }
}

/// Where copies of photos would be.
pub struct CopyAddresses;

impl PictureAddresses for CopyAddresses {
    fn urls(&self, id: &PictureId) -> PictureUrls {
        let url = |size: &str| format!("https://pictures.example/released/{}/{size}.jpg", id.as_str());
        PictureUrls { original: url("original"), preview: url("preview") }
    }
}

/// What everybody and other programs see of these reports; those with one of these keys file some.
#[must_use]
pub fn faces_of(reports: &Arc<TestReports>, keys: &Arc<TestApiKeys>, clock: Arc<dyn Clock>) -> Faces {
    faces_with(reports, keys, &Arc::new(TestReportJobs::default()), clock)
}

/// The same; what follows from them waits here.
#[must_use]
pub fn faces_with(
    reports: &Arc<TestReports>,
    keys: &Arc<TestApiKeys>,
    jobs: &Arc<TestReportJobs>,
    clock: Arc<dyn Clock>,
) -> Faces {
    let outside = OutsideDesk { keys: keys.clone(), reports: reports.clone(), jobs: jobs.clone(), clock };
    let tiles = Some("https://tiles.example/{z}/{x}/{y}.png".to_owned());
    Faces { released: reports.clone(), pictures: Arc::new(CopyAddresses), outside, tiles }
}
