//! From a record to the rows of its table: the way back from [`crate::town::read()`].

use domain::dates::{ClosureEffect, Period};
use domain::garbage::calendar::{CollectionChange, Entry};
use domain::garbage::waste::WasteItem;
use domain::report::answer::{AnswerTemplate, Occasion};
use domain::report::kind::{Question, ReportKind};
use domain::resident::Switch;
use domain::town::{Area, Category, DateKind, Department, Direction, District, Name, Topic};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Cells;
use crate::town::data::{CenterClosure, KindQuestion};
use crate::town::records::CalendarRecord;
use crate::town::table::TownTable;

/// The rows of a record; `None` for one that cannot be read.
pub(super) fn rows_of(table: TownTable, body: &Value) -> Option<Vec<Cells>> {
    Some(match table {
        TownTable::WasteItems => vec![waste_item(of(body)?)],
        TownTable::Calendar => calendar(of(body)?),
        TownTable::Changes => vec![change(of(body)?)],
        TownTable::Districts => {
            let District { id, name, reading, area } = of(body)?;
            vec![vec![id.into(), name, reading, area.into()]]
        }
        TownTable::Topics => vec![topic(of(body)?)],
        TownTable::Dates => vec![date_kind(of(body)?)],
        TownTable::ReportKinds => vec![report_kind(of(body)?)],
        TownTable::ReportQuestions => vec![report_question(of(body)?)],
        TownTable::ReportAnswers => {
            let AnswerTemplate { id, kind, occasion, name, text } = of(body)?;
            let kind = kind.map(String::from).unwrap_or_default();
            vec![vec![id.into(), kind, occasion.map_or("", Occasion::name).to_owned(), name, text]]
        }
        TownTable::Categories => vec![category(of(body)?)],
        TownTable::Areas => {
            let Area { id, name, center } = of(body)?;
            vec![vec![id.into(), name, center]]
        }
        TownTable::Closures => vec![closure(of(body)?)],
        TownTable::Departments => {
            let Department { id, name, phone } = of(body)?;
            vec![vec![id.into(), name, phone]]
        }
    })
}

/// The place of a record among its kind, where that matters.
pub(super) fn place_of(body: &Value) -> Option<u64> {
    body.get("place")?.as_u64()
}

fn of<T: DeserializeOwned>(body: &Value) -> Option<T> {
    T::deserialize(body).ok()
}

fn waste_item(item: WasteItem) -> Cells {
    let WasteItem { id, name, reading, aliases, category, how, note, name_en } = item;
    vec![id.into(), name, reading, aliases.join("|"), category.into(), how, note, name_en]
}

fn calendar(record: CalendarRecord) -> Vec<Cells> {
    let CalendarRecord { area, category, lines } = record;
    let line = |Entry { recurrence, note }: Entry| {
        let (when, except, extra) = (joined(recurrence.rules), joined(recurrence.except), joined(recurrence.extra));
        vec![area.to_string(), category.to_string(), when, except, extra, recurrence.holidays.to_string(), note]
    };
    lines.into_iter().map(line).collect()
}

/// Several things in one cell.
pub(super) fn joined<T: ToString>(parts: impl IntoIterator<Item = T>) -> String {
    parts.into_iter().map(|part| part.to_string()).collect::<Vec<_>>().join(" ")
}

fn change(change: CollectionChange) -> Cells {
    let CollectionChange { id, date, areas, categories, moved_to, reason } = change;
    let new_date = moved_to.map(|day| day.to_string()).unwrap_or_default();
    vec![id.into(), date.to_string(), joined(areas), joined(categories), new_date, reason]
}

fn date_kind(kind: DateKind) -> Cells {
    let DateKind { id, name, question, direction } = kind;
    let direction = match direction {
        Direction::Past => "past",
        Direction::Future => "future",
        Direction::Any => "any",
    };
    [vec![id.into()], languages(name), languages(question), vec![direction.to_owned()]].concat()
}

/// A text in its languages, in the order of their columns.
fn languages(name: Name) -> Cells {
    vec![name.ja, name.easy, name.en]
}

fn report_kind(kind: ReportKind) -> Cells {
    // What is asked about it stands in a table of its own.
    let ReportKind {
        id,
        name,
        description,
        department,
        urgent,
        urgent_phone,
        duplicate_radius_m,
        due_days,
        closed,
        ..
    } = kind;
    let due_days = due_days.map(|days| days.to_string()).unwrap_or_default();
    [
        vec![id.into()],
        languages(name),
        languages(description),
        vec![department.into()],
        languages(urgent),
        vec![urgent_phone, duplicate_radius_m.to_string(), due_days],
        languages(closed),
    ]
    .concat()
}

fn report_question(asked: KindQuestion) -> Cells {
    let KindQuestion { kind, question: Question { id, question, choices } } = asked;
    let in_language = |text: fn(&Name) -> &String| {
        let labels: Vec<&str> = choices.iter().map(|choice| text(choice).as_str()).collect();
        // A language that names none of them says nothing.
        if labels.iter().all(|label| label.is_empty()) { String::new() } else { labels.join("|") }
    };
    let choices = vec![in_language(|name| &name.ja), in_language(|name| &name.easy), in_language(|name| &name.en)];
    [vec![id.into(), kind.into()], languages(question), choices].concat()
}

fn topic(topic: Topic) -> Cells {
    let Topic { id, name, description, department, default, weekly_max } = topic;
    let weekly_max = weekly_max.map(|max| max.to_string()).unwrap_or_default();
    let default = match default {
        Switch::On => "on",
        Switch::Off => "off",
    };
    vec![id.into(), name.ja, name.easy, name.en, description, department.into(), default.to_owned(), weekly_max]
}

fn category(category: Category) -> Cells {
    let Category { id, name, color, description, how, put_out_by, department } = category;
    let department = department.map(String::from).unwrap_or_default();
    vec![id.into(), name.ja, name.easy, name.en, color, description, how, put_out_by, department]
}

fn closure(closure: CenterClosure) -> Cells {
    let CenterClosure { center, closure, note } = closure;
    let effect = match closure.effect {
        ClosureEffect::Skip => "skip",
        ClosureEffect::ShiftWeek => "shift-week",
        ClosureEffect::MoveTo(_) => "move",
    };
    let (from, to, moved_to) = match (closure.days, closure.effect) {
        (Period::Once(days), _) => {
            let moved_to = closure.moved_to(days).map(|day| day.to_string());
            (days.first().to_string(), days.last().to_string(), moved_to)
        }
        (Period::Yearly(days), ClosureEffect::MoveTo(day)) => {
            (days.first.to_string(), days.last.to_string(), Some(day.to_string()))
        }
        (Period::Yearly(days), ClosureEffect::Skip | ClosureEffect::ShiftWeek) => {
            (days.first.to_string(), days.last.to_string(), None)
        }
    };
    vec![center, from, to, effect.to_owned(), moved_to.unwrap_or_default(), note]
}
