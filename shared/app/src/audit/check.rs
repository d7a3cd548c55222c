//! Whether the audit log holds: its days, all their entries, and the way from day to day.
//!
//! A day can have half a million entries, so a check goes on in steps that each end soon, from the latest day back to the
//! earliest. Where it stands is a value ([`Check`]): the command line keeps it in its hand, the console in the table, where
//! whoever looks at the page moves it on.

use std::cmp::Reverse;

use domain::audit::{Broken, DayCheck, DayEnd, Hash, check_days};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Kind};
use crate::ports::staff::{AuditChecks, AuditLog, Written};
use crate::ports::{Clock, Versioned};

/// This many entries are read at a time, and this many days.
pub const PAGE: usize = 200;
/// A step reads at most this often, whatever the clock says.
pub const PAGES_MAX: usize = 100;
/// A step lasts about as long.
pub const STEP: SignedDuration = SignedDuration::from_millis(1_500);
/// Of the days that do not hold so many are named.
pub const NAMED_MAX: usize = 100;
/// So often is a check begun anew when others move one on meanwhile.
const RACES_MAX: usize = 8;

/// How much of a log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    /// So many days that have entries.
    pub days: u64,
    /// So many entries.
    pub entries: u64,
}

/// A day that is not as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrokenDay {
    /// The day.
    pub day: Date,
    /// What is wrong with it.
    pub why: Broken,
}

/// A check: of which days, how far it has come, and what it has found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
    /// So much was there when it began.
    pub total: Extent,
    /// When it was finished; `None` while it goes on.
    pub finished: Option<Timestamp>,
    /// Days that do not hold, the latest first, at most [`NAMED_MAX`].
    pub broken: Vec<BrokenDay>,
    /// So many more do not hold.
    pub unnamed: u64,
    /// The hash of the last entry, once it was seen. Written down elsewhere, it proves later that nothing up to it was
    /// rewritten.
    pub hash: Hash,
    done: Extent,
    /// The day that was looked at before, which is the one after the next.
    later: Option<DayEnd>,
    /// The day that is being looked at.
    day: Option<DayCheck>,
}

impl Check {
    /// Begins a check of the days from `first` to `last`.
    pub async fn begin(log: &dyn AuditLog, (first, last): (Date, Date)) -> Result<Self, Error> {
        let mut total = Extent::default();
        let mut before = last.tomorrow().ok();
        // Bounded by the log: each page ends earlier.
        loop {
            let page = log.days(before, PAGE).await?;
            for end in page.iter().take_while(|end| first <= end.day) {
                total.days += 1;
                total.entries = total.entries.saturating_add(end.entries);
            }
            before = page.last().map(|end| end.day);
            if page.len() < PAGE || before.is_none_or(|day| day < first) {
                break;
            }
        }
        Ok(Self {
            first,
            last,
            total,
            finished: None,
            broken: Vec::new(),
            unnamed: 0,
            hash: Hash::beginning(),
            done: Extent::default(),
            later: None,
            day: None,
        })
    }

    /// Begins a check of the latest days that have entries, or of all.
    pub async fn latest(log: &dyn AuditLog, days: Option<usize>) -> Result<Self, Error> {
        let first = match days {
            Some(days) => log.days(None, days).await?.last().map_or(Date::MIN, |end| end.day),
            None => Date::MIN,
        };
        Self::begin(log, (first, Date::MAX)).await
    }

    /// So much was looked at.
    #[must_use]
    pub fn done(&self) -> Extent {
        let begun = self.day.as_ref().map_or(0, DayCheck::checked);
        Extent { days: self.done.days, entries: self.done.entries.saturating_add(begun) }
    }

    /// Whether all was looked at, and is as it was written.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.finished.is_some() && self.broken.is_empty()
    }

    /// Goes on for about [`STEP`].
    pub async fn step(&mut self, log: &dyn AuditLog, clock: &dyn Clock) -> Result<(), Error> {
        let began = clock.now();
        for _ in 0..PAGES_MAX {
            let now = clock.now();
            if self.finished.is_some() || STEP <= now.duration_since(began) {
                break;
            }
            match self.day.take() {
                Some(day) => self.next_page(log, day).await?,
                None => self.next_day(log, now).await?,
            }
        }
        Ok(())
    }

    /// Takes up the day before the one that was looked at last, and looks at the way between them.
    async fn next_day(&mut self, log: &dyn AuditLog, now: Timestamp) -> Result<(), Error> {
        let before = self.later.as_ref().map_or_else(|| self.last.tomorrow().ok(), |later| Some(later.day));
        let end = log.days(before, 1).await?.pop();
        match (&self.later, &end) {
            (Some(later), end) => {
                if let Err(why) = check_days(end.as_ref(), Some(later)) {
                    self.found(later.day, why);
                }
            }
            (None, Some(end)) => {
                if !followed(log, end).await? {
                    self.found(end.day, Broken::Days);
                }
            }
            (None, None) => {}
        }
        match end.filter(|end| self.first <= end.day) {
            Some(end) => {
                if self.later.is_none() {
                    self.hash = end.last.clone();
                }
                self.day = Some(DayCheck::new(end));
            }
            None => self.finished = Some(now),
        }
        Ok(())
    }

    /// Looks at the next entries of a day, up to where it was said to end.
    async fn next_page(&mut self, log: &dyn AuditLog, mut day: DayCheck) -> Result<(), Error> {
        let end = day.end().clone();
        let page = log.entries(end.day, day.checked().saturating_add(1), PAGE).await?;
        let written_since = page.iter().position(|entry| entry.number > end.entries);
        let mut checked = day.entries(page.get(..written_since.unwrap_or(page.len())).unwrap_or_default());
        if checked.is_ok() && written_since.is_none() && page.len() == PAGE {
            self.day = Some(day);
            return Ok(());
        }
        if checked.is_ok() {
            let is_forged = written_since.is_some() && !goes_on(log, &end).await?;
            checked = if is_forged { Err(Broken::End) } else { day.finish() };
        }
        if let Err(why) = checked {
            self.found(end.day, why);
        }
        self.done.days += 1;
        self.done.entries = self.done.entries.saturating_add(end.entries);
        self.later = Some(end);
        Ok(())
    }

    /// The first thing that is found of a day counts.
    fn found(&mut self, day: Date, why: Broken) {
        if self.broken.last().is_some_and(|known| known.day == day) {
            return;
        }
        if self.broken.len() < NAMED_MAX {
            self.broken.push(BrokenDay { day, why });
        } else {
            self.unnamed += 1;
        }
    }
}

