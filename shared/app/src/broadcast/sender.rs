//! `sender`: is woken by one run in the queue, and while it is awake takes more of them, at its share of its lane's speed.
//!
//! It takes them itself because a wait for the last answers of each run, one after another, would cost a fifth of the speed.

use std::sync::Arc;

use domain::broadcast::Lane;
use domain::sending::pace::Pacer;
use jiff::SignedDuration;

use super::shift::Shift;
use crate::error::{Chain, Error};
use crate::ports::Clock;
use crate::ports::broadcasts::{Broadcasts, FrozenParts, Ledgers, Multicast, RunKey, SendingQueues, Timer};

/// The use case; it holds the ports.
pub struct Sender {
    /// Broadcasts, for their plans and orders.
    pub broadcasts: Arc<dyn Broadcasts>,
    /// Frozen ids and words.
    pub frozen: Arc<dyn FrozenParts>,
    /// The ledgers.
    pub ledgers: Arc<dyn Ledgers>,
    /// The queues.
    pub queues: Arc<dyn SendingQueues>,
    /// The way to the phones.
    pub multicast: Arc<dyn Multicast>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Waiting for it.
    pub timer: Arc<dyn Timer>,
    /// How fast the lanes go.
    pub paces: Paces,
}

/// The time between two calls of one sender, by lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paces {
    /// In the emergency lane.
    pub emergency: SignedDuration,
    /// In the routine lane.
    pub routine: SignedDuration,
}

/// What a lane may do at most: so many calls a second by so many senders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Calls a second.
    pub calls_per_second: u32,
    /// Senders at a time.
    pub senders: u32,
}

impl Paces {
    /// The paces at which all senders together keep to the lanes' shares.
    #[must_use]
    pub fn of(emergency: Share, routine: Share) -> Self {
        let interval = |share: Share| Pacer::interval(share.calls_per_second, share.senders);
        Self { emergency: interval(emergency), routine: interval(routine) }
    }

    pub(crate) fn interval(self, lane: Lane) -> SignedDuration {
        match lane {
            Lane::Emergency => self.emergency,
            Lane::Routine => self.routine,
        }
    }
}

impl Sender {
    /// Sends a run, and those that it takes meanwhile. An error means that this first one must come again; the others come again
    /// by themselves.
    pub async fn send(&self, run: &RunKey) -> Result<(), Error> {
        let sent = Shift::new(self, run.lane).work(run).await;
        if let Err(error) = &sent {
            tracing::warn!(
                broadcast.id = %run.broadcast, part = run.part, run = run.run, error = %Chain(error),
                "run not finished, will come again"
            );
        }
        sent
    }
}
