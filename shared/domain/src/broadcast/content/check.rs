//! What is wrong with a content, and where: everything that the platform would refuse, and what would shame the town.

use serde::Serialize;

use super::flex::{self, Flaw};
use super::limits::{
    ADDRESS_UNITS_MAX, ALT_UNITS_MAX, BUTTONS_MAX, BUTTONS_TEXT_UNITS_MAX, CONTENT_BYTES_MAX, LABEL_GRAPHEMES_MAX,
    LABEL_UNITS_MAX, MESSAGES_MAX, SAID_UNITS_MAX, TEXT_UNITS_MAX, TITLE_UNITS_MAX,
};
use super::placeholders::Placeholders;
use super::{Button, Content, Does, Message, Wording};
use crate::broadcast::Earnest;
use crate::language::Language;
use crate::text::count::{Unit, length};

/// Something that is wrong with a content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What.
    pub fault: Fault,
}

/// A place in a content.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// In which wording.
    pub language: Language,
    /// In which message of it; `None` for the wording itself.
    pub message: Option<usize>,
    /// In which part of the message.
    pub part: Part,
}

/// A part of a message.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// All of it.
    Whole,
    /// Its title.
    Title,
    /// Its text.
    Text,
    /// The label of a button.
    Label(usize),
    /// What a button opens or says.
    Does(usize),
    /// What is read where it cannot be shown.
    Alt,
    /// Its JSON, at this path, such as `body.contents[0].action.uri`; empty for all of it.
    Contents(String),
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// There is no Japanese wording, and so nothing for whoever chose a language without one.
    NoJapanese,
    /// Nothing stands there.
    Empty,
    /// It is too long as it goes out: filled in, and stamped.
    TooLong {
        /// How long it is.
        is: usize,
        /// How long it may be.
        max: usize,
        /// In what.
        unit: Unit,
    },
    /// There are too many.
    TooMany {
        /// How many there may be.
        max: usize,
    },
    /// `{name}` stands for nothing that the town's data says.
    Placeholder(String),
    /// A phone opens no such address.
    Address,
    /// It is not JSON.
    NotJson {
        /// From this line on, counted from 1.
        line: usize,
        /// And this column of it.
        column: usize,
    },
    /// The JSON is no bubble or carousel.
    NotFlex,
    /// It has too many bytes as JSON.
    TooLarge {
        /// How many it has.
        is: usize,
        /// How many it may have.
        max: usize,
    },
    /// All wordings together have too many bytes; it is said of the message that has most of them.
    AllTooLarge {
        /// How many they have.
        is: usize,
        /// How many they may have.
        max: usize,
    },
    /// An action that a broadcast must not have.
    Action(String),
}

