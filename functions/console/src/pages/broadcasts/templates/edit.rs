//! The form in which a template is written: its name, how urgent its broadcasts are, and what they say.

use app::broadcast::templates::Outcome;
use app::ports::Versioned;
use domain::broadcast::Earnest;
use domain::broadcast::Lane;
use domain::broadcast::content::Content;
use domain::broadcast::content::placeholders::Placeholders;
use domain::broadcast::template::{SavedName, Template, TemplateDraft};
use domain::ids::{DepartmentId, TemplateId};
use http::StatusCode;
use maud::{Markup, html};

use super::super::content::{self, ContentForm, DO, Pressed, Shown, receive};
use super::super::departments::{self, DEPARTMENT};
use super::super::write::{DRILL, EARNEST, LANE, earnest_of, lane_field, lane_name, lane_of};
use super::super::{ID, SEEN, conflict, department_name, desk, page};
use super::{LIST, crumbs, minted, own, path_of, said, seen, templates, told};
use crate::kit::{self, ButtonKind, Choice, Errors, Field, Form, NoticeKind};
use crate::web::{Answer, Call, Failure, Page};
use crate::words::broadcasts as broadcast_words;
use crate::words::frame::Said;
use crate::words::templates as words;

const NAME: &str = "name";
const SAVE: &str = "save";

/// What stands in the form, sound or not.
struct Typed {
    name: String,
    department: String,
    earnest: Earnest,
    lane: String,
    content: ContentForm,
}

/// The form of which template.
enum About {
    New(TemplateId),
    /// Which one, whose it is for good, and the version that was seen.
    Stored(TemplateId, DepartmentId, u64),
}

/// `GET /broadcasts/templates/new`
pub async fn create(call: Call) -> Result<Answer, Failure> {
    let mine = departments::writable(&call)?;
    let asked = call.query.text(DEPARTMENT);
    let department = mine.iter().find(|(id, _)| id.as_str() == asked).or(mine.first());
    let typed = Typed {
        name: String::new(),
        department: department.map(|(id, _)| id.to_string()).unwrap_or_default(),
        earnest: earnest_of(&call.query),
        lane: lane_name(Lane::Routine).to_owned(),
        content: ContentForm::of(&Content::default()),
    };
    let about = About::New(minted(&call).parse().map_err(|_| Failure::BadRequest)?);
    Ok(form_page(&call, &about, &typed, &Errors::default(), None)?.into())
}

/// `POST /broadcasts/templates/new`
pub async fn save_new(call: Call) -> Result<Answer, Failure> {
    let id = call.form.text(ID).parse().map_err(|_| Failure::BadRequest)?;
    let typed = Typed::of(&call, call.form.text(DEPARTMENT), earnest_of(&call.form));
    answer(&call, About::New(id), typed).await
}

/// `GET /broadcasts/templates/{id}/edit`
pub async fn edit(call: Call) -> Result<Answer, Failure> {
    let Versioned { value: template, version } = own(&call).await?;
    let typed = Typed {
        name: template.name.to_string(),
        department: template.department.to_string(),
        earnest: template.earnest,
        lane: lane_name(template.lane).to_owned(),
        content: ContentForm::of(&template.content),
    };
    let about = About::Stored(template.id, template.department, version);
    let errors = typed.content_errors(&call);
    Ok(told(&call, form_page(&call, &about, &typed, &errors, None)?).into())
}

/// `POST /broadcasts/templates/{id}/edit`
pub async fn save(call: Call) -> Result<Answer, Failure> {
    let there = match own(&call).await {
        Ok(there) => there.value,
        Err(Failure::NotFound) => return gone(&call),
        Err(failure) => return Err(failure),
    };
    // Whose it is and whether it is meant says what is stored, not what was sent.
    let typed = Typed::of(&call, there.department.as_str(), there.earnest);
    answer(&call, About::Stored(there.id, there.department, seen(&call)?), typed).await
}

/// Somebody else removed it meanwhile. What was typed stays in the form; sent again, it is a new template.
fn gone(call: &Call) -> Result<Answer, Failure> {
    let typed = Typed::of(call, call.form.text(DEPARTMENT), earnest_of(&call.form));
    if departments::typed(call, &typed.department)?.is_none() {
        return Err(Failure::NotFound);
    }
    let about = About::New(minted(call).parse().map_err(|_| Failure::BadRequest)?);
    let page = form_page(call, &about, &typed, &Errors::default(), None)?;
    Ok(conflicting(page, words::GONE))
}

fn conflicting(page: Page, said: Said) -> Answer {
    page.status(StatusCode::CONFLICT).notice(NoticeKind::Warning, said.title, said.text).into()
}

/// Does what the pressed button says.
async fn answer(call: &Call, about: About, mut typed: Typed) -> Result<Answer, Failure> {
    let mut errors =
        receive(&mut typed.content, call.upload.as_ref(), &*desk(call).pictures, &*call.console.chance).await?;
    if typed.content.press(&call.form) == Pressed::Ours || !errors.is_empty() {
        if ContentForm::is_looked_at(&call.form) {
            errors.append(typed.content_errors(call));
        }
        return Ok(form_page(call, &about, &typed, &errors, None)?.into());
    }
    let Some((department, draft)) = typed.draft(call, &mut errors)? else {
        let page = form_page(call, &about, &typed, &errors, None)?;
        return Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into());
    };
    let (by, mine) = (&call.person()?.staff.id, draft.clone());
    let outcome = match &about {
        About::New(id) => templates(call).create(id.clone(), department, typed.earnest, draft, by).await?,
        About::Stored(id, _, seen) => templates(call).save(id, *seen, draft, by).await?,
    };
    match outcome {
        Outcome::Done(done) => {
            let path = path_of(&done.value.id);
            let is_fine = typed.content_errors(call).is_empty();
            Ok(Answer::SeeOther(if is_fine {
                format!("{path}?done=saved")
            } else {
                format!("{path}/edit?done=unfinished")
            }))
        }
        Outcome::Nowhere => gone(call),
        Outcome::Changed(now) => {
            // What was typed stays in the form; sent again, it is a version after the one that is there now.
            let Versioned { value: theirs, version } = *now;
            let about = About::Stored(theirs.id.clone(), theirs.department.clone(), version);
            let page = form_page(call, &about, &typed, &Errors::default(), Some((&theirs, &mine)))?;
            Ok(conflicting(page, broadcast_words::MEANWHILE))
        }
    }
}

