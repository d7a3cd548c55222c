//! Channel access tokens: issue, verify, revoke; ID tokens: keys, verify.

use axum::http::StatusCode;
use serde_json::json;

use crate::{
    answer::{Answer, Call},
    tokens::Kind,
    world::World,
};

pub(super) fn stateless(world: &mut World, call: &Call) -> Answer {
    issue(world, call, Kind::Stateless)
}

pub(super) fn short_lived(world: &mut World, call: &Call) -> Answer {
    issue(world, call, Kind::ShortLived)
}

fn issue(world: &mut World, call: &Call, kind: Kind) -> Answer {
    let form = call.form();
    let field = |name: &str| form.get(name).map_or("", String::as_str);
    if field("grant_type") != "client_credentials" {
        return refusal("unsupported_grant_type", "grant_type must be client_credentials");
    }
    if field("client_id") != world.config.channel_id || field("client_secret") != world.config.channel_secret {
        return refusal("invalid_client", "invalid client_id or client_secret");
    }
    let (token, life_ms) = world.tokens.issue(kind, &world.limits, call.now_ms);
    Answer::ok(&json!({ "token_type": "Bearer", "access_token": token, "expires_in": life_ms / 1_000 }))
}

/// Version 2 sends the token in a form, version 2.1 in the query.
pub(super) fn verify(world: &World, call: &Call) -> Answer {
    let token = call.query("access_token").or_else(|| call.form().remove("access_token")).unwrap_or_default();
    match world.tokens.seconds_left(&token, call.now_ms) {
        Some(left) => Answer::ok(&json!({
            "client_id": world.config.channel_id, "expires_in": left, "scope": "P CM",
        })),
        None => refusal("invalid_request", "access token expired"),
    }
}

pub(super) fn revoke(world: &mut World, call: &Call) -> Answer {
    world.tokens.revoke(call.form().get("access_token").map_or("", String::as_str));
    Answer::empty()
}

/// The keys of ID tokens.
pub(super) fn certs(world: &World) -> Answer {
    world.config.login_key.as_ref().map_or_else(Answer::not_found, |key| Answer::ok(&key.published()))
}

/// What an ID token says: the check that LINE makes for those who make none of their own.
pub(super) fn verify_id_token(world: &World, call: &Call) -> Answer {
    let form = call.form();
    let field = |name: &str| form.get(name).map_or("", String::as_str);
    let Some(key) = &world.config.login_key else { return Answer::not_found() };
    match key.verified(field("id_token"), field("client_id"), call.now_ms) {
        Ok(claims) => Answer::ok(&claims),
        Err(why) => refusal("invalid_request", why),
    }
}

fn refusal(error: &str, description: &str) -> Answer {
    Answer::json(StatusCode::BAD_REQUEST, &json!({ "error": error, "error_description": description }))
}
