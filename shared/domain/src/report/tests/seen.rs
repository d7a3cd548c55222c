//! What residents see of a report: its reporter, its followers, and nobody else.

use super::*;
use crate::report::seen::{Seen, SeenWhat};

fn words<'a>(seen: &'a Seen<'_>) -> Vec<(&'static str, &'a str)> {
    let word = |what: &SeenWhat<'a>| match *what {
        SeenWhat::Filed => ("filed", ""),
        SeenWhat::State { to, said } => (to.standing().name(), said),
        SeenWhat::Answered(text) => ("answered", text),
        SeenWhat::Commented(text) => ("commented", text),
    };
    seen.history.iter().map(|entry| word(&entry.what)).collect()
}

/// A report in which everybody did everything.
fn told_of_by_all() -> Report {
    let mut report = report("r1");
    report.follow(&resident(2)).unwrap();
    let mut at_minute = 1;
    let mut act = |report: &mut Report, deed: Deed| {
        at_minute += 1;
        report.act(deed, &staff(), at(at_minute)).unwrap();
    };
    act(&mut report, Deed::Answer("見に行きます。".to_owned()));
    act(&mut report, Deed::Note("見積もり待ち".to_owned()));
    act(&mut report, Deed::Assign(Some(staff())));
    act(&mut report, Deed::Priority(Priority::High));
    act(&mut report, Deed::Move { to: "parks".parse().unwrap() });
    act(&mut report, Deed::Done { answer: "なおしました。".to_owned() });
    report.comment("ありがとう。", &resident(1), at(20)).unwrap();
    report.reopen_by_reporter("また消えました。", &resident(1), at(21)).unwrap();
    act(&mut report, Deed::Decline { why: "県道です。".to_owned() });
    report.reopen_by_reporter("となりです。消えています。", &resident(2), at(23)).unwrap();
    report.comment("おねがいします。", &resident(2), at(24)).unwrap();
    act(&mut report, Deed::Note("部品が来た".to_owned()));
    report
}

#[test]
fn a_reporter_sees_what_staff_said_and_what_they_said_themselves() {
    let report = told_of_by_all();
    let seen = report.seen_by(&resident(1)).unwrap();
    let expected = [
        ("filed", ""),
        ("answered", "見に行きます。"),
        ("done", "なおしました。"),
        ("commented", "ありがとう。"),
        ("checking", "また消えました。"),
        ("declined", ""),
        ("checking", ""),
    ];
    assert_eq!(words(&seen), expected);
    assert_eq!(seen.changed_at, at(23), "what staff note, or a follower writes, is no change");
    let own = seen.own.unwrap();
    assert_eq!((own.comment, own.answers.len(), own.photos.len()), ("消えています。", 1, 2));
    assert_eq!(own.place.text, "本町1-2-3");
}

#[test]
fn a_follower_sees_what_staff_said_and_nothing_that_residents_wrote() {
    let report = told_of_by_all();
    let seen = report.seen_by(&resident(2)).unwrap();
    let expected = [
        ("filed", ""),
        ("answered", "見に行きます。"),
        ("done", "なおしました。"),
        ("checking", ""),
        ("declined", ""),
        ("checking", ""),
    ];
    assert_eq!(words(&seen), expected);
    assert!(seen.own.is_none());
    assert_eq!(seen.point, report.place.point);
}

#[test]
fn nobody_else_sees_it_and_after_the_reporter_was_erased_only_followers_do() {
    let mut report = told_of_by_all();
    assert!(report.seen_by(&resident(3)).is_none());
    report.unfollow(&resident(2)).unwrap();
    assert!(report.seen_by(&resident(2)).is_none());
    report.erase_personal(at(30));
    assert!(report.seen_by(&resident(1)).is_none());
}

#[test]
fn what_was_done_or_declined_can_be_led_back() {
    for of in Standing::ALL {
        let report = standing("r1", of);
        let can_reopen = report.seen_by(&resident(1)).unwrap().can_reopen;
        assert_eq!(can_reopen, [Standing::Done, Standing::Declined].contains(&of), "{of:?}");
        assert_eq!(can_reopen, report.clone().reopen_by_reporter("", &resident(1), at(9)).is_ok(), "{of:?}");
    }
}
