//! The sheet for the crew: what is where, with a code that opens the map. Nothing of who reported it.

use std::fmt::Write as _;

use domain::report::Report;
use domain::time::date_in_japan;
use fast_qr::QRBuilder;
use maud::{Markup, html};

use super::list::priority;
use super::{crumbs, department_name, due, kind_name, page, path, photos, place_name, report_of, standing_badge};
use crate::kit;
use crate::web::{Answer, Call, Failure};
use crate::words::reports as words;

/// So many modules of white stand around a code (ISO/IEC 18004 asks for four).
const QUIET: usize = 4;

/// `GET /reports/{id}/print`
pub async fn show(call: Call) -> Result<Answer, Failure> {
    let report = report_of(&call).await?;
    let photos = photos::of(&call, &report).await?;
    let (number, here) = (report.number().to_string(), path(&report.id));
    let title = words::title(&number, kind_name(&call, &report.kind));
    let content = html! {
        (crumbs(&[(&number, &here)], words::SHEET))
        // All of this is the sheet.
        article.sheet {
            (kit::heading(&title, None))
            p.hint { (words::SHEET_HINT) }
            div.sheet-head {
                (kit::definitions(&facts(&call, &report)))
                figure.sheet-code { (code(&report.place.point.google_maps_url())) figcaption { (words::QR) } }
            }
            (kit::section(words::COMMENT, &html! {
                @if report.comment.is_empty() { p { (words::NO_COMMENT) } } @else { p.typed { (report.comment) } }
            }))
            (photos::printed(&photos))
        }
    };
    Ok(photos::allowed(page(title, content), &photos).into())
}

fn facts(call: &Call, report: &Report) -> Vec<(&'static str, Markup)> {
    vec![
        (words::STATE, standing_badge(report.state.standing())),
        (words::DEPARTMENT, html! { (department_name(call, &report.department)) }),
        (words::PRIORITY, priority(report.priority)),
        (words::DUE, due(report, date_in_japan(call.now))),
        (words::FILED, kit::moment(report.filed_at)),
        (words::PLACE, html! { (place_name(call, &report.place)) }),
        (words::COORDINATES, html! { (report.place.point.text()) }),
        (words::PLUS_CODE, html! { (report.place.point.plus_code()) }),
    ]
}

/// A text as a QR code, drawn as one path; nothing where it is too long for one.
fn code(text: &str) -> Markup {
    let Ok(code) = QRBuilder::new(text).build() else { return html! {} };
    let modules = (0..code.size).flat_map(|row| (0..code.size).map(move |column| (row, column)));
    let mut path = String::new();
    for (row, column) in modules.filter(|(row, column)| code[*row][*column].value()) {
        // Writing into a string cannot fail.
        let _ = write!(path, "M{} {}h1v1h-1z", column + QUIET, row + QUIET);
    }
    let side = code.size + 2 * QUIET;
    html! {
        svg viewBox={ "0 0 " (side) " " (side) } role="img" aria-label=(words::QR) shape-rendering="crispEdges" {
            path d=(path) {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::testing::tags;

    #[test]
    fn a_code_has_its_three_eyes_and_white_around_it() {
        let drawn = code("https://www.google.com/maps/search/?api=1&query=35.68123,139.76712");
        let tags = tags(&drawn.0);
        let path = tags.iter().find(|tag| tag.name == "path").and_then(|tag| tag.get("d")).unwrap().to_owned();
        let is_dark = |column: usize, row: usize| path.contains(&format!("M{column} {row}h1v1h-1z"));
        let side: usize = tags[0].get("viewBox").unwrap().rsplit(' ').next().unwrap().parse().unwrap();
        let last = side - QUIET - 1;
        for (column, row) in [(QUIET, QUIET), (last, QUIET), (QUIET, last)] {
            assert!(is_dark(column, row), "the corner of an eye at {column} {row}");
        }
        assert!(is_dark(QUIET + 3, QUIET + 3) && !is_dark(QUIET + 1, QUIET + 1), "an eye is a ring with a pupil");
        assert!((0..side).all(|at| !is_dark(at, QUIET - 1) && !is_dark(QUIET - 1, at)), "white around it");
    }

    #[test]
    fn what_is_too_long_has_no_code() {
        assert!(code(&"x".repeat(10_000)).0.is_empty());
    }
}
