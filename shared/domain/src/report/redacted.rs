//! What `Debug` shows of reports: which one, where it stands and what was done, and nothing of who reported, where, or what was written.

use std::fmt;

use super::acts::Deed;
use super::filing::Filing;
use super::{Answer, Report, Reporter, State, What};

/// A text of which only the length is shown.
pub(super) struct Hidden<'a>(pub(super) &'a str);

impl fmt::Debug for Hidden<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} characters", self.0.chars().count())
    }
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Report")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("department", &self.department)
            .field("state", &self.state)
            .field("answers", &self.answers)
            .field("comment", &Hidden(&self.comment))
            .field("reporter", &self.reporter)
            .field("followers", &self.followers.len())
            .field("photos", &self.photos)
            .field("history", &self.history)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Filing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Filing")
            .field("id", &self.id)
            .field("answers", &self.answers)
            .field("comment", &Hidden(&self.comment))
            .field("reporter", &self.reporter)
            .field("photos", &self.photos)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Reporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Resident(id) => f.debug_tuple("Resident").field(id).finish(),
            Self::Told { contact } => f.debug_tuple("Told").field(&Hidden(contact)).finish(),
            Self::Erased => f.write_str("Erased"),
        }
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answer({}: {:?})", self.question, Hidden(&self.text))
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Received | Self::Checking | Self::Working | Self::Done => f.write_str(self.standing().name()),
            Self::Declined { why } => write!(f, "declined({:?})", Hidden(why)),
            Self::Duplicate { of } => write!(f, "duplicate({of})"),
        }
    }
}

impl fmt::Debug for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_tuple(self.name());
        match self {
            Self::Filed | Self::Placed | Self::Released | Self::Hidden | Self::Erased => &mut shown,
            Self::State { from, to, answer } => shown.field(from).field(to).field(&Hidden(answer)),
            Self::Answered(text) | Self::Commented(text) | Self::Noted(text) => shown.field(&Hidden(text)),
            Self::Assigned(to) => shown.field(to),
            Self::Moved { from, to } => shown.field(from).field(to),
            Self::KindChanged { from, to } => shown.field(from).field(to),
            Self::Priority(to) => shown.field(to),
            Self::Due(to) => shown.field(to),
            Self::Merged(report) => shown.field(report),
        };
        shown.finish()
    }
}

impl fmt::Debug for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Check => f.write_str("Check"),
            Self::Work { answer } => f.debug_tuple("Work").field(&Hidden(answer)).finish(),
            Self::Done { answer } => f.debug_tuple("Done").field(&Hidden(answer)).finish(),
            Self::Decline { why } => f.debug_tuple("Decline").field(&Hidden(why)).finish(),
            Self::Reopen { answer } => f.debug_tuple("Reopen").field(&Hidden(answer)).finish(),
            Self::Answer(text) => f.debug_tuple("Answer").field(&Hidden(text)).finish(),
            Self::Note(text) => f.debug_tuple("Note").field(&Hidden(text)).finish(),
            Self::Assign(to) => f.debug_tuple("Assign").field(to).finish(),
            Self::Move { to } => f.debug_tuple("Move").field(to).finish(),
            Self::ChangeKind(to) => f.debug_tuple("ChangeKind").field(to).finish(),
            Self::Priority(to) => f.debug_tuple("Priority").field(to).finish(),
            Self::Due(to) => f.debug_tuple("Due").field(to).finish(),
            Self::Place(to) => f.debug_tuple("Place").field(to).finish(),
            Self::Release(to) => f.debug_tuple("Release").field(to).finish(),
            Self::Hide => f.write_str("Hide"),
        }
    }
}
