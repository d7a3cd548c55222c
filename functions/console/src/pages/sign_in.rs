//! Coming in by the issuer, and leaving.
//!
//! Between the two halves of a sign-in the browser itself keeps what belongs to it, in a cookie that no script and no
//! other host sees: visitors who are not of the staff leave nothing behind in the table.

use app::error::{Chain, Kind};
use app::staff::{Arrival, SignedIn, sign_in};
use aws::web::session::cookie;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use domain::staff::Identity;
use http::header::{HeaderName, LOCATION, SET_COOKIE};
use http::{HeaderValue, Response, StatusCode};
use jiff::{SignedDuration, Timestamp};
use maud::html;
use serde::{Deserialize, Serialize};

use crate::kit::{self, ButtonKind, NoticeKind};
use crate::oidc::{CallError, Fault, Pending, SignInError};
use crate::web::respond::{headline, with_type};
use crate::web::session::{self, Secret, Ticket, lax_cookie, remove_cookie};
use crate::web::{Answer, Call, Failure, Page};
use crate::words::frame::{self as frame_words, Said, Section};
use crate::words::sign_in as words;

/// The browser's half of a sign-in under way.
const PENDING_COOKIE: &str = "__Host-kairan-signing-in";
/// A sign-in takes at most this many seconds.
const PENDING_SECONDS: i64 = 600;
/// Where one wanted to go is kept up to this length; longer, one lands at home.
const RETURN_BYTES_MAX: usize = 1_000;
const CALLBACK: &str = "/sign-in/callback";

/// What the cookie holds.
#[derive(Serialize, Deserialize)]
struct UnderWay {
    begun: Timestamp,
    pending: Pending,
    return_to: String,
}

/// `GET /sign-in?return=/path`: goes to the issuer.
pub async fn begin(call: Call) -> Result<Answer, Failure> {
    let chance = &call.console.chance;
    let begun = call
        .console
        .issuer
        .begin(&format!("{}{CALLBACK}", call.origin), [chance.bytes(), chance.bytes(), chance.bytes()], call.now)
        .await;
    let begun = match begun {
        Ok(begun) => begun,
        Err(error) => return Ok(refused_by(&error)),
    };
    let under_way =
        UnderWay { begun: call.now, pending: begun.pending, return_to: own_path(call.query.text("return")) };
    let value = serde_json::to_vec(&under_way).map_err(|error| broken("begin a sign-in", error))?;
    let cookie = lax_cookie(PENDING_COOKIE, &URL_SAFE_NO_PAD.encode(value), Some(PENDING_SECONDS));
    go(&begun.authorize_url, &[cookie])
}

/// `GET /sign-in/callback`: comes back from the issuer.
pub async fn finish(call: Call) -> Result<Answer, Failure> {
    let Some(under_way) = under_way(&call).filter(|of| of.pending.is_answered_by(call.query.text("state"))) else {
        return Ok(said(StatusCode::BAD_REQUEST, NoticeKind::Warning, words::OLD));
    };
    if call.query.has("error") {
        return Ok(refused_by(&SignInError::of_redirect(call.query.text("error"))));
    }
    let callback = format!("{}{CALLBACK}", call.origin);
    let finished = call.console.issuer.finish(call.query.text("code"), &under_way.pending, &callback, call.now).await;
    let claims = match finished {
        Ok(claims) => claims,
        Err(error) => return Ok(refused_by(&error)),
    };
    let console = &call.console;
    let email = claims.trusted_email(console.email_trust).and_then(|email| email.parse().ok());
    let email_is_open = email.is_none() && claims.email.is_some();
    let secret = Secret::new(console.chance.bytes());
    let identity = Identity { issuer: claims.issuer, subject: claims.subject };
    let earlier = Ticket::of(&call.headers).map(|ticket| (ticket.staff, ticket.secret.key()));
    let arrival = Arrival { identity, email, session: secret.key(), earlier };
    match sign_in(&*console.staff, &*console.sessions, &*console.audit, &arrival, call.now).await? {
        SignedIn::In { staff, session: _ } => {
            let ticket = Ticket { staff: staff.id, secret };
            go(&under_way.return_to, &[ticket.set_cookie(), remove_cookie(PENDING_COOKIE)])
        }
        SignedIn::Disabled => Ok(said(StatusCode::FORBIDDEN, NoticeKind::Error, words::DISABLED)),
        SignedIn::Stranger if email_is_open => Ok(said(StatusCode::FORBIDDEN, NoticeKind::Error, words::UNVERIFIED)),
        SignedIn::Stranger => Ok(said(StatusCode::FORBIDDEN, NoticeKind::Error, words::STRANGER)),
    }
}

