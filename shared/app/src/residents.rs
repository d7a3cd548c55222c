//! Counts all residents, a few seconds at a time: a long work that goes on with every look at how far it has come.
//!
//! Each step reads from where the job stands, counts into a piece of its own, and keeps job and piece together only if
//! nobody else has moved the job meanwhile. So of two who step at once one counts, and nobody is counted twice or left out.

use std::sync::Arc;

use domain::counts::Tally;
use domain::time::date_in_japan;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::error::{Error, Kind};
use crate::ports::residents::{Counted, Cursor, DayCount, Job, PARTITIONS, ResidentCounts};
use crate::ports::staff::Written;
use crate::ports::{Clock, Versioned};

/// A step lasts about as long.
pub const STEP: SignedDuration = SignedDuration::from_millis(1_500);
/// A counting that was begun this long ago and never finished is begun anew: its first pieces say nothing about now.
pub const JOB_LIFE: SignedDuration = SignedDuration::from_hours(1);
/// A step reads at most this often, whatever the clock says.
pub const READINGS_MAX: usize = 10_000;

/// The use case; it holds the ports.
pub struct Residents {
    /// The counts.
    pub counts: Arc<dyn ResidentCounts>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// How far a counting has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counting {
    /// Nothing is being counted.
    Idle,
    /// So many of all [`PARTITIONS`] are done.
    Going {
        /// Done.
        done: u16,
    },
}

impl Residents {
    /// Begins to count, or joins the counting that is under way.
    pub async fn begin(&self) -> Result<(), Error> {
        let now = self.clock.now();
        let stored = self.counts.job().await?;
        if stored.as_ref().is_some_and(|stored| is_going(&stored.value, now)) {
            return Ok(());
        }
        let tally = Tally::new(date_in_japan(now));
        let job = Job { began: now, finished: None, next: Cursor::default(), tally };
        // Whoever was faster has begun the same.
        self.counts.keep(&job, stored.map(|stored| stored.version)).await.map(drop)
    }

    /// Counts on for about [`STEP`], if a counting is under way, and says how far it has come.
    pub async fn step(&self) -> Result<Counting, Error> {
        let began = self.clock.now();
        let Some(Versioned { value: job, version }) = self.counts.job().await? else { return Ok(Counting::Idle) };
        if !is_going(&job, began) {
            return Ok(Counting::Idle);
        }
        let job = self.count_on(job, began).await?;
        match self.counts.keep(&job, Some(version)).await? {
            Written::Done => Ok(progress(&job)),
            // Somebody else counted the same: what they kept is true, and this piece is forgotten.
            Written::Raced => self.progress().await,
        }
    }

    /// How far the counting under way has come.
    pub async fn progress(&self) -> Result<Counting, Error> {
        let now = self.clock.now();
        let job = self.counts.job().await?.map(|stored| stored.value).filter(|job| is_going(job, now));
        Ok(job.as_ref().map_or(Counting::Idle, progress))
    }

    /// The last result.
    pub async fn last(&self) -> Result<Option<Counted>, Error> {
        self.counts.last().await
    }

    /// The results of some days, the oldest first.
    pub async fn history(&self, first: Date, last: Date) -> Result<Vec<DayCount>, Error> {
        self.counts.history(first, last).await
    }

    async fn count_on(&self, mut job: Job, began: Timestamp) -> Result<Job, Error> {
        let mut piece = Tally::new(job.tally.day);
        for _ in 0..READINGS_MAX {
            let now = self.clock.now();
            if PARTITIONS <= job.next.partition || STEP <= now.duration_since(began) {
                break;
            }
            job.next = self.counts.count(&job.next, &mut piece, now).await?;
        }
        job.tally.merge(&piece).map_err(|error| Error::new(Kind::Permanent, "count residents", error))?;
        if PARTITIONS <= job.next.partition {
            job.finished = Some(self.clock.now());
        }
        Ok(job)
    }
}

fn is_going(job: &Job, now: Timestamp) -> bool {
    job.finished.is_none() && now.duration_since(job.began) < JOB_LIFE
}

fn progress(job: &Job) -> Counting {
    match job.finished {
        Some(_) => Counting::Idle,
        None => Counting::Going { done: job.next.partition },
    }
}
