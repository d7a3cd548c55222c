//! An audience (配信対象): a condition over residents, built without code.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::{AreaId, BroadcastId, DistrictId, TopicId};
use crate::language::Language;

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
    /// Who has a child of an age, in whole months, from the first to the last (both included).
    ChildAge {
        /// The youngest.
        from_months: u16,
        /// The oldest.
        to_months: u16,
    },
    /// Who chose one of these languages.
    Languages(BTreeSet<Language>),
    /// Who first followed on this day or later.
    JoinedSince(Date),
    /// To whom this broadcast has not gone.
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
