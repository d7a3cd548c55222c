//! `boundaries.geojson`: how far the town and its districts go, as programs for maps write it (`GeoJSON`, RFC 7946).
//!
//! A feature is the boundary of the district that its property `district` names, or without one a part of the town.

use std::ops::RangeInclusive;

use domain::ids::DistrictId;
use domain::report::boundary::{Boundaries, Boundary, Polygon};
use domain::report::place::Point;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::{BOUNDARIES, DISTRICTS};
use crate::town::files::{Files, Need};
use crate::town::problem::{Report, Trouble};
use crate::town::sheet::excerpt;

/// A town's boundaries have at most this many points in all: every report is looked up in them.
const POINTS_MAX: usize = 200_000;
/// A ring comes back to where it began, so that fewer points enclose nothing.
const RING_POINTS_MIN: usize = 4;
/// Degrees between which Japan lies, with some sea around.
const LATITUDES: RangeInclusive<f64> = 20.0..=46.0;
/// See [`LATITUDES`].
const LONGITUDES: RangeInclusive<f64> = 122.0..=154.0;

/// The parts of a file that matter, each still as it is written.
#[derive(Deserialize)]
struct Collection<'a> {
    #[serde(rename = "type", default)]
    kind: Value,
    #[serde(borrow, default)]
    features: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Feature<'a> {
    #[serde(default)]
    properties: Option<Properties>,
    #[serde(borrow, default)]
    geometry: Option<&'a RawValue>,
}

#[derive(Deserialize, Default)]
struct Properties {
    #[serde(default)]
    district: Value,
}

#[derive(Deserialize)]
struct Geometry<'a> {
    #[serde(rename = "type", default)]
    kind: Value,
    #[serde(borrow, default)]
    coordinates: Option<&'a RawValue>,
}

/// Longitude, latitude, and perhaps a height.
type Position = Vec<f64>;
type Rings = Vec<Vec<Position>>;

pub(super) fn read(files: &Files, districts: &[DistrictId], report: &mut Report) -> Boundaries {
    let Some(text) = files.text(BOUNDARIES, Need::Optional, report) else { return Boundaries::default() };
    let features = match serde_json::from_str::<Collection<'_>>(&text) {
        Ok(Collection { kind, features }) if kind == "FeatureCollection" => features,
        Err(error) if !error.is_data() => {
            report.add(BOUNDARIES, line(&error), None, Trouble::Json { message: error.to_string() });
            return Boundaries::default();
        }
        Ok(_) | Err(_) => {
            report.add(BOUNDARIES, 1, None, Trouble::NoFeatures);
            return Boundaries::default();
        }
    };
    if features.is_empty() {
        report.add(BOUNDARIES, 1, Some("features"), Trouble::Empty);
    }
    let mut reader = Reader { text: &text, districts, report, number: 0, start: 0, line: 1, points: 0 };
    let mut boundaries = Vec::new();
    for (number, feature) in features.into_iter().enumerate() {
        reader.begin(number, feature);
        boundaries.extend(reader.feature(feature));
        if reader.points > POINTS_MAX {
            // A part of them would say that the rest of the town is outside.
            return Boundaries::default();
        }
    }
    Boundaries(boundaries)
}

/// The line of an error, from 1.
fn line(error: &serde_json::Error) -> u32 {
    u32::try_from(error.line()).unwrap_or(u32::MAX).max(1)
}

/// Reads one feature after another.
struct Reader<'a, 'r> {
    text: &'a str,
    districts: &'r [DistrictId],
    report: &'r mut Report,
    /// Which feature it is at, from 0, as programs for maps count them.
    number: usize,
    /// Where that begins in the text, and on which line.
    start: usize,
    line: u32,
    /// How many points were read in all.
    points: usize,
}

