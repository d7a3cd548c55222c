//! Rules and what departs from them, and the days that they give. The order of it all heads the module above.

use std::ops::RangeInclusive;

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use super::closure::{Closure, ClosureEffect, covers, shifts};
use super::holidays::is_holiday;
use super::period::{DateRange, Period};
use super::rule::{Rule, WEEK_DAYS};
use super::{days_between, days_later};

/// The next day is looked for within so many years: there may be eight from one 29 February to the next.
pub const YEARS_AHEAD: usize = 9;
/// A day more than most years have.
const YEAR_DAYS: i16 = 366;

/// A day of a rule moves by at most so many days for a holiday, or a week for a closure after that.
const MOVES_MAX: i16 = OPEN_DAY_MAX + 7;
/// A day that is no holiday is looked for on so many days: three such days of the week.
const OPEN_DAY_MAX: i16 = 21;

/// Rules that name days, and what departs from them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Recurrence {
    /// The rules; each day that any of them names counts.
    pub rules: Vec<Rule>,
    /// Days that fall out.
    pub except: Vec<Period>,
    /// Days that are added, even in a closure.
    pub extra: Vec<Period>,
    /// What becomes of a day that is a national holiday.
    #[serde(default, skip_serializing_if = "OnHoliday::is_stay")]
    pub holidays: OnHoliday,
}

/// What becomes of a day of a rule that is a national holiday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum OnHoliday {
    /// Nothing: it is a day like any other (an empty cell).
    #[default]
    Stay,
    /// It falls out (`skip`).
    Skip,
    /// It moves to the next day that is no national holiday, whatever day of the week that is (`next`).
    Next,
    /// It moves to the last day before that is no national holiday, whatever day of the week that is (`previous`).
    Previous,
    /// It moves to the next such day after the holiday that is no national holiday itself (`土`).
    MoveTo(Weekday),
}

impl OnHoliday {
    /// Whether holidays are as any other day.
    #[must_use]
    pub fn is_stay(&self) -> bool {
        *self == Self::Stay
    }

    /// The day that takes the place of this one: itself if it is no holiday, `None` if there is none.
    fn instead_of(self, day: Date) -> Option<Date> {
        if self.is_stay() || !is_holiday(day) {
            return Some(day);
        }
        let mut later = (1..=OPEN_DAY_MAX).map(|days| days_later(day, days)).filter(|day| !is_holiday(*day));
        let mut earlier = (1..=OPEN_DAY_MAX).map(|days| days_later(day, -days)).filter(|day| !is_holiday(*day));
        match self {
            Self::Stay | Self::Skip => None,
            Self::Next => later.next(),
            Self::Previous => earlier.next(),
            Self::MoveTo(weekday) => later.find(|day| day.weekday() == weekday),
        }
    }
}

/// What becomes of a day that a rule names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It is on this day: its own, or the one to which it moved.
    On(Date),
    /// It falls out, as somebody said that it should.
    Out,
    /// It would move to this day, which is not open, and so falls out although nobody said so.
    Lost(Date),
}

impl From<Vec<Rule>> for Recurrence {
    fn from(rules: Vec<Rule>) -> Self {
        Self { rules, ..Self::default() }
    }
}

impl Recurrence {
    /// The days with these closures, in order.
    #[must_use]
    pub fn days(&self, closures: &[Closure], range: RangeInclusive<Date>) -> Vec<Date> {
        let (first, last) = range.into_inner();
        let Some(range) = DateRange::new(first, last) else { return Vec::new() };
        let mut days = Vec::new();
        for from in self.origins(closures, range) {
            for day in days_between(from.first(), from.last()) {
                days.extend(self.named(day).filter_map(|rule| match self.fate(rule, day, closures) {
                    Fate::On(day) => range.contains(day).then_some(day),
                    Fate::Out | Fate::Lost(_) => None,
                }));
            }
        }
        for extra in self.extra.iter().flat_map(|extra| extra.ranges(range)) {
            days.extend(days_between(extra.first().max(first), extra.last().min(last)));
        }
        days.sort_unstable();
        days.dedup();
        days
    }

    /// Whether it is on the day, with these closures.
    #[must_use]
    pub fn gives(&self, day: Date, closures: &[Closure]) -> bool {
        !self.days(closures, day..=day).is_empty()
    }

    /// The first day on or after `from`, without closures, within [`YEARS_AHEAD`].
    #[must_use]
    pub fn next(&self, from: Date) -> Option<Date> {
        let firsts = std::iter::successors(Some(from), |first| Some(days_later(*first, YEAR_DAYS)));
        let mut years = firsts.take(YEARS_AHEAD).map(|first| self.days(&[], first..=days_later(first, YEAR_DAYS - 1)));
        years.find_map(|days| days.first().copied())
    }

    /// The days of the range that rules name and that are lost: each with the day to which it would have moved.
    #[must_use]
    pub fn lost(&self, closures: &[Closure], range: RangeInclusive<Date>) -> Vec<(Date, Date)> {
        let (first, last) = range.into_inner();
        let told = |day: Date| {
            self.named(day).find_map(move |rule| match self.fate(rule, day, closures) {
                Fate::Lost(to) if !self.is_extra(to) => Some((day, to)),
                Fate::On(_) | Fate::Out | Fate::Lost(_) => None,
            })
        };
        days_between(first, last).filter_map(told).collect()
    }

