//! Sessions of residents in the table.
//!
//! | what | `PK` | `SK` | ends |
//! | --- | --- | --- | --- |
//! | session | `RESIDENT-SESSION#<its key>` | `SESSION` | when the session does |
//!
//! Its key is the SHA-256 of the secret in the cookie: whoever reads the table takes over no session. Nothing leads from a resident to
//! their sessions, which end soon and by themselves.

use app::error::Error;
use app::ports::portal::ResidentSessions;
use app::ports::staff::SessionKey;
use async_trait::async_trait;
use domain::ids::ResidentId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::table::{Condition, Entity, Key, Step, Table, Write, decode, encode};

const BEGINNING: &str = "begin a resident's session";
const FINDING: &str = "find a resident's session";
const ENDING: &str = "end a resident's session";

/// [`ResidentSessions`] in the table.
pub struct TableResidentSessions {
    table: Table,
}

impl TableResidentSessions {
    /// Kept in this table.
    #[must_use]
    pub fn new(table: Table) -> Self {
        Self { table }
    }
}

#[async_trait]
impl ResidentSessions for TableResidentSessions {
    async fn begin(&self, key: &SessionKey, resident: &ResidentId, ends: Timestamp) -> Result<(), Error> {
        let item = SessionItem { resident: resident.clone(), expires: ends.as_second() };
        // Its secret is from chance: nobody else has it, so that nothing is overwritten.
        let write = Write { item: encode(BEGINNING, &key_of(key), &item)?, condition: Condition::None };
        self.table.transact(BEGINNING, vec![write]).await.map(drop)
    }

    async fn find(&self, key: &SessionKey, now: Timestamp) -> Result<Option<ResidentId>, Error> {
        let item = self.table.get(FINDING, &key_of(key)).await?;
        let session = decode::<SessionItem>(FINDING, item, now)?;
        Ok(session.map(|session| session.resident))
    }

    async fn end(&self, key: &SessionKey) -> Result<(), Error> {
        self.table.write(ENDING, vec![Step::Remove(key_of(key))]).await.map(drop)
    }
}

fn key_of(key: &SessionKey) -> Key {
    Key::new(format!("RESIDENT-SESSION#{}", key.0), "SESSION")
}

#[derive(Serialize, Deserialize)]
struct SessionItem {
    resident: ResidentId,
    expires: i64,
}

impl Entity for SessionItem {
    const KIND: &'static str = "resident-session";
    const V: u64 = 1;
}
