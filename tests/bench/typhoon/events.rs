//! What comes in the storm: who follows, who taps what, what is odd, and the signed bodies in which LINE delivers it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::Failure;
use crate::platform::CHANNEL_SECRET;

/// One request of so many is odd.
const ODD_EVERY: u64 = 50;
/// One request of so many is delivered again although it was answered.
const AGAIN_EVERY: u64 = 100;
/// What everybody asks for; each who does asks for both.
const EVERYBODY: [&str; 2] = ["避難所", "停電"];
/// What is asked for on other days, too.
const ORDINARY: [&str; 4] = ["かんでんち", "ペットボトル", "設定", "使い方"];
/// Those who follow in the storm come in rows of so many events, of which the first of them are follows.
const ROW: u64 = 20;
const FOLLOWS: u64 = 4;
/// Of so many rows one has somebody who blocks the account again.
const BLOCKS_EVERY: u64 = 4;

/// Numbers that follow from a seed, by splitmix64.
pub(crate) struct Chance(u64);

impl Chance {
    /// Of this seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        let count = u64::try_from(of.len()).ok()?;
        let place = self.number().checked_rem(count)?;
        of.get(usize::try_from(place).ok()?)
    }
}

/// Whether the n-th request is odd: it is not one of the simulator's.
pub(crate) fn is_odd(number: u64) -> bool {
    number % ODD_EVERY == ODD_EVERY - 1
}

/// Whether the n-th request comes again although it was answered.
pub(crate) fn comes_again(number: u64) -> bool {
    number.is_multiple_of(AGAIN_EVERY)
}

/// What residents do, one after the other, as the simulator takes it.
pub(crate) struct Wishes {
    chance: Chance,
    friends: Vec<String>,
    made: u64,
    tapped: usize,
    /// Who has followed last.
    newcomer: String,
}

impl Wishes {
    /// Of these friends, and of others who follow; there is at least one friend.
    pub(crate) fn of(friends: Vec<String>, seed: u64) -> Self {
        Self { chance: Chance::new(seed), friends, made: 0, tapped: 0, newcomer: String::new() }
    }

    /// The next.
    pub(crate) fn next_one(&mut self) -> Value {
        let (row, place) = (self.made / ROW, self.made % ROW);
        self.made += 1;
        if place < FOLLOWS {
            self.newcomer = format!("U{:016x}{:016x}", self.chance.number(), self.chance.number());
            return json!({ "userId": self.newcomer, "type": "follow" });
        }
        if place == FOLLOWS && row.is_multiple_of(BLOCKS_EVERY) {
            // Nobody hears of them again.
            return json!({ "userId": self.newcomer, "type": "unfollow" });
        }
        if place == FOLLOWS {
            let text = self.chance.one(&ORDINARY);
            return json!({ "userId": self.newcomer, "type": "text", "text": text });
        }
        let friend = &self.friends[self.tapped / EVERYBODY.len() % self.friends.len()];
        let text = EVERYBODY[self.tapped % EVERYBODY.len()];
        self.tapped += 1;
        json!({ "userId": friend, "type": "text", "text": text })
    }
}

/// What a delivery is besides its event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// LINE's.
    Genuine,
    /// Somebody else's.
    Forged,
    /// LINE's, and no webhook.
    NoWebhook,
}

/// A request.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    form: Form,
    event: Option<Value>,
}

impl Delivery {
    /// With an event that the simulator made.
    pub(crate) fn of(event: Value) -> Self {
        Self { form: Form::Genuine, event: Some(event) }
    }

    /// The n-th, which is odd, at this moment in milliseconds since 1970.
    pub(crate) fn odd(number: u64, seed: u64, now_ms: i64) -> Self {
        let genuine = |event: Option<Value>| Self { form: Form::Genuine, event };
        let event = |mut event: Value, source: Value| {
            event["webhookEventId"] = json!(format!("01TYPH00N{seed:05}{number:012}"));
            event["deliveryContext"] = json!({ "isRedelivery": false });
            event["timestamp"] = json!(now_ms);
            event["source"] = source;
            if event["mode"].is_null() {
                event["mode"] = json!("active");
            }
            Some(event)
        };
        let user = json!({ "type": "user", "userId": format!("U{number:032x}") });
        let group = json!({ "type": "group", "groupId": format!("C{number:032x}") });
        match number / ODD_EVERY % 6 {
            0 => genuine(None),
            1 => Self { form: Form::Forged, event: event(json!({ "type": "follow" }), user) },
            2 => genuine(event(json!({ "type": "join" }), group)),
            3 => genuine(event(json!({ "type": "something-new", "something": { "new": [1, 2, 3] } }), user)),
            4 => {
                let message = json!({ "type": "text", "id": number.to_string(), "text": EVERYBODY[0] });
                genuine(event(json!({ "type": "message", "mode": "standby", "message": message }), user))
            }
            _ => Self { form: Form::NoWebhook, event: None },
        }
    }

