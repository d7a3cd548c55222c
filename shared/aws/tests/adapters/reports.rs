//! Reports and photos in the table: written over what was read, found by standing, place and reporter, and filed by a turn.

use std::sync::Arc;

use app::error::Kind;
use app::ports::reports::{Neighbour, Reports, ShelfWalks as _, Walk};
use app::ports::staff::Written;
use app::ports::{Commit, Committed, Conversations as _, Versioned, Way};
use aws::Table;
use aws::conversations::TableConversations;
use aws::report_shelf::TableShelfWalks;
use aws::reports::{TableReports, UNFILED_LIFE, WITHDRAWN_LIFE};
use domain::audit::{Act, Action, Actor};
use domain::conversation::{Conversation, DRAFT_LIFE, Effect};
use domain::ids::{PhotoId, ReportId, ResidentId};
use domain::report::photo::{Photo, PhotoFault, PhotoState};
use domain::report::place::{Place, PlaceSource, Point};
use domain::report::{Answer, By, Entry, FOLLOWERS_MAX, Priority, Report, Reporter, Standing, State, Told, What};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::memory::{Memory, Served};
use crate::stub::{Stub, TestClock};

const NOON: &str = "2026-11-22T03:00:00Z";

struct World {
    stub: Stub,
    memory: Arc<Memory>,
    clock: Arc<TestClock>,
}

impl World {
    async fn new() -> Self {
        let memory = Arc::new(Memory::default());
        Self { stub: Stub::served_by(Served(Arc::clone(&memory))).await, memory, clock: TestClock::at(NOON) }
    }

    fn table(&self) -> Table {
        Table::new(&self.stub.clients(), "city".to_owned())
    }

    fn reports(&self) -> Arc<dyn Reports> {
        Arc::new(TableReports::new(self.table(), self.clock.clone()))
    }

    /// A turn of a resident's conversation.
    async fn turn(&self, number: u32, read: Option<u64>, effects: Vec<Effect>) -> Committed {
        let commit = Commit {
            event: format!("event-{number}").parse().unwrap(),
            resident_id: resident(1),
            way: Way::Silence,
            resident: None,
            erase_resident_at: None,
            conversation: Some((Conversation::default(), read)),
            effects,
            now: noon(),
        };
        TableConversations::new(self.table(), self.clock.clone()).commit(&commit).await.unwrap()
    }

    fn entries(&self) -> usize {
        self.memory.partition("AUDIT#2026-11-22").len()
    }
}

fn noon() -> Timestamp {
    NOON.parse().unwrap()
}

fn id(number: u32) -> ReportId {
    format!("0199cccc-0000-7000-8000-{number:012}").parse().unwrap()
}

fn photo_id(number: u32) -> PhotoId {
    format!("0199dddd-0000-5000-8000-{number:012}").parse().unwrap()
}

fn resident(number: u32) -> ResidentId {
    format!("U{number:032x}").parse().unwrap()
}

fn point(lat: f64) -> Point {
    Point::new(lat, 139.1).unwrap()
}

/// A report with something in every field.
pub(crate) fn report(number: u32) -> Report {
    let entry = |what, told| Entry { at: noon(), by: By::Reporter, what, told };
    Report {
        id: id(number),
        kind: "road".parse().unwrap(),
        department: "roads".parse().unwrap(),
        state: State::Received,
        priority: Priority::High,
        assignee: Some("taro".parse().unwrap()),
        due: Some(jiff::civil::date(2026, 12, 1)),
        filed_at: noon(),
        closed_at: Some(noon()),
        place: Place {
            point: point(35.1),
            accuracy_m: Some(12),
            text: "本町1".to_owned(),
            source: PlaceSource::Chat,
            district: Some("honcho".parse().unwrap()),
        },
        answers: vec![Answer { question: "width".parse().unwrap(), text: "30cm".to_owned() }],
        comment: "穴があります".to_owned(),
        reporter: Reporter::Resident(resident(1)),
        followers: [resident(2)].into(),
        photos: vec![photo_id(number)],
        merged: [id(99)].into(),
        release: None,
        history: vec![
            entry(What::Filed, Told::No),
            entry(What::Answered("直します".to_owned()), Told::At(noon())),
            entry(
                What::State { from: State::Done, to: State::Duplicate { of: id(7) }, answer: String::new() },
                Told::Due,
            ),
        ],
    }
}

fn photo(number: u32, report: u32, at: Timestamp) -> Photo {
    Photo { id: photo_id(number), report: id(report), by: Some(resident(1)), at, state: PhotoState::Waiting }
}

