//! Audiences under a name: their list, and what the form of a broadcast does with them. There, as the form's own conditions, they
//! are used and kept by plain submit buttons named [`DO`], so it works without scripts.

use app::ports::mint;
use app::ports::staff::Written;
use domain::broadcast::template::{SavedAudience, SavedName};
use domain::ids::{DepartmentId, SavedAudienceId};
use maud::{Markup, html};

use super::audience::{AudienceForm, DO};
use super::departments::{self, DEPARTMENT};
use super::write::earlier;
use super::{may_write, page, titles};
use crate::kit::{self, BadgeKind, ButtonKind, Choice, Column, Confirm, Errors, Field, Form, NoticeKind, Pager};
use crate::web::{Answer, Call, Failure, Page};
use crate::words::audience::{Names, sentence};
use crate::words::broadcasts::{NO_DEPARTMENT, audience_fault};
use crate::words::frame::Section;
use crate::words::templates as words;

/// Where they are listed.
pub(super) const LIST: &str = "/broadcasts/audiences";
/// So many rows stand on a page of the list.
const ROWS: usize = 30;
/// So many of a department can be chosen from in the form: the latest.
const OFFERED: usize = 100;
/// The field of the one that is to be used.
const CHOSEN: &str = "saved-audience";
/// The field of the name under which one is to be kept.
const NAME: &str = "audience-name";
/// The hidden field with the id that it will have: a double click keeps it once.
const NEW_ID: &str = "audience-id";
/// The value of the button that uses one.
const USE: &str = "use-audience";
/// The value of the button that keeps one.
const KEEP: &str = "keep-audience";

/// What the form offers.
pub(super) struct Offer {
    saved: Vec<SavedAudience>,
    new: String,
}

/// What a button of the form has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pressed {
    /// The form is another one, or something is wrong.
    Shown,
    /// The audience was kept.
    Kept,
}

/// What the form offers for a department.
pub(super) async fn offer(call: &Call, department: &str) -> Result<Offer, Failure> {
    let saved = match department.parse() {
        Ok(department) => call.console.templates.list_audiences(&department, None, OFFERED).await?,
        Err(_) => Vec::new(),
    };
    Ok(Offer { saved, new: minted(call) })
}

/// An id for an audience that is kept.
fn minted(call: &Call) -> String {
    mint(&*call.console.chance, call.now).to_string()
}

/// The fields of the form's conditions, with what uses and keeps them around.
pub(super) fn around(offer: &Offer, conditions: &Markup, errors: &Errors) -> Markup {
    let choices: Vec<Choice<'_>> =
        offer.saved.iter().map(|saved| Choice::new(saved.id.as_str(), saved.name.as_str())).collect();
    let chosen = Field::new(CHOSEN, words::SAVED_AUDIENCE).hint(words::SAVED_AUDIENCE_HINT).error(errors.of(CHOSEN));
    let name = Field::new(NAME, words::AUDIENCE_NAME).hint(words::NAME_HINT).error(errors.of(NAME));
    let keeping = html! {
        (kit::hidden(NEW_ID, &offer.new))
        (kit::text(&name.autocomplete("off")))
        (kit::submit_named(ButtonKind::Secondary, words::KEEP_AUDIENCE, DO, KEEP))
    };
    html! {
        @if !choices.is_empty() || errors.of(CHOSEN).is_some() {
            (kit::select(&chosen, &choices))
            (kit::submit_named(ButtonKind::Secondary, words::USE_AUDIENCE, DO, USE))
        }
        (conditions)
        // Folded away, nobody would see what is wrong.
        @if errors.of(NAME).is_some() { (keeping) } @else { (kit::fold(words::KEEP_AUDIENCE, &keeping)) }
    }
}

/// Does what the pressed button says; `None` where it is another's.
pub(super) async fn press(
    call: &Call,
    department: &str,
    form: &mut AudienceForm,
    errors: &mut Errors,
) -> Result<Option<Pressed>, Failure> {
    let pressed = call.form.text(DO);
    if pressed != USE && pressed != KEEP {
        return Ok(None);
    }
    let earlier = earlier(call).await?;
    let names = Names { town: &call.town, broadcasts: &earlier };
    if pressed == USE {
        use_chosen(call, department, form, &names, errors).await?;
        return Ok(Some(Pressed::Shown));
    }
    keep(call, department, form, &names, errors).await.map(Some)
}

