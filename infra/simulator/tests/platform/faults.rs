//! Bad days on demand.

use reqwest::Method;
use serde_json::{Value, json};

use crate::city::{City, text};

const KEY: &str = "123e4567-e89b-12d3-a456-426614174000";

async fn set(city: &City, rules: Value) {
    city.admin(Method::PUT, "/simulator/faults", json!({ "rules": rules })).await;
}

#[tokio::test]
async fn an_error_500_does_nothing_and_a_timeout_after_acceptance_has_done_it() {
    let city = City::start().await;
    let to = city.residents(1).await;
    let body = json!({ "to": to, "messages": [text("storm")] });
    let send = || city.try_call(Method::POST, "/v2/bot/message/multicast", &body, &[("x-line-retry-key", KEY)]);
    set(
        &city,
        json!([
            { "on": "multicast", "kind": "error500", "times": 1 },
            { "on": "multicast", "kind": "timeoutBefore", "times": 1, "ms": 1 },
            { "on": "multicast", "kind": "timeoutAfterAccept", "times": 1, "ms": 1 },
        ]),
    )
    .await;
    assert_eq!(send().await.unwrap().status, 500);
    assert!(send().await.is_err(), "no answer before");
    assert_eq!(city.histogram("storm").await, json!({ "0": 1 }));
    assert!(send().await.is_err(), "no answer after");
    assert_eq!(city.histogram("storm").await, json!({ "0": 0, "1": 1 }));
    assert_eq!(send().await.unwrap().status, 409);
    assert_eq!(city.histogram("storm").await, json!({ "0": 0, "1": 1 }));
    assert_eq!(city.ask("/simulator/faults").await["done"], json!([1, 1, 1]));
    let calls = city.ask("/simulator/calls").await;
    let faults: Vec<_> = calls["calls"].as_array().unwrap().iter().filter_map(|call| call["fault"].as_str()).collect();
    assert_eq!(faults, ["error500", "timeoutBefore", "timeoutAfterAccept"]);
}

#[tokio::test]
async fn the_two_meanings_of_429() {
    let city = City::start().await;
    set(
        &city,
        json!([
            { "on": "*", "kind": "rate429", "times": 1 },
            { "on": "push", "kind": "quota429", "times": 1 },
        ]),
    )
    .await;
    let body = json!({ "to": city.residents(1).await[0], "messages": [text("x")] });
    let rate = city.post("/v2/bot/message/push", body.clone()).await;
    assert_eq!((rate.status, rate.message()), (429, "The API rate limit has been exceeded. Try again later."));
    let quota = city.post("/v2/bot/message/push", body.clone()).await;
    assert_eq!((quota.status, quota.message()), (429, "You have reached your monthly limit."));
    assert_eq!(city.post("/v2/bot/message/push", body).await.status, 200);
}

#[tokio::test]
async fn tokens_end_early_and_reply_tokens_are_refused() {
    let mut city = City::start().await;
    let resident = city.residents(1).await.remove(0);
    set(&city, json!([{ "on": "reply", "kind": "expireToken", "times": 1 }])).await;
    let played = city.play(&resident, json!({ "type": "text", "text": "hi" })).await;
    let reply = json!({ "replyToken": played["replyToken"], "messages": [text("x")] });
    assert_eq!(city.post("/v2/bot/message/reply", reply.clone()).await.status, 401);
    assert_eq!(city.get("/v2/bot/info").await.status, 401, "the old token stays ended");
    // A token of the same millisecond would have ended with the others.
    city.advance(1).await;
    city.token = city.new_token().await;
    set(&city, json!([{ "on": "reply", "kind": "badReplyToken", "times": 1 }])).await;
    assert_eq!(city.post("/v2/bot/message/reply", reply.clone()).await.message(), "Invalid reply token");
    assert_eq!(city.post("/v2/bot/message/reply", reply).await.status, 200);
}

