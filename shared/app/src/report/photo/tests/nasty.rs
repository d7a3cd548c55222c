//! A folder of nasty files, made in memory, with the fact that each of them becomes.

use image::{ColorType, DynamicImage, Rgba};

use super::*;
use crate::images::testing::{crc32, promise};

#[test]
fn what_is_no_photo_is_told() {
    for (name, file, fault) in [
        ("nothing.jpg", &b""[..], PhotoFault::OtherFormat),
        ("zeros.jpg", &[0; 4_096], PhotoFault::OtherFormat),
        ("page.jpg", b"<!DOCTYPE html><script>alert(1)</script>", PhotoFault::OtherFormat),
        ("drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", PhotoFault::OtherFormat),
        ("moving.gif", b"GIF89a\x01\0\x01\0\0\0\0;", PhotoFault::OtherFormat),
        ("form.jpg", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", PhotoFault::OtherFormat),
        ("bundle.jpg", b"PK\x03\x04\x14\0\0\0\x08\0", PhotoFault::OtherFormat),
        ("film.jpg", b"\0\0\0\x18ftypisom\0\0\x02\0isommp41\0\0\0\x08mdat", PhotoFault::OtherFormat),
        ("scan.tiff", b"II\x2a\0\x08\0\0\0\0\0", PhotoFault::OtherFormat),
        ("IMG_0001.jpg", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x08mdat", PhotoFault::Heic),
        ("begins-like-a.jpg", b"\xff\xd8\xff\xe0<html>", PhotoFault::Broken),
        ("begins-like-a.png", b"\x89PNG\r\n\x1a\n\xff\xd8\xff\xe0", PhotoFault::Broken),
        ("begins-like-a.webp", b"RIFF\x04\0\0\0WEBP", PhotoFault::Broken),
    ] {
        assert_eq!(clean(file), Err(fault), "{name}");
    }
}

#[test]
fn a_file_that_is_too_large_is_not_looked_at() {
    let mut file = encoded(&flag(64, 48), ImageFormat::Jpeg);
    file.resize(20_000_000, 0);
    clean(&file).unwrap();
    file.push(0);
    assert_eq!(clean(&file), Err(PhotoFault::TooLarge));
}

#[test]
fn a_bomb_is_not_decoded() {
    for (width, height) in [(50_000, 50_000), (1, 2_000_000_000), (20_001, 1), (12_000, 9_200)] {
        assert_eq!(clean(&promise(width, height)), Err(PhotoFault::TooManyPixels), "{width} x {height}");
    }
}

#[test]
fn a_file_that_was_damaged_on_its_way_harms_nobody() {
    let mut state = 1_u32;
    let mut chance = move |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        usize::try_from(state >> 8).unwrap() % below
    };
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let file = encoded(&flag(40, 30), format);
        for _ in 0..100 {
            let mut odd = file.clone();
            for _ in 0..=chance(4) {
                let (at, byte) = (chance(odd.len()), u8::try_from(chance(256)).unwrap());
                odd[at] = byte;
            }
            if let Ok(photo) = clean(&odd) {
                assert!(photo.width.max(photo.height) <= LARGE_SIDE);
            }
        }
    }
}

#[test]
fn pixels_of_every_kind_become_a_photo() {
    for color in [
        ColorType::L8,
        ColorType::La8,
        ColorType::Rgba8,
        ColorType::L16,
        ColorType::La16,
        ColorType::Rgb16,
        ColorType::Rgba16,
    ] {
        let photo = clean(&encoded(&DynamicImage::new(60, 40, color), ImageFormat::Png)).unwrap();
        // What is transparent is white, what is not is black.
        let Rgba([red, green, blue, _]) = decoded(&photo.large).get_pixel(30, 20);
        assert_eq!([red, green, blue].map(|value| value > 128), [color.has_alpha(); 3], "{color:?}");
    }
}

/// A PNG file of these chunks.
fn png(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in chunks {
        let body = [&kind[..], data].concat();
        file.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        file.extend(&body);
        file.extend(crc32(&body).to_be_bytes());
    }
    file
}

