//! Files as cameras, scanners and pranksters make them: what is seen of them, and what becomes of their pictures.

use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, GenericImageView as _, ImageEncoder, Rgb};

use super::testing::{contains, decoded, encoded, exif, flag, is_red, photo, promise};
use super::*;

const BOUNDS: Bounds = Bounds { pixels: 1_000_000, side: 2_000, bytes: 50_000_000 };

fn picture(file: &[u8]) -> Result<DynamicImage, Fault> {
    decode(file, &BOUNDS, 200).map(|decoded| decoded.image)
}

/// A quarter each: red, green; blue, white.
fn quarters() -> DynamicImage {
    let color = |x, y| match (x < 32, y < 16) {
        (true, true) => Rgb([255, 0, 0]),
        (false, true) => Rgb([0, 255, 0]),
        (true, false) => Rgb([0, 0, 255]),
        (false, false) => Rgb([255, 255, 255]),
    };
    DynamicImage::ImageRgb8(RgbImage::from_fn(64, 32, color))
}

/// The colours of the corners, by line.
fn corners(image: &DynamicImage) -> String {
    let (right, bottom) = (image.width() - 4, image.height() - 4);
    let letter = |(x, y)| match image.get_pixel(x, y).0.map(|value| value > 128) {
        [true, false, false, _] => 'R',
        [false, true, false, _] => 'G',
        [false, false, true, _] => 'B',
        [true, true, true, _] => 'W',
        _ => '?',
    };
    [(4, 4), (right, 4), (4, bottom), (right, bottom)].into_iter().map(letter).collect()
}

#[test]
fn however_the_camera_was_held_the_picture_is_upright() {
    for (orientation, expected) in
        [(1, "RGBW"), (2, "GRWB"), (3, "WBGR"), (4, "BWRG"), (5, "RBGW"), (6, "BRWG"), (7, "WGBR"), (8, "GWRB")]
    {
        let upright = picture(&photo(&quarters(), exif(orientation))).unwrap();
        assert_eq!(corners(&upright), expected, "{orientation}");
        let lies = [5, 6, 7, 8].contains(&orientation);
        assert_eq!(upright.dimensions(), if lies { (32, 64) } else { (64, 32) }, "{orientation}");
    }
    for none in [0, 9, 255] {
        assert_eq!(corners(&picture(&photo(&quarters(), exif(none))).unwrap()), "RGBW", "{none}");
    }
}

#[test]
fn the_other_formats_say_how_the_camera_was_held_too() {
    let mut png = Vec::new();
    let mut encoder = PngEncoder::new(&mut png);
    encoder.set_exif_metadata(exif(6)).unwrap();
    encoder.write_image(quarters().as_bytes(), 64, 32, ExtendedColorType::Rgb8).unwrap();
    let mut webp = Vec::new();
    let mut encoder = WebPEncoder::new_lossless(&mut webp);
    encoder.set_exif_metadata(exif(6)).unwrap();
    encoder.write_image(quarters().as_bytes(), 64, 32, ExtendedColorType::Rgb8).unwrap();
    for (name, file) in [("PNG", png), ("WebP", webp)] {
        assert!(contains(&file, b"MY-GARDEN"), "{name}");
        let Decoded { image, exif } = decode(&file, &BOUNDS, 200).unwrap();
        assert_eq!((corners(&image).as_str(), image.dimensions()), ("BRWG", (32, 64)), "{name}");
        assert!(contains(&exif.unwrap(), b"MY-GARDEN"), "{name}");
    }
}

#[test]
fn no_side_is_longer_than_was_asked_for() {
    for ((width, height), expected) in
        [((400, 100), (200, 50)), ((100, 400), (50, 200)), ((200, 200), (200, 200)), ((1, 2_000), (1, 200))]
    {
        assert_eq!(picture(&encoded(&flag(width, height), ImageFormat::Png)).unwrap().dimensions(), expected);
    }
    let lying = picture(&photo(&flag(400, 100), exif(6))).unwrap();
    assert_eq!(lying.dimensions(), (50, 200));
    assert!(is_red(&lying, 45, 100) && !is_red(&lying, 5, 100));
}

