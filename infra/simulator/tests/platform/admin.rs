//! The simulator's own API: residents, followers, stream, configuration, reset, saved file.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use simulator::{Options, Simulator};

use crate::city::{City, text};

/// A folder of this test's own.
fn folder_of(name: &str) -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("simulator-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[tokio::test]
async fn residents_follow_from_a_seed_and_are_listed_in_pages() {
    let (one, other) = (City::start().await, City::start().await);
    let residents = one.residents(5).await;
    assert_eq!(residents, other.residents(5).await, "one seed, one crowd");
    let more = one.residents(2).await;
    assert!(more.iter().all(|id| !residents.contains(id)));
    let page = one.ask(&format!("/simulator/residents?limit=3&after={}", residents[2])).await;
    assert_eq!(page["count"], 7);
    let ids: Vec<_> = page["residents"].as_array().unwrap().iter().map(|r| r["userId"].as_str().unwrap()).collect();
    assert_eq!(ids, [&residents[3], &residents[4], &more[0]]);
    assert_eq!(page["residents"][0]["status"], "following");
    let named = json!({ "count": 1, "seed": "n", "webhooks": false, "name": "一郎" });
    let named = one.admin(Method::POST, "/simulator/residents", named).await;
    assert_eq!(named["residents"][0]["name"], "一郎");
    for bad in [json!({ "count": 0 }), json!({ "count": 9_999_999 }), json!({ "count": "3" })] {
        assert_eq!(one.post("/simulator/residents", bad).await.status, 400);
    }
}

#[tokio::test]
async fn followers_are_paged_by_tokens_that_end() {
    let mut city = City::start().await;
    let residents = city.residents(5).await;
    city.play(&residents[1], json!({ "type": "unfollow" })).await;
    let first = city.get("/v2/bot/followers/ids?limit=2").await.body;
    assert_eq!(first["userIds"], json!([residents[0], residents[2]]));
    let next = format!("/v2/bot/followers/ids?limit=2&start={}", first["next"].as_str().unwrap());
    let second = city.get(&next).await.body;
    assert_eq!(second, json!({ "userIds": [residents[3], residents[4]] }));
    assert_eq!(city.get("/v2/bot/followers/ids?limit=1001").await.status, 400);
    assert_eq!(city.get("/v2/bot/followers/ids?start=made-up").await.status, 400);
    city.admin(Method::PUT, "/simulator/limits", json!({ "verifiedAccount": false })).await;
    assert_eq!(city.get(&next).await.status, 403, "an account that is not verified may not list its followers");
    city.admin(Method::PUT, "/simulator/limits", json!({ "verifiedAccount": true })).await;
    city.advance(24 * 3_600_000).await;
    city.token = city.new_token().await;
    assert_eq!(city.get(&next).await.status, 400);
}

#[tokio::test]
async fn the_stream_tells_what_happens() {
    let city = City::start().await;
    let resident = city.residents(1).await.remove(0);
    let mut stream = city.http.get(city.url("/simulator/stream")).send().await.unwrap();
    city.post("/v2/bot/message/push", json!({ "to": resident, "messages": [text("via the stream")] })).await;
    let mut told = String::new();
    let listen = async {
        while !(told.contains("event: chat") && told.contains("event: call")) {
            told.push_str(&String::from_utf8_lossy(&stream.chunk().await.unwrap().unwrap()));
        }
    };
    tokio::time::timeout(Duration::from_secs(10), listen).await.unwrap();
    assert!(told.contains("via the stream") && told.contains(&resident));
}

#[tokio::test]
async fn secrets_stay_out_of_the_journal_and_of_the_configuration() {
    let city = City::start().await;
    let shown = format!("{}{}", city.ask("/simulator/calls").await, city.ask("/simulator/config").await);
    assert!(shown.contains("/oauth2/v3/token"));
    assert!(!shown.contains(&city.token) && !shown.contains("\"secret\""));
    let set = json!({ "accountName": "試験市", "mapTiles": null });
    assert_eq!(city.admin(Method::PUT, "/simulator/config", set).await["accountName"], "試験市");
    assert_eq!(city.call(Method::PUT, "/simulator/config", &json!({ "colour": "red" })).await.status, 400);
}

#[tokio::test]
async fn a_reset_forgets_everything_but_the_configuration() {
    let mut city = City::start().await;
    let resident = city.residents(1).await.remove(0);
    city.post("/v2/bot/message/push", json!({ "to": resident, "messages": [text("gone")] })).await;
    city.admin(Method::PUT, "/simulator/limits", json!({ "monthlyQuota": 1 })).await;
    let before = city.ask("/simulator/config").await;
    city.admin(Method::DELETE, "/simulator", Value::Null).await;
    assert_eq!(city.ask("/simulator/residents").await["count"], 0);
    assert_eq!(city.ask("/simulator/calls").await["calls"], json!([]));
    assert_eq!(city.ask("/simulator/limits").await["monthlyQuota"], Value::Null);
    assert_eq!(city.histogram("gone").await, json!({ "0": 0 }));
    assert_eq!(city.ask("/simulator/config").await, before);
    assert_eq!(city.get("/v2/bot/info").await.status, 401, "tokens are forgotten, too");
    city.token = city.new_token().await;
    assert_eq!(city.get("/v2/bot/info").await.status, 200);
}

#[tokio::test]
async fn loading_animations_and_link_tokens() {
    let city = City::start().await;
    let resident = city.residents(1).await.remove(0);
    let loading = |seconds: u64| {
        city.post("/v2/bot/chat/loading/start", json!({ "chatId": resident, "loadingSeconds": seconds }))
    };
    assert_eq!(loading(20).await.status, 202);
    assert_eq!(loading(61).await.status, 400);
    assert_eq!(loading(7).await.status, 400);
    assert_eq!(city.post("/v2/bot/chat/loading/start", json!({ "chatId": resident })).await.status, 202);
    let linked = city.post(&format!("/v2/bot/user/{resident}/linkToken"), Value::Null).await;
    assert!(linked.body["linkToken"].is_string());
    let read = json!({ "markAsReadToken": "t" });
    assert_eq!(city.post("/v2/bot/chat/markAsRead", read).await.status, 200);
}

#[tokio::test]
async fn a_saved_city_comes_back() {
    let folder = folder_of("saved");
    let save = Some(folder.join("city.json"));
    let city = City::with(Options { save: save.clone(), ..Default::default() }).await;
    let residents = city.residents(3).await;
    city.play(&residents[1], json!({ "type": "unfollow" })).await;
    city.play(&residents[0], json!({ "type": "text", "text": "remember me" })).await;
    let image = city.play(&residents[0], json!({ "type": "image" })).await;
    let chat = city.chat(&residents[0]).await;
    city.simulator.stop().await.unwrap();

    let city = City::with(Options { save: save.clone(), ..Default::default() }).await;
    assert_eq!(city.chat(&residents[0]).await, chat);
    assert_eq!(city.ask(&format!("/simulator/residents/{}", residents[1])).await["status"], "blocked");
    let content = format!("/v2/bot/message/{}/content", image["messageId"].as_str().unwrap());
    assert_eq!(city.get_data(&content).await.status, 200);
    assert!(!residents.contains(&city.residents(1).await[0]), "the seed goes on where it stopped");

    std::fs::write(folder.join("city.json"), "{ not a city").unwrap();
    assert!(
        Simulator::start(Options { save, ..Default::default() }).await.is_err(),
        "a damaged file is not overwritten"
    );
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn a_restarted_city_knows_what_it_accepted() {
    const KEY: &str = "123e4567-e89b-12d3-a456-426614174000";
    let folder = folder_of("accepted");
    let save = Some(folder.join("city.json"));
    let push = |city: &City, to: &str| {
        let body = json!({ "to": to, "messages": [text("once")] });
        let (http, url, token) = (city.http.clone(), city.url("/v2/bot/message/push"), city.token.clone());
        async move { http.post(url).bearer_auth(token).header("x-line-retry-key", KEY).json(&body).send().await.unwrap() }
    };
    let city = City::with(Options { save: save.clone(), ..Default::default() }).await;
    let resident = city.residents(1).await.remove(0);
    let accepted = push(&city, &resident).await;
    let id = accepted.headers()["x-line-request-id"].clone();
    let sent = accepted.json::<Value>().await.unwrap()["sentMessages"].clone();
    city.simulator.stop().await.unwrap();

    let mut city = City::with(Options { save, ..Default::default() }).await;
    let again = push(&city, &resident).await;
    assert_eq!((again.status().as_u16(), &again.headers()["x-line-accepted-request-id"]), (409, &id));
    assert_eq!(again.json::<Value>().await.unwrap()["sentMessages"], sent);
    assert_eq!(city.get("/v2/bot/message/quota/consumption").await.body, json!({ "totalUsage": 1 }));
    assert_eq!(city.ask("/simulator/calls").await["calls"][1].get("warning"), None, "it is the same request");
    city.advance(24 * 3_600_000).await;
    city.token = city.new_token().await;
    assert_eq!(push(&city, &resident).await.status(), 200, "keys are remembered for a day");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn limits_come_from_a_file_and_outlive_a_reset() {
    let folder = folder_of("limits");
    let file = folder.join("limits.json");
    std::fs::write(&file, r#"{ "maxMessages": 1, "monthlyQuota": 100 }"#).unwrap();
    let options = Options { limits: Some(file.clone()), ..Default::default() };
    let mut city = City::with(options.clone()).await;
    let resident = city.residents(1).await.remove(0);
    let two = json!({ "to": resident, "messages": [text("one"), text("two")] });
    assert_eq!(city.post("/v2/bot/message/push", two.clone()).await.status, 400);
    city.admin(Method::PUT, "/simulator/limits", json!({ "maxMessages": 2 })).await;
    assert_eq!(city.post("/v2/bot/message/push", two).await.status, 200);
    city.admin(Method::DELETE, "/simulator", Value::Null).await;
    city.token = city.new_token().await;
    let limits = city.ask("/simulator/limits").await;
    assert_eq!((&limits["maxMessages"], &limits["monthlyQuota"]), (&json!(1), &json!(100)));
    std::fs::write(&file, r#"{ "maxMessages": 0 }"#).unwrap();
    let refused = Simulator::start(options).await.unwrap_err().to_string();
    assert!(refused.ends_with("limits.json: maxMessages must be between 1 and 1000000"), "{refused}");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn absurd_limits_are_refused_and_change_nothing() {
    let city = City::start().await;
    let before = city.ask("/simulator/limits").await;
    for (wish, refusal) in [
        (json!({ "maxMessages": 2, "pushPerSecond": 0 }), "pushPerSecond must be between 1 and 1000000"),
        (json!({ "maxMessages": 2, "messages": 3 }), "there is no limit messages"),
    ] {
        let answer = city.call(Method::PUT, "/simulator/limits", &wish).await;
        assert_eq!((answer.status, answer.message()), (400, refusal));
    }
    assert_eq!(city.ask("/simulator/limits").await, before);
}

#[tokio::test]
async fn lives_lengths_and_pages_follow_the_limits() {
    let mut city = City::start().await;
    let residents = city.residents(3).await;
    let limits = json!({
        "statelessTokenMs": 5_000, "replyTokenMs": 1_000, "retryKeyMs": 2_000, "maxTextLength": 3, "maxBodyBytes": 200,
        "maxMulticastRecipients": 1, "followersPage": 1, "maxFollowersPage": 2, "maxRichMenus": 1,
    });
    city.admin(Method::PUT, "/simulator/limits", limits).await;
    let now = json!({ "now": 1_800_000_000_000_i64, "frozen": true });
    city.admin(Method::PUT, "/simulator/clock", now).await;
    let form = [("grant_type", "client_credentials"), ("client_id", "1"), ("client_secret", "secret")];
    let issued = city.http.post(city.url("/oauth2/v3/token")).form(&form).send().await.unwrap();
    let issued: Value = issued.json().await.unwrap();
    assert_eq!(issued["expires_in"], 5);
    city.token = issued["access_token"].as_str().unwrap().to_owned();

    let push = |words: &str| json!({ "to": residents[0], "messages": [text(words)] });
    let key = [("x-line-retry-key", "123e4567-e89b-12d3-a456-426614174001")];
    let keyed = || city.call_with(Method::POST, "/v2/bot/message/push", &Value::Null, &key);
    assert_eq!(keyed().await.status, 415, "a refused request leaves its key free");
    let send =
        async |words: &str| city.call_with(Method::POST, "/v2/bot/message/push", &push(words), &key).await.status;
    assert_eq!((send("四文字長").await, send("三文字").await, send("三文字").await), (400, 200, 409));
    let many = json!({ "to": residents[..2], "messages": [text("x")] });
    assert_eq!(city.post("/v2/bot/message/multicast", many).await.status, 400);
    assert_eq!(city.post("/v2/bot/message/push", push(&"x".repeat(200))).await.status, 413);
    let page = city.get("/v2/bot/followers/ids").await.body;
    assert_eq!(page["userIds"].as_array().unwrap().len(), 1);
    assert_eq!(city.get("/v2/bot/followers/ids?limit=3").await.status, 400);

    let played = city.play(&residents[0], json!({ "type": "text", "text": "hi" })).await;
    city.advance(1_001).await;
    let reply = json!({ "replyToken": played["replyToken"], "messages": [text("x")] });
    assert_eq!(city.post("/v2/bot/message/reply", reply).await.message(), "Invalid reply token");
    city.advance(1_000).await;
    assert_eq!(send("三文字").await, 200, "the key is forgotten");
    city.advance(3_000).await;
    assert_eq!(city.get("/v2/bot/info").await.status, 401);
}

#[tokio::test]
async fn the_phone_page_is_served() {
    let city = City::start().await;
    let page = city.http.get(city.url("/")).send().await.unwrap();
    assert_eq!(page.url().path(), "/phone/");
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
    assert!(page.text().await.unwrap().contains("<html"));
    assert_eq!(city.http.get(city.url("/phone/nothing.js")).send().await.unwrap().status(), 404);
}