/// `GET /signed-in`: after a sign-in in a window of its own.
pub async fn signed_in(_: Call) -> Result<Answer, Failure> {
    let words = frame_words::SIGNED_IN;
    Ok(Page::new(words.title, Section::Nowhere, headline(NoticeKind::Success, words)).into())
}

/// `GET /signed-out`
pub async fn signed_out(_: Call) -> Result<Answer, Failure> {
    Ok(said(StatusCode::OK, NoticeKind::Success, words::SIGNED_OUT))
}

/// `POST /sign-out`: ends the session here, if it has not ended by itself, then at the issuer.
pub async fn sign_out(call: Call) -> Result<Answer, Failure> {
    if let Some(person) = &call.person {
        app::staff::sign_out(&*call.console.sessions, &person.session, call.now).await?;
    }
    let home = format!("{}/signed-out", call.origin);
    let onward = call.console.issuer.sign_out_url(&home, call.now).await.unwrap_or(home);
    // Not a redirect: the page's policy lets no form lead to another site, the issuer's included.
    let content = html! {
        (headline(NoticeKind::Info, words::SIGNING_OUT))
        p { a href=(onward) { (words::GO_ON) } }
    };
    let mut response = call.frameless(Page::new(words::SIGNING_OUT.title, Section::Nowhere, content));
    let headers = response.headers_mut();
    if let Ok(refresh) = HeaderValue::from_str(&format!("0; url={onward}")) {
        headers.insert(HeaderName::from_static("refresh"), refresh);
    }
    if let Ok(cookie) = HeaderValue::from_str(&remove_cookie(session::COOKIE_NAME)) {
        headers.append(SET_COOKIE, cookie);
    }
    Ok(Answer::Raw(response))
}

fn under_way(call: &Call) -> Option<UnderWay> {
    let value = URL_SAFE_NO_PAD.decode(cookie(&call.headers, PENDING_COOKIE)?).ok()?;
    let under_way: UnderWay = serde_json::from_slice(&value).ok()?;
    (call.now.duration_since(under_way.begun) < SignedDuration::from_secs(PENDING_SECONDS)).then_some(under_way)
}

/// A path of our own to return to; home for anything else.
fn own_path(wanted: &str) -> String {
    let is_path = wanted.starts_with('/')
        && !wanted.starts_with("//")
        && wanted.len() <= RETURN_BYTES_MAX
        && wanted.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_path { wanted.to_owned() } else { "/".to_owned() }
}

/// The page of a sign-in that came to nothing.
fn refused_by(error: &SignInError) -> Answer {
    match error.fault() {
        Fault::Visitor => {
            tracing::info!(reason = %error, "sign-in not finished");
            let words = if matches!(error, SignInError::Denied) { words::DECLINED } else { words::OLD };
            said(StatusCode::BAD_REQUEST, NoticeKind::Warning, words)
        }
        // What a browser brings back, anybody can type: it raises no alarm.
        Fault::Ours(Kind::Permanent) if matches!(error, SignInError::Call(CallError::Redirected { .. })) => {
            tracing::warn!(error = %Chain(error), "sign-in ended by the issuer, or so it is said");
            said(StatusCode::BAD_REQUEST, NoticeKind::Error, words::ISSUER_SILENT)
        }
        Fault::Ours(Kind::Transient | Kind::Throttled) => {
            tracing::warn!(error = %Chain(error), "sign-in not possible now");
            said(StatusCode::SERVICE_UNAVAILABLE, NoticeKind::Error, words::ISSUER_SILENT)
        }
        Fault::Ours(Kind::Permanent) => {
            tracing::error!(error = %Chain(error), "sign-in not possible");
            said(StatusCode::SERVICE_UNAVAILABLE, NoticeKind::Error, words::ISSUER_SILENT)
        }
    }
}

