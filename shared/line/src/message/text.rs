//! The texts inside messages: each type knows its limit, and in which unit LINE counts it.

use domain::text::count::{Unit, length, shortened};
use serde::Serialize;

use super::Unfit;
use crate::limits::{
    ALT_TEXT_UNITS_MAX, DISPLAY_TEXT_GRAPHEMES_MAX, FLEX_LABEL_GRAPHEMES_MAX, IMAGE_URL_UNITS_MAX, LABEL_GRAPHEMES_MAX,
    POSTBACK_DATA_UNITS_MAX, TEXT_UNITS_MAX, URI_UNITS_MAX,
};

fn fit(text: &str, what: &'static str, unit: Unit, max: usize) -> Result<(), Unfit> {
    if text.trim().is_empty() {
        return Err(Unfit::Empty(what));
    }
    if length(text, unit) > max { Err(Unfit::TooLong { what, max }) } else { Ok(()) }
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident: $what:literal, $unit:expr, $max:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
        pub struct $name(String);

        impl $name {
            /// Takes the text as it is, or refuses it.
            pub fn new(text: impl Into<String>) -> Result<Self, Unfit> {
                let text = text.into();
                fit(&text, $what, $unit, $max)?;
                Ok(Self(text))
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    )+};
}

/// Texts that are only read may be shortened, with "…" at the end.
macro_rules! cut {
    ($($name:ident: $what:literal, $unit:expr, $max:expr;)+) => {$(
        impl $name {
            /// Takes the text, shortened to fit. It is refused only if it is empty.
            pub fn cut(text: &str) -> Result<Self, Unfit> {
                Self::new(shortened(text, $unit, $max))
            }
        }
    )+};
}

texts! {
    /// The text of a text message.
    MessageText: "the text", Unit::Utf16, TEXT_UNITS_MAX;
    /// What is read instead of a flex or template message.
    AltText: "the alternative text", Unit::Utf16, ALT_TEXT_UNITS_MAX;
    /// An action's label outside flex messages.
    Label: "the label", Unit::Graphemes, LABEL_GRAPHEMES_MAX;
    /// An action's label inside a flex message.
    FlexLabel: "the label", Unit::Graphemes, FLEX_LABEL_GRAPHEMES_MAX;
    /// What appears in the chat when a button was tapped.
    DisplayText: "the display text", Unit::Graphemes, DISPLAY_TEXT_GRAPHEMES_MAX;
    /// What a button sends back to us. Shortened data would mean something else: it is refused.
    PostbackData: "the postback data", Unit::Utf16, POSTBACK_DATA_UNITS_MAX;
}

cut! {
    MessageText: "the text", Unit::Utf16, TEXT_UNITS_MAX;
    AltText: "the alternative text", Unit::Utf16, ALT_TEXT_UNITS_MAX;
    Label: "the label", Unit::Graphemes, LABEL_GRAPHEMES_MAX;
    FlexLabel: "the label", Unit::Graphemes, FLEX_LABEL_GRAPHEMES_MAX;
    DisplayText: "the display text", Unit::Graphemes, DISPLAY_TEXT_GRAPHEMES_MAX;
}

/// What a button opens: a web page, a telephone number, or a place inside LINE.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Uri(String);

impl Uri {
    /// Takes an address of a scheme that LINE opens.
    pub fn new(uri: impl Into<String>) -> Result<Self, Unfit> {
        const WHAT: &str = "the address";
        let uri = uri.into();
        fit(&uri, WHAT, Unit::Utf16, URI_UNITS_MAX)?;
        if ["https://", "http://", "tel:", "line://"].iter().any(|scheme| uri.starts_with(scheme)) {
            Ok(Self(uri))
        } else {
            Err(Unfit::Scheme(WHAT))
        }
    }
}

/// Where LINE fetches an image: https only, but on this machine, where a simulator stands for LINE.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImageUrl(String);

impl ImageUrl {
    /// Takes an https address, or one of this machine.
    pub fn new(url: impl Into<String>) -> Result<Self, Unfit> {
        const WHAT: &str = "the image's address";
        let url = url.into();
        fit(&url, WHAT, Unit::Utf16, IMAGE_URL_UNITS_MAX)?;
        let here = ["http://localhost:", "http://127.0.0.1:"].iter().any(|base| url.starts_with(base));
        if here || url.starts_with("https://") { Ok(Self(url)) } else { Err(Unfit::Scheme(WHAT)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_is_refused_one_unit_above_its_limit() {
        assert!(Label::new("👨‍👩‍👧".repeat(20)).is_ok());
        assert_eq!(Label::new("あ".repeat(21)), Err(Unfit::TooLong { what: "the label", max: 20 }));
        assert!(MessageText::new("🍎".repeat(2_500)).is_ok());
        assert!(MessageText::new("🍎".repeat(2_501)).is_err());
        assert!(PostbackData::new("a".repeat(300)).is_ok());
        assert!(PostbackData::new("a".repeat(301)).is_err());
        assert!(AltText::new("あ".repeat(1_501)).is_err());
        assert_eq!(MessageText::new(" \n"), Err(Unfit::Empty("the text")));
    }

    #[test]
    fn a_text_that_is_only_read_is_shortened() {
        assert_eq!(Label::cut(&"あ".repeat(21)).unwrap().as_str(), format!("{}…", "あ".repeat(19)));
        assert_eq!(Label::cut(""), Err(Unfit::Empty("the label")));
    }

    #[test]
    fn only_addresses_that_open_are_taken() {
        for good in ["https://example.com/", "tel:0591234567", "line://nv/location"] {
            assert!(Uri::new(good).is_ok(), "{good}");
        }
        for bad in ["javascript:alert(1)", "example.com", "", "ftp://example.com"] {
            assert!(Uri::new(bad).is_err(), "{bad}");
        }
        assert!(ImageUrl::new("https://example.com/a.png").is_ok());
        assert_eq!(ImageUrl::new("http://example.com/a.png"), Err(Unfit::Scheme("the image's address")));
    }
}
