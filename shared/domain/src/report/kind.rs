//! Kinds of reports (種別): what a town lets residents report, and what it asks about it. Data of the town.

use serde::{Deserialize, Serialize};

use crate::ids::{DepartmentId, QuestionId, ReportKindId};
use crate::town::Name;

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

/// How a town takes reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Intake {
    /// A place outside the town's boundaries by at most so many metres is taken as well.
    pub boundary_tolerance_m: u32,
    /// So many days after a report was closed, its reporter, their words and the photos are erased; `None`: never.
    pub erase_after_days: Option<u16>,
}

impl Default for Intake {
    fn default() -> Self {
        Self { boundary_tolerance_m: 200, erase_after_days: Some(365) }
    }
}
