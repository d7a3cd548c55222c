//! Ports of broadcasts: the broadcasts themselves, their frozen parts, the ledgers of their runs, and the queues between.

use std::collections::BTreeMap;
use std::ops::Range;

use async_trait::async_trait;
use domain::audit::Act;
use domain::broadcast::{Broadcast, Lane};
use domain::ids::BroadcastId;
use domain::sending::delivery::{Answer, GivenBack, Order, Recorded};
use domain::sending::frozen::{FrozenPart, PackedId};
use domain::sending::janitor::QueueLooks;
use domain::sending::ledger::{Ledger, PageState};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::staff::Written;
use super::{Messages, Versioned};
use crate::broadcast::reach::Counted;
use crate::error::Error;

/// Broadcasts. What a broadcast says and where it stands is one value, written only over the version that was read.
#[async_trait]
pub trait Broadcasts: Send + Sync {
    /// A broadcast, consistently.
    async fn find(&self, id: &BroadcastId) -> Result<Option<Versioned<Broadcast>>, Error>;

    /// Writes a broadcast, and together with it: what its senders are ordered, whether it is among the emergencies that hold
    /// back the routine lane, and the act in the audit log if somebody did it. `read`: the version that was read; `None` where there was none.
    async fn put(&self, broadcast: &Broadcast, read: Option<u64>, act: Option<&Act>) -> Result<Written, Error>;

    /// Those on a shelf, the latest first, at most `limit`, before a place; each with its place. May lag by a second.
    async fn on_shelf(
        &self,
        shelf: Shelf,
        before: Option<&Place>,
        limit: usize,
    ) -> Result<Vec<(Place, Broadcast)>, Error>;

    /// What the pages of a broadcast may do at this moment, consistently; [`Order::Stop`] where there is none.
    async fn order(&self, id: &BroadcastId, lane: Lane) -> Result<Order, Error>;
}

/// Where a broadcast is found without its id; it stands on one at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shelf {
    /// Being written, waiting for approval, or held. Ordered by id, which is by the time of its first draft.
    Desk,
    /// Approved, and not gone. Ordered by the time at which it goes.
    Due,
    /// Being sent, or stopped without an account. Ordered by the time at which it went.
    Sending,
    /// With an account. Ordered by the time at which it went or was stopped.
    Done,
}

/// A place on a shelf: a time, as text that sorts as time does, and an id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place(pub String);

impl Place {
    /// The place of a broadcast on a shelf that is ordered by a time.
    #[must_use]
    pub fn at(time: Timestamp, id: &BroadcastId) -> Self {
        Self(format!("{}#{id}", Self::before(time).0))
    }

    /// Where the broadcasts of a time begin: they stand above it, and all earlier ones below.
    #[must_use]
    pub fn before(time: Timestamp) -> Self {
        // Milliseconds at a fixed width, so that the text sorts as the time does.
        Self(format!("{time:.3}"))
    }
}

/// One part of a broadcast's audience: what `planner` is asked to freeze.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PartKey {
    /// Of which broadcast.
    pub broadcast: BroadcastId,
    /// In which lane it goes.
    pub lane: Lane,
    /// Which part.
    pub part: u16,
}

/// One run of a part: what `sender` is asked to send.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RunKey {
    /// Of which broadcast.
    pub broadcast: BroadcastId,
    /// In which lane it goes.
    pub lane: Lane,
    /// Of which part.
    pub part: u16,
    /// Which run of it.
    pub run: u16,
}

/// What is frozen is kept for so long, and with it who got a broadcast. The bucket's rule in `template.yaml` says the same.
pub const FROZEN_LIFE: SignedDuration = SignedDuration::from_hours(400 * 24);

/// Frozen audiences and words: objects that are written once and never change.
#[async_trait]
pub trait FrozenParts: Send + Sync {
    /// Keeps a part, if there is none yet: the one that is kept, which is another's where somebody was faster.
    async fn keep(&self, part: &FrozenPart, object: Vec<u8>) -> Result<FrozenPart, Error>;

    /// The header of a part; `None` where it is not frozen.
    async fn part(&self, broadcast: &BroadcastId, part: u16) -> Result<Option<FrozenPart>, Error>;

    /// The ids of a part in a range, counted from its first.
    async fn ids(&self, part: &FrozenPart, range: Range<usize>) -> Result<Vec<PackedId>, Error>;

    /// Keeps the words of one variant under their digest. The same again changes nothing.
    async fn keep_words(&self, broadcast: &BroadcastId, digest: &str, words: &Messages) -> Result<(), Error>;

