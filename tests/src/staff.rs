//! The console's people in memory: staff, sessions, phone codes and the audit log, with the real rules and faults on demand.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use app::audit::Checks;
use app::error::{Error, Kind};
use app::ports::staff::{
    Accounts, AuditChecks, AuditLog, Connected, Opened, PhoneCode, PhoneCodes, Reminded, RosterVersion, SELDOM,
    Session, SessionKey, Sessions, StaffStore, Written,
};
use app::ports::{Chance, Clock, Versioned};
use async_trait::async_trait;
use domain::audit::{self, Act, DayEnd, Entry};
use domain::ids::{ResidentId, StaffId};
use domain::staff::{Connection, EmailAddress, Roster, Staff, Standing};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::city::lock;

/// How one writing goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaffFault {
    /// Refused as too much; nothing happened.
    Throttled,
    /// Somebody else was faster; nothing happened.
    Raced,
    /// Done, but the answer never came back.
    ReplyLost,
}

#[derive(Default)]
struct Rows {
    people: BTreeMap<StaffId, Staff>,
    version: u64,
    sessions: BTreeMap<(StaffId, String), Session>,
    codes: HashMap<PhoneCode, (StaffId, Timestamp)>,
    only_codes: BTreeMap<StaffId, PhoneCode>,
    used_codes: HashMap<PhoneCode, ResidentId>,
    looked_up: usize,
    log: Log,
    seldom: HashMap<String, Timestamp>,
    checks: Option<Versioned<Checks>>,
    faults: VecDeque<StaffFault>,
    unread: usize,
    meanwhile: VecDeque<Staff>,
}

impl Rows {
    fn put(&mut self, staff: Staff) {
        self.version += 1;
        if staff.standing != Standing::Active {
            self.sessions.retain(|(owner, _), _| *owner != staff.id);
        }
        self.people.insert(staff.id.clone(), staff);
    }
}

/// The audit log as it is kept; a test may break it.
#[derive(Debug, Clone, Default)]
pub struct Log {
    /// Where each day ends.
    pub days: BTreeMap<Date, DayEnd>,
    /// All entries by day and number.
    pub entries: BTreeMap<(Date, u64), Entry>,
}

impl Log {
    fn append(&mut self, act: Act) -> Entry {
        let latest = self.days.last_key_value().map(|(_, end)| end);
        let next = audit::next(latest, act);
        for end in next.closed.into_iter().chain([next.end]) {
            self.days.insert(end.day, end);
        }
        self.entries.insert((next.entry.day, next.entry.number), next.entry.clone());
        next.entry
    }
}

/// The staff, their sessions and codes, and the log of what they did.
pub struct TestStaff {
    rows: Mutex<Rows>,
    clock: Arc<dyn Clock>,
}

