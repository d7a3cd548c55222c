//! Questions that nothing answered (答えられなかった質問): what residents asked, and one click to an answer.
//!
//! They are residents' words, but not whose: nobody is named here. The words stand in no address, lest they be kept in a
//! browser's history and in logs; an address names a question by a hash.

pub(super) mod meanwhile;

use app::ports::{How, Month};
use app::questions::{self, Decided, Meanwhile, Open, PARTS, Question, hash};
use app::town::edit::{Editor, Mistake, Owner, Saved, Warnings};
use domain::garbage::waste::{Lookup, WasteItem};
use domain::ids::WasteItemId;
use domain::staff::Act;
use domain::time::date_in_japan;
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};
use serde_json::json;

use self::meanwhile::{Again, DECIDED, shown};
use crate::kit::{self, ButtonKind, Choice, Column, Errors, Field, Form, NoticeKind, Pager, Progress};
use crate::pages::people::actor::staff_name;
use crate::web::{Answer, Call, Failure, Page, Person};
use crate::words::frame::Section;
use crate::words::questions as words;
use crate::words::residents::percent;

/// The list shows this many questions at a time.
pub const PAGE: usize = 50;
/// So many waste items are offered.
const OFFERED_MAX: usize = 10;

const PATH: &str = "/questions";
const IGNORE: &str = "/questions/ignore";
const REOPEN: &str = "/questions/reopen";
const ID: &str = "id";
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
    let Open { top: open, kinds, decided, counting } = open(&call, month).await?;
    let pages = open.len().div_ceil(PAGE).max(1);
    let number = call.query.text("page").parse().unwrap_or(1).clamp(1, pages);
    let columns = [
        Column::row_head(words::QUESTION),
        Column::number(words::TIMES),
        Column::text(words::LAST),
        Column::text(words::DO),
    ];
    let those = open.iter().skip((number - 1) * PAGE).take(PAGE);
    let row = |question: &Question| row(&call, question, decided.get(&question.key).copied());
    let rows: Vec<Vec<Markup>> = those.map(row).collect::<Result<_, _>>()?;
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

/// Whether somebody may decide about questions at all: whoever keeps some of the waste items by which they are answered.
pub(crate) fn may_decide(call: &Call, person: &Person) -> bool {
    let editor = Editor { staff: &person.staff.id, roles: &person.staff.roles, now: call.now };
    let mut categories = call.town.categories.iter();
    editor.roles.allow(Act::EditTown)
        || categories.any(|category| editor.may(&Owner::of_category(&call.town, category.id.as_str())))
}

