//! Counts of residents in the table: read by partition, kept only by who read last.

use app::ports::residents::{Counted, Cursor, DayCount, Job, PARTITIONS, ResidentCounts};
use app::ports::staff::Written;
use app::ports::{Commit, Conversations, Way};
use aws::Table;
use aws::conversations::TableConversations;
use aws::resident_counts::{HISTORY_LIFE, JOB_LIFE, TableResidentCounts};
use domain::counts::{Seen, Tally};
use domain::ids::ResidentId;
use domain::language::Language;
use domain::resident::{Resident, Stamp, Standing, Switch};
use jiff::Timestamp;
use jiff::civil::date;
use serde_json::{Value, json};

use crate::stub::{Stub, TestClock, cancelled, error, ok};

const NOW: &str = "2026-11-21T03:00:00Z";

fn store(stub: &Stub) -> TableResidentCounts {
    TableResidentCounts::new(Table::new(&stub.clients(), "city".to_owned()), TestClock::at(NOW))
}

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn somebody() -> ResidentId {
    "U4af4980629f3a1c7b2d6e85014cb7d90".parse().unwrap()
}

fn resident() -> Resident {
    let stamp = Stamp { at: now(), event: "e".parse().unwrap() };
    let mut resident = Resident::new(somebody(), stamp.clone());
    resident.settings.set_district(Some("honcho".parse().unwrap()), &stamp);
    resident.settings.set_language(Language::English, &stamp);
    resident.settings.set_topic("crime".parse().unwrap(), Switch::On, &stamp);
    resident.settings.set_child("2024-05".parse().unwrap(), Switch::On, &stamp);
    resident
}

/// The item of a resident as the conversation writes it.
async fn item(resident: &Resident) -> Value {
    let stub = Stub::answering([ok(json!({}))]).await;
    let conversations = TableConversations::new(Table::new(&stub.clients(), "city".to_owned()), TestClock::at(NOW));
    let commit = Commit {
        event: "e".parse().unwrap(),
        resident_id: resident.id.clone(),
        way: Way::Silence,
        resident: Some((resident.clone(), None)),
        erase_resident_at: None,
        conversation: None,
        effects: vec![],
        now: now(),
    };
    conversations.commit(&commit).await.unwrap();
    stub.asked().await[0].body["TransactItems"][1]["Put"]["Item"].clone()
}

/// What DynamoDB gives back for the attributes that are asked for.
fn projected(item: &Value, asked: &Value) -> Value {
    let names = &asked["ExpressionAttributeNames"];
    let mut projected = json!({});
    for path in asked["ProjectionExpression"].as_str().unwrap().split(", ") {
        let path: Vec<&str> = path.split('.').map(|name| names[name].as_str().unwrap()).collect();
        match path[..] {
            [name] if !item[name].is_null() => projected[name] = item[name].clone(),
            [map, name] if !item[map]["M"][name].is_null() => {
                projected[map]["M"][name] = item[map]["M"][name].clone();
            }
            _ => {}
        }
    }
    projected
}

async fn counted(items: Vec<Value>) -> Tally {
    let stub = Stub::answering([ok(json!({"Items": items}))]).await;
    let mut tally = Tally::new(date(2026, 11, 21));
    store(&stub).count(&Cursor::default(), &mut tally, now()).await.unwrap();
    tally
}

#[tokio::test]
async fn a_resident_is_counted_from_the_attributes_that_are_asked_for() {
    let stub = Stub::answering([ok(json!({"Items": []}))]).await;
    let cursor = store(&stub).count(&Cursor::default(), &mut Tally::new(date(2026, 11, 21)), now()).await.unwrap();
    assert_eq!(cursor, Cursor { partition: 1, after: None });
    let asked = stub.asked().await.remove(0);
    assert_eq!(asked.operation, "Query");
    assert_eq!(asked.body["ExpressionAttributeValues"][":pk"]["S"], "RESIDENT#00");
    assert!(asked.body["ConsistentRead"].is_null() || asked.body["ConsistentRead"] == json!(false), "half the price");

    let mut gone = resident();
    gone.stand(Standing::Blocked, &Stamp { at: now(), event: "f".parse().unwrap() });
    let plain = Resident::new(somebody(), Stamp { at: now(), event: "e".parse().unwrap() });
    for resident in [resident(), gone, plain] {
        let item = projected(&item(&resident).await, &asked.body);
        assert!(!item.to_string().contains("2024-05"), "children are not read");
        let mut expected = Tally::new(date(2026, 11, 21));
        expected.add(&Seen::from(&resident));
        assert_eq!(counted(vec![item]).await, expected);
    }
}

#[tokio::test]
async fn a_partition_is_read_page_by_page_and_the_last_ends_it() {
    let last = json!({"PK": {"S": "RESIDENT#4a"}, "SK": {"S": somebody().as_str()}});
    let stub = Stub::answering([ok(json!({"Items": [], "LastEvaluatedKey": last})), ok(json!({"Items": []}))]).await;
    let (store, mut tally) = (store(&stub), Tally::new(date(2026, 11, 21)));
    let first = Cursor { partition: 0x4a, after: None };
    let second = store.count(&first, &mut tally, now()).await.unwrap();
    assert_eq!(second, Cursor { partition: 0x4a, after: Some(somebody()) });
    assert_eq!(store.count(&second, &mut tally, now()).await.unwrap(), Cursor { partition: 0x4b, after: None });
    assert_eq!(stub.asked().await[1].body["ExclusiveStartKey"], last);

    let end = Cursor { partition: PARTITIONS, after: None };
    assert_eq!(store.count(&end, &mut tally, now()).await.unwrap(), end, "there is nothing behind the end");
    assert_eq!(stub.operations().await.len(), 2);
}

