//! Who sees which rich menu: everybody's default, and links of single users.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::richmenu::{changed, usable};
use crate::{
    answer::{Answer, Call},
    ids::UserId,
    people::Index,
    validate::Issues,
    world::World,
};

pub(super) fn set_default(world: &mut World, call: &Call) -> Answer {
    let id = call.segment(0).to_owned();
    if let Err(refusal) = usable(world, &id) {
        return refusal;
    }
    world.menus.default = Some(id);
    changed(world);
    Answer::empty()
}

pub(super) fn get_default(world: &World) -> Answer {
    match &world.menus.default {
        Some(id) => Answer::ok(&json!({ "richMenuId": id })),
        None => Answer::error(StatusCode::NOT_FOUND, "no default richmenu"),
    }
}

pub(super) fn cancel_default(world: &mut World) -> Answer {
    world.menus.default = None;
    changed(world);
    Answer::empty()
}

fn user(world: &World, id: &str) -> Result<Index, Answer> {
    let id = UserId::parse(id).ok_or_else(|| Answer::bad("The value for the 'userId' parameter is invalid"))?;
    world.people.find(id).ok_or_else(Answer::not_found)
}

pub(super) fn link(world: &mut World, call: &Call) -> Answer {
    let menu = call.segment(1).to_owned();
    match user(world, call.segment(0)).and_then(|index| usable(world, &menu).map(|()| index)) {
        Err(refusal) => refusal,
        Ok(index) => {
            world.menus.link(index, menu);
            changed(world);
            Answer::empty()
        }
    }
}

pub(super) fn unlink(world: &mut World, call: &Call) -> Answer {
    match user(world, call.segment(0)) {
        Err(refusal) => refusal,
        Ok(index) => {
            world.menus.unlink(index);
            changed(world);
            Answer::empty()
        }
    }
}

pub(super) fn get(world: &World, call: &Call) -> Answer {
    match user(world, call.segment(0)).map(|index| world.menus.links.get(&index)) {
        Err(refusal) => refusal,
        Ok(Some(id)) => Answer::ok(&json!({ "richMenuId": id })),
        Ok(None) => Answer::error(StatusCode::NOT_FOUND, "the user has no richmenu"),
    }
}

pub(super) fn bulk_link(world: &mut World, call: &Call) -> Answer {
    let (body, users) = match users(world, call) {
        Ok(read) => read,
        Err(refusal) => return refusal,
    };
    let menu = body["richMenuId"].as_str().unwrap_or_default().to_owned();
    if let Err(refusal) = usable(world, &menu) {
        return refusal;
    }
    for index in users {
        world.menus.link(index, menu.clone());
    }
    changed(world);
    Answer::accepted()
}

pub(super) fn bulk_unlink(world: &mut World, call: &Call) -> Answer {
    match users(world, call) {
        Err(refusal) => refusal,
        Ok((_, users)) => {
            for index in users {
                world.menus.unlink(index);
            }
            changed(world);
            Answer::accepted()
        }
    }
}

/// The users of a bulk request; unknown ones are passed over, malformed ids refuse the whole.
fn users(world: &World, call: &Call) -> Result<(Value, Vec<Index>), Answer> {
    let body = call.object()?;
    let mut issues = Issues::new(world);
    issues.list(&body, "userIds", 1, world.limits.max_bulk_link_users);
    let mut users = Vec::new();
    for (place, id) in body["userIds"].as_array().into_iter().flatten().enumerate() {
        match id.as_str().and_then(UserId::parse) {
            None => issues.add(&format!("userIds[{place}]"), "Invalid user ID"),
            Some(id) => users.extend(world.people.find(id)),
        }
    }
    issues.refusal().map_or(Ok((body, users)), Err)
}
