//! Residents, conversations and events in the table.

use std::sync::Arc;

use app::error::{Chain, Kind};
use app::ports::{
    Commit, Committed, Conversations, Handled, KnownResidents, Messages, Progress, ReplyToken, Versioned, Way,
};
use aws::Table;
use aws::conversations::{CHAT_LIFE, EVENT_LIFE, QUESTION_CHARS_MAX, QUESTION_LIFE, TableConversations};
use domain::conversation::{Conversation, Effect, Expecting};
use domain::ids::{EventId, ResidentId};
use domain::language::Language;
use domain::resident::{RemindAt, Resident, Stamp, Standing, Switch};
use domain::time::YearMonth;
use jiff::civil::time;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::stub::{Answer, Stub, TestClock, cancelled, error, ok};

const NOW: &str = "2026-11-30T15:00:00Z";
const RESIDENT: &str = "U4af4980629f1b3a2c1d0e9f8a7b6c5d4";
const EVENT: &str = "01KEVENT000000000000000001";
const TABLE: &str = "city";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn resident_id() -> ResidentId {
    RESIDENT.parse().unwrap()
}

fn event() -> EventId {
    EVENT.parse().unwrap()
}

fn stamp() -> Stamp {
    Stamp { at: now() - SignedDuration::from_millis(1), event: event() }
}

/// A resident with something in every field.
fn resident() -> Resident {
    let mut resident = Resident::new(resident_id(), stamp());
    resident.stand(Standing::Blocked, &stamp());
    resident.settings.set_district(Some("honcho".parse().unwrap()), &stamp());
    resident.settings.set_language(Language::EasyJapanese, &stamp());
    resident.settings.set_topic("childcare".parse().unwrap(), Switch::On, &stamp());
    resident.settings.set_topic("crime".parse().unwrap(), Switch::Off, &stamp());
    resident.settings.set_child(YearMonth::new(2024, 5).unwrap(), Switch::On, &stamp());
    resident.settings.set_date("dog".parse().unwrap(), YearMonth::new(2020, 1).unwrap(), Switch::On, &stamp());
    resident.settings.set_garbage("burnable".parse().unwrap(), Switch::On, &stamp());
    resident.settings.set_evening(RemindAt::Never, &stamp());
    resident.settings.set_morning(RemindAt::At(time(6, 30, 0, 0)), &stamp());
    resident
}

fn way() -> Way {
    Way::Reply { token: ReplyToken("token".to_owned()), messages: Messages("[{\"type\":\"text\"}]".to_owned()) }
}

fn commit() -> Commit {
    Commit {
        event: event(),
        resident_id: resident_id(),
        way: way(),
        resident: Some((resident(), Some(6))),
        erase_resident_at: None,
        conversation: Some((
            Conversation { expecting: Expecting::District, moved: Some(stamp()), ..Conversation::default() },
            None,
        )),
        effects: vec![],
        now: now(),
    }
}

fn conversations(stub: &Stub, clock: &Arc<TestClock>) -> TableConversations {
    TableConversations::new(Table::new(&stub.clients(), TABLE.to_owned()), clock.clone())
}

/// What was put last, by partition key: by a transaction, or by itself.
async fn puts(stub: &Stub) -> Vec<(String, Value)> {
    let asked = stub.asked().await;
    let writes = ["TransactWriteItems", "PutItem"];
    let asked = asked.iter().rev().find(|asked| writes.contains(&asked.operation.as_str())).unwrap();
    let puts: Vec<Value> = match asked.body["TransactItems"].as_array() {
        Some(steps) => steps.iter().map(|step| step["Put"].clone()).collect(),
        None => vec![asked.body.clone()],
    };
    puts.into_iter().map(|put| (put["Item"]["PK"]["S"].as_str().unwrap().to_owned(), put)).collect()
}

fn found(items: &[Value]) -> Answer {
    ok(json!({"Responses": {TABLE: items}, "UnprocessedKeys": {}}))
}

