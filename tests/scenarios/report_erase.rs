//! Reports whose time is over: what is personal goes with its photos, once and whole, whatever dies half-way, and nothing goes too early.

use std::sync::Arc;

use app::ports::Clock;
use app::ports::reports::{PhotoJob, Reports};
use app::ports::staff::Written;
use app::report::erase::{ERASED_MAX, Eraser, WALK_STEP, WALKS_AGAIN_AFTER};
use domain::broadcast::content::PictureId;
use domain::ids::{PhotoId, ReportId};
use domain::report::kind::Intake;
use domain::report::photo::{Photo, PhotoState};
use domain::report::release::{Release, ReleasedPhoto};
use domain::report::{Deed, Report, Reporter, Standing, What};
use domain::town::{Profile, Town};
use jiff::SignedDuration;
use tests::city::TestTown;

use crate::report_desk::{Office, light, resident};

const DAY: SignedDuration = SignedDuration::from_hours(24);
/// More calls than erasing one report makes.
const CALLS_MAX: usize = 60;

fn photo_id(number: u32) -> PhotoId {
    format!("0199dddd-0000-8000-8000-{number:012}").parse().unwrap()
}

fn done() -> Deed {
    Deed::Done { answer: "直しました。".to_owned() }
}

/// An office of a town that keeps reports so long.
struct Archive {
    office: Office,
    eraser: Eraser,
}

impl Archive {
    fn of(intake: Intake) -> Self {
        let office = Office::open();
        let profile = Profile { reports: intake, ..Profile::default() };
        let town = Town { report_kinds: vec![light()], profile, ..Town::default() };
        let eraser = Eraser {
            reports: office.city.reports.clone(),
            jobs: office.city.jobs.clone(),
            walks: office.city.reports.clone(),
            towns: Arc::new(TestTown(Arc::new(town))),
            clock: office.city.clock.clone(),
        };
        Self { office, eraser }
    }

    fn keeping(days: u16) -> Self {
        Self::of(Intake { erase_after_days: Some(days), ..Intake::default() })
    }

    /// A report with photos that was filed now.
    async fn reported_with(&self, photos: &[u32]) -> Report {
        let now = self.office.city.clock.now();
        let mut filing = self.office.filing(Reporter::Resident(resident(1)));
        filing.photos = photos.iter().copied().map(photo_id).collect();
        let reports = &self.office.city.reports;
        for id in &filing.photos {
            let (report, by, state) = (filing.id.clone(), Some(resident(1)), PhotoState::Waiting);
            let photo = Photo { id: id.clone(), report, by, at: now, state };
            assert_eq!(reports.put_photo(&photo, None).await.unwrap(), Written::Done);
        }
        let report = Report::file(filing, &light(), now).unwrap();
        assert_eq!(reports.put(&report, None, None).await.unwrap(), Written::Done);
        report
    }

    fn wait(&self, time: SignedDuration) {
        self.office.city.clock.advance(time);
    }

    async fn look(&self) -> usize {
        self.eraser.tick().await.unwrap()
    }

    async fn waiting(&self, standing: Standing) -> Vec<ReportId> {
        let now = self.office.city.clock.now();
        self.eraser.reports.closed_before(standing, now, usize::MAX).await.unwrap()
    }

    fn is_erased(&self, report: &Report) -> bool {
        self.office.now(report).reporter == Reporter::Erased
    }

