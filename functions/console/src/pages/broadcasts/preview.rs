//! A phone with a whole wording on it, as it goes out: filled in, and stamped if it is a drill.
//!
//! A flex message is drawn roughly, as boxes: what LINE makes of it is only seen in LINE, by a message to oneself.

use domain::broadcast::Earnest;
use domain::broadcast::content::placeholders::Placeholders;
use domain::broadcast::content::{Button, Content, Message, Wording, flex};
use domain::language::Language;
use maud::{Markup, html};
use serde_json::Value;

use super::content::{ContentForm, picture_path};
use crate::words::content as words;
use crate::words::kit::{PREVIEW, PREVIEW_EMPTY};

/// A layout is drawn so many boxes deep, and no deeper.
const DEPTH_MAX: usize = 10;

/// The phone beside a language's fields. Where scripts run, a text of a broadcast that is meant follows its field.
#[must_use]
pub fn phone(form: &ContentForm, language: Language, with: &Placeholders, earnest: Earnest) -> Markup {
    let (content, fields) = (form.content(), form.text_fields(language));
    let written = content.wordings.get(&language).map_or(0, |wording| wording.messages.len());
    let out = going_out(&content, with, earnest);
    let messages = out.wordings.get(&language).map(|wording| wording.messages.as_slice()).unwrap_or_default();
    // The message that a stamp may have brought has no field.
    let added = messages.len() - written;
    let field = |at: usize| match earnest {
        Earnest::Real => fields.get(at.checked_sub(added)?)?.as_deref(),
        Earnest::Drill => None,
    };
    around(
        &with.town,
        &html! {
            @if messages.is_empty() { p.bubble { (PREVIEW_EMPTY) } }
            @for (at, message) in messages.iter().enumerate() { (shown(message, field(at))) }
        },
    )
}

/// The phone of a wording that is not being written.
#[must_use]
pub fn still_phone(wording: &Wording, account: &str) -> Markup {
    around(account, &html! { @for message in &wording.messages { (shown(message, None)) } })
}

/// A content as it goes out.
#[must_use]
pub fn going_out(content: &Content, with: &Placeholders, earnest: Earnest) -> Content {
    content.filled(with).stamped(earnest)
}

fn around(account: &str, messages: &Markup) -> Markup {
    html! {
        figure.preview {
            figcaption.label { (PREVIEW) }
            div.phone { p.phone-account { (account) } div.chat { (messages) } }
        }
    }
}

fn shown(message: &Message, field: Option<&str>) -> Markup {
    match message {
        Message::Text(text) => html! {
            p.bubble data-preview[field.is_some()] data-for=[field] data-empty=[field.map(|_| PREVIEW_EMPTY)] {
                @if text.trim().is_empty() { (PREVIEW_EMPTY) } @else { (text) }
            }
        },
        Message::Picture(id) => html! { img.picture src=(picture_path(id)) alt=(words::PICTURE); },
        Message::Buttons { title, text, buttons } => html! {
            div.flex-bubble {
                @if !title.trim().is_empty() { p.flex-title { (title) } }
                p.flex-text { (text) }
                @for Button { label, .. } in buttons { span.flex-button { (label) } }
            }
        },
        Message::Flex { contents, .. } => html! {
            @if let Ok(value) = flex::read(contents) { div.chat-layout { (layout(&value, 0)) } }
            @else { p.bubble { (words::NO_LAYOUT) } }
        },
    }
}

/// A part of a layout, and those in it. What is not known is drawn as a box with its name.
fn layout(part: &Value, depth: usize) -> Markup {
    let text = |key: &str| part[key].as_str().unwrap_or_default();
    let parts = part["contents"].as_array().map(Vec::as_slice).unwrap_or_default();
    let inner = || html! { @for part in parts { (layout(part, depth + 1)) } };
    if depth > DEPTH_MAX {
        return html! { span.flex-unknown { "…" } };
    }
    match text("type") {
        "carousel" => html! { div.flex-carousel { (inner()) } },
        "bubble" => html! {
            div.flex-bubble {
                @for name in ["header", "hero", "body", "footer"] {
                    @if part[name].is_object() { (layout(&part[name], depth + 1)) }
                }
            }
        },
        "box" if matches!(text("layout"), "horizontal" | "baseline") => html! { div.flex-row { (inner()) } },
        "box" => html! { div.flex-column { (inner()) } },
        "text" if parts.is_empty() => html! { p.flex-text.flex-title[text("weight") == "bold"] { (text("text")) } },
        "text" => html! { p.flex-text { @for span in parts { (span["text"].as_str().unwrap_or_default()) } } },
        "button" => html! { span.flex-button { (part["action"]["label"].as_str().unwrap_or_default()) } },
        "image" => html! { span.flex-unknown { (words::PICTURE) } },
        "separator" => html! { hr; },
        "filler" | "spacer" => html! {},
        other => html! { span.flex-unknown { (other) } },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::testing::{EVIL, assert_tame};

    fn drawn(contents: &str) -> String {
        shown(&Message::Flex { alt: String::new(), contents: contents.to_owned() }, None).into_string()
    }

    #[test]
    fn a_layout_is_drawn_as_boxes() {
        let contents = r#"{"type":"carousel","contents":[{"type":"bubble",
            "hero":{"type":"image","url":"https://evil.example/a.png"},
            "body":{"type":"box","layout":"vertical","contents":[
                {"type":"text","text":"避難所","weight":"bold"},{"type":"separator"},
                {"type":"box","layout":"baseline","contents":[{"type":"text","contents":[{"type":"span","text":"本町"}]}]},
                {"type":"hologram"}]},
            "footer":{"type":"box","layout":"vertical","contents":[{"type":"button","action":{"label":"地図"}}]}}]}"#;
        let html = drawn(contents);
        for expected in [
            r#"<p class="flex-text flex-title">避難所</p><hr>"#,
            r#"<div class="flex-row"><p class="flex-text">本町</p></div>"#,
            r#"<span class="flex-unknown">hologram</span>"#,
            r#"<span class="flex-button">地図</span>"#,
        ] {
            assert!(html.contains(expected), "{expected} in {html}");
        }
        assert!(!html.contains("evil.example"), "nothing is fetched from elsewhere: {html}");
    }

    #[test]
    fn what_cannot_be_drawn_says_so_and_depth_has_an_end() {
        assert!(drawn("{").contains(words::NO_LAYOUT));
        assert!(drawn("5").contains("flex-unknown"));
        let open = r#"{"type":"box","contents":["#.repeat(40);
        let html = drawn(&format!("{open}{}", "]}".repeat(40)));
        assert_eq!(html.matches("flex-column").count(), DEPTH_MAX + 1, "{html}");
    }

    #[test]
    fn nothing_breaks_out() {
        let evil = || EVIL.to_owned();
        let buttons = vec![Button { label: evil(), does: domain::broadcast::content::Does::Say(evil()) }];
        let json = serde_json::json!({ "type": "bubble", "body": { "type": EVIL }, "footer": { "type": "text", "text": EVIL } });
        for message in [
            Message::Text(evil()),
            Message::Buttons { title: evil(), text: evil(), buttons },
            Message::Flex { alt: evil(), contents: json.to_string() },
        ] {
            assert_tame(&still_phone(&Wording { messages: vec![message] }, EVIL));
        }
    }
}
