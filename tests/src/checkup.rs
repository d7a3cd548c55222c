//! What the account knows of itself, in memory.

use std::collections::BTreeMap;
use std::sync::Mutex;

use app::error::{Error, Kind};
use app::ports::checkup::{Checkups, Heartbeat, Heartbeats, Runner};
use async_trait::async_trait;
use domain::checkup::Checkup;
use jiff::Timestamp;

use crate::city::lock;

/// The last look and the signs of life.
#[derive(Default)]
pub struct TestCheckups(Mutex<Rows>);

#[derive(Default)]
struct Rows {
    last: Option<Checkup>,
    reads: usize,
    puts: usize,
    beats: BTreeMap<Runner, Timestamp>,
    /// So many of the next writings fail; nothing happens.
    failures: usize,
}

impl TestCheckups {
    /// The next writings fail; nothing happens.
    pub fn fail(&self, times: usize) {
        lock(&self.0).failures = times;
    }

    /// How often the last look was read.
    #[must_use]
    pub fn reads(&self) -> usize {
        lock(&self.0).reads
    }

    /// How many looks were kept.
    #[must_use]
    pub fn puts(&self) -> usize {
        lock(&self.0).puts
    }

    fn write(&self, make: impl FnOnce(&mut Rows)) -> Result<(), Error> {
        let mut rows = lock(&self.0);
        if rows.failures > 0 {
            rows.failures -= 1;
            return Err(Error::new(Kind::Transient, "keep how the account is", "as the test says"));
        }
        make(&mut rows);
        Ok(())
    }
}

#[async_trait]
impl Checkups for TestCheckups {
    async fn last(&self) -> Result<Option<Checkup>, Error> {
        let mut rows = lock(&self.0);
        rows.reads += 1;
        Ok(rows.last.clone())
    }

    async fn put(&self, checkup: &Checkup) -> Result<(), Error> {
        self.write(|rows| {
            rows.last = Some(checkup.clone());
            rows.puts += 1;
        })
    }
}

#[async_trait]
impl Heartbeats for TestCheckups {
    async fn beat(&self, beat: &Heartbeat) -> Result<(), Error> {
        self.write(|rows| {
            rows.beats.insert(beat.runner, beat.at);
        })
    }

    async fn all(&self) -> Result<Vec<Heartbeat>, Error> {
        Ok(lock(&self.0).beats.iter().map(|(runner, at)| Heartbeat { runner: *runner, at: *at }).collect())
    }
}
