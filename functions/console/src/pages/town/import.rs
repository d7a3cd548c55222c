//! A table from a file: choose it, see what it would change, and agree to that.
//!
//! Between the two steps the file waits in the table ([`app::ports::Uploads`]): in the form it would travel four times,
//! each time near the limit of a request. What was agreed to is named by its digest, and nothing else is ever done.

use app::ports::KeptUpload;
use app::town::edit::{Difference, Imported, Missing, Mistake, Preview, Snapshot};
use app::town::table::TownTable;
use domain::text::hex;
use http::StatusCode;
use maud::{Markup, html};

use super::{PAGE, crumbs, editor, held, look, may_add, page, path, said, table_of};
use crate::kit::{self, ButtonKind, Choice, Column, Errors, Field, Form, NoticeKind, Pager, Tile};
use crate::web::{Answer, Call, Failure, Page};
use crate::words::town as words;

/// The field of the file.
const FILE: &str = "file";
/// The field, and the part of an address, that says what becomes of what the file does not have.
const MISSING: &str = "missing";
/// Its value for removing.
const REMOVE: &str = "remove";
/// Its value for keeping.
const KEEP: &str = "keep";
/// The field that names what was agreed to.
const DIGEST: &str = "digest";
/// Of a file's mistakes so many are shown.
const MISTAKES_MAX: usize = 200;
/// Of a file's name so many characters are kept.
const FILE_NAME_CHARS_MAX: usize = 100;

/// `GET /town/{table}/import`
pub async fn begin(call: Call) -> Result<Answer, Failure> {
    let table = table_of(&call)?;
    allowed(&call, table)?;
    Ok(choose(&call, table, &Errors::default())?.into())
}

/// `POST /town/{table}/import`
pub async fn upload(call: Call) -> Result<Answer, Failure> {
    let table = table_of(&call)?;
    allowed(&call, table)?;
    let Some(file) = call.upload.as_ref().filter(|file| file.field == FILE && !file.bytes.is_empty()) else {
        let mut errors = Errors::default();
        errors.add(FILE, words::CHOOSE_FILE);
        return Ok(choose(&call, table, &errors)?.status(StatusCode::UNPROCESSABLE_ENTITY).into());
    };
    let id = hex(&call.console.chance.bytes()[..16]);
    let upload = KeptUpload {
        id: id.clone(),
        staff: call.person()?.staff.id.clone(),
        kind: table.name().to_owned(),
        file_name: file.file_name.chars().take(FILE_NAME_CHARS_MAX).collect(),
        at: call.now,
        bytes: file.bytes.to_vec(),
    };
    call.console.desk.keep(&upload).await?;
    Ok(Answer::SeeOther(address(table, &id, missing_of(call.form.text(MISSING)))))
}

/// `GET /town/{table}/import/{upload}?missing=keep&page=2`
pub async fn preview(call: Call) -> Result<Answer, Failure> {
    let table = table_of(&call)?;
    allowed(&call, table)?;
    let Some(upload) = call.console.desk.kept(&editor(&call)?, table, call.param("upload")).await? else {
        return expired(&call, table);
    };
    let missing = missing_of(call.query.text(MISSING));
    let preview = call.console.desk.preview(&editor(&call)?, table, &upload.bytes, missing).await?;
    Ok(shown(&call, table, &upload, missing, &preview, &html! {}).await?.into())
}

/// `POST /town/{table}/import/{upload}`
pub async fn import(call: Call) -> Result<Answer, Failure> {
    let table = table_of(&call)?;
    allowed(&call, table)?;
    let editor = editor(&call)?;
    let desk = &call.console.desk;
    let Some(upload) = desk.kept(&editor, table, call.param("upload")).await? else { return expired(&call, table) };
    let missing = missing_of(call.form.text(MISSING));
    match desk.import(&editor, table, &upload.bytes, missing, call.form.text(DIGEST)).await? {
        Imported::Done(revision) => Ok(Answer::SeeOther(format!("/town/history/{}?done=imported", revision.0))),
        Imported::Already => Ok(Answer::SeeOther(format!("{}?done=already", path(table)))),
        Imported::Moved(preview) if !preview.denied.is_empty() => Err(Failure::Denied),
        Imported::Moved(preview) => {
            let notice = said(NoticeKind::Warning, words::MOVED, &html! {});
            let page = shown(&call, table, &upload, missing, &preview, &notice).await?;
            Ok(page.status(StatusCode::CONFLICT).into())
        }
    }
}

