//! The port `Multicast`: what each answer of LINE's means for the protocol of sending, and that many calls go at a time.

use std::sync::Arc;
use std::time::Duration;

use app::error::Kind;
use app::ports::Messages;
use app::ports::broadcasts::Multicast as _;
use domain::sending::delivery::Answer;
use domain::sending::frozen::PackedId;
use line::client::LineClient;
use line::config::{Endpoints, Timeouts};
use line::multicaster::LineMulticaster;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Barrier;
use wiremock::matchers::path;
use wiremock::{Mock, ResponseTemplate};

use crate::city::{City, TestClock, Unchanging, resident, secret};

const MULTICAST: &str = "/v2/bot/message/multicast";
const QUOTA: &str = "/v2/bot/message/quota";
const CONSUMPTION: &str = "/v2/bot/message/quota/consumption";
const KEY: [u8; 16] = [0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0x8d, 0xef, 0x81, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef];

fn says(status: u16, words: &str) -> ResponseTemplate {
    ResponseTemplate::new(status)
        .insert_header("x-line-request-id", "request-2")
        .set_body_json(json!({ "message": words }))
}

async fn send(client: LineClient) -> Answer {
    let to: Vec<_> = (0..3).map(|number| PackedId::of(&resident(number))).collect();
    let messages = Messages(r#"[ {"type":"text",  "text":"\u4e7e"} ]"#.to_owned());
    LineMulticaster::new(client).multicast(&to, &messages, KEY).await
}

async fn answer_to(response: ResponseTemplate) -> Answer {
    let city = City::new().await;
    city.answers("POST", MULTICAST, response).await;
    let answer = send(city.client.clone()).await;
    city.assert_documented().await;
    answer
}

fn accepted(request: &str) -> Answer {
    Answer::Accepted { request: Some(request.to_owned()) }
}

#[tokio::test]
async fn every_status_has_its_meaning() {
    let redirect = ResponseTemplate::new(307).insert_header("location", "https://example.com/");
    let conflict =
        says(409, "The retry key is already accepted").insert_header("x-line-accepted-request-id", "request-1");
    let named = json!({ "message": "The request body has 2 error(s)", "details": [
        { "message": "invalid", "property": "to[2]" }, { "message": "invalid", "property": "to[0]" },
    ] });
    for (response, expected) in [
        (says(200, ""), accepted("request-2")),
        (ResponseTemplate::new(200).set_body_string("<html>"), Answer::Accepted { request: None }),
        (conflict, accepted("request-1")),
        (says(409, "no header"), Answer::Accepted { request: None }),
        (says(429, "The API rate limit has been exceeded. Try again later."), Answer::TooFast),
        (
            says(400, "The property, to[1], in the request body is invalid (line: -, column: -)"),
            Answer::BadIds(vec![1]),
        ),
        (ResponseTemplate::new(400).set_body_json(named), Answer::BadIds(vec![0, 2])),
        (says(400, "The property, to[3], in the request body is invalid"), Answer::Refused(400)),
        (says(400, "The property, messages[0], in the request body is invalid"), Answer::Refused(400)),
        (ResponseTemplate::new(400).set_body_string("to[1]"), Answer::Refused(400)),
        (says(401, "Authentication failed"), Answer::Unauthorized),
        (says(403, "Not available"), Answer::Refused(403)),
        (says(404, "to[1]"), Answer::Refused(404)),
        (says(413, "Too large"), Answer::Refused(413)),
        (says(408, "slow"), Answer::Unclear),
        (says(500, "The property, to[1], is invalid"), Answer::Unclear),
        (says(502, ""), Answer::Unclear),
        (says(503, ""), Answer::Unclear),
        (redirect, Answer::Unclear),
        (ResponseTemplate::new(600), Answer::Unclear),
    ] {
        let shown = format!("{response:?}");
        assert_eq!(answer_to(response).await, expected, "{shown}");
    }
}

#[tokio::test]
async fn the_ids_the_messages_and_the_key_arrive_as_they_are() {
    let city = City::new().await;
    city.answers("POST", MULTICAST, says(200, "")).await;
    send(city.client.clone()).await;
    let request = &city.requests().await[0];
    assert_eq!(request.headers["x-line-retry-key"], "12345678-9abc-8def-8123-456789abcdef");
    let body = String::from_utf8(request.body.clone()).unwrap();
    assert!(body.ends_with(r#""messages":[ {"type":"text",  "text":"\u4e7e"} ]}"#), "{body}");
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["to"], json!((0..3).map(|number| resident(number).as_str().to_owned()).collect::<Vec<_>>()));
    city.assert_documented().await;
}

/// What a 429 with these words means while the quota is so.
async fn throttled(words: &str, quota: ResponseTemplate, used: ResponseTemplate) -> Answer {
    let city = City::new().await;
    city.answers("POST", MULTICAST, says(429, words)).await;
    city.answers("GET", QUOTA, quota).await;
    city.answers("GET", CONSUMPTION, used).await;
    let answer = send(city.client.clone()).await;
    city.assert_documented().await;
    answer
}

#[tokio::test]
async fn the_numbers_decide_whether_the_quota_is_spent() {
    const MONTHLY: &str = "You have reached your monthly limit.";
    const NEW_WORDS: &str = "No more messages until December.";
    let limited = || ResponseTemplate::new(200).set_body_json(json!({ "type": "limited", "value": 1_000 }));
    let unlimited = || ResponseTemplate::new(200).set_body_json(json!({ "type": "none" }));
    let used = |messages: u64| ResponseTemplate::new(200).set_body_json(json!({ "totalUsage": messages }));
    for (words, quota, used, expected) in [
        // Three residents were to get it.
        (MONTHLY, limited(), used(998), Answer::QuotaSpent),
        (MONTHLY, limited(), used(5_000), Answer::QuotaSpent),
        (NEW_WORDS, limited(), used(998), Answer::QuotaSpent),
        // Another delivery has reserved what is left.
        (MONTHLY, limited(), used(997), Answer::TooFast),
        (NEW_WORDS, limited(), used(0), Answer::TooFast),
        (MONTHLY, unlimited(), used(5_000), Answer::TooFast),
        // Nobody knows.
        (MONTHLY, ResponseTemplate::new(500), used(5_000), Answer::TooFast),
        (MONTHLY, limited(), ResponseTemplate::new(500), Answer::TooFast),
    ] {
        assert_eq!(throttled(words, quota, used).await, expected, "{words}");
    }
}

#[tokio::test]
async fn the_rate_needs_no_question() {
    let city = City::new().await;
    city.answers("POST", MULTICAST, says(429, "The API rate limit has been exceeded. Try again later.")).await;
    assert_eq!(send(city.client.clone()).await, Answer::TooFast);
    assert_eq!(city.requests().await.len(), 1);
}

#[tokio::test]
async fn silence_and_questions_without_end_are_over_in_time() {
    let never = || ResponseTemplate::new(200).set_delay(Duration::from_mins(1));
    let city = City::impatient().await;
    city.answers("POST", MULTICAST, never()).await;
    assert_eq!(send(city.client.clone()).await, Answer::Unclear);
    let city = City::impatient().await;
    city.answers("POST", MULTICAST, says(429, "You have reached your monthly limit.")).await;
    city.answers("GET", QUOTA, never()).await;
    assert_eq!(send(city.client.clone()).await, Answer::TooFast);
}

#[tokio::test]
async fn a_token_that_ended_is_replaced_within_the_call() {
    let city = City::new().await;
    let once = Mock::given(path(MULTICAST)).respond_with(says(401, "Authentication failed")).up_to_n_times(1);
    once.mount(&city.api).await;
    city.answers("POST", MULTICAST, says(200, "")).await;
    assert_eq!(send(city.client.clone()).await, accepted("request-2"));
    let keys: Vec<_> =
        city.requests().await.iter().map(|request| request.headers["x-line-retry-key"].clone()).collect();
    assert_eq!(keys.len(), 2);
    assert_eq!(keys[0], keys[1]);
}

#[tokio::test]
async fn without_a_token_nothing_reached_line() {
    for (status, expected) in
        [(500, Answer::Unreached), (429, Answer::Unreached), (401, Answer::Unauthorized), (400, Answer::Unauthorized)]
    {
        let city = City::without_tokens().await;
        let refused = says(status, "no");
        Mock::given(path("/oauth2/v3/token")).respond_with(refused).mount(&city.api).await;
        assert_eq!(send(city.client.clone()).await, expected, "{status}");
        assert_eq!(city.requests().await.len(), 0);
    }
}

fn client_of(secrets: Unchanging, address: &str) -> LineClient {
    let endpoints = Endpoints::new(address, address).unwrap();
    LineClient::new(endpoints, Timeouts::patient(), Arc::new(secrets), Arc::new(TestClock::default())).unwrap()
}

#[tokio::test]
async fn without_credentials_or_a_connection_nothing_reached_line() {
    let city = City::new().await;
    let without = client_of(Unchanging(Err(Kind::Transient)), &city.api.uri());
    assert_eq!(send(without).await, Answer::Unreached);
    // Tokens are issued, and then nobody is there any more.
    Mock::given(path(MULTICAST)).respond_with(says(200, "")).mount(&city.api).await;
    let address = city.api.uri();
    let client = client_of(Unchanging(Ok(secret(0))), &address);
    assert_eq!(send(client.clone()).await, accepted("request-2"));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let free = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    assert_eq!(send(client_of(Unchanging(Ok(secret(0))), &free)).await, Answer::Unreached);
}

/// Reads one request: its first line, and everything of its body.
async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = vec![0; 16_384];
        let read = stream.read(&mut chunk).await.ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        if body.len() >= length.unwrap_or(0) {
            return head.lines().next().map(ToOwned::to_owned);
        }
    }
}

