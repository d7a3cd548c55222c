//! What other systems hear of reports: each change, signed, until it was taken, and nothing of a person.

use std::collections::BTreeSet;
use std::sync::Arc;

use app::error::Kind;
use app::ports::Clock;
use app::ports::outside::{Hook, Letter};
use app::ports::reports::ChangeJob;
use app::report::WRITTEN_WITHIN;
use app::report::relay::{Outcome, Reach, Relay};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::ids::ReportId;
use domain::report::place::{Place, PlaceSource};
use domain::report::{Deed, Report, Reporter};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::SignedDuration;
use serde_json::{Value, json};
use sha2::Sha256;
use tests::hooks::{HookFault, TestHookCalls, TestHooks};

use crate::report_desk::{Office, work};

const ROADS: &str = "https://roads.example.jp/hook";
const RIVERS: &str = "https://rivers.example.jp/hook";
const KEY: &[u8] = b"a secret of thirty-two bytes 012";

/// An office, and other systems.
struct World {
    office: Office,
    hooks: Arc<TestHooks>,
    calls: Arc<TestHookCalls>,
    relay: Relay,
}

fn hook(number: u8, name: &str, url: &str) -> Hook {
    let id = format!("0199cccc-0000-7000-8000-{number:012}");
    let secret = format!("whsec_{}", STANDARD.encode(KEY)).into();
    Hook { id, name: name.to_owned(), url: url.to_owned(), secret, made_at: jiff::Timestamp::UNIX_EPOCH }
}

impl World {
    fn of(hooks: impl IntoIterator<Item = Hook>) -> Self {
        let office = Office::open();
        let there = Arc::new(TestHooks::new(office.city.staff.clone()));
        there.settle(hooks);
        let calls = Arc::new(TestHookCalls::default());
        let relay = Relay {
            reports: office.city.reports.clone(),
            hooks: there.clone(),
            jobs: office.city.jobs.clone(),
            towns: office.city.inbox.towns.clone(),
            calls: calls.clone(),
            reach: Reach::Internet,
            clock: office.city.clock.clone(),
        };
        Self { office, hooks: there, calls, relay }
    }

    fn with_two() -> Self {
        Self::of([hook(1, "道路台帳", ROADS), hook(2, "河川管理", RIVERS)])
    }

    /// Works off what waits, and what comes of that; what fails comes again until nothing is left, at most so often.
    async fn run(&self, turns: usize) -> Vec<Outcome> {
        let (mut outcomes, mut again) = (Vec::new(), Vec::new());
        for _ in 0..turns {
            let waiting: Vec<ChangeJob> = again.drain(..).chain(self.office.city.jobs.take_changes()).collect();
            for job in waiting {
                match self.relay.pass_on(&job, None).await {
                    Ok(outcome) => outcomes.push(outcome),
                    Err(error) => {
                        assert_eq!(error.kind, Kind::Transient);
                        again.push(job);
                    }
                }
            }
        }
        assert!(again.is_empty(), "all was settled");
        outcomes
    }

    /// A report that was filed by telephone and worked on.
    async fn worked_on(&self) -> Report {
        let contact = "山田 090-0000-0000".to_owned();
        let filing = self.office.filing(Reporter::Told { contact });
        let id = filing.id.clone();
        let entered = self.office.desk.enter(filing, &crate::report_desk::light(), &"hanako".parse().unwrap()).await;
        assert!(matches!(entered.unwrap(), app::report::desk::Outcome::Done(_)));
        let report = self.office.city.reports.report(&id).unwrap();
        self.office.act(&report, work()).await;
        self.office.now(&report)
    }
}

/// The signature as whoever gets a letter computes it.
fn is_signed(letter: &Letter) -> bool {
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY).unwrap();
    mac.update(format!("{}.{}.{}", letter.id, letter.timestamp, letter.body).as_bytes());
    let signature = letter.signature.strip_prefix("v1,").unwrap();
    mac.verify_slice(&STANDARD.decode(signature).unwrap()).is_ok()
}

fn body(letter: &Letter) -> Value {
    serde_json::from_str(&letter.body).unwrap()
}

#[tokio::test]
async fn each_system_hears_of_each_change() {
    let world = World::with_two();
    let report = world.worked_on().await;
    let outcomes = world.run(3).await;
    assert_eq!(outcomes, [[Outcome::Split(2); 2].as_slice(), &[Outcome::Told; 4]].concat());
    let (roads, rivers) = (world.calls.take_heard(ROADS), world.calls.take_heard(RIVERS));
    for letters in [&roads, &rivers] {
        assert_eq!(letters.len(), 2);
        assert!(letters.iter().all(is_signed));
        assert_eq!(letters[0].timestamp, world.office.city.clock.now().as_second());
        let what = |place: usize| body(&letters[place])["data"]["change"].clone();
        let at = |entry: usize| report.history[entry].at.to_string();
        assert_eq!(what(0), json!({ "number": 1, "at": at(0), "what": "filed" }));
        let turned = json!({ "number": 2, "at": at(1), "what": "state", "from": "received", "to": "working" });
        assert_eq!(what(1), turned);
    }
    let ids: BTreeSet<&str> = roads.iter().chain(&rivers).map(|letter| letter.id.as_str()).collect();
    assert_eq!(ids.len(), 4, "no two letters have one id");
}

