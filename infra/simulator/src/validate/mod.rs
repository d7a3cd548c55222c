//! Validation of request bodies as LINE does it: everything that is wrong, each with its place.

mod action;
mod flex;
mod message;
pub(crate) mod picture;
pub(crate) mod richmenu;
mod template;

use axum::http::StatusCode;
use serde_json::{Value, json};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::{
    answer::Answer,
    limits::{Limits, form},
    world::World,
};

pub(crate) use message::messages;

/// LINE counts most texts in UTF-16 units, and some in what a reader calls a character.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Count {
    Utf16,
    Graphemes,
}

impl Count {
    fn of(self, text: &str) -> usize {
        match self {
            Self::Utf16 => text.encode_utf16().count(),
            Self::Graphemes => text.graphemes(true).count(),
        }
    }
}

/// Whether a field may be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    Required,
    Optional,
}

pub(crate) use Need::{Optional, Required};

/// A field of an object: the object, its place in the request, and the field's name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field<'a> {
    object: &'a Value,
    at: &'a str,
    name: &'a str,
}

/// A field, for the checks of [`Issues`].
pub(crate) fn field<'a>(object: &'a Value, at: &'a str, name: &'a str) -> Field<'a> {
    Field { object, at, name }
}

impl<'a> Field<'a> {
    fn value(self) -> &'a Value {
        &self.object[self.name]
    }

    fn place(self) -> String {
        join(self.at, self.name)
    }

    fn is_absent(self) -> bool {
        self.value().is_null()
    }
}

/// The place of a field: `messages[0].text`, or `/body/contents` inside a flex message.
pub(crate) fn join(at: &str, name: &str) -> String {
    match at {
        "" => name.to_owned(),
        "/" => format!("/{name}"),
        _ if at.starts_with('/') => format!("{at}/{name}"),
        _ => format!("{at}.{name}"),
    }
}

/// The place of an item of a list.
pub(crate) fn item(at: &str, place: usize) -> String {
    if at.starts_with('/') { format!("{at}/{place}") } else { format!("{at}[{place}]") }
}

/// What is wrong with a request.
#[derive(Debug)]
pub(crate) struct Issues {
    list: Vec<Value>,
    /// LINE reports what is wrong inside a flex message in a form of its own.
    flex: Vec<Value>,
    /// The message under examination.
    message: usize,
    flex_message: usize,
    allow_local_http: bool,
    limits: Limits,
}

impl Issues {
    /// None yet, judged by the world's configuration and limits.
    pub(crate) fn new(world: &World) -> Self {
        Self {
            list: Vec::new(),
            flex: Vec::new(),
            message: 0,
            flex_message: 0,
            allow_local_http: world.config.allow_local_http,
            limits: world.limits.clone(),
        }
    }

    pub(crate) fn add(&mut self, place: &str, message: &str) {
        let issue = json!({ "message": message, "property": place });
        if !place.starts_with('/') {
            self.list.push(issue);
        } else if self.flex.is_empty() || self.flex_message == self.message {
            self.flex_message = self.message;
            self.flex.push(issue);
        }
    }

    /// LINE's refusal, when there is anything to refuse.
    pub(crate) fn refusal(&self) -> Option<Answer> {
        let (message, details) = if !self.list.is_empty() {
            (format!("The request body has {} error(s)", self.list.len()), &self.list)
        } else if !self.flex.is_empty() {
            (format!("A message (messages[{}]) in the request body is invalid", self.flex_message), &self.flex)
        } else {
            return None;
        };
        Some(Answer::json(StatusCode::BAD_REQUEST, &json!({ "message": message, "details": details })))
    }

    /// A required text at the top of the body.
    pub(crate) fn text<'a>(&mut self, body: &'a Value, name: &'a str, max: usize) -> Option<&'a str> {
        self.string(field(body, "", name), Required, max, Count::Utf16)
    }

