//! What a tap on a button does.

use serde::Serialize;

use super::Unfit;
use super::text::{DisplayText, PostbackData, Uri};

/// An action; `L` is the type of its label, which differs by where the button is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum Action<L> {
    /// Sends data to our webhook.
    Postback {
        /// What the button says.
        label: L,
        /// What our webhook gets.
        data: PostbackData,
        /// What the chat shows as the resident's own words.
        #[serde(skip_serializing_if = "Option::is_none")]
        display_text: Option<DisplayText>,
    },
    /// Lets the resident say something.
    Message {
        /// What the button says.
        label: L,
        /// What the resident says.
        text: DisplayText,
    },
    /// Opens an address.
    Uri {
        /// What the button says.
        label: L,
        /// What it opens.
        uri: Uri,
    },
    /// Opens the map to choose a place; quick replies only.
    Location {
        /// What the button says.
        label: L,
    },
    /// Opens the camera; quick replies only.
    Camera {
        /// What the button says.
        label: L,
    },
    /// Opens the photo album; quick replies only.
    CameraRoll {
        /// What the button says.
        label: L,
    },
}

impl<L> Action<L> {
    /// Sends `data` to our webhook; the chat shows `said`, unless that is empty.
    pub fn postback(label: L, data: &str, said: &str) -> Result<Self, Unfit> {
        let display_text = if said.trim().is_empty() { None } else { Some(DisplayText::cut(said)?) };
        Ok(Self::Postback { label, data: PostbackData::new(data)?, display_text })
    }

    /// Lets the resident say `text`.
    pub fn message(label: L, text: &str) -> Result<Self, Unfit> {
        Ok(Self::Message { label, text: DisplayText::new(text)? })
    }

    /// Opens `uri`.
    pub fn uri(label: L, uri: &str) -> Result<Self, Unfit> {
        Ok(Self::Uri { label, uri: Uri::new(uri)? })
    }
}
