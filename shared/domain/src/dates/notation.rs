//! The compact notation in which a town's files say days: `月 木`, `水2:4-9`, `隔週火@2026-04-07`, `平日1`, `毎月末日` ...
//!
//! It reads full-width digits, signs and spaces too; it prints the one plain form, which reads as the same days again.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Weekday};
use unicode_normalization::UnicodeNormalization as _;

use super::period::{DateRange, DayOfYear, Period, YearlyRange};
use super::recurrence::OnHoliday;
use super::rule::{MonthDay, Months, Nth, NthWorkingDay, Rule, Step};

/// A cell holds at most this many tokens.
pub const TOKENS_MAX: usize = 200;
/// Dates are in these years.
pub const YEARS: std::ops::RangeInclusive<i16> = 2000..=2199;

/// Begins the rule for every week day by day (`毎日`).
const DAILY: &str = "毎日";
/// Begins the rules about working days.
const WORKING_DAY: &str = "平日";
/// Begins the rule for the last such day of a month.
const LAST: &str = "最終";
/// Begins the rule for every second week.
const EVERY_OTHER_WEEK: &str = "隔週";
/// Begins the rules for a day of the month.
const MONTHLY: &str = "毎月";
/// Follows the number of days in the rule for every so many days.
const EVERY_DAYS: &str = "日ごと";
/// The end of a month.
const END: &str = "末";

const WEEKDAYS: [(char, Weekday); 7] = [
    ('月', Weekday::Monday),
    ('火', Weekday::Tuesday),
    ('水', Weekday::Wednesday),
    ('木', Weekday::Thursday),
    ('金', Weekday::Friday),
    ('土', Weekday::Saturday),
    ('日', Weekday::Sunday),
];

/// A part of a cell that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{token}`: {expected}")]
pub struct NotationError {
    /// The part, with full-width digits and signs made plain.
    pub token: String,
    /// What should be there.
    pub expected: Expected,
}

/// What should be there instead of what was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Expected {
    /// One of the forms of a rule.
    #[error(
        "expected a rule such as 毎日, 平日, 月, 水2, 水2:4-9, 最終水, 平日1, 平日末, 隔週火@2026-04-07, 3日ごと@2026-04-01, 毎月15日, 毎月末日 or 2026-12-28"
    )]
    Rule,
    /// A number from 1 to 5 after the day of the week.
    #[error("expected 1 to 5 after the day of the week")]
    Nth,
    /// A number from 1 to 23 after `平日`.
    #[error("expected 1 to 23, or 末, after 平日")]
    NthWorkingDay,
    /// A number from 1 to 366 before `日ごと`.
    #[error("expected 1 to 366 before 日ごと")]
    Step,
    /// Months, as `4-9` or `4,5,8`.
    #[error("expected months from 1 to 12, as 4-9 or 4,5,8")]
    Months,
    /// A date that exists, as `2026-12-28`.
    #[error("expected a date that exists, as 2026-12-28")]
    Date,
    /// A day that one of the months has.
    #[error("expected a day that one of the months has")]
    DayOfMonth,
    /// A first day that is on the day of the week that was named.
    #[error("expected a first day on the named day of the week; the date is on {}", weekday_name(*.0))]
    StartOn(Weekday),
    /// A day of any year that exists, as `01-04`.
    #[error("expected a day of the year, as 01-04")]
    DayOfYear,
    /// What to do on holidays.
    #[error("expected nothing, skip, next, previous or a day of the week")]
    OnHoliday,
    /// A range that ends after it begins.
    #[error("expected a range that ends on or after the day it begins, as 2026-12-29..2027-01-03")]
    Range,
    /// Fewer tokens.
    #[error("expected at most {TOKENS_MAX} parts in one cell")]
    Fewer,
}

/// The sign of a day of the week: 月 for Monday.
#[must_use]
pub fn weekday_name(weekday: Weekday) -> char {
    WEEKDAYS.iter().find(|(_, day)| *day == weekday).map_or('日', |(name, _)| *name)
}

