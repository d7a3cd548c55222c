//! How a report begins: what whoever files it says, and the report that it becomes.

use std::collections::BTreeSet;

use jiff::{Span, Timestamp};

use super::acts::{Refusal, written};
use super::kind::ReportKind;
use super::photo::PHOTOS_MAX;
use super::place::{PLACE_CHARS_MAX, Place};
use super::{Answer, By, Entry, Priority, Report, Reporter, State, TEXT_CHARS_MAX, Told, What};
use crate::ids::{PhotoId, ReportId};
use crate::time::date_in_japan;

/// What staff write down to reach whoever told them of a report has at most so many characters.
pub const CONTACT_CHARS_MAX: usize = 100;

/// What is filed. `Debug` shows nothing of who reports and what they wrote.
#[derive(Clone, PartialEq, Eq)]
pub struct Filing {
    /// The id that the report will have: who files twice files once.
    pub id: ReportId,
    /// Where it is.
    pub place: Place,
    /// What was answered to the kind's questions.
    pub answers: Vec<Answer>,
    /// What the reporter wrote; empty: nothing.
    pub comment: String,
    /// Who reports it.
    pub reporter: Reporter,
    /// The photos, in the order in which they are shown.
    pub photos: Vec<PhotoId>,
    /// How much it presses.
    pub priority: Priority,
    /// Who files it: the reporter, whoever of the staff was told, or another system.
    pub by: By,
}

impl Report {
    /// The report of a kind that was filed: it goes to the kind's department, and is due when the kind says.
    pub fn file(filing: Filing, kind: &ReportKind, now: Timestamp) -> Result<Self, Refusal> {
        let Filing { id, place, mut answers, comment, mut reporter, mut photos, priority, by } = filing;
        if let Reporter::Told { contact } = &mut reporter {
            *contact = contact.trim().to_owned();
        }
        let contact = if let Reporter::Told { contact } = &reporter { contact.as_str() } else { "" };
        let too_long = place.text.chars().count() > PLACE_CHARS_MAX
            || contact.chars().count() > CONTACT_CHARS_MAX
            || answers.iter().any(|answer| answer.text.chars().count() > TEXT_CHARS_MAX);
        if too_long {
            return Err(Refusal::TooLong);
        }
        let mut seen = BTreeSet::new();
        photos.retain(|photo| seen.insert(photo.clone()));
        if photos.len() > PHOTOS_MAX {
            return Err(Refusal::TooManyPhotos);
        }
        // The town may have changed its questions since they were asked.
        answers.retain(|answer| kind.questions.iter().any(|question| question.id == answer.question));
        let due = kind.due_days.and_then(|days| date_in_japan(now).checked_add(Span::new().days(days)).ok());
        Ok(Self {
            id,
            kind: kind.id.clone(),
            department: kind.department.clone(),
            state: State::Received,
            priority,
            assignee: None,
            due,
            filed_at: now,
            closed_at: None,
            place,
            answers,
            comment: written(&comment)?,
            reporter,
            followers: BTreeSet::new(),
            photos,
            merged: BTreeSet::new(),
            release: None,
            history: vec![Entry { at: now, by, what: What::Filed, told: Told::No }],
        })
    }

    /// Whether the other is what the same filing becomes, whenever it was done and whatever staff made of it. Photos are not compared:
    /// none can be added to what is filed, and one that was taken back is gone anyway.
    #[must_use]
    pub fn is_filed_like(&self, other: &Self) -> bool {
        let filer = |report: &Self| report.history.first().map(|entry| entry.by.clone());
        // The town's districts may have changed since.
        let place = |report: &Self| (report.place.point, report.place.text.clone());
        let had = |is_it: &dyn Fn(&What) -> bool| self.history.iter().any(|entry| is_it(&entry.what));
        self.id == other.id
            && filer(self) == filer(other)
            && self.reporter == other.reporter
            && self.comment == other.comment
            && self.answers == other.answers
            && (self.kind == other.kind || had(&|what| matches!(what, What::KindChanged { .. })))
            && (place(self) == place(other) || had(&|what| *what == What::Placed))
    }
}
