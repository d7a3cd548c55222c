//! Pictures for broadcasts: what staff upload, turned upright, in the sizes of a phone, and with nothing in it but the picture.
//!
//! A file is decoded only as far as its own header promises to be within [`PIXELS_MAX`] and [`DECODED_BYTES_MAX`], and always written
//! anew: where and with what camera it was taken does not go out.

use std::io::Cursor;

use domain::broadcast::content::PictureId;
use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits, RgbImage, Rgba};

use crate::error::Error;
use crate::ports::{Chance, Pictures};

/// Pixels of a picture that is decoded: those of most cameras, and no more than fit into the console's memory.
pub const PIXELS_MAX: u64 = 25_000_000;
/// Pixels of its longer side.
pub const SIDE_MAX: u32 = 20_000;
/// Bytes of it, decoded.
pub const DECODED_BYTES_MAX: u64 = 150_000_000;
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
    let whole = upright(file)?;
    let original = shrunk(&whole, ORIGINAL_SIDE);
    drop(whole);
    let preview = shrunk(&original, PREVIEW_SIDE);
    Ok(Picture { original: jpeg(&original, ORIGINAL_BYTES_MAX)?, preview: jpeg(&preview, PREVIEW_BYTES_MAX)? })
}

/// The picture of a file, turned as its camera was held, on white where it is transparent.
fn upright(file: &[u8]) -> Result<DynamicImage, NoPicture> {
    let mut reader = ImageReader::new(Cursor::new(file)).with_guessed_format().map_err(|_| NoPicture::Broken)?;
    match reader.format() {
        Some(ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP) => {}
        Some(_) | None => return Err(NoPicture::OtherFormat),
    }
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(DECODED_BYTES_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| fault(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS_MAX || decoder.total_bytes() > DECODED_BYTES_MAX {
        return Err(NoPicture::TooManyPixels);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(|error| fault(&error))?;
    image.apply_orientation(orientation);
    Ok(if image.color().has_alpha() { on_white(image) } else { image })
}

fn fault(error: &image::ImageError) -> NoPicture {
    if matches!(error, image::ImageError::Limits(_)) { NoPicture::TooManyPixels } else { NoPicture::Broken }
}

fn on_white(image: DynamicImage) -> DynamicImage {
    let mut pixels = image.into_rgba8();
    for Rgba([red, green, blue, alpha]) in pixels.pixels_mut() {
        let over_white = |color: u8| {
            let (color, alpha) = (u16::from(color), u16::from(*alpha));
            u8::try_from((color * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
        };
        (*red, *green, *blue) = (over_white(*red), over_white(*green), over_white(*blue));
        *alpha = 255;
    }
    DynamicImage::ImageRgba8(pixels)
}

/// The picture with no side longer than `side`; it is never made larger. Averages of pixels: no copy with greater numbers is made.
fn shrunk(image: &DynamicImage, side: u32) -> DynamicImage {
    if image.width().max(image.height()) <= side { image.clone() } else { image.thumbnail(side, side) }
}

fn jpeg(image: &DynamicImage, bytes_max: usize) -> Result<Vec<u8>, NoPicture> {
    let pixels: RgbImage = image.to_rgb8();
    for quality in QUALITIES {
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(&pixels).map_err(|_| NoPicture::Broken)?;
        if bytes.len() <= bytes_max {
            return Ok(bytes);
        }
    }
    Err(NoPicture::TooManyPixels)
}

#[cfg(test)]
mod tests;
