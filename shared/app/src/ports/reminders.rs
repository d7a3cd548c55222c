//! The port of the rules that write broadcasts by themselves.

use async_trait::async_trait;
use domain::audit::Act;
use domain::ids::RuleId;
use domain::reminder::Rule;
use jiff::Timestamp;

use super::Versioned;
use super::staff::Written;
use crate::error::Error;

/// Rules. What a rule says and where it stands is one value, written only over the version that was read.
#[async_trait]
pub trait Reminders: Send + Sync {
    /// A rule, consistently.
    async fn find(&self, id: &RuleId) -> Result<Option<Versioned<Rule>>, Error>;

    /// Rules, the latest begun first, at most `limit`, before one.
    async fn list(&self, before: Option<&RuleId>, limit: usize) -> Result<Vec<Versioned<Rule>>, Error>;

    /// Writes a rule, and the act if somebody did it. `read`: the version that was read; `None` where there was none.
    async fn put(&self, rule: &Rule, read: Option<u64>, act: Option<&Act>) -> Result<Written, Error>;

    /// Removes a rule and records the act, if `read` still is its version.
    async fn remove(&self, rule: &Rule, read: u64, act: &Act) -> Result<Written, Error>;

    /// Those that are due at this minute or were before, the longest due first, at most `limit`. May lag by a second.
    async fn due(&self, minute: Timestamp, limit: usize) -> Result<Vec<RuleId>, Error>;
}
