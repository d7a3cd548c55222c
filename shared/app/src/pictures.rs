//! Pictures for broadcasts: what staff upload, turned upright, in the sizes of a phone, and with nothing in it but the picture.
//!
//! A file is decoded only if its own headers promise to be within bounds, and always written anew: where and with what camera it was
//! taken does not go out.

use domain::broadcast::content::PictureId;
use image::DynamicImage;

use crate::error::Error;
use crate::images::{self, Bounds, Fault};
use crate::ports::{Chance, Pictures};

/// What is decoded: the pictures of most cameras, and no more than fit into the console's memory.
const BOUNDS: Bounds = Bounds { pixels: 25_000_000, side: 20_000, bytes: 280_000_000 };
/// Pixels of the longer side of what a tap opens: a poster's small print can be read.
pub const ORIGINAL_SIDE: u32 = 2_400;
/// Pixels of the longer side of what the chat shows.
pub const PREVIEW_SIDE: u32 = 960;
/// Bytes of what a tap opens (10 MB: <https://developers.line.biz/en/reference/messaging-api/#image-message>, as of 2026-08-07).
pub const ORIGINAL_BYTES_MAX: usize = 10_000_000;
/// Bytes of what the chat shows (1 MB, likewise).
pub const PREVIEW_BYTES_MAX: usize = 1_000_000;

/// Qualities of JPEG, tried in turn until the bytes suffice. At these sizes the last always does.
const QUALITIES: [u8; 4] = [88, 75, 60, 40];

/// A picture as phones get it: two JPEG files. `Debug` shows only their sizes.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// What a tap opens.
    pub original: Vec<u8>,
    /// What the chat shows.
    pub preview: Vec<u8>,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({} bytes, {} bytes)", self.original.len(), self.preview.len())
    }
}

/// Why a file is no picture for a broadcast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoPicture {
    /// It is none of JPEG, PNG and WebP.
    #[error("it is no JPEG, PNG or WebP file")]
    OtherFormat,
    /// It has too many pixels.
    #[error("it has too many pixels")]
    TooManyPixels,
    /// It breaks off, or is no such file within.
    #[error("it is broken")]
    Broken,
}

/// Why a file was not kept.
#[derive(Debug, thiserror::Error)]
pub enum NotKept {
    /// It is no picture that can be sent.
    #[error(transparent)]
    NoPicture(#[from] NoPicture),
    /// It could not be stored.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// Prepares an uploaded file and keeps it under an id that nobody can guess.
pub async fn keep(pictures: &dyn Pictures, chance: &dyn Chance, file: &[u8]) -> Result<PictureId, NotKept> {
    let picture = prepare(file)?;
    let id = PictureId::of(chance.bytes());
    pictures.keep(&id, &picture).await?;
    Ok(id)
}

/// Makes of a file what phones get.
pub fn prepare(file: &[u8]) -> Result<Picture, NoPicture> {
    let original = images::decode(file, &BOUNDS, ORIGINAL_SIDE)?.image;
    let preview = images::shrunk(&original, PREVIEW_SIDE);
    Ok(Picture { original: jpeg(&original, ORIGINAL_BYTES_MAX)?, preview: jpeg(&preview, PREVIEW_BYTES_MAX)? })
}

fn jpeg(image: &DynamicImage, bytes_max: usize) -> Result<Vec<u8>, NoPicture> {
    for quality in QUALITIES {
        let bytes = images::jpeg(image, quality)?;
        if bytes.len() <= bytes_max {
            return Ok(bytes);
        }
    }
    Err(NoPicture::TooManyPixels)
}

impl From<Fault> for NoPicture {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Heic | Fault::OtherFormat => Self::OtherFormat,
            Fault::TooLarge => Self::TooManyPixels,
            Fault::Broken => Self::Broken,
        }
    }
}

#[cfg(test)]
mod tests;
