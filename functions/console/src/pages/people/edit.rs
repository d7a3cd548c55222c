//! One person: how they are, and changing their name and roles.

use app::staff::{NotChanged, Seen, change_seen};
use domain::ids::StaffId;
use domain::staff::{Change, Refusal, Staff, Standing};
use http::StatusCode;
use maud::{Markup, html};

use super::draft::Draft;
use super::{account, conflict, crumbs, path_of, refusal, roles, standing_badge, with_done};
use crate::kit::{self, ButtonKind, Errors, Form, NoticeKind};
use crate::web::{Answer, Call, Failure, Page};
use crate::words::frame::Section;
use crate::words::people as words;

/// The field that carries the person as they were when the form was made.
pub(super) const SEEN: &str = "seen";

/// `GET /people/{id}`
pub async fn show(call: Call) -> Result<Answer, Failure> {
    let staff = person_of(&call).await?;
    let draft = Draft::of(&staff, &call.town);
    let page = page(&call, &staff, &draft, &Errors::default())?;
    Ok(with_done(page, call.query.text("done")).into())
}

/// `POST /people/{id}`
pub async fn save(call: Call) -> Result<Answer, Failure> {
    let staff = person_of(&call).await?;
    let by = &call.person()?.staff.id;
    let seen = seen_in(&call)?;
    let mut errors = Errors::default();
    let mut draft = Draft::typed(&call.form, &call.town, &staff.roles);
    let name = draft.read_name(&mut errors);
    // The form about oneself has no roles in it.
    let roles = if staff.id == *by && !Draft::has_roles(&call.form) {
        let name = draft.name;
        draft = Draft::of(&staff, &call.town);
        draft.name = name;
        staff.roles.clone()
    } else {
        draft.read_roles(&mut errors)
    };
    let (Some(name), true) = (name, errors.is_empty()) else { return returned(&call, &staff, &draft, &errors) };
    let change = Change::Change { id: staff.id.clone(), name: name.clone(), roles: roles.clone() };
    match change_seen(&*call.console.staff, by, (&staff.id, &seen), &change, call.now).await? {
        Ok(staff) => Ok(Answer::SeeOther(format!("{}?done=changed", path_of(&staff)))),
        Err(NotChanged::Meanwhile(now)) => conflict::page(&call, &seen, &now, &draft, (&name, &roles)),
        Err(NotChanged::Refused(why)) => refused(&call, &staff, &draft, why),
    }
}

fn refused(call: &Call, staff: &Staff, draft: &Draft, why: Refusal) -> Result<Answer, Failure> {
    let (field, said) = refusal(why)?;
    if staff.id == call.person()?.staff.id {
        // One's own roles are no fields at which it could be said.
        let page = page(call, staff, draft, &Errors::default())?.status(StatusCode::UNPROCESSABLE_ENTITY);
        return Ok(page.notice(NoticeKind::Error, words::OWN.title, said).into());
    }
    let mut errors = Errors::default();
    errors.add(field, said);
    returned(call, staff, draft, &errors)
}

fn returned(call: &Call, staff: &Staff, draft: &Draft, errors: &Errors) -> Result<Answer, Failure> {
    Ok(page(call, staff, draft, errors)?.status(StatusCode::UNPROCESSABLE_ENTITY).into())
}

/// The person whom the path names.
pub(super) async fn person_of(call: &Call) -> Result<Staff, Failure> {
    let id: StaffId = call.param("id").parse().map_err(|_| Failure::NotFound)?;
    let (roster, _) = call.console.staff.roster().await?;
    roster.get(&id).cloned().ok_or(Failure::NotFound)
}

/// The person as they were when the form was made.
pub(super) fn seen_in(call: &Call) -> Result<Seen, Failure> {
    serde_json::from_str(call.form.text(SEEN)).map_err(|_| Failure::BadRequest)
}

/// The person as they are now, to go into a form.
pub(super) fn seen_of(staff: &Staff) -> Result<String, Failure> {
    let broken = |error| app::error::Error::new(app::error::Kind::Permanent, "write a form", error);
    Ok(serde_json::to_string(&Seen::of(staff)).map_err(broken)?)
}

fn page(call: &Call, staff: &Staff, draft: &Draft, errors: &Errors) -> Result<Page, Failure> {
    let title = words::change_title(staff.name.as_str());
    let is_you = staff.id == call.person()?.staff.id;
    let mut facts = vec![
        (words::EMAIL, html! { (staff.email.as_str()) }),
        (words::STANDING, standing_badge(staff.standing)),
        (words::PHONE, html! { (if staff.phone.is_some() { words::PHONE_THERE } else { words::PHONE_NOT_THERE }) }),
    ];
    if is_you {
        facts.push((words::ROLES, roles::list(&staff.roles, &call.town)));
    }
    let content = html! {
        (crumbs(&title))
        (kit::heading(&title, None))
        (kit::error_summary(errors))
        @if staff.standing == Standing::Invited { (account::tell_them(call, staff)?) }
        (kit::definitions(&facts))
        p { (words::EMAIL_FIXED) }
        @if is_you { (kit::notice(NoticeKind::Info, words::OWN.title, &html! { p { (words::OWN.text) } })) }
        (form(call, staff, draft, errors, words::SAVE)?)
        @if !is_you { (standing(staff)) }
    };
    Ok(Page::new(kit::title(&title, errors), Section::People, content))
}

/// The form with name and roles; the name alone for oneself.
pub(super) fn form(call: &Call, staff: &Staff, draft: &Draft, errors: &Errors, save: &str) -> Result<Markup, Failure> {
    let person = call.person()?;
    let action = path_of(staff);
    let form = Form::post(&action, &person.csrf);
    let is_fresh = errors.is_empty() && call.form.iter().next().is_none();
    let form = if is_fresh { form.warn_unsaved() } else { form.still_unsaved() };
    let seen = seen_of(staff)?;
    Ok(kit::form(
        &form,
        &html! {
            (kit::hidden(SEEN, &seen))
            (draft.name_field(errors))
            @if staff.id != person.staff.id { (draft.role_fields(errors)) }
            p { a href="/people/help" { (words::TO_HELP) } }
            (kit::actions(&[
                kit::submit(ButtonKind::Primary, save),
                kit::link_button(ButtonKind::Secondary, words::BACK, Section::People.path()),
            ]))
        },
    ))
}

fn standing(staff: &Staff) -> Markup {
    let (about, button, act) = match staff.standing {
        Standing::Invited | Standing::Active => (words::DISABLE_ABOUT, words::DISABLE, "disable"),
        Standing::Disabled => (words::ENABLE_ABOUT, words::ENABLE, "enable"),
    };
    let href = format!("{}/{act}", path_of(staff));
    kit::section(
        words::STANDING_HEAD,
        &html! { p { (about) } p { (kit::link_button(ButtonKind::Secondary, button, &href)) } },
    )
}
