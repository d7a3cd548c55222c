//! The inbox queue in memory: FIFO in groups, with visibility time-out, redelivery and an end of patience, as SQS has them.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use ::tests::queue::{RECEPTIONS_MAX, VISIBILITY};
use tokio::sync::Notify;

use crate::lock;

/// So many messages are handed out at once, as `template.yaml` says.
const BATCH_MAX: usize = 10;
/// Who waits for a message looks at least so often: what was handed out comes back without a bell.
const LOOKS_EVERY: Duration = Duration::from_millis(250);

/// A message.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    /// Its deduplication id.
    pub(crate) id: String,
    /// Its group.
    pub(crate) group: String,
    /// What it says.
    pub(crate) body: String,
    receptions: usize,
}

impl Message {
    /// One that nobody had yet.
    pub(crate) fn new(id: String, group: String, body: String) -> Self {
        Self { id, group, body, receptions: 0 }
    }
}

/// Messages that were handed out together.
#[derive(Debug)]
pub(crate) struct Batch {
    receipt: u64,
    /// Of each group in order.
    pub(crate) messages: Vec<Message>,
}

#[derive(Default)]
struct Inside {
    /// What waits, by group, in order.
    waiting: HashMap<String, VecDeque<Message>>,
    /// The groups that have something and of which nothing is out.
    ready: VecDeque<String>,
    /// What is out, by receipt.
    out: HashMap<u64, Vec<Message>>,
    /// The groups of which something is out.
    held: HashSet<String>,
    /// When what is out is visible again.
    until: BTreeSet<(Instant, u64)>,
    receipts: u64,
    /// Every id that ever came: no storm lasts as long as LINE goes on to deliver again, and a longer memory than SQS's five minutes keeps the
    /// table from doing the queue's part of the work.
    seen: HashSet<String>,
    settled: HashSet<String>,
    given_up: Vec<String>,
    doubles: u64,
    returned: u64,
}

/// The queue.
#[derive(Default)]
pub(crate) struct Queue {
    inside: Mutex<Inside>,
    filled: Notify,
}

/// How much lies in the queue, and what went through it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Depth {
    /// Messages that wait.
    pub(crate) waiting: usize,
    /// Messages that are out.
    pub(crate) out: usize,
    /// Messages that came a second time and were not taken again.
    pub(crate) doubles: u64,
    /// Messages that came back when their visibility time-out was over.
    pub(crate) returned: u64,
}

impl Queue {
    /// Takes messages; one whose id it had is acknowledged and dropped.
    pub(crate) fn put(&self, messages: impl IntoIterator<Item = Message>) {
        let mut inside = lock(&self.inside);
        for message in messages {
            if inside.seen.insert(message.id.clone()) {
                let group = message.group.clone();
                inside.waiting.entry(group.clone()).or_default().push_back(message);
                inside.offer(group);
            } else {
                inside.doubles += 1;
            }
        }
        drop(inside);
        self.filled.notify_one();
    }

    /// Hands out some messages, of each group as many as there is room for.
    pub(crate) fn take(&self) -> Option<Batch> {
        let now = Instant::now();
        let mut inside = lock(&self.inside);
        inside.bring_back(now);
        let mut messages = Vec::new();
        while messages.len() < BATCH_MAX
            && let Some(group) = inside.ready.pop_front()
        {
            let Some(waiting) = inside.waiting.get_mut(&group) else { continue };
            let some = waiting.len().min(BATCH_MAX - messages.len());
            messages.extend(waiting.drain(..some));
            if waiting.is_empty() {
                inside.waiting.remove(&group);
            }
            inside.held.insert(group);
        }
        for message in &mut messages {
            message.receptions += 1;
        }
        let (given_up, messages): (Vec<_>, Vec<_>) =
            messages.into_iter().partition(|message| RECEPTIONS_MAX < message.receptions);
        for message in given_up {
            if messages.iter().all(|other| other.group != message.group) {
                inside.release(&message.group);
            }
            inside.given_up.push(message.id);
        }
        if messages.is_empty() {
            return None;
        }
        inside.receipts += 1;
        let receipt = inside.receipts;
        inside.until.insert((now + VISIBILITY.unsigned_abs(), receipt));
        inside.out.insert(receipt, messages.clone());
        let is_more = !inside.ready.is_empty();
        drop(inside);
        if is_more {
            self.filled.notify_one();
        }
        Some(Batch { receipt, messages })
    }

    /// Done with these messages of a batch, but for those that failed: they stay out until their time is over, and so do their groups.
    pub(crate) fn settle(&self, batch: &Batch, failed: &HashSet<String>) {
        let mut inside = lock(&self.inside);
        // Its time was over before: somebody else has it by now.
        let Some(messages) = inside.out.remove(&batch.receipt) else { return };
        let (left, done): (Vec<_>, Vec<_>) = messages.into_iter().partition(|message| failed.contains(&message.id));
        let stuck: HashSet<String> = left.iter().map(|message| message.group.clone()).collect();
        if left.is_empty() {
            inside.until.retain(|(_, receipt)| *receipt != batch.receipt);
        } else {
            inside.out.insert(batch.receipt, left);
        }
        for message in done {
            if !stuck.contains(&message.group) {
                inside.release(&message.group);
            }
            inside.settled.insert(message.id);
        }
        drop(inside);
        self.filled.notify_one();
    }

