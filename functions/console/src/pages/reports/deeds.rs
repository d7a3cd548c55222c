//! The forms of what staff do with a report, and what was sent by them.

use domain::ids::{DepartmentId, ReportKindId};
use domain::report::place::Point;
use domain::report::{Deed, Priority, Report, Standing};
use domain::staff::Roster;
use jiff::civil::Date;
use maud::{Markup, html};

use super::filter::assignable;
use super::{SEEN, path, place};
use crate::kit::{self, ButtonKind, Choice, Errors, Field, Form, InputKind};
use crate::pages::broadcasts::departments::DEPARTMENT;
use crate::web::fields::Fields;
use crate::web::{Call, Failure};
use crate::words::reports as report_words;
use crate::words::reports::deeds as words;

/// The button, or hidden field, that says what to do.
pub(super) const DEED: &str = "deed";
const ANSWER: &str = "report-answer";
const NOTE: &str = "report-note";
/// The template that is to stand in the answer, in the page's address.
const TEMPLATE: &str = "template";
const ASSIGNEE: &str = "assignee";
const KIND: &str = "kind";
/// The field with a priority.
pub(super) const PRIORITY: &str = "priority";
const DUE: &str = "due";

const CHECK: &str = "check";
const WORK: &str = "work";
const DONE: &str = "done";
const DECLINE: &str = "decline";
const REOPEN: &str = "reopen";
const SAY: &str = "answer";
const KEEP: &str = "note";
const ASSIGN: &str = "assign";
const MOVE: &str = "move";
const CHANGE_KIND: &str = "kind";
const PRIORITISE: &str = "priority";
const SET_DUE: &str = "due";
const PLACE: &str = "place";

/// What stands in the forms.
pub(super) struct Held<'a> {
    /// What was typed, if the page comes back.
    pub(super) typed: &'a Fields,
    /// What is wrong with it.
    pub(super) errors: &'a Errors,
}

impl Held<'_> {
    /// A field with what was typed into it, or else what there is now.
    pub(super) fn field<'f>(&'f self, name: &'f str, label: &'f str, now: &str) -> Field<'f> {
        let value = if self.typed.has(name) { self.typed.long_text(name) } else { now.to_owned() };
        Field::new(name, label).value(value).error(self.errors.of(name))
    }
}

/// The forms, as far as the report's state allows what they do.
pub(super) fn forms(call: &Call, report: &Report, roster: &Roster, held: &Held<'_>) -> Result<Markup, Failure> {
    let form = Act::of(call, report, held)?;
    Ok(html! {
        @if report.state.standing() == Standing::Received {
            (form.around(CHECK, &kit::actions(&[kit::submit(ButtonKind::Primary, words::CHECK)])))
        }
        (templates(call, report))
        (answering(call, &form, report, held))
        (form.around(KEEP, &html! {
            (kit::textarea(&held.field(NOTE, words::NOTE, "").hint(words::NOTE_HINT).rows(3)))
            (kit::actions(&[kit::submit(ButtonKind::Secondary, words::DO_NOTE)]))
        }))
        (settling(call, &form, report, roster, held))
    })
}

/// Where all of the forms go, and what they carry.
struct Act<'a> {
    action: String,
    csrf: &'a str,
    seen: String,
    /// The deed whose form came back, if one did.
    returned: &'a str,
}

impl<'a> Act<'a> {
    fn of(call: &'a Call, report: &Report, held: &Held<'a>) -> Result<Self, Failure> {
        Ok(Self {
            action: format!("{}/act", path(&report.id)),
            csrf: &call.person()?.csrf,
            seen: report.history.len().to_string(),
            returned: held.typed.text(DEED),
        })
    }

    /// The form of one deed.
    fn around(&self, deed: &str, content: &Markup) -> Markup {
        self.of_several(&[deed], &html! { (kit::hidden(DEED, deed)) (content) })
    }

    /// A form whose buttons say which of these deeds it is.
    fn of_several(&self, deeds: &[&str], content: &Markup) -> Markup {
        let form = Form::post(&self.action, self.csrf);
        let form = if deeds.contains(&self.returned) { form.still_unsaved() } else { form.warn_unsaved() };
        kit::form(&form, &html! { (kit::hidden(SEEN, &self.seen)) (content) })
    }
}

/// A button that makes the position in a photo the report's place; what the place is called stays.
pub(super) fn take_place(report: &Report, csrf: &str, point: Point) -> Markup {
    let (action, seen) = (format!("{}/act", path(&report.id)), report.history.len().to_string());
    let point = point.text();
    let [point, text] = place::values(&point, &report.place.text);
    let values = [(DEED, PLACE), (SEEN, &seen), point, text];
    kit::post_button(ButtonKind::Secondary, words::TAKE_PLACE, &Form::post(&action, csrf), &values)
}

