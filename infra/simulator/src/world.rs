//! Everything the simulated platform knows, behind one lock; each part lives in a module of its own.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::sync::{Notify, Semaphore};

use crate::{
    api::narrowcast::Narrowcast,
    buckets::Buckets,
    chat::{Chats, Entry},
    clock::{Clock, real_now_ms},
    config::Config,
    contents::Contents,
    faults::Faults,
    ids::UserId,
    journal::Journal,
    limits::Limits,
    login::Visits,
    menus::Menus,
    people::{Index, People},
    sends::Sends,
    tokens::{ChannelTokens, ReplyTokens, RetryKeys},
    usage::Usage,
};

/// How many webhooks are under way at once.
const WEBHOOKS_AT_ONCE: usize = 32;

/// The state of the platform.
#[derive(Debug, Default)]
pub(crate) struct World {
    pub(crate) config: Config,
    pub(crate) clock: Clock,
    pub(crate) people: People,
    pub(crate) chats: Chats,
    pub(crate) sends: Sends,
    pub(crate) tokens: ChannelTokens,
    pub(crate) reply_tokens: ReplyTokens,
    pub(crate) retry_keys: RetryKeys,
    pub(crate) limits: Limits,
    pub(crate) buckets: Buckets,
    pub(crate) usage: Usage,
    pub(crate) menus: Menus,
    pub(crate) contents: Contents,
    pub(crate) faults: Faults,
    pub(crate) journal: Journal,
    pub(crate) visits: Visits,
    pub(crate) narrowcasts: HashMap<String, Narrowcast>,
    last_message: u64,
    /// Rises with every change that a saved file would show.
    pub(crate) revision: u64,
}

impl World {
    pub(crate) fn new(config: Config) -> Self {
        let mut world = Self { limits: config.limits.clone(), config, ..Self::default() };
        world.begin();
        world
    }

    /// Forgets everything but the configuration and the listeners of the stream.
    pub(crate) fn reset(&mut self) {
        let mut journal = std::mem::take(&mut self.journal);
        journal.clear();
        let revision = self.revision + 1;
        *self = Self { journal, revision, ..Self::new(std::mem::take(&mut self.config)) };
        self.journal.publish("reset", &json!({}));
    }

    fn begin(&mut self) {
        // Message ids are unique for ever on LINE: a simulator started later must not repeat those of an earlier one.
        self.last_message = real_now_ms().max(0).unsigned_abs() * 1_000;
        if let Some(token) = self.config.access_token.clone() {
            self.tokens.add_long_lived(token, self.clock.now());
        }
    }

    pub(crate) fn next_message(&mut self) -> u64 {
        self.last_message += 1;
        self.last_message
    }

    /// The resident of that id, as LINE writes ids.
    pub(crate) fn find(&self, user_id: &str) -> Option<Index> {
        self.people.find(UserId::parse(user_id)?)
    }

    /// Puts a message into the resident's chat, if they have one.
    pub(crate) fn say(&mut self, index: Index, from: &str, via: &str, message: Value, content_url: Option<String>) {
        let at = self.clock.now();
        let entry = Entry { seq: 0, at, from: from.to_owned(), via: via.to_owned(), message, content_url };
        let Some(entry) = self.chats.add(index, entry) else { return };
        self.revision += 1;
        if self.journal.listened_to()
            && let Some(resident) = self.people.get(index)
        {
            self.journal.publish("chat", &json!({ "userId": resident.id.to_string(), "message": entry }));
        }
    }

    /// The resident as the admin API shows them.
    pub(crate) fn resident(&self, index: Index) -> Value {
        let Some(resident) = self.people.get(index) else { return Value::Null };
        let mut shown = json!({
            "userId": resident.id.to_string(), "name": self.people.name(index), "status": resident.status.word(),
        });
        if let Some(chat) = self.chats.get(index) {
            shown["unread"] = json!(chat.unread);
        }
        shown
    }

    pub(crate) fn publish_resident(&self, index: Index) {
        if self.journal.listened_to() {
            self.journal.publish("resident", &self.resident(index));
        }
    }
}

/// The world and what works on it from outside: the HTTP client, the clock's bell, the places for webhooks.
#[derive(Debug)]
pub(crate) struct Platform {
    world: Mutex<World>,
    pub(crate) http: reqwest::Client,
    pub(crate) clock_moved: Notify,
    pub(crate) webhook_sent: Notify,
    pub(crate) webhook_slots: Semaphore,
}

impl Platform {
    pub(crate) fn new(world: World) -> reqwest::Result<Self> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .user_agent("LineBotWebhook/2.0");
        Ok(Self {
            world: Mutex::new(world),
            http: http.build()?,
            clock_moved: Notify::new(),
            webhook_sent: Notify::new(),
            webhook_slots: Semaphore::new(WEBHOOKS_AT_ONCE),
        })
    }

    /// The state; held for moments only, never across an `await`.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sleeps by the simulator's clock: moving the clock on ends it early.
    pub(crate) async fn sleep_until(&self, due_ms: i64) {
        loop {
            let moved = self.clock_moved.notified();
            tokio::pin!(moved);
            // Registered before the clock is read, so that no move is missed.
            moved.as_mut().enable();
            let (left_ms, frozen) = {
                let world = self.world();
                (due_ms.saturating_sub(world.clock.now()), world.clock.is_frozen())
            };
            if left_ms <= 0 {
                return;
            }
            if frozen {
                moved.await;
            } else {
                let left = Duration::from_millis(left_ms.unsigned_abs());
                let _ = tokio::time::timeout(left, moved).await;
            }
        }
    }
}
