//! What everybody sees of a report, whatever dies or is taken back while it is released: a photo that is not to be seen is nowhere.

use std::sync::Arc;

use app::error::Error;
use app::ports::reports::{ChangeJob, CleanPhoto, NoticeJob, PhotoFiles, PhotoJob, PhotoLinks, ReportJobs, Reports};
use app::ports::staff::Written;
use app::ports::{Clock, pictures::PhotoCopies};
use app::report::desk::{Outcome, ReportDesk};
use app::report::photo::{Photos, Taken, clean};
use app::report::release::{Marked, ReleaseDesk, Wanted};
use app::report::withdraw::withdraw;
use async_trait::async_trait;
use domain::ids::{PhotoId, ReportId, StaffId};
use domain::report::photo::{Photo, PhotoState};
use domain::report::{Refusal, Report, Reporter};
use tests::outside::CopyAddresses;
use tests::reminders::Life;
use tests::reports::{TestPhotoCopies, TestPhotoFiles, TestPhotoSource, TestPhotoUploads, TestReportJobs, TestReports};
use tests::staff::TestChance;

use super::report_desk::{Office, light};

const FILE: &[u8] = include_bytes!("../../infra/simulator/assets/picture.jpg");

fn staff() -> StaffId {
    "hanako".parse().unwrap()
}

fn photo_id(number: usize) -> PhotoId {
    format!("photo-{number}").parse().unwrap()
}

/// What is to be seen, with these photos.
fn wanted(photos: &[usize]) -> Wanted {
    let photos = photos.iter().map(|number| Marked { photo: photo_id(*number), areas: Vec::new() }).collect();
    Wanted { what: "街路灯".to_owned(), place: String::new(), outcome: String::new(), photos }
}

/// A report with two photos, and whoever releases it.
struct Scene {
    life: Arc<Life>,
    reports: Arc<TestReports>,
    jobs: Arc<TestReportJobs>,
    files: Arc<TestPhotoFiles>,
    copies: Arc<TestPhotoCopies>,
    desk: ReleaseDesk,
    id: ReportId,
}

impl Scene {
    async fn new() -> Self {
        let office = Office::open();
        let life: Arc<Life> = Arc::default();
        let mut reports = TestReports::default();
        reports.life = life.clone();
        let mut copies = TestPhotoCopies::default();
        copies.life = life.clone();
        let copies = Arc::new(copies);
        let (reports, jobs) = (Arc::new(reports), Arc::new(TestReportJobs::dying_with(&life)));
        let files = Arc::new(TestPhotoFiles::default());
        let mut filing = office.filing(Reporter::Told { contact: String::new() });
        filing.photos = vec![photo_id(1), photo_id(2)];
        let clock = office.city.clock.clone();
        let report = Report::file(filing, &light(), clock.now()).unwrap();
        let file = clean(FILE).unwrap();
        for id in &report.photos {
            let CleanPhoto { sha, width, height, gps, .. } = file.clone();
            let state = PhotoState::Kept { sha, width, height, gps };
            let photo = Photo { id: id.clone(), report: report.id.clone(), by: None, at: clock.now(), state };
            assert_eq!(reports.put_photo(&photo, None).await.unwrap(), Written::Done);
            files.keep(&report.id, id, &file).await.unwrap();
        }
        assert_eq!(reports.put(&report, None, None).await.unwrap(), Written::Done);
        let desk = ReleaseDesk {
            desk: ReportDesk { reports: reports.clone(), jobs: jobs.clone(), clock },
            files: files.clone(),
            copies: copies.clone(),
            addresses: Arc::new(CopyAddresses),
            chance: Arc::new(TestChance::default()),
        };
        Self { life, reports, jobs, files, copies, desk, id: report.id }
    }

    fn report(&self) -> Report {
        self.reports.report(&self.id).unwrap()
    }

    async fn release(&self, seen: usize, photos: &[usize]) -> Result<Outcome, Error> {
        self.desk.release(&self.id, seen, &wanted(photos), &staff()).await
    }

