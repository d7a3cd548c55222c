//! Damage reports: the fake and the table keep the same promises.

use std::sync::Arc;

use app::ports::released::PublicReports;
use app::ports::reports::{Neighbour, Reports, ShelfWalks, Walk};
use app::ports::staff::{AuditLog, Written};
use app::ports::{Commit, Committed, Conversations, Versioned, Way};
use aws::Table;
use aws::audit::TableAudit;
use aws::clock::SystemClock;
use aws::conversations::TableConversations;
use aws::released::TablePublicReports;
use aws::report_shelf::TableShelfWalks;
use aws::reports::{TableReports, UNFILED_LIFE};
use domain::audit::Action;
use domain::conversation::Effect;
use domain::ids::{PhotoId, ReportId, ResidentId};
use domain::report::photo::{Photo, PhotoState};
use domain::report::place::{Place as Spot, PlaceSource, Point};
use domain::report::release::Release;
use domain::report::{By, Entry, FOLLOWERS_MAX, Priority, Report, Reporter, Standing, State, Told, What};
use jiff::{SignedDuration, Timestamp};
use tests::city::TestTable;
use tests::reports::TestReports;
use tests::staff::TestStaff;

use crate::place::{PATIENCE, Place};
use crate::staff::{act, now};

/// All that belongs to reports, and where it is recorded.
struct Shelf {
    reports: Arc<dyn Reports>,
    released: Arc<dyn PublicReports>,
    walks: Arc<dyn ShelfWalks>,
    conversations: Arc<dyn Conversations>,
    log: Arc<dyn AuditLog>,
}

impl Shelf {
    fn in_memory() -> Self {
        let log = Arc::new(TestStaff::new(Arc::new(SystemClock)));
        let reports = Arc::new(TestReports::new(log.clone()));
        let conversations = Arc::new(TestTable::filing(reports.clone()));
        Self { reports: reports.clone(), released: reports.clone(), walks: reports, conversations, log }
    }

    fn in_table(table: &Table) -> Self {
        let clock = Arc::new(SystemClock);
        Self {
            reports: Arc::new(TableReports::new(table.clone(), clock.clone())),
            released: Arc::new(TablePublicReports::new(table.clone())),
            walks: Arc::new(TableShelfWalks::new(table.clone())),
            conversations: Arc::new(TableConversations::new(table.clone(), clock)),
            log: Arc::new(TableAudit::new(table.clone())),
        }
    }

    async fn put(&self, report: &Report, read: Option<(&Report, u64)>) -> Written {
        let read = read.map(|(value, version)| Versioned { value: value.clone(), version });
        let act = act(Action::WorkOnReport, &"taro".parse().unwrap());
        self.reports.put(report, read.as_ref(), Some(&act)).await.unwrap()
    }

