//! Any text that is shown as an ID token, and any claims under a good signature, are believed or refused, without harm.

#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey};
use libfuzzer_sys::fuzz_target;
use openid::token::{Claimed, Expected, check};
use serde_json::{Map, Value};
use sha2::Sha256;

const SECRET: &[u8] = b"fuzz";
const ISSUER: &str = "https://issuer.example";
const CLIENT: &str = "kairan";

fuzz_target!(|bytes: &[u8]| {
    let key = DecodingKey::from_secret(SECRET);
    let clients = [CLIENT.to_owned()];
    let Ok(now) = Timestamp::from_second(1_790_000_000) else { return };
    let expected = Expected { issuer: ISSUER, clients: &clients, now };

    // As it is: nobody has signed it.
    if let Ok(token) = str::from_utf8(bytes)
        && let Ok(claimed) = Claimed::of(token, &[Algorithm::ES256, Algorithm::RS256, Algorithm::HS256])
    {
        let _ = check::<Map<String, Value>>(token, &claimed, &key, &expected);
    }

    // As claims of a token that is well signed.
    let signed = format!("{}.{}", BASE64.encode(r#"{"alg":"HS256","kid":"k"}"#), BASE64.encode(bytes));
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(SECRET) else { return };
    mac.update(signed.as_bytes());
    let token = format!("{signed}.{}", BASE64.encode(mac.finalize().into_bytes()));
    assert!(Claimed::of(&token, &[Algorithm::ES256, Algorithm::RS256]).is_err(), "an algorithm that is not allowed");
    let Ok(claimed) = Claimed::of(&token, &[Algorithm::HS256]) else { panic!("a good header is refused") };
    if let Ok(said) = check::<Map<String, Value>>(&token, &claimed, &key, &expected) {
        assert!((1..=255).contains(&said.subject.len()) && said.subject.is_ascii(), "a subject that none may be");
        let claims: Value = serde_json::from_slice(bytes).expect("what was believed can be read");
        assert_eq!(claims["iss"], ISSUER);
    }
});