    async fn released(&self, photos: &[usize]) {
        let outcome = self.release(self.report().history.len(), photos).await.unwrap();
        assert!(matches!(outcome, Outcome::Done(_)), "{outcome:?}");
        assert!(self.is_whole());
    }

    /// Nothing is kept that the report does not name, as shown or as taken back.
    fn has_no_stray(&self) -> bool {
        let named = self.report().release.map(|release| [release.photos, release.taken_back].concat());
        let named = named.unwrap_or_default();
        self.copies.ids().iter().all(|id| named.iter().any(|shown| shown.copy == *id))
    }

    /// And all that it names is there.
    fn is_whole(&self) -> bool {
        let named = self.report().release.map(|release| [release.photos, release.taken_back].concat());
        let named = named.unwrap_or_default();
        self.has_no_stray() && named.len() == self.copies.ids().len()
    }

    /// Whoever works off the queue of photos.
    fn photos(&self) -> Photos {
        Photos {
            reports: self.reports.clone(),
            files: self.files.clone(),
            source: Arc::new(TestPhotoSource::default()),
            originals: Arc::new(TestPhotoUploads::default()),
            copies: self.copies.clone(),
            clock: self.desk.desk.clock.clone(),
        }
    }
}

/// Bounded by the calls that a whole deed makes.
const CALLS_MAX: usize = 40;

#[tokio::test]
async fn whoever_dies_while_releasing_leaves_no_copy_of_which_nobody_knows_and_the_same_click_does_the_rest() {
    for before in [&[][..], &[1, 2]] {
        let mut survived = false;
        for calls in 0..CALLS_MAX {
            let scene = Scene::new().await;
            if !before.is_empty() {
                scene.released(before).await;
            }
            let seen = scene.report().history.len();
            scene.life.ends_after(calls);
            let died = scene.release(seen, &[1]).await.is_err();
            scene.life.ends_after(usize::MAX);
            assert!(scene.has_no_stray(), "after {calls} calls");
            let again = scene.release(seen, &[1]).await.unwrap();
            assert!(matches!(again, Outcome::Done(_)), "after {calls} calls: {again:?}");
            assert!(scene.is_whole(), "after {calls} calls");
            assert_eq!(scene.report().history.len(), seen + 1, "after {calls} calls");
            survived = !died;
            if survived {
                break;
            }
        }
        assert!(survived);
    }
}

#[tokio::test]
async fn whoever_dies_while_hiding_leaves_nothing_that_was_seen() {
    let mut survived = false;
    for calls in 0..CALLS_MAX {
        let scene = Scene::new().await;
        scene.released(&[1, 2]).await;
        let seen = scene.report().history.len();
        scene.life.ends_after(calls);
        survived = scene.desk.hide(&scene.id, seen, &staff()).await.is_ok();
        scene.life.ends_after(usize::MAX);
        assert!(scene.has_no_stray(), "after {calls} calls");
        let again = scene.desk.hide(&scene.id, seen, &staff()).await.unwrap();
        assert!(matches!(again, Outcome::Done(_)), "after {calls} calls: {again:?}");
        assert_eq!((scene.report().public(), scene.copies.ids().len()), (None, 0), "after {calls} calls");
        if survived {
            break;
        }
    }
    assert!(survived);
}

#[tokio::test]
async fn what_is_taken_back_is_not_seen_any_more_wherever_that_breaks_off() {
    let mut survived = false;
    for calls in 0..CALLS_MAX {
        let scene = Scene::new().await;
        scene.released(&[1, 2]).await;
        let entries = scene.report().history.len();
        scene.life.ends_after(calls);
        survived = withdraw(&*scene.reports, &*scene.jobs, &photo_id(1)).await.is_ok();
        scene.life.ends_after(usize::MAX);
        let is_back = scene.reports.photo(&photo_id(1)).unwrap().state == PhotoState::Withdrawn;
        let is_shown = scene.report().release.unwrap().photos.iter().any(|shown| shown.of == photo_id(1));
        assert!(!(is_back && is_shown), "after {calls} calls: it was taken back and is still shown");
        // The event comes again, and the jobs are done.
        withdraw(&*scene.reports, &*scene.jobs, &photo_id(1)).await.unwrap();
        for job in scene.jobs.take_photos() {
            assert_eq!(scene.photos().take(&job, None).await.unwrap(), Taken::Withdrawn);
        }
        let shown = scene.report().public().unwrap().release.photos;
        assert_eq!(shown.iter().map(|shown| &shown.of).collect::<Vec<_>>(), [&photo_id(2)], "after {calls} calls");
        assert!(scene.is_whole(), "after {calls} calls");
        assert_eq!(scene.report().history.len(), entries, "it is no entry");
        if survived {
            break;
        }
    }
    assert!(survived);
}

