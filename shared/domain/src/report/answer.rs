//! Templates of answers (返信のひな形): what staff say often, to be put into the form and mended there. Data of the town.

use serde::{Deserialize, Serialize};

use super::{Report, Standing};
use crate::ids::{AnswerTemplateId, ReportKindId};

/// Stands for the number of the report.
pub const NUMBER_BLANK: &str = "{number}";

/// A template of an answer to the reporter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerTemplate {
    /// Its id.
    pub id: AnswerTemplateId,
    /// For which kind of reports; `None`: for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ReportKindId>,
    /// What is done when it is said; `None`: anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occasion: Option<Occasion>,
    /// What staff call it.
    pub name: String,
    /// What it says, with [`NUMBER_BLANK`] where the number is to stand.
    pub text: String,
}

/// What is done when something is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Occasion {
    /// It is being mended.
    Work,
    /// It is mended.
    Done,
    /// It will not be.
    Decline,
    /// It is looked at again.
    Reopen,
    /// Nothing but the answer.
    Answer,
}

impl Occasion {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Work, Self::Done, Self::Decline, Self::Reopen, Self::Answer];

    /// The word for it in the town's files; serde writes the same.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Work => "work",
            Self::Done => "done",
            Self::Decline => "decline",
            Self::Reopen => "reopen",
            Self::Answer => "answer",
        }
    }

    /// Whether it can come where a report stands.
    fn can_come(self, standing: Standing) -> bool {
        match self {
            Self::Work => standing.is_open() && standing != Standing::Working,
            Self::Done | Self::Decline => standing.is_open(),
            Self::Reopen => !standing.is_open(),
            Self::Answer => true,
        }
    }
}

impl AnswerTemplate {
    /// Whether it is of use for a report as it stands.
    #[must_use]
    pub fn fits(&self, report: &Report) -> bool {
        self.kind.as_ref().is_none_or(|kind| *kind == report.kind)
            && self.occasion.is_none_or(|occasion| occasion.can_come(report.state.standing()))
    }

    /// What it says about a report.
    #[must_use]
    pub fn about(&self, report: &Report) -> String {
        self.text.replace(NUMBER_BLANK, &report.number().to_string())
    }
}
