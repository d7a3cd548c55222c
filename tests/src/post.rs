//! The post office in memory: broadcasts, frozen parts, ledgers, queues and the platform's multicast, with the real rules of what they
//! stand for, faults on demand, and the time of the test's runtime.

#![expect(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test stops at the first surprise")]

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::broadcast::after::Afterwards;
use app::broadcast::desk::BroadcastDesk;
use app::broadcast::janitor::Janitor;
use app::broadcast::past::History;
use app::broadcast::planner::{Audiences, Planner};
use app::broadcast::reach::{Counted, Counting};
use app::broadcast::sender::{Paces, Sender, Share};
use app::error::{Error, Kind};
use app::pictures::Picture;
use app::ports::audience::AudienceSource;
use app::ports::broadcasts::{
    Broadcasts, FrozenParts, Ledgers, Multicast, PartKey, Place, Progress, ReachCount, ReachCounts, RunKey,
    SendingQueues, Shelf, TakenRun, Timer,
};
use app::ports::staff::Written;
use app::ports::{
    BroadcastMessages, Clock, Composer, Messages, PictureAddresses, PictureUrls, Pictures, Towns, Verdict, Versioned,
};
use async_trait::async_trait;
use domain::audit::Act;
use domain::broadcast::audience::filter::Candidate;
use domain::broadcast::content::{Content, PictureId, Wording};
use domain::broadcast::{Broadcast, Earnest, Lane, State};
use domain::ids::{BroadcastId, DateKindId};
use domain::language::Language;
use domain::sending::delivery::{Answer, GivenBack, Order, Recorded};
use domain::sending::freeze::object;
use domain::sending::frozen::{FrozenPart, HEADER_BYTES, ID_BYTES, PackedId};
use domain::sending::janitor::QueueLooks;
use domain::sending::ledger::{Ledger, PageState};
use domain::town::Town;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use crate::city::{TestTable, TestTown, lock};
pub use crate::friend::Friend;
use crate::quota::TestQuota;
use crate::staff::TestStaff;
use crate::verdicts::TestVerdicts;

/// A message comes again so long after it was handed out, unless somebody says that it is done with.
pub const VISIBLE_AGAIN: Duration = Duration::from_mins(1);

/// How one call to the platform goes.
#[derive(Debug, Clone)]
pub enum CallFault {
    /// It is taken, and the answer never comes back.
    AcceptedUnheard,
    /// It is not taken, and nobody can know.
    Failed,
    /// This answer, and it is not taken.
    Says(Answer),
}

/// How one write to the table goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteFault {
    /// Nothing was written.
    Lost,
    /// It was written, and the answer never came back.
    Unheard,
}

#[derive(Default)]
struct Inside {
    friends: BTreeMap<PackedId, Friend>,
    broadcasts: BTreeMap<BroadcastId, Versioned<Broadcast>>,
    acts: Vec<Act>,
    objects: BTreeMap<(BroadcastId, u16), Vec<u8>>,
    words: BTreeMap<(BroadcastId, String), Messages>,
    parts: BTreeMap<(BroadcastId, u16), FrozenPart>,
    ledgers: BTreeMap<RunKey, Ledger>,
    /// When each is visible, and the message.
    freezes: VecDeque<(Instant, PartKey)>,
    runs: Vec<(Instant, u64, RunKey)>,
    receipts: u64,
    call_faults: VecDeque<CallFault>,
    record_faults: VecDeque<WriteFault>,
    keys: BTreeMap<[u8; 16], Vec<PackedId>>,
    received: BTreeMap<PackedId, u32>,
    calls: Vec<(Instant, String)>,
    heard: Vec<(Timestamp, Arc<str>, Vec<PackedId>)>,
    unknown_ids: Vec<PackedId>,
    counts: BTreeMap<BroadcastId, Versioned<ReachCount>>,
    reading: Duration,
    meetings: u32,
    pictures: BTreeMap<PictureId, Vec<u8>>,
}

