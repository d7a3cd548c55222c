//! Residents: make them, let them act, read their chats and menus.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Json,
    body::Bytes,
    extract::{Path, Query, State},
    http::StatusCode,
};
use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};

use super::{Answered, Refusal, journal::menu_of, journal::number, parse};
use crate::{
    Shared, deliver,
    events::{self, Outgoing},
    ids::UserId,
    liff,
    login::{Browser, Visitor},
    people::{Index, MAX_RESIDENTS, Status},
    world::World,
};

/// At most so many residents of one request are listed and get a chat.
const MAX_LISTED: usize = 1_000;
/// Residents are made in portions, so that others get to the state in between.
const PORTION: usize = 20_000;
const WEBHOOKS_AT_ONCE: usize = 16;
const DEFAULT_PAGE: usize = 50;
const MAX_PAGE: usize = 10_000;
const MAX_EVENTS: usize = 10_000;

pub(super) async fn create(State(platform): State<Shared>, body: Bytes) -> Answered<(StatusCode, Json<Value>)> {
    let wish = parse(&body)?;
    let count = wish.get("count").map_or(Some(1), Value::as_u64).and_then(|count| usize::try_from(count).ok());
    let count = count.filter(|count| (1..=MAX_RESIDENTS).contains(count));
    let count = count.ok_or_else(|| Refusal::bad(format!("count must be between 1 and {MAX_RESIDENTS}")))?;
    let seed = match &wish["seed"] {
        Value::Null => "default".to_owned(),
        Value::String(seed) => seed.clone(),
        other => other.to_string(),
    };
    let mut made = Vec::with_capacity(count);
    while made.len() < count {
        let portion = PORTION.min(count - made.len());
        if make(&platform, &seed, portion, &mut made) < portion {
            return Err(Refusal(StatusCode::CONFLICT, format!("the town is full: {MAX_RESIDENTS} residents")));
        }
        tokio::task::yield_now().await;
    }
    let listed = introduce(&platform, &made, wish["name"].as_str());
    if wish["webhooks"].as_bool().unwrap_or(true) {
        tokio::spawn(follow_all(Arc::clone(&platform), made));
    }
    Ok((StatusCode::CREATED, Json(json!({ "count": count, "residents": listed }))))
}

fn make(platform: &Shared, seed: &str, portion: usize, made: &mut Vec<Index>) -> usize {
    let mut world = platform.world();
    world.revision += 1;
    let before = made.len();
    made.extend((0..portion).map_while(|_| world.people.add_from_seed(seed)));
    made.len() - before
}

/// Opens chats for a small group, gives them their name, and lists them.
fn introduce(platform: &Shared, made: &[Index], name: Option<&str>) -> Vec<Value> {
    let mut world = platform.world();
    for (number, &index) in made.iter().enumerate().take(MAX_LISTED) {
        match name {
            Some(name) if made.len() == 1 => world.people.rename(index, name.to_owned()),
            Some(name) => world.people.rename(index, format!("{name} {}", number + 1)),
            None => {}
        }
        if made.len() <= MAX_LISTED {
            world.chats.open(index);
            world.publish_resident(index);
        }
    }
    made.iter()
        .take(MAX_LISTED)
        .filter_map(|&index| {
            let id = world.people.get(index)?.id.to_string();
            Some(json!({ "userId": id, "name": world.people.name(index) }))
        })
        .collect()
}

/// Sends the follow events of many residents, so many a webhook as LINE puts together.
async fn follow_all(platform: Shared, made: Vec<Index>) {
    let per_webhook = platform.world().limits.events_per_webhook;
    stream::iter(made.chunks(per_webhook))
        .for_each_concurrent(WEBHOOKS_AT_ONCE, |indexes| {
            let platform = &platform;
            async move {
                let events: Vec<Outgoing> = {
                    let mut world = platform.world();
                    // After a reset these residents are gone.
                    let still = indexes.iter().filter(|index| (**index as usize) < world.people.len());
                    let still: Vec<Index> = still.copied().collect();
                    still.into_iter().map(|index| events::follow(&mut world, index)).collect()
                };
                if !events.is_empty() {
                    deliver::deliver(platform, events).await;
                }
            }
        })
        .await;
}

pub(super) async fn list(
    State(platform): State<Shared>,
    Query(parameters): Query<HashMap<String, String>>,
) -> Answered {
    let limit = number(&parameters, "limit", DEFAULT_PAGE)?.min(MAX_PAGE);
    let world = platform.world();
    let from = match parameters.get("after") {
        None => 0,
        Some(after) => world.find(after).ok_or_else(Refusal::not_found)? + 1,
    };
    let indexes = (from..).take(limit).take_while(|index| (*index as usize) < world.people.len());
    let residents: Vec<Value> = indexes.map(|index| world.resident(index)).collect();
    Ok(Json(json!({
        "count": world.people.len(), "following": world.people.following(), "residents": residents,
    })))
}

pub(super) async fn get(State(platform): State<Shared>, Path(user_id): Path<String>) -> Answered {
    let world = platform.world();
    let index = world.find(&user_id).ok_or_else(Refusal::not_found)?;
    let mut shown = world.resident(index);
    shown["sends"] = json!(world.people.get(index).map_or(0, |resident| resident.sends));
    Ok(Json(shown))
}

/// The resident of that id; unknown ones are made, as strangers until they follow.
fn resident(world: &mut World, user_id: &str) -> Answered<Index> {
    let id = UserId::parse(user_id).ok_or_else(|| Refusal::bad("a user id is U and 32 hex digits"))?;
    if let Some(index) = world.people.find(id) {
        return Ok(index);
    }
    world.revision += 1;
    world.people.add(id, Status::Stranger).ok_or_else(|| Refusal::bad("the town is full"))
}

