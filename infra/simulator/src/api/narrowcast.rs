//! Narrowcast to all friends: accepted at once, then waiting, sending and succeeded as the clock goes on.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::messaging::{Letter, deliver, friends, messages_of, read, remember};
use crate::{
    answer::{Answer, Call},
    clock::rfc3339,
    world::World,
};

/// LINE answers for the progress of fourteen days.
const KEPT_MS: i64 = 14 * 24 * 3_600_000;

/// An accepted narrowcast.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Narrowcast {
    accepted_ms: i64,
    target: usize,
}

pub(super) fn send(world: &mut World, call: &Call) -> Answer {
    let (body, mut issues) = match read(world, call) {
        Ok(read) => read,
        Err(refusal) => return refusal,
    };
    for field in ["recipient", "filter"] {
        if body.get(field).is_some_and(|value| !value.is_null()) {
            issues.add(field, "The simulator knows no audiences and no demography: narrowcast reaches all friends");
        }
    }
    let max = issues.whole_number(&body["limit"], "limit", "max", 1, i64::from(u32::MAX));
    if let Some(refusal) = issues.refusal() {
        return refusal;
    }
    let mut reached = friends(world);
    if let Some(max) = max {
        reached.truncate(usize::try_from(max).unwrap_or(usize::MAX));
    }
    let target = reached.len();
    let letter = Letter { via: "narrowcast", messages: messages_of(&body), reached };
    if let Some(refusal) = deliver(world, call, &letter) {
        return refusal;
    }
    let narrowcast = Narrowcast { accepted_ms: call.now_ms, target };
    world.narrowcasts.insert(call.request_id.clone(), narrowcast);
    remember(world, call, None);
    Answer::accepted()
}

pub(super) fn progress(world: &World, call: &Call) -> Answer {
    let Some(id) = call.query("requestId") else {
        return Answer::bad("The request parameter requestId is missing");
    };
    let Some(narrowcast) = world.narrowcasts.get(&id) else { return Answer::not_found() };
    let passed_ms = call.now_ms - narrowcast.accepted_ms;
    if passed_ms > KEPT_MS {
        return Answer::not_found();
    }
    let phase_ms = world.limits.narrowcast_phase_ms;
    let mut progress = json!({ "acceptedTime": rfc3339(narrowcast.accepted_ms) });
    match passed_ms {
        passed if passed < phase_ms => progress["phase"] = json!("waiting"),
        passed if passed < 2 * phase_ms => {
            progress["phase"] = json!("sending");
            count(&mut progress, narrowcast.target / 2, narrowcast.target);
        }
        _ => {
            progress["phase"] = json!("succeeded");
            count(&mut progress, narrowcast.target, narrowcast.target);
            progress["completedTime"] = json!(rfc3339(narrowcast.accepted_ms + 2 * phase_ms));
        }
    }
    Answer::json(StatusCode::OK, &progress)
}

fn count(progress: &mut Value, success: usize, target: usize) {
    progress["successCount"] = json!(success);
    progress["failureCount"] = json!(0);
    progress["targetCount"] = json!(target);
}
