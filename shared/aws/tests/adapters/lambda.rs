//! The way in: recorded events of a queue, as Lambda delivers them.

use std::sync::Mutex;

use app::error::{Error, Kind};
use app::ports::{DeadLetter, DeadLetters};
use async_trait::async_trait;
use aws::lambda::{Arrival, handle_batch};
use aws_lambda_events::event::sqs::SqsEvent;
use serde_json::json;

fn event(text: &str) -> SqsEvent {
    serde_json::from_str(text).unwrap()
}

/// A dead-letter queue that takes letters, or none.
#[derive(Default)]
struct Grave {
    letters: Mutex<Vec<DeadLetter>>,
    is_full: bool,
}

#[async_trait]
impl DeadLetters for Grave {
    async fn put(&self, letter: &DeadLetter) -> Result<(), Error> {
        if self.is_full {
            return Err(Error::new(Kind::Transient, "bury", "as the test says"));
        }
        self.letters.lock().unwrap().push(letter.clone());
        Ok(())
    }
}

/// What became of a batch: the bodies that were tried, in order; the ids of what must come again; the dead letters.
struct Became {
    tried: Vec<String>,
    failures: Vec<String>,
    dead: Vec<DeadLetter>,
}

/// Handles a batch whose bodies say what becomes of them.
async fn run(event: SqsEvent) -> Became {
    run_with(event, Grave::default()).await
}

async fn run_with(event: SqsEvent, grave: Grave) -> Became {
    let tried = Mutex::new(Vec::new());
    let handler = |Arrival { body, .. }: Arrival| {
        tried.lock().unwrap().push(body.clone());
        async move {
            tokio::task::yield_now().await;
            match body.as_str() {
                "panic" => panic!("as the test says"),
                "transient" => Err(Error::new(Kind::Transient, "handle", "as the test says")),
                "throttled" => Err(Error::new(Kind::Throttled, "handle", "as the test says")),
                "poison" => Err(Error::new(Kind::Permanent, "open a letter", "as the test says")),
                _ => Ok(()),
            }
        }
    };
    let response = handle_batch(event, &grave, handler).await;
    let mut failures: Vec<_> =
        response.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect();
    failures.sort();
    Became { tried: tried.into_inner().unwrap(), failures, dead: grave.letters.into_inner().unwrap() }
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
    let Became { tried, failures, dead } = run(serde_json::from_value(fifo()).unwrap()).await;
    assert_eq!(tried.len(), 5);
    assert!(tried.iter().any(|body| body.contains("かんでんち")), "{tried:?}");
    assert_eq!((failures.len(), dead.len()), (0, 0));
}

#[tokio::test]
async fn a_failure_that_passes_stops_its_own_group_only() {
    for bad in ["transient", "throttled"] {
        let Became { mut tried, failures, dead } = run(with_bodies([bad, "a", "later", "b", "c"])).await;
        tried.sort();
        assert_eq!(tried, ["a", "b", "c", bad]);
        assert_eq!(failures, ["m1", "m3"], "{bad}");
        assert_eq!(dead, []);
    }
    let Became { tried, failures, .. } = run(with_bodies(["first", "x", "transient", "y", "z"])).await;
    assert_eq!(tried.len(), 5);
    assert_eq!(failures, ["m3"], "what was done before in the group stays done");
}

#[tokio::test]
async fn what_fails_for_good_is_buried_at_once_and_holds_nobody_up() {
    for (bad, why) in [("poison", "open-a-letter"), ("panic", "handle-a-message-without-panicking")] {
        let Became { mut tried, failures, dead } = run(with_bodies([bad, "a", "later", "b", "c"])).await;
        tried.sort();
        let mut all = ["a", "b", "c", "later", bad];
        all.sort_unstable();
        assert_eq!(tried, all, "those behind it are handled too");
        assert_eq!(failures, [""; 0], "{bad}");
        let group = Some("U000000000000000000000000000000a1".to_owned());
        let expected = DeadLetter { id: "m1".to_owned(), group, body: bad.to_owned(), why: why.to_owned() };
        assert_eq!(dead, [expected], "{bad}");
    }
    let Became { failures, dead, .. } = run(with_bodies(["poison", "a", "transient", "b", "panic"])).await;
    assert_eq!((failures, dead.len()), (vec!["m3".to_owned()], 2), "in one group as well as beside another");
}

#[tokio::test]
async fn what_cannot_be_buried_comes_again_and_its_group_after_it() {
    for bad in ["poison", "panic"] {
        let full = Grave { is_full: true, ..Grave::default() };
        let Became { tried, failures, .. } = run_with(with_bodies([bad, "a", "later", "b", "c"]), full).await;
        assert!(!tried.contains(&"later".to_owned()), "{tried:?}");
        assert_eq!(failures, ["m1", "m3"], "{bad}");
    }
}

#[tokio::test]
async fn if_all_fail_all_come_again() {
    let Became { tried, failures, .. } = run(with_bodies(["transient"; 5])).await;
    assert_eq!(tried.len(), 3, "one of each group");
    assert_eq!(failures, ["m1", "m2", "m3", "m4", "m5"]);
}

#[tokio::test]
async fn within_a_group_the_order_holds() {
    let Became { tried, .. } = run(with_bodies(["a1", "b1", "a2", "c1", "b2"])).await;
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
    handle_batch(with_bodies(["a"; 5]), &Grave::default(), handler).await;
    assert_eq!(*most.lock().unwrap(), 3, "one of each group at a time");
}

#[tokio::test]
async fn records_of_a_standard_queue_stand_alone() {
    let Became { tried, failures, dead } = run(event(include_str!("../events/standard-batch.json"))).await;
    assert_eq!(tried, ["poison", "{\"n\":2}"]);
    assert_eq!(failures, [""; 0]);
    assert_eq!((dead.len(), &dead[0].group), (1, &None));
}

#[tokio::test]
async fn a_record_says_when_it_was_put_into_the_queue() {
    let seen = Mutex::new(Vec::new());
    let handler = |Arrival { body, sent_at }: Arrival| {
        seen.lock().unwrap().push((body, sent_at.map(|at| at.to_string())));
        async { Ok(()) }
    };
    let record = |body: &str, sent: serde_json::Value| json!({ "messageId": body, "body": body, "attributes": sent });
    let records = [
        record("1", json!({ "SentTimestamp": "1795230000123" })),
        record("2", json!({})),
        record("3", json!({ "SentTimestamp": "yesterday" })),
        record("4", json!({ "SentTimestamp": "99999999999999999" })),
    ];
    handle_batch(serde_json::from_value(json!({ "Records": records })).unwrap(), &Grave::default(), handler).await;
    let mut seen = seen.into_inner().unwrap();
    seen.sort();
    let body = |body: &str, at: Option<&str>| (body.to_owned(), at.map(str::to_owned));
    let at = Some("2026-11-21T03:00:00.123Z");
    assert_eq!(seen, [body("1", at), body("2", None), body("3", None), body("4", None)]);
}

#[tokio::test]
async fn odd_records_fail_no_others() {
    // Without a body; without an id, which Lambda takes for the whole batch, so it has to succeed or all come again.
    let odd = r#"{"Records": [{"messageId": "n1"}, {"messageId": "n2", "body": "throttled", "attributes": null}, {"body": "fine"}]}"#;
    let Became { tried, failures, .. } = run(event(odd)).await;
    assert_eq!(tried, ["", "throttled", "fine"]);
    assert_eq!(failures, ["n2"]);
    let Became { tried, failures, .. } = run(event(r#"{"Records": []}"#)).await;
    assert!(tried.is_empty() && failures.is_empty());
}
