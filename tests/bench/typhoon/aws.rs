//! Secrets Manager and SQS, as far as `webhook` needs them; what is sent comes into the inbox queue in memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::platform::{CHANNEL_ID, CHANNEL_SECRET};
use crate::queue::{Message, Queue};

/// How long the stand-in worked for one process.
#[derive(Clone, Default)]
pub(crate) struct Meter(Arc<AtomicU64>);

impl Meter {
    /// All of it so far.
    pub(crate) fn spent(&self) -> Duration {
        Duration::from_micros(self.0.load(Ordering::Relaxed))
    }

    fn add(&self, time: Duration) {
        self.0.fetch_add(u64::try_from(time.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

/// Both services for one process.
pub(crate) fn router(queue: Arc<Queue>, meter: Meter) -> Router {
    Router::new().fallback(serve).with_state((queue, meter))
}

/// The services are told apart by the header that they themselves go by.
async fn serve(State((queue, meter)): State<(Arc<Queue>, Meter)>, headers: HeaderMap, body: Bytes) -> Response {
    let began = Instant::now();
    let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (content_type, answer) = match target {
        "secretsmanager.GetSecretValue" => {
            let secret = json!({ "channelId": CHANNEL_ID, "channelSecret": CHANNEL_SECRET }).to_string();
            let arn = "arn:aws:secretsmanager:ap-northeast-1:000000000000:secret:line";
            ("application/x-amz-json-1.1", json!({ "ARN": arn, "Name": "line", "SecretString": secret }))
        }
        "AmazonSQS.SendMessageBatch" => ("application/x-amz-json-1.0", take(&queue, &body)),
        _ => return (StatusCode::BAD_REQUEST, format!("unknown target {target}")).into_response(),
    };
    let response = ([(header::CONTENT_TYPE, content_type)], answer.to_string()).into_response();
    meter.add(began.elapsed());
    response
}

fn take(queue: &Queue, body: &[u8]) -> Value {
    let request: Value = serde_json::from_slice(body).unwrap_or_default();
    let entries = request["Entries"].as_array().map(Vec::as_slice).unwrap_or_default();
    let text = |entry: &Value, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
    queue.put(entries.iter().map(|entry| {
        let (id, group) = (text(entry, "MessageDeduplicationId"), text(entry, "MessageGroupId"));
        Message::new(id, group, text(entry, "MessageBody"))
    }));
    let taken: Vec<Value> = entries
        .iter()
        .map(|entry| json!({ "Id": entry["Id"], "MessageId": entry["Id"], "MD5OfMessageBody": "" }))
        .collect();
    json!({ "Successful": taken, "Failed": [] })
}
