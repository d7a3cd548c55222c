//! Image files for tests, made in memory.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{
    DynamicImage, ExtendedColorType, GenericImageView as _, ImageEncoder as _, ImageFormat, Rgb, RgbImage, Rgba,
};

/// The picture as a file of this format.
pub(crate) fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// The picture of a JPEG file.
pub(crate) fn decoded(jpeg: &[u8]) -> DynamicImage {
    image::load_from_memory_with_format(jpeg, ImageFormat::Jpeg).unwrap()
}

/// Red above, blue below.
pub(crate) fn flag(width: u32, height: u32) -> DynamicImage {
    let color = |_, y| if y < height / 2 { Rgb([255, 0, 0]) } else { Rgb([0, 0, 255]) };
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, color))
}

/// Whether a pixel is red.
pub(crate) fn is_red(image: &DynamicImage, x: u32, y: u32) -> bool {
    let Rgba([red, green, blue, _]) = image.get_pixel(x, y);
    red > 200 && green < 60 && blue < 60
}

/// A JPEG file with what a camera writes beside the picture.
pub(crate) fn photo(image: &DynamicImage, exif: Vec<u8>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 90);
    encoder.set_exif_metadata(exif).unwrap();
    encoder.write_image(image.as_bytes(), image.width(), image.height(), ExtendedColorType::Rgb8).unwrap();
    bytes
}

/// A TIFF structure, as cameras put it into their files: the orientation, and the name of the place where it was taken.
pub(crate) fn exif(orientation: u8) -> Vec<u8> {
    let mut exif = b"MM\0\x2a\0\0\0\x08\0\x02".to_vec();
    exif.extend_from_slice(&[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    exif.extend_from_slice(&[0x01, 0x0e, 0, 2, 0, 0, 0, 10, 0, 0, 0, 38]);
    exif.extend_from_slice(b"\0\0\0\0MY-GARDEN\0");
    exif
}

/// A PNG file of nothing but a header that promises so many pixels.
pub(crate) fn promise(width: u32, height: u32) -> Vec<u8> {
    promise_of(&flag(1, 1), width, height)
}

/// The same with pixels as this picture has them.
pub(crate) fn promise_of(image: &DynamicImage, width: u32, height: u32) -> Vec<u8> {
    let mut file = encoded(image, ImageFormat::Png);
    file[16..20].copy_from_slice(&width.to_be_bytes());
    file[20..24].copy_from_slice(&height.to_be_bytes());
    let checksum = crc32(&file[12..29]);
    file[29..33].copy_from_slice(&checksum.to_be_bytes());
    file
}

/// The checksum of a PNG chunk's type and data.
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

/// Whether a part stands anywhere in the bytes.
pub(crate) fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
