//! Links from the chat to the pages on which reports are made and seen.

use crate::ids::ReportId;
use crate::language::Language;
use crate::reply::Action;

/// Links to these pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportLinks(String);

impl ReportLinks {
    /// `address`: the page on which a report is made, without a slash at its end. The others lie below it.
    #[must_use]
    pub fn at(address: String) -> Self {
        Self(address)
    }

    /// Opens the page on which a report is made, in a language.
    pub(super) fn open_new(&self, language: Language) -> Action {
        self.in_language("", language)
    }

    /// Opens the page of a report, for those who hear of it, in a language.
    pub(super) fn open(&self, id: &ReportId, language: Language) -> Action {
        self.in_language(&format!("/mine/{id}"), language)
    }

    fn in_language(&self, path: &str, language: Language) -> Action {
        let address = &self.0;
        Action::Open(match language {
            // It is what the pages are in anyway.
            Language::Japanese => format!("{address}{path}"),
            Language::EasyJapanese | Language::English => format!("{address}{path}?lang={}", language.tag()),
        })
    }
}
