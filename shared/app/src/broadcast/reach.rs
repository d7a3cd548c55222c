//! How many an audience reaches, counted by the same code that freezes it, and how many of them have heard from us lately.
//!
//! Of a large account the counting takes several looks: what is counted so far is kept, and each look goes on for [`STEP`]. It holds
//! the ids of one piece of the residents at a time.

use std::collections::BTreeMap;
use std::ops::Range;
use std::pin::pin;

use domain::broadcast::{Broadcast, Lane, Reach};
use domain::ids::BroadcastId;
use domain::language::Language;
use domain::sending::PARTITIONS;
use domain::sending::freeze::FrozenIds;
use domain::sending::frozen::{LeftOut, PackedId};
use domain::sending::plan::{Plan, Variant};
use domain::text::hex;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::past::History;
use super::planner::Audiences;
use crate::error::{Error, Kind};
use crate::ports::broadcasts::{ReachCount, ReachCounts};
use crate::ports::staff::Written;
use crate::ports::{Clock, Versioned};

/// A look counts for about as long.
pub const STEP: SignedDuration = SignedDuration::from_secs(8);
/// A count that was begun longer ago than this says nothing about now, and is begun anew.
pub const COUNT_LIFE: SignedDuration = SignedDuration::from_mins(10);
/// The ids of so many partitions are held at a time.
pub(crate) const PIECE: u16 = 32;
/// So many of them are read side by side.
const AT_ONCE: u16 = 8;

const COUNTING: &str = "count whom a broadcast reaches";

/// What a broadcast would reach.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counted {
    /// How many get it, and how many follow the account.
    pub reach: Reach,
    /// Who does not, and why.
    pub left_out: LeftOut,
    /// How many get it in each wording.
    pub wordings: BTreeMap<Language, u64>,
    /// How many of them had another broadcast in the last seven days, or are just getting one; `None` where that was not counted.
    pub lately: Option<u64>,
    /// Which broadcasts those were, and to how many of them they went; the latest first.
    pub recent: Vec<Overlap>,
}

/// An earlier broadcast, and how many of the residents in question had it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overlap {
    /// Which.
    pub broadcast: BroadcastId,
    /// What staff call it.
    pub title: String,
    /// How many.
    pub both: u64,
}

/// How far a counting has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Counting {
    /// So many of [`PARTITIONS`] are counted.
    Going {
        /// Counted.
        done: u16,
    },
    /// All.
    Done(Box<Counted>),
}

/// What a counting reads.
pub(crate) struct Reads<'a> {
    pub(crate) audiences: &'a Audiences,
    pub(crate) history: &'a History,
    pub(crate) counts: &'a dyn ReachCounts,
    pub(crate) clock: &'a dyn Clock,
}

