//! The ledger of a run: who is at work on it, and what became of each of its pages.
//!
//! A page's state is a point in a lattice, and a state is only ever replaced by a higher one: [`PageState::rank`]. "Accepted" is
//! the top, because LINE said so and cannot take it back; so a late answer of a sender that was thought dead is never lost,
//! and nothing that came before or after can undo it.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{LEASE, RUN_PAGES, SETTLE};

/// The ledger of one run, as the table keeps it. A run nobody has worked on has none: then it is [`Ledger::new`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    /// How often it was claimed. A claim is written only if this is still what was read.
    pub fence: u64,
    /// Until when the sender of the last claim has it for itself; `None` when it gave it back.
    pub lease_until: Option<Timestamp>,
    /// When everything that earlier senders began is certainly over. Before that a refusal is not believed.
    pub settled_at: Timestamp,
    /// What became of the pages, in order.
    pub pages: Vec<PageState>,
}

/// What became of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PageState {
    /// Not known yet.
    Open {
        /// How often ids were taken out of it.
        generation: u8,
        /// The ids that were taken out, as indices into the page as it was frozen, ascending.
        dropped: Vec<u16>,
        /// Whether it may have been sent.
        tried: Tried,
        /// LINE has refused it once, and that is not believed yet.
        doubt: Option<Doubt>,
    },
    /// LINE refused it, twice and with time between.
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// The life of its key ended before an answer was known: perhaps sent, perhaps not. A person decides.
    Expired,
    /// It came to a stop before it began, by a person or because the life of its key had ended: certainly not sent.
    Stopped,
    /// The broadcast was stopped, or LINE refused the page, while nobody knew whether LINE had taken it before.
    Unclear,
    /// LINE has taken it.
    Accepted {
        /// How often ids had been taken out of it.
        generation: u8,
        /// The ids that were taken out, as indices into the page as it was frozen, ascending.
        dropped: Vec<u16>,
        /// The id under which LINE knows the call.
        request: Option<String>,
    },
}

/// Whether a page that is open may have been sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tried {
    /// Nobody began to send it.
    No,
    /// Somebody may have.
    Perhaps,
}

/// A refusal that is not believed yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// When.
    pub at: Timestamp,
    /// In which claim.
    pub fence: u64,
}

/// A run that somebody else is at work on, or that has to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Busy {
    /// Until when, at most.
    pub until: Timestamp,
}

/// How sure a sender that gives a run back is of what it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// Every call that it began was answered, clearly.
    Clean,
    /// Some call was not answered, or not clearly.
    Unclear,
}

impl PageState {
    /// A page that nobody has begun.
    pub const NEW: Self = Self::Open { generation: 0, dropped: Vec::new(), tried: Tried::No, doubt: None };

    /// Its height in the lattice: the table replaces a state only by one of a greater rank.
    #[must_use]
    pub fn rank(&self) -> u32 {
        match self {
            Self::Open { generation, tried, doubt, .. } => {
                let tried = u32::from(*tried == Tried::Perhaps);
                4 * u32::from(*generation) + 2 * u32::from(doubt.is_some()) + tried
            }
            Self::Refused { .. } | Self::Expired | Self::Stopped | Self::Unclear => 2_000,
            Self::Accepted { .. } => 3_000,
        }
    }

    /// Whether anything is left to do.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Open { .. })
    }

    /// The higher of two; where they are equally high, this one, as the table keeps the first.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        if self.rank() < other.rank() { other } else { self }
    }
}

impl Ledger {
    /// The ledger of a run of so many pages (at most [`RUN_PAGES`]) that nobody has worked on.
    #[must_use]
    pub fn new(pages: usize) -> Self {
        Self {
            fence: 0,
            lease_until: None,
            settled_at: Timestamp::UNIX_EPOCH,
            pages: vec![PageState::NEW; pages.min(RUN_PAGES)],
        }
    }

    /// Takes the run for a sender. The caller writes the result only if the stored fence is still the one it read.
    pub fn claim(&self, now: Timestamp) -> Result<Self, Busy> {
        if let Some(until) = self.lease_until.max(self.rests_until()).filter(|until| now < *until) {
            return Err(Busy { until });
        }
        let mut claimed = Self { fence: self.fence + 1, lease_until: Some(now + LEASE), ..self.clone() };
        if let Some(until) = self.lease_until {
            // Whoever had it never gave it back: dead, most likely, or late. It may have begun any page.
            claimed.settled_at = claimed.settled_at.max(until + SETTLE);
            claimed.pages.iter_mut().for_each(perhaps_tried);
        }
        Ok(claimed)
    }

    /// If all that is open was refused once: when that can be believed. Whoever asked again sooner would learn nothing, and should they
    /// die of it, everybody would have to wait for that to be over, too.
    fn rests_until(&self) -> Option<Timestamp> {
        let mut until = self.settled_at.max(self.lease_until.map_or(self.settled_at, |lease| lease + SETTLE));
        let mut open = self.pages.iter().filter(|page| page.is_open()).peekable();
        open.peek()?;
        for page in open {
            let PageState::Open { doubt: Some(doubt), .. } = page else { return None };
            until = until.max(doubt.at + SETTLE);
        }
        Some(until)
    }

    /// When a sender gives it back: from when on everything it began is certainly over.
    #[must_use]
    pub fn settled_after(&self, left: Left, now: Timestamp) -> Timestamp {
        match left {
            Left::Clean => self.settled_at,
            Left::Unclear => self.settled_at.max(now + SETTLE),
        }
    }

    /// Whether nothing is left to do.
    #[must_use]
    pub fn is_done(&self) -> bool {
        !self.pages.iter().any(PageState::is_open)
    }

    /// Whether nobody has it, or whoever did is overdue by `grace`.
    #[must_use]
    pub fn is_left_alone(&self, grace: SignedDuration, now: Timestamp) -> bool {
        self.lease_until.is_none_or(|until| until + grace <= now)
    }
}

fn perhaps_tried(page: &mut PageState) {
    match page {
        PageState::Open { tried, .. } => *tried = Tried::Perhaps,
        PageState::Refused { .. }
        | PageState::Expired
        | PageState::Stopped
        | PageState::Unclear
        | PageState::Accepted { .. } => {}
    }
}

#[cfg(test)]
mod tests;
