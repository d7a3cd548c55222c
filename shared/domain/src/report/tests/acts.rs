//! What staff do, at every standing.

use super::*;

fn no() -> String {
    String::new()
}

/// Any deed, with texts of any sensible length.
pub(super) fn any_deed() -> impl Strategy<Value = Deed> {
    let text = prop_oneof![3 => Just(no()), 6 => "[あ-ん]{1,9}", 1 => Just("😀".repeat(TEXT_CHARS_MAX))];
    prop_oneof![
        Just(Deed::Check),
        text.clone().prop_map(|answer| Deed::Work { answer }),
        text.clone().prop_map(|answer| Deed::Done { answer }),
        text.clone().prop_map(|why| Deed::Decline { why }),
        text.clone().prop_map(|answer| Deed::Reopen { answer }),
        text.clone().prop_map(Deed::Answer),
        text.prop_map(Deed::Note),
        prop_oneof![Just(None), Just(Some(staff()))].prop_map(Deed::Assign),
        "[ab]".prop_map(|to| Deed::Move { to: to.parse().unwrap() }),
        "[ab]".prop_map(|to| Deed::ChangeKind(to.parse().unwrap())),
        prop_oneof![Just(Priority::High), Just(Priority::Low)].prop_map(Deed::Priority),
        prop_oneof![Just(None), Just(Some(date(2027, 1, 1)))].prop_map(Deed::Due),
        "[ab]".prop_map(|what| Deed::Release(super::release::release(&what))),
        Just(Deed::Hide),
    ]
}

#[test]
fn every_step_leads_where_it_may_and_nowhere_else() {
    use Standing::{Checking, Declined, Done, Duplicate, Received, Working};
    let why = || "国道です。".to_owned();
    let steps: [(Deed, Standing, &[Standing]); 5] = [
        (Deed::Check, Checking, &[Received]),
        (Deed::Work { answer: no() }, Working, &[Received, Checking]),
        (Deed::Done { answer: no() }, Done, &[Received, Checking, Working]),
        (Deed::Decline { why: why() }, Declined, &[Received, Checking, Working]),
        (Deed::Reopen { answer: no() }, Checking, &[Done, Declined, Duplicate]),
    ];
    for (deed, to, allowed) in steps {
        for from in Standing::ALL {
            let mut report = standing("r1", from);
            let before = report.clone();
            let done = report.act(deed.clone(), &staff(), at(5));
            if allowed.contains(&from) {
                assert_eq!(done, Ok(before.history.len()), "{deed:?} from {from:?}");
                assert_eq!(report.state.standing(), to);
                assert_eq!(report.closed_at, (!to.is_open()).then_some(at(5)), "{deed:?} from {from:?}");
                let entry = report.history.last().unwrap();
                assert_eq!(entry.by, By::Staff(staff()));
                assert!(
                    matches!(&entry.what, What::State { from, to, .. } if *from == before.state && *to == report.state)
                );
            } else {
                let refusal = if from == to { Refusal::Unchanged } else { Refusal::WrongState };
                assert_eq!(done, Err(refusal), "{deed:?} from {from:?}");
                assert_eq!(report, before, "what is refused changes nothing");
            }
        }
    }
}

#[test]
fn the_reporter_hears_of_what_is_for_them() {
    let mut report = report("r1");
    let mut told = |deed| {
        let entry = report.act(deed, &staff(), at(1)).unwrap();
        report.history[entry].told
    };
    assert_eq!(told(Deed::Check), Told::No);
    assert_eq!(told(Deed::Note("見に行く。".to_owned())), Told::No);
    assert_eq!(told(Deed::Assign(Some(staff()))), Told::No);
    assert_eq!(told(Deed::Move { to: "parks".parse().unwrap() }), Told::No);
    assert_eq!(told(Deed::ChangeKind("road".parse().unwrap())), Told::No);
    assert_eq!(told(Deed::Priority(Priority::High)), Told::No);
    assert_eq!(told(Deed::Due(None)), Told::No);
    assert_eq!(told(Deed::Place(Place { accuracy_m: None, ..place() })), Told::No);
    assert_eq!(told(Deed::Answer("確認しました。".to_owned())), Told::Due);
    assert_eq!(told(Deed::Work { answer: no() }), Told::Due);
    assert_eq!(told(Deed::Done { answer: "直しました。".to_owned() }), Told::Due);
    assert_eq!(told(Deed::Reopen { answer: no() }), Told::Due);
    assert_eq!(told(Deed::Decline { why: "私道です。".to_owned() }), Told::Due);
}

