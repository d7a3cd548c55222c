//! `/reports/map`: what staff released, on a map. What it shows stands in the page's own list: without a script, or where the town
//! names no tiles, the list is all there is.

use app::error::Error;
use domain::language::Language;
use domain::report::release::PublicReport;
use domain::text::fill;
use http::header::CONTENT_SECURITY_POLICY;
use http::{HeaderValue, Response, Uri};
use maud::{Markup, html};

use super::filter::{Filter, Group};
use super::list::line;
use super::{Found, Look, MAP, PATH, everything, latest, number};
use crate::assets;
use crate::frame::{Link, document, japanese, languages};
use crate::report::origin;
use crate::respond::page;
use crate::words::{public, report, titled};

/// So many are shown at once.
const SHOWN: usize = 300;
/// The id of the list.
const LIST: &str = "on-map";
/// Whose tiles these are, the Geospatial Information Authority wants to be said with a link.
const GSI_HOST: &str = "cyberjapandata.gsi.go.jp";
const GSI_TILES: &str = "https://maps.gsi.go.jp/development/ichiran.html";

/// The page; `None` where an address asks for nothing that there could be.
pub(super) async fn map(look: &Look<'_>) -> Result<Option<Response<String>>, Error> {
    let Some(filter) = Filter::of(look.query) else { return Ok(None) };
    let ids = everything(filter.before.clone());
    let found = latest(&*look.faces.released, ids, SHOWN, |report| filter.fits(report)).await?;
    let mut response = page(markup(look, &filter, &found));
    let tiles = look.faces.tiles.as_deref().and_then(origin).unwrap_or_else(|| "'none'".to_owned());
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src {tiles}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::try_from(policy) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    Ok(Some(response))
}

fn markup(look: &Look<'_>, filter: &Filter, found: &Found) -> Markup {
    let (words, language) = (look.words(), look.language);
    let content = html! {
        header {
            h1 { (words.map) }
            p { a href=(filter.address(PATH, language, None)) { (words.as_list) } }
            (languages(look.town, language, |language| filter.address(MAP, language, filter.before.as_ref())))
        }
        main {
            (filter.form(look, MAP))
            @if found.reports.is_empty() {
                // More may fit among those that were not looked at yet.
                @if found.more.is_none() { p { (if filter.is_set() { words.none_such } else { words.none }) } }
            } @else {
                (drawn(look))
                p.note { @for group in Group::ALL { (group.badge(&look.words_of(group))) " " } }
            }
            ul id=(LIST) { @for report in &found.reports { (item(look, report)) } }
            @if let Some(more) = &found.more { p { a href=(filter.address(MAP, language, Some(more))) rel="next" { (words.older) } } }
        }
    };
    document(language, &titled(words.map, &look.town.profile.name), &Link::None, &content)
}

/// Whose pictures the tiles are.
pub(crate) fn credit(language: Language, tiles: &str) -> Markup {
    let host = tiles.parse::<Uri>().ok().and_then(|tiles| tiles.host().map(str::to_owned)).unwrap_or_default();
    html! {
        p.note {
            @if host == GSI_HOST { a href=(GSI_TILES) rel="noopener noreferrer" { (public::words(language).gsi_tiles) } }
            @else { (fill(report::words(language).map_tiles, &[("host", &host)])) }
        }
    }
}

/// The map itself, once its script runs.
fn drawn(look: &Look<'_>) -> Markup {
    let Some(tiles) = &look.faces.tiles else { return html! {} };
    let words = report::words(look.language);
    let frame = look.town.boundaries.frame();
    let frame = frame.map(|(south_west, north_east)| [south_west.text(), north_east.text()].join(" "));
    html! {
        link rel="stylesheet" href=(assets::map_style());
        script type="module" src=(assets::released_script()) {}
        div.map hidden role="region" aria-label=(look.words().map) data-map data-tiles=(tiles) data-list=(LIST)
            data-frame=[frame] data-closer=(words.closer) data-farther=(words.farther) {}
        (credit(look.language, tiles))
    }
}

fn item(look: &Look<'_>, report: &PublicReport) -> Markup {
    let group = Group::of(report.standing);
    html! {
        li data-point=(report.point.text()) data-standing=(group.name()) data-sign=(group.shape()) data-name=(number(report)) {
            a href=(look.page_of(report)) lang=[japanese(look.language)] { (report.release.what) }
            (line(look, report))
        }
    }
}
