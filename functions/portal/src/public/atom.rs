//! `/reports.atom`: what changed last among the released reports, as Atom 1.0 (RFC 4287).

use app::error::Error;
use domain::report::release::PublicReport;
use http::{Response, StatusCode};
use jiff::Timestamp;
use maud::{Markup, html};
use uuid::Uuid;

use super::list::place;
use super::{FEED, Look, PATH, everything, latest};
use crate::feed::{SPACE, author, second, urn};
use crate::frame::{japanese, lang};
use crate::query::address;
use crate::respond::{self, Kept, answer};
use crate::xml::{HEAD, close, element, open};

/// The feed has so many.
const ENTRIES: usize = 50;
/// Among so many it looks, the latest begun: what is older and changes now is found in the list.
const LOOKED_AT: usize = 1_000;

/// The feed.
pub(super) async fn feed(look: &Look<'_>) -> Result<Response<String>, Error> {
    let mut reports = latest(&*look.faces.released, everything(None), LOOKED_AT, |_| true).await?.reports;
    reports.sort_by(|one, other| (other.changed_at, &other.id).cmp(&(one.changed_at, &one.id)));
    reports.truncate(ENTRIES);
    Ok(respond::open(answer(
        StatusCode::OK,
        "application/atom+xml; charset=utf-8",
        Kept::AMinute,
        written(look, &reports),
    )))
}

fn written(look: &Look<'_>, reports: &[PublicReport]) -> String {
    let (profile, language) = (&look.town.profile, look.language);
    // As of the news: the town and not the address.
    let id = Uuid::new_v5(&SPACE, format!("reports {} {} {language}", profile.website, profile.name).as_bytes());
    let newest = reports.first().map_or(Timestamp::UNIX_EPOCH, |newest| newest.changed_at);
    let mut xml = String::from(HEAD);
    open(&mut xml, "feed", &[("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", lang(language))]);
    element(&mut xml, "id", &[], &urn(id));
    element(&mut xml, "title", &[], &look.title());
    element(&mut xml, "updated", &[], &second(newest));
    let here = format!("{}{}", look.origin, address(FEED, language, None));
    element(&mut xml, "link", &[("rel", "self"), ("type", "application/atom+xml"), ("href", &here)], "");
    let page = format!("{}{}", look.origin, address(PATH, language, None));
    element(&mut xml, "link", &[("rel", "alternate"), ("type", "text/html"), ("href", &page)], "");
    author(&mut xml, &profile.name);
    for report in reports {
        open(&mut xml, "entry", &[("xml:lang", lang(language))]);
        element(&mut xml, "id", &[], &entry_id(report));
        let title = format!("{} {}: {}", look.standing(report.standing), look.kind_name(report), report.release.what);
        element(&mut xml, "title", &[], &title);
        element(&mut xml, "published", &[], &second(report.filed_at));
        element(&mut xml, "updated", &[], &second(report.changed_at));
        let page = format!("{}{}", look.origin, look.page_of(report));
        element(&mut xml, "link", &[("rel", "alternate"), ("type", "text/html"), ("href", &page)], "");
        element(&mut xml, "content", &[("type", "html")], &content(look, report).into_string());
        close(&mut xml, "entry");
    }
    close(&mut xml, "feed");
    xml
}

/// Reports have UUIDs; one with another id gets a UUID that follows from it.
fn entry_id(report: &PublicReport) -> String {
    let id = report.id.as_str();
    urn(Uuid::parse_str(id).unwrap_or_else(|_| Uuid::new_v5(&SPACE, id.as_bytes())))
}

fn content(look: &Look<'_>, report: &PublicReport) -> Markup {
    let (release, place) = (&report.release, place(look, report));
    html! {
        p lang=[japanese(look.language)] { (release.what) }
        @if !place.is_empty() { p lang=[japanese(look.language)] { (place) } }
        @if !release.outcome.is_empty() { p lang=[japanese(look.language)] { (release.outcome) } }
        @for photo in look.photos(report) {
            p { a href=(photo.original) { img src=(photo.preview) alt=(look.words().photo); } }
        }
    }
}
