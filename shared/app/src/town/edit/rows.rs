//! From a record to the rows of its table: the way back from [`crate::town::read()`].

use domain::garbage::calendar::{ClosureEffect, DateRange};
use domain::garbage::waste::WasteItem;
use domain::resident::Switch;
use domain::town::{Area, Category, Department, District, Topic};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Cells;
use crate::town::data::CenterClosure;
use crate::town::records::CalendarRecord;
use crate::town::table::TownTable;

/// The rows of a record; `None` for one that cannot be read.
pub(super) fn rows_of(table: TownTable, body: &Value) -> Option<Vec<Cells>> {
    Some(match table {
        TownTable::WasteItems => vec![waste_item(of(body)?)],
        TownTable::Calendar => calendar(of(body)?),
        TownTable::Districts => {
            let District { id, name, reading, area } = of(body)?;
            vec![vec![id.into(), name, reading, area.into()]]
        }
        TownTable::Topics => vec![topic(of(body)?)],
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
    let ranges = |ranges: &[DateRange]| joined(ranges);
    let CalendarRecord { area, category, lines } = record;
    let line = |entry: domain::garbage::calendar::Entry| {
        let (when, except, extra) = (joined(&entry.rules), ranges(&entry.except), ranges(&entry.extra));
        vec![area.to_string(), category.to_string(), when, except, extra, entry.note]
    };
    lines.into_iter().map(line).collect()
}

fn joined<T: ToString>(parts: &[T]) -> String {
    parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
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
    };
    let (from, to) = (closure.days.first().to_string(), closure.days.last().to_string());
    vec![center, from, to, effect.to_owned(), note]
}
