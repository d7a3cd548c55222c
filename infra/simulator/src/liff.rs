//! LIFF for this machine: the address that a link opens, what the stand-in of the SDK asks for, and the sign-in outside of LINE.

use std::fmt::Write as _;

use axum::{
    Form, Json, Router,
    body::{Body, Bytes},
    extract::{Query, State},
    http::{
        HeaderValue, Response, StatusCode,
        header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL},
    },
    response::{Html, IntoResponse, Redirect},
    routing::{get, post},
};
use reqwest::Url;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    Shared,
    config::Config,
    faults::Kind,
    gate,
    login::{Browser, Visitor, channel},
    people::Status,
    phone, words,
    world::World,
};

/// How faults name it.
pub(crate) const GROUP: &str = "liff";
/// Where LIFF apps are opened.
const OPENER: &str = "https://liff.line.me/";
/// The fragment by which a ticket comes to the page.
const TICKET: &str = "liff-ticket";
/// So many residents are shown to sign in as.
const SHOWN_MAX: usize = 50;
/// So far in the past an ID token begins that comes expired.
const EXPIRED_MS: i64 = 2 * 3_600_000;

/// What the stand-in of the SDK and its sign-in need.
pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .route("/liff/sdk.js", get(sdk))
        .route("/liff/init", post(init))
        .route("/liff/login", get(choose).post(sign_in))
}

/// The page that a link of a LIFF app opens for somebody in LINE: the app's endpoint, which is told the rest of the link as
/// `liff.state`, as LINE does it. `None` for any other link.
pub(crate) fn open(world: &mut World, link: &str, visitor: Visitor) -> Option<String> {
    let rest = link.strip_prefix(OPENER)?.strip_prefix(world.config.liff_id.as_deref()?)?;
    let is_apart = rest.is_empty() || rest.starts_with(['/', '?', '#']);
    let mut page = Url::parse(world.config.liff_endpoint.as_deref()?).ok().filter(|_| is_apart)?;
    if !matches!(rest, "" | "/") {
        page.query_pairs_mut().append_pair("liff.state", rest);
    }
    Some(with_ticket(world, page, visitor))
}

fn with_ticket(world: &mut World, mut page: Url, visitor: Visitor) -> String {
    page.set_fragment(Some(&format!("{TICKET}={}", world.visits.ticket(visitor))));
    page.into()
}

async fn sdk(State(platform): State<Shared>) -> Response<Body> {
    for_the_app(&platform.world().config, phone::respond("liff/sdk.js"))
}

/// What `liff.init()` asks: `{"liffId", "ticket"?, "session"?}`. The token of the answer is new each time, as LINE's is; the stand-in of
/// the SDK takes only the first.
async fn init(State(platform): State<Shared>, body: Bytes) -> Response<Body> {
    let fault = gate::fault_of(&platform, GROUP);
    let answer = match fault.map(|fault| fault.kind) {
        Some(Kind::Error400) => StatusCode::BAD_REQUEST.into_response(),
        Some(Kind::Error500) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        kind => initialised(&mut platform.world(), &body, kind),
    };
    if let Some(fault) = fault {
        gate::pause(fault, answer.status()).await;
    }
    for_the_app(&platform.world().config, answer)
}

fn initialised(world: &mut World, body: &Bytes, fault: Option<Kind>) -> Response<Body> {
    let asked: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |name: &str| asked[name].as_str().unwrap_or_default();
    let Config { liff_id: Some(id), liff_endpoint: Some(endpoint), login_key: Some(key), .. } = world.config.clone()
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if text("liffId") != id {
        return StatusCode::NOT_FOUND.into_response();
    }
    let known = world.visits.visitor(text("session")).map(|visitor| (text("session").to_owned(), visitor));
    let Some((session, visitor)) = world.visits.enter(text("ticket")).or(known) else {
        return Json(json!({ "endpoint": endpoint })).into_response();
    };
    let user_id = world.people.get(visitor.resident).map(|resident| resident.id.to_string()).unwrap_or_default();
    let age_ms = if fault == Some(Kind::ExpireToken) { EXPIRED_MS } else { 0 };
    Json(json!({
        "endpoint": endpoint, "session": session, "inClient": visitor.browser == Browser::Line,
        "idToken": key.id_token(&user_id, channel(&id), world.clock.now() - age_ms),
    }))
    .into_response()
}

/// Lets the pages of the LIFF app read an answer, and no others.
fn for_the_app(config: &Config, mut answer: Response<Body>) -> Response<Body> {
    let origin = config.liff_endpoint.as_deref().and_then(origin);
    if let Some(origin) = origin.and_then(|origin| HeaderValue::from_str(&origin).ok()) {
        answer.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

fn origin(address: &str) -> Option<String> {
    Url::parse(address).ok().map(|url| url.origin().ascii_serialization())
}

/// Where somebody comes back to after the sign-in.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Back {
    redirect_uri: String,
}

/// Who signs in, and where they come back to.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SignIn {
    user_id: String,
    redirect_uri: String,
}

/// The page of LINE Login: who are you?
async fn choose(State(platform): State<Shared>, Query(back): Query<Back>) -> Response<Body> {
    let world = platform.world();
    if returning(&world.config, &back.redirect_uri).is_none() {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let followers = (0..).zip(world.people.all()).filter(|(_, resident)| resident.status == Status::Following);
    let mut residents = String::new();
    for (index, resident) in followers.take(SHOWN_MAX) {
        let (id, name) = (resident.id, escaped(&world.people.name(index)));
        // Writing into a string cannot fail.
        let _ = writeln!(residents, "<p><button name=\"userId\" value=\"{id}\">{name}</button></p>");
    }
    let (title, back) = (words::LOGIN_TITLE, escaped(&back.redirect_uri));
    Html(format!(
        "<!doctype html><html lang=\"ja\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title}</title><h1>{title}</h1>\n<form method=\"post\">\
         <input type=\"hidden\" name=\"redirectUri\" value=\"{back}\">\n{residents}</form></html>"
    ))
    .into_response()
}

async fn sign_in(State(platform): State<Shared>, Form(wish): Form<SignIn>) -> Response<Body> {
    let mut world = platform.world();
    let page = returning(&world.config, &wish.redirect_uri);
    let (Some(page), Some(resident)) = (page, world.find(&wish.user_id)) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    Redirect::to(&with_ticket(&mut world, page, Visitor { resident, browser: Browser::Other })).into_response()
}

/// The address to come back to, if it lies where the LIFF app does.
fn returning(config: &Config, address: &str) -> Option<Url> {
    let page = Url::parse(address).ok()?;
    let home = origin(config.liff_endpoint.as_deref()?)?;
    (page.origin().ascii_serialization() == home).then_some(page)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
