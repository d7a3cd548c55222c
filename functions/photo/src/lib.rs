//! What `photo` does with one message of its queue: takes the photos that it is about.

pub mod wiring;

use app::error::Error;
use app::report::photo::Photos;
use aws::lambda::Arrival;
use aws::report_jobs::photo_jobs;

/// Handles one message; an error means that it must come again.
pub async fn handle(photos: &Photos, arrival: Arrival) -> Result<(), Error> {
    for job in photo_jobs(&arrival.body)? {
        photos.take(&job, arrival.sent_at).await?;
    }
    Ok(())
}
