//! The queues of sending: each lane its own, ten messages a call, and a run taken by hand.

use app::error::Kind;
use app::ports::broadcasts::{PartKey, RunKey, SendingQueues, TakenRun};
use aws::sending_queues::{LaneUrls, SqsSendingQueues};
use domain::broadcast::Lane;
use domain::ids::BroadcastId;
use domain::sending::janitor::QueueLooks;
use serde_json::{Value, json};

use crate::stub::{Answer, Stub, error, ok};

fn urls(kind: &str) -> LaneUrls {
    let url = |lane: &str| format!("https://sqs.ap-northeast-1.amazonaws.com/1/city-{lane}-{kind}");
    LaneUrls { emergency: url("emergency"), routine: url("routine") }
}

fn queues(stub: &Stub) -> SqsSendingQueues {
    SqsSendingQueues::new(&stub.clients(), Some(urls("parts")), Some(urls("runs")))
}

fn id() -> BroadcastId {
    "0199aaaa-0000-7000-8000-000000000001".parse().unwrap()
}

fn run(lane: Lane, run: u16) -> RunKey {
    RunKey { broadcast: id(), lane, part: 3, run }
}

fn body(lane: &str, run: u16) -> String {
    format!(r#"{{"v":1,"broadcast":"{}","lane":"{lane}","part":3,"run":{run}}}"#, id())
}

fn taken_all(size: usize) -> Answer {
    let taken: Vec<_> =
        (0..size).map(|id| json!({"Id": id.to_string(), "MessageId": "m", "MD5OfMessageBody": "x"})).collect();
    ok(json!({ "Successful": taken, "Failed": [] }))
}

fn received(body: &str) -> Answer {
    ok(
        json!({"Messages": [{"MessageId": "m", "ReceiptHandle": "receipt", "Body": body, "MD5OfBody": md5_is_not_checked()}]}),
    )
}

/// The SDK compares no digest of what it receives.
fn md5_is_not_checked() -> &'static str {
    "00000000000000000000000000000000"
}

