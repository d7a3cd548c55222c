//! Residents as candidates of an audience: exactly what the conversation wrote, page by page.

use std::collections::BTreeSet;

use app::error::Kind;
use app::ports::audience::AudienceSource;
use app::ports::{Commit, Conversations, Way};
use aws::Table;
use aws::candidates::TableAudienceSource;
use aws::conversations::TableConversations;
use domain::garbage::reminder::{EVENING_DEFAULT, EVENINGS, MORNING_DEFAULT};
use domain::ids::{DateKindId, ResidentId};
use domain::language::Language;
use domain::resident::{RemindAt, Resident, Stamp, Standing, Switch};
use domain::sending::frozen::PackedId;
use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::stub::{Stub, TestClock, error, ok};

const NOW: &str = "2026-11-21T03:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn stamp() -> Stamp {
    Stamp { at: now(), event: "e".parse().unwrap() }
}

fn somebody() -> ResidentId {
    "U4af4980629f3a1c7b2d6e85014cb7d90".parse().unwrap()
}

/// A kind of date that residents give.
fn kind() -> DateKindId {
    "due".parse().unwrap()
}

fn resident() -> Resident {
    let mut resident = Resident::new(somebody(), stamp());
    resident.settings.set_district(Some("honcho".parse().unwrap()), &stamp());
    resident.settings.set_language(Language::English, &stamp());
    resident.settings.set_topic("crime".parse().unwrap(), Switch::On, &stamp());
    resident.settings.set_topic("fire".parse().unwrap(), Switch::Off, &stamp());
    resident.settings.set_child("2024-05".parse().unwrap(), Switch::On, &stamp());
    resident.settings.set_child("2020-01".parse().unwrap(), Switch::Off, &stamp());
    resident.settings.set_date(kind(), "2026-04".parse().unwrap(), Switch::On, &stamp());
    resident.settings.set_date(kind(), "2026-05".parse().unwrap(), Switch::Off, &stamp());
    resident.settings.set_garbage("paper".parse().unwrap(), Switch::Off, &stamp());
    resident.settings.set_garbage("burnable".parse().unwrap(), Switch::On, &stamp());
    resident.settings.set_evening(RemindAt::At(EVENINGS[0]), &stamp());
    resident.settings.set_morning(RemindAt::At(MORNING_DEFAULT), &stamp());
    resident.settings.set_muted(Switch::On, &stamp());
    resident
}

/// The item of a resident as the conversation writes it.
async fn item(resident: &Resident, erase_resident_at: Option<Timestamp>) -> Value {
    let stub = Stub::answering([ok(json!({}))]).await;
    let conversations = TableConversations::new(Table::new(&stub.clients(), "city".to_owned()), TestClock::at(NOW));
    let commit = Commit {
        event: "e".parse().unwrap(),
        resident_id: resident.id.clone(),
        way: Way::Silence,
        resident: Some((resident.clone(), None)),
        erase_resident_at,
        conversation: None,
        effects: vec![],
        now: now(),
    };
    conversations.commit(&commit).await.unwrap();
    stub.asked().await[0].body["TransactItems"][1]["Put"]["Item"].clone()
}

/// What DynamoDB gives back for the attributes that are asked for.
fn projected(item: &Value, asked: &Value) -> Value {
    let names = &asked["ExpressionAttributeNames"];
    let mut projected = json!({});
    for path in asked["ProjectionExpression"].as_str().unwrap().split(", ") {
        let path: Vec<&str> = path.split('.').map(|name| names[name].as_str().unwrap_or(name)).collect();
        let pointer = path.join("/M/");
        let Some(found) = item.pointer(&format!("/{pointer}")) else { continue };
        match path[..] {
            [name] => projected[name] = found.clone(),
            [map, name] => projected[map]["M"][name] = found.clone(),
            [map, inner, name] => projected[map]["M"][inner]["M"][name] = found.clone(),
            _ => panic!("{path:?} is deeper than expected"),
        }
    }
    projected
}

/// A candidate that owns what it says.
#[derive(Debug, PartialEq)]
struct Shown {
    id: PackedId,
    standing: Standing,
    since: Timestamp,
    muted: Switch,
    district: Option<String>,
    language: Language,
    topics: Vec<(String, String)>,
    children: BTreeSet<String>,
    dates: BTreeSet<String>,
    garbage: BTreeSet<String>,
    remind: [Option<Time>; 2],
}

impl Shown {
    fn of(resident: &Resident) -> Self {
        let settings = &resident.settings;
        Self {
            id: PackedId::of(&resident.id),
            standing: resident.standing.value,
            since: resident.since,
            muted: settings.muted(),
            district: settings.district().map(ToString::to_string),
            language: settings.language(),
            topics: settings.topics().map(|(topic, switch)| (topic.to_string(), format!("{switch:?}"))).collect(),
            children: settings.children().iter().map(ToString::to_string).collect(),
            dates: settings.dates(&kind()).iter().map(|month| format!("{} {month}", kind())).collect(),
            garbage: settings.garbage_switches().map(|(category, switch)| format!("{category} {switch:?}")).collect(),
            remind: [settings.evening(), settings.morning()],
        }
    }
}

