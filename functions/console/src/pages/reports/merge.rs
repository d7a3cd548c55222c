//! Putting a report under another one that is about the same thing.

use std::collections::BTreeMap;

use app::report::desk::Outcome;
use domain::ids::{PhotoId, ReportId};
use domain::report::{Report, ReportNumber, State};
use http::StatusCode;
use maud::{Markup, html};

use super::act::{changed, seen, unseen};
use super::photos::{self, Linked};
use super::{SEEN, crumbs, desk, kind_name, may_work, near, own, page, path, place_name, standing_badge};
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
    match other {
        Some(other) => confirm(&call, &report, &other).await,
        None => Ok(choose(&call, &report, &errors).await?.into()),
    }
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

/// Asks for the other report: one that is nearby, or any by its number.
async fn choose(call: &Call, report: &Report, errors: &Errors) -> Result<Page, Failure> {
    let mut others = Vec::new();
    for (near, metres) in near::of(call, report).await? {
        if may_work(call, &near.department)? {
            others.push((near, metres));
        }
    }
    let reports: Vec<Report> = others.iter().map(|(near, _)| near.clone()).collect();
    let firsts = photos::first_of(call, &reports).await?;
    let merge = format!("{}/merge", path(&report.id));
    let near = html! {
        @if others.is_empty() { p { (report_words::NOTHING_NEAR) } }
        @for (near, metres) in &others {
            (facts(call, near, first(&firsts, near), Some(*metres)))
            p { a href=(format!("{merge}?{INTO}={}", near.id)) { (words::merge_into(&near.number().to_string())) } }
        }
    };
    let (here, number) = (path(&report.id), report.number().to_string());
    let field = Field::new(NUMBER, words::INTO).value(call.query.text(NUMBER)).error(errors.of(NUMBER)).required();
    let content = html! {
        (crumbs(&[(&number, &here)], words::MERGE_BY_NUMBER))
        (kit::heading(words::MERGE_BY_NUMBER, None))
        (kit::error_summary(errors))
        (kit::section(report_words::NEAR, &near))
        (kit::filter(&merge, &html! {
            (kit::text(&field.autocomplete("off")))
            (kit::actions(&[
                kit::submit(ButtonKind::Primary, words::LOOK),
                kit::link_button(ButtonKind::Secondary, words::BACK, &here),
            ]))
        }))
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(photos::allowed(page(kit::title(words::MERGE_BY_NUMBER, errors), content).status(status), firsts.values()))
}

/// Shows both, and asks.
async fn confirm(call: &Call, report: &Report, other: &Report) -> Result<Answer, Failure> {
    let firsts = photos::first_of(call, &[report.clone(), other.clone()]).await?;
    let metres = report.place.point.distance_m(other.place.point);
    let (here, seen) = (path(&report.id), report.history.len().to_string());
    let about = html! {
        (kit::section(words::MERGED_ONE, &facts(call, report, first(&firsts, report), None)))
        (kit::section(words::REMAINING_ONE, &facts(call, other, first(&firsts, other), Some(metres))))
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
    Ok(photos::allowed(page(words::MERGE_QUESTION, content), firsts.values()).into())
}

fn first<'a>(firsts: &'a BTreeMap<PhotoId, Linked>, report: &Report) -> Option<&'a Linked> {
    report.photos.first().and_then(|id| firsts.get(id))
}

/// What there is to compare of a report: its first photo, and how many metres it is from the other one.
fn facts(call: &Call, report: &Report, photo: Option<&Linked>, metres: Option<u32>) -> Markup {
    let mut facts = vec![
        (report_words::NUMBER, html! { a href=(path(&report.id)) { (report.number()) } }),
        (report_words::STATE, standing_badge(report.state.standing())),
        (report_words::KIND, html! { (kind_name(call, &report.kind)) }),
        (report_words::PLACE, html! { (place_name(call, &report.place)) }),
        (report_words::FILED, kit::moment(report.filed_at)),
        (report_words::COMMENT, html! { span.typed { (report.comment) } }),
    ];
    facts.extend(metres.map(|metres| (report_words::DISTANCE, html! { (report_words::metres(metres)) })));
    facts.extend(photo.map(|photo| (report_words::PHOTO, photos::thumbnail(Some(photo), report_words::PHOTO))));
    kit::definitions(&facts)
}
