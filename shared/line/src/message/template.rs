//! Template messages: buttons and yes-or-no, where a flex message would be too much.

use domain::text::count::{Unit, shortened};
use serde::Serialize;

use super::Unfit;
use super::action::Action;
use super::text::{ImageUrl, Label};
use crate::limits::{
    BUTTONS_MAX, BUTTONS_TEXT_GRAPHEMES_MAX, BUTTONS_TITLE_GRAPHEMES_MAX, BUTTONS_TITLED_TEXT_GRAPHEMES_MAX,
    CONFIRM_TEXT_GRAPHEMES_MAX,
};

/// A template. Its texts are shortened to what LINE takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Template(Kind);

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Kind {
    Buttons {
        #[serde(skip_serializing_if = "Option::is_none")]
        thumbnail_image_url: Option<ImageUrl>,
        #[serde(skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        text: String,
        actions: Vec<Action<Label>>,
    },
    Confirm {
        text: String,
        actions: [Action<Label>; 2],
    },
}

/// The upper part of a buttons template.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    /// An image above everything.
    pub image: Option<ImageUrl>,
    /// A title in bold.
    pub title: Option<String>,
}

impl Template {
    /// A text with one to four buttons.
    pub fn buttons(head: Head, text: &str, actions: Vec<Action<Label>>) -> Result<Self, Unfit> {
        if actions.is_empty() {
            return Err(Unfit::Empty("the row of buttons"));
        }
        if actions.len() > BUTTONS_MAX {
            return Err(Unfit::TooMany { what: "buttons", max: BUTTONS_MAX });
        }
        let title = head.title.filter(|title| !title.trim().is_empty());
        let is_plain = title.is_none() && head.image.is_none();
        let max = if is_plain { BUTTONS_TEXT_GRAPHEMES_MAX } else { BUTTONS_TITLED_TEXT_GRAPHEMES_MAX };
        Ok(Self(Kind::Buttons {
            thumbnail_image_url: head.image,
            title: title.map(|title| shortened(&title, Unit::Graphemes, BUTTONS_TITLE_GRAPHEMES_MAX)),
            text: read(text, max)?,
            actions,
        }))
    }

    /// A question with two answers side by side.
    pub fn confirm(text: &str, yes: Action<Label>, no: Action<Label>) -> Result<Self, Unfit> {
        Ok(Self(Kind::Confirm { text: read(text, CONFIRM_TEXT_GRAPHEMES_MAX)?, actions: [yes, no] }))
    }
}

fn read(text: &str, max: usize) -> Result<String, Unfit> {
    if text.trim().is_empty() {
        return Err(Unfit::Empty("the text"));
    }
    Ok(shortened(text, Unit::Graphemes, max))
}

#[cfg(test)]
mod tests {
    use domain::text::count::length;

    use super::*;

    fn action() -> Action<Label> {
        Action::message(Label::cut("はい").unwrap(), "はい").unwrap()
    }

    #[test]
    fn the_text_has_less_room_below_a_title() {
        let long = "あ".repeat(200);
        for (title, max) in [(None, 160), (Some("題".repeat(50)), 60)] {
            let template = Template::buttons(Head { image: None, title }, &long, vec![action()]).unwrap();
            let json = serde_json::to_value(template).unwrap();
            assert_eq!(length(json["text"].as_str().unwrap(), Unit::Graphemes), max);
            assert!(json["title"].as_str().is_none_or(|title| length(title, Unit::Graphemes) == 40));
        }
    }

    #[test]
    fn there_are_one_to_four_buttons() {
        assert!(Template::buttons(Head::default(), "どれですか", vec![action(); 4]).is_ok());
        assert!(Template::buttons(Head::default(), "どれですか", vec![action(); 5]).is_err());
        assert!(Template::buttons(Head::default(), "どれですか", vec![]).is_err());
        assert!(Template::confirm(" ", action(), action()).is_err());
    }
}
