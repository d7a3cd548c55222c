//! Whether the audit log holds: all its days, all their entries, and the way from day to day.

mod search;
mod stepwise;

pub use search::{DAYS_MAX, Filter, Place, Stretch, Taken, look_back};
pub use stepwise::{CheckedDay, RANGE_DAYS_MAX, Step, check_some};

use domain::audit::{Broken, DayCheck, DayEnd, Hash, check_days};
use jiff::civil::Date;

use crate::error::Error;
use crate::ports::staff::AuditLog;

/// This many days, and this many entries, are read at a time.
pub const PAGE: usize = 200;

/// What a check has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checked {
    /// Everything that was looked at is as it was written.
    Whole(Extent),
    /// This is the first day that is not, and why.
    Broken {
        /// The day.
        day: Date,
        /// What is wrong with it.
        why: Broken,
    },
}

/// How much was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extent {
    /// So many days.
    pub days: usize,
    /// So many entries.
    pub entries: u64,
    /// The hash of the last entry. Written down elsewhere, it proves later that nothing up to it was rewritten.
    pub last: Hash,
}

/// Checks the latest `days` days of the log that have entries ([`usize::MAX`] for all of them).
pub async fn check(log: &dyn AuditLog, days: usize) -> Result<Checked, Error> {
    let (ends, mut earlier) = latest(log, days).await?;
    let mut extent = Extent { days: ends.len(), entries: 0, last: Hash::beginning() };
    for end in ends {
        let linked = check_days(earlier.as_ref(), Some(&end));
        let checked = match linked {
            Ok(()) => check_day(log, &end).await?,
            Err(broken) => Err(broken),
        };
        if let Err(why) = checked {
            return Ok(Checked::Broken { day: end.day, why });
        }
        extent.entries += end.entries;
        extent.last = end.last.clone();
        earlier = Some(end);
    }
    match (check_days(earlier.as_ref(), None), earlier) {
        (Err(why), Some(end)) => Ok(Checked::Broken { day: end.day, why }),
        (Ok(()), _) | (Err(_), None) => Ok(Checked::Whole(extent)),
    }
}

/// Where the latest days end, the earliest of them first, and the day before them.
async fn latest(log: &dyn AuditLog, days: usize) -> Result<(Vec<DayEnd>, Option<DayEnd>), Error> {
    let mut ends: Vec<DayEnd> = Vec::new();
    // One more than asked for: the first of them must follow it. Bounded by the log, as each page ends earlier.
    let wanted = days.saturating_add(1);
    while ends.len() < wanted {
        let limit = (wanted - ends.len()).min(PAGE);
        let page = log.days(ends.last().map(|end| end.day), limit).await?;
        let is_last = page.len() < limit;
        ends.extend(page);
        if is_last {
            break;
        }
    }
    let before = if ends.len() > days { ends.pop() } else { None };
    ends.reverse();
    Ok((ends, before))
}

/// Checks the entries of a day up to where it was said to end.
async fn check_day(log: &dyn AuditLog, end: &DayEnd) -> Result<Result<(), Broken>, Error> {
    let mut check = DayCheck::new(end);
    let mut from = 1;
    // Bounded by the entries of the day: each page begins after the last one.
    loop {
        let mut page = log.entries(end.day, from, PAGE).await?;
        let is_last = page.len() < PAGE;
        let written_since = page.iter().position(|entry| entry.number > end.entries);
        if let Some(since) = written_since {
            page.truncate(since);
        }
        if let Err(broken) = check.entries(&page) {
            return Ok(Err(broken));
        }
        if written_since.is_some() && !goes_on(log, end).await? {
            return Ok(Err(Broken::End));
        }
        if is_last || written_since.is_some() {
            return Ok(check.finish());
        }
        from = page.last().map_or(from, |entry| entry.number) + 1;
    }
}

/// Whether entries were added to a day since its end was read: somebody works while the log is checked.
async fn goes_on(log: &dyn AuditLog, end: &DayEnd) -> Result<bool, Error> {
    let now = log.days(end.day.tomorrow().ok(), 1).await?;
    Ok(now.iter().any(|now| now.day == end.day && now.entries > end.entries))
}
