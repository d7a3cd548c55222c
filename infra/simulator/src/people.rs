//! The residents: up to two million, so each is a few bytes in a list, found through an index of list positions.

use std::collections::HashMap;

use crate::{
    ids::{UserId, mix, number_of},
    words,
};

/// The position of a resident in the list: the order of creation.
pub(crate) type Index = u32;

/// No simulator holds more residents than this.
pub(crate) const MAX_RESIDENTS: usize = 2_500_000;

/// What a resident is to the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Following,
    Blocked,
    Stranger,
}

impl Status {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Following => "following",
            Self::Blocked => "blocked",
            Self::Stranger => "stranger",
        }
    }
}

/// One resident.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Resident {
    pub(crate) id: UserId,
    pub(crate) status: Status,
    /// How many sends (not replies) reached them.
    pub(crate) sends: u32,
}

/// All residents, in order of creation.
#[derive(Debug, Default)]
pub(crate) struct People {
    list: Vec<Resident>,
    /// Open addressing, twice as many slots as residents: position + 1, or 0 for a free slot. Nobody is ever removed.
    slots: Vec<u32>,
    names: HashMap<Index, String>,
    following: usize,
    /// How many ids each seed has given, so that a seed used again goes on where it stopped without trying all taken ones.
    given: HashMap<u64, u64>,
}

impl People {
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    pub(crate) fn following(&self) -> usize {
        self.following
    }

    pub(crate) fn all(&self) -> &[Resident] {
        &self.list
    }

    pub(crate) fn get(&self, index: Index) -> Option<&Resident> {
        self.list.get(index as usize)
    }

    pub(crate) fn find(&self, id: UserId) -> Option<Index> {
        if self.slots.is_empty() {
            return None;
        }
        let mask = self.slots.len() - 1;
        let mut slot = start(id) & mask;
        loop {
            let position = self.slots[slot].checked_sub(1)?;
            if self.list[position as usize].id == id {
                return Some(position);
            }
            slot = (slot + 1) & mask;
        }
    }

    /// Adds a resident; `None` when the id is taken or the town is full.
    pub(crate) fn add(&mut self, id: UserId, status: Status) -> Option<Index> {
        if self.list.len() >= MAX_RESIDENTS || self.find(id).is_some() {
            return None;
        }
        let index = u32::try_from(self.list.len()).ok()?;
        if (self.list.len() + 1) * 2 > self.slots.len() {
            self.grow();
        }
        self.list.push(Resident { id, status, sends: 0 });
        self.place(id, index);
        self.following += usize::from(status == Status::Following);
        Some(index)
    }

    /// Adds a follower whose id comes from the seed.
    pub(crate) fn add_from_seed(&mut self, seed: &str) -> Option<Index> {
        let seed = number_of(seed);
        while self.list.len() < MAX_RESIDENTS {
            let given = self.given.entry(seed).or_default();
            let number = *given;
            *given += 1;
            // `mix` is a bijection: two numbers of one seed differ in their first half already.
            let (first, second) = (mix(seed.wrapping_add(number)), mix(mix(number) ^ seed.rotate_left(32)));
            let id = UserId((u128::from(first) << 64 | u128::from(second)).to_be_bytes());
            if let Some(index) = self.add(id, Status::Following) {
                return Some(index);
            }
        }
        None
    }

    pub(crate) fn set_status(&mut self, index: Index, status: Status) {
        if let Some(resident) = self.list.get_mut(index as usize) {
            self.following -= usize::from(resident.status == Status::Following);
            self.following += usize::from(status == Status::Following);
            resident.status = status;
        }
    }

    pub(crate) fn count_send(&mut self, index: Index) {
        if let Some(resident) = self.list.get_mut(index as usize) {
            resident.sends = resident.sends.saturating_add(1);
        }
    }

    /// The display name: the given one, or one that follows from the id.
    pub(crate) fn name(&self, index: Index) -> String {
        if let Some(name) = self.names.get(&index) {
            return name.clone();
        }
        let (first, second) = self.get(index).map_or((0, 0), |resident| resident.id.halves());
        format!("{} {}", words::pick(words::FAMILY_NAMES, first), words::pick(words::GIVEN_NAMES, second))
    }

    pub(crate) fn rename(&mut self, index: Index, name: String) {
        self.names.insert(index, name);
    }

    pub(crate) fn names(&self) -> &HashMap<Index, String> {
        &self.names
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(1024);
        self.slots = vec![0; size];
        for position in 0..self.list.len() {
            if let Ok(index) = u32::try_from(position) {
                self.place(self.list[position].id, index);
            }
        }
    }

    fn place(&mut self, id: UserId, index: Index) {
        let mask = self.slots.len() - 1;
        let mut slot = start(id) & mask;
        while self.slots[slot] != 0 {
            slot = (slot + 1) & mask;
        }
        self.slots[slot] = index + 1;
    }
}

fn start(id: UserId) -> usize {
    let (first, second) = id.halves();
    usize::try_from(mix(first ^ second.rotate_left(17)) >> 1).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_ids_in_the_same_order_and_never_one_twice() {
        let (mut once, mut again) = (People::default(), People::default());
        for _ in 0..10_000 {
            once.add_from_seed("spring").unwrap();
        }
        for _ in 0..2 {
            for _ in 0..5_000 {
                again.add_from_seed("spring").unwrap();
            }
        }
        assert_eq!(once.len(), 10_000);
        assert!(once.all().iter().zip(again.all()).all(|(a, b)| a.id == b.id));
        let mut other = People::default();
        let index = other.add_from_seed("autumn").unwrap();
        assert_eq!(once.find(other.get(index).unwrap().id), None);
    }

    #[test]
    fn everybody_is_found_and_followers_are_counted() {
        let mut people = People::default();
        for _ in 0..3_000 {
            people.add_from_seed("s").unwrap();
        }
        for (position, resident) in people.all().iter().enumerate() {
            assert_eq!(people.find(resident.id), u32::try_from(position).ok());
        }
        people.set_status(7, Status::Blocked);
        people.set_status(7, Status::Blocked);
        assert_eq!(people.following(), 2_999);
        assert_eq!(people.add(people.get(7).unwrap().id, Status::Following), None, "an id is taken once");
    }
}
