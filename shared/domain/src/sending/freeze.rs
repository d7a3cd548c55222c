//! Freezing: residents of a part in, the ids that get the broadcast out, sorted, and who is left out and why.
//!
//! The same work counts how many an audience would reach, without writing anything: [`FrozenIds::reached`]. [`caps`] is who has
//! had enough this week, [`object`] the bytes that are written, [`past`] what became of an earlier broadcast.

pub mod caps;
pub mod object;
pub mod past;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::frozen::{FrozenPart, LeftOut, PackedId};
use super::plan::{Plan, Variants};
use crate::broadcast::audience::filter::{Candidate, Filter, Verdict};
use crate::ids::BroadcastId;

/// The freezing of one part, fed with its residents in any order and in any pieces.
#[derive(Debug)]
pub struct Freezing<'a> {
    filter: &'a Filter<'a>,
    variants: Variants<'a>,
    capped: &'a [PackedId],
    ids: FrozenIds,
}

/// The ids of a part, and who is not among them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FrozenIds {
    /// The ids by variant of the plan; in each they ascend.
    pub sections: Vec<Vec<PackedId>>,
    /// Who was left out.
    pub left_out: LeftOut,
}

impl<'a> Freezing<'a> {
    /// Nobody yet. `capped` are, ascending, those who have had as many as the town allows ([`caps`]); empty for an emergency.
    #[must_use]
    pub fn new(filter: &'a Filter<'a>, plan: &'a Plan, capped: &'a [PackedId]) -> Self {
        let sections = vec![Vec::new(); plan.variants.len().max(1)];
        Self { filter, variants: Variants::of(plan), capped, ids: FrozenIds { sections, left_out: LeftOut::default() } }
    }

    /// Takes one resident in, or leaves them out.
    pub fn add(&mut self, candidate: &Candidate<'_>) {
        let left_out = &mut self.ids.left_out;
        match self.filter.verdict(candidate) {
            Verdict::Blocked => left_out.blocked += 1,
            Verdict::Outside => left_out.outside += 1,
            Verdict::Muted => left_out.muted += 1,
            Verdict::Reached if self.capped.binary_search(&candidate.id).is_ok() => left_out.capped += 1,
            Verdict::Reached => {
                let (reminded, there) = (self.filter.reminded(candidate), self.filter.going_out(candidate));
                match self.variants.find(candidate.language, reminded, there) {
                    Some(variant) => self.ids.sections[variant].push(candidate.id),
                    // The town's data has changed since the plan was made, so that nothing fits any more.
                    None => left_out.outside += 1,
                }
            }
        }
    }

    /// Leaves out so many residents who are no part of it for a reason of the caller's.
    pub fn leave_outside(&mut self, residents: u64) {
        self.ids.left_out.outside += residents;
    }

    /// The ids, sorted. Whoever was added twice is there once.
    #[must_use]
    pub fn finish(mut self) -> FrozenIds {
        for section in &mut self.ids.sections {
            section.sort_unstable();
            section.dedup();
        }
        self.ids
    }
}

impl FrozenIds {
    /// How many get it.
    #[must_use]
    pub fn reached(&self) -> u64 {
        self.sections.iter().map(|section| u64::try_from(section.len()).unwrap_or_default()).sum()
    }

    /// What the table remembers of them as a part, which is the header of their object as well.
    #[must_use]
    pub fn part(&self, broadcast: &BroadcastId, part: u16, frozen_at: Timestamp) -> FrozenPart {
        FrozenPart {
            broadcast: broadcast.clone(),
            part,
            frozen_at,
            sections: self.sections.iter().map(|section| u32::try_from(section.len()).unwrap_or(u32::MAX)).collect(),
            left_out: self.left_out,
            digest: digest(self.sections.iter().flatten()),
        }
    }
}

/// The SHA-256 of ids one after the other, in hex.
fn digest<'a>(ids: impl Iterator<Item = &'a PackedId>) -> String {
    let mut digest = Sha256::new();
    ids.for_each(|id| digest.update(id.0));
    crate::text::hex(&digest.finalize())
}

#[cfg(test)]
mod tests;
