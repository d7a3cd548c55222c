//! What `inbox` does with one message of its queue: opens the letter and hands it to the use case.

use std::sync::Arc;

use app::error::{Error, Kind};
use app::inbox::Inbox;
use app::ports::ChannelSecrets;
use async_trait::async_trait;
use line::letter::{Opened, open};
use line::token::{ChannelCredentials, Credentials, Freshness};

/// Handles one message; an error means that it must come again.
pub async fn handle(inbox: &Inbox, body: String) -> Result<(), Error> {
    match open(&body).map_err(|error| Error::new(Kind::Permanent, "open a letter", error))? {
        Opened::Letter(letter) => inbox.handle(&letter).await.map(drop),
        Opened::SetAside { event_type, why } => {
            tracing::info!(event.r#type = event_type, why = ?why, "event set aside");
            Ok(())
        }
    }
}

/// The channel's credentials for the LINE client, which does not know where they are kept.
pub struct ChannelSecretsForLine(pub Arc<dyn ChannelSecrets>);

#[async_trait]
impl Credentials for ChannelSecretsForLine {
    async fn credentials(&self, freshness: Freshness) -> Result<ChannelCredentials, Error> {
        let known = self.0.current().await?;
        let secret = match freshness {
            Freshness::Cached => known,
            Freshness::Fresh => self.0.renewed(&known).await?,
        };
        Ok(ChannelCredentials { channel_id: secret.channel_id.clone(), channel_secret: secret.channel_secret.clone() })
    }
}

#[cfg(test)]
mod tests;