/// The post office.
pub struct Post {
    /// How many messages the month has.
    pub quota: Arc<TestQuota>,
    /// What the platform says of messages before they are sent.
    pub verdicts: TestVerdicts,
    inside: Mutex<Inside>,
    began: Instant,
    latency: Duration,
}

impl Post {
    /// One without friends, at noon in Japan on 2026-11-21. Make it in a runtime whose time is paused.
    #[must_use]
    pub fn new(latency: Duration) -> Arc<Self> {
        let (quota, verdicts, inside) = (Arc::default(), TestVerdicts::default(), Mutex::default());
        Arc::new(Self { quota, verdicts, inside, began: Instant::now(), latency })
    }

    /// So many of the next writings of a broadcast meet another one at the same moment, and neither is done.
    pub fn meet(&self, writings: u32) {
        lock(&self.inside).meetings = writings;
    }

    /// Lets somebody follow the account.
    pub fn befriend(&self, friend: Friend) {
        lock(&self.inside).friends.insert(friend.id, friend);
    }

    /// The next calls go so.
    pub fn fail_calls(&self, faults: impl IntoIterator<Item = CallFault>) {
        lock(&self.inside).call_faults.extend(faults);
    }

    /// The next states of pages are written so.
    pub fn fail_records(&self, faults: impl IntoIterator<Item = WriteFault>) {
        lock(&self.inside).record_faults.extend(faults);
    }

    /// From now on it takes so long to read a partition of residents.
    pub fn read_slowly(&self, reading: Duration) {
        lock(&self.inside).reading = reading;
    }

    /// The platform does not know these: a call with one of them reaches nobody.
    pub fn forget(&self, ids: impl IntoIterator<Item = PackedId>) {
        lock(&self.inside).unknown_ids.extend(ids);
    }

    /// How often each got a broadcast, who got none left out.
    #[must_use]
    pub fn received(&self) -> BTreeMap<PackedId, u32> {
        lock(&self.inside).received.clone()
    }

    /// What each heard, and when, in order.
    #[must_use]
    pub fn heard(&self) -> BTreeMap<PackedId, Vec<(Timestamp, Arc<str>)>> {
        let mut heard: BTreeMap<PackedId, Vec<(Timestamp, Arc<str>)>> = BTreeMap::new();
        for (at, words, to) in &lock(&self.inside).heard {
            for id in to {
                heard.entry(*id).or_default().push((*at, words.clone()));
            }
        }
        heard
    }

    /// When calls arrived that were answered at all, and with which words.
    #[must_use]
    pub fn calls(&self) -> Vec<(Instant, String)> {
        lock(&self.inside).calls.clone()
    }

    /// What was recorded.
    #[must_use]
    pub fn acts(&self) -> Vec<Act> {
        lock(&self.inside).acts.clone()
    }

    /// A broadcast as it is.
    #[must_use]
    pub fn broadcast(&self, id: &BroadcastId) -> Option<Broadcast> {
        lock(&self.inside).broadcasts.get(id).map(|stored| stored.value.clone())
    }

    /// How many messages wait or are being worked on: parts and runs.
    #[must_use]
    pub fn waiting(&self) -> (usize, usize) {
        let inside = lock(&self.inside);
        (inside.freezes.len(), inside.runs.len())
    }

    /// Takes a part that is visible, and is done with it.
    #[must_use]
    pub fn next_part(&self) -> Option<PartKey> {
        let mut inside = lock(&self.inside);
        let place = inside.freezes.iter().position(|(from, _)| *from <= Instant::now())?;
        inside.freezes.remove(place).map(|(_, part)| part)
    }

    /// Hands a run of a lane to a function, as the queue does.
    #[must_use]
    pub fn next_run(&self, lane: Lane) -> Option<TakenRun> {
        let mut inside = lock(&self.inside);
        let now = Instant::now();
        inside.receipts += 1;
        let receipt = inside.receipts;
        let (from, held, run) = inside.runs.iter_mut().find(|(from, _, run)| *from <= now && run.lane == lane)?;
        (*from, *held) = (now + VISIBLE_AGAIN, receipt);
        Some(TakenRun { run: run.clone(), receipt: receipt.to_string() })
    }

