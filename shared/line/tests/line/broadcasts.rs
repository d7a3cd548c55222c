//! Broadcasts as LINE gets them: what staff wrote, in messages that LINE documents, and what LINE says of them beforehand.

use std::time::Duration;

use app::error::Kind;
use app::ports::{BroadcastMessages as _, Composer as _, Messages, Objection, PictureUrls, Verdict};
use domain::broadcast::Earnest;
use domain::broadcast::content::placeholders::Placeholders;
use domain::broadcast::content::{Button, Content, Does, Message, PictureId, Wording};
use domain::language::Language;
use line::messenger::LineMessenger;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::city::City;
use crate::messages::{documented_json, golden};

const VALIDATE: &str = "/v2/bot/message/validate/multicast";

fn urls(id: &PictureId) -> PictureUrls {
    let url = |kind: &str| format!("https://pictures.example.jp/{}/{kind}.jpg", id.as_str());
    PictureUrls { original: url("original"), preview: url("preview") }
}

fn button(label: &str, does: Does) -> Button {
    Button { label: label.to_owned(), does }
}

fn buttons(title: &str, text: &str, buttons: Vec<Button>) -> Message {
    Message::Buttons { title: title.to_owned(), text: text.to_owned(), buttons }
}

fn flood() -> Vec<Message> {
    let flex = r#"{ "type": "bubble", "body": { "type": "box", "layout": "vertical",
        "contents": [ { "type": "text", "text": "{town}の避難所", "wrap": true } ] } }"#;
    vec![
        Message::Text("{town}に避難指示が出ました。".to_owned()),
        Message::Picture(PictureId::of([0x5a; 32])),
        buttons(
            "避難所",
            "お近くの避難所へ避難してください。",
            vec![
                button("避難所の地図", Does::Open("https://example.jp/map".to_owned())),
                button("市役所に電話", Does::Open("tel:{phone}".to_owned())),
                button("収集日", Does::Say("収集日".to_owned())),
            ],
        ),
        Message::Flex { alt: "{town}の避難所".to_owned(), contents: flex.to_owned() },
    ]
}

fn content(messages: Vec<Message>) -> Content {
    Content { wordings: [(Language::Japanese, Wording { messages })].into() }
}

/// What goes out of what staff wrote.
async fn composed(written: &Content, earnest: Earnest) -> Vec<(Language, Messages)> {
    let placeholders =
        Placeholders {
            town: "みどり\"市\"".to_owned(), phone: "000-000-0000".to_owned(), ..Placeholders::default()
        };
    assert_eq!(written.check(&placeholders, earnest), Ok(()));
    let messenger = LineMessenger::new(City::new().await.client);
    messenger.compose_content(&written.filled(&placeholders).stamped(earnest), &urls).unwrap()
}

async fn japanese(messages: Vec<Message>) -> Value {
    documented_json(&composed(&content(messages), Earnest::Real).await[0].1.0)
}

#[tokio::test]
async fn every_kind_of_message_is_one_that_line_documents() {
    golden("every_kind_of_message_of_a_broadcast", &japanese(flood()).await);
}

#[tokio::test]
async fn a_drill_is_stamped_wherever_a_phone_looks_first() {
    let composed = composed(&content(flood()), Earnest::Drill).await;
    let messages = documented_json(&composed[0].1.0);
    for at in ["/0/text", "/2/altText", "/2/contents/body/contents/0/text", "/3/altText"] {
        assert!(messages.pointer(at).unwrap().as_str().unwrap().starts_with("【訓練】"), "{at}");
    }
}

#[tokio::test]
async fn each_language_has_its_messages_and_japanese_comes_first() {
    let mut both = content(vec![Message::Text("こんにちは".to_owned())]);
    let english = Wording { messages: vec![Message::Text("Hello".to_owned())] };
    both.wordings.insert(Language::English, english);
    assert_eq!(
        composed(&both, Earnest::Real).await,
        [
            (Language::Japanese, Messages(r#"[{"type":"text","text":"こんにちは"}]"#.to_owned())),
            (Language::English, Messages(r#"[{"type":"text","text":"Hello"}]"#.to_owned())),
        ]
    );
}

#[tokio::test]
async fn long_words_go_out_whole() {
    let (title, long) = ("題".repeat(60), "長".repeat(1_500));
    let label = "👨‍👩‍👧".repeat(20);
    let address = format!("https://example.jp/{}", "a".repeat(981));
    let four = vec![button(&label, Does::Open(address)); 4];
    let messages = japanese(vec![Message::Text("長".repeat(5_000)), buttons(&title, &long, four)]).await;
    assert_eq!(messages[0]["text"].as_str().unwrap().chars().count(), 5_000);
    let bubble = &messages[1]["contents"];
    assert_eq!(bubble["body"]["contents"][0]["text"], title);
    assert_eq!(bubble["body"]["contents"][1]["text"], long);
    assert_eq!(bubble["footer"]["contents"][3]["action"]["label"], label);
    assert_eq!(messages[1]["altText"].as_str().unwrap().encode_utf16().count(), 1_500, "read in place of it only");
}

#[tokio::test]
async fn the_worst_labels_that_are_taken_fit_into_a_bubble() {
    let label = format!("あ{}", "\u{3099}".repeat(299));
    let four = vec![button(&label, Does::Say("\u{1}".repeat(300))); 4];
    japanese(vec![buttons("題", &"\u{1}".repeat(1_499).replacen('\u{1}', "a", 1), four)]).await;
}

#[tokio::test]
async fn of_a_key_that_stands_twice_the_one_goes_out_that_was_checked() {
    let twice = r#"{"type":"bubble","size":"kilo","body":{"type":"box","layout":"vertical","contents":[{"type":"button",
        "action":{"type":"uri","label":"a","uri":"javascript:alert(1)","uri":"https://example.jp/"}}]}}"#;
    let flex = Message::Flex { alt: "a".to_owned(), contents: twice.to_owned() };
    let sent = composed(&content(vec![flex]), Earnest::Real).await[0].1.0.clone();
    assert!(!sent.contains("javascript") && sent.contains("https://example.jp/"), "{sent}");
}

