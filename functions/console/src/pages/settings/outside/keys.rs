//! Keys of other systems. The key is minted with the form, so that a form sent twice is one key, and the same one is shown.

use app::ports::outside::ApiKey;
use app::report::systems::Refused;
use maud::{Markup, html};

use super::{New, PATH, crumbs, form_page, name_field, read_name, shown_once};
use crate::kit::{self, Confirm, Errors, Form};
use crate::web::{Answer, Call, Failure};
use crate::words::outside as words;

/// Where one is made.
pub(super) const NEW: &str = "/settings/outside/keys/new";
/// Where reports are filed, behind the address of the residents' pages.
const OPEN311: &str = "/open311/v2";
/// The hidden field of the key.
const KEY: &str = "key";

/// `GET /settings/outside/keys/new`
pub async fn create(call: Call) -> Result<Answer, Failure> {
    show(&call, &call.console.systems.mint_key(), &Errors::default())
}

/// `POST /settings/outside/keys/new`
pub async fn save(call: Call) -> Result<Answer, Failure> {
    let (key, mut errors) = (call.form.text(KEY).to_owned(), Errors::default());
    let Some(name) = read_name(&call, &mut errors) else { return show(&call, &key, &errors) };
    match call.console.systems.add_key(&key, &name, &call.person()?.staff.id).await? {
        Ok(()) => Ok(made(&call, name.as_str(), &key)),
        Err(Refused::Gone) => Ok(Answer::SeeOther(super::USED.to_owned())),
        Err(Refused::Key | Refused::Id | Refused::Taken | Refused::Address(_)) => Err(Failure::BadRequest),
    }
}

fn show(call: &Call, key: &str, errors: &Errors) -> Result<Answer, Failure> {
    let new = New { path: NEW, title: words::NEW_KEY, lead: words::NEW_KEY_LEAD, button: words::DO_NEW_KEY };
    let fields = html! {
        (kit::hidden(KEY, key))
        (name_field(call, errors))
    };
    form_page(call, &new, &fields, errors)
}

fn made(call: &Call, name: &str, key: &str) -> Answer {
    let portal = call.town.profile.portal.trim_end_matches('/');
    let send_to = html! {
        @if portal.is_empty() { (words::no_portal(OPEN311)) } @else { code { (portal) (OPEN311) } }
    };
    let facts = [(words::NAME, html! { (name) }), (words::KEY, html! { code { (key) } }), (words::SEND_TO, send_to)];
    shown_once(words::KEY_MADE, words::KEY_MADE_LEAD, &facts)
}

/// `GET /settings/outside/keys/{hash}/remove`
pub async fn ask_remove(call: Call) -> Result<Answer, Failure> {
    let key = named(&call).await?;
    let about: Markup =
        kit::definitions(&[(words::NAME, html! { (key.name) }), (words::MADE_AT, kit::moment(key.made_at))]);
    let content = html! {
        (crumbs(&key.name))
        (kit::confirm(&Confirm {
            question: words::REMOVE_KEY_QUESTION,
            about: &about,
            consequences: &words::REMOVE_KEY_CONSEQUENCES,
            form: Form::post(&remove_path(&key), &call.person()?.csrf),
            values: &[],
            button: words::DO_REMOVE_KEY,
            cancel: PATH,
        }))
    };
    Ok(super::page(words::REMOVE_KEY_QUESTION, content).into())
}

/// `POST /settings/outside/keys/{hash}/remove`
pub async fn remove(call: Call) -> Result<Answer, Failure> {
    let key = named(&call).await?;
    call.console.systems.remove_key(&key, &call.person()?.staff.id).await?;
    Ok(Answer::SeeOther(format!("{PATH}?done=key-removed")))
}

async fn named(call: &Call) -> Result<ApiKey, Failure> {
    call.console.systems.keys.find(call.param("hash")).await?.ok_or(Failure::NotFound)
}

pub(super) fn remove_path(key: &ApiKey) -> String {
    format!("{PATH}/keys/{}/remove", key.hash)
}
