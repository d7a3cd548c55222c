//! Channel tokens: issued once, renewed ahead of time, replaced when LINE does not take them any more.

use std::sync::Arc;
use std::time::Duration;

use app::error::Kind;
use futures_util::future::join_all;
use line::client::LineClient;
use line::client::error::LineError;
use line::config::{Endpoints, Timeouts};
use serde_json::json;
use wiremock::matchers::{body_string_contains, header, path};
use wiremock::{Mock, ResponseTemplate};

use crate::city::{City, TestClock, Tokens, Unchanging, bearer, secret};

const INFO: &str = "/v2/bot/info";

fn info() -> ResponseTemplate {
    ResponseTemplate::new(200)
        .set_body_json(json!({ "userId": "Ubot", "basicId": "@a", "displayName": "町", "chatMode": "bot" }))
}

fn unauthorized() -> ResponseTemplate {
    ResponseTemplate::new(401).set_body_json(json!({ "message": "Authentication failed" }))
}

fn issued(token: &str) -> ResponseTemplate {
    ResponseTemplate::new(200)
        .set_body_json(json!({ "access_token": token, "expires_in": 900, "token_type": "Bearer" }))
}

/// A client of whatever is at an address.
pub(crate) fn client_at(address: &str) -> LineClient {
    let endpoints = Endpoints::new(address, address).unwrap();
    client(endpoints, Unchanging(Ok(secret(0))), Arc::default())
}

fn client(endpoints: Endpoints, secrets: Unchanging, clock: Arc<TestClock>) -> LineClient {
    LineClient::new(endpoints, Timeouts::default(), Arc::new(secrets), clock).unwrap()
}

#[tokio::test]
async fn a_token_serves_until_shortly_before_its_end() {
    let city = City::new().await;
    city.answers("GET", INFO, info()).await;
    for (seconds, tokens) in [(0, 1), (719, 1), (1, 2), (719, 2), (1_000, 3)] {
        city.clock.advance(seconds);
        city.client.bot_info().await.unwrap();
        assert_eq!(city.token_requests().await, tokens);
    }
    city.assert_documented().await;
}

#[tokio::test]
async fn many_calls_at_the_start_share_one_token() {
    let city = City::without_tokens().await;
    let slow = issued("token-1").set_delay(Duration::from_millis(100));
    Mock::given(path("/oauth2/v3/token")).respond_with(slow).mount(&city.api).await;
    city.answers("GET", INFO, info()).await;
    for answer in join_all((0..50).map(|_| city.client.bot_info())).await {
        answer.unwrap();
    }
    assert_eq!(city.token_requests().await, 1);
}

#[tokio::test]
async fn a_token_that_ends_in_mid_use_is_replaced_once_for_all_calls() {
    let city = City::new().await;
    Mock::given(path(INFO))
        .and(header("authorization", "Bearer token-1"))
        .respond_with(unauthorized())
        .mount(&city.api)
        .await;
    Mock::given(path(INFO)).and(header("authorization", "Bearer token-2")).respond_with(info()).mount(&city.api).await;
    for answer in join_all((0..50).map(|_| city.client.bot_info())).await {
        answer.unwrap();
    }
    assert_eq!(city.token_requests().await, 2);
    let requests = city.requests().await;
    assert_eq!(requests.iter().filter(|request| bearer(request) == "Bearer token-2").count(), 50);
}

#[tokio::test]
async fn a_channel_that_line_does_not_know_is_tried_twice_and_no_more() {
    let city = City::new().await;
    city.answers("GET", INFO, unauthorized()).await;
    let error = city.client.bot_info().await.unwrap_err();
    assert_eq!(error.refusal().unwrap().status, 401);
    assert_eq!(error.kind(), Kind::Permanent);
    assert_eq!((city.requests().await.len(), city.token_requests().await), (2, 2));
}

