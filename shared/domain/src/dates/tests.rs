//! Checks of the rules, their notation and what departs from them: golden days and bad input. `tests/calendar` holds an
//! independent slow reading of it all.

use jiff::civil::{Weekday, date};
use proptest::prelude::*;

use super::holidays::{is_holiday, is_working_day};
use super::*;

fn recurrence(when: &str, except: &str, extra: &str, holidays: &str) -> Recurrence {
    Recurrence {
        rules: parse_rules(when).unwrap(),
        except: parse_periods(except).unwrap(),
        extra: parse_periods(extra).unwrap(),
        holidays: holidays.parse().unwrap(),
    }
}

fn rules(when: &str) -> Recurrence {
    recurrence(when, "", "", "")
}

fn closure(days: &str, effect: ClosureEffect) -> Closure {
    Closure { days: days.parse().unwrap(), effect }
}

fn to(day: &str) -> ClosureEffect {
    ClosureEffect::MoveTo(day.parse().unwrap())
}

/// The days as `MM-DD`, of one year.
fn of_year(year: i16, recurrence: &Recurrence, closures: &[Closure]) -> Vec<String> {
    let days = recurrence.days(closures, date(year, 1, 1)..=date(year, 12, 31));
    days.iter().map(|day| day.strftime("%m-%d").to_string()).collect()
}

#[test]
fn each_kind_of_rule_names_its_days() {
    let of = |when: &str| of_year(2026, &rules(when), &[]);
    assert_eq!(of("月 木").len(), 52 + 53);
    assert_eq!(of("水2")[..3], ["01-14", "02-11", "03-11"]);
    assert_eq!(of("金5"), ["01-30", "05-29", "07-31", "10-30"]);
    assert_eq!(of("水2:4-6"), ["04-08", "05-13", "06-10"]);
    assert_eq!(of("水3:11-1"), ["01-21", "11-18", "12-16"]);
    assert_eq!(of("水2:4 水3:5"), ["04-08", "05-20"]);
    assert_eq!(of("最終金")[..5], ["01-30", "02-27", "03-27", "04-24", "05-29"], "the fourth or the fifth");
    assert_eq!(of("最終土:2,5"), ["02-28", "05-30"]);
    assert_eq!(of("隔週火@2026-12-01"), ["12-01", "12-15", "12-29"]);
    assert_eq!(of("隔週火@2025-12-30")[..2], ["01-13", "01-27"], "over the turn of the year");
    assert_eq!(of("3日ごと@2026-12-22"), ["12-22", "12-25", "12-28", "12-31"]);
    assert_eq!(of("100日ごと@2025-11-01:3-12"), ["05-20", "08-28", "12-06"], "9 February is counted along");
    assert_eq!(of("毎月31日"), ["01-31", "03-31", "05-31", "07-31", "08-31", "10-31", "12-31"]);
    assert_eq!(of("毎月末日")[..4], ["01-31", "02-28", "03-31", "04-30"]);
    assert_eq!(of("2026-12-28 2027-01-04"), ["12-28"]);
    assert_eq!(of("毎日:2").len(), 28);
    assert_eq!(of_year(2028, &rules("毎月末日:2 毎月29日:2 最終火:2"), &[]), ["02-29"], "a leap year");
}

#[test]
fn working_days_are_monday_to_friday_without_holidays() {
    let of = |when: &str| of_year(2026, &rules(when), &[]);
    assert_eq!(of("平日:5")[..3], ["05-01", "05-07", "05-08"]);
    assert_eq!(of("平日:5").len(), 18);
    assert_eq!(of("平日1:1-5"), ["01-02", "02-02", "03-02", "04-01", "05-01"]);
    assert_eq!(of("平日2:5 平日末:2,5"), ["02-27", "05-07", "05-29"]);
    assert_eq!(of("平日末:1,10"), ["01-30", "10-30"]);
    assert_eq!(of("平日22:6,7"), ["06-30", "07-31"]);
    assert_eq!(of("平日23"), ["12-31"], "few months have so many");
    assert!(is_working_day(date(2026, 12, 31)), "offices may be closed: the law says nothing of it");
}

