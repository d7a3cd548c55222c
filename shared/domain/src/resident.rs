//! A resident (住民) and the settings they chose, built so that events may arrive in any order and more than once.
//!
//! Each setting carries the [`Stamp`] of the event that made it; of two values the one with the later stamp holds.
//! So the settings after a set of events are the same whatever order the events came in.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};

use crate::garbage::reminder::EVENING_DEFAULT;
use crate::ids::{CategoryId, DateKindId, DistrictId, EventId, ResidentId, TopicId};
use crate::language::Language;
use crate::time::{YearMonth, time_of_day};

/// At most this many months of one kind, such as children's birth months, are kept for one resident.
pub const DATES_MAX: usize = 10;

/// The time of whatever was before we looked: every event is later.
pub const BEFORE_ALL: Timestamp = Timestamp::UNIX_EPOCH;

/// When something was set: the event's time, and its id where two events share the millisecond.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Stamp {
    /// The platform's time of the event.
    pub at: Timestamp,
    /// The event.
    pub event: EventId,
}

/// A value and the stamp of the event that set it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamped<T> {
    /// The value.
    pub value: T,
    /// When it was set.
    pub stamp: Stamp,
}

/// Whether a change took effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The value is now the one asked for.
    Made,
    /// A newer event had already decided otherwise; nothing changed.
    Superseded,
}

/// Whether a resident hears a topic, is reminded of a garbage category, or has a child of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Switch {
    /// Chosen.
    On,
    /// Not chosen, or taken back.
    Off,
}

/// When a resident is reminded of a garbage day, in the evening before it or in its morning.
///
/// As text it is `off`, or the time: `19:00`. It is stored so, and travels so through the phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum RemindAt {
    /// Not at all.
    Never,
    /// At this time.
    At(Time),
}

/// A text that says nothing about when to remind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is `off` or a time of day such as 19:00")]
pub struct InvalidRemindAt;

impl RemindAt {
    const NEVER: &str = "off";

    /// The time, if there is one.
    #[must_use]
    pub fn time(self) -> Option<Time> {
        match self {
            Self::Never => None,
            Self::At(time) => Some(time),
        }
    }
}

impl fmt::Display for RemindAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => f.write_str(Self::NEVER),
            Self::At(time) => write!(f, "{}:{:02}", time.hour(), time.minute()),
        }
    }
}

impl FromStr for RemindAt {
    type Err = InvalidRemindAt;

    fn from_str(text: &str) -> Result<Self, InvalidRemindAt> {
        if text == Self::NEVER {
            return Ok(Self::Never);
        }
        time_of_day(text).map(Self::At).ok_or(InvalidRemindAt)
    }
}

impl TryFrom<String> for RemindAt {
    type Error = InvalidRemindAt;

    fn try_from(text: String) -> Result<Self, InvalidRemindAt> {
        text.parse()
    }
}

impl From<RemindAt> for String {
    fn from(at: RemindAt) -> Self {
        at.to_string()
    }
}

/// Whether the account can reach the resident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// Follows the account.
    Following,
    /// Has blocked or left the account: nothing can be sent, and nothing must be.
    Blocked,
}

/// A resident whom the account knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resident {
    /// Who.
    pub id: ResidentId,
    /// Whether they follow, and since when.
    pub standing: Stamped<Standing>,
    /// When they first followed (or first wrote, if the follow event was lost); [`BEFORE_ALL`] where nobody knows.
    pub since: Timestamp,
    /// What they chose.
    pub settings: Settings,
}

impl Resident {
    /// A resident of whom the first sign is the event of `stamp`.
    #[must_use]
    pub fn new(id: ResidentId, stamp: Stamp) -> Self {
        let since = stamp.at;
        Self { id, standing: Stamped { value: Standing::Following, stamp }, since, settings: Settings::default() }
    }

    /// A resident whom only the platform's list of followers names; `event` stands for the reading of that list.
    ///
    /// They follow, and since when nobody knows. So they count as having followed [`BEFORE_ALL`]: the time of the reading would
    /// make old friends new ones, and would outweigh what they did between the reading and its storing.
    #[must_use]
    pub fn listed(id: ResidentId, event: EventId) -> Self {
        Self::new(id, Stamp { at: BEFORE_ALL, event })
    }

