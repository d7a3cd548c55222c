//! Checks of the calendar: golden days, an independent slow reading of the rules, and properties.

use jiff::civil::{Weekday, date};
use proptest::prelude::*;

use super::*;

fn area() -> AreaId {
    "chuo".parse().unwrap()
}

fn burnable() -> CategoryId {
    "burnable".parse().unwrap()
}

fn entry(when: &str, except: &str, extra: &str) -> Entry {
    Entry {
        rules: parse_rules(when).unwrap(),
        except: parse_ranges(except).unwrap(),
        extra: parse_ranges(extra).unwrap(),
        note: String::new(),
    }
}

fn closure(days: &str, effect: ClosureEffect) -> Closure {
    Closure { days: days.parse().unwrap(), effect }
}

fn calendar(entries: &[Entry], closures: &[Closure]) -> Calendar {
    let mut calendar = Calendar::default();
    for entry in entries {
        calendar.add(area(), burnable(), entry.clone());
    }
    for closure in closures {
        calendar.close(area(), *closure);
    }
    calendar
}

/// The days as `MM-DD`, of one year.
fn days_of(year: i16, entries: &[Entry], closures: &[Closure]) -> Vec<String> {
    calendar(entries, closures)
        .days(&area(), &burnable(), date(year, 1, 1)..=date(year, 12, 31))
        .map(|day| day.strftime("%m-%d").to_string())
        .collect()
}

#[test]
fn each_kind_of_rule_names_its_days() {
    let of = |when: &str| days_of(2026, &[entry(when, "", "")], &[]);
    assert_eq!(of("月 木").len(), 52 + 53);
    assert_eq!(of("水2")[..3], ["01-14", "02-11", "03-11"]);
    assert_eq!(of("金5"), ["01-30", "05-29", "07-31", "10-30"]);
    assert_eq!(of("水2:4-6"), ["04-08", "05-13", "06-10"]);
    assert_eq!(of("水3:11-1"), ["01-21", "11-18", "12-16"]);
    assert_eq!(of("水2:4 水3:5"), ["04-08", "05-20"]);
    assert_eq!(of("隔週火@2026-12-01"), ["12-01", "12-15", "12-29"]);
    assert_eq!(of("隔週火@2025-12-30")[..2], ["01-13", "01-27"], "over the turn of the year");
    assert_eq!(of("毎月31日"), ["01-31", "03-31", "05-31", "07-31", "08-31", "10-31", "12-31"]);
    assert_eq!(of("毎月末日")[..4], ["01-31", "02-28", "03-31", "04-30"]);
    assert_eq!(of("2026-12-28 2027-01-04"), ["12-28"]);
    assert_eq!(days_of(2028, &[entry("毎月末日:2 毎月29日:2", "", "")], &[]), ["02-29"], "a leap year");
}

#[test]
fn exceptions_take_days_away_and_extra_days_come_back_even_in_a_closure() {
    let entry = entry("火 金:12", "2026-12-25..2026-12-31", "2026-12-30");
    let closed = [closure("2026-12-28..2026-12-31", ClosureEffect::Skip)];
    let days = days_of(2026, &[entry], &closed);
    let december: Vec<_> = days.iter().filter(|day| day.starts_with("12-")).collect();
    assert_eq!(december, ["12-01", "12-04", "12-08", "12-11", "12-15", "12-18", "12-22", "12-30"]);
}

#[test]
fn several_lines_of_one_category_add_up() {
    let entries = [entry("木1:6", "", ""), entry("木2:6 木4:6", "2026-06-25", "")];
    assert_eq!(days_of(2026, &entries, &[]), ["06-04", "06-11"]);
}

#[test]
fn a_closure_that_skips_takes_the_day_away() {
    let closed = [closure("2026-08-13..2026-08-15", ClosureEffect::Skip)];
    assert_eq!(days_of(2026, &[entry("木2:8 木3:8", "", "")], &closed), ["08-20"]);
}

#[test]
fn a_closure_that_shifts_moves_the_rest_of_the_month_by_a_week() {
    let closed = [closure("2025-12-29..2026-01-03", ClosureEffect::ShiftWeek)];
    let of = |when: &str| days_of(2026, &[entry(when, "", "")], &closed)[..2].to_vec();
    // 2026-01-01 is a Thursday: the month's Thursdays move, its Mondays do not.
    assert_eq!(of("木1:1,2 木3:1"), ["01-08", "01-22"]);
    assert_eq!(of("木5:1 木1:2,3"), ["02-05", "03-05"], "the fifth would leave the month");
    assert_eq!(of("月1:1,2"), ["01-05", "02-02"]);
    assert_eq!(of("木"), ["01-08", "01-15"], "a weekly collection falls out");
    assert_eq!(of("隔週木@2025-12-18"), ["01-08", "01-15"], "only the closed one moves");
    assert_eq!(of("毎月2日:1 毎月20日:1"), ["01-09", "01-20"]);
    assert_eq!(of("2026-01-02 毎月20日"), ["01-02", "01-20"], "a day named by date stays");
}

