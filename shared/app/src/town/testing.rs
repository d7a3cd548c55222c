//! A store in memory for the tests of this folder: it can race and fail.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use domain::audit::Act;
use jiff::Timestamp;

use crate::error::{Error, Kind};
use crate::ports::{Applied, PastEdit, Revision, TownChange, TownEdit, TownRecord, TownStore};

#[derive(Default)]
pub(super) struct MemoryStore(Mutex<State>);

#[derive(Default)]
struct State {
    revision: u64,
    records: BTreeMap<(String, String), serde_json::Value>,
    edits: Vec<(Revision, TownEdit)>,
    races: usize,
    fails: bool,
    calls: usize,
}

impl MemoryStore {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn race(&self, times: usize) {
        self.state().races = times;
    }

    pub(super) fn fail(&self, fails: bool) {
        self.state().fails = fails;
    }

    pub(super) fn calls(&self) -> usize {
        self.state().calls
    }

    pub(super) fn put(&self, kind: &str, id: &str, body: serde_json::Value) {
        let mut state = self.state();
        state.records.insert((kind.to_owned(), id.to_owned()), body);
        state.revision += 1;
    }

    pub(super) fn ids(&self, kind: &str) -> Vec<String> {
        self.state().records.keys().filter(|(of, _)| of == kind).map(|(_, id)| id.clone()).collect()
    }

    pub(super) fn acts(&self) -> Vec<Act> {
        self.state().edits.iter().map(|(_, edit)| edit.act.clone()).collect()
    }
}

impl State {
    fn call(&mut self) -> Result<(), Error> {
        self.calls += 1;
        if self.fails { Err(Error::new(Kind::Transient, "reach the store", "it is down")) } else { Ok(()) }
    }
}

#[async_trait]
impl TownStore for MemoryStore {
    async fn read(&self) -> Result<(Revision, Vec<TownRecord>), Error> {
        let mut state = self.state();
        state.call()?;
        let record = |((kind, id), body): (&(String, String), &serde_json::Value)| TownRecord {
            kind: kind.clone(),
            id: id.clone(),
            body: body.clone(),
        };
        Ok((Revision(state.revision), state.records.iter().map(record).collect()))
    }

    async fn revision(&self) -> Result<Revision, Error> {
        let mut state = self.state();
        state.call()?;
        Ok(Revision(state.revision))
    }

    async fn revised(&self) -> Result<Timestamp, Error> {
        let latest = self.state().edits.last().map(|(_, edit)| edit.act.at);
        Ok(latest.unwrap_or(Timestamp::UNIX_EPOCH))
    }

    async fn write(&self, read: Revision, edit: &TownEdit) -> Result<Applied, Error> {
        let mut state = self.state();
        state.call()?;
        if state.races > 0 {
            state.races -= 1;
            state.revision += 1;
        }
        if state.revision != read.0 {
            return Ok(Applied::Raced);
        }
        for TownChange { kind, id, after, .. } in edit.changes.clone() {
            match after {
                Some(body) => state.records.insert((kind, id), body),
                None => state.records.remove(&(kind, id)),
            };
        }
        state.revision += 1;
        let revision = Revision(state.revision);
        state.edits.push((revision, edit.clone()));
        Ok(Applied::Done(revision))
    }

    async fn history(&self, before: Option<Revision>, limit: usize) -> Result<Vec<PastEdit>, Error> {
        let state = self.state();
        let earlier = state.edits.iter().rev().filter(|(at, _)| before.is_none_or(|before| *at < before));
        Ok(earlier.take(limit).map(|(at, edit)| PastEdit::of(*at, edit)).collect())
    }

    async fn past(&self, revision: Revision) -> Result<Option<(PastEdit, Vec<TownChange>)>, Error> {
        let state = self.state();
        let found = state.edits.iter().find(|(at, _)| *at == revision);
        Ok(found.map(|(at, edit)| (PastEdit::of(*at, edit), edit.changes.clone())))
    }
}

/// The result of something that waits for nobody.
pub(crate) fn now<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits for something"),
    }
}
