//! Days on which nothing is done (a treatment centre takes no garbage), and what becomes of what falls on them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::period::{DateRange, DayOfYear, Period};

/// What is so every year is so in this one, which has a 29 February.
const SOME_YEAR: i16 = 2028;

/// Days that are closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Closure {
    /// When.
    pub days: Period,
    /// What becomes of what falls on them.
    pub effect: ClosureEffect,
}

/// What becomes of what falls on a closed day. Days that are named by their date are not touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClosureEffect {
    /// It falls out.
    Skip,
    /// It moves by one week.
    ///
    /// As in 5374, the whole month gives way for a rule such as `水2`: from the first closed day of that day of the week on,
    /// the month's days move by a week, so that areas that take turns keep their distance; one that would leave the month
    /// is lost. What a rule names every week falls out, there being another a week later.
    ShiftWeek,
    /// It moves to this day, in the year in which that is nearest to the closure's first day.
    MoveTo(DayOfYear),
}

impl Closure {
    /// The day to which that moves which falls on a day of `days`; `None` if it is not moved to a named day.
    #[must_use]
    pub fn moved_to(self, days: DateRange) -> Option<Date> {
        match self.effect {
            ClosureEffect::MoveTo(day) => Some(day.nearest(days.first())),
            ClosureEffect::Skip | ClosureEffect::ShiftWeek => None,
        }
    }

    /// Whether what falls on its days moves to one of them.
    #[must_use]
    pub fn moves_into_itself(self) -> bool {
        let days = match self.days {
            Period::Once(range) => Some(range),
            Period::Yearly(range) => range.beginning_in(SOME_YEAR),
        };
        days.and_then(|days| self.moved_to(days)).is_some_and(|day| self.days.contains(day))
    }

    /// The range of its days in which the day lies.
    pub(super) fn around(self, day: Date) -> Option<DateRange> {
        self.days.contains(day).then(|| self.days.ranges(DateRange::day(day)).next())?
    }
}

/// Whether a closure covers the day.
pub(super) fn covers(closures: &[Closure], day: Date) -> bool {
    closures.iter().any(|closure| closure.days.contains(day))
}

/// Whether one that shifts by a week covers the day.
pub(super) fn shifts(closures: &[Closure], day: Date) -> bool {
    closures.iter().any(|closure| closure.effect == ClosureEffect::ShiftWeek && closure.days.contains(day))
}
