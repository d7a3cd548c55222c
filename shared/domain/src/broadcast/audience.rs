//! An audience (配信対象): a condition over residents, built without code.
//!
//! [`check`] says what is wrong with one, [`filter`] who is in it.

pub mod check;
pub mod filter;

use std::collections::BTreeSet;

use jiff::SignedDuration;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::garbage::reminder::Slot;
use crate::ids::{AreaId, BroadcastId, CategoryId, DateKindId, DistrictId, TopicId};
use crate::language::Language;
use crate::time::YearMonth;

/// A condition over residents. Whoever is muted or has blocked the account is in none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// Everybody.
    All,
    /// Who lives in one of these districts.
    Districts(BTreeSet<DistrictId>),
    /// Whose garbage is collected with one of these areas.
    Areas(BTreeSet<AreaId>),
    /// Who hears at least one of these topics.
    TopicsAny(BTreeSet<TopicId>),
    /// Who hears all of these topics.
    TopicsAll(BTreeSet<TopicId>),
    /// Who has a child of an age, in months, from the first to the last (both included). Of a child only the month of birth is
    /// known, so it is 0 months old all through that month, and a month older from the first day of the next.
    ChildAge {
        /// The youngest.
        from_months: u16,
        /// The oldest.
        to_months: u16,
    },
    /// Who gave a month of a kind, or has a child born in it.
    DateIn {
        /// The kind of date.
        kind: DateKindId,
        /// The month.
        month: YearMonth,
    },
    /// Who is reminded at this time of something that is collected on this day where they live: each gets the wording that names what
    /// it is. Only a rule writes it, and nothing lies around it.
    GarbageDay {
        /// The day of the collections.
        day: Date,
        /// When they are reminded.
        slot: Slot,
    },
    /// Who is reminded, at whatever time, of one of these categories and lives in one of these areas; none named: whichever there are.
    GarbageReminded {
        /// The collection areas.
        areas: BTreeSet<AreaId>,
        /// The categories.
        categories: BTreeSet<CategoryId>,
    },
    /// Who chose one of these languages; whoever chose none speaks Japanese.
    Languages(BTreeSet<Language>),
    /// Who first followed on this day (in Japan) or later.
    JoinedSince(Date),
    /// To whom this broadcast has certainly not gone, and will not go any more: who had it, who may have had it and who is
    /// still going to have it are not in this.
    NotReceived(BroadcastId),
    /// Of whom nobody knows whether this broadcast reached them.
    UnclearIn(BroadcastId),
    /// Who fulfils all of these.
    And(Vec<Audience>),
    /// Who fulfils at least one of these.
    Or(Vec<Audience>),
    /// Who does not fulfil this.
    Not(Box<Audience>),
}

/// Earlier broadcasts that an audience speaks of: what became of them has to be known to tell who is in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mentions {
    /// In [`Audience::NotReceived`].
    pub received: BTreeSet<BroadcastId>,
    /// In [`Audience::UnclearIn`].
    pub unclear: BTreeSet<BroadcastId>,
}

/// An earlier broadcast of which one condition speaks, as in [`Mentions`].
enum Mention<'a> {
    Received(&'a BroadcastId),
    Unclear(&'a BroadcastId),
}

impl Audience {
    /// The topics under which it goes: everybody in it hears one of them. None, where it goes under no topic.
    #[must_use]
    pub fn topics(&self) -> BTreeSet<&TopicId> {
        match self {
            Self::TopicsAny(topics) | Self::TopicsAll(topics) => topics.iter().collect(),
            // Who is in it for something else does not hear it for a topic.
            Self::Or(conditions) if conditions.iter().any(|condition| condition.topics().is_empty()) => BTreeSet::new(),
            Self::And(conditions) | Self::Or(conditions) => conditions.iter().flat_map(Self::topics).collect(),
            Self::All
            | Self::Districts(_)
            | Self::Areas(_)
            | Self::ChildAge { .. }
            | Self::DateIn { .. }
            | Self::GarbageDay { .. }
            | Self::GarbageReminded { .. }
            | Self::Languages(_)
            | Self::JoinedSince(_)
            | Self::NotReceived(_)
            | Self::UnclearIn(_)
            | Self::Not(_) => BTreeSet::new(),
        }
    }

    /// Whether everybody in it asked to be told at this very hour, so that neither the town's night nor its weekly maximum is heeded.
    #[must_use]
    pub fn is_by_the_hour(&self) -> bool {
        self.told_within().is_some()
    }

    /// So long after the hour at which everybody in it asked to be told, they are; `None` where they did not.
    #[must_use]
    pub fn told_within(&self) -> Option<SignedDuration> {
        if let Self::GarbageDay { slot, .. } = self { Some(slot.told_within()) } else { None }
    }

    /// The earlier broadcasts that it speaks of.
    #[must_use]
    pub fn mentions(&self) -> Mentions {
        let mut mentions = Mentions::default();
        self.visit(&mut |condition| match condition.mention() {
            Some(Mention::Received(broadcast)) => {
                mentions.received.insert(broadcast.clone());
            }
            Some(Mention::Unclear(broadcast)) => {
                mentions.unclear.insert(broadcast.clone());
            }
            None => {}
        });
        mentions
    }

    /// The earlier broadcasts that it makes up for: of nobody in it is it known that they got it.
    #[must_use]
    pub fn makes_up_for(&self) -> BTreeSet<&BroadcastId> {
        if let Self::And(conditions) = self {
            return conditions.iter().flat_map(Self::makes_up_for).collect();
        }
        let mention = self.mention().map(|(Mention::Received(broadcast) | Mention::Unclear(broadcast))| broadcast);
        mention.into_iter().collect()
    }

    /// The earlier broadcast of which this very condition speaks.
    fn mention(&self) -> Option<Mention<'_>> {
        match self {
            Self::NotReceived(broadcast) => Some(Mention::Received(broadcast)),
            Self::UnclearIn(broadcast) => Some(Mention::Unclear(broadcast)),
            Self::All
            | Self::Districts(_)
            | Self::Areas(_)
            | Self::TopicsAny(_)
            | Self::TopicsAll(_)
            | Self::ChildAge { .. }
            | Self::DateIn { .. }
            | Self::GarbageDay { .. }
            | Self::GarbageReminded { .. }
            | Self::Languages(_)
            | Self::JoinedSince(_)
            | Self::And(_)
            | Self::Or(_)
            | Self::Not(_) => None,
        }
    }

    /// Calls `see` with it and everything in it.
    fn visit<'a>(&'a self, see: &mut impl FnMut(&'a Self)) {
        see(self);
        self.inner().iter().for_each(|inner| inner.visit(see));
    }

    /// What it is put together of; nothing for a single condition.
    fn inner(&self) -> &[Self] {
        match self {
            Self::And(inner) | Self::Or(inner) => inner,
            Self::Not(inner) => std::slice::from_ref(inner),
            Self::All
            | Self::Districts(_)
            | Self::Areas(_)
            | Self::TopicsAny(_)
            | Self::TopicsAll(_)
            | Self::ChildAge { .. }
            | Self::DateIn { .. }
            | Self::GarbageDay { .. }
            | Self::GarbageReminded { .. }
            | Self::Languages(_)
            | Self::JoinedSince(_)
            | Self::NotReceived(_)
            | Self::UnclearIn(_) => &[],
        }
    }
}

#[cfg(test)]
mod tests;
