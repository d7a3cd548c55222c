//! Who is in an audience: the condition, made ready once, then asked about one resident after another.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::{Date, Time};

use super::Audience;
use crate::ids::{AreaId, BroadcastId, DistrictId, TopicId};
use crate::language::Language;
use crate::resident::{Standing, Switch};
use crate::sending::frozen::PackedId;
use crate::time::{YearMonth, instant_in_japan};
use crate::town::Town;

/// What is asked of one resident, borrowed from wherever it was read.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// Who.
    pub id: PackedId,
    /// Whether they follow.
    pub standing: Standing,
    /// When they first followed.
    pub since: Timestamp,
    /// Whether they have stopped all broadcasts.
    pub muted: Switch,
    /// Where they live, if they said so: a district's id.
    pub district: Option<&'a str>,
    /// The language; Japanese if they chose none.
    pub language: Language,
    /// The topics that they switched themselves, by id.
    pub topics: &'a [(&'a str, Switch)],
    /// The children's birth months.
    pub children: &'a [YearMonth],
}

/// What an audience says of a resident. Where two would fit, the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// They have blocked the account.
    Blocked,
    /// They are no part of the audience.
    Outside,
    /// They are, but have stopped all broadcasts.
    Muted,
    /// They are to get it.
    Reached,
}

/// What became of earlier broadcasts, at least for every resident who is asked about: ids, ascending.
#[derive(Debug, Clone, Default)]
pub struct Past<'a> {
    /// Who had a broadcast, may have had it, or is still going to have it.
    pub received: BTreeMap<&'a BroadcastId, &'a [PackedId]>,
    /// Of whom nobody knows whether they had it.
    pub unclear: BTreeMap<&'a BroadcastId, &'a [PackedId]>,
}

/// Nothing is said about an earlier broadcast that the audience speaks of. Taken for "nobody had it", it would go out twice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("what became of broadcast {0} is not known")]
pub struct PastMissing(pub BroadcastId);

/// An audience, ready to be asked about many residents.
///
/// It takes an audience as it is. What [`Audience::check`] calls unknown is a district or topic that the town has given up since:
/// residents who chose it are still found by it.
#[derive(Debug, Clone)]
pub struct Filter<'a> {
    test: Test<'a>,
}

