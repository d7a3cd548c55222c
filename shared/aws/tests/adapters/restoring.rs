//! A table that was restored from a backup: what is set up on it, compared with the one in use, and carried into it.

use std::sync::Arc;

use app::ports::checkup::{Heartbeat, Heartbeats as _, Runner};
use app::ports::reports::Reports as _;
use app::ports::staff::Written;
use app::ports::{Commit, Conversations, KnownResidents, Versioned, Way};
use aws::Table;
use aws::checkup::TableCheckups;
use aws::conversations::TableConversations;
use aws::reports::TableReports;
use aws::restoring::{
    Backup, Carried, Group, Stands, Switch, carry, last_in_use, note_origin, origin, residents_only_in, survey,
};
use domain::ids::ResidentId;
use domain::language::Language;
use domain::report::Report;
use domain::report::place::Point;
use domain::report::release::Release;
use domain::resident::{Resident, Stamp, Standing};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::memory::{Memory, Served};
use crate::reports::report;
use crate::stub::{Stub, TestClock, error, ok};

const NOW: &str = "2026-11-22T00:00:00Z";
const RESIDENT: &str = "U4af4980629f1b3a2c1d0e9f8a7b6c5d4";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn id() -> ResidentId {
    RESIDENT.parse().unwrap()
}

/// A table of its own.
struct World {
    stub: Stub,
    memory: Arc<Memory>,
}

impl World {
    async fn new() -> Self {
        let memory = Arc::new(Memory::default());
        Self { stub: Stub::served_by(Served(Arc::clone(&memory))).await, memory }
    }

    fn table(&self) -> Table {
        Table::new(&self.stub.clients(), "city".to_owned())
    }

    fn conversations(&self) -> TableConversations {
        TableConversations::new(self.table(), TestClock::at(NOW))
    }

    /// Writes a report over what it was here, as staff do.
    async fn write(&self, report: &Report, over: Option<&Versioned<Report>>) {
        let reports = TableReports::new(self.table(), TestClock::at(NOW));
        assert_eq!(reports.put(report, over, None).await.unwrap(), Written::Done);
    }

    /// An event of a resident, over what is known of them here.
    async fn hear(&self, event: &str, second: i64, change: impl FnOnce(&mut Resident, &Stamp)) {
        let stamp = Stamp { at: now() + SignedDuration::from_secs(second), event: event.parse().unwrap() };
        let loaded = self.conversations().load(&id(), &stamp.event).await.unwrap();
        let read = loaded.resident.as_ref().map(|read| read.version);
        let mut resident = loaded.resident.map_or_else(|| Resident::new(id(), stamp.clone()), |read| read.value);
        change(&mut resident, &stamp);
        let commit = Commit {
            event: stamp.event.clone(),
            resident_id: id(),
            way: Way::Silence,
            resident: Some((resident, read)),
            erase_resident_at: None,
            conversation: None,
            effects: vec![],
            now: stamp.at,
        };
        self.conversations().commit(&commit).await.unwrap();
    }

    /// An item as it is.
    fn put(&self, pk: &str, words: &str, version: u64) {
        let version = json!({ "N": version.to_string() });
        let item = json!({ "PK": { "S": pk }, "SK": { "S": pk }, "x": { "S": words }, "version": version });
        self.memory.call("PutItem", &json!({ "Item": item })).unwrap();
    }

    fn words(&self, pk: &str) -> Option<String> {
        let item = self.memory.partition(pk).into_iter().next()?;
        Some(item["x"]["S"].as_str().unwrap().to_owned())
    }
}

fn district(resident: &mut Resident, stamp: &Stamp) {
    resident.settings.set_district(Some("honcho".parse().unwrap()), stamp);
}

fn english(resident: &mut Resident, stamp: &Stamp) {
    resident.settings.set_language(Language::English, stamp);
}

