//! What staff do with reports: work on them, answer, move, merge, and enter what somebody told by telephone.
//!
//! Every deed is about the report as its author saw it; who comes second is shown what it is now.

use std::sync::Arc;

use domain::audit::{Act, Action, Actor};
use domain::ids::{ReportId, StaffId};
use domain::report::kind::ReportKind;
use domain::report::{Deed, Filing, Refusal, Report, Told, What};

use super::{RACES_MAX, outrun};
use crate::error::Error;
use crate::ports::reports::{ChangeJob, NoticeJob, ReportJobs, Reports};
use crate::ports::staff::Written;
use crate::ports::{Clock, Versioned};

const WORKING: &str = "work on a report";

/// The use case; it holds the ports.
#[derive(Clone)]
pub struct ReportDesk {
    /// The reports.
    pub reports: Arc<dyn Reports>,
    /// What follows from them.
    pub jobs: Arc<dyn ReportJobs>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// What became of something that staff wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Done; the report as it is now.
    Done(Box<Versioned<Report>>),
    /// There is no such report.
    Nowhere,
    /// Somebody else changed it since it was read: this is what it is now. Nothing was written.
    Changed(Box<Versioned<Report>>),
    /// As it stands this cannot be done.
    Refused(Refusal),
}

impl ReportDesk {
    /// A report.
    pub async fn look(&self, id: &ReportId) -> Result<Option<Versioned<Report>>, Error> {
        self.reports.find(id).await
    }

    /// Enters a report that somebody told. The same again, as by a double click, is the same report.
    pub async fn enter(&self, filing: Filing, kind: &ReportKind, by: &StaffId) -> Result<Outcome, Error> {
        let report = match Report::file(filing, kind, self.clock.now()) {
            Ok(report) => report,
            Err(refusal) => return Ok(Outcome::Refused(refusal)),
        };
        self.jobs.put_change(&ChangeJob::of(&report)).await?;
        let act = self.audited(by, Action::EnterReport, &report, None);
        match self.reports.put(&report, None, Some(&act)).await? {
            Written::Done => Ok(Outcome::Done(Box::new(Versioned { value: report, version: 1 }))),
            Written::Raced => match self.reports.find(&report.id).await? {
                Some(there) if there.value.is_filed_like(&report) => Ok(Outcome::Done(Box::new(there))),
                Some(there) => Ok(Outcome::Changed(Box::new(there))),
                None => Ok(Outcome::Nowhere),
            },
        }
    }

    /// Does something to the report as it was seen: with so many entries in its history.
    ///
    /// Not by the number of its writing: that the reporter has been told is written seconds after the entry, and is nobody's change.
    pub async fn act(&self, id: &ReportId, seen: usize, deed: Deed, by: &StaffId) -> Result<Outcome, Error> {
        for _ in 0..RACES_MAX {
            let Some(there) = self.reports.find(id).await? else { return Ok(Outcome::Nowhere) };
            if there.value.history.len() != seen {
                return Ok(Outcome::Changed(Box::new(there)));
            }
            let mut after = there.value.clone();
            let entry = match after.act(deed.clone(), by, self.clock.now()) {
                Ok(entry) => entry,
                Err(refusal) => return Ok(Outcome::Refused(refusal)),
            };
            if let Some(done) = self.write(&there, after, Some(entry), by, action(&deed)).await? {
                return Ok(Outcome::Done(Box::new(done)));
            }
        }
        Err(outrun(WORKING))
    }

    /// Puts a report, as it was seen, under another one that is about the same thing: who hears of the one hears of the other from now on.
    ///
    /// Two reports change, one after the other. First the one that remains takes the other's residents in, then the other one is closed.
    /// After a crash between the two nobody's report is lost: both are open, and who hears of the one hears of both. The same click then
    /// does what is left, because the first step done twice is the first step.
    pub async fn merge(&self, id: &ReportId, seen: usize, into: &ReportId, by: &StaffId) -> Result<Outcome, Error> {
        for _ in 0..RACES_MAX {
            let Some(there) = self.reports.find(id).await? else { return Ok(Outcome::Nowhere) };
            if there.value.history.len() != seen {
                return Ok(Outcome::Changed(Box::new(there)));
            }
            let Some(main) = self.reports.find(into).await? else { return Ok(Outcome::Nowhere) };
            let (mut one, mut kept) = (there.value.clone(), main.value.clone());
            let entry = match one.merge_into(&mut kept, by, self.clock.now()) {
                Ok(entry) => entry,
                Err(refusal) => return Ok(Outcome::Refused(refusal)),
            };
            if kept != main.value && self.write(&main, kept, None, by, Action::MergeReports).await?.is_none() {
                continue;
            }
            if let Some(done) = self.write(&there, one, Some(entry), by, Action::MergeReports).await? {
                return Ok(Outcome::Done(Box::new(done)));
            }
        }
        Err(outrun(WORKING))
    }

    /// Writes a report over what was read, and before that puts the entry of which the reporter is to hear before `notice`, and what
    /// changed before `relay`. `None` if somebody else was faster.
    async fn write(
        &self,
        read: &Versioned<Report>,
        after: Report,
        entry: Option<usize>,
        by: &StaffId,
        action: Action,
    ) -> Result<Option<Versioned<Report>>, Error> {
        if let Some(entry) = entry.filter(|entry| after.history.get(*entry).is_some_and(|made| made.told == Told::Due))
        {
            self.jobs.put_notice(&NoticeJob { report: after.id.clone(), entry }).await?;
        }
        if after.history.len() != read.value.history.len() {
            self.jobs.put_change(&ChangeJob::of(&after)).await?;
        }
        let act = self.audited(by, action, &after, Some(&read.value));
        let written = self.reports.put(&after, Some(read), Some(&act)).await?;
        Ok((written == Written::Done).then(|| Versioned { value: after, version: read.version + 1 }))
    }

    /// The entry in the audit log: which report, where it stood, what was done. The report itself holds the rest, and can be erased.
    fn audited(&self, by: &StaffId, action: Action, after: &Report, before: Option<&Report>) -> Act {
        Act {
            at: self.clock.now(),
            actor: Actor::Staff(by.clone()),
            action,
            subject: format!("report/{}", after.id),
            department: Some(after.department.clone()),
            before: before.map(|report| report.state.standing().name().to_owned()).unwrap_or_default(),
            after: said(after),
        }
    }
}

/// What the audit log calls it.
fn action(deed: &Deed) -> Action {
    match deed {
        Deed::Release(_) => Action::ReleaseReport,
        Deed::Hide => Action::HideReport,
        Deed::Check
        | Deed::Work { .. }
        | Deed::Done { .. }
        | Deed::Decline { .. }
        | Deed::Reopen { .. }
        | Deed::Answer(_)
        | Deed::Note(_)
        | Deed::Assign(_)
        | Deed::Move { .. }
        | Deed::ChangeKind(_)
        | Deed::Priority(_)
        | Deed::Due(_)
        | Deed::Place(_) => Action::WorkOnReport,
    }
}

/// The last thing that was done, in a word, and where the report stands after it.
fn said(report: &Report) -> String {
    let done = report.history.last().map_or("", |entry| What::name(&entry.what));
    format!("{} {done}", report.state.standing().name())
}