#[test]
fn who_called_cannot_be_told_but_who_follows_can() {
    let mut report = told("田中 090-0000-0000");
    let entry = report.act(Deed::Work { answer: no() }, &staff(), at(1)).unwrap();
    assert_eq!(report.history[entry].told, Told::Unreachable);
    report.follow(&resident(2)).unwrap();
    let entry = report.act(Deed::Done { answer: no() }, &staff(), at(1)).unwrap();
    assert_eq!(report.history[entry].told, Told::Due);
}

#[test]
fn what_is_set_is_set_and_what_is_so_already_is_refused() {
    let road: ReportKindId = "road".parse().unwrap();
    let parks: DepartmentId = "parks".parse().unwrap();
    let moved = Place { point: Point::new(35.0, 139.0).unwrap(), source: PlaceSource::Staff, ..place() };
    let mut report = report("r1");
    for deed in [
        Deed::Assign(Some(staff())),
        Deed::ChangeKind(road.clone()),
        Deed::Priority(Priority::Low),
        Deed::Due(Some(date(2027, 1, 1))),
        Deed::Place(moved.clone()),
    ] {
        assert!(report.act(deed.clone(), &staff(), at(1)).is_ok(), "{deed:?}");
        let before = report.clone();
        assert_eq!(report.act(deed.clone(), &staff(), at(2)), Err(Refusal::Unchanged), "{deed:?}");
        assert_eq!(report, before);
    }
    assert_eq!((&report.kind, report.priority, &report.place), (&road, Priority::Low, &moved));
    assert_eq!((report.due, &report.assignee), (Some(date(2027, 1, 1)), &Some(staff())));

    report.act(Deed::Move { to: parks.clone() }, &staff(), at(3)).unwrap();
    assert_eq!((&report.department, &report.assignee), (&parks, &None), "whoever looked after it works elsewhere");
    assert_eq!(report.act(Deed::Move { to: parks }, &staff(), at(4)), Err(Refusal::Unchanged));
    let what = |entry: usize| report.history[entry].what.clone();
    assert_eq!(what(2), What::KindChanged { from: lamp().id, to: road });
    assert!(matches!(what(6), What::Moved { from, .. } if from.as_str() == "roads"));
}

#[test]
fn nobody_is_set_to_work_on_what_is_closed_but_it_can_be_spoken_of_and_put_right() {
    for of in Standing::ALL.into_iter().filter(|of| !of.is_open()) {
        let mut report = standing("r1", of);
        for deed in [
            Deed::Assign(Some(staff())),
            Deed::Move { to: "parks".parse().unwrap() },
            Deed::Priority(Priority::High),
            Deed::Due(None),
        ] {
            assert_eq!(report.act(deed.clone(), &staff(), at(2)), Err(Refusal::WrongState), "{deed:?}");
        }
        for deed in [
            Deed::Answer("ありがとうございました。".to_owned()),
            Deed::Note("メモ".to_owned()),
            Deed::ChangeKind("road".parse().unwrap()),
            Deed::Place(Place { accuracy_m: None, ..place() }),
        ] {
            assert!(report.act(deed.clone(), &staff(), at(2)).is_ok(), "{deed:?}");
        }
    }
}

#[test]
fn texts_have_their_bounds() {
    let deeds: [fn(String) -> Deed; 6] = [
        |answer| Deed::Work { answer },
        |answer| Deed::Done { answer },
        |why| Deed::Decline { why },
        Deed::Answer,
        Deed::Note,
        |text| Deed::Place(Place { text: text.repeat(PLACE_CHARS_MAX), ..place() }),
    ];
    for deed in deeds {
        let long = deed("あ".repeat(TEXT_CHARS_MAX + 1));
        assert_eq!(report("r1").act(long.clone(), &staff(), at(1)), Err(Refusal::TooLong), "{long:?}");
    }
    let mut kept = report("r1");
    kept.act(Deed::Answer(format!(" {}\r\n", "あ".repeat(TEXT_CHARS_MAX))), &staff(), at(1)).unwrap();
    assert_eq!(kept.history[1].what, What::Answered("あ".repeat(TEXT_CHARS_MAX)));
    for nothing in ["", " \r\n　"] {
        let nothing = || nothing.to_owned();
        for deed in [Deed::Answer(nothing()), Deed::Note(nothing()), Deed::Decline { why: nothing() }] {
            assert_eq!(report("r1").act(deed.clone(), &staff(), at(1)), Err(Refusal::Empty), "{deed:?}");
        }
        assert_eq!(report("r1").act(Deed::Done { answer: nothing() }, &staff(), at(1)), Ok(1));
    }
}

