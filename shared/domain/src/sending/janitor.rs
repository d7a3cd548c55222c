//! What looks after a broadcast whose work stopped half-way: decided from what the table says of it, at any time, any number of times.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::account::Account;
use super::frozen::FrozenPart;
use super::ledger::{Ledger, PageState};
use super::plan::Plan;
use super::{KEY_LIFE, SETTLE};

/// A part that is not frozen so long after the broadcast began is asked for again: whoever was at it has ended, for a planner lives a
/// minute, and the queue hands the part out again only later. Freezing twice does no harm.
pub const FROZEN_AGAIN_AFTER: SignedDuration = SignedDuration::from_secs(75);
/// A run that nobody worked on for so long is asked for again even if the queue is not empty.
pub const WAITS_AT_MOST: SignedDuration = SignedDuration::from_mins(30);
/// A sender that is so long past its lease is taken for dead.
pub const OVERDUE: SignedDuration = SignedDuration::from_secs(60);

/// What the table says of a broadcast that is being sent, or was stopped and has no account yet.
#[derive(Debug, Clone)]
pub struct Watched<'a> {
    /// What goes.
    pub plan: &'a Plan,
    /// Since when.
    pub since: Timestamp,
    /// Whether it is to go on.
    pub standing: Standing,
    /// The parts that are frozen.
    pub parts: &'a BTreeMap<u16, FrozenPart>,
    /// The ledgers of runs, by part and run; a run without one is untouched.
    pub ledgers: &'a BTreeMap<(u16, u16), Ledger>,
    /// Whether the lane's queue of runs holds anything.
    pub queue: QueueLooks,
}

/// Whether a broadcast is to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is.
    Sending,
    /// It rests until somebody lets it go on.
    Resting,
    /// It was stopped at this time.
    Stopped(Timestamp),
}

/// How a queue looks. It tells the truth only about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueueLooks {
    /// Nothing waits in it.
    Empty,
    /// Something does.
    Busy,
}

/// Something to be done about a broadcast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mend {
    /// Ask for this part to be frozen.
    Freeze(u16),
    /// Ask for this run of this part to be sent.
    Send(u16, u16),
    /// Close it with this account.
    Close(Account),
}

impl Watched<'_> {
    /// What is to be done, if anything.
    #[must_use]
    pub fn mend(&self, now: Timestamp) -> Vec<Mend> {
        if let Some(account) = self.closing(now) {
            return vec![Mend::Close(account)];
        }
        let mut mends = Vec::new();
        match self.standing {
            Standing::Resting => return mends,
            Standing::Sending if self.since + FROZEN_AGAIN_AFTER <= now => {
                mends.extend((0..self.plan.parts).filter(|part| !self.parts.contains_key(part)).map(Mend::Freeze));
            }
            Standing::Sending | Standing::Stopped(_) => {}
        }
        for (number, part) in self.parts {
            let stuck = (0..part.runs()).filter(|run| self.is_stuck(part, self.ledgers.get(&(*number, *run)), now));
            mends.extend(stuck.map(|run| Mend::Send(*number, run)));
        }
        mends
    }

    /// What has become of everybody so far.
    #[must_use]
    pub fn account(&self) -> Account {
        self.account_of(|_| true)
    }

    /// To how many it can still go: their pages are open, and their keys live.
    #[must_use]
    pub fn can_still_go(&self, now: Timestamp) -> u64 {
        self.account_of(|part| now < part.frozen_at + KEY_LIFE).open
    }

    fn account_of(&self, is_meant: impl Fn(&FrozenPart) -> bool) -> Account {
        let mut account = Account::default();
        for (number, part) in self.parts.iter().filter(|(_, part)| is_meant(part)) {
            let ledgers: Vec<_> = (0..part.runs()).map(|run| self.ledgers.get(&(*number, run))).collect();
            account.add(part, &ledgers);
        }
        account
    }

    /// The account, if nothing can change it any more.
    #[must_use]
    pub fn closing(&self, now: Timestamp) -> Option<Account> {
        let all_frozen = match self.standing {
            Standing::Sending => (0..self.plan.parts).all(|part| self.parts.contains_key(&part)),
            // A part that was being frozen when the broadcast was stopped is there by now, whatever the clocks say.
            Standing::Stopped(at) => at + SETTLE <= now || self.parts.len() == usize::from(self.plan.parts),
            Standing::Resting => false,
        };
        let account = self.account();
        let settled = self.ledgers.values().all(|ledger| is_settled(ledger, now));
        (all_frozen && account.open == 0 && settled).then_some(account)
    }

    fn is_stuck(&self, part: &FrozenPart, ledger: Option<&Ledger>, now: Timestamp) -> bool {
        let looks_lost = self.queue == QueueLooks::Empty;
        match ledger {
            // Somebody has it, or it rests: whoever was asked could do nothing.
            Some(ledger) if ledger.is_done() || ledger.claim(now).is_err() => false,
            Some(ledger) => {
                let overdue = ledger.is_left_alone(OVERDUE, now);
                overdue
                    && (looks_lost || ledger.is_left_alone(WAITS_AT_MOST, now) && part.frozen_at + WAITS_AT_MOST <= now)
            }
            None => {
                let grace = if looks_lost { OVERDUE } else { WAITS_AT_MOST };
                part.frozen_at + grace <= now
            }
        }
    }
}

/// Whether a late answer can no longer change what a ledger says.
fn is_settled(ledger: &Ledger, now: Timestamp) -> bool {
    let is_final = |page: &PageState| match page {
        PageState::Accepted { .. } | PageState::Stopped => true,
        PageState::Open { .. } | PageState::Refused { .. } | PageState::Expired | PageState::Unclear => false,
    };
    ledger.settled_at <= now || ledger.pages.iter().all(is_final)
}

#[cfg(test)]
mod tests;
