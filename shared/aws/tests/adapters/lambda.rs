//! The way in: recorded events of a queue, as Lambda delivers them.

use std::sync::Mutex;

use app::error::{Error, Kind};
use aws::lambda::handle_batch;
use aws_lambda_events::event::sqs::SqsEvent;

fn event(text: &str) -> SqsEvent {
    serde_json::from_str(text).unwrap()
}

/// Handles a batch whose bodies say what becomes of them; gives what was tried, in order, and what must come again.
async fn run(event: SqsEvent) -> (Vec<String>, Vec<String>) {
    let tried = Mutex::new(Vec::new());
    let handler = |body: String| {
        tried.lock().unwrap().push(body.clone());
        async move {
            tokio::task::yield_now().await;
            match body.as_str() {
                "panic" => panic!("as the test says"),
                "transient" => Err(Error::new(Kind::Transient, "handle", "as the test says")),
                "poison" => Err(Error::new(Kind::Permanent, "handle", "as the test says")),
                _ => Ok(()),
            }
        }
    };
    let response = handle_batch(event, handler).await;
    let mut failures: Vec<_> =
        response.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect();
    failures.sort();
    (tried.into_inner().unwrap(), failures)
}

fn fifo() -> serde_json::Value {
    serde_json::from_str(include_str!("../events/inbox-batch.json")).unwrap()
}

/// The recorded batch with other bodies: m1 and m3 of one resident, m2 and m5 of another, m4 of a third.
fn with_bodies(bodies: [&str; 5]) -> SqsEvent {
    let mut recorded = fifo();
    for (record, body) in recorded["Records"].as_array_mut().unwrap().iter_mut().zip(bodies) {
        record["body"] = body.into();
    }
    serde_json::from_value(recorded).unwrap()
}

#[tokio::test]
async fn a_recorded_batch_is_handled_record_by_record() {
    let (tried, failures) = run(serde_json::from_value(fifo()).unwrap()).await;
    assert_eq!(tried.len(), 5);
    assert!(tried.iter().any(|body| body.contains("かんでんち")), "{tried:?}");
    assert_eq!(failures, [""; 0]);
}

#[tokio::test]
async fn a_failure_stops_its_own_group_only() {
    for bad in ["transient", "poison", "panic"] {
        let (mut tried, failures) = run(with_bodies([bad, "a", "later", "b", "c"])).await;
        tried.sort();
        assert_eq!(tried, {
            let mut expected = vec!["a", "b", "c", bad];
            expected.sort_unstable();
            expected
        });
        assert_eq!(failures, ["m1", "m3"], "{bad}");
    }
    let (tried, failures) = run(with_bodies(["first", "x", "poison", "y", "z"])).await;
    assert_eq!(tried.len(), 5);
    assert_eq!(failures, ["m3"], "what was done before in the group stays done");
}

#[tokio::test]
async fn if_all_fail_all_come_again() {
    let (tried, failures) = run(with_bodies(["poison"; 5])).await;
    assert_eq!(tried.len(), 3, "one of each group");
    assert_eq!(failures, ["m1", "m2", "m3", "m4", "m5"]);
}

#[tokio::test]
async fn within_a_group_the_order_holds() {
    let (tried, _) = run(with_bodies(["a1", "b1", "a2", "c1", "b2"])).await;
    let place = |body: &str| tried.iter().position(|tried| tried == body).unwrap();
    assert!(place("a1") < place("a2") && place("b1") < place("b2"), "{tried:?}");
}

#[tokio::test]
async fn groups_do_not_wait_for_one_another() {
    let (running, most) = (Mutex::new(0), Mutex::new(0));
    let handler = |_| async {
        *running.lock().unwrap() += 1;
        tokio::task::yield_now().await;
        let now_running = *running.lock().unwrap();
        let mut most = most.lock().unwrap();
        *most = now_running.max(*most);
        *running.lock().unwrap() -= 1;
        Ok(())
    };
    handle_batch(with_bodies(["a"; 5]), handler).await;
    assert_eq!(*most.lock().unwrap(), 3, "one of each group at a time");
}

#[tokio::test]
async fn records_of_a_standard_queue_stand_alone() {
    let (tried, failures) = run(event(include_str!("../events/standard-batch.json"))).await;
    assert_eq!(tried, ["poison", "{\"n\":2}"]);
    assert_eq!(failures, ["s1"]);
}

#[tokio::test]
async fn odd_records_fail_no_others() {
    // Without a body; without an id, which Lambda takes for the whole batch, so it has to succeed or all come again.
    let odd = r#"{"Records": [{"messageId": "n1"}, {"messageId": "n2", "body": "poison", "attributes": null}, {"body": "fine"}]}"#;
    let (tried, failures) = run(event(odd)).await;
    assert_eq!(tried, ["", "poison", "fine"]);
    assert_eq!(failures, ["n2"]);
    assert_eq!(run(event(r#"{"Records": []}"#)).await, (vec![], vec![]));
}