/// The day of the week of a sign: Monday for 月.
#[must_use]
pub fn weekday_of(name: char) -> Option<Weekday> {
    WEEKDAYS.iter().find(|(sign, _)| *sign == name).map(|(_, weekday)| *weekday)
}

/// Makes full-width letters, digits, signs and spaces plain.
#[must_use]
pub fn plain(text: &str) -> String {
    text.nfkc()
        .map(|sign| match sign {
            '〜' => '~',
            '、' => ',',
            '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
            other => other,
        })
        .collect()
}

/// Reads rules separated by spaces; an empty cell holds none.
pub fn parse_rules(cell: &str) -> Result<Vec<Rule>, NotationError> {
    parse_all(cell, parse_rule)
}

/// Reads days and ranges `a..b` separated by spaces, those with a year (`2026-12-28`) and those of every year (`12-28`).
pub fn parse_periods(cell: &str) -> Result<Vec<Period>, NotationError> {
    parse_all(cell, parse_period)
}

fn parse_all<T>(cell: &str, parse: fn(&str) -> Result<T, Expected>) -> Result<Vec<T>, NotationError> {
    let cell = plain(cell);
    if cell.split_whitespace().nth(TOKENS_MAX).is_some() {
        return Err(NotationError { token: "…".to_owned(), expected: Expected::Fewer });
    }
    cell.split_whitespace()
        .map(|token| parse(token).map_err(|expected| NotationError { token: token.to_owned(), expected }))
        .collect()
}

/// Reads a date as `2026-12-28`, `2026/12/28`, `2026/4/7` or `20261228`.
pub fn parse_date(text: &str) -> Result<Date, Expected> {
    let text = plain(text);
    let parts: [&str; 3] = if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        [&text[..4], &text[4..6], &text[6..]]
    } else {
        let sign = if text.contains('/') { '/' } else { '-' };
        let mut parts = text.split(sign);
        let three = [parts.next(), parts.next(), parts.next()].map(Option::unwrap_or_default);
        if parts.next().is_some() {
            return Err(Expected::Date);
        }
        three
    };
    let [year, month, day] = parts.map(number);
    let (Some(year), Some(month), Some(day)) = (year, month, day) else { return Err(Expected::Date) };
    if !YEARS.contains(&year) {
        return Err(Expected::Date);
    }
    let (Ok(month), Ok(day)) = (i8::try_from(month), i8::try_from(day)) else { return Err(Expected::Date) };
    Date::new(year, month, day).map_err(|_| Expected::Date)
}

