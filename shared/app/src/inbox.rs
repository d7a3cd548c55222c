//! One resident's event: answer it once, whatever is delivered twice, arrives late or dies half-way.
//!
//! The order is: read, decide, commit, speak, confirm. What a crash leaves behind after the commit is found by the next
//! delivery of the same event, which speaks by the way that is stored and by no other. The way changes in one case only:
//! see [`Inbox::push_instead`].

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use domain::audit::{Act, Action, Actor};
use domain::conversation::{
    self, Background, CodeShown, Conversation, Deed, Effect, Incoming, OWN_REPORTS_MAX, OwnReport, ReportLinks, Turn,
};
use domain::ids::{PhotoId, ReportId};
use domain::report::photo::{Photo, PhotoState};
use domain::report::place::Point;
use futures_util::future::try_join_all;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::error::{Chain, Error, Kind};
use crate::ports::reports::{ChangeJob, PhotoJob, ReportJobs, Reports};
use crate::ports::staff::{Connected, PhoneCode, PhoneCodes, Written};
use crate::ports::{
    Clock, Commit, Committed, Conversations, Delivery, Handled, Messenger, Progress, ReplyToken, Towns, Undelivered,
    Way,
};
use crate::report::withdraw::withdraw;

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
    /// The codes by which staff connect their phones.
    pub phone_codes: Arc<dyn PhoneCodes>,
    /// The damage reports of residents, and their photos.
    pub reports: Arc<dyn Reports>,
    /// Where photos wait to be fetched.
    pub jobs: Arc<dyn ReportJobs>,
    /// Links to the pages on which reports are made and seen, if there are such.
    pub links: Option<ReportLinks>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// What is left to do for an event after the table was asked.
enum Rest {
    /// Nothing.
    Done(Outcome),
    /// To speak for the first time: this very invocation has committed the event.
    Speak(Way),
    /// To speak, as an earlier invocation perhaps did already.
    SpeakAgain(Way),
}