#[tokio::test]
async fn a_copy_is_known_wherever_taking_its_photo_back_breaks_off_and_all_jobs_are_dropped() {
    for hides in [false, true] {
        let mut survived = false;
        for calls in 0..CALLS_MAX {
            let scene = Scene::new().await;
            scene.released(&[1, 2]).await;
            scene.life.ends_after(calls);
            survived = withdraw(&*scene.reports, &*scene.jobs, &photo_id(1)).await.is_ok();
            scene.life.ends_after(usize::MAX);
            let is_back = scene.reports.photo(&photo_id(1)).unwrap().state == PhotoState::Withdrawn;
            if is_back {
                // Such a job is done, sooner or later.
                for job in scene.jobs.take_photos() {
                    assert_eq!(scene.photos().take(&job, None).await.unwrap(), Taken::Withdrawn);
                }
            } else {
                // Nobody came in time: they wait for a quarter of an hour only.
                drop(scene.jobs.take_photos());
            }
            assert!(scene.has_no_stray(), "after {calls} calls");
            if hides {
                let seen = scene.report().history.len();
                let hidden = scene.desk.hide(&scene.id, seen, &staff()).await.unwrap();
                assert!(matches!(hidden, Outcome::Done(_)), "after {calls} calls: {hidden:?}");
                assert_eq!(scene.copies.ids().len(), 0, "after {calls} calls");
            } else {
                withdraw(&*scene.reports, &*scene.jobs, &photo_id(1)).await.unwrap();
                for job in scene.jobs.take_photos() {
                    assert_eq!(scene.photos().take(&job, None).await.unwrap(), Taken::Withdrawn);
                }
                assert!(scene.is_whole(), "after {calls} calls");
                assert_eq!(scene.copies.ids().len(), 1, "after {calls} calls");
            }
            if survived {
                break;
            }
        }
        assert!(survived);
    }
}

#[tokio::test]
async fn a_job_about_a_copy_whose_photo_is_not_taken_back_erases_nothing() {
    let scene = Scene::new().await;
    scene.released(&[1]).await;
    let copy = scene.copies.ids().remove(0);
    let job = app::ports::reports::PhotoJob::Unreleased { photo: photo_id(1), copy };
    assert!(scene.photos().take(&job, Some(scene.desk.desk.clock.now())).await.is_err(), "it waits");
    assert!(scene.is_whole());
}

/// A photo is taken back while it is copied.
struct TakenBack {
    files: Arc<TestPhotoFiles>,
    reports: Arc<TestReports>,
    /// Which.
    photo: PhotoId,
}

#[async_trait]
impl PhotoFiles for TakenBack {
    async fn keep(&self, report: &ReportId, id: &PhotoId, photo: &CleanPhoto) -> Result<(), Error> {
        self.files.keep(report, id, photo).await
    }

    async fn erase(&self, report: &ReportId, id: &PhotoId) -> Result<(), Error> {
        self.files.erase(report, id).await
    }

    async fn large(&self, report: &ReportId, id: &PhotoId) -> Result<Option<Vec<u8>>, Error> {
        let file = self.files.large(report, id).await;
        withdraw(&*self.reports, &TestReportJobs::default(), &self.photo).await?;
        file
    }

    async fn links(&self, report: &ReportId, id: &PhotoId) -> Result<PhotoLinks, Error> {
        self.files.links(report, id).await
    }
}

/// A photo is taken back while its copy is kept: the report names it by then.
struct TakenBackLate {
    copies: Arc<TestPhotoCopies>,
    reports: Arc<TestReports>,
    photo: PhotoId,
}