/// As the Cabinet Office lists them, and for the years that it has not listed yet, as the law gives them.
#[test]
fn holidays_are_those_of_the_law() {
    let listed = [
        (
            2019,
            "01-01 01-14 02-11 03-21 04-29 04-30 05-01 05-02 05-03 05-04 05-05 05-06 07-15 08-11 08-12 09-16 09-23 10-14 10-22 11-03 11-04 11-23",
        ),
        (
            2020,
            "01-01 01-13 02-11 02-23 02-24 03-20 04-29 05-03 05-04 05-05 05-06 07-23 07-24 08-10 09-21 09-22 11-03 11-23",
        ),
        (2021, "01-01 01-11 02-11 02-23 03-20 04-29 05-03 05-04 05-05 07-22 07-23 08-08 08-09 09-20 09-23 11-03 11-23"),
        (2022, "01-01 01-10 02-11 02-23 03-21 04-29 05-03 05-04 05-05 07-18 08-11 09-19 09-23 10-10 11-03 11-23"),
        (2023, "01-01 01-02 01-09 02-11 02-23 03-21 04-29 05-03 05-04 05-05 07-17 08-11 09-18 09-23 10-09 11-03 11-23"),
        (
            2024,
            "01-01 01-08 02-11 02-12 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-15 08-11 08-12 09-16 09-22 09-23 10-14 11-03 11-04 11-23",
        ),
        (
            2025,
            "01-01 01-13 02-11 02-23 02-24 03-20 04-29 05-03 05-04 05-05 05-06 07-21 08-11 09-15 09-23 10-13 11-03 11-23 11-24",
        ),
        (
            2026,
            "01-01 01-12 02-11 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 11-03 11-23",
        ),
        (2027, "01-01 01-11 02-11 02-23 03-21 03-22 04-29 05-03 05-04 05-05 07-19 08-11 09-20 09-23 10-11 11-03 11-23"),
        (2028, "01-01 01-10 02-11 02-23 03-20 04-29 05-03 05-04 05-05 07-17 08-11 09-18 09-22 10-09 11-03 11-23"),
        (
            2029,
            "01-01 01-08 02-11 02-12 02-23 03-20 04-29 04-30 05-03 05-04 05-05 07-16 08-11 09-17 09-23 09-24 10-08 11-03 11-23",
        ),
        (
            2030,
            "01-01 01-14 02-11 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-15 08-11 08-12 09-16 09-23 10-14 11-03 11-04 11-23",
        ),
    ];
    for (year, expected) in listed {
        let days = days_between(date(year, 1, 1), date(year, 12, 31)).filter(|day| is_holiday(*day));
        let days: Vec<String> = days.map(|day| day.strftime("%m-%d").to_string()).collect();
        assert_eq!(days.join(" "), expected, "{year}");
    }
    assert!(!is_holiday(date(2018, 1, 1)) && !is_holiday(Date::MIN) && !is_holiday(Date::MAX));
    // The equinoxes drift: these are the first that are not on the 20th or 21st, and the 22nd or 23rd.
    assert!(is_holiday(date(2092, 3, 19)) && is_holiday(date(2012 + 88, 9, 23)), "far ahead");
}

#[test]
fn exceptions_take_days_away_and_extra_days_come_back_even_in_a_closure() {
    let december = recurrence("火 金:12", "2026-12-25..2026-12-31", "2026-12-30", "");
    let closed = [closure("2026-12-28..2026-12-31", ClosureEffect::Skip)];
    let days = of_year(2026, &december, &closed);
    let days: Vec<_> = days.iter().filter(|day| day.starts_with("12-")).collect();
    assert_eq!(days, ["12-01", "12-04", "12-08", "12-11", "12-15", "12-18", "12-22", "12-30"]);
    let yearly = recurrence("金:12,1", "12-30..01-03", "12-30", "");
    assert_eq!(of_year(2027, &yearly, &[])[3..], ["01-29", "12-03", "12-10", "12-17", "12-24", "12-30"]);
    assert_eq!(of_year(2028, &yearly, &[])[..2], ["01-07", "01-14"]);
    // 2027 has no 29 February: the 28th stands for it.
    assert_eq!(of_year(2027, &recurrence("", "", "02-29", ""), &[]), ["02-28"]);
    assert_eq!(of_year(2028, &recurrence("毎月28日:2 毎月29日:2", "02-29", "", ""), &[]), ["02-28"]);
}

