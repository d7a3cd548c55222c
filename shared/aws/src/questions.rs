//! Unanswered questions in the table. They are written by [`crate::conversations`], one item per asking.
//!
//! | what | `PK` | `SK` | ends |
//! | --- | --- | --- | --- |
//! | what staff decided about a question | `QUESTION-HANDLED` | hash of the question | [`QUESTION_LIFE`] after that |

use std::sync::Arc;

use app::error::Error;
use app::ports::{Asked, Clock, Handling, Month, Questions};
use app::questions::hash;
use async_trait::async_trait;
use domain::audit::Act;
use serde::{Deserialize, Serialize};

use crate::audit::transact_with_act;
use crate::conversations::{QUESTION_LIFE, QuestionItem, questions_partition};
use crate::table::{Along, Condition, Entity, Key, Step, Table, Write, decode, encode};

const READING: &str = "read the unanswered questions";
const DECIDING: &str = "decide about an unanswered question";
const HANDLED: &str = "QUESTION-HANDLED";

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
}

#[async_trait]
impl Questions for TableQuestions {
    async fn asked(&self, month: Month, limit: usize) -> Result<Vec<Asked>, Error> {
        let items = self.table.some(READING, &questions_partition(month), Along::FromTheEnd, limit).await?;
        let now = self.clock.now();
        let asked = items.into_iter().map(|item| decode::<QuestionItem>(READING, Some(item), now));
        let asked = asked.filter_map(Result::transpose);
        asked.map(|item| item.map(|item| Asked { question: item.question, at: item.at })).collect()
    }

    async fn handled(&self) -> Result<Vec<Handling>, Error> {
        let items = self.table.partition(READING, HANDLED).await?;
        let now = self.clock.now();
        let handled = items.into_iter().map(|item| decode::<HandledItem>(READING, Some(item), now));
        handled.filter_map(|item| item.map(|item| item.map(|item| item.handling)).transpose()).collect()
    }

    async fn handle(&self, handling: &Handling, act: &Act) -> Result<(), Error> {
        let expires = (handling.at + QUESTION_LIFE).as_second();
        let item = encode(DECIDING, &key(&handling.key), &HandledItem { handling: handling.clone(), expires })?;
        let step = Step::Put(Write { item, condition: Condition::None });
        transact_with_act(&self.table, DECIDING, vec![step], act).await.map(drop)
    }

    async fn reopen(&self, question: &str, act: &Act) -> Result<(), Error> {
        transact_with_act(&self.table, DECIDING, vec![Step::Remove(key(question))], act).await.map(drop)
    }
}

fn key(question: &str) -> Key {
    Key::new(HANDLED, hash(question))
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
