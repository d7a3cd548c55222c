//! Any body that LINE could have signed is split, and each of its events opened, without harm.

#![no_main]

use base64::Engine as _;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use sha2::Sha256;

const SECRET: &str = "fuzz";

fuzz_target!(|body: &[u8]| {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()) else { return };
    mac.update(body);
    let signature = base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
    let secret = SECRET.into();
    assert!(line::webhook::receive(body, Some("forged"), &secret, Timestamp::UNIX_EPOCH).is_err());
    let Ok(letters) = line::webhook::receive(body, Some(&signature), &secret, Timestamp::UNIX_EPOCH) else { return };
    for letter in letters {
        // The limits of the queue: 128 characters each, and never empty.
        assert!((1..=128).contains(&letter.group.len()));
        assert!((1..=128).contains(&letter.deduplication.len()));
        // What the webhook seals, inbox must be able to open, or to refuse with a reason.
        let _ = line::letter::open(&letter.body);
    }
});
