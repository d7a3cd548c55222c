//! What other systems hear: each change of a report goes to each hook, signed, until it was taken.
//!
//! The first job of a change becomes one job for each hook, so that a system which is down holds up no other and has nothing repeated to
//! another. A job may come several times, or before the change is written, or for one that never will be. What a hook gets twice carries
//! the same id both times, and says how many entries the history has: whoever keeps the letter with the most is never set back.

mod address;
mod letter;

use std::sync::Arc;

use domain::report::Report;
use jiff::Timestamp;

use super::Age;
use crate::error::{Error, Kind};
use crate::ports::outside::{Hook, HookCalls, Hooks, Received};
use crate::ports::reports::{ChangeJob, ReportJobs, Reports};
use crate::ports::{Clock, Towns, Versioned};

pub use address::{InvalidAddress, Reach, URL_CHARS_MAX};
pub use letter::new_secret;

const TELLING: &str = "tell another system of a change";

/// What became of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It became one job for each of so many hooks.
    Split(usize),
    /// The hook has it.
    Told,
    /// The hook says that it is not there any more and wants to hear nothing.
    Gone,
    /// Staff have taken the hook away.
    NoHook,
    /// There is no such change, and will not be.
    Dropped,
}

/// Tells other systems; it holds the ports.
pub struct Relay {
    /// The reports.
    pub reports: Arc<dyn Reports>,
    /// Who hears of their changes.
    pub hooks: Arc<dyn Hooks>,
    /// Where a change waits for each of them.
    pub jobs: Arc<dyn ReportJobs>,
    /// The town's data: what kinds, departments and districts are called.
    pub towns: Arc<dyn Towns>,
    /// The way to them.
    pub calls: Arc<dyn HookCalls>,
    /// How far that way may lead.
    pub reach: Reach,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl Relay {
    /// Does what a job asks for that was put at this time, if that is known.
    pub async fn pass_on(&self, job: &ChangeJob, put_at: Option<Timestamp>) -> Result<Outcome, Error> {
        let outcome = self.settle(job, put_at).await?;
        let hook = job.hook.as_deref().unwrap_or_default();
        tracing::info!(report.id = %job.report, report.change = job.change, hook.id = hook, outcome = ?outcome, "change relayed");
        Ok(outcome)
    }

    async fn settle(&self, job: &ChangeJob, put_at: Option<Timestamp>) -> Result<Outcome, Error> {
        let hooks = self.hooks.all().await?;
        // Where nobody is to hear of it, nothing is read.
        let hook = match &job.hook {
            Some(wanted) => match hooks.iter().find(|hook| hook.id == *wanted) {
                Some(hook) => Some(hook),
                None => return Ok(Outcome::NoHook),
            },
            None if hooks.is_empty() => return Ok(Outcome::Split(0)),
            None => None,
        };
        let read = self.reports.find(&job.report).await?;
        let Some(Versioned { value: report, .. }) = read.filter(|read| has(&read.value, job.change)) else {
            return Age::of(put_at, self.clock.now()).written_by_now(TELLING).map(|()| Outcome::Dropped);
        };
        match hook {
            Some(hook) => self.tell(hook, &report, job.change).await,
            None => self.split(job, &hooks).await,
        }
    }

    async fn split(&self, job: &ChangeJob, hooks: &[Hook]) -> Result<Outcome, Error> {
        for hook in hooks {
            self.jobs.put_change(&ChangeJob { hook: Some(hook.id.clone()), ..job.clone() }).await?;
        }
        Ok(Outcome::Split(hooks.len()))
    }

    async fn tell(&self, hook: &Hook, report: &Report, change: usize) -> Result<Outcome, Error> {
        self.reach.check(&hook.url).map_err(|error| Error::new(Kind::Permanent, TELLING, error))?;
        let town = self.towns.current().await?;
        let letter = letter::write(&town, report, change, hook, self.clock.now())?;
        match self.calls.post(&hook.url, &letter).await? {
            Received::Taken => Ok(Outcome::Told),
            Received::Gone => {
                tracing::error!(report.id = %report.id, hook.id = hook.id, "a hook is gone: staff are to take it away, or mend it");
                Ok(Outcome::Gone)
            }
        }
    }
}

fn has(report: &Report, change: usize) -> bool {
    (1..=report.history.len()).contains(&change)
}
