//! Countings of whom broadcasts would reach, in the table: kept by who read the last, and forgotten after a day.

use app::broadcast::reach::Counted;
use app::ports::broadcasts::{ReachCount, ReachCounts};
use app::ports::staff::Written;
use aws::Table;
use aws::reach_counts::{COUNT_KEPT, TableReachCounts};
use domain::ids::BroadcastId;
use serde_json::json;

use crate::stub::{Stub, TestClock, cancelled, ok};

const NOW: &str = "2026-11-21T03:00:00Z";

fn store(stub: &Stub) -> TableReachCounts {
    TableReachCounts::new(Table::new(&stub.clients(), "city".to_owned()), TestClock::at(NOW))
}

fn broadcast() -> BroadcastId {
    "0199f000-0000-7000-8000-000000000001".parse().unwrap()
}

fn count() -> ReachCount {
    let began = NOW.parse().unwrap();
    ReachCount { of: "all of it".to_owned(), began, next: 3, counted: Counted::default() }
}

#[tokio::test]
async fn a_counting_is_kept_by_who_read_the_last() {
    let (raced, met) = (cancelled(&["ConditionalCheckFailed"]), cancelled(&["TransactionConflict"]));
    let stub = Stub::answering([ok(json!({})), raced, met]).await;
    for (read, written) in [(None, Written::Done), (Some(1), Written::Raced), (Some(1), Written::Raced)] {
        assert_eq!(store(&stub).keep(&broadcast(), &count(), read).await.unwrap(), written);
    }
    let asked = stub.asked().await;
    let put = |index: usize| asked[index].body["TransactItems"][0]["Put"].clone();
    assert_eq!(put(0)["ConditionExpression"], "attribute_not_exists(PK) OR #expires <= :now");
    assert_eq!(put(1)["ExpressionAttributeValues"], json!({":version": {"N": "1"}}));
    let item = &put(0)["Item"];
    assert_eq!(item["SK"]["S"], "COUNT");
    assert_eq!(item["expires"]["N"], (count().began + COUNT_KEPT).as_second().to_string());
    let stub = Stub::answering([ok(json!({"Item": item})), ok(json!({}))]).await;
    let stored = store(&stub).find(&broadcast()).await.unwrap().unwrap();
    assert_eq!((stored.value, stored.version), (count(), 1));
    assert_eq!(store(&stub).find(&broadcast()).await.unwrap(), None);
}
