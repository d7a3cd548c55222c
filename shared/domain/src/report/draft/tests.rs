//! Drafts: photos in any order, steps forth and back, and what is missing.

use jiff::SignedDuration;
use proptest::prelude::*;

use super::*;
use crate::report::kind::Question;
use crate::report::place::{PlaceSource, Point};
use crate::town::Name;

fn at(second: i64) -> Timestamp {
    "2026-11-22T00:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(second)
}

fn photo(id: &str, second: i64, index: Option<u8>) -> DraftPhoto {
    DraftPhoto { id: id.parse().unwrap(), at: at(second), index }
}

fn kind(id: &str, questions: &[&str]) -> ReportKind {
    let question = |id: &&str| Question { id: id.parse().unwrap(), question: Name::default(), choices: Vec::new() };
    ReportKind {
        id: id.parse().unwrap(),
        name: Name::default(),
        description: Name::default(),
        department: "roads".parse().unwrap(),
        urgent: Name::default(),
        urgent_phone: String::new(),
        duplicate_radius_m: 30,
        due_days: None,
        closed: Name::default(),
        questions: questions.iter().map(question).collect(),
    }
}

fn draft() -> Draft {
    Draft::begin("r1".parse().unwrap())
}

fn answer(question: &str) -> Answer {
    Answer { question: question.parse().unwrap(), text: "はい".to_owned() }
}

fn question(id: &str) -> Step {
    Step::Question(id.parse().unwrap())
}

fn place() -> Place {
    let point = Point::new(35.1, 139.1).unwrap();
    Place { point, accuracy_m: None, text: String::new(), source: PlaceSource::Chat, district: None }
}

#[test]
fn photos_stand_in_the_order_in_which_they_were_sent() {
    let mut draft = draft();
    for photo in [photo("a", 5, Some(3)), photo("z", 1, None), photo("c", 5, Some(1)), photo("b", 5, Some(2))] {
        assert_eq!(draft.add_photo(photo), Added::Yes);
    }
    let ids: Vec<&str> = draft.photos.iter().map(|photo| photo.id.as_str()).collect();
    assert_eq!(ids, ["z", "c", "b", "a"]);
}

#[test]
fn a_photo_is_added_once_and_there_are_no_more_than_five() {
    let mut draft = draft();
    for number in 0..5 {
        assert_eq!(draft.add_photo(photo(&format!("p{number}"), number, None)), Added::Yes);
    }
    assert_eq!(draft.add_photo(photo("p2", 9, None)), Added::Already, "which is no matter of room");
    assert_eq!(draft.add_photo(photo("p5", 9, None)), Added::Full);
    assert_eq!(draft.photos.len(), PHOTOS_MAX);
}

#[test]
fn steps_lead_forth_and_back_through_the_questions() {
    let kind = kind("lamp", &["pole", "colour"]);
    let all =
        [Step::Kind, question("pole"), question("colour"), Step::Photos, Step::Place, Step::Comment, Step::Summary];
    let mut draft = draft();
    for pair in all.windows(2) {
        draft.step = pair[0].clone();
        assert_eq!(draft.next_step(&kind), pair[1]);
        draft.step = pair[1].clone();
        assert_eq!(draft.step_before(&kind), pair[0]);
    }
    assert_eq!(draft.next_step(&kind), Step::Summary, "the end");
    draft.step = Step::Kind;
    assert_eq!(draft.step_before(&kind), Step::Kind, "the beginning");
    draft.step = question("gone");
    assert_eq!(draft.next_step(&kind), question("pole"), "of a question that is gone: the first");
    assert_eq!(draft.step_before(&kind), Step::Kind);
}

#[test]
fn the_kind_its_questions_and_the_place_are_needed() {
    let lamp = kind("lamp", &["pole", "colour"]);
    let mut draft = draft();
    assert_eq!(draft.missing(&lamp), Some(Step::Kind));
    draft.kind = Some("road".parse().unwrap());
    assert_eq!(draft.missing(&lamp), Some(Step::Kind), "another kind");
    draft.kind = Some(lamp.id.clone());
    draft.answers.push(answer("colour"));
    assert_eq!(draft.missing(&lamp), Some(question("pole")));
    draft.answers.push(answer("pole"));
    assert_eq!(draft.missing(&lamp), Some(Step::Place));
    assert_eq!(draft.clone().filing(&lamp, &somebody()), Err(Step::Place));
    draft.place = Some(place());
    assert_eq!(draft.missing(&lamp), None);
}

#[test]
fn what_is_filed_is_what_the_draft_says() {
    let lamp = kind("lamp", &["pole"]);
    let mut draft = draft();
    draft.kind = Some(lamp.id.clone());
    draft.answers.push(answer("pole"));
    draft.place = Some(place());
    draft.comment = "消えています。".to_owned();
    draft.add_photo(photo("late", 5, None));
    draft.add_photo(photo("early", 1, None));
    let filing = draft.clone().filing(&lamp, &somebody()).unwrap();
    assert_eq!(filing.id, draft.id);
    assert_eq!(filing.reporter, Reporter::Resident(somebody()));
    assert_eq!(filing.by, By::Reporter);
    assert_eq!((filing.answers, filing.comment, filing.place), (draft.answers, draft.comment, place()));
    assert_eq!(filing.photos.iter().map(PhotoId::as_str).collect::<Vec<_>>(), ["early", "late"]);
}

#[test]
fn nothing_that_was_written_is_shown_by_debug() {
    let mut draft = draft();
    draft.comment = "秘密".to_owned();
    draft.answers.push(Answer { text: "内緒".to_owned(), ..answer("pole") });
    draft.place = Some(Place { text: "本町".to_owned(), ..place() });
    let shown = format!("{draft:?}");
    for secret in ["秘密", "内緒", "本町", "35.1", "3510000"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

fn somebody() -> ResidentId {
    "U00000000000000000000000000000001".parse().unwrap()
}

proptest! {
    #[test]
    fn the_order_of_arrival_does_not_matter(
        sent in Just((0..5).map(|number| photo(&format!("p{}", 9 - number), i64::from(number) / 3, Some(number))).collect::<Vec<_>>()).prop_shuffle()
    ) {
        let mut draft = draft();
        for photo in sent {
            prop_assert_eq!(draft.add_photo(photo), Added::Yes);
        }
        let ids: Vec<&str> = draft.photos.iter().map(|photo| photo.id.as_str()).collect();
        prop_assert_eq!(ids, ["p9", "p8", "p7", "p6", "p5"]);
    }

    #[test]
    fn from_everywhere_the_summary_is_reached(step in 0..8_usize, questions in proptest::collection::btree_set("[a-e]", 0..5)) {
        let questions: Vec<&str> = questions.iter().map(String::as_str).collect();
        let kind = kind("lamp", &questions);
        let mut draft = draft();
        draft.step = steps(&kind).into_iter().nth(step).unwrap_or_else(|| question("gone"));
        for _ in 0..10 {
            draft.step = draft.next_step(&kind);
        }
        prop_assert_eq!(&draft.step, &Step::Summary);
        for _ in 0..10 {
            draft.step = draft.step_before(&kind);
        }
        prop_assert_eq!(&draft.step, &Step::Kind);
    }
}
