//! `janitor`: every minute, lets go what is due, and mends whatever stopped half-way.

use std::sync::Arc;

use domain::broadcast::{Broadcast, PauseReason, State};
use domain::ids::BroadcastId;
use domain::sending::janitor::{Mend, QueueLooks};
use domain::sending::plan::Plan;
use domain::town::Sending;

use super::after::Afterwards;
use super::release::is_awake;
use super::watch::{ask_for_the_rest, close, watched};
use super::{Changed, all_on, change};
use crate::error::{Chain, Error};
use crate::ports::broadcasts::{Broadcasts, Ledgers, PartKey, RunKey, SendingQueues, Shelf};
use crate::ports::{Clock, Towns};

/// The use case; it holds the ports.
pub struct Janitor {
    /// Broadcasts.
    pub broadcasts: Arc<dyn Broadcasts>,
    /// The ledgers.
    pub ledgers: Arc<dyn Ledgers>,
    /// The queues.
    pub queues: Arc<dyn SendingQueues>,
    /// The town: it does not send everything at night.
    pub towns: Arc<dyn Towns>,
    /// What is counted after broadcasts.
    pub after: Afterwards,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// What a look of the janitor brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tidied {
    /// Broadcasts that were due.
    pub due: usize,
    /// Parts that were asked for again.
    pub parts: usize,
    /// Runs that were asked for again.
    pub runs: usize,
    /// Broadcasts that were closed.
    pub closed: usize,
    /// Broadcasts after which others or more have blocked the account than was known.
    pub counted: usize,
    /// Broadcasts that could not be looked after.
    pub failed: usize,
}

impl Janitor {
    /// Looks after everything once. One broadcast that fails does not keep the others from it; then it is an error in the end.
    pub async fn tick(&self) -> Result<Tidied, Error> {
        let mut tidied = Tidied::default();
        let mut trouble = None;
        let town = self.towns.current().await?;
        let sending = &town.profile.sending;
        for broadcast in all_on(&*self.broadcasts, Shelf::Due).await? {
            if let Err(error) = self.ask(&broadcast, sending, &mut tidied).await {
                trouble = Some(failed(&broadcast.id, error, &mut tidied));
            }
        }
        for broadcast in all_on(&*self.broadcasts, Shelf::Sending).await? {
            let id = broadcast.id.clone();
            let looked_after = async {
                let broadcast = self.heed_its_hour(broadcast).await?;
                let broadcast = self.heed_the_night(broadcast, sending).await?;
                self.mend(&broadcast, &mut tidied).await
            };
            if let Err(error) = looked_after.await {
                trouble = Some(failed(&id, error, &mut tidied));
            }
        }
        // Last, because nobody waits for it.
        match self.after.look(self.clock.now()).await {
            Ok(counted) => tidied.counted = counted,
            Err(error) => trouble = Some(error),
        }
        trouble.map_or(Ok(tidied), Err)
    }

    /// Asks for the parts of a broadcast that is due: the planner lets it go.
    async fn ask(&self, broadcast: &Broadcast, sending: &Sending, tidied: &mut Tidied) -> Result<(), Error> {
        let now = self.clock.now();
        let State::Approved { release_at, plan, .. } = &broadcast.state else { return Ok(()) };
        if now < *release_at || !is_awake(sending, broadcast, now) {
            return Ok(());
        }
        tidied.due += 1;
        self.queues.ask_to_freeze(&parts(broadcast, plan), 0).await
    }

    /// What its residents asked to be told at an hour is stopped when that is long past: how it stands then.
    async fn heed_its_hour(&self, broadcast: Broadcast) -> Result<Broadcast, Error> {
        let now = self.clock.now();
        if !matches!(broadcast.state, State::Sending { .. }) || !broadcast.is_out_of_time(now) {
            return Ok(broadcast);
        }
        Ok(match change(&*self.broadcasts, &broadcast.id, |it| it.give_up(now)).await? {
            Changed::Done(stopped) => {
                // The alarm: some were not told what they asked for.
                tracing::error!(broadcast.id = %stopped.id, "broadcast stopped: its hour is past");
                *stopped
            }
            Changed::Refused(_) | Changed::Nowhere => broadcast,
        })
    }

    /// At night a routine broadcast rests, and in the morning it goes on: how it stands then.
    async fn heed_the_night(&self, broadcast: Broadcast, sending: &Sending) -> Result<Broadcast, Error> {
        let now = self.clock.now();
        let State::Sending { pause, .. } = &broadcast.state else { return Ok(broadcast) };
        let changed = match (is_awake(sending, &broadcast, now), pause.map(|pause| pause.why)) {
            (false, None) => {
                change(&*self.broadcasts, &broadcast.id, |it| it.pause(PauseReason::QuietHours, now)).await?
            }
            (true, Some(PauseReason::QuietHours)) => {
                let changed = change(&*self.broadcasts, &broadcast.id, Broadcast::resume).await?;
                if let Changed::Done(resumed) = &changed {
                    ask_for_the_rest(&*self.ledgers, &*self.queues, resumed).await?;
                }
                changed
            }
            (true, _) | (false, Some(_)) => return Ok(broadcast),
        };
        Ok(match changed {
            Changed::Done(changed) => *changed,
            Changed::Refused(_) | Changed::Nowhere => broadcast,
        })
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

/// All parts of a broadcast.
pub(crate) fn parts(broadcast: &Broadcast, plan: &Plan) -> Vec<PartKey> {
    let key = |part| PartKey { broadcast: broadcast.id.clone(), lane: broadcast.lane, part };
    (0..plan.parts).map(key).collect()
}