/// Puts the conditions of the chosen one into the form. Of what the town has given up since, it says so at its place.
async fn use_chosen(
    call: &Call,
    department: &str,
    form: &mut AudienceForm,
    names: &Names<'_>,
    errors: &mut Errors,
) -> Result<(), Failure> {
    let (department, id) = (department.parse(), call.form.text(CHOSEN).parse());
    let found = match (department, id) {
        (Ok(department), Ok(id)) => call.console.templates.audience(&department, &id).await?,
        (Err(_), _) | (_, Err(_)) => None,
    };
    let Some(saved) = found else {
        errors.add_labelled(CHOSEN, words::SAVED_AUDIENCE, words::CHOOSE_AUDIENCE);
        return Ok(());
    };
    let Some(of_saved) = AudienceForm::of(&saved.audience) else {
        errors.add_labelled(CHOSEN, words::SAVED_AUDIENCE, words::TOO_DEEP);
        return Ok(());
    };
    *form = of_saved;
    let faults = faults(&saved, call);
    if !faults.is_empty() {
        let said = words::outdated(saved.name.as_str(), &faults);
        errors.add_labelled(CHOSEN, words::SAVED_AUDIENCE, said);
    }
    if let Err(found) = form.audience(names) {
        errors.append(found);
    }
    Ok(())
}

async fn keep(
    call: &Call,
    department: &str,
    form: &AudienceForm,
    names: &Names<'_>,
    errors: &mut Errors,
) -> Result<Pressed, Failure> {
    let id = call.form.text(NEW_ID).parse().map_err(|_| Failure::BadRequest)?;
    let (name, department) = (call.form.text(NAME).parse::<SavedName>(), departments::typed(call, department)?);
    if name.is_err() {
        errors.add_labelled(NAME, words::AUDIENCE_NAME, words::NO_NAME);
    }
    if department.is_none() {
        errors.add_labelled(DEPARTMENT, words::DEPARTMENT, NO_DEPARTMENT);
    }
    let audience = form.audience(names).map_err(|found| errors.append(found));
    let (Ok(name), Some(department), Ok(audience)) = (name, department, audience) else { return Ok(Pressed::Shown) };
    let (desk, by) = (&call.console.templates, &call.person()?.staff.id);
    let saved = SavedAudience { id, name, department, audience };
    if desk.keep_audience(&saved, by).await? == Written::Done {
        return Ok(Pressed::Kept);
    }
    // The browser's way back shows a form whose id has been used since: this is another audience.
    let id = minted(call).parse().map_err(|_| Failure::BadRequest)?;
    match desk.keep_audience(&SavedAudience { id, ..saved }, by).await? {
        Written::Done => Ok(Pressed::Kept),
        Written::Raced => Err(Failure::BadRequest),
    }
}

/// The form again, with what was done.
pub(super) fn told(page: Page, pressed: Option<Pressed>) -> Page {
    match pressed {
        Some(Pressed::Kept) => page.notice(NoticeKind::Success, words::KEPT.title, words::KEPT.text),
        Some(Pressed::Shown) | None => page,
    }
}

