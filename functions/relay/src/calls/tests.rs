//! What goes out, and what is made of each answer.

use std::error::Error as _;
use std::net::TcpListener;

use app::error::Chain;
use wiremock::matchers::{any, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;

fn letter() -> Letter {
    Letter {
        id: "0199aaaa-0000-5000-8000-000000000001".to_owned(),
        timestamp: 1_795_230_000,
        signature: "v1,c2lnbmVk".to_owned(),
        body: r#"{"type":"report.changed"}"#.to_owned(),
    }
}

fn calls() -> HttpHookCalls {
    HttpHookCalls::new(Timeouts::default()).unwrap()
}

async fn answering(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

#[tokio::test]
async fn a_letter_goes_out_as_it_was_signed() {
    let server = answering(ResponseTemplate::new(204)).await;
    let received = calls().post(&format!("{}/hook?key=a", server.uri()), &letter()).await.unwrap();
    assert_eq!(received, Received::Taken);
    let asked = server.received_requests().await.unwrap().remove(0);
    let said = |name: &str| asked.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    assert_eq!((asked.method.as_str(), asked.url.path(), asked.url.query()), ("POST", "/hook", Some("key=a")));
    assert_eq!(asked.body, letter().body.as_bytes());
    assert_eq!(said("content-type").unwrap(), "application/json");
    assert_eq!(said("webhook-id").unwrap(), letter().id);
    assert_eq!(said("webhook-timestamp").unwrap(), "1795230000");
    assert_eq!(said("webhook-signature").unwrap(), letter().signature);
    assert_eq!((said("cookie"), said("authorization")), (None, None));
}

#[tokio::test]
async fn whatever_is_no_yes_and_no_farewell_comes_again() {
    for status in [200, 201, 202, 299] {
        let server = answering(ResponseTemplate::new(status)).await;
        assert_eq!(calls().post(&server.uri(), &letter()).await.unwrap(), Received::Taken, "{status}");
    }
    let server = answering(ResponseTemplate::new(410)).await;
    assert_eq!(calls().post(&server.uri(), &letter()).await.unwrap(), Received::Gone);
    for status in [301, 304, 400, 401, 404, 409, 429, 500, 503] {
        let server = answering(ResponseTemplate::new(status)).await;
        let error = calls().post(&server.uri(), &letter()).await.unwrap_err();
        assert_eq!(
            (error.kind, error.source().unwrap().to_string()),
            (Kind::Transient, format!("it answered {status}"))
        );
    }
}

#[tokio::test]
async fn a_redirect_leads_nowhere() {
    let server = MockServer::start().await;
    let away = ResponseTemplate::new(307).insert_header("location", format!("{}/inside", server.uri()));
    Mock::given(path("/hook")).respond_with(away).mount(&server).await;
    Mock::given(path("/inside")).respond_with(ResponseTemplate::new(200)).expect(0).mount(&server).await;
    assert!(calls().post(&format!("{}/hook", server.uri()), &letter()).await.is_err());
}

#[tokio::test]
async fn a_name_that_leads_inside_is_not_called() {
    let server = answering(ResponseTemplate::new(200)).await;
    let url = format!("http://localhost:{}/secret-token", server.address().port());
    let error = calls().post(&url, &letter()).await.unwrap_err();
    assert_eq!(error.kind, Kind::Transient);
    let said = Chain(&error).to_string();
    assert!(said.contains("no public address") && !said.contains("secret-token"), "{said}");
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn who_does_not_answer_is_waited_for_no_longer_than_said() {
    // It takes connections, and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let timeouts = Timeouts { call: Duration::from_millis(50), ..Timeouts::default() };
    let calls = HttpHookCalls::new(timeouts).unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    assert_eq!(calls.post(&url, &letter()).await.unwrap_err().kind, Kind::Transient);
}

/// How many connections were made to somebody who never answers.
fn connections(silent: &TcpListener) -> usize {
    silent.set_nonblocking(true).unwrap();
    std::iter::from_fn(|| silent.accept().ok()).count()
}

#[tokio::test]
async fn who_did_not_answer_is_left_alone_for_a_while_and_keeps_nobody_waiting() {
    for (rest, called) in [(Duration::from_hours(1), 1), (Duration::ZERO, 2)] {
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let timeouts = Timeouts { call: Duration::from_millis(300), rest, ..Timeouts::default() };
        let calls = HttpHookCalls::new(timeouts).unwrap();
        let url = format!("http://{}/secret-token", silent.local_addr().unwrap());
        calls.post(&url, &letter()).await.unwrap_err();
        let error = calls.post(&url, &letter()).await.unwrap_err();
        assert_eq!((error.kind, connections(&silent)), (Kind::Transient, called), "a rest of {rest:?}");
        assert!(!Chain(&error).to_string().contains("secret-token"));
        let other = answering(ResponseTemplate::new(200)).await;
        assert_eq!(calls.post(&other.uri(), &letter()).await.unwrap(), Received::Taken, "others are called");
    }
}

#[tokio::test]
async fn who_answers_no_is_called_again_at_once() {
    let server = answering(ResponseTemplate::new(500)).await;
    let calls = calls();
    for _ in 0..2 {
        calls.post(&server.uri(), &letter()).await.unwrap_err();
    }
    assert_eq!(server.received_requests().await.unwrap().len(), 2);
}
