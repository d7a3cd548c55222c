//! Ports of the counting of residents.

use async_trait::async_trait;
use domain::counts::Tally;
use domain::ids::ResidentId;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Versioned;
use super::staff::Written;
use crate::error::Error;

/// Residents lie in this many partitions, numbered from 0.
pub const PARTITIONS: u16 = 256;

/// Counts of residents, and the counting under way.
#[async_trait]
pub trait ResidentCounts: Send + Sync {
    /// Counts some of the residents of the cursor's partition into the tally: as many as one reading gives. Where to go on.
    async fn count(&self, from: &Cursor, tally: &mut Tally, now: Timestamp) -> Result<Cursor, Error>;

    /// The last counting, if there was one in the last weeks.
    async fn job(&self) -> Result<Option<Versioned<Job>>, Error>;

    /// Keeps where a counting stands, if it still stands where it was read (`None`: there was none).
    ///
    /// Of one that has finished the result is kept with it: as the last one, and as the one of its day.
    async fn keep(&self, job: &Job, read: Option<u64>) -> Result<Written, Error>;

    /// The last result.
    async fn last(&self) -> Result<Option<Counted>, Error>;

    /// The results of the days from `first` to `last`, one a day, the oldest first.
    async fn history(&self, first: Date, last: Date) -> Result<Vec<DayCount>, Error>;
}

/// A counting: how far it has come, and what it has counted so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// When it began.
    pub began: Timestamp,
    /// When all residents were counted; `None` while it goes on.
    pub finished: Option<Timestamp>,
    /// Where to go on.
    pub next: Cursor,
    /// The residents before.
    pub tally: Tally,
}

/// A place among the residents.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Cursor {
    /// The partition, from 0; [`PARTITIONS`] after the last.
    pub partition: u16,
    /// The last resident of it who is behind; `None` at its beginning.
    pub after: Option<ResidentId>,
}

/// A finished count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// When it was finished.
    pub at: Timestamp,
    /// What was counted.
    pub tally: Tally,
}

/// What is kept of the last count of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayCount {
    /// The day.
    pub day: Date,
    /// Who followed.
    pub following: u64,
    /// Who had blocked the account.
    pub blocked: u64,
}