#[test]
fn a_pixel_is_the_average_of_those_that_it_stands_for() {
    let line = [[0, 10, 20], [90, 90, 90], [255, 255, 255]].map(Rgb);
    let image = RgbImage::from_fn(3, 6, |x, _| line[usize::try_from(x).unwrap()]);
    let small = shrunk(&DynamicImage::ImageRgb8(image), 4).into_rgb8();
    assert_eq!(small.dimensions(), (2, 4));
    for y in 0..4 {
        assert_eq!([0, 1].map(|x| small.get_pixel(x, y).0), [[0, 10, 20], [173; 3]]);
    }
}

#[test]
fn nothing_is_decoded_beyond_its_bounds() {
    for (width, height) in [(2_001, 1), (1, 2_001), (2_000, 501), (50_000, 50_000), (u32::MAX >> 1, 1)] {
        assert_eq!(picture(&promise(width, height)), Err(Fault::TooLarge), "{width} x {height}");
    }
    assert_eq!(picture(&promise(2_000, 500)), Err(Fault::Broken), "a promise that is not kept");
    let file = encoded(&flag(100, 100), ImageFormat::Png);
    for (bytes, expected) in [(29_999, Some(Fault::TooLarge)), (30_000, None)] {
        assert_eq!(decode(&file, &Bounds { bytes, ..BOUNDS }, 200).err(), expected);
    }
}

/// A JPEG file of headers alone, with this frame and the first scan of so many components.
fn headers(frame: u8, size: u16, sampling: &[u8], in_scan: u8) -> Vec<u8> {
    let components = u8::try_from(sampling.len()).unwrap();
    let mut file = vec![0xff, 0xd8, 0xff, 0xff, 0xfe, 0, 4, b'h', b'i', 0xff, frame, 0, 8 + 3 * components, 8];
    file.extend(size.to_be_bytes().into_iter().chain(size.to_be_bytes()).chain([components]));
    file.extend(sampling.iter().zip(1..).flat_map(|(sampling, id)| [id, *sampling, 0]));
    file.extend([0xff, 0xda, 0, 6 + 2 * in_scan, in_scan]);
    file.extend((1..=in_scan).flat_map(|id| [id, 0]).chain([0, 63, 0, 1, 2, 3, 0xff, 0xd9]));
    file
}

fn beside(file: &[u8]) -> Option<u64> {
    jpeg::look(file).map(|look| look.beside)
}

#[test]
fn what_decoding_a_jpeg_costs_stands_in_its_headers() {
    let usual = [0x22, 0x11, 0x11];
    assert_eq!(beside(&headers(0xc0, 4_000, &usual, 3)), Some(0), "one scan brings all");
    assert_eq!(beside(&headers(0xc1, 4_000, &usual, 3)), Some(0));
    // A byte and a half of samples for each pixel, as two bytes each.
    assert_eq!(beside(&headers(0xc2, 4_000, &usual, 3)), Some(48_000_000), "a progressive one");
    assert_eq!(beside(&headers(0xc0, 4_000, &usual, 1)), Some(48_000_000), "a scan for each component");
    assert_eq!(beside(&headers(0xc2, 4_000, &[0x11; 4], 4)), Some(128_000_000));
    assert_eq!(beside(&headers(0xc2, 1, &usual, 3)), Some(2 * 384), "whole units are kept");
    let enough = Bounds { pixels: 20_000_000, side: 4_000, bytes: 96_000_000 };
    let file = headers(0xc2, 4_000, &usual, 3);
    let fault = |bounds: Bounds| decode(&file, &bounds, 200).map(drop);
    assert_eq!(fault(Bounds { bytes: 95_999_999, ..enough }), Err(Fault::TooLarge));
    assert_ne!(fault(enough), Err(Fault::TooLarge));
}

