//! Counts of residents in the table, and the counting under way.
//!
//! | what | `PK` | `SK` | ends |
//! | --- | --- | --- | --- |
//! | counting | `COUNTS` | `JOB` | [`JOB_LIFE`] after it began |
//! | last result | `COUNTS` | `LAST` | |
//! | result of a day | `COUNTS` | `DAY#<date>` | [`HISTORY_LIFE`] after it was counted |
//!
//! Residents are read by their partitions, and of each only what is counted.

use std::collections::BTreeMap;
use std::sync::Arc;

use app::error::{Error, Kind};
use app::ports::residents::{Counted, Cursor, DayCount, Job, PARTITIONS, ResidentCounts};
use app::ports::staff::Written;
use app::ports::{Clock, Versioned};
use async_trait::async_trait;
use domain::counts::{Seen, Tally};
use domain::ids::{DistrictId, ResidentId, TopicId};
use domain::language::Language;
use domain::resident::{Standing, Switch};
use domain::time::date_in_japan;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::table::{Along, Condition, Entity, Item, Key, Page, Projection, Table, Write, decode, encode};

/// A counting is forgotten after this, finished or not; its result is not.
pub const JOB_LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// The results of single days are kept for a year and the month in which somebody looks back at it.
pub const HISTORY_LIFE: SignedDuration = SignedDuration::from_hours(400 * 24);
/// At most this many days of history are read at once.
pub const HISTORY_DAYS_MAX: usize = 400;

const COUNTING: &str = "count residents";
const READING: &str = "read counts of residents";
const KEEPING: &str = "keep counts of residents";
const COUNTS: &str = "COUNTS";

/// What is read of a resident. Stored sizes are billed whatever is read; this saves the way and the memory.
const SEEN: Projection<'static> = Projection {
    expression: "#kind, #v, #expires, #standing, #since, #settings.#district, #settings.#language, #settings.#topics",
    names: &["kind", "v", "expires", "standing", "since", "settings", "district", "language", "topics"],
};

/// [`ResidentCounts`] in the table.
pub struct TableResidentCounts {
    table: Table,
    clock: Arc<dyn Clock>,
}

impl TableResidentCounts {
    /// Kept in this table.
    #[must_use]
    pub fn new(table: Table, clock: Arc<dyn Clock>) -> Self {
        Self { table, clock }
    }
}

#[async_trait]
impl ResidentCounts for TableResidentCounts {
    async fn count(&self, from: &Cursor, tally: &mut Tally, now: Timestamp) -> Result<Cursor, Error> {
        if PARTITIONS <= from.partition {
            return Ok(from.clone());
        }
        let partition = format!("RESIDENT#{:02x}", from.partition);
        let after = from.after.as_ref().map(ResidentId::as_str);
        let Page { items, next } = self.table.page(COUNTING, &partition, after, SEEN).await?;
        for item in items {
            if let Some(seen) = decode::<SeenItem>(COUNTING, Some(item), now)? {
                tally.add(&seen.view());
            }
        }
        match next {
            Some(next) => {
                let after = next.parse().map_err(|error| Error::new(Kind::Permanent, COUNTING, error))?;
                Ok(Cursor { partition: from.partition, after: Some(after) })
            }
            None => Ok(Cursor { partition: from.partition + 1, after: None }),
        }
    }

    async fn job(&self) -> Result<Option<Versioned<Job>>, Error> {
        let item = self.table.get(READING, &key("JOB")).await?;
        let item = decode::<JobItem>(READING, item, self.clock.now())?;
        Ok(item.map(|item| Versioned { value: item.job, version: item.version }))
    }

    async fn keep(&self, job: &Job, read: Option<u64>) -> Result<Written, Error> {
        let version = read.unwrap_or_default() + 1;
        let item = JobItem { version, job: job.clone(), expires: (job.began + JOB_LIFE).as_second() };
        let condition = read.map_or(Condition::Absent(self.clock.now()), Condition::Version);
        let mut writes = vec![Write { item: encode(KEEPING, &key("JOB"), &item)?, condition }];
        if let Some(at) = job.finished {
            let last = CountedItem { counted: Counted { at, tally: job.tally.clone() } };
            writes.push(Write { item: encode(KEEPING, &key("LAST"), &last)?, condition: Condition::None });
            let day = DayItem::of(&job.tally, at);
            let item = encode(KEEPING, &day_key(job.tally.day), &day)?;
            writes.push(Write { item, condition: Condition::None });
        }
        self.table.keep(KEEPING, writes).await
    }

