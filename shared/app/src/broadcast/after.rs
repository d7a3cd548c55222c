//! What comes of broadcasts afterwards: how many blocked the account soon after they had got one, counted by `janitor`, and
//! which broadcasts went, as the console shows them ([`went`]).
//!
//! Once an hour all that began in the last 30 hours are counted anew; then a count is settled and stays with its broadcast. So
//! whoever looks reads nothing but broadcasts. A count costs one query for each day that its 24 hours touch, one for the
//! ledgers, and one object of about 25,000 ids for each part in whose partitions somebody blocked the account: 69 objects
//! (27 MB, some at a time) for 1.7 million residents at the very most, and none where nobody left.

mod went;

use std::sync::Arc;

use domain::broadcast::Broadcast;
use domain::broadcast::after::{Count, Unfollowed, window};
use domain::sending::frozen::{FrozenPart, PackedId};
use domain::time::in_japan;
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::{SignedDuration, Timestamp};

use super::past::History;
use super::{AT_ONCE, Changed, change};
use crate::error::{Chain, Error};
use crate::ports::Clock;
use crate::ports::broadcasts::{Place, Progress, Shelf};
use crate::ports::unfollows::{KEPT, Unfollow, Unfollows};

pub use went::{Asked, Found, Stretch, Sums, Went, by_day, by_department, went};

/// Broadcasts are counted in this minute of each hour. One that is missed is made up an hour later.
const MINUTE: i8 = 0;
/// So many broadcasts are read at most in one look: more than a town sends while the facts are kept.
const READ_MAX: usize = 2_000;
/// At most so many are counted in one look, the oldest first. The next hour goes on.
const COUNTED_MAX: usize = 40;
/// So long after it began does a look begin no count any more: the function does other work too, and lives for a minute.
pub const LOOK: SignedDuration = SignedDuration::from_secs(20);
/// So many parts are read side by side: 400 kB each.
const PARTS_AT_ONCE: usize = 8;

/// Counts who blocked the account after broadcasts.
#[derive(Clone)]
pub struct Afterwards {
    /// What became of broadcasts.
    pub history: History,
    /// Who blocked the account.
    pub unfollows: Arc<dyn Unfollows>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl Afterwards {
    /// Once an hour, counts. Gives how many counts have changed. One that fails does not keep the others from it.
    pub async fn look(&self, now: Timestamp) -> Result<usize, Error> {
        if in_japan(now).minute() != MINUTE {
            return Ok(0);
        }
        let (mut changed, mut trouble) = (0, None);
        let until = now + LOOK;
        for broadcast in self.open(now).await? {
            if until <= self.clock.now() {
                tracing::warn!(broadcast.id = %broadcast.id, "unfollows not counted in time; the next hour goes on");
                break;
            }
            match self.count(&broadcast, now).await {
                Ok(is_changed) => changed += usize::from(is_changed),
                Err(error) => {
                    tracing::warn!(broadcast.id = %broadcast.id, error = %Chain(&error), "unfollows not counted");
                    trouble = Some(error);
                }
            }
        }
        trouble.map_or(Ok(changed), Err)
    }

    /// Those whose count is not settled and whose facts are all still there, the oldest first.
    async fn open(&self, now: Timestamp) -> Result<Vec<Broadcast>, Error> {
        let (mut open, mut read) = (Vec::new(), 0);
        let mut before: Option<Place> = None;
        while read < READ_MAX {
            let some = self.history.broadcasts.on_shelf(Shelf::Done, before.as_ref(), AT_ONCE).await?;
            let is_last = some.len() < AT_ONCE;
            read += some.len();
            before = some.last().map(|(place, _)| place.clone());
            let is_kept = |it: &Broadcast| it.state.began().is_some_and(|began| now.duration_since(began) < KEPT);
            let are_old = some.iter().any(|(_, broadcast)| !is_kept(broadcast));
            let is_open = |it: &Broadcast| it.unfollowed.is_none_or(|counted| counted.count == Count::SoFar);
            let some = some.into_iter().map(|(_, broadcast)| broadcast);
            open.extend(some.filter(|it| is_kept(it) && it.state.account().is_some() && is_open(it)));
            if is_last || are_old {
                break;
            }
        }
        open.reverse();
        open.truncate(COUNTED_MAX);
        Ok(open)
    }

    /// Counts for one broadcast. Gives whether that is news.
    async fn count(&self, broadcast: &Broadcast, now: Timestamp) -> Result<bool, Error> {
        let Some(began) = broadcast.state.began() else { return Ok(false) };
        let left = self.left(began).await?;
        // What was counted stays, even where the town has erased who it was before it was counted for good.
        let counted = broadcast.unfollowed.map_or(0, |counted| counted.people);
        let people = self.had_it(broadcast, &left).await?.max(counted);
        let unfollowed = Unfollowed { people, count: Count::at(now, began) };
        if broadcast.unfollowed == Some(unfollowed) {
            return Ok(false);
        }
        let changed = change(&*self.history.broadcasts, &broadcast.id, |it| it.count_unfollowed(unfollowed)).await?;
        Ok(matches!(changed, Changed::Done(_)))
    }

    /// Who blocked the account within a day, ascending, each once, however often they came back: 16 bytes for each.
    async fn left(&self, began: Timestamp) -> Result<Vec<PackedId>, Error> {
        let window = window(began);
        let (mut left, mut after): (Vec<PackedId>, Option<Unfollow>) = (Vec::new(), None);
        // Bounded by the facts of a day: each page begins after the one before.
        loop {
            let some = self.unfollows.some(&window, after.as_ref()).await?;
            left.extend(some.iter().map(|unfollow| PackedId::of(&unfollow.resident)));
            match some.last() {
                Some(last) => after = Some(last.clone()),
                None => break,
            }
        }
        left.sort_unstable();
        left.dedup();
        Ok(left)
    }

    /// How many of them received the broadcast, part by part; parts in whose partitions nobody left are not read.
    async fn had_it(&self, broadcast: &Broadcast, left: &[PackedId]) -> Result<u64, Error> {
        let Some(plan) = broadcast.state.plan().filter(|_| !left.is_empty()) else { return Ok(0) };
        let progress = self.history.ledgers.progress(&broadcast.id).await?;
        let mut reads = Vec::new();
        for (part, frozen) in &progress.parts {
            let partitions = plan.partitions(*part);
            let before = |end: u16| left.partition_point(|id| u16::from(id.0[0]) < end);
            let here = &left[before(partitions.start)..before(partitions.end)];
            if !here.is_empty() {
                reads.push(self.had_part(&progress, frozen, here));
            }
        }
        let people: Vec<usize> = stream::iter(reads).buffered(PARTS_AT_ONCE).try_collect().await?;
        Ok(u64::try_from(people.into_iter().sum::<usize>()).unwrap_or_default())
    }

    /// How many of them received a part.
    async fn had_part(&self, progress: &Progress, frozen: &FrozenPart, left: &[PackedId]) -> Result<usize, Error> {
        let received = self.history.of_part(progress, frozen).await?.received;
        Ok(left.iter().filter(|id| received.binary_search(id).is_ok()).count())
    }
}
