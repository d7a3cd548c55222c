//! The dead-letter queue: what a function puts into it, and what it is told when that fails.

use app::error::Kind;
use app::ports::{DeadLetter, DeadLetters as _};
use aws::dead_letters::SqsDeadLetters;
use serde_json::{Value, json};

use crate::stub::{Stub, error, ok};

const URL: &str = "https://sqs.ap-northeast-1.amazonaws.com/123456789012/city-inbox-dead-letters.fifo";

fn letter(group: Option<&str>) -> DeadLetter {
    DeadLetter {
        id: "m1".to_owned(),
        group: group.map(str::to_owned),
        body: "{\"n\":1}".to_owned(),
        why: "open-a-letter".to_owned(),
    }
}

#[tokio::test]
async fn a_letter_keeps_its_body_and_group_and_says_why_it_is_here() {
    let stub = Stub::answering([ok(json!({"MessageId": "d1"}))]).await;
    SqsDeadLetters::new(&stub.clients(), URL.to_owned()).put(&letter(Some("U1"))).await.unwrap();
    assert_eq!(stub.operations().await, ["SendMessage"]);
    let sent = stub.asked().await.remove(0).body;
    assert_eq!(
        sent,
        json!({
            "QueueUrl": URL,
            "MessageBody": "{\"n\":1}",
            "MessageGroupId": "U1",
            "MessageDeduplicationId": "m1",
            "MessageAttributes": { "why": { "DataType": "String", "StringValue": "open-a-letter" } },
        })
    );
}

#[tokio::test]
async fn a_standard_queue_is_given_no_group() {
    let stub = Stub::answering([ok(json!({"MessageId": "d1"}))]).await;
    SqsDeadLetters::new(&stub.clients(), URL.to_owned()).put(&letter(None)).await.unwrap();
    let sent = stub.asked().await.remove(0).body;
    assert_eq!((&sent["MessageGroupId"], &sent["MessageDeduplicationId"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn a_letter_that_is_not_taken_is_an_error() {
    let stub = Stub::answering((0..3).map(|_| error(500, "InternalError"))).await;
    let queue = SqsDeadLetters::new(&stub.clients(), URL.to_owned());
    assert_eq!(queue.put(&letter(Some("U1"))).await.unwrap_err().kind, Kind::Transient);
    let stub = Stub::answering([error(400, "InvalidParameterValue")]).await;
    let queue = SqsDeadLetters::new(&stub.clients(), URL.to_owned());
    assert_eq!(queue.put(&letter(Some("U1"))).await.unwrap_err().kind, Kind::Permanent);
}
