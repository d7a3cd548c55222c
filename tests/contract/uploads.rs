//! A photo that a browser puts into the bucket of the running city, by the link that the portal makes: the bucket takes just that file,
//! the queue hears of it, `photo` takes it over, and nothing stays of the original.

use app::ports::mint;
use app::ports::reports::{
    Fetched, PhotoFiles as _, PhotoJob, PhotoOriginals as _, PhotoUploads as _, ReportJobs as _,
};
use app::ports::reports::{Reports as _, Upload};
use app::report::withdraw::withdraw;
use aws::Table;
use aws::chance::SystemChance;
use aws::clients::Clients;
use aws::clock::SystemClock;
use aws::photo_files::S3PhotoFiles;
use aws::photo_uploads::{S3PhotoOriginals, S3PhotoUploads};
use aws::report_jobs::{ReportQueues, SqsReportJobs};
use aws::reports::TableReports;
use domain::ids::{PhotoId, ReportId};
use domain::report::photo::{Photo, PhotoState};
use http::StatusCode;
use reqwest::{Client, Method, RequestBuilder};
use std::sync::Arc;

use crate::place::{PATIENCE, Place};
use crate::staff::now;

pub(crate) const FILE: &[u8] = include_bytes!("../../infra/simulator/assets/picture.jpg");

/// The city's photos, as the portal and `photo` see them.
pub(crate) struct Darkroom {
    http: Client,
    reports: TableReports,
    jobs: SqsReportJobs,
    uploads: S3PhotoUploads,
    originals: S3PhotoOriginals,
    files: S3PhotoFiles,
    report: ReportId,
    photo: PhotoId,
}

/// An id that nothing else has.
fn minted() -> String {
    mint(&SystemChance, now()).to_string()
}

impl Darkroom {
    pub(crate) async fn of(place: &Place) -> Self {
        let clients = Clients::new(place.config().await);
        let queues = ReportQueues { photos: Some(place.photo_queue.clone()), ..ReportQueues::default() };
        Self {
            http: Client::builder().timeout(PATIENCE).build().unwrap(),
            reports: TableReports::new(Table::new(&clients, place.table.clone()), Arc::new(SystemClock)),
            jobs: SqsReportJobs::new(&clients, queues),
            uploads: S3PhotoUploads::new(&clients, place.bucket.clone()),
            originals: S3PhotoOriginals::new(&clients, place.bucket.clone()),
            files: S3PhotoFiles::new(&clients, place.bucket.clone()),
            report: minted().parse().unwrap(),
            photo: minted().parse().unwrap(),
        }
    }

    /// What the portal does when a resident picks a photo.
    pub(crate) async fn begin(&self) -> Upload {
        let (photo, report) = (self.photo.clone(), self.report.clone());
        self.jobs.put_photo(&PhotoJob::Uploaded { photo: photo.clone(), report: report.clone() }).await.unwrap();
        let item = Photo { id: photo, report, by: None, at: now(), state: PhotoState::Waiting };
        self.reports.put_photo(&item, None).await.unwrap();
        self.uploads.link(&self.report, &self.photo, FILE.len() as u64, "image/jpeg").await.unwrap()
    }

    fn asks(&self, method: Method, upload: &Upload) -> RequestBuilder {
        self.http.request(method, &upload.url).header("origin", "https://portal.example")
    }

    /// What a browser does with the link; `bytes` and `kind` may be others than were promised.
    pub(crate) async fn put(&self, upload: &Upload, bytes: &'static [u8], kind: &str) -> StatusCode {
        self.asks(Method::PUT, upload).header("content-type", kind).body(bytes).send().await.unwrap().status()
    }

    /// The photo, as soon as it is as awaited.
    pub(crate) async fn becomes(&self, awaited: impl Fn(&PhotoState) -> bool) -> PhotoState {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let state = self.reports.photos(std::slice::from_ref(&self.photo)).await.unwrap().remove(0).value.state;
            if awaited(&state) {
                return state;
            }
            assert!(tokio::time::Instant::now() < deadline, "it stays {state:?}");
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
    }

    /// Waits until nothing lies where browsers put it.
    pub(crate) async fn original_goes(&self) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while !matches!(self.originals.fetch(&self.report, &self.photo, u64::MAX).await.unwrap(), Fetched::Missing) {
            assert!(tokio::time::Instant::now() < deadline, "the original stays");
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
    }

    /// The large file, if it is kept.
    pub(crate) async fn large_file(&self) -> Option<Vec<u8>> {
        self.files.large(&self.report, &self.photo).await.unwrap()
    }

    /// What whoever has the link to the small file is answered.
    pub(crate) async fn small_file(&self) -> StatusCode {
        let links = self.files.links(&self.report, &self.photo).await.unwrap();
        self.http.get(links.small).send().await.unwrap().status()
    }

    async fn kept_file(&self) -> StatusCode {
        let links = self.files.links(&self.report, &self.photo).await.unwrap();
        self.http.get(links.large).send().await.unwrap().status()
    }
}

#[tokio::test]
async fn what_a_browser_puts_is_taken_over_once_and_erased_when_it_is_taken_back() {
    let room = Darkroom::of(&Place::running()).await;
    let upload = room.begin().await;
    let asked = room.asks(Method::OPTIONS, &upload).header("access-control-request-method", "PUT");
    let asked = asked.header("access-control-request-headers", "content-type").send().await.unwrap();
    assert!(asked.status().is_success() && asked.headers()["access-control-allow-origin"] == "*", "{asked:?}");
    assert_eq!(room.put(&upload, b"another length", "image/jpeg").await, StatusCode::FORBIDDEN);
    assert_eq!(room.put(&upload, FILE, "text/html").await, StatusCode::FORBIDDEN);
    let elsewhere = Upload { url: upload.url.replace(room.photo.as_str(), "other"), ..upload.clone() };
    assert_eq!(room.put(&elsewhere, FILE, "image/jpeg").await, StatusCode::FORBIDDEN);
    assert_eq!(upload.headers, [("content-type".to_owned(), "image/jpeg".to_owned())]);
    assert_eq!(room.put(&upload, FILE, "image/jpeg").await, StatusCode::OK);
    let kept = room.becomes(|state| *state != PhotoState::Waiting).await;
    assert!(matches!(kept, PhotoState::Kept { .. }), "{kept:?}");
    room.original_goes().await;
    assert_eq!(room.kept_file().await, StatusCode::OK);

    // The link still stands: what is put once more changes nothing, and does not stay.
    assert_eq!(room.put(&upload, FILE, "image/jpeg").await, StatusCode::OK);
    room.original_goes().await;
    assert_eq!(room.becomes(|_| true).await, kept);

    withdraw(&room.reports, &room.jobs, &room.photo).await.unwrap();
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while room.kept_file().await != StatusCode::NOT_FOUND {
        assert!(tokio::time::Instant::now() < deadline, "the photo stays");
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
}
