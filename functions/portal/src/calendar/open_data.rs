//! The days of all areas in a fiscal year as open data: a row for each area, day and category, in as many files as it takes.

use std::sync::{Arc, Mutex, PoisonError};

use app::spreadsheet::weight;
use domain::dates::weekday_name;
use domain::language::Language;
use domain::time::YearMonth;
use domain::town::{Area, Town};

use super::collections::{Collection, collections};
use super::table::{days_of, note, written};
use super::{Look, categories};
use crate::words::calendar::{OPEN_DATA_COLUMNS, Words, words};

/// A file weighs at most this much, unless one area alone weighs more: Lambda's answers have at most 6 MB, all in.
const WEIGHT_MAX: usize = 4_000_000;
/// What a cell weighs beside its text, with room to spare: its comma or end of line, and its quotes.
const CELL_EXTRA: usize = 5;

type Row = [String; OPEN_DATA_COLUMNS.len()];

/// The files as they were last asked for: those of a large city take a while to make.
#[derive(Default)]
pub(crate) struct OpenData(Mutex<Option<Held>>);

struct Held {
    town: Arc<Town>,
    year: YearMonth,
    files: Arc<Vec<String>>,
}

impl OpenData {
    /// Of how many files it is.
    pub(super) fn parts(&self, look: &Look<'_>, year: YearMonth) -> Option<usize> {
        Some(self.files(look, year)?.len())
    }

    /// One of the files, counted from 1.
    pub(super) fn file(&self, look: &Look<'_>, year: YearMonth, part: usize) -> Option<String> {
        self.files(look, year)?.get(part.checked_sub(1)?).cloned()
    }

    fn files(&self, look: &Look<'_>, year: YearMonth) -> Option<Arc<Vec<String>>> {
        // Whoever panicked here has put nothing half-made there.
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = held.as_ref()
            && Arc::ptr_eq(&known.town, look.town)
            && known.year == year
        {
            return Some(Arc::clone(&known.files));
        }
        let files = Arc::new(files(look.town, year)?);
        *held = Some(Held { town: Arc::clone(look.town), year, files: Arc::clone(&files) });
        Some(files)
    }
}

/// All files; no area is torn apart.
fn files(town: &Town, year: YearMonth) -> Option<Vec<String>> {
    let (words, days, categories) = (words(Language::Japanese), days_of(year)?, categories(town, None));
    let (mut files, mut rows, mut sum) = (Vec::new(), vec![head()], 0);
    for area in town.areas.values() {
        let found = collections(town, &area.id, &categories, &days);
        let districts = districts(town, area).join(words.comma);
        let made = found.iter().filter(|collection| collection.is_made());
        let of_area: Vec<Row> = made.map(|collection| row(words, area, &districts, collection)).collect();
        let weight: usize = of_area.iter().flatten().map(|cell| weight(cell.as_bytes()) + CELL_EXTRA).sum();
        if 1 < rows.len() && WEIGHT_MAX < sum + weight {
            files.push(written(std::mem::replace(&mut rows, vec![head()]))?);
            sum = 0;
        }
        sum += weight;
        rows.extend(of_area);
    }
    files.push(written(rows)?);
    Some(files)
}

fn head() -> Row {
    OPEN_DATA_COLUMNS.map(str::to_owned)
}

fn row(words: &Words, area: &Area, districts: &str, collection: &Collection<'_>) -> Row {
    let Collection { date, category, .. } = collection;
    [
        date.to_string(),
        weekday_name(date.weekday()).to_string(),
        area.id.to_string(),
        area.name.clone(),
        districts.to_owned(),
        category.id.to_string(),
        category.name.ja.clone(),
        category.put_out_by.clone(),
        note(words, collection).unwrap_or_default(),
    ]
}

/// The names of the districts of an area, in the order of their readings.
pub(super) fn districts<'a>(town: &'a Town, area: &Area) -> Vec<&'a str> {
    town.districts.iter().filter(|district| district.area == area.id).map(|district| district.name.as_str()).collect()
}
