//! A stand-in for LINE's two hosts, and a client that talks to it. Every request is shown to the oracle at the end.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::error::{Error, Kind};
use app::ports::{ChannelSecret, ChannelSecrets, Clock};
use async_trait::async_trait;
use domain::ids::ResidentId;
use jiff::Timestamp;
use line::client::LineClient;
use line::config::{Endpoints, Timeouts};
use serde_json::json;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::oracle::{Oracle, Sent};

pub(crate) const API: &str = "api.line.me";
pub(crate) const DATA: &str = "api-data.line.me";
const START: i64 = 1_790_000_000;

/// A clock that stands still until it is moved.
#[derive(Default)]
pub(crate) struct TestClock(AtomicI64);

impl TestClock {
    pub(crate) fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(START + self.0.load(Ordering::SeqCst)).unwrap()
    }
}

/// The channel's secret: `secret-0`, and each time it is read anew the next one.
pub(crate) struct Secrets(Mutex<Arc<ChannelSecret>>, AtomicUsize);

impl Secrets {
    /// How often the secret was read anew.
    pub(crate) fn readings(&self) -> usize {
        self.1.load(Ordering::SeqCst)
    }
}

impl Default for Secrets {
    fn default() -> Self {
        Self(Mutex::new(secret(0)), AtomicUsize::new(0))
    }
}

pub(crate) fn secret(number: usize) -> Arc<ChannelSecret> {
    let channel_secret = format!("secret-{number}").into();
    Arc::new(ChannelSecret { channel_id: "1656000000".to_owned(), channel_secret })
}

#[async_trait]
impl ChannelSecrets for Secrets {
    async fn current(&self) -> Result<Arc<ChannelSecret>, Error> {
        Ok(self.0.lock().unwrap().clone())
    }

    async fn renewed(&self, wrong: &Arc<ChannelSecret>) -> Result<Arc<ChannelSecret>, Error> {
        let mut known = self.0.lock().unwrap();
        assert!(Arc::ptr_eq(&known, wrong), "only what was given can be wrong");
        *known = secret(self.1.fetch_add(1, Ordering::SeqCst) + 1);
        Ok(known.clone())
    }
}

/// What becomes of every attempt to read the secret, or to read it anew.
pub(crate) struct Unchanging(pub(crate) Result<Arc<ChannelSecret>, Kind>);

impl Unchanging {
    fn answer(&self) -> Result<Arc<ChannelSecret>, Error> {
        self.0.clone().map_err(|kind| Error::new(kind, "read the channel secret", "slow down"))
    }
}

#[async_trait]
impl ChannelSecrets for Unchanging {
    async fn current(&self) -> Result<Arc<ChannelSecret>, Error> {
        self.answer()
    }

    async fn renewed(&self, _: &Arc<ChannelSecret>) -> Result<Arc<ChannelSecret>, Error> {
        self.answer()
    }
}

/// LINE, as far as a test needs it.
pub(crate) struct City {
    pub(crate) api: MockServer,
    pub(crate) data: MockServer,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) client: LineClient,
    pub(crate) secrets: Arc<Secrets>,
}

impl City {
    /// A city in which tokens are issued: `token-1`, `token-2` and so on.
    pub(crate) async fn new() -> Self {
        let city = Self::without_tokens().await;
        Mock::given(path("/oauth2/v3/token")).respond_with(Tokens::default()).mount(&city.api).await;
        city
    }

    /// A city that waits for LINE no longer than a moment.
    pub(crate) async fn impatient() -> Self {
        let moment = Duration::from_millis(300);
        let city = Self::with(Timeouts { call: moment, ..Timeouts::default() }).await;
        Mock::given(path("/oauth2/v3/token")).respond_with(Tokens::default()).mount(&city.api).await;
        city
    }

    /// A city in which LINE issues no tokens yet.
    pub(crate) async fn without_tokens() -> Self {
        Self::with(Timeouts::default()).await
    }

    async fn with(timeouts: Timeouts) -> Self {
        let (api, data) = (MockServer::start().await, MockServer::start().await);
        let clock = Arc::new(TestClock::default());
        let secrets = Arc::new(Secrets::default());
        let endpoints = Endpoints::new(&api.uri(), &data.uri()).unwrap();
        let client = LineClient::new(endpoints, timeouts, secrets.clone(), clock.clone()).unwrap();
        Self { api, data, clock, client, secrets }
    }

    /// Lets LINE answer a call; later answers go before earlier ones only where those are used up.
    pub(crate) async fn answers(&self, verb: &str, at: &str, answer: ResponseTemplate) {
        Mock::given(method(verb)).and(path(at)).respond_with(answer).mount(&self.api).await;
    }

    /// All requests to the API's first host but those for tokens.
    pub(crate) async fn requests(&self) -> Vec<Request> {
        let all = self.api.received_requests().await.unwrap();
        all.into_iter().filter(|request| request.url.path() != "/oauth2/v3/token").collect()
    }

    /// How many tokens were asked for.
    pub(crate) async fn token_requests(&self) -> usize {
        self.api.received_requests().await.unwrap().len() - self.requests().await.len()
    }

    /// Shows every request to the oracle.
    pub(crate) async fn assert_documented(&self) {
        let Some(oracle) = Oracle::summon() else { return };
        for (server, host) in [(&self.api, API), (&self.data, DATA)] {
            for request in server.received_requests().await.unwrap() {
                let errors = oracle.errors(&sent(&request, host));
                assert!(errors.is_empty(), "{} {}: {errors:#?}", request.method, request.url);
            }
        }
    }
}

fn sent(request: &Request, host: &'static str) -> Sent {
    Sent {
        host,
        method: request.method.to_string(),
        path: request.url.path().to_owned(),
        query: request.url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect(),
        content_type: request.headers.get("content-type").map(|value| value.to_str().unwrap().to_owned()),
        has_retry_key: request.headers.contains_key("x-line-retry-key"),
        body: request.body.clone(),
    }
}

/// Issues a new token each time, good for 15 minutes.
#[derive(Default)]
pub(crate) struct Tokens(AtomicUsize);

impl Respond for Tokens {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        let number = self.0.fetch_add(1, Ordering::SeqCst) + 1;
        let token = json!({ "token_type": "Bearer", "access_token": format!("token-{number}"), "expires_in": 900 });
        ResponseTemplate::new(200).set_body_json(token)
    }
}

/// A resident with a number.
pub(crate) fn resident(number: usize) -> ResidentId {
    format!("U{number:032x}").parse().unwrap()
}

/// The bearer token that a request carried.
pub(crate) fn bearer(request: &Request) -> &str {
    request.headers["authorization"].to_str().unwrap()
}
