//! Questions that nothing answered (答えられなかった質問): what residents asked, and one click to an answer.
//!
//! They are residents' words, but not whose: nobody is named here. The words stand in no address, lest they be kept in a
//! browser's history and in logs; an address names a question by a hash.

use app::ports::{How, Month};
use app::questions::{self, Decided, Open, PARTS, Question, hash};
use app::town::edit::{Editor, Mistake, Owner, Saved, Warnings};
use domain::garbage::waste::{Lookup, WasteItem};
use domain::staff::Act;
use domain::time::date_in_japan;
use http::StatusCode;
use jiff::SignedDuration;
use maud::{Markup, html};
use serde_json::json;

use crate::kit::{self, ButtonKind, Choice, Column, Errors, Field, Form, NoticeKind, Pager, Progress};
use crate::pages::people::actor::staff_name;
use crate::web::{Answer, Call, Failure, Page};
use crate::words::frame::Section;
use crate::words::questions as words;
use crate::words::residents::percent;

/// The list shows this many questions at a time.
pub const PAGE: usize = 50;
/// So many waste items are offered.
const OFFERED_MAX: usize = 10;

const PATH: &str = "/questions";
const QUESTION: &str = "question";
const ALIAS: &str = "alias";
const ITEM: &str = "item";
const FIND: &str = "find";
const WARNINGS: &str = "warnings";
const ACCEPT: &str = "accept";

/// `GET /questions?month=2026-11&page=2`
pub async fn list(call: Call) -> Result<Answer, Failure> {
    if call.query.text("show") == "handled" {
        return handled(&call).await;
    }
    let month = month(&call);
    let Open { top: open, kinds, counting } = open(&call, month).await?;
    let pages = open.len().div_ceil(PAGE).max(1);
    let number = call.query.text("page").parse().unwrap_or(1).clamp(1, pages);
    let writes = call.person()?.staff.roles.allow(Act::Write);
    let columns = [
        Column::row_head(words::QUESTION),
        Column::number(words::TIMES),
        Column::text(words::LAST),
        Column::text(words::DO),
    ];
    let those = open.iter().skip((number - 1) * PAGE).take(PAGE);
    let rows: Vec<Vec<Markup>> = those.map(|question| row(&call, question, writes)).collect::<Result<_, _>>()?;
    let caption = words::month(month.first().year(), month.first().month(), &kit::count(kinds));
    let written = month.to_string();
    let is_known = counting.is_none() || !open.is_empty();
    let unlisted = kinds.saturating_sub(open.len() as u64);
    let turn = Pager::numbered(PATH, &[("month", &written)], number as u64, pages as u64);
    let content = html! {
        (kit::heading(Section::Questions.label(), Some(words::LEAD)))
        @if let Some(done) = counting { (progress(month, done)) }
        @if is_known { (kit::table(&caption, &columns, &rows, &html! { p { (words::NONE) } })) }
        (kit::pager(&turn))
        @if 0 < unlisted { p { (words::unlisted(&kit::count(unlisted))) } }
        (kit::actions(&[
            kit::link_button(ButtonKind::Secondary, words::MONTH_BEFORE, &format!("{PATH}?month={}", month.before())),
            kit::link_button(ButtonKind::Secondary, words::THIS_MONTH, PATH),
            kit::link_button(ButtonKind::Plain, words::SHOW_HANDLED, &format!("{PATH}?show=handled")),
        ]))
    };
    Ok(with_done(Page::new(Section::Questions.label(), Section::Questions, content), call.query.text("done")).into())
}

/// `GET /questions/counting.json?month=2026-11`: counts on for a moment, and says how far it has come.
pub async fn counting(call: Call) -> Result<Answer, Failure> {
    let Open { counting, .. } = open(&call, month(&call)).await?;
    let done = counting.unwrap_or(PARTS);
    let text = percent(done * 100 / PARTS);
    Ok(Answer::Json(json!({ "done": done, "total": PARTS, "text": text, "finished": counting.is_none() })))
}

/// The month that is asked for: no later one than the present.
fn month(call: &Call) -> Month {
    let present = Month::of(date_in_japan(call.now));
    call.query.text("month").parse().unwrap_or(present).min(present)
}

async fn open(call: &Call, month: Month) -> Result<Open, Failure> {
    let console = &call.console;
    Ok(questions::open(&*console.questions, &*console.clock, month, SignedDuration::ZERO).await?)
}

fn progress(month: Month, done: u16) -> Markup {
    kit::progress(&Progress {
        label: words::COUNTING,
        done: done.into(),
        total: PARTS.into(),
        page: &format!("{PATH}?month={month}"),
        poll: Some(&format!("{PATH}/counting.json?month={month}")),
    })
}

