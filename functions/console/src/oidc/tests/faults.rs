//! An issuer that refuses, breaks, dawdles or babbles, and that nothing of it shows in our words.

use std::time::Duration;

use serde_json::json;
use wiremock::ResponseTemplate;

use super::fake::{Fake, Key};
use super::*;
use crate::oidc::{CallError, Fault, Settings, Timeouts};
use app::error::{Chain, Kind};

const PERSON: &str = "hanako@town.example.jp";

fn refusal(status: u16, code: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({"error": code, "error_description": PERSON}))
}

/// The whole error in every form that a log could have it in.
fn words(error: &SignInError) -> String {
    format!("{error} {error:?} {}", Chain(error))
}

#[tokio::test]
async fn a_refusal_is_told_apart_from_a_fault() {
    let fake = Fake::start(&Key::ec()).await;
    let issuer = fake.issuer_with_secret("hidden-secret");
    let html = || ResponseTemplate::new(200).set_body_string("<html>hidden-body</html>");
    for (answer, expected) in [
        (refusal(400, "invalid_grant"), Fault::Visitor),
        (refusal(400, "invalid_request"), Fault::Ours(Kind::Permanent)),
        (refusal(401, "invalid_client"), Fault::Ours(Kind::Permanent)),
        (refusal(400, PERSON), Fault::Ours(Kind::Permanent)),
        (refusal(500, "invalid_grant"), Fault::Ours(Kind::Transient)),
        (ResponseTemplate::new(500).set_body_string("hidden-body"), Fault::Ours(Kind::Transient)),
        (ResponseTemplate::new(503), Fault::Ours(Kind::Transient)),
        (ResponseTemplate::new(408), Fault::Ours(Kind::Transient)),
        (ResponseTemplate::new(429), Fault::Ours(Kind::Throttled)),
        (ResponseTemplate::new(400).set_body_string("x".repeat(2_000_000)), Fault::Ours(Kind::Permanent)),
        (ResponseTemplate::new(200).set_body_string("x".repeat(2_000_000)), Fault::Ours(Kind::Permanent)),
        (html(), Fault::Ours(Kind::Permanent)),
        (ResponseTemplate::new(200), Fault::Ours(Kind::Permanent)),
        (ResponseTemplate::new(204), Fault::Ours(Kind::Permanent)),
        (
            ResponseTemplate::new(200).set_body_json(json!({"access_token": "hidden-token"})),
            Fault::Ours(Kind::Permanent),
        ),
        (ResponseTemplate::new(200).set_body_json(json!({"id_token": ["hidden-token"]})), Fault::Ours(Kind::Permanent)),
    ] {
        fake.answer(answer);
        let error = finish(&issuer, now()).await.unwrap_err();
        let words = words(&error);
        assert_eq!(error.fault(), expected, "{words}");
        assert!(!words.contains("hidden") && !words.contains(PERSON) && !words.contains("xxx"), "{words}");
    }
}

#[tokio::test]
async fn an_issuer_that_dawdles_is_not_waited_for() {
    let fake = Fake::start(&Key::ec()).await;
    fake.answer(ResponseTemplate::new(200).set_delay(Duration::from_mins(1)));
    let timeouts = Timeouts { call: Duration::from_millis(300), ..Timeouts::default() };
    let issuer = OpenIdIssuer::new(fake.settings(), timeouts).unwrap();
    issuer.begin(CALLBACK, SEEDS, now()).await.unwrap();
    let error = finish(&issuer, now()).await.unwrap_err();
    assert!(matches!(error, SignInError::Call(CallError::Silent { .. })), "{error:?}");
    assert_eq!(error.fault(), Fault::Ours(Kind::Transient));
    assert!(!words(&error).contains(&fake.uri()), "{}", words(&error));
}

