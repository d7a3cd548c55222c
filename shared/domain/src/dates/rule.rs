//! One rule that names days: each type here has one fallible way in, so that a rule always means something.

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use super::holidays::is_working_day;

/// Days of a week.
pub(super) const WEEK_DAYS: i8 = 7;
/// Seconds of a civil day, which has no daylight saving here.
const DAY_SECONDS: i64 = 86_400;

/// A rule that names days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Rule {
    /// Every day (`毎日`).
    Daily {
        /// In these months.
        months: Months,
    },
    /// Every working day: Monday to Friday, unless it is a holiday (`平日`).
    WorkingDays {
        /// In these months.
        months: Months,
    },
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
    /// On the last such day of a month (`最終水`).
    LastWeekday {
        /// The day of the week.
        weekday: Weekday,
        /// In these months.
        months: Months,
    },
    /// On the nth working day of a month (`平日1`); a month with fewer has none.
    NthWorkingDay {
        /// Which of the month's working days.
        nth: NthWorkingDay,
        /// In these months.
        months: Months,
    },
    /// On the last working day of a month (`平日末`).
    LastWorkingDay {
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
    /// Every so many days, first on `start` (`3日ごと@2026-04-01`).
    EveryDays {
        /// How many.
        step: Step,
        /// The first day.
        start: Date,
        /// In these months; days in others are counted along.
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
    /// Whether the rule by itself names the day.
    #[must_use]
    pub fn names(self, day: Date) -> bool {
        match self {
            Self::Daily { months } => months.contains(day),
            Self::WorkingDays { months } => months.contains(day) && is_working_day(day),
            Self::Weekly { weekday, months } => day.weekday() == weekday && months.contains(day),
            Self::NthWeekday { nth, weekday, months } => {
                nth.holds(day) && day.weekday() == weekday && months.contains(day)
            }
            Self::LastWeekday { weekday, months } => {
                day.days_in_month() - day.day() < WEEK_DAYS && day.weekday() == weekday && months.contains(day)
            }
            Self::NthWorkingDay { nth, months } => months.contains(day) && nth.holds(day),
            Self::LastWorkingDay { months } => months.contains(day) && is_last_working_day(day),
            Self::EveryOtherWeek { start, months } => {
                is_step(start, 2 * i64::from(WEEK_DAYS), day) && months.contains(day)
            }
            Self::EveryDays { step, start, months } => is_step(start, i64::from(step.0), day) && months.contains(day),
            Self::MonthDay(rule) => day.day() == rule.day && rule.months.contains(day),
            Self::MonthEnd { months } => day.day() == day.days_in_month() && months.contains(day),
            Self::On(date) => day == date,
        }
    }

    /// Whether it names a day in every week of its months.
    #[must_use]
    pub fn is_weekly(self) -> bool {
        match self {
            Self::Daily { .. } | Self::WorkingDays { .. } | Self::Weekly { .. } => true,
            Self::EveryDays { step, .. } => step.0 <= i16::from(WEEK_DAYS),
            Self::NthWeekday { .. }
            | Self::LastWeekday { .. }
            | Self::NthWorkingDay { .. }
            | Self::LastWorkingDay { .. }
            | Self::EveryOtherWeek { .. }
            | Self::MonthDay(_)
            | Self::MonthEnd { .. }
            | Self::On(_) => false,
        }
    }

    /// The same rule in these months only. What is named by its date, or by a day that not every month has, stays as it is.
    #[must_use]
    pub fn within(self, months: Months) -> Self {
        match self {
            Self::Daily { .. } => Self::Daily { months },
            Self::WorkingDays { .. } => Self::WorkingDays { months },
            Self::Weekly { weekday, .. } => Self::Weekly { weekday, months },
            Self::NthWeekday { nth, weekday, .. } => Self::NthWeekday { nth, weekday, months },
            Self::LastWeekday { weekday, .. } => Self::LastWeekday { weekday, months },
            Self::NthWorkingDay { nth, .. } => Self::NthWorkingDay { nth, months },
            Self::LastWorkingDay { .. } => Self::LastWorkingDay { months },
            Self::EveryOtherWeek { start, .. } => Self::EveryOtherWeek { start, months },
            Self::EveryDays { step, start, .. } => Self::EveryDays { step, start, months },
            Self::MonthEnd { .. } => Self::MonthEnd { months },
            Self::MonthDay(_) | Self::On(_) => self,
        }
    }
}

/// Whether the day is `start`, or a multiple of `step` days later.
fn is_step(start: Date, step: i64, day: Date) -> bool {
    let days = day.duration_since(start).as_secs() / DAY_SECONDS;
    days >= 0 && days % step == 0
}

fn is_last_working_day(day: Date) -> bool {
    let rest = super::days_between(day, day.last_of_month()).skip(1);
    is_working_day(day) && !rest.into_iter().any(is_working_day)
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

/// Which of a month's working days: the first to the 23rd, which is the last that there can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NthWorkingDay(i8);

impl NthWorkingDay {
    /// `None` unless 1 to 23.
    #[must_use]
    pub fn new(nth: i8) -> Option<Self> {
        (1..=23).contains(&nth).then_some(Self(nth))
    }

    /// 1 to 23.
    #[must_use]
    pub fn number(self) -> i8 {
        self.0
    }

    /// Whether the day is the month's nth working day.
    #[must_use]
    pub fn holds(self, day: Date) -> bool {
        let mut working_days = super::days_between(day.first_of_month(), day).filter(|day| is_working_day(*day));
        let before = usize::from((self.0 - 1).unsigned_abs());
        working_days.nth(before) == Some(day)
    }
}

/// Every so many days: 1 to 366.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Step(i16);

impl Step {
    /// `None` unless 1 to 366.
    #[must_use]
    pub fn new(days: i16) -> Option<Self> {
        (1..=366).contains(&days).then_some(Self(days))
    }

    /// 1 to 366.
    #[must_use]
    pub fn days(self) -> i16 {
        self.0
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