fn row(call: &Call, question: &Question, writes: bool) -> Result<Vec<Markup>, Failure> {
    let csrf = &call.person()?.csrf;
    let values = [(QUESTION, question.question.as_str())];
    let button = |label, action: &str| kit::post_button(ButtonKind::Plain, label, &Form::post(action, csrf), &values);
    let actions = html! {
        @if writes {
            (kit::actions(&[
                button(words::ALIAS, "/questions/alias"),
                button(words::ITEM, "/questions/item"),
                button(words::IGNORE, "/questions/ignore"),
            ]))
        }
    };
    Ok(vec![html! { (question.question) }, html! { (kit::count(question.times)) }, kit::moment(question.last), actions])
}

async fn handled(call: &Call) -> Result<Answer, Failure> {
    let mut handled = call.console.questions.handled().await?;
    handled.sort_by_key(|handling| std::cmp::Reverse(handling.at));
    let (roster, _) = call.console.staff.roster().await?;
    let pages = handled.len().div_ceil(PAGE).max(1);
    let number = call.query.text("page").parse().unwrap_or(1).clamp(1, pages);
    let person = call.person()?;
    let writes = person.staff.roles.allow(Act::Write);
    let columns = [
        Column::row_head(words::QUESTION),
        Column::text(words::HOW),
        Column::text(words::WHO),
        Column::text(words::WHEN),
        Column::text(words::DO),
    ];
    let row = |handling: &app::ports::Handling| {
        let item = match &handling.how {
            How::Ignored => None,
            How::Answered(id) => Some(call.town.waste.item(id).map_or(id.as_str(), |item| &item.name)),
        };
        let form = Form::post("/questions/reopen", &person.csrf);
        let values = [("id", hash(&handling.key))];
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        vec![
            html! { (handling.question) },
            html! { (words::how(item)) },
            html! { (staff_name(&roster, &handling.by)) },
            kit::moment(handling.at),
            html! { @if writes { (kit::post_button(ButtonKind::Plain, words::REOPEN, &form, &values)) } },
        ]
    };
    let rows: Vec<Vec<Markup>> = handled.iter().skip((number - 1) * PAGE).take(PAGE).map(row).collect();
    let turn = Pager::numbered(PATH, &[("show", "handled")], number as u64, pages as u64);
    let content = html! {
        (kit::breadcrumbs(&[(Section::Questions.label(), PATH)], words::HANDLED))
        (kit::heading(words::HANDLED, None))
        (kit::table(words::HANDLED, &columns, &rows, &html! { p { (words::NONE_HANDLED) } }))
        (kit::pager(&turn))
        (kit::actions(&[kit::link_button(ButtonKind::Secondary, words::SHOW_OPEN, PATH)]))
    };
    Ok(with_done(Page::new(words::HANDLED, Section::Questions, content), call.query.text("done")).into())
}

/// `POST /questions/ignore`
pub async fn ignore(call: Call) -> Result<Answer, Failure> {
    let question = asked(&call)?;
    let staff = &call.person()?.staff.id;
    match questions::handle(&*call.console.questions, &question, How::Ignored, staff, call.now).await? {
        Decided::Done => Ok(Answer::SeeOther(format!("{PATH}?done=ignored"))),
        Decided::NeverAsked => Err(Failure::NotFound),
    }
}

/// `POST /questions/reopen`
pub async fn reopen(call: Call) -> Result<Answer, Failure> {
    let handled = call.console.questions.handled().await?;
    let named = handled.iter().find(|handling| hash(&handling.key) == call.form.text("id"));
    if let Some(handling) = named {
        questions::reopen(&*call.console.questions, handling, &call.person()?.staff.id, call.now).await?;
    }
    Ok(Answer::SeeOther(format!("{PATH}?show=handled&done=reopened")))
}

/// `POST /questions/item`: the form of a new waste item with the question filled in.
pub async fn item(call: Call) -> Result<Answer, Failure> {
    let question = asked(&call)?;
    crate::pages::town::create_item(call, &question).await
}

/// `POST /questions/alias`: first the form, filled in; then, with a waste item chosen, the alias itself.
pub async fn alias(call: Call) -> Result<Answer, Failure> {
    let question = asked(&call)?;
    // Pressing 「さがす」 sends the same form, and saves nothing.
    if !call.form.has("add") && !call.form.has(WARNINGS) {
        return Ok(choose(&call, &question, &Errors::default(), &[])?.into());
    }
    let (item, alias) = (call.form.text(ITEM), call.form.text(ALIAS));
    let mut errors = Errors::default();
    if alias.is_empty() {
        errors.add(ALIAS, words::WRITE_ALIAS);
    }
    if item.is_empty() {
        errors.add(ITEM, words::CHOOSE_ITEM);
    }
    if !errors.is_empty() {
        return returned(&call, &question, &errors, &[]);
    }
    let person = call.person()?;
    let editor = Editor { staff: &person.staff.id, roles: &person.staff.roles, now: call.now };
    let warnings = if call.form.text(WARNINGS) == ACCEPT { Warnings::Accept } else { Warnings::Tell };
    match call.console.desk.add_alias(&editor, item, alias, warnings).await? {
        Saved::Done { id, .. } | Saved::Already { id } => {
            let id = id.parse().map_err(|_| Failure::BadRequest)?;
            let staff = &person.staff.id;
            questions::handle(&*call.console.questions, &question, How::Answered(id), staff, call.now).await?;
            Ok(Answer::SeeOther(format!("{PATH}?done=alias")))
        }
        Saved::Wrong(mistakes) if mistakes.iter().all(Mistake::is_warning) => {
            returned(&call, &question, &errors, &mistakes)
        }
        Saved::Wrong(mistakes) => {
            for mistake in mistakes {
                errors.add_labelled(ALIAS, words::ALIAS_FIELD, mistake.sentence);
            }
            returned(&call, &question, &errors, &[])
        }
        Saved::Conflict(_) | Saved::Held(_) => {
            errors.add(ITEM, words::ITEM_GONE);
            returned(&call, &question, &errors, &[])
        }
        Saved::Denied => Err(Failure::Denied),
    }
}

