//! What `sender` does with one message of a queue of runs: sends that run, and more of its lane while it is awake.

pub mod wiring;

use app::broadcast::sender::Sender;
use app::error::Error;
use aws::sending_queues::run_key;

/// Handles one message; an error means that it must come again.
pub async fn handle(sender: &Sender, body: String) -> Result<(), Error> {
    sender.send(&run_key(&body)?).await
}
