//! Decides what a change of one record, or its taking back, does to a snapshot of the data.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use domain::audit::{Act, Action, Actor};
use domain::ids::DepartmentId;
use serde_json::{Value, json};

use super::check::{Checked, Numbered, check, key_of};
use super::import::digest;
use super::links::broken;
use super::rights::Owner;
use super::rows::{joined, place_of, rows_of};
use super::snapshot::Snapshot;
use super::{Cells, Draft, Editor, Mistake, Saved, Undone, Warnings, names, settings};
use crate::error::{Error, Kind};
use crate::ports::{PastEdit, TownChange, TownEdit, TownRecord, counts};
use crate::town::problem::Severity;
use crate::town::records::boundaries::summary;
use crate::town::table::{TownTable, holds_several};
use crate::town::words;

/// What follows from what was asked: an edit to be written, or an answer at once.
pub(super) type Decision<A> = Result<Result<(String, TownEdit), A>, Error>;

/// What saving a draft does.
pub(super) fn save(
    snapshot: &Snapshot,
    staffed: &BTreeSet<DepartmentId>,
    editor: &Editor<'_>,
    draft: &Draft,
) -> Decision<Saved> {
    let table = draft.table;
    let mut rows: Vec<Cells> = draft.rows.iter().map(|row| trimmed(table, row)).collect();
    let old = draft.id.as_deref();
    if let Some(id) = old {
        if !may_touch(snapshot, editor, table, id) {
            return Ok(Err(Saved::Denied));
        }
        let now = snapshot.entry(table, id).map(|entry| entry.rows.clone());
        if now.as_ref() == Some(&rows) {
            return Ok(Err(Saved::Already { id: id.to_owned() }));
        }
        if now.as_ref() != Some(&draft.seen) {
            return Ok(Err(Saved::Conflict(now)));
        }
    } else if let Some(id) = twin(snapshot, table, &rows) {
        return Ok(Err(Saved::Already { id }));
    } else {
        names::propose(snapshot, table, &mut rows);
    }
    let Checked { records, mut mistakes } = read(snapshot, table, &rows, old)?;
    if old.is_none() {
        mistakes.extend(already_listed(snapshot, table, &rows));
    }
    let only_warnings = mistakes.iter().all(Mistake::is_warning);
    if !only_warnings || (!mistakes.is_empty() && draft.warnings == Warnings::Tell) {
        return Ok(Err(Saved::Wrong(mistakes)));
    }
    let [record] = &records[..] else {
        return Err(Error::new(Kind::Permanent, "read an edit", "it is sound, but no record"));
    };
    let changes = replace(snapshot, table, old, record);
    let id = record.id.clone();
    if changes.is_empty() {
        return Ok(Err(Saved::Already { id }));
    }
    finish(snapshot, staffed, editor, changes).map(|decided| decided.map(|edit| (id, edit)))
}

/// What removing a record does.
pub(super) fn remove(
    snapshot: &Snapshot,
    staffed: &BTreeSet<DepartmentId>,
    editor: &Editor<'_>,
    table: TownTable,
    id: &str,
    seen: &[Cells],
) -> Decision<Saved> {
    let Some(entry) = snapshot.entry(table, id) else { return Ok(Err(Saved::Already { id: id.to_owned() })) };
    if !may_touch(snapshot, editor, table, id) {
        return Ok(Err(Saved::Denied));
    }
    if entry.rows != seen {
        return Ok(Err(Saved::Conflict(Some(entry.rows.clone()))));
    }
    let kind = table.kind().name();
    let before = snapshot.body(kind, id).cloned();
    let changes = vec![TownChange { kind: kind.to_owned(), id: id.to_owned(), before, after: None }];
    finish(snapshot, staffed, editor, changes).map(|decided| decided.map(|edit| (id.to_owned(), edit)))
}

/// What taking an edit back does.
pub(super) fn undo(
    snapshot: &Snapshot,
    staffed: &BTreeSet<DepartmentId>,
    editor: &Editor<'_>,
    past: &PastEdit,
    changes: Vec<TownChange>,
) -> Decision<Undone> {
    // Before anything is said of how things stand: that is not for everybody to try.
    if !snapshot.owners(&changes).iter().all(|owner| editor.may(owner)) {
        return Ok(Err(Undone::Denied));
    }
    let now = |change: &TownChange| snapshot.body(&change.kind, &change.id);
    if changes.iter().all(|change| now(change) == change.before.as_ref()) {
        return Ok(Err(Undone::Already));
    }
    let since = |change: &TownChange| {
        (now(change) != change.after.as_ref()).then(|| TownChange {
            before: change.after.clone(),
            after: now(change).cloned(),
            ..change.clone()
        })
    };
    let changed_since: Vec<_> = changes.iter().filter_map(since).collect();
    if !changed_since.is_empty() {
        return Ok(Err(Undone::Conflict(changed_since)));
    }
    let changes: Vec<_> = changes.into_iter().map(TownChange::inverse).collect();
    let broken = broken(snapshot, &changes, staffed);
    if !broken.is_empty() {
        return Ok(Err(Undone::Held(broken)));
    }
    let mut edit = edit_of(snapshot, editor, changes, Action::UndoTown)?;
    edit.undoes = Some(past.revision);
    edit.act.subject = format!("revision/{}", past.revision.0);
    edit.label.clone_from(&past.label);
    Ok(Ok((String::new(), edit)))
}