#[test]
fn of_several_notes_the_first_of_its_kind_counts_and_stuffing_is_passed_over() {
    let note = |text: &[u8]| [&[0xff, 0xe1, 0, u8::try_from(text.len() + 2).unwrap()], text].concat();
    let (whole, exif) = (headers(0xc0, 8, &[0x11], 1), note(b"Exif\0\0notes"));
    for notes in [
        [note(b"http"), exif.clone()].concat(),
        [exif.clone(), note(b"http")].concat(),
        [exif.clone(), note(b"Exif\0\0other")].concat(),
        // As some write between their segments: a byte of 255 that is none, or nothing at all.
        [&[0xff, 0, 0xff, 0xff], &exif[1..]].concat(),
        [&[0; 3], &exif[..]].concat(),
    ] {
        let file = [&whole[..2], &notes, &whole[2..]].concat();
        assert_eq!(jpeg::look(&file).unwrap().exif, Some(&b"notes"[..]), "{notes:?}");
    }
}

#[test]
fn a_jpeg_without_a_picture_or_an_end_is_broken() {
    let whole = headers(0xc0, 8, &[0x11], 1);
    assert_eq!(beside(&whole), Some(0));
    for end in 0..whole.len() - 1 {
        assert_eq!(beside(&whole[..end]), None, "{end}");
    }
    let no_frame = headers(0xc4, 8, &[0x11], 1);
    assert_eq!(beside(&no_frame), None);
    let mut ends_early = whole.clone();
    ends_early[4] = 0xd9;
    assert_eq!(beside(&ends_early), None);
}

#[test]
fn a_jpeg_of_countless_parts_is_broken() {
    let whole = headers(0xc0, 8, &[0x11], 1);
    let (scan, note) = (&whole[whole.len() - 15..whole.len() - 2], &whole[2..9]);
    let with_scans = |scans: usize| [&whole[..whole.len() - 2], &scan.repeat(scans), &[0xff, 0xd9]].concat();
    assert_eq!(beside(&with_scans(500)), Some(0));
    assert_eq!(beside(&with_scans(501)), None);
    let after_the_end = [&whole[..], &scan.repeat(501)].concat();
    assert_eq!(beside(&after_the_end), None, "a decoder might go on");
    let with_notes = |notes: usize| [&whole[..2], &note.repeat(notes), &whole[2..]].concat();
    assert_eq!(beside(&with_notes(900)), Some(0));
    assert_eq!(beside(&with_notes(1_000)), None);
}

/// A WebP file of these chunks.
fn webp(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let chunks: Vec<u8> = chunks.iter().flat_map(|(kind, data)| chunk(**kind, data)).collect();
    let size = u32::try_from(chunks.len() + 4).unwrap();
    [b"RIFF", &size.to_le_bytes()[..], b"WEBP", &chunks].concat()
}

fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let size = u32::try_from(data.len()).unwrap();
    [&kind, &size.to_le_bytes()[..], data, &vec![0; data.len() % 2]].concat()
}

/// What says of a WebP file with notes or frames how large it is.
fn canvas(flags: u8, side: u32) -> Vec<u8> {
    let side = (side - 1).to_le_bytes();
    [&[flags, 0, 0, 0], &side[..3], &side[..3]].concat()
}

/// The beginning of a frame of the lossy kind that says to have sides of so many pixels.
fn frame(side: u16) -> Vec<u8> {
    [&[0x10, 0, 0, 0x9d, 0x01, 0x2a], &side.to_le_bytes()[..], &side.to_le_bytes()].concat()
}

#[test]
fn a_webp_that_lies_about_its_size_is_not_believed() {
    assert_eq!(picture(&webp(&[(b"VP8X", &canvas(0, 8)), (b"VP8 ", &frame(8))])), Err(Fault::Broken));
    assert_eq!(picture(&webp(&[(b"VP8X", &canvas(0, 8)), (b"VP8 ", &frame(16_383))])), Err(Fault::TooLarge));
    assert_eq!(picture(&webp(&[(b"VP8X", &canvas(0, 16_777_216))])), Err(Fault::Broken));
    assert_eq!(picture(&webp(&[(b"VP8X", &canvas(0, 16_000)), (b"VP8 ", &frame(16_000))])), Err(Fault::TooLarge));
    let moving = [&[0; 16][..], &chunk(*b"VP8 ", &frame(16_383))].concat();
    let moving = webp(&[(b"VP8X", &canvas(2, 8)), (b"ANIM", &[0; 6]), (b"ANMF", &moving)]);
    assert_eq!(picture(&moving), Err(Fault::TooLarge));
}