#[tokio::test]
async fn a_letter_says_how_the_report_is_and_nothing_of_a_person() {
    let world = World::of([hook(1, "道路台帳", ROADS)]);
    let report = world.worked_on().await;
    world.run(3).await;
    let letters = world.calls.take_heard(ROADS);
    let told = body(letters.last().unwrap());
    assert_eq!(told["type"], "report.changed");
    assert_eq!(told["timestamp"], report.history[1].at.to_string());
    let expected = json!({
        "id": report.id.as_str(),
        "number": domain::report::ReportNumber::of(&report.id).to_string(),
        "kind": { "id": "light", "name": "街路灯" },
        "department": { "id": "roads", "name": null },
        "state": "working",
        "priority": "normal",
        "due": report.due.unwrap().to_string(),
        "filed": report.filed_at.to_string(),
        "changed": report.history[1].at.to_string(),
        "closed": null,
        "place": { "lat": 35.123_45, "lon": 139.123_45, "accuracy": null, "text": null, "district": null },
        "entries": 2,
        "change": told["data"]["change"],
    });
    assert_eq!(told["data"], expected);
    for letter in &letters {
        for secret in ["山田", "090", "たろう", "来週", "hanako", "本町1-2-3"] {
            assert!(!letter.body.contains(secret), "{secret}: {}", letter.body);
        }
        assert!(!format!("{letter:?}").contains("light"), "a letter is not for the log");
    }
}

#[tokio::test]
async fn a_place_has_a_text_only_where_staff_wrote_it() {
    let world = World::of([hook(1, "道路台帳", ROADS)]);
    let report = world.worked_on().await;
    let texts = |letters: &[Letter]| -> Vec<Value> {
        letters.iter().map(|letter| body(letter)["data"]["place"]["text"].clone()).collect()
    };
    for source in [PlaceSource::Chat, PlaceSource::Device, PlaceSource::Map, PlaceSource::Photo, PlaceSource::Outside] {
        let place = Place { text: format!("山田の家 {source:?}"), source, ..report.place.clone() };
        world.office.act(&report, Deed::Place(place)).await;
        world.run(3).await;
        let told = texts(&world.calls.take_heard(ROADS));
        assert!(!told.is_empty() && told.iter().all(Value::is_null), "{source:?}: {told:?}");
    }
    let place = Place { text: "公民館の前".to_owned(), source: PlaceSource::Staff, ..report.place.clone() };
    world.office.act(&report, Deed::Place(place)).await;
    world.run(3).await;
    assert_eq!(texts(&world.calls.take_heard(ROADS)), [json!("公民館の前")]);
}

#[tokio::test]
async fn a_duplicate_names_the_report_that_remains() {
    let world = World::of([hook(1, "道路台帳", ROADS)]);
    let (main, other) = (world.worked_on().await, world.worked_on().await);
    world.office.merge(&other, &main).await;
    world.run(3).await;
    let letters: Vec<Value> = world.calls.take_heard(ROADS).iter().map(body).collect();
    let last = |report: &Report| letters.iter().rfind(|told| told["data"]["id"] == report.id.as_str()).unwrap().clone();
    assert_eq!(last(&other)["data"]["duplicate_of"], main.id.as_str());
    assert_eq!(
        (&last(&other)["data"]["change"]["to"], &last(&main)["data"]["change"]["what"]),
        (&json!("duplicate"), &json!("merged"))
    );
}

#[tokio::test]
async fn a_system_that_is_down_keeps_nobody_else_waiting_and_hears_it_in_the_end() {
    let world = World::with_two();
    world.calls.fail(ROADS, [HookFault::Down; 5]);
    world.worked_on().await;
    for job in world.office.city.jobs.take_changes() {
        world.relay.pass_on(&job, None).await.unwrap();
    }
    let jobs = world.office.city.jobs.take_changes();
    let (roads, rivers): (Vec<ChangeJob>, Vec<ChangeJob>) =
        jobs.into_iter().partition(|job| job.hook.as_deref() == Some(hook(1, "", "").id.as_str()));
    for job in &rivers {
        assert_eq!(world.relay.pass_on(job, None).await.unwrap(), Outcome::Told);
    }
    for turn in 0..3 {
        for job in &roads {
            let told = world.relay.pass_on(job, None).await;
            assert_eq!(told.is_ok(), 5 <= turn * roads.len() + usize::from(job.change == 2), "{turn}");
        }
    }
    assert_eq!((world.calls.take_heard(ROADS).len(), world.calls.take_heard(RIVERS).len()), (1, 2));
}