async fn read(stub: &Stub, partition: u16) -> Result<Vec<Shown>, app::error::Error> {
    let source = TableAudienceSource::new(Table::new(&stub.clients(), "city".to_owned()), TestClock::at(NOW));
    let mut shown = Vec::new();
    let mut see = |candidate: &domain::broadcast::audience::filter::Candidate<'_>| {
        let topics = candidate.topics.iter().map(|(topic, switch)| ((*topic).to_owned(), format!("{switch:?}")));
        let mut topics: Vec<_> = topics.collect();
        topics.sort();
        shown.push(Shown {
            id: candidate.id,
            standing: candidate.standing,
            since: candidate.since,
            muted: candidate.muted,
            district: candidate.district.map(str::to_owned),
            language: candidate.language,
            topics,
            children: candidate.children.iter().map(ToString::to_string).collect(),
            dates: candidate.dates.iter().map(|(kind, month)| format!("{kind} {month}")).collect(),
            garbage: candidate.garbage.iter().map(|(category, switch)| format!("{category} {switch:?}")).collect(),
            remind: [candidate.evening, candidate.morning],
        });
    };
    source.read(partition, &mut see).await?;
    Ok(shown)
}

async fn shown(items: Vec<Value>) -> Vec<Shown> {
    read(&Stub::answering([ok(json!({ "Items": items }))]).await, 0x4a).await.unwrap()
}

async fn asked() -> Value {
    let stub = Stub::answering([ok(json!({"Items": []}))]).await;
    assert!(read(&stub, 10).await.unwrap().is_empty());
    let asked = stub.asked().await.remove(0);
    assert_eq!(asked.operation, "Query");
    assert_eq!(asked.body["ExpressionAttributeValues"][":pk"]["S"], "RESIDENT#0a");
    assert!(asked.body["ConsistentRead"].is_null() || asked.body["ConsistentRead"] == json!(false), "half the price");
    asked.body
}

#[tokio::test]
async fn a_resident_is_shown_from_the_attributes_that_are_asked_for() {
    let asked = asked().await;
    let mut gone = resident();
    gone.stand(Standing::Blocked, &Stamp { at: now(), event: "f".parse().unwrap() });
    let plain = Resident::new(somebody(), stamp());
    let mut forgot = resident();
    forgot.settings.set_district(None, &stamp());
    forgot.settings.set_muted(Switch::Off, &stamp());
    forgot.settings.set_evening(RemindAt::Never, &stamp());
    assert_eq!([plain.settings.evening(), plain.settings.morning()], [Some(EVENING_DEFAULT), None], "by default");
    for resident in [resident(), gone, plain, forgot] {
        let whole = item(&resident, None).await;
        let item = projected(&whole, &asked);
        assert!(item.to_string().len() < whole.to_string().len());
        // Whether the table leaves out what there is none of, or says that it is null.
        assert_eq!(shown(vec![item]).await, [Shown::of(&resident)]);
        assert_eq!(shown(vec![whole]).await, [Shown::of(&resident)]);
    }
}

#[tokio::test]
async fn a_partition_is_read_page_by_page_to_its_end() {
    let whole = item(&resident(), None).await;
    let last = json!({"PK": {"S": "RESIDENT#4a"}, "SK": {"S": somebody().as_str()}});
    let more = || ok(json!({"Items": [whole], "LastEvaluatedKey": last}));
    let stub = Stub::answering([more(), more(), ok(json!({"Items": [whole]}))]).await;
    assert_eq!(read(&stub, 0x4a).await.unwrap().len(), 3);
    let asked = stub.asked().await;
    assert!(asked[0].body["ExclusiveStartKey"].is_null());
    assert!(asked[1..].iter().all(|asked| asked.body["ExclusiveStartKey"] == last));

    let stub = Stub::answering([more(), error(400, "ValidationException")]).await;
    assert_eq!(read(&stub, 0x4a).await.unwrap_err().kind, Kind::Permanent, "half a partition is none");
}

#[tokio::test]
async fn an_expired_one_is_absent_and_an_odd_one_does_not_keep_the_others_from_it() {
    let good = item(&resident(), None).await;
    let expired = item(&resident(), Some(now())).await;
    let not_yet = item(&resident(), Some(now() + SignedDuration::from_secs(1))).await;
    assert_eq!(shown(vec![expired, good.clone(), not_yet]).await.len(), 2);

    for (pointer, value) in [
        ("/kind", json!({"S": "question"})),
        ("/v", json!({"N": "0"})),
        ("/v", json!({"S": "1"})),
        ("/SK", json!({"S": "U4af4"})),
        ("/since", json!({"S": "yesterday"})),
        ("/standing", json!({"M": {}})),
        ("/standing/M/value", json!({"S": "Gone"})),
        ("/settings/M/muted/M/value", json!({"BOOL": true})),
        ("/settings/M/district/M/value", json!({"N": "1"})),
        ("/settings/M/topics/M/crime/M/value", json!({"S": "Perhaps"})),
        ("/settings/M/children", json!({"M": {"May": {"M": {"value": {"S": "On"}}}}})),
    ] {
        let mut odd = good.clone();
        *odd.pointer_mut(pointer).unwrap() = value;
        assert_eq!(shown(vec![odd, good.clone()]).await, [Shown::of(&resident())], "{pointer}");
    }
}

#[tokio::test]
async fn what_a_newer_program_wrote_is_left_to_it() {
    let mut newer = item(&resident(), None).await;
    newer["v"] = json!({"N": "2"});
    let stub = Stub::answering([ok(json!({"Items": [newer]}))]).await;
    assert_eq!(read(&stub, 0x4a).await.unwrap_err().kind, Kind::Transient);

    let mut speaks = item(&resident(), None).await;
    *speaks.pointer_mut("/settings/M/language/M/value").unwrap() = json!({"S": "tlh"});
    let expected = Shown { language: Language::Japanese, ..Shown::of(&resident()) };
    assert_eq!(shown(vec![speaks]).await, [expected], "rather Japanese than nothing");
}
