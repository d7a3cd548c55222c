//! One rule that names collection days: each type here has one fallible way in, so that a rule always means something.

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

/// Days of a week, as a number of days.
pub(super) const WEEK_DAYS: i64 = 7;
/// Seconds of a civil day, which has no daylight saving here.
const DAY_SECONDS: i64 = 86_400;

/// A rule that names collection days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Rule {
    /// Every week (`月`).
    Weekly {
        /// On this day of the week.
        weekday: Weekday,
        /// In these months.
        months: Months,
    },
    /// On the nth such day of a month (`水2`).
    NthWeekday {
        /// Which of the month's such days.
        nth: Nth,
        /// The day of the week.
        weekday: Weekday,
        /// In these months.
        months: Months,
    },
    /// Every second week, first on `start`, on its day of the week (`隔週火@2026-04-07`).
    EveryOtherWeek {
        /// The first day.
        start: Date,
        /// In these months.
        months: Months,
    },
    /// Once a month on a day of it (`毎月15日`).
    MonthDay(MonthDay),
    /// On the last day of the month (`毎月末日`).
    MonthEnd {
        /// In these months.
        months: Months,
    },
    /// On one date (`2026-12-28`).
    On(Date),
}

impl Rule {
    /// Whether the rule by itself, before exceptions and closures, names the day.
    #[must_use]
    pub fn names(self, day: Date) -> bool {
        match self {
            Self::Weekly { weekday, months } => day.weekday() == weekday && months.contains(day),
            Self::NthWeekday { nth, weekday, months } => {
                nth.holds(day) && day.weekday() == weekday && months.contains(day)
            }
            Self::EveryOtherWeek { start, months } => {
                let days = day.duration_since(start).as_secs() / DAY_SECONDS;
                days >= 0 && days % (2 * WEEK_DAYS) == 0 && months.contains(day)
            }
            Self::MonthDay(rule) => day.day() == rule.day && rule.months.contains(day),
            Self::MonthEnd { months } => day.day() == day.days_in_month() && months.contains(day),
            Self::On(date) => day == date,
        }
    }
}

/// Some of the twelve months; at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Months(u16);

impl Months {
    /// All twelve.
    pub const ALL: Self = Self(0b1_1111_1111_1110);

    /// The months of these numbers (1 to 12); `None` if there are none, or a number is no month.
    #[must_use]
    pub fn new(months: impl IntoIterator<Item = i8>) -> Option<Self> {
        let mut bits = 0;
        for month in months {
            if !(1..=12).contains(&month) {
                return None;
            }
            bits |= 1 << month;
        }
        (bits != 0).then_some(Self(bits))
    }

    /// Whether the day is in one of them.
    #[must_use]
    pub fn contains(self, day: Date) -> bool {
        self.0 & (1 << day.month()) != 0
    }

    /// Their numbers, ascending.
    pub fn numbers(self) -> impl Iterator<Item = i8> {
        (1..=12).filter(move |month| self.0 & (1 << month) != 0)
    }
}

/// Which of a month's Mondays, Tuesdays ...: the first to the fifth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Nth(i8);

impl Nth {
    /// `None` unless 1 to 5.
    #[must_use]
    pub fn new(nth: i8) -> Option<Self> {
        (1..=5).contains(&nth).then_some(Self(nth))
    }

    /// 1 to 5.
    #[must_use]
    pub fn number(self) -> i8 {
        self.0
    }

    /// Whether the day is the month's nth of its day of the week.
    #[must_use]
    pub fn holds(self, day: Date) -> bool {
        (day.day() - 1) / 7 + 1 == self.0
    }
}

/// A day of the month and months of which at least one has that day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MonthDay {
    day: i8,
    months: Months,
}

impl MonthDay {
    /// `None` unless at least one of the months has the day (29 February counts).
    #[must_use]
    pub fn new(day: i8, months: Months) -> Option<Self> {
        let longest = |month| match month {
            2 => 29,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        (day >= 1 && months.numbers().any(|month| day <= longest(month))).then_some(Self { day, months })
    }

    /// 1 to 31.
    #[must_use]
    pub fn day(self) -> i8 {
        self.day
    }

    /// In which months.
    #[must_use]
    pub fn months(self) -> Months {
        self.months
    }
}

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
