//! The document around every page.

use domain::language::Language;
use maud::{DOCTYPE, Markup, html};

use crate::style;

/// What browsers and feed readers are told of a page's feed.
pub(crate) enum Link {
    /// There is none.
    None,
    /// It is here.
    Feed {
        /// Its address.
        address: String,
        /// Its name.
        title: String,
    },
}

/// The language of a text as HTML and XML have it. Easy Japanese is Japanese to whoever reads it aloud.
pub(crate) fn lang(language: Language) -> &'static str {
    match language {
        Language::Japanese | Language::EasyJapanese => "ja",
        Language::English => "en",
    }
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
                @if let Link::Feed { address, title } = feed {
                    link rel="alternate" type="application/atom+xml" title=(title) href=(address);
                }
            }
            body { (content) }
        }
    }
}
