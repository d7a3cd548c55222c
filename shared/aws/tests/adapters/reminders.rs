//! Rules in the table: written over the version that was read, and found by the index when they are due.

use std::sync::Arc;

use app::error::Kind;
use app::ports::reminders::Reminders;
use app::ports::staff::Written;
use aws::Table;
use aws::broadcasts::BROADCAST_BYTES_MAX;
use aws::reminders::TableReminders;
use domain::audit::{Act, Action, Actor};
use domain::broadcast::Reach;
use domain::broadcast::audience::Audience;
use domain::broadcast::content::{Content, Message, Wording};
use domain::dates::parse_rules;
use domain::ids::RuleId;
use domain::language::Language;
use domain::reminder::schedule::Schedule;
use domain::reminder::{Became, Draft, GRACE_MINUTES, Kind as RuleKind, Outcome, Rule};
use jiff::Timestamp;
use jiff::civil::{date, time};

use crate::memory::{Memory, Served};
use crate::stub::Stub;

struct World {
    stub: Stub,
    memory: Arc<Memory>,
}

impl World {
    async fn new() -> Self {
        let memory = Arc::new(Memory::default());
        Self { stub: Stub::served_by(Served(Arc::clone(&memory))).await, memory }
    }

    fn rules(&self) -> Arc<dyn Reminders> {
        Arc::new(TableReminders::new(Table::new(&self.stub.clients(), "city".to_owned())))
    }

    fn entries(&self) -> usize {
        self.memory.partition("AUDIT#2026-11-22").len()
    }
}

fn noon() -> Timestamp {
    "2026-11-22T03:00:00Z".parse().unwrap()
}

fn id(number: u32) -> RuleId {
    format!("0199cccc-0000-7000-8000-{number:012}").parse().unwrap()
}

fn draft(hour: i8, text: &str) -> Draft {
    let wording = Wording { messages: vec![Message::Text(text.to_owned())] };
    let dates = parse_rules("水2 毎月末日").unwrap().into();
    Draft {
        name: "健診".parse().unwrap(),
        department: "health".parse().unwrap(),
        kind: RuleKind::Resident {
            kind: "child".parse().unwrap(),
            months_after: 18,
            schedule: Schedule { dates, time: time(hour, 0, 0, 0), from: date(2026, 11, 1) },
            audience: Some(Audience::Districts(["honcho".parse().unwrap()].into())),
            content: Content { wordings: [(Language::Japanese, wording)].into() },
        },
        until: Some(date(2027, 3, 31)),
        grace_minutes: GRACE_MINUTES,
    }
}

fn written(number: u32) -> Rule {
    Rule::new(id(number), draft(10, "健診です"), "taro".parse().unwrap())
}

/// One that is on, and due at this hour of the last day of the month.
fn on(number: u32, hour: i8) -> Rule {
    let mut rule = Rule::new(id(number), draft(hour, "健診です"), "taro".parse().unwrap());
    rule.ask(&"taro".parse().unwrap(), Reach { reached: 1, capped: 0, followers: 10 }, noon()).unwrap();
    rule.approve(&"hanako".parse().unwrap(), noon()).unwrap();
    rule
}

fn act() -> Act {
    Act {
        at: noon(),
        actor: Actor::Staff("taro".parse().unwrap()),
        action: Action::WriteReminder,
        subject: "reminder/…".to_owned(),
        department: None,
        before: String::new(),
        after: "あと".to_owned(),
    }
}

