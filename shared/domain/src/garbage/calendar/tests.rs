//! Checks of the calendar: lines that add up, changes of single days, what is rare, and what is odd.

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::dates::{ClosureEffect, parse_periods, parse_rules};

fn area() -> AreaId {
    "chuo".parse().unwrap()
}

fn burnable() -> CategoryId {
    "burnable".parse().unwrap()
}

fn entry(when: &str, except: &str, extra: &str) -> Entry {
    let (except, extra) = (parse_periods(except).unwrap(), parse_periods(extra).unwrap());
    let recurrence = Recurrence { except, extra, ..parse_rules(when).unwrap().into() };
    Entry { recurrence, note: String::new() }
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

fn change(id: &str, day: Date, moved_to: Option<Date>) -> CollectionChange {
    CollectionChange {
        id: id.parse().unwrap(),
        date: day,
        areas: BTreeSet::new(),
        categories: BTreeSet::new(),
        moved_to,
        reason: format!("because of {id}"),
    }
}

/// The days as `MM-DD`, of one year.
fn days_of(year: i16, calendar: &Calendar) -> Vec<String> {
    let days = calendar.days(&area(), &burnable(), date(year, 1, 1)..=date(year, 12, 31));
    days.map(|day| day.strftime("%m-%d").to_string()).collect()
}

#[test]
fn several_lines_of_one_category_add_up() {
    let entries = [entry("木1:6", "", ""), entry("木2:6 木4:6", "2026-06-25", ""), entry("2026-06-11", "", "")];
    assert_eq!(days_of(2026, &calendar(&entries, &[])), ["06-04", "06-11"]);
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
    assert_eq!(calendar.next_day(&area(), &burnable(), Date::MAX), None);
    assert_eq!(calendar.next_day(&area(), &burnable(), Date::MIN), Some(Date::MIN));
}

#[test]
fn a_change_takes_a_day_away_and_gives_it_back_even_in_a_closure() {
    let closed = [closure("2026-01-12..2026-01-14", ClosureEffect::Skip)];
    let mut calendar = calendar(&[entry("月:1", "2026-01-13", "2026-01-20")], &closed);
    assert_eq!(days_of(2026, &calendar), ["01-05", "01-19", "01-20", "01-26"]);
    calendar.change(&change("snow", date(2026, 1, 5), Some(date(2026, 1, 13))));
    calendar.change(&change("extra", date(2026, 1, 20), None));
    calendar.change(&change("not-collected-anyway", date(2026, 1, 21), Some(date(2026, 1, 22))));
    assert_eq!(days_of(2026, &calendar), ["01-13", "01-19", "01-26"]);
    let january = date(2026, 1, 1)..=date(2026, 1, 31);
    let cancelled: Vec<_> = calendar.cancelled(&area(), &burnable(), january).collect();
    assert_eq!(
        cancelled,
        [
            Cancelled { date: date(2026, 1, 5), moved_to: Some(date(2026, 1, 13)), reason: "because of snow" },
            Cancelled { date: date(2026, 1, 20), moved_to: None, reason: "because of extra" },
        ]
    );
    let on_the_new_day = calendar.cancelled(&area(), &burnable(), date(2026, 1, 13)..=date(2026, 1, 13));
    assert_eq!(on_the_new_day.count(), 0, "a day falls out on its own date");
    assert_eq!(calendar.next_day(&area(), &burnable(), date(2026, 1, 1)), Some(date(2026, 1, 13)));
}

#[test]
fn a_day_that_was_moved_can_be_moved_again_in_whatever_order_the_changes_come() {
    let (first, second) = (date(2026, 1, 5), date(2026, 1, 7));
    let changes = [
        change("a", first, Some(second)),
        change("b", second, Some(date(2026, 1, 9))),
        change("c", date(2026, 1, 9), Some(date(2026, 2, 10))),
    ];
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [2, 0, 1]] {
        let mut calendar = calendar(&[entry("月1", "", "")], &[]);
        for at in order {
            calendar.change(&changes[at]);
        }
        assert_eq!(days_of(2026, &calendar)[..3], ["02-02", "02-10", "03-02"], "{order:?}");
        // The same, asked for one day or one month only.
        assert_eq!(calendar.on(&area(), date(2026, 2, 10)), [&burnable()], "{order:?}");
        assert!(calendar.on(&area(), first).is_empty() && calendar.on(&area(), second).is_empty());
        let february = date(2026, 2, 1)..=date(2026, 2, 28);
        assert_eq!(calendar.days(&area(), &burnable(), february).count(), 2);
    }
}

