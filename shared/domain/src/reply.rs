//! What the account can say: texts, cards and choices, without the platform's words for them.

use serde::{Deserialize, Serialize};

/// At most this many replies answer one event: the platform takes five messages in one call.
pub const REPLIES_MAX: usize = 5;
/// At most this many choices can be offered below the last reply.
pub const CHOICES_MAX: usize = 13;
/// At most this many cards stand side by side.
pub const CARDS_MAX: usize = 12;
/// A choice's label has at most this many characters as a reader counts them (grapheme clusters).
pub const LABEL_GRAPHEMES_MAX: usize = 20;
/// A text has at most this many UTF-16 code units.
pub const TEXT_UNITS_MAX: usize = 5_000;

/// One thing the account says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reply {
    /// Plain text, at most [`TEXT_UNITS_MAX`] units.
    Text(String),
    /// One to [`CARDS_MAX`] cards.
    Cards {
        /// What is read where cards cannot be shown (the list of chats, a notification, a screen reader).
        summary: String,
        /// The cards, side by side.
        cards: Vec<Card>,
    },
}

/// A card: a title, rows of text, buttons.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Card {
    /// The heading.
    pub title: String,
    /// A small coloured label above the title, such as the garbage category.
    pub badge: Option<Badge>,
    /// The body.
    pub rows: Vec<Row>,
    /// The buttons, below one another.
    pub buttons: Vec<Choice>,
}

/// A coloured label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Badge {
    /// What it says.
    pub text: String,
    /// `#RRGGBB`, dark enough for white text.
    pub color: String,
}

/// A row of a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Row {
    /// A paragraph.
    Text(String),
    /// A name and its value, such as 次の収集日 and a date.
    Field {
        /// The name.
        name: String,
        /// The value.
        value: String,
    },
    /// A paragraph in small print.
    Note(String),
}

/// Something a resident can tap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// At most [`LABEL_GRAPHEMES_MAX`] characters.
    pub label: String,
    /// What the tap does.
    pub action: Action,
    /// How much it stands out.
    pub emphasis: Emphasis,
}

/// How much a choice stands out among its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Emphasis {
    /// The one that most residents want.
    Main,
    /// Like the others.
    #[default]
    Plain,
}

/// What a tap does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// Sends `data` back to us; `said` appears in the chat as if the resident had typed it.
    Send {
        /// At most 300 characters, see [`crate::conversation::Command`].
        data: String,
        /// What the resident's own bubble shows.
        said: String,
    },
    /// Opens a web address (https) or a telephone number (`tel:`).
    Open(String),
    /// Opens the phone's camera, to send a photo; below the last reply only.
    Camera,
    /// Opens the phone's photo album, to send photos; below the last reply only.
    CameraRoll,
    /// Opens a map, to send a place; below the last reply only.
    Location,
}