#[tokio::test]
async fn a_letter_that_comes_twice_has_one_id() {
    let world = World::of([hook(1, "道路台帳", ROADS)]);
    world.calls.fail(ROADS, [HookFault::AnswerLost]);
    world.worked_on().await;
    let outcomes = world.run(5).await;
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Outcome::Told).count(), 2);
    let letters = world.calls.take_heard(ROADS);
    let ids: BTreeSet<&str> = letters.iter().map(|letter| letter.id.as_str()).collect();
    assert_eq!((letters.len(), ids.len()), (3, 2));
    // A later letter about an earlier change does not say that the report is as it was then.
    assert!(
        letters.iter().all(|letter| body(letter)["data"]["entries"] == 2 && body(letter)["data"]["state"] == "working")
    );
}

#[tokio::test]
async fn what_is_not_written_yet_is_awaited_and_what_never_will_be_is_dropped() {
    let world = World::of([hook(1, "道路台帳", ROADS)]);
    let report = world.worked_on().await;
    let put_at = world.office.city.clock.now();
    let unknown = ReportId::first_at(put_at + SignedDuration::from_hours(1));
    let one = Some(hook(1, "", "").id);
    let jobs = [
        ChangeJob { report: unknown.clone(), change: 1, hook: None },
        ChangeJob { report: unknown, change: 1, hook: one.clone() },
        ChangeJob { report: report.id.clone(), change: 3, hook: None },
        ChangeJob { report: report.id.clone(), change: 0, hook: one.clone() },
        ChangeJob { report: report.id.clone(), change: 3, hook: one },
    ];
    for job in &jobs {
        assert_eq!(world.relay.pass_on(job, Some(put_at)).await.unwrap_err().kind, Kind::Transient, "{job:?}");
    }
    world.office.act(&report, Deed::Note("見積もり待ち".to_owned())).await;
    assert_eq!(world.relay.pass_on(&jobs[4], Some(put_at)).await.unwrap(), Outcome::Told);
    world.office.city.clock.advance(WRITTEN_WITHIN);
    for job in &jobs[..2] {
        assert_eq!(world.relay.pass_on(job, Some(put_at)).await.unwrap(), Outcome::Dropped);
    }
    assert_eq!(world.relay.pass_on(&jobs[3], Some(put_at)).await.unwrap(), Outcome::Dropped, "changes begin with 1");
}

#[tokio::test]
async fn who_is_gone_or_taken_away_hears_nothing_more() {
    let world = World::with_two();
    world.calls.fail(ROADS, [HookFault::Gone]);
    let report = world.worked_on().await;
    for job in world.office.city.jobs.take_changes() {
        world.relay.pass_on(&job, None).await.unwrap();
    }
    world.hooks.forget(&hook(2, "", "").id);
    let outcomes = world.run(1).await;
    assert_eq!(outcomes, [Outcome::NoHook, Outcome::Gone, Outcome::NoHook, Outcome::Told]);
    assert!(world.calls.take_heard(RIVERS).is_empty());
    world.hooks.forget(&hook(1, "", "").id);
    world.office.act(&report, Deed::Note("見積もり待ち".to_owned())).await;
    assert_eq!(world.run(1).await, [Outcome::Split(0)]);
}

#[tokio::test]
async fn an_address_that_leads_inside_and_a_secret_that_is_none_are_for_people() {
    let broken = Hook { secret: "none".into(), ..hook(2, "河川管理", RIVERS) };
    let world = World::of([hook(1, "中", "https://169.254.169.254/latest"), broken]);
    world.worked_on().await;
    for job in world.office.city.jobs.take_changes() {
        world.relay.pass_on(&job, None).await.unwrap();
    }
    for job in world.office.city.jobs.take_changes() {
        assert_eq!(world.relay.pass_on(&job, None).await.unwrap_err().kind, Kind::Permanent);
    }
    assert!(world.calls.take_heard("https://169.254.169.254/latest").is_empty());
}

#[tokio::test]
async fn what_changes_nothing_of_the_history_is_no_change() {
    let world = World::with_two();
    let report = world.office.reported_by(1).await;
    world.office.act(&report, work()).await;
    let _ = world.office.city.jobs.take_changes();
    world.office.tell().await;
    assert!(world.office.city.jobs.take_changes().is_empty(), "that the reporter was told is nobody's change");
}
