//! Messages as LINE takes them: typed builders for what we write ourselves, and raw JSON untouched for what staff write.
//!
//! A value of these types is within LINE's limits: texts come in through [`text`], whose types either refuse what is too long
//! (addresses, data) or shorten it (what is only read).

pub mod action;
pub mod flex;
pub mod template;
pub mod text;

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::limits::{MESSAGES_MAX, QUICK_REPLIES_MAX};
use action::Action;
use flex::Container;
use template::Template;
use text::{AltText, ImageUrl, Label, MessageText};

/// Why something cannot be a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// A text that LINE wants is empty.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// A text is longer than LINE takes, and shortening it would change what it does.
    #[error("{what} is longer than {max}")]
    TooLong {
        /// Which text.
        what: &'static str,
        /// In LINE's unit for it.
        max: usize,
    },
    /// There are more parts than LINE takes.
    #[error("there are more than {max} {what}")]
    TooMany {
        /// Which parts.
        what: &'static str,
        /// How many LINE takes.
        max: usize,
    },
    /// An address has none of the schemes that LINE opens.
    #[error("{0} has a scheme that LINE does not open")]
    Scheme(&'static str),
    /// An action stands where LINE does not know it.
    #[error("{0} stands on a card")]
    Misplaced(&'static str),
    /// The JSON has more bytes than LINE takes, however its texts are shortened.
    #[error("{what} has more than {max} bytes")]
    TooLarge {
        /// Which part.
        what: &'static str,
        /// How many bytes LINE takes.
        max: usize,
    },
    /// The JSON of a flex message has something at this path that does not go out.
    #[error("the flex message has a flaw at \"{0}\"")]
    Flaw(String),
    /// It is not a JSON array of 1 to 5 objects.
    #[error("messages are a JSON array of 1 to {MESSAGES_MAX} objects")]
    NotMessages,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    #[serde(flatten)]
    content: Content,
    #[serde(rename = "quickReply", skip_serializing_if = "Option::is_none")]
    quick_reply: Option<QuickReply>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Content {
    Text { text: MessageText },
    Image { original_content_url: ImageUrl, preview_image_url: ImageUrl },
    Flex { alt_text: AltText, contents: Container },
    Template { alt_text: AltText, template: Template },
}

impl Message {
    fn of(content: Content) -> Self {
        Self { content, quick_reply: None }
    }

    /// A text.
    #[must_use]
    pub fn text(text: MessageText) -> Self {
        Self::of(Content::Text { text })
    }

    /// An image, and a smaller one to show in the chat.
    #[must_use]
    pub fn image(original: ImageUrl, preview: ImageUrl) -> Self {
        Self::of(Content::Image { original_content_url: original, preview_image_url: preview })
    }

    /// A flex message; `alt_text` is read where it cannot be shown.
    #[must_use]
    pub fn flex(alt_text: AltText, contents: Container) -> Self {
        Self::of(Content::Flex { alt_text, contents })
    }

    /// A template message; `alt_text` is read where it cannot be shown.
    #[must_use]
    pub fn template(alt_text: AltText, template: Template) -> Self {
        Self::of(Content::Template { alt_text, template })
    }

    /// The same message with buttons below the chat, which vanish after a tap.
    #[must_use]
    pub fn with_quick_reply(self, quick_reply: QuickReply) -> Self {
        Self { quick_reply: Some(quick_reply), ..self }
    }
}

/// Buttons below the chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QuickReply {
    items: Vec<QuickReplyItem>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename = "action")]
struct QuickReplyItem {
    action: Action<Label>,
}

impl QuickReply {
    /// One to 13 buttons.
    pub fn new(actions: Vec<Action<Label>>) -> Result<Self, Unfit> {
        if actions.is_empty() {
            return Err(Unfit::Empty("the quick reply"));
        }
        if actions.len() > QUICK_REPLIES_MAX {
            return Err(Unfit::TooMany { what: "quick replies", max: QUICK_REPLIES_MAX });
        }
        Ok(Self { items: actions.into_iter().map(|action| QuickReplyItem { action }).collect() })
    }
}

/// One to five messages for one call: a JSON array, sent byte for byte as it is here.
#[derive(Clone)]
pub struct MessageArray(Box<RawValue>);

impl MessageArray {
    /// Takes raw JSON as it is, if it is an array of 1 to 5 objects. What is in them is LINE's to check.
    pub fn parse(json: String) -> Result<Self, Unfit> {
        let raw = RawValue::from_string(json).map_err(|_| Unfit::NotMessages)?;
        let messages: Vec<&RawValue> = serde_json::from_str(raw.get()).map_err(|_| Unfit::NotMessages)?;
        let are_objects = messages.iter().all(|message| message.get().starts_with('{'));
        if are_objects && (1..=MESSAGES_MAX).contains(&messages.len()) {
            Ok(Self(raw))
        } else {
            Err(Unfit::NotMessages)
        }
    }

    /// Writes messages of ours.
    pub fn of(messages: &[Message]) -> Result<Self, Unfit> {
        Self::parse(serde_json::to_string(messages).map_err(|_| Unfit::NotMessages)?)
    }

    /// The JSON.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.get()
    }
}

impl std::fmt::Debug for MessageArray {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MessageArray({} bytes)", self.0.get().len())
    }
}

impl Serialize for MessageArray {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_messages_stay_as_they_are() {
        let odd = r#"[ {"type":"newest",  "x":1.50, "y":"\u4e7e"} ]"#;
        assert_eq!(MessageArray::parse(odd.to_owned()).unwrap().as_str(), odd);
    }

    #[test]
    fn only_one_to_five_objects_are_messages() {
        for bad in ["", "[]", "{}", "[1]", r#"["a"]"#, "[{},{},{},{},{},{}]", "[{}", "[{}] "] {
            let taken = MessageArray::parse(bad.to_owned());
            assert_eq!(taken.is_ok(), bad == "[{}] ", "{bad}");
        }
    }

    #[test]
    fn thirteen_quick_replies_are_the_most() {
        let action = Action::message(Label::cut("はい").unwrap(), "はい").unwrap();
        assert!(QuickReply::new(vec![action.clone(); 13]).is_ok());
        assert!(matches!(QuickReply::new(vec![action; 14]), Err(Unfit::TooMany { max: 13, .. })));
        assert_eq!(QuickReply::new(vec![]), Err(Unfit::Empty("the quick reply")));
    }
}
