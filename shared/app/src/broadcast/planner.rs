//! `planner`: freezes one part of a broadcast's audience, and puts its runs into the queue at once.

use std::collections::BTreeSet;
use std::num::NonZeroU16;
use std::ops::Range;
use std::sync::Arc;

use domain::broadcast::audience::Audience;
use domain::broadcast::audience::filter::Filter;
use domain::broadcast::{Broadcast, Earnest, State};
use domain::sending::freeze::object::encode;
use domain::sending::freeze::{Freezing, FrozenIds};
use domain::sending::frozen::{FrozenPart, PackedId};
use domain::sending::plan::Plan;
use domain::time::date_in_japan;
use jiff::{SignedDuration, Timestamp};

use super::past::History;
use super::release::{Release, release};
use crate::error::{Chain, Error, Kind};
use crate::ports::audience::AudienceSource;
use crate::ports::broadcasts::{DELAY_MAX_S, PartKey, RunKey, SendingQueues};
use crate::ports::staff::StaffStore;
use crate::ports::{Clock, Towns, Versioned};

const FREEZING: &str = "freeze a part";
/// The other parts of a rule's broadcast ask every so many seconds whether the first has let it go.
const AFTER_THE_FIRST_S: i64 = 2;
/// For so long; what has not gone by then the janitor asks for again.
const AFTER_THE_FIRST_FOR: SignedDuration = SignedDuration::from_mins(2);

/// The use case; it holds the ports.
pub struct Planner {
    /// Broadcasts, frozen parts and ledgers.
    pub history: History,
    /// The queues.
    pub queues: Arc<dyn SendingQueues>,
    /// Who could be in an audience.
    pub audiences: Audiences,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// Finds who is in an audience: the same for sending and for counting before.
#[derive(Clone)]
pub struct Audiences {
    /// The residents.
    pub source: Arc<dyn AudienceSource>,
    /// The town.
    pub towns: Arc<dyn Towns>,
    /// The staff: their own phones are the drill list.
    pub staff: Arc<dyn StaffStore>,
}

impl Planner {
    /// Freezes a part, if its broadcast is to be sent, and asks for its runs. The same again does no harm.
    pub async fn freeze(&self, key: &PartKey) -> Result<(), Error> {
        let frozen = self.freeze_part(key).await;
        if let Err(error) = &frozen {
            tracing::warn!(broadcast.id = %key.broadcast, part = key.part, error = %Chain(error), "part not frozen");
        }
        frozen
    }

    async fn freeze_part(&self, key: &PartKey) -> Result<(), Error> {
        let Some(Versioned { value: broadcast, .. }) = self.history.broadcasts.find(&key.broadcast).await? else {
            return Ok(());
        };
        let Some(broadcast) = self.gone(key, broadcast).await? else { return Ok(()) };
        let Some(plan) = broadcast.state.plan().filter(|plan| key.part < plan.parts) else { return Ok(()) };
        let part = match self.history.frozen.part(&key.broadcast, key.part).await? {
            Some(part) => part,
            None => match self.freeze_now(&broadcast, plan, key.part).await? {
                Some(part) => part,
                None => return self.queues.ask_to_freeze(std::slice::from_ref(key), 1).await,
            },
        };
        self.history.ledgers.note_frozen(&part).await?;
        let run = |run| RunKey { broadcast: key.broadcast.clone(), lane: broadcast.lane, part: key.part, run };
        let runs: Vec<_> = (0..part.runs()).map(run).collect();
        self.queues.ask_to_send(&runs, 0).await
    }

    /// The broadcast once it goes; `None` where it does not, or not yet.
    async fn gone(&self, key: &PartKey, broadcast: Broadcast) -> Result<Option<Broadcast>, Error> {
        let now = self.clock.now();
        match &broadcast.state {
            State::Sending { .. } => Ok(Some(broadcast)),
            State::Approved { release_at, .. } if now < *release_at => {
                // The queue's clock and ours differ, or it was asked for early. What is far ahead the janitor lets go.
                self.again(key, release_at.duration_since(now).as_secs() + 1).await
            }
            // The guards look at the whole audience: once, and not for each part.
            State::Approved { release_at, .. } if broadcast.is_unseen() && 0 < key.part => {
                let quiet = self.audiences.towns.current().await?.profile.sending.quiet_hours;
                let since = broadcast.earliest(quiet, *release_at);
                // What waits for the morning the janitor asks for again then.
                if since <= now && now < since + AFTER_THE_FIRST_FOR {
                    self.again(key, AFTER_THE_FIRST_S).await
                } else {
                    Ok(None)
                }
            }
            State::Approved { .. } => {
                match release(&self.history, &self.audiences, &broadcast, now).await? {
                    Release::Goes(released) => return Ok(Some(*released)),
                    Release::Soon => return self.again(key, AFTER_THE_FIRST_S).await,
                    Release::NotNow => {}
                }
                // Another part was faster, or somebody took it back.
                let read = self.history.broadcasts.find(&key.broadcast).await?;
                let is_sent = |read: &Broadcast| matches!(read.state, State::Sending { .. });
                Ok(read.map(|read| read.value).filter(is_sent))
            }
            State::Draft
            | State::AwaitingApproval { .. }
            | State::Stopped { .. }
            | State::Finished { .. }
            | State::Held { .. } => Ok(None),
        }
    }

