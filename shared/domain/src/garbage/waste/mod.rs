//! Waste items (品目) and how a resident's words find them.
//!
//! Names, readings, aliases and questions are all brought into one spelling (`normal`). A question is tried as it is, then
//! without what asks in it (`tail`), against everything by which the items can be found (`terms`); `search` ranks what answers.

mod normal;
mod search;
mod tail;
mod terms;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::ids::{CategoryId, WasteItemId};
use terms::Terms;

/// A town has at most this many waste items; the largest list known has 3,984.
pub const ITEMS_MAX: usize = 20_000;

/// The spelling in which names, readings, aliases and questions are compared: whoever searches a list by it finds things
/// as a resident's question does.
#[must_use]
pub fn search_key(text: &str) -> String {
    normal::key(text)
}

/// What a question may be about, each in the spelling of [`search_key`]: all of it, or what stands before what asks in it
/// (`…はいつ?`). The longest comes first.
#[must_use]
pub fn readings(question: &str) -> Vec<String> {
    tail::readings(&normal::plain(question)).into_iter().map(normal::fold).collect()
}

/// A thing that residents throw away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WasteItem {
    /// Its id.
    pub id: WasteItemId,
    /// 乾電池
    pub name: String,
    /// かんでんち
    pub reading: String,
    /// Other words for it.
    pub aliases: Vec<String>,
    /// Its garbage category.
    pub category: CategoryId,
    /// How to put it out; empty: as its category says.
    pub how: String,
    /// What else to mind.
    pub note: String,
    /// Its English name; may be empty.
    pub name_en: String,
}

/// The waste items, ready to be searched.
#[derive(Debug, Clone, Default)]
pub struct WasteIndex {
    items: Vec<WasteItem>,
    /// The places of the items, in the order of their ids.
    by_id: Vec<u32>,
    terms: Terms,
}

/// What a question found, best first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup<'a> {
    /// One to ten items answer the question.
    Found(Vec<&'a WasteItem>),
    /// No item answers it, but these one to five are written alike.
    Nearest(Vec<&'a WasteItem>),
    /// Nothing is even near.
    Nothing,
}

impl WasteIndex {
    /// Makes the items searchable; meant for up to [`ITEMS_MAX`].
    #[must_use]
    pub fn new(items: Vec<WasteItem>) -> Self {
        let terms = Terms::new(&items);
        let mut by_id: Vec<u32> = (0_u32..).zip(&items).map(|(place, _)| place).collect();
        by_id.sort_by_key(|place| &items[*place as usize].id);
        Self { items, by_id, terms }
    }

    /// The items, in the order given.
    #[must_use]
    pub fn items(&self) -> &[WasteItem] {
        &self.items
    }

    /// The item of an id.
    #[must_use]
    pub fn item(&self, id: &WasteItemId) -> Option<&WasteItem> {
        let at = self.by_id.binary_search_by_key(&id, |place| &self.items[*place as usize].id).ok()?;
        self.items.get(self.by_id[at] as usize)
    }

    /// Finds what a resident may mean by `question`: a name in any spelling, with slips of the finger, inside a sentence.
    #[must_use]
    pub fn find(&self, question: &str) -> Lookup<'_> {
        search::find(&self.items, &self.terms, question)
    }
}
