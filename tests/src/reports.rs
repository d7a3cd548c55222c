//! Damage reports in memory: the reports and their photos, the files, the platform's photos and the work that waits. All of them can
//! die, and say what became of them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Range;
use std::sync::{Arc, Mutex};

use app::error::{Error, Kind};
use app::pictures::Picture;
use app::ports::Versioned;
use app::ports::pictures::PhotoCopies;
use app::ports::released::PublicReports;
use app::ports::reports::{
    ChangeJob, CleanPhoto, Fetched, Neighbour, NoticeJob, PhotoFiles, PhotoJob, PhotoLinks, PhotoOriginals,
    PhotoSource, PhotoUploads, ReportJobs, Reports, ShelfWalks, Upload, Walk,
};
use app::ports::staff::{AuditLog, Written};
use async_trait::async_trait;
use aws::reports::UNFILED_LIFE;
use domain::audit::Act;
use domain::broadcast::content::PictureId;
use domain::ids::{PhotoId, ReportId, ResidentId};
use domain::report::photo::{Photo, PhotoState};
use domain::report::place::Cell;
use domain::report::release::PublicReport;
use domain::report::{Report, Standing};
use jiff::Timestamp;

use crate::city::lock;
use crate::reminders::Life;

#[derive(Default)]
struct Rows {
    reports: BTreeMap<ReportId, Versioned<Report>>,
    photos: BTreeMap<PhotoId, Versioned<Photo>>,
    /// When photos are forgotten that belong to no report yet.
    unfiled: BTreeMap<PhotoId, Timestamp>,
    /// Before the next writings somebody else writes these.
    interlopers: VecDeque<Report>,
    /// Who is said to hear of what, and does not.
    strays: Vec<(ResidentId, ReportId)>,
    /// What is closed and stands on no shelf, until it is written again.
    unshelved: BTreeSet<ReportId>,
    /// What stands on the shelf and should not, since when.
    stale: BTreeSet<(Timestamp, ReportId)>,
    /// How far walks came.
    walks: BTreeMap<Standing, Walk>,
}

impl Rows {
    /// A new report, with which its photos are filed.
    fn insert_new(&mut self, report: &Report) {
        self.reports.insert(report.id.clone(), Versioned { value: report.clone(), version: 1 });
        for id in &report.photos {
            if self.unfiled.remove(id).is_some()
                && let Some(photo) = self.photos.get_mut(id)
            {
                photo.version += 1;
            }
        }
    }
}

/// The reports and their photos.
#[derive(Default)]
pub struct TestReports {
    /// Whether calls are answered.
    pub life: Arc<Life>,
    audit: Option<Arc<dyn AuditLog>>,
    rows: Mutex<Rows>,
}

impl TestReports {
    /// None yet; acts go into this log.
    #[must_use]
    pub fn new(audit: Arc<dyn AuditLog>) -> Self {
        Self { audit: Some(audit), ..Self::default() }
    }

    /// All reports, the earliest begun first.
    #[must_use]
    pub fn all(&self) -> Vec<Report> {
        lock(&self.rows).reports.values().map(|stored| stored.value.clone()).collect()
    }

    /// A report as it is.
    #[must_use]
    pub fn report(&self, id: &ReportId) -> Option<Report> {
        lock(&self.rows).reports.get(id).map(|stored| stored.value.clone())
    }

    /// A photo as it is.
    #[must_use]
    pub fn photo(&self, id: &PhotoId) -> Option<Photo> {
        lock(&self.rows).photos.get(id).map(|stored| stored.value.clone())
    }

    /// How many photos there are.
    #[must_use]
    pub fn photos_kept(&self) -> usize {
        lock(&self.rows).photos.len()
    }

    /// A report is found for a resident who does not hear of it, as after a writing that died half-way.
    pub fn find_wrongly(&self, resident: &ResidentId, report: &ReportId) {
        lock(&self.rows).strays.push((resident.clone(), report.clone()));
    }

    /// No report is found any more for a resident who does not hear of it.
    pub(crate) fn lose_strays(&self, resident: &ResidentId) {
        lock(&self.rows).strays.retain(|(who, _)| who != resident);
    }

