//! The import of the friends from before: one item, and residents who are written only where nobody is.

use std::sync::Arc;

use app::ports::Conversations;
use app::ports::Versioned;
use app::ports::followers::{Failure, Imports, Job, Onward, Seen, Stage};
use app::ports::staff::Written;
use aws::Table;
use aws::conversations::TableConversations;
use aws::followers::TableImports;
use domain::audit::{Act, Action, Actor};
use domain::ids::{EventId, ResidentId};
use domain::resident::{BEFORE_ALL, Resident, Stamp, Standing};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::memory::{Memory, Served};
use crate::stub::{Stub, TestClock, error, ok};

const NOW: &str = "2026-11-22T03:00:00Z";
const TABLE: &str = "city";

struct World {
    stub: Stub,
    memory: Arc<Memory>,
    clock: Arc<TestClock>,
}

impl World {
    async fn new() -> Self {
        let memory = Arc::new(Memory::default());
        let stub = Stub::served_by(Served(Arc::clone(&memory))).await;
        Self { stub, memory, clock: TestClock::at(NOW) }
    }

    fn imports(&self) -> TableImports {
        TableImports::new(Table::new(&self.stub.clients(), TABLE.to_owned()), self.clock.clone())
    }

    async fn resident(&self, id: &ResidentId) -> Option<Versioned<Resident>> {
        let table = Table::new(&self.stub.clients(), TABLE.to_owned());
        let conversations = TableConversations::new(table, self.clock.clone());
        conversations.load(id, &event("nothing")).await.unwrap().resident
    }
}

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn event(name: &str) -> EventId {
    name.parse().unwrap()
}

fn id(number: u8) -> ResidentId {
    format!("U{number:02x}{number:030x}").parse().unwrap()
}

fn listed(number: u8) -> Resident {
    Resident::listed(id(number), event("import-1"))
}

fn job() -> Job {
    Job {
        by: "aoki".parse().unwrap(),
        began: now(),
        event: event("import-1"),
        stage: Stage::Going,
        next: Some(Onward("on+ward=".to_owned())),
        seen: Seen { friends: 1_000, new: 998, odd: 1 },
        anew: 1,
        moved: now(),
        claimed_until: Some(now()),
    }
}

#[tokio::test]
async fn an_import_comes_back_whole_in_every_stage_and_is_written_over_what_was_read() {
    let world = World::new().await;
    let imports = world.imports();
    assert_eq!(imports.job().await.unwrap(), None);
    let stages =
        [Stage::Going, Stage::Finished(now()), Stage::Failed(Failure::NotAllowed), Stage::Failed(Failure::Refused)];
    for (version, stage) in (0..).zip(stages) {
        let job = Job { stage, ..job() };
        let read = (0 < version).then_some(version);
        assert_eq!(imports.keep(&job, read, None).await.unwrap(), Written::Done);
        assert_eq!(imports.job().await.unwrap(), Some(Versioned { value: job, version: version + 1 }));
    }
    for stale in [None, Some(3), Some(5)] {
        assert_eq!(imports.keep(&job(), stale, None).await.unwrap(), Written::Raced);
    }
    assert_eq!(imports.job().await.unwrap().unwrap().version, 4);
    world.stub.assert_items_read_consistently().await;
}

#[tokio::test]
async fn an_import_and_the_act_that_began_it_are_written_together_or_not_at_all() {
    let world = World::new().await;
    let act = Act {
        at: now(),
        actor: Actor::Staff("aoki".parse().unwrap()),
        action: Action::ImportFollowers,
        subject: String::new(),
        department: None,
        before: String::new(),
        after: "{}".to_owned(),
    };
    assert_eq!(world.imports().keep(&job(), None, Some(&act)).await.unwrap(), Written::Done);
    assert_eq!(world.imports().keep(&job(), None, Some(&act)).await.unwrap(), Written::Raced);
    assert_eq!(world.memory.partition("AUDIT#2026-11-22").len(), 1);
    assert_eq!(world.memory.partition("FOLLOWERS").len(), 1);
}

