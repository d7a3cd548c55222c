//! Other systems (外部連携): those that may file reports, and those that hear of each change. Their secrets are shown once.

pub mod hooks;
pub mod keys;

use domain::broadcast::template::SavedName;
use http::StatusCode;
use maud::{Markup, html};

use super::page;
use crate::kit::{self, ButtonKind, Column, Errors, Field, Form};
use crate::web::{Answer, Call, Failure, Page};
use crate::words::frame::Section;
use crate::words::outside as words;

/// Where they are listed.
pub(super) const PATH: &str = "/settings/outside";
/// Leads there whoever sent a form of which the system was taken away.
const USED: &str = "/settings/outside?done=used";
/// The field of what staff call a system.
const NAME: &str = "name";

/// `GET /settings/outside`
pub async fn list(call: Call) -> Result<Answer, Failure> {
    let (keys, hooks) = (call.console.systems.keys.all().await?, call.console.systems.hooks.all().await?);
    let remove = |path: &str, word: &str| html! { a href=(path) { (word) } };
    let key_rows: Vec<Vec<Markup>> = keys
        .iter()
        .map(|key| {
            let remove = remove(&keys::remove_path(key), words::REMOVE_KEY);
            vec![html! { (key.name) }, kit::moment(key.made_at), remove]
        })
        .collect();
    let hook_rows: Vec<Vec<Markup>> = hooks
        .iter()
        .map(|hook| {
            let remove = remove(&hooks::remove_path(hook), words::REMOVE_HOOK);
            vec![html! { (hook.name) }, html! { (hooks::host(&hook.url)) }, kit::moment(hook.made_at), remove]
        })
        .collect();
    let key_columns = [Column::row_head(words::NAME), Column::text(words::MADE_AT), Column::text(words::ACTION)];
    let hook_columns = [
        Column::row_head(words::NAME),
        Column::text(words::URL),
        Column::text(words::MADE_AT),
        Column::text(words::ACTION),
    ];
    let content = html! {
        (super::crumbs(words::OUTSIDE))
        (kit::heading(words::OUTSIDE, Some(words::LEAD)))
        (kit::section(words::KEYS, &html! {
            p { (words::KEYS_LEAD) }
            (kit::table(words::KEYS, &key_columns, &key_rows, &html! { p { (words::NO_KEYS) } }))
            (kit::actions(&[kit::link_button(ButtonKind::Secondary, words::NEW_KEY, keys::NEW)]))
        }))
        (kit::section(words::HOOKS, &html! {
            p { (words::HOOKS_LEAD) }
            (kit::table(words::HOOKS, &hook_columns, &hook_rows, &html! { p { (words::NO_HOOKS) } }))
            (kit::actions(&[kit::link_button(ButtonKind::Secondary, words::NEW_HOOK, hooks::NEW)]))
        }))
    };
    Ok(with_done(page(words::OUTSIDE, content), call.query.text("done")).into())
}

/// The page with word of what was just done.
fn with_done(page: Page, done: &str) -> Page {
    let said = match done {
        "key-removed" => words::KEY_REMOVED,
        "hook-removed" => words::HOOK_REMOVED,
        "used" => return page.notice(kit::NoticeKind::Warning, words::FORM_USED.title, words::FORM_USED.text),
        _ => return page,
    };
    page.notice(kit::NoticeKind::Success, said.title, said.text)
}

/// The form of a new system around its fields.
fn form_page(call: &Call, new: &New<'_>, fields: &Markup, errors: &Errors) -> Result<Answer, Failure> {
    let form = Form::post(new.path, &call.person()?.csrf);
    let form = if errors.is_empty() { form.warn_unsaved() } else { form.still_unsaved() };
    let content = html! {
        (crumbs(new.title))
        (kit::heading(new.title, Some(new.lead)))
        (kit::error_summary(errors))
        (kit::form(&form, &html! {
            (fields)
            (kit::actions(&[
                kit::submit(ButtonKind::Primary, new.button),
                kit::link_button(ButtonKind::Secondary, words::BACK, PATH),
            ]))
        }))
    };
    let page = page(kit::title(new.title, errors), content);
    Ok(if errors.is_empty() { page } else { page.status(StatusCode::UNPROCESSABLE_ENTITY) }.into())
}

/// What the form of a new system says around its fields.
struct New<'a> {
    path: &'a str,
    title: &'a str,
    lead: &'a str,
    button: &'a str,
}

/// The page that shows what is shown once. It has no address of its own, so that the secret stands in none.
fn shown_once(title: &str, lead: &str, facts: &[(&str, Markup)]) -> Answer {
    let content = html! {
        (crumbs(title))
        (kit::heading(title, Some(lead)))
        (kit::definitions(facts))
        (kit::actions(&[kit::link_button(ButtonKind::Primary, words::BACK, PATH)]))
    };
    page(title, content).into()
}

fn name_field(call: &Call, errors: &Errors) -> Markup {
    let field = Field::new(NAME, words::NAME).hint(words::NAME_HINT).error(errors.of(NAME)).required();
    kit::text(&field.value(call.form.text(NAME)).autocomplete("off"))
}

fn read_name(call: &Call, errors: &mut Errors) -> Option<SavedName> {
    let name = call.form.text(NAME).parse().ok();
    if name.is_none() {
        errors.add_labelled(NAME, words::NAME, words::NO_NAME);
    }
    name
}

fn crumbs(here: &str) -> Markup {
    kit::breadcrumbs(&[(Section::Settings.label(), Section::Settings.path()), (words::OUTSIDE, PATH)], here)
}
