//! Staff (職員): who they are, what their roles let them do, and the rules by which roles change.

mod people;
mod roster;
#[cfg(test)]
mod tests;

pub use people::{EMAIL_CHARS_MAX, EmailAddress, Identity, InvalidPerson, NAME_CHARS_MAX, PersonName, Staff, Standing};
pub use roster::{Change, Connection, Refusal, Roster};

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::ids::DepartmentId;

/// A role: what somebody is in the console. A person may hold several.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Looks after the town's settings and the people (管理者).
    Administrator,
    /// Approves what a department sends, and may all that its editors may (承認者).
    Approver(DepartmentId),
    /// Writes for a department, and may all that its readers may (編集者).
    Editor(DepartmentId),
    /// Sees a department's work (閲覧者).
    Reader(DepartmentId),
}

/// What somebody wants to do in the console; each route asks for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act<'a> {
    /// See the console: the home page, counts without names, the town's data.
    Enter,
    /// See what residents reported to a department: their words and photos.
    ReadFor(&'a DepartmentId),
    /// Change what belongs to the whole town: its profile, departments, districts, collection areas.
    EditTown,
    /// Change what belongs to a department: its topics, categories, waste items, collection days.
    EditFor(&'a DepartmentId),
    /// Approve what a department sends.
    ApproveFor(&'a DepartmentId),
    /// Write messages for any department at all, if only to oneself.
    Write,
    /// Invite, change and disable people.
    ManagePeople,
    /// Bring in the friends from before.
    ImportFollowers,
    /// Read who did what.
    ReadAudit,
    /// See whether all runs, and hand back what failed.
    Watch,
}

/// All roles of one person.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Roles(pub BTreeSet<Role>);

impl Roles {
    /// Whether these roles allow an act. What no role allows is denied.
    ///
    /// An administrator changes any department's data, because in a small town nobody else would; but approves nothing.
    #[must_use]
    pub fn allow(&self, act: Act<'_>) -> bool {
        let administers = self.0.contains(&Role::Administrator);
        let approves = |department: &DepartmentId| self.0.contains(&Role::Approver(department.clone()));
        let edits =
            |department: &DepartmentId| approves(department) || self.0.contains(&Role::Editor(department.clone()));
        match act {
            Act::Enter => !self.0.is_empty(),
            Act::EditTown | Act::ManagePeople | Act::ImportFollowers | Act::ReadAudit | Act::Watch => administers,
            Act::ReadFor(department) => administers || self.0.iter().any(|role| role.department() == Some(department)),
            Act::EditFor(department) => administers || edits(department),
            Act::ApproveFor(department) => approves(department),
            Act::Write => self.0.iter().any(|role| match role {
                Role::Approver(_) | Role::Editor(_) | Role::Administrator => true,
                Role::Reader(_) => false,
            }),
        }
    }

    /// The departments in which the person has any role.
    #[must_use]
    pub fn departments(&self) -> BTreeSet<&DepartmentId> {
        self.0.iter().filter_map(Role::department).collect()
    }
}

impl Role {
    /// The department in which the role holds; `None` for the whole town.
    #[must_use]
    pub fn department(&self) -> Option<&DepartmentId> {
        match self {
            Self::Administrator => None,
            Self::Approver(department) | Self::Editor(department) | Self::Reader(department) => Some(department),
        }
    }
}
