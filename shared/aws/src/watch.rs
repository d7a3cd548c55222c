//! What is on its way between the functions, and what failed there, in SQS: looked at, and handed back a message at a time.
//!
//! It is not `StartMessageMoveTask` that hands back: that moves all that lies in a dead-letter queue, as long as it takes, and says of
//! itself that it moves what SQS moved there, while the functions put messages there themselves
//! (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html>).

use std::collections::HashMap;

use app::error::{Error, Kind};
use app::ports::watch::{FailedLetter, Flow, FlowQueues, OnTheWay};
use async_trait::async_trait;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName, QueueAttributeName};

use crate::clients::Clients;
use crate::failure::failed;
use crate::queue::BATCH_LETTERS_MAX;
use crate::sending_queues::LaneUrls;

/// A call waits so long for messages, in seconds: one that does not wait asks some of the queue's servers only, and may find none
/// where there are some.
const WAIT_S: i32 = 1;
/// What was taken is hidden from others for so long, in seconds: longer than a page may take.
const TAKEN_FOR_S: i32 = 30;

const LOOKING: &str = "look at a queue";
const TAKING: &str = "take a dead letter";
const HANDING_BACK: &str = "hand a dead letter back";
const REMOVING: &str = "remove a dead letter";

/// A queue and its dead-letter queue, by their URLs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueUrls {
    /// What a function works off.
    pub queue: String,
    /// Where lies what it could not.
    pub dead_letters: String,
}

/// All queues, by their URLs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchedUrls {
    /// Residents' events; FIFO.
    pub inbox: QueueUrls,
    /// Photos of reports.
    pub photos: QueueUrls,
    /// What reporters are to hear.
    pub notices: QueueUrls,
    /// What other systems are to hear.
    pub changes: QueueUrls,
    /// Parts of broadcasts.
    pub parts: LaneUrls,
    /// Runs of broadcasts.
    pub runs: LaneUrls,
    /// What failed of both.
    pub sending_dead_letters: String,
}

/// [`FlowQueues`] in SQS.
pub struct SqsFlowQueues {
    client: Client,
    urls: WatchedUrls,
}

impl SqsFlowQueues {
    /// These queues.
    #[must_use]
    pub fn new(clients: &Clients, urls: WatchedUrls) -> Self {
        Self { client: clients.sqs(), urls }
    }

    /// The only queue of a flow and its dead-letter queue; `None` where it has several.
    fn pair(&self, flow: Flow) -> Option<&QueueUrls> {
        match flow {
            Flow::Inbox => Some(&self.urls.inbox),
            Flow::Photos => Some(&self.urls.photos),
            Flow::Notices => Some(&self.urls.notices),
            Flow::Changes => Some(&self.urls.changes),
            Flow::Sending => None,
        }
    }

    fn queues(&self, flow: Flow) -> Vec<&str> {
        let WatchedUrls { parts, runs, .. } = &self.urls;
        match self.pair(flow) {
            Some(urls) => vec![urls.queue.as_str()],
            None => [&parts.emergency, &parts.routine, &runs.emergency, &runs.routine].map(String::as_str).to_vec(),
        }
    }

    fn dead_letters(&self, flow: Flow) -> &str {
        self.pair(flow).map_or(self.urls.sending_dead_letters.as_str(), |urls| urls.dead_letters.as_str())
    }

    async fn count(&self, url: &str) -> Result<OnTheWay, Error> {
        const WAITING: QueueAttributeName = QueueAttributeName::ApproximateNumberOfMessages;
        const IN_HAND: QueueAttributeName = QueueAttributeName::ApproximateNumberOfMessagesNotVisible;
        const DELAYED: QueueAttributeName = QueueAttributeName::ApproximateNumberOfMessagesDelayed;
        let call = self.client.get_queue_attributes().queue_url(url);
        let call = call.set_attribute_names(Some(vec![WAITING, IN_HAND, DELAYED]));
        let answer = call.send().await.map_err(|error| failed(LOOKING, error))?;
        let counts = answer.attributes.unwrap_or_default();
        Ok(OnTheWay {
            waiting: number(&counts, &WAITING)?,
            in_hand: number(&counts, &IN_HAND)?,
            delayed: number(&counts, &DELAYED)?,
        })
    }
}

/// A queue that leaves a number out has said nothing: it is not taken for empty.
fn number(counts: &HashMap<QueueAttributeName, String>, name: &QueueAttributeName) -> Result<u64, Error> {
    let said = counts.get(name).and_then(|count| count.parse().ok());
    said.ok_or_else(|| Error::new(Kind::Transient, LOOKING, format!("the queue did not say {}", name.as_str())))
}

#[async_trait]
impl FlowQueues for SqsFlowQueues {
    async fn on_the_way(&self, flow: Flow) -> Result<OnTheWay, Error> {
        let mut all = OnTheWay::default();
        for url in self.queues(flow) {
            all = all.and(self.count(url).await?);
        }
        Ok(all)
    }

    async fn failed(&self, flow: Flow) -> Result<u64, Error> {
        Ok(self.count(self.dead_letters(flow)).await?.total())
    }

    async fn take(&self, flow: Flow, limit: usize) -> Result<Vec<FailedLetter>, Error> {
        let most = i32::try_from(limit.clamp(1, BATCH_LETTERS_MAX)).unwrap_or(1);
        let call = self.client.receive_message().queue_url(self.dead_letters(flow)).max_number_of_messages(most);
        let call = call.message_system_attribute_names(MessageSystemAttributeName::MessageGroupId);
        let call = call.wait_time_seconds(WAIT_S).visibility_timeout(TAKEN_FOR_S);
        let answer = call.send().await.map_err(|error| failed(TAKING, error))?;
        answer.messages.unwrap_or_default().into_iter().map(letter).collect()
    }

    /// In a FIFO queue it is deduplicated by the id that it has among the dead letters. By the one that it came with first, one that failed
    /// within five minutes would be taken for a copy and lost; by its own, only what was handed back twice is one.
    /// Its attribute [`WHY`](crate::dead_letters::WHY) stays behind: whoever works it off reads none, and gives it another if it fails again.
    async fn hand_back(&self, flow: Flow, letter: &FailedLetter) -> Result<(), Error> {
        let several = || Error::new(Kind::Permanent, HANDING_BACK, "the flow has several queues");
        let urls = self.pair(flow).ok_or_else(several)?;
        let call = self.client.send_message().queue_url(&urls.queue).message_body(&letter.body);
        let call = call.set_message_group_id(letter.group.clone());
        let call = call.set_message_deduplication_id(letter.group.as_ref().map(|_| letter.id.clone()));
        call.send().await.map(drop).map_err(|error| failed(HANDING_BACK, error))
    }

    async fn remove(&self, flow: Flow, letter: &FailedLetter) -> Result<(), Error> {
        let call = self.client.delete_message().queue_url(self.dead_letters(flow)).receipt_handle(&letter.receipt);
        call.send().await.map(drop).map_err(|error| failed(REMOVING, error))
    }
}

fn letter(message: Message) -> Result<FailedLetter, Error> {
    let missing = |what: &'static str| Error::new(Kind::Permanent, TAKING, format!("a message came without {what}"));
    let attributes = message.attributes.unwrap_or_default();
    Ok(FailedLetter {
        id: message.message_id.ok_or_else(|| missing("an id"))?,
        group: attributes.get(&MessageSystemAttributeName::MessageGroupId).cloned(),
        body: message.body.ok_or_else(|| missing("a body"))?,
        receipt: message.receipt_handle.ok_or_else(|| missing("a receipt"))?,
    })
}
