//! What of a picture nobody is to recognise: each marked part becomes one flat colour, and no two of its pixels differ.
//!
//! Whoever knows how it was made can try every number until one gives the same blur, or the same few blocks. Of one rounded colour there is
//! nothing to try: so many numbers and faces give the same.

use domain::report::release::Area;
use image::{Rgb, RgbImage};

/// A colour's parts are rounded to the middle of steps so long: the mean alone must not tell one number from another.
const STEP: u64 = 32;

/// Makes these parts unrecognisable.
pub(super) fn blur(picture: &mut RgbImage, areas: &[Area]) {
    for area in areas {
        let (columns, rows) = (area.columns(picture.width()), area.rows(picture.height()));
        let all = || rows.clone().flat_map(|y| columns.clone().map(move |x| (x, y)));
        let (mut sums, mut count) = ([0_u64; 3], 0_u64);
        for (x, y) in all() {
            for (sum, value) in sums.iter_mut().zip(picture.get_pixel(x, y).0) {
                *sum += u64::from(value);
            }
            count += 1;
        }
        let colour = sums.map(|sum| rounded(sum / count.max(1)));
        for (x, y) in all() {
            picture.put_pixel(x, y, Rgb(colour));
        }
    }
}

fn rounded(part: u64) -> u8 {
    u8::try_from(part / STEP * STEP + STEP / 2).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture in which no two neighbours are alike.
    fn noise(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, y| {
            let at = x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503).rotate_left(7);
            let [red, green, blue, _] = at.wrapping_mul(2_246_822_519).to_le_bytes();
            Rgb([red, green, blue])
        })
    }

    fn colours(picture: &RgbImage, columns: std::ops::Range<u32>, rows: std::ops::Range<u32>) -> usize {
        let all: std::collections::BTreeSet<[u8; 3]> =
            rows.flat_map(|y| columns.clone().map(move |x| (x, y))).map(|(x, y)| picture.get_pixel(x, y).0).collect();
        all.len()
    }

    #[test]
    fn a_marked_part_has_one_colour_and_the_rest_is_as_it_was() {
        let before = noise(800, 600);
        let mut after = before.clone();
        blur(&mut after, &[Area::new(250, 500, 250, 100).unwrap()]);
        assert!(colours(&before, 200..400, 300..360) > 10_000);
        assert_eq!(colours(&after, 200..400, 300..360), 1);
        for (x, y, pixel) in after.enumerate_pixels() {
            let is_inside = (200..400).contains(&x) && (300..360).contains(&y);
            assert!(is_inside || before.get_pixel(x, y) == pixel, "{x} {y}");
        }
    }

    #[test]
    fn parts_that_differ_in_what_is_written_in_them_become_alike() {
        // Strokes on a white plate, at another place in each: their means differ by little.
        let plate = |stroke: u32| {
            RgbImage::from_fn(100, 50, |x, _| if x % 10 < 3 && x / 10 != stroke { Rgb([20; 3]) } else { Rgb([230; 3]) })
        };
        let blurred = |stroke: u32| {
            let mut picture = plate(stroke);
            blur(&mut picture, &[Area::new(0, 0, 1_000, 1_000).unwrap()]);
            picture
        };
        assert_ne!(plate(2), plate(7));
        assert_eq!(blurred(2), blurred(7));
        assert_eq!(blurred(2), blurred(10), "one stroke more or less");
    }

    #[test]
    fn every_pixel_that_a_part_touches_is_covered() {
        // A hundred pixels: of 995 thousandths the last pixel is touched, of 5 the first.
        for (area, at) in [(Area::new(995, 0, 5, 1_000), 99), (Area::new(0, 0, 5, 1_000), 0)] {
            let before = noise(100, 50);
            let mut after = before.clone();
            blur(&mut after, &[area.unwrap()]);
            assert_eq!(colours(&after, at..at + 1, 0..50), 1);
            assert_ne!(after, before);
        }
    }

    #[test]
    fn whatever_the_picture_and_the_part_it_holds() {
        for (width, height) in [(1, 1), (1, 2_048), (2_048, 1), (7, 5), (41, 39)] {
            for (left, top, wide, high) in [(0, 0, 1_000, 1_000), (999, 999, 1, 1), (0, 0, 1, 1), (333, 333, 334, 1)] {
                let mut picture = noise(width, height);
                blur(&mut picture, &[Area::new(left, top, wide, high).unwrap()]);
                assert_eq!(picture.dimensions(), (width, height));
            }
        }
        let mut whole = noise(2_048, 1_536);
        blur(&mut whole, &[Area::new(0, 0, 1_000, 1_000).unwrap()]);
        assert_eq!(colours(&whole, 0..2_048, 0..1_536), 1);
        for (colour, rounded) in [(0, 16), (31, 16), (32, 48), (255, 240)] {
            let mut even = RgbImage::from_pixel(3, 3, Rgb([colour; 3]));
            blur(&mut even, &[Area::new(0, 0, 1_000, 1_000).unwrap()]);
            assert_eq!(even.get_pixel(1, 1).0, [rounded; 3]);
        }
    }
}
