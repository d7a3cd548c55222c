//! Sending: reply, push, multicast, broadcast, and the validation of messages.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::{
    answer::{Answer, Call},
    ids::{self, UserId},
    limits::form,
    people::{Index, Status},
    sends::Recipients,
    tokens::Accepted,
    validate::{self, Issues},
    world::World,
};

/// A send that is in order and only needs quota.
pub(super) struct Letter<'a> {
    pub(super) via: &'static str,
    pub(super) messages: &'a [Value],
    /// Friends it reaches; a user named twice stands here twice.
    pub(super) reached: Vec<Index>,
}

pub(super) fn reply(world: &mut World, call: &Call) -> Answer {
    let (body, issues) = match read(world, call) {
        Ok(read) => read,
        Err(refusal) => return refusal,
    };
    let mut issues = issues;
    let token = issues.text(&body, "replyToken", form::ID).unwrap_or_default().to_owned();
    if let Some(refusal) = issues.refusal() {
        return refusal;
    }
    let Some(index) = world.reply_tokens.usable(&token, &world.limits, call.now_ms) else {
        return Answer::bad("Invalid reply token");
    };
    world.reply_tokens.use_up(&token);
    let messages = messages_of(&body);
    world.usage.count("reply", 1, call.now_ms);
    world.revision += 1;
    if is_friend(world, index) {
        say_all(world, index, "reply", messages);
    }
    Answer::ok(&json!({ "sentMessages": sent_messages(world, messages) }))
}

pub(super) fn push(world: &mut World, call: &Call) -> Answer {
    let (body, mut issues) = match read(world, call) {
        Ok(read) => read,
        Err(refusal) => return refusal,
    };
    issues.aggregation_units(&body);
    let to = issues.text(&body, "to", form::ID).unwrap_or_default();
    if let Some(refusal) = issues.refusal() {
        return refusal;
    }
    let Some(id) = UserId::parse(to) else { return invalid_property("to") };
    let Some(index) = world.people.find(id) else { return Answer::bad("Failed to send messages") };
    let reached = if is_friend(world, index) { vec![index] } else { Vec::new() };
    send(world, call, &Letter { via: "push", messages: messages_of(&body), reached })
}

pub(super) fn multicast(world: &mut World, call: &Call) -> Answer {
    let (body, mut issues) = match read(world, call) {
        Ok(read) => read,
        Err(refusal) => return refusal,
    };
    issues.aggregation_units(&body);
    issues.list(&body, "to", 1, world.limits.max_multicast_recipients);
    if let Some(refusal) = issues.refusal() {
        return refusal;
    }
    let to = body["to"].as_array().map(Vec::as_slice).unwrap_or_default();
    let (mut reached, mut wrong) = (Vec::with_capacity(to.len()), Vec::new());
    for (place, id) in to.iter().enumerate() {
        let parsed = id.as_str().and_then(UserId::parse);
        match parsed.map(|id| world.people.find(id)) {
            None => wrong.push(place),
            Some(None) if world.limits.reject_unknown_recipients => wrong.push(place),
            Some(index) => reached.extend(index.filter(|index| is_friend(world, *index))),
        }
    }
    if !wrong.is_empty() {
        return invalid_recipients(&wrong);
    }
    send(world, call, &Letter { via: "multicast", messages: messages_of(&body), reached })
}

pub(super) fn broadcast(world: &mut World, call: &Call) -> Answer {
    let (body, issues) = match read(world, call) {
        Ok(read) => read,
        Err(refusal) => return refusal,
    };
    if let Some(refusal) = issues.refusal() {
        return refusal;
    }
    let reached = friends(world);
    send(world, call, &Letter { via: "broadcast", messages: messages_of(&body), reached })
}

/// The `validate` endpoints look at the messages alone.
pub(super) fn validate(world: &World, call: &Call) -> Answer {
    match read(world, call) {
        Ok((_, issues)) => issues.refusal().unwrap_or_else(Answer::empty),
        Err(refusal) => refusal,
    }
}

/// The body with what is wrong with its messages.
pub(super) fn read(world: &World, call: &Call) -> Result<(Value, Issues), Answer> {
    let body = call.object()?;
    let mut issues = Issues::new(world);
    validate::messages(&body, &mut issues);
    issues.flag(&body, "notificationDisabled");
    Ok((body, issues))
}