    /// Loses every message that waits for a planner or a sender.
    pub fn lose_messages(&self) {
        let mut inside = lock(&self.inside);
        inside.freezes.clear();
        inside.runs.clear();
    }

    /// The functions at work on it, in this town.
    #[must_use]
    pub fn functions(self: &Arc<Self>, town: Arc<Town>, staff: Arc<TestStaff>, shares: [Share; 2]) -> Functions {
        let history = History { broadcasts: self.clone(), frozen: self.clone(), ledgers: self.clone() };
        let towns: Arc<dyn Towns> = Arc::new(TestTown(town));
        let audiences = Audiences { source: self.clone(), towns: towns.clone(), staff: staff.clone() };
        let [emergency, routine] = shares;
        Functions {
            post: self.clone(),
            planner: Planner { history: history.clone(), queues: self.clone(), audiences, clock: self.clone() },
            sender: Sender {
                broadcasts: self.clone(),
                frozen: self.clone(),
                ledgers: self.clone(),
                queues: self.clone(),
                multicast: self.clone(),
                clock: self.clone(),
                timer: self.clone(),
                paces: Paces::of(emergency, routine),
            },
            janitor: Janitor {
                broadcasts: self.clone(),
                ledgers: self.clone(),
                queues: self.clone(),
                towns: towns.clone(),
                after: Afterwards {
                    history: history.clone(),
                    unfollows: Arc::new(TestTable::default()),
                    clock: self.clone(),
                },
                clock: self.clone(),
            },
            desk: self.desk(towns, staff, self.clone()),
        }
    }

    /// Where staff work with the broadcasts of this post office.
    #[must_use]
    pub fn desk(
        self: &Arc<Self>,
        towns: Arc<dyn Towns>,
        staff: Arc<TestStaff>,
        clock: Arc<dyn Clock>,
    ) -> BroadcastDesk {
        let history = History { broadcasts: self.clone(), frozen: self.clone(), ledgers: self.clone() };
        BroadcastDesk {
            history,
            audiences: Audiences { source: self.clone(), towns, staff },
            queues: self.clone(),
            messages: self.clone(),
            pictures: self.clone(),
            quotas: self.quota.clone(),
            counts: self.clone(),
            clock,
        }
    }

    fn take_call(&self, to: &[PackedId], words: &str, key: [u8; 16]) -> Answer {
        let mut inside = lock(&self.inside);
        inside.calls.push((Instant::now(), words.to_owned()));
        let fault = inside.call_faults.pop_front();
        match fault {
            Some(CallFault::Says(answer)) => return answer,
            Some(CallFault::Failed) => return Answer::Unclear,
            Some(CallFault::AcceptedUnheard) | None => {}
        }
        let answer = if let Some(before) = inside.keys.get(&key) {
            assert_eq!(before, to, "the same key with other recipients");
            Answer::Accepted { request: Some("before".to_owned()) }
        } else {
            let unknown = (0_u16..).zip(to).filter(|(_, id)| inside.unknown_ids.contains(id));
            let bad: Vec<u16> = unknown.map(|(at, _)| at).collect();
            if !bad.is_empty() {
                return Answer::BadIds(bad);
            }
            inside.keys.insert(key, to.to_vec());
            for id in to {
                *inside.received.entry(*id).or_default() += 1;
            }
            inside.heard.push((self.now(), words.into(), to.to_vec()));
            Answer::Accepted { request: Some("now".to_owned()) }
        };
        if matches!(fault, Some(CallFault::AcceptedUnheard)) { Answer::Unclear } else { answer }
    }
}

/// The functions, wired to the post office.
pub struct Functions {
    post: Arc<Post>,
    /// Freezes.
    pub planner: Planner,
    /// Sends.
    pub sender: Sender,
    /// Mends.
    pub janitor: Janitor,
    /// What staff do.
    pub desk: BroadcastDesk,
}

