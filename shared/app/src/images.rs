//! Image files as strangers send them: decoded within bounds, turned upright, shrunk, and written anew with nothing in them but the picture.
//!
//! What a file is called is never looked at, only its bytes. Its headers are read first: it is not decoded unless its size, and what
//! decoding it needs in memory, is within [`Bounds`]. What breaks off, or lies in its headers, is broken.

mod jpeg;
#[cfg(test)]
pub(crate) mod testing;
mod webp;

use std::borrow::Cow;
use std::io::Cursor;
use std::panic::{UnwindSafe, catch_unwind};

use image::metadata::Orientation;
use image::{ColorType, DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage, Rgba};
use jpeg_encoder::Encoder;

/// What of a file is decoded at most.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// Pixels.
    pub(crate) pixels: u64,
    /// Pixels of its longer side.
    pub(crate) side: u32,
    /// Bytes of memory that decoding it needs, the file itself not counted.
    pub(crate) bytes: u64,
}

/// Why a file gives no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is a HEIC file or one of its kin, as some phones make them.
    Heic,
    /// It is none of JPEG, PNG and WebP.
    OtherFormat,
    /// It is larger than its bounds allow.
    TooLarge,
    /// It breaks off, or is no such file within.
    Broken,
}

/// A picture out of a file.
pub(crate) struct Decoded {
    /// As the camera was held, on white where the file was transparent, its longer side no longer than was asked for.
    pub(crate) image: DynamicImage,
    /// What the camera noted in the file beside the picture, as a TIFF structure, if it did. Personal data.
    pub(crate) exif: Option<Vec<u8>>,
}

/// What can be seen of a file before it is decoded.
struct Look<'a> {
    /// The file up to its end.
    bytes: &'a [u8],
    /// What the camera noted in it, where we find it ourselves.
    exif: Option<&'a [u8]>,
    /// Pixels that are decoded whatever size the file says to have.
    pixels: u64,
    /// Bytes that decoding it needs beside its pixels.
    beside: u64,
    /// And for each of its pixels.
    beside_each: u64,
}

/// What a PNG file may hold beside its picture, in bytes, once it is unpacked.
const NOTES_MAX: u64 = 32_000_000;
/// The first bytes of a file of the ISO family (HEIC, AVIF, MP4, ...) name its brands: so many of them are looked at.
const BRANDS_MAX: usize = 16;
/// Brands of HEIF files, still or moving, whatever codec is within: ISO/IEC 23008-12, 10; AV1 Image File Format, 8.
const HEIF: &[&[u8]] = &[
    b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"mif2", b"msf1", b"avif", b"avis",
];

/// The picture of a file, its longer side no longer than `side`.
pub(crate) fn decode(file: &[u8], bounds: &Bounds, side: u32) -> Result<Decoded, Fault> {
    let format = format(file)?;
    unharmed(|| read(file, format, bounds, side))
}

/// What a decoder makes of a file, or that it panicked over it: then nobody else can read it either.
fn unharmed<T>(decoding: impl FnOnce() -> Result<T, Fault> + UnwindSafe) -> Result<T, Fault> {
    catch_unwind(decoding).unwrap_or(Err(Fault::Broken))
}

fn format(file: &[u8]) -> Result<ImageFormat, Fault> {
    match image::guess_format(file) {
        _ if is_heif(file) => Err(Fault::Heic),
        Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) => Ok(format),
        Ok(_) | Err(_) => Err(Fault::OtherFormat),
    }
}

/// The first box of such a file: its length, `ftyp`, the brand, a version, more brands.
fn is_heif(file: &[u8]) -> bool {
    let Some((length, rest)) = file.split_first_chunk::<4>() else { return false };
    let Some(within) = rest.strip_prefix(b"ftyp") else { return false };
    let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX).saturating_sub(8);
    let brands = within[..within.len().min(length)].chunks_exact(4).take(BRANDS_MAX);
    brands.enumerate().any(|(place, brand)| place != 1 && HEIF.contains(&brand))
}

fn read(file: &[u8], format: ImageFormat, bounds: &Bounds, side: u32) -> Result<Decoded, Fault> {
    let look = look(file, format).ok_or(Fault::Broken)?;
    let mut reader = ImageReader::with_format(Cursor::new(look.bytes), format);
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(bounds.side);
    limits.max_image_height = Some(bounds.side);
    limits.max_alloc = Some(NOTES_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| fault(&error))?;
    let (pixels, bytes) = costs(&decoder, &look);
    if pixels > bounds.pixels || bytes > bounds.bytes {
        return Err(Fault::TooLarge);
    }
    let exif = match format {
        ImageFormat::Png => decoder.exif_metadata().ok().flatten(),
        _ => look.exif.map(<[u8]>::to_vec),
    };
    let image = DynamicImage::from_decoder(decoder).map_err(|error| fault(&error))?;
    // First flat: a transparent pixel has any colour, which must not run into its neighbours. Last turned: then there is less to turn.
    let image = if image.color().has_alpha() { on_white(image) } else { image };
    let mut image = if image.width().max(image.height()) > side { shrunk(&image, side) } else { image };
    image
        .apply_orientation(exif.as_deref().and_then(Orientation::from_exif_chunk).unwrap_or(Orientation::NoTransforms));
    Ok(Decoded { image, exif })
}