#[test]
fn a_holiday_keeps_its_day_loses_it_or_moves_it() {
    let of = |when: &str, holidays: &str| of_year(2026, &recurrence(when, "", "", holidays), &[]);
    assert_eq!(of("月:5", ""), ["05-04", "05-11", "05-18", "05-25"]);
    assert_eq!(of("月:5", "skip"), ["05-11", "05-18", "05-25"]);
    assert_eq!(of("月:5", "next"), ["05-07", "05-11", "05-18", "05-25"], "over four holidays");
    assert_eq!(of("月:5", "previous"), ["05-02", "05-11", "05-18", "05-25"]);
    assert_eq!(of("月:5", "土"), ["05-09", "05-11", "05-18", "05-25"]);
    assert_eq!(of("月:5", "水曜日"), ["05-11", "05-13", "05-18", "05-25"], "the 6th is a holiday as well");
    assert_eq!(of("2026-05-04 毎月11日:2", "skip"), ["05-04"], "a day that is named by its date stays");
    // Over the turn of the year, both ways.
    assert_eq!(of_year(2025, &recurrence("毎月1日:1", "", "", "previous"), &[]), ["12-31"]);
    assert_eq!(of_year(2024, &recurrence("毎月1日:1", "", "", "previous"), &[])[..], ["12-31"]);
}

#[test]
fn a_closure_that_skips_takes_the_day_away() {
    let closed = [closure("2026-08-13..2026-08-15", ClosureEffect::Skip)];
    assert_eq!(of_year(2026, &rules("木2:8 木3:8"), &closed), ["08-20"]);
    let yearly = [closure("12-31..01-03", ClosureEffect::Skip)];
    for year in [2026, 2027, 2028] {
        assert_eq!(of_year(year, &rules("毎月1日:1 毎月4日:1 毎月末日:12 毎月30日:12"), &yearly), ["01-04", "12-30"]);
    }
}

#[test]
fn a_closure_that_shifts_moves_the_rest_of_the_month_by_a_week() {
    let closed = [closure("2025-12-29..2026-01-03", ClosureEffect::ShiftWeek)];
    let of = |when: &str| of_year(2026, &rules(when), &closed)[..2].to_vec();
    // 2026-01-01 is a Thursday: the month's Thursdays move, its Mondays do not.
    assert_eq!(of("木1:1,2 木3:1"), ["01-08", "01-22"]);
    assert_eq!(of("木5:1 木1:2,3"), ["02-05", "03-05"], "the fifth would leave the month");
    assert_eq!(of("月1:1,2"), ["01-05", "02-02"]);
    assert_eq!(of("木"), ["01-08", "01-15"], "a weekly one falls out");
    assert_eq!(of("毎日"), ["01-04", "01-05"]);
    assert_eq!(of("7日ごと@2026-01-01"), ["01-08", "01-15"]);
    assert_eq!(of("8日ごと@2026-01-01"), ["01-08", "01-09"]);
    assert_eq!(of("隔週木@2025-12-18"), ["01-08", "01-15"], "only the closed one moves");
    assert_eq!(of("毎月2日:1 毎月20日:1"), ["01-09", "01-20"]);
    assert_eq!(of("平日1:1,2"), ["01-09", "02-02"]);
    assert_eq!(of("最終水:12 木1:2"), ["01-07", "02-05"], "the last one of December, though that is in January");
    assert_eq!(of("2026-01-02 毎月20日"), ["01-02", "01-20"], "a day named by date stays");
}

