//! Message objects: the types, their required fields and lengths, quick replies, sender.

use serde_json::Value;

use super::{
    Count, Field, Issues, Optional, Required,
    action::{self, Spot},
    field, flex, item, join, template,
};
use crate::limits::form;

const TYPES: &[&str] =
    &["text", "textV2", "image", "video", "audio", "location", "sticker", "template", "imagemap", "flex", "coupon"];

/// Checks `messages` of a request body.
pub(crate) fn messages(body: &Value, issues: &mut Issues) {
    let messages = issues.items(field(body, "", "messages"), Required, 1, issues.limits.max_messages);
    for (place, message) in messages.iter().enumerate() {
        issues.message = place;
        check(message, &item("messages", place), issues);
    }
}

fn check(message: &Value, at: &str, issues: &mut Issues) {
    let field = |name| field(message, at, name);
    let Some(kind) = issues.word(field("type"), Required, TYPES) else { return };
    match kind {
        "text" => text(message, at, issues),
        "textV2" => text_v2(message, at, issues),
        "image" => urls(issues, [field("originalContentUrl"), field("previewImageUrl")]),
        "video" => {
            urls(issues, [field("originalContentUrl"), field("previewImageUrl")]);
            issues.string(field("trackingId"), Optional, form::SHORT_ID, Count::Utf16);
        }
        "audio" => {
            urls(issues, [field("originalContentUrl")]);
            issues.integer(field("duration"), Required, 1, i64::MAX);
        }
        "location" => {
            issues.string(field("title"), Required, form::PLACE, Count::Utf16);
            issues.string(field("address"), Required, form::PLACE, Count::Utf16);
            issues.number(field("latitude"), -90.0, 90.0);
            issues.number(field("longitude"), -180.0, 180.0);
        }
        "sticker" => {
            issues.string(field("packageId"), Required, form::STICKER_ID, Count::Utf16);
            issues.string(field("stickerId"), Required, form::STICKER_ID, Count::Utf16);
        }
        "template" => {
            issues.string(field("altText"), Required, issues.limits.max_alt_text_length, Count::Utf16);
            template::check(&message["template"], &join(at, "template"), issues);
        }
        "imagemap" => imagemap(message, at, issues),
        "flex" => {
            issues.string(field("altText"), Required, issues.limits.max_alt_text_length, Count::Utf16);
            flex::check(&message["contents"], issues);
        }
        _ => {
            issues.string(field("couponId"), Required, form::SHORT_ID, Count::Utf16);
        }
    }
    quick_reply(message, at, issues);
    sender(message, at, issues);
}

fn urls<const N: usize>(issues: &mut Issues, fields: [Field<'_>; N]) {
    for field in fields {
        issues.https_url(field, Required, form::URL);
    }
}

fn text(message: &Value, at: &str, issues: &mut Issues) {
    let text = issues.string(field(message, at, "text"), Required, issues.limits.max_text_length, Count::Utf16);
    issues.string(field(message, at, "quoteToken"), Optional, form::QUOTE_TOKEN, Count::Utf16);
    let units: Vec<u16> = text.unwrap_or_default().encode_utf16().collect();
    let emojis = issues.items(field(message, at, "emojis"), Optional, 0, form::EMOJIS);
    for (place, emoji) in emojis.iter().enumerate() {
        let at = item(&join(at, "emojis"), place);
        issues.string(field(emoji, &at, "productId"), Required, form::SHORT_ID, Count::Utf16);
        issues.string(field(emoji, &at, "emojiId"), Required, form::SHORT_ID, Count::Utf16);
        let index = emoji["index"].as_u64().and_then(|index| usize::try_from(index).ok());
        if index.and_then(|index| units.get(index)) != Some(&u16::from(b'$')) {
            issues.add(&join(&at, "index"), "Must be the place of a $ in the text");
        }
    }
}

fn text_v2(message: &Value, at: &str, issues: &mut Issues) {
    let text = issues
        .string(field(message, at, "text"), Required, issues.limits.max_text_length, Count::Utf16)
        .unwrap_or_default();
    issues.string(field(message, at, "quoteToken"), Optional, form::QUOTE_TOKEN, Count::Utf16);
    let place = join(at, "substitution");
    let none = serde_json::Map::new();
    let substitutions = message["substitution"].as_object().unwrap_or(&none);
    if substitutions.len() > form::SUBSTITUTIONS {
        issues.add(&place, &format!("Size must be between 0 and {}", form::SUBSTITUTIONS));
    }
    for (key, substitution) in substitutions {
        let letters = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if key.is_empty() || key.len() > form::SUBSTITUTION_KEY || !letters {
            issues.add(&join(&place, key), "Keys must match [a-zA-Z0-9_]{1,20}");
        }
        issues.word(field(substitution, &join(&place, key), "type"), Required, &["mention", "emoji"]);
    }
    for key in placeholders(text) {
        if !substitutions.contains_key(&key) {
            issues.add(&place, &format!("The key {key} of the text is missing"));
        }
    }
}

/// The names in single braces; doubled braces stand for themselves.
fn placeholders(text: &str) -> Vec<String> {
    let plain = text.replace("{{", "").replace("}}", "");
    plain.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(key, _)| key.to_owned()).collect()
}

fn imagemap(message: &Value, at: &str, issues: &mut Issues) {
    urls(issues, [field(message, at, "baseUrl")]);
    issues.string(field(message, at, "altText"), Required, issues.limits.max_alt_text_length, Count::Utf16);
    let size = join(at, "baseSize");
    issues.integer(field(&message["baseSize"], &size, "width"), Required, form::IMAGEMAP_WIDTH, form::IMAGEMAP_WIDTH);
    issues.integer(field(&message["baseSize"], &size, "height"), Required, 1, i64::from(i32::MAX));
    let actions = issues.items(field(message, at, "actions"), Required, 1, form::IMAGEMAP_ACTIONS);
    for (place, action) in actions.iter().enumerate() {
        let at = item(&join(at, "actions"), place);
        let field = |name| field(action, &at, name);
        match issues.word(field("type"), Required, &["message", "uri", "clipboard"]) {
            Some("message") => {
                issues.string(field("text"), Required, form::IMAGEMAP_TEXT, Count::Graphemes);
            }
            Some("uri") => {
                issues.string(field("linkUri"), Required, form::ACTION_URI, Count::Utf16);
            }
            Some(_) => {
                issues.string(field("clipboardText"), Required, form::CLIPBOARD, Count::Utf16);
            }
            None => {}
        }
        for side in ["x", "y", "width", "height"] {
            let area = join(&at, "area");
            issues.integer(super::field(&action["area"], &area, side), Required, 0, i64::from(i32::MAX));
        }
    }
}

fn quick_reply(message: &Value, at: &str, issues: &mut Issues) {
    if message["quickReply"].is_null() {
        return;
    }
    let at = join(at, "quickReply");
    let items = issues.items(field(&message["quickReply"], &at, "items"), Required, 1, issues.limits.max_quick_replies);
    for (place, button) in items.iter().enumerate() {
        let at = item(&join(&at, "items"), place);
        issues.word(field(button, &at, "type"), Optional, &["action"]);
        issues.https_url(field(button, &at, "imageUrl"), Optional, form::URL);
        action::check(&button["action"], &join(&at, "action"), Spot::QuickReply, issues);
    }
}

fn sender(message: &Value, at: &str, issues: &mut Issues) {
    let at = join(at, "sender");
    issues.string(field(&message["sender"], &at, "name"), Optional, form::SENDER_NAME, Count::Utf16);
    issues.https_url(field(&message["sender"], &at, "iconUrl"), Optional, form::URL);
}
