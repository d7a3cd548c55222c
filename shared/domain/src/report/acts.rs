//! What staff do with a report: which steps lead from where to where, and of what the reporter hears.

use jiff::Timestamp;
use jiff::civil::Date;

use super::place::{PLACE_CHARS_MAX, Place};
use super::release::Release;
use super::{
    By, ENTRIES_MAX, FOLLOWERS_MAX, Priority, Report, Standing, State, TEXT_CHARS_MAX, Told, What, photo::PHOTOS_MAX,
};
use crate::ids::{DepartmentId, ReportKindId, StaffId};

/// Where a report stands that somebody has to do something about.
const OPEN: [Standing; 3] = [Standing::Received, Standing::Checking, Standing::Working];
/// Where it stands otherwise.
const CLOSED: [Standing; 3] = [Standing::Done, Standing::Declined, Standing::Duplicate];

/// What staff do with a report. `Debug` does not show what they write.
#[derive(Clone, PartialEq, Eq)]
pub enum Deed {
    /// Somebody looks at it: 受付 to 確認中. Nobody is told.
    Check,
    /// It is being mended: 受付 or 確認中 to 対応中.
    Work {
        /// What the reporter is told beside; empty: nothing.
        answer: String,
    },
    /// It is mended.
    Done {
        /// What the reporter is told beside; empty: nothing.
        answer: String,
    },
    /// The town will not mend it.
    Decline {
        /// Why, for the reporter.
        why: String,
    },
    /// It was closed too early: back to 確認中.
    Reopen {
        /// What the reporter is told beside; empty: nothing.
        answer: String,
    },
    /// The reporter is answered.
    Answer(String),
    /// Staff note something for themselves.
    Note(String),
    /// Somebody looks after it, or nobody.
    Assign(Option<StaffId>),
    /// Another department works on it. Whoever looked after it does not any more.
    Move {
        /// That department.
        to: DepartmentId,
    },
    /// It is of another kind.
    ChangeKind(ReportKindId),
    /// It presses otherwise.
    Priority(Priority),
    /// It is to be done by another day, or by none.
    Due(Option<Date>),
    /// It is elsewhere.
    Place(Place),
    /// Everybody may see of it what stands here, and nothing else.
    Release(Release),
    /// Nobody else sees anything of it any more.
    Hide,
}

/// Why something is not done to a report. Nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It stands where this cannot be done.
    #[error("the report stands where this cannot be done")]
    WrongState,
    /// It is so already.
    #[error("it is so already")]
    Unchanged,
    /// A text is needed.
    #[error("a text is needed")]
    Empty,
    /// A text is longer than it may be.
    #[error("a text is longer than {TEXT_CHARS_MAX} characters, or than may stand in its place")]
    TooLong,
    /// The history has room for closing and erasing the report only, or the reporter's share of it is used up.
    #[error("the history is full: it has {ENTRIES_MAX} entries at most")]
    HistoryFull,
    /// More than [`FOLLOWERS_MAX`] would hear of it.
    #[error("more than {FOLLOWERS_MAX} residents would follow the report")]
    TooManyFollowers,
    /// More than [`PHOTOS_MAX`] photos.
    #[error("there are more than {PHOTOS_MAX} photos")]
    TooManyPhotos,
    /// A photo that was to be released is none of the report's, or is not kept.
    #[error("a photo is none of the report's, or is not kept")]
    NotItsPhoto,
    /// A report is no duplicate of itself.
    #[error("a report is no duplicate of itself")]
    Itself,
    /// The resident neither reported nor follows it.
    #[error("the resident neither reported nor follows it")]
    NotTheirs,
}

