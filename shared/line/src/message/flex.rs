//! Flex messages: the parts of LINE's layout language that we use (<https://developers.line.biz/en/reference/messaging-api/#flex-message>).

use domain::broadcast::content::flex;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::Unfit;
use super::action::Action;
use super::text::{FlexLabel, ImageUrl};
use crate::limits::{BUBBLE_BYTES_MAX, BUBBLES_MAX, CAROUSEL_BYTES_MAX};

/// One bubble, or several side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Container(Kind);

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
enum Kind {
    Bubble(Box<Bubble>),
    Carousel(Carousel),
    Written(Value),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename = "carousel")]
struct Carousel {
    contents: Vec<Bubble>,
}

impl Container {
    /// One to twelve bubbles within LINE's limits of bytes.
    pub fn new(mut bubbles: Vec<Bubble>) -> Result<Self, Unfit> {
        if bubbles.len() > BUBBLES_MAX {
            return Err(Unfit::TooMany { what: "bubbles", max: BUBBLES_MAX });
        }
        for bubble in &bubbles {
            within(bubble, "a bubble", BUBBLE_BYTES_MAX)?;
        }
        match (bubbles.pop(), bubbles.is_empty()) {
            (None, _) => Err(Unfit::Empty("the carousel")),
            (Some(only), true) => Ok(Self(Kind::Bubble(Box::new(only)))),
            (Some(last), false) => {
                bubbles.push(last);
                let carousel = Carousel { contents: bubbles };
                within(&carousel, "a carousel", CAROUSEL_BYTES_MAX)?;
                Ok(Self(Kind::Carousel(carousel)))
            }
        }
    }
}

impl Container {
    /// What an expert wrote as JSON. It goes out as it was understood here: of a key that stands there twice, one is left.
    pub fn written(json: &str) -> Result<Self, Unfit> {
        match (flex::read(json), flex::flaws(json).first()) {
            (Ok(value), None) => Ok(Self(Kind::Written(value))),
            (Ok(_), Some(flaw)) => Err(Unfit::Flaw(flaw.path.clone())),
            (Err(_), _) => Err(Unfit::Flaw(String::new())),
        }
    }
}

fn within(part: &impl Serialize, what: &'static str, max: usize) -> Result<(), Unfit> {
    let too_large = Unfit::TooLarge { what, max };
    match serde_json::to_vec(part) {
        Ok(bytes) if bytes.len() <= max => Ok(()),
        _ => Err(too_large),
    }
}

/// A bubble.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(tag = "type", rename = "bubble", rename_all = "camelCase")]
pub struct Bubble {
    /// Its width.
    pub size: BubbleSize,
    /// What is above the body, edge to edge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hero: Option<Part>,
    /// The body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Part>,
    /// What is below the body; the place for buttons.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub footer: Option<Part>,
}

/// The width of a bubble.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum BubbleSize {
    /// For a bubble in a carousel: the next one peeks in.
    Kilo,
    /// For a bubble that stands alone.
    #[default]
    Mega,
}

/// A part of a bubble.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Part {
    /// Parts in a row or a column.
    Box(FlexBox),
    /// A text.
    Text(FlexText),
    /// A button.
    Button(FlexButton),
    /// An image.
    Image(FlexImage),
    /// A thin line.
    Separator(FlexSeparator),
}

/// Parts in a row or a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FlexBox {
    /// Row or column.
    pub layout: Layout,
    /// The parts.
    pub contents: Vec<Part>,
    /// The room between the parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spacing: Option<Space>,
    /// The room before this box.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub margin: Option<Space>,
    /// The share of its parent's room; 0 for no more than it needs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flex: Option<u8>,
    /// The colour behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub background_color: Option<Color>,
    /// How round its corners are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corner_radius: Option<Space>,
    /// The room around its contents, on all sides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub padding_all: Option<Space>,
    /// The room left and right of its contents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub padding_start: Option<Space>,
    /// The room right of its contents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub padding_end: Option<Space>,
}

impl FlexBox {
    /// Parts below one another.
    #[must_use]
    pub fn column(contents: Vec<Part>) -> Self {
        Self {
            layout: Layout::Vertical,
            contents,
            spacing: None,
            margin: None,
            flex: None,
            background_color: None,
            corner_radius: None,
            padding_all: None,
            padding_start: None,
            padding_end: None,
        }
    }

    /// Parts side by side.
    #[must_use]
    pub fn row(contents: Vec<Part>) -> Self {
        Self { layout: Layout::Horizontal, ..Self::column(contents) }
    }
}

/// How the parts of a box lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// Side by side.
    Horizontal,
    /// Below one another.
    Vertical,
}

