//! A report that a resident is making in the chat: what is known of it so far, and what is asked next. It is forgotten after a day.

#[cfg(test)]
mod tests;

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::filing::Filing;
use super::kind::ReportKind;
use super::photo::PHOTOS_MAX;
use super::place::Place;
use super::redacted::Hidden;
use super::{Answer, By, Priority, Reporter};
use crate::ids::{PhotoId, QuestionId, ReportId, ReportKindId, ResidentId};

/// A draft. `Debug` does not show what was written.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The id that the report will have.
    pub id: ReportId,
    /// What is asked at the moment.
    pub step: Step,
    /// The kind, once it is chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ReportKindId>,
    /// What was answered to the kind's questions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
    /// The photos, in the order in which the resident sees them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<DraftPhoto>,
    /// The place, once it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The comment; empty: none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub comment: String,
}

/// What is asked at the moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Of which kind it is.
    Kind,
    /// One of the kind's questions.
    Question(QuestionId),
    /// For photos.
    Photos,
    /// For the place.
    Place,
    /// For a comment.
    Comment,
    /// Whether all is right.
    Summary,
}

/// A photo of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftPhoto {
    /// Which.
    pub id: PhotoId,
    /// When it was sent.
    pub at: Timestamp,
    /// Among those that were sent together, its place from 1, where the platform said so; they arrive in any order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<u8>,
}

/// What became of a photo that was to be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// It is in the draft.
    Yes,
    /// It was before.
    Already,
    /// There are [`PHOTOS_MAX`] already.
    Full,
}

impl Draft {
    /// A draft of which nothing is known.
    #[must_use]
    pub fn begin(id: ReportId) -> Self {
        Self {
            id,
            step: Step::Kind,
            kind: None,
            answers: Vec::new(),
            photos: Vec::new(),
            place: None,
            comment: String::new(),
        }
    }

    /// Adds a photo at its place among the others: by time, and where several have the same time, because they were sent together, by
    /// index. So their order does not tell in which they came.
    pub fn add_photo(&mut self, photo: DraftPhoto) -> Added {
        if self.photos.iter().any(|known| known.id == photo.id) {
            return Added::Already;
        }
        if self.photos.len() >= PHOTOS_MAX {
            return Added::Full;
        }
        self.photos.push(photo);
        self.photos.sort_by(|one, other| (one.at, one.index, &one.id).cmp(&(other.at, other.index, &other.id)));
        Added::Yes
    }

    /// What must still be asked before a report of this kind can be filed: the kind itself, its questions, the place. Photos and a comment
    /// need not be there. That somebody does not know the answer to a question is an answer, too.
    #[must_use]
    pub fn missing(&self, kind: &ReportKind) -> Option<Step> {
        if self.kind.as_ref() != Some(&kind.id) {
            return Some(Step::Kind);
        }
        let is_answered = |question: &QuestionId| self.answers.iter().any(|answer| answer.question == *question);
        let open = kind.questions.iter().map(|question| &question.id).find(|question| !is_answered(question));
        open.cloned().map(Step::Question).or_else(|| self.place.is_none().then_some(Step::Place))
    }

    /// What is asked after the present step; after the summary nothing.
    #[must_use]
    pub fn next_step(&self, kind: &ReportKind) -> Step {
        let steps = steps(kind);
        let after = self.place_among(&steps) + 1;
        steps.into_iter().nth(after).unwrap_or(Step::Summary)
    }

    /// What was asked before the present step; before the first nothing.
    #[must_use]
    pub fn step_before(&self, kind: &ReportKind) -> Step {
        let steps = steps(kind);
        let before = self.place_among(&steps).saturating_sub(1);
        steps.into_iter().nth(before).unwrap_or(Step::Kind)
    }

    /// What a resident files with this draft; or what is missing for it.
    pub fn filing(self, kind: &ReportKind, by: &ResidentId) -> Result<Filing, Step> {
        if let Some(step) = self.missing(kind) {
            return Err(step);
        }
        Ok(Filing {
            id: self.id,
            place: self.place.ok_or(Step::Place)?,
            answers: self.answers,
            comment: self.comment,
            reporter: Reporter::Resident(by.clone()),
            photos: self.photos.into_iter().map(|photo| photo.id).collect(),
            priority: Priority::Normal,
            by: By::Reporter,
        })
    }

    /// Where the present step stands. A question that the town does not ask any more stands where the kind does: all others come after.
    fn place_among(&self, steps: &[Step]) -> usize {
        steps.iter().position(|step| *step == self.step).unwrap_or(0)
    }
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft")
            .field("id", &self.id)
            .field("step", &self.step)
            .field("kind", &self.kind)
            .field("answers", &self.answers)
            .field("photos", &self.photos)
            .field("place", &self.place)
            .field("comment", &Hidden(&self.comment))
            .finish()
    }
}

/// All steps of a report of a kind, in order.
fn steps(kind: &ReportKind) -> Vec<Step> {
    let questions = kind.questions.iter().map(|question| Step::Question(question.id.clone()));
    let before = std::iter::once(Step::Kind).chain(questions);
    before.chain([Step::Photos, Step::Place, Step::Comment, Step::Summary]).collect()
}