impl Typed {
    /// What was sent.
    fn of(call: &Call, department: &str, earnest: Earnest) -> Self {
        Self {
            name: call.form.text(NAME).to_owned(),
            department: department.to_owned(),
            earnest,
            lane: call.form.text(LANE).to_owned(),
            content: ContentForm::typed(&call.form),
        }
    }

    /// What the town's data says where the words have placeholders.
    fn placeholders(&self, call: &Call) -> Placeholders {
        self.department.parse().map(|id| Placeholders::of(&call.town, &id)).unwrap_or_default()
    }

    /// What is wrong with the words.
    fn content_errors(&self, call: &Call) -> Errors {
        self.content.errors(&self.placeholders(call), self.earnest)
    }

    /// Whose it is and what is typed; what is wrong goes to the errors. The words themselves may still be unfinished.
    fn draft(&self, call: &Call, errors: &mut Errors) -> Result<Option<(DepartmentId, TemplateDraft)>, Failure> {
        let (name, department) = (self.name.parse::<SavedName>(), departments::typed(call, &self.department)?);
        if name.is_err() {
            errors.add_labelled(NAME, words::NAME, words::NO_NAME);
        }
        if department.is_none() {
            errors.add_labelled(DEPARTMENT, words::DEPARTMENT, broadcast_words::NO_DEPARTMENT);
        }
        self.content.add_size(errors);
        let (Ok(name), Some(department), true) = (name, department, errors.is_empty()) else { return Ok(None) };
        Ok(Some((department, TemplateDraft { name, lane: lane_of(&self.lane), content: self.content.content() })))
    }
}

/// The page; `both` are what somebody else has saved meanwhile and what was typed here.
fn form_page(
    call: &Call,
    about: &About,
    typed: &Typed,
    errors: &Errors,
    both: Option<(&Template, &TemplateDraft)>,
) -> Result<Page, Failure> {
    let (title, action) = match (about, typed.earnest) {
        (About::New(_), Earnest::Real) => (words::NEW, format!("{LIST}/new")),
        (About::New(_), Earnest::Drill) => (words::NEW_DRILL, format!("{LIST}/new")),
        (About::Stored(id, ..), _) => (words::EDIT, format!("{}/edit", path_of(id))),
    };
    let form = Form::post(&action, &call.person()?.csrf).with_files().warn_unsaved();
    let content = html! {
        @if let Ok(department) = typed.department.parse() { (crumbs(&department, title)) }
        (kit::heading(title, (typed.earnest == Earnest::Drill).then_some(words::DRILL_LEAD)))
        (kit::error_summary(errors))
        @if let Some((theirs, mine)) = both {
            (conflict::compared(
                broadcast_words::DIFFERENCES,
                (broadcast_words::THEIRS, &said(&theirs.draft())),
                (broadcast_words::MINE, &said(mine)),
            ))
        }
        (kit::form(&form, &fields(call, about, typed, errors)?))
    };
    Ok(page(kit::title(title, errors), content))
}

fn fields(call: &Call, about: &About, typed: &Typed, errors: &Errors) -> Result<Markup, Failure> {
    let placeholders = typed.placeholders(call);
    let languages = &call.town.profile.languages;
    let shown = Shown { placeholders: &placeholders, earnest: typed.earnest, languages };
    let name = Field::new(NAME, words::NAME).value(typed.name.as_str()).hint(words::NAME_HINT).required();
    Ok(html! {
        @if typed.earnest == Earnest::Drill { (kit::hidden(EARNEST, DRILL)) }
        (kit::section(broadcast_words::BASICS, &html! {
            (kit::text(&name.error(errors.of(NAME)).autocomplete("off")))
            (whose(call, about, typed, errors)?)
            (lane_field(&typed.lane))
        }))
        (kit::section(broadcast_words::WORDS, &content::fields(&typed.content, &shown, errors)))
        (kit::actions(&[kit::submit_named(ButtonKind::Primary, words::SAVE, DO, SAVE)]))
        p.hint { (words::SAVE_HINT) }
    })
}

/// Whose a new one is, is chosen; whose a stored one is, is said.
fn whose(call: &Call, about: &About, typed: &Typed, errors: &Errors) -> Result<Markup, Failure> {
    let mine = departments::writable(call)?;
    let choices: Vec<Choice<'_>> = mine.iter().map(|(id, name)| Choice::new(id.as_str(), name)).collect();
    let field = Field::new(DEPARTMENT, words::DEPARTMENT).value(typed.department.as_str()).required();
    Ok(match about {
        About::New(id) => html! {
            (kit::hidden(ID, id.as_str()))
            (kit::select(&field.error(errors.of(DEPARTMENT)), &choices))
        },
        About::Stored(_, department, seen) => html! {
            (kit::hidden(SEEN, &seen.to_string()))
            (kit::hidden(DEPARTMENT, department.as_str()))
            (kit::definitions(&[(words::DEPARTMENT, html! { (department_name(call, department)) })]))
        },
    })
}
