//! The audit log in the table.
//!
//! | what | `PK` | `SK` |
//! | --- | --- | --- |
//! | entry | `AUDIT#<date>` | its number in 12 digits |
//! | where a day ends | `AUDIT` | `<date>` |
//! | that there is a first entry | `AUDIT#BEGINNING` | `BEGINNING` |
//! | that an act was appended lately | `SELDOM#<name>` | `SELDOM` |
//! | the check under way, and the last one | `AUDITED` | `AUDITED` |
//!
//! Nothing of the log ends. Whoever writes reads where the latest day ends, and writes an entry after it on the condition that
//! it still ends there: so all writers stand in one queue, and nothing comes between two entries. An entry that begins a
//! new day closes the day before it in the same transaction, and from then on that one takes no more. The very first
//! entry has nothing to follow: who writes it also writes that there is one, lest two begin two logs around midnight.
//!
//! Another adapter that must record what it changes calls [`write_with_act`], or [`transact_with_act`] if it asks which step was refused.

use std::time::Duration;

use app::audit::Checks;
use app::error::{Error, Kind};
use app::ports::Versioned;
use app::ports::staff::{AuditChecks, AuditLog, SELDOM, Written};
use async_trait::async_trait;
use domain::audit::{self, Act, DayEnd, Entry, Hash, Next};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::table::{Along, Condition, Entity, Item, Key, STEPS_MAX, Step, Table, Transacted, Write, decode, encode};

/// So often is the place after the last entry sought again when others take it.
pub const APPENDS_MAX: u32 = 12;
/// An act takes at most this many steps of a transaction.
const OWN_STEPS: usize = 3;
/// Of a transaction with an act this many steps are left to whoever acts.
pub(crate) const STEPS_BESIDE_ACT_MAX: usize = STEPS_MAX - OWN_STEPS;

const APPENDING: &str = "append to the audit log";
const READING: &str = "read the audit log";
const CHECKING: &str = "keep how the audit log was checked";
const ENDS: &str = "AUDIT";

/// What became of steps and the act that they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Recorded {
    /// All of it was written; this is the act's entry.
    Written(Entry),
    /// The conditions of these steps, counted from 0, did not hold; nothing was written.
    Refused(Vec<usize>),
}

/// Takes all steps (at most [`STEPS_BESIDE_ACT_MAX`]) and appends the act, or neither.
///
/// When only the act's place in the log was taken meanwhile, the next one is tried; the steps stay as they are.
pub(crate) async fn transact_with_act(
    table: &Table,
    doing: &'static str,
    steps: Vec<Step<'_>>,
    act: &Act,
) -> Result<Recorded, Error> {
    for round in 1..=APPENDS_MAX {
        let latest = latest(table, doing).await?;
        let next = audit::next(latest.as_ref().map(|latest| &latest.end), act.clone());
        let mut all = steps.clone();
        all.extend(appended(doing, &next, latest.map(|latest| latest.version))?);
        match table.transact_steps(doing, all).await? {
            Transacted::Written => return Ok(Recorded::Written(next.entry)),
            Transacted::Refused(mut which) => {
                which.retain(|step| *step < steps.len());
                if !which.is_empty() {
                    return Ok(Recorded::Refused(which));
                }
            }
            Transacted::Met => {}
        }
        tokio::time::sleep(pause(round, &next.entry.hash)).await;
    }
    Err(Error::new(Kind::Transient, doing, "others were faster in the audit log again and again"))
}

/// Takes all steps, together with the act if somebody of the staff did it, or none of them.
pub(crate) async fn write_with_act(
    table: &Table,
    doing: &'static str,
    steps: Vec<Step<'_>>,
    act: Option<&Act>,
) -> Result<Written, Error> {
    let Some(act) = act else { return table.write(doing, steps).await };
    match transact_with_act(table, doing, steps, act).await? {
        Recorded::Written(_) => Ok(Written::Done),
        Recorded::Refused(_) => Ok(Written::Raced),
    }
}

/// Longer each time. The entry's own hash keeps those apart who have met, so that they do not meet again.
fn pause(round: u32, hash: &Hash) -> Duration {
    let spread = hash.0.get(..2).and_then(|byte| u64::from_str_radix(byte, 16).ok()).unwrap_or_default();
    Duration::from_millis(u64::from(round) * 10 + spread / 8)
}

