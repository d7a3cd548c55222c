//! What the platform says of messages before they are sent.

use std::collections::VecDeque;
use std::sync::Mutex;

use app::ports::Verdict;

use crate::city::lock;

/// The platform's word on messages: it would take all, until a test says otherwise.
#[derive(Default)]
pub struct TestVerdicts {
    next: Mutex<VecDeque<Verdict>>,
    asked: Mutex<Vec<String>>,
}

impl TestVerdicts {
    /// It says this of the next messages, of one after the other; of those after them that it would take them.
    pub fn say(&self, verdicts: impl IntoIterator<Item = Verdict>) {
        lock(&self.next).extend(verdicts);
    }

    /// The messages about which it was asked since somebody looked last.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *lock(&self.asked))
    }

    pub(crate) fn on(&self, messages: &str) -> Verdict {
        lock(&self.asked).push(messages.to_owned());
        lock(&self.next).pop_front().unwrap_or(Verdict::Fine)
    }
}
