//! One collection area: a month as a calendar, what is wrong in its rules, and what its signs mean.

use domain::garbage::calendar::Finding;
use domain::garbage::sheet::{Month, collected, moved};
use domain::time::{YearMonth, date_in_japan};
use domain::town::{Area, Category};
use jiff::civil::Date;
use maud::{Markup, html};

use super::look::{Signs, Size, district_names, legend, month};
use super::{area_of, closed, crumbs, districts, findings, page, path, rules};
use crate::kit::{self, ButtonKind, Column};
use crate::web::{Answer, Call, Failure};
use crate::words::garbage as words;

/// The query that names a month.
const MONTH: &str = "month";

/// `GET /garbage/areas/{area}?month=2026-11`
pub async fn show(call: Call) -> Result<Answer, Failure> {
    let area = area_of(&call)?;
    let today = date_in_japan(call.now);
    let present = YearMonth::of(today).map_err(|_| Failure::NotFound)?;
    let asked = call.query.text(MONTH).parse().unwrap_or(present);
    let signs = Signs::of(collected(&call.town, &area.id));
    let sheet = Month::from(&call.town, &area.id, asked, 1);
    let findings = call.town.calendar.findings(today);
    let of_area: Vec<&Finding> =
        findings.iter().filter(|finding| findings::areas(finding).contains(&area.id)).collect();
    let closed = closed(&call, area).await?;
    let title = words::area_title(&area.name);
    let content = html! {
        (crumbs(&[], &area.name))
        (kit::heading(&title, None))
        (kit::definitions(&[(words::DISTRICTS, district_names(&districts(&call.town, &area.id), usize::MAX))]))
        (findings::listed(&call, &of_area)?)
        (signs.drawings())
        section.section {
            h2 { (words::month(asked)) }
            (ways(area, asked, present))
            @for sheet in &sheet { (month(sheet, Size::Large, today, &signs, &closed)) }
        }
        (kit::section(words::LEGEND, &html! { (legend(&signs)) (next_days(&call, area, today, &signs)?) }))
    };
    Ok(page(title, content).into())
}

/// The ways to other months, and to the year.
fn ways(area: &Area, asked: YearMonth, present: YearMonth) -> Markup {
    let to = |month: YearMonth| format!("{}?{MONTH}={month}", path(&area.id));
    let link = |label: &str, month: YearMonth| kit::link_button(ButtonKind::Secondary, label, &to(month));
    let mut links: Vec<Markup> = Vec::new();
    links.extend(moved(asked, -1).map(|month| link(words::MONTH_BEFORE, month)));
    if asked != present {
        links.push(link(words::THIS_MONTH, present));
    }
    links.extend(moved(asked, 1).map(|month| link(words::MONTH_AFTER, month)));
    links.push(kit::link_button(ButtonKind::Plain, words::TO_YEAR, &super::year::path(&area.id, asked)));
    kit::actions(&links)
}

/// When each category is collected next, with the way to its rules.
fn next_days(call: &Call, area: &Area, today: Date, signs: &Signs<'_>) -> Result<Markup, Failure> {
    let columns = [Column::row_head(words::CATEGORY), Column::text(words::NEXT_DAY)];
    let row = |(category, _): (&Category, &str)| {
        let next = call.town.calendar.next_day(&area.id, &category.id, today);
        let rules = rules(call, &area.id, &category.id)?;
        let name = html! {
            @if let Some(rules) = rules { a href=(rules) { (category.name.ja) } } @else { (category.name.ja) }
        };
        let next = html! { @match next { Some(day) => { (kit::date(day)) }, None => { (words::NO_NEXT_DAY) } } };
        Ok(vec![name, next])
    };
    let rows: Vec<Vec<Markup>> = signs.iter().map(row).collect::<Result<_, Failure>>()?;
    Ok(kit::table(words::NEXT_DAYS, &columns, &rows, &html! { p { (words::NOTHING_EVER) } }))
}
