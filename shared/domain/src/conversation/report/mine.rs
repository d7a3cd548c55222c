//! 「報告の状況」: how the reports that a resident filed or follows stand.
//!
//! The conversation does not know them. Whoever does asks [`asks_for_reports`], and what was found goes into
//! [`respond`](crate::conversation::respond) as [`Deed::AskedReports`].

use jiff::Timestamp;

use super::ask::device_choice;
use super::{Command, ReportCommand, ReportLinks};
use crate::conversation::garbage::field;
use crate::conversation::words::typed_command;
use crate::conversation::{Deed, Talk, fold_command};
use crate::ids::{ReportId, ReportKindId};
use crate::reply::{Badge, CARDS_MAX, Card, Reply, Row};
use crate::report::ReportNumber;
use crate::report::news::News;
use crate::report::{Entry, Report, Standing};
use crate::time::date_in_japan;

/// At most so many are shown, the latest.
pub const OWN_REPORTS_MAX: usize = 10;

const _: () = assert!(OWN_REPORTS_MAX <= CARDS_MAX);

/// A report as the resident who filed or follows it sees it. `Debug` does not show what was answered.
#[derive(Clone, PartialEq, Eq)]
pub struct OwnReport {
    id: ReportId,
    kind: ReportKindId,
    standing: Standing,
    filed_at: Timestamp,
    answer: String,
}

impl OwnReport {
    /// What they see of a report.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let answer = report.history.iter().rev().filter_map(Entry::news).find_map(News::said);
        Self {
            id: report.id.clone(),
            kind: report.kind.clone(),
            standing: report.state.standing(),
            filed_at: report.filed_at,
            answer: answer.unwrap_or_default().to_owned(),
        }
    }
}

impl std::fmt::Debug for OwnReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OwnReport({} {}, {:?})", self.id, self.kind, self.standing)
    }
}

/// Whether the answer to a deed needs the reports of who did it: then they are looked up, at most [`OWN_REPORTS_MAX`].
#[must_use]
pub fn asks_for_reports(deed: &Deed) -> bool {
    let command = match deed {
        Deed::Said(text) => typed_command(&fold_command(text)),
        Deed::Tapped(data) => Command::parse(data),
        Deed::Followed
        | Deed::Unfollowed
        | Deed::ShowedCode(_)
        | Deed::SentPhoto { .. }
        | Deed::SentPlace { .. }
        | Deed::Unsent { .. }
        | Deed::AskedReports(_)
        | Deed::Sent(_)
        | Deed::Other => None,
    };
    command == Some(Command::Report(ReportCommand::Mine))
}

impl Talk<'_> {
    pub(in crate::conversation) fn show_own_reports(&mut self, reports: &[OwnReport]) {
        let words = &self.words.report;
        if reports.is_empty() {
            self.say(words.mine_none.to_owned());
        } else {
            let cards = reports.iter().take(OWN_REPORTS_MAX).map(|report| self.own_report_card(report)).collect();
            self.replies.push(Reply::Cards { summary: words.mine_title.to_owned(), cards });
        }
        self.offer_menu();
    }

    fn own_report_card(&self, report: &OwnReport) -> Card {
        let words = &self.words.report;
        let kind = self.report_kind(&report.kind).map_or(words.mine_title, |kind| self.of(&kind.name));
        let mut rows = vec![
            field(words.field_number, ReportNumber::of(&report.id).to_string()),
            field(words.field_filed, self.words.plain_date(date_in_japan(report.filed_at))),
        ];
        if !report.answer.is_empty() {
            rows.push(Row::Field { name: words.field_answer.to_owned(), value: report.answer.clone() });
        }
        let badge =
            Badge { text: words.standing(report.standing).to_owned(), color: color(report.standing).to_owned() };
        let open = |links: &ReportLinks| device_choice(words.button_more, links.open(&report.id, self.language));
        Card { title: kind.to_owned(), badge: Some(badge), rows, buttons: self.links.map(open).into_iter().collect() }
    }
}

/// The colour of a standing's badge: each has a contrast of 5 to 1 or more with white letters.
fn color(standing: Standing) -> &'static str {
    match standing {
        Standing::Received | Standing::Duplicate | Standing::Declined => "#4f5862",
        Standing::Checking => "#8a4b08",
        Standing::Working => "#1d4f91",
        Standing::Done => "#0b6b53",
    }
}
