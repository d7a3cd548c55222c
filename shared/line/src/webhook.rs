//! A webhook request: checked, and split into letters for `inbox`, one event each, with the event's bytes as they came.

use std::borrow::Cow;

use app::ports::QueuedLetter;
use jiff::Timestamp;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::event::Fields;
use crate::limits::WEBHOOK_BYTES_MAX;
use crate::signature::{Verdict, verify};
use crate::{event, letter};

/// The group of events that no user, group or room sent.
const NOBODY: &str = "nobody";

/// Why a webhook request is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// More than [`WEBHOOK_BYTES_MAX`] bytes.
    #[error("the body is too large")]
    TooLarge,
    /// There is no signature.
    #[error("the signature is missing")]
    MissingSignature,
    /// The signature is not LINE's.
    #[error("the signature is not genuine")]
    BadSignature,
    /// LINE signed it, but it is not JSON with `events`.
    #[error("the body is not a webhook")]
    NotAWebhook,
}

/// Checks a request and turns its events into letters, in order. No events (LINE tries the endpoint so) are no letters.
///
/// `body` are the raw bytes, after Base64 was undone; `signature` is the value of the header [`crate::signature::HEADER`].
pub fn receive(
    body: &[u8],
    signature: Option<&str>,
    secret: &SecretString,
    now: Timestamp,
) -> Result<Vec<QueuedLetter>, Refusal> {
    if body.len() > WEBHOOK_BYTES_MAX {
        return Err(Refusal::TooLarge);
    }
    let signature = signature.ok_or(Refusal::MissingSignature)?;
    match verify(secret, body, signature) {
        Verdict::Genuine => split(body, now),
        Verdict::Forged => Err(Refusal::BadSignature),
    }
}

/// Only what is needed to split a request.
#[derive(Deserialize)]
struct Request<'a> {
    #[serde(borrow)]
    events: Vec<&'a RawValue>,
}

/// Only what is needed to address an event that is as documented: read in one pass and without a copy.
#[derive(Deserialize)]
struct Head<'a> {
    #[serde(rename = "webhookEventId")]
    id: &'a str,
    #[serde(borrow)]
    source: Source<'a>,
}

#[derive(Deserialize)]
struct Source<'a> {
    #[serde(rename = "userId")]
    user: &'a str,
}

fn split(body: &[u8], now: Timestamp) -> Result<Vec<QueuedLetter>, Refusal> {
    let body = str::from_utf8(body).map_err(|_| Refusal::NotAWebhook)?;
    let request: Request<'_> = serde_json::from_str(body).map_err(|_| Refusal::NotAWebhook)?;
    Ok(request.events.into_iter().map(|event| address(event.get(), now)).collect())
}

fn address(event: &str, now: Timestamp) -> QueuedLetter {
    let (group, deduplication) = match serde_json::from_str::<Head<'_>>(event) {
        Ok(head) => (Cow::Borrowed(head.source.user), Cow::Borrowed(head.id)),
        Err(_) => address_of_odd(event),
    };
    QueuedLetter {
        group: event::allowed(group).into_owned(),
        deduplication: event::allowed(deduplication).into_owned(),
        body: letter::seal(event, now),
    }
}

