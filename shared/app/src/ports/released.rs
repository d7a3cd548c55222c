//! The port of what everybody sees of reports. Whoever has it sees nothing else of them.

use async_trait::async_trait;
use domain::ids::ReportId;
use domain::report::release::PublicReport;
use std::ops::Range;

use crate::error::Error;

/// Reports that were released. They are written together with the reports; see [`Reports::put`](super::reports::Reports::put).
#[async_trait]
pub trait PublicReports: Send + Sync {
    /// One of them.
    async fn find(&self, id: &ReportId) -> Result<Option<PublicReport>, Error>;

    /// Those whose ids lie in a range, the latest first, at most `limit`.
    async fn list(&self, ids: Range<ReportId>, limit: usize) -> Result<Vec<PublicReport>, Error>;
}
