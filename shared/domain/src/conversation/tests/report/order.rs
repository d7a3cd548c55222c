//! Events that come twice, late or in another order; photos that were sent together; what is taken back and what is forgotten.

use super::*;

fn at_photos() -> Walk {
    let mut walk = Walk::new();
    walk.hear(tap(ReportCommand::Start));
    walk.hear(choose("other"));
    assert_eq!(walk.step(), Step::Photos);
    walk
}

#[test]
fn photos_that_were_sent_together_are_answered_once_and_stand_in_their_order() {
    for order in [[1, 2, 3], [3, 1, 2], [2, 3, 1], [3, 2, 1]] {
        let mut walk = at_photos();
        walk.hear(photo("before"));
        let turns: Vec<Turn> = order.into_iter().map(|index| walk.hear(photo_of("s", index, 3))).collect();
        assert!(turns[..2].iter().all(|turn| turn.replies.is_empty() && turn.effects.len() == 1), "{order:?}");
        assert!(spoken(&turns[2]).contains("写真を4枚受け取りました"), "{order:?}: {}", spoken(&turns[2]));
        assert_eq!(walk.messages_of_photos(), [1, 2, 3], "{order:?}");
        assert_eq!(walk.draft().unwrap().photos[0].index, None, "{order:?}: it came before them");
    }
}

#[test]
fn two_sets_that_mix_are_both_whole_in_the_end() {
    let mut walk = at_photos();
    for (set, index, speaks) in [("a", 2, false), ("b", 1, false), ("a", 1, true), ("b", 2, true)] {
        let turn = walk.hear(photo_of(set, index, 2));
        assert_eq!(!turn.replies.is_empty(), speaks, "{set} {index}");
    }
    assert_eq!(walk.messages_of_photos(), [1, 2, 1, 2]);
}

#[test]
fn more_photos_than_are_taken_are_named_once() {
    let mut walk = at_photos();
    let turns: Vec<Turn> = [7, 1, 4, 2, 6, 3, 5].into_iter().map(|index| walk.hear(photo_of("s", index, 7))).collect();
    let said = turns.iter().map(spoken).collect::<String>();
    assert_eq!(said.matches("写真は5枚までです").count(), 1, "{said}");
    assert_eq!(walk.draft().unwrap().photos.len(), 5);
    assert_eq!(turns.iter().map(|turn| turn.effects.len()).sum::<usize>(), 5, "the others are not even fetched");
    let sixth = walk.hear(photo("p6"));
    assert!(spoken(&sixth).contains("写真は5枚までです") && sixth.effects.is_empty());
}

#[test]
fn an_odd_count_of_a_set_keeps_nobody_waiting() {
    let mut walk = at_photos();
    assert!(!walk.hear(photo_of("s", 1, 0)).replies.is_empty());
    assert!(!walk.hear(photo_of("t", 1, 1)).replies.is_empty());
    let half = Deed::SentPhoto { message: "m".to_owned(), index: Some(1), total: None, set: Some("u".to_owned()) };
    assert!(!walk.hear(half).replies.is_empty());
    // One of the set is lost: the next step is open all the same.
    assert!(walk.hear(photo_of("v", 2, 2)).replies.is_empty());
    walk.hear(said("次へ"));
    assert_eq!((walk.step(), walk.draft().unwrap().photos.len()), (Step::Place, 4));
}

#[test]
fn a_photo_that_comes_after_the_next_step_still_joins() {
    let mut walk = at_photos();
    walk.hear_at(10, tap(ReportCommand::PhotosDone));
    let turn = walk.hear_later(9, 11, photo("late"));
    assert_eq!((walk.step(), walk.draft().unwrap().photos.len()), (Step::Place, 1));
    assert!(spoken(&turn).contains("写真を受け取りました(いま1枚です)。") && spoken(&turn).contains("場所を教えて"));
    assert_eq!(turn.effects.len(), 1);
}

#[test]
fn what_was_sent_before_the_report_was_begun_does_not_join() {
    let mut walk = Walk::new();
    walk.hear_at(10, tap(ReportCommand::Start));
    for deed in [photo("early"), place(35.05, 139.02)] {
        let turn = walk.hear_later(5, 11, deed);
        assert!(turn.effects.is_empty() && spoken(&turn).contains("保存していません"));
    }
    assert!(walk.draft().unwrap().photos.is_empty() && walk.draft().unwrap().place.is_none());
}

