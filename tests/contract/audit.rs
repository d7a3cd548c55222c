//! The audit log: the fake and the table keep the same chain.

use app::audit::{Check, Checks};
use app::ports::staff::{AuditChecks, AuditLog, Written};
use aws::clock::SystemClock;
use domain::audit::{Act, Action};
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};

use crate::place::Place;
use crate::staff::{Office, act};

/// So many append at once: as many as may stand in each other's way without one giving up.
const AT_ONCE: usize = 8;

fn numbered(at: Timestamp, number: usize) -> Act {
    Act { at, subject: format!("waste-item/{number}"), ..act(Action::EditTown, &"chief".parse().unwrap()) }
}

/// How many days and entries a log has that holds.
pub(crate) async fn whole(log: &dyn AuditLog) -> (usize, u64) {
    let mut check = Check::latest(log, None).await.unwrap();
    while check.finished.is_none() {
        check.step(log, &SystemClock).await.unwrap();
    }
    assert!(check.holds(), "{:?}", check.broken);
    (usize::try_from(check.done().days).unwrap(), check.done().entries)
}

/// Half of them a moment before midnight in Japan, half a moment after it.
async fn whoever_appends_at_once_makes_one_chain_even_at_midnight(log: &dyn AuditLog, midnight: Timestamp) {
    let acts: Vec<_> = (0..AT_ONCE)
        .map(|number| {
            let at = if number % 2 == 0 { midnight } else { midnight - SignedDuration::from_millis(1) };
            numbered(at, number)
        })
        .collect();
    let entries = join_all(acts.iter().map(|act| log.append(act))).await;
    for (act, entry) in acts.iter().zip(entries) {
        let entry = entry.unwrap();
        assert_eq!(entry.act, *act);
        let stored = log.entries(entry.day, entry.number, 1).await.unwrap();
        assert_eq!(stored, [entry]);
    }
    let (_, entries) = whole(log).await;
    assert_eq!(entries, u64::try_from(AT_ONCE).unwrap());
}

async fn days_and_entries_are_read_page_by_page(log: &dyn AuditLog, midnight: Timestamp) {
    let later = midnight + SignedDuration::from_hours(24 * 40);
    for number in 0..5 {
        log.append(&numbered(later, number)).await.unwrap();
    }
    log.append(&numbered(later + SignedDuration::from_hours(24), 5)).await.unwrap();

    let all = log.days(None, 100).await.unwrap();
    assert!(all.is_sorted_by(|one, next| one.day > next.day), "the latest first");
    let (first, rest) = (log.days(None, 1).await.unwrap(), log.days(Some(all[0].day), 100).await.unwrap());
    assert_eq!([first, rest].concat(), all);
    assert_eq!(log.days(all.last().map(|end| end.day), 100).await.unwrap(), []);

    let day = all[1].day;
    let numbers = |entries: Vec<domain::audit::Entry>| entries.iter().map(|entry| entry.number).collect::<Vec<_>>();
    assert_eq!(numbers(log.entries(day, 1, 100).await.unwrap()), [1, 2, 3, 4, 5]);
    assert_eq!(numbers(log.entries(day, 2, 2).await.unwrap()), [2, 3]);
    assert_eq!(numbers(log.entries(day, 6, 2).await.unwrap()), [0; 0]);
    assert_eq!(numbers(log.entries(day, 0, 1).await.unwrap()), [1]);
    assert_eq!(whole(log).await.0, all.len());
}

/// Of many who are denied the same at once, one is recorded, and another a minute later.
async fn what_is_repeated_is_recorded_once_a_minute(log: &dyn AuditLog, midnight: Timestamp) {
    let (_, before) = whole(log).await;
    let at = |seconds| Act { at: midnight + SignedDuration::from_secs(seconds), ..numbered(midnight, 0) };
    for (act, name, recorded) in [(at(0), "one", 1), (at(59), "one", 1), (at(59), "other", 2), (at(60), "one", 3)] {
        let (act, times) = (&act, AT_ONCE);
        for done in join_all((0..times).map(|_| log.append_seldom(act, name))).await {
            done.unwrap();
        }
        assert_eq!(whole(log).await.1 - before, recorded, "{name} at {}", act.at);
    }
}

/// Of two who read the same only one keeps what they made of it.
async fn checks_are_kept_for_whoever_read_the_last(log: &dyn AuditLog, checks: &dyn AuditChecks) {
    assert_eq!(checks.read().await.unwrap(), None);
    let check = Check::latest(log, None).await.unwrap();
    let kept = |last: bool| {
        let last = last.then(|| check.clone());
        Checks { under_way: Some(check.clone()), last, ..Checks::default() }
    };
    for (checks_kept, read, expected) in [
        (kept(false), None, Written::Done),
        (kept(true), None, Written::Raced),
        (kept(true), Some(1), Written::Done),
        (kept(false), Some(1), Written::Raced),
    ] {
        assert_eq!(checks.keep(&checks_kept, read).await.unwrap(), expected);
    }
    let stored = checks.read().await.unwrap().unwrap();
    assert_eq!((stored.value, stored.version), (kept(true), 2));
}

async fn keeps_its_promises(log: &dyn AuditLog, checks: &dyn AuditChecks) {
    let midnight: Timestamp = "2026-11-20T15:00:00Z".parse().unwrap();
    assert_eq!(whole(log).await, (0, 0));
    whoever_appends_at_once_makes_one_chain_even_at_midnight(log, midnight).await;
    days_and_entries_are_read_page_by_page(log, midnight).await;
    what_is_repeated_is_recorded_once_a_minute(log, midnight).await;
    checks_are_kept_for_whoever_read_the_last(log, checks).await;
}

#[tokio::test]
async fn the_fake_keeps_its_promises() {
    let office = Office::in_memory();
    keeps_its_promises(office.log.as_ref(), office.checks.as_ref()).await;
}

#[tokio::test]
async fn the_table_keeps_its_promises() {
    let office = Office::in_table(&Place::running().scratch_table("audit").await);
    keeps_its_promises(office.log.as_ref(), office.checks.as_ref()).await;
}
