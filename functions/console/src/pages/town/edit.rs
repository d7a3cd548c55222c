//! Adding and changing one record.

use app::town::edit::{Cells, Draft, Mistake, Saved, Snapshot, Warnings};
use app::town::table::TownTable;
use http::StatusCode;
use maud::{Markup, html};

use super::form::{self, ACCEPT, QUESTION, SEEN, WARNINGS};
use super::{conflict, crumbs, editor, held, may_add, page, path, record_path, said, table_of, with_done};
use crate::kit::{self, ButtonKind, Errors, Form, NoticeKind};
use crate::pages::questions;
use crate::pages::questions::meanwhile::DECIDED;
use crate::web::{Answer, Call, Failure, Page};
use crate::words::kit as kit_words;
use crate::words::town as words;

/// `GET /town/{table}/new`
pub async fn create(call: Call) -> Result<Answer, Failure> {
    let table = table_of(&call)?;
    if !may_add(&editor(&call)?, table) {
        return Err(Failure::Denied);
    }
    let snapshot = call.console.desk.now().await?;
    let rows = form::typed(table, &call.form, None);
    let form = EditForm { call: &call, snapshot: &snapshot, table, id: None, rows: &rows, seen: &[] };
    Ok(form.page(&Errors::default(), &form.content(&Errors::default(), "", words::SAVE, &html! {})?).into())
}

/// The form of a new waste item that answers a question.
pub async fn create_item(call: Call, question: &str) -> Result<Answer, Failure> {
    let table = TownTable::WasteItems;
    let snapshot = call.console.desk.now().await?;
    let name = question.trim();
    let filled = |column: &&str| if *column == "name" { name.to_owned() } else { String::new() };
    let rows = vec![table.columns().iter().map(filled).collect()];
    let form = EditForm { call: &call, snapshot: &snapshot, table, id: None, rows: &rows, seen: &[] };
    Ok(form.page(&Errors::default(), &form.content(&Errors::default(), question, words::SAVE, &html! {})?).into())
}

/// `POST /town/{table}/new`
pub async fn save(call: Call) -> Result<Answer, Failure> {
    let table = table_of(&call)?;
    if !may_add(&editor(&call)?, table) {
        return Err(Failure::Denied);
    }
    put(&call, table, None, Vec::new()).await
}

/// `GET /town/{table}/edit?id=...`
pub async fn show(call: Call) -> Result<Answer, Failure> {
    let table = table_of(&call)?;
    let id = call.query.text("id");
    let snapshot = call.console.desk.now().await?;
    let entry = snapshot.entry(table, id).ok_or(Failure::NotFound)?;
    let form = EditForm { call: &call, snapshot: &snapshot, table, id: Some(id), rows: &entry.rows, seen: &entry.rows };
    let remove = html! {
        (kit::actions(&[kit::link_button(ButtonKind::Plain, words::REMOVE, &record_path(table, "remove", id))]))
    };
    let page = form.page(&Errors::default(), &form.content(&Errors::default(), "", words::SAVE, &remove)?);
    Ok(with_done(page, call.query.text("done")).into())
}

/// `POST /town/{table}/edit?id=...`
pub async fn change(call: Call) -> Result<Answer, Failure> {
    let table = table_of(&call)?;
    let id = call.query.text("id");
    let seen = form::seen(&call.form).ok_or(Failure::BadRequest)?;
    put(&call, table, Some(id), seen).await
}

async fn put(call: &Call, table: TownTable, id: Option<&str>, seen: Vec<Cells>) -> Result<Answer, Failure> {
    let rows = form::typed(table, &call.form, id);
    let warnings = if call.form.text(WARNINGS) == ACCEPT { Warnings::Accept } else { Warnings::Tell };
    let draft = Draft { table, id: id.map(str::to_owned), rows, seen, warnings };
    let saved = call.console.desk.save(&editor(call)?, &draft).await?;
    let snapshot = call.console.desk.now().await?;
    let form = EditForm { call, snapshot: &snapshot, table, id, rows: &draft.rows, seen: &draft.seen };
    match saved {
        Saved::Done { id: now, .. } => {
            let done = if id.is_some() { "saved" } else { "added" };
            after(call, table, &now, done).await
        }
        Saved::Already { id } => after(call, table, &id, "already").await,
        Saved::Wrong(mistakes) => form.wrong(&mistakes),
        Saved::Conflict(now) => conflict::page_of(&form, now.as_deref()),
        Saved::Held(broken) => {
            let none = Errors::default();
            let content = html! {
                (held(&snapshot, &broken))
                (form.content(&none, &call.form.long_text(QUESTION), words::SAVE, &html! {})?)
            };
            Ok(form.page(&none, &content).status(StatusCode::UNPROCESSABLE_ENTITY).into())
        }
        Saved::Denied => Err(Failure::Denied),
    }
}

