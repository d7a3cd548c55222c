//! Answers as HTTP: pages in the frame, files, the page of each failure, and the headers that all of them carry.

use std::collections::BTreeSet;

use app::error::Chain;
use aws::web::guards;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION};
use http::{HeaderValue, Response, StatusCode};
use maud::{Markup, html};

use super::call::{Answer, Call, Failure, File, Page, Person};
use crate::frame::{self, Frame, NavEntry, page};
use crate::kit::{self, NoticeKind};
use crate::words::frame as words;
use crate::words::frame::{Said, Section};

/// Nothing but our own files, no script or style in the page itself, no frames, forms only to ourselves.
pub const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What a page's frame needs to know of the request.
pub(super) struct FrameOf {
    town: String,
    person: Option<Person>,
    path: String,
}

pub(super) fn frame_of(call: &Call) -> FrameOf {
    FrameOf { town: call.town.profile.name.clone(), person: call.person.clone(), path: call.path.clone() }
}

/// The answer of a page.
pub(super) fn answer(frame: &FrameOf, answer: Answer) -> Response<Bytes> {
    match answer {
        Answer::Page(page) => framed(frame, page),
        Answer::SeeOther(location) => see_other(&location),
        Answer::File(file) => attachment(file),
        Answer::Json(value) => with_type("application/json", StatusCode::OK, value.to_string()),
        Answer::Raw(response) => response,
    }
}

/// The page of a failure.
pub(super) fn failure(frame: &FrameOf, failure: &Failure) -> Response<Bytes> {
    let (status, said) = match failure {
        Failure::NotFound => (StatusCode::NOT_FOUND, words::NOT_FOUND),
        Failure::Denied => (StatusCode::FORBIDDEN, words::DENIED),
        Failure::BadRequest => (StatusCode::BAD_REQUEST, words::BAD_REQUEST),
        Failure::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, words::TOO_LARGE),
        Failure::Broken(error) => {
            tracing::error!(error = %Chain(error), "page not made");
            (StatusCode::SERVICE_UNAVAILABLE, words::BROKEN)
        }
    };
    framed(frame, said_page(said).status(status))
}

/// A page without anybody signed in, for what goes wrong before that is known.
pub(crate) fn bare(status: StatusCode, said: Said) -> Response<Bytes> {
    framed(&FrameOf { town: String::new(), person: None, path: String::new() }, said_page(said).status(status))
}

/// Asks a visitor to sign in, and remembers where they wanted to go.
pub(super) fn to_sign_in(call: &Call) -> Response<Bytes> {
    let to = form_urlencoded::Serializer::new(String::new()).append_pair("return", &address(call)).finish();
    see_other(&format!("/sign-in?{to}"))
}

/// A form arrived after its session had ended: it comes back with all that was typed.
pub(super) fn expired(call: &Call) -> Response<Bytes> {
    let content = html! {
        (headline(NoticeKind::Warning, words::EXPIRED))
        p { a.button.button-secondary href="/sign-in?return=/signed-in" target="_blank" rel="noopener" { (words::SIGN_IN_ELSEWHERE) } }
        (typed(call, None, words::SEND_TYPED))
    };
    let page = Page::new(words::EXPIRED.title, Section::Nowhere, content).status(StatusCode::UNAUTHORIZED);
    framed(&frame_of(call), page)
}

/// A form of an earlier session: it comes back with the token of this one, for its person to look at once more.
pub(super) fn resend(call: &Call, person: &Person) -> Response<Bytes> {
    let content = html! {
        (headline(NoticeKind::Warning, words::RESEND))
        (typed(call, Some(person), words::SEND_THIS))
    };
    let page = Page::new(words::RESEND.title, Section::Nowhere, content).status(StatusCode::FORBIDDEN);
    framed(&frame_of(call), page)
}

