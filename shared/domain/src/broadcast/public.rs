//! Which broadcasts everybody may read on the town's public page.

use super::audience::Audience;
use super::{Broadcast, Earnest, State};

impl Broadcast {
    /// Whether what it says is everybody's to read: it was meant, it was for all, and it has gone or goes. What is being written,
    /// waits or is held is nobody's business yet; what reached nobody was not said; what staff stopped they do not say any more, to
    /// however many it went; and a segment or a drill never is for everybody.
    #[must_use]
    pub fn is_public(&self) -> bool {
        let has_gone = match &self.state {
            State::Sending { .. } => true,
            State::Finished { account, .. } => 0 < account.accepted,
            State::Stopped { .. }
            | State::Draft
            | State::AwaitingApproval { .. }
            | State::Approved { .. }
            | State::Held { .. } => false,
        };
        has_gone && self.earnest == Earnest::Real && self.audience == Audience::All
    }
}
