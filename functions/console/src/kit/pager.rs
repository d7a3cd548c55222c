//! Links between the parts of a long list.

use maud::{Markup, html};

use super::values::count;
use crate::words::kit as words;

/// Where one is in a long list, and the ways on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pager {
    /// This page and how many there are, where that is known.
    pub position: Option<(u64, u64)>,
    /// The address of the page before.
    pub previous: Option<String>,
    /// The address of the page after.
    pub next: Option<String>,
}

impl Pager {
    /// Page `page` of `pages` (from 1), addressed as `PATH?QUERY&page=N`; the query keeps all but its own `page`.
    #[must_use]
    pub fn numbered(path: &str, query: &[(&str, &str)], page: u64, pages: u64) -> Self {
        let pages = pages.max(1);
        let page = page.clamp(1, pages);
        let to = |page: u64| address(path, query, "page", &page.to_string());
        Self {
            position: Some((page, pages)),
            previous: (page > 1).then(|| to(page - 1)),
            next: (page < pages).then(|| to(page + 1)),
        }
    }

    /// A list that only knows where it goes on: `PATH?QUERY&from=CURSOR`.
    #[must_use]
    pub fn onward(path: &str, query: &[(&str, &str)], next: Option<&str>) -> Self {
        Self { position: None, previous: None, next: next.map(|cursor| address(path, query, "from", cursor)) }
    }
}

fn address(path: &str, query: &[(&str, &str)], name: &str, value: &str) -> String {
    let kept = query.iter().filter(|(known, _)| *known != name);
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).append_pair(name, value).finish();
    format!("{path}?{query}")
}

/// The links; nothing where there is only one page.
#[must_use]
pub fn pager(pager: &Pager) -> Markup {
    let alone = pager.previous.is_none() && pager.next.is_none();
    html! {
        @if !alone {
            nav.pager aria-label=(words::PAGES) {
                @if let Some(href) = &pager.previous {
                    a.button.button-secondary href=(href) rel="prev" { (words::PREVIOUS) }
                }
                @if let Some((page, pages)) = pager.position {
                    span.pager-position { (words::page_of(&count(page), &count(pages))) }
                }
                @if let Some(href) = &pager.next {
                    a.button.button-secondary href=(href) rel="next" { (words::NEXT) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_is_kept() {
        let pager = Pager::numbered("/waste", &[("q", "a&b 電"), ("page", "9")], 2, 3);
        assert_eq!(pager.previous.as_deref(), Some("/waste?q=a%26b+%E9%9B%BB&page=1"));
        assert_eq!(pager.next.as_deref(), Some("/waste?q=a%26b+%E9%9B%BB&page=3"));
    }

    #[test]
    fn the_ends_lead_nowhere() {
        assert_eq!(Pager::numbered("/", &[], 1, 2).previous, None);
        assert_eq!(Pager::numbered("/", &[], 2, 2).next, None);
        assert_eq!(Pager::numbered("/", &[], 99, 3).position, Some((3, 3)));
        assert_eq!(Pager::numbered("/", &[], 0, 0).position, Some((1, 1)));
    }

    #[test]
    fn one_page_needs_no_links() {
        assert_eq!(pager(&Pager::numbered("/", &[], 1, 1)).into_string(), "");
        assert_eq!(pager(&Pager::onward("/", &[], None)).into_string(), "");
    }

    #[test]
    fn the_links_are_named() {
        let html = pager(&Pager::numbered("/w", &[("q", "<\"x")], 2, 3)).into_string();
        assert_eq!(
            html,
            concat!(
                r#"<nav class="pager" aria-label="ページの移動">"#,
                r#"<a class="button button-secondary" href="/w?q=%3C%22x&amp;page=1" rel="prev">前へ</a>"#,
                r#"<span class="pager-position">3ページ中2ページ</span>"#,
                r#"<a class="button button-secondary" href="/w?q=%3C%22x&amp;page=3" rel="next">次へ</a></nav>"#
            )
        );
    }

    #[test]
    fn a_cursor_goes_on() {
        let pager = Pager::onward("/audit", &[("who", "a")], Some("x/y"));
        assert_eq!(pager.next.as_deref(), Some("/audit?who=a&from=x%2Fy"));
    }
}
