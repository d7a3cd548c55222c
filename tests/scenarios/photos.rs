//! Photos of reports on their way from the chat to the bucket: whatever comes twice, too early, or dies half-way, one photo is kept, and
//! none that was taken back.

mod uploads;

use std::sync::Arc;

use app::error::{Error, Kind};
use app::ports::reports::{Fetched, PhotoFiles as _, PhotoJob, PhotoSource, Reports as _};
use app::ports::{Clock as _, Versioned};
use app::report::WRITTEN_WITHIN;
use app::report::photo::{GONE_AFTER, Photos, Taken, clean};
use app::report::withdraw::withdraw;
use async_trait::async_trait;
use domain::ids::{PhotoId, ReportId};
use domain::report::photo::{Photo, PhotoFault, PhotoState};
use jiff::{SignedDuration, Timestamp};
use tests::city::TestClock;
use tests::reminders::Life;
use tests::reports::{
    SourceFault, TestPhotoCopies, TestPhotoFiles, TestPhotoSource, TestPhotoUploads, TestReportJobs, TestReports,
};

const FILE: &[u8] = include_bytes!("../../infra/simulator/assets/picture.jpg");
const MESSAGE: &str = "468789577898262530";

fn photo_id() -> PhotoId {
    "0199aaaa-0000-5000-8000-000000000002".parse().unwrap()
}

fn report_id() -> ReportId {
    "0199aaaa-0000-7000-8000-000000000001".parse().unwrap()
}

fn sent() -> PhotoJob {
    PhotoJob::Sent { photo: photo_id(), message: MESSAGE.to_owned() }
}

fn withdrawn() -> PhotoJob {
    PhotoJob::Withdrawn { photo: photo_id() }
}

fn uploaded() -> PhotoJob {
    PhotoJob::Uploaded { photo: photo_id(), report: report_id() }
}

struct Scene {
    life: Arc<Life>,
    reports: Arc<TestReports>,
    files: Arc<TestPhotoFiles>,
    source: Arc<TestPhotoSource>,
    uploads: Arc<TestPhotoUploads>,
    jobs: TestReportJobs,
    clock: Arc<TestClock>,
    photos: Photos,
    put_at: Timestamp,
}

impl Scene {
    /// A photo was sent that LINE has, and its job was put.
    async fn new() -> Self {
        let scene = Self::before_it_is_written();
        let photo =
            Photo { id: photo_id(), report: report_id(), by: None, at: scene.clock.now(), state: PhotoState::Waiting };
        scene.reports.put_photo(&photo, None).await.unwrap();
        scene
    }

    fn before_it_is_written() -> Self {
        let life: Arc<Life> = Arc::default();
        let (mut reports, mut files) = (TestReports::default(), TestPhotoFiles::default());
        let mut uploads = TestPhotoUploads::default();
        (reports.life, files.life, uploads.life) = (life.clone(), life.clone(), life.clone());
        let (reports, files, uploads) = (Arc::new(reports), Arc::new(files), Arc::new(uploads));
        let (source, clock) = (Arc::new(TestPhotoSource::default()), Arc::new(TestClock::noon()));
        source.give(MESSAGE, Fetched::File(FILE.into()));
        let photos = Photos {
            reports: reports.clone(),
            files: files.clone(),
            source: source.clone(),
            originals: uploads.clone(),
            copies: Arc::new(TestPhotoCopies::default()),
            clock: clock.clone(),
        };
        let put_at = clock.now();
        Self { life, reports, files, source, uploads, jobs: TestReportJobs::default(), clock, photos, put_at }
    }

    async fn take(&self) -> Result<Taken, Kind> {
        self.take_job(sent()).await
    }

    async fn take_job(&self, job: PhotoJob) -> Result<Taken, Kind> {
        self.photos.take(&job, Some(self.put_at)).await.map_err(|error| error.kind)
    }

    /// The browser puts the file.
    fn upload(&self, file: &[u8]) {
        self.uploads.put(&report_id(), &photo_id(), file);
    }

    async fn withdraw(&self) {
        withdraw(&*self.reports, &self.jobs, &photo_id()).await.unwrap();
    }

    fn state(&self) -> PhotoState {
        self.reports.photo(&photo_id()).unwrap().state
    }

