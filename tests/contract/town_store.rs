//! Town data in the table: read back whole, in one revision after another.

use std::sync::Arc;
use std::time::{Duration, Instant};

use app::ports::{Applied, Revision, TownChange, TownEdit, TownRecord, TownStore};
use aws::clock::SystemClock;
use aws::town_store::TableTownStore;
use domain::audit::{Act, Action, Actor};
use jiff::Timestamp;
use serde_json::json;

use crate::place::Place;

/// A large import must be done within one request of the console.
const PATIENCE: Duration = Duration::from_secs(20);

fn item(number: usize) -> TownRecord {
    TownRecord {
        kind: "waste-item".to_owned(),
        id: format!("item-{number}"),
        body: json!({ "name": "品目".repeat(20), "aliases": ["a", "b"], "empty": "", "nothing": null, "number": number }),
    }
}

fn by_id(mut records: Vec<TownRecord>) -> Vec<TownRecord> {
    records.sort_by(|one, other| (&one.kind, &one.id).cmp(&(&other.kind, &other.id)));
    records
}

fn edit(changes: Vec<TownChange>) -> TownEdit {
    let act = Act {
        at: Timestamp::UNIX_EPOCH,
        actor: Actor::CommandLine,
        action: Action::ImportTown,
        subject: String::new(),
        department: None,
        before: String::new(),
        after: String::new(),
    };
    TownEdit { changes, act, label: String::new(), undoes: None }
}

#[tokio::test]
async fn town_data_is_read_back_whole_and_a_lost_race_is_noticed() {
    let store = TableTownStore::new(Place::running().scratch_table("town").await, Arc::new(SystemClock));
    assert_eq!(store.revision().await.unwrap(), Revision::NONE);
    assert_eq!(store.read().await.unwrap(), (Revision::NONE, Vec::new()));

    // More than one page of reading (1 MB) and many batches of writing (25).
    let records: Vec<TownRecord> = (0..4_000).map(item).collect();
    let put =
        |record: TownRecord| TownChange { kind: record.kind, id: record.id, before: None, after: Some(record.body) };
    let large = edit(records.iter().cloned().map(put).collect());
    let began = Instant::now();
    assert_eq!(store.write(Revision::NONE, &large).await.unwrap(), Applied::Done(Revision(1)));
    assert!(began.elapsed() < PATIENCE, "{:?}", began.elapsed());
    let (revision, stored) = store.read().await.unwrap();
    assert_eq!(revision, Revision(1));
    assert_eq!(by_id(stored), by_id(records));

    let removal = TownChange { before: Some(item(7).body), after: None, kind: item(7).kind, id: item(7).id };
    let removal = edit(vec![removal]);
    assert_eq!(store.write(Revision::NONE, &removal).await.unwrap(), Applied::Raced);
    assert_eq!(store.write(Revision(1), &removal).await.unwrap(), Applied::Done(Revision(2)));
    assert_eq!(store.revision().await.unwrap(), Revision(2));
    assert_eq!(store.read().await.unwrap().1.len(), 3_999);
    let history = store.history(None, 5).await.unwrap();
    assert_eq!(history.iter().map(|past| past.revision).collect::<Vec<_>>(), [Revision(2), Revision(1)]);
    assert_eq!(store.past(Revision(1)).await.unwrap().unwrap().1, large.changes);
}
