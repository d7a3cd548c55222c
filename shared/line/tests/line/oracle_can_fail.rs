//! An oracle that never objects is worth nothing: here it must.

use serde_json::json;

use crate::city::{API, DATA};
use crate::oracle::{Oracle, Sent};

fn push(body: &serde_json::Value) -> Sent {
    Sent {
        host: API,
        method: "POST".to_owned(),
        path: "/v2/bot/message/push".to_owned(),
        query: vec![],
        content_type: Some("application/json".to_owned()),
        has_retry_key: true,
        body: serde_json::to_vec(body).unwrap(),
    }
}

#[test]
fn a_good_request_passes_and_every_flaw_is_found() {
    let Some(oracle) = Oracle::summon() else { return };
    let good = || push(&json!({ "to": "U1", "messages": [{ "type": "text", "text": "やあ" }] }));
    assert_eq!(oracle.errors(&good()), Vec::<String>::new());
    let flawed: [(&str, Sent); 8] = [
        ("another host", Sent { host: DATA, ..good() }),
        ("another method", Sent { method: "PUT".to_owned(), ..good() }),
        ("a double slash", Sent { path: "/v2/bot//message/push".to_owned(), ..good() }),
        ("a slash at the end", Sent { path: "/v2/bot/message/push/".to_owned(), ..good() }),
        ("a retry key where none is taken", Sent { path: "/v2/bot/message/reply".to_owned(), ..good() }),
        ("a parameter", Sent { query: vec![("limit".to_owned(), "1".to_owned())], ..good() }),
        ("another content type", Sent { content_type: None, ..good() }),
        ("no JSON", Sent { body: b"{".to_vec(), ..good() }),
    ];
    for (flaw, sent) in flawed {
        assert!(!oracle.errors(&sent).is_empty(), "{flaw} was not found");
    }
}

#[test]
fn every_flaw_of_a_body_is_found() {
    let Some(oracle) = Oracle::summon() else { return };
    let text = json!({ "type": "text", "text": "やあ" });
    let bubble = |part: serde_json::Value| {
        let body = json!({ "type": "box", "layout": "vertical", "contents": [part] });
        json!({ "type": "flex", "altText": "a", "contents": { "type": "bubble", "body": body } })
    };
    for (flaw, body, error) in [
        ("no recipient", json!({ "messages": [text] }), "$ lacks to"),
        ("no message", json!({ "to": "U1", "messages": [] }), "$.messages is below minItems 1"),
        ("six messages", json!({ "to": "U1", "messages": vec![&text; 6] }), "$.messages is above maxItems 5"),
        ("a number for an id", json!({ "to": 1, "messages": [text] }), r#"$.to is no "string""#),
        (
            "a misspelt property",
            json!({ "to": "U1", "messages": [text], "notificationdisabled": true }),
            "$ has the unknown property notificationdisabled",
        ),
        (
            "a message of no type",
            json!({ "to": "U1", "messages": [{ "text": "a" }] }),
            "$.messages[0] has an unknown type",
        ),
        ("a text without text", json!({ "to": "U1", "messages": [{ "type": "text" }] }), "$.messages[0] lacks text"),
        (
            "a misspelt size",
            json!({ "to": "U1", "messages": [bubble(json!({ "type": "text", "text": "a", "sise": "xl" }))] }),
            "$.messages[0].contents.body.contents[0] has the unknown property sise",
        ),
        (
            "a wrong weight",
            json!({ "to": "U1", "messages": [bubble(json!({ "type": "text", "text": "a", "weight": "fat" }))] }),
            r#"$.messages[0].contents.body.contents[0].weight is "fat", which is none of ["regular","bold"]"#,
        ),
        (
            "a button without action",
            json!({ "to": "U1", "messages": [bubble(json!({ "type": "button" }))] }),
            "$.messages[0].contents.body.contents[0] lacks action",
        ),
    ] {
        assert_eq!(oracle.errors(&push(&body)), [error], "{flaw}");
    }
    let alias = |alias: &str| {
        let body = json!({ "richMenuAliasId": alias, "richMenuId": "richmenu-1" });
        Sent { path: "/v2/bot/richmenu/alias".to_owned(), has_retry_key: false, ..push(&body) }
    };
    assert_eq!(oracle.errors(&alias("town-home_2")), Vec::<String>::new());
    assert_eq!(oracle.errors(&alias("Town")).len(), 1);
}
