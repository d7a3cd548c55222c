//! An independent slow reading of collection days: from the text of the cells, day by day, with nothing of ours but dates.
//!
//! It shares no code with `domain::dates`, so that a mistake has to be made twice to go unnoticed: it cuts the notation itself,
//! walks every month of every year from its first day to its last, and has its holidays from a list.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday, date};

/// The cells of a line of `calendar.csv`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line {
    pub(crate) when: String,
    pub(crate) except: String,
    pub(crate) extra: String,
    pub(crate) holidays: String,
}

/// The cells of a line of `closures.csv`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Closing {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) effect: String,
    pub(crate) moved_to: String,
}

/// The holidays of the years that are tested, as the Cabinet Office lists them (2028 and 2029: as the law gives them).
const HOLIDAYS: [(i16, &str); 4] = [
    (2026, "1/1 1/12 2/11 2/23 3/20 4/29 5/3 5/4 5/5 5/6 7/20 8/11 9/21 9/22 9/23 10/12 11/3 11/23"),
    (2027, "1/1 1/11 2/11 2/23 3/21 3/22 4/29 5/3 5/4 5/5 7/19 8/11 9/20 9/23 10/11 11/3 11/23"),
    (2028, "1/1 1/10 2/11 2/23 3/20 4/29 5/3 5/4 5/5 7/17 8/11 9/18 9/22 10/9 11/3 11/23"),
    (2029, "1/1 1/8 2/11 2/12 2/23 3/20 4/29 4/30 5/3 5/4 5/5 7/16 8/11 9/17 9/23 9/24 10/8 11/3 11/23"),
];

/// A day that a rule names.
struct Origin {
    day: Date,
    kind: Kind,
    /// A day of the same month and day of the week before it was closed with a shift by a week.
    gives_way: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Named,
    EveryWeek,
    OfMonth,
    Other,
}

/// What a closed day says: the effect, and the day that is named.
type Closed = (String, Option<Date>);

/// Everything that is the same for all lines.
struct World {
    holidays: BTreeSet<Date>,
    closed: BTreeMap<Date, Vec<Closed>>,
    years: std::ops::RangeInclusive<i16>,
}

/// What becomes of a day that a rule names.
enum Fate {
    On(Date),
    Out,
    /// Nobody said that it should fall out, but the day to which it would move is not free.
    Lost(Date),
}

/// The days of the lines of one category, from a first to a last one.
pub(crate) fn days(lines: &[Line], closings: &[Closing], first: Date, last: Date) -> BTreeSet<Date> {
    let world = World::of(closings, first, last);
    let mut found = BTreeSet::new();
    for line in lines {
        found.extend(listed(&line.extra, &world.years));
        found.extend(fates(line, &world).into_iter().filter_map(|(_, fate)| match fate {
            Fate::On(day) => Some(day),
            Fate::Out | Fate::Lost(_) => None,
        }));
    }
    found.into_iter().filter(|day| first <= *day && *day <= last).collect()
}

/// The days of a line that are lost, each with the day to which it would have moved.
pub(crate) fn lost(line: &Line, closings: &[Closing], first: Date, last: Date) -> BTreeMap<Date, Date> {
    let world = World::of(closings, first, last);
    let extra = listed(&line.extra, &world.years);
    let mut found = BTreeMap::new();
    for (day, fate) in fates(line, &world) {
        match fate {
            Fate::Lost(to) if first <= day && day <= last && !extra.contains(&to) => {
                found.entry(day).or_insert(to);
            }
            Fate::On(_) | Fate::Out | Fate::Lost(_) => {}
        }
    }
    found
}

impl World {
    fn of(closings: &[Closing], first: Date, last: Date) -> Self {
        let years = first.year() - 1..=last.year() + 1;
        let holidays = HOLIDAYS.iter().flat_map(|(year, days)| {
            days.split(' ').map(|day| {
                let (month, day) = day.split_once('/').unwrap();
                date(*year, month.parse().unwrap(), day.parse().unwrap())
            })
        });
        let mut world = Self { holidays: holidays.collect(), closed: BTreeMap::new(), years };
        for closing in closings {
            for (from, to) in stretches(&closing.from, &closing.to, &world.years) {
                let named = named_day(closing, from);
                for day in walk(from, to) {
                    world.closed.entry(day).or_default().push((closing.effect.clone(), named));
                }
            }
        }
        world
    }
}

