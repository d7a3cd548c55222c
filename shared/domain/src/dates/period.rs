//! Days that follow each other: once, or every year.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Days from a first to a last one, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DateRange {
    first: Date,
    last: Date,
}

impl DateRange {
    /// `None` if it ends before it begins.
    #[must_use]
    pub fn new(first: Date, last: Date) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    /// A single day.
    #[must_use]
    pub fn day(day: Date) -> Self {
        Self { first: day, last: day }
    }

    /// The first day.
    #[must_use]
    pub fn first(self) -> Date {
        self.first
    }

    /// The last day.
    #[must_use]
    pub fn last(self) -> Date {
        self.last
    }

    /// Whether the day is in it.
    #[must_use]
    pub fn contains(self, day: Date) -> bool {
        self.first <= day && day <= self.last
    }

    /// Whether the two have a day in common.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

/// A day of any year, as `01-04`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DayOfYear {
    month: i8,
    day: i8,
}

impl DayOfYear {
    /// `None` for a day that no year has; 29 February is one.
    #[must_use]
    pub fn new(month: i8, day: i8) -> Option<Self> {
        const LEAP_YEAR: i16 = 2000;
        Date::new(LEAP_YEAR, month, day).is_ok().then_some(Self { month, day })
    }

    /// The day in its year that a date is.
    #[must_use]
    pub fn of(date: Date) -> Self {
        Self { month: date.month(), day: date.day() }
    }

    /// 1 to 12.
    #[must_use]
    pub fn month(self) -> i8 {
        self.month
    }

    /// 1 to 31.
    #[must_use]
    pub fn day(self) -> i8 {
        self.day
    }

    /// The date in a year; for 29 February in a year without it, the 28th.
    #[must_use]
    pub fn in_year(self, year: i16) -> Option<Date> {
        let date = |day| Date::new(year, self.month, day).ok();
        date(self.day).or_else(|| date(self.day - 1))
    }

    /// Of all its dates the one nearest to `date`; the earlier one if two are.
    #[must_use]
    pub fn nearest(self, date: Date) -> Date {
        let years = date.year().saturating_sub(1)..=date.year().saturating_add(1);
        let distance = |other: &Date| other.duration_since(date).unsigned_abs();
        years.filter_map(|year| self.in_year(year)).min_by_key(distance).unwrap_or(date)
    }
}

/// Days from a first to a last one, both included, every year; over the turn of the year where the first is the later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct YearlyRange {
    /// The first day.
    pub first: DayOfYear,
    /// The last day.
    pub last: DayOfYear,
}

impl YearlyRange {
    /// Whether the day is in it.
    #[must_use]
    pub fn contains(self, day: Date) -> bool {
        let has = |day: DayOfYear| {
            if self.first <= self.last {
                self.first <= day && day <= self.last
            } else {
                self.first <= day || day <= self.last
            }
        };
        let stands_for_the_29th = day.month() == 2 && day.day() == 28 && !day.in_leap_year();
        has(DayOfYear::of(day)) || (stands_for_the_29th && has(DayOfYear { month: 2, day: 29 }))
    }

    /// Its days that begin in a year; `None` at the ends of time.
    #[must_use]
    pub fn beginning_in(self, year: i16) -> Option<DateRange> {
        let last_year = if self.first <= self.last { year } else { year.checked_add(1)? };
        DateRange::new(self.first.in_year(year)?, self.last.in_year(last_year)?)
    }
}

/// Days that follow each other: once (`2026-12-31..2027-01-03`) or every year (`12-31..01-03`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Period {
    /// Once.
    Once(DateRange),
    /// Every year.
    Yearly(YearlyRange),
}

impl Period {
    /// Whether the day is in it.
    #[must_use]
    pub fn contains(self, day: Date) -> bool {
        match self {
            Self::Once(range) => range.contains(day),
            Self::Yearly(range) => range.contains(day),
        }
    }

    /// Its ranges that have a day in common with `within`, in order.
    pub fn ranges(self, within: DateRange) -> impl Iterator<Item = DateRange> {
        let (once, yearly) = match self {
            Self::Once(range) => (Some(range), None),
            Self::Yearly(range) => (None, Some(range)),
        };
        // What reaches over the turn of the year began in the year before.
        let years = within.first().year().saturating_sub(1)..=within.last().year();
        let yearly =
            yearly.into_iter().flat_map(move |range| years.clone().filter_map(move |year| range.beginning_in(year)));
        once.into_iter().chain(yearly).filter(move |range| range.overlaps(within))
    }

    /// Whether the two have a day in common.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        let among = |range: DateRange, other: Self| other.ranges(range).next().is_some();
        match (self, other) {
            (Self::Once(one), other) | (other, Self::Once(one)) => among(one, other),
            // One leap year and one other show it.
            (Self::Yearly(one), other) => {
                [2027, 2028].into_iter().filter_map(|year| one.beginning_in(year)).any(|one| among(one, other))
            }
        }
    }
}

impl From<DateRange> for Period {
    fn from(range: DateRange) -> Self {
        Self::Once(range)
    }
}