#[test]
fn a_closure_moves_what_falls_on_it_to_a_named_day_also_over_the_turn_of_the_year() {
    let yearly = [closure("12-31..01-03", to("01-04"))];
    let of = |year, when: &str| of_year(year, &rules(when), &yearly);
    assert_eq!(of(2027, "金")[..3], ["01-04", "01-08", "01-15"], "from the 1st");
    assert_eq!(of(2026, "木:12"), ["12-03", "12-10", "12-17", "12-24"]);
    assert_eq!(of(2027, "木:12"), ["01-04", "12-02", "12-09", "12-16", "12-23", "12-30"], "from the 31st of 2026");
    assert_eq!(of(2027, "金 土:1")[..3], ["01-04", "01-08", "01-09"], "two on one day are one");
    // Brought forward, to the year of the closure's first day.
    let forward = [closure("2026-12-31..2027-01-03", to("12-30"))];
    assert_eq!(of_year(2026, &rules("土1"), &forward).last().unwrap(), "12-30", "the 2nd of January");
    // Half a year away it is found as well.
    let far = [closure("2026-08-13", to("02-10"))];
    assert_eq!(of_year(2027, &rules("2日ごと@2026-08-13:8"), &far)[..1], ["02-10"]);
}

#[test]
fn of_several_closures_one_that_skips_counts_first_then_one_that_names_a_day() {
    let shift = closure("2026-08-10..2026-08-14", ClosureEffect::ShiftWeek);
    let named = closure("2026-08-11..2026-08-14", to("08-31"));
    let skip = closure("2026-08-12", ClosureEffect::Skip);
    let of = |when: &str| of_year(2026, &rules(when), &[shift, named, skip]);
    assert_eq!(of("毎月10日:8 毎月11日:8 毎月12日:8"), ["08-17", "08-31"]);
}

#[test]
fn what_moves_for_a_holiday_moves_on_in_a_closure_and_what_is_lost_is_told() {
    let skip = [closure("2026-05-07", ClosureEffect::Skip)];
    let next = recurrence("月:5", "", "", "next");
    let may = date(2026, 5, 1)..=date(2026, 5, 31);
    assert_eq!(of_year(2026, &next, &skip), ["05-11", "05-18", "05-25"]);
    assert_eq!(next.lost(&skip, may.clone()), [(date(2026, 5, 4), date(2026, 5, 7))]);
    let named = [closure("2026-05-07", to("05-08"))];
    assert_eq!(of_year(2026, &next, &named), ["05-08", "05-11", "05-18", "05-25"]);
    assert!(next.lost(&named, may.clone()).is_empty());
    // What the town takes away itself is not lost.
    assert!(recurrence("月:5", "2026-05-04", "", "next").lost(&skip, may.clone()).is_empty());
    assert!(rules("木:5").lost(&skip, may.clone()).is_empty());
    // Nor is what comes back as an extra day.
    let extra = Recurrence { extra: parse_periods("2026-05-07").unwrap(), ..next };
    assert!(extra.lost(&skip, may).is_empty());
}

#[test]
fn a_moved_day_needs_an_open_one() {
    let january = date(2026, 1, 1)..=date(2026, 1, 31);
    for (when, except, holidays, days, effect, lost) in [
        ("木1:1", "", "", "2026-01-01..2026-01-10", ClosureEffect::ShiftWeek, Some((1, 8))),
        ("木1:1", "2026-01-08", "", "2026-01-01..2026-01-03", ClosureEffect::ShiftWeek, Some((1, 8))),
        ("木1:1", "2026-01-01", "", "2026-01-01..2026-01-03", ClosureEffect::ShiftWeek, None),
        ("月1:1", "", "next", "2026-01-05", ClosureEffect::ShiftWeek, Some((5, 12))),
        ("月1:1", "", "", "2026-01-05", to("01-12"), None),
        ("月1:1", "", "skip", "2026-01-05", to("01-12"), Some((5, 12))),
        ("木5:1", "", "", "2026-01-29", ClosureEffect::ShiftWeek, Some((29, 36))),
    ] {
        let found = recurrence(when, except, "", holidays);
        let closed = [closure(days, effect)];
        let first = date(2026, 1, 1);
        let lost = lost.map(|(day, to): (i16, i16)| (days_later(first, day - 1), days_later(first, to - 1)));
        assert_eq!(found.lost(&closed, january.clone()), lost.into_iter().collect::<Vec<_>>(), "{when} {days}");
        let is_there = !found.days(&closed, january.clone()).is_empty();
        assert_eq!(is_there, lost.is_none() && except.is_empty(), "{when} {days}");
    }
}

