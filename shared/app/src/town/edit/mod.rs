//! Where staff edit the town's data: a record as rows of its table, a whole table as a file, and the way back.
//!
//! Everything is decided on one [`Snapshot`] of the data and written only if that is still the present one; otherwise it
//! is decided again on the next. What staff type is read as rows of a file are ([`crate::town::read()`]), so that nothing
//! passes here that would not pass there. [`TownDesk`] does; [`decide`] and [`import`] decide, and know no clock and no
//! store.

mod check;
mod decide;
mod desk;
mod export;
mod import;
mod links;
mod names;
mod rights;
mod rows;
mod settings;
mod snapshot;
#[cfg(test)]
mod tests;

use domain::ids::StaffId;
use domain::staff::Roles;
use jiff::Timestamp;

use super::problem::Severity;
use super::table::TownTable;
use crate::ports::{Revision, TownChange};

pub use desk::{ATTEMPTS_MAX, TownDesk, id_of};
pub use export::export;
pub use import::{Imported, Missing, Preview};
pub use links::Broken;
pub use rights::Owner;
pub use settings::{NONE, SettingsDraft, SettingsPart};
pub use snapshot::{Difference, Entry, FieldChange, Snapshot};

/// The cells of a row, in the order of its table's columns.
pub type Cells = Vec<String>;

/// Who edits, and when.
#[derive(Debug, Clone, Copy)]
pub struct Editor<'a> {
    /// Who.
    pub staff: &'a StaffId,
    /// What they are in the console.
    pub roles: &'a Roles,
    /// When.
    pub now: Timestamp,
}

/// What somebody wants a record to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Of which table.
    pub table: TownTable,
    /// Which record; `None` for a new one.
    pub id: Option<String>,
    /// Its rows: one, or for the calendar any number.
    pub rows: Vec<Cells>,
    /// Its rows as they were when the form was opened.
    pub seen: Vec<Cells>,
    /// Whether they know of the warnings.
    pub warnings: Warnings,
}

/// What becomes of warnings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warnings {
    /// They are told, and nothing is saved.
    Tell,
    /// They were told, and it is saved.
    Accept,
}

/// What became of a change of one record.
#[derive(Debug, Clone, PartialEq)]
pub enum Saved {
    /// It is as was asked.
    Done {
        /// The record's id.
        id: String,
        /// The revision that this made.
        revision: Revision,
    },
    /// It was so already: a form that was sent twice.
    Already {
        /// The record's id.
        id: String,
    },
    /// It is not saved: this is wrong with it.
    Wrong(Vec<Mistake>),
    /// It is not saved: somebody else changed it since the form was opened. So it is now; `None`: is no more.
    Conflict(Option<Vec<Cells>>),
    /// It is not saved: these would refer to something that is not there.
    Held(Vec<Broken>),
    /// Their roles do not allow it.
    Denied,
}

/// What became of taking an edit back.
#[derive(Debug, Clone, PartialEq)]
pub enum Undone {
    /// Everything is as it was before.
    Done(Revision),
    /// Everything was so already.
    Already,
    /// Nothing was changed: this was changed since, from what the edit left to what it is now.
    Conflict(Vec<TownChange>),
    /// Nothing was changed: these would refer to something that is not there.
    Held(Vec<Broken>),
    /// Their roles do not allow it.
    Denied,
    /// There is no such edit, or it is too long ago.
    Unknown,
}

/// Something wrong with what was typed or sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The line of the file from 1, or the number of the row in a form from 1.
    pub line: u32,
    /// The column at fault, if one is.
    pub column: Option<String>,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong and what to do, for staff.
    pub sentence: String,
}

impl Mistake {
    /// Whether it can be saved all the same.
    #[must_use]
    pub fn is_warning(&self) -> bool {
        self.severity == Severity::Warning
    }
}
