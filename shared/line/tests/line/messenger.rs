//! The port `Messenger`: what LINE's answers mean for a use case.

use std::time::Duration;

use app::error::Kind;
use app::ports::{Delivery, Messages, Messenger as _, ReplyToken};
use domain::reply::Reply;
use line::messenger::LineMessenger;
use serde_json::json;
use uuid::Uuid;
use wiremock::ResponseTemplate;

use crate::city::{City, resident};

const REPLY: &str = "/v2/bot/message/reply";
const PUSH: &str = "/v2/bot/message/push";

fn says(status: u16, words: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({ "message": words }))
}

async fn reply(answer: ResponseTemplate) -> Result<Delivery, Kind> {
    reply_in(City::new().await, answer).await
}

async fn reply_in(city: City, answer: ResponseTemplate) -> Result<Delivery, Kind> {
    city.answers("POST", REPLY, answer).await;
    let messenger = LineMessenger::new(city.client.clone());
    let messages = messenger.compose(&[Reply::Text("やあ".to_owned())], &[]).unwrap();
    let outcome = messenger.reply(&ReplyToken("r-1".to_owned()), &messages).await;
    city.assert_documented().await;
    outcome.map_err(|error| error.kind)
}

async fn push(answer: ResponseTemplate) -> Result<Delivery, Kind> {
    let city = City::new().await;
    city.answers("POST", PUSH, answer).await;
    let messenger = LineMessenger::new(city.client.clone());
    let messages = messenger.compose(&[Reply::Text("やあ".to_owned())], &[]).unwrap();
    let outcome = messenger.push(&resident(1), &messages, Uuid::from_u128(1)).await;
    city.assert_documented().await;
    outcome.map_err(|error| error.kind)
}

#[tokio::test]
async fn what_a_reply_comes_to() {
    assert_eq!(reply(says(200, "")).await, Ok(Delivery::Accepted));
    assert_eq!(reply(says(400, "Invalid reply token")).await, Ok(Delivery::TokenSpent));
    assert_eq!(reply(says(400, "The request body has 1 error(s)")).await, Ok(Delivery::Refused));
    assert_eq!(reply(says(403, "Access to this API is not available")).await, Err(Kind::Permanent));
    assert_eq!(reply(says(429, "The API rate limit has been exceeded.")).await, Err(Kind::Throttled));
    assert_eq!(reply(says(500, "Internal server error")).await, Err(Kind::Transient));
    let late = says(200, "").set_delay(Duration::from_mins(1));
    assert_eq!(reply_in(City::impatient().await, late).await, Err(Kind::Transient));
}

#[tokio::test]
async fn what_a_push_comes_to() {
    assert_eq!(push(says(200, "")).await, Ok(Delivery::Accepted));
    assert_eq!(push(says(409, "The retry key is already accepted")).await, Ok(Delivery::AlreadyAccepted));
    assert_eq!(push(says(400, "Failed to send messages")).await, Ok(Delivery::Refused));
    assert_eq!(push(says(401, "Authentication failed")).await, Err(Kind::Permanent));
    assert_eq!(push(says(429, "You have reached your monthly limit.")).await, Err(Kind::Throttled));
    assert_eq!(push(says(503, "")).await, Err(Kind::Transient));
}

#[tokio::test]
async fn stored_messages_go_out_byte_for_byte_and_broken_ones_do_not() {
    let city = City::new().await;
    city.answers("POST", PUSH, says(200, "")).await;
    let messenger = LineMessenger::new(city.client.clone());
    let stored = Messages(r#"[{"type":"text", "text":"\u3084\u3042"}]"#.to_owned());
    messenger.push(&resident(1), &stored, Uuid::from_u128(1)).await.unwrap();
    let body = String::from_utf8(city.requests().await[0].body.clone()).unwrap();
    assert!(body.contains(&stored.0), "{body}");
    let broken = Messages("[{]".to_owned());
    let error = messenger.push(&resident(1), &broken, Uuid::from_u128(1)).await.unwrap_err();
    assert_eq!(error.kind, Kind::Permanent);
    assert_eq!(city.requests().await.len(), 1);
}
