//! Sessions of residents in the table: found by the hash of their secret alone, and until they end.

use std::sync::Arc;

use app::ports::portal::{RESIDENT_SESSION_LIFE, ResidentSessions as _};
use app::ports::staff::SessionKey;
use aws::Table;
use aws::resident_sessions::TableResidentSessions;
use aws::web::session::Secret;
use domain::ids::ResidentId;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::memory::{Memory, Served};
use crate::stub::Stub;

const NOON: &str = "2026-11-22T03:00:00.5Z";

fn resident(number: u32) -> ResidentId {
    format!("U{number:032x}").parse().unwrap()
}

#[tokio::test]
async fn a_session_is_found_by_its_key_until_it_ends() {
    let memory = Arc::new(Memory::default());
    let stub = Stub::served_by(Served(Arc::clone(&memory))).await;
    let sessions = TableResidentSessions::new(Table::new(&stub.clients(), "city".to_owned()));
    let noon: Timestamp = NOON.parse().unwrap();
    let ends = noon + RESIDENT_SESSION_LIFE;
    let (one, other) = (Secret::new([1; 32]), Secret::new([2; 32]));
    sessions.begin(&one.key(), &resident(1), ends).await.unwrap();
    sessions.begin(&other.key(), &resident(2), ends).await.unwrap();
    let find = async |key: &SessionKey, at| sessions.find(key, at).await.unwrap();
    assert_eq!(find(&one.key(), noon).await, Some(resident(1)));
    assert_eq!(find(&other.key(), noon).await, Some(resident(2)));
    assert_eq!(find(&Secret::new([3; 32]).key(), noon).await, None);
    assert_eq!(
        find(&one.key(), ends - SignedDuration::from_millis(1)).await,
        None,
        "never longer: a life is whole seconds"
    );
    assert_eq!(find(&one.key(), ends - SignedDuration::from_secs(1)).await, Some(resident(1)));
    assert_eq!(find(&one.key(), ends).await, None, "the table may have it for days yet");
    let items = memory.partition(&format!("RESIDENT-SESSION#{}", one.key().0));
    assert_eq!(items.len(), 1);
    assert_eq!(items[0]["expires"], json!({ "N": ends.as_second().to_string() }));
    assert!(!format!("{items:?}").contains(one.reveal()), "whoever reads the table takes over no session");
    for _ in 0..2 {
        sessions.end(&one.key()).await.unwrap();
    }
    assert_eq!(find(&one.key(), noon).await, None);
    assert_eq!(find(&other.key(), noon).await, Some(resident(2)));
}
