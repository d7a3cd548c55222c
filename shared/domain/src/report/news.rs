//! What an entry of a history is to those who hear of the report: where it stands now, or what staff say to them.

use super::{Entry, State, What};

/// Something to hear of a report.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum News<'a> {
    /// It stands elsewhere now.
    State {
        /// Where.
        to: &'a State,
        /// What staff wrote beside, and nobody else: perhaps nothing.
        said: &'a str,
    },
    /// Staff answered.
    Answered(&'a str),
}

impl Entry {
    /// What it is to those who hear of the report; `None` for what is staff's own affair, or a resident's.
    #[must_use]
    pub fn news(&self) -> Option<News<'_>> {
        match &self.what {
            What::State { to, answer, .. } => {
                Some(News::State { to, said: if self.by.is_resident() { "" } else { answer } })
            }
            What::Answered(text) => Some(News::Answered(text)),
            What::Filed
            | What::Commented(_)
            | What::Noted(_)
            | What::Assigned(_)
            | What::Moved { .. }
            | What::KindChanged { .. }
            | What::Priority(_)
            | What::Due(_)
            | What::Placed
            | What::Merged(_)
            | What::Released
            | What::Hidden
            | What::Erased => None,
        }
    }
}

impl<'a> News<'a> {
    /// What staff said, if they did: beside a state, why nothing is done, or as an answer.
    #[must_use]
    pub fn said(self) -> Option<&'a str> {
        let said = match self {
            Self::State { to: State::Declined { why }, said: "" } => why,
            Self::State { said, .. } | Self::Answered(said) => said,
        };
        (!said.is_empty()).then_some(said)
    }
}