#[tokio::test]
async fn what_is_committed_is_loaded_again() {
    let clock = TestClock::at(NOW);
    let stub = Stub::answering([ok(json!({}))]).await;
    assert_eq!(conversations(&stub, &clock).commit(&commit()).await.unwrap(), Committed::Done);
    let mut items: Vec<_> = puts(&stub).await.into_iter().map(|(_, put)| put["Item"].clone()).collect();
    assert_eq!(items.len(), 3);
    for item in &items {
        assert!(item["kind"]["S"].is_string() && item["v"]["N"] == "1", "{item}");
    }

    items.reverse();
    let stub = Stub::answering([found(&items)]).await;
    let loaded = conversations(&stub, &clock).load(&resident_id(), &event()).await.unwrap();
    assert_eq!(loaded.resident, Some(Versioned { value: resident(), version: 7 }));
    let conversation = Conversation { expecting: Expecting::District, moved: Some(stamp()), ..Conversation::default() };
    assert_eq!(loaded.conversation, Some(Versioned { value: conversation, version: 1 }));
    assert_eq!(loaded.handled, Some(Handled { way: way(), progress: Progress::Unconfirmed, at: now() }));

    let asked = &stub.asked().await[0];
    assert_eq!(asked.operation, "BatchGetItem");
    let request = &asked.body["RequestItems"][TABLE];
    assert_eq!(request["ConsistentRead"], true);
    let keys: Vec<_> = request["Keys"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| (key["PK"]["S"].clone(), key["SK"]["S"].clone()))
        .collect();
    let key = |pk: String, sk: &str| (json!(pk), json!(sk));
    assert_eq!(
        keys,
        [
            key("RESIDENT#4a".to_owned(), RESIDENT),
            key(format!("CHAT#{RESIDENT}"), "CHAT"),
            key(format!("EVENT#{EVENT}"), "EVENT")
        ]
    );
}

#[tokio::test]
async fn a_push_and_silence_come_back_too() {
    let key = uuid::Uuid::from_u128(7);
    for (way, progress) in [
        (Way::Push { key, messages: Messages("[]".to_owned()) }, Progress::Unconfirmed),
        (Way::Silence, Progress::Confirmed),
    ] {
        let clock = TestClock::at(NOW);
        let stub = Stub::answering([ok(json!({}))]).await;
        let commit = Commit { way: way.clone(), resident: None, conversation: None, ..commit() };
        conversations(&stub, &clock).commit(&commit).await.unwrap();
        let items: Vec<_> = puts(&stub).await.into_iter().map(|(_, put)| put["Item"].clone()).collect();
        assert_eq!(items.len(), 1, "what is unchanged is not written");
        let stub = Stub::answering([found(&items)]).await;
        let loaded = conversations(&stub, &clock).load(&resident_id(), &event()).await.unwrap();
        assert_eq!(loaded.handled, Some(Handled { way, progress, at: now() }));
    }
}

/// In a transaction it would cost twice as much, and most turns are such.
#[tokio::test]
async fn a_turn_that_changes_nothing_else_is_one_conditional_write() {
    let clock = TestClock::at(NOW);
    let commit = || Commit { resident: None, conversation: None, ..commit() };
    let stub = Stub::answering([ok(json!({}))]).await;
    assert_eq!(conversations(&stub, &clock).commit(&commit()).await.unwrap(), Committed::Done);
    assert_eq!(stub.operations().await, ["PutItem"]);
    let (pk, put) = puts(&stub).await.remove(0);
    assert_eq!(pk, format!("EVENT#{EVENT}"));
    assert_eq!(put["ConditionExpression"], "attribute_not_exists(PK) OR #expires <= :now");

    // It was there: another delivery was faster, or this one's first answer was lost.
    let taken = [error(400, "ConditionalCheckFailedException"), ok(json!({ "Item": put["Item"] }))];
    let stub = Stub::answering(taken).await;
    assert_eq!(conversations(&stub, &clock).commit(&commit()).await.unwrap(), Committed::Raced);

    // Whether or not the SDK itself asks again.
    let stub = Stub::answering((0..3).map(|_| error(400, "TransactionConflictException"))).await;
    let refused = conversations(&stub, &clock).commit(&commit()).await.unwrap_err();
    assert_eq!(refused.kind, Kind::Transient);
}

