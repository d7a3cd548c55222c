//! What `photo` does with one message of its queue: takes the photo that it is about.

pub mod wiring;

use app::error::Error;
use app::report::photo::Photos;
use aws::lambda::Arrival;
use aws::report_jobs::photo_job;

/// Handles one message; an error means that it must come again.
pub async fn handle(photos: &Photos, arrival: Arrival) -> Result<(), Error> {
    photos.take(&photo_job(&arrival.body)?, arrival.sent_at).await.map(drop)
}