    fn is_kept(&self) -> bool {
        let file = self.files.photo(&report_id(), &photo_id());
        let PhotoState::Kept { sha, width, height, gps } = self.state() else { return false };
        file.is_some_and(|file| (file.sha, file.width, file.height, file.gps) == (sha, width, height, gps))
    }

    /// Nothing of the photo is there any more.
    fn is_withdrawn(&self) -> bool {
        self.state() == PhotoState::Withdrawn && self.files.kept() == 0 && self.uploads.waiting() == 0
    }
}

#[tokio::test]
async fn a_photo_that_comes_twice_is_one_photo() {
    let scene = Scene::new().await;
    assert_eq!(scene.take().await, Ok(Taken::Kept));
    assert_eq!(scene.take().await, Ok(Taken::Settled));
    assert!(scene.is_kept());
    assert_eq!(scene.files.kept(), 1);
    assert_eq!(scene.files.photo(&report_id(), &photo_id()), clean(FILE).ok());
}

#[tokio::test]
async fn of_two_that_take_it_at_once_one_finds_it_settled() {
    let scene = Scene::new().await;
    let (one, other) = futures_util::join!(scene.take(), scene.take());
    let mut taken = [one.unwrap(), other.unwrap()];
    taken.sort_by_key(|taken| *taken == Taken::Settled);
    assert_eq!(taken, [Taken::Kept, Taken::Settled]);
    assert!(scene.is_kept());
    assert_eq!(scene.files.kept(), 1);
}

#[tokio::test]
async fn whoever_dies_at_any_step_loses_nothing() {
    for calls in 0.. {
        let scene = Scene::new().await;
        scene.life.ends_after(calls);
        let first = scene.take().await;
        scene.life.ends_after(usize::MAX);
        if first.is_ok() {
            assert_eq!(calls, 3, "read, keep, write");
            break;
        }
        assert_eq!(scene.take().await, Ok(Taken::Kept), "after {calls} calls");
        assert!(scene.is_kept(), "after {calls} calls");
        assert_eq!(scene.files.kept(), 1, "after {calls} calls");
    }
}

#[tokio::test]
async fn what_is_taken_back_is_erased_wherever_its_taking_stands() {
    for calls in 0..=3 {
        let scene = Scene::new().await;
        scene.life.ends_after(calls);
        let first = scene.take().await;
        scene.life.ends_after(usize::MAX);
        scene.withdraw().await;
        // The same message once more, where it failed; and the job that came of the withdrawal.
        if first.is_err() {
            assert_eq!(scene.take().await, Ok(Taken::Withdrawn), "after {calls} calls");
        }
        for job in scene.jobs.take_photos() {
            let taken = scene.photos.take(&job, Some(scene.put_at)).await.unwrap();
            assert_eq!(taken, Taken::Withdrawn, "after {calls} calls");
        }
        assert!(scene.is_withdrawn(), "after {calls} calls");
        assert_eq!(scene.take().await, Ok(Taken::Withdrawn), "it does not come back");
        assert!(scene.is_withdrawn());
    }
}

/// A photo that is taken back while it is fetched.
struct TakenBack(Arc<TestReports>);

#[async_trait]
impl PhotoSource for TakenBack {
    async fn fetch(&self, _: &str, _: u64) -> Result<Fetched, Error> {
        withdraw(&*self.0, &TestReportJobs::default(), &photo_id()).await?;
        Ok(Fetched::File(FILE.into()))
    }
}

#[tokio::test]
async fn what_is_taken_back_while_it_is_fetched_is_not_kept() {
    let mut scene = Scene::new().await;
    scene.photos.source = Arc::new(TakenBack(scene.reports.clone()));
    assert_eq!(scene.take().await, Ok(Taken::Withdrawn));
    assert!(scene.is_withdrawn());
}

#[tokio::test]
async fn what_line_says_to_be_taken_back_leaves_nothing_of_an_earlier_attempt() {
    let scene = Scene::new().await;
    scene.files.keep(&report_id(), &photo_id(), &clean(FILE).unwrap()).await.unwrap();
    scene.source.give(MESSAGE, Fetched::Withdrawn);
    assert_eq!(scene.take().await, Ok(Taken::Withdrawn));
    assert!(scene.is_withdrawn());
}