    /// The words of a digest.
    async fn words(&self, broadcast: &BroadcastId, digest: &str) -> Result<Messages, Error>;
}

/// What the table knows of a broadcast's parts and runs.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    /// The parts that are frozen. Noted before their runs are asked for: the other way round, an account could be closed without them.
    pub parts: BTreeMap<u16, FrozenPart>,
    /// The ledgers, by part and run.
    pub ledgers: BTreeMap<(u16, u16), Ledger>,
}

/// The ledgers of runs. What may be written over what is said in [`domain::sending::ledger`].
#[async_trait]
pub trait Ledgers: Send + Sync {
    /// Notes that a part is frozen. The same again changes nothing.
    async fn note_frozen(&self, part: &FrozenPart) -> Result<(), Error>;

    /// All that is known of a broadcast, consistently.
    async fn progress(&self, broadcast: &BroadcastId) -> Result<Progress, Error>;

    /// The ledger of a run, consistently; `None` if nobody has worked on it.
    async fn ledger(&self, run: &RunKey) -> Result<Option<Ledger>, Error>;

    /// Writes a claim, if the stored fence is still the one before it. Pages are not touched but for what the claim says of open ones
    /// whose stored rank is lower.
    async fn claim(&self, run: &RunKey, claimed: &Ledger) -> Result<Written, Error>;

    /// Writes what became of a page over a state of lower rank: "accepted" whoever has the run by now, every other only under `fence`.
    async fn record(&self, run: &RunKey, page: usize, state: &PageState, fence: u64) -> Result<Recorded, Error>;

    /// Gives a run back, if it is still ours and nothing is known of its open pages that ranks higher. Else nothing is written,
    /// and the lease runs out by itself.
    async fn give_back(&self, run: &RunKey, back: &GivenBack) -> Result<(), Error>;
}

/// A counting of whom a broadcast would reach, as far as it has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReachCount {
    /// What is counted: the digest of all that decides it.
    pub of: String,
    /// Since when.
    pub began: Timestamp,
    /// The first partition that is not counted.
    pub next: u16,
    /// What is counted so far.
    pub counted: Counted,
}

/// Countings, one for each broadcast. They are forgotten after a day.
#[async_trait]
pub trait ReachCounts: Send + Sync {
    /// The counting of a broadcast, consistently.
    async fn find(&self, broadcast: &BroadcastId) -> Result<Option<Versioned<ReachCount>>, Error>;

    /// Keeps one. `read`: the version that was read; `None` where there was none.
    async fn keep(&self, broadcast: &BroadcastId, count: &ReachCount, read: Option<u64>) -> Result<Written, Error>;
}

/// The longest time for which a queue keeps something back, in seconds.
pub const DELAY_MAX_S: u16 = 900;

/// The queues between console, planner and senders; each lane has its own.
#[async_trait]
pub trait SendingQueues: Send + Sync {
    /// Asks for parts to be frozen, not before `delay_s` seconds (at most [`DELAY_MAX_S`]).
    async fn ask_to_freeze(&self, parts: &[PartKey], delay_s: u16) -> Result<(), Error>;

    /// Asks for runs to be sent, not before `delay_s` seconds (at most [`DELAY_MAX_S`]).
    async fn ask_to_send(&self, runs: &[RunKey], delay_s: u16) -> Result<(), Error>;

    /// Takes one more run of a lane, if one waits at this moment.
    async fn take(&self, lane: Lane) -> Result<Option<TakenRun>, Error>;

    /// A run that was taken is done with.
    async fn done(&self, taken: &TakenRun) -> Result<(), Error>;

    /// Whether the lane's queue of runs holds anything, about.
    async fn looks(&self, lane: Lane) -> Result<QueueLooks, Error>;
}

/// A run that a sender took from the queue itself. If nobody says that it is done with, it comes again.
#[derive(Debug, Clone)]
pub struct TakenRun {
    /// The run.
    pub run: RunKey,
    /// What the queue knows this taking by.
    pub receipt: String,
}

/// The way to very many phones at once.
#[async_trait]
pub trait Multicast: Send + Sync {
    /// Sends to up to 500 residents under a key.
    async fn multicast(&self, to: &[PackedId], messages: &Messages, key: [u8; 16]) -> Answer;
}

/// Waiting.
#[async_trait]
pub trait Timer: Send + Sync {
    /// Comes back at this time, or at once if it is past.
    async fn until(&self, at: Timestamp);
}
