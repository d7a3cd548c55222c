//! Rows of a CSV file as spreadsheets read them: UTF-8 with a mark, CR LF, every cell quoted, and none a formula.

use std::borrow::Cow;

use crate::web::Failure;

/// The mark by which Excel knows UTF-8.
pub(crate) const MARK: &str = "\u{feff}";

/// One row. A cell that a spreadsheet would take for a formula begins with an apostrophe instead.
pub(crate) fn row<Cell: AsRef<str>>(cells: &[Cell]) -> Result<Vec<u8>, Failure> {
    let broken = |error| Failure::Broken(app::error::Error::new(app::error::Kind::Permanent, "write a row", error));
    let mut writer = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::Always)
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let cells = cells.iter().map(|cell| tame(cell.as_ref()));
    writer.write_record(cells.map(|cell| cell.as_bytes().to_vec())).map_err(|error| broken(error.to_string()))?;
    writer.into_inner().map_err(|error| broken(error.to_string()))
}

/// The text with nothing in it that a spreadsheet would run (OWASP, "CSV Injection"); wide signs count in Japanese ones.
fn tame(text: &str) -> Cow<'_, str> {
    let begins = |text: &str| text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n']);
    if begins(text) || begins(text.trim_start()) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// So many bytes does a row take on its way out of Lambda, which carries a text within JSON: some signs take two there.
pub(crate) fn weight(row: &[u8]) -> usize {
    row.len() + row.iter().filter(|byte| matches!(byte, b'"' | b'\\' | b'\r' | b'\n')).count()
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
}
