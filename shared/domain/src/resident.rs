//! A resident (住民) and the settings they chose, built so that events may arrive in any order and more than once.
//!
//! Each setting carries the [`Stamp`] of the event that made it; of two values the one with the later stamp holds.
//! So the settings after a set of events are the same whatever order the events came in.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{DistrictId, EventId, ResidentId, TopicId};
use crate::language::Language;
use crate::time::YearMonth;

/// At most this many children are kept for one resident.
pub const CHILDREN_MAX: usize = 10;

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

/// Whether a resident hears a topic, or has a child of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Switch {
    /// Chosen.
    On,
    /// Not chosen, or taken back.
    Off,
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
        self.children.iter().filter(|(_, switch)| switch.value == Switch::On).map(|(month, _)| *month).collect()
    }

    /// Whether all broadcasts are stopped. What the resident asks for is answered all the same.
    #[must_use]
    pub fn muted(&self) -> Switch {
        self.muted.as_ref().map_or(Switch::Off, |muted| muted.value)
    }

    /// Sets or forgets the district.
    pub fn set_district(&mut self, district: Option<DistrictId>, stamp: &Stamp) -> Change {
        let slot = self.district.take();
        let (slot, change) = self.newer(slot, district, stamp);
        self.district = slot;
        change
    }

    /// Sets the language.
    pub fn set_language(&mut self, language: Language, stamp: &Stamp) -> Change {
        let slot = self.language.take();
        let (slot, change) = self.newer(slot, language, stamp);
        self.language = slot;
        change
    }

    /// Switches a topic.
    pub fn set_topic(&mut self, topic: TopicId, switch: Switch, stamp: &Stamp) -> Change {
        let slot = self.topics.remove(&topic);
        let (slot, change) = self.newer(slot, switch, stamp);
        if let Some(slot) = slot {
            self.topics.insert(topic, slot);
        }
        change
    }

    /// Adds or takes away a child's birth month.
    pub fn set_child(&mut self, month: YearMonth, switch: Switch, stamp: &Stamp) -> Change {
        let slot = self.children.remove(&month);
        let (slot, change) = self.newer(slot, switch, stamp);
        if let Some(slot) = slot {
            self.children.insert(month, slot);
        }
        change
    }

    /// Stops all broadcasts, or takes them again.
    pub fn set_muted(&mut self, muted: Switch, stamp: &Stamp) -> Change {
        let slot = self.muted.take();
        let (slot, change) = self.newer(slot, muted, stamp);
        self.muted = slot;
        change
    }

    /// Forgets everything that was set before `stamp`; what was set later stays.
    pub fn clear(&mut self, stamp: &Stamp) -> Change {
        if self.cleared.as_ref().is_some_and(|cleared| stamp < cleared) {
            return Change::Superseded;
        }
        self.district = self.district.take().filter(|slot| *stamp < slot.stamp);
        self.language = self.language.take().filter(|slot| *stamp < slot.stamp);
        self.muted = self.muted.take().filter(|slot| *stamp < slot.stamp);
        self.topics.retain(|_, slot| *stamp < slot.stamp);
        self.children.retain(|_, slot| *stamp < slot.stamp);
        self.cleared = Some(stamp.clone());
        Change::Made
    }

    fn newer<T>(&self, slot: Option<Stamped<T>>, value: T, stamp: &Stamp) -> (Option<Stamped<T>>, Change) {
        let cleared_later = self.cleared.as_ref().is_some_and(|cleared| stamp < cleared);
        if cleared_later || slot.as_ref().is_some_and(|slot| *stamp < slot.stamp) {
            return (slot, Change::Superseded);
        }
        (Some(Stamped { value, stamp: stamp.clone() }), Change::Made)
    }
}
