//! When a finding begins, when it ends, and that a number which moves around one line is told once.

use jiff::ToSpan;
use jiff::civil::date;
use proptest::prelude::*;

use super::*;

fn at(hour: i64) -> Timestamp {
    Timestamp::from_second(1_795_230_000 + hour * 3_600).unwrap()
}

fn unfollows(last_day: u64, before: &[u64]) -> Unfollows {
    let mut unfollows = Unfollows { last_day, days: Vec::new() };
    for (back, people) in (1_i32..).zip(before) {
        let day = date(2026, 11, 21).saturating_sub(back.days());
        unfollows.add(DayUnfollows { day, people: *people });
    }
    unfollows
}

fn quiet() -> Unfollows {
    unfollows(0, &[])
}

const PLENTY: Messages = Messages::Limited { limit: 1_000, used: 0 };
const SCARCE: Messages = Messages::Limited { limit: 1_000, used: 800 };
const BROKEN: Chain = Chain::Broken { at: Timestamp::UNIX_EPOCH, day: None, why: None };
const WHOLE: Chain = Chain::Whole { at: Timestamp::UNIX_EPOCH };

#[test]
fn messages_are_nearly_used_up_from_four_fifths() {
    for (limit, used, expected) in [
        (1_000, 799, false),
        (1_000, 800, true),
        (1_000, 1_001, true),
        (7, 5, false),
        (7, 6, true),
        (0, 0, true),
        (u64::MAX, u64::MAX, true),
        (u64::MAX, u64::MAX / 2, false),
    ] {
        assert_eq!(Messages::Limited { limit, used }.are_nearly_used_up(), Some(expected), "{used} of {limit}");
    }
    assert_eq!(Messages::Unlimited.are_nearly_used_up(), Some(false));
    assert_eq!(Messages::Unsaid.are_nearly_used_up(), None);
}

#[test]
fn the_normal_number_is_one_that_a_bad_day_does_not_move() {
    assert_eq!(unfollows(0, &[]).normal(), None);
    assert_eq!(unfollows(0, &[4; NORMAL_FROM - 1]).normal(), None, "a few days say nothing");
    assert_eq!(unfollows(0, &[4; NORMAL_FROM]).normal(), Some(4));
    assert_eq!(unfollows(0, &[4, 5, 900, 6, 5, 5, 4]).normal(), Some(5));
}

#[test]
fn more_than_three_times_the_normal_number_and_twenty_are_above_it() {
    let normal = [10; NORMAL_DAYS];
    for (last_day, before, expected) in [
        (30, &normal[..], false),
        (31, &normal, true),
        (19, &[0; NORMAL_FROM], false),
        (20, &[0; NORMAL_FROM], true),
        (20, &[6; NORMAL_FROM], true),
        (20, &[7; NORMAL_FROM], false),
        (u64::MAX, &[u64::MAX; NORMAL_FROM], false),
        (900, &[0; NORMAL_FROM - 1], false),
    ] {
        let unfollows = unfollows(last_day, before);
        assert_eq!(unfollows.are_above_normal(SoFar::AsNormal), expected, "{last_day} after {before:?}");
    }
}

#[test]
fn what_is_above_the_normal_number_ends_at_two_times_of_it_or_below_ten() {
    for (last_day, normal, expected) in
        [(20, 10, false), (21, 10, true), (9, 0, false), (10, 0, true), (10, 5, false), (10, 4, true)]
    {
        let unfollows = unfollows(last_day, &[normal; NORMAL_DAYS]);
        assert_eq!(unfollows.are_above_normal(SoFar::AboveNormal), expected, "{last_day} after {normal}");
    }
}

#[test]
fn only_the_latest_days_are_kept_and_a_day_that_is_counted_again_is_not_there_twice() {
    let many: Vec<u64> = (1..=30).collect();
    let mut unfollows = unfollows(0, &many);
    let days: Vec<_> = unfollows.days.iter().map(|day| day.people).collect();
    let latest: Vec<u64> = (1..=14).rev().collect();
    assert_eq!(days, latest, "the earliest first");
    let last = *unfollows.days.last().unwrap();
    unfollows.add(DayUnfollows { people: 99, ..last });
    assert_eq!((unfollows.days.len(), unfollows.days.last().unwrap().people), (NORMAL_DAYS, 99));
    let days: BTreeSet<_> = unfollows.days.iter().map(|day| day.day).collect();
    assert_eq!(days.len(), NORMAL_DAYS, "each day once");
}