impl<'a> Reader<'a, '_> {
    fn begin(&mut self, number: usize, feature: &RawValue) {
        self.number = number;
        (self.start, self.line) = self.place_of(feature);
    }

    fn feature(&mut self, raw: &'a RawValue) -> Option<Boundary> {
        let Feature { properties, geometry } = self.parse(raw, "")?;
        let district = district(properties.unwrap_or_default().district);
        let trouble = match &district {
            // The reference stays: the district may be loaded later.
            Ok(Some(id)) if !self.districts.contains(id) => {
                Some(Trouble::UnknownReference { value: id.to_string(), file: DISTRICTS })
            }
            Ok(_) => None,
            Err(trouble) => Some(trouble.clone()),
        };
        if let Some(trouble) = trouble {
            self.trouble(raw, ".properties.district", trouble);
        }
        let Some(geometry) = geometry else {
            self.trouble(raw, ".geometry", Trouble::Empty);
            return None;
        };
        let polygons = self.polygons(geometry)?;
        Some(Boundary { district: district.ok()?, polygons })
    }

    fn polygons(&mut self, raw: &'a RawValue) -> Option<Vec<Polygon>> {
        const WITHIN: &str = ".geometry.coordinates";
        let Geometry { kind, coordinates } = self.parse(raw, ".geometry")?;
        let kind = kind.as_str().unwrap_or_default();
        if !["Polygon", "MultiPolygon"].contains(&kind) {
            let trouble = Trouble::NotOneOf { found: excerpt(kind), allowed: "Polygon、MultiPolygon" };
            self.trouble(raw, ".geometry.type", trouble);
            return None;
        }
        let Some(coordinates) = coordinates else {
            self.trouble(raw, WITHIN, Trouble::Empty);
            return None;
        };
        let all: Vec<Rings> =
            if kind == "Polygon" { vec![self.parse(coordinates, WITHIN)?] } else { self.parse(coordinates, WITHIN)? };
        self.points += all.iter().flatten().map(Vec::len).sum::<usize>();
        if self.points > POINTS_MAX {
            self.trouble(raw, "", Trouble::TooManyPoints { max: POINTS_MAX });
            return None;
        }
        match all.iter().filter_map(|rings| polygon(rings).transpose()).collect::<Result<Vec<_>, _>>() {
            Ok(polygons) if !polygons.is_empty() => Some(polygons),
            Ok(_) => {
                self.trouble(coordinates, WITHIN, Trouble::Empty);
                None
            }
            Err(trouble) => {
                self.trouble(coordinates, WITHIN, trouble);
                None
            }
        }
    }

    /// Reads what stands in the text at `raw`.
    fn parse<T: Deserialize<'a>>(&mut self, raw: &'a RawValue, within: &str) -> Option<T> {
        match serde_json::from_str(raw.get()) {
            Ok(value) => Some(value),
            Err(error) => {
                let start = self.place_of(raw).1;
                self.add(start.saturating_add(line(&error) - 1), within, Trouble::NoPolygon);
                None
            }
        }
    }

    fn trouble(&mut self, raw: &RawValue, within: &str, trouble: Trouble) {
        let line = self.place_of(raw).1;
        self.add(line, within, trouble);
    }

    fn add(&mut self, line: u32, within: &str, trouble: Trouble) {
        let column = format!("features[{}]{within}", self.number);
        self.report.add(BOUNDARIES, line, Some(&column), trouble);
    }

    /// Where something begins that stands in the feature or behind it, and on which line.
    fn place_of(&self, raw: &RawValue) -> (usize, u32) {
        // It is borrowed from the text.
        let at = raw.get().as_ptr().addr().saturating_sub(self.text.as_ptr().addr());
        let between = self.text.get(self.start..at).unwrap_or_default();
        let lines = u32::try_from(between.matches('\n').count()).unwrap_or(u32::MAX);
        (at, self.line.saturating_add(lines))
    }
}

/// The district that a feature is of, if it says one.
fn district(written: Value) -> Result<Option<DistrictId>, Trouble> {
    match written {
        Value::Null => Ok(None),
        Value::String(found) => found.parse().map(Some).map_err(|_| Trouble::InvalidId { found: excerpt(&found) }),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => Err(Trouble::NotText),
    }
}

/// A polygon of its outer ring and its holes; `None` for what is nothing any more in five decimals.
fn polygon(rings: &[Vec<Position>]) -> Result<Option<Polygon>, Trouble> {
    let mut rings = rings.iter().map(|positions| ring(positions)).collect::<Result<Vec<_>, _>>()?.into_iter();
    let Some(outer) = rings.next() else { return Ok(None) };
    let holes: Vec<_> = rings.filter(|hole| Polygon::new(hole, &[]).is_ok()).collect();
    Ok(Polygon::new(&outer, &holes).ok())
}

/// A ring whose last point is its first.
fn ring(positions: &[Position]) -> Result<Vec<Point>, Trouble> {
    if positions.len() < RING_POINTS_MIN {
        return Err(Trouble::ShortRing);
    }
    let points = positions.iter().map(|position| point(position)).collect::<Result<Vec<_>, _>>()?;
    if points.first() == points.last() { Ok(points) } else { Err(Trouble::OpenRing) }
}

fn point(position: &[f64]) -> Result<Point, Trouble> {
    let [longitude, latitude, ..] = *position else { return Err(Trouble::NoPolygon) };
    if LONGITUDES.contains(&longitude) && LATITUDES.contains(&latitude) {
        return Point::new(latitude, longitude).map_err(|_| Trouble::NoPolygon);
    }
    let found = format!("{longitude}, {latitude}");
    let is_swapped = LATITUDES.contains(&longitude) && LONGITUDES.contains(&latitude);
    Err(if is_swapped { Trouble::Swapped { found } } else { Trouble::OutsideJapan { found } })
}
