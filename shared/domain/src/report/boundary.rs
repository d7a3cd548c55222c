//! Boundaries (区域の境界): which points are in the town, and in which of its districts. Data of the town.
//!
//! Reckoned in whole hundred-thousandths of a degree: a point is on an edge or it is not, and what two districts share has no gap.
//! No boundary goes over the date line.

#[cfg(test)]
mod tests;

use std::fmt;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::place::Point;
use crate::ids::DistrictId;

/// The boundaries of a town: of itself, of its districts, or both. None: everything is in the town.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Boundaries(pub Vec<Boundary>);

/// One boundary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Boundary {
    /// Of which district; `None`: of the town.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub district: Option<DistrictId>,
    /// What lies in it.
    pub polygons: Vec<Polygon>,
}

/// A ring and the holes in it. The edges of both belong to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Polygon {
    outer: Ring,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    holes: Vec<Ring>,
}

/// A closed line. It is stored as one list of numbers: latitude and longitude of its first point, then by how much each further point
/// differs from the one before, which are small numbers.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<i32>", into = "Vec<i32>")]
struct Ring {
    /// The corners; behind the last comes the first.
    corners: Vec<Corner>,
    /// From the southernmost to the northernmost.
    lats: RangeInclusive<i32>,
    /// From the westernmost to the easternmost.
    lons: RangeInclusive<i32>,
}

/// A point of a ring. It is no personal data, unlike a [`Point`].
#[derive(Clone, Copy, PartialEq, Eq)]
struct Corner {
    lat: i32,
    lon: i32,
}

/// Points that are no ring: fewer than three, or all on one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a ring has three points or more, and not all on one line")]
pub struct NoRing;

/// Where a point lies, seen from a town.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Located {
    /// In the town, and in this district if boundaries say so; in the smallest where several do.
    Inside(Option<DistrictId>),
    /// Outside, but within the tolerance; of the districts within it, the nearest.
    Near(Option<DistrictId>),
    /// Elsewhere.
    Outside,
}

/// A place of which a town takes no reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the place is outside of the town")]
pub struct Outside;

impl Located {
    /// The district, if one is known, of a place that is in the town or near enough to it.
    pub fn taken(self) -> Result<Option<DistrictId>, Outside> {
        match self {
            Self::Inside(district) | Self::Near(district) => Ok(district),
            Self::Outside => Err(Outside),
        }
    }
}

/// Where a point lies, seen from a ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Inside,
    Edge,
    Outside,
}

impl Boundaries {
    /// Where a point lies. What is outside by at most `tolerance_m` metres is near: boundaries are drawn coarsely, and devices err.
    #[must_use]
    pub fn locate(&self, at: Point, tolerance_m: u32) -> Located {
        if self.0.is_empty() {
            return Located::Inside(None);
        }
        let holding: Vec<&Boundary> = self.0.iter().filter(|boundary| boundary.holds(at)).collect();
        if !holding.is_empty() {
            let districts = holding.into_iter().filter(|boundary| boundary.district.is_some());
            let smallest = districts.min_by_key(|boundary| boundary.area());
            return Located::Inside(smallest.and_then(|boundary| boundary.district.clone()));
        }
        let tolerance = f64::from(tolerance_m);
        let near: Vec<(f64, &Boundary)> = self
            .0
            .iter()
            .filter_map(|boundary| Some((boundary.metres_to(at, tolerance)?, boundary)))
            .filter(|(metres, _)| *metres <= tolerance)
            .collect();
        if near.is_empty() {
            return Located::Outside;
        }
        let districts = near.into_iter().filter(|(_, boundary)| boundary.district.is_some());
        let nearest = districts.min_by(|(one, _), (other, _)| one.total_cmp(other));
        Located::Near(nearest.and_then(|(_, boundary)| boundary.district.clone()))
    }

