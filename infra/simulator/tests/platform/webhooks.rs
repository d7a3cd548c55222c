//! Webhooks: signed, answered within two seconds or delivered again, and their reply tokens.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::Method;
use serde_json::{Value, json};

use crate::city::{City, Reaction, text};

fn reply(token: &Value) -> Value {
    json!({ "replyToken": token, "messages": [text("the answer")] })
}

#[tokio::test]
async fn a_webhook_is_signed_and_complete() {
    let city = City::start().await;
    let resident = city.residents(1).await.remove(0);
    let played = city.play(&resident, json!({ "type": "text", "text": "かんでんち" })).await;
    assert_eq!((&played["delivery"]["status"], &played["delivery"]["attempts"]), (&json!(200), &json!(1)));
    let (signature, bytes) = city.hook.received().remove(0);
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(b"secret").unwrap();
    mac.update(&bytes);
    assert_eq!(signature, STANDARD.encode(mac.finalize().into_bytes()));
    let body: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(body["destination"].as_str().unwrap().len(), 33);
    let event = &body["events"][0];
    assert_eq!(event["type"], "message");
    assert_eq!(event["mode"], "active");
    assert_eq!(event["source"], json!({ "type": "user", "userId": resident }));
    assert_eq!(event["deliveryContext"], json!({ "isRedelivery": false }));
    assert_eq!((&event["webhookEventId"], &event["replyToken"]), (&played["webhookEventId"], &played["replyToken"]));
    assert_eq!((&event["message"]["type"], &event["message"]["text"]), (&json!("text"), &json!("かんでんち")));
    assert!(event["message"]["quoteToken"].is_string() && event["timestamp"].is_i64());
    assert_eq!(city.chat(&resident).await[0]["message"], event["message"]);
}

#[tokio::test]
async fn a_reply_token_works_once() {
    let city = City::start().await;
    let resident = city.residents(1).await.remove(0);
    let played = city.play(&resident, json!({ "type": "text", "text": "hi" })).await;
    let first = city.post("/v2/bot/message/reply", reply(&played["replyToken"])).await;
    assert_eq!(first.status, 200);
    let second = city.post("/v2/bot/message/reply", reply(&played["replyToken"])).await;
    assert_eq!((second.status, second.message()), (400, "Invalid reply token"));
    let chat = city.chat(&resident).await;
    assert_eq!(chat.len(), 2);
    assert_eq!((&chat[1]["from"], &chat[1]["via"]), (&json!("account"), &json!("reply")));
    assert_eq!(city.histogram("the%20answer").await, json!({ "0": 1 }), "replies are not sends");
    assert_eq!(city.get("/v2/bot/message/quota/consumption").await.body, json!({ "totalUsage": 0 }));
}

#[tokio::test]
async fn a_reply_token_ends_after_a_minute_and_a_refused_body_does_not_use_it_up() {
    let city = City::start().await;
    let resident = city.residents(1).await.remove(0);
    let early = city.play(&resident, json!({ "type": "text", "text": "hi" })).await;
    let late = city.play(&resident, json!({ "type": "text", "text": "hi" })).await;
    city.advance(50_000).await;
    let bad = json!({ "replyToken": early["replyToken"], "messages": [text("")] });
    assert_eq!(city.post("/v2/bot/message/reply", bad).await.message(), "The request body has 1 error(s)");
    assert_eq!(city.post("/v2/bot/message/reply", reply(&early["replyToken"])).await.status, 200);
    city.advance(11_000).await;
    let refused = city.post("/v2/bot/message/reply", reply(&late["replyToken"])).await;
    assert_eq!((refused.status, refused.message()), (400, "Invalid reply token"));
}

#[tokio::test]
async fn a_failed_webhook_is_delivered_again_with_the_same_ids_and_a_fresh_minute() {
    let city = City::start().await;
    let resident = city.residents(1).await.remove(0);
    city.admin(Method::PUT, "/simulator/clock", json!({ "now": 1_800_000_000_000_i64, "frozen": true })).await;
    let mut city = city;
    city.token = city.new_token().await;
    city.admin(Method::PUT, "/simulator/limits", json!({ "redeliveryDelayMs": 120_000 })).await;
    city.hook.react(&[Reaction::Status(500), Reaction::Status(503)]);
    let played = city.play(&resident, json!({ "type": "text", "text": "hi" })).await;
    assert_eq!((&played["delivery"]["status"], &played["delivery"]["redelivering"]), (&json!(500), &json!(true)));
    city.advance(120_000).await;
    city.hook.wait_for(2).await;
    city.advance(480_000).await;
    let bodies = city.hook.wait_for(3).await;
    for (number, body) in bodies.iter().enumerate() {
        let event = &body["events"][0];
        assert_eq!(event["deliveryContext"]["isRedelivery"], json!(number > 0));
        assert_eq!(
            (&event["webhookEventId"], &event["timestamp"]),
            (&played["webhookEventId"], &json!(1_800_000_000_000_i64))
        );
        assert_eq!(event["replyToken"], played["replyToken"]);
    }
    assert_eq!(city.post("/v2/bot/message/reply", reply(&played["replyToken"])).await.status, 200);
    let journal = city.ask("/simulator/webhooks").await;
    let statuses: Vec<_> = journal["webhooks"].as_array().unwrap().iter().map(|hook| hook["status"].clone()).collect();
    assert_eq!(statuses[..2], [json!(500), json!(503)]);
}

