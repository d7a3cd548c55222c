//! The port `Messenger`: what LINE's answers mean for a use case.

use std::time::Duration;

use app::error::Kind;
use app::ports::quota::{Quota, Quotas as _};
use app::ports::{Delivery, Messages, Messenger as _, Reach as _, Reached, ReplyToken, Undelivered};
use domain::reply::Reply;
use line::client::LineClient;
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

/// What became of a message that the platform did not clearly answer.
#[derive(Debug, PartialEq, Eq)]
enum Fate {
    NotTaken(Kind),
    NotLetIn(Kind),
    Unknown(Kind),
}

fn fate(undelivered: &Undelivered) -> Fate {
    match undelivered {
        Undelivered::NotTaken(error) => Fate::NotTaken(error.kind),
        Undelivered::NotLetIn(error) => Fate::NotLetIn(error.kind),
        Undelivered::Unknown(error) => Fate::Unknown(error.kind),
    }
}

async fn reply(answer: ResponseTemplate) -> Result<Delivery, Fate> {
    reply_in(City::new().await, answer).await
}

async fn reply_in(city: City, answer: ResponseTemplate) -> Result<Delivery, Fate> {
    city.answers("POST", REPLY, answer).await;
    let outcome = reply_by(city.client.clone()).await;
    city.assert_documented().await;
    outcome
}

async fn reply_by(client: LineClient) -> Result<Delivery, Fate> {
    let messenger = LineMessenger::new(client);
    let messages = messenger.compose(&[Reply::Text("やあ".to_owned())], &[]).unwrap();
    messenger.reply(&ReplyToken("r-1".to_owned()), &messages).await.map_err(|undelivered| fate(&undelivered))
}

async fn push(answer: ResponseTemplate) -> Result<Delivery, Fate> {
    let city = City::new().await;
    city.answers("POST", PUSH, answer).await;
    let messenger = LineMessenger::new(city.client.clone());
    let messages = messenger.compose(&[Reply::Text("やあ".to_owned())], &[]).unwrap();
    let outcome = messenger.push(&resident(1), &messages, Uuid::from_u128(1)).await;
    city.assert_documented().await;
    outcome.map_err(|undelivered| fate(&undelivered))
}

#[tokio::test]
async fn what_a_reply_comes_to() {
    assert_eq!(reply(says(200, "")).await, Ok(Delivery::Accepted));
    assert_eq!(reply(says(400, "Invalid reply token")).await, Ok(Delivery::TokenSpent));
    assert_eq!(reply(says(400, "The request body has 1 error(s)")).await, Ok(Delivery::Refused));
    let not_taken = |kind| Err(Fate::NotTaken(kind));
    let unknown = Err(Fate::Unknown(Kind::Transient));
    let not_let_in = Err(Fate::NotLetIn(Kind::Transient));
    assert_eq!(reply(says(403, "Access to this API is not available")).await, not_let_in);
    assert_eq!(reply(says(429, "The API rate limit has been exceeded.")).await, not_taken(Kind::Throttled));
    for status in [408, 500, 502, 503, 504] {
        assert_eq!(reply(says(status, "Internal server error")).await, unknown, "{status}");
    }
    let late = says(200, "").set_delay(Duration::from_mins(1));
    assert_eq!(reply_in(City::impatient().await, late).await, unknown);
}

/// Where the call itself was not made, LINE has certainly not taken the reply, however unclear the trouble before it is.
#[tokio::test]
async fn a_reply_that_never_left_was_not_taken() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let not_taken = Err(Fate::NotTaken(Kind::Transient));
    assert_eq!(reply_by(crate::tokens::client_at(&address)).await, not_taken, "nobody is there");

    let city = City::without_tokens().await;
    city.answers("POST", "/oauth2/v3/token", ResponseTemplate::new(500)).await;
    assert_eq!(reply_by(city.client.clone()).await, not_taken, "no token");
    assert!(city.requests().await.is_empty());

    let city = City::without_tokens().await;
    city.answers("POST", "/oauth2/v3/token", says(400, "invalid_client")).await;
    assert_eq!(reply_by(city.client.clone()).await, Err(Fate::NotLetIn(Kind::Transient)), "wrong credentials");
}

#[tokio::test]
async fn what_a_push_comes_to() {
    assert_eq!(push(says(200, "")).await, Ok(Delivery::Accepted));
    assert_eq!(push(says(409, "The retry key is already accepted")).await, Ok(Delivery::AlreadyAccepted));
    assert_eq!(push(says(400, "Failed to send messages")).await, Ok(Delivery::Refused));
    assert_eq!(push(says(401, "Authentication failed")).await, Err(Fate::NotLetIn(Kind::Transient)));
    let monthly = says(429, "You have reached your monthly limit.");
    assert_eq!(push(monthly).await, Err(Fate::NotTaken(Kind::Throttled)));
    assert_eq!(push(says(503, "")).await, Err(Fate::Unknown(Kind::Transient)));
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
    let undelivered = messenger.push(&resident(1), &broken, Uuid::from_u128(1)).await.unwrap_err();
    assert_eq!(fate(&undelivered), Fate::NotTaken(Kind::Permanent));
    assert_eq!(city.requests().await.len(), 1);
}

#[tokio::test]
async fn a_phone_is_reached_unless_line_knows_nobody_there() {
    let profile = || format!("/v2/bot/profile/{}", resident(1).as_str());
    let reaches = |answer: ResponseTemplate| async {
        let city = City::new().await;
        city.answers("GET", &profile(), answer).await;
        let reached = LineMessenger::new(city.client.clone()).reaches(&resident(1)).await;
        city.assert_documented().await;
        reached.map_err(|error| error.kind)
    };
    let known =
        ResponseTemplate::new(200).set_body_json(json!({ "displayName": "青木", "userId": resident(1).as_str() }));
    assert_eq!(reaches(known).await, Ok(Reached::Yes));
    assert_eq!(reaches(says(404, "Not found")).await, Ok(Reached::No));
    assert_eq!(reaches(says(500, "Internal server error")).await, Err(Kind::Transient), "that says nothing");
}

#[tokio::test]
async fn messages_are_left_until_the_quota_is_used_up() {
    let quota = |quota: serde_json::Value, used: u64| async move {
        let city = City::new().await;
        let path = "/v2/bot/message/quota";
        city.answers("GET", path, ResponseTemplate::new(200).set_body_json(quota)).await;
        let consumption = ResponseTemplate::new(200).set_body_json(json!({ "totalUsage": used }));
        city.answers("GET", &format!("{path}/consumption"), consumption).await;
        LineMessenger::new(city.client.clone()).quota().await.unwrap()
    };
    let limited = |used| quota(json!({ "type": "limited", "value": 200 }), used);
    assert_eq!(quota(json!({ "type": "none" }), 5).await.left(), None);
    assert_eq!(limited(5).await, Quota::Limited { limit: 200, used: 5 });
    assert_eq!(limited(5).await.left(), Some(195));
    assert_eq!(limited(201).await.left(), Some(0), "LINE counts about");
}
