//! What the account knows of itself: one item for the last look, and one for each function's sign of life.

use std::sync::Arc;

use app::ports::checkup::{Checkups as _, Heartbeat, Heartbeats as _, Runner};
use aws::Table;
use aws::checkup::TableCheckups;
use domain::audit::Broken;
use domain::checkup::{Chain, Checkup, DayUnfollows, Messages, Unfollows};
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::memory::{Memory, Served};
use crate::stub::Stub;

fn noon() -> Timestamp {
    "2026-11-22T03:00:00Z".parse().unwrap()
}

fn looks() -> [Checkup; 2] {
    let broken = Chain::Broken { at: noon(), day: Some(date(2026, 11, 21)), why: Some(Broken::Altered(7)) };
    let days = vec![DayUnfollows { day: date(2026, 11, 21), people: 3 }];
    let limited = Messages::Limited { limit: 30_000, used: 29_000 };
    let first = Checkup::new(noon(), Messages::Unsaid, Unfollows::default(), Chain::NotLooked, None);
    let second = Checkup::new(noon(), limited, Unfollows { last_day: 50, days }, broken, Some(&first));
    [first, second]
}

#[tokio::test]
async fn the_last_look_takes_the_place_of_the_one_before_whatever_it_found() {
    let memory = Arc::new(Memory::default());
    let stub = Stub::served_by(Served(Arc::clone(&memory))).await;
    let checkups = TableCheckups::new(Table::new(&stub.clients(), "city".to_owned()));
    assert_eq!(checkups.last().await.unwrap(), None);
    for looked in looks() {
        checkups.put(&looked).await.unwrap();
        assert_eq!(checkups.last().await.unwrap(), Some(looked));
    }
    let items = memory.partition("CHECKUP");
    assert_eq!((items.len(), &items[0]["kind"], &items[0]["v"]), (1, &json!({"S": "checkup"}), &json!({"N": "1"})));
    memory.die_after(Some(0));
    assert!(checkups.put(&looks()[0]).await.is_err());
}

#[tokio::test]
async fn each_function_has_one_sign_of_life() {
    let memory = Arc::new(Memory::default());
    let stub = Stub::served_by(Served(Arc::clone(&memory))).await;
    let checkups = TableCheckups::new(Table::new(&stub.clients(), "city".to_owned()));
    assert!(checkups.all().await.unwrap().is_empty());
    let later = noon() + SignedDuration::from_mins(5);
    for (runner, at) in [(Runner::Reminder, noon()), (Runner::Janitor, noon()), (Runner::Janitor, later)] {
        checkups.beat(&Heartbeat { runner, at }).await.unwrap();
    }
    let mut beats = checkups.all().await.unwrap();
    beats.sort();
    let expected =
        [Heartbeat { runner: Runner::Reminder, at: noon() }, Heartbeat { runner: Runner::Janitor, at: later }];
    assert_eq!(beats, expected);
    let asked = stub.asked().await;
    let puts: Vec<_> = asked.iter().filter(|asked| asked.operation == "PutItem").collect();
    assert_eq!(puts.len(), 3, "a plain put, which `reminder` may do, in a partition of its own");
    assert!(puts.iter().all(|put| put.body["Item"]["PK"] == json!({"S": "HEARTBEATS"})));
    memory.meddle("HEARTBEATS", "janitor", |item| {
        item.insert("v".to_owned(), json!({"N": "2"}));
    });
    assert!(checkups.all().await.is_err(), "a newer shape");
}