#[tokio::test]
async fn writes_are_conditional_on_what_was_read() {
    let clock = TestClock::at(NOW);
    clock.advance(SignedDuration::from_secs(3));
    let stub = Stub::answering([ok(json!({}))]).await;
    conversations(&stub, &clock).commit(&commit()).await.unwrap();
    let puts = puts(&stub).await;
    let absent = "attribute_not_exists(PK) OR #expires <= :now";
    let present = json!((now().as_second() + 3).to_string());
    assert_eq!(puts[0].0, format!("EVENT#{EVENT}"));
    assert_eq!(puts[0].1["ConditionExpression"], absent);
    assert_eq!(puts[0].1["ExpressionAttributeValues"][":now"]["N"], present);
    assert_eq!(puts[1].0, "RESIDENT#4a");
    assert_eq!(puts[1].1["ConditionExpression"], "#version = :version");
    assert_eq!(puts[1].1["ExpressionAttributeValues"][":version"]["N"], "6");
    assert_eq!(puts[1].1["Item"]["version"]["N"], "7");
    assert_eq!(puts[2].0, format!("CHAT#{RESIDENT}"));
    assert_eq!(puts[2].1["ConditionExpression"], absent);
    assert_eq!(puts[2].1["Item"]["version"]["N"], "1");

    let (resident, conversation) = (Some((resident(), None)), Some((Conversation::default(), Some(3))));
    let stub = Stub::answering([ok(json!({}))]).await;
    conversations(&stub, &clock).commit(&Commit { resident, conversation, ..commit() }).await.unwrap();
    let puts = self::puts(&stub).await;
    assert_eq!(puts[1].1["ConditionExpression"], absent);
    assert_eq!(puts[1].1["Item"]["version"]["N"], "1");
    assert_eq!(puts[2].1["ConditionExpression"], "#version = :version");
    assert_eq!(puts[2].1["ExpressionAttributeValues"][":version"]["N"], "3");
    assert_eq!(puts[2].1["Item"]["version"]["N"], "4");
}

#[tokio::test]
async fn what_is_temporary_has_its_end() {
    let clock = TestClock::at(NOW);
    let erase = now() + SignedDuration::from_hours(24 * 30);
    let question = Effect::KeepQuestion("x".repeat(QUESTION_CHARS_MAX + 1));
    for (erase, resident_ends) in [(Some(erase), Some(erase)), (None, None)] {
        let stub = Stub::answering([ok(json!({}))]).await;
        let commit = Commit { erase_resident_at: erase, effects: vec![question.clone()], ..commit() };
        conversations(&stub, &clock).commit(&commit).await.unwrap();
        let ends: Vec<_> = puts(&stub).await.into_iter().map(|(_, put)| put["Item"]["expires"].clone()).collect();
        let end = |at: Timestamp| json!({"N": at.as_second().to_string()});
        let expected = [
            end(now() + EVENT_LIFE),
            resident_ends.map_or(Value::Null, end),
            end(now() + CHAT_LIFE),
            end(now() + QUESTION_LIFE),
        ];
        assert_eq!(ends, expected);
    }
}

