//! The fields of when a rule is due: a way to name dates, what departs from it, a time.
//!
//! A way is chosen by a plain submit button named [`DO`](super::super::broadcasts::audience::DO), so it works without scripts; only
//! its own fields are shown then. What the ways cannot say stands in the notation of the collection calendar.

use domain::dates::{
    Expected, Months, OnHoliday, Recurrence, Rule, parse_date, parse_periods, parse_rules, weekday_name,
};
use domain::reminder::schedule::Schedule;
use domain::time::time_of_day;
use jiff::civil::{Date, Weekday};
use maud::{Markup, html};

use super::super::broadcasts::audience::{DO, Pressed};
use crate::kit::{self, ButtonKind, Choice, Errors, Field, InputKind};
use crate::web::fields::Fields;
use crate::words::reminders as words;

/// The button that shows the fields of the way that is chosen.
const SHOW_HOW: &str = "show-how";
const HOW: &str = "rule-how";
const NEW_HOW: &str = "rule-new-how";
const DATE: &str = "rule-date";
const WEEKDAYS: &str = "rule-weekdays";
const WEEKDAY: &str = "rule-weekday";
const NTH: &str = "rule-nth";
const STEP: &str = "rule-step";
const START: &str = "rule-start";
const DAY: &str = "rule-day";
const NOTATION: &str = "rule-notation";
const MONTHS: &str = "rule-months";
const HOLIDAYS: &str = "rule-holidays";
const EXCEPT: &str = "rule-except";
const EXTRA: &str = "rule-extra";
const TIME: &str = "rule-time";
const FROM: &str = "rule-from";
/// The last of a month.
const LAST: &str = "last";
/// How staff type the last working day.
const LAST_WORKING_DAY: &str = "末";
const TWO_WEEKS: &str = "14";

/// What is typed, sound or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ScheduleForm {
    how: &'static str,
    date: String,
    weekdays: Vec<String>,
    weekday: String,
    nth: String,
    step: String,
    start: String,
    day: String,
    notation: String,
    months: Vec<String>,
    holidays: String,
    except: String,
    extra: String,
    time: String,
    from: String,
}

impl ScheduleForm {
    /// An empty one, from this day on.
    pub(super) fn new(today: Date) -> Self {
        Self {
            how: "weekly",
            date: String::new(),
            weekdays: Vec::new(),
            weekday: String::new(),
            nth: String::new(),
            step: String::new(),
            start: String::new(),
            day: String::new(),
            notation: String::new(),
            months: Vec::new(),
            holidays: String::new(),
            except: String::new(),
            extra: String::new(),
            time: "10:00".to_owned(),
            from: today.to_string(),
        }
    }

    /// The form of a schedule.
    pub(super) fn of(schedule: &Schedule) -> Self {
        let dates = &schedule.dates;
        let periods =
            |periods: &[domain::dates::Period]| periods.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let form = Self {
            holidays: dates.holidays.to_string(),
            except: periods(&dates.except),
            extra: periods(&dates.extra),
            time: format!("{:02}:{:02}", schedule.time.hour(), schedule.time.minute()),
            ..Self::new(schedule.from)
        };
        // One date has no fields for what departs from it.
        let is_plain = dates.except.is_empty() && dates.extra.is_empty() && dates.holidays == OnHoliday::Stay;
        match dates.rules.as_slice() {
            [Rule::On(date)] if is_plain => Self { how: "once", date: date.to_string(), ..form },
            rules => form.with_rules(rules),
        }
    }