    async fn last(&self) -> Result<Option<Counted>, Error> {
        let item = self.table.get(READING, &key("LAST")).await?;
        Ok(decode::<CountedItem>(READING, item, Timestamp::MIN)?.map(|item| item.counted))
    }

    async fn history(&self, first: Date, last: Date) -> Result<Vec<DayCount>, Error> {
        let before = first.yesterday().unwrap_or(Date::MIN);
        let along = day_key(before).sk;
        let items = self.table.some(READING, COUNTS, Along::After(&along), HISTORY_DAYS_MAX).await?;
        // What follows the days in the partition are the other items.
        let is_day = |item: &Item| Key::of(item).is_some_and(|key| key.sk.starts_with("DAY#"));
        let now = self.clock.now();
        let days = items.into_iter().take_while(is_day).map(|item| decode::<DayItem>(READING, Some(item), now));
        let days: Vec<Option<DayItem>> = days.collect::<Result<_, _>>()?;
        Ok(days.into_iter().flatten().map(|item| item.count).filter(|count| count.day <= last).collect())
    }
}

fn key(name: &str) -> Key {
    Key::new(COUNTS, name)
}

fn day_key(day: Date) -> Key {
    key(&format!("DAY#{day}"))
}

/// A resident's item as far as it is counted; see [`SEEN`].
#[derive(Serialize, Deserialize)]
struct SeenItem {
    standing: SeenStanding,
    since: Timestamp,
    #[serde(default)]
    settings: SeenSettings,
}

impl Entity for SeenItem {
    const KIND: &'static str = "resident";
    const V: u64 = 1;
}

#[derive(Serialize, Deserialize)]
struct SeenStanding {
    value: Standing,
    stamp: SeenStamp,
}

#[derive(Serialize, Deserialize)]
struct SeenStamp {
    at: Timestamp,
}

#[derive(Default, Serialize, Deserialize)]
struct SeenSettings {
    #[serde(default)]
    district: Option<SeenValue<Option<DistrictId>>>,
    #[serde(default)]
    language: Option<SeenValue<Language>>,
    #[serde(default)]
    topics: BTreeMap<TopicId, SeenValue<Switch>>,
}

#[derive(Serialize, Deserialize)]
struct SeenValue<T> {
    value: T,
}

impl SeenItem {
    fn view(&self) -> Seen<'_> {
        let Self { standing, since, settings } = self;
        Seen {
            standing: standing.value,
            standing_since: date_in_japan(standing.stamp.at),
            came: date_in_japan(*since),
            district: settings.district.as_ref().and_then(|district| district.value.as_ref()),
            language: settings.language.as_ref().map_or(Language::default(), |language| language.value),
            topics: settings.topics.iter().map(|(topic, switch)| (topic, switch.value)).collect(),
        }
    }
}

#[derive(Serialize, Deserialize)]
struct JobItem {
    version: u64,
    job: Job,
    expires: i64,
}

impl Entity for JobItem {
    const KIND: &'static str = "counting";
    const V: u64 = 1;
}

#[derive(Serialize, Deserialize)]
struct CountedItem {
    counted: Counted,
}

impl Entity for CountedItem {
    const KIND: &'static str = "counted";
    const V: u64 = 1;
}

#[derive(Serialize, Deserialize)]
struct DayItem {
    count: DayCount,
    expires: i64,
}

impl Entity for DayItem {
    const KIND: &'static str = "day-count";
    const V: u64 = 1;
}

impl DayItem {
    fn of(tally: &Tally, at: Timestamp) -> Self {
        let count = DayCount { day: tally.day, following: tally.following, blocked: tally.blocked };
        Self { count, expires: (at + HISTORY_LIFE).as_second() }
    }
}
