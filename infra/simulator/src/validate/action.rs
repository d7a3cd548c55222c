//! Action objects, and what each place that holds one allows.

use serde_json::Value;

use super::{Count, Issues, Need, Optional, Required, field, join};
use crate::limits::form;

/// Where an action stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spot {
    QuickReply,
    Template,
    ImageCarousel,
    FlexButton,
    /// A tap on any other part of a flex message, or on a template's picture.
    Tap,
    RichMenu,
}

impl Spot {
    fn label(self) -> (Need, usize) {
        match self {
            Self::QuickReply | Self::Template => (Required, form::LABEL),
            Self::ImageCarousel => (Optional, form::IMAGE_COLUMN_LABEL),
            Self::FlexButton => (Required, form::FLEX_LABEL),
            Self::Tap => (Optional, form::FLEX_LABEL),
            Self::RichMenu => (Optional, form::LABEL),
        }
    }

    fn types(self) -> &'static [&'static str] {
        match self {
            Self::QuickReply => {
                &["postback", "message", "uri", "datetimepicker", "camera", "cameraRoll", "location", "clipboard"]
            }
            Self::RichMenu => &["postback", "message", "uri", "datetimepicker", "richmenuswitch", "clipboard"],
            _ => &["postback", "message", "uri", "datetimepicker", "clipboard"],
        }
    }
}

/// Checks an action that must be there.
pub(super) fn check(action: &Value, at: &str, spot: Spot, issues: &mut Issues) {
    if !action.is_object() {
        issues.add(at, "May not be empty");
        return;
    }
    let field = |name| field(action, at, name);
    let Some(kind) = issues.word(field("type"), Required, spot.types()) else { return };
    let (need, max) = spot.label();
    issues.string(field("label"), need, max, Count::Graphemes);
    match kind {
        "postback" => postback(action, at, issues),
        "message" => {
            issues.string(field("text"), Required, issues.limits.max_action_text_length, Count::Graphemes);
        }
        "uri" => uri(action, at, issues),
        "datetimepicker" => {
            issues.string(field("data"), Required, issues.limits.max_action_text_length, Count::Utf16);
            issues.word(field("mode"), Required, &["date", "time", "datetime"]);
        }
        "richmenuswitch" => {
            issues.string(field("richMenuAliasId"), Required, form::MENU_ALIAS, Count::Utf16);
            issues.string(field("data"), Required, issues.limits.max_action_text_length, Count::Utf16);
        }
        "clipboard" => {
            issues.string(field("clipboardText"), Required, form::CLIPBOARD, Count::Utf16);
        }
        _ => {}
    }
}

fn postback(action: &Value, at: &str, issues: &mut Issues) {
    let field = |name| field(action, at, name);
    issues.string(field("data"), Required, issues.limits.max_action_text_length, Count::Utf16);
    issues.string(field("displayText"), Optional, issues.limits.max_action_text_length, Count::Graphemes);
    issues.string(field("text"), Optional, issues.limits.max_action_text_length, Count::Graphemes);
    if !action["displayText"].is_null() && !action["text"].is_null() {
        issues.add(&join(at, "displayText"), "displayText and text cannot be used together");
    }
    let option =
        issues.word(field("inputOption"), Optional, &["closeRichMenu", "openRichMenu", "openKeyboard", "openVoice"]);
    if !action["fillInText"].is_null() {
        issues.string(field("fillInText"), Optional, issues.limits.max_action_text_length, Count::Graphemes);
        if option != Some("openKeyboard") {
            issues.add(&join(at, "fillInText"), "fillInText needs inputOption openKeyboard");
        }
    }
}

fn uri(action: &Value, at: &str, issues: &mut Issues) {
    let Some(uri) = issues.string(field(action, at, "uri"), Required, form::ACTION_URI, Count::Utf16) else { return };
    let scheme = uri.split_once(':').map_or("", |(scheme, _)| scheme).to_ascii_lowercase();
    if !matches!(scheme.as_str(), "http" | "https" | "line" | "tel") {
        issues.add(&join(at, "uri"), "Invalid action URI scheme");
    } else if !uri.chars().all(|letter| letter.is_ascii_graphic()) {
        issues.add(&join(at, "uri"), "Invalid action URI");
    }
}