    fn with_rules(self, rules: &[Rule]) -> Self {
        let sign = |weekday: Weekday| weekday_name(weekday).to_string();
        if let Some((weekdays, months)) = all_weekly(rules) {
            let weekdays = weekdays.into_iter().map(sign).collect();
            return Self { how: "weekly", weekdays, ..self }.in_months(months);
        }
        match *rules {
            [Rule::Daily { months }] => Self { how: "daily", ..self }.in_months(months),
            [Rule::WorkingDays { months }] => Self { how: "working-days", ..self }.in_months(months),
            [Rule::NthWeekday { nth, weekday, months }] => {
                let (nth, weekday) = (nth.number().to_string(), sign(weekday));
                Self { how: "nth-weekday", nth, weekday, ..self }.in_months(months)
            }
            [Rule::LastWeekday { weekday, months }] => {
                Self { how: "nth-weekday", nth: LAST.to_owned(), weekday: sign(weekday), ..self }.in_months(months)
            }
            [Rule::NthWorkingDay { nth, months }] => {
                Self { how: "nth-working-day", nth: nth.number().to_string(), ..self }.in_months(months)
            }
            [Rule::LastWorkingDay { months }] => {
                Self { how: "nth-working-day", nth: LAST_WORKING_DAY.to_owned(), ..self }.in_months(months)
            }
            [Rule::EveryDays { step, start, months }] => {
                let (step, start) = (step.days().to_string(), start.to_string());
                Self { how: "every-days", step, start, ..self }.in_months(months)
            }
            [Rule::EveryOtherWeek { start, months }] => {
                let (step, start) = (TWO_WEEKS.to_owned(), start.to_string());
                Self { how: "every-days", step, start, ..self }.in_months(months)
            }
            [Rule::MonthDay(rule)] => {
                Self { how: "month-day", day: rule.day().to_string(), ..self }.in_months(rule.months())
            }
            [Rule::MonthEnd { months }] => Self { how: "month-end", ..self }.in_months(months),
            _ => {
                let notation = rules.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
                Self { how: "notation", notation, ..self }
            }
        }
    }

    fn in_months(self, months: Months) -> Self {
        let all = months == Months::ALL;
        let months = months.numbers().filter(|_| !all).map(|month| month.to_string()).collect();
        Self { months, ..self }
    }

    /// What was typed.
    pub(super) fn read(typed: &Fields) -> Self {
        let text = |name: &str| typed.text(name).to_owned();
        let all = |name: &str| typed.all(name).map(str::to_owned).collect();
        Self {
            how: way(typed.text(HOW)).unwrap_or("weekly"),
            date: text(DATE),
            weekdays: all(WEEKDAYS),
            weekday: text(WEEKDAY),
            nth: text(NTH),
            step: text(STEP),
            start: text(START),
            day: text(DAY),
            notation: text(NOTATION),
            months: all(MONTHS),
            holidays: text(HOLIDAYS),
            except: text(EXCEPT),
            extra: text(EXTRA),
            time: text(TIME),
            from: text(FROM),
        }
    }

    /// Does what the pressed button says, if it is the one of the form.
    pub(super) fn press(&mut self, typed: &Fields) -> Pressed {
        if typed.text(DO) != SHOW_HOW {
            return Pressed::Others;
        }
        self.how = way(typed.text(NEW_HOW)).unwrap_or(self.how);
        Pressed::Ours
    }

