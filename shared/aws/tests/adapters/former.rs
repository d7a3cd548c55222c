//! What the former release wrote is read by this one: its items and the bodies of its messages, as they lie in `tests/city/former`.
//!
//! Whoever renames a field, or asks for one that the former release did not write, breaks this; `infra/decisions/updates.md` says how to
//! change what is stored. The inbox queue's letters are read in `line`'s tests.

use std::sync::Arc;

use app::ports::broadcasts::{Broadcasts as _, PartKey, RunKey};
use app::ports::reports::{NoticeJob, PhotoJob, Reports as _};
use app::ports::{Conversations as _, Handled, Messages, Progress, Way};
use aws::Table;
use aws::broadcasts::TableBroadcasts;
use aws::conversations::TableConversations;
use aws::report_jobs::{notice_job, photo_jobs};
use aws::reports::TableReports;
use aws::sending_queues::{part_key, run_key};
use domain::broadcast::audience::Audience;
use domain::broadcast::content::Message;
use domain::broadcast::{Lane, State as BroadcastState};
use domain::conversation::Expecting;
use domain::ids::{EventId, PhotoId, ReportId, ResidentId};
use domain::language::Language;
use domain::report::photo::PhotoState;
use domain::report::{By, Reporter, State, Told, What};
use domain::resident::{Standing, Switch};
use domain::sending::delivery::Order;
use domain::time::YearMonth;
use jiff::Timestamp;
use jiff::civil::{date, time};
use serde_json::{Value, json};

use crate::memory::{Memory, Served};
use crate::stub::{Stub, TestClock};

const ITEMS: &str = include_str!("../../../../tests/city/former/items.json");
const MESSAGES: &str = include_str!("../../../../tests/city/former/messages.json");

/// When the golden items were written.
const NOON: &str = "2026-11-22T03:00:00Z";
const BROADCAST: &str = "0199aaaa-0000-7000-8000-000000000001";
const REPORT: &str = "0199cccc-0000-7000-8000-000000000001";
const PHOTO: &str = "0199dddd-0000-5000-8000-000000000001";
const NOTHING: &str = "01KFORMER00000000000000000";

/// A table with what the former release wrote.
async fn table() -> (Stub, Table, Arc<TestClock>) {
    let memory = Arc::new(Memory::default());
    let items: Vec<Value> = serde_json::from_str(ITEMS).unwrap();
    for item in items {
        memory.call("PutItem", &json!({ "Item": item })).unwrap();
    }
    let stub = Stub::served_by(Served(memory)).await;
    let table = Table::new(&stub.clients(), "city".to_owned());
    (stub, table, TestClock::at(NOON))
}

fn noon() -> Timestamp {
    NOON.parse().unwrap()
}

fn messages(of: &str) -> Vec<String> {
    let all: Value = serde_json::from_str(MESSAGES).unwrap();
    all[of].as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect()
}

fn resident(number: usize) -> ResidentId {
    messages("residents")[number].parse().unwrap()
}

#[tokio::test]
async fn residents_keep_what_they_chose() {
    let (_stub, table, clock) = table().await;
    let conversations = TableConversations::new(table, clock);
    let nothing: EventId = NOTHING.parse().unwrap();
    let loaded = conversations.load(&resident(0), &nothing).await.unwrap();
    let known = loaded.resident.unwrap();
    let settings = &known.value.settings;
    assert_eq!((known.version, known.value.standing.value), (7, Standing::Following));
    assert_eq!(settings.district().map(domain::ids::DistrictId::as_str), Some("asahidai"));
    assert_eq!(settings.topic(&"safety".parse().unwrap()), Some(Switch::Off));
    assert_eq!(settings.children(), [YearMonth::new(2024, 5).unwrap()].into());
    assert_eq!(settings.dates(&"dog".parse().unwrap()), [YearMonth::new(2020, 1).unwrap()].into());
    assert_eq!(settings.garbage(&"burnable".parse().unwrap()), Some(Switch::On));
    assert_eq!((settings.evening(), settings.morning()), (None, Some(time(6, 30, 0, 0))));
    let conversation = loaded.conversation.unwrap();
    assert_eq!((conversation.version, &conversation.value.expecting), (3, &Expecting::Anything));
    assert_eq!(conversation.value.filed, Some(REPORT.parse().unwrap()));
    assert_eq!(conversation.value.wrong_codes, [noon()]);

    let second = conversations.load(&resident(1), &nothing).await.unwrap().resident.unwrap();
    assert_eq!(second.value.settings.language(), Language::English);
    let third = conversations.load(&resident(2), &nothing).await.unwrap().resident.unwrap();
    assert_eq!(third.value.standing.value, Standing::Blocked);
}

