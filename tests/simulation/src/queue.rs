//! A queue: messages come at least once, in any order, and again if nobody says that they are done with.

use std::collections::{BTreeMap, BTreeSet};

use crate::random::Random;
use crate::world::Micros;

/// What names a message.
pub type MessageId = u64;

/// How a message reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// As all versions of the functions write and read it.
    Plain,
    /// As only the newer version reads it.
    Newer,
    /// Nobody can read it.
    Poison,
}

/// A message.
#[derive(Debug, Clone)]
pub struct Message<T> {
    /// What it asks for.
    pub asks: T,
    /// How it reads.
    pub body: Body,
    visible_at: Micros,
    receives: u32,
}

/// A queue and its dead letters.
#[derive(Debug, Clone)]
pub struct Queue<T> {
    messages: BTreeMap<MessageId, Message<T>>,
    by_time: BTreeSet<(Micros, MessageId)>,
    /// Put aside after too many receives, or strayed there.
    pub dead: Vec<T>,
    next: MessageId,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self { messages: BTreeMap::new(), by_time: BTreeSet::new(), dead: Vec::new(), next: 0 }
    }
}

impl<T: Clone> Queue<T> {
    /// Puts a message into it that can be received from then on.
    pub fn send(&mut self, asks: T, body: Body, visible_at: Micros) {
        self.next += 1;
        self.by_time.insert((visible_at, self.next));
        self.messages.insert(self.next, Message { asks, body, visible_at, receives: 0 });
    }

    /// Receives one of those that have waited longest, and hides it until then.
    pub fn receive(
        &mut self,
        now: Micros,
        hidden_until: Micros,
        receives_max: u32,
        random: &mut Random,
    ) -> Option<(MessageId, Message<T>)> {
        loop {
            let skip = random.index(4);
            let visible = self.by_time.iter().take_while(|(at, _)| *at <= now).take(skip + 1);
            let (_, id) = visible.last().copied()?;
            let worn_out = self.messages.get(&id).is_none_or(|message| receives_max <= message.receives);
            if worn_out {
                let message = self.delete(id);
                self.dead.extend(message.map(|message| message.asks));
                continue;
            }
            let message = self.messages.get_mut(&id)?;
            self.by_time.remove(&(message.visible_at, id));
            self.by_time.insert((hidden_until, id));
            message.visible_at = hidden_until;
            message.receives += 1;
            return Some((id, message.clone()));
        }
    }

    /// A message is done with.
    pub fn delete(&mut self, id: MessageId) -> Option<Message<T>> {
        let message = self.messages.remove(&id)?;
        self.by_time.remove(&(message.visible_at, id));
        Some(message)
    }

    /// When the next message can be received.
    #[must_use]
    pub fn next_visible(&self) -> Option<Micros> {
        self.by_time.first().map(|(at, _)| *at)
    }

    /// Whether it holds nothing, neither visible nor hidden nor delayed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }
}
