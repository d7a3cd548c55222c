//! All rules, and the one of the garbage reminders above them.

use app::ports::{Versioned, mint};
use domain::ids::RuleId;
use domain::reminder::{Rule, State};
use domain::staff::Act;
use maud::{Markup, html};

use super::write::{KIND, RESIDENT};
use super::{ID, dates, department_name, desk, page, path, state_badge};
use crate::kit::{self, ButtonKind, Choice, Column, Field, Form, Pager};
use crate::pages::broadcasts::departments::{self, DEPARTMENT};
use crate::web::{Answer, Call, Failure};
use crate::words::frame::Section;
use crate::words::reminders as words;

/// So many rows stand on a page.
const ROWS: usize = 30;

/// `GET /reminders`
pub async fn list(call: Call) -> Result<Answer, Failure> {
    let before: Option<RuleId> = call.query.text("from").parse().ok();
    let garbage = desk(&call).look(&RuleId::garbage()).await?;
    let mut found = desk(&call).list(before.as_ref(), ROWS + 1).await?;
    let more = ROWS < found.len();
    found.truncate(ROWS);
    let next = found.last().filter(|_| more).map(|last| last.value.id.to_string());
    found.retain(|rule| !rule.value.kind.is_garbage());
    let rows: Vec<Vec<Markup>> = found.iter().map(|rule| row(&call, &rule.value)).collect();
    let columns = [
        Column::row_head(words::NAME),
        Column::text(words::STATE),
        Column::text(words::DATES),
        Column::text(words::NEXT),
        Column::text(words::DEPARTMENT),
    ];
    let new = format!("{}/new", Section::Reminders.path());
    let content = html! {
        (kit::heading(Section::Reminders.label(), Some(words::LEAD)))
        (garbage_card(&call, garbage.as_ref())?)
        @if call.person()?.staff.roles.allow(Act::Write) {
            (kit::actions(&[
                kit::link_button(ButtonKind::Primary, words::NEW_TOWN, &new),
                kit::link_button(ButtonKind::Secondary, words::NEW_RESIDENT, &format!("{new}?{KIND}={RESIDENT}")),
            ]))
        }
        (kit::table(words::LIST, &columns, &rows, &html! { p { (words::EMPTY) } }))
        (kit::pager(&Pager::onward(Section::Reminders.path(), &[], next.as_deref())))
    };
    let shown = page(Section::Reminders.label(), content);
    Ok(match words::done(call.query.text("done")) {
        Some((kind, said)) => shown.notice(kind, said.title, said.text).into(),
        None => shown.into(),
    })
}

fn row(call: &Call, rule: &Rule) -> Vec<Markup> {
    vec![
        html! { a href=(path(&rule.id)) { (rule.name) } },
        state_badge(&rule.state),
        html! { (dates(call, &rule.kind)) },
        html! { @if let Some(due) = rule.due() { (kit::moment(due)) } @else { "－" } },
        html! { (department_name(call, &rule.department)) },
    ]
}

/// The garbage reminders, and the button with which they begin where they have not, or have ended.
fn garbage_card(call: &Call, rule: Option<&Versioned<Rule>>) -> Result<Markup, Failure> {
    let departments = departments::writable(call)?;
    let choices: Vec<Choice<'_>> = departments.iter().map(|(id, name)| Choice::new(id.as_str(), name)).collect();
    let (action, csrf) = (format!("{}/new/garbage", Section::Reminders.path()), &call.person()?.csrf);
    let content = html! {
        p { (words::garbage_lead()) }
        @match rule {
            Some(rule) => {
                p { (state_badge(&rule.value.state)) " " a href=(path(&rule.value.id)) { (rule.value.name) } }
            }
            None => { p { (words::GARBAGE_NONE) } }
        }
        @if rule.is_none_or(|rule| matches!(rule.value.state, State::Ended { .. })) && !choices.is_empty() {
            (kit::form(&Form::post(&action, csrf), &html! {
                (kit::hidden(ID, &mint(&*call.console.chance, call.now).to_string()))
                (kit::select(&Field::new(DEPARTMENT, words::DEPARTMENT).value(choices[0].value), &choices))
                (kit::actions(&[kit::submit(ButtonKind::Secondary, words::GARBAGE_BEGIN)]))
            }))
        }
    };
    Ok(kit::card(words::GARBAGE, &content))
}
