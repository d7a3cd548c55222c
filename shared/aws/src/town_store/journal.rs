//! The journal of a large edit: its changes on their own, before and while they are written into the records.

use app::error::{Error, Kind};
use app::ports::{Revision, TownChange, TownEdit};
use aws_sdk_dynamodb::types::{DeleteRequest, PutRequest, WriteRequest};
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::items::{Pending, RecordItem, from_json, revision_key, to_json};
use super::{HOLD, JOURNAL_LIFE, READING, STOP_BEFORE, TableTownStore, WRITING, key_of};
use crate::table::{BATCH_WRITES_MAX, Entity, Happened, Key, Update, decode, encode, number, text};

/// A part holds about so many bytes of JSON; an item has at most 400 KB.
const PART_BYTES: usize = 300_000;
/// This many batches of records are written side by side.
const BATCHES_AT_ONCE: usize = 8;
/// So many parts are written at a time: DynamoDB takes 16 MB.
const PARTS_AT_ONCE: usize = 20;

impl TableTownStore {
    /// Writes the changes of an edit where nobody looks yet. The same edit on the same revision has the same journal.
    pub(super) async fn keep_journal(&self, read: Revision, edit: &TownEdit) -> Result<String, Error> {
        let parts = parts(&edit.changes)?;
        let mut digest = Sha256::new();
        digest.update(read.0.to_be_bytes());
        digest.update(to_json(WRITING, &edit.act)?);
        for part in &parts {
            digest.update(part);
        }
        let journal = digest.finalize().iter().take(16).fold(0_u128, |id, byte| id << 8 | u128::from(*byte));
        let journal = format!("{journal:032x}");
        let expires = (self.clock.now() + JOURNAL_LIFE).as_second();
        let total = parts.len();
        let mut writes = Vec::with_capacity(total);
        for (place, changes) in parts.into_iter().enumerate() {
            let key = Key::new(partition(&journal), format!("{place:04}"));
            let item = encode(WRITING, &key, &JournalItem { changes, total, expires })?;
            writes.push(put(item)?);
        }
        for writes in writes.chunks(PARTS_AT_ONCE) {
            self.table.write_batch(WRITING, writes.to_vec()).await?;
        }
        Ok(journal)
    }

    /// The changes in a journal.
    pub(super) async fn journal(&self, journal: &str) -> Result<Vec<TownChange>, Error> {
        let items = self.table.partition(READING, &partition(journal)).await?;
        let (found, mut total, mut changes) = (items.len(), 0, Vec::new());
        for item in items {
            // Expired or not: it is there, and the edit that it belongs to is.
            let Some(part) = decode::<JournalItem>(READING, Some(item), Timestamp::MIN)? else { continue };
            total = part.total;
            changes.extend(from_json::<Vec<TownChange>>(READING, &part.changes)?);
        }
        if found == 0 || found != total {
            return Err(Error::new(Kind::Permanent, READING, "a part of a journal is missing"));
        }
        Ok(changes)
    }

    /// Writes the records of an edit that is seen already, and ends it. Stops in time, and then leaves the rest.
    pub(super) async fn complete(&self, pending: &Pending, changes: &[TownChange]) -> Result<(), Error> {
        let stop = pending.until - STOP_BEFORE.as_secs();
        let writes = changes.iter().map(write_request).collect::<Result<Vec<_>, _>>()?;
        let batches: Vec<_> = writes.chunks(BATCH_WRITES_MAX).map(<[_]>::to_vec).collect();
        let batches = stream::iter(batches).map(|batch| self.write_until(stop, batch));
        batches.buffer_unordered(BATCHES_AT_ONCE).try_collect::<Vec<()>>().await?;
        let update = Update {
            expression: "REMOVE #pending",
            condition: "#pending.#journal = :journal",
            names: &["pending", "journal"],
            values: vec![("journal", text(&pending.journal))],
        };
        match self.table.update(WRITING, &revision_key(), update).await? {
            Happened::Written | Happened::ConditionFailed => Ok(()),
        }
    }

