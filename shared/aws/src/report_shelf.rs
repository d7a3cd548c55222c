//! Reports that are closed, by when, in the table: the shelf from which the janitor takes those whose personal data is to be erased.
//!
//! | what | `PK` | `SK` |
//! | --- | --- | --- |
//! | that a report is to be erased some day | `CLOSED#<standing>` | `<since when it is closed>#<its id>` |
//!
//! It is written and removed with the report, by [`crate::reports`]: it is there while the report is closed and anything is left to erase.

use app::error::{Error, Kind};
use domain::ids::ReportId;
use domain::report::{Report, Standing};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::table::{Along, Condition, Entity, Key, Step, Table, Write, encode};

const LOOKING: &str = "look for reports to erase";

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
    if let Some(key) = now {
        let item = encode(doing, &key, &ClosedItem { report: report.id.clone() })?;
        steps.push(Step::Put(Write { item, condition: Condition::None }));
    }
    Ok(steps)
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
