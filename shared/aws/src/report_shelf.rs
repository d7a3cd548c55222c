//! Reports that are closed, by when, in the table: the shelf from which the janitor takes those whose personal data is to be erased.
//!
//! | what | `PK` | `SK` |
//! | --- | --- | --- |
//! | that a report is to be erased some day | `CLOSED#<standing>` | `<since when it is closed>#<its id>` |
//! | how far those of an earlier release were brought here | `CLOSED#<standing>` | `!WALK`, below all of them |
//!
//! The first is written and removed with the report, by [`crate::reports`]: it is there while the report is closed and anything is left to
//! erase. Releases before the shelf closed reports without it; each of those is written once more, by a walk that `janitor` makes.

use app::error::{Error, Kind};
use app::ports::Versioned;
use app::ports::reports::{ShelfWalks, Walk};
use app::ports::staff::Written;
use async_trait::async_trait;
use domain::ids::ReportId;
use domain::report::{Report, Standing};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::reports::report_steps;
use crate::table::{Along, Condition, Entity, Key, Step, Table, Updated, Write, decode, encode};

const LOOKING: &str = "look for reports to erase";
const WALKING: &str = "look for reports that an earlier release closed";
const WALK: &str = "!WALK";

/// Below every time.
const THE_BEGINNING: &str = "0";

/// What becomes of a report's place on the shelf with a writing over `before`.
pub(crate) fn shelf_steps(
    doing: &'static str,
    report: &Report,
    before: Option<&Report>,
) -> Result<Vec<Step<'static>>, Error> {
    let (left, now) = (before.and_then(key_of), key_of(report));
    if left == now {
        return Ok(Vec::new());
    }
    let mut steps: Vec<Step<'static>> = left.into_iter().map(Step::Remove).collect();
    steps.extend(now.map(|key| shelve(doing, &key, report)).transpose()?);
    Ok(steps)
}

fn shelve(doing: &'static str, key: &Key, report: &Report) -> Result<Step<'static>, Error> {
    let item = encode(doing, key, &ClosedItem { report: report.id.clone() })?;
    Ok(Step::Put(Write { item, condition: Condition::None }))
}

/// Those of a standing that were closed before a time, the longest ago first, at most `limit`.
pub(crate) async fn closed_before(
    table: &Table,
    standing: Standing,
    before: Timestamp,
    limit: usize,
) -> Result<Vec<ReportId>, Error> {
    let items = table.some(LOOKING, &partition(standing), Along::After(THE_BEGINNING), limit).await?;
    let end = time(before);
    let keys = items.iter().filter_map(Key::of).take_while(|key| key.sk < end);
    let ids = keys.filter_map(|key| Some(key.sk.split_once('#')?.1.parse()));
    ids.collect::<Result<_, _>>().map_err(|error| Error::new(Kind::Permanent, LOOKING, error))
}

/// [`ShelfWalks`] in the table.
pub struct TableShelfWalks {
    table: Table,
}

impl TableShelfWalks {
    /// Kept in this table.
    #[must_use]
    pub fn new(table: Table) -> Self {
        Self { table }
    }
}

#[async_trait]
impl ShelfWalks for TableShelfWalks {
    async fn reached(&self, standing: Standing) -> Result<Option<Walk>, Error> {
        let item = self.table.get(WALKING, &walk_key(standing)).await?;
        let item = decode::<WalkItem>(WALKING, item, Timestamp::MIN)?;
        Ok(item.map(|item| item.ended.map_or(Walk::Before(item.before), Walk::Ended)))
    }

    async fn reach(&self, standing: Standing, walk: &Walk) -> Result<(), Error> {
        let item = match walk {
            Walk::Before(before) => WalkItem { before: before.clone(), ended: None },
            Walk::Ended(at) => WalkItem { before: None, ended: Some(*at) },
        };
        let write = Write { item: encode(WALKING, &walk_key(standing), &item)?, condition: Condition::None };
        match self.table.put_or_show(WALKING, write).await? {
            Updated::Written => Ok(()),
            Updated::Refused(_) => Err(Error::new(Kind::Permanent, WALKING, "refused without a condition")),
        }
    }

    async fn is_shelved(&self, report: &Report) -> Result<bool, Error> {
        let Some(key) = key_of(report) else { return Ok(true) };
        Ok(self.table.get(WALKING, &key).await?.is_some())
    }

    async fn shelve(&self, read: &Versioned<Report>) -> Result<Written, Error> {
        let Some(key) = key_of(&read.value) else { return Ok(Written::Done) };
        // The report is written as it is, so that the shelf has none that somebody reopens meanwhile.
        let mut steps = report_steps(WALKING, &read.value, Some(read))?;
        steps.push(shelve(WALKING, &key, &read.value)?);
        self.table.write(WALKING, steps).await
    }

    async fn unshelve(&self, standing: Standing, id: &ReportId, now: Option<&Report>) -> Result<(), Error> {
        let place = now.and_then(key_of);
        let own = format!("#{id}");
        let items = self.table.partition(WALKING, &partition(standing)).await?;
        let stale =
            items.iter().filter_map(Key::of).filter(|key| key.sk.ends_with(&own) && place.as_ref() != Some(key));
        for key in stale {
            self.table.write(WALKING, vec![Step::Remove(key)]).await?;
        }
        Ok(())
    }
}

fn walk_key(standing: Standing) -> Key {
    Key::new(partition(standing), WALK)
}

fn key_of(report: &Report) -> Option<Key> {
    let since = report.erasable_since()?;
    Some(Key::new(partition(report.state.standing()), format!("{}#{}", time(since), report.id)))
}

fn partition(standing: Standing) -> String {
    format!("CLOSED#{}", standing.name())
}

/// Seconds at a fixed width, so that the text sorts as the time does.
pub(crate) fn time(at: Timestamp) -> String {
    format!("{at:.0}")
}

#[derive(Serialize, Deserialize)]
struct ClosedItem {
    report: ReportId,
}

impl Entity for ClosedItem {
    const KIND: &'static str = "closed-report";
    const V: u64 = 1;
}

#[derive(Serialize, Deserialize)]
struct WalkItem {
    before: Option<ReportId>,
    ended: Option<Timestamp>,
}

impl Entity for WalkItem {
    const KIND: &'static str = "closed-walk";
    const V: u64 = 1;
}
