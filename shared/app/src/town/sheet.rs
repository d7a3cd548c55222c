//! A CSV file as rows that know their line and are read cell by cell, each trouble reported where it stands.

use std::str::FromStr;

use domain::dates::{Expected, NotationError, Period, parse_date, parse_ends, plain};
use domain::time::time_of_day;
use jiff::civil::Date;

use super::files::{Files, Need};
use super::phone;
use super::problem::{Report, Trouble};

/// A table has at most this many rows.
pub(in crate::town) const ROWS_MAX: usize = 20_000;

/// A table has at most this many columns; ours have less than twenty, those of 5374 one per area.
const COLUMNS_MAX: usize = 1_000;
/// Columns that came later: older files lack them.
const LATER: [&str; 3] = ["weekly_max", "holidays", "moved_to"];

/// A table: the names of its columns and its rows.
pub(super) struct Sheet {
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<Line>,
}

/// A row: where it begins, and its cells without the spaces around them.
pub(super) struct Line {
    pub(super) number: u32,
    pub(super) cells: Vec<String>,
}

impl Sheet {
    /// Reads a table as it is; a row that does not fit its header, and all after a quote that is never closed, are left out.
    pub(super) fn read(files: &Files, file: &str, need: Need, report: &mut Report) -> Option<Self> {
        let text = files.text(file, need, report)?;
        let mut lines = lines(&text);
        report_unclosed_quote(file, &text, &mut lines, report);
        if lines.first().is_none_or(|header| header.cells.iter().all(String::is_empty)) {
            report.add(file, 1, None, Trouble::NoHeader);
            return None;
        }
        let header = lines.remove(0).cells;
        // A log, or anything else that is no table of ours.
        if header.len() > COLUMNS_MAX {
            report.add(file, 1, None, Trouble::NoHeader);
            return None;
        }
        if lines.len() > ROWS_MAX {
            report.add(file, lines[ROWS_MAX].number, None, Trouble::TooManyRows { rows_max: ROWS_MAX });
            lines.truncate(ROWS_MAX);
        }
        lines.retain(|line| {
            let found = line.cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
            if found > header.len() {
                report.add(file, line.number, None, Trouble::TooManyCells { expected: header.len(), found });
            }
            (1..=header.len()).contains(&found)
        });
        Some(Self { header, rows: lines })
    }

    /// Reads a table whose columns have these names, in any order.
    pub(super) fn with_columns(
        files: &Files,
        file: &'static str,
        need: Need,
        columns: &[&str],
        report: &mut Report,
    ) -> Option<Self> {
        let sheet = Self::read(files, file, need, report)?;
        for (at, name) in sheet.header.iter().enumerate() {
            if sheet.header[..at].contains(name) && !name.is_empty() {
                report.add(file, 1, Some(name), Trouble::DuplicateColumn);
            } else if !columns.contains(&name.as_str()) && !name.is_empty() {
                report.add(file, 1, Some(name), Trouble::UnknownColumn);
            }
        }
        for column in columns.iter().filter(|column| !LATER.contains(column)) {
            if !sheet.header.iter().any(|name| name == column) {
                report.add(file, 1, Some(column), Trouble::MissingColumn);
            }
        }
        Some(sheet)
    }
}

fn lines(text: &str) -> Vec<Line> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut lines = Vec::new();
    let (mut number, mut counted) = (1, 0);
    let mut record = csv::StringRecord::new();
    while let Ok(true) = reader.read_record(&mut record) {
        let start = record.position().map_or(counted, |position| usize::try_from(position.byte()).unwrap_or(counted));
        // The reader's own position may lie before blank lines that it skipped.
        let bytes = text.as_bytes();
        let start = (start..bytes.len()).find(|at| !matches!(bytes[*at], b'\r' | b'\n')).unwrap_or(bytes.len());
        number += text[counted..start].matches('\n').count();
        counted = start;
        let cells = record.iter().map(|cell| unguarded(cell.trim()).to_owned()).collect();
        lines.push(Line { number: u32::try_from(number).unwrap_or(u32::MAX), cells });
        // One more than is allowed is read, to notice it.
        if lines.len() > ROWS_MAX + 1 {
            break;
        }
    }
    lines
}

