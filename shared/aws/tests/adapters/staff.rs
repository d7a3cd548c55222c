//! The staff and their phone codes in the table.

use app::error::{Chain, Kind};
use app::ports::staff::{Connected, PhoneCode, PhoneCodes, RosterVersion, StaffStore, Written};
use aws::Table;
use aws::staff::{RACES_MAX, TableStaff};
use domain::ids::ResidentId;
use domain::staff::{Identity, Role, Roles, Roster, Staff, Standing};
use serde_json::{Value, json};

use crate::audit::{act, key, latest, transactions};
use crate::stub::{Answer, Stub, TestClock, cancelled, ok};

const TABLE: &str = "city";
const NOW: &str = "2026-11-30T15:00:00Z";
const EXPIRES: &str = "2026-11-30T15:10:00Z";
/// SHA-256 of `12345678`.
const HASH: &str = "ef797c8118f02dfb649607dd5d3f8c7623048c9c063d532cc95c5ed7a898a64f";

fn store(stub: &Stub) -> TableStaff {
    TableStaff::new(Table::new(&stub.clients(), TABLE.to_owned()), TestClock::at(NOW))
}

/// A person with something in every field.
pub(crate) fn person(standing: Standing) -> Staff {
    let department = |name: &str| name.parse().unwrap();
    Staff {
        id: "hanako".parse().unwrap(),
        name: "山田 花子".parse().unwrap(),
        email: "hanako@town.example".parse().unwrap(),
        standing,
        roles: Roles([Role::Administrator, Role::Approver(department("a")), Role::Editor(department("b"))].into()),
        identity: Some(Identity { issuer: "https://issuer.example".to_owned(), subject: "sub".to_owned() }),
        phone: Some(resident()),
    }
}

/// The person as they are kept.
pub(crate) async fn person_item(standing: Standing) -> Value {
    let stub = Stub::answering([latest(&[]), latest(&[]), ok(json!({}))]).await;
    // Disabled somebody is written after their sessions were asked for; nobody else is.
    let stub = if standing == Standing::Disabled { stub } else { Stub::answering([latest(&[]), ok(json!({}))]).await };
    store(&stub).put(RosterVersion(1), &person(standing), &act(NOW)).await.unwrap();
    transactions(&stub).await[0][1]["Put"]["Item"].clone()
}

fn resident() -> ResidentId {
    "U0123456789abcdef0123456789abcdef".parse().unwrap()
}

fn version(version: u64) -> Answer {
    let version = version.to_string();
    ok(
        json!({"Item": {"PK": {"S": "ROSTER"}, "SK": {"S": "VERSION"}, "kind": {"S": "roster"}, "v": {"N": "1"}, "version": {"N": version}}}),
    )
}

fn item(item: &Value) -> Answer {
    ok(json!({"Item": item}))
}

fn nothing() -> Answer {
    ok(json!({}))
}

fn code() -> PhoneCode {
    PhoneCode("12345678".to_owned())
}

/// A code and whose only good one it is, as they are kept.
async fn code_items() -> (Value, Value) {
    let stub = Stub::answering([nothing()]).await;
    let offered = store(&stub).offer_code(&code(), &person(Standing::Active).id, EXPIRES.parse().unwrap()).await;
    assert_eq!(offered.unwrap(), Written::Done);
    let steps = &transactions(&stub).await[0];
    assert!(!format!("{steps:?}").contains("12345678"), "only its hash is kept");
    (steps[0]["Put"]["Item"].clone(), steps[1]["Put"]["Item"].clone())
}

#[tokio::test]
async fn everybody_is_read_after_the_version() {
    let items = [person_item(Standing::Active).await];
    let stub = Stub::answering([version(7), ok(json!({"Items": items})), nothing(), ok(json!({"Items": []}))]).await;
    let store = store(&stub);
    assert_eq!(store.roster().await.unwrap(), (Roster(vec![person(Standing::Active)]), RosterVersion(7)));
    assert_eq!(store.roster().await.unwrap(), (Roster::default(), RosterVersion(0)), "before the first");
    let asked = stub.asked().await;
    assert_eq!(stub.operations().await[..2], ["GetItem", "Query"], "in this order, or a change is overlooked");
    assert!(asked.iter().all(|asked| asked.body["ConsistentRead"] == true));
    assert_eq!(asked[1].body["ExpressionAttributeValues"][":pk"]["S"], "STAFF");
}

