//! Chats as their residents see them, kept for those who have one; the anonymous mass only counts.

use std::collections::{HashMap, VecDeque};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::people::Index;

/// At most this many chats are kept; residents beyond them have none.
const MAX_CHATS: usize = 20_000;
/// A chat forgets its oldest messages beyond this number.
const MAX_MESSAGES: usize = 1_000;

/// One message of a chat, in the form of the admin API.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Entry {
    /// Rises through all chats of the simulator.
    pub(crate) seq: u64,
    pub(crate) at: i64,
    /// `resident` or `account`.
    pub(crate) from: String,
    /// `webhook`, or the endpoint's name.
    pub(crate) via: String,
    pub(crate) message: Value,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) content_url: Option<String>,
}

/// The chat of one resident.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Chat {
    pub(crate) messages: VecDeque<Entry>,
    /// Messages of the account since the chat was last looked at.
    pub(crate) unread: u32,
}

/// All chats.
#[derive(Debug, Default)]
pub(crate) struct Chats {
    by_resident: HashMap<Index, Chat>,
    last_seq: u64,
}

impl Chats {
    /// Keeps a chat for this resident from now on, while there is room.
    pub(crate) fn open(&mut self, index: Index) {
        if self.by_resident.len() < MAX_CHATS {
            self.by_resident.entry(index).or_default();
        }
    }

    pub(crate) fn has(&self, index: Index) -> bool {
        self.by_resident.contains_key(&index)
    }

    pub(crate) fn get(&self, index: Index) -> Option<&Chat> {
        self.by_resident.get(&index)
    }

    pub(crate) fn mark_read(&mut self, index: Index) {
        if let Some(chat) = self.by_resident.get_mut(&index) {
            chat.unread = 0;
        }
    }

    /// Adds the entry (its `seq` is set here) if the resident has a chat, and gives it back as it stands there.
    pub(crate) fn add(&mut self, index: Index, mut entry: Entry) -> Option<&Entry> {
        let chat = self.by_resident.get_mut(&index)?;
        self.last_seq += 1;
        entry.seq = self.last_seq;
        chat.unread += u32::from(entry.from == "account");
        chat.messages.push_back(entry);
        if chat.messages.len() > MAX_MESSAGES {
            chat.messages.pop_front();
        }
        chat.messages.back()
    }

    pub(crate) fn all(&self) -> &HashMap<Index, Chat> {
        &self.by_resident
    }

    pub(crate) fn restore(&mut self, index: Index, chat: Chat) {
        self.last_seq = self.last_seq.max(chat.messages.back().map_or(0, |entry| entry.seq));
        self.by_resident.insert(index, chat);
    }
}
