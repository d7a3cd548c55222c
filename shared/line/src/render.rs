//! Replies of ours in LINE's words: texts, and cards as flex bubbles that are calm and easy to read.
//!
//! What is only read is shortened where LINE's limits demand it; what would do something else when shortened is an error.

use domain::reply::{self, Badge, Card, Choice, Emphasis, Reply, Row};
use domain::text::count::{Unit, shortened};

use crate::limits::MESSAGES_MAX;
use crate::message::action::Action;
use crate::message::flex::{
    Bubble, BubbleSize, ButtonStyle, Color, Container, FlexBox, FlexButton, FlexText, Part, Space, TextSize, Weight,
};
use crate::message::text::{AltText, FlexLabel, Label, MessageText};
use crate::message::{Message, MessageArray, QuickReply, Unfit};

/// Text on a card: nearly black, softer than black.
pub(crate) const INK: Color = Color::rgb(0x1F, 0x29, 0x33);
/// Names of fields and small print: contrast 7 to 1 on white.
const MUTED: Color = Color::rgb(0x4F, 0x58, 0x62);
/// Text on a badge.
const WHITE: Color = Color::rgb(0xFF, 0xFF, 0xFF);
/// The button that most residents want, and a badge without a colour of its own: contrast 6 to 1 with white letters.
pub(crate) const ACCENT: Color = Color::rgb(0x0B, 0x6B, 0x53);

/// Lengths of one paragraph of a card, tried in turn until the card is within LINE's limit of bytes.
const PARAGRAPH_UNITS: [usize; 3] = [1_500, 400, 100];

/// Writes replies as messages for one call; the choices stand below the last.
pub fn render(replies: &[Reply], choices: &[Choice]) -> Result<MessageArray, Unfit> {
    if replies.len() > MESSAGES_MAX {
        return Err(Unfit::TooMany { what: "replies", max: MESSAGES_MAX });
    }
    let mut messages = replies.iter().map(message).collect::<Result<Vec<_>, _>>()?;
    if !choices.is_empty() {
        let last = messages.pop().ok_or(Unfit::Empty("the list of replies"))?;
        messages.push(last.with_quick_reply(quick_reply(choices)?));
    }
    MessageArray::of(&messages)
}

fn message(reply: &Reply) -> Result<Message, Unfit> {
    match reply {
        Reply::Text(text) => Ok(Message::text(MessageText::cut(text)?)),
        Reply::Cards { summary, cards } => Ok(Message::flex(AltText::cut(summary)?, container(cards)?)),
    }
}

fn quick_reply(choices: &[Choice]) -> Result<QuickReply, Unfit> {
    QuickReply::new(choices.iter().map(quick_action).collect::<Result<_, _>>()?)
}

/// What a tap below the last message does: some of it LINE knows nowhere else.
fn quick_action(choice: &Choice) -> Result<Action<Label>, Unfit> {
    let label = Label::cut(&choice.label)?;
    match &choice.action {
        reply::Action::Camera => Ok(Action::Camera { label }),
        reply::Action::CameraRoll => Ok(Action::CameraRoll { label }),
        reply::Action::Location => Ok(Action::Location { label }),
        reply::Action::Send { .. } | reply::Action::Open(_) => action(label, choice),
    }
}

fn action<L>(label: L, choice: &Choice) -> Result<Action<L>, Unfit> {
    match &choice.action {
        reply::Action::Send { data, said } => Action::postback(label, data, said),
        reply::Action::Open(uri) => Action::uri(label, uri),
        reply::Action::Camera | reply::Action::CameraRoll | reply::Action::Location => {
            Err(Unfit::Misplaced("what only a quick reply does"))
        }
    }
}

fn container(cards: &[Card]) -> Result<Container, Unfit> {
    let size = if cards.len() == 1 { BubbleSize::Mega } else { BubbleSize::Kilo };
    let mut outcome = Err(Unfit::Empty("the carousel"));
    for units in PARAGRAPH_UNITS {
        let bubbles = cards.iter().map(|card| bubble(card, size, units)).collect::<Result<Vec<_>, _>>()?;
        outcome = Container::new(bubbles);
        if !matches!(outcome, Err(Unfit::TooLarge { .. })) {
            break;
        }
    }
    outcome
}

