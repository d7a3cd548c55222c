//! What is asked before a broadcast goes: whether its time has come, whether the town sleeps, and of one that a rule wrote,
//! whether a guard wants a person to look at it first.

use std::num::NonZeroU16;
use std::pin::pin;

use domain::broadcast::{Broadcast, Guard, Origin, State};
use domain::sending::PARTITIONS;
use domain::sending::freeze::caps::Had;
use domain::town::{QuietHours, Sending};
use futures_util::TryStreamExt;
use jiff::{SignedDuration, Timestamp};

use super::past::{FREEZES_WITHIN, History, SEEN_AFTER};
use super::planner::Audiences;
use super::reach::{PIECE, find_piece, sketch};
use super::{Changed, all_on, change};
use crate::error::Error;
use crate::ports::broadcasts::Shelf;

/// So far back do the guards look for what the same residents got.
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// Whether a broadcast that is due may go at this moment, as far as the time of day is concerned.
pub(crate) fn is_awake(sending: &Sending, broadcast: &Broadcast, now: Timestamp) -> bool {
    broadcast.earliest(sending.quiet_hours, now) == now
}

/// What came of the time at which a broadcast is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Release {
    /// It goes.
    Goes(Box<Broadcast>),
    /// It does not, not at this moment, or somebody else let it.
    NotNow,
    /// Whether a guard holds it will be seen in a moment.
    Soon,
}

/// Lets a broadcast go, if its time has come and no guard holds it.
///
/// One that should have gone long ago, as after an outage, waits for the morning like any other.
pub(crate) async fn release(
    history: &History,
    audiences: &Audiences,
    broadcast: &Broadcast,
    now: Timestamp,
) -> Result<Release, Error> {
    let State::Approved { release_at, .. } = &broadcast.state else { return Ok(Release::NotNow) };
    let town = audiences.towns.current().await?;
    let sending = &town.profile.sending;
    if now < *release_at || !is_awake(sending, broadcast, now) {
        return Ok(Release::NotNow);
    }
    match guard(history, audiences, sending, broadcast, now).await? {
        Watch::Passes => {}
        Watch::Waits => return Ok(Release::Soon),
        Watch::Holds(why) => {
            if let Changed::Done(held) = change(&*history.broadcasts, &broadcast.id, |it| it.hold(why, now)).await? {
                // The alarm: a person has to look at it.
                tracing::error!(broadcast.id = %held.id, why = ?why, "broadcast of a rule held");
            }
            return Ok(Release::NotNow);
        }
    }
    match change(&*history.broadcasts, &broadcast.id, |it| it.release(now)).await? {
        Changed::Done(released) => {
            tracing::info!(broadcast.id = %released.id, lane = ?released.lane, "broadcast goes");
            Ok(Release::Goes(released))
        }
        Changed::Refused(_) | Changed::Nowhere => Ok(Release::NotNow),
    }
}

/// What the guards say.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Watch {
    Passes,
    Waits,
    Holds(Guard),
}

/// What the guards say of a broadcast that a rule wrote and nobody has looked at.
async fn guard(
    history: &History,
    audiences: &Audiences,
    sending: &Sending,
    broadcast: &Broadcast,
    now: Timestamp,
) -> Result<Watch, Error> {
    if !broadcast.is_unseen() {
        return Ok(Watch::Passes);
    }
    let at_most = SignedDuration::from_mins(i64::from(sending.rule_minutes_max));
    if let Some(guard) = broadcast.too_old(sending.quiet_hours, at_most, now) {
        return Ok(Watch::Holds(guard));
    }
    // It says once what each of them asked to be told at this hour: neither does it wait for others, nor does it count.
    if broadcast.audience.is_by_the_hour() {
        return Ok(Watch::Passes);
    }
    if is_not_first(history, sending.quiet_hours, broadcast, now).await? {
        return Ok(Watch::Waits);
    }
    count_the_hour(history, audiences, sending.rule_hourly_max, broadcast, now).await
}

/// Whether another broadcast of a rule is due before this one and has not gone: they go one after the other, so that each knows
/// those before it. What has been due for long is in trouble, and nobody waits for it. What waited for the morning is due then.
async fn is_not_first(
    history: &History,
    quiet: Option<QuietHours>,
    broadcast: &Broadcast,
    now: Timestamp,
) -> Result<bool, Error> {
    let State::Approved { at, release_at, .. } = &broadcast.state else { return Ok(false) };
    let since = broadcast.earliest(quiet, *release_at);
    if now < since.max(*at) + SEEN_AFTER {
        return Ok(true);
    }
    let due = all_on(&*history.broadcasts, Shelf::Due).await?;
    Ok(due.iter().filter(|other| other.is_unseen() && !other.audience.is_by_the_hour()).any(|other| {
        let State::Approved { release_at: theirs, .. } = &other.state else { return false };
        let theirs_since = other.earliest(quiet, *theirs);
        (theirs_since, theirs, &other.id) < (since, release_at, &broadcast.id) && now < theirs_since + FREEZES_WITHIN
    }))
}

/// Whether with this one somebody would have `max` broadcasts of rules in one hour.
async fn count_the_hour(
    history: &History,
    audiences: &Audiences,
    max: u16,
    broadcast: &Broadcast,
    now: Timestamp,
) -> Result<Watch, Error> {
    let Some(before) = NonZeroU16::new(max.saturating_sub(1)) else { return Ok(Watch::Holds(Guard::TooMany)) };
    let is_counted = |earlier: &Broadcast| {
        let is_recent = earlier.state.began().is_some_and(|began| now - HOUR < began);
        let is_counted = matches!(earlier.origin, Origin::Rule { .. }) && !earlier.audience.is_by_the_hour();
        earlier.id != broadcast.id && is_recent && is_counted
    };
    let mut earlier = history.recent(now).await?;
    earlier.retain(is_counted);
    if earlier.len() < usize::from(before.get()) {
        return Ok(Watch::Passes);
    }
    for earlier in &earlier {
        if history.is_freezing(earlier, &(0..PARTITIONS), now).await? {
            return Ok(Watch::Waits);
        }
    }
    let plan = sketch(broadcast);
    for from in (0..PARTITIONS).step_by(usize::from(PIECE)) {
        let piece = from..(from + PIECE).min(PARTITIONS);
        let mut had = Had::default();
        let mut lists = pin!(history.received(&earlier, &piece));
        while let Some((_, received)) = lists.try_next().await? {
            had.add(&received);
        }
        let full = had.at_least(before);
        if full.is_empty() {
            continue;
        }
        let found = find_piece(audiences, history, broadcast, &plan, piece, &[], now).await?;
        let mut ids = found.iter().flat_map(|found| &found.sections).flatten();
        if ids.any(|id| full.binary_search(id).is_ok()) {
            return Ok(Watch::Holds(Guard::TooMany));
        }
    }
    Ok(Watch::Passes)
}