#[test]
fn what_comes_late_changes_no_step() {
    let mut walk = Walk::new();
    walk.hear_at(1, tap(ReportCommand::Start));
    walk.hear_at(2, choose("light"));
    walk.hear_at(30, said("消えている"));
    let before = walk.draft().unwrap().clone();
    for deed in [
        tap(ReportCommand::Back),
        tap(ReportCommand::Cancel),
        choose("other"),
        tap(ReportCommand::Change(Part::Photos)),
        tap(ReportCommand::Answer("what".parse().unwrap(), 1)),
        said("かんでんち"),
        said("やめる"),
    ] {
        let turn = walk.hear_later(20, 31, deed.clone());
        assert_eq!(walk.draft(), Some(&before), "{deed:?}");
        assert!(spoken(&turn).contains("電柱の番号"), "{deed:?}: {}", spoken(&turn));
        assert_eq!(turn.effects, []);
    }
    // A late report is no report: it was mended since.
    let mut walk = Walk::at_summary();
    let id = walk.draft().unwrap().id.clone();
    walk.hear_at(40, tap(ReportCommand::Change(Part::Comment)));
    assert_eq!(filed(&walk.hear_later(39, 41, tap(ReportCommand::Send(id)))), None);
    assert_eq!(walk.step(), Step::Comment);
    // A place that comes late fills a gap, and replaces none.
    walk.hear_later(39, 42, place(35.09, 139.09));
    assert_eq!(walk.draft().unwrap().place.as_ref().unwrap().point, point(35.05, 139.02));
}

#[test]
fn a_second_tap_does_nothing_a_second_time() {
    let mut walk = Walk::new();
    for (deed, step) in [
        (tap(ReportCommand::Start), Step::Kind),
        (choose("road"), Step::Kind),
        (tap(ReportCommand::GoOn), Step::Photos),
        (tap(ReportCommand::PhotosDone), Step::Place),
        (place(35.05, 139.02), Step::Comment),
        (tap(ReportCommand::NoComment), Step::Summary),
    ] {
        walk.hear(deed.clone());
        assert_eq!(walk.step(), step);
        walk.hear(deed);
        assert_eq!(walk.step(), step);
    }
    let id = walk.draft().unwrap().id.clone();
    let first = walk.send();
    let number = filed(&first).unwrap().number().to_string();
    let second = walk.hear(tap(ReportCommand::Send(id.clone())));
    assert!(second.effects.is_empty() && spoken(&second).contains(&number), "{}", spoken(&second));
    // Nor while the next report is made.
    walk.hear(tap(ReportCommand::Start));
    let third = walk.hear(tap(ReportCommand::Send(id.clone())));
    assert!(third.effects.is_empty() && spoken(&third).contains(&number));
    assert_eq!(ReportNumber::of(&id).to_string(), number);
    assert_eq!(walk.step(), Step::Kind);
}

#[test]
fn the_same_event_begins_the_same_report() {
    let begun = || {
        let mut walk = Walk::new();
        walk.hear(tap(ReportCommand::Start));
        walk.draft().unwrap().id.clone()
    };
    assert_eq!(begun(), begun());
    let mut walk = Walk::at_summary();
    let first = filed(&walk.send()).unwrap().id.clone();
    walk.hear(tap(ReportCommand::Start));
    assert_ne!(walk.draft().unwrap().id, first);
}

#[test]
fn beginning_again_goes_on() {
    let mut walk = at_photos();
    let id = walk.draft().unwrap().id.clone();
    for deed in [tap(ReportCommand::Start), said("損傷報告")] {
        let turn = walk.hear(deed);
        assert!(spoken(&turn).contains("作成中の報告の続きです。") && spoken(&turn).contains("写真を送って"));
        assert_eq!((&walk.draft().unwrap().id, walk.step()), (&id, Step::Photos));
    }
}

#[test]
fn a_draft_is_forgotten_after_a_day_and_says_so() {
    for (deed, then) in [
        (tap(ReportCommand::PhotosDone), "はじめからお願いします"),
        (said("35.05, 139.02"), "見つかりませんでした"),
        (photo("p2"), "保存していません"),
        (said("設定"), "いまの設定"),
        (tap(ReportCommand::Start), "種別を選んで"),
    ] {
        let mut walk = at_photos();
        walk.hear(photo("p1"));
        let begun = 1;
        let turn = walk.hear_at(begun + 24 * HOUR, deed.clone());
        let said = spoken(&turn);
        assert!(said.starts_with("作成中だった報告は、24時間たったため"), "{deed:?}: {said}");
        assert!(said.contains(then), "{deed:?}: {said}");
        assert_eq!(withdrawn(&turn), 1, "{deed:?}");
        assert!(walk.draft().is_none_or(|draft| draft.photos.is_empty()));
    }
    let mut walk = at_photos();
    walk.hear_at(24 * HOUR, photo("p1"));
    assert!(walk.draft().is_some(), "a second less than a day");
}

