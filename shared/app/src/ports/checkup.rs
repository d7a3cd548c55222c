//! The ports by which the account knows of itself: what the last look found, and when what runs every minute last ran to its end.

use async_trait::async_trait;
use domain::checkup::Checkup;
use jiff::{SignedDuration, Timestamp};

use crate::error::Error;

/// Whoever runs every minute says so once in so long: in the minutes of the hour that this divides.
pub const BEATS_EVERY: SignedDuration = SignedDuration::from_mins(5);
/// Whoever has not said so for so long does not run, or fails each time.
pub const SILENT_AFTER: SignedDuration = SignedDuration::from_mins(15);

/// What the last look found.
#[async_trait]
pub trait Checkups: Send + Sync {
    /// The last look, if there was one.
    async fn last(&self) -> Result<Option<Checkup>, Error>;

    /// Keeps a look in place of the one before.
    async fn put(&self, checkup: &Checkup) -> Result<(), Error>;
}

/// What runs every minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Runner {
    /// What lets rules write their broadcasts.
    Reminder,
    /// What lets go the broadcasts that are due, and mends what stopped half-way.
    Janitor,
}

impl Runner {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Reminder, Self::Janitor];

    /// Its name where it is kept and logged.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Reminder => "reminder",
            Self::Janitor => "janitor",
        }
    }
}

/// That something ran to its end, without an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Heartbeat {
    /// What.
    pub runner: Runner,
    /// When, to within [`BEATS_EVERY`].
    pub at: Timestamp,
}

impl Heartbeat {
    /// Whether it is so long ago ([`SILENT_AFTER`]) that somebody has to look.
    #[must_use]
    pub fn is_late(&self, now: Timestamp) -> bool {
        SILENT_AFTER <= now.duration_since(self.at)
    }
}

/// When what runs every minute last ran to its end.
#[async_trait]
pub trait Heartbeats: Send + Sync {
    /// Notes that it did.
    async fn beat(&self, beat: &Heartbeat) -> Result<(), Error>;

    /// The last of each that there was one of, in no particular order.
    async fn all(&self) -> Result<Vec<Heartbeat>, Error>;
}
