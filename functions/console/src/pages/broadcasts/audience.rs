//! The form in which an audience is put together without code: groups of rows, each row one condition.
//!
//! Rows and groups are added and taken away by plain submit buttons named [`DO`], so it works without scripts: the page reads the
//! [`AudienceForm`], lets it [`press`](AudienceForm::press) what was pressed, and shows the [`fields`] again as they were typed.

mod fields;
mod read;
#[cfg(test)]
mod tests;

use domain::broadcast::audience::Audience;

use crate::web::fields::Fields;
pub use fields::fields;

/// The name of the buttons; another page's buttons of the same name have other values.
pub const DO: &str = "do";
/// The value of the button that only shows the form again, with its sentence.
const SHOW: &str = "show-audience";
/// So many groups at most.
pub const GROUPS_MAX: usize = 4;
/// So many conditions at most in a group.
pub const ROWS_MAX: usize = 8;

/// What is typed into the form, sound or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AudienceForm {
    join: Join,
    /// One at least.
    groups: Vec<Group>,
}

/// How conditions go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Join {
    All,
    Any,
}

/// Whether those who fulfil something are meant, or all others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Side {
    #[default]
    In,
    Except,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Group {
    side: Side,
    join: Join,
    rows: Vec<Row>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Row {
    side: Side,
    /// One of [`crate::words::audience::form::KINDS`].
    kind: &'static str,
    /// What is ticked or chosen.
    of: Vec<String>,
    /// What is ticked in a second list.
    also: Vec<String>,
    from: String,
    to: String,
    unit: Unit,
    day: String,
}

/// What an age is counted in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Unit {
    #[default]
    Years,
    Months,
}

/// Whether a button was one of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pressed {
    /// It was: the form has changed (or is only to be shown again).
    Ours,
    /// It was not.
    Others,
}

impl Default for Group {
    fn default() -> Self {
        Self { side: Side::In, join: Join::All, rows: Vec::new() }
    }
}

impl Default for AudienceForm {
    /// Everybody.
    fn default() -> Self {
        Self { join: Join::All, groups: vec![Group::default()] }
    }
}

impl AudienceForm {
    /// The form of an audience; `None` for one that lies deeper in itself than the form can show.
    #[must_use]
    pub fn of(audience: &Audience) -> Option<Self> {
        let (join, members) = match audience {
            Audience::All => return Some(Self::default()),
            Audience::And(members) => (Join::All, members.as_slice()),
            Audience::Or(members) => (Join::Any, members.as_slice()),
            other => (Join::All, std::slice::from_ref(other)),
        };
        let mut groups: Vec<Group> = Vec::new();
        for member in members {
            let Some(row) = Row::of(member) else {
                groups.push(Group::of(member)?);
                continue;
            };
            // Single conditions stand in a group that goes together as the groups do.
            let fits = |group: &&mut Group| group.join == join && group.side == Side::In && group.rows.len() < ROWS_MAX;
            match groups.iter_mut().find(fits) {
                Some(group) => group.rows.push(row),
                None => groups.push(Group { join, rows: vec![row], ..Group::default() }),
            }
        }
        let fits = (1..=GROUPS_MAX).contains(&groups.len());
        fits.then_some(Self { join, groups })
    }

    /// Does what the pressed button says, if it is one of the form.
    pub fn press(&mut self, typed: &Fields) -> Pressed {
        let mut words = typed.text(DO).split(':');
        let action = words.next().unwrap_or_default();
        let mut number = || words.next().and_then(|word| word.parse::<usize>().ok()).unwrap_or(usize::MAX);
        match action {
            SHOW => {}
            "add-row" => {
                let at = number();
                let kind = read::kind(typed.text(&read::name_of_new(at)));
                if let (Some(group), Some(kind)) = (self.groups.get_mut(at), kind)
                    && group.rows.len() < ROWS_MAX
                {
                    group.rows.push(Row { kind, ..Row::default() });
                }
            }
            "remove-row" => {
                let (at, row) = (number(), number());
                if let Some(group) = self.groups.get_mut(at).filter(|group| row < group.rows.len()) {
                    group.rows.remove(row);
                }
            }
            "add-group" if self.groups.len() < GROUPS_MAX => self.groups.push(Group::default()),
            "add-group" => {}
            "remove-group" => {
                let at = number();
                if at < self.groups.len() && 1 < self.groups.len() {
                    self.groups.remove(at);
                }
            }
            _ => return Pressed::Others,
        }
        Pressed::Ours
    }
}

impl Group {
    /// A member that is itself put together of single conditions, or the contrary of one.
    fn of(audience: &Audience) -> Option<Self> {
        match audience {
            Audience::Not(inner) => Some(Self { side: Side::Except, ..Self::plain(inner)? }),
            other => Self::plain(other),
        }
    }

    fn plain(audience: &Audience) -> Option<Self> {
        let (join, members) = match audience {
            Audience::And(members) => (Join::All, members.as_slice()),
            Audience::Or(members) => (Join::Any, members.as_slice()),
            other => (Join::All, std::slice::from_ref(other)),
        };
        let fits = (1..=ROWS_MAX).contains(&members.len());
        let rows: Option<Vec<Row>> = members.iter().map(Row::of).collect();
        Some(Self { side: Side::In, join, rows: rows.filter(|_| fits)? })
    }
}
