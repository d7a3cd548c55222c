//! Rules that write broadcasts by themselves: each once, at its time, whatever becomes of the tick.

use std::sync::Arc;
use std::time::Duration;

use app::broadcast::desk::BroadcastDesk;
use app::error::Error;
use app::ports::broadcasts::{Broadcasts, FrozenParts, PartKey, Place, RunKey, SendingQueues, Shelf, TakenRun, Timer};
use app::ports::reminders::Reminders;
use app::ports::staff::Written;
use app::ports::{Clock, Messages, Versioned};
use app::reminder::desk::{Outcome, ReminderDesk, Tried};
use app::reminder::tick::{Ticked, Ticker, WORKS_FOR};
use app::trial::{self, Trial, TrialId};
use async_trait::async_trait;
use domain::audit::Act;
use domain::broadcast::audience::Audience;
use domain::broadcast::content::{Content, Message, Wording};
use domain::broadcast::{Broadcast, Lane, Reach, State};
use domain::dates::parse_rules;
use domain::ids::{BroadcastId, RuleId, StaffId};
use domain::language::Language;
use domain::reminder::schedule::Schedule;
use domain::reminder::{Became, Draft, GRACE_MINUTES, Kind, Refusal, Rule, State as RuleState};
use domain::sending::delivery::Order;
use domain::sending::frozen::{FrozenPart, PackedId};
use domain::sending::janitor::QueueLooks;
use domain::staff::{Roles, Staff, Standing};
use domain::time::time_of_day;
use domain::town::{QuietHours, Town};
use futures_util::future::join_all;
use jiff::Timestamp;
use jiff::civil::{date, time};
use tests::city::{TestClock, TestPlatform, TestTown};
use tests::post::{Friend, Functions, Post};
use tests::reminders::{Life, TestReminders};
use tests::staff::{TestChance, TestStaff};

use super::sending::{EMERGENCY, ROUTINE, friend};

/// A city with a rule's desk and its ticks. It is noon of 21 November, a Saturday.
pub(super) struct World {
    pub(super) post: Arc<Post>,
    pub(super) functions: Functions,
    pub(super) rules: Arc<TestReminders>,
    pub(super) ticker: Ticker,
    pub(super) desk: ReminderDesk,
}

impl World {
    pub(super) fn new(friends: u32, town: Town) -> Self {
        let post = Post::new(Duration::from_millis(50));
        for number in 0..friends {
            post.befriend(Friend::new(friend(number)));
        }
        let (town, staff) = (Arc::new(town), Arc::new(TestStaff::new(post.clone())));
        let functions = post.functions(town.clone(), staff.clone(), [EMERGENCY, ROUTINE]);
        let rules = Arc::new(TestReminders::new(staff));
        let ticker = Ticker {
            rules: rules.clone(),
            broadcasts: post.clone(),
            frozen: post.clone(),
            queues: post.clone(),
            composer: post.clone(),
            pictures: post.clone(),
            towns: Arc::new(TestTown(town)),
            clock: post.clone(),
        };
        let broadcasts: BroadcastDesk = functions.desk.clone();
        let desk = ReminderDesk { rules: rules.clone(), broadcasts };
        Self { post, functions, rules, ticker, desk }
    }

    /// A rule that is on.
    pub(super) async fn on(&self, number: u32, draft: Draft) -> RuleId {
        let made = self.desk.create(rule_id(number), draft, &editor()).await.unwrap();
        let Outcome::Done(made) = made else { panic!("not made: {made:?}") };
        let id = made.value.id;
        let asked = self.desk.ask(&id, 1, &editor()).await.unwrap();
        assert!(matches!(asked, Outcome::Done(_)), "{asked:?}");
        let approved = self.desk.approve(&id, 2, &approver()).await.unwrap();
        assert!(matches!(approved, Outcome::Done(_)), "{approved:?}");
        id
    }

