//! Town data as records, the form in which it is stored, and the difference between two loads.

pub(super) mod boundaries;

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::garbage::calendar::Entry;
use domain::ids::{AreaId, CategoryId};
use domain::report::boundary::Boundaries;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::data::{CalendarLine, Scope, TownData};
use crate::ports::{TownChange, TownRecord};

/// The kinds of records, each after those to which it refers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordKind {
    /// The town itself.
    Profile,
    /// Departments.
    Department,
    /// Collection areas.
    Area,
    /// Districts.
    District,
    /// Topics.
    Topic,
    /// The dates that residents are asked for.
    DateKind,
    /// Garbage categories.
    Category,
    /// Collection days, one record per area and category.
    Calendar,
    /// Closures of treatment centres.
    Closure,
    /// Collections that fall out or move once.
    Change,
    /// Waste items.
    WasteItem,
    /// What residents can report.
    ReportKind,
    /// What is asked about a kind of report.
    ReportQuestion,
    /// What staff often answer to reports.
    ReportAnswer,
    /// How far the town and its districts go, packed and cut into parts.
    Boundary,
    /// Tabs of the rich menu.
    RichMenu,
}

impl RecordKind {
    /// Every kind, each after those to which it refers.
    pub const ALL: [Self; 16] = [
        Self::Profile,
        Self::Department,
        Self::Area,
        Self::District,
        Self::Topic,
        Self::DateKind,
        Self::Category,
        Self::Calendar,
        Self::Closure,
        Self::Change,
        Self::WasteItem,
        Self::ReportKind,
        Self::ReportQuestion,
        Self::ReportAnswer,
        Self::Boundary,
        Self::RichMenu,
    ];

    /// Its name in the store.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::Department => "department",
            Self::Area => "area",
            Self::District => "district",
            Self::Topic => "topic",
            Self::DateKind => "date-kind",
            Self::Category => "category",
            Self::Calendar => "calendar",
            Self::Closure => "closure",
            Self::Change => "change",
            Self::WasteItem => "waste-item",
            Self::ReportKind => "report-kind",
            Self::ReportQuestion => "report-question",
            Self::ReportAnswer => "report-answer",
            Self::Boundary => "boundary",
            Self::RichMenu => "rich-menu",
        }
    }

    /// The kind of a name; `None` for one that another version of ours wrote.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    fn is_within(self, scope: Scope) -> bool {
        match (scope, self) {
            (Scope::Everything, _)
            | (
                Scope::Garbage,
                Self::Area | Self::District | Self::Category | Self::Calendar | Self::Closure | Self::WasteItem,
            ) => true,
            // The widespread format knows of no changes: what it leaves unsaid is not undone.
            (
                Scope::Garbage,
                Self::Profile
                | Self::Department
                | Self::Topic
                | Self::DateKind
                | Self::Change
                | Self::ReportKind
                | Self::ReportQuestion
                | Self::ReportAnswer
                | Self::Boundary
                | Self::RichMenu,
            ) => false,
        }
    }
}

const PROFILE_ID: &str = "profile";

/// A record whose place among its kind matters.
#[derive(Serialize, Deserialize)]
struct Placed<T> {
    place: usize,
    #[serde(flatten)]
    value: T,
}

/// The lines of one category in one area.
#[derive(Serialize, Deserialize)]
pub(super) struct CalendarRecord {
    pub(super) area: AreaId,
    pub(super) category: CategoryId,
    pub(super) lines: Vec<Entry>,
}

