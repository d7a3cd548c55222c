//! The log as a file: at most 31 days, at most what one answer carries; what is more comes in parts.

use std::fmt::Write as _;

use app::audit::{Filter, Place, Stretch, Taken, look_back};
use app::spreadsheet;
use domain::audit::{Act, Action, Actor, Entry};
use domain::ids::DepartmentId;
use domain::time::in_japan;
use http::StatusCode;
use jiff::civil::Date;
use jiff::{ToSpan, civil};
use maud::{Markup, html};

use super::Seen;
use super::asked::{self, Asked, days, read_place, written_place};
use crate::kit::{self, ButtonKind, Errors, Field, Form, InputKind, NoticeKind};
use crate::pages::people::roles::department_name;
use crate::web::{Answer, Call, Failure, File, Page};
use crate::words::audit as words;
use crate::words::frame::Section;

/// A file holds at most this many days.
const DAYS_MAX: i32 = 31;
/// A file weighs at most this much: Lambda's answers have at most 6 MB, all in.
const WEIGHT_MAX: usize = 5_000_000;
/// For a file at most this many entries are read, whether they match or not.
const READ_MAX: u64 = 20_000;

const FIRST: &str = "csv-first";
const LAST: &str = "csv-last";
const BEGIN: &str = "begin";
const END: &str = "end";

/// The part of the list's page that asks for a file.
pub(super) fn section(call: &Call, asked: &Asked, today: Date) -> Result<Markup, Failure> {
    let last = asked.filter.last.unwrap_or(today);
    let earliest = last.saturating_sub((DAYS_MAX - 1).days());
    let first = asked.filter.first.map_or(earliest, |first| first.max(earliest));
    let form = form(call, asked, (&first.to_string(), &last.to_string()), &Errors::default())?;
    Ok(kit::section(words::EXPORT, &html! { p { (words::EXPORT_LEAD) } (form) }))
}

fn form(call: &Call, asked: &Asked, (first, last): (&str, &str), errors: &Errors) -> Result<Markup, Failure> {
    let day = |name, label, value: &str| {
        let field = Field::new(name, label).value(value.to_owned()).error(errors.of(name).map(str::to_owned));
        kit::input(InputKind::Date, &field.required())
    };
    Ok(kit::form(
        &Form::post("/audit/export", &call.person()?.csrf),
        &html! {
            (conditions(asked))
            (day(FIRST, words::FIRST, first))
            (day(LAST, words::LAST, last))
            (kit::actions(&[kit::submit(ButtonKind::Secondary, words::DO_EXPORT)]))
        },
    ))
}

/// The conditions but for the days, to go with a form.
fn conditions(asked: &Asked) -> Markup {
    let kept = asked.pairs().into_iter().filter(|(name, _)| ![asked::FIRST, asked::LAST].contains(name));
    html! { @for (name, value) in kept { (kit::hidden(name, value)) } }
}

/// `POST /audit/export`: the file, after it was written down that it is given.
pub async fn export(call: Call) -> Result<Answer, Failure> {
    let mut errors = Errors::default();
    let days = days(&call.form, (FIRST, LAST), &mut errors);
    for (name, day) in [(FIRST, days.0), (LAST, days.1)] {
        if day.is_none() && errors.of(name).is_none() {
            errors.add_labelled(name, if name == FIRST { words::FIRST } else { words::LAST }, words::BAD_DAY);
        }
    }
    let asked = Asked::read(&call.form);
    let (Some(first), Some(last), true) = (days.0, days.1, errors.is_empty()) else {
        return refused(&call, &asked, &errors);
    };
    if first.saturating_add(DAYS_MAX.days()) <= last {
        errors.add(LAST, words::TOO_LONG);
        return refused(&call, &asked, &errors);
    }
    let place = |name| match call.form.text(name) {
        "" => Ok(None),
        text => read_place(text).map(Some).ok_or(Failure::BadRequest),
    };
    let stretch = Stretch { from: place(BEGIN)?, down_to: place(END)? };
    let filter = Filter { first: Some(first), last: Some(last), ..asked.filter.clone() };
    let (rows, begins, left) = rows(&call, &filter, stretch).await?;
    if let Some(left) = left {
        // Nothing found so far: there is only the rest to offer.
        let later = (!rows.is_empty()).then_some((words::EXPORT_LATER, (stretch.from.or(begins), Some(left))));
        let earlier = (words::EXPORT_EARLIER, (Some(left), stretch.down_to));
        return in_parts(&call, &asked, (first, last), &later.into_iter().chain([earlier]).collect::<Vec<_>>());
    }
    if rows.is_empty() {
        let said = words::NOTHING_TO_EXPORT;
        let page = page(&call, &asked, &errors)?;
        return Ok(page.notice(NoticeKind::Info, said.title, said.text).into());
    }
    call.console.audit.append(&act(&call, &asked, (first, last), rows.len())?).await?;
    let mut bytes = spreadsheet::MARK.as_bytes().to_vec();
    bytes.extend(spreadsheet::row(&words::COLUMNS)?);
    rows.iter().rev().for_each(|row| bytes.extend_from_slice(row));
    Ok(Answer::File(File { name: name(first, last, stretch), content_type: "text/csv; charset=utf-8", bytes }))
}

