//! What is done with a broadcast: asked for, approved, taken back, stopped, let go on, copied, spoken about.

use app::broadcast::desk::{CopyFor, Outcome};
use app::ports::Versioned;
use domain::broadcast::{Broadcast, State};
use maud::html;

use super::show::{changed, refused};
use super::{ID, SEEN, broadcast_of, crumbs, desk, may_approve, may_write, page, path};
use crate::kit::{self, Confirm, Form};
use crate::web::{Answer, Call, Failure};
use crate::words::broadcasts as words;

/// The field of a copy that says for whom it is; what it says for those of whom nobody knows, and for those who did not get it.
pub(super) const WHOM: &str = "whom";
pub(super) const UNCLEAR: &str = "unclear";
pub(super) const REST: &str = "rest";
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
    let broadcast = allowed(&call, Work::Writers).await?.value;
    let outcome = desk(&call).ask(&broadcast.id, seen(&call)?, &call.person()?.staff.id).await?;
    told(&call, &broadcast, outcome, "asked").await
}

/// `POST /broadcasts/{id}/approve`
pub async fn approve(call: Call) -> Result<Answer, Failure> {
    let broadcast = allowed(&call, Work::Approvers).await?.value;
    let outcome = desk(&call).approve(&broadcast.id, seen(&call)?, &call.person()?.staff.id).await?;
    told(&call, &broadcast, outcome, "approved").await
}

/// `POST /broadcasts/{id}/take-back`
pub async fn take_back(call: Call) -> Result<Answer, Failure> {
    let broadcast = allowed(&call, Work::Both).await?.value;
    let outcome = desk(&call).take_back(&broadcast.id, &call.person()?.staff.id).await?;
    told(&call, &broadcast, outcome, "taken-back").await
}

/// `GET /broadcasts/{id}/stop`
pub async fn ask_stop(call: Call) -> Result<Answer, Failure> {
    let Versioned { value: broadcast, version } = allowed(&call, Work::Both).await?;
    let (back, action, version) = (path(&broadcast.id), format!("{}/stop", path(&broadcast.id)), version.to_string());
    let seen = [(SEEN, version.as_str())];
    // What is only thrown away is thrown away as it was seen: it may have begun to go since. A stop is for whatever there is.
    let is_discarded = is_discarded(&broadcast.state);
    let (asks, values): (_, &[_]) = if is_discarded { (words::DISCARDING, &seen) } else { (words::STOPPING_IT, &[]) };
    let content = html! {
        (crumbs(&broadcast.title))
        (kit::confirm(&Confirm {
            question: asks.question,
            about: &html! { p { (broadcast.title) } },
            consequences: asks.consequences,
            form: Form::post(&action, &call.person()?.csrf),
            values,
            button: asks.button,
            cancel: &back,
        }))
    };
    Ok(page(asks.question, content).into())
}

/// Whether it is thrown away where it is not wanted any more; what is approved is taken back or stopped.
pub(super) fn is_discarded(state: &State) -> bool {
    match state {
        State::Draft | State::AwaitingApproval { .. } | State::Held { .. } => true,
        State::Approved { .. } | State::Sending { .. } | State::Stopped { .. } | State::Finished { .. } => false,
    }
}

/// `POST /broadcasts/{id}/stop`
pub async fn stop(call: Call) -> Result<Answer, Failure> {
    let broadcast = allowed(&call, Work::Both).await?.value;
    let by = &call.person()?.staff.id;
    if call.form.has(SEEN) {
        let outcome = desk(&call).discard(&broadcast.id, seen(&call)?, by).await?;
        return told(&call, &broadcast, outcome, "discarded").await;
    }
    let outcome = desk(&call).stop(&broadcast.id, by).await?;
    told(&call, &broadcast, outcome, "stopped").await
}

/// `POST /broadcasts/{id}/resume`
pub async fn resume(call: Call) -> Result<Answer, Failure> {
    let broadcast = allowed(&call, Work::Approvers).await?.value;
    let outcome = desk(&call).resume(&broadcast.id, &call.person()?.staff.id).await?;
    let done = match &outcome {
        Outcome::Done(now) if matches!(now.value.state, State::Sending { pause: Some(_), .. }) => "resumed-at-night",
        _ => "resumed",
    };
    told(&call, &broadcast, outcome, done).await
}

/// `POST /broadcasts/{id}/copy`
pub async fn copy(call: Call) -> Result<Answer, Failure> {
    let broadcast = allowed(&call, Work::Writers).await?.value;
    let id = call.form.text(ID).parse().map_err(|_| Failure::BadRequest)?;
    let whom = match call.form.text(WHOM) {
        UNCLEAR => CopyFor::TheUnclear,
        REST => CopyFor::TheRest,
        _ => CopyFor::TheSame,
    };
    match desk(&call).copy(&broadcast.id, id, whom, &call.person()?.staff.id).await? {
        Outcome::Done(copy) => Ok(Answer::SeeOther(format!("{}/edit", path(&copy.value.id)))),
        // The same button twice: the copy is there.
        Outcome::Changed(there) => Ok(Answer::SeeOther(format!("{}/edit", path(&there.value.id)))),
        outcome => told(&call, &broadcast, outcome, "saved").await,
    }
}

/// `POST /broadcasts/{id}/remark`
pub async fn remark(call: Call) -> Result<Answer, Failure> {
    let broadcast = allowed(&call, Work::Both).await?.value;
    let text: String = call.form.long_text("remark").trim().chars().take(REMARK_CHARS_MAX).collect();
    if text.is_empty() {
        return Ok(Answer::SeeOther(path(&broadcast.id)));
    }
    let outcome = desk(&call).remark(&broadcast.id, text, &call.person()?.staff.id).await?;
    told(&call, &broadcast, outcome, "said").await
}

async fn allowed(call: &Call, work: Work) -> Result<Versioned<Broadcast>, Failure> {
    let broadcast = broadcast_of(call).await?;
    let department = &broadcast.value.department;
    let (writes, approves) = (may_write(call, department)?, may_approve(call, department)?);
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
        Outcome::Unchecked(_) => Ok(Answer::SeeOther(format!("{}?done={done}-unchecked", path(&broadcast.id)))),
        Outcome::Nowhere => Err(Failure::NotFound),
        Outcome::Changed(_) => changed(call).await,
        Outcome::Refused(why) => {
            Ok(Answer::SeeOther(format!("{}?done={}", path(&broadcast.id), words::refusal_code(why))))
        }
        Outcome::Unfit(unfit) => refused(call, &unfit).await,
        Outcome::Counting { .. } => Ok(Answer::SeeOther(format!("{}?done=counting", path(&broadcast.id)))),
    }
}
