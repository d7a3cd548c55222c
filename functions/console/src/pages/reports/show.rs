//! One report: what was reported and where, what is nearby, what happened to it, and what can be done about it.

use domain::report::kind::ReportKind;
use domain::report::{Answer as Said, Entry, Report, ReportNumber, Standing, State};
use domain::staff::Roster;
use domain::time::date_in_japan;
use maud::{Markup, html};

use super::deeds::{self, Held};
use super::list::priority;
use super::merge::INTO;
use super::{
    crumbs, department_name, due, history, kind_name, map, may_work, page, path, report_of, reporter, standing_badge,
};
use super::{near, photos, release};
use crate::kit::{self, ButtonKind, Errors, NoticeKind};
use crate::pages::people::actor::staff_name;
use crate::web::fields::Fields;
use crate::web::{Answer, Call, Failure, Page};
use crate::words::reports as words;
use crate::words::reports::deeds as deed_words;
use crate::words::reports::history as history_words;
use crate::words::reports::release as release_words;

/// `GET /reports/{id}`
pub async fn show(call: Call) -> Result<Answer, Failure> {
    let report = report_of(&call).await?;
    let held = Held { typed: &Fields::default(), errors: &Errors::default() };
    let shown = shown(&call, &report, &held, &[]).await?;
    Ok(match words::done(call.query.text("done")) {
        Some((kind, said)) => shown.notice(kind, said.title, said.text).into(),
        None => shown.into(),
    })
}

/// The page; `since` are the entries that somebody who sent a form had not seen.
pub(super) async fn shown(call: &Call, report: &Report, held: &Held<'_>, since: &[Entry]) -> Result<Page, Failure> {
    let (roster, _) = call.console.staff.roster().await?;
    let photos = photos::of(call, report).await?;
    let works = may_work(call, &report.department)?;
    let title = words::title(&report.number().to_string(), kind_name(call, &report.kind));
    let near = near(call, report, works).await?;
    let csrf = &call.person()?.csrf;
    let take_place = |point| html! { @if works { (deeds::take_place(report, csrf, point)) } };
    let content = html! {
        (crumbs(&[], &report.number().to_string()))
        (kit::heading(&title, None))
        (kit::error_summary(held.errors))
        @if !since.is_empty() {
            (kit::notice(NoticeKind::Warning, deed_words::SINCE, &history::list(call, &roster, since)))
        }
        (kit::definitions(&standing_facts(call, report, &roster)?))
        (kit::actions(&[kit::link_button(ButtonKind::Secondary, words::PRINT, &format!("{}/print", path(&report.id)))]))
        (kit::section(words::PHOTOS, &photos::gallery(report, &photos, &take_place)))
        (kit::section(words::COMMENT, &said(call, report)))
        (kit::section(words::PLACE, &html! {
            (map::small(call, words::MAP_OF_ONE))
            (kit::definitions(&place_facts(call, report)))
        }))
        (kit::section(words::NEAR, &near))
        (kit::section(release_words::PUBLIC, &release::section(call, report, works)))
        @if works { (kit::section(deed_words::WORK, &deeds::forms(call, report, &roster, held)?)) }
        (kit::section(history_words::HISTORY, &history::list(call, &roster, &report.history)))
    };
    let shown = page(kit::title(&title, held.errors), content);
    Ok(map::allowed(call, release::allowed(call, report, photos::allowed(shown, &photos))))
}

