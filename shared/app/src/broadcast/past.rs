//! What became of earlier broadcasts, as far as it concerns the residents of some partitions.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU16;
use std::ops::Range;
use std::pin::pin;
use std::sync::Arc;

use domain::broadcast::audience::Audience;
use domain::broadcast::audience::check::Problem;
use domain::broadcast::audience::filter::Past;
use domain::broadcast::{Broadcast, Earnest, State};
use domain::ids::BroadcastId;
use domain::sending::freeze::caps::{Had, LOOKS_BACK};
use domain::sending::freeze::past::PartPast;
use domain::sending::frozen::{FrozenPart, PackedId};
use futures_util::future::BoxFuture;
use futures_util::stream::{self, Stream, StreamExt, TryStreamExt};
use jiff::{SignedDuration, Timestamp};

use crate::error::{Error, Kind};
use crate::ports::broadcasts::{Broadcasts, FROZEN_LIFE, FrozenParts, Ledgers, Place, Progress, Shelf};

const READING: &str = "read what became of an earlier broadcast";
/// So many broadcasts of the last days are read at a time, and so many in all: a town that sends more has other worries.
const AT_ONCE: usize = 25;
const RECENT_MAX: usize = 500;
/// So many are read side by side.
const SIDE_BY_SIDE: usize = 16;
/// What began before is seen by then: the shelves lag behind, and clocks differ.
pub(crate) const SEEN_AFTER: SignedDuration = SignedDuration::from_secs(2);
/// A broadcast has frozen all its parts by then; what takes longer is in trouble, and nobody waits for it.
pub(crate) const FREEZES_WITHIN: SignedDuration = SignedDuration::from_mins(2);

