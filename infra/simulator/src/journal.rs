//! What went in and out: the last API calls and webhooks, and the live stream of the phone page.

use std::{collections::VecDeque, sync::Arc};

use axum::body::Bytes;
use serde_json::{Value, json};
use tokio::sync::broadcast;

/// Bodies beyond this are cut in the journal.
const MAX_BODY: usize = 8 * 1024;
const MAX_CALLS: usize = 20_000;
const MAX_WEBHOOKS: usize = 2_000;
/// A listener who is further behind than this misses events.
const STREAM_CAPACITY: usize = 4_096;

/// One API call.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) at: i64,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) status: u16,
    pub(crate) request_id: String,
    pub(crate) retry_key: Option<String>,
    pub(crate) accepted_request_id: Option<String>,
    pub(crate) ms: u64,
    pub(crate) request: Bytes,
    pub(crate) response: Bytes,
    /// The fault that struck.
    pub(crate) fault: Option<String>,
    /// A mistake of the caller that LINE itself would not notice.
    pub(crate) warning: Option<String>,
}

impl Call {
    fn json(&self, seq: u64) -> Value {
        let mut call = json!({
            "seq": seq, "at": self.at, "method": self.method, "path": self.path, "status": self.status,
            "requestId": self.request_id, "ms": self.ms,
        });
        let optional = [
            ("retryKey", self.retry_key.clone().map(Value::from)),
            ("acceptedRequestId", self.accepted_request_id.clone().map(Value::from)),
            ("fault", self.fault.clone().map(Value::from)),
            ("warning", self.warning.clone().map(Value::from)),
            ("request", readable(&self.request)),
            ("response", readable(&self.response)),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                call[name] = value;
            }
        }
        call
    }
}

/// One attempt to deliver a webhook.
#[derive(Clone, Debug)]
pub(crate) struct Webhook {
    pub(crate) at: i64,
    pub(crate) body: Arc<str>,
    pub(crate) status: Option<u16>,
    pub(crate) error: Option<String>,
    pub(crate) ms: u64,
    pub(crate) redelivery: bool,
}

impl Webhook {
    fn json(&self, seq: u64) -> Value {
        let mut webhook = json!({
            "seq": seq, "at": self.at, "status": self.status, "ms": self.ms, "redelivery": self.redelivery,
            "body": serde_json::from_str::<Value>(&self.body).unwrap_or(Value::Null),
        });
        if let Some(error) = &self.error {
            webhook["error"] = json!(error);
        }
        webhook
    }
}

/// JSON bodies as JSON, long ones cut to their beginning, others not at all.
fn readable(body: &Bytes) -> Option<Value> {
    if body.is_empty() {
        return None;
    }
    if body.len() > MAX_BODY {
        let beginning = String::from_utf8_lossy(&body[..MAX_BODY / 4]).into_owned();
        return Some(json!(format!("{beginning}… ({} bytes)", body.len())));
    }
    serde_json::from_slice(body).ok().or_else(|| std::str::from_utf8(body).ok().map(|text| json!(text)))
}

/// The last entries of a kind, numbered from 1.
#[derive(Debug)]
struct Ring<T> {
    entries: VecDeque<T>,
    last_seq: u64,
    capacity: usize,
}

impl<T> Ring<T> {
    fn new(capacity: usize) -> Self {
        Self { entries: VecDeque::new(), last_seq: 0, capacity }
    }

    fn add(&mut self, entry: T) -> u64 {
        self.last_seq += 1;
        self.entries.push_back(entry);
        if self.entries.len() > self.capacity {
            self.entries.pop_front();
        }
        self.last_seq
    }

    fn after(&self, seq: u64, limit: usize) -> impl Iterator<Item = (u64, &T)> {
        let first = self.last_seq - u64::try_from(self.entries.len()).unwrap_or(0) + 1;
        let skip = usize::try_from((seq + 1).saturating_sub(first)).unwrap_or(usize::MAX);
        (first..).zip(&self.entries).skip(skip).take(limit)
    }
}

/// An event of the live stream: its name and its data as JSON text.
pub(crate) type StreamEvent = (&'static str, Arc<str>);

/// The journal.
#[derive(Debug)]
pub(crate) struct Journal {
    calls: Ring<Call>,
    webhooks: Ring<Webhook>,
    stream: broadcast::Sender<StreamEvent>,
}

impl Default for Journal {
    fn default() -> Self {
        Self {
            calls: Ring::new(MAX_CALLS),
            webhooks: Ring::new(MAX_WEBHOOKS),
            stream: broadcast::Sender::new(STREAM_CAPACITY),
        }
    }
}

impl Journal {
    pub(crate) fn call(&mut self, mut call: Call) {
        if call.request.len() > MAX_BODY {
            // The beginning is all that will be shown: do not hold the rest in memory.
            let length = call.request.len();
            let beginning = String::from_utf8_lossy(&call.request[..MAX_BODY / 4]).into_owned();
            call.request = Bytes::from(format!("{beginning}… ({length} bytes)"));
        }
        if call.response.len() > MAX_BODY {
            call.response = Bytes::from(format!("({} bytes)", call.response.len()));
        }
        let entry = self.listened_to().then(|| call.clone());
        let seq = self.calls.add(call);
        if let Some(entry) = entry {
            self.publish("call", &entry.json(seq));
        }
    }

    pub(crate) fn webhook(&mut self, webhook: Webhook) {
        let entry = self.listened_to().then(|| webhook.clone());
        let seq = self.webhooks.add(webhook);
        if let Some(entry) = entry {
            self.publish("webhook", &entry.json(seq));
        }
    }

    pub(crate) fn calls_after(&self, seq: u64, limit: usize) -> Vec<Value> {
        self.calls.after(seq, limit).map(|(seq, call)| call.json(seq)).collect()
    }

    pub(crate) fn webhooks_after(&self, seq: u64, limit: usize) -> Vec<Value> {
        self.webhooks.after(seq, limit).map(|(seq, webhook)| webhook.json(seq)).collect()
    }

    /// Forgets the entries; listeners stay.
    pub(crate) fn clear(&mut self) {
        self.calls = Ring::new(MAX_CALLS);
        self.webhooks = Ring::new(MAX_WEBHOOKS);
    }

    pub(crate) fn listen(&self) -> broadcast::Receiver<StreamEvent> {
        self.stream.subscribe()
    }

    pub(crate) fn listened_to(&self) -> bool {
        self.stream.receiver_count() > 0
    }

    /// Tells listeners; without any, nothing happens.
    pub(crate) fn publish(&self, name: &'static str, data: &Value) {
        if self.listened_to() {
            // An error only says that the last listener has just left.
            let _ = self.stream.send((name, data.to_string().into()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_pages_by_number_and_forgets_the_oldest() {
        let mut ring = Ring::new(3);
        for word in ["a", "b", "c", "d"] {
            ring.add(word);
        }
        let after = |seq, limit| ring.after(seq, limit).map(|(seq, word)| format!("{seq}{word}")).collect::<Vec<_>>();
        assert_eq!(after(0, 10), ["2b", "3c", "4d"]);
        assert_eq!(after(2, 1), ["3c"]);
        assert_eq!(after(4, 10), Vec::<String>::new());
    }
}