fn said(status: StatusCode, kind: NoticeKind, said: Said) -> Answer {
    let content = html! {
        (headline(kind, said))
        p { (kit::link_button(ButtonKind::Primary, words::SIGN_IN, "/sign-in")) }
    };
    Page::new(said.title, Section::Nowhere, content).status(status).into()
}

fn go(location: &str, cookies: &[String]) -> Result<Answer, Failure> {
    let mut response: Response<Bytes> = with_type("text/plain; charset=utf-8", StatusCode::SEE_OTHER, Bytes::new());
    let headers = response.headers_mut();
    headers.insert(LOCATION, HeaderValue::from_str(location).map_err(|error| broken("go elsewhere", error))?);
    for cookie in cookies {
        headers.append(SET_COOKIE, HeaderValue::from_str(cookie).map_err(|error| broken("set a cookie", error))?);
    }
    Ok(Answer::Raw(response))
}

fn broken(doing: &'static str, error: impl std::error::Error + Send + Sync + 'static) -> Failure {
    Failure::Broken(app::error::Error::new(Kind::Permanent, doing, error))
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tracing::span::{Attributes, Id, Record};
    use tracing::{Event, Level, Metadata, Subscriber};

    use super::*;

    /// The levels of what was logged.
    #[derive(Clone, Default)]
    struct Levels(Arc<Mutex<Vec<Level>>>);

    impl Subscriber for Levels {
        fn enabled(&self, _: &Metadata<'_>) -> bool {
            true
        }
        fn new_span(&self, _: &Attributes<'_>) -> Id {
            Id::from_u64(1)
        }
        fn record(&self, _: &Id, _: &Record<'_>) {}
        fn record_follows_from(&self, _: &Id, _: &Id) {}
        fn event(&self, event: &Event<'_>) {
            self.0.lock().unwrap().push(*event.metadata().level());
        }
        fn enter(&self, _: &Id) {}
        fn exit(&self, _: &Id) {}
    }

    /// An alarm rings for every error: whoever types an address must not be able to ring it.
    #[test]
    fn what_a_browser_brings_back_is_never_logged_as_an_error() {
        let ours = SignInError::Call(CallError::Unusable { doing: "test", why: "test" });
        for (error, status, level) in [
            (SignInError::of_redirect("access_denied"), StatusCode::BAD_REQUEST, Level::INFO),
            (SignInError::of_redirect("invalid_scope"), StatusCode::BAD_REQUEST, Level::WARN),
            (SignInError::of_redirect("made up"), StatusCode::BAD_REQUEST, Level::WARN),
            (SignInError::of_redirect("server_error"), StatusCode::SERVICE_UNAVAILABLE, Level::WARN),
            (ours, StatusCode::SERVICE_UNAVAILABLE, Level::ERROR),
        ] {
            let levels = Levels::default();
            let answer = tracing::subscriber::with_default(levels.clone(), || refused_by(&error));
            let Answer::Page(page) = answer else { panic!("{error}: no page") };
            assert_eq!((page.status, levels.0.lock().unwrap().as_slice()), (status, &[level][..]), "{error}");
        }
    }

    #[test]
    fn one_returns_only_to_a_path_of_our_own() {
        for ours in ["/", "/people", "/town/waste-item?q=%E9%9B%BB&page=2"] {
            assert_eq!(own_path(ours), ours);
        }
        let long = format!("/{}", "a".repeat(RETURN_BYTES_MAX));
        for wrong in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/a b",
            "/a\r\nset-cookie: x",
            "people",
            &long,
        ] {
            assert_eq!(own_path(wrong), "/", "{wrong}");
        }
    }
}
