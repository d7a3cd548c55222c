//! How many residents there are, by what they chose and by when they came and went. Nobody can be found in it.
//!
//! A [`Tally`] is made of residents seen one by one, in any order and in any pieces: the pieces [merged](Tally::merge) give
//! the same. What staff see of a district is [`shown`], which hides numbers so small that a person shows through.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::{DistrictId, TopicId};
use crate::language::Language;
use crate::resident::{Resident, Standing, Switch};
use crate::time::{YearMonth, date_in_japan};

/// Days are counted back to the first of the month, this many months before the present one.
pub const MONTHS_BACK: i32 = 11;
/// A district's number below this is not shown.
pub const FEW: u64 = 5;

/// Counts of residents as they were on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// The day (in Japan) on which the counting began.
    pub day: Date,
    /// Who follows the account.
    pub following: u64,
    /// Who has blocked it, and has not been erased yet.
    pub blocked: u64,
    /// Followers by district, for those who chose one.
    pub districts: BTreeMap<DistrictId, u64>,
    /// Followers who chose no district.
    pub without_district: u64,
    /// Followers by language.
    pub languages: BTreeMap<Language, u64>,
    /// Followers who switched a topic themselves.
    pub topics: BTreeMap<TopicId, Switched>,
    /// Who first followed, by day, of all who are known: since [`Tally::since`].
    pub came: BTreeMap<Date, u64>,
    /// Who blocked the account, by day, of those who still do: since [`Tally::since`].
    pub left: BTreeMap<Date, u64>,
}

/// How many followers switched a topic on or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Switched {
    /// On.
    pub on: u64,
    /// Off.
    pub off: u64,
}

/// What is counted of one resident, borrowed from wherever it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen<'a> {
    /// Whether they follow.
    pub standing: Standing,
    /// The day since when they do, or do not.
    pub standing_since: Date,
    /// The day they first followed.
    pub came: Date,
    /// Where they live, if they said so.
    pub district: Option<&'a DistrictId>,
    /// The language.
    pub language: Language,
    /// The topics they switched.
    pub topics: Vec<(&'a TopicId, Switch)>,
}

impl<'a> From<&'a Resident> for Seen<'a> {
    fn from(resident: &'a Resident) -> Self {
        Self {
            standing: resident.standing.value,
            standing_since: date_in_japan(resident.standing.stamp.at),
            came: date_in_japan(resident.since),
            district: resident.settings.district(),
            language: resident.settings.language(),
            topics: resident.settings.topics().collect(),
        }
    }
}

/// Two tallies that do not belong together: they were begun on different days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the tallies were begun on different days")]
pub struct OtherDay;

impl Tally {
    /// Nobody yet, counted on this day.
    #[must_use]
    pub fn new(day: Date) -> Self {
        Self {
            day,
            following: 0,
            blocked: 0,
            districts: BTreeMap::new(),
            without_district: 0,
            languages: BTreeMap::new(),
            topics: BTreeMap::new(),
            came: BTreeMap::new(),
            left: BTreeMap::new(),
        }
    }

    /// The first day of which comings and goings are kept.
    #[must_use]
    pub fn since(&self) -> Date {
        self.day.first_of_month().saturating_sub(MONTHS_BACK.months())
    }

    /// Counts one resident.
    pub fn add(&mut self, seen: &Seen<'_>) {
        self.on_day(seen.came, |tally| &mut tally.came);
        match seen.standing {
            Standing::Following => self.add_follower(seen),
            Standing::Blocked => {
                self.blocked += 1;
                self.on_day(seen.standing_since, |tally| &mut tally.left);
            }
        }
    }

    /// Takes in what was counted of other residents in the same counting.
    pub fn merge(&mut self, other: &Self) -> Result<(), OtherDay> {
        if self.day != other.day {
            return Err(OtherDay);
        }
        self.following += other.following;
        self.blocked += other.blocked;
        self.without_district += other.without_district;
        sum(&mut self.districts, &other.districts);
        sum(&mut self.languages, &other.languages);
        sum(&mut self.came, &other.came);
        sum(&mut self.left, &other.left);
        for (topic, switched) in &other.topics {
            let sum = self.topics.entry(topic.clone()).or_default();
            sum.on += switched.on;
            sum.off += switched.off;
        }
        Ok(())
    }