    /// A rule that is on without anybody having asked whether it can be.
    async fn put(&self, number: u32, draft: Draft) -> RuleId {
        let mut rule = Rule::new(rule_id(number), draft, editor());
        rule.ask(&editor(), Reach::default(), at("12:00")).unwrap();
        rule.approve(&approver(), at("12:00")).unwrap();
        self.rules.put(&rule, None, None).await.unwrap();
        rule.id
    }

    /// Lets it be this time; nothing is done meanwhile.
    pub(super) async fn at(&self, time: &str) {
        Timer::until(&*self.post, at(time)).await;
    }

    pub(super) async fn tick(&self, time: &str) -> Ticked {
        self.ticker.tick(at(time)).await.unwrap()
    }

    /// All broadcasts that were written, by the time at which they go, with their state.
    pub(super) async fn written(&self) -> Vec<Broadcast> {
        let mut written = Vec::new();
        for shelf in [Shelf::Desk, Shelf::Due, Shelf::Sending, Shelf::Done] {
            written.extend(self.post.on_shelf(shelf, None, 10_000).await.unwrap().into_iter().map(|(_, it)| it));
        }
        written.sort_by_key(|broadcast| broadcast.title.clone());
        written
    }

    pub(super) async fn titles(&self) -> Vec<String> {
        self.written().await.into_iter().map(|broadcast| broadcast.title).collect()
    }

    /// Lets minutes pass, with the work of each.
    pub(super) async fn pass(&self, minutes: u32) {
        for _ in 0..minutes {
            self.functions.work().await;
            tokio::time::advance(Duration::from_mins(1)).await;
            self.functions.janitor.tick().await.unwrap();
        }
    }

    pub(super) fn became(&self, id: &RuleId) -> Vec<(String, Became)> {
        let rule = self.rules.rule(id).unwrap();
        let time = |at: Timestamp| domain::time::in_japan(at).strftime("%d %H:%M").to_string();
        rule.outcomes.into_iter().map(|outcome| (time(outcome.due), outcome.became)).collect()
    }
}

/// A time in Japan: `13:00` of 21 November 2026, or `22 13:00` of another day.
pub(super) fn at(time: &str) -> Timestamp {
    let (day, time) = time.split_once(' ').unwrap_or(("21", time));
    format!("2026-11-{day}T{time}:00+09:00").parse().unwrap()
}

pub(super) fn rule_id(number: u32) -> RuleId {
    format!("0199cccc-0000-7000-8000-{number:012}").parse().unwrap()
}

fn editor() -> StaffId {
    "editor".parse().unwrap()
}

fn approver() -> StaffId {
    "approver".parse().unwrap()
}

fn said(text: &str) -> Content {
    let wording = Wording { messages: vec![Message::Text(text.to_owned())] };
    Content { wordings: [(Language::Japanese, wording)].into() }
}

/// A rule for all, each day at a time.
pub(super) fn daily(name: &str, time: &str) -> Draft {
    let dates = parse_rules("月 火 水 木 金 土 日").unwrap().into();
    let schedule = Schedule { dates, time: time_of_day(time).unwrap(), from: date(2026, 11, 1) };
    Draft {
        name: name.parse().unwrap(),
        department: "health".parse().unwrap(),
        kind: Kind::Town { schedule, audience: Audience::All, content: said("{date}のお知らせ") },
        until: None,
        grace_minutes: GRACE_MINUTES,
    }
}

pub(super) fn release_at(broadcast: &Broadcast) -> Timestamp {
    let State::Approved { release_at, .. } = broadcast.state else { panic!("not approved: {:?}", broadcast.state) };
    release_at
}

