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
    assert_eq!(sessions(&stub, &clock).begin(&session(), &act(NOW)).await.unwrap(), Written::Done);
    transactions(&stub).await[0][0]["Put"]["Item"].clone()
}

#[tokio::test]
async fn a_session_begins_beside_its_act_while_its_person_is_active() {
    let stub = Stub::answering([latest(&[]), ok(json!({}))]).await;
    sessions(&stub, &TestClock::at(NOW)).begin(&session(), &act(NOW)).await.unwrap();
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
        let begun = sessions(&stub, &TestClock::at(NOW)).begin(&session(), &act(NOW)).await;
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
