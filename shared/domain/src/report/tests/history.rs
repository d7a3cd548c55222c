//! The bounds of a history, its telling and its erasure.

use super::*;
use crate::report::release::Release;

fn fill(report: &mut Report) {
    while report.act(Deed::Note("メモ".to_owned()), &staff(), at(1)).is_ok() {}
}

#[test]
fn a_full_history_can_be_closed_and_erased() {
    let mut report = report("r1");
    fill(&mut report);
    assert_eq!(report.history.len(), ENTRIES_MAX - 2);
    let before = report.clone();
    for deed in [Deed::Check, Deed::Work { answer: String::new() }, Deed::Priority(Priority::High)] {
        assert_eq!(report.act(deed.clone(), &staff(), at(1)), Err(Refusal::HistoryFull), "{deed:?}");
    }
    assert_eq!(report.comment("まだです。", &resident(1), at(1)), Err(Refusal::HistoryFull));
    assert_eq!(report, before);
    let mut erased_first = report.clone();
    report.act(Deed::Done { answer: "直しました。".to_owned() }, &staff(), at(2)).unwrap();
    assert_eq!(report.act(Deed::Reopen { answer: String::new() }, &staff(), at(3)), Err(Refusal::HistoryFull));
    report.erase_personal(at(4));
    assert_eq!(report.history.len(), ENTRIES_MAX);
    assert_eq!(report.history.last().unwrap().what, What::Erased);

    erased_first.erase_personal(at(2));
    assert_eq!(erased_first.act(Deed::Note("メモ".to_owned()), &staff(), at(3)), Err(Refusal::HistoryFull));
    erased_first.follow(&resident(3)).unwrap();
    erased_first.erase_personal(at(3));
    assert_eq!(erased_first.act(Deed::Done { answer: String::new() }, &staff(), at(4)), Ok(ENTRIES_MAX - 1));
}

#[test]
fn a_full_history_takes_no_duplicate_but_can_become_one() {
    let (mut full, mut other) = (report("full"), report("other"));
    fill(&mut full);
    let before = (full.clone(), other.clone());
    assert_eq!(other.merge_into(&mut full, &staff(), at(1)), Err(Refusal::HistoryFull));
    assert_eq!((full.clone(), other.clone()), before, "none of both is changed");
    assert!(full.merge_into(&mut other, &staff(), at(1)).is_ok());
}

#[test]
fn long_texts_fill_a_history_before_an_item_of_the_table_is_full() {
    let mut report = report("r1");
    let long = "😀".repeat(TEXT_CHARS_MAX);
    while report.act(Deed::Answer(long.clone()), &staff(), at(1)).is_ok() {}
    assert_eq!(report.history.len(), 51, "50 texts of 4,000 bytes");
    report.act(Deed::Decline { why: long.clone() }, &staff(), at(2)).unwrap();
    for number in 2..FOLLOWERS_MAX + 2 {
        report.follow(&resident(number)).unwrap();
    }
    assert!(serde_json::to_vec(&report).unwrap().len() < 300_000);
}

#[test]
fn residents_leave_room_for_staff() {
    let mut report = report("r1");
    let mut comments = 0;
    while report.comment(&format!("まだです。{comments}"), &resident(1), at(1)).is_ok() {
        comments += 1;
    }
    assert_eq!(comments, 40);
    report.act(Deed::Done { answer: String::new() }, &staff(), at(2)).unwrap();
    assert_eq!(report.reopen_by_reporter("", &resident(1), at(3)), Err(Refusal::HistoryFull));
}

#[test]
fn followers_leave_room_for_the_reporter() {
    let mut report = report("r1");
    report.follow(&resident(2)).unwrap();
    report.follow(&resident(3)).unwrap();
    let written = |report: &mut Report, who: usize| {
        (0..99)
            .take_while(|number| report.comment(&format!("まだです。{number}"), &resident(who), at(1)).is_ok())
            .count()
    };
    assert_eq!([2, 3, 1].map(|who| written(&mut report, who)), [15, 0, 40], "of all who follow, and of the reporter");
    report.act(Deed::Done { answer: String::new() }, &staff(), at(2)).unwrap();
    assert_eq!(report.reopen_by_reporter("", &resident(3), at(3)), Err(Refusal::HistoryFull));
}

#[test]
fn an_entry_is_told_once() {
    let mut report = report("r1");
    let noted = report.act(Deed::Note("メモ".to_owned()), &staff(), at(1)).unwrap();
    let answered = report.act(Deed::Answer("見ます。".to_owned()), &staff(), at(1)).unwrap();
    assert_eq!(report.told(noted, Told::At(at(2))), Err(Refusal::Unchanged), "it was not for them");
    assert_eq!(report.told(99, Told::At(at(2))), Err(Refusal::Unchanged));
    for nothing in [Told::No, Told::Due] {
        assert_eq!(report.told(answered, nothing), Err(Refusal::Unchanged));
        assert_eq!(report.history[answered].told, Told::Due);
    }
    assert_eq!(report.told(answered, Told::At(at(2))), Ok(()));
    assert_eq!(report.history[answered].told, Told::At(at(2)));
    assert_eq!(report.told(answered, Told::Unreachable), Err(Refusal::Unchanged));
    assert_eq!(report.history[noted].told, Told::No);
}