    /// The schedule that it describes; what is wrong goes to the errors.
    pub(super) fn schedule(&self, errors: &mut Errors) -> Option<Schedule> {
        let rules = self.rules().map_err(|(field, label, text)| errors.add_labelled(field, label, text)).ok();
        let holidays = self.holidays.parse::<OnHoliday>().ok();
        if holidays.is_none() {
            errors.add_labelled(HOLIDAYS, words::HOLIDAYS, words::CHOOSE);
        }
        let mut periods = |name: &'static str, label, typed: &str| {
            let read = parse_periods(typed).ok();
            if read.is_none() {
                errors.add_labelled(name, label, words::UNREADABLE);
            }
            read
        };
        let except = periods(EXCEPT, words::EXCEPT, &self.except);
        let extra = periods(EXTRA, words::EXTRA, &self.extra);
        let time = time_of_day(&self.time);
        if time.is_none() {
            errors.add_labelled(TIME, words::TIME, words::NO_TIME);
        }
        let from = parse_date(&self.from).ok();
        if from.is_none() {
            errors.add_labelled(FROM, words::FROM, words::NO_DATE);
        }
        let dates = Recurrence { rules: rules?, except: except?, extra: extra?, holidays: holidays? };
        Some(Schedule { dates, time: time?, from: from? })
    }

    /// The rules that the chosen way and its fields name.
    fn rules(&self) -> Result<Vec<Rule>, Wrong> {
        let months = if self.months.is_empty() { String::new() } else { format!(":{}", self.months.join(",")) };
        let said = match self.how {
            "once" => {
                let date = parse_date(&self.date).map_err(|_| (DATE, words::DATE, words::NO_DATE))?;
                return Ok(vec![Rule::On(date)]);
            }
            "daily" => format!("毎日{months}"),
            "working-days" => format!("平日{months}"),
            "month-end" => format!("毎月末日{months}"),
            "month-day" => format!("毎月{}日{months}", digits(DAY, words::MONTH_DAY, &self.day)?),
            "every-days" => {
                let start = parse_date(&self.start).map_err(|_| (START, words::START, words::NO_DATE))?;
                format!("{}日ごと@{start}{months}", digits(STEP, words::STEP, &self.step)?)
            }
            "nth-weekday" => {
                let weekday = one_sign(&self.weekday).ok_or((WEEKDAY, words::WEEKDAY, words::CHOOSE))?;
                match self.nth.as_str() {
                    "" => return Err((NTH, words::NTH, words::CHOOSE)),
                    LAST => format!("最終{weekday}{months}"),
                    nth => format!("{weekday}{nth}{months}"),
                }
            }
            // Without a number it would be every working day.
            "nth-working-day" if self.nth.is_empty() => return Err((NTH, words::NTH_WORKING_DAY, words::UNREADABLE)),
            "nth-working-day" => format!("平日{}{months}", self.nth),
            "notation" => self.notation.clone(),
            _ if self.weekdays.is_empty() => return Err((WEEKDAYS, words::WEEKDAYS, words::CHOOSE)),
            _ => {
                let each = self.weekdays.iter().map(|weekday| one_sign(weekday).map(|sign| format!("{sign}{months}")));
                let each: Option<Vec<String>> = each.collect();
                each.ok_or((WEEKDAYS, words::WEEKDAYS, words::CHOOSE))?.join(" ")
            }
        };
        let rules = parse_rules(&said).map_err(|error| self.unreadable(error.expected))?;
        if rules.is_empty() { Err(self.unreadable(Expected::Rule)) } else { Ok(rules) }
    }

    /// Where what cannot be read stands.
    fn unreadable(&self, expected: Expected) -> Wrong {
        match (self.how, expected) {
            (_, Expected::Months) if self.how != "notation" => (MONTHS, words::MONTHS, words::CHOOSE),
            ("month-day", Expected::DayOfMonth) => (DAY, words::MONTH_DAY, words::NO_SUCH_DAY),
            ("month-day", _) => (DAY, words::MONTH_DAY, words::NUMBER),
            ("every-days", _) => (STEP, words::STEP, words::NUMBER),
            ("nth-weekday", _) => (NTH, words::NTH, words::CHOOSE),
            ("nth-working-day", _) => (NTH, words::NTH_WORKING_DAY, words::UNREADABLE),
            _ => (NOTATION, words::NOTATION, words::UNREADABLE),
        }
    }

    /// The fields.
    pub(super) fn fields(&self, errors: &Errors) -> Markup {
        let ways = words::WAYS.map(|(value, label)| Choice::new(value, label));
        let on_holiday = words::ON_HOLIDAY.map(|(value, label)| Choice::new(value, label));
        let text = |name, label, value: &str| Field::new(name, label).value(value.to_owned()).error(errors.of(name));
        html! {
            (kit::hidden(HOW, self.how))
            (kit::select(&text(NEW_HOW, words::HOW, self.how), &ways))
            (kit::submit_named(ButtonKind::Secondary, words::SHOW_HOW, DO, SHOW_HOW))
            (self.fields_of_way(errors))
            (kit::input(InputKind::Time, &text(TIME, words::TIME, &self.time).hint(words::TIME_HINT).required()))
            (kit::input(InputKind::Date, &text(FROM, words::FROM, &self.from).required()))
            @if self.how != "once" {
                (kit::radios(&text(HOLIDAYS, words::HOLIDAYS, &self.holidays), &self.holiday_choices(&on_holiday)))
                (kit::text(&text(EXCEPT, words::EXCEPT, &self.except).hint(words::PERIODS_HINT).autocomplete("off")))
                (kit::text(&text(EXTRA, words::EXTRA, &self.extra).hint(words::PERIODS_HINT).autocomplete("off")))
            }
        }
    }

    /// What can be done on holidays; a choice that only the notation has stays.
    fn holiday_choices<'a>(&'a self, known: &[Choice<'a>]) -> Vec<Choice<'a>> {
        let mut choices = known.to_vec();
        if !choices.iter().any(|choice| choice.value == self.holidays) {
            choices.push(Choice::new(&self.holidays, &self.holidays));
        }
        choices
    }

    fn fields_of_way(&self, errors: &Errors) -> Markup {
        let text = |name, label, value: &str| Field::new(name, label).value(value.to_owned()).error(errors.of(name));
        let signs: Vec<String> =
            Weekday::Sunday.cycle_forward().take(7).map(|day| weekday_name(day).to_string()).collect();
        let weekdays: Vec<Choice<'_>> = signs.iter().map(|sign| Choice::new(sign, sign)).collect();
        let nths = words::NTHS.map(|(value, label)| Choice::new(value, label));
        let own = match self.how {
            "once" => kit::input(InputKind::Date, &text(DATE, words::DATE, &self.date).required()),
            "weekly" => {
                let field = Field::new(WEEKDAYS, words::WEEKDAYS).error(errors.of(WEEKDAYS));
                html! { div.many { (kit::checkboxes(&field, &weekdays, &self.weekdays)) } }
            }
            "every-days" => html! {
                (kit::input(InputKind::Digits, &text(STEP, words::STEP, &self.step).required()))
                (kit::input(InputKind::Date, &text(START, words::START, &self.start).required()))
            },
            "nth-weekday" => html! {
                (kit::select(&text(NTH, words::NTH, &self.nth).required(), &nths))
                (kit::select(&text(WEEKDAY, words::WEEKDAY, &self.weekday).required(), &weekdays))
            },
            "month-day" => kit::input(InputKind::Digits, &text(DAY, words::MONTH_DAY, &self.day).required()),
            "nth-working-day" => kit::text(
                &text(NTH, words::NTH_WORKING_DAY, &self.nth)
                    .hint(words::NTH_WORKING_DAY_HINT)
                    .required()
                    .autocomplete("off"),
            ),
            "notation" => kit::text(
                &text(NOTATION, words::NOTATION, &self.notation)
                    .hint(words::NOTATION_HINT)
                    .required()
                    .autocomplete("off"),
            ),
            _ => html! {},
        };
        let numbers: Vec<(String, String)> = (1..=12).map(|month| (month.to_string(), format!("{month}月"))).collect();
        let months: Vec<Choice<'_>> = numbers.iter().map(|(value, label)| Choice::new(value, label)).collect();
        html! {
            (own)
            @if !matches!(self.how, "once" | "notation") {
                div.many { (kit::checkboxes(&Field::new(MONTHS, words::MONTHS).error(errors.of(MONTHS)), &months, &self.months)) }
            }
        }
    }
}

