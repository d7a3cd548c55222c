//! Whether a check of the audit log finds what was done to it, and nothing where nothing was done.

use std::sync::{Arc, Mutex};

use app::audit::{BrokenDay, Check, Extent, PAGE, PAGES_MAX, begin, go_on};
use app::error::Error;
use app::ports::staff::{AuditChecks as _, AuditLog};
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

/// A check of the latest days that have entries, to its end.
async fn checked(log: &dyn AuditLog, days: Option<usize>) -> Check {
    let clock = TestClock::noon();
    let mut check = Check::latest(log, days).await.unwrap();
    for _ in 0..100 {
        if check.finished.is_some() {
            return check;
        }
        check.step(log, &clock).await.unwrap();
    }
    panic!("it never ends");
}

async fn found_after(tamper: impl FnOnce(&mut Log)) -> Vec<BrokenDay> {
    let office = log().await;
    office.tamper(tamper);
    checked(&office, None).await.broken
}

fn broken(day: i8, why: Broken) -> [BrokenDay; 1] {
    [BrokenDay { day: date(2026, 11, day), why }]
}

#[tokio::test]
async fn an_untouched_log_holds_from_any_day_on() {
    let office = log().await;
    let last = office.tamper(|log| log.entries.last_key_value().unwrap().1.hash.clone());
    for (days, entries) in
        [(Some(1), 2), (Some(2), PAGE + 7), (Some(3), PAGE + 8), (Some(4), PAGE + 8), (None, PAGE + 8)]
    {
        let check = checked(&office, days).await;
        let days = u64::try_from(days.unwrap_or(3).min(3)).unwrap();
        let extent = Extent { days, entries: u64::try_from(entries).unwrap() };
        assert!(check.holds(), "{days}: {:?}", check.broken);
        assert_eq!((check.total, check.done(), &check.hash), (extent, extent, &last));
    }
    let nothing = checked(&TestStaff::new(Arc::new(TestClock::noon())), None).await;
    assert!(nothing.holds(), "an empty log holds");
    assert_eq!((nothing.done(), nothing.hash), (Extent::default(), Hash::beginning()));
}

/// A day of more entries than a step reads is checked over several looks, by whoever looks.
#[tokio::test]
async fn a_very_long_day_is_checked_step_by_step() {
    let step = u64::try_from(PAGE * PAGES_MAX).unwrap();
    let office = Arc::new(TestStaff::new(Arc::new(TestClock::noon())));
    let start: Timestamp = "2026-11-20T03:00:00Z".parse().unwrap();
    let total = step + 7;
    for _ in 0..total {
        office.append(&act(start)).await.unwrap();
    }
    let clock = TestClock::noon();
    let beyond = step + 3;
    for altered in [None, Some(beyond)] {
        if let Some(number) = altered {
            office.tamper(|log| log.entries.get_mut(&(date(2026, 11, 20), number)).unwrap().act.after.push('!'));
        }
        begin(&*office, &*office, (date(2026, 11, 1), date(2026, 11, 30))).await.unwrap();
        let before = office.as_ref().read().await.unwrap().unwrap().value.last;
        let mut looks = 0;
        let last = loop {
            let checks = go_on(&*office, &*office, &clock).await.unwrap();
            looks += 1;
            assert!(looks < 10, "no end");
            let Some(under_way) = checks.under_way else { break checks.last.unwrap() };
            assert!(under_way.finished.is_none() && under_way.done().entries <= looks * step);
            assert_eq!(checks.last, before, "the last result stays until there is a new one");
        };
        assert_eq!(looks, 2, "no step reads more than it may");
        assert_eq!(last.done().entries, total);
        let found: Vec<_> = last.broken.iter().map(|day| day.why).collect();
        assert_eq!(found, altered.map(Broken::Altered).into_iter().collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_step_ends_by_the_clock_too_and_two_who_look_at_once_count_nothing_twice() {
    /// Every reading takes a second.
    struct Slow(Arc<TestStaff>, Arc<TestClock>);
    #[async_trait]
    impl AuditLog for Slow {
        async fn append(&self, act: &Act) -> Result<Entry, Error> {
            self.0.append(act).await
        }

        async fn append_seldom(&self, act: &Act, name: &str) -> Result<(), Error> {
            self.0.append_seldom(act, name).await
        }

        async fn days(&self, before: Option<Date>, limit: usize) -> Result<Vec<DayEnd>, Error> {
            self.0.days(before, limit).await
        }

        async fn entries(&self, day: Date, from: u64, limit: usize) -> Result<Vec<Entry>, Error> {
            self.1.advance(SignedDuration::from_secs(1));
            tokio::task::yield_now().await;
            self.0.entries(day, from, limit).await
        }
    }
    let clock = Arc::new(TestClock::noon());
    let office = Arc::new(log().await);
    let slow = Slow(office.clone(), clock.clone());
    begin(&slow, &*office, (Date::MIN, Date::MAX)).await.unwrap();
    let (one, other) = tokio::join!(go_on(&slow, &*office, &*clock), go_on(&slow, &*office, &*clock));
    assert_eq!(one.unwrap(), other.unwrap(), "both see what was kept");
    for _ in 0..10 {
        if let Some(last) = go_on(&slow, &*office, &*clock).await.unwrap().last {
            assert_eq!((last.holds(), last.done()), (true, last.total));
            return;
        }
    }
    panic!("it never ends");
}

#[tokio::test]
async fn broken_days_and_entries_are_named() {
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
    let both = [broken(29, Broken::Altered(1)), broken(20, Broken::Altered(1))].concat();
    assert_eq!(two, both, "every day by itself, the latest first");
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
    assert_eq!(checked(&office, Some(1)).await.broken, broken(29, Broken::Days));
}

/// Somebody works while the log is checked: an entry is appended after the days were read.
struct Busy(TestStaff, Mutex<Option<Act>>);
#[async_trait]
impl AuditLog for Busy {
    async fn append(&self, act: &Act) -> Result<Entry, Error> {
        self.0.append(act).await
    }

    async fn append_seldom(&self, act: &Act, name: &str) -> Result<(), Error> {
        self.0.append_seldom(act, name).await
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
    let check = checked(&busy, None).await;
    assert!(check.holds(), "nothing is wrong: {:?}", check.broken);
    assert_eq!(check.total.entries, u64::try_from(PAGE).unwrap() + 8, "what was there when the check began");
}
