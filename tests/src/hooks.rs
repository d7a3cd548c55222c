//! Other systems in memory: where they hear of changes, and what they were told.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex};

use app::error::{Error, Kind};
use app::ports::outside::{Hook, HookCalls, Hooks, Letter, Received};
use app::ports::staff::{AuditLog, Written};
use async_trait::async_trait;
use domain::audit::Act;

use crate::city::lock;

/// The hooks.
pub struct TestHooks {
    audit: Arc<dyn AuditLog>,
    hooks: Mutex<BTreeMap<String, Hook>>,
    /// The ids of all that were ever made.
    used: Mutex<BTreeSet<String>>,
}

impl TestHooks {
    /// None yet; acts go into this log.
    #[must_use]
    pub fn new(audit: Arc<dyn AuditLog>) -> Self {
        Self { audit, hooks: Mutex::default(), used: Mutex::default() }
    }

    /// Hooks that are there, whoever made them.
    pub fn settle(&self, hooks: impl IntoIterator<Item = Hook>) {
        lock(&self.hooks).extend(hooks.into_iter().map(|hook| (hook.id.clone(), hook)));
    }

    /// Takes one away, whoever did it.
    pub fn forget(&self, id: &str) {
        lock(&self.hooks).remove(id);
    }
}

#[async_trait]
impl Hooks for TestHooks {
    async fn all(&self) -> Result<Vec<Hook>, Error> {
        let mut hooks: Vec<Hook> = lock(&self.hooks).values().cloned().collect();
        hooks.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
        Ok(hooks)
    }

    async fn add(&self, hook: &Hook, act: &Act) -> Result<Written, Error> {
        if lock(&self.hooks).contains_key(&hook.id) || !lock(&self.used).insert(hook.id.clone()) {
            return Ok(Written::Raced);
        }
        // Before the log is awaited: of two who add the same at once one is first.
        lock(&self.hooks).insert(hook.id.clone(), hook.clone());
        self.audit.append(act).await?;
        Ok(Written::Done)
    }

    async fn remove(&self, id: &str, act: &Act) -> Result<Written, Error> {
        if lock(&self.hooks).remove(id).is_none() {
            return Ok(Written::Raced);
        }
        self.audit.append(act).await?;
        Ok(Written::Done)
    }
}

/// What one call to another system comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HookFault {
    /// It is down.
    Down,
    /// It is gone for good.
    Gone,
    /// It took the letter, and its answer never came back.
    AnswerLost,
}

/// The other systems, by their addresses.
#[derive(Default)]
pub struct TestHookCalls {
    heard: Mutex<Vec<(String, Letter)>>,
    faults: Mutex<BTreeMap<String, VecDeque<HookFault>>>,
}

impl TestHookCalls {
    /// The next calls to an address go so.
    pub fn fail(&self, url: &str, faults: impl IntoIterator<Item = HookFault>) {
        lock(&self.faults).entry(url.to_owned()).or_default().extend(faults);
    }

    /// Takes what an address has heard.
    #[must_use]
    pub fn take_heard(&self, url: &str) -> Vec<Letter> {
        let mut heard = lock(&self.heard);
        let (here, others) = std::mem::take(&mut *heard).into_iter().partition(|(to, _)| to == url);
        *heard = others;
        let here: Vec<(String, Letter)> = here;
        here.into_iter().map(|(_, letter)| letter).collect()
    }
}

#[async_trait]
impl HookCalls for TestHookCalls {
    async fn post(&self, url: &str, letter: &Letter) -> Result<Received, Error> {
        let down = || Error::new(Kind::Transient, "post to another system", "as the test says");
        let fault = lock(&self.faults).get_mut(url).and_then(VecDeque::pop_front);
        match fault {
            Some(HookFault::Down) => Err(down()),
            Some(HookFault::Gone) => Ok(Received::Gone),
            Some(HookFault::AnswerLost) | None => {
                lock(&self.heard).push((url.to_owned(), letter.clone()));
                if fault.is_some() { Err(down()) } else { Ok(Received::Taken) }
            }
        }
    }
}
