//! What the reporter hears: each entry that is for them goes to their phone once, and to whoever follows the report.
//!
//! A job names an entry, and may come several times, or before the entry is written, or for an entry that never will be. Each resident's
//! message goes out under a key that is computed from the entry, by which the platform takes it once; only when all have it is the entry
//! marked. So whatever dies on the way is done again, and heard once. The platform forgets keys after a day: an entry that is older is not
//! told any more.

use std::sync::Arc;

use domain::conversation::{Background, ReportLinks, report_notice};
use domain::ids::ResidentId;
use domain::report::{Report, Told};
use domain::resident::{Resident, Standing};
use domain::town::Town;
use futures_util::{StreamExt, stream};
use jiff::Timestamp;
use uuid::Uuid;

use super::{Age, RACES_MAX, outrun};
use crate::error::{Chain, Error, Kind};
use crate::inbox::RETRY_KEY_LIFE;
use crate::ports::reports::{NoticeJob, Reports};
use crate::ports::staff::Written;
use crate::ports::{Clock, Delivery, KnownResidents, Messenger, Reached, Towns, Undelivered, Versioned};

/// So many phones are told side by side.
const AT_ONCE: usize = 16;
/// Retry keys of notices are computed in this namespace from report, entry and resident.
const NOTICE_KEYS: Uuid = Uuid::from_u128(0x6b61_6972_616e_5f6e_6f74_6963_655f_6b31);

const TELLING: &str = "tell a reporter";

/// What became of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Somebody's phone has it now.
    Told,
    /// Nobody of those who are to hear it can be reached.
    Unreachable,
    /// That was settled before, or the entry is not for the reporter.
    Settled,
    /// There is no such entry, and will not be.
    Dropped,
    /// It could not be told for a day, and is not told any more.
    TooLate,
}

/// Tells reporters; it holds the ports.
pub struct Notices {
    /// The reports.
    pub reports: Arc<dyn Reports>,
    /// In which language residents hear, and whether they do.
    pub residents: Arc<dyn KnownResidents>,
    /// The town's data.
    pub towns: Arc<dyn Towns>,
    /// The way to phones.
    pub messenger: Arc<dyn Messenger>,
    /// Links to the page of a report, if there is such.
    pub links: Option<ReportLinks>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl Notices {
    /// Does what a job asks for that was put at this time, if that is known.
    pub async fn tell(&self, job: &NoticeJob, put_at: Option<Timestamp>) -> Result<Outcome, Error> {
        let outcome = self.settle(job, put_at).await?;
        tracing::info!(report.id = %job.report, report.entry = job.entry, outcome = ?outcome, "notice settled");
        Ok(outcome)
    }

    async fn settle(&self, job: &NoticeJob, put_at: Option<Timestamp>) -> Result<Outcome, Error> {
        let now = self.clock.now();
        let read = self.reports.find(&job.report).await?;
        let Some((read, entry)) = read.and_then(|read| {
            let entry = read.value.history.get(job.entry).cloned()?;
            Some((read, entry))
        }) else {
            return Age::of(put_at, now).written_by_now(TELLING).map(|()| Outcome::Dropped);
        };
        match entry.told {
            Told::No | Told::At(_) | Told::Unreachable => return Ok(Outcome::Settled),
            Told::Due => {}
        }
        if now.duration_since(entry.at) > RETRY_KEY_LIFE {
            self.mark(read, job.entry, Told::Unreachable).await?;
            tracing::error!(report.id = %job.report, report.entry = job.entry, "a reporter was not told: too late to be safe");
            return Ok(Outcome::TooLate);
        }
        let (told, outcome) = match self.push_to_all(&read.value, job.entry).await? {
            Reached::Yes => (Told::At(now), Outcome::Told),
            Reached::No => (Told::Unreachable, Outcome::Unreachable),
        };
        self.mark(read, job.entry, told).await?;
        Ok(outcome)
    }

    /// Tells all who hear of a report; whether one of them was reached. One who cannot be told now keeps nobody else from hearing it.
    async fn push_to_all(&self, report: &Report, entry: usize) -> Result<Reached, Error> {
        let town = self.towns.current().await?;
        let pushes: Vec<_> = report.hears().map(|resident| self.push(&town, report, entry, resident)).collect();
        let outcomes: Vec<Result<Reached, Error>> = stream::iter(pushes).buffer_unordered(AT_ONCE).collect().await;
        let (mut reached, mut trouble) = (Reached::No, None);
        for one in outcomes {
            match one {
                Ok(Reached::Yes) => reached = Reached::Yes,
                Ok(Reached::No) => {}
                Err(error) => {
                    tracing::warn!(report.id = %report.id, error = %Chain(&error), "a reporter could not be told");
                    // As long as anybody may be told later, the job comes again.
                    if trouble.as_ref().is_none_or(|worse: &Error| worse.kind == Kind::Permanent) {
                        trouble = Some(error);
                    }
                }
            }
        }
        trouble.map_or(Ok(reached), Err)
    }

    async fn push(&self, town: &Town, report: &Report, entry: usize, resident: &ResidentId) -> Result<Reached, Error> {
        let known = self.residents.known(resident).await?;
        if known.as_ref().is_some_and(|known| known.standing.value == Standing::Blocked) {
            return Ok(Reached::No);
        }
        let language = known.as_ref().map_or_else(Default::default, |known: &Resident| known.settings.language());
        let background = Background { links: self.links.as_ref(), ..town.into() };
        let Some((replies, choices)) = report_notice(language, background, report, entry) else {
            return Ok(Reached::No);
        };
        let messages = self.messenger.compose(&replies, &choices)?;
        let key = retry_key(report, entry, resident);
        match self.messenger.push(resident, &messages, key).await.map_err(Undelivered::error)? {
            Delivery::Accepted | Delivery::AlreadyAccepted => Ok(Reached::Yes),
            Delivery::Refused | Delivery::TokenSpent => Ok(Reached::No),
        }
    }

    /// Marks an entry as told, whatever else was written meanwhile.
    async fn mark(&self, mut read: Versioned<Report>, entry: usize, told: Told) -> Result<(), Error> {
        for _ in 0..RACES_MAX {
            let mut after = read.value.clone();
            if after.told(entry, told).is_err() {
                // Somebody else has marked it, with the same words on the same phones.
                return Ok(());
            }
            if self.reports.put(&after, Some(&read), None).await? == Written::Done {
                return Ok(());
            }
            match self.reports.find(&after.id).await? {
                Some(now) => read = now,
                None => return Ok(()),
            }
        }
        Err(outrun(TELLING))
    }
}

/// The key of an entry's message to a resident: the same whenever it is asked for.
fn retry_key(report: &Report, entry: usize, resident: &ResidentId) -> Uuid {
    Uuid::new_v5(&NOTICE_KEYS, format!("{}/{entry}/{}", report.id, resident.as_str()).as_bytes())
}
