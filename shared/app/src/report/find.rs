//! How staff find reports: what is open where, lists by what they are about, by number, by what lies near.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::{DepartmentId, ReportId, ReportKindId, StaffId};
use domain::report::place::{Cell, Point};
use domain::report::{Report, ReportNumber, Standing};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::desk::ReportDesk;
use crate::error::Error;
use crate::ports::reports::{Neighbour, Reports};

/// So many are read at a time.
const AT_ONCE: usize = 200;
/// A list looks through so many before it shows what it has; the next page goes on from there.
const LOOKED_AT_MAX: usize = 5_000;
/// The board counts so many of each standing.
const COUNTED_MAX: usize = 5_000;
/// What was closed so long ago is no neighbour any more: what is broken now is something else.
const NEIGHBOURS_FOR: SignedDuration = SignedDuration::from_hours(180 * 24);

/// Which reports are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// How they stand; of no standing there are none.
    pub standings: Vec<Standing>,
    /// Who works on them; `None`: any department, those that the town has given up too.
    pub departments: Option<BTreeSet<DepartmentId>>,
    /// Of which kind they are; `None`: of any.
    pub kind: Option<ReportKindId>,
    /// Who looks after them; `None`: whoever.
    pub assignee: Option<Assignee>,
    /// That they should have been done before this day; `None`: whenever.
    pub overdue_on: Option<Date>,
    /// Who sees them.
    pub seen: Seen,
}

/// Who sees a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Seen {
    /// Whoever: it does not matter.
    #[default]
    ByWhoever,
    /// Everybody: staff released it, and it stands under no other one.
    ByEverybody,
}

/// Who looks after a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Assignee {
    /// Nobody.
    Nobody,
    /// Somebody.
    One(StaffId),
}

/// Reports that were looked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// The latest first.
    pub reports: Vec<Report>,
    /// Before which to look on; `None` where there are no more.
    pub more: Option<ReportId>,
}

/// What is open, by who works on it and how it stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Board {
    /// How many of each.
    pub open: BTreeMap<(DepartmentId, Standing), usize>,
    /// How many of each department should have been done.
    pub overdue: BTreeMap<DepartmentId, usize>,
    /// Whether there are more than were counted.
    pub has_more: bool,
}

impl Assignee {
    fn is(&self, assignee: Option<&StaffId>) -> bool {
        match self {
            Self::Nobody => assignee.is_none(),
            Self::One(staff) => assignee == Some(staff),
        }
    }
}

impl Seen {
    fn is(self, report: &Report) -> bool {
        match self {
            Self::ByWhoever => true,
            Self::ByEverybody => report.public().is_some(),
        }
    }
}

impl Filter {
    fn fits(&self, report: &Report) -> bool {
        self.departments.as_ref().is_none_or(|departments| departments.contains(&report.department))
            && self.kind.as_ref().is_none_or(|kind| report.kind == *kind)
            && self.assignee.as_ref().is_none_or(|assignee| assignee.is(report.assignee.as_ref()))
            && self.overdue_on.is_none_or(|today| report.is_overdue(today))
            && self.seen.is(report)
    }
}

impl ReportDesk {
    /// Counts what is open.
    pub async fn board(&self, today: Date) -> Result<Board, Error> {
        let mut board = Board::default();
        for standing in Standing::ALL.into_iter().filter(|standing| standing.is_open()) {
            let (mut before, mut counted) = (None, 0);
            loop {
                let some = self.reports.standing(standing, before.as_ref(), AT_ONCE).await?;
                counted += some.len();
                for report in &some {
                    *board.open.entry((report.department.clone(), standing)).or_default() += 1;
                    if report.is_overdue(today) {
                        *board.overdue.entry(report.department.clone()).or_default() += 1;
                    }
                }
                if some.len() < AT_ONCE {
                    break;
                }
                if COUNTED_MAX <= counted {
                    board.has_more = true;
                    break;
                }
                before = some.last().map(|report| report.id.clone());
            }
        }
        Ok(board)
    }

