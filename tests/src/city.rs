//! The city in memory: fakes of the ports, with the real rules of what they stand for and faults on demand.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use app::error::{Error, Kind};
use app::inbox::{Inbox, Letter};
use app::ports::personal::{Personal, PersonalData};
use app::ports::reports::{ReportJobs, Reports};
use app::ports::staff::{AuditLog, PhoneCodes, Written};
use app::ports::unfollows::{PAGE, Unfollow, Unfollows};
use app::ports::{
    Clock, Commit, Committed, Conversations, Delivery, Handled, KnownResidents, Loaded, Messages, Messenger, Progress,
    Reach, Reached, ReplyToken, Towns, Undelivered, Versioned, Way,
};
use async_trait::async_trait;
use domain::conversation::{Conversation, Deed, Effect, Incoming};
use domain::ids::{EventId, ResidentId};
use domain::reply::{Choice, Reply};
use domain::resident::Resident;
use domain::town::Town;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::reports::{TestReportJobs, TestReports};
use crate::staff::TestStaff;

/// A reply token dies this long after its event was delivered.
pub const TOKEN_LIFE: SignedDuration = SignedDuration::from_secs(60);

/// Locks a mutex of a test; a panic elsewhere does not hide what happened.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
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
    /// An internal error; nothing was taken, but the caller cannot know.
    Failed,
    /// Too many calls; nothing was taken, and the caller knows.
    Throttled,
    /// Our credentials are wrong; nothing was taken, and the caller knows.
    NotLetIn,
    /// What we ask for does not fit; nothing was taken, and the caller knows.
    Unfit,
    /// No connection came about; nothing was taken, and the caller knows.
    Unreachable,
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
    unfollows: BTreeSet<Unfollow>,
    load_faults: VecDeque<TableFault>,
    commit_faults: VecDeque<TableFault>,
    confirm_faults: VecDeque<TableFault>,
    push_instead_faults: VecDeque<TableFault>,
}

/// The table, as far as conversations need it.
#[derive(Default)]
pub struct TestTable {
    rows: Mutex<Rows>,
    /// Where reports are that are filed in a conversation.
    reports: Arc<TestReports>,
}

impl TestTable {
    /// A table whose conversations file their reports there.
    #[must_use]
    pub fn filing(reports: Arc<TestReports>) -> Self {
        Self { rows: Mutex::default(), reports }
    }

    /// The next loads fail so.
    pub fn fail_loads(&self, faults: impl IntoIterator<Item = TableFault>) {
        lock(&self.rows).load_faults.extend(faults);
    }

    /// The next commits fail so.
    pub fn fail_commits(&self, faults: impl IntoIterator<Item = TableFault>) {
        lock(&self.rows).commit_faults.extend(faults);
    }

    /// The next confirmations fail so.
    pub fn fail_confirms(&self, faults: impl IntoIterator<Item = TableFault>) {
        lock(&self.rows).confirm_faults.extend(faults);
    }

    /// The next changes from reply to push fail so.
    pub fn fail_push_instead(&self, faults: impl IntoIterator<Item = TableFault>) {
        lock(&self.rows).push_instead_faults.extend(faults);
    }

    /// What is kept of a resident.
    #[must_use]
    pub fn resident(&self, id: &ResidentId) -> Option<Resident> {
        lock(&self.rows).residents.get(id).map(|stored| stored.value.clone())
    }

    /// Keeps a resident of whom nothing is known; whoever is there by now.
    pub fn keep_if_unknown(&self, resident: &Resident) -> Resident {
        let mut rows = lock(&self.rows);
        let there = rows.residents.entry(resident.id.clone());
        there.or_insert_with(|| Versioned { value: resident.clone(), version: 1 }).value.clone()
    }

    /// When a resident is to be erased.
    #[must_use]
    pub fn erase_at(&self, id: &ResidentId) -> Option<Timestamp> {
        lock(&self.rows).erase_at.get(id).copied()
    }

