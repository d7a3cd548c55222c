//! The webhooks that all functions get: what residents do on an ordinary day, signed.

use std::error::Error;
use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::CHANNEL_SECRET;

/// How many events a body holds.
pub(crate) const SIZES: [usize; 3] = [1, 10, 100];
/// 2026-04-01 09:00 in Japan, in milliseconds.
const MORNING_MS: usize = 1_775_001_600_000;

/// A body and the signature in its header.
pub(crate) struct Signed {
    pub(crate) body: String,
    pub(crate) signature: String,
}

/// Writes `1.json`, `1.signature` and so on.
pub(crate) fn write(folder: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    for size in SIZES {
        let Signed { body, signature } = signed(size)?;
        fs::write(folder.join(format!("{size}.json")), body)?;
        fs::write(folder.join(format!("{size}.signature")), signature)?;
    }
    Ok(())
}

/// Reads what [`write`] wrote.
pub(crate) fn read(folder: &Path, size: usize) -> Result<Signed, Box<dyn Error>> {
    let body = fs::read_to_string(folder.join(format!("{size}.json")))?;
    let signature = fs::read_to_string(folder.join(format!("{size}.signature")))?;
    Ok(Signed { body, signature })
}

/// A webhook of so many events.
pub(crate) fn signed(size: usize) -> Result<Signed, Box<dyn Error>> {
    let events: Vec<Value> = (0..size).map(event).collect();
    let body = json!({ "destination": "U8e742f61d673b39c7fff3cecb7536ef0", "events": events }).to_string();
    let mut mac = Hmac::<Sha256>::new_from_slice(CHANNEL_SECRET.as_bytes())?;
    mac.update(body.as_bytes());
    Ok(Signed { body, signature: STANDARD.encode(mac.finalize().into_bytes()) })
}

/// Most residents write, some tap, a few send something else.
fn event(number: usize) -> Value {
    let texts = ["かんでんち", "ペットボトルのキャップはどう捨てますか", "次の資源ごみはいつ？", "設定"];
    let id = (500_000_000_000_000 + number).to_string();
    let mut event = match number % 8 {
        0..=3 => json!({ "type": "message", "message": {
            "type": "text", "id": id, "quoteToken": token(number, 86), "text": texts[number % texts.len()],
        }}),
        4 | 5 => json!({ "type": "postback", "postback": { "data": "v=1&do=district&id=minami-3" } }),
        6 => json!({ "type": "message", "message": {
            "type": "sticker", "id": id, "stickerId": "1988", "packageId": "446", "stickerResourceType": "STATIC",
            "quoteToken": token(number, 86),
        }}),
        _ => json!({ "type": "message", "message": {
            "type": "location", "id": id, "address": "三重県津市西丸之内23番1号", "latitude": 34.718_6, "longitude": 136.505_6,
        }}),
    };
    event["webhookEventId"] = json!(format!("01KN3ZV{number:019}"));
    event["deliveryContext"] = json!({ "isRedelivery": false });
    event["timestamp"] = json!(MORNING_MS + number);
    event["source"] = json!({ "type": "user", "userId": format!("U{:032x}", 0x4af4_980b + number * 7_919) });
    event["replyToken"] = json!(token(number, 32));
    event["mode"] = json!("active");
    event
}

/// Something that looks like one of LINE's tokens.
fn token(number: usize, length: usize) -> String {
    format!("{number:x}").chars().chain("nHuyWiB7yP5Zw52FIkcQobQuGDXCTA".chars().cycle()).take(length).collect()
}
