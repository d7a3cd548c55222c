//! The town's data as it is at one revision, as records and as rows, ready to be listed and searched.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use domain::garbage::waste::search_key;
use serde_json::Value;

use super::Cells;
use super::rows::{place_of, rows_of};
use super::settings::{self, SettingsPart};
use crate::ports::{Revision, TownChange, TownRecord};
use crate::town::data::TownData;
use crate::town::records::boundaries::summary;
use crate::town::records::from_records;
use crate::town::table::TownTable;
use crate::town::words;

/// The town's data at one revision.
#[derive(Debug)]
pub struct Snapshot {
    /// The revision.
    pub revision: Revision,
    /// All of it, as the rest of the program knows it.
    pub data: TownData,
    bodies: HashMap<(String, String), Value>,
    entries: BTreeMap<TownTable, Vec<Entry>>,
    places: HashMap<(TownTable, String), usize>,
}

/// One record as staff see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The record's id.
    pub id: String,
    /// What staff call it.
    pub label: String,
    /// Its rows: one, but for the calendar any number.
    pub rows: Vec<Cells>,
    /// Everything by which it is found, in one spelling.
    keys: String,
}

impl Entry {
    /// The texts of a column, those of several rows below each other.
    #[must_use]
    pub fn text(&self, table: TownTable, column: &str) -> String {
        text_of(table, &self.rows, column)
    }
}

/// What differs in one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Its table; `None` for what no table holds.
    pub table: Option<TownTable>,
    /// Its id.
    pub id: String,
    /// What staff call it.
    pub label: String,
    /// Whether it was there before.
    pub was: bool,
    /// Whether it is there after.
    pub is: bool,
    /// The columns that differ.
    pub fields: Vec<FieldChange>,
}

/// What differs in one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// The part of the town's settings to which the column belongs, if it does.
    pub part: Option<SettingsPart>,
    /// The column; empty where the record has no columns.
    pub column: &'static str,
    /// As it was; `None`: the record was not there.
    pub before: Option<String>,
    /// As it is; `None`: the record is no more.
    pub after: Option<String>,
}

impl Snapshot {
    /// The data of these records.
    #[must_use]
    pub fn new(revision: Revision, records: Vec<TownRecord>) -> Self {
        let data = from_records(records.clone()).data;
        let mut snapshot = Self {
            revision,
            data,
            bodies: records.into_iter().map(|record| ((record.kind, record.id), record.body)).collect(),
            entries: BTreeMap::new(),
            places: HashMap::new(),
        };
        for table in TownTable::ALL {
            let entries = snapshot.sorted(table);
            for (place, entry) in entries.iter().enumerate() {
                snapshot.places.insert((table, entry.id.clone()), place);
            }
            snapshot.entries.insert(table, entries);
        }
        snapshot
    }

    /// All entries of a table, in the order in which staff look for them.
    #[must_use]
    pub fn entries(&self, table: TownTable) -> &[Entry] {
        self.entries.get(&table).map(Vec::as_slice).unwrap_or_default()
    }

    /// The entry of an id.
    #[must_use]
    pub fn entry(&self, table: TownTable, id: &str) -> Option<&Entry> {
        let place = self.places.get(&(table, id.to_owned()))?;
        self.entries(table).get(*place)
    }