#[test]
fn a_change_is_about_its_areas_and_categories() {
    let (elsewhere, paper): (AreaId, CategoryId) = ("higashi".parse().unwrap(), "paper".parse().unwrap());
    let mut calendar = calendar(&[entry("月:1", "", "")], &[]);
    for (area, category) in [(area(), &paper), (elsewhere.clone(), &burnable()), (elsewhere.clone(), &paper)] {
        calendar.add(area, category.clone(), entry("月:1", "", ""));
    }
    let day = date(2026, 1, 5);
    calendar.change(&CollectionChange {
        areas: [area()].into(),
        categories: [paper.clone()].into(),
        ..change("a", day, None)
    });
    assert_eq!(calendar.on(&area(), day), [&burnable()]);
    assert_eq!(calendar.on(&elsewhere, day), [&burnable(), &paper]);
    calendar.change(&CollectionChange { areas: [elsewhere.clone()].into(), ..change("b", day, None) });
    assert!(calendar.on(&elsewhere, day).is_empty());
    calendar.change(&change("c", day, None));
    assert!(calendar.on(&area(), day).is_empty());
    let cancelled: Vec<_> = calendar.cancelled(&area(), &paper, day..=day).map(|one| one.reason).collect();
    assert_eq!(cancelled, ["because of a"], "it falls out once");
}

#[test]
fn rare_is_what_is_collected_but_not_every_week() {
    for (whens, is_rare) in [
        (&["月 木"][..], false),
        (&["毎日"], false),
        (&["平日:4-9"], false),
        (&["7日ごと@2026-04-01"], false),
        (&["8日ごと@2026-04-01"], true),
        (&["水1 水3"], true),
        (&["隔週火@2026-04-07"], true),
        (&["平日1 平日末 最終水 毎月末日 2026-04-01"], true),
        (&["水1", "月:7"], false),
        (&[""], false),
    ] {
        let entries: Vec<Entry> = whens.iter().map(|when| entry(when, "", "")).collect();
        assert_eq!(calendar(&entries, &[]).is_rare(&area(), &burnable()), is_rare, "{whens:?}");
    }
    assert!(calendar(&[entry("", "", "2026-04-01")], &[]).is_rare(&area(), &burnable()));
    assert!(!Calendar::default().is_rare(&area(), &burnable()));
}

#[test]
fn a_line_is_stored_as_it_always_was() {
    let json = serde_json::json!({"rules": ["月"], "except": [], "extra": ["2026-12-30"], "note": "年末も"});
    let line = Entry { note: "年末も".to_owned(), ..entry("月", "", "2026-12-30") };
    assert_eq!(serde_json::to_value(&line).unwrap(), json);
    assert_eq!(serde_json::from_value::<Entry>(json).unwrap(), line);
}

const TODAY: Date = date(2026, 11, 20);

fn findings(entries: &[Entry], closures: &[Closure], changes: &[CollectionChange]) -> Vec<Finding> {
    let mut calendar = calendar(entries, closures);
    for change in changes {
        calendar.change(change);
    }
    calendar.findings(TODAY)
}

