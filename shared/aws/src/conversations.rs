//! Residents, their conversations and the events they were part of, in the table.
//!
//! | what | `PK` | `SK` | ends |
//! | --- | --- | --- | --- |
//! | resident | `RESIDENT#4a` | `U4af4…` | when the town's data says so after blocking |
//! | conversation | `CHAT#U4af4…` | `CHAT` | [`CHAT_LIFE`] after its last change |
//! | handled event | `EVENT#<id>` | `EVENT` | [`EVENT_LIFE`] after it was handled |
//! | unanswered question | `QUESTION#<yyyy-mm>` | hash of the question, hash of the event | [`QUESTION_LIFE`] after it was asked |
//! | that somebody blocked the account | see [`crate::unfollows`] | | |
//! | report that was made in the conversation, and its photos | see [`crate::reports`] | | |

use std::sync::Arc;

use app::error::{Error, Kind};
use app::ports::unfollows::Unfollow;
use app::ports::{
    Clock, Commit, Committed, Conversations, Handled, KnownResidents, Loaded, Messages, Month, Progress, Versioned, Way,
};
use app::questions::{hash, key as key_of};
use async_trait::async_trait;
use domain::conversation::{Conversation, Effect};
use domain::ids::{EventId, ResidentId};
use domain::resident::{Resident, Settings, Stamped, Standing};
use domain::time::in_japan;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::reports::{filing_steps, take_off_the_shelf, transact_with_extra};
use crate::table::{
    Condition, Entity, Happened, Item, Key, Step, Table, Transacted, Update, Updated, Write, decode, encode, text,
};
use crate::unfollows::note_unfollow;

/// A conversation is forgotten after a day of silence.
pub const CHAT_LIFE: SignedDuration = SignedDuration::from_hours(24);
/// Longer than an event can come back: 4 days in the queue, then 14 in the dead-letter queue.
pub const EVENT_LIFE: SignedDuration = SignedDuration::from_hours(21 * 24);
/// Questions are kept for a year and the month in which somebody looks back at it.
pub const QUESTION_LIFE: SignedDuration = SignedDuration::from_hours(400 * 24);
/// Of a question this many characters are kept.
pub const QUESTION_CHARS_MAX: usize = 200;

const LOADING: &str = "read what is known of a resident";
const COMMITTING: &str = "write a turn of a conversation";
const CONFIRMING: &str = "confirm an answer";
const REDIRECTING: &str = "turn a reply into a push";

/// [`Conversations`] in the table.
pub struct TableConversations {
    table: Table,
    clock: Arc<dyn Clock>,
}

impl TableConversations {
    /// Kept in this table.
    #[must_use]
    pub fn new(table: Table, clock: Arc<dyn Clock>) -> Self {
        Self { table, clock }
    }

    /// Takes the steps of a turn, or none; `extra`: those that are left out where they are refused.
    async fn take(&self, steps: Vec<Step<'static>>, extra: Vec<Step<'static>>) -> Result<Committed, Error> {
        // Most turns are one item, whose write alone costs half of what a transaction does. Where its answer is lost and the SDK asks
        // again, that is a lost race: whoever reads then finds this very turn.
        if let ([Step::Put(write)], []) = (steps.as_slice(), extra.as_slice()) {
            return match self.table.put_or_show(COMMITTING, write.clone()).await? {
                Updated::Written => Ok(Committed::Done),
                Updated::Refused(_) => Ok(Committed::Raced),
            };
        }
        match transact_with_extra(&self.table, COMMITTING, steps, extra).await? {
            Transacted::Written => Ok(Committed::Done),
            Transacted::Refused(_) | Transacted::Met => Ok(Committed::Raced),
        }
    }
}

#[async_trait]
impl Conversations for TableConversations {
    /// One call for three items, each consistent. Together they are not a snapshot, which is enough: whatever changes
    /// between them changes a version or makes the event exist, and then the commit fails.
    async fn load(&self, resident: &ResidentId, event: &EventId) -> Result<Loaded, Error> {
        let keys = [resident_key(resident), chat_key(resident), event_key(event)];
        let [resident_item, chat_item, event_item] = self.table.get_each(LOADING, keys).await?;
        let now = self.clock.now();
        let handled = decode::<EventItem>(LOADING, event_item, now)?;
        Ok(Loaded {
            resident: read_resident(LOADING, resident_item, resident, now)?,
            conversation: read_chat(LOADING, chat_item, now)?,
            handled: handled.map(EventItem::into_domain),
        })
    }

