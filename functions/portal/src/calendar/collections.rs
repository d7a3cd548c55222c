//! What is collected on each day of an area, and what is not collected after all.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use domain::dates::days_later;
use domain::garbage::calendar::Cancelled;
use domain::ids::AreaId;
use domain::town::{Category, Town};
use jiff::civil::Date;

/// A collection is made at most so many days after the day on which it fell out: of an older one the new day no longer says so.
const MOVED_DAYS_MAX: i16 = 62;

/// A collection of a category on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Collection<'a> {
    pub(super) date: Date,
    pub(super) category: &'a Category,
    pub(super) standing: Standing<'a>,
}

/// What becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing<'a> {
    /// It is made.
    Made,
    /// It is made in place of one that falls out by this.
    MadeInstead(Cancelled<'a>),
    /// It is not made, by this.
    FallsOut(Cancelled<'a>),
}

impl Collection<'_> {
    pub(super) fn is_made(&self) -> bool {
        match self.standing {
            Standing::Made | Standing::MadeInstead(_) => true,
            Standing::FallsOut(_) => false,
        }
    }
}

/// Those of some categories, by day, on a day in the order of the categories. Each day has a category once.
pub(super) fn collections<'a>(
    town: &'a Town,
    area: &AreaId,
    categories: &[&'a Category],
    range: &RangeInclusive<Date>,
) -> Vec<Collection<'a>> {
    let mut found = Vec::new();
    for &category in categories {
        let made: BTreeSet<Date> = town.calendar.days(area, &category.id, range.clone()).collect();
        let falls_out = falling_out(town, area, category, range);
        let instead: BTreeMap<Date, Cancelled<'a>> =
            falls_out.iter().filter_map(|cancelled| Some((cancelled.moved_to?, *cancelled))).collect();
        let of = |date, standing| Collection { date, category, standing };
        let standing = |date| instead.get(date).map_or(Standing::Made, |by| Standing::MadeInstead(*by));
        found.extend(made.iter().map(|date| of(*date, standing(date))));
        // A day can fall out and come back, as the new day of another.
        let falls_out = falls_out.into_iter().filter(|by| range.contains(&by.date) && !made.contains(&by.date));
        found.extend(falls_out.map(|by| of(by.date, Standing::FallsOut(by))));
    }
    // Stable: the categories of a day stay in their order.
    found.sort_by_key(|collection| collection.date);
    found
}

/// What falls out in the range or shortly before it, each day once.
fn falling_out<'a>(
    town: &'a Town,
    area: &AreaId,
    category: &Category,
    range: &RangeInclusive<Date>,
) -> Vec<Cancelled<'a>> {
    let first = days_later(*range.start(), -MOVED_DAYS_MAX);
    let mut found: Vec<_> = town.calendar.cancelled(area, &category.id, first..=*range.end()).collect();
    found.dedup_by_key(|cancelled| cancelled.date);
    found
}
