//! Whether the log holds: a long work that goes on with every look at this page, whoever's it is.

use app::audit::{self, BrokenDay, Check, Checks, Doubts};
use domain::time::date_in_japan;
use http::StatusCode;
use jiff::ToSpan;
use maud::{Markup, html};
use serde_json::json;

use super::asked::{FIRST, LAST, days};
use crate::kit::{self, ButtonKind, Column, Errors, Field, Form, InputKind, NoticeKind, Progress};
use crate::web::{Answer, Call, Failure, Page};
use crate::words::audit as words;
use crate::words::frame::Section;

/// Offered at first: this many days up to today.
const DAYS: i32 = 31;

/// Where the page is.
pub(crate) const PATH: &str = "/audit/check";
const POLL: &str = "/audit/checking.json";

/// `GET /audit/check`: where no script runs, loading the page again is what moves a check on.
pub async fn show(call: Call) -> Result<Answer, Failure> {
    let checks = go_on(&call).await?;
    let today = date_in_japan(call.now);
    let first = today.saturating_sub((DAYS - 1).days());
    let form = form(&call, (&first.to_string(), &today.to_string()), &Errors::default())?;
    let content = html! {
        @if let Some(check) = &checks.under_way { (under_way(check)) }
        @if let Some(check) = &checks.last { (result(check, &checks.doubts)) }
        (kit::section(words::CHECK_DAYS, &form))
    };
    let (page, is_in_doubt) = (page(&content, &Errors::default()), checks.are_in_doubt());
    let Some(last) = checks.last.filter(|_| checks.under_way.is_none()) else { return Ok(page.into()) };
    Ok(match (last.holds(), last.total.days) {
        (false, _) => page.notice(NoticeKind::Error, words::NOT_WHOLE.title, words::NOT_WHOLE.text),
        _ if is_in_doubt => page.notice(NoticeKind::Error, words::STILL_NOT_WHOLE.title, words::STILL_NOT_WHOLE.text),
        (true, 0) => page.notice(NoticeKind::Info, words::NO_DAYS, ""),
        (true, _) => page.notice(NoticeKind::Success, words::WHOLE.title, words::WHOLE.text),
    }
    .into())
}

/// `POST /audit/check`: begins a check.
pub async fn begin(call: Call) -> Result<Answer, Failure> {
    let mut errors = Errors::default();
    let (first, last) = days(&call.form, (FIRST, LAST), &mut errors);
    for (name, day) in [(FIRST, first), (LAST, last)] {
        if day.is_none() && errors.of(name).is_none() {
            errors.add_labelled(name, if name == FIRST { words::FIRST } else { words::LAST }, words::BAD_DAY);
        }
    }
    let (Some(first), Some(last), true) = (first, last, errors.is_empty()) else {
        let form = form(&call, (call.form.text(FIRST), call.form.text(LAST)), &errors)?;
        return Ok(page(&form, &errors).status(StatusCode::UNPROCESSABLE_ENTITY).into());
    };
    audit::begin(&*call.console.audit, &*call.console.checks, (first, last)).await?;
    Ok(Answer::SeeOther(PATH.to_owned()))
}

/// `GET /audit/checking.json`: goes on for a moment, and says how far it has come.
pub async fn checking(call: Call) -> Result<Answer, Failure> {
    let checks = go_on(&call).await?;
    let check = checks.under_way.as_ref().or(checks.last.as_ref());
    let (done, total) = check.map_or((0, 0), |check| (check.done().entries, check.total.entries));
    Ok(Answer::Json(json!({ "done": done, "total": total, "finished": checks.under_way.is_none() })))
}

async fn go_on(call: &Call) -> Result<Checks, Failure> {
    Ok(audit::go_on(&*call.console.audit, &*call.console.checks, &*call.console.clock).await?)
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
        &Form::post(PATH, &call.person()?.csrf),
        &html! {
            (day(FIRST, words::FIRST, first))
            (day(LAST, words::LAST, last))
            (kit::actions(&[kit::submit(ButtonKind::Primary, words::DO_CHECK)]))
        },
    ))
}

fn under_way(check: &Check) -> Markup {
    let progress = Progress {
        label: words::CHECKING,
        done: check.done().entries,
        total: check.total.entries,
        page: PATH,
        poll: Some(POLL),
    };
    html! {
        (kit::progress(&progress))
        p.hint { (words::CHECKING_HINT) }
    }
}

/// What a check has found that was finished, and what is in doubt from earlier ones.
fn result(check: &Check, doubts: &Doubts) -> Markup {
    let columns = [Column::row_head(words::DAY), Column::text(words::BROKEN)];
    let row = |day: &BrokenDay| vec![kit::date(day.day), html! { (words::broken(day.why)) }];
    let broken = if doubts.is_empty() { &check.broken } else { &doubts.days };
    let rows: Vec<Vec<Markup>> = broken.iter().map(row).collect();
    let done = check.done();
    let mut facts = vec![
        (words::CHECKED_DAYS, html! { (kit::date(check.first)) (words::TO) (kit::date(check.last)) }),
        (words::CHECKED, html! { (words::extent(done.days, done.entries)) }),
    ];
    if let Some(at) = check.finished {
        facts.push((words::CHECKED_AT, kit::moment(at)));
    }
    let content = html! {
        (kit::definitions(&facts))
        @if !broken.is_empty() {
            ol { @for sentence in words::NOT_WHOLE_DO { li { (sentence) } } }
            (kit::table(words::BROKEN_DAYS, &columns, &rows, &html! {}))
            @if let Some((first, last)) = doubts.unnamed {
                p { (words::more_broken(&kit::written(first), &kit::written(last))) }
            }
        }
        @if check.holds() && 0 < done.days {
            (kit::fold(words::LAST_HASH, &html! { p { (words::LAST_HASH_ABOUT) } p { (check.hash.0) } }))
        }
    };
    kit::section(words::RESULTS, &content)
}
