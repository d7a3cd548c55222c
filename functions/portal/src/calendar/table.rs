//! The days of an area in a fiscal year as a file for spreadsheets: a row a day.

use std::ops::RangeInclusive;

use app::spreadsheet::{MARK, lines, tame};
use domain::dates::weekday_name;
use domain::garbage::sheet::moved;
use domain::language::Language;
use domain::time::YearMonth;
use domain::town::{Area, Town};
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::categories;
use super::collections::{Collection, Standing, collections};
use crate::words::calendar::{TABLE_COLUMNS, Words, words};

/// The file; `None` where time ends before the year does.
pub(super) fn table(town: &Town, area: &Area, year: YearMonth) -> Option<String> {
    let words = words(Language::Japanese);
    let found = collections(town, &area.id, &categories(town, None), &days_of(year)?);
    let rows = found.chunk_by(|one, other| one.date == other.date).map(|of_day| row(words, of_day));
    let rows = std::iter::once(TABLE_COLUMNS.map(str::to_owned)).chain(rows);
    written(rows)
}

fn row(words: &Words, of_day: &[Collection<'_>]) -> [String; TABLE_COLUMNS.len()] {
    let date = of_day.first().map(|collection| collection.date);
    let made = of_day.iter().filter(|collection| collection.is_made());
    let made: Vec<&str> = made.map(|collection| collection.category.name.ja.as_str()).collect();
    let notes = of_day.iter().filter_map(|collection| note(words, collection));
    [
        date.map(|date| date.to_string()).unwrap_or_default(),
        date.map(|date| weekday_name(date.weekday()).to_string()).unwrap_or_default(),
        made.join(words.comma),
        notes.collect::<String>(),
    ]
}

/// What is not as always.
pub(super) fn note(words: &Words, collection: &Collection<'_>) -> Option<String> {
    match &collection.standing {
        Standing::Made => None,
        Standing::MadeInstead(by) => Some(words.moved(by, Language::Japanese)),
        Standing::FallsOut(by) => Some(words.falls_out(&collection.category.name.ja, by, Language::Japanese)),
    }
}

/// The days of the twelve months from one on.
pub(super) fn days_of(first: YearMonth) -> Option<RangeInclusive<Date>> {
    let day = |month: YearMonth| Date::new(month.year(), month.month(), 1).ok();
    Some(day(first)?..=day(moved(first, 12)?)?.checked_sub(1.day()).ok()?)
}

/// Rows as a file, none of whose cells a spreadsheet would run.
pub(super) fn written<const N: usize>(rows: impl IntoIterator<Item = [String; N]>) -> Option<String> {
    let rows = rows.into_iter().map(|row| row.map(|cell| tame(&cell).into_owned()));
    let bytes = lines(rows).ok()?;
    String::from_utf8([MARK.as_bytes(), &bytes].concat()).ok()
}
