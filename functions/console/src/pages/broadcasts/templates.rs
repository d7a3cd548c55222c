//! Templates of broadcasts: their list, one with its versions, and what is done with it. [`edit`] is the form in which one is written.

pub mod edit;

use app::broadcast::desk::Outcome as Begun;
use app::broadcast::templates::{Outcome, TemplateDesk};
use app::ports::templates::TemplateHead;
use app::ports::{Versioned, mint};
use domain::broadcast::Refusal;
use domain::broadcast::template::{SavedName, Template, TemplateDraft};
use domain::ids::{DepartmentId, TemplateId};
use http::StatusCode;
use maud::{Markup, html};

use super::departments::{self, DEPARTMENT};
use super::write::{DRILL, EARNEST, still_phones};
use super::{ID, SEEN, broadcast_of, conflict, department_name, desk, kind_badges, may_write, page, path};
use crate::kit::{self, ButtonKind, Column, Confirm, Form, NoticeKind, Pager};
use crate::web::{Answer, Call, Failure, Page};
use crate::words::broadcasts::{self as broadcast_words, CHANGED, SOMEBODY};
use crate::words::frame::Section;
use crate::words::templates as words;

/// Where they are listed.
pub(super) const LIST: &str = "/broadcasts/templates";
/// So many rows stand on a page of the list.
const ROWS: usize = 30;
/// So many versions stand below a template: each is read with all its words.
const VERSIONS_SHOWN: usize = 10;
/// The field with the number of a version.
const VERSION: &str = "version";

/// `GET /broadcasts/templates`
pub async fn list(call: Call) -> Result<Answer, Failure> {
    let department = departments::asked(&call)?;
    let before: Option<TemplateId> = call.query.text("from").parse().ok();
    let mut heads = match department {
        Some(it) => templates(&call).list(&it.id, before.as_ref(), ROWS + 1).await?,
        None => Vec::new(),
    };
    let more = ROWS < heads.len();
    heads.truncate(ROWS);
    let next = heads.last().filter(|_| more).map(|last| last.id.as_str());
    let rows: Vec<Vec<Markup>> = heads.iter().map(row).collect();
    let columns = [Column::row_head(words::NAME), Column::text(words::SAVED_AT), Column::text(words::VERSION)];
    let content = html! {
        (super::crumbs(words::TEMPLATES))
        (kit::heading(words::TEMPLATES, Some(words::TEMPLATES_LEAD)))
        @if let Some(department) = department {
            (departments::choosing(&call, LIST, department))
            @if may_write(&call, &department.id)? {
                @let new = format!("{LIST}/new?{DEPARTMENT}={}", department.id);
                (kit::actions(&[
                    kit::link_button(ButtonKind::Primary, words::NEW, &new),
                    kit::link_button(ButtonKind::Secondary, words::NEW_DRILL, &format!("{new}&{EARNEST}={DRILL}")),
                ]))
            }
            (kit::table(&department.name, &columns, &rows, &html! { p { (words::NO_TEMPLATES) } }))
            (kit::pager(&Pager::onward(LIST, &[(DEPARTMENT, department.id.as_str())], next)))
        } @else { p { (words::NO_TEMPLATES) } }
    };
    Ok(told(&call, page(words::TEMPLATES, content)).into())
}

fn row(head: &TemplateHead) -> Vec<Markup> {
    vec![
        html! { a href=(path_of(&head.id)) { (head.name) } " " (kind_badges(head.lane, head.earnest)) },
        kit::moment(head.saved_at),
        html! { (words::version(head.version)) },
    ]
}

/// `GET /broadcasts/templates/{id}`: its newest version, or the one that is asked for.
pub async fn show(call: Call) -> Result<Answer, Failure> {
    let newest = template_of(&call).await?;
    let version = call.query.text(VERSION).parse::<u64>().ok().filter(|version| *version != newest.version);
    let older = match version {
        Some(version) => {
            let found = templates(&call).version(&newest.value.id, version).await?;
            Some(found.ok_or(Failure::NotFound)?)
        }
        None => None,
    };
    let shown = shown(&call, &newest, older.as_ref()).await?;
    Ok(told(&call, shown).into())
}

async fn shown(
    call: &Call,
    newest: &Versioned<Template>,
    older: Option<&Versioned<Template>>,
) -> Result<Page, Failure> {
    let Versioned { value: template, version } = older.unwrap_or(newest);
    let name = template.name.as_str();
    let content = html! {
        (crumbs(&template.department, name))
        (kit::heading(name, None))
        p { (kind_badges(template.lane, template.earnest)) }
        @match older {
            Some(older) => (about_older(call, newest, older)?),
            None => (actions(call, newest)?),
        }
        (kit::definitions(&[
            (words::VERSION, html! { (words::version(*version)) }),
            (words::DEPARTMENT, html! { (department_name(call, &template.department)) }),
            (broadcast_words::LANE, html! { (broadcast_words::lane(template.lane)) }),
            (words::SAVED_AT, kit::moment(template.saved_at)),
        ]))
        (kit::section(
            broadcast_words::WORDS,
            &still_phones(call, &template.department, &template.content, template.earnest),
        ))
        (versions(call, newest).await?)
    };
    Ok(page(name, content))
}