#[async_trait]
impl PhotoCopies for TakenBackLate {
    async fn keep(
        &self,
        id: &domain::broadcast::content::PictureId,
        copy: &app::pictures::Picture,
    ) -> Result<(), Error> {
        withdraw(&*self.reports, &TestReportJobs::default(), &self.photo).await?;
        self.copies.keep(id, copy).await
    }

    async fn erase(&self, id: &domain::broadcast::content::PictureId) -> Result<(), Error> {
        self.copies.erase(id).await
    }
}

#[tokio::test]
async fn what_is_taken_back_while_it_is_copied_is_not_seen() {
    for late in [false, true] {
        let mut scene = Scene::new().await;
        let (reports, photo) = (scene.reports.clone(), photo_id(2));
        if late {
            let copies = scene.copies.clone();
            scene.desk.copies = Arc::new(TakenBackLate { copies, reports, photo });
        } else {
            let files = scene.files.clone();
            scene.desk.files = Arc::new(TakenBack { files, reports, photo });
        }
        let outcome = scene.release(1, &[1, 2]).await.unwrap();
        assert!(matches!(outcome, Outcome::Done(_)), "{outcome:?}");
        let shown = scene.report().public().unwrap().release.photos;
        assert_eq!(shown.iter().map(|shown| &shown.of).collect::<Vec<_>>(), [&photo_id(1)], "late: {late}");
        assert!(scene.is_whole(), "late: {late}");
    }
}

/// The other one of two clicks is faster: it is done while this one copies or erases.
struct Faster {
    files: Arc<TestPhotoFiles>,
    copies: Arc<TestPhotoCopies>,
    desk: ReleaseDesk,
    report: ReportId,
    /// So many entries both clicks saw.
    seen: usize,
    wanted: Wanted,
}

#[async_trait]
impl PhotoFiles for Faster {
    async fn keep(&self, report: &ReportId, id: &PhotoId, photo: &CleanPhoto) -> Result<(), Error> {
        self.files.keep(report, id, photo).await
    }

    async fn erase(&self, report: &ReportId, id: &PhotoId) -> Result<(), Error> {
        self.files.erase(report, id).await
    }

    async fn large(&self, report: &ReportId, id: &PhotoId) -> Result<Option<Vec<u8>>, Error> {
        let done = self.desk.release(&self.report, self.seen, &self.wanted, &staff()).await?;
        assert!(matches!(done, Outcome::Done(_)), "{done:?}");
        self.files.large(report, id).await
    }

    async fn links(&self, report: &ReportId, id: &PhotoId) -> Result<PhotoLinks, Error> {
        self.files.links(report, id).await
    }
}

#[async_trait]
impl PhotoCopies for Faster {
    async fn keep(
        &self,
        id: &domain::broadcast::content::PictureId,
        copy: &app::pictures::Picture,
    ) -> Result<(), Error> {
        self.copies.keep(id, copy).await
    }

    async fn erase(&self, id: &domain::broadcast::content::PictureId) -> Result<(), Error> {
        let done = self.desk.hide(&self.report, self.seen, &staff()).await?;
        assert!(matches!(done, Outcome::Done(_)), "{done:?}");
        self.copies.erase(id).await
    }
}

impl Scene {
    fn faster(&self, wanted: Wanted) -> Arc<Faster> {
        let seen = self.report().history.len();
        let (files, copies) = (self.files.clone(), self.copies.clone());
        Arc::new(Faster { files, copies, desk: self.desk.clone(), report: self.id.clone(), seen, wanted })
    }
}