#[test]
fn a_reopened_report_is_open_again() {
    let mut report = standing("r1", Standing::Declined);
    report.act(Deed::Reopen { answer: "町道でした。".to_owned() }, &staff(), at(9)).unwrap();
    assert_eq!((report.state.clone(), report.closed_at), (State::Checking, None));
    let entry = report.history.last().unwrap();
    assert_eq!(
        entry.what,
        What::State {
            from: State::Declined { why: "県道です。".to_owned() },
            to: State::Checking,
            answer: "町道でした。".to_owned()
        }
    );
}

#[test]
fn who_hears_of_a_duplicate_hears_of_the_one_that_remains() {
    let mut kept =
        Report::file(Filing { reporter: Reporter::Resident(resident(9)), ..filing("kept") }, &lamp(), at(0)).unwrap();
    kept.follow(&resident(2)).unwrap();
    let mut same = report("same");
    for follower in [2, 3, 9] {
        same.follow(&resident(follower)).unwrap();
    }
    let entry = same.merge_into(&mut kept, &staff(), at(5)).unwrap();
    assert_eq!(same.state, State::Duplicate { of: kept.id.clone() });
    assert_eq!(same.closed_at, Some(at(5)));
    assert_eq!(same.history[entry].told, Told::Due, "everybody is told of the one that remains");
    assert_eq!(same.hears().count(), 4);
    assert_eq!(kept.merged, BTreeSet::from([same.id.clone()]));
    assert_eq!(kept.followers, [1, 2, 3].map(resident).into(), "and its reporter does not follow it beside");
    let last = kept.history.last().unwrap();
    assert_eq!((&last.what, last.told), (&What::Merged(same.id.clone()), Told::No));
}

#[test]
fn half_a_merging_is_finished_by_doing_it_again() {
    let (mut kept, mut same) = (report("kept"), report("same"));
    let before = same.clone();
    same.merge_into(&mut kept, &staff(), at(5)).unwrap();
    // The one that remains was stored, the duplicate was not.
    let (stored, mut again) = (kept.clone(), before);
    again.merge_into(&mut kept, &staff(), at(5)).unwrap();
    assert_eq!(kept, stored);
    assert_eq!(again, same);
}

#[test]
fn duplicates_make_no_circle() {
    let (mut one, mut other) = (report("one"), report("other"));
    let mut third = report("third");
    let mut itself = one.clone();
    assert_eq!(one.merge_into(&mut itself, &staff(), at(1)), Err(Refusal::Itself));
    one.merge_into(&mut other, &staff(), at(1)).unwrap();
    let before = (one.clone(), other.clone(), third.clone());
    assert_eq!(other.merge_into(&mut one, &staff(), at(2)), Err(Refusal::WrongState), "a duplicate takes none");
    assert_eq!(third.merge_into(&mut one, &staff(), at(2)), Err(Refusal::WrongState));
    assert_eq!(one.merge_into(&mut third, &staff(), at(2)), Err(Refusal::Unchanged), "nor is it merged twice");
    assert_eq!((one.clone(), other.clone(), third.clone()), before);
    for closed in [Standing::Done, Standing::Declined] {
        assert_eq!(standing("c", closed).merge_into(&mut third, &staff(), at(2)), Err(Refusal::WrongState));
    }
    assert!(report("late").merge_into(&mut standing("done", Standing::Done), &staff(), at(2)).is_ok());
}

#[test]
fn too_many_followers_stop_a_merging() {
    let (mut kept, mut same) = (report("kept"), report("same"));
    for number in 2..FOLLOWERS_MAX + 2 {
        kept.follow(&resident(number)).unwrap();
    }
    same.follow(&resident(2)).unwrap();
    let mut full = kept.clone();
    same.merge_into(&mut full, &staff(), at(1)).unwrap();
    let mut other = report("other");
    other.follow(&resident(FOLLOWERS_MAX + 2)).unwrap();
    let before = (kept.clone(), other.clone());
    assert_eq!(other.merge_into(&mut kept, &staff(), at(1)), Err(Refusal::TooManyFollowers));
    assert_eq!((kept, other), before);
}
