//! The check of many days in steps that each end soon: some days at a time, each day with its own result.

use domain::audit::{Broken, DayEnd, Hash, check_days};
use jiff::civil::Date;

use super::{PAGE, check_day};
use crate::error::Error;
use crate::ports::staff::AuditLog;

/// Days that are checked together are at most this many.
pub const RANGE_DAYS_MAX: usize = 400;

/// One day, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedDay {
    /// The day.
    pub day: Date,
    /// How many entries it has.
    pub entries: u64,
    /// The hash of its last entry. Written down elsewhere, it proves later that nothing up to it was rewritten.
    pub last: Hash,
    /// What is wrong with it, if anything is.
    pub broken: Option<Broken>,
}

/// One step of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The days of this step, the earliest first. Days without entries are not among them.
    pub days: Vec<CheckedDay>,
    /// How many days of the range were checked, those of earlier steps with them.
    pub done: usize,
    /// How many days of the range have entries.
    pub total: usize,
    /// The day with which to go on; `None` when all is checked.
    pub next: Option<Date>,
}

/// Checks the days from `first` to `last`, beginning with `from`, until `entries_max` entries have been looked at. A step
/// checks whole days, and at least one.
pub async fn check_some(
    log: &dyn AuditLog,
    (first, last): (Date, Date),
    from: Date,
    entries_max: u64,
) -> Result<Step, Error> {
    let ends = ends_between(log, first, last).await?;
    let begin = ends.partition_point(|end| end.day < from);
    let mut step = Step { days: Vec::new(), done: begin, total: ends.len(), next: None };
    let mut looked_at = 0;
    for (at, end) in ends.iter().enumerate().skip(begin) {
        if !step.days.is_empty() && looked_at + end.entries > entries_max {
            step.next = Some(end.day);
            break;
        }
        let earlier = match at.checked_sub(1).and_then(|before| ends.get(before)) {
            Some(earlier) => Some(earlier.clone()),
            None => log.days(Some(end.day), 1).await?.pop(),
        };
        let broken = match linked(log, earlier, end).await? {
            Err(broken) => Some(broken),
            Ok(()) => check_day(log, end).await?.err(),
        };
        let broken = match broken {
            None if at + 1 == ends.len() => followed(log, end).await?.err(),
            known => known,
        };
        looked_at += end.entries;
        step.done += 1;
        step.days.push(CheckedDay { day: end.day, entries: end.entries, last: end.last.clone(), broken });
    }
    Ok(step)
}

/// Where the days of a range end, the earliest first.
async fn ends_between(log: &dyn AuditLog, first: Date, last: Date) -> Result<Vec<DayEnd>, Error> {
    let mut ends: Vec<DayEnd> = Vec::new();
    let mut before = last.tomorrow().ok();
    // Bounded by the days of a range.
    while ends.len() < RANGE_DAYS_MAX {
        let page = log.days(before, PAGE).await?;
        let is_last = page.len() < PAGE || page.last().is_some_and(|end| end.day < first);
        before = page.last().map(|end| end.day);
        ends.extend(page.into_iter().filter(|end| end.day >= first));
        if is_last {
            break;
        }
    }
    ends.truncate(RANGE_DAYS_MAX);
    ends.reverse();
    Ok(ends)
}

/// Whether a day follows the one before it. Where it does not, both are read anew: a day may have begun in between.
async fn linked(log: &dyn AuditLog, earlier: Option<DayEnd>, end: &DayEnd) -> Result<Result<(), Broken>, Error> {
    if check_days(earlier.as_ref(), Some(end)).is_ok() {
        return Ok(Ok(()));
    }
    let mut anew = log.days(end.day.tomorrow().ok(), 2).await?.into_iter();
    let (later, earlier) = (anew.next(), anew.next());
    Ok(check_days(earlier.as_ref(), later.as_ref()))
}

/// Whether what is said to follow a day does so, and nothing follows where nothing is said to. Where it does not look so,
/// it is looked at once more: a day may have begun in between.
async fn followed(log: &dyn AuditLog, end: &DayEnd) -> Result<Result<(), Broken>, Error> {
    for _ in 0..2 {
        let now = log.days(end.day.tomorrow().ok(), 1).await?.pop().filter(|now| now.day == end.day);
        let Some(now) = now else { break };
        let until = now.next.and_then(|next| next.tomorrow().ok());
        let later = log.days(until, 1).await?.pop().filter(|later| later.day != now.day);
        if check_days(Some(&now), later.as_ref()).is_ok() {
            return Ok(Ok(()));
        }
    }
    Ok(Err(Broken::Days))
}
