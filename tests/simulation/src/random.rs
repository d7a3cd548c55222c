//! Chance from a seed: the same seed gives the same numbers on every machine, today and in ten years.

/// A stream of numbers (`SplitMix64`, which needs nothing but its seed).
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// The stream of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 where that is none.
    pub fn below(&mut self, end: u64) -> u64 {
        let wide = u128::from(self.number()) * u128::from(end);
        u64::try_from(wide >> 64).unwrap_or_default()
    }

    /// A number from `first` to `last`, both included.
    pub fn between(&mut self, first: i64, last: i64) -> i64 {
        let span = u64::try_from(last - first + 1).unwrap_or(1);
        first + i64::try_from(self.below(span)).unwrap_or_default()
    }

    /// A number from `first` to `last`, small ones more often: each doubling is as likely as the next.
    pub fn between_rather_small(&mut self, first: i64, last: i64) -> i64 {
        let mut top = first.max(1);
        while top < last && self.is_one_in(2) {
            top = (top * 4).min(last);
        }
        self.between(first, top.max(first))
    }

    /// Yes in so many of a million cases.
    pub fn happens(&mut self, per_million: u64) -> bool {
        per_million != 0 && self.below(1_000_000) < per_million
    }

    /// Yes once in so many cases.
    pub fn is_one_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }

    /// An index of a list of this length.
    pub fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(u64::try_from(length).unwrap_or_default())).unwrap_or_default()
    }
}