#[tokio::test]
async fn a_rule_comes_back_exactly_and_is_written_over_the_version_that_was_read() {
    let world = World::new().await;
    let (rules, mut rule) = (world.rules(), on(1, 10));
    rule.outcomes.push(Outcome { due: noon(), became: Became::Went("b".parse().unwrap()) });
    assert_eq!(rules.find(&rule.id).await.unwrap(), None);
    assert_eq!(rules.put(&rule, Some(1), Some(&act())).await.unwrap(), Written::Raced, "there is none yet");
    assert_eq!(rules.put(&rule, None, Some(&act())).await.unwrap(), Written::Done);
    assert_eq!(rules.put(&rule, None, Some(&act())).await.unwrap(), Written::Raced);
    let found = rules.find(&rule.id).await.unwrap().unwrap();
    assert_eq!((found.version, &found.value), (1, &rule));
    rule.pause(&"taro".parse().unwrap(), noon()).unwrap();
    assert_eq!(rules.put(&rule, Some(1), None).await.unwrap(), Written::Done);
    assert_eq!(rules.put(&rule, Some(1), None).await.unwrap(), Written::Raced);
    let found = rules.find(&rule.id).await.unwrap().unwrap();
    assert_eq!((found.version, &found.value), (2, &rule));
    assert_eq!(world.entries(), 1, "what nobody did is not recorded, nor what was not done");
    assert_eq!(rules.remove(&rule, 1, &act()).await.unwrap(), Written::Raced);
    assert_eq!(rules.remove(&rule, 2, &act()).await.unwrap(), Written::Done);
    assert_eq!(rules.find(&rule.id).await.unwrap(), None);
    assert_eq!(world.entries(), 2);
}

#[tokio::test]
async fn the_list_has_the_latest_first_and_goes_on() {
    let world = World::new().await;
    let rules = world.rules();
    for number in 1..=3 {
        rules.put(&written(number), None, Some(&act())).await.unwrap();
    }
    let garbage = Draft { kind: RuleKind::Garbage, ..draft(10, "") };
    rules.put(&Rule::new(id(9), garbage, "taro".parse().unwrap()), None, None).await.unwrap();
    let ids = |found: Vec<app::ports::Versioned<Rule>>| found.into_iter().map(|rule| rule.value.id).collect::<Vec<_>>();
    assert_eq!(ids(rules.list(None, 2).await.unwrap()), [RuleId::garbage(), id(3)]);
    assert_eq!(ids(rules.list(Some(&id(3)), 9).await.unwrap()), [id(2), id(1)]);
}

#[tokio::test]
async fn what_is_due_is_found_by_one_query_and_what_is_not_on_never() {
    let world = World::new().await;
    let rules = world.rules();
    let paused = {
        let mut rule = on(4, 8);
        rule.pause(&"taro".parse().unwrap(), noon()).unwrap();
        rule
    };
    for rule in [on(1, 10), on(2, 9), on(3, 11), paused, written(5)] {
        rules.put(&rule, None, None).await.unwrap();
    }
    let at = |minute: &str| format!("2026-11-30T{minute}:00+09:00").parse::<Timestamp>().unwrap();
    let before = world.stub.asked().await.len();
    for (minute, limit, found) in [
        ("08:59", 10, vec![]),
        ("09:00", 10, vec![id(2)]),
        ("10:00", 10, vec![id(2), id(1)]),
        ("23:00", 10, vec![id(2), id(1), id(3)]),
        ("23:00", 2, vec![id(2), id(1)]),
    ] {
        assert_eq!(rules.due(at(minute), limit).await.unwrap(), found, "{minute} {limit}");
    }
    let asked = world.stub.asked().await.split_off(before);
    assert_eq!(asked.len(), 5, "one query each");
    assert!(asked.iter().all(|asked| asked.operation == "Query" && asked.body["IndexName"] == "GSI1"));
    let mut done = on(2, 9);
    done.settle(Vec::new(), None, at("09:00"));
    rules.put(&done, Some(1), None).await.unwrap();
    assert_eq!(rules.due(at("10:00"), 10).await.unwrap(), [id(1)], "it is due another time");
}

#[tokio::test]
async fn what_does_not_fit_into_an_item_is_said_so() {
    let world = World::new().await;
    let large = Rule::new(id(1), draft(10, &"x".repeat(BROADCAST_BYTES_MAX)), "taro".parse().unwrap());
    let error = world.rules().put(&large, None, Some(&act())).await.unwrap_err();
    assert_eq!((error.kind, world.entries()), (Kind::Permanent, 0));
}