fn kept(photo: Photo) -> Photo {
    let state = PhotoState::Kept { sha: "ab".repeat(32), width: 2048, height: 1536, gps: Some(point(35.2)) };
    Photo { state, ..photo }
}

fn act() -> Act {
    Act {
        at: noon(),
        actor: Actor::Staff("taro".parse().unwrap()),
        action: Action::WriteReminder,
        subject: "report/…".to_owned(),
        department: None,
        before: String::new(),
        after: "あと".to_owned(),
    }
}

fn versioned(value: &Report, version: u64) -> Versioned<Report> {
    Versioned { value: value.clone(), version }
}

fn ids(reports: &[Report]) -> Vec<ReportId> {
    reports.iter().map(|report| report.id.clone()).collect()
}

#[tokio::test]
async fn a_report_comes_back_exactly_and_is_written_over_the_version_that_was_read() {
    let world = World::new().await;
    let (reports, report) = (world.reports(), report(1));
    reports.put_photo(&photo(1, 1, noon()), None).await.unwrap();
    assert_eq!(reports.find(&report.id).await.unwrap(), None);
    let unread = versioned(&report, 1);
    assert_eq!(reports.put(&report, Some(&unread), Some(&act())).await.unwrap(), Written::Raced, "there is none yet");
    assert_eq!(reports.put(&report, None, Some(&act())).await.unwrap(), Written::Done);
    assert_eq!(reports.put(&report, None, Some(&act())).await.unwrap(), Written::Raced);
    let first = reports.find(&report.id).await.unwrap().unwrap();
    assert_eq!(first, versioned(&report, 1));
    let checked = Report { state: State::Checking, ..report.clone() };
    assert_eq!(reports.put(&checked, Some(&first), None).await.unwrap(), Written::Done);
    assert_eq!(reports.put(&report, Some(&first), None).await.unwrap(), Written::Raced, "somebody was faster");
    assert_eq!(reports.find(&report.id).await.unwrap().unwrap(), versioned(&checked, 2));
    assert_eq!(world.entries(), 1, "what nobody did is not recorded, nor what was not done");
}

#[tokio::test]
async fn it_stands_in_one_list_at_a_time_the_latest_first_and_the_list_goes_on() {
    let world = World::new().await;
    let reports = world.reports();
    for number in 1..=4 {
        reports.put(&report(number), None, None).await.unwrap();
    }
    let declined = Report { state: State::Declined { why: "私道です".to_owned() }, ..report(2) };
    reports.put(&declined, Some(&versioned(&report(2), 1)), None).await.unwrap();
    let received = async |before: Option<u32>, limit| {
        let before = before.map(id);
        ids(&reports.standing(Standing::Received, before.as_ref(), limit).await.unwrap())
    };
    assert_eq!(received(None, 10).await, [id(4), id(3), id(1)]);
    assert_eq!(received(None, 2).await, [id(4), id(3)]);
    assert_eq!(received(Some(3), 2).await, [id(1)]);
    assert_eq!(received(None, 0).await, []);
    assert_eq!(reports.standing(Standing::Declined, None, 9).await.unwrap(), [declined]);
    for standing in [Standing::Checking, Standing::Working, Standing::Done, Standing::Duplicate] {
        assert_eq!(reports.standing(standing, None, 9).await.unwrap(), [], "{standing:?}");
    }
}

#[tokio::test]
async fn what_a_newer_program_wrote_hides_no_other_report_but_is_an_error_by_itself() {
    let world = World::new().await;
    let reports = world.reports();
    for number in 1..=3 {
        reports.put(&report(number), None, None).await.unwrap();
    }
    let newer =
        |item: &mut serde_json::Map<String, serde_json::Value>| drop(item.insert("v".to_owned(), json!({"N": "9"})));
    world.memory.meddle(&format!("REPORT#{}", id(3)), "REPORT", newer);
    let near = world.memory.partition(&format!("NEAR#{}", point(35.1).cell()));
    assert_eq!(near.len(), 3);
    world.memory.meddle(&format!("NEAR#{}", point(35.1).cell()), id(2).as_str(), newer);
    let listed = reports.standing(Standing::Received, None, 2).await.unwrap();
    assert_eq!(ids(&listed), [id(2), id(1)], "as many as were asked for");
    let near = reports.near(&[point(35.1).cell()]).await.unwrap();
    assert_eq!(near.iter().map(|near| near.id.clone()).collect::<Vec<_>>(), [id(3), id(1)]);
    assert_eq!(reports.find(&id(3)).await.unwrap_err().kind, Kind::Permanent);
}