impl Content {
    /// Everything that is wrong with it as it would go out.
    pub fn check(&self, with: &Placeholders, earnest: Earnest) -> Result<(), Vec<Problem>> {
        let mut problems = Vec::new();
        if !self.wordings.contains_key(&Language::Japanese) {
            let place = Place { language: Language::Japanese, message: None, part: Part::Whole };
            problems.push(Problem { place, fault: Fault::NoJapanese });
        }
        for (language, wording) in &self.wordings {
            wording.check(*language, with, earnest, &mut problems);
        }
        problems.extend(self.too_large());
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

impl Content {
    /// That it cannot be kept at all, not as a draft either, because of its size.
    #[must_use]
    pub fn too_large(&self) -> Option<Problem> {
        let is = bytes(self);
        if is <= CONTENT_BYTES_MAX {
            return None;
        }
        let of_wording = |(language, wording): (&Language, &Wording)| {
            let sizes = wording.messages.iter().map(bytes).enumerate();
            let largest = sizes.max_by_key(|(_, size)| *size)?;
            Some((*language, largest))
        };
        let largest = self.wordings.iter().filter_map(of_wording).max_by_key(|(_, (_, size))| *size);
        let (language, (message, _)) = largest?;
        let place = Place { language, message: Some(message), part: Part::Whole };
        Some(Problem { place, fault: Fault::AllTooLarge { is, max: CONTENT_BYTES_MAX } })
    }
}

/// How many bytes something has as JSON.
fn bytes(written: &impl Serialize) -> usize {
    serde_json::to_vec(written).map_or(usize::MAX, |json| json.len())
}

impl Wording {
    fn check(&self, language: Language, with: &Placeholders, earnest: Earnest, problems: &mut Vec<Problem>) {
        let filled = self.filled(with);
        // A drill may get one message more, before all others.
        let (out, added) = match earnest {
            Earnest::Real => (filled, 0),
            Earnest::Drill => (filled.stamped(language), usize::from(self.lacks_text())),
        };
        let mut note =
            |message, part, fault| problems.push(Problem { place: Place { language, message, part }, fault });
        if self.messages.is_empty() {
            note(None, Part::Whole, Fault::Empty);
        }
        if out.messages.len() > MESSAGES_MAX {
            note(None, Part::Whole, Fault::TooMany { max: MESSAGES_MAX - added });
        }
        for (index, (written, out)) in self.messages.iter().zip(out.messages.iter().skip(added)).enumerate() {
            for (part, text) in written.texts() {
                for name in with.missing(text) {
                    note(Some(index), part.clone(), Fault::Placeholder(name.to_owned()));
                }
            }
            for (part, fault) in out.faults() {
                note(Some(index), part, fault);
            }
        }
    }
}

impl Message {
    /// Everything in it that a person wrote.
    fn texts(&self) -> Vec<(Part, &str)> {
        match self {
            Self::Text(text) => vec![(Part::Text, text)],
            Self::Picture(_) => Vec::new(),
            Self::Buttons { title, text, buttons } => {
                let mut texts = vec![(Part::Title, title.as_str()), (Part::Text, text)];
                for (index, Button { label, does: Does::Open(does) | Does::Say(does) }) in buttons.iter().enumerate() {
                    texts.extend([(Part::Label(index), label.as_str()), (Part::Does(index), does)]);
                }
                texts
            }
            Self::Flex { alt, contents } => vec![(Part::Alt, alt), (Part::Contents(String::new()), contents)],
        }
    }

    fn faults(&self) -> Vec<(Part, Fault)> {
        match self {
            Self::Text(text) => text_fault(text, TEXT_UNITS_MAX).map(|fault| (Part::Text, fault)).into_iter().collect(),
            Self::Picture(_) => Vec::new(),
            Self::Buttons { title, text, buttons } => {
                let title = too_long(title, TITLE_UNITS_MAX, Unit::Utf16).map(|fault| (Part::Title, fault));
                let text = text_fault(text, BUTTONS_TEXT_UNITS_MAX).map(|fault| (Part::Text, fault));
                let count = match buttons.len() {
                    0 => Some(Fault::Empty),
                    1..=BUTTONS_MAX => None,
                    _ => Some(Fault::TooMany { max: BUTTONS_MAX }),
                };
                let of_buttons = buttons.iter().enumerate().flat_map(|(index, button)| button.faults(index));
                title.into_iter().chain(text).chain(count.map(|fault| (Part::Whole, fault))).chain(of_buttons).collect()
            }
            Self::Flex { alt, contents } => {
                let alt = text_fault(alt, ALT_UNITS_MAX).map(|fault| (Part::Alt, fault));
                let contents = flex::flaws(contents).into_iter();
                alt.into_iter().chain(contents.map(|Flaw { path, fault }| (Part::Contents(path), fault))).collect()
            }
        }
    }
}

impl Button {
    fn faults(&self, index: usize) -> impl Iterator<Item = (Part, Fault)> {
        let label = if self.label.trim().is_empty() {
            Some(Fault::Empty)
        } else {
            let graphemes = too_long(&self.label, LABEL_GRAPHEMES_MAX, Unit::Graphemes);
            graphemes.or_else(|| too_long(&self.label, LABEL_UNITS_MAX, Unit::Utf16))
        };
        let does = match &self.does {
            Does::Open(address) => address_fault(address),
            Does::Say(said) => text_fault(said, SAID_UNITS_MAX),
        };
        label.map(|fault| (Part::Label(index), fault)).into_iter().chain(does.map(|fault| (Part::Does(index), fault)))
    }
}

fn text_fault(text: &str, max: usize) -> Option<Fault> {
    if text.trim().is_empty() { Some(Fault::Empty) } else { too_long(text, max, Unit::Utf16) }
}

/// What is wrong with something that a button opens: a phone opens `https:` and dials `tel:`.
pub(super) fn address_fault(address: &str) -> Option<Fault> {
    if address.trim().is_empty() {
        return Some(Fault::Empty);
    }
    let opens = match (address.strip_prefix("https://"), address.strip_prefix("tel:")) {
        (Some(rest), _) => {
            let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
            // Letters of other scripts are to be percent-encoded; with a name before @ another host is meant than is read.
            let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b".-:".contains(&byte);
            let is_plain = rest.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte));
            is_plain && host.contains('.') && host.bytes().all(is_host)
        }
        (None, Some(number)) => {
            number.bytes().any(|byte| byte.is_ascii_digit())
                && number.bytes().all(|byte| byte.is_ascii_digit() || b"+-#*".contains(&byte))
        }
        (None, None) => false,
    };
    if opens { too_long(address, ADDRESS_UNITS_MAX, Unit::Utf16) } else { Some(Fault::Address) }
}

pub(super) fn too_long(text: &str, max: usize, unit: Unit) -> Option<Fault> {
    // There are never more units than bytes.
    if text.len() <= max {
        return None;
    }
    let is = length(text, unit);
    (is > max).then_some(Fault::TooLong { is, max, unit })
}
