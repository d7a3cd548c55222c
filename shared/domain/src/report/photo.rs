//! A photo of a report: what became of the file that a resident sent.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::place::Point;
use crate::ids::{PhotoId, ReportId, ResidentId};

/// A report is filed with at most so many photos.
pub const PHOTOS_MAX: usize = 5;

/// One photo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Photo {
    /// Which.
    pub id: PhotoId,
    /// Of which report, or draft of one.
    pub report: ReportId,
    /// Whose; `None` where staff added it, and after the reporter was erased.
    pub by: Option<ResidentId>,
    /// When it was sent.
    pub at: Timestamp,
    /// What became of it.
    pub state: PhotoState,
}

/// What became of a photo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PhotoState {
    /// It is on its way.
    Waiting,
    /// It is here, turned upright, shrunk, and with nothing in it but the picture.
    Kept {
        /// The SHA-256 of the clean bytes in hex: a fingerprint. The files themselves are named by the photo's id.
        sha: String,
        /// Pixels from left to right.
        width: u32,
        /// Pixels from top to bottom.
        height: u32,
        /// The place that stood in the file: a suggestion.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        gps: Option<Point>,
    },
    /// It is no photo that can be kept.
    Refused(PhotoFault),
    /// The resident took it back, or it was erased.
    Withdrawn,
}

impl Photo {
    /// The place that stood in its file, where it is kept: a suggestion.
    #[must_use]
    pub fn gps(&self) -> Option<Point> {
        match &self.state {
            PhotoState::Kept { gps, .. } => *gps,
            PhotoState::Waiting | PhotoState::Refused(_) | PhotoState::Withdrawn => None,
        }
    }
}

/// Why a file is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PhotoFault {
    /// It has more bytes than are taken.
    TooLarge,
    /// It has more pixels than are decoded.
    TooManyPixels,
    /// It is a HEIC file, as some phones make it.
    Heic,
    /// It is none of JPEG, PNG and WebP.
    OtherFormat,
    /// It breaks off, or is no such file within.
    Broken,
    /// The platform does not have it any more.
    Gone,
}
