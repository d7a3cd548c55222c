//! What is odd about a calendar: what staff should look at before residents ask. No words are in it.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use jiff::civil::Date;

use super::{AreaCalendar, Calendar, CollectionChange, Entry, LOOK_AHEAD_DAYS};
use crate::dates::{Closure, Period, days_between, days_later};
use crate::ids::{AreaId, CategoryId, ChangeId};

/// A category of which an area sees nothing on so many days is odd.
pub const QUIET_DAYS: i16 = 60;
/// At most so many findings are told, the graver first; a calendar with more has another trouble.
pub const FINDINGS_MAX: usize = 500;

/// Something odd about a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// A category is not collected on any of the next [`QUIET_DAYS`].
    Quiet {
        /// Where.
        area: AreaId,
        /// What.
        category: CategoryId,
        /// The first day after that on which it is, if that is near enough.
        next: Option<Date>,
    },
    /// A day that a rule names would have moved to one that is closed, falls out, or is in another month than its rule asks for, and is lost.
    Lost {
        /// Where.
        area: AreaId,
        /// What.
        category: CategoryId,
        /// The day.
        date: Date,
        /// The day to which it would have moved.
        moved_to: Date,
    },
    /// A day is named to be added and to fall out as well; it is added.
    ExtraExcepted {
        /// Where.
        area: AreaId,
        /// What.
        category: CategoryId,
        /// The day, the first of several that follow each other.
        date: Date,
    },
    /// A line names days, and all of them fall out.
    EmptyLine {
        /// Where.
        area: AreaId,
        /// What.
        category: CategoryId,
        /// Which of the lines of the category in the area, from 1.
        line: usize,
    },
    /// Two closures cover the same day and say different things of it.
    ClosuresDiffer {
        /// Where: the areas of the centre.
        areas: Vec<AreaId>,
        /// The days of the one.
        first: Period,
        /// The days of the other.
        second: Period,
        /// The first day that both cover.
        date: Date,
    },
    /// On the day of a change nothing is collected that could fall out.
    ChangesNothing {
        /// The change.
        change: ChangeId,
        /// Where; `None`: in no area that it is about.
        area: Option<AreaId>,
        /// The day.
        date: Date,
    },
    /// The new day of a change was a collection day before, so a collection is lost.
    ChangeMeets {
        /// The change.
        change: ChangeId,
        /// Where.
        area: AreaId,
        /// What.
        category: CategoryId,
        /// The new day.
        date: Date,
    },
}

/// A category in an area, with all that is about it.
struct Place<'a> {
    area: &'a AreaId,
    category: &'a CategoryId,
    closures: &'a [Closure],
    entries: &'a [Entry],
}

impl Place<'_> {
    fn of(&self) -> (AreaId, CategoryId) {
        (self.area.clone(), self.category.clone())
    }
}

impl Calendar {
    /// What is odd, seen from a day on: at most [`FINDINGS_MAX`], those about one kind of trouble together.
    #[must_use]
    pub fn findings(&self, today: Date) -> Vec<Finding> {
        let ahead = today..=days_later(today, LOOK_AHEAD_DAYS - 1);
        let places = || self.areas.iter().flat_map(|(area, calendar)| calendar.places(area));
        let changes =
            || self.changes.iter().filter(|change| today <= change.date.max(change.moved_to.unwrap_or(change.date)));
        let quiet = places().filter_map(|place| self.quiet(&place, today));
        let lost = places().flat_map(|place| self.lost(&place, &ahead));
        let nothing = changes().flat_map(|change| self.changes_nothing(change));
        let meets = changes().flat_map(|change| self.meets(change));
        let differ = self.closures_differ(&ahead);
        let excepted = places().flat_map(|place| extra_excepted(&place, &ahead));
        let empty = places().flat_map(|place| empty_lines(&place, &ahead));
        let all = quiet.chain(lost).chain(nothing).chain(meets).chain(differ).chain(excepted).chain(empty);
        all.take(FINDINGS_MAX).collect()
    }

    fn quiet(&self, place: &Place<'_>, today: Date) -> Option<Finding> {
        let is_ever = place.entries.iter().any(|entry| entry.recurrence.is_ever());
        if !is_ever || self.days(place.area, place.category, soon(today)).next().is_some() {
            return None;
        }
        let next = self.next_day(place.area, place.category, today);
        let (area, category) = place.of();
        Some(Finding::Quiet { area, category, next })
    }

    /// The areas where a change takes nothing away: each that it names, or all of them as one.
    fn changes_nothing(&self, change: &CollectionChange) -> Vec<Finding> {
        let changes = |area: &AreaId| {
            let categories = self.categories(area);
            categories.into_iter().any(|category| self.took_away(change, area, category))
        };
        let found = |area| Finding::ChangesNothing { change: change.id.clone(), area, date: change.date };
        if change.areas.is_empty() {
            return if self.areas.keys().any(changes) { Vec::new() } else { vec![found(None)] };
        }
        change.areas.iter().filter(|area| !changes(area)).map(|area| found(Some(area.clone()))).collect()
    }