#[tokio::test]
async fn who_is_only_invited_has_no_identity_and_no_phone_in_the_table_either() {
    let invited = Staff { identity: None, phone: None, ..person(Standing::Invited) };
    let no_sessions = ok(json!({"Items": []}));
    let stub = Stub::answering([no_sessions, latest(&[]), nothing()]).await;
    store(&stub).put(RosterVersion(1), &invited, &act(NOW)).await.unwrap();
    let item = transactions(&stub).await[0][1]["Put"]["Item"].clone();
    assert!(item.get("identity").is_none() && item.get("phone").is_none());
    let stub = Stub::answering([version(2), ok(json!({"Items": [item]}))]).await;
    assert_eq!(store(&stub).roster().await.unwrap().0, Roster(vec![invited]));
}

#[tokio::test]
async fn a_person_the_version_and_the_act_are_one_transaction() {
    let stub = Stub::answering([latest(&[]), nothing(), latest(&[]), nothing()]).await;
    let store = store(&stub);
    for read in [0, 7] {
        let put = store.put(RosterVersion(read), &person(Standing::Active), &act(NOW)).await;
        assert_eq!(put.unwrap(), Written::Done);
    }
    let all = transactions(&stub).await;
    let keys: Vec<_> = all[0].iter().map(key).collect();
    let expected = ["ROSTER / VERSION", "STAFF / hanako", "AUDIT#2026-12-01 / 000000000001", "AUDIT / 2026-12-01"];
    assert_eq!(keys, expected);
    assert_eq!(all[0][0]["Put"]["ConditionExpression"], "attribute_not_exists(PK) OR #expires <= :now");
    let version = &all[1][0]["Put"];
    assert_eq!(version["ConditionExpression"], "#version = :version");
    assert_eq!(version["ExpressionAttributeValues"][":version"]["N"], "7");
    assert_eq!(version["Item"]["version"]["N"], "8");
}

#[tokio::test]
async fn a_moved_roster_is_a_lost_race_and_a_taken_place_in_the_log_is_not() {
    let moved = || cancelled(&["ConditionalCheckFailed", "None", "None", "None"]);
    let both = || cancelled(&["ConditionalCheckFailed", "None", "ConditionalCheckFailed", "None"]);
    for lost in [moved(), both()] {
        let stub = Stub::answering([latest(&[]), lost]).await;
        let put = store(&stub).put(RosterVersion(7), &person(Standing::Active), &act(NOW)).await;
        assert_eq!(put.unwrap(), Written::Raced);
        assert_eq!(stub.asked().await.len(), 2, "the caller decides anew");
    }
    let taken = cancelled(&["None", "None", "ConditionalCheckFailed", "ConditionalCheckFailed"]);
    let stub = Stub::answering([latest(&[]), taken, latest(&[]), moved()]).await;
    let put = store(&stub).put(RosterVersion(7), &person(Standing::Active), &act(NOW)).await;
    assert_eq!(put.unwrap(), Written::Raced, "the next attempt still looks at the roster");
    let stub =
        Stub::answering([latest(&[]), cancelled(&["TransactionConflict", "None"]), latest(&[]), nothing()]).await;
    let put = store(&stub).put(RosterVersion(7), &person(Standing::Active), &act(NOW)).await;
    assert_eq!(put.unwrap(), Written::Done);
}

#[tokio::test]
async fn who_is_not_active_loses_every_session_in_the_same_transaction() {
    let session = |key: &str| json!({"PK": {"S": "SESSION#hanako"}, "SK": {"S": key}});
    for standing in [Standing::Disabled, Standing::Invited] {
        let sessions = ok(json!({"Items": [session("aa"), session("bb")]}));
        let stub = Stub::answering([sessions, latest(&[]), nothing()]).await;
        store(&stub).put(RosterVersion(7), &person(standing), &act(NOW)).await.unwrap();
        let asked = &stub.asked().await[0];
        assert_eq!(asked.body["ExpressionAttributeValues"][":pk"]["S"], "SESSION#hanako");
        assert_eq!(asked.body["Limit"], 95, "a transaction has 100 steps: two for the person, three for the act");
        let steps = &transactions(&stub).await[0];
        let removed = ["SESSION#hanako / aa".to_owned(), "SESSION#hanako / bb".to_owned()];
        assert_eq!([key(&steps[2]), key(&steps[3])], removed, "{standing:?}");
        for step in &steps[2..4] {
            assert!(step["Delete"].get("ConditionExpression").is_none(), "one that has ended meanwhile is no matter");
        }
    }
}

