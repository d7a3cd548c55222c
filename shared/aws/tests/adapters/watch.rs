//! What is on its way and what failed: each flow's own queues are asked, and a message goes back whole before it is removed.

use app::error::Kind;
use app::ports::watch::{FailedLetter, Flow, FlowQueues as _, OnTheWay};
use aws::sending_queues::LaneUrls;
use aws::watch::{QueueUrls, SqsFlowQueues, WatchedUrls};
use serde_json::{Value, json};

use crate::stub::{Answer, Asked, Stub, error, ok};

const BASE: &str = "https://sqs.ap-northeast-1.amazonaws.com/123456789012/city-";

fn urls() -> WatchedUrls {
    let url = |name: &str| format!("{BASE}{name}");
    let pair = |name: &str| QueueUrls { queue: url(name), dead_letters: url(&format!("{name}-dead")) };
    let lanes = |what: &str| LaneUrls {
        emergency: url(&format!("emergency-{what}")),
        routine: url(&format!("routine-{what}")),
    };
    WatchedUrls {
        inbox: pair("inbox"),
        photos: pair("photos"),
        notices: pair("notices"),
        changes: pair("changes"),
        parts: lanes("parts"),
        runs: lanes("runs"),
        sending_dead_letters: url("sending-dead"),
    }
}

fn queues(stub: &Stub) -> SqsFlowQueues {
    SqsFlowQueues::new(&stub.clients(), urls())
}

fn counts(waiting: &str, in_hand: &str, delayed: &str) -> Answer {
    ok(json!({"Attributes": {
        "ApproximateNumberOfMessages": waiting,
        "ApproximateNumberOfMessagesNotVisible": in_hand,
        "ApproximateNumberOfMessagesDelayed": delayed,
    }}))
}

/// Which queues were asked, by the ends of their names.
fn asked_of(asked: &[Asked]) -> Vec<&str> {
    asked.iter().map(|asked| asked.body["QueueUrl"].as_str().unwrap().strip_prefix(BASE).unwrap()).collect()
}

fn letter(group: Option<&str>) -> FailedLetter {
    FailedLetter {
        id: "m1".to_owned(),
        group: group.map(str::to_owned),
        body: "{\"n\":1}".to_owned(),
        receipt: "receipt".to_owned(),
    }
}

#[tokio::test]
async fn each_flow_is_counted_in_its_own_queues() {
    for (flow, name) in
        [(Flow::Inbox, "inbox"), (Flow::Photos, "photos"), (Flow::Notices, "notices"), (Flow::Changes, "changes")]
    {
        let stub = Stub::answering([counts("3", "2", "1"), counts("5", "1", "0")]).await;
        let on_the_way = queues(&stub).on_the_way(flow).await.unwrap();
        assert_eq!(on_the_way, OnTheWay { waiting: 3, in_hand: 2, delayed: 1 });
        assert_eq!(queues(&stub).failed(flow).await.unwrap(), 6, "what somebody has just taken lies there, too");
        assert_eq!(asked_of(&stub.asked().await), [name, &format!("{name}-dead")]);
    }
    let four = [counts("1", "0", "0"), counts("10", "1", "0"), counts("100", "0", "1"), counts("1000", "0", "0")];
    let stub = Stub::answering(four.into_iter().chain([counts("7", "0", "0")])).await;
    let on_the_way = queues(&stub).on_the_way(Flow::Sending).await.unwrap();
    assert_eq!(on_the_way, OnTheWay { waiting: 1_111, in_hand: 1, delayed: 1 });
    assert_eq!(queues(&stub).failed(Flow::Sending).await.unwrap(), 7);
    let all = ["emergency-parts", "routine-parts", "emergency-runs", "routine-runs", "sending-dead"];
    assert_eq!(asked_of(&stub.asked().await), all);
}

