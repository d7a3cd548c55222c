//! The town's data in the table: one item per record, one that counts the edits, and the history of the edits.
//!
//! | what | `PK` | `SK` | ends |
//! | --- | --- | --- | --- |
//! | record | `TOWN#<kind>` | its id | |
//! | revision, the kinds there are, the edit under way | `TOWN` | `REVISION` | |
//! | past edit | `TOWN-HISTORY` | its revision in 12 digits | [`HISTORY_LIFE`] after it was made |
//! | changes of a large edit, some per item | `TOWN-JOURNAL#<hash>` | number | [`JOURNAL_LIFE`] after it was made |
//!
//! A small edit is one transaction. A large one has more records than a transaction takes: its changes are written into
//! its journal first, where nobody looks; then one transaction moves the revision on and names the journal as under way;
//! from there on every reader lays the journal over the records, so that all of the edit is seen; then the records are
//! written, and at last the name is taken away. Before that transaction a crash leaves an edit that nobody sees, after it
//! one that everybody sees, and the next writer completes the records. Only one program at a time writes them: it holds
//! them until a time that stands beside the journal's name ([`HOLD`]) and stops well before ([`STOP_BEFORE`]), so that
//! nothing old is written over something new.

mod items;
mod journal;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use app::error::{Chain, Error, Kind};
use app::ports::{Applied, Clock, HISTORY_LIFE, PastEdit, Revision, TownChange, TownEdit, TownRecord, TownStore};
use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::audit::Act;
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::{SignedDuration, Timestamp};

use crate::audit::{Recorded, transact_with_act};
use crate::table::{Along, Condition, Entity, Key, Step, Table, Update, Write, decode, encode, number, text};
use items::{HistoryItem, Pending, RecordItem, RevisionItem, history_key, partition, record, record_key, revision_key};

/// This many kinds are read side by side.
pub const KINDS_AT_ONCE: usize = 8;
/// An edit of at most this many records is one transaction; DynamoDB takes 100 steps, a few of which are not records.
pub const SMALL_EDIT_MAX: usize = 50;
/// An edit of at most so many bytes of JSON is one transaction and stands in its history item itself.
pub const SMALL_EDIT_BYTES_MAX: usize = 100_000;
/// Journals are kept longer than the history, as one may be under way until somebody edits again.
pub const JOURNAL_LIFE: SignedDuration = SignedDuration::from_hours(400 * 24);
/// So long may one program write the records of a large edit.
pub const HOLD: SignedDuration = SignedDuration::from_secs(60);
/// So long before the end of its time it stops: for writes on their way, and for clocks that differ.
pub const STOP_BEFORE: SignedDuration = SignedDuration::from_secs(15);
/// How often, and how long apart, a writer looks whether another one has finished.
const WAITS_MAX: usize = 20;
const WAIT: Duration = Duration::from_millis(500);
/// How often a reading begins again because an edit came between.
const READINGS_MAX: usize = 10;

const READING: &str = "read the town's data";
const WRITING: &str = "write the town's data";
const LOOKING_BACK: &str = "read the history of the town's data";

/// [`TownStore`] in the table.
pub struct TableTownStore {
    table: Table,
    clock: Arc<dyn Clock>,
}