fn allowed(call: &Call, table: TownTable) -> Result<(), Failure> {
    if may_add(&editor(call)?, table) { Ok(()) } else { Err(Failure::Denied) }
}

fn missing_of(text: &str) -> Missing {
    if text == REMOVE { Missing::Remove } else { Missing::Keep }
}

fn value_of(missing: Missing) -> &'static str {
    match missing {
        Missing::Keep => KEEP,
        Missing::Remove => REMOVE,
    }
}

fn address(table: TownTable, upload: &str, missing: Missing) -> String {
    format!("{}/import/{upload}?{MISSING}={}", path(table), value_of(missing))
}

fn expired(call: &Call, table: TownTable) -> Result<Answer, Failure> {
    let mut errors = Errors::default();
    errors.add(FILE, words::UPLOAD_GONE);
    Ok(choose(call, table, &errors)?.status(StatusCode::GONE).into())
}

fn choose(call: &Call, table: TownTable, errors: &Errors) -> Result<Page, Failure> {
    let title = words::import_title(table);
    let action = format!("{}/import", path(table));
    let missing = value_of(missing_of(call.form.text(MISSING)));
    let choices = [
        Choice::new(KEEP, words::MISSING_KEEP),
        Choice::new(REMOVE, words::MISSING_REMOVE).hint(words::MISSING_REMOVE_HINT),
    ];
    let file = Field::new(FILE, words::FILE).hint(words::FILE_HINT).error(errors.of(FILE)).required();
    let content = html! {
        (crumbs(table, &title))
        (kit::heading(&title, Some(words::IMPORT_LEAD)))
        (kit::error_summary(errors))
        (kit::form(&Form::post(&action, &call.person()?.csrf).with_files(), &html! {
            (kit::file(&file, ".csv,text/csv"))
            (kit::fold(words::FILE_COLUMNS, &columns_of_file(table)))
            (kit::radios(&Field::new(MISSING, words::MISSING).value(missing), &choices))
            (kit::actions(&[
                kit::submit(ButtonKind::Primary, words::CHECK_FILE),
                kit::link_button(ButtonKind::Secondary, words::BACK, &path(table)),
            ]))
        }))
    };
    Ok(page(kit::title(&title, errors), content))
}

/// What the file calls what the pages call otherwise.
fn columns_of_file(table: TownTable) -> Markup {
    let heads = [Column::row_head(words::FILE_COLUMN), Column::text(words::COLUMN_MEANING)];
    let row = |column: &&'static str| vec![html! { (column) }, html! { (words::column(table, column)) }];
    let rows: Vec<Vec<Markup>> = table.columns().iter().map(row).collect();
    kit::table(table.file(), &heads, &rows, &html! {})
}

async fn shown(
    call: &Call,
    table: TownTable,
    upload: &KeptUpload,
    missing: Missing,
    preview: &Preview,
    notice: &Markup,
) -> Result<Page, Failure> {
    let snapshot = call.console.desk.now().await?;
    let title = words::import_title(table);
    let content = html! {
        (crumbs(table, &title))
        (kit::heading(&title, None))
        p { (upload.file_name) }
        (notice)
        (troubles(&snapshot, table, preview))
        @if preview.mistakes.iter().all(Mistake::is_warning) {
            (summary(preview))
            (changes(call, &snapshot, table, upload, missing, preview)?)
        }
        (kit::actions(&[
            kit::link_button(ButtonKind::Secondary, words::OTHER_FILE, &format!("{}/import", path(table))),
            kit::link_button(ButtonKind::Plain, words::BACK, &path(table)),
        ]))
    };
    Ok(page(title, content))
}

