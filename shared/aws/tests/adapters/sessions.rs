//! Sessions in the table.

use std::sync::Arc;

use app::error::Kind;
use app::ports::staff::{Session, SessionKey, Sessions, Written};
use app::staff::SESSION_LIFE;
use aws::Table;
use aws::sessions::TableSessions;
use domain::ids::StaffId;
use domain::staff::Standing;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::audit::{act, key, latest, transactions};
use crate::staff::{person, person_item};
use crate::stub::{Stub, TestClock, cancelled, error, ok};

const TABLE: &str = "city";
const NOW: &str = "2026-11-30T15:00:00.25Z";
const KEY: &str = "0f1e2d3c";

fn sessions(stub: &Stub, clock: &Arc<TestClock>) -> TableSessions {
    TableSessions::new(Table::new(&stub.clients(), TABLE.to_owned()), clock.clone())
}

fn session() -> Session {
    let now = NOW.parse().unwrap();
    let key = SessionKey(KEY.to_owned());
    Session { key, staff: staff(), began: now, seen: now, expires: now + SESSION_LIFE }
}

fn staff() -> StaffId {
    "hanako".parse().unwrap()
}

async fn written() -> Value {
    let stub = Stub::answering([latest(&[]), ok(json!({}))]).await;
    let clock = TestClock::at(NOW);
    assert_eq!(sessions(&stub, &clock).begin(&session(), None, &act(NOW)).await.unwrap(), Written::Done);
    transactions(&stub).await[0][0]["Put"]["Item"].clone()
}

#[tokio::test]
async fn a_session_begins_beside_its_act_while_its_person_is_active() {
    let stub = Stub::answering([latest(&[]), ok(json!({}))]).await;
    sessions(&stub, &TestClock::at(NOW)).begin(&session(), None, &act(NOW)).await.unwrap();
    let steps = &transactions(&stub).await[0];
    let keys: Vec<_> = steps.iter().map(key).collect();
    let expected =
        ["SESSION#hanako / 0f1e2d3c", "STAFF / hanako", "AUDIT#2026-12-01 / 000000000001", "AUDIT / 2026-12-01"];
    assert_eq!(keys, expected);
    assert_eq!(steps[0]["Put"]["ConditionExpression"], "attribute_not_exists(PK) OR #expires <= :now");
    let check = &steps[1]["ConditionCheck"];
    assert_eq!(check["ConditionExpression"], "#standing = :active");
    assert_eq!(check["ExpressionAttributeNames"], json!({"#standing": "standing"}));
    assert_eq!(check["ExpressionAttributeValues"], json!({":active": {"S": "active"}}));
    assert_eq!(person_item(Standing::Active).await["standing"], json!({"S": "active"}), "the word that is stored");
}

#[tokio::test]
async fn it_does_not_begin_for_anybody_else_nor_in_another_one_s_place() {
    for (reasons, outcome) in [
        (["None", "ConditionalCheckFailed", "None", "None"], Ok(Written::Raced)),
        (["None", "ConditionalCheckFailed", "None", "ConditionalCheckFailed"], Ok(Written::Raced)),
        (["ConditionalCheckFailed", "None", "None", "None"], Err(Kind::Permanent)),
    ] {
        let stub = Stub::answering([latest(&[]), cancelled(&reasons)]).await;
        let begun = sessions(&stub, &TestClock::at(NOW)).begin(&session(), None, &act(NOW)).await;
        assert_eq!(begun.map_err(|error| error.kind), outcome);
    }
}

#[tokio::test]
async fn it_is_found_in_one_reading_with_its_person_until_it_ends() {
    let item = written().await;
    let found = |items: &[&Value]| ok(json!({"Responses": {TABLE: items}, "UnprocessedKeys": {}}));
    for standing in [Standing::Active, Standing::Disabled] {
        let person_item = person_item(standing).await;
        let stub = Stub::answering([found(&[&item, &person_item]), found(&[&item, &person_item])]).await;
        let clock = TestClock::at(NOW);
        let sessions = sessions(&stub, &clock);
        let key = SessionKey(KEY.to_owned());
        assert_eq!(sessions.find(&staff(), &key).await.unwrap(), Some((session(), person(standing))));
        clock.advance(SESSION_LIFE);
        assert_eq!(sessions.find(&staff(), &key).await.unwrap(), None, "although the item is still there");
        let asked = &stub.asked().await[0];
        assert_eq!(asked.operation, "BatchGetItem");
        assert_eq!(asked.body["RequestItems"][TABLE]["ConsistentRead"], true);
    }
    let person_item = person_item(Standing::Active).await;
    let stub = Stub::answering([found(&[&person_item]), found(&[&item])]).await;
    for _ in 0..2 {
        let key = SessionKey(KEY.to_owned());
        assert_eq!(sessions(&stub, &TestClock::at(NOW)).find(&staff(), &key).await.unwrap(), None);
    }
}

