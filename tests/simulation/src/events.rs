//! What happens next, in the order of true time; what happens at the same time, in the order in which it was planned.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::world::Micros;

/// What is planned.
#[derive(Debug)]
pub struct Events<E> {
    heap: BinaryHeap<Reverse<Planned<E>>>,
    planned: u64,
}

#[derive(Debug)]
struct Planned<E> {
    at: Micros,
    number: u64,
    event: E,
}

impl<E> PartialEq for Planned<E> {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.number) == (other.at, other.number)
    }
}

impl<E> Eq for Planned<E> {}

impl<E> PartialOrd for Planned<E> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<E> Ord for Planned<E> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.number).cmp(&(other.at, other.number))
    }
}

impl<E> Default for Events<E> {
    fn default() -> Self {
        Self { heap: BinaryHeap::new(), planned: 0 }
    }
}

impl<E> Events<E> {
    /// Plans something.
    pub fn plan(&mut self, at: Micros, event: E) {
        self.planned += 1;
        self.heap.push(Reverse(Planned { at, number: self.planned, event }));
    }

    /// What happens next, and when.
    pub fn take(&mut self) -> Option<(Micros, E)> {
        self.heap.pop().map(|Reverse(planned)| (planned.at, planned.event))
    }
}