#[test]
fn a_collection_moves_by_one_week_only_and_never_onto_a_closed_or_excepted_day() {
    let long = [closure("2026-01-01..2026-01-10", ClosureEffect::ShiftWeek)];
    assert!(days_of(2026, &[entry("木1:1", "", "")], &long).is_empty());
    let short = [closure("2026-01-01..2026-01-03", ClosureEffect::ShiftWeek)];
    assert!(days_of(2026, &[entry("木1:1", "2026-01-08", "")], &short).is_empty());
    assert!(days_of(2026, &[entry("木1:1", "2026-01-01", "")], &short).is_empty());
}

#[test]
fn the_calendar_answers_for_a_day_and_knows_its_categories() {
    let mut calendar = calendar(&[entry("月", "", "")], &[]);
    let paper: CategoryId = "paper".parse().unwrap();
    calendar.add(area(), paper.clone(), Entry { note: "雨の日も".to_owned(), ..entry("月1", "", "") });
    assert_eq!(calendar.on(&area(), date(2026, 6, 1)), [&burnable(), &paper]);
    assert_eq!(calendar.on(&area(), date(2026, 6, 8)), [&burnable()]);
    assert_eq!(calendar.categories(&area()), [&burnable(), &paper]);
    assert_eq!(calendar.entries(&area(), &paper)[0].note, "雨の日も");
    let elsewhere = "higashi".parse().unwrap();
    assert_eq!(calendar.next_day(&elsewhere, &paper, date(2026, 6, 1)), None);
    assert_eq!(calendar.days(&elsewhere, &paper, date(2026, 6, 1)..=date(2026, 6, 9)).count(), 0);
    assert!(calendar.on(&elsewhere, date(2026, 6, 1)).is_empty() && calendar.categories(&elsewhere).is_empty());
}

#[test]
fn the_end_of_time_ends_the_search() {
    let calendar = calendar(&[entry("毎月1日", "", "")], &[closure("2026-01-01", ClosureEffect::ShiftWeek)]);
    assert_eq!(calendar.next_day(&area(), &burnable(), jiff::civil::Date::MAX), None);
    assert_eq!(calendar.next_day(&area(), &burnable(), jiff::civil::Date::MIN), Some(jiff::civil::Date::MIN));
}

#[test]
fn full_width_and_long_forms_are_read_and_the_plain_form_is_printed() {
    let prints = |cell: &str| parse_rules(cell).unwrap().iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    assert_eq!(prints("　月　木曜日 "), "月 木");
    assert_eq!(prints("水２：４－９"), "水2:4-9");
    assert_eq!(prints("水2:4、5、8，9"), "水2:4-5,8-9");
    assert_eq!(prints("月:1-12"), "月");
    assert_eq!(prints("隔週火曜@２０２６/4/7:10-3"), "隔週火@2026-04-07:1-3,10-12");
    assert_eq!(prints("毎月１５日 毎月末日:2 20261228"), "毎月15日 毎月末日:2 2026-12-28");
    assert_eq!(prints(""), "");
    let ranges = parse_ranges("2026-12-31..2027-01-03 ２０２６/２/３ 2026/4/1〜2026/4/2").unwrap();
    let ranges: Vec<_> = ranges.iter().map(ToString::to_string).collect();
    assert_eq!(ranges, ["2026-12-31..2027-01-03", "2026-02-03", "2026-04-01..2026-04-02"]);
}

#[test]
fn what_cannot_be_read_is_named_with_what_is_expected() {
    let rule = |cell: &str| parse_rules(cell).map_err(|error| (error.token, error.expected));
    for (cell, token, expected) in [
        ("月 禾", "禾", Expected::Rule),
        ("水6", "水6", Expected::Nth),
        ("水0", "水0", Expected::Nth),
        ("水-1", "水-1", Expected::Nth),
        ("水2:13", "水2:13", Expected::Months),
        ("水2:0", "水2:0", Expected::Months),
        ("水2:", "水2:", Expected::Months),
        ("水2:4-", "水2:4-", Expected::Months),
        ("2026-02-29", "2026-02-29", Expected::Date),
        ("20261332", "20261332", Expected::Date),
        ("1999-01-01", "1999-01-01", Expected::Date),
        ("2026-1-2-3", "2026-1-2-3", Expected::Date),
        ("隔週火", "隔週火", Expected::Rule),
        ("隔週x@2026-04-07", "隔週x@2026-04-07", Expected::Rule),
        ("隔週火@2026-04-08", "隔週火@2026-04-08", Expected::StartOn(Weekday::Wednesday)),
        ("毎月0日", "毎月0日", Expected::DayOfMonth),
        ("毎月31日:2,4", "毎月31日:2,4", Expected::DayOfMonth),
        ("毎月32日", "毎月32日", Expected::DayOfMonth),
        ("毎月15", "毎月15", Expected::Rule),
    ] {
        assert_eq!(rule(cell), Err((token.to_owned(), expected)), "{cell}");
    }
    assert_eq!(rule(&"月 ".repeat(TOKENS_MAX + 1)), Err(("…".to_owned(), Expected::Fewer)));
    assert_eq!(parse_ranges("2026-01-03..2026-01-01").unwrap_err().expected, Expected::Range);
    assert_eq!(parse_ranges("2026-01-03..").unwrap_err().expected, Expected::Date);
    let message = rule("隔週火@2026-04-08").unwrap_err().1.to_string();
    assert!(message.ends_with("the date is on 水"), "{message}");
}

