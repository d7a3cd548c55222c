//! The port by which the platform says how many messages the month has.

use async_trait::async_trait;

use crate::error::Error;

/// What the platform says of the account's month.
#[async_trait]
pub trait Quotas: Send + Sync {
    /// How many messages the account may send this month, and how many it has sent.
    async fn quota(&self) -> Result<Quota, Error>;
}

/// How many messages the account may send in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quota {
    /// As many as it likes.
    Unlimited,
    /// At most so many.
    Limited {
        /// So many.
        limit: u64,
        /// So many it has sent, about: the platform counts with a delay, counts what was sent by hand in its own manager, too,
        /// and only replies are free.
        used: u64,
    },
}

impl Quota {
    /// How many are left, about; `None` for as many as it likes.
    #[must_use]
    pub fn left(self) -> Option<u64> {
        match self {
            Self::Unlimited => None,
            Self::Limited { limit, used } => Some(limit.saturating_sub(used)),
        }
    }
}
