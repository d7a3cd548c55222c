//! Somebody else changed the same record first: what differs, and the choice between theirs and mine.

use app::town::edit::{Cells, Snapshot};
use app::town::table::TownTable;
use http::StatusCode;
use maud::{Markup, html};

use super::edit::EditForm;
use super::{look, path, record_path, said};
use crate::kit::{self, ButtonKind, Column, Errors, NoticeKind};
use crate::web::{Answer, Failure};
use crate::words::town as words;

/// The page with everything that differs, and the form that saves mine over theirs knowingly.
pub(super) fn page_of(form: &EditForm<'_>, now: Option<&[Cells]>) -> Result<Answer, Failure> {
    let errors = Errors::default();
    let Some((now, id)) = now.zip(form.id) else { return gone(form) };
    let compared = compared(form.snapshot, form.table, form.seen, now, form.rows);
    let again = EditForm { seen: now, ..*form };
    let theirs = record_path(form.table, "edit", id);
    let content = html! {
        (said(NoticeKind::Warning, words::CONFLICT, &html! {}))
        (compared)
        (kit::actions(&[kit::link_button(ButtonKind::Secondary, words::TAKE_THEIRS, &theirs)]))
        (again.content(&errors, "", words::OVERWRITE, &html! {})?)
    };
    Ok(form.page(&errors, &content).status(StatusCode::CONFLICT).into())
}

/// Theirs is that there is none: mine can be added anew, under the same name.
fn gone(form: &EditForm<'_>) -> Result<Answer, Failure> {
    let errors = Errors::default();
    let anew = EditForm { id: None, seen: &[], ..*form };
    let button = kit::submit(ButtonKind::Primary, words::ADD_AGAIN);
    let action = format!("{}/new", path(form.table));
    let content = html! {
        (said(NoticeKind::Warning, words::CONFLICT_GONE, &html! {}))
        (anew.form(&action, &errors, "", &button, &html! {})?)
    };
    Ok(form.page(&errors, &content).status(StatusCode::CONFLICT).into())
}

/// Field by field: as it was seen, as it is now, as it was typed. Fields that are the same everywhere are left out.
fn compared(snapshot: &Snapshot, table: TownTable, seen: &[Cells], now: &[Cells], mine: &[Cells]) -> Markup {
    let columns = [
        Column::row_head(words::FIELD),
        Column::text(words::AS_SEEN),
        Column::text(words::THEIRS),
        Column::text(words::MINE),
    ];
    let text = |rows: &[Cells], at: usize| {
        rows.iter().map(|row| row.get(at).map_or("", String::as_str)).collect::<Vec<_>>().join("\n")
    };
    let side = |column: &str, text: &str| {
        html! {
            @if text.trim().is_empty() { (words::EMPTY) } @else { (look::cell(snapshot, column, text)) }
        }
    };
    let row = |(at, column): (usize, &&'static str)| {
        let texts = [seen, now, mine].map(|rows| text(rows, at));
        let differs = texts.iter().any(|text| *text != texts[0]);
        differs.then(|| {
            let name = html! { (words::column(table, column)) };
            std::iter::once(name).chain(texts.iter().map(|text| side(column, text))).collect::<Vec<_>>()
        })
    };
    let rows: Vec<Vec<Markup>> = table.columns().iter().enumerate().filter_map(row).collect();
    kit::table(words::COMPARISON, &columns, &rows, &html! {})
}
