//! Who blocked the account when: written with the event that says so, and read by time.

use std::ops::Range;
use std::sync::Arc;

use app::ports::unfollows::{KEPT, KEPT_AT_LEAST, PAGE, Unfollow, Unfollows};
use app::ports::{Commit, Committed, Conversations, Way};
use aws::Table;
use aws::conversations::TableConversations;
use aws::unfollows::TableUnfollows;
use domain::conversation::Effect;
use domain::ids::ResidentId;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::memory::{Memory, Served};
use crate::stub::{Stub, TestClock, ok};

/// Two minutes to midnight in Japan.
const BEGAN: &str = "2026-11-21T14:58:00Z";

struct World {
    stub: Stub,
    memory: Arc<Memory>,
}

impl World {
    async fn new() -> Self {
        let memory = Arc::new(Memory::default());
        Self { stub: Stub::served_by(Served(Arc::clone(&memory))).await, memory }
    }

    fn table(&self) -> Table {
        Table::new(&self.stub.clients(), "city".to_owned())
    }

    /// The event of this name says that a resident has left at a time.
    async fn leave(&self, event: &str, number: u32, at: Timestamp) -> Committed {
        self.leave_until(event, number, at, None).await
    }

    /// The same, in a town that erases them at a time.
    async fn leave_until(&self, event: &str, number: u32, at: Timestamp, erase_at: Option<Timestamp>) -> Committed {
        let now = at + SignedDuration::from_secs(90);
        let commit = Commit {
            event: event.parse().unwrap(),
            resident_id: resident(number),
            way: Way::Silence,
            resident: None,
            erase_resident_at: erase_at,
            conversation: None,
            effects: vec![Effect::NoteUnfollow(at)],
            now,
        };
        TableConversations::new(self.table(), TestClock::at(&now.to_string())).commit(&commit).await.unwrap()
    }

    async fn some(&self, within: &Range<Timestamp>, after: Option<&Unfollow>) -> Vec<Unfollow> {
        TableUnfollows::new(self.table()).some(within, after).await.unwrap()
    }
}

fn resident(number: u32) -> ResidentId {
    format!("U{number:032x}").parse().unwrap()
}

fn began() -> Timestamp {
    BEGAN.parse().unwrap()
}

fn later(millis: i64) -> Timestamp {
    began() + SignedDuration::from_millis(millis)
}

fn unfollow(number: u32, at: Timestamp) -> Unfollow {
    Unfollow { at, resident: resident(number) }
}

#[tokio::test]
async fn an_event_is_noted_once_by_the_day_in_japan_at_its_own_time_and_not_for_good() {
    let world = World::new().await;
    assert_eq!(world.leave("e1", 1, later(0)).await, Committed::Done);
    assert_eq!(world.leave("e1", 1, later(0)).await, Committed::Raced, "delivered again");
    assert_eq!(world.leave("e2", 2, later(120_000)).await, Committed::Done);
    let [first, second] = ["UNFOLLOWS#2026-11-21", "UNFOLLOWS#2026-11-22"].map(|day| world.memory.partition(day));
    assert_eq!((first.len(), second.len()), (1, 1));
    assert_eq!(first[0]["SK"]["S"], format!("2026-11-21T14:58:00.000Z#{}", resident(1).as_str()));
    assert_eq!(first[0]["expires"]["N"], (later(0) + KEPT).as_second().to_string());
}

#[tokio::test]
async fn it_goes_with_the_resident_but_not_before_it_is_counted_and_not_later_than_elsewhere() {
    let world = World::new().await;
    let hours = SignedDuration::from_hours;
    assert_eq!(KEPT_AT_LEAST, hours(31), "24 within which they count, 6 for what comes late, 1 until somebody counts");
    let towns = [(0, KEPT_AT_LEAST), (30, KEPT_AT_LEAST), (7 * 24, hours(7 * 24)), (400 * 24, KEPT)];
    for (number, (erased_after, _)) in (1..).zip(towns) {
        let erase_at = Some(began() + hours(erased_after));
        let left = world.leave_until(&format!("e{number}"), number, began(), erase_at).await;
        assert_eq!(left, Committed::Done);
    }
    let items = world.memory.partition("UNFOLLOWS#2026-11-21");
    let ends: Vec<_> = items.iter().map(|item| item["expires"]["N"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ends, towns.map(|(_, kept)| (began() + kept).as_second().to_string()));
}

#[tokio::test]
async fn they_are_read_across_midnight_in_order_and_without_what_is_outside() {
    let world = World::new().await;
    let day = SignedDuration::from_hours(24);
    let times = [later(-1), later(0), later(0), later(500), later(120_000), began() + day, later(86_399_999)];
    for (number, at) in (1..).zip(times) {
        assert_eq!(world.leave(&format!("e{number}"), number, at).await, Committed::Done);
    }
    let window = began()..began() + day;
    let expected = [
        unfollow(2, later(0)),
        unfollow(3, later(0)),
        unfollow(4, later(500)),
        unfollow(5, later(120_000)),
        unfollow(7, later(86_399_999)),
    ];
    assert_eq!(world.some(&window, None).await, expected);
    for (number, after) in expected.iter().enumerate() {
        assert_eq!(world.some(&window, Some(after)).await, expected[number + 1..], "after {number}");
    }
    let asked = world.stub.asked().await.into_iter().filter(|asked| asked.operation == "Query");
    assert!(asked.into_iter().all(|asked| asked.body["ConsistentRead"] == true));
}

#[tokio::test]
async fn a_page_has_an_end_and_the_next_one_goes_on() {
    let many: Vec<Unfollow> = (0..1_005).map(|number| unfollow(number, later(i64::from(number) * 60))).collect();
    let item = |unfollow: &Unfollow| {
        json!({
            "kind": {"S": "unfollow"}, "v": {"N": "1"}, "expires": {"N": "4000000000"},
            "at": {"S": unfollow.at.to_string()}, "resident": {"S": unfollow.resident.as_str()},
        })
    };
    let items = |some: &[Unfollow]| ok(json!({"Items": some.iter().map(item).collect::<Vec<_>>()}));
    let stub = Stub::answering([items(&many[..PAGE]), items(&many[PAGE..])]).await;
    let unfollows = TableUnfollows::new(Table::new(&stub.clients(), "city".to_owned()));
    let window = began()..later(90_000);
    let first = unfollows.some(&window, None).await.unwrap();
    assert_eq!(first, many[..PAGE]);
    assert_eq!(unfollows.some(&window, first.last()).await.unwrap(), many[PAGE..]);
    let asked = stub.asked().await;
    let place = |number: usize| asked[number].body["ExpressionAttributeValues"][":place"]["S"].clone();
    assert_eq!((&asked[0].body["Limit"], place(0)), (&json!(PAGE), json!("2026-11-21T14:58:00.000Z")));
    assert_eq!(place(1), format!("2026-11-21T14:58:59.940Z#{}", resident(999).as_str()));
}