/// Everything that stands in the way, or should be looked at.
fn troubles(snapshot: &Snapshot, table: TownTable, preview: &Preview) -> Markup {
    let is_sound = preview.mistakes.iter().all(Mistake::is_warning);
    let columns = [Column::row_head(words::LINE), Column::text(words::AT_COLUMN), Column::text(words::WHAT)];
    let row = |mistake: &Mistake| {
        let column = mistake.column.as_deref().unwrap_or_default();
        let known = table.columns().contains(&column);
        vec![
            html! { (mistake.line) },
            html! { @if known { (words::column(table, column)) span.hint { "（" (column) "）" } } @else { (column) } },
            html! { (mistake.sentence) },
        ]
    };
    let rows: Vec<Vec<Markup>> = preview.mistakes.iter().take(MISTAKES_MAX).map(row).collect();
    let denied: Vec<String> =
        preview.denied.iter().take(super::NAMED_MAX).map(|change| snapshot.difference(change).label).collect();
    html! {
        @if !is_sound { (said(NoticeKind::Error, words::MISTAKES, &html! {})) }
        @else if !rows.is_empty() { (said(NoticeKind::Warning, words::FILE_WARNINGS, &html! {})) }
        @if !rows.is_empty() {
            (kit::table(words::MISTAKES_CAPTION, &columns, &rows, &html! {}))
            @if preview.mistakes.len() > MISTAKES_MAX {
                p { (words::and_more(preview.mistakes.len() - MISTAKES_MAX)) }
            }
        }
        @if !denied.is_empty() {
            (said(NoticeKind::Error, words::DENIED_ROWS, &html! {
                ul {
                    @for label in &denied { li { (label) } }
                    @if preview.denied.len() > denied.len() { li { (words::and_more(preview.denied.len() - denied.len())) } }
                }
            }))
        }
        @if !preview.broken.is_empty() { (held(snapshot, &preview.broken)) }
    }
}

fn summary(preview: &Preview) -> Markup {
    let number = |count: usize| kit::count(u64::try_from(count).unwrap_or(u64::MAX));
    let stay = preview.missing.saturating_sub(preview.counts.removed);
    let tile = |label, count| Tile { label, value: number(count), unit: words::UNIT, href: None };
    html! {
        (kit::tiles(&[
            tile(words::ADDED, preview.counts.added),
            tile(words::CHANGED, preview.counts.changed),
            tile(words::REMOVED, preview.counts.removed),
            tile(words::KEPT, stay),
        ]))
    }
}

/// What changes, page by page, and the button that agrees to all of it.
fn changes(
    call: &Call,
    snapshot: &Snapshot,
    table: TownTable,
    upload: &KeptUpload,
    missing: Missing,
    preview: &Preview,
) -> Result<Markup, Failure> {
    let pages = preview.changes.len().div_ceil(PAGE).max(1);
    let number = call.query.text("page").parse().unwrap_or(1).clamp(1, pages);
    let shown = preview.changes.iter().skip((number - 1) * PAGE).take(PAGE);
    let differences: Vec<Difference> = shown.map(|change| snapshot.difference(change)).collect();
    let here = format!("{}/import/{}", path(table), upload.id);
    let turn = Pager::numbered(&here, &[(MISSING, value_of(missing))], number as u64, pages as u64);
    let (other, label) = match missing {
        Missing::Keep => (Missing::Remove, words::SHOW_REMOVALS),
        Missing::Remove => (Missing::Keep, words::SHOW_KEPT),
    };
    let form = Form::post(&here, &call.person()?.csrf);
    let values = [(MISSING, value_of(missing)), (DIGEST, preview.digest.as_str())];
    Ok(html! {
        @if preview.missing > 0 {
            p { a href=(address(table, &upload.id, other)) { (label) } }
        }
        @if preview.changes.is_empty() {
            (said(NoticeKind::Info, words::NO_CHANGES, &html! {}))
        } @else {
            (kit::section(words::CHANGES_CAPTION, &look::differences(snapshot, &differences, words::BEFORE, words::AFTER)))
            (kit::pager(&turn))
            @if preview.can_be_taken() { (kit::post_button(ButtonKind::Primary, words::IMPORT_NOW, &form, &values)) }
        }
    })
}
