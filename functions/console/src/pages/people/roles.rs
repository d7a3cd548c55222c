//! Roles as people read and choose them: administrator or not, and in each department one of four levels.

use std::collections::BTreeMap;

use domain::ids::DepartmentId;
use domain::staff::{Role, Roles};
use domain::town::Town;
use maud::{Markup, html};

use crate::words::people as words;

/// What somebody is in one department. Each level may all that the one before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Nothing,
    Reader,
    Editor,
    Approver,
}

impl Level {
    pub(super) const ALL: [Self; 4] = [Self::Nothing, Self::Reader, Self::Editor, Self::Approver];

    /// How forms write it.
    pub(super) fn value(self) -> &'static str {
        match self {
            Self::Nothing => "none",
            Self::Reader => "reader",
            Self::Editor => "editor",
            Self::Approver => "approver",
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Nothing => words::NO_ROLE,
            Self::Reader => words::READER,
            Self::Editor => words::EDITOR,
            Self::Approver => words::APPROVER,
        }
    }

    pub(super) fn role(self, department: DepartmentId) -> Option<Role> {
        match self {
            Self::Nothing => None,
            Self::Reader => Some(Role::Reader(department)),
            Self::Editor => Some(Role::Editor(department)),
            Self::Approver => Some(Role::Approver(department)),
        }
    }
}

/// The highest level in each department in which somebody has one.
pub(super) fn levels(roles: &Roles) -> BTreeMap<&DepartmentId, Level> {
    let mut levels = BTreeMap::new();
    for role in &roles.0 {
        let (department, level) = match role {
            Role::Administrator => continue,
            Role::Reader(department) => (department, Level::Reader),
            Role::Editor(department) => (department, Level::Editor),
            Role::Approver(department) => (department, Level::Approver),
        };
        let highest = levels.entry(department).or_insert(level);
        *highest = level.max(*highest);
    }
    levels
}

/// A department's name, as long as the town has it.
pub(crate) fn department_name(town: &Town, id: &DepartmentId) -> String {
    town.departments.get(id).map_or_else(|| words::gone(id.as_str()), |department| department.name.clone())
}

/// Roles in words, the whole town's first: 「管理者」, 「環境課：承認者」.
pub(crate) fn in_words(roles: &Roles, town: &Town) -> Vec<String> {
    let administrator = roles.0.contains(&Role::Administrator).then(|| words::ADMINISTRATOR.to_owned());
    let in_departments =
        levels(roles).into_iter().map(|(id, level)| words::role_in(&department_name(town, id), level.word()));
    let all: Vec<String> = administrator.into_iter().chain(in_departments).collect();
    if all.is_empty() { vec![words::NO_ROLES.to_owned()] } else { all }
}

/// The same under each other.
pub(super) fn list(roles: &Roles, town: &Town) -> Markup {
    html! { @for role in in_words(roles, town) { div { (role) } } }
}
