//! Collection days (収集日): rules per collection area and category, and the days that they give, years ahead.
//!
//! Each line of a town's calendar gives the days of its [`Recurrence`] with the closures of the treatment centre to which the
//! area's garbage goes; the order in which exceptions, holidays and closures count heads [`crate::dates`]. The days of all lines
//! of a category add up. Then come the [`CollectionChange`]s, the earliest first: the day falls out whatever named it,
//! and, if it was a collection day, comes back on the new day whatever stands against that.

mod change;
mod findings;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::dates::{Closure, Recurrence, Rule, days_later};
use crate::ids::{AreaId, CategoryId};

pub use change::CollectionChange;
pub use findings::{FINDINGS_MAX, Finding, QUIET_DAYS};

/// The next collection day is looked for on this many days.
pub const LOOK_AHEAD_DAYS: i16 = 400;

/// One line of a town's calendar: when, and what residents should know about it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Entry {
    /// When.
    #[serde(flatten)]
    pub recurrence: Recurrence,
    /// What residents should know about it; may be empty.
    pub note: String,
}

impl From<Vec<Rule>> for Entry {
    fn from(rules: Vec<Rule>) -> Self {
        Self { recurrence: rules.into(), note: String::new() }
    }
}

/// The collection days of every area.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    areas: BTreeMap<AreaId, AreaCalendar>,
    /// By date.
    changes: Vec<CollectionChange>,
}

#[derive(Debug, Clone, Default)]
struct AreaCalendar {
    closures: Vec<Closure>,
    categories: BTreeMap<CategoryId, Vec<Entry>>,
}

/// What changes make of the days of a category in an area.
struct Changed<'a> {
    /// The days, in order.
    days: Vec<Date>,
    /// The changes that have to do with them and took a day away, in the order of their dates.
    took: Vec<&'a CollectionChange>,
    /// Those of them whose new day was a collection day already.
    met: Vec<&'a CollectionChange>,
}

/// A collection that fell out by a change, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cancelled<'a> {
    /// The day on which nothing is collected.
    pub date: Date,
    /// The day on which it is collected instead, if it is.
    pub moved_to: Option<Date>,
    /// Why, as residents read it; may be empty.
    pub reason: &'a str,
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

    /// Changes what is collected on a day.
    pub fn change(&mut self, change: &CollectionChange) {
        let at = self.changes.partition_point(|other| (other.date, &other.id) <= (change.date, &change.id));
        self.changes.insert(at, change.clone());
    }

    /// The first collection day of a category in an area on or after `from`, within [`LOOK_AHEAD_DAYS`].
    #[must_use]
    pub fn next_day(&self, area: &AreaId, category: &CategoryId, from: Date) -> Option<Date> {
        self.days(area, category, from..=days_later(from, LOOK_AHEAD_DAYS - 1)).next()
    }

    /// The collection days of a category in an area, in order.
    pub fn days(
        &self,
        area: &AreaId,
        category: &CategoryId,
        range: RangeInclusive<Date>,
    ) -> impl Iterator<Item = Date> + use<> {
        self.changed(area, category, range).days.into_iter()
    }

    /// The collections of a category in an area that fall out on a day of the range by a change, in order.
    pub fn cancelled(
        &self,
        area: &AreaId,
        category: &CategoryId,
        range: RangeInclusive<Date>,
    ) -> impl Iterator<Item = Cancelled<'_>> + use<'_> {
        let changes = self.changed(area, category, range.clone()).took.into_iter();
        let changes = changes.filter(move |change| range.contains(&change.date));
        changes.map(|change| Cancelled { date: change.date, moved_to: change.moved_to, reason: &change.reason })
    }

    /// The categories that are collected in an area on a day.
    #[must_use]
    pub fn on(&self, area: &AreaId, day: Date) -> Vec<&CategoryId> {
        let goes_out = |category: &&CategoryId| self.is_day(area, category, day);
        self.categories(area).into_iter().filter(goes_out).collect()
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

    /// Whether a category is collected in an area, but not every week: no rule names a day in every week of its months.
    #[must_use]
    pub fn is_rare(&self, area: &AreaId, category: &CategoryId) -> bool {
        let lines = || self.entries(area, category).iter().map(|entry| &entry.recurrence);
        lines().any(Recurrence::is_ever) && !lines().any(Recurrence::is_weekly)
    }

    fn is_day(&self, area: &AreaId, category: &CategoryId, day: Date) -> bool {
        self.days(area, category, day..=day).next().is_some()
    }

    fn find(&self, area: &AreaId, category: &CategoryId) -> Option<(&[Closure], &[Entry])> {
        let area = self.areas.get(area)?;
        Some((&area.closures, area.categories.get(category)?))
    }

    /// The days before any change, in order.
    fn unchanged(&self, area: &AreaId, category: &CategoryId, range: &RangeInclusive<Date>) -> Vec<Date> {
        let Some((closures, entries)) = self.find(area, category) else { return Vec::new() };
        let mut days = entries.iter().map(|entry| entry.recurrence.days(closures, range.clone()));
        let Some(mut all) = days.next() else { return Vec::new() };
        let others = all.len();
        all.extend(days.flatten());
        if others < all.len() {
            all.sort_unstable();
            all.dedup();
        }
        all
    }

    /// The days of a range as the changes leave them.
    fn changed(&self, area: &AreaId, category: &CategoryId, range: RangeInclusive<Date>) -> Changed<'_> {
        let days = self.unchanged(area, category, &range);
        // What was moved into the range may have been moved before, so the later changes say which of the earlier ones count.
        let mut dates = BTreeSet::new();
        let mut changes = Vec::new();
        for change in self.changes.iter().rev() {
            let counts = |day: Date| range.contains(&day) || dates.contains(&day);
            if (counts(change.date) || change.moved_to.is_some_and(counts)) && change.concerns(area, category) {
                dates.extend(change.moved_to.into_iter().chain([change.date]));
                changes.push(change);
            }
        }
        if changes.is_empty() {
            return Changed { days, took: Vec::new(), met: Vec::new() };
        }
        let mut days: BTreeSet<Date> = days.into_iter().collect();
        days.extend(dates.into_iter().filter(|day| !self.unchanged(area, category, &(*day..=*day)).is_empty()));
        let (mut took, mut met) = (Vec::new(), Vec::new());
        for change in changes.into_iter().rev() {
            if days.remove(&change.date) {
                took.push(change);
                if change.moved_to.is_some_and(|day| !days.insert(day)) {
                    met.push(change);
                }
            }
        }
        Changed { days: days.into_iter().filter(|day| range.contains(day)).collect(), took, met }
    }
}
