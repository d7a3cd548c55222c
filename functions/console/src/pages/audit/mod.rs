//! The audit log (操作の記録): who did what, when, to what, and how it was before and after.
//!
//! What an act changed is shown in the list where it is the town's own data, the staff's directory (names, work addresses,
//! roles) or their work, which every administrator sees anyway: such a look is not recorded. The states of any other kind may
//! hold personal data: they are shown only on the page of their entry, and that look is recorded first. An export holds
//! everything and is recorded as what it is.

mod asked;
mod check;
mod entry;
mod export;
mod states;
mod work;

pub(super) use asked::days;
pub(crate) use check::PATH as CHECK_PATH;
pub use check::{begin as begin_check, checking, show as check};
pub use entry::show as entry;
pub use export::export;

use app::audit::{Filter, Stretch, Taken, look_back};
use domain::audit::{Actor, Entry};
use domain::staff::Roster;
use domain::time::{date_in_japan, in_japan};
use domain::town::Town;
use maud::{Markup, html};

use self::asked::{Asked, read_place, written_place};
use crate::kit::{self, ButtonKind, Choice, Column, Field, Form, InputKind, Pager};
use crate::pages::people::actor::actor_name;
use crate::web::{Answer, Call, Failure, Page};
use crate::words::audit as words;
use crate::words::frame::Section;

/// The field of the place before which the list goes on.
const FROM: &str = "from";
/// A page shows at most this many entries.
pub const PAGE: usize = 50;
/// For a page at most this many entries are read, whether they match or not.
pub const READ_MAX: u64 = 1_000;

/// `GET /audit?first=...&last=...&who=...&what=...&department=...&from=CURSOR`
pub async fn list(call: Call) -> Result<Answer, Failure> {
    listed(&call, Asked::of_address(&call.query), call.query.text(FROM)).await
}

/// `POST /audit`: the same with a text. Texts are names of people, too: they belong into no address, which histories keep.
pub async fn search(call: Call) -> Result<Answer, Failure> {
    let asked = Asked::read(&call.form);
    if !asked.has_text() && asked.errors.is_empty() {
        return Ok(Answer::SeeOther(asked.address()));
    }
    listed(&call, asked, call.form.text(FROM)).await
}

async fn listed(call: &Call, asked: Asked, from: &str) -> Result<Answer, Failure> {
    let from = match from {
        "" => None,
        cursor => Some(read_place(cursor).ok_or(Failure::BadRequest)?),
    };
    let (roster, _) = call.console.staff.roster().await?;
    let (found, next) = if asked.errors.is_empty() {
        find(call, &asked.filter, Stretch { from, down_to: None }).await?
    } else {
        (Vec::new(), None)
    };
    let seen = Seen { roster: &roster, town: &call.town };
    let csrf = &call.person()?.csrf;
    let content = html! {
        (kit::heading(Section::Audit.label(), Some(words::LEAD)))
        p { a href="/audit/check" { (words::CHECK) } }
        (kit::error_summary(&asked.errors))
        (filter_form(&asked, &seen, csrf))
        @for day in found.chunk_by(|one, other| one.day == other.day) { (of_day(day, &seen)) }
        @if found.is_empty() && asked.errors.is_empty() {
            p { (if next.is_some() { words::NOTHING_YET } else { words::NOTHING }) }
        }
        @if let Some(next) = next {
            p { (words::looked_until(&kit::written(next.day))) }
            (earlier(&asked, &written_place(next), csrf))
        }
        @if from.is_some() { (latest(&asked, csrf)) }
        (export::section(call, &asked, date_in_japan(call.now))?)
    };
    Ok(Page::new(kit::title(Section::Audit.label(), &asked.errors), Section::Audit, content).into())
}

/// Goes on to earlier entries: by an address, but for a text.
fn earlier(asked: &Asked, next: &str, csrf: &str) -> Markup {
    let path = Section::Audit.path();
    if asked.has_text() {
        let values = [asked.pairs(), vec![(FROM, next)]].concat();
        return kit::post_button(ButtonKind::Secondary, words::EARLIER, &Form::post(path, csrf), &values);
    }
    let href = Pager::onward(path, &asked.pairs(), Some(next)).next.unwrap_or_default();
    html! { p { (kit::link_button(ButtonKind::Secondary, words::EARLIER, &href)) } }
}

/// Goes back to the latest entries.
fn latest(asked: &Asked, csrf: &str) -> Markup {
    let path = Section::Audit.path();
    if asked.has_text() {
        return kit::post_button(ButtonKind::Plain, words::LATEST, &Form::post(path, csrf), &asked.pairs());
    }
    html! { p { a href=(asked.address()) { (words::LATEST) } } }
}

