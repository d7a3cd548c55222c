//! A damage report (損傷報告): what is broken, where, what staff did about it, and what the one who reported hears.
//!
//! [`kind`] is what can be reported, [`place`] where it is, [`boundary`] where the town ends, [`photo`] what becomes of a photo, [`draft`]
//! a report in the making, [`Filing`] how it begins, [`Deed`] what staff do with it, [`release`] what everybody sees of it,
//! [`seen`] what a resident sees of it, [`news`] what they hear, [`answer`] what staff often say.

mod acts;
pub mod answer;
pub mod boundary;
pub mod draft;
mod filing;
mod history;
pub mod kind;
pub mod news;
mod number;
pub mod photo;
pub mod place;
mod redacted;
pub mod release;
mod residents;
pub mod seen;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::{DepartmentId, PhotoId, QuestionId, ReportId, ReportKindId, ResidentId, StaffId};
use place::Place;
use release::Release;

pub use acts::{Deed, Refusal};
pub use filing::{CONTACT_CHARS_MAX, Filing};
pub use number::{InvalidNumber, ReportNumber};

/// A text that somebody writes about a report has at most this many characters.
pub const TEXT_CHARS_MAX: usize = 1_000;
/// A history has at most this many entries; an item of the table holds them all.
pub const ENTRIES_MAX: usize = 100;
/// At most this many residents hear of one report.
pub const FOLLOWERS_MAX: usize = 200;

/// One report, from its filing to its end. `Debug` shows nothing of who reported and what they wrote.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Which.
    pub id: ReportId,
    /// Of which kind.
    pub kind: ReportKindId,
    /// Who works on it.
    pub department: DepartmentId,
    /// Where it stands.
    pub state: State,
    /// How much it presses.
    pub priority: Priority,
    /// Who of the staff looks after it, if somebody does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<StaffId>,
    /// By when it is to be done, if a day was promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    /// When it was filed.
    pub filed_at: Timestamp,
    /// When it was closed, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
    /// Where it is.
    pub place: Place,
    /// What was answered to the kind's questions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
    /// What the reporter wrote; at most [`TEXT_CHARS_MAX`] characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub comment: String,
    /// Who reported it.
    pub reporter: Reporter,
    /// Who else hears of it, at most [`FOLLOWERS_MAX`].
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub followers: BTreeSet<ResidentId>,
    /// Its photos, in the order in which they are shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<PhotoId>,
    /// The reports that were found to be about the same thing, and are kept under this one.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub merged: BTreeSet<ReportId>,
    /// What everybody sees of it, if staff released it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
    /// What happened, the earliest first; at most [`ENTRIES_MAX`].
    pub history: Vec<Entry>,
}

/// Who reported it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reporter {
    /// A friend of the account.
    Resident(ResidentId),
    /// Somebody who called or came; what staff wrote down to reach them, perhaps nothing.
    Told {
        /// Their name and telephone number, at most 100 characters.
        contact: String,
    },
    /// Nobody knows any more.
    Erased,
}

/// An answer to a kind's question.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Which question.
    pub question: QuestionId,
    /// What was chosen, as the town's data says it in Japanese, or written.
    pub text: String,
}

/// Where a report stands (状態).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// 受付: nobody has looked at it.
    Received,
    /// 確認中: somebody looks at it.
    Checking,
    /// 対応中: it is being mended.
    Working,
    /// 完了: it is mended.
    Done,
    /// 対応しない: it will not be mended by the town.
    Declined {
        /// Why, for the reporter.
        why: String,
    },
    /// 重複: another report is about the same thing.
    Duplicate {
        /// That one.
        of: ReportId,
    },
}

/// A [`State`] without what belongs to it: by this reports are listed and counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// [`State::Received`]
    Received,
    /// [`State::Checking`]
    Checking,
    /// [`State::Working`]
    Working,
    /// [`State::Done`]
    Done,
    /// [`State::Declined`]
    Declined,
    /// [`State::Duplicate`]
    Duplicate,
}