#[tokio::test]
async fn no_answer_within_the_limit_counts_as_a_timeout() {
    let city = City::start().await;
    let resident = city.residents(1).await.remove(0);
    city.admin(Method::PUT, "/simulator/limits", json!({ "webhookTimeoutMs": 100, "redeliveryDelayMs": 10 })).await;
    city.hook.react(&[Reaction::Silence]);
    let played = city.play(&resident, json!({ "type": "text", "text": "hi" })).await;
    assert_eq!((&played["delivery"]["status"], &played["delivery"]["error"]), (&Value::Null, &json!("timeout")));
    let bodies = city.hook.wait_for(2).await;
    assert_eq!(bodies[1]["events"][0]["deliveryContext"]["isRedelivery"], true);
    assert_eq!(city.ask("/simulator/limits").await["webhookTimeoutMs"], 100);
}

#[tokio::test]
async fn the_limit_is_two_seconds_unless_it_is_changed() {
    let city = City::start().await;
    assert_eq!(city.ask("/simulator/limits").await["webhookTimeoutMs"], 2_000);
}

#[tokio::test]
async fn many_followers_come_a_hundred_a_webhook() {
    let city = City::start().await;
    city.admin(Method::POST, "/simulator/residents", json!({ "count": 250, "seed": "crowd" })).await;
    let bodies = city.hook.wait_for(3).await;
    let mut sizes: Vec<usize> = bodies.iter().map(|body| body["events"].as_array().unwrap().len()).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [50, 100, 100]);
    let mut ids: Vec<&str> = bodies
        .iter()
        .flat_map(|body| body["events"].as_array().unwrap())
        .map(|e| e["source"]["userId"].as_str().unwrap())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 250);
}

#[tokio::test]
async fn following_blocking_and_unblocking() {
    let city = City::start().await;
    let stranger = format!("U{:032x}", 42);
    city.play(&stranger, json!({ "type": "follow", "name": "花子" })).await;
    assert_eq!(city.get(&format!("/v2/bot/profile/{stranger}")).await.body["displayName"], "花子");
    let blocked = city.play(&stranger, json!({ "type": "unfollow" })).await;
    assert_eq!(blocked.get("replyToken"), None);
    assert_eq!(city.get(&format!("/v2/bot/profile/{stranger}")).await.status, 404);
    let events = format!("/simulator/residents/{stranger}/events");
    let silent = city.post(&events, json!({ "type": "text", "text": "?" }));
    assert_eq!(silent.await.status, 400, "who blocks cannot write");
    city.play(&stranger, json!({ "type": "follow" })).await;
    let unblocked: Vec<Value> = city.hook.bodies().iter().map(|body| body["events"][0]["follow"].clone()).collect();
    assert_eq!(unblocked, [json!({ "isUnblocked": false }), Value::Null, json!({ "isUnblocked": true })]);
}

#[tokio::test]
async fn raw_events_go_out_as_they_are_and_many_events_share_a_body() {
    let city = City::start().await;
    let resident = city.residents(1).await.remove(0);
    let odd = json!({ "type": "hologram", "depth": 3 });
    city.play(&resident, json!({ "type": "raw", "event": odd })).await;
    assert_eq!(city.hook.bodies()[0]["events"], json!([odd]));
    let events = json!({ "events": [
        { "userId": resident, "type": "text", "text": "one" },
        { "userId": format!("U{:032x}", 9), "type": "postback", "data": "a=1", "displayText": "two" },
    ] });
    city.admin(Method::POST, "/simulator/events", events).await;
    let events = city.hook.bodies()[1]["events"].as_array().unwrap().clone();
    assert_eq!((events.len(), &events[1]["postback"]["data"]), (2, &json!("a=1")));
}

#[tokio::test]
async fn the_webhook_can_be_read_set_and_tested_by_the_account() {
    let city = City::with(simulator::Options { allow_local_http: true, ..Default::default() }).await;
    let endpoint = city.get("/v2/bot/channel/webhook/endpoint").await.body;
    assert_eq!(endpoint["active"], true);
    let tested = city.post("/v2/bot/channel/webhook/test", json!({})).await.body;
    assert_eq!((&tested["success"], &tested["statusCode"]), (&json!(true), &json!(200)));
    assert_eq!(city.hook.bodies()[0]["events"], json!([]));
    let set = |url: &str| {
        let body = json!({ "endpoint": url });
        let city = &city;
        async move { city.call(Method::PUT, "/v2/bot/channel/webhook/endpoint", &body).await.status }
    };
    assert_eq!(set("http://example.com/").await, 400);
    assert_eq!(set("http://127.0.0.1:1/nobody").await, 200);
    let tested = city.post("/v2/bot/channel/webhook/test", json!({})).await.body;
    assert_eq!((&tested["success"], &tested["reason"]), (&json!(false), &json!("COULD_NOT_CONNECT")));
}
