//! Unanswered questions in the table: read page by page, found by their hash, counted by whoever read last.

use app::ports::staff::Written;
use app::ports::{Handling, How, Month, Questions};
use app::questions::{Counts, hash, key};
use aws::Table;
use aws::conversations::QUESTION_LIFE;
use aws::questions::TableQuestions;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::audit::{act, key as key_of, latest, transactions};
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

/// Two who count at once: DynamoDB lets one wait, and what the other kept is read.
#[tokio::test]
async fn counts_that_meet_others_on_their_way_are_raced() {
    let stub = Stub::answering([cancelled(&["TransactionConflict"])]).await;
    assert_eq!(store(&stub).keep_counts(month(), &Counts::default(), Some(1)).await.unwrap(), Written::Raced);
}

fn decision() -> Handling {
    let how = How::Answered("maguro".parse().unwrap());
    let (question, by) = ("まぐろ".to_owned(), "hanako".parse().unwrap());
    Handling { key: key("マグロ"), question, how, by, at: "2026-11-20T03:00:00.25Z".parse().unwrap() }
}

#[tokio::test]
async fn a_decision_is_kept_beside_its_act_by_who_saw_the_last_one() {
    let raced = || cancelled(&["ConditionalCheckFailed", "None", "None"]);
    let stub = Stub::answering([latest(&[]), ok(json!({})), latest(&[]), ok(json!({})), latest(&[]), raced()]).await;
    let (questions, decision) = (store(&stub), decision());
    assert_eq!(questions.handle(&decision, None, &act(NOW)).await.unwrap(), Written::Done);
    let seen = Some(decision.at);
    assert_eq!(questions.handle(&decision, seen, &act(NOW)).await.unwrap(), Written::Done);
    assert_eq!(questions.handle(&decision, seen, &act(NOW)).await.unwrap(), Written::Raced);
    let steps = transactions(&stub).await;
    let (first, second) = (&steps[0][0]["Put"], &steps[1][0]["Put"]);
    assert_eq!(key_of(&steps[0][0]), format!("QUESTION-HANDLED / {}", hash(&decision.key)));
    assert_eq!((steps[0].len(), key_of(&steps[0][1])), (3, "AUDIT#2026-11-21 / 000000000001".to_owned()));
    assert_eq!(first["ConditionExpression"], "attribute_not_exists(PK) OR #expires <= :now");
    assert_eq!(second["ConditionExpression"], "#handling.#at = :at");
    assert_eq!(second["ExpressionAttributeNames"], json!({"#handling": "handling", "#at": "at"}));
    assert_eq!(second["ExpressionAttributeValues"], json!({":at": {"S": "2026-11-20T03:00:00.25Z"}}));
    let item = &first["Item"];
    assert_eq!(item["handling"]["M"]["at"]["S"], "2026-11-20T03:00:00.25Z", "the same form as in the condition");
    assert_eq!(item["expires"]["N"], (decision.at + QUESTION_LIFE).as_second().to_string());
    let mut ended = item.clone();
    ended["expires"]["N"] = json!("1");
    let stub = Stub::answering([ok(json!({"Items": [item, ended]}))]).await;
    assert_eq!(store(&stub).handled().await.unwrap(), [decision], "but none that has ended");
    assert_eq!(stub.asked().await[0].body["ExpressionAttributeValues"][":pk"]["S"], "QUESTION-HANDLED");
}

#[tokio::test]
async fn a_decision_is_taken_back_only_as_it_was_seen() {
    let raced = cancelled(&["ConditionalCheckFailed", "None", "None"]);
    let stub = Stub::answering([latest(&[]), ok(json!({})), latest(&[]), raced]).await;
    let (questions, decision) = (store(&stub), decision());
    assert_eq!(questions.reopen(&decision.key, decision.at, &act(NOW)).await.unwrap(), Written::Done);
    assert_eq!(questions.reopen(&decision.key, decision.at, &act(NOW)).await.unwrap(), Written::Raced);
    let steps = &transactions(&stub).await[0];
    assert_eq!((key_of(&steps[0]), steps.len()), (format!("QUESTION-HANDLED / {}", hash(&decision.key)), 3));
    let delete = &steps[0]["Delete"];
    assert_eq!(delete["ConditionExpression"], "#handling.#at = :at");
    assert_eq!(delete["ExpressionAttributeValues"], json!({":at": {"S": "2026-11-20T03:00:00.25Z"}}));
}
