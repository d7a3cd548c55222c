//! A small stand-in for Lambda's Runtime API, with whatever shall answer as AWS on the same port.

use std::error::Error;
use std::sync::Arc;
use std::time::Instant;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc};

const INVOCATION: &str = "/2018-06-01/runtime/invocation";

/// An answer of the function, and when it came.
type Answer = (Instant, Result<Bytes, Bytes>);

/// What the handlers share.
struct Stage {
    events: Mutex<mpsc::UnboundedReceiver<Value>>,
    answers: mpsc::UnboundedSender<Answer>,
}

/// The running stand-in.
pub(crate) struct StandIn {
    pub(crate) address: String,
    events: mpsc::UnboundedSender<Value>,
    answers: mpsc::UnboundedReceiver<Answer>,
}

impl StandIn {
    /// Starts on a free port; what is not of the Runtime API goes to `aws`.
    pub(crate) async fn start(aws: Router) -> Result<Self, Box<dyn Error>> {
        let (to_function, events) = mpsc::unbounded_channel();
        let (sender, answers) = mpsc::unbounded_channel();
        let stage = Arc::new(Stage { events: Mutex::new(events), answers: sender });
        let app = Router::new()
            .route(&format!("{INVOCATION}/next"), get(next))
            .route(&format!("{INVOCATION}/{{id}}/response"), post(response))
            .route(&format!("{INVOCATION}/{{id}}/error"), post(error))
            .route("/2018-06-01/runtime/init/error", post(error))
            .with_state(stage)
            .fallback_service(aws);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        tokio::spawn(async move { axum::serve(listener, app).await });
        Ok(Self { address, events: to_function, answers })
    }

    /// The function gets this when it asks next.
    pub(crate) fn give(&self, event: Value) -> Result<(), Box<dyn Error>> {
        Ok(self.events.send(event)?)
    }

    /// The function's answer, and when it came; an error if the function reported one.
    pub(crate) async fn answered(&mut self) -> Result<(Instant, Bytes), Box<dyn Error>> {
        let (at, answer) = self.answers.recv().await.ok_or("the stand-in ended")?;
        let answer = answer.map_err(|report| format!("the function failed: {}", String::from_utf8_lossy(&report)))?;
        Ok((at, answer))
    }
}

/// The next event, once there is one.
async fn next(State(stage): State<Arc<Stage>>) -> Response {
    let Some(event) = stage.events.lock().await.recv().await else { return std::future::pending().await };
    let headers = [
        ("lambda-runtime-aws-request-id", "8f6d6a3e-0000-4000-8000-000000000001"),
        ("lambda-runtime-deadline-ms", "4102444800000"),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:ap-northeast-1:000000000000:function:measured"),
        ("lambda-runtime-trace-id", "Root=1-69cc6e00-000000000000000000000001;Sampled=0"),
    ];
    (headers, Json(event)).into_response()
}

async fn response(State(stage): State<Arc<Stage>>, body: Bytes) -> (StatusCode, Json<Value>) {
    let _ = stage.answers.send((Instant::now(), Ok(body)));
    (StatusCode::ACCEPTED, Json(json!({ "status": "OK" })))
}

async fn error(State(stage): State<Arc<Stage>>, body: Bytes) -> (StatusCode, Json<Value>) {
    let _ = stage.answers.send((Instant::now(), Err(body)));
    (StatusCode::ACCEPTED, Json(json!({ "status": "OK" })))
}
