//! `/news.atom`: the newest of what was sent to all, as Atom 1.0 (RFC 4287).

use app::broadcast::public::{Published, Said};
use domain::ids::BroadcastId;
use domain::language::Language;
use domain::town::Town;
use jiff::Timestamp;
use uuid::Uuid;

use crate::frame::lang;
use crate::news::{self, address, message};
use crate::words::words;
use crate::xml::{HEAD, close, element, open};

/// Where it is.
pub(crate) const PATH: &str = "/news.atom";
/// A title has so many characters at most.
const TITLE_CHARS_MAX: usize = 60;
/// Ids that are computed here are so in this space, and so always the same.
pub(crate) const SPACE: Uuid = Uuid::from_u128(0x5d1f_0c0a_9f3e_4c58_8a6e_2b7d_41c9_6e13);

/// The feed of a portal that stands at `origin`.
pub(crate) fn feed(town: &Town, language: Language, origin: &str, published: &[Published]) -> String {
    let words = words(language);
    let profile = &town.profile;
    // The town and not the address: an address may change, and the feed stays the same feed.
    let id = Uuid::new_v5(&SPACE, format!("{} {} {language}", profile.website, profile.name).as_bytes());
    let newest = published.first().map_or(Timestamp::UNIX_EPOCH, |newest| newest.began);
    let mut xml = String::from(HEAD);
    open(&mut xml, "feed", &[("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", lang(language))]);
    element(&mut xml, "id", &[], &urn(id));
    element(&mut xml, "title", &[], &words.title(&profile.name));
    element(&mut xml, "updated", &[], &second(newest));
    let here = format!("{origin}{}", address(PATH, language, 1));
    element(&mut xml, "link", &[("rel", "self"), ("type", "application/atom+xml"), ("href", &here)], "");
    let page = format!("{origin}{}", address(news::PATH, language, 1));
    element(&mut xml, "link", &[("rel", "alternate"), ("type", "text/html"), ("href", &page)], "");
    author(&mut xml, &profile.name);
    for one in published {
        open(&mut xml, "entry", &[("xml:lang", lang(one.language))]);
        element(&mut xml, "id", &[], &entry_id(&one.id));
        element(&mut xml, "title", &[], &title(one));
        element(&mut xml, "published", &[], &second(one.began));
        element(&mut xml, "updated", &[], &second(one.began));
        element(
            &mut xml,
            "link",
            &[("rel", "alternate"), ("type", "text/html"), ("href", &format!("{page}#{}", one.id))],
            "",
        );
        if !one.department.is_empty() {
            author(&mut xml, &one.department);
        }
        let content: String = one.says.iter().map(|said| message(said, one.language).into_string()).collect();
        element(&mut xml, "content", &[("type", "html")], &content);
        close(&mut xml, "entry");
    }
    close(&mut xml, "feed");
    xml
}

/// Who said it.
pub(crate) fn author(xml: &mut String, name: &str) {
    open(xml, "author", &[]);
    element(xml, "name", &[], name);
    close(xml, "author");
}

/// Broadcasts have UUIDs; one with another id gets a UUID that follows from it.
fn entry_id(id: &BroadcastId) -> String {
    urn(Uuid::parse_str(id.as_str()).unwrap_or_else(|_| Uuid::new_v5(&SPACE, id.as_str().as_bytes())))
}

/// An id as Atom has it.
pub(crate) fn urn(id: Uuid) -> String {
    format!("urn:uuid:{id}")
}

/// An instant to the second (RFC 3339).
pub(crate) fn second(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The first line that a reader would see: the title by which staff call a broadcast is theirs.
fn title(published: &Published) -> String {
    let texts = published.says.iter().flat_map(|said| match said {
        Said::Text(text) => [text.as_str(), ""],
        Said::Picture(_) => ["", ""],
        Said::Buttons { title, text, .. } => [title.as_str(), text.as_str()],
    });
    let line = texts.flat_map(str::lines).map(str::trim).find(|line| !line.is_empty());
    let line = line.unwrap_or(words(published.language).news);
    match line.char_indices().nth(TITLE_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests;
