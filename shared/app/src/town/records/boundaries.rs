//! Boundaries as records: written as one text, cut into parts that each fit into a record, and put together again.

use std::collections::BTreeSet;

use domain::report::boundary::{Boundaries, Polygon};
use domain::text::hex;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::RecordKind;
use crate::town::words;

/// A part has at most so many bytes: a change of one, before and after, is far below what an item of a store holds.
const PART_BYTES: usize = 90_000;

/// A part of the boundaries.
#[derive(Serialize, Deserialize)]
pub(super) struct Part {
    /// Which part, from 1.
    number: usize,
    /// Of how many.
    of: usize,
    /// So many districts have a boundary in all.
    districts: usize,
    /// So many points they have in all.
    points: usize,
    /// Its piece of the text.
    text: String,
}

/// The parts of boundaries by their ids, which sort as they follow each other.
pub(super) fn parts(boundaries: &Boundaries) -> Result<Vec<(String, Part)>, serde_json::Error> {
    if boundaries.0.is_empty() {
        return Ok(Vec::new());
    }
    let text = serde_json::to_string(boundaries)?;
    let districts: BTreeSet<_> = boundaries.0.iter().filter_map(|boundary| boundary.district.as_ref()).collect();
    let points = boundaries.0.iter().flat_map(|boundary| &boundary.polygons).map(Polygon::points).sum();
    let mut pieces = Vec::new();
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(PART_BYTES));
        pieces.push(piece);
        rest = after;
    }
    let of = pieces.len();
    let part = |(number, piece): (usize, &&str)| {
        (format!("{number:03}"), Part { number, of, districts: districts.len(), points, text: (*piece).to_owned() })
    };
    Ok((1..).zip(&pieces).map(part).collect())
}

/// The boundaries of all parts in order; `None` where one is missing, or cannot be read.
pub(super) fn whole(parts: &[Part]) -> Option<Boundaries> {
    let Some(of) = parts.first().map(|part| part.of) else { return Some(Boundaries::default()) };
    let follow = (1..).zip(parts).all(|(number, part)| part.number == number && part.of == of);
    let text: String = parts.iter().map(|part| part.text.as_str()).collect();
    serde_json::from_str(&text).ok().filter(|_| follow && parts.len() == of)
}

/// What staff read of a part instead of its text; `None` for what is no part.
pub(in crate::town) fn summary(kind: &str, body: &Value) -> Option<String> {
    const DIGITS: usize = 8;
    if RecordKind::of(kind) != Some(RecordKind::Boundary) {
        return None;
    }
    let part = Part::deserialize(body).ok()?;
    let digest = hex(&Sha256::digest(&part.text));
    Some(words::boundary_part((part.number, part.of), part.districts, part.points, digest.get(..DIGITS)?))
}
