//! How the texts of a table are shown: names instead of ids, words instead of signs.

use app::town::edit::{Difference, FieldChange, Snapshot};
use app::town::table::{TownTable, holds_several};
use maud::{Markup, html};

use crate::kit::{self, BadgeKind, Change};
use crate::words::settings;
use crate::words::town as words;

/// What staff call the thing that a column refers to.
pub(super) fn name<'a>(snapshot: &'a Snapshot, column: &str, id: &'a str) -> &'a str {
    let data = &snapshot.data;
    match column {
        "category" | "categories" => {
            data.categories.iter().find(|it| it.id.as_str() == id).map_or(id, |it| &it.name.ja)
        }
        "area" | "areas" => data.areas.iter().find(|it| it.id.as_str() == id).map_or(id, |it| &it.name),
        "department" => data.departments.iter().find(|it| it.id.as_str() == id).map_or(id, |it| &it.name),
        "kind" => data.report_kinds.iter().find(|it| it.id.as_str() == id).map_or(id, |it| &it.name.ja),
        _ => id,
    }
}

/// A text of a column as staff read it; several lines stay several.
pub(super) fn text(snapshot: &Snapshot, column: &str, text: &str) -> String {
    match column {
        "aliases" | "choices" | "choices_easy" | "choices_en" => text.replace('|', "、"),
        "default" => words::default(text).to_owned(),
        "effect" => words::effect(text).to_owned(),
        "holidays" => text.lines().map(words::on_holiday).collect::<Vec<_>>().join("\n"),
        "direction" => words::direction(text).to_owned(),
        "occasion" => words::occasion(text).to_owned(),
        "kind" if text.is_empty() => words::ALL.to_owned(),
        _ if holds_several(column) && text.is_empty() => words::ALL.to_owned(),
        _ if holds_several(column) => {
            text.split_whitespace().map(|id| name(snapshot, column, id)).collect::<Vec<_>>().join("、")
        }
        "category" | "area" | "department" | "kind" => {
            // The lines of a calendar all name the same.
            let first = text.lines().next().unwrap_or_default();
            name(snapshot, column, first).to_owned()
        }
        _ => text.to_owned(),
    }
}

/// The same on a page.
pub(super) fn cell(snapshot: &Snapshot, column: &str, found: &str) -> Markup {
    let text = text(snapshot, column, found);
    html! { @for (at, line) in text.lines().enumerate() { @if at > 0 { br; } (line) } }
}

/// What differs, one table per record.
pub(super) fn differences(snapshot: &Snapshot, differences: &[Difference], before: &str, after: &str) -> Markup {
    html! { @for difference in differences { (one(snapshot, difference, before, after)) } }
}

fn one(snapshot: &Snapshot, difference: &Difference, before: &str, after: &str) -> Markup {
    let (kind, word) = match (difference.was, difference.is) {
        (false, _) => (BadgeKind::Good, words::ADDED),
        (true, true) => (BadgeKind::Active, words::CHANGED),
        (true, false) => (BadgeKind::Bad, words::REMOVED),
    };
    let table = difference.table;
    let what = table.map_or("", words::table);
    let caption = format!("{word}：{what}「{}」", difference.label);
    let texts: Vec<_> = difference.fields.iter().map(|field| sides(snapshot, table, field)).collect();
    let changes: Vec<Change<'_>> = texts
        .iter()
        .map(|(label, before, after)| Change { label, before: before.as_deref(), after: after.as_deref() })
        .collect();
    html! {
        p { (kit::badge(kind, word)) " " (what) "「" (difference.label) "」" }
        @if !changes.is_empty() { (kit::changes(&caption, before, after, &changes)) }
    }
}

fn sides(
    snapshot: &Snapshot,
    table: Option<TownTable>,
    field: &FieldChange,
) -> (String, Option<String>, Option<String>) {
    if let Some(part) = field.part {
        let side = |side: &Option<String>| side.as_deref().map(|found| settings::value(field.column, found));
        return (settings::field_of(part, field.column), side(&field.before), side(&field.after));
    }
    let label = table.map_or_else(|| words::column(TownTable::Areas, ""), |table| words::column(table, field.column));
    let side = |side: &Option<String>| side.as_deref().map(|found| text(snapshot, field.column, found));
    (label.to_owned(), side(&field.before), side(&field.after))
}