    /// Nothing of the report and its photos leads to anybody.
    fn assert_erased(&self, report: &Report) {
        let now = self.office.now(report);
        assert!(now.reporter == Reporter::Erased && now.comment.is_empty() && now.photos.is_empty());
        assert_eq!(now.history.iter().filter(|entry| entry.what == What::Erased).count(), 1);
        for id in &report.photos {
            let photo = self.office.city.reports.photo(id).unwrap();
            assert_eq!((photo.state, photo.by), (PhotoState::Withdrawn, None));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_report_is_erased_when_its_days_are_over_and_not_before() {
    let archive = Archive::keeping(30);
    let report = archive.reported_with(&[1, 2]).await;
    archive.wait(DAY * 100);
    assert_eq!(archive.look().await, 0, "what is open stays");
    archive.office.act(&report, done()).await;
    archive.wait(DAY * 30);
    assert_eq!(archive.look().await, 0, "the last day is not over");
    assert!(!archive.is_erased(&report));
    archive.wait(SignedDuration::from_secs(1));
    assert_eq!(archive.look().await, 1);
    archive.assert_erased(&report);
    let mut jobs = archive.office.city.jobs.take_photos();
    jobs.sort_by_key(|job| job.photo().clone());
    assert!(jobs.iter().all(|job| matches!(job, PhotoJob::Withdrawn { .. })), "{jobs:?}");
    assert_eq!(jobs.iter().map(PhotoJob::photo).collect::<Vec<_>>(), [&photo_id(1), &photo_id(2)]);
    let now = archive.office.now(&report);
    assert_eq!((now.kind, now.filed_at, now.state.standing()), (report.kind, report.filed_at, Standing::Done));
    assert_eq!(archive.look().await, 0, "it is done");
    assert!(archive.waiting(Standing::Done).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn each_end_has_days_of_its_own_and_a_town_may_keep_all() {
    let intake = Intake {
        erase_after_days: Some(300),
        erase_declined_after_days: Some(30),
        erase_duplicate_after_days: Some(7),
        ..Intake::default()
    };
    let archive = Archive::of(intake);
    let [mended, declined, double] =
        [archive.reported_with(&[]).await, archive.reported_with(&[]).await, archive.reported_with(&[]).await];
    archive.office.merge(&double, &mended).await;
    archive.office.act(&mended, done()).await;
    archive.office.act(&declined, Deed::Decline { why: "県道です。".to_owned() }).await;
    let erased = |archive: &Archive| [&mended, &declined, &double].map(|report| archive.is_erased(report));
    for (later, expected) in [(6, [false; 3]), (2, [false, false, true]), (23, [false, true, true]), (270, [true; 3])] {
        archive.wait(DAY * later);
        archive.look().await;
        assert_eq!(erased(&archive), expected, "{later} days later");
    }
    let keeping = Archive::of(Intake { erase_after_days: None, ..Intake::default() });
    let report = keeping.reported_with(&[]).await;
    keeping.office.act(&report, done()).await;
    keeping.wait(DAY * 10_000);
    assert_eq!(keeping.look().await, 0);
    assert!(!keeping.is_erased(&report));
}

#[tokio::test(start_paused = true)]
async fn what_is_reopened_is_kept_until_it_is_closed_again() {
    let archive = Archive::keeping(30);
    let report = archive.reported_with(&[1]).await;
    archive.office.act(&report, done()).await;
    archive.wait(DAY * 31);
    archive.office.act(&report, Deed::Reopen { answer: String::new() }).await;
    assert_eq!(archive.look().await, 0);
    archive.office.act(&report, done()).await;
    archive.wait(DAY * 29);
    assert_eq!(archive.look().await, 0, "its time began anew");
    archive.wait(DAY * 2);
    assert_eq!(archive.look().await, 1);
    archive.assert_erased(&report);
}

#[tokio::test(start_paused = true)]
async fn what_is_written_after_the_erasure_is_erased_in_its_own_time() {
    let archive = Archive::keeping(30);
    let report = archive.reported_with(&[]).await;
    archive.office.act(&report, done()).await;
    archive.wait(DAY * 31);
    assert_eq!(archive.look().await, 1);
    archive.office.act(&report, Deed::Note("田中さんから電話".to_owned())).await;
    archive.wait(DAY * 29);
    assert_eq!(archive.look().await, 0);
    archive.wait(DAY * 2);
    assert_eq!(archive.look().await, 1);
    assert!(!serde_json::to_string(&archive.office.now(&report)).unwrap().contains("田中"));
    archive.assert_erased(&report);
}

#[tokio::test(start_paused = true)]
async fn whatever_dies_half_way_is_erased_by_the_next_look() {
    for calls in 0..CALLS_MAX {
        let archive = Archive::keeping(30);
        let report = archive.reported_with(&[1, 2, 3]).await;
        archive.office.act(&report, done()).await;
        archive.wait(DAY * 31);
        archive.office.city.reports.life.ends_after(calls);
        let died = archive.eraser.tick().await.is_err();
        archive.office.city.reports.life.ends_after(usize::MAX);
        if !died {
            assert!(calls > 3 * 4, "each photo is read and written twice");
            archive.assert_erased(&report);
            return;
        }
        let found = usize::from(!archive.is_erased(&report));
        assert_eq!(archive.waiting(Standing::Done).await.len(), found, "{calls}: until it is erased it is found");
        assert_eq!(archive.look().await, found, "{calls}");
        archive.assert_erased(&report);
        let jobs = archive.office.city.jobs.take_photos();
        for id in &report.photos {
            assert!(jobs.iter().any(|job| job.photo() == id), "{calls}: its files are erased");
        }
    }
    panic!("it made more than {CALLS_MAX} calls");
}

#[tokio::test(start_paused = true)]
async fn what_everybody_saw_goes_with_its_copies() {
    let archive = Archive::keeping(30);
    let report = archive.reported_with(&[1, 2]).await;
    let copy = |number: u8| PictureId::of([number; 32]);
    let shown = |number: u8| ReleasedPhoto { of: photo_id(number.into()), copy: copy(number), areas: Vec::new() };
    let (place, outcome) = (String::new(), String::new());
    let at = archive.eraser.clock.now();
    let photos = vec![shown(1), shown(2)];
    let release = Release { at, what: "消えた街路灯".to_owned(), place, outcome, photos, taken_back: Vec::new() };
    archive.office.act(&report, Deed::Release(release)).await;
    archive.office.act(&report, done()).await;
    assert!(archive.office.now(&report).public().is_some());
    archive.wait(DAY * 31);
    assert_eq!(archive.look().await, 1);
    archive.assert_erased(&report);
    assert_eq!(archive.office.now(&report).public(), None);
    let jobs = archive.office.city.jobs.take_photos();
    for number in 1..=2 {
        let erasing = PhotoJob::Unreleased { photo: photo_id(number.into()), copy: copy(number) };
        assert!(jobs.contains(&erasing), "{jobs:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn somebody_who_writes_meanwhile_loses_nothing_but_what_is_erased() {
    let archive = Archive::keeping(30);
    let report = archive.reported_with(&[1]).await;
    archive.office.act(&report, done()).await;
    archive.wait(DAY * 31);
    let mut reopened = archive.office.now(&report);
    reopened.act(Deed::Reopen { answer: String::new() }, &"jiro".parse().unwrap(), archive.eraser.clock.now()).unwrap();
    archive.office.city.reports.interlope([reopened.clone()]);
    assert_eq!(archive.look().await, 0, "it was reopened at the last moment");
    assert_eq!(archive.office.now(&report), reopened);
}

#[tokio::test(start_paused = true)]
async fn many_go_in_several_looks_the_longest_closed_first() {
    let archive = Archive::keeping(30);
    let mut reports = Vec::new();
    for _ in 0..=ERASED_MAX {
        let report = archive.reported_with(&[]).await;
        archive.office.act(&report, done()).await;
        reports.push(report);
    }
    archive.wait(DAY * 31);
    assert_eq!(archive.look().await, ERASED_MAX);
    let kept: Vec<_> = reports.iter().filter(|report| !archive.is_erased(report)).map(|report| &report.id).collect();
    assert_eq!(kept, [&reports[ERASED_MAX].id]);
    assert_eq!(archive.look().await, 1);
}

/// Lets it become the minute of the next hour in which reports of earlier releases are looked for, and looks.
async fn walk(archive: &Archive) -> usize {
    let now = archive.office.city.clock.now();
    let minutes = (23 - now.as_second().div_euclid(60)).rem_euclid(60);
    archive.wait(SignedDuration::from_mins(if minutes == 0 { 60 } else { minutes }));
    archive.look().await
}

#[tokio::test(start_paused = true)]
async fn what_a_release_without_the_shelf_closed_is_found_by_a_walk_and_erased_then() {
    let archive = Archive::keeping(30);
    let mut closed = Vec::new();
    for number in 0..=WALK_STEP {
        let report = archive.reported_with(&[u32::try_from(number).unwrap()]).await;
        archive.office.act(&report, done()).await;
        archive.office.city.reports.take_off_the_shelf(&report.id);
        closed.push(report);
    }
    archive.wait(DAY * 31);
    assert_eq!((archive.look().await, archive.waiting(Standing::Done).await.len()), (0, 0), "nobody knows of them");
    assert_eq!(walk(&archive).await, 0);
    assert_eq!(archive.waiting(Standing::Done).await.len(), 0, "the earlier release may be at work so long");
    for waiting in [WALK_STEP, WALK_STEP + 1 - ERASED_MAX] {
        walk(&archive).await;
        assert_eq!(archive.waiting(Standing::Done).await.len(), waiting);
    }
    while 0 < archive.look().await {}
    for report in &closed {
        archive.assert_erased(report);
    }
    // The release was taken back for a while, and then made again.
    let report = archive.reported_with(&[900]).await;
    archive.office.act(&report, done()).await;
    archive.office.city.reports.take_off_the_shelf(&report.id);
    walk(&archive).await;
    assert_eq!(archive.waiting(Standing::Done).await.len(), 0, "it was looked through a moment ago");
    archive.wait(WALKS_AGAIN_AFTER);
    walk(&archive).await;
    assert_eq!(archive.waiting(Standing::Done).await, std::slice::from_ref(&report.id));
    assert_eq!(archive.look().await, 1);
    archive.assert_erased(&report);
}

#[tokio::test(start_paused = true)]
async fn what_a_release_without_the_shelf_reopened_keeps_no_others_from_being_erased() {
    let archive = Archive::keeping(30);
    let long_ago = archive.office.city.clock.now();
    for number in 0..u32::try_from(ERASED_MAX).unwrap() {
        let open = archive.reported_with(&[100 + number]).await;
        archive.office.city.reports.leave_on_the_shelf(&open.id, long_ago);
    }
    archive.wait(DAY);
    let closed = archive.reported_with(&[1]).await;
    archive.office.act(&closed, done()).await;
    archive.wait(DAY * 31);
    assert_eq!((archive.look().await, archive.is_erased(&closed)), (0, false), "they stand before it");
    assert_eq!(archive.look().await, 1);
    archive.assert_erased(&closed);
}