fn look(file: &[u8], format: ImageFormat) -> Option<Look<'_>> {
    match format {
        ImageFormat::Jpeg => jpeg::look(file),
        ImageFormat::WebP => webp::look(file),
        // Its decoder does all of this itself.
        _ => Some(Look { bytes: file, exif: None, pixels: 0, beside: 0, beside_each: 0 }),
    }
}

fn fault(error: &image::ImageError) -> Fault {
    if matches!(error, image::ImageError::Limits(_)) { Fault::TooLarge } else { Fault::Broken }
}

/// How many pixels are decoded, and the bytes of memory that takes.
fn costs(decoder: &impl ImageDecoder, look: &Look<'_>) -> (u64, u64) {
    let (width, height) = decoder.dimensions();
    let pixels = (u64::from(width) * u64::from(height)).max(look.pixels);
    let color = decoder.color_type();
    // On its way onto white it stands in memory twice, unless it has the form for that already.
    let flat = if color.has_alpha() && color != ColorType::Rgba8 { 4 * pixels } else { 0 };
    let beside = look.beside.saturating_add(look.beside_each * pixels).max(flat);
    (pixels, decoder.total_bytes().saturating_add(beside))
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
pub(crate) fn shrunk(image: &DynamicImage, side: u32) -> DynamicImage {
    if image.width().max(image.height()) <= side {
        return image.clone();
    }
    match image {
        // What cameras make: an eighth of the time.
        DynamicImage::ImageRgb8(pixels) => DynamicImage::ImageRgb8(averages(pixels, side)),
        _ => image.thumbnail(side, side),
    }
}

/// Each pixel the average of those that it stands for; they are read once, in the order in which they lie in memory.
fn averages(image: &RgbImage, side: u32) -> RgbImage {
    let longer = u64::from(image.width().max(image.height()));
    let shrink = |length: u32| {
        let length = (u64::from(length) * u64::from(side) + longer / 2) / longer;
        u32::try_from(length).unwrap_or(side).max(1)
    };
    let (width, height) = (shrink(image.width()), shrink(image.height()));
    let (columns, rows) = (edges(image.width(), width), edges(image.height(), height));
    let stride = 3 * image.width() as usize;
    let mut sums = vec![[0_u32; 3]; width as usize];
    let mut pixels = Vec::with_capacity(3 * sums.len() * height as usize);
    for rows in rows.windows(2) {
        for row in image.as_raw()[rows[0] * stride..rows[1] * stride].chunks_exact(stride) {
            for (sum, columns) in sums.iter_mut().zip(columns.windows(2)) {
                for pixel in row[3 * columns[0]..3 * columns[1]].chunks_exact(3) {
                    for (sum, value) in sum.iter_mut().zip(pixel) {
                        *sum += u32::from(*value);
                    }
                }
            }
        }
        for (sum, columns) in sums.iter_mut().zip(columns.windows(2)) {
            let count = u32::try_from((columns[1] - columns[0]) * (rows[1] - rows[0])).unwrap_or(u32::MAX);
            pixels.extend(sum.map(|sum| u8::try_from((sum + count / 2) / count).unwrap_or(u8::MAX)));
            *sum = [0; 3];
        }
    }
    RgbImage::from_raw(width, height, pixels).unwrap_or_default()
}

/// Where so many equal parts of a length begin and end, in whole pixels; no more parts than pixels.
fn edges(length: u32, parts: u32) -> Vec<usize> {
    let edge = |part: u32| usize::try_from(u64::from(length) * u64::from(part) / u64::from(parts)).unwrap_or_default();
    (0..=parts).map(edge).collect()
}

/// The picture as a JPEG file of this quality (1 to 100): its pixels, and not a word beside them. Below 90 colours have half the
/// resolution of light, as cameras write them, too.
pub(crate) fn jpeg(image: &DynamicImage, quality: u8) -> Result<Vec<u8>, Fault> {
    let pixels: Cow<'_, RgbImage> = image.as_rgb8().map_or_else(|| Cow::Owned(image.to_rgb8()), Cow::Borrowed);
    let (Ok(width), Ok(height)) = (u16::try_from(pixels.width()), u16::try_from(pixels.height())) else {
        return Err(Fault::TooLarge);
    };
    let mut bytes = Vec::new();
    let written =
        Encoder::new(&mut bytes, quality).encode(pixels.as_raw(), width, height, jpeg_encoder::ColorType::Rgb);
    written.map_err(|_| Fault::Broken)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
