//! The port to what is on its way between the functions, and to what failed there: looked at, and handed back.

use std::fmt;

use async_trait::async_trait;

use crate::error::Error;

/// What waits to be worked off, each with a place of its own for what failed for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flow {
    /// What residents did in the chat, in order for each of them: `inbox` answers.
    Inbox,
    /// Photos of reports: `photo` fetches and cleans them.
    Photos,
    /// What reporters are to hear: `notice` tells them.
    Notices,
    /// What other systems are to hear: `relay` tells them.
    Changes,
    /// Parts and runs of broadcasts, of both lanes: `planner` freezes and `sender` sends them.
    Sending,
}

impl Flow {
    /// All of them, the most urgent first.
    pub const ALL: [Self; 5] = [Self::Inbox, Self::Sending, Self::Photos, Self::Notices, Self::Changes];

    /// Its name in addresses, logs and the audit log, which never changes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Inbox => "inbox",
            Self::Photos => "photos",
            Self::Notices => "notices",
            Self::Changes => "changes",
            Self::Sending => "sending",
        }
    }

    /// The flow of a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|flow| flow.name() == name)
    }
}

/// How much is on its way, about: it is counted while it moves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OnTheWay {
    /// Waits for a function.
    pub waiting: u64,
    /// Was handed to a function that has not said yet what became of it.
    pub in_hand: u64,
    /// Is not to be handed out yet.
    pub delayed: u64,
}

impl OnTheWay {
    /// All of it.
    #[must_use]
    pub fn total(self) -> u64 {
        self.waiting.saturating_add(self.in_hand).saturating_add(self.delayed)
    }

    /// The two together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            waiting: self.waiting.saturating_add(other.waiting),
            in_hand: self.in_hand.saturating_add(other.in_hand),
            delayed: self.delayed.saturating_add(other.delayed),
        }
    }
}

/// A message that failed for good, taken by us for half a minute; then others find it again. `Debug` does not show what it says.
#[derive(Clone, PartialEq, Eq)]
pub struct FailedLetter {
    /// The id under which it lies there: the same each time that it is taken.
    pub id: String,
    /// Its group, if its flow has groups.
    pub group: Option<String>,
    /// The message as it was.
    pub body: String,
    /// By which it is removed.
    pub receipt: String,
}

impl fmt::Debug for FailedLetter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FailedLetter({}, {} bytes)", self.id, self.body.len())
    }
}

/// What is on its way, and what failed there.
#[async_trait]
pub trait FlowQueues: Send + Sync {
    /// How much of a flow is on its way.
    async fn on_the_way(&self, flow: Flow) -> Result<OnTheWay, Error>;

    /// How much of a flow failed for good and lies there, about; what somebody has just taken is counted, too.
    async fn failed(&self, flow: Flow) -> Result<u64, Error>;

    /// Takes some of what failed, at most `limit`, those of a group in their order. None: nothing was found.
    async fn take(&self, flow: Flow, limit: usize) -> Result<Vec<FailedLetter>, Error>;

    /// Puts a message back on its way. The same one (by its id) within five minutes is put once where the flow has groups. A flow of
    /// several queues has no way back: that is [`Permanent`](crate::error::Kind::Permanent).
    async fn hand_back(&self, flow: Flow, letter: &FailedLetter) -> Result<(), Error>;

    /// Removes a message from what failed. One that is gone already is no error.
    async fn remove(&self, flow: Flow, letter: &FailedLetter) -> Result<(), Error>;
}
