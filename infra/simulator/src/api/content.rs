//! Contents that residents sent: the bytes, a preview, and whether they are ready.

use axum::http::StatusCode;
use serde_json::json;

use crate::{
    answer::{Answer, Call},
    contents::Content,
    world::World,
};

/// 202 while it is being prepared, 410 after the resident took it back, 404 for everything unknown.
pub(super) fn get(world: &World, call: &Call) -> Answer {
    download(world, call, |_| true)
}

/// Only pictures and videos have one; it is the same bytes here.
pub(super) fn preview(world: &World, call: &Call) -> Answer {
    download(world, call, |content| matches!(content.kind, "image" | "video"))
}

fn download(world: &World, call: &Call, offered: impl Fn(&Content) -> bool) -> Answer {
    match world.contents.get(call.segment(0)) {
        Some(content) if content.unsent => Answer::error(StatusCode::GONE, "The content is gone"),
        Some(content) if !offered(content) => Answer::not_found(),
        Some(content) if call.now_ms < content.ready_ms => {
            Answer::json(StatusCode::ACCEPTED, &json!({ "message": "The content is being prepared" }))
        }
        Some(content) => Answer::bytes(StatusCode::OK, &content.media_type, content.bytes.clone()),
        None => Answer::not_found(),
    }
}

pub(super) fn transcoding(world: &World, call: &Call) -> Answer {
    match world.contents.get(call.segment(0)) {
        Some(content) if content.unsent => Answer::error(StatusCode::GONE, "The content is gone"),
        Some(content) if matches!(content.kind, "video" | "audio") => {
            let status = if call.now_ms < content.ready_ms { "processing" } else { "succeeded" };
            Answer::ok(&json!({ "status": status }))
        }
        _ => Answer::not_found(),
    }
}
