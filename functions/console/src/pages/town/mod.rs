//! The town's data (まちのデータ): lists, forms, files, and the way back.

mod conflict;
mod edit;
mod export;
mod form;
mod history;
mod import;
mod list;
mod look;
mod remove;

pub use edit::{change, create, create_item, save, show};
pub use export::export;
pub use history::{list as history, show as past, undo};
pub use import::{begin as begin_import, import, preview, upload};
pub use list::{list, overview};
pub use remove::{ask as ask_remove, remove};

use app::town::edit::{Broken, Editor, Owner, Snapshot};
use app::town::table::TownTable;
use domain::staff::Act;
use domain::town::Town;
use maud::{Markup, html};

use crate::kit::{self, NoticeKind};
use crate::web::{Call, Failure, Page};
use crate::words::frame::{Said, Section};
use crate::words::town as words;

/// A list shows this many records at a time.
pub const PAGE: usize = 50;
/// Of those that stand in the way so many are named.
const NAMED_MAX: usize = 10;

/// To whom the record belongs that the address names.
#[must_use]
pub fn owner(town: &Town, call: &Call) -> Option<Owner> {
    Owner::in_town(town, TownTable::of(call.param("table"))?, call.query.text("id"))
}

/// The table that the path names.
fn table_of(call: &Call) -> Result<TownTable, Failure> {
    TownTable::of(call.param("table")).ok_or(Failure::NotFound)
}

/// Who edits.
pub(super) fn editor(call: &Call) -> Result<Editor<'_>, Failure> {
    let staff = &call.person()?.staff;
    Ok(Editor { staff: &staff.id, roles: &staff.roles, now: call.now })
}

/// Whether somebody may add to a table at all: to what hangs on departments every editor, to the rest who edits the town.
fn may_add(editor: &Editor<'_>, table: TownTable) -> bool {
    match table {
        TownTable::Districts | TownTable::Dates | TownTable::Areas | TownTable::Closures | TownTable::Departments => {
            editor.may(&Owner::Town)
        }
        TownTable::WasteItems
        | TownTable::Calendar
        | TownTable::Changes
        | TownTable::Topics
        | TownTable::ReportKinds
        | TownTable::ReportQuestions
        | TownTable::ReportAnswers
        | TownTable::Categories => editor.roles.allow(Act::Write),
    }
}

/// The address of a table.
pub(super) fn path(table: TownTable) -> String {
    format!("/town/{}", table.name())
}

/// The address of what is done with a record.
pub(super) fn record_path(table: TownTable, what: &str, id: &str) -> String {
    let id = form_urlencoded::Serializer::new(String::new()).append_pair("id", id).finish();
    format!("/town/{}/{what}?{id}", table.name())
}

/// The links above a page about a table.
fn crumbs(table: TownTable, here: &str) -> Markup {
    let list = path(table);
    kit::breadcrumbs(&[(Section::Town.label(), Section::Town.path()), (words::table(table), &list)], here)
}

/// A page of this section.
fn page(title: impl Into<String>, content: Markup) -> Page {
    Page::new(title, Section::Town, content)
}

/// Something said above the content.
fn said(kind: NoticeKind, said: Said, more: &Markup) -> Markup {
    kit::notice(kind, said.title, &html! { @if !said.text.is_empty() { p { (said.text) } } (more) })
}

/// What would refer to nothing.
fn held(snapshot: &Snapshot, broken: &[Broken]) -> Markup {
    let (mut records, mut departments) = (Vec::new(), Vec::new());
    for one in broken {
        match one {
            Broken::Record { table, label, column, missing } => {
                records.push(words::holder(*table, label, column, look::name(snapshot, column, missing)));
            }
            Broken::Staff { department } => departments.push(department.clone()),
        }
    }
    html! {
        @for (what, names) in [(words::HELD, records), (words::DEPARTMENT_HAS_STAFF, departments)] {
            @if !names.is_empty() { (said(NoticeKind::Error, what, &some(&names))) }
        }
    }
}

/// The first of these names, and how many more there are.
fn some(names: &[String]) -> Markup {
    html! {
        ul {
            @for name in names.iter().take(NAMED_MAX) { li { (name) } }
            @if names.len() > NAMED_MAX { li { (words::and_more(names.len() - NAMED_MAX)) } }
        }
    }
}

/// The page with word of what was just done.
fn with_done(page: Page, done: &str) -> Page {
    let said = match done {
        "saved" => words::DONE_SAVED,
        "added" => words::DONE_ADDED,
        "already" => words::DONE_ALREADY,
        "removed" => words::DONE_REMOVED,
        "gone" => words::DONE_GONE,
        "imported" => words::DONE_IMPORTED,
        "undone" => words::DONE_UNDONE,
        _ => return page,
    };
    page.notice(NoticeKind::Success, said.title, said.text)
}