/// Every day that the rules of a line name, and what becomes of it.
fn fates(line: &Line, world: &World) -> Vec<(Date, Fate)> {
    let except = listed(&line.except, &world.years);
    let mut found = Vec::new();
    for origin in line.when.split_whitespace().flat_map(|token| origins(token, world)) {
        if except.contains(&origin.day) || origin.kind == Kind::Named {
            found.push((origin.day, if except.contains(&origin.day) { Fate::Out } else { Fate::On(origin.day) }));
            continue;
        }
        let Some(kept) = after_holidays(origin.day, &line.holidays, world) else {
            found.push((origin.day, Fate::Out));
            continue;
        };
        let is_free = |day: Date| {
            !world.closed.contains_key(&day)
                && !except.contains(&day)
                && (line.holidays.is_empty() || !world.holidays.contains(&day))
        };
        let fate = match after_closures(&origin, kept, world) {
            Fate::On(day) if day == kept && kept == origin.day && !world.closed.contains_key(&kept) => Fate::On(day),
            Fate::On(day) if !is_free(day) => Fate::Lost(day),
            other => other,
        };
        found.push((origin.day, fate));
    }
    found
}

fn after_holidays(day: Date, what: &str, world: &World) -> Option<Date> {
    if what.is_empty() || !world.holidays.contains(&day) {
        return Some(day);
    }
    let mut other = day;
    loop {
        other = match what {
            "skip" => return None,
            "previous" => other.yesterday().unwrap(),
            _ => other.tomorrow().unwrap(),
        };
        let fits = ["next", "previous"].contains(&what) || sign(other) == what;
        if fits && !world.holidays.contains(&other) {
            return Some(other);
        }
    }
}

fn after_closures(origin: &Origin, kept: Date, world: &World) -> Fate {
    let says = world.closed.get(&kept).map(Vec::as_slice).unwrap_or_default();
    let has = |effect: &str| says.iter().find(|(said, _)| said == effect);
    // What has moved already falls out because of that.
    let out = if kept == origin.day { Fate::Out } else { Fate::Lost(kept) };
    if has("skip").is_some() {
        return out;
    }
    if let Some((_, Some(day))) = has("move") {
        return Fate::On(*day);
    }
    let a_week_later = walk(kept, date(9000, 1, 1)).nth(7).unwrap();
    let shifts = has("shift-week").is_some();
    match origin.kind {
        Kind::EveryWeek if shifts => out,
        Kind::OfMonth if shifts || (origin.gives_way && kept == origin.day) => {
            if a_week_later.month() == origin.day.month() { Fate::On(a_week_later) } else { Fate::Lost(a_week_later) }
        }
        _ if shifts => Fate::On(a_week_later),
        _ => Fate::On(kept),
    }
}

/// The days that a rule names, month by month.
fn origins(token: &str, world: &World) -> Vec<Origin> {
    let (rule, months) = match token.split_once(':') {
        Some((rule, months)) => (rule, months_of(months)),
        None => (token, (1..=12).collect()),
    };
    let of_week = |text: &str| text.chars().next().filter(|first| "月火水木金土日".contains(*first)).map(String::from);
    let mut found = Vec::new();
    for year in world.years.clone() {
        for month in months.iter().copied() {
            let days: Vec<Date> = walk(date(year, month, 1), date(year, month, 1).last_of_month()).collect();
            let working: Vec<Date> = days.iter().copied().filter(|day| is_working_day(*day, world)).collect();
            let (kind, named): (Kind, Vec<Date>) = if rule == "毎日" {
                (Kind::EveryWeek, days)
            } else if rule == "平日" {
                (Kind::EveryWeek, working)
            } else if rule == "平日末" {
                (Kind::Other, working.last().copied().into_iter().collect())
            } else if let Some(nth) = rule.strip_prefix("平日") {
                (Kind::Other, working.get(nth.parse::<usize>().unwrap() - 1).copied().into_iter().collect())
            } else if let Some(weekday) = rule.strip_prefix("最終") {
                (Kind::Other, days.into_iter().rfind(|day| sign(*day) == weekday).into_iter().collect())
            } else if let Some((_, start)) = rule.strip_prefix('隔').and_then(|rest| rest.split_once('@')) {
                (Kind::Other, every(14, start, &days))
            } else if let Some((step, start)) = rule.split_once("日ごと@") {
                let step: usize = step.parse().unwrap();
                (if step <= 7 { Kind::EveryWeek } else { Kind::Other }, every(step, start, &days))
            } else if rule == "毎月末日" {
                (Kind::Other, days.last().copied().into_iter().collect())
            } else if let Some(number) = rule.strip_prefix("毎月").and_then(|rest| rest.strip_suffix('日')) {
                let number: i8 = number.parse().unwrap();
                (Kind::Other, days.into_iter().filter(|day| day.day() == number).collect())
            } else if let Some(weekday) = of_week(rule) {
                let such: Vec<Date> = days.into_iter().filter(|day| sign(*day) == weekday).collect();
                match &rule[weekday.len()..] {
                    "" => (Kind::EveryWeek, such),
                    nth => {
                        found.extend(of_month(&such, nth.parse().unwrap(), world));
                        continue;
                    }
                }
            } else {
                let only = full_date(rule).unwrap_or_else(|| panic!("no rule: {token}"));
                (Kind::Named, days.into_iter().filter(|day| *day == only).collect())
            };
            found.extend(named.into_iter().map(|day| Origin { day, kind, gives_way: false }));
        }
    }
    found
}