    /// Returns when there may be something to take.
    pub(crate) async fn filled(&self) {
        let _ = tokio::time::timeout(LOOKS_EVERY, self.filled.notified()).await;
    }

    /// How much lies in it.
    pub(crate) fn depth(&self) -> Depth {
        let inside = lock(&self.inside);
        Depth {
            waiting: inside.waiting.values().map(VecDeque::len).sum(),
            out: inside.out.values().map(Vec::len).sum(),
            doubles: inside.doubles,
            returned: inside.returned,
        }
    }

    /// Whether a message came, and whether somebody was done with it.
    pub(crate) fn fate(&self, id: &str) -> Fate {
        let inside = lock(&self.inside);
        if inside.settled.contains(id) {
            Fate::Settled
        } else if inside.given_up.iter().any(|given_up| given_up == id) {
            Fate::GivenUp
        } else if inside.seen.contains(id) {
            Fate::Waits
        } else {
            Fate::NeverCame
        }
    }
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Somebody was done with it.
    Settled,
    /// It was handed out too often.
    GivenUp,
    /// It is still in the queue.
    Waits,
    /// It never came into it.
    NeverCame,
}

impl Inside {
    /// The group has something: it can be handed out unless something of it is out, or it stands in the row already.
    fn offer(&mut self, group: String) {
        let is_new = self.waiting.get(&group).is_some_and(|waiting| waiting.len() == 1);
        if is_new && !self.held.contains(&group) {
            self.ready.push_back(group);
        }
    }

    /// Nothing of the group is out any more.
    fn release(&mut self, group: &str) {
        if self.held.remove(group) && self.waiting.contains_key(group) {
            self.ready.push_back(group.to_owned());
        }
    }

    /// Puts back, to the front of their groups, what was out too long.
    fn bring_back(&mut self, now: Instant) {
        while let Some((until, receipt)) = self.until.first().copied()
            && until <= now
        {
            self.until.pop_first();
            let messages = self.out.remove(&receipt).unwrap_or_default();
            let groups: BTreeSet<String> = messages.iter().map(|message| message.group.clone()).collect();
            self.returned += u64::try_from(messages.len()).unwrap_or_default();
            for message in messages.into_iter().rev() {
                self.waiting.entry(message.group.clone()).or_default().push_front(message);
            }
            for group in groups {
                self.release(&group);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(id: &str, group: &str) -> Message {
        Message::new(id.to_owned(), group.to_owned(), String::new())
    }

    fn ids(batch: &Batch) -> Vec<&str> {
        batch.messages.iter().map(|message| message.id.as_str()).collect()
    }

    fn none() -> HashSet<String> {
        HashSet::new()
    }

    #[test]
    fn a_group_waits_for_what_is_out_of_it_and_other_groups_do_not() {
        let queue = Queue::default();
        queue.put([message("a1", "a"), message("b1", "b"), message("a2", "a")]);
        let first = queue.take().unwrap();
        assert_eq!(ids(&first), ["a1", "a2", "b1"]);
        queue.put([message("a3", "a"), message("c1", "c")]);
        let second = queue.take().unwrap();
        assert_eq!(ids(&second), ["c1"], "something of a is out");
        queue.settle(&first, &none());
        assert_eq!(ids(&queue.take().unwrap()), ["a3"]);
    }

    #[test]
    fn what_failed_comes_again_before_what_came_later_and_what_is_done_does_not() {
        let queue = Queue::default();
        queue.put([message("a1", "a"), message("a2", "a"), message("b1", "b")]);
        let batch = queue.take().unwrap();
        queue.settle(&batch, &HashSet::from(["a2".to_owned()]));
        queue.put([message("a3", "a"), message("a1", "a")]);
        assert!(queue.take().is_none(), "a2 holds up its group");
        lock(&queue.inside).bring_back(Instant::now() + VISIBILITY.unsigned_abs());
        assert_eq!(ids(&queue.take().unwrap()), ["a2", "a3"]);
        assert_eq!(["a1", "a2", "z"].map(|id| queue.fate(id)), [Fate::Settled, Fate::Waits, Fate::NeverCame]);
        assert_eq!((queue.depth().doubles, queue.depth().returned), (1, 1));
    }

    #[test]
    fn who_comes_too_late_settles_nothing() {
        let queue = Queue::default();
        queue.put([message("a1", "a")]);
        let late = queue.take().unwrap();
        lock(&queue.inside).bring_back(Instant::now() + VISIBILITY.unsigned_abs());
        queue.settle(&late, &none());
        assert_eq!(queue.fate("a1"), Fate::Waits);
        assert_eq!(ids(&queue.take().unwrap()), ["a1"]);
    }

    #[test]
    fn what_was_handed_out_too_often_is_given_up_and_frees_its_group() {
        let queue = Queue::default();
        queue.put([message("a1", "a")]);
        for _ in 0..RECEPTIONS_MAX {
            queue.take().unwrap();
            lock(&queue.inside).bring_back(Instant::now() + VISIBILITY.unsigned_abs());
        }
        assert!(queue.take().is_none());
        assert_eq!(queue.fate("a1"), Fate::GivenUp);
        queue.put([message("a2", "a")]);
        assert_eq!(ids(&queue.take().unwrap()), ["a2"]);
    }
}
