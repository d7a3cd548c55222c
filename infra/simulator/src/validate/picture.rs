//! Reads width and height out of JPEG and PNG files.

/// Width and height in pixels, if the bytes are a picture of that content type.
pub(crate) fn size(bytes: &[u8], content_type: &str) -> Option<(u64, u64)> {
    match content_type {
        "image/png" => png(bytes),
        "image/jpeg" => jpeg(bytes),
        _ => None,
    }
}

fn png(bytes: &[u8]) -> Option<(u64, u64)> {
    let header = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    if header.get(4..8)? != b"IHDR" {
        return None;
    }
    let side =
        |at: usize| -> Option<u64> { Some(u64::from(u32::from_be_bytes(header.get(at..at + 4)?.try_into().ok()?))) };
    Some((side(8)?, side(12)?))
}

/// Walks the segments up to the frame header, which holds the size.
fn jpeg(bytes: &[u8]) -> Option<(u64, u64)> {
    let mut rest = bytes.strip_prefix(b"\xff\xd8")?;
    loop {
        let [0xff, marker, tail @ ..] = rest else { return None };
        if *marker == 0xff {
            rest = &rest[1..];
            continue;
        }
        let length = usize::from(u16::from_be_bytes(tail.get(..2)?.try_into().ok()?));
        // Frame headers are C0 to CF, without the tables C4, C8 and CC.
        if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            let side = |at: usize| -> Option<u64> {
                Some(u64::from(u16::from_be_bytes(tail.get(at..at + 2)?.try_into().ok()?)))
            };
            return Some((side(5)?, side(3)?));
        }
        rest = tail.get(length..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_picture_has_its_size() {
        let picture = include_bytes!("../../assets/picture.jpg");
        assert_eq!(size(picture, "image/jpeg"), Some((320, 240)));
        assert_eq!(size(picture, "image/png"), None);
        assert_eq!(size(&picture[..100.min(picture.len())], "image/jpeg").filter(|size| *size != (320, 240)), None);
    }

    #[test]
    fn a_png_header_is_read() {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        png.extend([0, 0, 9, 196, 0, 0, 6, 150]);
        assert_eq!(size(&png, "image/png"), Some((2500, 1686)));
        for cut in 0..png.len() {
            assert_eq!(size(&png[..cut], "image/png"), None);
        }
    }
}
