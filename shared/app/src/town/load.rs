//! Loads a town's data into the store: only what differs, safe to repeat after a crash, and twice the same changes nothing.

use std::collections::{BTreeMap, HashSet};

use super::data::TownData;
use super::records::{RecordKind, diff, to_records};
use crate::error::{Error, Kind};
use crate::ports::{Applied, TownChange, TownRecord, TownStore};

/// A load that meets others begins again at most this many times.
pub const ATTEMPTS_MAX: usize = 5;

/// Marks a load that is under way. It is written before anything else and removed after the revision has moved, so that a
/// load that died between its last change and the revision is noticed: the data would be new, but nobody would read it.
const UNFINISHED_KIND: &str = "load";
const UNFINISHED_ID: &str = "unfinished";

/// What a load changed, by kind of record; kinds without a change are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary(pub BTreeMap<RecordKind, Counts>);

/// How many records of a kind a load changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// That were not there.
    pub added: usize,
    /// That were different.
    pub changed: usize,
    /// That are no more.
    pub removed: usize,
}

/// Makes the store hold `data`, as far as its scope goes.
pub async fn load(store: &dyn TownStore, data: &TownData) -> Result<Summary, Error> {
    let new = to_records(data).map_err(|error| Error::new(Kind::Permanent, "write the town as records", error))?;
    for _ in 0..ATTEMPTS_MAX {
        let (revision, old) = store.read().await?;
        let changes = diff(&old, &new, data.scope);
        let unfinished = old.iter().any(|record| record.kind == UNFINISHED_KIND);
        if changes.is_empty() && !unfinished {
            return Ok(Summary::default());
        }
        let summary = summarize(&old, &changes);
        let marked: Vec<_> = std::iter::once(TownChange::Put(unfinished_record())).chain(changes).collect();
        let Applied::Done(revision) = store.apply(revision, &marked).await? else { continue };
        let unmark = TownChange::Remove { kind: UNFINISHED_KIND.to_owned(), id: UNFINISHED_ID.to_owned() };
        // Where somebody else loads by now, the mark is theirs to remove.
        store.apply(revision, &[unmark]).await?;
        return Ok(summary);
    }
    Err(Error::new(Kind::Transient, "load the town", "others kept loading at the same time"))
}

fn unfinished_record() -> TownRecord {
    TownRecord { kind: UNFINISHED_KIND.to_owned(), id: UNFINISHED_ID.to_owned(), body: serde_json::json!({}) }
}

fn summarize(old: &[TownRecord], changes: &[TownChange]) -> Summary {
    let known: HashSet<_> = old.iter().map(|record| (record.kind.as_str(), record.id.as_str())).collect();
    let mut summary = Summary::default();
    for change in changes {
        let (TownChange::Put(TownRecord { kind, id, .. }) | TownChange::Remove { kind, id }) = change;
        let Some(of) = RecordKind::of(kind) else { continue };
        let counts = summary.0.entry(of).or_default();
        match change {
            TownChange::Put(_) if known.contains(&(kind.as_str(), id.as_str())) => counts.changed += 1,
            TownChange::Put(_) => counts.added += 1,
            TownChange::Remove { .. } => counts.removed += 1,
        }
    }
    summary
}

#[cfg(test)]
mod tests {
    use domain::town::Department;
    use serde_json::json;

    use super::*;
    use crate::ports::Revision;
    use crate::town::data::Scope;
    use crate::town::testing::{MemoryStore, now};

    fn town(departments: &[(&str, &str)]) -> TownData {
        let department = |(id, name): &(&str, &str)| Department {
            id: id.parse().unwrap(),
            name: (*name).to_owned(),
            phone: String::new(),
        };
        TownData { departments: departments.iter().map(department).collect(), ..TownData::default() }
    }

    fn counts(added: usize, changed: usize, removed: usize) -> Summary {
        Summary([(RecordKind::Department, Counts { added, changed, removed })].into())
    }

    #[test]
    fn a_load_writes_what_differs_and_the_second_time_nothing() {
        let store = MemoryStore::default();
        let first = town(&[("a", "環境課"), ("b", "福祉課")]);
        assert_eq!(now(load(&store, &first)).unwrap(), counts(2, 0, 0));
        let revision = now(store.revision()).unwrap();
        assert_eq!(now(load(&store, &first)).unwrap(), Summary::default());
        assert_eq!(now(store.revision()).unwrap(), revision, "nothing was written");
        let second = town(&[("b", "健康福祉課"), ("c", "道路課")]);
        assert_eq!(now(load(&store, &second)).unwrap(), counts(1, 1, 1));
        assert_eq!(store.ids("department"), ["b", "c"]);
        assert_eq!(store.ids(UNFINISHED_KIND), [""; 0]);
    }

    #[test]
    fn a_race_is_run_again_and_given_up_in_the_end() {
        let store = MemoryStore::default();
        store.race(ATTEMPTS_MAX - 1);
        assert_eq!(now(load(&store, &town(&[("a", "環境課")]))).unwrap(), counts(1, 0, 0));
        store.race(ATTEMPTS_MAX);
        let error = now(load(&store, &town(&[]))).unwrap_err();
        assert_eq!(error.kind, Kind::Transient);
    }

    #[test]
    fn a_load_that_dies_anywhere_is_completed_by_the_next_one() {
        let data = town(&[("a", "環境課"), ("b", "福祉課")]);
        // Two departments, the mark and its removal, and the two moves of the revision.
        for writes in 0..6 {
            let store = MemoryStore::default();
            store.die_after(writes);
            assert!(now(load(&store, &data)).is_err(), "{writes}");
            let seen = now(store.revision()).unwrap();
            let data_then = store.ids("department");
            now(load(&store, &data)).unwrap();
            assert_eq!(store.ids("department"), ["a", "b"]);
            let complete_before = data_then.len() == 2 && seen > Revision::NONE;
            assert!(now(store.revision()).unwrap() > seen || complete_before, "{writes}: nobody would notice the data");
            assert_eq!(now(load(&store, &data)).unwrap(), Summary::default());
        }
    }

    #[test]
    fn data_about_garbage_leaves_the_rest_of_the_town() {
        let store = MemoryStore::default();
        now(load(&store, &town(&[("a", "環境課")]))).unwrap();
        let garbage = TownData { scope: Scope::Garbage, ..TownData::default() };
        assert_eq!(now(load(&store, &garbage)).unwrap(), Summary::default());
        assert_eq!(store.ids("department"), ["a"]);
    }

    #[test]
    fn records_of_another_version_are_not_removed() {
        let store = MemoryStore::default();
        store.put("festival", "summer", json!({}));
        now(load(&store, &town(&[("a", "環境課")]))).unwrap();
        assert_eq!(store.ids("festival"), ["summer"]);
    }
}