    /// The entries in whose name, reading, other words or id the query stands, in any spelling, and of which every given
    /// column has its given value.
    pub fn search<'a>(
        &'a self,
        table: TownTable,
        query: &str,
        columns: &'a [(&'a str, &'a str)],
    ) -> impl Iterator<Item = &'a Entry> {
        let key = search_key(query);
        let raw = query.trim().to_lowercase();
        let is_named = move |entry: &&Entry| {
            raw.is_empty() || (!key.is_empty() && entry.keys.contains(&key)) || entry.id.contains(&raw)
        };
        let has = move |entry: &Entry, (column, value): &(&str, &str)| {
            let at = table.columns().iter().position(|name| name == column);
            at.is_none_or(|at| entry.rows.iter().any(|row| row.get(at).is_some_and(|cell| cell == value)))
        };
        let fits = move |entry: &&Entry| columns.iter().all(|column| has(entry, column));
        self.entries(table).iter().filter(is_named).filter(fits)
    }

    /// What staff call a record of these rows.
    #[must_use]
    pub fn label(&self, table: TownTable, rows: &[Cells]) -> String {
        let text = |column| rows.first().map(|row| cell(table, row, column)).unwrap_or_default();
        match table {
            TownTable::Calendar => {
                words::calendar_label(self.area_name(text("area")), self.category_name(text("category")))
            }
            TownTable::Closures => words::closure_label(text("center"), text("from"), text("to")),
            TownTable::Changes => {
                let areas: Vec<&str> = text("areas").split_whitespace().map(|id| self.area_name(id)).collect();
                let categories: Vec<&str> =
                    text("categories").split_whitespace().map(|id| self.category_name(id)).collect();
                words::change_label(text("date"), &areas, &categories)
            }
            TownTable::WasteItems
            | TownTable::Districts
            | TownTable::Topics
            | TownTable::Dates
            | TownTable::ReportKinds
            | TownTable::ReportAnswers
            | TownTable::Categories
            | TownTable::Areas
            | TownTable::Departments => text("name").to_owned(),
            TownTable::ReportQuestions => text("question").to_owned(),
        }
    }

    fn area_name<'a>(&'a self, id: &'a str) -> &'a str {
        self.data.areas.iter().find(|area| area.id.as_str() == id).map_or(id, |area| &area.name)
    }

    fn category_name<'a>(&'a self, id: &'a str) -> &'a str {
        self.data.categories.iter().find(|category| category.id.as_str() == id).map_or(id, |category| &category.name.ja)
    }

    /// What a change makes different.
    #[must_use]
    pub fn difference(&self, change: &TownChange) -> Difference {
        let table = TownTable::of_kind(&change.kind);
        let rows = |body: &Option<Value>| rows_of(table?, body.as_ref()?);
        let (before, after) = (rows(&change.before), rows(&change.after));
        let label = match (table, after.as_ref().or(before.as_ref())) {
            (Some(table), Some(rows)) => self.label(table, rows),
            (Some(_) | None, _) => words::kind_label(&change.kind, &change.id),
        };
        let fields = if let Some(table) = table {
            field_changes(table, before.as_deref(), after.as_deref())
        } else if let Some(fields) = settings::field_changes(change) {
            fields
        } else {
            let pretty = |body: &Option<Value>| {
                let text = |body| summary(&change.kind, body).unwrap_or_else(|| format!("{body:#}"));
                body.as_ref().map(text)
            };
            vec![FieldChange { part: None, column: "", before: pretty(&change.before), after: pretty(&change.after) }]
        };
        let (was, is) = (change.before.is_some(), change.after.is_some());
        Difference { table, id: change.id.clone(), label, was, is, fields }
    }

    /// The body of a record.
    pub(super) fn body(&self, kind: &str, id: &str) -> Option<&Value> {
        self.bodies.get(&(kind.to_owned(), id.to_owned()))
    }

    /// The ids of all records of a kind.
    pub(super) fn ids(&self, kind: &str) -> impl Iterator<Item = &str> {
        self.bodies.keys().filter(move |(of, _)| of == kind).map(|(_, id)| id.as_str())
    }

    fn sorted(&self, table: TownTable) -> Vec<Entry> {
        let kind = table.kind().name();
        let records = self.bodies.iter().filter(|((of, _), _)| of == kind);
        let mut entries: Vec<_> = records
            .filter_map(|((_, id), body)| {
                let rows = rows_of(table, body)?;
                let keys = keys(table, &rows);
                let entry = Entry { id: id.clone(), label: self.label(table, &rows), rows, keys };
                Some((place_of(body), entry.text(table, "reading"), entry))
            })
            .collect();
        entries.sort_by(|(place, reading, entry), (other_place, other_reading, other)| {
            (place, reading, &entry.id).cmp(&(other_place, other_reading, &other.id))
        });
        if table == TownTable::Changes {
            // What is over is not looked for any more.
            entries.sort_by_cached_key(|(_, _, entry)| Reverse(entry.text(table, "date")));
        }
        entries.into_iter().map(|(_, _, entry)| entry).collect()
    }
}

/// The columns that differ between two states of a record, or all that say something where one of them is missing.
pub(super) fn field_changes(table: TownTable, before: Option<&[Cells]>, after: Option<&[Cells]>) -> Vec<FieldChange> {
    let side = |rows: Option<&[Cells]>, column| rows.map(|rows| text_of(table, rows, column));
    let change = |column: &&'static str| FieldChange {
        part: None,
        column,
        before: side(before, column),
        after: side(after, column),
    };
    let differs = |change: &FieldChange| {
        let (before, after) = (change.before.as_deref(), change.after.as_deref());
        before.unwrap_or_default() != after.unwrap_or_default()
    };
    table.columns().iter().map(change).filter(differs).collect()
}

/// The cell of a column.
pub(super) fn cell<'a>(table: TownTable, row: &'a [String], column: &str) -> &'a str {
    let at = table.columns().iter().position(|name| *name == column);
    at.and_then(|at| row.get(at)).map(String::as_str).unwrap_or_default()
}

fn text_of(table: TownTable, rows: &[Cells], column: &str) -> String {
    rows.iter().map(|row| cell(table, row, column)).collect::<Vec<_>>().join("\n")
}

fn keys(table: TownTable, rows: &[Cells]) -> String {
    let found_by = ["name", "reading", "aliases", "name_en", "center", "note", "date", "reason", "question"];
    let cells = rows.iter().flat_map(|row| found_by.map(|column| cell(table, row, column)));
    let words = cells.flat_map(|cell| cell.split('|')).filter(|word| !word.is_empty());
    words.map(search_key).collect::<Vec<_>>().join("\n")
}
