//! What a broadcast says: one wording per language, each of up to five messages.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::language::Language;

/// What a broadcast says. Whoever chose a language without a wording gets the Japanese one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Content {
    /// The wordings; a Japanese one is among them in every broadcast that can be sent.
    pub wordings: BTreeMap<Language, Wording>,
}

/// One to five messages in one language.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Wording {
    /// In their order.
    pub messages: Vec<Message>,
}

/// One message of a wording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Message {
    /// Text; `{name}` and the like stand for what the town's data says.
    Text(String),
    /// A picture that was uploaded before.
    Picture(PictureId),
    /// A title, a text and one to four buttons.
    Buttons {
        /// The title; may be empty.
        title: String,
        /// The text.
        text: String,
        /// The buttons.
        buttons: Vec<Button>,
    },
    /// A Flex Message of LINE as JSON, for experts.
    Flex {
        /// What is read where it cannot be shown.
        alt: String,
        /// The `contents` object: JSON.
        contents: String,
    },
}

/// A button of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// Its label.
    pub label: String,
    /// What it does.
    pub does: Does,
}

/// What a button does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Does {
    /// Opens a web page, or dials (`https:`, `tel:`).
    Open(String),
    /// Says something in the resident's name, as if they had typed it.
    Say(String),
}

/// A picture in the bucket: 64 lower-case hex digits, the SHA-256 of its bytes and a secret of the town.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PictureId(pub String);