/// `GET /broadcasts/audiences`
pub async fn list(call: Call) -> Result<Answer, Failure> {
    let department = departments::asked(&call)?;
    let before: Option<SavedAudienceId> = call.query.text("from").parse().ok();
    let mut saved = match department {
        Some(it) => call.console.templates.list_audiences(&it.id, before.as_ref(), ROWS + 1).await?,
        None => Vec::new(),
    };
    let more = ROWS < saved.len();
    saved.truncate(ROWS);
    let next = saved.last().filter(|_| more).map(|last| last.id.as_str());
    let mut rows = Vec::new();
    for one in &saved {
        rows.push(row(&call, one).await?);
    }
    let columns = [Column::row_head(words::AUDIENCE_NAME), Column::text(words::AUDIENCE), Column::text(words::ACTION)];
    let content = html! {
        (super::crumbs(words::AUDIENCES))
        (kit::heading(words::AUDIENCES, Some(words::AUDIENCES_LEAD)))
        @if let Some(department) = department {
            (departments::choosing(&call, LIST, department))
            (kit::table(&department.name, &columns, &rows, &html! { p { (words::NO_AUDIENCES) } }))
            (kit::pager(&Pager::onward(LIST, &[(DEPARTMENT, department.id.as_str())], next)))
        } @else { p { (words::NO_AUDIENCES) } }
    };
    Ok(super::templates::told(&call, page(words::AUDIENCES, content)).into())
}

async fn row(call: &Call, saved: &SavedAudience) -> Result<Vec<Markup>, Failure> {
    let titles = titles(call, &saved.audience).await?;
    let faults = faults(saved, call);
    let remove = html! { a href=(remove_path(saved)) { (words::REMOVE_AUDIENCE) } };
    Ok(vec![
        html! { (saved.name) },
        html! {
            (sentence(&saved.audience, &Names { town: &call.town, broadcasts: &titles }))
            @if !faults.is_empty() {
                p { (kit::badge(BadgeKind::Caution, words::OUTDATED)) }
                ul { @for fault in &faults { li { (fault) } } }
            }
        },
        if may_write(call, &saved.department)? {
            remove
        } else {
            html! { "－" }
        },
    ])
}

/// What the town has given up since, and the audience speaks of.
fn faults(saved: &SavedAudience, call: &Call) -> Vec<String> {
    let problems = saved.audience.check(&call.town).err().unwrap_or_default();
    problems.iter().map(audience_fault).collect()
}

/// `GET /broadcasts/audiences/{department}/{id}/remove`
pub async fn ask_remove(call: Call) -> Result<Answer, Failure> {
    let saved = own(&call).await?;
    let titles = titles(&call, &saved.audience).await?;
    let said = sentence(&saved.audience, &Names { town: &call.town, broadcasts: &titles });
    let content = html! {
        (kit::breadcrumbs(&[(Section::Broadcasts.label(), Section::Broadcasts.path()), (words::AUDIENCES, LIST)], saved.name.as_str()))
        (kit::confirm(&Confirm {
            question: words::REMOVE_AUDIENCE_QUESTION,
            about: &kit::definitions(&[(words::AUDIENCE_NAME, html! { (saved.name) }), (words::AUDIENCE, html! { (said) })]),
            consequences: &words::REMOVE_AUDIENCE_CONSEQUENCES,
            form: Form::post(&remove_path(&saved), &call.person()?.csrf),
            values: &[],
            button: words::DO_REMOVE_AUDIENCE,
            cancel: &list_of(&saved.department),
        }))
    };
    Ok(page(words::REMOVE_AUDIENCE_QUESTION, content).into())
}

/// `POST /broadcasts/audiences/{department}/{id}/remove`
pub async fn remove(call: Call) -> Result<Answer, Failure> {
    let saved = own(&call).await?;
    call.console.templates.remove_audience(&saved, &call.person()?.staff.id).await?;
    Ok(Answer::SeeOther(format!("{}&done=audience-removed", list_of(&saved.department))))
}

/// The one in the path, if the person may write for its department.
async fn own(call: &Call) -> Result<SavedAudience, Failure> {
    let (department, id) = (call.param("department").parse(), call.param("id").parse());
    let (Ok(department), Ok(id)) = (department, id) else { return Err(Failure::NotFound) };
    let found = call.console.templates.audience(&department, &id).await?.ok_or(Failure::NotFound)?;
    if may_write(call, &found.department)? { Ok(found) } else { Err(Failure::Denied) }
}

fn remove_path(saved: &SavedAudience) -> String {
    format!("{LIST}/{}/{}/remove", saved.department, saved.id)
}

fn list_of(department: &DepartmentId) -> String {
    format!("{LIST}?{DEPARTMENT}={department}")
}
