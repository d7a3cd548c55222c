//! Notices and badges: what happened, marked by a word and a shape, never by color alone.

use maud::{Markup, html};

use crate::words::kit as words;

/// How good or bad the news is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    /// Something was done.
    Success,
    /// Something to know.
    Info,
    /// Something to be careful about.
    Warning,
    /// Something went wrong; the text says what to do.
    Error,
}

impl NoticeKind {
    /// Class, word, role, and the icon's path in a box of 24 by 24.
    const fn parts(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Self::Success => ("notice notice-success", words::SUCCESS, "status", "M6 12.5l4 4 8-9"),
            Self::Info => ("notice notice-info", words::INFO, "status", "M12 6.5v1M12 10.5v7"),
            Self::Warning => ("notice notice-warning", words::WARNING, "status", "M12 6v7.5M12 16.5v1"),
            Self::Error => ("notice notice-error", words::FAILURE, "alert", "M7.5 7.5l9 9M16.5 7.5l-9 9"),
        }
    }
}

/// A box with news: a title, and a body that may be empty.
#[must_use]
pub fn notice(kind: NoticeKind, title: &str, body: &Markup) -> Markup {
    boxed(kind, &html! { p.notice-title { (titled(kind, title)) } }, body)
}

/// The same as the head of a page that is about nothing else: its title is the page's `h1`.
#[must_use]
pub fn headline(kind: NoticeKind, title: &str, body: &Markup) -> Markup {
    boxed(kind, &html! { h1.notice-title { (titled(kind, title)) } }, body)
}

fn boxed(kind: NoticeKind, title: &Markup, body: &Markup) -> Markup {
    let (class, _, role, _) = kind.parts();
    html! {
        div class=(class) role=(role) {
            (title)
            @if !body.0.is_empty() { div.notice-body { (body) } }
        }
    }
}

fn titled(kind: NoticeKind, title: &str) -> Markup {
    let (_, word, _, icon) = kind.parts();
    html! {
        svg.notice-icon viewBox="0 0 24 24" aria-hidden="true" focusable="false" {
            circle cx="12" cy="12" r="11" {} path d=(icon) {}
        }
        span { span.notice-kind { (word) } " " (title) }
    }
}

/// The color of a badge; its word says the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadgeKind {
    /// A plain state.
    Neutral,
    /// Under way.
    Active,
    /// Good.
    Good,
    /// To be looked at.
    Caution,
    /// Bad.
    Bad,
}

/// A short word for a state, in a list or beside a heading.
#[must_use]
pub fn badge(kind: BadgeKind, text: &str) -> Markup {
    let class = match kind {
        BadgeKind::Neutral => "badge",
        BadgeKind::Active => "badge badge-active",
        BadgeKind::Good => "badge badge-good",
        BadgeKind::Caution => "badge badge-caution",
        BadgeKind::Bad => "badge badge-bad",
    };
    html! { span class=(class) { (text) } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::testing::{EVIL, assert_tame};

    #[test]
    fn every_kind_is_said_in_words() {
        for (kind, word, role) in [
            (NoticeKind::Success, "完了", "status"),
            (NoticeKind::Info, "お知らせ", "status"),
            (NoticeKind::Warning, "注意", "status"),
            (NoticeKind::Error, "エラー", "alert"),
        ] {
            let html = notice(kind, "件名", &html! {}).into_string();
            assert!(html.contains(&format!(r#"<span class="notice-kind">{word}</span> 件名</span>"#)), "{html}");
            assert!(html.contains(&format!(r#"role="{role}""#)), "{html}");
            assert!(!html.contains("notice-body"), "{html}");
        }
    }

    #[test]
    fn a_page_that_says_one_thing_is_headed_by_it() {
        let html = headline(NoticeKind::Error, "件名", &html! { p { "本文" } }).into_string();
        assert!(html.contains(r#"role="alert"><h1 class="notice-title">"#), "{html}");
        assert!(html.ends_with(r#"件名</span></h1><div class="notice-body"><p>本文</p></div></div>"#), "{html}");
    }

    #[test]
    fn nothing_breaks_out() {
        assert_tame(&notice(NoticeKind::Info, EVIL, &html! { (EVIL) }));
        assert_tame(&headline(NoticeKind::Info, EVIL, &html! { (EVIL) }));
        assert_tame(&badge(BadgeKind::Bad, EVIL));
    }
}
