//! Broadcasts, done: `planner` freezes, `sender` sends, `janitor` looks after both. What they decide by is [`domain::sending`].

pub mod after;
pub mod desk;
pub(crate) mod fix;
pub mod janitor;
pub mod look;
pub mod past;
pub mod planner;
pub mod public;
pub mod quota;
pub mod reach;
mod release;
pub mod sender;
mod shift;
pub mod templates;
mod watch;

use domain::broadcast::{Broadcast, Refusal};
use domain::ids::BroadcastId;

use crate::error::{Error, Kind};
use crate::ports::Versioned;
use crate::ports::broadcasts::{Broadcasts, Place, Shelf};
use crate::ports::staff::Written;

/// So many broadcasts are read at a time.
const AT_ONCE: usize = 25;
/// And so many of a shelf at most: those that are due, and those that are being sent.
pub(crate) const BROADCASTS_MAX: usize = 1_000;
/// A change that meets others is tried at most this often.
const TRIES_MAX: usize = 8;

/// What became of a change by one of the functions, whom nobody records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Changed {
    /// It is written.
    Done(Box<Broadcast>),
    /// The broadcast stands where this cannot be done.
    Refused(Refusal),
    /// There is no such broadcast.
    Nowhere,
}

/// Reads a broadcast, changes it and writes it, again where somebody else wrote in between.
pub(crate) async fn change<F>(broadcasts: &dyn Broadcasts, id: &BroadcastId, change: F) -> Result<Changed, Error>
where
    F: Fn(&mut Broadcast) -> Result<(), Refusal> + Send,
{
    for _ in 0..TRIES_MAX {
        let Some(Versioned { value: mut broadcast, version }) = broadcasts.find(id).await? else {
            return Ok(Changed::Nowhere);
        };
        if let Err(refusal) = change(&mut broadcast) {
            return Ok(Changed::Refused(refusal));
        }
        match broadcasts.put(&broadcast, Some(version), None).await? {
            Written::Done => return Ok(Changed::Done(Box::new(broadcast))),
            Written::Raced => {}
        }
    }
    Err(Error::new(Kind::Transient, "change a broadcast", "others were writing it again and again"))
}

/// All broadcasts on a shelf, the latest first; of very many some.
pub(crate) async fn all_on(broadcasts: &dyn Broadcasts, from: Shelf) -> Result<Vec<Broadcast>, Error> {
    let mut found: Vec<(Place, Broadcast)> = Vec::new();
    while found.len() < BROADCASTS_MAX {
        let before = found.last().map(|(place, _)| place.clone());
        let more = broadcasts.on_shelf(from, before.as_ref(), AT_ONCE).await?;
        let is_last = more.len() < AT_ONCE;
        found.extend(more);
        if is_last {
            break;
        }
    }
    Ok(found.into_iter().map(|(_, broadcast)| broadcast).collect())
}
