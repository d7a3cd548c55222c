//! The table, and the objects: what is written, and under which condition.

use std::collections::{BTreeMap, BTreeSet};

use domain::broadcast::{Broadcast, Lane, State};
use domain::sending::delivery::{GivenBack, Order, Recorded};
use domain::sending::frozen::FrozenPart;
use domain::sending::ledger::{Ledger, PageState};

use crate::mutant::Mutant;

/// A run: the broadcast's number, the part, the run of the part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Run {
    /// Which broadcast of the world.
    pub cast: usize,
    /// Which part of it.
    pub part: u16,
    /// Which run of the part.
    pub run: u16,
}

/// A frozen part as an object.
#[derive(Debug, Clone)]
pub struct Object {
    /// Its header.
    pub header: FrozenPart,
    /// Its ids: residents of the part are numbered, and it has those from this number on.
    pub first: u64,
}

/// What is kept of a broadcast.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The broadcast.
    pub broadcast: Broadcast,
    /// How often it was written.
    pub version: u64,
    /// The parts that the table knows.
    pub parts: BTreeMap<u16, FrozenPart>,
    /// The ledgers of its runs.
    pub ledgers: BTreeMap<(u16, u16), Ledger>,
    /// Its objects.
    pub objects: BTreeMap<u16, Object>,
}

/// Everything that is kept.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// By the broadcasts' numbers.
    pub casts: Vec<Kept>,
    /// The emergencies that hold the routine lane back.
    pub emergencies: BTreeSet<usize>,
    /// Which rule is broken.
    pub mutant: Option<Mutant>,
}

impl Table {
    /// Writes a broadcast over the version that was read, and with it whether it holds routine back; whether that was done.
    pub fn put(&mut self, cast: usize, broadcast: Broadcast, read: u64) -> bool {
        let kept = &mut self.casts[cast];
        if kept.version != read {
            return false;
        }
        let goes = matches!(broadcast.state, State::Approved { .. } | State::Sending { pause: None, .. });
        if broadcast.lane == Lane::Emergency && goes {
            self.emergencies.insert(cast);
        } else {
            self.emergencies.remove(&cast);
        }
        (kept.broadcast, kept.version) = (broadcast, read + 1);
        true
    }

    /// What the pages of a broadcast may do.
    #[must_use]
    pub fn order(&self, cast: usize) -> Order {
        let broadcast = &self.casts[cast].broadcast;
        match broadcast.state {
            State::Sending { pause: Some(_), .. } => Order::Rest,
            State::Sending { pause: None, .. } if broadcast.lane == Lane::Routine && !self.emergencies.is_empty() => {
                Order::GiveWay
            }
            State::Sending { pause: None, .. } => Order::Go,
            State::Draft
            | State::AwaitingApproval { .. }
            | State::Approved { .. }
            | State::Stopped { .. }
            | State::Finished { .. }
            | State::Held { .. } => Order::Stop,
        }
    }

    /// The ledger of a run.
    #[must_use]
    pub fn ledger(&self, run: Run) -> Option<&Ledger> {
        self.casts[run.cast].ledgers.get(&(run.part, run.run))
    }

    /// Whether a page is known to be taken by LINE.
    #[must_use]
    pub fn is_accepted(&self, run: Run, page: usize) -> bool {
        let state = self.ledger(run).and_then(|ledger| ledger.pages.get(page));
        matches!(state, Some(PageState::Accepted { .. }))
    }

    /// Writes a claim over the one before it. A page that became known meanwhile stays as it is.
    pub fn claim(&mut self, run: Run, claimed: &Ledger) -> bool {
        let stored = self.casts[run.cast].ledgers.entry((run.part, run.run)).or_insert_with(|| Ledger {
            pages: claimed.pages.clone(),
            fence: 0,
            ..claimed.clone()
        });
        if stored.fence + 1 != claimed.fence && self.mutant != Some(Mutant::NoClaim) {
            return false;
        }
        (stored.fence, stored.lease_until, stored.settled_at) =
            (claimed.fence, claimed.lease_until, claimed.settled_at);
        for (stored, claimed) in stored.pages.iter_mut().zip(&claimed.pages) {
            *stored = stored.clone().join(claimed.clone());
        }
        true
    }

    /// Writes what became of a page.
    pub fn record(&mut self, run: Run, page: usize, state: &PageState, fence: u64) -> Recorded {
        let mutant = self.mutant;
        let Some(ledger) = self.casts[run.cast].ledgers.get_mut(&(run.part, run.run)) else { return Recorded::Failed };
        let Some(stored) = ledger.pages.get_mut(page) else { return Recorded::Failed };
        let is_accepted = matches!(state, PageState::Accepted { .. });
        let outranked = match mutant {
            Some(Mutant::NoLattice) => false,
            Some(Mutant::FirstWordCounts) => !stored.is_open(),
            _ => state.rank() <= stored.rank(),
        };
        if outranked {
            Recorded::Outranked
        } else if !is_accepted && ledger.fence != fence && !matches!(mutant, Some(Mutant::NoFence | Mutant::NoLattice))
        {
            Recorded::Lost
        } else {
            *stored = state.clone();
            Recorded::Written
        }
    }

    /// Gives a run back, if it is still theirs and nothing higher is known; whether that was done.
    pub fn give_back(&mut self, run: Run, back: &GivenBack) -> bool {
        let Some(ledger) = self.casts[run.cast].ledgers.get_mut(&(run.part, run.run)) else { return false };
        let lower = |(page, state): &(usize, PageState)| {
            ledger.pages.get(*page).is_some_and(|stored| stored.rank() < state.rank())
        };
        if ledger.fence != back.fence || !back.open.iter().all(lower) {
            return false;
        }
        ledger.lease_until = None;
        ledger.settled_at = back.settled_at;
        for (page, state) in &back.open {
            ledger.pages[*page] = state.clone();
        }
        true
    }
}
