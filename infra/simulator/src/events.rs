//! What residents do, as webhook events: completed with all that LINE puts into them, and shown in the resident's chat.

use axum::body::Bytes;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{
    contents::Content,
    ids,
    people::{Index, Status},
    words,
    world::World,
};

/// A picture of our own for residents who send one without choosing it.
const PICTURE: &[u8] = include_bytes!("../assets/picture.jpg");
const DEFAULT_STICKER: (&str, &str) = ("446", "1988");

/// An event on its way to the webhook.
#[derive(Clone, Debug)]
pub(crate) struct Outgoing {
    pub(crate) event: Value,
    pub(crate) reply_token: Option<String>,
}

impl Outgoing {
    pub(crate) fn event_id(&self) -> Option<&str> {
        self.event["webhookEventId"].as_str()
    }
}

/// Lets the resident do what the request of the admin API says; the error says what is wrong with it.
pub(crate) fn play(world: &mut World, index: Index, request: &Value) -> Result<Outgoing, String> {
    let kind = request["type"].as_str().ok_or("type is missing")?;
    if kind == "raw" {
        let event = request.get("event").cloned().ok_or("event is missing")?;
        return Ok(Outgoing { event, reply_token: None });
    }
    let blocked = world.people.get(index).is_some_and(|resident| resident.status == Status::Blocked);
    if blocked && kind != "follow" {
        return Err("this resident blocks the account".to_owned());
    }
    match kind {
        "follow" => Ok(follow(world, index)),
        "unfollow" => Ok(unfollow(world, index)),
        "postback" => postback(world, index, request),
        "unsend" => unsend(world, index, request),
        _ => message(world, index, kind, request),
    }
}

/// The resident follows the account, or unblocks it.
pub(crate) fn follow(world: &mut World, index: Index) -> Outgoing {
    let unblocked = world.people.get(index).is_some_and(|resident| resident.status == Status::Blocked);
    set_status(world, index, Status::Following);
    world.say(index, "resident", "webhook", json!({ "type": "follow" }), None);
    complete(world, index, json!({ "type": "follow", "follow": { "isUnblocked": unblocked } }), true)
}

fn unfollow(world: &mut World, index: Index) -> Outgoing {
    set_status(world, index, Status::Blocked);
    world.say(index, "resident", "webhook", json!({ "type": "unfollow" }), None);
    complete(world, index, json!({ "type": "unfollow" }), false)
}

fn set_status(world: &mut World, index: Index, status: Status) {
    world.people.set_status(index, status);
    world.revision += 1;
    world.publish_resident(index);
}

fn postback(world: &mut World, index: Index, request: &Value) -> Result<Outgoing, String> {
    let data = text(request, "data")?;
    let mut postback = json!({ "data": data });
    let mut shown = json!({ "type": "postback", "data": data });
    if let Some(params) = request.get("params").filter(|params| !params.is_null()) {
        postback["params"] = params.clone();
        shown["params"] = params.clone();
    }
    if let Some(text) = request["displayText"].as_str() {
        shown["displayText"] = json!(text);
    }
    world.say(index, "resident", "webhook", shown, None);
    Ok(complete(world, index, json!({ "type": "postback", "postback": postback }), true))
}

fn unsend(world: &mut World, index: Index, request: &Value) -> Result<Outgoing, String> {
    let id = text(request, "messageId")?;
    world.contents.unsend(&id);
    world.say(index, "resident", "webhook", json!({ "type": "unsend", "messageId": id }), None);
    Ok(complete(world, index, json!({ "type": "unsend", "unsend": { "messageId": id } }), false))
}

fn message(world: &mut World, index: Index, kind: &str, request: &Value) -> Result<Outgoing, String> {
    let mut message = match kind {
        "text" => json!({ "text": text(request, "text")? }),
        "sticker" => json!({
            "packageId": request["packageId"].as_str().unwrap_or(DEFAULT_STICKER.0),
            "stickerId": request["stickerId"].as_str().unwrap_or(DEFAULT_STICKER.1),
            "stickerResourceType": "STATIC",
        }),
        "location" => json!({
            "title": request["title"].as_str().unwrap_or(words::PLACE_TITLE),
            "address": request["address"].as_str().unwrap_or(words::PLACE_ADDRESS),
            "latitude": request["latitude"].as_f64().ok_or("latitude is missing")?,
            "longitude": request["longitude"].as_f64().ok_or("longitude is missing")?,
        }),
        "image" | "video" | "audio" | "file" => json!({}),
        _ => return Err(format!("unknown type {kind}")),
    };
    let id = world.next_message();
    message["type"] = json!(kind);
    message["id"] = json!(id.to_string());
    message["markAsReadToken"] = json!(ids::opaque_token());
    if matches!(kind, "text" | "sticker" | "image" | "video") {
        message["quoteToken"] = json!(ids::opaque_token());
    }
    let url = match store_content(world, index, id, kind, request)? {
        None => None,
        Some(size) => {
            describe_content(&mut message, kind, request, size);
            Some(format!("/simulator/content/{id}"))
        }
    };
    world.say(index, "resident", "webhook", message.clone(), url);
    Ok(complete(world, index, json!({ "type": "message", "message": message }), true))
}