/// The question that a form is about.
fn asked(call: &Call) -> Result<String, Failure> {
    let question = call.form.long_text(QUESTION);
    if question.trim().is_empty() { Err(Failure::BadRequest) } else { Ok(question) }
}

fn returned(call: &Call, question: &str, errors: &Errors, warnings: &[Mistake]) -> Result<Answer, Failure> {
    Ok(choose(call, question, errors, warnings)?.status(StatusCode::UNPROCESSABLE_ENTITY).into())
}

/// The form: the words, and the waste item that they shall find.
fn choose(call: &Call, question: &str, errors: &Errors, warnings: &[Mistake]) -> Result<Page, Failure> {
    let person = call.person()?;
    let editor = Editor { staff: &person.staff.id, roles: &person.staff.roles, now: call.now };
    let alias = if call.form.has(ALIAS) { call.form.text(ALIAS) } else { question.trim() };
    let sought = call.form.text(FIND);
    let offered = offered(call, &editor, if sought.is_empty() { question } else { sought });
    let choices: Vec<Choice<'_>> = offered
        .iter()
        .map(|item| {
            let category = call.town.category(&item.category).map_or("", |category| category.name.ja.as_str());
            Choice::new(item.id.as_str(), &item.name).hint(category)
        })
        .collect();
    let add = if warnings.is_empty() {
        kit::submit_named(ButtonKind::Primary, words::ADD_ALIAS, "add", "yes")
    } else {
        kit::submit_named(ButtonKind::Primary, words::ADD_ANYWAY, WARNINGS, ACCEPT)
    };
    let which = Field::new(ITEM, words::WHICH).value(call.form.text(ITEM)).error(errors.of(ITEM)).required();
    let content = html! {
        (kit::breadcrumbs(&[(Section::Questions.label(), PATH)], words::ALIAS_TITLE))
        (kit::heading(words::ALIAS_TITLE, None))
        (kit::error_summary(errors))
        @if !warnings.is_empty() {
            (kit::notice(NoticeKind::Warning, crate::words::town::WARNINGS.title, &html! {
                ul { @for warning in warnings { li { (warning.sentence) } } }
            }))
        }
        (kit::definitions(&[(words::QUESTION, html! { (question) })]))
        (kit::form(&Form::post("/questions/alias", &person.csrf), &html! {
            (kit::hidden(QUESTION, question))
            (kit::text(&Field::new(ALIAS, words::ALIAS_FIELD).value(alias).hint(words::ALIAS_HINT)
                .error(errors.of(ALIAS)).required().autocomplete("off")))
            @if choices.is_empty() { p id=(format!("f-{ITEM}")) { (words::WHICH_NONE) } }
            @else { (kit::radios(&which, &choices)) }
            (kit::text(&Field::new(FIND, words::FIND).value(sought).autocomplete("off")))
            (kit::actions(&[
                kit::submit(ButtonKind::Secondary, crate::words::kit::SEARCH),
                add,
                kit::link_button(ButtonKind::Plain, words::BACK, PATH),
            ]))
        }))
    };
    Ok(Page::new(kit::title(words::ALIAS_TITLE, errors), Section::Questions, content))
}

/// The waste items that may be meant and that this person may change, the best guess first.
fn offered<'a>(call: &'a Call, editor: &Editor<'_>, words: &str) -> Vec<&'a WasteItem> {
    let may = |item: &&WasteItem| editor.may(&Owner::of_category(&call.town, item.category.as_str()));
    let found = match call.town.waste.find(words) {
        Lookup::Found(items) | Lookup::Nearest(items) => items,
        Lookup::Nothing => Vec::new(),
    };
    found.into_iter().filter(may).take(OFFERED_MAX).collect()
}

/// The page with word of what was just done.
fn with_done(page: Page, done: &str) -> Page {
    let said = match done {
        "alias" => words::DONE_ALIAS,
        "item" => words::DONE_ITEM,
        "ignored" => words::DONE_IGNORED,
        "reopened" => words::DONE_REOPENED,
        _ => return page,
    };
    page.notice(NoticeKind::Success, said.title, said.text)
}