#[tokio::test]
async fn questions_are_kept_by_month_together_and_without_who_asked() {
    let clock = TestClock::at(NOW);
    let mut keys = Vec::new();
    for (event, question) in [("e1", "謎のはこ"), ("e2", "謎のハコ"), ("e2", "別の箱"), ("e2", "別の箱")]
    {
        let stub = Stub::answering([ok(json!({}))]).await;
        let effects = vec![Effect::KeepQuestion(question.to_owned())];
        let commit = Commit { event: event.parse().unwrap(), effects, ..commit() };
        conversations(&stub, &clock).commit(&commit).await.unwrap();
        let (pk, put) = puts(&stub).await.pop().unwrap();
        assert_eq!(pk, "QUESTION#2026-12", "the month in Japan");
        assert_eq!(put["Item"]["question"]["S"], question);
        assert!(!put.to_string().contains(RESIDENT), "{put}");
        assert!(put.get("ConditionExpression").is_none());
        keys.push(put["Item"]["SK"]["S"].as_str().unwrap().to_owned());
    }
    let of_question = |key: &str| key.split_once('#').unwrap().0.to_owned();
    assert_eq!(of_question(&keys[0]), of_question(&keys[1]), "the same question, in any spelling");
    assert_ne!(keys[0], keys[1], "asked twice");
    assert_ne!(of_question(&keys[1]), of_question(&keys[2]));
    assert_eq!(keys[2], keys[3], "the same event again is the same item");
}

#[tokio::test]
async fn an_expired_item_counts_as_absent() {
    let clock = TestClock::at(NOW);
    let stub = Stub::answering([ok(json!({}))]).await;
    let erase_resident_at = Some(now() + SignedDuration::from_hours(48));
    conversations(&stub, &clock).commit(&Commit { erase_resident_at, ..commit() }).await.unwrap();
    let items: Vec<_> = puts(&stub).await.into_iter().map(|(_, put)| put["Item"].clone()).collect();

    for (hours, known) in
        [(23, [true, true, true]), (24, [true, false, true]), (48, [false, false, true]), (21 * 24, [false; 3])]
    {
        let later = TestClock::at(NOW);
        later.advance(SignedDuration::from_hours(hours));
        let stub = Stub::answering([found(&items)]).await;
        let loaded = conversations(&stub, &later).load(&resident_id(), &event()).await.unwrap();
        let found = [loaded.resident.is_some(), loaded.conversation.is_some(), loaded.handled.is_some()];
        assert_eq!(found, known, "after {hours} h");
    }
}

#[tokio::test]
async fn a_resident_is_known_until_they_are_erased() {
    let clock = TestClock::at(NOW);
    let stub = Stub::answering([ok(json!({}))]).await;
    let erase_resident_at = Some(now() + SignedDuration::from_hours(48));
    conversations(&stub, &clock).commit(&Commit { erase_resident_at, ..commit() }).await.unwrap();
    let items: Vec<_> = puts(&stub).await.into_iter().collect();
    let item = items.iter().find(|(pk, _)| pk == "RESIDENT#4a").map(|(_, put)| put["Item"].clone()).unwrap();
    for (hours, answer, known) in
        [(47, json!({ "Item": item }), Some(resident())), (48, json!({ "Item": item }), None), (0, json!({}), None)]
    {
        let later = TestClock::at(NOW);
        later.advance(SignedDuration::from_hours(hours));
        let stub = Stub::answering([ok(answer)]).await;
        assert_eq!(conversations(&stub, &later).known(&resident_id()).await.unwrap(), known, "after {hours} h");
        let asked = &stub.asked().await[0];
        assert_eq!((asked.operation.as_str(), &asked.body["ConsistentRead"]), ("GetItem", &json!(true)));
        assert_eq!(asked.body["Key"], json!({ "PK": { "S": "RESIDENT#4a" }, "SK": { "S": RESIDENT } }));
    }
}

#[tokio::test]
async fn a_cancelled_transaction_is_a_lost_race_or_a_fault() {
    for (reasons, expected) in [
        (["ConditionalCheckFailed", "None", "None"], Ok(Committed::Raced)),
        (["None", "ConditionalCheckFailed", "None"], Ok(Committed::Raced)),
        (["None", "TransactionConflict", "None"], Ok(Committed::Raced)),
        (["None", "None", "ThrottlingError"], Err(Kind::Throttled)),
        (["ValidationError", "None", "None"], Err(Kind::Permanent)),
    ] {
        let stub = Stub::answering([cancelled(&reasons)]).await;
        let became = conversations(&stub, &TestClock::at(NOW)).commit(&commit()).await;
        assert_eq!(became.map_err(|error| error.kind), expected, "{reasons:?}");
        assert_eq!(stub.asked().await.len(), 1);
    }
}