#[tokio::test]
async fn webhooks_come_twice_late_or_not_at_all() {
    let city = City::start().await;
    let resident = city.residents(1).await.remove(0);
    let hi = || json!({ "type": "text", "text": "hi" });
    set(&city, json!([{ "on": "webhook", "kind": "duplicateWebhook", "times": 1 }])).await;
    let played = city.play(&resident, hi()).await;
    let twice = city.hook.wait_for(2).await;
    assert_eq!(twice[0], twice[1]);
    assert_eq!(twice[0]["events"][0]["webhookEventId"], played["webhookEventId"]);

    city.admin(Method::PUT, "/simulator/limits", json!({ "redeliveryDelayMs": 1 })).await;
    set(&city, json!([{ "on": "webhook", "kind": "dropWebhook", "times": 1 }])).await;
    let played = city.play(&resident, hi()).await;
    assert_eq!((&played["delivery"]["error"], &played["delivery"]["redelivering"]), (&json!("dropped"), &json!(true)));
    assert_eq!(city.hook.wait_for(3).await[2]["events"][0]["deliveryContext"]["isRedelivery"], true);

    set(&city, json!([{ "on": "webhook", "kind": "reorderWebhook", "times": 1, "ms": 60_000 }])).await;
    let path = format!("/simulator/residents/{resident}/events");
    let first = city.admin(Method::POST, &path, json!({ "type": "text", "text": "first", "wait": false })).await;
    assert_eq!(first.get("delivery"), None);
    // The rule has struck once the first event is held back.
    while city.ask("/simulator/faults").await["done"] != json!([1]) {
        tokio::task::yield_now().await;
    }
    city.play(&resident, json!({ "type": "text", "text": "second" })).await;
    let bodies = city.hook.wait_for(5).await;
    let texts: Vec<_> = bodies[3..].iter().map(|body| body["events"][0]["message"]["text"].clone()).collect();
    assert_eq!(texts, ["second", "first"]);
}

#[tokio::test]
async fn an_outage_lasts_for_a_span_of_the_clock() {
    let city = City::start().await;
    city.admin(Method::PUT, "/simulator/clock", json!({ "now": 1_800_000_000_000_i64, "frozen": true })).await;
    let token = || {
        let form = [("grant_type", "client_credentials"), ("client_id", "1"), ("client_secret", "secret")];
        city.http.post(city.url("/oauth2/v3/token")).form(&form).send()
    };
    for kind in ["error500", "hangUp"] {
        set(&city, json!([{ "on": "all", "kind": kind, "forMs": 60_000 }])).await;
        for passed in [0, 59_999] {
            city.advance(passed).await;
            let answers = [
                token().await.map(|answer| answer.status().as_u16()),
                city.try_call(Method::GET, "/v2/bot/info", &Value::Null, &[]).await.map(|answer| answer.status),
                city.http.get(city.data_url("/v2/bot/message/1/content")).send().await.map(|a| a.status().as_u16()),
            ];
            for answer in answers {
                match kind {
                    "error500" => assert_eq!(answer.unwrap(), 500),
                    _ => assert!(!answer.unwrap_err().is_timeout(), "nobody was made to wait"),
                }
            }
        }
        city.advance(1).await;
        assert_eq!(token().await.unwrap().status(), 200);
    }
    let done = city.ask("/simulator/faults").await;
    assert_eq!((&done["done"], &done["rules"][0]["forMs"]), (&json!([6]), &json!(60_000)));
}

#[tokio::test]
async fn wrong_rules_are_refused_and_a_reset_forgets_them() {
    let city = City::start().await;
    let wrong = json!({ "rules": [{ "on": "push", "kind": "melt" }] });
    assert_eq!(city.call(Method::PUT, "/simulator/faults", &wrong).await.status, 400);
    let elsewhere = json!({ "rules": [{ "on": "psuh", "kind": "error500" }] });
    let refused = city.call(Method::PUT, "/simulator/faults", &elsewhere).await;
    assert_eq!((refused.status, refused.message()), (400, "there is nothing called psuh to go wrong"));
    set(&city, json!([{ "on": "*", "kind": "error500" }])).await;
    assert_eq!(city.get("/v2/bot/info").await.status, 500);
    city.admin(Method::DELETE, "/simulator", Value::Null).await;
    assert_eq!(city.ask("/simulator/faults").await["rules"], json!([]));
}
