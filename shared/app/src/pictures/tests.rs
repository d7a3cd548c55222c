//! Pictures as cameras, scanners and pranksters make them.

use image::{GenericImageView as _, ImageBuffer, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

use super::*;
use crate::images::testing::{contains, decoded, encoded, exif, flag, is_red, photo, promise, promise_of};

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
    let file = photo(&flag(40, 20), exif(6));
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

#[test]
fn a_bomb_is_not_decoded() {
    for (width, height) in [(20_001, 1), (1, 4_000_000_000), (5_001, 5_000), (20_000, 20_000)] {
        assert_eq!(prepare(&promise(width, height)), Err(NoPicture::TooManyPixels), "{width} x {height}");
    }
    // A promise that is within bounds, and not kept.
    assert_eq!(prepare(&promise(5_000, 5_000)), Err(NoPicture::Broken));
    // 25 million pixels of 8 bytes each.
    let deep = DynamicImage::ImageRgba16(ImageBuffer::new(1, 1));
    assert_eq!(prepare(&promise_of(&deep, 5_000, 5_000)), Err(NoPicture::TooManyPixels));
}
