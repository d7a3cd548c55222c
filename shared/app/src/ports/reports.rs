//! Ports of damage reports: the reports and their photos, the objects of the photos, and the work that follows.

use async_trait::async_trait;
use bytes::Bytes;
use domain::audit::Act;
use domain::broadcast::content::PictureId;
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
    /// act in the audit log if staff did it. `read`: what was read; `None` where there was none, and then a resident's photos are filed
    /// with it.
    async fn put(&self, report: &Report, read: Option<&Versioned<Report>>, act: Option<&Act>)
    -> Result<Written, Error>;

    /// Those of a standing, the latest first, at most `limit`, that were begun before `before`. May lag by a second.
    async fn standing(&self, standing: Standing, before: Option<&ReportId>, limit: usize)
    -> Result<Vec<Report>, Error>;

    /// The reports that a resident filed or follows, the latest first, at most `limit`.
    async fn of_resident(&self, resident: &ResidentId, limit: usize) -> Result<Vec<ReportId>, Error>;

    /// Those of a standing that were closed before a time and hold anything that is to be erased ([`Report::erasable_since`]), the
    /// longest ago first, at most `limit`. Consistently.
    async fn closed_before(&self, standing: Standing, before: Timestamp, limit: usize) -> Result<Vec<ReportId>, Error>;

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

/// How far the reports of a standing were looked through for those that a release without the shelf of [`Reports::closed_before`] closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Walk {
    /// From the latest one down to before this one; `None`: it is to begin.
    Before(Option<ReportId>),
    /// To the end, at this time.
    Ended(Timestamp),
}

/// What an earlier release closed is put on that shelf by a walk through all reports.
#[async_trait]
pub trait ShelfWalks: Send + Sync {
    /// How far it came; `None` where it was never thought of.
    async fn reached(&self, standing: Standing) -> Result<Option<Walk>, Error>;

    /// It came so far.
    async fn reach(&self, standing: Standing, walk: &Walk) -> Result<(), Error>;

    /// Whether a report stands on the shelf, as far as it has to. Consistently.
    async fn is_shelved(&self, report: &Report) -> Result<bool, Error>;

    /// Puts a report on the shelf, if it is as it was read.
    async fn shelve(&self, read: &Versioned<Report>) -> Result<Written, Error>;

    /// Takes a report off the shelf of a standing, wherever it stands there, but where it has to: a release without the shelf reopened
    /// it, and left it there. `now`: the report as it is, if there is one.
    async fn unshelve(&self, standing: Standing, id: &ReportId, now: Option<&Report>) -> Result<(), Error>;
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

    /// The large one, a JPEG; `None` if there is none.
    async fn large(&self, report: &ReportId, id: &PhotoId) -> Result<Option<Vec<u8>>, Error>;

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

/// What there is of a photo where it was sent or put.
#[derive(Clone, PartialEq, Eq)]
pub enum Fetched {
    /// Here it is.
    File(Bytes),
    /// It has more bytes than were allowed.
    TooLarge,
    /// The resident took it back.
    Withdrawn,
    /// It is not there, or not yet: it may come.
    Missing,
}

/// Where browsers put photos, straight into the bucket.
#[async_trait]
pub trait PhotoUploads: Send + Sync {
    /// Where a file of just so many bytes and of this media type may be put for some minutes. Whoever asks for it has put a
    /// [`PhotoJob::Uploaded`] and written the photo's item before.
    async fn link(&self, report: &ReportId, photo: &PhotoId, bytes: u64, kind: &str) -> Result<Upload, Error>;
}

/// How a browser puts a file. `Debug` does not show it: whoever has it may do so.
#[derive(Clone, PartialEq, Eq)]
pub struct Upload {
    /// Where to: `PUT`.
    pub url: String,
    /// The headers that must be said, beside those that every browser says by itself.
    pub headers: Vec<(String, String)>,
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Upload(..)")
    }
}

/// Files as browsers put them, until they are cleaned.
#[async_trait]
pub trait PhotoOriginals: Send + Sync {
    /// The file of a photo, of at most `bytes_max`.
    async fn fetch(&self, report: &ReportId, id: &PhotoId, bytes_max: u64) -> Result<Fetched, Error>;