impl Functions {
    /// Works until nothing is to be done at this moment; what waits for a later moment still waits.
    pub async fn work(&self) {
        loop {
            if let Some(part) = self.post.next_part() {
                self.planner.freeze(&part).await.unwrap();
            } else if let Some(taken) =
                self.post.next_run(Lane::Emergency).or_else(|| self.post.next_run(Lane::Routine))
            {
                if self.sender.send(&taken.run).await.is_ok() {
                    self.post.done(&taken).await.unwrap();
                }
            } else {
                return;
            }
        }
    }

    /// Works, and lets time pass with a look of the janitor each minute, until a broadcast has its account.
    pub async fn work_until_closed(&self, id: &BroadcastId, minutes_at_most: u32) -> Broadcast {
        for _ in 0..minutes_at_most {
            self.work().await;
            let broadcast = self.post.broadcast(id).unwrap();
            if let State::Finished { .. } | State::Stopped { account: Some(_), .. } = broadcast.state {
                return broadcast;
            }
            tokio::time::advance(Duration::from_mins(1)).await;
            self.janitor.tick().await.unwrap();
        }
        panic!(
            "broadcast {id} is not closed after {minutes_at_most} minutes: {:?}",
            self.post.broadcast(id).map(|it| it.state)
        );
    }
}

impl Functions {
    /// Counts whom a broadcast would reach.
    pub async fn count(&self, broadcast: &Broadcast) -> Counted {
        match self.desk.count(broadcast).await.unwrap() {
            Counting::Done(counted) => *counted,
            Counting::Going { done } => panic!("in memory it takes one look, and is at {done}"),
        }
    }
}

impl Clock for Post {
    fn now(&self) -> Timestamp {
        let passed = SignedDuration::try_from(self.began.elapsed()).unwrap_or_default();
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_795_230_000) + passed
    }
}

#[async_trait]
impl Timer for Post {
    async fn until(&self, at: Timestamp) {
        let wait = Duration::try_from(at.duration_since(self.now())).unwrap_or_default();
        tokio::time::sleep(wait).await;
    }
}

#[async_trait]
impl AudienceSource for Post {
    async fn read(
        &self,
        partition: u16,
        see: &mut (dyn for<'a, 'b> FnMut(&'b Candidate<'a>) + Send),
    ) -> Result<(), Error> {
        let reading = lock(&self.inside).reading;
        tokio::time::sleep(reading).await;
        let inside = lock(&self.inside);
        let Ok(first) = u8::try_from(partition) else { return Ok(()) };
        let (mut from, mut to) = ([0; ID_BYTES], [u8::MAX; ID_BYTES]);
        (from[0], to[0]) = (first, first);
        for friend in inside.friends.range(PackedId(from)..=PackedId(to)).map(|(_, friend)| friend) {
            let garbage: Vec<_> = friend.garbage.iter().map(|(id, switch)| (id.as_str(), *switch)).collect();
            let dates: Vec<_> = friend.dates.iter().map(|(kind, month)| (kind.as_str(), *month)).collect();
            let of_children = dates.iter().filter(|(kind, _)| *kind == DateKindId::CHILD);
            see(&Candidate {
                standing: friend.standing,
                muted: friend.muted,
                district: friend.district.as_deref(),
                language: friend.language,
                children: &of_children.map(|(_, month)| *month).collect::<Vec<_>>(),
                dates: &dates,
                garbage: &garbage,
                evening: friend.evening,
                morning: friend.morning,
                ..Candidate::follower(friend.id)
            });
        }
        Ok(())
    }
}

#[async_trait]
impl Multicast for Post {
    async fn multicast(&self, to: &[PackedId], messages: &Messages, key: [u8; 16]) -> Answer {
        assert!((1..=500).contains(&to.len()), "{} recipients", to.len());
        tokio::time::sleep(self.latency / 2).await;
        let answer = self.take_call(to, &messages.0, key);
        tokio::time::sleep(self.latency / 2).await;
        answer
    }
}

