//! The town's data in memory: records with their history, files that wait, and unanswered questions.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Bound;
use std::sync::{Arc, Mutex};

use app::error::{Error, Kind};
use app::ports::staff::{AuditLog, Written};
use app::ports::{
    Applied, Asked, Handling, KeptUpload, Month, PastEdit, Questions, Revision, SomeAsked, TownChange, TownEdit,
    TownRecord, TownStore, Uploads, Versioned,
};
use app::questions::{self, Counts};
use async_trait::async_trait;
use domain::audit::Act;
use domain::time::date_in_japan;
use jiff::Timestamp;
use serde_json::Value;

use crate::city::{TableFault, lock};

/// The store of the town's data.
pub struct TestTownStore {
    audit: Arc<dyn AuditLog>,
    rows: Mutex<Rows>,
}

#[derive(Default)]
struct Rows {
    revision: u64,
    records: BTreeMap<(String, String), Value>,
    edits: Vec<(Revision, TownEdit)>,
    write_faults: VecDeque<TableFault>,
    interlopers: VecDeque<TownRecord>,
}

impl TestTownStore {
    /// A store of nothing, whose acts go into this log.
    #[must_use]
    pub fn new(audit: Arc<dyn AuditLog>) -> Self {
        Self { audit, rows: Mutex::default() }
    }

    /// Puts records there without an edit.
    pub fn settle(&self, records: Vec<TownRecord>) {
        let mut rows = lock(&self.rows);
        rows.revision += 1;
        rows.records.extend(records.into_iter().map(|record| ((record.kind, record.id), record.body)));
    }

    /// The next writes fail so.
    pub fn fail_writes(&self, faults: impl IntoIterator<Item = TableFault>) {
        lock(&self.rows).write_faults.extend(faults);
    }

    /// Before each of the next writes somebody else writes one of these.
    pub fn interlope(&self, records: impl IntoIterator<Item = TownRecord>) {
        lock(&self.rows).interlopers.extend(records);
    }

    /// A record's body.
    #[must_use]
    pub fn body(&self, kind: &str, id: &str) -> Option<Value> {
        lock(&self.rows).records.get(&(kind.to_owned(), id.to_owned())).cloned()
    }

    fn apply(&self, read: Revision, edit: &TownEdit) -> Applied {
        let mut rows = lock(&self.rows);
        if let Some(record) = rows.interlopers.pop_front() {
            rows.records.insert((record.kind, record.id), record.body);
            rows.revision += 1;
        }
        if rows.revision != read.0 {
            return Applied::Raced;
        }
        for TownChange { kind, id, after, .. } in edit.changes.clone() {
            match after {
                Some(body) => rows.records.insert((kind, id), body),
                None => rows.records.remove(&(kind, id)),
            };
        }
        rows.revision += 1;
        let revision = Revision(rows.revision);
        rows.edits.push((revision, edit.clone()));
        Applied::Done(revision)
    }
}

#[async_trait]
impl TownStore for TestTownStore {
    async fn read(&self) -> Result<(Revision, Vec<TownRecord>), Error> {
        let rows = lock(&self.rows);
        let record = |((kind, id), body): (&(String, String), &Value)| TownRecord {
            kind: kind.clone(),
            id: id.clone(),
            body: body.clone(),
        };
        Ok((Revision(rows.revision), rows.records.iter().map(record).collect()))
    }

    async fn revision(&self) -> Result<Revision, Error> {
        Ok(Revision(lock(&self.rows).revision))
    }

    async fn revised(&self) -> Result<Timestamp, Error> {
        let latest = lock(&self.rows).edits.last().map(|(_, edit)| edit.act.at);
        Ok(latest.unwrap_or(Timestamp::UNIX_EPOCH))
    }

    async fn write(&self, read: Revision, edit: &TownEdit) -> Result<Applied, Error> {
        let fault = lock(&self.rows).write_faults.pop_front();
        if fault == Some(TableFault::Throttled) {
            return Err(Error::new(Kind::Throttled, "write the town's data", "told so by the test"));
        }
        let applied = self.apply(read, edit);
        if let Applied::Done(_) = applied {
            self.audit.append(&edit.act).await?;
        }
        if fault == Some(TableFault::ReplyLost) {
            return Err(Error::new(Kind::Transient, "write the town's data", "the answer was lost"));
        }
        Ok(applied)
    }

    async fn history(&self, before: Option<Revision>, limit: usize) -> Result<Vec<PastEdit>, Error> {
        let rows = lock(&self.rows);
        let earlier = rows.edits.iter().rev().filter(|(at, _)| before.is_none_or(|before| *at < before));
        Ok(earlier.take(limit).map(|(at, edit)| PastEdit::of(*at, edit)).collect())
    }

