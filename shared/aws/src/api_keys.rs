//! Keys of other systems in the table.
//!
//! | what | `PK` | `SK` |
//! | --- | --- | --- |
//! | key | `API-KEYS` | the key's SHA-256 in hex |
//!
//! Whoever knows a key finds its item; whoever reads the items knows no key. A key that was taken away stays so (`used_ids`).

use app::error::Error;
use app::ports::outside::{ApiKey, ApiKeys};
use app::ports::staff::Written;
use async_trait::async_trait;
use domain::audit::Act;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::audit::write_with_act;
use crate::table::{Condition, Entity, Key, Step, Table, Test, Write, decode, encode};
use crate::used_ids::used_step;

const PARTITION: &str = "API-KEYS";
const FINDING: &str = "find the key of another system";
const LISTING: &str = "list the keys of other systems";
const ADDING: &str = "add the key of another system";
const REMOVING: &str = "take the key of another system away";

/// [`ApiKeys`] in the table.
pub struct TableApiKeys {
    table: Table,
}

impl TableApiKeys {
    /// Kept in this table.
    #[must_use]
    pub fn new(table: Table) -> Self {
        Self { table }
    }
}

#[async_trait]
impl ApiKeys for TableApiKeys {
    async fn find(&self, hash: &str) -> Result<Option<ApiKey>, Error> {
        let item = decode::<KeyItem>(FINDING, self.table.get(FINDING, &key_of(hash)).await?, Timestamp::MIN)?;
        Ok(item.map(KeyItem::into_domain))
    }

    async fn all(&self) -> Result<Vec<ApiKey>, Error> {
        let items = self.table.partition(LISTING, PARTITION).await?;
        let items = items.into_iter().map(|item| decode::<KeyItem>(LISTING, Some(item), Timestamp::MIN));
        let items: Vec<Option<KeyItem>> = items.collect::<Result<_, _>>()?;
        let mut keys: Vec<ApiKey> = items.into_iter().flatten().map(KeyItem::into_domain).collect();
        keys.sort_by(|one, other| (&one.name, &one.hash).cmp(&(&other.name, &other.hash)));
        Ok(keys)
    }

    async fn add(&self, key: &ApiKey, act: &Act) -> Result<Written, Error> {
        let ApiKey { hash, name, made_at } = key.clone();
        let used = used_step(ADDING, &hash, made_at)?;
        let item = encode(ADDING, &key_of(&hash), &KeyItem { hash, name, made_at })?;
        let step = Step::Put(Write { item, condition: Condition::Absent(Timestamp::MIN) });
        write_with_act(&self.table, ADDING, vec![step, used], Some(act)).await
    }

    async fn remove(&self, hash: &str, act: &Act) -> Result<Written, Error> {
        let step = Step::Delete(key_of(hash), Test::exists());
        write_with_act(&self.table, REMOVING, vec![step], Some(act)).await
    }
}

fn key_of(hash: &str) -> Key {
    Key::new(PARTITION, hash)
}

#[derive(Serialize, Deserialize)]
struct KeyItem {
    hash: String,
    name: String,
    made_at: Timestamp,
}

impl Entity for KeyItem {
    const KIND: &'static str = "api-key";
    const V: u64 = 1;
}

impl KeyItem {
    fn into_domain(self) -> ApiKey {
        let Self { hash, name, made_at } = self;
        ApiKey { hash, name, made_at }
    }
}