impl TableTownStore {
    /// Kept in this table.
    #[must_use]
    pub fn new(table: Table, clock: Arc<dyn Clock>) -> Self {
        Self { table, clock }
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

    /// All records as they are after the edit that is under way, if one is.
    async fn records_at(&self, state: &RevisionItem) -> Result<Vec<TownRecord>, Error> {
        let kinds = stream::iter(state.kinds.clone()).map(|kind| self.records(kind)).buffered(KINDS_AT_ONCE);
        let records: Vec<Vec<TownRecord>> = kinds.try_collect().await?;
        let records = records.into_iter().flatten();
        let Some(pending) = &state.pending else { return Ok(records.collect()) };
        let changes = self.journal(&pending.journal).await?;
        let keyed = |record: TownRecord| ((record.kind, record.id), record.body);
        let mut laid: HashMap<_, _> = records.map(keyed).collect();
        for TownChange { kind, id, before: _, after } in changes {
            match after {
                Some(body) => laid.insert((kind, id), body),
                None => laid.remove(&(kind, id)),
            };
        }
        Ok(laid.into_iter().map(|((kind, id), body)| TownRecord { kind, id, body }).collect())
    }

    /// The step that moves the revision on.
    fn advance<'a>(read: Revision, edit: &TownEdit, pending: Option<&Pending>) -> Result<Step<'a>, Error> {
        let mut values = vec![
            ("kind", text(RevisionItem::KIND)),
            ("v", number(RevisionItem::V)),
            ("next", number(read.next().0)),
            ("revised", number(edit.act.at.as_second())),
            ("kinds", AttributeValue::Ss(kinds(edit))),
        ];
        let condition = if read == Revision::NONE {
            "attribute_not_exists(#revision) AND attribute_not_exists(#pending)"
        } else {
            values.push(("read", number(read.0)));
            "#revision = :read AND attribute_not_exists(#pending)"
        };
        let expression = if let Some(pending) = pending {
            let pending = serde_dynamo::to_attribute_value(pending)
                .map_err(|error| Error::new(Kind::Permanent, WRITING, error))?;
            values.push(("pending", pending));
            "SET #kind = :kind, #v = :v, #revision = :next, #revised = :revised, #pending = :pending ADD #kinds :kinds"
        } else {
            "SET #kind = :kind, #v = :v, #revision = :next, #revised = :revised ADD #kinds :kinds"
        };
        let names = &["kind", "v", "revision", "revised", "pending", "kinds"];
        Ok(Step::Update(revision_key(), Update { expression, condition, names, values }))
    }

    /// The step that puts the edit into the history.
    fn remember<'a>(&self, revision: Revision, edit: &TownEdit, journal: Option<String>) -> Result<Step<'a>, Error> {
        let expires = (self.clock.now() + HISTORY_LIFE).as_second();
        let item = HistoryItem::of(WRITING, edit, journal, expires)?;
        let item = encode(WRITING, &history_key(revision), &item)?;
        Ok(Step::Put(Write { item, condition: Condition::None }))
    }

    /// Writes the records of a small edit with everything else at once.
    async fn write_at_once(&self, read: Revision, edit: &TownEdit) -> Result<Applied, Error> {
        let mut steps = vec![Self::advance(read, edit, None)?, self.remember(read.next(), edit, None)?];
        for change in &edit.changes {
            let key = record_key(&change.kind, &change.id);
            steps.push(match &change.after {
                Some(body) => {
                    let item = encode(WRITING, &key, &RecordItem::of(body))?;
                    Step::Put(Write { item, condition: Condition::None })
                }
                None => Step::Remove(key),
            });
        }
        self.commit(read, &edit.act, steps).await
    }

    /// Makes a large edit seen, then writes its records.
    async fn write_by_journal(&self, read: Revision, edit: &TownEdit) -> Result<Applied, Error> {
        let journal = self.keep_journal(read, edit).await?;
        let pending = Pending { journal: journal.clone(), until: (self.clock.now() + HOLD).as_second() };
        let steps = vec![Self::advance(read, edit, Some(&pending))?, self.remember(read.next(), edit, Some(journal))?];
        let applied = self.commit(read, &edit.act, steps).await?;
        if let Applied::Done(_) = applied {
            // The edit is made by now, whatever becomes of this: readers lay the journal over the records.
            if let Err(error) = self.complete(&pending, &edit.changes).await {
                tracing::warn!(error = %Chain(&error), "the records of a large edit are left to the next writer");
            }
        }
        Ok(applied)
    }

    /// Takes all steps and records the act, if the revision still is the one that was read.
    async fn commit(&self, read: Revision, act: &Act, steps: Vec<Step<'_>>) -> Result<Applied, Error> {
        match transact_with_act(&self.table, WRITING, steps, act).await? {
            Recorded::Written(_) => Ok(Applied::Done(read.next())),
            Recorded::Refused(_) => Ok(Applied::Raced),
        }
    }

    /// Makes sure that no large edit is under way: waits for whoever writes it, or completes what they left.
    async fn settle(&self) -> Result<Revision, Error> {
        for wait in 0..WAITS_MAX {
            let state = self.state().await?;
            let Some(pending) = state.pending else { return Ok(Revision(state.revision)) };
            if pending.until > self.clock.now().as_second() {
                tracing::info!(wait, "a large edit of the town's data is under way");
                tokio::time::sleep(WAIT).await;
            } else if let Some(mine) = self.take_over(&pending).await? {
                let changes = self.journal(&mine.journal).await?;
                self.complete(&mine, &changes).await?;
            }
        }
        Err(Error::new(Kind::Transient, WRITING, "a large edit is under way"))
    }
}

#[async_trait]
impl TownStore for TableTownStore {
    async fn read(&self) -> Result<(Revision, Vec<TownRecord>), Error> {
        let mut state = self.state().await?;
        for _ in 0..READINGS_MAX {
            let records = self.records_at(&state).await?;
            // An edit that came between may be in some of the records and not in others.
            let after = self.state().await?;
            if after.revision == state.revision {
                return Ok((Revision(state.revision), records));
            }
            state = after;
        }
        Err(Error::new(Kind::Transient, READING, "others kept editing at the same time"))
    }