    /// The id of the event that is to be handled, if there is one.
    pub(crate) fn event_id(&self) -> Option<&str> {
        match self.form {
            Form::Genuine => self.event.as_ref()?["webhookEventId"].as_str(),
            Form::Forged | Form::NoWebhook => None,
        }
    }

    /// What must be answered.
    pub(crate) fn right_status(&self) -> u16 {
        match self.form {
            Form::Genuine => 200,
            Form::Forged => 401,
            Form::NoWebhook => 400,
        }
    }

    /// The request as a function URL hands it on; `attempt` 0 is the first.
    pub(crate) fn request(&self, attempt: u32) -> Result<Value, Failure> {
        let mut events: Vec<Value> = self.event.iter().cloned().collect();
        for event in &mut events {
            event["deliveryContext"]["isRedelivery"] = json!(0 < attempt);
        }
        let body = match self.form {
            Form::Genuine | Form::Forged => {
                json!({ "destination": "U8e742f61d673b39c7fff3cecb7536ef0", "events": events }).to_string()
            }
            Form::NoWebhook => "{}".to_owned(),
        };
        let secret = match self.form {
            Form::Genuine | Form::NoWebhook => CHANNEL_SECRET,
            Form::Forged => "a guess",
        };
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())?;
        mac.update(body.as_bytes());
        let signature = STANDARD.encode(mac.finalize().into_bytes());
        Ok(request(&body, &signature))
    }
}

fn request(body: &str, signature: &str) -> Value {
    json!({
        "version": "2.0", "routeKey": "$default", "rawPath": "/", "rawQueryString": "",
        "headers": {
            "content-type": "application/json; charset=utf-8", "user-agent": "LineBotWebhook/2.0",
            "x-line-signature": signature, "content-length": body.len().to_string(),
        },
        "requestContext": {
            "accountId": "anonymous", "apiId": "abcdefghij", "domainName": "abcdefghij.lambda-url.ap-northeast-1.on.aws",
            "domainPrefix": "abcdefghij", "requestId": "8f6d6a3e-0000-4000-8000-000000000001", "routeKey": "$default",
            "stage": "$default", "time": "01/Apr/2026:00:00:00 +0000", "timeEpoch": 1_775_001_600_000_u64,
            "http": {
                "method": "POST", "path": "/", "protocol": "HTTP/1.1", "sourceIp": "147.92.150.193",
                "userAgent": "LineBotWebhook/2.0",
            },
        },
        "body": body, "isBase64Encoded": false,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_same_seed_is_the_same_storm_and_who_blocks_is_not_heard_of_again() {
        let storm = |seed: u64| -> Vec<Value> {
            let mut wishes = Wishes::of(vec!["Ua".to_owned(), "Ub".to_owned()], seed);
            (0..1_000).map(|_| wishes.next_one()).collect()
        };
        assert_eq!(storm(1), storm(1));
        assert_ne!(storm(1), storm(2));
        let mut gone = BTreeSet::new();
        for wish in storm(3) {
            let who = wish["userId"].as_str().unwrap().to_owned();
            assert!(!gone.contains(&who), "{who}");
            if wish["type"] == "unfollow" {
                gone.insert(who);
            }
        }
        assert!(5 < gone.len());
    }

    #[test]
    fn what_is_forged_or_no_webhook_has_no_event_to_be_answered() {
        let odd: Vec<Delivery> = (0..6).map(|kind| Delivery::odd(kind * ODD_EVERY, 1, 0)).collect();
        let statuses: Vec<u16> = odd.iter().map(Delivery::right_status).collect();
        assert_eq!(statuses, [200, 401, 200, 200, 200, 400]);
        let have_events: Vec<bool> = odd.iter().map(|odd| odd.event_id().is_some()).collect();
        assert_eq!(have_events, [false, false, true, true, true, false]);
    }
}