    /// An earlier release closed a report, so that no shelf has it.
    pub fn take_off_the_shelf(&self, report: &ReportId) {
        lock(&self.rows).unshelved.insert(report.clone());
    }

    /// An earlier release reopened a report that had been closed then, and left it on the shelf.
    pub fn leave_on_the_shelf(&self, report: &ReportId, closed: Timestamp) {
        lock(&self.rows).stale.insert((closed, report.clone()));
    }

    /// Before each of the next writings of a report somebody else writes one of these.
    pub fn interlope(&self, reports: impl IntoIterator<Item = Report>) {
        lock(&self.rows).interlopers.extend(reports);
    }

    /// Files a new report with its photos, as a turn of a conversation does; gives `Raced` where there is one.
    pub(crate) fn file(&self, report: &Report) -> Written {
        let mut rows = lock(&self.rows);
        if rows.reports.contains_key(&report.id) {
            return Written::Raced;
        }
        rows.insert_new(report);
        Written::Done
    }

    fn write(&self, report: &Report, read: Option<u64>) -> Written {
        let mut rows = lock(&self.rows);
        if let Some(other) = rows.interlopers.pop_front() {
            let version = rows.reports.get(&other.id).map_or(1, |stored| stored.version + 1);
            rows.reports.insert(other.id.clone(), Versioned { value: other, version });
        }
        if rows.reports.get(&report.id).map(|stored| stored.version) != read {
            return Written::Raced;
        }
        match read {
            Some(read) => {
                let stored = Versioned { value: report.clone(), version: read + 1 };
                rows.reports.insert(report.id.clone(), stored);
            }
            None => rows.insert_new(report),
        }
        Written::Done
    }
}

#[async_trait]
impl ShelfWalks for TestReports {
    async fn reached(&self, standing: Standing) -> Result<Option<Walk>, Error> {
        self.life.call()?;
        Ok(lock(&self.rows).walks.get(&standing).cloned())
    }

    async fn reach(&self, standing: Standing, walk: &Walk) -> Result<(), Error> {
        self.life.call()?;
        lock(&self.rows).walks.insert(standing, walk.clone());
        Ok(())
    }

    async fn is_shelved(&self, report: &Report) -> Result<bool, Error> {
        self.life.call()?;
        Ok(report.erasable_since().is_none() || !lock(&self.rows).unshelved.contains(&report.id))
    }

    async fn shelve(&self, read: &Versioned<Report>) -> Result<Written, Error> {
        self.life.call()?;
        let written = self.write(&read.value, Some(read.version));
        if written == Written::Done {
            lock(&self.rows).unshelved.remove(&read.value.id);
        }
        Ok(written)
    }

    async fn unshelve(&self, _: Standing, id: &ReportId, now: Option<&Report>) -> Result<(), Error> {
        self.life.call()?;
        if now.and_then(Report::erasable_since).is_none() {
            lock(&self.rows).stale.retain(|(_, stale)| stale != id);
        }
        Ok(())
    }
}

#[async_trait]
impl Reports for TestReports {
    async fn find(&self, id: &ReportId) -> Result<Option<Versioned<Report>>, Error> {
        // Gives way, so that two who write at once really interleave.
        tokio::task::yield_now().await;
        self.life.call()?;
        Ok(lock(&self.rows).reports.get(id).cloned())
    }

    async fn put(
        &self,
        report: &Report,
        read: Option<&Versioned<Report>>,
        act: Option<&Act>,
    ) -> Result<Written, Error> {
        tokio::task::yield_now().await;
        self.life.call()?;
        if self.write(report, read.map(|read| read.version)) == Written::Raced {
            return Ok(Written::Raced);
        }
        if let (Some(act), Some(audit)) = (act, &self.audit) {
            audit.append(act).await?;
        }
        Ok(Written::Done)
    }

    async fn standing(
        &self,
        standing: Standing,
        before: Option<&ReportId>,
        limit: usize,
    ) -> Result<Vec<Report>, Error> {
        self.life.call()?;
        let rows = lock(&self.rows);
        let reports = rows.reports.iter().rev().filter(|(id, _)| before.is_none_or(|before| *id < before));
        let reports = reports.map(|(_, stored)| &stored.value).filter(|report| report.state.standing() == standing);
        Ok(reports.take(limit).cloned().collect())
    }