#[tokio::test]
async fn an_issuer_that_is_not_there_is_said_to_be_silent() {
    // A port that nobody listens on any more.
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let settings = Settings { issuer: format!("http://{gone}"), ..Fake::start(&Key::ec()).await.settings() };
    let issuer = OpenIdIssuer::new(settings, Timeouts::default()).unwrap();
    let error = issuer.begin(CALLBACK, SEEDS, now()).await.unwrap_err();
    assert_eq!(error.fault(), Fault::Ours(Kind::Transient));
    assert_eq!(issuer.sign_out_url(CALLBACK, now()).await, None);
}

#[tokio::test]
async fn no_redirect_is_followed() {
    let key = Key::ec();
    let fake = Fake::start(&key).await;
    let elsewhere = Fake::start(&key).await;
    elsewhere.give(&key.sign(&json!({"alg": "ES256", "kid": "k1"}), &good(&fake.uri())));
    for status in [302, 307, 308] {
        let location = format!("{}/token", elsewhere.uri());
        fake.answer(ResponseTemplate::new(status).insert_header("location", location.as_str()));
        let error = finish(&fake.issuer(), now()).await.unwrap_err();
        assert_eq!(error.fault(), Fault::Ours(Kind::Permanent));
    }
    assert!(elsewhere.calls("/token").await.is_empty());
}

#[tokio::test]
async fn a_document_that_leads_astray_is_refused() {
    for (name, value) in [
        ("issuer", json!("https://other.example.jp")),
        ("authorization_endpoint", json!("javascript:alert(1)")),
        ("authorization_endpoint", json!("//evil.example/authorize")),
        ("token_endpoint", json!("http://10.0.0.1/token")),
        ("jwks_uri", json!("http://evil.example/keys")),
        ("end_session_endpoint", json!("http://evil.example/logout")),
        ("token_endpoint", json!(null)),
        ("padding", json!("x".repeat(2_000_000))),
    ] {
        let fake = Fake::start(&Key::ec()).await;
        fake.document(name, value);
        let error = fake.issuer().begin(CALLBACK, SEEDS, now()).await.unwrap_err();
        assert!(matches!(error, SignInError::Call(CallError::Unusable { .. })), "{name}: {error:?}");
    }
}

#[tokio::test]
async fn a_code_that_can_be_none_is_not_redeemed() {
    let fake = Fake::start(&Key::ec()).await;
    let issuer = fake.issuer();
    for code in ["", &"x".repeat(8 * 1024 + 1)] {
        let error = issuer.finish(code, &pending(), CALLBACK, now()).await.unwrap_err();
        assert!(matches!(error, SignInError::Expired), "{error:?}");
    }
    assert!(fake.calls("/token").await.is_empty());
}

#[test]
fn an_error_that_the_browser_brings_is_understood() {
    for (error, expected) in [
        ("access_denied", Fault::Visitor),
        ("login_required", Fault::Visitor),
        ("server_error", Fault::Ours(Kind::Transient)),
        ("temporarily_unavailable", Fault::Ours(Kind::Transient)),
        ("invalid_scope", Fault::Ours(Kind::Permanent)),
        ("<script>alert(1)</script>", Fault::Ours(Kind::Permanent)),
    ] {
        let of = SignInError::of_redirect(error);
        assert_eq!(of.fault(), expected, "{error}");
        assert!(!words(&of).contains("script"));
    }
    assert!(words(&SignInError::of_redirect("invalid_scope")).contains("invalid_scope"));
}

#[tokio::test]
async fn nothing_of_a_sign_in_shows_in_debug() {
    let key = Key::ec();
    let fake = Fake::start(&key).await;
    let issuer = fake.issuer_with_secret("hidden-secret");
    let begin = issuer.begin(CALLBACK, SEEDS, now()).await.unwrap();
    fake.give(&key.sign(&json!({"alg": "ES256", "kid": "k1"}), &good(&fake.uri())));
    let claims = finish(&issuer, now()).await.unwrap();
    let settings = Settings { client_secret: Some("hidden-secret".into()), ..fake.settings() };
    let shown = format!("{issuer:?} {begin:?} {claims:?} {settings:?}");
    let Pending { state, nonce, verifier } = &begin.pending;
    for secret in [state, nonce, verifier, "hidden", "hanako", "0d6f", "花子"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
