//! One rule: when it is due next and what it will say, what became of earlier dates, and what can be done about it.

use app::broadcast::reach::Counting;
use app::ports::{Versioned, mint};
use app::reminder::desk::{Coming, Unfit};
use domain::broadcast::Class;
use domain::broadcast::Earnest;
use domain::broadcast::content::{Content, Message};
use domain::language::Language;
use domain::reminder::{Became, Rule, State};
use domain::sending::PARTITIONS;
use http::StatusCode;
use maud::{Markup, html};
use serde_json::json;

use super::{ID, SEEN, crumbs, dates, department_name, desk, may_approve, may_write, page, path, rule_of, state_badge};
use crate::kit::{self, ButtonKind, Column, Form, NoticeKind, Progress};
use crate::pages::broadcasts;
use crate::pages::broadcasts::show::{percent, reach_tiles};
use crate::web::{Answer, Call, Failure, Page};
use crate::words::audience::{Names, sentence};
use crate::words::broadcasts as broadcast_words;
use crate::words::reminders as words;

/// So many dates to come are shown.
const COMING: usize = 10;
/// So much of a text stands in the table of dates.
const EXCERPT_CHARS: usize = 60;

/// `GET /reminders/{id}`
pub async fn show(call: Call) -> Result<Answer, Failure> {
    let rule = rule_of(&call).await?;
    let shown = shown(&call, &rule, None).await?;
    Ok(match words::done(call.query.text("done")) {
        Some((kind, said)) => shown.notice(kind, said.title, said.text).into(),
        None => shown.into(),
    })
}

/// `GET /reminders/{id}/counting.json`: counts on for a moment, if somebody has begun to, and says how far it has come.
pub async fn count_on(call: Call) -> Result<Answer, Failure> {
    let rule = rule_of(&call).await?.value;
    let done = match desk(&call).count_on(&rule).await? {
        Some(Counting::Going { done }) => done,
        Some(Counting::Done(_)) | None => PARTITIONS,
    };
    let text = broadcast_words::counted_so_far(percent(done));
    Ok(Answer::Json(json!({ "done": done, "total": PARTITIONS, "text": text, "finished": done == PARTITIONS })))
}

/// The page again, with why something was not done.
pub(super) async fn refused(call: &Call, unfit: &Unfit) -> Result<Answer, Failure> {
    let rule = rule_of(call).await?;
    Ok(shown(call, &rule, Some(unfit)).await?.status(StatusCode::UNPROCESSABLE_ENTITY).into())
}

/// The page again, because somebody else has changed the rule.
pub(super) async fn changed(call: &Call) -> Result<Answer, Failure> {
    let rule = rule_of(call).await?;
    let page = shown(call, &rule, None).await?.status(StatusCode::CONFLICT);
    Ok(page.notice(NoticeKind::Warning, broadcast_words::CHANGED.title, broadcast_words::CHANGED.text).into())
}

/// The page.
pub(super) async fn shown(call: &Call, there: &Versioned<Rule>, unfit: Option<&Unfit>) -> Result<Page, Failure> {
    let rule = &there.value;
    let coming = desk(call).preview(rule, COMING).await?;
    let content = html! {
        (crumbs(rule.name.as_str()))
        (kit::heading(rule.name.as_str(), None))
        p { (state_badge(&rule.state)) }
        @if let Some(unfit) = unfit { (why_not(unfit)) }
        p { (words::next_step(&rule.state)) }
        @if rule.kind.is_garbage() {
            @if matches!(rule.state, State::Ended { .. }) { p { (words::GARBAGE_AGAIN) } }
            p { (words::garbage_lead()) }
        }
        @if let State::Awaiting { reach, .. } = &rule.state {
            // Whom few conditions describe, others than who works on it need not know.
            @if works_on(call, rule)? {
                (reach_tiles(*reach))
                // Each time it takes about as many messages as it reaches people.
                (broadcasts::quota::left(call).await?)
                p.hint { (if rule.kind.is_garbage() { words::EACH_DAY } else { words::EACH_TIME }) }
            }
            @if let Ok(class) = rule.class(*reach, call.now) { p { (broadcast_words::rule(class)) } }
        }
        (counting(call, rule).await?)
        (actions(call, there)?)
        (kit::section(broadcast_words::ABOUT, &kit::definitions(&facts(call, rule).await?)))
        (kit::section(words::PREVIEW, &preview_part(&coming)))
        @if let Some(next) = coming.first() { (kit::section(words::NEXT_WORDS, &phones(call, rule, &next.broadcast.content))) }
        (kit::section(words::OUTCOMES, &outcomes(rule)))
    };
    Ok(page(rule.name.as_str(), content))
}

async fn facts(call: &Call, rule: &Rule) -> Result<Vec<(&'static str, Markup)>, Failure> {
    let mut facts = vec![
        (words::DEPARTMENT, html! { (department_name(call, &rule.department)) }),
        (words::DATES, html! { (dates(call, &rule.kind)) }),
    ];
    if let Some(whom) = rule.kind.audience() {
        let titles = broadcasts::titles(call, whom).await?;
        let said = sentence(whom, &Names { town: &call.town, broadcasts: &titles });
        facts.push((words::WHOM, html! { (said) }));
    }
    if let Some(until) = rule.until {
        facts.push((words::UNTIL, kit::date(until)));
    }
    if let Some(due) = rule.due() {
        facts.push((words::NEXT, kit::moment(due)));
    }
    Ok(facts)
}

