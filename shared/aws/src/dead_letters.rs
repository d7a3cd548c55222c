//! The dead-letter queue as the functions themselves fill it: with what fails for good, at once.

use app::error::{Error, Kind};
use app::ports::{DeadLetter, DeadLetters};
use async_trait::async_trait;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::MessageAttributeValue;

use crate::clients::Clients;
use crate::failure::failed;

/// The attribute of a message that says why it is here.
pub const WHY: &str = "why";

const SENDING: &str = "put a message into the dead-letter queue";

/// [`DeadLetters`] in SQS.
pub struct SqsDeadLetters {
    client: Client,
    url: String,
}

impl SqsDeadLetters {
    /// The queue at this URL.
    #[must_use]
    pub fn new(clients: &Clients, url: String) -> Self {
        Self { client: clients.sqs(), url }
    }
}

#[async_trait]
impl DeadLetters for SqsDeadLetters {
    /// In a FIFO queue the message is deduplicated by its id, as SQS itself does when it moves one here. By the
    /// deduplication id that it came with, one that was handed back and soon failed again would be taken for a copy and lost.
    async fn put(&self, letter: &DeadLetter) -> Result<(), Error> {
        let why = MessageAttributeValue::builder().data_type("String").string_value(&letter.why).build();
        let why = why.map_err(|error| Error::new(Kind::Permanent, SENDING, error))?;
        let call = self.client.send_message().queue_url(&self.url).message_body(&letter.body);
        let call = call.message_attributes(WHY, why).set_message_group_id(letter.group.clone());
        let call = call.set_message_deduplication_id(letter.group.as_ref().map(|_| letter.id.clone()));
        call.send().await.map(drop).map_err(|error| failed(SENDING, error))
    }
}
