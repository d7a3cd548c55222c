//! Doing something with a report.

use app::report::desk::Outcome;
use domain::ids::StaffId;
use domain::report::{By, Deed, Entry, Report, State, Told, What};
use http::StatusCode;

use super::deeds::{self, Held};
use super::show::shown;
use super::{SEEN, desk, may_see, own, path};
use crate::kit::{Errors, NoticeKind};
use crate::web::{Answer, Call, Failure};
use crate::words::frame::Section;
use crate::words::reports::deeds as words;

/// `POST /reports/{id}/act`
pub async fn act(call: Call) -> Result<Answer, Failure> {
    let report = own(&call).await?;
    let seen = seen(&call)?;
    let (roster, _) = call.console.staff.roster().await?;
    let mut errors = Errors::default();
    let Some(deed) = deeds::read(&call, &report, &roster, &mut errors)? else {
        let held = Held { typed: &call.form, errors: &errors };
        return Ok(shown(&call, &report, &held, &[]).await?.status(StatusCode::UNPROCESSABLE_ENTITY).into());
    };
    let by = &call.person()?.staff.id;
    match desk(&call).act(&report.id, seen, deed.clone(), by).await? {
        Outcome::Done(now) => done(&call, &now.value),
        Outcome::Nowhere => Err(Failure::NotFound),
        // The second of two clicks finds done what it wants.
        Outcome::Changed(now) if is_done(unseen(&call, &now.value)?, &deed, by) => done(&call, &now.value),
        Outcome::Changed(now) => changed(&call, &now.value).await,
        Outcome::Refused(why) => {
            let held = Held { typed: &call.form, errors: &errors };
            let page = shown(&call, &report, &held, &[]).await?.status(StatusCode::CONFLICT);
            let said = words::refusal(why);
            Ok(page.notice(NoticeKind::Error, said.title, said.text).into())
        }
    }
}

/// On to the report, or to the list where it is not for this person any more.
fn done(call: &Call, report: &Report) -> Result<Answer, Failure> {
    if !may_see(call, &report.department)? {
        return Ok(Answer::SeeOther(format!("{}?done=moved", Section::Reports.path())));
    }
    let code = match report.history.last().map(|entry| entry.told) {
        Some(Told::Due | Told::At(_)) => "told",
        Some(Told::Unreachable) => "unreachable",
        Some(Told::No) | None => "saved",
    };
    Ok(Answer::SeeOther(format!("{}?done={code}", path(&report.id))))
}

/// The page again, with what others did meanwhile and what was typed here.
pub(super) async fn changed(call: &Call, now: &Report) -> Result<Answer, Failure> {
    if !may_see(call, &now.department)? {
        return Ok(Answer::SeeOther(format!("{}?done=moved", Section::Reports.path())));
    }
    let held = Held { typed: &call.form, errors: &Errors::default() };
    let page = shown(call, now, &held, unseen(call, now)?).await?.status(StatusCode::CONFLICT);
    Ok(page.notice(NoticeKind::Warning, words::MEANWHILE.title, words::MEANWHILE.text).into())
}

/// How much of the history stood on the page with the form.
pub(super) fn seen(call: &Call) -> Result<usize, Failure> {
    call.form.text(SEEN).parse().map_err(|_| Failure::BadRequest)
}

/// What happened since the form was made.
pub(super) fn unseen<'a>(call: &Call, report: &'a Report) -> Result<&'a [Entry], Failure> {
    Ok(report.history.get(seen(call)?..).unwrap_or_default())
}

/// Whether nothing else happened than that this person did just this.
fn is_done(unseen: &[Entry], deed: &Deed, by: &StaffId) -> bool {
    let [Entry { by: By::Staff(who), what, .. }] = unseen else { return false };
    let is_state = |wanted: &State, said: &str| matches!(what, What::State { to, answer, .. } if to == wanted && answer == said.trim());
    who == by
        && match deed {
            Deed::Check => is_state(&State::Checking, ""),
            Deed::Work { answer } => is_state(&State::Working, answer),
            Deed::Done { answer } => is_state(&State::Done, answer),
            Deed::Reopen { answer } => is_state(&State::Checking, answer),
            Deed::Decline { why } => {
                matches!(what, What::State { to: State::Declined { why: said }, .. } if said == why.trim())
            }
            Deed::Answer(text) => matches!(what, What::Answered(said) if said == text.trim()),
            Deed::Note(text) => matches!(what, What::Noted(said) if said == text.trim()),
            Deed::Assign(to) => *what == What::Assigned(to.clone()),
            Deed::Move { to } => matches!(what, What::Moved { to: now, .. } if now == to),
            Deed::ChangeKind(to) => matches!(what, What::KindChanged { to: now, .. } if now == to),
            Deed::Priority(to) => *what == What::Priority(*to),
            Deed::Due(day) => *what == What::Due(*day),
            Deed::Place(_) => *what == What::Placed,
            Deed::Release(_) => *what == What::Released,
            Deed::Hide => *what == What::Hidden,
        }
}
