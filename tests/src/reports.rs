//! Damage reports in memory: the reports and their photos, the files, the platform's photos and the work that waits. All of them can
//! die, and say what became of them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use app::error::{Error, Kind};
use app::ports::Versioned;
use app::ports::reports::{
    CleanPhoto, Fetched, Neighbour, NoticeJob, PhotoFiles, PhotoJob, PhotoLinks, PhotoSource, ReportJobs, Reports,
};
use app::ports::staff::{AuditLog, Written};
use async_trait::async_trait;
use aws::reports::UNFILED_LIFE;
use domain::audit::Act;
use domain::ids::{PhotoId, ReportId, ResidentId};
use domain::report::photo::{Photo, PhotoState};
use domain::report::place::Cell;
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
        rows.reports.insert(report.id.clone(), Versioned { value: report.clone(), version: 1 });
        for id in &report.photos {
            if rows.unfiled.remove(id).is_some()
                && let Some(photo) = rows.photos.get_mut(id)
            {
                photo.version += 1;
            }
        }
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
        let stored = Versioned { value: report.clone(), version: read.unwrap_or_default() + 1 };
        rows.reports.insert(report.id.clone(), stored);
        Written::Done
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

    async fn near(&self, cells: &[Cell]) -> Result<Vec<Neighbour>, Error> {
        self.life.call()?;
        let rows = lock(&self.rows);
        let reports = rows.reports.values().map(|stored| &stored.value);
        let near = reports.filter(|report| cells.contains(&report.place.point.cell()));
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

/// The work that waits.
#[derive(Default)]
pub struct TestReportJobs {
    /// Whether calls are answered.
    pub life: Arc<Life>,
    photos: Mutex<Vec<PhotoJob>>,
    notices: Mutex<Vec<NoticeJob>>,
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

    async fn links(&self, report: &ReportId, id: &PhotoId) -> Result<PhotoLinks, Error> {
        self.life.call()?;
        let link = |size: &str| format!("https://files.example/{report}/{id}{size}.jpg");
        Ok(PhotoLinks { large: link(""), small: link("-small") })
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
