//! The table of `inbox` in memory, and what is seen of each event that passes it.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use app::error::Error;
use app::inbox::Outcome;
use app::ports::{Commit, Committed, Conversations, Loaded, Messages, Way};
use async_trait::async_trait;
use domain::ids::{EventId, ResidentId};
use tests::city::TestTable;
use tests::reports::TestReports;
use uuid::Uuid;

use crate::lock;

/// What may be said to an event, by what is known from its commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Nothing.
    None,
    /// Something, by the reply token.
    Reply,
    /// Something, by a push.
    Push,
}

#[derive(Default)]
struct Seen {
    answers: HashMap<String, Answer>,
    /// The event that a reply token or a retry key belongs to.
    owners: HashMap<String, String>,
    outcomes: HashMap<String, Outcome>,
    /// Events over which a function was killed, or whose call had an end that nobody knows.
    cut: HashSet<String>,
}

/// The table and the watch over it.
pub(crate) struct Watch {
    table: TestTable,
    seen: Mutex<Seen>,
}

impl Watch {
    /// Over an empty table that files reports there.
    pub(crate) fn new(reports: Arc<TestReports>) -> Self {
        Self { table: TestTable::filing(reports), seen: Mutex::default() }
    }

    /// How an event ended, if it did not only meet its own earlier end.
    pub(crate) fn ended(&self, event: &EventId, outcome: Outcome) {
        if outcome != Outcome::AlreadyAnswered {
            lock(&self.seen).outcomes.insert(event.as_str().to_owned(), outcome);
        }
    }

    /// A function was killed over this event, or a call of it failed: it comes again.
    pub(crate) fn cut(&self, event: &str) {
        lock(&self.seen).cut.insert(event.to_owned());
    }

    /// Whether that happened.
    pub(crate) fn was_cut(&self, event: &str) -> bool {
        lock(&self.seen).cut.contains(event)
    }

    /// The event to which a reply token or a retry key belongs.
    pub(crate) fn owner(&self, of: &str) -> Option<String> {
        lock(&self.seen).owners.get(of).cloned()
    }

    /// What was decided to say to an event.
    pub(crate) fn answer(&self, event: &str) -> Option<Answer> {
        lock(&self.seen).answers.get(event).copied()
    }

    /// How an event ended last.
    pub(crate) fn outcome(&self, event: &str) -> Option<Outcome> {
        lock(&self.seen).outcomes.get(event).copied()
    }

    fn note(&self, event: &EventId, answer: Answer, by: Option<String>) {
        let mut seen = lock(&self.seen);
        seen.answers.insert(event.as_str().to_owned(), answer);
        if let Some(by) = by {
            seen.owners.insert(by, event.as_str().to_owned());
        }
    }
}

#[async_trait]
impl Conversations for Watch {
    async fn load(&self, resident: &ResidentId, event: &EventId) -> Result<Loaded, Error> {
        self.table.load(resident, event).await
    }

    async fn commit(&self, commit: &Commit) -> Result<Committed, Error> {
        let committed = self.table.commit(commit).await?;
        if committed == Committed::Done {
            let (answer, by) = match &commit.way {
                Way::Silence => (Answer::None, None),
                Way::Reply { token, .. } => (Answer::Reply, Some(token.0.clone())),
                Way::Push { key, .. } => (Answer::Push, Some(key.to_string())),
            };
            self.note(&commit.event, answer, by);
        }
        Ok(committed)
    }

    async fn confirm(&self, event: &EventId) -> Result<(), Error> {
        self.table.confirm(event).await
    }

    async fn push_instead(&self, event: &EventId, key: Uuid, messages: &Messages) -> Result<(), Error> {
        self.table.push_instead(event, key, messages).await?;
        self.note(event, Answer::Push, Some(key.to_string()));
        Ok(())
    }
}
