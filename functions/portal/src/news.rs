//! `/news`: what was sent to all, the newest first.

use app::broadcast::public::{Found, Published, Rest, Said};
use domain::language::Language;
use domain::time::in_japan;
use domain::town::Town;
use maud::{Markup, html};

use crate::feed;
use crate::frame::{Link, document, lang};
use crate::words::{Words, moment, words};

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
            (languages(shown, words))
        }
        main {
            @if found.published.is_empty() { p { (words.none) } }
            @for published in &found.published { (article(published, language)) }
            @if found.rest == Rest::NotShown && shown.page == shown.pages { p.note { (words.rest) } }
            @if 1 < shown.pages { (pages(shown, words)) }
        }
        footer { a href=(feed) { (words.feed) } }
    };
    document(language, &title, &Link::Feed { address: feed, title: title.clone() }, &content)
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

fn japanese(page: Language) -> Option<&'static str> {
    Some(lang(Language::Japanese)).filter(|japanese| *japanese != lang(page))
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

/// The same page in the town's other languages, if it offers any.
fn languages(shown: &Shown<'_>, of: &Words) -> Markup {
    let offered: Vec<Language> = Language::ALL
        .into_iter()
        .filter(|language| *language == Language::Japanese || shown.town.profile.languages.contains(language))
        .collect();
    html! {
        @if 1 < offered.len() {
            nav aria-label=(of.languages) {
                ul.languages {
                    @for language in offered {
                        @let current = (language == shown.language).then_some("true");
                        li { a href=(address(PATH, language, shown.page)) lang=(lang(language)) aria-current=[current] { (words(language).name) } }
                    }
                }
            }
        }
    }
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

/// The address of a page in a language; what goes without saying is left out.
pub(crate) fn address(path: &str, language: Language, page: usize) -> String {
    let language = Some(format!("lang={language}")).filter(|_| language != Language::Japanese);
    let page = Some(format!("page={page}")).filter(|_| 1 < page);
    let query: Vec<String> = language.into_iter().chain(page).collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_only_what_does_not_go_without_saying() {
        assert_eq!(address(PATH, Language::Japanese, 1), "/news");
        assert_eq!(address(PATH, Language::Japanese, 2), "/news?page=2");
        assert_eq!(address(PATH, Language::EasyJapanese, 1), "/news?lang=ja-easy");
        assert_eq!(address(PATH, Language::English, 3), "/news?lang=en&page=3");
    }

    #[test]
    fn every_line_is_a_line_and_nothing_breaks_out() {
        let said = Said::Text("一\n\n<script>&\"\r\n二".to_owned());
        assert_eq!(message(&said, Language::Japanese).0, "<p>一<br><br>&lt;script&gt;&amp;&quot;<br>二</p>");
    }
}
