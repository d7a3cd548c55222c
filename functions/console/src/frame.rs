//! The whole document around a page's content: head, header, navigation, notices, footer.

use maud::{DOCTYPE, Markup, html};

use crate::assets;
use crate::kit::{ButtonKind, Form, NoticeKind, notice, post_button};
use crate::words::kit as words;

/// Where a signed-in person's session ends (POST, with the CSRF token).
pub const SIGN_OUT: &str = "/sign-out";

/// Where a signed-in person sees their sessions.
pub const SESSIONS: &str = "/sessions";

/// Everything around a page's content.
#[derive(Clone)]
pub struct Frame {
    /// The page's own name, first in the window's title. Begin it with 「エラー：」 on a form that came back.
    pub title: String,
    /// The town's name; empty where it could not be read.
    pub town: String,
    /// The main navigation; shown only to a signed-in person.
    pub nav: Vec<NavEntry>,
    /// Who is signed in; without, the page is a narrow one for signing in and for errors.
    pub person: Option<Person>,
    /// The session's CSRF token, for every POST form of the page.
    pub csrf: String,
    /// News above the content.
    pub notices: Vec<Notice>,
}

impl Frame {
    /// A frame for nobody: signing in, and errors outside a session.
    #[must_use]
    pub fn without_person(title: impl Into<String>, town: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            town: town.into(),
            nav: Vec::new(),
            person: None,
            csrf: String::new(),
            notices: Vec::new(),
        }
    }
}

/// Who is signed in.
#[derive(Clone)]
pub struct Person {
    /// As it is shown to this person.
    pub name: String,
}

/// News of one page view, most often of what was just done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// How good or bad.
    pub kind: NoticeKind,
    /// What happened.
    pub title: String,
    /// What to do; may be empty.
    pub text: String,
}

/// One link of a navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavEntry {
    label: String,
    href: String,
    current: Option<&'static str>,
}

impl NavEntry {
    /// A link to `href`, marked as current if the page at `path` is that one or lies below it.
    #[must_use]
    pub fn new(label: impl Into<String>, href: impl Into<String>, path: &str) -> Self {
        let href = href.into();
        let below = path.strip_prefix(href.as_str()).is_some_and(|rest| rest.starts_with('/') && href != "/");
        let current = if path == href { Some("page") } else { below.then_some("true") };
        Self { label: label.into(), href, current }
    }

    /// The link.
    pub(crate) fn link(&self) -> Markup {
        html! { a href=(self.href) aria-current=[self.current] { (self.label) } }
    }
}

/// The whole document.
#[must_use]
pub fn page(frame: &Frame, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="ja" {
            (head(frame))
            body {
                a.skip href="#main" { (words::SKIP) }
                (header(frame))
                div.body.body-alone[frame.person.is_none()] {
                    @if frame.person.is_some() {
                        nav.side aria-label=(words::NAVIGATION) { (links(&frame.nav)) }
                    }
                    main id="main" tabindex="-1" {
                        @for news in &frame.notices { (notice(news.kind, &news.title, &paragraph(&news.text))) }
                        (content)
                    }
                }
                footer.footer { p { (words::FOOTER) } }
            }
        }
    }
}

fn head(frame: &Frame) -> Markup {
    let names = [frame.title.as_str(), words::CONSOLE, frame.town.as_str()];
    let title = names.into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join("｜");
    html! {
        head {
            meta charset="utf-8";
            title { (title) }
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="robots" content="noindex";
            // Numbers in a table are not phone numbers.
            meta name="format-detection" content="telephone=no";
            link rel="icon" type="image/svg+xml" href=(assets::mark());
            link rel="stylesheet" href=(assets::stylesheet());
            script type="module" src=(assets::script()) {}
        }
    }
}

