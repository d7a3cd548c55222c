//! The form of a record: a field per column, or for the calendar the lines of an area and a category.

use app::town::edit::{Cells, Mistake, Snapshot};
use app::town::table::{TownTable, holds_several};
use domain::report::answer::Occasion;
use maud::{Markup, html};

use crate::kit::{self, Choice, Errors, Field, InputKind};
use crate::web::fields::Fields;
use crate::words::town as words;

/// The field that holds the record as it was when the form was opened.
pub(super) const SEEN: &str = "seen";
/// The field that says that the warnings are known.
pub(super) const WARNINGS: &str = "warnings";
/// Its value.
pub(super) const ACCEPT: &str = "accept";
/// The field of the question that a new waste item answers.
pub(super) const QUESTION: &str = "question";

/// A form of the calendar has at most this many lines.
const LINES_MAX: usize = 60;
/// So many empty lines stand below those that are there.
const SPARE_LINES: usize = 2;
/// What differs from line to line of a calendar.
const OF_LINE: [&str; 5] = ["when", "except", "extra", "holidays", "note"];

/// What was typed. The id of a record that is there is not typed, but named by the address.
pub(super) fn typed(table: TownTable, form: &Fields, id: Option<&str>) -> Vec<Cells> {
    let cell = |name: &str| form.long_text(name).trim().to_owned();
    if table != TownTable::Calendar {
        let typed = |column: &&str| match (*column, id) {
            ("id", Some(id)) => id.to_owned(),
            (column, _) if holds_several(column) => form.all(column).collect::<Vec<_>>().join(" "),
            (column, _) => cell(column),
        };
        return vec![table.columns().iter().map(typed).collect()];
    }
    let (area, category) = match id.and_then(|id| id.split_once('/')) {
        Some((area, category)) => (area.to_owned(), category.to_owned()),
        None => (cell("area"), cell("category")),
    };
    let line = |number: usize| -> Cells {
        let own = OF_LINE.map(|column| cell(&format!("{column}-{number}")));
        [area.clone(), category.clone()].into_iter().chain(own).collect()
    };
    let lines: Vec<Cells> = (1..=LINES_MAX).map(line).collect();
    let is_used = |line: &Cells| line.iter().skip(2).any(|cell| !cell.is_empty());
    let used: Vec<Cells> = lines.iter().filter(|line| is_used(line)).cloned().collect();
    if used.is_empty() { lines.into_iter().take(1).collect() } else { used }
}

/// What is wrong, by the names of the form's fields.
pub(super) fn errors(table: TownTable, id: Option<&str>, mistakes: &[Mistake]) -> Errors {
    let mut errors = Errors::default();
    for mistake in mistakes {
        let (name, label) = field_of(table, id, mistake);
        errors.add_labelled(name, label, mistake.sentence.clone());
    }
    errors
}

/// The field where a mistake stands: its name, and what it is called.
pub(super) fn field_of(table: TownTable, id: Option<&str>, mistake: &Mistake) -> (String, String) {
    let first = table.columns().iter().find(|column| **column != "id").copied().unwrap_or("name");
    let column = mistake.column.as_deref().unwrap_or(first);
    // What names a record that is there is no field, so it is told at the first one.
    let column = match (table, id, column) {
        (TownTable::Calendar, Some(_), "area" | "category") => "when",
        (_, Some(_), "id") => first,
        (_, _, column) => column,
    };
    let label = words::column(table, column);
    if table == TownTable::Calendar && OF_LINE.contains(&column) {
        (format!("{column}-{}", mistake.line), words::field_of_line(mistake.line, label))
    } else {
        (column.to_owned(), label.to_owned())
    }
}

/// What a column that refers to something can refer to.
pub(super) fn choices<'a>(snapshot: &'a Snapshot, column: &str) -> Vec<Choice<'a>> {
    let data = &snapshot.data;
    match column {
        "category" | "categories" => {
            data.categories.iter().map(|it| Choice::new(it.id.as_str(), &it.name.ja)).collect()
        }
        "area" | "areas" => data.areas.iter().map(|it| Choice::new(it.id.as_str(), &it.name)).collect(),
        "department" => data.departments.iter().map(|it| Choice::new(it.id.as_str(), &it.name)).collect(),
        "kind" => data.report_kinds.iter().map(|it| Choice::new(it.id.as_str(), &it.name.ja)).collect(),
        "default" => ["on", "off"].map(|value| Choice::new(value, words::default(value))).to_vec(),
        "direction" => ["past", "future", "any"].map(|value| Choice::new(value, words::direction(value))).to_vec(),
        "occasion" => Occasion::ALL.map(|it| Choice::new(it.name(), words::occasion(it.name()))).to_vec(),
        "effect" => ["skip", "shift-week", "move"].map(|value| Choice::new(value, words::effect(value))).to_vec(),
        "holidays" => words::ON_HOLIDAY.map(|(value, label)| Choice::new(value, label)).to_vec(),
        _ => Vec::new(),
    }
}

