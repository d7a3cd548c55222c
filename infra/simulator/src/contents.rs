//! Pictures, videos, audio and files that residents sent, until they are unsent or too old.

use std::collections::{HashMap, VecDeque};

use axum::body::Bytes;

use crate::people::Index;

/// Contents beyond this are forgotten, oldest first.
const MAX_BYTES: usize = 256 * 1024 * 1024;

/// What a resident sent.
#[derive(Clone, Debug)]
pub(crate) struct Content {
    pub(crate) owner: Index,
    /// `image`, `video`, `audio` or `file`.
    pub(crate) kind: &'static str,
    pub(crate) media_type: String,
    pub(crate) bytes: Bytes,
    /// From when on it can be downloaded.
    pub(crate) ready_ms: i64,
    pub(crate) unsent: bool,
}

/// All contents by message id.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    by_message: HashMap<u64, Content>,
    order: VecDeque<u64>,
    bytes: usize,
}

impl Contents {
    pub(crate) fn add(&mut self, message: u64, content: Content) {
        self.bytes += content.bytes.len();
        self.by_message.insert(message, content);
        self.order.push_back(message);
        while self.bytes > MAX_BYTES
            && let Some(oldest) = self.order.pop_front()
        {
            self.bytes -= self.by_message.remove(&oldest).map_or(0, |content| content.bytes.len());
        }
    }

    pub(crate) fn get(&self, message: &str) -> Option<&Content> {
        self.by_message.get(&message.parse().ok()?)
    }

    /// The resident takes the message back: from now on its content is gone.
    pub(crate) fn unsend(&mut self, message: &str) {
        if let Some(content) = message.parse().ok().and_then(|message| self.by_message.get_mut(&message)) {
            self.bytes -= content.bytes.len();
            content.bytes = Bytes::new();
            content.unsent = true;
        }
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = (u64, &Content)> {
        self.order.iter().filter_map(|message| Some((*message, self.by_message.get(message)?)))
    }
}