/// A short number of plain digits only: `parse` alone would take a sign.
fn number(text: &str) -> Option<i16> {
    if text.len() > 4 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

fn small(text: &str) -> Option<i8> {
    number(text).and_then(|number| i8::try_from(number).ok())
}

/// The two ends of `a..b`; a single day is both.
fn ends(token: &str) -> (&str, &str) {
    token.split_once("..").or_else(|| token.split_once('~')).unwrap_or((token, token))
}

fn parse_range(token: &str) -> Result<DateRange, Expected> {
    let (first, last) = ends(token);
    DateRange::new(parse_date(first)?, parse_date(last)?).ok_or(Expected::Range)
}

fn parse_day_of_year(text: &str) -> Result<DayOfYear, Expected> {
    let (month, day) = text.split_once(['-', '/']).ok_or(Expected::DayOfYear)?;
    let day = small(month).zip(small(day)).and_then(|(month, day)| DayOfYear::new(month, day));
    day.ok_or(Expected::DayOfYear)
}

fn parse_period(token: &str) -> Result<Period, Expected> {
    let (first, last) = ends(token);
    parse_ends(first, last)
}

/// Reads a first and a last day: two without a year are of every year.
pub fn parse_ends(first: &str, last: &str) -> Result<Period, Expected> {
    match (first.parse(), last.parse()) {
        (Ok(first), Ok(last)) => Ok(Period::Yearly(YearlyRange { first, last })),
        (_, _) => DateRange::new(parse_date(first)?, parse_date(last)?).map(Period::Once).ok_or(Expected::Range),
    }
}

fn parse_on_holiday(text: &str) -> Result<OnHoliday, Expected> {
    let named = |text| weekday(text).filter(|(_, rest)| rest.is_empty()).map(|(weekday, _)| OnHoliday::MoveTo(weekday));
    match text {
        "" => Ok(OnHoliday::Stay),
        "skip" => Ok(OnHoliday::Skip),
        "next" => Ok(OnHoliday::Next),
        "previous" => Ok(OnHoliday::Previous),
        text => named(text).ok_or(Expected::OnHoliday),
    }
}

/// The day of the week with which a text begins (`水`, `水曜`, `水曜日`), and the rest.
fn weekday(text: &str) -> Option<(Weekday, &str)> {
    let mut signs = text.chars();
    let weekday = signs.next().and_then(weekday_of)?;
    let rest = signs.as_str();
    Some((weekday, rest.strip_prefix("曜日").or_else(|| rest.strip_prefix('曜')).unwrap_or(rest)))
}

fn parse_rule(token: &str) -> Result<Rule, Expected> {
    let (days, months) = match token.split_once(':') {
        Some((days, months)) => (days, parse_months(months)?),
        None => (token, Months::ALL),
    };
    if let Some((step, rest)) = days.split_once(EVERY_DAYS) {
        return every_days(step, rest, months);
    }
    if token.starts_with(|sign: char| sign.is_ascii_digit()) {
        return parse_date(token).map(Rule::On);
    }
    if days == DAILY {
        return Ok(Rule::Daily { months });
    }
    if let Some(rest) = days.strip_prefix(WORKING_DAY) {
        return working_days(rest, months);
    }
    if let Some(rest) = days.strip_prefix(EVERY_OTHER_WEEK) {
        return every_other_week(rest, months);
    }
    if let Some(rest) = days.strip_prefix(MONTHLY) {
        return monthly(rest, months);
    }
    if let Some(rest) = days.strip_prefix(LAST) {
        let (weekday, rest) = weekday(rest).ok_or(Expected::Rule)?;
        return rest.is_empty().then_some(Rule::LastWeekday { weekday, months }).ok_or(Expected::Rule);
    }
    let (weekday, rest) = weekday(days).ok_or(Expected::Rule)?;
    if rest.is_empty() {
        return Ok(Rule::Weekly { weekday, months });
    }
    let nth = small(rest).and_then(Nth::new).ok_or(Expected::Nth)?;
    Ok(Rule::NthWeekday { nth, weekday, months })
}

fn working_days(rest: &str, months: Months) -> Result<Rule, Expected> {
    match rest {
        "" => Ok(Rule::WorkingDays { months }),
        END => Ok(Rule::LastWorkingDay { months }),
        rest => {
            let nth = small(rest).and_then(NthWorkingDay::new).ok_or(Expected::NthWorkingDay)?;
            Ok(Rule::NthWorkingDay { nth, months })
        }
    }
}

fn every_days(step: &str, rest: &str, months: Months) -> Result<Rule, Expected> {
    let step = number(step).and_then(Step::new).ok_or(Expected::Step)?;
    let start = parse_date(rest.strip_prefix('@').ok_or(Expected::Rule)?)?;
    Ok(Rule::EveryDays { step, start, months })
}

fn every_other_week(rest: &str, months: Months) -> Result<Rule, Expected> {
    let (named, start) = rest.split_once('@').ok_or(Expected::Rule)?;
    let (weekday, rest) = weekday(named).ok_or(Expected::Rule)?;
    if !rest.is_empty() {
        return Err(Expected::Rule);
    }
    let start = parse_date(start)?;
    if start.weekday() != weekday {
        return Err(Expected::StartOn(start.weekday()));
    }
    Ok(Rule::EveryOtherWeek { start, months })
}

fn monthly(rest: &str, months: Months) -> Result<Rule, Expected> {
    let day = rest.strip_suffix('日').ok_or(Expected::Rule)?;
    if day == END {
        return Ok(Rule::MonthEnd { months });
    }
    let day = small(day).ok_or(Expected::Rule)?;
    MonthDay::new(day, months).map(Rule::MonthDay).ok_or(Expected::DayOfMonth)
}

/// Reads months as `4-9`, `4,5,8` or `11-3` (over the turn of the year).
fn parse_months(text: &str) -> Result<Months, Expected> {
    let mut numbers = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once(['-', '~']).unwrap_or((part, part));
        let month = |text| small(text).filter(|month| (1..=12).contains(month)).ok_or(Expected::Months);
        let (first, last) = (month(first)?, month(last)?);
        let last = if last < first { last + 12 } else { last };
        numbers.extend((first..=last).map(|month| (month - 1) % 12 + 1));
    }
    Months::new(numbers).ok_or(Expected::Months)
}

