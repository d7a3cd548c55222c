//! Ports of the import of the friends from before: the platform's list of followers, and the job that goes through it.

use async_trait::async_trait;
use domain::audit::Act;
use domain::ids::{EventId, ResidentId, StaffId};
use domain::resident::Resident;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Versioned;
use super::staff::Written;
use crate::error::Error;

/// The platform's list of those who follow the account.
#[async_trait]
pub trait FollowersList: Send + Sync {
    /// A page of it, from the beginning or from where an earlier page said that it goes on.
    async fn page(&self, from: Option<&Onward>) -> Result<Listed, Error>;
}

/// Where the platform's list goes on, in its own words. It forgets them after a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Onward(pub String);

/// What the platform answers when it is asked for a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listed {
    /// A page.
    Page {
        /// Those on it; there may be few, or none, although the list goes on.
        residents: Vec<ResidentId>,
        /// How many ids on it were none, and are left out.
        odd: u64,
        /// Where the list goes on; `None` after its last page.
        next: Option<Onward>,
    },
    /// It does not know any more where the list was to go on.
    Forgotten,
    /// This account may not ask for the list.
    NotAllowed,
}

/// The import, and the residents whom it brings.
#[async_trait]
pub trait Imports: Send + Sync {
    /// The last import, consistently.
    async fn job(&self) -> Result<Option<Versioned<Job>>, Error>;

    /// Keeps where an import stands, if it still stands where it was read (`None`: there was none), together with the act
    /// if somebody did it.
    async fn keep(&self, job: &Job, read: Option<u64>, act: Option<&Act>) -> Result<Written, Error>;

    /// Keeps those of whom nothing is known; nobody who is known, blocked or with settings, is touched. How many of them are there
    /// by this event now, which an attempt before this one may have kept.
    async fn welcome(&self, listed: &[Resident], event: &EventId) -> Result<u64, Error>;
}

/// An import: how far it has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Who began it.
    pub by: StaffId,
    /// When.
    pub began: Timestamp,
    /// What stands for it in those whom it brings.
    pub event: EventId,
    /// Where it stands.
    pub stage: Stage,
    /// Where the list goes on; `None` at its beginning.
    pub next: Option<Onward>,
    /// What was on the list so far.
    pub seen: Seen,
    /// How often it was begun anew because the platform had forgotten where the list goes on.
    pub anew: u8,
    /// When it last came on.
    pub moved: Timestamp,
    /// Somebody works on it until then at most; `None` if nobody does.
    pub claimed_until: Option<Timestamp>,
}

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// It goes on by itself.
    Going,
    /// It has come to the end of the list.
    Finished(Timestamp),
    /// It rests until somebody lets it go on.
    Failed(Failure),
}

/// Why an import rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Failure {
    /// The account may not ask for the list.
    NotAllowed,
    /// The platform refuses, or says what nobody understands, and would say the same again.
    Refused,
}

/// What was on the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Seen {
    /// Friends.
    pub friends: u64,
    /// Those of them of whom nothing was known.
    pub new: u64,
    /// What was no id.
    pub odd: u64,
}

impl Seen {
    /// Friends who were known.
    #[must_use]
    pub fn known(self) -> u64 {
        self.friends.saturating_sub(self.new)
    }
}