    /// Records that the resident followed or blocked the account.
    ///
    /// Whom until then only the list named is new after all, if the first that we hear of them is that they follow: the list
    /// was faster than the event.
    pub fn stand(&mut self, standing: Standing, stamp: &Stamp) -> Change {
        let only_listed = self.standing.stamp.at == BEFORE_ALL;
        self.since = match standing {
            Standing::Following if only_listed => stamp.at,
            Standing::Following | Standing::Blocked => self.since.min(stamp.at),
        };
        if *stamp < self.standing.stamp {
            return Change::Superseded;
        }
        self.standing = Stamped { value: standing, stamp: stamp.clone() };
        Change::Made
    }

    /// Takes over what another record of the same resident knows from later events. Of two records that each saw some of the
    /// events, both orders come to what all of the events together come to.
    pub fn merge(&mut self, other: Self) {
        let Self { id: _, standing, since, settings } = other;
        self.since = match (self.standing.stamp.at == BEFORE_ALL, standing.stamp.at == BEFORE_ALL) {
            // Whom only the list named is as old as the first event says.
            (true, false) => since,
            (false, true) => self.since,
            (true, true) | (false, false) => self.since.min(since),
        };
        if self.standing.stamp < standing.stamp {
            self.standing = standing;
        }
        self.settings.merge(settings);
    }
}

/// What a resident chose.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Settings {
    district: Option<Stamped<Option<DistrictId>>>,
    language: Option<Stamped<Language>>,
    topics: BTreeMap<TopicId, Stamped<Switch>>,
    children: BTreeMap<YearMonth, Stamped<Switch>>,
    #[serde(default)]
    muted: Option<Stamped<Switch>>,
    #[serde(default)]
    garbage: BTreeMap<CategoryId, Stamped<Switch>>,
    #[serde(default)]
    evening: Option<Stamped<RemindAt>>,
    #[serde(default)]
    morning: Option<Stamped<RemindAt>>,
    /// By kind, without the children.
    #[serde(default)]
    dates: BTreeMap<DateKindId, BTreeMap<YearMonth, Stamped<Switch>>>,
    /// Everything set before this was cleared.
    cleared: Option<Stamp>,
}

impl Settings {
    /// Where the resident lives, if they said so.
    #[must_use]
    pub fn district(&self) -> Option<&DistrictId> {
        self.district.as_ref().and_then(|district| district.value.as_ref())
    }

