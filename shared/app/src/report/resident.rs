//! What residents do with reports on their own pages: file one with photos, look at theirs, follow what others reported, write, reopen.
//!
//! Whatever is asked for again, because the answer was lost on the way, is done once. What is not theirs is not there.

mod filing;
mod photos;

use std::sync::Arc;

use domain::ids::{PhotoId, ReportId, ReportKindId, ResidentId};
use domain::report::photo::Photo;
use domain::report::place::Point;
use domain::report::{Refusal, Report};
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;

use super::{RACES_MAX, find, outrun};
use crate::error::Error;
use crate::ports::reports::{ChangeJob, PhotoFiles, PhotoLinks, PhotoUploads, ReportJobs, Reports};
use crate::ports::staff::Written;
use crate::ports::{Chance, Clock, Towns, mint};

pub use filing::{FILED_A_DAY_MAX, Wish};
pub use photos::{Asked, SLOTS, Slot};

/// So many of a resident's reports are listed, the latest.
pub const LISTED_MAX: usize = 50;
/// So many reports nearby are shown, the nearest.
pub const NEAR_MAX: usize = 10;
/// So many reports are read side by side.
const AT_ONCE: usize = 10;

const CHANGING: &str = "do what a resident wants with a report";

/// The use case; it holds the ports.
pub struct ResidentDesk {
    /// The reports.
    pub reports: Arc<dyn Reports>,
    /// What follows from them.
    pub jobs: Arc<dyn ReportJobs>,
    /// Where browsers put photos.
    pub uploads: Arc<dyn PhotoUploads>,
    /// The clean photos.
    pub files: Arc<dyn PhotoFiles>,
    /// The town's data.
    pub towns: Arc<dyn Towns>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where ids come from.
    pub chance: Arc<dyn Chance>,
}

/// Why something is not done. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Denied {
    /// There is no such thing, or none that is theirs.
    NotFound,
    /// A report of this id was filed, and says something else.
    FiledOtherwise,
    /// They have filed [`FILED_A_DAY_MAX`] reports within a day.
    TooManyToday,
    /// This photo has come already.
    PhotoCame(PhotoId),
    /// The photo was taken back.
    PhotoWithdrawn,
    /// A part of what they said is not as it must be.
    Unfit(Part, Fault),
    /// As the report stands this cannot be done.
    Refused(Refusal),
}

/// A part of what somebody says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The report's id.
    Report,
    /// The kind.
    Kind,
    /// The answers to the kind's questions.
    Answers,
    /// The place.
    Place,
    /// The comment.
    Comment,
    /// The photos.
    Photos,
    /// How many bytes a photo has.
    Bytes,
    /// Of which media type a photo is.
    Type,
}

/// What is wrong with a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is none of those that there are.
    Unknown,
    /// It is not well-formed.
    Invalid,
    /// It is missing.
    Missing,
    /// Nothing of the kind is taken at the moment.
    Closed,
    /// It is outside of the town.
    Outside,
    /// It is too long.
    TooLong,
    /// It is too large.
    TooLarge,
    /// There are too many.
    TooMany,
    /// It was begun too long ago.
    TooOld,
}

/// What ends an undertaking early: that it is denied, or that it failed.
#[derive(Debug)]
pub enum Stop {
    /// It is denied.
    Denied(Denied),
    /// It failed.
    Failed(Error),
}

impl From<Denied> for Stop {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// What a resident does with a report that is there.
#[derive(Clone, PartialEq, Eq)]
pub enum Act {
    /// They want to hear of it.
    Follow,
    /// They do not want to hear of it any more.
    Unfollow,
    /// They write something.
    Comment(String),
    /// They say that it is not mended yet.
    Reopen(String),
}

/// What was reported near a point, with its distance in metres, the nearest first; and whether the point is in the town.
#[derive(Clone, PartialEq, Eq)]
pub struct Around {
    /// Whether a report is taken there.
    pub is_inside: bool,
    /// The reports; of them is shown what [`Report::public`] says, and beside it number, kind, standing and distance.
    pub near: Vec<(Report, u32)>,
}

/// A photo of one's own, and where it is found if it is kept.
pub type OwnPhoto = (Photo, Option<PhotoLinks>);

impl ResidentDesk {
    /// The id of a new report.
    #[must_use]
    pub fn begin(&self) -> ReportId {
        ReportId::of_uuid(mint(&*self.chance, self.clock.now()).into_bytes())
    }

