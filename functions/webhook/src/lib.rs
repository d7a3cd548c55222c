//! What `webhook` answers: each outcome of a request from LINE, as an HTTP status.
//!
//! | status | when |
//! | --- | --- |
//! | 200 | every event is in the inbox queue (LINE's own trial has none) |
//! | 400 | LINE signed it, but it is no webhook |
//! | 401 | the signature is missing or wrong; nothing was queued |
//! | 405 | not a POST |
//! | 413 | the body is larger than any webhook |
//! | 503 | the secret could not be read, or the queue refused an event: LINE delivers again |

use std::sync::Arc;

use app::error::{Chain, Error};
use app::ports::{ChannelSecrets, Clock, InboxQueue, QueuedLetter};
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use line::webhook::{Refusal, receive};

/// The function's parts.
pub struct Webhook {
    /// The secret that LINE signs with.
    pub secrets: Arc<dyn ChannelSecrets>,
    /// Where events go.
    pub queue: Arc<dyn InboxQueue>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl Webhook {
    /// Answers one request, on whatever path.
    pub async fn answer(&self, request: Request<Bytes>) -> Response<String> {
        if *request.method() != Method::POST {
            let mut answer = empty(StatusCode::METHOD_NOT_ALLOWED);
            answer.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static("POST"));
            return answer;
        }
        let letters = match self.open(&request).await {
            Ok(Ok(letters)) => letters,
            Ok(Err(refusal)) => {
                tracing::warn!(webhook.bytes = request.body().len(), reason = %refusal, "webhook refused");
                return empty(status_of(refusal));
            }
            Err(error) => return not_taken(&[], &error),
        };
        if !letters.is_empty()
            && let Err(error) = self.queue.put(&letters).await
        {
            return not_taken(&letters, &error);
        }
        tracing::info!(webhook.events = letters.len(), event.ids = ids(&letters), "webhook taken");
        empty(StatusCode::OK)
    }

    /// Checks the request, a second time if the secret turns out to have been changed since it was read.
    async fn open(&self, request: &Request<Bytes>) -> Result<Result<Vec<QueuedLetter>, Refusal>, Error> {
        let signature = request.headers().get(line::signature::HEADER).and_then(|value| value.to_str().ok());
        let (body, now) = (request.body(), self.clock.now());
        let secret = self.secrets.current().await?;
        let first = receive(body, signature, &secret.channel_secret, now);
        if first != Err(Refusal::BadSignature) {
            return Ok(first);
        }
        let renewed = self.secrets.renewed(&secret).await?;
        Ok(if Arc::ptr_eq(&renewed, &secret) { first } else { receive(body, signature, &renewed.channel_secret, now) })
    }
}

fn not_taken(letters: &[QueuedLetter], error: &Error) -> Response<String> {
    tracing::error!(event.ids = ids(letters), error = %Chain(error), "webhook not taken, LINE must deliver it again");
    empty(StatusCode::SERVICE_UNAVAILABLE)
}

/// By which ids `inbox` writes of these events: the queue tells them apart by the same.
fn ids(letters: &[QueuedLetter]) -> String {
    letters.iter().map(|letter| letter.deduplication.as_str()).collect::<Vec<_>>().join(" ")
}

fn status_of(refusal: Refusal) -> StatusCode {
    match refusal {
        Refusal::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Refusal::MissingSignature | Refusal::BadSignature => StatusCode::UNAUTHORIZED,
        Refusal::NotAWebhook => StatusCode::BAD_REQUEST,
    }
}

fn empty(status: StatusCode) -> Response<String> {
    let mut answer = Response::new(String::new());
    *answer.status_mut() = status;
    answer
}

#[cfg(test)]
mod tests;
