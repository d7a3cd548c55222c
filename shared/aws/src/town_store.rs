//! The town's data in the table: one item per record, and one that counts the loads.
//!
//! | what | `PK` | `SK` |
//! | --- | --- | --- |
//! | record | `TOWN#<kind>` | its id |
//! | revision, and the kinds there are | `TOWN` | `REVISION` |

use std::collections::{BTreeSet, HashSet};

use app::error::{Error, Kind};
use app::ports::{Applied, Revision, TownChange, TownRecord, TownStore};
use async_trait::async_trait;
use aws_sdk_dynamodb::types::{AttributeValue, DeleteRequest, PutRequest, WriteRequest};
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::table::{BATCH_WRITES_MAX, Entity, Happened, Item, Key, Table, Update, decode, encode, number, text};

/// This many kinds are read side by side.
pub const KINDS_AT_ONCE: usize = 8;

const READING: &str = "read the town's data";
const WRITING: &str = "write the town's data";

/// [`TownStore`] in the table.
pub struct TableTownStore {
    table: Table,
}

impl TableTownStore {
    /// Kept in this table.
    #[must_use]
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    async fn state(&self) -> Result<RevisionItem, Error> {
        let item = self.table.get(READING, &revision_key()).await?;
        Ok(decode(READING, item, Timestamp::MIN)?.unwrap_or_default())
    }

    async fn records(&self, kind: String) -> Result<Vec<TownRecord>, Error> {
        // Consistently: whoever has seen a new revision must find its records.
        let items = self.table.partition(READING, &partition(&kind)).await?;
        items.into_iter().map(|item| record(&kind, item)).collect()
    }

    /// Changes the revision item, if it still has the revision that was read.
    async fn mark(&self, read: Revision, mark: Mark) -> Result<Happened, Error> {
        let (expression, names, value): (_, &[&str], _) = match mark {
            Mark::Kinds(kinds) => (
                "SET #kind = :kind, #v = :v ADD #kinds :kinds",
                &["kind", "v", "kinds", "revision"],
                ("kinds", AttributeValue::Ss(kinds)),
            ),
            Mark::Next(next) => {
                ("SET #kind = :kind, #v = :v, #revision = :next", &["kind", "v", "revision"], ("next", number(next.0)))
            }
        };
        let mut values = vec![("kind", text(RevisionItem::KIND)), ("v", number(RevisionItem::V)), value];
        let condition = if read == Revision::NONE {
            "attribute_not_exists(#revision)"
        } else {
            values.push(("read", number(read.0)));
            "#revision = :read"
        };
        self.table.update(WRITING, &revision_key(), Update { expression, condition, names, values }).await
    }
}

/// A change of the revision item.
enum Mark {
    /// There are these kinds, beside those known.
    Kinds(Vec<String>),
    /// This is the revision.
    Next(Revision),
}

#[async_trait]
impl TownStore for TableTownStore {
    async fn read(&self) -> Result<(Revision, Vec<TownRecord>), Error> {
        let state = self.state().await?;
        let kinds = stream::iter(state.kinds).map(|kind| self.records(kind)).buffered(KINDS_AT_ONCE);
        let records: Vec<Vec<TownRecord>> = kinds.try_collect().await?;
        Ok((Revision(state.revision), records.into_iter().flatten().collect()))
    }

    async fn revision(&self) -> Result<Revision, Error> {
        Ok(Revision(self.state().await?.revision))
    }

    async fn apply(&self, read: Revision, changes: &[TownChange]) -> Result<Applied, Error> {
        // The kinds first: were they last, a crash would leave records that no later reading finds.
        let kinds: BTreeSet<&str> = changes.iter().map(|change| key_of(change).0).collect();
        if !kinds.is_empty() {
            let kinds = Mark::Kinds(kinds.into_iter().map(str::to_owned).collect());
            if self.mark(read, kinds).await? == Happened::ConditionFailed {
                return Ok(Applied::Raced);
            }
        }
        for batch in batches(changes) {
            let writes = batch.iter().map(write_request).collect::<Result<_, _>>()?;
            self.table.write_batch(WRITING, writes).await?;
        }
        let next = Revision(read.0 + 1);
        match self.mark(read, Mark::Next(next)).await? {
            Happened::Written => Ok(Applied::Done(next)),
            Happened::ConditionFailed => Ok(Applied::Raced),
        }
    }
}

