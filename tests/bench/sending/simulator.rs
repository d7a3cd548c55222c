//! The simulator's own API, as far as it is needed: friends, limits, faults, and what it counted.

use std::collections::BTreeMap;

use domain::ids::ResidentId;
use domain::sending::frozen::PackedId;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Failure, Platform};

/// So many friends are told at a time, which is the most that the simulator tells.
const PAGE: usize = 10_000;
/// So many calls the simulator remembers.
const CALLS: usize = 20_000;
const MULTICAST: &str = "/v2/bot/message/multicast";

/// A running simulator.
pub(crate) struct Simulator {
    pub(crate) url: String,
    http: reqwest::Client,
}

/// A call as the simulator saw it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Call {
    seq: u64,
    path: String,
    /// When, in milliseconds since 1970.
    pub(crate) at: i64,
    pub(crate) status: u16,
    pub(crate) retry_key: Option<String>,
}

#[derive(Deserialize)]
struct Calls {
    calls: Vec<Call>,
}

#[derive(Deserialize)]
struct Friends {
    count: usize,
    residents: Vec<Friend>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Friend {
    user_id: ResidentId,
}

#[derive(Deserialize)]
struct Received {
    histogram: BTreeMap<u32, u64>,
    complete: bool,
}

impl Simulator {
    /// The simulator at this address, and its friends in ascending order.
    pub(crate) async fn with_friends(platform: &Platform) -> Result<(Self, Vec<PackedId>), Failure> {
        let http = reqwest::Client::builder().build()?;
        let simulator = Self { url: platform.simulator.clone(), http };
        let there: Friends = simulator.get("residents?limit=1").await?;
        if let Some(missing) = platform.friends.checked_sub(there.count).filter(|missing| 0 < *missing) {
            let wish = json!({ "count": missing, "seed": "broadcast", "webhooks": false });
            let call = simulator.http.post(simulator.address("residents")).body(wish.to_string());
            call.send().await?.error_for_status()?;
        }
        let friends = simulator.friends(platform.friends).await?;
        Ok((simulator, friends))
    }

    async fn friends(&self, count: usize) -> Result<Vec<PackedId>, Failure> {
        let mut friends = Vec::with_capacity(count);
        let mut after = String::new();
        while friends.len() < count {
            let limit = PAGE.min(count - friends.len());
            let page: Friends = self.get(&format!("residents?limit={limit}{after}")).await?;
            let last = page.residents.last().ok_or("the simulator has too few friends")?;
            after = format!("&after={}", last.user_id.as_str());
            friends.extend(page.residents.iter().map(|friend| PackedId::of(&friend.user_id)));
        }
        friends.sort_unstable();
        Ok(friends)
    }

    /// Answers every multicast after this time, and takes so many a second.
    pub(crate) async fn behave(&self, latency_ms: u64, calls_per_second: u32) -> Result<(), Failure> {
        self.put("limits", json!({ "multicastPerSecond": calls_per_second })).await?;
        let slow = json!({ "on": "multicast", "kind": "slow", "ms": latency_ms });
        let rules = if latency_ms == 0 { json!([]) } else { json!([slow]) };
        self.put("faults", json!({ "rules": rules })).await
    }

    /// The multicasts since an earlier look; the look is moved on.
    pub(crate) async fn multicasts(&self, since: &mut u64) -> Result<Vec<Call>, Failure> {
        let Calls { calls } = self.get(&format!("calls?after={since}&limit={CALLS}")).await?;
        if calls.first().is_some_and(|first| first.seq != *since + 1) {
            return Err("the simulator has forgotten calls".into());
        }
        *since = calls.last().map_or(*since, |last| last.seq);
        Ok(calls.into_iter().filter(|call| call.path == MULTICAST).collect())
    }

    /// How many residents received these words how often, who never did left out.
    pub(crate) async fn received(&self, words: &str) -> Result<BTreeMap<u32, u64>, Failure> {
        let Received { mut histogram, complete } = self.get(&format!("received?contains={words}")).await?;
        histogram.remove(&0);
        if complete { Ok(histogram) } else { Err("the simulator did not count all".into()) }
    }

    fn address(&self, what: &str) -> String {
        format!("{}/simulator/{what}", self.url)
    }

    async fn get<T: for<'a> Deserialize<'a>>(&self, what: &str) -> Result<T, Failure> {
        let answer = self.http.get(self.address(what)).send().await?.error_for_status()?;
        Ok(serde_json::from_slice(&answer.bytes().await?)?)
    }

    async fn put(&self, what: &str, body: Value) -> Result<(), Failure> {
        self.http.put(self.address(what)).body(body.to_string()).send().await?.error_for_status()?;
        Ok(())
    }
}
