//! `town.yaml` and `texts.yaml`: the town itself, and its own texts.

use domain::ids::TopicId;
use domain::language::Language;
use domain::report::kind::Intake;
use domain::resident::Switch;
use domain::time::time_of_day;
use domain::town::{Profile, QuietHours, Sending, Texts};
use jiff::civil::Time;

use super::{LANGUAGES, NAME_CHARS_MAX, TEXT_CHARS_MAX, TEXTS, TOWN, is_reading, language};
use crate::town::data::TownProfile;
use crate::town::files::{Files, Need};
use crate::town::phone;
use crate::town::problem::{Report, Trouble};
use crate::town::sheet::{excerpt, time};
use crate::town::yaml::{self, Map, Node, Value};

/// The first words to a new friend have at most this many characters: more is not read.
pub const WELCOME_CHARS_MAX: usize = 300;
/// Any other text has at most this many. Both are far below what the platform takes in a message.
pub const OTHER_TEXT_CHARS_MAX: usize = TEXT_CHARS_MAX;
/// A resident who left is kept for at most this many days.
const RETENTION_DAYS_MAX: u16 = 3_650;
/// A limit of broadcasts in seven days is at most this; more is none.
pub(super) const WEEKLY_MAX: u16 = 100;
/// A day; what is older says nothing any more.
const RULE_MINUTES_MAX: u16 = 1_440;
const RULE_HOURLY_MAX: u16 = 100;
/// What is farther outside is another town's.
const TOLERANCE_M_MAX: u16 = 5_000;
/// A closed report is kept whole for at most this many days.
const ERASE_DAYS_MAX: u16 = 3_650;
/// A blank has a name of at most this many characters.
const BLANK_CHARS_MAX: usize = 40;
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
    let texts = yaml::read(files, TEXTS, Need::Optional, report);
    let town = yaml::read(files, TOWN, Need::Required, report);
    read_nodes(town.as_ref(), texts.as_ref(), report)
}

/// Reads what the two files say, wherever it was written.
pub(super) fn read_nodes(town: Option<&Node>, by_language: Option<&Node>, report: &mut Report) -> Settings {
    let mut by_language = by_language.map(|node| texts(node, report)).unwrap_or_default();
    let nothing = Settings { profile: None, put_out_by: String::new() };
    let Some(mut map) = town.and_then(|node| Map::new(TOWN, None, node, report)) else { return nothing };

    let id = map.text("id", NAME_CHARS_MAX, report).unwrap_or_default();
    // Any of the ids would do to check the shape: all are slugs.
    if !id.is_empty() && id.parse::<TopicId>().is_err() {
        report.add(TOWN, map.line(), Some("id"), Trouble::InvalidId { found: excerpt(&id) });
    }
    let name = map.text("name", NAME_CHARS_MAX, report).unwrap_or_default();
    let reading = reading(&mut map, report);
    let phone = phone(&mut map, report);
    let website = address(&mut map, report);
    let portal = portal(&mut map, report);
    let languages = languages(&mut map, report);
    let blocked_resident_retention_days = retention(&mut map, report);
    let sending = map.take("sending").map(|node| sending(node, report)).unwrap_or_default();
    let reports = map.take("reports").map(|node| intake(node, report)).unwrap_or_default();
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
    let profile =
        Profile { name, phone, website, portal, languages, blocked_resident_retention_days, texts, sending, reports };
    Settings { profile: Some(TownProfile { id, reading, profile }), put_out_by: short.put_out_by }
}

fn reading(map: &mut Map<'_>, report: &mut Report) -> String {
    let line = map.line_of("reading");
    let reading = map.optional("reading", NAME_CHARS_MAX, report).unwrap_or_default();
    if !is_reading(&reading) {
        report.add(TOWN, line, Some("reading"), Trouble::InvalidReading { found: excerpt(&reading) });
    }
    reading
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
    sound_address("website", node.line, text, report)
}