    /// Whether a change, one of those that are made, takes a collection of a category in an area away.
    #[must_use]
    pub fn took_away(&self, change: &CollectionChange, area: &AreaId, category: &CategoryId) -> bool {
        self.changed(area, category, change.date..=change.date).took.iter().any(|other| other.id == change.id)
    }

    /// The categories that a change moves to a day on which they are collected anyway.
    fn meets(&self, change: &CollectionChange) -> Vec<Finding> {
        let Some(date) = change.moved_to else { return Vec::new() };
        let places = self.areas.iter().flat_map(|(area, calendar)| calendar.places(area));
        let meets = |place: &Place<'_>| {
            let changed = self.changed(place.area, place.category, change.date..=date);
            changed.met.iter().any(|other| other.id == change.id)
        };
        let found = |place: Place<'_>| {
            let (area, category) = place.of();
            Finding::ChangeMeets { change: change.id.clone(), area, category, date }
        };
        places.filter(meets).map(found).collect()
    }

    /// What the lines lose, unless another line has it.
    fn lost(&self, place: &Place<'_>, ahead: &RangeInclusive<Date>) -> Vec<Finding> {
        let of_entry = |entry: &Entry| entry.recurrence.lost(place.closures, ahead.clone());
        let days: BTreeSet<(Date, Date)> = place.entries.iter().flat_map(of_entry).collect();
        let is_given = |day: Date| !self.unchanged(place.area, place.category, &(day..=day)).is_empty();
        let found = |(date, moved_to)| {
            let (area, category) = place.of();
            Finding::Lost { area, category, date, moved_to }
        };
        days.into_iter().filter(|(date, moved_to)| !is_given(*date) && !is_given(*moved_to)).map(found).collect()
    }

    /// Each pair of closures that differ, with all areas that have both.
    fn closures_differ(&self, ahead: &RangeInclusive<Date>) -> Vec<Finding> {
        let mut found: Vec<(Closure, Closure, Date, Vec<AreaId>)> = Vec::new();
        for (area, calendar) in &self.areas {
            for (at, one) in calendar.closures.iter().enumerate() {
                for other in calendar.closures[at + 1..].iter().filter(|other| one.effect != other.effect) {
                    if let Some((.., areas)) = found.iter_mut().find(|(a, b, ..)| (a, b) == (one, other)) {
                        areas.push(area.clone());
                    } else if let Some(date) = common(one.days, other.days, ahead) {
                        found.push((*one, *other, date, vec![area.clone()]));
                    }
                }
            }
        }
        let finding = |(one, other, date, areas): (Closure, Closure, Date, Vec<AreaId>)| Finding::ClosuresDiffer {
            areas,
            first: one.days,
            second: other.days,
            date,
        };
        found.into_iter().map(finding).collect()
    }
}

impl AreaCalendar {
    fn places<'a>(&'a self, area: &'a AreaId) -> impl Iterator<Item = Place<'a>> {
        let closures = &self.closures;
        self.categories.iter().map(move |(category, entries)| Place { area, category, closures, entries })
    }
}

/// The next [`QUIET_DAYS`].
fn soon(today: Date) -> RangeInclusive<Date> {
    today..=days_later(today, QUIET_DAYS - 1)
}

/// The first day of the range that both have.
fn common(one: Period, other: Period, ahead: &RangeInclusive<Date>) -> Option<Date> {
    days_between(*ahead.start(), *ahead.end()).find(|day| one.contains(*day) && other.contains(*day))
}

fn extra_excepted(place: &Place<'_>, ahead: &RangeInclusive<Date>) -> Vec<Finding> {
    let extras = || place.entries.iter().flat_map(|entry| &entry.recurrence.extra);
    let excepts = || place.entries.iter().flat_map(|entry| &entry.recurrence.except);
    let pairs = extras().flat_map(|extra| excepts().map(move |except| (*extra, *except)));
    let days: BTreeSet<Date> = pairs.filter_map(|(extra, except)| common(extra, except, ahead)).collect();
    let found = |date| {
        let (area, category) = place.of();
        Finding::ExtraExcepted { area, category, date }
    };
    days.into_iter().map(found).collect()
}

fn empty_lines(place: &Place<'_>, ahead: &RangeInclusive<Date>) -> Vec<Finding> {
    let is_empty = |entry: &Entry| {
        let recurrence = &entry.recurrence;
        // Most lines have a day soon, which is found sooner.
        [soon(*ahead.start()), ahead.clone()].into_iter().all(|range| recurrence.days(place.closures, range).is_empty())
            && recurrence.names_any(ahead.clone())
    };
    let found = |line| {
        let (area, category) = place.of();
        Finding::EmptyLine { area, category, line }
    };
    (1..).zip(place.entries).filter(|(_, entry)| is_empty(entry)).map(|(line, _)| found(line)).collect()
}
