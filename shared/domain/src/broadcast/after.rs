//! What is known of a broadcast after it went: who let it go, and how many blocked the account soon after they had got it.

use std::ops::Range;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::ids::StaffId;

/// Somebody who blocks the account within this time after a broadcast began is counted with it.
pub const WITHIN: SignedDuration = SignedDuration::from_hours(24);
/// After that time, and as long as an event that meets trouble is tried again: whoever is not counted by then is not any more.
pub const SETTLED_AFTER: SignedDuration = SignedDuration::from_hours(24 + 6);

/// The approval by which a broadcast went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Who gave it.
    pub by: StaffId,
    /// When.
    pub at: Timestamp,
}

/// How many of those who received a broadcast have blocked the account [`WITHIN`] a day, each counted once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfollowed {
    /// How many.
    pub people: u64,
    /// Whether there can be more.
    pub count: Count,
}

/// How far a count has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Count {
    /// So many so far.
    SoFar,
    /// It stays as it is.
    Settled,
}

/// The time in which somebody who blocks the account is counted: its first moment is in it, and its end is not.
#[must_use]
pub fn window(began: Timestamp) -> Range<Timestamp> {
    began..began.saturating_add(WITHIN).unwrap_or(Timestamp::MAX)
}

impl Count {
    /// How far the count of a broadcast has come that began at a time.
    #[must_use]
    pub fn at(now: Timestamp, began: Timestamp) -> Self {
        if SETTLED_AFTER <= now.duration_since(began) { Self::Settled } else { Self::SoFar }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_counted_without_its_end_and_settled_when_nothing_comes_late_any_more() {
        let began: Timestamp = "2026-11-21T03:00:00Z".parse().unwrap();
        let window = window(began);
        let second = SignedDuration::from_secs(1);
        let day = SignedDuration::from_hours(24);
        for (at, counts) in [(began - second, false), (began, true), (began + day - second, true), (began + day, false)]
        {
            assert_eq!(window.contains(&at), counts, "{at}");
        }
        assert_eq!(Count::at(began + SETTLED_AFTER - second, began), Count::SoFar);
        assert_eq!(Count::at(began + SETTLED_AFTER, began), Count::Settled);
    }
}
