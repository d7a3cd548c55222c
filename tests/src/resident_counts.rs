//! Counts of residents, in memory: reading takes time, and of two who keep at once one is refused.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use app::error::{Error, Kind};
use app::ports::Versioned;
use app::ports::residents::{Counted, Cursor, DayCount, Job, PARTITIONS, ResidentCounts};
use app::ports::staff::Written;
use async_trait::async_trait;
use domain::counts::Tally;
use domain::ids::ResidentId;
use domain::resident::Resident;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::city::{TableFault, TestClock, lock};

/// One reading gives so many residents.
pub const PAGE: usize = 3;

#[derive(Default)]
struct Rows {
    residents: BTreeMap<ResidentId, Resident>,
    job: Option<Versioned<Job>>,
    last: Option<Counted>,
    days: BTreeMap<Date, DayCount>,
    fault: Option<TableFault>,
    last_fault: Option<TableFault>,
    readings: usize,
}

/// The counts, and the residents who are counted.
pub struct TestCounts {
    rows: Mutex<Rows>,
    clock: Arc<TestClock>,
    reading_takes: SignedDuration,
}

impl TestCounts {
    /// Each reading of residents takes so long.
    #[must_use]
    pub fn new(clock: Arc<TestClock>, reading_takes: SignedDuration) -> Self {
        Self { rows: Mutex::default(), clock, reading_takes }
    }

    /// Puts a resident into the table.
    pub fn put(&self, resident: Resident) {
        lock(&self.rows).residents.insert(resident.id.clone(), resident);
    }

    /// The next keeping fails so.
    pub fn fail_keep(&self, fault: TableFault) {
        lock(&self.rows).fault = Some(fault);
    }

    /// The next reading of the last result fails so.
    pub fn fail_last(&self, fault: TableFault) {
        lock(&self.rows).last_fault = Some(fault);
    }

    /// How often residents were read.
    #[must_use]
    pub fn readings(&self) -> usize {
        lock(&self.rows).readings
    }
}

#[async_trait]
impl ResidentCounts for TestCounts {
    async fn count(&self, from: &Cursor, tally: &mut Tally, _: Timestamp) -> Result<Cursor, Error> {
        // Gives way, so that two who count at once really interleave.
        tokio::task::yield_now().await;
        self.clock.advance(self.reading_takes);
        let mut rows = lock(&self.rows);
        rows.readings += 1;
        let partition = format!("{:02x}", from.partition);
        let there = rows.residents.iter().filter(|(id, _)| id.partition() == partition);
        let rest: Vec<&Resident> =
            there.filter(|(id, _)| from.after.as_ref().is_none_or(|after| after < *id)).map(|(_, one)| one).collect();
        rest.iter().take(PAGE).for_each(|resident| tally.add(&(*resident).into()));
        Ok(match rest.get(PAGE - 1).filter(|_| PAGE < rest.len()) {
            Some(last) => Cursor { partition: from.partition, after: Some(last.id.clone()) },
            None => Cursor { partition: from.partition + 1, after: None },
        })
    }

    async fn job(&self) -> Result<Option<Versioned<Job>>, Error> {
        tokio::task::yield_now().await;
        Ok(lock(&self.rows).job.clone())
    }

    async fn keep(&self, job: &Job, read: Option<u64>) -> Result<Written, Error> {
        tokio::task::yield_now().await;
        assert!(job.next.partition <= PARTITIONS, "there is no partition after the last");
        let mut rows = lock(&self.rows);
        let fault = rows.fault.take();
        let error = || Error::new(Kind::Throttled, "keep counts", "as the test says");
        if fault == Some(TableFault::Throttled) {
            return Err(error());
        }
        if rows.job.as_ref().map(|stored| stored.version) != read {
            return Ok(Written::Raced);
        }
        rows.job = Some(Versioned { value: job.clone(), version: read.unwrap_or_default() + 1 });
        if let Some(at) = job.finished {
            let Tally { day, following, blocked, .. } = job.tally;
            rows.days.insert(day, DayCount { day, following, blocked });
            rows.last = Some(Counted { at, tally: job.tally.clone() });
        }
        if fault == Some(TableFault::ReplyLost) {
            return Err(error());
        }
        Ok(Written::Done)
    }

    async fn last(&self) -> Result<Option<Counted>, Error> {
        let mut rows = lock(&self.rows);
        match rows.last_fault.take() {
            Some(_) => Err(Error::new(Kind::Throttled, "read counts", "as the test says")),
            None => Ok(rows.last.clone()),
        }
    }

    async fn history(&self, first: Date, last: Date) -> Result<Vec<DayCount>, Error> {
        Ok(lock(&self.rows).days.range(first..=last).map(|(_, count)| count.clone()).collect())
    }
}
