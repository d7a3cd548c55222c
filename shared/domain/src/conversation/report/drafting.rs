//! A draft as the chat keeps it: the report in the making, and what must be remembered beside it.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::ids::{PhotoId, QuestionId, ReportId};
use crate::report::draft::{Added, Draft, DraftPhoto, Step};
use crate::report::kind::{Question, ReportKind};

/// A draft is forgotten, with its photos, this long after it was begun.
pub const DRAFT_LIFE: SignedDuration = SignedDuration::from_hours(24);
/// Of so many sets of photos it is known at a time how many have come.
const SETS_MAX: usize = 5;

/// A report in the making, and what the chat remembers beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drafting {
    /// What is known of the report.
    pub draft: Draft,
    /// When it was begun.
    pub begun: Timestamp,
    /// Whether the summary was shown: whatever is mended now leads back to it.
    #[serde(default)]
    reviewed: bool,
    /// The sets of photos that have not come whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    sets: Vec<PhotoSet>,
    /// Which message told which part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    sources: Vec<Source>,
}

/// Photos that were sent together, in the order in which they happen to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct PhotoSet {
    id: String,
    /// When the one came that came first: the set has its place among the photos by that.
    at: Timestamp,
    came: u8,
    left_out: u8,
}

/// By which message a part was told: a message that is taken back takes it along.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Source {
    message: String,
    told: Told,
}

/// What a message told, beside photos.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Told {
    /// The answer to a question.
    Answer(QuestionId),
    /// The place.
    Place,
    /// The comment.
    Comment,
}

/// What became of a photo that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Came {
    /// Whether it belongs to the draft and was not there before.
    pub(super) is_new: bool,
    /// Whether something is to be said: its set is whole, or it came alone.
    pub(super) speak: bool,
    /// Whether photos were left out, this one or others of its set.
    pub(super) left_out: bool,
}

impl Drafting {
    pub(super) fn begin(id: ReportId, begun: Timestamp) -> Self {
        Self { draft: Draft::begin(id), begun, reviewed: false, sets: Vec::new(), sources: Vec::new() }
    }

    pub(super) fn is_expired(&self, now: Timestamp) -> bool {
        DRAFT_LIFE <= now.duration_since(self.begun)
    }

    /// Whether the other is the same draft at the same step.
    pub(in crate::conversation) fn stands_like(&self, other: &Self) -> bool {
        self.draft.id == other.draft.id && self.draft.step == other.draft.step
    }

    /// It is of this kind; what was answered about another one is forgotten, unless both ask it.
    pub(super) fn set_kind(&mut self, kind: &ReportKind) {
        self.draft.kind = Some(kind.id.clone());
        self.draft.step = Step::Kind;
        let is_asked = |id: &QuestionId| kind.questions.iter().any(|question| question.id == *id);
        self.draft.answers.retain(|answer| is_asked(&answer.question));
    }

    /// Asks the kind's questions again, from the first.
    pub(super) fn ask_again(&mut self, first: &Question) {
        self.draft.answers.clear();
        self.draft.step = Step::Question(first.id.clone());
    }

    /// Goes on to the next thing that is not known yet.
    pub(super) fn go_on(&mut self, kind: &ReportKind) {
        if self.reviewed {
            self.draft.step = self.draft.missing(kind).unwrap_or(Step::Summary);
            return;
        }
        loop {
            self.draft.step = self.draft.next_step(kind);
            if !self.is_known() {
                break;
            }
        }
        self.reviewed = self.draft.step == Step::Summary;
    }

    /// Goes one step back; what was said stays said.
    pub(super) fn go_back(&mut self, kind: &ReportKind) {
        let from_summary = self.draft.step == Step::Summary;
        if self.reviewed && !from_summary && self.draft.missing(kind).is_none() {
            self.draft.step = Step::Summary;
            return;
        }
        self.reviewed = false;
        self.draft.step = self.draft.step_before(kind);
    }

    fn is_known(&self) -> bool {
        match &self.draft.step {
            Step::Kind => self.draft.kind.is_some(),
            Step::Question(question) => self.draft.answers.iter().any(|answer| answer.question == *question),
            Step::Photos => !self.draft.photos.is_empty(),
            Step::Place => self.draft.place.is_some(),
            Step::Comment => !self.draft.comment.is_empty(),
            Step::Summary => false,
        }
    }

    /// Takes a photo. `set`: which photos it was sent together with, and how many they are, where the platform said so.
    pub(super) fn take_photo(&mut self, photo: DraftPhoto, set: Option<(&str, u8)>) -> Came {
        let Some((id, total)) = set.filter(|(_, total)| 1 < *total) else {
            let added = self.draft.add_photo(photo);
            return Came { is_new: added == Added::Yes, speak: true, left_out: added == Added::Full };
        };
        let known = self.sets.iter().position(|set| set.id == id);
        let mut set = match known {
            Some(place) => self.sets.remove(place),
            None => PhotoSet { id: id.to_owned(), at: photo.at, came: 0, left_out: 0 },
        };
        let added = self.draft.add_photo(DraftPhoto { at: set.at, ..photo });
        set.came = set.came.saturating_add(1);
        set.left_out = set.left_out.saturating_add(u8::from(added == Added::Full));
        let came = Came { is_new: added == Added::Yes, speak: total <= set.came, left_out: 0 < set.left_out };
        if !came.speak {
            self.sets.push(set);
            let too_many = self.sets.len().saturating_sub(SETS_MAX);
            self.sets.drain(..too_many);
        }
        came
    }

    /// Takes all photos out, and says which they were.
    pub(super) fn clear_photos(&mut self) -> Vec<PhotoId> {
        self.draft.photos.drain(..).map(|photo| photo.id).collect()
    }

    /// Remembers that a message told a part; what told it before did not.
    pub(super) fn told(&mut self, told: Told, message: Option<&str>) {
        self.sources.retain(|source| source.told != told);
        self.sources.extend(message.map(|message| Source { message: message.to_owned(), told }));
    }

    /// Takes out what a message told.
    pub(super) fn take_back(&mut self, message: &str, photo: &PhotoId) {
        self.draft.photos.retain(|known| known.id != *photo);
        let (taken, kept) = self.sources.drain(..).partition(|source| source.message == message);
        self.sources = kept;
        let taken: Vec<Source> = taken;
        for source in taken {
            match source.told {
                Told::Answer(question) => self.draft.answers.retain(|answer| answer.question != question),
                Told::Place => self.draft.place = None,
                Told::Comment => self.draft.comment.clear(),
            }
        }
    }
}
