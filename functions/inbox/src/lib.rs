//! What `inbox` does with one message of its queue: opens the letter and hands it to the use case.

pub mod wiring;

use app::error::{Error, Kind};
use app::inbox::Inbox;
use line::letter::{Opened, open};

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

#[cfg(test)]
mod tests;
