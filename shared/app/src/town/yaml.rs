//! A YAML file as a tree whose every value knows its line, so that each is checked by itself and all troubles are reported.

use std::fmt;

use domain::resident::Switch;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

use super::files::{Files, Need};
use super::problem::{Report, Trouble};

/// A value of a YAML file.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) line: u32,
    pub(super) value: Value,
}

/// What a value is.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Null,
    Text(String),
    Whole(i64),
    /// Yes or no, also written `on` or `off`.
    Switch(Switch),
    /// Something that no setting of ours is, such as a fraction.
    Other,
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

/// Reads a file; an error of syntax is reported, and ends it.
pub(super) fn read(files: &Files, file: &'static str, need: Need, report: &mut Report) -> Option<Node> {
    let text = files.text(file, need, report)?;
    match serde_saphyr::from_str::<Spanned<Value>>(&text) {
        Ok(value) => Some(value.into()),
        Err(error) => {
            let line = error.location().map_or(1, |location| line(location.line()));
            let message = error.without_snippet().to_string();
            let message = message.lines().next().unwrap_or_default().to_owned();
            report.add(file, line, None, Trouble::Yaml { message });
            None
        }
    }
}

fn line(line: u64) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX).max(1)
}

impl From<Spanned<Value>> for Node {
    fn from(spanned: Spanned<Value>) -> Self {
        Self { line: line(spanned.referenced.line()), value: spanned.value }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number, a list or a map")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_bool<E>(self, is_on: bool) -> Result<Value, E> {
        Ok(Value::Switch(if is_on { Switch::On } else { Switch::Off }))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Value, E> {
        Ok(Value::Other)
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Whole(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(i64::try_from(number).map_or(Value::Other, Value::Whole))
    }

    fn visit_i128<E>(self, _: i128) -> Result<Value, E> {
        Ok(Value::Other)
    }

    fn visit_u128<E>(self, _: u128) -> Result<Value, E> {
        Ok(Value::Other)
    }

    fn visit_bytes<E>(self, _: &[u8]) -> Result<Value, E> {
        Ok(Value::Other)
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = seq.next_element::<Spanned<Value>>()? {
            list.push(item.into());
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut map = Vec::new();
        while let Some((key, value)) = access.next_entry::<Spanned<String>, Spanned<Value>>()? {
            // Where its key stands: there a person looks for it.
            map.push((key.value, Node { line: line(key.referenced.line()), value: value.value }));
        }
        Ok(Value::Map(map))
    }
}

/// A map being read: each key is taken once, and what was not taken is reported at the end.
pub(super) struct Map<'a> {
    file: &'static str,
    line: u32,
    entries: Vec<(&'a str, &'a Node)>,
}

impl<'a> Map<'a> {
    /// The node as a map; reported if it is something else.
    pub(super) fn new(file: &'static str, key: Option<&str>, node: &'a Node, report: &mut Report) -> Option<Self> {
        let Value::Map(entries) = &node.value else {
            report.add(file, node.line, key, Trouble::NotMap);
            return None;
        };
        let entries = entries.iter().map(|(key, node)| (key.as_str(), node)).collect();
        Some(Self { file, line: node.line, entries })
    }

    /// The line on which it begins.
    pub(super) fn line(&self) -> u32 {
        self.line
    }

    /// The line of a key that was not taken yet; that of the map where it is missing.
    pub(super) fn line_of(&self, key: &str) -> u32 {
        self.entries.iter().find(|(name, _)| *name == key).map_or(self.line, |(_, node)| node.line)
    }

    /// Whether a key is there that was not taken yet.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|(name, _)| *name == key)
    }

    /// Takes a value.
    pub(super) fn take(&mut self, key: &str) -> Option<&'a Node> {
        let at = self.entries.iter().position(|(name, _)| *name == key)?;
        Some(self.entries.remove(at).1)
    }

    /// Takes a value that must be there.
    pub(super) fn require(&mut self, key: &str, report: &mut Report) -> Option<&'a Node> {
        let node = self.take(key);
        if node.is_none() {
            report.add(self.file, self.line, Some(key), Trouble::MissingKey);
        }
        node
    }

    /// Takes a text that must be there and not be empty; what is beyond `max` characters is reported and cut.
    pub(super) fn text(&mut self, key: &str, max: usize, report: &mut Report) -> Option<String> {
        let node = self.require(key, report)?;
        let text = text(self.file, key, node, max, report)?;
        if text.is_empty() {
            report.add(self.file, node.line, Some(key), Trouble::Empty);
            return None;
        }
        Some(text)
    }

    /// Takes a text that may be missing.
    pub(super) fn optional(&mut self, key: &str, max: usize, report: &mut Report) -> Option<String> {
        let node = self.take(key)?;
        text(self.file, key, node, max, report)
    }

    /// Takes a whole number that must be there.
    pub(super) fn number(&mut self, key: &str, max: u16, report: &mut Report) -> Option<u16> {
        let node = self.require(key, report)?;
        number(self.file, key, node, max, report)
    }

    /// Takes a list that must be there.
    pub(super) fn list(&mut self, key: &str, report: &mut Report) -> &'a [Node] {
        let Some(node) = self.require(key, report) else { return &[] };
        let Value::List(list) = &node.value else {
            report.add(self.file, node.line, Some(key), Trouble::NotList);
            return &[];
        };
        list
    }

    /// Reports every key that was not taken.
    pub(super) fn finish(self, report: &mut Report) {
        for (key, node) in self.entries {
            report.add(self.file, node.line, Some(key), Trouble::UnknownKey);
        }
    }
}

/// The node as a text.
pub(super) fn text(file: &'static str, key: &str, node: &Node, max: usize, report: &mut Report) -> Option<String> {
    let text = match &node.value {
        Value::Text(text) => text.trim_end(),
        Value::Null => "",
        Value::Whole(_) | Value::Switch(_) | Value::Other | Value::List(_) | Value::Map(_) => {
            report.add(file, node.line, Some(key), Trouble::NotText);
            return None;
        }
    };
    let found = text.chars().count();
    if found > max {
        report.add(file, node.line, Some(key), Trouble::TooLong { found, max });
    }
    Some(text.chars().take(max).collect())
}

/// The node as a whole number from 0 to `max`.
pub(super) fn number(file: &'static str, key: &str, node: &Node, max: u16, report: &mut Report) -> Option<u16> {
    let whole = if let Value::Whole(whole) = node.value { u16::try_from(whole).ok() } else { None };
    let number = whole.filter(|number| *number <= max);
    if number.is_none() {
        report.add(file, node.line, Some(key), Trouble::NotNumber { max });
    }
    number
}
