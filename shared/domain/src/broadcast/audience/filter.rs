//! Who is in an audience: the condition, made ready once, then asked about one resident after another.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::{Date, Time};

use super::Audience;
use crate::garbage::reminder::{EVENING_DEFAULT, Side, Slot, default_switch, going_out};
use crate::ids::{AreaId, BroadcastId, CategoryId, DateKindId, DistrictId, TopicId};
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
    /// The months of other kinds that they gave, by the kind's id.
    pub dates: &'a [(&'a str, YearMonth)],
    /// The garbage categories that they switched themselves, by id.
    pub garbage: &'a [(&'a str, Switch)],
    /// When they are reminded in the evening before a collection; `None`: not at all.
    pub evening: Option<Time>,
    /// When they are reminded in the morning of a collection; `None`: not at all.
    pub morning: Option<Time>,
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
    Given(&'a DateKindId, YearMonth),
    GarbageDay(Slot, Garbage<'a>),
    GarbageReminded(Garbage<'a>),
    Languages(&'a BTreeSet<Language>),
    Since(Timestamp),
    NotIn(&'a [PackedId]),
    In(&'a [PackedId]),
    And(Vec<Test<'a>>),
    Or(Vec<Test<'a>>),
    Not(Box<Test<'a>>),
}

/// Categories by district: of which whoever lives there may be reminded.
#[derive(Debug, Clone)]
struct Garbage<'a> {
    /// Districts' ids, ascending, each with the place of its area.
    districts: Vec<(&'a str, usize)>,
    /// By area: the categories, ascending, and whether whoever said nothing is reminded of them.
    areas: Vec<Vec<(&'a CategoryId, Switch)>>,
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

    /// The garbage categories of which a resident is reminded, ascending; none for an audience of another kind.
    pub fn reminded<'b>(&'b self, candidate: &'b Candidate<'_>) -> impl Iterator<Item = &'a CategoryId> + 'b {
        self.garbage().into_iter().flat_map(|garbage| garbage.of(candidate))
    }

    /// The garbage categories of which a resident could be reminded: all that go out where they live; none for an audience of
    /// another kind.
    pub fn going_out<'b>(&'b self, candidate: &'b Candidate<'_>) -> impl Iterator<Item = &'a CategoryId> + 'b {
        let there = self.garbage().and_then(|garbage| garbage.there(candidate));
        there.into_iter().flatten().map(|(category, _)| *category)
    }

    fn garbage(&self) -> Option<&Garbage<'a>> {
        if let Test::GarbageDay(_, garbage) = &self.test { Some(garbage) } else { None }
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
            Audience::DateIn { kind, month } => Self::Given(kind, *month),
            Audience::GarbageDay { day, slot } => {
                Self::GarbageDay(*slot, Garbage::new(town, |area| going_out(town, area, *day, *slot)))
            }
            Audience::GarbageReminded { areas, categories } => {
                let is_meant = |category: &CategoryId| categories.is_empty() || categories.contains(category);
                Self::GarbageReminded(Garbage::new(town, |area| {
                    let mut there = town.calendar.categories(area);
                    there.retain(|category| (areas.is_empty() || areas.contains(area)) && is_meant(category));
                    there
                }))
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
            Self::Given(kind, month) if kind.is_child() => candidate.children.contains(month),
            Self::Given(kind, month) => candidate.dates.contains(&(kind.as_str(), *month)),
            Self::GarbageDay(slot, garbage) => candidate.is_told_at(*slot) && garbage.of(candidate).next().is_some(),
            Self::GarbageReminded(garbage) => {
                let is_told = candidate.evening.is_some() || candidate.morning.is_some();
                is_told && garbage.of(candidate).next().is_some()
            }
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
    /// One who follows and has chosen nothing.
    #[must_use]
    pub fn follower(id: PackedId) -> Self {
        Self {
            id,
            standing: Standing::Following,
            since: Timestamp::UNIX_EPOCH,
            muted: Switch::Off,
            district: None,
            language: Language::Japanese,
            topics: &[],
            children: &[],
            dates: &[],
            garbage: &[],
            evening: Some(EVENING_DEFAULT),
            morning: None,
        }
    }

    fn hears(&self, (topic, default): (&str, Switch)) -> bool {
        is_on(self.topics, topic, default)
    }

    fn is_told_at(&self, slot: Slot) -> bool {
        let chosen = match slot.side {
            Side::Evening => self.evening,
            Side::Morning => self.morning,
        };
        chosen == Some(slot.at)
    }
}

impl<'a> Garbage<'a> {
    /// What `collected` says of each area.
    fn new(town: &'a Town, collected: impl Fn(&'a AreaId) -> Vec<&'a CategoryId>) -> Self {
        let areas: BTreeSet<&AreaId> = town.districts.iter().map(|district| &district.area).collect();
        let place = |area| areas.iter().position(|there| *there == area).unwrap_or_default();
        let mut districts: Vec<_> =
            town.districts.iter().map(|district| (district.id.as_str(), place(&district.area))).collect();
        districts.sort_unstable();
        let with_defaults = |area: &'a AreaId| {
            let mut categories = collected(area);
            categories.sort_unstable();
            let with_default = |category| (category, default_switch(town, area, category));
            categories.into_iter().map(with_default).collect()
        };
        Self { districts, areas: areas.iter().copied().map(with_defaults).collect() }
    }

    /// The categories where a resident lives, ascending.
    fn there(&self, candidate: &Candidate<'_>) -> Option<&Vec<(&'a CategoryId, Switch)>> {
        let id = candidate.district?;
        let place = self.districts.binary_search_by_key(&id, |(district, _)| *district).ok()?;
        self.areas.get(self.districts[place].1)
    }

    /// Of which a resident is reminded, ascending.
    fn of<'b>(&'b self, candidate: &'b Candidate<'_>) -> impl Iterator<Item = &'a CategoryId> + 'b {
        let is_chosen =
            |(category, default): &&(&'a CategoryId, Switch)| is_on(candidate.garbage, category.as_str(), *default);
        self.there(candidate).into_iter().flatten().filter(is_chosen).map(|(category, _)| *category)
    }
}

/// Whether something is switched on, by the resident or else by default.
fn is_on(switched: &[(&str, Switch)], id: &str, default: Switch) -> bool {
    let own = switched.iter().find(|(switched, _)| *switched == id).map(|(_, switch)| *switch);
    own.unwrap_or(default) == Switch::On
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
