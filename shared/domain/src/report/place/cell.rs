//! Cells: the earth cut into small rectangles, so that what is near is found by a few keys.

use std::fmt;

use super::{LON_MAX, Point};

/// What is asked for within more metres than these is asked for within these.
pub const RADIUS_M_MAX: u32 = 2_000;

/// From south to north a cell has so many units of a [`Point`]: some 556 m.
const ROW: i32 = 500;
/// From west to east it has so many: in Japan 584 m (Wakkanai) to 760 m (Okinotorishima). Both sides are longer than 500 m, so that a
/// circle of that radius touches at most nine cells.
const COLUMN: i32 = 750;
/// So many columns go round the earth.
const COLUMNS: i32 = 2 * LON_MAX / COLUMN;
/// Circles are drawn so much larger than asked: lengths are reckoned as on a plane, and the earth is none.
const MARGIN: f64 = 1.01;
/// And so much, in metres: what [`Point::distance_m`] gives is rounded.
const ROUNDED: f64 = 0.5;

/// A rectangle of 0.005 by 0.0075 degrees: reports are found by the one that they lie in. `Display` gives what a key says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// Rows from the equator.
    row: i32,
    /// Columns from Greenwich.
    column: i32,
}

impl Cell {
    /// All cells that a circle round a point touches: at most nine for 500 m in Japan. More than [`RADIUS_M_MAX`] is not looked at.
    #[must_use]
    pub fn around(point: Point, radius_m: u32) -> Vec<Self> {
        let radius = f64::from(radius_m.min(RADIUS_M_MAX)) * MARGIN + ROUNDED;
        let (lat, lon) = point.to_units();
        let (north, east) = point.unit_m();
        let mut touched = Vec::new();
        for row in lines(lat, radius / north, ROW) {
            for column in lines(lon, radius / east, COLUMN) {
                let (up, aside) = (gap(lat, row, ROW) * north, gap(lon, column, COLUMN) * east);
                if up.hypot(aside) <= radius {
                    touched.push(Self { row, column: wrapped(column) });
                }
            }
        }
        touched
    }
}

impl Point {
    /// The cell that it lies in.
    #[must_use]
    pub fn cell(self) -> Cell {
        let (lat, lon) = self.to_units();
        Cell { row: lat.div_euclid(ROW), column: wrapped(lon.div_euclid(COLUMN)) }
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", self.row, self.column)
    }
}

/// The rows, or columns, that lie within so many units of a line.
#[expect(clippy::cast_possible_truncation, reason = "a radius is a few tenths of a degree at most")]
fn lines(at: i32, radius: f64, size: i32) -> std::ops::RangeInclusive<i32> {
    let radius = radius.ceil() as i32;
    (at - radius).div_euclid(size)..=(at + radius).div_euclid(size)
}

/// How many units a line lies outside of a row, or column.
fn gap(at: i32, row: i32, size: i32) -> f64 {
    let first = row * size;
    f64::from((first - at).max(at - (first + size - 1)).max(0))
}

/// The column under the number that it has, however often one went round the earth.
fn wrapped(column: i32) -> i32 {
    (column + COLUMNS / 2).rem_euclid(COLUMNS) - COLUMNS / 2
}
