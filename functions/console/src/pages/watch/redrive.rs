//! What failed goes on its way once more, after a page that says what will happen then.

use app::ports::watch::Flow;
use app::watch::{Redriven, Remedy};
use maud::html;

use super::{DONE, MOVED, STOPPED};
use crate::kit::{self, ButtonKind, Confirm, Form};
use crate::web::{Answer, Call, Failure, Page};
use crate::words::frame::Section;
use crate::words::watch as words;

/// `GET /watch/{flow}/redrive`
pub async fn ask(call: Call) -> Result<Answer, Failure> {
    let flow = named(&call)?;
    let (failed, question, remedy) = (call.console.watch.failed(flow).await?, words::question(flow), Remedy::of(flow));
    let crumbs = kit::breadcrumbs(&[(Section::Watch.label(), Section::Watch.path())], words::flow(flow));
    if failed == 0 {
        let content = html! {
            (crumbs)
            (kit::heading(words::NOTHING_FAILED.title, Some(words::NOTHING_FAILED.text)))
            (kit::actions(&[kit::link_button(ButtonKind::Primary, words::BACK, Section::Watch.path())]))
        };
        return Ok(Page::new(words::NOTHING_FAILED.title, Section::Watch, content).into());
    }
    let about = kit::definitions(&[
        (words::WHAT, html! { (words::flow(flow)) }),
        (words::FAILED, html! { (words::about(failed)) }),
    ]);
    let for_all = words::consequences_for_all(remedy);
    let consequences: Vec<&str> =
        words::consequences(flow).iter().copied().chain(for_all.iter().map(String::as_str)).collect();
    let content = html! {
        (crumbs)
        (kit::confirm(&Confirm {
            question: &question,
            about: &about,
            consequences: &consequences,
            form: Form::post(&path(flow), &call.person()?.csrf),
            values: &[],
            button: words::button(remedy),
            cancel: Section::Watch.path(),
        }))
    };
    Ok(Page::new(question.as_str(), Section::Watch, content).into())
}

/// `POST /watch/{flow}/redrive`
pub async fn redrive(call: Call) -> Result<Answer, Failure> {
    let flow = named(&call)?;
    let (moved, rest) = match call.console.watch.redrive(flow, &call.person()?.staff.id).await? {
        Redriven::Done(moved) => (moved, String::new()),
        Redriven::Stopped(moved) => (moved, format!("&{STOPPED}=yes")),
    };
    Ok(Answer::SeeOther(format!("{}?{DONE}={}&{MOVED}={moved}{rest}", Section::Watch.path(), flow.name())))
}

fn named(call: &Call) -> Result<Flow, Failure> {
    Flow::of(call.param("flow")).ok_or(Failure::NotFound)
}

/// Where what failed of a flow is handed back.
pub(super) fn path(flow: Flow) -> String {
    format!("{}/{}/redrive", Section::Watch.path(), flow.name())
}
