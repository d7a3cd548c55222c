//! To whom a record belongs, and so who may change it.

use std::collections::BTreeSet;

use domain::ids::DepartmentId;
use domain::report::kind::ReportKind;
use domain::staff::{Act, Roles};
use domain::town::Town;
use serde_json::Value;

use super::rows::rows_of;
use super::snapshot::{Snapshot, cell};
use super::{Cells, Editor};
use crate::ports::TownChange;
use crate::town::table::TownTable;

/// To whom a record belongs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// To the whole town.
    Town,
    /// To a department.
    Department(DepartmentId),
}

impl Owner {
    /// To whom the record of an id belongs in the town as the chat sees it; `None` if there is none.
    #[must_use]
    pub fn in_town(town: &Town, table: TownTable, id: &str) -> Option<Self> {
        match table {
            TownTable::Districts
            | TownTable::Dates
            | TownTable::Areas
            | TownTable::Closures
            | TownTable::Departments => Some(Self::Town),
            TownTable::Topics => {
                let topic = town.topics.iter().find(|topic| topic.id.as_str() == id)?;
                Some(Self::Department(topic.department.clone()))
            }
            TownTable::Categories => Some(Self::of_category(town, id)),
            TownTable::Calendar => id.split_once('/').map(|(_, category)| Self::of_category(town, category)),
            TownTable::Changes => {
                let change = town.changes.iter().find(|change| change.id.as_str() == id)?;
                let all = town.categories.iter().map(|category| &category.id);
                let concerned = all.filter(|id| change.categories.is_empty() || change.categories.contains(id));
                Some(Self::of_all(concerned.map(|id| Self::of_category(town, id.as_str()))))
            }
            TownTable::WasteItems => {
                let item = town.waste.item(&id.parse().ok()?)?;
                Some(Self::of_category(town, item.category.as_str()))
            }
            TownTable::ReportKinds => {
                let kind = town.report_kinds.iter().find(|kind| kind.id.as_str() == id)?;
                Some(Self::Department(kind.department.clone()))
            }
            TownTable::ReportQuestions => {
                let asks = |kind: &&ReportKind| kind.questions.iter().any(|question| question.id.as_str() == id);
                Some(Self::Department(town.report_kinds.iter().find(asks)?.department.clone()))
            }
            TownTable::ReportAnswers => {
                let template = town.report_answers.iter().find(|template| template.id.as_str() == id)?;
                let kind = template.kind.as_ref().and_then(|id| town.report_kind(id));
                Some(kind.map_or(Self::Town, |kind| Self::Department(kind.department.clone())))
            }
        }
    }

    /// To whom belongs what hangs on a category.
    #[must_use]
    pub fn of_category(town: &Town, id: &str) -> Self {
        let category = town.categories.iter().find(|category| category.id.as_str() == id);
        let department = category.and_then(|category| category.department.clone());
        department.map_or(Self::Town, Self::Department)
    }

    /// To whom belongs what concerns things of these owners: to the one who has them all, else to the town.
    fn of_all(owners: impl Iterator<Item = Self>) -> Self {
        let mut owners: BTreeSet<Self> = owners.collect();
        owners.pop_first().filter(|_| owners.is_empty()).unwrap_or(Self::Town)
    }

    /// Whether these roles may change what belongs to this owner.
    #[must_use]
    pub fn lets(&self, roles: &Roles) -> bool {
        match self {
            Self::Town => roles.allow(Act::EditTown),
            Self::Department(department) => roles.allow(Act::EditFor(department)),
        }
    }
}

impl Editor<'_> {
    /// Whether they may change what belongs to an owner.
    #[must_use]
    pub fn may(&self, owner: &Owner) -> bool {
        owner.lets(self.roles)
    }
}

impl Snapshot {
    /// To whom the record of an id belongs; `None` if there is none.
    #[must_use]
    pub fn owner(&self, table: TownTable, id: &str) -> Option<Owner> {
        Some(owner(self, &[], table, &self.entry(table, id)?.rows))
    }

    /// Everybody to whom a change matters: the owners before and after. Moving a thing needs both.
    #[must_use]
    pub fn owners(&self, changes: &[TownChange]) -> BTreeSet<Owner> {
        let owners = |change: &TownChange| {
            let side = |body: &Option<Value>| {
                let body = body.as_ref()?;
                let Some(table) = TownTable::of_kind(&change.kind) else { return Some(Owner::Town) };
                Some(rows_of(table, body).map_or(Owner::Town, |rows| owner(self, changes, table, &rows)))
            };
            [side(&change.before), side(&change.after)]
        };
        changes.iter().flat_map(owners).flatten().collect()
    }
}

/// The owner of a record of these rows. What hangs on a category or a kind of report belongs to its department; what hangs
/// on several, to the department that has them all.
fn owner(snapshot: &Snapshot, changes: &[TownChange], table: TownTable, rows: &[Cells]) -> Owner {
    let text = |column| rows.first().map(|row| cell(table, row, column)).unwrap_or_default();
    match table {
        TownTable::Topics | TownTable::Categories | TownTable::ReportKinds => department(text("department")),
        TownTable::WasteItems | TownTable::Calendar => of_category(snapshot, changes, text("category")),
        // What is for all kinds is the town's: no kind has an empty id.
        TownTable::ReportQuestions | TownTable::ReportAnswers => {
            of(snapshot, changes, TownTable::ReportKinds, text("kind"))
        }
        TownTable::Changes => {
            let mut ids: Vec<&str> = text("categories").split_whitespace().collect();
            if ids.is_empty() {
                ids.extend(snapshot.entries(TownTable::Categories).iter().map(|entry| entry.id.as_str()));
            }
            Owner::of_all(ids.into_iter().map(|id| of_category(snapshot, changes, id)))
        }
        TownTable::Districts | TownTable::Dates | TownTable::Areas | TownTable::Closures | TownTable::Departments => {
            Owner::Town
        }
    }
}

fn of_category(snapshot: &Snapshot, changes: &[TownChange], id: &str) -> Owner {
    of(snapshot, changes, TownTable::Categories, id)
}

/// The owner of what hangs on the record of an id, in a table whose records name their department.
fn of(snapshot: &Snapshot, changes: &[TownChange], table: TownTable, id: &str) -> Owner {
    let known = snapshot.entry(table, id).map(|entry| entry.rows.clone());
    let new = || {
        let kind = table.kind().name();
        let change = changes.iter().find(|change| change.kind == kind && change.id == id)?;
        rows_of(table, change.after.as_ref()?)
    };
    let rows = known.or_else(new).unwrap_or_default();
    rows.first().map_or(Owner::Town, |row| department(cell(table, row, "department")))
}

fn department(id: &str) -> Owner {
    id.parse().map_or(Owner::Town, Owner::Department)
}
