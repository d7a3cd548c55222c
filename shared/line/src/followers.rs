//! The port [`FollowersList`] on LINE: only verified and premium accounts may ask, and LINE knows for a day where its list goes on.

use app::error::Error;
use app::ports::followers::{FollowersList, Listed, Onward};
use async_trait::async_trait;

use crate::client::error::{LineError, Refusal};
use crate::client::{FollowersPage, LineClient};

/// LINE's list of followers.
#[derive(Debug, Clone)]
pub struct LineFollowers {
    client: LineClient,
}

impl LineFollowers {
    /// Asked for through this client.
    #[must_use]
    pub fn new(client: LineClient) -> Self {
        Self { client }
    }
}

#[async_trait]
impl FollowersList for LineFollowers {
    async fn page(&self, from: Option<&Onward>) -> Result<Listed, Error> {
        match self.client.followers(from.map(|from| from.0.as_str())).await {
            Ok(FollowersPage { residents, odd_ids, next }) => {
                let odd = u64::try_from(odd_ids).unwrap_or_default();
                Ok(Listed::Page { residents, odd, next: next.map(Onward) })
            }
            Err(LineError::Refused(refusal)) if refusal.status == 403 => {
                note(&refusal);
                Ok(Listed::NotAllowed)
            }
            // Nothing else of the call differs from those that LINE takes.
            Err(LineError::Refused(refusal)) if refusal.status == 400 && from.is_some() => {
                note(&refusal);
                Ok(Listed::Forgotten)
            }
            Err(error) => Err(error.while_doing("list followers")),
        }
    }
}

fn note(refusal: &Refusal) {
    tracing::warn!(
        line.status = refusal.status,
        line.request_id = refusal.request_id.as_ref().map(tracing::field::display),
        line.message = refusal.message.as_deref().unwrap_or_default(),
        "LINE does not list followers"
    );
}
