//! Reads rows against the present data with the checks of files: rows that stay are read along, so that what is there
//! once is there once in all.

use std::collections::HashSet;

use domain::dates::parse_ends;

use super::snapshot::{Entry, Snapshot, cell};
use super::{Cells, Mistake};
use crate::error::{Error, Kind};
use crate::ports::TownRecord;
use crate::town::problem::{Problem, Trouble};
use crate::town::read::read_table;
use crate::town::records::to_records;
use crate::town::sheet::{Line, Sheet};
use crate::town::table::TownTable;
use crate::town::words;

/// Rows that stay are counted from here: no file has so many lines.
const STAYING_FROM: u32 = 1_000_000_000;

/// A row with the number by which its mistakes are told.
pub(super) struct Numbered {
    pub(super) number: u32,
    pub(super) cells: Cells,
}

/// What rows gave.
pub(super) struct Checked {
    /// The records of the rows that could be read.
    pub(super) records: Vec<TownRecord>,
    /// What is wrong with them.
    pub(super) mistakes: Vec<Mistake>,
}

/// Reads rows of a table that take the place of the records `replaced` (and of none else).
pub(super) fn check(
    snapshot: &Snapshot,
    table: TownTable,
    rows: Vec<Numbered>,
    replaced: &HashSet<String>,
) -> Result<Checked, Error> {
    let staying: Vec<(&Entry, &Cells)> = snapshot
        .entries(table)
        .iter()
        .filter(|entry| !replaced.contains(&entry.id))
        .flat_map(|entry| entry.rows.iter().map(move |row| (entry, row)))
        .collect();
    let ids: HashSet<String> = rows.iter().filter_map(|row| key_of(table, &row.cells)).collect();
    // Those that stay come first, so that a clash is told where it was typed.
    let numbered = (STAYING_FROM..).zip(&staying).map(|(number, (_, row))| Line { number, cells: (*row).clone() });
    let lines = numbered.chain(rows.into_iter().map(|Numbered { number, cells }| Line { number, cells })).collect();
    let header = table.columns().iter().map(|column| (*column).to_owned()).collect();
    let (data, problems) = read_table(table, &Sheet { header, rows: lines }, &snapshot.data);
    let records = to_records(&data).map_err(|error| Error::new(Kind::Permanent, "write rows as records", error))?;
    let label = |line: u32| {
        let at = usize::try_from(line.checked_sub(STAYING_FROM)?).ok()?;
        staying.get(at).map(|(entry, _)| entry.label.as_str())
    };
    // Where there are too many to tell, one of those that are not told may be about what was typed.
    let is_typed = |problem: &&Problem| problem.line < STAYING_FROM || problem.trouble == Trouble::TooManyProblems;
    let typed = problems.iter().filter(is_typed);
    Ok(Checked {
        records: records.into_iter().filter(|record| ids.contains(&record.id)).collect(),
        mistakes: typed.map(|problem| mistake(problem, &label)).collect(),
    })
}

/// The id of the record to which a row belongs; `None` if the row does not say it.
pub(super) fn key_of(table: TownTable, row: &[String]) -> Option<String> {
    let text = |column| Some(cell(table, row, column)).filter(|text| !text.is_empty());
    match table {
        TownTable::Calendar => Some(format!("{}/{}", text("area")?, text("category")?)),
        TownTable::Closures => {
            let days = parse_ends(text("from")?, text("to")?).ok()?;
            Some(format!("{}/{days}", text("center")?))
        }
        TownTable::WasteItems
        | TownTable::Changes
        | TownTable::Districts
        | TownTable::Topics
        | TownTable::Dates
        | TownTable::ReportKinds
        | TownTable::ReportQuestions
        | TownTable::ReportAnswers
        | TownTable::Categories
        | TownTable::Areas
        | TownTable::Departments => text("id").map(str::to_owned),
    }
}

/// A problem as a mistake; what clashes with a record that stays names it.
pub(super) fn mistake<'a>(problem: &Problem, label: &dyn Fn(u32) -> Option<&'a str>) -> Mistake {
    let sentence = match &problem.trouble {
        Trouble::Duplicate { value, first_line } => label(*first_line).map(|name| words::taken(value, name)),
        Trouble::AmbiguousWord { word, other_line } => label(*other_line).map(|name| words::ambiguous(word, name)),
        _ => None,
    };
    Mistake {
        line: problem.line,
        column: problem.column.clone(),
        severity: problem.severity(),
        sentence: sentence.unwrap_or_else(|| words::sentence(&problem.trouble)),
    }
}
