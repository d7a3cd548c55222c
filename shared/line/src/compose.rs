//! Broadcasts in LINE's words. Nothing is shortened here but what is read in place of a message: what is too long is an error.
//!
//! Buttons are a flex bubble, not a buttons template: a template cuts its text after 60 characters where it has a title.

use app::error::Error;
use app::ports::{BroadcastMessages, Composer, Messages, Objection, PictureUrls, Verdict};
use async_trait::async_trait;
use domain::broadcast::content::{self, Button, Content, Does, PictureId, Wording, limits as ours};
use domain::language::Language;

use crate::client::ValidateFor;
use crate::client::error::{LineError, Refusal};
use crate::limits;
use crate::message::action::Action;
use crate::message::flex::{
    Bubble, BubbleSize, ButtonStyle, Container, FlexBox, FlexButton, Part, Space, TextSize, Weight,
};
use crate::message::text::{AltText, FlexLabel, ImageUrl, MessageText};
use crate::message::{Message, MessageArray, Unfit};
use crate::messenger::{LineMessenger, permanent};
use crate::render::{ACCENT, INK, is_said, text, unless_empty};

/// What the domain lets staff write passes none of LINE's limits.
const _: () = assert!(
    ours::MESSAGES_MAX <= limits::MESSAGES_MAX
        && ours::TEXT_UNITS_MAX <= limits::TEXT_UNITS_MAX
        && ours::LABEL_GRAPHEMES_MAX <= limits::FLEX_LABEL_GRAPHEMES_MAX
        && ours::ADDRESS_UNITS_MAX <= limits::URI_UNITS_MAX
        && ours::SAID_UNITS_MAX <= limits::DISPLAY_TEXT_GRAPHEMES_MAX
        && ours::ALT_UNITS_MAX <= limits::ALT_TEXT_UNITS_MAX
        && ours::FLEX_LABEL_GRAPHEMES_MAX <= limits::FLEX_LABEL_GRAPHEMES_MAX
        && ours::FLEX_PICTURE_UNITS_MAX <= limits::IMAGE_URL_UNITS_MAX
        && ours::BUBBLES_MAX <= limits::BUBBLES_MAX
        && ours::BUBBLE_BYTES_MAX <= limits::BUBBLE_BYTES_MAX
        && ours::CAROUSEL_BYTES_MAX <= limits::CAROUSEL_BYTES_MAX
);

/// LINE's words for broadcasts, for whoever has nothing to ask of LINE.
#[derive(Debug, Clone, Copy, Default)]
pub struct LineComposer;

impl Composer for LineComposer {
    fn compose_content(
        &self,
        content: &Content,
        pictures: &dyn Fn(&PictureId) -> PictureUrls,
    ) -> Result<Vec<(Language, Messages)>, Error> {
        let composed = |(language, wording): (&Language, &Wording)| {
            let messages = compose(wording, pictures).map_err(|unfit| permanent("compose a broadcast", unfit))?;
            Ok((*language, Messages(messages.as_str().to_owned())))
        };
        content.wordings.iter().map(composed).collect()
    }
}

impl Composer for LineMessenger {
    fn compose_content(
        &self,
        content: &Content,
        pictures: &dyn Fn(&PictureId) -> PictureUrls,
    ) -> Result<Vec<(Language, Messages)>, Error> {
        LineComposer.compose_content(content, pictures)
    }
}

#[async_trait]
impl BroadcastMessages for LineMessenger {
    async fn validate(&self, messages: &Messages) -> Result<Verdict, Error> {
        const DOING: &str = "let LINE check a broadcast";
        let messages = MessageArray::parse(messages.0.clone()).map_err(|unfit| permanent(DOING, unfit))?;
        match self.client.validate(&messages, ValidateFor::Multicast).await {
            Ok(()) => Ok(Verdict::Fine),
            Err(LineError::Refused(refusal)) if matches!(refusal.status, 400 | 413) => {
                Ok(Verdict::Refused(objections(*refusal)))
            }
            Err(error @ LineError::Unfit(_)) => Err(error.while_doing(DOING)),
            // Whatever else it is, it says nothing about the messages.
            Err(error) => {
                tracing::warn!(line.error = error.chain(), "LINE could not be asked about a broadcast");
                Ok(Verdict::Unasked)
            }
        }
    }
}

fn objections(refusal: Refusal) -> Vec<Objection> {
    if refusal.details.is_empty() {
        return vec![Objection { property: String::new(), words: refusal.message.unwrap_or_default() }];
    }
    let objection =
        |detail: crate::client::error::Detail| Objection { property: detail.property, words: detail.message };
    refusal.details.into_iter().map(objection).collect()
}

/// The messages of one wording.
pub fn compose(wording: &Wording, pictures: &dyn Fn(&PictureId) -> PictureUrls) -> Result<MessageArray, Unfit> {
    let messages = wording.messages.iter().map(|message| compose_one(message, pictures));
    MessageArray::of(&messages.collect::<Result<Vec<_>, _>>()?)
}

fn compose_one(message: &content::Message, pictures: &dyn Fn(&PictureId) -> PictureUrls) -> Result<Message, Unfit> {
    match message {
        content::Message::Text(text) => Ok(Message::text(MessageText::new(text)?)),
        content::Message::Picture(id) => {
            let PictureUrls { original, preview } = pictures(id);
            Ok(Message::image(ImageUrl::new(original)?, ImageUrl::new(preview)?))
        }
        content::Message::Buttons { title, text, buttons } => {
            let alt = if is_said(title) { format!("{title}\n{text}") } else { text.clone() };
            Ok(Message::flex(AltText::cut(&alt)?, Container::new(vec![bubble(title, text, buttons)?])?))
        }
        content::Message::Flex { alt, contents } => {
            Ok(Message::flex(AltText::new(alt)?, Container::written(contents)?))
        }
    }
}

fn bubble(title: &str, said: &str, buttons: &[Button]) -> Result<Bubble, Unfit> {
    let mut parts = Vec::new();
    if is_said(title) {
        parts.push(text(title, ours::TEXT_UNITS_MAX, TextSize::Xl, Weight::Bold, INK)?);
    }
    parts.push(text(said, ours::TEXT_UNITS_MAX, TextSize::Md, Weight::Regular, INK)?);
    let buttons = buttons.iter().enumerate().map(|(index, one)| button(index, one)).collect::<Result<_, _>>()?;
    let body = FlexBox { spacing: Some(Space::Lg), padding_all: Some(Space::Xxl), ..FlexBox::column(parts) };
    let footer = FlexBox { spacing: Some(Space::Md), padding_all: Some(Space::Xl), ..FlexBox::column(buttons) };
    Ok(Bubble { size: BubbleSize::Mega, hero: None, body: unless_empty(body), footer: unless_empty(footer) })
}

/// The first button is the one that most residents want.
fn button(index: usize, button: &Button) -> Result<Part, Unfit> {
    let (style, color) = if index == 0 { (ButtonStyle::Primary, Some(ACCENT)) } else { (ButtonStyle::Secondary, None) };
    let label = FlexLabel::new(button.label.as_str())?;
    let action = match &button.does {
        Does::Open(address) => Action::uri(label, address)?,
        Does::Say(said) => Action::message(label, said)?,
    };
    Ok(Part::Button(FlexButton::new(action, style, color)))
}