#[tokio::test]
async fn an_answer_that_was_stored_is_said() {
    let (_stub, table, clock) = table().await;
    let event = "01KFORMER000000000000000B2".parse().unwrap();
    let loaded = TableConversations::new(table, clock).load(&resident(1), &event).await.unwrap();
    let key = "0199eeee-0000-5000-8000-000000000001".parse().unwrap();
    let said = Messages(r#"[{"type":"text","text":"旧版が書きとめた返事です"}]"#.to_owned());
    let way = Way::Push { key, messages: said };
    assert_eq!(loaded.handled, Some(Handled { way, progress: Progress::Unconfirmed, at: noon() }));
}

#[tokio::test]
async fn reports_and_photos_stand_as_they_did() {
    let (_stub, table, clock) = table().await;
    let reports = TableReports::new(table, clock);
    let (id, photo): (ReportId, PhotoId) = (REPORT.parse().unwrap(), PHOTO.parse().unwrap());
    let read = reports.find(&id).await.unwrap().unwrap();
    let report = &read.value;
    assert_eq!((read.version, &report.state, &report.reporter), (2, &State::Working, &Reporter::Resident(resident(0))));
    assert_eq!((report.kind.as_str(), report.department.as_str()), ("road", "roads-and-parks"));
    assert_eq!((report.due, report.comment.as_str()), (Some(date(2026, 12, 6)), "穴があいています"));
    assert_eq!((report.place.point.text().as_str(), report.place.text.as_str()), ("35.10000,139.10000", "橋のたもと"));
    assert_eq!((report.answers[0].text.as_str(), report.photos.as_slice()), ("穴・段差", &[photo.clone()][..]));
    let last = report.history.last().unwrap();
    let what = What::State { from: State::Received, to: State::Working, answer: "来週、埋めます。".to_owned() };
    assert_eq!((report.history.len(), &last.what, last.told), (3, &what, Told::Due));
    assert_eq!(last.by, By::Staff("taro".parse().unwrap()));
    assert_eq!(reports.of_resident(&resident(0), 10).await.unwrap(), [id]);
    let photos = reports.photos(&[photo]).await.unwrap();
    assert_eq!((photos[0].version, &photos[0].value.state), (2, &PhotoState::Waiting));
}

#[tokio::test]
async fn a_broadcast_that_was_under_way_goes_on() {
    let (_stub, table, _) = table().await;
    let broadcasts = TableBroadcasts::new(table);
    let id = BROADCAST.parse().unwrap();
    let read = broadcasts.find(&id).await.unwrap().unwrap();
    let broadcast = read.value;
    assert_eq!((read.version, &broadcast.audience, broadcast.lane), (4, &Audience::All, Lane::Routine));
    let text = Message::Text("旧版からのお知らせ：断水します".to_owned());
    assert_eq!(broadcast.content.wordings[&Language::Japanese].messages, [text]);
    let BroadcastState::Sending { since, plan, pause: None, .. } = &broadcast.state else {
        panic!("{:?}", broadcast.state)
    };
    assert_eq!((*since, plan.parts, plan.variants[0].digest.len()), (noon(), 1, 64));
    assert_eq!(broadcasts.order(&id, broadcast.lane).await.unwrap(), Order::Go);
}

#[test]
fn messages_ask_for_what_they_asked_for() {
    let (report, photo): (ReportId, PhotoId) = (REPORT.parse().unwrap(), PHOTO.parse().unwrap());
    let only = |of: &str| messages(of).pop().unwrap();
    let sent = PhotoJob::Sent { photo: photo.clone(), message: "468789577898262531".to_owned() };
    assert_eq!(photo_jobs(&only("photos")).unwrap(), [sent]);
    assert_eq!(photo_jobs(&only("withdrawn_photos")).unwrap(), [PhotoJob::Withdrawn { photo }]);
    assert_eq!(notice_job(&only("notices")).unwrap(), NoticeJob { report, entry: 2 });
    let (broadcast, lane) = (BROADCAST.parse().unwrap(), Lane::Routine);
    let run = RunKey { broadcast, lane, part: 0, run: 0 };
    assert_eq!(run_key(&only("runs")).unwrap(), run);
    assert_eq!(part_key(&only("parts")).unwrap(), PartKey { broadcast: run.broadcast, lane, part: 0 });
}

/// What a release adds to an item or a message, the one before passes over: neither knows `deny_unknown_fields`.
#[tokio::test]
async fn what_a_later_release_adds_is_passed_over() {
    let memory = Arc::new(Memory::default());
    let items: Vec<Value> = serde_json::from_str(ITEMS).unwrap();
    for mut item in items {
        item["later"] = json!({ "S": "unknown" });
        for part in ["report", "broadcast", "photo", "conversation", "settings"] {
            if item[part].is_object() {
                item[part]["M"]["later"] = json!({ "M": {} });
            }
        }
        memory.call("PutItem", &json!({ "Item": item })).unwrap();
    }
    let stub = Stub::served_by(Served(memory)).await;
    let table = Table::new(&stub.clients(), "city".to_owned());
    let clock = TestClock::at(NOON);
    let nothing = NOTHING.parse().unwrap();
    let conversations = TableConversations::new(table.clone(), clock.clone());
    let loaded = conversations.load(&resident(0), &nothing).await.unwrap();
    assert!(loaded.resident.is_some() && loaded.conversation.is_some());
    let reports = TableReports::new(table.clone(), clock);
    assert!(reports.find(&REPORT.parse().unwrap()).await.unwrap().is_some());
    assert_eq!(reports.photos(&[PHOTO.parse().unwrap()]).await.unwrap().len(), 1);
    assert!(TableBroadcasts::new(table).find(&BROADCAST.parse().unwrap()).await.unwrap().is_some());
    let is_read = |of: &str, body: &str| match of {
        "photos" => photo_jobs(body).is_ok(),
        "notices" => notice_job(body).is_ok(),
        "parts" => part_key(body).is_ok(),
        _ => run_key(body).is_ok(),
    };
    for of in ["photos", "notices", "parts", "runs"] {
        for body in messages(of) {
            let later = body.replacen('{', r#"{"later":{"a":[1]},"#, 1);
            assert!(is_read(of, &later), "{later}");
        }
    }
}
