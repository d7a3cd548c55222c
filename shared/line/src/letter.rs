//! The envelope in which an event waits in the queue, and what `inbox` finds when it opens one.

use app::inbox::Letter;
use app::ports::ReplyToken;
use domain::conversation::{Deed, Incoming, Thing};
use domain::ids::{EventId, ResidentId};
use domain::report::place::Point;
use domain::text::count::{Unit, head};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::client::id::MessageId;
use crate::event::{self, Fields};
use crate::limits::{POSTBACK_DATA_UNITS_MAX, TEXT_UNITS_MAX};

/// The version of the envelope that this code writes.
const VERSION: u32 = 1;
/// Of the name of photos that were sent together, so much is kept; LINE's has 64 characters.
const SET_UNITS_MAX: usize = 128;
/// What LINE calls a place that has no name.
const UNNAMED: [&str; 2] = ["位置情報", "Location"];
/// Of the title and of the address of a place, so much is kept; LINE's have 100 characters.
const PLACE_UNITS_MAX: usize = 200;

/// What a letter turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// Something that a resident did.
    Letter(Letter),
    /// An event that is no part of a conversation with one resident; it is to be acknowledged.
    SetAside {
        /// The event's `type`, such as `join`; at most 64 characters.
        event_type: String,
        /// Why it is not answered.
        why: Why,
    },
}

/// Why an event is set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Another system of the city handles this channel's chats at the moment, and we must be silent (`mode` is not `active`).
    Standby,
    /// It happened in a group or a room, or in something newer than those.
    NotOneToOne,
    /// It names no user, or one whose id has an unknown shape.
    Nobody,
    /// It has no `type`, or is not a JSON object.
    NotAnEvent,
}

/// A letter that nobody can open: a poison message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unopenable {
    /// It is not the envelope that the webhook writes.
    #[error("the letter is not an envelope")]
    NotAnEnvelope,
    /// A newer version of the webhook wrote it.
    #[error("the letter has the unknown version {0}")]
    UnknownVersion(u32),
}

#[derive(Deserialize)]
struct Envelope<'a> {
    v: u32,
    received_at: i64,
    #[serde(borrow)]
    event: &'a RawValue,
}