#[test]
fn a_finding_is_told_when_it_begins_and_again_only_when_it_had_ended() {
    let first = Checkup::new(at(0), SCARCE, quiet(), WHOLE, None);
    assert_eq!(first.begun(None), [Finding::MessagesNearlyUsedUp]);
    let second = Checkup::new(at(1), SCARCE, quiet(), BROKEN, Some(&first));
    assert_eq!(second.begun(Some(&first)), [Finding::AuditLogBroken]);
    let third = Checkup::new(at(2), PLENTY, quiet(), BROKEN, Some(&second));
    assert_eq!((third.begun(Some(&second)), third.findings.len()), (vec![], 1), "the next month");
    let fourth = Checkup::new(at(3), SCARCE, quiet(), WHOLE, Some(&third));
    assert_eq!(fourth.begun(Some(&third)), [Finding::MessagesNearlyUsedUp]);
}

#[test]
fn what_the_platform_does_not_say_begins_nothing_and_ends_nothing() {
    let silent = Checkup::new(at(0), Messages::Unsaid, quiet(), Chain::NotLooked, None);
    assert!(silent.findings.is_empty());
    let scarce = Checkup::new(at(1), SCARCE, quiet(), Chain::NotLooked, Some(&silent));
    let still = Checkup::new(at(2), Messages::Unsaid, quiet(), Chain::NotLooked, Some(&scarce));
    assert_eq!((still.findings.len(), still.begun(Some(&scarce))), (1, vec![]));
}

#[test]
fn a_number_around_the_line_is_told_once() {
    let days = [10; NORMAL_DAYS];
    let mut before: Option<Checkup> = None;
    let mut told = 0;
    for (hour, last_day) in (0..).zip([29, 31, 30, 31, 25, 32, 21, 31]) {
        let looked = Checkup::new(at(hour), PLENTY, unfollows(last_day, &days), WHOLE, before.as_ref());
        told += looked.begun(before.as_ref()).len();
        before = Some(looked);
    }
    assert_eq!(told, 1);
    let calm = Checkup::new(at(9), PLENTY, unfollows(20, &days), WHOLE, before.as_ref());
    assert!(calm.findings.is_empty(), "two times the normal number");
}

#[test]
fn a_look_is_kept_as_json_and_comes_back() {
    let looked = Checkup::new(at(0), SCARCE, unfollows(40, &[1; NORMAL_FROM]), BROKEN, None);
    let json = serde_json::to_string(&looked).unwrap();
    assert_eq!(serde_json::from_str::<Checkup>(&json).unwrap(), looked);
    assert!(json.contains(r#""findings":["messages-nearly-used-up","unfollows-above-normal","audit-log-broken"]"#));
}

proptest! {
    #[test]
    fn what_is_above_normal_at_first_still_is_while_it_goes_on(
        last_day in 0_u64..2_000, before in proptest::collection::vec(0_u64..500, 0..20),
    ) {
        let unfollows = unfollows(last_day, &before);
        let begins = unfollows.are_above_normal(SoFar::AsNormal);
        prop_assert!(!begins || unfollows.are_above_normal(SoFar::AboveNormal));
        prop_assert!(!begins || unfollows.normal().is_some_and(|normal| normal * 3 < last_day));
    }

    #[test]
    fn more_people_never_make_it_more_normal(
        fewer in 0_u64..2_000, more in 0_u64..2_000, before in proptest::collection::vec(0_u64..500, 0..20),
    ) {
        let (fewer, more) = (fewer.min(more), fewer.max(more));
        let of = |last_day| unfollows(last_day, &before).are_above_normal(SoFar::AsNormal);
        prop_assert!(!of(fewer) || of(more));
    }

    #[test]
    fn however_looks_follow_each_other_nothing_is_told_twice_without_an_end_between(
        looks in proptest::collection::vec((0_u64..1_200, 0_u64..60), 1..40),
    ) {
        let mut before: Option<Checkup> = None;
        for (hour, (used, last_day)) in (0..).zip(looks) {
            let messages = Messages::Limited { limit: 1_000, used };
            let looked = Checkup::new(at(hour), messages, unfollows(last_day, &[5; NORMAL_FROM]), WHOLE, before.as_ref());
            let begun = looked.begun(before.as_ref());
            for finding in [Finding::MessagesNearlyUsedUp, Finding::UnfollowsAboveNormal, Finding::AuditLogBroken] {
                let held = before.as_ref().is_some_and(|before| before.findings.contains(&finding));
                prop_assert_eq!(begun.contains(&finding), looked.findings.contains(&finding) && !held);
            }
            before = Some(looked);
        }
    }
}