    /// Erases it; what is not there is erased.
    async fn erase(&self, report: &ReportId, id: &PhotoId) -> Result<(), Error>;
}

/// Where work waits that follows from a report. What is put here is looked at before it is done: the report or the photo must be
/// stored by then, so that it is put *before* they are written.
#[async_trait]
pub trait ReportJobs: Send + Sync {
    /// Puts a photo before `photo`.
    async fn put_photo(&self, job: &PhotoJob) -> Result<(), Error>;

    /// Puts an entry of a report before `notice`.
    async fn put_notice(&self, job: &NoticeJob) -> Result<(), Error>;

    /// Puts a change of a report before `relay`.
    async fn put_change(&self, job: &ChangeJob) -> Result<(), Error>;
}

/// What is to be done about a photo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "PhotoLetter", into = "PhotoLetter")]
pub enum PhotoJob {
    /// A message of the chat carries it: it is to be fetched there.
    Sent {
        /// Which.
        photo: PhotoId,
        /// The message.
        message: String,
    },
    /// It is uploaded, or may be soon: its original is to be taken over.
    Uploaded {
        /// Which.
        photo: PhotoId,
        /// Of which report, or draft of one.
        report: ReportId,
    },
    /// It was withdrawn: its files are to be erased.
    Withdrawn {
        /// Which.
        photo: PhotoId,
    },
    /// It was withdrawn, and everybody saw a copy of it: that is to be erased too.
    Unreleased {
        /// Which.
        photo: PhotoId,
        /// The copy.
        copy: PictureId,
    },
}

impl PhotoJob {
    /// Which photo it is about.
    #[must_use]
    pub const fn photo(&self) -> &PhotoId {
        match self {
            Self::Sent { photo, .. }
            | Self::Uploaded { photo, .. }
            | Self::Withdrawn { photo }
            | Self::Unreleased { photo, .. } => photo,
        }
    }
}

/// A [`PhotoJob`] as it lies in the queue, where those of earlier programs may still be.
#[derive(Serialize, Deserialize)]
struct PhotoLetter {
    photo: PhotoId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    report: Option<ReportId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    copy: Option<PictureId>,
}

impl TryFrom<PhotoLetter> for PhotoJob {
    type Error = &'static str;

    fn try_from(letter: PhotoLetter) -> Result<Self, Self::Error> {
        let PhotoLetter { photo, message, report, copy } = letter;
        match (message, report, copy) {
            (Some(message), None, None) => Ok(Self::Sent { photo, message }),
            (None, Some(report), None) => Ok(Self::Uploaded { photo, report }),
            (None, None, None) => Ok(Self::Withdrawn { photo }),
            (None, None, Some(copy)) => Ok(Self::Unreleased { photo, copy }),
            (Some(_), Some(_), _) | (Some(_), _, Some(_)) | (_, Some(_), Some(_)) => {
                Err("a photo is sent, or uploaded, or withdrawn")
            }
        }
    }
}

impl From<PhotoJob> for PhotoLetter {
    fn from(job: PhotoJob) -> Self {
        match job {
            PhotoJob::Sent { photo, message } => Self { photo, message: Some(message), report: None, copy: None },
            PhotoJob::Uploaded { photo, report } => Self { photo, message: None, report: Some(report), copy: None },
            PhotoJob::Withdrawn { photo } => Self { photo, message: None, report: None, copy: None },
            PhotoJob::Unreleased { photo, copy } => Self { photo, message: None, report: None, copy: Some(copy) },
        }
    }
}

/// An entry of a report of which the reporter is to hear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeJob {
    /// Of which report.
    pub report: ReportId,
    /// Its number in the history.
    pub entry: usize,
}

/// A change of a report of which other systems are to hear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeJob {
    /// Of which report.
    pub report: ReportId,
    /// How many entries its history has after the change.
    pub change: usize,
    /// Which hook is to hear of it; `None`: all that there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hook: Option<String>,
}

impl ChangeJob {
    /// The last change of a report, for all.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        Self { report: report.id.clone(), change: report.history.len(), hook: None }
    }
}
