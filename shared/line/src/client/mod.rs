//! A thin client of LINE's Messaging API: one method per call that we make, nothing retried, nothing hidden.
//!
//! Retrying, pacing and remembering are decided by use cases: an error says whether to try again ([`error::LineError::kind`]).
//! Only a channel token that ended in mid-use is renewed here, and the call made once more.

mod content;
pub mod error;
pub(crate) mod http;
pub mod id;
mod people;
mod quota;
mod rich_menu;
mod send;
mod webhook_endpoint;

use std::sync::Arc;

use app::ports::{ChannelSecrets, Clock};
use reqwest::redirect::Policy;

use crate::config::{Endpoints, Timeouts};
use crate::token::Tokens;
use error::LineError;

pub use content::{Content, ContentStream, Gone};
pub use people::{BotInfo, FollowersPage, LoadingSeconds, Profile};
pub use quota::Quota;
pub use rich_menu::{Alias, Area, Bounds, ImageType, RichMenu, Size, StoredRichMenu};
pub use send::{
    Acceptance, Accepted, Multicast, Narrowcast, NarrowcastProgress, Phase, RetryKey, SentMessage, ValidateFor,
};
pub use webhook_endpoint::{WebhookEndpoint, WebhookTest};

/// What is sent as `User-Agent`.
const USER_AGENT: &str = concat!("kairan/", env!("CARGO_PKG_VERSION"));

/// The client of one channel. Cheap to clone; make one per process, since it holds the connections and the token.
#[derive(Clone)]
pub struct LineClient {
    http: reqwest::Client,
    endpoints: Endpoints,
    pub(crate) timeouts: Timeouts,
    tokens: Arc<Tokens>,
}

impl LineClient {
    /// A client of the channel whose credentials are given.
    pub fn new(
        endpoints: Endpoints,
        timeouts: Timeouts,
        secrets: Arc<dyn ChannelSecrets>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, LineError> {
        let http = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(timeouts.connect)
            .timeout(timeouts.call)
            .pool_idle_timeout(timeouts.idle)
            // LINE documents no redirect, and a followed one would carry the token to another place.
            .redirect(Policy::none())
            .build()?;
        let tokens = Arc::new(Tokens::new(http.clone(), endpoints.clone(), secrets, clock));
        Ok(Self { http, endpoints, timeouts, tokens })
    }
}

impl std::fmt::Debug for LineClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LineClient").field("endpoints", &self.endpoints).finish_non_exhaustive()
    }
}