/// What can be done with the newest version.
fn actions(call: &Call, newest: &Versioned<Template>) -> Result<Markup, Failure> {
    let (id, csrf) = (&newest.value.id, &call.person()?.csrf);
    if !may_write(call, &newest.value.department)? {
        return Ok(html! {});
    }
    let (to, new) = (|what: &str| format!("{}/{what}", path_of(id)), minted(call));
    Ok(kit::actions(&[
        kit::post_button(ButtonKind::Primary, words::WRITE_WITH, &Form::post(&to("write"), csrf), &[(ID, &new)]),
        kit::link_button(ButtonKind::Secondary, words::EDIT, &to("edit")),
        kit::link_button(ButtonKind::Plain, words::REMOVE, &to("remove")),
    ]))
}

/// That an older version is seen, what it has different, and the way back to it.
fn about_older(call: &Call, newest: &Versioned<Template>, older: &Versioned<Template>) -> Result<Markup, Failure> {
    let path = path_of(&newest.value.id);
    let (action, csrf) = (format!("{path}/take-again"), &call.person()?.csrf);
    let values = [(SEEN, newest.version.to_string()), (VERSION, older.version.to_string())];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    let mut buttons = Vec::new();
    if may_write(call, &newest.value.department)? {
        let form = Form::post(&action, csrf);
        buttons.push(kit::post_button(ButtonKind::Secondary, words::TAKE_AGAIN, &form, &values));
    }
    buttons.push(kit::link_button(ButtonKind::Plain, words::TO_NEWEST, &path));
    let [before, after] = [older, newest].map(|it| said(&it.value.draft()));
    Ok(html! {
        (kit::notice(NoticeKind::Info, &words::older(older.version, newest.version), &html! {}))
        (kit::actions(&buttons))
        (conflict::compared(words::DIFFERENCES, (words::THIS_VERSION, &before), (words::NEWEST, &after)))
    })
}

/// A template as it is read, field by field.
fn said(draft: &TemplateDraft) -> conflict::Said {
    let TemplateDraft { name, lane, content } = draft;
    vec![
        (words::NAME, name.to_string()),
        (broadcast_words::LANE, broadcast_words::lane(*lane).to_owned()),
        (broadcast_words::WORDS, conflict::lines(content)),
    ]
}

/// The versions that are kept, some at a time.
async fn versions(call: &Call, newest: &Versioned<Template>) -> Result<Markup, Failure> {
    let id = &newest.value.id;
    let before = call.query.text("from").parse().ok();
    let mut found = templates(call).versions(id, before, VERSIONS_SHOWN + 1).await?;
    let more = VERSIONS_SHOWN < found.len();
    found.truncate(VERSIONS_SHOWN);
    let next = found.last().filter(|_| more).map(|last| last.version.to_string());
    let (roster, _) = call.console.staff.roster().await?;
    let row = |one: &Versioned<Template>| {
        let number = words::version(one.version);
        let address = format!("{}?{VERSION}={}", path_of(id), one.version);
        vec![
            html! { @if one.version == newest.version { (number) "（" (words::NEWEST) "）" } @else { a href=(address) { (number) } } },
            html! { (one.value.name) },
            kit::moment(one.value.saved_at),
            html! { (roster.get(&one.value.author).map_or(SOMEBODY, |person| person.name.as_str())) },
        ]
    };
    let rows: Vec<Vec<Markup>> = found.iter().map(row).collect();
    let columns = [
        Column::row_head(words::VERSION),
        Column::text(words::NAME),
        Column::text(words::SAVED_AT),
        Column::text(words::SAVED_BY),
    ];
    let content = html! {
        p { (words::VERSIONS_LEAD) }
        (kit::table(words::VERSIONS, &columns, &rows, &html! {}))
        (kit::pager(&Pager::onward(&path_of(id), &[], next.as_deref())))
    };
    Ok(kit::section(words::VERSIONS, &content))
}

/// `POST /broadcasts/{id}/template`: what a broadcast says becomes a template.
pub async fn keep(call: Call) -> Result<Answer, Failure> {
    let broadcast = broadcast_of(&call).await?.value;
    if !may_write(&call, &broadcast.department)? {
        return Err(Failure::Denied);
    }
    if broadcast.audience.is_by_the_hour() {
        let why = broadcast_words::refusal_code(Refusal::WrongState);
        return Ok(Answer::SeeOther(format!("{}?done={why}", path(&broadcast.id))));
    }
    let id = call.form.text(ID).parse().map_err(|_| Failure::BadRequest)?;
    let name = SavedName::cut(&broadcast.title).map_err(|_| Failure::BadRequest)?;
    match templates(&call).create_of(&broadcast, id, name, &call.person()?.staff.id).await? {
        Outcome::Done(there) => Ok(Answer::SeeOther(format!("{}/edit", path_of(&there.value.id)))),
        // The same button twice, and it was changed in between.
        Outcome::Changed(there) => Ok(Answer::SeeOther(path_of(&there.value.id))),
        Outcome::Nowhere => Err(Failure::NotFound),
    }
}