fn row(call: &Call, question: &Question, decided: Option<Timestamp>) -> Result<Vec<Markup>, Failure> {
    let person = call.person()?;
    let csrf = &person.csrf;
    let decided = shown(decided);
    let values = [(QUESTION, question.question.as_str()), (DECIDED, decided.as_str())];
    let button = |label, action: &str| kit::post_button(ButtonKind::Plain, label, &Form::post(action, csrf), &values);
    let actions = html! {
        @if may_decide(call, person) {
            (kit::actions(&[
                button(words::ALIAS, "/questions/alias"),
                button(words::ITEM, "/questions/item"),
                button(words::IGNORE, IGNORE),
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
    let decides = may_decide(call, person);
    let columns = [
        Column::row_head(words::QUESTION),
        Column::text(words::HOW),
        Column::text(words::WHO),
        Column::text(words::WHEN),
        Column::text(words::DO),
    ];
    let row = |handling: &app::ports::Handling| {
        let form = Form::post(REOPEN, &person.csrf);
        let values = [(ID, hash(&handling.key)), (DECIDED, shown(Some(handling.at)))];
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        vec![
            html! { (handling.question) },
            html! { (meanwhile::decision(call, &handling.how)) },
            html! { (staff_name(&roster, &handling.by)) },
            kit::moment(handling.at),
            html! { @if decides { (kit::post_button(ButtonKind::Plain, words::REOPEN, &form, &values)) } },
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
    let again = Again { label: words::IGNORE, action: IGNORE, fields: &[] };
    let decided = handle(&call, &question, How::Ignored).await?;
    done(&call, &question, decided, &again, "ignored").await
}

/// `POST /questions/reopen`
pub async fn reopen(call: Call) -> Result<Answer, Failure> {
    if !may_decide(&call, call.person()?) {
        return Err(Failure::Denied);
    }
    let (id, seen) = (call.form.text(ID), meanwhile::seen(&call)?);
    let handled = call.console.questions.handled().await?;
    let Some(now) = handled.iter().find(|handling| hash(&handling.key) == id) else {
        // Somebody else has taken it back: so it stands as this person wants it.
        return Ok(Answer::SeeOther(format!("{PATH}?show=handled&done=reopened")));
    };
    let decided = if seen == Some(now.at) {
        questions::reopen(&*call.console.questions, now, &call.person()?.staff.id, call.now).await?
    } else {
        Decided::Meanwhile(Meanwhile(Some(now.clone())))
    };
    let again = Again { label: words::REOPEN, action: REOPEN, fields: &[(ID, id)] };
    done(&call, &now.question, decided, &again, "reopened").await
}

/// Decides, if the question stands as the person saw it.
async fn handle(call: &Call, question: &str, how: How) -> Result<Decided, Failure> {
    let person = call.person()?;
    if !may_decide(call, person) {
        return Err(Failure::Denied);
    }
    let seen = meanwhile::seen(call)?;
    Ok(questions::handle(&*call.console.questions, question, how, seen, &person.staff.id, call.now).await?)
}

/// What is answered after somebody has decided.
async fn done(call: &Call, question: &str, decided: Decided, again: &Again<'_>, done: &str) -> Result<Answer, Failure> {
    match decided {
        Decided::Done if done == "reopened" => Ok(Answer::SeeOther(format!("{PATH}?show=handled&done={done}"))),
        Decided::Done => Ok(Answer::SeeOther(format!("{PATH}?done={done}"))),
        Decided::NeverAsked => Err(Failure::NotFound),
        Decided::Meanwhile(now) => meanwhile::page(call, question, &now, again).await,
    }
}

/// Notes that a waste item answers a question, once it does. Where somebody else decided meanwhile, theirs stays.
pub(super) async fn answered(call: &Call, question: &str, item: WasteItemId, done: &str) -> Result<Answer, Failure> {
    Ok(Answer::SeeOther(match handle(call, question, How::Answered(item)).await? {
        Decided::Done | Decided::NeverAsked => format!("{PATH}?done={done}"),
        Decided::Meanwhile(_) => format!("{PATH}?done=theirs"),
    }))
}

/// What somebody else decided since the person saw the question.
async fn decided_since(call: &Call, question: &str) -> Result<Option<Meanwhile>, Failure> {
    Ok(questions::decided_since(&*call.console.questions, question, meanwhile::seen(call)?).await?)
}

/// `POST /questions/item`: the form of a new waste item with the question filled in.
pub async fn item(call: Call) -> Result<Answer, Failure> {
    let question = asked(&call)?;
    if let Some(now) = decided_since(&call, &question).await? {
        let again = Again { label: words::ITEM, action: "/questions/item", fields: &[] };
        return meanwhile::page(&call, &question, &now, &again).await;
    }
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
    if let Some(now) = decided_since(&call, &question).await? {
        let fields = [(ALIAS, alias), (ITEM, item), ("add", "yes"), (WARNINGS, call.form.text(WARNINGS))];
        let again = Again { label: words::ADD_ALIAS, action: "/questions/alias", fields: &fields };
        return meanwhile::page(&call, &question, &now, &again).await;
    }
    let person = call.person()?;
    let editor = Editor { staff: &person.staff.id, roles: &person.staff.roles, now: call.now };
    let warnings = if call.form.text(WARNINGS) == ACCEPT { Warnings::Accept } else { Warnings::Tell };
    match call.console.desk.add_alias(&editor, item, alias, warnings).await? {
        Saved::Done { id, .. } | Saved::Already { id } => {
            let id = id.parse().map_err(|_| Failure::BadRequest)?;
            answered(&call, &question, id, "alias").await
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
    let (offered, none) = offered(call, &editor, if sought.is_empty() { question } else { sought });
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
            (kit::hidden(DECIDED, call.form.text(DECIDED)))
            (kit::text(&Field::new(ALIAS, words::ALIAS_FIELD).value(alias).hint(words::ALIAS_HINT)
                .error(errors.of(ALIAS)).required().autocomplete("off")))
            @if choices.is_empty() { p id=(format!("f-{ITEM}")) { (none) } }
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

/// The waste items that may be meant and that this person may change, the best guess first; and what to say if there are none.
fn offered<'a>(call: &'a Call, editor: &Editor<'_>, sought: &str) -> (Vec<&'a WasteItem>, &'static str) {
    let may = |item: &&WasteItem| editor.may(&Owner::of_category(&call.town, item.category.as_str()));
    let found = match call.town.waste.find(sought) {
        Lookup::Found(items) | Lookup::Nearest(items) => items,
        Lookup::Nothing => Vec::new(),
    };
    let none = if found.is_empty() { words::WHICH_NONE } else { words::WHICH_THEIRS };
    (found.into_iter().filter(may).take(OFFERED_MAX).collect(), none)
}

/// The page with word of what was just done.
fn with_done(page: Page, done: &str) -> Page {
    let said = match done {
        "alias" => words::DONE_ALIAS,
        "item" => words::DONE_ITEM,
        "ignored" => words::DONE_IGNORED,
        "reopened" => words::DONE_REOPENED,
        "theirs" => return page.notice(NoticeKind::Warning, words::THEIRS.title, words::THEIRS.text),
        _ => return page,
    };
    page.notice(NoticeKind::Success, said.title, said.text)
}