async fn write(stream: &mut TcpStream, body: &str) {
    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    stream.write_all(answer.as_bytes()).await.unwrap();
}

const TOKEN: &str = r#"{"access_token":"t","expires_in":900,"token_type":"Bearer"}"#;

#[tokio::test]
async fn an_answer_that_breaks_off_or_is_none_is_unclear() {
    for garbled in ["", "HTTP/1.1 20", "HTTP/1.1 abc\r\n\r\n", "220 smtp ready\r\n"] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = client_of(Unchanging(Ok(secret(0))), &format!("http://{}", listener.local_addr().unwrap()));
        let rude = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            assert!(read_request(&mut stream).await.unwrap().contains("/oauth2/v3/token"));
            write(&mut stream, TOKEN).await;
            assert!(read_request(&mut stream).await.unwrap().contains(MULTICAST));
            stream.write_all(garbled.as_bytes()).await.unwrap();
        });
        assert_eq!(send(client).await, Answer::Unclear, "{garbled:?}");
        rude.await.unwrap();
    }
}

#[tokio::test]
async fn fifty_calls_are_under_way_at_a_time() {
    const CALLS: usize = 50;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = client_of(Unchanging(Ok(secret(0))), &format!("http://{}", listener.local_addr().unwrap()));
    // Nobody is answered before all have asked.
    let all_have_asked = Arc::new(Barrier::new(CALLS));
    let server = tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let all_have_asked = all_have_asked.clone();
            tokio::spawn(async move {
                while let Some(request) = read_request(&mut stream).await {
                    if request.contains(MULTICAST) {
                        all_have_asked.wait().await;
                        write(&mut stream, "{}").await;
                    } else {
                        write(&mut stream, TOKEN).await;
                    }
                }
            });
        }
    });
    let answers = futures_util::future::join_all((0..CALLS).map(|_| send(client.clone()))).await;
    server.abort();
    assert!(answers.iter().all(|answer| *answer == Answer::Accepted { request: None }), "{answers:?}");
}