/// What was typed, to be seen and to be sent again to the same address; a file is asked for again.
fn typed(call: &Call, person: Option<&Person>, button: &str) -> Markup {
    let fields = || call.form.iter().filter(|(name, _)| *name != kit::CSRF_FIELD);
    let is_only_file = call.upload.is_some() && fields().next().is_none();
    let has_lost_file = call.upload.as_ref().is_some_and(|upload| !upload.bytes.is_empty());
    let seen: Vec<(String, Markup)> = fields()
        .filter(|(_, value)| !value.trim().is_empty())
        .filter_map(|(name, value)| Some((words::typed(name)?, html! { span.typed { (value) } })))
        .collect();
    let seen: Vec<(&str, Markup)> = seen.iter().map(|(label, value)| (label.as_str(), value.clone())).collect();
    html! {
        @if is_only_file {
            p { (words::FILE_AGAIN) }
            p { (kit::link_button(kit::ButtonKind::Primary, words::TO_FORM, &address(call))) }
        } @else {
            @if has_lost_file { p { (words::FILE_LATER) } }
            form method="post" action=(address(call)) {
                @if let Some(person) = person { (kit::csrf(&person.csrf)) }
                @for (name, value) in fields() { (kit::hidden(name, value)) }
                (kit::submit(kit::ButtonKind::Primary, button))
            }
        }
        @if !seen.is_empty() { (kit::section(words::TYPED, &kit::definitions(&seen))) }
    }
}

/// The address that was asked for, without the host.
fn address(call: &Call) -> String {
    let query = call.query.with("", None);
    if query.is_empty() { call.path.clone() } else { format!("{}?{query}", call.path) }
}

fn said_page(said: Said) -> Page {
    let content = html! {
        (headline(NoticeKind::Error, said))
        p { a href="/" { (words::TO_HOME) } }
    };
    Page::new(said.title, Section::Nowhere, content)
}

/// The head of a page that says one thing.
pub(crate) fn headline(kind: NoticeKind, said: Said) -> Markup {
    kit::headline(kind, said.title, &html! { p { (said.text) } })
}

impl Call {
    /// A page as nobody sees it who is signed in, as an answer that can still be changed.
    #[must_use]
    pub fn frameless(&self, page: Page) -> Response<Bytes> {
        framed(&FrameOf { person: None, ..frame_of(self) }, page)
    }
}

fn framed(of: &FrameOf, shown: Page) -> Response<Bytes> {
    let entry = |section: Section| NavEntry::new(section.label(), section.path(), &of.path);
    let sections = of
        .person
        .iter()
        .flat_map(|person| Section::SHOWN.into_iter().filter(|section| section.is_for(&person.staff)).map(entry));
    let person = |person: &Person| frame::Person { name: person.staff.name.as_str().to_owned() };
    let frame = Frame {
        title: shown.title,
        town: of.town.clone(),
        nav: sections.collect(),
        person: of.person.as_ref().map(person),
        csrf: of.person.as_ref().map_or_else(String::new, |person| person.csrf.clone()),
        notices: shown.notices,
    };
    let mut response = with_type("text/html; charset=utf-8", shown.status, page(&frame, &shown.content).into_string());
    if let Some(policy) = policy_with(&shown.pictures) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// The policy of a page that shows pictures from elsewhere; `None` where it shows none.
fn policy_with(pictures: &BTreeSet<String>) -> Option<HeaderValue> {
    if pictures.is_empty() {
        return None;
    }
    let from: Vec<&str> = pictures.iter().map(String::as_str).collect();
    HeaderValue::try_from(POLICY.replace("img-src 'self' data:", &format!("img-src 'self' data: {}", from.join(" "))))
        .ok()
}

/// Goes elsewhere. Only to addresses that we made ourselves.
fn see_other(location: &str) -> Response<Bytes> {
    let mut response = with_type("text/plain; charset=utf-8", StatusCode::SEE_OTHER, String::new());
    if let Ok(location) = HeaderValue::from_str(location) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

fn attachment(file: File) -> Response<Bytes> {
    let mut response = with_type(file.content_type, StatusCode::OK, file.bytes);
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", file.name)) {
        response.headers_mut().insert(CONTENT_DISPOSITION, value);
    }
    response
}

/// An answer with the headers that all our answers have.
pub(crate) fn with_type(content_type: &'static str, status: StatusCode, body: impl Into<Bytes>) -> Response<Bytes> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let own = [(CONTENT_TYPE, content_type), (CONTENT_SECURITY_POLICY, POLICY), (CACHE_CONTROL, "no-store")];
    let own = own.map(|(name, value)| (name, HeaderValue::from_static(value)));
    response.headers_mut().extend(guards().into_iter().chain(own));
    response
}
