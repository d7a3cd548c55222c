//! Broadcasts in the table: one transaction for what a broadcast says, what senders are ordered, and who did it.

use std::sync::Arc;

use app::error::Kind;
use app::ports::Versioned;
use app::ports::broadcasts::{Broadcasts, Place, Shelf};
use app::ports::staff::Written;
use aws::Table;
use aws::broadcasts::{BROADCAST_BYTES_MAX, TableBroadcasts};
use domain::audit::{Act, Action, Actor};
use domain::broadcast::audience::Audience;
use domain::broadcast::content::{Content, Message, Wording};
use domain::broadcast::{Broadcast, Draft, Earnest, Lane, Origin, PauseReason, Reach, State, When};
use domain::ids::{BroadcastId, StaffId};
use domain::language::Language;
use domain::sending::account::Account;
use domain::sending::delivery::Order;
use domain::sending::plan::{Plan, Variant};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::memory::{Memory, Served};
use crate::stub::{Stub, cancelled};

struct World {
    stub: Stub,
    memory: Arc<Memory>,
}

impl World {
    async fn new() -> Self {
        let memory = Arc::new(Memory::default());
        Self { stub: Stub::served_by(Served(Arc::clone(&memory))).await, memory }
    }

    fn broadcasts(&self) -> TableBroadcasts {
        TableBroadcasts::new(Table::new(&self.stub.clients(), "city".to_owned()))
    }

    /// Writes a broadcast over whatever is there.
    async fn put(&self, broadcast: &Broadcast) {
        let read = self.broadcasts().find(&broadcast.id).await.unwrap().map(|there| there.version);
        assert_eq!(self.broadcasts().put(broadcast, read, None).await.unwrap(), Written::Done);
    }

    async fn order(&self, broadcast: &Broadcast) -> Order {
        self.broadcasts().order(&broadcast.id, broadcast.lane).await.unwrap()
    }

    async fn shelf(&self, on: Shelf) -> Vec<String> {
        let found = self.broadcasts().on_shelf(on, None, 10).await.unwrap();
        found.into_iter().map(|(place, _)| place.0).collect()
    }
}

fn id(number: u8) -> BroadcastId {
    format!("0199aaaa-0000-7000-8000-{number:012}").parse().unwrap()
}

fn taro() -> StaffId {
    "taro".parse().unwrap()
}

fn noon() -> Timestamp {
    "2026-11-22T03:00:00Z".parse().unwrap()
}

fn later(millis: i64) -> Timestamp {
    noon() + SignedDuration::from_millis(millis)
}

fn draft(number: u8, lane: Lane) -> Broadcast {
    let wording = Wording { messages: vec![Message::Text("断水します".to_owned())] };
    let draft = Draft {
        title: "断水のお知らせ".to_owned(),
        department: "water".parse().unwrap(),
        content: Content { wordings: [(Language::Japanese, wording)].into() },
        audience: Audience::And(vec![Audience::All, Audience::NotReceived(id(9))]),
        lane,
        when: When::AtOnce,
    };
    Broadcast::new(id(number), draft, Earnest::Real, Origin::Staff, taro())
}

fn plan() -> Plan {
    Plan { parts: 2, variants: vec![Variant::new(Language::Japanese, "ab".repeat(32))] }
}

fn sending(number: u8, lane: Lane, since: Timestamp) -> Broadcast {
    let mut broadcast = draft(number, lane);
    let reach = Reach { reached: 10, capped: 0, followers: 1_000 };
    broadcast.state = State::Sending { since, reach, plan: plan(), pause: None };
    broadcast
}

fn act() -> Act {
    Act {
        at: noon(),
        actor: Actor::Staff(taro()),
        action: Action::ImportTown,
        subject: format!("broadcast/{}", id(1)),
        department: None,
        before: String::new(),
        after: "止めました".to_owned(),
    }
}