    async fn write_until(&self, stop: i64, batch: Vec<WriteRequest>) -> Result<(), Error> {
        if self.clock.now().as_second() >= stop {
            return Err(Error::new(Kind::Transient, WRITING, "the time to write the records is over"));
        }
        self.table.write_batch(WRITING, batch).await
    }

    /// Takes over a large edit whose writer's time is over; `None` where somebody else was faster.
    pub(super) async fn take_over(&self, left: &Pending) -> Result<Option<Pending>, Error> {
        let mine = Pending { until: (self.clock.now() + HOLD).as_second(), ..left.clone() };
        let update = Update {
            expression: "SET #pending.#until = :mine",
            condition: "#pending.#journal = :journal AND #pending.#until = :left",
            names: &["pending", "journal", "until"],
            values: vec![("journal", text(&left.journal)), ("left", number(left.until)), ("mine", number(mine.until))],
        };
        match self.table.update(WRITING, &revision_key(), update).await? {
            Happened::Written => {
                tracing::warn!("a large edit of the town's data was left unfinished; it is completed now");
                Ok(Some(mine))
            }
            Happened::ConditionFailed => Ok(None),
        }
    }
}

fn partition(journal: &str) -> String {
    format!("TOWN-JOURNAL#{journal}")
}

/// The changes in JSON texts that each fit into an item.
fn parts(changes: &[TownChange]) -> Result<Vec<String>, Error> {
    let mut parts: Vec<String> = Vec::new();
    for change in changes {
        let change = to_json(WRITING, change)?;
        match parts.last_mut() {
            Some(part) if part.len() + change.len() < PART_BYTES => {
                part.push(',');
                part.push_str(&change);
            }
            Some(_) | None => parts.push(format!("[{change}")),
        }
    }
    for part in &mut parts {
        part.push(']');
    }
    Ok(parts)
}

fn put(item: crate::table::Item) -> Result<WriteRequest, Error> {
    let put = PutRequest::builder().set_item(Some(item)).build();
    let put = put.map_err(|error| Error::new(Kind::Permanent, WRITING, error))?;
    Ok(WriteRequest::builder().put_request(put).build())
}

fn write_request(change: &TownChange) -> Result<WriteRequest, Error> {
    let key = key_of(change);
    if let Some(body) = &change.after {
        return put(encode(WRITING, &key, &RecordItem::of(body))?);
    }
    let delete = DeleteRequest::builder().set_key(Some(key.attributes())).build();
    let delete = delete.map_err(|error| Error::new(Kind::Permanent, WRITING, error))?;
    Ok(WriteRequest::builder().delete_request(delete).build())
}

/// Some of the changes of a large edit.
#[derive(Serialize, Deserialize)]
struct JournalItem {
    changes: String,
    /// Of how many parts this is one.
    total: usize,
    expires: i64,
}

impl Entity for JournalItem {
    const KIND: &'static str = "town-journal";
    const V: u64 = 1;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn change(id: &str, text: &str) -> TownChange {
        TownChange { kind: "topic".to_owned(), id: id.to_owned(), before: None, after: Some(json!({ "text": text })) }
    }

    #[test]
    fn the_changes_are_cut_into_parts_that_read_back() {
        let changes: Vec<_> = (0..10).map(|n| change(&n.to_string(), &"長".repeat(30_000))).collect();
        let parts = parts(&changes).unwrap();
        assert_eq!(parts.len(), 4, "three of 90 KB in each");
        assert!(parts.iter().all(|part| part.len() < PART_BYTES + 100));
        let read = parts.iter().flat_map(|part| serde_json::from_str::<Vec<TownChange>>(part).unwrap());
        assert_eq!(read.collect::<Vec<_>>(), changes);
    }
}