/// The field where something is wrong, its label, and what.
type Wrong = (&'static str, &'static str, &'static str);

fn way(value: &str) -> Option<&'static str> {
    words::WAYS.iter().map(|(way, _)| *way).find(|way| *way == value)
}

/// A number as it was typed, in plain digits.
fn digits(field: &'static str, label: &'static str, typed: &str) -> Result<String, Wrong> {
    let plain = domain::text::fold(typed);
    let is_number = !plain.is_empty() && plain.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { Ok(plain) } else { Err((field, label, words::NUMBER)) }
}

/// A day of the week, if it is one and nothing else.
fn one_sign(typed: &str) -> Option<&str> {
    let mut signs = typed.chars();
    let is_one = signs.next().and_then(domain::dates::weekday_of).is_some() && signs.next().is_none();
    is_one.then_some(typed)
}

/// The days of the week, if all rules are weekly ones in the same months.
fn all_weekly(rules: &[Rule]) -> Option<(Vec<Weekday>, Months)> {
    let weekly = |rule: &Rule| match *rule {
        Rule::Weekly { weekday, months } => Some((weekday, months)),
        Rule::Daily { .. }
        | Rule::WorkingDays { .. }
        | Rule::NthWeekday { .. }
        | Rule::LastWeekday { .. }
        | Rule::NthWorkingDay { .. }
        | Rule::LastWorkingDay { .. }
        | Rule::EveryOtherWeek { .. }
        | Rule::EveryDays { .. }
        | Rule::MonthDay(_)
        | Rule::MonthEnd { .. }
        | Rule::On(_) => None,
    };
    let found: Vec<(Weekday, Months)> = rules.iter().map(weekly).collect::<Option<_>>()?;
    let (_, months) = *found.first()?;
    found.iter().all(|(_, other)| *other == months).then(|| (found.iter().map(|(day, _)| *day).collect(), months))
}

#[cfg(test)]
mod tests;
