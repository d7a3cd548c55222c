//! The account and its friends: profile, followers, quota, loading animation, webhook endpoint.

use axum::http::StatusCode;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::{
    answer::{Answer, Call},
    clock::day_in_japan,
    ids::{UserId, opaque_token},
    limits::form::{ID, LOADING_SECONDS, LOADING_STEP, WEBHOOK_URL},
    people::{Index, Status},
    validate::Issues,
    world::World,
};

pub(super) fn quota(world: &World) -> Answer {
    Answer::ok(&match world.limits.monthly_quota {
        Some(value) => json!({ "type": "limited", "value": value }),
        None => json!({ "type": "none" }),
    })
}

pub(super) fn consumption(world: &World, call: &Call) -> Answer {
    Answer::ok(&json!({ "totalUsage": world.usage.this_month(call.now_ms) }))
}

/// Numbers of a day are there from the next day on.
pub(super) fn sent(world: &World, call: &Call, way: &'static str) -> Answer {
    let date = call.query("date").unwrap_or_default();
    if date.len() != 8 || !date.bytes().all(|digit| digit.is_ascii_digit()) {
        return Answer::bad("The value for the 'date' parameter is invalid");
    }
    if date >= day_in_japan(call.now_ms) {
        return Answer::ok(&json!({ "status": "unready" }));
    }
    Answer::ok(&json!({ "status": "ready", "success": world.usage.on_day(&date, way) }))
}

pub(super) fn profile(world: &World, call: &Call) -> Answer {
    match friend(world, call.segment(0)) {
        Some(index) => Answer::ok(&json!({
            "userId": call.segment(0), "displayName": world.people.name(index), "language": "ja",
        })),
        None => Answer::not_found(),
    }
}

fn friend(world: &World, user_id: &str) -> Option<Index> {
    let index = world.people.find(UserId::parse(user_id)?)?;
    world.people.get(index).filter(|resident| resident.status == Status::Following).map(|_| index)
}

pub(super) fn followers(world: &World, call: &Call) -> Answer {
    if !world.limits.verified_account {
        return Answer::error(StatusCode::FORBIDDEN, "Access to this API is not available for your account");
    }
    let limit = match call.query("limit").map(|limit| limit.parse::<usize>()) {
        None => world.limits.followers_page,
        Some(Ok(limit)) if (1..=world.limits.max_followers_page).contains(&limit) => limit,
        Some(_) => return Answer::bad("The value for the 'limit' parameter is invalid"),
    };
    let from = match call.query("start").map(|token| continuation_of(&token, call.now_ms)) {
        None => 0,
        Some(Some(from)) => from,
        Some(None) => return Answer::bad("The value for the 'start' parameter is invalid"),
    };
    let people = world.people.all().iter().enumerate().skip(from);
    let mut following = people.filter(|(_, resident)| resident.status == Status::Following);
    let ids: Vec<String> = following.by_ref().take(limit).map(|(_, resident)| resident.id.to_string()).collect();
    let mut page = json!({ "userIds": ids });
    if let Some((next, _)) = following.next() {
        page["next"] =
            json!(URL_SAFE_NO_PAD.encode(format!("{next}:{}", call.now_ms + world.limits.followers_token_ms)));
    }
    Answer::ok(&page)
}

fn continuation_of(token: &str, now_ms: i64) -> Option<usize> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let (from, ends_ms) = text.split_once(':')?;
    (now_ms < ends_ms.parse().ok()?).then(|| from.parse().ok()).flatten()
}

pub(super) fn info(world: &World) -> Answer {
    let config = &world.config;
    Answer::ok(&json!({
        "userId": config.bot_user_id, "basicId": "@simulator", "displayName": config.account_name,
        "chatMode": "bot", "markAsReadMode": "auto",
    }))
}

pub(super) fn loading(world: &World, call: &Call) -> Answer {
    let body = match call.object() {
        Ok(body) => body,
        Err(refusal) => return refusal,
    };
    let mut issues = Issues::new(world);
    let chat = issues.text(&body, "chatId", ID).unwrap_or_default();
    if UserId::parse(chat).is_none() {
        issues.add("chatId", "Invalid user ID");
    }
    if let Some(seconds) = issues.whole_number(&body, "", "loadingSeconds", LOADING_SECONDS.0, LOADING_SECONDS.1)
        && seconds % LOADING_STEP != 0
    {
        issues.add("loadingSeconds", &format!("Must be a multiple of {LOADING_STEP}"));
    }
    issues.refusal().unwrap_or_else(|| {
        if let Some(index) = friend(world, chat) {
            world.journal.publish(
                "loading",
                &json!({
                    "userId": chat, "name": world.people.name(index),
                    "seconds": body["loadingSeconds"].as_u64().unwrap_or(20),
                }),
            );
        }
        Answer::accepted()
    })
}

pub(super) fn mark_as_read(call: &Call) -> Answer {
    match call.object() {
        Ok(body) if body["markAsReadToken"].is_string() => Answer::empty(),
        Ok(_) => Answer::bad("The request body has 1 error(s)"),
        Err(refusal) => refusal,
    }
}

pub(super) fn link_token(world: &World, call: &Call) -> Answer {
    match friend(world, call.segment(0)) {
        Some(_) => Answer::ok(&json!({ "linkToken": opaque_token() })),
        None => Answer::not_found(),
    }
}

pub(super) fn get_webhook(world: &World) -> Answer {
    match &world.config.webhook {
        Some(endpoint) => Answer::ok(&json!({ "endpoint": endpoint, "active": true })),
        None => Answer::error(StatusCode::NOT_FOUND, "Webhook endpoint not found"),
    }
}

pub(super) fn set_webhook(world: &mut World, call: &Call) -> Answer {
    let body: Value = match call.object() {
        Ok(body) => body,
        Err(refusal) => return refusal,
    };
    let mut issues = Issues::new(world);
    issues.https(&body, "", "endpoint", WEBHOOK_URL);
    if let Some(refusal) = issues.refusal() {
        return refusal;
    }
    world.config.webhook = body["endpoint"].as_str().map(str::to_owned);
    Answer::empty()
}