impl TestStaff {
    /// Nobody yet.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { rows: Mutex::default(), clock }
    }

    /// These people are there from the beginning, as nobody wrote them.
    pub fn settle(&self, people: impl IntoIterator<Item = Staff>) {
        let mut rows = lock(&self.rows);
        rows.version += 1;
        rows.people.extend(people.into_iter().map(|staff| (staff.id.clone(), staff)));
    }

    /// The next writings (of whatever) go wrong so.
    pub fn fail(&self, faults: impl IntoIterator<Item = StaffFault>) {
        lock(&self.rows).faults.extend(faults);
    }

    /// So many sessions cannot be read.
    pub fn fail_reads(&self, times: usize) {
        lock(&self.rows).unread = times;
    }

    /// Before each of the next writings, somebody else writes one of these.
    pub fn meanwhile(&self, people: impl IntoIterator<Item = Staff>) {
        lock(&self.rows).meanwhile.extend(people);
    }

    /// A person as they are.
    #[must_use]
    pub fn person(&self, id: &StaffId) -> Option<Staff> {
        lock(&self.rows).people.get(id).cloned()
    }

    /// How many sessions somebody has.
    #[must_use]
    pub fn sessions(&self, id: &StaffId) -> usize {
        lock(&self.rows).sessions.keys().filter(|(staff, _)| staff == id).count()
    }

    /// How often the owner of a code was asked for.
    #[must_use]
    pub fn looked_up(&self) -> usize {
        lock(&self.rows).looked_up
    }

    /// What was recorded, in order.
    #[must_use]
    pub fn acts(&self) -> Vec<Act> {
        lock(&self.rows).log.entries.values().map(|entry| entry.act.clone()).collect()
    }

    /// Lets a test do to the log what nobody may.
    pub fn tamper<T>(&self, with: impl FnOnce(&mut Log) -> T) -> T {
        with(&mut lock(&self.rows).log)
    }

    /// One writing: `take` says whether it was done, and only then the act is recorded.
    fn write<T>(&self, raced: T, act: Option<&Act>, take: impl FnOnce(&mut Rows) -> Result<T, T>) -> Result<T, Error> {
        let mut rows = lock(&self.rows);
        if let Some(staff) = rows.meanwhile.pop_front() {
            rows.put(staff);
        }
        let fault = rows.faults.pop_front();
        match fault {
            Some(StaffFault::Throttled) => return Err(error("throughput exceeded")),
            Some(StaffFault::Raced) => return Ok(raced),
            Some(StaffFault::ReplyLost) | None => {}
        }
        let taken = match take(&mut rows) {
            Ok(done) => {
                if let Some(act) = act {
                    rows.log.append(act.clone());
                }
                done
            }
            Err(not_done) => not_done,
        };
        if fault == Some(StaffFault::ReplyLost) { Err(error("no answer")) } else { Ok(taken) }
    }
}

fn error(why: &'static str) -> Error {
    Error::new(Kind::Throttled, "write to the table", why)
}

fn is_active(rows: &Rows, staff: &StaffId) -> bool {
    rows.people.get(staff).is_some_and(|staff| staff.standing == Standing::Active)
}

fn owner(rows: &Rows, code: &PhoneCode, now: Timestamp) -> Option<StaffId> {
    let (staff, expires) = rows.codes.get(code)?;
    (now < *expires && rows.only_codes.get(staff) == Some(code)).then(|| staff.clone())
}

#[async_trait]
impl StaffStore for TestStaff {
    async fn roster(&self) -> Result<(Roster, RosterVersion), Error> {
        let read = {
            let rows = lock(&self.rows);
            (Roster(rows.people.values().cloned().collect()), RosterVersion(rows.version))
        };
        // Gives way, so that two changes at once really interleave.
        tokio::task::yield_now().await;
        Ok(read)
    }

    async fn put(&self, read: RosterVersion, staff: &Staff, act: &Act) -> Result<Written, Error> {
        self.write(Written::Raced, Some(act), |rows| {
            if rows.version != read.0 {
                return Err(Written::Raced);
            }
            rows.put(staff.clone());
            Ok(Written::Done)
        })
    }

    async fn offer_code(&self, code: &PhoneCode, staff: &StaffId, expires: Timestamp) -> Result<Written, Error> {
        let now = self.clock.now();
        self.write(Written::Raced, None, |rows| {
            if rows.codes.get(code).is_some_and(|(_, end)| now < *end) {
                return Err(Written::Raced);
            }
            rows.codes.insert(code.clone(), (staff.clone(), expires));
            rows.used_codes.remove(code);
            rows.only_codes.insert(staff.clone(), code.clone());
            Ok(Written::Done)
        })
    }
}

#[async_trait]
impl PhoneCodes for TestStaff {
    async fn owner(&self, code: &PhoneCode, now: Timestamp) -> Result<Option<StaffId>, Error> {
        tokio::task::yield_now().await;
        let mut rows = lock(&self.rows);
        rows.looked_up += 1;
        Ok(owner(&rows, code, now))
    }

