//! Photos of reports: fetched where residents sent them, cleaned, and kept as two files with nothing in them but the picture.
//!
//! Everything here may come twice and break off anywhere. The files are written first and then the item that says so, and the files of a
//! photo are named by its id: whoever does it again does the same again, and whoever withdraws a photo finds its files, written or not.

mod gps;

use std::sync::Arc;

use domain::report::photo::{Photo, PhotoFault, PhotoState};
use domain::text::hex;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use super::{Age, RACES_MAX, outrun};
use crate::error::{Error, Kind};
use crate::images::{self, Bounds, Decoded, Fault};
use crate::ports::reports::{CleanPhoto, Fetched, PhotoFiles, PhotoJob, PhotoSource, Reports};
use crate::ports::staff::Written;
use crate::ports::{Clock, Versioned};

/// Bytes of a file that is taken.
pub const FILE_BYTES_MAX: u64 = 20_000_000;
/// Pixels of the longer side of what staff look at.
pub const LARGE_SIDE: u32 = 2_048;
/// Pixels of the longer side of what lists show.
pub const SMALL_SIDE: u32 = 480;

/// What a function of 512 MB can decode: 50 million pixels in several scans, 108 million in one, as cameras write them.
const BOUNDS: Bounds = Bounds { pixels: 110_000_000, side: 20_000, bytes: 330_000_000 };
/// Quality of the JPEG files.
const LARGE_QUALITY: u8 = 85;
const SMALL_QUALITY: u8 = 80;

/// A photo that the platform still does not have then is gone. Before the queue gives the job up, which happens after a day and more.
pub const GONE_AFTER: SignedDuration = SignedDuration::from_hours(23);

const TAKING: &str = "take a photo";

/// What became of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// The photo is kept.
    Kept,
    /// It is no photo that can be kept.
    Refused(PhotoFault),
    /// It was taken back; nothing of it is kept.
    Withdrawn,
    /// That was settled before.
    Settled,
    /// Nobody knows of such a photo any more.
    Dropped,
}

/// Takes photos; it holds the ports.
pub struct Photos {
    /// The photos.
    pub reports: Arc<dyn Reports>,
    /// Their files.
    pub files: Arc<dyn PhotoFiles>,
    /// Where residents sent them.
    pub source: Arc<dyn PhotoSource>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl Photos {
    /// Does what a job asks for that was put at this time, if that is known.
    pub async fn take(&self, job: &PhotoJob, put_at: Option<Timestamp>) -> Result<Taken, Error> {
        let taken = self.settle(job, Age::of(put_at, self.clock.now())).await?;
        tracing::info!(photo.id = %job.photo, outcome = ?taken, "photo taken");
        Ok(taken)
    }

    async fn settle(&self, job: &PhotoJob, age: Age) -> Result<Taken, Error> {
        for _ in 0..RACES_MAX {
            let Some(read) = self.reports.photos(std::slice::from_ref(&job.photo)).await?.pop() else {
                return age.written_by_now(TAKING).map(|()| Taken::Dropped);
            };
            match (&read.value.state, &job.message) {
                (PhotoState::Withdrawn, _) => {
                    self.files.erase(&read.value.report, &job.photo).await?;
                    return Ok(Taken::Withdrawn);
                }
                (PhotoState::Waiting | PhotoState::Kept { .. } | PhotoState::Refused(_), None) => {
                    return age.written_by_now(TAKING).map(|()| Taken::Dropped);
                }
                (PhotoState::Kept { .. } | PhotoState::Refused(_), Some(_)) => return Ok(Taken::Settled),
                (PhotoState::Waiting, Some(message)) => {
                    if let Some(taken) = self.fetch(&read, message, age).await? {
                        return Ok(taken);
                    }
                }
            }
        }
        Err(outrun(TAKING))
    }

    /// Fetches a photo that is awaited; `None` if it is awaited no more.
    async fn fetch(&self, read: &Versioned<Photo>, message: &str, age: Age) -> Result<Option<Taken>, Error> {
        let Photo { id, report, .. } = &read.value;
        let (state, taken) = match self.source.fetch(message, FILE_BYTES_MAX).await? {
            Fetched::File(file) => match clean(&file) {
                Ok(photo) => {
                    drop(file);
                    self.files.keep(report, id, &photo).await?;
                    let CleanPhoto { sha, width, height, gps, .. } = photo;
                    (PhotoState::Kept { sha, width, height, gps }, Taken::Kept)
                }
                Err(fault) => refused(fault),
            },
            Fetched::TooLarge => refused(PhotoFault::TooLarge),
            Fetched::Missing if age.is_below(GONE_AFTER) => {
                return Err(Error::new(Kind::Transient, TAKING, "the platform does not have it, or not yet"));
            }
            Fetched::Missing => refused(PhotoFault::Gone),
            Fetched::Withdrawn => {
                // An earlier attempt may have died between its files and its item.
                self.files.erase(report, id).await?;
                (PhotoState::Withdrawn, Taken::Withdrawn)
            }
        };
        match self.reports.put_photo(&Photo { state, ..read.value.clone() }, Some(read.version)).await? {
            Written::Done => Ok(Some(taken)),
            Written::Raced => Ok(None),
        }
    }
}

fn refused(fault: PhotoFault) -> (PhotoState, Taken) {
    (PhotoState::Refused(fault), Taken::Refused(fault))
}

/// Makes of a file what is kept of it, whatever it is called and says to be.
pub fn clean(file: &[u8]) -> Result<CleanPhoto, PhotoFault> {
    if file.len() as u64 > FILE_BYTES_MAX {
        return Err(PhotoFault::TooLarge);
    }
    let Decoded { image, exif } = images::decode(file, &BOUNDS, LARGE_SIDE)?;
    let large = images::jpeg(&image, LARGE_QUALITY)?;
    let small = images::jpeg(&images::shrunk(&image, SMALL_SIDE), SMALL_QUALITY)?;
    let (width, height) = (image.width(), image.height());
    Ok(CleanPhoto { sha: hex(&Sha256::digest(&large)), large, small, width, height, gps: exif.and_then(gps::point) })
}

impl From<Fault> for PhotoFault {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Heic => Self::Heic,
            Fault::OtherFormat => Self::OtherFormat,
            Fault::TooLarge => Self::TooManyPixels,
            Fault::Broken => Self::Broken,
        }
    }
}

#[cfg(test)]
mod tests;
