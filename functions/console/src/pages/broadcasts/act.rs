//! What is done with a broadcast: asked for, approved, taken back, stopped, let go on, copied, spoken about.

use app::broadcast::desk::{CopyFor, Outcome};
use app::ports::Versioned;
use domain::broadcast::Broadcast;
use maud::html;

use super::show::{changed, refused};
use super::{ID, SEEN, broadcast_of, crumbs, desk, may_approve, may_write, page, path};
use crate::kit::{self, Confirm, Form};
use crate::web::{Answer, Call, Failure};
use crate::words::broadcasts as words;

/// The field of a copy that says for whom it is, and what it says for those of whom nobody knows.
pub(super) const WHOM: &str = "whom";
pub(super) const UNCLEAR: &str = "unclear";
/// A remark has at most so many characters.
const REMARK_CHARS_MAX: usize = 1_000;

/// Whose work an act is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Work {
    Writers,
    Approvers,
    Both,
}

/// `POST /broadcasts/{id}/ask`
pub async fn ask(call: Call) -> Result<Answer, Failure> {
    let broadcast = allowed(&call, Work::Writers).await?;
    let outcome = desk(&call).ask(&broadcast.id, seen(&call)?, &call.person()?.staff.id).await?;
    told(&call, &broadcast, outcome, "asked").await
}

/// `POST /broadcasts/{id}/approve`
pub async fn approve(call: Call) -> Result<Answer, Failure> {
    let broadcast = allowed(&call, Work::Approvers).await?;
    let outcome = desk(&call).approve(&broadcast.id, seen(&call)?, &call.person()?.staff.id).await?;
    told(&call, &broadcast, outcome, "approved").await
}

/// `POST /broadcasts/{id}/take-back`
pub async fn take_back(call: Call) -> Result<Answer, Failure> {
    let broadcast = allowed(&call, Work::Both).await?;
    let outcome = desk(&call).take_back(&broadcast.id, &call.person()?.staff.id).await?;
    told(&call, &broadcast, outcome, "taken-back").await
}

/// `GET /broadcasts/{id}/stop`
pub async fn ask_stop(call: Call) -> Result<Answer, Failure> {
    let broadcast = allowed(&call, Work::Both).await?;
    let (back, action) = (path(&broadcast.id), format!("{}/stop", path(&broadcast.id)));
    let content = html! {
        (crumbs(&broadcast.title))
        (kit::confirm(&Confirm {
            question: words::STOP_QUESTION,
            about: &html! { p { (broadcast.title) } },
            consequences: &words::STOP_CONSEQUENCES,
            form: Form::post(&action, &call.person()?.csrf),
            values: &[],
            button: words::STOP,
            cancel: &back,
        }))
    };
    Ok(page(words::STOP_QUESTION, content).into())
}

/// `POST /broadcasts/{id}/stop`
pub async fn stop(call: Call) -> Result<Answer, Failure> {
    let broadcast = allowed(&call, Work::Both).await?;
    let outcome = desk(&call).stop(&broadcast.id, &call.person()?.staff.id).await?;
    told(&call, &broadcast, outcome, "stopped").await
}

/// `POST /broadcasts/{id}/resume`
pub async fn resume(call: Call) -> Result<Answer, Failure> {
    let broadcast = allowed(&call, Work::Approvers).await?;
    let outcome = desk(&call).resume(&broadcast.id, &call.person()?.staff.id).await?;
    told(&call, &broadcast, outcome, "resumed").await
}

/// `POST /broadcasts/{id}/copy`
pub async fn copy(call: Call) -> Result<Answer, Failure> {
    let broadcast = allowed(&call, Work::Writers).await?;
    let id = call.form.text(ID).parse().map_err(|_| Failure::BadRequest)?;
    let whom = if call.form.text(WHOM) == UNCLEAR { CopyFor::TheUnclear } else { CopyFor::TheSame };
    match desk(&call).copy(&broadcast.id, id, whom, &call.person()?.staff.id).await? {
        Outcome::Done(copy) => Ok(Answer::SeeOther(format!("{}/edit", path(&copy.value.id)))),
        // The same button twice: the copy is there.
        Outcome::Changed(there) => Ok(Answer::SeeOther(format!("{}/edit", path(&there.value.id)))),
        outcome => told(&call, &broadcast, outcome, "saved").await,
    }
}

/// `POST /broadcasts/{id}/remark`
pub async fn remark(call: Call) -> Result<Answer, Failure> {
    let broadcast = allowed(&call, Work::Both).await?;
    let text: String = call.form.long_text("remark").trim().chars().take(REMARK_CHARS_MAX).collect();
    if text.is_empty() {
        return Ok(Answer::SeeOther(path(&broadcast.id)));
    }
    let outcome = desk(&call).remark(&broadcast.id, text, &call.person()?.staff.id).await?;
    told(&call, &broadcast, outcome, "said").await
}

async fn allowed(call: &Call, work: Work) -> Result<Broadcast, Failure> {
    let Versioned { value: broadcast, .. } = broadcast_of(call).await?;
    let (writes, approves) = (may_write(call, &broadcast.department)?, may_approve(call, &broadcast.department)?);
    let may = match work {
        Work::Writers => writes,
        Work::Approvers => approves,
        Work::Both => writes || approves,
    };
    if may { Ok(broadcast) } else { Err(Failure::Denied) }
}

fn seen(call: &Call) -> Result<u64, Failure> {
    call.form.text(SEEN).parse().map_err(|_| Failure::BadRequest)
}

async fn told(call: &Call, broadcast: &Broadcast, outcome: Outcome, done: &str) -> Result<Answer, Failure> {
    match outcome {
        Outcome::Done(_) => Ok(Answer::SeeOther(format!("{}?done={done}", path(&broadcast.id)))),
        Outcome::Nowhere => Err(Failure::NotFound),
        Outcome::Changed(_) => changed(call).await,
        Outcome::Refused(why) => {
            Ok(Answer::SeeOther(format!("{}?done={}", path(&broadcast.id), words::refusal_code(why))))
        }
        Outcome::Unfit(unfit) => refused(call, &unfit).await,
        Outcome::Counting { .. } => Ok(Answer::SeeOther(format!("{}?done=counting", path(&broadcast.id)))),
    }
}
