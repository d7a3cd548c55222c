//! The town's data in the table.

use std::collections::BTreeSet;

use app::error::Kind;
use app::ports::{Applied, Revision, TownChange, TownRecord, TownStore};
use aws::Table;
use aws::town_store::TableTownStore;
use serde_json::{Value, json};

use crate::stub::{Answer, Stub, error, ok};

const TABLE: &str = "city";

fn store(stub: &Stub) -> TableTownStore {
    TableTownStore::new(Table::new(&stub.clients(), TABLE.to_owned()))
}

fn record(kind: &str, id: &str) -> TownRecord {
    TownRecord { kind: kind.to_owned(), id: id.to_owned(), body: json!({"name": id, "n": 1.5, "list": [null, ""]}) }
}

fn put(kind: &str, id: &str) -> TownChange {
    TownChange::Put(record(kind, id))
}

fn remove(kind: &str, id: &str) -> TownChange {
    TownChange::Remove { kind: kind.to_owned(), id: id.to_owned() }
}

fn state(revision: Option<u64>, kinds: &[&str]) -> Answer {
    let mut item = json!({
        "PK": {"S": "TOWN"}, "SK": {"S": "REVISION"}, "kind": {"S": "town-revision"}, "v": {"N": "1"}, "kinds": {"SS": kinds},
    });
    if let Some(revision) = revision {
        item["revision"] = json!({"N": revision.to_string()});
    }
    ok(json!({"Item": item}))
}

/// The writes of a batch that was asked for: whether a put, partition key, sort key.
fn writes(body: &Value) -> Vec<(bool, String, String)> {
    let requests = body["RequestItems"][TABLE].as_array().unwrap();
    let write = |request: &Value| {
        let (put, key) = match request.get("PutRequest") {
            Some(put) => (true, &put["Item"]),
            None => (false, &request["DeleteRequest"]["Key"]),
        };
        (put, key["PK"]["S"].as_str().unwrap().to_owned(), key["SK"]["S"].as_str().unwrap().to_owned())
    };
    requests.iter().map(write).collect()
}

#[tokio::test]
async fn before_the_first_load_there_is_nothing() {
    let stub = Stub::answering([ok(json!({})), ok(json!({})), state(None, &["topic"]), ok(json!({"Items": []}))]).await;
    let store = store(&stub);
    assert_eq!(store.revision().await.unwrap(), Revision::NONE);
    assert_eq!(store.read().await.unwrap(), (Revision::NONE, vec![]));
    assert_eq!(store.read().await.unwrap(), (Revision::NONE, vec![]), "a first load died after naming its kinds");
}

#[tokio::test]
async fn a_load_names_its_kinds_then_writes_in_order_then_moves_the_revision_on() {
    let stub = Stub::answering((0..5).map(|_| ok(json!({})))).await;
    let changes = [put("topic", "t1"), remove("topic", "t2"), put("waste-item", "w1"), remove("topic", "t1")];
    assert_eq!(store(&stub).apply(Revision(4), &changes).await.unwrap(), Applied::Done(Revision(5)));
    let asked = stub.asked().await;
    let operations: Vec<_> = asked.iter().map(|asked| asked.operation.as_str()).collect();
    assert_eq!(operations, ["UpdateItem", "BatchWriteItem", "BatchWriteItem", "BatchWriteItem", "UpdateItem"]);

    let (first, last) = (&asked[0].body, &asked[4].body);
    for body in [first, last] {
        assert_eq!(body["ConditionExpression"], "#revision = :read");
        assert_eq!(body["ExpressionAttributeValues"][":read"]["N"], "4");
    }
    assert_eq!(first["ExpressionAttributeValues"][":kinds"]["SS"], json!(["topic", "waste-item"]));
    assert_eq!(last["ExpressionAttributeValues"][":next"]["N"], "5");
    let write = |put, pk: &str, sk: &str| (put, pk.to_owned(), sk.to_owned());
    assert_eq!(writes(&asked[1].body), [write(true, "TOWN#topic", "t1"), write(false, "TOWN#topic", "t2")]);
    assert_eq!(writes(&asked[2].body), [write(true, "TOWN#waste-item", "w1")]);
    assert_eq!(writes(&asked[3].body), [write(false, "TOWN#topic", "t1")]);
}