impl Report {
    /// Does something to the report; gives the number of the entry that tells of it.
    pub fn act(&mut self, deed: Deed, by: &StaffId, now: Timestamp) -> Result<usize, Refusal> {
        let by = By::Staff(by.clone());
        match deed {
            Deed::Check => self.turn(State::Checking, &[Standing::Received], "", by, now),
            Deed::Work { answer } => {
                self.turn(State::Working, &[Standing::Received, Standing::Checking], &answer, by, now)
            }
            Deed::Done { answer } => self.turn(State::Done, &OPEN, &answer, by, now),
            Deed::Decline { why } => self.turn(State::Declined { why: said(&why)? }, &OPEN, "", by, now),
            Deed::Reopen { answer } => self.turn(State::Checking, &CLOSED, &answer, by, now),
            Deed::Answer(text) => self.enter(What::Answered(said(&text)?), by, self.to_be_told(), now),
            Deed::Note(text) => self.enter(What::Noted(said(&text)?), by, Told::No, now),
            Deed::Assign(to) => {
                self.must_be_open()?;
                self.alter(|report| &mut report.assignee, to.clone(), What::Assigned(to), by, now)
            }
            Deed::Move { to } => {
                self.must_be_open()?;
                let what = What::Moved { from: self.department.clone(), to: to.clone() };
                let entry = self.alter(|report| &mut report.department, to, what, by, now)?;
                self.assignee = None;
                Ok(entry)
            }
            Deed::ChangeKind(to) => {
                let what = What::KindChanged { from: self.kind.clone(), to: to.clone() };
                self.alter(|report| &mut report.kind, to, what, by, now)
            }
            Deed::Priority(to) => {
                self.must_be_open()?;
                self.alter(|report| &mut report.priority, to, What::Priority(to), by, now)
            }
            Deed::Due(to) => {
                self.must_be_open()?;
                self.alter(|report| &mut report.due, to, What::Due(to), by, now)
            }
            Deed::Place(to) => {
                if to.text.chars().count() > PLACE_CHARS_MAX {
                    return Err(Refusal::TooLong);
                }
                self.alter(|report| &mut report.place, to, What::Placed, by, now)
            }
            Deed::Release(release) => self.release_as(release, by, now),
            Deed::Hide => self.alter(|report| &mut report.release, None, What::Hidden, by, now),
        }
    }

    /// Puts it under another report that is about the same thing; gives the number of the entry that tells of it. Who hears of this one
    /// hears of both from now on.
    ///
    /// Both are changed, or none. That the other one names this one already, as after half of this was stored, does not matter. There is no
    /// circle of duplicates: a duplicate takes none, and is put under none until it is reopened.
    pub fn merge_into(&mut self, of: &mut Self, by: &StaffId, now: Timestamp) -> Result<usize, Refusal> {
        if self.id == of.id {
            return Err(Refusal::Itself);
        }
        if of.state.standing() == Standing::Duplicate {
            return Err(Refusal::WrongState);
        }
        let by = By::Staff(by.clone());
        let mut kept = of.clone();
        if kept.merged.insert(self.id.clone()) {
            kept.enter(What::Merged(self.id.clone()), by.clone(), Told::No, now)?;
        }
        let joining = self.hears().filter(|resident| !kept.hears().any(|hearing| hearing == *resident));
        let joining: Vec<_> = joining.cloned().collect();
        kept.followers.extend(joining);
        if kept.followers.len() > FOLLOWERS_MAX {
            return Err(Refusal::TooManyFollowers);
        }
        let entry = self.turn(State::Duplicate { of: of.id.clone() }, &OPEN, "", by, now)?;
        *of = kept;
        Ok(entry)
    }

    /// Lets it stand elsewhere, if it stands at one of `from`.
    pub(super) fn turn(
        &mut self,
        to: State,
        from: &[Standing],
        answer: &str,
        by: By,
        now: Timestamp,
    ) -> Result<usize, Refusal> {
        let (old, new) = (self.state.standing(), to.standing());
        if old == new {
            return Err(Refusal::Unchanged);
        }
        if !from.contains(&old) {
            return Err(Refusal::WrongState);
        }
        let told = match (&by, old, new) {
            // Whoever reopens it knows, and that somebody looks at it is no news.
            (By::Reporter | By::Follower, _, _) | (_, Standing::Received, Standing::Checking) => Told::No,
            (By::Staff(_) | By::Outside(_) | By::System, _, _) => self.to_be_told(),
        };
        let what = What::State { from: self.state.clone(), to: to.clone(), answer: written(answer)? };
        let entry = self.enter(what, by, told, now)?;
        self.closed_at = (!new.is_open()).then_some(now);
        self.state = to;
        Ok(entry)
    }

    /// Sets a part of it to another value.
    fn alter<T: PartialEq>(
        &mut self,
        part: fn(&mut Self) -> &mut T,
        to: T,
        what: What,
        by: By,
        now: Timestamp,
    ) -> Result<usize, Refusal> {
        if *part(self) == to {
            return Err(Refusal::Unchanged);
        }
        let entry = self.enter(what, by, Told::No, now)?;
        *part(self) = to;
        Ok(entry)
    }

    fn must_be_open(&self) -> Result<(), Refusal> {
        if self.state.is_open() { Ok(()) } else { Err(Refusal::WrongState) }
    }
}

/// A text as it is kept: without blanks around it, and with one kind of line ends; at most [`TEXT_CHARS_MAX`] characters.
pub(super) fn written(text: &str) -> Result<String, Refusal> {
    let text = text.trim().replace("\r\n", "\n");
    if text.chars().count() > TEXT_CHARS_MAX { Err(Refusal::TooLong) } else { Ok(text) }
}

/// The same, where there must be a text.
pub(super) fn said(text: &str) -> Result<String, Refusal> {
    written(text).and_then(|text| if text.is_empty() { Err(Refusal::Empty) } else { Ok(text) })
}