    async fn connect(&self, code: &PhoneCode, resident: &ResidentId, act: &Act) -> Result<Connected, Error> {
        self.write(Connected::NoSuchCode, Some(act), |rows| {
            let roster = Roster(rows.people.values().cloned().collect());
            let connection = owner(rows, code, act.at).and_then(|owner| roster.connect(&owner, resident));
            let Some(Connection { owner, loser }) = connection else { return Err(Connected::NoSuchCode) };
            if let Some(user) = rows.used_codes.get(code) {
                let is_so_still = user == resident && roster.get(&owner.id) == Some(&owner);
                return Err(if is_so_still { Connected::Done } else { Connected::NoSuchCode });
            }
            for person in loser.into_iter().chain([owner]) {
                rows.people.insert(person.id.clone(), person);
            }
            rows.version += 1;
            rows.used_codes.insert(code.clone(), resident.clone());
            Ok(Connected::Done)
        })
    }
}

#[async_trait]
impl Sessions for TestStaff {
    async fn begin(
        &self,
        session: &Session,
        earlier: Option<(&StaffId, &SessionKey)>,
        act: &Act,
    ) -> Result<Written, Error> {
        self.write(Written::Raced, Some(act), |rows| {
            if !is_active(rows, &session.staff) {
                return Err(Written::Raced);
            }
            if let Some((staff, key)) = earlier {
                rows.sessions.remove(&(staff.clone(), key.0.clone()));
            }
            rows.sessions.insert((session.staff.clone(), session.key.0.clone()), session.clone());
            Ok(Written::Done)
        })
    }

    async fn find(&self, staff: &StaffId, key: &SessionKey) -> Result<Option<(Session, Staff)>, Error> {
        let now = self.clock.now();
        let mut rows = lock(&self.rows);
        if rows.unread > 0 {
            rows.unread -= 1;
            return Err(Error::new(Kind::Throttled, "find a session", "as the test says"));
        }
        let session = rows.sessions.get(&(staff.clone(), key.0.clone())).filter(|session| now < session.expires);
        Ok(session.cloned().zip(rows.people.get(staff).cloned()))
    }

    async fn touch(&self, staff: &StaffId, key: &SessionKey, seen: Timestamp) -> Result<(), Error> {
        self.write((), None, |rows| {
            rows.sessions.get_mut(&(staff.clone(), key.0.clone())).ok_or(())?.seen = seen;
            Ok(())
        })
    }

    async fn end(&self, staff: &StaffId, key: &SessionKey, act: &Act) -> Result<(), Error> {
        self.write((), Some(act), |rows| rows.sessions.remove(&(staff.clone(), key.0.clone())).map(drop).ok_or(()))
    }

    async fn cut(&self, staff: &StaffId, key: &SessionKey) -> Result<(), Error> {
        self.write((), None, |rows| rows.sessions.remove(&(staff.clone(), key.0.clone())).map(drop).ok_or(()))
    }

    async fn of(&self, staff: &StaffId) -> Result<Vec<Session>, Error> {
        let (now, rows) = (self.clock.now(), lock(&self.rows));
        let theirs = rows.sessions.values().filter(|session| session.staff == *staff && now < session.expires);
        Ok(theirs.cloned().collect())
    }

    async fn end_others(&self, staff: &StaffId, kept: &SessionKey, act: &Act) -> Result<(), Error> {
        self.write((), Some(act), |rows| {
            let before = rows.sessions.len();
            rows.sessions.retain(|(owner, key), _| owner != staff || *key == kept.0);
            if rows.sessions.len() < before { Ok(()) } else { Err(()) }
        })
    }
}

#[async_trait]
impl AuditLog for TestStaff {
    async fn append(&self, act: &Act) -> Result<Entry, Error> {
        tokio::task::yield_now().await;
        let mut rows = lock(&self.rows);
        match rows.faults.pop_front() {
            Some(StaffFault::Throttled | StaffFault::Raced) => Err(error("throughput exceeded")),
            Some(StaffFault::ReplyLost) => {
                rows.log.append(act.clone());
                Err(error("no answer"))
            }
            None => Ok(rows.log.append(act.clone())),
        }
    }

    async fn append_seldom(&self, act: &Act, name: &str) -> Result<(), Error> {
        tokio::task::yield_now().await;
        self.write((), Some(act), |rows| {
            let lately = rows.seldom.get(name).is_some_and(|at| act.at.duration_since(*at) < SELDOM);
            if lately {
                return Err(());
            }
            rows.seldom.insert(name.to_owned(), act.at);
            Ok(())
        })
    }