fn header(frame: &Frame) -> Markup {
    html! {
        header.header {
            a.brand href="/" {
                img.mark src=(assets::mark()) alt="" width="32" height="32";
                span {
                    @if !frame.town.is_empty() { span.town { (frame.town) } " " }
                    span.console { (words::CONSOLE) }
                }
            }
            @if let Some(person) = &frame.person {
                div.account { (account(person, &frame.csrf)) }
                // The same once more for narrow screens: of the two only one is ever shown, also to a screen reader.
                details.menu data-menu {
                    summary { (words::MENU) }
                    div.menu-body {
                        nav aria-label=(words::NAVIGATION) { (links(&frame.nav)) }
                        (account(person, &frame.csrf))
                    }
                }
            }
        }
    }
}

fn links(entries: &[NavEntry]) -> Markup {
    html! { ul { @for entry in entries { li { (entry.link()) } } } }
}

fn account(person: &Person, csrf: &str) -> Markup {
    html! {
        p.person { a href=(SESSIONS) { span.unseen { (words::SIGNED_IN) } (person.name) } }
        (post_button(ButtonKind::Plain, words::SIGN_OUT, &Form::post(SIGN_OUT, csrf), &[]))
    }
}

fn paragraph(text: &str) -> Markup {
    html! { @if !text.is_empty() { p { (text) } } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::testing::{EVIL, assert_labelled, assert_tame, tags};

    fn full(text: &str) -> Frame {
        Frame {
            title: text.to_owned(),
            town: text.to_owned(),
            nav: vec![NavEntry::new(text, "/", "/waste/7"), NavEntry::new("品目", "/waste", "/waste/7")],
            person: Some(Person { name: text.to_owned() }),
            csrf: text.to_owned(),
            notices: vec![Notice { kind: NoticeKind::Success, title: text.to_owned(), text: text.to_owned() }],
        }
    }

    #[test]
    fn a_page_has_its_parts() {
        let page = page(&full("回覧市"), &html! { h1 { "本文" } });
        assert_labelled(&page);
        let html = page.into_string();
        assert!(html.starts_with(r#"<!DOCTYPE html><html lang="ja">"#), "{html}");
        assert!(html.contains("<title>回覧市｜回覧 管理画面｜回覧市</title>"), "{html}");
        assert!(html.contains(r##"<a class="skip" href="#main">本文へ移動</a>"##), "{html}");
        assert!(
            html.contains(r#"<main id="main" tabindex="-1"><div class="notice notice-success" role="status">"#),
            "{html}"
        );
        assert!(html.contains(
            r#"<form class="form-inline" method="post" action="/sign-out"><input type="hidden" name="csrf" "#
        ));
        for path in [assets::stylesheet(), assets::script(), assets::mark()] {
            assert!(html.contains(path), "{path}");
        }
    }

    #[test]
    fn the_current_page_is_marked() {
        let current = |href, path| NavEntry::new("x", href, path).current;
        assert_eq!(current("/waste", "/waste"), Some("page"));
        assert_eq!(current("/waste", "/waste/7"), Some("true"));
        assert_eq!(current("/waste", "/waste-items"), None);
        assert_eq!(current("/", "/"), Some("page"));
        assert_eq!(current("/", "/waste"), None);
    }

    #[test]
    fn without_a_person_there_is_nothing_to_go_to() {
        let html = page(&Frame::without_person("ログイン", ""), &html! {}).into_string();
        assert!(!html.contains("<nav") && !html.contains(SIGN_OUT) && !html.contains("<details"), "{html}");
        assert!(html.contains("<title>ログイン｜回覧 管理画面</title>"), "{html}");
    }

    #[test]
    fn nothing_breaks_out() {
        // Links are what a frame is for.
        assert_tame(&maud::PreEscaped(page(&full(EVIL), &html! {}).0.replace("<a ", "<span ")));
    }

    #[test]
    fn the_only_script_is_the_bundle() {
        let page = page(&full("x"), &html! {});
        let scripts: Vec<_> = tags(&page.0).into_iter().filter(|tag| tag.name == "script").collect();
        assert_eq!(scripts.len(), 1);
        assert_eq!((scripts[0].get("src"), scripts[0].get("type")), (Some(assets::script()), Some("module")));
    }
}
