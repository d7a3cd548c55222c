//! Reports from filing to erasure.

mod acts;
mod answer;
mod history;
mod release;
mod residents;
mod seen;

use jiff::civil::date;
use proptest::prelude::*;

use super::kind::{Question, ReportKind};
use super::photo::PHOTOS_MAX;
use super::place::{PLACE_CHARS_MAX, PlaceSource, Point};
use super::*;
use crate::town::Name;

const REPORTER: &str = "U00000000000000000000000000000001";

fn at(minute: i64) -> Timestamp {
    let start: Timestamp = "2026-11-22T00:00:00Z".parse().unwrap();
    start + jiff::SignedDuration::from_mins(minute)
}

fn resident(number: usize) -> ResidentId {
    format!("U{number:032x}").parse().unwrap()
}

fn staff() -> StaffId {
    "sato".parse().unwrap()
}

fn name(ja: &str) -> Name {
    Name { ja: ja.to_owned(), ..Name::default() }
}

fn lamp() -> ReportKind {
    ReportKind {
        id: "lamp".parse().unwrap(),
        name: name("街路灯"),
        description: name("街路灯が消えている。"),
        department: "roads".parse().unwrap(),
        urgent: Name::default(),
        urgent_phone: String::new(),
        duplicate_radius_m: 30,
        due_days: Some(14),
        closed: Name::default(),
        questions: vec![Question { id: "pole".parse().unwrap(), question: name("柱の番号"), choices: Vec::new() }],
    }
}

fn place() -> Place {
    Place {
        point: Point::new(35.12345, 139.67891).unwrap(),
        accuracy_m: Some(12),
        text: "本町1-2-3".to_owned(),
        source: PlaceSource::Chat,
        district: Some("honcho".parse().unwrap()),
    }
}

fn filing(id: &str) -> Filing {
    Filing {
        id: id.parse().unwrap(),
        place: place(),
        answers: vec![Answer { question: "pole".parse().unwrap(), text: "A-12".to_owned() }],
        comment: "消えています。".to_owned(),
        reporter: Reporter::Resident(REPORTER.parse().unwrap()),
        photos: vec!["photo-1".parse().unwrap(), "photo-2".parse().unwrap()],
        priority: Priority::Normal,
        by: By::Reporter,
    }
}

fn report(id: &str) -> Report {
    Report::file(filing(id), &lamp(), at(0)).unwrap()
}

fn told(contact: &str) -> Report {
    let reporter = Reporter::Told { contact: contact.to_owned() };
    Report::file(Filing { reporter, by: By::Staff(staff()), ..filing("told") }, &lamp(), at(0)).unwrap()
}

/// A report that was brought to a standing by the shortest way.
fn standing(id: &str, standing: Standing) -> Report {
    let mut report = report(id);
    let deed = match standing {
        Standing::Received | Standing::Duplicate => None,
        Standing::Checking => Some(Deed::Check),
        Standing::Working => Some(Deed::Work { answer: String::new() }),
        Standing::Done => Some(Deed::Done { answer: String::new() }),
        Standing::Declined => Some(Deed::Decline { why: "県道です。".to_owned() }),
    };
    if let Some(deed) = deed {
        report.act(deed, &staff(), at(1)).unwrap();
    }
    if standing == Standing::Duplicate {
        report.merge_into(&mut super::tests::report("another"), &staff(), at(1)).unwrap();
    }
    assert_eq!(report.state.standing(), standing);
    report
}

#[test]
fn a_filed_report_is_received_by_the_department_of_its_kind_and_due_when_the_kind_says() {
    let report = report("r1");
    assert_eq!(report.state, State::Received);
    assert_eq!(report.department.as_str(), "roads");
    // It was filed at nine in the morning in Japan.
    assert_eq!(report.due, Some(date(2026, 12, 6)));
    assert_eq!(report.history, [Entry { at: at(0), by: By::Reporter, what: What::Filed, told: Told::No }]);
    assert_eq!(report.closed_at, None);
    assert!(!report.is_overdue(date(2026, 12, 6)), "the day itself is in time");
    assert!(report.is_overdue(date(2026, 12, 7)));

    let no_promise = ReportKind { due_days: None, ..lamp() };
    let report = Report::file(filing("r1"), &no_promise, at(0)).unwrap();
    assert_eq!(report.due, None);
    assert!(!report.is_overdue(Date::MAX));
}

#[test]
fn the_days_are_counted_in_japan() {
    // 15:00 in London is midnight in Japan.
    for (filed, due) in [("2026-11-22T14:59:59Z", date(2026, 12, 6)), ("2026-11-22T15:00:00Z", date(2026, 12, 7))] {
        let report = Report::file(filing("r1"), &lamp(), filed.parse().unwrap()).unwrap();
        assert_eq!(report.due, Some(due), "{filed}");
    }
}

#[test]
fn what_is_closed_is_never_overdue() {
    for of in Standing::ALL {
        assert_eq!(standing("r1", of).is_overdue(Date::MAX), of.is_open(), "{of:?}");
    }
}

