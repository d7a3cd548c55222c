//! What is kept about one resident, taken out as a whole or erased, because they asked for it. Both are recorded before they are begun.
//!
//! A resident is named by their id, or by the number of a report that they filed: staff know nobody's id. Of a report that was told by
//! telephone nothing leads to a resident, so that it is taken out or erased alone.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::audit::{Act, Action, Actor};
use domain::conversation::Conversation;
use domain::ids::{PhotoId, ReportId, ResidentId, StaffId};
use domain::report::photo::Photo;
use domain::report::{Report, ReportNumber, Reporter, Standing};
use domain::resident::Resident;
use jiff::Timestamp;
use serde::Serialize;

use crate::error::Error;
use crate::ports::personal::PersonalData;
use crate::ports::reports::{ReportJobs, Reports};
use crate::ports::staff::{AuditLog, StaffStore, Written};
use crate::ports::unfollows::{KEPT, Unfollow, Unfollows};
use crate::ports::{Clock, Versioned};
use crate::report::desk::ReportDesk;
use crate::report::erase::{erase, forget_sender};
use crate::report::withdraw::withdraw;
use crate::report::{RACES_MAX, outrun};
use crate::staff::disconnect_from_outside;

/// So many reports of a resident are read at a time.
const REPORTS_AT_ONCE: usize = 1_000;

const UNFOLLOWING: &str = "erase who follows a report";

/// The use case; it holds the ports.
pub struct OneResident {
    /// What they chose, and their conversation.
    pub personal: Arc<dyn PersonalData>,
    /// Their reports and photos.
    pub reports: Arc<dyn Reports>,
    /// What follows from withdrawing photos.
    pub jobs: Arc<dyn ReportJobs>,
    /// That they blocked the account.
    pub unfollows: Arc<dyn Unfollows>,
    /// Whether they are of the staff.
    pub staff: Arc<dyn StaffStore>,
    /// Where it is recorded.
    pub log: Arc<dyn AuditLog>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// How somebody is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// By their id.
    Resident(ResidentId),
    /// By the number of a report.
    Number(ReportNumber),
    /// By the id of a report, where two have the same number.
    Report(ReportId),
}

/// About whom it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// A resident.
    Resident(ResidentId),
    /// Whoever told this report.
    Caller(ReportId),
}

/// Who was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Search {
    /// Somebody.
    Found(Whose),
    /// There is no such report.
    NoReport,
    /// Who reported it was erased before.
    Erased,
    /// Several reports have this number.
    Several(Vec<ReportId>),
}

/// All that is kept about somebody. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Export {
    /// When it was read.
    pub exported_at: Timestamp,
    /// Their id, if they are a resident.
    pub user: Option<ResidentId>,
    /// What they chose, if they are known.
    pub resident: Option<Resident>,
    /// Where their conversation stands, if it goes on.
    pub conversation: Option<Conversation>,
    /// The photos of the report that they are drafting in it.
    pub draft_photos: Vec<Photo>,
    /// When they blocked the account, as far as that is still counted.
    pub blocked_at: Vec<Timestamp>,
    /// Who of the staff they are, if they connected their phone.
    pub staff: Option<StaffId>,
    /// What they reported, the latest first.
    pub reports: Vec<Filed>,
    /// What others reported and they follow, the latest first.
    pub follows: Vec<Followed>,
}

/// A report of theirs.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Filed {
    /// How it is called.
    pub number: String,
    /// All of it but who follows it.
    pub report: Report,
    /// Its photos.
    pub photos: Vec<Photo>,
}

/// A report of somebody else. What is written in it is not theirs; what followers wrote is nobody's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Followed {
    /// How it is called.
    pub number: String,
    /// Which.
    pub report: ReportId,
    /// Where it stands.
    pub standing: Standing,
}

impl std::fmt::Debug for Export {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Export({} reports, {} followed)", self.reports.len(), self.follows.len())
    }
}

impl Export {
    /// Whether nothing is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { exported_at: _, user: _, resident, conversation, draft_photos, blocked_at, staff, reports, follows } =
            self;
        resident.is_none()
            && conversation.is_none()
            && draft_photos.is_empty()
            && blocked_at.is_empty()
            && staff.is_none()
            && reports.is_empty()
            && follows.is_empty()
    }
}

impl OneResident {
    /// About whom it is.
    pub async fn find(&self, named: &Named) -> Result<Search, Error> {
        let mut reports = match named {
            Named::Resident(resident) => return Ok(Search::Found(Whose::Resident(resident.clone()))),
            Named::Report(id) => self.reports.find(id).await?.into_iter().map(|read| read.value).collect(),
            Named::Number(number) => self.desk().of_number(number).await?,
        };
        let Some(report) = reports.pop() else { return Ok(Search::NoReport) };
        if !reports.is_empty() {
            return Ok(Search::Several(reports.into_iter().chain([report]).map(|report| report.id).collect()));
        }
        Ok(match report.reporter {
            Reporter::Resident(resident) => Search::Found(Whose::Resident(resident)),
            Reporter::Told { .. } => Search::Found(Whose::Caller(report.id)),
            Reporter::Erased => Search::Erased,
        })
    }

    fn desk(&self) -> ReportDesk {
        ReportDesk { reports: self.reports.clone(), jobs: self.jobs.clone(), clock: self.clock.clone() }
    }

    /// Reads all that is kept, and records that before.
    pub async fn export(&self, whose: &Whose) -> Result<Export, Error> {
        self.record(whose, Action::Export).await?;
        self.read(whose).await
    }

