//! One change of a collection (収集の変更): a day on which nothing is taken after all, and the day that takes its place.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::{AreaId, CategoryId, ChangeId};

/// The collections of one day that fall out by storm or snow, with a new day or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectionChange {
    /// Its id.
    pub id: ChangeId,
    /// The day on which nothing is collected.
    pub date: Date,
    /// Where; empty: in every area.
    pub areas: BTreeSet<AreaId>,
    /// What; empty: every category.
    pub categories: BTreeSet<CategoryId>,
    /// The day on which it is collected instead, after `date`; `None`: there is none.
    pub moved_to: Option<Date>,
    /// Why, as residents read it (大雪のため); may be empty.
    pub reason: String,
}

impl CollectionChange {
    /// Whether it is about the collections of a category in an area.
    #[must_use]
    pub fn concerns(&self, area: &AreaId, category: &CategoryId) -> bool {
        let of_area = self.areas.is_empty() || self.areas.contains(area);
        of_area && (self.categories.is_empty() || self.categories.contains(category))
    }
}
