//! CSV files as spreadsheets read them: UTF-8 with a mark, CR LF, and where nobody reads the file in again, no cell a formula.

use std::borrow::Cow;

use csv::{QuoteStyle, Terminator, WriterBuilder};
use domain::time::in_japan;
use jiff::Timestamp;

use crate::error::{Error, Kind};

/// The mark by which Excel knows UTF-8.
pub const MARK: &str = "\u{feff}";

/// Rows with as few quotes as they need.
pub fn lines<Cell: AsRef<[u8]>>(
    rows: impl IntoIterator<Item = impl IntoIterator<Item = Cell>>,
) -> Result<Vec<u8>, Error> {
    write(QuoteStyle::Necessary, rows)
}

/// One row, every cell quoted and [`tame`].
pub fn row<Cell: AsRef<str>>(cells: &[Cell]) -> Result<Vec<u8>, Error> {
    write(QuoteStyle::Always, [cells.iter().map(|cell| tame(cell.as_ref()).into_owned())])
}

fn write<Cell: AsRef<[u8]>>(
    quotes: QuoteStyle,
    rows: impl IntoIterator<Item = impl IntoIterator<Item = Cell>>,
) -> Result<Vec<u8>, Error> {
    let failed = |error| Error::new(Kind::Permanent, "write a table as a file", error);
    let mut writer = WriterBuilder::new().quote_style(quotes).terminator(Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(|error| failed(error.into()))?;
    }
    writer.into_inner().map_err(|error| failed(error.into_error()))
}

/// A time in Japan as spreadsheets read it: `2026-01-31 09:05:00`.
#[must_use]
pub fn moment(at: Timestamp) -> String {
    let at = in_japan(at);
    format!("{} {:02}:{:02}:{:02}", at.date(), at.hour(), at.minute(), at.second())
}

/// The text with nothing in it that a spreadsheet would run (OWASP, "CSV Injection"); wide signs count in Japanese ones.
#[must_use]
pub fn tame(text: &str) -> Cow<'_, str> {
    let begins = |text: &str| text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n']);
    if begins(text) || begins(text.trim_start()) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// So many bytes does a text take on its way out of Lambda, which carries it within JSON: some signs take two there.
#[must_use]
pub fn weight(text: &[u8]) -> usize {
    text.len() + text.iter().filter(|byte| matches!(byte, b'"' | b'\\' | b'\r' | b'\n')).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for text in ["=1+1", "+81", "-1", "@SUM", "\t=1", "\r=1", " =1", "＝１", "\n=cmd|' /C calc'!A0"] {
            assert_eq!(tame(text), format!("'{text}"), "{text}");
        }
        for text in ["", "a=1", "環境課", "2026-11-21", "'=1"] {
            assert_eq!(tame(text), text);
        }
    }

    #[test]
    fn a_row_is_quoted_and_ends_as_on_windows() {
        let row = row(&["環境課", "a\"b", "=1\n2"]).unwrap();
        assert_eq!(String::from_utf8(row.clone()).unwrap(), "\"環境課\",\"a\"\"b\",\"'=1\n2\"\r\n");
        assert_eq!(weight(&row), row.len() + 8 + 3);
        assert_eq!(serde_json::to_string(std::str::from_utf8(&row).unwrap()).unwrap().len() - 2, weight(&row));
    }

    #[test]
    fn lines_have_the_quotes_that_they_need() {
        let lines = lines([["a", "b c", "d,e"], ["", "f\"g", "h"]]).unwrap();
        assert_eq!(String::from_utf8(lines).unwrap(), "a,b c,\"d,e\"\r\n,\"f\"\"g\",h\r\n");
    }
}