#[test]
fn rules_are_stored_as_they_are_written() {
    let entry = entry("水2:4-9 隔週火@2026-04-07", "2026-12-31..2027-01-03", "2026-12-30");
    let json = serde_json::to_value(&entry).unwrap();
    assert_eq!(json["rules"], serde_json::json!(["水2:4-9", "隔週火@2026-04-07"]));
    assert_eq!(serde_json::from_value::<Entry>(json).unwrap(), entry);
    assert!(serde_json::from_str::<Rule>("\"水9\"").is_err());
}

/// The slow reading: every rule walks month by month, as the 5374 program does, and collects its days in a list.
mod slow {
    use std::collections::BTreeSet;

    use super::*;

    pub(super) fn days(entries: &[Entry], closures: &[Closure], first: Date, last: Date) -> BTreeSet<Date> {
        let mut days = BTreeSet::new();
        for entry in entries {
            let fell_out = |day: &Date| entry.except.iter().any(|range| in_range(*range, *day));
            for rule in &entry.rules {
                // A month earlier too: a day may have come from there.
                for (year, month) in months(first.year() - 1, last.year()) {
                    days.extend(in_month(*rule, year, month, closures, &fell_out));
                }
            }
            for range in &entry.extra {
                let mut day = range.first();
                while day <= range.last() {
                    days.insert(day);
                    day = day.tomorrow().unwrap();
                }
            }
        }
        days.into_iter().filter(|day| first <= *day && *day <= last).collect()
    }

    fn months(first: i16, last: i16) -> impl Iterator<Item = (i16, i8)> {
        (first..=last).flat_map(|year| (1..=12).map(move |month| (year, month)))
    }

    fn in_range(range: DateRange, day: Date) -> bool {
        day >= range.first() && day <= range.last()
    }

    fn in_month(rule: Rule, year: i16, month: i8, closures: &[Closure], fell_out: &dyn Fn(&Date) -> bool) -> Vec<Date> {
        let length = date(year, month, 1).days_in_month();
        let all: Vec<Date> = (1..=length).map(|day| date(year, month, day)).collect();
        let is = |day: Date, effect| closures.iter().any(|c| c.effect == effect && in_range(c.days, day));
        let shut = |day: Date| is(day, ClosureEffect::Skip) || is(day, ClosureEffect::ShiftWeek);
        let later = |day: Date| day.checked_add(7.days()).unwrap();
        let in_months = |months: Months| months.numbers().any(|number| number == month);
        let mut out = Vec::new();
        let mut walk = |days: Vec<Date>| {
            for day in days {
                if fell_out(&day) || is(day, ClosureEffect::Skip) {
                    continue;
                }
                let day = if is(day, ClosureEffect::ShiftWeek) { later(day) } else { day };
                if !shut(day) && !fell_out(&day) {
                    out.push(day);
                }
            }
        };
        match rule {
            Rule::On(day) => return all.into_iter().filter(|d| *d == day && !fell_out(d)).collect(),
            Rule::MonthDay(rule) if in_months(rule.months()) => {
                walk(all.into_iter().filter(|day| day.day() == rule.day()).collect());
            }
            Rule::MonthEnd { months } if in_months(months) => walk(all.last().copied().into_iter().collect()),
            Rule::EveryOtherWeek { start, months } if in_months(months) => {
                let mut day = start;
                while day < all[0] {
                    day = day.checked_add(14.days()).unwrap();
                }
                let mut days = Vec::new();
                while day <= all[all.len() - 1] {
                    days.push(day);
                    day = day.checked_add(14.days()).unwrap();
                }
                walk(days);
            }
            Rule::Weekly { weekday, months } if in_months(months) => {
                out.extend(all.into_iter().filter(|day| day.weekday() == weekday && !shut(*day) && !fell_out(day)));
            }
            Rule::NthWeekday { nth, weekday, months } if in_months(months) => {
                let mut shifted = false;
                for (week, day) in (1..).zip(all.into_iter().filter(|day| day.weekday() == weekday)) {
                    shifted |= is(day, ClosureEffect::ShiftWeek);
                    if week != nth.number() || fell_out(&day) || is(day, ClosureEffect::Skip) {
                        continue;
                    }
                    let day = if shifted { later(day) } else { day };
                    if day.month() == month && !shut(day) && !fell_out(&day) {
                        out.push(day);
                    }
                }
            }
            _ => {}
        }
        out
    }
}

