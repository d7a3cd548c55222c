//! What became of earlier broadcasts, as far as it concerns the residents of some partitions.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU16;
use std::ops::Range;
use std::sync::Arc;

use domain::broadcast::audience::Audience;
use domain::broadcast::audience::filter::Past;
use domain::broadcast::{Broadcast, Earnest, Lane};
use domain::ids::BroadcastId;
use domain::sending::PARTITIONS;
use domain::sending::freeze::caps::{LOOKS_BACK, at_maximum};
use domain::sending::freeze::past::PartPast;
use domain::sending::frozen::PackedId;
use jiff::Timestamp;

use super::watch::began;
use crate::error::{Error, Kind};
use crate::ports::broadcasts::{Broadcasts, FrozenParts, Ledgers, Place, Shelf};

const READING: &str = "read what became of an earlier broadcast";
/// So many broadcasts of the last days are read at a time, and so many in all: a town that sends more has other worries.
const AT_ONCE: usize = 25;
const RECENT_MAX: usize = 200;

/// Reads what became of earlier broadcasts.
#[derive(Clone)]
pub struct History {
    /// Broadcasts.
    pub broadcasts: Arc<dyn Broadcasts>,
    /// Frozen ids.
    pub frozen: Arc<dyn FrozenParts>,
    /// Ledgers.
    pub ledgers: Arc<dyn Ledgers>,
}

/// What is to be done about a part of an earlier broadcast that is still to be frozen: who will be in it nobody knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unfrozen {
    /// Nothing is said before it is frozen: to take its residents for "not received" would send it to them twice.
    IsWaitedFor,
    /// It does not count yet: two broadcasts that go at the same time must not wait for one another.
    IsLeftOut,
}

/// Owned lists behind a [`Past`].
#[derive(Debug, Default)]
pub(crate) struct PastLists {
    received: BTreeMap<BroadcastId, Vec<PackedId>>,
    unclear: BTreeMap<BroadcastId, Vec<PackedId>>,
}

impl PastLists {
    pub(crate) fn view(&self) -> Past<'_> {
        fn lists(lists: &BTreeMap<BroadcastId, Vec<PackedId>>) -> BTreeMap<&BroadcastId, &[PackedId]> {
            lists.iter().map(|(id, list)| (id, list.as_slice())).collect()
        }
        Past { received: lists(&self.received), unclear: lists(&self.unclear) }
    }
}

impl History {
    /// What became of the broadcasts that an audience speaks of, for the residents of these partitions.
    pub(crate) async fn lists(&self, audience: &Audience, partitions: Range<u16>) -> Result<PastLists, Error> {
        let mentions = audience.mentions();
        let mut lists = PastLists::default();
        for id in mentions.received.union(&mentions.unclear).collect::<BTreeSet<_>>() {
            let PartPast { received, unclear } = self.of(id, partitions.clone(), Unfrozen::IsWaitedFor).await?;
            if mentions.received.contains(id) {
                lists.received.insert(id.clone(), received);
            }
            if mentions.unclear.contains(id) {
                lists.unclear.insert(id.clone(), unclear);
            }
        }
        Ok(lists)
    }

    /// Who of these partitions has had as many routine broadcasts in the last days as the town allows, ascending. The
    /// broadcast `but` is not counted.
    pub(crate) async fn capped(
        &self,
        max: NonZeroU16,
        but: &BroadcastId,
        partitions: Range<u16>,
        now: Timestamp,
    ) -> Result<Vec<PackedId>, Error> {
        let mut lists = Vec::new();
        for broadcast in self.recent(now).await? {
            let counts = broadcast.lane == Lane::Routine && broadcast.earnest == Earnest::Real && broadcast.id != *but;
            if counts {
                let past = self.of(&broadcast.id, partitions.clone(), Unfrozen::IsLeftOut).await?;
                lists.push(past.received);
            }
        }
        let lists: Vec<&[PackedId]> = lists.iter().map(Vec::as_slice).collect();
        Ok(at_maximum(&lists, max))
    }

    /// Broadcasts that began in the last days, whatever became of them.
    pub(crate) async fn recent(&self, now: Timestamp) -> Result<Vec<Broadcast>, Error> {
        let since = now - LOOKS_BACK;
        let mut recent = Vec::new();
        for shelf in [Shelf::Sending, Shelf::Done] {
            let mut before: Option<Place> = None;
            while recent.len() < RECENT_MAX {
                let read = self.broadcasts.on_shelf(shelf, before.as_ref(), AT_ONCE).await?;
                let is_last = read.len() < AT_ONCE;
                before = read.last().map(|(place, _)| place.clone());
                let young: Vec<_> = read.into_iter().map(|(_, broadcast)| broadcast).collect();
                let is_old = |broadcast: &Broadcast| began(broadcast).is_none_or(|began| began < since);
                let has_old = young.iter().any(is_old);
                recent.extend(young.into_iter().filter(|broadcast| !is_old(broadcast)));
                if is_last || has_old {
                    break;
                }
            }
        }
        // One that was closed between the two readings stood on both shelves.
        let mut seen = BTreeSet::new();
        recent.retain(|broadcast| seen.insert(broadcast.id.clone()));
        Ok(recent)
    }

    /// What became of one broadcast for the residents of these partitions.
    pub(crate) async fn of(
        &self,
        id: &BroadcastId,
        partitions: Range<u16>,
        unfrozen: Unfrozen,
    ) -> Result<PartPast, Error> {
        let nowhere = || Error::new(Kind::Permanent, READING, "there is no such broadcast");
        let broadcast = self.broadcasts.find(id).await?.ok_or_else(nowhere)?.value;
        let mut past = PartPast::default();
        let Some(plan) = broadcast.state.plan() else { return Ok(past) };
        let progress = self.ledgers.progress(id).await?;
        for number in 0..plan.parts {
            let covered = plan.partitions(number);
            if covered.end <= partitions.start || partitions.end <= covered.start {
                continue;
            }
            let Some(frozen) = progress.parts.get(&number) else {
                if unfrozen == Unfrozen::IsWaitedFor && super::watch::under_way(&broadcast).is_some() {
                    return Err(Error::new(Kind::Transient, READING, "it is still being frozen"));
                }
                continue;
            };
            let count = usize::try_from(frozen.count()).unwrap_or_default();
            let ids = self.frozen.ids(frozen, 0..count).await?;
            let ledgers: Vec<_> = (0..frozen.runs()).map(|run| progress.ledgers.get(&(number, run))).collect();
            let PartPast { received, unclear } = PartPast::of(frozen, &ids, &ledgers);
            let is_here = |id: &PackedId| partitions.contains(&u16::from(id.0[0]));
            past.received.extend(received.into_iter().filter(is_here));
            past.unclear.extend(unclear.into_iter().filter(is_here));
        }
        // Parts cover ascending partitions, and so the lists ascend as a whole.
        Ok(past)
    }
}

/// All partitions.
pub(crate) const EVERYBODY: Range<u16> = 0..PARTITIONS;
