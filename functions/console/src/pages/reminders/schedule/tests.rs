//! The fields of a schedule: what is typed becomes dates, and dates come back as they were typed.

use jiff::civil::date;

use super::*;
use crate::kit::testing::{EVIL, assert_labelled, assert_tame};

fn typed(pairs: &[(&str, &str)]) -> Fields {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs);
    Fields::parse(query.finish().as_bytes())
}

/// What a form with these fields says, or its first mistake.
fn said(pairs: &[(&str, &str)]) -> Result<String, String> {
    let whole: Vec<_> = [(TIME, "10:00"), (FROM, "2026-11-22")].iter().chain(pairs).copied().collect();
    let mut errors = Errors::default();
    let form = ScheduleForm::read(&typed(&whole));
    let schedule = form.schedule(&mut errors);
    let names = [DATE, WEEKDAYS, WEEKDAY, NTH, STEP, START, DAY, NOTATION, MONTHS, HOLIDAYS, EXCEPT, EXTRA, TIME, FROM];
    match names.iter().find_map(|name| errors.of(name).map(|_| (*name).to_owned())) {
        Some(wrong) => Err(wrong),
        None => Ok(schedule.unwrap().dates.rules.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")),
    }
}

#[test]
fn each_way_names_its_dates() {
    for (pairs, expected) in [
        (vec![(HOW, "once"), (DATE, "2026-12-28")], "2026-12-28"),
        (vec![(HOW, "daily")], "毎日"),
        (vec![(HOW, "working-days"), (MONTHS, "4"), (MONTHS, "5")], "平日:4-5"),
        (vec![(HOW, "weekly"), (WEEKDAYS, "月"), (WEEKDAYS, "木")], "月 木"),
        (vec![(HOW, "every-days"), (STEP, "１４"), (START, "2026-04-07")], "14日ごと@2026-04-07"),
        (vec![(HOW, "nth-weekday"), (NTH, "2"), (WEEKDAY, "水")], "水2"),
        (vec![(HOW, "nth-weekday"), (NTH, "last"), (WEEKDAY, "金")], "最終金"),
        (vec![(HOW, "month-day"), (DAY, "15")], "毎月15日"),
        (vec![(HOW, "month-end"), (MONTHS, "2")], "毎月末日:2"),
        (vec![(HOW, "nth-working-day"), (NTH, "1")], "平日1"),
        (vec![(HOW, "nth-working-day"), (NTH, "末")], "平日末"),
        (vec![(HOW, "notation"), (NOTATION, "水2:4-9 最終金")], "水2:4-9 最終金"),
    ] {
        assert_eq!(said(&pairs).as_deref(), Ok(expected), "{pairs:?}");
    }
}

#[test]
fn every_mistake_is_told_at_its_field() {
    for (pairs, field) in [
        (vec![(HOW, "once")], DATE),
        (vec![(HOW, "once"), (DATE, "2026-02-30")], DATE),
        (vec![(HOW, "weekly")], WEEKDAYS),
        (vec![(HOW, "weekly"), (WEEKDAYS, "月2")], WEEKDAYS),
        (vec![(HOW, "every-days"), (STEP, "0"), (START, "2026-04-07")], STEP),
        (vec![(HOW, "every-days"), (STEP, "x"), (START, "2026-04-07")], STEP),
        (vec![(HOW, "every-days"), (STEP, "3")], START),
        (vec![(HOW, "nth-weekday"), (NTH, "2")], WEEKDAY),
        (vec![(HOW, "nth-weekday"), (WEEKDAY, "水")], NTH),
        (vec![(HOW, "nth-weekday"), (NTH, "9"), (WEEKDAY, "水")], NTH),
        (vec![(HOW, "month-day"), (DAY, "")], DAY),
        (vec![(HOW, "month-day"), (DAY, "32")], DAY),
        (vec![(HOW, "month-day"), (DAY, "31"), (MONTHS, "2")], DAY),
        (vec![(HOW, "daily"), (MONTHS, "13")], MONTHS),
        (vec![(HOW, "nth-working-day"), (NTH, "")], NTH),
        (vec![(HOW, "nth-working-day"), (NTH, "99")], NTH),
        (vec![(HOW, "notation"), (NOTATION, "")], NOTATION),
        (vec![(HOW, "notation"), (NOTATION, "毎度")], NOTATION),
        (vec![(HOW, "daily"), (EXCEPT, "2026-01-03..2026-01-01")], EXCEPT),
        (vec![(HOW, "daily"), (EXTRA, "あした")], EXTRA),
        (vec![(HOW, "daily"), (HOLIDAYS, "perhaps")], HOLIDAYS),
    ] {
        assert_eq!(said(&pairs), Err(field.to_owned()), "{pairs:?}");
    }
    let mut errors = Errors::default();
    assert_eq!(ScheduleForm::read(&typed(&[(HOW, "daily"), (TIME, "25:00")])).schedule(&mut errors), None);
    assert!(errors.of(TIME).is_some() && errors.of(FROM).is_some());
}

#[test]
fn dates_come_back_as_they_were_typed() {
    for rules in [
        "2026-12-28",
        "毎日",
        "平日:4-5",
        "月 木",
        "月:4 木:4",
        "月:4 木:5",
        "14日ごと@2026-04-07",
        "水2",
        "最終金:12",
        "毎月15日",
        "毎月末日",
        "平日1",
        "平日末",
        "水2 最終金",
        "隔週火@2026-04-07",
    ] {
        let dates = Recurrence {
            except: parse_periods("2026-12-29..2027-01-03 12-31").unwrap(),
            extra: parse_periods("2027-01-04").unwrap(),
            holidays: OnHoliday::Next,
            ..parse_rules(rules).unwrap().into()
        };
        let schedule = Schedule { dates, time: jiff::civil::time(9, 5, 0, 0), from: date(2026, 11, 22) };
        let form = ScheduleForm::of(&schedule);
        let mut errors = Errors::default();
        let back = form.schedule(&mut errors).unwrap();
        assert!(errors.is_empty(), "{rules}");
        let days = |schedule: &Schedule| schedule.dates.days(&[], date(2026, 1, 1)..=date(2028, 12, 31));
        assert_eq!(days(&back), days(&schedule), "{rules}");
        assert_eq!((back.time, back.from), (schedule.time, schedule.from));
        let fields = form.fields(&Errors::default());
        assert_labelled(&fields);
        // What is not on the page is not sent back.
        let html = fields.into_string();
        assert!([EXCEPT, EXTRA].iter().all(|name| html.contains(&format!("name=\"{name}\""))), "{rules}");
    }
    let plain = Schedule {
        dates: parse_rules("2026-12-28").unwrap().into(),
        time: jiff::civil::time(9, 5, 0, 0),
        from: date(2026, 11, 22),
    };
    assert_eq!(ScheduleForm::of(&plain).how, "once");
}

#[test]
fn a_way_is_chosen_by_a_button_and_nothing_typed_is_lost() {
    let mut form = ScheduleForm::read(&typed(&[(HOW, "weekly"), (WEEKDAYS, "月"), (TIME, "8:30")]));
    assert_eq!(form.press(&typed(&[(DO, "save")])), Pressed::Others);
    assert_eq!(form.press(&typed(&[(DO, SHOW_HOW), (NEW_HOW, "month-day")])), Pressed::Ours);
    assert_eq!((form.how, form.time.as_str()), ("month-day", "8:30"));
    assert_eq!(form.press(&typed(&[(DO, SHOW_HOW), (NEW_HOW, "never")])), Pressed::Ours);
    assert_eq!(form.how, "month-day", "no such way");
}

#[test]
fn what_is_typed_does_no_harm() {
    for how in words::WAYS.map(|(how, _)| how) {
        let all =
            [DATE, WEEKDAYS, WEEKDAY, NTH, STEP, START, DAY, NOTATION, MONTHS, HOLIDAYS, EXCEPT, EXTRA, TIME, FROM];
        let evil: Vec<_> = all.into_iter().map(|name| (name, EVIL)).chain([(HOW, how)]).collect();
        let form = ScheduleForm::read(&typed(&evil));
        let mut errors = Errors::default();
        assert_eq!(form.schedule(&mut errors), None, "{how}");
        assert_tame(&form.fields(&errors));
    }
}
