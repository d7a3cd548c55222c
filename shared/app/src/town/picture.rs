//! What kind of picture some bytes are, and how large, from its first bytes: nothing is decoded.

/// What a picture says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Picture {
    /// PNG or JPEG.
    pub format: PictureFormat,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// The formats that a rich menu takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureFormat {
    /// `image/png`
    Png,
    /// `image/jpeg`
    Jpeg,
}

/// Looks at a picture; `None` if it is neither PNG nor JPEG.
#[must_use]
pub fn look(bytes: &[u8]) -> Option<Picture> {
    png(bytes).or_else(|| jpeg(bytes))
}

fn png(bytes: &[u8]) -> Option<Picture> {
    let header = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    if header.get(4..8)? != b"IHDR" {
        return None;
    }
    let number = |at: usize| Some(u32::from_be_bytes(header.get(at..at + 4)?.try_into().ok()?));
    Some(Picture { format: PictureFormat::Png, width: number(8)?, height: number(12)? })
}

/// Walks the segments up to the one that starts the frame; each step moves on, so it ends.
fn jpeg(bytes: &[u8]) -> Option<Picture> {
    let mut rest = bytes.strip_prefix(b"\xff\xd8")?;
    loop {
        let (&[0xff, marker, high, low], _) = rest.split_first_chunk::<4>()? else { return None };
        let length = usize::from(u16::from_be_bytes([high, low]));
        // C4, C8 and CC share the range of the frames and are none.
        if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            let number = |at: usize| Some(u32::from(u16::from_be_bytes(rest.get(at..at + 2)?.try_into().ok()?)));
            return Some(Picture { format: PictureFormat::Jpeg, height: number(5)?, width: number(7)? });
        }
        rest = rest.get(2 + length.max(2)..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_is_read_from_the_first_bytes() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x09\xc4\0\0\x06\x96\x08\x06";
        let seen = look(png).unwrap();
        assert_eq!((seen.format, seen.width, seen.height), (PictureFormat::Png, 2500, 1686));
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc4\0\x03z\xff\xc2\0\x11\x08\x03\x4b\x09\xc4\x03";
        let seen = look(jpeg).unwrap();
        assert_eq!((seen.format, seen.width, seen.height), (PictureFormat::Jpeg, 2500, 843));
    }

    #[test]
    fn anything_else_is_no_picture() {
        for bytes in
            [&b""[..], b"GIF89a", b"\x89PNG\r\n\x1a\n", b"\xff\xd8", b"\xff\xd8\xff\xe0\0\0", b"\xff\xd8\0\0\0\0"]
        {
            assert_eq!(look(bytes), None, "{bytes:?}");
        }
    }
}
