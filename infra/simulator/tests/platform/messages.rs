//! Message objects: what LINE takes and what it refuses, by the `validate` endpoint.

use serde_json::{Value, json};

use crate::city::{City, text};

async fn issues(city: &City, message: Value) -> Vec<String> {
    let answer = city.post("/v2/bot/message/validate/push", json!({ "messages": [message] })).await;
    if answer.status == 200 {
        return Vec::new();
    }
    assert_eq!(answer.status, 400, "{}", answer.body);
    let details = answer.body["details"].as_array().unwrap();
    details.iter().map(|detail| detail["property"].as_str().unwrap().to_owned()).collect()
}

#[expect(clippy::needless_pass_by_value, reason = "reads better where it is called with json!")]
fn flex(contents: Value) -> Value {
    json!({ "type": "flex", "altText": "お知らせ", "contents": contents })
}

#[expect(clippy::needless_pass_by_value, reason = "reads better where it is called with json!")]
fn bubble(contents: Value) -> Value {
    json!({ "type": "bubble", "body": { "type": "box", "layout": "vertical", "contents": contents } })
}

fn uri(label: &str) -> Value {
    json!({ "type": "uri", "label": label, "uri": "https://example.com/" })
}

#[tokio::test]
async fn messages_of_every_type_are_taken() {
    let city = City::start().await;
    let area = json!({ "x": 0, "y": 0, "width": 520, "height": 520 });
    let (https, size) = ("https://example.com/a.jpg", json!({ "width": 1040, "height": 1040 }));
    let good = [
        text("a"),
        json!({ "type": "text", "text": "$ hi", "emojis": [{ "index": 0, "productId": "p", "emojiId": "1" }] }),
        json!({ "type": "textV2", "text": "{who} {{x}}", "substitution": { "who": { "type": "emoji" } } }),
        json!({ "type": "image", "originalContentUrl": https, "previewImageUrl": https }),
        json!({ "type": "video", "originalContentUrl": https, "previewImageUrl": https, "trackingId": "t" }),
        json!({ "type": "audio", "originalContentUrl": https, "duration": 60_000 }),
        json!({ "type": "location", "title": "駅", "address": "駅前", "latitude": 33.5, "longitude": 130.4 }),
        json!({ "type": "sticker", "packageId": "446", "stickerId": "1988" }),
        json!({ "type": "imagemap", "baseUrl": "https://example.com/map", "altText": "map", "baseSize": size,
                "actions": [{ "type": "uri", "linkUri": https, "area": area }] }),
        json!({ "type": "template", "altText": "t", "template": {
                "type": "buttons", "text": "choose", "actions": [uri("a"), uri("b")] } }),
        json!({ "type": "template", "altText": "t", "template": {
                "type": "confirm", "text": "sure?", "actions": [uri("yes"), uri("no")] } }),
        json!({ "type": "template", "altText": "t", "template": {
                "type": "carousel", "columns": [{ "text": "one", "actions": [uri("a")] }] } }),
        json!({ "type": "template", "altText": "t", "template": {
                "type": "image_carousel", "columns": [{ "imageUrl": https, "action": uri("a") }] } }),
        flex(bubble(json!([{ "type": "text", "text": "hello", "size": "18px", "color": "#112233" }]))),
        flex(json!({ "type": "carousel", "contents": [bubble(json!([])), bubble(json!([]))] })),
    ];
    for message in good {
        assert_eq!(issues(&city, message.clone()).await, Vec::<String>::new(), "{message}");
    }
}

#[tokio::test]
async fn what_is_missing_or_wrong_is_named_with_its_place() {
    let city = City::start().await;
    let bad = [
        (json!({}), "messages[0].type"),
        (json!({ "type": "hologram" }), "messages[0].type"),
        (text(""), "messages[0].text"),
        (json!({ "type": "text", "text": 5 }), "messages[0].text"),
        (json!({ "type": "textV2", "text": "{who}" }), "messages[0].substitution"),
        (json!({ "type": "sticker", "packageId": "1" }), "messages[0].stickerId"),
        (
            json!({ "type": "audio", "originalContentUrl": "https://example.com/a", "duration": 0 }),
            "messages[0].duration",
        ),
        (
            json!({ "type": "image", "originalContentUrl": "http://example.com/", "previewImageUrl": "https://a.jp/" }),
            "messages[0].originalContentUrl",
        ),
        (json!({ "type": "template", "altText": "t" }), "messages[0].template"),
        (
            json!({ "type": "template", "altText": "t",
                    "template": { "type": "confirm", "text": "?", "actions": [uri("only one")] } }),
            "messages[0].template.actions",
        ),
        (
            json!({ "type": "template", "altText": "t",
                    "template": { "type": "buttons", "text": "?", "actions": [uri("twenty-one characters")] } }),
            "messages[0].template.actions[0].label",
        ),
        (
            json!({ "type": "template", "altText": "t", "template": { "type": "carousel", "columns": [
                    { "text": "a", "actions": [uri("a")] }, { "text": "b", "actions": [uri("a"), uri("b")] }] } }),
            "messages[0].template.columns",
        ),
        (json!({ "type": "text", "text": "x", "quickReply": { "items": [] } }), "messages[0].quickReply.items"),
        (
            json!({ "type": "text", "text": "x", "sender": { "name": "twenty-one characters" } }),
            "messages[0].sender.name",
        ),
    ];
    for (message, place) in bad {
        assert_eq!(issues(&city, message.clone()).await, [place], "{message}");
    }
}

