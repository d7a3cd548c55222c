//! Who has had enough: a merge of the sorted ids of the last days' broadcasts, with nothing kept for each resident.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::num::NonZeroU16;

use jiff::SignedDuration;

use crate::sending::frozen::PackedId;

/// Broadcasts that began within this time before are counted.
pub const LOOKS_BACK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Who is in at least `max` of the lists, ascending: one more broadcast would be over the town's weekly maximum.
///
/// Each list has the ids that one routine broadcast went to, or is still going to, ascending, each once.
#[must_use]
pub fn at_maximum(lists: &[&[PackedId]], max: NonZeroU16) -> Vec<PackedId> {
    let max = usize::from(max.get());
    let mut over = Vec::new();
    if lists.len() < max {
        return over;
    }
    let mut rests: Vec<_> = lists.iter().map(|list| list.iter().copied()).collect();
    let mut heads = BinaryHeap::with_capacity(lists.len());
    for (number, rest) in rests.iter_mut().enumerate() {
        heads.extend(rest.next().map(|id| Reverse((id, number))));
    }
    let (mut current, mut times) = (None, 0);
    while let Some(mut head) = heads.peek_mut() {
        let Reverse((id, number)) = *head;
        times = if current == Some(id) { times + 1 } else { 1 };
        current = Some(id);
        if times == max {
            over.push(id);
        }
        match rests[number].next() {
            Some(next) => *head = Reverse((next, number)),
            None => {
                PeekMut::pop(head);
            }
        }
    }
    over
}
