//! The inbox queue in memory: the real way in on top of a queue that hands out again what failed, and gives it up at last.

use std::sync::Mutex;

use app::error::{Error, Kind};
use app::inbox::Letter;
use app::ports::{DeadLetter, DeadLetters};
use async_trait::async_trait;
use aws::lambda::{Arrival, handle_batch};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::city::{City, lock};

/// What failed is handed out again after this time. A test compares it with `template.yaml`.
pub const VISIBILITY: SignedDuration = SignedDuration::from_secs(36);
/// So often a letter is handed out before the queue gives it up. A test compares it with `template.yaml`.
pub const RECEPTIONS_MAX: usize = 600;
/// So many letters are handed out at once.
const BATCH_LETTERS_MAX: usize = 10;

/// The dead-letter queue as a function fills it.
#[derive(Default)]
pub struct TestDeadLetters(Mutex<Vec<DeadLetter>>);

impl TestDeadLetters {
    /// What lies in it.
    #[must_use]
    pub fn letters(&self) -> Vec<DeadLetter> {
        lock(&self.0).clone()
    }
}

#[async_trait]
impl DeadLetters for TestDeadLetters {
    async fn put(&self, letter: &DeadLetter) -> Result<(), Error> {
        lock(&self.0).push(letter.clone());
        Ok(())
    }
}

/// A letter that waits.
struct Waiting {
    letter: Letter,
    receptions: usize,
}

/// The inbox queue: FIFO, a group for each resident.
#[derive(Default)]
pub struct TestQueue {
    waiting: Vec<Waiting>,
    given_up: Vec<Letter>,
    buried: TestDeadLetters,
}

impl TestQueue {
    /// Puts a letter in.
    pub fn put(&mut self, letter: Letter) {
        self.waiting.push(Waiting { letter, receptions: 0 });
    }

    /// How many letters wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// How many letters lie in the dead-letter queue: those the queue gave up, and those the function put there itself.
    #[must_use]
    pub fn dead(&self) -> usize {
        self.given_up.len() + self.buried.letters().len()
    }

    /// Hands back what was given up, as an operator does when the trouble is over.
    pub fn redrive(&mut self) {
        self.waiting.extend(self.given_up.drain(..).map(|letter| Waiting { letter, receptions: 0 }));
    }

    /// Hands out every letter once, ten at a time, then lets the visibility time-out pass.
    pub async fn deliver(&mut self, city: &City) {
        for waiting in &mut self.waiting {
            waiting.receptions += 1;
        }
        let (given_up, due): (Vec<_>, Vec<_>) =
            self.waiting.drain(..).partition(|waiting| RECEPTIONS_MAX < waiting.receptions);
        self.given_up.extend(given_up.into_iter().map(|waiting| waiting.letter));
        for waiting in due {
            self.waiting.push(waiting);
        }
        let mut failed = Vec::new();
        for first in (0..self.waiting.len()).step_by(BATCH_LETTERS_MAX) {
            let last = self.waiting.len().min(first + BATCH_LETTERS_MAX);
            failed.extend(self.deliver_batch(city, first..last, &failed).await);
        }
        let mut index = 0;
        self.waiting.retain(|_| {
            index += 1;
            failed.contains(&(index - 1))
        });
        city.clock.advance(VISIBILITY);
    }

    /// Gives the letters that must come again. While one of a group is out, its later ones are not handed out.
    async fn deliver_batch(&self, city: &City, batch: std::ops::Range<usize>, failed: &[usize]) -> Vec<usize> {
        let group = |index: &usize| self.waiting[*index].letter.incoming.resident.as_str();
        let (held_back, handed_out): (Vec<_>, Vec<_>) =
            batch.partition(|index| failed.iter().any(|failed| group(failed) == group(index)));
        let records: Vec<Value> = handed_out
            .iter()
            .map(|index| {
                let attributes = json!({ "MessageGroupId": group(index) });
                json!({ "messageId": index.to_string(), "body": index.to_string(), "attributes": attributes })
            })
            .collect();
        let handler = |Arrival { body, .. }: Arrival| async move {
            let unreadable = |error| Error::new(Kind::Permanent, "open a letter", error);
            let index: usize = body.parse().map_err(unreadable)?;
            city.inbox.handle(&self.waiting[index].letter).await.map(drop)
        };
        let Ok(event) = serde_json::from_value(json!({ "Records": records })) else {
            unreachable!("the records are those of a queue");
        };
        let response = handle_batch(event, &self.buried, handler).await;
        let again = response.batch_item_failures.iter().filter_map(|failure| failure.item_identifier.parse().ok());
        again.chain(held_back).collect()
    }
}