#[tokio::test]
async fn it_is_found_where_it_is_and_as_it_stands_also_when_its_place_was_mended() {
    let world = World::new().await;
    let reports = world.reports();
    reports.put(&report(1), None, None).await.unwrap();
    let (here, there) = (point(35.1).cell(), point(35.2).cell());
    let near = |standing, lat| Neighbour { id: id(1), kind: "road".parse().unwrap(), point: point(lat), standing };
    assert_eq!(reports.near(&[there, here]).await.unwrap(), [near(Standing::Received, 35.1)]);
    assert_eq!(reports.near(&[]).await.unwrap(), []);
    let done = Report { state: State::Done, ..report(1) };
    reports.put(&done, Some(&versioned(&report(1), 1)), None).await.unwrap();
    assert_eq!(reports.near(&[here]).await.unwrap(), [near(Standing::Done, 35.1)], "also when it is closed");
    let moved = Report { place: Place { point: point(35.2), ..done.place.clone() }, ..done.clone() };
    reports.put(&moved, Some(&versioned(&done, 2)), Some(&act())).await.unwrap();
    assert_eq!(reports.near(&[here]).await.unwrap(), []);
    assert_eq!(reports.near(&[here, there]).await.unwrap(), [near(Standing::Done, 35.2)]);
    let mut erased = moved.clone();
    erased.erase_personal(noon());
    reports.put(&erased, Some(&versioned(&moved, 3)), None).await.unwrap();
    assert_eq!(reports.near(&[here, there, erased.place.point.cell()]).await.unwrap(), [], "only about where is left");
    let placed = Report { place: Place { point: point(35.123_45), ..erased.place.clone() }, ..erased.clone() };
    reports.put(&placed, Some(&versioned(&erased, 4)), None).await.unwrap();
    let placed_at = reports.near(&[point(35.123_45).cell()]).await.unwrap();
    assert_eq!(placed_at, [near(Standing::Done, 35.123_45)], "staff placed it again");
}

#[tokio::test]
async fn what_is_closed_stands_on_a_shelf_until_it_is_reopened_or_erased() {
    let world = World::new().await;
    let reports = world.reports();
    let closed = |number, state: State, minute| {
        let at = noon() + SignedDuration::from_mins(minute);
        Report { state, closed_at: Some(at), ..report(number) }
    };
    let declined = || State::Declined { why: "県道です。".to_owned() };
    for report in [report(1), closed(2, State::Done, 3), closed(3, State::Done, 2), closed(4, declined(), 1)] {
        reports.put(&report, None, None).await.unwrap();
    }
    let found = async |standing, minute, limit| {
        let before = noon() + SignedDuration::from_mins(minute);
        reports.closed_before(standing, before, limit).await.unwrap()
    };
    assert_eq!(found(Standing::Done, 9, 9).await, [id(3), id(2)], "the longest ago first");
    assert_eq!(found(Standing::Done, 9, 1).await, [id(3)]);
    assert_eq!(found(Standing::Done, 3, 9).await, [id(3)], "before, not at");
    assert_eq!(found(Standing::Declined, 9, 9).await, [id(4)]);
    assert_eq!(found(Standing::Duplicate, 9, 9).await, []);
    assert_eq!(found(Standing::Received, 9, 9).await, [], "it is open, whatever else it says");
    let noted = Report { comment: "べつの言葉".to_owned(), ..closed(2, State::Done, 3) };
    let before = world.stub.asked().await.len();
    reports.put(&noted, Some(&versioned(&closed(2, State::Done, 3), 1)), None).await.unwrap();
    let asked = world.stub.asked().await;
    assert_eq!(asked[before].body["TransactItems"].as_array().unwrap().len(), 1, "its place stays as it is");
    let reopened = Report { state: State::Checking, closed_at: None, ..noted.clone() };
    reports.put(&reopened, Some(&versioned(&noted, 2)), None).await.unwrap();
    let mut erased = closed(3, State::Done, 2);
    erased.erase_personal(noon());
    reports.put(&erased, Some(&versioned(&closed(3, State::Done, 2), 1)), None).await.unwrap();
    let moved = closed(4, State::Duplicate { of: id(1) }, 5);
    reports.put(&moved, Some(&versioned(&closed(4, declined(), 1), 1)), None).await.unwrap();
    assert_eq!(found(Standing::Done, 9, 9).await, []);
    assert_eq!(found(Standing::Declined, 9, 9).await, []);
    assert_eq!(found(Standing::Duplicate, 9, 9).await, [id(4)]);
}

