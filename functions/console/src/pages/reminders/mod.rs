//! Reminders (お知らせ予約): the rules that write broadcasts by themselves.
//!
//! [`list`] is all of them, [`write`] the form, [`show`] one with what it will do and what can be done about it, [`act`] doing it.
//! [`schedule`] is the part of the form that says when; what it says and to whom are the parts of the form of a broadcast.

pub mod act;
pub mod list;
mod schedule;
pub mod show;
pub mod write;

use app::ports::Versioned;
use app::reminder::desk::ReminderDesk;
use domain::ids::{DateKindId, DepartmentId, RuleId};
use domain::reminder::{Kind, Rule, State};
use domain::staff::Act;
use maud::Markup;

use crate::kit::{self, BadgeKind};
use crate::web::{Call, Failure, Page};
use crate::words::audience::form::CHILD;
use crate::words::frame::Section;
use crate::words::reminders as words;

/// The hidden field with the version that was seen.
const SEEN: &str = "seen";
/// The hidden field with the id of a rule that is not there yet.
const ID: &str = "id";

fn desk(call: &Call) -> &ReminderDesk {
    &call.console.reminders
}

/// The rule in the path.
async fn rule_of(call: &Call) -> Result<Versioned<Rule>, Failure> {
    let id = call.param("id").parse().map_err(|_| Failure::NotFound)?;
    desk(call).look(&id).await?.ok_or(Failure::NotFound)
}

fn path(id: &RuleId) -> String {
    format!("{}/{id}", Section::Reminders.path())
}

fn may_write(call: &Call, department: &DepartmentId) -> Result<bool, Failure> {
    Ok(call.person()?.staff.roles.allow(Act::EditFor(department)))
}

fn may_approve(call: &Call, department: &DepartmentId) -> Result<bool, Failure> {
    Ok(call.person()?.staff.roles.allow(Act::ApproveFor(department)))
}

fn department_name<'a>(call: &'a Call, id: &'a DepartmentId) -> &'a str {
    call.town.departments.get(id).map_or(id.as_str(), |department| department.name.as_str())
}

/// What a kind of date is called.
fn date_kind_name<'a>(call: &'a Call, id: &'a DateKindId) -> &'a str {
    match call.town.date_kind(id) {
        _ if id.is_child() => CHILD,
        Some(kind) => &kind.name.ja,
        None => id.as_str(),
    }
}

/// On which dates a rule of a kind is due, in words.
fn dates(call: &Call, kind: &Kind) -> String {
    match kind {
        Kind::Garbage => words::GARBAGE.to_owned(),
        Kind::Town { schedule, .. } => {
            format!("{} {}", words::recurrence(&schedule.dates), kit::time_of_day(schedule.time))
        }
        Kind::Resident { kind, months_after, schedule, .. } => {
            let months = words::months_after(date_kind_name(call, kind), *months_after);
            format!("{months}、{} {}", words::recurrence(&schedule.dates), kit::time_of_day(schedule.time))
        }
    }
}

fn page(title: impl Into<String>, content: Markup) -> Page {
    Page::new(title, Section::Reminders, content)
}

fn crumbs(here: &str) -> Markup {
    kit::breadcrumbs(&[(Section::Reminders.label(), Section::Reminders.path())], here)
}

fn state_badge(state: &State) -> Markup {
    let kind = match state {
        State::Draft | State::Ended { .. } => BadgeKind::Neutral,
        State::Awaiting { .. } | State::Paused { .. } => BadgeKind::Caution,
        State::On { .. } => BadgeKind::Good,
    };
    kit::badge(kind, words::state(state))
}
