//! Cells as a generator writes them: any rules, exceptions, holidays and closures give the days of the slow reading, and nothing
//! that moves is lost without a word.

use domain::dates::{Closure, ClosureEffect, Period, Recurrence, Rule, parse_periods, parse_rules};
use domain::garbage::calendar::{Calendar, Entry, Finding, LOOK_AHEAD_DAYS};
use jiff::civil::{Date, date};
use proptest::prelude::*;

use crate::slow::{self, Closing, Line};

const FIRST: Date = date(2027, 1, 1);
const LAST: Date = date(2028, 12, 31);
const SIGNS: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];

fn any_date() -> impl Strategy<Value = Date> {
    (2026i16..=2028, 1i8..=12, 1i8..=31)
        .prop_map(|(year, month, day)| Date::new(year, month, day).unwrap_or(date(2028, 2, 29)))
}

fn any_sign() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(SIGNS.to_vec())
}

fn any_months() -> impl Strategy<Value = String> {
    let list = proptest::collection::btree_set(1i8..=12, 1..6).prop_map(|months| {
        let months: Vec<String> = months.iter().map(ToString::to_string).collect();
        format!(":{}", months.join(","))
    });
    prop_oneof![
        3 => Just(String::new()),
        1 => list,
        1 => (1i8..=12, 1i8..=12).prop_map(|(first, last)| format!(":{first}-{last}")),
    ]
}

fn any_rule() -> impl Strategy<Value = String> {
    let rule = prop_oneof![
        Just("毎日".to_owned()),
        Just("平日".to_owned()),
        Just("平日末".to_owned()),
        Just("毎月末日".to_owned()),
        (1i8..=23).prop_map(|nth| format!("平日{nth}")),
        any_sign().prop_map(str::to_owned),
        any_sign().prop_map(|sign| format!("最終{sign}")),
        (any_sign(), 1i8..=5).prop_map(|(sign, nth)| format!("{sign}{nth}")),
        (any_sign(), 1i8..=5).prop_map(|(sign, nth)| format!("{sign}{nth}")),
        any_date().prop_map(|start| {
            let sign = SIGNS[usize::from(start.weekday().to_monday_zero_offset().unsigned_abs())];
            format!("隔週{sign}@{start}")
        }),
        (1i16..=40, any_date()).prop_map(|(step, start)| format!("{step}日ごと@{start}")),
        (1i8..=28).prop_map(|day| format!("毎月{day}日")),
    ];
    prop_oneof![
        12 => (rule, any_months()).prop_map(|(rule, months)| rule + &months),
        1 => Just("毎月31日".to_owned()),
        1 => any_date().prop_map(|day| day.to_string()),
    ]
}

fn any_day_of_year() -> impl Strategy<Value = String> {
    any_date().prop_map(|day| day.strftime("%m-%d").to_string())
}

fn any_ends() -> impl Strategy<Value = (String, String)> {
    prop_oneof![
        (any_date(), 0i16..20)
            .prop_map(|(first, days)| (first.to_string(), domain::dates::days_later(first, days).to_string())),
        // Around the turn of the year, and anywhere.
        (25i8..=31, 1i8..=8).prop_map(|(first, last)| (format!("12-{first:02}"), format!("01-{last:02}"))),
        (any_date(), 0i16..20).prop_map(|(first, days)| {
            let last = domain::dates::days_later(first, days);
            (first.strftime("%m-%d").to_string(), last.strftime("%m-%d").to_string())
        }),
    ]
}

fn any_periods() -> impl Strategy<Value = String> {
    let joined = |ends: Vec<(String, String)>| {
        let tokens: Vec<String> = ends.iter().map(|(first, last)| format!("{first}..{last}")).collect();
        tokens.join(" ")
    };
    proptest::collection::vec(any_ends(), 0..3).prop_map(joined)
}

fn any_holidays() -> impl Strategy<Value = String> {
    let named = proptest::sample::select(vec!["", "", "skip", "next", "previous"]).prop_map(str::to_owned);
    prop_oneof![2 => named, 1 => any_sign().prop_map(str::to_owned)]
}

fn any_line() -> impl Strategy<Value = Line> {
    let rules = proptest::collection::vec(any_rule(), 1..4);
    (rules, any_periods(), any_periods(), any_holidays()).prop_map(|(rules, except, extra, holidays)| Line {
        when: rules.join(" "),
        except,
        extra,
        holidays,
    })
}