#[tokio::test]
async fn a_queue_that_says_no_number_is_not_empty() {
    for odd in [json!({}), json!({"Attributes": {"ApproximateNumberOfMessages": "0"}})] {
        let stub = Stub::answering([ok(odd)]).await;
        assert_eq!(queues(&stub).failed(Flow::Inbox).await.unwrap_err().kind, Kind::Transient);
    }
    let stub = Stub::answering([counts("many", "0", "0")]).await;
    assert_eq!(queues(&stub).failed(Flow::Inbox).await.unwrap_err().kind, Kind::Transient);
    let stub = Stub::answering([error(403, "AccessDenied")]).await;
    assert_eq!(queues(&stub).on_the_way(Flow::Sending).await.unwrap_err().kind, Kind::Transient);
}

#[tokio::test]
async fn what_failed_is_taken_with_its_group_ten_at_most() {
    let message = |id: &str, attributes: Value| json!({"MessageId": id, "ReceiptHandle": "receipt", "Body": "{\"n\":1}", "Attributes": attributes});
    let both = [message("m1", json!({"MessageGroupId": "U1"})), message("m2", json!({}))];
    let stub = Stub::answering([ok(json!({ "Messages": both })), ok(json!({}))]).await;
    let taken = queues(&stub).take(Flow::Inbox, 100).await.unwrap();
    assert_eq!(taken, [letter(Some("U1")), FailedLetter { id: "m2".to_owned(), ..letter(None) }]);
    assert!(queues(&stub).take(Flow::Sending, 3).await.unwrap().is_empty());
    let asked = stub.asked().await;
    assert_eq!(asked_of(&asked), ["inbox-dead", "sending-dead"]);
    assert_eq!((&asked[0].body["MaxNumberOfMessages"], &asked[1].body["MaxNumberOfMessages"]), (&json!(10), &json!(3)));
    let first = &asked[0].body;
    assert_eq!(first["MessageSystemAttributeNames"], json!(["MessageGroupId"]));
    assert_eq!((&first["WaitTimeSeconds"], &first["VisibilityTimeout"]), (&json!(1), &json!(30)));
    let stub = Stub::answering([ok(json!({"Messages": [{"MessageId": "m1", "Body": "x"}]}))]).await;
    assert_eq!(queues(&stub).take(Flow::Inbox, 1).await.unwrap_err().kind, Kind::Permanent, "it could not be removed");
}

#[tokio::test]
async fn a_letter_goes_back_under_the_id_it_has_and_is_removed_by_its_receipt() {
    let stub = Stub::answering([ok(json!({"MessageId": "n1"})), ok(json!({})), ok(json!({"MessageId": "n2"}))]).await;
    queues(&stub).hand_back(Flow::Inbox, &letter(Some("U1"))).await.unwrap();
    queues(&stub).remove(Flow::Inbox, &letter(Some("U1"))).await.unwrap();
    queues(&stub).hand_back(Flow::Photos, &letter(None)).await.unwrap();
    assert_eq!(stub.operations().await, ["SendMessage", "DeleteMessage", "SendMessage"]);
    let asked = stub.asked().await;
    assert_eq!(
        asked[0].body,
        json!({
            "QueueUrl": format!("{BASE}inbox"),
            "MessageBody": "{\"n\":1}",
            "MessageGroupId": "U1",
            "MessageDeduplicationId": "m1",
        })
    );
    assert_eq!(asked[1].body, json!({"QueueUrl": format!("{BASE}inbox-dead"), "ReceiptHandle": "receipt"}));
    assert_eq!(asked[2].body, json!({"QueueUrl": format!("{BASE}photos"), "MessageBody": "{\"n\":1}"}));
}

#[tokio::test]
async fn nothing_goes_back_to_four_queues_at_once() {
    let stub = Stub::answering([]).await;
    assert_eq!(queues(&stub).hand_back(Flow::Sending, &letter(None)).await.unwrap_err().kind, Kind::Permanent);
    assert!(stub.asked().await.is_empty());
    let stub = Stub::answering((0..3).map(|_| error(500, "InternalError"))).await;
    assert_eq!(queues(&stub).remove(Flow::Sending, &letter(None)).await.unwrap_err().kind, Kind::Transient);
}