    /// The questions kept.
    #[must_use]
    pub fn questions(&self) -> Vec<String> {
        lock(&self.rows).questions.clone()
    }
}

impl TestTable {
    /// Files what a turn files, which is one report at most.
    fn file(&self, effects: &[Effect]) -> Written {
        let reports = effects.iter().filter_map(|effect| match effect {
            Effect::FileReport(report) => Some(report),
            Effect::KeepQuestion(_) | Effect::NoteUnfollow(_) | Effect::FilePhoto { .. } | Effect::WithdrawPhoto(_) => {
                None
            }
        });
        let filed: Vec<Written> = reports.map(|report| self.reports.file(report)).collect();
        filed.into_iter().find(|filed| *filed == Written::Raced).unwrap_or(Written::Done)
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
        let mut rows = lock(&self.rows);
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
        let mut rows = lock(&self.rows);
        let fault = rows.commit_faults.pop_front();
        if fault == Some(TableFault::Throttled) {
            return Err(table_error("write the turn"));
        }
        let id = &commit.resident_id;
        let fits = !rows.events.contains_key(&commit.event)
            && commit.resident.as_ref().is_none_or(|(_, read)| may_write(rows.residents.get(id), *read))
            && commit.conversation.as_ref().is_none_or(|(_, read)| may_write(rows.conversations.get(id), *read));
        if !fits || self.file(&commit.effects) == Written::Raced {
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
                Effect::NoteUnfollow(at) => {
                    rows.unfollows.insert(Unfollow { at: *at, resident: id.clone() });
                }
                Effect::FileReport(_) | Effect::FilePhoto { .. } | Effect::WithdrawPhoto(_) => {}
            }
        }
        if fault == Some(TableFault::ReplyLost) {
            return Err(table_error("hear the answer to a commit"));
        }
        Ok(Committed::Done)
    }

    async fn confirm(&self, event: &EventId) -> Result<(), Error> {
        let mut rows = lock(&self.rows);
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

    async fn push_instead(&self, event: &EventId, key: Uuid, messages: &Messages) -> Result<(), Error> {
        let mut rows = lock(&self.rows);
        let fault = rows.push_instead_faults.pop_front();
        if fault == Some(TableFault::Throttled) {
            return Err(table_error("turn a reply into a push"));
        }
        let reply = rows
            .events
            .get_mut(event)
            .filter(|handled| handled.progress == Progress::Unconfirmed && matches!(handled.way, Way::Reply { .. }));
        if let Some(handled) = reply {
            handled.way = Way::Push { key, messages: messages.clone() };
        }
        if fault == Some(TableFault::ReplyLost) {
            return Err(table_error("turn a reply into a push"));
        }
        Ok(())
    }
}

#[async_trait]
impl KnownResidents for TestTable {
    async fn known(&self, resident: &ResidentId) -> Result<Option<Resident>, Error> {
        let mut rows = lock(&self.rows);
        if rows.load_faults.pop_front().is_some() {
            return Err(table_error("read a resident"));
        }
        Ok(rows.residents.get(resident).map(|stored| stored.value.clone()))
    }
}

#[async_trait]
impl PersonalData for TestTable {
    async fn of(&self, resident: &ResidentId) -> Result<Personal, Error> {
        let mut rows = lock(&self.rows);
        if rows.load_faults.pop_front().is_some() {
            return Err(table_error("read a resident"));
        }
        let known = rows.residents.get(resident).map(|stored| stored.value.clone());
        let conversation = rows.conversations.get(resident).map(|stored| stored.value.clone());
        Ok(Personal { resident: known, conversation })
    }

    async fn erase(&self, resident: &ResidentId, left: &[Unfollow]) -> Result<(), Error> {
        let mut rows = lock(&self.rows);
        if rows.commit_faults.pop_front().is_some() {
            return Err(table_error("erase a resident"));
        }
        rows.residents.remove(resident);
        rows.erase_at.remove(resident);
        rows.conversations.remove(resident);
        rows.unfollows.retain(|unfollow| !left.contains(unfollow));
        drop(rows);
        self.reports.lose_strays(resident);
        Ok(())
    }
}