fn any_date() -> impl Strategy<Value = Date> {
    (2026i16..=2028, 1i8..=12, 1i8..=31)
        .prop_map(|(year, month, day)| Date::new(year, month, day).unwrap_or(date(2028, 2, 29)))
}

fn any_months() -> impl Strategy<Value = Months> {
    prop_oneof![
        Just(Months::ALL),
        proptest::collection::vec(1i8..=12, 1..6).prop_map(|months| Months::new(months).unwrap())
    ]
}

fn any_weekday() -> impl Strategy<Value = Weekday> {
    (0i8..7).prop_map(|offset| Weekday::from_monday_zero_offset(offset).unwrap())
}

fn any_rule() -> impl Strategy<Value = Rule> {
    prop_oneof![
        (any_weekday(), any_months()).prop_map(|(weekday, months)| Rule::Weekly { weekday, months }),
        (1i8..=5, any_weekday(), any_months()).prop_map(|(nth, weekday, months)| Rule::NthWeekday {
            nth: Nth::new(nth).unwrap(),
            weekday,
            months
        }),
        (any_date(), any_months()).prop_map(|(start, months)| Rule::EveryOtherWeek { start, months }),
        (1i8..=31, any_months())
            .prop_filter_map("a day no month has", |(day, months)| { MonthDay::new(day, months).map(Rule::MonthDay) }),
        any_months().prop_map(|months| Rule::MonthEnd { months }),
        any_date().prop_map(Rule::On),
    ]
}

fn any_range() -> impl Strategy<Value = DateRange> {
    (any_date(), 0i64..20)
        .prop_map(|(first, days)| DateRange::new(first, first.checked_add(days.days()).unwrap()).unwrap())
}

fn any_entry() -> impl Strategy<Value = Entry> {
    let ranges = || proptest::collection::vec(any_range(), 0..3);
    (proptest::collection::vec(any_rule(), 1..4), ranges(), ranges()).prop_map(|(rules, except, extra)| Entry {
        rules,
        except,
        extra,
        note: String::new(),
    })
}

fn any_closures() -> impl Strategy<Value = Vec<Closure>> {
    let effect = prop_oneof![Just(ClosureEffect::Skip), Just(ClosureEffect::ShiftWeek)];
    let closure = (any_range(), effect).prop_map(|(days, effect)| Closure { days, effect });
    proptest::collection::vec(closure, 0..6)
}

proptest! {
    #[test]
    fn the_slow_reading_agrees_over_two_years(
        entries in proptest::collection::vec(any_entry(), 1..3),
        closures in any_closures(),
    ) {
        let (first, last) = (date(2027, 1, 1), date(2028, 12, 31));
        let fast: Vec<Date> = calendar(&entries, &closures).days(&area(), &burnable(), first..=last).collect();
        let slow: Vec<Date> = slow::days(&entries, &closures, first, last).into_iter().collect();
        prop_assert_eq!(fast, slow);
    }

    #[test]
    fn the_next_day_is_the_first_of_the_days_and_never_before_today(
        entry in any_entry(),
        closures in any_closures(),
        from in any_date(),
    ) {
        let calendar = calendar(&[entry], &closures);
        let next = calendar.next_day(&area(), &burnable(), from);
        let last = from.checked_add((i64::try_from(LOOK_AHEAD_DAYS).unwrap() - 1).days()).unwrap();
        prop_assert_eq!(next, calendar.days(&area(), &burnable(), from..=last).next());
        prop_assert!(next.is_none_or(|day| from <= day));
        if let Some(day) = next {
            prop_assert_eq!(calendar.on(&area(), day).len(), 1);
        }
    }

    #[test]
    fn a_printed_rule_reads_as_the_same_rule(rule in any_rule(), range in any_range()) {
        prop_assert_eq!(rule.to_string().parse::<Rule>().unwrap(), rule);
        prop_assert_eq!(range.to_string().parse::<DateRange>().unwrap(), range);
    }

    #[test]
    fn any_text_is_read_or_refused_without_harm(text in "\\PC{0,40}") {
        let _ = parse_rules(&text);
        let _ = parse_ranges(&text);
        let _ = parse_date(&text);
    }
}
