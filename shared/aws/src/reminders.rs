//! The rules that write broadcasts by themselves, in the table.
//!
//! | what | `PK` | `SK` | `GSI1PK` | `GSI1SK` |
//! | --- | --- | --- | --- | --- |
//! | rule | `REMINDERS` | its id | `REMINDERS#DUE`, if it writes broadcasts | `<when it is due next>#<id>` |
//!
//! So what is due at a minute is one query of the index, however many rules there are.

use app::error::{Error, Kind};
use app::ports::Versioned;
use app::ports::reminders::Reminders;
use app::ports::staff::Written;
use async_trait::async_trait;
use domain::audit::Act;
use domain::ids::RuleId;
use domain::reminder::Rule;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::audit::write_with_act;
use crate::broadcasts::fits_in_item;
use crate::table::{Along, Condition, Entity, Key, Step, Table, Test, Write, decode, encode, number};
use crate::templates::decode_all;

const READING: &str = "read a rule";
const WRITING: &str = "write a rule";
const REMOVING: &str = "remove a rule";
const LISTING: &str = "list rules";
const SEEKING: &str = "look for rules that are due";

const RULES: &str = "REMINDERS";
const DUE: &str = "REMINDERS#DUE";

/// [`Reminders`] in the table.
pub struct TableReminders {
    table: Table,
}

impl TableReminders {
    /// Kept in this table.
    #[must_use]
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    async fn record(&self, doing: &'static str, steps: Vec<Step<'_>>, act: &Act) -> Result<Written, Error> {
        write_with_act(&self.table, doing, steps, Some(act)).await
    }
}

#[async_trait]
impl Reminders for TableReminders {
    async fn find(&self, id: &RuleId) -> Result<Option<Versioned<Rule>>, Error> {
        let item = self.table.get(READING, &key(id)).await?;
        Ok(decode::<RuleItem>(READING, item, Timestamp::MIN)?.map(RuleItem::into_versioned))
    }

    async fn list(&self, before: Option<&RuleId>, limit: usize) -> Result<Vec<Versioned<Rule>>, Error> {
        let along = before.map_or(Along::FromTheEnd, |before| Along::Before(before.as_str()));
        let items = self.table.some(LISTING, RULES, along, limit).await?;
        Ok(decode_all::<RuleItem>(LISTING, items)?.into_iter().map(RuleItem::into_versioned).collect())
    }

    async fn put(&self, rule: &Rule, read: Option<u64>, act: Option<&Act>) -> Result<Written, Error> {
        fits_in_item(WRITING, rule)?;
        let condition = read.map_or(Condition::Absent(Timestamp::MIN), Condition::Version);
        let item = encode(WRITING, &key(&rule.id), &RuleItem::of(rule, read.unwrap_or_default() + 1))?;
        let write = Write { item, condition };
        match act {
            Some(act) => self.record(WRITING, vec![Step::Put(write)], act).await,
            None => self.table.keep(WRITING, vec![write]).await,
        }
    }

    async fn remove(&self, rule: &Rule, read: u64, act: &Act) -> Result<Written, Error> {
        let unchanged =
            Test { condition: "#version = :version", names: &["version"], values: vec![("version", number(read))] };
        self.record(REMOVING, vec![Step::Delete(key(&rule.id), unchanged)], act).await
    }

    async fn due(&self, minute: Timestamp, limit: usize) -> Result<Vec<RuleId>, Error> {
        // What is due at the minute itself stands below the next second.
        let before = place(minute + SignedDuration::from_secs(1));
        let keys = self.table.keys_on_index(SEEKING, DUE, &before, limit).await?;
        let ids = keys.into_iter().map(|key| key.sk.parse());
        ids.collect::<Result<_, _>>().map_err(|error| Error::new(Kind::Permanent, SEEKING, error))
    }
}

fn key(id: &RuleId) -> Key {
    Key::new(RULES, id.as_str())
}

/// Seconds at a fixed width, so that the text sorts as the time does.
fn place(due: Timestamp) -> String {
    format!("{due:.0}")
}

#[derive(Serialize, Deserialize)]
struct RuleItem {
    version: u64,
    rule: Rule,
    #[serde(rename = "GSI1PK", skip_serializing_if = "Option::is_none")]
    shelf: Option<String>,
    #[serde(rename = "GSI1SK", skip_serializing_if = "Option::is_none")]
    place: Option<String>,
}

impl Entity for RuleItem {
    const KIND: &'static str = "reminder";
    const V: u64 = 1;
}

impl RuleItem {
    fn of(rule: &Rule, version: u64) -> Self {
        let due = rule.due();
        let place = due.map(|due| format!("{}#{}", place(due), rule.id));
        Self { version, rule: rule.clone(), shelf: due.map(|_| DUE.to_owned()), place }
    }

    fn into_versioned(self) -> Versioned<Rule> {
        Versioned { value: self.rule, version: self.version }
    }
}