/// Signs by which a spreadsheet takes a cell for a formula, in the full-width form too.
const FORMULA_SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// A cell as it is safe in a spreadsheet: see [`super::edit::export`].
pub(super) fn guarded(cell: &str) -> String {
    if cell.trim_start_matches('\'').starts_with(FORMULA_SIGNS) { format!("'{cell}") } else { cell.to_owned() }
}

/// The way back from [`guarded`].
fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.trim_start_matches('\'').starts_with(FORMULA_SIGNS) => rest,
        Some(_) | None => cell,
    }
}

/// A quote that is never closed swallows the rest of the file into the last row.
fn report_unclosed_quote(file: &str, text: &str, lines: &mut Vec<Line>, report: &mut Report) {
    let odd = text.bytes().filter(|byte| *byte == b'"').count() % 2 == 1;
    let swallowed = lines.last().is_some_and(|last| last.cells.last().is_some_and(|cell| cell.contains('\n')));
    let starts_quoted = text.rfind('"').is_some_and(|at| at == 0 || text[..at].ends_with([',', '\n', '\r']));
    if odd
        && (swallowed || starts_quoted)
        && let Some(last) = lines.pop()
    {
        report.add(file, last.number, None, Trouble::UnclosedQuote);
    }
}

/// A row of a table with named columns, being read.
pub(super) struct Row<'a> {
    pub(super) file: &'static str,
    sheet: &'a Sheet,
    line: &'a Line,
    pub(super) report: &'a mut Report,
}

impl<'a> Row<'a> {
    pub(super) fn new(file: &'static str, sheet: &'a Sheet, line: &'a Line, report: &'a mut Report) -> Self {
        Self { file, sheet, line, report }
    }

    /// The line on which it begins.
    pub(super) fn number(&self) -> u32 {
        self.line.number
    }

    /// Reports a trouble in a column of this row.
    pub(super) fn trouble(&mut self, column: &str, trouble: Trouble) {
        self.report.add(self.file, self.line.number, Some(column), trouble);
    }