/// The rows, the latest first; where the latest begins; and where the rest begins that did not fit.
async fn rows(
    call: &Call,
    filter: &Filter,
    stretch: Stretch,
) -> Result<(Vec<Vec<u8>>, Option<Place>, Option<Place>), Failure> {
    let (roster, _) = call.console.staff.roster().await?;
    let seen = Seen { roster: &roster, town: &call.town };
    let (mut rows, mut weight, mut begins, mut broken) = (Vec::new(), 0, None, None);
    let left = look_back(&*call.console.audit, filter, stretch, READ_MAX, |entry| {
        begins.get_or_insert(Place::after(&entry));
        match spreadsheet::row(&cells(&entry, &seen)) {
            Ok(row) => {
                weight += spreadsheet::weight(&row);
                if weight > WEIGHT_MAX {
                    return Taken::NotAnyMore;
                }
                rows.push(row);
                Taken::More
            }
            Err(error) => {
                broken = Some(error);
                Taken::Enough
            }
        }
    });
    let left = left.await?;
    broken.map_or(Ok((rows, begins, left)), |error| Err(error.into()))
}

fn cells(entry: &Entry, seen: &Seen<'_>) -> [String; 13] {
    let act = &entry.act;
    let at: civil::DateTime = in_japan(act.at);
    let id = match &act.actor {
        Actor::Staff(id) => id.as_str(),
        Actor::CommandLine => asked::COMMAND_LINE,
        Actor::Stranger => asked::STRANGER,
    };
    let department = |id: &DepartmentId| department_name(seen.town, id);
    [
        entry.day.to_string(),
        entry.number.to_string(),
        format!("{} {:02}:{:02}:{:02}", at.date(), at.hour(), at.minute(), at.second()),
        id.to_owned(),
        seen.actor_name(&act.actor).to_owned(),
        act.action.name().to_owned(),
        words::action(act.action).to_owned(),
        act.subject.clone(),
        act.department.as_ref().map(department).unwrap_or_default(),
        act.before.clone(),
        act.after.clone(),
        entry.previous.0.clone(),
        entry.hash.0.clone(),
    ]
}

fn act(call: &Call, asked: &Asked, (first, last): (Date, Date), entries: usize) -> Result<Act, Failure> {
    let mut after = serde_json::json!({ "first": first, "last": last, "entries": entries });
    for (name, value) in asked.pairs().into_iter().filter(|(name, _)| ![asked::FIRST, asked::LAST].contains(name)) {
        let name = if name == asked::TEXT { "text" } else { name };
        after[name] = value.into();
    }
    Ok(Act {
        at: call.now,
        actor: Actor::Staff(call.person()?.staff.id.clone()),
        action: Action::Export,
        subject: "audit".to_owned(),
        department: None,
        before: String::new(),
        after: after.to_string(),
    })
}

fn name(first: Date, last: Date, stretch: Stretch) -> String {
    let mut name = format!("audit-{first}-{last}");
    if let Some(place) = stretch.from {
        // Writing into a string cannot fail.
        let _ = write!(name, "-before-{}", written_place(place));
    }
    name + ".csv"
}

fn refused(call: &Call, asked: &Asked, errors: &Errors) -> Result<Answer, Failure> {
    Ok(page(call, asked, errors)?.status(StatusCode::UNPROCESSABLE_ENTITY).into())
}

/// The export's own page, for when it does not give a file.
fn page(call: &Call, asked: &Asked, errors: &Errors) -> Result<Page, Failure> {
    let typed = (call.form.text(FIRST), call.form.text(LAST));
    let content = html! {
        (crumbs())
        (kit::heading(words::EXPORT, Some(words::EXPORT_LEAD)))
        (kit::error_summary(errors))
        (form(call, asked, typed, errors)?)
        p { a href=(Section::Audit.path()) { (words::BACK) } }
    };
    Ok(Page::new(kit::title(words::EXPORT, errors), Section::Audit, content))
}

fn crumbs() -> Markup {
    kit::breadcrumbs(&[(Section::Audit.label(), Section::Audit.path())], words::EXPORT)
}

/// Where a part of the file begins and ends; `None` for an end of all of it.
type Ends = (Option<Place>, Option<Place>);

/// Offers the file in parts. The ends are written down, so that together they hold everything once, even while
/// entries are added.
fn in_parts(
    call: &Call,
    asked: &Asked,
    (first, last): (Date, Date),
    parts: &[(&str, Ends)],
) -> Result<Answer, Failure> {
    let csrf = &call.person()?.csrf;
    let part = |label: &str, (begin, end): Ends| {
        let ends = [(BEGIN, begin), (END, end)];
        kit::form(
            &Form::post("/audit/export", csrf),
            &html! {
                (conditions(asked))
                (kit::hidden(FIRST, &first.to_string()))
                (kit::hidden(LAST, &last.to_string()))
                @for (name, place) in ends { @if let Some(place) = place { (kit::hidden(name, &written_place(place))) } }
                (kit::submit(ButtonKind::Secondary, label))
            },
        )
    };
    let content = html! {
        (crumbs())
        (kit::heading(words::EXPORT, None))
        @for (label, ends) in parts { (part(label, *ends)) }
        p { a href=(Section::Audit.path()) { (words::BACK) } }
    };
    let page = Page::new(words::EXPORT, Section::Audit, content);
    Ok(page.notice(NoticeKind::Warning, words::TOO_LARGE.title, words::TOO_LARGE.text).into())
}
