//! The simulator of LINE as the storm needs it: events with reply tokens, bad weather, and its own record of the calls that it had.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::Failure;

/// The simulator's channel.
pub(crate) const CHANNEL_ID: &str = "1";
/// What it signs webhooks with.
pub(crate) const CHANNEL_SECRET: &str = "secret";
/// LINE has taken a call that got this answer.
pub(crate) const TAKEN: u16 = 200;
/// So many calls the simulator remembers, and tells at a time.
const CALLS: usize = 20_000;
/// Nothing here takes so long.
const PATIENCE: Duration = Duration::from_mins(1);
/// The minute of a reply token begins when the simulator makes the event, which is up to some seconds before it is delivered here, and
/// does not begin anew when it is delivered again, as LINE's does, up to 95 s later. So it is longer, in milliseconds.
const REPLY_TOKEN_MS: u32 = 155_000;
/// So slowly LINE answers, in milliseconds: replies and pushes, and multicasts.
const REPLY_MS: u32 = 250;
const MULTICAST_MS: u32 = 500;
/// An answer that never comes is waited for so long, in milliseconds.
const SILENCE_MS: u32 = 2_000;

/// A running simulator.
#[derive(Clone)]
pub(crate) struct Line {
    url: String,
    http: reqwest::Client,
}

/// A call as the simulator saw it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Call {
    seq: u64,
    /// Its path.
    pub(crate) path: String,
    /// When, in milliseconds since 1970.
    pub(crate) at: i64,
    /// What was answered.
    pub(crate) status: u16,
    /// Its retry key.
    pub(crate) retry_key: Option<String>,
    /// What struck it.
    pub(crate) fault: Option<String>,
    request: Option<Value>,
}

impl Call {
    /// The reply token in its body, which is cut where it is long.
    pub(crate) fn reply_token(&self) -> Option<&str> {
        match self.request.as_ref()? {
            Value::String(cut) => cut.split_once(r#""replyToken":""#)?.1.split('"').next(),
            whole => whole["replyToken"].as_str(),
        }
    }
}

#[derive(Deserialize)]
struct Calls {
    calls: Vec<Call>,
}

impl Line {
    /// The simulator at this address.
    pub(crate) fn at(url: &str) -> Result<Self, Failure> {
        let http = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build()?;
        Ok(Self { url: url.to_owned(), http })
    }

    /// Sends its webhooks here, one after the other, and never again: the storm delivers them.
    pub(crate) async fn deliver_to(&self, address: &str) -> Result<(), Failure> {
        self.put("config", &json!({ "webhook": format!("http://{address}/") })).await?;
        self.put("limits", &json!({ "redeliveries": 0, "webhookTimeoutMs": 30_000, "replyTokenMs": REPLY_TOKEN_MS }))
            .await
    }

    /// LINE is slow and refuses a part of what it is asked.
    pub(crate) async fn bad_weather(&self, seed: u64) -> Result<(), Failure> {
        let part =
            |on: &str, kind: &str, probability: f64| json!({ "on": on, "kind": kind, "probability": probability });
        let late = |on: &str, kind: &str, probability: f64, ms: u32| json!({ "on": on, "kind": kind, "probability": probability, "ms": ms });
        let silent = |on: &str| late(on, "timeoutAfterAccept", 0.005, SILENCE_MS);
        let slow = |on: &str, ms: u32| late(on, "slow", 1.0, ms);
        let rules = json!([
            part("reply", "rate429", 0.02),
            part("reply", "error500", 0.02),
            silent("reply"),
            slow("reply", REPLY_MS),
            part("push", "rate429", 0.02),
            part("push", "error500", 0.02),
            silent("push"),
            slow("push", REPLY_MS),
            part("multicast", "error500", 0.02),
            silent("multicast"),
            slow("multicast", MULTICAST_MS),
        ]);
        self.put("faults", &json!({ "seed": seed, "rules": rules })).await
    }

    /// LINE is well.
    pub(crate) async fn good_weather(&self) -> Result<(), Failure> {
        self.put("faults", &json!({ "rules": [] })).await
    }

    /// Lets residents do this; the events have been delivered, in this order, when it returns.
    pub(crate) async fn play(&self, wishes: &[Value]) -> Result<(), Failure> {
        let body = json!({ "events": wishes, "wait": true }).to_string();
        let answer = self.http.post(self.address("events")).body(body).send().await?;
        let status = answer.status();
        let said = answer.text().await?;
        if status.is_success() { Ok(()) } else { Err(format!("{status}: {said}").into()) }
    }

    /// The calls since an earlier look; the look is moved on.
    pub(crate) async fn calls(&self, since: &mut u64) -> Result<Vec<Call>, Failure> {
        let answer = self.http.get(self.address(&format!("calls?after={since}&limit={CALLS}"))).send().await?;
        let Calls { calls } = serde_json::from_slice(&answer.error_for_status()?.bytes().await?)?;
        if calls.first().is_some_and(|first| first.seq != *since + 1) {
            return Err("the simulator has forgotten calls".into());
        }
        *since = calls.last().map_or(*since, |last| last.seq);
        Ok(calls)
    }

    async fn put(&self, what: &str, body: &Value) -> Result<(), Failure> {
        self.http.put(self.address(what)).body(body.to_string()).send().await?.error_for_status()?;
        Ok(())
    }

    fn address(&self, what: &str) -> String {
        format!("{}/simulator/{what}", self.url)
    }
}
