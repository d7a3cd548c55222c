//! The platform's list of followers and the import of it, in memory: pages change while they are read, places on the list are
//! forgotten, and whoever works on the import can die at any moment.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use app::error::{Error, Kind};
use app::ports::Versioned;
use app::ports::followers::{FollowersList, Imports, Job, Listed, Onward};
use app::ports::staff::{AuditLog, Written};
use async_trait::async_trait;
use domain::audit::Act;
use domain::ids::{EventId, ResidentId};
use domain::resident::Resident;
use jiff::SignedDuration;

use crate::city::{TableFault, TestClock, TestTable, lock};

/// So many friends are on a page.
pub const PAGE: usize = 1_000;

/// How one call for a page goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListFault {
    /// Nothing comes back.
    Failed(Kind),
    /// This comes back instead of a page.
    Says(Listed),
}

#[derive(Default)]
struct Inside {
    /// By the order in which they came; `None` for one who has left.
    friends: BTreeMap<u64, ResidentId>,
    came: u64,
    /// The list goes on only from places of this reading.
    reading: u64,
    faults: VecDeque<ListFault>,
    calls: usize,
}

/// The platform's list.
pub struct TestList {
    inside: Mutex<Inside>,
    clock: Arc<TestClock>,
    page_takes: SignedDuration,
}

impl TestList {
    /// A list without friends, of which each page takes so long.
    #[must_use]
    pub fn new(clock: Arc<TestClock>, page_takes: SignedDuration) -> Self {
        Self { inside: Mutex::default(), clock, page_takes }
    }

    /// Somebody follows the account.
    pub fn add(&self, id: ResidentId) {
        let mut inside = lock(&self.inside);
        inside.came += 1;
        let place = inside.came;
        inside.friends.insert(place, id);
    }

    /// Somebody follows it no more.
    pub fn remove(&self, id: &ResidentId) {
        lock(&self.inside).friends.retain(|_, friend| friend != id);
    }

    /// The next calls go so.
    pub fn fail(&self, faults: impl IntoIterator<Item = ListFault>) {
        lock(&self.inside).faults.extend(faults);
    }

    /// A day passes: nobody knows any more where the list was to go on.
    pub fn forget_places(&self) {
        lock(&self.inside).reading += 1;
    }

    /// How often it was asked.
    #[must_use]
    pub fn calls(&self) -> usize {
        lock(&self.inside).calls
    }
}

#[async_trait]
impl FollowersList for TestList {
    async fn page(&self, from: Option<&Onward>) -> Result<Listed, Error> {
        // Gives way, so that two who work at once really interleave.
        tokio::task::yield_now().await;
        self.clock.advance(self.page_takes);
        let mut inside = lock(&self.inside);
        inside.calls += 1;
        match inside.faults.pop_front() {
            Some(ListFault::Failed(kind)) => return Err(Error::new(kind, "list followers", "as the test says")),
            Some(ListFault::Says(listed)) => return Ok(listed),
            None => {}
        }
        let reading = inside.reading.to_string();
        let from = match from.map(|Onward(from)| from.split_once('/')) {
            None => 0,
            Some(Some((of, place))) if of == reading => place.parse().unwrap_or_default(),
            Some(_) => return Ok(Listed::Forgotten),
        };
        let mut rest = inside.friends.range(from..);
        let residents: Vec<ResidentId> = rest.by_ref().take(PAGE).map(|(_, id)| id.clone()).collect();
        let next = rest.next().map(|(place, _)| Onward(format!("{reading}/{place}")));
        Ok(Listed::Page { residents, odd: 0, next })
    }
}

/// How one keeping of the import goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeepFault {
    /// As any write.
    Table(TableFault),
    /// Somebody else has taken the import over just before.
    Overtaken,
}

#[derive(Default)]
struct Rows {
    job: Option<Versioned<Job>>,
    keep_faults: VecDeque<Option<KeepFault>>,
    /// So many more residents are kept; then the function dies, once.
    dies_after: Option<usize>,
}

/// The import, over the residents of a table.
pub struct TestImports {
    rows: Mutex<Rows>,
    table: Arc<TestTable>,
    audit: Arc<dyn AuditLog>,
}

impl TestImports {
    /// Nothing was imported yet; acts go into this log.
    #[must_use]
    pub fn new(table: Arc<TestTable>, audit: Arc<dyn AuditLog>) -> Self {
        Self { rows: Mutex::default(), table, audit }
    }

    /// The next keepings go so; `None`: well.
    pub fn fail_keeps(&self, faults: impl IntoIterator<Item = Option<KeepFault>>) {
        lock(&self.rows).keep_faults.extend(faults);
    }

    /// After so many more residents nothing is kept any more, once.
    pub fn die_after(&self, residents: usize) {
        lock(&self.rows).dies_after = Some(residents);
    }

    /// Puts an import there as another function would.
    pub fn settle(&self, job: Job) {
        let mut rows = lock(&self.rows);
        let version = rows.job.as_ref().map_or(1, |stored| stored.version + 1);
        rows.job = Some(Versioned { value: job, version });
    }

    fn lives(&self) -> bool {
        let mut rows = lock(&self.rows);
        match rows.dies_after.as_mut() {
            Some(0) => {
                rows.dies_after = None;
                false
            }
            Some(left) => {
                *left -= 1;
                true
            }
            None => true,
        }
    }
}

#[async_trait]
impl Imports for TestImports {
    async fn job(&self) -> Result<Option<Versioned<Job>>, Error> {
        tokio::task::yield_now().await;
        Ok(lock(&self.rows).job.clone())
    }

    async fn keep(&self, job: &Job, read: Option<u64>, act: Option<&Act>) -> Result<Written, Error> {
        tokio::task::yield_now().await;
        let error = || Error::new(Kind::Throttled, "keep the import", "as the test says");
        let fault = {
            let mut rows = lock(&self.rows);
            let fault = rows.keep_faults.pop_front().flatten();
            match (fault, rows.job.as_mut()) {
                (Some(KeepFault::Table(TableFault::Throttled)), _) => return Err(error()),
                (Some(KeepFault::Overtaken), Some(stored)) => stored.version += 1,
                (Some(KeepFault::Table(TableFault::ReplyLost) | KeepFault::Overtaken) | None, _) => {}
            }
            if rows.job.as_ref().map(|stored| stored.version) != read {
                return Ok(Written::Raced);
            }
            rows.job = Some(Versioned { value: job.clone(), version: read.unwrap_or_default() + 1 });
            fault
        };
        if let Some(act) = act {
            self.audit.append(act).await?;
        }
        if fault == Some(KeepFault::Table(TableFault::ReplyLost)) { Err(error()) } else { Ok(Written::Done) }
    }

    async fn welcome(&self, listed: &[Resident], event: &EventId) -> Result<u64, Error> {
        let mut ours = 0;
        for resident in listed {
            if !self.lives() {
                return Err(Error::new(Kind::Throttled, "keep a follower", "as the test says"));
            }
            ours += u64::from(self.table.keep_if_unknown(resident).standing.stamp.event == *event);
        }
        Ok(ours)
    }
}