#[test]
fn erasure_leaves_what_and_when_and_about_where() {
    let mut report = report("r1");
    report.follow(&resident(2)).unwrap();
    report.comment("電話は090-1111-2222です。", &resident(1), at(1)).unwrap();
    report.act(Deed::Note("佐藤さんのお宅の前".to_owned()), &staff(), at(1)).unwrap();
    report.act(Deed::Answer("鈴木様、見に行きます。".to_owned()), &staff(), at(1)).unwrap();
    report.act(Deed::Done { answer: "直しました。".to_owned() }, &staff(), at(2)).unwrap();
    report.reopen_by_reporter("うちの前です。", &resident(2), at(3)).unwrap();
    report.act(Deed::Decline { why: "私道です。".to_owned() }, &staff(), at(4)).unwrap();
    report.reopen_by_reporter("まだです。", &resident(1), at(5)).unwrap();
    report.act(Deed::Decline { why: "県道です。".to_owned() }, &staff(), at(6)).unwrap();
    let release = Release {
        at: at(6),
        what: "消えた街路灯".to_owned(),
        place: String::new(),
        outcome: String::new(),
        photos: Vec::new(),
        taken_back: Vec::new(),
    };
    report.act(Deed::Release(release), &staff(), at(6)).unwrap();
    let before = report.clone();
    report.erase_personal(at(7));

    assert_eq!(report.reporter, Reporter::Erased);
    assert_eq!(report.hears().count(), 0);
    assert_eq!((report.comment.as_str(), report.answers.len(), report.photos.len()), ("", 0, 0));
    assert_eq!(report.place.point, Point::new(35.12, 139.68).unwrap());
    assert_eq!((report.place.text.as_str(), report.place.accuracy_m), ("", None));
    assert_eq!(report.place.district, before.place.district);
    assert_eq!(report.state.standing(), Standing::Declined);
    assert_eq!((report.filed_at, report.closed_at), (before.filed_at, before.closed_at));
    assert_eq!(report.public(), None);
    let stored = serde_json::to_string(&report).unwrap();
    let written = ["佐藤さん", "鈴木様", "直しました", "うちの前", "私道", "県道", "まだです", "街路灯"];
    let follower = resident(2);
    let personal = ["090", "消えて", "A-12", "本町", "photo-1", &REPORTER[1..], follower.as_str()];
    for gone in written.iter().chain(&personal) {
        assert!(!stored.contains(gone), "{gone}");
    }
    assert!(stored.contains("sato"), "who worked on it");
    let steps = |report: &Report| report.history.iter().map(|entry| (entry.at, entry.what.name())).collect::<Vec<_>>();
    assert_eq!(steps(&report)[..before.history.len()], steps(&before), "what happened when");
    assert!(report.history.iter().all(|entry| entry.told != Told::Due), "nobody is left to be told");
    let last = report.history.last().unwrap();
    assert_eq!((&last.what, &last.by, last.at), (&What::Erased, &By::System, at(7)));

    let erased = report.clone();
    report.erase_personal(at(8));
    assert_eq!(report, erased, "done again it changes nothing");
}

#[test]
fn what_is_open_is_erased_but_can_still_be_mended() {
    let mut report = report("r1");
    report.follow(&resident(2)).unwrap();
    report.act(Deed::Work { answer: "鈴木様、直します。".to_owned() }, &staff(), at(1)).unwrap();
    let before = report.clone();
    report.erase_personal(at(2));
    assert_eq!((&report.reporter, &report.state), (&Reporter::Erased, &State::Working));
    assert_eq!(report.place.point, before.place.point, "a crew has to find it");
    assert_eq!(report.hears().collect::<Vec<_>>(), [&resident(2)], "who did not ask for it still hears of it");
    let stored = serde_json::to_string(&report).unwrap();
    for gone in ["鈴木", "消えて", "A-12", "本町", "photo-1", &REPORTER[1..]] {
        assert!(!stored.contains(gone), "{gone}");
    }
    assert_eq!(report.erasable_since(), None, "it is open");
    report.act(Deed::Done { answer: String::new() }, &staff(), at(3)).unwrap();
    assert_eq!(report.erasable_since(), Some(at(3)));
    report.erase_personal(at(9));
    assert_eq!((report.hears().count(), report.place.point), (0, Point::new(35.12, 139.68).unwrap()));
    assert_eq!(report.history.iter().filter(|entry| entry.what == What::Erased).count(), 1, "it is told once");
}

