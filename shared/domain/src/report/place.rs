//! The place of a report: a point on the earth that a crew finds, and how it came to be known.

mod cell;
mod links;
mod typed;

#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Deserialize, Serialize};

use super::redacted::Hidden;
use crate::ids::DistrictId;

pub use cell::{Cell, RADIUS_M_MAX};

/// Of the text of a place this many characters are kept.
pub const PLACE_CHARS_MAX: usize = 200;

/// So many units of a [`Point`] are a degree.
const UNITS: i32 = 100_000;
/// The same, to reckon with.
const DEGREE: f64 = 100_000.0;
/// A latitude is at most so many units, north or south.
const LAT_MAX: i32 = 90 * UNITS;
/// A longitude is at most so many units, east or west.
const LON_MAX: i32 = 180 * UNITS;
/// What is left of a place whose reporter was erased: hundredths of a degree, about a kilometre.
const COARSE: i32 = UNITS / 100;

/// The mean radius of the earth (R1 of the International Union of Geodesy and Geophysics), in metres.
const EARTH_M: f64 = 6_371_008.8;
/// Metres in a unit of latitude on a ball of that radius.
const UNIT_M: f64 = EARTH_M * std::f64::consts::PI / 180.0 / DEGREE;
/// Towards the poles meridians meet; nearer than this (some 87 degrees) lengths along a parallel are no longer shortened.
const COS_MIN: f64 = 0.05;

/// A point in degrees (WGS 84), to five decimals: about a metre. It is personal data: `Debug` does not show it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Point {
    /// Latitude in hundred-thousandths of a degree.
    lat: i32,
    /// Longitude, likewise.
    lon: i32,
}

/// A point as it is stored; it may come from anywhere.
#[derive(Serialize, Deserialize)]
struct Stored {
    lat: i32,
    lon: i32,
}

/// Numbers or a text that are no point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a point is a latitude from -90 to 90 and a longitude from -180 to 180")]
pub struct InvalidPoint;

/// Where a report is.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The point.
    pub point: Point,
    /// How far off it may be, in metres, where the device said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy_m: Option<u32>,
    /// What the platform or a person calls it, such as an address; at most [`PLACE_CHARS_MAX`] characters, often empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// How it came to be known.
    pub source: PlaceSource,
    /// In which district it lies, by the town's boundaries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub district: Option<DistrictId>,
}

/// How a place came to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlaceSource {
    /// Sent in the chat as a location.
    Chat,
    /// The device's own position.
    Device,
    /// Tapped on a map, or typed as numbers.
    Map,
    /// It stood in a photo, and the resident said that it is right.
    Photo,
    /// Staff set it.
    Staff,
    /// Another system said so.
    Outside,
}

impl Point {
    /// The point at a latitude and a longitude in degrees, rounded to five decimals.
    pub fn new(lat: f64, lon: f64) -> Result<Self, InvalidPoint> {
        // A number that is none is in no range.
        if (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon) {
            Ok(Self { lat: units(lat), lon: units(lon) })
        } else {
            Err(InvalidPoint)
        }
    }

    /// Reads coordinates as people type and paste them: `35.12345, 139.12345`, `北緯35度7分24秒 東経139度7分24秒`,
    /// `35°07'24.4"N 139°07'24.4"E`, also in full width. Whole numbers without a sign of degrees are not taken: they may be anything.
    pub fn parse(text: &str) -> Result<Self, InvalidPoint> {
        typed::read(text).ok_or(InvalidPoint)
    }

    /// The point at so many hundred-thousandths of a degree.
    pub(super) fn of_units(lat: i32, lon: i32) -> Result<Self, InvalidPoint> {
        let fits = (-LAT_MAX..=LAT_MAX).contains(&lat) && (-LON_MAX..=LON_MAX).contains(&lon);
        if fits { Ok(Self { lat, lon }) } else { Err(InvalidPoint) }
    }

    /// The latitude and the longitude in hundred-thousandths of a degree.
    pub(super) fn to_units(self) -> (i32, i32) {
        (self.lat, self.lon)
    }

    /// The latitude in degrees, north of the equator.
    #[must_use]
    pub fn lat(self) -> f64 {
        f64::from(self.lat) / DEGREE
    }

    /// The longitude in degrees, east of Greenwich.
    #[must_use]
    pub fn lon(self) -> f64 {
        f64::from(self.lon) / DEGREE
    }

    /// The point as staff copy it: `35.12345,139.12345`. There is no `Display`, so that it comes into no log.
    #[must_use]
    pub fn text(self) -> String {
        format!("{:.5},{:.5}", self.lat(), self.lon())
    }

    /// How far it is to another point, in metres.
    ///
    /// The haversine formula (R. W. Sinnott, "Virtues of the Haversine", 1984) on a ball: the earth is flattened, so that it is up to 0.5 %
    /// off, a metre and a half in 300.
    #[must_use]
    pub fn distance_m(self, other: Self) -> u32 {
        let (here, there) = (self.lat().to_radians(), other.lat().to_radians());
        let half = |from: f64, to: f64| ((to - from).to_radians() / 2.0).sin().powi(2);
        let haversine = half(self.lat(), other.lat()) + here.cos() * there.cos() * half(self.lon(), other.lon());
        whole(2.0 * EARTH_M * haversine.min(1.0).sqrt().asin())
    }

    /// Metres in a unit northwards, and in one eastwards at this latitude.
    pub(super) fn unit_m(self) -> (f64, f64) {
        (UNIT_M, UNIT_M * self.lat().to_radians().cos().max(COS_MIN))
    }

    /// The point to two decimals: about where it was, and nobody's front door.
    #[must_use]
    pub(super) fn coarse(self) -> Self {
        let round = |units: i32| (units + COARSE / 2).div_euclid(COARSE) * COARSE;
        Self { lat: round(self.lat), lon: round(self.lon) }
    }
}

impl Place {
    /// The place without what leads to a person: its district, and about where in it.
    #[must_use]
    pub(super) fn coarse(self) -> Self {
        Self { point: self.point.coarse(), accuracy_m: None, text: String::new(), ..self }
    }
}

impl TryFrom<Stored> for Point {
    type Error = InvalidPoint;

    fn try_from(stored: Stored) -> Result<Self, InvalidPoint> {
        Self::of_units(stored.lat, stored.lon)
    }
}

impl From<Point> for Stored {
    fn from(point: Point) -> Self {
        Self { lat: point.lat, lon: point.lon }
    }
}

impl fmt::Debug for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Point(…)")
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Place")
            .field("text", &Hidden(&self.text))
            .field("source", &self.source)
            .field("district", &self.district)
            .finish_non_exhaustive()
    }
}

#[expect(clippy::cast_possible_truncation, reason = "at most 180 degrees are asked for")]
fn units(degrees: f64) -> i32 {
    (degrees * DEGREE).round() as i32
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "half of the earth's girth at most, and no less than none"
)]
fn whole(metres: f64) -> u32 {
    metres.round() as u32
}