#[tokio::test]
async fn a_broadcast_comes_back_in_every_state() {
    let world = World::new().await;
    let mut broadcast = draft(1, Lane::Routine);
    let reach = Reach { reached: 10, capped: 0, followers: 1_000 };
    let mut states = vec![broadcast.state.clone()];
    broadcast.ask(&taro(), reach, noon()).unwrap();
    states.push(broadcast.state.clone());
    broadcast.approve(&taro(), plan(), noon(), noon()).unwrap();
    states.push(broadcast.state.clone());
    broadcast.release(noon()).unwrap();
    states.push(broadcast.state.clone());
    broadcast.pause(PauseReason::Quota, noon()).unwrap();
    states.push(broadcast.state.clone());
    broadcast.stop(&taro(), noon()).unwrap();
    states.push(broadcast.state.clone());
    broadcast.close(Account { frozen: 1, stopped: 1, ..Account::default() }, noon()).unwrap();
    states.push(broadcast.state.clone());
    assert_eq!(world.broadcasts().find(&id(1)).await.unwrap(), None);
    for (version, state) in (1..).zip(states) {
        broadcast.state = state;
        world.put(&broadcast).await;
        let expected = Versioned { value: broadcast.clone(), version };
        assert_eq!(world.broadcasts().find(&id(1)).await.unwrap(), Some(expected));
    }
    world.stub.assert_items_read_consistently().await;
}

#[tokio::test]
async fn it_is_written_only_over_what_was_read_with_its_act_or_without() {
    let world = World::new().await;
    let (one, mut other) = (draft(1, Lane::Routine), sending(1, Lane::Emergency, noon()));
    assert_eq!(world.broadcasts().put(&one, None, Some(&act())).await.unwrap(), Written::Done);
    assert_eq!(world.memory.partition("AUDIT#2026-11-22").len(), 1);
    for act in [None, Some(act())] {
        for wrong in [None, Some(2)] {
            assert_eq!(world.broadcasts().put(&other, wrong, act.as_ref()).await.unwrap(), Written::Raced);
        }
    }
    assert_eq!(world.memory.partition("AUDIT#2026-11-22").len(), 1, "nobody did anything");
    assert_eq!(world.order(&other).await, Order::Stop, "nothing of it is written");
    assert!(world.memory.partition("SENDING").is_empty());
    assert_eq!(world.broadcasts().put(&other, Some(1), Some(&act())).await.unwrap(), Written::Done);
    assert_eq!(world.memory.partition("AUDIT#2026-11-22").len(), 2);
    other.title = "別の題".to_owned();
    assert_eq!(world.broadcasts().put(&other, Some(2), None).await.unwrap(), Written::Done);
}

#[tokio::test]
async fn senders_are_ordered_what_the_broadcast_says() {
    let world = World::new().await;
    for lane in [Lane::Routine, Lane::Emergency] {
        let mut broadcast = draft(1, lane);
        assert_eq!(world.order(&broadcast).await, Order::Stop, "there is none");
        world.put(&broadcast).await;
        assert_eq!(world.order(&broadcast).await, Order::Stop, "a draft");
        broadcast.state = sending(1, lane, noon()).state;
        world.put(&broadcast).await;
        assert_eq!(world.order(&broadcast).await, Order::Go);
        broadcast.pause(PauseReason::Quota, noon()).unwrap();
        world.put(&broadcast).await;
        assert_eq!(world.order(&broadcast).await, Order::Rest);
        broadcast.resume().unwrap();
        world.put(&broadcast).await;
        assert_eq!(world.order(&broadcast).await, Order::Go);
        broadcast.stop(&taro(), noon()).unwrap();
        world.put(&broadcast).await;
        assert_eq!(world.order(&broadcast).await, Order::Stop);
        broadcast.close(Account::default(), noon()).unwrap();
        world.put(&broadcast).await;
        assert_eq!(world.order(&broadcast).await, Order::Stop);
        broadcast.state = State::Draft;
        world.put(&broadcast).await;
    }
    let asked = world.stub.asked().await.into_iter().filter(|asked| asked.operation == "BatchGetItem");
    let requests: Vec<_> = asked.map(|asked| asked.body["RequestItems"]["city"].clone()).collect();
    assert!(requests.iter().all(|request| request["ConsistentRead"] == true));
    assert_eq!(requests[0]["Keys"].as_array().unwrap().len(), 2, "both in one call");
}

#[tokio::test]
async fn the_routine_lane_gives_way_until_the_last_emergency_has_ended() {
    let world = World::new().await;
    let routine = sending(1, Lane::Routine, noon());
    let (mut one, mut two) = (sending(2, Lane::Emergency, noon()), sending(3, Lane::Emergency, noon()));
    world.put(&routine).await;
    assert_eq!(world.order(&routine).await, Order::Go);
    world.put(&one).await;
    world.put(&two).await;
    assert_eq!((world.order(&routine).await, world.order(&one).await), (Order::GiveWay, Order::Go));
    one.stop(&taro(), noon()).unwrap();
    world.put(&one).await;
    assert_eq!((world.order(&routine).await, world.order(&one).await), (Order::GiveWay, Order::Stop));
    two.pause(PauseReason::Credentials, noon()).unwrap();
    world.put(&two).await;
    assert_eq!(
        (world.order(&routine).await, world.order(&two).await),
        (Order::Go, Order::Rest),
        "nobody waits for what rests"
    );
    two.close(Account::default(), noon()).unwrap();
    world.put(&two).await;
    assert_eq!(world.order(&routine).await, Order::Go);
    let mut stopped = routine.clone();
    stopped.stop(&taro(), noon()).unwrap();
    world.put(&two).await;
    world.put(&stopped).await;
    assert_eq!(world.order(&stopped).await, Order::Stop, "before it gives way");
}

