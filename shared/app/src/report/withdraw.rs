//! Photos that are taken back: by the resident who sent them, or by time, because nobody filed a report with them.
//!
//! Here a photo is only marked. Its files are erased by `functions/photo`, which is told first: a crash between the two is a job that
//! finds nothing to erase, and never a file that stays. What everybody sees of it goes first: what breaks off leaves a photo that is not
//! shown, and never one that is shown although it was taken back. The report goes on naming its copy until the photo is marked, because
//! only then a job about the copy is certain to be done: whatever breaks off before, whoever comes next still knows what to erase.

use std::sync::Arc;

use domain::ids::{PhotoId, ReportId};
use domain::report::photo::{Photo, PhotoState};

use super::erase::forget_sender;
use super::{RACES_MAX, outrun};
use crate::error::{Chain, Error};
use crate::ports::Clock;
use crate::ports::reports::{PhotoJob, ReportJobs, Reports};
use crate::ports::staff::Written;

const WITHDRAWING: &str = "withdraw a photo";
/// So many photos are forgotten in one look.
pub const FORGOTTEN_MAX: usize = 50;

/// Takes a photo back, if there is one. The same again changes nothing.
pub async fn withdraw(reports: &dyn Reports, jobs: &dyn ReportJobs, id: &PhotoId) -> Result<(), Error> {
    for _ in 0..RACES_MAX {
        let Some(there) = reports.photos(std::slice::from_ref(id)).await?.pop() else { return Ok(()) };
        let Photo { report, state, .. } = &there.value;
        if *state == PhotoState::Withdrawn {
            return unrelease(reports, jobs, report, id, Naming::Ends).await;
        }
        unrelease(reports, jobs, report, id, Naming::GoesOn).await?;
        jobs.put_photo(&PhotoJob::Withdrawn { photo: id.clone() }).await?;
        let withdrawn = Photo { state: PhotoState::Withdrawn, ..there.value };
        match reports.put_photo(&withdrawn, Some(there.version)).await? {
            // Once more: it may have been released in between.
            Written::Done => return unrelease(reports, jobs, &withdrawn.report, id, Naming::Ends).await,
            Written::Raced => {}
        }
    }
    Err(outrun(WITHDRAWING))
}

/// Whether a report goes on naming a copy that is to be erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Naming {
    /// It does: its photo is not marked yet, so that a job about the copy may be dropped.
    GoesOn,
    /// It does not: such a job will be done.
    Ends,
}

/// Takes a photo that is taken back out of what everybody sees of its report, and has the copies erased.
async fn unrelease(
    reports: &dyn Reports,
    jobs: &dyn ReportJobs,
    report: &ReportId,
    id: &PhotoId,
    naming: Naming,
) -> Result<(), Error> {
    for _ in 0..RACES_MAX {
        let Some(there) = reports.find(report).await? else { return Ok(()) };
        let mut after = there.value.clone();
        let copies = after.unrelease(id);
        if copies.is_empty() {
            return Ok(());
        }
        for copy in copies {
            jobs.put_photo(&PhotoJob::Unreleased { photo: id.clone(), copy }).await?;
        }
        match naming {
            Naming::GoesOn if after == there.value => return Ok(()),
            Naming::GoesOn => {}
            Naming::Ends => after.forget_copies(id),
        }
        match reports.put(&after, Some(&there), None).await? {
            Written::Done => return Ok(()),
            Written::Raced => {}
        }
    }
    Err(outrun(WITHDRAWING))
}

/// Withdraws the photos of drafts that are forgotten; it holds the ports.
pub struct Forgetter {
    /// The photos.
    pub reports: Arc<dyn Reports>,
    /// What follows.
    pub jobs: Arc<dyn ReportJobs>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl Forgetter {
    /// Looks once; gives how many photos were withdrawn. One that fails does not keep the others from it; then it is an error in the end.
    pub async fn tick(&self) -> Result<usize, Error> {
        let (mut forgotten, mut trouble) = (0, None);
        for id in self.reports.forgotten_photos(self.clock.now(), FORGOTTEN_MAX).await? {
            match self.forget(&id).await {
                Ok(()) => forgotten += 1,
                Err(error) => {
                    tracing::warn!(error = %Chain(&error), "a forgotten photo could not be withdrawn");
                    trouble = Some(error);
                }
            }
        }
        trouble.map_or(Ok(forgotten), Err)
    }

    async fn forget(&self, id: &PhotoId) -> Result<(), Error> {
        withdraw(&*self.reports, &*self.jobs, id).await?;
        forget_sender(&*self.reports, id).await
    }
}