/// Bytes as a zlib stream that packs nothing.
fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap();
    let (mut low, mut high) = (1_u32, 0_u32);
    for byte in bytes {
        low = (low + u32::from(*byte)) % 65_521;
        high = (high + low) % 65_521;
    }
    let checksum = (high << 16 | low).to_be_bytes();
    [&[0x78, 0x01, 0x01], &length.to_le_bytes()[..], &(!length).to_le_bytes(), bytes, &checksum].concat()
}

/// How a PNG file of four pixels begins that are of this kind.
fn four_pixels(color: u8) -> [u8; 13] {
    [0, 0, 0, 2, 0, 0, 0, 2, 8, color, 0, 0, 0]
}

#[test]
fn a_palette_becomes_a_photo() {
    let file = png(&[
        (b"IHDR", &four_pixels(3)),
        (b"PLTE", &[255, 255, 255, 0, 0, 0]),
        (b"IDAT", &unpacked(&[0, 0, 0, 0, 1, 1])),
        (b"IEND", b""),
    ]);
    let picture = decoded(&clean(&file).unwrap().large);
    assert_eq!([0, 1].map(|y| picture.get_pixel(0, y).0[0] > 128), [true, false]);
}

#[test]
fn of_a_moving_png_the_first_picture_is_taken() {
    let frame = |number: u8| {
        let size_place_time = [0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 10, 0, 0];
        [&[0, 0, 0, number][..], &size_place_time].concat()
    };
    let file = png(&[
        (b"IHDR", &four_pixels(0)),
        (b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]),
        (b"fcTL", &frame(0)),
        (b"IDAT", &unpacked(&[0, 255, 255, 0, 255, 255])),
        (b"fcTL", &frame(1)),
        (b"fdAT", &[&[0, 0, 0, 2][..], &unpacked(&[0, 0, 0, 0, 0, 0])].concat()),
        (b"IEND", b""),
    ]);
    let Rgba([white, ..]) = decoded(&clean(&file).unwrap().large).get_pixel(0, 0);
    assert!(white > 250, "{white}");
}

/// A JPEG file of one block of four components, as printers' files have them, each bright or not.
fn four_components(bright: [bool; 4]) -> Vec<u8> {
    let mut file = vec![0xff, 0xd8];
    file.extend(segment(0xdb, &[&[0][..], &[8; 64]].concat()));
    let components: Vec<u8> = (1..=4).flat_map(|id| [id, 0x11, 0]).collect();
    file.extend(segment(0xc0, &[&[8, 0, 8, 0, 8, 4][..], &components].concat()));
    let codes = |kind: u8, counts: [u8; 2], values: &[u8]| [&[kind][..], &counts, &[0; 14], values].concat();
    file.extend(segment(0xc4, &codes(0x00, [1, 1], &[0, 7])));
    file.extend(segment(0xc4, &codes(0x10, [1, 0], &[0])));
    let in_scan: Vec<u8> = (1..=4).flat_map(|id| [id, 0]).collect();
    file.extend(segment(0xda, &[&[4][..], &in_scan, &[0, 63, 0]].concat()));
    // For each: that a number of seven digits comes, the number, and that nothing more comes.
    let bits = bright.into_iter().flat_map(|bright| [true, false].into_iter().chain([bright; 7]).chain([false]));
    let bits: Vec<bool> = bits.collect();
    let byte = |bits: &[bool]| bits.iter().enumerate().fold(0, |byte, (at, bit)| byte | u8::from(*bit) << (7 - at));
    file.extend(bits.chunks(8).map(byte));
    file.extend([0xff, 0xd9]);
    file
}

#[test]
fn a_printers_file_becomes_a_photo() {
    for (bright, expected) in [([true; 4], true), ([true, true, true, false], false)] {
        let picture = decoded(&clean(&four_components(bright)).unwrap().large);
        assert_eq!(picture.dimensions(), (8, 8));
        assert_eq!(picture.get_pixel(4, 4).0[0] > 128, expected, "{bright:?}");
    }
}