#[tokio::test(start_paused = true)]
async fn a_rule_writes_one_broadcast_whether_the_tick_is_late_doubled_or_out_of_order() {
    let world = World::new(40, Town::default());
    let rule = world.on(1, daily("体操", "13:00")).await;
    world.at("13:00").await;
    assert_eq!(world.tick("12:59").await, Ticked::default());
    let (one, two) = tokio::join!(world.ticker.tick(at("13:00")), world.ticker.tick(at("13:00")));
    let due = [one.unwrap().due, two.unwrap().due];
    assert!(due.contains(&1), "one of them found it");
    for minute in ["13:01", "13:00", "12:30", "13:20", "13:00"] {
        assert_eq!(world.tick(minute).await.went, 0, "{minute}");
    }
    world.pass(3).await;
    assert_eq!(world.titles().await, ["体操 11月21日(土)"]);
    assert!(world.post.received().len() == 40 && world.post.received().values().all(|times| *times == 1));
    let heard = world.post.heard();
    assert!(
        heard.values().flatten().all(|(_, words)| words.contains("11月21日(土)のお知らせ")),
        "the date is filled in"
    );
    assert!(matches!(&world.became(&rule)[..], [(time, Became::Went(_))] if time == "21 13:00"));
    assert_eq!(world.rules.rule(&rule).unwrap().due(), Some(at("22 13:00")));
}

#[tokio::test(start_paused = true)]
async fn many_ticks_at_once_write_each_broadcast_once() {
    let world = World::new(5, Town::default());
    for number in 1..=30 {
        world.put(number, daily(&format!("その{number:02}"), "13:00")).await;
    }
    let ticked = join_all((0..4).map(|_| world.ticker.tick(at("13:00")))).await;
    assert!(ticked.into_iter().all(|ticked| ticked.unwrap().failed == 0), "a lost race is no failure");
    assert_eq!(world.titles().await.len(), 30);
}

#[tokio::test(start_paused = true)]
async fn whoever_dies_between_two_steps_the_next_tick_does_the_rest() {
    let mut steps = 0;
    loop {
        let mut world = World::new(20, Town::default());
        let rule = world.on(1, daily("体操", "13:00")).await;
        world.at("13:00").await;
        world.mortal().ends_after(steps);
        let is_done = world.ticker.tick(at("13:00")).await.is_ok();
        world.mortal().ends_after(usize::MAX);
        world.at("13:01").await;
        world.tick("13:01").await;
        world.pass(3).await;
        assert_eq!(world.titles().await.len(), 1, "after {steps} steps");
        assert!(world.post.received().len() == 20, "after {steps} steps");
        assert!(world.post.received().values().all(|times| *times == 1), "after {steps} steps");
        assert!(matches!(world.became(&rule)[..], [(_, Became::Went(_))]), "after {steps} steps");
        if is_done {
            break;
        }
        steps += 1;
        assert!(steps < 50, "it never gets done");
    }
    assert_eq!(steps, 7, "look, find, find, keep, put, ask, put");
}

#[tokio::test(start_paused = true)]
async fn one_rule_that_cannot_write_does_not_keep_the_others_from_it_and_is_tried_again_within_its_grace() {
    let world = World::new(20, Town::default());
    let bad = daily("だめ", "13:00");
    let Kind::Town { schedule, audience, .. } = bad.kind.clone() else { panic!("another kind") };
    let bad = Draft { kind: Kind::Town { schedule, audience, content: said("{website}") }, grace_minutes: 2, ..bad };
    world.on(2, daily("よい", "13:00")).await;
    // The town's data said something for the placeholder when it was approved, and says nothing any more.
    let rule = world.put(1, bad).await;
    assert_eq!(world.tick("13:00").await, Ticked { due: 2, went: 1, stuck: 1, ..Ticked::default() });
    assert_eq!(world.titles().await, ["よい 11月21日(土)"]);
    assert_eq!(world.became(&rule), [("21 13:00".to_owned(), Became::Stuck)]);
    assert_eq!(world.tick("13:02").await, Ticked { due: 1, stuck: 1, ..Ticked::default() }, "tried again");
    assert_eq!(world.tick("13:03").await, Ticked { due: 1, missed: 1, ..Ticked::default() });
    assert_eq!(world.became(&rule), [("21 13:00".to_owned(), Became::Missed)]);
    assert_eq!(world.tick("13:04").await, Ticked::default(), "once it is given up");
}

