//! One id from a webhook to its answer, and one from a broadcast to its pages: it stands in each line of the log.

use std::collections::BTreeSet;

use app::error::{Error, Kind};
use app::inbox::Outcome;
use app::ports::{Clock as _, DeadLetter, DeadLetters};
use async_trait::async_trait;
use aws::lambda::{Arrival, MANY_TRIES, handle_batch};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::broadcast::Lane;
use domain::conversation::Deed;
use domain::town::Town;
use hmac::{Hmac, KeyInit as _, Mac as _};
use line::letter::{Opened, open};
use line::webhook::receive;
use serde_json::json;
use sha2::Sha256;
use tests::city::{City, PlatformFault, TableFault};
use tests::log::{Line, Log};
use tests::post::CallFault;

use crate::sending::{approve, city as post_of, id};

const EVENT: &str = "01KAFX5V3W6T1N0ZP8Q2R4S6T8";
const RESIDENT: &str = "U00000000000000000000000000000001";
const SECRET: &str = "the channel's secret";

/// A dead-letter queue that nothing is to come into.
struct Empty;

#[async_trait]
impl DeadLetters for Empty {
    async fn put(&self, letter: &DeadLetter) -> Result<(), Error> {
        Err(Error::new(Kind::Permanent, "bury", letter.why.clone()))
    }
}

fn signature(body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

fn ids<'a>(lines: &'a [Line], field: &str) -> BTreeSet<&'a str> {
    lines.iter().map(|line| line.field(field)).collect()
}

#[tokio::test]
async fn an_event_is_logged_by_one_id_from_the_queue_to_its_end() {
    let city = City::of(Town::default());
    let now = city.clock.now();
    let event = json!({
        "type": "unfollow",
        "mode": "active",
        "webhookEventId": EVENT,
        "timestamp": now.as_millisecond(),
        "deliveryContext": { "isRedelivery": false },
        "source": { "type": "user", "userId": RESIDENT },
    });
    let body = json!({ "destination": "U0", "events": [event] }).to_string();
    let letters = receive(body.as_bytes(), Some(&signature(&body)), &SECRET.into(), now).unwrap();
    let [letter] = &letters[..] else { panic!("{} letters", letters.len()) };
    let attributes = json!({
        "MessageGroupId": letter.group,
        "MessageDeduplicationId": letter.deduplication,
        "ApproximateReceiveCount": "1",
    });
    let record = json!({
        "messageId": "m-1",
        "body": letter.body,
        "attributes": attributes,
        "messageAttributes": {},
        "eventSource": "aws:sqs",
    });
    let inbox = &city.inbox;
    let handler = |arrival: Arrival| async move {
        match open(&arrival.body).map_err(|error| Error::new(Kind::Permanent, "open a letter", error))? {
            Opened::Letter(letter) => inbox.handle(&letter).await.map(drop),
            Opened::SetAside { .. } => Ok(()),
        }
    };
    city.table.fail_loads([TableFault::Throttled]);
    let (log, _guard) = Log::listen();
    for failures in [1, 0] {
        let batch = serde_json::from_value(json!({ "Records": [record.clone()] })).unwrap();
        assert_eq!(handle_batch(batch, &Empty, &handler).await.batch_item_failures.len(), failures);
    }
    let lines = log.lines();
    let messages: Vec<_> = lines.iter().map(|line| line.message.as_str()).collect();
    assert_eq!(messages, ["message failed, will come again", "event handled"]);
    assert_eq!(ids(&lines, "event.id"), BTreeSet::from([EVENT]));
    assert_eq!(letter.deduplication, EVENT, "by which the webhook names it, too");
}

#[tokio::test]
async fn what_comes_again_and_again_is_logged_before_each_further_try() {
    let (log, _guard) = Log::listen();
    for tries in [1, MANY_TRIES - 1, MANY_TRIES, MANY_TRIES + 1] {
        let record = json!({
            "messageId": "m-1",
            "body": "{}",
            "attributes": { "ApproximateReceiveCount": tries.to_string() },
            "messageAttributes": {},
            "eventSource": "aws:sqs",
        });
        let batch = serde_json::from_value(json!({ "Records": [record] })).unwrap();
        let handler = |_: Arrival| async {
            tracing::info!("tried");
            Ok::<(), Error>(())
        };
        assert!(handle_batch(batch, &Empty, handler).await.batch_item_failures.is_empty());
    }
    let lines = log.lines();
    let said: Vec<_> = lines.iter().map(|line| (line.message.as_str(), line.field("tries"))).collect();
    let (tried, again) = (("tried", ""), "message comes again and again");
    assert_eq!(said, [tried, tried, (again, "10"), tried, (again, "11"), tried]);
}

#[tokio::test(start_paused = true)]
async fn whatever_goes_wrong_with_an_answer_each_line_says_of_which_event() {
    let city = City::of(Town::default());
    let resident = RESIDENT.parse().unwrap();
    let letter = city.letter(&resident, 1, Deed::Said("かんでんち".to_owned()));
    let (log, _guard) = Log::listen();
    city.platform.fail([PlatformFault::Throttled; 3]);
    city.table.fail_confirms([TableFault::Throttled]);
    assert!(city.inbox.handle(&letter).await.is_err(), "the reply is not taken");
    assert_eq!(city.inbox.handle(&letter).await.unwrap(), Outcome::Answered);
    let lines = log.lines();
    assert_eq!(ids(&lines, "event.id"), BTreeSet::from([letter.incoming.event.as_str()]));
    let messages = lines.iter().map(|line| line.message.as_str()).collect::<BTreeSet<_>>();
    let expected = ["reply not taken: it goes out as a push", "answer not confirmed", "event handled"];
    assert_eq!(messages, BTreeSet::from(expected));
}

#[tokio::test(start_paused = true)]
async fn a_broadcast_is_logged_by_its_id_down_to_each_page() {
    let (post, functions) = post_of(1_200);
    let (log, _guard) = Log::listen();
    approve(&post, id(1), Lane::Routine, 2).await;
    post.fail_calls([CallFault::Failed]);
    functions.work_until_closed(&id(1), 10).await;
    let lines = log.lines();
    assert_eq!(ids(&lines, "broadcast.id"), BTreeSet::from([id(1).to_string().as_str()]));
    let said = |message: &str, fields: [&str; 2]| -> BTreeSet<(String, String)> {
        let lines = lines.iter().filter(|line| line.message == message);
        lines.map(|line| (line.field(fields[0]).to_owned(), line.field(fields[1]).to_owned())).collect()
    };
    let of = |part: &str, what: &str| (part.to_owned(), what.to_owned());
    assert_eq!(said("broadcast goes", ["lane", ""]).len(), 1);
    assert_eq!(said("part frozen", ["part", ""]), BTreeSet::from([of("0", ""), of("1", "")]));
    assert_eq!(said("run finished", ["part", "run"]), BTreeSet::from([of("0", "0"), of("1", "0")]));
    let page = said("page not accepted", ["page", "answer"]);
    assert_eq!(page.len(), 1);
    assert!(page.iter().all(|(page, answer)| !page.is_empty() && answer == "unclear"));
}
