//! `town.yaml` and `texts.yaml`: the town itself, and its own texts.

use domain::ids::TopicId;
use domain::language::Language;
use domain::town::{Profile, Texts};

use super::{LANGUAGES, NAME_CHARS_MAX, TEXT_CHARS_MAX, TEXTS, TOWN, language};
use crate::town::data::TownProfile;
use crate::town::files::{Files, Need};
use crate::town::phone;
use crate::town::problem::{Report, Trouble};
use crate::town::sheet::{excerpt, time};
use crate::town::yaml::{self, Map, Node, Value};

/// The first words to a new friend have at most this many characters: more is not read.
const WELCOME_CHARS_MAX: usize = 300;
/// A resident who left is kept for at most this many days.
const RETENTION_DAYS_MAX: u16 = 3_650;
/// A web address has at most this many characters.
const ADDRESS_CHARS_MAX: usize = 1_000;

/// What the two files say.
pub(super) struct Settings {
    /// The town; `None` if `town.yaml` could not be read at all.
    pub(super) profile: Option<TownProfile>,
    /// The time by which categories that name none are put out.
    pub(super) put_out_by: String,
}

pub(super) fn read(files: &Files, report: &mut Report) -> Settings {
    let mut by_language = texts(files, report);
    let nothing = Settings { profile: None, put_out_by: String::new() };
    let Some(node) = yaml::read(files, TOWN, Need::Required, report) else { return nothing };
    let Some(mut map) = Map::new(TOWN, None, &node, report) else { return nothing };

    let id = map.text("id", NAME_CHARS_MAX, report).unwrap_or_default();
    // Any of the ids would do to check the shape: all are slugs.
    if !id.is_empty() && id.parse::<TopicId>().is_err() {
        report.add(TOWN, map.line(), Some("id"), Trouble::InvalidId { found: excerpt(&id) });
    }
    let name = map.text("name", NAME_CHARS_MAX, report).unwrap_or_default();
    let reading = map.optional("reading", NAME_CHARS_MAX, report).unwrap_or_default();
    let phone = phone(&mut map, report);
    let website = address(&mut map, report);
    let languages = languages(&mut map, report);
    let blocked_resident_retention_days = retention(&mut map, report);
    let short = short_texts(&mut map, report);
    map.finish(report);

    let japanese = by_language.get_or_insert_with(Language::Japanese);
    if japanese.welcome.is_empty() {
        japanese.welcome = short.welcome;
    }
    if japanese.garbage_not_found_contact.is_empty() {
        japanese.garbage_not_found_contact = short.contact;
    }
    let texts = by_language.0.into_iter().collect();
    let profile = Profile { name, phone, website, languages, blocked_resident_retention_days, texts };
    Settings { profile: Some(TownProfile { id, reading, profile }), put_out_by: short.put_out_by }
}

/// A web address that a phone can open.
pub(super) fn is_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        rest.starts_with(|first: char| first.is_ascii_alphanumeric()) && !rest.contains(char::is_whitespace)
    })
}

fn address(map: &mut Map<'_>, report: &mut Report) -> String {
    let Some(node) = map.require("website", report) else { return String::new() };
    let text = yaml::text(TOWN, "website", node, ADDRESS_CHARS_MAX, report).unwrap_or_default();
    if !text.is_empty() && !is_address(&text) {
        report.add(TOWN, node.line, Some("website"), Trouble::InvalidAddress { found: excerpt(&text) });
        return String::new();
    }
    text
}

fn phone(map: &mut Map<'_>, report: &mut Report) -> String {
    let line = map.line_of("phone");
    let Some(text) = map.text("phone", NAME_CHARS_MAX, report) else { return String::new() };
    let phone = phone::parse(&text);
    if phone.is_none() {
        report.add(TOWN, line, Some("phone"), Trouble::InvalidPhone { found: excerpt(&text) });
    }
    phone.unwrap_or_default()
}

