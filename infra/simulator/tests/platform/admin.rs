//! The simulator's own API: residents, followers, stream, configuration, reset, saved file.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use simulator::{Options, Simulator};

use crate::city::{City, text};

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
    let folder = std::env::temp_dir().join(format!("simulator-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
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
    assert_eq!(city.get(&content).await.status, 200);
    assert!(!residents.contains(&city.residents(1).await[0]), "the seed goes on where it stopped");

    std::fs::write(folder.join("city.json"), "{ not a city").unwrap();
    assert!(
        Simulator::start(Options { save, ..Default::default() }).await.is_err(),
        "a damaged file is not overwritten"
    );
    std::fs::remove_dir_all(&folder).unwrap();
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
