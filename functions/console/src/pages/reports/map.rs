//! The reports on a map, and the map as a part of other pages.
//!
//! What the map shows stands in a list of the page: without a script, or where the town names no tiles, the list is all there is.

use domain::report::place::Point;
use domain::report::{Report, Standing};
use http::Uri;
use maud::{Markup, html};

use super::filter::Asked;
use super::{crumbs, desk, kind_name, may_see, page, path, place_name, standing_badge};
use crate::assets;
use crate::kit::{self, ButtonKind, NoticeKind};
use crate::web::{Answer, Call, Failure, Page};
use crate::words::reports as words;

/// Its address.
pub const PATH: &str = "/reports/map";
/// So many are shown at once.
const SHOWN: usize = 500;
/// The id of the list that a map shows.
const LIST: &str = "on-map";
const TILES_HOST: &str = "cyberjapandata.gsi.go.jp";
const TILES_LIST: &str = "https://maps.gsi.go.jp/development/ichiran.html";

/// `GET /reports/map`, with the conditions of the list
pub async fn show(call: Call) -> Result<Answer, Failure> {
    let asked = Asked::read(&call, &call.query)?;
    let found = desk(&call).list(&asked.filter, None, SHOWN).await?;
    let (roster, _) = call.console.staff.roster().await?;
    let pins: Vec<Markup> = found.reports.iter().map(|report| pin(&call, report, &html! {})).collect();
    let content = html! {
        (crumbs(&[], words::MAP))
        (kit::heading(words::MAP, None))
        @if found.more.is_some() {
            (kit::notice(NoticeKind::Warning, words::MAP_CUT.title, &html! { p { (words::MAP_CUT.text) } }))
        }
        (kit::actions(&[kit::link_button(ButtonKind::Secondary, words::AS_LIST, &asked.address("/reports"))]))
        (asked.folded(&call, PATH, &roster)?)
        (large(&call, words::MAP_OF_REPORTS))
        @if !pins.is_empty() { (legend()) }
        (kit::section(words::LIST, &list(&pins)))
    };
    Ok(allowed(&call, page(words::MAP, content)).into())
}

/// What stands on a map, as a list.
pub(super) fn list(pins: &[Markup]) -> Markup {
    html! {
        @if pins.is_empty() { p { (words::EMPTY) } }
        @else { ul.on-map id=(LIST) { @for pin in pins { (pin) } } }
    }
}

/// A report in such a list. Nothing of who reported it and what they wrote stands there.
pub(super) fn pin(call: &Call, report: &Report, more: &Markup) -> Markup {
    entry(call, report, more, None)
}

/// The report of which the page tells: the map shows it, and the list need not.
pub(super) fn own(call: &Call, report: &Report) -> Markup {
    entry(call, report, &html! {}, Some(""))
}

fn entry(call: &Call, report: &Report, more: &Markup, hidden: Option<&str>) -> Markup {
    let (standing, point, number) = (report.state.standing(), report.place.point, report.number().to_string());
    html! {
        li hidden=[hidden] data-point=(point.text()) data-standing=(standing.name()) data-sign=(words::sign(standing)) data-name=(number) {
            a href=(path(&report.id)) { (number) } " " (standing_badge(standing))
            br; (kind_name(call, &report.kind)) "　" (place_name(call, &report.place))
            br; (ways(point))
            (more)
        }
    }
}

/// One that lies so many metres off. Of another department's only that there is one is told.
pub(super) fn near(call: &Call, report: &Report, metres: u32, more: &Markup) -> Result<Markup, Failure> {
    let more = html! { br; (words::DISTANCE) "：" (words::metres(metres)) (more) };
    if may_see(call, &report.department)? {
        return Ok(pin(call, report, &more));
    }
    Ok(html! { li { (kind_name(call, &report.kind)) " " (standing_badge(report.state.standing())) (more) } })
}

/// The way to the place on the maps of others.
pub(super) fn ways(point: Point) -> Markup {
    html! {
        a href=(point.google_maps_url()) target="_blank" rel="noopener noreferrer" { (words::GOOGLE_MAPS) }
        "　"
        a href=(point.gsi_map_url()) target="_blank" rel="noopener noreferrer" { (words::GSI_MAP) }
    }
}

/// The signs on the map.
fn legend() -> Markup {
    let entry = |standing: Standing| (words::sign(standing), words::standing(standing));
    html! {
        p.hint { (words::LEGEND) "：" @for (sign, word) in Standing::ALL.map(entry) { (sign) " " (word) "　" } }
    }
}

/// A map that shows the page's [`list`], once a script runs; nothing where the town names no tiles.
pub(super) fn large(call: &Call, name: &str) -> Markup {
    map(call, "map", name, None)
}

/// The same beside other things.
pub(super) fn small(call: &Call, name: &str) -> Markup {
    map(call, "map map-small", name, None)
}

/// A map that is tapped to fill in the field with this id.
pub(super) fn tapped(call: &Call, field: &str) -> Markup {
    let map = map(call, "map map-small", words::MAP_TO_TAP, Some(field));
    html! { @if !map.0.is_empty() { div.map-tap { (map) p.hint { (words::TAP) } } } }
}

fn map(call: &Call, class: &str, name: &str, picks: Option<&str>) -> Markup {
    let Some(tiles) = &call.console.map_tiles else { return html! {} };
    html! {
        link rel="stylesheet" href=(assets::map_stylesheet());
        script type="module" src=(assets::map_script()) {}
        div class=(class) hidden role="region" aria-label=(name) data-map data-tiles=(tiles) data-list=(LIST)
            data-picks=[picks] data-frame=[frame(call)] data-closer=(words::CLOSER) data-farther=(words::FARTHER) {}
        (attribution(tiles))
    }
}

/// Whose pictures the tiles are.
fn attribution(tiles: &str) -> Markup {
    let host = tiles.parse::<Uri>().ok().and_then(|tiles| tiles.host().map(str::to_owned)).unwrap_or_default();
    html! {
        p.map-attribution {
            @if host == TILES_HOST { a href=(TILES_LIST) target="_blank" rel="noopener noreferrer" { (words::GSI_TILES) } }
            @else { (words::tiles_of(&host)) }
        }
    }
}

/// The page may show the tiles.
pub(super) fn allowed(call: &Call, page: Page) -> Page {
    match &call.console.map_tiles {
        Some(tiles) => page.image_from(tiles),
        None => page,
    }
}

/// What the map shows where nothing else says it: the town, by its boundaries.
fn frame(call: &Call) -> Option<String> {
    let (south_west, north_east) = call.town.boundaries.frame()?;
    Some(format!("{},{}", south_west.text(), north_east.text()))
}
