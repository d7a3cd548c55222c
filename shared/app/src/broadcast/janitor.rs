//! `janitor`: every minute, lets go what is due, and mends whatever stopped half-way.

use std::sync::Arc;

use domain::broadcast::{Broadcast, State};
use domain::ids::BroadcastId;
use domain::sending::janitor::{Mend, QueueLooks};
use domain::sending::plan::Plan;
use jiff::Timestamp;

use super::watch::{close, watched};
use super::{Changed, change};
use crate::error::{Chain, Error};
use crate::ports::Clock;
use crate::ports::broadcasts::{Broadcasts, Ledgers, PartKey, Place, RunKey, SendingQueues, Shelf};

/// So many broadcasts are read at a time.
const AT_ONCE: usize = 25;
/// And so many in one look at most: those that are due and those that are being sent.
const BROADCASTS_MAX: usize = 1_000;

/// The use case; it holds the ports.
pub struct Janitor {
    /// Broadcasts.
    pub broadcasts: Arc<dyn Broadcasts>,
    /// The ledgers.
    pub ledgers: Arc<dyn Ledgers>,
    /// The queues.
    pub queues: Arc<dyn SendingQueues>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// What a look of the janitor brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tidied {
    /// Broadcasts that went.
    pub released: usize,
    /// Parts that were asked for again.
    pub parts: usize,
    /// Runs that were asked for again.
    pub runs: usize,
    /// Broadcasts that were closed.
    pub closed: usize,
    /// Broadcasts that could not be looked after.
    pub failed: usize,
}

impl Janitor {
    /// Looks after everything once. One broadcast that fails does not keep the others from it; then it is an error in the end.
    pub async fn tick(&self) -> Result<Tidied, Error> {
        let mut tidied = Tidied::default();
        let mut trouble = None;
        for broadcast in self.all_on(Shelf::Due).await? {
            if let Err(error) = self.release(&broadcast, &mut tidied).await {
                trouble = Some(failed(&broadcast.id, error, &mut tidied));
            }
        }
        for broadcast in self.all_on(Shelf::Sending).await? {
            if let Err(error) = self.mend(&broadcast, &mut tidied).await {
                trouble = Some(failed(&broadcast.id, error, &mut tidied));
            }
        }
        trouble.map_or(Ok(tidied), Err)
    }

    async fn all_on(&self, from: Shelf) -> Result<Vec<Broadcast>, Error> {
        let mut found: Vec<(Place, Broadcast)> = Vec::new();
        while found.len() < BROADCASTS_MAX {
            let before = found.last().map(|(place, _)| place.clone());
            let more = self.broadcasts.on_shelf(from, before.as_ref(), AT_ONCE).await?;
            let is_last = more.len() < AT_ONCE;
            found.extend(more);
            if is_last {
                break;
            }
        }
        Ok(found.into_iter().map(|(_, broadcast)| broadcast).collect())
    }

    async fn release(&self, broadcast: &Broadcast, tidied: &mut Tidied) -> Result<(), Error> {
        let Some(released) = release(&*self.broadcasts, broadcast, self.clock.now()).await? else { return Ok(()) };
        tidied.released += 1;
        let parts = released.state.plan().map_or(Vec::new(), |plan| parts(&released, plan));
        self.queues.ask_to_freeze(&parts, 0).await
    }

    async fn mend(&self, broadcast: &Broadcast, tidied: &mut Tidied) -> Result<(), Error> {
        let now = self.clock.now();
        let progress = self.ledgers.progress(&broadcast.id).await?;
        let queue = self.queues.looks(broadcast.lane).await.unwrap_or(QueueLooks::Busy);
        let Some(watched) = watched(broadcast, &progress, queue) else { return Ok(()) };
        let (mut parts, mut runs) = (Vec::new(), Vec::new());
        let (id, lane) = (&broadcast.id, broadcast.lane);
        for mend in watched.mend(now) {
            match mend {
                Mend::Freeze(part) => parts.push(PartKey { broadcast: id.clone(), lane, part }),
                Mend::Send(part, run) => runs.push(RunKey { broadcast: id.clone(), lane, part, run }),
                Mend::Close(account) => {
                    tidied.closed += usize::from(close(&*self.broadcasts, id, account, now).await?.is_some());
                }
            }
        }
        if !parts.is_empty() || !runs.is_empty() {
            tracing::warn!(broadcast.id = %id, parts = parts.len(), runs = runs.len(), "stopped work asked for again");
        }
        self.queues.ask_to_freeze(&parts, 0).await?;
        self.queues.ask_to_send(&runs, 0).await?;
        tidied.parts += parts.len();
        tidied.runs += runs.len();
        Ok(())
    }
}

fn failed(id: &BroadcastId, error: Error, tidied: &mut Tidied) -> Error {
    tidied.failed += 1;
    tracing::warn!(broadcast.id = %id, error = %Chain(&error), "broadcast not looked after");
    error
}

/// Lets a broadcast go, if its time has come: how it stands then. `None` where it has not, or somebody else did.
pub(crate) async fn release(
    broadcasts: &dyn Broadcasts,
    broadcast: &Broadcast,
    now: Timestamp,
) -> Result<Option<Broadcast>, Error> {
    let State::Approved { release_at, .. } = &broadcast.state else { return Ok(None) };
    if now < *release_at {
        return Ok(None);
    }
    match change(broadcasts, &broadcast.id, |broadcast| broadcast.release(now)).await? {
        Changed::Done(released) => {
            tracing::info!(broadcast.id = %released.id, lane = ?released.lane, "broadcast goes");
            Ok(Some(*released))
        }
        Changed::Refused(_) | Changed::Nowhere => Ok(None),
    }
}

/// All parts of a broadcast.
pub(crate) fn parts(broadcast: &Broadcast, plan: &Plan) -> Vec<PartKey> {
    let key = |part| PartKey { broadcast: broadcast.id.clone(), lane: broadcast.lane, part };
    (0..plan.parts).map(key).collect()
}
