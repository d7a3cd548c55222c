//! Which broadcasts went in a time, what became of them, and the sums by day and department.

use std::collections::BTreeMap;

use domain::broadcast::after::{Approval, Unfollowed};
use domain::broadcast::{Broadcast, Earnest, Lane};
use domain::ids::{BroadcastId, DepartmentId, StaffId};
use domain::sending::account::Account;
use domain::time::{date_in_japan, instant_in_japan};
use jiff::Timestamp;
use jiff::civil::{Date, Time};

use crate::error::Error;
use crate::ports::broadcasts::{Broadcasts, Place, Shelf};

/// So many broadcasts are read at a time; of each only what is shown is kept.
const AT_ONCE: usize = 100;

/// Which broadcasts are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Those that began on this day or later, in Japan.
    pub first: Date,
    /// Those that began on this day or earlier.
    pub last: Date,
    /// Only this department's.
    pub department: Option<DepartmentId>,
}

/// A stretch of the shelf, from the latest to earlier ones; without ends all that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stretch {
    /// It begins below this place.
    pub before: Option<Place>,
    /// It ends with this place.
    pub down_to: Option<Place>,
}

/// A broadcast that went and is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Went {
    /// Which.
    pub id: BroadcastId,
    /// What staff call it.
    pub title: String,
    /// Whose it is.
    pub department: DepartmentId,
    /// How urgent it was.
    pub lane: Lane,
    /// Whether it was meant.
    pub earnest: Earnest,
    /// When it began.
    pub began: Timestamp,
    /// Who wrote it.
    pub author: StaffId,
    /// The approval by which it went, where that is known.
    pub approval: Option<Approval>,
    /// What became of everybody.
    pub account: Account,
    /// How many blocked the account after it, where that was counted.
    pub unfollowed: Option<Unfollowed>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// The broadcasts, the latest first.
    pub went: Vec<Went>,
    /// Where the rest begins, below this place; `None` where all was looked through.
    pub left: Option<Place>,
}

/// Finds broadcasts that went, reading at most about `read_max`.
pub async fn went(
    broadcasts: &dyn Broadcasts,
    asked: &Asked,
    stretch: &Stretch,
    read_max: usize,
) -> Result<Found, Error> {
    let after = asked.last.tomorrow().map_or(Timestamp::MAX, begins);
    let mut before = stretch.before.clone().unwrap_or_else(|| Place::before(after));
    // What began earlier stands below this.
    let first = Place::before(begins(asked.first));
    let end = stretch.down_to.as_ref().map_or(&first, |down_to| down_to.max(&first));
    let (mut found, mut read) = (Vec::new(), 0);
    while read < read_max {
        let some = broadcasts.on_shelf(Shelf::Done, Some(&before), AT_ONCE).await?;
        let (is_last, count) = (some.len() < AT_ONCE, some.len());
        read += count;
        let within: Vec<_> = some.into_iter().take_while(|(place, _)| end <= place).collect();
        if let Some((place, _)) = within.last() {
            before = place.clone();
        }
        let is_end = is_last || within.len() < count || before <= *end;
        found.extend(within.into_iter().filter_map(|(_, broadcast)| Went::of(broadcast)).filter(|it| asked.is_met(it)));
        if is_end {
            return Ok(Found { went: found, left: None });
        }
    }
    Ok(Found { went: found, left: Some(before) })
}

fn begins(day: Date) -> Timestamp {
    instant_in_japan(day.to_datetime(Time::midnight()))
}

impl Asked {
    fn is_met(&self, went: &Went) -> bool {
        let is_theirs = self.department.as_ref().is_none_or(|department| *department == went.department);
        is_theirs && (self.first..=self.last).contains(&went.day())
    }
}

impl Went {
    fn of(broadcast: Broadcast) -> Option<Self> {
        let (began, account) = (broadcast.state.began()?, *broadcast.state.account()?);
        let Broadcast { id, title, department, lane, earnest, author, approval, unfollowed, .. } = broadcast;
        Some(Self { id, title, department, lane, earnest, began, author, approval, account, unfollowed })
    }

    /// The day on which it began, in Japan.
    #[must_use]
    pub fn day(&self) -> Date {
        date_in_japan(self.began)
    }
}

/// Sums over broadcasts that were meant. A drill goes to staff and adds nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sums {
    /// How many broadcasts.
    pub broadcasts: u64,
    /// Whom they were to reach. Whoever is in several counts in each.
    pub frozen: u64,
    /// For whom LINE has taken them.
    pub accepted: u64,
    /// Who blocked the account after them, as far as that was counted.
    pub unfollowed: u64,
}

impl Sums {
    /// The same with one more broadcast.
    #[must_use]
    pub fn plus(self, went: &Went) -> Self {
        match went.earnest {
            Earnest::Drill => self,
            Earnest::Real => Self {
                broadcasts: self.broadcasts + 1,
                frozen: self.frozen + went.account.frozen,
                accepted: self.accepted + went.account.accepted,
                unfollowed: self.unfollowed + went.unfollowed.map_or(0, |unfollowed| unfollowed.people),
            },
        }
    }
}

/// The sums by department.
#[must_use]
pub fn by_department(went: &[Went]) -> BTreeMap<&DepartmentId, Sums> {
    by(went, |went| &went.department)
}

/// The sums by day.
#[must_use]
pub fn by_day(went: &[Went]) -> BTreeMap<Date, Sums> {
    by(went, Went::day)
}

fn by<'a, K: Ord>(all: &'a [Went], key: impl Fn(&'a Went) -> K) -> BTreeMap<K, Sums> {
    let mut sums: BTreeMap<K, Sums> = BTreeMap::new();
    for went in all {
        let sum = sums.entry(key(went)).or_default();
        *sum = sum.plus(went);
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(department: &str, began: &str, earnest: Earnest, people: Option<u64>) -> Went {
        let count = domain::broadcast::after::Count::SoFar;
        Went {
            id: "b".parse().unwrap(),
            title: "断水".to_owned(),
            department: department.parse().unwrap(),
            lane: Lane::Routine,
            earnest,
            began: began.parse().unwrap(),
            author: "aoki".parse().unwrap(),
            approval: None,
            account: Account { frozen: 10, accepted: 9, dropped: 1, ..Account::default() },
            unfollowed: people.map(|people| Unfollowed { people, count }),
        }
    }

    #[test]
    fn sums_are_by_department_and_by_the_day_in_japan_and_without_drills() {
        let all = [
            sent("water", "2026-11-21T14:59:59Z", Earnest::Real, Some(2)),
            sent("water", "2026-11-21T15:00:00Z", Earnest::Real, None),
            sent("roads", "2026-11-21T15:00:00Z", Earnest::Drill, Some(5)),
        ];
        let sum =
            |broadcasts, unfollowed| Sums { broadcasts, frozen: 10 * broadcasts, accepted: 9 * broadcasts, unfollowed };
        let (water, roads) = ("water".parse().unwrap(), "roads".parse().unwrap());
        assert_eq!(by_department(&all), BTreeMap::from([(&water, sum(2, 2)), (&roads, sum(0, 0))]));
        let day = |day| jiff::civil::date(2026, 11, day);
        assert_eq!(by_day(&all), BTreeMap::from([(day(21), sum(1, 2)), (day(22), sum(1, 0))]));
    }
}
