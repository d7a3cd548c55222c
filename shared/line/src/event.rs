//! What the webhook and `inbox` both say of one event: its name where LINE gave it none, and its JSON read field by field.

use std::borrow::Cow;
use std::collections::BTreeMap;

use domain::text::hex;
use serde::Deserialize as _;
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

/// The longest id that the queue and the table take.
const ID_BYTES_MAX: usize = 128;

/// The event's own id, or one computed from its content, so that a redelivery has the same.
pub(crate) fn id<'a>(given: Option<Cow<'a, str>>, event: &'a str, delivery_context: Option<&RawValue>) -> Cow<'a, str> {
    match given {
        Some(given) => allowed(given),
        None => Cow::Owned(fingerprint(event, delivery_context)),
    }
}

/// `id` itself if the queue and the table take it, or else its hash.
pub(crate) fn allowed(id: Cow<'_, str>) -> Cow<'_, str> {
    let fits = (1..=ID_BYTES_MAX).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic());
    if fits { id } else { Cow::Owned(hash(&[id.as_bytes()])) }
}

/// A hash of the event without its delivery context: that alone differs when LINE delivers again.
fn fingerprint(event: &str, delivery_context: Option<&RawValue>) -> String {
    let Some(context) = delivery_context else { return hash(&[event.as_bytes()]) };
    // The context was borrowed from the event, so that its place follows from the addresses.
    let start = context.get().as_ptr().addr().saturating_sub(event.as_ptr().addr());
    let end = start + context.get().len();
    match (event.get(..start), event.get(end..)) {
        (Some(before), Some(after)) => hash(&[before.as_bytes(), after.as_bytes()]),
        _ => hash(&[event.as_bytes()]),
    }
}

fn hash(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    format!("sha256-{}", hex(&hasher.finalize()))
}

/// A JSON object of which each field is read by itself: a field of an unexpected type is as good as absent, and harms no other.
#[derive(Debug, Default)]
pub(crate) struct Fields<'a>(BTreeMap<Cow<'a, str>, &'a RawValue>);

impl<'a> Fields<'a> {
    /// The fields of `json`, or `None` if it is no object.
    pub(crate) fn of(json: &'a str) -> Option<Self> {
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let fields = BTreeMap::deserialize(&mut deserializer).ok()?;
        deserializer.end().ok()?;
        Some(Self(fields))
    }

    /// The raw JSON of a field.
    pub(crate) fn raw(&self, name: &str) -> Option<&'a RawValue> {
        self.0.get(name).copied()
    }

    /// A field that is an object; empty if it is not.
    pub(crate) fn object(&self, name: &str) -> Self {
        self.raw(name).and_then(|raw| Fields::of(raw.get())).unwrap_or_default()
    }

    /// A field that is a string.
    pub(crate) fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        self.raw(name).and_then(text)
    }

    /// A field that is a number; one that is too large for a number is none.
    pub(crate) fn number(&self, name: &str) -> Option<f64> {
        serde_json::from_str(self.raw(name)?.get()).ok()
    }

    /// A field that is an integer.
    pub(crate) fn integer(&self, name: &str) -> Option<i64> {
        serde_json::from_str(self.raw(name)?.get()).ok()
    }
}

/// The string that a raw value is, without copying it where it has no escapes.
fn text(raw: &RawValue) -> Option<Cow<'_, str>> {
    if let Ok(borrowed) = serde_json::from_str::<&str>(raw.get()) {
        return Some(Cow::Borrowed(borrowed));
    }
    serde_json::from_str::<String>(raw.get()).ok().map(Cow::Owned)
}
