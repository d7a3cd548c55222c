//! Countings of whom broadcasts would reach, in the table.
//!
//! | what | `PK` | `SK` | ends |
//! | --- | --- | --- | --- |
//! | counting | `BROADCAST#<id>` | `COUNT` | [`COUNT_KEPT`] after it began |

use std::sync::Arc;

use app::error::Error;
use app::ports::broadcasts::{ReachCount, ReachCounts};
use app::ports::staff::Written;
use app::ports::{Clock, Versioned};
use async_trait::async_trait;
use domain::ids::BroadcastId;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::ledgers::partition;
use crate::table::{Condition, Entity, Key, Table, Write, decode, encode};

/// A counting is forgotten after this.
pub const COUNT_KEPT: SignedDuration = SignedDuration::from_hours(24);

const READING: &str = "read a counting";
const KEEPING: &str = "keep a counting";

/// [`ReachCounts`] in the table.
pub struct TableReachCounts {
    table: Table,
    clock: Arc<dyn Clock>,
}

impl TableReachCounts {
    /// Kept in this table.
    #[must_use]
    pub fn new(table: Table, clock: Arc<dyn Clock>) -> Self {
        Self { table, clock }
    }
}

#[async_trait]
impl ReachCounts for TableReachCounts {
    async fn find(&self, broadcast: &BroadcastId) -> Result<Option<Versioned<ReachCount>>, Error> {
        let item = self.table.get(READING, &key(broadcast)).await?;
        let item = decode::<CountItem>(READING, item, self.clock.now())?;
        Ok(item.map(|item| Versioned { value: item.count, version: item.version }))
    }

    async fn keep(&self, broadcast: &BroadcastId, count: &ReachCount, read: Option<u64>) -> Result<Written, Error> {
        let version = read.unwrap_or_default() + 1;
        let item = CountItem { version, count: count.clone(), expires: (count.began + COUNT_KEPT).as_second() };
        let condition = read.map_or(Condition::Absent(self.clock.now()), Condition::Version);
        let write = Write { item: encode(KEEPING, &key(broadcast), &item)?, condition };
        self.table.keep(KEEPING, vec![write]).await
    }
}

fn key(broadcast: &BroadcastId) -> Key {
    Key::new(partition(broadcast), "COUNT")
}

#[derive(Serialize, Deserialize)]
struct CountItem {
    version: u64,
    count: ReachCount,
    expires: i64,
}

impl Entity for CountItem {
    const KIND: &'static str = "reach-count";
    const V: u64 = 1;
}