    /// The cell as it stands; empty where the column is missing.
    pub(super) fn cell(&self, column: &str) -> &'a str {
        let at = self.sheet.header.iter().position(|name| name == column);
        at.and_then(|at| self.line.cells.get(at)).map(String::as_str).unwrap_or_default()
    }

    fn has(&self, column: &str) -> bool {
        self.sheet.header.iter().any(|name| name == column)
    }

    /// A text that may be empty; what is beyond `max` characters is reported and cut.
    pub(super) fn optional(&mut self, column: &str, max: usize) -> String {
        let text = self.cell(column);
        let found = text.chars().count();
        if found > max {
            self.trouble(column, Trouble::TooLong { found, max });
        }
        text.chars().take(max).collect()
    }

    /// A text that must not be empty; `None` (reported) if it is.
    pub(super) fn text(&mut self, column: &str, max: usize) -> Option<String> {
        let text = self.optional(column, max);
        if text.is_empty() {
            // A missing column is reported once, at the header.
            if self.has(column) {
                self.trouble(column, Trouble::Empty);
            }
            return None;
        }
        Some(text)
    }

    /// An id that must be there.
    pub(super) fn id<T: FromStr>(&mut self, column: &str) -> Option<T> {
        let cell = self.cell(column);
        if cell.is_empty() {
            return self.text(column, 1).and(None);
        }
        let id = cell.parse().ok();
        if id.is_none() {
            self.trouble(column, Trouble::InvalidId { found: excerpt(cell) });
        }
        id
    }

    /// One of a few words.
    pub(super) fn choice<T: Copy>(&mut self, column: &str, allowed: &'static str, choices: &[(&str, T)]) -> Option<T> {
        let cell = self.cell(column);
        let choice = choices.iter().find(|(name, _)| *name == cell).map(|(_, choice)| *choice);
        if choice.is_none() && self.has(column) {
            self.trouble(column, Trouble::NotOneOf { found: excerpt(cell), allowed });
        }
        choice
    }

    /// Anything in the notation of the calendar.
    pub(super) fn notation<T>(&mut self, column: &str, parse: fn(&str) -> Result<T, NotationError>) -> Option<T> {
        parse(self.cell(column)).map_err(|error| self.trouble(column, Trouble::Notation(error))).ok()
    }

    /// A time of day that may be empty. One that cannot be read stays as it is: residents understand what we do not.
    pub(super) fn time(&mut self, column: &str, max: usize) -> String {
        let text = self.optional(column, max);
        time(&text).unwrap_or_else(|| {
            self.trouble(column, Trouble::InvalidTime { found: excerpt(&text) });
            text
        })
    }

    /// A whole number above zero that may be empty.
    pub(super) fn positive(&mut self, column: &str, max: u16) -> Option<u16> {
        let cell = self.cell(column);
        if cell.is_empty() {
            return None;
        }
        let number = plain(cell).parse().ok().filter(|number| *number <= max);
        match number {
            None => self.trouble(column, Trouble::NotNumber { max }),
            Some(0) => self.trouble(column, Trouble::Zero),
            Some(_) => {}
        }
        number.filter(|number| 0 < *number)
    }

    /// A whole number from 0 to `max` that must be there.
    pub(super) fn whole(&mut self, column: &str, max: u16) -> Option<u16> {
        let number = plain(&self.text(column, usize::MAX)?).parse().ok().filter(|number| *number <= max);
        if number.is_none() {
            self.trouble(column, Trouble::NotNumber { max });
        }
        number
    }

    /// A telephone number that may be empty. One that cannot be read is left out, lest somebody else be called.
    pub(super) fn phone(&mut self, column: &str) -> String {
        let cell = self.cell(column);
        let phone = phone::parse(cell);
        if phone.is_none() && !cell.is_empty() {
            self.trouble(column, Trouble::InvalidPhone { found: excerpt(cell) });
        }
        phone.unwrap_or_default()
    }

    /// A date that must be there.
    pub(super) fn date(&mut self, column: &str) -> Option<Date> {
        let cell = self.text(column, usize::MAX)?;
        let date = parse_date(&cell).ok();
        if date.is_none() {
            self.trouble(column, Trouble::InvalidDate { found: excerpt(&cell) });
        }
        date
    }

    /// A first and a last day that must be there; both without a year for those of every year.
    pub(super) fn period(&mut self, from: &str, to: &str) -> Option<Period> {
        let (first, last) = (self.text(from, usize::MAX), self.text(to, usize::MAX));
        match parse_ends(&first?, &last?) {
            Ok(period) => Some(period),
            Err(Expected::Range) => {
                self.trouble(to, Trouble::EndsBeforeItBegins);
                None
            }
            // Each says of itself what is wrong.
            Err(_) => self.date(from).and(self.date(to)).and(None),
        }
    }
}

/// A time of day, or nothing, with plain signs.
pub(super) fn time(text: &str) -> Option<String> {
    let time = plain(text);
    (time.is_empty() || time_of_day(&time).is_some()).then_some(time)
}

/// Enough of a cell to find it by.
pub(super) fn excerpt(text: &str) -> String {
    const CHARS_MAX: usize = 40;
    let mut short: String = text.chars().take(CHARS_MAX).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_more_columns_than_any_table_is_none() {
        for (columns, is_read) in [(COLUMNS_MAX, true), (COLUMNS_MAX + 1, false)] {
            let text = vec!["a"; columns].join(",");
            let files = Files([("a.csv".to_owned(), text.into_bytes())].into());
            let mut report = Report::default();
            let sheet = Sheet::read(&files, "a.csv", Need::Required, &mut report);
            assert_eq!(sheet.is_some(), is_read, "{columns}");
            let troubles: Vec<_> = report.finish().into_iter().map(|problem| problem.trouble).collect();
            assert_eq!(troubles, if is_read { vec![] } else { vec![Trouble::NoHeader] }, "{columns}");
        }
    }
}
