//! Ports of the console: its people, their sessions, and the log of what they did.

use std::fmt;

use async_trait::async_trait;
use domain::audit::{Act, DayEnd, Entry};
use domain::ids::{ResidentId, StaffId};
use domain::staff::{EmailAddress, Roster, Staff};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Versioned;
use crate::audit::Checks;
use crate::error::Error;

/// The staff. Every change is written together with its entry in the audit log, or not at all.
#[async_trait]
pub trait StaffStore: Send + Sync {
    /// Everybody, consistently, and the version of the whole: it moves with every change of anybody.
    async fn roster(&self) -> Result<(Roster, RosterVersion), Error>;

    /// Writes one person and the act, if the roster still has the version that was read. Who is not active after this loses
    /// their sessions with it, lest one comes back when they come in again.
    async fn put(&self, read: RosterVersion, staff: &Staff, act: &Act) -> Result<Written, Error>;

    /// Keeps a one-time code by which its owner will connect their phone, until `expires`; an earlier code of theirs ends.
    /// [`Written::Raced`] where the code is somebody's already.
    async fn offer_code(&self, code: &PhoneCode, staff: &StaffId, expires: Timestamp) -> Result<Written, Error>;
}

/// Counts the changes of the roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RosterVersion(pub u64);

/// What became of a write that depends on what was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// Written.
    Done,
    /// Somebody else wrote meanwhile: read again and decide again. Nothing was written.
    Raced,
}

/// A one-time code that a member of staff types in the chat to connect their phone. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PhoneCode(pub String);

impl fmt::Debug for PhoneCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhoneCode(…)")
    }
}

/// Sessions: who is signed in. Each can be ended from here, at once.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// Begins a session, and records the act. [`Written::Raced`] where the person is not active (any more). The `earlier`
    /// session of the same browser, whoever's it was, ends with it; it may have ended before.
    async fn begin(
        &self,
        session: &Session,
        earlier: Option<(&StaffId, &SessionKey)>,
        act: &Act,
    ) -> Result<Written, Error>;

    /// The session, and its person as they are now, in one consistent reading. `None` where either is not there. Whether
    /// they may still come in is the caller's to see.
    async fn find(&self, staff: &StaffId, key: &SessionKey) -> Result<Option<(Session, Staff)>, Error>;

    /// Records that the session was used. One that has ended stays ended.
    async fn touch(&self, staff: &StaffId, key: &SessionKey, seen: Timestamp) -> Result<(), Error>;

    /// Ends a session, and records the act. Where there is none (any more), nothing happens and nothing is recorded.
    async fn end(&self, staff: &StaffId, key: &SessionKey, act: &Act) -> Result<(), Error>;

    /// Ends a session without a record, for when there is no way to write one.
    async fn cut(&self, staff: &StaffId, key: &SessionKey) -> Result<(), Error>;

    /// All sessions of a person, in no order. Whether nobody has used one for too long is the caller's to see.
    async fn of(&self, staff: &StaffId) -> Result<Vec<Session>, Error>;

    /// Ends all sessions of a person but one, and records the act. Where there are no others, nothing is recorded.
    async fn end_others(&self, staff: &StaffId, kept: &SessionKey, act: &Act) -> Result<(), Error>;
}

/// The accounts by which the staff sign in, where they are the town's own to make. What somebody may do, and whether they
/// may come in at all, is not theirs to say.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Makes the account of an address; a mail with the first password goes there. One that is there already stays as it is.
    async fn open(&self, email: &EmailAddress) -> Result<Opened, Error>;

    /// Sends that mail again, with a new first password, to whoever has not chosen their own yet.
    async fn remind(&self, email: &EmailAddress) -> Result<Reminded, Error>;
}

/// What became of an account that was to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opened {
    /// It is there, and the mail is on its way.
    Mailed,
    /// It was there already; nothing was sent.
    AlreadyThere,
}

/// What became of a mail that was to be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reminded {
    /// It is on its way.
    Mailed,
    /// They have a password of their own; nothing was sent.
    HasPassword,
}

/// What names a session in the table: the SHA-256 of the secret in the cookie, in hex. The secret itself is kept nowhere.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SessionKey(pub String);

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionKey(…)")
    }
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Its key.
    pub key: SessionKey,
    /// Whose.
    pub staff: StaffId,
    /// When they signed in.
    pub began: Timestamp,
    /// When it was last used, to the minute.
    pub seen: Timestamp,
    /// When it ends at the latest; the store forgets it then.
    pub expires: Timestamp,
}

/// What may be repeated without end stands in the audit log once in so long.
pub const SELDOM: SignedDuration = SignedDuration::from_mins(1);

/// The audit log.
#[async_trait]
pub trait AuditLog: Send + Sync {
    /// Appends an act, whatever others append at the same time.
    async fn append(&self, act: &Act) -> Result<Entry, Error>;

    /// Appends an act, unless one of the same name was appended so less than [`SELDOM`] before it: what anybody can repeat
    /// without end must not fill the log, nor keep the others from it.
    async fn append_seldom(&self, act: &Act, name: &str) -> Result<(), Error>;

    /// Where the days of the log stand, the latest first, at most `limit`, from `before` backwards (exclusive).
    async fn days(&self, before: Option<Date>, limit: usize) -> Result<Vec<DayEnd>, Error>;

    /// The entries of a day by number, from `from` (inclusive), at most `limit`.
    async fn entries(&self, day: Date, from: u64, limit: usize) -> Result<Vec<Entry>, Error>;
}

/// The checks of the audit log that the console makes.
#[async_trait]
pub trait AuditChecks: Send + Sync {
    /// How they stand, if there was ever one.
    async fn read(&self) -> Result<Option<Versioned<Checks>>, Error>;

    /// Keeps how they stand, if they still stand as they were read (`None`: there was none).
    async fn keep(&self, checks: &Checks, read: Option<u64>) -> Result<Written, Error>;
}

/// A phone that a member of staff connected, as the chat needs it.
#[async_trait]
pub trait PhoneCodes: Send + Sync {
    /// Whose code this is, if it is one and has not expired, used up or not.
    async fn owner(&self, code: &PhoneCode, now: Timestamp) -> Result<Option<StaffId>, Error>;

    /// Connects the phone of `resident` to the code's owner, uses the code up, and records the act, all together or not at
    /// all. The code of somebody who is not active is none. If the phone was a colleague's, it no longer is,
    /// and the entry names them as the state before.
    ///
    /// The same code from the same resident again, until it expires and as long as the phone stays connected, is `Done`
    /// once more and changes nothing: the event that brought it may be delivered twice.
    async fn connect(&self, code: &PhoneCode, resident: &ResidentId, act: &Act) -> Result<Connected, Error>;
}

/// What became of a code that was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connected {
    /// The phone belongs to the code's owner now.
    Done,
    /// There is no such code (any more).
    NoSuchCode,
}