    /// Whether it is ever on a day, as far as the rules say.
    #[must_use]
    pub fn is_ever(&self) -> bool {
        !self.rules.is_empty() || !self.extra.is_empty()
    }

    /// Whether any rule names a day of the range, be it one that falls out.
    #[must_use]
    pub fn names_any(&self, range: RangeInclusive<Date>) -> bool {
        let (first, last) = range.into_inner();
        days_between(first, last).any(|day| self.named(day).next().is_some())
    }

    /// Whether any rule names a day in every week of its months.
    #[must_use]
    pub fn is_weekly(&self) -> bool {
        self.rules.iter().any(|rule| rule.is_weekly())
    }

    /// Whether the day is one that falls out.
    fn is_excepted(&self, day: Date) -> bool {
        self.except.iter().any(|period| period.contains(day))
    }

    /// Whether the day is one that is added.
    fn is_extra(&self, day: Date) -> bool {
        self.extra.iter().any(|period| period.contains(day))
    }

    fn named(&self, day: Date) -> impl Iterator<Item = Rule> {
        self.rules.iter().copied().filter(move |rule| rule.names(day))
    }

    /// The ranges from whose days something can come to lie in `range`. They may overlap.
    fn origins(&self, closures: &[Closure], range: DateRange) -> Vec<DateRange> {
        if self.holidays.is_stay() && closures.is_empty() {
            return vec![range];
        }
        let wider =
            |range: DateRange, by: i16| DateRange::new(days_later(range.first(), -by), days_later(range.last(), by));
        // From further away only a named day is reached, by less than a year.
        let far = wider(range, YEAR_DAYS);
        let from_closures = closures.iter().filter(|closure| matches!(closure.effect, ClosureEffect::MoveTo(_)));
        let from_closures = from_closures.flat_map(|closure| {
            let closed = far.into_iter().flat_map(|far| closure.days.ranges(far));
            closed.filter(|days| closure.moved_to(*days).is_some_and(|day| range.contains(day)))
        });
        std::iter::once(range).chain(from_closures).filter_map(|range| wider(range, MOVES_MAX)).collect()
    }

    /// What becomes of the day that the rule names.
    fn fate(&self, rule: Rule, day: Date, closures: &[Closure]) -> Fate {
        if self.is_excepted(day) {
            return Fate::Out;
        }
        if matches!(rule, Rule::On(_)) {
            return Fate::On(day);
        }
        let Some(kept) = self.holidays.instead_of(day) else { return Fate::Out };
        let moved = match closing(rule, day, kept, closures) {
            Closing::Stays if kept == day => return Fate::On(day),
            // Only what has not moved yet falls out as somebody said.
            Closing::Skips if kept == day => return Fate::Out,
            Closing::Skips => return Fate::Lost(kept),
            Closing::LeavesMonth(to) => return Fate::Lost(to),
            Closing::Stays => kept,
            Closing::Moves(to) => to,
        };
        if self.is_open(moved, closures) { Fate::On(moved) } else { Fate::Lost(moved) }
    }

    fn is_open(&self, day: Date, closures: &[Closure]) -> bool {
        !covers(closures, day) && !self.is_excepted(day) && (self.holidays.is_stay() || !is_holiday(day))
    }
}

/// What the closures do.
enum Closing {
    Stays,
    Skips,
    Moves(Date),
    LeavesMonth(Date),
}

/// What the closures do with the day of a rule that is on `kept` by now.
fn closing(rule: Rule, day: Date, kept: Date, closures: &[Closure]) -> Closing {
    let mut moved_to = None;
    let mut shifted = false;
    for closure in closures {
        let Some(days) = closure.around(kept) else { continue };
        match closure.effect {
            ClosureEffect::Skip => return Closing::Skips,
            ClosureEffect::MoveTo(_) => moved_to = moved_to.or_else(|| closure.moved_to(days)),
            ClosureEffect::ShiftWeek => shifted = true,
        }
    }
    let a_week_later = days_later(kept, WEEK_DAYS.into());
    let of_month = matches!(rule, Rule::NthWeekday { .. });
    if let Some(day) = moved_to {
        Closing::Moves(day)
    } else if shifted && rule.is_weekly() {
        Closing::Skips
    } else if shifted || (of_month && kept == day && gives_way(day, closures)) {
        let leaves_month = of_month && a_week_later.month() != day.month();
        if leaves_month { Closing::LeavesMonth(a_week_later) } else { Closing::Moves(a_week_later) }
    } else {
        Closing::Stays
    }
}

/// Whether a day of the month before this one, of the same day of the week, is shifted by a week, so that this one is as well.
fn gives_way(day: Date, closures: &[Closure]) -> bool {
    let weeks_before = (day.day() - 1) / WEEK_DAYS;
    (1..=weeks_before).any(|weeks| shifts(closures, days_later(day, i16::from(-weeks * WEEK_DAYS))))
}