#[test]
fn a_sound_calendar_has_no_findings() {
    let entries = [entry("月 木", "12-31..01-03", "12-30"), entry("毎月1日:4-9", "", "")];
    let closures = [closure("12-31..01-03", ClosureEffect::Skip), closure("08-13", ClosureEffect::ShiftWeek)];
    let changes = [change("snow", date(2026, 12, 7), Some(date(2026, 12, 8))), change("past", date(2026, 10, 2), None)];
    assert_eq!(findings(&entries, &closures, &changes), []);
}

#[test]
fn a_category_without_a_day_in_sixty_is_found() {
    let quiet = |when: &str| match findings(&[entry(when, "", "")], &[], &[])[..] {
        [Finding::Quiet { next, .. }] => Some(next),
        _ => None,
    };
    // 2027-01-18 is the last of sixty days from 2026-11-20 on.
    assert_eq!(quiet("2027-01-18"), None);
    assert_eq!(quiet("2027-01-19"), Some(Some(date(2027, 1, 19))));
    assert_eq!(quiet("2026-11-19"), Some(None));
    assert_eq!(quiet("月:8"), Some(Some(date(2027, 8, 2))));
    assert_eq!(quiet(""), None, "only a note: never collected, as it says");
}

#[test]
fn what_contradicts_is_found() {
    let (area, category) = (area(), burnable());
    let both = entry("月", "2026-11-30..2026-12-02", "");
    let extra = entry("", "", "2026-12-01");
    let found = Finding::ExtraExcepted { area: area.clone(), category: category.clone(), date: date(2026, 12, 1) };
    assert_eq!(findings(&[both, extra], &[], &[]), [found]);

    let nothing = entry("木2:2", "02-01..02-28", "");
    let found = Finding::EmptyLine { area: area.clone(), category: category.clone(), line: 2 };
    assert_eq!(findings(&[entry("月", "", ""), nothing], &[], &[]), [found]);

    let one = closure("12-29..01-03", ClosureEffect::Skip);
    let other = closure("2026-12-31..2027-01-05", ClosureEffect::ShiftWeek);
    let past = closure("2025-12-31..2026-01-05", ClosureEffect::ShiftWeek);
    let found = Finding::ClosuresDiffer {
        areas: vec![area.clone()],
        first: one.days,
        second: other.days,
        date: date(2026, 12, 31),
    };
    assert_eq!(findings(&[entry("月", "", "")], &[one, other, past, one], &[])[..1], [found]);
}

#[test]
fn what_is_lost_is_found_unless_another_line_has_it() {
    let closed = [closure("2026-12-31..2027-01-03", "01-05".parse().map(ClosureEffect::MoveTo).unwrap())];
    let lost =
        Finding::Lost { area: area(), category: burnable(), date: date(2026, 12, 31), moved_to: date(2027, 1, 5) };
    assert_eq!(findings(&[entry("木", "2027-01-05", "")], &closed, &[]), [lost]);
    assert_eq!(findings(&[entry("木", "2027-01-05", ""), entry("火", "", "")], &closed, &[]), []);
    assert_eq!(findings(&[entry("木", "2027-01-06", "")], &closed, &[]), []);
}

#[test]
fn a_change_that_changes_nothing_or_meets_a_collection_is_found() {
    let (monday, tuesday) = (date(2026, 12, 7), date(2026, 12, 8));
    let entries = [entry("月", "", "")];
    let id: crate::ids::ChangeId = "a".parse().unwrap();
    let nothing = |area| Finding::ChangesNothing { change: id.clone(), area, date: tuesday };
    assert_eq!(findings(&entries, &[], &[change("a", tuesday, None)]), [nothing(None)]);
    let (here, elsewhere): (AreaId, AreaId) = (area(), "higashi".parse().unwrap());
    let named = CollectionChange { areas: [here.clone(), elsewhere.clone()].into(), ..change("a", tuesday, None) };
    assert_eq!(findings(&entries, &[], &[named]), [nothing(Some(here)), nothing(Some(elsewhere))]);

    let meets =
        Finding::ChangeMeets { change: id.clone(), area: area(), category: burnable(), date: date(2026, 12, 14) };
    assert_eq!(findings(&entries, &[], &[change("a", monday, Some(date(2026, 12, 14)))]), [meets]);
    // The other collection was moved there by another change.
    let earlier = change("0", date(2026, 11, 30), Some(tuesday));
    let meets = Finding::ChangeMeets { change: id, area: area(), category: burnable(), date: tuesday };
    assert_eq!(findings(&entries, &[], &[earlier, change("a", monday, Some(tuesday))]), [meets]);
}

