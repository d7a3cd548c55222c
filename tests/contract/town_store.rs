//! Town data in the table: read back whole, in one revision after another.

use app::ports::{Applied, Revision, TownChange, TownRecord, TownStore};
use aws::town_store::TableTownStore;
use serde_json::json;

use crate::place::Place;

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

#[tokio::test]
async fn town_data_is_read_back_whole_and_a_lost_race_is_noticed() {
    let store = TableTownStore::new(Place::running().scratch_table("town").await);
    assert_eq!(store.revision().await.unwrap(), Revision::NONE);
    assert_eq!(store.read().await.unwrap(), (Revision::NONE, Vec::new()));

    // More than one page of reading (1 MB) and many batches of writing (25).
    let records: Vec<TownRecord> = (0..4_000).map(item).collect();
    let changes: Vec<TownChange> = records.iter().cloned().map(TownChange::Put).collect();
    assert_eq!(store.apply(Revision::NONE, &changes).await.unwrap(), Applied::Done(Revision(1)));
    let (revision, stored) = store.read().await.unwrap();
    assert_eq!(revision, Revision(1));
    assert_eq!(by_id(stored), by_id(records));

    let removal = [TownChange::Remove { kind: "waste-item".to_owned(), id: "item-7".to_owned() }];
    assert_eq!(store.apply(Revision::NONE, &removal).await.unwrap(), Applied::Raced);
    assert_eq!(store.apply(Revision(1), &removal).await.unwrap(), Applied::Done(Revision(2)));
    assert_eq!(store.revision().await.unwrap(), Revision(2));
    assert_eq!(store.read().await.unwrap().1.len(), 3_999);
}
