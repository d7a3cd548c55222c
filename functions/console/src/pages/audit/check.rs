//! Whether the log holds, day by day: in steps that each end soon, each begun by a button.
//!
//! What earlier steps found travels with the form. Nobody else can send it: the form carries the session's token.

use app::audit::{CheckedDay, RANGE_DAYS_MAX, Step, check_some};
use domain::audit::{Broken, Hash};
use domain::time::date_in_japan;
use http::StatusCode;
use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};

use super::asked::{FIRST, LAST, days};
use crate::kit::{self, BadgeKind, ButtonKind, Column, Errors, Field, Form, InputKind, NoticeKind};
use crate::web::{Answer, Call, Failure, Page};
use crate::words::audit as words;
use crate::words::frame::Section;

/// A step ends after this many entries, but checks one whole day at least.
const ENTRIES_MAX: u64 = 5_000;
/// Offered at first: this many days up to today.
const DAYS: i32 = 31;

const NEXT: &str = "next";
const RESULT: &str = "result";

/// `GET /audit/check`
pub async fn begin(call: Call) -> Result<Answer, Failure> {
    let today = date_in_japan(call.now);
    let first = today.saturating_sub((DAYS - 1).days());
    let form = form(&call, (&first.to_string(), &today.to_string()), &Errors::default())?;
    Ok(page(&form, &Errors::default()).into())
}

/// `POST /audit/check`: the next step.
pub async fn check(call: Call) -> Result<Answer, Failure> {
    let mut errors = Errors::default();
    let (first, last) = days(&call.form, (FIRST, LAST), &mut errors);
    for (name, day) in [(FIRST, first), (LAST, last)] {
        if day.is_none() && errors.of(name).is_none() {
            errors.add(name, words::BAD_DAY);
        }
    }
    if let (Some(first), Some(last)) = (first, last)
        && first.saturating_add(i64::try_from(RANGE_DAYS_MAX).unwrap_or(i64::MAX).days()) <= last
    {
        errors.add(LAST, words::CHECK_TOO_LONG);
    }
    let form = form(&call, (call.form.text(FIRST), call.form.text(LAST)), &errors)?;
    let (Some(first), Some(last), true) = (first, last, errors.is_empty()) else {
        return Ok(page(&form, &errors).status(StatusCode::UNPROCESSABLE_ENTITY).into());
    };
    let from = match call.form.text(NEXT) {
        "" => first,
        next => next.parse().map_err(|_| Failure::BadRequest)?,
    };
    let mut results = call.form.all(RESULT).map(read).collect::<Option<Vec<_>>>().ok_or(Failure::BadRequest)?;
    let step = check_some(&*call.console.audit, (first, last), from, ENTRIES_MAX).await?;
    results.extend(step.days.iter().cloned());
    let content = html! { (outcome(&call, (first, last), &step, &results)?) (form) };
    Ok(noticed(page(&content, &errors), &step, &results).into())
}

fn page(content: &Markup, errors: &Errors) -> Page {
    let content = html! {
        (kit::breadcrumbs(&[(Section::Audit.label(), Section::Audit.path())], words::CHECK))
        (kit::heading(words::CHECK, Some(words::CHECK_LEAD)))
        (kit::error_summary(errors))
        (content)
    };
    Page::new(kit::title(words::CHECK, errors), Section::Audit, content)
}

fn form(call: &Call, (first, last): (&str, &str), errors: &Errors) -> Result<Markup, Failure> {
    let day = |name, label, value: &str| {
        let field = Field::new(name, label).value(value.to_owned()).error(errors.of(name).map(str::to_owned));
        kit::input(InputKind::Date, &field.required())
    };
    Ok(kit::form(
        &Form::post("/audit/check", &call.person()?.csrf),
        &html! {
            (day(FIRST, words::FIRST, first))
            (day(LAST, words::LAST, last))
            (kit::actions(&[kit::submit(ButtonKind::Primary, words::DO_CHECK)]))
        },
    ))
}

/// The page with what the check says so far.
fn noticed(page: Page, step: &Step, results: &[CheckedDay]) -> Page {
    let is_broken = results.iter().any(|day| day.broken.is_some());
    let page = match step.next {
        Some(_) => page.notice(NoticeKind::Info, words::checked(step.done, step.total), words::GO_ON),
        None if is_broken || results.is_empty() => page,
        None => page.notice(NoticeKind::Success, words::WHOLE.title, words::WHOLE.text),
    };
    if is_broken { page.notice(NoticeKind::Error, words::NOT_WHOLE.title, words::NOT_WHOLE.text) } else { page }
}

