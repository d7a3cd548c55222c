//! Flex messages that experts write as JSON: within the platform's sizes, and with nothing in them that acts behind a resident's back.
//!
//! What the parts of a layout may have is the platform's to check, which is asked before every approval. Here stands what it would
//! take and we would not: addresses that are not `https:` or `tel:`, and actions that speak our own commands in a resident's name.

use serde::de::IgnoredAny;
use serde_json::Value;

use super::check::{Fault, address_fault, too_long};
use super::limits::{
    BUBBLE_BYTES_MAX, BUBBLES_MAX, CAROUSEL_BYTES_MAX, FLEX_LABEL_GRAPHEMES_MAX, FLEX_PICTURE_UNITS_MAX, SAID_UNITS_MAX,
};
use crate::text::count::Unit;

/// JSON of more bytes is not even read: with all its white space a large carousel has a quarter of it.
const SOURCE_BYTES_MAX: usize = 200_000;
/// At most this many flaws are told at once.
const FLAWS_MAX: usize = 20;

/// Something that is wrong with a flex message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// Where, such as `body.contents[0].action.uri`; empty for all of it.
    pub path: String,
    /// What.
    pub fault: Fault,
}

/// What is wrong with the `contents` of a flex message: JSON.
#[must_use]
pub fn flaws(contents: &str) -> Vec<Flaw> {
    let mut flaws = Flaws::default();
    match read(contents) {
        Ok(value) => flaws.container(&value),
        Err(fault) => flaws.note("", fault),
    }
    flaws.found
}

/// Reads the JSON, if it has any and not far too much of it.
pub fn read(contents: &str) -> Result<Value, Fault> {
    if contents.trim().is_empty() {
        return Err(Fault::Empty);
    }
    if contents.len() > SOURCE_BYTES_MAX {
        return Err(Fault::TooLarge { is: contents.len(), max: CAROUSEL_BYTES_MAX });
    }
    serde_json::from_str(contents).map_err(|error| Fault::NotJson { line: error.line(), column: error.column() })
}

/// The same JSON without the white space between its parts, as it is kept. What is no JSON (yet) stays as it was typed.
#[must_use]
pub fn packed(contents: &str) -> String {
    if serde_json::from_str::<IgnoredAny>(contents).is_err() {
        return contents.to_owned();
    }
    let outside = |letter: char, packed: &mut String| {
        if !letter.is_ascii_whitespace() {
            packed.push(letter);
        }
    };
    rewritten(contents, outside)
}

/// The same JSON with a line for each part, as it is read and changed. What is no JSON stays as it was typed.
#[must_use]
pub fn laid_out(contents: &str) -> String {
    if serde_json::from_str::<IgnoredAny>(contents).is_err() {
        return contents.to_owned();
    }
    let mut depth = 0_usize;
    let outside = |letter: char, lines: &mut String| {
        let is_first = lines.ends_with(['{', '[']);
        let is_end = matches!(letter, '}' | ']');
        depth = depth.saturating_sub(usize::from(is_end));
        // What is empty stays on its line.
        if is_first != is_end {
            begin_line(depth, lines);
        }
        lines.push(letter);
        depth += usize::from(matches!(letter, '{' | '['));
        match letter {
            ',' => begin_line(depth, lines),
            ':' => lines.push(' '),
            _ => {}
        }
    };
    rewritten(&packed(contents), outside)
}

fn begin_line(depth: usize, lines: &mut String) {
    lines.push('\n');
    lines.extend(std::iter::repeat_n("  ", depth));
}

/// JSON, with every letter outside of its strings (and the quote that begins one) written by `outside`.
fn rewritten(json: &str, mut outside: impl FnMut(char, &mut String)) -> String {
    let (mut written, mut inside, mut escaped) = (String::with_capacity(json.len()), false, false);
    for letter in json.chars() {
        if inside {
            written.push(letter);
            (escaped, inside) = (letter == '\\' && !escaped, letter != '"' || escaped);
        } else {
            outside(letter, &mut written);
            inside = letter == '"';
        }
    }
    written
}

#[derive(Default)]
struct Flaws {
    found: Vec<Flaw>,
}

impl Flaws {
    fn note(&mut self, path: &str, fault: Fault) {
        if self.found.len() < FLAWS_MAX {
            self.found.push(Flaw { path: path.to_owned(), fault });
        }
    }

    fn note_if(&mut self, path: &str, fault: Option<Fault>) {
        if let Some(fault) = fault {
            self.note(path, fault);
        }
    }

    fn container(&mut self, value: &Value) {
        match (value["type"].as_str(), value["contents"].as_array()) {
            (Some("bubble"), _) => self.bubble("", value),
            (Some("carousel"), Some(bubbles)) => {
                match bubbles.len() {
                    0 => self.note("contents", Fault::Empty),
                    1..=BUBBLES_MAX => {}
                    _ => self.note("contents", Fault::TooMany { max: BUBBLES_MAX }),
                }
                self.note_if("", too_large(value, CAROUSEL_BYTES_MAX));
                for (index, bubble) in bubbles.iter().enumerate().take(BUBBLES_MAX) {
                    let path = format!("contents[{index}]");
                    if bubble["type"].as_str() == Some("bubble") {
                        self.bubble(&path, bubble);
                    } else {
                        self.note(&path, Fault::NotFlex);
                    }
                }
            }
            _ => self.note("", Fault::NotFlex),
        }
    }

    fn bubble(&mut self, path: &str, bubble: &Value) {
        self.note_if(path, too_large(bubble, BUBBLE_BYTES_MAX));
        self.walk(path, bubble);
    }

    /// Looks at everything below a value. The reader of JSON has seen to it that it is not nested without measure.
    fn walk(&mut self, path: &str, value: &Value) {
        match value {
            Value::Object(object) => {
                for (key, value) in object {
                    let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                    match (key.as_str(), value) {
                        ("action", action) => self.action(&path, action),
                        ("url" | "previewUrl", Value::String(url)) => self.note_if(&path, picture_fault(url)),
                        ("uri" | "linkUri", Value::String(address)) => self.note_if(&path, address_fault(address)),
                        _ => self.walk(&path, value),
                    }
                }
            }
            Value::Array(values) => {
                for (index, value) in values.iter().enumerate() {
                    self.walk(&format!("{path}[{index}]"), value);
                }
            }
            Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Null => {}
        }
    }

    fn action(&mut self, path: &str, action: &Value) {
        let text = |key: &str| action[key].as_str().unwrap_or_default();
        self.note_if(&format!("{path}.label"), too_long(text("label"), FLEX_LABEL_GRAPHEMES_MAX, Unit::Graphemes));
        match text("type") {
            "uri" => {
                self.note_if(&format!("{path}.uri"), address_fault(text("uri")));
                if let Some(desktop) = action["altUri"]["desktop"].as_str() {
                    self.note_if(&format!("{path}.altUri.desktop"), address_fault(desktop));
                }
            }
            "message" => self.note_if(&format!("{path}.text"), too_long(text("text"), SAID_UNITS_MAX, Unit::Utf16)),
            "clipboard" => {}
            other => self.note(path, Fault::Action(other.chars().take(40).collect())),
        }
    }
}

fn too_large(value: &Value, max: usize) -> Option<Fault> {
    let is = value.to_string().len();
    (is > max).then_some(Fault::TooLarge { is, max })
}

fn picture_fault(url: &str) -> Option<Fault> {
    if url.starts_with("https://") { too_long(url, FLEX_PICTURE_UNITS_MAX, Unit::Utf16) } else { Some(Fault::Address) }
}
