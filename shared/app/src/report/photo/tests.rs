//! What is kept of a file: two pictures, a fingerprint, perhaps a place; or the fact why there is nothing.

mod nasty;
mod notes;

use image::{GenericImageView as _, ImageFormat};

use super::*;
use crate::images::testing::{contains, decoded, encoded, flag, is_red, photo};

#[test]
fn a_photo_is_kept_in_two_sizes_with_its_fingerprint() {
    for (size, large, small) in [
        ((3_000, 1_500), (2_048, 1_024), (480, 240)),
        ((500, 1_000), (500, 1_000), (240, 480)),
        ((40, 20), (40, 20), (40, 20)),
    ] {
        let photo = clean(&encoded(&flag(size.0, size.1), ImageFormat::Jpeg)).unwrap();
        assert_eq!((photo.width, photo.height), large);
        for (file, expected) in [(&photo.large, large), (&photo.small, small)] {
            let picture = decoded(file);
            assert_eq!(picture.dimensions(), expected);
            assert!(is_red(&picture, 4, 2) && !is_red(&picture, 4, expected.1 - 3));
        }
        assert_eq!(photo.sha, hex(&Sha256::digest(&photo.large)));
        assert_eq!(photo.gps, None);
    }
}

#[test]
fn the_same_file_gives_the_same_photo() {
    let file = encoded(&flag(640, 480), ImageFormat::Png);
    assert_eq!(clean(&file).unwrap(), clean(&file).unwrap());
    assert_ne!(clean(&file).unwrap().sha, clean(&encoded(&flag(640, 481), ImageFormat::Png)).unwrap().sha);
}

/// A segment of a JPEG file.
fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len() + 2).unwrap();
    [&[0xff, marker], &length.to_be_bytes()[..], data].concat()
}

#[test]
fn nothing_stays_of_what_stood_beside_the_picture() {
    let place = notes::gps([b"N", b"E"], [[(35, 1), (7, 1), (24_444, 1_000)], [(139, 1), (7, 1), (24_444, 1_000)]]);
    let bare = photo(&flag(64, 48), place);
    let mut file = bare[..2].to_vec();
    for (marker, head) in [
        (0xe1, &b"http://ns.adobe.com/xap/1.0/\0"[..]),
        (0xe2, b"ICC_PROFILE\0\x01\x01"),
        (0xe2, b"MPF\0"),
        (0xed, b"Photoshop 3.0\0"),
        (0xef, b""),
        (0xfe, b""),
    ] {
        file.extend(segment(marker, &[head, b"MY-GARDEN"].concat()));
    }
    file.extend(&bare[2..]);
    file.extend(b"MY-GARDEN");
    assert!(contains(&file, b"MY-GARDEN") && contains(&file, b"Exif"));
    let photo = clean(&file).unwrap();
    assert_eq!(photo.gps.unwrap().text(), "35.12346,139.12346");
    for kept in [&photo.large, &photo.small] {
        for mark in [&b"MY-GARDEN"[..], b"Exif", b"adobe", b"ICC_PROFILE", b"MPF", b"Photoshop"] {
            assert!(!contains(kept, mark));
        }
        assert_eq!(markers(kept), [0xe0, 0xc0, 0xdb, 0xdb, 0xc4, 0xc4, 0xc4, 0xc4, 0xda], "what a decoder needs");
        assert!(kept.ends_with(&[0xff, 0xd9]));
    }
    assert_eq!(format!("{photo:?}"), format!("CleanPhoto({} bytes, {} bytes)", photo.large.len(), photo.small.len()));
}

/// The segments of a JPEG file up to its picture.
fn markers(file: &[u8]) -> Vec<u8> {
    let (mut rest, mut markers) = (&file[2..], Vec::new());
    while let [0xff, marker, high, low, ..] = *rest {
        markers.push(marker);
        if marker == 0xda {
            break;
        }
        rest = &rest[2 + usize::from(u16::from_be_bytes([high, low]))..];
    }
    markers
}
