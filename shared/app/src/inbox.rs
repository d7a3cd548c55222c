//! One resident's event: answer it once, whatever is delivered twice, arrives late or dies half-way.
//!
//! The order is: read, decide, commit, speak, confirm. What a crash leaves behind after the commit is found by the next
//! delivery of the same event, which speaks by the way that was chosen then and by no other.

use std::sync::Arc;
use std::time::Duration;

use domain::conversation::{self, Incoming, Turn};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::error::{Chain, Error, Kind};
use crate::ports::{
    Clock, Commit, Committed, Conversations, Delivery, Handled, Messenger, Progress, ReplyToken, Towns, Way,
};

/// A reply token is trusted for this long after the webhook came in; the platform allows a minute.
pub const REPLY_TOKEN_LIFE: SignedDuration = SignedDuration::from_secs(50);
/// A redelivered event's token is of no use this long after the event itself; the platform allows 20 minutes.
pub const REPLY_EVENT_LIFE: SignedDuration = SignedDuration::from_mins(19);
/// No push goes out with a key that was first used longer ago than this; the platform remembers keys for 24 hours.
pub const RETRY_KEY_LIFE: SignedDuration = SignedDuration::from_hours(23);
/// How often a turn is decided anew because another writer was faster.
pub const RACES_MAX: usize = 5;
/// Waits between the attempts to speak within one delivery.
pub const SPEAK_WAITS: [Duration; 2] = [Duration::from_millis(200), Duration::from_millis(800)];

/// Retry keys of answers are computed in this namespace from the event's id.
const ANSWER_KEYS: Uuid = Uuid::from_u128(0x6b61_6972_616e_5f61_6e73_7765_725f_6b31);

/// An event as it reaches `inbox`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// What the resident did.
    pub incoming: Incoming,
    /// What allows one free answer, if the event brought it.
    pub reply_token: Option<ReplyToken>,
    /// When the webhook came in, by our clock.
    pub received_at: Timestamp,
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The answer went out now.
    Answered,
    /// Nothing had to be said.
    Silent,
    /// It had been answered before.
    AlreadyAnswered,
    /// The reply token was spent: an earlier attempt went out, or it was too late for this way.
    TokenSpent,
    /// The platform refused the answer for good.
    Refused,
    /// The answer was left unsaid because its retry key was too old to be safe.
    TooLate,
}

impl Outcome {
    /// The outcome in a word, for logs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Silent => "silent",
            Self::AlreadyAnswered => "already-answered",
            Self::TokenSpent => "token-spent",
            Self::Refused => "refused",
            Self::TooLate => "too-late",
        }
    }
}

/// The use case; it holds the ports.
pub struct Inbox {
    /// What is known of residents.
    pub conversations: Arc<dyn Conversations>,
    /// The way to their phones.
    pub messenger: Arc<dyn Messenger>,
    /// The town's data.
    pub towns: Arc<dyn Towns>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// What is left to do for an event after the table was asked.
enum Rest {
    /// Nothing.
    Done(Outcome),
    /// To speak.
    Speak(Way),
}

impl Inbox {
    /// Handles one event; an error means that the same event must be delivered again.
    pub async fn handle(&self, letter: &Letter) -> Result<Outcome, Error> {
        let outcome = match self.settle(letter).await? {
            Rest::Done(outcome) => outcome,
            Rest::Speak(way) => self.speak(letter, &way).await?,
        };
        tracing::info!(event.id = letter.incoming.event.as_str(), outcome = outcome.as_str(), "event handled");
        Ok(outcome)
    }

