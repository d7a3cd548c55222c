//! What was sent to everybody, for everybody to read: the town's public page and its feed.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use domain::broadcast::Broadcast;
use domain::broadcast::content::placeholders::Placeholders;
use domain::broadcast::content::{Button, Content, Does, Message};
use domain::ids::{BroadcastId, DepartmentId};
use domain::language::Language;
use domain::resident::Switch;
use domain::town::Town;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use crate::error::{Chain, Error};
use crate::ports::broadcasts::{Broadcasts, Place, Shelf};
use crate::ports::{Clock, PictureAddresses, PictureUrls, Towns};

/// What was sent is read at most this often by each function that runs, however many look.
pub const READ_EVERY: SignedDuration = SignedDuration::from_mins(1);
/// So many of those that are being sent are looked at,
const SENDING_MAX: usize = 50;
/// and so many of those that have ended, the latest first: most go to segments, in a large city some tens a day.
const ENDED_MAX: usize = 1_000;
/// So many are shown; the rest is not looked for.
pub const SHOWN_MAX: usize = 300;
/// So many are read at a time.
const AT_ONCE: usize = 100;

/// The public page. What is read for it is kept for a minute: each function that runs reads once a minute, and so many run as are
/// needed to answer at once all who look.
pub struct PublicPage {
    broadcasts: Arc<dyn Broadcasts>,
    towns: Arc<dyn Towns>,
    pictures: Arc<dyn PictureAddresses>,
    clock: Arc<dyn Clock>,
    /// Held while reading, so that there is one reading at a time and the others wait for its result.
    held: Mutex<Option<Held>>,
}

#[derive(Clone)]
struct Held {
    sent: Arc<Vec<Sent>>,
    rest: Rest,
    read: Timestamp,
}

/// As much of a broadcast as is everybody's to know.
#[derive(Debug)]
struct Sent {
    id: BroadcastId,
    began: Timestamp,
    department: DepartmentId,
    content: Content,
}

/// What there is to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Those asked for, the latest first.
    pub published: Vec<Published>,
    /// How many there are in all.
    pub count: usize,
    /// Whether there may be more.
    pub rest: Rest,
}

/// What lies behind the last one that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// Nothing: it was the first that the town sent to all.
    Nothing,
    /// Older ones may be there, which are not shown.
    NotShown,
}

/// A broadcast as everybody may read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Which.
    pub id: BroadcastId,
    /// When it began to go.
    pub began: Timestamp,
    /// The name of the department whose it is; empty where the town has it no longer.
    pub department: String,
    /// In which language this is.
    pub language: Language,
    /// What it says.
    pub says: Vec<Said>,
}

/// One message of a broadcast, as far as a web page can show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Text; of a Flex Message that which is read where it cannot be shown.
    Text(String),
    /// A picture.
    Picture(PictureUrls),
    /// A title, a text and what its buttons open. Buttons that speak to the account are left out: here is nobody to answer.
    Buttons {
        /// The title; may be empty.
        title: String,
        /// The text.
        text: String,
        /// What the buttons open.
        links: Vec<Link>,
    },
}

/// A button that opens something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its label.
    pub label: String,
    /// `https:` or `tel:`.
    pub address: String,
}

impl PublicPage {
    /// The page over these.
    #[must_use]
    pub fn new(
        broadcasts: Arc<dyn Broadcasts>,
        towns: Arc<dyn Towns>,
        pictures: Arc<dyn PictureAddresses>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { broadcasts, towns, pictures, clock, held: Mutex::new(None) }
    }

    /// The town, if it wants such a page.
    pub async fn open(&self) -> Result<Option<Arc<Town>>, Error> {
        let town = self.towns.current().await?;
        Ok(match town.profile.sending.public_page {
            Switch::On => Some(town),
            Switch::Off => None,
        })
    }

    /// Those in a range, counted from the latest, in a language, or in Japanese where they do not speak it.
    ///
    /// Placeholders stand for what the town's data says now, as it does when a broadcast is approved: a telephone number that
    /// has changed since is the new one here, while phones keep what was sent.
    pub async fn find(&self, town: &Town, language: Language, range: Range<usize>) -> Result<Found, Error> {
        let Held { sent, rest, .. } = self.sent().await?;
        let asked = sent.iter().skip(range.start).take(range.len());
        let published = asked.filter_map(|sent| self.published(town, language, sent)).collect();
        Ok(Found { published, count: sent.len(), rest })
    }