#[test]
fn findings_end_somewhere() {
    let mut calendar = Calendar::default();
    for number in 0..=FINDINGS_MAX {
        calendar.add(format!("area-{number}").parse().unwrap(), burnable(), entry("2026-01-01", "", ""));
    }
    assert_eq!(calendar.findings(TODAY).len(), FINDINGS_MAX);
}

fn any_day() -> impl Strategy<Value = Date> {
    (0i16..200).prop_map(|days| crate::dates::days_later(date(2026, 12, 1), days))
}

fn any_change() -> impl Strategy<Value = (Date, Option<i16>)> {
    (any_day(), proptest::option::of(1i16..40))
}

proptest! {
    #[test]
    fn the_next_day_is_the_first_of_the_days_and_never_before_today(
        when in proptest::sample::select(vec!["月 木", "水2", "平日末", "毎月31日", "隔週火@2026-12-01", "2027-02-03"]),
        changes in proptest::collection::vec(any_change(), 0..5),
        from in any_day(),
    ) {
        let mut calendar = calendar(&[entry(when, "2027-01-04..2027-01-20", "2027-01-10")], &[]);
        for (number, (day, later)) in changes.into_iter().enumerate() {
            let moved_to = later.map(|later| days_later(day, later));
            calendar.change(&change(&format!("change-{number}"), day, moved_to));
        }
        let next = calendar.next_day(&area(), &burnable(), from);
        let last = days_later(from, LOOK_AHEAD_DAYS - 1);
        prop_assert_eq!(next, calendar.days(&area(), &burnable(), from..=last).next());
        prop_assert!(next.is_none_or(|day| from <= day));
        if let Some(day) = next {
            prop_assert_eq!(calendar.on(&area(), day).len(), 1);
        }
    }

    /// Whatever the changes, the days of a long range are those of its days asked one by one; and of the days before the changes, each
    /// is still there, or fell out without a new day, or its new day was one already, which a finding says.
    #[test]
    fn changes_lose_no_day_silently(
        when in proptest::sample::select(vec!["月 木", "水2", "2日ごと@2026-12-01", "毎月15日", "隔週火@2026-12-01"]),
        changes in proptest::collection::vec(any_change(), 0..6),
    ) {
        let mut calendar = calendar(&[entry(when, "", "")], &[]);
        let range = date(2026, 12, 1)..=date(2027, 12, 31);
        let before = calendar.days(&area(), &burnable(), range.clone()).count();
        for (number, (day, later)) in changes.into_iter().enumerate() {
            let moved_to = later.map(|later| days_later(day, later));
            calendar.change(&change(&format!("change-{number}"), day, moved_to));
        }
        let after: Vec<Date> = calendar.days(&area(), &burnable(), range.clone()).collect();
        let gone = calendar.cancelled(&area(), &burnable(), range.clone()).filter(|one| one.moved_to.is_none()).count();
        let findings = calendar.findings(date(2026, 12, 1));
        let met = findings.iter().filter(|finding| matches!(finding, Finding::ChangeMeets { .. })).count();
        prop_assert_eq!(before, after.len() + gone + met);
        let one_by_one: Vec<Date> = crate::dates::days_between(*range.start(), *range.end())
            .filter(|day| !calendar.on(&area(), *day).is_empty())
            .collect();
        prop_assert_eq!(after, one_by_one);
    }
}
