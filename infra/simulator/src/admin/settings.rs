//! Configuration, faults, clock, limits, and the way back to an empty platform.

use axum::{Json, body::Bytes, extract::State};
use serde_json::{Value, json};

use super::{Answered, Refusal, parse};
use crate::{
    Shared,
    buckets::Buckets,
    clock::Clock,
    faults::{Faults, Rules},
};

pub(super) async fn reset(State(platform): State<Shared>) -> Json<Value> {
    platform.world().reset();
    platform.clock_moved.notify_waiters();
    Json(json!({}))
}

pub(super) async fn get_config(State(platform): State<Shared>) -> Json<Value> {
    Json(platform.world().config.shown())
}

pub(super) async fn set_config(State(platform): State<Shared>, body: Bytes) -> Answered {
    let fields = parse(&body)?;
    let mut world = platform.world();
    world.config.update(&fields).map_err(Refusal::bad)?;
    Ok(Json(world.config.shown()))
}

pub(super) async fn get_faults(State(platform): State<Shared>) -> Answered {
    let world = platform.world();
    let mut shown = serde_json::to_value(world.faults.rules()).map_err(|error| Refusal::bad(error.to_string()))?;
    shown["done"] = json!(world.faults.done());
    Ok(Json(shown))
}

pub(super) async fn set_faults(State(platform): State<Shared>, body: Bytes) -> Answered {
    let rules: Rules = serde_json::from_value(parse(&body)?).map_err(|error| Refusal::bad(error.to_string()))?;
    rules.check().map_err(Refusal::bad)?;
    {
        let mut world = platform.world();
        world.faults = Faults::new(rules, world.clock.now());
    }
    get_faults(State(platform)).await
}

pub(super) async fn get_clock(State(platform): State<Shared>) -> Json<Value> {
    Json(json!({ "now": platform.world().clock.now() }))
}

/// `{"now": ms or RFC 3339}` (with `"frozen": true` it stands still), `{"advanceMs": n}`, `{"real": true}`.
pub(super) async fn set_clock(State(platform): State<Shared>, body: Bytes) -> Answered {
    let wish = parse(&body)?;
    {
        let mut world = platform.world();
        if wish["real"] == true {
            world.clock = Clock::default();
        } else if let Some(by_ms) = wish["advanceMs"].as_i64() {
            world.clock.advance(by_ms);
        } else {
            let now_ms = moment(&wish["now"]).ok_or_else(|| Refusal::bad("now, advanceMs or real is needed"))?;
            if wish["frozen"] == true {
                world.clock.freeze(now_ms);
            } else {
                world.clock.set(now_ms);
            }
        }
    }
    platform.clock_moved.notify_waiters();
    Ok(get_clock(State(platform)).await)
}

fn moment(value: &Value) -> Option<i64> {
    let written = || value.as_str()?.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond);
    value.as_i64().or_else(written)
}

pub(super) async fn get_limits(State(platform): State<Shared>) -> Answered {
    let limits = serde_json::to_value(&platform.world().limits);
    limits.map(Json).map_err(|error| Refusal::bad(error.to_string()))
}

/// Changes the limits that are named, all or none, and fills the buckets.
pub(super) async fn set_limits(State(platform): State<Shared>, body: Bytes) -> Answered {
    let wishes = parse(&body)?;
    {
        let mut world = platform.world();
        world.limits = world.limits.with(&wishes).map_err(Refusal::bad)?;
        world.buckets = Buckets::default();
    }
    get_limits(State(platform)).await
}