/// One condition with everything looked up that does not depend on the resident.
#[derive(Debug, Clone)]
enum Test<'a> {
    All,
    /// Districts' ids, ascending.
    Districts(Vec<&'a str>),
    /// Topics and whether whoever said nothing hears them.
    TopicsAny(Vec<(&'a str, Switch)>),
    TopicsAll(Vec<(&'a str, Switch)>),
    /// Months of birth, from the first to the last, counted as [`month_number`] does.
    Born(i32, i32),
    Languages(&'a BTreeSet<Language>),
    Since(Timestamp),
    NotIn(&'a [PackedId]),
    In(&'a [PackedId]),
    And(Vec<Test<'a>>),
    Or(Vec<Test<'a>>),
    Not(Box<Test<'a>>),
}

impl<'a> Filter<'a> {
    /// Makes an audience ready for a day (in Japan).
    pub fn new(audience: &'a Audience, town: &'a Town, today: Date, past: &Past<'a>) -> Result<Self, PastMissing> {
        Ok(Self { test: Test::new(audience, town, today, past)? })
    }

    /// What it says of one resident.
    #[must_use]
    pub fn verdict(&self, candidate: &Candidate<'_>) -> Verdict {
        match (candidate.standing, candidate.muted) {
            (Standing::Blocked, Switch::On | Switch::Off) => Verdict::Blocked,
            (Standing::Following, Switch::On | Switch::Off) if !self.test.includes(candidate) => Verdict::Outside,
            (Standing::Following, Switch::On) => Verdict::Muted,
            (Standing::Following, Switch::Off) => Verdict::Reached,
        }
    }
}

impl<'a> Test<'a> {
    fn new(audience: &'a Audience, town: &'a Town, today: Date, past: &Past<'a>) -> Result<Self, PastMissing> {
        let new = |inner: &'a Audience| Self::new(inner, town, today, past);
        let all = |inner: &'a [Audience]| inner.iter().map(new).collect::<Result<_, _>>();
        let with_defaults = |ids: &'a BTreeSet<TopicId>| {
            let default = |id| town.topic(id).map_or(Switch::Off, |topic| topic.default);
            ids.iter().map(|id| (id.as_str(), default(id))).collect()
        };
        Ok(match audience {
            Audience::All => Self::All,
            Audience::Districts(ids) => Self::Districts(ids.iter().map(DistrictId::as_str).collect()),
            Audience::Areas(ids) => Self::Districts(districts_of(ids, town)),
            Audience::TopicsAny(ids) => Self::TopicsAny(with_defaults(ids)),
            Audience::TopicsAll(ids) => Self::TopicsAll(with_defaults(ids)),
            Audience::ChildAge { from_months, to_months } => {
                let this_month = month_number(today.year(), today.month());
                Self::Born(this_month - i32::from(*to_months), this_month - i32::from(*from_months))
            }
            Audience::Languages(languages) => Self::Languages(languages),
            Audience::JoinedSince(day) => Self::Since(instant_in_japan(day.to_datetime(Time::midnight()))),
            Audience::NotReceived(broadcast) => Self::NotIn(ids_of(&past.received, broadcast)?),
            Audience::UnclearIn(broadcast) => Self::In(ids_of(&past.unclear, broadcast)?),
            Audience::And(inner) => Self::And(all(inner)?),
            Audience::Or(inner) => Self::Or(all(inner)?),
            Audience::Not(inner) => Self::Not(Box::new(new(inner)?)),
        })
    }

    fn includes(&self, candidate: &Candidate<'_>) -> bool {
        match self {
            Self::All => true,
            Self::Districts(ids) => candidate.district.is_some_and(|district| ids.binary_search(&district).is_ok()),
            Self::TopicsAny(topics) => topics.iter().any(|topic| candidate.hears(*topic)),
            Self::TopicsAll(topics) => topics.iter().all(|topic| candidate.hears(*topic)),
            Self::Born(first, last) => candidate.children.iter().any(|month| {
                let born = month_number(month.year(), month.month());
                *first <= born && born <= *last
            }),
            Self::Languages(languages) => languages.contains(&candidate.language),
            Self::Since(instant) => *instant <= candidate.since,
            Self::NotIn(ids) => ids.binary_search(&candidate.id).is_err(),
            Self::In(ids) => ids.binary_search(&candidate.id).is_ok(),
            Self::And(tests) => tests.iter().all(|test| test.includes(candidate)),
            Self::Or(tests) => tests.iter().any(|test| test.includes(candidate)),
            Self::Not(test) => !test.includes(candidate),
        }
    }
}

impl Candidate<'_> {
    fn hears(&self, (topic, default): (&str, Switch)) -> bool {
        let own = self.topics.iter().find(|(id, _)| *id == topic).map(|(_, switch)| *switch);
        own.unwrap_or(default) == Switch::On
    }
}

fn districts_of<'a>(areas: &BTreeSet<AreaId>, town: &'a Town) -> Vec<&'a str> {
    let inside = town.districts.iter().filter(|district| areas.contains(&district.area));
    let mut ids: Vec<&str> = inside.map(|district| district.id.as_str()).collect();
    ids.sort_unstable();
    ids
}

fn ids_of<'a>(
    lists: &BTreeMap<&'a BroadcastId, &'a [PackedId]>,
    broadcast: &BroadcastId,
) -> Result<&'a [PackedId], PastMissing> {
    lists.get(broadcast).copied().ok_or_else(|| PastMissing(broadcast.clone()))
}

/// Months counted on from the year 0.
fn month_number(year: i16, month: i8) -> i32 {
    i32::from(year) * 12 + i32::from(month)
}
