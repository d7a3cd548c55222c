//! What staff see of a broadcast that goes or went: what became of everybody, how many calls that took, and what keeps the rest.

use std::collections::BTreeMap;

use domain::broadcast::{Broadcast, Lane, State};
use domain::ids::BroadcastId;
use domain::sending::RUN_PAGES;
use domain::sending::account::Account;
use domain::sending::delivery::Order;
use domain::sending::janitor::QueueLooks;
use domain::sending::ledger::{PageState, Tried};
use jiff::Timestamp;

use super::past::History;
use super::watch::watched;
use crate::error::Error;
use crate::ports::Versioned;
use crate::ports::broadcasts::Progress;

/// A broadcast under way, or past, with what became of everybody so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The broadcast.
    pub broadcast: Versioned<Broadcast>,
    /// What became of everybody so far; `None` where nothing has gone.
    pub account: Option<Account>,
    /// How many parts are frozen, of how many.
    pub frozen: Option<(u16, u16)>,
    /// What the ledgers say of its pages. Of one that is closed they are read only where some were refused.
    pub pages: Pages,
    /// To how many of those whose pages are open it cannot go any more: the life of their keys is over.
    pub too_late: u64,
    /// Whether it waits for an emergency.
    pub way: Way,
}

/// What the ledgers of a broadcast say of its pages, in residents but for the calls.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pages {
    /// So many calls the platform has taken.
    pub calls: u64,
    /// Refused for good, by HTTP status.
    pub refused: BTreeMap<u16, u64>,
    /// Refused once; that is not believed yet.
    pub doubted: u64,
    /// Perhaps taken: no answer was clear.
    pub unsure: u64,
}

/// Whether a broadcast gives way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// It does not.
    Free,
    /// It waits until the emergencies have gone.
    GivesWay,
}

/// Looks at a broadcast.
pub(super) async fn look(history: &History, id: &BroadcastId, now: Timestamp) -> Result<Option<Standing>, Error> {
    let Some(broadcast) = history.broadcasts.find(id).await? else { return Ok(None) };
    let (account, frozen, pages, too_late, way) = (None, None, Pages::default(), 0, Way::Free);
    let still = Standing { broadcast, account, frozen, pages, too_late, way };
    Ok(Some(match &still.broadcast.value.state {
        State::Finished { account, .. } | State::Stopped { account: Some(account), .. } => {
            let account = *account;
            let pages = match account.refused {
                0 => Pages::default(),
                _ => Pages::of(&history.ledgers.progress(id).await?),
            };
            Standing { account: Some(account), pages, ..still }
        }
        State::Sending { .. } | State::Stopped { .. } => {
            let progress = history.ledgers.progress(id).await?;
            let Some(watched) = watched(&still.broadcast.value, &progress, QueueLooks::Busy) else {
                return Ok(Some(still));
            };
            let account = watched.account();
            let frozen = (u16::try_from(watched.parts.len()).unwrap_or(u16::MAX), watched.plan.parts);
            let too_late = account.open.saturating_sub(watched.can_still_go(now));
            let way = way_of(history, &still.broadcast.value).await?;
            let (account, frozen, pages) = (Some(account), Some(frozen), Pages::of(&progress));
            Standing { account, frozen, pages, too_late, way, ..still }
        }
        State::Draft | State::AwaitingApproval { .. } | State::Approved { .. } | State::Held { .. } => still,
    }))
}

async fn way_of(history: &History, broadcast: &Broadcast) -> Result<Way, Error> {
    if broadcast.lane == Lane::Emergency {
        return Ok(Way::Free);
    }
    Ok(match history.broadcasts.order(&broadcast.id, broadcast.lane).await? {
        Order::GiveWay => Way::GivesWay,
        Order::Go | Order::Rest | Order::Stop => Way::Free,
    })
}

impl Pages {
    fn of(progress: &Progress) -> Self {
        let mut pages = Self::default();
        for (number, part) in &progress.parts {
            for (place, page) in part.pages().iter().enumerate() {
                let run = u16::try_from(place / RUN_PAGES).unwrap_or(u16::MAX);
                let ledger = progress.ledgers.get(&(*number, run));
                let Some(state) = ledger.and_then(|ledger| ledger.pages.get(place % RUN_PAGES)) else { continue };
                pages.add(state, u64::try_from(page.count).unwrap_or_default());
            }
        }
        pages
    }

    fn add(&mut self, state: &PageState, residents: u64) {
        match state {
            PageState::Accepted { .. } => self.calls += 1,
            PageState::Refused { status } => *self.refused.entry(*status).or_default() += residents,
            PageState::Open { doubt: Some(_), .. } => self.doubted += residents,
            PageState::Open { tried: Tried::Perhaps, .. } => self.unsure += residents,
            PageState::Open { tried: Tried::No, .. } | PageState::Expired | PageState::Stopped | PageState::Unclear => {
            }
        }
    }
}
