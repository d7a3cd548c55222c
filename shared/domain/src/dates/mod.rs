//! Days named by rules: when garbage is collected, when a reminder goes out; years ahead, without a list of dates.
//!
//! A [`Recurrence`] is [`Rule`]s and what departs from them. What a rule names comes about, or does not, in this order:
//!
//! 1. A day that a rule names by its date (`2026-12-28`) stays where it is; only `except` takes it away.
//! 2. Any other falls out if `except` covers it.
//! 3. If it is a national holiday, what the recurrence says of holidays is done ([`OnHoliday`]): it stays, falls out or moves.
//! 4. If the day where it is now lies in a [`Closure`], what that says is done ([`ClosureEffect`]): it falls out or moves. Where
//!    several closures cover the day, the first that skips counts, else the first that moves to a named day, else the shift by a
//!    week. It is moved by a closure once: no other closure moves it on.
//! 5. What was moved needs an open day: one that no closure and no `except` covers and, unless holidays are as any other day
//!    here, is none. Otherwise it is lost, and [`Recurrence::lost`] tells of it.
//! 6. `extra` days are added, whatever stands against them.
//!
//! Several that come to lie on one day are one.

mod closure;
pub mod holidays;
mod notation;
mod period;
mod recurrence;
mod rule;
#[cfg(test)]
mod tests;

use jiff::ToSpan as _;
use jiff::civil::Date;

pub use closure::{Closure, ClosureEffect};
pub use notation::{
    Expected, NotationError, TOKENS_MAX, YEARS, parse_date, parse_ends, parse_periods, parse_rules, plain,
};
pub use notation::{weekday_name, weekday_of};
pub use period::{DateRange, DayOfYear, Period, YearlyRange};
pub use recurrence::{OnHoliday, Recurrence, YEARS_AHEAD};
pub use rule::{MonthDay, Months, Nth, NthWorkingDay, Rule, Step};

/// The day so many days later, or earlier if there are fewer than none; the end of time if there is no such day.
#[must_use]
pub fn days_later(day: Date, days: i16) -> Date {
    day.saturating_add(days.days())
}

/// The days of a range, in order.
pub fn days_between(first: Date, last: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(first), |day| day.tomorrow().ok()).take_while(move |day| *day <= last)
}