/// The nth of the month's such days, and whether one before it was shifted.
fn of_month(such: &[Date], nth: usize, world: &World) -> Option<Origin> {
    let mut gives_way = false;
    for (place, day) in such.iter().enumerate() {
        if place + 1 == nth {
            return Some(Origin { day: *day, kind: Kind::OfMonth, gives_way });
        }
        gives_way |= world.closed.get(day).is_some_and(|says| says.iter().any(|(effect, _)| effect == "shift-week"));
    }
    None
}

/// Every so many days from a date, those of one month.
fn every(step: usize, start: &str, days: &[Date]) -> Vec<Date> {
    let start = full_date(start).unwrap();
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Vec::new() };
    walk(start, *last).step_by(step).filter(|day| first <= day).collect()
}

/// `4-9`, `4,5,8` or `11-3`.
fn months_of(text: &str) -> BTreeSet<i8> {
    let mut found = BTreeSet::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (mut month, last): (i8, i8) = (first.parse().unwrap(), last.parse().unwrap());
        found.insert(month);
        while month != last {
            month = month % 12 + 1;
            found.insert(month);
        }
    }
    found
}

fn is_working_day(day: Date, world: &World) -> bool {
    !["土", "日"].contains(&sign(day)) && !world.holidays.contains(&day)
}

/// The days of a cell such as `2026-12-31..2027-01-03 12-30`.
fn listed(cell: &str, years: &std::ops::RangeInclusive<i16>) -> BTreeSet<Date> {
    let ends = cell.split_whitespace().map(|token| token.split_once("..").unwrap_or((token, token)));
    ends.flat_map(|(from, to)| stretches(from, to, years)).flat_map(|(from, to)| walk(from, to)).collect()
}

/// From and to, of each year if they have none.
fn stretches(from: &str, to: &str, years: &std::ops::RangeInclusive<i16>) -> Vec<(Date, Date)> {
    if let (Some(from), Some(to)) = (full_date(from), full_date(to)) {
        return vec![(from, to)];
    }
    let of_year = |year: i16| {
        let first = in_year(from, year);
        let last = in_year(to, year);
        (first, if month_and_day(to) < month_and_day(from) { in_year(to, year + 1) } else { last })
    };
    (*years.start() - 1..=*years.end() + 1).map(of_year).collect()
}

/// The day to which a closure moves, of all years the nearest to its first day.
fn named_day(closing: &Closing, from: Date) -> Option<Date> {
    if closing.moved_to.is_empty() {
        return None;
    }
    if let Some(day) = full_date(&closing.moved_to) {
        return Some(day);
    }
    let candidates = (from.year() - 1..=from.year() + 1).map(|year| in_year(&closing.moved_to, year));
    candidates.min_by_key(|day| walk(from.min(*day), from.max(*day)).count())
}

fn month_and_day(text: &str) -> (i8, i8) {
    let (month, day) = text.split_once('-').unwrap();
    (month.parse().unwrap(), day.parse().unwrap())
}

/// A month and a day in a year; without a 29 February, the day before.
fn in_year(text: &str, year: i16) -> Date {
    let (month, day) = month_and_day(text);
    Date::new(year, month, day).unwrap_or_else(|_| date(year, 2, 28))
}

/// `2026-04-01`, `2026/4/1` or `20260401`.
fn full_date(text: &str) -> Option<Date> {
    let parts: Vec<&str> = match text.len() {
        8 if text.bytes().all(|byte| byte.is_ascii_digit()) => vec![&text[..4], &text[4..6], &text[6..]],
        _ => text.split(['-', '/']).collect(),
    };
    let [year, month, day] = parts[..] else { return None };
    Some(date(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?))
}

fn sign(day: Date) -> &'static str {
    match day.weekday() {
        Weekday::Monday => "月",
        Weekday::Tuesday => "火",
        Weekday::Wednesday => "水",
        Weekday::Thursday => "木",
        Weekday::Friday => "金",
        Weekday::Saturday => "土",
        Weekday::Sunday => "日",
    }
}

fn walk(first: Date, last: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(first), |day| day.tomorrow().ok()).take_while(move |day| *day <= last)
}
