//! ID tokens of LIFF, honest and otherwise, against a LINE of our own making.

use app::error::Kind;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use jiff::SignedDuration;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;

const RESIDENT: &str = "U4af4980629f3a1c7b2d6e85014cb7d90";

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap()
}

fn after(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

fn key() -> EncodingKey {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    EncodingKey::from_ec_der(pair.to_pkcs8v1().unwrap().as_ref())
}

/// As LINE publishes it.
fn published(name: &str, key: &EncodingKey) -> Value {
    let mut jwk = Jwk::from_encoding_key(key, Algorithm::ES256).unwrap();
    jwk.common.key_id = Some(name.to_owned());
    serde_json::to_value(jwk).unwrap()
}

fn good() -> Value {
    let second = now().as_second();
    json!({
        "iss": ISSUER, "sub": RESIDENT, "aud": "1234567890", "exp": second + 3_600, "iat": second,
        "amr": ["linesso"], "name": "山田 花子", "picture": "https://profile.example/1",
    })
}

fn signed(name: &str, key: &EncodingKey, claims: &Value) -> String {
    let header = Header { kid: Some(name.to_owned()), ..Header::new(Algorithm::ES256) };
    encode(&header, claims, key).unwrap()
}

/// LINE, with these keys.
async fn line(keys: &[Value]) -> MockServer {
    let server = MockServer::start().await;
    publish(&server, keys).await;
    server
}

async fn publish(server: &MockServer, keys: &[Value]) {
    server.reset().await;
    let answer = ResponseTemplate::new(200).set_body_json(json!({ "keys": keys }));
    Mock::given(method("GET")).and(path("/oauth2/v2.1/certs")).respond_with(answer).mount(server).await;
}

async fn asked(server: &MockServer) -> usize {
    server.received_requests().await.unwrap().len()
}

fn logins(server: &MockServer) -> LineLogins {
    let endpoints = Endpoints::new(&server.uri(), &server.uri()).unwrap();
    LineLogins::new(&endpoints, &"1234567890-AbcdEfgh, 2222222222-ZzzzYyyy".parse().unwrap()).unwrap()
}

async fn whose(logins: &LineLogins, token: &str) -> Option<String> {
    logins.resident(token, now()).await.unwrap().map(|resident| resident.as_str().to_owned())
}

#[tokio::test]
async fn a_token_of_liff_says_who_it_is() {
    let key = key();
    let server = line(&[published("k1", &key)]).await;
    let logins = logins(&server);
    for _ in 0..3 {
        assert_eq!(whose(&logins, &signed("k1", &key, &good())).await.as_deref(), Some(RESIDENT));
    }
    assert_eq!(asked(&server).await, 1, "the keys are kept");
    assert!(!format!("{logins:?}").contains(RESIDENT));
}

#[tokio::test]
async fn every_claim_is_checked() {
    let key = key();
    let server = line(&[published("k1", &key)]).await;
    let logins = logins(&server);
    let second = now().as_second();
    for (changes, is_believed) in [
        (json!({}), true),
        (json!({"aud": "2222222222"}), true),
        (json!({"aud": ["1234567890"]}), true),
        (json!({"aud": "1234567890-AbcdEfgh"}), false),
        (json!({"aud": "3333333333"}), false),
        (json!({"aud": ""}), false),
        (json!({"aud": null}), false),
        (json!({"aud": ["1234567890", "3333333333"]}), false),
        (json!({"iss": "https://access.line.me/"}), false),
        (json!({"iss": "https://api.line.me"}), false),
        (json!({"iss": null}), false),
        (json!({"exp": second - 59}), true),
        (json!({"exp": second - 60}), false),
        (json!({"exp": null}), false),
        (json!({"iat": second + 60}), true),
        (json!({"iat": second + 61}), false),
        (json!({"iat": null}), false),
        (json!({"sub": RESIDENT.to_uppercase()}), false),
        (json!({"sub": "C4af4980629f3a1c7b2d6e85014cb7d90"}), false),
        (json!({"sub": format!("{RESIDENT}0")}), false),
        (json!({"sub": ""}), false),
        (json!({"sub": null}), false),
        (json!({"padding": "x".repeat(2_000)}), true),
        (json!({"padding": "x".repeat(4_000)}), false),
    ] {
        let mut claims = good();
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        assert_eq!(whose(&logins, &signed("k1", &key, &claims)).await.is_some(), is_believed, "{changes}");
    }
}

#[tokio::test]
async fn only_lines_own_signature_counts() {
    let (key, stranger) = (key(), key());
    let server = line(&[published("k1", &key)]).await;
    let logins = logins(&server);
    assert_eq!(whose(&logins, &signed("k1", &stranger, &good())).await, None, "another's key");
    let token = signed("k1", &key, &good());
    let (message, _) = token.rsplit_once('.').unwrap();
    let of_another = signed("k1", &key, &json!({}));
    let (_, signature) = of_another.rsplit_once('.').unwrap();
    assert_eq!(whose(&logins, &format!("{message}.")).await, None, "none");
    assert_eq!(whose(&logins, &format!("{message}.{signature}")).await, None, "that of something else");
    for secret in ["channel secret", published("k1", &key)["x"].as_str().unwrap()] {
        let header = Header { kid: Some("k1".to_owned()), ..Header::new(Algorithm::HS256) };
        let by_secret = encode(&header, &good(), &EncodingKey::from_secret(secret.as_bytes())).unwrap();
        assert_eq!(whose(&logins, &by_secret).await, None, "HS256");
    }
    let none = "eyJhbGciOiJub25lIiwia2lkIjoiazEifQ";
    let (_, payload) = message.split_once('.').unwrap();
    assert_eq!(whose(&logins, &format!("{none}.{payload}.")).await, None, "none at all");
    for nonsense in ["", ".", "..", "a.b.c", &"x".repeat(4_096), &"あ".repeat(100)] {
        assert_eq!(whose(&logins, nonsense).await, None, "{nonsense}");
    }
    assert_eq!(whose(&logins, &token).await.as_deref(), Some(RESIDENT), "and the honest one is taken still");
}

#[tokio::test]
async fn a_rotated_key_is_found_and_an_invented_one_costs_a_call_a_minute() {
    let (old, new) = (key(), key());
    let server = line(&[published("k1", &old)]).await;
    let logins = logins(&server);
    assert!(whose(&logins, &signed("k1", &old, &good())).await.is_some());
    publish(&server, &[published("k2", &new)]).await;
    let of_new = signed("k2", &new, &good());
    assert_eq!(logins.resident(&of_new, after(59)).await.unwrap(), None, "not before a minute has passed");
    assert_eq!(asked(&server).await, 0);
    assert!(logins.resident(&of_new, after(60)).await.unwrap().is_some());
    for number in 0..20 {
        let invented = signed(&format!("k{}", 3 + number), &old, &good());
        assert_eq!(logins.resident(&invented, after(61)).await.unwrap(), None);
    }
    assert_eq!(asked(&server).await, 1);
    assert_eq!(logins.resident(&signed("k1", &old, &good()), after(62)).await.unwrap(), None, "the old key is gone");
}

#[tokio::test]
async fn trouble_at_line_is_no_verdict_on_the_token() {
    let key = key();
    let token = signed("k1", &key, &good());
    for (status, kind) in [(500, Kind::Transient), (503, Kind::Transient), (429, Kind::Throttled)] {
        let server = MockServer::start().await;
        Mock::given(path("/oauth2/v2.1/certs")).respond_with(ResponseTemplate::new(status)).mount(&server).await;
        let logins = logins(&server);
        let error = logins.resident(&token, now()).await.unwrap_err();
        assert_eq!(error.kind, kind, "{status}");
        assert!(!format!("{error:?}").contains(&token));
        publish(&server, &[published("k1", &key)]).await;
        assert!(logins.resident(&token, after(10)).await.unwrap().is_some(), "over after {status}");
    }
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let endpoints = Endpoints::new(&format!("http://{gone}"), &format!("http://{gone}")).unwrap();
    let logins = LineLogins::new(&endpoints, &"1234567890-AbcdEfgh".parse().unwrap()).unwrap();
    assert_eq!(logins.resident(&token, now()).await.unwrap_err().kind, Kind::Transient);
    assert_eq!(logins.resident("a.b.c", now()).await.unwrap(), None, "what can be no token is not asked about");
}

#[test]
fn ids_of_liff_apps_are_understood() {
    let apps: LiffApps = "1234567890-AbcdEfgh,2-b".parse().unwrap();
    assert_eq!(apps.first(), "1234567890-AbcdEfgh");
    assert_eq!(apps.channels, ["1234567890", "2"]);
    assert_eq!(apps.links(), ReportLinks::at("https://liff.line.me/1234567890-AbcdEfgh".to_owned()));
    for bad in ["", "-", "1234567890", "1234567890-", "-AbcdEfgh", "liff-AbcdEfgh", "12 34-x", "1-a,", "1-a,b", "1-a/b"]
    {
        assert_eq!(bad.parse::<LiffApps>(), Err(InvalidLiffId), "{bad}");
    }
}
