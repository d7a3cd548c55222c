//! What `planner` does with one message of a queue of parts: freezes that part.

pub mod wiring;

use app::broadcast::planner::Planner;
use app::error::Error;
use aws::sending_queues::part_key;

/// Handles one message; an error means that it must come again.
pub async fn handle(planner: &Planner, body: String) -> Result<(), Error> {
    planner.freeze(&part_key(&body)?).await
}