#[async_trait]
impl Unfollows for TestTable {
    async fn some(&self, within: &Range<Timestamp>, after: Option<&Unfollow>) -> Result<Vec<Unfollow>, Error> {
        let rows = lock(&self.rows);
        let found = rows.unfollows.iter().filter(|unfollow| within.contains(&unfollow.at));
        let found = found.filter(|unfollow| after.is_none_or(|after| after < *unfollow));
        Ok(found.take(PAGE).cloned().collect())
    }
}

#[derive(Default)]
struct Phones {
    /// The tokens that were given out and not used, with whom they reach and when they die.
    tokens: BTreeMap<String, (ResidentId, Timestamp)>,
    keys: BTreeMap<Uuid, Timestamp>,
    received: Vec<(ResidentId, Messages)>,
    faults: VecDeque<PlatformFault>,
    outage: Option<(PlatformFault, Timestamp)>,
    calls: usize,
    blocked: bool,
}

/// The platform, as far as answers need it: tokens work once and not for long, keys are remembered for 24 hours.
pub struct TestPlatform {
    phones: Mutex<Phones>,
    clock: Arc<TestClock>,
}

impl TestPlatform {
    /// A platform that works.
    #[must_use]
    pub fn new(clock: Arc<TestClock>) -> Self {
        Self { phones: Mutex::default(), clock }
    }

    /// The next calls fail so.
    pub fn fail(&self, faults: impl IntoIterator<Item = PlatformFault>) {
        lock(&self.phones).faults.extend(faults);
    }

    /// All calls fail so until this much time has passed.
    pub fn fail_for(&self, time: SignedDuration, fault: PlatformFault) {
        lock(&self.phones).outage = Some((fault, self.clock.now() + time));
    }

    /// From now on it refuses pushes, as for somebody who cannot be reached.
    pub fn refuse_pushes(&self) {
        lock(&self.phones).blocked = true;
    }

    /// What arrived on phones.
    #[must_use]
    pub fn received(&self) -> Vec<String> {
        lock(&self.phones).received.iter().map(|(_, messages)| messages.0.clone()).collect()
    }

    /// How often something arrived on this resident's phone.
    #[must_use]
    pub fn received_by(&self, resident: &ResidentId) -> usize {
        lock(&self.phones).received.iter().filter(|(to, _)| to == resident).count()
    }

    /// How often it was called.
    #[must_use]
    pub fn calls(&self) -> usize {
        lock(&self.phones).calls
    }

    /// Makes a token too old.
    pub fn expire(&self, token: &ReplyToken) {
        lock(&self.phones).tokens.remove(&token.0);
    }

    fn give_token(&self, token: &ReplyToken, to: &ResidentId) {
        lock(&self.phones).tokens.insert(token.0.clone(), (to.clone(), self.clock.now() + TOKEN_LIFE));
    }

