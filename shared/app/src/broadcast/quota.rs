//! How many messages the month has left for one more broadcast.
//!
//! What was sent the platform knows, about and with a delay; what is approved and has not gone, or not wholly, only we know. So
//! both are taken off. Two broadcasts that are approved in the same moment may still both find room for one: then the platform
//! refuses the rest of the later one, which rests until somebody acts.

use std::collections::BTreeMap;

use domain::broadcast::{Broadcast, Earnest, Lane, State};
use domain::ids::BroadcastId;
use domain::sending::PAGE_IDS;
use domain::sending::janitor::QueueLooks;
use domain::time::date_in_japan;
use jiff::Timestamp;

use super::all_on;
use super::past::History;
use super::watch::watched;
use crate::error::{Chain, Error};
use crate::ports::broadcasts::Shelf;
use crate::ports::quota::{Quota, Quotas};

/// What the month has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// As many as anybody likes.
    Unlimited,
    /// At most so many.
    Limited(Budget),
    /// The platform did not say. That keeps nobody from sending: it is the platform that refuses what is too much.
    Unknown,
}

/// The messages of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// So many it has.
    pub limit: u64,
    /// So many were sent, about.
    pub used: u64,
    /// So many are still needed by broadcasts that are approved or being sent.
    pub reserved: u64,
}

impl Budget {
    /// So many are left.
    #[must_use]
    pub fn left(self) -> u64 {
        self.limit.saturating_sub(self.used).saturating_sub(self.reserved)
    }

    /// So many of more than are left are reached for sure: the platform takes a page wholly or not at all, and whatever page it
    /// refuses has more residents than are left by then. Pages may be smaller than they can be, so this is not a number of full ones.
    #[must_use]
    pub fn sure(self) -> u64 {
        self.left().saturating_sub(u64::try_from(PAGE_IDS - 1).unwrap_or(u64::MAX))
    }
}

/// A broadcast needs more than the month has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OverQuota {
    /// So many it needs: one for each resident whom it reaches.
    pub needed: u64,
    /// What there is.
    pub budget: Budget,
}

/// What the month has left for others than this broadcast.
pub(crate) async fn left(
    history: &History,
    quotas: &dyn Quotas,
    but: Option<&BroadcastId>,
    now: Timestamp,
) -> Result<Left, Error> {
    let (limit, used) = match quotas.quota().await {
        Ok(Quota::Limited { limit, used }) => (limit, used),
        Ok(Quota::Unlimited) => return Ok(Left::Unlimited),
        Err(error) => {
            tracing::warn!(error = %Chain(&error), "how many messages are left is not known");
            return Ok(Left::Unknown);
        }
    };
    let reserved = reserved(history, but, now).await?;
    Ok(Left::Limited(Budget { limit, used, reserved }))
}

/// Whether the quota keeps a broadcast back: not an emergency, which reaches as many as it can, and not what goes in a later month.
pub(crate) fn is_bound(broadcast: &Broadcast, goes_at: Timestamp, now: Timestamp) -> bool {
    match (broadcast.lane, broadcast.earnest) {
        (Lane::Emergency, Earnest::Real | Earnest::Drill) => false,
        (Lane::Routine, Earnest::Real | Earnest::Drill) => is_this_month(goes_at, now),
    }
}

/// What broadcasts that are approved or being sent still need of this month.
async fn reserved(history: &History, but: Option<&BroadcastId>, now: Timestamp) -> Result<u64, Error> {
    // By id: one that goes between the two readings stands on both shelves. Being sent it is known better.
    let mut needs: BTreeMap<BroadcastId, u64> = BTreeMap::new();
    for shelf in [Shelf::Due, Shelf::Sending] {
        for broadcast in all_on(&*history.broadcasts, shelf).await? {
            if but != Some(&broadcast.id) {
                needs.insert(broadcast.id.clone(), need(history, &broadcast, now).await?);
            }
        }
    }
    Ok(needs.values().sum())
}

async fn need(history: &History, broadcast: &Broadcast, now: Timestamp) -> Result<u64, Error> {
    match &broadcast.state {
        State::Approved { release_at, reach, .. } => {
            Ok(if is_this_month(*release_at, now) { reach.reached } else { 0 })
        }
        State::Sending { reach, plan, .. } => {
            let progress = history.ledgers.progress(&broadcast.id).await?;
            let Some(watched) = watched(broadcast, &progress, QueueLooks::Busy) else { return Ok(0) };
            // Of parts that are not frozen nobody knows yet whom they hold: about those who are missing.
            let is_frozen = progress.parts.len() == usize::from(plan.parts);
            let missing = if is_frozen { 0 } else { reach.reached.saturating_sub(watched.account().frozen) };
            Ok(watched.can_still_go(now) + missing)
        }
        // Of one that was stopped nothing more begins.
        State::Stopped { .. }
        | State::Draft
        | State::AwaitingApproval { .. }
        | State::Finished { .. }
        | State::Held { .. } => Ok(0),
    }
}

/// The platform's month is Japan's.
fn is_this_month(at: Timestamp, now: Timestamp) -> bool {
    date_in_japan(at.max(now)).first_of_month() == date_in_japan(now).first_of_month()
}
