//! The city in memory: fakes of the ports, with the real rules of what they stand for and faults on demand.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use app::error::{Error, Kind};
use app::inbox::{Inbox, Letter};
use app::ports::{
    Clock, Commit, Committed, Conversations, Delivery, Handled, Loaded, Messages, Messenger, Progress, ReplyToken,
    Towns, Versioned, Way,
};
use async_trait::async_trait;
use domain::conversation::{Conversation, Deed, Effect, Incoming};
use domain::ids::{EventId, ResidentId};
use domain::reply::{Choice, Reply};
use domain::resident::Resident;
use domain::town::Town;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// Locks a mutex of a test; a panic elsewhere does not hide what happened.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A clock that stands still until it is moved.
pub struct TestClock(Mutex<Timestamp>);

impl TestClock {
    /// A clock that shows noon in Japan on 2026-11-21.
    #[must_use]
    pub fn noon() -> Self {
        Self(Mutex::new(Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_795_230_000)))
    }

    /// Moves the clock.
    pub fn advance(&self, by: SignedDuration) {
        *lock(&self.0) += by;
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *lock(&self.0)
    }
}

/// A town that is always at hand.
pub struct TestTown(pub Arc<Town>);

#[async_trait]
impl Towns for TestTown {
    async fn current(&self) -> Result<Arc<Town>, Error> {
        Ok(Arc::clone(&self.0))
    }
}

/// How one call to the table goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableFault {
    /// Refused as too much; nothing happened.
    Throttled,
    /// Done, but the answer never came back.
    ReplyLost,
}

/// How one call to the platform goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlatformFault {
    /// An internal error; nothing was taken.
    Failed,
    /// Too many calls; nothing was taken.
    Throttled,
    /// Taken, but the answer never came back.
    TimedOutAfterAcceptance,
    /// Never arrived.
    TimedOutBefore,
}

#[derive(Default)]
struct Rows {
    residents: BTreeMap<ResidentId, Versioned<Resident>>,
    erase_at: BTreeMap<ResidentId, Timestamp>,
    conversations: BTreeMap<ResidentId, Versioned<Conversation>>,
    events: BTreeMap<EventId, Handled>,
    questions: Vec<String>,
    load_faults: VecDeque<TableFault>,
    commit_faults: VecDeque<TableFault>,
    confirm_faults: VecDeque<TableFault>,
}

/// The table, as far as conversations need it.
#[derive(Default)]
pub struct TestTable(Mutex<Rows>);

impl TestTable {
    /// The next loads fail so.
    pub fn fail_loads(&self, faults: impl IntoIterator<Item = TableFault>) {
        lock(&self.0).load_faults.extend(faults);
    }

    /// The next commits fail so.
    pub fn fail_commits(&self, faults: impl IntoIterator<Item = TableFault>) {
        lock(&self.0).commit_faults.extend(faults);
    }

    /// The next confirmations fail so.
    pub fn fail_confirms(&self, faults: impl IntoIterator<Item = TableFault>) {
        lock(&self.0).confirm_faults.extend(faults);
    }

    /// What is kept of a resident.
    #[must_use]
    pub fn resident(&self, id: &ResidentId) -> Option<Resident> {
        lock(&self.0).residents.get(id).map(|stored| stored.value.clone())
    }

    /// When a resident is to be erased.
    #[must_use]
    pub fn erase_at(&self, id: &ResidentId) -> Option<Timestamp> {
        lock(&self.0).erase_at.get(id).copied()
    }

    /// The questions kept.
    #[must_use]
    pub fn questions(&self) -> Vec<String> {
        lock(&self.0).questions.clone()
    }
}

fn table_error(doing: &'static str) -> Error {
    Error::new(Kind::Throttled, doing, "throughput exceeded")
}

fn may_write<T>(stored: Option<&Versioned<T>>, read: Option<u64>) -> bool {
    stored.map(|stored| stored.version) == read
}