fn shelf_of(broadcast: &Broadcast) -> (Shelf, Place) {
    let began = || Place::at(broadcast.state.began().unwrap(), &broadcast.id);
    match &broadcast.state {
        State::Draft | State::AwaitingApproval { .. } | State::Held { .. } => {
            (Shelf::Desk, Place(broadcast.id.to_string()))
        }
        State::Approved { release_at, .. } => (Shelf::Due, Place::at(*release_at, &broadcast.id)),
        State::Sending { .. } | State::Stopped { account: None, .. } => (Shelf::Sending, began()),
        State::Stopped { account: Some(_), .. } | State::Finished { .. } => (Shelf::Done, began()),
    }
}

#[async_trait]
impl Broadcasts for Post {
    async fn find(&self, id: &BroadcastId) -> Result<Option<Versioned<Broadcast>>, Error> {
        Ok(lock(&self.inside).broadcasts.get(id).cloned())
    }

    async fn put(&self, broadcast: &Broadcast, read: Option<u64>, act: Option<&Act>) -> Result<Written, Error> {
        let mut inside = lock(&self.inside);
        if let Some(left) = inside.meetings.checked_sub(1) {
            inside.meetings = left;
            return Ok(Written::Raced);
        }
        if inside.broadcasts.get(&broadcast.id).map(|stored| stored.version) != read {
            return Ok(Written::Raced);
        }
        let version = read.unwrap_or_default() + 1;
        inside.broadcasts.insert(broadcast.id.clone(), Versioned { value: broadcast.clone(), version });
        inside.acts.extend(act.cloned());
        Ok(Written::Done)
    }

    async fn on_shelf(
        &self,
        from: Shelf,
        before: Option<&Place>,
        limit: usize,
    ) -> Result<Vec<(Place, Broadcast)>, Error> {
        let inside = lock(&self.inside);
        let all = inside.broadcasts.values().map(|stored| (shelf_of(&stored.value), &stored.value));
        let mut here: Vec<_> = all.filter(|((on, _), _)| *on == from).map(|((_, place), it)| (place, it)).collect();
        here.sort_by(|(one, _), (other, _)| other.cmp(one));
        here.retain(|(place, _)| before.is_none_or(|before| place < before));
        Ok(here.into_iter().take(limit).map(|(place, it)| (place, it.clone())).collect())
    }

    async fn order(&self, id: &BroadcastId, lane: Lane) -> Result<Order, Error> {
        let inside = lock(&self.inside);
        let is_emergency = |stored: &Versioned<Broadcast>| {
            let (lane, earnest) = (stored.value.lane, stored.value.earnest);
            lane == Lane::Emergency
                && earnest == Earnest::Real
                && matches!(stored.value.state, State::Sending { pause: None, .. })
        };
        Ok(match inside.broadcasts.get(id).map(|stored| &stored.value.state) {
            Some(State::Sending { pause: Some(_), .. }) => Order::Rest,
            Some(State::Sending { .. }) if lane == Lane::Routine && inside.broadcasts.values().any(is_emergency) => {
                Order::GiveWay
            }
            Some(State::Sending { .. }) => Order::Go,
            Some(_) | None => Order::Stop,
        })
    }
}

#[async_trait]
impl FrozenParts for Post {
    async fn keep(&self, part: &FrozenPart, object: Vec<u8>) -> Result<FrozenPart, Error> {
        let mut inside = lock(&self.inside);
        let kept = inside.objects.entry((part.broadcast.clone(), part.part)).or_insert(object);
        object::read_header(kept).map_err(|error| Error::new(Kind::Permanent, "read a part", error))
    }

    async fn part(&self, broadcast: &BroadcastId, part: u16) -> Result<Option<FrozenPart>, Error> {
        let inside = lock(&self.inside);
        let object = inside.objects.get(&(broadcast.clone(), part)).map(|object| object::read_header(object));
        object.transpose().map_err(|error| Error::new(Kind::Permanent, "read a part", error))
    }

