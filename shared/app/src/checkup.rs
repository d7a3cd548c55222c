//! The look at whether all is well, once an hour ([`Checker`]), and the sign of life of what runs every minute ([`Pulse`]).
//!
//! Whatever begins and needs somebody is one line of the log, at the level of an error, in words that an alarm waits for. The line is
//! written before the look is kept: a crash between them tells of it twice, and none tells of nothing.
//!
//! A look costs two calls of the platform, and of what is kept a few reads: how it stood before, the facts of who left in the last 24
//! hours (the days since the first look were counted when they ended), and the audit log's latest [`AUDIT_DAYS`] days once a day, all
//! of it once a month. That is done in steps ([`STEPS`] an hour and one more at most), and where it does not end the next hour goes on.

use std::ops::Range;
use std::sync::Arc;

use domain::checkup::{Chain, Checkup, DayUnfollows, Finding, Messages, NORMAL_DAYS, Unfollows as People};
use domain::sending::frozen::PackedId;
use domain::time::{date_in_japan, in_japan, instant_in_japan};
use jiff::civil::{Date, Time, date};
use jiff::{SignedDuration, Timestamp};

use crate::audit::{self, Checks};
use crate::error::{Chain as Causes, Error};
use crate::ports::Clock;
use crate::ports::checkup::{BEATS_EVERY, Checkups, Heartbeat, Heartbeats, Runner};
use crate::ports::quota::{Quota, Quotas};
use crate::ports::staff::{AuditChecks, AuditLog};
use crate::ports::unfollows::{Unfollow, Unfollows};

/// The look is in this minute of each hour: not in that in which unfollows are counted for broadcasts.
pub const MINUTE: i8 = 20;
/// Up to this minute it is made up for where it failed, or where nobody called in its own. Somebody is told of five failures one after
/// another, and would not be of one an hour.
pub const MINUTE_LAST: i8 = 24;
/// So long after it began does a look begin to count no further day: the function does other work too, and lives for a minute.
pub const LOOK: SignedDuration = SignedDuration::from_secs(8);
/// So many pages are read at most of those who left within 24 hours or on a day; more are no other finding.
pub const PAGES_MAX: usize = 20;
/// Every day the audit log is checked as far back as so many days that have entries.
pub const AUDIT_DAYS: usize = 31;
/// So many steps of that are taken in a look at most, each of about [`audit::STEP`].
pub const STEPS: usize = 4;

const DAY: SignedDuration = SignedDuration::from_hours(24);
/// A look that is not older than this is the one of this hour.
const OF_THIS_HOUR: SignedDuration = SignedDuration::from_mins(30);
/// Before the first entry of any log.
const BEFORE_ALL: Date = date(2020, 1, 1);