    /// The south-western and the north-eastern corner of all that they hold, for a map; `None` where there are none.
    #[must_use]
    pub fn frame(&self) -> Option<(Point, Point)> {
        let rings = || self.0.iter().flat_map(|boundary| &boundary.polygons).map(|polygon| &polygon.outer);
        let south_west = Point::of_units(
            rings().map(|ring| *ring.lats.start()).min()?,
            rings().map(|ring| *ring.lons.start()).min()?,
        );
        let north_east =
            Point::of_units(rings().map(|ring| *ring.lats.end()).max()?, rings().map(|ring| *ring.lons.end()).max()?);
        south_west.ok().zip(north_east.ok())
    }
}

impl Boundary {
    fn holds(&self, at: Point) -> bool {
        self.polygons.iter().any(|polygon| polygon.holds(at))
    }

    /// Twice its area, to be compared.
    fn area(&self) -> i128 {
        self.polygons.iter().map(Polygon::area).sum()
    }

    /// How far a point outside is from its edges, if it can be within `tolerance` metres.
    fn metres_to(&self, at: Point, tolerance: f64) -> Option<f64> {
        self.polygons.iter().filter_map(|polygon| polygon.metres_to(at, tolerance)).min_by(f64::total_cmp)
    }
}

impl Polygon {
    /// The polygon of a ring and of the holes in it. Whether their last points are their first ones again does not matter.
    pub fn new(outer: &[Point], holes: &[Vec<Point>]) -> Result<Self, NoRing> {
        let ring = |points: &[Point]| Ring::new(points.iter().map(|point| Corner::of(*point)).collect());
        Ok(Self { outer: ring(outer)?, holes: holes.iter().map(|hole| ring(hole)).collect::<Result<_, _>>()? })
    }

    /// How many points its rings have.
    #[must_use]
    pub fn points(&self) -> usize {
        self.rings().map(|ring| ring.corners.len()).sum()
    }

    fn rings(&self) -> impl Iterator<Item = &Ring> {
        std::iter::once(&self.outer).chain(&self.holes)
    }

    fn holds(&self, at: Point) -> bool {
        let at = Corner::of(at);
        self.outer.side(at) != Side::Outside && self.holes.iter().all(|hole| hole.side(at) != Side::Inside)
    }

    fn area(&self) -> i128 {
        self.outer.area() - self.holes.iter().map(Ring::area).sum::<i128>()
    }

    fn metres_to(&self, at: Point, tolerance: f64) -> Option<f64> {
        let scale = at.unit_m();
        let at = Corner::of(at);
        if !self.outer.may_be_within(at, tolerance, scale) {
            return None;
        }
        self.rings().map(|ring| ring.metres_to(at, scale)).min_by(f64::total_cmp)
    }
}

impl Ring {
    fn new(mut corners: Vec<Corner>) -> Result<Self, NoRing> {
        corners.dedup();
        if corners.len() > 1 && corners.first() == corners.last() {
            corners.pop();
        }
        let span = |of: fn(&Corner) -> i32| {
            let all = || corners.iter().map(of);
            Some(all().min()?..=all().max()?)
        };
        let (Some(lats), Some(lons)) = (span(|corner| corner.lat), span(|corner| corner.lon)) else {
            return Err(NoRing);
        };
        let ring = Self { corners, lats, lons };
        // Fewer than three points have no area either.
        if ring.area() == 0 { Err(NoRing) } else { Ok(ring) }
    }

    /// Its edges, from corner to corner.
    fn edges(&self) -> impl Iterator<Item = (Corner, Corner)> {
        self.corners.iter().copied().zip(self.corners.iter().copied().cycle().skip(1))
    }

