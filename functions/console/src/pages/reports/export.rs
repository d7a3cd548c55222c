//! The reports as a file, with the conditions of the list. That it was taken out is written down.

use app::spreadsheet;
use domain::audit::{Act, Action, Actor};
use domain::report::Report;
use domain::staff::Roster;
use domain::time::date_in_japan;
use maud::{Markup, html};

use super::filter::Asked;
use super::{crumbs, days_between, department_name, desk, kind_name, page};
use crate::kit::{self, ButtonKind, Form, NoticeKind};
use crate::pages::people::actor::staff_name;
use crate::web::{Answer, Call, Failure, File};
use crate::words::frame::{Said, Section};
use crate::words::reports as words;

const PATH: &str = "/reports/export";
/// So many go into one file: as rows of some 600 bytes they stay below the 6 MB that an answer carries.
const ROWS_MAX: usize = 5_000;

/// The part of the list's page that asks for a file.
pub(super) fn section(asked: &Asked, csrf: &str) -> Markup {
    let button = kit::post_button(ButtonKind::Secondary, words::DO_EXPORT, &Form::post(PATH, csrf), &asked.pairs());
    kit::section(words::EXPORT, &html! { p { (words::EXPORT_LEAD) } (button) })
}

/// `POST /reports/export`: the file, after it was written down that it is given.
pub async fn export(call: Call) -> Result<Answer, Failure> {
    let asked = Asked::read(&call, &call.form)?;
    let (mut reports, mut before) = (Vec::new(), None);
    loop {
        let found = desk(&call).list(&asked.filter, before.as_ref(), ROWS_MAX).await?;
        reports.extend(found.reports);
        if ROWS_MAX < reports.len() || (reports.len() == ROWS_MAX && found.more.is_some()) {
            return Ok(without_a_file(words::TOO_MUCH));
        }
        before = found.more;
        if before.is_none() {
            break;
        }
    }
    if reports.is_empty() {
        return Ok(without_a_file(words::NOTHING_TO_EXPORT));
    }
    call.console.audit.append(&act(&call, &asked, reports.len())?).await?;
    let (roster, _) = call.console.staff.roster().await?;
    let mut bytes = spreadsheet::MARK.as_bytes().to_vec();
    bytes.extend(spreadsheet::row(&words::COLUMNS)?);
    for report in &reports {
        bytes.extend(spreadsheet::row(&cells(&call, report, &roster))?);
    }
    let name = format!("reports-{}.csv", date_in_japan(call.now));
    Ok(Answer::File(File { name, content_type: "text/csv; charset=utf-8", bytes }))
}

fn cells(call: &Call, report: &Report, roster: &Roster) -> [String; 14] {
    let district = report.place.district.as_ref().and_then(|id| call.town.district(id));
    let closed = report.closed_at;
    let took = closed.map(|closed| days_between(date_in_japan(report.filed_at), date_in_japan(closed)).to_string());
    let point = report.place.point;
    [
        report.number().to_string(),
        kind_name(call, &report.kind).to_owned(),
        department_name(call, &report.department).to_owned(),
        words::standing(report.state.standing()).to_owned(),
        words::priority(report.priority).to_owned(),
        spreadsheet::moment(report.filed_at),
        report.due.map(|day| day.to_string()).unwrap_or_default(),
        closed.map(spreadsheet::moment).unwrap_or_default(),
        took.unwrap_or_default(),
        district.map(|district| district.name.clone()).unwrap_or_default(),
        format!("{:.5}", point.lat()),
        format!("{:.5}", point.lon()),
        report.place.text.clone(),
        report.assignee.as_ref().map(|id| staff_name(roster, id).to_owned()).unwrap_or_default(),
    ]
}

/// What is written down: how many, and by which conditions.
fn act(call: &Call, asked: &Asked, entries: usize) -> Result<Act, Failure> {
    let conditions: serde_json::Map<String, serde_json::Value> =
        asked.pairs().into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    let after = serde_json::json!({ "conditions": conditions, "entries": entries });
    Ok(Act {
        at: call.now,
        actor: Actor::Staff(call.person()?.staff.id.clone()),
        action: Action::Export,
        subject: "reports".to_owned(),
        department: None,
        before: String::new(),
        after: after.to_string(),
    })
}

/// The page for when there is no file to give.
fn without_a_file(said: Said) -> Answer {
    let content = html! {
        (crumbs(&[], words::EXPORT))
        (kit::headline(NoticeKind::Info, said.title, &html! { p { (said.text) } }))
        (kit::actions(&[kit::link_button(ButtonKind::Secondary, words::TO_LIST, Section::Reports.path())]))
    };
    page(words::EXPORT, content).into()
}
