//! Calls to the issuer: bounded in time and size, and no redirect is followed.

use std::sync::Arc;
use std::time::Duration;

use app::error::Kind;
use bytes::BytesMut;
use reqwest::redirect::Policy;
use reqwest::{RequestBuilder, Response, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;

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
pub struct Http {
    client: reqwest::Client,
}

/// OAuth's error answer, as far as it is safe to repeat.
#[derive(Deserialize)]
struct ErrorBody {
    error: String,
}

impl Http {
    /// A client that waits so long.
    pub fn new(timeouts: Timeouts) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(timeouts.connect)
            .timeout(timeouts.call)
            // A function sleeps between sign-ins, and a code cannot be sent again when the kept connection turns out dead.
            .pool_max_idle_per_host(0)
            // A followed redirect could carry the code and our secret to another place, or bring keys from one.
            .redirect(Policy::none())
            .build()?;
        Ok(Self { client })
    }

    /// A GET, to be finished and made by [`json`].
    pub fn get(&self, url: Url) -> RequestBuilder {
        self.client.get(url)
    }

    /// A POST, to be finished and made by [`json`].
    pub fn post(&self, url: Url) -> RequestBuilder {
        self.client.post(url)
    }
}

/// Makes a call and reads its answer as JSON.
pub async fn json<T: DeserializeOwned>(request: RequestBuilder, doing: &'static str) -> Result<T, CallError> {
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

/// A call to the issuer that brought nothing.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CallError {
    /// No answer came, or not to the end.
    #[error("the issuer did not answer the call to {doing}")]
    Silent {
        /// What was asked for.
        doing: &'static str,
        /// The cause, without the address.
        source: Arc<reqwest::Error>,
    },
    /// The issuer refused.
    #[error("the issuer refused to {doing}: {status} {}", .code.as_deref().unwrap_or("without a reason"))]
    Refused {
        /// What was asked for.
        doing: &'static str,
        /// The HTTP status.
        status: u16,
        /// OAuth's error code, such as `invalid_client`. Its description, which may name a person, is left out.
        code: Option<String>,
    },
    /// The browser came back with the issuer's error instead of a code.
    #[error("the issuer ended the sign-in: {}", .code.as_deref().unwrap_or("without a reason"))]
    Redirected {
        /// OAuth's error code, such as `invalid_scope`.
        code: Option<String>,
    },
    /// The issuer's answer makes no sense to us.
    #[error("the issuer's answer to the call to {doing} cannot be used: {why}")]
    Unusable {
        /// What was asked for.
        doing: &'static str,
        /// What is wrong with the answer.
        why: &'static str,
    },
}

impl CallError {
    /// Whether to try again.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Refused { status: 429, .. } => Kind::Throttled,
            Self::Silent { .. } | Self::Refused { status: 408 | 500..=599, .. } => Kind::Transient,
            Self::Redirected { code } if is_passing(code.as_deref()) => Kind::Transient,
            Self::Refused { .. } | Self::Redirected { .. } | Self::Unusable { .. } => Kind::Permanent,
        }
    }
}

fn is_passing(code: Option<&str>) -> bool {
    matches!(code, Some("server_error" | "temporarily_unavailable"))
}

/// An error code as OAuth writes them; anything else could be made up by whoever sent the browser here.
#[must_use]
pub fn oauth_code(text: &str) -> Option<String> {
    let is_code = (1..=40).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    is_code.then(|| text.to_owned())
}
