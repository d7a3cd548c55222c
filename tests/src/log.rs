//! What a use case writes into the log while a test listens: levels, messages and fields.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::{DefaultGuard, set_default};
use tracing::{Event, Level, Metadata, Subscriber};

use crate::city::lock;

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// How grave it is.
    pub level: Level,
    /// Its words.
    pub message: String,
    /// Its fields, as they are written.
    pub fields: BTreeMap<String, String>,
}

impl Line {
    /// A field; empty where the line has none of this name.
    #[must_use]
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}

/// What was written since a test began to listen, on its own thread.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<Line>>>);

impl Log {
    /// Listens as long as the guard lives.
    #[must_use]
    pub fn listen() -> (Self, DefaultGuard) {
        let log = Self::default();
        (log.clone(), set_default(Listener(log)))
    }

    /// All lines, in order.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        lock(&self.0).clone()
    }

    /// The messages of the lines of this level, in order.
    #[must_use]
    pub fn messages(&self, level: Level) -> Vec<String> {
        self.lines().into_iter().filter(|line| line.level == level).map(|line| line.message).collect()
    }
}

struct Listener(Log);

impl Subscriber for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= Level::INFO
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut seen = Seen::default();
        event.record(&mut seen);
        let level = *event.metadata().level();
        lock(&self.0.0).push(Line { level, message: seen.message, fields: seen.fields });
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[derive(Default)]
struct Seen {
    message: String,
    fields: BTreeMap<String, String>,
}

impl Visit for Seen {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.fields.insert(field.name().to_owned(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let text = format!("{value:?}");
        if field.name() == "message" {
            self.message = text;
        } else {
            self.fields.insert(field.name().to_owned(), text);
        }
    }
}
