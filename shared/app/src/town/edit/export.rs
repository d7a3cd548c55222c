//! A table as the file from which it can be imported again, safe to open in a spreadsheet.
//!
//! A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula. Such a cell is written with `'` before
//! it, by which a spreadsheet takes it for text, and so is one that already begins with `'` and such a sign; the reader of
//! files ([`crate::town::read()`]) takes one `'` away again. So every cell comes back as it was.

use super::Cells;
use super::snapshot::Snapshot;
use crate::error::{Error, Kind};
use crate::town::sheet::guarded;
use crate::town::table::TownTable;

/// The mark by which Excel knows UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// The table as a file.
pub fn export(snapshot: &Snapshot, table: TownTable) -> Result<Vec<u8>, Error> {
    let failed = |error| Error::new(Kind::Permanent, "write a table as a file", error);
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(MARK.to_vec());
    writer.write_record(table.columns()).map_err(|error| failed(error.into()))?;
    for row in snapshot.entries(table).iter().flat_map(|entry| &entry.rows) {
        let cells: Cells = row.iter().map(|cell| guarded(cell)).collect();
        writer.write_record(&cells).map_err(|error| failed(error.into()))?;
    }
    writer.into_inner().map_err(|error| failed(error.into_error()))
}