    async fn ids(&self, part: &FrozenPart, range: Range<usize>) -> Result<Vec<PackedId>, Error> {
        let inside = lock(&self.inside);
        let object = inside.objects.get(&(part.broadcast.clone(), part.part)).map(Vec::as_slice).unwrap_or_default();
        let bytes = &object[HEADER_BYTES + range.start * ID_BYTES..HEADER_BYTES + range.end * ID_BYTES];
        Ok(bytes.as_chunks::<ID_BYTES>().0.iter().map(|id| PackedId(*id)).collect())
    }

    async fn keep_words(&self, broadcast: &BroadcastId, digest: &str, words: &Messages) -> Result<(), Error> {
        lock(&self.inside).words.insert((broadcast.clone(), digest.to_owned()), words.clone());
        Ok(())
    }

    async fn words(&self, broadcast: &BroadcastId, digest: &str) -> Result<Messages, Error> {
        let words = lock(&self.inside).words.get(&(broadcast.clone(), digest.to_owned())).cloned();
        words.ok_or_else(|| Error::new(Kind::Permanent, "read words", "there are none"))
    }
}

#[async_trait]
impl Ledgers for Post {
    async fn note_frozen(&self, part: &FrozenPart) -> Result<(), Error> {
        lock(&self.inside).parts.insert((part.broadcast.clone(), part.part), part.clone());
        Ok(())
    }

    async fn progress(&self, broadcast: &BroadcastId) -> Result<Progress, Error> {
        let inside = lock(&self.inside);
        let parts = inside.parts.iter().filter(|((id, _), _)| id == broadcast);
        let ledgers = inside.ledgers.iter().filter(|(run, _)| run.broadcast == *broadcast);
        Ok(Progress {
            parts: parts.map(|((_, part), frozen)| (*part, frozen.clone())).collect(),
            ledgers: ledgers.map(|(run, ledger)| ((run.part, run.run), ledger.clone())).collect(),
        })
    }

    async fn ledger(&self, run: &RunKey) -> Result<Option<Ledger>, Error> {
        Ok(lock(&self.inside).ledgers.get(run).cloned())
    }

    async fn claim(&self, run: &RunKey, claimed: &Ledger) -> Result<Written, Error> {
        let mut inside = lock(&self.inside);
        let fence = inside.ledgers.get(run).map_or(0, |stored| stored.fence);
        if fence + 1 != claimed.fence {
            return Ok(Written::Raced);
        }
        let stored = inside.ledgers.entry(run.clone()).or_insert_with(|| Ledger::new(claimed.pages.len()));
        let pages = stored.pages.clone().into_iter().zip(claimed.pages.clone());
        *stored = Ledger { pages: pages.map(|(stored, new)| stored.join(new)).collect(), ..claimed.clone() };
        Ok(Written::Done)
    }

    async fn record(&self, run: &RunKey, page: usize, state: &PageState, fence: u64) -> Result<Recorded, Error> {
        let mut inside = lock(&self.inside);
        let fault = inside.record_faults.pop_front();
        if fault == Some(WriteFault::Lost) {
            return Err(Error::new(Kind::Throttled, "record a page", "as the test says"));
        }
        let Some(ledger) = inside.ledgers.get_mut(run) else { return Ok(Recorded::Lost) };
        if !matches!(state, PageState::Accepted { .. }) && ledger.fence != fence {
            return Ok(Recorded::Lost);
        }
        let Some(stored) = ledger.pages.get_mut(page) else { return Ok(Recorded::Lost) };
        if state.rank() <= stored.rank() {
            return Ok(Recorded::Outranked);
        }
        *stored = state.clone();
        match fault {
            Some(WriteFault::Unheard) => Err(Error::new(Kind::Transient, "record a page", "as the test says")),
            Some(WriteFault::Lost) | None => Ok(Recorded::Written),
        }
    }

