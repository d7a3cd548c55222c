//! Rich menus and their aliases: create, read, delete, images.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::{
    answer::{Answer, Call},
    limits::form,
    validate::{Issues, picture, richmenu},
    world::World,
};

const NO_MENU: &str = "richmenu not found";
const NO_ALIAS: &str = "richmenu alias not found";

pub(super) fn missing() -> Answer {
    Answer::error(StatusCode::NOT_FOUND, NO_MENU)
}

pub(super) fn create(world: &mut World, call: &Call) -> Answer {
    let object = match checked(world, call) {
        Ok(object) => object,
        Err(refusal) => return refusal,
    };
    if world.menus.by_id.len() >= world.limits.max_rich_menus {
        return Answer::bad("The number of rich menus exceeds the limit");
    }
    let id = world.menus.create(object);
    world.revision += 1;
    Answer::ok(&json!({ "richMenuId": id }))
}

pub(super) fn validate(world: &World, call: &Call) -> Answer {
    checked(world, call).map_or_else(|refusal| refusal, |_| Answer::empty())
}

fn checked(world: &World, call: &Call) -> Result<Value, Answer> {
    let object = call.object()?;
    let mut issues = Issues::new(world);
    richmenu::check(&object, &mut issues);
    issues.refusal().map_or(Ok(object), Err)
}

pub(super) fn list(world: &World) -> Answer {
    let menus: Vec<Value> = world.menus.by_id.iter().map(|(id, menu)| menu.with_id(id)).collect();
    Answer::ok(&json!({ "richmenus": menus }))
}

pub(super) fn get(world: &World, call: &Call) -> Answer {
    let id = call.segment(0);
    world.menus.by_id.get(id).map_or_else(missing, |menu| Answer::ok(&menu.with_id(id)))
}

pub(super) fn delete(world: &mut World, call: &Call) -> Answer {
    if !world.menus.delete(call.segment(0)) {
        return missing();
    }
    changed(world);
    Answer::empty()
}

pub(super) fn upload(world: &mut World, call: &Call) -> Answer {
    let Some(menu) = world.menus.by_id.get_mut(call.segment(0)) else { return missing() };
    if menu.image.is_some() {
        return Answer::bad("An image has already been uploaded to the richmenu");
    }
    if !matches!(call.content_type.as_str(), "image/jpeg" | "image/png") {
        return Answer::error(StatusCode::UNSUPPORTED_MEDIA_TYPE, "The content type is not supported");
    }
    if call.body.len() > world.limits.max_rich_menu_image_bytes {
        return Answer::error(StatusCode::PAYLOAD_TOO_LARGE, "The image is too large");
    }
    let size = picture::size(&call.body, &call.content_type);
    let wanted = (menu.object["size"]["width"].as_u64(), menu.object["size"]["height"].as_u64());
    match size {
        None => return Answer::bad("The image could not be read"),
        Some((width, height)) if (Some(width), Some(height)) != wanted => {
            return Answer::bad("The image size doesn't match the richmenu size");
        }
        Some(_) => {}
    }
    menu.image = Some((call.content_type.clone(), call.body.clone()));
    changed(world);
    Answer::empty()
}

pub(super) fn download(world: &World, call: &Call) -> Answer {
    match world.menus.by_id.get(call.segment(0)).and_then(|menu| menu.image.as_ref()) {
        Some((content_type, bytes)) => Answer::bytes(StatusCode::OK, content_type, bytes.clone()),
        None => Answer::not_found(),
    }
}

pub(super) fn create_alias(world: &mut World, call: &Call) -> Answer {
    let (alias, menu) = match alias_fields(world, call, None) {
        Ok(fields) => fields,
        Err(refusal) => return refusal,
    };
    if world.menus.aliases.contains_key(&alias) {
        return Answer::bad("conflict richmenu alias id");
    }
    if world.menus.aliases.len() >= world.limits.max_rich_menu_aliases {
        return Answer::bad("The number of rich menu aliases exceeds the limit");
    }
    world.menus.aliases.insert(alias, menu);
    changed(world);
    Answer::empty()
}

pub(super) fn update_alias(world: &mut World, call: &Call) -> Answer {
    if !world.menus.aliases.contains_key(call.segment(0)) {
        return Answer::error(StatusCode::NOT_FOUND, NO_ALIAS);
    }
    let (alias, menu) = match alias_fields(world, call, Some(call.segment(0))) {
        Ok(fields) => fields,
        Err(refusal) => return refusal,
    };
    world.menus.aliases.insert(alias, menu);
    changed(world);
    Answer::empty()
}

/// Alias and menu of a body; the menu must exist and have an image.
fn alias_fields(world: &World, call: &Call, given: Option<&str>) -> Result<(String, String), Answer> {
    let body = call.object()?;
    let mut issues = Issues::new(world);
    let alias =
        given.or_else(|| issues.text(&body, "richMenuAliasId", form::MENU_ALIAS)).unwrap_or_default().to_owned();
    if !alias.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-')) {
        issues.add("richMenuAliasId", "Must match [a-z0-9_-]{1,32}");
    }
    let menu = issues.text(&body, "richMenuId", form::ID).unwrap_or_default().to_owned();
    match issues.refusal() {
        Some(refusal) => Err(refusal),
        None => usable(world, &menu).map(|()| (alias, menu)),
    }
}

/// A menu can be shown once it has an image.
pub(super) fn usable(world: &World, id: &str) -> Result<(), Answer> {
    match world.menus.by_id.get(id) {
        None => Err(missing()),
        Some(menu) if menu.image.is_none() => Err(Answer::bad("must upload richmenu image before applying it to user")),
        Some(_) => Ok(()),
    }
}

pub(super) fn delete_alias(world: &mut World, call: &Call) -> Answer {
    if world.menus.aliases.remove(call.segment(0)).is_none() {
        return Answer::error(StatusCode::NOT_FOUND, NO_ALIAS);
    }
    changed(world);
    Answer::empty()
}

pub(super) fn get_alias(world: &World, call: &Call) -> Answer {
    let alias = call.segment(0);
    match world.menus.aliases.get(alias) {
        Some(menu) => Answer::ok(&json!({ "richMenuAliasId": alias, "richMenuId": menu })),
        None => Answer::error(StatusCode::NOT_FOUND, NO_ALIAS),
    }
}

pub(super) fn list_aliases(world: &World) -> Answer {
    let aliases = world.menus.aliases.iter();
    let aliases: Vec<Value> =
        aliases.map(|(alias, menu)| json!({ "richMenuAliasId": alias, "richMenuId": menu })).collect();
    Answer::ok(&json!({ "aliases": aliases }))
}

/// Somebody may see another menu now.
pub(super) fn changed(world: &mut World) {
    world.revision += 1;
    world.journal.publish("menu", &json!({}));
}
