//! What the table says of a broadcast under way, and its closing when nothing is left to do.

use domain::broadcast::{Broadcast, State};
use domain::ids::BroadcastId;
use domain::sending::account::Account;
use domain::sending::janitor::{QueueLooks, Standing, Watched};
use domain::sending::plan::Plan;
use jiff::Timestamp;

use super::{Changed, change};
use crate::error::Error;
use crate::ports::broadcasts::{Broadcasts, Ledgers, Progress};

/// A broadcast's plan, since when it goes, and whether it is to go on; `None` where nothing of it was ever to be sent, or
/// everything is accounted for.
pub(crate) fn under_way(broadcast: &Broadcast) -> Option<(&Plan, Timestamp, Standing)> {
    match &broadcast.state {
        State::Sending { since, plan, pause: None } => Some((plan, *since, Standing::Sending)),
        State::Sending { since, plan, pause: Some(_) } => Some((plan, *since, Standing::Resting)),
        State::Stopped { at, plan: Some(plan), account: None, .. } => Some((plan, *at, Standing::Stopped(*at))),
        State::Stopped { .. }
        | State::Draft
        | State::AwaitingApproval { .. }
        | State::Approved { .. }
        | State::Finished { .. }
        | State::Held { .. } => None,
    }
}

/// The view that the janitor decides by.
pub(crate) fn watched<'a>(broadcast: &'a Broadcast, progress: &'a Progress, queue: QueueLooks) -> Option<Watched<'a>> {
    let (plan, since, standing) = under_way(broadcast)?;
    Some(Watched { plan, since, standing, parts: &progress.parts, ledgers: &progress.ledgers, queue })
}

/// Closes a broadcast, if all of it is accounted for.
pub(crate) async fn close_if_done(
    broadcasts: &dyn Broadcasts,
    ledgers: &dyn Ledgers,
    id: &BroadcastId,
    now: Timestamp,
) -> Result<Option<Account>, Error> {
    let Some(broadcast) = broadcasts.find(id).await? else { return Ok(None) };
    if under_way(&broadcast.value).is_none() {
        return Ok(None);
    }
    let progress = ledgers.progress(id).await?;
    let closing = watched(&broadcast.value, &progress, QueueLooks::Busy).and_then(|watched| watched.closing(now));
    match closing {
        Some(account) => close(broadcasts, id, account, now).await,
        None => Ok(None),
    }
}

/// Closes a broadcast with its account; `None` where somebody else did.
pub(crate) async fn close(
    broadcasts: &dyn Broadcasts,
    id: &BroadcastId,
    account: Account,
    now: Timestamp,
) -> Result<Option<Account>, Error> {
    match change(broadcasts, id, |broadcast| broadcast.close(account, now)).await? {
        Changed::Done(_) => {
            tracing::info!(
                broadcast.id = %id, frozen = account.frozen, accepted = account.accepted, dropped = account.dropped,
                refused = account.refused, stopped = account.stopped, unclear = account.unclear, "broadcast closed"
            );
            Ok(Some(account))
        }
        Changed::Refused(_) | Changed::Nowhere => Ok(None),
    }
}

/// When a broadcast began to go, or was stopped before; `None` where it has not gone.
pub(crate) fn began(broadcast: &Broadcast) -> Option<Timestamp> {
    match &broadcast.state {
        State::Sending { since, .. } | State::Finished { since, .. } => Some(*since),
        State::Stopped { at, .. } => Some(*at),
        State::Draft | State::AwaitingApproval { .. } | State::Approved { .. } | State::Held { .. } => None,
    }
}