#[tokio::test]
async fn it_stands_on_one_shelf_and_the_latest_comes_first() {
    let world = World::new().await;
    for number in [1, 3, 2] {
        world.put(&draft(number, Lane::Routine)).await;
    }
    assert_eq!(world.shelf(Shelf::Desk).await, [3, 2, 1].map(|number| id(number).to_string()));
    // Whole seconds and parts of one must sort by time, too.
    for (number, millis) in [(1, 0), (2, 500), (3, 1_000)] {
        world.put(&sending(number, Lane::Routine, later(millis))).await;
    }
    assert!(world.shelf(Shelf::Desk).await.is_empty());
    let places = [(3, "01.000"), (2, "00.500"), (1, "00.000")];
    let places = places.map(|(number, second)| format!("2026-11-22T03:00:{second}Z#{}", id(number)));
    assert_eq!(world.shelf(Shelf::Sending).await, places);

    let before = Place(places[0].clone());
    let next = world.broadcasts().on_shelf(Shelf::Sending, Some(&before), 1).await.unwrap();
    assert_eq!(next, [(Place(places[1].clone()), sending(2, Lane::Routine, later(500)))]);
    let asked = world.stub.asked().await.pop().unwrap();
    assert_eq!((&asked.body["IndexName"], &asked.body["Limit"]), (&json!("GSI1"), &json!(1)));

    let mut approved = draft(4, Lane::Routine);
    approved.ask(&taro(), Reach { reached: 1, capped: 0, followers: 10 }, noon()).unwrap();
    world.put(&approved).await;
    assert_eq!(world.shelf(Shelf::Desk).await, [id(4).to_string()]);
    approved.approve(&taro(), plan(), later(7), noon()).unwrap();
    world.put(&approved).await;
    assert_eq!(world.shelf(Shelf::Due).await, [format!("2026-11-22T03:00:00.007Z#{}", id(4))]);
    let mut stopped = sending(2, Lane::Routine, later(500));
    stopped.stop(&taro(), later(2_000)).unwrap();
    world.put(&stopped).await;
    assert_eq!(world.shelf(Shelf::Sending).await.len(), 3, "until there is an account");
    stopped.close(Account::default(), later(3_000)).unwrap();
    world.put(&stopped).await;
    assert_eq!((world.shelf(Shelf::Sending).await.len(), world.shelf(Shelf::Done).await.len()), (2, 1));
}

#[tokio::test]
async fn what_does_not_fit_into_an_item_is_said_so() {
    let world = World::new().await;
    let mut broadcast = draft(1, Lane::Routine);
    let room = BROADCAST_BYTES_MAX - serde_json::to_vec(&broadcast).unwrap().len();
    broadcast.title.push_str(&"x".repeat(room));
    world.put(&broadcast).await;
    broadcast.title.push('x');
    let error = world.broadcasts().put(&broadcast, Some(1), None).await.unwrap_err();
    assert_eq!(error.kind, Kind::Permanent);
    assert!(error.source.to_string().contains("390001"), "{}", error.source);
}

#[tokio::test]
async fn a_cancelled_transaction_is_a_lost_race_or_a_fault() {
    for (reasons, expected) in [
        (["ConditionalCheckFailed", "None", "None"], Ok(Written::Raced)),
        (["None", "None", "TransactionConflict"], Ok(Written::Raced)),
        (["None", "ThrottlingError", "None"], Err(Kind::Throttled)),
        (["None", "None", "ValidationError"], Err(Kind::Permanent)),
    ] {
        let stub = Stub::answering([cancelled(&reasons)]).await;
        let broadcasts = TableBroadcasts::new(Table::new(&stub.clients(), "city".to_owned()));
        let became = broadcasts.put(&sending(1, Lane::Emergency, noon()), None, None).await;
        assert_eq!(became.map_err(|error| error.kind), expected, "{reasons:?}");
    }
}
