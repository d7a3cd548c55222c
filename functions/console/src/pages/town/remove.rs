//! Removing one record, after a look at it.

use app::town::edit::{Broken, Cells, Saved, Snapshot};
use app::town::table::TownTable;
use http::StatusCode;
use maud::{Markup, html};

use super::form::{self, SEEN};
use super::{crumbs, editor, held, look, page, path, record_path, said, table_of};
use crate::kit::{self, ButtonKind, Confirm, Form, NoticeKind};
use crate::web::{Answer, Call, Failure, Page};
use crate::words::town as words;

/// `GET /town/{table}/remove?id=...`
pub async fn ask(call: Call) -> Result<Answer, Failure> {
    let table = table_of(&call)?;
    let snapshot = call.console.desk.now().await?;
    let entry = snapshot.entry(table, call.query.text("id")).ok_or(Failure::NotFound)?;
    Ok(question(&call, &snapshot, table, &entry.rows, &html! {})?.into())
}

/// `POST /town/{table}/remove?id=...`
pub async fn remove(call: Call) -> Result<Answer, Failure> {
    let table = table_of(&call)?;
    let id = call.query.text("id");
    let seen = form::seen(&call.form).ok_or(Failure::BadRequest)?;
    let saved = call.console.desk.remove(&editor(&call)?, table, id, &seen).await?;
    let snapshot = call.console.desk.now().await?;
    match saved {
        Saved::Done { .. } => Ok(Answer::SeeOther(format!("{}?done=removed", path(table)))),
        Saved::Already { .. } | Saved::Conflict(None) => Ok(Answer::SeeOther(format!("{}?done=gone", path(table)))),
        Saved::Conflict(Some(now)) => {
            let notice = said(NoticeKind::Warning, words::CHANGED_BEFORE_REMOVAL, &html! {});
            Ok(question(&call, &snapshot, table, &now, &notice)?.status(StatusCode::CONFLICT).into())
        }
        Saved::Held(broken) => {
            Ok(refused(&call, &snapshot, table, &seen, &broken).status(StatusCode::UNPROCESSABLE_ENTITY).into())
        }
        Saved::Denied => Err(Failure::Denied),
        // Nothing is typed, so nothing of it can be wrong.
        Saved::Wrong(_) => Err(Failure::BadRequest),
    }
}

/// The record as it stands.
fn facts(snapshot: &Snapshot, table: TownTable, rows: &[Cells]) -> Markup {
    let text = |at: usize| rows.iter().filter_map(|row| row.get(at)).cloned().collect::<Vec<_>>().join("\n");
    let facts: Vec<(&str, Markup)> = table
        .columns()
        .iter()
        .enumerate()
        .map(|(at, column)| (words::column(table, column), look::cell(snapshot, column, &text(at))))
        .collect();
    kit::definitions(&facts)
}

/// What others hold is not asked about again: there is no button until they have let go.
fn refused(call: &Call, snapshot: &Snapshot, table: TownTable, rows: &[Cells], broken: &[Broken]) -> Page {
    let title = words::not_removed(&snapshot.label(table, rows));
    let edit = record_path(table, "edit", call.query.text("id"));
    let content = html! {
        (crumbs(table, &title))
        (kit::heading(&title, None))
        (held(snapshot, broken))
        (facts(snapshot, table, rows))
        (kit::actions(&[
            kit::link_button(ButtonKind::Secondary, words::TO_RECORD, &edit),
            kit::link_button(ButtonKind::Plain, words::BACK, &path(table)),
        ]))
    };
    page(title, content)
}

fn question(
    call: &Call,
    snapshot: &Snapshot,
    table: TownTable,
    rows: &[Cells],
    notice: &Markup,
) -> Result<Page, Failure> {
    let id = call.query.text("id");
    let title = words::remove_question(&snapshot.label(table, rows));
    let about = html! { (notice) (facts(snapshot, table, rows)) };
    let also = match table {
        TownTable::Districts => Some(words::REMOVE_DISTRICT),
        TownTable::Topics => Some(words::REMOVE_TOPIC),
        TownTable::Changes => Some(words::REMOVE_CHANGE),
        TownTable::Dates => Some(words::REMOVE_DATE_KIND),
        TownTable::ReportKinds => Some(words::REMOVE_REPORT_KIND),
        TownTable::ReportQuestions => Some(words::REMOVE_REPORT_QUESTION),
        TownTable::WasteItems
        | TownTable::ReportAnswers
        | TownTable::Calendar
        | TownTable::Categories
        | TownTable::Areas
        | TownTable::Closures
        | TownTable::Departments => None,
    };
    let consequences: Vec<&str> = words::REMOVE_CONSEQUENCES.into_iter().chain(also).collect();
    let seen = form::seen_text(rows);
    let content = html! {
        (crumbs(table, &title))
        (kit::confirm(&Confirm {
            question: &title,
            about: &about,
            consequences: &consequences,
            form: Form::post(&record_path(table, "remove", id), &call.person()?.csrf),
            values: &[(SEEN, &seen)],
            button: words::REMOVE,
            cancel: &record_path(table, "edit", id),
        }))
    };
    Ok(page(title, content))
}