/// Puts a template into the answer, by a page that has it there.
fn templates(call: &Call, report: &Report) -> Markup {
    let fitting = call.town.report_answers.iter().filter(|template| template.fits(report));
    let choices: Vec<Choice<'_>> =
        fitting.map(|template| Choice::new(template.id.as_str(), template.name.as_str())).collect();
    if choices.is_empty() {
        return html! {};
    }
    let choices: Vec<Choice<'_>> = [Choice::new("", words::NO_TEMPLATE)].into_iter().chain(choices).collect();
    let field = Field::new(TEMPLATE, words::TEMPLATE).value(call.query.text(TEMPLATE)).hint(words::TEMPLATE_HINT);
    kit::filter(
        &path(&report.id),
        &html! {
            (kit::select(&field, &choices))
            (kit::actions(&[kit::submit(ButtonKind::Secondary, words::TAKE_TEMPLATE)]))
        },
    )
}

/// What the chosen template says about the report; empty without one.
fn from_template(call: &Call, report: &Report) -> String {
    let chosen = call.query.text(TEMPLATE);
    let mut fitting = call.town.report_answers.iter().filter(|template| template.fits(report));
    let template = fitting.find(|template| template.id.as_str() == chosen);
    template.map(|template| template.about(report)).unwrap_or_default()
}

/// What the reporter hears of.
fn answering(call: &Call, form: &Act<'_>, report: &Report, held: &Held<'_>) -> Markup {
    let prepared = from_template(call, report);
    let button = |kind, label, deed| kit::submit_named(kind, label, DEED, deed);
    let work = || button(ButtonKind::Secondary, words::START, WORK);
    let open =
        || [button(ButtonKind::Secondary, words::FINISH, DONE), button(ButtonKind::Secondary, words::DECLINE, DECLINE)];
    let mut buttons = match report.state.standing() {
        Standing::Received | Standing::Checking => [work()].into_iter().chain(open()).collect(),
        Standing::Working => open().to_vec(),
        Standing::Done | Standing::Declined | Standing::Duplicate => {
            vec![button(ButtonKind::Secondary, words::REOPEN, REOPEN)]
        }
    };
    buttons.push(button(ButtonKind::Secondary, words::ONLY_ANSWER, SAY));
    form.of_several(
        &[WORK, DONE, DECLINE, REOPEN, SAY],
        &html! {
            @if report.hears().next().is_none() { p { (words::NOBODY_HEARS) } }
            (kit::textarea(&held.field(ANSWER, words::ANSWER, &prepared).hint(words::ANSWER_HINT).rows(4)))
            p.hint { (words::chars_max()) }
            (kit::actions(&buttons))
        },
    )
}

/// What is seldom changed; folded away, unless something of it came back.
fn settling(call: &Call, form: &Act<'_>, report: &Report, roster: &Roster, held: &Held<'_>) -> Markup {
    let change = || kit::actions(&[kit::submit(ButtonKind::Secondary, words::CHANGE)]);
    let here = [report.department.clone()].into();
    let people = assignable(roster, Some(&here)).map(|staff| Choice::new(staff.id.as_str(), staff.name.as_str()));
    let people: Vec<Choice<'_>> = [Choice::new("", words::NOBODY)].into_iter().chain(people).collect();
    let departments = call.town.departments.values();
    let departments: Vec<Choice<'_>> = departments.map(|it| Choice::new(it.id.as_str(), &it.name)).collect();
    let kinds = call.town.report_kinds.iter();
    let kinds: Vec<Choice<'_>> = kinds.map(|kind| Choice::new(kind.id.as_str(), &kind.name.ja)).collect();
    let assignee = report.assignee.as_ref().map_or("", |id| id.as_str());
    let due = report.due.map(|day| day.to_string()).unwrap_or_default();
    let content = html! {
        // What is closed is nobody's work any more.
        @if report.state.is_open() {
            (form.around(ASSIGN, &html! {
                (kit::select(&held.field(ASSIGNEE, words::ASSIGN, assignee), &people)) (change())
            }))
            (form.around(PRIORITISE, &html! {
                (kit::select(&held.field(PRIORITY, words::PRIORITISE, priority_value(report.priority)), &priorities()))
                (change())
            }))
            (form.around(SET_DUE, &html! {
                (kit::input(InputKind::Date, &held.field(DUE, words::SET_DUE, &due).hint(words::DUE_HINT))) (change())
            }))
        }
        (form.around(PLACE, &html! {
            h3 { (words::SET_PLACE) }
            (place::fields(call, held.typed, Some(&report.place), held.errors)) (change())
        }))
        (form.around(CHANGE_KIND, &html! {
            (kit::select(&held.field(KIND, words::CHANGE_KIND, report.kind.as_str()), &kinds)) (change())
        }))
        @if report.state.is_open() {
            (form.around(MOVE, &html! {
                (kit::select(&held.field(DEPARTMENT, words::MOVE, report.department.as_str()).hint(words::MOVE_HINT), &departments))
                (change())
            }))
        }
    };
    let came_back = [ASSIGN, PRIORITISE, SET_DUE, PLACE, CHANGE_KIND, MOVE].contains(&form.returned);
    html! { @if came_back { (kit::card(words::SETTLE, &content)) } @else { (kit::fold(words::SETTLE, &content)) } }
}