#[tokio::test]
async fn an_erased_resident_is_not_counted_and_an_odd_item_stops_the_counting() {
    let mut erased = item(&resident()).await;
    erased["expires"] = json!({"N": now().as_second().to_string()});
    assert_eq!(counted(vec![erased]).await, Tally::new(date(2026, 11, 21)));

    let mut odd = item(&resident()).await;
    odd["v"] = json!({"N": "99"});
    let stub = Stub::answering([ok(json!({"Items": [odd]}))]).await;
    let counted = store(&stub).count(&Cursor::default(), &mut Tally::new(date(2026, 11, 21)), now()).await;
    assert_eq!(counted.unwrap_err().kind, app::error::Kind::Permanent);
}

fn job(finished: Option<Timestamp>) -> Job {
    let mut tally = Tally::new(date(2026, 11, 21));
    tally.add(&Seen::from(&resident()));
    Job { began: now(), finished, next: Cursor { partition: 7, after: Some(somebody()) }, tally }
}

#[tokio::test]
async fn a_job_comes_back_as_it_was_kept_and_is_kept_only_over_what_was_read() {
    let stub = Stub::answering([ok(json!({})), ok(json!({}))]).await;
    assert_eq!(store(&stub).keep(&job(None), None).await.unwrap(), Written::Done);
    assert_eq!(store(&stub).keep(&job(None), Some(4)).await.unwrap(), Written::Done);
    let asked = stub.asked().await;
    let put = |index: usize| asked[index].body["TransactItems"][0]["Put"].clone();
    assert_eq!(put(0)["ConditionExpression"], "attribute_not_exists(PK) OR #expires <= :now");
    assert_eq!(put(1)["ExpressionAttributeValues"][":version"]["N"], "4");
    assert_eq!(put(1)["Item"]["version"]["N"], "5");
    assert_eq!(put(1)["Item"]["expires"]["N"], (now() + JOB_LIFE).as_second().to_string());
    assert_eq!(asked[1].body["TransactItems"].as_array().unwrap().len(), 1, "there is no result yet");

    let stub = Stub::answering([ok(json!({"Item": put(1)["Item"]}))]).await;
    let stored = store(&stub).job().await.unwrap().unwrap();
    assert_eq!((stored.value, stored.version), (job(None), 5));
}

#[tokio::test]
async fn who_was_outrun_keeps_nothing() {
    for faster in ["ConditionalCheckFailed", "TransactionConflict"] {
        let stub = Stub::answering([cancelled(&[faster, "None", "None"])]).await;
        assert_eq!(store(&stub).keep(&job(Some(now())), Some(4)).await.unwrap(), Written::Raced, "{faster}");
    }
    let stub = Stub::answering([error(400, "ValidationException")]).await;
    assert!(store(&stub).keep(&job(None), None).await.is_err());
}

#[tokio::test]
async fn a_finished_job_leaves_its_result_and_that_of_its_day_in_the_same_transaction() {
    let stub = Stub::answering([ok(json!({}))]).await;
    store(&stub).keep(&job(Some(now())), Some(4)).await.unwrap();
    let asked = stub.asked().await.remove(0).body;
    let puts: Vec<Value> =
        asked["TransactItems"].as_array().unwrap().iter().map(|step| step["Put"]["Item"].clone()).collect();
    let keys: Vec<_> = puts.iter().map(|item| item["SK"]["S"].as_str().unwrap()).collect();
    assert_eq!(keys, ["JOB", "LAST", "DAY#2026-11-21"]);
    assert!(puts[1]["expires"].is_null(), "the last result stays");
    assert_eq!(puts[2]["expires"]["N"], (now() + HISTORY_LIFE).as_second().to_string());

    let job = puts[0].clone();
    let stub = Stub::answering([ok(json!({"Item": puts[1]})), ok(json!({"Items": [puts[2], job]}))]).await;
    let tally = self::job(None).tally;
    assert_eq!(store(&stub).last().await.unwrap(), Some(Counted { at: now(), tally }));
    let days = store(&stub).history(date(2026, 10, 22), date(2026, 11, 21)).await.unwrap();
    assert_eq!(days, [DayCount { day: date(2026, 11, 21), following: 1, blocked: 0 }]);
    let asked = stub.asked().await.remove(1).body;
    assert_eq!(asked["ExpressionAttributeValues"][":place"]["S"], "DAY#2026-10-21");
}

#[tokio::test]
async fn before_the_first_count_there_is_nothing() {
    let stub = Stub::answering([ok(json!({})), ok(json!({})), ok(json!({"Items": []}))]).await;
    let store = store(&stub);
    assert_eq!(store.job().await.unwrap(), None);
    assert_eq!(store.last().await.unwrap(), None);
    assert_eq!(store.history(date(2026, 1, 1), date(2026, 2, 1)).await.unwrap(), []);
}
