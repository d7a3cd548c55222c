//! What an answer says, apart from how it is written: as JSON or as XML.

use serde_json::Value;

use crate::xml::{HEAD, close, element, open};

/// A part of an answer. Each that holds others has the name that it has in XML; in JSON lists and what stands in them have none.
pub(super) enum Node {
    /// Nothing is known.
    Null,
    /// A text.
    Text(String),
    /// A number, as it is written.
    Number(String),
    /// A yes or no.
    Flag(Answer),
    /// Parts with names.
    Record(&'static str, Vec<(&'static str, Node)>),
    /// Parts in order.
    List(&'static str, Vec<Node>),
    /// Texts in order, each an element of this name.
    Texts(&'static str, Vec<&'static str>),
}

/// A yes or no.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    No,
}

impl From<bool> for Answer {
    fn from(is: bool) -> Self {
        if is { Self::Yes } else { Self::No }
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Node {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u16> for Node {
    fn from(number: u16) -> Self {
        Self::Number(number.to_string())
    }
}

impl Node {
    /// The text, or nothing where it is empty.
    pub(super) fn text(text: &str) -> Self {
        if text.is_empty() { Self::Null } else { text.into() }
    }

    pub(super) fn flag(is: bool) -> Self {
        Self::Flag(is.into())
    }

    /// As JSON.
    pub(super) fn json(&self) -> String {
        self.value().to_string()
    }

    fn value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Text(text) => Value::String(text.clone()),
            Self::Number(number) => serde_json::from_str(number).unwrap_or(Value::Null),
            Self::Flag(answer) => Value::Bool(*answer == Answer::Yes),
            Self::Record(_, parts) => {
                Value::Object(parts.iter().map(|(name, part)| ((*name).to_owned(), part.value())).collect())
            }
            Self::List(_, parts) => parts.iter().map(Self::value).collect(),
            Self::Texts(_, texts) => texts.iter().copied().collect(),
        }
    }

    /// As an XML document, if it is a record or a list.
    pub(super) fn xml(&self) -> String {
        let mut xml = String::from(HEAD);
        match self {
            Self::Record(name, _) | Self::List(name, _) => self.write(&mut xml, name),
            Self::Null | Self::Text(_) | Self::Number(_) | Self::Flag(_) | Self::Texts(..) => {}
        }
        xml
    }

    fn write(&self, xml: &mut String, name: &str) {
        match self {
            Self::Null => element(xml, name, &[], ""),
            Self::Text(text) | Self::Number(text) => element(xml, name, &[], text),
            Self::Flag(Answer::Yes) => element(xml, name, &[], "true"),
            Self::Flag(Answer::No) => element(xml, name, &[], "false"),
            Self::Record(_, parts) => {
                open(xml, name, &[]);
                for (name, part) in parts {
                    part.write(xml, name);
                }
                close(xml, name);
            }
            Self::List(_, parts) => {
                open(xml, name, &[]);
                for part in parts {
                    part.write(xml, part.own_name());
                }
                close(xml, name);
            }
            Self::Texts(each, texts) => {
                open(xml, name, &[]);
                for text in texts {
                    element(xml, each, &[], text);
                }
                close(xml, name);
            }
        }
    }

    fn own_name(&self) -> &'static str {
        match self {
            Self::Record(name, _) | Self::List(name, _) | Self::Texts(name, _) => name,
            Self::Null | Self::Text(_) | Self::Number(_) | Self::Flag(_) => "value",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_written_in_both_forms() {
        let record = |name: &str| {
            let parts = vec![
                ("name", name.into()),
                ("long", Node::Number("139.10000".to_owned())),
                ("media_url", Node::text("")),
                ("required", Node::flag(false)),
                ("formats", Node::Texts("format", vec!["text/xml", "application/json"])),
            ];
            Node::Record("request", parts)
        };
        let list = Node::List("service_requests", vec![record("a < b & \"c\"\u{0}"), record("")]);
        let json: Value = serde_json::from_str(&list.json()).unwrap();
        assert_eq!(json[0]["name"], "a < b & \"c\"\u{0}");
        assert_eq!(json[0]["long"], 139.1);
        assert_eq!(json[1]["media_url"], Value::Null);
        assert_eq!(json[1]["required"], false);
        assert_eq!(json[1]["formats"][1], "application/json");
        let xml = list.xml();
        let document = roxmltree::Document::parse(&xml).unwrap();
        assert!(document.root_element().has_tag_name("service_requests"));
        let first = document.descendants().find(|node| node.has_tag_name("request")).unwrap();
        let read = |name| first.children().find(|node| node.has_tag_name(name)).unwrap().text();
        assert_eq!((read("name"), read("media_url")), (Some("a < b & \"c\""), None));
        assert_eq!((read("long"), read("required")), (Some("139.10000"), Some("false")));
        assert_eq!(document.descendants().filter(|node| node.has_tag_name("format")).count(), 4);
    }
}