fn next<T>(value: T, read: Option<u64>) -> Versioned<T> {
    Versioned { value, version: read.unwrap_or(0) + 1 }
}

#[async_trait]
impl Conversations for TestTable {
    async fn load(&self, resident: &ResidentId, event: &EventId) -> Result<Loaded, Error> {
        // Gives way, so that two deliveries at once really interleave.
        tokio::task::yield_now().await;
        let mut rows = lock(&self.0);
        if rows.load_faults.pop_front().is_some() {
            return Err(table_error("read the conversation"));
        }
        Ok(Loaded {
            resident: rows.residents.get(resident).cloned(),
            conversation: rows.conversations.get(resident).cloned(),
            handled: rows.events.get(event).cloned(),
        })
    }

    async fn commit(&self, commit: &Commit) -> Result<Committed, Error> {
        tokio::task::yield_now().await;
        let mut rows = lock(&self.0);
        let fault = rows.commit_faults.pop_front();
        if fault == Some(TableFault::Throttled) {
            return Err(table_error("write the turn"));
        }
        let id = &commit.resident_id;
        let fits = !rows.events.contains_key(&commit.event)
            && commit.resident.as_ref().is_none_or(|(_, read)| may_write(rows.residents.get(id), *read))
            && commit.conversation.as_ref().is_none_or(|(_, read)| may_write(rows.conversations.get(id), *read));
        if !fits {
            return Ok(Committed::Raced);
        }
        if let Some((resident, read)) = &commit.resident {
            rows.residents.insert(id.clone(), next(resident.clone(), *read));
            rows.erase_at.remove(id);
            if let Some(at) = commit.erase_resident_at {
                rows.erase_at.insert(id.clone(), at);
            }
        }
        if let Some((conversation, read)) = &commit.conversation {
            rows.conversations.insert(id.clone(), next(conversation.clone(), *read));
        }
        let progress = match commit.way {
            Way::Silence => Progress::Confirmed,
            Way::Reply { .. } | Way::Push { .. } => Progress::Unconfirmed,
        };
        rows.events.insert(commit.event.clone(), Handled { way: commit.way.clone(), progress, at: commit.now });
        for effect in &commit.effects {
            match effect {
                Effect::KeepQuestion(question) => rows.questions.push(question.clone()),
            }
        }
        if fault == Some(TableFault::ReplyLost) {
            return Err(table_error("hear the answer to a commit"));
        }
        Ok(Committed::Done)
    }

    async fn confirm(&self, event: &EventId) -> Result<(), Error> {
        let mut rows = lock(&self.0);
        let fault = rows.confirm_faults.pop_front();
        if fault == Some(TableFault::Throttled) {
            return Err(table_error("confirm the answer"));
        }
        if let Some(handled) = rows.events.get_mut(event) {
            handled.progress = Progress::Confirmed;
            handled.way = Way::Silence;
        }
        if fault == Some(TableFault::ReplyLost) {
            return Err(table_error("confirm the answer"));
        }
        Ok(())
    }
}

#[derive(Default)]
struct Phones {
    spent_tokens: BTreeSet<String>,
    keys: BTreeMap<Uuid, Timestamp>,
    received: Vec<Messages>,
    faults: VecDeque<PlatformFault>,
    calls: usize,
    blocked: bool,
}

/// The platform, as far as answers need it: tokens work once, keys are remembered for 24 hours.
pub struct TestPlatform {
    phones: Mutex<Phones>,
    clock: Arc<TestClock>,
}

impl TestPlatform {
    /// The next calls fail so.
    pub fn fail(&self, faults: impl IntoIterator<Item = PlatformFault>) {
        lock(&self.phones).faults.extend(faults);
    }

    /// From now on it refuses pushes, as for somebody who cannot be reached.
    pub fn refuse_pushes(&self) {
        lock(&self.phones).blocked = true;
    }

    /// What arrived on phones.
    #[must_use]
    pub fn received(&self) -> Vec<String> {
        lock(&self.phones).received.iter().map(|messages| messages.0.clone()).collect()
    }