    async fn days(&self, before: Option<Date>, limit: usize) -> Result<Vec<DayEnd>, Error> {
        let rows = lock(&self.rows);
        let earlier = rows.log.days.values().rev().filter(|end| before.is_none_or(|before| end.day < before));
        Ok(earlier.take(limit).cloned().collect())
    }

    async fn entries(&self, day: Date, from: u64, limit: usize) -> Result<Vec<Entry>, Error> {
        let rows = lock(&self.rows);
        Ok(rows.log.entries.range((day, from)..=(day, u64::MAX)).take(limit).map(|(_, entry)| entry.clone()).collect())
    }
}

#[async_trait]
impl AuditChecks for TestStaff {
    async fn read(&self) -> Result<Option<Versioned<Checks>>, Error> {
        Ok(lock(&self.rows).checks.clone())
    }

    async fn keep(&self, checks: &Checks, read: Option<u64>) -> Result<Written, Error> {
        let mut rows = lock(&self.rows);
        if rows.checks.as_ref().map(|stored| stored.version) != read {
            return Ok(Written::Raced);
        }
        rows.checks = Some(Versioned { value: checks.clone(), version: read.unwrap_or_default() + 1 });
        Ok(Written::Done)
    }
}

/// The issuer's accounts: who has one, whether they have chosen their own password, and the mails that went out.
#[derive(Default)]
pub struct TestAccounts(Mutex<AccountRows>);

#[derive(Default)]
struct AccountRows {
    has_password: BTreeMap<EmailAddress, bool>,
    mails: Vec<EmailAddress>,
    failures: usize,
}

impl TestAccounts {
    /// Somebody has an account, with a password of their own.
    pub fn settle(&self, email: &EmailAddress) {
        lock(&self.0).has_password.insert(email.clone(), true);
    }

    /// The next calls fail; nothing happens.
    pub fn fail(&self, times: usize) {
        lock(&self.0).failures = times;
    }

    /// To whom mails with a first password went, in order.
    #[must_use]
    pub fn mails(&self) -> Vec<EmailAddress> {
        lock(&self.0).mails.clone()
    }

    fn call<T>(&self, make: impl FnOnce(&mut AccountRows) -> T) -> Result<T, Error> {
        let mut rows = lock(&self.0);
        if rows.failures > 0 {
            rows.failures -= 1;
            return Err(error("no mail today"));
        }
        Ok(make(&mut rows))
    }
}

#[async_trait]
impl Accounts for TestAccounts {
    async fn open(&self, email: &EmailAddress) -> Result<Opened, Error> {
        self.call(|rows| {
            if rows.has_password.contains_key(email) {
                return Opened::AlreadyThere;
            }
            rows.has_password.insert(email.clone(), false);
            rows.mails.push(email.clone());
            Opened::Mailed
        })
    }

    async fn remind(&self, email: &EmailAddress) -> Result<Reminded, Error> {
        self.call(|rows| {
            if rows.has_password.get(email) == Some(&true) {
                return Reminded::HasPassword;
            }
            rows.mails.push(email.clone());
            Reminded::Mailed
        })
    }
}

/// Chance that repeats itself: first what it was told to say, then 1, 2, 3 and so on.
#[derive(Debug, Default)]
pub struct TestChance(Mutex<(VecDeque<[u8; 32]>, u32)>);

impl TestChance {
    /// Says this first.
    #[must_use]
    pub fn saying(first: impl IntoIterator<Item = [u8; 32]>) -> Self {
        Self(Mutex::new((first.into_iter().collect(), 0)))
    }
}

impl Chance for TestChance {
    fn bytes(&self) -> [u8; 32] {
        let mut state = lock(&self.0);
        if let Some(told) = state.0.pop_front() {
            return told;
        }
        state.1 += 1;
        let number = state.1.to_be_bytes();
        let mut bytes = [0; 32];
        bytes.iter_mut().zip(number).for_each(|(to, byte)| *to = byte);
        bytes
    }
}
