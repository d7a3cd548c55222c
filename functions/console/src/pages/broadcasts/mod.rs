//! Broadcasts: written, approved, sent, and what became of them.
//!
//! [`list`] is all of them, [`write`] the form, [`show`] one with what can be done about it, [`act`] doing it, [`after`] what went
//! and what came of it. [`content`] and [`audience`] are the two great parts of the form; what departments keep of them are [`templates`] and [`saved`] audiences.

pub mod act;
pub mod after;
pub mod audience;
pub(super) mod conflict;
pub mod content;
pub(super) mod departments;
pub mod list;
pub mod preview;
pub mod progress;
pub(super) mod quota;
pub mod saved;
pub mod show;
pub mod templates;
pub mod write;

pub(super) use conflict::lines as content_lines;

use std::collections::BTreeMap;

use app::broadcast::desk::BroadcastDesk;
use app::ports::Versioned;
use domain::broadcast::audience::Audience;
use domain::broadcast::{Broadcast, Class, Earnest, Lane, State};
use domain::ids::{BroadcastId, DepartmentId};
use domain::staff::{Act, Staff};
use maud::{Markup, html};

use crate::kit::{self, BadgeKind};
use crate::web::{Answer, Call, Failure, Page};
use crate::words::broadcasts as words;
use crate::words::frame::Section;

/// The hidden field with the version that was seen.
const SEEN: &str = "seen";
/// The hidden field with the id of a broadcast that is not there yet.
const ID: &str = "id";

/// `GET /broadcasts/pictures/{id}`
pub async fn picture(call: Call) -> Result<Answer, Failure> {
    content::picture(&desk(&call).pictures, call.param("id")).await
}

fn desk(call: &Call) -> &BroadcastDesk {
    &call.console.broadcasts
}

/// The id in the path.
fn id_of(call: &Call) -> Result<BroadcastId, Failure> {
    call.param("id").parse().map_err(|_| Failure::NotFound)
}

/// The broadcast in the path.
async fn broadcast_of(call: &Call) -> Result<Versioned<Broadcast>, Failure> {
    desk(call).history.broadcasts.find(&id_of(call)?).await?.ok_or(Failure::NotFound)
}

pub(super) fn path(id: &BroadcastId) -> String {
    format!("/broadcasts/{id}")
}

/// Whether the person may write for a department.
fn may_write(call: &Call, department: &DepartmentId) -> Result<bool, Failure> {
    Ok(call.person()?.staff.roles.allow(Act::EditFor(department)))
}

/// Whether the person may approve for a department.
fn may_approve(call: &Call, department: &DepartmentId) -> Result<bool, Failure> {
    Ok(call.person()?.staff.roles.allow(Act::ApproveFor(department)))
}

/// Whether it waits for the approval of this person: they may approve it, and it is not their own work to most or all.
pub(super) fn is_for_approval_by(staff: &Staff, broadcast: &Broadcast) -> bool {
    let State::AwaitingApproval { by, reach, .. } = &broadcast.state else { return false };
    let own = broadcast.author == staff.id || *by == staff.id;
    staff.roles.allow(Act::ApproveFor(&broadcast.department)) && !(own && broadcast.class(*reach) == Class::All)
}

fn department_name<'a>(call: &'a Call, id: &'a DepartmentId) -> &'a str {
    call.town.departments.get(id).map_or(id.as_str(), |department| department.name.as_str())
}

/// The titles of the broadcasts that an audience speaks of.
pub(super) async fn titles(call: &Call, audience: &Audience) -> Result<BTreeMap<BroadcastId, String>, Failure> {
    let mentions = audience.mentions();
    let mut titles = BTreeMap::new();
    for id in mentions.received.iter().chain(&mentions.unclear) {
        if let Some(found) = desk(call).history.broadcasts.find(id).await? {
            titles.insert(id.clone(), found.value.title);
        }
    }
    Ok(titles)
}

fn page(title: impl Into<String>, content: Markup) -> Page {
    Page::new(title, Section::Broadcasts, content)
}

fn crumbs(here: &str) -> Markup {
    kit::breadcrumbs(&[(Section::Broadcasts.label(), Section::Broadcasts.path())], here)
}

pub(super) fn state_badge(state: &State) -> Markup {
    let kind = match state {
        State::Draft | State::Stopped { account: Some(_), .. } => BadgeKind::Neutral,
        State::AwaitingApproval { .. } | State::Held { .. } | State::Stopped { .. } => BadgeKind::Caution,
        State::Sending { pause: Some(_), .. } => BadgeKind::Bad,
        State::Approved { .. } | State::Sending { .. } => BadgeKind::Active,
        State::Finished { .. } => BadgeKind::Good,
    };
    kit::badge(kind, words::state(state))
}

/// How urgent it is, and whether it is a drill.
pub(super) fn kind_badges(lane: Lane, earnest: Earnest) -> Markup {
    html! {
        @if lane == Lane::Emergency { (kit::badge(BadgeKind::Bad, words::EMERGENCY)) " " }
        @if earnest == Earnest::Drill { (kit::badge(BadgeKind::Caution, words::DRILL)) " " }
    }
}
