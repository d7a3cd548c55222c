//! Taking a report that somebody tells by telephone or at the counter.

use app::ports::mint;
use app::report::desk::Outcome;
use domain::ids::ReportId;
use domain::report::kind::{Question, ReportKind};
use domain::report::{Answer as Said, By, CONTACT_CHARS_MAX, Filing, Priority, Report, Reporter};
use http::StatusCode;
use maud::{Markup, html};

use super::deeds::{PRIORITY, priorities, priority_of, priority_value};
use super::{ID, crumbs, desk, map, may_see, page, path, place};
use crate::kit::{self, ButtonKind, Choice, Errors, Field, Form, NoticeKind};
use crate::web::fields::Fields;
use crate::web::{Answer, Call, Failure, Page};
use crate::words::frame::Section;
use crate::words::reports as report_words;
use crate::words::reports::deeds as words;

/// The address of the form.
pub(super) const PATH: &str = "/reports/new";
const KIND: &str = "kind";
const SAID: &str = "report-comment";
const CONTACT: &str = "report-contact";
/// The fields of the kind's questions begin so.
const QUESTION: &str = "question-";

/// `GET /reports/new`: the kinds; `GET /reports/new?kind=...`: the form of one.
pub async fn create(call: Call) -> Result<Answer, Failure> {
    let Some(kind) = kind_of(&call, call.query.text(KIND)) else { return Ok(kinds(&call).into()) };
    let id = ReportId::of_uuid(mint(&*call.console.chance, call.now).into_bytes());
    Ok(form_page(&call, kind, &id, &Fields::default(), &Errors::default())?.into())
}

/// `POST /reports/new`
pub async fn save(call: Call) -> Result<Answer, Failure> {
    let kind = kind_of(&call, call.form.text(KIND)).ok_or(Failure::BadRequest)?;
    let id: ReportId = call.form.text(ID).parse().map_err(|_| Failure::BadRequest)?;
    // Its number is read from the id.
    id.minted_at().ok_or(Failure::BadRequest)?;
    let mut errors = Errors::default();
    let Some(filing) = read(&call, kind, &id, &mut errors)? else {
        let page = form_page(&call, kind, &id, &call.form, &errors)?;
        return Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into());
    };
    let said = match desk(&call).enter(filing, kind, &call.person()?.staff.id).await? {
        Outcome::Done(there) => return entered(&call, &there.value),
        Outcome::Nowhere => return Err(Failure::NotFound),
        Outcome::Changed(_) => words::TAKEN,
        Outcome::Refused(why) => words::refusal(why),
    };
    let page = form_page(&call, kind, &id, &call.form, &errors)?.status(StatusCode::CONFLICT);
    Ok(page.notice(NoticeKind::Error, said.title, said.text).into())
}

/// On to the report; who may not see it is told its number in the list.
fn entered(call: &Call, report: &Report) -> Result<Answer, Failure> {
    Ok(Answer::SeeOther(if may_see(call, &report.department)? {
        format!("{}?done=entered", path(&report.id))
    } else {
        format!("{}?entered={}", Section::Reports.path(), report.number())
    }))
}

fn kind_of<'a>(call: &'a Call, id: &str) -> Option<&'a ReportKind> {
    id.parse().ok().and_then(|id| call.town.report_kind(&id))
}

/// Asks for the kind: by it there are other questions.
fn kinds(call: &Call) -> Page {
    let content = html! {
        (crumbs(&[], words::ENTER))
        (kit::heading(words::ENTER, Some(words::ENTER_LEAD)))
        (kit::section(words::CHOOSE_KIND, &html! {
            @if call.town.report_kinds.is_empty() { p { (words::NO_KINDS) } }
            @else {
                ul { @for kind in &call.town.report_kinds {
                    li {
                        a href=(format!("{PATH}?{KIND}={}", kind.id)) { (kind.name.ja) }
                        @if !kind.description.ja.is_empty() { "：" (kind.description.ja) }
                    }
                } }
            }
        }))
    };
    page(words::ENTER, content)
}