#[tokio::test]
async fn what_a_release_without_the_shelf_closed_is_brought_there_as_it_stands_now() {
    let world = World::new().await;
    let (reports, walks) = (world.reports(), TableShelfWalks::new(world.table()));
    let closed = Report { state: State::Done, closed_at: Some(noon()), ..report(1) };
    reports.put(&closed, None, None).await.unwrap();
    let found = async || {
        let before = noon() + SignedDuration::from_mins(1);
        reports.closed_before(Standing::Done, before, 9).await.unwrap()
    };
    assert!(walks.is_shelved(&closed).await.unwrap() && walks.is_shelved(&report(2)).await.unwrap());
    world.memory.lose("CLOSED#done");
    assert!(!walks.is_shelved(&closed).await.unwrap());
    assert_eq!(found().await, []);
    let read = versioned(&closed, 1);
    assert_eq!(walks.shelve(&versioned(&closed, 9)).await.unwrap(), Written::Raced, "it is another by now");
    assert_eq!(found().await, []);
    assert_eq!(walks.shelve(&read).await.unwrap(), Written::Done);
    assert_eq!((found().await, walks.is_shelved(&closed).await.unwrap()), (vec![id(1)], true));
    assert_eq!(reports.find(&id(1)).await.unwrap().unwrap(), versioned(&closed, 2));
    assert_eq!(walks.reached(Standing::Done).await.unwrap(), None);
    for walk in [Walk::Before(None), Walk::Before(Some(id(7))), Walk::Ended(noon())] {
        walks.reach(Standing::Done, &walk).await.unwrap();
        assert_eq!(walks.reached(Standing::Done).await.unwrap(), Some(walk));
        assert_eq!(found().await, [id(1)], "how far a walk came is no report");
    }
    assert_eq!(walks.reached(Standing::Declined).await.unwrap(), None, "each standing has a walk of its own");
    walks.unshelve(Standing::Done, &id(1), Some(&closed)).await.unwrap();
    assert_eq!(found().await, [id(1)], "there it has to stand");
    let reopened = Report { state: State::Checking, closed_at: None, ..closed.clone() };
    for other in [id(2), id(1)] {
        walks.unshelve(Standing::Done, &other, Some(&reopened)).await.unwrap();
        assert_eq!(found().await.is_empty(), other == id(1));
    }
    assert_eq!(walks.reached(Standing::Done).await.unwrap(), Some(Walk::Ended(noon())));
}

#[tokio::test]
async fn a_change_that_concerns_neither_place_nor_people_writes_one_item() {
    let world = World::new().await;
    let reports = world.reports();
    let unillustrated = Report { photos: Vec::new(), ..report(1) };
    reports.put(&unillustrated, None, None).await.unwrap();
    let noted = Report { comment: "べつの言葉".to_owned(), ..unillustrated.clone() };
    reports.put(&noted, Some(&versioned(&unillustrated, 1)), None).await.unwrap();
    let asked = world.stub.asked().await;
    let steps = |at: usize| asked[at].body["TransactItems"].as_array().unwrap().len();
    assert_eq!((steps(0), steps(1)), (4, 1));
}

#[tokio::test]
async fn everybody_who_hears_of_it_finds_it_and_nobody_else() {
    let world = World::new().await;
    let reports = world.reports();
    for number in [1, 3] {
        reports.put(&report(number), None, None).await.unwrap();
    }
    assert_eq!(reports.of_resident(&resident(1), 9).await.unwrap(), [id(3), id(1)]);
    assert_eq!(reports.of_resident(&resident(2), 1).await.unwrap(), [id(3)], "at most so many");
    assert_eq!(reports.of_resident(&resident(3), 9).await.unwrap(), []);
    let other = Report { followers: [resident(3)].into(), ..report(1) };
    reports.put(&other, Some(&versioned(&report(1), 1)), None).await.unwrap();
    assert_eq!(reports.of_resident(&resident(2), 9).await.unwrap(), [id(3)]);
    assert_eq!(reports.of_resident(&resident(3), 9).await.unwrap(), [id(1)]);
    let erased = Report { followers: [].into(), reporter: Reporter::Erased, ..other.clone() };
    reports.put(&erased, Some(&versioned(&other, 2)), None).await.unwrap();
    assert_eq!(reports.of_resident(&resident(1), 9).await.unwrap(), [id(3)]);
}

