//! Pictures as cameras, scanners and pranksters make them.

use image::{ExtendedColorType, GenericImageView as _, ImageEncoder as _, Rgb, RgbaImage};

use super::*;

fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn decoded(jpeg: &[u8]) -> DynamicImage {
    image::load_from_memory_with_format(jpeg, ImageFormat::Jpeg).unwrap()
}

/// Red above, blue below.
fn flag(width: u32, height: u32) -> DynamicImage {
    let color = |_, y| if y < height / 2 { Rgb([255, 0, 0]) } else { Rgb([0, 0, 255]) };
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, color))
}

fn is_red(image: &DynamicImage, x: u32, y: u32) -> bool {
    let Rgba([red, green, blue, _]) = image.get_pixel(x, y);
    red > 200 && green < 60 && blue < 60
}

/// A TIFF structure, as cameras put it into their files: the orientation, and the name of the place where it was taken.
fn exif(orientation: u8) -> Vec<u8> {
    let mut exif = b"MM\0\x2a\0\0\0\x08\0\x02".to_vec();
    exif.extend_from_slice(&[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    exif.extend_from_slice(&[0x01, 0x0e, 0, 2, 0, 0, 0, 10, 0, 0, 0, 38]);
    exif.extend_from_slice(b"\0\0\0\0MY-GARDEN\0");
    exif
}

fn photo(image: &DynamicImage, orientation: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 90);
    encoder.set_exif_metadata(exif(orientation)).unwrap();
    encoder.write_image(image.as_bytes(), image.width(), image.height(), ExtendedColorType::Rgb8).unwrap();
    bytes
}

#[test]
fn every_format_becomes_two_jpeg_files() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let picture = prepare(&encoded(&flag(60, 40), format)).unwrap();
        for jpeg in [decoded(&picture.original), decoded(&picture.preview)] {
            assert_eq!(jpeg.dimensions(), (60, 40), "small ones are not made larger");
            assert!(is_red(&jpeg, 5, 5) && !is_red(&jpeg, 5, 35), "{format:?}");
        }
    }
}

#[test]
fn no_side_is_longer_than_a_phone_can_show() {
    for ((width, height), original, preview) in
        [((3_000, 150), (2_400, 120), (960, 48)), ((80, 2_400), (80, 2_400), (32, 960))]
    {
        let picture = prepare(&encoded(&flag(width, height), ImageFormat::Png)).unwrap();
        assert_eq!(decoded(&picture.original).dimensions(), original);
        assert_eq!(decoded(&picture.preview).dimensions(), preview);
    }
}

#[test]
fn long_strips_keep_a_side() {
    let picture = prepare(&encoded(&flag(1, 20_000), ImageFormat::Png)).unwrap();
    assert_eq!(decoded(&picture.preview).dimensions(), (1, 960));
}

#[test]
fn a_photo_is_turned_upright_and_says_nothing_of_its_place() {
    let file = photo(&flag(40, 20), 6);
    assert!(contains(&file, b"MY-GARDEN") && contains(&file, b"Exif"));
    let picture = prepare(&file).unwrap();
    for jpeg in [&picture.original, &picture.preview] {
        assert!(!contains(jpeg, b"MY-GARDEN") && !contains(jpeg, b"Exif"));
    }
    let upright = decoded(&picture.original);
    // What was above is at the right of a camera that was held on its side.
    assert_eq!(upright.dimensions(), (20, 40));
    assert!(is_red(&upright, 18, 20) && !is_red(&upright, 1, 20));
}

#[test]
fn what_is_transparent_is_white() {
    let clear = RgbaImage::from_pixel(8, 8, Rgba([0, 0, 0, 0]));
    let picture = prepare(&encoded(&DynamicImage::ImageRgba8(clear), ImageFormat::Png)).unwrap();
    assert_eq!(decoded(&picture.original).get_pixel(4, 4), Rgba([255, 255, 255, 255]));
    let half = RgbaImage::from_pixel(8, 8, Rgba([0, 0, 0, 128]));
    let picture = prepare(&encoded(&DynamicImage::ImageRgba8(half), ImageFormat::Png)).unwrap();
    let Rgba([grey, ..]) = decoded(&picture.original).get_pixel(4, 4);
    assert!((120..=134).contains(&grey), "{grey}");
}

#[test]
fn a_lesser_quality_makes_it_fit() {
    let mut state = 1_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    let speckled = DynamicImage::ImageRgb8(RgbImage::from_fn(64, 64, |_, _| Rgb([noise(), noise(), noise()])));
    let best = jpeg(&speckled, usize::MAX).unwrap();
    let lesser = jpeg(&speckled, best.len() - 1).unwrap();
    assert!(lesser.len() < best.len());
    assert_eq!(jpeg(&speckled, 100), Err(NoPicture::TooManyPixels));
}

#[test]
fn what_is_no_picture_is_told() {
    assert_eq!(prepare(b""), Err(NoPicture::OtherFormat));
    assert_eq!(prepare(b"<svg onload='alert(1)'/>"), Err(NoPicture::OtherFormat));
    assert_eq!(prepare(b"GIF89a\x01\0\x01\0\0\0\0"), Err(NoPicture::OtherFormat));
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let file = encoded(&flag(64, 64), format);
        for end in [12, 40] {
            assert_eq!(prepare(&file[..end]), Err(NoPicture::Broken), "{format:?} {end}");
        }
    }
}

/// A PNG file of nothing but a header that promises so many pixels.
fn promise(width: u32, height: u32) -> Vec<u8> {
    let mut file = encoded(&flag(1, 1), ImageFormat::Png);
    file[16..20].copy_from_slice(&width.to_be_bytes());
    file[20..24].copy_from_slice(&height.to_be_bytes());
    let checksum = crc32(&file[12..29]);
    file[29..33].copy_from_slice(&checksum.to_be_bytes());
    file
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

#[test]
fn a_bomb_is_not_decoded() {
    for (width, height) in [(20_001, 1), (1, 4_000_000_000), (5_001, 5_000), (20_000, 20_000)] {
        assert_eq!(prepare(&promise(width, height)), Err(NoPicture::TooManyPixels), "{width} x {height}");
    }
    // A promise that is within bounds, and not kept.
    assert_eq!(prepare(&promise(5_000, 5_000)), Err(NoPicture::Broken));
    // 25 million pixels of 8 bytes each.
    let deep = DynamicImage::ImageRgba16(image::ImageBuffer::new(1, 1));
    let mut file = encoded(&deep, ImageFormat::Png);
    file[16..24].copy_from_slice(&[0, 0, 0x13, 0x88, 0, 0, 0x13, 0x88]);
    let checksum = crc32(&file[12..29]);
    file[29..33].copy_from_slice(&checksum.to_be_bytes());
    assert_eq!(prepare(&file), Err(NoPicture::TooManyPixels));
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
