//! The form of a part of the settings: its fields, and what was typed into them.

use app::town::edit::{Cells, Mistake, NONE, SettingsPart};
use app::town::read::{OTHER_TEXT_CHARS_MAX, WELCOME_CHARS_MAX};
use domain::language::Language;
use maud::{Markup, html};

use crate::kit::{self, Choice, Errors, Field, InputKind};
use crate::web::fields::Fields;
use crate::words::settings as words;

/// The field that holds the part as it was when the form was opened.
pub(super) const SEEN: &str = "seen";
/// The field that says that the warnings are known.
pub(super) const WARNINGS: &str = "warnings";
/// Its value.
pub(super) const ACCEPT: &str = "accept";

const RETENTION: &str = "blocked_resident_retention_days";
/// The field of the days, beside the choice whether there are any.
const DAYS: &str = "days";
const LANGUAGES: &str = "languages";

/// What was typed.
pub(super) fn typed(part: SettingsPart, form: &Fields, seen: &Cells) -> Cells {
    let cell = |(at, column): (usize, &&str)| match *column {
        RETENTION if form.text(RETENTION) == NONE => NONE.to_owned(),
        RETENTION => form.text(DAYS).to_owned(),
        LANGUAGES => languages(form, seen.get(at).map_or("", String::as_str)),
        "quiet_from" | "quiet_to" => unpadded(form.text(column)),
        column => form.long_text(column).trim().to_owned(),
    };
    part.columns().iter().enumerate().map(cell).collect()
}

/// The languages that were ticked: those that were so before in the order that they had, then the others.
fn languages(form: &Fields, seen: &str) -> String {
    let ticked: Vec<&str> = form.all(LANGUAGES).collect();
    let before = seen.split_whitespace().filter(|tag| ticked.contains(tag));
    let new = ticked.iter().copied().filter(|tag| !seen.split_whitespace().any(|seen| seen == *tag));
    before.chain(new).collect::<Vec<_>>().join(" ")
}

/// What is wrong, by the names of the form's fields.
pub(super) fn errors(part: SettingsPart, cells: &Cells, mistakes: &[Mistake]) -> Errors {
    let mut errors = Errors::default();
    let first = part.columns().first().copied().unwrap_or_default();
    let keeps = cells.iter().any(|cell| cell == NONE);
    for mistake in mistakes {
        let column = mistake.column.as_deref().unwrap_or(first);
        let (name, label) = match column {
            RETENTION if !keeps => (DAYS, words::DAYS),
            column => (column, words::field(column)),
        };
        errors.add_labelled(name.to_owned(), label.to_owned(), mistake.sentence.clone());
    }
    errors
}

/// The fields of a part, filled.
pub(super) fn fields(part: SettingsPart, cells: &Cells, account: &str, errors: &Errors) -> Markup {
    html! {
        @for (column, cell) in part.columns().iter().zip(cells) { (field(column, cell, account, errors)) }
    }
}

fn field(column: &'static str, cell: &str, account: &str, errors: &Errors) -> Markup {
    let hint = words::hint(column);
    let mut field = Field::new(column, words::field(column)).value(cell).error(errors.of(column));
    if let Some(hint) = &hint {
        field = field.hint(hint);
    }
    match column {
        "name" => kit::text(&field.required().autocomplete("off")),
        "phone" => kit::input(InputKind::Tel, &field.required().autocomplete("off")),
        "website" => kit::input(InputKind::Url, &field.required().autocomplete("off")),
        "portal" => kit::input(InputKind::Url, &field.autocomplete("off")),
        LANGUAGES => {
            let choices = Language::ALL.map(|language| Choice::new(language.tag(), words::language(language)));
            kit::checkboxes(&field.required(), &choices, &cell.split_whitespace().collect::<Vec<_>>())
        }
        RETENTION => retention_fields(field, cell, errors),
        "quiet_from" | "quiet_to" => kit::input(InputKind::Time, &field.value(padded(cell))),
        "weekly_max"
        | "rule_minutes_max"
        | "rule_hourly_max"
        | "boundary_tolerance_m"
        | "erase_after_days"
        | "erase_declined_after_days"
        | "erase_duplicate_after_days" => kit::input(InputKind::Digits, &field.autocomplete("off")),
        "public_page" => kit::radios(&field.required(), &["off", "on"].map(|it| Choice::new(it, words::public(it)))),
        "welcome" => kit::compose(&field.rows(10).units_max(WELCOME_CHARS_MAX), account),
        "garbage_not_found_contact" | "emergency_note" => {
            kit::compose(&field.rows(5).units_max(OTHER_TEXT_CHARS_MAX), account)
        }
        _ => kit::text(&field.autocomplete("off")),
    }
}

fn retention_fields(field: Field<'_>, cell: &str, errors: &Errors) -> Markup {
    let keeps = cell == NONE;
    let choices = [Choice::new(DAYS, words::AFTER_DAYS), Choice::new(NONE, words::NEVER)];
    let days = Field::new(DAYS, words::DAYS).hint(words::DAYS_HINT).error(errors.of(DAYS)).autocomplete("off");
    html! {
        (kit::radios(&field.value(if keeps { NONE } else { DAYS }).required(), &choices))
        (kit::input(InputKind::Digits, &days.value(if keeps { "" } else { cell })))
    }
}

/// A time of day as a browser's field takes it: `07:00`. What is none stays as it was typed.
fn padded(cell: &str) -> String {
    if cell.len() == 4 && cell.as_bytes().get(1) == Some(&b':') { format!("0{cell}") } else { cell.to_owned() }
}

/// The same on its way back: `7:00`, as files have it.
fn unpadded(typed: &str) -> String {
    let rest = typed.strip_prefix('0').filter(|rest| rest.as_bytes().get(1) == Some(&b':'));
    rest.unwrap_or(typed).to_owned()
}

/// The part as it was when the form was opened, to go into the form.
pub(super) fn seen_text(cells: &Cells) -> String {
    serde_json::Value::from(cells.clone()).to_string()
}

/// The same on its way back.
pub(super) fn seen(form: &Fields) -> Option<Cells> {
    serde_json::from_str(form.text(SEEN)).ok()
}
