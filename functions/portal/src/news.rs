//! `/news`: what was sent to all, the newest first.

use app::broadcast::public::{Found, Published, Rest, Said};
use domain::language::Language;
use domain::time::in_japan;
use domain::town::Town;
use maud::{Markup, html};

use crate::frame::{Feed, Link, document, japanese, lang, languages};
use crate::words::{self, Words, moment, words};
use crate::{calendar, feed, public, query};

/// Where it is.
pub(crate) const PATH: &str = "/news";

/// What a page shows.
pub(crate) struct Shown<'a> {
    pub(crate) town: &'a Town,
    pub(crate) language: Language,
    pub(crate) page: usize,
    pub(crate) pages: usize,
    pub(crate) found: &'a Found,
}

/// The page.
pub(crate) fn news(shown: &Shown<'_>) -> Markup {
    let (language, found) = (shown.language, shown.found);
    let (words, town) = (words(language), shown.town.profile.name.as_str());
    let title = words.title(town);
    let feed = address(feed::PATH, language, 1);
    let content = html! {
        header {
            h1 { (words.news) }
            p.note { (words.lead(town)) }
            (languages(shown.town, language, |language| address(PATH, language, shown.page)))
        }
        main {
            @if found.published.is_empty() { p { (words.none) } }
            @for published in &found.published { (article(published, language)) }
            @if found.rest == Rest::NotShown && shown.page == shown.pages { p.note { (words.rest) } }
            @if 1 < shown.pages { (pages(shown, words)) }
        }
        footer {
            a href=(feed) { (words.feed) }
            @if calendar::is_there(shown.town) { a href=(query::address(calendar::PATH, language, None)) { (words::calendar::words(language).title) } }
            @if public::is_there(shown.town) { a href=(query::address(public::PATH, language, None)) { (words::public::words(language).title) } }
        }
    };
    document(language, &title, &Link::Feed { kind: Feed::Atom, address: feed, title: title.clone() }, &content)
}

fn article(published: &Published, language: Language) -> Markup {
    let local = in_japan(published.began);
    let machine = format!("{}T{:02}:{:02}+09:00", local.date(), local.hour(), local.minute());
    html! {
        article id=(published.id) lang=[lang_of(published, language)] {
            h2 { time datetime=(machine) { (moment(published.began, language)) } }
            @if !published.department.is_empty() { p.department lang=[japanese(language)] { (published.department) } }
            @for said in &published.says { (message(said, published.language)) }
        }
    }
}

/// What a broadcast says is said, where that is not in the language of the page.
fn lang_of(published: &Published, page: Language) -> Option<&'static str> {
    Some(lang(published.language)).filter(|lang_of| *lang_of != lang(page))
}

/// One message, as HTML that needs no style: the feed has it too.
pub(crate) fn message(said: &Said, language: Language) -> Markup {
    html! {
        @match said {
            Said::Text(text) => (lines(text)),
            Said::Picture(urls) => p {
                a href=(urls.original) { img src=(urls.preview) alt=(words(language).picture) loading="lazy"; }
            },
            Said::Buttons { title, text, links } => {
                @if !title.is_empty() { h3 { (title) } }
                (lines(text))
                @if !links.is_empty() {
                    ul { @for link in links { li { a href=(link.address) { (link.label) } } } }
                }
            },
        }
    }
}

fn lines(text: &str) -> Markup {
    html! { p { @for (number, line) in text.lines().enumerate() { @if 0 < number { br; } (line) } } }
}

fn pages(shown: &Shown<'_>, words: &Words) -> Markup {
    let to = |page| address(PATH, shown.language, page);
    html! {
        nav.pages aria-label=(words.pages) {
            @if 1 < shown.page { a href=(to(shown.page - 1)) rel="prev" { (words.newer) } }
            span { (words.page(shown.page, shown.pages)) }
            @if shown.page < shown.pages { a href=(to(shown.page + 1)) rel="next" { (words.older) } }
        }
    }
}

/// The address of `path` in a language; the first page goes without saying.
pub(crate) fn address(path: &str, language: Language, page: usize) -> String {
    query::address(path, language, Some(("page", page)).filter(|_| 1 < page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_line_and_nothing_breaks_out() {
        let said = Said::Text("一\n\n<script>&\"\r\n二".to_owned());
        assert_eq!(message(&said, Language::Japanese).0, "<p>一<br><br>&lt;script&gt;&amp;&quot;<br>二</p>");
    }
}