/// The dates to come, and how what it says then begins.
fn preview_part(coming: &[Coming]) -> Markup {
    let row = |coming: &Coming| vec![kit::moment(coming.due), html! { (excerpt(&coming.broadcast.content)) }];
    let rows: Vec<Vec<Markup>> = coming.iter().map(row).collect();
    let columns = [Column::row_head(words::DUE), Column::text(words::SAYS)];
    html! {
        p { (words::PREVIEW_LEAD) }
        (kit::table(words::PREVIEW, &columns, &rows, &html! { p { (words::NO_DATES) } }))
    }
}

/// How the first text in Japanese begins.
fn excerpt(content: &Content) -> String {
    let messages = content.wordings.get(&Language::Japanese).map(|wording| wording.messages.as_slice());
    let text = messages.unwrap_or_default().iter().find_map(|message| match message {
        Message::Text(text) | Message::Buttons { text, .. } => Some(text),
        Message::Flex { alt, .. } => Some(alt),
        Message::Picture(_) => None,
    });
    let mut signs = text.map(String::as_str).unwrap_or_default().chars();
    let mut excerpt: String = signs.by_ref().take(EXCERPT_CHARS).collect();
    if signs.next().is_some() {
        excerpt.push('…');
    }
    excerpt
}

/// What phones show of what is ready to go out.
fn phones(call: &Call, rule: &Rule, ready: &Content) -> Markup {
    broadcasts::write::still_phones(call, &rule.department, ready, Earnest::Real)
}

fn outcomes(rule: &Rule) -> Markup {
    let row = |outcome: &domain::reminder::Outcome| {
        let became = words::became(&outcome.became);
        vec![
            kit::moment(outcome.due),
            match &outcome.became {
                Became::Went(id) => html! { a href=(broadcasts::path(id)) { (became) } },
                Became::Stuck | Became::Missed => html! { strong { (became) } },
            },
        ]
    };
    let rows: Vec<Vec<Markup>> = rule.outcomes.iter().rev().map(row).collect();
    let columns = [Column::row_head(words::DUE), Column::text(words::BECAME)];
    kit::table(words::OUTCOMES, &columns, &rows, &html! { p { (words::NO_OUTCOMES) } })
}

/// Whether the person writes or approves for its department.
fn works_on(call: &Call, rule: &Rule) -> Result<bool, Failure> {
    Ok(may_write(call, &rule.department)? || may_approve(call, &rule.department)?)
}

/// The counting of whom it reaches, while it goes on.
async fn counting(call: &Call, rule: &Rule) -> Result<Markup, Failure> {
    if rule.state != State::Draft || !works_on(call, rule)? {
        return Ok(html! {});
    }
    Ok(match desk(call).counting(rule).await? {
        Some(Counting::Going { done }) => {
            let (page, poll) = (path(&rule.id), format!("{}/counting.json", path(&rule.id)));
            let (done, total) = (u64::from(done), u64::from(PARTITIONS));
            let label = broadcast_words::COUNTING;
            kit::progress(&Progress { label, done, total, page: &page, poll: Some(&poll) })
        }
        Some(Counting::Done(_)) | None => html! {},
    })
}

fn why_not(unfit: &Unfit) -> Markup {
    html! {
        @if !unfit.dates.is_empty() {
            (kit::notice(NoticeKind::Error, broadcast_words::UNFIT, &html! {
                ul { @for problem in &unfit.dates { li { (words::problem(*problem)) } } }
            }))
        } @else { (broadcasts::show::why_not(&unfit.broadcast)) }
    }
}

/// What this person can do about it now.
fn actions(call: &Call, there: &Versioned<Rule>) -> Result<Markup, Failure> {
    let (rule, version) = (&there.value, there.version.to_string());
    let (writes, approves) = (may_write(call, &rule.department)?, may_approve(call, &rule.department)?);
    let (base, csrf) = (path(&rule.id), &call.person()?.csrf);
    let to = |what: &str| format!("{base}/{what}");
    let button =
        |kind, label, what: &str| kit::post_button(kind, label, &Form::post(&to(what), csrf), &[(SEEN, &version)]);
    let mut buttons = Vec::new();
    match &rule.state {
        State::Draft if writes => buttons.push(button(ButtonKind::Primary, words::ASK, "ask")),
        State::Awaiting { by, reach, .. } => {
            let me = &call.person()?.staff.id;
            let own = rule.author == *me || by == me;
            if approves && !(own && rule.class(*reach, call.now) == Ok(Class::All)) {
                buttons.push(button(ButtonKind::Primary, words::APPROVE, "approve"));
            }
            if writes || approves {
                buttons.push(button(ButtonKind::Secondary, words::TAKE_BACK, "take-back"));
            }
        }
        State::On { .. } if writes || approves => buttons.push(button(ButtonKind::Secondary, words::PAUSE, "pause")),
        State::Paused { .. } if approves => buttons.push(button(ButtonKind::Primary, words::GO_ON, "go-on")),
        State::Draft | State::On { .. } | State::Paused { .. } | State::Ended { .. } => {}
    }
    if writes && !rule.kind.is_garbage() {
        buttons.push(kit::link_button(ButtonKind::Secondary, words::EDIT, &to("edit")));
    }
    if writes {
        let id = mint(&*call.console.chance, call.now).to_string();
        let try_out = to("try");
        let form = Form::post(&try_out, csrf);
        buttons.push(kit::post_button(ButtonKind::Plain, words::TRY, &form, &[(ID, &id)]));
    }
    if writes && rule.is_removable() {
        buttons.push(kit::link_button(ButtonKind::Danger, words::REMOVE, &to("remove")));
    } else if (writes || approves) && !matches!(rule.state, State::Ended { .. }) {
        buttons.push(kit::link_button(ButtonKind::Danger, words::END, &to("end")));
    }
    Ok(html! { @if !buttons.is_empty() { (kit::actions(&buttons)) } })
}