/// What looks whether all is well.
pub struct Checker {
    /// How many messages the month has.
    pub quotas: Arc<dyn Quotas>,
    /// Who blocked the account.
    pub unfollows: Arc<dyn Unfollows>,
    /// The audit log.
    pub log: Arc<dyn AuditLog>,
    /// The checks of it, those of staff too.
    pub checks: Arc<dyn AuditChecks>,
    /// What the looks found.
    pub checkups: Arc<dyn Checkups>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl Checker {
    /// Once an hour, looks: what was found then, and `None` at any other time. Outside of its minutes nothing is read.
    pub async fn tick(&self) -> Result<Option<Checkup>, Error> {
        let now = self.clock.now();
        if !(MINUTE..=MINUTE_LAST).contains(&in_japan(now).minute()) {
            return Ok(None);
        }
        let before = self.checkups.last().await?;
        if before.as_ref().is_some_and(|before| now.duration_since(before.at) < OF_THIS_HOUR) {
            return Ok(None);
        }
        self.look(before.as_ref(), now).await.map(Some)
    }

    /// Looks, tells of what has begun, and keeps what was found.
    async fn look(&self, before: Option<&Checkup>, now: Timestamp) -> Result<Checkup, Error> {
        let messages = self.messages().await;
        let chain = match self.chain(now).await {
            Ok(chain) => chain,
            Err(error) => {
                tracing::warn!(error = %Causes(&error), "the audit log not checked; the next hour goes on");
                before.map(|before| before.chain).unwrap_or_default()
            }
        };
        let unfollows = self.count(before, now).await?;
        let checkup = Checkup::new(now, messages, unfollows, chain, before);
        for finding in checkup.begun(before) {
            tell(finding, &checkup);
        }
        self.checkups.put(&checkup).await?;
        Ok(checkup)
    }

    /// The month's messages. A platform that does not say keeps the rest from nothing.
    async fn messages(&self) -> Messages {
        match self.quotas.quota().await {
            Ok(Quota::Unlimited) => Messages::Unlimited,
            Ok(Quota::Limited { limit, used }) => Messages::Limited { limit, used },
            Err(error) => {
                tracing::warn!(error = %Causes(&error), "how many messages are left is not known");
                Messages::Unsaid
            }
        }
    }

    /// Counts who left in the last 24 hours, and on the finished days that were not counted yet, the earliest first. Of the days before
    /// the first look nothing is known: that there is no fact of them does not mean that nobody left.
    async fn count(&self, before: Option<&Checkup>, now: Timestamp) -> Result<People, Error> {
        let until = now + LOOK;
        let mut counted = before.map(|before| before.unfollows.clone()).unwrap_or_default();
        counted.last_day = self.people(&(now - DAY..now)).await?;
        let today = date_in_japan(now);
        let since = before.map_or(today, |before| date_in_japan(before.at));
        let next = counted.days.last().and_then(|known| known.day.tomorrow().ok());
        let earliest = today.saturating_sub(DAY * i32::try_from(NORMAL_DAYS).unwrap_or(i32::MAX));
        let mut day = next.unwrap_or(since).max(earliest);
        while day < today {
            let Ok(tomorrow) = day.tomorrow() else { break };
            if until <= self.clock.now() {
                tracing::warn!("unfollows of earlier days not counted in time; the next hour goes on");
                break;
            }
            let people = self.people(&(midnight(day)..midnight(tomorrow))).await?;
            counted.add(DayUnfollows { day, people });
            day = tomorrow;
        }
        Ok(counted)
    }

    /// How many people blocked the account within a time, each once.
    async fn people(&self, within: &Range<Timestamp>) -> Result<u64, Error> {
        let (mut left, mut after): (Vec<PackedId>, Option<Unfollow>) = (Vec::new(), None);
        for _ in 0..PAGES_MAX {
            let some = self.unfollows.some(within, after.as_ref()).await?;
            left.extend(some.iter().map(|unfollow| PackedId::of(&unfollow.resident)));
            match some.last() {
                Some(last) => after = Some(last.clone()),
                None => break,
            }
        }
        left.sort_unstable();
        left.dedup();
        Ok(u64::try_from(left.len()).unwrap_or(u64::MAX))
    }

    /// Begins the day's check of the audit log where it is due, and moves on the one that is under way, whoever began it.
    async fn chain(&self, now: Timestamp) -> Result<Chain, Error> {
        let mut checks = self.checks.read().await?.map(|stored| stored.value).unwrap_or_default();
        if checks.under_way.is_none()
            && let Some(days) = self.due(&checks, now).await?
        {
            audit::begin(&*self.log, &*self.checks, days).await?;
            checks = audit::go_on(&*self.log, &*self.checks, &*self.clock).await?;
        }
        for _ in 0..STEPS {
            if checks.under_way.is_none() {
                break;
            }
            checks = audit::go_on(&*self.log, &*self.checks, &*self.clock).await?;
        }
        Ok(chain_of(&checks))
    }

    /// The days that are to be checked, unless a check that was finished on this day looked at as many up to yesterday or later. On
    /// the first of a month: all of them.
    async fn due(&self, checks: &Checks, now: Timestamp) -> Result<Option<(Date, Date)>, Error> {
        let today = date_in_japan(now);
        let first = if today.day() == 1 {
            BEFORE_ALL
        } else {
            self.log.days(None, AUDIT_DAYS).await?.last().map_or(today, |end| end.day)
        };
        let was_looked_at = checks.last.as_ref().is_some_and(|check| {
            let is_of_today = check.finished.is_some_and(|at| date_in_japan(at) == today);
            is_of_today && check.first <= first && today <= check.last.tomorrow().unwrap_or(Date::MAX)
        });
        Ok((!was_looked_at).then_some((first, today)))
    }
}

/// What the checks say of the log.
fn chain_of(checks: &Checks) -> Chain {
    let Some((last, at)) = checks.last.as_ref().and_then(|last| Some((last, last.finished?))) else {
        return Chain::NotLooked;
    };
    if !checks.are_in_doubt() {
        return Chain::Whole { at };
    }
    let named = checks.doubts.days.first().or(last.broken.first());
    Chain::Broken { at, day: named.map(|broken| broken.day), why: named.map(|broken| broken.why) }
}

fn midnight(day: Date) -> Timestamp {
    instant_in_japan(day.to_datetime(Time::midnight()))
}

/// Alarms in `template.yaml` wait for these words.
fn tell(finding: Finding, checkup: &Checkup) {
    match finding {
        Finding::MessagesNearlyUsedUp => {
            let (limit, used) = match checkup.messages {
                Messages::Limited { limit, used } => (limit, used),
                Messages::Unsaid | Messages::Unlimited => (0, 0),
            };
            tracing::error!(messages.limit = limit, messages.used = used, "messages of the month nearly used up");
        }
        Finding::UnfollowsAboveNormal => {
            let People { last_day, .. } = checkup.unfollows;
            let normal = checkup.unfollows.normal();
            tracing::error!(unfollows.people = last_day, unfollows.normal = normal, "unfollows above normal");
        }
        Finding::AuditLogBroken => tracing::error!(audit.chain = ?checkup.chain, "audit log broken"),
    }
}

/// The sign of life of what runs every minute.
pub struct Pulse {
    /// Whose.
    pub runner: Runner,
    /// Where it is noted.
    pub heartbeats: Arc<dyn Heartbeats>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl Pulse {
    /// Notes that it ran to its end, in one minute of [`BEATS_EVERY`]: some 9,000 writes of a unit a month. Whoever could not note it
    /// has nevertheless done its work.
    pub async fn beat(&self) {
        let now = self.clock.now();
        let minute = now.as_second().div_euclid(60);
        if minute.rem_euclid(BEATS_EVERY.as_mins()) != 0 {
            return;
        }
        if let Err(error) = self.heartbeats.beat(&Heartbeat { runner: self.runner, at: now }).await {
            tracing::warn!(runner = self.runner.name(), error = %Causes(&error), "sign of life not noted");
        }
    }
}