fn languages(map: &mut Map<'_>, report: &mut Report) -> Vec<Language> {
    let mut languages = Vec::new();
    for node in map.list("languages", report) {
        let Some(text) = yaml::text(TOWN, "languages", node, NAME_CHARS_MAX, report) else { continue };
        match language(&text) {
            Some(language) if languages.contains(&language) => {
                let trouble = Trouble::Duplicate { value: text, first_line: node.line };
                report.add(TOWN, node.line, Some("languages"), trouble);
            }
            Some(language) => languages.push(language),
            None => {
                let trouble = Trouble::NotOneOf { found: excerpt(&text), allowed: LANGUAGES };
                report.add(TOWN, node.line, Some("languages"), trouble);
            }
        }
    }
    if languages.is_empty() {
        languages.push(Language::Japanese);
    }
    languages
}

fn retention(map: &mut Map<'_>, report: &mut Report) -> Option<u16> {
    const KEY: &str = "blocked_resident_retention_days";
    // To say nothing is no answer here: it decides what is kept of people.
    let node = map.require(KEY, report)?;
    match node.value {
        Value::Null => None,
        _ => yaml::number(TOWN, KEY, node, RETENTION_DAYS_MAX, report),
    }
}

/// The short texts of `town.yaml`.
#[derive(Default)]
struct ShortTexts {
    welcome: String,
    put_out_by: String,
    contact: String,
}

fn short_texts(map: &mut Map<'_>, report: &mut Report) -> ShortTexts {
    let Some(node) = map.take("texts") else { return ShortTexts::default() };
    let Some(mut map) = Map::new(TOWN, Some("texts"), node, report) else { return ShortTexts::default() };
    let line = map.line_of("garbage_put_out_by");
    let mut text = |key, max| map.optional(key, max, report).unwrap_or_default();
    let mut texts = ShortTexts {
        welcome: text("welcome", WELCOME_CHARS_MAX),
        put_out_by: text("garbage_put_out_by", NAME_CHARS_MAX),
        contact: text("contact", TEXT_CHARS_MAX),
    };
    if let Some(time) = time(&texts.put_out_by) {
        texts.put_out_by = time;
    } else {
        let trouble = Trouble::InvalidTime { found: excerpt(&texts.put_out_by) };
        report.add(TOWN, line, Some("garbage_put_out_by"), trouble);
    }
    map.finish(report);
    texts
}

/// Texts by language, in the order of the file.
#[derive(Default)]
struct ByLanguage(Vec<(Language, Texts)>);

impl ByLanguage {
    fn get_or_insert_with(&mut self, language: Language) -> &mut Texts {
        let at = self.0.iter().position(|(known, _)| *known == language).unwrap_or_else(|| {
            self.0.push((language, Texts::default()));
            self.0.len() - 1
        });
        &mut self.0[at].1
    }
}

fn texts(files: &Files, report: &mut Report) -> ByLanguage {
    let Some(Node { line, value }) = yaml::read(files, TEXTS, Need::Optional, report) else {
        return ByLanguage::default();
    };
    let Value::Map(languages) = value else {
        report.add(TEXTS, line, None, Trouble::NotMap);
        return ByLanguage::default();
    };
    let mut texts = ByLanguage::default();
    for (tag, node) in &languages {
        let Some(language) = language(tag) else {
            let trouble = Trouble::NotOneOf { found: excerpt(tag), allowed: LANGUAGES };
            report.add(TEXTS, node.line, Some(tag), trouble);
            continue;
        };
        let Some(mut map) = Map::new(TEXTS, Some(tag), node, report) else { continue };
        let mut text = |key, max| map.optional(key, max, report).unwrap_or_default();
        *texts.get_or_insert_with(language) = Texts {
            welcome: text("welcome", WELCOME_CHARS_MAX),
            garbage_not_found_contact: text("garbage_not_found_contact", TEXT_CHARS_MAX),
            emergency_note: text("emergency_note", TEXT_CHARS_MAX),
        };
        map.finish(report);
    }
    texts
}