#[test]
fn a_webp_whose_parts_are_not_all_there_is_broken() {
    let still = encoded(&flag(64, 64), ImageFormat::WebP);
    let mut file = webp(&[(b"VP8X", &canvas(8, 64)), (b"VP8L", &still[20..]), (b"EXIF", b"notes")]);
    picture(&file).unwrap();
    // Four gigabytes of notes.
    let size = file.len() - 10;
    file[size..size + 4].copy_from_slice(&[0xff; 4]);
    assert_eq!(picture(&file), Err(Fault::Broken));
    // Half a chunk, within the length that the file names.
    file.truncate(size + 2);
    let length = u32::try_from(file.len() - 8).unwrap();
    file[4..8].copy_from_slice(&length.to_le_bytes());
    assert_eq!(picture(&file), Err(Fault::Broken));
}

#[test]
fn of_a_moving_picture_the_first_one_is_taken() {
    let still = encoded(&quarters(), ImageFormat::WebP);
    let place_size_time = [[0; 6], [63, 0, 0, 31, 0, 0], [10, 0, 0, 0, 0, 0]].concat();
    let first = [&place_size_time[..16], &still[12..]].concat();
    let second = [&place_size_time[..16], &chunk(*b"VP8L", b"broken")].concat();
    let mut size = canvas(2, 64);
    size[7] = 31;
    let moving = webp(&[(b"VP8X", &size), (b"ANIM", &[0; 6]), (b"ANMF", &first), (b"ANMF", &second)]);
    assert_eq!(corners(&picture(&moving).unwrap()), "RGBW");
}

#[test]
fn what_follows_the_end_of_a_file_is_no_part_of_it() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let file = [encoded(&quarters(), format), b"MOVING".repeat(1_000)].concat();
        assert_eq!(corners(&picture(&file).unwrap()), "RGBW", "{format:?}");
    }
}

#[test]
fn a_file_that_breaks_off_anywhere_is_broken() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let file = encoded(&quarters(), format);
        for part in 1..8 {
            let end = (file.len() * part / 8).max(12);
            assert_eq!(picture(&file[..end]), Err(Fault::Broken), "{format:?} {part}/8");
        }
    }
}

#[test]
fn heif_files_are_told_from_their_kin() {
    let file = |brands: &[&[u8]]| {
        let length = u32::try_from(8 + 4 * brands.len()).unwrap();
        [&length.to_be_bytes()[..], b"ftyp", &brands.concat(), b"\0\0\0\x08mdat"].concat()
    };
    for heif in [
        &[&b"heic"[..], b"\0\0\0\0", b"mif1"][..],
        &[b"mif1", b"\0\0\0\0", b"heic"],
        &[b"MiPr", b"\0\0\0\0", b"miaf", b"heic"],
        &[b"msf1", b"\0\0\0\0"],
        &[b"avif", b"\0\0\0\0"],
    ] {
        assert_eq!(picture(&file(heif)), Err(Fault::Heic), "{heif:?}");
    }
    for other in [&[&b"isom"[..], b"\0\0\0\0", b"mp42"][..], &[b"qt  ", b"heic"], &[]] {
        assert_eq!(picture(&file(other)), Err(Fault::OtherFormat), "{other:?}");
    }
    assert_eq!(picture(b"\0\0\0\x18ftyphei"), Err(Fault::OtherFormat));
    assert_eq!(picture(b"\0\0\0\x04ftypheic"), Err(Fault::OtherFormat));
}

#[test]
fn a_decoder_that_panics_has_met_a_broken_file() {
    assert_eq!(unharmed(|| -> Result<(), Fault> { panic!("as the test says") }), Err(Fault::Broken));
    assert_eq!(unharmed(|| Ok(1)), Ok(1));
}

#[test]
fn a_jpeg_holds_the_picture_and_nothing_else() {
    let file = jpeg(&quarters(), 85).unwrap();
    assert_eq!(corners(&decoded(&file)), "RGBW");
    assert_eq!(jpeg(&DynamicImage::new_luma8(8, 8), 85).unwrap(), jpeg(&DynamicImage::new_rgb8(8, 8), 85).unwrap());
}
