//! Months of a collection calendar (収集カレンダー), laid out in weeks with what is collected on each day in one area; and
//! the signs that stand for categories where a name has no room.

use std::collections::BTreeSet;

use jiff::civil::Date;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::dates::days_between;
use crate::dates::holidays::is_holiday;
use crate::garbage::calendar::CollectionChange;
use crate::ids::AreaId;
use crate::time::YearMonth;
use crate::town::{Category, Town};

/// Days of a week.
pub const WEEK_DAYS: usize = 7;
/// The month with which a fiscal year (年度) begins.
const FISCAL_MONTH: i8 = 4;
/// What a sign says of a category that is named by what is not done with it: 燃やさないごみ.
const NOT: (&str, &str) = ("ない", "不");
/// The signs of those of whose name nothing is left that another does not have.
const NUMBERS: [&str; 20] =
    ["①", "②", "③", "④", "⑤", "⑥", "⑦", "⑧", "⑨", "⑩", "⑪", "⑫", "⑬", "⑭", "⑮", "⑯", "⑰", "⑱", "⑲", "⑳"];

/// A week from Sunday to Saturday; days of other months are left out.
pub type Week<'a> = [Option<Day<'a>>; WEEK_DAYS];

/// A month of an area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month<'a> {
    /// Which.
    pub month: YearMonth,
    /// Its weeks.
    pub weeks: Vec<Week<'a>>,
}

/// A day of an area. All categories are in the town's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day<'a> {
    /// Which.
    pub date: Date,
    /// Whether it is a national holiday.
    pub is_holiday: bool,
    /// What is collected.
    pub categories: Vec<&'a Category>,
    /// What a rule names for the day and is not collected on it.
    pub missing: Vec<Missing<'a>>,
    /// What is collected because a change moved it here, with the change.
    pub moved_here: Vec<(&'a Category, &'a CollectionChange)>,
}

/// A collection that does not take place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing<'a> {
    /// Of what.
    pub category: &'a Category,
    /// The change by which it fell out; `None`: by an exception, a holiday or a closure of the centre.
    pub change: Option<&'a CollectionChange>,
}

/// A category with its days in a range.
struct Collected<'a> {
    category: &'a Category,
    days: BTreeSet<Date>,
}

impl<'a> Month<'a> {
    /// So many months of an area from one on; fewer at the end of time.
    #[must_use]
    pub fn from(town: &'a Town, area: &AreaId, first: YearMonth, count: usize) -> Vec<Self> {
        let next = |month: &YearMonth| moved(*month, 1);
        let months: Vec<YearMonth> = std::iter::successors(Some(first), next).take(count).collect();
        let Some(last) = months.last() else { return Vec::new() };
        let range = first_of(first)..=last_of(*last);
        let collected: Vec<Collected<'a>> = collected(town, area)
            .into_iter()
            .map(|category| Collected {
                category,
                days: town.calendar.days(area, &category.id, range.clone()).collect(),
            })
            .collect();
        months.into_iter().map(|month| Self::of(town, area, month, &collected)).collect()
    }

    fn of(town: &'a Town, area: &AreaId, month: YearMonth, collected: &[Collected<'a>]) -> Self {
        let mut weeks: Vec<Week<'a>> = vec![Week::default()];
        for date in days_between(first_of(month), last_of(month)) {
            let at = usize::from(date.weekday().to_sunday_zero_offset().unsigned_abs());
            if at == 0 && 1 < date.day() {
                weeks.push(Week::default());
            }
            if let Some(place) = weeks.last_mut().and_then(|week| week.get_mut(at)) {
                *place = Some(Day::of(town, area, date, collected));
            }
        }
        Self { month, weeks }
    }

    /// Its days.
    pub fn days(&self) -> impl Iterator<Item = &Day<'a>> {
        self.weeks.iter().flatten().flatten()
    }
}