#[tokio::test]
async fn a_throttled_table_is_asked_again() {
    let throttled = || error(400, "ThrottlingException");
    let stub = Stub::answering([throttled(), throttled(), ok(json!({})), throttled(), found(&[])]).await;
    let conversations = conversations(&stub, &TestClock::at(NOW));
    assert_eq!(conversations.commit(&commit()).await.unwrap(), Committed::Done);
    assert!(conversations.load(&resident_id(), &event()).await.unwrap().handled.is_none());

    let stub = Stub::answering((0..3).map(|_| throttled())).await;
    let conversations = self::conversations(&stub, &TestClock::at(NOW));
    let error = conversations.load(&resident_id(), &event()).await.unwrap_err();
    assert_eq!(error.kind, Kind::Throttled, "{}", Chain(&error));
}

#[tokio::test]
async fn keys_that_were_left_unread_are_asked_for_again() {
    let clock = TestClock::at(NOW);
    let stub = Stub::answering([ok(json!({}))]).await;
    conversations(&stub, &clock).commit(&commit()).await.unwrap();
    let items: Vec<_> = puts(&stub).await.into_iter().map(|(_, put)| put["Item"].clone()).collect();

    let left = json!({TABLE: {"ConsistentRead": true, "Keys": [{"PK": items[1]["PK"], "SK": items[1]["SK"]}]}});
    let some = ok(json!({"Responses": {TABLE: [items[0], items[2]]}, "UnprocessedKeys": left}));
    let stub = Stub::answering([some, found(&items[1..2])]).await;
    let loaded = conversations(&stub, &clock).load(&resident_id(), &event()).await.unwrap();
    assert!(loaded.resident.is_some() && loaded.conversation.is_some() && loaded.handled.is_some());
    let again = &stub.asked().await[1].body["RequestItems"][TABLE];
    assert_eq!(again["Keys"].as_array().unwrap().len(), 1);
    assert_eq!(again["ConsistentRead"], true);

    let nothing = || ok(json!({"Responses": {TABLE: []}, "UnprocessedKeys": left}));
    let stub = Stub::answering((0..5).map(|_| nothing())).await;
    let error = conversations(&stub, &clock).load(&resident_id(), &event()).await.unwrap_err();
    assert_eq!((error.kind, stub.asked().await.len()), (Kind::Throttled, 5));
}

/// The table took the commit, but its answers were lost: the event's next delivery finds what to say.
#[tokio::test]
async fn a_lost_answer_is_found_by_the_next_delivery() {
    let clock = TestClock::at(NOW);
    let lost = (0..3).map(|_| error(500, "InternalServerError"));
    let stub = Stub::answering(lost.chain([cancelled(&["ConditionalCheckFailed", "None", "None"])])).await;
    let conversations = conversations(&stub, &clock);
    assert_eq!(conversations.commit(&commit()).await.unwrap_err().kind, Kind::Transient);
    let tokens: Vec<_> = stub.asked().await.iter().map(|asked| asked.body["ClientRequestToken"].clone()).collect();
    assert!(tokens.len() == 3 && tokens[0].is_string() && tokens.iter().all(|token| *token == tokens[0]), "{tokens:?}");

    assert_eq!(conversations.commit(&commit()).await.unwrap(), Committed::Raced);
    let items: Vec<_> = puts(&stub).await.into_iter().map(|(_, put)| put["Item"].clone()).collect();
    let stub = Stub::answering([found(&items)]).await;
    let loaded = self::conversations(&stub, &clock).load(&resident_id(), &event()).await.unwrap();
    assert_eq!(loaded.handled.unwrap().way, way());
}

