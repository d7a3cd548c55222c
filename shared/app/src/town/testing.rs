//! A store in memory for the tests of this folder: it can race, fail and die in the middle.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;

use crate::error::{Error, Kind};
use crate::ports::{Applied, Revision, TownChange, TownRecord, TownStore};

#[derive(Default)]
pub(super) struct MemoryStore(Mutex<State>);

#[derive(Default)]
struct State {
    revision: u64,
    records: BTreeMap<(String, String), serde_json::Value>,
    races: usize,
    writes_left: Option<usize>,
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

    /// Dies at the write after so many; records and revisions count alike.
    pub(super) fn die_after(&self, writes: usize) {
        self.state().writes_left = Some(writes);
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
}

impl State {
    fn call(&mut self) -> Result<(), Error> {
        self.calls += 1;
        if self.fails { Err(Error::new(Kind::Transient, "reach the store", "it is down")) } else { Ok(()) }
    }

    fn write(&mut self) -> Result<(), Error> {
        match &mut self.writes_left {
            Some(0) => {
                self.writes_left = None;
                Err(Error::new(Kind::Transient, "write", "died"))
            }
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
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

    async fn apply(&self, read: Revision, changes: &[TownChange]) -> Result<Applied, Error> {
        let mut state = self.state();
        state.call()?;
        if state.races > 0 {
            state.races -= 1;
            state.revision += 1;
        }
        if state.revision != read.0 {
            return Ok(Applied::Raced);
        }
        for change in changes {
            state.write()?;
            match change.clone() {
                TownChange::Put(record) => state.records.insert((record.kind, record.id), record.body),
                TownChange::Remove { kind, id } => state.records.remove(&(kind, id)),
            };
        }
        state.write()?;
        state.revision += 1;
        Ok(Applied::Done(Revision(state.revision)))
    }
}

/// The result of something that waits for nobody.
pub(super) fn now<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits for something"),
    }
}