/// The records of a town's data.
pub fn to_records(data: &TownData) -> Result<Vec<TownRecord>, serde_json::Error> {
    let mut records = Vec::new();
    let mut add = |kind: RecordKind, id: &str, body: serde_json::Value| {
        records.push(TownRecord { kind: kind.name().to_owned(), id: id.to_owned(), body });
    };
    if let Some(profile) = &data.profile {
        add(RecordKind::Profile, PROFILE_ID, serde_json::to_value(profile)?);
    }
    for department in &data.departments {
        add(RecordKind::Department, department.id.as_str(), serde_json::to_value(department)?);
    }
    for area in &data.areas {
        add(RecordKind::Area, area.id.as_str(), serde_json::to_value(area)?);
    }
    for district in &data.districts {
        add(RecordKind::District, district.id.as_str(), serde_json::to_value(district)?);
    }
    for (place, value) in data.topics.iter().enumerate() {
        add(RecordKind::Topic, value.id.as_str(), serde_json::to_value(Placed { place, value })?);
    }
    for (place, value) in data.dates.iter().enumerate() {
        add(RecordKind::DateKind, value.id.as_str(), serde_json::to_value(Placed { place, value })?);
    }
    for (place, value) in data.categories.iter().enumerate() {
        add(RecordKind::Category, value.id.as_str(), serde_json::to_value(Placed { place, value })?);
    }
    let mut calendar: BTreeMap<_, Vec<Entry>> = BTreeMap::new();
    for line in &data.calendar {
        calendar.entry((&line.area, &line.category)).or_default().push(line.entry.clone());
    }
    for ((area, category), lines) in calendar {
        let record = CalendarRecord { area: area.clone(), category: category.clone(), lines };
        add(RecordKind::Calendar, &format!("{area}/{category}"), serde_json::to_value(record)?);
    }
    for closure in &data.closures {
        let id = format!("{}/{}", closure.center, closure.closure.days);
        add(RecordKind::Closure, &id, serde_json::to_value(closure)?);
    }
    for change in &data.changes {
        add(RecordKind::Change, change.id.as_str(), serde_json::to_value(change)?);
    }
    for item in &data.waste_items {
        add(RecordKind::WasteItem, item.id.as_str(), serde_json::to_value(item)?);
    }
    for (place, value) in data.report_kinds.iter().enumerate() {
        add(RecordKind::ReportKind, value.id.as_str(), serde_json::to_value(Placed { place, value })?);
    }
    for (place, value) in data.report_questions.iter().enumerate() {
        add(RecordKind::ReportQuestion, value.question.id.as_str(), serde_json::to_value(Placed { place, value })?);
    }
    for (place, value) in data.report_answers.iter().enumerate() {
        add(RecordKind::ReportAnswer, value.id.as_str(), serde_json::to_value(Placed { place, value })?);
    }
    for (id, part) in boundaries::parts(&data.boundaries)? {
        add(RecordKind::Boundary, &id, serde_json::to_value(part)?);
    }
    for (place, value) in data.menu.iter().enumerate() {
        add(RecordKind::RichMenu, &value.alias, serde_json::to_value(Placed { place, value })?);
    }
    Ok(records)
}

/// What records gave.
#[derive(Debug, Clone, Default)]
pub struct Stored {
    /// The data.
    pub data: TownData,
    /// Kind and id of records that could not be read; the rest does not suffer for them.
    pub odd: Vec<(String, String)>,
}

/// The data of a town's records, in whatever order they come. Kinds that this version does not know are passed over.
#[must_use]
pub fn from_records(records: Vec<TownRecord>) -> Stored {
    let mut by_kind: HashMap<RecordKind, Vec<TownRecord>> = HashMap::new();
    for record in records {
        if let Some(kind) = RecordKind::of(&record.kind) {
            by_kind.entry(kind).or_default().push(record);
        }
    }
    let mut bodies = Bodies { by_kind, odd: Vec::new() };
    let data = TownData {
        profile: bodies.read(RecordKind::Profile).pop(),
        departments: bodies.read(RecordKind::Department),
        areas: bodies.read(RecordKind::Area),
        districts: bodies.read(RecordKind::District),
        topics: bodies.placed(RecordKind::Topic),
        dates: bodies.placed(RecordKind::DateKind),
        categories: bodies.placed(RecordKind::Category),
        calendar: bodies.read(RecordKind::Calendar).into_iter().flat_map(calendar_lines).collect(),
        closures: bodies.read(RecordKind::Closure),
        changes: bodies.read(RecordKind::Change),
        waste_items: bodies.read(RecordKind::WasteItem),
        report_kinds: bodies.placed(RecordKind::ReportKind),
        report_questions: bodies.placed(RecordKind::ReportQuestion),
        report_answers: bodies.placed(RecordKind::ReportAnswer),
        boundaries: bodies.boundaries(),
        menu: bodies.placed(RecordKind::RichMenu),
        scope: Scope::Everything,
    };
    Stored { data, odd: bodies.odd }
}

fn calendar_lines(record: CalendarRecord) -> impl Iterator<Item = CalendarLine> {
    let CalendarRecord { area, category, lines } = record;
    lines.into_iter().map(move |entry| CalendarLine { area: area.clone(), category: category.clone(), entry })
}

/// Records by kind, being read.
struct Bodies {
    by_kind: HashMap<RecordKind, Vec<TownRecord>>,
    odd: Vec<(String, String)>,
}

impl Bodies {
    /// Takes what is of a kind, by id.
    fn read<T: DeserializeOwned>(&mut self, kind: RecordKind) -> Vec<T> {
        let mut records = self.by_kind.remove(&kind).unwrap_or_default();
        records.sort_by(|a, b| a.id.cmp(&b.id));
        let mut values = Vec::with_capacity(records.len());
        for record in records {
            match serde_json::from_value(record.body) {
                Ok(value) => values.push(value),
                Err(_) => self.odd.push((record.kind, record.id)),
            }
        }
        values
    }