#[test]
fn the_next_day_is_found_years_ahead_and_the_end_of_time_ends_the_search() {
    assert_eq!(rules("毎月29日:2").next(date(2096, 3, 1)), Some(date(2104, 2, 29)), "2100 is no leap year");
    assert_eq!(rules("水").next(date(2026, 11, 25)), Some(date(2026, 11, 25)));
    assert_eq!(rules("2026-11-24").next(date(2026, 11, 25)), None);
    assert_eq!(rules("").next(date(2026, 11, 25)), None);
    assert_eq!(rules("毎月1日").next(Date::MIN), Some(Date::MIN));
    assert_eq!(rules("毎月1日").next(Date::MAX), None);
    assert!(rules("水").gives(date(2026, 11, 25), &[]) && !rules("水").gives(date(2026, 11, 26), &[]));
}

#[test]
fn full_width_and_long_forms_are_read_and_the_plain_form_is_printed() {
    let prints = |cell: &str| parse_rules(cell).unwrap().iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    assert_eq!(prints("　月　木曜日 "), "月 木");
    assert_eq!(prints("水２：４－９"), "水2:4-9");
    assert_eq!(prints("水2:4、5、8，9"), "水2:4-5,8-9");
    assert_eq!(prints("月:1-12"), "月");
    assert_eq!(prints("隔週火曜@２０２６/4/7:10-3"), "隔週火@2026-04-07:1-3,10-12");
    assert_eq!(
        prints("３日ごと＠2026/4/1:4 最終水曜日 平日１ 平日末:4-9 毎日 平日:1"),
        "3日ごと@2026-04-01:4 最終水 平日1 平日末:4-9 毎日 平日:1"
    );
    assert_eq!(prints("毎月１５日 毎月末日:2 20261228"), "毎月15日 毎月末日:2 2026-12-28");
    assert_eq!(prints(""), "");
    let periods = parse_periods("2026-12-31..2027-01-03 ２０２６/２/３ 2026/4/1〜2026/4/2 12-31..1/3 ４-１").unwrap();
    let periods: Vec<_> = periods.iter().map(ToString::to_string).collect();
    assert_eq!(periods, ["2026-12-31..2027-01-03", "2026-02-03", "2026-04-01..2026-04-02", "12-31..01-03", "04-01"]);
    for (cell, plain) in [("", ""), ("ｓｋｉｐ", "skip"), ("next", "next"), ("previous", "previous"), ("土曜日", "土")]
    {
        assert_eq!(cell.parse::<OnHoliday>().unwrap().to_string(), plain);
    }
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
        ("毎日1", "毎日1", Expected::Rule),
        ("平日0", "平日0", Expected::NthWorkingDay),
        ("平日24", "平日24", Expected::NthWorkingDay),
        ("平日火", "平日火", Expected::NthWorkingDay),
        ("最終", "最終", Expected::Rule),
        ("最終水2", "最終水2", Expected::Rule),
        ("0日ごと@2026-04-01", "0日ごと@2026-04-01", Expected::Step),
        ("367日ごと@2026-04-01", "367日ごと@2026-04-01", Expected::Step),
        ("-3日ごと@2026-04-01", "-3日ごと@2026-04-01", Expected::Step),
        ("3日ごと", "3日ごと", Expected::Rule),
        ("3日ごと@04-01", "3日ごと@04-01", Expected::Date),
    ] {
        assert_eq!(rule(cell), Err((token.to_owned(), expected)), "{cell}");
    }
    assert_eq!(rule(&"月 ".repeat(TOKENS_MAX + 1)), Err(("…".to_owned(), Expected::Fewer)));
    for (cell, expected) in [
        ("2026-01-03..2026-01-01", Expected::Range),
        ("2026-01-03..", Expected::Date),
        ("12-31..2027-01-03", Expected::Date),
        ("02-30", Expected::Date),
        ("13-01", Expected::Date),
    ] {
        assert_eq!(parse_periods(cell).unwrap_err().expected, expected, "{cell}");
    }
    assert_eq!("01-32".parse::<DayOfYear>().unwrap_err().expected, Expected::DayOfYear);
    assert_eq!("土日".parse::<OnHoliday>().unwrap_err().expected, Expected::OnHoliday);
    let message = rule("隔週火@2026-04-08").unwrap_err().1.to_string();
    assert!(message.ends_with("the date is on 水"), "{message}");
}