pub(super) async fn play(
    State(platform): State<Shared>,
    Path(user_id): Path<String>,
    body: Bytes,
) -> Answered<(StatusCode, Json<Value>)> {
    let request = parse(&body)?;
    let outgoing = play_one(&platform, &user_id, &request)?;
    let wait = request["wait"].as_bool().unwrap_or(true);
    Ok((StatusCode::ACCEPTED, Json(answer(&platform, vec![outgoing], wait).await)))
}

fn play_one(platform: &Shared, user_id: &str, request: &Value) -> Answered<Outgoing> {
    let mut world = platform.world();
    let index = resident(&mut world, user_id)?;
    world.chats.open(index);
    if let Some(name) = request["name"].as_str() {
        world.people.rename(index, name.to_owned());
    }
    events::play(&mut world, index, request).map_err(Refusal::bad)
}

/// Sends the webhook in a task of its own, which a caller who hangs up does not end, and waits for it if wanted.
async fn answer(platform: &Shared, events: Vec<Outgoing>, wait: bool) -> Value {
    let first = events.first();
    let mut shown = json!({ "webhookEventId": first.and_then(Outgoing::event_id) });
    if let Some(token) = first.and_then(|outgoing| outgoing.reply_token.clone()) {
        shown["replyToken"] = json!(token);
    }
    if let Some(id) = first.and_then(|outgoing| outgoing.event["message"]["id"].as_str()) {
        shown["messageId"] = json!(id);
    }
    let platform = Arc::clone(platform);
    let task = tokio::spawn(async move { deliver::deliver(&platform, events).await });
    if wait && let Ok(outcome) = task.await {
        shown["delivery"] = outcome.json();
    }
    shown
}

/// Many events at once: `{"events": [{"userId", "type", ...}], "wait"?: bool}`, so many a webhook as LINE puts together.
pub(super) async fn play_many(State(platform): State<Shared>, body: Bytes) -> Answered<(StatusCode, Json<Value>)> {
    let request = parse(&body)?;
    let wishes = request["events"].as_array().filter(|events| (1..=MAX_EVENTS).contains(&events.len()));
    let wishes = wishes.ok_or_else(|| Refusal::bad(format!("events must be 1 to {MAX_EVENTS} events")))?;
    let mut outgoing = Vec::with_capacity(wishes.len());
    for wish in wishes {
        outgoing.push(play_one(&platform, wish["userId"].as_str().unwrap_or_default(), wish)?);
    }
    let wait = request["wait"].as_bool().unwrap_or(true);
    let ids: Vec<Option<String>> = outgoing.iter().map(|outgoing| outgoing.event_id().map(str::to_owned)).collect();
    let mut deliveries = Vec::new();
    let per_webhook = platform.world().limits.events_per_webhook;
    for chunk in outgoing.chunks(per_webhook) {
        deliveries.push(answer(&platform, chunk.to_vec(), wait).await["delivery"].take());
    }
    Ok((StatusCode::ACCEPTED, Json(json!({ "webhookEventIds": ids, "deliveries": deliveries }))))
}

pub(super) async fn chat(
    State(platform): State<Shared>,
    Path(user_id): Path<String>,
    Query(parameters): Query<HashMap<String, String>>,
) -> Answered {
    let after: u64 = number(&parameters, "after", 0)?;
    let mut world = platform.world();
    let index = world.find(&user_id).ok_or_else(Refusal::not_found)?;
    world.chats.open(index);
    world.chats.mark_read(index);
    let messages = world.chats.get(index).map(|chat| &chat.messages).into_iter().flatten();
    let messages: Vec<_> = messages.filter(|entry| entry.seq > after).collect();
    Ok(Json(json!({ "messages": messages })))
}

pub(super) async fn menu(State(platform): State<Shared>, Path(user_id): Path<String>) -> Answered {
    let world = platform.world();
    let index = world.find(&user_id).ok_or_else(Refusal::not_found)?;
    Ok(Json(menu_of(&world, index)))
}

/// A tap that switches the menu: `{"richMenuAliasId", "data"?}`.
pub(super) async fn switch_menu(
    State(platform): State<Shared>,
    Path(user_id): Path<String>,
    body: Bytes,
) -> Answered<(StatusCode, Json<Value>)> {
    let request = parse(&body)?;
    let alias = request["richMenuAliasId"].as_str().ok_or_else(|| Refusal::bad("richMenuAliasId is missing"))?;
    let (outgoing, menu) = {
        let mut world = platform.world();
        let index = world.find(&user_id).ok_or_else(Refusal::not_found)?;
        world.chats.open(index);
        let outgoing = events::switch_menu(&mut world, index, alias, request["data"].as_str());
        let menu = menu_of(&world, index);
        world.journal.publish("menu", &json!({ "userId": user_id, "menu": menu }));
        (outgoing, menu)
    };
    let wait = request["wait"].as_bool().unwrap_or(true);
    let mut shown = answer(&platform, vec![outgoing], wait).await;
    shown["menu"] = menu;
    Ok((StatusCode::ACCEPTED, Json(shown)))
}

/// A tap on a link of the LIFF app, `{"url"}`: the page that it opens, with a ticket that works once.
pub(super) async fn open_liff(State(platform): State<Shared>, Path(user_id): Path<String>, body: Bytes) -> Answered {
    let request = parse(&body)?;
    let mut world = platform.world();
    let resident = world.find(&user_id).ok_or_else(Refusal::not_found)?;
    let visitor = Visitor { resident, browser: Browser::Line };
    let page = liff::open(&mut world, request["url"].as_str().unwrap_or_default(), visitor);
    let page = page.ok_or_else(|| Refusal::bad("this is no link of the LIFF app, or none is configured"))?;
    Ok(Json(json!({ "url": page })))
}