/// `POST /broadcasts/templates/{id}/write`: begins a broadcast.
pub async fn write_with(call: Call) -> Result<Answer, Failure> {
    let template = own(&call).await?.value;
    let id = call.form.text(ID).parse().map_err(|_| Failure::BadRequest)?;
    match templates(&call).write_with(&template, id, &call.person()?.staff.id, desk(&call)).await? {
        // The same button twice: the broadcast is there.
        Begun::Done(there) | Begun::Changed(there) => Ok(Answer::SeeOther(format!("{}/edit", path(&there.value.id)))),
        Begun::Nowhere | Begun::Refused(_) | Begun::Unfit(_) | Begun::Unchecked(_) | Begun::Counting { .. } => {
            Err(Failure::BadRequest)
        }
    }
}

/// `POST /broadcasts/templates/{id}/take-again`: an older version becomes the newest.
pub async fn take_again(call: Call) -> Result<Answer, Failure> {
    let template = own(&call).await?.value;
    let version = call.form.text(VERSION).parse().map_err(|_| Failure::BadRequest)?;
    let by = &call.person()?.staff.id;
    match templates(&call).take_again(&template.id, seen(&call)?, version, by).await? {
        Outcome::Done(_) => Ok(Answer::SeeOther(format!("{}?done=again", path_of(&template.id)))),
        Outcome::Nowhere => Err(Failure::NotFound),
        Outcome::Changed(now) => {
            let older = templates(&call).version(&template.id, version).await?;
            Ok(changed(shown(&call, &now, older.as_ref()).await?))
        }
    }
}

/// `GET /broadcasts/templates/{id}/remove`
pub async fn ask_remove(call: Call) -> Result<Answer, Failure> {
    let there = own(&call).await?;
    Ok(removing(&call, &there)?.into())
}

fn removing(call: &Call, there: &Versioned<Template>) -> Result<Page, Failure> {
    let Versioned { value: template, version } = there;
    let (back, action) = (path_of(&template.id), format!("{}/remove", path_of(&template.id)));
    let about = [(words::NAME, html! { (template.name) }), (words::VERSION, html! { (words::version(*version)) })];
    let content = html! {
        (crumbs(&template.department, template.name.as_str()))
        (kit::confirm(&Confirm {
            question: words::REMOVE_QUESTION,
            about: &kit::definitions(&about),
            consequences: &words::REMOVE_CONSEQUENCES,
            form: Form::post(&action, &call.person()?.csrf),
            values: &[(SEEN, &version.to_string())],
            button: words::REMOVE,
            cancel: &back,
        }))
    };
    Ok(page(words::REMOVE_QUESTION, content))
}

/// `POST /broadcasts/templates/{id}/remove`
pub async fn remove(call: Call) -> Result<Answer, Failure> {
    let template = own(&call).await?.value;
    match templates(&call).remove(&template.id, seen(&call)?, &call.person()?.staff.id).await? {
        Outcome::Done(_) | Outcome::Nowhere => {
            Ok(Answer::SeeOther(format!("{}&done=removed", list_of(&template.department))))
        }
        Outcome::Changed(now) => Ok(changed(removing(&call, &now)?)),
    }
}

/// The page again, because somebody else has saved the template.
fn changed(page: Page) -> Answer {
    page.status(StatusCode::CONFLICT).notice(NoticeKind::Warning, CHANGED.title, CHANGED.text).into()
}

/// The page with what was just done.
pub(super) fn told(call: &Call, page: Page) -> Page {
    match words::done(call.query.text("done")) {
        Some((kind, said)) => page.notice(kind, said.title, said.text),
        None => page,
    }
}

fn templates(call: &Call) -> &TemplateDesk {
    &call.console.templates
}

/// The template in the path.
async fn template_of(call: &Call) -> Result<Versioned<Template>, Failure> {
    let id = call.param("id").parse().map_err(|_| Failure::NotFound)?;
    templates(call).find(&id).await?.ok_or(Failure::NotFound)
}

/// The template in the path, if the person may write for its department.
async fn own(call: &Call) -> Result<Versioned<Template>, Failure> {
    let found = template_of(call).await?;
    if may_write(call, &found.value.department)? { Ok(found) } else { Err(Failure::Denied) }
}

fn seen(call: &Call) -> Result<u64, Failure> {
    call.form.text(SEEN).parse().map_err(|_| Failure::BadRequest)
}

/// An id for what a button will begin.
fn minted(call: &Call) -> String {
    mint(&*call.console.chance, call.now).to_string()
}

fn path_of(id: &TemplateId) -> String {
    format!("{LIST}/{id}")
}

fn list_of(department: &DepartmentId) -> String {
    format!("{LIST}?{DEPARTMENT}={department}")
}

fn crumbs(department: &DepartmentId, here: &str) -> Markup {
    let list = list_of(department);
    kit::breadcrumbs(&[(Section::Broadcasts.label(), Section::Broadcasts.path()), (words::TEMPLATES, &list)], here)
}
