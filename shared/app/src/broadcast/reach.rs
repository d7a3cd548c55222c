//! How many an audience reaches, counted by the same code that freezes it, and how many of them have heard from us lately.

use std::collections::BTreeMap;
use std::ops::Range;

use domain::broadcast::{Broadcast, Reach};
use domain::ids::BroadcastId;
use domain::language::Language;
use domain::sending::PARTITIONS;
use domain::sending::freeze::FrozenIds;
use domain::sending::frozen::{LeftOut, PackedId};
use domain::sending::plan::{Plan, Variant};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use jiff::Timestamp;

use super::past::{EVERYBODY, History, Unfrozen};
use super::planner::Audiences;
use crate::error::Error;

/// So many pieces of the audience are read side by side.
const AT_ONCE: usize = 8;
/// A piece has so many partitions.
const PIECE: u16 = 8;

/// What a broadcast would reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// How many get it, and how many follow the account.
    pub reach: Reach,
    /// Who does not, and why.
    pub left_out: LeftOut,
    /// How many get it in each wording.
    pub wordings: BTreeMap<Language, u64>,
    /// How many of them had another broadcast in the last seven days, or are just getting one.
    pub lately: u64,
    /// Which broadcasts those were, and to how many of them they went; the latest first.
    pub recent: Vec<Overlap>,
}

/// An earlier broadcast, and how many of the residents in question had it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// Which.
    pub broadcast: BroadcastId,
    /// What staff call it.
    pub title: String,
    /// How many.
    pub both: u64,
}

/// Counts whom a broadcast would reach if it went now. Nothing is written.
pub async fn count(
    audiences: &Audiences,
    history: &History,
    broadcast: &Broadcast,
    now: Timestamp,
) -> Result<Counted, Error> {
    let plan = sketch(broadcast);
    let capped = audiences.capped(history, broadcast, EVERYBODY, now).await?;
    let (plan_of, capped) = (&plan, capped.as_slice());
    let pieces = (0..PARTITIONS).step_by(usize::from(PIECE)).map(|from| from..(from + PIECE).min(PARTITIONS));
    let find = |piece: Range<u16>| audiences.find(history, broadcast, plan_of, piece, capped, now);
    let found: Vec<FrozenIds> = stream::iter(pieces).map(find).buffered(AT_ONCE).try_collect().await?;
    let mut left_out = LeftOut::default();
    let mut wordings: BTreeMap<Language, u64> = BTreeMap::new();
    let mut ids: Vec<PackedId> = Vec::new();
    for piece in found {
        left_out = left_out.plus(piece.left_out);
        for (variant, section) in plan.variants.iter().zip(piece.sections) {
            *wordings.entry(variant.language).or_default() += u64::try_from(section.len()).unwrap_or_default();
            ids.extend(section);
        }
    }
    ids.sort_unstable();
    let reached = u64::try_from(ids.len()).unwrap_or_default();
    let LeftOut { outside, muted, capped, .. } = left_out;
    let reach = Reach { reached, capped, followers: reached + outside + muted + capped };
    let (lately, recent) = overlap(history, broadcast, &ids, now).await?;
    Ok(Counted { reach, left_out, wordings, lately, recent })
}

/// A plan of one part, for a broadcast that has none yet.
fn sketch(broadcast: &Broadcast) -> Plan {
    let variant = |language: &Language| Variant { language: *language, digest: String::new() };
    let mut variants: Vec<Variant> = broadcast.content.wordings.keys().map(variant).collect();
    if variants.is_empty() {
        variants.push(variant(&Language::Japanese));
    }
    Plan { parts: 1, variants }
}

async fn overlap(
    history: &History,
    broadcast: &Broadcast,
    ids: &[PackedId],
    now: Timestamp,
) -> Result<(u64, Vec<Overlap>), Error> {
    let mut had = vec![false; ids.len()];
    let mut recent = Vec::new();
    for earlier in history.recent(now).await? {
        if earlier.id == broadcast.id {
            continue;
        }
        let received = history.of(&earlier.id, EVERYBODY, Unfrozen::IsLeftOut).await?.received;
        let mut both = 0;
        for place in received.iter().filter_map(|id| ids.binary_search(id).ok()) {
            had[place] = true;
            both += 1;
        }
        if 0 < both {
            recent.push(Overlap { broadcast: earlier.id, title: earlier.title, both });
        }
    }
    let lately = had.iter().filter(|had| **had).count();
    Ok((u64::try_from(lately).unwrap_or_default(), recent))
}
