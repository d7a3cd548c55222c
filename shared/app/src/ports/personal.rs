//! The port of what is kept about one resident beside their reports.

use async_trait::async_trait;
use domain::conversation::Conversation;
use domain::ids::ResidentId;
use domain::resident::Resident;

use super::unfollows::Unfollow;
use crate::error::Error;

/// What is kept about one resident. It is read and erased for that resident alone: there is no list of residents.
#[async_trait]
pub trait PersonalData: Send + Sync {
    /// What they chose, and where their conversation stands, consistently.
    async fn of(&self, resident: &ResidentId) -> Result<Personal, Error>;

    /// Erases that, with the facts that they left, and that any report is found for them. Done again it changes nothing.
    async fn erase(&self, resident: &ResidentId, left: &[Unfollow]) -> Result<(), Error>;
}

/// What is kept about one resident.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Personal {
    /// The resident, if known.
    pub resident: Option<Resident>,
    /// Where the conversation stands, if it goes on.
    pub conversation: Option<Conversation>,
}
