//! Reading released reports: the latest first, as many as are wanted, and never more than can be read in one answer.

use std::ops::Range;

use app::error::Error;
use app::ports::released::PublicReports;
use domain::ids::ReportId;
use domain::report::release::PublicReport;
use jiff::Timestamp;

/// So many are read at a time.
const AT_ONCE: usize = 500;
/// So many are looked through for one answer; the next one goes on from there.
const LOOKED_AT_MAX: usize = 5_000;

/// Reports that were looked for.
pub(crate) struct Found {
    /// The latest begun first.
    pub(crate) reports: Vec<PublicReport>,
    /// Before which to look on; `None` where there are no more.
    pub(crate) more: Option<ReportId>,
}

/// All ids before one, or all.
pub(crate) fn everything(before: Option<ReportId>) -> Range<ReportId> {
    ReportId::first_at(Timestamp::UNIX_EPOCH)..before.unwrap_or_else(|| ReportId::first_at(Timestamp::MAX))
}

/// Those of a range that fit, the latest first, at most `limit`. Where few fit, there may be fewer although more follow.
pub(crate) async fn latest(
    released: &dyn PublicReports,
    ids: Range<ReportId>,
    limit: usize,
    fits: impl Fn(&PublicReport) -> bool + Sync + Send,
) -> Result<Found, Error> {
    let Range { start, mut end } = ids;
    let (mut reports, mut looked_at) = (Vec::new(), 0);
    // One more than is wanted says whether there are more.
    let mut at_once = (limit + 1).min(AT_ONCE);
    while start < end {
        // What cannot be read is left out there, so that fewer than were asked for are not the last ones.
        let some = released.list(start.clone()..end.clone(), at_once).await?;
        let Some(last) = some.last() else { return Ok(Found { reports, more: None }) };
        end = last.id.clone();
        looked_at += some.len();
        reports.extend(some.into_iter().filter(&fits));
        if limit < reports.len() {
            reports.truncate(limit);
            let more = reports.last().map(|report| report.id.clone());
            return Ok(Found { reports, more });
        }
        if LOOKED_AT_MAX <= looked_at {
            return Ok(Found { reports, more: Some(end) });
        }
        at_once = AT_ONCE;
    }
    Ok(Found { reports, more: None })
}
