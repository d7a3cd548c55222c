//! ID tokens that are not what they seem.

use aws_lc_rs::hmac::{self, HMAC_SHA256};
use serde_json::{Value, json};

use super::fake::{CLIENT, Fake, Key, base64, message};
use super::*;
use crate::oidc::{Fault, TokenFault};
use app::error::Kind;

/// What somebody signs who takes a public key for a secret.
fn hs256(secret: &[u8], message: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(HMAC_SHA256, secret), message.as_bytes()).as_ref().to_vec()
}

/// The fault that a token is refused for; `None` if it is taken.
async fn fault(issuer: &OpenIdIssuer, fake: &Fake, token: &str) -> Option<TokenFault> {
    fake.give(token);
    match finish(issuer, now()).await {
        Ok(_) => None,
        Err(SignInError::Untrusted(fault)) => Some(fault),
        Err(other) => panic!("another error: {other:?}"),
    }
}

fn es256() -> Value {
    json!({"alg": "ES256", "kid": "k1"})
}

#[tokio::test]
async fn every_allowed_algorithm_is_taken_and_no_other() {
    let key = Key::rsa();
    let fake = Fake::start(&key).await;
    let issuer = fake.issuer();
    let claims = good(&fake.uri());
    for algorithm in ["RS256", "PS256"] {
        let token = key.sign(&json!({"alg": algorithm, "kid": "k1"}), &claims);
        assert_eq!(fault(&issuer, &fake, &token).await, None, "{algorithm}");
    }
    for algorithm in ["none", "None", "", "HS256", "HS384", "HS512", "EdDSA", "RS1", "rs256"] {
        let header = json!({"alg": algorithm, "kid": "k1"});
        let signed = key.sign(&header, &claims);
        let unsigned = format!("{}.", message(&header, &claims));
        for token in [signed, unsigned] {
            assert_eq!(fault(&issuer, &fake, &token).await, Some(TokenFault::Algorithm), "{algorithm}");
        }
    }
    // The right algorithm in name, another in fact.
    let token = key.sign(&json!({"alg": "RS256", "kid": "k1"}), &claims).replacen(
        &base64(br#"{"alg":"RS256","kid":"k1"}"#),
        &base64(br#"{"alg":"PS256","kid":"k1"}"#),
        1,
    );
    assert_eq!(fault(&issuer, &fake, &token).await, Some(TokenFault::Signature));
}

#[tokio::test]
async fn the_public_key_is_no_secret_to_sign_with() {
    let key = Key::rsa();
    let fake = Fake::start(&key).await;
    let issuer = fake.issuer();
    let published = key.published("k1");
    let message = message(&json!({"alg": "HS256", "kid": "k1"}), &good(&fake.uri()));
    for secret in [published["n"].as_str().unwrap().to_owned(), published.to_string()] {
        let token = format!("{message}.{}", base64(&hs256(secret.as_bytes(), &message)));
        assert_eq!(fault(&issuer, &fake, &token).await, Some(TokenFault::Algorithm));
    }
    // Even where the issuer publishes a secret by mistake.
    fake.keys(vec![json!({"kid": "k1", "kty": "oct", "k": base64(b"secret"), "alg": "HS256"})]);
    let token = format!("{message}.{}", base64(&hs256(b"secret", &message)));
    assert_eq!(fault(&fake.issuer(), &fake, &token).await, Some(TokenFault::Algorithm));
}

#[tokio::test]
async fn a_forged_token_is_refused() {
    let key = Key::ec();
    let fake = Fake::start(&key).await;
    let issuer = fake.issuer();
    let claims = good(&fake.uri());
    let token = key.sign(&es256(), &claims);
    assert_eq!(fault(&issuer, &fake, &token).await, None, "the honest one is good");

    let stranger = Key::ec();
    let forged = stranger.sign(&es256(), &claims);
    assert_eq!(fault(&issuer, &fake, &forged).await, Some(TokenFault::Signature));
    // A header that brings its own key convinces nobody.
    let brings =
        json!({"alg": "ES256", "kid": "k1", "jwk": stranger.published("k1"), "jku": "https://evil.example/keys"});
    assert_eq!(fault(&issuer, &fake, &stranger.sign(&brings, &claims)).await, Some(TokenFault::Signature));

    let mut others = claims.clone();
    others["sub"] = json!("somebody else");
    let signature = token.rsplit('.').next().unwrap();
    let changed = format!("{}.{signature}", message(&es256(), &others));
    assert_eq!(fault(&issuer, &fake, &changed).await, Some(TokenFault::Signature));
    let cut = format!("{}.", message(&es256(), &claims));
    assert_eq!(fault(&issuer, &fake, &cut).await, Some(TokenFault::Signature));
    let zeros = format!("{}.{}", message(&es256(), &claims), base64(&[0; 64]));
    assert_eq!(fault(&issuer, &fake, &zeros).await, Some(TokenFault::Signature));

    for text in ["", ".", "..", "a.b.c", "a.b.c.d.e", &token.replace('.', "")] {
        assert_eq!(fault(&issuer, &fake, text).await, Some(TokenFault::Algorithm), "{text}");
    }
    let critical = json!({"alg": "ES256", "kid": "k1", "crit": ["b64"], "b64": false});
    assert_eq!(fault(&issuer, &fake, &key.sign(&critical, &claims)).await, Some(TokenFault::Malformed));
}

#[tokio::test]
async fn every_claim_is_checked() {
    let key = Key::ec();
    let fake = Fake::start(&key).await;
    let issuer = fake.issuer();
    let uri = fake.uri();
    let second = now().as_second();
    let both = json!([CLIENT, "other"]);
    let table = [
        (json!({"iss": format!("{uri}/")}), Some(TokenFault::Issuer)),
        (json!({"iss": "https://other.example.jp"}), Some(TokenFault::Issuer)),
        (json!({"iss": null}), Some(TokenFault::Malformed)),
        (json!({"iss": [uri]}), Some(TokenFault::Malformed)),
        (json!({"aud": "other"}), Some(TokenFault::Audience)),
        (json!({"aud": []}), Some(TokenFault::Audience)),
        (json!({"aud": null}), Some(TokenFault::Malformed)),
        (json!({"aud": [CLIENT]}), None),
        (json!({"aud": [CLIENT], "azp": "other"}), Some(TokenFault::Audience)),
        (json!({"aud": both}), Some(TokenFault::Audience)),
        (json!({"aud": both, "azp": "other"}), Some(TokenFault::Audience)),
        (json!({"aud": both, "azp": CLIENT}), None),
        (json!({"aud": ["other", "another"], "azp": CLIENT}), Some(TokenFault::Audience)),
        (json!({"exp": second - 59}), None),
        (json!({"exp": second - 60}), Some(TokenFault::Expired)),
        (json!({"exp": 0}), Some(TokenFault::Expired)),
        (json!({"exp": -1}), Some(TokenFault::Expired)),
        (json!({"exp": 1_800_000_000.5}), None),
        (json!({"exp": null}), Some(TokenFault::Malformed)),
        (json!({"exp": "1900000000"}), Some(TokenFault::Malformed)),
        (json!({"iat": second + 60}), None),
        (json!({"iat": second + 61}), Some(TokenFault::NotYetValid)),
        (json!({"iat": null}), Some(TokenFault::Malformed)),
        (json!({"nbf": second + 60}), None),
        (json!({"nbf": second + 61}), Some(TokenFault::NotYetValid)),
        (json!({"sub": ""}), Some(TokenFault::Malformed)),
        (json!({"sub": "a".repeat(256)}), Some(TokenFault::Malformed)),
        (json!({"sub": "a\nb"}), Some(TokenFault::Malformed)),
        (json!({"sub": null}), Some(TokenFault::Malformed)),
        (json!({"sub": 7}), Some(TokenFault::Malformed)),
    ];
    for (changes, expected) in table {
        let mut claims = good(&uri);
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        assert_eq!(fault(&issuer, &fake, &key.sign(&es256(), &claims)).await, expected, "{changes}");
    }
}

/// The prompt of the sign-in can be cut out of its address on the way: then the token says when the person was last asked.
#[tokio::test]
async fn who_was_not_asked_anew_does_not_come_in() {
    let key = Key::ec();
    let fake = Fake::start(&key).await;
    let issuer = fake.issuer();
    let second = now().as_second();
    for (asked_at, comes_in) in [
        (Value::Null, true),
        (json!(second), true),
        (json!(second + 60), true),
        (json!(second - 359), true),
        (json!(second - 360), false),
        (json!(0), false),
    ] {
        let mut claims = good(&fake.uri());
        claims["auth_time"] = asked_at.clone();
        fake.give(&key.sign(&es256(), &claims));
        match finish(&issuer, now()).await {
            Ok(_) => assert!(comes_in, "{asked_at}"),
            Err(error) => {
                assert!(matches!(error, SignInError::NotAskedAnew) && !comes_in, "{asked_at}: {error}");
                assert_eq!(error.fault(), Fault::Visitor);
            }
        }
    }
    let mut claims = good(&fake.uri());
    claims["auth_time"] = json!("yesterday");
    assert_eq!(fault(&issuer, &fake, &key.sign(&es256(), &claims)).await, Some(TokenFault::Malformed));
}

#[tokio::test]
async fn the_clock_that_is_given_decides() {
    let key = Key::ec();
    let fake = Fake::start(&key).await;
    fake.give(&key.sign(&es256(), &good(&fake.uri())));
    let issuer = fake.issuer();
    assert!(finish(&issuer, after(5)).await.is_ok());
    for (minutes, expected) in [(6, TokenFault::Expired), (-2, TokenFault::NotYetValid)] {
        let error = finish(&issuer, after(minutes)).await.unwrap_err();
        assert!(matches!(error, SignInError::Untrusted(fault) if fault == expected), "{error:?}");
        assert_eq!(error.fault(), Fault::Ours(Kind::Permanent));
    }
}

#[tokio::test]
async fn a_token_of_another_sign_in_is_the_visitors_to_mend() {
    let key = Key::ec();
    let fake = Fake::start(&key).await;
    let issuer = fake.issuer();
    for nonce in [Value::Null, json!(""), json!("nonce "), json!("Nonce"), json!("another")] {
        let mut claims = good(&fake.uri());
        claims["nonce"] = nonce.clone();
        fake.give(&key.sign(&es256(), &claims));
        let error = finish(&issuer, now()).await.unwrap_err();
        assert!(matches!(error, SignInError::AnotherSignIn), "{nonce}: {error:?}");
        assert_eq!(error.fault(), Fault::Visitor);
    }
}
