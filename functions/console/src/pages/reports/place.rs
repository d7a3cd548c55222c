//! The fields of a place: coordinates, typed or tapped on a map, and what it is called.

use domain::report::place::{PLACE_CHARS_MAX, Place, PlaceSource, Point};
use maud::{Markup, html};

use super::map;
use crate::kit::{self, Errors, Field};
use crate::web::Call;
use crate::web::fields::Fields;
use crate::words::reports as words;
use crate::words::reports::deeds;

const POINT: &str = "report-point";
const TEXT: &str = "report-place";
/// The HTML id of the field of the coordinates.
const POINT_ID: &str = "f-report-point";

/// The fields, holding what was typed, or else the place that is there.
pub(super) fn fields(call: &Call, typed: &Fields, there: Option<&Place>, errors: &Errors) -> Markup {
    let held = |name: &str, there: Option<String>| {
        if typed.has(name) { typed.text(name).to_owned() } else { there.unwrap_or_default() }
    };
    let point = held(POINT, there.map(|place| place.point.text()));
    let text = held(TEXT, there.map(|place| place.text.clone()));
    let point = Field::new(POINT, words::COORDINATES).value(point).hint(deeds::COORDINATES_HINT);
    let text = Field::new(TEXT, words::PLACE_TEXT).value(text).hint(deeds::PLACE_TEXT_HINT);
    html! {
        (map::tapped(call, POINT_ID))
        (kit::text(&point.error(errors.of(POINT)).required().autocomplete("off")))
        (kit::text(&text.error(errors.of(TEXT)).autocomplete("off")))
    }
}

/// What they would hold, where a button says the place.
pub(super) fn values<'a>(point: &'a str, text: &'a str) -> [(&'static str, &'a str); 2] {
    [(POINT, point), (TEXT, text)]
}

/// What they say; what is wrong goes to the errors.
pub(super) fn read(call: &Call, errors: &mut Errors) -> Option<Place> {
    let text = call.form.text(TEXT).to_owned();
    if PLACE_CHARS_MAX < text.chars().count() {
        errors.add_labelled(TEXT, words::PLACE_TEXT, deeds::PLACE_TEXT_TOO_LONG);
    }
    let Ok(point) = Point::parse(call.form.text(POINT)) else {
        errors.add_labelled(POINT, words::COORDINATES, deeds::NO_COORDINATES);
        return None;
    };
    let Ok(district) = call.town.takes_reports_at(point) else {
        errors.add_labelled(POINT, words::COORDINATES, deeds::OUTSIDE);
        return None;
    };
    Some(Place { point, accuracy_m: None, text, source: PlaceSource::Staff, district })
}
