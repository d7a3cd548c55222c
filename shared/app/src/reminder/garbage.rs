//! What is said of the garbage that goes out on a day.

use std::collections::{BTreeMap, BTreeSet};

use domain::broadcast::content::{Content, Message, Wording};
use domain::conversation::garbage_reminder;
use domain::garbage::reminder::{Side, Slot, sets};
use domain::ids::CategoryId;
use domain::language::Language;
use domain::time::time_of_day;
use domain::town::{Category, Town};
use jiff::civil::{Date, Time};

/// What those hear who speak a language and are reminded of exactly these categories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) language: Language,
    pub(super) categories: BTreeSet<CategoryId>,
    pub(super) wording: Wording,
}

impl Said {
    fn new(town: &Town, side: Side, day: Date, language: Language, categories: BTreeSet<CategoryId>) -> Self {
        let mut groups: BTreeMap<Option<Time>, (&str, Vec<&str>)> = BTreeMap::new();
        for Category { id, name, put_out_by, .. } in &town.categories {
            if categories.contains(id) {
                let group = groups.entry(time_of_day(put_out_by)).or_insert((put_out_by, Vec::new()));
                group.1.push(name.in_language(language));
            }
        }
        let groups: Vec<_> = groups.into_values().collect();
        let text = garbage_reminder(language, side, day, &groups);
        Self { language, categories, wording: Wording { messages: vec![Message::Text(text)] } }
    }

    /// As a content of this one wording.
    pub(super) fn content(&self) -> Content {
        Content { wordings: [(self.language, self.wording.clone())].into() }
    }
}

/// All that has to be said of the collections of a day, the Japanese wordings first; nothing where nothing goes out.
pub(super) fn said(town: &Town, slot: Slot, day: Date) -> Vec<Said> {
    let sets = sets(town, day, slot);
    let of = |language| {
        sets.iter().map(move |set: &BTreeSet<CategoryId>| Said::new(town, slot.side, day, language, set.clone()))
    };
    languages(town).into_iter().flat_map(of).collect()
}

/// One wording for each language that names all that goes out anywhere, for the console; nothing where nothing goes out.
pub(super) fn summary(town: &Town, slot: Slot, day: Date) -> Content {
    let all: BTreeSet<CategoryId> = sets(town, day, slot).into_iter().flatten().collect();
    let mut content = Content::default();
    if !all.is_empty() {
        for language in languages(town) {
            content.wordings.insert(language, Said::new(town, slot.side, day, language, all.clone()).wording);
        }
    }
    content
}

/// Those that the town offers. Whoever speaks another one is reminded in Japanese.
fn languages(town: &Town) -> BTreeSet<Language> {
    let mut languages = BTreeSet::from([Language::Japanese]);
    languages.extend(&town.profile.languages);
    languages
}
