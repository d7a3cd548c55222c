//! Secrets Manager and SQS, as far as `webhook` needs them.

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::CHANNEL_SECRET;

/// The messages that came into the queue.
#[derive(Clone, Default)]
pub(crate) struct Queue(Arc<Mutex<Vec<Value>>>);

impl Queue {
    /// Both services; what is sent comes into this queue.
    pub(crate) fn router(&self) -> Router {
        Router::new().fallback(serve).with_state(self.clone())
    }

    /// Whether the function did its work: 200, and the event is in the queue with group and id.
    pub(crate) fn check(&self, answer: &[u8]) -> Result<(), Box<dyn Error>> {
        let answer: Value = serde_json::from_slice(answer)?;
        if answer["statusCode"] != 200 {
            return Err(format!("the function answered {answer}").into());
        }
        let queued = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let [message] = queued.as_slice() else { return Err(format!("{} messages were queued", queued.len()).into()) };
        let letter: Value = serde_json::from_str(message["MessageBody"].as_str().unwrap_or_default())?;
        let event = &letter["event"];
        let addressed = message["MessageGroupId"] == event["source"]["userId"]
            && message["MessageDeduplicationId"] == event["webhookEventId"];
        if addressed && event["webhookEventId"].is_string() { Ok(()) } else { Err(format!("queued: {message}").into()) }
    }
}

/// The services are told apart by the header that they themselves go by.
async fn serve(State(queue): State<Queue>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let request: Value = serde_json::from_slice(&body).unwrap_or_default();
    let (content_type, answer) = match target {
        "secretsmanager.GetSecretValue" => {
            let secret = json!({ "channelId": "1234567890", "channelSecret": CHANNEL_SECRET }).to_string();
            let arn = "arn:aws:secretsmanager:ap-northeast-1:000000000000:secret:line";
            ("application/x-amz-json-1.1", json!({ "ARN": arn, "Name": "line", "SecretString": secret }))
        }
        "AmazonSQS.SendMessageBatch" => {
            let entries = request["Entries"].as_array().cloned().unwrap_or_default();
            let taken: Vec<Value> = entries
                .iter()
                .map(|entry| json!({ "Id": entry["Id"], "MessageId": entry["Id"], "MD5OfMessageBody": "" }))
                .collect();
            queue.0.lock().unwrap_or_else(PoisonError::into_inner).extend(entries);
            ("application/x-amz-json-1.0", json!({ "Successful": taken, "Failed": [] }))
        }
        _ => return (StatusCode::BAD_REQUEST, format!("unknown target {target}")).into_response(),
    };
    ([(header::CONTENT_TYPE, content_type)], answer.to_string()).into_response()
}