#[tokio::test]
async fn a_changed_secret_is_picked_up() {
    let city = City::without_tokens().await;
    let refused = ResponseTemplate::new(400).set_body_json(json!({ "error": "invalid_client" }));
    Mock::given(body_string_contains("client_secret=secret-0")).respond_with(refused).mount(&city.api).await;
    Mock::given(body_string_contains("client_secret=secret-1")).respond_with(issued("token-1")).mount(&city.api).await;
    city.answers("GET", INFO, info()).await;
    city.client.bot_info().await.unwrap();
    assert_eq!(city.secrets.readings(), 1);
    city.assert_documented().await;
}

#[tokio::test]
async fn a_wrong_secret_fails_all_who_wait_with_one_try() {
    let city = City::without_tokens().await;
    let refused = ResponseTemplate::new(400).set_delay(Duration::from_millis(100));
    Mock::given(path("/oauth2/v3/token")).respond_with(refused).mount(&city.api).await;
    for answer in join_all((0..50).map(|_| city.client.bot_info())).await {
        assert_eq!(answer.unwrap_err().refusal().unwrap().status, 400);
    }
    // With the secret at hand, and with the secret read anew.
    assert_eq!(city.token_requests().await, 2);
    assert!(city.client.bot_info().await.is_err());
    assert_eq!(city.token_requests().await, 4);
}

#[tokio::test]
async fn a_wrong_secret_that_is_still_the_newest_is_tried_once() {
    let city = City::without_tokens().await;
    city.answers("POST", "/oauth2/v3/token", unauthorized()).await;
    let endpoints = Endpoints::new(&city.api.uri(), &city.data.uri()).unwrap();
    let client = client(endpoints, Unchanging(Ok(secret(0))), city.clock.clone());
    assert_eq!(client.bot_info().await.unwrap_err().kind(), Kind::Permanent);
    assert_eq!(city.token_requests().await, 1);
}

#[tokio::test]
async fn a_failure_to_renew_ahead_of_time_harms_nobody() {
    let city = City::without_tokens().await;
    Mock::given(path("/oauth2/v3/token")).respond_with(issued("token-1")).up_to_n_times(1).mount(&city.api).await;
    let broken =
        Mock::given(path("/oauth2/v3/token")).respond_with(ResponseTemplate::new(500)).mount_as_scoped(&city.api).await;
    city.answers("GET", INFO, info()).await;
    city.client.bot_info().await.unwrap();
    // The last 3 minutes begin; a renewal is tried, and again only 10 s later.
    for (seconds, tokens) in [(720, 2), (1, 2), (9, 3), (159, 4)] {
        city.clock.advance(seconds);
        city.client.bot_info().await.unwrap();
        assert_eq!(city.token_requests().await, tokens, "{seconds}");
    }
    // The last 10 s: the token could end on the way.
    city.clock.advance(1);
    assert_eq!(city.client.bot_info().await.unwrap_err().kind(), Kind::Transient);
    drop(broken);
    Mock::given(path("/oauth2/v3/token")).respond_with(Tokens::default()).mount(&city.api).await;
    city.client.bot_info().await.unwrap();
}

#[tokio::test]
async fn secrets_that_cannot_be_read_and_tokens_that_are_none_are_errors() {
    let city = City::without_tokens().await;
    Mock::given(path("/oauth2/v3/token"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({})))
        .mount(&city.api)
        .await;
    let error = city.client.bot_info().await.unwrap_err();
    assert!(
        matches!(&error, LineError::NoToken(cause) if matches!(**cause, LineError::Unreadable { .. })),
        "{error:?}"
    );
    let endpoints = Endpoints::new(&city.api.uri(), &city.data.uri()).unwrap();
    let client = client(endpoints, Unchanging(Err(Kind::Throttled)), city.clock.clone());
    let error = client.bot_info().await.unwrap_err();
    assert_eq!(error.kind(), Kind::Throttled);
    assert_eq!(
        error.chain(),
        "no channel token can be had: the channel's credentials cannot be had: could not read the channel secret: slow down"
    );
}