    /// The same, to say what there is: nobody sees it.
    pub async fn read(&self, whose: &Whose) -> Result<Export, Error> {
        let mut export = Export {
            exported_at: self.clock.now(),
            user: None,
            resident: None,
            conversation: None,
            draft_photos: Vec::new(),
            blocked_at: Vec::new(),
            staff: None,
            reports: Vec::new(),
            follows: Vec::new(),
        };
        let resident = match whose {
            Whose::Caller(id) => {
                if let Some(read) = self.reports.find(id).await? {
                    export.reports.push(self.filed(read.value).await?);
                }
                return Ok(export);
            }
            Whose::Resident(resident) => resident,
        };
        let kept = self.personal.of(resident).await?;
        let drafted = drafted(kept.conversation.as_ref());
        export.draft_photos = self.reports.photos(&drafted).await?.into_iter().map(|read| read.value).collect();
        (export.resident, export.conversation) = (kept.resident, kept.conversation);
        export.blocked_at = self.left(resident).await?.into_iter().map(|left| left.at).collect();
        export.staff = self.staff.roster().await?.0.with_phone(resident).map(|staff| staff.id.clone());
        for id in self.all_of(resident).await? {
            // It may be found for them although they do not hear of it.
            let Some(Versioned { value: report, .. }) = self.reports.find(&id).await? else { continue };
            if report.reporter == Reporter::Resident(resident.clone()) {
                export.reports.push(self.filed(report).await?);
            } else if report.followers.contains(resident) {
                let standing = report.state.standing();
                export.follows.push(Followed { number: report.number().to_string(), report: report.id, standing });
            }
        }
        export.user = Some(resident.clone());
        Ok(export)
    }

    /// Erases all of it, and records that before. Done again it does what is left.
    ///
    /// A report that is open stays one, without its reporter. What a resident is found by goes last, so that whatever breaks off is
    /// found again by the resident's id.
    pub async fn erase(&self, whose: &Whose) -> Result<(), Error> {
        self.record(whose, Action::EraseResident).await?;
        let resident = match whose {
            Whose::Caller(id) => return self.erase_report(id, |_| true).await,
            Whose::Resident(resident) => resident,
        };
        for id in self.all_of(resident).await? {
            let theirs = |report: &Report| report.reporter == Reporter::Resident(resident.clone());
            self.erase_report(&id, theirs).await?;
            self.erase_follower(&id, resident).await?;
        }
        for photo in drafted(self.personal.of(resident).await?.conversation.as_ref()) {
            self.erase_photo(&photo).await?;
        }
        disconnect_from_outside(&*self.staff, resident, self.clock.now()).await?;
        let left = self.left(resident).await?;
        self.personal.erase(resident, &left).await
    }

    async fn erase_report(&self, id: &ReportId, is_theirs: impl Fn(&Report) -> bool) -> Result<(), Error> {
        erase(&*self.reports, &*self.jobs, id, is_theirs, self.clock.now()).await.map(drop)
    }

    async fn erase_follower(&self, id: &ReportId, resident: &ResidentId) -> Result<(), Error> {
        for _ in 0..RACES_MAX {
            let Some(read) = self.reports.find(id).await?.filter(|read| read.value.followers.contains(resident)) else {
                return Ok(());
            };
            let mut after = read.value.clone();
            after.erase_follower(resident);
            if self.reports.put(&after, Some(&read), None).await? == Written::Done {
                return Ok(());
            }
        }
        Err(outrun(UNFOLLOWING))
    }

    async fn erase_photo(&self, id: &PhotoId) -> Result<(), Error> {
        withdraw(&*self.reports, &*self.jobs, id).await?;
        forget_sender(&*self.reports, id).await
    }

    async fn filed(&self, report: Report) -> Result<Filed, Error> {
        let photos = self.reports.photos(&report.photos).await?.into_iter().map(|read| read.value).collect();
        let report = Report { followers: BTreeSet::new(), ..report };
        Ok(Filed { number: report.number().to_string(), report, photos })
    }

    /// The reports that a resident filed or follows, the latest first.
    async fn all_of(&self, resident: &ResidentId) -> Result<Vec<ReportId>, Error> {
        let mut many = REPORTS_AT_ONCE;
        // Bounded by their number: each round reads twice as many.
        loop {
            let ids = self.reports.of_resident(resident, many).await?;
            if ids.len() < many {
                return Ok(ids);
            }
            many *= 2;
        }
    }

    /// The facts that they blocked the account.
    async fn left(&self, resident: &ResidentId) -> Result<Vec<Unfollow>, Error> {
        let now = self.clock.now();
        let (within, mut found, mut after) = (now - KEPT..now, Vec::new(), None);
        // Bounded by the facts of the time: each page begins after the one before.
        loop {
            let some = self.unfollows.some(&within, after.as_ref()).await?;
            let Some(last) = some.last() else { return Ok(found) };
            after = Some(last.clone());
            found.extend(some.into_iter().filter(|unfollow| unfollow.resident == *resident));
        }
    }

    /// Who it is about stands nowhere in the log: nothing of it is ever erased.
    async fn record(&self, whose: &Whose, action: Action) -> Result<(), Error> {
        let subject = match whose {
            Whose::Resident(_) => "resident".to_owned(),
            Whose::Caller(report) => format!("report/{report}"),
        };
        let (before, after) = (String::new(), String::new());
        let at = self.clock.now();
        let act = Act { at, actor: Actor::CommandLine, action, subject, department: None, before, after };
        self.log.append(&act).await.map(drop)
    }
}

/// The photos of the report that is drafted in a conversation.
fn drafted(conversation: Option<&Conversation>) -> Vec<PhotoId> {
    let drafting = conversation.and_then(|conversation| conversation.report.as_ref());
    drafting.into_iter().flat_map(|drafting| &drafting.draft.photos).map(|photo| photo.id.clone()).collect()
}