fn any_closings() -> impl Strategy<Value = Vec<Closing>> {
    let effect = prop_oneof![
        Just(("skip", String::new())),
        Just(("shift-week", String::new())),
        any_day_of_year().prop_map(|day| ("move", day)),
    ];
    let closing = (any_ends(), effect).prop_map(|((from, to), (effect, moved_to))| Closing {
        from,
        to,
        effect: effect.to_owned(),
        moved_to,
    });
    proptest::collection::vec(closing, 0..5)
}

fn recurrence(line: &Line) -> Recurrence {
    Recurrence {
        rules: parse_rules(&line.when).unwrap(),
        except: parse_periods(&line.except).unwrap(),
        extra: parse_periods(&line.extra).unwrap(),
        holidays: line.holidays.parse().unwrap(),
    }
}

fn closure(closing: &Closing) -> Closure {
    let effect = match closing.effect.as_str() {
        "skip" => ClosureEffect::Skip,
        "shift-week" => ClosureEffect::ShiftWeek,
        _ => ClosureEffect::MoveTo(closing.moved_to.parse().unwrap()),
    };
    Closure { days: format!("{}..{}", closing.from, closing.to).parse().unwrap(), effect }
}

fn calendar(lines: &[Line], closings: &[Closing]) -> Calendar {
    let mut calendar = Calendar::default();
    for line in lines {
        let entry = Entry { recurrence: recurrence(line), note: String::new() };
        calendar.add("area".parse().unwrap(), "paper".parse().unwrap(), entry);
    }
    for closing in closings {
        calendar.close("area".parse().unwrap(), closure(closing));
    }
    calendar
}

fn days(calendar: &Calendar) -> Vec<Date> {
    calendar.days(&"area".parse().unwrap(), &"paper".parse().unwrap(), FIRST..=LAST).collect()
}

proptest! {
    #[test]
    fn any_cells_give_the_days_of_the_slow_reading(
        lines in proptest::collection::vec(any_line(), 1..3),
        closings in any_closings(),
    ) {
        let slow: Vec<Date> = slow::days(&lines, &closings, FIRST, LAST).into_iter().collect();
        prop_assert_eq!(days(&calendar(&lines, &closings)), slow);
    }

    #[test]
    fn a_rule_is_printed_as_cells_that_read_the_same(line in any_line()) {
        for rule in recurrence(&line).rules {
            prop_assert_eq!(rule.to_string().parse::<Rule>().unwrap(), rule);
            let printed = Line { when: rule.to_string(), ..Line::default() };
            let ours: Vec<Date> = Recurrence::from(vec![rule]).days(&[], FIRST..=LAST);
            prop_assert_eq!(ours, slow::days(&[printed], &[], FIRST, LAST).into_iter().collect::<Vec<_>>());
        }
        for period in recurrence(&line).except {
            prop_assert_eq!(period.to_string().parse::<Period>().unwrap(), period);
        }
    }

    #[test]
    fn what_moves_is_there_or_told_to_be_lost(line in any_line(), closings in any_closings()) {
        let closures: Vec<Closure> = closings.iter().map(closure).collect();
        let lost = slow::lost(&line, &closings, FIRST, LAST);
        let told: Vec<(Date, Date)> = recurrence(&line).lost(&closures, FIRST..=LAST);
        prop_assert_eq!(&told, &lost.into_iter().collect::<Vec<_>>());
        // Staff are told of each, unless it is collected all the same.
        let calendar = calendar(&[line], &closings);
        let collected = days(&calendar);
        let last = domain::dates::days_later(FIRST, LOOK_AHEAD_DAYS - 1);
        let found: Vec<(Date, Date)> = calendar.findings(FIRST).into_iter().filter_map(|finding| match finding {
            Finding::Lost { date, moved_to, .. } => Some((date, moved_to)),
            _ => None,
        }).collect();
        let silent = told.into_iter().filter(|(day, _)| *day <= last).find(|(day, moved_to)| {
            !found.contains(&(*day, *moved_to)) && !collected.contains(day) && !collected.contains(moved_to)
        });
        prop_assert_eq!(silent, None);
    }
}
