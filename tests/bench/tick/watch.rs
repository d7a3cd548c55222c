//! What functions ask of AWS, and when.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use serde_json::Value;

use crate::lock;

/// A call, as it was seen from outside of AWS.
pub(crate) struct Call {
    /// The action (`Query`), or the method where the service has none: the bucket.
    pub(crate) what: String,
    /// The partition that is asked for, the queue or the object.
    pub(crate) about: String,
    /// How many messages it puts into a queue.
    pub(crate) messages: usize,
    pub(crate) began: Instant,
    pub(crate) ended: Instant,
}

/// Who watches.
#[derive(Default)]
pub(crate) struct Watch {
    calls: Mutex<Vec<Call>>,
}

impl Call {
    /// Whether it reads the table.
    pub(crate) fn is_read(&self) -> bool {
        matches!(self.what.as_str(), "Query" | "GetItem" | "BatchGetItem")
    }

    /// Whether it reads residents.
    pub(crate) fn is_of_residents(&self) -> bool {
        self.about.starts_with("RESIDENT#")
    }

    /// Whether it puts messages into a queue of this name.
    pub(crate) fn is_to(&self, queue: &str) -> bool {
        0 < self.messages && self.about == queue
    }
}

impl Watch {
    /// The same AWS, watched.
    pub(crate) fn before(self: &Arc<Self>, aws: Router) -> Router {
        aws.layer(from_fn_with_state(Arc::clone(self), note))
    }

    /// The calls that have ended since they were taken last.
    pub(crate) fn take(&self) -> Vec<Call> {
        std::mem::take(&mut lock(&self.calls))
    }

    /// How many messages of those came into a queue.
    pub(crate) fn messages_to(&self, queue: &str) -> usize {
        lock(&self.calls).iter().filter(|call| call.is_to(queue)).map(|call| call.messages).sum()
    }
}

/// How long at least one of these calls was under way between two moments.
pub(crate) fn busy<'a>(calls: impl IntoIterator<Item = &'a Call>, from: Instant, to: Instant) -> Duration {
    let mut spans: Vec<_> = calls.into_iter().map(|call| (call.began.max(from), call.ended.min(to))).collect();
    spans.sort_unstable();
    let (mut busy, mut until) = (Duration::ZERO, from);
    for (began, ended) in spans {
        busy += ended.saturating_duration_since(began.max(until));
        until = until.max(ended);
    }
    busy
}

async fn note(State(watch): State<Arc<Watch>>, request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let body = match body.collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) => return (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
    };
    let (what, about, messages) = asked(&head, &body);
    let began = Instant::now();
    let answer = next.run(Request::from_parts(head, Body::from(body))).await;
    lock(&watch.calls).push(Call { what, about, messages, began, ended: Instant::now() });
    answer
}

fn asked(head: &Parts, body: &[u8]) -> (String, String, usize) {
    let target = head.headers.get("x-amz-target").and_then(|target| target.to_str().ok()?.split_once('.'));
    let Some((_, what)) = target else { return (head.method.to_string(), head.uri.path().to_owned(), 0) };
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let partition = body["ExpressionAttributeValues"][":pk"]["S"].as_str();
    let queue = body["QueueUrl"].as_str().and_then(name_of);
    let messages = body["Entries"].as_array().map_or(0, Vec::len);
    (what.to_owned(), partition.or(queue).unwrap_or_default().to_owned(), messages)
}

/// The name at the end of a queue's URL.
pub(crate) fn name_of(url: &str) -> Option<&str> {
    url.rsplit('/').next()
}
