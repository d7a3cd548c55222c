//! What is done with a rule by a button.

use app::ports::Versioned;
use app::reminder::desk::{Outcome, Tried};
use app::trial::TrialId;
use domain::broadcast::template::SavedName;
use domain::ids::{DepartmentId, RuleId};
use domain::language::Language;
use domain::reminder::{Draft, GRACE_MINUTES, Kind, Rule, State};
use maud::{Markup, html};

use super::show::{changed, refused, shown};
use super::{ID, SEEN, crumbs, desk, may_approve, may_write, page, path, rule_of};
use crate::kit::{self, Confirm, Form};
use crate::pages::broadcasts::departments::DEPARTMENT;
use crate::pages::trial::{unsent_words, use_case};
use crate::web::{Answer, Call, Failure};
use crate::words::frame::Section;
use crate::words::reminders as words;

/// Who does something.
#[derive(Clone, Copy)]
enum Work {
    Writers,
    Approvers,
    Both,
}

/// `POST /reminders/new/garbage`: makes the rule of the garbage reminders ready, for the first time or after it has ended.
pub async fn begin_garbage(call: Call) -> Result<Answer, Failure> {
    let department: DepartmentId = call.form.text(DEPARTMENT).parse().map_err(|_| Failure::BadRequest)?;
    if !call.town.departments.contains_key(&department) {
        return Err(Failure::BadRequest);
    }
    if !may_write(&call, &department)? {
        return Err(Failure::Denied);
    }
    let name = SavedName::cut(words::GARBAGE).map_err(|_| Failure::BadRequest)?;
    let draft = Draft { name, department, kind: Kind::Garbage, until: None, grace_minutes: GRACE_MINUTES };
    let (desk, by) = (desk(&call), &call.person()?.staff.id);
    let mut outcome = desk.create(RuleId::garbage(), draft.clone(), by).await?;
    if let Outcome::Changed(there) = &outcome
        && matches!(there.value.state, State::Ended { .. })
    {
        outcome = desk.begin_again(&there.value.id, there.version, draft, by).await?;
    }
    match outcome {
        // Somebody else was faster: there it is.
        Outcome::Done(there) | Outcome::Changed(there) => Ok(Answer::SeeOther(path(&there.value.id))),
        Outcome::Nowhere | Outcome::Refused(_) | Outcome::Unfit(_) | Outcome::Counting { .. } => {
            Err(Failure::BadRequest)
        }
    }
}

/// `POST /reminders/{id}/ask`
pub async fn ask(call: Call) -> Result<Answer, Failure> {
    let rule = allowed(&call, Work::Writers).await?.value;
    let outcome = desk(&call).ask(&rule.id, seen(&call)?, &call.person()?.staff.id).await?;
    told(&call, &rule, outcome, "asked").await
}

/// `POST /reminders/{id}/approve`
pub async fn approve(call: Call) -> Result<Answer, Failure> {
    let rule = allowed(&call, Work::Approvers).await?.value;
    let outcome = desk(&call).approve(&rule.id, seen(&call)?, &call.person()?.staff.id).await?;
    told(&call, &rule, outcome, "approved").await
}

/// `POST /reminders/{id}/take-back`
pub async fn take_back(call: Call) -> Result<Answer, Failure> {
    let rule = allowed(&call, Work::Both).await?.value;
    let outcome = desk(&call).take_back(&rule.id, &call.person()?.staff.id).await?;
    told(&call, &rule, outcome, "taken-back").await
}

/// `POST /reminders/{id}/pause`
pub async fn pause(call: Call) -> Result<Answer, Failure> {
    let rule = allowed(&call, Work::Both).await?.value;
    let outcome = desk(&call).pause(&rule.id, &call.person()?.staff.id).await?;
    told(&call, &rule, outcome, "paused").await
}

/// `POST /reminders/{id}/go-on`
pub async fn go_on(call: Call) -> Result<Answer, Failure> {
    let rule = allowed(&call, Work::Approvers).await?.value;
    let outcome = desk(&call).go_on(&rule.id, &call.person()?.staff.id).await?;
    told(&call, &rule, outcome, "resumed").await
}

