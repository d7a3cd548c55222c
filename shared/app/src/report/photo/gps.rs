//! The place that a camera noted in a photo: a suggestion, and only if it makes sense.

use domain::report::place::Point;
use exif::{Exif, In, Rational, Reader, Tag, Value};

/// What a camera notes has some kilobytes. The rest would be a picture within the picture.
const NOTES_BYTES_MAX: usize = 1_000_000;

/// The place in what a camera noted (Exif 2.32, 4.6.6), if there is one.
pub(super) fn point(notes: Vec<u8>) -> Option<Point> {
    if notes.len() > NOTES_BYTES_MAX {
        return None;
    }
    // One odd entry says nothing against the others.
    let read = Reader::new().continue_on_error(true).read_raw(notes);
    let exif = read.or_else(|error| error.distill_partial_result(drop)).ok()?;
    let lat = degrees(&exif, Tag::GPSLatitude, Tag::GPSLatitudeRef, [b"N", b"S"])?;
    let lon = degrees(&exif, Tag::GPSLongitude, Tag::GPSLongitudeRef, [b"E", b"W"])?;
    // Off the coast of Africa is where cameras are that do not know where they are.
    if lat == 0.0 && lon == 0.0 {
        return None;
    }
    Point::new(lat, lon).ok()
}

/// Degrees, minutes and seconds, and on which side of zero.
fn degrees(exif: &Exif, angle: Tag, side: Tag, [above, below]: [&[u8]; 2]) -> Option<f64> {
    let Value::Rational(parts) = &exif.get_field(angle, In::PRIMARY)?.value else { return None };
    let &[degrees, minutes, seconds] = parts.as_slice() else { return None };
    let (degrees, minutes, seconds) = (number(degrees)?, number(minutes)?, number(seconds)?);
    if minutes >= 60.0 || seconds >= 60.0 {
        return None;
    }
    let angle = degrees + minutes / 60.0 + seconds / 3_600.0;
    let Value::Ascii(side) = &exif.get_field(side, In::PRIMARY)?.value else { return None };
    match side.first()?.as_slice() {
        side if side == above => Some(angle),
        side if side == below => Some(-angle),
        _ => None,
    }
}

fn number(Rational { num, denom }: Rational) -> Option<f64> {
    (denom != 0).then(|| f64::from(num) / f64::from(denom))
}