async fn find(
    call: &Call,
    filter: &Filter,
    stretch: Stretch,
) -> Result<(Vec<Entry>, Option<app::audit::Place>), Failure> {
    let mut found = Vec::new();
    let next = look_back(&*call.console.audit, filter, stretch, READ_MAX, |entry| {
        found.push(entry);
        if found.len() < PAGE { Taken::More } else { Taken::Enough }
    });
    let next = next.await?;
    Ok((found, next))
}

fn filter_form(asked: &Asked, seen: &Seen<'_>, csrf: &str) -> Markup {
    let people = seen.people();
    let who: Vec<Choice<'_>> = people.iter().map(|(value, name)| Choice::new(value, name)).collect();
    let actions = words::ACTIONS.map(|action| (action.name(), words::action(action)));
    let what: Vec<Choice<'_>> = actions.iter().map(|(value, name)| Choice::new(value, name)).collect();
    let departments = seen.town.departments.values();
    let departments: Vec<_> = departments.map(|known| Choice::new(known.id.as_str(), &known.name)).collect();
    let day = |name: &'static str, label| {
        kit::input(InputKind::Date, &Field::new(name, label).value(asked.value(name)).error(asked.errors.of(name)))
    };
    let one_of = |name: &'static str, label, choices: &[Choice<'_>]| {
        let all = [&[Choice::new("", words::ALL)], choices].concat();
        kit::select(&Field::new(name, label).value(asked.value(name)), &all)
    };
    let fields = html! {
        (day(asked::FIRST, words::FIRST))
        (day(asked::LAST, words::LAST))
        (one_of(asked::WHO, words::WHO, &who))
        (one_of(asked::WHAT, words::WHAT, &what))
        (one_of(asked::DEPARTMENT, words::DEPARTMENT, &departments))
        (kit::text(&Field::new(asked::TEXT, words::TEXT).value(asked.value(asked::TEXT))))
        (kit::actions(&[
            kit::submit(ButtonKind::Primary, words::SEARCH),
            kit::link_button(ButtonKind::Plain, words::CLEAR, Section::Audit.path()),
        ]))
    };
    let form = kit::form(&Form::post(Section::Audit.path(), csrf), &fields);
    if asked.pairs().is_empty() { kit::fold(words::FILTER, &form) } else { kit::section(words::FILTER, &form) }
}

/// The entries of one day.
fn of_day(entries: &[Entry], seen: &Seen<'_>) -> Markup {
    let columns = [
        Column::row_head(words::TIME),
        Column::text(words::WHO),
        Column::text(words::WHAT),
        Column::text(words::SUBJECT),
        Column::text(words::CONTENT),
    ];
    let rows: Vec<Vec<Markup>> = entries.iter().map(|entry| row(entry, seen)).collect();
    let day = entries.first().map(|entry| kit::written(entry.day)).unwrap_or_default();
    kit::table(&day, &columns, &rows, &html! {})
}

fn row(entry: &Entry, seen: &Seen<'_>) -> Vec<Markup> {
    let act = &entry.act;
    vec![
        html! {
            @if date_in_japan(act.at) == entry.day { (kit::time_of_day(in_japan(act.at).time())) }
            @else { (kit::moment(act.at)) }
        },
        seen.actor(&act.actor),
        html! { (words::action(act.action)) },
        html! {
            (seen.subject(act))
            @if let Some(department) = &act.department {
                div { (words::DEPARTMENT) "：" (super::people::roles::department_name(seen.town, department)) }
            }
        },
        html! {
            (states::summary(act, seen))
            a href=(entry::path_of(entry)) { (words::DETAILS) }
        },
    ]
}

/// What is known at present of those whom entries name.
pub(super) struct Seen<'a> {
    roster: &'a Roster,
    town: &'a Town,
}

impl Seen<'_> {
    /// Everybody who may have done something, as forms name them.
    fn people(&self) -> Vec<(&str, &str)> {
        let staff = self.roster.0.iter().map(|staff| (staff.id.as_str(), staff.name.as_str()));
        let mut people: Vec<_> = staff.collect();
        people.sort_by_key(|(_, name)| *name);
        people.extend([
            (asked::COMMAND_LINE, self.actor_name(&Actor::CommandLine)),
            (asked::STRANGER, self.actor_name(&Actor::Stranger)),
        ]);
        people
    }

    /// An actor's name at present.
    fn actor_name(&self, actor: &Actor) -> &str {
        actor_name(self.roster, actor)
    }

    fn actor(&self, actor: &Actor) -> Markup {
        match actor {
            Actor::Staff(id) => states::staff(id.as_str(), self.roster),
            Actor::CommandLine | Actor::Stranger => html! { (self.actor_name(actor)) },
        }
    }

    fn subject(&self, act: &domain::audit::Act) -> Markup {
        states::subject(act, self.roster)
    }
}
