//! Which keys are taken, and how often the issuer is asked for them.

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::fake::{Fake, Key};
use super::*;
use crate::oidc::{Fault, TokenFault};
use app::error::Kind;

const DISCOVERY: &str = "/.well-known/openid-configuration";

fn token(key: &Key, name: &str, fake: &Fake) -> String {
    let mut claims = good(&fake.uri());
    claims["exp"] = json!(after(600).as_second());
    key.sign(&json!({"alg": "ES256", "kid": name}), &claims)
}

async fn asked(fake: &Fake) -> (usize, usize) {
    (fake.calls(DISCOVERY).await.len(), fake.calls("/keys").await.len())
}

fn with(mut key: Value, name: &str, value: Value) -> Value {
    key[name] = value;
    key
}

#[tokio::test]
async fn what_the_issuer_publishes_is_kept_for_an_hour() {
    let key = Key::ec();
    let fake = Fake::start(&key).await;
    let issuer = fake.issuer();
    fake.give(&token(&key, "k1", &fake));
    for (minutes, expected) in [(0, (1, 1)), (30, (1, 1)), (59, (1, 1)), (60, (2, 2)), (90, (2, 2))] {
        finish(&issuer, after(minutes)).await.unwrap();
        assert_eq!(asked(&fake).await, expected, "after {minutes} minutes");
    }
}

#[tokio::test]
async fn those_who_come_at_once_share_one_fetch() {
    let key = Key::ec();
    let fake = Fake::start(&key).await;
    let issuer = fake.issuer();
    fake.give(&token(&key, "k1", &fake));
    for outcome in join_all((0..20).map(|_| finish(&issuer, now()))).await {
        outcome.unwrap();
    }
    assert_eq!(asked(&fake).await, (1, 1));
}

#[tokio::test]
async fn those_who_come_at_once_share_one_failure() {
    let fake = Fake::start(&Key::ec()).await;
    fake.document("issuer", json!("https://other.example.jp"));
    let issuer = fake.issuer();
    for outcome in join_all((0..20).map(|_| issuer.begin(CALLBACK, SEEDS, now()))).await {
        outcome.unwrap_err();
    }
    assert_eq!(asked(&fake).await, (1, 0));
    // Mended at the issuer, it is not held against us.
    fake.document("issuer", json!(fake.uri()));
    issuer.begin(CALLBACK, SEEDS, after(1)).await.unwrap();
}

#[tokio::test]
async fn a_rotated_key_is_found() {
    let (old, new) = (Key::ec(), Key::ec());
    let fake = Fake::start(&old).await;
    let issuer = fake.issuer();
    fake.give(&token(&old, "k1", &fake));
    finish(&issuer, now()).await.unwrap();

    fake.keys(vec![new.published("k2")]);
    fake.give(&token(&new, "k2", &fake));
    finish(&issuer, after(2)).await.unwrap();
    assert_eq!(asked(&fake).await, (1, 2));

    fake.give(&token(&old, "k1", &fake));
    let error = finish(&issuer, after(4)).await.unwrap_err();
    assert!(matches!(error, SignInError::Untrusted(TokenFault::UnknownKey)), "the old key is gone: {error:?}");
}

#[tokio::test]
async fn a_storm_of_unknown_keys_asks_once_a_minute() {
    let key = Key::ec();
    let fake = Fake::start(&key).await;
    let issuer = fake.issuer();
    fake.give(&token(&key, "k1", &fake));
    finish(&issuer, now()).await.unwrap();

    fake.give(&token(&key, "unheard of", &fake));
    for (minutes, expected) in [(0, 1), (2, 2), (4, 3)] {
        for outcome in join_all((0..20).map(|_| finish(&issuer, after(minutes)))).await {
            let error = outcome.unwrap_err();
            assert!(matches!(error, SignInError::Untrusted(TokenFault::UnknownKey)), "{error:?}");
            assert_eq!(error.fault(), Fault::Ours(Kind::Transient));
        }
        assert_eq!(asked(&fake).await, (1, expected), "after {minutes} minutes");
    }
}

#[tokio::test]
async fn a_key_is_used_only_for_what_it_is_for() {
    let key = Key::ec();
    let fake = Fake::start(&key).await;
    let published = key.published("k1");
    let rsa = Key::rsa().published("k1");
    let unreadable = json!({"kid": "k0", "kty": "EC", "crv": "P-256", "x": 7});
    for (keys, expected) in [
        (vec![with(published.clone(), "use", json!("sig"))], None),
        (vec![with(published.clone(), "alg", json!("ES256"))], None),
        (vec![with(published.clone(), "key_ops", json!(["verify"]))], None),
        (vec![json!({"kty": "new"}), unreadable, json!(null), published.clone()], None),
        (vec![rsa.clone(), published.clone()], None),
        (vec![rsa], Some(TokenFault::UnfitKey)),
        (vec![with(published.clone(), "use", json!("enc"))], Some(TokenFault::UnfitKey)),
        (vec![with(published.clone(), "alg", json!("ES384"))], Some(TokenFault::UnfitKey)),
        (vec![with(published.clone(), "alg", json!("ECDH-ES"))], Some(TokenFault::UnfitKey)),
        (vec![with(published.clone(), "key_ops", json!(["sign"]))], Some(TokenFault::UnfitKey)),
        (vec![with(published.clone(), "crv", json!("P-384"))], Some(TokenFault::UnfitKey)),
        (vec![with(published.clone(), "x", json!("AA"))], Some(TokenFault::Signature)),
        (vec![with(published.clone(), "x", json!("?"))], Some(TokenFault::UnfitKey)),
        (vec![with(published, "kid", json!(null))], Some(TokenFault::UnknownKey)),
        (vec![], Some(TokenFault::UnknownKey)),
    ] {
        let shown = json!(keys);
        fake.keys(keys);
        fake.give(&token(&key, "k1", &fake));
        let outcome = finish(&fake.issuer(), now()).await;
        let fault = outcome.err().map(|error| match error {
            SignInError::Untrusted(fault) => fault,
            other => panic!("{shown}: {other:?}"),
        });
        assert_eq!(fault, expected, "{shown}");
    }
}

#[tokio::test]
async fn a_token_that_names_no_key_is_refused() {
    let key = Key::ec();
    let fake = Fake::start(&key).await;
    fake.give(&key.sign(&json!({"alg": "ES256"}), &good(&fake.uri())));
    let error = finish(&fake.issuer(), now()).await.unwrap_err();
    assert!(matches!(error, SignInError::Untrusted(TokenFault::UnknownKey)), "{error:?}");
    assert_eq!(asked(&fake).await, (1, 0));
}

#[tokio::test]
async fn one_who_gives_up_waiting_leaves_nothing_locked() {
    let key = Key::ec();
    let fake = Fake::start(&key).await;
    let issuer = fake.issuer();
    fake.give(&token(&key, "k1", &fake));
    // Dropped at its first wait, with the document's lock taken.
    assert!(finish(&issuer, now()).now_or_never().is_none());
    finish(&issuer, now()).await.unwrap();
}
