//! Ports of damage reports: the reports and their photos, the objects of the photos, and the work that follows.

use async_trait::async_trait;
use bytes::Bytes;
use domain::audit::Act;
use domain::ids::{PhotoId, ReportId, ReportKindId, ResidentId};
use domain::report::photo::Photo;
use domain::report::place::{Cell, Point};
use domain::report::{Report, Standing};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Versioned;
use super::staff::Written;
use crate::error::Error;

/// Damage reports and their photos. A report is one value, written only over the version that was read.
#[async_trait]
pub trait Reports: Send + Sync {
    /// A report, consistently.
    async fn find(&self, id: &ReportId) -> Result<Option<Versioned<Report>>, Error>;

    /// Writes a report, and together with it where it is found: by its standing, by its place, by who reported or follows it; and the
    /// act in the audit log if staff did it. `read`: what was read; `None` where there was none.
    async fn put(&self, report: &Report, read: Option<&Versioned<Report>>, act: Option<&Act>)
    -> Result<Written, Error>;

    /// Those of a standing, the latest first, at most `limit`, that were begun before `before`. May lag by a second.
    async fn standing(&self, standing: Standing, before: Option<&ReportId>, limit: usize)
    -> Result<Vec<Report>, Error>;

    /// The reports that a resident filed or follows, the latest first, at most `limit`.
    async fn of_resident(&self, resident: &ResidentId, limit: usize) -> Result<Vec<ReportId>, Error>;

    /// What was reported in these cells.
    async fn near(&self, cells: &[Cell]) -> Result<Vec<Neighbour>, Error>;

    /// Photos, consistently, in the order of the ids; those that are not there are left out.
    async fn photos(&self, ids: &[PhotoId]) -> Result<Vec<Versioned<Photo>>, Error>;

    /// Writes a photo over the version that was read; `None` where there was none. A new one is a draft's, and is forgotten some
    /// time after the draft is, unless a report is filed with it.
    async fn put_photo(&self, photo: &Photo, read: Option<u64>) -> Result<Written, Error>;

    /// Photos of drafts that are forgotten by now, the longest first, at most `limit`. May lag by a second.
    async fn forgotten_photos(&self, now: Timestamp, limit: usize) -> Result<Vec<PhotoId>, Error>;
}

/// A report as a search by place finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    /// Which.
    pub id: ReportId,
    /// Of which kind.
    pub kind: ReportKindId,
    /// Where.
    pub point: Point,
    /// How it stands.
    pub standing: Standing,
}

/// The clean photos as files. Nobody finds them without a link that staff were given.
///
/// They are named by the photo's id and not by their bytes: whoever withdraws a photo then needs nothing but the id, even where a
/// crash came between the files and the item; and of one picture that was sent twice, one can be taken back.
#[async_trait]
pub trait PhotoFiles: Send + Sync {
    /// Keeps both sizes of a photo. The same again changes nothing.
    async fn keep(&self, report: &ReportId, id: &PhotoId, photo: &CleanPhoto) -> Result<(), Error>;

    /// Erases both sizes; what is not there is erased.
    async fn erase(&self, report: &ReportId, id: &PhotoId) -> Result<(), Error>;

    /// Addresses under which both sizes are found for some minutes.
    async fn links(&self, report: &ReportId, id: &PhotoId) -> Result<PhotoLinks, Error>;
}

/// A photo as it is kept: two JPEG files with nothing in them but the picture. `Debug` shows only their sizes.
#[derive(Clone, PartialEq, Eq)]
pub struct CleanPhoto {
    /// The SHA-256 of `large` in hex.
    pub sha: String,
    /// What staff look at.
    pub large: Vec<u8>,
    /// What lists show.
    pub small: Vec<u8>,
    /// Pixels of `large` from left to right.
    pub width: u32,
    /// Pixels of `large` from top to bottom.
    pub height: u32,
    /// The place that stood in the file.
    pub gps: Option<Point>,
}

impl std::fmt::Debug for CleanPhoto {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CleanPhoto({} bytes, {} bytes)", self.large.len(), self.small.len())
    }
}

/// Where a photo is found for some minutes.
#[derive(Clone, PartialEq, Eq)]
pub struct PhotoLinks {
    /// The large one.
    pub large: String,
    /// The small one.
    pub small: String,
}

/// The file of a photo as a resident sent it.
#[async_trait]
pub trait PhotoSource: Send + Sync {
    /// Fetches what a message of the chat carries, of at most `bytes_max`.
    async fn fetch(&self, message: &str, bytes_max: u64) -> Result<Fetched, Error>;
}

/// What the platform has for a message.
#[derive(Clone, PartialEq, Eq)]
pub enum Fetched {
    /// Here it is.
    File(Bytes),
    /// It has more bytes than were allowed.
    TooLarge,
    /// The resident took it back.
    Withdrawn,
    /// The platform does not have it, or not yet: it may come.
    Missing,
}

/// Where work waits that follows from a report. What is put here is looked at before it is done: the report or the photo must be
/// stored by then, so that it is put *before* they are written.
#[async_trait]
pub trait ReportJobs: Send + Sync {
    /// Puts a photo before `photo`.
    async fn put_photo(&self, job: &PhotoJob) -> Result<(), Error>;

    /// Puts an entry of a report before `notice`.
    async fn put_notice(&self, job: &NoticeJob) -> Result<(), Error>;
}

/// A photo that is to be fetched, or whose files are to be erased because it was withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoJob {
    /// Which.
    pub photo: PhotoId,
    /// The message of the chat that carries it; `None` where only its files are to be erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// An entry of a report of which the reporter is to hear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeJob {
    /// Of which report.
    pub report: ReportId,
    /// Its number in the history.
    pub entry: usize,
}