fn bubble(card: &Card, size: BubbleSize, units: usize) -> Result<Bubble, Unfit> {
    let mut parts = Vec::new();
    if let Some(badge) = card.badge.as_ref().filter(|badge| is_said(&badge.text)) {
        parts.push(pill(badge)?);
    }
    if is_said(&card.title) {
        parts.push(text(&card.title, units, TextSize::Xl, Weight::Bold, INK)?);
    }
    for row in card.rows.iter().filter(|row| is_row_said(row)) {
        parts.push(paragraph(row, units)?);
    }
    let buttons = card.buttons.iter().map(button).collect::<Result<Vec<_>, _>>()?;
    if parts.is_empty() && buttons.is_empty() {
        return Err(Unfit::Empty("a card"));
    }
    let body = FlexBox { spacing: Some(Space::Lg), padding_all: Some(Space::Xxl), ..FlexBox::column(parts) };
    let footer = FlexBox { spacing: Some(Space::Md), padding_all: Some(Space::Xl), ..FlexBox::column(buttons) };
    Ok(Bubble { size, hero: None, body: unless_empty(body), footer: unless_empty(footer) })
}

pub(crate) fn unless_empty(part: FlexBox) -> Option<Part> {
    (!part.contents.is_empty()).then_some(Part::Box(part))
}

pub(crate) fn is_said(text: &str) -> bool {
    !text.trim().is_empty()
}

/// A field without a value says nothing, whatever its name.
fn is_row_said(row: &Row) -> bool {
    match row {
        Row::Text(text) | Row::Note(text) => is_said(text),
        Row::Field { value, .. } => is_said(value),
    }
}

pub(crate) fn text(text: &str, units: usize, size: TextSize, weight: Weight, color: Color) -> Result<Part, Unfit> {
    Ok(Part::Text(FlexText::new(shortened(text, Unit::Utf16, units), size, weight, color)?))
}

/// A badge: a coloured pill no wider than its text.
fn pill(badge: &Badge) -> Result<Part, Unfit> {
    let color = Color::parse(&badge.color).unwrap_or(ACCENT);
    let said = text(&badge.text, 40, TextSize::Sm, Weight::Bold, WHITE)?;
    let pill = FlexBox {
        flex: Some(0),
        background_color: Some(color),
        corner_radius: Some(Space::Md),
        padding_all: Some(Space::Sm),
        padding_start: Some(Space::Lg),
        padding_end: Some(Space::Lg),
        ..FlexBox::column(vec![said])
    };
    Ok(Part::Box(FlexBox::row(vec![Part::Box(pill)])))
}

fn paragraph(row: &Row, units: usize) -> Result<Part, Unfit> {
    match row {
        Row::Text(said) => text(said, units, TextSize::Md, Weight::Regular, INK),
        Row::Note(said) => text(said, units, TextSize::Sm, Weight::Regular, MUTED),
        Row::Field { name, value } => {
            let value = text(value, units, TextSize::Lg, Weight::Bold, INK)?;
            if !is_said(name) {
                return Ok(value);
            }
            let name = text(name, units, TextSize::Sm, Weight::Regular, MUTED)?;
            Ok(Part::Box(FlexBox { spacing: Some(Space::Xs), ..FlexBox::column(vec![name, value]) }))
        }
    }
}

fn button(choice: &Choice) -> Result<Part, Unfit> {
    let (style, color) = match choice.emphasis {
        Emphasis::Main => (ButtonStyle::Primary, Some(ACCENT)),
        Emphasis::Plain => (ButtonStyle::Secondary, None),
    };
    Ok(Part::Button(FlexButton::new(action(FlexLabel::cut(&choice.label)?, choice)?, style, color)))
}