impl<'a> Day<'a> {
    fn of(town: &'a Town, area: &AreaId, date: Date, collected: &[Collected<'a>]) -> Self {
        let (here, elsewhere): (Vec<_>, Vec<_>) = collected.iter().partition(|of| of.days.contains(&date));
        let names = |of: &&&Collected<'a>| {
            let entries = town.calendar.entries(area, &of.category.id);
            entries.iter().flat_map(|entry| &entry.recurrence.rules).any(|rule| rule.names(date))
        };
        let took = |day: fn(&CollectionChange) -> Option<Date>, category: &'a Category| {
            let found = |change: &&CollectionChange| {
                day(change) == Some(date) && town.calendar.took_away(change, area, &category.id)
            };
            town.changes.iter().find(found)
        };
        let fell = |category| took(|change| Some(change.date), category);
        let missing = |of: &Collected<'a>| Missing { category: of.category, change: fell(of.category) };
        let is_missing = |of: &&&Collected<'a>| names(of) || fell(of.category).is_some();
        let came = |of: &&Collected<'a>| Some((of.category, took(|change| change.moved_to, of.category)?));
        Self {
            date,
            is_holiday: is_holiday(date),
            categories: here.iter().map(|of| of.category).collect(),
            missing: elsewhere.iter().filter(is_missing).map(|of| missing(of)).collect(),
            moved_here: here.iter().filter_map(came).collect(),
        }
    }
}

fn first_of(month: YearMonth) -> Date {
    Date::constant(month.year(), month.month(), 1)
}

fn last_of(month: YearMonth) -> Date {
    first_of(month).last_of_month()
}

/// The month so many months later, or earlier; `None` outside of the years that a month can have.
#[must_use]
pub fn moved(month: YearMonth, by: i16) -> Option<YearMonth> {
    let months = i32::from(month.year()) * 12 + i32::from(month.month()) - 1 + i32::from(by);
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
    YearMonth::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?).ok()
}

/// The month with which the fiscal year (年度) of a month begins.
#[must_use]
pub fn fiscal_start(month: YearMonth) -> Option<YearMonth> {
    moved(month, -i16::from((month.month() - FISCAL_MONTH).rem_euclid(12)))
}

/// The categories that are ever collected in an area, in the town's order.
#[must_use]
pub fn collected<'a>(town: &'a Town, area: &AreaId) -> Vec<&'a Category> {
    let known = town.calendar.categories(area);
    town.categories.iter().filter(|category| known.contains(&&category.id)).collect()
}

/// A sign for each of these names, no two the same: a letter of the name where that tells it from the others.
#[must_use]
pub fn signs(names: &[&str]) -> Vec<String> {
    let mut signs: Vec<String> = Vec::with_capacity(names.len());
    for (at, name) in names.iter().enumerate() {
        let is_free = |sign: &&str| signs.iter().all(|known| known != sign);
        let is_own = |sign: &&str| names.iter().enumerate().all(|(other, name)| other == at || !name.contains(sign));
        let letters: Vec<&str> = letters(name).collect();
        let free = |fits: &dyn Fn(&&str) -> bool| letters.iter().copied().filter(is_free).find(|sign| fits(sign));
        let negation = name.contains(NOT.0).then_some(NOT.1).filter(is_free);
        let sign = letters.first().copied().filter(is_free).or(negation);
        let sign = sign.or_else(|| free(&|sign| is_weighty(sign) && is_own(sign)));
        let sign = sign.or_else(|| free(&is_own)).or_else(|| free(&|_| true));
        let sign = sign.or_else(|| NUMBERS.iter().copied().find(is_free));
        signs.push(sign.map_or_else(|| format!("{}", at + 1), str::to_owned));
    }
    signs
}

/// What of a name can be a sign.
fn letters(name: &str) -> impl Iterator<Item = &str> {
    name.graphemes(true).filter(|letter| letter.chars().next().is_some_and(char::is_alphanumeric) && *letter != "ー")
}