/// Whether entries were added to a day since its end was read: somebody works while the log is checked.
async fn goes_on(log: &dyn AuditLog, end: &DayEnd) -> Result<bool, Error> {
    let now = log.days(end.day.tomorrow().ok(), 1).await?;
    Ok(now.iter().any(|now| now.day == end.day && now.entries > end.entries))
}

/// Whether what is said to follow a day does so, and nothing follows where nothing is said to. Where it does not look so,
/// it is looked at once more: a day may have begun in between.
async fn followed(log: &dyn AuditLog, end: &DayEnd) -> Result<bool, Error> {
    for _ in 0..2 {
        let now = log.days(end.day.tomorrow().ok(), 1).await?.pop().filter(|now| now.day == end.day);
        let Some(now) = now else { break };
        let until = now.next.and_then(|next| next.tomorrow().ok());
        let later = log.days(until, 1).await?.pop().filter(|later| later.day != now.day);
        if check_days(Some(&now), later.as_ref()).is_ok() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The checks that the console keeps.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checks {
    /// The one that is under way.
    pub under_way: Option<Check>,
    /// The last one that was finished.
    pub last: Option<Check>,
    /// What any of them has found, and no later one has found to hold.
    #[serde(default)]
    pub doubts: Doubts,
}

/// The days of which a check has found that they do not hold, until a later one finds that they do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubts {
    /// The days, the latest first, at most [`NAMED_MAX`].
    pub days: Vec<BrokenDay>,
    /// From the first to the last of these days more do not hold, which are not named.
    pub unnamed: Option<(Date, Date)>,
}

impl Doubts {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.days.is_empty() && self.unnamed.is_none()
    }

    /// What is in doubt after one more check was finished: what it has found, and what it has not looked at.
    fn after(mut self, check: &Check) -> Self {
        let looked_at = |day: Date| (check.first..=check.last).contains(&day);
        self.days.retain(|known| !looked_at(known.day));
        self.unnamed = self.unnamed.filter(|(first, last)| !(looked_at(*first) && looked_at(*last)));
        self.days.extend(&check.broken);
        self.days.sort_by_key(|known| Reverse(known.day));
        if 0 < check.unnamed {
            self.leave_unnamed(check.first, check.broken.last().map_or(check.last, |named| named.day));
        }
        for cut in self.days.split_off(self.days.len().min(NAMED_MAX)) {
            self.leave_unnamed(cut.day, cut.day);
        }
        self
    }

    fn leave_unnamed(&mut self, from: Date, to: Date) {
        self.unnamed = Some(self.unnamed.map_or((from, to), |(first, last)| (first.min(from), last.max(to))));
    }
}

impl Checks {
    /// Whether anything of the log is in doubt, from whichever check.
    #[must_use]
    pub fn are_in_doubt(&self) -> bool {
        !self.doubts.is_empty() || self.last.as_ref().is_some_and(|last| !last.holds())
    }

    /// With a check that was finished.
    fn finished(self, check: Check) -> Self {
        // What was kept before there were doubts has its own in the last check.
        let doubts = self.last.iter().fold(self.doubts, Doubts::after);
        Self { under_way: None, doubts: doubts.after(&check), last: Some(check) }
    }
}

/// Begins a check of the days from `first` to `last` in place of one that is under way.
pub async fn begin(log: &dyn AuditLog, checks: &dyn AuditChecks, days: (Date, Date)) -> Result<(), Error> {
    let check = Check::begin(log, days).await?;
    for _ in 0..RACES_MAX {
        let (read, stored) =
            checks.read().await?.map_or((None, Checks::default()), |stored| (Some(stored.version), stored.value));
        match checks.keep(&Checks { under_way: Some(check.clone()), ..stored }, read).await? {
            Written::Done => return Ok(()),
            Written::Raced => {}
        }
    }
    Err(Error::new(Kind::Transient, "begin a check of the audit log", "others were faster again and again"))
}

/// Moves the check on that is under way, if there is one: how things stand then.
pub async fn go_on(log: &dyn AuditLog, checks: &dyn AuditChecks, clock: &dyn Clock) -> Result<Checks, Error> {
    let Some(Versioned { value: stored, version }) = checks.read().await? else { return Ok(Checks::default()) };
    let Some(mut check) = stored.under_way.clone() else { return Ok(stored) };
    check.step(log, clock).await?;
    let moved = match check.finished {
        Some(_) => stored.finished(check),
        None => Checks { under_way: Some(check), ..stored },
    };
    match checks.keep(&moved, Some(version)).await? {
        Written::Done => Ok(moved),
        // Somebody else looked at the same: what they kept is true, and this step is forgotten.
        Written::Raced => Ok(checks.read().await?.map(|stored| stored.value).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests;
