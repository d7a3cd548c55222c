//! Lets a request through to its page, or says why not. Everything is denied that a route does not allow.
//!
//! In this order: is the body of a bearable size; does a POST come from our own pages; who asks; do their roles allow it;
//! what stands in the form; does it carry their token. So nobody makes us take apart a body who may not send it, with one
//! exception: a form that was filled in before the session ended is not lost, it comes back with everything typed, to be
//! sent again. A file in it does not.

use std::collections::BTreeMap;
use std::sync::Arc;

use app::error::Chain;
use app::staff::attend;
use aws::web::is_ours;
use bytes::Bytes;
use domain::audit::{Act as Done, Action, Actor};
use domain::ids::StaffId;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use jiff::Timestamp;

use super::call::{Answer, Call, Failure, Person};
use super::fields::{Fields, read_form};
use super::respond;
use super::session::{Ticket, same};
use crate::Console;
use crate::frame::SIGN_OUT;
use crate::kit::CSRF_FIELD;
use crate::routes::{Route, Rule};
use crate::words::frame;

/// A form comes back with at most so many bytes: hidden and seen, each with its signs escaped, they fit into the 6 MB that
/// Lambda answers with.
const RETURNED_BYTES_MAX: usize = 400_000;

/// Serves one request on a route whose path has matched.
pub async fn serve(
    console: Arc<Console>,
    route: &Route,
    params: BTreeMap<String, String>,
    request: Request<Bytes>,
) -> Response<Bytes> {
    let (head, body) = request.into_parts();
    let call = match prepare(console, route, params, head, &body).await {
        Ok(call) => call,
        Err(answer) => return answer,
    };
    let frame = respond::frame_of(&call);
    match through(route, call, &body).await {
        Ok(answer) => respond::answer(&frame, answer),
        Err(Stop::Failed(failure)) => respond::failure(&frame, &failure),
        Err(Stop::Answered(answer)) => *answer,
    }
}

