//! Rules that write broadcasts, in memory: they can die, and say what was asked of them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use app::error::{Error, Kind};
use app::ports::Versioned;
use app::ports::reminders::Reminders;
use app::ports::staff::{AuditLog, Written};
use async_trait::async_trait;
use domain::audit::Act;
use domain::ids::RuleId;
use domain::reminder::Rule;
use jiff::Timestamp;

use crate::city::lock;

/// How many calls are still answered. Afterwards whoever calls is as good as dead: nothing is done any more.
#[derive(Debug)]
pub struct Life(AtomicUsize);

impl Default for Life {
    fn default() -> Self {
        Self(AtomicUsize::new(usize::MAX))
    }
}

impl Life {
    /// So many more calls are answered.
    pub fn ends_after(&self, calls: usize) {
        self.0.store(calls, Ordering::Relaxed);
    }

    /// One call; an error where life is over.
    pub fn call(&self) -> Result<(), Error> {
        let left = self.0.load(Ordering::Relaxed);
        if left == 0 {
            return Err(Error::new(Kind::Transient, "live on", "as the test says"));
        }
        self.0.store(left - 1, Ordering::Relaxed);
        Ok(())
    }
}

/// The rules.
pub struct TestReminders {
    /// Whether calls are answered.
    pub life: Arc<Life>,
    audit: Arc<dyn AuditLog>,
    rules: Mutex<BTreeMap<RuleId, Versioned<Rule>>>,
    calls: Mutex<Vec<&'static str>>,
    meanwhile: Mutex<Option<Change>>,
}

/// What somebody else does to a rule.
type Change = Box<dyn FnOnce(&mut Rule) + Send>;

impl TestReminders {
    /// None yet; acts go into this log.
    #[must_use]
    pub fn new(audit: Arc<dyn AuditLog>) -> Self {
        Self {
            life: Arc::default(),
            audit,
            rules: Mutex::default(),
            calls: Mutex::default(),
            meanwhile: Mutex::default(),
        }
    }

    /// What was asked since this was asked last.
    #[must_use]
    pub fn calls(&self) -> Vec<&'static str> {
        std::mem::take(&mut *lock(&self.calls))
    }

    /// A rule as it is.
    #[must_use]
    pub fn rule(&self, id: &RuleId) -> Option<Rule> {
        lock(&self.rules).get(id).map(|stored| stored.value.clone())
    }

    /// Lets somebody else change the next rule that is written by nobody, just before it is.
    pub fn meanwhile(&self, change: impl FnOnce(&mut Rule) + Send + 'static) {
        *lock(&self.meanwhile) = Some(Box::new(change));
    }

    fn call(&self, name: &'static str) -> Result<(), Error> {
        lock(&self.calls).push(name);
        self.life.call()
    }

    fn version(&self, id: &RuleId) -> Option<u64> {
        lock(&self.rules).get(id).map(|stored| stored.version)
    }
}

#[async_trait]
impl Reminders for TestReminders {
    async fn find(&self, id: &RuleId) -> Result<Option<Versioned<Rule>>, Error> {
        self.call("find")?;
        Ok(lock(&self.rules).get(id).cloned())
    }

    async fn list(&self, before: Option<&RuleId>, limit: usize) -> Result<Vec<Versioned<Rule>>, Error> {
        self.call("list")?;
        let rules = lock(&self.rules);
        let older = rules.iter().rev().filter(|(id, _)| before.is_none_or(|before| *id < before));
        Ok(older.map(|(_, rule)| rule.clone()).take(limit).collect())
    }

    async fn put(&self, rule: &Rule, read: Option<u64>, act: Option<&Act>) -> Result<Written, Error> {
        self.call("put")?;
        let meanwhile = if act.is_none() { lock(&self.meanwhile).take() } else { None };
        if let (Some(change), Some(stored)) = (meanwhile, lock(&self.rules).get_mut(&rule.id)) {
            change(&mut stored.value);
            stored.version += 1;
        }
        if self.version(&rule.id) != read {
            return Ok(Written::Raced);
        }
        let stored = Versioned { value: rule.clone(), version: read.unwrap_or_default() + 1 };
        lock(&self.rules).insert(rule.id.clone(), stored);
        if let Some(act) = act {
            self.audit.append(act).await?;
        }
        Ok(Written::Done)
    }

    async fn remove(&self, rule: &Rule, read: u64, act: &Act) -> Result<Written, Error> {
        self.call("remove")?;
        if self.version(&rule.id) != Some(read) {
            return Ok(Written::Raced);
        }
        lock(&self.rules).remove(&rule.id);
        self.audit.append(act).await.map(|_| Written::Done)
    }

    async fn due(&self, minute: Timestamp, limit: usize) -> Result<Vec<RuleId>, Error> {
        self.call("due")?;
        let rules = lock(&self.rules);
        let due = rules.values().filter_map(|rule| Some((rule.value.due()?, rule.value.id.clone())));
        let mut due: Vec<_> = due.filter(|(due, _)| *due <= minute).collect();
        due.sort();
        Ok(due.into_iter().map(|(_, id)| id).take(limit).collect())
    }
}
