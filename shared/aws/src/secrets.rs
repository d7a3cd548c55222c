//! Secrets in Secrets Manager. The LINE channel's credentials: a JSON object `{"channelId": "…", "channelSecret": "…"}`.
//! The console's secret at the staff's issuer: `{"clientSecret": "…"}`, read once at the start ([`client_secret`]).
//!
//! They are read at the first use and kept for the life of the process. Who finds them wrong (a signature that does not
//! match, a token that is refused) reports it, and they are read again, at most once a minute: so staff can change
//! the secret at any time, and a flood of forged webhooks costs one read a minute.

use std::sync::Arc;

use app::error::{Error, Kind};
use app::ports::{ChannelSecret, ChannelSecrets, Clock};
use async_trait::async_trait;
use aws_sdk_secretsmanager::Client;
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::clients::Clients;
use crate::failure::failed;

/// A secret that was reported wrong is not read again sooner than this after the last reading.
pub const REREAD_PAUSE: SignedDuration = SignedDuration::from_secs(60);

/// What `template.yaml` puts into a new secret, for staff to replace.
pub const PLACEHOLDER: &str = "FILL_IN";

const READING: &str = "read the LINE channel's secret";
const READING_CLIENT: &str = "read the console's secret at the staff's issuer";

/// [`ChannelSecrets`] kept in AWS Secrets Manager.
pub struct StoredChannelSecrets {
    client: Client,
    secret_id: String,
    clock: Arc<dyn Clock>,
    /// Locked while reading, so that many who wait cause one call.
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    secret: Option<Arc<ChannelSecret>>,
    asked_at: Option<Timestamp>,
}

impl StoredChannelSecrets {
    /// The credentials in the secret of this name or ARN; nothing is read yet.
    #[must_use]
    pub fn new(clients: &Clients, secret_id: String, clock: Arc<dyn Clock>) -> Self {
        Self { client: clients.secrets_manager(), secret_id, clock, known: Mutex::default() }
    }

    async fn read(&self, known: &mut Known) -> Result<Arc<ChannelSecret>, Error> {
        known.asked_at = Some(self.clock.now());
        let answer = self.client.get_secret_value().secret_id(&self.secret_id).send().await;
        let answer = answer.map_err(|error| failed(READING, error))?;
        let text = answer.secret_string().unwrap_or_default();
        let secret = Arc::new(parse(text).map_err(|error| Error::new(Kind::Permanent, READING, error))?);
        known.secret = Some(Arc::clone(&secret));
        Ok(secret)
    }
}

#[async_trait]
impl ChannelSecrets for StoredChannelSecrets {
    async fn current(&self) -> Result<Arc<ChannelSecret>, Error> {
        let mut known = self.known.lock().await;
        match &known.secret {
            Some(secret) => Ok(Arc::clone(secret)),
            None => self.read(&mut known).await,
        }
    }

    async fn renewed(&self, wrong: &Arc<ChannelSecret>) -> Result<Arc<ChannelSecret>, Error> {
        let mut known = self.known.lock().await;
        let asked_lately = known.asked_at.is_some_and(|at| self.clock.now().duration_since(at) < REREAD_PAUSE);
        match &known.secret {
            // Somebody else reported the same one before, and it has been replaced since.
            Some(secret) if !Arc::ptr_eq(secret, wrong) => Ok(Arc::clone(secret)),
            Some(secret) if asked_lately => Ok(Arc::clone(secret)),
            Some(_) | None => self.read(&mut known).await,
        }
    }
}

/// The console's secret at the staff's OpenID Connect issuer.
pub async fn client_secret(clients: &Clients, secret_id: &str) -> Result<SecretString, Error> {
    let answer = clients.secrets_manager().get_secret_value().secret_id(secret_id).send().await;
    let answer = answer.map_err(|error| failed(READING_CLIENT, error))?;
    let unusable = |error| Error::new(Kind::Permanent, READING_CLIENT, error);
    parse_client(answer.secret_string().unwrap_or_default()).map_err(unusable)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredClient {
    client_secret: String,
}

fn parse_client(text: &str) -> Result<SecretString, Unusable> {
    let stored: StoredClient = serde_json::from_str(text).map_err(|_| Unusable::ClientShape)?;
    match stored.client_secret.trim() {
        PLACEHOLDER => Err(Unusable::ClientPlaceholder),
        "" => Err(Unusable::ClientShape),
        secret => Ok(SecretString::from(secret)),
    }
}

/// Why the secret's content is of no use. Says nothing of the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum Unusable {
    #[error("the secret still holds {PLACEHOLDER}: put in the channel's id and secret (README, \"Deploy to AWS\")")]
    Placeholder,
    #[error("the secret is not a JSON object with the texts \"channelId\" and \"channelSecret\"")]
    Shape,
    #[error("the secret still holds {PLACEHOLDER}: put in the client's secret (README, \"Staff sign in\")")]
    ClientPlaceholder,
    #[error("the secret is not a JSON object with the text \"clientSecret\"")]
    ClientShape,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stored {
    channel_id: String,
    channel_secret: String,
}

/// Reads the secret's text. Blanks around the values are the remains of copying, not part of them.
fn parse(text: &str) -> Result<ChannelSecret, Unusable> {
    let stored: Stored = serde_json::from_str(text).map_err(|_| Unusable::Shape)?;
    let (channel_id, channel_secret) = (stored.channel_id.trim(), stored.channel_secret.trim());
    if channel_id == PLACEHOLDER || channel_secret == PLACEHOLDER {
        return Err(Unusable::Placeholder);
    }
    if channel_id.is_empty() || channel_secret.is_empty() {
        return Err(Unusable::Shape);
    }
    Ok(ChannelSecret { channel_id: channel_id.to_owned(), channel_secret: SecretString::from(channel_secret) })
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_filled_secret_is_taken_without_the_blanks_of_copying() {
        let secret =
            parse("{\"channelId\": \"1234567890\", \"channelSecret\": \" 0123abcd\\n\", \"note\": 1}").unwrap();
        assert_eq!(secret.channel_id, "1234567890");
        assert_eq!(secret.channel_secret.expose_secret(), "0123abcd");
        assert!(!format!("{secret:?}").contains("0123abcd"));
    }

    #[test]
    fn a_clients_secret_is_taken_or_said_to_be_missing() {
        assert_eq!(parse_client(r#"{"clientSecret":" s\n"}"#).unwrap().expose_secret(), "s");
        assert_eq!(parse_client(r#"{"clientSecret":"FILL_IN"}"#).unwrap_err(), Unusable::ClientPlaceholder);
        for text in ["", "{}", r#"{"clientSecret":" "}"#, r#"{"clientSecret":1}"#] {
            assert_eq!(parse_client(text).unwrap_err(), Unusable::ClientShape, "{text}");
        }
    }

    #[test]
    fn a_placeholder_is_told_from_garbage() {
        for text in [
            r#"{"channelId":"FILL_IN","channelSecret":"FILL_IN"}"#,
            r#"{"channelId":"1234567890","channelSecret":"FILL_IN"}"#,
            r#"{"channelId":"FILL_IN","channelSecret":"0123abcd"}"#,
        ] {
            assert_eq!(parse(text).unwrap_err(), Unusable::Placeholder, "{text}");
        }
        for text in [
            "",
            "0123abcd",
            "[]",
            r#"{"channelId":"1"}"#,
            r#"{"channelId":1,"channelSecret":"a"}"#,
            r#"{"channelId":"1","channelSecret":" "}"#,
        ] {
            assert_eq!(parse(text).unwrap_err(), Unusable::Shape, "{text}");
        }
    }
}