#[tokio::test]
async fn what_a_resident_set_on_either_side_of_the_switch_is_kept() {
    let (used, restored) = (World::new().await, World::new().await);
    for world in [&used, &restored] {
        world.hear("before", 0, |_, _| ()).await;
    }
    used.hear("meanwhile", 1, district).await;
    restored.hear("after", 2, english).await;
    let carried = carry(&used.table(), &restored.table(), Switch::Done, &[], now()).await.unwrap();
    // The resident, and the event that only the one in use knows.
    assert_eq!(carried, Carried { written: 2, left: 0, under_way: 0 });
    let resident = restored.conversations().known(&id()).await.unwrap().unwrap();
    assert_eq!(resident.settings.district(), Some(&"honcho".parse().unwrap()));
    assert_eq!(resident.settings.language(), Language::English);
    let again = carry(&used.table(), &restored.table(), Switch::Done, &[], now()).await.unwrap();
    assert_eq!(again, Carried::default(), "what was carried is not carried again");
}

#[tokio::test]
async fn who_blocked_the_account_meanwhile_is_erased_from_the_restored_table_in_time() {
    let (used, restored) = (World::new().await, World::new().await);
    for world in [&used, &restored] {
        world.hear("before", 0, |_, _| ()).await;
    }
    let block = |resident: &mut Resident, stamp: &Stamp| {
        resident.stand(Standing::Blocked, stamp);
    };
    used.hear("meanwhile", 1, block).await;
    let end = json!({ "N": (now() + SignedDuration::from_hours(1)).as_second().to_string() });
    used.memory.meddle("RESIDENT#4a", RESIDENT, |item| {
        item.insert("expires".to_owned(), end.clone());
    });
    carry(&used.table(), &restored.table(), Switch::Ahead, &[], now()).await.unwrap();
    let resident = restored.memory.partition("RESIDENT#4a").remove(0);
    assert_eq!(resident["expires"], end);
}

#[tokio::test]
async fn ahead_of_the_switch_what_was_sent_is_carried_and_what_staff_keep_is_not() {
    let (used, restored) = (World::new().await, World::new().await);
    for (pk, was, is) in [
        ("BROADCAST#b", Some("approved"), "stopped"),
        ("BROADCAST#c", None, "sent"),
        ("REPORT#r", Some("filed"), "answered"),
        ("STAFF", Some("right"), "wrong"),
        ("TOWN#waste-item", None, "wrong"),
    ] {
        used.put(pk, is, 2);
        if let Some(was) = was {
            restored.put(pk, was, 1);
        }
    }
    let carried = carry(&used.table(), &restored.table(), Switch::Ahead, &[Group::Reports], now()).await.unwrap();
    assert_eq!(carried.written, 2);
    let words = ["BROADCAST#b", "BROADCAST#c", "REPORT#r", "STAFF", "TOWN#waste-item"].map(|pk| restored.words(pk));
    let expected = [Some("stopped"), Some("sent"), Some("filed"), Some("right"), None];
    assert_eq!(words, expected.map(|words| words.map(str::to_owned)));
    carry(&used.table(), &restored.table(), Switch::Ahead, &[], now()).await.unwrap();
    assert_eq!(restored.words("REPORT#r").as_deref(), Some("answered"));
}

/// A report that everybody sees.
fn released() -> Versioned<Report> {
    let release = Release {
        at: now(),
        what: "穴".to_owned(),
        place: String::new(),
        outcome: String::new(),
        photos: Vec::new(),
        taken_back: Vec::new(),
    };
    Versioned { value: Report { release: Some(release), ..report(1) }, version: 1 }
}

/// The same, which nobody else sees any more; it is elsewhere, and nobody follows it.
fn taken_back() -> Report {
    let mut report = Report { release: None, followers: [].into(), ..released().value };
    report.place.point = Point::new(36.1, 139.1).unwrap();
    report
}