#[tokio::test]
async fn whoever_is_unknown_is_kept_and_found_by_the_next_event_as_any_resident() {
    let world = World::new().await;
    let new = [listed(1), listed(2)];
    assert_eq!(world.imports().welcome(&new, &event("import-1")).await.unwrap(), 2);
    for resident in new {
        let stored = world.resident(&resident.id).await.unwrap();
        assert_eq!((stored.version, stored.value.since), (1, BEFORE_ALL));
        assert_eq!(stored.value, resident);
    }
    assert_eq!(world.imports().welcome(&[], &event("import-1")).await.unwrap(), 0);
}

#[tokio::test]
async fn the_same_import_again_counts_its_own_and_another_one_does_not() {
    let world = World::new().await;
    let all: Vec<Resident> = (1..=100).map(listed).collect();
    assert_eq!(world.imports().welcome(&all[..60], &event("import-1")).await.unwrap(), 60);
    assert_eq!(world.imports().welcome(&all, &event("import-1")).await.unwrap(), 100, "60 of them an attempt before");
    let later: Vec<Resident> = all.iter().map(|it| Resident::listed(it.id.clone(), event("import-2"))).collect();
    assert_eq!(world.imports().welcome(&later, &event("import-2")).await.unwrap(), 0);
    assert_eq!(world.resident(&id(7)).await.unwrap().value, all[6]);
}

#[tokio::test]
async fn nobody_who_is_known_is_touched_and_whoever_is_erased_is_unknown() {
    let world = World::new().await;
    let imports = world.imports();
    let residents = [listed(1), listed(2), listed(3)];
    imports.welcome(&residents, &event("import-1")).await.unwrap();
    let set = |sk: &ResidentId, name: &'static str, value: serde_json::Value| {
        let pk = format!("RESIDENT#{}", sk.partition());
        world.memory.meddle(&pk, sk.as_str(), |item| drop(item.insert(name.to_owned(), value)));
    };
    // One blocked the account and is to be erased in an hour, one was erased and lies there still, one is a newer program's.
    let hour = (now() + SignedDuration::from_hours(1)).as_second();
    set(&id(1), "expires", json!({"N": hour.to_string()}));
    set(&id(2), "expires", json!({"N": now().as_second().to_string()}));
    set(&id(3), "v", json!({"N": "99"}));
    let before: Vec<_> = [1, 3].map(|number| world.memory.partition(&format!("RESIDENT#{number:02x}"))).into();
    let again: Vec<Resident> = (1..=3).map(|number| Resident::listed(id(number), event("import-2"))).collect();
    assert_eq!(imports.welcome(&again, &event("import-2")).await.unwrap(), 1);
    let after: Vec<_> = [1, 3].map(|number| world.memory.partition(&format!("RESIDENT#{number:02x}"))).into();
    assert_eq!(before, after);
    let anew = world.resident(&id(2)).await.unwrap().value;
    assert_eq!(anew.standing, Resident::listed(id(2), event("import-2")).standing);
}

#[tokio::test]
async fn what_the_resident_does_outweighs_the_list() {
    let world = World::new().await;
    world.imports().welcome(&[listed(1)], &event("import-1")).await.unwrap();
    let mut resident = world.resident(&id(1)).await.unwrap().value;
    let stamp = Stamp { at: now() - SignedDuration::from_hours(24), event: event("left") };
    resident.stand(Standing::Blocked, &stamp);
    assert_eq!(resident.standing.value, Standing::Blocked);
}

#[tokio::test]
async fn where_a_refusal_does_not_show_what_is_there_it_is_looked_up_and_trouble_is_no_refusal() {
    let refusal = || error(400, "ConditionalCheckFailedException");
    let clock = TestClock::at(NOW);
    let imports = |stub: &Stub| TableImports::new(Table::new(&stub.clients(), TABLE.to_owned()), clock.clone());
    let stub = Stub::answering([refusal(), ok(json!({}))]).await;
    assert_eq!(imports(&stub).welcome(&[listed(1)], &event("import-1")).await.unwrap(), 0);
    assert_eq!(stub.operations().await, ["PutItem", "GetItem"]);
    let put = &stub.asked().await[0].body;
    assert_eq!(put["ConditionExpression"], "attribute_not_exists(PK) OR #expires <= :now");
    assert_eq!(put["ReturnValuesOnConditionCheckFailure"], "ALL_OLD");
    let stub = Stub::answering([error(400, "ValidationException")]).await;
    assert!(imports(&stub).welcome(&[listed(1)], &event("import-1")).await.is_err());
}
