//! What exactly goes, fixed when a broadcast is approved: the words, by their digest, and in how many parts the audience is frozen.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::PARTITIONS;
use crate::language::Language;

/// A part has about this many residents: small enough to be frozen in a second, large enough that few pages are not full.
pub const PART_RESIDENTS: u64 = 25_000;

/// What exactly goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// In how many parts the audience is frozen, 1 to [`PARTITIONS`].
    pub parts: u16,
    /// The wordings, Japanese first; a resident gets that of their language, or else the first.
    pub variants: Vec<Variant>,
}

/// One wording, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    /// Its language.
    pub language: Language,
    /// The SHA-256 of the message array as it is sent, in hex: the object in which it is kept is named by it.
    pub digest: String,
}

impl Plan {
    /// In how many parts an account of so many followers is frozen.
    #[must_use]
    pub fn parts_for(followers: u64) -> u16 {
        let parts = followers.div_ceil(PART_RESIDENTS).clamp(1, u64::from(PARTITIONS));
        u16::try_from(parts).unwrap_or(PARTITIONS)
    }

    /// The partitions of residents that a part covers. All parts together cover each partition once.
    #[must_use]
    pub fn partitions(&self, part: u16) -> Range<u16> {
        let edge = |part: u32| u32::from(PARTITIONS) * part / u32::from(self.parts.max(1));
        let edge = |part: u32| u16::try_from(edge(part)).unwrap_or(PARTITIONS).min(PARTITIONS);
        edge(u32::from(part))..edge(u32::from(part) + 1)
    }

    /// Which variant a resident of a language gets, as an index.
    #[must_use]
    pub fn variant(&self, language: Language) -> usize {
        self.variants.iter().position(|variant| variant.language == language).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cover_each_partition_once() {
        for followers in [0, 1, 25_000, 25_001, 100_000, 1_720_000, 10_000_000] {
            let plan = Plan { parts: Plan::parts_for(followers), variants: Vec::new() };
            let covered: Vec<u16> = (0..plan.parts).flat_map(|part| plan.partitions(part)).collect();
            assert_eq!(covered, (0..PARTITIONS).collect::<Vec<_>>(), "{followers}");
        }
        assert_eq!([0, 25_000, 25_001, 1_720_000, u64::MAX].map(Plan::parts_for), [1, 1, 2, 69, 256]);
    }
}
