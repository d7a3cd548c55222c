//! Who has had enough: the sorted ids of the last days' broadcasts, merged one by one, with nothing kept for each resident.

use std::cmp::Ordering;
use std::num::NonZeroU16;

use jiff::SignedDuration;

use crate::sending::frozen::PackedId;

/// Broadcasts that began within this time before are counted.
pub const LOOKS_BACK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How many of some broadcasts each resident had. It takes as much room as the residents, however many the broadcasts are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Had(Vec<(PackedId, u16)>);

impl Had {
    /// Adds the ids that one broadcast went to, or is still going to, ascending, each once.
    pub fn add(&mut self, list: &[PackedId]) {
        let before = std::mem::take(&mut self.0);
        let mut merged = Vec::with_capacity(before.len().max(list.len()));
        let (mut before, mut list) = (before.into_iter().peekable(), list.iter().copied().peekable());
        loop {
            let order = match (before.peek(), list.peek()) {
                (Some((id, _)), Some(new)) => id.cmp(new),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => break,
            };
            let (kept, new) = match order {
                Ordering::Less => (before.next(), None),
                Ordering::Equal => (before.next(), list.next()),
                Ordering::Greater => (None, list.next()),
            };
            merged.extend(match (kept, new) {
                (Some((id, times)), new) => Some((id, times.saturating_add(u16::from(new.is_some())))),
                (None, new) => new.map(|id| (id, 1)),
            });
        }
        self.0 = merged;
    }

    /// Who had at least so many, ascending.
    #[must_use]
    pub fn at_least(&self, times: NonZeroU16) -> Vec<PackedId> {
        self.0.iter().filter(|(_, had)| times.get() <= *had).map(|(id, _)| *id).collect()
    }
}
