//! Residents on the portal in memory: who they are, and that they stay so for a while.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use app::error::Error;
use app::ports::portal::{ResidentLogins, ResidentSessions};
use app::ports::staff::SessionKey;
use async_trait::async_trait;
use domain::ids::ResidentId;
use jiff::Timestamp;

use crate::city::lock;
use crate::reminders::Life;

/// Says whose ID token it is; those of [`id_token`] are believed.
#[derive(Default)]
pub struct TestLogins {
    /// Whether calls are answered.
    pub life: Arc<Life>,
}

/// An ID token that is believed.
#[must_use]
pub fn id_token(resident: &ResidentId) -> String {
    format!("the id token of {}", resident.as_str())
}

#[async_trait]
impl ResidentLogins for TestLogins {
    async fn resident(&self, id_token: &str, _: Timestamp) -> Result<Option<ResidentId>, Error> {
        self.life.call()?;
        Ok(id_token.strip_prefix("the id token of ").and_then(|resident| resident.parse().ok()))
    }
}

/// The sessions.
#[derive(Default)]
pub struct TestResidentSessions {
    /// Whether calls are answered.
    pub life: Arc<Life>,
    sessions: Mutex<BTreeMap<String, (ResidentId, Timestamp)>>,
}

impl TestResidentSessions {
    /// How many there are, ended by time or not.
    #[must_use]
    pub fn count(&self) -> usize {
        lock(&self.sessions).len()
    }
}

#[async_trait]
impl ResidentSessions for TestResidentSessions {
    async fn begin(&self, key: &SessionKey, resident: &ResidentId, ends: Timestamp) -> Result<(), Error> {
        self.life.call()?;
        lock(&self.sessions).insert(key.0.clone(), (resident.clone(), ends));
        Ok(())
    }

    async fn find(&self, key: &SessionKey, now: Timestamp) -> Result<Option<ResidentId>, Error> {
        self.life.call()?;
        let sessions = lock(&self.sessions);
        Ok(sessions.get(&key.0).filter(|(_, ends)| now < *ends).map(|(resident, _)| resident.clone()))
    }

    async fn end(&self, key: &SessionKey) -> Result<(), Error> {
        self.life.call()?;
        lock(&self.sessions).remove(&key.0);
        Ok(())
    }
}