    async fn of_resident(&self, resident: &ResidentId, limit: usize) -> Result<Vec<ReportId>, Error> {
        self.life.call()?;
        let rows = lock(&self.rows);
        let strays = rows.strays.iter().filter(|(who, _)| who == resident).map(|(_, report)| report);
        let theirs = rows.reports.values().filter(|stored| stored.value.hears().any(|who| who == resident));
        let mut found: Vec<ReportId> = theirs.map(|stored| &stored.value.id).chain(strays).cloned().collect();
        found.sort_by(|one, other| other.cmp(one));
        found.truncate(limit);
        Ok(found)
    }

    async fn closed_before(&self, standing: Standing, before: Timestamp, limit: usize) -> Result<Vec<ReportId>, Error> {
        self.life.call()?;
        let rows = lock(&self.rows);
        let reports = rows.reports.values().map(|stored| &stored.value);
        let reports = reports.filter(|report| report.state.standing() == standing);
        let reports = reports.filter(|report| !rows.unshelved.contains(&report.id));
        let closed = reports.filter_map(|report| Some((report.erasable_since()?, report.id.clone())));
        let closed = closed.chain(rows.stale.iter().filter(|_| standing == Standing::Done).cloned());
        let mut closed: Vec<_> = closed.filter(|(since, _)| *since < before).collect();
        closed.sort();
        Ok(closed.into_iter().map(|(_, id)| id).take(limit).collect())
    }

    async fn near(&self, cells: &[Cell]) -> Result<Vec<Neighbour>, Error> {
        self.life.call()?;
        let rows = lock(&self.rows);
        let reports = rows.reports.values().map(|stored| &stored.value);
        let placed = reports.filter(|report| !report.is_placed_roughly());
        let near = placed.filter(|report| cells.contains(&report.place.point.cell()));
        let neighbour = |report: &Report| Neighbour {
            id: report.id.clone(),
            kind: report.kind.clone(),
            point: report.place.point,
            standing: report.state.standing(),
        };
        Ok(near.map(neighbour).collect())
    }

    async fn photos(&self, ids: &[PhotoId]) -> Result<Vec<Versioned<Photo>>, Error> {
        tokio::task::yield_now().await;
        self.life.call()?;
        let rows = lock(&self.rows);
        Ok(ids.iter().filter_map(|id| rows.photos.get(id).cloned()).collect())
    }

    async fn put_photo(&self, photo: &Photo, read: Option<u64>) -> Result<Written, Error> {
        tokio::task::yield_now().await;
        self.life.call()?;
        let mut rows = lock(&self.rows);
        if rows.photos.get(&photo.id).map(|stored| stored.version) != read {
            return Ok(Written::Raced);
        }
        if read.is_none() {
            rows.unfiled.insert(photo.id.clone(), photo.at + UNFILED_LIFE);
        }
        if photo.state == PhotoState::Withdrawn {
            rows.unfiled.remove(&photo.id);
        }
        let stored = Versioned { value: photo.clone(), version: read.unwrap_or_default() + 1 };
        rows.photos.insert(photo.id.clone(), stored);
        Ok(Written::Done)
    }

    async fn forgotten_photos(&self, now: Timestamp, limit: usize) -> Result<Vec<PhotoId>, Error> {
        self.life.call()?;
        let rows = lock(&self.rows);
        let mut due: Vec<_> = rows.unfiled.iter().filter(|(_, at)| **at <= now).map(|(id, at)| (*at, id)).collect();
        due.sort();
        Ok(due.into_iter().map(|(_, id)| id.clone()).take(limit).collect())
    }
}

#[async_trait]
impl PublicReports for TestReports {
    async fn find(&self, id: &ReportId) -> Result<Option<PublicReport>, Error> {
        self.life.call()?;
        Ok(lock(&self.rows).reports.get(id).and_then(|stored| stored.value.public()))
    }

