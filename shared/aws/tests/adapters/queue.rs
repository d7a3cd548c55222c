//! The inbox queue: what goes out, and what becomes of refusals.

use app::error::{Chain, Kind};
use app::ports::{InboxQueue, QueuedLetter};
use aws::queue::SqsInboxQueue;
use serde_json::{Value, json};

use crate::stub::{Answer, Asked, Stub, error, ok};

const URL: &str = "https://sqs.ap-northeast-1.amazonaws.com/123456789012/city-inbox.fifo";

fn letter(n: usize) -> QueuedLetter {
    QueuedLetter { group: format!("U{}", n % 3), deduplication: format!("event-{n}"), body: format!("{{\"n\":{n}}}") }
}

/// The answer to a batch: these entries refused (id, code, whether by the sender's fault), the others taken.
fn taken_but(size: usize, refused: &[(&str, &str, bool)]) -> Answer {
    let taken = (0..size).map(|id| id.to_string()).filter(|id| refused.iter().all(|(refused, ..)| refused != id));
    let taken: Vec<_> = taken.map(|id| json!({"Id": id, "MessageId": "m", "MD5OfMessageBody": "x"})).collect();
    let failed = refused.iter().map(|(id, code, fault)| json!({"Id": id, "Code": code, "SenderFault": fault}));
    ok(json!({"Successful": taken, "Failed": failed.collect::<Vec<_>>()}))
}

fn entries(asked: &Asked) -> Vec<&Value> {
    asked.body["Entries"].as_array().unwrap().iter().collect()
}

async fn put(stub: &Stub, letters: usize) -> Result<(), app::error::Error> {
    let queue = SqsInboxQueue::new(&stub.clients(), URL.to_owned());
    queue.put(&(0..letters).map(letter).collect::<Vec<_>>()).await
}

#[tokio::test]
async fn letters_go_in_order_ten_at_a_time_with_group_and_deduplication() {
    let stub = Stub::answering([taken_but(10, &[]), taken_but(10, &[]), taken_but(3, &[])]).await;
    put(&stub, 23).await.unwrap();
    let asked = stub.asked().await;
    assert_eq!(stub.operations().await, ["SendMessageBatch"; 3]);
    assert!(asked.iter().all(|asked| asked.body["QueueUrl"] == URL));
    let sent: Vec<_> = asked.iter().flat_map(entries).collect();
    assert_eq!(sent.len(), 23);
    for (n, entry) in sent.into_iter().enumerate() {
        let letter = letter(n);
        assert_eq!(entry["MessageBody"], letter.body);
        assert_eq!(entry["MessageGroupId"], letter.group);
        assert_eq!(entry["MessageDeduplicationId"], letter.deduplication);
    }
}

#[tokio::test]
async fn nothing_to_put_is_no_call() {
    let stub = Stub::answering([]).await;
    put(&stub, 0).await.unwrap();
    assert!(stub.asked().await.is_empty());
}

#[tokio::test]
async fn what_is_refused_for_the_moment_goes_again_alone() {
    let throttled = ("1", "ThrottlingException", false);
    let stub = Stub::answering([
        taken_but(3, &[throttled, ("2", "InternalError", false)]),
        // Too fast is the sender's fault, too, and passes.
        taken_but(0, &[("1", "RequestThrottled", true)]),
        taken_but(0, &[]),
    ])
    .await;
    put(&stub, 3).await.unwrap();
    let asked = stub.asked().await;
    let ids: Vec<Vec<_>> =
        asked.iter().map(|asked| entries(asked).iter().map(|entry| entry["Id"].clone()).collect()).collect();
    assert_eq!(ids, [vec!["0", "1", "2"], vec!["1", "2"], vec!["1"]]);
    assert_eq!(
        entries(&asked[2])[0]["MessageDeduplicationId"],
        "event-1",
        "the same letter, for the queue to recognise"
    );
}

#[tokio::test]
async fn what_is_refused_again_and_again_is_an_error() {
    let stub = Stub::answering((0..5).map(|_| taken_but(2, &[("0", "ThrottlingException", false)]))).await;
    let error = put(&stub, 2).await.unwrap_err();
    assert_eq!(error.kind, Kind::Throttled);
    assert_eq!(stub.asked().await.len(), 5, "bounded");
}

#[tokio::test]
async fn a_letter_that_is_refused_for_good_is_an_error_but_its_neighbours_go_out() {
    let stub = Stub::answering([taken_but(10, &[("4", "InvalidMessageContents", true)]), taken_but(2, &[])]).await;
    let error = put(&stub, 12).await.unwrap_err();
    assert_eq!(error.kind, Kind::Permanent);
    assert!(Chain(&error).to_string().contains("InvalidMessageContents"));
    assert_eq!(stub.asked().await.len(), 2, "the second batch went out, the refused letter did not go again");
}

#[tokio::test]
async fn a_failing_queue_is_tried_three_times() {
    let stub = Stub::answering((0..3).map(|_| error(500, "InternalError"))).await;
    assert_eq!(put(&stub, 1).await.unwrap_err().kind, Kind::Transient);
    assert_eq!(stub.asked().await.len(), 3);

    let stub = Stub::answering([error(400, "ThrottlingException"), taken_but(1, &[])]).await;
    put(&stub, 1).await.unwrap();

    let stub = Stub::answering([error(400, "InvalidParameterValue")]).await;
    assert_eq!(put(&stub, 1).await.unwrap_err().kind, Kind::Permanent);
    assert_eq!(stub.asked().await.len(), 1);
}
