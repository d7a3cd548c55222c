//! What every call of LINE's API passes: request id, faults, token, rate, retry key; then its endpoint; then the journal.

use std::time::{Duration, Instant};

use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Response, StatusCode, Uri, header::CONTENT_TYPE, request::Parts},
};
use serde_json::json;

use crate::{
    Shared,
    answer::{Answer, Call},
    api, deliver,
    endpoints::{Endpoint, Host, Route, route},
    faults::{Fault, Kind},
    ids, journal,
    world::World,
};

const RATE_LIMIT: &str = "The API rate limit has been exceeded. Try again later.";
const MONTHLY_LIMIT: &str = "You have reached your monthly limit.";

/// Answers one call as `api.line.me`.
pub(crate) async fn answer_api(State(platform): State<Shared>, request: Request) -> Response<Body> {
    answer(platform, Host::Api, request).await
}

/// Answers one call as `api-data.line.me`.
pub(crate) async fn answer_data(State(platform): State<Shared>, request: Request) -> Response<Body> {
    answer(platform, Host::Data, request).await
}

async fn answer(platform: Shared, host: Host, request: Request) -> Response<Body> {
    let began = Instant::now();
    let request_id = ids::request_id();
    let (parts, body) = request.into_parts();
    let max_bytes = platform.world().limits.max_body_bytes;
    let body = axum::body::to_bytes(body, max_bytes).await.ok();
    let mut fault = None;
    let answer = match route(host, &parts.method, parts.uri.path()) {
        Route::Nowhere => Answer::not_found(),
        Route::OtherHost => {
            Answer { warning: Some("this is an endpoint of LINE's other host".to_owned()), ..Answer::not_found() }
        }
        Route::OtherMethod => Answer::error(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed"),
        Route::To(endpoint, group, open) => {
            fault = fault_of(&platform, group);
            let call = body.clone().map(|body| call_of(&parts, endpoint, request_id.clone(), open, body));
            process(&platform, fault, &parts.headers, call).await
        }
    };
    let entry = journal::Call {
        at: platform.world().clock.now(),
        method: parts.method.to_string(),
        path: journaled_path(&parts.uri),
        status: answer.status.as_u16(),
        request_id: request_id.clone(),
        retry_key: header(&parts.headers, "x-line-retry-key"),
        accepted_request_id: answer.accepted_request_id.clone(),
        ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        request: journaled(
            &header(&parts.headers, CONTENT_TYPE.as_str()).unwrap_or_default(),
            body.unwrap_or_default(),
        ),
        response: if is_token_service(parts.uri.path()) {
            Bytes::new()
        } else {
            journaled(&answer.content_type, answer.body.clone())
        },
        fault: fault.and_then(|fault| serde_json::to_value(fault.kind).ok()?.as_str().map(str::to_owned)),
        warning: answer.warning.clone(),
    };
    // Before the pause below: the caller may give up and take this task with it.
    platform.world().journal.call(entry);
    if let Some(fault) = fault {
        pause(fault, answer.status).await;
    }
    with_headers(answer, &request_id)
}

/// The fault that hits a call of these endpoints now, if any.
pub(crate) fn fault_of(platform: &Shared, group: &str) -> Option<Fault> {
    let mut world = platform.world();
    let now_ms = world.clock.now();
    world.faults.for_call(group, now_ms)
}

fn call_of(parts: &Parts, endpoint: Endpoint, request_id: String, open: Vec<String>, body: Bytes) -> Call {
    Call {
        endpoint,
        request_id,
        now_ms: 0,
        open,
        query: parts.uri.query().unwrap_or_default().to_owned(),
        content_type: header(&parts.headers, CONTENT_TYPE.as_str()).unwrap_or_default(),
        retry_key: None,
        body,
    }
}

async fn process(platform: &Shared, fault: Option<Fault>, headers: &HeaderMap, call: Option<Call>) -> Answer {
    match fault.map(|fault| fault.kind) {
        Some(Kind::Error400) => return Answer::bad("Bad request"),
        Some(Kind::Error500) => return Answer::error(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error"),
        // Its answer is never sent.
        Some(Kind::TimeoutBefore | Kind::HangUp) => return Answer::error(StatusCode::GATEWAY_TIMEOUT, "never sent"),
        Some(Kind::Rate429) => return Answer::error(StatusCode::TOO_MANY_REQUESTS, RATE_LIMIT),
        Some(Kind::Quota429) => return Answer::error(StatusCode::TOO_MANY_REQUESTS, MONTHLY_LIMIT),
        _ => {}
    }
    let Some(mut call) = call else {
        return Answer::error(StatusCode::PAYLOAD_TOO_LARGE, "Payload Too Large");
    };
    {
        let mut world = platform.world();
        call.now_ms = world.clock.now();
        if fault.is_some_and(|fault| fault.kind == Kind::ExpireToken) {
            world.tokens.expire_all(call.now_ms);
        }
        if let Err(refusal) = admit(&mut world, headers, &mut call) {
            return refusal;
        }
        if fault.is_some_and(|fault| fault.kind == Kind::BadReplyToken) && call.endpoint == Endpoint::Reply {
            return Answer::bad("Invalid reply token");
        }
        if call.endpoint != Endpoint::TestWebhook {
            return api::dispatch(&mut world, &call);
        }
    }
    deliver::test(platform, &call).await
}

/// Token, rate and retry key, in this order.
fn admit(world: &mut World, headers: &HeaderMap, call: &mut Call) -> Result<(), Answer> {
    if call.endpoint.needs_token() {
        let token = header(headers, "authorization");
        let token = token.as_deref().and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
        if world.tokens.seconds_left(token, call.now_ms).is_none() {
            let message = "Authentication failed. Confirm that the access token in the authorization header is valid.";
            return Err(Answer::error(StatusCode::UNAUTHORIZED, message));
        }
    }
    let World { buckets, limits, .. } = world;
    if !buckets.take(call.endpoint, limits, call.now_ms) {
        return Err(Answer::error(StatusCode::TOO_MANY_REQUESTS, RATE_LIMIT));
    }
    let Some(key) = header(headers, "x-line-retry-key") else { return Ok(()) };
    if !call.endpoint.takes_retry_key() {
        return Err(Answer::bad("The X-Line-Retry-Key header is not supported by this endpoint"));
    }
    let key = uuid::Uuid::try_parse(&key).ok().filter(|_| key.len() == 36);
    let Some(key) = key else { return Err(Answer::bad("The retry key is invalid")) };
    call.retry_key = Some(key.as_u128());
    match world.retry_keys.find(key.as_u128(), world.limits.retry_key_ms, call.now_ms) {
        None => Ok(()),
        Some(accepted) => {
            let mut body = json!({ "message": "The retry key is already accepted" });
            if let Some(sent) = &accepted.sent_messages {
                body["sentMessages"] = sent.clone();
            }
            let mut answer = Answer::json(StatusCode::CONFLICT, &body);
            answer.accepted_request_id = Some(accepted.request_id.clone());
            answer.warning = (accepted.fingerprint != call.fingerprint())
                .then(|| "this retry key was accepted with another request".to_owned());
            Err(answer)
        }
    }
}

/// The time that a fault costs; a caller who shall get no answer is hung up on.
pub(crate) async fn pause(fault: Fault, status: StatusCode) {
    let wait = tokio::time::sleep(Duration::from_millis(fault.ms));
    let accepted = status.is_success() || status == StatusCode::CONFLICT;
    match fault.kind {
        Kind::Slow => wait.await,
        Kind::TimeoutBefore | Kind::HangUp => {
            wait.await;
            hang_up();
        }
        Kind::TimeoutAfterAccept if accepted => {
            wait.await;
            hang_up();
        }
        _ => {}
    }
}

/// Ends the connection's task, and with it the connection, without an answer and without noise.
fn hang_up() -> ! {
    std::panic::resume_unwind(Box::new("the simulator hung up"))
}

fn with_headers(answer: Answer, request_id: &str) -> Response<Body> {
    let accepted = answer.accepted_request_id.clone();
    let mut response = answer.into_response();
    let headers = [("x-line-request-id", Some(request_id.to_owned())), ("x-line-accepted-request-id", accepted)];
    for (name, value) in headers {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

fn journaled_path(uri: &Uri) -> String {
    match uri.path_and_query() {
        Some(whole) if !is_token_service(uri.path()) => whole.to_string(),
        _ => uri.path().to_owned(),
    }
}

/// Its answers and parameters are secrets.
fn is_token_service(path: &str) -> bool {
    path.starts_with("/oauth2/") || path.starts_with("/v2/oauth/")
}

/// JSON is kept for the journal; forms (they hold the secret) and pictures are not.
fn journaled(content_type: &str, body: Bytes) -> Bytes {
    if content_type.starts_with("application/json") { body } else { Bytes::new() }
}