#[test]
fn a_button_of_a_report_that_is_not_there_says_so() {
    for command in [
        ReportCommand::Resume,
        ReportCommand::GoOn,
        ReportCommand::Answer("what".parse().unwrap(), 0),
        ReportCommand::Unknown("what".parse().unwrap()),
        ReportCommand::PhotosDone,
        ReportCommand::PhotosClear,
        ReportCommand::NoComment,
        ReportCommand::Change(Part::Place),
        ReportCommand::Send("0199aabb-ccdd-7000-8000-000000000000".parse().unwrap()),
    ] {
        let mut walk = Walk::new();
        let turn = walk.hear(tap(command.clone()));
        assert!(spoken(&turn).contains("この報告はもうありません"), "{command:?}");
        assert!(offered(&turn).contains(&Command::Report(ReportCommand::Start)), "{command:?}");
        assert_eq!((walk.draft(), &turn.effects[..]), (None, &[][..]), "{command:?}");
    }
    // The card of the kinds begins another.
    let mut walk = Walk::new();
    walk.hear(choose("other"));
    assert_eq!(walk.step(), Step::Photos);
}

#[test]
fn what_is_taken_back_is_gone_from_the_draft() {
    let mut walk = Walk::new();
    walk.hear(tap(ReportCommand::Start));
    walk.hear(choose("light"));
    walk.hear(said("消えている"));
    walk.hear_at(10, said("12の3"));
    walk.hear(photo("p1"));
    walk.hear(photo("p2"));
    walk.hear_at(20, tap(ReportCommand::PhotosDone));
    walk.hear_at(21, place(35.05, 139.02));
    walk.hear_at(22, said("うちの前です"));
    let take_back = |walk: &mut Walk, message: &str| {
        let turn = walk.hear(Deed::Unsent { message: message.to_owned() });
        assert_eq!((turn.replies.len(), withdrawn(&turn)), (0, 1), "{message}");
    };
    walk.second = 30;
    take_back(&mut walk, "nothing");
    assert_eq!(walk.draft().unwrap().photos.len(), 2);
    take_back(&mut walk, "p1");
    assert_eq!(walk.draft().unwrap().photos.len(), 1);
    take_back(&mut walk, "m22");
    assert_eq!(walk.draft().unwrap().comment, "");
    take_back(&mut walk, "m21");
    assert_eq!(walk.draft().unwrap().place, None);
    take_back(&mut walk, "m10");
    assert_eq!(walk.draft().unwrap().answers.len(), 1);
    assert_eq!(walk.step(), Step::Summary);
    // What is gone is asked for again before anything is filed.
    let turn = walk.send();
    assert!(filed(&turn).is_none() && spoken(&turn).contains("電柱の番号"), "{}", spoken(&turn));
    walk.hear(said("わからない"));
    assert_eq!(walk.step(), Step::Place);
    walk.hear(said("35.05, 139.02"));
    let turn = walk.send();
    let report = filed(&turn).expect("a report");
    assert_eq!((report.photos.len(), report.comment.as_str()), (1, ""));
}

#[test]
fn what_was_said_anew_is_not_taken_back_with_what_was_said_before() {
    let mut walk = Walk::at_summary();
    walk.hear_at(20, tap(ReportCommand::Change(Part::Place)));
    walk.hear_at(21, place(35.06, 139.03));
    walk.hear_at(22, Deed::Unsent { message: "m5".to_owned() });
    assert_eq!(walk.draft().unwrap().place.as_ref().unwrap().point, point(35.06, 139.03));
}

#[test]
fn a_photo_of_a_filed_report_is_withdrawn() {
    let mut walk = Walk::at_summary();
    let report = filed(&walk.send()).unwrap().clone();
    let turn = walk.hear(Deed::Unsent { message: "p1".to_owned() });
    assert_eq!(turn.effects, [Effect::WithdrawPhoto(report.photos[0].clone())]);
    assert!(turn.replies.is_empty());
}

#[test]
fn who_blocks_in_the_middle_finds_the_report_again() {
    let mut walk = at_photos();
    walk.hear(Deed::Unfollowed);
    let turn = walk.hear(Deed::Followed);
    assert_eq!(walk.step(), Step::Photos);
    assert!(offered(&turn).contains(&Command::Report(ReportCommand::Resume)));
}
