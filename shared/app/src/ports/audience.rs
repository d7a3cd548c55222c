//! Where an audience is read from: the residents, partition by partition, and of each only what a condition may ask.

use async_trait::async_trait;
use domain::broadcast::audience::filter::Candidate;

use crate::error::Error;

/// Residents as candidates of an audience.
#[async_trait]
pub trait AudienceSource: Send + Sync {
    /// Shows every resident of a partition (0 to 255), blocked ones too, in any order. What was written in the last second may be missing.
    async fn read(
        &self,
        partition: u16,
        see: &mut (dyn for<'a, 'b> FnMut(&'b Candidate<'a>) + Send),
    ) -> Result<(), Error>;
}
