//! Photos of reports: fetched where residents sent or put them, cleaned, and kept as two files with nothing in them but the picture.
//!
//! Everything here may come twice and break off anywhere. The files are written first and then the item that says so, and the files of a
//! photo are named by its id: whoever does it again does the same again, and whoever withdraws a photo finds its files, written or not.
//! The original that a browser put is erased last of all, and again by each further job about it: it holds what the clean files do not.

mod gps;

use std::sync::Arc;

use domain::report::photo::{Photo, PhotoFault, PhotoState};
use domain::text::hex;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use super::{Age, RACES_MAX, outrun};
use crate::error::{Error, Kind};
use crate::images::{self, Bounds, Decoded, Fault};
use crate::ports::pictures::PhotoCopies;
use crate::ports::reports::{CleanPhoto, Fetched, PhotoFiles, PhotoJob, PhotoOriginals, PhotoSource, Reports};
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
/// One that was to be uploaded and is not here then does not come: the link to put it ended long before, and the slowest phone is done.
/// Less than the hour after which waiting photos are an alarm, as many a resident closes the page.
pub const NEVER_UPLOADED_AFTER: SignedDuration = SignedDuration::from_mins(45);

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
    /// Where residents sent them by the chat.
    pub source: Arc<dyn PhotoSource>,
    /// Where their browsers put them.
    pub originals: Arc<dyn PhotoOriginals>,
    /// What everybody saw of them.
    pub copies: Arc<dyn PhotoCopies>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl Photos {
    /// Does what a job asks for that was put at this time, if that is known.
    pub async fn take(&self, job: &PhotoJob, put_at: Option<Timestamp>) -> Result<Taken, Error> {
        let taken = self.settle(job, Age::of(put_at, self.clock.now())).await?;
        if let PhotoJob::Uploaded { photo, report } = job {
            self.originals.erase(report, photo).await?;
        }
        tracing::info!(photo.id = %job.photo(), outcome = ?taken, "photo taken");
        Ok(taken)
    }

    async fn settle(&self, job: &PhotoJob, age: Age) -> Result<Taken, Error> {
        for _ in 0..RACES_MAX {
            let Some(read) = self.reports.photos(std::slice::from_ref(job.photo())).await?.pop() else {
                return age.written_by_now(TAKING).map(|()| Taken::Dropped);
            };
            match (&read.value.state, job) {
                (PhotoState::Withdrawn, _) => {
                    self.erase(&read.value).await?;
                    if let PhotoJob::Unreleased { copy, .. } = job {
                        self.copies.erase(copy).await?;
                    }
                    return Ok(Taken::Withdrawn);
                }
                (
                    PhotoState::Waiting | PhotoState::Kept { .. } | PhotoState::Refused(_),
                    PhotoJob::Withdrawn { .. } | PhotoJob::Unreleased { .. },
                ) => {
                    return age.written_by_now(TAKING).map(|()| Taken::Dropped);
                }
                (PhotoState::Waiting, PhotoJob::Sent { message, .. }) => {
                    let fetched = self.source.fetch(message, FILE_BYTES_MAX).await?;
                    let age = age.and_of(read.value.at, self.clock.now());
                    if let Some(taken) = self.keep(&read, fetched, age.is_below(GONE_AFTER)).await? {
                        return Ok(taken);
                    }
                }
                // One that never came may come after all: by a new link, or by a phone that is slower than any.
                (PhotoState::Waiting | PhotoState::Refused(PhotoFault::Gone), PhotoJob::Uploaded { photo, report }) => {
                    let fetched = self.originals.fetch(report, photo, FILE_BYTES_MAX).await?;
                    if let Some(taken) = self.keep(&read, fetched, age.is_below(NEVER_UPLOADED_AFTER)).await? {
                        return Ok(taken);
                    }
                }
                (
                    PhotoState::Kept { .. } | PhotoState::Refused(_),
                    PhotoJob::Sent { .. } | PhotoJob::Uploaded { .. },
                ) => return Ok(Taken::Settled),
            }
        }
        Err(outrun(TAKING))
    }

    /// Keeps what was fetched of a photo that is awaited; `None` if it is awaited no more. `may_come`: what is missing is waited for.
    async fn keep(&self, read: &Versioned<Photo>, fetched: Fetched, may_come: bool) -> Result<Option<Taken>, Error> {
        let Photo { id, report, .. } = &read.value;
        let (state, taken) = match fetched {
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
            Fetched::Missing if may_come => {
                return Err(Error::new(Kind::Transient, TAKING, "it is not there, or not yet"));
            }
            Fetched::Missing => refused(PhotoFault::Gone),
            Fetched::Withdrawn => {
                // An earlier attempt may have died between its files and its item.
                self.erase(&read.value).await?;
                (PhotoState::Withdrawn, Taken::Withdrawn)
            }
        };
        match self.reports.put_photo(&Photo { state, ..read.value.clone() }, Some(read.version)).await? {
            Written::Done => Ok(Some(taken)),
            Written::Raced => Ok(None),
        }
    }

    /// Erases all that may be there of a photo.
    async fn erase(&self, photo: &Photo) -> Result<(), Error> {
        self.files.erase(&photo.report, &photo.id).await?;
        self.originals.erase(&photo.report, &photo.id).await
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
