//! Whether a check of the audit log finds what was done to it, and nothing where nothing was done.

use std::sync::{Arc, Mutex};

use app::audit::{Checked, PAGE, check};
use app::error::Error;
use app::ports::staff::AuditLog;
use async_trait::async_trait;
use domain::audit::{Act, Action, Actor, Broken, DayEnd, Entry, Hash};
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use tests::city::TestClock;
use tests::staff::{Log, TestStaff};

fn act(at: Timestamp) -> Act {
    Act {
        at,
        actor: Actor::CommandLine,
        action: Action::EditTown,
        subject: "waste-item/kandenchi".to_owned(),
        department: None,
        before: String::new(),
        after: String::new(),
    }
}

/// Three days: one with one entry, one with more than a page, one with two.
async fn log() -> TestStaff {
    let office = TestStaff::new(Arc::new(TestClock::noon()));
    let start: Timestamp = "2026-11-20T03:00:00Z".parse().unwrap();
    for (day, entries) in [(0, 1), (1, PAGE + 5), (9, 2)] {
        for _ in 0..entries {
            office.append(&act(start + SignedDuration::from_hours(24 * day))).await.unwrap();
        }
    }
    office
}

async fn found_after(tamper: impl FnOnce(&mut Log)) -> Checked {
    let office = log().await;
    office.tamper(tamper);
    check(&office, usize::MAX).await.unwrap()
}

fn broken(day: i8, why: Broken) -> Checked {
    Checked::Broken { day: date(2026, 11, day), why }
}

#[tokio::test]
async fn an_untouched_log_holds_from_any_day_on() {
    let office = log().await;
    for (days, entries) in [(1, 2), (2, PAGE + 7), (3, PAGE + 8), (4, PAGE + 8), (usize::MAX, PAGE + 8)] {
        let Checked::Whole(extent) = check(&office, days).await.unwrap() else { panic!("{days}") };
        assert_eq!((extent.days, extent.entries), (days.min(3), u64::try_from(entries).unwrap()));
        assert_eq!(extent.last, office.tamper(|log| log.entries.last_key_value().unwrap().1.hash.clone()));
    }
    let nothing = TestStaff::new(Arc::new(TestClock::noon()));
    let Checked::Whole(extent) = check(&nothing, usize::MAX).await.unwrap() else { panic!("an empty log holds") };
    assert_eq!((extent.days, extent.entries, extent.last), (0, 0, Hash::beginning()));
}

#[tokio::test]
async fn the_first_broken_day_and_entry_are_named() {
    let day = |day| date(2026, 11, day);
    let beyond = u64::try_from(PAGE).unwrap() + 3;
    let altered = found_after(|log| log.entries.get_mut(&(day(21), beyond)).unwrap().act.after.push('!')).await;
    assert_eq!(altered, broken(21, Broken::Altered(beyond)), "on the second page too");
    let removed = found_after(|log| drop(log.entries.remove(&(day(21), 2)))).await;
    assert_eq!(removed, broken(21, Broken::Number(2)));
    let shortened = found_after(|log| drop(log.entries.remove(&(day(29), 2)))).await;
    assert_eq!(shortened, broken(29, Broken::End));
    let emptied = found_after(|log| log.entries.retain(|(at, _), _| *at != day(20))).await;
    assert_eq!(emptied, broken(20, Broken::End));
    let two = found_after(|log| {
        log.entries.get_mut(&(day(29), 1)).unwrap().act.after.push('!');
        log.entries.get_mut(&(day(20), 1)).unwrap().act.after.push('!');
    })
    .await;
    assert_eq!(two, broken(20, Broken::Altered(1)), "the earliest");
}

#[tokio::test]
async fn a_missing_day_is_noticed_at_the_day_beside_it() {
    let day = |day| date(2026, 11, day);
    let without = |gone| {
        found_after(move |log| {
            log.days.remove(&day(gone));
            log.entries.retain(|(at, _), _| *at != day(gone));
        })
    };
    assert_eq!(without(20).await, broken(21, Broken::Days), "the first");
    assert_eq!(without(21).await, broken(29, Broken::Days));
    assert_eq!(without(29).await, broken(21, Broken::Days), "the last");
    // A check of the last days looks at the day before them too.
    let office = log().await;
    office.tamper(|log| log.days.get_mut(&day(21)).unwrap().last = Hash::beginning());
    assert_eq!(check(&office, 1).await.unwrap(), broken(29, Broken::Days));
}

/// Somebody works while the log is checked: an entry is appended after the days were read.
struct Busy(TestStaff, Mutex<Option<Act>>);
#[async_trait]
impl AuditLog for Busy {
    async fn append(&self, act: &Act) -> Result<Entry, Error> {
        self.0.append(act).await
    }

    async fn days(&self, before: Option<Date>, limit: usize) -> Result<Vec<DayEnd>, Error> {
        let days = self.0.days(before, limit).await;
        let act = self.1.lock().unwrap().take();
        if let Some(act) = act {
            self.0.append(&act).await?;
        }
        days
    }

    async fn entries(&self, day: Date, from: u64, limit: usize) -> Result<Vec<Entry>, Error> {
        self.0.entries(day, from, limit).await
    }
}

#[tokio::test]
async fn an_entry_too_many_is_noticed_but_not_one_that_was_just_written() {
    let more = |log: &mut Log| {
        let (key, last) = log.entries.last_key_value().unwrap();
        let mut forged = last.clone();
        (forged.number, forged.previous) = (3, last.hash.clone());
        let key = (key.0, 3);
        log.entries.insert(key, forged);
    };
    assert_eq!(found_after(more).await, broken(29, Broken::End));

    let busy = Busy(log().await, Mutex::new(Some(act("2026-11-29T04:00:00Z".parse().unwrap()))));
    let Checked::Whole(extent) = check(&busy, usize::MAX).await.unwrap() else { panic!("nothing is wrong") };
    assert_eq!(extent.entries, u64::try_from(PAGE).unwrap() + 8, "what was there when the check began");
}