fn revision_key() -> Key {
    Key::new("TOWN", "REVISION")
}

fn partition(kind: &str) -> String {
    format!("TOWN#{kind}")
}

fn key_of(change: &TownChange) -> (&str, &str) {
    match change {
        TownChange::Put(record) => (&record.kind, &record.id),
        TownChange::Remove { kind, id } => (kind, id),
    }
}

/// Cuts changes into batches. DynamoDB writes a batch in any order and refuses the same key twice in it, so a batch ends
/// where a key comes again or another kind begins: the order that is asked for holds between kinds.
fn batches(changes: &[TownChange]) -> Vec<&[TownChange]> {
    let mut batches = Vec::new();
    let mut rest = changes;
    while let Some(first) = rest.first() {
        let kind = key_of(first).0;
        let mut ids = HashSet::new();
        let keys = rest.iter().take(BATCH_WRITES_MAX).map(key_of);
        let length = keys.take_while(|(k, id)| *k == kind && ids.insert(*id)).count();
        let (batch, later) = rest.split_at(length);
        batches.push(batch);
        rest = later;
    }
    batches
}

fn write_request(change: &TownChange) -> Result<WriteRequest, Error> {
    let invalid = |error| Error::new(Kind::Permanent, WRITING, error);
    match change {
        TownChange::Put(record) => {
            let key = Key::new(partition(&record.kind), &record.id);
            let item = encode(WRITING, &key, &RecordItem { body: record.body.to_string() })?;
            let put = PutRequest::builder().set_item(Some(item)).build().map_err(invalid)?;
            Ok(WriteRequest::builder().put_request(put).build())
        }
        TownChange::Remove { kind, id } => {
            let key = Key::new(partition(kind), id).attributes();
            let delete = DeleteRequest::builder().set_key(Some(key)).build().map_err(invalid)?;
            Ok(WriteRequest::builder().delete_request(delete).build())
        }
    }
}

fn record(kind: &str, item: Item) -> Result<TownRecord, Error> {
    let wrong = |what: &'static str| Error::new(Kind::Permanent, READING, what);
    let id = Key::of(&item).ok_or_else(|| wrong("a record without a key"))?.sk;
    let stored: RecordItem =
        decode(READING, Some(item), Timestamp::MIN)?.ok_or_else(|| wrong("a record that has expired"))?;
    let body = serde_json::from_str(&stored.body).map_err(|error| Error::new(Kind::Permanent, READING, error))?;
    Ok(TownRecord { kind: kind.to_owned(), id, body })
}

/// One record. Its body is the JSON text itself: what was loaded, to the letter, and quick to read thousands of.
#[derive(Serialize, Deserialize)]
struct RecordItem {
    body: String,
}

impl Entity for RecordItem {
    const KIND: &'static str = "town-record";
    const V: u64 = 1;
}

/// How many loads there were (0 and absent before the first has finished), and of which kinds there are records.
#[derive(Default, Serialize, Deserialize)]
struct RevisionItem {
    #[serde(default)]
    revision: u64,
    #[serde(default)]
    kinds: BTreeSet<String>,
}

impl Entity for RevisionItem {
    const KIND: &'static str = "town-revision";
    const V: u64 = 1;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(kind: &str, id: &str) -> TownChange {
        TownChange::Put(TownRecord { kind: kind.to_owned(), id: id.to_owned(), body: serde_json::json!({}) })
    }

    fn remove(kind: &str, id: &str) -> TownChange {
        TownChange::Remove { kind: kind.to_owned(), id: id.to_owned() }
    }

    fn sizes(changes: &[TownChange]) -> Vec<usize> {
        let batches = batches(changes);
        assert_eq!(batches.concat(), changes, "nothing lost, nothing moved");
        batches.iter().map(|batch| batch.len()).collect()
    }

    #[test]
    fn batches_end_at_the_limit_at_a_new_kind_and_at_a_key_that_comes_again() {
        assert_eq!(sizes(&[]), [0; 0]);
        let many: Vec<_> = (0..60).map(|n| put("waste-item", &n.to_string())).collect();
        assert_eq!(sizes(&many), [25, 25, 10]);
        assert_eq!(sizes(&[put("a", "1"), put("a", "2"), put("b", "1"), remove("b", "2"), put("a", "3")]), [2, 2, 1]);
        assert_eq!(sizes(&[put("a", "1"), remove("a", "1"), put("a", "1")]), [1, 1, 1]);
    }
}