#[tokio::test]
async fn a_job_that_is_earlier_than_its_photo_waits_for_it_but_not_for_ever() {
    let scene = Scene::before_it_is_written();
    assert_eq!(scene.take().await, Err(Kind::Transient));
    scene.clock.advance(WRITTEN_WITHIN - SignedDuration::from_secs(1));
    assert_eq!(scene.take().await, Err(Kind::Transient));
    scene.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(scene.take().await, Ok(Taken::Dropped));
    let of_unknown_age = scene.photos.take(&sent(), None).await.map_err(|error| error.kind);
    assert_eq!(of_unknown_age, Err(Kind::Transient), "nobody gives up for not knowing");
}

#[tokio::test]
async fn a_withdrawal_that_is_not_written_yet_waits_too() {
    for taken in [Taken::Kept, Taken::Settled] {
        let scene = Scene::new().await;
        if taken == Taken::Kept {
            scene.take().await.unwrap();
        }
        assert_eq!(scene.take_job(withdrawn()).await, Err(Kind::Transient));
        scene.withdraw().await;
        assert_eq!(scene.take_job(withdrawn()).await, Ok(Taken::Withdrawn));
        assert!(scene.is_withdrawn());
    }
    let never = Scene::new().await;
    never.take().await.unwrap();
    never.clock.advance(WRITTEN_WITHIN);
    assert_eq!(never.take_job(withdrawn()).await, Ok(Taken::Dropped));
    assert!(never.is_kept(), "who did not take it back keeps it");
}

#[tokio::test]
async fn trouble_at_line_is_waited_out() {
    let scene = Scene::new().await;
    scene.source.fail([SourceFault::Trouble, SourceFault::Missing].repeat(6));
    for _ in 0..12 {
        assert_eq!(scene.take().await, Err(Kind::Transient));
        assert_eq!(scene.state(), PhotoState::Waiting);
        scene.clock.advance(SignedDuration::from_mins(6));
    }
    assert_eq!(scene.take().await, Ok(Taken::Kept));
    assert!(scene.is_kept());
}

#[tokio::test]
async fn what_line_does_not_have_after_a_day_is_gone() {
    let scene = Scene::new().await;
    scene.source.give(MESSAGE, Fetched::Missing);
    scene.clock.advance(GONE_AFTER - SignedDuration::from_secs(1));
    assert_eq!(scene.take().await, Err(Kind::Transient));
    scene.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(scene.take().await, Ok(Taken::Refused(PhotoFault::Gone)));
    assert_eq!(scene.state(), PhotoState::Refused(PhotoFault::Gone));
}

/// Its message is a new one, but what it is about is as old as it was.
#[tokio::test]
async fn what_was_given_up_and_is_handed_back_days_later_is_not_waited_for_anew() {
    let mut scene = Scene::new().await;
    scene.source.give(MESSAGE, Fetched::Missing);
    scene.clock.advance(SignedDuration::from_hours(72));
    scene.put_at = scene.clock.now();
    assert_eq!(scene.take().await, Ok(Taken::Refused(PhotoFault::Gone)));
}

#[tokio::test]
async fn what_is_no_photo_is_a_fact_and_is_not_fetched_again() {
    for (fetched, fault) in [
        (Fetched::File(b"GIF89a".as_slice().into()), PhotoFault::OtherFormat),
        (Fetched::File(FILE[..FILE.len() / 2].into()), PhotoFault::Broken),
        (Fetched::File(vec![0; 20_000_001].into()), PhotoFault::TooLarge),
    ] {
        let scene = Scene::new().await;
        scene.source.give(MESSAGE, fetched);
        assert_eq!(scene.take().await, Ok(Taken::Refused(fault)));
        assert_eq!(scene.state(), PhotoState::Refused(fault));
        assert_eq!(scene.files.kept(), 0);
        scene.source.give(MESSAGE, Fetched::File(FILE.into()));
        assert_eq!(scene.take().await, Ok(Taken::Settled));
        let Versioned { version, .. } = scene.reports.photos(&[photo_id()]).await.unwrap().remove(0);
        assert_eq!(version, 2, "written once");
    }
}
