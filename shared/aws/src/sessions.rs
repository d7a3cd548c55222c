//! Sessions in the table.
//!
//! | what | `PK` | `SK` | ends |
//! | --- | --- | --- | --- |
//! | session | `SESSION#<staff>` | its key: the SHA-256 of the secret in the cookie | when the session does |
//!
//! A session is found together with its person, and begins only while they are active. Where somebody is kept out,
//! [`crate::staff`] removes their sessions with the same transaction.

use std::sync::Arc;

use app::error::{Error, Kind};
use app::ports::Clock;
use app::ports::staff::{Session, SessionKey, Sessions, Written};
use async_trait::async_trait;
use domain::audit::Act;
use domain::ids::StaffId;
use domain::staff::Staff;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::audit::{Recorded, STEPS_BESIDE_ACT_MAX, transact_with_act};
use crate::staff::{decode_staff, is_active, staff_key};
use crate::table::{
    Condition, Entity, Happened, Key, Step, Table, Test, Transacted, Update, Write, decode, encode, text,
};

const BEGINNING: &str = "begin a session";
const FINDING: &str = "find a session";
const TOUCHING: &str = "note that a session is used";
const ENDING: &str = "end a session";
const LISTING: &str = "list somebody's sessions";

/// [`Sessions`] in the table.
pub struct TableSessions {
    table: Table,
    clock: Arc<dyn Clock>,
}

impl TableSessions {
    /// Kept in this table.
    #[must_use]
    pub fn new(table: Table, clock: Arc<dyn Clock>) -> Self {
        Self { table, clock }
    }
}

#[async_trait]
impl Sessions for TableSessions {
    async fn begin(
        &self,
        session: &Session,
        earlier: Option<(&StaffId, &SessionKey)>,
        act: &Act,
    ) -> Result<Written, Error> {
        const SESSION: usize = 0;
        let item = encode(BEGINNING, &key_of(&session.staff, &session.key), &SessionItem::of(session))?;
        let mut steps = vec![
            Step::Put(Write { item, condition: Condition::Absent(self.clock.now()) }),
            Step::Check(staff_key(&session.staff), is_active()),
        ];
        steps.extend(earlier.map(|(staff, key)| Step::Remove(key_of(staff, key))));
        match transact_with_act(&self.table, BEGINNING, steps, act).await? {
            Recorded::Written(_) => Ok(Written::Done),
            Recorded::Refused(which) if which.contains(&SESSION) => {
                Err(Error::new(Kind::Permanent, BEGINNING, "a session of this key is there already"))
            }
            Recorded::Refused(_) => Ok(Written::Raced),
        }
    }

    async fn find(&self, staff: &StaffId, key: &SessionKey) -> Result<Option<(Session, Staff)>, Error> {
        let [session, person] = self.table.get_each(FINDING, [key_of(staff, key), staff_key(staff)]).await?;
        let session = decode::<SessionItem>(FINDING, session, self.clock.now())?;
        let person = person.map(|item| decode_staff(FINDING, item)).transpose()?;
        Ok(session.map(|item| item.into_domain(staff, key)).zip(person))
    }

    async fn touch(&self, staff: &StaffId, key: &SessionKey, seen: Timestamp) -> Result<(), Error> {
        let update = Update {
            expression: "SET #seen = :seen",
            condition: "attribute_exists(PK)",
            names: &["seen"],
            values: vec![("seen", text(&seen.to_string()))],
        };
        match self.table.update(TOUCHING, &key_of(staff, key), update).await? {
            Happened::Written | Happened::ConditionFailed => Ok(()),
        }
    }

    async fn end(&self, staff: &StaffId, key: &SessionKey, act: &Act) -> Result<(), Error> {
        let steps = vec![Step::Delete(key_of(staff, key), Test::exists())];
        match transact_with_act(&self.table, ENDING, steps, act).await? {
            Recorded::Written(_) | Recorded::Refused(_) => Ok(()),
        }
    }

    async fn cut(&self, staff: &StaffId, key: &SessionKey) -> Result<(), Error> {
        match self.table.transact_steps(ENDING, vec![Step::Remove(key_of(staff, key))]).await? {
            Transacted::Written => Ok(()),
            Transacted::Refused(_) | Transacted::Met => {
                Err(Error::new(Kind::Transient, ENDING, "others were writing the same session"))
            }
        }
    }

    async fn of(&self, staff: &StaffId) -> Result<Vec<Session>, Error> {
        let items = self.table.partition(LISTING, &sessions_of(staff)).await?;
        let mut sessions = Vec::new();
        for item in items {
            let Some(key) = Key::of(&item).map(|key| SessionKey(key.sk)) else { continue };
            let session = decode::<SessionItem>(LISTING, Some(item), self.clock.now())?;
            sessions.extend(session.map(|item| item.into_domain(staff, &key)));
        }
        Ok(sessions)
    }

    async fn end_others(&self, staff: &StaffId, kept: &SessionKey, act: &Act) -> Result<(), Error> {
        let items = self.table.partition(ENDING, &sessions_of(staff)).await?;
        // Nobody has as many sessions as fit; of those left over the next try ends as many again.
        let others = items.iter().filter_map(Key::of).filter(|key| key.sk != kept.0).take(STEPS_BESIDE_ACT_MAX);
        let steps: Vec<_> = others.map(Step::Remove).collect();
        if steps.is_empty() {
            return Ok(());
        }
        match transact_with_act(&self.table, ENDING, steps, act).await? {
            Recorded::Written(_) | Recorded::Refused(_) => Ok(()),
        }
    }
}

/// The partition of a person's sessions.
pub(crate) fn sessions_of(staff: &StaffId) -> String {
    format!("SESSION#{staff}")
}

fn key_of(staff: &StaffId, key: &SessionKey) -> Key {
    Key::new(sessions_of(staff), &key.0)
}

#[derive(Serialize, Deserialize)]
struct SessionItem {
    began: Timestamp,
    seen: Timestamp,
    ends: Timestamp,
    expires: i64,
}

impl Entity for SessionItem {
    const KIND: &'static str = "session";
    const V: u64 = 1;
}

impl SessionItem {
    fn of(session: &Session) -> Self {
        let Session { key: _, staff: _, began, seen, expires } = *session;
        Self { began, seen, ends: expires, expires: expires.as_second() }
    }

    fn into_domain(self, staff: &StaffId, key: &SessionKey) -> Session {
        let Self { began, seen, ends, expires: _ } = self;
        Session { key: key.clone(), staff: staff.clone(), began, seen, expires: ends }
    }
}
