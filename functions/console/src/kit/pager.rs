//! Links between the parts of a long list.

use maud::{Markup, html};

use super::buttons::{ButtonKind, submit_named};
use super::form::{Form, turning};
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

/// The same for a list that was asked for by POST: `asked` goes with each button.
#[must_use]
pub fn pager_by_post(form: &Form<'_>, asked: &[(&str, &str)], page: u64, pages: u64) -> Markup {
    let to = |label: &str, page: u64| submit_named(ButtonKind::Secondary, label, "page", &page.to_string());
    html! {
        @if pages > 1 {
            nav aria-label=(words::PAGES) {
                (turning(form, asked, &html! {
                    @if page > 1 { (to(words::PREVIOUS, page - 1)) }
                    span.pager-position { (words::page_of(&count(page), &count(pages))) }
                    @if page < pages { (to(words::NEXT, page + 1)) }
                }))
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
    fn what_was_asked_by_post_is_asked_again_by_buttons() {
        let form = Form::post("/people", "token");
        let html = pager_by_post(&form, &[("q", "<花")], 2, 3).into_string();
        for part in [
            r#"<form class="pager" method="post" action="/people"><input type="hidden" name="csrf" value="token">"#,
            r#"<input type="hidden" name="q" value="&lt;花">"#,
            r#"type="submit" name="page" value="1">前へ</button><span class="pager-position">3ページ中2ページ</span>"#,
            r#"type="submit" name="page" value="3">次へ</button></form></nav>"#,
        ] {
            assert!(html.contains(part), "{part} is not in {html}");
        }
        let ends = [(1, 3, "前へ"), (3, 3, "次へ"), (1, 1, "button")];
        for (page, pages, missing) in ends {
            assert!(!pager_by_post(&form, &[], page, pages).into_string().contains(missing), "{page} of {pages}");
        }
    }

    #[test]
    fn a_cursor_goes_on() {
        let pager = Pager::onward("/audit", &[("who", "a")], Some("x/y"));
        assert_eq!(pager.next.as_deref(), Some("/audit?who=a&from=x%2Fy"));
    }
}