#[tokio::test]
async fn more_people_than_a_transaction_takes_come_and_go() {
    let world = World::new().await;
    let reports = world.reports();
    reports.put(&report(1), None, None).await.unwrap();
    let many: Vec<ResidentId> = (10..).take(FOLLOWERS_MAX).map(resident).collect();
    let crowd = Report { followers: many.iter().cloned().collect(), ..report(1) };
    let read = versioned(&report(1), 1);
    assert_eq!(reports.put(&crowd, Some(&read), Some(&act())).await.unwrap(), Written::Done);
    for one in &many {
        assert_eq!(reports.of_resident(one, 9).await.unwrap(), [id(1)]);
    }
    let nobody = Report { followers: [].into(), reporter: Reporter::Erased, ..crowd.clone() };
    assert_eq!(reports.put(&nobody, Some(&versioned(&crowd, 2)), Some(&act())).await.unwrap(), Written::Done);
    for one in many.iter().chain([&resident(1)]) {
        assert_eq!(reports.of_resident(one, 9).await.unwrap(), []);
    }
}

#[tokio::test]
async fn what_does_not_fit_into_an_item_is_said_so() {
    let world = World::new().await;
    let large = Report { comment: "あ".repeat(140_000), ..report(1) };
    let error = world.reports().put(&large, None, Some(&act())).await.unwrap_err();
    assert_eq!((error.kind, world.entries()), (Kind::Permanent, 0));
}

#[tokio::test]
async fn photos_come_back_exactly_in_the_order_asked_for_and_over_the_version_that_was_read() {
    let world = World::new().await;
    let reports = world.reports();
    let (one, two) = (photo(1, 1, noon()), kept(photo(2, 1, noon())));
    for photo in [&one, &two] {
        assert_eq!(reports.put_photo(photo, None).await.unwrap(), Written::Done);
        assert_eq!(reports.put_photo(photo, None).await.unwrap(), Written::Raced, "it is there");
    }
    let wanted = [photo_id(2), photo_id(9), photo_id(1)];
    let found = reports.photos(&wanted).await.unwrap();
    let expected = [&two, &one].map(|photo| Versioned { value: photo.clone(), version: 1 });
    assert_eq!(found, expected, "one that is not there is left out");
    let refused = Photo { state: PhotoState::Refused(PhotoFault::Heic), ..one.clone() };
    assert_eq!(reports.put_photo(&refused, Some(1)).await.unwrap(), Written::Done);
    assert_eq!(reports.put_photo(&kept(one), Some(1)).await.unwrap(), Written::Raced);
    assert_eq!(reports.put_photo(&photo(9, 1, noon()), Some(1)).await.unwrap(), Written::Raced, "there is none");
    let found = reports.photos(&[photo_id(1)]).await.unwrap();
    assert_eq!(found, [Versioned { value: refused, version: 2 }]);
    let before = world.stub.asked().await.len();
    assert_eq!(reports.photos(&[]).await.unwrap(), []);
    assert_eq!(world.stub.asked().await.len(), before, "nothing is asked for nothing");
}

#[tokio::test]
async fn more_photos_than_one_call_takes_are_read_by_several() {
    let world = World::new().await;
    let reports = world.reports();
    for number in [1, 250] {
        reports.put_photo(&photo(number, 1, noon()), None).await.unwrap();
    }
    let wanted: Vec<PhotoId> = (1..=250).chain([1]).map(photo_id).collect();
    let found = reports.photos(&wanted).await.unwrap();
    let found: Vec<_> = found.into_iter().map(|photo| photo.value.id).collect();
    assert_eq!(found, [photo_id(1), photo_id(250), photo_id(1)]);
}