#[tokio::test]
async fn its_use_is_noted_only_while_it_is_there() {
    let stub = Stub::answering([ok(json!({})), error(400, "ConditionalCheckFailedException")]).await;
    let clock = TestClock::at(NOW);
    let seen = session().seen + SignedDuration::from_mins(5);
    for _ in 0..2 {
        sessions(&stub, &clock).touch(&staff(), &session().key, seen).await.unwrap();
    }
    let body = &stub.asked().await[0].body;
    assert_eq!(body["UpdateExpression"], "SET #seen = :seen");
    assert_eq!(body["ConditionExpression"], "attribute_exists(PK)");
    assert_eq!(body["ExpressionAttributeNames"], json!({"#seen": "seen"}));
    assert_eq!(body["ExpressionAttributeValues"], json!({":seen": {"S": seen.to_string()}}));
    assert_eq!(written().await["seen"], json!({"S": session().seen.to_string()}), "the same form as at the beginning");
}

#[tokio::test]
async fn it_ends_beside_its_act_and_only_once() {
    let twice = cancelled(&["ConditionalCheckFailed", "None", "None"]);
    let stub = Stub::answering([latest(&[]), ok(json!({})), latest(&[]), twice]).await;
    for _ in 0..2 {
        sessions(&stub, &TestClock::at(NOW)).end(&staff(), &session().key, &act(NOW)).await.unwrap();
    }
    let all = transactions(&stub).await;
    assert_eq!(all.len(), 2, "an end that was there already is recorded by nobody");
    let delete = &all[0][0]["Delete"];
    assert_eq!(key(&all[0][0]), "SESSION#hanako / 0f1e2d3c");
    assert_eq!(delete["ConditionExpression"], "attribute_exists(PK)");
    assert!(delete.get("ExpressionAttributeNames").is_none() && delete.get("ExpressionAttributeValues").is_none());
    assert_eq!(all[0].len(), 3);
}

#[tokio::test]
async fn the_earlier_one_of_the_same_browser_ends_as_it_begins() {
    let stub = Stub::answering([latest(&[]), ok(json!({}))]).await;
    let (taro, earlier) = ("taro".parse().unwrap(), SessionKey("aa".to_owned()));
    let sessions = sessions(&stub, &TestClock::at(NOW));
    assert_eq!(sessions.begin(&session(), Some((&taro, &earlier)), &act(NOW)).await.unwrap(), Written::Done);
    let steps = &transactions(&stub).await[0];
    assert_eq!(key(&steps[2]), "SESSION#taro / aa");
    assert!(steps[2]["Delete"].get("ConditionExpression").is_none(), "it may have ended before");
    assert_eq!(steps.len(), 5);
}

#[tokio::test]
async fn those_of_one_person_are_listed_and_all_but_one_end_beside_the_act() {
    let mine = written().await;
    let [mut other, mut ended] = [mine.clone(), mine.clone()];
    other["SK"]["S"] = json!("aa");
    (ended["SK"]["S"], ended["expires"]["N"]) = (json!("bb"), json!("1"));
    let all = || ok(json!({"Items": [other, ended, mine]}));
    let stub = Stub::answering([all(), all(), latest(&[]), ok(json!({})), ok(json!({"Items": [mine]}))]).await;
    let sessions = sessions(&stub, &TestClock::at(NOW));
    let of = sessions.of(&staff()).await.unwrap();
    let other = Session { key: SessionKey("aa".to_owned()), ..session() };
    assert_eq!(of, [other, session()], "one that has expired is none");
    sessions.end_others(&staff(), &session().key, &act(NOW)).await.unwrap();
    let steps = &transactions(&stub).await[0];
    assert_eq!((key(&steps[0]), key(&steps[1])), ("SESSION#hanako / aa".to_owned(), "SESSION#hanako / bb".to_owned()));
    assert_eq!(steps.len(), 4, "and the act, but not the one that is kept");
    sessions.end_others(&staff(), &session().key, &act(NOW)).await.unwrap();
    assert_eq!(transactions(&stub).await.len(), 1, "where there are no others nothing is recorded");
}

/// For when the log is too busy: the session ends all the same.
#[tokio::test]
async fn a_session_is_cut_without_the_log() {
    let stub = Stub::answering([ok(json!({})), cancelled(&["TransactionConflict"])]).await;
    let sessions = sessions(&stub, &TestClock::at("2026-12-01T03:00:00Z"));
    sessions.cut(&session().staff, &session().key).await.unwrap();
    let steps = transactions(&stub).await.remove(0);
    assert_eq!(steps.len(), 1, "no entry");
    assert!(steps[0]["Delete"].is_object() && key(&steps[0]).starts_with("SESSION#"), "{steps:?}");
    let met = sessions.cut(&session().staff, &session().key).await.unwrap_err();
    assert_eq!(met.kind, Kind::Transient, "nobody is said to be out who is not");
}
