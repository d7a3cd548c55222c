//! What stands behind the question mark of an address, read and written.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use domain::language::Language;
use domain::town::Town;
use http::Uri;

/// The name under which a language is asked for.
pub(crate) const LANG: &str = "lang";

/// The names and what they are said to be; of a name that stands there twice the last counts.
pub(crate) struct Query<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Query<'a> {
    /// That of an address.
    pub(crate) fn of(uri: &'a Uri) -> Self {
        Self(form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).collect())
    }

    /// What is said under a name.
    pub(crate) fn said(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(said, _)| said == name).map(|(_, value)| &**value)
    }

    /// A language that the town offers, else Japanese.
    pub(crate) fn language(&self, town: &Town) -> Language {
        let said = self.said(LANG).and_then(|said| said.parse().ok());
        said.filter(|language| town.profile.languages.contains(language)).unwrap_or_default()
    }

    /// The number under a name, `unsaid` where nothing is; `None` if it is none of the range.
    pub(crate) fn number(&self, name: &str, unsaid: usize, range: RangeInclusive<usize>) -> Option<usize> {
        let Some(said) = self.said(name) else { return Some(unsaid) };
        said.parse().ok().filter(|number| range.contains(number))
    }
}

/// The address of a page in a language, with a number under a name; what goes without saying is left out.
pub(crate) fn address(path: &str, language: Language, number: Option<(&str, usize)>) -> String {
    let language = Some(format!("{LANG}={language}")).filter(|_| language != Language::Japanese);
    let number = number.map(|(name, number)| format!("{name}={number}"));
    let query: Vec<String> = language.into_iter().chain(number).collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_only_what_does_not_go_without_saying() {
        for (language, number, expected) in [
            (Language::Japanese, None, "/news"),
            (Language::Japanese, Some(("page", 2)), "/news?page=2"),
            (Language::EasyJapanese, None, "/news?lang=ja-easy"),
            (Language::English, Some(("page", 3)), "/news?lang=en&page=3"),
        ] {
            assert_eq!(address("/news", language, number), expected);
        }
    }

    #[test]
    fn of_two_the_last_counts_and_odd_numbers_are_none() {
        let uri: Uri = "/x?page=1&page=7&part=0&year=x&empty=".parse().unwrap();
        let query = Query::of(&uri);
        let number = |name| query.number(name, 3, 1..=9);
        assert_eq!((number("page"), number("other")), (Some(7), Some(3)));
        assert_eq!((number("part"), number("year"), number("empty")), (None, None, None));
    }
}
