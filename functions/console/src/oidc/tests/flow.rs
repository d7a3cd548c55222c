//! The way there and back, and what the issuer is told on it.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Url;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::fake::{CLIENT, Fake, Key, base64};
use super::*;
use crate::oidc::{EmailTrust, EmailVerified, InvalidSettings, Settings, Timeouts};

fn query(url: &Url) -> BTreeMap<String, String> {
    let pairs: Vec<_> = url.query_pairs().into_owned().collect();
    let map: BTreeMap<_, _> = pairs.iter().cloned().collect();
    assert_eq!(map.len(), pairs.len(), "no parameter stands twice");
    map
}

fn form(body: &[u8]) -> BTreeMap<String, String> {
    form_urlencoded::parse(body).into_owned().collect()
}

#[tokio::test]
async fn a_person_signs_in() {
    let key = Key::ec();
    let fake = Fake::start(&key).await;
    let issuer = fake.issuer();
    let begin = issuer.begin(CALLBACK, SEEDS, now()).await.unwrap();

    let url = Url::parse(&begin.authorize_url).unwrap();
    let asked = query(&url);
    assert_eq!(url.path(), "/authorize");
    assert_eq!(asked["tenant"], "town", "what the endpoint's address had stays");
    assert_eq!(asked["response_type"], "code");
    assert_eq!(asked["client_id"], CLIENT);
    assert_eq!(asked["redirect_uri"], CALLBACK);
    assert_eq!(asked["scope"], "openid email profile");
    assert_eq!(asked["prompt"], "login", "a session that ended is not begun again by the issuer's own");
    assert_eq!(asked["max_age"], "300", "and it must say when it has asked");
    assert_eq!(asked["code_challenge_method"], "S256");
    assert_eq!(asked["code_challenge"], base64(&Sha256::digest(base64(&SEEDS[2]))));
    assert_eq!(begin.pending.state, base64(&SEEDS[0]));
    assert_eq!(asked["state"], begin.pending.state);
    assert_eq!(begin.pending.nonce, base64(&SEEDS[1]));
    assert_eq!(asked["nonce"], begin.pending.nonce);
    assert!(!begin.authorize_url.contains(&begin.pending.verifier));
    assert!(begin.pending.is_answered_by(&asked["state"]));
    for other in ["", "x", &asked["nonce"]] {
        assert!(!begin.pending.is_answered_by(other));
    }

    let mut claims = good(&fake.uri());
    claims["nonce"] = asked["nonce"].clone().into();
    fake.give(&key.sign(&json!({"alg": "ES256", "kid": "k1"}), &claims));
    let claims = issuer.finish("the code", &begin.pending, CALLBACK, now()).await.unwrap();
    let expected = Claims {
        subject: "0d6f-4711".to_owned(),
        issuer: fake.uri(),
        email: Some("hanako@town.example.jp".to_owned()),
        email_verified: EmailVerified::Yes,
        name: Some("山田 花子".to_owned()),
    };
    assert!(claims == expected);

    let redeemed = &fake.calls("/token").await[0];
    let sent = form(&redeemed.body);
    assert_eq!(sent["grant_type"], "authorization_code");
    assert_eq!(sent["code"], "the code");
    assert_eq!(sent["redirect_uri"], CALLBACK);
    assert_eq!(sent["code_verifier"], base64(&SEEDS[2]));
    assert_eq!(sent["client_id"], CLIENT);
    assert!(!redeemed.headers.contains_key("authorization"));
}

#[tokio::test]
async fn a_client_with_a_secret_shows_it_in_the_header_only() {
    let key = Key::ec();
    let fake = Fake::start(&key).await;
    fake.give(&key.sign(&json!({"alg": "ES256", "kid": "k1"}), &good(&fake.uri())));
    finish(&fake.issuer_with_secret("s:e/c+r~t"), now()).await.unwrap();

    let redeemed = &fake.calls("/token").await[0];
    let header = format!("Basic {}", STANDARD.encode(format!("{CLIENT}:s%3Ae%2Fc%2Br%7Et")));
    assert_eq!(redeemed.headers["authorization"], header.as_str());
    assert_eq!(
        form(&redeemed.body).keys().collect::<Vec<_>>(),
        ["code", "code_verifier", "grant_type", "redirect_uri"]
    );
}