    /// How many followers hear a topic that is heard, or not, by whoever said nothing.
    #[must_use]
    pub fn hear(&self, topic: &TopicId, default: Switch) -> u64 {
        let switched = self.topics.get(topic).copied().unwrap_or_default();
        match default {
            Switch::On => self.following.saturating_sub(switched.off),
            Switch::Off => switched.on,
        }
    }

    /// The days of the last `days` days, the counting's own last, each with who came and who left.
    #[must_use]
    pub fn by_day(&self, days: u16) -> Vec<(Date, Moved)> {
        let first = self.day.saturating_sub(i32::from(days).saturating_sub(1).days()).max(self.since());
        first.series(1.day()).take_while(|day| *day <= self.day).map(|day| (day, self.moved(|at| at == day))).collect()
    }

    /// The months of the last year, the counting's own last, each with who came and who left.
    #[must_use]
    pub fn by_month(&self) -> Vec<(YearMonth, Moved)> {
        let months = self.since().series(1.month()).take_while(|first| *first <= self.day);
        let months = months.filter_map(|first| YearMonth::of(first).ok());
        months.map(|month| (month, self.moved(|day| YearMonth::of(day) == Ok(month)))).collect()
    }

    fn moved(&self, when: impl Fn(Date) -> bool) -> Moved {
        let of = |days: &BTreeMap<Date, u64>| days.iter().filter(|(day, _)| when(**day)).map(|(_, count)| count).sum();
        Moved { came: of(&self.came), left: of(&self.left) }
    }

    fn add_follower(&mut self, seen: &Seen<'_>) {
        self.following += 1;
        *self.languages.entry(seen.language).or_default() += 1;
        match seen.district {
            Some(district) => *self.districts.entry(district.clone()).or_default() += 1,
            None => self.without_district += 1,
        }
        for (topic, switch) in &seen.topics {
            let switched = self.topics.entry((*topic).clone()).or_default();
            match switch {
                Switch::On => switched.on += 1,
                Switch::Off => switched.off += 1,
            }
        }
    }

    fn on_day(&mut self, day: Date, days: impl Fn(&mut Self) -> &mut BTreeMap<Date, u64>) {
        // Days before nobody asks for, and a tally must stay small; days after have only begun while it was counted.
        if (self.since()..=self.day).contains(&day) {
            *days(self).entry(day).or_default() += 1;
        }
    }
}

/// Who came and who left in some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moved {
    /// First followed.
    pub came: u64,
    /// Blocked the account, and still do.
    pub left: u64,
}

fn sum<K: Ord + Clone>(into: &mut BTreeMap<K, u64>, from: &BTreeMap<K, u64>) {
    for (key, count) in from {
        *into.entry(key.clone()).or_default() += count;
    }
}

/// What may be seen of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// The number.
    Exactly(u64),
    /// That it is less than [`FEW`].
    Few,
    /// Nothing: with it a small one could be computed from the total.
    Withheld,
}

/// What may be seen of the parts of a total that is known.
///
/// Parts below [`FEW`] are hidden. Where they would follow from the total and the other parts, because there is only one of
/// them or because together they are so few, the next larger one is hidden as well.
#[must_use]
pub fn shown(parts: &[u64]) -> Vec<Shown> {
    let few = |count: &&u64| **count < FEW;
    let mut all: Vec<Shown> =
        parts.iter().map(|&count| if few(&&count) { Shown::Few } else { Shown::Exactly(count) }).collect();
    let hidden = parts.iter().filter(few);
    let (many, together) = (hidden.clone().count(), hidden.sum::<u64>());
    if 0 < together && (many < 2 || together < FEW) {
        let smallest = (0..parts.len()).filter(|&at| all[at] != Shown::Few).min_by_key(|&at| parts[at]);
        if let Some(at) = smallest {
            all[at] = Shown::Withheld;
        }
    }
    all
}

#[cfg(test)]
mod tests;