fn outcome(call: &Call, days: (Date, Date), step: &Step, results: &[CheckedDay]) -> Result<Markup, Failure> {
    let columns = [Column::row_head(words::DAY), Column::number(words::ENTRIES), Column::text(words::RESULT)];
    let row = |day: &CheckedDay| {
        let result = html! {
            @match day.broken {
                None => (kit::badge(BadgeKind::Good, words::HOLDS)),
                Some(why) => { (kit::badge(BadgeKind::Bad, words::BROKEN)) " " (words::broken(why)) }
            }
        };
        vec![kit::date(day.day), html! { (kit::count(day.entries)) }, result]
    };
    let rows: Vec<Vec<Markup>> = results.iter().rev().map(row).collect();
    let is_broken = results.iter().any(|day| day.broken.is_some());
    let last = results.last().filter(|_| step.next.is_none() && !is_broken);
    Ok(html! {
        @if is_broken { ol { @for sentence in words::NOT_WHOLE_DO { li { (sentence) } } } }
        @if let Some(next) = step.next { (go_on(call, days, next, results)?) }
        (kit::table(words::RESULTS, &columns, &rows, &html! { p { (words::NO_DAYS) } }))
        @if let Some(day) = last {
            (kit::fold(words::LAST_HASH, &html! { p { (words::LAST_HASH_ABOUT) } p { (day.last.0) } }))
        }
    })
}

fn go_on(call: &Call, (first, last): (Date, Date), next: Date, results: &[CheckedDay]) -> Result<Markup, Failure> {
    let form = Form::post("/audit/check", &call.person()?.csrf);
    let results: Vec<String> = results.iter().map(written).collect();
    let (first, last, next) = (first.to_string(), last.to_string(), next.to_string());
    let ends = [(FIRST, first.as_str()), (LAST, &last), (NEXT, &next)];
    let values: Vec<(&str, &str)> =
        ends.into_iter().chain(results.iter().map(|result| (RESULT, result.as_str()))).collect();
    Ok(html! { p { (kit::post_button(ButtonKind::Primary, words::CHECK_ON, &form, &values)) } })
}

/// A day's result as the form carries it: the day, its entries, and what is wrong.
fn written(day: &CheckedDay) -> String {
    let why = match day.broken {
        None => "whole".to_owned(),
        Some(Broken::Number(number)) => format!("number.{number}"),
        Some(Broken::Altered(number)) => format!("altered.{number}"),
        Some(Broken::Unlinked(number)) => format!("unlinked.{number}"),
        Some(Broken::End) => "end".to_owned(),
        Some(Broken::Days) => "days".to_owned(),
    };
    format!("{} {} {why}", day.day, day.entries)
}

fn read(text: &str) -> Option<CheckedDay> {
    let mut parts = text.split(' ');
    let (day, entries, why) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?);
    let broken = match why.split_once('.') {
        None if why == "whole" => None,
        None if why == "end" => Some(Broken::End),
        None if why == "days" => Some(Broken::Days),
        Some(("number", number)) => Some(Broken::Number(number.parse().ok()?)),
        Some(("altered", number)) => Some(Broken::Altered(number.parse().ok()?)),
        Some(("unlinked", number)) => Some(Broken::Unlinked(number.parse().ok()?)),
        None | Some(_) => return None,
    };
    // The hash is shown for the last day alone, which the last step has checked.
    Some(CheckedDay { day, entries, last: Hash::beginning(), broken })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_back_from_the_form() {
        let all = [
            None,
            Some(Broken::Number(1)),
            Some(Broken::Altered(2)),
            Some(Broken::Unlinked(3)),
            Some(Broken::End),
            Some(Broken::Days),
        ];
        for broken in all {
            let day = CheckedDay { day: jiff::civil::date(2026, 11, 21), entries: 7, last: Hash::beginning(), broken };
            assert_eq!(read(&written(&day)), Some(day));
        }
        for wrong in
            ["", "2026-11-21", "2026-11-21 7", "2026-11-21 7 fine", "2026-11-21 x whole", "2026-11-21 7 altered.x"]
        {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