/// An event that lacks something, has an unexpected type somewhere, or is no object at all: whatever can be read of it is
/// used, and the event is queued. `inbox` sets it aside where it can be looked at.
fn address_of_odd(event: &str) -> (Cow<'_, str>, Cow<'_, str>) {
    let fields = Fields::of(event).unwrap_or_default();
    let source = fields.object("source");
    let sender = ["userId", "groupId", "roomId"].into_iter().find_map(|name| source.text(name));
    let id = event::id(fields.text("webhookEventId"), event, fields.raw("deliveryContext"));
    (sender.unwrap_or(Cow::Borrowed(NOBODY)), id)
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use hmac::{Hmac, KeyInit as _, Mac as _};
    use sha2::Sha256;

    use super::*;

    const USER: &str = "U4af4980629f3a1c7b2d6e85014cb7d90";

    fn now() -> Timestamp {
        Timestamp::from_millisecond(1_790_000_000_123).unwrap()
    }

    fn signed(body: &[u8]) -> Result<Vec<QueuedLetter>, Refusal> {
        let mut mac = Hmac::<Sha256>::new_from_slice(b"secret").unwrap();
        mac.update(body);
        let signature = STANDARD.encode(mac.finalize().into_bytes());
        receive(body, Some(&signature), &"secret".into(), now())
    }

    fn letters(events: &str) -> Vec<QueuedLetter> {
        signed(format!(r#"{{"destination":"Ubot","events":[{events}]}}"#).as_bytes()).unwrap()
    }

    fn letter(event: &str) -> QueuedLetter {
        letters(event).pop().unwrap()
    }

    #[test]
    fn no_events_are_no_letters() {
        assert_eq!(letters(""), []);
    }

    #[test]
    fn what_line_did_not_sign_is_refused_before_it_is_read() {
        let secret = "secret".into();
        assert_eq!(receive(b"not json", None, &secret, now()), Err(Refusal::MissingSignature));
        assert_eq!(receive(b"not json", Some("AAAA"), &secret, now()), Err(Refusal::BadSignature));
        assert_eq!(receive(&vec![b' '; WEBHOOK_BYTES_MAX + 1], None, &secret, now()), Err(Refusal::TooLarge));
        assert_eq!(receive(&vec![b' '; WEBHOOK_BYTES_MAX], None, &secret, now()), Err(Refusal::MissingSignature));
    }

    #[test]
    fn signed_bytes_that_are_no_webhook_are_refused() {
        for bad in
            [&b""[..], b"null", b"[]", b"{}", br#"{"events":null}"#, br#"{"events":{}}"#, br#"{"events":[{]}"#, b"\xff"]
        {
            assert_eq!(signed(bad), Err(Refusal::NotAWebhook), "{}", String::from_utf8_lossy(bad));
        }
    }

    #[test]
    fn an_event_travels_byte_for_byte_to_its_senders_queue() {
        let event = format!(
            r#"{{ "type":"message", "webhookEventId":"01FZ74A0TDDPYRVKNK77XKC3ZR", "x": 1.50, "text":"\u4e7e電池 ",
            "source":{{"type":"user","userId":"{USER}"}} }}"#
        );
        let letter = letter(&event);
        assert_eq!(letter.group, USER);
        assert_eq!(letter.deduplication, "01FZ74A0TDDPYRVKNK77XKC3ZR");
        assert_eq!(letter.body, format!(r#"{{"v":1,"received_at":1790000000123,"event":{event}}}"#));
    }

    #[test]
    fn events_of_several_residents_keep_their_order_and_odd_ones_harm_nobody() {
        let good = |id: &str| format!(r#"{{"type":"follow","webhookEventId":"{id}","source":{{"userId":"{USER}"}}}}"#);
        let odd = [
            "42",
            "null",
            r#""text""#,
            "{}",
            r#"{"type":7,"source":"x","webhookEventId":{},"deliveryContext":[]}"#,
            r#"{"source":{"userId":"\ud800"}}"#,
            r#"{"source":{"userId":""},"webhookEventId":""}"#,
        ];
        let all = letters(&format!("{},{},{}", good("a"), odd.join(","), good("b")));
        assert_eq!(all.len(), odd.len() + 2);
        assert_eq!((all[0].deduplication.as_str(), all[0].group.as_str()), ("a", USER));
        assert_eq!((all[8].deduplication.as_str(), all[8].group.as_str()), ("b", USER));
        for (letter, odd) in all[1..].iter().zip(odd) {
            assert!(letter.body.ends_with(&format!(r#""event":{odd}}}"#)), "{odd}");
            assert!(letter.deduplication.starts_with("sha256-"), "{odd}");
            assert!(!letter.group.is_empty(), "{odd}");
        }
    }

    #[test]
    fn groups_and_rooms_have_queues_of_their_own() {
        for (source, group) in [
            (r#"{"type":"group","groupId":"C1","userId":"U2"}"#, "U2"),
            (r#"{"type":"group","groupId":"C1"}"#, "C1"),
            (r#"{"type":"room","roomId":"R1"}"#, "R1"),
            (r#"{"type":"void"}"#, "nobody"),
            ("null", "nobody"),
        ] {
            assert_eq!(letter(&format!(r#"{{"type":"join","source":{source}}}"#)).group, group);
        }
    }

    #[test]
    fn ids_that_the_queue_would_refuse_are_hashed() {
        let long = "a".repeat(129);
        for odd in [long.as_str(), "with space", "日本"] {
            let letter = letter(&format!(r#"{{"webhookEventId":"{odd}","source":{{"userId":"{odd}"}}}}"#));
            for id in [&letter.group, &letter.deduplication] {
                assert_eq!(id.len(), "sha256-".len() + 64, "{odd}");
                assert!(id.bytes().all(|byte| byte.is_ascii_graphic()), "{odd}");
            }
        }
    }

    #[test]
    fn an_event_without_id_is_the_same_event_when_it_is_delivered_again() {
        let event = |again: &str, text: &str| {
            let event = format!(r#"{{"deliveryContext":{{"isRedelivery":{again}}},"timestamp":1,"text":"{text}"}}"#);
            letter(&event).deduplication
        };
        assert_eq!(event("false", "a"), event("true", "a"));
        assert_ne!(event("false", "a"), event("false", "b"));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_panic(body in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
            let _ = split(&body, now());
        }

        #[test]
        fn no_json_panics(event in "[\\{\\}\\[\\],:\"\\\\a-z0-9 ]{0,60}") {
            let _ = split(format!(r#"{{"events":[{{"source":{event}}},{event}]}}"#).as_bytes(), now());
        }
    }
}
