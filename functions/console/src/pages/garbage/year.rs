//! A year of a collection area: twelve small months, on paper one sheet of A4.

use domain::garbage::sheet::{Month, collected, fiscal_start, moved};
use domain::ids::AreaId;
use domain::time::{YearMonth, date_in_japan};
use maud::{Markup, html};

use super::look::{Signs, Size, district_names, legend, month};
use super::{area_of, closed, crumbs, districts, notes, page};
use crate::kit::{self, ButtonKind};
use crate::web::{Answer, Call, Failure};
use crate::words::garbage as words;

/// The query that names the month with which the year begins.
const FROM: &str = "from";
const MONTHS: usize = 12;
/// So many districts have room on the sheet.
const DISTRICTS_NAMED: usize = 20;

/// The address of the year of an area in which a month lies.
pub(super) fn path(area: &AreaId, month: YearMonth) -> String {
    format!("{}/year?{FROM}={}", super::path(area), fiscal_start(month).unwrap_or(month))
}

/// `GET /garbage/areas/{area}/year?from=2026-04`
pub async fn show(call: Call) -> Result<Answer, Failure> {
    let area = area_of(&call)?;
    let today = date_in_japan(call.now);
    let present = YearMonth::of(today).ok().and_then(fiscal_start).ok_or(Failure::NotFound)?;
    let first = call.query.text(FROM).parse().unwrap_or(present);
    let signs = Signs::of(collected(&call.town, &area.id));
    let months = Month::from(&call.town, &area.id, first, MONTHS);
    let to_area = super::path(&area.id);
    let title = words::year_title(&area.name, first);
    let closed = closed(&call, area).await?;
    let names = districts(&call.town, &area.id);
    let content = html! {
        (crumbs(&[(area.name.as_str(), to_area.as_str())], &words::year(first)))
        // All of this is the sheet.
        article.year {
            (signs.drawings())
            (kit::heading(&title, None))
            p.year-districts { (words::DISTRICTS) "：" (district_names(&names, DISTRICTS_NAMED)) }
            p.hint { (words::PRINT_HINT) }
            (ways(&area.id, first, present))
            div.year-months {
                @for sheet in &months { (month(sheet, Size::Small, today, &signs, &closed)) }
            }
            div.year-legend { h2 { (words::LEGEND) } (legend(&signs)) }
            (notes::of_year(&months, &closed, today))
        }
    };
    Ok(page(title, content).into())
}

/// The ways to other years.
fn ways(area: &AreaId, first: YearMonth, present: YearMonth) -> Markup {
    let to = |month: YearMonth| format!("{}/year?{FROM}={month}", super::path(area));
    let link = |label: &str, month: YearMonth| kit::link_button(ButtonKind::Secondary, label, &to(month));
    let mut links: Vec<Markup> = Vec::new();
    links.extend(moved(first, -12).map(|month| link(words::YEAR_BEFORE, month)));
    if first != present {
        links.push(link(words::THIS_YEAR, present));
    }
    links.extend(moved(first, 12).map(|month| link(words::YEAR_AFTER, month)));
    kit::actions(&links)
}
