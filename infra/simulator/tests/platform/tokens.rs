//! Channel access tokens, strict paths, headers that every answer has.

use serde_json::{Value, json};

use crate::city::City;

#[tokio::test]
async fn a_stateless_token_ends_after_fifteen_minutes_of_the_simulators_clock() {
    let mut city = City::start().await;
    assert_eq!(city.get("/v2/bot/info").await.status, 200);
    city.advance(899_000).await;
    assert_eq!(city.get("/v2/bot/info").await.status, 200);
    city.advance(2_000).await;
    let refused = city.get("/v2/bot/info").await;
    assert_eq!(refused.status, 401);
    assert!(refused.message().starts_with("Authentication failed"));
    city.token = city.new_token().await;
    assert_eq!(city.get("/v2/bot/info").await.status, 200);
}

#[tokio::test]
async fn wrong_secrets_and_missing_tokens_are_refused() {
    let mut city = City::start().await;
    let form = [("grant_type", "client_credentials"), ("client_id", "1"), ("client_secret", "wrong")];
    let refused = city.http.post(city.url("/oauth2/v3/token")).form(&form).send().await.unwrap();
    assert_eq!(refused.status(), 400);
    assert_eq!(refused.json::<Value>().await.unwrap()["error"], "invalid_client");
    city.token = "made-up".to_owned();
    assert_eq!(city.get("/v2/bot/info").await.status, 401);
}

#[tokio::test]
async fn short_lived_tokens_are_issued_verified_and_revoked() {
    let mut city = City::start().await;
    let form = [("grant_type", "client_credentials"), ("client_id", "1"), ("client_secret", "secret")];
    let issued: Value =
        city.http.post(city.url("/v2/oauth/accessToken")).form(&form).send().await.unwrap().json().await.unwrap();
    city.token = issued["access_token"].as_str().unwrap().to_owned();
    city.advance(29 * 24 * 3_600_000).await;
    assert_eq!(city.get("/v2/bot/info").await.status, 200);
    let token = [("access_token", city.token.as_str())];
    let verified = city.http.post(city.url("/v2/oauth/verify")).form(&token).send().await.unwrap();
    assert_eq!(verified.json::<Value>().await.unwrap()["client_id"], "1");
    city.http.post(city.url("/v2/oauth/revoke")).form(&token).send().await.unwrap();
    assert_eq!(city.get("/v2/bot/info").await.status, 401);
}

#[tokio::test]
async fn paths_are_strict_and_every_answer_has_its_own_request_id() {
    let city = City::start().await;
    for path in ["/v2/bot/info/", "/v2//bot/info", "/v2/bot/nothing", "/V2/bot/info"] {
        let answer = city.get(path).await;
        assert_eq!((answer.status, answer.message()), (404, "Not found"), "{path}");
        assert_eq!(answer.header("x-line-request-id").len(), 36, "{path}");
    }
    assert_eq!(city.post("/v2/bot/info", json!({})).await.status, 405);
    let (one, other) = (city.get("/v2/bot/info").await, city.get("/v2/bot/info").await);
    assert_ne!(one.header("x-line-request-id"), other.header("x-line-request-id"));
    assert!(other.body["userId"].as_str().is_some_and(|id| id.len() == 33));
}

#[tokio::test]
async fn bodies_must_be_json_objects_of_at_most_two_megabytes() {
    let city = City::start().await;
    let send = |body: String| {
        let request = city.http.post(city.url("/v2/bot/message/broadcast")).bearer_auth(&city.token);
        request.header("content-type", "application/json").body(body).send()
    };
    let broken = send("{\"messages\":[".to_owned()).await.unwrap();
    assert_eq!(broken.status(), 400);
    let message = broken.json::<Value>().await.unwrap()["message"].as_str().unwrap().to_owned();
    assert!(message.starts_with("The request body could not be parsed as JSON (line: 1, column: "), "{message}");
    assert_eq!(send("[]".to_owned()).await.unwrap().status(), 400);
    let filler = |length: usize| format!("{{\"messages\":[],\"x\":\"{}\"}}", "x".repeat(length));
    assert_eq!(send(filler(2 * 1024 * 1024)).await.unwrap().status(), 413);
    assert_eq!(send(filler(2 * 1024 * 1024 - 100)).await.unwrap().status(), 400);
    let form = city.http.post(city.url("/v2/bot/message/broadcast")).bearer_auth(&city.token).body("{}");
    assert_eq!(form.send().await.unwrap().status(), 415);
}
