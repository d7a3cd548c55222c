//! What `notice` does with one message of its queue: tells a reporter of the entry that the message names.

pub mod wiring;

use app::error::Error;
use app::report::notice::Notices;
use aws::lambda::Arrival;
use aws::report_jobs::notice_job;

/// Handles one message; an error means that it must come again.
pub async fn handle(notices: &Notices, arrival: Arrival) -> Result<(), Error> {
    notices.tell(&notice_job(&arrival.body)?, arrival.sent_at).await.map(drop)
}
