//! What else was reported near a report.

use app::ports::Versioned;
use domain::report::Report;
use futures_util::{StreamExt, TryStreamExt, stream};

use super::desk;
use crate::web::{Call, Failure};

/// Where a kind is gone, what is within so many metres is nearby.
const NEARBY_M: u32 = 100;
/// So many of those are shown.
const NEARBY_MAX: usize = 10;

/// The others, with how many metres they are off, the nearest first.
pub(super) async fn of(call: &Call, report: &Report) -> Result<Vec<(Report, u32)>, Failure> {
    let radius = call.town.report_kind(&report.kind).map_or(NEARBY_M, |kind| kind.duplicate_radius_m.into());
    let mut found = desk(call).near(report, radius).await?;
    found.truncate(NEARBY_MAX);
    let looking: Vec<_> = found.iter().map(|(near, _)| Box::pin(desk(call).look(&near.id))).collect();
    let looked: Vec<Option<Versioned<Report>>> = stream::iter(looking).buffered(NEARBY_MAX).try_collect().await?;
    let far = found.into_iter().map(|(_, metres)| metres);
    Ok(looked.into_iter().zip(far).filter_map(|(near, metres)| near.map(|near| (near.value, metres))).collect())
}