    fn call(&self, take: impl FnOnce(&mut Phones) -> Delivery) -> Result<Delivery, Undelivered> {
        let mut phones = lock(&self.phones);
        phones.calls += 1;
        let outage = phones.outage.filter(|(_, end)| self.clock.now() < *end).map(|(fault, _)| fault);
        let error = |kind, cause| Error::new(kind, "call the platform", cause);
        match outage.or_else(|| phones.faults.pop_front()) {
            Some(PlatformFault::Throttled) => Err(Undelivered::NotTaken(error(Kind::Throttled, "429"))),
            Some(PlatformFault::NotLetIn) => Err(Undelivered::NotLetIn(error(Kind::Transient, "401"))),
            Some(PlatformFault::Unfit) => Err(Undelivered::NotTaken(error(Kind::Permanent, "400"))),
            Some(PlatformFault::Unreachable) => Err(Undelivered::NotTaken(error(Kind::Transient, "no connection"))),
            Some(PlatformFault::Failed) => Err(Undelivered::Unknown(error(Kind::Transient, "500"))),
            Some(PlatformFault::TimedOutBefore) => Err(Undelivered::Unknown(error(Kind::Transient, "time-out"))),
            Some(PlatformFault::TimedOutAfterAcceptance) => {
                take(&mut phones);
                Err(Undelivered::Unknown(error(Kind::Transient, "time-out")))
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

    async fn reply(&self, token: &ReplyToken, messages: &Messages) -> Result<Delivery, Undelivered> {
        tokio::task::yield_now().await;
        let now = self.clock.now();
        self.call(|phones| match phones.tokens.remove(&token.0) {
            Some((to, end)) if now < end => {
                phones.received.push((to, messages.clone()));
                Delivery::Accepted
            }
            Some(_) | None => Delivery::TokenSpent,
        })
    }

    async fn push(&self, to: &ResidentId, messages: &Messages, key: Uuid) -> Result<Delivery, Undelivered> {
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
            phones.received.push((to.clone(), messages.clone()));
            Delivery::Accepted
        })
    }
}

#[async_trait]
impl Reach for TestPlatform {
    async fn reaches(&self, _: &ResidentId) -> Result<Reached, Error> {
        Ok(if lock(&self.phones).blocked { Reached::No } else { Reached::Yes })
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
    /// The staff.
    pub staff: Arc<TestStaff>,
    /// The damage reports.
    pub reports: Arc<TestReports>,
    /// The work that follows from them.
    pub jobs: Arc<TestReportJobs>,
    /// The conversation.
    pub inbox: Inbox,
}

impl City {
    /// A city with the data of a town.
    #[must_use]
    pub fn of(town: Town) -> Self {
        let clock = Arc::new(TestClock::noon());
        let platform = Arc::new(TestPlatform::new(Arc::clone(&clock)));
        let staff = Arc::new(TestStaff::new(Arc::clone(&clock) as Arc<dyn Clock>));
        let reports = Arc::new(TestReports::new(Arc::clone(&staff) as Arc<dyn AuditLog>));
        let jobs = Arc::new(TestReportJobs::dying_with(&reports.life));
        let table = Arc::new(TestTable::filing(Arc::clone(&reports)));
        let inbox = Inbox {
            conversations: Arc::clone(&table) as Arc<dyn Conversations>,
            messenger: Arc::clone(&platform) as Arc<dyn Messenger>,
            towns: Arc::new(TestTown(Arc::new(town))),
            phone_codes: Arc::clone(&staff) as Arc<dyn PhoneCodes>,
            reports: Arc::clone(&reports) as Arc<dyn Reports>,
            jobs: Arc::clone(&jobs) as Arc<dyn ReportJobs>,
            links: None,
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
        };
        Self { clock, table, platform, staff, reports, jobs, inbox }
    }

    /// An event that happens now: the `number`th of this test.
    #[must_use]
    pub fn letter(&self, resident: &ResidentId, number: u32, deed: Deed) -> Letter {
        let now = self.clock.now();
        let event = event_id(number);
        let message = message_of(&deed, number);
        let token = ReplyToken(format!("token-{number}"));
        self.platform.give_token(&token, resident);
        Letter {
            incoming: Incoming { event, resident: resident.clone(), at: now, deed, message },
            reply_token: Some(token),
            received_at: now,
        }
    }
}

/// The platform's id of the message that a deed is.
fn message_of(deed: &Deed, number: u32) -> Option<String> {
    match deed {
        Deed::SentPhoto { message, .. } => Some(message.clone()),
        Deed::Said(_) | Deed::ShowedCode(_) | Deed::SentPlace { .. } | Deed::Sent(_) => {
            Some(format!("message-{number}"))
        }
        Deed::Followed
        | Deed::Unfollowed
        | Deed::Tapped(_)
        | Deed::Unsent { .. }
        | Deed::AskedReports(_)
        | Deed::Other => None,
    }
}

fn event_id(number: u32) -> EventId {
    match format!("event-{number}").parse() {
        Ok(id) => id,
        Err(error) => unreachable!("{error}"),
    }
}
