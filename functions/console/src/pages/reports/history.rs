//! What happened to a report, line by line.

use std::borrow::Cow;

use domain::report::{By, Entry, ReportNumber, State, Told, What};
use domain::staff::Roster;
use maud::{Markup, html};

use super::{department_name, kind_name};
use crate::kit::{self, BadgeKind};
use crate::pages::people::actor::staff_name;
use crate::web::Call;
use crate::words::reports::history as words;

/// These entries, the earliest first.
pub(super) fn list(call: &Call, roster: &Roster, entries: &[Entry]) -> Markup {
    html! { ol.report-history { @for entry in entries { li { (one(call, roster, entry)) } } } }
}

fn one(call: &Call, roster: &Roster, entry: &Entry) -> Markup {
    let who = match &entry.by {
        By::Reporter => words::REPORTER.into(),
        By::Follower => words::FOLLOWER.into(),
        By::Staff(id) => staff_name(roster, id).into(),
        By::Outside(name) => Cow::from(words::outside(name)),
        By::System => words::SYSTEM.into(),
    };
    let (said, text) = said(call, roster, &entry.what);
    html! {
        p.report-when { (kit::moment(entry.at)) "　" (who) }
        p { (said) @if let Some(told) = told(entry.told) { " " (told) } }
        @if !text.is_empty() { p.typed { (text) } }
    }
}

fn told(told: Told) -> Option<Markup> {
    let kind = match told {
        Told::No => BadgeKind::Neutral,
        Told::Due => BadgeKind::Active,
        Told::At(_) => BadgeKind::Good,
        Told::Unreachable => BadgeKind::Caution,
    };
    words::told(told).map(|word| kit::badge(kind, word))
}

/// What happened, and what was written about it.
fn said<'a>(call: &Call, roster: &Roster, what: &'a What) -> (String, &'a str) {
    let number = |id| ReportNumber::of(id).to_string();
    match what {
        What::Filed => (words::FILED.to_owned(), ""),
        What::State { to: State::Duplicate { of }, answer, .. } => (words::duplicate(&number(of)), answer),
        What::State { from, to: to @ State::Declined { why }, .. } => {
            (words::moved_on(from.standing(), to.standing()), why)
        }
        What::State { from, to, answer } => (words::moved_on(from.standing(), to.standing()), answer),
        What::Answered(text) => (words::ANSWERED.to_owned(), text),
        What::Commented(text) => (words::COMMENTED.to_owned(), text),
        What::Noted(text) => (words::NOTED.to_owned(), text),
        What::Assigned(Some(id)) => (words::assigned(staff_name(roster, id)), ""),
        What::Assigned(None) => (words::UNASSIGNED.to_owned(), ""),
        What::Moved { from, to } => (words::moved(department_name(call, from), department_name(call, to)), ""),
        What::KindChanged { from, to } => (words::kind_changed(kind_name(call, from), kind_name(call, to)), ""),
        What::Priority(to) => (words::prioritised(*to), ""),
        What::Due(Some(day)) => (words::due(*day), ""),
        What::Due(None) => (words::NO_DUE.to_owned(), ""),
        What::Placed => (words::PLACED.to_owned(), ""),
        What::Merged(other) => (words::merged(&number(other)), ""),
        What::Released => (words::RELEASED.to_owned(), ""),
        What::Hidden => (words::HIDDEN.to_owned(), ""),
        What::Erased => (words::ERASED.to_owned(), ""),
    }
}
