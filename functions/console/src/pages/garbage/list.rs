//! All collection areas, with what is wrong in the rules of each.

use domain::garbage::calendar::Finding;
use domain::time::date_in_japan;
use domain::town::Area;
use maud::{Markup, html};

use super::look::district_names;
use super::{districts, findings, page, path};
use crate::kit::{self, BadgeKind, ButtonKind, Column, Pager};
use crate::web::{Answer, Call, Failure};
use crate::words::frame::Section;
use crate::words::garbage as words;

/// So many areas stand on a page.
const ROWS: usize = 50;
/// So many districts are named beside an area.
const DISTRICTS_NAMED: usize = 12;

/// `GET /garbage?q=...&page=2`
pub async fn list(call: Call) -> Result<Answer, Failure> {
    let findings = call.town.calendar.findings(date_in_japan(call.now));
    let all: Vec<&Finding> = findings.iter().collect();
    let asked = call.query.text("q");
    let has = |area: &&Area| {
        area.name.contains(asked) || districts(&call.town, &area.id).iter().any(|district| district.contains(asked))
    };
    let found: Vec<&Area> = call.town.areas.values().filter(has).collect();
    let pages = found.len().div_ceil(ROWS).max(1);
    let number = call.query.text("page").parse().unwrap_or(1).clamp(1, pages);
    let row = |area: &&Area| {
        row(&call, area, findings.iter().filter(|finding| findings::areas(finding).contains(&area.id)).count())
    };
    let rows: Vec<Vec<Markup>> = found.iter().skip((number - 1) * ROWS).take(ROWS).map(row).collect();
    let columns = [
        Column::row_head(words::AREA),
        Column::text(words::DISTRICTS),
        Column::text(words::TODAY_AND_TOMORROW),
        Column::text(words::FINDINGS),
    ];
    let path = Section::Garbage.path();
    let turn = Pager::numbered(path, &[("q", asked)], number as u64, pages as u64);
    let title = Section::Garbage.label();
    let content = html! {
        (kit::heading(title, Some(words::LEAD)))
        (kit::actions(&[kit::link_button(ButtonKind::Secondary, words::CHANGES, super::changes::LIST)]))
        (findings::listed(&call, &all)?)
        (kit::search(path, words::SEARCH, asked, &[]))
        (kit::table(words::AREAS, &columns, &rows, &html! { p { (words::NO_AREAS) } }))
        (kit::pager(&turn))
    };
    Ok(page(title, content).into())
}

fn row(call: &Call, area: &Area, findings: usize) -> Vec<Markup> {
    let names = districts(&call.town, &area.id);
    vec![
        html! { a href=(path(&area.id)) { (area.name) } },
        district_names(&names, DISTRICTS_NAMED),
        soon(call, area),
        html! {
            @if findings == 0 { (words::NO_FINDING) }
            @else { (kit::badge(BadgeKind::Caution, &words::findings(&kit::count_of(findings)))) }
        },
    ]
}

/// What is collected today and tomorrow.
fn soon(call: &Call, area: &Area) -> Markup {
    let today = date_in_japan(call.now);
    let days = [(words::TODAY, Some(today)), (words::TOMORROW, today.tomorrow().ok())];
    let names = |day| {
        let on = call.town.calendar.on(&area.id, day);
        let named = call.town.categories.iter().filter(|category| on.contains(&&category.id));
        named.map(|category| category.name.ja.as_str()).collect::<Vec<_>>().join("、")
    };
    html! {
        @for (label, day) in days {
            @if let Some(day) = day {
                @let names = names(day);
                p.soon { (label) "：" @if names.is_empty() { (words::NOTHING_COLLECTED) } @else { (names) } }
            }
        }
    }
}