#[tokio::test]
async fn two_clicks_at_once_release_and_hide_once_and_both_are_told_so() {
    let mut scene = Scene::new().await;
    let alone = scene.desk.clone();
    scene.desk.files = scene.faster(wanted(&[1]));
    let outcome = scene.release(1, &[1]).await.unwrap();
    assert!(matches!(outcome, Outcome::Done(_)), "{outcome:?}");
    assert!(scene.report().history.len() == 2 && scene.is_whole());

    scene.desk = alone.clone();
    scene.desk.copies = scene.faster(wanted(&[1]));
    let outcome = scene.desk.hide(&scene.id, 2, &staff()).await.unwrap();
    assert!(matches!(outcome, Outcome::Done(_)), "{outcome:?}");
    assert_eq!((scene.report().history.len(), scene.report().release), (3, None));

    // Other words are another release, which nobody has seen.
    scene.desk = alone;
    scene.desk.files = scene.faster(Wanted { what: "べつのこと".to_owned(), ..wanted(&[1]) });
    let outcome = scene.release(3, &[1]).await.unwrap();
    assert!(matches!(outcome, Outcome::Changed(_)), "{outcome:?}");
    assert!(scene.report().history.len() == 4 && scene.is_whole());
}

#[tokio::test]
async fn what_is_not_the_reports_or_not_here_is_refused_and_nothing_is_kept() {
    let scene = Scene::new().await;
    for photos in [&[3][..], &[1, 3]] {
        let outcome = scene.release(1, photos).await.unwrap();
        assert_eq!(outcome, Outcome::Refused(Refusal::NotItsPhoto));
    }
    assert_eq!((scene.report().public(), scene.copies.ids().len()), (None, 0));
    assert!(matches!(scene.release(7, &[1]).await.unwrap(), Outcome::Changed(_)));
    scene.released(&[1]).await;
    let shown = scene.report();
    assert_eq!(scene.release(2, &[1, 1]).await.unwrap(), Outcome::Refused(Refusal::NotItsPhoto));
    assert!(scene.report() == shown && scene.is_whole(), "what is refused erases nothing");
}

/// Staff release a report while one of its photos is being taken back, and not marked yet.
struct ReleasedMeanwhile {
    jobs: Arc<TestReportJobs>,
    desk: ReleaseDesk,
    report: ReportId,
}

#[async_trait]
impl ReportJobs for ReleasedMeanwhile {
    async fn put_photo(&self, job: &PhotoJob) -> Result<(), Error> {
        if matches!(job, PhotoJob::Withdrawn { .. }) {
            let done = self.desk.release(&self.report, 1, &wanted(&[1, 2]), &staff()).await?;
            assert!(matches!(done, Outcome::Done(_)), "{done:?}");
        }
        self.jobs.put_photo(job).await
    }

    async fn put_notice(&self, job: &NoticeJob) -> Result<(), Error> {
        self.jobs.put_notice(job).await
    }

    async fn put_change(&self, job: &ChangeJob) -> Result<(), Error> {
        self.jobs.put_change(job).await
    }
}

#[tokio::test]
async fn what_is_released_while_a_photo_is_taken_back_is_shown_without_it() {
    let scene = Scene::new().await;
    let (jobs, desk, report) = (scene.jobs.clone(), scene.desk.clone(), scene.id.clone());
    let meanwhile = ReleasedMeanwhile { jobs, desk, report };
    withdraw(&*scene.reports, &meanwhile, &photo_id(1)).await.unwrap();
    let shown = scene.report().public().unwrap().release.photos;
    assert_eq!(shown.iter().map(|shown| &shown.of).collect::<Vec<_>>(), [&photo_id(2)]);
    for job in scene.jobs.take_photos() {
        assert_eq!(scene.photos().take(&job, None).await.unwrap(), Taken::Withdrawn);
    }
    assert!(scene.is_whole());
}

#[tokio::test]
async fn what_a_colleague_did_is_not_taken_for_a_second_click_of_ones_own() {
    let scene = Scene::new().await;
    let colleague: StaffId = "jiro".parse().unwrap();
    scene.released(&[1]).await;
    let outcome = scene.desk.release(&scene.id, 1, &wanted(&[1]), &colleague).await.unwrap();
    assert!(matches!(outcome, Outcome::Changed(_)), "{outcome:?}");
    assert!(matches!(scene.desk.hide(&scene.id, 2, &staff()).await.unwrap(), Outcome::Done(_)));
    let outcome = scene.desk.hide(&scene.id, 2, &colleague).await.unwrap();
    assert!(matches!(outcome, Outcome::Changed(_)), "{outcome:?}");
}
