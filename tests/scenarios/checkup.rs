//! The look at whether all is well: what it finds in a city, how often it tells of it, and what a crash leaves.

mod trouble;

use std::sync::Arc;

use app::checkup::{Checker, MINUTE, MINUTE_LAST, Pulse};
use app::error::Error;
use app::ports::checkup::{Checkups as _, Heartbeats as _, Runner};
use app::ports::staff::{AuditChecks as _, AuditLog as _};
use app::ports::{ChannelSecret, ChannelSecrets, Clock, Versioned};
use async_trait::async_trait;
use domain::audit::{Act, Action, Actor};
use domain::checkup::{Chain, Checkup, Finding, Messages};
use domain::conversation::Deed;
use domain::ids::ResidentId;
use domain::time::{date_in_japan, in_japan};
use domain::town::Town;
use jiff::{SignedDuration, Timestamp};
use line::client::LineClient;
use line::config::{Endpoints, Timeouts};
use line::messenger::LineMessenger;
use serde_json::json;
use tests::checkup::TestCheckups;
use tests::city::City;
use tests::log::Log;
use tests::quota::TestQuota;
use tracing::Level;
use wiremock::matchers::{any, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const MINUTES_A_DAY: i64 = 24 * 60;

/// A city whose janitor looks whether all is well.
struct World {
    city: City,
    quota: Arc<TestQuota>,
    checkups: Arc<TestCheckups>,
    checker: Checker,
    events: u32,
}

impl World {
    /// At the minute of the look.
    fn new() -> Self {
        let city = City::of(Town::default());
        let (quota, checkups) = (Arc::<TestQuota>::default(), Arc::<TestCheckups>::default());
        let checker = Checker {
            quotas: quota.clone(),
            unfollows: city.table.clone(),
            log: city.staff.clone(),
            checks: city.staff.clone(),
            checkups: checkups.clone(),
            clock: city.clock.clone(),
        };
        city.clock.advance(SignedDuration::from_mins(i64::from(MINUTE)));
        Self { city, quota, checkups, checker, events: 0 }
    }

    fn now(&self) -> Timestamp {
        self.city.clock.now()
    }

    async fn looks(&self) -> Checkup {
        self.checker.tick().await.unwrap().unwrap()
    }

    /// An hour later.
    async fn looks_again(&self) -> Checkup {
        self.city.clock.advance(HOUR);
        self.looks().await
    }

    /// So many people block the account, so long ago, the first of them being this one.
    async fn leave(&mut self, first: u32, people: u32, ago: SignedDuration) {
        for number in first..first + people {
            self.events += 1;
            let resident: ResidentId = format!("U{number:032x}").parse().unwrap();
            let mut letter = self.city.letter(&resident, self.events, Deed::Unfollowed);
            letter.incoming.at = self.now() - ago;
            self.city.inbox.handle(&letter).await.unwrap();
        }
    }

    async fn act(&self) {
        let act = Act {
            at: self.now(),
            actor: Actor::CommandLine,
            action: Action::EditTown,
            subject: "waste-item/kandenchi".to_owned(),
            department: None,
            before: String::new(),
            after: String::new(),
        };
        self.city.staff.append(&act).await.unwrap();
    }
}

#[tokio::test]
async fn it_looks_once_an_hour_and_reads_nothing_between() {
    let world = World::new();
    let mut looks = Vec::new();
    for _ in 0..MINUTES_A_DAY {
        if world.checker.tick().await.unwrap().is_some() {
            looks.push(in_japan(world.now()).hour());
        }
        world.city.clock.advance(SignedDuration::from_mins(1));
    }
    assert_eq!(looks.len(), 24);
    assert_eq!(world.checkups.puts(), 24, "nothing else is written");
    assert_eq!(world.checkups.reads(), 24 * usize::try_from(MINUTE_LAST - MINUTE + 1).unwrap());
}

#[tokio::test]
async fn a_look_that_failed_or_was_not_called_for_is_made_up_for_in_the_next_minutes() {
    let world = World::new();
    let minute = SignedDuration::from_mins(1);
    world.checkups.fail(2);
    for fails in [true, true, false] {
        assert_eq!(world.checker.tick().await.is_err(), fails);
        world.city.clock.advance(minute);
    }
    assert_eq!(world.checkups.puts(), 1);
    assert_eq!(world.checker.tick().await.unwrap(), None, "once an hour is enough");
    // In the next hour nobody called before the last of these minutes.
    world.city.clock.advance(HOUR + minute);
    assert_eq!(in_japan(world.now()).minute(), MINUTE_LAST);
    assert!(world.checker.tick().await.unwrap().is_some());
    // And in the one after that, not even then.
    world.city.clock.advance(HOUR + minute);
    assert_eq!(world.checker.tick().await.unwrap(), None);
}

#[tokio::test]
async fn a_city_in_which_all_is_well_tells_of_nothing() {
    let world = World::new();
    world.act().await;
    let (log, _guard) = Log::listen();
    let looked = world.looks().await;
    assert_eq!((looked.at, looked.messages, looked.findings.len()), (world.now(), Messages::Unlimited, 0));
    assert_eq!(looked.chain, Chain::Whole { at: world.now() });
    assert_eq!(world.checkups.last().await.unwrap(), Some(looked));
    assert!(log.messages(Level::ERROR).is_empty() && log.messages(Level::WARN).is_empty());
}

#[tokio::test]
async fn messages_that_are_nearly_used_up_are_told_of_once_a_month() {
    let world = World::new();
    let (log, _guard) = Log::listen();
    let told = || log.messages(Level::ERROR);
    world.quota.limit(30_000, 23_999);
    world.looks().await;
    assert!(told().is_empty());
    world.quota.limit(30_000, 24_000);
    for _ in 0..3 {
        let looked = world.looks_again().await;
        assert!(looked.findings.contains(&Finding::MessagesNearlyUsedUp));
    }
    world.quota.fail();
    assert_eq!(world.looks_again().await.messages, Messages::Unsaid);
    assert_eq!(told(), ["messages of the month nearly used up"], "not each hour, and not when LINE is silent");
    world.quota.limit(30_000, 100);
    assert!(world.looks_again().await.findings.is_empty(), "the next month");
    world.quota.limit(30_000, 29_000);
    world.looks_again().await;
    assert_eq!(told().len(), 2);
    let lines = log.lines();
    let line = lines.iter().rfind(|line| line.level == Level::ERROR).unwrap();
    assert_eq!((line.field("messages.limit"), line.field("messages.used")), ("30000", "29000"));
}

/// A secret that staff have changed at LINE, and not here.
struct OldSecret;

#[async_trait]
impl ChannelSecrets for OldSecret {
    async fn current(&self) -> Result<Arc<ChannelSecret>, Error> {
        Ok(Arc::new(ChannelSecret { channel_id: "1234567890".to_owned(), channel_secret: "old".into() }))
    }

    async fn renewed(&self, wrong: &Arc<ChannelSecret>) -> Result<Arc<ChannelSecret>, Error> {
        Ok(Arc::clone(wrong))
    }
}

#[tokio::test]
async fn that_line_takes_neither_secret_nor_token_is_told_of_though_nobody_writes() {
    let token = ResponseTemplate::new(200).set_body_json(json!({ "access_token": "t", "expires_in": 900 }));
    for (issued, refused) in [(ResponseTemplate::new(400), 400), (token, 401)] {
        let mut world = World::new();
        let server = MockServer::start().await;
        Mock::given(path("/oauth2/v3/token")).respond_with(issued).mount(&server).await;
        Mock::given(any()).respond_with(ResponseTemplate::new(401)).mount(&server).await;
        let endpoints = Endpoints::new(&server.uri(), &server.uri()).unwrap();
        let secrets = Arc::new(OldSecret);
        let client = LineClient::new(endpoints, Timeouts::default(), secrets, world.city.clock.clone()).unwrap();
        world.checker.quotas = Arc::new(LineMessenger::new(client));
        let (log, _guard) = Log::listen();
        assert_eq!(world.looks().await.messages, Messages::Unsaid);
        let told: Vec<_> = log.lines().into_iter().filter(|line| line.level == Level::ERROR).collect();
        assert!(!told.is_empty());
        for line in &told {
            assert_eq!(line.message, "LINE does not take our credentials");
            assert_eq!(line.field("line.status"), refused.to_string());
        }
    }
}

#[tokio::test]
async fn people_who_leave_are_counted_by_day_each_once_and_days_only_when_they_have_ended() {
    let mut world = World::new();
    world.leave(1, 5, HOUR * 30).await;
    world.leave(10, 3, HOUR).await;
    world.leave(10, 3, HOUR * 2).await;
    let today = date_in_japan(world.now());
    let looked = world.looks().await.unfollows;
    assert_eq!((looked.last_day, looked.days.len(), looked.normal()), (3, 0, None), "of days before nothing is known");
    assert!(world.looks_again().await.unfollows.days.is_empty(), "the day has not ended");
    world.city.clock.advance(HOUR * 23);
    let tomorrow = world.looks().await.unfollows;
    let days: Vec<_> = tomorrow.days.iter().map(|day| (day.day, day.people)).collect();
    assert_eq!(days, [(today, 3)], "that day has ended");
    // What becomes known of it later changes nothing of what was counted.
    world.leave(20, 4, HOUR * 24).await;
    assert_eq!(world.looks_again().await.unfollows.days, tomorrow.days);
    // Nobody looked for three days: each of them is counted.
    world.leave(30, 2, HOUR).await;
    world.city.clock.advance(HOUR * 24 * 3);
    let later = world.looks().await.unfollows;
    assert_eq!(later.days.iter().map(|day| day.people).collect::<Vec<_>>(), [3, 2, 0, 0]);
}

#[tokio::test]
async fn an_account_in_its_first_week_is_not_judged_by_days_that_nobody_counted() {
    let mut world = World::new();
    let (log, _guard) = Log::listen();
    for day in 1..=9 {
        world.leave(day * 100, 60, HOUR).await;
        assert!(world.looks().await.findings.is_empty(), "many leave every day");
        world.city.clock.advance(HOUR * 24);
    }
    assert!(log.messages(Level::ERROR).is_empty());
}

#[tokio::test]
async fn many_who_leave_after_quiet_days_are_told_of_once() {
    let mut world = World::new();
    for day in 1..=8 {
        world.leave(day * 100, 4, HOUR).await;
        world.looks().await;
        world.city.clock.advance(HOUR * 24);
    }
    let (log, _guard) = Log::listen();
    world.leave(5_000, 19, HOUR).await;
    assert!(world.looks().await.findings.is_empty(), "not twenty");
    world.leave(6_000, 1, HOUR).await;
    for _ in 0..3 {
        assert!(world.looks_again().await.findings.contains(&Finding::UnfollowsAboveNormal));
    }
    assert_eq!(log.messages(Level::ERROR), ["unfollows above normal"]);
    let told = log.lines().into_iter().find(|line| line.level == Level::ERROR).unwrap();
    assert_eq!((told.field("unfollows.people"), told.field("unfollows.normal")), ("20", "4"));
    world.city.clock.advance(HOUR * 24);
    assert!(world.looks().await.findings.is_empty(), "a day later");
}

#[tokio::test]
async fn a_log_that_was_tampered_with_is_told_of_on_the_next_day_and_once() {
    let world = World::new();
    for _ in 0..3 {
        world.act().await;
    }
    let (log, _guard) = Log::listen();
    assert!(!world.looks().await.chain.is_broken());
    world.city.staff.tamper(|log| {
        log.entries.values_mut().next().unwrap().act.subject = "another".to_owned();
    });
    assert!(!world.looks_again().await.chain.is_broken(), "checked once a day");
    world.city.clock.advance(HOUR * 23);
    let Chain::Broken { day, .. } = world.looks().await.chain else { panic!("not found") };
    assert_eq!(day, Some(date_in_japan(world.now() - HOUR * 24)));
    world.city.clock.advance(HOUR * 24);
    assert!(world.looks().await.chain.is_broken());
    assert_eq!(log.messages(Level::ERROR), ["audit log broken"]);
}

#[tokio::test]
async fn a_check_that_staff_have_begun_is_moved_on_and_none_takes_its_place() {
    let world = World::new();
    world.act().await;
    let today = date_in_japan(world.now());
    app::audit::begin(&*world.city.staff, &*world.city.staff, (today, today)).await.unwrap();
    world.looks().await;
    let Some(Versioned { value: checks, .. }) = world.city.staff.read().await.unwrap() else { panic!("no checks") };
    let last = checks.last.unwrap();
    assert_eq!((checks.under_way, last.first, last.last), (None, today, today));
}

#[tokio::test]
async fn a_crash_between_finding_and_keeping_tells_of_it_again_and_never_not_at_all() {
    let world = World::new();
    let (log, _guard) = Log::listen();
    world.quota.limit(100, 90);
    world.checkups.fail(1);
    assert!(world.checker.tick().await.is_err());
    assert_eq!(log.messages(Level::ERROR).len(), 1);
    world.looks_again().await;
    world.looks_again().await;
    assert_eq!(log.messages(Level::ERROR).len(), 2, "kept the second time, and told of no third time");
}

#[tokio::test]
async fn a_sign_of_life_is_given_every_five_minutes_and_its_loss_is_no_failure() {
    let world = World::new();
    let pulse = |runner| Pulse { runner, heartbeats: world.checkups.clone(), clock: world.city.clock.clone() };
    let (janitor, reminder) = (pulse(Runner::Janitor), pulse(Runner::Reminder));
    let began = world.now();
    world.checkups.fail(1);
    reminder.beat().await;
    janitor.beat().await;
    let beats = world.checkups.all().await.unwrap();
    assert_eq!(beats.iter().map(|beat| (beat.runner, beat.at)).collect::<Vec<_>>(), [(Runner::Janitor, began)]);
    for _ in 0..9 {
        world.city.clock.advance(SignedDuration::from_mins(1));
        reminder.beat().await;
        janitor.beat().await;
    }
    let beats = world.checkups.all().await.unwrap();
    assert_eq!(beats.len(), 2);
    assert!(beats.iter().all(|beat| beat.at == began + SignedDuration::from_mins(5)));
    assert!(!beats[0].is_late(began + SignedDuration::from_mins(19)));
    assert!(beats[0].is_late(began + SignedDuration::from_mins(20)));
}
