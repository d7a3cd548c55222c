//! `/reports`: what staff released, the latest first.

use app::error::Error;
use domain::language::Language;
use domain::report::release::PublicReport;
use domain::time::{YearMonth, date_in_japan};
use http::Response;
use maud::{Markup, html};

use super::filter::Filter;
use super::open_data::MONTH;
use super::{FEED, Found, GEOJSON, Look, MAP, PATH, TABLE, everything, latest, number};
use crate::frame::{Feed, Link, document, japanese, languages};
use crate::query::address;
use crate::respond::page;
use crate::words::calendar::day;
use crate::words::words as words_of_all;

/// A page has so many.
const PAGE: usize = 30;
/// The files of so many months are named; those before are found by their addresses.
const MONTHS: u16 = 12;

/// The page; `None` where an address asks for nothing that there could be.
pub(super) async fn list(look: &Look<'_>) -> Result<Option<Response<String>>, Error> {
    let Some(filter) = Filter::of(look.query) else { return Ok(None) };
    let ids = everything(filter.before.clone());
    let found = latest(&*look.faces.released, ids, PAGE, |report| filter.fits(report)).await?;
    Ok(Some(page(markup(look, &filter, &found))))
}

fn markup(look: &Look<'_>, filter: &Filter, found: &Found) -> Markup {
    let (words, language) = (look.words(), look.language);
    let feed = address(FEED, language, None);
    let content = html! {
        header {
            h1 { (words.title) }
            p.note { (words.lead(&look.town.profile.name)) }
            (languages(look.town, language, |language| filter.address(PATH, language, filter.before.as_ref())))
        }
        main {
            p { a href=(filter.address(MAP, language, None)) { (words.map) } }
            (filter.form(look, PATH))
            @if found.reports.is_empty() && found.more.is_none() { p { (if filter.is_set() || filter.before.is_some() { words.none_such } else { words.none }) } }
            @for report in &found.reports { (article(look, report)) }
            @if filter.before.is_some() || found.more.is_some() {
                nav.pages aria-label=(words_of_all(language).pages) {
                    @if filter.before.is_some() { a href=(filter.address(PATH, language, None)) { (words.newest) } }
                    @if let Some(more) = &found.more { a href=(filter.address(PATH, language, Some(more))) rel="next" { (words.older) } }
                }
            }
        }
        footer {
            a href=(feed) { (words_of_all(language).feed) }
            (files(look))
        }
    };
    let feed = Link::Feed { kind: Feed::Atom, address: feed, title: look.title() };
    document(language, &look.title(), &feed, &content)
}

fn article(look: &Look<'_>, report: &PublicReport) -> Markup {
    html! {
        article {
            h2 { a href=(look.page_of(report)) lang=[japanese(look.language)] { (report.release.what) } }
            (line(look, report))
            @if let Some(photo) = look.photos(report).first() {
                img.small src=(photo.preview) alt=(look.words().photo) loading="lazy";
            }
        }
    }
}

/// How a report stands, of which kind it is, where and when.
pub(super) fn line(look: &Look<'_>, report: &PublicReport) -> Markup {
    let filed = date_in_japan(report.filed_at);
    html! {
        p.note {
            (look.badge(report)) " " (look.kind_name(report)) " "
            span lang=[japanese(look.language)] { (place(look, report)) } " "
            time datetime=(filed) { (day(filed, look.language)) } " " (number(report))
        }
    }
}

/// Where it is, in words.
pub(super) fn place(look: &Look<'_>, report: &PublicReport) -> String {
    let (district, place) = (look.district_name(report).unwrap_or_default(), report.release.place.as_str());
    // Staff may have begun with it.
    let parts = [if place.contains(district) { "" } else { district }, place];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

/// The open data of the last months, the latest first.
fn files(look: &Look<'_>) -> Markup {
    let words = look.words();
    let this = YearMonth::of(date_in_japan(look.now)).ok();
    let months = (0..MONTHS).filter_map(|back| this?.months_before(back).ok());
    let file = |path: &str, month: YearMonth| format!("{}?{MONTH}={month}", address(path, Language::Japanese, None));
    html! {
        h2 { (words.open_data) }
        p.note { (words.open_data_lead) }
        details {
            summary { (words.open_data_months) }
            ul {
                @for month in months {
                    li { (month) ": " a href=(file(TABLE, month)) { "CSV" } " " a href=(file(GEOJSON, month)) { "GeoJSON" } }
                }
            }
        }
    }
}