    /// Takes the parts of the boundaries, in order.
    fn boundaries(&mut self) -> Boundaries {
        let boundaries = boundaries::whole(&self.read(RecordKind::Boundary));
        boundaries.unwrap_or_else(|| {
            self.odd.push((RecordKind::Boundary.name().to_owned(), String::new()));
            Boundaries::default()
        })
    }

    /// Takes what is of a kind, by place.
    fn placed<T: DeserializeOwned>(&mut self, kind: RecordKind) -> Vec<T> {
        let mut placed: Vec<Placed<T>> = self.read(kind);
        placed.sort_by_key(|placed| placed.place);
        placed.into_iter().map(|placed| placed.value).collect()
    }
}

/// The changes that make `old` into `new`, as far as `scope` goes. A town never loses its profile.
#[must_use]
pub fn diff(old: &[TownRecord], new: &[TownRecord], scope: Scope) -> Vec<TownChange> {
    let stored: HashMap<_, _> = old.iter().map(|record| (key(record), &record.body)).collect();
    let wanted: HashSet<_> = new.iter().map(key).collect();
    let is_within = |record: &TownRecord| RecordKind::of(&record.kind).is_some_and(|kind| kind.is_within(scope));

    let puts = new.iter().filter(|record| is_within(record)).filter_map(|record| {
        let before = stored.get(&key(record)).copied();
        (before != Some(&record.body)).then(|| change(record, before.cloned(), Some(record.body.clone())))
    });
    let removals = old.iter().filter(|record| {
        is_within(record) && !wanted.contains(&key(record)) && record.kind != RecordKind::Profile.name()
    });
    puts.chain(removals.map(|record| change(record, Some(record.body.clone()), None))).collect()
}

fn change(record: &TownRecord, before: Option<serde_json::Value>, after: Option<serde_json::Value>) -> TownChange {
    TownChange { kind: record.kind.clone(), id: record.id.clone(), before, after }
}

fn key(record: &TownRecord) -> (&str, &str) {
    (&record.kind, &record.id)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn record(kind: &str, id: &str, body: serde_json::Value) -> TownRecord {
        TownRecord { kind: kind.to_owned(), id: id.to_owned(), body }
    }

    fn names(changes: &[TownChange]) -> Vec<String> {
        let name = |change: &TownChange| {
            let sign = if change.after.is_some() { '+' } else { '-' };
            format!("{sign}{}/{}", change.kind, change.id)
        };
        changes.iter().map(name).collect()
    }

    #[test]
    fn what_differs_is_changed_and_nothing_else() {
        let old = [
            record("area", "old", json!({})),
            record("district", "old", json!({})),
            record("topic", "same", json!({"place": 0})),
            record("profile", "profile", json!({})),
            record("from-a-later-version", "x", json!({})),
        ];
        let new = [
            record("waste-item", "new", json!({})),
            record("topic", "same", json!({"place": 0})),
            record("district", "new", json!({})),
            record("area", "new", json!({})),
        ];
        let changes = diff(&old, &new, Scope::Everything);
        assert_eq!(names(&changes), ["+waste-item/new", "+district/new", "+area/new", "-area/old", "-district/old"]);
        assert_eq!(names(&diff(&new, &new, Scope::Everything)), [""; 0]);
    }

    #[test]
    fn what_is_outside_the_scope_is_left_alone() {
        let old = [record("topic", "a", json!({})), record("area", "b", json!({}))];
        assert_eq!(names(&diff(&old, &[], Scope::Garbage)), ["-area/b"]);
        assert_eq!(names(&diff(&[], &old, Scope::Garbage)), ["+area/b"]);
        // A 5374 folder says nothing of them, and a snow day in force is not undone by loading one.
        let unsaid = [record("change", "snow", json!({})), record("date-kind", "dog", json!({}))];
        assert_eq!(names(&diff(&unsaid, &[], Scope::Garbage)), [""; 0]);
    }

    #[test]
    fn a_record_that_cannot_be_read_is_named_and_the_rest_is_served() {
        let records = vec![
            record("department", "good", json!({"id": "good", "name": "環境課", "phone": ""})),
            record("department", "bad", json!({"id": "Bad Id"})),
            record("from-a-later-version", "x", json!(1)),
        ];
        let stored = from_records(records);
        assert_eq!(stored.data.departments.len(), 1);
        assert_eq!(stored.odd, [("department".to_owned(), "bad".to_owned())]);
    }
}
