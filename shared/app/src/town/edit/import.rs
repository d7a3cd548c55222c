//! A whole table as a file: what is wrong with it, what it would change, and that very change.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use domain::audit::Action;
use domain::ids::DepartmentId;
use domain::text::hex;
use sha2::{Digest, Sha256};

use super::check::{Checked, Numbered, check, key_of, mistake};
use super::decide::{Places, edit_of, put};
use super::links::{Broken, broken};
use super::snapshot::Snapshot;
use super::{Editor, Mistake};
use crate::error::{Error, Kind};
use crate::ports::{Counts, Revision, TownChange, TownEdit, counts};
use crate::town::files::{Files, Need};
use crate::town::problem::Report;
use crate::town::sheet::Sheet;
use crate::town::table::TownTable;

/// What becomes of records that the file does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// They stay.
    Keep,
    /// They are removed.
    Remove,
}

/// What a file would do.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// What is wrong with the file. With more than warnings nothing is changed.
    pub mistakes: Vec<Mistake>,
    /// So many rows were read.
    pub rows: usize,
    /// So many records are there that the file does not have.
    pub missing: usize,
    /// What would change.
    pub changes: Vec<TownChange>,
    /// The same, counted.
    pub counts: Counts,
    /// What these changes would leave without what it refers to.
    pub broken: Vec<Broken>,
    /// The changes that this person may not make.
    pub denied: Vec<TownChange>,
    /// Names these changes: who agrees to a preview agrees to exactly this.
    pub digest: String,
}

/// What became of an import.
#[derive(Debug, Clone, PartialEq)]
pub enum Imported {
    /// All of it is done.
    Done(Revision),
    /// There is nothing to change, any more.
    Already,
    /// Nothing was changed: the file would now do something else than what was agreed to, or cannot be taken.
    Moved(Box<Preview>),
}

impl Preview {
    /// Whether it can be taken, and does something.
    #[must_use]
    pub fn can_be_taken(&self) -> bool {
        let is_sound = self.mistakes.iter().all(Mistake::is_warning);
        is_sound && self.broken.is_empty() && self.denied.is_empty() && !self.changes.is_empty()
    }
}

/// What a file would do to a table.
pub(super) fn preview(
    snapshot: &Snapshot,
    staffed: &BTreeSet<DepartmentId>,
    editor: &Editor<'_>,
    table: TownTable,
    bytes: &[u8],
    missing: Missing,
) -> Result<Preview, Error> {
    let Read { rows, mut mistakes } = read(table, bytes);
    if mistakes.iter().any(|mistake| !mistake.is_warning()) {
        return nothing(mistakes, rows.len());
    }
    let count = rows.len();
    let ids: Vec<String> = rows.iter().filter_map(|row| key_of(table, &row.cells)).collect();
    let named: HashSet<String> = ids.iter().cloned().collect();
    let replaced: HashSet<String> = match missing {
        Missing::Keep => named.clone(),
        Missing::Remove => snapshot.entries(table).iter().map(|entry| entry.id.clone()).collect(),
    };
    let Checked { records, mistakes: found } = check(snapshot, table, rows, &replaced)?;
    mistakes.extend(found);
    if mistakes.iter().any(|mistake| !mistake.is_warning()) {
        return nothing(mistakes, count);
    }
    let others: Vec<&str> =
        snapshot.entries(table).iter().map(|entry| entry.id.as_str()).filter(|id| !named.contains(*id)).collect();
    // A file that has them all says their order, too.
    let stay = missing == Missing::Keep && !others.is_empty();
    let mut places = if stay { Places::of(snapshot, table) } else { Places::in_order(snapshot, table, &ids) };
    let mut changes: Vec<TownChange> = records.iter().filter_map(|record| put(snapshot, record, &mut places)).collect();
    if missing == Missing::Remove {
        let kind = table.kind().name();
        changes.extend(others.iter().map(|id| TownChange {
            kind: kind.to_owned(),
            id: (*id).to_owned(),
            before: snapshot.body(kind, id).cloned(),
            after: None,
        }));
    }
    let may = |change: &TownChange| {
        let owners = snapshot.owners(std::slice::from_ref(change));
        owners.iter().all(|owner| editor.may(owner))
    };
    Ok(Preview {
        rows: count,
        missing: others.len(),
        counts: counts(&changes).remove(table.kind().name()).unwrap_or_default(),
        broken: broken(snapshot, &changes, staffed),
        denied: changes.iter().filter(|change| !may(change)).cloned().collect(),
        digest: digest(&changes)?,
        mistakes,
        changes,
    })
}

/// What an import that was agreed to does.
pub(super) fn import(
    snapshot: &Snapshot,
    editor: &Editor<'_>,
    table: TownTable,
    preview: Preview,
    agreed: &str,
) -> Result<Result<TownEdit, Imported>, Error> {
    let is_sound = preview.mistakes.iter().all(Mistake::is_warning);
    if is_sound && preview.changes.is_empty() {
        return Ok(Err(Imported::Already));
    }
    if preview.digest != agreed || !preview.can_be_taken() {
        return Ok(Err(Imported::Moved(Box::new(preview))));
    }
    let mut edit = edit_of(snapshot, editor, preview.changes, Action::ImportTown)?;
    table.file().clone_into(&mut edit.act.subject);
    Ok(Ok(edit))
}

/// The rows of a file.
struct Read {
    rows: Vec<Numbered>,
    mistakes: Vec<Mistake>,
}

fn read(table: TownTable, bytes: &[u8]) -> Read {
    let file = table.file();
    let mut report = Report::default();
    let files = Files(BTreeMap::from([(file.to_owned(), bytes.to_vec())]));
    let sheet = Sheet::with_columns(&files, file, Need::Required, table.columns(), &mut report);
    let mut mistakes: Vec<_> = report.finish().iter().map(|problem| mistake(problem, &|_| None)).collect();
    let Some(sheet) = sheet else { return Read { rows: Vec::new(), mistakes } };
    let at = |column: &&str| sheet.header.iter().position(|name| name == column);
    let places: Vec<Option<usize>> = table.columns().iter().map(at).collect();
    let row = |line: crate::town::sheet::Line| {
        let cell = |at: &Option<usize>| at.and_then(|at| line.cells.get(at)).cloned().unwrap_or_default();
        Numbered { number: line.number, cells: places.iter().map(cell).collect() }
    };
    mistakes.sort_by_key(|mistake| mistake.line);
    Read { rows: sheet.rows.into_iter().map(row).collect(), mistakes }
}

fn nothing(mistakes: Vec<Mistake>, rows: usize) -> Result<Preview, Error> {
    Ok(Preview {
        mistakes,
        rows,
        missing: 0,
        changes: Vec::new(),
        counts: Counts::default(),
        broken: Vec::new(),
        denied: Vec::new(),
        digest: digest(&[])?,
    })
}

/// SHA-256 of the changes, in hex.
pub(super) fn digest(changes: &[TownChange]) -> Result<String, Error> {
    let text =
        serde_json::to_vec(changes).map_err(|error| Error::new(Kind::Permanent, "name what a file changes", error))?;
    Ok(hex(&Sha256::digest(text)))
}