#[tokio::test]
async fn every_name_in_an_expression_is_given_and_no_other() {
    let stub = Stub::answering((0..4).map(|_| ok(json!({})))).await;
    store(&stub).apply(Revision::NONE, &[put("topic", "t1")]).await.unwrap();
    for asked in stub.asked().await.iter().filter(|asked| asked.operation == "UpdateItem") {
        let expressions = format!("{} {}", asked.body["UpdateExpression"], asked.body["ConditionExpression"]);
        let used = |sign| -> BTreeSet<String> {
            let words = expressions.split(|c: char| !c.is_alphanumeric() && c != '#' && c != ':');
            words.filter(|word| word.starts_with(sign)).map(str::to_owned).collect()
        };
        let given = |field: &str| asked.body[field].as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
        assert_eq!(used('#'), given("ExpressionAttributeNames"));
        assert_eq!(used(':'), given("ExpressionAttributeValues"));
        assert_eq!(asked.body["ConditionExpression"], "attribute_not_exists(#revision)");
    }
}

#[tokio::test]
async fn what_was_loaded_is_read_again_page_after_page() {
    let stub = Stub::answering((0..3).map(|_| ok(json!({})))).await;
    let records = [record("topic", "t1"), record("topic", "t2"), record("topic", "t3")];
    let changes = records.clone().map(TownChange::Put);
    store(&stub).apply(Revision::NONE, &changes).await.unwrap();
    let batch = stub.asked().await[1].body["RequestItems"][TABLE].clone();
    let items: Vec<_> = batch.as_array().unwrap().iter().map(|request| request["PutRequest"]["Item"].clone()).collect();

    let last = json!({"PK": {"S": "TOWN#topic"}, "SK": {"S": "t2"}});
    let first_page = ok(json!({"Items": items[..2], "LastEvaluatedKey": last}));
    let stub = Stub::answering([state(Some(1), &["topic"]), first_page, ok(json!({"Items": items[2..]}))]).await;
    assert_eq!(store(&stub).read().await.unwrap(), (Revision(1), records.to_vec()));
    let asked = stub.asked().await;
    assert!(asked.iter().all(|asked| asked.body["ConsistentRead"] == true));
    assert_eq!(asked[1].body["ExpressionAttributeValues"][":pk"]["S"], "TOWN#topic");
    assert!(asked[1].body.get("ExclusiveStartKey").is_none());
    assert_eq!(asked[2].body["ExclusiveStartKey"], last);
}

#[tokio::test]
async fn another_load_meanwhile_is_a_lost_race_before_and_after_writing() {
    let lost = || error(400, "ConditionalCheckFailedException");
    let stub = Stub::answering([lost()]).await;
    assert_eq!(store(&stub).apply(Revision(1), &[put("topic", "t1")]).await.unwrap(), Applied::Raced);
    assert_eq!(stub.operations().await, ["UpdateItem"], "nothing was written");

    let stub = Stub::answering([ok(json!({})), ok(json!({})), lost()]).await;
    assert_eq!(store(&stub).apply(Revision(1), &[put("topic", "t1")]).await.unwrap(), Applied::Raced);
}

#[tokio::test]
async fn what_a_batch_left_unwritten_is_written_again_and_not_for_ever() {
    let left = json!({TABLE: [{"DeleteRequest": {"Key": {"PK": {"S": "TOWN#topic"}, "SK": {"S": "t2"}}}}]});
    let partly = || ok(json!({"UnprocessedItems": left}));
    let stub = Stub::answering([ok(json!({})), partly(), ok(json!({})), ok(json!({}))]).await;
    let changes = [put("topic", "t1"), remove("topic", "t2")];
    assert_eq!(store(&stub).apply(Revision(1), &changes).await.unwrap(), Applied::Done(Revision(2)));
    let asked = stub.asked().await;
    assert_eq!(writes(&asked[2].body), [(false, "TOWN#topic".to_owned(), "t2".to_owned())]);

    let stub = Stub::answering([ok(json!({}))].into_iter().chain((0..5).map(|_| partly()))).await;
    assert_eq!(store(&stub).apply(Revision(1), &changes).await.unwrap_err().kind, Kind::Throttled);
    let operations = stub.operations().await;
    assert_eq!(operations.len(), 6, "bounded");
    assert_eq!(operations.last().unwrap(), "BatchWriteItem", "the revision stays as it was");
}

#[tokio::test]
async fn a_load_of_nothing_still_counts() {
    let stub = Stub::answering([ok(json!({}))]).await;
    assert_eq!(store(&stub).apply(Revision(1), &[]).await.unwrap(), Applied::Done(Revision(2)));
}
