//! Unanswered questions in the table. They are written by [`crate::conversations`], one item per asking.
//!
//! | what | `PK` | `SK` | ends |
//! | --- | --- | --- | --- |
//! | what staff decided about a question | `QUESTION-HANDLED` | hash of the question | [`QUESTION_LIFE`] after that |
//! | how the questions of a month were counted | `QUESTION-COUNTS` | `<yyyy-mm>` | [`QUESTION_LIFE`] after that |

use std::sync::Arc;

use app::error::Error;
use app::ports::staff::Written;
use app::ports::{Asked, Clock, Handling, Month, Questions, SomeAsked, Versioned};
use app::questions::{Counts, hash};
use async_trait::async_trait;
use domain::audit::Act;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::audit::write_with_act;
use crate::conversations::{QUESTION_LIFE, QuestionItem, questions_partition};
use crate::table::{Along, Condition, Entity, Key, Page, Projection, Step, Table, Test, Write, decode, encode, text};

const READING: &str = "read the unanswered questions";
const COUNTING: &str = "count the unanswered questions";
const DECIDING: &str = "decide about an unanswered question";
const HANDLED: &str = "QUESTION-HANDLED";

/// All of an asking but its keys.
const ASKED: Projection<'static> = Projection {
    expression: "#kind, #v, #expires, #question, #at",
    names: &["kind", "v", "expires", "question", "at"],
};

/// [`Questions`] in the table.
pub struct TableQuestions {
    table: Table,
    clock: Arc<dyn Clock>,
}

impl TableQuestions {
    /// Kept in this table.
    #[must_use]
    pub fn new(table: Table, clock: Arc<dyn Clock>) -> Self {
        Self { table, clock }
    }

    async fn decide(&self, step: Step<'_>, act: &Act) -> Result<Written, Error> {
        write_with_act(&self.table, DECIDING, vec![step], Some(act)).await
    }
}

#[async_trait]
impl Questions for TableQuestions {
    async fn asked(&self, month: Month, after: Option<&str>) -> Result<SomeAsked, Error> {
        let Page { items, next } = self.table.page(READING, &questions_partition(month), after, ASKED).await?;
        let now = self.clock.now();
        let asked = items.into_iter().map(|item| decode::<QuestionItem>(READING, Some(item), now));
        let asked = asked.filter_map(Result::transpose);
        let asked = asked.map(|item| item.map(|item| Asked { question: item.question, at: item.at }));
        Ok(SomeAsked { asked: asked.collect::<Result<_, _>>()?, next })
    }

    async fn was_asked(&self, month: Month, key: &str) -> Result<bool, Error> {
        let first = format!("{}#", hash(key));
        let found = self.table.some(READING, &questions_partition(month), Along::After(&first), 1).await?;
        Ok(found.iter().filter_map(Key::of).any(|key| key.sk.starts_with(&first)))
    }

    async fn counts(&self, month: Month) -> Result<Option<Versioned<Counts>>, Error> {
        let item = self.table.get(COUNTING, &counts_key(month)).await?;
        let item = decode::<CountsItem>(COUNTING, item, self.clock.now())?;
        Ok(item.map(|item| Versioned { value: item.counts, version: item.version }))
    }

    async fn keep_counts(&self, month: Month, counts: &Counts, read: Option<u64>) -> Result<Written, Error> {
        let now = self.clock.now();
        let expires = (now + QUESTION_LIFE).as_second();
        let item = CountsItem { version: read.unwrap_or_default() + 1, counts: counts.clone(), expires };
        let condition = read.map_or(Condition::Absent(now), Condition::Version);
        let write = Write { item: encode(COUNTING, &counts_key(month), &item)?, condition };
        self.table.keep(COUNTING, vec![write]).await
    }

    async fn handled(&self) -> Result<Vec<Handling>, Error> {
        let items = self.table.partition(READING, HANDLED).await?;
        let now = self.clock.now();
        let handled = items.into_iter().map(|item| decode::<HandledItem>(READING, Some(item), now));
        handled.filter_map(|item| item.map(|item| item.map(|item| item.handling)).transpose()).collect()
    }

    async fn handle(&self, handling: &Handling, seen: Option<Timestamp>, act: &Act) -> Result<Written, Error> {
        let expires = (handling.at + QUESTION_LIFE).as_second();
        let item = encode(DECIDING, &key(&handling.key), &HandledItem { handling: handling.clone(), expires })?;
        let step = match seen {
            Some(at) => Step::Replace(item, decided_at(at)),
            None => Step::Put(Write { item, condition: Condition::Absent(self.clock.now()) }),
        };
        self.decide(step, act).await
    }

    async fn reopen(&self, question: &str, seen: Timestamp, act: &Act) -> Result<Written, Error> {
        self.decide(Step::Delete(key(question), decided_at(seen)), act).await
    }
}

/// The decision is the one of this time.
fn decided_at(at: Timestamp) -> Test<'static> {
    let values = vec![("at", text(&at.to_string()))];
    Test { condition: "#handling.#at = :at", names: &["handling", "at"], values }
}

fn key(question: &str) -> Key {
    Key::new(HANDLED, hash(question))
}

fn counts_key(month: Month) -> Key {
    Key::new("QUESTION-COUNTS", month.to_string())
}

#[derive(Serialize, Deserialize)]
struct CountsItem {
    version: u64,
    counts: Counts,
    expires: i64,
}

impl Entity for CountsItem {
    const KIND: &'static str = "question-counts";
    const V: u64 = 1;
}

#[derive(Serialize, Deserialize)]
struct HandledItem {
    handling: Handling,
    expires: i64,
}

impl Entity for HandledItem {
    const KIND: &'static str = "handled-question";
    const V: u64 = 1;
}