/// The priorities, to be chosen.
pub(super) fn priorities() -> [Choice<'static>; 3] {
    PRIORITIES.map(|priority| Choice::new(priority_value(priority), report_words::priority(priority)))
}

const PRIORITIES: [Priority; 3] = [Priority::High, Priority::Normal, Priority::Low];

/// How a form says a priority.
pub(super) fn priority_value(priority: Priority) -> &'static str {
    match priority {
        Priority::High => "high",
        Priority::Normal => "normal",
        Priority::Low => "low",
    }
}

/// The priority that a form says.
pub(super) fn priority_of(value: &str) -> Option<Priority> {
    PRIORITIES.into_iter().find(|priority| priority_value(*priority) == value)
}

/// What is to be done; what is wrong with it goes to the errors.
pub(super) fn read(
    call: &Call,
    report: &Report,
    roster: &Roster,
    errors: &mut Errors,
) -> Result<Option<Deed>, Failure> {
    let answer = || call.form.long_text(ANSWER);
    Ok(match call.form.text(DEED) {
        CHECK => Some(Deed::Check),
        WORK => Some(Deed::Work { answer: answer() }),
        DONE => Some(Deed::Done { answer: answer() }),
        REOPEN => Some(Deed::Reopen { answer: answer() }),
        DECLINE => filled(call, (ANSWER, words::ANSWER), errors).map(|why| Deed::Decline { why }),
        SAY => filled(call, (ANSWER, words::ANSWER), errors).map(Deed::Answer),
        KEEP => filled(call, (NOTE, words::NOTE), errors).map(Deed::Note),
        ASSIGN => assigned(call, report, roster, errors),
        MOVE => {
            let to = chosen(call, (DEPARTMENT, words::MOVE, words::NO_DEPARTMENT), errors, |id: &DepartmentId| {
                call.town.departments.contains_key(id)
            });
            to.map(|to| Deed::Move { to })
        }
        CHANGE_KIND => {
            let kind = chosen(call, (KIND, words::CHANGE_KIND, words::NO_KIND), errors, |id: &ReportKindId| {
                call.town.report_kind(id).is_some()
            });
            kind.map(Deed::ChangeKind)
        }
        PRIORITISE => {
            let priority = priority_of(call.form.text(PRIORITY));
            if priority.is_none() {
                errors.add_labelled(PRIORITY, words::PRIORITISE, words::NO_PRIORITY);
            }
            priority.map(Deed::Priority)
        }
        SET_DUE => due(call, errors),
        PLACE => place::read(call, errors).filter(|_| errors.is_empty()).map(Deed::Place),
        _ => return Err(Failure::BadRequest),
    })
}

/// A text that must not be empty.
fn filled(call: &Call, field: (&'static str, &'static str), errors: &mut Errors) -> Option<String> {
    let text = call.form.long_text(field.0);
    if text.trim().is_empty() {
        errors.add_labelled(field.0, field.1, words::EMPTY);
        return None;
    }
    Some(text)
}

fn assigned(call: &Call, report: &Report, roster: &Roster, errors: &mut Errors) -> Option<Deed> {
    let typed = call.form.text(ASSIGNEE);
    if typed.is_empty() {
        return Some(Deed::Assign(None));
    }
    let here = [report.department.clone()].into();
    let staff = assignable(roster, Some(&here)).find(|staff| staff.id.as_str() == typed);
    if staff.is_none() {
        errors.add_labelled(ASSIGNEE, words::ASSIGN, words::NO_PERSON);
    }
    staff.map(|staff| Deed::Assign(Some(staff.id.clone())))
}

fn chosen<Id: std::str::FromStr>(
    call: &Call,
    (field, label, missing): (&'static str, &'static str, &'static str),
    errors: &mut Errors,
    is_known: impl Fn(&Id) -> bool,
) -> Option<Id> {
    let id = call.form.text(field).parse().ok().filter(is_known);
    if id.is_none() {
        errors.add_labelled(field, label, missing);
    }
    id
}

fn due(call: &Call, errors: &mut Errors) -> Option<Deed> {
    match call.form.text(DUE) {
        "" => Some(Deed::Due(None)),
        typed => {
            let day = typed.parse::<Date>().ok();
            if day.is_none() {
                errors.add_labelled(DUE, words::SET_DUE, words::NO_DATE);
            }
            day.map(|day| Deed::Due(Some(day)))
        }
    }
}
