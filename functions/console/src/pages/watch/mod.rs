//! Whether all runs (稼働状況), for people who see nothing of the machines: what is wrong first, then what waits, what failed, what runs.

pub mod redrive;

use app::ports::checkup::Runner;
use app::ports::watch::Flow;
use app::watch::{Asked, Concern, FlowState, Outlook};
use domain::checkup::{Chain, Checkup};
use jiff::Timestamp;
use maud::{Markup, html};

use crate::kit::{self, BadgeKind, ButtonKind, Column, NoticeKind};
use crate::pages::audit::CHECK_PATH;
use crate::web::{Answer, Call, Failure, Page};
use crate::words::frame::Section;
use crate::words::watch as words;

/// The field of what was just done: a flow.
const DONE: &str = "done";
/// The field of how much of it.
const MOVED: &str = "moved";
/// The field that says that it stopped half-way.
const STOPPED: &str = "stopped";

/// `GET /watch`
pub async fn show(call: Call) -> Result<Answer, Failure> {
    let outlook = call.console.watch.look().await;
    let content = html! {
        (kit::heading(Section::Watch.label(), Some(words::LEAD)))
        (verdict(&outlook.concerns(call.now)))
        (kit::section(words::FAILED, &failed(&outlook.flows)))
        (kit::section(words::WAITING, &waiting(&outlook.flows)))
        (kit::section(words::RUNS, &html! { p { (words::RUNS_LEAD) } (runs(&outlook, call.now)) }))
        (kit::section(words::HOURLY, &hourly(&outlook.checkup)))
    };
    Ok(with_done(Page::new(Section::Watch.label(), Section::Watch, content), &call, &outlook.flows).into())
}

/// The page with word of what was just done.
fn with_done(page: Page, call: &Call, flows: &[FlowState]) -> Page {
    let Some(flow) = Flow::of(call.query.text(DONE)) else { return page };
    let moved = call.query.text(MOVED).parse::<u64>().unwrap_or_default();
    let left = flows.iter().find(|state| state.flow == flow).and_then(|state| state.failed);
    match (call.query.has(STOPPED), moved, left) {
        (true, _, _) => page.notice(NoticeKind::Error, words::stopped(flow, moved), words::STOPPED_TEXT),
        (false, 0, Some(0)) => page.notice(NoticeKind::Info, words::NOTHING_FAILED.title, words::NOTHING_FAILED.text),
        // It lies there, and somebody else has it in hand.
        (false, 0, _) => page.notice(NoticeKind::Info, words::IN_OTHER_HANDS.title, words::IN_OTHER_HANDS.text),
        (false, _, _) => page.notice(NoticeKind::Success, words::done(flow, moved), words::DONE),
    }
}

/// What is wrong, or that nothing is.
fn verdict(concerns: &[Concern]) -> Markup {
    let list = html! { ul { @for concern in concerns { li { (sentence(*concern)) } } } };
    if concerns.is_empty() {
        kit::notice(NoticeKind::Success, words::WELL.title, &html! { p { (words::WELL.text) } })
    } else if concerns.iter().any(|concern| concern.is_wrong()) {
        kit::notice(NoticeKind::Error, words::WRONG, &list)
    } else {
        kit::notice(NoticeKind::Warning, words::NOT_ALL_KNOWN, &list)
    }
}

fn sentence(concern: Concern) -> String {
    match concern {
        Concern::Failed(flow, number) => words::failed(flow, number),
        Concern::Resting(why, number) => words::resting(why, number),
        Concern::Late(runner, _) => words::late(runner),
        Concern::Found(finding) => words::finding(finding).to_owned(),
        Concern::OldCheckup(_) => words::OLD_CHECKUP.to_owned(),
        Concern::FlowUnsaid(flow) => words::flow_unsaid(flow),
        Concern::RestingUnsaid => words::RESTING_UNSAID.to_owned(),
        Concern::RunnerUnsaid(runner) => words::runner_unsaid(runner),
        Concern::CheckupUnsaid => words::CHECKUP_UNSAID.to_owned(),
        Concern::MessagesUnsaid => words::MESSAGES_UNSAID.to_owned(),
        Concern::LogUnchecked => words::LOG_UNCHECKED.to_owned(),
    }
}

/// A number, or that it is not known.
fn number(known: Option<u64>) -> Markup {
    known.map_or_else(|| html! { (words::UNKNOWN) }, |number| html! { (kit::count(number)) })
}

fn failed(flows: &[FlowState]) -> Markup {
    let columns = [Column::row_head(words::WHAT), Column::number(words::HOW_MANY), Column::text(words::ACTION)];
    let act = |state: &FlowState| match state.failed {
        Some(1..) => kit::link_button(ButtonKind::Secondary, words::to_redrive(state.flow), &redrive::path(state.flow)),
        Some(0) => html! { (words::NOTHING_TO_DO) },
        None => html! { (words::UNKNOWN) },
    };
    let row = |state: &FlowState| vec![html! { (words::flow(state.flow)) }, number(state.failed), act(state)];
    let rows: Vec<Vec<Markup>> = flows.iter().map(row).collect();
    html! { p { (words::FAILED_LEAD) } (kit::table(words::FAILED, &columns, &rows, &html! {})) }
}

fn waiting(flows: &[FlowState]) -> Markup {
    let columns = [Column::row_head(words::WHAT), Column::number(words::WAITS), Column::number(words::IN_HAND)];
    let row = |state: &FlowState| {
        let waits = state.on_the_way.map(|all| all.waiting.saturating_add(all.delayed));
        let in_hand = state.on_the_way.map(|all| all.in_hand);
        vec![html! { (words::flow(state.flow)) }, number(waits), number(in_hand)]
    };
    let rows: Vec<Vec<Markup>> = flows.iter().map(row).collect();
    html! { p { (words::WAITING_LEAD) } (kit::table(words::WAITING, &columns, &rows, &html! {})) }
}

fn runs(outlook: &Outlook, now: Timestamp) -> Markup {
    let last = |runner| {
        html! {
            @if let Some(beat) = outlook.last_run(runner) {
                (kit::moment(beat.at))
                @if beat.is_late(now) { " " (kit::badge(BadgeKind::Bad, words::STOPPED)) }
            } @else if outlook.heartbeats == Asked::Unsaid {
                (words::UNKNOWN)
            } @else {
                (words::NOT_YET)
            }
        }
    };
    kit::definitions(&Runner::ALL.map(|runner| (words::runner(runner), last(runner))))
}

fn hourly(checkup: &Asked<Option<Checkup>>) -> Markup {
    match checkup {
        Asked::Said(Some(checkup)) => html! {
            (kit::definitions(&[
                (words::LOOKED_AT, kit::moment(checkup.at)),
                (words::MESSAGES, html! { (words::messages(checkup.messages)) }),
                (words::UNFOLLOWS, html! { (words::unfollows(&checkup.unfollows)) }),
                (words::LOG, log(checkup.chain)),
            ]))
            p { a href=(CHECK_PATH) { (words::TO_CHECK) } }
        },
        Asked::Said(None) => html! { p { (words::NOT_YET) } },
        Asked::Unsaid => html! { p { (words::UNKNOWN) } },
    }
}

fn log(chain: Chain) -> Markup {
    html! { (words::log(chain)) @if let Some(at) = chain.looked_at() { "（" (kit::moment(at)) "）" } }
}
