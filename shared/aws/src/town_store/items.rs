//! The items of the town's data and their keys.

use std::collections::{BTreeMap, BTreeSet};

use app::error::{Error, Kind};
use app::ports::{Counts, PastEdit, Revision, TownChange, TownEdit, TownRecord, counts};
use domain::audit::Act;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::table::{Entity, Item, Key, decode};

/// The partition of the past edits.
pub(super) const HISTORY: &str = "TOWN-HISTORY";

pub(super) fn revision_key() -> Key {
    Key::new("TOWN", "REVISION")
}

pub(super) fn partition(kind: &str) -> String {
    format!("TOWN#{kind}")
}

pub(super) fn record_key(kind: &str, id: &str) -> Key {
    Key::new(partition(kind), id)
}

/// Twelve digits, so that the order of the keys is that of the edits.
pub(super) fn history_key(revision: Revision) -> Key {
    Key::new(HISTORY, format!("{:012}", revision.0))
}

pub(super) fn revision_of(doing: &'static str, item: &Item) -> Result<Revision, Error> {
    let revision = Key::of(item).and_then(|key| key.sk.parse().ok());
    revision.map(Revision).ok_or_else(|| Error::new(Kind::Permanent, doing, "a past edit without its revision"))
}

pub(super) fn record(kind: &str, item: Item) -> Result<TownRecord, Error> {
    const READING: &str = super::READING;
    let wrong = |what: &'static str| Error::new(Kind::Permanent, READING, what);
    let id = Key::of(&item).ok_or_else(|| wrong("a record without a key"))?.sk;
    let stored: RecordItem =
        decode(READING, Some(item), Timestamp::MIN)?.ok_or_else(|| wrong("a record that has expired"))?;
    let body = from_json(READING, &stored.body)?;
    Ok(TownRecord { kind: kind.to_owned(), id, body })
}

/// How much an edit would take in its history item.
pub(super) fn bytes(doing: &'static str, edit: &TownEdit) -> Result<usize, Error> {
    Ok(to_json(doing, &edit.changes)?.len())
}

pub(super) fn to_json<T: Serialize + ?Sized>(doing: &'static str, value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::new(Kind::Permanent, doing, error))
}

pub(super) fn from_json<T: serde::de::DeserializeOwned>(doing: &'static str, text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| Error::new(Kind::Permanent, doing, error))
}

/// One record. Its body is the JSON text itself: what was loaded, to the letter, and quick to read thousands of.
#[derive(Serialize, Deserialize)]
pub(super) struct RecordItem {
    body: String,
}

impl RecordItem {
    pub(super) fn of(body: &serde_json::Value) -> Self {
        Self { body: body.to_string() }
    }
}

impl Entity for RecordItem {
    const KIND: &'static str = "town-record";
    const V: u64 = 1;
}

/// How many edits there were, when the latest was made, of which kinds there are records, and which large edit is under way.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct RevisionItem {
    #[serde(default)]
    pub(super) revision: u64,
    /// In epoch seconds.
    #[serde(default)]
    pub(super) revised: i64,
    #[serde(default)]
    pub(super) kinds: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) pending: Option<Pending>,
}

impl Entity for RevisionItem {
    const KIND: &'static str = "town-revision";
    const V: u64 = 1;
}

/// A large edit that is seen, but not in all its records yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pending {
    /// Where its changes stand.
    pub(super) journal: String,
    /// Until when somebody holds it, in epoch seconds.
    pub(super) until: i64,
}

/// A past edit. Texts of JSON, as the table never looks into them.
#[derive(Serialize, Deserialize)]
pub(super) struct HistoryItem {
    act: String,
    label: String,
    counts: BTreeMap<String, Counts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    undoes: Option<u64>,
    /// The changes of a small edit.
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<String>,
    /// Where those of a large one stand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) journal: Option<String>,
    expires: i64,
}

impl Entity for HistoryItem {
    const KIND: &'static str = "town-edit";
    const V: u64 = 1;
}

impl HistoryItem {
    pub(super) fn of(
        doing: &'static str,
        edit: &TownEdit,
        journal: Option<String>,
        expires: i64,
    ) -> Result<Self, Error> {
        let act = Act { before: String::new(), after: String::new(), ..edit.act.clone() };
        let changes = if journal.is_none() { Some(to_json(doing, &edit.changes)?) } else { None };
        Ok(Self {
            act: to_json(doing, &act)?,
            label: edit.label.clone(),
            counts: counts(&edit.changes),
            undoes: edit.undoes.map(|undoes| undoes.0),
            changes,
            journal,
            expires,
        })
    }

    pub(super) fn into_past(
        self,
        doing: &'static str,
        revision: Revision,
    ) -> Result<(PastEdit, Vec<TownChange>), Error> {
        let changes = self.changes.map(|changes| from_json(doing, &changes)).transpose()?.unwrap_or_default();
        let past = PastEdit {
            revision,
            act: from_json(doing, &self.act)?,
            label: self.label,
            counts: self.counts,
            undoes: self.undoes.map(Revision),
        };
        Ok((past, changes))
    }
}
