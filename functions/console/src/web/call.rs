//! A request on its way through the console, and the answers that a page can give.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use app::error::Error;
use bytes::Bytes;
use domain::audit::{Act, Action, Actor};
use domain::staff::Staff;
use domain::town::Town;
use http::{HeaderMap, Method, StatusCode};
use jiff::Timestamp;
use maud::Markup;

pub use crate::frame::Notice;

use super::fields::{Fields, Upload};
use crate::Console;
use crate::kit::NoticeKind;
use crate::words::frame::Section;
use app::ports::staff::Session;

/// A request that has passed the guard: its person is who they say, may do this, and meant to.
pub struct Call {
    /// The console's parts.
    pub console: Arc<Console>,
    /// GET or POST.
    pub method: Method,
    /// The path, as it was asked for.
    pub path: String,
    /// What stands in the path's named places.
    pub params: BTreeMap<String, String>,
    /// What stands after the question mark.
    pub query: Fields,
    /// What was typed into a form.
    pub form: Fields,
    /// The file that was sent along.
    pub upload: Option<Upload>,
    /// The headers.
    pub headers: HeaderMap,
    /// Who asks; `None` on pages for everybody.
    pub person: Option<Person>,
    /// The town as it is now.
    pub town: Arc<Town>,
    /// Where the console stands, such as `https://console.example`, without a slash at the end.
    pub origin: String,
    /// When the request came.
    pub now: Timestamp,
}

/// Who is signed in.
#[derive(Debug, Clone)]
pub struct Person {
    /// The person as they are now.
    pub staff: Staff,
    /// Their session.
    pub session: Session,
    /// What their forms carry to prove that they were ours.
    pub csrf: String,
}

impl Call {
    /// Who asks.
    pub fn person(&self) -> Result<&Person, Failure> {
        self.person.as_ref().ok_or(Failure::Denied)
    }

    /// Records an act that says all by itself, and that they can repeat without end.
    pub async fn record_seldom(&self, action: Action) -> Result<(), Failure> {
        let who = &self.person()?.staff.id;
        let act = Act {
            at: self.now,
            actor: Actor::Staff(who.clone()),
            action,
            subject: String::new(),
            department: None,
            before: String::new(),
            after: String::new(),
        };
        Ok(self.console.audit.append_seldom(&act, &format!("{}/{who}", action.name())).await?)
    }

    /// What stands in a named place of the path; empty if there is no such place.
    #[must_use]
    pub fn param(&self, name: &str) -> &str {
        self.params.get(name).map_or("", String::as_str)
    }
}

/// What a page answers.
#[derive(Debug)]
pub enum Answer {
    /// A page in the console's frame.
    Page(Page),
    /// Go there and ask anew: after everything that changed something.
    SeeOther(String),
    /// A file to be kept.
    File(File),
    /// Data for one of our own scripts.
    Json(serde_json::Value),
    /// Something that belongs into no frame.
    Raw(http::Response<Bytes>),
}

/// A page in the frame.
#[derive(Debug)]
pub struct Page {
    /// Its title, first in the browser's tab.
    pub title: String,
    /// The part of the console in which it stands.
    pub section: Section,
    /// 200, or what went wrong.
    pub status: StatusCode,
    /// What is said before anything else.
    pub notices: Vec<Notice>,
    /// The rest.
    pub content: Markup,
    /// The origins from which it may load pictures, beside its own.
    pub pictures: BTreeSet<String>,
}

impl Page {
    /// A page without anything special.
    #[must_use]
    pub fn new(title: impl Into<String>, section: Section, content: Markup) -> Self {
        Self {
            title: title.into(),
            section,
            status: StatusCode::OK,
            notices: Vec::new(),
            content,
            pictures: BTreeSet::new(),
        }
    }

    /// The same with another status.
    #[must_use]
    pub fn status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// The same with leave to load pictures from where this address is.
    #[must_use]
    pub fn image_from(mut self, address: &str) -> Self {
        self.pictures.extend(origin(address));
        self
    }

    /// The same with something said first.
    #[must_use]
    pub fn notice(mut self, kind: NoticeKind, title: impl Into<String>, text: impl Into<String>) -> Self {
        self.notices.push(Notice { kind, title: title.into(), text: text.into() });
        self
    }
}

/// The origin of an address, such as `https://files.example`; `None` where it has none that a policy could name.
fn origin(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once("://").filter(|(scheme, _)| ["http", "https"].contains(scheme))?;
    let host = rest.split(['/', '?', '#']).next().filter(|host| !host.is_empty())?;
    let is_plain = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte));
    is_plain.then(|| format!("{scheme}://{host}"))
}

impl From<Page> for Answer {
    fn from(page: Page) -> Self {
        Self::Page(page)
    }
}

/// A file to be kept.
#[derive(Debug)]
pub struct File {
    /// Its name, of ASCII letters, digits, `-` and `.`.
    pub name: String,
    /// Its media type.
    pub content_type: &'static str,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Failure {
    /// There is no such thing.
    NotFound,
    /// Their roles do not allow it. Written into the audit log by the guard.
    Denied,
    /// The request itself is not one that our pages send.
    BadRequest,
    /// More was sent than is taken.
    TooLarge,
    /// Something that we need did not work.
    Broken(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Broken(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_names_origins_and_nothing_else() {
        for (address, expected) in [
            ("https://files.example/a/b.jpg?x=1", Some("https://files.example")),
            ("http://localhost:4566/media/b.jpg", Some("http://localhost:4566")),
            ("https://cyberjapandata.gsi.go.jp/xyz/std/{z}/{x}/{y}.png", Some("https://cyberjapandata.gsi.go.jp")),
            ("https://", None),
            ("/assets/a.png", None),
            ("data:image/png;base64,AA", None),
            ("https://a.example; script-src *", None),
            ("https://{s}.tiles.example/1.png", None),
        ] {
            assert_eq!(origin(address).as_deref(), expected, "{address}");
        }
    }
}
