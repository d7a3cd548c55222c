//! The inbox queue: residents' events on their way from `webhook` to `inbox`, in SQS, FIFO.

use std::borrow::Cow;

use app::error::{Error, Kind};
use app::ports::{InboxQueue, QueuedLetter};
use async_trait::async_trait;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{BatchResultErrorEntry, SendMessageBatchRequestEntry};
use http::StatusCode;

use crate::clients::Clients;
use crate::failure::{ROUNDS_MAX, failed, kind_of_code, pause_before};

/// SQS takes at most this many letters in one call.
pub const BATCH_LETTERS_MAX: usize = 10;
/// SQS takes at most this many bytes in one call, in every region and in the emulators.
pub const BATCH_BYTES_MAX: usize = 256 * 1024;

const SENDING: &str = "put letters into the inbox queue";

/// [`InboxQueue`] in SQS.
pub struct SqsInboxQueue {
    client: Client,
    url: String,
}

impl SqsInboxQueue {
    /// The FIFO queue at this URL.
    #[must_use]
    pub fn new(clients: &Clients, url: String) -> Self {
        Self { client: clients.sqs(), url }
    }

    /// Sends one batch; gives what the queue refuses for good.
    ///
    /// A letter that goes again can be overtaken by a later one of the same group that was taken at once. That
    /// does no harm: LINE itself promises no order, and `domain` decides by the events' own times.
    async fn send(&self, entries: Vec<SendMessageBatchRequestEntry>) -> Result<Vec<BatchResultErrorEntry>, Error> {
        send_batch(&self.client, SENDING, &self.url, entries).await
    }
}

/// Sends one batch, and again what the queue refused for the moment; gives what it refuses for good.
pub(crate) async fn send_batch(
    client: &Client,
    doing: &'static str,
    url: &str,
    mut entries: Vec<SendMessageBatchRequestEntry>,
) -> Result<Vec<BatchResultErrorEntry>, Error> {
    let mut refused_for_good = Vec::new();
    for round in 0..ROUNDS_MAX {
        if round > 0 {
            tokio::time::sleep(pause_before(round)).await;
        }
        let call = client.send_message_batch().queue_url(url).set_entries(Some(entries.clone()));
        let answer = call.send().await.map_err(|error| failed(doing, error))?;
        let (for_good, for_now): (Vec<_>, Vec<_>) = answer.failed.into_iter().partition(is_for_good);
        refused_for_good.extend(for_good);
        let Some(refusal) = for_now.first() else {
            return Ok(refused_for_good);
        };
        tracing::warn!(queue.refused = for_now.len(), queue.code = refusal.code(), round, "queue refused messages");
        entries.retain(|entry| for_now.iter().any(|refusal| refusal.id() == entry.id()));
    }
    Err(Error::new(Kind::Throttled, doing, "the queue refused messages again and again"))
}

/// Whether an entry is refused whenever it is sent. Whoever sends too fast is at fault, too, and may send later.
fn is_for_good(refusal: &BatchResultErrorEntry) -> bool {
    refusal.sender_fault() && kind_of_code(refusal.code(), StatusCode::BAD_REQUEST.as_u16()) == Kind::Permanent
}

/// An error, if a queue refused messages for good.
pub(crate) fn none_refused(doing: &'static str, refused: &[BatchResultErrorEntry]) -> Result<(), Error> {
    match refused.first() {
        None => Ok(()),
        Some(refusal) => {
            let cause = format!("the queue refused {} messages for good: {}", refused.len(), refusal.code());
            Err(Error::new(Kind::Permanent, doing, cause))
        }
    }
}

#[async_trait]
impl InboxQueue for SqsInboxQueue {
    async fn put(&self, letters: &[QueuedLetter]) -> Result<(), Error> {
        let mut refused = Vec::new();
        for batch in batches(letters) {
            let entries = batch.iter().enumerate().map(|(index, letter)| entry(index, letter));
            // A letter that is refused for good does not keep its neighbours from the queue.
            refused.extend(self.send(entries.collect::<Result<_, _>>()?).await?);
        }
        none_refused(SENDING, &refused)
    }
}

fn entry(index: usize, letter: &QueuedLetter) -> Result<SendMessageBatchRequestEntry, Error> {
    SendMessageBatchRequestEntry::builder()
        .id(index.to_string())
        .message_group_id(&letter.group)
        .message_deduplication_id(&letter.deduplication)
        .message_body(acceptable(&letter.body))
        .build()
        .map_err(|error| Error::new(Kind::Permanent, SENDING, error))
}

/// Cuts letters into runs that fit one call each. A letter that fits none goes alone, for the queue to refuse.
fn batches(letters: &[QueuedLetter]) -> Vec<&[QueuedLetter]> {
    let mut batches = Vec::new();
    let (mut start, mut bytes) = (0, 0);
    for (index, letter) in letters.iter().enumerate() {
        let full = index - start == BATCH_LETTERS_MAX || bytes + letter.body.len() > BATCH_BYTES_MAX;
        if full && start < index {
            batches.push(&letters[start..index]);
            (start, bytes) = (index, 0);
        }
        bytes += letter.body.len();
    }
    if start < letters.len() {
        batches.push(&letters[start..]);
    }
    batches
}

/// The body without the two characters that SQS refuses and JSON does not: written as JSON escapes instead.
fn acceptable(body: &str) -> Cow<'_, str> {
    const REFUSED: [char; 2] = ['\u{fffe}', '\u{ffff}'];
    if body.contains(REFUSED) {
        Cow::Owned(body.replace(REFUSED[0], "\\ufffe").replace(REFUSED[1], "\\uffff"))
    } else {
        Cow::Borrowed(body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(bytes: usize) -> QueuedLetter {
        QueuedLetter { group: "g".to_owned(), deduplication: "d".to_owned(), body: "x".repeat(bytes) }
    }

    fn sizes(bytes: &[usize]) -> Vec<usize> {
        let letters: Vec<_> = bytes.iter().copied().map(letter).collect();
        let batches = batches(&letters);
        assert_eq!(batches.concat(), letters, "nothing lost, nothing moved");
        batches.iter().map(|batch| batch.len()).collect()
    }

    #[test]
    fn letters_are_cut_by_number_and_by_bytes() {
        assert_eq!(sizes(&[]), [0; 0]);
        assert_eq!(sizes(&[1]), [1]);
        assert_eq!(sizes(&[1; 10]), [10]);
        assert_eq!(sizes(&[1; 21]), [10, 10, 1]);
        assert_eq!(sizes(&[BATCH_BYTES_MAX]), [1]);
        assert_eq!(sizes(&[BATCH_BYTES_MAX, 1]), [1, 1]);
        assert_eq!(sizes(&[BATCH_BYTES_MAX / 2, BATCH_BYTES_MAX / 2, 1]), [2, 1]);
        assert_eq!(sizes(&[1, BATCH_BYTES_MAX + 1, 1]), [1, 1, 1]);
    }

    #[test]
    fn characters_that_the_queue_refuses_become_escapes_of_the_same() {
        let odd = serde_json::to_string("a\u{fffe}b\u{ffff}c\u{1}d").unwrap();
        let sent = acceptable(&odd);
        assert!(!sent.contains(['\u{fffe}', '\u{ffff}', '\u{1}']));
        assert_eq!(serde_json::from_str::<String>(&sent).unwrap(), "a\u{fffe}b\u{ffff}c\u{1}d");
        assert!(matches!(acceptable("{\"text\":\"かんでんち\"}"), Cow::Borrowed(_)));
    }
}