#[test]
fn what_is_filed_has_its_bounds() {
    let filed = |change: fn(&mut Filing)| {
        let mut filing = filing("r1");
        change(&mut filing);
        Report::file(filing, &lamp(), at(0)).map(drop)
    };
    assert_eq!(filed(|filing| filing.comment = "あ".repeat(TEXT_CHARS_MAX)), Ok(()));
    assert_eq!(filed(|filing| filing.comment = "あ".repeat(TEXT_CHARS_MAX + 1)), Err(Refusal::TooLong));
    assert_eq!(filed(|filing| filing.place.text = "あ".repeat(PLACE_CHARS_MAX + 1)), Err(Refusal::TooLong));
    assert_eq!(filed(|filing| filing.answers[0].text = "あ".repeat(TEXT_CHARS_MAX + 1)), Err(Refusal::TooLong));
    let told = |length| Reporter::Told { contact: "0".repeat(length) };
    assert_eq!(Report::file(Filing { reporter: told(100), ..filing("r1") }, &lamp(), at(0)).map(drop), Ok(()));
    assert_eq!(
        Report::file(Filing { reporter: told(101), ..filing("r1") }, &lamp(), at(0)).map(drop),
        Err(Refusal::TooLong)
    );
    let photos = |many: usize| (0..many).map(|number| format!("p{number}").parse().unwrap()).collect::<Vec<PhotoId>>();
    for (many, taken) in [(PHOTOS_MAX, Ok(())), (PHOTOS_MAX + 1, Err(Refusal::TooManyPhotos))] {
        let filing = Filing { photos: photos(many), ..filing("r1") };
        assert_eq!(Report::file(filing, &lamp(), at(0)).map(drop), taken);
    }
}

#[test]
fn a_photo_named_twice_is_one_and_an_answer_to_no_question_is_none() {
    let mut filing = filing("r1");
    filing.photos.push("photo-1".parse().unwrap());
    filing.answers.push(Answer { question: "gone".parse().unwrap(), text: "はい".to_owned() });
    filing.comment = "  一行目\r\n二行目\n".to_owned();
    let report = Report::file(filing, &lamp(), at(0)).unwrap();
    assert_eq!(report.photos.len(), 2);
    assert_eq!(report.answers.len(), 1);
    assert_eq!(report.comment, "一行目\n二行目");
}

#[test]
fn the_same_filing_is_known_again_and_another_one_is_not() {
    let mut worked_on = report("r1");
    worked_on.act(Deed::Work { answer: String::new() }, &staff(), at(1)).unwrap();
    worked_on.act(Deed::ChangeKind("road".parse().unwrap()), &staff(), at(1)).unwrap();
    let again = Report::file(filing("r1"), &lamp(), at(9)).unwrap();
    assert!(worked_on.is_filed_like(&again));
    assert!(!worked_on.is_filed_like(&report("r2")));
    let other = Report::file(Filing { comment: "別のこと".to_owned(), ..filing("r1") }, &lamp(), at(0)).unwrap();
    assert!(!worked_on.is_filed_like(&other));
    let elsewhere = Place { point: Point::new(35.2, 139.6).unwrap(), ..place() };
    let moved = Report::file(Filing { place: elsewhere.clone(), ..filing("r1") }, &lamp(), at(0)).unwrap();
    assert!(!worked_on.is_filed_like(&moved), "staff would look for it where it was said to be first");
    let renamed = Filing { place: Place { text: "本町9".to_owned(), ..place() }, ..filing("r1") };
    assert!(!worked_on.is_filed_like(&Report::file(renamed, &lamp(), at(0)).unwrap()));
    let redrawn = Filing { place: Place { district: None, ..place() }, ..filing("r1") };
    assert!(worked_on.is_filed_like(&Report::file(redrawn, &lamp(), at(0)).unwrap()), "the town changed its districts");
    let of_a_kind = ReportKind { id: "bench".parse().unwrap(), ..lamp() };
    assert!(!report("r1").is_filed_like(&Report::file(filing("r1"), &of_a_kind, at(0)).unwrap()));
    worked_on.act(Deed::Place(elsewhere), &staff(), at(2)).unwrap();
    assert!(worked_on.is_filed_like(&again), "staff put it right");
    let by_staff = Report::file(Filing { by: By::Staff(staff()), ..filing("r1") }, &lamp(), at(0)).unwrap();
    assert!(!worked_on.is_filed_like(&by_staff));
}

#[test]
fn a_standing_has_one_name() {
    for standing in Standing::ALL {
        assert_eq!(serde_json::to_string(&standing).unwrap(), format!("\"{}\"", standing.name()));
    }
}

#[test]
fn nothing_personal_is_shown_by_debug() {
    let mut one = report("r1");
    one.act(Deed::Answer("秘密の返事".to_owned()), &staff(), at(1)).unwrap();
    one.act(Deed::Note("秘密のメモ".to_owned()), &staff(), at(1)).unwrap();
    one.comment("秘密の追記", &resident(1), at(2)).unwrap();
    one.act(Deed::Decline { why: "秘密の理由".to_owned() }, &staff(), at(3)).unwrap();
    one.act(Deed::Reopen { answer: "秘密の訂正".to_owned() }, &staff(), at(4)).unwrap();
    let caller = told("秘密の090-1234-5678");
    let deed = Deed::Done { answer: "秘密".to_owned() };
    let shown = format!("{one:?} {caller:?} {:?} {deed:?} {:?}", filing("r1"), Deed::Place(place()));
    for secret in ["秘密", "消えて", "A-12", "本町1", "35.1", "3512", "139.6", "13967", REPORTER, "090"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    assert!(shown.contains("lamp") && shown.contains("declined") && shown.contains("r1"), "{shown}");
}

proptest! {
    #[test]
    fn a_report_is_stored_and_read_unchanged(deeds in proptest::collection::vec(acts::any_deed(), 0..20)) {
        let mut report = report("r1");
        for deed in deeds {
            report.act(deed, &staff(), at(1)).ok();
        }
        let stored = serde_json::to_string(&report).unwrap();
        prop_assert_eq!(serde_json::from_str::<Report>(&stored).unwrap(), report);
    }
}