#[tokio::test]
async fn confirming_forgets_what_was_said_and_bears_repetition() {
    let absent = error(400, "ConditionalCheckFailedException");
    let stub = Stub::answering([ok(json!({})), absent, error(400, "ValidationException")]).await;
    let conversations = conversations(&stub, &TestClock::at(NOW));
    conversations.confirm(&event()).await.unwrap();
    let asked = &stub.asked().await[0];
    assert_eq!(asked.operation, "UpdateItem");
    assert_eq!(asked.body["Key"]["PK"]["S"], format!("EVENT#{EVENT}"));
    assert_eq!(asked.body["UpdateExpression"], "SET #progress = :progress REMOVE #way");
    assert_eq!(asked.body["ConditionExpression"], "attribute_exists(PK)");
    conversations.confirm(&event()).await.expect("an event that has expired is as good as confirmed");
    assert_eq!(conversations.confirm(&event()).await.unwrap_err().kind, Kind::Permanent);

    let item = json!({
        "PK": {"S": format!("EVENT#{EVENT}")}, "SK": {"S": "EVENT"}, "kind": {"S": "event"}, "v": {"N": "1"},
        "progress": {"S": "confirmed"}, "at": {"S": NOW}, "expires": {"N": "9999999999"},
    });
    let stub = Stub::answering([found(&[item])]).await;
    let loaded = self::conversations(&stub, &TestClock::at(NOW)).load(&resident_id(), &event()).await.unwrap();
    assert_eq!(loaded.handled, Some(Handled { way: Way::Silence, progress: Progress::Confirmed, at: now() }));
}

#[tokio::test]
async fn a_reply_becomes_a_push_only_while_it_is_an_unconfirmed_reply() {
    let changed = error(400, "ConditionalCheckFailedException");
    let stub = Stub::answering([ok(json!({})), changed, error(400, "ThrottlingException"), ok(json!({}))]).await;
    let conversations = conversations(&stub, &TestClock::at(NOW));
    let (key, messages) = (uuid::Uuid::from_u128(7), Messages("[{\"type\":\"text\"}]".to_owned()));
    conversations.push_instead(&event(), key, &messages).await.unwrap();
    let asked = &stub.asked().await[0];
    assert_eq!(asked.operation, "UpdateItem");
    assert_eq!(asked.body["Key"]["PK"]["S"], format!("EVENT#{EVENT}"));
    assert_eq!(asked.body["UpdateExpression"], "SET #way = :push");
    assert_eq!(asked.body["ConditionExpression"], "#progress = :unconfirmed AND attribute_exists(#way.#Reply)");
    assert_eq!(
        asked.body["ExpressionAttributeNames"],
        json!({"#progress": "progress", "#way": "way", "#Reply": "Reply"})
    );
    assert_eq!(asked.body["ExpressionAttributeValues"][":unconfirmed"]["S"], "unconfirmed");
    conversations.push_instead(&event(), key, &messages).await.expect("what is no unconfirmed reply stays as it is");
    conversations.push_instead(&event(), key, &messages).await.expect("a throttled table is asked again");
    assert_eq!(stub.asked().await.len(), 4);

    // The names in the condition are those that a commit writes, and the new value is read back as a push.
    let written = Stub::answering([ok(json!({}))]).await;
    self::conversations(&written, &TestClock::at(NOW)).commit(&commit()).await.unwrap();
    let mut item = puts(&written).await.remove(0).1["Item"].clone();
    assert!(item["way"]["M"]["Reply"].is_object() && item["progress"]["S"] == "unconfirmed", "{item}");
    item["way"] = asked.body["ExpressionAttributeValues"][":push"].clone();
    let stub = Stub::answering([found(&[item])]).await;
    let loaded = self::conversations(&stub, &TestClock::at(NOW)).load(&resident_id(), &event()).await.unwrap();
    let way = Way::Push { key, messages };
    assert_eq!(loaded.handled, Some(Handled { way, progress: Progress::Unconfirmed, at: now() }));
}
