//! Letters that the former release put into the inbox queue are opened by this one (`infra/decisions/updates.md`).

use app::ports::ReplyToken;
use domain::conversation::Deed;
use line::letter::{Opened, open};
use serde_json::Value;

const MESSAGES: &str = include_str!("../../../../tests/city/former/messages.json");

#[test]
fn letters_of_the_former_release_are_opened() {
    let all: Value = serde_json::from_str(MESSAGES).unwrap();
    let letters = all["inbox"].as_array().unwrap();
    assert_eq!(letters.len(), 2);
    for (letter, said) in letters.iter().zip(["次の収集日", "こんにちは"]) {
        let Opened::Letter(opened) = open(letter["body"].as_str().unwrap()).unwrap() else { panic!("{letter}") };
        assert_eq!(opened.incoming.resident.as_str(), letter["group"]);
        assert_eq!(opened.incoming.event.as_str(), letter["deduplication"]);
        assert_eq!(opened.incoming.deed, Deed::Said(said.to_owned()));
        assert_eq!(opened.incoming.at, opened.received_at);
        assert_eq!(opened.reply_token, Some(ReplyToken("0123456789abcdef0123456789abcdef".to_owned())));
    }
}
