//! What a broadcast says: one wording per language, each of up to five messages.
//!
//! Staff write it with [`placeholders`]; [`check`] says what is wrong with it, and where. Approved, it goes out
//! [filled](Content::filled) with the town's data and, if it is a drill, [stamped](Content::stamped) as one.

pub mod check;
pub mod flex;
pub mod limits;
pub mod placeholders;
mod stamp;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::language::Language;
use placeholders::{Dated, Fill, Placeholders};

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

/// A picture in the bucket: 64 lower-case hex digits of chance, so that nobody guesses the address of one that was not sent yet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PictureId(String);

/// A text that is no picture's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a picture's id has 64 lower-case hex digits")]
pub struct NoPictureId;

impl PictureId {
    /// An id of 32 random bytes.
    #[must_use]
    pub fn of(chance: [u8; 32]) -> Self {
        Self(crate::text::hex(&chance))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for PictureId {
    type Error = NoPictureId;

    fn try_from(text: String) -> Result<Self, NoPictureId> {
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() == 64 && text.bytes().all(is_hex) { Ok(Self(text)) } else { Err(NoPictureId) }
    }
}

impl From<PictureId> for String {
    fn from(id: PictureId) -> Self {
        id.0
    }
}

impl Content {
    /// The same with every placeholder filled in.
    #[must_use]
    pub fn filled(&self, with: &Placeholders) -> Self {
        let filled = |(language, wording): (&Language, &Wording)| (*language, wording.filled(with));
        Self { wordings: self.wordings.iter().map(filled).collect() }
    }

    /// The same with the date on which a rule is due filled in ([`placeholders::OF_RULES`]).
    #[must_use]
    pub fn dated(&self, date: Date) -> Self {
        let dated =
            |(language, wording): (&Language, &Wording)| (*language, wording.filled(&Dated::new(*language, date)));
        Self { wordings: self.wordings.iter().map(dated).collect() }
    }

    /// The pictures in it.
    pub fn pictures(&self) -> impl Iterator<Item = &PictureId> {
        self.wordings.values().flat_map(|wording| &wording.messages).filter_map(|message| match message {
            Message::Picture(id) => Some(id),
            Message::Text(_) | Message::Buttons { .. } | Message::Flex { .. } => None,
        })
    }
}

impl Wording {
    fn filled(&self, with: &impl Fill) -> Self {
        Self { messages: self.messages.iter().map(|message| message.filled(with)).collect() }
    }
}

impl Message {
    fn filled(&self, with: &impl Fill) -> Self {
        match self {
            Self::Text(text) => Self::Text(with.fill(text)),
            Self::Picture(id) => Self::Picture(id.clone()),
            Self::Buttons { title, text, buttons } => Self::Buttons {
                title: with.fill(title),
                text: with.fill(text),
                buttons: buttons.iter().map(|button| button.filled(with)).collect(),
            },
            Self::Flex { alt, contents } => Self::Flex { alt: with.fill(alt), contents: with.fill_json(contents) },
        }
    }
}

impl Button {
    fn filled(&self, with: &impl Fill) -> Self {
        let does = match &self.does {
            Does::Open(address) => Does::Open(with.fill(address)),
            Does::Say(said) => Does::Say(with.fill(said)),
        };
        Self { label: with.fill(&self.label), does }
    }
}

#[cfg(test)]
mod tests;