    /// The language, Japanese unless another was chosen.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language.as_ref().map_or(Language::default(), |language| language.value)
    }

    /// Whether a topic was switched on or off; `None` where the resident said nothing.
    #[must_use]
    pub fn topic(&self, topic: &TopicId) -> Option<Switch> {
        self.topics.get(topic).map(|switch| switch.value)
    }

    /// The topics that the resident switched themselves.
    pub fn topics(&self) -> impl Iterator<Item = (&TopicId, Switch)> {
        self.topics.iter().map(|(topic, switch)| (topic, switch.value))
    }

    /// The children's birth months, oldest first.
    #[must_use]
    pub fn children(&self) -> BTreeSet<YearMonth> {
        switched_on(&self.children)
    }

    /// The months of a kind that the resident gave, earliest first. Those of the kind `child` are the children's birth months.
    #[must_use]
    pub fn dates(&self, kind: &DateKindId) -> BTreeSet<YearMonth> {
        if kind.is_child() {
            return self.children();
        }
        self.dates.get(kind).map(switched_on).unwrap_or_default()
    }

    /// Whether reminding of a garbage category was switched on or off; `None` where the resident said nothing.
    #[must_use]
    pub fn garbage(&self, category: &CategoryId) -> Option<Switch> {
        self.garbage.get(category).map(|switch| switch.value)
    }

    /// The garbage categories that the resident switched themselves.
    pub fn garbage_switches(&self) -> impl Iterator<Item = (&CategoryId, Switch)> {
        self.garbage.iter().map(|(category, switch)| (category, switch.value))
    }

    /// When they are reminded in the evening before a garbage day, if at all; whoever said nothing at [`EVENING_DEFAULT`].
    #[must_use]
    pub fn evening(&self) -> Option<Time> {
        self.evening.as_ref().map_or(Some(EVENING_DEFAULT), |evening| evening.value.time())
    }

    /// When they are reminded in the morning of a garbage day, if at all; whoever said nothing is not.
    #[must_use]
    pub fn morning(&self) -> Option<Time> {
        self.morning.as_ref().and_then(|morning| morning.value.time())
    }

    /// Whether all broadcasts are stopped. What the resident asks for is answered all the same.
    #[must_use]
    pub fn muted(&self) -> Switch {
        self.muted.as_ref().map_or(Switch::Off, |muted| muted.value)
    }

    /// Sets or forgets the district.
    pub fn set_district(&mut self, district: Option<DistrictId>, stamp: &Stamp) -> Change {
        set(self.cleared.as_ref(), &mut self.district, district, stamp)
    }

    /// Sets the language.
    pub fn set_language(&mut self, language: Language, stamp: &Stamp) -> Change {
        set(self.cleared.as_ref(), &mut self.language, language, stamp)
    }

    /// Switches a topic.
    pub fn set_topic(&mut self, topic: TopicId, switch: Switch, stamp: &Stamp) -> Change {
        set_in(self.cleared.as_ref(), &mut self.topics, topic, switch, stamp)
    }

    /// Adds or takes away a child's birth month.
    pub fn set_child(&mut self, month: YearMonth, switch: Switch, stamp: &Stamp) -> Change {
        set_in(self.cleared.as_ref(), &mut self.children, month, switch, stamp)
    }

    /// Adds or takes away a month of a kind; of the kind `child`, a child's birth month.
    pub fn set_date(&mut self, kind: DateKindId, month: YearMonth, switch: Switch, stamp: &Stamp) -> Change {
        if kind.is_child() {
            return self.set_child(month, switch, stamp);
        }
        let mut months = self.dates.remove(&kind).unwrap_or_default();
        let change = set_in(self.cleared.as_ref(), &mut months, month, switch, stamp);
        if !months.is_empty() {
            self.dates.insert(kind, months);
        }
        change
    }

    /// Switches reminding of a garbage category.
    pub fn set_garbage(&mut self, category: CategoryId, switch: Switch, stamp: &Stamp) -> Change {
        set_in(self.cleared.as_ref(), &mut self.garbage, category, switch, stamp)
    }

    /// Sets when to remind in the evening before a garbage day.
    pub fn set_evening(&mut self, at: RemindAt, stamp: &Stamp) -> Change {
        set(self.cleared.as_ref(), &mut self.evening, at, stamp)
    }

    /// Sets when to remind in the morning of a garbage day.
    pub fn set_morning(&mut self, at: RemindAt, stamp: &Stamp) -> Change {
        set(self.cleared.as_ref(), &mut self.morning, at, stamp)
    }

    /// Stops all broadcasts, or takes them again.
    pub fn set_muted(&mut self, muted: Switch, stamp: &Stamp) -> Change {
        set(self.cleared.as_ref(), &mut self.muted, muted, stamp)
    }

    /// Forgets everything that was set before `stamp`; what was set later stays.
    pub fn clear(&mut self, stamp: &Stamp) -> Change {
        if self.cleared.as_ref().is_some_and(|cleared| stamp < cleared) {
            return Change::Superseded;
        }
        self.district.take_if(|slot| slot.stamp <= *stamp);
        self.language.take_if(|slot| slot.stamp <= *stamp);
        self.muted.take_if(|slot| slot.stamp <= *stamp);
        self.evening.take_if(|slot| slot.stamp <= *stamp);
        self.morning.take_if(|slot| slot.stamp <= *stamp);
        self.topics.retain(|_, slot| *stamp < slot.stamp);
        self.children.retain(|_, slot| *stamp < slot.stamp);
        self.garbage.retain(|_, slot| *stamp < slot.stamp);
        self.dates.retain(|_, months| {
            months.retain(|_, slot| *stamp < slot.stamp);
            !months.is_empty()
        });
        self.cleared = Some(stamp.clone());
        Change::Made
    }

    /// Sets whatever another record of the same resident's settings has from later events.
    pub fn merge(&mut self, other: Self) {
        let Self { district, language, topics, children, muted, garbage, evening, morning, dates, cleared } = other;
        if let Some(cleared) = cleared {
            self.clear(&cleared);
        }
        let cleared = self.cleared.as_ref();
        take_over(cleared, &mut self.district, district);
        take_over(cleared, &mut self.language, language);
        take_over(cleared, &mut self.muted, muted);
        take_over(cleared, &mut self.evening, evening);
        take_over(cleared, &mut self.morning, morning);
        take_over_all(cleared, &mut self.topics, topics);
        take_over_all(cleared, &mut self.children, children);
        take_over_all(cleared, &mut self.garbage, garbage);
        for (kind, theirs) in dates {
            let mut months = self.dates.remove(&kind).unwrap_or_default();
            take_over_all(cleared, &mut months, theirs);
            if !months.is_empty() {
                self.dates.insert(kind, months);
            }
        }
    }
}

