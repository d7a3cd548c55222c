//! What there is: all tables, and one table with search, filters and pages.

use std::collections::BTreeSet;

use app::town::edit::{Entry, Snapshot};
use app::town::table::TownTable;
use maud::{Markup, html};

use super::{PAGE, editor, look, may_add, page, path, record_path, table_of, with_done};
use crate::kit::{self, ButtonKind, Choice, Column, Field, Form, Pager, Tile};
use crate::web::{Answer, Call, Failure};
use crate::words::frame::Section;
use crate::words::town as words;

/// `GET /town`
pub async fn overview(call: Call) -> Result<Answer, Failure> {
    let snapshot = call.console.desk.now().await?;
    let paths: Vec<String> = TownTable::ALL.into_iter().map(path).collect();
    let count = |table| kit::count_of(snapshot.entries(table).len());
    let tile = |(table, path): (TownTable, &'_ String)| (words::table(table), count(table), path.clone());
    let found: Vec<_> = TownTable::ALL.into_iter().zip(&paths).map(tile).collect();
    let tiles: Vec<Tile<'_>> = found
        .iter()
        .map(|(label, value, path)| Tile { label, value: value.clone(), unit: words::UNIT, href: Some(path) })
        .collect();
    let content = html! {
        (kit::heading(Section::Town.label(), Some(words::LEAD)))
        (kit::tiles(&tiles))
        (kit::section(words::BOUNDARIES, &boundaries(&snapshot)))
        (kit::actions(&[kit::link_button(ButtonKind::Secondary, words::HISTORY, "/town/history")]))
    };
    Ok(page(Section::Town.label(), content).into())
}

/// How much is known of how far the town goes.
fn boundaries(snapshot: &Snapshot) -> Markup {
    let known = snapshot.data.boundaries.0.iter().filter_map(|boundary| boundary.district.as_ref());
    let known = known.collect::<BTreeSet<_>>().len();
    html! {
        p { (words::BOUNDARIES_ABOUT) }
        @if snapshot.data.boundaries.0.is_empty() {
            p { (words::NO_BOUNDARIES) }
        } @else {
            p { (words::boundaries(known, snapshot.data.districts.len())) }
        }
    }
}

/// `GET /town/{table}?q=...&category=...&page=2`
pub async fn list(call: Call) -> Result<Answer, Failure> {
    let table = table_of(&call)?;
    let snapshot = call.console.desk.now().await?;
    let asked = call.query.text("q");
    let filters: Vec<(&str, &str)> = filtered(table)
        .iter()
        .map(|column| (*column, call.query.text(column)))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let found: Vec<&Entry> = snapshot.search(table, asked, &filters).collect();
    let pages = found.len().div_ceil(PAGE).max(1);
    let number = call.query.text("page").parse().unwrap_or(1).clamp(1, pages);
    let shown = found.iter().skip((number - 1) * PAGE).take(PAGE);
    let rows: Vec<Vec<Markup>> = shown.map(|entry| row(&call, &snapshot, table, entry)).collect::<Result<_, _>>()?;
    let columns: Vec<Column<'_>> = std::iter::once(Column::row_head(words::table(table)))
        .chain(listed(table).iter().map(|column| Column::text(words::column(table, column))))
        .collect();
    let count = kit::count_of(found.len());
    let caption = format!("{}（{}）", words::table(table), words::found(&count));
    let query: Vec<(&str, &str)> = [("q", asked)].into_iter().chain(filters.iter().copied()).collect();
    let path = path(table);
    let turn = Pager::numbered(&path, &query, number as u64, pages as u64);
    let content = html! {
        (kit::breadcrumbs(&[(Section::Town.label(), Section::Town.path())], words::table(table)))
        (kit::heading(words::table(table), Some(words::about(table))))
        (buttons(&call, table)?)
        (search(&snapshot, table, &call))
        (kit::table(&caption, &columns, &rows, &html! { p { (words::NOTHING_FOUND) } }))
        (kit::pager(&turn))
    };
    Ok(with_done(page(words::table(table), content), call.query.text("done")).into())
}

fn buttons(call: &Call, table: TownTable) -> Result<Markup, Failure> {
    let (path, csrf) = (path(table), &call.person()?.csrf);
    let export = kit::post_button(ButtonKind::Plain, words::EXPORT, &Form::post(&format!("{path}/export"), csrf), &[]);
    if !may_add(&editor(call)?, table) {
        return Ok(kit::actions(&[export]));
    }
    Ok(kit::actions(&[
        kit::link_button(ButtonKind::Primary, words::ADD, &format!("{path}/new")),
        kit::link_button(ButtonKind::Secondary, words::IMPORT, &format!("{path}/import")),
        export,
    ]))
}

/// The columns by which a list can be cut down.
fn filtered(table: TownTable) -> &'static [&'static str] {
    match table {
        TownTable::WasteItems => &["category"],
        TownTable::Calendar => &["area", "category"],
        TownTable::Districts => &["area"],
        TownTable::Topics | TownTable::Categories | TownTable::ReportKinds => &["department"],
        TownTable::ReportQuestions | TownTable::ReportAnswers => &["kind"],
        TownTable::Changes | TownTable::Dates | TownTable::Areas | TownTable::Closures | TownTable::Departments => &[],
    }
}

/// The columns that a list shows beside the name.
fn listed(table: TownTable) -> &'static [&'static str] {
    match table {
        TownTable::WasteItems => &["reading", "aliases", "category"],
        TownTable::Calendar => &["when", "except", "extra", "note"],
        TownTable::Changes => &["areas", "categories", "new_date", "reason"],
        TownTable::Districts => &["reading", "area"],
        TownTable::Topics => &["description", "department", "default"],
        TownTable::Dates => &["question", "direction"],
        TownTable::ReportKinds => &["description", "department", "due_days", "closed"],
        TownTable::ReportQuestions => &["kind", "choices"],
        TownTable::ReportAnswers => &["kind", "occasion", "text"],
        TownTable::Categories => &["description", "put_out_by", "department"],
        TownTable::Areas => &["center"],
        TownTable::Closures => &["effect", "note"],
        TownTable::Departments => &["phone"],
    }
}

fn row(call: &Call, snapshot: &Snapshot, table: TownTable, entry: &Entry) -> Result<Vec<Markup>, Failure> {
    let editor = editor(call)?;
    let may = snapshot.owner(table, &entry.id).is_some_and(|owner| editor.may(&owner));
    let name = html! {
        @if may { a href=(record_path(table, "edit", &entry.id)) { (entry.label) } } @else { (entry.label) }
    };
    let cells = listed(table).iter().map(|column| look::cell(snapshot, column, &entry.text(table, column)));
    Ok(std::iter::once(name).chain(cells).collect())
}

fn search(snapshot: &Snapshot, table: TownTable, call: &Call) -> Markup {
    let selects = html! {
        @for column in filtered(table) {
            @let all = [Choice::new("", words::ALL)];
            @let choices: Vec<Choice<'_>> = all.into_iter().chain(super::form::choices(snapshot, column)).collect();
            (kit::select(&Field::new(column, words::column(table, column)).value(call.query.text(column)), &choices))
        }
    };
    kit::filter(
        &path(table),
        &html! {
            (kit::text(&Field::new("q", words::SEARCH).value(call.query.text("q"))))
            (selects)
            (kit::actions(&[kit::submit(ButtonKind::Secondary, crate::words::kit::SEARCH)]))
        },
    )
}
