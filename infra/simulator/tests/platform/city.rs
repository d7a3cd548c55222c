//! A simulator, a webhook that answers as told, and short ways to talk to both.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, body::Bytes, extract::State, http::HeaderMap, http::StatusCode, routing::post};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use simulator::{Options, Simulator};
use tokio::sync::Notify;

/// Nothing in these tests takes longer, unless it is broken.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn message(&self) -> &str {
        self.body["message"].as_str().unwrap_or_default()
    }
}

/// What the webhook does with a request: answers at once, or never.
#[derive(Clone, Copy)]
pub(crate) enum Reaction {
    Status(u16),
    Silence,
}

#[derive(Default)]
pub(crate) struct Hook {
    received: Mutex<Vec<(String, Bytes)>>,
    reactions: Mutex<VecDeque<Reaction>>,
    came: Notify,
}

impl Hook {
    pub(crate) fn react(&self, reactions: &[Reaction]) {
        self.reactions.lock().unwrap().extend(reactions);
    }

    /// Signature and bytes of every request so far.
    pub(crate) fn received(&self) -> Vec<(String, Bytes)> {
        self.received.lock().unwrap().clone()
    }

    pub(crate) fn bodies(&self) -> Vec<Value> {
        self.received().iter().map(|(_, body)| serde_json::from_slice(body).unwrap()).collect()
    }

    /// Waits until so many requests have come.
    pub(crate) async fn wait_for(&self, count: usize) -> Vec<Value> {
        let wait = async {
            loop {
                let came = self.came.notified();
                if self.received.lock().unwrap().len() >= count {
                    return;
                }
                came.await;
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.unwrap_or_else(|_| {
            panic!("{count} webhooks were expected, {} came", self.received.lock().unwrap().len());
        });
        self.bodies()
    }
}

async fn receive(State(hook): State<Arc<Hook>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let signature = headers["x-line-signature"].to_str().unwrap().to_owned();
    hook.received.lock().unwrap().push((signature, body));
    hook.came.notify_waiters();
    let reaction = hook.reactions.lock().unwrap().pop_front();
    match reaction {
        None => StatusCode::OK,
        Some(Reaction::Status(status)) => StatusCode::from_u16(status).unwrap(),
        Some(Reaction::Silence) => std::future::pending().await,
    }
}

pub(crate) struct City {
    pub(crate) simulator: Simulator,
    pub(crate) hook: Arc<Hook>,
    pub(crate) http: reqwest::Client,
    pub(crate) token: String,
}

impl City {
    pub(crate) async fn start() -> Self {
        Self::with(Options::default()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let hook = Arc::new(Hook::default());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let webhook = format!("http://{}/webhook", listener.local_addr().unwrap());
        let app = Router::new().route("/webhook", post(receive)).with_state(Arc::clone(&hook));
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        let simulator = Simulator::start(Options { webhook: Some(webhook), ..options }).await.unwrap();
        let http = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
        let mut city = Self { simulator, hook, http, token: String::new() };
        city.token = city.new_token().await;
        city
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.simulator.url())
    }

    /// The same path on LINE's host for bytes.
    pub(crate) fn data_url(&self, path: &str) -> String {
        format!("{}{path}", self.simulator.data_url())
    }

    pub(crate) async fn new_token(&self) -> String {
        let form = [("grant_type", "client_credentials"), ("client_id", "1"), ("client_secret", "secret")];
        let response = self.http.post(self.url("/oauth2/v3/token")).form(&form).send().await.unwrap();
        let body: Value = response.json().await.unwrap();
        assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(900)));
        body["access_token"].as_str().unwrap().to_owned()
    }

    /// A call of LINE's API with a live token.
    pub(crate) async fn call(&self, method: Method, path: &str, body: &Value) -> Answer {
        self.call_with(method, path, body, &[]).await
    }

    pub(crate) async fn call_with(&self, method: Method, path: &str, body: &Value, headers: &[(&str, &str)]) -> Answer {
        self.try_call(method, path, body, headers).await.unwrap()
    }

    /// The same, when it may be that no answer comes.
    pub(crate) async fn try_call(
        &self,
        method: Method,
        path: &str,
        body: &Value,
        headers: &[(&str, &str)],
    ) -> reqwest::Result<Answer> {
        let mut request = self.http.request(method, self.url(path));
        if !body.is_null() {
            request = request.json(body);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request).await
    }

    async fn send(&self, request: RequestBuilder) -> reqwest::Result<Answer> {
        let response = request.bearer_auth(&self.token).send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = serde_json::from_slice(&response.bytes().await?).unwrap_or(Value::Null);
        Ok(Answer { status, headers, body })
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, &Value::Null).await
    }

    /// A download from LINE's host for bytes.
    pub(crate) async fn get_data(&self, path: &str) -> Answer {
        self.send(self.http.get(self.data_url(path))).await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, &body).await
    }

    /// The simulator's own API; anything but success fails the test.
    pub(crate) async fn admin(&self, method: Method, path: &str, body: Value) -> Value {
        let answer = self.call(method, path, &body).await;
        assert!((200..300).contains(&answer.status), "{path}: {} {}", answer.status, answer.body);
        answer.body
    }

    pub(crate) async fn ask(&self, path: &str) -> Value {
        self.admin(Method::GET, path, Value::Null).await
    }

    pub(crate) async fn advance(&self, by_ms: i64) {
        self.admin(Method::PUT, "/simulator/clock", json!({ "advanceMs": by_ms })).await;
    }

    /// Followers without webhooks; at most 1,000.
    pub(crate) async fn residents(&self, count: usize) -> Vec<String> {
        let made = json!({ "count": count, "seed": "test", "webhooks": false });
        let made = self.admin(Method::POST, "/simulator/residents", made).await;
        let residents = made["residents"].as_array().unwrap();
        residents.iter().map(|resident| resident["userId"].as_str().unwrap().to_owned()).collect()
    }

    pub(crate) async fn play(&self, user_id: &str, event: Value) -> Value {
        self.admin(Method::POST, &format!("/simulator/residents/{user_id}/events"), event).await
    }

    pub(crate) async fn chat(&self, user_id: &str) -> Vec<Value> {
        let chat = self.ask(&format!("/simulator/residents/{user_id}/chat")).await;
        chat["messages"].as_array().unwrap().clone()
    }

    pub(crate) async fn histogram(&self, text: &str) -> Value {
        self.ask(&format!("/simulator/received?contains={text}")).await["histogram"].clone()
    }
}

pub(crate) fn text(text: &str) -> Value {
    json!({ "type": "text", "text": text })
}
