//! Who opened a page in LINE: the simulator's LIFF says it, and what checks real ID tokens believes that, and nothing else.

use app::error::Kind;
use app::ports::portal::ResidentLogins;
use jiff::{SignedDuration, Timestamp};
use line::config::Endpoints;
use line::login::LineLogins;
use serde_json::{Value, json};
use simulator::{Options, Simulator};

const LIFF: &str = "1234567890-AbcdEfgh";

/// A simulator with a LIFF app, one resident, and what checks its tokens.
struct Line {
    simulator: Simulator,
    http: reqwest::Client,
    resident: String,
    logins: LineLogins,
}

impl Line {
    async fn start() -> Self {
        let endpoint = Some("http://127.0.0.1:9/report".to_owned());
        let options = Options { liff_id: Some(LIFF.to_owned()), liff_endpoint: endpoint, ..Options::default() };
        let simulator = Simulator::start(options).await.unwrap();
        let endpoints = Endpoints::new(simulator.url(), simulator.data_url()).unwrap();
        let logins = LineLogins::new(&endpoints, &LIFF.parse().unwrap()).unwrap();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut line = Self { simulator, http, resident: String::new(), logins };
        let made = line.post("/simulator/residents", json!({ "count": 1, "webhooks": false })).await;
        made["residents"][0]["userId"].as_str().unwrap().clone_into(&mut line.resident);
        line
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let address = format!("{}{path}", self.simulator.url());
        self.http.post(address).body(body.to_string()).send().await.unwrap().json().await.unwrap()
    }

    async fn faults(&self, rules: Value) {
        let address = format!("{}/simulator/faults", self.simulator.url());
        let set = self.http.put(address).body(json!({ "rules": rules }).to_string()).send().await.unwrap();
        assert!(set.status().is_success());
    }

    /// The ID token that a page gets which the resident opens.
    async fn id_token(&self) -> String {
        let path = format!("/simulator/residents/{}/liff", self.resident);
        let opened = self.post(&path, json!({ "url": format!("https://liff.line.me/{LIFF}") })).await;
        let (_, ticket) = opened["url"].as_str().unwrap().split_once("#liff-ticket=").unwrap();
        let entered = self.post("/liff/init", json!({ "liffId": LIFF, "ticket": ticket })).await;
        entered["idToken"].as_str().unwrap().to_owned()
    }

    /// Who opened a page, as we see it so long from now.
    async fn whose(&self, token: &str, later: SignedDuration) -> Result<Option<String>, Kind> {
        let seen = self.logins.resident(token, now() + later).await.map_err(|error| error.kind)?;
        Ok(seen.map(|resident| resident.as_str().to_owned()))
    }
}

/// The simulator signs by the real clock.
#[expect(clippy::disallowed_methods, reason = "the simulator's clock is the real one")]
fn now() -> Timestamp {
    Timestamp::now()
}

#[tokio::test]
async fn who_opens_a_page_is_known_for_an_hour() {
    let line = Line::start().await;
    let token = line.id_token().await;
    assert_eq!(line.whose(&token, SignedDuration::ZERO).await, Ok(Some(line.resident.clone())));
    assert_eq!(line.whose(&token, SignedDuration::from_mins(59)).await, Ok(Some(line.resident.clone())));
    assert_eq!(line.whose(&token, SignedDuration::from_mins(62)).await, Ok(None));
    line.faults(json!([{ "on": "liff", "kind": "expireToken", "times": 1 }])).await;
    assert_eq!(line.whose(&line.id_token().await, SignedDuration::ZERO).await, Ok(None), "it came expired");
}

#[tokio::test]
async fn while_line_publishes_no_keys_nobody_is_turned_away_for_good() {
    let line = Line::start().await;
    let token = line.id_token().await;
    line.faults(json!([{ "on": "certs", "kind": "error500", "times": 1 }])).await;
    assert_eq!(line.whose(&token, SignedDuration::ZERO).await, Err(Kind::Transient));
    let later = SignedDuration::from_secs(10);
    assert_eq!(line.whose(&token, later).await, Ok(Some(line.resident.clone())));
}

#[tokio::test]
async fn another_lines_tokens_are_not_believed() {
    let (line, other) = (Line::start().await, Line::start().await);
    let token = other.id_token().await;
    assert_eq!(line.whose(&token, SignedDuration::ZERO).await, Ok(None));
    assert_eq!(other.whose(&token, SignedDuration::ZERO).await, Ok(Some(other.resident.clone())));
}