    async fn revision(&self) -> Result<Revision, Error> {
        Ok(Revision(self.state().await?.revision))
    }

    async fn revised(&self) -> Result<Timestamp, Error> {
        // What no instant has is no time of ours.
        Ok(Timestamp::from_second(self.state().await?.revised).unwrap_or_default())
    }

    async fn write(&self, read: Revision, edit: &TownEdit) -> Result<Applied, Error> {
        if edit.changes.is_empty() {
            return Err(Error::new(Kind::Permanent, WRITING, "an edit that changes nothing"));
        }
        if self.settle().await? != read {
            return Ok(Applied::Raced);
        }
        if edit.changes.len() <= SMALL_EDIT_MAX && items::bytes(WRITING, edit)? <= SMALL_EDIT_BYTES_MAX {
            self.write_at_once(read, edit).await
        } else {
            self.write_by_journal(read, edit).await
        }
    }

    async fn history(&self, before: Option<Revision>, limit: usize) -> Result<Vec<PastEdit>, Error> {
        let place = before.map(|before| history_key(before).sk);
        let along = place.as_deref().map_or(Along::FromTheEnd, Along::Before);
        let items = self.table.some(LOOKING_BACK, items::HISTORY, along, limit).await?;
        let now = self.clock.now();
        let mut edits = Vec::with_capacity(items.len());
        for item in items {
            let revision = items::revision_of(LOOKING_BACK, &item)?;
            if let Some(item) = decode::<HistoryItem>(LOOKING_BACK, Some(item), now)? {
                edits.push(item.into_past(LOOKING_BACK, revision)?.0);
            }
        }
        Ok(edits)
    }

    async fn past(&self, revision: Revision) -> Result<Option<(PastEdit, Vec<TownChange>)>, Error> {
        let item = self.table.get(LOOKING_BACK, &history_key(revision)).await?;
        let Some(item) = decode::<HistoryItem>(LOOKING_BACK, item, self.clock.now())? else { return Ok(None) };
        let journal = item.journal.clone();
        let (past, mut changes) = item.into_past(LOOKING_BACK, revision)?;
        if let Some(journal) = journal {
            changes = self.journal(&journal).await?;
        }
        Ok(Some((past, changes)))
    }
}

fn kinds(edit: &TownEdit) -> Vec<String> {
    let kinds: BTreeSet<&str> = edit.changes.iter().map(|change| change.kind.as_str()).collect();
    kinds.into_iter().map(str::to_owned).collect()
}

/// The key of a record, for its own module and for [`journal`].
fn key_of(change: &TownChange) -> Key {
    record_key(&change.kind, &change.id)
}
