//! What became of the ids of a frozen part, id by id: for "not yet received", for "unclear", and for the weekly maximum.

use crate::sending::RUN_PAGES;
use crate::sending::frozen::{FrozenPart, PackedId};
use crate::sending::ledger::{Ledger, PageState};

/// What became of the ids of a part. Whoever is in neither list certainly did not get the broadcast, and will not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PartPast {
    /// Who got it, may have got it, or is still going to, ascending.
    pub received: Vec<PackedId>,
    /// Of whom nobody knows whether they got it, ascending.
    pub unclear: Vec<PackedId>,
}

impl PartPast {
    /// Reads it from all ids of a part, as frozen, and the ledgers of its runs in order; a run without one is untouched.
    #[must_use]
    pub fn of(part: &FrozenPart, ids: &[PackedId], ledgers: &[Option<&Ledger>]) -> Self {
        let mut lists = Self::default();
        for (number, page) in part.pages().iter().enumerate() {
            let ids = ids.get(page.first..page.first + page.count).unwrap_or_default();
            let ledger = ledgers.get(number / RUN_PAGES).copied().flatten();
            match ledger.and_then(|ledger| ledger.pages.get(number % RUN_PAGES)) {
                None => lists.received.extend(ids),
                Some(PageState::Open { dropped, .. } | PageState::Accepted { dropped, .. }) => {
                    lists.received.extend(without(ids, dropped));
                }
                Some(PageState::Expired | PageState::Unclear) => {
                    lists.received.extend(ids);
                    lists.unclear.extend(ids);
                }
                Some(PageState::Refused { .. } | PageState::Stopped) => {}
            }
        }
        // Each section ascends, and there is one for each wording.
        lists.received.sort_unstable();
        lists.unclear.sort_unstable();
        lists
    }
}

/// The ids but for those at these indices, which ascend.
fn without<'a>(ids: &'a [PackedId], dropped: &'a [u16]) -> impl Iterator<Item = PackedId> + 'a {
    let is_dropped = |index: usize| u16::try_from(index).is_ok_and(|index| dropped.binary_search(&index).is_ok());
    ids.iter().enumerate().filter(move |(index, _)| !is_dropped(*index)).map(|(_, id)| *id)
}