#[tokio::test]
async fn a_report_is_carried_with_what_it_is_found_by_and_what_staff_took_back_is_not_shown_again() {
    let (used, restored) = (World::new().await, World::new().await);
    for world in [&used, &restored] {
        world.write(&released().value, None).await;
        assert_eq!(world.memory.partition("RELEASED").len(), 1);
    }
    used.write(&taken_back(), Some(&released())).await;
    let carried = carry(&used.table(), &restored.table(), Switch::Ahead, &[], now()).await.unwrap();
    assert_eq!(carried, Carried { written: 1, left: 0, under_way: 0 });
    assert!(restored.memory.partition("RELEASED").is_empty());
    let surveys = (survey(&used.table(), now()).await.unwrap(), survey(&restored.table(), now()).await.unwrap());
    assert_eq!(surveys.0, surveys.1, "where it is, and who hears of it, too");
}

#[tokio::test]
async fn what_staff_took_back_after_the_switch_is_not_shown_again_by_carrying_once_more() {
    let (used, restored) = (World::new().await, World::new().await);
    for world in [&used, &restored] {
        world.write(&released().value, None).await;
    }
    restored.write(&taken_back(), Some(&released())).await;
    let carried = carry(&used.table(), &restored.table(), Switch::Done, &[], now()).await.unwrap();
    assert_eq!(carried, Carried::default());
    assert!(restored.memory.partition("RELEASED").is_empty());
}

#[tokio::test]
async fn a_report_that_only_the_table_in_use_knows_is_found_in_the_restored_one() {
    let (used, restored) = (World::new().await, World::new().await);
    used.write(&released().value, None).await;
    carry(&used.table(), &restored.table(), Switch::Done, &[], now()).await.unwrap();
    let surveys = (survey(&used.table(), now()).await.unwrap(), survey(&restored.table(), now()).await.unwrap());
    assert_eq!(surveys.0, surveys.1);
}

#[tokio::test]
async fn who_is_back_with_the_restored_table_is_told_of() {
    let (used, restored) = (World::new().await, World::new().await);
    restored.hear("before", 0, |_, _| ()).await;
    let only = |most: usize| {
        let (restored, used) = (restored.table(), used.table());
        async move { residents_only_in(&restored, &used, most, now()).await.unwrap() }
    };
    assert_eq!((only(1).await, only(0).await), ((vec![id()], 1), (vec![], 1)));
    used.hear("before", 0, |_, _| ()).await;
    assert_eq!(only(1).await, (vec![], 0));
}

#[tokio::test]
async fn a_table_in_use_has_a_sign_of_life() {
    let world = World::new().await;
    assert_eq!(last_in_use(&world.table()).await.unwrap(), None);
    let (earlier, later) = (now(), now() + SignedDuration::from_mins(5));
    for (runner, at) in [(Runner::Reminder, later), (Runner::Janitor, earlier)] {
        TableCheckups::new(world.table()).beat(&Heartbeat { runner, at }).await.unwrap();
    }
    assert_eq!(last_in_use(&world.table()).await.unwrap(), Some(later));
}

#[tokio::test]
async fn a_restored_table_is_known_by_its_backup() {
    let arn = "arn:aws:dynamodb:ap-northeast-1:000000000000:table/city";
    let summary = json!({ "SourceTableArn": arn, "RestoreDateTime": 1_700_000_000, "RestoreInProgress": false });
    let backup = Backup { table: "city".to_owned(), second: 1_700_000_000 };
    for (table, expected) in [
        (json!({ "TableStatus": "ACTIVE", "RestoreSummary": summary }), Some(backup)),
        (json!({ "TableStatus": "ACTIVE" }), None),
    ] {
        let stub = Stub::answering([ok(json!({ "Table": table }))]).await;
        assert_eq!(Table::new(&stub.clients(), "restored".to_owned()).backup().await.unwrap(), expected);
    }
}

#[tokio::test]
async fn a_broadcast_that_is_being_sent_is_told_of() {
    let (used, restored) = (World::new().await, World::new().await);
    let shelf = json!({ "S": "BROADCASTS#sending" });
    let item = json!({ "PK": { "S": "BROADCAST#b" }, "SK": { "S": "BROADCAST" }, "GSI1PK": shelf });
    used.memory.call("PutItem", &json!({ "Item": item })).unwrap();
    let carried = carry(&used.table(), &restored.table(), Switch::Ahead, &[], now()).await.unwrap();
    assert_eq!(carried, Carried { written: 1, left: 0, under_way: 1 });
}