    /// Asks for the same part again after so many seconds, if that is soon.
    async fn again(&self, key: &PartKey, seconds: i64) -> Result<Option<Broadcast>, Error> {
        if let Ok(seconds) = u16::try_from(seconds)
            && seconds <= DELAY_MAX_S
        {
            self.queues.ask_to_freeze(std::slice::from_ref(key), seconds).await?;
        }
        Ok(None)
    }

    /// Freezes a part; `None` where it has to wait a moment for another broadcast.
    async fn freeze_now(&self, broadcast: &Broadcast, plan: &Plan, number: u16) -> Result<Option<FrozenPart>, Error> {
        // Before anybody is read: what lives from here lives no longer than it says.
        let frozen_at = self.clock.now();
        let partitions = plan.partitions(number);
        let capped = match self.audiences.weekly_max(broadcast).await? {
            Some(max) => {
                let recent = self.history.recent(frozen_at).await?;
                if self.history.is_behind(broadcast, &partitions, &recent, frozen_at).await? {
                    return Ok(None);
                }
                self.history.capped(broadcast, max, partitions.clone(), &recent).await?
            }
            None => Vec::new(),
        };
        let ids = self.audiences.find(&self.history, broadcast, plan, partitions, &capped, frozen_at).await?;
        let part = ids.part(&broadcast.id, number, frozen_at);
        let object = encode(&part, &ids.sections).map_err(|error| Error::new(Kind::Permanent, FREEZING, error))?;
        let kept = self.history.frozen.keep(&part, object).await?;
        tracing::info!(
            broadcast.id = %broadcast.id, part = number, ids = kept.count(), blocked = kept.left_out.blocked,
            muted = kept.left_out.muted, capped = kept.left_out.capped, "part frozen"
        );
        Ok(Some(kept))
    }
}

impl Audiences {
    /// How many routine broadcasts one resident gets in seven days at most, where this broadcast heeds it.
    pub(crate) async fn weekly_max(&self, broadcast: &Broadcast) -> Result<Option<NonZeroU16>, Error> {
        if !broadcast.keeps_to_the_rules() {
            return Ok(None);
        }
        let town = self.towns.current().await?;
        Ok(town.weekly_max(&broadcast.audience).and_then(NonZeroU16::new))
    }

    /// Who of these partitions gets a broadcast, in which wording, and who does not, and why.
    pub(crate) async fn find(
        &self,
        history: &History,
        broadcast: &Broadcast,
        plan: &Plan,
        partitions: Range<u16>,
        capped: &[PackedId],
        now: Timestamp,
    ) -> Result<FrozenIds, Error> {
        let wrong = |error| Error::new(Kind::Permanent, FREEZING, error);
        let town = self.towns.current().await?;
        let lists = history.lists(&broadcast.audience, partitions.clone()).await?;
        let past = lists.view();
        let drill_list = match broadcast.earnest {
            Earnest::Real => None,
            Earnest::Drill => Some(self.drill_list().await?),
        };
        let everybody = Audience::All;
        let audience = if drill_list.is_some() { &everybody } else { &broadcast.audience };
        let filter = Filter::new(audience, &town, date_in_japan(now), &past).map_err(wrong)?;
        let mut freezing = Freezing::new(&filter, plan, capped);
        for partition in partitions {
            let mut outside = 0;
            self.source
                .read(partition, &mut |candidate| match &drill_list {
                    Some(list) if !list.contains(&candidate.id) => outside += 1,
                    Some(_) | None => freezing.add(candidate),
                })
                .await?;
            freezing.leave_outside(outside);
        }
        Ok(freezing.finish())
    }

    /// The drill list: the phones that staff who may come in have connected themselves.
    async fn drill_list(&self) -> Result<BTreeSet<PackedId>, Error> {
        let (roster, _) = self.staff.roster().await?;
        Ok(roster.drill_list().filter_map(|person| person.phone.as_ref()).map(PackedId::of).collect())
    }
}