/// A text; it wraps, and grows with the letters that the resident has set in LINE.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FlexText {
    text: String,
    size: TextSize,
    weight: Weight,
    color: Color,
    wrap: bool,
    scaling: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    margin: Option<Space>,
}

impl FlexText {
    /// A text, which must not be empty.
    pub fn new(text: impl Into<String>, size: TextSize, weight: Weight, color: Color) -> Result<Self, Unfit> {
        let text = text.into();
        if text.trim().is_empty() {
            return Err(Unfit::Empty("the text"));
        }
        Ok(Self { text, size, weight, color, wrap: true, scaling: true, margin: None })
    }

    /// The same text with room before it.
    #[must_use]
    pub fn after(self, margin: Space) -> Self {
        Self { margin: Some(margin), ..self }
    }
}

/// The size of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TextSize {
    /// Small print.
    Sm,
    /// As in a chat.
    Md,
    /// A value that is looked for.
    Lg,
    /// A title.
    Xl,
}

/// How thick the letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// As in running text.
    Regular,
    /// For titles and values.
    Bold,
}

/// A button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FlexButton {
    action: Action<FlexLabel>,
    style: ButtonStyle,
    #[serde(skip_serializing_if = "Option::is_none")]
    color: Option<Color>,
    height: &'static str,
    adjust_mode: &'static str,
    scaling: bool,
}

impl FlexButton {
    /// A button of the greater height, 52 pixels, whose label shrinks rather than being cut.
    #[must_use]
    pub fn new(action: Action<FlexLabel>, style: ButtonStyle, color: Option<Color>) -> Self {
        Self { action, style, color, height: "md", adjust_mode: "shrink-to-fit", scaling: true }
    }
}

/// How a button stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ButtonStyle {
    /// White letters on its colour.
    Primary,
    /// Dark letters on a light colour.
    Secondary,
    /// Letters only.
    Link,
}

/// An image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FlexImage {
    /// Where LINE fetches it.
    pub url: ImageUrl,
    /// Its width, such as `full`.
    pub size: &'static str,
    /// Width to height, such as `20:13`.
    pub aspect_ratio: &'static str,
    /// `cover` fills the room, `fit` shows all of it.
    pub aspect_mode: &'static str,
}

/// A thin line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct FlexSeparator {
    /// The room before it.
    pub margin: Space,
}

/// Room between parts, or the roundness of a corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Space {
    /// 2 pixels.
    Xs,
    /// 4 pixels.
    Sm,
    /// 8 pixels.
    Md,
    /// 12 pixels.
    Lg,
    /// 16 pixels.
    Xl,
    /// 20 pixels.
    Xxl,
}

/// A colour, `#RRGGBB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color([u8; 3]);

impl Color {
    /// A colour of red, green and blue.
    #[must_use]
    pub const fn rgb(red: u8, green: u8, blue: u8) -> Self {
        Self([red, green, blue])
    }

    /// The colour that `#RRGGBB` names.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
        Some(Self([red, green, blue]))
    }
}

impl Serialize for Color {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let [red, green, blue] = self.0;
        serializer.collect_str(&format_args!("#{red:02X}{green:02X}{blue:02X}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_color_is_six_hex_digits() {
        assert_eq!(Color::parse("#0a6B53"), Some(Color::rgb(0x0A, 0x6B, 0x53)));
        assert_eq!(serde_json::to_string(&Color::rgb(1, 2, 255)).unwrap(), r##""#0102FF""##);
        for bad in ["", "0A6B53", "#0A6B5", "#0A6B5G", "#+A6B53", "#あい"] {
            assert_eq!(Color::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn bubbles_are_counted_and_weighed() {
        let text = |units: usize| {
            let text = FlexText::new("a".repeat(units), TextSize::Md, Weight::Regular, Color::rgb(0, 0, 0)).unwrap();
            Bubble { body: Some(Part::Box(FlexBox::column(vec![Part::Text(text)]))), ..Bubble::default() }
        };
        assert!(Container::new(vec![text(29_000)]).is_ok());
        assert!(matches!(Container::new(vec![text(30_000)]), Err(Unfit::TooLarge { what: "a bubble", .. })));
        assert!(Container::new(vec![text(24_000); 2]).is_ok());
        assert!(matches!(Container::new(vec![text(26_000); 2]), Err(Unfit::TooLarge { what: "a carousel", .. })));
        assert!(matches!(Container::new(vec![text(1); 13]), Err(Unfit::TooMany { .. })));
        assert_eq!(Container::new(vec![]), Err(Unfit::Empty("the carousel")));
    }
}