#[tokio::test]
async fn a_code_is_kept_by_its_hash_and_found_while_it_is_its_owner_s_last() {
    let (code_item, only_item) = code_items().await;
    assert_eq!(code_item["PK"]["S"], format!("PHONECODE#{HASH}"));
    assert_eq!(only_item["PK"]["S"], "PHONECODE-OF#hanako");
    let mut newer = only_item.clone();
    newer["code"]["S"] = json!("another");
    let cases = [
        (vec![item(&code_item), item(&only_item)], NOW, Some("hanako")),
        (vec![item(&code_item), item(&only_item)], EXPIRES, None),
        (vec![item(&code_item), item(&newer)], NOW, None),
        (vec![item(&code_item), nothing()], NOW, None),
        (vec![nothing()], NOW, None),
    ];
    for (answers, now, expected) in cases {
        let stub = Stub::answering(answers).await;
        let owner = store(&stub).owner(&code(), now.parse().unwrap()).await.unwrap();
        assert_eq!(owner.as_ref().map(domain::ids::StaffId::as_str), expected);
    }
}

#[tokio::test]
async fn a_code_that_somebody_has_is_not_given_to_another() {
    let stub = Stub::answering([cancelled(&["ConditionalCheckFailed", "None"])]).await;
    let offered = store(&stub).offer_code(&code(), &person(Standing::Active).id, EXPIRES.parse().unwrap()).await;
    assert_eq!(offered.unwrap(), Written::Raced);
    let steps = &transactions(&stub).await[0];
    assert_eq!(steps[0]["Put"]["ConditionExpression"], "attribute_not_exists(PK) OR #expires <= :now");
    assert!(steps[1]["Put"].get("ConditionExpression").is_none());
    let stub = Stub::answering([cancelled(&["None", "TransactionConflict"])]).await;
    let offered = store(&stub).offer_code(&code(), &person(Standing::Active).id, EXPIRES.parse().unwrap()).await;
    assert_eq!(offered.unwrap(), Written::Raced, "the same person asks twice at the same moment");
}

/// What is read before a phone is connected.
async fn before_connecting(standing: Standing) -> Vec<Answer> {
    let (code_item, only_item) = code_items().await;
    let everybody = ok(json!({"Items": [person_item(standing).await]}));
    vec![item(&code_item), item(&only_item), version(7), everybody]
}

#[tokio::test]
async fn a_phone_is_connected_its_code_used_up_and_the_act_recorded_together() {
    let mut answers = before_connecting(Standing::Active).await;
    answers.extend([latest(&[]), nothing()]);
    let stub = Stub::answering(answers).await;
    let phone: ResidentId = "Uffffffffffffffffffffffffffffffff".parse().unwrap();
    assert_eq!(store(&stub).connect(&code(), &phone, &act(NOW)).await.unwrap(), Connected::Done);
    let steps = &transactions(&stub).await[0];
    let code_key = format!("PHONECODE#{HASH} / PHONECODE");
    let keys: Vec<_> = steps.iter().map(key).collect();
    let expected = ["ROSTER / VERSION", "STAFF / hanako", &code_key, "PHONECODE-OF#hanako / PHONECODE"];
    assert_eq!(keys[..4], expected);
    assert_eq!(keys.len(), 6, "and the act");
    assert_eq!(steps[0]["Put"]["ExpressionAttributeValues"][":version"]["N"], "7");
    assert_eq!(steps[1]["Put"]["Item"]["phone"]["S"], phone.as_str());
    let use_up = &steps[2]["Update"];
    assert_eq!(use_up["UpdateExpression"], "SET #used_by = :phone");
    let condition = "#staff = :staff AND #expires > :now AND attribute_not_exists(#used_by)";
    assert_eq!(use_up["ConditionExpression"], condition);
    let names = json!({"#staff": "staff", "#expires": "expires", "#used_by": "used_by"});
    assert_eq!(use_up["ExpressionAttributeNames"], names);
    let values = json!({":staff": {"S": "hanako"}, ":now": {"N": "1796050800"}, ":phone": {"S": phone.as_str()}});
    assert_eq!(use_up["ExpressionAttributeValues"], values);
    assert_eq!(steps[3]["ConditionCheck"]["ConditionExpression"], "#code = :code");
    assert_eq!(steps[3]["ConditionCheck"]["ExpressionAttributeValues"], json!({":code": {"S": HASH}}));
}

