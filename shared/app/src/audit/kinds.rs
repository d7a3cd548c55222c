//! What entries of the audit log are about, and which of them every reader of the log may see without being recorded.

use domain::audit::Act;

use crate::town::records::RecordKind;
use crate::town::table::TownTable;

/// Kinds beside the town's data whose states hold nothing of residents: the staff's directory and the staff's own work, of
/// damage reports where they stand, and which of them were taken out, and of what failed how much it was.
const PLAIN: [&str; 14] = [
    "",
    "staff",
    "identity",
    "trial",
    "audit",
    "broadcasts",
    "broadcast",
    "template",
    "audience",
    "reminder",
    "report",
    "reports",
    "question",
    "failed",
];

/// The kind of thing that an act was about.
#[must_use]
pub fn kind_of(act: &Act) -> &str {
    act.subject.split_once('/').map_or(act.subject.as_str(), |(kind, _)| kind)
}

/// Whether the states are of a kind that every reader of the log sees anyway. Those of any other kind may hold personal data.
#[must_use]
pub fn is_plain(act: &Act) -> bool {
    let kind = kind_of(act);
    let is_file = TownTable::ALL.into_iter().any(|table| table.file() == kind);
    let is_towns = RecordKind::of(kind).is_some() || is_file || kind == "revision";
    is_towns || PLAIN.contains(&kind) || (act.before.is_empty() && act.after.is_empty())
}