#[tokio::test]
async fn runs_go_to_the_queue_of_their_lane_ten_at_a_time_with_their_delay() {
    let stub = Stub::answering([taken_all(1), taken_all(10), taken_all(2)]).await;
    let mut runs: Vec<_> = (0..12).map(|number| run(Lane::Routine, number)).collect();
    runs.insert(5, run(Lane::Emergency, 99));
    queues(&stub).ask_to_send(&runs, 900).await.unwrap();
    let asked = stub.asked().await;
    let url = |index: usize| asked[index].body["QueueUrl"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    assert_eq!([url(0), url(1), url(2)], ["city-emergency-runs", "city-routine-runs", "city-routine-runs"]);
    let entries: Vec<&Value> = asked.iter().flat_map(|asked| asked.body["Entries"].as_array().unwrap()).collect();
    assert_eq!(entries[0]["MessageBody"], body("emergency", 99));
    for (number, entry) in (0..).zip(&entries[1..]) {
        assert_eq!(entry["MessageBody"], body("routine", number));
        assert_eq!(entry["DelaySeconds"], 900);
        assert!(entry["MessageGroupId"].is_null(), "a standard queue has no groups");
    }
}

#[tokio::test]
async fn parts_go_to_queues_of_their_own_and_nothing_is_no_call() {
    let stub = Stub::answering([taken_all(1)]).await;
    queues(&stub).ask_to_freeze(&[], 0).await.unwrap();
    queues(&stub).ask_to_send(&[], 0).await.unwrap();
    assert!(stub.asked().await.is_empty());
    let part = PartKey { broadcast: id(), lane: Lane::Emergency, part: 255 };
    queues(&stub).ask_to_freeze(&[part], 0).await.unwrap();
    let asked = stub.asked().await.remove(0);
    assert!(asked.body["QueueUrl"].as_str().unwrap().ends_with("city-emergency-parts"));
    let expected = format!(r#"{{"v":1,"broadcast":"{}","lane":"emergency","part":255}}"#, id());
    assert_eq!(asked.body["Entries"][0]["MessageBody"], expected);
}

#[tokio::test]
async fn what_is_refused_goes_again_and_what_is_refused_for_good_is_an_error() {
    let refused = |fault: bool| {
        ok(json!({
            "Successful": [{"Id": "0", "MessageId": "m", "MD5OfMessageBody": "x"}],
            "Failed": [{"Id": "1", "Code": "Odd", "SenderFault": fault}],
        }))
    };
    let two = [run(Lane::Routine, 0), run(Lane::Routine, 1)];
    let stub = Stub::answering([refused(false), taken_all(1)]).await;
    queues(&stub).ask_to_send(&two, 0).await.unwrap();
    let again = &stub.asked().await[1].body["Entries"];
    assert_eq!((again.as_array().unwrap().len(), &again[0]["MessageBody"]), (1, &json!(body("routine", 1))));
    let stub = Stub::answering([refused(true)]).await;
    assert_eq!(queues(&stub).ask_to_send(&two, 0).await.unwrap_err().kind, Kind::Permanent);
    let stub = Stub::answering((0..5).map(|_| refused(false))).await;
    assert_eq!(queues(&stub).ask_to_send(&two, 0).await.unwrap_err().kind, Kind::Throttled);
}

#[tokio::test]
async fn a_run_is_taken_without_waiting_and_done_with_by_its_receipt() {
    let stub = Stub::answering([received(&body("routine", 4)), ok(json!({})), ok(json!({}))]).await;
    let queues = queues(&stub);
    let taken = queues.take(Lane::Routine).await.unwrap().unwrap();
    assert_eq!((&taken.run, &taken.receipt[..]), (&run(Lane::Routine, 4), "receipt"));
    queues.done(&taken).await.unwrap();
    assert!(queues.take(Lane::Emergency).await.unwrap().is_none());
    let asked = stub.asked().await;
    assert_eq!((&asked[0].body["MaxNumberOfMessages"], &asked[0].body["WaitTimeSeconds"]), (&json!(1), &json!(0)));
    assert!(asked[0].body["VisibilityTimeout"].is_null(), "the queue's own");
    assert_eq!((&asked[1].operation[..], &asked[1].body["ReceiptHandle"]), ("DeleteMessage", &json!("receipt")));
    assert_eq!(asked[1].body["QueueUrl"], asked[0].body["QueueUrl"]);
    assert!(asked[2].body["QueueUrl"].as_str().unwrap().ends_with("city-emergency-runs"));
}

#[tokio::test]
async fn a_message_that_is_no_run_stays_in_the_queue() {
    for odd in ["", "null", "{\"v\":1}", &body("routine", 4).replace("\"v\":1", "\"v\":2")] {
        let stub = Stub::answering([received(odd)]).await;
        assert_eq!(queues(&stub).take(Lane::Routine).await.unwrap_err().kind, Kind::Permanent, "{odd}");
        assert_eq!(stub.operations().await, ["ReceiveMessage"]);
    }
}

#[tokio::test]
async fn a_queue_is_empty_only_if_all_three_counts_say_so() {
    let counts = |visible: &str, taken: &str, delayed: &str| {
        ok(json!({"Attributes": {
            "ApproximateNumberOfMessages": visible,
            "ApproximateNumberOfMessagesNotVisible": taken,
            "ApproximateNumberOfMessagesDelayed": delayed,
        }}))
    };
    for (answer, looks) in [
        (counts("0", "0", "0"), QueueLooks::Empty),
        (counts("1", "0", "0"), QueueLooks::Busy),
        (counts("0", "2", "0"), QueueLooks::Busy),
        (counts("0", "0", "3"), QueueLooks::Busy),
        (ok(json!({"Attributes": {"ApproximateNumberOfMessages": "0"}})), QueueLooks::Busy),
        (ok(json!({})), QueueLooks::Busy),
    ] {
        let stub = Stub::answering([answer]).await;
        assert_eq!(queues(&stub).looks(Lane::Emergency).await.unwrap(), looks);
        assert!(stub.asked().await[0].body["QueueUrl"].as_str().unwrap().ends_with("city-emergency-runs"));
    }
    let stub = Stub::answering([error(400, "AccessDenied")]).await;
    assert_eq!(queues(&stub).looks(Lane::Emergency).await.unwrap_err().kind, Kind::Transient);
}

#[tokio::test]
async fn who_has_no_such_queue_is_told_so_without_a_call() {
    let stub = Stub::answering([]).await;
    let none = SqsSendingQueues::new(&stub.clients(), None, None);
    let part = PartKey { broadcast: id(), lane: Lane::Routine, part: 0 };
    let taken = TakenRun { run: run(Lane::Routine, 0), receipt: "r".to_owned() };
    let errors = [
        none.ask_to_freeze(&[part], 0).await.unwrap_err(),
        none.ask_to_send(&[run(Lane::Routine, 0)], 0).await.unwrap_err(),
        none.take(Lane::Routine).await.unwrap_err(),
        none.done(&taken).await.unwrap_err(),
        none.looks(Lane::Routine).await.unwrap_err(),
    ];
    assert!(errors.iter().all(|error| error.kind == Kind::Permanent));
    assert!(stub.asked().await.is_empty());
}
