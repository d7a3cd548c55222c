//! How something was and how it is now, as the audit log keeps it: what differs, and so short that the log cuts nothing off.

use domain::audit::STATE_CHARS_MAX;
use domain::text::hex;
use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// Texts are cut to the first of these lengths at which both states fit.
const TEXT_CHARS: [usize; 4] = [4_000, 1_000, 400, 200];
/// Where that is not enough, a field that is longer than this is kept as a hash alone.
const FIELD_CHARS_MAX: usize = 500;

type Fields = Map<String, Value>;

/// The fields in which two states of one thing differ, and that by which it is called, as JSON: before and after, empty
/// where there was nothing. A hash stands for what was cut off, so that two states that differ never look the same.
pub(crate) fn changed<T: Serialize>(before: Option<&T>, after: Option<&T>, called_by: &str) -> [String; 2] {
    let mut sides = [before, after].map(fields);
    if let [Some(before), Some(after)] = &mut sides {
        let same = |key: &str, other: &Fields, value: &Value| key != called_by && other.get(key) == Some(value);
        let was = before.clone();
        before.retain(|key, value| !same(key, after, value));
        after.retain(|key, value| !same(key, &was, value));
    }
    let mut found = sides.each_ref().map(|side| written(side.as_ref()));
    for chars in TEXT_CHARS {
        if found.iter().all(|json| fits(json)) {
            return found;
        }
        found = shortened(&sides, |value| cut(value, chars));
    }
    if found.iter().all(|json| fits(json)) { found } else { shortened(&sides, hashed) }
}

fn shortened(sides: &[Option<Fields>; 2], change: impl Fn(&Value) -> Value) -> [String; 2] {
    sides.each_ref().map(|side| written(side.as_ref().map(|fields| each(fields, &change)).as_ref()))
}

fn fields<T: Serialize>(state: Option<&T>) -> Option<Fields> {
    match serde_json::to_value(state?) {
        Ok(Value::Object(fields)) => Some(fields),
        Ok(_) | Err(_) => None,
    }
}

fn written(side: Option<&Fields>) -> String {
    side.and_then(|fields| serde_json::to_string(fields).ok()).unwrap_or_default()
}

fn fits(json: &str) -> bool {
    json.chars().nth(STATE_CHARS_MAX).is_none()
}

fn each(fields: &Fields, change: impl Fn(&Value) -> Value) -> Fields {
    fields.iter().map(|(key, value)| (key.clone(), change(value))).collect()
}

/// With every text in it cut to this length, and the hash of the whole text behind.
fn cut(value: &Value, chars: usize) -> Value {
    match value {
        Value::String(text) => match text.char_indices().nth(chars) {
            Some((end, _)) => Value::String(format!("{}…{}", &text[..end], hash(text))),
            None => value.clone(),
        },
        Value::Array(values) => values.iter().map(|value| cut(value, chars)).collect(),
        Value::Object(fields) => Value::Object(each(fields, |value| cut(value, chars))),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

fn hashed(value: &Value) -> Value {
    let json = value.to_string();
    if json.chars().nth(FIELD_CHARS_MAX).is_some() {
        Value::String(format!("…{}", hash(&json)))
    } else {
        value.clone()
    }
}

/// The first 8 bytes of the SHA-256, in hex.
fn hash(text: &str) -> String {
    format!("#{}", hex(&Sha256::digest(text)[..8]))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn changed_of(before: &Value, after: &Value) -> [Value; 2] {
        let found = changed(Some(before), Some(after), "title");
        assert!(found.iter().all(|json| fits(json)), "the log would cut it");
        found.map(|json| serde_json::from_str(&json).unwrap())
    }

    #[test]
    fn only_what_differs_is_kept_and_the_name() {
        let before = json!({"title": "断水", "lane": "routine", "state": "draft", "gone": 1});
        let after = json!({"title": "断水", "lane": "routine", "state": {"approved": {"by": "baba"}}, "new": null});
        let expected = [
            json!({"title": "断水", "state": "draft", "gone": 1}),
            json!({"title": "断水", "state": {"approved": {"by": "baba"}}, "new": null}),
        ];
        assert_eq!(changed_of(&before, &after), expected);
        let [none, all] = changed(None, Some(&after), "title");
        assert_eq!((none.as_str(), serde_json::from_str::<Value>(&all).unwrap()), ("", after.clone()));
        assert_eq!(changed(Some(&after), None, "title"), [all, String::new()]);
    }

    #[test]
    fn a_change_behind_a_long_beginning_is_seen() {
        for (texts, chars) in [(1, 30_000), (15, 5_000), (200, 1_000), (3_000, 20)] {
            let state = |last: &str| {
                let texts: Vec<String> = (0..texts).map(|_| "あ".repeat(chars) + last).collect();
                json!({"title": "断水", "same": "い".repeat(30_000), "content": {"messages": texts}})
            };
            let [before, after] = changed_of(&state("1"), &state("2"));
            assert_ne!(before["content"], after["content"], "{texts} texts of {chars}");
            assert_eq!((&before["title"], before.get("same")), (&json!("断水"), None));
        }
    }

    #[test]
    fn what_fits_is_kept_whole() {
        let long = "あ".repeat(STATE_CHARS_MAX - 100);
        let [_, after] = changed_of(&json!({"content": ""}), &json!({"content": long}));
        assert_eq!(after["content"], long);
    }
}