    fn published(&self, town: &Town, language: Language, sent: &Sent) -> Option<Published> {
        let Sent { id, began, department, content } = sent;
        let placeholders = Placeholders::of(town, department);
        let wordings = &content.wordings;
        let wording = wordings.get_key_value(&language).or_else(|| wordings.get_key_value(&Language::Japanese));
        let (language, wording) = wording?;
        let content = Content { wordings: BTreeMap::from([(*language, wording.clone())]) }.filled(&placeholders);
        let messages = content.wordings.into_values().flat_map(|wording| wording.messages);
        let says = messages.map(|message| self.said(message)).collect();
        Some(Published {
            id: id.clone(),
            began: *began,
            department: placeholders.department,
            language: *language,
            says,
        })
    }

    fn said(&self, message: Message) -> Said {
        match message {
            Message::Text(text) | Message::Flex { alt: text, contents: _ } => Said::Text(text),
            Message::Picture(id) => Said::Picture(self.pictures.urls(&id)),
            Message::Buttons { title, text, buttons } => {
                Said::Buttons { title, text, links: buttons.into_iter().filter_map(link).collect() }
            }
        }
    }

    /// What was sent, read anew if it was read a minute ago or earlier.
    async fn sent(&self) -> Result<Held, Error> {
        let mut held = self.held.lock().await;
        let now = self.clock.now();
        // A clock that was set back counts as a minute gone by.
        if let Some(known) = held.as_ref()
            && now.duration_since(known.read).abs() < READ_EVERY
        {
            return Ok(known.clone());
        }
        let fresh = match (self.read(now).await, held.take()) {
            (Ok(fresh), _) => fresh,
            (Err(error), Some(known)) => {
                tracing::warn!(error = %Chain(&error), "what was sent could not be read again; the older is shown");
                Held { read: now, ..known }
            }
            (Err(error), None) => return Err(error),
        };
        Ok(held.insert(fresh).clone())
    }

    /// First those that are being sent: what ends in between is met again among those that have ended, and is not missed.
    async fn read(&self, now: Timestamp) -> Result<Held, Error> {
        let sending = self.broadcasts.on_shelf(Shelf::Sending, None, SENDING_MAX).await?;
        let mut sent: Vec<Sent> = sending.into_iter().filter_map(|(_, broadcast)| Sent::of(broadcast)).collect();
        let rest = self.ended(&mut sent).await?;
        sent.sort_by(|one, other| (other.began, &other.id).cmp(&(one.began, &one.id)));
        let mut seen = BTreeSet::new();
        sent.retain(|sent| seen.insert(sent.id.clone()));
        let rest = if SHOWN_MAX < sent.len() { Rest::NotShown } else { rest };
        sent.truncate(SHOWN_MAX);
        Ok(Held { sent: Arc::new(sent), rest, read: now })
    }

    /// Adds those that have ended, and says whether it has seen all of them.
    async fn ended(&self, sent: &mut Vec<Sent>) -> Result<Rest, Error> {
        let (mut before, mut looked_at): (Option<Place>, usize) = (None, 0);
        while looked_at < ENDED_MAX && sent.len() < SHOWN_MAX {
            let some = self.broadcasts.on_shelf(Shelf::Done, before.as_ref(), AT_ONCE).await?;
            looked_at += some.len();
            before = some.last().map(|(place, _)| place.clone());
            let is_last = some.len() < AT_ONCE;
            sent.extend(some.into_iter().filter_map(|(_, broadcast)| Sent::of(broadcast)));
            if is_last {
                return Ok(Rest::Nothing);
            }
        }
        Ok(Rest::NotShown)
    }
}

impl Sent {
    fn of(broadcast: Broadcast) -> Option<Self> {
        let began = broadcast.state.began().filter(|_| broadcast.is_public())?;
        let Broadcast { id, department, content, .. } = broadcast;
        Some(Self { id, began, department, content })
    }
}

/// What a button opens. Its address was checked before it went; the town's data in it may be another since.
fn link(button: Button) -> Option<Link> {
    match button.does {
        Does::Open(address) if ["https://", "tel:"].iter().any(|scheme| address.starts_with(scheme)) => {
            Some(Link { label: button.label, address })
        }
        Does::Open(_) | Does::Say(_) => None,
    }
}

#[cfg(test)]
mod tests;
