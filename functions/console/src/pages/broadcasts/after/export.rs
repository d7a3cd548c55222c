//! What went, as a file; what is more than one answer carries comes in parts. That it was taken out is written down.

use app::broadcast::after::{Asked, Found, Stretch, Went, went};
use app::ports::broadcasts::Place;
use app::spreadsheet;
use domain::audit::{Act, Action, Actor};
use domain::broadcast::{Earnest, Lane};
use domain::staff::Roster;
use domain::time::date_in_japan;
use http::StatusCode;
use maud::{Markup, html};

use super::{PATH, Period, READ_MAX, approver, filter};
use crate::kit::{self, ButtonKind, Form, NoticeKind};
use crate::pages::broadcasts::{crumbs, department_name, desk, page};
use crate::pages::people::actor::staff_name;
use crate::web::{Answer, Call, Failure, File};
use crate::words::after as words;
use crate::words::broadcasts::{DRILL, EMERGENCY, ROUTINE};

const EXPORT: &str = "/broadcasts/after/export";
const BEGIN: &str = "begin";
const END: &str = "end";

/// The part of the page that asks for a file.
pub(super) fn section(period: &Period, csrf: &str) -> Markup {
    let button = kit::post_button(ButtonKind::Secondary, words::DO_EXPORT, &Form::post(EXPORT, csrf), &period.pairs());
    kit::section(words::EXPORT, &html! { p { (words::EXPORT_LEAD) } (button) })
}

/// `POST /broadcasts/after/export`: the file, after it was written down that it is given.
pub async fn export(call: Call) -> Result<Answer, Failure> {
    let period = Period::read(&call.form, date_in_japan(call.now));
    let Some(asked) = &period.asked else { return Ok(without_a_file(&call, &period).into()) };
    let place = |name| Some(call.form.text(name)).filter(|place| !place.is_empty()).map(|it| Place(it.to_owned()));
    let stretch = Stretch { before: place(BEGIN), down_to: place(END) };
    let Found { went, left } = went(&*desk(&call).history.broadcasts, asked, &stretch, READ_MAX).await?;
    if let Some(left) = left {
        return in_parts(&call, &period, &stretch, &left, went.is_empty());
    }
    if went.is_empty() {
        let said = words::NOTHING_TO_EXPORT;
        return Ok(without_a_file(&call, &period).notice(NoticeKind::Info, said.title, said.text).into());
    }
    call.console.audit.append(&act(&call, asked, went.len())?).await?;
    let (roster, _) = call.console.staff.roster().await?;
    let mut bytes = spreadsheet::MARK.as_bytes().to_vec();
    bytes.extend(spreadsheet::row(&words::COLUMNS)?);
    for went in went.iter().rev() {
        bytes.extend(spreadsheet::row(&cells(&call, went, &roster))?);
    }
    let part = if stretch.before.is_some() { "-earlier" } else { "" };
    let name = format!("broadcasts-{}-{}{part}.csv", asked.first, asked.last);
    Ok(Answer::File(File { name, content_type: "text/csv; charset=utf-8", bytes }))
}

fn cells(call: &Call, went: &Went, roster: &Roster) -> [String; 19] {
    let account = &went.account;
    let lane = match went.lane {
        Lane::Emergency => EMERGENCY,
        Lane::Routine => ROUTINE,
    };
    let drill = match went.earnest {
        Earnest::Drill => DRILL,
        Earnest::Real => "",
    };
    [
        spreadsheet::moment(went.began),
        went.department.to_string(),
        department_name(call, &went.department).to_owned(),
        went.id.to_string(),
        went.title.clone(),
        lane.to_owned(),
        drill.to_owned(),
        staff_name(roster, &went.author).to_owned(),
        approver(went, roster).to_owned(),
        went.approval.as_ref().map(|approval| spreadsheet::moment(approval.at)).unwrap_or_default(),
        account.frozen.to_string(),
        account.accepted.to_string(),
        account.dropped.to_string(),
        account.refused.to_string(),
        account.stopped.to_string(),
        account.unclear.to_string(),
        went.unfollowed.map(|unfollowed| unfollowed.people.to_string()).unwrap_or_default(),
        words::counted(went.unfollowed).to_owned(),
        account.left_out.blocked.to_string(),
    ]
}

fn act(call: &Call, asked: &Asked, entries: usize) -> Result<Act, Failure> {
    let mut after = serde_json::json!({ "first": asked.first, "last": asked.last, "entries": entries });
    if let Some(department) = &asked.department {
        after["department"] = department.as_str().into();
    }
    Ok(Act {
        at: call.now,
        actor: Actor::Staff(call.person()?.staff.id.clone()),
        action: Action::Export,
        subject: "broadcasts".to_owned(),
        department: None,
        before: String::new(),
        after: after.to_string(),
    })
}

/// The page for when there is no file to give.
fn without_a_file(call: &Call, period: &Period) -> crate::web::Page {
    let content = html! {
        (crumbs(words::EXPORT))
        (kit::heading(words::EXPORT, Some(words::EXPORT_LEAD)))
        (kit::error_summary(&period.errors))
        (filter(call, period))
    };
    let status = if period.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page(kit::title(words::EXPORT, &period.errors), content).status(status)
}

/// Offers the file in two parts, of which the second may come in parts again. Where they meet is written down, so that together
/// they hold everything once, even while broadcasts end.
fn in_parts(call: &Call, period: &Period, stretch: &Stretch, left: &Place, is_empty: bool) -> Result<Answer, Failure> {
    let form = Form::post(EXPORT, &call.person()?.csrf);
    let part = |label: &str, begin: Option<&Place>, end: Option<&Place>| {
        let ends = [(BEGIN, begin), (END, end)].into_iter();
        let ends = ends.filter_map(|(name, place)| Some((name, place?.0.as_str())));
        let values: Vec<(&str, &str)> = period.pairs().into_iter().chain(ends).collect();
        kit::post_button(ButtonKind::Secondary, label, &form, &values)
    };
    let content = html! {
        (crumbs(words::EXPORT))
        (kit::heading(words::EXPORT, None))
        // Nothing found so far: there is only the rest to offer.
        @if !is_empty { p { (part(words::LATER_PART, stretch.before.as_ref(), Some(left))) } }
        p { (part(words::EARLIER_PART, Some(left), stretch.down_to.as_ref())) }
        p { a href=(PATH) { (words::BACK) } }
    };
    Ok(page(words::EXPORT, content).notice(NoticeKind::Warning, words::IN_PARTS.title, words::IN_PARTS.text).into())
}