#[tokio::test]
async fn a_photo_that_nobody_files_is_forgotten_after_its_draft_is() {
    let world = World::new().await;
    let reports = world.reports();
    for number in 1..=3 {
        let later = SignedDuration::from_secs(i64::from(number));
        reports.put_photo(&photo(number, 1, noon() + later), None).await.unwrap();
    }
    reports.put_photo(&kept(photo(1, 1, noon())), Some(1)).await.unwrap();
    let forgotten = async |after: SignedDuration, limit| reports.forgotten_photos(noon() + after, limit).await.unwrap();
    assert!(DRAFT_LIFE < UNFILED_LIFE, "no draft goes on without its photos");
    assert_eq!(forgotten(UNFILED_LIFE, 9).await, []);
    assert_eq!(forgotten(UNFILED_LIFE + SignedDuration::from_secs(3), 9).await, [photo_id(1), photo_id(2)]);
    assert_eq!(forgotten(UNFILED_LIFE + SignedDuration::from_secs(9), 2).await, [photo_id(1), photo_id(2)]);
    let withdrawn = Photo { state: PhotoState::Withdrawn, ..photo(1, 1, noon()) };
    assert_eq!(reports.put_photo(&withdrawn, Some(2)).await.unwrap(), Written::Done);
    assert_eq!(forgotten(UNFILED_LIFE * 2, 9).await, [photo_id(2), photo_id(3)]);
    let found = reports.photos(&[photo_id(1)]).await.unwrap();
    assert_eq!(found, [Versioned { value: withdrawn, version: 3 }], "that it was withdrawn is known for a while");
    world.clock.advance(WITHDRAWN_LIFE);
    assert_eq!(reports.photos(&[photo_id(1)]).await.unwrap(), []);
}

#[tokio::test]
async fn a_turn_files_a_report_and_its_photos_once_and_with_all_that_belongs_to_it() {
    let world = World::new().await;
    let reports = world.reports();
    for number in 1..=2 {
        reports.put_photo(&photo(number, 1, noon()), None).await.unwrap();
    }
    let filed = Report { photos: vec![photo_id(1)], ..report(1) };
    let effects = || vec![Effect::FileReport(Box::new(filed.clone()))];
    assert_eq!(world.turn(1, None, effects()).await, Committed::Done);
    assert_eq!(reports.find(&id(1)).await.unwrap().unwrap(), versioned(&filed, 1));
    assert_eq!(ids(&reports.standing(Standing::Received, None, 9).await.unwrap()), [id(1)]);
    assert_eq!(reports.of_resident(&resident(1), 9).await.unwrap(), [id(1)]);
    assert_eq!(reports.near(&[point(35.1).cell()]).await.unwrap().len(), 1);
    let late = noon() + UNFILED_LIFE * 2;
    assert_eq!(reports.forgotten_photos(late, 9).await.unwrap(), [photo_id(2)], "what is filed stays");
    assert_eq!(world.turn(1, Some(1), effects()).await, Committed::Raced, "the same event");
    assert_eq!(world.turn(2, Some(1), effects()).await, Committed::Raced, "the same report");
    assert_eq!(reports.photos(&[photo_id(1)]).await.unwrap()[0].version, 2, "who read it before reads it again");
}

#[tokio::test]
async fn a_photo_that_is_not_there_keeps_nobody_from_filing() {
    let world = World::new().await;
    let reports = world.reports();
    reports.put_photo(&photo(1, 1, noon()), None).await.unwrap();
    let filed = Report { photos: vec![photo_id(8), photo_id(1)], ..report(1) };
    let effects = vec![Effect::FileReport(Box::new(filed.clone()))];
    assert_eq!(world.turn(1, None, effects).await, Committed::Done);
    assert_eq!(reports.find(&id(1)).await.unwrap().unwrap().value, filed);
    assert_eq!(
        reports.forgotten_photos(noon() + UNFILED_LIFE * 2, 9).await.unwrap(),
        [],
        "those that are there are filed"
    );
    assert_eq!(reports.photos(&filed.photos).await.unwrap().len(), 1, "and none is made up");
}

#[tokio::test]
async fn a_report_that_is_filed_without_a_turn_takes_its_photos_along() {
    let world = World::new().await;
    let reports = world.reports();
    for (number, of) in [(1, 1), (2, 2), (3, 3)] {
        reports.put_photo(&photo(number, of, noon()), None).await.unwrap();
    }
    let filed = Report { photos: vec![photo_id(8), photo_id(1)], ..report(1) };
    assert_eq!(reports.put(&filed, None, None).await.unwrap(), Written::Done);
    let late = noon() + UNFILED_LIFE * 2;
    assert_eq!(
        reports.forgotten_photos(late, 9).await.unwrap(),
        [photo_id(2), photo_id(3)],
        "one that is gone is none"
    );
    assert_eq!(reports.put(&filed, None, None).await.unwrap(), Written::Raced);
    let changed = Report { photos: vec![photo_id(1), photo_id(3)], ..filed.clone() };
    assert_eq!(reports.put(&changed, Some(&versioned(&filed, 1)), None).await.unwrap(), Written::Done);
    assert_eq!(
        reports.forgotten_photos(late, 9).await.unwrap(),
        [photo_id(2), photo_id(3)],
        "only filing takes photos along"
    );
}
