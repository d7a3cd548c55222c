//! What exactly goes, fixed when a broadcast is approved: the words, by their digest, and in how many parts the audience is frozen.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::PARTITIONS;
use crate::ids::CategoryId;
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
    /// The garbage categories that it names: it is for those who are reminded of exactly these. Empty for any other broadcast.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub categories: BTreeSet<CategoryId>,
    /// The SHA-256 of the message array as it is sent, in hex: the object in which it is kept is named by it.
    pub digest: String,
}

impl Variant {
    /// A wording for all who speak a language.
    #[must_use]
    pub fn new(language: Language, digest: String) -> Self {
        Self { language, categories: BTreeSet::new(), digest }
    }
}

/// The variants of a plan, made ready to be found by residents.
#[derive(Debug, Clone)]
pub struct Variants<'a> {
    /// The categories that any of them names, ascending: the place of one is its bit in a set.
    categories: Vec<&'a CategoryId>,
    /// Their places in the plan.
    places: BTreeMap<(Language, u128), usize>,
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
}

impl<'a> Variants<'a> {
    /// The variants of a plan.
    #[must_use]
    pub fn of(plan: &'a Plan) -> Self {
        let named: BTreeSet<&CategoryId> = plan.variants.iter().flat_map(|variant| &variant.categories).collect();
        let mut variants = Self { categories: named.into_iter().collect(), places: BTreeMap::new() };
        for (place, variant) in plan.variants.iter().enumerate() {
            let set = variants.set(variant.categories.iter());
            variants.places.entry((variant.language, set)).or_insert(place);
        }
        variants
    }

    /// Which one a resident of a language gets who is reminded of these categories, if of any; as its place in the plan. Where none
    /// names exactly these, the one that names the fewest others of what goes out where they live; `None`: none names them all, and
    /// nothing else. A category of which no variant knows (it is new in the town's data) is told by none.
    #[must_use]
    pub fn find<'b>(
        &self,
        language: Language,
        reminded: impl Iterator<Item = &'b CategoryId>,
        going_out: impl Iterator<Item = &'b CategoryId>,
    ) -> Option<usize> {
        if self.categories.is_empty() {
            return Some(self.places.get(&(language, 0)).copied().unwrap_or_default());
        }
        let wanted = self.set(reminded);
        if wanted == 0 {
            return None;
        }
        if let Some(place) = self.places.get(&(language, wanted)) {
            return Some(*place);
        }
        let there = self.set(going_out);
        let names_all = |((_, set), _): &(&(Language, u128), &usize)| set & wanted == wanted && set & there == *set;
        let fewest = |((own, set), _): &(&(Language, u128), &usize)| (*own != language, set.count_ones());
        self.places.iter().filter(names_all).min_by_key(fewest).map(|(_, place)| *place)
    }

    /// Categories as bits; those that no variant names are left out.
    fn set<'b>(&self, categories: impl Iterator<Item = &'b CategoryId>) -> u128 {
        let bits = categories.filter_map(|category| self.categories.binary_search(&category).ok());
        bits.filter_map(|bit| 1_u128.checked_shl(u32::try_from(bit).ok()?)).fold(0, |set, bit| set | bit)
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

    fn ids(ids: &str) -> BTreeSet<CategoryId> {
        ids.split_whitespace().map(|id| id.parse().unwrap()).collect()
    }

    #[test]
    fn a_resident_gets_the_wording_of_their_language_or_else_the_first() {
        let of = |language| Variant::new(language, String::new());
        let plan = Plan { parts: 1, variants: vec![of(Language::Japanese), of(Language::English)] };
        let variants = Variants::of(&plan);
        for (language, place) in [(Language::Japanese, 0), (Language::English, 1), (Language::EasyJapanese, 0)] {
            let find = |reminded: &str| variants.find(language, ids(reminded).iter(), ids("paper").iter());
            assert_eq!([find(""), find("paper")], [Some(place); 2], "a plan that names no category is for all");
        }
    }

    #[test]
    fn a_resident_gets_the_wording_that_names_theirs_and_the_fewest_others() {
        let of = |language, names: &str| Variant { categories: ids(names), ..Variant::new(language, String::new()) };
        let (ja, en) = (Language::Japanese, Language::English);
        let variants = vec![of(ja, "a b c"), of(ja, "a"), of(ja, "a b"), of(en, "a b c"), of(en, "a")];
        let plan = Plan { parts: 1, variants };
        let variants = Variants::of(&plan);
        for (language, reminded, place) in [
            (ja, "a", Some(1)),
            (ja, "a b", Some(2)),
            (ja, "b", Some(2)),
            (ja, "a b c", Some(0)),
            (en, "a", Some(4)),
            (en, "b", Some(3)),
            (Language::EasyJapanese, "a", Some(1)),
            (ja, "", None),
            (ja, "unknown", None),
            (ja, "a unknown", Some(1)),
        ] {
            let there = ids("a b c unknown");
            assert_eq!(variants.find(language, ids(reminded).iter(), there.iter()), place, "{language} {reminded}");
        }
    }

    #[test]
    fn nobody_is_told_of_what_goes_out_elsewhere() {
        let of = |names: &str| Variant { categories: ids(names), ..Variant::new(Language::Japanese, String::new()) };
        let plan = Plan { parts: 1, variants: vec![of("a b c"), of("a b x y"), of("a b z")] };
        let variants = Variants::of(&plan);
        let find = |there: &str| variants.find(Language::Japanese, ids("a b").iter(), ids(there).iter());
        assert_eq!(find("a b c"), Some(0));
        assert_eq!(find("a b x y"), Some(1), "two others, but they are of this place");
        assert_eq!(find("a b"), None);
    }
}
