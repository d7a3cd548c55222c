//! The desk at which staff edit: reads, decides, writes, and begins again when somebody else was faster.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use domain::ids::DepartmentId;
use tokio::sync::Mutex;

use super::check::key_of;
use super::decide::{self, Decision};
use super::import::{self, Imported, Missing, Preview};
use super::settings::{self, SettingsDraft};
use super::snapshot::Snapshot;
use super::{Draft, Editor, Saved, Undone, Warnings};
use crate::error::{Error, Kind};
use crate::ports::staff::StaffStore;
use crate::ports::{Applied, KeptUpload, PastEdit, Revision, TownChange, TownEdit, TownStore, Uploads};
use crate::town::table::TownTable;

/// An edit that meets others is decided again at most this many times.
pub const ATTEMPTS_MAX: u32 = 8;

/// Where staff edit the town's data.
pub struct TownDesk {
    store: Arc<dyn TownStore>,
    uploads: Arc<dyn Uploads>,
    staff: Arc<dyn StaffStore>,
    /// The data as last read. Before every use the store is asked whether it still is the present one.
    held: Mutex<Option<Arc<Snapshot>>>,
}

impl TownDesk {
    /// A desk over a store, with files that wait in `uploads`, in a town hall where `staff` work.
    #[must_use]
    pub fn new(store: Arc<dyn TownStore>, uploads: Arc<dyn Uploads>, staff: Arc<dyn StaffStore>) -> Self {
        Self { store, uploads, staff, held: Mutex::new(None) }
    }

    /// The data as it is now.
    pub async fn now(&self) -> Result<Arc<Snapshot>, Error> {
        let mut held = self.held.lock().await;
        if let Some(held) = held.as_ref()
            && held.revision == self.store.revision().await?
        {
            return Ok(Arc::clone(held));
        }
        let (revision, records) = self.store.read().await?;
        let snapshot = Arc::new(Snapshot::new(revision, records));
        *held = Some(Arc::clone(&snapshot));
        Ok(snapshot)
    }

    /// Adds or changes a record.
    pub async fn save(&self, editor: &Editor<'_>, draft: &Draft) -> Result<Saved, Error> {
        let staffed = self.staffed(&[draft.table]).await?;
        let written = self.decided(|snapshot| decide::save(snapshot, &staffed, editor, draft)).await?;
        Ok(written.map_or_else(|saved| saved, |(id, revision)| Saved::Done { id, revision }))
    }

    /// Removes a record.
    pub async fn remove(
        &self,
        editor: &Editor<'_>,
        table: TownTable,
        id: &str,
        seen: &[super::Cells],
    ) -> Result<Saved, Error> {
        let staffed = self.staffed(&[table]).await?;
        let written = self.decided(|snapshot| decide::remove(snapshot, &staffed, editor, table, id, seen)).await?;
        Ok(written.map_or_else(|saved| saved, |(id, revision)| Saved::Done { id, revision }))
    }

    /// Changes a part of the town's settings.
    pub async fn save_settings(&self, editor: &Editor<'_>, draft: &SettingsDraft) -> Result<Saved, Error> {
        let written = self.decided(|snapshot| settings::save(snapshot, editor, draft)).await?;
        Ok(written.map_or_else(|saved| saved, |(id, revision)| Saved::Done { id, revision }))
    }

    /// Gives a waste item another word.
    pub async fn add_alias(
        &self,
        editor: &Editor<'_>,
        item: &str,
        alias: &str,
        warnings: Warnings,
    ) -> Result<Saved, Error> {
        let table = TownTable::WasteItems;
        // One alias, whatever it holds: the sign between aliases is none.
        let alias = alias.replace(['|', '｜'], " ");
        let written = self.decided(|snapshot| {
            let Some(entry) = snapshot.entry(table, item) else { return Ok(Err(Saved::Conflict(None))) };
            let mut rows = entry.rows.clone();
            for row in &mut rows {
                add_alias(row, alias.trim());
            }
            let draft = Draft { table, id: Some(item.to_owned()), rows, seen: entry.rows.clone(), warnings };
            decide::save(snapshot, &BTreeSet::new(), editor, &draft)
        });
        Ok(written.await?.map_or_else(|saved| saved, |(id, revision)| Saved::Done { id, revision }))
    }

    /// Past edits, the latest first.
    pub async fn history(&self, before: Option<Revision>, limit: usize) -> Result<Vec<PastEdit>, Error> {
        self.store.history(before, limit).await
    }