/// Whether this editor may change a record as it stands.
fn may_touch(snapshot: &Snapshot, editor: &Editor<'_>, table: TownTable, id: &str) -> bool {
    let kind = table.kind().name();
    let body = snapshot.body(kind, id).cloned();
    let itself = TownChange { kind: kind.to_owned(), id: id.to_owned(), before: body.clone(), after: body };
    snapshot.owners(&[itself]).iter().all(|owner| editor.may(owner))
}

/// An edit of changes that are sound by themselves, if these may be made by this editor and break nothing.
fn finish(
    snapshot: &Snapshot,
    staffed: &BTreeSet<DepartmentId>,
    editor: &Editor<'_>,
    changes: Vec<TownChange>,
) -> Result<Result<TownEdit, Saved>, Error> {
    if !snapshot.owners(&changes).iter().all(|owner| editor.may(owner)) {
        return Ok(Err(Saved::Denied));
    }
    let broken = broken(snapshot, &changes, staffed);
    if !broken.is_empty() {
        return Ok(Err(Saved::Held(broken)));
    }
    edit_of(snapshot, editor, changes, Action::EditTown).map(Ok)
}

/// The edit of these changes with what is written about it.
pub(super) fn edit_of(
    snapshot: &Snapshot,
    editor: &Editor<'_>,
    changes: Vec<TownChange>,
    action: Action,
) -> Result<TownEdit, Error> {
    let invalid = |error| Error::new(Kind::Permanent, "describe an edit", error);
    let mut owners = snapshot.owners(&changes).into_iter();
    let department = match (owners.next(), owners.next()) {
        (Some(Owner::Department(department)), None) => Some(department),
        _ => None,
    };
    let (subject, label, before, after) = if let Some((old, new)) = one_record(&changes) {
        let side = |change: &TownChange, body: &Option<Value>| {
            body.as_ref().map(|body| described(&change.kind, body)).unwrap_or_default()
        };
        let subject = format!("{}/{}", new.kind, new.id);
        (subject, snapshot.difference(new).label, side(old, &old.before), side(new, &new.after))
    } else {
        // Too much for the log; the digest proves later what it was, as long as the history holds it.
        let mut counts = serde_json::to_value(counts(&changes)).map_err(invalid)?;
        if let Value::Object(counts) = &mut counts {
            counts.insert("sha256".to_owned(), json!(digest(&changes)?));
        }
        (String::new(), String::new(), String::new(), counts.to_string())
    };
    let actor = Actor::Staff(editor.staff.clone());
    let act = Act { at: editor.now, actor, action, subject, department, before, after };
    Ok(TownEdit { changes, act, label, undoes: None })
}