    async fn list(&self, ids: Range<ReportId>, limit: usize) -> Result<Vec<PublicReport>, Error> {
        self.life.call()?;
        let rows = lock(&self.rows);
        Ok(rows.reports.range(ids).rev().filter_map(|(_, stored)| stored.value.public()).take(limit).collect())
    }
}

/// The work that waits.
#[derive(Default)]
pub struct TestReportJobs {
    /// Whether calls are answered.
    pub life: Arc<Life>,
    photos: Mutex<Vec<PhotoJob>>,
    notices: Mutex<Vec<NoticeJob>>,
    changes: Mutex<Vec<ChangeJob>>,
}

impl TestReportJobs {
    /// None yet; whoever dies elsewhere asks for no more work.
    #[must_use]
    pub fn dying_with(life: &Arc<Life>) -> Self {
        Self { life: Arc::clone(life), ..Self::default() }
    }

    /// Takes the photos that wait.
    #[must_use]
    pub fn take_photos(&self) -> Vec<PhotoJob> {
        std::mem::take(&mut *lock(&self.photos))
    }

    /// Takes the entries that wait.
    #[must_use]
    pub fn take_notices(&self) -> Vec<NoticeJob> {
        std::mem::take(&mut *lock(&self.notices))
    }

    /// Takes the changes that wait.
    #[must_use]
    pub fn take_changes(&self) -> Vec<ChangeJob> {
        std::mem::take(&mut *lock(&self.changes))
    }
}

#[async_trait]
impl ReportJobs for TestReportJobs {
    async fn put_photo(&self, job: &PhotoJob) -> Result<(), Error> {
        self.life.call()?;
        lock(&self.photos).push(job.clone());
        Ok(())
    }

    async fn put_notice(&self, job: &NoticeJob) -> Result<(), Error> {
        self.life.call()?;
        lock(&self.notices).push(job.clone());
        Ok(())
    }

    async fn put_change(&self, job: &ChangeJob) -> Result<(), Error> {
        self.life.call()?;
        lock(&self.changes).push(job.clone());
        Ok(())
    }
}

/// The files of photos, as a bucket keeps them.
#[derive(Default)]
pub struct TestPhotoFiles {
    /// Whether calls are answered.
    pub life: Arc<Life>,
    files: Mutex<BTreeMap<(ReportId, PhotoId), CleanPhoto>>,
}

impl TestPhotoFiles {
    /// How many photos are kept.
    #[must_use]
    pub fn kept(&self) -> usize {
        lock(&self.files).len()
    }

    /// A photo's files.
    #[must_use]
    pub fn photo(&self, report: &ReportId, id: &PhotoId) -> Option<CleanPhoto> {
        lock(&self.files).get(&(report.clone(), id.clone())).cloned()
    }
}

#[async_trait]
impl PhotoFiles for TestPhotoFiles {
    async fn keep(&self, report: &ReportId, id: &PhotoId, photo: &CleanPhoto) -> Result<(), Error> {
        self.life.call()?;
        lock(&self.files).insert((report.clone(), id.clone()), photo.clone());
        Ok(())
    }

    async fn erase(&self, report: &ReportId, id: &PhotoId) -> Result<(), Error> {
        self.life.call()?;
        lock(&self.files).remove(&(report.clone(), id.clone()));
        Ok(())
    }

    async fn large(&self, report: &ReportId, id: &PhotoId) -> Result<Option<Vec<u8>>, Error> {
        self.life.call()?;
        Ok(self.photo(report, id).map(|photo| photo.large))
    }

    async fn links(&self, report: &ReportId, id: &PhotoId) -> Result<PhotoLinks, Error> {
        self.life.call()?;
        let link = |size: &str| format!("https://files.example/{report}/{id}{size}.jpg");
        Ok(PhotoLinks { large: link(""), small: link("-small") })
    }
}

/// What everybody may see of photos, as a bucket keeps it.
#[derive(Default)]
pub struct TestPhotoCopies {
    /// Whether calls are answered.
    pub life: Arc<Life>,
    copies: Mutex<BTreeMap<PictureId, Picture>>,
}

impl TestPhotoCopies {
    /// The ids of the copies that are there.
    #[must_use]
    pub fn ids(&self) -> Vec<PictureId> {
        lock(&self.copies).keys().cloned().collect()
    }

