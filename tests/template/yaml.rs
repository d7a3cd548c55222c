//! Reads the YAML of `CloudFormation`: `!Ref Table` becomes `{"Ref": "Table"}`, as in its JSON form.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value, json};
use serde_saphyr::Tagged;

/// Reads a template, anchors followed and tags resolved.
pub(crate) fn read(text: &str) -> Value {
    // Against bombs, the library refuses many aliases of few anchors. The template is ours, and each alarm has two of one.
    let options = serde_saphyr::options! { budget: serde_saphyr::budget! { enforce_alias_anchor_ratio: false } };
    serde_saphyr::from_str_with_options::<Node>(text, options).expect("the template is YAML").0
}

struct Node(Value);

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Tagged(Untagged(value), tag) = Tagged::deserialize(deserializer)?;
        let Some(name) = tag.as_deref().and_then(|tag| tag.strip_prefix('!')) else {
            return Ok(Self(value));
        };
        Ok(Self(match (name, value) {
            ("Ref" | "Condition", value) => json!({ name: value }),
            ("GetAtt", Value::String(path)) => {
                let (resource, attribute) = path
                    .split_once('.')
                    .ok_or_else(|| D::Error::custom(format!("!GetAtt {path} names no attribute")))?;
                json!({ "Fn::GetAtt": [resource, attribute] })
            }
            (name, value) => json!({ format!("Fn::{name}"): value }),
        }))
    }
}

struct Untagged(Value);

impl<'de> Deserialize<'de> for Untagged {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue).map(Self)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any YAML value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Node(value)) = seq.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some((key, Node(value))) = entries.next_entry::<String, Node>()? {
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

#[test]
fn tags_become_the_long_form_and_anchors_are_followed() {
    let text = "a: &one !Ref Table\nb: [!GetAtt Queue.Arn, 5, true, ~, '7']\nc: !If [Known, *one, !Sub '${X}-y']\nd: { e: 1.5 }\n";
    assert_eq!(
        read(text),
        json!({
            "a": { "Ref": "Table" },
            "b": [{ "Fn::GetAtt": ["Queue", "Arn"] }, 5, true, null, "7"],
            "c": { "Fn::If": ["Known", { "Ref": "Table" }, { "Fn::Sub": "${X}-y" }] },
            "d": { "e": 1.5 },
        })
    );
}
