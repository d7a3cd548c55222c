//! Ports of the town's data: its records, the history of their changes, and files on their way in.

use std::collections::BTreeMap;
use std::fmt;

use async_trait::async_trait;
use domain::audit::Act;
use domain::ids::StaffId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// The history of the town's data, and with it the way back, is kept this long.
pub const HISTORY_LIFE: SignedDuration = SignedDuration::from_hours(90 * 24);
/// A file waits this long between its preview and the decision.
pub const UPLOAD_LIFE: SignedDuration = SignedDuration::from_hours(24);

/// Where the town's data is kept: records of a kind, each with an id, and one revision for all of them.
#[async_trait]
pub trait TownStore: Send + Sync {
    /// All records, in no particular order, and their revision. Of an edit all is seen or nothing.
    async fn read(&self) -> Result<(Revision, Vec<TownRecord>), Error>;

    /// The present revision; [`Revision::NONE`] before the first edit.
    async fn revision(&self) -> Result<Revision, Error>;

    /// When the latest edit was made; [`Timestamp::UNIX_EPOCH`] before the first one.
    async fn revised(&self) -> Result<Timestamp, Error>;

    /// Makes an edit, moves the revision on, and keeps the edit in the history and its act in the audit log, if the
    /// revision still is the one that was read. After a crash all of it is there or nothing.
    async fn write(&self, read: Revision, edit: &TownEdit) -> Result<Applied, Error>;

    /// Edits of the last [`HISTORY_LIFE`], the latest first, at most `limit`, from `before` backwards (exclusive).
    async fn history(&self, before: Option<Revision>, limit: usize) -> Result<Vec<PastEdit>, Error>;

    /// One of those edits with all its changes.
    async fn past(&self, revision: Revision) -> Result<Option<(PastEdit, Vec<TownChange>)>, Error>;
}

/// Counts the edits of the town's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Revision(pub u64);

impl Revision {
    /// Before the first edit.
    pub const NONE: Self = Self(0);

    /// The one that follows.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// One record of the town's data.
#[derive(Debug, Clone, PartialEq)]
pub struct TownRecord {
    /// Such as `waste-item`; see [`crate::town`].
    pub kind: String,
    /// Unique within its kind.
    pub id: String,
    /// A JSON object.
    pub body: serde_json::Value,
}

/// What happens to one record; no two changes of an edit are about the same one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TownChange {
    /// Its kind.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// Its body as it was; `None`: was not there.
    pub before: Option<serde_json::Value>,
    /// Its body as it is now; `None`: is no more.
    pub after: Option<serde_json::Value>,
}

impl TownChange {
    /// The way back.
    #[must_use]
    pub fn inverse(self) -> Self {
        Self { before: self.after, after: self.before, ..self }
    }
}

/// Changes that are made together.
#[derive(Debug, Clone, PartialEq)]
pub struct TownEdit {
    /// What changes.
    pub changes: Vec<TownChange>,
    /// For the audit log.
    pub act: Act,
    /// What staff call the thing that was changed, where it is one.
    pub label: String,
    /// The edit of which this is the way back.
    pub undoes: Option<Revision>,
}

/// An edit in the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastEdit {
    /// The revision that it made.
    pub revision: Revision,
    /// For the audit log; here without the states before and after.
    pub act: Act,
    /// What staff call the thing that was changed, where it is one.
    pub label: String,
    /// How many records changed, by kind.
    pub counts: BTreeMap<String, Counts>,
    /// The edit of which this was the way back.
    pub undoes: Option<Revision>,
}

impl PastEdit {
    /// An edit as it stands in the history, under the revision that it made.
    #[must_use]
    pub fn of(revision: Revision, edit: &TownEdit) -> Self {
        Self {
            revision,
            act: Act { before: String::new(), after: String::new(), ..edit.act.clone() },
            label: edit.label.clone(),
            counts: counts(&edit.changes),
            undoes: edit.undoes,
        }
    }
}

/// How many records of a kind an edit changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// That were not there.
    pub added: usize,
    /// That were different.
    pub changed: usize,
    /// That are no more.
    pub removed: usize,
}

/// The changes counted by kind.
#[must_use]
pub fn counts(changes: &[TownChange]) -> BTreeMap<String, Counts> {
    let mut by_kind: BTreeMap<String, Counts> = BTreeMap::new();
    for change in changes {
        let counts = by_kind.entry(change.kind.clone()).or_default();
        match (&change.before, &change.after) {
            (None, _) => counts.added += 1,
            (Some(_), Some(_)) => counts.changed += 1,
            (Some(_), None) => counts.removed += 1,
        }
    }
    by_kind
}

/// What became of an edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// Written; this is the revision now.
    Done(Revision),
    /// Somebody else wrote meanwhile: read again and decide again. Nothing was written.
    Raced,
}

/// Where files wait between their preview and the decision: too large for a form that is sent twice.
#[async_trait]
pub trait Uploads: Send + Sync {
    /// Keeps a file for [`UPLOAD_LIFE`].
    async fn keep(&self, upload: &KeptUpload) -> Result<(), Error>;

    /// The file of an id, if it is still there.
    async fn find(&self, id: &str) -> Result<Option<KeptUpload>, Error>;
}

/// A file that waits. `Debug` does not show what is in it.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptUpload {
    /// Letters and digits that nobody can guess.
    pub id: String,
    /// Who brought it: nobody else may use it.
    pub staff: StaffId,
    /// What is in it, such as `waste-items`.
    pub kind: String,
    /// Its name as the browser said it.
    pub file_name: String,
    /// When it came.
    pub at: Timestamp,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for KeptUpload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeptUpload({}, {} bytes)", self.kind, self.bytes.len())
    }
}