pub(super) fn messages_of(body: &Value) -> &[Value] {
    body["messages"].as_array().map(Vec::as_slice).unwrap_or_default()
}

/// Everybody who follows, in order of creation.
pub(super) fn friends(world: &World) -> Vec<Index> {
    let people = world.people.all().iter().zip(0..);
    people.filter(|(resident, _)| resident.status == Status::Following).map(|(_, index)| index).collect()
}

fn is_friend(world: &World, index: Index) -> bool {
    world.people.get(index).is_some_and(|resident| resident.status == Status::Following)
}

/// Sends if the quota allows it: all or nothing. The retry key is remembered with the acceptance, never without.
pub(super) fn send(world: &mut World, call: &Call, letter: &Letter<'_>) -> Answer {
    let count = letter.reached.len() as u64;
    if quota_left(world, call).is_some_and(|left| count > left) {
        return over_quota();
    }
    world.usage.count(letter.via, count, call.now_ms);
    deliver(world, letter);
    let sent = (letter.via == "push").then(|| sent_messages(world, letter.messages));
    remember(world, call, sent.clone());
    match sent {
        Some(sent) => Answer::ok(&json!({ "sentMessages": sent })),
        None => Answer::empty(),
    }
}

/// What the quota still allows this month; `None` when there is none.
pub(super) fn quota_left(world: &World, call: &Call) -> Option<u64> {
    world.limits.monthly_quota.map(|quota| world.usage.left(quota, call.now_ms))
}

pub(super) fn over_quota() -> Answer {
    Answer::error(StatusCode::TOO_MANY_REQUESTS, "You have reached your monthly limit.")
}

/// Puts the letter into the chats and among the sends.
pub(super) fn deliver(world: &mut World, letter: &Letter<'_>) {
    for &index in &letter.reached {
        world.people.count_send(index);
        if world.chats.has(index) {
            say_all(world, index, letter.via, letter.messages);
        }
    }
    let text = Value::from(letter.messages).to_string();
    let recipients = match letter.via {
        "broadcast" | "narrowcast" => Recipients::Bits(bits(&letter.reached, world.people.len())),
        _ => Recipients::Listed(letter.reached.clone()),
    };
    world.sends.add(text, recipients);
    world.revision += 1;
}

pub(super) fn remember(world: &mut World, call: &Call, sent: Option<Value>) {
    if let Some(key) = call.retry_key {
        let accepted = Accepted {
            request_id: call.request_id.clone(),
            sent_messages: sent,
            fingerprint: call.fingerprint(),
            at_ms: call.now_ms,
        };
        world.retry_keys.remember(key, accepted, world.limits.retry_key_ms);
        world.revision += 1;
    }
}

fn bits(reached: &[Index], residents: usize) -> Vec<u64> {
    let mut bits = vec![0; residents.div_ceil(64)];
    for &index in reached {
        bits[index as usize / 64] |= 1 << (index % 64);
    }
    bits
}

fn say_all(world: &mut World, index: Index, via: &str, messages: &[Value]) {
    for message in messages {
        world.say(index, "account", via, message.clone(), None);
    }
}

/// Ids for the sent messages, with quote tokens for those that can be quoted.
fn sent_messages(world: &mut World, messages: &[Value]) -> Value {
    let sent = messages.iter().map(|message| {
        let mut sent = json!({ "id": world.next_message().to_string() });
        if matches!(message["type"].as_str(), Some("text" | "textV2" | "sticker" | "image" | "video" | "template")) {
            sent["quoteToken"] = json!(ids::opaque_token());
        }
        sent
    });
    sent.collect()
}

fn invalid_property(property: &str) -> Answer {
    Answer::bad(&format!("The property, {property}, in the request body is invalid (line: -, column: -)"))
}

/// The message names the first wrong place, the details all of them.
fn invalid_recipients(wrong: &[usize]) -> Answer {
    let first = wrong.first().copied().unwrap_or(0);
    let details: Vec<Value> =
        wrong.iter().map(|place| json!({ "message": "Invalid user ID", "property": format!("to[{place}]") })).collect();
    let message = format!("The property, to[{first}], in the request body is invalid (line: -, column: -)");
    Answer::json(StatusCode::BAD_REQUEST, &json!({ "message": message, "details": details }))
}
