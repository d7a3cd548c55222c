//! Narrowcast to all friends: accepted at once, then waiting, sending and succeeded as the clock goes on.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::messaging::{Letter, deliver, friends, messages_of, over_quota, quota_left, read, remember};
use crate::{
    answer::{Answer, Call},
    clock::rfc3339,
    validate::field,
    world::World,
};

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
    issues.boolean(field(&body["limit"], "limit", "upToRemainingQuota"));
    if body["limit"]["forbidPartialDelivery"] == true {
        issues.add("limit.forbidPartialDelivery", "The simulator does not know it");
    }
    if let Some(refusal) = issues.refusal() {
        return refusal;
    }
    let mut reached = friends(world);
    // The whole reach is held, although `max` may let only some of it through.
    let mut held = reached.len();
    if let Some(left) = quota_left(world, call).map(|left| usize::try_from(left).unwrap_or(usize::MAX))
        && held > left
    {
        if body["limit"]["upToRemainingQuota"] != true || left == 0 {
            return over_quota();
        }
        held = left;
    }
    let max = max.and_then(|max| usize::try_from(max).ok()).unwrap_or(usize::MAX);
    reached.truncate(held.min(max));
    let target = reached.len();
    let done_ms = call.now_ms.saturating_add(2 * world.limits.narrowcast_phase_ms);
    world.usage.reserve(held as u64, target as u64, call.now_ms, done_ms);
    deliver(world, &Letter { via: "narrowcast", messages: messages_of(&body), reached });
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
    if passed_ms > world.limits.narrowcast_progress_ms {
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
