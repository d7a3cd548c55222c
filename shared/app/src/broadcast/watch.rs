//! What the table says of a broadcast under way, and its closing when nothing is left to do.

use domain::broadcast::{Broadcast, State};
use domain::ids::BroadcastId;
use domain::sending::account::Account;
use domain::sending::janitor::{QueueLooks, Standing, Watched};
use domain::sending::plan::Plan;
use jiff::Timestamp;

use super::{Changed, change};
use crate::error::Error;
use crate::ports::broadcasts::{Broadcasts, Ledgers, PartKey, Progress, RunKey, SendingQueues};

/// A broadcast's plan, since when it goes, and whether it is to go on; `None` where nothing of it was ever to be sent, or
/// everything is accounted for.
pub(crate) fn under_way(broadcast: &Broadcast) -> Option<(&Plan, Timestamp, Standing)> {
    match &broadcast.state {
        State::Sending { since, plan, pause: None, .. } => Some((plan, *since, Standing::Sending)),
        State::Sending { since, plan, pause: Some(_), .. } => Some((plan, *since, Standing::Resting)),
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
            if 0 < account.refused {
                // An alarm listens to this sentence: else only the broadcast's own page would say that nobody was told.
                tracing::error!(
                    broadcast.id = %id, refused = account.refused, "broadcast closed with residents that LINE refused"
                );
            }
            Ok(Some(account))
        }
        Changed::Refused(_) | Changed::Nowhere => Ok(None),
    }
}

/// Asks for everything of a broadcast that is still open, if it is to go on.
pub(crate) async fn ask_for_the_rest(
    ledgers: &dyn Ledgers,
    queues: &dyn SendingQueues,
    broadcast: &Broadcast,
) -> Result<(), Error> {
    let Some((plan, _, Standing::Sending)) = under_way(broadcast) else { return Ok(()) };
    let progress = ledgers.progress(&broadcast.id).await?;
    let (id, lane) = (&broadcast.id, broadcast.lane);
    let missing = (0..plan.parts).filter(|part| !progress.parts.contains_key(part));
    let missing: Vec<_> = missing.map(|part| PartKey { broadcast: id.clone(), lane, part }).collect();
    let mut open = Vec::new();
    for (part, frozen) in &progress.parts {
        let is_open = |run: &u16| progress.ledgers.get(&(*part, *run)).is_none_or(|ledger| !ledger.is_done());
        let runs = (0..frozen.runs()).filter(is_open);
        open.extend(runs.map(|run| RunKey { broadcast: id.clone(), lane, part: *part, run }));
    }
    queues.ask_to_freeze(&missing, 0).await?;
    queues.ask_to_send(&open, 0).await
}
