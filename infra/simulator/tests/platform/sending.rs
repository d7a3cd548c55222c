//! Push, multicast, broadcast, narrowcast: acceptance, retry keys, quota, rates.

use reqwest::Method;
use serde_json::{Value, json};

use crate::city::{City, text};

const KEY: &str = "123e4567-e89b-12d3-a456-426614174000";
const DAY_MS: i64 = 24 * 3_600_000;

async fn keyed(city: &City, endpoint: &str, body: &Value) -> crate::city::Answer {
    let path = format!("/v2/bot/message/{endpoint}");
    city.call_with(Method::POST, &path, body, &[("x-line-retry-key", KEY)]).await
}

#[tokio::test]
async fn a_multicast_reaches_all_or_nobody() {
    let city = City::start().await;
    let mut to = city.residents(3).await;
    to[1] = "Unot-an-id".to_owned();
    let body = json!({ "to": to, "messages": [text("flood-a")] });
    let refused = city.post("/v2/bot/message/multicast", body).await;
    assert_eq!(refused.status, 400);
    assert!(refused.message().starts_with("The property, to[1], in the request body is invalid"), "{}", refused.body);
    assert_eq!(refused.body["details"][0]["property"], "to[1]");
    assert_eq!(city.histogram("flood-a").await, json!({ "0": 3 }));
}

#[tokio::test]
async fn blocked_and_unknown_ids_are_passed_over_unless_unknown_ones_shall_be_refused() {
    let city = City::start().await;
    let mut to = city.residents(3).await;
    city.play(&to[0], json!({ "type": "unfollow" })).await;
    to.push(format!("U{:032x}", 7));
    let body = json!({ "to": to, "messages": [text("flood-b")] });
    let accepted = city.post("/v2/bot/message/multicast", body.clone()).await;
    assert_eq!((accepted.status, accepted.body), (200, json!({})));
    assert_eq!(city.histogram("flood-b").await, json!({ "0": 1, "1": 2 }));
    assert_eq!(city.get("/v2/bot/message/quota/consumption").await.body, json!({ "totalUsage": 2 }));
    city.admin(Method::PUT, "/simulator/limits", json!({ "rejectUnknownRecipients": true })).await;
    let refused = city.post("/v2/bot/message/multicast", body).await;
    assert_eq!((refused.status, &refused.body["details"][0]["property"]), (400, &json!("to[3]")));
}

#[tokio::test]
async fn a_multicast_has_at_most_500_recipients_and_five_messages() {
    let city = City::start().await;
    let to = city.residents(501).await;
    let body = json!({ "to": to, "messages": [text("a"), text("b"), text("c"), text("d"), text("e"), text("f")] });
    let refused = city.post("/v2/bot/message/multicast", body).await;
    assert_eq!((refused.status, refused.message()), (400, "The request body has 2 error(s)"));
    assert_eq!(
        refused.body["details"][0],
        json!({ "message": "Size must be between 1 and 5", "property": "messages" })
    );
    assert_eq!(refused.body["details"][1], json!({ "message": "Size must be between 1 and 500", "property": "to" }));
    let body = json!({ "to": to[..500], "messages": [text("a")] });
    assert_eq!(city.post("/v2/bot/message/multicast", body).await.status, 200);
}

#[tokio::test]
async fn a_retry_key_is_accepted_once_a_day() {
    let mut city = City::start().await;
    let to = city.residents(1).await;
    let body = json!({ "to": to[0], "messages": [text("flood-c")] });
    let first = keyed(&city, "push", &body).await;
    assert_eq!(first.status, 200);
    let again = keyed(&city, "push", &body).await;
    assert_eq!((again.status, again.message()), (409, "The retry key is already accepted"));
    assert_eq!(again.header("x-line-accepted-request-id"), first.header("x-line-request-id"));
    assert_ne!(again.header("x-line-request-id"), first.header("x-line-request-id"));
    assert_eq!(again.body["sentMessages"], first.body["sentMessages"]);
    assert_eq!(city.histogram("flood-c").await, json!({ "0": 0, "1": 1 }));

    let other = json!({ "to": to[0], "messages": [text("another text")] });
    assert_eq!(keyed(&city, "push", &other).await.status, 409, "the key counts, not the body");
    let calls = city.ask("/simulator/calls").await;
    let last = calls["calls"].as_array().unwrap().last().unwrap();
    assert_eq!(last["warning"], "this retry key was accepted with another request");

    city.advance(DAY_MS).await;
    city.token = city.new_token().await;
    assert_eq!(keyed(&city, "push", &body).await.status, 200, "after a day LINE has forgotten");
    assert_eq!(city.histogram("flood-c").await, json!({ "0": 0, "2": 1 }));
}

#[tokio::test]
async fn of_many_at_once_with_one_key_one_is_accepted() {
    let city = City::start().await;
    let body = json!({ "to": city.residents(1).await, "messages": [text("flood-g")] });
    let answers = futures_util::future::join_all((0..20).map(|_| keyed(&city, "multicast", &body))).await;
    let accepted: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert_eq!(accepted.len(), 1);
    let id = accepted[0].header("x-line-request-id");
    let others = answers.iter().filter(|answer| answer.status == 409);
    assert_eq!(others.filter(|answer| answer.header("x-line-accepted-request-id") == id).count(), 19);
    assert_eq!(city.histogram("flood-g").await, json!({ "0": 0, "1": 1 }));
}

