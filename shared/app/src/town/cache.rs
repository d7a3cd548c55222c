//! The town's data kept at hand: read once, then only asked once a minute whether it has changed.

use std::sync::Arc;

use async_trait::async_trait;
use domain::town::Town;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use super::records::from_records;
use crate::error::{Chain, Error};
use crate::ports::{Clock, Revision, TownStore, Towns};

/// The store is asked at most this often.
pub const ASK_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// [`Towns`] over a store.
pub struct CachedTowns {
    store: Arc<dyn TownStore>,
    clock: Arc<dyn Clock>,
    ask_every: SignedDuration,
    /// Held while loading, so that there is one load at a time and the others wait for its result.
    held: Mutex<Option<Held>>,
}

#[derive(Clone)]
struct Held {
    town: Arc<Town>,
    revision: Revision,
    asked: Timestamp,
}

impl CachedTowns {
    /// Serves what is in `store`.
    #[must_use]
    pub fn new(store: Arc<dyn TownStore>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock, ask_every: ASK_EVERY, held: Mutex::new(None) }
    }

    /// Asks every time, for those who have just edited the town and must see it so.
    #[must_use]
    pub fn always_present(self) -> Self {
        Self { ask_every: SignedDuration::ZERO, ..self }
    }

    async fn read(&self) -> Result<(Arc<Town>, Revision), Error> {
        let (revision, records) = self.store.read().await?;
        let stored = from_records(records);
        for (kind, id) in &stored.odd {
            tracing::warn!(town.record.kind = kind, town.record.id = id, "a record of the town cannot be read");
        }
        let revised = self.store.revised().await?;
        Ok((Arc::new(Town { revision: revision.0, revised, ..stored.data.into_town() }), revision))
    }

    /// The town, if it is another than the one held.
    async fn renewed(&self, held: &Held) -> Result<Option<(Arc<Town>, Revision)>, Error> {
        if self.store.revision().await? == held.revision {
            return Ok(None);
        }
        self.read().await.map(Some)
    }
}

#[async_trait]
impl Towns for CachedTowns {
    async fn current(&self) -> Result<Arc<Town>, Error> {
        let mut held = self.held.lock().await;
        let now = self.clock.now();
        let Some(known) = held.as_mut() else {
            let (town, revision) = self.read().await?;
            *held = Some(Held { town: Arc::clone(&town), revision, asked: now });
            return Ok(town);
        };
        // A clock that was set back counts as a minute gone by.
        if now.duration_since(known.asked).abs() < self.ask_every {
            return Ok(Arc::clone(&known.town));
        }
        match self.renewed(known).await {
            Ok(Some((town, revision))) => {
                (known.town, known.revision) = (town, revision);
            }
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(error = %Chain(&error), "the town could not be read again; the older is served");
            }
        }
        known.asked = now;
        Ok(Arc::clone(&known.town))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use serde_json::json;

    use super::*;
    use crate::town::testing::{MemoryStore, now};

    #[derive(Default)]
    struct Hands(AtomicI64);

    impl Clock for Hands {
        fn now(&self) -> Timestamp {
            Timestamp::from_second(self.0.load(Ordering::Relaxed)).unwrap()
        }
    }

    fn setting() -> (Arc<MemoryStore>, Arc<Hands>, CachedTowns) {
        let (store, clock) = (Arc::new(MemoryStore::default()), Arc::new(Hands::default()));
        let towns = CachedTowns::new(Arc::clone(&store) as _, Arc::clone(&clock) as _);
        (store, clock, towns)
    }

    fn department(store: &MemoryStore, id: &str) {
        store.put("department", id, json!({"id": id, "name": "課", "phone": ""}));
    }

    fn count(towns: &CachedTowns) -> usize {
        now(towns.current()).unwrap().departments.len()
    }

    #[test]
    fn the_town_says_which_revision_it_is() {
        let (store, _, towns) = setting();
        department(&store, "a");
        department(&store, "b");
        let town = now(towns.current()).unwrap();
        assert_eq!((town.revision, town.revised), (2, Timestamp::UNIX_EPOCH));
    }

    #[test]
    fn the_town_is_read_once_and_again_when_it_has_changed_a_minute_later() {
        let (store, clock, towns) = setting();
        department(&store, "a");
        assert_eq!(count(&towns), 1);
        department(&store, "b");
        clock.0.store(59, Ordering::Relaxed);
        assert_eq!((count(&towns), store.calls()), (1, 1), "not asked within the minute");
        clock.0.store(60, Ordering::Relaxed);
        assert_eq!((count(&towns), store.calls()), (2, 3), "the revision, then the records");
        clock.0.store(120, Ordering::Relaxed);
        assert_eq!((count(&towns), store.calls()), (2, 4), "the revision only");
        clock.0.store(-500, Ordering::Relaxed);
        assert_eq!((count(&towns), store.calls()), (2, 5), "the clock was set back");
    }

    #[test]
    fn who_edits_sees_the_town_as_it_is() {
        let store = Arc::new(MemoryStore::default());
        let towns = CachedTowns::new(Arc::clone(&store) as _, Arc::new(Hands::default())).always_present();
        department(&store, "a");
        assert_eq!(count(&towns), 1);
        department(&store, "b");
        assert_eq!(count(&towns), 2);
    }

    #[test]
    fn an_older_town_is_served_while_the_store_fails_and_only_then() {
        let (store, clock, towns) = setting();
        store.fail(true);
        assert!(now(towns.current()).is_err(), "there is nothing older");
        store.fail(false);
        department(&store, "a");
        assert_eq!(count(&towns), 1);
        department(&store, "b");
        store.fail(true);
        clock.0.store(60, Ordering::Relaxed);
        assert_eq!(count(&towns), 1);
        let calls = store.calls();
        assert_eq!((count(&towns), store.calls()), (1, calls), "a store in trouble is not asked at every event");
        store.fail(false);
        clock.0.store(120, Ordering::Relaxed);
        assert_eq!(count(&towns), 2);
    }

    #[test]
    fn a_record_that_cannot_be_read_does_not_take_the_town_away() {
        let (store, _, towns) = setting();
        department(&store, "a");
        store.put("department", "b", json!("?"));
        assert_eq!(count(&towns), 1);
    }
}