    async fn commit(&self, commit: &Commit) -> Result<Committed, Error> {
        // What counts as expired is decided by the same clock as in `load`, lest the two disagree about an item.
        let now = self.clock.now();
        let mut writes = vec![Write {
            item: encode(COMMITTING, &event_key(&commit.event), &EventItem::of(commit))?,
            condition: Condition::Absent(now),
        }];
        if let Some((resident, read)) = &commit.resident {
            let item = ResidentItem::of(resident, next(*read), commit.erase_resident_at);
            let item = encode(COMMITTING, &resident_key(&commit.resident_id), &item)?;
            writes.push(Write { item, condition: unchanged(*read, now) });
        }
        if let Some((conversation, read)) = &commit.conversation {
            let expires = (commit.now + CHAT_LIFE).as_second();
            let item = ChatItem { version: next(*read), conversation: conversation.clone(), expires };
            let item = encode(COMMITTING, &chat_key(&commit.resident_id), &item)?;
            writes.push(Write { item, condition: unchanged(*read, now) });
        }
        let mut steps: Vec<_> = writes.into_iter().map(Step::Put).collect();
        let mut photos = Vec::new();
        for (index, effect) in commit.effects.iter().enumerate() {
            match effect {
                Effect::KeepQuestion(question) => steps.push(Step::Put(keep_question(commit, index, question)?)),
                Effect::NoteUnfollow(at) => {
                    let unfollow = Unfollow { at: *at, resident: commit.resident_id.clone() };
                    steps.push(Step::Put(note_unfollow(COMMITTING, &unfollow, commit.erase_resident_at)?));
                }
                Effect::FileReport(report) => {
                    steps.extend(filing_steps(COMMITTING, report)?);
                    photos.extend(take_off_the_shelf(&report.photos));
                }
                // The use case has written them before.
                Effect::FilePhoto { .. } | Effect::WithdrawPhoto(_) => {}
            }
        }
        self.take(steps, photos).await
    }

    async fn confirm(&self, event: &EventId) -> Result<(), Error> {
        let update = Update {
            expression: "SET #progress = :progress REMOVE #way",
            // An event that has expired must not come back without its end.
            condition: "attribute_exists(PK)",
            names: &["progress", "way"],
            values: vec![("progress", text("confirmed"))],
        };
        match self.table.update(CONFIRMING, &event_key(event), update).await? {
            Happened::Written | Happened::ConditionFailed => Ok(()),
        }
    }

    async fn push_instead(&self, event: &EventId, key: Uuid, messages: &Messages) -> Result<(), Error> {
        let push = Way::Push { key, messages: messages.clone() };
        let push =
            serde_dynamo::to_attribute_value(push).map_err(|error| Error::new(Kind::Permanent, REDIRECTING, error))?;
        let update = Update {
            expression: "SET #way = :push",
            condition: "#progress = :unconfirmed AND attribute_exists(#way.#Reply)",
            names: &["progress", "way", "Reply"],
            values: vec![("push", push), ("unconfirmed", text("unconfirmed"))],
        };
        match self.table.update(REDIRECTING, &event_key(event), update).await? {
            Happened::Written | Happened::ConditionFailed => Ok(()),
        }
    }
}

#[async_trait]
impl KnownResidents for TableConversations {
    async fn known(&self, resident: &ResidentId) -> Result<Option<Resident>, Error> {
        let item = self.table.get(LOADING, &resident_key(resident)).await?;
        Ok(read_resident(LOADING, item, resident, self.clock.now())?.map(|read| read.value))
    }
}

pub(crate) fn resident_key(resident: &ResidentId) -> Key {
    Key::new(format!("RESIDENT#{}", resident.partition()), resident.as_str())
}

/// A resident, as their item says.
pub(crate) fn read_resident(
    doing: &'static str,
    item: Option<Item>,
    id: &ResidentId,
    now: Timestamp,
) -> Result<Option<Versioned<Resident>>, Error> {
    Ok(decode::<ResidentItem>(doing, item, now)?.map(|item| item.into_domain(id.clone())))
}

/// Where a conversation stands, as its item says.
pub(crate) fn read_chat(
    doing: &'static str,
    item: Option<Item>,
    now: Timestamp,
) -> Result<Option<Versioned<Conversation>>, Error> {
    let chat = decode::<ChatItem>(doing, item, now)?;
    Ok(chat.map(|item| Versioned { value: item.conversation, version: item.version }))
}

pub(crate) fn chat_key(resident: &ResidentId) -> Key {
    Key::new(format!("CHAT#{}", resident.as_str()), "CHAT")
}

fn event_key(event: &EventId) -> Key {
    Key::new(format!("EVENT#{}", event.as_str()), "EVENT")
}

fn next(read: Option<u64>) -> u64 {
    read.unwrap_or_default() + 1
}

fn unchanged(read: Option<u64>, now: Timestamp) -> Condition {
    read.map_or(Condition::Absent(now), Condition::Version)
}

