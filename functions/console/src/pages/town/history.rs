//! What was changed in the last months, by whom, and the way back.

use app::ports::{PastEdit, Revision, TownChange};
use app::town::edit::{Difference, Snapshot, Undone};
use app::town::records::RecordKind;
use http::StatusCode;
use maud::{Markup, html};

use super::{PAGE, editor, held, look, page, said, with_done};
use crate::kit::{self, ButtonKind, Column, Form, NoticeKind, Pager};
use crate::pages::people::actor::actor_name;
use crate::web::{Answer, Call, Failure, Page};
use crate::words::frame::Section;
use crate::words::town as words;

const PATH: &str = "/town/history";

/// `GET /town/history?from=...`
pub async fn list(call: Call) -> Result<Answer, Failure> {
    let before = call.query.text("from").parse().ok().map(Revision);
    let edits = call.console.desk.history(before, PAGE).await?;
    let (roster, _) = call.console.staff.roster().await?;
    let columns = [
        Column::row_head(words::WHEN),
        Column::text(words::WHO),
        Column::text(words::WHAT),
        Column::text(words::FIELD),
    ];
    let row = |edit: &PastEdit| {
        vec![
            html! { a href=(path_of(edit.revision)) { (kit::moment(edit.act.at)) } },
            html! { (actor_name(&roster, &edit.act.actor)) },
            html! { (words::action(edit.act.action, &edit.label)) },
            counts(edit),
        ]
    };
    let rows: Vec<Vec<Markup>> = edits.iter().map(row).collect();
    let next = edits.last().filter(|_| edits.len() == PAGE).map(|edit| edit.revision.0.to_string());
    let content = html! {
        (kit::breadcrumbs(&[(Section::Town.label(), Section::Town.path())], words::HISTORY))
        (kit::heading(words::HISTORY, Some(words::HISTORY_LEAD)))
        (kit::table(words::HISTORY, &columns, &rows, &html! { p { (words::NO_HISTORY) } }))
        (kit::pager(&Pager::onward(PATH, &[], next.as_deref())))
    };
    Ok(page(words::HISTORY, content).into())
}

/// `GET /town/history/{revision}?page=2`
pub async fn show(call: Call) -> Result<Answer, Failure> {
    let revision = revision_of(&call)?;
    let page = detail(&call, revision, &html! {}).await?;
    Ok(with_done(page, call.query.text("done")).into())
}

/// `POST /town/history/{revision}/undo`
pub async fn undo(call: Call) -> Result<Answer, Failure> {
    let revision = revision_of(&call)?;
    let undone = call.console.desk.undo(&editor(&call)?, revision).await?;
    let snapshot = call.console.desk.now().await?;
    let notice = match undone {
        Undone::Done(now) => return Ok(Answer::SeeOther(format!("{}?done=undone", path_of(now)))),
        Undone::Already => return Ok(Answer::SeeOther(format!("{}?done=already", path_of(revision)))),
        Undone::Denied => return Err(Failure::Denied),
        Undone::Unknown => return Err(Failure::NotFound),
        Undone::Held(broken) => held(&snapshot, &broken),
        Undone::Conflict(changes) => {
            let differences = differences(&snapshot, changes.iter().take(PAGE));
            html! {
                (said(NoticeKind::Error, words::UNDO_CONFLICT, &html! {}))
                (look::differences(&snapshot, &differences, words::AS_LEFT, words::THEIRS))
                @if changes.len() > PAGE { p { (words::and_more(changes.len() - PAGE)) } }
            }
        }
    };
    Ok(detail(&call, revision, &notice).await?.status(StatusCode::CONFLICT).into())
}

fn revision_of(call: &Call) -> Result<Revision, Failure> {
    call.param("revision").parse().map(Revision).map_err(|_| Failure::NotFound)
}

fn path_of(revision: Revision) -> String {
    format!("{PATH}/{}", revision.0)
}

/// What one edit changed, and the button that takes it back.
async fn detail(call: &Call, revision: Revision, notice: &Markup) -> Result<Page, Failure> {
    let (edit, changes) = call.console.desk.past(revision).await?.ok_or(Failure::NotFound)?;
    let snapshot = call.console.desk.now().await?;
    let (roster, _) = call.console.staff.roster().await?;
    let title = words::action(edit.act.action, &edit.label);
    let pages = changes.len().div_ceil(PAGE).max(1);
    let number = call.query.text("page").parse().unwrap_or(1).clamp(1, pages);
    let shown = differences(&snapshot, changes.iter().skip((number - 1) * PAGE).take(PAGE));
    let path = path_of(revision);
    let facts = [
        (words::WHEN, kit::moment(edit.act.at)),
        (words::WHO, html! { (actor_name(&roster, &edit.act.actor)) }),
        (words::CHANGES_CAPTION, counts(&edit)),
    ];
    let editor = editor(call)?;
    let may = snapshot.owners(&changes).iter().all(|owner| editor.may(owner));
    let content = html! {
        (kit::breadcrumbs(&[(Section::Town.label(), Section::Town.path()), (words::HISTORY, PATH)], &title))
        (kit::heading(&title, None))
        (notice)
        (kit::definitions(&facts))
        (kit::section(words::CHANGES_CAPTION, &look::differences(&snapshot, &shown, words::BEFORE, words::AFTER)))
        (kit::pager(&Pager::numbered(&path, &[], number as u64, pages as u64)))
        @if may {
            p { (words::UNDO_ABOUT) }
            (kit::post_button(
                ButtonKind::Secondary, words::UNDO, &Form::post(&format!("{path}/undo"), &call.person()?.csrf), &[],
            ))
        }
    };
    Ok(page(title, content))
}

fn differences<'a>(snapshot: &Snapshot, changes: impl Iterator<Item = &'a TownChange>) -> Vec<Difference> {
    changes.map(|change| snapshot.difference(change)).collect()
}

fn counts(edit: &PastEdit) -> Markup {
    let line = |kind: &str, counts: &app::ports::Counts| {
        let name = RecordKind::of(kind).map_or(words::OTHER_KIND, words::kind);
        words::counts(name, counts.added, counts.changed, counts.removed)
    };
    html! {
        @for (at, (kind, counts)) in edit.counts.iter().enumerate() { @if at > 0 { br; } (line(kind, counts)) }
    }
}