/// Why a request does not reach its page.
enum Stop {
    Failed(Failure),
    Answered(Box<Response<Bytes>>),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl Stop {
    fn answered(answer: Response<Bytes>) -> Self {
        Self::Answered(Box::new(answer))
    }
}

/// Reads all of the request but its form, and finds out who asks.
async fn prepare(
    console: Arc<Console>,
    route: &Route,
    params: BTreeMap<String, String>,
    head: http::request::Parts,
    body: &Bytes,
) -> Result<Call, Response<Bytes>> {
    let now = console.clock.now();
    if body.len() > route.body_max {
        return Err(respond::bare(StatusCode::PAYLOAD_TOO_LARGE, frame::TOO_LARGE));
    }
    let origin = console.origin(&head.headers);
    if head.method == Method::POST && !is_ours(&head.headers, &origin) {
        tracing::warn!(http.path = route.path, "a form from elsewhere");
        return Err(respond::bare(StatusCode::FORBIDDEN, frame::FOREIGN));
    }
    let broken = |error: app::error::Error| {
        tracing::error!(http.path = route.path, error = %Chain(&error), "page not made");
        respond::bare(StatusCode::SERVICE_UNAVAILABLE, frame::BROKEN)
    };
    let person = match route.rule {
        Rule::Public | Rule::Embedded => None,
        Rule::May(_) | Rule::EditFor(_) => who(&console, &head.headers, now).await.map_err(&broken)?,
    };
    let town = match route.rule {
        Rule::Embedded => Arc::default(),
        Rule::Public | Rule::May(_) | Rule::EditFor(_) => console.towns.current().await.map_err(&broken)?,
    };
    Ok(Call {
        method: head.method,
        path: head.uri.path().to_owned(),
        params,
        query: Fields::parse(head.uri.query().unwrap_or_default().as_bytes()),
        form: Fields::default(),
        upload: None,
        headers: head.headers,
        person,
        town,
        origin,
        now,
        console,
    })
}

/// Checks what the route asks, and serves it.
async fn through(route: &Route, mut call: Call, body: &Bytes) -> Result<Answer, Stop> {
    if let Rule::May(_) | Rule::EditFor(_) = route.rule {
        let Some(person) = &call.person else {
            // Who leaves after their session has ended is to be out at the issuer, too.
            return if route.path == SIGN_OUT {
                Ok((route.serve)(call).await?)
            } else {
                Err(turned_away(call, body).await)
            };
        };
        if let Err(failure) = allowed(route, &call, person) {
            if matches!(failure, Failure::Denied) {
                record(&call.console, route, &denial(&call, person)).await?;
            }
            return Err(failure.into());
        }
    }
    take_form(&mut call, body).await?;
    if let Some(person) = &call.person
        && call.method == Method::POST
        && !same(call.form.text(CSRF_FIELD), &person.csrf)
    {
        return Err(returned(&call, |call| respond::resend(call, person)));
    }
    let console = call.console.clone();
    let denial = call.person.as_ref().map(|person| denial(&call, person));
    let served = (route.serve)(call).await;
    // A page may find out only later that it must not: that is written down all the same.
    if let (Err(Failure::Denied), Some(denial)) = (&served, denial) {
        record(&console, route, &denial).await?;
    }
    Ok(served?)
}

/// What somebody gets who is not signed in (any more).
async fn turned_away(mut call: Call, body: &Bytes) -> Stop {
    if call.method != Method::POST {
        return Stop::answered(respond::to_sign_in(&call));
    }
    match take_form(&mut call, body).await {
        Ok(()) => returned(&call, respond::expired),
        Err(failure) => failure.into(),
    }
}

/// A form on its way back to whoever typed it.
fn returned(call: &Call, page: impl FnOnce(&Call) -> Response<Bytes>) -> Stop {
    let bytes: usize = call.form.iter().map(|(name, value)| name.len() + value.len()).sum();
    if bytes <= RETURNED_BYTES_MAX { Stop::answered(page(call)) } else { Failure::TooLarge.into() }
}

/// Takes the form out of the body.
async fn take_form(call: &mut Call, body: &Bytes) -> Result<(), Failure> {
    if call.method == Method::POST {
        (call.form, call.upload) = read_form(&call.headers, body).await.map_err(|_| Failure::BadRequest)?;
    }
    Ok(())
}

fn allowed(route: &Route, call: &Call, person: &Person) -> Result<(), Failure> {
    let roles = &person.staff.roles;
    let may = match route.rule {
        Rule::Public | Rule::Embedded => true,
        Rule::May(act) => roles.allow(act),
        Rule::EditFor(owner) => match owner(&call.town, call) {
            Some(owner) => owner.lets(roles),
            None => return Err(Failure::NotFound),
        },
    };
    if may { Ok(()) } else { Err(Failure::Denied) }
}

/// The log of the function counts every denial; the audit log says once in a while who tries what.
async fn record(console: &Console, route: &Route, (who, denial): &(StaffId, Done)) -> Result<(), Failure> {
    tracing::warn!(http.path = route.path, staff.id = %who, "denied");
    console.audit.append_seldom(denial, &format!("denied/{who}/{} {}", route.method, route.path)).await?;
    Ok(())
}

fn denial(call: &Call, person: &Person) -> (StaffId, Done) {
    let who = person.staff.id.clone();
    let act = Done {
        at: call.now,
        actor: Actor::Staff(who.clone()),
        action: Action::Denied,
        subject: format!("{} {}", call.method, call.path.chars().take(200).collect::<String>()),
        department: None,
        before: String::new(),
        after: String::new(),
    };
    (who, act)
}

/// Who asks: the session of the cookie, if it still holds and its person still works here.
async fn who(console: &Console, headers: &HeaderMap, now: Timestamp) -> Result<Option<Person>, app::error::Error> {
    let Some(ticket) = Ticket::of(headers) else { return Ok(None) };
    let there = attend(&*console.sessions, &ticket.staff, &ticket.secret.key(), now).await?;
    Ok(there.map(|(session, staff)| Person { staff, session, csrf: ticket.secret.csrf() }))
}

/// Where the console stands: as configured, or as the browser asked for it.
pub(crate) fn origin_of(headers: &HeaderMap, configured: Option<&str>) -> String {
    configured.map_or_else(|| aws::web::origin_of(headers), |address| address.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn the_origin_is_what_the_browser_asked_for_unless_configured() {
        for (host, expected) in [
            ("abc.lambda-url.ap-northeast-1.on.aws", "https://abc.lambda-url.ap-northeast-1.on.aws"),
            ("abc.localhost:4566", "http://abc.localhost:4566"),
            ("127.0.0.1:4566", "http://127.0.0.1:4566"),
            ("localhost.evil.example", "https://localhost.evil.example"),
        ] {
            assert_eq!(origin_of(&headers(&[("host", host)]), None), expected);
            assert_eq!(origin_of(&headers(&[("host", host)]), Some("https://c.example/")), "https://c.example");
        }
    }
}
