//! A stand-in for an AWS service: it gives the answers it was told, in order, and remembers what it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::ports::Clock;
use aws::clients::{Clients, SdkConfig};
use aws_config::retry::RetryConfig;
use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// What the service says to one attempt of a call.
pub(crate) struct Answer {
    status: u16,
    body: Value,
}

pub(crate) fn ok(body: Value) -> Answer {
    Answer { status: 200, body }
}

/// An error as the JSON protocols write it.
pub(crate) fn error(status: u16, code: &str) -> Answer {
    Answer { status, body: json!({"__type": format!("com.example#{code}"), "message": "told so by the test"}) }
}

/// A cancelled transaction with a reason per item.
pub(crate) fn cancelled(reasons: &[&str]) -> Answer {
    let codes: Vec<_> = reasons.iter().map(|code| json!({"Code": code})).collect();
    let kind = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException";
    Answer { status: 400, body: json!({"__type": kind, "message": "cancelled", "CancellationReasons": codes}) }
}

/// One attempt that arrived.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// Such as `GetItem`.
    pub(crate) operation: String,
    pub(crate) body: Value,
}

pub(crate) struct Stub {
    server: MockServer,
}

struct Script {
    answers: Mutex<VecDeque<Answer>>,
}

impl Respond for Script {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        // A call too many is no test's intention: 418 is no status of AWS and is not tried again.
        let next = self.answers.lock().unwrap().pop_front();
        let answer = next.unwrap_or_else(|| Answer { status: 418, body: json!({"__type": "NobodyExpectedThis"}) });
        ResponseTemplate::new(answer.status).set_body_raw(answer.body.to_string(), "application/x-amz-json-1.0")
    }
}

/// The clients of whatever is at an address.
pub(crate) fn clients_at(address: &str) -> Clients {
    let credentials = Credentials::new("id", "secret", None, None, "test");
    let retries = RetryConfig::standard().with_max_attempts(3).with_initial_backoff(Duration::from_millis(1));
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("ap-northeast-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(address)
        .retry_config(retries)
        .build();
    Clients::new(config)
}

impl Stub {
    pub(crate) async fn answering(answers: impl IntoIterator<Item = Answer>) -> Self {
        let server = MockServer::start().await;
        let answers = Mutex::new(answers.into_iter().collect());
        Mock::given(any()).respond_with(Script { answers }).mount(&server).await;
        Self { server }
    }

    /// A service that answers by itself.
    pub(crate) async fn served_by(answers: impl Respond + 'static) -> Self {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(answers).mount(&server).await;
        Self { server }
    }

    pub(crate) fn clients(&self) -> Clients {
        clients_at(&self.server.uri())
    }

    /// Every attempt that arrived, in order.
    pub(crate) async fn asked(&self) -> Vec<Asked> {
        let requests = self.server.received_requests().await.unwrap();
        let asked = |request: Request| {
            let target = request.headers.get("x-amz-target").unwrap().to_str().unwrap();
            let operation = target.rsplit('.').next().unwrap().to_owned();
            Asked { operation, body: serde_json::from_slice(&request.body).unwrap() }
        };
        requests.into_iter().map(asked).collect()
    }

    /// Items were read by their keys, and always as they are at that moment.
    pub(crate) async fn assert_items_read_consistently(&self) {
        let asked = self.asked().await;
        let mut reads = asked.iter().filter(|asked| asked.operation == "GetItem").peekable();
        assert!(reads.peek().is_some(), "nothing was read");
        assert!(reads.all(|read| read.body["ConsistentRead"] == true), "{asked:?}");
    }

    /// The names of the operations asked for, in order.
    pub(crate) async fn operations(&self) -> Vec<String> {
        self.asked().await.into_iter().map(|asked| asked.operation).collect()
    }
}

/// A clock that stands until it is moved.
pub(crate) struct TestClock(Mutex<Timestamp>);

impl TestClock {
    pub(crate) fn at(time: &str) -> Arc<Self> {
        Arc::new(Self(Mutex::new(time.parse().unwrap())))
    }

    pub(crate) fn advance(&self, by: SignedDuration) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}
