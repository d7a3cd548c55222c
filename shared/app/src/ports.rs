//! The ports: what use cases need from the world, grouped by use. Each has an adapter in `line` or `aws`, and a fake in `tests`.

pub mod audience;
pub mod broadcasts;
pub mod checkup;
pub mod followers;
pub mod messages;
pub mod outside;
pub mod personal;
pub mod pictures;
pub mod portal;
mod questions;
pub mod quota;
pub mod released;
pub mod reminders;
pub mod reports;
pub mod residents;
pub mod staff;
pub mod templates;
mod town;
pub mod unfollows;
pub mod watch;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use domain::conversation::{Conversation, Effect};
use domain::ids::{EventId, ResidentId};
use domain::reply::{Choice, Reply};
use domain::resident::Resident;
use domain::town::Town;
use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::{Error, Kind};

pub use messages::{BroadcastMessages, Composer, Objection, PictureUrls, Verdict};
pub use pictures::{PictureAddresses, Pictures};
pub use questions::{Asked, Handling, How, Month, NoMonth, Questions, SomeAsked};
pub use town::{
    Applied, Counts, HISTORY_LIFE, KeptUpload, PastEdit, Revision, TownChange, TownEdit, TownRecord, TownStore,
    UPLOAD_LIFE, Uploads, counts,
};

/// What time it is.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// Where chance comes from: secrets and ids that nobody can guess.
pub trait Chance: Send + Sync {
    /// 32 random bytes.
    fn bytes(&self) -> [u8; 32];
}

/// A new id that nobody can guess, in the order of time (UUID version 7).
pub fn mint(chance: &dyn Chance, now: Timestamp) -> Uuid {
    let mut random = [0; 10];
    random.iter_mut().zip(chance.bytes()).for_each(|(to, byte)| *to = byte);
    let millis = u64::try_from(now.as_millisecond()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

/// The town's data.
#[async_trait]
pub trait Towns: Send + Sync {
    /// The town as it was last loaded; at most a minute old.
    async fn current(&self) -> Result<Arc<Town>, Error>;
}

/// The way to residents' phones.
#[async_trait]
pub trait Messenger: Send + Sync {
    /// Puts replies into the platform's words: the very bytes that every attempt will send.
    fn compose(&self, replies: &[Reply], choices: &[Choice]) -> Result<Messages, Error>;

    /// Answers an event by its token. A token works once.
    async fn reply(&self, token: &ReplyToken, messages: &Messages) -> Result<Delivery, Undelivered>;

    /// Sends to one resident. The same key is accepted once.
    async fn push(&self, to: &ResidentId, messages: &Messages, key: Uuid) -> Result<Delivery, Undelivered>;
}

/// What the platform says of a phone: it tells staff why a message does not arrive.
#[async_trait]
pub trait Reach: Send + Sync {
    /// Whether what is sent to a resident arrives. A message to somebody who has blocked the account is accepted, and lost.
    async fn reaches(&self, resident: &ResidentId) -> Result<Reached, Error>;
}

/// Whether messages arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// They do.
    Yes,
    /// The resident has blocked the account, or has never followed it.
    No,
}

/// Messages in the platform's own form, opaque to use cases: a JSON array.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Messages(pub String);

impl fmt::Debug for Messages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Messages({} bytes)", self.0.len())
    }
}

/// What allows one answer to one event.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyToken(pub String);

impl fmt::Debug for ReplyToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReplyToken(…)")
    }
}

/// What became of a message that the platform answered clearly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// Taken, now.
    Accepted,
    /// Taken by an earlier attempt with the same key.
    AlreadyAccepted,
    /// The reply token was used before or is too old.
    TokenSpent,
    /// Refused for good: the resident cannot be reached, or the message is not one.
    Refused,
}

/// Why a message has not gone out, or perhaps has: the two must never be mixed up.
#[derive(Debug, thiserror::Error)]
pub enum Undelivered {
    /// The platform certainly has not taken it: it said so, or nothing reached it. Another way cannot say it twice.
    #[error(transparent)]
    NotTaken(Error),
    /// The platform has not taken it, because it does not let us in: our credentials are wrong. It takes the same when somebody has mended
    /// them, so the error is one that passes.
    #[error(transparent)]
    NotLetIn(Error),
    /// The platform may have taken it: it did not answer, or not clearly.
    #[error(transparent)]
    Unknown(Error),
}

impl Undelivered {
    /// The failure itself.
    #[must_use]
    pub fn error(self) -> Error {
        match self {
            Self::NotTaken(error) | Self::NotLetIn(error) | Self::Unknown(error) => error,
        }
    }

    /// Whether trying again can help.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::NotTaken(error) | Self::NotLetIn(error) | Self::Unknown(error) => error.kind,
        }
    }
}

/// The credentials by which the platform knows us and we know the platform.
///
/// Staff may change them at any time, so nobody keeps them: take [`current`](Self::current) anew for each use, and ask for
/// [`renewed`](Self::renewed) ones when they are found to be wrong.
#[async_trait]
pub trait ChannelSecrets: Send + Sync {
    /// The credentials as they were last read.
    async fn current(&self) -> Result<Arc<ChannelSecret>, Error>;

