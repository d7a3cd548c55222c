//! The town's data in the table: small edits, large ones, and what a crash leaves of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use app::ports::{Applied, KeptUpload, Revision, TownChange, TownEdit, TownRecord, TownStore, Uploads};
use aws::Table;
use aws::town_store::{HOLD, SMALL_EDIT_MAX, TableTownStore};
use aws::uploads::TableUploads;
use domain::audit::{Act, Action, Actor};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::memory::{Memory, Served};
use crate::stub::{Stub, TestClock};

const NOON: &str = "2026-11-22T03:00:00Z";

struct World {
    stub: Stub,
    memory: Arc<Memory>,
    clock: Arc<TestClock>,
}

impl World {
    async fn new() -> Self {
        let memory = Arc::new(Memory::default());
        Self { stub: Stub::served_by(Served(Arc::clone(&memory))).await, memory, clock: TestClock::at(NOON) }
    }

    fn table(&self) -> Table {
        Table::new(&self.stub.clients(), "city".to_owned())
    }

    fn store(&self) -> TableTownStore {
        TableTownStore::new(self.table(), self.clock.clone())
    }

    /// The records as a reader sees them.
    async fn seen(&self) -> (Revision, BTreeMap<String, Value>) {
        let (revision, records) = self.store().read().await.unwrap();
        (revision, records.into_iter().map(|TownRecord { kind, id, body }| (format!("{kind}/{id}"), body)).collect())
    }

    /// The ids of the records that are in the table itself.
    fn written(&self, kind: &str) -> usize {
        self.memory.partition(&format!("TOWN#{kind}")).len()
    }

    fn audited(&self) -> usize {
        self.memory.partition("AUDIT#2026-11-22").len()
    }
}

fn change(kind: &str, id: &str, before: Option<i64>, after: Option<i64>) -> TownChange {
    let body = |n: i64| json!({"name": id, "n": n, "list": [null, ""], "x": 1.5});
    TownChange { kind: kind.to_owned(), id: id.to_owned(), before: before.map(body), after: after.map(body) }
}

fn edit(changes: Vec<TownChange>) -> TownEdit {
    let act = Act {
        at: NOON.parse().unwrap(),
        actor: Actor::CommandLine,
        action: Action::ImportTown,
        subject: "topics.csv".to_owned(),
        department: None,
        before: "before".to_owned(),
        after: "after".to_owned(),
    };
    TownEdit { changes, act, label: "札".to_owned(), undoes: Some(Revision(7)) }
}

fn many(kind: &str, count: usize, before: Option<i64>, after: Option<i64>) -> TownEdit {
    edit((0..count).map(|n| change(kind, &format!("r{n:05}"), before, after)).collect())
}

#[tokio::test]
async fn before_the_first_edit_there_is_nothing() {
    let world = World::new().await;
    let store = world.store();
    assert_eq!(store.revision().await.unwrap(), Revision::NONE);
    assert_eq!(store.revised().await.unwrap(), Timestamp::UNIX_EPOCH);
    assert_eq!(store.read().await.unwrap(), (Revision::NONE, vec![]));
    assert_eq!(store.history(None, 5).await.unwrap(), []);
    assert_eq!(store.past(Revision(1)).await.unwrap(), None);
    assert!(store.write(Revision::NONE, &edit(vec![])).await.is_err(), "an edit changes something");
}

#[tokio::test]
async fn a_small_edit_is_one_transaction_with_its_act_and_its_history() {
    let world = World::new().await;
    let first = edit(vec![change("topic", "a", None, Some(1)), change("waste-item", "b", None, Some(1))]);
    assert_eq!(world.store().write(Revision::NONE, &first).await.unwrap(), Applied::Done(Revision(1)));
    let writes: Vec<_> = world.stub.operations().await;
    assert_eq!(writes.iter().filter(|operation| !matches!(operation.as_str(), "GetItem" | "Query")).count(), 1);
    assert_eq!(world.audited(), 1);
    let second = edit(vec![change("topic", "a", Some(1), None), change("topic", "c", None, Some(2))]);
    assert_eq!(world.store().write(Revision(1), &second).await.unwrap(), Applied::Done(Revision(2)));
    let (revision, seen) = world.seen().await;
    assert_eq!(
        (revision, seen.keys().cloned().collect::<Vec<_>>()),
        (Revision(2), vec!["topic/c".to_owned(), "waste-item/b".to_owned()])
    );
    assert_eq!(seen["topic/c"], second.changes[1].after.clone().unwrap());

    let history = world.store().history(None, 5).await.unwrap();
    assert_eq!(history.iter().map(|past| past.revision).collect::<Vec<_>>(), [Revision(2), Revision(1)]);
    assert_eq!((history[0].label.as_str(), history[0].undoes), ("札", Some(Revision(7))));
    assert_eq!((history[0].counts["topic"].added, history[0].counts["topic"].removed), (1, 1));
    assert_eq!((history[0].act.before.as_str(), history[0].act.subject.as_str()), ("", "topics.csv"));
    assert_eq!(world.store().history(Some(Revision(2)), 5).await.unwrap().len(), 1);
    assert_eq!(world.store().past(Revision(2)).await.unwrap().unwrap().1, second.changes);
    world.clock.advance(SignedDuration::from_hours(91 * 24));
    assert_eq!(world.store().past(Revision(2)).await.unwrap(), None, "ninety days are over");
    assert_eq!(world.store().history(None, 5).await.unwrap(), []);
}

