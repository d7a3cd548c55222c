//! The look at whether all is well, once an hour: what it found, and what of that somebody has to know.
//!
//! Each rule says when a finding begins and, lower, when it ends, so that a number which moves around one line is told once. What
//! could not be looked at neither begins a finding nor ends one.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::audit::Broken;

/// The month's messages are nearly used up from so many percent of them.
pub const USED_PERCENT: u64 = 80;
/// What is normal on a day is taken from so many days before it.
pub const NORMAL_DAYS: usize = 14;
/// Of fewer days than these nobody can say what is normal: who leaves in the first week of an account is not judged.
pub const NORMAL_FROM: usize = 7;
/// More people than so many times the normal number leave: a finding begins.
const BEGINS_ABOVE: Bar = Bar { times: 3, least: 20 };
/// As long as there are more than this, it goes on.
const GOES_ON_ABOVE: Bar = Bar { times: 2, least: 10 };

/// What the look at an hour found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkup {
    /// When.
    pub at: Timestamp,
    /// The month's messages.
    pub messages: Messages,
    /// Who blocked the account.
    pub unfollows: Unfollows,
    /// Whether the audit log is as it was written.
    pub chain: Chain,
    /// What of this somebody has to know.
    pub findings: BTreeSet<Finding>,
}

/// How many messages the account may send in the month, and has sent, as the platform says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Messages {
    /// The platform did not say.
    Unsaid,
    /// As many as it likes.
    Unlimited,
    /// At most so many.
    Limited {
        /// So many.
        limit: u64,
        /// So many are sent, about: the platform counts with a delay.
        used: u64,
    },
}

/// How many people blocked the account. Whoever does so twice within a day counts once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfollows {
    /// In the last 24 hours.
    pub last_day: u64,
    /// On each of the days (in Japan) that ended since the first look, the earliest first, at most [`NORMAL_DAYS`].
    pub days: Vec<DayUnfollows>,
}

/// How many people blocked the account on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayUnfollows {
    /// The day, in Japan.
    pub day: Date,
    /// How many.
    pub people: u64,
}

/// Whether the audit log is as it was written, by the last check that was finished.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Chain {
    /// No check was finished yet.
    #[default]
    NotLooked,
    /// What was looked at is.
    Whole {
        /// When the check was finished.
        at: Timestamp,
    },
    /// It is not.
    Broken {
        /// When the check was finished.
        at: Timestamp,
        /// The latest day that does not hold, where one is named.
        day: Option<Date>,
        /// What is wrong with that day.
        why: Option<Broken>,
    },
}

/// What somebody has to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// [`USED_PERCENT`] of the month's messages are used, or more.
    MessagesNearlyUsedUp,
    /// Many more people than normally blocked the account within a day.
    UnfollowsAboveNormal,
    /// The audit log is not as it was written.
    AuditLogBroken,
}

impl Checkup {
    /// What was found at a time, judged with what the look before had found.
    #[must_use]
    pub fn new(at: Timestamp, messages: Messages, unfollows: Unfollows, chain: Chain, before: Option<&Self>) -> Self {
        let held = |finding: Finding| before.is_some_and(|before| before.findings.contains(&finding));
        let used_up = messages.are_nearly_used_up().unwrap_or_else(|| held(Finding::MessagesNearlyUsedUp));
        let so_far = if held(Finding::UnfollowsAboveNormal) { SoFar::AboveNormal } else { SoFar::AsNormal };
        let judged = [
            (Finding::MessagesNearlyUsedUp, used_up),
            (Finding::UnfollowsAboveNormal, unfollows.are_above_normal(so_far)),
            (Finding::AuditLogBroken, chain.is_broken()),
        ];
        let findings = judged.into_iter().filter_map(|(finding, holds)| holds.then_some(finding)).collect();
        Self { at, messages, unfollows, chain, findings }
    }

    /// What holds that did not hold at the look before: what somebody has to be told.
    #[must_use]
    pub fn begun(&self, before: Option<&Self>) -> Vec<Finding> {
        let held = |finding: Finding| before.is_some_and(|before| before.findings.contains(&finding));
        self.findings.iter().copied().filter(|finding| !held(*finding)).collect()
    }
}

impl Messages {
    /// Whether [`USED_PERCENT`] of them are used; `None` where the platform did not say.
    #[must_use]
    pub fn are_nearly_used_up(self) -> Option<bool> {
        match self {
            Self::Unsaid => None,
            Self::Unlimited => Some(false),
            // In wider numbers, for the platform may say anything.
            Self::Limited { limit, used } => {
                Some(u128::from(limit) * u128::from(USED_PERCENT) <= u128::from(used) * 100)
            }
        }
    }
}

/// How many people left at the look before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SoFar {
    /// As many as normally.
    AsNormal,
    /// More.
    AboveNormal,
}

/// How many are more than normal.
#[derive(Debug, Clone, Copy)]
struct Bar {
    /// More than so many times the normal number,
    times: u64,
    /// and at least so many: where hardly anybody leaves, a handful is nothing.
    least: u64,
}

impl Unfollows {
    /// How many leave on a normal day: the median of the days before, which one bad day does not move. `None` as long as fewer than
    /// [`NORMAL_FROM`] days were counted.
    #[must_use]
    pub fn normal(&self) -> Option<u64> {
        if self.days.len() < NORMAL_FROM {
            return None;
        }
        let mut people: Vec<u64> = self.days.iter().map(|day| day.people).collect();
        people.sort_unstable();
        people.get(people.len() / 2).copied()
    }

    /// Whether more left than normally: above three times the [normal](Self::normal) number and at least 20; once that was so, as
    /// long as it is above two times and at least 10. Where it is not known what is normal: no.
    #[must_use]
    pub fn are_above_normal(&self, so_far: SoFar) -> bool {
        let Bar { times, least } = match so_far {
            SoFar::AsNormal => BEGINS_ABOVE,
            SoFar::AboveNormal => GOES_ON_ABOVE,
        };
        self.normal().is_some_and(|normal| least <= self.last_day && normal.saturating_mul(times) < self.last_day)
    }

    /// With a finished day that was counted: the latest [`NORMAL_DAYS`] are kept.
    pub fn add(&mut self, counted: DayUnfollows) {
        self.days.retain(|known| known.day != counted.day);
        self.days.push(counted);
        self.days.sort_by_key(|known| known.day);
        self.days.drain(..self.days.len().saturating_sub(NORMAL_DAYS));
    }
}

impl Chain {
    /// When the last check that was finished ended.
    #[must_use]
    pub fn looked_at(self) -> Option<Timestamp> {
        match self {
            Self::NotLooked => None,
            Self::Whole { at } | Self::Broken { at, .. } => Some(at),
        }
    }

    /// Whether a check found it broken.
    #[must_use]
    pub fn is_broken(self) -> bool {
        match self {
            Self::NotLooked | Self::Whole { .. } => false,
            Self::Broken { .. } => true,
        }
    }
}

#[cfg(test)]
mod tests;
