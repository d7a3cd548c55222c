//! What arrived and what went out: histogram, calls, webhooks, the live stream, pictures.

use std::{collections::HashMap, convert::Infallible};

use axum::{
    Json,
    extract::{Path, Query, State},
    http::header::CONTENT_TYPE,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream::{self, Stream};
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;

use super::{Answered, Refusal};
use crate::{Shared, endpoints::served};

const DEFAULT_LIMIT: usize = 200;
const MAX_LIMIT: usize = 20_000;

type Parameters = Query<HashMap<String, String>>;

pub(super) fn number<T: std::str::FromStr>(
    parameters: &HashMap<String, String>,
    name: &str,
    default: T,
) -> Answered<T> {
    match parameters.get(name) {
        None => Ok(default),
        Some(text) => text.parse().map_err(|_| Refusal::bad(format!("{name} must be a number"))),
    }
}

pub(super) async fn received(State(platform): State<Shared>, Query(parameters): Parameters) -> Answered {
    let text = parameters.get("contains").cloned().ok_or_else(|| Refusal::bad("contains is needed"))?;
    let world = platform.world();
    let histogram = world.sends.histogram(&text, world.people.len());
    Ok(Json(json!({
        "histogram": histogram, "sends": world.sends.len(), "complete": world.sends.is_complete(),
    })))
}

pub(super) async fn calls(State(platform): State<Shared>, Query(parameters): Parameters) -> Answered {
    let (after, limit) = (number(&parameters, "after", 0)?, number(&parameters, "limit", DEFAULT_LIMIT)?);
    Ok(Json(json!({ "calls": platform.world().journal.calls_after(after, limit.min(MAX_LIMIT)) })))
}

/// LINE's endpoints that are served, for tests that want to have called each.
pub(super) async fn endpoints() -> Json<Value> {
    let shown = served().map(|(host, method, path)| json!({ "host": host.name(), "method": method, "path": path }));
    Json(json!({ "endpoints": shown.collect::<Vec<Value>>() }))
}

pub(super) async fn webhooks(State(platform): State<Shared>, Query(parameters): Parameters) -> Answered {
    let (after, limit) = (number(&parameters, "after", 0)?, number(&parameters, "limit", DEFAULT_LIMIT)?);
    Ok(Json(json!({ "webhooks": platform.world().journal.webhooks_after(after, limit.min(MAX_LIMIT)) })))
}

/// Everything that happens, as it happens.
pub(super) async fn stream(State(platform): State<Shared>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let receiver = platform.world().journal.listen();
    let events = stream::unfold(receiver, |mut receiver| async move {
        loop {
            match receiver.recv().await {
                Ok((name, data)) => return Some((Ok(Event::default().event(name).data(&*data)), receiver)),
                // A slow listener goes on with what comes next.
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

pub(super) async fn content(State(platform): State<Shared>, Path(message): Path<String>) -> Answered<Response> {
    let content = platform.world().contents.get(&message).filter(|content| !content.unsent).cloned();
    let content = content.ok_or_else(Refusal::not_found)?;
    Ok(([(CONTENT_TYPE, content.media_type)], content.bytes).into_response())
}

pub(super) async fn menu_image(State(platform): State<Shared>, Path(id): Path<String>) -> Answered<Response> {
    let image = platform.world().menus.by_id.get(&id).and_then(|menu| menu.image.clone());
    let (content_type, bytes) = image.ok_or_else(Refusal::not_found)?;
    Ok(([(CONTENT_TYPE, content_type)], bytes).into_response())
}

/// The rich menu a resident sees, in the form of the admin API.
pub(super) fn menu_of(world: &crate::world::World, index: crate::people::Index) -> Value {
    match world.menus.seen_by(index) {
        Some((id, menu)) => json!({
            "richMenu": menu.with_id(id),
            "imageUrl": menu.image.as_ref().map(|_| format!("/simulator/richmenu/{id}/image")),
        }),
        None => json!({ "richMenu": null, "imageUrl": null }),
    }
}