/// Sets a value of another record, unless it was set or cleared later.
fn take_over<T>(cleared: Option<&Stamp>, slot: &mut Option<Stamped<T>>, theirs: Option<Stamped<T>>) {
    if let Some(Stamped { value, stamp }) = theirs {
        set(cleared, slot, value, &stamp);
    }
}

/// The same for each value of a map.
fn take_over_all<K: Ord, T>(
    cleared: Option<&Stamp>,
    map: &mut BTreeMap<K, Stamped<T>>,
    theirs: BTreeMap<K, Stamped<T>>,
) {
    for (key, Stamped { value, stamp }) in theirs {
        set_in(cleared, map, key, value, &stamp);
    }
}

/// The months that are switched on, earliest first.
fn switched_on(months: &BTreeMap<YearMonth, Stamped<Switch>>) -> BTreeSet<YearMonth> {
    months.iter().filter(|(_, switch)| switch.value == Switch::On).map(|(month, _)| *month).collect()
}

/// Sets a value, unless it was set or cleared later.
fn set<T>(cleared: Option<&Stamp>, slot: &mut Option<Stamped<T>>, value: T, stamp: &Stamp) -> Change {
    let cleared_later = cleared.is_some_and(|cleared| stamp < cleared);
    if cleared_later || slot.as_ref().is_some_and(|slot| *stamp < slot.stamp) {
        return Change::Superseded;
    }
    *slot = Some(Stamped { value, stamp: stamp.clone() });
    Change::Made
}