impl Inbox {
    /// Handles one event; an error means that the same event must be delivered again.
    pub async fn handle(&self, letter: &Letter) -> Result<Outcome, Error> {
        let outcome = match self.settle(letter).await? {
            Rest::Done(outcome) => outcome,
            Rest::Speak(way) => match self.speak(letter, &way).await {
                Ok(outcome) => outcome,
                Err(undelivered) => return Err(self.push_instead(letter, &way, undelivered).await),
            },
            Rest::SpeakAgain(way) => self.speak(letter, &way).await.map_err(Undelivered::error)?,
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
            let incoming = match self.look_up_reports(letter).await? {
                Some(incoming) => Cow::Owned(incoming),
                None => self.look_up_code(letter, state, now).await?,
            };
            let photo_places = self.look_up_photo_places(state, &incoming.deed).await?;
            let background = Background { town: &town, links: self.links.as_ref(), photo_places: &photo_places };
            let turn = conversation::respond(background, resident, state, &incoming, now);
            let way = self.choose_way(letter, &turn, now)?;
            self.put_jobs(&incoming, &turn.effects).await?;
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
        Err(Error::new(Kind::Transient, "commit the turn", "others were writing the same each time"))
    }

    /// What the resident did; where they wrote a code that connects their phone, the phone is connected by now.
    ///
    /// The next delivery of the event finds the same code connected to the same phone, and gives the same answer. A code
    /// counts as of when it was typed, however long the event took to get here.
    async fn look_up_code<'a>(
        &self,
        letter: &'a Letter,
        state: Option<&Conversation>,
        now: Timestamp,
    ) -> Result<Cow<'a, Incoming>, Error> {
        let incoming = &letter.incoming;
        let Deed::Said(text) = &incoming.deed else { return Ok(Cow::Borrowed(incoming)) };
        let Some(code) = conversation::phone_code(text).map(PhoneCode) else { return Ok(Cow::Borrowed(incoming)) };
        let shown = if state.is_none_or(|state| state.may_try_code(now)) {
            self.connect_phone(letter, &code).await?
        } else {
            CodeShown::NotLookedUp
        };
        tracing::info!(event.id = incoming.event.as_str(), code = ?shown, "a code was typed");
        Ok(Cow::Owned(Incoming { deed: Deed::ShowedCode(shown), ..incoming.clone() }))
    }

    async fn connect_phone(&self, letter: &Letter, code: &PhoneCode) -> Result<CodeShown, Error> {
        let at = letter.received_at;
        let Some(owner) = self.phone_codes.owner(code, at).await? else { return Ok(CodeShown::Wrong) };
        let act = Act {
            at,
            subject: format!("staff/{owner}"),
            actor: Actor::Staff(owner),
            action: Action::ConnectPhone,
            department: None,
            before: String::new(),
            after: String::new(),
        };
        Ok(match self.phone_codes.connect(code, &letter.incoming.resident, &act).await? {
            Connected::Done => CodeShown::Right,
            Connected::NoSuchCode => CodeShown::Wrong,
        })
    }

    /// What the resident did, where they asked how their reports stand: with those reports.
    async fn look_up_reports(&self, letter: &Letter) -> Result<Option<Incoming>, Error> {
        let incoming = &letter.incoming;
        if !conversation::asks_for_reports(&incoming.deed) {
            return Ok(None);
        }
        let ids = self.reports.of_resident(&incoming.resident, OWN_REPORTS_MAX).await?;
        let found = try_join_all(ids.iter().map(|id| self.reports.find(id))).await?;
        // Where it is found changes a moment before the report itself: it may not be theirs any more.
        let is_theirs = |report: &domain::report::Report| report.hears().any(|who| *who == incoming.resident);
        let own = found.into_iter().flatten().map(|read| read.value).filter(is_theirs);
        let deed = Deed::AskedReports(own.map(|report| OwnReport::of(&report)).collect());
        Ok(Some(Incoming { deed, ..incoming.clone() }))
    }

    /// The places that stand in the photos of the report that is being made, where they may be offered.
    async fn look_up_photo_places(&self, state: Option<&Conversation>, deed: &Deed) -> Result<Vec<Point>, Error> {
        let ids = conversation::asks_for_photo_places(state, deed);
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let photos = self.reports.photos(&ids).await?;
        Ok(photos.iter().filter_map(|photo| photo.value.gps()).collect())
    }

    /// Announces the photos of a turn, withdraws those that were taken back, and announces a report, before the turn itself is written: a
    /// crash between leaves a photo that no report names, which is forgotten in time, and never a report whose photo nobody fetches.
    async fn put_jobs(&self, incoming: &Incoming, effects: &[Effect]) -> Result<(), Error> {
        for effect in effects {
            match effect {
                Effect::FilePhoto { report, photo, message } => {
                    self.announce(incoming, report, photo, message).await?;
                }
                Effect::WithdrawPhoto(photo) => withdraw(&*self.reports, &*self.jobs, photo).await?,
                Effect::FileReport(report) => self.jobs.put_change(&ChangeJob::of(report)).await?,
                Effect::KeepQuestion(_) | Effect::NoteUnfollow(_) => {}
            }
        }
        Ok(())
    }

    /// First the job that fetches the photo, then the photo that it is about.
    async fn announce(
        &self,
        incoming: &Incoming,
        report: &ReportId,
        photo: &PhotoId,
        message: &str,
    ) -> Result<(), Error> {
        self.jobs.put_photo(&PhotoJob::Sent { photo: photo.clone(), message: message.to_owned() }).await?;
        let photo = Photo {
            id: photo.clone(),
            report: report.clone(),
            by: Some(incoming.resident.clone()),
            at: incoming.at,
            state: PhotoState::Waiting,
        };
        match self.reports.put_photo(&photo, None).await? {
            // An earlier delivery has announced it. Nobody else writes this photo now: the queue hands out one event of a resident at a time.
            Written::Done | Written::Raced => Ok(()),
        }
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
                Ok(Rest::SpeakAgain(handled.way))
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
            Some(_) | None => Way::Push { key: answer_key(letter), messages },
        })
    }

    /// Says what was committed, then confirms it.
    async fn speak(&self, letter: &Letter, way: &Way) -> Result<Outcome, Undelivered> {
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

    /// Lets the next delivery push what this one could not say, where its reply was certainly not taken: by then the
    /// token is most likely dead. Gives the failure, after which the event comes again.
    ///
    /// This says nothing twice, because nobody else can have used the token between the commit and now. Only the
    /// invocation that committed the event comes here, and all its attempts were refused for certain. No other invocation
    /// works on the event meanwhile: the queue hands out the next message of a resident's group, a copy of this one
    /// included, when this one is settled or its visibility time-out of 36 s is over, and a function ends after 6 s. Who
    /// finds an unconfirmed reply in the table knows nothing of the attempts before, and never changes it.
    async fn push_instead(&self, letter: &Letter, way: &Way, undelivered: Undelivered) -> Error {
        if let (Way::Reply { messages, .. }, Undelivered::NotTaken(_) | Undelivered::NotLetIn(_)) = (way, &undelivered)
        {
            let event = &letter.incoming.event;
            match self.conversations.push_instead(event, answer_key(letter), messages).await {
                Ok(()) => tracing::warn!(event.id = event.as_str(), "reply not taken: it goes out as a push"),
                Err(error) => {
                    tracing::warn!(event.id = event.as_str(), error = %Chain(&error), "reply not taken: its token may die");
                }
            }
        }
        undelivered.error()
    }

    /// Tries a few times at once: a reply token would not outlive many redeliveries. The failure is certain
    /// ([`Undelivered::NotTaken`]) only if that of every attempt was.
    async fn deliver(&self, letter: &Letter, way: &Way) -> Result<Delivery, Undelivered> {
        let mut waits = SPEAK_WAITS.iter();
        let mut earlier: Option<Undelivered> = None;
        loop {
            let failure = match (self.attempt(letter, way).await, earlier) {
                // It has died of age between two attempts, or an earlier delivery has used it: the next one will tell.
                (Ok(Delivery::TokenSpent), Some(Undelivered::NotTaken(error) | Undelivered::NotLetIn(error))) => {
                    return Err(Undelivered::NotTaken(error));
                }
                (Ok(delivery), _) => return Ok(delivery),
                (Err(latest), Some(Undelivered::Unknown(_))) => Undelivered::Unknown(latest.error()),
                (Err(latest), Some(Undelivered::NotTaken(_) | Undelivered::NotLetIn(_)) | None) => latest,
            };
            match waits.next() {
                Some(wait) if failure.kind() != Kind::Permanent => tokio::time::sleep(*wait).await,
                Some(_) | None => return Err(failure),
            }
            earlier = Some(failure);
        }
    }

    async fn attempt(&self, letter: &Letter, way: &Way) -> Result<Delivery, Undelivered> {
        match way {
            Way::Silence => Ok(Delivery::Accepted),
            Way::Reply { token, messages } => self.messenger.reply(token, messages).await,
            Way::Push { key, messages } => self.messenger.push(&letter.incoming.resident, messages, *key).await,
        }
    }
}

/// The retry key of an event's answer: the same whenever it is asked for.
fn answer_key(letter: &Letter) -> Uuid {
    Uuid::new_v5(&ANSWER_KEYS, letter.incoming.event.as_str().as_bytes())
}