/// The steps that append an entry after what was read; `version` is that of the latest day's end, if there is one.
fn appended(doing: &'static str, next: &Next, version: Option<u64>) -> Result<Vec<Step<'static>>, Error> {
    const ABSENT: Condition = Condition::Absent(Timestamp::MIN);
    let put = |item, condition| Step::Put(Write { item, condition });
    let unchanged = version.map_or(ABSENT, Condition::Version);
    let following = version.unwrap_or_default() + 1;
    let entry = put(encode(doing, &entry_key(next.entry.day, next.entry.number), &next.entry)?, ABSENT);
    let Some(closed) = &next.closed else {
        let mut steps = vec![entry, put(encode_end(doing, &next.end, following)?, unchanged)];
        if version.is_none() {
            let key = Key::new("AUDIT#BEGINNING", "BEGINNING");
            steps.push(put(encode(doing, &key, &BeginningItem { day: next.end.day })?, ABSENT));
        }
        return Ok(steps);
    };
    let (closed, begun) = (encode_end(doing, closed, following)?, encode_end(doing, &next.end, 1)?);
    Ok(vec![entry, put(closed, unchanged), put(begun, ABSENT)])
}

/// The latest day's end and the number of its writing.
struct Latest {
    end: DayEnd,
    version: u64,
}

async fn latest(table: &Table, doing: &'static str) -> Result<Option<Latest>, Error> {
    let last = table.some(doing, ENDS, Along::FromTheEnd, 1).await?;
    last.into_iter().next().map(|item| decode_end(doing, item)).transpose()
}

fn entry_key(day: Date, number: u64) -> Key {
    Key::new(entries_of(day), place(number))
}

fn entries_of(day: Date) -> String {
    format!("AUDIT#{day}")
}

fn place(number: u64) -> String {
    format!("{number:012}")
}

fn encode_end(doing: &'static str, end: &DayEnd, version: u64) -> Result<Item, Error> {
    let DayEnd { day, entries, begins_after, last, next } = end.clone();
    let item = EndItem { version, day, entries, begins_after, last, next };
    encode(doing, &Key::new(ENDS, day.to_string()), &item)
}

fn decode_end(doing: &'static str, item: Item) -> Result<Latest, Error> {
    let item: EndItem = required(doing, item)?;
    let EndItem { version, day, entries, begins_after, last, next } = item;
    Ok(Latest { end: DayEnd { day, entries, begins_after, last, next }, version })
}

fn required<E: Entity>(doing: &'static str, item: Item) -> Result<E, Error> {
    let wrong = || Error::new(Kind::Permanent, doing, "what was written for good has an end");
    decode(doing, Some(item), Timestamp::MIN)?.ok_or_else(wrong)
}

/// [`AuditLog`] in the table.
pub struct TableAudit {
    table: Table,
}

impl TableAudit {
    /// Kept in this table.
    #[must_use]
    pub fn new(table: Table) -> Self {
        Self { table }
    }
}

#[async_trait]
impl AuditLog for TableAudit {
    async fn append(&self, act: &Act) -> Result<Entry, Error> {
        match transact_with_act(&self.table, APPENDING, Vec::new(), act).await? {
            Recorded::Written(entry) => Ok(entry),
            Recorded::Refused(_) => Err(Error::new(Kind::Permanent, APPENDING, "refused without a condition")),
        }
    }

    async fn append_seldom(&self, act: &Act, name: &str) -> Result<(), Error> {
        let key = Key::new(format!("SELDOM#{name}"), "SELDOM");
        // Read first: a transaction that is refused would still stand in the way of others at the end of the log.
        let lately = decode::<SeldomItem>(APPENDING, self.table.get(APPENDING, &key).await?, act.at)?;
        if lately.is_some() {
            return Ok(());
        }
        let item = encode(APPENDING, &key, &SeldomItem { expires: (act.at + SELDOM).as_second() })?;
        let step = Step::Put(Write { item, condition: Condition::Absent(act.at) });
        // Refused: somebody has appended the same meanwhile.
        transact_with_act(&self.table, APPENDING, vec![step], act).await.map(drop)
    }

    async fn days(&self, before: Option<Date>, limit: usize) -> Result<Vec<DayEnd>, Error> {
        let before = before.map(|day| day.to_string());
        let along = before.as_deref().map_or(Along::FromTheEnd, Along::Before);
        let items = self.table.some(READING, ENDS, along, limit).await?;
        items.into_iter().map(|item| Ok(decode_end(READING, item)?.end)).collect()
    }

    async fn entries(&self, day: Date, from: u64, limit: usize) -> Result<Vec<Entry>, Error> {
        let after = place(from.saturating_sub(1));
        let items = self.table.some(READING, &entries_of(day), Along::After(&after), limit).await?;
        items.into_iter().map(|item| required(READING, item)).collect()
    }
}

#[async_trait]
impl AuditChecks for TableAudit {
    async fn read(&self) -> Result<Option<Versioned<Checks>>, Error> {
        let item = self.table.get(CHECKING, &checks_key()).await?;
        let item = decode::<ChecksItem>(CHECKING, item, Timestamp::MIN)?;
        Ok(item.map(|item| Versioned { value: item.checks, version: item.version }))
    }

    async fn keep(&self, checks: &Checks, read: Option<u64>) -> Result<Written, Error> {
        let item = ChecksItem { version: read.unwrap_or_default() + 1, checks: checks.clone() };
        let condition = read.map_or(Condition::Absent(Timestamp::MIN), Condition::Version);
        let write = Write { item: encode(CHECKING, &checks_key(), &item)?, condition };
        self.table.keep(CHECKING, vec![write]).await
    }
}

/// Not in the log's own partitions, of which nothing is ever changed.
fn checks_key() -> Key {
    Key::new("AUDITED", "AUDITED")
}

impl Entity for Entry {
    const KIND: &'static str = "audit-entry";
    const V: u64 = 1;
}

#[derive(Serialize, Deserialize)]
struct BeginningItem {
    day: Date,
}

impl Entity for BeginningItem {
    const KIND: &'static str = "audit-beginning";
    const V: u64 = 1;
}

#[derive(Serialize, Deserialize)]
struct ChecksItem {
    version: u64,
    checks: Checks,
}

impl Entity for ChecksItem {
    const KIND: &'static str = "audit-checks";
    const V: u64 = 1;
}

#[derive(Serialize, Deserialize)]
struct SeldomItem {
    expires: i64,
}

impl Entity for SeldomItem {
    const KIND: &'static str = "audit-seldom";
    const V: u64 = 1;
}

#[derive(Serialize, Deserialize)]
struct EndItem {
    /// Counts the writings of this item: one per entry, and one when the next day begins.
    version: u64,
    day: Date,
    entries: u64,
    begins_after: Hash,
    last: Hash,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Date>,
}

impl Entity for EndItem {
    const KIND: &'static str = "audit-day";
    const V: u64 = 1;
}