/// Sets a value of a map, unless it was set or cleared later.
fn set_in<K: Ord, T>(
    cleared: Option<&Stamp>,
    map: &mut BTreeMap<K, Stamped<T>>,
    key: K,
    value: T,
    stamp: &Stamp,
) -> Change {
    let mut slot = map.remove(&key);
    let change = set(cleared, &mut slot, value, stamp);
    if let Some(slot) = slot {
        map.insert(key, slot);
    }
    change
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;

    use super::*;

    #[test]
    fn when_to_remind_goes_through_text_unchanged_and_odd_texts_are_refused() {
        for at in [RemindAt::Never, RemindAt::At(time(19, 0, 0, 0)), RemindAt::At(time(5, 30, 0, 0))] {
            assert_eq!(at.to_string().parse(), Ok(at));
        }
        assert_eq!(RemindAt::At(time(5, 30, 0, 0)).to_string(), "5:30");
        for odd in ["", "never", "25:00", "19", "Off"] {
            assert_eq!(odd.parse::<RemindAt>(), Err(InvalidRemindAt), "{odd}");
        }
    }

    #[test]
    fn whoever_said_nothing_is_reminded_in_the_evening_only() {
        let mut settings = Settings::default();
        assert_eq!((settings.evening(), settings.morning()), (Some(EVENING_DEFAULT), None));
        let stamp = Stamp { at: Timestamp::UNIX_EPOCH, event: "e".parse().unwrap() };
        settings.set_evening(RemindAt::Never, &stamp);
        assert_eq!(settings.evening(), None, "said to be never, which is more than nothing said");
    }

    #[test]
    fn a_month_of_the_kind_child_is_a_childs_birth_month() {
        let stamp = Stamp { at: Timestamp::UNIX_EPOCH, event: "e".parse().unwrap() };
        let (child, dog): (DateKindId, DateKindId) = ("child".parse().unwrap(), "dog".parse().unwrap());
        let month = YearMonth::new(2024, 5).unwrap();
        let mut settings = Settings::default();
        settings.set_date(child.clone(), month, Switch::On, &stamp);
        assert_eq!((settings.children(), settings.dates(&child)), (BTreeSet::from([month]), BTreeSet::from([month])));
        assert!(settings.dates(&dog).is_empty());
        settings.set_date(dog.clone(), month, Switch::On, &stamp);
        assert_eq!(settings.dates(&dog), BTreeSet::from([month]));
    }

    #[test]
    fn two_records_that_each_saw_some_events_come_to_what_all_events_come_to() {
        let stamp = |second| Stamp { at: Timestamp::from_second(second).unwrap(), event: "e".parse().unwrap() };
        let month = YearMonth::new(2024, 5).unwrap();
        let apply = |resident: &mut Resident, event: i64| {
            let (at, settings) = (stamp(event), &mut resident.settings);
            match event {
                10 => settings.set_district(Some("honcho".parse().unwrap()), &at),
                20 => settings.set_topic("crime".parse().unwrap(), Switch::On, &at),
                30 => settings.clear(&at),
                40 => settings.set_date("dog".parse().unwrap(), month, Switch::On, &at),
                50 => settings.set_language(Language::English, &at),
                60 => settings.set_district(None, &at),
                _ => resident.stand(Standing::Blocked, &at),
            }
        };
        let events = [10, 20, 30, 40, 50, 60, 70];
        let seen = |which: u32| {
            let mut resident = Resident::new("U0123456789abcdef0123456789abcdef".parse().unwrap(), stamp(1));
            let some = events.iter().enumerate().filter(|(index, _)| which & (1 << index) != 0);
            for (_, event) in some {
                apply(&mut resident, *event);
            }
            resident
        };
        let all = seen(0b111_1111);
        for which in 0..0b1000_0000 {
            let (mut one, mut other) = (seen(which), seen(!which));
            let (as_one, as_other) = (one.clone(), other.clone());
            one.merge(as_other);
            other.merge(as_one);
            assert_eq!((&one, &other), (&all, &all), "{which:b}");
        }
    }

    #[test]
    fn who_was_only_listed_is_as_old_as_their_first_event() {
        let id: ResidentId = "U0123456789abcdef0123456789abcdef".parse().unwrap();
        let stamp = Stamp { at: Timestamp::from_second(7).unwrap(), event: "e".parse().unwrap() };
        let listed = Resident::listed(id.clone(), "list".parse().unwrap());
        let followed = Resident::new(id, stamp);
        for (mut one, other) in [(listed.clone(), followed.clone()), (followed.clone(), listed)] {
            one.merge(other);
            assert_eq!(one, followed);
        }
    }

    #[test]
    fn clearing_leaves_no_trace_of_what_was_before_and_all_of_what_came_later() {
        let stamp = |second| Stamp { at: Timestamp::from_second(second).unwrap(), event: "e".parse().unwrap() };
        let set_all = |settings: &mut Settings, stamp: &Stamp| {
            let month = YearMonth::new(2024, 5).unwrap();
            settings.set_district(Some("honcho".parse().unwrap()), stamp);
            settings.set_language(Language::English, stamp);
            settings.set_topic("crime".parse().unwrap(), Switch::On, stamp);
            settings.set_child(month, Switch::On, stamp);
            settings.set_date("dog".parse().unwrap(), month, Switch::On, stamp);
            settings.set_garbage("burnable".parse().unwrap(), Switch::On, stamp);
            settings.set_evening(RemindAt::Never, stamp);
            settings.set_morning(RemindAt::At(time(6, 30, 0, 0)), stamp);
            settings.set_muted(Switch::On, stamp);
        };
        let mut settings = Settings::default();
        set_all(&mut settings, &stamp(1));
        settings.clear(&stamp(2));
        let cleared = Settings { cleared: Some(stamp(2)), ..Settings::default() };
        assert_eq!(settings, cleared);
        set_all(&mut settings, &stamp(1));
        assert_eq!(settings, cleared, "what comes late was cleared all the same");
        set_all(&mut settings, &stamp(3));
        let set = settings.clone();
        settings.clear(&stamp(2));
        assert_eq!(settings, set);
    }
}
