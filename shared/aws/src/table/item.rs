//! Items: keys, and the way between an item and a struct.

use std::collections::HashMap;

use app::error::{Error, Kind};
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// An item as DynamoDB has it.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// The primary key of an item.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) pk: String,
    pub(crate) sk: String,
}

impl Key {
    pub(crate) fn new(pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self { pk: pk.into(), sk: sk.into() }
    }

    /// The key of an item that was read.
    pub(crate) fn of(item: &Item) -> Option<Self> {
        Some(Self::new(item.get("PK")?.as_s().ok()?, item.get("SK")?.as_s().ok()?))
    }

    pub(crate) fn attributes(&self) -> Item {
        HashMap::from([("PK".to_owned(), text(&self.pk)), ("SK".to_owned(), text(&self.sk))])
    }
}

/// A struct that is kept as one kind of item. An optional field `expires` holds its end in epoch seconds.
pub(crate) trait Entity: Serialize + DeserializeOwned {
    /// The item's `kind`.
    const KIND: &'static str;
    /// The item's `v`: raised when an older program could not read what this one writes.
    const V: u64;
}

/// Makes an item of a struct.
pub(crate) fn encode<E: Entity>(doing: &'static str, key: &Key, entity: &E) -> Result<Item, Error> {
    let mut item: Item = serde_dynamo::to_item(entity).map_err(|error| Error::new(Kind::Permanent, doing, error))?;
    item.extend(key.attributes());
    item.insert("kind".to_owned(), text(E::KIND));
    item.insert("v".to_owned(), number(E::V));
    Ok(item)
}

/// Makes a struct of an item; `None` where there is none, or it has expired.
pub(crate) fn decode<E: Entity>(doing: &'static str, item: Option<Item>, now: Timestamp) -> Result<Option<E>, Error> {
    let Some(item) = item else { return Ok(None) };
    let wrong = |what: String| Error::new(Kind::Permanent, doing, what);
    let kind = item.get("kind").and_then(|kind| kind.as_s().ok()).map_or("", String::as_str);
    if kind != E::KIND {
        return Err(wrong(format!("an item of kind {:?} stands where {:?} should", kind, E::KIND)));
    }
    let v = whole_number(&item, "v").unwrap_or_default();
    if !(1..=i64::try_from(E::V).unwrap_or(i64::MAX)).contains(&v) {
        return Err(wrong(format!("{kind} has the shape {v}, and this program knows up to {}", E::V)));
    }
    if whole_number(&item, "expires").is_some_and(|expires| expires <= now.as_second()) {
        return Ok(None);
    }
    // The cause names the field and its type, never a value.
    serde_dynamo::from_item(item).map(Some).map_err(|error| Error::new(Kind::Permanent, doing, error))
}

fn whole_number(item: &Item, name: &str) -> Option<i64> {
    item.get(name)?.as_n().ok()?.parse().ok()
}

pub(crate) fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

pub(crate) fn number(number: impl Into<i128>) -> AttributeValue {
    AttributeValue::N(number.into().to_string())
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Thing {
        name: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        expires: Option<i64>,
    }

    impl Entity for Thing {
        const KIND: &'static str = "thing";
        const V: u64 = 2;
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn item(expires: Option<i64>) -> Item {
        encode("test", &Key::new("P", "S"), &Thing { name: "n".to_owned(), expires }).unwrap()
    }

    #[test]
    fn an_item_has_keys_kind_and_shape_and_comes_back() {
        let item = item(None);
        assert_eq!(Key::of(&item), Some(Key::new("P", "S")));
        assert_eq!((item.get("kind"), item.get("v")), (Some(&text("thing")), Some(&number(2))));
        assert!(!item.contains_key("expires"));
        let thing = decode::<Thing>("test", Some(item), at(0)).unwrap();
        assert_eq!(thing, Some(Thing { name: "n".to_owned(), expires: None }));
    }

    #[test]
    fn an_expired_item_is_absent_from_its_very_second() {
        assert!(decode::<Thing>("test", Some(item(Some(100))), at(99)).unwrap().is_some());
        assert!(decode::<Thing>("test", Some(item(Some(100))), at(100)).unwrap().is_none());
    }

    #[test]
    fn another_kind_or_a_newer_shape_is_an_error_that_no_retry_heals() {
        for (name, value) in
            [("kind", text("other")), ("v", number(3)), ("v", number(0)), ("v", text("x")), ("name", number(1))]
        {
            let mut item = item(None);
            item.insert(name.to_owned(), value);
            let error = decode::<Thing>("test", Some(item), at(0)).unwrap_err();
            assert_eq!(error.kind, Kind::Permanent);
        }
    }
}
