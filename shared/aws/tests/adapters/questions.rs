//! Unanswered questions in the table: read page by page, found by their hash, counted by whoever read last.

use app::ports::staff::Written;
use app::ports::{Month, Questions};
use app::questions::{Counts, hash, key};
use aws::Table;
use aws::conversations::QUESTION_LIFE;
use aws::questions::TableQuestions;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::stub::{Stub, TestClock, cancelled, ok};

const NOW: &str = "2026-11-21T03:00:00Z";

fn store(stub: &Stub) -> TableQuestions {
    TableQuestions::new(Table::new(&stub.clients(), "city".to_owned()), TestClock::at(NOW))
}

fn month() -> Month {
    "2026-11".parse().unwrap()
}

fn place(question: &str, asking: &str) -> String {
    format!("{}#{asking}", hash(&key(question)))
}

fn asking(question: &str, expires: i64) -> Value {
    json!({
        "kind": {"S": "question"}, "v": {"N": "1"}, "question": {"S": question},
        "at": {"S": NOW}, "expires": {"N": expires.to_string()},
    })
}

#[tokio::test]
async fn askings_are_read_page_by_page_after_a_place() {
    let (now, later) = (NOW.parse::<Timestamp>().unwrap().as_second(), 4_000_000_000);
    let last = json!({"PK": {"S": "QUESTION#2026-11"}, "SK": {"S": "ab#1"}});
    let page = json!({"Items": [asking("マグロ", later), asking("いか", now)], "LastEvaluatedKey": last});
    let stub = Stub::answering([ok(page), ok(json!({"Items": []}))]).await;
    let first = store(&stub).asked(month(), None).await.unwrap();
    assert_eq!(first.asked.iter().map(|asked| asked.question.as_str()).collect::<Vec<_>>(), ["マグロ"], "not expired");
    assert_eq!(first.next.as_deref(), Some("ab#1"));
    let rest = store(&stub).asked(month(), first.next.as_deref()).await.unwrap();
    assert_eq!((rest.asked.len(), rest.next), (0, None));
    let asked = stub.asked().await;
    assert_eq!(asked[0].body["ExpressionAttributeValues"], json!({":pk": {"S": "QUESTION#2026-11"}}));
    assert_eq!((&asked[0].body["ExclusiveStartKey"], &asked[1].body["ExclusiveStartKey"]), (&Value::Null, &last));
    assert!(asked[0].body["Limit"].is_null(), "as much as one reading gives");
}

#[tokio::test]
async fn a_question_is_found_by_its_hash_in_any_spelling() {
    let item = |sk: String| json!({"Items": [{"PK": {"S": "QUESTION#2026-11"}, "SK": {"S": sk}}]});
    let found = item(place("マグロ", "0000"));
    let stub = Stub::answering([ok(found), ok(item("ffff#0".to_owned())), ok(json!({"Items": []}))]).await;
    for expected in [true, false, false] {
        assert_eq!(store(&stub).was_asked(month(), &key("まぐろ")).await.unwrap(), expected);
    }
    let asked = &stub.asked().await[0].body;
    assert_eq!(asked["ExpressionAttributeValues"][":place"]["S"], place("まぐろ", ""));
    assert_eq!(asked["Limit"], 1);
}

#[tokio::test]
async fn counts_are_kept_by_who_read_the_last_and_end() {
    let stub = Stub::answering([ok(json!({})), ok(json!({})), cancelled(&["ConditionalCheckFailed"])]).await;
    let questions = store(&stub);
    assert_eq!(questions.counts(month()).await.unwrap(), None);
    let counts = Counts::default();
    assert_eq!(questions.keep_counts(month(), &counts, None).await.unwrap(), Written::Done);
    assert_eq!(questions.keep_counts(month(), &counts, Some(1)).await.unwrap(), Written::Raced);
    let asked = stub.asked().await;
    let put = |index: usize| asked[index].body["TransactItems"][0]["Put"].clone();
    let item = &put(1)["Item"];
    assert_eq!((&item["PK"]["S"], &item["SK"]["S"]), (&json!("QUESTION-COUNTS"), &json!("2026-11")));
    let end = (NOW.parse::<Timestamp>().unwrap() + QUESTION_LIFE).as_second();
    assert_eq!(item["expires"]["N"], end.to_string());
    assert_eq!(put(2)["ExpressionAttributeValues"], json!({":version": {"N": "1"}}));
    let stub = Stub::answering([ok(json!({"Item": item}))]).await;
    let stored = store(&stub).counts(month()).await.unwrap().unwrap();
    assert_eq!((stored.value, stored.version), (counts, 1));
}
