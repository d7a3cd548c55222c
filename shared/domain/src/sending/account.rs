//! What became of everybody in a frozen audience: counted from the ledgers, never kept by adding up.

use serde::{Deserialize, Serialize};

use super::frozen::{FrozenPart, LeftOut};
use super::ledger::{Ledger, PageState};

/// What became of everybody. `frozen` is the sum of all that follow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Account {
    /// How many ids were frozen.
    pub frozen: u64,
    /// LINE has taken it for these.
    pub accepted: u64,
    /// LINE did not know these, and they were taken out of their pages.
    pub dropped: u64,
    /// LINE refused the pages of these.
    pub refused: u64,
    /// The broadcast was stopped, or had rested too long, before their pages began: it was not sent to them.
    pub stopped: u64,
    /// Nobody knows: their key expired, the broadcast was stopped or LINE refused their pages, while no answer to a call was known.
    pub unclear: u64,
    /// Not known yet.
    pub open: u64,
    /// Who was not in the audience, and why.
    pub left_out: LeftOut,
}

impl Account {
    /// Adds a part and the ledgers of its runs, in order; a run without one is untouched.
    pub fn add(&mut self, part: &FrozenPart, ledgers: &[Option<&Ledger>]) {
        self.left_out = self.left_out.plus(part.left_out);
        for (number, page) in part.pages().iter().enumerate() {
            let count = u64::try_from(page.count).unwrap_or_default();
            self.frozen += count;
            let ledger = ledgers.get(number / super::RUN_PAGES).copied().flatten();
            match ledger.and_then(|ledger| ledger.pages.get(number % super::RUN_PAGES)) {
                None | Some(PageState::Open { .. }) => self.open += count,
                Some(PageState::Refused { .. }) => self.refused += count,
                Some(PageState::Expired | PageState::Unclear) => self.unclear += count,
                Some(PageState::Stopped) => self.stopped += count,
                Some(PageState::Accepted { dropped, .. }) => {
                    let dropped = u64::try_from(dropped.len()).unwrap_or_default().min(count);
                    self.dropped += dropped;
                    self.accepted += count - dropped;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
