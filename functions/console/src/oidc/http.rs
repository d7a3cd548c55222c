//! Calls to the issuer: bounded in time and size, and no redirect is followed.

use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use reqwest::redirect::Policy;
use reqwest::{RequestBuilder, Response, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::error::{CallError, InvalidSettings, oauth_code};

/// The largest answer that we read. Discovery documents and key sets have some KB; an ID token with many groups, tens.
const ANSWER_BYTES_MAX: usize = 256 * 1024;
/// What is sent as `User-Agent`.
const USER_AGENT: &str = concat!("kairan/", env!("CARGO_PKG_VERSION"));

/// How long to wait for the issuer. A person waits too, and for up to three calls in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection.
    pub connect: Duration,
    /// For a whole call, from connecting to the last byte.
    pub call: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(2), call: Duration::from_secs(5) }
    }
}

/// The client for calls to the issuer.
pub(super) struct Http {
    client: reqwest::Client,
}

/// OAuth's error answer, as far as it is safe to repeat.
#[derive(Deserialize)]
struct ErrorBody {
    error: String,
}

impl Http {
    pub(super) fn new(timeouts: Timeouts) -> Result<Self, InvalidSettings> {
        let client = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(timeouts.connect)
            .timeout(timeouts.call)
            // A function sleeps between sign-ins, and a code cannot be sent again when the kept connection turns out dead.
            .pool_max_idle_per_host(0)
            // A followed redirect could carry the code and our secret to another place, or bring keys from one.
            .redirect(Policy::none())
            .build()
            .map_err(|_| InvalidSettings::Client)?;
        Ok(Self { client })
    }

    pub(super) fn get(&self, url: Url) -> RequestBuilder {
        self.client.get(url)
    }

    pub(super) fn post(&self, url: Url) -> RequestBuilder {
        self.client.post(url)
    }
}

/// Makes a call and reads its answer as JSON.
pub(super) async fn json<T: DeserializeOwned>(request: RequestBuilder, doing: &'static str) -> Result<T, CallError> {
    let silent = |error: reqwest::Error| CallError::Silent { doing, source: Arc::new(error.without_url()) };
    let response = request.header("accept", "application/json").send().await.map_err(silent)?;
    let status = response.status();
    if !status.is_success() {
        // A body that breaks off or is too long changes nothing about the status.
        let body = body(response).await.ok().flatten().unwrap_or_default();
        let code = serde_json::from_slice::<ErrorBody>(&body).ok().and_then(|body| oauth_code(&body.error));
        return Err(CallError::Refused { doing, status: status.as_u16(), code });
    }
    let Some(body) = body(response).await.map_err(silent)? else {
        return Err(CallError::Unusable { doing, why: "it is too long" });
    };
    // serde's own words may repeat what it read.
    serde_json::from_slice(&body).map_err(|_| CallError::Unusable { doing, why: "it has another shape" })
}

/// The whole body; `None` if it is longer than we read.
async fn body(mut response: Response) -> Result<Option<BytesMut>, reqwest::Error> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = response.chunk().await? {
        if bytes.len() + chunk.len() > ANSWER_BYTES_MAX {
            return Ok(None);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Some(bytes))
}