    /// Those that fit, the latest first, at most `limit`, begun before one. Where few fit, a page may have fewer although more follow.
    pub async fn list(&self, filter: &Filter, before: Option<&ReportId>, limit: usize) -> Result<Found, Error> {
        let (mut found, mut cursor, mut looked_at) = (Vec::new(), before.cloned(), 0);
        loop {
            let (some, is_all) = self.next_of(&filter.standings, cursor.as_ref()).await?;
            for report in some {
                looked_at += 1;
                cursor = Some(report.id.clone());
                if filter.fits(&report) {
                    found.push(report);
                }
                if found.len() == limit {
                    return Ok(Found { reports: found, more: cursor });
                }
            }
            if is_all {
                return Ok(Found { reports: found, more: None });
            }
            if LOOKED_AT_MAX <= looked_at {
                return Ok(Found { reports: found, more: cursor });
            }
        }
    }

    /// The next of these standings before one, the latest first, and whether there are no more.
    async fn next_of(&self, standings: &[Standing], before: Option<&ReportId>) -> Result<(Vec<Report>, bool), Error> {
        let (mut some, mut floor) = (Vec::new(), None);
        for standing in standings {
            let of_one = self.reports.standing(*standing, before, AT_ONCE).await?;
            if of_one.len() == AT_ONCE {
                // What lies below the last one that was read of one standing may have others above it that were not.
                floor = floor.max(of_one.last().map(|report| report.id.clone()));
            }
            some.extend(of_one);
        }
        some.retain(|report| floor.as_ref().is_none_or(|floor| *floor <= report.id));
        some.sort_by(|one, other| other.id.cmp(&one.id));
        Ok((some, floor.is_none()))
    }

    /// The reports of a number, as somebody says it: one, or none; or more, should two of one day ever have the same.
    pub async fn of_number(&self, number: &ReportNumber) -> Result<Vec<Report>, Error> {
        let day = number.ids();
        let mut found = Vec::new();
        for standing in Standing::ALL {
            let mut before = Some(day.end.clone());
            loop {
                let some = self.reports.standing(standing, before.as_ref(), AT_ONCE).await?;
                let is_last = some.len() < AT_ONCE || some.last().is_none_or(|report| report.id < day.start);
                before = some.last().map(|report| report.id.clone());
                found.extend(some.into_iter().filter(|report| number.matches(&report.id)));
                if is_last {
                    break;
                }
            }
        }
        Ok(found)
    }

    /// What else was reported within so many metres, with its distance, the nearest first: what is open, and what was closed lately,
    /// but nothing that stands under another one already.
    pub async fn near(&self, report: &Report, radius_m: u32) -> Result<Vec<(Neighbour, u32)>, Error> {
        let mut near = near(&*self.reports, report.place.point, radius_m, self.clock.now()).await?;
        near.retain(|(other, _)| other.id != report.id);
        Ok(near)
    }
}

/// The same around any point.
pub(super) async fn near(
    reports: &dyn Reports,
    point: Point,
    radius_m: u32,
    now: Timestamp,
) -> Result<Vec<(Neighbour, u32)>, Error> {
    let lately = ReportId::first_at(now - NEIGHBOURS_FOR);
    let all = reports.near(&Cell::around(point, radius_m)).await?;
    let is_meant = |other: &Neighbour| {
        let is_recent = other.standing.is_open() || lately < other.id;
        is_recent && other.standing != Standing::Duplicate
    };
    let others = all.into_iter().filter(is_meant).map(|other| (other.point.distance_m(point), other));
    let mut near: Vec<(Neighbour, u32)> =
        others.filter(|(far, _)| *far <= radius_m).map(|(far, other)| (other, far)).collect();
    near.sort_by(|(one, far), (other, farther)| (far, &one.id).cmp(&(farther, &other.id)));
    Ok(near)
}
