//! The way to other systems: one POST with the headers of the Standard Webhooks specification.
//!
//! Whoever answers decides nothing here: no redirect is followed, of the answer nothing but its status is read, and names that lead
//! to no public address are not called. Who lets a call wait until it is given up is not called for a while: what else is for them
//! comes back at once, so that a system that hangs takes the places of `relay` from the others for some seconds of each minute only.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use app::error::{Error, Kind};
use app::ports::outside::{HookCalls, Letter, Received};
use async_trait::async_trait;
use reqwest::StatusCode;
use reqwest::redirect::Policy;

use crate::resolver::PublicNames;

/// What is sent as `User-Agent`.
const USER_AGENT: &str = concat!("kairan/", env!("CARGO_PKG_VERSION"));

const POSTING: &str = "post to another system";

/// How long to wait for another system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection.
    pub connect: Duration,
    /// For a whole call, from finding the address to the status of the answer.
    pub call: Duration,
    /// So long nobody is called who did not answer within that. Less than a message waits in the queue for its next turn.
    pub rest: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(4), call: Duration::from_secs(10), rest: Duration::from_mins(1) }
    }
}

/// [`HookCalls`] by HTTP.
pub struct HttpHookCalls {
    client: reqwest::Client,
    rest: Duration,
    /// Until when addresses are not called that did not answer.
    resting: Mutex<BTreeMap<String, Instant>>,
}

impl HttpHookCalls {
    /// Calls that wait so long.
    pub fn new(timeouts: Timeouts) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(timeouts.connect)
            .timeout(timeouts.call)
            // A function sleeps between calls, and the other side may have closed the kept connection.
            .pool_max_idle_per_host(0)
            .redirect(Policy::none())
            .no_proxy()
            .dns_resolver(Arc::new(PublicNames))
            .build()?;
        Ok(Self { client, rest: timeouts.rest, resting: Mutex::default() })
    }

    fn resting(&self) -> MutexGuard<'_, BTreeMap<String, Instant>> {
        self.resting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_resting(&self, url: &str) -> bool {
        self.resting().get(url).is_some_and(|until| Instant::now() < *until)
    }

    /// Nobody calls this address for a while; those whose while is over are forgotten.
    fn let_rest(&self, url: &str) {
        let now = Instant::now();
        let mut resting = self.resting();
        resting.retain(|_, until| now < *until);
        resting.insert(url.to_owned(), now + self.rest);
    }
}

#[async_trait]
impl HookCalls for HttpHookCalls {
    async fn post(&self, url: &str, letter: &Letter) -> Result<Received, Error> {
        if self.is_resting(url) {
            return Err(Error::new(Kind::Transient, POSTING, "it did not answer a moment ago"));
        }
        let call = self
            .client
            .post(url)
            .header("content-type", "application/json")
            .header("webhook-id", &letter.id)
            .header("webhook-timestamp", letter.timestamp)
            .header("webhook-signature", &letter.signature)
            .body(letter.body.clone());
        let answer = call.send().await.map_err(|error| {
            if error.is_timeout() {
                self.let_rest(url);
            }
            // The address may hold a token, and the log is no place for one.
            Error::new(Kind::Transient, POSTING, error.without_url())
        })?;
        match answer.status() {
            StatusCode::GONE => Ok(Received::Gone),
            status if status.is_success() => Ok(Received::Taken),
            status => Err(Error::new(Kind::Transient, POSTING, format!("it answered {}", status.as_u16()))),
        }
    }
}

#[cfg(test)]
mod tests;