#[tokio::test]
async fn lengths_are_counted_in_utf16_or_in_what_a_reader_sees() {
    let city = City::start().await;
    assert!(issues(&city, text(&"あ".repeat(5_000))).await.is_empty());
    assert_eq!(issues(&city, text(&"あ".repeat(5_001))).await, ["messages[0].text"]);
    assert!(issues(&city, text(&"🍎".repeat(2_500))).await.is_empty());
    assert_eq!(issues(&city, text(&"🍎".repeat(2_501))).await, ["messages[0].text"], "an apple is two units");
    let quick = |label: &str, count: usize| {
        let action = json!({ "type": "action", "action": { "type": "message", "label": label, "text": label } });
        json!({ "type": "text", "text": "x", "quickReply": { "items": vec![action; count] } })
    };
    assert!(issues(&city, quick(&"👨‍👩‍👧".repeat(20), 13)).await.is_empty(), "a family is one character");
    assert_eq!(issues(&city, quick("ok", 14)).await, ["messages[0].quickReply.items"]);
    let place = "messages[0].quickReply.items[0].action.label";
    assert_eq!(issues(&city, quick(&"👨‍👩‍👧".repeat(21), 1)).await, [place]);
    let alt = |length: usize| json!({ "type": "flex", "altText": "a".repeat(length), "contents": bubble(json!([])) });
    assert!(issues(&city, alt(1_500)).await.is_empty());
    assert_eq!(issues(&city, alt(1_501)).await, ["messages[0].altText"]);
}

#[tokio::test]
async fn flex_messages_are_checked_to_their_leaves() {
    let city = City::start().await;
    let bad = [
        (json!({ "type": "page" }), "/type"),
        (bubble(json!([{ "type": "text" }])), "/body/contents/0/text"),
        (bubble(json!([{ "type": "txet", "text": "x" }])), "/body/contents/0/type"),
        (bubble(json!([{ "type": "text", "text": "x", "colour": "#000000" }])), "/body/contents/0/colour"),
        (bubble(json!([{ "type": "text", "text": "x", "color": "red" }])), "/body/contents/0/color"),
        (bubble(json!([{ "type": "text", "text": "x", "size": "huge" }])), "/body/contents/0/size"),
        (bubble(json!([{ "type": "icon", "url": "https://a.jp/" }])), "/body/contents/0/type"),
        (bubble(json!([{ "type": "button" }])), "/body/contents/0/action"),
        (
            bubble(json!([{ "type": "button", "action": { "type": "message", "text": "x" } }])),
            "/body/contents/0/action/label",
        ),
        (
            bubble(json!([{ "type": "button", "action": { "type": "uri", "label": "x", "uri": "javascript:1" } }])),
            "/body/contents/0/action/uri",
        ),
        (bubble(json!([{ "type": "image", "url": "http://127.0.0.1/" }])), "/body/contents/0/url"),
        (json!({ "type": "carousel", "contents": vec![bubble(json!([])); 13] }), "/contents"),
        (bubble(json!([{ "type": "text", "text": "x".repeat(31_000) }])), "/"),
    ];
    for (contents, place) in bad {
        assert_eq!(issues(&city, flex(contents.clone())).await, [place], "{contents}");
    }
    let answer = city.post("/v2/bot/message/validate/reply", json!({ "messages": [text("x"), flex(json!({}))] })).await;
    assert_eq!(answer.message(), "A message (messages[1]) in the request body is invalid");
    let mut nested = json!([]);
    for _ in 0..60 {
        nested = json!([{ "type": "box", "layout": "vertical", "contents": nested }]);
    }
    assert_eq!(issues(&city, flex(bubble(nested))).await.len(), 1);
}

#[tokio::test]
async fn plain_http_of_this_machine_is_taken_only_when_allowed() {
    let image = |url: &str| json!({ "type": "image", "originalContentUrl": url, "previewImageUrl": url });
    let city = City::with(simulator::Options { allow_local_http: true, ..Default::default() }).await;
    for url in ["http://127.0.0.1:8000/a.png", "http://localhost/a.png"] {
        assert!(issues(&city, image(url)).await.is_empty(), "{url}");
    }
    for url in ["http://127.0.0.1.example.com/", "http://localhost.example.com/", "ftp://localhost/"] {
        assert_eq!(issues(&city, image(url)).await.len(), 2, "{url}");
    }
}
