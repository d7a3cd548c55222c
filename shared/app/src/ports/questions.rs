//! Port of the questions that nothing answered.

use std::fmt;
use std::str::FromStr;

use async_trait::async_trait;
use domain::audit::Act;
use domain::ids::{StaffId, WasteItemId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Versioned;
use super::staff::Written;
use crate::error::Error;
use crate::questions::Counts;

/// Questions that residents asked and nothing answered. Who asked is not known here, nor anywhere.
#[async_trait]
pub trait Questions: Send + Sync {
    /// Some askings of a month in Japan, after a place: those of one question in all its spellings
    /// ([`crate::questions::key`]) stand together.
    async fn asked(&self, month: Month, after: Option<&str>) -> Result<SomeAsked, Error>;

    /// Whether a question was asked in a month, in whatever spelling.
    async fn was_asked(&self, month: Month, key: &str) -> Result<bool, Error>;

    /// How the questions of a month were counted, if they ever were.
    async fn counts(&self, month: Month) -> Result<Option<Versioned<Counts>>, Error>;

    /// Keeps how they were counted, if nobody has kept anything since it was read (`None`: there was nothing).
    async fn keep_counts(&self, month: Month, counts: &Counts, read: Option<u64>) -> Result<Written, Error>;

    /// What staff decided about questions.
    async fn handled(&self) -> Result<Vec<Handling>, Error>;

    /// Keeps a decision and records the act, if the question stands as it was seen: decided about at that time, or not at all.
    async fn handle(&self, handling: &Handling, seen: Option<Timestamp>, act: &Act) -> Result<Written, Error>;

    /// Forgets a decision and records the act, if it still is the one of that time.
    async fn reopen(&self, key: &str, seen: Timestamp, act: &Act) -> Result<Written, Error>;
}

/// One asking. `Debug` does not show the words.
#[derive(Clone, PartialEq, Eq)]
pub struct Asked {
    /// What was asked: a resident's words.
    pub question: String,
    /// When.
    pub at: Timestamp,
}

/// Some askings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SomeAsked {
    /// The askings.
    pub asked: Vec<Asked>,
    /// The place after which to go on; `None` after the last.
    pub next: Option<String>,
}

impl fmt::Debug for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Asked(at {})", self.at)
    }
}

/// What staff decided about a question. `Debug` does not show the words.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handling {
    /// By which all spellings of the question are one; see [`crate::questions::key`].
    pub key: String,
    /// One of its spellings.
    pub question: String,
    /// What was decided.
    pub how: How,
    /// By whom.
    pub by: StaffId,
    /// When.
    pub at: Timestamp,
}

impl fmt::Debug for Handling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handling({:?} at {})", self.how, self.at)
    }
}

/// What becomes of a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// Nothing: it is no question about garbage, or cannot be answered.
    Ignored,
    /// It is a word for this waste item now, or the name of it.
    Answered(WasteItemId),
}

/// A month, written `2026-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    first: Date,
}

/// A text that is no month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a month is written 2026-11")]
pub struct NoMonth;

impl Month {
    /// The month of a day.
    #[must_use]
    pub fn of(day: Date) -> Self {
        Self { first: day.first_of_month() }
    }

    /// Its first day.
    #[must_use]
    pub fn first(self) -> Date {
        self.first
    }

    /// The month before.
    #[must_use]
    pub fn before(self) -> Self {
        Self::of(self.first.yesterday().unwrap_or(self.first))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.first.year(), self.first.month())
    }
}

impl FromStr for Month {
    type Err = NoMonth;

    fn from_str(text: &str) -> Result<Self, NoMonth> {
        let is_written_so = text.len() == 7 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let first = format!("{text}-01").parse().ok().filter(|_| is_written_so);
        first.map(|first| Self { first }).ok_or(NoMonth)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn months_are_written_and_read() {
        let month = Month::of(date(2026, 1, 31));
        assert_eq!((month.to_string(), month.before().to_string()), ("2026-01".to_owned(), "2025-12".to_owned()));
        assert_eq!("2026-01".parse(), Ok(month));
        for wrong in ["", "2026-13", "2026-1", "26-01", "2026-01-01", "2026/01", "+026-01"] {
            assert_eq!(wrong.parse::<Month>(), Err(NoMonth), "{wrong}");
        }
    }
}