/// Puts an event, untouched, into an envelope.
pub(crate) fn seal(event: &str, now: Timestamp) -> String {
    let head = format!(r#"{{"v":{VERSION},"received_at":{},"event":"#, now.as_millisecond());
    [&head, event, "}"].concat()
}

/// Opens a letter. An odd event is never an error: it is set aside, or becomes [`Deed::Other`].
pub fn open(body: &str) -> Result<Opened, Unopenable> {
    let envelope: Envelope<'_> = serde_json::from_str(body).map_err(|_| Unopenable::NotAnEnvelope)?;
    if envelope.v != VERSION {
        return Err(Unopenable::UnknownVersion(envelope.v));
    }
    let received_at = Timestamp::from_millisecond(envelope.received_at).map_err(|_| Unopenable::NotAnEnvelope)?;
    Ok(read(envelope.event.get(), received_at))
}

fn read(event: &str, received_at: Timestamp) -> Opened {
    let fields = Fields::of(event).unwrap_or_default();
    let Some(event_type) = fields.text("type") else { return set_aside("", Why::NotAnEvent) };
    if fields.text("mode").is_some_and(|mode| mode != "active") {
        return set_aside(&event_type, Why::Standby);
    }
    let source = fields.object("source");
    if source.text("type").is_some_and(|kind| kind != "user") {
        return set_aside(&event_type, Why::NotOneToOne);
    }
    let Some(resident) = source.text("userId").and_then(|id| id.parse::<ResidentId>().ok()) else {
        return set_aside(&event_type, Why::Nobody);
    };
    let id = event::id(fields.text("webhookEventId"), event, fields.raw("deliveryContext"));
    let Ok(id) = id.parse::<EventId>() else { return set_aside(&event_type, Why::NotAnEvent) };
    let at = fields.integer("timestamp").and_then(|at| Timestamp::from_millisecond(at).ok()).unwrap_or(received_at);
    let reply_token = fields.text("replyToken").filter(|token| !token.is_empty());
    Opened::Letter(Letter {
        incoming: Incoming {
            event: id,
            resident,
            at,
            message: message_id(&fields.object("message"), "id"),
            deed: deed(&event_type, &fields),
        },
        reply_token: reply_token.map(|token| ReplyToken(token.into_owned())),
        received_at,
    })
}

fn set_aside(event_type: &str, why: Why) -> Opened {
    Opened::SetAside { event_type: event_type.chars().take(64).collect(), why }
}

fn deed(event_type: &str, fields: &Fields<'_>) -> Deed {
    match event_type {
        "follow" => Deed::Followed,
        "unfollow" => Deed::Unfollowed,
        "message" => message(&fields.object("message")),
        "postback" => tap(&fields.object("postback")),
        "unsend" => {
            message_id(&fields.object("unsend"), "messageId").map_or(Deed::Other, |message| Deed::Unsent { message })
        }
        _ => Deed::Other,
    }
}

fn message_id(fields: &Fields<'_>, name: &str) -> Option<String> {
    fields.text(name).and_then(|id| id.parse::<MessageId>().ok()).map(String::from)
}

fn message(message: &Fields<'_>) -> Deed {
    let kind = message.text("type");
    Deed::Sent(match kind.as_deref() {
        Some("text") => match message.text("text") {
            Some(text) => return Deed::Said(head(&text, Unit::Utf16, TEXT_UNITS_MAX).to_owned()),
            None => Thing::Unknown,
        },
        Some("image") => match photo(message) {
            Some(photo) => return photo,
            None => Thing::Photo,
        },
        Some("video") => Thing::Video,
        Some("audio") => Thing::Audio,
        Some("file") => Thing::File,
        Some("location") => match place(message) {
            Some(place) => return place,
            None => Thing::Place,
        },
        Some("sticker") => Thing::Sticker,
        _ => Thing::Unknown,
    })
}

/// A photo, if LINE holds it: what another service holds (LINE Front-end Framework, `external`) is fetched from nowhere.
fn photo(message: &Fields<'_>) -> Option<Deed> {
    if message.object("contentProvider").text("type").is_some_and(|provider| provider != "line") {
        return None;
    }
    let set = message.object("imageSet");
    let count = |name: &str| set.integer(name).and_then(|count| u8::try_from(count).ok());
    Some(Deed::SentPhoto {
        message: message_id(message, "id")?,
        index: count("index"),
        total: count("total"),
        set: set.text("id").map(|id| head(&id, Unit::Utf16, SET_UNITS_MAX).to_owned()),
    })
}

fn place(message: &Fields<'_>) -> Option<Deed> {
    let point = Point::new(message.number("latitude")?, message.number("longitude")?).ok()?;
    let text = |name: &str| message.text(name).map(|text| head(&text, Unit::Utf16, PLACE_UNITS_MAX).to_owned());
    let title = text("title").filter(|title| !UNNAMED.contains(&title.trim())).unwrap_or_default();
    let address = text("address").unwrap_or_default();
    Some(Deed::SentPlace { point, title, address })
}

fn tap(postback: &Fields<'_>) -> Deed {
    // A tap that turned to another tab of the rich menu has done what it was for: it needs no answer.
    if postback.object("params").raw("newRichMenuAliasId").is_some() {
        return Deed::Other;
    }
    postback
        .text("data")
        .map_or(Deed::Other, |data| Deed::Tapped(head(&data, Unit::Utf16, POSTBACK_DATA_UNITS_MAX).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const USER: &str = "U4af4980629f3a1c7b2d6e85014cb7d90";

    fn opened(event: &str) -> Opened {
        let received_at = Timestamp::from_millisecond(1_790_000_000_123).unwrap();
        open(&seal(event, received_at)).unwrap()
    }

    fn of_user(fields: &str) -> Opened {
        opened(&format!(r#"{{"source":{{"type":"user","userId":"{USER}"}},"mode":"active",{fields}}}"#))
    }

    fn deed(fields: &str) -> Deed {
        match of_user(fields) {
            Opened::Letter(letter) => letter.incoming.deed,
            Opened::SetAside { .. } => panic!("{fields} was set aside"),
        }
    }

    #[test]
    fn an_event_becomes_what_a_resident_did() {
        let Opened::Letter(letter) = of_user(
            r#""type":"message","replyToken":"r-1","webhookEventId":"e-1","timestamp":1780000000000,
            "deliveryContext":{"isRedelivery":true},"message":{"type":"text","id":"1","text":"かんでんち"}"#,
        ) else {
            panic!("set aside");
        };
        assert_eq!(letter.incoming.event.as_str(), "e-1");
        assert_eq!(letter.incoming.resident.as_str(), USER);
        assert_eq!(letter.incoming.at.as_millisecond(), 1_780_000_000_000);
        assert_eq!(letter.incoming.deed, Deed::Said("かんでんち".to_owned()));
        assert_eq!(letter.reply_token, Some(ReplyToken("r-1".to_owned())));
        assert_eq!(letter.received_at.as_millisecond(), 1_790_000_000_123);
    }

    #[test]
    fn every_kind_of_event_is_a_deed() {
        let message = |kind: &str| format!(r#""type":"message","message":{{"type":"{kind}","id":"1"}}"#);
        for (fields, expected) in [
            (r#""type":"follow","follow":{"isUnblocked":true}"#.to_owned(), Deed::Followed),
            (r#""type":"follow""#.to_owned(), Deed::Followed),
            (r#""type":"unfollow""#.to_owned(), Deed::Unfollowed),
            (r#""type":"postback","postback":{"data":"a=1"}"#.to_owned(), Deed::Tapped("a=1".to_owned())),
            (r#""type":"postback","postback":{"data":1}"#.to_owned(), Deed::Other),
            (
                r#""type":"postback","postback":{"data":"tab:a","params":{"newRichMenuAliasId":"a","status":"SUCCESS"}}"#
                    .to_owned(),
                Deed::Other,
            ),
            (r#""type":"postback""#.to_owned(), Deed::Other),
            (message("image"), photo("1", None, None, None)),
            (message("video"), Deed::Sent(Thing::Video)),
            (message("audio"), Deed::Sent(Thing::Audio)),
            (message("file"), Deed::Sent(Thing::File)),
            (message("location"), Deed::Sent(Thing::Place)),
            (message("sticker"), Deed::Sent(Thing::Sticker)),
            (message("hologram"), Deed::Sent(Thing::Unknown)),
            (message("text"), Deed::Sent(Thing::Unknown)),
            (r#""type":"message","message":[]"#.to_owned(), Deed::Sent(Thing::Unknown)),
            (r#""type":"message""#.to_owned(), Deed::Sent(Thing::Unknown)),
            (r#""type":"unsend","unsend":{"messageId":"1"}"#.to_owned(), Deed::Unsent { message: "1".to_owned() }),
            (r#""type":"unsend","unsend":{"messageId":"../1"}"#.to_owned(), Deed::Other),
            (r#""type":"unsend","unsend":{"messageId":1}"#.to_owned(), Deed::Other),
            (r#""type":"unsend""#.to_owned(), Deed::Other),
            (r#""type":"telepathy","thought":{"deep":true}"#.to_owned(), Deed::Other),
        ] {
            assert_eq!(deed(&fields), expected, "{fields}");
        }
    }

    fn photo(message: &str, index: Option<u8>, total: Option<u8>, set: Option<&str>) -> Deed {
        Deed::SentPhoto { message: message.to_owned(), index, total, set: set.map(str::to_owned) }
    }

    #[test]
    fn a_photo_says_which_it_is_of_those_that_were_sent_together() {
        let image = |fields: &str| format!(r#""type":"message","message":{{"type":"image"{fields}}}"#);
        for (fields, expected) in [
            (r#","id":"7","contentProvider":{"type":"line"}"#, photo("7", None, None, None)),
            (
                r#","id":"7","contentProvider":{"type":"line"},"imageSet":{"id":"E0","index":2,"total":3}"#,
                photo("7", Some(2), Some(3), Some("E0")),
            ),
            (r#","id":"7","imageSet":{"id":"E0"}"#, photo("7", None, None, Some("E0"))),
            (r#","id":"7","imageSet":{"id":9,"index":-1,"total":300}"#, photo("7", None, None, None)),
            (r#","id":"7","imageSet":[]"#, photo("7", None, None, None)),
            (
                r#","id":"7","contentProvider":{"type":"external","originalContentUrl":"https://example.com/a.jpg"}"#,
                Deed::Sent(Thing::Photo),
            ),
            (r#","id":"7","contentProvider":{"type":"newer"}"#, Deed::Sent(Thing::Photo)),
            (r#","id":"a/b""#, Deed::Sent(Thing::Photo)),
            ("", Deed::Sent(Thing::Photo)),
        ] {
            assert_eq!(deed(&image(fields)), expected, "{fields}");
        }
    }

    #[test]
    fn a_place_is_a_point_of_the_earth_with_what_it_is_called() {
        let location =
            |fields: &str| deed(&format!(r#""type":"message","message":{{"type":"location","id":"1"{fields}}}"#));
        let place = |title: &str, address: &str| Deed::SentPlace {
            point: Point::new(35.65910, 139.70364).unwrap(),
            title: title.to_owned(),
            address: address.to_owned(),
        };
        let at = r#","latitude":35.6591,"longitude":139.70364"#;
        assert_eq!(location(at), place("", ""));
        assert_eq!(location(&format!(r#"{at},"title":"役場","address":"本町1-2-3""#)), place("役場", "本町1-2-3"));
        assert_eq!(location(&format!(r#"{at},"title":5,"address":null"#)), place("", ""));
        assert_eq!(location(&format!(r#"{at},"title":"位置情報","address":"本町1-2-3""#)), place("", "本町1-2-3"));
        assert_eq!(location(&format!(r#"{at},"title":"位置情報館""#)), place("位置情報館", ""));
        let long = location(&format!(r#"{at},"address":"{}""#, "長".repeat(6_000)));
        assert_eq!(long, place("", &"長".repeat(PLACE_UNITS_MAX)));
        for odd in [
            "",
            r#","latitude":35.6591"#,
            r#","latitude":"35.6591","longitude":"139.70364""#,
            r#","latitude":91,"longitude":139"#,
            r#","latitude":35,"longitude":-181"#,
            r#","latitude":1e999,"longitude":139"#,
        ] {
            assert_eq!(location(odd), Deed::Sent(Thing::Place), "{odd}");
        }
    }

    #[test]
    fn what_is_a_message_says_which() {
        let message = |fields: &str| match of_user(fields) {
            Opened::Letter(letter) => letter.incoming.message,
            Opened::SetAside { .. } => panic!("set aside"),
        };
        assert_eq!(message(r#""type":"message","message":{"type":"text","id":"5","text":"a"}"#).as_deref(), Some("5"));
        assert_eq!(message(r#""type":"message","message":{"type":"text","id":5,"text":"a"}"#), None);
        assert_eq!(message(r#""type":"follow""#), None);
    }

    #[test]
    fn what_is_missing_is_made_up_for() {
        let Opened::Letter(letter) = of_user(r#""type":"follow","timestamp":"soon","replyToken":"""#) else {
            panic!("set aside");
        };
        assert!(letter.incoming.event.as_str().starts_with("sha256-"));
        assert_eq!(letter.incoming.at, letter.received_at);
        assert_eq!(letter.reply_token, None);
        assert!(matches!(opened(&format!(r#"{{"type":"follow","source":{{"userId":"{USER}"}}}}"#)), Opened::Letter(_)));
    }

    #[test]
    fn what_is_no_conversation_with_a_resident_is_set_aside() {
        let why = |event: &str| match opened(event) {
            Opened::SetAside { why, .. } => why,
            Opened::Letter(_) => panic!("{event} was taken"),
        };
        let user = format!(r#"{{"type":"user","userId":"{USER}"}}"#);
        assert_eq!(why(&format!(r#"{{"type":"message","mode":"standby","source":{user}}}"#)), Why::Standby);
        assert_eq!(why(&format!(r#"{{"type":"message","mode":"newer","source":{user}}}"#)), Why::Standby);
        assert_eq!(
            why(&format!(r#"{{"type":"join","source":{{"type":"group","groupId":"C1","userId":"{USER}"}}}}"#)),
            Why::NotOneToOne
        );
        assert_eq!(why(r#"{"type":"join","source":{"type":"room","roomId":"R1"}}"#), Why::NotOneToOne);
        assert_eq!(why(r#"{"type":"accountLink","link":{"result":"failed"}}"#), Why::Nobody);
        assert_eq!(why(r#"{"type":"follow","source":{"type":"user","userId":"U1"}}"#), Why::Nobody);
        for event in ["42", "null", "[]", "{}", r#""follow""#, r#"{"type":1}"#] {
            assert_eq!(why(event), Why::NotAnEvent, "{event}");
        }
        let deep = format!(r#"{{"type":"follow","source":{}{}}}"#, "[".repeat(5_000), "]".repeat(5_000));
        assert_eq!(why(&deep), Why::Nobody);
    }

    #[test]
    fn long_words_are_cut() {
        let said = deed(&format!(r#""type":"message","message":{{"type":"text","text":"{}"}}"#, "あ".repeat(6_000)));
        assert_eq!(said, Deed::Said("あ".repeat(TEXT_UNITS_MAX)));
        let tapped = deed(&format!(r#""type":"postback","postback":{{"data":"{}"}}"#, "a".repeat(400)));
        assert_eq!(tapped, Deed::Tapped("a".repeat(POSTBACK_DATA_UNITS_MAX)));
    }

    #[test]
    fn a_lone_surrogate_harms_only_its_own_field() {
        assert_eq!(deed(r#""type":"message","message":{"type":"text","text":"\ud83c"}"#), Deed::Sent(Thing::Unknown));
    }

    #[test]
    fn a_letter_that_nobody_can_open_says_so() {
        for bad in [
            "",
            "{}",
            "nonsense",
            r#"{"v":1,"received_at":0}"#,
            r#"{"v":1,"received_at":99999999999999999,"event":{}}"#,
        ] {
            assert_eq!(open(bad), Err(Unopenable::NotAnEnvelope), "{bad}");
        }
        assert_eq!(open(r#"{"v":2,"received_at":0,"event":{}}"#), Err(Unopenable::UnknownVersion(2)));
    }
}
