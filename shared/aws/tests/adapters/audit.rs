//! The audit log in the table.

use app::audit::{Check, Checks};
use app::error::Kind;
use app::ports::staff::{AuditChecks, AuditLog, Written};
use aws::Table;
use aws::audit::{APPENDS_MAX, TableAudit};
use domain::audit::{Act, Action, Actor, DayEnd, Entry, Hash, check, check_days};
use jiff::civil::date;
use serde_json::{Value, json};

use crate::stub::{Answer, Stub, cancelled, error, ok};

const TABLE: &str = "city";

fn log(stub: &Stub) -> TableAudit {
    TableAudit::new(Table::new(&stub.clients(), TABLE.to_owned()))
}

pub(crate) fn act(at: &str) -> Act {
    Act {
        at: at.parse().unwrap(),
        actor: Actor::Staff("chief".parse().unwrap()),
        action: Action::EditTown,
        subject: "waste-item/kandenchi".to_owned(),
        department: Some("kankyo".parse().unwrap()),
        before: String::new(),
        after: r#"{"name":"乾電池"}"#.to_owned(),
    }
}

/// The answer to whoever asks where the latest day ends.
pub(crate) fn latest(items: &[Value]) -> Answer {
    ok(json!({"Items": items}))
}

const BEGINNING: &str = "AUDIT#BEGINNING / BEGINNING";

/// The steps of every transaction that was asked for, without the one that only the first entry ever has.
pub(crate) async fn transactions(stub: &Stub) -> Vec<Vec<Value>> {
    let steps = all_transactions(stub).await.into_iter();
    steps.map(|steps| steps.into_iter().filter(|step| key(step) != BEGINNING).collect()).collect()
}

async fn all_transactions(stub: &Stub) -> Vec<Vec<Value>> {
    let asked = stub.asked().await.into_iter().filter(|asked| asked.operation == "TransactWriteItems");
    asked.map(|asked| asked.body["TransactItems"].as_array().unwrap().clone()).collect()
}

/// The key of a step, as `PK / SK`.
pub(crate) fn key(step: &Value) -> String {
    let (_, step) = step.as_object().unwrap().iter().next().unwrap();
    let key = step.get("Item").unwrap_or(&step["Key"]);
    format!("{} / {}", key["PK"]["S"].as_str().unwrap(), key["SK"]["S"].as_str().unwrap())
}

fn keys(steps: &[Value]) -> Vec<String> {
    steps.iter().map(key).collect()
}

fn condition(step: &Value) -> (&str, &Value) {
    let put = &step["Put"];
    (put["ConditionExpression"].as_str().unwrap(), &put["ExpressionAttributeValues"][":version"]["N"])
}

const ABSENT: &str = "attribute_not_exists(PK) OR #expires <= :now";
const UNCHANGED: &str = "#version = :version";

#[tokio::test]
async fn the_first_entry_ever_begins_the_chain() {
    let stub = Stub::answering([latest(&[]), ok(json!({}))]).await;
    let entry = log(&stub).append(&act("2026-11-20T15:00:00Z")).await.unwrap();
    assert_eq!((entry.day, entry.number, &entry.previous), (date(2026, 11, 21), 1, &Hash::beginning()));

    let asked = &stub.asked().await[0];
    assert_eq!(asked.operation, "Query");
    assert_eq!(asked.body["ExpressionAttributeValues"], json!({":pk": {"S": "AUDIT"}}));
    assert_eq!((&asked.body["ScanIndexForward"], &asked.body["Limit"]), (&json!(false), &json!(1)));
    assert_eq!(asked.body["ConsistentRead"], true);

    let steps = &all_transactions(&stub).await[0];
    assert_eq!(keys(steps), ["AUDIT#2026-11-21 / 000000000001", "AUDIT / 2026-11-21", BEGINNING]);
    assert!(steps.iter().all(|step| condition(step).0 == ABSENT));
    assert!(steps.iter().all(|step| step["Put"]["Item"].get("expires").is_none()), "nothing of it ends");
}