#[tokio::test(start_paused = true)]
async fn what_the_town_gave_up_does_not_become_nobody_or_everybody() {
    let world = World::new(20, Town::default());
    let draft = daily("除外", "13:00");
    let Kind::Town { schedule, content, .. } = draft.kind.clone() else { panic!("another kind") };
    let gone = Audience::Not(Box::new(Audience::TopicsAny(["gone".parse().unwrap()].into())));
    // Of a rule's broadcasts nobody can say to which earlier one it refers.
    let earlier = Audience::NotReceived("0199f000-0000-7000-8000-000000000001".parse().unwrap());
    for (number, audience) in [(1, gone), (2, earlier)] {
        let (schedule, content) = (schedule.clone(), content.clone());
        world.put(number, Draft { kind: Kind::Town { schedule, audience, content }, ..draft.clone() }).await;
    }
    assert_eq!(world.tick("13:00").await, Ticked { due: 2, stuck: 2, ..Ticked::default() });
    for number in [1, 2] {
        assert_eq!(world.became(&rule_id(number)), [("21 13:00".to_owned(), Became::Stuck)]);
    }
    assert!(world.titles().await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn two_ticks_that_meet_and_write_nothing_are_made_up_for_by_the_next() {
    let world = World::new(20, Town::default());
    let rule = world.on(1, daily("体操", "13:00")).await;
    world.post.meet(1);
    assert!(world.ticker.tick(at("13:00")).await.is_err(), "so that the next minute looks again");
    assert!(world.titles().await.is_empty() && world.became(&rule).is_empty());
    assert_eq!(world.tick("13:01").await, Ticked { due: 1, went: 1, ..Ticked::default() });
    assert_eq!(world.titles().await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn of_two_ticks_that_meet_the_slower_takes_what_the_faster_wrote_for_its_own() {
    let mut world = World::new(20, Town::default());
    let rule = world.on(1, daily("体操", "13:00")).await;
    // Both have looked, and found none, before either writes.
    world.mortal_slow(Duration::from_secs(1));
    let (one, two) = tokio::join!(world.ticker.tick(at("13:00")), world.ticker.tick(at("13:00")));
    assert_eq!([one.unwrap(), two.unwrap()], [Ticked { due: 1, went: 1, ..Ticked::default() }; 2]);
    assert_eq!(world.titles().await.len(), 1);
    assert!(matches!(world.became(&rule)[..], [(_, Became::Went(_))]));
}

#[tokio::test(start_paused = true)]
async fn what_is_stuck_goes_as_soon_as_it_can() {
    let world = World::new(20, Town::default());
    let rule = world.on(1, daily("体操", "13:00")).await;
    let mut found = world.rules.rule(&rule).unwrap();
    let due = at("13:00");
    found.settle(vec![domain::reminder::Outcome { due, became: Became::Stuck }], Some(due), due);
    world.rules.put(&found, Some(3), None).await.unwrap();
    assert_eq!(world.tick("13:30").await, Ticked { due: 1, went: 1, ..Ticked::default() });
    assert!(matches!(&world.became(&rule)[..], [(_, Became::Went(_))]));
}

#[tokio::test(start_paused = true)]
async fn an_edit_a_pause_and_an_end_are_heeded_to_the_minute() {
    let world = World::new(20, Town::default());
    for (number, name) in (1..).zip(["書きかえ", "休み", "終わり", "最終日", "そのまま"]) {
        let mut draft = daily(name, "13:00");
        draft.until = (name == "最終日").then(|| date(2026, 11, 21));
        world.on(number, draft).await;
    }
    world.at("12:59").await;
    let (edited, by) = (daily("書きかえ", "14:00"), editor());
    assert!(matches!(world.desk.edit(&rule_id(1), 3, edited, &by).await.unwrap(), Outcome::Done(_)));
    assert!(matches!(world.desk.pause(&rule_id(2), &by).await.unwrap(), Outcome::Done(_)));
    assert!(matches!(world.desk.end(&rule_id(3), &by).await.unwrap(), Outcome::Done(_)));
    world.tick("13:00").await;
    assert_eq!(world.titles().await, ["そのまま 11月21日(土)", "最終日 11月21日(土)"]);
    assert!(matches!(world.rules.rule(&rule_id(4)).unwrap().state, RuleState::Ended { .. }), "no date is left");
    // What was due while it rested is not made up for.
    world.at("13:30").await;
    assert!(matches!(world.desk.go_on(&rule_id(2), &by).await.unwrap(), Outcome::Done(_)));
    world.tick("13:30").await;
    assert_eq!(world.titles().await.len(), 2);
    for minute in ["22 13:00", "22 14:00"] {
        world.at(minute).await;
        world.tick(minute).await;
    }
    let second_day: Vec<_> = world.titles().await.into_iter().filter(|title| title.contains("22日")).collect();
    assert_eq!(second_day, ["そのまま 11月22日(日)", "休み 11月22日(日)"]);
}

#[tokio::test(start_paused = true)]
async fn of_one_date_there_is_one_broadcast_even_if_the_rule_is_moved_to_a_later_hour_of_it() {
    let world = World::new(20, Town::default());
    let rule = world.on(1, daily("体操", "13:00")).await;
    world.at("13:00").await;
    world.tick("13:00").await;
    let seen = world.rules.find(&rule).await.unwrap().unwrap().version;
    world.desk.edit(&rule, seen, daily("体操", "15:00"), &editor()).await.unwrap();
    world.desk.ask(&rule, seen + 1, &editor()).await.unwrap();
    world.desk.approve(&rule, seen + 2, &approver()).await.unwrap();
    world.at("15:00").await;
    assert_eq!(world.tick("15:00").await.due, 1);
    assert_eq!(world.titles().await.len(), 1);
    assert_eq!(world.rules.rule(&rule).unwrap().due(), Some(at("22 15:00")));
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_the_morning_goes_no_more_when_its_rule_is_stopped() {
    let mut town = Town::default();
    town.profile.sending.quiet_hours = Some(QuietHours::new(time(21, 0, 0, 0), time(7, 0, 0, 0)).unwrap());
    town.profile.sending.rule_hourly_max = 10;
    let world = World::new(20, town);
    let names = ["書きかえ", "休み", "終わり", "名前", "そのまま"];
    for (number, name) in (1..).zip(names) {
        world.on(number, daily(name, "21:30")).await;
    }
    world.at("21:30").await;
    assert_eq!(world.tick("21:30").await.went, names.len());
    world.pass(60).await;
    let by = editor();
    let seen = world.rules.find(&rule_id(1)).await.unwrap().unwrap().version;
    world.desk.edit(&rule_id(1), seen, daily("書きかえ", "23:30"), &by).await.unwrap();
    world.desk.pause(&rule_id(2), &by).await.unwrap();
    world.desk.end(&rule_id(3), &by).await.unwrap();
    let seen = world.rules.find(&rule_id(4)).await.unwrap().unwrap().version;
    world.desk.edit(&rule_id(4), seen, daily("新しい名前", "21:30"), &by).await.unwrap();
    let drafts: Vec<_> = world.written().await.into_iter().filter(|it| it.state == State::Draft).collect();
    let titles: Vec<_> = drafts.iter().map(|it| it.title.as_str()).collect();
    assert_eq!(titles, ["休み 11月21日(土)", "書きかえ 11月21日(土)", "終わり 11月21日(土)"]);
    // Approved again for a later hour of the same date, it is written anew.
    let seen = world.rules.find(&rule_id(1)).await.unwrap().unwrap().version;
    world.desk.ask(&rule_id(1), seen, &by).await.unwrap();
    world.desk.approve(&rule_id(1), seen + 1, &approver()).await.unwrap();
    world.at("23:30").await;
    assert_eq!(world.tick("23:30").await, Ticked { due: 1, went: 1, ..Ticked::default() });
    world.at("22 07:00").await;
    world.pass(30).await;
    let went = |it: &Broadcast| matches!(it.state, State::Finished { .. });
    let went: Vec<_> = world.written().await.into_iter().filter(went).map(|it| it.title).collect();
    assert_eq!(went, ["そのまま 11月21日(土)", "名前 11月21日(土)", "書きかえ 11月21日(土)"]);
}

#[tokio::test(start_paused = true)]
async fn what_a_tick_writes_while_somebody_stops_its_rule_is_taken_back() {
    let world = World::new(20, Town::default());
    let rule = world.on(1, daily("体操", "13:00")).await;
    world.at("13:00").await;
    world.rules.meanwhile(|rule| rule.pause(&editor(), at("13:00")).unwrap());
    world.tick("13:00").await;
    assert!(matches!(world.rules.rule(&rule).unwrap().state, RuleState::Paused { .. }));
    assert_eq!(world.written().await[0].state, State::Draft);
    world.pass(5).await;
    assert!(world.post.received().is_empty());
}

#[tokio::test(start_paused = true)]
async fn two_thousand_rules_of_which_none_is_due_cost_one_look() {
    let world = World::new(1, Town::default());
    let one = world.put(1, daily("体操", "13:00")).await;
    let one = world.rules.rule(&one).unwrap();
    for number in 2..=2_000 {
        let mut rule = Rule { id: rule_id(number), ..one.clone() };
        if let (RuleState::On { next, .. }, 201..) = (&mut rule.state, number) {
            *next = at("14:00");
        }
        world.rules.put(&rule, None, None).await.unwrap();
    }
    drop(world.rules.calls());
    assert_eq!(world.tick("12:59").await, Ticked::default());
    assert_eq!(world.rules.calls(), ["due"]);
    assert_eq!(world.tick("13:00").await, Ticked { due: 200, went: 200, ..Ticked::default() });
    assert_eq!(world.written().await.len(), 200);
}

#[tokio::test(start_paused = true)]
async fn what_does_not_fit_into_the_time_of_a_tick_stays_due() {
    let mut world = World::new(1, Town::default());
    for number in 1..=100 {
        world.put(number, daily(&format!("その{number:03}"), "13:00")).await;
    }
    world.at("13:00").await;
    world.mortal_slow(Duration::try_from(WORKS_FOR).unwrap() / 3);
    let ticked = world.tick("13:00").await;
    assert!(0 < ticked.went && 0 < ticked.left && ticked.went + ticked.left == 100, "{ticked:?}");
    world.mortal_slow(Duration::ZERO);
    let rest = world.tick("13:01").await;
    assert_eq!((rest.went, rest.left, world.written().await.len()), (ticked.left, 0, 100));
}

#[tokio::test(start_paused = true)]
async fn a_rule_for_all_is_approved_by_somebody_else_and_an_editor_who_is_late_is_told() {
    let world = World::new(20, Town::default());
    let by = editor();
    world.desk.create(rule_id(1), daily("体操", "13:00"), &by).await.unwrap();
    let again = world.desk.create(rule_id(1), daily("体操", "13:00"), &by).await.unwrap();
    assert!(matches!(again, Outcome::Done(_)), "a double click");
    assert!(matches!(world.desk.edit(&rule_id(1), 1, daily("体操", "14:00"), &by).await.unwrap(), Outcome::Done(_)));
    let late = world.desk.edit(&rule_id(1), 1, daily("体操", "15:00"), &by).await.unwrap();
    let Outcome::Changed(there) = late else { panic!("overwritten: {late:?}") };
    assert_eq!((there.version, there.value.draft()), (2, daily("体操", "14:00")));
    assert!(matches!(world.desk.ask(&rule_id(1), 1, &by).await.unwrap(), Outcome::Changed(_)));
    assert!(matches!(world.desk.ask(&rule_id(1), 2, &by).await.unwrap(), Outcome::Done(_)));
    let own = world.desk.approve(&rule_id(1), 3, &by).await.unwrap();
    assert_eq!(own, Outcome::Refused(Refusal::OwnWork), "all get it");
    assert!(matches!(world.desk.take_back(&rule_id(1), &by).await.unwrap(), Outcome::Done(_)));
    let removed = world.desk.remove(&rule_id(1), 4, &by).await.unwrap();
    assert!(matches!(removed, Outcome::Done(_)), "{removed:?}");
    assert_eq!(world.desk.look(&rule_id(1)).await.unwrap(), None);
    assert_eq!(world.desk.remove(&rule_id(1), 4, &by).await.unwrap(), Outcome::Nowhere);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_sent_or_is_never_due_is_not_asked_for() {
    let world = World::new(20, Town::default());
    let Kind::Town { schedule, .. } = daily("体操", "13:00").kind else { panic!("another kind") };
    let kind = |audience, text| Kind::Town { schedule: schedule.clone(), audience, content: said(text) };
    let over = Draft { until: Some(date(2026, 11, 20)), ..daily("体操", "13:00") };
    let unknown = Audience::Districts(["nowhere".parse().unwrap()].into());
    let drafts = [
        over,
        Draft { kind: kind(Audience::All, "電話 {phone}"), ..daily("体操", "13:00") },
        Draft { kind: kind(unknown, "はい"), ..daily("体操", "13:00") },
    ];
    for (number, draft) in (1..).zip(drafts) {
        world.desk.create(rule_id(number), draft, &editor()).await.unwrap();
        let asked = world.desk.ask(&rule_id(number), 1, &editor()).await.unwrap();
        let Outcome::Unfit(unfit) = asked else { panic!("asked: {asked:?}") };
        let faults = [unfit.dates.len(), unfit.broadcast.content.len(), unfit.broadcast.audience.len()];
        let mut expected = [0; 3];
        expected[number as usize - 1] = 1;
        assert_eq!(faults, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_preview_says_the_next_dates_with_their_words() {
    let world = World::new(20, Town::default());
    let mut draft = daily("体操", "13:00");
    draft.until = Some(date(2026, 11, 24));
    let rule = Rule::new(rule_id(1), draft, editor());
    let coming = world.desk.preview(&rule, 10).await.unwrap();
    let words: Vec<_> = coming
        .iter()
        .map(|coming| match &coming.broadcast.content.wordings[&Language::Japanese].messages[0] {
            Message::Text(text) => (coming.due, text.as_str()),
            other => panic!("no text: {other:?}"),
        })
        .collect();
    let expected = [
        (at("13:00"), "11月21日(土)のお知らせ"),
        (at("22 13:00"), "11月22日(日)のお知らせ"),
        (at("23 13:00"), "11月23日(月)のお知らせ"),
        (at("24 13:00"), "11月24日(火)のお知らせ"),
    ];
    assert_eq!(words, expected);
    let garbage = Rule::new(rule_id(2), Draft { kind: Kind::Garbage, ..daily("ごみ", "13:00") }, editor());
    assert_eq!(world.desk.preview(&garbage, 10).await.unwrap(), [], "nothing is collected in this town");
    assert_eq!(world.tick("13:00").await, Ticked::default(), "a preview writes nothing");
}

#[tokio::test(start_paused = true)]
async fn the_next_broadcast_can_be_tried_on_ones_own_phone_and_nobody_else_hears_of_it() {
    let world = World::new(20, Town::default());
    let clock = Arc::new(TestClock::noon());
    let platform = Arc::new(TestPlatform::new(clock.clone()));
    let trial = Trial {
        messenger: platform.clone(),
        reach: platform.clone(),
        quotas: world.post.quota.clone(),
        audit: Arc::new(TestStaff::new(clock.clone())),
        clock: clock.clone(),
    };
    let staff = Staff {
        id: editor(),
        name: "青木".parse().unwrap(),
        email: "aoki@example.jp".parse().unwrap(),
        standing: Standing::Active,
        roles: Roles::default(),
        identity: None,
        phone: Some("U0123456789abcdef0123456789abcdef".parse().unwrap()),
    };
    let id = TrialId::mint(&TestChance::default(), clock.now());
    let rule = Rule::new(rule_id(1), daily("体操", "13:00"), editor());
    for expected in [trial::Outcome::Sent, trial::Outcome::AlreadySent] {
        let tried = world.desk.try_out(&rule, Language::English, &trial, &staff, id).await.unwrap();
        assert_eq!(tried, Tried::Sent(expected));
    }
    let [words] = &platform.received()[..] else { panic!("{:?}", platform.received()) };
    assert!(words.contains("11月21日(土)のお知らせ"), "{words}");
    assert!(world.post.received().is_empty() && world.titles().await.is_empty());
    let over = Draft { until: Some(date(2026, 11, 20)), ..daily("体操", "13:00") };
    let over = Rule::new(rule_id(2), over, editor());
    let tried = world.desk.try_out(&over, Language::Japanese, &trial, &staff, id).await.unwrap();
    assert!(matches!(tried, Tried::Unfit(_)), "{tried:?}");
}

/// The post office for somebody who may die, or for whom everything takes its time.
struct Mortal {
    post: Arc<Post>,
    life: Arc<Life>,
    each: Duration,
}

impl World {
    /// From now on the ticker lives as long as this says.
    fn mortal(&mut self) -> Arc<Life> {
        let (post, life) = (self.post.clone(), self.rules.life.clone());
        let mortal = Arc::new(Mortal { post, life: life.clone(), each: Duration::ZERO });
        self.ticker.broadcasts = mortal.clone();
        self.ticker.frozen = mortal.clone();
        self.ticker.queues = mortal;
        life
    }

    /// From now on it takes so long to keep words.
    fn mortal_slow(&mut self, each: Duration) {
        let (post, life) = (self.post.clone(), self.rules.life.clone());
        self.ticker.frozen = Arc::new(Mortal { post, life, each });
    }
}

const NOT_ASKED: &str = "a tick does not ask for it";

#[async_trait]
impl Broadcasts for Mortal {
    async fn find(&self, id: &BroadcastId) -> Result<Option<Versioned<Broadcast>>, Error> {
        self.life.call()?;
        self.post.find(id).await
    }

    async fn put(&self, broadcast: &Broadcast, read: Option<u64>, act: Option<&Act>) -> Result<Written, Error> {
        self.life.call()?;
        self.post.put(broadcast, read, act).await
    }

    async fn on_shelf(&self, _: Shelf, _: Option<&Place>, _: usize) -> Result<Vec<(Place, Broadcast)>, Error> {
        panic!("{NOT_ASKED}");
    }

    async fn order(&self, _: &BroadcastId, _: Lane) -> Result<Order, Error> {
        panic!("{NOT_ASKED}");
    }
}

#[async_trait]
impl FrozenParts for Mortal {
    async fn keep(&self, _: &FrozenPart, _: Vec<u8>) -> Result<FrozenPart, Error> {
        panic!("{NOT_ASKED}");
    }

    async fn part(&self, _: &BroadcastId, _: u16) -> Result<Option<FrozenPart>, Error> {
        panic!("{NOT_ASKED}");
    }

    async fn ids(&self, _: &FrozenPart, _: std::ops::Range<usize>) -> Result<Vec<PackedId>, Error> {
        panic!("{NOT_ASKED}");
    }

    async fn keep_words(&self, broadcast: &BroadcastId, digest: &str, words: &Messages) -> Result<(), Error> {
        self.life.call()?;
        tokio::time::sleep(self.each).await;
        self.post.keep_words(broadcast, digest, words).await
    }

    async fn words(&self, _: &BroadcastId, _: &str) -> Result<Messages, Error> {
        panic!("{NOT_ASKED}");
    }
}

#[async_trait]
impl SendingQueues for Mortal {
    async fn ask_to_freeze(&self, parts: &[PartKey], delay_s: u16) -> Result<(), Error> {
        self.life.call()?;
        self.post.ask_to_freeze(parts, delay_s).await
    }

    async fn ask_to_send(&self, _: &[RunKey], _: u16) -> Result<(), Error> {
        panic!("{NOT_ASKED}");
    }

    async fn take(&self, _: Lane) -> Result<Option<TakenRun>, Error> {
        panic!("{NOT_ASKED}");
    }

    async fn done(&self, _: &TakenRun) -> Result<(), Error> {
        panic!("{NOT_ASKED}");
    }

    async fn looks(&self, _: Lane) -> Result<QueueLooks, Error> {
        panic!("{NOT_ASKED}");
    }
}
