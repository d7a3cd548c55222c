//! Bad days: LINE refuses, is slow, breaks off, or answers nonsense.

use std::time::Duration;

use app::error::Kind;
use line::client::RetryKey;
use line::client::error::{LineError, Throttle};
use line::message::MessageArray;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use uuid::Uuid;
use wiremock::ResponseTemplate;

use crate::city::{City, resident};

const PUSH: &str = "/v2/bot/message/push";

async fn push(city: &City) -> Result<line::client::Accepted, LineError> {
    let messages = MessageArray::parse(r#"[{"type":"text","text":"a"}]"#.to_owned()).unwrap();
    city.client.push(&resident(1), &messages, RetryKey(Uuid::from_u128(1))).await
}

async fn refused(answer: ResponseTemplate) -> LineError {
    let city = City::new().await;
    city.answers("POST", PUSH, answer).await;
    push(&city).await.unwrap_err()
}

#[tokio::test]
async fn a_refusal_says_what_when_and_whether_to_try_again() {
    for (status, kind) in [
        (400, Kind::Permanent),
        (403, Kind::Permanent),
        (404, Kind::Permanent),
        (413, Kind::Permanent),
        (429, Kind::Throttled),
        (500, Kind::Transient),
        (503, Kind::Transient),
        (302, Kind::Permanent),
    ] {
        let answer = ResponseTemplate::new(status)
            .insert_header("x-line-request-id", "request-1")
            .insert_header("location", "https://example.com/")
            .set_body_json(json!({ "message": "The API rate limit has been exceeded. Try again later." }));
        let error = refused(answer).await;
        assert_eq!(error.kind(), kind, "{status}");
        let refusal = error.refusal().unwrap();
        assert_eq!(refusal.request_id.as_ref().unwrap().0, "request-1");
        assert_eq!(refusal.throttle(), (status == 429).then_some(Throttle::Rate));
        let text = error.to_string();
        assert!(text.contains("push") && text.contains(&status.to_string()) && text.contains("request-1"), "{text}");
    }
}

#[tokio::test]
async fn a_body_that_is_not_json_survives_and_a_huge_one_is_cut() {
    let error = refused(ResponseTemplate::new(502).set_body_string("<html>Bad Gateway</html>")).await;
    assert_eq!(error.refusal().unwrap().body.as_deref(), Some("<html>Bad Gateway</html>"));
    let error = refused(ResponseTemplate::new(500).set_body_bytes(vec![b'x'; 3_000_000])).await;
    assert_eq!(error.refusal().unwrap().body.as_ref().unwrap().len(), 64 * 1_024);
    assert!(error.to_string().len() < 200);
}

#[tokio::test]
async fn what_line_took_is_accepted_whatever_the_body_says() {
    for body in [b"".to_vec(), b"<html>".to_vec(), b"[]".to_vec(), vec![b'x'; 3_000_000]] {
        let city = City::new().await;
        city.answers("POST", PUSH, ResponseTemplate::new(200).set_body_bytes(body)).await;
        assert_eq!(push(&city).await.unwrap().sent, []);
    }
}

#[tokio::test]
async fn an_answer_of_another_shape_or_without_end_is_an_error_not_a_panic() {
    for body in [b"<html>".to_vec(), b"{}".to_vec(), vec![b' '; 9 * 1_024 * 1_024]] {
        let city = City::new().await;
        city.answers("GET", "/v2/bot/message/quota/consumption", ResponseTemplate::new(200).set_body_bytes(body)).await;
        assert!(matches!(city.client.quota_consumption().await, Err(LineError::Unreadable { .. })));
    }
}

#[tokio::test]
async fn silence_is_unclear_and_worth_another_try() {
    let city = City::impatient().await;
    city.answers("POST", PUSH, ResponseTemplate::new(200).set_delay(Duration::from_mins(1))).await;
    let error = push(&city).await.unwrap_err();
    assert!(matches!(error, LineError::Unclear(_)));
    assert_eq!(error.kind(), Kind::Transient);
}

#[tokio::test]
async fn an_error_never_shows_the_address_with_its_ids() {
    let city = City::impatient().await;
    let slow = ResponseTemplate::new(200).set_delay(Duration::from_mins(1));
    city.answers("GET", &format!("/v2/bot/profile/{}", resident(1).as_str()), slow).await;
    let error = city.client.profile(&resident(1)).await.unwrap_err();
    for text in [error.chain(), format!("{error:?}")] {
        assert!(!text.contains(resident(1).as_str()), "{text}");
    }
}

#[tokio::test]
async fn a_connection_that_breaks_off_is_unclear_and_one_that_never_was_is_unreachable() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let rude = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut buffer = [0; 4_096];
        let read = stream.read(&mut buffer).await.unwrap();
        assert!(read > 0);
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{").await.unwrap();
    });
    let error = crate::tokens::client_at(&address).bot_info().await.unwrap_err();
    rude.await.unwrap();
    assert!(matches!(&error, LineError::NoToken(cause) if matches!(**cause, LineError::Unclear(_))), "{error:?}");
    // The listener is gone, and with it everybody at this address.
    let error = crate::tokens::client_at(&address).bot_info().await.unwrap_err();
    assert!(matches!(&error, LineError::NoToken(cause) if matches!(**cause, LineError::Unreachable(_))), "{error:?}");
    assert_eq!(error.kind(), Kind::Transient);
}