    /// Reads the credentials again because `wrong` did not do, at most once a minute: the newest that are known, which
    /// are `wrong` itself (the same `Arc`) where there are no newer ones.
    async fn renewed(&self, wrong: &Arc<ChannelSecret>) -> Result<Arc<ChannelSecret>, Error>;
}

/// The channel's id, and the secret that signs what the platform sends us and buys access tokens.
#[derive(Debug, Clone)]
pub struct ChannelSecret {
    /// The channel's id, public.
    pub channel_id: String,
    /// Its secret.
    pub channel_secret: SecretString,
}

/// Residents' conversations: what is known of one resident, changed by one event at a time.
#[async_trait]
pub trait Conversations: Send + Sync {
    /// Reads, consistently, all that an event needs.
    async fn load(&self, resident: &ResidentId, event: &EventId) -> Result<Loaded, Error>;

    /// Writes all that a turn changes, or nothing.
    async fn commit(&self, commit: &Commit) -> Result<Committed, Error>;

    /// Records that the event's messages went out (or never will), and forgets them.
    async fn confirm(&self, event: &EventId) -> Result<(), Error>;

    /// Changes the stored way from reply to push. Where the event is confirmed, or its way is no reply, nothing happens.
    async fn push_instead(&self, event: &EventId, key: Uuid, messages: &Messages) -> Result<(), Error>;
}

/// What is known of residents, for whoever has something to tell one of them.
#[async_trait]
pub trait KnownResidents: Send + Sync {
    /// A resident, if known, consistently.
    async fn known(&self, resident: &ResidentId) -> Result<Option<Resident>, Error>;
}

/// What is known before a turn.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// The resident, if known.
    pub resident: Option<Versioned<Resident>>,
    /// Where the conversation stands; `None` at the beginning and after a day of silence.
    pub conversation: Option<Versioned<Conversation>>,
    /// What was already done for this very event.
    pub handled: Option<Handled>,
}

/// A stored value and the number of its writing, by which a lost race is noticed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned<T> {
    /// The value.
    pub value: T,
    /// 1 for the first writing, then one more each time.
    pub version: u64,
}

/// An event that was handled: its answer, and whether that went out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handled {
    /// How the answer goes out, decided once.
    pub way: Way,
    /// Whether it did.
    pub progress: Progress,
    /// When it was committed: a retry key is not used long after this.
    pub at: Timestamp,
}

/// How an answer goes out. Chosen at commit, and changed once at most: from a reply that was certainly not taken to a push.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    /// There is nothing to say.
    Silence,
    /// By the event's reply token.
    Reply {
        /// The token.
        token: ReplyToken,
        /// What is said.
        messages: Messages,
    },
    /// By a push with a retry key that is computed from the event.
    Push {
        /// The retry key.
        key: Uuid,
        /// What is said.
        messages: Messages,
    },
}

/// Whether a handled event's answer went out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Not confirmed: it may or may not have gone out.
    Unconfirmed,
    /// It went out, or there was nothing to say.
    Confirmed,
}

/// All that one turn changes, written together or not at all.
#[derive(Debug, Clone)]
pub struct Commit {
    /// The event that is handled by this; the commit fails if it was handled before.
    pub event: EventId,
    /// Whose turn it is.
    pub resident_id: ResidentId,
    /// How the answer goes out.
    pub way: Way,
    /// The resident as they are now, and the version that was read (`None`: was not there). `None`: unchanged.
    pub resident: Option<(Resident, Option<u64>)>,
    /// When the resident is to be erased, if ever.
    pub erase_resident_at: Option<Timestamp>,
    /// The conversation as it stands now, and the version that was read. `None`: unchanged.
    pub conversation: Option<(Conversation, Option<u64>)>,
    /// What else follows from the turn.
    pub effects: Vec<Effect>,
    /// When it happened.
    pub now: Timestamp,
}

/// What became of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Committed {
    /// Written.
    Done,
    /// The event had been handled, something changed since it was read, or others were writing the same at that moment: read again.
    /// Nothing was written.
    Raced,
}

/// Where the webhook puts events for `inbox`, in order per resident.
#[async_trait]
pub trait InboxQueue: Send + Sync {
    /// Puts all of them, in order; an error if any was refused.
    async fn put(&self, letters: &[QueuedLetter]) -> Result<(), Error>;
}

/// One event on its way to `inbox`.
#[derive(Clone, PartialEq, Eq)]
pub struct QueuedLetter {
    /// Letters of one group are handled in order: the sender's id.
    pub group: String,
    /// Letters with the same value within five minutes are one.
    pub deduplication: String,
    /// The event, as `inbox` reads it: JSON.
    pub body: String,
}

impl fmt::Debug for QueuedLetter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "QueuedLetter({} bytes)", self.body.len())
    }
}

/// Where messages lie that fail for good, until somebody looks at them.
#[async_trait]
pub trait DeadLetters: Send + Sync {
    /// Keeps one.
    async fn put(&self, letter: &DeadLetter) -> Result<(), Error>;
}

/// A message that fails for good.
#[derive(Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// The id under which its queue knew it: the same one twice is kept once.
    pub id: String,
    /// Its group, if its queue has groups.
    pub group: Option<String>,
    /// The message as it was.
    pub body: String,
    /// Why it is here, a short code such as `open-a-letter`: what failed. Nothing personal.
    pub why: String,
}

impl fmt::Debug for DeadLetter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DeadLetter({}, {} bytes)", self.why, self.body.len())
    }
}
