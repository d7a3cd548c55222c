//! `/report`: where residents report damage and see what became of it. The pages are the same for everybody and hold nothing of anybody;
//! who somebody is, and all that is theirs, goes through the API beside them.
//!
//! | address | what |
//! | --- | --- |
//! | `/report`, `/report/mine`, `/report/mine/ID` | the pages |
//! | `POST /report/session`, `DELETE /report/session` | begins a session, for an ID token of LIFF; ends it |
//! | `POST /report/begin` | gives the id of a new report |
//! | `POST /report/photos`, `DELETE /report/photos/ID` | says where to put a photo; takes one back |
//! | `GET /report/photos?ids=ID,ID` | says what became of photos |
//! | `POST /report/near` | says what was reported near a place |
//! | `POST /report/reports` | files a report |
//! | `GET /report/reports`, `GET /report/reports/ID` | says what became of one's own reports |
//! | `POST /report/reports/ID/ACT` | does `follow`, `unfollow`, `comment` or `reopen` |
//!
//! Errors are `{"error": WORD}`, with `"field"` where one is at fault and `"photo"` where one has come already. Where the
//! town takes no reports, or no LIFF app leads here, there is nothing of all this.

mod api;
mod page;
mod said;
mod session;
mod shown;

use std::sync::Arc;

use app::ports::portal::{ResidentLogins, ResidentSessions};
use app::report::resident::ResidentDesk;
use bytes::Bytes;
use domain::ids::ReportId;
use domain::language::Language;
use domain::town::Town;
use http::header::{CONTENT_SECURITY_POLICY, InvalidHeaderValue};
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode};

use crate::query::Query;
use crate::respond::{Kept, answer};

/// Where the page is.
const PATH: &str = "/report";
/// Where LIFF asks who somebody is, and what it is made of.
const LIFF_HOSTS: &str =
    "https://api.line.me https://access.line.me https://liff.line.me https://liffsdk.line-scdn.net";

/// The pages on which residents report damage.
pub struct ReportPages {
    /// What residents do.
    pub desk: ResidentDesk,
    /// Says who they are.
    pub logins: Arc<dyn ResidentLogins>,
    /// That they stay so for a while.
    pub sessions: Arc<dyn ResidentSessions>,
    /// What the pages are told.
    pub settings: Settings,
}

/// What the pages are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The LIFF app that leads here.
    pub liff_id: String,
    /// From where the LIFF SDK is loaded, if not from here: only for a simulator.
    pub liff_script: Option<String>,
    /// Where the tiles of maps are, with `{z}`, `{x}` and `{y}`; without, there are no maps.
    pub map_tiles: Option<String>,
    /// Where photos are put and found: the origin of the bucket's links.
    pub photos: String,
}

/// What a page is made of.
#[derive(Clone, Copy)]
pub(crate) struct Shown<'a> {
    pub(crate) town: &'a Town,
    pub(crate) language: Language,
    /// Its address, without what stands behind a question mark.
    pub(crate) path: &'a str,
    pub(crate) settings: &'a Settings,
}

/// What the pages may load and do; it is computed once.
#[derive(Debug, Clone)]
pub(crate) struct Policies {
    content: HeaderValue,
    devices: HeaderValue,
}

impl Settings {
    pub(crate) fn policies(&self) -> Result<Policies, InvalidHeaderValue> {
        let origin = |address: Option<&str>| address.and_then(origin).unwrap_or_default();
        let (script, tiles) = (origin(self.liff_script.as_deref()), origin(self.map_tiles.as_deref()));
        let photos = &self.photos;
        let content = format!(
            "default-src 'none'; script-src 'self' {script}; style-src 'self'; img-src 'self' data: blob: {tiles} {photos}; \
             connect-src 'self' {LIFF_HOSTS} {script} {photos}; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
        );
        Ok(Policies {
            content: HeaderValue::try_from(content.replace(" ;", ";").replace("  ", " "))?,
            devices: HeaderValue::from_static("camera=(self), microphone=(), geolocation=(self)"),
        })
    }
}

/// Where an address stands: `https://host:port`.
pub(crate) fn origin(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    Some(format!("{scheme}://{host}"))
}

/// Whether a path is one of these.
pub(crate) fn is_here(path: &str) -> bool {
    path == PATH || path.strip_prefix(PATH).is_some_and(|rest| rest.starts_with('/'))
}

impl ReportPages {
    /// The answer; `None` where there is no such thing.
    pub(crate) async fn answer(
        &self,
        request: &Request<Bytes>,
        town: &Town,
        policies: &Policies,
        origin: &str,
    ) -> Option<Response<String>> {
        if town.report_kinds.is_empty() {
            return None;
        }
        let path = request.uri().path();
        if !is_page(path) {
            return self.call(request, town, origin).await;
        }
        if ![Method::GET, Method::HEAD].contains(request.method()) {
            return Some(crate::only_read());
        }
        let language = Query::of(request.uri()).language(town);
        let page = page::page(&Shown { town, language, path, settings: &self.settings });
        let mut response = answer(StatusCode::OK, "text/html; charset=utf-8", Kept::NotAtAll, page.into_string());
        let headers = [
            (CONTENT_SECURITY_POLICY, policies.content.clone()),
            (HeaderName::from_static("permissions-policy"), policies.devices.clone()),
        ];
        response.headers_mut().extend(headers);
        Some(response)
    }
}

/// Whether a path is a page's, and not the API's.
fn is_page(path: &str) -> bool {
    let rest = path.strip_prefix(PATH).unwrap_or_default();
    let report = rest.strip_prefix("/mine/").unwrap_or_default();
    ["", "/mine"].contains(&rest) || report.parse::<ReportId>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_told_apart_from_the_api_and_from_other_pages() {
        for (path, here, page) in [
            ("/report", true, true),
            ("/report/mine", true, true),
            ("/report/mine/0199aaaa-0000-7000-8000-000000000001", true, true),
            ("/report/mine/", true, false),
            ("/report/mine/a/b", true, false),
            ("/report/begin", true, false),
            ("/report/", true, false),
            ("/reports", false, false),
            ("/reports/mine", false, false),
            ("/", false, false),
        ] {
            assert_eq!((is_here(path), is_here(path) && is_page(path)), (here, page), "{path}");
        }
    }

    #[test]
    fn the_pages_load_from_where_they_are_told_and_from_nowhere_else() {
        let settings = Settings {
            liff_id: "1-a".to_owned(),
            liff_script: Some("http://127.0.0.1:9000/liff/sdk.js".to_owned()),
            map_tiles: Some("https://tiles.example/std/{z}/{x}/{y}.png".to_owned()),
            photos: "https://media.example".to_owned(),
        };
        let policy = |settings: &Settings| settings.policies().unwrap().content.to_str().unwrap().to_owned();
        let whole = policy(&settings);
        for part in [
            "script-src 'self' http://127.0.0.1:9000;",
            "img-src 'self' data: blob: https://tiles.example https://media.example;",
            "https://liffsdk.line-scdn.net http://127.0.0.1:9000 https://media.example;",
        ] {
            assert!(whole.contains(part), "{whole}");
        }
        let bare = policy(&Settings { liff_script: None, map_tiles: None, ..settings });
        assert!(bare.contains("script-src 'self';") && bare.contains("blob: https://media.example;"), "{bare}");
        assert!(!bare.contains("unsafe") && !bare.contains("  "), "{bare}");
    }
}
