//! A table as the file from which it can be imported again, safe to open in a spreadsheet.
//!
//! A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula. Such a cell is written with `'` before
//! it, by which a spreadsheet takes it for text, and so is one that already begins with `'` and such a sign; the reader of
//! files ([`crate::town::read()`]) takes one `'` away again. So every cell comes back as it was.

use super::snapshot::Snapshot;
use crate::error::Error;
use crate::spreadsheet::{MARK, lines, weight};
use crate::town::sheet::{ROWS_MAX, guarded};
use crate::town::table::TownTable;

/// A file weighs at most this much: less than the console takes in one upload, and than Lambda gives in one answer.
const WEIGHT_MAX: usize = 4_000_000;

/// The table as files, each small enough to be imported again; one file, unless the table is very large.
pub fn export(snapshot: &Snapshot, table: TownTable) -> Result<Vec<Vec<u8>>, Error> {
    let head = lines([table.columns().iter().copied()])?;
    let begun = || (MARK.len() + weight(&head), 0, [MARK.as_bytes(), &head].concat());
    let (mut full, mut file) = (Vec::new(), begun());
    for entry in snapshot.entries(table) {
        // A record is not torn apart.
        let rows = lines(entry.rows.iter().map(|row| row.iter().map(|cell| guarded(cell))))?;
        if 0 < file.1 && (ROWS_MAX < file.1 + entry.rows.len() || WEIGHT_MAX < file.0 + weight(&rows)) {
            full.push(std::mem::replace(&mut file, begun()).2);
        }
        file.0 += weight(&rows);
        file.1 += entry.rows.len();
        file.2.extend(rows);
    }
    full.push(file.2);
    Ok(full)
}
