//! The way to other systems: one POST with the headers of the Standard Webhooks specification.
//!
//! Whoever answers decides nothing here: no redirect is followed, of the answer nothing but its status is read, and names that lead
//! to no public address are not called.

use std::sync::Arc;
use std::time::Duration;

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
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(4), call: Duration::from_secs(10) }
    }
}

/// [`HookCalls`] by HTTP.
pub struct HttpHookCalls {
    client: reqwest::Client,
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
        Ok(Self { client })
    }
}

#[async_trait]
impl HookCalls for HttpHookCalls {
    async fn post(&self, url: &str, letter: &Letter) -> Result<Received, Error> {
        let call = self
            .client
            .post(url)
            .header("content-type", "application/json")
            .header("webhook-id", &letter.id)
            .header("webhook-timestamp", letter.timestamp)
            .header("webhook-signature", &letter.signature)
            .body(letter.body.clone());
        // The address may hold a token, and the log is no place for one.
        let answer = call.send().await.map_err(|error| Error::new(Kind::Transient, POSTING, error.without_url()))?;
        match answer.status() {
            StatusCode::GONE => Ok(Received::Gone),
            status if status.is_success() => Ok(Received::Taken),
            status => Err(Error::new(Kind::Transient, POSTING, format!("it answered {}", status.as_u16()))),
        }
    }
}

#[cfg(test)]
mod tests;