/// How it stands, and who works on it until when.
fn standing_facts(call: &Call, report: &Report, roster: &Roster) -> Result<Vec<(&'static str, Markup)>, Failure> {
    let today = date_in_japan(call.now);
    let mut facts = vec![
        (words::STATE, standing(report)),
        (words::DEPARTMENT, html! { (department_name(call, &report.department)) }),
        (words::ASSIGNEE, html! { (report.assignee.as_ref().map_or(words::NOBODY, |id| staff_name(roster, id))) }),
        (words::PRIORITY, priority(report.priority)),
        (words::DUE, due(report, today)),
        (words::FILED, kit::moment(report.filed_at)),
    ];
    if let Some(closed) = report.closed_at {
        facts.push((words::CLOSED, kit::moment(closed)));
    }
    facts.push((words::REPORTER, html! { span.typed { (reporter(call, report)?) } }));
    if !report.merged.is_empty() {
        facts.push((
            words::MERGED,
            html! {
                @for other in &report.merged { a href=(path(other)) { (ReportNumber::of(other)) } " " }
            },
        ));
    }
    Ok(facts)
}

/// Where it stands, and why; of a duplicate, of which.
fn standing(report: &Report) -> Markup {
    html! {
        (standing_badge(report.state.standing()))
        @match &report.state {
            State::Declined { why } => { br; span.typed { (why) } }
            State::Duplicate { of } => { " " a href=(path(of)) { (ReportNumber::of(of)) } }
            State::Received | State::Checking | State::Working | State::Done => {}
        }
    }
}

/// What was written, and answered to the kind's questions.
fn said(call: &Call, report: &Report) -> Markup {
    let kind = call.town.report_kind(&report.kind);
    let answers: Vec<(&str, Markup)> =
        report.answers.iter().map(|answer| (question(kind, answer), html! { span.typed { (answer.text) } })).collect();
    html! {
        @if report.comment.is_empty() { p { (words::NO_COMMENT) } } @else { p.typed { (report.comment) } }
        @if !answers.is_empty() { h3 { (words::ANSWERS) } (kit::definitions(&answers)) }
    }
}

/// What was asked; where the town does not ask it any more, by its id.
fn question<'a>(kind: Option<&'a ReportKind>, answer: &'a Said) -> &'a str {
    let asked = kind.and_then(|kind| kind.questions.iter().find(|question| question.id == answer.question));
    asked.map_or(answer.question.as_str(), |question| question.question.ja.as_str())
}

fn place_facts(call: &Call, report: &Report) -> Vec<(&'static str, Markup)> {
    let place = &report.place;
    let district = place.district.as_ref().and_then(|id| call.town.district(id));
    let mut facts = vec![(words::DISTRICT, html! { (district.map_or(words::NO_DISTRICT, |it| it.name.as_str())) })];
    if !place.text.is_empty() {
        facts.push((words::PLACE_TEXT, html! { (place.text) }));
    }
    facts.push((words::COORDINATES, html! { span.coordinates { (place.point.text()) } }));
    if let Some(metres) = place.accuracy_m {
        facts.push((words::ACCURACY, html! { (words::metres(metres)) }));
    }
    facts.push((words::SOURCE, html! { (words::source(place.source)) }));
    facts.push((words::PLUS_CODE, html! { span.coordinates { (place.point.plus_code()) } }));
    facts.push((words::MAPS, map::ways(place.point)));
    facts
}

/// Reports nearby, with a way to put this one under them. The report itself stands there for the map only.
async fn near(call: &Call, report: &Report, works: bool) -> Result<Markup, Failure> {
    let may_merge = works && report.state.is_open();
    let merge = format!("{}/merge", path(&report.id));
    let mut pins = vec![map::own(call, report)];
    for (near, metres) in near::of(call, report).await? {
        let may = may_merge && near.state.standing() != Standing::Duplicate && may_work(call, &near.department)?;
        let way = html! { @if may { br; a href=(format!("{merge}?{INTO}={}", near.id)) { (words::MERGE) } } };
        pins.push(map::near(call, &near, metres, &way)?);
    }
    Ok(html! {
        @if pins.len() == 1 { p { (words::NOTHING_NEAR) } } @else { p { (words::NEAR_LEAD) } }
        (map::list(&pins))
        @if may_merge { p { a href=(merge) { (deed_words::MERGE_BY_NUMBER) } } }
    })
}
