//! The port [`Multicast`] on LINE: what LINE's answers to a multicast mean for the protocol of sending.

use app::ports::Messages;
use app::ports::broadcasts::Multicast;
use async_trait::async_trait;
use domain::sending::delivery::Answer;
use domain::sending::frozen::PackedId;
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

use crate::client::error::{LineError, Refusal, Throttle};
use crate::client::{self, Accepted, LineClient, Quota, RetryKey};

/// Sends to very many residents through LINE. Calls may be under way in any number: the client opens as many connections.
#[derive(Debug, Clone)]
pub struct LineMulticaster {
    client: LineClient,
}

impl LineMulticaster {
    /// Sends through this client, which is to be [patient](crate::config::Timeouts::patient).
    #[must_use]
    pub fn new(client: LineClient) -> Self {
        Self { client }
    }

    /// Whether the month's messages do not suffice for so many residents. LINE says 429 as well while another delivery has
    /// reserved what is left, and its words may change: the numbers decide. Unknown, they count as sufficient: the call comes again.
    async fn is_quota_spent(&self, residents: usize) -> bool {
        let Ok(Quota::Limited(limit)) = self.client.quota().await else { return false };
        let Ok(used) = self.client.quota_consumption().await else { return false };
        limit.saturating_sub(used) < u64::try_from(residents).unwrap_or(u64::MAX)
    }

    async fn throttled(&self, refusal: &Refusal, residents: usize, deadline: Instant) -> Answer {
        let spent = match refusal.throttle() {
            Some(Throttle::Quota | Throttle::Unknown) => {
                timeout_at(deadline, self.is_quota_spent(residents)).await.unwrap_or(false)
            }
            Some(Throttle::Rate | Throttle::Concurrent | Throttle::SameUser) | None => false,
        };
        if spent { Answer::QuotaSpent } else { Answer::TooFast }
    }
}

#[async_trait]
impl Multicast for LineMulticaster {
    async fn multicast(&self, to: &[PackedId], messages: &Messages, key: [u8; 16]) -> Answer {
        // One deadline over everything: the token, the call, and the questions after it.
        let deadline = Instant::now() + self.client.timeouts.call;
        let outcome = match client::Multicast::new(to, messages) {
            Ok(body) => {
                let call = self.client.multicast(&body, RetryKey(Uuid::from_bytes(key)));
                timeout_at(deadline, call).await
            }
            Err(unfit) => Ok(Err(unfit)),
        };
        let error = match outcome {
            Ok(Ok(accepted)) => return taken(&accepted),
            Ok(Err(error)) => error,
            Err(_) => return Answer::Unclear,
        };
        match error {
            LineError::Refused(refusal) if refusal.status == 429 => self.throttled(&refusal, to.len(), deadline).await,
            error => {
                tracing::warn!(line.error = error.chain(), "a multicast was not accepted");
                meaning(&error, to.len())
            }
        }
    }
}

fn taken(accepted: &Accepted) -> Answer {
    Answer::Accepted { request: accepted.delivery_id().map(ToString::to_string) }
}

/// What an error other than 429 means.
fn meaning(error: &LineError, residents: usize) -> Answer {
    match error {
        LineError::Refused(refusal) => match refusal.status {
            400 => bad_ids(refusal, residents).map_or(Answer::Refused(400), Answer::BadIds),
            // After one try with a new token.
            401 => Answer::Unauthorized,
            408 => Answer::Unclear,
            status @ 400..=499 => Answer::Refused(status),
            _ => Answer::Unclear,
        },
        LineError::Unclear(_) | LineError::Unreadable { .. } | LineError::TooLarge(_) => Answer::Unclear,
        // LINE does not take our secret: no call can be made until somebody has put in the right one.
        LineError::NoToken(cause)
            if cause.refusal().is_some_and(|refusal| matches!(refusal.status, 400 | 401 | 403)) =>
        {
            Answer::Unauthorized
        }
        LineError::Unreachable(_) | LineError::NoToken(_) | LineError::Credentials(_) | LineError::Unfit(_) => {
            Answer::Unreached
        }
    }
}

/// The ids that LINE names, if it names any of those that were sent.
fn bad_ids(refusal: &Refusal, residents: usize) -> Option<Vec<u16>> {
    let named = refusal.bad_recipients().into_iter().filter(|index| *index < residents);
    let named: Vec<u16> = named.filter_map(|index| u16::try_from(index).ok()).collect();
    (!named.is_empty()).then_some(named)
}