    /// The ids of a standing, as soon as there are as many: an index lags behind.
    async fn standing(&self, standing: Standing, many: usize) -> Vec<ReportId> {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let found = self.reports.standing(standing, None, 99).await.unwrap();
            if found.len() == many || deadline < tokio::time::Instant::now() {
                return found.into_iter().map(|report| report.id).collect();
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }

    /// The photos that are forgotten at a time, as soon as there are as many.
    async fn forgotten(&self, at: Timestamp, many: usize) -> Vec<PhotoId> {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let found = self.reports.forgotten_photos(at, 99).await.unwrap();
            if found.len() == many || deadline < tokio::time::Instant::now() {
                return found;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }
}

fn id(number: u32) -> ReportId {
    format!("0199cccc-0000-7000-8000-{number:012}").parse().unwrap()
}

fn photo_id(number: u32) -> PhotoId {
    format!("0199dddd-0000-8000-8000-{number:012}").parse().unwrap()
}

fn resident(number: u32) -> ResidentId {
    format!("U{number:032x}").parse().unwrap()
}

fn point(lat: f64) -> Point {
    Point::new(lat, 139.1).unwrap()
}

fn report(number: u32, lat: f64, by: u32) -> Report {
    Report {
        id: id(number),
        kind: "road".parse().unwrap(),
        department: "roads".parse().unwrap(),
        state: State::Received,
        priority: Priority::Normal,
        assignee: None,
        due: None,
        filed_at: now(),
        closed_at: None,
        place: Spot {
            point: point(lat),
            accuracy_m: None,
            text: "本町1".to_owned(),
            source: PlaceSource::Chat,
            district: None,
        },
        answers: vec![],
        comment: "穴があります".to_owned(),
        reporter: Reporter::Resident(resident(by)),
        followers: [].into(),
        photos: vec![],
        merged: [].into(),
        release: None,
        history: vec![Entry { at: now(), by: By::Reporter, what: What::Filed, told: Told::No }],
    }
}

fn photo(number: u32, report: u32, at: Timestamp) -> Photo {
    Photo { id: photo_id(number), report: id(report), by: Some(resident(1)), at, state: PhotoState::Waiting }
}

async fn a_report_is_written_over_what_was_read_and_recorded(shelf: &Shelf) {
    let first = report(1, 35.1, 1);
    assert_eq!(shelf.reports.find(&first.id).await.unwrap(), None);
    assert_eq!(shelf.put(&first, None).await, Written::Done);
    assert_eq!(shelf.put(&first, None).await, Written::Raced);
    let working = Report { state: State::Working, ..first.clone() };
    assert_eq!(shelf.put(&working, Some((&first, 1))).await, Written::Done);
    assert_eq!(shelf.put(&first, Some((&first, 1))).await, Written::Raced);
    let found = shelf.reports.find(&first.id).await.unwrap().unwrap();
    assert_eq!(found, Versioned { value: working, version: 2 });
    assert_eq!(shelf.standing(Standing::Working, 1).await, [id(1)]);
    assert_eq!(shelf.standing(Standing::Received, 0).await, []);
    let entries: u64 = shelf.log.days(None, 9).await.unwrap().iter().map(|end| end.entries).sum();
    assert_eq!(entries, 2);
}

async fn it_is_found_by_its_place_and_by_who_hears_of_it(shelf: &Shelf) {
    let (here, there) = (point(36.1).cell(), point(36.2).cell());
    let first = report(2, 36.1, 2);
    shelf.put(&first, None).await;
    let followers = (1_000..).take(FOLLOWERS_MAX).map(resident).collect();
    let place = Spot { point: point(36.2), ..first.place.clone() };
    let moved = Report { place, followers, ..first.clone() };
    assert_eq!(shelf.put(&moved, Some((&first, 1))).await, Written::Done);
    assert_eq!(shelf.reports.near(&[here]).await.unwrap(), []);
    let near = Neighbour { id: id(2), kind: first.kind.clone(), point: point(36.2), standing: Standing::Received };
    assert_eq!(shelf.reports.near(&[here, there]).await.unwrap(), [near]);
    for number in [2, 1_000, 1_199] {
        assert_eq!(shelf.reports.of_resident(&resident(number), 9).await.unwrap(), [id(2)]);
    }
    let alone = Report { followers: [].into(), ..moved.clone() };
    assert_eq!(shelf.put(&alone, Some((&moved, 2))).await, Written::Done);
    for number in [1_000, 1_199] {
        assert_eq!(shelf.reports.of_resident(&resident(number), 9).await.unwrap(), []);
    }
}

async fn what_is_closed_is_found_by_when_until_it_is_erased(shelf: &Shelf) {
    let closed = |number, minutes| {
        let closed_at = Some(now() - SignedDuration::from_mins(minutes));
        Report { state: State::Done, closed_at, ..report(number, 37.5, 7) }
    };
    let (early, late) = (closed(71, 20), closed(72, 10));
    for report in [&late, &early] {
        assert_eq!(shelf.put(report, None).await, Written::Done);
    }
    let found = async |minutes, limit| {
        let before = now() - SignedDuration::from_mins(minutes);
        shelf.reports.closed_before(Standing::Done, before, limit).await.unwrap()
    };
    assert_eq!(found(5, 9).await, [id(71), id(72)]);
    assert_eq!(found(5, 1).await, [id(71)]);
    assert_eq!(found(15, 9).await, [id(71)]);
    let mut erased = early.clone();
    erased.erase_personal(now());
    assert_eq!(shelf.put(&erased, Some((&early, 1))).await, Written::Done);
    let reopened = Report { state: State::Checking, closed_at: None, ..late.clone() };
    assert_eq!(shelf.put(&reopened, Some((&late, 1))).await, Written::Done);
    assert_eq!(found(5, 9).await, []);
}

async fn a_walk_to_the_shelf_is_remembered_and_puts_a_report_there_as_it_was_read(shelf: &Shelf) {
    let closed_at = Some(now() - SignedDuration::from_mins(30));
    let closed = Report { state: State::Done, closed_at, ..report(91, 37.5, 7) };
    assert_eq!(shelf.put(&closed, None).await, Written::Done);
    assert!(
        shelf.walks.is_shelved(&closed).await.unwrap() && shelf.walks.is_shelved(&report(92, 37.5, 7)).await.unwrap()
    );
    let read = |version| Versioned { value: closed.clone(), version };
    assert_eq!(shelf.walks.shelve(&read(2)).await.unwrap(), Written::Raced);
    assert_eq!(shelf.walks.shelve(&read(1)).await.unwrap(), Written::Done);
    assert_eq!(shelf.reports.find(&closed.id).await.unwrap(), Some(read(2)));
    let found = shelf.reports.closed_before(Standing::Done, now(), 9).await.unwrap();
    assert_eq!(found.iter().filter(|found| **found == closed.id).count(), 1);
    assert_eq!(shelf.walks.reached(Standing::Done).await.unwrap(), None);
    for walk in [Walk::Before(None), Walk::Before(Some(id(91))), Walk::Ended(now())] {
        shelf.walks.reach(Standing::Done, &walk).await.unwrap();
        assert_eq!(shelf.walks.reached(Standing::Done).await.unwrap(), Some(walk));
    }
    assert_eq!(shelf.walks.reached(Standing::Declined).await.unwrap(), None);
}

async fn a_turn_files_a_report_once_and_its_photos_are_not_forgotten(shelf: &Shelf) {
    let sent = now();
    for number in 1..=3 {
        assert_eq!(shelf.reports.put_photo(&photo(number, 3, sent), None).await.unwrap(), Written::Done);
        assert_eq!(shelf.reports.put_photo(&photo(number, 3, sent), None).await.unwrap(), Written::Raced);
    }
    let late = sent + UNFILED_LIFE + SignedDuration::from_secs(1);
    assert_eq!(shelf.forgotten(late, 3).await, [1, 2, 3].map(photo_id));
    assert_eq!(shelf.forgotten(sent, 0).await, []);
    let filed = Report { photos: vec![photo_id(2), photo_id(9), photo_id(1)], ..report(3, 35.3, 3) };
    let commit = |event: &str| Commit {
        event: event.parse().unwrap(),
        resident_id: resident(3),
        way: Way::Silence,
        resident: None,
        erase_resident_at: None,
        conversation: None,
        effects: vec![Effect::FileReport(Box::new(filed.clone()))],
        now: now(),
    };
    assert_eq!(shelf.conversations.commit(&commit("filing")).await.unwrap(), Committed::Done);
    for again in ["filing", "another"] {
        assert_eq!(shelf.conversations.commit(&commit(again)).await.unwrap(), Committed::Raced);
    }
    assert_eq!(shelf.reports.find(&id(3)).await.unwrap().unwrap(), Versioned { value: filed.clone(), version: 1 });
    assert_eq!(shelf.reports.of_resident(&resident(3), 9).await.unwrap(), [id(3)]);
    assert_eq!(shelf.forgotten(late, 1).await, [photo_id(3)], "what is filed stays, whatever is missing beside it");
    let found = shelf.reports.photos(&filed.photos).await.unwrap();
    let found: Vec<_> = found.into_iter().map(|read| (read.value.id, read.version)).collect();
    assert_eq!(found, [(photo_id(2), 2), (photo_id(1), 2)]);
    let withdrawn = Photo { state: PhotoState::Withdrawn, ..photo(3, 3, sent) };
    assert_eq!(shelf.reports.put_photo(&withdrawn, Some(7)).await.unwrap(), Written::Raced);
    assert_eq!(shelf.reports.put_photo(&withdrawn, Some(1)).await.unwrap(), Written::Done);
    assert_eq!(shelf.forgotten(late, 0).await, []);
}

async fn a_report_that_is_filed_without_a_turn_takes_its_photos_along(shelf: &Shelf) {
    let sent = now();
    assert_eq!(shelf.reports.put_photo(&photo(81, 81, sent), None).await.unwrap(), Written::Done);
    let late = sent + UNFILED_LIFE + SignedDuration::from_secs(1);
    assert_eq!(shelf.forgotten(late, 1).await, [photo_id(81)]);
    let filed = Report { photos: vec![photo_id(89), photo_id(81)], ..report(81, 37.8, 8) };
    assert_eq!(shelf.reports.put(&filed, None, None).await.unwrap(), Written::Done);
    assert_eq!(shelf.reports.put(&filed, None, None).await.unwrap(), Written::Raced);
    assert_eq!(shelf.forgotten(late, 0).await, []);
    assert_eq!(shelf.reports.photos(&filed.photos).await.unwrap()[0].version, 2);
}

async fn everybody_sees_what_is_released_and_only_so_long(shelf: &Shelf) {
    let seen = async || shelf.released.find(&id(4)).await.unwrap();
    let first = report(4, 37.1, 4);
    shelf.put(&first, None).await;
    assert_eq!(seen().await, None);
    let release = |what: &str| {
        let (place, outcome) = (String::new(), String::new());
        Some(Release { at: now(), what: what.to_owned(), place, outcome, photos: vec![], taken_back: vec![] })
    };
    let shown = Report { release: release("穴"), ..first.clone() };
    shelf.put(&shown, Some((&first, 1))).await;
    assert_eq!(seen().await, shown.public());
    let working = Report { state: State::Working, ..shown.clone() };
    shelf.put(&working, Some((&shown, 2))).await;
    assert_eq!(seen().await.unwrap().standing, Standing::Working, "as it stands now");
    let other = Report { release: release("段差"), ..report(5, 37.1, 4) };
    shelf.put(&other, None).await;
    let list = async |from: u32, to: u32, limit: usize| {
        let found = shelf.released.list(id(from)..id(to), limit).await.unwrap();
        found.into_iter().map(|report| report.id).collect::<Vec<_>>()
    };
    assert_eq!(list(1, 9, 9).await, [id(5), id(4)], "the latest first");
    assert_eq!(list(1, 9, 1).await, [id(5)]);
    assert_eq!((list(4, 5, 9).await, list(5, 6, 9).await), (vec![id(4)], vec![id(5)]), "the end is not among them");
    assert_eq!(list(6, 9, 9).await, []);
    let duplicate = Report { state: State::Duplicate { of: id(5) }, ..working.clone() };
    shelf.put(&duplicate, Some((&working, 3))).await;
    assert_eq!((seen().await, list(1, 9, 9).await), (None, vec![id(5)]));
    let hidden = Report { release: None, ..other.clone() };
    shelf.put(&hidden, Some((&other, 1))).await;
    assert_eq!(list(1, 9, 9).await, []);
}

async fn keeps_its_promises(shelf: &Shelf) {
    a_report_is_written_over_what_was_read_and_recorded(shelf).await;
    it_is_found_by_its_place_and_by_who_hears_of_it(shelf).await;
    a_turn_files_a_report_once_and_its_photos_are_not_forgotten(shelf).await;
    a_report_that_is_filed_without_a_turn_takes_its_photos_along(shelf).await;
    everybody_sees_what_is_released_and_only_so_long(shelf).await;
    what_is_closed_is_found_by_when_until_it_is_erased(shelf).await;
    a_walk_to_the_shelf_is_remembered_and_puts_a_report_there_as_it_was_read(shelf).await;
}

#[tokio::test]
async fn the_fake_keeps_its_promises() {
    keeps_its_promises(&Shelf::in_memory()).await;
}

#[tokio::test]
async fn the_table_keeps_its_promises() {
    let table = Place::running().scratch_table("reports").await;
    keeps_its_promises(&Shelf::in_table(&table)).await;
}