/// Whether a letter says something by itself, as kanji, katakana and capitals do.
fn is_weighty(letter: &str) -> bool {
    let is_weighty = |letter: char| letter.is_uppercase() || ('ァ'..='ヺ').contains(&letter) || '㐀' <= letter;
    letter.chars().next().is_some_and(is_weighty)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::dates::{Closure, ClosureEffect, parse_rules};
    use crate::garbage::calendar::Entry;
    use crate::town::Name;

    fn category(id: &str) -> Category {
        Category {
            id: id.parse().unwrap(),
            name: Name { ja: id.to_owned(), ..Name::default() },
            color: "#000000".to_owned(),
            description: String::new(),
            how: String::new(),
            put_out_by: String::new(),
            department: None,
        }
    }

    fn area() -> AreaId {
        "east".parse().unwrap()
    }

    /// `z` comes before `a` in the town, and `never` is collected nowhere.
    fn town() -> Town {
        let mut town = Town { categories: ["z", "a", "never"].map(category).to_vec(), ..Town::default() };
        for (id, rules) in [("a", "水"), ("z", "水1 毎月末日")] {
            let entry = Entry::from(parse_rules(rules).unwrap());
            town.calendar.add(area(), id.parse().unwrap(), entry);
        }
        town
    }

    fn month(text: &str) -> YearMonth {
        text.parse().unwrap()
    }

    fn one<'a>(town: &'a Town, text: &str) -> Month<'a> {
        Month::from(town, &area(), month(text), 1).remove(0)
    }

    #[test]
    fn a_month_lies_in_weeks_from_sunday_with_its_days_once() {
        let town = town();
        // (month, weeks, the place of the 1st): a February of exactly four weeks, a leap one, a month of six weeks.
        for (text, weeks, first_at) in [("2026-02", 4, 0), ("2028-02", 5, 2), ("2026-08", 6, 6), ("2026-11", 5, 0)] {
            let sheet = one(&town, text);
            assert_eq!(sheet.weeks.len(), weeks, "{text}");
            assert_eq!(sheet.weeks[0].iter().position(Option::is_some), Some(first_at), "{text}");
            let days: Vec<i8> = sheet.days().map(|day| day.date.day()).collect();
            assert_eq!(days, (1..=i8::try_from(days.len()).unwrap()).collect::<Vec<_>>(), "{text}");
            assert_eq!(days.last(), Some(&sheet.days().next().unwrap().date.days_in_month()), "{text}");
        }
    }

    #[test]
    fn each_day_has_what_is_collected_in_the_towns_order() {
        let town = town();
        let sheet = one(&town, "2026-11");
        let said: Vec<String> = sheet
            .days()
            .filter(|day| !day.categories.is_empty())
            .map(|day| {
                let ids: Vec<&str> = day.categories.iter().map(|category| category.id.as_str()).collect();
                format!("{} {}", day.date.day(), ids.join(" "))
            })
            .collect();
        assert_eq!(said, ["4 z a", "11 a", "18 a", "25 a", "30 z"]);
        let collected: Vec<&str> = collected(&town, &area()).iter().map(|category| category.id.as_str()).collect();
        assert_eq!(collected, ["z", "a"]);
    }

    #[test]
    fn what_does_not_take_place_is_said_with_the_change_that_did_it() {
        let mut town = town();
        let closed = "2026-11-11".parse().unwrap();
        town.calendar.close(area(), Closure { days: closed, effect: ClosureEffect::Skip });
        let storm = CollectionChange {
            id: "storm".parse().unwrap(),
            date: date(2026, 11, 25),
            areas: [].into(),
            categories: [].into(),
            moved_to: Some(date(2026, 11, 27)),
            reason: String::new(),
        };
        let nothing = CollectionChange { id: "nothing".parse().unwrap(), date: date(2026, 11, 24), ..storm.clone() };
        for change in [nothing, storm] {
            town.calendar.change(&change);
            town.changes.push(change);
        }
        let sheet = one(&town, "2026-11");
        let by = |change: Option<&CollectionChange>| change.map_or("-", |change| change.id.as_str()).to_owned();
        let missing = |day: &Day<'_>| {
            let of = |it: &Missing<'_>| format!("{} {} {}", day.date.day(), it.category.id, by(it.change));
            day.missing.iter().map(of).collect::<Vec<_>>()
        };
        assert_eq!(sheet.days().flat_map(missing).collect::<Vec<_>>(), ["11 a -", "25 a storm"]);
        let moved = |day: &Day<'_>| {
            let of = |(category, change): &(&Category, &CollectionChange)| {
                format!("{} {} {}", day.date.day(), category.id, by(Some(change)))
            };
            day.moved_here.iter().map(of).collect::<Vec<_>>()
        };
        assert_eq!(sheet.days().flat_map(moved).collect::<Vec<_>>(), ["27 a storm"]);
        let holidays: Vec<i8> = sheet.days().filter(|day| day.is_holiday).map(|day| day.date.day()).collect();
        assert_eq!(holidays, [3, 23]);
    }

    #[test]
    fn months_follow_each_other_and_years_begin_in_april() {
        let town = town();
        let year = Month::from(&town, &area(), month("2026-04"), 12);
        let months: Vec<String> = year.iter().map(|sheet| sheet.month.to_string()).collect();
        assert_eq!((months.len(), &*months[0], &*months[9], &*months[11]), (12, "2026-04", "2027-01", "2027-03"));
        assert_eq!(Month::from(&town, &area(), month("2199-11"), 12).len(), 2);
        for (of, start) in [("2026-04", "2026-04"), ("2026-12", "2026-04"), ("2027-03", "2026-04")] {
            assert_eq!(fiscal_start(month(of)), Some(month(start)), "{of}");
        }
        assert_eq!((moved(month("1900-01"), -1), fiscal_start(month("1900-03"))), (None, None));
        assert_eq!(moved(month("2026-01"), -13), Some(month("2024-12")));
    }

    #[test]
    fn signs_are_letters_that_say_what_is_meant() {
        for (names, expected) in [
            (
                &["燃やすごみ", "燃やさないごみ", "プラスチック資源", "ペットボトル", "缶・びん", "古紙", "古着・古布"]
                    [..],
                "燃 不 プ ペ 缶 古 着",
            ),
            (&["可燃ごみ", "不燃ごみ", "埋め立てないごみ"], "可 不 埋"),
            (&["資源プラ", "資源びん", "資源古紙", "資源"], "資 び 古 源"),
            (&["Burnable", "Bottles", "B"], "B o ①"),
            (&["ごみ", "ごみ", "ごみ", "・", ""], "ご み ① ② ③"),
            (&["ビニール", "ビール"], "ビ ル"),
        ] {
            assert_eq!(signs(names).join(" "), expected, "{names:?}");
        }
    }

    proptest! {
        #[test]
        fn no_two_signs_are_the_same(names in proptest::collection::vec("[燃やさなごみ①A1・]{0,4}", 0..40)) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let mut signs = signs(&names);
            prop_assert_eq!(signs.len(), names.len());
            prop_assert!(signs.iter().all(|sign| !sign.is_empty()));
            signs.sort();
            signs.dedup();
            prop_assert_eq!(signs.len(), names.len());
        }
    }

    #[test]
    fn days_of_other_months_are_left_out() {
        let town = town();
        for sheet in Month::from(&town, &area(), month("2026-01"), 24) {
            assert!(sheet.days().all(|day| YearMonth::of(day.date) == Ok(sheet.month)));
            assert_eq!(
                sheet.days().count(),
                usize::try_from(sheet.days().next().unwrap().date.days_in_month()).unwrap()
            );
        }
        assert_eq!(one(&town, "2026-11").weeks[0][0].as_ref().unwrap().date, date(2026, 11, 1));
    }
}