/// `GET /reminders/{id}/end`
pub async fn ask_end(call: Call) -> Result<Answer, Failure> {
    let there = allowed(&call, Work::Both).await?;
    let consequences = words::end_consequences(&there.value.kind);
    confirm(&call, &there, words::END_QUESTION, &consequences, ("end", words::END))
}

/// `POST /reminders/{id}/end`
pub async fn end(call: Call) -> Result<Answer, Failure> {
    let rule = allowed(&call, Work::Both).await?.value;
    let outcome = desk(&call).end(&rule.id, &call.person()?.staff.id).await?;
    told(&call, &rule, outcome, "ended").await
}

/// `GET /reminders/{id}/remove`
pub async fn ask_remove(call: Call) -> Result<Answer, Failure> {
    let there = allowed(&call, Work::Writers).await?;
    confirm(&call, &there, words::REMOVE_QUESTION, &words::REMOVE_CONSEQUENCES, ("remove", words::REMOVE))
}

/// `POST /reminders/{id}/remove`
pub async fn remove(call: Call) -> Result<Answer, Failure> {
    let rule = allowed(&call, Work::Writers).await?.value;
    match desk(&call).remove(&rule.id, seen(&call)?, &call.person()?.staff.id).await? {
        Outcome::Done(_) | Outcome::Nowhere => {
            Ok(Answer::SeeOther(format!("{}?done=removed", Section::Reminders.path())))
        }
        outcome => told(&call, &rule, outcome, "removed").await,
    }
}

/// `POST /reminders/{id}/try`: what it says next, to one's own phone.
pub async fn try_out(call: Call) -> Result<Answer, Failure> {
    let there = allowed(&call, Work::Writers).await?;
    let id = TrialId::parse(call.form.text(ID)).ok_or(Failure::BadRequest)?;
    let (trial, staff) = (use_case(&call), &call.person()?.staff);
    match desk(&call).try_out(&there.value, Language::Japanese, &trial, staff, id).await? {
        Tried::Sent(outcome) => {
            if let Some(done) = words::trial(outcome) {
                return Ok(Answer::SeeOther(format!("{}?done={done}", path(&there.value.id))));
            }
            let (kind, status, said) = unsent_words(outcome);
            let page = shown(&call, &there, None).await?;
            Ok(page.status(status).notice(kind, said.title, said.text).into())
        }
        Tried::Unfit(unfit) => refused(&call, &unfit).await,
    }
}

fn confirm(
    call: &Call,
    there: &Versioned<Rule>,
    question: &str,
    consequences: &[&str],
    (what, button): (&str, &str),
) -> Result<Answer, Failure> {
    let back = path(&there.value.id);
    let action = format!("{back}/{what}");
    let about: Markup = html! { p { (there.value.name) } };
    let content = html! {
        (crumbs(question))
        (kit::confirm(&Confirm {
            question,
            about: &about,
            consequences,
            form: Form::post(&action, &call.person()?.csrf),
            values: &[(SEEN, &there.version.to_string())],
            button,
            cancel: &back,
        }))
    };
    Ok(page(question, content).into())
}

async fn allowed(call: &Call, work: Work) -> Result<Versioned<Rule>, Failure> {
    let found = rule_of(call).await?;
    let department = &found.value.department;
    let (writes, approves) = (may_write(call, department)?, may_approve(call, department)?);
    let may = match work {
        Work::Writers => writes,
        Work::Approvers => approves,
        Work::Both => writes || approves,
    };
    if may { Ok(found) } else { Err(Failure::Denied) }
}

fn seen(call: &Call) -> Result<u64, Failure> {
    call.form.text(SEEN).parse().map_err(|_| Failure::BadRequest)
}

async fn told(call: &Call, rule: &Rule, outcome: Outcome, done: &str) -> Result<Answer, Failure> {
    let done = match outcome {
        Outcome::Done(_) => done,
        Outcome::Nowhere => return Err(Failure::NotFound),
        Outcome::Changed(_) => return changed(call).await,
        Outcome::Refused(why) => words::refusal_code(why),
        Outcome::Unfit(unfit) => return refused(call, &unfit).await,
        Outcome::Counting { .. } => "counting",
    };
    Ok(Answer::SeeOther(format!("{}?done={done}", path(&rule.id))))
}
