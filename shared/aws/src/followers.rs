//! The import of the friends from before in the table, and the residents whom it brings.
//!
//! | what | `PK` | `SK` |
//! | --- | --- | --- |
//! | import | `FOLLOWERS` | `IMPORT` |
//! | resident | as in [`crate::conversations`] | |

use std::future::ready;
use std::sync::Arc;

use app::error::Error;
use app::ports::followers::{Imports, Job};
use app::ports::staff::Written;
use app::ports::{Clock, Versioned};
use async_trait::async_trait;
use domain::audit::Act;
use domain::ids::EventId;
use domain::resident::Resident;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::audit::{Recorded, transact_with_act};
use crate::conversations::{ResidentItem, resident_key};
use crate::table::{Condition, Entity, Key, Step, Table, Updated, Write, decode, encode};

/// So many residents are written side by side.
const AT_ONCE: usize = 16;

const READING: &str = "read the import of followers";
const KEEPING: &str = "keep the import of followers";
const WELCOMING: &str = "keep a follower";

/// [`Imports`] in the table.
pub struct TableImports {
    table: Table,
    clock: Arc<dyn Clock>,
}

impl TableImports {
    /// Kept in this table.
    #[must_use]
    pub fn new(table: Table, clock: Arc<dyn Clock>) -> Self {
        Self { table, clock }
    }

    /// Whether a resident is there by an event now. Whoever is known stays as they are, even one whom only a newer program could read.
    async fn keep_if_unknown(&self, resident: &Resident, event: &EventId) -> Result<bool, Error> {
        // What counts as expired is decided as where events are committed: an erased resident is nobody.
        let now = self.clock.now();
        let item = ResidentItem::of(resident, 1, None);
        let item = encode(WELCOMING, &resident_key(&resident.id), &item)?;
        match self.table.put_or_show(WELCOMING, Write { item, condition: Condition::Absent(now) }).await? {
            Updated::Written => Ok(true),
            Updated::Refused(there) => {
                let there = decode::<ResidentItem>(WELCOMING, there, now).ok().flatten();
                Ok(there.is_some_and(|there| there.is_by(event)))
            }
        }
    }
}

#[async_trait]
impl Imports for TableImports {
    async fn job(&self) -> Result<Option<Versioned<Job>>, Error> {
        let item = self.table.get(READING, &job_key()).await?;
        let item = decode::<JobItem>(READING, item, Timestamp::MIN)?;
        Ok(item.map(|item| Versioned { value: item.job, version: item.version }))
    }

    async fn keep(&self, job: &Job, read: Option<u64>, act: Option<&Act>) -> Result<Written, Error> {
        let item = JobItem { version: read.unwrap_or_default() + 1, job: job.clone() };
        let condition = read.map_or(Condition::Absent(Timestamp::MIN), Condition::Version);
        let write = Write { item: encode(KEEPING, &job_key(), &item)?, condition };
        let is_written = match act {
            Some(act) => {
                let recorded = transact_with_act(&self.table, KEEPING, vec![Step::Put(write)], act).await?;
                matches!(recorded, Recorded::Written(_))
            }
            None => self.table.put_or_show(KEEPING, write).await? == Updated::Written,
        };
        Ok(if is_written { Written::Done } else { Written::Raced })
    }

    async fn welcome(&self, listed: &[Resident], event: &EventId) -> Result<u64, Error> {
        let kept: Vec<_> = listed.iter().map(|resident| self.keep_if_unknown(resident, event)).collect();
        let kept = stream::iter(kept).buffer_unordered(AT_ONCE);
        kept.try_fold(0, |sum, is_new| ready(Ok(sum + u64::from(is_new)))).await
    }
}

fn job_key() -> Key {
    Key::new("FOLLOWERS", "IMPORT")
}

#[derive(Serialize, Deserialize)]
struct JobItem {
    version: u64,
    job: Job,
}

impl Entity for JobItem {
    const KIND: &'static str = "import";
    const V: u64 = 1;
}
