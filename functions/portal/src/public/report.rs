//! `/reports/{id}`: one report as staff released it.

use app::error::Error;
use domain::ids::ReportId;
use domain::report::release::PublicReport;
use http::Response;
use maud::{Markup, html};

use super::list::place;
use super::{Look, PATH, number};
use crate::frame::{Link, document, japanese, languages};
use crate::query::address;
use crate::respond::page;
use crate::words::report::words as report_words;
use crate::words::{moment, titled};

/// The page; `None` where staff released no such report.
pub(super) async fn report(look: &Look<'_>, id: &str) -> Result<Option<Response<String>>, Error> {
    let Ok(id) = id.parse::<ReportId>() else { return Ok(None) };
    let found = look.faces.released.find(&id).await?;
    Ok(found.map(|report| page(markup(look, &report))))
}

fn markup(look: &Look<'_>, report: &PublicReport) -> Markup {
    let (words, language, release) = (look.words(), look.language, &report.release);
    let (point, town) = (report.point, japanese(language));
    let here = format!("{PATH}/{}", report.id);
    let content = html! {
        header {
            h1 lang=[town] { (release.what) }
            p { (look.badge(report)) }
            (languages(look.town, language, |language| address(&here, language, None)))
        }
        main {
            @if !release.outcome.is_empty() { p lang=[town] { (release.outcome) } }
            dl {
                dt { (report_words(language).number) } dd { (number(report)) }
                dt { (words.kind) } dd { (look.kind_name(report)) }
                @let place = place(look, report);
                @if !place.is_empty() { dt { (words.place) } dd lang=[town] { (place) } }
                @let department = look.department_name(report);
                @if !department.is_empty() { dt { (words.department) } dd lang=[town] { (department) } }
                dt { (words.filed) } dd { (moment(report.filed_at, language)) }
                dt { (words.changed) } dd { (moment(report.changed_at, language)) }
            }
            ul.ways {
                li { a href=(point.google_maps_url()) rel="noopener noreferrer" { (words.google_maps) } }
                li { a href=(point.gsi_map_url()) rel="noopener noreferrer" { (words.gsi_map) } }
            }
            @for photo in look.photos(report) {
                p { a href=(photo.original) { img src=(photo.original) alt=(words.photo) loading="lazy"; } }
            }
        }
        footer { a href=(address(PATH, language, None)) { (words.title) } }
    };
    document(language, &titled(&release.what, &look.town.profile.name), &Link::None, &content)
}
