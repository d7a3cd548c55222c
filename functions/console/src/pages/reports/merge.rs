//! Putting a report under another one that is about the same thing.

use app::report::desk::Outcome;
use domain::ids::ReportId;
use domain::report::{Report, ReportNumber, State};
use http::StatusCode;
use maud::{Markup, html};

use super::act::{changed, seen, unseen};
use super::{SEEN, crumbs, desk, kind_name, may_work, own, page, path, place_name, standing_badge};
use crate::kit::{self, ButtonKind, Confirm, Errors, Field, Form, NoticeKind};
use crate::web::{Answer, Call, Failure, Page};
use crate::words::reports as report_words;
use crate::words::reports::deeds as words;

/// The report that remains, by its id.
pub(super) const INTO: &str = "into";
/// The same, by its number.
const NUMBER: &str = "report-number";

/// `GET /reports/{id}/merge?into=...`, or `?report-number=...`: asks for the other report, and then whether to.
pub async fn ask(call: Call) -> Result<Answer, Failure> {
    let report = own(&call).await?;
    let mut errors = Errors::default();
    let other = match (call.query.text(INTO), call.query.text(NUMBER)) {
        ("", "") => None,
        ("", number) => {
            let found = by_number(&call, number).await?;
            if found.is_none() {
                errors.add_labelled(NUMBER, words::INTO, report_words::NOT_FOUND.title);
            }
            found
        }
        (id, _) => Some(other(&call, &id.parse().map_err(|_| Failure::NotFound)?).await?),
    };
    let Some(other) = other else { return Ok(by_its_number(&call, &report, &errors).into()) };
    confirm(&call, &report, &other)
}

/// `POST /reports/{id}/merge`
pub async fn merge(call: Call) -> Result<Answer, Failure> {
    let report = own(&call).await?;
    let into = other(&call, &call.form.text(INTO).parse().map_err(|_| Failure::BadRequest)?).await?.id;
    let done = || Ok(Answer::SeeOther(format!("{}?done=merged", path(&into))));
    match desk(&call).merge(&report.id, seen(&call)?, &into, &call.person()?.staff.id).await? {
        Outcome::Done(_) => done(),
        Outcome::Nowhere => Err(Failure::NotFound),
        // The second of two clicks finds done what it wants.
        Outcome::Changed(now) if is_merged(&now.value, &into) && unseen(&call, &now.value)?.len() == 1 => done(),
        Outcome::Changed(now) => changed(&call, &now.value).await,
        Outcome::Refused(why) => {
            let said = words::refusal(why);
            let content = html! {
                (crumbs(&[(report.number().to_string().as_str(), path(&report.id).as_str())], words::MERGE_BY_NUMBER))
                (kit::headline(NoticeKind::Error, said.title, &html! { p { (said.text) } }))
                (kit::actions(&[kit::link_button(ButtonKind::Secondary, words::BACK, &path(&report.id))]))
            };
            Ok(page(said.title, content).status(StatusCode::CONFLICT).into())
        }
    }
}

fn is_merged(report: &Report, into: &ReportId) -> bool {
    matches!(&report.state, State::Duplicate { of } if of == into)
}

/// The other report, if the person may work on it too.
async fn other(call: &Call, id: &ReportId) -> Result<Report, Failure> {
    let found = desk(call).look(id).await?.ok_or(Failure::NotFound)?.value;
    if may_work(call, &found.department)? { Ok(found) } else { Err(Failure::Denied) }
}

async fn by_number(call: &Call, number: &str) -> Result<Option<Report>, Failure> {
    let Ok(number) = number.parse::<ReportNumber>() else { return Ok(None) };
    for found in desk(call).of_number(&number).await? {
        if may_work(call, &found.department)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Asks for the number of the other report.
fn by_its_number(call: &Call, report: &Report, errors: &Errors) -> Page {
    let (here, number) = (path(&report.id), report.number().to_string());
    let field = Field::new(NUMBER, words::INTO).value(call.query.text(NUMBER)).error(errors.of(NUMBER)).required();
    let content = html! {
        (crumbs(&[(&number, &here)], words::MERGE_BY_NUMBER))
        (kit::heading(words::MERGE_BY_NUMBER, None))
        (kit::error_summary(errors))
        (kit::filter(&format!("{here}/merge"), &html! {
            (kit::text(&field.autocomplete("off")))
            (kit::actions(&[
                kit::submit(ButtonKind::Primary, words::LOOK),
                kit::link_button(ButtonKind::Secondary, words::BACK, &here),
            ]))
        }))
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page(kit::title(words::MERGE_BY_NUMBER, errors), content).status(status)
}

/// Shows both, and asks.
fn confirm(call: &Call, report: &Report, other: &Report) -> Result<Answer, Failure> {
    let (here, seen) = (path(&report.id), report.history.len().to_string());
    let about = html! {
        (kit::section(words::MERGED_ONE, &facts(call, report)))
        (kit::section(words::REMAINING_ONE, &facts(call, other)))
    };
    let action = format!("{here}/merge");
    let content = html! {
        (crumbs(&[(report.number().to_string().as_str(), here.as_str())], words::MERGE_BY_NUMBER))
        (kit::confirm(&Confirm {
            question: words::MERGE_QUESTION,
            about: &about,
            consequences: &words::MERGE_CONSEQUENCES,
            form: Form::post(&action, &call.person()?.csrf),
            values: &[(SEEN, &seen), (INTO, other.id.as_str())],
            button: words::DO_MERGE,
            cancel: &here,
        }))
    };
    Ok(page(words::MERGE_QUESTION, content).into())
}

fn facts(call: &Call, report: &Report) -> Markup {
    kit::definitions(&[
        (report_words::NUMBER, html! { a href=(path(&report.id)) { (report.number()) } }),
        (report_words::STATE, standing_badge(report.state.standing())),
        (report_words::KIND, html! { (kind_name(call, &report.kind)) }),
        (report_words::PLACE, html! { (place_name(call, &report.place)) }),
        (report_words::FILED, kit::moment(report.filed_at)),
        (report_words::COMMENT, html! { span.typed { (report.comment) } }),
    ])
}
