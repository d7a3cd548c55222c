//! Where other systems hear of changes, in the table.
//!
//! | what | `PK` | `SK` |
//! | --- | --- | --- |
//! | hook | `HOOKS` | its id |
//!
//! The secret is kept as it is: both sides sign with it. Whoever may read this partition may sign in the town's name; what anybody may
//! ask, the portal, may not.

use app::error::Error;
use app::ports::outside::{Hook, Hooks};
use app::ports::staff::Written;
use async_trait::async_trait;
use domain::audit::Act;
use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};

use crate::audit::write_with_act;
use crate::table::{Condition, Entity, Key, Step, Table, Test, Write, encode};
use crate::templates::decode_all;
use crate::used_ids::used_step;

const READING: &str = "read the hooks";
const ADDING: &str = "write a hook";
const REMOVING: &str = "remove a hook";
const HOOKS: &str = "HOOKS";

/// [`Hooks`] in the table.
pub struct TableHooks {
    table: Table,
}

impl TableHooks {
    /// Kept in this table.
    #[must_use]
    pub fn new(table: Table) -> Self {
        Self { table }
    }
}

#[async_trait]
impl Hooks for TableHooks {
    async fn all(&self) -> Result<Vec<Hook>, Error> {
        let items = decode_all::<HookItem>(READING, self.table.partition(READING, HOOKS).await?)?;
        let mut hooks: Vec<Hook> = items.into_iter().map(HookItem::into_hook).collect();
        hooks.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
        Ok(hooks)
    }

    async fn add(&self, hook: &Hook, act: &Act) -> Result<Written, Error> {
        let item = encode(ADDING, &key_of(&hook.id), &HookItem::of(hook))?;
        let step = Step::Put(Write { item, condition: Condition::Absent(Timestamp::MIN) });
        let used = used_step(ADDING, &hook.id, hook.made_at)?;
        write_with_act(&self.table, ADDING, vec![step, used], Some(act)).await
    }

    async fn remove(&self, id: &str, act: &Act) -> Result<Written, Error> {
        write_with_act(&self.table, REMOVING, vec![Step::Delete(key_of(id), Test::exists())], Some(act)).await
    }
}

fn key_of(id: &str) -> Key {
    Key::new(HOOKS, id)
}

#[derive(Serialize, Deserialize)]
struct HookItem {
    id: String,
    name: String,
    url: String,
    secret: String,
    made_at: Timestamp,
}

impl Entity for HookItem {
    const KIND: &'static str = "hook";
    const V: u64 = 1;
}

impl HookItem {
    fn of(hook: &Hook) -> Self {
        let Hook { id, name, url, secret, made_at } = hook.clone();
        Self { id, name, url, secret: secret.expose_secret().to_owned(), made_at }
    }

    fn into_hook(self) -> Hook {
        let Self { id, name, url, secret, made_at } = self;
        Hook { id, name, url, secret: secret.into(), made_at }
    }
}