    /// Counts the edges that a line from the point eastwards crosses.
    fn side(&self, at: Corner) -> Side {
        if !self.lats.contains(&at.lat) || !self.lons.contains(&at.lon) {
            return Side::Outside;
        }
        let mut side = Side::Outside;
        for (from, to) in self.edges() {
            let turn = at.turn(from, to);
            if turn == 0 && between(from.lat, at.lat, to.lat) && between(from.lon, at.lon, to.lon) {
                return Side::Edge;
            }
            // A corner on the line belongs to the edge above it, so that it counts once.
            let crosses = (from.lat > at.lat) != (to.lat > at.lat);
            if crosses && (turn > 0) == (to.lat > from.lat) {
                side = if side == Side::Inside { Side::Outside } else { Side::Inside };
            }
        }
        side
    }

    /// Twice the area within, whichever way round the corners go.
    fn area(&self) -> i128 {
        let Some(first) = self.corners.first() else { return 0 };
        self.edges().map(|(from, to)| i128::from(first.turn(from, to))).sum::<i128>().abs()
    }

    /// Whether a point can be within so many metres, by the ring's extent alone.
    fn may_be_within(&self, at: Corner, metres: f64, (north, east): (f64, f64)) -> bool {
        let gap = |at: i32, span: &RangeInclusive<i32>| f64::from((span.start() - at).max(at - span.end()).max(0));
        gap(at.lat, &self.lats) * north <= metres && gap(at.lon, &self.lons) * east <= metres
    }

    /// How far a point is from the nearest edge, on a plane that touches the earth at the point.
    fn metres_to(&self, at: Corner, (north, east): (f64, f64)) -> f64 {
        let seen = |corner: Corner| (f64::from(corner.lon - at.lon) * east, f64::from(corner.lat - at.lat) * north);
        self.edges().map(|(from, to)| to_segment(seen(from), seen(to))).fold(f64::INFINITY, f64::min)
    }
}

impl Corner {
    fn of(point: Point) -> Self {
        let (lat, lon) = point.to_units();
        Self { lat, lon }
    }

    /// Positive where the way from `from` to `to` passes the corner on its left, negative on its right, 0 on the same line.
    fn turn(self, from: Self, to: Self) -> i64 {
        let less = |one: i32, other: i32| i64::from(one) - i64::from(other);
        less(to.lon, from.lon) * less(self.lat, from.lat) - less(to.lat, from.lat) * less(self.lon, from.lon)
    }
}

impl TryFrom<Vec<i32>> for Ring {
    type Error = NoRing;

    fn try_from(numbers: Vec<i32>) -> Result<Self, NoRing> {
        let (pairs, []) = numbers.as_chunks::<2>() else { return Err(NoRing) };
        let mut corners: Vec<Corner> = Vec::with_capacity(pairs.len());
        for [lat, lon] in pairs {
            let before = corners.last().map_or((0, 0), |corner| (corner.lat, corner.lon));
            let moved = before.0.checked_add(*lat).zip(before.1.checked_add(*lon)).ok_or(NoRing)?;
            corners.push(Corner::of(Point::of_units(moved.0, moved.1).map_err(|_| NoRing)?));
        }
        Self::new(corners)
    }
}

impl From<Ring> for Vec<i32> {
    fn from(ring: Ring) -> Self {
        let mut before = (0, 0);
        let mut numbers = Self::with_capacity(ring.corners.len() * 2);
        for Corner { lat, lon } in ring.corners {
            numbers.extend([lat - before.0, lon - before.1]);
            before = (lat, lon);
        }
        numbers
    }
}

impl fmt::Debug for Ring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ring({} corners)", self.corners.len())
    }
}

fn between(one: i32, at: i32, other: i32) -> bool {
    (one.min(other)..=one.max(other)).contains(&at)
}

/// How far the middle of a plane is from a line between two points.
fn to_segment(from: (f64, f64), to: (f64, f64)) -> f64 {
    let way = (to.0 - from.0, to.1 - from.1);
    let length = way.0 * way.0 + way.1 * way.1;
    // How much of the way leads to the point next to the middle; two corners are never the same.
    let along = (-(from.0 * way.0 + from.1 * way.1) / length).clamp(0.0, 1.0);
    (from.0 + along * way.0).hypot(from.1 + along * way.1)
}
