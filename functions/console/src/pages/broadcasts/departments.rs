//! The departments in these pages: whose things a list shows, and for which the person may write.

use domain::ids::DepartmentId;
use domain::staff::Act;
use domain::town::Department;
use maud::{Markup, html};

use super::may_write;
use crate::kit::{self, ButtonKind, Choice, Field};
use crate::web::{Call, Failure};
use crate::words::templates as words;

/// The field with a department's id.
pub(in crate::pages) const DEPARTMENT: &str = "department";

/// The department whose list was asked for: else the first in which the person has a role, else the first of the town.
pub(super) fn asked(call: &Call) -> Result<Option<&Department>, Failure> {
    let known = &call.town.departments;
    let asked = call.query.text(DEPARTMENT).parse::<DepartmentId>().ok().and_then(|id| known.get(&id));
    let mine = call.person()?.staff.roles.departments().into_iter().find_map(|id| known.get(id));
    Ok(asked.or(mine).or_else(|| known.values().next()))
}

/// Asks for the list of another department.
pub(super) fn choosing(call: &Call, list: &str, asked: &Department) -> Markup {
    let departments = call.town.departments.values();
    let choices: Vec<Choice<'_>> = departments.map(|it| Choice::new(it.id.as_str(), &it.name)).collect();
    let content = html! {
        (kit::select(&Field::new(DEPARTMENT, words::DEPARTMENT).value(asked.id.as_str()), &choices))
        (kit::actions(&[kit::submit(ButtonKind::Secondary, words::SHOW_DEPARTMENT)]))
    };
    html! { @if 1 < choices.len() { (kit::filter(list, &content)) } }
}

/// The departments for which the person may write.
pub(in crate::pages) fn writable(call: &Call) -> Result<Vec<(DepartmentId, String)>, Failure> {
    let roles = &call.person()?.staff.roles;
    let mine = call.town.departments.values().filter(|department| roles.allow(Act::EditFor(&department.id)));
    Ok(mine.map(|department| (department.id.clone(), department.name.clone())).collect())
}

/// The department that was typed; `None` where there is no such one. Another's is denied.
pub(in crate::pages) fn typed(call: &Call, id: &str) -> Result<Option<DepartmentId>, Failure> {
    let Some(id) = id.parse().ok().filter(|id| call.town.departments.contains_key(id)) else { return Ok(None) };
    if may_write(call, &id)? { Ok(Some(id)) } else { Err(Failure::Denied) }
}