/// A broadcast, and who got it.
type Received<'a> = (&'a Broadcast, Vec<PackedId>);

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

    /// What is wrong with the earlier broadcasts of which an audience speaks, for one that goes at this time.
    pub(crate) async fn check(&self, audience: &Audience, goes_at: Timestamp) -> Result<Vec<Problem>, Error> {
        let mentions = audience.mentions();
        let mut problems = Vec::new();
        for id in mentions.received.union(&mentions.unclear) {
            let there = self.broadcasts.find(id).await?;
            let began = there.as_ref().map(|there| there.value.state.began());
            match began {
                None => problems.push(Problem::UnknownBroadcast(id.clone())),
                Some(Some(began)) if began + FROZEN_LIFE <= goes_at => {
                    problems.push(Problem::ForgottenBroadcast(id.clone()));
                }
                Some(Some(_) | None) => {}
            }
        }
        Ok(problems)
    }

    /// Who of these partitions has had as many of these broadcasts as the town allows, ascending, and so does not get this one. Only
    /// routine ones count, but not those that it makes up for; and what is not frozen yet reaches nobody.
    pub(crate) async fn capped(
        &self,
        broadcast: &Broadcast,
        max: NonZeroU16,
        partitions: Range<u16>,
        recent: &[Broadcast],
    ) -> Result<Vec<PackedId>, Error> {
        let mut had = Had::default();
        let made_up_for = broadcast.audience.makes_up_for();
        let counts = |earlier: &&Broadcast| earlier.keeps_to_the_rules() && !made_up_for.contains(&earlier.id);
        let mut received = pin!(self.received(recent.iter().filter(counts), &partitions));
        while let Some((_, received)) = received.try_next().await? {
            had.add(&received);
        }
        Ok(had.at_least(max))
    }

    /// Whether a routine broadcast that began just before this one has still to freeze a part in these partitions. Whom that one
    /// reaches is not known yet: of two at once the later waits a moment for the earlier, and the earlier for nobody. Which of them
    /// is the earlier both see only after a moment, in which it is behind in any case.
    pub(crate) async fn is_behind(
        &self,
        broadcast: &Broadcast,
        partitions: &Range<u16>,
        recent: &[Broadcast],
        now: Timestamp,
    ) -> Result<bool, Error> {
        let Some(mine) = broadcast.state.began() else { return Ok(false) };
        if now < mine + SEEN_AFTER {
            return Ok(true);
        }
        for earlier in recent.iter().filter(|it| it.keeps_to_the_rules()) {
            let is_before = earlier.state.began().is_some_and(|since| (since, &earlier.id) < (mine, &broadcast.id));
            if is_before && self.is_freezing(earlier, partitions, now).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a broadcast began a moment ago and has still to freeze a part in these partitions. What takes longer is in trouble.
    pub(crate) async fn is_freezing(
        &self,
        broadcast: &Broadcast,
        partitions: &Range<u16>,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let State::Sending { since, plan, .. } = &broadcast.state else { return Ok(false) };
        if *since + FREEZES_WITHIN <= now {
            return Ok(false);
        }
        let frozen = self.ledgers.progress(&broadcast.id).await?.parts;
        let is_open = |part: u16| !frozen.contains_key(&part) && overlaps(&plan.partitions(part), partitions);
        Ok((0..plan.parts).any(is_open))
    }

    /// Who of these partitions got each of these broadcasts, or is still going to, ascending, in their order. What is not frozen
    /// yet reaches nobody.
    pub(crate) fn received<'a>(
        &'a self,
        broadcasts: impl IntoIterator<Item = &'a Broadcast>,
        partitions: &Range<u16>,
    ) -> impl Stream<Item = Result<Received<'a>, Error>> + Send + 'a {
        let mut reads: Vec<BoxFuture<'a, Result<Received<'a>, Error>>> = Vec::new();
        for broadcast in broadcasts {
            let partitions = partitions.clone();
            reads.push(Box::pin(async move {
                let past = self.of_broadcast(broadcast, partitions, Unfrozen::IsLeftOut).await?;
                Ok((broadcast, past.received))
            }));
        }
        stream::iter(reads).buffered(SIDE_BY_SIDE)
    }

    /// Broadcasts that began in the last days and went to residents, whatever became of them.
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
                let is_old = |broadcast: &Broadcast| broadcast.state.began().is_none_or(|began| began < since);
                let has_old = young.iter().any(is_old);
                // Neither a drill nor what was thrown away before it went reached any of them.
                let went =
                    |broadcast: &Broadcast| broadcast.earnest == Earnest::Real && broadcast.state.plan().is_some();
                recent.extend(young.into_iter().filter(|broadcast| !is_old(broadcast) && went(broadcast)));
                if is_last || has_old {
                    break;
                }
            }
        }
        if RECENT_MAX <= recent.len() {
            tracing::error!(broadcasts = RECENT_MAX, "too many broadcasts in seven days: earlier ones are not counted");
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
        self.of_broadcast(&broadcast, partitions, unfrozen).await
    }

    async fn of_broadcast(
        &self,
        broadcast: &Broadcast,
        partitions: Range<u16>,
        unfrozen: Unfrozen,
    ) -> Result<PartPast, Error> {
        let mut past = PartPast::default();
        let Some(plan) = broadcast.state.plan() else { return Ok(past) };
        let progress = self.ledgers.progress(&broadcast.id).await?;
        for number in 0..plan.parts {
            let covered = plan.partitions(number);
            if !overlaps(&covered, &partitions) {
                continue;
            }
            let Some(frozen) = progress.parts.get(&number) else {
                if unfrozen == Unfrozen::IsWaitedFor && matches!(broadcast.state, State::Sending { .. }) {
                    return Err(Error::new(Kind::Transient, READING, "it is still being frozen"));
                }
                continue;
            };
            let PartPast { received, unclear } = self.of_part(&progress, frozen).await?;
            let is_here = |id: &PackedId| partitions.contains(&u16::from(id.0[0]));
            past.received.extend(received.into_iter().filter(is_here));
            past.unclear.extend(unclear.into_iter().filter(is_here));
        }
        // Parts cover ascending partitions, and so the lists ascend as a whole.
        Ok(past)
    }

    /// What became of one frozen part.
    pub(crate) async fn of_part(&self, progress: &Progress, frozen: &FrozenPart) -> Result<PartPast, Error> {
        let count = usize::try_from(frozen.count()).unwrap_or_default();
        let ids = self.frozen.ids(frozen, 0..count).await?;
        let ledgers = (0..frozen.runs()).map(|run| progress.ledgers.get(&(frozen.part, run)));
        Ok(PartPast::of(frozen, &ids, &ledgers.collect::<Vec<_>>()))
    }
}

fn overlaps(one: &Range<u16>, other: &Range<u16>) -> bool {
    one.start < other.end && other.start < one.end
}
