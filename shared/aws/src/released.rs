//! What everybody sees of reports, in the table: beside the reports, so that whoever shows it can be kept from them.
//!
//! | what | `PK` | `SK` |
//! | --- | --- | --- |
//! | a report as staff released it | `RELEASED` | its id |
//!
//! It is written and removed in the transaction of the report ([`crate::reports`]), whenever what everybody sees of it changed.

use std::ops::Range;

use app::error::Error;
use app::ports::released::PublicReports;
use async_trait::async_trait;
use domain::ids::ReportId;
use domain::report::Report;
use domain::report::release::PublicReport;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::reports::readable;
use crate::table::{Along, Condition, Entity, Key, Step, Table, Write, decode, encode};

const READING: &str = "read a released report";
const LISTING: &str = "list released reports";
const RELEASED: &str = "RELEASED";

/// [`PublicReports`] in the table.
pub struct TablePublicReports {
    table: Table,
}

impl TablePublicReports {
    /// Kept in this table.
    #[must_use]
    pub fn new(table: Table) -> Self {
        Self { table }
    }
}

#[async_trait]
impl PublicReports for TablePublicReports {
    async fn find(&self, id: &ReportId) -> Result<Option<PublicReport>, Error> {
        let item = self.table.get(READING, &key(id)).await?;
        Ok(decode::<ReleasedItem>(READING, item, Timestamp::MIN)?.map(|item| item.report))
    }

    async fn list(&self, ids: Range<ReportId>, limit: usize) -> Result<Vec<PublicReport>, Error> {
        let items = self.table.some(LISTING, RELEASED, Along::Before(ids.end.as_str()), limit).await?;
        let found = readable::<ReleasedItem>(LISTING, items).into_iter().map(|item| item.report);
        Ok(found.filter(|report| ids.start <= report.id).collect())
    }
}

/// Writes what everybody sees of a report, or takes it away; nothing where that is as it was.
pub(crate) fn released_step(
    doing: &'static str,
    report: &Report,
    before: Option<&Report>,
) -> Result<Option<Step<'static>>, Error> {
    let (old, present) = (before.and_then(Report::public), report.public());
    if old == present {
        return Ok(None);
    }
    let key = key(&report.id);
    Ok(Some(match present {
        Some(report) => {
            Step::Put(Write { item: encode(doing, &key, &ReleasedItem { report })?, condition: Condition::None })
        }
        None => Step::Remove(key),
    }))
}

fn key(id: &ReportId) -> Key {
    Key::new(RELEASED, id.as_str())
}

#[derive(Serialize, Deserialize)]
struct ReleasedItem {
    report: PublicReport,
}

impl Entity for ReleasedItem {
    const KIND: &'static str = "released-report";
    const V: u64 = 1;
}