/// The change that says how one record was, and the one that says how it is. A closure of other days is two changes: the
/// old one is removed, and a new one added.
fn one_record(changes: &[TownChange]) -> Option<(&TownChange, &TownChange)> {
    match changes {
        [one] => Some((one, one)),
        [a, b] if a.kind == b.kind && TownTable::of_kind(&a.kind) == Some(TownTable::Closures) => {
            match (&a.before, &a.after, &b.before, &b.after) {
                (Some(_), None, None, Some(_)) => Some((a, b)),
                (None, Some(_), Some(_), None) => Some((b, a)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// A record as JSON that people can read: texts by column.
fn described(kind: &str, body: &Value) -> String {
    if let Some(settings) = settings::described(kind, body) {
        return settings;
    }
    if let Some(summary) = summary(kind, body) {
        return Value::Object([(kind.to_owned(), Value::String(summary))].into_iter().collect()).to_string();
    }
    let table = TownTable::of_kind(kind);
    let Some((table, rows)) = table.and_then(|table| Some((table, rows_of(table, body)?))) else {
        return body.to_string();
    };
    let row = |row: &Cells| -> Value {
        table.columns().iter().zip(row).map(|(column, cell)| ((*column).to_owned(), json!(cell))).collect()
    };
    match &rows[..] {
        [only] => row(only).to_string(),
        several => Value::Array(several.iter().map(row).collect()).to_string(),
    }
}

/// Cells without spaces around them and with plain line ends, as a file's are; as many as the table has columns. Where a
/// cell holds several ids, they stand in the order in which they are stored.
pub(super) fn trimmed(table: TownTable, row: &[String]) -> Cells {
    let cell = |(at, column): (usize, &&str)| {
        let text = row.get(at).map(|cell: &String| cell.trim().replace("\r\n", "\n")).unwrap_or_default();
        if holds_several(column) { joined(text.split_whitespace().collect::<BTreeSet<_>>()) } else { text }
    };
    table.columns().iter().enumerate().map(cell).collect()
}

/// A record with the very same rows but for its id, which was not typed: a form that was sent twice.
fn twin(snapshot: &Snapshot, table: TownTable, rows: &[Cells]) -> Option<String> {
    let id_at = table.columns().iter().position(|column| *column == "id");
    let [row] = rows else {
        return snapshot.entries(table).iter().find(|entry| entry.rows == rows).map(|entry| entry.id.clone());
    };
    let same = |known: &Cells| {
        let pairs = known.iter().zip(row).enumerate();
        pairs.into_iter().all(|(at, (known, typed))| known == typed || (Some(at) == id_at && typed.is_empty()))
    };
    snapshot
        .entries(table)
        .iter()
        .find(|entry| entry.rows.iter().any(same) && entry.rows.len() == 1)
        .map(|entry| entry.id.clone())
}

/// The lines of the calendar may be many, but the records of an area and a category are one: it is changed, not added.
fn already_listed(snapshot: &Snapshot, table: TownTable, rows: &[Cells]) -> Option<Mistake> {
    if table != TownTable::Calendar {
        return None;
    }
    let entry = snapshot.entry(table, &key_of(table, rows.first()?)?)?;
    Some(Mistake {
        line: 1,
        column: Some("category".to_owned()),
        severity: Severity::Error,
        sentence: words::already_listed(&entry.label),
    })
}

fn read(snapshot: &Snapshot, table: TownTable, rows: &[Cells], old: Option<&str>) -> Result<Checked, Error> {
    let numbered = (1..).zip(rows).map(|(number, cells)| Numbered { number, cells: cells.clone() });
    let replaced: HashSet<String> = old.into_iter().map(str::to_owned).collect();
    check(snapshot, table, numbered.collect(), &replaced)
}

/// The changes that put a record in the place of `old`.
fn replace(snapshot: &Snapshot, table: TownTable, old: Option<&str>, record: &TownRecord) -> Vec<TownChange> {
    let kind = table.kind().name();
    let mut changes = Vec::new();
    if let Some(old) = old.filter(|old| *old != record.id) {
        let before = snapshot.body(kind, old).cloned();
        changes.push(TownChange { kind: kind.to_owned(), id: old.to_owned(), before, after: None });
    }
    changes.extend(put(snapshot, record, &mut Places::of(snapshot, table)));
    changes
}

/// The change that makes a record so, if it is not.
pub(super) fn put(snapshot: &Snapshot, record: &TownRecord, places: &mut Places) -> Option<TownChange> {
    let before = snapshot.body(&record.kind, &record.id).cloned();
    let mut after = record.body.clone();
    places.give(&record.id, &mut after);
    let is_other = before.as_ref() != Some(&after);
    is_other.then(|| TownChange { kind: record.kind.clone(), id: record.id.clone(), before, after: Some(after) })
}

/// The places of records whose order matters: who has one keeps it, who is new stands at the end. Nobody else moves, so
/// that two people who each add one do not meet.
pub(super) struct Places {
    known: BTreeMap<String, u64>,
    next: u64,
}

impl Places {
    pub(super) fn of(snapshot: &Snapshot, table: TownTable) -> Self {
        let kind = table.kind().name();
        let place = |id: &str| Some((id.to_owned(), place_of(snapshot.body(kind, id)?)?));
        let known: BTreeMap<String, u64> = snapshot.ids(kind).filter_map(place).collect();
        let next = known.values().max().map_or(0, |last| last + 1);
        Self { known, next }
    }

    /// The places in this order of all ids: as they are where they stand so already, whatever gaps there are, else anew.
    pub(super) fn in_order(snapshot: &Snapshot, table: TownTable, ids: &[String]) -> Self {
        let as_is = Self::of(snapshot, table);
        let place = |id: &String| as_is.known.get(id).copied().unwrap_or(u64::MAX);
        if ids.is_sorted_by_key(place) {
            return as_is;
        }
        let known: BTreeMap<String, u64> = (0..).zip(ids).map(|(place, id)| (id.clone(), place)).collect();
        let next = u64::try_from(known.len()).unwrap_or(u64::MAX);
        Self { known, next }
    }

    fn give(&mut self, id: &str, body: &mut Value) {
        let Some(place) = body.get_mut("place") else { return };
        let mine = *self.known.entry(id.to_owned()).or_insert_with(|| {
            self.next += 1;
            self.next - 1
        });
        *place = json!(mine);
    }
}