    /// A text that is not empty and not too long.
    pub(crate) fn string<'a>(&mut self, field: Field<'a>, need: Need, max: usize, count: Count) -> Option<&'a str> {
        match field.value() {
            Value::Null if need == Optional => None,
            Value::Null => self.wrong(field, "May not be empty"),
            Value::String(text) if text.is_empty() => self.wrong(field, "May not be empty"),
            Value::String(text) if count.of(text) > max => {
                self.wrong(field, &format!("Length must be between 0 and {max}"))
            }
            Value::String(text) => Some(text),
            _ => self.wrong(field, "Must be a string"),
        }
    }

    /// One of some words.
    pub(crate) fn word<'a>(&mut self, field: Field<'a>, need: Need, words: &[&str]) -> Option<&'a str> {
        match field.value() {
            Value::Null if need == Optional => None,
            Value::String(text) if words.contains(&text.as_str()) => Some(text),
            _ => self.wrong(field, &format!("Must be one of the following values: [{}]", words.join(", "))),
        }
    }

    /// A list of a size within bounds; what is missing where it may not be is an issue.
    pub(crate) fn items<'a>(&mut self, field: Field<'a>, need: Need, min: usize, max: usize) -> &'a [Value] {
        match field.value() {
            Value::Null if need == Optional => &[],
            Value::Array(items) if (min..=max).contains(&items.len()) => items,
            Value::Null | Value::Array(_) => {
                self.add(&field.place(), &format!("Size must be between {min} and {max}"));
                &[]
            }
            _ => {
                self.add(&field.place(), "Must be an array");
                &[]
            }
        }
    }

    /// A required list at the top of the body.
    pub(crate) fn list(&mut self, body: &Value, name: &str, min: usize, max: usize) {
        self.items(field(body, "", name), Required, min, max);
    }

    /// An optional whole number at the top of the body, or of a part of it.
    pub(crate) fn whole_number(&mut self, object: &Value, at: &str, name: &str, min: i64, max: i64) -> Option<i64> {
        self.integer(field(object, at, name), Optional, min, max)
    }

    pub(crate) fn integer(&mut self, field: Field<'_>, need: Need, min: i64, max: i64) -> Option<i64> {
        match field.value().as_i64() {
            _ if need == Optional && field.is_absent() => None,
            Some(number) if (min..=max).contains(&number) => Some(number),
            _ => self.wrong(field, &format!("Must be a whole number between {min} and {max}")),
        }
    }

    pub(crate) fn number(&mut self, field: Field<'_>, min: f64, max: f64) {
        if !field.value().as_f64().is_some_and(|number| (min..=max).contains(&number)) {
            self.add(&field.place(), &format!("Must be between {min} and {max}"));
        }
    }

    /// An optional true or false at the top of the body.
    pub(crate) fn flag(&mut self, body: &Value, name: &str) {
        self.boolean(field(body, "", name));
    }

    pub(crate) fn boolean(&mut self, field: Field<'_>) {
        if !matches!(field.value(), Value::Null | Value::Bool(_)) {
            self.add(&field.place(), "Must be true or false");
        }
    }

    /// A required https URL.
    pub(crate) fn https(&mut self, object: &Value, at: &str, name: &str, max: usize) {
        self.https_url(field(object, at, name), Required, max);
    }

    pub(crate) fn https_url(&mut self, field: Field<'_>, need: Need, max: usize) {
        let Some(url) = self.string(field, need, max, Count::Utf16) else { return };
        let local = ["http://127.0.0.1", "http://localhost"]
            .iter()
            .any(|host| url.strip_prefix(host).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/'])));
        let plain = url.chars().all(|letter| letter.is_ascii_graphic());
        let https = url.len() > 8 && url.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("https://"));
        if !(plain && (https || local && self.allow_local_http)) {
            self.add(&field.place(), "Must be a valid HTTPS URL");
        }
    }

    /// `customAggregationUnits`: at most one name.
    pub(crate) fn aggregation_units(&mut self, body: &Value) {
        for unit in self.items(field(body, "", "customAggregationUnits"), Optional, 0, 1) {
            let name = unit.as_str().unwrap_or_default();
            let letters = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            if name.is_empty() || name.len() > form::UNIT_NAME || !letters {
                self.add("customAggregationUnits[0]", "Must match [a-zA-Z0-9_]{1,30}");
            }
        }
    }

    fn wrong<T>(&mut self, field: Field<'_>, message: &str) -> Option<T> {
        self.add(&field.place(), message);
        None
    }
}
