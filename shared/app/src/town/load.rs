//! Loads a town's data into the store: only what differs, all at once, and twice the same changes nothing.

use std::collections::BTreeMap;

use domain::audit::{Act, Action, Actor};
use jiff::Timestamp;

use super::data::TownData;
use super::records::{RecordKind, diff, to_records};
use crate::error::{Error, Kind};
use crate::ports::{Applied, Counts, TownEdit, TownStore, counts};

/// A load that meets others begins again at most this many times.
pub const ATTEMPTS_MAX: usize = 5;

/// What a load changed, by kind of record; kinds without a change are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary(pub BTreeMap<RecordKind, Counts>);

/// Makes the store hold `data`, as far as its scope goes. Like every edit it can be undone, and is in the audit log.
pub async fn load(store: &dyn TownStore, data: &TownData, now: Timestamp) -> Result<Summary, Error> {
    let invalid = |error| Error::new(Kind::Permanent, "write the town as records", error);
    let new = to_records(data).map_err(invalid)?;
    for _ in 0..ATTEMPTS_MAX {
        let (revision, old) = store.read().await?;
        let changes = diff(&old, &new, data.scope);
        if changes.is_empty() {
            return Ok(Summary::default());
        }
        let counts = counts(&changes);
        let act = Act {
            at: now,
            actor: Actor::CommandLine,
            action: Action::ImportTown,
            subject: String::new(),
            department: None,
            before: String::new(),
            after: serde_json::to_string(&counts).map_err(invalid)?,
        };
        let edit = TownEdit { changes, act, label: String::new(), undoes: None };
        if let Applied::Done(_) = store.write(revision, &edit).await? {
            let by_kind = counts.into_iter().filter_map(|(kind, counts)| Some((RecordKind::of(&kind)?, counts)));
            return Ok(Summary(by_kind.collect()));
        }
    }
    Err(Error::new(Kind::Transient, "load the town", "others kept loading at the same time"))
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

    fn load(store: &MemoryStore, data: &TownData) -> Result<Summary, Error> {
        now(super::load(store, data, Timestamp::UNIX_EPOCH))
    }

    #[test]
    fn a_load_writes_what_differs_and_the_second_time_nothing() {
        let store = MemoryStore::default();
        let first = town(&[("a", "環境課"), ("b", "福祉課")]);
        assert_eq!(load(&store, &first).unwrap(), counts(2, 0, 0));
        let revision = now(store.revision()).unwrap();
        assert_eq!(load(&store, &first).unwrap(), Summary::default());
        assert_eq!(now(store.revision()).unwrap(), revision, "nothing was written");
        let second = town(&[("b", "健康福祉課"), ("c", "道路課")]);
        assert_eq!(load(&store, &second).unwrap(), counts(1, 1, 1));
        assert_eq!(store.ids("department"), ["b", "c"]);
    }

    #[test]
    fn a_load_is_one_act_of_the_command_line_without_the_data() {
        let store = MemoryStore::default();
        load(&store, &town(&[("a", "環境課")])).unwrap();
        load(&store, &town(&[("a", "環境課")])).unwrap();
        let history = now(store.history(None, 10)).unwrap();
        assert_eq!(history.len(), 1, "the second load changed nothing");
        let acts = store.acts();
        assert_eq!((acts[0].actor.clone(), acts[0].action), (Actor::CommandLine, Action::ImportTown));
        assert_eq!(acts[0].after, r#"{"department":{"added":1,"changed":0,"removed":0}}"#);
        assert_eq!(history[0].revision, Revision(1));
    }

    #[test]
    fn a_race_is_run_again_and_given_up_in_the_end() {
        let store = MemoryStore::default();
        store.race(ATTEMPTS_MAX - 1);
        assert_eq!(load(&store, &town(&[("a", "環境課")])).unwrap(), counts(1, 0, 0));
        store.race(ATTEMPTS_MAX);
        let error = load(&store, &town(&[])).unwrap_err();
        assert_eq!(error.kind, Kind::Transient);
    }

    #[test]
    fn data_about_garbage_leaves_the_rest_of_the_town() {
        let store = MemoryStore::default();
        load(&store, &town(&[("a", "環境課")])).unwrap();
        let garbage = TownData { scope: Scope::Garbage, ..TownData::default() };
        assert_eq!(load(&store, &garbage).unwrap(), Summary::default());
        assert_eq!(store.ids("department"), ["a"]);
    }

    #[test]
    fn records_of_another_version_are_not_removed() {
        let store = MemoryStore::default();
        store.put("festival", "summer", json!({}));
        load(&store, &town(&[("a", "環境課")])).unwrap();
        assert_eq!(store.ids("festival"), ["summer"]);
    }
}