/// Where the residents' pages are, if the town says so.
fn portal(map: &mut Map<'_>, report: &mut Report) -> String {
    let line = map.line_of("portal");
    let text = map.optional("portal", ADDRESS_CHARS_MAX, report).unwrap_or_default();
    sound_address("portal", line, text.trim_end_matches('/').to_owned(), report)
}

/// An address, or nothing and a complaint.
fn sound_address(key: &str, line: u32, text: String, report: &mut Report) -> String {
    if !text.is_empty() && !is_address(&text) {
        report.add(TOWN, line, Some(key), Trouble::InvalidAddress { found: excerpt(&text) });
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
    let (line, is_there) = (map.line_of("languages"), map.has("languages"));
    let nodes = map.list("languages", report);
    for node in nodes {
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
        if is_there && nodes.is_empty() {
            report.add(TOWN, line, Some("languages"), Trouble::Empty);
        }
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

/// How broadcasts are sent; what is not said is as it is for a town that says nothing.
fn sending(node: &Node, report: &mut Report) -> Sending {
    let usual = Sending::default();
    let Some(mut map) = Map::new(TOWN, Some("sending"), node, report) else { return usual };
    let (line, is_said) = (map.line_of("quiet_from"), map.has("quiet_from") || map.has("quiet_to"));
    let [from, to] = ["quiet_from", "quiet_to"].map(|key| quiet_time(&mut map, key, report));
    let quiet_hours = match (from, to) {
        _ if !is_said => usual.quiet_hours,
        (QuietTime::At(from), QuietTime::At(to)) => {
            let hours = QuietHours::new(from, to);
            if hours.is_err() {
                report.add(TOWN, line, Some("quiet_to"), Trouble::NoHours);
            }
            hours.ok().or(usual.quiet_hours)
        }
        (QuietTime::None, QuietTime::None) => None,
        (QuietTime::None, _) => {
            report.add(TOWN, line, Some("quiet_from"), Trouble::OnlyOneTime);
            usual.quiet_hours
        }
        (_, QuietTime::None) => {
            report.add(TOWN, line, Some("quiet_to"), Trouble::OnlyOneTime);
            usual.quiet_hours
        }
        (QuietTime::Wrong, _) | (_, QuietTime::Wrong) => usual.quiet_hours,
    };
    let weekly_max = positive(&mut map, "weekly_max", WEEKLY_MAX, report);
    let rule_minutes_max = positive(&mut map, "rule_minutes_max", RULE_MINUTES_MAX, report);
    let rule_hourly_max = positive(&mut map, "rule_hourly_max", RULE_HOURLY_MAX, report);
    let public_page = map.take("public_page").and_then(|node| switch("public_page", node, report));
    map.finish(report);
    Sending {
        quiet_hours,
        weekly_max,
        public_page: public_page.unwrap_or(usual.public_page),
        rule_minutes_max: rule_minutes_max.unwrap_or(usual.rule_minutes_max),
        rule_hourly_max: rule_hourly_max.unwrap_or(usual.rule_hourly_max),
    }
}

/// How reports are taken; what is not said is as it is for a town that says nothing.
fn intake(node: &Node, report: &mut Report) -> Intake {
    let usual = Intake::default();
    let Some(mut map) = Map::new(TOWN, Some("reports"), node, report) else { return usual };
    let tolerance = map.take("boundary_tolerance_m").filter(|node| !matches!(node.value, Value::Null));
    let tolerance =
        tolerance.and_then(|node| yaml::number(TOWN, "boundary_tolerance_m", node, TOLERANCE_M_MAX, report));
    let is_said = map.has("erase_after_days");
    let erase_after_days = positive(&mut map, "erase_after_days", ERASE_DAYS_MAX, report);
    let erase_declined_after_days = positive(&mut map, "erase_declined_after_days", ERASE_DAYS_MAX, report);
    let erase_duplicate_after_days = positive(&mut map, "erase_duplicate_after_days", ERASE_DAYS_MAX, report);
    map.finish(report);
    Intake {
        boundary_tolerance_m: tolerance.map_or(usual.boundary_tolerance_m, u32::from),
        erase_after_days: if is_said { erase_after_days } else { usual.erase_after_days },
        erase_declined_after_days,
        erase_duplicate_after_days,
    }
}

/// Where quiet hours begin or end.
enum QuietTime {
    At(Time),
    None,
    Wrong,
}

fn quiet_time(map: &mut Map<'_>, key: &str, report: &mut Report) -> QuietTime {
    let Some(node) = map.take(key) else { return QuietTime::None };
    let Some(text) = yaml::text(TOWN, key, node, NAME_CHARS_MAX, report) else { return QuietTime::Wrong };
    let Some(written) = time(&text) else {
        report.add(TOWN, node.line, Some(key), Trouble::InvalidTime { found: excerpt(&text) });
        return QuietTime::Wrong;
    };
    time_of_day(&written).map_or(QuietTime::None, QuietTime::At)
}

/// A number above zero; `None` where nothing is said.
fn positive(map: &mut Map<'_>, key: &str, max: u16, report: &mut Report) -> Option<u16> {
    let node = map.take(key)?;
    match node.value {
        Value::Null => None,
        Value::Whole(0) => {
            report.add(TOWN, node.line, Some(key), Trouble::Zero);
            None
        }
        _ => yaml::number(TOWN, key, node, max, report),
    }
}

fn switch(key: &str, node: &Node, report: &mut Report) -> Option<Switch> {
    // Without quotes they are no text in YAML 1.1.
    if let Value::Switch(switch) = node.value {
        return Some(switch);
    }
    let text = yaml::text(TOWN, key, node, NAME_CHARS_MAX, report)?;
    match text.as_str() {
        "on" => Some(Switch::On),
        "off" => Some(Switch::Off),
        _ => {
            report.add(TOWN, node.line, Some(key), Trouble::NotOneOf { found: excerpt(&text), allowed: "on、off" });
            None
        }
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
    let mut text = |key, max| own_text(TOWN, &mut map, key, max, report);
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

fn texts(node: &Node, report: &mut Report) -> ByLanguage {
    let Value::Map(languages) = &node.value else {
        report.add(TEXTS, node.line, None, Trouble::NotMap);
        return ByLanguage::default();
    };
    let mut texts = ByLanguage::default();
    for (tag, node) in languages {
        let Some(language) = language(tag) else {
            let trouble = Trouble::NotOneOf { found: excerpt(tag), allowed: LANGUAGES };
            report.add(TEXTS, node.line, Some(tag), trouble);
            continue;
        };
        let Some(mut map) = Map::new(TEXTS, Some(tag), node, report) else { continue };
        let mut text = |key, max| own_text(TEXTS, &mut map, key, max, report);
        *texts.get_or_insert_with(language) = Texts {
            welcome: text("welcome", WELCOME_CHARS_MAX),
            garbage_not_found_contact: text("garbage_not_found_contact", OTHER_TEXT_CHARS_MAX),
            emergency_note: text("emergency_note", OTHER_TEXT_CHARS_MAX),
        };
        map.finish(report);
    }
    texts
}

/// A text that goes out to residents as it is written.
fn own_text(file: &'static str, map: &mut Map<'_>, key: &str, max: usize, report: &mut Report) -> String {
    let line = map.line_of(key);
    let text = map.optional(key, max, report).unwrap_or_default();
    if let Some(found) = blank(&text) {
        report.add(file, line, Some(key), Trouble::Blank { found: excerpt(found) });
    }
    text
}

/// A blank such as `{name}` or `｛名前｝`: in the town's own texts nothing fills it.
fn blank(text: &str) -> Option<&str> {
    let (open, close) = (['{', '｛'], ['}', '｝']);
    text.match_indices(open).find_map(|(at, _)| {
        let rest = &text[at..];
        let end = rest.char_indices().take(BLANK_CHARS_MAX).find(|(_, sign)| close.contains(sign))?;
        let found = &rest[..end.0 + end.1.len_utf8()];
        (!found.contains('\n')).then_some(found)
    })
}