    /// How often it was called.
    #[must_use]
    pub fn calls(&self) -> usize {
        lock(&self.phones).calls
    }

    /// Makes a token too old.
    pub fn expire(&self, token: &ReplyToken) {
        lock(&self.phones).spent_tokens.insert(token.0.clone());
    }

    fn call(&self, take: impl FnOnce(&mut Phones) -> Delivery) -> Result<Delivery, Error> {
        let mut phones = lock(&self.phones);
        phones.calls += 1;
        let fault = phones.faults.pop_front();
        match fault {
            Some(PlatformFault::Failed) => Err(Error::new(Kind::Transient, "call the platform", "500")),
            Some(PlatformFault::Throttled) => Err(Error::new(Kind::Throttled, "call the platform", "429")),
            Some(PlatformFault::TimedOutBefore) => Err(Error::new(Kind::Transient, "call the platform", "time-out")),
            Some(PlatformFault::TimedOutAfterAcceptance) => {
                take(&mut phones);
                Err(Error::new(Kind::Transient, "call the platform", "time-out"))
            }
            None => Ok(take(&mut phones)),
        }
    }
}

#[async_trait]
impl Messenger for TestPlatform {
    fn compose(&self, replies: &[Reply], choices: &[Choice]) -> Result<Messages, Error> {
        Ok(Messages(format!("{replies:?} {choices:?}")))
    }

    async fn reply(&self, token: &ReplyToken, messages: &Messages) -> Result<Delivery, Error> {
        tokio::task::yield_now().await;
        self.call(|phones| {
            if !phones.spent_tokens.insert(token.0.clone()) {
                return Delivery::TokenSpent;
            }
            phones.received.push(messages.clone());
            Delivery::Accepted
        })
    }

    async fn push(&self, _to: &ResidentId, messages: &Messages, key: Uuid) -> Result<Delivery, Error> {
        tokio::task::yield_now().await;
        let now = self.clock.now();
        self.call(|phones| {
            if phones.blocked {
                return Delivery::Refused;
            }
            let remembered =
                phones.keys.get(&key).is_some_and(|at| now.duration_since(*at) < SignedDuration::from_hours(24));
            if remembered {
                return Delivery::AlreadyAccepted;
            }
            phones.keys.insert(key, now);
            phones.received.push(messages.clone());
            Delivery::Accepted
        })
    }
}

/// All parts of a city, and the use cases on them.
pub struct City {
    /// The time.
    pub clock: Arc<TestClock>,
    /// The table.
    pub table: Arc<TestTable>,
    /// The platform.
    pub platform: Arc<TestPlatform>,
    /// The conversation.
    pub inbox: Inbox,
}

impl City {
    /// A city with the data of a town.
    #[must_use]
    pub fn of(town: Town) -> Self {
        let clock = Arc::new(TestClock::noon());
        let table = Arc::new(TestTable::default());
        let platform = Arc::new(TestPlatform { phones: Mutex::default(), clock: Arc::clone(&clock) });
        let inbox = Inbox {
            conversations: Arc::clone(&table) as Arc<dyn Conversations>,
            messenger: Arc::clone(&platform) as Arc<dyn Messenger>,
            towns: Arc::new(TestTown(Arc::new(town))),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
        };
        Self { clock, table, platform, inbox }
    }

    /// An event that happens now: the `number`th of this test.
    #[must_use]
    pub fn letter(&self, resident: &ResidentId, number: u32, deed: Deed) -> Letter {
        let now = self.clock.now();
        let event = event_id(number);
        Letter {
            incoming: Incoming { event, resident: resident.clone(), at: now, deed },
            reply_token: Some(ReplyToken(format!("token-{number}"))),
            received_at: now,
        }
    }
}

fn event_id(number: u32) -> EventId {
    match format!("event-{number}").parse() {
        Ok(id) => id,
        Err(error) => unreachable!("{error}"),
    }
}