#[tokio::test]
async fn of_two_edits_on_one_revision_the_second_is_told_and_not_written() {
    for size in [1, SMALL_EDIT_MAX + 1] {
        let world = World::new().await;
        let store = world.store();
        store.write(Revision::NONE, &many("topic", size, None, Some(1))).await.unwrap();
        let mut late = many("topic", size, None, Some(2));
        late.act.at = Timestamp::MAX;
        assert_eq!(store.write(Revision::NONE, &late).await.unwrap(), Applied::Raced);
        let (revision, seen) = world.seen().await;
        assert_eq!((revision, seen.len(), world.audited()), (Revision(1), size, 1));
        assert!(seen.values().all(|body| body["n"] == 1));
        assert_eq!(store.revised().await.unwrap(), NOON.parse().unwrap());
    }
}

#[tokio::test]
async fn a_large_edit_is_read_back_and_can_be_looked_up() {
    let world = World::new().await;
    let large = many("waste-item", 4_000, None, Some(1));
    assert_eq!(world.store().write(Revision::NONE, &large).await.unwrap(), Applied::Done(Revision(1)));
    assert_eq!((world.written("waste-item"), world.audited()), (4_000, 1));
    assert_eq!(world.store().past(Revision(1)).await.unwrap().unwrap().1, large.changes);
    let state = world.memory.partition("TOWN");
    assert!(!state[0].contains_key("pending"), "it is ended: {state:?}");
    let small = edit(vec![change("waste-item", "r00007", Some(1), None)]);
    assert_eq!(world.store().write(Revision(1), &small).await.unwrap(), Applied::Done(Revision(2)));
    assert_eq!(world.seen().await.1.len(), 3_999);
}

#[tokio::test]
async fn a_large_edit_that_dies_anywhere_is_seen_as_a_whole_or_not_at_all() {
    const COUNT: usize = 120;
    let (mut unseen, mut whole) = (0, 0);
    for writes in 0..10 {
        let world = World::new().await;
        let first = many("topic", COUNT, None, Some(1));
        world.store().write(Revision::NONE, &first).await.unwrap();
        let large = edit(
            (0..COUNT)
                .map(|n| {
                    let after = if n % 2 == 0 { Some(2) } else { None };
                    change("topic", &format!("r{n:05}"), Some(1), after)
                })
                .collect(),
        );
        world.memory.die_after(Some(writes));
        let outcome = world.store().write(Revision(1), &large).await;
        world.memory.die_after(None);

        let (revision, seen) = world.seen().await;
        match revision {
            Revision(1) => {
                unseen += 1;
                assert!(outcome.is_err(), "{writes}");
                assert_eq!((seen.len(), world.audited()), (COUNT, 1), "{writes}");
                assert!(seen.values().all(|body| body["n"] == 1), "{writes}");
            }
            Revision(2) => {
                whole += 1;
                assert_eq!((seen.len(), world.audited()), (COUNT / 2, 2), "{writes}");
                assert!(seen.values().all(|body| body["n"] == 2), "{writes}");
            }
            other => panic!("{other:?}"),
        }
        // The next writer completes what is left, once the time of the one who died is over.
        world.clock.advance(HOLD);
        let next = edit(vec![change("topic", "next", None, Some(3))]);
        assert_eq!(world.store().write(revision, &next).await.unwrap(), Applied::Done(revision.next()), "{writes}");
        assert!(!world.memory.partition("TOWN")[0].contains_key("pending"), "{writes}");
        let (_, seen) = world.seen().await;
        assert_eq!(world.written("topic"), seen.len(), "{writes}: the records are what is seen");
        assert_eq!(world.store().past(revision).await.unwrap().unwrap().0.revision, revision, "{writes}");
    }
    assert!(unseen > 1 && whole > 3, "both happened: {unseen}, {whole}");
}

#[tokio::test(start_paused = true)]
async fn nobody_writes_while_somebody_else_writes_a_large_edit() {
    let world = World::new().await;
    world.store().write(Revision::NONE, &many("topic", 1, None, Some(1))).await.unwrap();
    // The journal, the transaction, and one batch of records; then the writer is gone for now.
    world.memory.die_after(Some(3));
    let large = many("topic", 100, None, Some(2));
    assert_eq!(world.store().write(Revision(1), &large).await.unwrap(), Applied::Done(Revision(2)));
    world.memory.die_after(None);
    let next = edit(vec![change("topic", "r00000", Some(2), Some(3))]);
    assert!(world.store().write(Revision(2), &next).await.is_err(), "the time of the other one is not over");
    assert_eq!(world.seen().await.1.len(), 100, "but all of it is seen");
    world.clock.advance(HOLD);
    assert_eq!(world.store().write(Revision(2), &next).await.unwrap(), Applied::Done(Revision(3)));
    let (_, seen) = world.seen().await;
    assert_eq!(seen["topic/r00000"]["n"], 3, "nothing old was written over it");
    assert_eq!(seen["topic/r00001"]["n"], 2);
}

#[tokio::test]
async fn a_file_waits_for_a_day_whole_and_for_the_one_who_brought_it() {
    let world = World::new().await;
    let uploads = TableUploads::new(world.table(), world.clock.clone());
    for size in [0, 1, 270_000, 270_001, 4_000_000] {
        let bytes: Vec<u8> = (0..size).map(|n: u32| u8::try_from(n % 251).unwrap()).collect();
        let upload = KeptUpload {
            id: format!("id{size}"),
            staff: "sato".parse().unwrap(),
            kind: "waste-items".to_owned(),
            file_name: "品目.csv".to_owned(),
            at: NOON.parse().unwrap(),
            bytes,
        };
        uploads.keep(&upload).await.unwrap();
        assert!(uploads.find(&upload.id).await.unwrap() == Some(upload), "{size}");
    }
    assert_eq!(uploads.find("nothing").await.unwrap(), None);
    world.clock.advance(SignedDuration::from_hours(25));
    assert_eq!(uploads.find("id1").await.unwrap(), None);
}