fn form_page(call: &Call, kind: &ReportKind, id: &ReportId, typed: &Fields, errors: &Errors) -> Result<Page, Failure> {
    let title = words::enter(&kind.name.ja);
    let csrf = &call.person()?.csrf;
    let form = Form::post(PATH, csrf);
    let form = if errors.is_empty() { form.warn_unsaved() } else { form.still_unsaved() };
    let held = |name, label| Field::new(name, label).value(typed.long_text(name)).error(errors.of(name));
    let priority = Some(typed.text(PRIORITY)).filter(|value| !value.is_empty());
    let priority = priority.unwrap_or_else(|| priority_value(Priority::Normal)).to_owned();
    let content = html! {
        (crumbs(&[(words::ENTER, PATH)], &kind.name.ja))
        (kit::heading(&title, None))
        (kit::error_summary(errors))
        @if !kind.urgent.ja.is_empty() {
            (kit::notice(NoticeKind::Warning, words::URGENT, &html! {
                p { (kind.urgent.ja) }
                p { (words::call(&kind.urgent_phone)) }
            }))
        }
        @if !kind.closed.ja.is_empty() { (kit::notice(NoticeKind::Info, words::CLOSED, &html! { p { (kind.closed.ja) } })) }
        (kit::form(&form, &html! {
            (kit::hidden(ID, id.as_str()))
            (kit::hidden(KIND, kind.id.as_str()))
            (kit::textarea(&held(SAID, words::SAID).hint(words::SAID_HINT).required().rows(4)))
            @for question in &kind.questions { (asked(question, typed)) }
            (kit::section(report_words::PLACE, &place::fields(call, typed, None, errors)))
            (kit::radios(&Field::new(PRIORITY, report_words::PRIORITY).value(priority), &priorities()))
            (kit::textarea(&held(CONTACT, words::CONTACT).hint(words::CONTACT_HINT).rows(2)))
            (kit::actions(&[kit::submit(ButtonKind::Primary, words::DO_ENTER)]))
        }))
    };
    Ok(map::allowed(call, page(kit::title(&title, errors), content)))
}

fn field_of(question: &Question) -> String {
    format!("{QUESTION}{}", question.id)
}

/// One of the kind's questions; none of them must be answered.
fn asked(question: &Question, typed: &Fields) -> Markup {
    let name = field_of(question);
    let field = Field::new(&name, &question.question.ja).value(typed.text(&name));
    let choices: Vec<Choice<'_>> = question.choices.iter().map(|it| Choice::new(&it.ja, &it.ja)).collect();
    html! {
        @if choices.is_empty() { (kit::text(&field.autocomplete("off"))) } @else { (kit::radios(&field, &choices)) }
    }
}

/// What was typed; what is wrong with it goes to the errors.
fn read(call: &Call, kind: &ReportKind, id: &ReportId, errors: &mut Errors) -> Result<Option<Filing>, Failure> {
    let comment = call.form.long_text(SAID);
    if comment.trim().is_empty() {
        errors.add_labelled(SAID, words::SAID, words::EMPTY);
    }
    let place = place::read(call, errors);
    let priority = priority_of(call.form.text(PRIORITY)).ok_or(Failure::BadRequest)?;
    let contact = call.form.long_text(CONTACT);
    if CONTACT_CHARS_MAX < contact.trim().chars().count() {
        errors.add_labelled(CONTACT, words::CONTACT, words::CONTACT_TOO_LONG);
    }
    let answers = kind.questions.iter().filter_map(|question| {
        let text = call.form.text(&field_of(question)).to_owned();
        let is_offered = question.choices.is_empty() || question.choices.iter().any(|choice| choice.ja == text);
        (!text.is_empty() && is_offered).then(|| Said { question: question.id.clone(), text })
    });
    let by = By::Staff(call.person()?.staff.id.clone());
    Ok(place.filter(|_| errors.is_empty()).map(|place| Filing {
        id: id.clone(),
        place,
        answers: answers.collect(),
        comment,
        reporter: Reporter::Told { contact },
        photos: Vec::new(),
        priority,
        by,
    }))
}
