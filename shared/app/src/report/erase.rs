//! Reports whose time is over: what is personal in them is erased, some time after they were closed, and what can be counted remains.
//!
//! The photos go first, each as if its resident had taken it back, and then the report is written without all of it. Until then it stands
//! on a shelf: whatever breaks off before that is found there again, and doing any of it twice changes nothing. What a release closed that
//! had no such shelf is put there by a walk through all reports, a hundred an hour; once a month anew, as a release can be taken back.

use std::sync::Arc;

use domain::ids::{PhotoId, ReportId};
use domain::report::photo::{Photo, PhotoState};
use domain::report::{Report, Standing};
use jiff::{SignedDuration, Timestamp};

use super::withdraw::withdraw;
use super::{RACES_MAX, outrun};
use crate::error::{Chain, Error, Kind};
use crate::ports::reports::{ReportJobs, Reports, ShelfWalks, Walk};
use crate::ports::staff::Written;
use crate::ports::{Clock, Towns};

/// So many reports are erased in one look.
pub const ERASED_MAX: usize = 20;

/// In this minute of each hour the walk goes on.
const WALKS_AT: i64 = 23;
/// So many reports of a standing it looks at then.
pub const WALK_STEP: usize = 100;
/// So long after its end it begins anew.
pub const WALKS_AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(30 * 24);

const SHELVING: &str = "put a report on the shelf";
const ERASING: &str = "erase what is personal in a report";
const FORGETTING_SENDER: &str = "forget who sent a photo";

/// Erases reports whose time is over; it holds the ports.
pub struct Eraser {
    /// The reports.
    pub reports: Arc<dyn Reports>,
    /// What follows.
    pub jobs: Arc<dyn ReportJobs>,
    /// How far what an earlier release closed was put on the shelf.
    pub walks: Arc<dyn ShelfWalks>,
    /// How long the town keeps what.
    pub towns: Arc<dyn Towns>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl Eraser {
    /// Looks once; gives how many reports were erased. One that fails does not keep the others from it; then it is an error in the end.
    pub async fn tick(&self) -> Result<usize, Error> {
        let intake = self.towns.current().await?.profile.reports;
        let now = self.clock.now();
        let (mut erased, mut looked_at, mut trouble) = (0, 0, None);
        for standing in Standing::ALL {
            let Some(days) = intake.erased_after_days(standing) else { continue };
            let before = now - SignedDuration::from_hours(24 * i64::from(days));
            let over = self.reports.closed_before(standing, before, ERASED_MAX - looked_at).await?;
            looked_at += over.len();
            for id in over {
                // It may have been reopened since it was found.
                let is_over = |report: &Report| {
                    let since = report.erasable_since().filter(|_| report.state.standing() == standing);
                    since.is_some_and(|since| since < before)
                };
                match erase(&*self.reports, &*self.jobs, &id, is_over, now).await {
                    Ok(Erased::Now) => erased += 1,
                    // What is not due and was found again and again would keep others from it.
                    Ok(Erased::NotDue) => {
                        tracing::warn!(report.id = %id, "a report was found to be erased, and is not due");
                        if let Err(error) = self.unshelve(standing, &id).await {
                            trouble = Some(error);
                        }
                    }
                    Err(error) => {
                        tracing::warn!(report.id = %id, error = %Chain(&error), "a report could not be erased");
                        trouble = Some(error);
                    }
                }
            }
        }
        if now.as_second().div_euclid(60).rem_euclid(60) == WALKS_AT {
            for standing in Standing::ALL.into_iter().filter(|standing| !standing.is_open()) {
                if let Err(error) = self.walk(standing, now).await {
                    // Here it goes on in an hour.
                    tracing::warn!(report.standing = standing.name(), error = %Chain(&error), "a walk to the shelf broke off");
                    trouble = Some(error);
                }
            }
        }
        trouble.map_or(Ok(erased), Err)
    }

    async fn unshelve(&self, standing: Standing, id: &ReportId) -> Result<(), Error> {
        let read = self.reports.find(id).await?;
        self.walks.unshelve(standing, id, read.as_ref().map(|read| &read.value)).await
    }

    /// Looks at the next reports of a standing.
    async fn walk(&self, standing: Standing, now: Timestamp) -> Result<(), Error> {
        let before = match self.walks.reached(standing).await? {
            Some(Walk::Ended(at)) if now.duration_since(at) < WALKS_AGAIN_AFTER => return Ok(()),
            Some(Walk::Ended(_)) => None,
            Some(Walk::Before(before)) => before,
            // Not before the next hour: while functions are being replaced, the earlier release still closes reports.
            None => return self.walks.reach(standing, &Walk::Before(None)).await,
        };
        let found = self.reports.standing(standing, before.as_ref(), WALK_STEP).await?;
        for report in &found {
            match self.shelve(report).await {
                Err(error) if error.kind == Kind::Permanent => {
                    // It would keep all others from it.
                    tracing::error!(report.id = %report.id, error = %Chain(&error), "a report cannot be put on the shelf");
                }
                shelved => shelved?,
            }
        }
        let last = found.last().filter(|_| found.len() == WALK_STEP);
        let reached = last.map_or(Walk::Ended(now), |last| Walk::Before(Some(last.id.clone())));
        self.walks.reach(standing, &reached).await
    }

    async fn shelve(&self, report: &Report) -> Result<(), Error> {
        if self.walks.is_shelved(report).await? {
            return Ok(());
        }
        for _ in 0..RACES_MAX {
            let Some(read) = self.reports.find(&report.id).await? else { return Ok(()) };
            if self.walks.shelve(&read).await? == Written::Done {
                return Ok(());
            }
        }
        Err(outrun(SHELVING))
    }
}

/// What became of a report that was to be erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Erased {
    /// Nothing personal is left in it.
    Now,
    /// It is not there, or not to be erased any more.
    NotDue,
}

/// Erases what is personal in a report, if it is there and still is to be erased.
pub(crate) async fn erase(
    reports: &dyn Reports,
    jobs: &dyn ReportJobs,
    id: &ReportId,
    is_due: impl Fn(&Report) -> bool,
    now: Timestamp,
) -> Result<Erased, Error> {
    for _ in 0..RACES_MAX {
        let Some(read) = reports.find(id).await?.filter(|read| is_due(&read.value)) else { return Ok(Erased::NotDue) };
        for photo in &read.value.photos {
            withdraw(reports, jobs, photo).await?;
            forget_sender(reports, photo).await?;
        }
        let mut after = read.value.clone();
        after.erase_personal(now);
        // A photo that was released is taken out of the report by its withdrawal: then it is read once more.
        if after == read.value || reports.put(&after, Some(&read), None).await? == Written::Done {
            return Ok(Erased::Now);
        }
    }
    Err(outrun(ERASING))
}

/// Forgets who sent a photo that was withdrawn: that there was one is known for some weeks.
pub(crate) async fn forget_sender(reports: &dyn Reports, id: &PhotoId) -> Result<(), Error> {
    for _ in 0..RACES_MAX {
        let Some(there) = reports.photos(std::slice::from_ref(id)).await?.pop() else { return Ok(()) };
        if there.value.by.is_none() {
            return Ok(());
        }
        let nobodys = Photo { by: None, state: PhotoState::Withdrawn, ..there.value };
        if reports.put_photo(&nobodys, Some(there.version)).await? == Written::Done {
            return Ok(());
        }
    }
    Err(outrun(FORGETTING_SENDER))
}
