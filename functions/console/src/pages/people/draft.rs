//! What a form about a person holds: as it is stored, or as it was typed, with whatever is wrong in it.

use domain::ids::DepartmentId;
use domain::staff::{EmailAddress, PersonName, Role, Roles, Staff};
use domain::town::Town;
use maud::{Markup, html};

use super::roles::{Level, department_name, levels};
use crate::kit::{self, Choice, Errors, Field, InputKind};
use crate::web::fields::Fields;
use crate::words::people as words;

pub(super) const NAME: &str = "name";
pub(super) const EMAIL: &str = "email";
pub(super) const ADMINISTRATOR: &str = "administrator";
const YES: &str = "yes";

/// The name of the field for the level in a department.
fn level_field(department: &DepartmentId) -> String {
    format!("role-{department}")
}

/// The form's values.
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) email: String,
    is_administrator: bool,
    levels: Vec<Row>,
}

/// One department's line.
struct Row {
    department: DepartmentId,
    label: String,
    level: String,
}

impl Draft {
    /// An empty one.
    pub(super) fn new(town: &Town) -> Self {
        Self::made(town, &Roles::default(), |_| Level::Nothing.value().to_owned())
    }

    /// A person as they are.
    pub(super) fn of(staff: &Staff, town: &Town) -> Self {
        let levels = levels(&staff.roles);
        let level = |id: &DepartmentId| levels.get(id).copied().unwrap_or(Level::Nothing).value().to_owned();
        Self {
            name: staff.name.as_str().to_owned(),
            email: staff.email.as_str().to_owned(),
            is_administrator: staff.roles.0.contains(&Role::Administrator),
            ..Self::made(town, &staff.roles, level)
        }
    }

    /// What was typed; the roles that somebody has say which departments stand in the form beside the town's.
    pub(super) fn typed(form: &Fields, town: &Town, has: &Roles) -> Self {
        let level = |id: &DepartmentId| match form.text(&level_field(id)) {
            "" => Level::Nothing.value().to_owned(),
            typed => typed.to_owned(),
        };
        Self {
            name: form.text(NAME).to_owned(),
            email: form.text(EMAIL).to_owned(),
            is_administrator: form.has(ADMINISTRATOR),
            ..Self::made(town, has, level)
        }
    }

    fn made(town: &Town, has: &Roles, level: impl Fn(&DepartmentId) -> String) -> Self {
        let gone = has.departments().into_iter().filter(|id| !town.departments.contains_key(id));
        let departments = town.departments.keys().chain(gone);
        let row =
            |id: &DepartmentId| Row { department: id.clone(), label: department_name(town, id), level: level(id) };
        Self {
            name: String::new(),
            email: String::new(),
            is_administrator: false,
            levels: departments.map(row).collect(),
        }
    }

    /// Whether a form says anything about roles; the one about oneself does not.
    pub(super) fn has_roles(form: &Fields) -> bool {
        form.iter().any(|(name, _)| name == ADMINISTRATOR || name.starts_with("role-"))
    }

    pub(super) fn read_name(&self, errors: &mut Errors) -> Option<PersonName> {
        let name = self.name.parse().ok();
        if name.is_none() {
            errors.add(NAME, words::BAD_NAME);
        }
        name
    }

    pub(super) fn read_email(&self, errors: &mut Errors) -> Option<EmailAddress> {
        let email = self.email.parse().ok();
        if email.is_none() {
            errors.add(EMAIL, words::BAD_EMAIL);
        }
        email
    }

    pub(super) fn read_roles(&self, errors: &mut Errors) -> Roles {
        let mut roles = Roles::default();
        if self.is_administrator {
            roles.0.insert(Role::Administrator);
        }
        for row in &self.levels {
            match Level::ALL.into_iter().find(|level| level.value() == row.level) {
                Some(level) => roles.0.extend(level.role(row.department.clone())),
                None => errors.add_labelled(level_field(&row.department), row.label.clone(), words::BAD_ROLE),
            }
        }
        roles
    }

    pub(super) fn name_field(&self, errors: &Errors) -> Markup {
        let field = Field::new(NAME, words::NAME).hint(words::NAME_HINT).value(&self.name).error(errors.of(NAME));
        kit::text(&field.required().autocomplete("off"))
    }

    pub(super) fn email_field(&self, errors: &Errors) -> Markup {
        let field = Field::new(EMAIL, words::EMAIL).hint(words::EMAIL_HINT).value(&self.email).error(errors.of(EMAIL));
        kit::input(InputKind::Email, &field.required().autocomplete("off"))
    }

    pub(super) fn role_fields(&self, errors: &Errors) -> Markup {
        let ticked: &[&str] = if self.is_administrator { &[YES] } else { &[] };
        let administrator = Field::new(ADMINISTRATOR, words::ADMINISTRATOR).error(errors.of(ADMINISTRATOR));
        let choices = Level::ALL.map(|level| Choice::new(level.value(), level.word()));
        html! {
            (kit::checkboxes(
                &administrator,
                &[Choice::new(YES, words::ADMINISTRATOR_BOX).hint(words::ADMINISTRATOR_HINT)],
                ticked,
            ))
            (kit::section(words::BY_DEPARTMENT, &html! {
                @if self.levels.is_empty() { p { (words::NO_DEPARTMENTS) } } @else { p { (words::BY_DEPARTMENT_HINT) } }
                @for row in &self.levels {
                    @let name = level_field(&row.department);
                    (kit::select(&Field::new(&name, &row.label).value(&row.level).error(errors.of(&name)), &choices))
                }
            }))
        }
    }
}