    /// A past edit with its changes.
    pub async fn past(&self, revision: Revision) -> Result<Option<(PastEdit, Vec<TownChange>)>, Error> {
        self.store.past(revision).await
    }

    /// Takes a past edit back, if nothing of it was changed since.
    pub async fn undo(&self, editor: &Editor<'_>, revision: Revision) -> Result<Undone, Error> {
        let Some((past, changes)) = self.store.past(revision).await? else { return Ok(Undone::Unknown) };
        let tables: Vec<_> = changes.iter().filter_map(|change| TownTable::of_kind(&change.kind)).collect();
        let staffed = self.staffed(&tables).await?;
        let written = self.decided(|snapshot| decide::undo(snapshot, &staffed, editor, &past, changes.clone())).await?;
        Ok(written.map_or_else(|undone| undone, |(_, revision)| Undone::Done(revision)))
    }

    /// Keeps a file until it is decided what becomes of it.
    pub async fn keep(&self, upload: &KeptUpload) -> Result<(), Error> {
        self.uploads.keep(upload).await
    }

    /// A kept file; nobody else's.
    pub async fn kept(&self, editor: &Editor<'_>, table: TownTable, id: &str) -> Result<Option<KeptUpload>, Error> {
        let upload = self.uploads.find(id).await?;
        Ok(upload.filter(|upload| upload.staff == *editor.staff && upload.kind == table.name()))
    }

    /// What a file would do.
    pub async fn preview(
        &self,
        editor: &Editor<'_>,
        table: TownTable,
        bytes: &[u8],
        missing: Missing,
    ) -> Result<Preview, Error> {
        let staffed = self.staffed(&[table]).await?;
        import::preview(&*self.now().await?, &staffed, editor, table, bytes, missing)
    }

    /// Does what the preview of a file said, if it still says so: `agreed` is its digest.
    pub async fn import(
        &self,
        editor: &Editor<'_>,
        table: TownTable,
        bytes: &[u8],
        missing: Missing,
        agreed: &str,
    ) -> Result<Imported, Error> {
        let staffed = self.staffed(&[table]).await?;
        let written = self.decided(|snapshot| {
            let preview = import::preview(snapshot, &staffed, editor, table, bytes, missing)?;
            let decided = import::import(snapshot, editor, table, preview, agreed)?;
            Ok(decided.map(|edit| (String::new(), edit)))
        });
        Ok(written.await?.map_or_else(|imported| imported, |(_, revision)| Imported::Done(revision)))
    }

    /// The departments in which somebody has a role; only asked where one of them could go.
    async fn staffed(&self, changing: &[TownTable]) -> Result<BTreeSet<DepartmentId>, Error> {
        if !changing.contains(&TownTable::Departments) {
            return Ok(BTreeSet::new());
        }
        Ok(self.staff.roster().await?.0.departments())
    }

    /// Writes what is decided on the present data. When somebody was faster it is decided again: what they changed is
    /// most often something else.
    async fn decided<A>(
        &self,
        decide: impl Fn(&Snapshot) -> Decision<A> + Send,
    ) -> Result<Result<(String, Revision), A>, Error> {
        for attempt in 0..ATTEMPTS_MAX {
            if attempt > 0 {
                tokio::time::sleep(Duration::from_millis(20 * u64::from(attempt))).await;
            }
            let snapshot = self.now().await?;
            let (id, edit): (String, TownEdit) = match decide(&snapshot)? {
                Ok(decided) => decided,
                Err(answer) => return Ok(Err(answer)),
            };
            match self.store.write(snapshot.revision, &edit).await? {
                Applied::Done(revision) => return Ok(Ok((id, revision))),
                Applied::Raced => {}
            }
        }
        Err(Error::new(Kind::Transient, "edit the town's data", "others kept editing at the same time"))
    }
}

/// The id of the record to which a row belongs, if it says so.
#[must_use]
pub fn id_of(table: TownTable, row: &[String]) -> Option<String> {
    key_of(table, row)
}

fn add_alias(row: &mut [String], alias: &str) {
    let Some(at) = TownTable::WasteItems.columns().iter().position(|column| *column == "aliases") else { return };
    let Some(cell) = row.get_mut(at) else { return };
    let is_known = cell.split('|').any(|known| known == alias);
    if !is_known && !alias.is_empty() {
        if !cell.is_empty() {
            cell.push('|');
        }
        cell.push_str(alias);
    }
}