impl fmt::Display for Months {
    /// Nothing for all months, otherwise `:4-9`, `:4,5,8`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::ALL {
            return Ok(());
        }
        let has = |month: i8| self.numbers().any(|number| number == month);
        let mut sign = ':';
        let mut first = 1;
        while first <= 12 {
            let run = (first..=12).take_while(|month| has(*month)).count();
            let Some(last) = i8::try_from(run).ok().filter(|run| *run > 0).map(|run| first + run - 1) else {
                first += 1;
                continue;
            };
            if first == last {
                write!(f, "{sign}{first}")?;
            } else {
                write!(f, "{sign}{first}-{last}")?;
            }
            sign = ',';
            first = last + 1;
        }
        Ok(())
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Daily { months } => write!(f, "{DAILY}{months}"),
            Self::WorkingDays { months } => write!(f, "{WORKING_DAY}{months}"),
            Self::Weekly { weekday, months } => write!(f, "{}{months}", weekday_name(*weekday)),
            Self::NthWeekday { nth, weekday, months } => {
                write!(f, "{}{}{months}", weekday_name(*weekday), nth.number())
            }
            Self::LastWeekday { weekday, months } => write!(f, "{LAST}{}{months}", weekday_name(*weekday)),
            Self::NthWorkingDay { nth, months } => write!(f, "{WORKING_DAY}{}{months}", nth.number()),
            Self::LastWorkingDay { months } => write!(f, "{WORKING_DAY}{END}{months}"),
            Self::EveryOtherWeek { start, months } => {
                write!(f, "{EVERY_OTHER_WEEK}{}@{start}{months}", weekday_name(start.weekday()))
            }
            Self::EveryDays { step, start, months } => write!(f, "{}{EVERY_DAYS}@{start}{months}", step.days()),
            Self::MonthDay(rule) => write!(f, "{MONTHLY}{}日{}", rule.day(), rule.months()),
            Self::MonthEnd { months } => write!(f, "{MONTHLY}{END}日{months}"),
            Self::On(date) => write!(f, "{date}"),
        }
    }
}

/// A range, or its one day.
fn write_range<T: fmt::Display + PartialEq>(f: &mut fmt::Formatter<'_>, first: &T, last: &T) -> fmt::Result {
    if first == last { write!(f, "{first}") } else { write!(f, "{first}..{last}") }
}

impl fmt::Display for DateRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_range(f, &self.first(), &self.last())
    }
}

impl fmt::Display for DayOfYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.month(), self.day())
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Once(range) => write!(f, "{range}"),
            Self::Yearly(range) => write_range(f, &range.first, &range.last),
        }
    }
}

impl fmt::Display for OnHoliday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stay => Ok(()),
            Self::Skip => f.write_str("skip"),
            Self::Next => f.write_str("next"),
            Self::Previous => f.write_str("previous"),
            Self::MoveTo(weekday) => write!(f, "{}", weekday_name(*weekday)),
        }
    }
}

macro_rules! as_text {
    ($($name:ident: $parse:ident),+) => {$(
        impl FromStr for $name {
            type Err = NotationError;

            fn from_str(text: &str) -> Result<Self, NotationError> {
                let token = plain(text);
                $parse(&token).map_err(|expected| NotationError { token, expected })
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotationError;

            fn try_from(text: String) -> Result<Self, NotationError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.to_string()
            }
        }
    )+};
}

as_text!(
    Rule: parse_rule,
    DateRange: parse_range,
    DayOfYear: parse_day_of_year,
    Period: parse_period,
    OnHoliday: parse_on_holiday
);