    /// A copy.
    #[must_use]
    pub fn copy(&self, id: &PictureId) -> Option<Picture> {
        lock(&self.copies).get(id).cloned()
    }
}

#[async_trait]
impl PhotoCopies for TestPhotoCopies {
    async fn keep(&self, id: &PictureId, copy: &Picture) -> Result<(), Error> {
        tokio::task::yield_now().await;
        self.life.call()?;
        lock(&self.copies).insert(id.clone(), copy.clone());
        Ok(())
    }

    async fn erase(&self, id: &PictureId) -> Result<(), Error> {
        tokio::task::yield_now().await;
        self.life.call()?;
        lock(&self.copies).remove(id);
        Ok(())
    }
}

/// The photos that browsers put, and where they are put.
#[derive(Default)]
pub struct TestPhotoUploads {
    /// Whether calls are answered.
    pub life: Arc<Life>,
    originals: Mutex<BTreeMap<(ReportId, PhotoId), Vec<u8>>>,
}

impl TestPhotoUploads {
    /// A browser puts a file.
    pub fn put(&self, report: &ReportId, photo: &PhotoId, file: &[u8]) {
        lock(&self.originals).insert((report.clone(), photo.clone()), file.to_vec());
    }

    /// How many files nobody has taken over yet.
    #[must_use]
    pub fn waiting(&self) -> usize {
        lock(&self.originals).len()
    }
}

#[async_trait]
impl PhotoUploads for TestPhotoUploads {
    async fn link(&self, report: &ReportId, photo: &PhotoId, bytes: u64, kind: &str) -> Result<Upload, Error> {
        self.life.call()?;
        let url = format!("https://files.example/incoming/{report}/{photo}?bytes={bytes}");
        Ok(Upload { url, headers: vec![("content-type".to_owned(), kind.to_owned())] })
    }
}

#[async_trait]
impl PhotoOriginals for TestPhotoUploads {
    async fn fetch(&self, report: &ReportId, id: &PhotoId, bytes_max: u64) -> Result<Fetched, Error> {
        tokio::task::yield_now().await;
        self.life.call()?;
        Ok(match lock(&self.originals).get(&(report.clone(), id.clone())) {
            Some(file) if bytes_max < file.len() as u64 => Fetched::TooLarge,
            Some(file) => Fetched::File(file.clone().into()),
            None => Fetched::Missing,
        })
    }

    async fn erase(&self, report: &ReportId, id: &PhotoId) -> Result<(), Error> {
        self.life.call()?;
        lock(&self.originals).remove(&(report.clone(), id.clone()));
        Ok(())
    }
}

/// How one fetching goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceFault {
    /// The platform is in trouble; it may be over later.
    Trouble,
    /// It says that it has no such photo, as it does while it prepares one.
    Missing,
}

/// The photos that the platform has.
#[derive(Default)]
pub struct TestPhotoSource {
    files: Mutex<BTreeMap<String, Fetched>>,
    faults: Mutex<VecDeque<SourceFault>>,
}

impl TestPhotoSource {
    /// From now on a message carries this.
    pub fn give(&self, message: &str, fetched: Fetched) {
        lock(&self.files).insert(message.to_owned(), fetched);
    }

    /// The next fetchings go wrong so.
    pub fn fail(&self, faults: impl IntoIterator<Item = SourceFault>) {
        lock(&self.faults).extend(faults);
    }
}

#[async_trait]
impl PhotoSource for TestPhotoSource {
    async fn fetch(&self, message: &str, bytes_max: u64) -> Result<Fetched, Error> {
        tokio::task::yield_now().await;
        match lock(&self.faults).pop_front() {
            Some(SourceFault::Trouble) => return Err(Error::new(Kind::Transient, "fetch a photo", "as the test says")),
            Some(SourceFault::Missing) => return Ok(Fetched::Missing),
            None => {}
        }
        Ok(match lock(&self.files).get(message) {
            Some(Fetched::File(bytes)) if bytes_max < bytes.len() as u64 => Fetched::TooLarge,
            Some(fetched) => fetched.clone(),
            None => Fetched::Missing,
        })
    }
}
