//! The chunks of a WebP file (RFC 9649), as far as they say what decoding it costs, and whether they are all there.
//!
//! The decoder itself believes a chunk that says to have gigabytes, and the size that stands in a frame before it compares it with the file's.

use super::Look;

/// What stands before the chunks: `RIFF`, the length of what follows, `WEBP`.
const FILE_HEADER: usize = 12;
/// Bytes that are needed for each pixel: planes of its own, and those of a mask.
const BESIDE_STILL: u64 = 8;
/// And in a moving picture, which has a frame and a canvas too.
const BESIDE_MOVING: u64 = 16;
/// What stands before the chunks of a frame of a moving picture: where it is, its size, how long it is shown.
const FRAME_HEADER: usize = 16;

/// Looks at a file's chunks; `None` if they are not all there.
pub(super) fn look(file: &[u8]) -> Option<Look<'_>> {
    // What follows the end it names itself is no part of it.
    let end = size(file.get(4..8)?)?.checked_add(8)?;
    let bytes = file.get(..end)?;
    let (mut exif, mut pixels, mut beside_each) = (None, 0, BESIDE_STILL);
    for chunk in Chunks(bytes.get(FILE_HEADER..)?) {
        let (kind, data) = chunk?;
        match kind {
            b"EXIF" if exif.is_none() => exif = Some(data.strip_prefix(b"Exif\0\0").unwrap_or(data)),
            b"VP8 " => pixels = pixels.max(pixels_of(data)?),
            b"ANMF" => {
                beside_each = BESIDE_MOVING;
                for part in Chunks(data.get(FRAME_HEADER..)?) {
                    if let (b"VP8 ", data) = part? {
                        pixels = pixels.max(pixels_of(data)?);
                    }
                }
            }
            _ => {}
        }
    }
    Some(Look { bytes, exif, pixels, beside: 0, beside_each })
}

/// Chunks, one after another; `None` for one that is not all there, and then no more.
struct Chunks<'a>(&'a [u8]);

impl<'a> Iterator for Chunks<'a> {
    type Item = Option<(&'a [u8; 4], &'a [u8])>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = std::mem::take(&mut self.0);
        if rest.is_empty() {
            return None;
        }
        let Some((kind, rest)) = rest.split_first_chunk::<4>() else { return Some(None) };
        let whole = size(rest).and_then(|size| rest.get(4..)?.split_at_checked(size));
        let Some((data, rest)) = whole else { return Some(None) };
        // A chunk of odd length is followed by a byte that says nothing.
        self.0 = rest.get(data.len() % 2..).unwrap_or_default();
        Some(Some((kind, data)))
    }
}

fn size(bytes: &[u8]) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(*bytes.first_chunk()?)).ok()
}

/// How many pixels a frame of the lossy kind says to have (RFC 6386, 9.1).
fn pixels_of(frame: &[u8]) -> Option<u64> {
    let [_, _, _, 0x9d, 0x01, 0x2a, w0, w1, h0, h1, ..] = frame else { return None };
    let side = |low, high| u64::from(u16::from_le_bytes([low, high]) & 0x3fff);
    Some(side(*w0, *w1) * side(*h0, *h1))
}
