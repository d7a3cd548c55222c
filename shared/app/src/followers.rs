//! Brings in the friends from before: whoever followed the account when the city did not listen yet has never sent an event.
//!
//! The platform lists them, a thousand on a page. The job goes through the list a few pages at a time; where it stands is kept
//! after each page, so it can be ended at any moment and goes on from there. The same page twice does no harm: whoever is
//! known already is left as they are. Nobody needs to look on: the janitor takes a step each minute.
//!
//! Since when such a friend follows nobody knows; [`Resident::listed`] says what counts instead.

use std::sync::Arc;

use domain::audit::{Act, Action, Actor};
use domain::ids::StaffId;
use domain::resident::Resident;
use jiff::{SignedDuration, Timestamp};

use crate::error::{Chain, Error, Kind};
use crate::ports::followers::{Failure, FollowersList, Imports, Job, Listed, Seen, Stage};
use crate::ports::staff::Written;
use crate::ports::{Clock, Versioned};

/// So long after a function was woken it begins no page any more. It does other work first, and lives for a minute.
pub const STEP: SignedDuration = SignedDuration::from_secs(30);
/// Whoever works on the import has it to themselves for so long after each page: longer than the function lives.
pub const CLAIM_LIFE: SignedDuration = SignedDuration::from_secs(90);
/// So often an import is begun anew because the platform has forgotten where the list goes on; then a person has to look.
pub const ANEW_MAX: u8 = 3;
/// A step takes at most so many pages, whatever the clock says.
pub const PAGES_MAX: usize = 1_000;

const IMPORTING: &str = "import followers";

/// What staff do with the import.
pub struct ImportDesk {
    /// The import.
    pub imports: Arc<dyn Imports>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// What works on the import.
pub struct Importer {
    /// The platform's list.
    pub list: Arc<dyn FollowersList>,
    /// The import.
    pub imports: Arc<dyn Imports>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl ImportDesk {
    /// The last import, if there was one.
    pub async fn look(&self) -> Result<Option<Job>, Error> {
        Ok(self.imports.job().await?.map(|stored| stored.value))
    }

    /// Begins an import, or joins the one that goes on.
    pub async fn begin(&self, by: &StaffId) -> Result<(), Error> {
        let stored = self.imports.job().await?;
        if stored.as_ref().is_some_and(|stored| stored.value.stage == Stage::Going) {
            return Ok(());
        }
        let now = self.clock.now();
        let event = format!("import-{}", now.as_millisecond());
        let event = event.parse().map_err(|error| Error::new(Kind::Permanent, IMPORTING, error))?;
        let job = Job {
            by: by.clone(),
            began: now,
            event,
            stage: Stage::Going,
            next: None,
            seen: Seen::default(),
            anew: 0,
            moved: now,
            claimed_until: None,
        };
        self.write(stored, job, by, now).await
    }

    /// Lets an import that rests go on where it stands.
    pub async fn resume(&self, by: &StaffId) -> Result<(), Error> {
        let Some(stored) = self.imports.job().await? else { return Ok(()) };
        let Stage::Failed(_) = stored.value.stage else { return Ok(()) };
        let now = self.clock.now();
        let job = Job { stage: Stage::Going, anew: 0, moved: now, claimed_until: None, ..stored.value.clone() };
        self.write(Some(stored), job, by, now).await
    }

    async fn write(&self, stored: Option<Versioned<Job>>, job: Job, by: &StaffId, now: Timestamp) -> Result<(), Error> {
        let act = Act {
            at: now,
            actor: Actor::Staff(by.clone()),
            action: Action::ImportFollowers,
            subject: String::new(),
            department: None,
            before: stored.as_ref().map(|stored| noted(&stored.value)).unwrap_or_default(),
            after: noted(&job),
        };
        // Whoever was faster has begun the same.
        self.imports.keep(&job, stored.map(|stored| stored.version), Some(&act)).await.map(drop)
    }
}

/// How far an import was, for the log: without the platform's own words.
fn noted(job: &Job) -> String {
    serde_json::json!({ "began": job.began, "stage": job.stage, "seen": job.seen }).to_string()
}

impl Importer {
    /// Takes pages of the import that goes on, if there is one and nobody works on it, until a time: how many.
    pub async fn step(&self, until: Timestamp) -> Result<usize, Error> {
        let now = self.clock.now();
        let Some(stored) = self.imports.job().await? else { return Ok(0) };
        let is_taken = stored.value.claimed_until.is_some_and(|end| now < end);
        if stored.value.stage != Stage::Going || is_taken || until <= now {
            return Ok(0);
        }
        let Some(mut mine) = self.keep(stored).await? else { return Ok(0) };
        for taken in 0..PAGES_MAX {
            if mine.value.stage != Stage::Going {
                return Ok(taken);
            }
            if until <= self.clock.now() {
                self.give_back(mine).await?;
                return Ok(taken);
            }
            let before = mine.clone();
            mine = match self.page(mine).await {
                Ok(Some(next)) => next,
                Ok(None) => return Ok(taken),
                Err(error) => {
                    if let Err(also) = self.give_back(before).await {
                        tracing::warn!(error = %Chain(&also), "the import is not given back: its claim will run out");
                    }
                    return Err(error);
                }
            };
        }
        self.give_back(mine).await?;
        Ok(PAGES_MAX)
    }

