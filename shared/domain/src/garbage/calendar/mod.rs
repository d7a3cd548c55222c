//! Collection days (収集日): rules per collection area and category, and the days that they give, years ahead.
//!
//! A day comes about in this order: the rules name days; what `except` covers falls out; what is in a closure of the
//! treatment centre falls out or moves by a week; `extra` days are added whatever stands against them.

mod notation;
mod rule;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::{AreaId, CategoryId};

pub use notation::{Expected, NotationError, TOKENS_MAX, YEARS, parse_date, parse_ranges, parse_rules, plain};
pub use notation::{weekday_name, weekday_of};
pub use rule::{DateRange, MonthDay, Months, Nth, Rule};

/// The next collection day is looked for on this many days.
pub const LOOK_AHEAD_DAYS: usize = 400;

/// One line of a town's calendar: rules, and what departs from them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Entry {
    /// The rules; a day that any of them names is a collection day.
    pub rules: Vec<Rule>,
    /// Days that fall out.
    pub except: Vec<DateRange>,
    /// Days that are added, even in a closure.
    pub extra: Vec<DateRange>,
    /// What residents should know about it; may be empty.
    pub note: String,
}

/// Days on which a treatment centre takes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Closure {
    /// When.
    pub days: DateRange,
    /// What becomes of the collections.
    pub effect: ClosureEffect,
}

/// What becomes of a collection that falls into a closure. Days that a town names by date are not touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClosureEffect {
    /// It falls out.
    Skip,
    /// It moves by one week; where that day is closed too, it falls out.
    ///
    /// As in 5374, the whole month gives way for a rule such as `水2`: from the first closed day of that day of the week on,
    /// the month's collections move by a week, so that areas that take turns keep their distance; one that
    /// would leave the month falls out. A weekly collection falls out, there being another a week later.
    ShiftWeek,
}

/// The collection days of every area.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    areas: BTreeMap<AreaId, AreaCalendar>,
}

#[derive(Debug, Clone, Default)]
struct AreaCalendar {
    closures: Vec<Closure>,
    categories: BTreeMap<CategoryId, Vec<Entry>>,
}

impl Calendar {
    /// Adds a line for a category in an area; the days of all its lines count.
    pub fn add(&mut self, area: AreaId, category: CategoryId, entry: Entry) {
        self.areas.entry(area).or_default().categories.entry(category).or_default().push(entry);
    }

    /// Closes the centre to which an area's garbage goes.
    pub fn close(&mut self, area: AreaId, closure: Closure) {
        self.areas.entry(area).or_default().closures.push(closure);
    }

    /// The first collection day of a category in an area on or after `from`, within [`LOOK_AHEAD_DAYS`].
    #[must_use]
    pub fn next_day(&self, area: &AreaId, category: &CategoryId, from: Date) -> Option<Date> {
        let (closures, entries) = self.find(area, category)?;
        days_from(from).take(LOOK_AHEAD_DAYS).find(|day| entries.iter().any(|entry| entry.gives(*day, closures)))
    }

    /// The collection days of a category in an area, in order.
    pub fn days(
        &self,
        area: &AreaId,
        category: &CategoryId,
        range: RangeInclusive<Date>,
    ) -> impl Iterator<Item = Date> {
        let found = self.find(area, category);
        let (first, last) = range.into_inner();
        days_from(first).take_while(move |day| *day <= last).filter(move |day| {
            found.is_some_and(|(closures, entries)| entries.iter().any(|entry| entry.gives(*day, closures)))
        })
    }

    /// The categories that are collected in an area on a day.
    #[must_use]
    pub fn on(&self, area: &AreaId, day: Date) -> Vec<&CategoryId> {
        let Some(area) = self.areas.get(area) else { return Vec::new() };
        let goes_out = |entries: &[Entry]| entries.iter().any(|entry| entry.gives(day, &area.closures));
        area.categories.iter().filter(|(_, entries)| goes_out(entries)).map(|(category, _)| category).collect()
    }

    /// The categories that are ever collected in an area.
    #[must_use]
    pub fn categories(&self, area: &AreaId) -> Vec<&CategoryId> {
        self.areas.get(area).map(|area| area.categories.keys().collect()).unwrap_or_default()
    }

    /// The lines for a category in an area, for their rules and notes.
    #[must_use]
    pub fn entries(&self, area: &AreaId, category: &CategoryId) -> &[Entry] {
        self.find(area, category).map(|(_, entries)| entries).unwrap_or_default()
    }

    fn find(&self, area: &AreaId, category: &CategoryId) -> Option<(&[Closure], &[Entry])> {
        let area = self.areas.get(area)?;
        Some((&area.closures, area.categories.get(category)?))
    }
}

/// The day and all that follow it.
fn days_from(first: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(first), |day| day.tomorrow().ok())
}

impl Entry {
    /// Whether the day is a collection day of this line, in an area with these closures.
    #[must_use]
    pub fn gives(&self, day: Date, closures: &[Closure]) -> bool {
        let excepted = |day: Date| self.except.iter().any(|range| range.contains(day));
        if self.extra.iter().any(|range| range.contains(day)) {
            return true;
        }
        let named = |rule: &Rule| match rule {
            Rule::On(date) => *date == day,
            _ => stays(*rule, day, closures) || came(*rule, day, closures).is_some_and(|origin| !excepted(origin)),
        };
        self.rules.iter().any(named) && !excepted(day)
    }
}

/// Whether a collection that the rule names for the day is made on it.
fn stays(rule: Rule, day: Date, closures: &[Closure]) -> bool {
    rule.names(day) && !closed(day, closures) && !moves(rule, day, closures)
}

/// The day from which a collection came to `day`, if one did.
fn came(rule: Rule, day: Date, closures: &[Closure]) -> Option<Date> {
    if closures.iter().all(|closure| closure.effect != ClosureEffect::ShiftWeek) {
        return None;
    }
    let origin = day.checked_sub(rule::WEEK_DAYS.days()).ok()?;
    let leaves_month = matches!(rule, Rule::NthWeekday { .. }) && origin.month() != day.month();
    let came = rule.names(origin) && !leaves_month && moves(rule, origin, closures) && !closed(day, closures);
    came.then_some(origin)
}

fn closed(day: Date, closures: &[Closure]) -> bool {
    closures.iter().any(|closure| closure.days.contains(day))
}

/// Whether a collection that the rule names for `day` moves by a week.
fn moves(rule: Rule, day: Date, closures: &[Closure]) -> bool {
    let within =
        |day: Date, effect| closures.iter().any(|closure| closure.effect == effect && closure.days.contains(day));
    if within(day, ClosureEffect::Skip) {
        return false;
    }
    match rule {
        Rule::Weekly { .. } | Rule::On(_) => false,
        Rule::EveryOtherWeek { .. } | Rule::MonthDay(_) | Rule::MonthEnd { .. } => {
            within(day, ClosureEffect::ShiftWeek)
        }
        Rule::NthWeekday { .. } => {
            let weeks_before = (day.day() - 1) / 7;
            (0..=weeks_before).any(|weeks| {
                let earlier = day.checked_sub((i64::from(weeks) * rule::WEEK_DAYS).days());
                earlier.is_ok_and(|earlier| within(earlier, ClosureEffect::ShiftWeek))
            })
        }
    }
}