#[tokio::test]
async fn two_tables_are_the_same_until_one_value_differs() {
    let (used, restored) = (World::new().await, World::new().await);
    for world in [&used, &restored] {
        for pk in ["STAFF", "REPORT#a", "REPORT#b", "REPORT#c", "RESIDENT#4a"] {
            world.put(pk, "same", 1);
        }
    }
    note_origin(&restored.table(), "city", now()).await.unwrap();
    let ours = survey(&used.table(), now()).await.unwrap();
    assert_eq!(ours, survey(&restored.table(), now()).await.unwrap());
    assert_eq!((ours.0["REPORT"].items, ours.0["STAFF"].items, ours.0["RESIDENT#4a"].items), (3, 1, 1));
    restored.put("REPORT#b", "other", 1);
    let theirs = survey(&restored.table(), now()).await.unwrap();
    let differing: Vec<&String> = ours.0.keys().filter(|kind| ours.0.get(*kind) != theirs.0.get(*kind)).collect();
    assert_eq!(differing, ["REPORT"]);
}

#[tokio::test]
async fn only_a_restored_table_says_from_where_it_is() {
    let world = World::new().await;
    assert_eq!(origin(&world.table(), now()).await.unwrap(), None);
    note_origin(&world.table(), "city", now()).await.unwrap();
    assert_eq!(origin(&world.table(), now()).await.unwrap().as_deref(), Some("city"));
}

#[tokio::test]
async fn a_table_is_ready_when_it_is_active_and_restored() {
    let described = |under_way: Value| {
        let summary = json!({ "RestoreDateTime": 1_700_000_000, "RestoreInProgress": under_way });
        ok(json!({ "Table": { "TableStatus": "ACTIVE", "RestoreSummary": summary } }))
    };
    for (answer, stands) in [
        (error(400, "ResourceNotFoundException"), Stands::Absent),
        (ok(json!({ "Table": { "TableStatus": "CREATING" } })), Stands::Coming),
        (ok(json!({ "Table": { "TableStatus": "ACTIVE" } })), Stands::Ready),
        (described(json!(true)), Stands::Coming),
        (described(json!(false)), Stands::Ready),
    ] {
        let stub = Stub::answering([answer]).await;
        assert_eq!(Table::new(&stub.clients(), "restored".to_owned()).stands().await.unwrap(), stands);
    }
}

#[tokio::test]
async fn a_restored_table_gets_what_it_lacks_and_lives_are_switched_on_once() {
    for (lives, operations) in [
        ("DISABLED", &["DescribeTimeToLive", "UpdateTimeToLive", "UpdateContinuousBackups", "UpdateTable"][..]),
        ("ENABLED", &["DescribeTimeToLive", "UpdateContinuousBackups", "UpdateTable"]),
    ] {
        let described = ok(json!({ "TimeToLiveDescription": { "TimeToLiveStatus": lives } }));
        let stub = Stub::answering([described, ok(json!({})), ok(json!({})), ok(json!({}))]).await;
        Table::new(&stub.clients(), "restored".to_owned()).protect().await.unwrap();
        assert_eq!(stub.operations().await, operations);
        let asked = stub.asked().await;
        assert_eq!(asked.last().unwrap().body["DeletionProtectionEnabled"], true);
        assert!(asked.iter().all(|asked| asked.body["TableName"] == "restored"));
    }
}

#[tokio::test]
async fn it_is_restored_as_it_stood_at_a_time_or_as_late_as_possible() {
    for (at, expected) in [
        (Some(now()), json!({ "RestoreDateTime": now().as_second() })),
        (None, json!({ "UseLatestRestorableTime": true })),
    ] {
        let stub = Stub::answering([ok(json!({}))]).await;
        Table::new(&stub.clients(), "restored".to_owned()).restore_from("city", at).await.unwrap();
        let body = stub.asked().await.remove(0).body;
        assert_eq!((&body["SourceTableName"], &body["TargetTableName"]), (&json!("city"), &json!("restored")));
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(&body[name], value);
        }
    }
}