    /// Takes one page; `None` if somebody else has the import by now.
    async fn page(&self, mine: Versioned<Job>) -> Result<Option<Versioned<Job>>, Error> {
        let Versioned { value: mut job, version } = mine;
        let listed = match self.list.page(job.next.as_ref()).await {
            Ok(listed) => listed,
            Err(error) if error.kind == Kind::Permanent => {
                tracing::error!(error = %Chain(&error), "the import of followers rests");
                job.stage = Stage::Failed(Failure::Refused);
                return self.keep(Versioned { value: job, version }).await;
            }
            Err(error) => return Err(error),
        };
        job.moved = self.clock.now();
        match listed {
            Listed::Page { residents, odd, next } => {
                let listed = residents.into_iter().map(|id| Resident::listed(id, job.event.clone()));
                let listed: Vec<Resident> = listed.collect();
                job.seen.friends += u64::try_from(listed.len()).unwrap_or_default();
                job.seen.odd += odd;
                job.seen.new += self.imports.welcome(&listed, &job.event).await?;
                if next.is_none() {
                    job.stage = Stage::Finished(self.clock.now());
                }
                job.next = next;
            }
            Listed::Forgotten if job.anew < ANEW_MAX => {
                job.anew += 1;
                job.next = None;
                job.seen = Seen::default();
            }
            Listed::Forgotten => job.stage = Stage::Failed(Failure::Refused),
            Listed::NotAllowed => job.stage = Stage::Failed(Failure::NotAllowed),
        }
        let kept = self.keep(Versioned { value: job, version }).await?;
        if let Some(Versioned { value: Job { seen, stage, .. }, .. }) = &kept
            && *stage != Stage::Going
        {
            tracing::info!(friends = seen.friends, new = seen.new, odd = seen.odd, stage = ?stage, "import of followers ends");
        }
        Ok(kept)
    }

    /// Keeps where the import stands, and the claim on it while it goes on; `None` if somebody else has it by now.
    async fn keep(&self, mine: Versioned<Job>) -> Result<Option<Versioned<Job>>, Error> {
        let Versioned { value: mut job, version } = mine;
        job.claimed_until = (job.stage == Stage::Going).then(|| self.clock.now() + CLAIM_LIFE);
        match self.imports.keep(&job, Some(version), None).await? {
            Written::Done => Ok(Some(Versioned { value: job, version: version + 1 })),
            Written::Raced => Ok(None),
        }
    }

    async fn give_back(&self, mine: Versioned<Job>) -> Result<(), Error> {
        let Versioned { value: job, version } = mine;
        self.imports.keep(&Job { claimed_until: None, ..job }, Some(version), None).await.map(drop)
    }
}