#[tokio::test]
async fn a_written_log_is_read_back_and_holds() {
    let (mut ends, mut items, mut entries): (Vec<Value>, Vec<Value>, Vec<Entry>) = Default::default();
    for time in ["2026-11-20T03:00:00Z", "2026-11-20T03:00:00.123456789Z", "2026-11-22T03:00:00Z"] {
        let stub = Stub::answering([latest(ends.last().map_or(&[], std::slice::from_ref)), ok(json!({}))]).await;
        entries.push(log(&stub).append(&act(time)).await.unwrap());
        let steps = &transactions(&stub).await[0];
        items.push(steps[0]["Put"]["Item"].clone());
        for step in &steps[1..] {
            let end = step["Put"]["Item"].clone();
            ends.retain(|known: &Value| known["SK"] != end["SK"]);
            ends.push(end);
        }
        if time.contains("11-22") {
            let before = |sk| ("AUDIT / ".to_owned() + sk, sk);
            assert_eq!(keys(steps)[1..], [before("2026-11-20").0, before("2026-11-22").0], "the day before is closed");
            assert_eq!(condition(&steps[1]), (UNCHANGED, &json!("2")), "while nothing more was written into it");
            assert_eq!(steps[1]["Put"]["Item"]["version"]["N"], "3", "and nothing more will be");
            assert_eq!(condition(&steps[2]).0, ABSENT);
        }
    }
    let numbers: Vec<_> = entries.iter().map(|entry| (entry.day.day(), entry.number)).collect();
    assert_eq!(numbers, [(20, 1), (20, 2), (22, 1)]);

    ends.reverse();
    let stub = Stub::answering([latest(&ends), ok(json!({"Items": items[..2]}))]).await;
    let days: Vec<DayEnd> = log(&stub).days(Some(date(2026, 12, 1)), 10).await.unwrap();
    let read = log(&stub).entries(date(2026, 11, 20), 1, 10).await.unwrap();
    assert_eq!(read, entries[..2]);
    assert_eq!(check(&read, &days[1]), Ok(()));
    assert_eq!(check_days(Some(&days[1]), Some(&days[0])), Ok(()));
    assert_eq!(check_days(Some(&days[0]), None), Ok(()));

    let asked = stub.asked().await;
    let place = |body: &Value| (body["KeyConditionExpression"].clone(), body["ExpressionAttributeValues"].clone());
    let before = json!({":pk": {"S": "AUDIT"}, ":place": {"S": "2026-12-01"}});
    assert_eq!(place(&asked[0].body), (json!("PK = :pk AND SK < :place"), before));
    let after = json!({":pk": {"S": "AUDIT#2026-11-20"}, ":place": {"S": "000000000000"}});
    assert_eq!(place(&asked[1].body), (json!("PK = :pk AND SK > :place"), after));
    assert_eq!(asked[1].body["ScanIndexForward"], true);
}

#[tokio::test]
async fn a_reading_goes_on_page_after_page_up_to_its_limit() {
    let stub = Stub::answering([latest(&[]), ok(json!({}))]).await;
    log(&stub).append(&act("2026-11-20T03:00:00Z")).await.unwrap();
    let item = transactions(&stub).await[0][0]["Put"]["Item"].clone();
    let last = json!({"PK": {"S": "AUDIT#2026-11-20"}, "SK": {"S": "000000000001"}});
    let page = || ok(json!({"Items": [item], "LastEvaluatedKey": last}));
    let stub = Stub::answering([page(), page(), page()]).await;
    assert_eq!(log(&stub).entries(date(2026, 11, 20), 1, 2).await.unwrap().len(), 2);
    let asked = stub.asked().await;
    assert_eq!(asked.len(), 2, "no page too many");
    assert_eq!((&asked[0].body["Limit"], &asked[1].body["Limit"]), (&json!(2), &json!(1)));
    assert_eq!(asked[1].body["ExclusiveStartKey"], last);
}

#[tokio::test]
async fn a_taken_place_and_a_meeting_lead_to_the_next_place() {
    let stub = Stub::answering([latest(&[]), ok(json!({}))]).await;
    log(&stub).append(&act("2026-11-20T03:00:00Z")).await.unwrap();
    let end = transactions(&stub).await[0][1]["Put"]["Item"].clone();

    let taken = cancelled(&["ConditionalCheckFailed", "ConditionalCheckFailed"]);
    let met = cancelled(&["TransactionConflict", "None"]);
    let answers = [latest(&[]), taken, latest(std::slice::from_ref(&end)), met, latest(&[end]), ok(json!({}))];
    let stub = Stub::answering(answers).await;
    let entry = log(&stub).append(&act("2026-11-20T03:00:01Z")).await.unwrap();
    assert_eq!(entry.number, 2, "after whoever was faster");
    let all = transactions(&stub).await;
    assert_eq!(keys(&all[2]), ["AUDIT#2026-11-20 / 000000000002", "AUDIT / 2026-11-20"]);
    assert_eq!(condition(&all[2][1]), (UNCHANGED, &json!("1")));
}