#[test]
fn a_recurrence_is_stored_as_it_is_written() {
    let found = recurrence("水2:4-9 隔週火@2026-04-07", "2026-12-31..2027-01-03", "12-30", "土");
    let json = serde_json::to_value(&found).unwrap();
    let expected = serde_json::json!({
        "rules": ["水2:4-9", "隔週火@2026-04-07"], "except": ["2026-12-31..2027-01-03"], "extra": ["12-30"], "holidays": "土",
    });
    assert_eq!(json, expected);
    assert_eq!(serde_json::from_value::<Recurrence>(json).unwrap(), found);
    // As it was stored before there were holidays, so that it is not written again for nothing.
    let old = serde_json::json!({"rules": ["水"], "except": [], "extra": []});
    assert_eq!(serde_json::from_value::<Recurrence>(old.clone()).unwrap(), rules("水"));
    assert_eq!(serde_json::to_value(rules("水")).unwrap(), old);
    assert!(serde_json::from_str::<Rule>("\"水9\"").is_err());
    for (effect, json) in [(ClosureEffect::ShiftWeek, "\"shift-week\""), (to("01-04"), "{\"move-to\":\"01-04\"}")] {
        assert_eq!(serde_json::to_string(&effect).unwrap(), json);
        assert_eq!(serde_json::from_str::<ClosureEffect>(json).unwrap(), effect);
    }
}

#[test]
fn days_of_every_year_lie_over_its_turn_and_meet_others() {
    let period = |text: &str| text.parse::<Period>().unwrap();
    for (one, other, meet) in [
        ("12-31..01-03", "2030-01-03", true),
        ("12-31..01-03", "2030-01-04", false),
        ("12-31..01-03", "01-03..01-05", true),
        ("12-31..01-03", "12-29..12-31", true),
        ("12-31..01-03", "01-04..12-30", false),
        ("02-29", "02-29..03-01", true),
        ("2026-12-31..2027-01-03", "2027-01-03..2027-01-04", true),
        ("2026-12-31", "2027-12-31", false),
    ] {
        assert_eq!(period(one).overlaps(period(other)), meet, "{one} {other}");
        assert_eq!(period(other).overlaps(period(one)), meet, "{other} {one}");
    }
    let nearest = |day: &str, to: Date| day.parse::<DayOfYear>().unwrap().nearest(to);
    assert_eq!(nearest("01-04", date(2026, 12, 31)), date(2027, 1, 4));
    assert_eq!(nearest("12-30", date(2027, 1, 2)), date(2026, 12, 30));
    assert_eq!(nearest("02-29", date(2027, 3, 1)), date(2027, 2, 28));
}

fn any_date() -> impl Strategy<Value = Date> {
    (2026i16..=2028, 1i8..=12, 1i8..=31)
        .prop_map(|(year, month, day)| Date::new(year, month, day).unwrap_or(date(2028, 2, 29)))
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_without_harm(text in "\\PC{0,40}") {
        let _ = parse_rules(&text);
        let _ = parse_periods(&text);
        let _ = parse_date(&text);
        let _ = text.parse::<OnHoliday>();
    }

    #[test]
    fn a_period_has_the_days_of_its_ranges(
        first in any_date(), last in any_date(), yearly in proptest::bool::ANY, day in any_date(),
    ) {
        let (first, last) = (first.min(last), first.max(last));
        let period: Period = if yearly {
            // Either way round, so that some lie over the turn of the year.
            Period::Yearly(YearlyRange { first: DayOfYear::of(first), last: DayOfYear::of(last) })
        } else {
            DateRange::new(first, last).unwrap().into()
        };
        prop_assert_eq!(period.to_string().parse::<Period>().unwrap(), period);
        let within = DateRange::new(date(2024, 1, 1), date(2030, 12, 31)).unwrap();
        let in_ranges = period.ranges(within).any(|range| range.contains(day));
        prop_assert_eq!(period.contains(day), in_ranges, "{} {}", period, day);
    }
}
