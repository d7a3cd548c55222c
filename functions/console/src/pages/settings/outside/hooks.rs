//! Where other systems hear of changes. The id is minted with the form, so that a form sent twice is one hook, and its secret is shown again.

use app::ports::outside::Hook;
use app::report::systems::Refused;
use maud::html;
use secrecy::ExposeSecret as _;

use super::{New, PATH, crumbs, form_page, name_field, read_name, shown_once};
use crate::kit::{self, Confirm, Errors, Field, Form, InputKind};
use crate::web::{Answer, Call, Failure};
use crate::words::outside as words;

/// Where one is added.
pub(super) const NEW: &str = "/settings/outside/hooks/new";
/// The hidden field of the id.
const ID: &str = "id";
/// The field of the address.
const URL: &str = "url";

/// `GET /settings/outside/hooks/new`
pub async fn create(call: Call) -> Result<Answer, Failure> {
    show(&call, &call.console.systems.mint_id(), &Errors::default())
}

/// `POST /settings/outside/hooks/new`
pub async fn save(call: Call) -> Result<Answer, Failure> {
    let (id, url) = (call.form.text(ID).to_owned(), call.form.text(URL).trim().to_owned());
    let mut errors = Errors::default();
    let name = read_name(&call, &mut errors);
    if call.console.systems.reach.check(&url).is_err() {
        errors.add_labelled(URL, words::URL, words::BAD_URL);
    }
    let (Some(name), true) = (name, errors.is_empty()) else { return show(&call, &id, &errors) };
    match call.console.systems.add_hook(&id, &name, &url, &call.person()?.staff.id).await? {
        Ok(hook) => Ok(made(&hook)),
        Err(Refused::Gone) => Ok(Answer::SeeOther(super::USED.to_owned())),
        Err(Refused::Key | Refused::Id | Refused::Taken | Refused::Address(_)) => Err(Failure::BadRequest),
    }
}

fn show(call: &Call, id: &str, errors: &Errors) -> Result<Answer, Failure> {
    let new = New { path: NEW, title: words::NEW_HOOK, lead: words::NEW_HOOK_LEAD, button: words::DO_NEW_HOOK };
    let url = Field::new(URL, words::URL).hint(words::URL_HINT).error(errors.of(URL)).required();
    let fields = html! {
        (kit::hidden(ID, id))
        (name_field(call, errors))
        (kit::input(InputKind::Url, &url.value(call.form.text(URL)).autocomplete("off")))
    };
    form_page(call, &new, &fields, errors)
}

fn made(hook: &Hook) -> Answer {
    let facts = [
        (words::NAME, html! { (hook.name) }),
        (words::URL, html! { (hook.url) }),
        (words::SECRET, html! { code { (hook.secret.expose_secret()) } }),
        (words::SIGNED_BY, html! { (words::STANDARD) }),
        (words::TRYING, html! { (words::HOW_TO_TRY) }),
    ];
    shown_once(words::HOOK_MADE, words::HOOK_MADE_LEAD, &facts)
}

/// `GET /settings/outside/hooks/{id}/remove`
pub async fn ask_remove(call: Call) -> Result<Answer, Failure> {
    let hook = named(&call).await?;
    let about = kit::definitions(&[
        (words::NAME, html! { (hook.name) }),
        (words::URL, html! { (host(&hook.url)) }),
        (words::MADE_AT, kit::moment(hook.made_at)),
    ]);
    let content = html! {
        (crumbs(&hook.name))
        (kit::confirm(&Confirm {
            question: words::REMOVE_HOOK_QUESTION,
            about: &about,
            consequences: &words::REMOVE_HOOK_CONSEQUENCES,
            form: Form::post(&remove_path(&hook), &call.person()?.csrf),
            values: &[],
            button: words::DO_REMOVE_HOOK,
            cancel: PATH,
        }))
    };
    Ok(super::page(words::REMOVE_HOOK_QUESTION, content).into())
}

/// `POST /settings/outside/hooks/{id}/remove`
pub async fn remove(call: Call) -> Result<Answer, Failure> {
    let hook = named(&call).await?;
    call.console.systems.remove_hook(&hook, &call.person()?.staff.id).await?;
    Ok(Answer::SeeOther(format!("{PATH}?done=hook-removed")))
}

async fn named(call: &Call) -> Result<Hook, Failure> {
    call.console.systems.hook(call.param("id")).await?.ok_or(Failure::NotFound)
}

/// Scheme and name: what stands behind them may be a token, and is shown once.
pub(super) fn host(url: &str) -> &str {
    let begins = url.find("://").map_or(0, |at| at + 3);
    let ends = url.get(begins..).and_then(|rest| rest.find(['/', '?', '#'])).map_or(url.len(), |at| begins + at);
    url.get(..ends).unwrap_or_default()
}

pub(super) fn remove_path(hook: &Hook) -> String {
    format!("{PATH}/hooks/{}/remove", hook.id)
}
