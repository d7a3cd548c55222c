//! The ports [`Messenger`], [`Reach`] and [`Quotas`] on LINE: what LINE's answers mean for a use case.

use app::error::{Error, Kind};
use app::ports::quota::{Quota, Quotas};
use app::ports::{Delivery, Messages, Messenger, Reach, Reached, ReplyToken, Undelivered};
use async_trait::async_trait;
use domain::ids::ResidentId;
use domain::reply::{Choice, Reply};
use uuid::Uuid;

use crate::client::error::LineError;
use crate::client::{self, Acceptance, Accepted, LineClient, RetryKey};
use crate::message::{MessageArray, Unfit};
use crate::render::render;

/// Speaks to residents through LINE.
#[derive(Debug, Clone)]
pub struct LineMessenger {
    pub(crate) client: LineClient,
}

impl LineMessenger {
    /// Speaks through this client.
    #[must_use]
    pub fn new(client: LineClient) -> Self {
        Self { client }
    }
}

#[async_trait]
impl Messenger for LineMessenger {
    fn compose(&self, replies: &[Reply], choices: &[Choice]) -> Result<Messages, Error> {
        let messages = render(replies, choices).map_err(|unfit| permanent("compose messages", unfit))?;
        Ok(Messages(messages.as_str().to_owned()))
    }

    async fn reply(&self, token: &ReplyToken, messages: &Messages) -> Result<Delivery, Undelivered> {
        const DOING: &str = "reply to a resident";
        let messages = parse(messages, DOING)?;
        delivery(self.client.reply(token, &messages).await, DOING)
    }

    async fn push(&self, to: &ResidentId, messages: &Messages, key: Uuid) -> Result<Delivery, Undelivered> {
        const DOING: &str = "push to a resident";
        let messages = parse(messages, DOING)?;
        delivery(self.client.push(to, &messages, RetryKey(key)).await, DOING)
    }
}

#[async_trait]
impl Reach for LineMessenger {
    async fn reaches(&self, resident: &ResidentId) -> Result<Reached, Error> {
        let profile = self
            .client
            .profile(resident)
            .await
            .map_err(|error| error.while_doing("look whether a phone is reached"))?;
        Ok(if profile.is_some() { Reached::Yes } else { Reached::No })
    }
}

#[async_trait]
impl Quotas for LineMessenger {
    async fn quota(&self) -> Result<Quota, Error> {
        const DOING: &str = "read how many messages the month has";
        match self.client.quota().await.map_err(|error| error.while_doing(DOING))? {
            client::Quota::Unlimited => Ok(Quota::Unlimited),
            client::Quota::Limited(limit) => {
                let used = self.client.quota_consumption().await.map_err(|error| error.while_doing(DOING))?;
                Ok(Quota::Limited { limit, used })
            }
        }
    }
}

fn parse(messages: &Messages, doing: &'static str) -> Result<MessageArray, Undelivered> {
    MessageArray::parse(messages.0.clone()).map_err(|unfit| Undelivered::NotTaken(permanent(doing, unfit)))
}

pub(crate) fn permanent(doing: &'static str, unfit: Unfit) -> Error {
    Error::new(Kind::Permanent, doing, unfit)
}

/// Whoever is at fault with 401 and 403 is the city's set-up, not the resident or the message: that is an error, to be
/// seen and repaired, after which the same call succeeds.
fn delivery(outcome: Result<Accepted, LineError>, doing: &'static str) -> Result<Delivery, Undelivered> {
    match outcome {
        Ok(Accepted { acceptance: Acceptance::Now, .. }) => Ok(Delivery::Accepted),
        Ok(Accepted { acceptance: Acceptance::Before { .. }, .. }) => Ok(Delivery::AlreadyAccepted),
        Err(LineError::Refused(refusal)) if refusal.is_token_spent() => Ok(Delivery::TokenSpent),
        Err(LineError::Refused(refusal)) if matches!(refusal.status, 400 | 404 | 410 | 413 | 415 | 422) => {
            tracing::warn!(
                line.status = refusal.status,
                line.request_id = refusal.request_id.as_ref().map(tracing::field::display),
                line.message = refusal.message.as_deref().unwrap_or_default(),
                "LINE refused a message for good"
            );
            Ok(Delivery::Refused)
        }
        Err(error) if error.lets_nobody_in() => Err(Undelivered::NotLetIn(Error::new(Kind::Transient, doing, error))),
        Err(error) if error.is_certain() => Err(Undelivered::NotTaken(error.while_doing(doing))),
        Err(error) => Err(Undelivered::Unknown(error.while_doing(doing))),
    }
}