    async fn past(&self, revision: Revision) -> Result<Option<(PastEdit, Vec<TownChange>)>, Error> {
        let rows = lock(&self.rows);
        let found = rows.edits.iter().find(|(at, _)| *at == revision);
        Ok(found.map(|(at, edit)| (PastEdit::of(*at, edit), edit.changes.clone())))
    }
}

/// Files that wait.
#[derive(Default)]
pub struct TestUploads(Mutex<Vec<KeptUpload>>);

impl TestUploads {
    /// Forgets all of them, as after a day.
    pub fn forget(&self) {
        lock(&self.0).clear();
    }
}

#[async_trait]
impl Uploads for TestUploads {
    async fn keep(&self, upload: &KeptUpload) -> Result<(), Error> {
        lock(&self.0).push(upload.clone());
        Ok(())
    }

    async fn find(&self, id: &str) -> Result<Option<KeptUpload>, Error> {
        Ok(lock(&self.0).iter().find(|upload| upload.id == id).cloned())
    }
}

/// So many askings are read at once.
pub const ASKINGS_AT_ONCE: usize = 100;

/// Questions that nothing answered.
pub struct TestQuestions {
    audit: Arc<dyn AuditLog>,
    asked: Mutex<BTreeMap<(Month, String), Asked>>,
    counts: Mutex<BTreeMap<Month, Versioned<Counts>>>,
    handled: Mutex<Vec<Handling>>,
}

impl TestQuestions {
    /// None yet; decisions go into this log.
    #[must_use]
    pub fn new(audit: Arc<dyn AuditLog>) -> Self {
        Self { audit, asked: Mutex::default(), counts: Mutex::default(), handled: Mutex::default() }
    }

    /// Somebody asks.
    pub fn ask(&self, question: &str, at: Timestamp) {
        let mut asked = lock(&self.asked);
        let place = format!("{}#{:08}", questions::hash(&questions::key(question)), asked.len());
        asked.insert((Month::of(date_in_japan(at)), place), Asked { question: question.to_owned(), at });
    }
}

impl TestQuestions {
    async fn replace(
        &self,
        key: &str,
        seen: Option<Timestamp>,
        by: Option<&Handling>,
        act: &Act,
    ) -> Result<Written, Error> {
        {
            let mut handled = lock(&self.handled);
            if handled.iter().find(|known| known.key == key).map(|known| known.at) != seen {
                return Ok(Written::Raced);
            }
            handled.retain(|known| known.key != key);
            handled.extend(by.cloned());
        }
        self.audit.append(act).await.map(|_| Written::Done)
    }
}

#[async_trait]
impl Questions for TestQuestions {
    async fn asked(&self, month: Month, after: Option<&str>) -> Result<SomeAsked, Error> {
        let asked = lock(&self.asked);
        let after = after.map_or(Bound::Unbounded, |after| Bound::Excluded((month, after.to_owned())));
        let later = asked.range((after, Bound::Unbounded)).skip_while(|((of, _), _)| *of < month);
        let page: Vec<_> = later.take_while(|((of, _), _)| *of == month).take(ASKINGS_AT_ONCE).collect();
        // Like the table: a full page does not say whether it is the last.
        let next = page.last().filter(|_| page.len() == ASKINGS_AT_ONCE).map(|((_, place), _)| place.clone());
        Ok(SomeAsked { asked: page.into_iter().map(|(_, asked)| asked.clone()).collect(), next })
    }

    async fn was_asked(&self, month: Month, key: &str) -> Result<bool, Error> {
        let asked = lock(&self.asked);
        Ok(asked.iter().any(|((of, _), asked)| *of == month && questions::key(&asked.question) == key))
    }

    async fn counts(&self, month: Month) -> Result<Option<Versioned<Counts>>, Error> {
        Ok(lock(&self.counts).get(&month).cloned())
    }

    async fn keep_counts(&self, month: Month, counts: &Counts, read: Option<u64>) -> Result<Written, Error> {
        let mut kept = lock(&self.counts);
        if kept.get(&month).map(|kept| kept.version) != read {
            return Ok(Written::Raced);
        }
        kept.insert(month, Versioned { value: counts.clone(), version: read.unwrap_or_default() + 1 });
        Ok(Written::Done)
    }

    async fn handled(&self) -> Result<Vec<Handling>, Error> {
        Ok(lock(&self.handled).clone())
    }

    async fn handle(&self, handling: &Handling, seen: Option<Timestamp>, act: &Act) -> Result<Written, Error> {
        self.replace(&handling.key, seen, Some(handling), act).await
    }

    async fn reopen(&self, key: &str, seen: Timestamp, act: &Act) -> Result<Written, Error> {
        self.replace(key, Some(seen), None, act).await
    }
}
