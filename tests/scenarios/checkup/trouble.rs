//! What cannot be looked at within an hour, and which days of the audit log a look checks.

use std::ops::Range;

use app::audit::{self, Checks};
use app::checkup::AUDIT_DAYS;
use app::error::Kind;
use app::ports::staff::{AuditChecks, AuditLog, Written};
use app::ports::unfollows::{PAGE, Unfollow, Unfollows};
use domain::audit::{DayEnd, Entry};
use jiff::civil::{Date, date};
use tests::city::{TestClock, TestTable};
use tests::staff::TestStaff;

use super::*;

/// So many days follow each other, on each of which somebody does something.
async fn act_daily(world: &World, days: usize) {
    for _ in 0..days {
        world.act().await;
        world.city.clock.advance(HOUR * 24);
    }
}

/// Somebody alters an entry of the log, counted from 0.
fn alter(world: &World, entry: usize) {
    world
        .city
        .staff
        .tamper(|log| log.entries.values_mut().nth(entry).unwrap().act.subject.replace_range(.., "another"));
}

/// The checks of the audit log cannot be read.
struct Unread;

#[async_trait]
impl AuditChecks for Unread {
    async fn read(&self) -> Result<Option<Versioned<Checks>>, Error> {
        Err(Error::new(Kind::Transient, "read the checks of the log", "as the test says"))
    }

    async fn keep(&self, _: &Checks, _: Option<u64>) -> Result<Written, Error> {
        Ok(Written::Raced)
    }
}

#[tokio::test]
async fn a_log_that_cannot_be_checked_ends_no_finding_and_hides_no_other() {
    let mut world = World::new();
    world.act().await;
    world.act().await;
    alter(&world, 0);
    let (log, _guard) = Log::listen();
    assert!(world.looks().await.chain.is_broken());
    let unread: Arc<dyn AuditChecks> = Arc::new(Unread);
    let checks = std::mem::replace(&mut world.checker.checks, unread);
    world.quota.limit(100, 90);
    let looked = world.looks_again().await;
    assert_eq!((looked.chain.is_broken(), looked.findings.len()), (true, 2), "{looked:?}");
    world.checker.checks = checks;
    world.looks_again().await;
    assert_eq!(log.messages(Level::ERROR), ["audit log broken", "messages of the month nearly used up"]);
}

#[tokio::test]
async fn the_latest_days_are_checked_each_day_and_all_days_on_the_first_of_a_month() {
    for (altered, found_on) in [(1, date(2027, 1, 1)), (2, date(2026, 12, 24))] {
        let world = World::new();
        act_daily(&world, AUDIT_DAYS + 2).await;
        alter(&world, altered);
        while !world.looks().await.chain.is_broken() {
            assert!(date_in_japan(world.now()) < found_on, "entry {altered} is not found");
            world.city.clock.advance(HOUR * 24);
        }
        assert_eq!(date_in_japan(world.now()), found_on, "entry {altered}");
    }
}

#[tokio::test]
async fn a_check_of_staff_stands_for_that_of_the_day_only_where_it_saw_as_much() {
    for (first, last, altered, is_found) in [(2, 2, 0, true), (0, 0, 1, true), (0, 1, 0, false)] {
        let world = World::new();
        act_daily(&world, 2).await;
        world.act().await;
        let days = [2, 1, 0].map(|back| date_in_japan(world.now() - HOUR * 24 * back));
        let staff = &*world.city.staff;
        audit::begin(staff, staff, (days[first], days[last])).await.unwrap();
        let checks = audit::go_on(staff, staff, &*world.city.clock).await.unwrap();
        assert!(checks.last.is_some_and(|check| check.holds()));
        alter(&world, altered);
        assert_eq!(world.looks().await.chain.is_broken(), is_found, "from day {first} to day {last}");
    }
}

/// A log of which each reading takes as long as a step of a check.
struct SlowLog {
    staff: Arc<TestStaff>,
    clock: Arc<TestClock>,
}

#[async_trait]
impl AuditLog for SlowLog {
    async fn append(&self, act: &Act) -> Result<Entry, Error> {
        self.staff.append(act).await
    }

    async fn append_seldom(&self, act: &Act, name: &str) -> Result<(), Error> {
        self.staff.append_seldom(act, name).await
    }

    async fn days(&self, before: Option<Date>, limit: usize) -> Result<Vec<DayEnd>, Error> {
        self.clock.advance(audit::STEP);
        self.staff.days(before, limit).await
    }

    async fn entries(&self, day: Date, from: u64, limit: usize) -> Result<Vec<Entry>, Error> {
        self.clock.advance(audit::STEP);
        self.staff.entries(day, from, limit).await
    }
}

#[tokio::test]
async fn a_log_that_takes_long_is_checked_hour_by_hour() {
    let mut world = World::new();
    act_daily(&world, 3).await;
    world.checker.log = Arc::new(SlowLog { staff: world.city.staff.clone(), clock: world.city.clock.clone() });
    assert_eq!(world.looks().await.chain, Chain::NotLooked, "the function does other work, too");
    assert!(matches!(world.looks_again().await.chain, Chain::Whole { .. }));
}

/// Each question about who left takes a second.
struct SlowUnfollows {
    table: Arc<TestTable>,
    clock: Arc<TestClock>,
}

#[async_trait]
impl Unfollows for SlowUnfollows {
    async fn some(&self, within: &Range<Timestamp>, after: Option<&Unfollow>) -> Result<Vec<Unfollow>, Error> {
        self.clock.advance(SignedDuration::from_secs(1));
        self.table.some(within, after).await
    }
}

#[tokio::test]
async fn days_that_could_not_be_counted_in_time_are_counted_an_hour_later() {
    let mut world = World::new();
    world.looks().await;
    world.city.clock.advance(HOUR * 24 * 10);
    let (table, clock) = (world.city.table.clone(), world.city.clock.clone());
    world.checker.unfollows = Arc::new(SlowUnfollows { table, clock });
    let now = world.now();
    let uncounted = |looked: &Checkup| {
        let days = (1..=10).map(|back| date_in_japan(now - HOUR * 24 * back));
        days.filter(|day| looked.unfollows.days.iter().all(|known| known.day != *day)).count()
    };
    assert_eq!(uncounted(&world.looks().await), 3);
    assert_eq!(uncounted(&world.looks_again().await), 0);
}

#[tokio::test]
async fn more_people_than_a_page_holds_are_counted() {
    let mut world = World::new();
    let many = u32::try_from(PAGE).unwrap() + 1;
    world.leave(1, many, HOUR).await;
    assert_eq!(world.looks().await.unfollows.last_day, u64::from(many));
}
