//! What refers to what: nothing is removed to which something else refers, and nothing comes back that would refer to nothing.

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::ids::DepartmentId;

use super::Cells;
use super::rows::rows_of;
use super::snapshot::{Entry, Snapshot, cell};
use crate::ports::TownChange;
use crate::town::records::RecordKind;
use crate::town::table::{TownTable, holds_several};

/// What would refer to something that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// A record.
    Record {
        /// Its table.
        table: TownTable,
        /// What staff call it.
        label: String,
        /// The column that refers.
        column: &'static str,
        /// What it refers to.
        missing: String,
    },
    /// The roles of people in a department.
    Staff {
        /// What staff call the department.
        department: String,
    },
}

/// Something to which a record refers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Target {
    kind: Targets,
    name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Targets {
    Record(RecordKind),
    /// A treatment centre, which is no record: areas name it.
    Center,
}

/// The columns of a table that refer to something.
fn references(table: TownTable) -> &'static [(&'static str, Targets)] {
    const AREA: Targets = Targets::Record(RecordKind::Area);
    const CATEGORY: Targets = Targets::Record(RecordKind::Category);
    const DEPARTMENT: Targets = Targets::Record(RecordKind::Department);
    const REPORT_KIND: Targets = Targets::Record(RecordKind::ReportKind);
    match table {
        TownTable::WasteItems => &[("category", CATEGORY)],
        TownTable::Calendar => &[("area", AREA), ("category", CATEGORY)],
        TownTable::Changes => &[("areas", AREA), ("categories", CATEGORY)],
        TownTable::Districts => &[("area", AREA)],
        TownTable::Topics | TownTable::Categories | TownTable::ReportKinds => &[("department", DEPARTMENT)],
        TownTable::ReportQuestions | TownTable::ReportAnswers => &[("kind", REPORT_KIND)],
        TownTable::Closures => &[("center", Targets::Center)],
        TownTable::Dates | TownTable::Areas | TownTable::Departments => &[],
    }
}

fn targets(table: TownTable, rows: &[Cells]) -> impl Iterator<Item = (&'static str, Target)> {
    rows.iter().flat_map(move |row| {
        references(table).iter().flat_map(move |(column, kind)| {
            let target = move |name: &str| (*column, Target { kind: *kind, name: name.to_owned() });
            let cell = cell(table, row, column);
            let names: Vec<&str> = if holds_several(column) { cell.split_whitespace().collect() } else { vec![cell] };
            names.into_iter().filter(|name| !name.is_empty()).map(target)
        })
    })
}

/// What would refer to nothing after these changes and does not now. `staffed`: the departments in which people have roles.
pub(super) fn broken(snapshot: &Snapshot, changes: &[TownChange], staffed: &BTreeSet<DepartmentId>) -> Vec<Broken> {
    let department = TownTable::Departments;
    let is_staffed = |change: &&TownChange| {
        let is_removed = change.kind == department.kind().name() && change.after.is_none();
        is_removed && staffed.iter().any(|staffed| staffed.as_str() == change.id)
    };
    let roles = changes.iter().filter(is_staffed).map(|change| {
        let rows = change.before.as_ref().and_then(|body| rows_of(department, body)).unwrap_or_default();
        Broken::Staff { department: snapshot.label(department, &rows) }
    });
    roles.chain(records(snapshot, changes)).collect()
}

/// The records that would refer to nothing.
fn records(snapshot: &Snapshot, changes: &[TownChange]) -> Vec<Broken> {
    let present = Targetable::now(snapshot);
    let then = present.after(changes);
    let touched: HashSet<(&str, &str)> = changes.iter().map(|change| (&*change.kind, &*change.id)).collect();
    let mut broken = Vec::new();
    for change in changes {
        let Some(table) = TownTable::of_kind(&change.kind) else { continue };
        let rows = |body: &Option<_>| body.as_ref().and_then(|body| rows_of(table, body)).unwrap_or_default();
        let (before, after) = (rows(&change.before), rows(&change.after));
        let was: HashSet<Target> = targets(table, &before).map(|(_, target)| target).collect();
        let label = snapshot.label(table, &after);
        let missing = targets(table, &after).filter(|(_, target)| !then.holds(target) && !was.contains(target));
        broken.extend(missing.map(|(column, target)| Broken::Record {
            table,
            label: label.clone(),
            column,
            missing: target.name,
        }));
    }
    if present.all.iter().all(|target| then.holds(target)) {
        return broken;
    }
    for table in TownTable::ALL {
        let stays = |entry: &&Entry| !touched.contains(&(table.kind().name(), &*entry.id));
        for entry in snapshot.entries(table).iter().filter(stays) {
            let lost = targets(table, &entry.rows).find(|(_, target)| present.holds(target) && !then.holds(target));
            broken.extend(lost.map(|(column, target)| Broken::Record {
                table,
                label: entry.label.clone(),
                column,
                missing: target.name,
            }));
        }
    }
    broken
}

/// Everything to which something could refer.
struct Targetable {
    all: HashSet<Target>,
    /// The centre that each area names.
    centers: HashMap<String, String>,
}

impl Targetable {
    fn now(snapshot: &Snapshot) -> Self {
        let mut all = HashSet::new();
        for kind in [RecordKind::Area, RecordKind::Category, RecordKind::Department, RecordKind::ReportKind] {
            let target = |id: &str| Target { kind: Targets::Record(kind), name: id.to_owned() };
            all.extend(snapshot.ids(kind.name()).map(target));
        }
        let centers: HashMap<_, _> =
            snapshot.data.areas.iter().map(|area| (area.id.to_string(), area.center.clone())).collect();
        Self { all, centers }.with_centers()
    }

    fn after(&self, changes: &[TownChange]) -> Self {
        let (mut all, mut centers) = (self.all.clone(), self.centers.clone());
        all.retain(|target| target.kind != Targets::Center);
        for change in changes {
            let Some(kind) = RecordKind::of(&change.kind) else { continue };
            let target = Target { kind: Targets::Record(kind), name: change.id.clone() };
            if change.after.is_some() {
                all.insert(target)
            } else {
                all.remove(&target)
            };
            if kind == RecordKind::Area {
                let rows = change.after.as_ref().and_then(|body| rows_of(TownTable::Areas, body));
                match rows.and_then(|rows| rows.into_iter().next()) {
                    Some(row) => {
                        centers.insert(change.id.clone(), cell(TownTable::Areas, &row, "center").to_owned());
                    }
                    None => {
                        centers.remove(&change.id);
                    }
                }
            }
        }
        Self { all, centers }.with_centers()
    }

    fn with_centers(mut self) -> Self {
        let center = |name: &String| Target { kind: Targets::Center, name: name.clone() };
        self.all.extend(self.centers.values().filter(|name| !name.is_empty()).map(center));
        self
    }

    fn holds(&self, target: &Target) -> bool {
        self.all.contains(target)
    }
}