#[tokio::test]
async fn what_the_issuer_does_not_say_stays_unsaid() {
    let key = Key::ec();
    let fake = Fake::start(&key).await;
    let issuer = fake.issuer();
    for (name, value, email, verified) in [
        ("email_verified", Value::Null, Some("hanako@town.example.jp"), EmailVerified::Unsaid),
        ("email_verified", json!(false), Some("hanako@town.example.jp"), EmailVerified::No),
        ("email_verified", json!("true"), Some("hanako@town.example.jp"), EmailVerified::Yes),
        ("email_verified", json!("yes"), Some("hanako@town.example.jp"), EmailVerified::No),
        ("email_verified", json!(1), Some("hanako@town.example.jp"), EmailVerified::No),
        ("email", Value::Null, None, EmailVerified::Yes),
        ("email", json!("nobody"), None, EmailVerified::Yes),
        ("email", json!("a b@example.jp"), None, EmailVerified::Yes),
        ("email", json!(["a@example.jp"]), None, EmailVerified::Yes),
        ("email", json!(format!("{}@example.jp", "a".repeat(254))), None, EmailVerified::Yes),
    ] {
        let mut claims = good(&fake.uri());
        claims[name] = value.clone();
        fake.give(&key.sign(&json!({"alg": "ES256", "kid": "k1"}), &claims));
        let claims = finish(&issuer, now()).await.unwrap();
        assert_eq!((claims.email.as_deref(), claims.email_verified), (email, verified), "{name} {value}");
        let (strict, lax) = match verified {
            EmailVerified::Yes => (email, email),
            EmailVerified::Unsaid => (None, email),
            EmailVerified::No => (None, None),
        };
        assert_eq!(claims.trusted_email(EmailTrust::Verified), strict, "{name} {value}");
        assert_eq!(claims.trusted_email(EmailTrust::Unsaid), lax, "{name} {value}");
    }
    for (given, taken) in [(json!(" \u{0} "), None), (json!(7), None), (json!("花\n子"), Some("花子".to_owned()))] {
        let mut claims = good(&fake.uri());
        claims["name"] = given;
        fake.give(&key.sign(&json!({"alg": "ES256", "kid": "k1"}), &claims));
        assert_eq!(finish(&issuer, now()).await.unwrap().name, taken);
    }
}

#[tokio::test]
async fn signing_out_goes_to_the_issuer_and_back_to_us() {
    let fake = Fake::start(&Key::ec()).await;
    let back = "https://console.town.example.jp/?a=b&client_id=evil#x";
    let url = Url::parse(&fake.issuer().sign_out_url(back, now()).await.unwrap()).unwrap();
    assert_eq!(url.path(), "/logout");
    let expected = [("client_id", CLIENT), ("logout_uri", back), ("post_logout_redirect_uri", back)];
    assert_eq!(query(&url), expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());

    fake.document("end_session_endpoint", Value::Null);
    assert_eq!(fake.issuer().sign_out_url(back, now()).await, None);
    fake.document("issuer", json!("https://other.example.jp"));
    assert_eq!(fake.issuer().sign_out_url(back, now()).await, None);
}

#[tokio::test]
async fn no_parameter_leads_the_browser_elsewhere() {
    let fake = Fake::start(&Key::ec()).await;
    let callback = "https://console.town.example.jp/?x=1&redirect_uri=https://evil.example/#";
    let begin = fake.issuer().begin(callback, SEEDS, now()).await.unwrap();
    let url = Url::parse(&begin.authorize_url).unwrap();
    assert!(begin.authorize_url.starts_with(&format!("{}/authorize?", fake.uri())));
    assert_eq!(query(&url)["redirect_uri"], callback);
    assert_eq!(url.fragment(), None);
}

#[tokio::test]
async fn a_document_elsewhere_still_has_to_name_the_issuer() {
    let key = Key::ec();
    let fake = Fake::start(&key).await;
    let issuer = "https://cognito-idp.ap-northeast-1.amazonaws.com/ap-northeast-1_Pool";
    let discovery_url = Some(format!("{}/.well-known/openid-configuration", fake.uri()));
    let settings = Settings { issuer: issuer.to_owned(), discovery_url, ..fake.settings() };
    let ours = || OpenIdIssuer::new(settings.clone(), Timeouts::default()).unwrap();
    fake.give(&key.sign(&json!({"alg": "ES256", "kid": "k1"}), &good(issuer)));

    assert!(finish(&ours(), now()).await.unwrap_err().to_string().ends_with("it names another issuer"));
    fake.document("issuer", json!(issuer));
    assert_eq!(finish(&ours(), now()).await.unwrap().issuer, issuer);
}

#[test]
fn settings_that_cannot_be_safe_are_refused() {
    let settings = |issuer: &str, discovery: Option<&str>| Settings {
        issuer: issuer.to_owned(),
        client_id: CLIENT.to_owned(),
        client_secret: None,
        discovery_url: discovery.map(str::to_owned),
    };
    let new = |settings| OpenIdIssuer::new(settings, Timeouts::default()).map(|_| ());
    let good = "https://login.example.jp/town/";
    assert_eq!(new(settings(good, None)), Ok(()));
    assert_eq!(new(settings(good, Some("http://127.0.0.1:4566/pool"))), Ok(()));
    for (issuer, discovery) in [
        ("http://login.example.jp", None),
        (good, Some("http://login.example.jp/.well-known/openid-configuration")),
        (good, Some("http://192.168.0.1/")),
        (good, Some("")),
        ("login.example.jp", None),
    ] {
        assert_eq!(new(settings(issuer, discovery)), Err(InvalidSettings::Address), "{issuer} {discovery:?}");
    }
    assert_eq!(new(settings("", None)), Err(InvalidSettings::Missing));
    assert_eq!(new(Settings { client_id: String::new(), ..settings(good, None) }), Err(InvalidSettings::Missing));
}
