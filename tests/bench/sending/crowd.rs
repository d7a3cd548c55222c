//! Residents in memory, read as the table gives them: page by page.

use std::time::Duration;

use app::error::Error;
use app::ports::audience::AudienceSource;
use async_trait::async_trait;
use domain::broadcast::audience::filter::Candidate;
use domain::sending::frozen::PackedId;

/// So many residents the table gives at a time: 1 MB of items of about 600 bytes.
const PAGE: usize = 1_700;

/// Friends who all get everything.
pub(crate) struct Crowd {
    /// Ascending.
    ids: Vec<PackedId>,
    page_takes: Duration,
}

impl Crowd {
    /// These; each page of them takes so long.
    pub(crate) fn new(mut ids: Vec<PackedId>, page_takes: Duration) -> Self {
        ids.sort_unstable();
        Self { ids, page_takes }
    }

    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }
}

#[async_trait]
impl AudienceSource for Crowd {
    async fn read(
        &self,
        partition: u16,
        see: &mut (dyn for<'a, 'b> FnMut(&'b Candidate<'a>) + Send),
    ) -> Result<(), Error> {
        let place = |partition: u16| self.ids.partition_point(|id| u16::from(id.0[0]) < partition);
        for page in self.ids[place(partition)..place(partition + 1)].chunks(PAGE) {
            if !self.page_takes.is_zero() {
                tokio::time::sleep(self.page_takes).await;
            }
            for id in page {
                see(&Candidate::follower(*id));
            }
        }
        Ok(())
    }
}