#[tokio::test]
async fn a_refused_request_leaves_its_retry_key_free() {
    let city = City::start().await;
    let to = city.residents(1).await;
    assert_eq!(keyed(&city, "multicast", &json!({ "to": ["bad"], "messages": [text("x")] })).await.status, 400);
    assert_eq!(keyed(&city, "multicast", &json!({ "to": to, "messages": [text("x")] })).await.status, 200);
    let again = keyed(&city, "multicast", &json!({ "to": to, "messages": [text("x")] })).await;
    assert_eq!((again.status, &again.body["sentMessages"]), (409, &Value::Null));
}

#[tokio::test]
async fn retry_keys_are_for_four_endpoints_and_must_be_uuids() {
    let city = City::start().await;
    for path in ["reply", "validate/push"] {
        let body = json!({ "replyToken": "x", "messages": [text("x")] });
        assert_eq!(keyed(&city, path, &body).await.status, 400, "{path}");
    }
    let headers = [("x-line-retry-key", KEY)];
    assert_eq!(city.call_with(Method::GET, "/v2/bot/info", &Value::Null, &headers).await.status, 400);
    for bad in ["1", "123e4567e89b12d3a456426614174000", "zzze4567-e89b-12d3-a456-426614174000"] {
        let body = json!({ "messages": [text("x")] });
        let answer =
            city.call_with(Method::POST, "/v2/bot/message/broadcast", &body, &[("x-line-retry-key", bad)]).await;
        assert_eq!(answer.status, 400, "{bad}");
    }
    assert_eq!(keyed(&city, "broadcast", &json!({ "messages": [text("x")] })).await.status, 200);
    assert_eq!(keyed(&city, "broadcast", &json!({ "messages": [text("x")] })).await.status, 409);
}

#[tokio::test]
async fn the_monthly_quota_is_kept_whole_and_begins_anew_each_month() {
    let mut city = City::start().await;
    let to = city.residents(10).await;
    city.admin(Method::PUT, "/simulator/clock", json!({ "now": "2026-11-21T03:00:00Z" })).await;
    city.token = city.new_token().await;
    assert_eq!(city.get("/v2/bot/message/quota").await.body, json!({ "type": "none" }));
    city.admin(Method::PUT, "/simulator/limits", json!({ "monthlyQuota": 15 })).await;
    assert_eq!(city.get("/v2/bot/message/quota").await.body, json!({ "type": "limited", "value": 15 }));
    let body = json!({ "to": to, "messages": [text("flood-d"), text("second bubble")] });
    assert_eq!(city.post("/v2/bot/message/multicast", body.clone()).await.status, 200);
    let refused = city.post("/v2/bot/message/multicast", body.clone()).await;
    assert_eq!((refused.status, refused.message()), (429, "You have reached your monthly limit."));
    assert_eq!(city.histogram("flood-d").await, json!({ "0": 0, "1": 10 }));
    assert_eq!(city.get("/v2/bot/message/quota/consumption").await.body, json!({ "totalUsage": 10 }));
    city.admin(Method::PUT, "/simulator/clock", json!({ "now": "2026-11-30T15:00:00Z" })).await;
    city.token = city.new_token().await;
    assert_eq!(city.post("/v2/bot/message/multicast", body).await.status, 200, "it is December in Japan");
    let sent = city.get("/v2/bot/message/delivery/multicast?date=20261121").await;
    assert_eq!(sent.body, json!({ "status": "ready", "success": 10 }));
    let today = city.get("/v2/bot/message/delivery/multicast?date=20261201").await;
    assert_eq!(today.body, json!({ "status": "unready" }));
}

#[tokio::test]
async fn each_endpoint_has_a_bucket_of_its_own() {
    let city = City::start().await;
    let to = city.residents(1).await;
    city.admin(Method::PUT, "/simulator/clock", json!({ "now": 1_800_000_000_000_i64, "frozen": true })).await;
    let mut city = city;
    city.token = city.new_token().await;
    city.admin(Method::PUT, "/simulator/limits", json!({ "multicastPerSecond": 3 })).await;
    let body = json!({ "to": to, "messages": [text("flood-e")] });
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(city.post("/v2/bot/message/multicast", body.clone()).await.status);
    }
    assert_eq!(statuses, [200, 200, 200, 429]);
    let refused = city.post("/v2/bot/message/multicast", body.clone()).await;
    assert_eq!(refused.message(), "The API rate limit has been exceeded. Try again later.");
    assert_eq!(city.post("/v2/bot/message/push", json!({ "to": to[0], "messages": [text("x")] })).await.status, 200);
    city.advance(334).await;
    assert_eq!(city.post("/v2/bot/message/multicast", body.clone()).await.status, 200);
    assert_eq!(city.post("/v2/bot/message/multicast", body).await.status, 429);
}

