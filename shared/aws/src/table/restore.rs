//! Tables as wholes: one restored from another's backup, what a restored one lacks, and every item of one, page by page.
//!
//! What has to be set up on a restored table, the lives of its items and its own backup among it:
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableToPointInTime.html>.

use app::error::{Error, Kind};
use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::operation::describe_table::DescribeTableError;
use aws_sdk_dynamodb::primitives::DateTime;
use aws_sdk_dynamodb::types::{
    PointInTimeRecoverySpecification, TableStatus, TimeToLiveSpecification, TimeToLiveStatus,
};
use jiff::Timestamp;

use super::{Item, Table};
use crate::failure::failed;

const RESTORING: &str = "restore a table";
const LOOKING: &str = "look at a table";
const PROTECTING: &str = "protect a table";

/// How far a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// There is none of this name.
    Absent,
    /// It is being made, restored or changed.
    Coming,
    /// It can be used.
    Ready,
}

/// From which backup a table was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// The name of the table that it was a backup of.
    pub table: String,
    /// The time as of which it was taken, in epoch seconds.
    pub second: i64,
}

impl Table {
    /// Begins to restore this table, of which there is none yet, from the backup of another as it stood at a time; without one, as late
    /// as the backup reaches, some five minutes ago.
    pub async fn restore_from(&self, source: &str, at: Option<Timestamp>) -> Result<(), Error> {
        let call = self.client.restore_table_to_point_in_time();
        let call = call.source_table_name(source).target_table_name(&self.name);
        let call = match at {
            Some(at) => call.restore_date_time(DateTime::from_secs(at.as_second())),
            None => call.use_latest_restorable_time(true),
        };
        call.send().await.map(|_| ()).map_err(|error| failed(RESTORING, error))
    }

    /// How far it is.
    pub async fn stands(&self) -> Result<Stands, Error> {
        let described = match self.client.describe_table().table_name(&self.name).send().await {
            Ok(described) => described.table,
            Err(error) => match error.as_service_error() {
                Some(DescribeTableError::ResourceNotFoundException(_)) => return Ok(Stands::Absent),
                Some(_) | None => return Err(failed(LOOKING, error)),
            },
        };
        let Some(table) = described else { return Ok(Stands::Coming) };
        let active = table.table_status == Some(TableStatus::Active);
        let restored = table.restore_summary.is_none_or(|summary| !summary.restore_in_progress);
        Ok(if active && restored { Stands::Ready } else { Stands::Coming })
    }

    /// From which backup it was made, where AWS says so
    /// (<https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreSummary.html>).
    pub async fn backup(&self) -> Result<Option<Backup>, Error> {
        let described = self.client.describe_table().table_name(&self.name).send().await;
        let described = described.map_err(|error| failed(LOOKING, error))?.table;
        let Some(summary) = described.and_then(|table| table.restore_summary) else { return Ok(None) };
        // arn:aws:dynamodb:REGION:ACCOUNT:table/NAME
        let table = summary.source_table_arn.as_deref().and_then(|arn| arn.rsplit('/').next());
        let second = summary.restore_date_time.secs();
        Ok(table.map(|table| Backup { table: table.to_owned(), second }))
    }

    /// Gives it what a restored table lacks: items end by `expires`, it has a backup of its own, and is not deleted by a click. Doing it
    /// again changes nothing.
    pub async fn protect(&self) -> Result<(), Error> {
        let built = |error: BuildError| Error::new(Kind::Permanent, PROTECTING, error);
        let client = &self.client;
        let lives = client.describe_time_to_live().table_name(&self.name).send().await;
        let lives = lives.map_err(|error| failed(PROTECTING, error))?.time_to_live_description;
        let status = lives.and_then(|lives| lives.time_to_live_status);
        // DynamoDB refuses to switch on what is on.
        if !matches!(status, Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling)) {
            let ends = TimeToLiveSpecification::builder().enabled(true).attribute_name("expires").build();
            let call = client.update_time_to_live().table_name(&self.name);
            let call = call.time_to_live_specification(ends.map_err(built)?);
            call.send().await.map_err(|error| failed(PROTECTING, error))?;
        }
        let backup = PointInTimeRecoverySpecification::builder().point_in_time_recovery_enabled(true).build();
        let call = client.update_continuous_backups().table_name(&self.name);
        let call = call.point_in_time_recovery_specification(backup.map_err(built)?);
        call.send().await.map_err(|error| failed(PROTECTING, error))?;
        let call = client.update_table().table_name(&self.name).deletion_protection_enabled(true);
        call.send().await.map(|_| ()).map_err(|error| failed(PROTECTING, error))
    }

    /// Reads a page of all items, at most 1 MB of them, consistently, after the place where the last one ended. With it comes where it
    /// ended, unless that was the last.
    #[expect(clippy::disallowed_methods, reason = "whoever compares whole tables reads all of them, and nobody waits")]
    pub(crate) async fn some_of_all(
        &self,
        doing: &'static str,
        after: Option<Item>,
    ) -> Result<(Vec<Item>, Option<Item>), Error> {
        let call = self.client.scan().table_name(&self.name).consistent_read(true);
        let answer = call.set_exclusive_start_key(after).send().await.map_err(|error| failed(doing, error))?;
        let next = answer.last_evaluated_key.filter(|last| !last.is_empty());
        Ok((answer.items.unwrap_or_default(), next))
    }
}
