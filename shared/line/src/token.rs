//! Channel access tokens: stateless ones, which live 15 minutes, cached and renewed ahead of their end, one renewal at a time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::ports::{ChannelSecret, ChannelSecrets, Clock};
use jiff::Timestamp;
use reqwest::header::HeaderValue;
use secrecy::ExposeSecret as _;
use serde::Deserialize;

use crate::client::error::{LineError, Refusal};
use crate::client::http::{request_id, whole_body};
use crate::config::{Endpoints, Host};
use crate::limits::{ERROR_BYTES_MAX, TOKEN_LAST_USE, TOKEN_MARGIN, TOKEN_RENEWAL_PAUSE};

const DOING: &str = "issue a channel token";

/// A token, ready to be sent. `Debug` hides it.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    /// The value of the `Authorization` header, marked as sensitive.
    pub(crate) header: HeaderValue,
    number: u64,
    renew_at: Timestamp,
    ends_at: Timestamp,
}

/// The source of tokens for one channel.
pub(crate) struct Tokens {
    http: reqwest::Client,
    endpoints: Endpoints,
    secrets: Arc<dyn ChannelSecrets>,
    clock: Arc<dyn Clock>,
    held: Mutex<Held>,
    renewing: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Held {
    token: Option<Token>,
    /// How many renewals have ended, well or not.
    renewals: u64,
    /// Why the last one failed, if it did.
    failure: Option<LineError>,
}

#[derive(Deserialize)]
struct Issued {
    access_token: String,
    expires_in: u32,
}

impl Tokens {
    pub(crate) fn new(
        http: reqwest::Client,
        endpoints: Endpoints,
        secrets: Arc<dyn ChannelSecrets>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { http, endpoints, secrets, clock, held: Mutex::default(), renewing: tokio::sync::Mutex::default() }
    }

    /// A token that is good for the next call.
    ///
    /// Callers that find none wait for the one renewal in flight and share its outcome, a failure too. While the old token
    /// is still good, only one caller waits for the new one, and a failure to get it harms nobody.
    pub(crate) async fn current(&self) -> Result<Token, LineError> {
        let now = self.clock.now();
        let (token, renewals) = {
            let held = self.held();
            (held.token.clone().filter(|token| now < token.ends_at), held.renewals)
        };
        match token {
            Some(token) if now < token.renew_at => Ok(token),
            Some(token) => match self.renewing.try_lock() {
                Ok(_guard) => Ok(self.renewed_since(renewals).await.unwrap_or(token)),
                Err(_) => Ok(token),
            },
            None => {
                let _guard = self.renewing.lock().await;
                self.renewed_since(renewals).await
            }
        }
    }

    /// Forgets exactly this token: LINE does not take it any more.
    pub(crate) fn forget(&self, token: &Token) {
        let mut held = self.held();
        if held.token.as_ref().is_some_and(|current| current.number == token.number) {
            held.token = None;
        }
    }

    /// The outcome of the renewal that ended while the caller waited for its turn, or of one made now.
    async fn renewed_since(&self, renewals: u64) -> Result<Token, LineError> {
        {
            let held = self.held();
            if held.renewals != renewals {
                match (&held.failure, &held.token) {
                    (Some(failure), _) => return Err(failure.clone()),
                    (None, Some(token)) => return Ok(token.clone()),
                    // Issued, and already forgotten again.
                    (None, None) => {}
                }
            }
        }
        let begun = self.clock.now();
        let issued = self.issue().await;
        let mut held = self.held();
        held.renewals += 1;
        match issued {
            Ok(issued) => {
                let token = token(&issued, held.renewals, begun)?;
                held.failure = None;
                Ok(held.token.insert(token).clone())
            }
            Err(error) => {
                if let Some(refusal) = error.refusal().filter(|refusal| matches!(refusal.status, 400 | 401 | 403)) {
                    not_taken(refusal.status);
                }
                if let Some(token) = &mut held.token {
                    token.renew_at = later(begun, TOKEN_RENEWAL_PAUSE);
                }
                Err(held.failure.insert(error).clone())
            }
        }
    }

    /// Asks LINE for a token; once more with a newer secret, where there is one, if LINE does not take the one at hand.
    async fn issue(&self) -> Result<Issued, LineError> {
        let unavailable = |error| LineError::Credentials(Arc::new(error));
        let secret = self.secrets.current().await.map_err(unavailable)?;
        let outcome = self.ask(&secret).await;
        if !matches!(&outcome, Err(LineError::Refused(refusal)) if matches!(refusal.status, 400 | 401)) {
            return outcome;
        }
        let newest = self.secrets.renewed(&secret).await.map_err(unavailable)?;
        if Arc::ptr_eq(&secret, &newest) { outcome } else { self.ask(&newest).await }
    }

    async fn ask(&self, secret: &ChannelSecret) -> Result<Issued, LineError> {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", &secret.channel_id),
            ("client_secret", secret.channel_secret.expose_secret()),
        ];
        let url = self.endpoints.url(Host::Api, &["oauth2", "v3", "token"]);
        let response = self.http.post(url).form(&form).send().await?;
        let (status, id) = (response.status(), request_id(&response));
        let body = whole_body(response, ERROR_BYTES_MAX).await?;
        if !status.is_success() {
            return Err(Refusal::new(DOING, status.as_u16(), id, &body.bytes).into());
        }
        serde_json::from_slice(&body.bytes).map_err(|_| LineError::Unreadable { doing: DOING, why: "no token in it" })
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        // Nothing panics while it is held; if something did, the value would still be whole.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells that LINE takes neither secret nor token of the channel: until somebody puts in the right ones no call can be made. An alarm
/// in `template.yaml` waits for these words.
pub(crate) fn not_taken(status: u16) {
    tracing::error!(line.status = status, "LINE does not take our credentials");
}

fn token(issued: &Issued, number: u64, begun: Timestamp) -> Result<Token, LineError> {
    let mut header = HeaderValue::from_str(&format!("Bearer {}", issued.access_token))
        .map_err(|_| LineError::Unreadable { doing: DOING, why: "the token is no header value" })?;
    header.set_sensitive(true);
    // Shares of the life as well, so that the very short tokens of a test are used at all.
    let life = Duration::from_secs(u64::from(issued.expires_in));
    let renew_at = later(begun, life.saturating_sub(TOKEN_MARGIN.min(life / 5)));
    let ends_at = later(begun, life.saturating_sub(TOKEN_LAST_USE.min(life / 10)));
    Ok(Token { header, number, renew_at, ends_at })
}

fn later(than: Timestamp, by: Duration) -> Timestamp {
    than.checked_add(by).unwrap_or(Timestamp::MAX)
}
