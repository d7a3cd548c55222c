//! What a tap asks for in the making of a report: a part of [`super::super::Command`].

use crate::ids::{QuestionId, ReportId, ReportKindId};

/// Something that a resident asks for about reports.
///
/// Each names the step that it belongs to, so that a second tap on the same button does nothing a second time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReportCommand {
    /// Begin a report, or go on with the one that was begun.
    Start,
    /// Go on with the one that was begun.
    Resume,
    /// It is of this kind.
    Kind(ReportKindId),
    /// It is not urgent: go on.
    GoOn,
    /// The answer to a question: the choice in this place, from 0.
    Answer(QuestionId, u8),
    /// Whoever reports cannot answer the question.
    Unknown(QuestionId),
    /// These are all photos.
    PhotosDone,
    /// Take all photos out.
    PhotosClear,
    /// It is where the photo says.
    PhotoPlace,
    /// There is nothing more to say.
    NoComment,
    /// Mend a part.
    Change(Part),
    /// File it.
    Send(ReportId),
    /// One step back.
    Back,
    /// Give it up.
    Cancel,
    /// See how one's own reports stand.
    Mine,
}

/// A part of a report that can be mended before it is filed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The kind.
    Kind,
    /// The answers to the kind's questions.
    Answers,
    /// The photos.
    Photos,
    /// The place.
    Place,
    /// The comment.
    Comment,
}

impl Part {
    /// All, in the order of the steps.
    pub const ALL: [Self; 5] = [Self::Kind, Self::Answers, Self::Photos, Self::Place, Self::Comment];

    fn as_str(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Answers => "answers",
            Self::Photos => "photos",
            Self::Place => "place",
            Self::Comment => "comment",
        }
    }
}

impl ReportCommand {
    /// Whether it is about a report that was begun, and means nothing without one.
    pub(super) fn needs_a_draft(&self) -> bool {
        match self {
            Self::Start | Self::Kind(_) | Self::Send(_) | Self::Back | Self::Cancel | Self::Mine => false,
            Self::Resume
            | Self::GoOn
            | Self::Answer(..)
            | Self::Unknown(_)
            | Self::PhotosDone
            | Self::PhotosClear
            | Self::PhotoPlace
            | Self::NoComment
            | Self::Change(_) => true,
        }
    }

    /// The form that travels.
    pub(in crate::conversation) fn data(&self) -> String {
        match self {
            Self::Start => "report".to_owned(),
            Self::Resume => "report-resume".to_owned(),
            Self::Kind(id) => format!("report-kind:{id}"),
            Self::GoOn => "report-go-on".to_owned(),
            Self::Answer(question, choice) => format!("report-answer:{question}:{choice}"),
            Self::Unknown(question) => format!("report-unknown:{question}"),
            Self::PhotosDone => "report-photos-done".to_owned(),
            Self::PhotosClear => "report-photos-clear".to_owned(),
            Self::PhotoPlace => "report-photo-place".to_owned(),
            Self::NoComment => "report-no-comment".to_owned(),
            Self::Change(part) => format!("report-change:{}", part.as_str()),
            Self::Send(id) => format!("report-send:{id}"),
            Self::Back => "report-back".to_owned(),
            Self::Cancel => "report-cancel".to_owned(),
            Self::Mine => "my-reports".to_owned(),
        }
    }

    /// Reads a form without anything after a colon.
    pub(in crate::conversation) fn parse_plain(name: &str) -> Option<Self> {
        Some(match name {
            "report" => Self::Start,
            "report-resume" => Self::Resume,
            "report-go-on" => Self::GoOn,
            "report-photos-done" => Self::PhotosDone,
            "report-photos-clear" => Self::PhotosClear,
            "report-photo-place" => Self::PhotoPlace,
            "report-no-comment" => Self::NoComment,
            "report-back" => Self::Back,
            "report-cancel" => Self::Cancel,
            "my-reports" => Self::Mine,
            _ => return None,
        })
    }

    /// Reads a form with what it is about.
    pub(in crate::conversation) fn parse_about(name: &str, about: &str) -> Option<Self> {
        Some(match name {
            "report-kind" => Self::Kind(about.parse().ok()?),
            "report-answer" => {
                let (question, choice) = about.split_once(':')?;
                Self::Answer(question.parse().ok()?, choice.parse().ok()?)
            }
            "report-unknown" => Self::Unknown(about.parse().ok()?),
            "report-change" => Self::Change(Part::ALL.into_iter().find(|part| part.as_str() == about)?),
            "report-send" => Self::Send(about.parse().ok()?),
            _ => return None,
        })
    }
}