#[test]
fn what_is_closed_is_to_be_erased_until_nothing_is_left() {
    let mut report = report("r1");
    assert_eq!(report.erasable_since(), None);
    report.act(Deed::Done { answer: String::new() }, &staff(), at(1)).unwrap();
    report.comment("ありがとう。", &resident(1), at(2)).unwrap();
    assert_eq!(report.erasable_since(), Some(at(1)), "its time begins when it is closed");
    report.reopen_by_reporter("", &resident(1), at(3)).unwrap();
    assert_eq!(report.erasable_since(), None);
    report.act(Deed::Decline { why: "私道です。".to_owned() }, &staff(), at(4)).unwrap();
    assert_eq!(report.erasable_since(), Some(at(4)));
    report.erase_personal(at(5));
    assert_eq!(report.erasable_since(), None);
    report.act(Deed::Note("メモ".to_owned()), &staff(), at(6)).unwrap();
    assert_eq!(report.erasable_since(), Some(at(6)), "what is written later has a time of its own");
}

#[test]
fn a_follower_is_erased_with_what_followers_wrote_and_nobody_else() {
    let mut report = report("r1");
    report.follow(&resident(2)).unwrap();
    report.follow(&resident(3)).unwrap();
    report.comment("わたしも見ました。", &resident(2), at(1)).unwrap();
    report.comment("まだです。", &resident(1), at(2)).unwrap();
    let before = report.clone();
    report.erase_follower(&resident(4));
    report.erase_follower(&resident(1));
    assert_eq!(report, before, "neither follows it");
    report.erase_follower(&resident(2));
    let stored = serde_json::to_string(&report).unwrap();
    assert!(!stored.contains("わたしも") && !stored.contains(resident(2).as_str()));
    assert!(stored.contains("まだです") && stored.contains(resident(3).as_str()));
    assert_eq!(report.reporter, before.reporter);
}

#[test]
fn what_is_erased_goes_on_without_a_reporter() {
    let mut report = told("田中 090-0000-0000");
    report.erase_personal(at(1));
    assert!(!serde_json::to_string(&report).unwrap().contains("田中"));
    let entry = report.act(Deed::Done { answer: "直しました。".to_owned() }, &staff(), at(2)).unwrap();
    assert_eq!(report.history[entry].told, Told::Unreachable);
    assert_eq!(report.comment("まだです。", &resident(1), at(3)), Err(Refusal::NotTheirs));
}

/// Anything that happens to a report.
#[derive(Debug, Clone)]
enum Step {
    Act(Deed),
    Comment(String),
    Reopen,
    Takes(usize),
    Erase,
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => super::acts::any_deed().prop_map(Step::Act),
        3 => "[あ-ん]{0,5}".prop_map(Step::Comment),
        2 => Just(Step::Reopen),
        2 => (0..500_usize).prop_map(Step::Takes),
        1 => Just(Step::Erase),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_happens_the_bounds_hold_and_it_can_be_closed_and_erased(steps in proptest::collection::vec(any_step(), 0..200)) {
        let mut report = report("r1");
        for step in steps {
            let before = report.clone();
            let refused = match step {
                Step::Act(deed) => report.act(deed, &staff(), at(1)).is_err(),
                Step::Comment(text) => report.comment(&text, &resident(1), at(1)).is_err(),
                Step::Reopen => report.reopen_by_reporter("", &resident(1), at(1)).is_err(),
                Step::Takes(other) => {
                    super::report(&format!("o{other}")).merge_into(&mut report, &staff(), at(1)).is_err()
                }
                Step::Erase => {
                    report.erase_personal(at(1));
                    false
                }
            };
            if refused {
                prop_assert_eq!(&report, &before);
            }
            prop_assert!(report.history.len() >= before.history.len(), "no entry is lost");
            prop_assert_eq!(report.closed_at.is_some(), !report.state.is_open());
            prop_assert!(report.history.len() <= ENTRIES_MAX);
        }
        prop_assert!(report.history.iter().filter(|entry| entry.what == What::Erased).count() <= 1);
        prop_assert!(serde_json::to_vec(&report).unwrap().len() < 300_000);
        if report.release.is_some() {
            prop_assert!(report.act(Deed::Hide, &staff(), at(2)).is_ok());
        }
        if report.state.is_open() {
            let done = Deed::Done { answer: String::new() };
            prop_assert_eq!(report.act(done, &staff(), at(2)).map(drop), Ok(()));
        }
        report.erase_personal(at(3));
        prop_assert_eq!(report.hears().count(), 0);
        prop_assert!(report.history.iter().any(|entry| entry.what == What::Erased));
        prop_assert!(report.history.len() <= ENTRIES_MAX);
    }
}
