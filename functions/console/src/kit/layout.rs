//! The skeleton of a page: headings, sections, cards, lists of facts, ways around.

use maud::{Markup, html};

use crate::frame::NavEntry;
use crate::words::kit as words;

/// The one `h1` of a page, with a sentence on what the page is for.
#[must_use]
pub fn heading(title: &str, lead: Option<&str>) -> Markup {
    html! {
        div.heading {
            h1 { (title) }
            @if let Some(lead) = lead { p.lead { (lead) } }
        }
    }
}

/// A part of a page under its own `h2`.
#[must_use]
pub fn section(title: &str, content: &Markup) -> Markup {
    html! { section.section { h2 { (title) } (content) } }
}

/// A part of a page in a box, under its own `h2`.
#[must_use]
pub fn card(title: &str, content: &Markup) -> Markup {
    html! { section.card { h2.card-title { (title) } (content) } }
}

/// A number to see at a glance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile<'a> {
    /// What is counted.
    pub label: &'a str,
    /// How many, written out ([`super::count`]).
    pub value: String,
    /// Of what: 「人」, 「件」.
    pub unit: &'a str,
    /// Where to see more.
    pub href: Option<&'a str>,
}

/// Several numbers side by side.
#[must_use]
pub fn tiles(tiles: &[Tile<'_>]) -> Markup {
    html! {
        ul.tiles {
            @for tile in tiles {
                li.tile {
                    @if let Some(href) = tile.href { a.tile-label href=(href) { (tile.label) } }
                    @else { span.tile-label { (tile.label) } }
                    " " span.tile-value { (tile.value) span.tile-unit { (tile.unit) } }
                }
            }
        }
    }
}

/// Facts: names with their values.
#[must_use]
pub fn definitions(facts: &[(&str, Markup)]) -> Markup {
    html! {
        dl.definitions {
            @for (name, value) in facts { div.definition { dt { (name) } dd { (value) } } }
        }
    }
}

/// The way from the home page to this one: links, then where one is.
#[must_use]
pub fn breadcrumbs(above: &[(&str, &str)], here: &str) -> Markup {
    html! {
        nav.breadcrumbs aria-label=(words::BREADCRUMBS) {
            ol {
                @for (label, href) in above { li { a href=(href) { (label) } } }
                li { span aria-current="page" { (here) } }
            }
        }
    }
}

/// Links between the pages of one part of the console; `name` says of which.
#[must_use]
pub fn tabs(name: &str, entries: &[NavEntry]) -> Markup {
    html! {
        nav.tabs aria-label=(name) {
            ul { @for entry in entries { li { (entry.link()) } } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::testing::{EVIL, assert_tame};

    #[test]
    fn facts_are_pairs() {
        assert_eq!(
            definitions(&[("氏名", html! { "山田" })]).into_string(),
            r#"<dl class="definitions"><div class="definition"><dt>氏名</dt><dd>山田</dd></div></dl>"#
        );
    }

    #[test]
    fn the_way_ends_here() {
        let html = breadcrumbs(&[("ホーム", "/")], "品目").into_string();
        assert!(html.contains(r#"<nav class="breadcrumbs" aria-label="現在位置">"#), "{html}");
        assert!(html.ends_with(r#"<li><span aria-current="page">品目</span></li></ol></nav>"#), "{html}");
    }

    #[test]
    fn of_tabs_one_is_current() {
        let html =
            tabs("町のデータ", &[NavEntry::new("品目", "/waste", "/waste"), NavEntry::new("地区", "/d", "/waste")]);
        assert_eq!(html.0.matches("aria-current").count(), 1);
        assert!(html.0.contains(r#"<a href="/waste" aria-current="page">品目</a>"#));
    }

    #[test]
    fn nothing_breaks_out() {
        let tile = Tile { label: EVIL, value: EVIL.to_owned(), unit: EVIL, href: Some(EVIL) };
        for part in [
            heading(EVIL, Some(EVIL)),
            section(EVIL, &html! {}),
            card(EVIL, &html! {}),
            tiles(&[tile]),
            definitions(&[(EVIL, html! {})]),
            breadcrumbs(&[(EVIL, EVIL)], EVIL),
            tabs(EVIL, &[NavEntry::new(EVIL, EVIL, EVIL)]),
        ] {
            // Links are what these parts are for.
            assert_tame(&maud::PreEscaped(part.0.replace("<a ", "<span ")));
        }
    }
}