/// Keeps the bytes of a picture, video, sound or file; gives their number.
fn store_content(
    world: &mut World,
    owner: Index,
    id: u64,
    kind: &str,
    request: &Value,
) -> Result<Option<usize>, String> {
    let (kind, content_type, ready_after_ms) = match kind {
        "image" => ("image", "image/jpeg", 0),
        "video" => ("video", "video/mp4", world.limits.content_ready_after_ms),
        "audio" => ("audio", "audio/x-m4a", world.limits.content_ready_after_ms),
        "file" => ("file", "application/octet-stream", 0),
        _ => return Ok(None),
    };
    let bytes = match request["data"].as_str() {
        Some(data) => STANDARD.decode(data).map_err(|_| "data is not base64")?.into(),
        None if kind == "image" => Bytes::from_static(PICTURE),
        None => Bytes::from_static(b"made up by the simulator"),
    };
    let size = bytes.len();
    let content = Content {
        owner,
        kind,
        media_type: request["contentType"].as_str().unwrap_or(content_type).to_owned(),
        bytes,
        ready_ms: world.clock.now() + ready_after_ms,
        unsent: false,
    };
    world.contents.add(id, content);
    Ok(Some(size))
}

fn describe_content(message: &mut Value, kind: &str, request: &Value, size: usize) {
    if kind == "file" {
        message["fileName"] = json!(request["fileName"].as_str().unwrap_or("file.txt"));
        message["fileSize"] = json!(size);
        return;
    }
    message["contentProvider"] = json!({ "type": "line" });
    if kind != "image" {
        message["duration"] = json!(request["duration"].as_u64().unwrap_or(3_000));
    }
    if let Some(set) = request.get("imageSet") {
        message["imageSet"] = set.clone();
    }
}

/// Adds what every event has, and a reply token for those that can be answered.
fn complete(world: &mut World, index: Index, mut event: Value, answerable: bool) -> Outgoing {
    let now_ms = world.clock.now();
    let user_id = world.people.get(index).map(|resident| resident.id.to_string());
    event["webhookEventId"] = json!(ids::ulid(now_ms));
    event["deliveryContext"] = json!({ "isRedelivery": false });
    event["timestamp"] = json!(now_ms);
    event["mode"] = json!("active");
    event["source"] = json!({ "type": "user", "userId": user_id });
    let reply_token = answerable.then(|| world.reply_tokens.issue(index, now_ms));
    if let Some(token) = &reply_token {
        event["replyToken"] = json!(token);
    }
    Outgoing { event, reply_token }
}

fn text(request: &Value, field: &str) -> Result<String, String> {
    request[field].as_str().map(str::to_owned).ok_or_else(|| format!("{field} is missing"))
}

/// A tap on an area that switches the rich menu: the menu changes at once, and a postback tells the account.
pub(crate) fn switch_menu(world: &mut World, index: Index, alias: &str, data: Option<&str>) -> Outgoing {
    let data = data.map(str::to_owned).or_else(|| data_of_switch(world, index, alias)).unwrap_or_default();
    let status = match world.menus.aliases.get(alias) {
        None => "RICHMENU_ALIAS_ID_NOTFOUND",
        Some(id) if !world.menus.by_id.contains_key(id) => "RICHMENU_NOTFOUND",
        Some(id) => {
            world.menus.switched.insert(index, id.clone());
            world.revision += 1;
            "SUCCESS"
        }
    };
    let params = json!({ "newRichMenuAliasId": alias, "status": status });
    world.say(index, "resident", "webhook", json!({ "type": "postback", "data": data, "params": params }), None);
    complete(world, index, json!({ "type": "postback", "postback": { "data": data, "params": params } }), true)
}

/// The data of the tapped area, as the menu on the resident's screen has it.
fn data_of_switch(world: &World, index: Index, alias: &str) -> Option<String> {
    let (_, menu) = world.menus.seen_by(index)?;
    let areas = menu.object["areas"].as_array()?;
    let action = areas
        .iter()
        .map(|area| &area["action"])
        .find(|action| action["type"] == "richmenuswitch" && action["richMenuAliasId"] == alias)?;
    action["data"].as_str().map(str::to_owned)
}