/// One item per asking, so that nothing is counted up and no two residents ever write the same item. The sort key keeps
/// all spellings of a question together; it holds hashes, because keys show up in AWS's own logs.
fn keep_question(commit: &Commit, index: usize, question: &str) -> Result<Write, Error> {
    let question: String = question.chars().take(QUESTION_CHARS_MAX).collect();
    let month = Month::of(in_japan(commit.now).date());
    let asking = format!("{}#{index}", commit.event.as_str());
    let key = Key::new(questions_partition(month), format!("{}#{}", hash(&key_of(&question)), hash(&asking)));
    let item = QuestionItem { question, at: commit.now, expires: (commit.now + QUESTION_LIFE).as_second() };
    Ok(Write { item: encode(COMMITTING, &key, &item)?, condition: Condition::None })
}

/// The partition of the questions of a month.
pub(crate) fn questions_partition(month: Month) -> String {
    format!("QUESTION#{month}")
}

#[derive(Serialize, Deserialize)]
pub(crate) struct ResidentItem {
    version: u64,
    standing: Stamped<Standing>,
    since: Timestamp,
    settings: Settings,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<i64>,
}

impl Entity for ResidentItem {
    const KIND: &'static str = "resident";
    const V: u64 = 1;
}

impl ResidentItem {
    pub(crate) fn of(resident: &Resident, version: u64, erase_at: Option<Timestamp>) -> Self {
        let Resident { id: _, standing, since, settings } = resident.clone();
        Self { version, standing, since, settings, expires: erase_at.map(Timestamp::as_second) }
    }

    fn into_domain(self, id: ResidentId) -> Versioned<Resident> {
        let Self { version, standing, since, settings, expires: _ } = self;
        Versioned { value: Resident { id, standing, since, settings }, version }
    }

    /// Whether this very event made the resident stand as they do.
    pub(crate) fn is_by(&self, event: &EventId) -> bool {
        self.standing.stamp.event == *event
    }
}

/// One record of a resident out of two that were written side by side: each setting as its latest event has it. It takes the place
/// of `ours`, whose version it raises. `None` where it would be as ours is, or either has expired or is not there.
pub(crate) fn merge_residents(
    doing: &'static str,
    (ours, theirs): (&Item, &Item),
    now: Timestamp,
) -> Result<Option<(Item, Condition)>, Error> {
    let Some(key) = Key::of(ours) else { return Ok(None) };
    let id = key.sk.parse::<ResidentId>().map_err(|error| Error::new(Kind::Permanent, doing, error))?;
    let read = |item: &Item| decode::<ResidentItem>(doing, Some(item.clone()), now);
    let (Some(our_item), Some(their_item)) = (read(ours)?, read(theirs)?) else { return Ok(None) };
    let (our_end, their_end) = (our_item.expires, their_item.expires);
    let (our, their) = (our_item.into_domain(id.clone()), their_item.into_domain(id));
    let mut merged = our.value.clone();
    merged.merge(their.value);
    // When somebody is erased follows from how they stand.
    let expires = if merged.standing == our.value.standing { our_end } else { their_end };
    if merged == our.value && expires == our_end {
        return Ok(None);
    }
    let Resident { id: _, standing, since, settings } = merged;
    let item = ResidentItem { version: our.version + 1, standing, since, settings, expires };
    Ok(Some((encode(doing, &key, &item)?, Condition::Version(our.version))))
}

#[derive(Serialize, Deserialize)]
struct ChatItem {
    version: u64,
    conversation: Conversation,
    expires: i64,
}

impl Entity for ChatItem {
    const KIND: &'static str = "conversation";
    const V: u64 = 1;
}

#[derive(Serialize, Deserialize)]
struct EventItem {
    /// Gone once the answer is confirmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    way: Option<Way>,
    progress: StoredProgress,
    at: Timestamp,
    expires: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum StoredProgress {
    Unconfirmed,
    Confirmed,
}

impl Entity for EventItem {
    const KIND: &'static str = "event";
    const V: u64 = 1;
}

impl EventItem {
    fn of(commit: &Commit) -> Self {
        let (way, progress) = match &commit.way {
            Way::Silence => (None, StoredProgress::Confirmed),
            way @ (Way::Reply { .. } | Way::Push { .. }) => (Some(way.clone()), StoredProgress::Unconfirmed),
        };
        Self { way, progress, at: commit.now, expires: (commit.now + EVENT_LIFE).as_second() }
    }

    fn into_domain(self) -> Handled {
        let progress = match self.progress {
            StoredProgress::Unconfirmed => Progress::Unconfirmed,
            StoredProgress::Confirmed => Progress::Confirmed,
        };
        Handled { way: self.way.unwrap_or(Way::Silence), progress, at: self.at }
    }
}

#[derive(Serialize, Deserialize)]
pub(crate) struct QuestionItem {
    pub(crate) question: String,
    pub(crate) at: Timestamp,
    expires: i64,
}

impl Entity for QuestionItem {
    const KIND: &'static str = "question";
    const V: u64 = 1;
}
