//! A frozen part of an audience: an immutable object of a header and sorted ids, 16 bytes each, cut into pages and runs.
//!
//! Object: [`HEADER_BYTES`] of JSON padded with spaces, then the sections, one per variant of the plan; in each the ids ascend.
//! A page is a range of bytes of it, within one section, because all ids of one call get the same words.

use std::ops::Range;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{PAGE_IDS, RUN_PAGES};
use crate::ids::{BroadcastId, ResidentId};

/// The header takes this many bytes, whatever it says.
pub const HEADER_BYTES: usize = 4_096;
/// An id takes this many.
pub const ID_BYTES: usize = 16;

/// A resident's id in 16 bytes: the 32 hex digits of it. It orders as the text does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PackedId(pub [u8; ID_BYTES]);

impl PackedId {
    /// Packs an id.
    #[must_use]
    pub fn of(id: &ResidentId) -> Self {
        let mut packed = [0; ID_BYTES];
        let value = |digit: u8| if digit.is_ascii_digit() { digit - b'0' } else { digit - b'a' + 10 };
        for (byte, pair) in packed.iter_mut().zip(id.as_str().as_bytes()[1..].chunks_exact(2)) {
            *byte = value(pair[0]) << 4 | value(pair[1]);
        }
        Self(packed)
    }

    /// The id as text, `U` and 32 hex digits.
    #[must_use]
    pub fn text(&self) -> String {
        format!("U{}", crate::text::hex(&self.0))
    }
}

impl std::fmt::Debug for PackedId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PackedId({:02x}{:02x}…)", self.0[0], self.0[1])
    }
}

/// What a frozen part is: its header, and what the table remembers of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenPart {
    /// Of which broadcast.
    pub broadcast: BroadcastId,
    /// Which part.
    pub part: u16,
    /// When it was frozen: its keys live from here.
    pub frozen_at: Timestamp,
    /// How many ids each section has, in the order of the plan's variants.
    pub sections: Vec<u32>,
    /// Who is not in it, and why.
    pub left_out: LeftOut,
    /// The SHA-256 of all ids, in hex.
    pub digest: String,
}

/// How many residents of a part's partitions are not in it, and why. Whoever would fall under two counts under the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LeftOut {
    /// They have blocked the account.
    pub blocked: u64,
    /// They are no part of the audience.
    pub outside: u64,
    /// They are, but have muted the account.
    pub muted: u64,
    /// They are, but have had as many as the town allows.
    pub capped: u64,
}

impl LeftOut {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            blocked: self.blocked + other.blocked,
            outside: self.outside + other.outside,
            muted: self.muted + other.muted,
            capped: self.capped + other.capped,
        }
    }
}

/// Where the ids of a page are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Which variant they get.
    pub variant: usize,
    /// The first id, counted from the first of the part.
    pub first: usize,
    /// How many, 1 to [`PAGE_IDS`].
    pub count: usize,
}

impl Page {
    /// The bytes of the object.
    #[must_use]
    pub fn bytes(&self) -> Range<usize> {
        let start = HEADER_BYTES + self.first * ID_BYTES;
        start..start + self.count * ID_BYTES
    }
}

impl FrozenPart {
    /// How many ids it has.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.sections.iter().map(|count| u64::from(*count)).sum()
    }

    /// All its pages in order.
    #[must_use]
    pub fn pages(&self) -> Vec<Page> {
        let mut pages = Vec::new();
        let mut begin = 0;
        for (variant, section) in self.sections.iter().enumerate() {
            let section = usize::try_from(*section).unwrap_or_default();
            let mut done = 0;
            while done < section {
                let count = (section - done).min(PAGE_IDS);
                pages.push(Page { variant, first: begin + done, count });
                done += count;
            }
            begin += section;
        }
        pages
    }

    /// The pages of one run; none for a run that it does not have.
    #[must_use]
    pub fn run_pages(&self, run: u16) -> Vec<Page> {
        self.pages().into_iter().skip(usize::from(run) * RUN_PAGES).take(RUN_PAGES).collect()
    }

    /// How many runs it has.
    #[must_use]
    pub fn runs(&self) -> u16 {
        let pages: usize =
            self.sections.iter().map(|count| usize::try_from(*count).unwrap_or_default().div_ceil(PAGE_IDS)).sum();
        u16::try_from(pages.div_ceil(RUN_PAGES)).unwrap_or(u16::MAX)
    }
}

#[cfg(test)]
mod tests;