    /// What was reported near a point within the distance at which two reports of this kind may be about the same thing. Those of the
    /// same kind come first.
    pub async fn near(&self, point: Point, kind: &ReportKindId) -> Result<Around, Stop> {
        let town = self.towns.current().await?;
        let kind = town.report_kind(kind).ok_or(Denied::Unfit(Part::Kind, Fault::Unknown))?;
        let radius_m = u32::from(kind.duplicate_radius_m);
        let mut near = find::near(&*self.reports, point, radius_m, self.clock.now()).await?;
        near.sort_by_key(|(other, _)| other.kind != kind.id);
        near.truncate(NEAR_MAX);
        let far: Vec<u32> = near.iter().map(|(_, far)| *far).collect();
        let reports = self.read(near.into_iter().map(|(other, _)| other.id).collect()).await?;
        let near = reports.into_iter().zip(far).filter_map(|(report, far)| Some((report?, far))).collect();
        Ok(Around { is_inside: town.takes_reports_at(point).is_ok(), near })
    }

    /// Theirs, the latest begun first: what they filed and what they follow.
    pub async fn list(&self, who: &ResidentId) -> Result<Vec<Report>, Error> {
        let reports = self.read(self.reports.of_resident(who, LISTED_MAX).await?).await?;
        Ok(reports.into_iter().flatten().filter(|report| report.seen_by(who).is_some()).collect())
    }

    /// One of theirs with its photos, if they took them; what they see of it says [`Report::seen_by`].
    pub async fn look(&self, who: &ResidentId, id: &ReportId) -> Result<(Report, Vec<OwnPhoto>), Stop> {
        let found = self.reports.find(id).await?.map(|found| found.value);
        let report = found.filter(|report| report.seen_by(who).is_some()).ok_or(Denied::NotFound)?;
        let photos: &[PhotoId] = report.seen_by(who).and_then(|seen| seen.own).map_or(&[], |own| own.photos);
        let photos = self.photos(who, photos).await?;
        Ok((report, photos))
    }

    /// Does something with a report.
    pub async fn act(&self, who: &ResidentId, id: &ReportId, act: &Act) -> Result<(), Stop> {
        for _ in 0..RACES_MAX {
            let there = self.reports.find(id).await?.ok_or(Denied::NotFound)?;
            let mut after = there.value.clone();
            match act.done_to(&mut after, who, self.clock.now()) {
                Ok(()) => {}
                Err(Refusal::NotTheirs) => return Err(Denied::NotFound.into()),
                Err(Refusal::Unchanged) if act.may_be_again() => return Ok(()),
                Err(refusal) => return Err(Denied::Refused(refusal).into()),
            }
            if after.history.len() != there.value.history.len() {
                self.jobs.put_change(&ChangeJob::of(&after)).await?;
            }
            if self.reports.put(&after, Some(&there), None).await? == Written::Done {
                return Ok(());
            }
        }
        Err(outrun(CHANGING).into())
    }

    /// Reports of these ids, in their order.
    async fn read(&self, ids: Vec<ReportId>) -> Result<Vec<Option<Report>>, Error> {
        let reads = ids.into_iter().map(|id| {
            let reports = Arc::clone(&self.reports);
            async move { reports.find(&id).await }
        });
        let found = stream::iter(reads).buffered(AT_ONCE);
        found.map_ok(|found| found.map(|found| found.value)).try_collect().await
    }
}

impl Act {
    fn done_to(&self, report: &mut Report, who: &ResidentId, now: Timestamp) -> Result<(), Refusal> {
        match self {
            Self::Follow => report.follow(who),
            Self::Unfollow if report.seen_by(who).is_none() => Err(Refusal::NotTheirs),
            Self::Unfollow => report.unfollow(who),
            Self::Comment(text) => report.comment(text, who, now).map(drop),
            Self::Reopen(text) => report.reopen_by_reporter(text, who, now).map(drop),
        }
    }

    /// Whether it says nothing new that it is so already. Whoever reopens has a text that nobody would see, and whoever reported
    /// cannot leave.
    fn may_be_again(&self) -> bool {
        match self {
            Self::Follow | Self::Comment(_) => true,
            Self::Unfollow | Self::Reopen(_) => false,
        }
    }
}
