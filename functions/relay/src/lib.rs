//! What `relay` does with one message of its queue: tells other systems of the change that the message names.

pub mod calls;
mod resolver;
pub mod wiring;

use app::error::Error;
use app::report::relay::Relay;
use aws::lambda::Arrival;
use aws::report_jobs::change_job;

/// Handles one message; an error means that it must come again.
pub async fn handle(relay: &Relay, arrival: Arrival) -> Result<(), Error> {
    relay.pass_on(&change_job(&arrival.body)?, arrival.sent_at).await.map(drop)
}