#[tokio::test]
async fn a_code_is_good_once_more_for_the_phone_that_used_it_and_for_no_other() {
    let (mut code_item, only_item) = code_items().await;
    code_item["used_by"] = json!({"S": resident().as_str()});
    let other: ResidentId = "Uffffffffffffffffffffffffffffffff".parse().unwrap();
    let connected = person_item(Standing::Active).await;
    let mut disconnected = connected.clone();
    disconnected.as_object_mut().unwrap().remove("phone");
    for (phone, owner, outcome) in [
        (resident(), &connected, Connected::Done),
        (other, &connected, Connected::NoSuchCode),
        (resident(), &disconnected, Connected::NoSuchCode),
    ] {
        let everybody = ok(json!({"Items": [owner]}));
        let stub = Stub::answering([item(&code_item), item(&only_item), version(7), everybody]).await;
        assert_eq!(store(&stub).connect(&code(), &phone, &act(NOW)).await.unwrap(), outcome);
        assert_eq!(transactions(&stub).await.len(), 0, "nothing is written");
    }
}

#[tokio::test]
async fn a_colleague_s_phone_is_theirs_no_more() {
    let mut answers = before_connecting(Standing::Active).await;
    let mut colleague = person_item(Standing::Active).await;
    colleague["SK"]["S"] = json!("taro");
    let mut hanako = colleague.clone();
    hanako["SK"]["S"] = json!("hanako");
    hanako.as_object_mut().unwrap().remove("phone");
    answers.pop();
    answers.extend([ok(json!({"Items": [hanako, colleague]})), latest(&[]), nothing()]);
    let stub = Stub::answering(answers).await;
    assert_eq!(store(&stub).connect(&code(), &resident(), &act(NOW)).await.unwrap(), Connected::Done);
    let steps = &transactions(&stub).await[0];
    let person = |name: &str| {
        let step = steps.iter().find(|step| key(step) == format!("STAFF / {name}")).unwrap();
        step["Put"]["Item"].get("phone").cloned()
    };
    assert_eq!((person("hanako"), person("taro")), (Some(json!({"S": resident().as_str()})), None));
    let entry = steps.iter().find(|step| key(step).starts_with("AUDIT#")).unwrap();
    assert_eq!(entry["Put"]["Item"]["act"]["M"]["before"]["S"], "staff/taro");
}

#[tokio::test]
async fn a_code_that_is_used_meanwhile_or_whose_owner_is_kept_out_connects_nothing() {
    let mut answers = before_connecting(Standing::Active).await;
    let used = cancelled(&[
        "ConditionalCheckFailed",
        "None",
        "ConditionalCheckFailed",
        "ConditionalCheckFailed",
        "None",
        "None",
    ]);
    answers.extend([latest(&[]), used, nothing()]);
    let stub = Stub::answering(answers).await;
    assert_eq!(store(&stub).connect(&code(), &resident(), &act(NOW)).await.unwrap(), Connected::NoSuchCode);

    let stub = Stub::answering(before_connecting(Standing::Disabled).await).await;
    assert_eq!(store(&stub).connect(&code(), &resident(), &act(NOW)).await.unwrap(), Connected::NoSuchCode);
    assert_eq!(transactions(&stub).await.len(), 0);
}

#[tokio::test]
async fn a_staff_that_changes_meanwhile_is_read_again_and_not_for_ever() {
    let moved = || cancelled(&["ConditionalCheckFailed", "None", "None", "None", "None", "None"]);
    let mut answers = before_connecting(Standing::Active).await;
    answers.extend([latest(&[]), moved()]);
    answers.extend(before_connecting(Standing::Active).await);
    answers.extend([latest(&[]), nothing()]);
    let stub = Stub::answering(answers).await;
    assert_eq!(store(&stub).connect(&code(), &resident(), &act(NOW)).await.unwrap(), Connected::Done);

    let mut answers = Vec::new();
    for _ in 0..RACES_MAX {
        answers.extend(before_connecting(Standing::Active).await);
        answers.extend([latest(&[]), moved()]);
    }
    let stub = Stub::answering(answers).await;
    let error = store(&stub).connect(&code(), &resident(), &act(NOW)).await.unwrap_err();
    assert_eq!(error.kind, Kind::Transient);
}

#[tokio::test]
async fn an_odd_item_is_an_error_that_names_nobody() {
    for (field, value) in
        [("standing", json!({"S": "resting"})), ("email", json!({"S": "hanako"})), ("v", json!({"N": "2"}))]
    {
        let mut odd = person_item(Standing::Active).await;
        odd[field] = value;
        let stub = Stub::answering([version(1), ok(json!({"Items": [odd]}))]).await;
        let error = store(&stub).roster().await.unwrap_err();
        assert_eq!(error.kind, Kind::Permanent);
        let chain = Chain(&error).to_string();
        assert!(!chain.contains("花子") && !chain.contains("hanako@"), "{chain}");
    }
}