#[tokio::test]
async fn others_who_are_always_faster_are_an_error_in_the_end() {
    let round = || [latest(&[]), cancelled(&["None", "ConditionalCheckFailed"])];
    let stub = Stub::answering((0..APPENDS_MAX).flat_map(|_| round())).await;
    let failure = log(&stub).append(&act("2026-11-20T03:00:00Z")).await.unwrap_err();
    assert_eq!(failure.kind, Kind::Transient);
    assert_eq!(stub.asked().await.len(), usize::try_from(APPENDS_MAX).unwrap() * 2, "bounded");
}

#[tokio::test]
async fn what_no_other_place_heals_is_an_error_at_once() {
    for (answer, kind) in [
        (cancelled(&["ValidationError", "None"]), Kind::Permanent),
        (cancelled(&["ThrottlingError", "None"]), Kind::Throttled),
        (error(400, "ValidationException"), Kind::Permanent),
    ] {
        let stub = Stub::answering([latest(&[]), answer]).await;
        assert_eq!(log(&stub).append(&act("2026-11-20T03:00:00Z")).await.unwrap_err().kind, kind);
        assert_eq!(stub.operations().await, ["Query", "TransactWriteItems"]);
    }
}

#[tokio::test]
async fn what_is_repeated_reads_one_item_and_leaves_the_log_alone() {
    let name = "denied/chief/GET /audit";
    let first = Stub::answering([ok(json!({})), latest(&[]), ok(json!({}))]).await;
    log(&first).append_seldom(&act("2026-11-20T03:00:00Z"), name).await.unwrap();
    assert_eq!(first.operations().await, ["GetItem", "Query", "TransactWriteItems"]);
    let step = &transactions(&first).await[0][0]["Put"];
    let item = &step["Item"];
    assert_eq!(item["PK"]["S"], format!("SELDOM#{name}"), "of its own, not in the log's partitions");
    assert_eq!(item["expires"]["N"], "1795143660", "a minute later");
    assert_eq!(step["ConditionExpression"], ABSENT);

    for (time, operations) in [
        ("2026-11-20T03:00:59Z", &["GetItem"][..]),
        ("2026-11-20T03:01:00Z", &["GetItem", "Query", "TransactWriteItems"]),
    ] {
        let stub = Stub::answering([ok(json!({"Item": item})), latest(&[]), ok(json!({}))]).await;
        log(&stub).append_seldom(&act(time), name).await.unwrap();
        assert_eq!(stub.operations().await, operations, "{time}");
    }

    // Of two at once the second is refused, and content with it.
    let late = cancelled(&["ConditionalCheckFailed", "None", "None", "None"]);
    let stub = Stub::answering([ok(json!({})), latest(&[]), late]).await;
    log(&stub).append_seldom(&act("2026-11-20T03:00:00Z"), name).await.unwrap();
    assert_eq!(stub.operations().await.len(), 3);
}

#[tokio::test]
async fn a_check_is_kept_by_who_read_the_last() {
    let (raced, met) = (cancelled(&["ConditionalCheckFailed"]), cancelled(&["TransactionConflict"]));
    let stub = Stub::answering([latest(&[]), ok(json!({})), ok(json!({})), raced, met]).await;
    let table = log(&stub);
    let checks =
        Checks { under_way: Some(Check::latest(&table, None).await.unwrap()), last: None, ..Checks::default() };
    assert_eq!(AuditChecks::read(&table).await.unwrap(), None);
    assert_eq!(table.keep(&checks, None).await.unwrap(), Written::Done);
    assert_eq!(table.keep(&checks, Some(1)).await.unwrap(), Written::Raced);
    assert_eq!(table.keep(&checks, Some(1)).await.unwrap(), Written::Raced, "somebody writes at the same moment");
    let kept = transactions(&stub).await;
    assert_eq!(kept[0][0]["Put"]["ConditionExpression"], ABSENT);
    assert_eq!(condition(&kept[1][0]), (UNCHANGED, &json!("1")));
    assert_eq!(key(&kept[0][0]), "AUDITED / AUDITED", "not in the log's partitions, of which nothing is changed");
    let item = kept[0][0]["Put"]["Item"].clone();
    let stub = Stub::answering([ok(json!({"Item": item}))]).await;
    let stored = AuditChecks::read(&log(&stub)).await.unwrap().unwrap();
    assert_eq!((stored.value, stored.version), (checks, 1));
}
