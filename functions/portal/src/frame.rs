//! The document around every page.

use domain::language::Language;
use domain::town::Town;
use maud::{DOCTYPE, Markup, html};

use crate::style;
use crate::words::words;

/// What browsers, feed readers and calendar programs are told of a page's feed.
pub(crate) enum Link {
    /// There is none.
    None,
    /// It is here.
    Feed {
        /// What it is.
        kind: Feed,
        /// Its address.
        address: String,
        /// Its name.
        title: String,
    },
}

/// Kinds of feeds.
#[derive(Clone, Copy)]
pub(crate) enum Feed {
    /// News (RFC 4287).
    Atom,
    /// Days (RFC 5545).
    Calendar,
}

impl Feed {
    fn content_type(self) -> &'static str {
        match self {
            Self::Atom => "application/atom+xml",
            Self::Calendar => "text/calendar",
        }
    }
}

/// The language of a text as HTML and XML have it. Easy Japanese is Japanese to whoever reads it aloud.
pub(crate) fn lang(language: Language) -> &'static str {
    match language {
        Language::Japanese | Language::EasyJapanese => "ja",
        Language::English => "en",
    }
}

/// What names of places and texts of the town are marked as, where the page is in another language than they are.
pub(crate) fn japanese(page: Language) -> Option<&'static str> {
    Some(lang(Language::Japanese)).filter(|japanese| *japanese != lang(page))
}

/// A whole document.
pub(crate) fn document(language: Language, title: &str, feed: &Link, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(lang(language)) {
            head {
                meta charset="utf-8";
                title { (title) }
                meta name="viewport" content="width=device-width, initial-scale=1";
                link rel="stylesheet" href=(style::path());
                @if let Link::Feed { kind, address, title } = feed {
                    link rel="alternate" type=(kind.content_type()) title=(title) href=(address);
                }
            }
            body { (content) }
        }
    }
}

/// The same page in the town's other languages, each at its address, if the town offers any.
pub(crate) fn languages(town: &Town, current: Language, address: impl Fn(Language) -> String) -> Markup {
    let is_offered = |language: &Language| *language == Language::Japanese || town.profile.languages.contains(language);
    let offered: Vec<Language> = Language::ALL.into_iter().filter(is_offered).collect();
    html! {
        @if 1 < offered.len() {
            nav aria-label=(words(current).languages) {
                ul.languages {
                    @for language in offered {
                        @let is_current = (language == current).then_some("true");
                        li { a href=(address(language)) lang=(lang(language)) aria-current=[is_current] { (words(language).name) } }
                    }
                }
            }
        }
    }
}
