//! Damage reports (損傷の報告): found, worked on, answered.
//!
//! [`list`] is the board and the list, [`map`] the same on a map, [`show`] one report with what can be done about it, [`act`] doing it,
//! [`release`] letting everybody see something of it, [`merge`] putting it under another one, [`enter`] taking one by telephone, [`print`] the sheet for the crew, [`export`] a file.
//! What residents wrote and photographed is seen by who has a role in the department that works on it, and by administrators.

pub mod act;
mod deeds;
pub mod enter;
pub mod export;
mod filter;
mod history;
pub mod list;
pub mod map;
pub mod merge;
mod near;
mod photos;
mod place;
pub mod print;
pub mod release;
pub mod show;

use std::collections::BTreeSet;

use app::report::desk::ReportDesk;
use domain::ids::{DepartmentId, ReportId, ReportKindId};
use domain::report::place::Place;
use domain::report::{By, Report, Reporter, Standing};
use domain::staff::Act;
use domain::time::date_in_japan;
use jiff::civil::Date;
use maud::{Markup, html};

use crate::kit::{self, BadgeKind};
use crate::web::{Call, Failure, Page};
use crate::words::frame::Section;
use crate::words::reports as words;

/// The hidden field with how many entries of the history were seen: a report is written anew also where nobody did anything.
const SEEN: &str = "seen";
/// The hidden field with the id of a report that is not there yet.
const ID: &str = "id";

fn desk(call: &Call) -> &ReportDesk {
    &call.console.reports
}

/// The report in the path, if the person may see it.
async fn report_of(call: &Call) -> Result<Report, Failure> {
    let id = call.param("id").parse().map_err(|_| Failure::NotFound)?;
    let found = desk(call).look(&id).await?.ok_or(Failure::NotFound)?.value;
    if may_see(call, &found.department)? { Ok(found) } else { Err(Failure::Denied) }
}

/// The report in the path, if the person may work on it.
async fn own(call: &Call) -> Result<Report, Failure> {
    let found = report_of(call).await?;
    if may_work(call, &found.department)? { Ok(found) } else { Err(Failure::Denied) }
}

fn path(id: &ReportId) -> String {
    format!("{}/{id}", Section::Reports.path())
}

/// Whether the person may see what was reported to a department.
fn may_see(call: &Call, department: &DepartmentId) -> Result<bool, Failure> {
    Ok(call.person()?.staff.roles.allow(Act::ReadFor(department)))
}

/// Whether the person may do something about it.
fn may_work(call: &Call, department: &DepartmentId) -> Result<bool, Failure> {
    Ok(call.person()?.staff.roles.allow(Act::EditFor(department)))
}

/// The departments whose reports the person may see; `None`: all, and also those that are gone.
fn visible(call: &Call) -> Result<Option<BTreeSet<DepartmentId>>, Failure> {
    let roles = &call.person()?.staff.roles;
    let mine = || roles.departments().into_iter().cloned().collect();
    Ok((!roles.allow(Act::EditTown)).then(mine))
}

fn department_name<'a>(call: &'a Call, id: &'a DepartmentId) -> &'a str {
    call.town.departments.get(id).map_or(id.as_str(), |department| department.name.as_str())
}

fn kind_name<'a>(call: &'a Call, id: &'a ReportKindId) -> &'a str {
    call.town.report_kind(id).map_or(id.as_str(), |kind| kind.name.ja.as_str())
}

/// Where it is, in words; its coordinates where there are none.
fn place_name(call: &Call, place: &Place) -> String {
    let district = place.district.as_ref().and_then(|id| call.town.district(id)).map_or("", |it| it.name.as_str());
    match (district, place.text.as_str()) {
        ("", "") => place.point.text(),
        (district, "") => district.to_owned(),
        ("", text) => text.to_owned(),
        (district, text) => format!("{district}　{text}"),
    }
}

fn page(title: impl Into<String>, content: Markup) -> Page {
    Page::new(title, Section::Reports, content)
}

fn crumbs(above: &[(&str, &str)], here: &str) -> Markup {
    let above: Vec<(&str, &str)> =
        [(Section::Reports.label(), Section::Reports.path())].into_iter().chain(above.iter().copied()).collect();
    kit::breadcrumbs(&above, here)
}

fn standing_badge(standing: Standing) -> Markup {
    let kind = match standing {
        Standing::Received => BadgeKind::Caution,
        Standing::Checking | Standing::Working => BadgeKind::Active,
        Standing::Done => BadgeKind::Good,
        Standing::Declined | Standing::Duplicate => BadgeKind::Neutral,
    };
    kit::badge(kind, words::standing(standing))
}

/// By when it is to be done, and whether that is over.
fn due(report: &Report, today: Date) -> Markup {
    html! {
        @match report.due {
            Some(day) => { (kit::date(day)) }
            None => { (words::NO_DUE) }
        }
        @if report.is_overdue(today) { " " (kit::badge(BadgeKind::Bad, words::OVERDUE)) }
    }
}

/// How long ago it was filed.
fn age(report: &Report, today: Date) -> String {
    words::days(days_between(date_in_japan(report.filed_at), today))
}

fn days_between(from: Date, to: Date) -> i64 {
    to.since(from).map_or(0, |span| i64::from(span.get_days()))
}

/// Who reported it, as far as the person need know: of a friend of the account never more than that, of others what staff wrote down
/// for who works on it.
fn reporter(call: &Call, report: &Report) -> Result<String, Failure> {
    Ok(match &report.reporter {
        Reporter::Resident(_) => words::RESIDENT.to_owned(),
        Reporter::Told { contact } if !contact.is_empty() && may_work(call, &report.department)? => contact.clone(),
        Reporter::Told { .. } => match report.history.first().map(|entry| &entry.by) {
            Some(By::Outside(system)) => words::history::outside(system),
            Some(By::Reporter | By::Follower | By::Staff(_) | By::System) | None => words::TOLD.to_owned(),
        },
        Reporter::Erased => words::ERASED.to_owned(),
    })
}