/// The fields of a record, filled with rows.
pub(super) fn fields(
    snapshot: &Snapshot,
    table: TownTable,
    id: Option<&str>,
    rows: &[Cells],
    errors: &Errors,
) -> Markup {
    let value = |column: &str, row: Option<&Cells>| {
        let at = table.columns().iter().position(|name| *name == column);
        at.and_then(|at| row?.get(at).cloned()).unwrap_or_default()
    };
    if table != TownTable::Calendar {
        let row = rows.first();
        return html! {
            @for column in table.columns() {
                @if *column != "id" || id.is_none() {
                    (field(snapshot, table, column, column, &value(column, row), errors))
                }
            }
        };
    }
    let lines = (rows.len() + SPARE_LINES).min(LINES_MAX);
    html! {
        @if id.is_none() {
            @for column in ["area", "category"] {
                (field(snapshot, table, column, column, &value(column, rows.first()), errors))
            }
        }
        p { (words::LINES_ABOUT) }
        @for number in 1..=lines {
            fieldset.field {
                legend.label { (words::line(number)) }
                @for column in OF_LINE {
                    @let name = format!("{column}-{number}");
                    (field(snapshot, table, column, &name, &value(column, rows.get(number - 1)), errors))
                }
            }
        }
    }
}

fn field(
    snapshot: &Snapshot,
    table: TownTable,
    column: &'static str,
    name: &str,
    value: &str,
    errors: &Errors,
) -> Markup {
    let mut field = Field::new(name, words::column(table, column)).value(value).error(errors.of(name));
    if let Some(hint) = words::hint(table, column) {
        field = field.hint(hint);
    }
    if is_required(table, column) {
        field = field.required();
    }
    let may_be_empty = match column {
        "department" => table == TownTable::Categories,
        "kind" | "occasion" => table == TownTable::ReportAnswers,
        _ => false,
    };
    match column {
        "category" | "area" | "department" | "kind" if !may_be_empty => kit::select(&field, &choices(snapshot, column)),
        "department" | "kind" | "occasion" => {
            let none = [Choice::new("", if column == "department" { words::EMPTY } else { words::ALL })];
            let all: Vec<_> = none.into_iter().chain(choices(snapshot, column)).collect();
            kit::select(&field, &all)
        }
        "default" | "effect" | "direction" => kit::radios(&field, &choices(snapshot, column)),
        _ if holds_several(column) => several(&field, choices(snapshot, column), value),
        "holidays" => kit::select(&field, &choices(snapshot, column)),
        "date" | "new_date" => kit::input(InputKind::Date, &field),
        "phone" | "urgent_phone" => kit::input(InputKind::Tel, &field),
        "weekly_max" | "duplicate_radius_m" | "due_days" => kit::input(InputKind::Digits, &field.autocomplete("off")),
        "how" | "description" | "text" => kit::textarea(&field.rows(4)),
        "urgent" | "closed" => kit::textarea(&field.rows(3)),
        "note" if table == TownTable::WasteItems => kit::textarea(&field.rows(3)),
        _ => kit::text(&field.autocomplete("off")),
    }
}

/// Boxes to tick. What is chosen and not there any more stays, to be seen and unticked.
fn several<'a>(field: &Field<'_>, mut choices: Vec<Choice<'a>>, value: &'a str) -> Markup {
    let chosen: Vec<&str> = value.split_whitespace().collect();
    for id in chosen.iter().copied() {
        if choices.iter().all(|choice| choice.value != id) {
            choices.push(Choice::new(id, id));
        }
    }
    kit::checkboxes(field, &choices, &chosen)
}

fn is_required(table: TownTable, column: &str) -> bool {
    match column {
        "name" | "reading" | "category" | "area" | "default" | "color" | "from" | "to" | "effect" | "date"
        | "question" | "direction" | "text" | "duplicate_radius_m" => true,
        "kind" => table == TownTable::ReportQuestions,
        "department" => matches!(table, TownTable::Topics | TownTable::ReportKinds),
        "center" => table == TownTable::Closures,
        _ => false,
    }
}

/// The record as it was when the form was opened, to go into the form.
pub(super) fn seen_text(rows: &[Cells]) -> String {
    serde_json::Value::from(rows.to_vec()).to_string()
}

/// The same on its way back.
pub(super) fn seen(form: &Fields) -> Option<Vec<Cells>> {
    serde_json::from_str(form.text(SEEN)).ok()
}