#[tokio::test]
async fn a_push_reaches_one_friend_and_is_refused_for_nobody() {
    let city = City::start().await;
    let to = city.residents(2).await;
    let push = |to: &str| city.post("/v2/bot/message/push", json!({ "to": to, "messages": [text("hello")] }));
    let sent = push(&to[0]).await;
    assert_eq!(sent.status, 200);
    assert!(sent.body["sentMessages"][0]["id"].is_string() && sent.body["sentMessages"][0]["quoteToken"].is_string());
    let unknown = push(&format!("U{:032x}", 1)).await;
    assert_eq!((unknown.status, unknown.message()), (400, "Failed to send messages"));
    let malformed = push("U1").await;
    assert!(malformed.message().starts_with("The property, to, in the request body is invalid"), "{}", malformed.body);
    city.play(&to[1], json!({ "type": "unfollow" })).await;
    assert_eq!(push(&to[1]).await.status, 200, "LINE accepts a push to one who blocks, and delivers nothing");
    assert_eq!(city.histogram("hello").await, json!({ "0": 1, "1": 1 }));
    let chat = city.chat(&to[0]).await;
    assert_eq!((&chat[0]["via"], &chat[0]["message"]), (&json!("push"), &text("hello")));
}

#[tokio::test]
async fn broadcast_and_narrowcast_reach_all_friends() {
    let city = City::start().await;
    let residents = city.residents(70).await;
    city.play(&residents[69], json!({ "type": "unfollow" })).await;
    city.admin(Method::PUT, "/simulator/clock", json!({ "now": 1_800_000_000_000_i64, "frozen": true })).await;
    let mut city = city;
    city.token = city.new_token().await;
    let all = json!({ "messages": [text("flood-f")] });
    assert_eq!(city.post("/v2/bot/message/broadcast", all.clone()).await.status, 200);
    let narrowcast = city.post("/v2/bot/message/narrowcast", all).await;
    assert_eq!((narrowcast.status, &narrowcast.body), (202, &json!({})));
    assert_eq!(city.histogram("flood-f").await, json!({ "0": 1, "2": 69 }));
    let path = format!("/v2/bot/message/progress/narrowcast?requestId={}", narrowcast.header("x-line-request-id"));
    assert_eq!(city.get(&path).await.body["phase"], "waiting");
    city.advance(1_000).await;
    assert_eq!(city.get(&path).await.body["phase"], "sending");
    city.advance(1_000).await;
    let done = city.get(&path).await.body;
    assert_eq!(
        (&done["phase"], &done["successCount"], &done["targetCount"]),
        (&json!("succeeded"), &json!(69), &json!(69))
    );
    assert_eq!(done["acceptedTime"], "2027-01-15T08:00:00.000Z");
    assert_eq!(city.get("/v2/bot/message/progress/narrowcast?requestId=unknown").await.status, 404);
}

#[tokio::test]
async fn a_narrowcast_holds_the_quota_of_its_whole_reach_until_it_is_done() {
    let mut city = City::start().await;
    let residents = city.residents(10).await;
    city.admin(Method::PUT, "/simulator/clock", json!({ "now": 1_800_000_000_000_i64, "frozen": true })).await;
    city.token = city.new_token().await;
    city.admin(Method::PUT, "/simulator/limits", json!({ "monthlyQuota": 14, "narrowcastPhaseMs": 500 })).await;
    let few = json!({ "messages": [text("flood-g")], "limit": { "max": 2 } });
    assert_eq!(city.post("/v2/bot/message/narrowcast", few).await.status, 202);
    assert_eq!(city.histogram("flood-g").await, json!({ "0": 8, "1": 2 }));
    // Ten of fourteen are held: four are left although nothing is used yet.
    let multicast = async |count: usize| {
        let body = json!({ "to": residents[..count], "messages": [text("flood-h")] });
        city.post("/v2/bot/message/multicast", body).await.status
    };
    let used = async || city.get("/v2/bot/message/quota/consumption").await.body["totalUsage"].clone();
    assert_eq!((used().await, multicast(5).await, multicast(4).await), (json!(0), 429, 200));
    assert_eq!((used().await, multicast(1).await), (json!(4), 429));
    city.advance(1_000).await;
    assert_eq!((used().await, multicast(8).await, multicast(1).await), (json!(6), 200, 429));

    city.admin(Method::PUT, "/simulator/limits", json!({ "monthlyQuota": 17 })).await;
    let all = json!({ "messages": [text("flood-i")] });
    let refused = city.post("/v2/bot/message/narrowcast", all).await;
    assert_eq!((refused.status, refused.message()), (429, "You have reached your monthly limit."));
    let up_to = json!({ "messages": [text("flood-i")], "limit": { "upToRemainingQuota": true } });
    assert_eq!(city.post("/v2/bot/message/narrowcast", up_to.clone()).await.status, 202);
    assert_eq!(city.histogram("flood-i").await, json!({ "0": 7, "1": 3 }));
    assert_eq!(city.post("/v2/bot/message/narrowcast", up_to).await.status, 429);
}