    /// Makes sure that the event is committed, and says what is left to do.
    async fn settle(&self, letter: &Letter) -> Result<Rest, Error> {
        let incoming = &letter.incoming;
        for _ in 0..RACES_MAX {
            let loaded = self.conversations.load(&incoming.resident, &incoming.event).await?;
            if let Some(handled) = loaded.handled {
                return self.resume(letter, handled).await;
            }
            let town = self.towns.current().await?;
            let now = self.clock.now();
            let resident = loaded.resident.as_ref().map(|stored| &stored.value);
            let state = loaded.conversation.as_ref().map(|stored| &stored.value);
            let turn = conversation::respond(&town, resident, state, incoming, now);
            let way = self.choose_way(letter, &turn, now)?;
            let commit = Commit {
                event: incoming.event.clone(),
                resident_id: incoming.resident.clone(),
                way: way.clone(),
                resident: turn.resident.map(|next| (next, loaded.resident.map(|stored| stored.version))),
                erase_resident_at: turn.erase_resident_at,
                conversation: turn.conversation.map(|next| (next, loaded.conversation.map(|stored| stored.version))),
                effects: turn.effects,
                now,
            };
            match self.conversations.commit(&commit).await? {
                Committed::Done => return Ok(Rest::Speak(way)),
                Committed::Raced => {}
            }
        }
        Err(Error::new(Kind::Transient, "commit the turn", "another writer was faster each time"))
    }

    /// Goes on where an earlier delivery of the same event stopped.
    async fn resume(&self, letter: &Letter, handled: Handled) -> Result<Rest, Error> {
        match handled.progress {
            Progress::Confirmed => Ok(Rest::Done(Outcome::AlreadyAnswered)),
            Progress::Unconfirmed => {
                let too_old = self.clock.now().duration_since(handled.at) > RETRY_KEY_LIFE;
                if too_old {
                    self.conversations.confirm(&letter.incoming.event).await?;
                    tracing::error!(
                        event.id = letter.incoming.event.as_str(),
                        "answer left unsaid: too late to be safe"
                    );
                    return Ok(Rest::Done(Outcome::TooLate));
                }
                Ok(Rest::Speak(handled.way))
            }
        }
    }

    fn choose_way(&self, letter: &Letter, turn: &Turn, now: Timestamp) -> Result<Way, Error> {
        if turn.replies.is_empty() {
            return Ok(Way::Silence);
        }
        let messages = self.messenger.compose(&turn.replies, &turn.choices)?;
        let fresh = now.duration_since(letter.received_at) < REPLY_TOKEN_LIFE
            && now.duration_since(letter.incoming.at) < REPLY_EVENT_LIFE;
        Ok(match &letter.reply_token {
            Some(token) if fresh => Way::Reply { token: token.clone(), messages },
            Some(_) | None => {
                let key = Uuid::new_v5(&ANSWER_KEYS, letter.incoming.event.as_str().as_bytes());
                Way::Push { key, messages }
            }
        })
    }

    /// Says what was committed, then confirms it.
    async fn speak(&self, letter: &Letter, way: &Way) -> Result<Outcome, Error> {
        let delivery = match way {
            Way::Silence => return Ok(Outcome::Silent),
            Way::Reply { .. } | Way::Push { .. } => self.deliver(letter, way).await?,
        };
        if let Err(error) = self.conversations.confirm(&letter.incoming.event).await {
            // The answer is out; another delivery of this event would meet a spent token or an accepted key.
            tracing::warn!(event.id = letter.incoming.event.as_str(), error = %Chain(&error), "answer not confirmed");
        }
        Ok(match delivery {
            Delivery::Accepted | Delivery::AlreadyAccepted => Outcome::Answered,
            Delivery::TokenSpent => {
                let event = letter.incoming.event.as_str();
                tracing::warn!(
                    event.id = event,
                    "reply token spent: an earlier attempt went out, or this answer is lost"
                );
                Outcome::TokenSpent
            }
            Delivery::Refused => {
                tracing::error!(event.id = letter.incoming.event.as_str(), "answer refused by the platform");
                Outcome::Refused
            }
        })
    }

    /// Tries a few times at once: a reply token would not outlive many redeliveries.
    async fn deliver(&self, letter: &Letter, way: &Way) -> Result<Delivery, Error> {
        for wait in SPEAK_WAITS {
            match self.attempt(letter, way).await {
                Err(error) if error.kind != Kind::Permanent => tokio::time::sleep(wait).await,
                settled => return settled,
            }
        }
        self.attempt(letter, way).await
    }

    async fn attempt(&self, letter: &Letter, way: &Way) -> Result<Delivery, Error> {
        match way {
            Way::Silence => Ok(Delivery::Accepted),
            Way::Reply { token, messages } => self.messenger.reply(token, messages).await,
            Way::Push { key, messages } => self.messenger.push(&letter.incoming.resident, messages, *key).await,
        }
    }
}
