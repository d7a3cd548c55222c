//! Inviting somebody. The person's id is minted with the form, so that a form sent twice is one invitation.

use app::staff::{change, new_id};
use domain::ids::StaffId;
use domain::staff::{Change, Roles};
use http::StatusCode;
use maud::html;
use uuid::Uuid;

use super::draft::Draft;
use super::{account, crumbs, path_of, refusal};
use crate::kit::{self, ButtonKind, Errors, Form};
use crate::web::{Answer, Call, Failure, Page};
use crate::words::frame::Section;
use crate::words::people as words;

const ID: &str = "id";

/// `GET /people/invite`
pub async fn begin(call: Call) -> Result<Answer, Failure> {
    let id = new_id(&*call.console.chance, call.now)?;
    page(&call, &id, &Draft::new(&call.town), &Errors::default())
}

/// `POST /people/invite`
pub async fn send(call: Call) -> Result<Answer, Failure> {
    // Only what our own form mints: any other id might be the name of a page.
    let minted = Uuid::try_parse(call.form.text(ID)).map_err(|_| Failure::BadRequest)?;
    let id: StaffId = minted.to_string().parse().map_err(|_| Failure::BadRequest)?;
    let draft = Draft::typed(&call.form, &call.town, &Roles::default());
    let mut errors = Errors::default();
    let (name, email) = (draft.read_name(&mut errors), draft.read_email(&mut errors));
    let roles = draft.read_roles(&mut errors);
    if let (Some(name), Some(email), true) = (name, email, errors.is_empty()) {
        let invitation = Change::Invite { id: id.clone(), name, email, roles };
        match change(&*call.console.staff, &call.person()?.staff.id, &invitation, call.now).await? {
            Ok(staff) => {
                let done = account::open(&call, &staff).await;
                return Ok(Answer::SeeOther(format!("{}?done={done}", path_of(&staff))));
            }
            Err(why) => {
                let (field, said) = refusal(why)?;
                errors.add(field, said);
            }
        }
    }
    page(&call, &id, &draft, &errors)
}

fn page(call: &Call, id: &StaffId, draft: &Draft, errors: &Errors) -> Result<Answer, Failure> {
    let form = Form::post("/people/invite", &call.person()?.csrf);
    let form = if errors.is_empty() { form.warn_unsaved() } else { form.still_unsaved() };
    let lead = if call.console.accounts.is_some() { words::INVITE_MAILS } else { words::INVITE_LEAD };
    let content = html! {
        (crumbs(words::INVITE))
        (kit::heading(words::INVITE, Some(lead)))
        (kit::error_summary(errors))
        (kit::form(&form, &html! {
            (kit::hidden(ID, id.as_str()))
            (draft.name_field(errors))
            (draft.email_field(errors))
            (draft.role_fields(errors))
            p { a href="/people/help" { (words::TO_HELP) } }
            (kit::actions(&[
                kit::submit(ButtonKind::Primary, words::DO_INVITE),
                kit::link_button(ButtonKind::Secondary, words::BACK, Section::People.path()),
            ]))
        }))
    };
    let page = Page::new(kit::title(words::INVITE, errors), Section::People, content);
    Ok(if errors.is_empty() { page } else { page.status(StatusCode::UNPROCESSABLE_ENTITY) }.into())
}
