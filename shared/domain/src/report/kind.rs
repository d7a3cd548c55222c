//! Kinds of reports (種別): what a town lets residents report, and what it asks about it. Data of the town.

use serde::{Deserialize, Serialize};

use super::Standing;
use crate::ids::{DepartmentId, QuestionId, ReportKindId};
use crate::text::fold;
use crate::town::Name;

/// An answer to a question has at most so many characters.
pub const ANSWER_CHARS_MAX: usize = 200;

/// A kind of report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportKind {
    /// Its id.
    pub id: ReportKindId,
    /// 街路灯
    pub name: Name,
    /// What belongs to it, in a sentence for residents.
    pub description: Name,
    /// Who looks after it.
    pub department: DepartmentId,
    /// What is so urgent that it must be told by telephone at once: 電線が切れている。 Empty: nothing.
    pub urgent: Name,
    /// The number to call then; empty where `urgent` is.
    pub urgent_phone: String,
    /// Two reports within so many metres may be about the same thing.
    pub duplicate_radius_m: u16,
    /// It is to be done within so many days; `None`: no promise.
    #[serde(default)]
    pub due_days: Option<u16>,
    /// Why nothing of the kind is taken at the moment, in a sentence for residents; empty: it is taken.
    #[serde(default)]
    pub closed: Name,
    /// What is asked about it, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
}

/// Something more that is asked about a kind of report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Its id, unique within the kind.
    pub id: QuestionId,
    /// 電柱の番号が見えますか。
    pub question: Name,
    /// What can be chosen; empty: anything may be written.
    #[serde(default)]
    pub choices: Vec<Name>,
}

/// Why a text is no answer to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnfitAnswer {
    /// It is none of what can be chosen.
    #[error("the answer is none of those that can be chosen")]
    NoChoice,
    /// It is longer than an answer may be.
    #[error("an answer has at most {ANSWER_CHARS_MAX} characters")]
    TooLong,
}

impl Question {
    /// An answer as it is kept: what was chosen, by its name in whichever language, as its Japanese name; or what was written.
    pub fn answer<'a>(&'a self, said: &'a str) -> Result<&'a str, UnfitAnswer> {
        let said = said.trim();
        if self.choices.is_empty() {
            return if ANSWER_CHARS_MAX < said.chars().count() { Err(UnfitAnswer::TooLong) } else { Ok(said) };
        }
        let wanted = fold(said);
        let is_meant = |name: &String| !name.is_empty() && fold(name) == wanted;
        let meant = |choice: &&Name| [&choice.ja, &choice.easy, &choice.en].into_iter().any(is_meant);
        self.choices.iter().find(meant).map(|choice| choice.ja.as_str()).ok_or(UnfitAnswer::NoChoice)
    }
}

/// How a town takes reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Intake {
    /// A place outside the town's boundaries by at most so many metres is taken as well.
    pub boundary_tolerance_m: u32,
    /// So many days after a report was closed, its reporter, what was written and the photos are erased; `None`: never.
    pub erase_after_days: Option<u16>,
    /// The same of reports that the town will not mend; `None`: as of the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub erase_declined_after_days: Option<u16>,
    /// The same of reports that stand under another one; `None`: as of the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub erase_duplicate_after_days: Option<u16>,
}

impl Intake {
    /// After how many days a report that was closed so is erased; `None`: never.
    #[must_use]
    pub fn erased_after_days(&self, standing: Standing) -> Option<u16> {
        match standing {
            Standing::Done => self.erase_after_days,
            Standing::Declined => self.erase_declined_after_days.or(self.erase_after_days),
            Standing::Duplicate => self.erase_duplicate_after_days.or(self.erase_after_days),
            Standing::Received | Standing::Checking | Standing::Working => None,
        }
    }
}

impl Default for Intake {
    fn default() -> Self {
        Self {
            boundary_tolerance_m: 200,
            erase_after_days: Some(365),
            erase_declined_after_days: None,
            erase_duplicate_after_days: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(choices: &[(&str, &str)]) -> Question {
        let name = |&(ja, en): &(&str, &str)| Name { ja: ja.to_owned(), en: en.to_owned(), ..Name::default() };
        Question { id: "q".parse().unwrap(), question: Name::default(), choices: choices.iter().map(name).collect() }
    }

    #[test]
    fn a_choice_is_kept_in_japanese_whichever_language_it_is_said_in() {
        let lit = question(&[("消えている", "Off"), ("ちらつく", "")]);
        for (said, kept) in [
            ("消えている", Ok("消えている")),
            (" off ", Ok("消えている")),
            ("ＯＦＦ", Ok("消えている")),
            ("ちらつく", Ok("ちらつく")),
            ("", Err(UnfitAnswer::NoChoice)),
            ("明るい", Err(UnfitAnswer::NoChoice)),
        ] {
            assert_eq!(lit.answer(said), kept, "{said}");
        }
    }

    #[test]
    fn where_nothing_can_be_chosen_anything_short_is_an_answer() {
        let pole = question(&[]);
        assert_eq!(pole.answer(" A-12 "), Ok("A-12"));
        let (long, longer) = ("あ".repeat(ANSWER_CHARS_MAX), "あ".repeat(ANSWER_CHARS_MAX + 1));
        assert_eq!(pole.answer(&long), Ok(long.as_str()));
        assert_eq!(pole.answer(&longer), Err(UnfitAnswer::TooLong));
    }
}