#[tokio::test]
async fn what_was_not_checked_is_not_composed() {
    let messenger = LineMessenger::new(City::new().await.client);
    let flex = |contents: &str| Message::Flex { alt: "a".to_owned(), contents: contents.to_owned() };
    for bad in [
        Message::Text(String::new()),
        Message::Text("長".repeat(5_001)),
        buttons("", "t", vec![button("a", Does::Open("javascript:alert(1)".to_owned()))]),
        buttons("", "t", vec![button(&"長".repeat(41), Does::Say("a".to_owned()))]),
        flex("{"),
        flex(r#"{"type":"bubble","hero":{"type":"image","url":"http://example.jp/a.png"}}"#),
    ] {
        let error = messenger.compose_content(&content(vec![bad.clone()]), &urls).unwrap_err();
        assert_eq!(error.kind, Kind::Permanent, "{bad:?}");
    }
    assert!(messenger.compose_content(&content(vec![]), &urls).is_err());
    let six = vec![Message::Text("a".to_owned()); 6];
    assert!(messenger.compose_content(&content(six), &urls).is_err());
}

#[tokio::test]
async fn line_is_asked_whether_it_would_take_them() {
    let city = City::new().await;
    city.answers("POST", VALIDATE, ResponseTemplate::new(200).set_body_json(json!({}))).await;
    let messages = Messages(r#"[{"type":"text","text":"a"}]"#.to_owned());
    let messenger = LineMessenger::new(city.client.clone());
    assert_eq!(messenger.validate(&messages).await.unwrap(), Verdict::Fine);
    let body: Value = serde_json::from_slice(&city.requests().await[0].body).unwrap();
    assert_eq!(body, json!({ "messages": [{ "type": "text", "text": "a" }] }));
    city.assert_documented().await;
}

#[tokio::test]
async fn what_line_would_not_take_is_told_with_its_place() {
    let objection = |property: &str, words: &str| Objection { property: property.to_owned(), words: words.to_owned() };
    let details = json!({ "message": "A message (messages[0]) in the request body is invalid", "details": [
        { "message": "May not be empty", "property": "messages[0].text" },
        { "message": "must be one of", "property": "messages[1].contents.body.layout" },
    ] });
    for (status, answer, expected) in [
        (
            400,
            details,
            vec![
                objection("messages[0].text", "May not be empty"),
                objection("messages[1].contents.body.layout", "must be one of"),
            ],
        ),
        (413, json!({ "message": "Too large" }), vec![objection("", "Too large")]),
    ] {
        let city = City::new().await;
        city.answers("POST", VALIDATE, ResponseTemplate::new(status).set_body_json(answer)).await;
        let verdict = LineMessenger::new(city.client.clone()).validate(&Messages("[{}]".to_owned())).await.unwrap();
        assert_eq!(verdict, Verdict::Refused(expected));
    }
}

#[tokio::test]
async fn a_disturbance_is_no_objection() {
    let asked = Messages("[{}]".to_owned());
    for status in [500, 429, 401, 403] {
        let city = City::new().await;
        city.answers("POST", VALIDATE, ResponseTemplate::new(status)).await;
        let verdict = LineMessenger::new(city.client.clone()).validate(&asked).await;
        assert_eq!(verdict.unwrap(), Verdict::Unasked, "{status}");
    }
    let city = City::impatient().await;
    city.answers("POST", VALIDATE, ResponseTemplate::new(200).set_delay(Duration::from_mins(1))).await;
    let verdict = LineMessenger::new(city.client.clone()).validate(&asked).await;
    assert_eq!(verdict.unwrap(), Verdict::Unasked, "it does not answer in time");
    let nothing = LineMessenger::new(city.client.clone()).validate(&Messages("nothing".to_owned())).await;
    assert_eq!(nothing.unwrap_err().kind, Kind::Permanent);
}