    async fn give_back(&self, run: &RunKey, back: &GivenBack) -> Result<(), Error> {
        let mut inside = lock(&self.inside);
        let Some(ledger) = inside.ledgers.get_mut(run).filter(|ledger| ledger.fence == back.fence) else {
            return Ok(());
        };
        if back.open.iter().any(|(page, state)| state.rank() <= ledger.pages[*page].rank()) {
            return Ok(());
        }
        (ledger.lease_until, ledger.settled_at) = (None, back.settled_at);
        for (page, state) in &back.open {
            ledger.pages[*page] = state.clone();
        }
        Ok(())
    }
}

#[async_trait]
impl ReachCounts for Post {
    async fn find(&self, broadcast: &BroadcastId) -> Result<Option<Versioned<ReachCount>>, Error> {
        Ok(lock(&self.inside).counts.get(broadcast).cloned())
    }

    async fn keep(&self, broadcast: &BroadcastId, count: &ReachCount, read: Option<u64>) -> Result<Written, Error> {
        let mut inside = lock(&self.inside);
        if inside.counts.get(broadcast).map(|stored| stored.version) != read {
            return Ok(Written::Raced);
        }
        let version = read.unwrap_or_default() + 1;
        inside.counts.insert(broadcast.clone(), Versioned { value: count.clone(), version });
        Ok(Written::Done)
    }
}

impl Composer for Post {
    fn compose_content(
        &self,
        content: &Content,
        _: &dyn Fn(&PictureId) -> PictureUrls,
    ) -> Result<Vec<(Language, Messages)>, Error> {
        let words = |wording: &Wording| Messages(serde_json::to_string(wording).unwrap_or_default());
        Ok(content.wordings.iter().map(|(language, wording)| (*language, words(wording))).collect())
    }
}

#[async_trait]
impl BroadcastMessages for Post {
    async fn validate(&self, messages: &Messages) -> Result<Verdict, Error> {
        Ok(self.verdicts.on(&messages.0))
    }
}

#[async_trait]
impl Pictures for Post {
    async fn keep(&self, id: &PictureId, picture: &Picture) -> Result<(), Error> {
        lock(&self.inside).pictures.insert(id.clone(), picture.preview.clone());
        Ok(())
    }

    async fn preview(&self, id: &PictureId) -> Result<Option<Vec<u8>>, Error> {
        Ok(lock(&self.inside).pictures.get(id).cloned())
    }
}

impl PictureAddresses for Post {
    fn urls(&self, id: &PictureId) -> PictureUrls {
        let of = |name| format!("https://pictures.example/{}/{name}", id.as_str());
        PictureUrls { original: of("original"), preview: of("preview") }
    }
}

#[async_trait]
impl SendingQueues for Post {
    async fn ask_to_freeze(&self, parts: &[PartKey], delay_s: u16) -> Result<(), Error> {
        let from = Instant::now() + Duration::from_secs(delay_s.into());
        lock(&self.inside).freezes.extend(parts.iter().map(|part| (from, part.clone())));
        Ok(())
    }

    async fn ask_to_send(&self, runs: &[RunKey], delay_s: u16) -> Result<(), Error> {
        let from = Instant::now() + Duration::from_secs(delay_s.into());
        lock(&self.inside).runs.extend(runs.iter().map(|run| (from, 0, run.clone())));
        Ok(())
    }

    async fn take(&self, lane: Lane) -> Result<Option<TakenRun>, Error> {
        Ok(self.next_run(lane))
    }

    async fn done(&self, taken: &TakenRun) -> Result<(), Error> {
        lock(&self.inside).runs.retain(|(_, receipt, _)| receipt.to_string() != taken.receipt);
        Ok(())
    }

    async fn looks(&self, lane: Lane) -> Result<QueueLooks, Error> {
        let inside = lock(&self.inside);
        Ok(if inside.runs.iter().any(|(_, _, run)| run.lane == lane) { QueueLooks::Busy } else { QueueLooks::Empty })
    }
}
