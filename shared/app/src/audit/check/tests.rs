//! What stays in doubt after checks of other days.

use jiff::civil::date;

use super::*;

fn day(day: i8) -> Date {
    date(2026, 11, day)
}

/// A check that was finished and has found these days broken.
fn check(first: i8, last: i8, broken: &[i8], unnamed: u64) -> Check {
    let broken = broken.iter().map(|of| BrokenDay { day: day(*of), why: Broken::End }).collect();
    Check {
        first: day(first),
        last: day(last),
        total: Extent::default(),
        finished: Some(Timestamp::UNIX_EPOCH),
        broken,
        unnamed,
        hash: Hash::beginning(),
        done: Extent::default(),
        later: None,
        day: None,
    }
}

fn doubts(checks: impl IntoIterator<Item = Check>) -> Doubts {
    checks.into_iter().fold(Checks::default(), Checks::finished).doubts
}

fn days(doubts: &Doubts) -> Vec<i8> {
    doubts.days.iter().map(|known| known.day.day()).collect()
}

#[test]
fn a_broken_day_stays_in_doubt_until_a_check_of_that_day_holds() {
    let found = || check(1, 30, &[20, 5], 0);
    for (then, left) in [
        (check(21, 30, &[], 0), &[20, 5][..]),
        (check(6, 30, &[], 0), &[5]),
        (check(1, 30, &[], 0), &[]),
        (check(19, 25, &[22], 0), &[22, 5]),
        (check(1, 30, &[20], 0), &[20]),
    ] {
        assert_eq!(days(&doubts([found(), then.clone()])), left, "{then:?}");
    }
    assert!(doubts([found(), check(19, 25, &[22], 0), check(1, 30, &[], 0)]).is_empty());
}

#[test]
fn days_that_are_not_named_stay_in_doubt_until_all_were_looked_at() {
    let found = || check(1, 30, &[20, 15], 7);
    assert_eq!(doubts([found()]).unnamed, Some((day(1), day(15))));
    assert_eq!(doubts([found(), check(2, 30, &[], 0)]).unnamed, Some((day(1), day(15))), "of the first nobody knows");
    assert!(doubts([found(), check(1, 30, &[], 0)]).is_empty());
    let all = |month: i8| (1..=28).rev().map(move |day| date(2026, month, day));
    let several = (7..=11).map(|month| {
        let broken = all(month).map(|day| BrokenDay { day, why: Broken::End }).collect();
        Check { first: date(2026, month, 1), last: date(2026, month, 28), broken, ..check(1, 1, &[], 0) }
    });
    let doubts = doubts(several);
    assert_eq!(doubts.days.len(), NAMED_MAX);
    assert_eq!(doubts.unnamed, Some((date(2026, 7, 1), date(2026, 8, 12))), "the earliest are not named");
}

/// What a console kept before it knew of doubts.
#[test]
fn the_doubts_of_an_older_record_are_not_lost() {
    let older = Checks { last: Some(check(1, 30, &[20], 0)), ..Checks::default() };
    let mut json = serde_json::to_value(older).unwrap();
    json.as_object_mut().unwrap().remove("doubts");
    let older: Checks = serde_json::from_value(json).unwrap();
    assert!(older.are_in_doubt());
    assert_eq!(days(&older.finished(check(21, 30, &[], 0)).doubts), [20]);
}
