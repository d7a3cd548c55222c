//! The stores of sending: those of the post office in memory, which take the time that AWS takes.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::error::Error;
use app::ports::broadcasts::{
    Broadcasts, FrozenParts, Ledgers, PartKey, Place, Progress, RunKey, SendingQueues, Shelf, TakenRun,
};
use app::ports::staff::Written;
use app::ports::{Messages, Versioned};
use async_trait::async_trait;
use domain::audit::Act;
use domain::broadcast::{Broadcast, Lane};
use domain::ids::BroadcastId;
use domain::sending::delivery::{GivenBack, Order, Recorded};
use domain::sending::frozen::{FrozenPart, PackedId};
use domain::sending::janitor::QueueLooks;
use domain::sending::ledger::{Ledger, PageState};
use tests::post::Post;
use tokio::time::{Instant, sleep};

use crate::lock;

/// How long a call takes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Takes {
    /// Of the table.
    pub(crate) table: Duration,
    /// Of the bucket.
    pub(crate) bucket: Duration,
    /// Of a queue.
    pub(crate) queue: Duration,
}

/// The stores.
pub(crate) struct Stores {
    post: Arc<Post>,
    takes: Takes,
    /// The queues of parts: when each is visible, and the message. The post office has one for both lanes.
    parts: Mutex<VecDeque<(Instant, PartKey)>>,
}

impl Stores {
    /// Of this post office.
    pub(crate) fn new(post: Arc<Post>, takes: Takes) -> Self {
        Self { post, takes, parts: Mutex::default() }
    }

    /// Takes a part of a lane that is visible.
    pub(crate) fn next_part(&self, lane: Lane) -> Option<PartKey> {
        let mut parts = lock(&self.parts);
        let now = Instant::now();
        // What janitor asks for again, it asks of the post office.
        parts.extend(std::iter::from_fn(|| self.post.next_part()).map(|part| (now, part)));
        let place = parts.iter().position(|(from, part)| *from <= now && part.lane == lane)?;
        parts.remove(place).map(|(_, part)| part)
    }

    /// Hands a run of a lane to a function, as the queue does.
    pub(crate) fn next_run(&self, lane: Lane) -> Option<TakenRun> {
        self.post.next_run(lane)
    }

    async fn table(&self) {
        spend(self.takes.table).await;
    }

    async fn bucket(&self) {
        spend(self.takes.bucket).await;
    }

    async fn queue(&self) {
        spend(self.takes.queue).await;
    }
}

/// A sleep of no time would still be one of a millisecond.
async fn spend(time: Duration) {
    if !time.is_zero() {
        sleep(time).await;
    }
}

#[async_trait]
impl Broadcasts for Stores {
    async fn find(&self, id: &BroadcastId) -> Result<Option<Versioned<Broadcast>>, Error> {
        self.table().await;
        self.post.find(id).await
    }

    async fn put(&self, broadcast: &Broadcast, read: Option<u64>, act: Option<&Act>) -> Result<Written, Error> {
        self.table().await;
        self.post.put(broadcast, read, act).await
    }

    async fn on_shelf(
        &self,
        on: Shelf,
        before: Option<&Place>,
        limit: usize,
    ) -> Result<Vec<(Place, Broadcast)>, Error> {
        self.table().await;
        self.post.on_shelf(on, before, limit).await
    }

    async fn order(&self, id: &BroadcastId, lane: Lane) -> Result<Order, Error> {
        self.table().await;
        self.post.order(id, lane).await
    }
}

#[async_trait]
impl FrozenParts for Stores {
    async fn keep(&self, part: &FrozenPart, object: Vec<u8>) -> Result<FrozenPart, Error> {
        self.bucket().await;
        FrozenParts::keep(&*self.post, part, object).await
    }

    async fn part(&self, broadcast: &BroadcastId, part: u16) -> Result<Option<FrozenPart>, Error> {
        self.bucket().await;
        self.post.part(broadcast, part).await
    }

    async fn ids(&self, part: &FrozenPart, range: Range<usize>) -> Result<Vec<PackedId>, Error> {
        self.bucket().await;
        self.post.ids(part, range).await
    }

    async fn keep_words(&self, broadcast: &BroadcastId, digest: &str, words: &Messages) -> Result<(), Error> {
        self.bucket().await;
        self.post.keep_words(broadcast, digest, words).await
    }

    async fn words(&self, broadcast: &BroadcastId, digest: &str) -> Result<Messages, Error> {
        self.bucket().await;
        self.post.words(broadcast, digest).await
    }
}

#[async_trait]
impl Ledgers for Stores {
    async fn note_frozen(&self, part: &FrozenPart) -> Result<(), Error> {
        self.table().await;
        self.post.note_frozen(part).await
    }

    async fn progress(&self, broadcast: &BroadcastId) -> Result<Progress, Error> {
        self.table().await;
        self.post.progress(broadcast).await
    }

    async fn ledger(&self, run: &RunKey) -> Result<Option<Ledger>, Error> {
        self.table().await;
        self.post.ledger(run).await
    }

    async fn claim(&self, run: &RunKey, claimed: &Ledger) -> Result<Written, Error> {
        self.table().await;
        self.post.claim(run, claimed).await
    }

    async fn record(&self, run: &RunKey, page: usize, state: &PageState, fence: u64) -> Result<Recorded, Error> {
        self.table().await;
        self.post.record(run, page, state, fence).await
    }

    async fn give_back(&self, run: &RunKey, back: &GivenBack) -> Result<(), Error> {
        self.table().await;
        self.post.give_back(run, back).await
    }
}

#[async_trait]
impl SendingQueues for Stores {
    async fn ask_to_freeze(&self, parts: &[PartKey], delay_s: u16) -> Result<(), Error> {
        self.queue().await;
        let from = Instant::now() + Duration::from_secs(delay_s.into());
        let mut queue = lock(&self.parts);
        queue.extend(parts.iter().map(|part| (from, part.clone())));
        Ok(())
    }

    async fn ask_to_send(&self, runs: &[RunKey], delay_s: u16) -> Result<(), Error> {
        self.queue().await;
        self.post.ask_to_send(runs, delay_s).await
    }

    async fn take(&self, lane: Lane) -> Result<Option<TakenRun>, Error> {
        self.queue().await;
        self.post.take(lane).await
    }

    async fn done(&self, taken: &TakenRun) -> Result<(), Error> {
        self.queue().await;
        self.post.done(taken).await
    }

    async fn looks(&self, lane: Lane) -> Result<QueueLooks, Error> {
        self.queue().await;
        self.post.looks(lane).await
    }
}
