//! Keys of other systems in the table: found by their hash, added and taken away with their act.

use std::sync::Arc;

use app::ports::outside::{ApiKey, ApiKeys};
use app::ports::staff::Written;
use aws::Table;
use aws::api_keys::TableApiKeys;

use crate::audit::act;
use crate::memory::{Memory, Served};
use crate::stub::Stub;

const NOW: &str = "2026-11-22T03:00:00Z";

fn key(name: &str, hash: &str) -> ApiKey {
    ApiKey { hash: hash.to_owned(), name: name.to_owned(), made_at: NOW.parse().unwrap() }
}

#[tokio::test]
async fn a_key_is_found_until_it_is_taken_away_and_each_is_in_the_log() {
    let memory = Arc::new(Memory::default());
    let stub = Stub::served_by(Served(Arc::clone(&memory))).await;
    let keys = TableApiKeys::new(Table::new(&stub.clients(), "city".to_owned()));
    let entries = || memory.partition("AUDIT#2026-11-22").len();
    let (app, sensors) = (key("防犯アプリ", "aa"), key("センサー", "bb"));
    assert_eq!(keys.find("aa").await.unwrap(), None);
    assert_eq!(keys.add(&app, &act(NOW)).await.unwrap(), Written::Done);
    assert_eq!(keys.add(&sensors, &act(NOW)).await.unwrap(), Written::Done);
    assert_eq!(keys.add(&key("べつの名", "aa"), &act(NOW)).await.unwrap(), Written::Raced);
    assert_eq!(entries(), 2);
    assert_eq!(keys.find("aa").await.unwrap(), Some(app.clone()));
    assert_eq!(keys.all().await.unwrap(), [sensors.clone(), app]);
    assert_eq!(keys.remove("aa", &act(NOW)).await.unwrap(), Written::Done);
    assert_eq!(keys.remove("aa", &act(NOW)).await.unwrap(), Written::Raced);
    assert_eq!((keys.find("aa").await.unwrap(), entries()), (None, 3));
    assert_eq!(keys.all().await.unwrap(), [sensors]);
    assert_eq!(keys.add(&key("防犯アプリ", "aa"), &act(NOW)).await.unwrap(), Written::Raced, "it does not come back");
    assert_eq!((keys.find("aa").await.unwrap(), entries()), (None, 3));
}
