//! A small stand-in for what a function talks to: Lambda's Runtime API, Secrets Manager and SQS, all on one port.

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::CHANNEL_SECRET;
use crate::bodies::Signed;

const INVOCATION: &str = "/2018-06-01/runtime/invocation";

/// An answer of the function, and when it came.
type Answer = (Instant, Result<Bytes, Bytes>);

/// What the handlers share.
struct Stage {
    /// The one event, until it is fetched.
    event: Mutex<Option<Value>>,
    /// The messages that came into the queue.
    queued: Mutex<Vec<Value>>,
    answers: mpsc::UnboundedSender<Answer>,
}

/// The running stand-in.
pub(crate) struct StandIn {
    pub(crate) address: String,
    stage: Arc<Stage>,
    answers: mpsc::UnboundedReceiver<Answer>,
}

impl StandIn {
    /// Starts on a free port; the function will get this webhook.
    pub(crate) async fn start(webhook: &Signed) -> Result<Self, Box<dyn Error>> {
        let (sender, answers) = mpsc::unbounded_channel();
        let event = Mutex::new(Some(event(webhook)));
        let stage = Arc::new(Stage { event, queued: Mutex::default(), answers: sender });
        let app = Router::new()
            .route(&format!("{INVOCATION}/next"), get(next))
            .route(&format!("{INVOCATION}/{{id}}/response"), post(response))
            .route(&format!("{INVOCATION}/{{id}}/error"), post(error))
            .route("/2018-06-01/runtime/init/error", post(error))
            .fallback(aws)
            .with_state(Arc::clone(&stage));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        tokio::spawn(async move { axum::serve(listener, app).await });
        Ok(Self { address, stage, answers })
    }

    /// The function's answer, and when it came; an error if the function reported one.
    pub(crate) async fn answered(&mut self) -> Result<(Instant, Bytes), Box<dyn Error>> {
        let (at, answer) = self.answers.recv().await.ok_or("the stand-in ended")?;
        let answer = answer.map_err(|report| format!("the function failed: {}", String::from_utf8_lossy(&report)))?;
        Ok((at, answer))
    }

    /// Whether the function did its work: 200, and the event is in the queue with group and id.
    pub(crate) fn check(&self, answer: &[u8]) -> Result<(), Box<dyn Error>> {
        let answer: Value = serde_json::from_slice(answer)?;
        if answer["statusCode"] != 200 {
            return Err(format!("the function answered {answer}").into());
        }
        let queued = self.stage.queued.lock().unwrap_or_else(PoisonError::into_inner);
        let [message] = queued.as_slice() else { return Err(format!("{} messages were queued", queued.len()).into()) };
        let letter: Value = serde_json::from_str(message["MessageBody"].as_str().unwrap_or_default())?;
        let event = &letter["event"];
        let addressed = message["MessageGroupId"] == event["source"]["userId"]
            && message["MessageDeduplicationId"] == event["webhookEventId"];
        if addressed && event["webhookEventId"].is_string() { Ok(()) } else { Err(format!("queued: {message}").into()) }
    }
}

/// The webhook as a function URL hands it on.
fn event(webhook: &Signed) -> Value {
    json!({
        "version": "2.0", "routeKey": "$default", "rawPath": "/", "rawQueryString": "",
        "headers": {
            "content-type": "application/json; charset=utf-8", "user-agent": "LineBotWebhook/2.0",
            "x-line-signature": webhook.signature, "content-length": webhook.body.len().to_string(),
        },
        "requestContext": {
            "accountId": "anonymous", "apiId": "abcdefghij", "domainName": "abcdefghij.lambda-url.ap-northeast-1.on.aws",
            "domainPrefix": "abcdefghij", "requestId": "8f6d6a3e-0000-4000-8000-000000000001", "routeKey": "$default",
            "stage": "$default", "time": "01/Apr/2026:00:00:00 +0000", "timeEpoch": 1_775_001_600_000_u64,
            "http": {
                "method": "POST", "path": "/", "protocol": "HTTP/1.1", "sourceIp": "147.92.150.193",
                "userAgent": "LineBotWebhook/2.0",
            },
        },
        "body": webhook.body, "isBase64Encoded": false,
    })
}

/// The event the first time; then nothing more comes.
async fn next(State(stage): State<Arc<Stage>>) -> Response {
    let event = stage.event.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(event) = event else { return std::future::pending().await };
    let headers = [
        ("lambda-runtime-aws-request-id", "8f6d6a3e-0000-4000-8000-000000000001"),
        ("lambda-runtime-deadline-ms", "4102444800000"),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:ap-northeast-1:000000000000:function:webhook"),
        ("lambda-runtime-trace-id", "Root=1-69cc6e00-000000000000000000000001;Sampled=0"),
    ];
    (headers, Json(event)).into_response()
}

async fn response(State(stage): State<Arc<Stage>>, body: Bytes) -> (StatusCode, Json<Value>) {
    // If nobody listens any more, the measurement is over.
    let _ = stage.answers.send((Instant::now(), Ok(body)));
    (StatusCode::ACCEPTED, Json(json!({ "status": "OK" })))
}

async fn error(State(stage): State<Arc<Stage>>, body: Bytes) -> (StatusCode, Json<Value>) {
    let _ = stage.answers.send((Instant::now(), Err(body)));
    (StatusCode::ACCEPTED, Json(json!({ "status": "OK" })))
}

/// Secrets Manager and SQS, told apart by the header that they themselves go by.
async fn aws(State(stage): State<Arc<Stage>>, headers: HeaderMap, body: Bytes) -> Response {
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
            stage.queued.lock().unwrap_or_else(PoisonError::into_inner).extend(entries);
            ("application/x-amz-json-1.0", json!({ "Successful": taken, "Failed": [] }))
        }
        _ => return (StatusCode::BAD_REQUEST, format!("unknown target {target}")).into_response(),
    };
    ([(header::CONTENT_TYPE, content_type)], answer.to_string()).into_response()
}
