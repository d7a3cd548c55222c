//! What the account knows of itself, in the table.
//!
//! | what | `PK` | `SK` |
//! | --- | --- | --- |
//! | the last look at whether all is well | `CHECKUP` | `CHECKUP` |
//! | when a function that runs every minute last ran to its end | `HEARTBEATS` | its name |
//!
//! Each is one item that the next writing replaces, whoever writes: what both knew is the same.

use app::error::{Error, Kind};
use app::ports::checkup::{Checkups, Heartbeat, Heartbeats, Runner};
use async_trait::async_trait;
use domain::checkup::Checkup;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::table::{Condition, Entity, Key, Table, Updated, Write, decode, encode};

const READING: &str = "read how the account is";
const KEEPING: &str = "keep how the account is";
const HEARTBEATS: &str = "HEARTBEATS";

/// [`Checkups`] and [`Heartbeats`] in the table.
pub struct TableCheckups {
    table: Table,
}

impl TableCheckups {
    /// Kept in this table.
    #[must_use]
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    async fn replace<E: Entity>(&self, key: &Key, entity: &E) -> Result<(), Error> {
        let write = Write { item: encode(KEEPING, key, entity)?, condition: Condition::None };
        match self.table.put_or_show(KEEPING, write).await? {
            Updated::Written => Ok(()),
            Updated::Refused(_) => Err(Error::new(Kind::Permanent, KEEPING, "refused without a condition")),
        }
    }
}

#[async_trait]
impl Checkups for TableCheckups {
    async fn last(&self) -> Result<Option<Checkup>, Error> {
        let item = self.table.get(READING, &checkup_key()).await?;
        Ok(decode::<CheckupItem>(READING, item, Timestamp::MIN)?.map(|item| item.checkup))
    }

    async fn put(&self, checkup: &Checkup) -> Result<(), Error> {
        self.replace(&checkup_key(), &CheckupItem { checkup: checkup.clone() }).await
    }
}

#[async_trait]
impl Heartbeats for TableCheckups {
    async fn beat(&self, beat: &Heartbeat) -> Result<(), Error> {
        self.replace(&heartbeat_key(beat.runner), &HeartbeatItem { at: beat.at }).await
    }

    async fn all(&self) -> Result<Vec<Heartbeat>, Error> {
        let mut beats = Vec::new();
        for item in self.table.partition(READING, HEARTBEATS).await? {
            let runner = Key::of(&item).and_then(|key| Runner::ALL.into_iter().find(|runner| runner.name() == key.sk));
            let item = decode::<HeartbeatItem>(READING, Some(item), Timestamp::MIN)?;
            // What is not known runs in another version of the city.
            beats.extend(runner.zip(item).map(|(runner, item)| Heartbeat { runner, at: item.at }));
        }
        Ok(beats)
    }
}

fn checkup_key() -> Key {
    Key::new("CHECKUP", "CHECKUP")
}

fn heartbeat_key(runner: Runner) -> Key {
    Key::new(HEARTBEATS, runner.name())
}

#[derive(Serialize, Deserialize)]
struct CheckupItem {
    checkup: Checkup,
}

impl Entity for CheckupItem {
    const KIND: &'static str = "checkup";
    const V: u64 = 1;
}

#[derive(Serialize, Deserialize)]
struct HeartbeatItem {
    at: Timestamp,
}

impl Entity for HeartbeatItem {
    const KIND: &'static str = "heartbeat";
    const V: u64 = 1;
}
