//! The port of who blocked the account when: facts in the order of time, apart from what is known of each resident.

use std::ops::Range;

use async_trait::async_trait;
use domain::broadcast::after::SETTLED_AFTER;
use domain::ids::ResidentId;
use jiff::{SignedDuration, Timestamp};

use crate::error::Error;

/// So long after it happened is a fact kept at most. A broadcast's count is settled after 30 hours; this is 31 days, which the console
/// shows unasked, and more than a week: long enough to make counts up for after a long trouble, and no longer, for each names
/// somebody who wanted to leave.
pub const KEPT: SignedDuration = SignedDuration::from_hours(40 * 24);
/// Where the town erases who blocked the account sooner, the fact goes as soon, but not before it is counted for good: whatever
/// broadcast it belongs to began earlier, and the janitor counts once an hour.
pub const KEPT_AT_LEAST: SignedDuration = SETTLED_AFTER.saturating_add(SignedDuration::from_hours(1));
/// A page holds at most so many.
pub const PAGE: usize = 1_000;

/// Somebody blocked the account. Ordered by when.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unfollow {
    /// When, by the platform's clock, to the millisecond.
    pub at: Timestamp,
    /// Who.
    pub resident: ResidentId,
}

/// Who blocked the account. Written by [`super::Conversations::commit`], with the event itself: each event is there once.
#[async_trait]
pub trait Unfollows: Send + Sync {
    /// Those within a time, ascending, after one of them or from the first; at most [`PAGE`], none after the last. Consistently.
    async fn some(&self, within: &Range<Timestamp>, after: Option<&Unfollow>) -> Result<Vec<Unfollow>, Error>;
}