impl Reads<'_> {
    /// Goes on counting whom a broadcast would reach if it went now. A count of the very same audience that was begun after
    /// `since` is gone on with, or is the answer.
    pub(crate) async fn count(&self, broadcast: &Broadcast, since: Timestamp) -> Result<Counting, Error> {
        let began = self.clock.now();
        let (id, of) = (&broadcast.id, digest(broadcast)?);
        let stored = self.counts.find(id).await?;
        let version = stored.as_ref().map(|stored| stored.version);
        let mut count = match stored {
            Some(Versioned { value, .. }) if value.of == of && since < value.began => value,
            Some(_) | None => ReachCount { of, began, next: 0, counted: Counted::default() },
        };
        if count.next < PARTITIONS {
            let recent = self.recent(broadcast, count.began).await?;
            while count.next < PARTITIONS && self.clock.now().duration_since(began) < STEP {
                self.count_piece(broadcast, &mut count, &recent).await?;
            }
            if self.counts.keep(id, &count, version).await? == Written::Raced {
                // Somebody else counted: if it was the same, what they kept is true, and this piece is forgotten.
                let kept = self.counting(broadcast).await?;
                return Ok(kept.unwrap_or(Counting::Going { done: 0 }));
            }
        }
        Ok(counting(count))
    }

    /// How far the counting of a broadcast as it is now has come, if there is one.
    pub(crate) async fn counting(&self, broadcast: &Broadcast) -> Result<Option<Counting>, Error> {
        Ok(self.stored(broadcast).await?.map(counting))
    }

    /// The counting of a broadcast as it is now.
    async fn stored(&self, broadcast: &Broadcast) -> Result<Option<ReachCount>, Error> {
        let (since, of) = (self.clock.now() - COUNT_LIFE, digest(broadcast)?);
        let stored = self.counts.find(&broadcast.id).await?.map(|stored| stored.value);
        Ok(stored.filter(|count| count.of == of && since < count.began))
    }

    /// How many it would reach, by what is counted so far; `None` where that is nobody. By their ids residents are spread evenly over
    /// the partitions, so that a quarter of these is a quarter of those.
    pub(crate) async fn estimate(&self, broadcast: &Broadcast) -> Result<Option<Reach>, Error> {
        let Some(count) = self.stored(broadcast).await? else { return Ok(None) };
        let in_all = |so_far: u64| so_far * u64::from(PARTITIONS) / u64::from(count.next.max(1));
        let Reach { reached, capped, followers } = count.counted.reach;
        let reach = Reach { reached: in_all(reached), capped: in_all(capped), followers: in_all(followers) };
        Ok(Some(reach).filter(|reach| 0 < reach.reached))
    }

    /// The broadcasts with which the audience may overlap, as they were when the counting began.
    async fn recent(&self, broadcast: &Broadcast, at: Timestamp) -> Result<Vec<Broadcast>, Error> {
        let mut recent = self.history.recent(at).await?;
        recent.retain(|earlier| earlier.id != broadcast.id);
        Ok(recent)
    }

    async fn count_piece(
        &self,
        broadcast: &Broadcast,
        count: &mut ReachCount,
        recent: &[Broadcast],
    ) -> Result<(), Error> {
        let plan = sketch(broadcast);
        let piece = count.next..(count.next + PIECE).min(PARTITIONS);
        let capped = match self.audiences.weekly_max(broadcast).await? {
            Some(max) => self.history.capped(broadcast, max, piece.clone(), recent).await?,
            None => Vec::new(),
        };
        let found =
            find_piece(self.audiences, self.history, broadcast, &plan, piece.clone(), &capped, count.began).await?;
        let mut ids: Vec<PackedId> = Vec::new();
        let counted = &mut count.counted;
        for found in found {
            counted.left_out = counted.left_out.plus(found.left_out);
            for (variant, section) in plan.variants.iter().zip(found.sections) {
                *counted.wordings.entry(variant.language).or_default() += count_of(section.len());
                ids.extend(section);
            }
        }
        ids.sort_unstable();
        let LeftOut { outside, muted, capped, .. } = counted.left_out;
        let reached = counted.reach.reached + count_of(ids.len());
        counted.reach = Reach { reached, capped, followers: reached + outside + muted + capped };
        match broadcast.lane {
            Lane::Routine => self.overlap(recent, piece.clone(), &ids, counted).await?,
            // It is not kept waiting to be told what people had before.
            Lane::Emergency => {}
        }
        count.next = piece.end;
        Ok(())
    }

    async fn overlap(
        &self,
        recent: &[Broadcast],
        piece: Range<u16>,
        ids: &[PackedId],
        counted: &mut Counted,
    ) -> Result<(), Error> {
        let mut had = vec![false; ids.len()];
        let mut lists = pin!(self.history.received(recent, &piece));
        while let Some((earlier, received)) = lists.try_next().await? {
            let mut both = 0;
            for place in received.iter().filter_map(|id| ids.binary_search(id).ok()) {
                had[place] = true;
                both += 1;
            }
            match counted.recent.iter_mut().find(|overlap| overlap.broadcast == earlier.id) {
                Some(overlap) => overlap.both += both,
                None if both == 0 => {}
                None => {
                    counted.recent.push(Overlap { broadcast: earlier.id.clone(), title: earlier.title.clone(), both });
                }
            }
        }
        // The latest first, though a piece may show one that the pieces before did not.
        let place = |overlap: &Overlap| recent.iter().position(|earlier| earlier.id == overlap.broadcast);
        counted.recent.sort_by_key(place);
        *counted.lately.get_or_insert_default() += count_of(had.iter().filter(|had| **had).count());
        Ok(())
    }
}

/// Who of some partitions gets a broadcast: the partitions in order, read side by side.
pub(crate) async fn find_piece(
    audiences: &Audiences,
    history: &History,
    broadcast: &Broadcast,
    plan: &Plan,
    piece: Range<u16>,
    capped: &[PackedId],
    now: Timestamp,
) -> Result<Vec<FrozenIds>, Error> {
    let each = PIECE / AT_ONCE;
    let mut reads: Vec<BoxFuture<'_, Result<FrozenIds, Error>>> = Vec::new();
    for from in piece.clone().step_by(usize::from(each)) {
        let partitions = from..(from + each).min(piece.end);
        reads.push(Box::pin(audiences.find(history, broadcast, plan, partitions, capped, now)));
    }
    stream::iter(reads).buffered(usize::from(AT_ONCE)).try_collect().await
}

fn counting(count: ReachCount) -> Counting {
    if count.next < PARTITIONS { Counting::Going { done: count.next } } else { Counting::Done(Box::new(count.counted)) }
}

/// The SHA-256 of what decides whom a broadcast reaches, in hex.
fn digest(broadcast: &Broadcast) -> Result<String, Error> {
    let wordings: Vec<&Language> = broadcast.content.wordings.keys().collect();
    let what = serde_json::to_vec(&(&broadcast.audience, broadcast.lane, broadcast.earnest, wordings))
        .map_err(|error| Error::new(Kind::Permanent, COUNTING, error))?;
    Ok(hex(&Sha256::digest(&what)))
}

fn count_of(number: usize) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

/// A plan of one part, for a broadcast that has none yet.
pub(crate) fn sketch(broadcast: &Broadcast) -> Plan {
    let variant = |language: &Language| Variant::new(*language, String::new());
    let mut variants: Vec<Variant> = broadcast.content.wordings.keys().map(variant).collect();
    if variants.is_empty() {
        variants.push(variant(&Language::Japanese));
    }
    Plan { parts: 1, variants }
}
