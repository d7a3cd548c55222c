//! The town's LIFF apps: the links that open them, and whose ID token it is that one gave to a page ("Using user data in LIFF apps and
//! servers").
//!
//! LIFF signs with ES256; tokens of a login on the web, which LINE signs with the channel's secret, are not taken.

use app::error::Error;
use app::ports::portal::ResidentLogins;
use async_trait::async_trait;
use domain::conversation::ReportLinks;
use domain::ids::ResidentId;
use jiff::Timestamp;
use jsonwebtoken::Algorithm;
use openid::call::{CallError, Http, Timeouts};
use openid::keys::IssuerKeys;
use openid::token::{Claimed, Expected, TokenFault, check};
use reqwest::Url;
use serde::de::IgnoredAny;

use crate::config::{Endpoints, Host};

/// Where LIFF apps are opened.
const OPENER: &str = "https://liff.line.me";
/// Who makes LINE's ID tokens.
const ISSUER: &str = "https://access.line.me";
/// The longest token that is looked at. LINE's have some 600 bytes.
const TOKEN_BYTES_MAX: usize = 4 * 1024;
const CHECKING: &str = "check an ID token of LINE";

/// The town's LIFF apps: several where it tries one out. Their endpoint is the page on which a report is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiffApps {
    first: String,
    channels: Vec<String>,
}

/// These are no LIFF apps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a LIFF id is the channel's number, a hyphen and letters, such as 1234567890-AbcdEfgh; several stand between commas"
)]
pub struct InvalidLiffId;

impl std::str::FromStr for LiffApps {
    type Err = InvalidLiffId;

    fn from_str(text: &str) -> Result<Self, InvalidLiffId> {
        let ids: Vec<&str> = text.split(',').map(str::trim).collect();
        let channels: Option<Vec<_>> = ids.iter().map(|id| channel(id).map(str::to_owned)).collect();
        let first = ids.first().copied().unwrap_or_default().to_owned();
        Ok(Self { first, channels: channels.ok_or(InvalidLiffId)? })
    }
}

impl LiffApps {
    /// The id of the one that links open.
    #[must_use]
    pub fn first(&self) -> &str {
        &self.first
    }

    /// Links that open its pages in LINE.
    #[must_use]
    pub fn links(&self) -> ReportLinks {
        ReportLinks::at(format!("{OPENER}/{}", self.first))
    }
}

/// Checks ID tokens of LIFF apps. Make one per process: it holds LINE's keys.
pub struct LineLogins {
    keys_url: Url,
    channels: Vec<String>,
    http: Http,
    keys: IssuerKeys,
}

impl LineLogins {
    /// Believes the tokens of these apps. Asks LINE nothing yet; an error means that no client for that can be built.
    pub fn new(endpoints: &Endpoints, apps: &LiffApps) -> Result<Self, reqwest::Error> {
        Ok(Self {
            keys_url: endpoints.url(Host::Api, &["oauth2", "v2.1", "certs"]),
            channels: apps.channels.clone(),
            http: Http::new(Timeouts::default())?,
            keys: IssuerKeys::default(),
        })
    }

    async fn subject(&self, token: &str, now: Timestamp) -> Result<Result<ResidentId, TokenFault>, CallError> {
        let claimed = match Claimed::of(token, &[Algorithm::ES256]) {
            Ok(claimed) => claimed,
            Err(fault) => return Ok(Err(fault)),
        };
        let ask = || async { Ok(self.http.get(self.keys_url.clone())) };
        let expected = Expected { issuer: ISSUER, clients: &self.channels, now };
        let key = self.keys.find(&claimed, now, ask).await?;
        let said = key.and_then(|key| check::<IgnoredAny>(token, &claimed, &key, &expected));
        Ok(said.and_then(|said| said.subject.parse().map_err(|_| TokenFault::Malformed)))
    }
}

/// The channel that a LIFF app belongs to: its id is the audience of the app's tokens.
fn channel(liff_id: &str) -> Option<&str> {
    let (channel, rest) = liff_id.split_once('-')?;
    let is_number = !channel.is_empty() && channel.bytes().all(|byte| byte.is_ascii_digit());
    let is_word = !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_number && is_word).then_some(channel)
}

#[async_trait]
impl ResidentLogins for LineLogins {
    async fn resident(&self, id_token: &str, now: Timestamp) -> Result<Option<ResidentId>, Error> {
        if TOKEN_BYTES_MAX < id_token.len() {
            return Ok(None);
        }
        match self.subject(id_token, now).await {
            Ok(Ok(resident)) => Ok(Some(resident)),
            Ok(Err(fault)) => {
                // Only with the reason a wrong clock or channel can be told from a page that stayed open too long.
                tracing::info!(why = %fault, "ID token not believed");
                Ok(None)
            }
            Err(error) => {
                let kind = error.kind();
                Err(Error::new(kind, CHECKING, error))
            }
        }
    }
}

impl std::fmt::Debug for LineLogins {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LineLogins").field("channels", &self.channels).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
