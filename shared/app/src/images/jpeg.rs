//! The headers of a JPEG file (ITU-T T.81, annex B), as far as they say what decoding it costs, and whether it has an end.
//!
//! The decoder itself fills up with grey what breaks off; has no bound for what it keeps of a file whose samples come in several scans,
//! nor for how many scans there are; and looks at all earlier segments of one kind whenever another one comes.

use super::Look;

/// A file has at most so many segments before its picture. Cameras write some 30; one of a long kind for each 64 KB.
const SEGMENTS_MAX: usize = 1_000;
/// And at most so many scans; each can cost as much as the whole picture. Encoders write some 10. What follows the picture counts too, so
/// that nothing can pass for its end: 20 MB of a film have 300 places that look like the beginning of a scan.
const SCANS_MAX: usize = 500;

const SOF0: u8 = 0xc0;
const SOF1: u8 = 0xc1;
const SOF2: u8 = 0xc2;
const EOI: u8 = 0xd9;
const SOS: u8 = 0xda;
const APP1: u8 = 0xe1;
/// With this begins a segment of the kind `APP1` that holds what the camera noted.
const EXIF: &[u8] = b"Exif\0\0";

/// The frame header, as far as it matters.
struct Frame {
    is_progressive: bool,
    components: u8,
    samples: u64,
}

/// Looks at a file up to its first scan; `None` if it has no picture, or no end.
pub(super) fn look(file: &[u8]) -> Option<Look<'_>> {
    let (mut rest, mut frame, mut exif) = (file.get(2..)?, None, None);
    for _ in 0..SEGMENTS_MAX {
        let marker;
        (marker, rest) = next_marker(rest)?;
        if stands_alone(marker) {
            continue;
        }
        let length = usize::from(u16::from_be_bytes(*rest.first_chunk()?));
        let segment = rest.get(2..length)?;
        rest = &rest[length..];
        match marker {
            SOF0..=SOF2 => frame = Some(read_frame(segment, marker)?),
            APP1 if exif.is_none() => exif = segment.strip_prefix(EXIF),
            SOS => {
                let Frame { is_progressive, components, samples } = frame?;
                let in_one_scan = !is_progressive && *segment.first()? == components;
                let beside = if in_one_scan { 0 } else { samples.saturating_mul(2) };
                return is_whole(rest).then_some(Look { bytes: file, exif, pixels: 0, beside, beside_each: 0 });
            }
            EOI => return None,
            _ => {}
        }
    }
    None
}

/// The next marker and what follows it. Whatever stands before it is passed over, as decoders do.
fn next_marker(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let begin = bytes.iter().position(|byte| *byte == 0xff)?;
    let at = begin + bytes[begin..].iter().position(|byte| !matches!(byte, 0xff | 0))?;
    Some((bytes[at], &bytes[at + 1..]))
}

/// Whether nothing belongs to a marker: `TEM`, `RST0` to `RST7`, `SOI`.
fn stands_alone(marker: u8) -> bool {
    matches!(marker, 0x01 | 0xd0..=0xd8)
}

fn read_frame(segment: &[u8], marker: u8) -> Option<Frame> {
    let [_, h1, h0, w1, w0, components, each @ ..] = segment else { return None };
    let (height, width) = (u64::from(u16::from_be_bytes([*h1, *h0])), u64::from(u16::from_be_bytes([*w1, *w0])));
    let sampling = each.chunks_exact(3).map(|one| (u64::from(one[1] >> 4), u64::from(one[1] & 0xf)));
    let sampling: Vec<(u64, u64)> = sampling.collect();
    let across = sampling.iter().map(|(across, _)| *across).max()?.max(1);
    let down = sampling.iter().map(|(_, down)| *down).max()?.max(1);
    // Each component is kept in whole units of all of them.
    let units = width.div_ceil(8 * across) * height.div_ceil(8 * down);
    let samples = sampling.iter().map(|(across, down)| units * 64 * across * down).sum();
    Some(Frame { is_progressive: marker != SOF0 && marker != SOF1, components: *components, samples })
}

/// Whether the end of the picture comes, and not too many scans: within what is coded a byte of 255 is never followed by these.
fn is_whole(coded: &[u8]) -> bool {
    let markers = || coded.windows(2).filter(|pair| pair[0] == 0xff);
    markers().any(|pair| pair[1] == EOI) && markers().filter(|pair| pair[1] == SOS).nth(SCANS_MAX).is_none()
}