/// Where to go once it is saved: back to the question, if the new waste item answers one.
async fn after(call: &Call, table: TownTable, id: &str, done: &str) -> Result<Answer, Failure> {
    let question = call.form.long_text(QUESTION);
    match (table, id.parse()) {
        (TownTable::WasteItems, Ok(item)) if !question.trim().is_empty() => {
            questions::answered(call, &question, item, "item").await
        }
        _ => Ok(Answer::SeeOther(format!("{}&done={done}", record_path(table, "edit", id)))),
    }
}

/// A form about one record.
pub(super) struct EditForm<'a> {
    pub(super) call: &'a Call,
    pub(super) snapshot: &'a Snapshot,
    pub(super) table: TownTable,
    pub(super) id: Option<&'a str>,
    pub(super) rows: &'a [Cells],
    pub(super) seen: &'a [Cells],
}

impl EditForm<'_> {
    pub(super) fn title(&self) -> String {
        match self.id {
            None => words::add_title(self.table),
            Some(id) => {
                let label = self.snapshot.entry(self.table, id).map(|entry| entry.label.clone());
                words::edit_title(&label.unwrap_or_else(|| self.snapshot.label(self.table, self.rows)))
            }
        }
    }

    pub(super) fn page(&self, errors: &Errors, content: &Markup) -> Page {
        let title = self.title();
        let content = html! {
            (crumbs(self.table, &title))
            (kit::heading(&title, None))
            (kit::error_summary(errors))
            (content)
        };
        page(kit::title(&title, errors), content)
    }

    /// The form itself, and what stands below it.
    pub(super) fn content(
        &self,
        errors: &Errors,
        question: &str,
        save: &str,
        below: &Markup,
    ) -> Result<Markup, Failure> {
        self.form(&self.action(), errors, question, &kit::submit(ButtonKind::Primary, save), below)
    }

    /// Where the form goes.
    pub(super) fn action(&self) -> String {
        match self.id {
            None => format!("{}/new", path(self.table)),
            Some(id) => record_path(self.table, "edit", id),
        }
    }

    pub(super) fn form(
        &self,
        action: &str,
        errors: &Errors,
        question: &str,
        button: &Markup,
        below: &Markup,
    ) -> Result<Markup, Failure> {
        let form = Form::post(action, &self.call.person()?.csrf);
        let is_fresh = self.call.method == http::Method::GET;
        let form = if is_fresh { form.warn_unsaved() } else { form.still_unsaved() };
        let cancel = path(self.table);
        let content = html! {
            (kit::hidden(SEEN, &form::seen_text(self.seen)))
            @if !question.trim().is_empty() {
                (kit::hidden(QUESTION, question))
                (kit::hidden(DECIDED, self.call.form.text(DECIDED)))
            }
            (form::fields(self.snapshot, self.table, self.id, self.rows, errors))
            (kit::actions(&[button.clone(), kit::link_button(ButtonKind::Secondary, words::BACK, &cancel)]))
        };
        Ok(html! { (kit::form(&form, &content)) (below) })
    }

    fn wrong(&self, mistakes: &[Mistake]) -> Result<Answer, Failure> {
        let question = self.call.form.long_text(QUESTION);
        if mistakes.iter().all(Mistake::is_warning) {
            let none = Errors::default();
            let sentence = |mistake: &Mistake| {
                kit_words::labelled(&form::field_of(self.table, self.id, mistake).1, &mistake.sentence)
            };
            let list = html! { ul { @for mistake in mistakes { li { (sentence(mistake)) } } } };
            let button = kit::submit_named(ButtonKind::Primary, words::SAVE_ANYWAY, WARNINGS, ACCEPT);
            let content = html! {
                (said(NoticeKind::Warning, words::WARNINGS, &list))
                (self.form(&self.action(), &none, &question, &button, &html! {})?)
            };
            return Ok(self.page(&none, &content).status(StatusCode::UNPROCESSABLE_ENTITY).into());
        }
        let errors = form::errors(self.table, self.id, mistakes);
        let content = self.content(&errors, &question, words::SAVE, &html! {})?;
        Ok(self.page(&errors, &content).status(StatusCode::UNPROCESSABLE_ENTITY).into())
    }
}