/// How much a report presses (優先度).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Priority {
    /// 急ぎ
    High,
    /// 通常
    #[default]
    Normal,
    /// 低
    Low,
}

/// Something that happened to a report (経過). Its place in the history, from 0, is its number for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub by: By,
    /// What.
    pub what: What,
    /// Whether the reporter is to hear of it, and has.
    pub told: Told,
}

/// Who did something to a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// Who reported it.
    Reporter,
    /// Somebody who follows it. Who, is not kept.
    Follower,
    /// Somebody of the staff.
    Staff(StaffId),
    /// Another system, which staff call so.
    Outside(String),
    /// Nobody: the account itself, by the town's rules.
    System,
}

/// What happened to a report.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// It was filed.
    Filed,
    /// It stands elsewhere now.
    State {
        /// Where it stood.
        from: State,
        /// Where it stands now.
        to: State,
        /// What the reporter is told beside; empty: nothing.
        answer: String,
    },
    /// The reporter was answered.
    Answered(String),
    /// The reporter, or who follows it, wrote something.
    Commented(String),
    /// Staff noted something for themselves.
    Noted(String),
    /// Somebody else looks after it, or nobody.
    Assigned(Option<StaffId>),
    /// Another department works on it.
    Moved {
        /// The one before.
        from: DepartmentId,
        /// The one now.
        to: DepartmentId,
    },
    /// It is of another kind.
    KindChanged {
        /// The one before.
        from: ReportKindId,
        /// The one now.
        to: ReportKindId,
    },
    /// It presses otherwise.
    Priority(Priority),
    /// It is to be done by another day, or by none.
    Due(Option<Date>),
    /// Staff mended its place.
    Placed,
    /// A report about the same thing was put under this one.
    Merged(ReportId),
    /// Everybody may see of it what staff released, or something else of it than before.
    Released,
    /// Nobody else sees anything of it any more.
    Hidden,
    /// The reporter, their words and their photos were erased.
    Erased,
}

/// Whether the reporter hears of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Told {
    /// It is not for them.
    No,
    /// They are to hear of it.
    Due,
    /// They have.
    At(Timestamp),
    /// They cannot be reached: they have blocked the account, or came by telephone.
    Unreachable,
}

impl By {
    /// Whether it was one of those who hear of the report.
    #[must_use]
    pub fn is_resident(&self) -> bool {
        match self {
            Self::Reporter | Self::Follower => true,
            Self::Staff(_) | Self::Outside(_) | Self::System => false,
        }
    }
}

impl Report {
    /// Whether it should have been done before a day.
    #[must_use]
    pub fn is_overdue(&self, today: Date) -> bool {
        self.state.is_open() && self.due.is_some_and(|due| due < today)
    }
}

impl State {
    /// How it is listed and counted.
    #[must_use]
    pub fn standing(&self) -> Standing {
        match self {
            Self::Received => Standing::Received,
            Self::Checking => Standing::Checking,
            Self::Working => Standing::Working,
            Self::Done => Standing::Done,
            Self::Declined { .. } => Standing::Declined,
            Self::Duplicate { .. } => Standing::Duplicate,
        }
    }

    /// Whether somebody has to do something about it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.standing().is_open()
    }
}

impl Standing {
    /// All, in the order in which a report goes through them.
    pub const ALL: [Self; 6] =
        [Self::Received, Self::Checking, Self::Working, Self::Done, Self::Declined, Self::Duplicate];

    /// A word for keys, addresses and the audit log; serde writes the same.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Checking => "checking",
            Self::Working => "working",
            Self::Done => "done",
            Self::Declined => "declined",
            Self::Duplicate => "duplicate",
        }
    }

    /// Whether somebody has to do something about a report that stands so.
    #[must_use]
    pub fn is_open(self) -> bool {
        match self {
            Self::Received | Self::Checking | Self::Working => true,
            Self::Done | Self::Declined | Self::Duplicate => false,
        }
    }
}
