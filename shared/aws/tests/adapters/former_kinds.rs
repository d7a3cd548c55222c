//! Of every kind of item that the former release wrote one is read by this one: those of `items.json` ([`crate::former`]) and of `kinds.json`.
//!
//! They were written down by the former release's structs and keys, not by these. Whoever adds a kind puts it into [`NEW`]; when a
//! release is made, its item goes into the golden ones (`infra/decisions/updates.md`).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use app::audit::{BrokenDay, Extent, go_on};
use app::broadcast::reach::{Counted as Reached, Overlap};
use app::ports::audience::AudienceSource as _;
use app::ports::broadcasts::{Broadcasts as _, Ledgers as _, ReachCounts as _};
use app::ports::followers::{Failure, Imports as _, Job as Import, Onward, Seen, Stage};
use app::ports::reminders::Reminders as _;
use app::ports::reports::{Neighbour, Reports as _};
use app::ports::residents::{Counted, Cursor, DayCount, Job as Counting, ResidentCounts as _};
use app::ports::staff::{
    AuditChecks as _, AuditLog as _, Connected, PhoneCode, PhoneCodes as _, RosterVersion, SessionKey, Sessions as _,
    StaffStore as _,
};
use app::ports::templates::{SavedAudiences, TemplateHead, Templates};
use app::ports::unfollows::{Unfollow, Unfollows as _};
use app::ports::{
    Asked, Conversations as _, Counts, How, Month, Questions as _, Revision, TownRecord, TownStore as _, Uploads as _,
};
use app::questions::key;
use aws::Table;
use aws::audit::TableAudit;
use aws::broadcasts::TableBroadcasts;
use aws::candidates::TableAudienceSource;
use aws::conversations::TableConversations;
use aws::followers::TableImports;
use aws::ledgers::TableLedgers;
use aws::questions::TableQuestions;
use aws::reach_counts::TableReachCounts;
use aws::reminders::TableReminders;
use aws::reports::TableReports;
use aws::resident_counts::TableResidentCounts;
use aws::sessions::TableSessions;
use aws::staff::TableStaff;
use aws::templates::TableTemplates;
use aws::town_store::TableTownStore;
use aws::unfollows::TableUnfollows;
use aws::uploads::TableUploads;
use domain::audit::{Act, Action, Actor, Broken, check, check_days};
use domain::broadcast::audience::Audience;
use domain::broadcast::audience::filter::Candidate;
use domain::broadcast::content::{Button, Content, Does, Message, PictureId, Wording};
use domain::broadcast::{Earnest, Lane, Reach};
use domain::conversation::Expecting;
use domain::counts::{Switched, Tally};
use domain::dates::{OnHoliday, Recurrence, parse_periods, parse_rules};
use domain::ids::{BroadcastId, DepartmentId, ResidentId, RuleId, SavedAudienceId, StaffId, TemplateId};
use domain::language::Language;
use domain::reminder::schedule::Schedule;
use domain::reminder::{Became, Kind as RuleKind, Outcome, Permit, State as RuleState};
use domain::report::Standing as ReportStanding;
use domain::report::place::Point;
use domain::sending::delivery::Order;
use domain::sending::frozen::{LeftOut, PackedId};
use domain::sending::ledger::{Doubt, PageState, Tried};
use domain::staff::{Identity, Role, Standing};
use jiff::Timestamp;
use jiff::civil::{date, time};
use serde_json::{Value, json};

use crate::memory::{Memory, Served};
use crate::stub::{Stub, TestClock};

const ITEMS: &str = include_str!("../../../../tests/city/former/items.json");
const KINDS: &str = include_str!("../../../../tests/city/former/kinds.json");

/// Kinds that this release added, so that the former one wrote none. All others are held.
const NEW: &[&str] = &[
    "api-key",
    "checkup",
    "closed-report",
    "closed-walk",
    "heartbeat",
    "hook",
    "released-report",
    "resident-session",
    "restored",
    "used-outside-id",
];
/// A kind that is written without a struct, and so has no `KIND`.
const BARE: &str = "emergencies";

/// When the golden items were written.
const NOON: &str = "2026-11-22T03:00:00Z";
const BROADCAST: &str = "0199aaaa-0000-7000-8000-000000000001";
const RULE: &str = "0199bbbb-0000-7000-8000-000000000001";
const REPORT: &str = "0199cccc-0000-7000-8000-000000000001";
const TEMPLATE: &str = "0199dead-0000-7000-8000-000000000001";
const AUDIENCE: &str = "0199beef-0000-7000-8000-000000000001";
const TODAY: &str = "AUDIT#2026-11-22";

/// A table with what the former release wrote.
struct Former {
    memory: Arc<Memory>,
    table: Table,
    clock: Arc<TestClock>,
    _stub: Stub,
}

async fn serving(items: &[Value]) -> Former {
    let memory = Arc::new(Memory::default());
    for item in items {
        memory.call("PutItem", &json!({ "Item": item })).unwrap();
    }
    let stub = Stub::served_by(Served(Arc::clone(&memory))).await;
    Former { memory, table: Table::new(&stub.clients(), "city".to_owned()), clock: TestClock::at(NOON), _stub: stub }
}

fn golden() -> Vec<Value> {
    [ITEMS, KINDS].into_iter().flat_map(|text| serde_json::from_str::<Vec<Value>>(text).unwrap()).collect()
}

async fn former() -> Former {
    serving(&golden()).await
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn resident(number: usize) -> ResidentId {
    let ids =
        ["U4af4980629f3a1c7b2d6e85014cb7d90", "U9c1e5b7704d2f83a6be0915d2c3f4a81", "Ue07d3341b6c94f28a5d10c2e9b8f7a66"];
    ids[number].parse().unwrap()
}

fn taro() -> StaffId {
    "taro".parse().unwrap()
}

fn environment() -> DepartmentId {
    "environment".parse().unwrap()
}

fn act(when: &str) -> Act {
    Act {
        at: at(when),
        actor: Actor::Staff(taro()),
        action: Action::SignIn,
        subject: String::new(),
        department: None,
        before: String::new(),
        after: String::new(),
    }
}

fn reach() -> Reach {
    Reach { reached: 40, capped: 1, followers: 120 }
}

/// The kinds in the code below a folder.
fn kinds_below(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            kinds_below(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            // Of an `impl` at the top of a file: what a module of tests has inside stands deeper.
            let kind = |line: &str| {
                line.strip_prefix("    const KIND: &'static str = \"")?.strip_suffix("\";").map(str::to_owned)
            };
            found.extend(text.lines().filter_map(kind));
        }
    }
}

#[test]
fn each_kind_is_held_or_new() {
    let mut present = BTreeSet::from([BARE.to_owned()]);
    kinds_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut present);
    let held: BTreeSet<String> = golden().iter().map(|item| item["kind"]["S"].as_str().unwrap().to_owned()).collect();
    let new: BTreeSet<String> = NEW.iter().copied().map(str::to_owned).collect();
    let missing: Vec<_> = present.iter().filter(|kind| !held.contains(*kind) && !new.contains(*kind)).collect();
    assert!(missing.is_empty(), "no golden item, and not new: {missing:?}");
    let gone: Vec<_> = held.iter().chain(&new).filter(|kind| !present.contains(*kind)).collect();
    assert!(gone.is_empty(), "no code reads them any more: {gone:?}");
    let both: Vec<_> = held.intersection(&new).collect();
    assert!(both.is_empty(), "not new any more: {both:?}");
}

#[tokio::test]
async fn staff_are_who_they_were() {
    let former = former().await;
    let staff = TableStaff::new(former.table.clone(), former.clock.clone());
    let (roster, version) = staff.roster().await.unwrap();
    assert_eq!((roster.0.len(), version), (2, RosterVersion(5)));
    let identity =
        Identity { issuer: "https://issuer.example/pool".to_owned(), subject: "former-subject-0001".to_owned() };
    let known = roster.recognise(&identity, None).unwrap();
    assert_eq!((known.id.clone(), known.standing, known.phone.clone()), (taro(), Standing::Active, Some(resident(0))));
    assert_eq!((known.name.as_str(), known.email.as_str()), ("鈴木 太郎", "taro@example.jp"));
    assert_eq!(known.roles.0, BTreeSet::from([Role::Administrator, Role::Approver(environment())]));
    let invited = roster.get(&"hanako".parse().unwrap()).unwrap();
    assert_eq!((invited.standing, &invited.identity, &invited.phone), (Standing::Invited, &None, &None));
    let roles = [Role::Editor(environment()), Role::Reader("roads-and-parks".parse().unwrap())];
    assert_eq!(invited.roles.0, BTreeSet::from(roles));

    let sessions = TableSessions::new(former.table.clone(), former.clock.clone());
    let stored = former.memory.partition("SESSION#taro");
    let key = SessionKey(stored[0]["SK"]["S"].as_str().unwrap().to_owned());
    let (session, person) = sessions.find(&taro(), &key).await.unwrap().unwrap();
    assert_eq!((session.began, session.seen), (at("2026-11-22T01:00:00Z"), at("2026-11-22T02:59:00Z")));
    assert_eq!((session.expires, &person), (at("2026-11-22T12:00:00Z"), known));
    assert_eq!(sessions.of(&taro()).await.unwrap(), [session]);
}

#[tokio::test]
async fn a_code_that_connected_a_phone_is_that_phones() {
    let former = former().await;
    let codes = TableStaff::new(former.table.clone(), former.clock.clone());
    let code = PhoneCode("48210937".to_owned());
    assert_eq!(codes.owner(&code, at(NOON)).await.unwrap(), Some(taro()));
    assert_eq!(codes.connect(&code, &resident(0), &act(NOON)).await.unwrap(), Connected::Done);
    assert_eq!(codes.connect(&code, &resident(1), &act(NOON)).await.unwrap(), Connected::NoSuchCode);
    assert_eq!(former.memory.partition(TODAY).len(), 1, "nothing was connected anew");
}

#[tokio::test]
async fn the_audit_log_holds_and_goes_on() {
    let former = former().await;
    let log = TableAudit::new(former.table.clone());
    let days = log.days(None, 10).await.unwrap();
    let stand: Vec<_> = days.iter().map(|end| (end.day, end.entries)).collect();
    assert_eq!(stand, [(date(2026, 11, 22), 1), (date(2026, 11, 21), 2)]);
    for (earlier, later) in [(None, Some(&days[1])), (Some(&days[1]), Some(&days[0])), (Some(&days[0]), None)] {
        assert_eq!(check_days(earlier, later), Ok(()));
    }
    for end in &days {
        assert_eq!(check(&log.entries(end.day, 1, 10).await.unwrap(), end), Ok(()), "{}", end.day);
    }
    let entries = log.entries(date(2026, 11, 21), 1, 10).await.unwrap();
    assert_eq!((&entries[0].act.actor, entries[0].act.action), (&Actor::CommandLine, Action::ImportTown));
    let edited = Act {
        at: at("2026-11-21T05:30:00.125Z"),
        actor: Actor::Staff(taro()),
        action: Action::EditTown,
        subject: "waste-item/kandenchi".to_owned(),
        department: Some(environment()),
        before: r#"{"name":"電池"}"#.to_owned(),
        after: r#"{"name":"乾電池"}"#.to_owned(),
    };
    assert_eq!(entries[1].act, edited);
    let refused = log.entries(date(2026, 11, 22), 1, 10).await.unwrap();
    assert_eq!((&refused[0].act.actor, refused[0].act.action), (&Actor::Stranger, Action::SignInRefused));

    log.append_seldom(&act(NOON), "sign-in-refused").await.unwrap();
    assert_eq!(former.memory.partition(TODAY).len(), 1, "it was appended lately");
    let next = log.append(&act(NOON)).await.unwrap();
    assert_eq!((next.number, &next.previous), (2, &days[0].last));
    let end = log.days(None, 1).await.unwrap().pop().unwrap();
    assert_eq!(check(&log.entries(end.day, 1, 10).await.unwrap(), &end), Ok(()));
}

/// Nothing reads that there is a first entry: it keeps a second one from being written. So it has to be written as it was.
#[tokio::test]
async fn that_there_is_a_first_entry_stands_where_it_stood() {
    let (former, begun) = (former().await, serving(&[]).await);
    TableAudit::new(begun.table.clone()).append(&act("2026-11-21T02:00:00Z")).await.unwrap();
    let stored = former.memory.partition("AUDIT#BEGINNING");
    assert_eq!((begun.memory.partition("AUDIT#BEGINNING"), stored.len()), (stored.clone(), 1));
}

#[tokio::test]
async fn a_check_of_the_audit_log_goes_on() {
    let former = former().await;
    let log = TableAudit::new(former.table.clone());
    let read = log.read().await.unwrap().unwrap();
    let (under_way, last) = (read.value.under_way.unwrap(), read.value.last.unwrap());
    assert_eq!((read.version, under_way.done()), (4, Extent { days: 1, entries: 2 }));
    let doubt = BrokenDay { day: date(2026, 10, 3), why: Broken::Altered(7) };
    assert_eq!((last.done(), last.broken.as_slice()), (Extent { days: 20, entries: 90 }, &[doubt][..]));
    assert_eq!(read.value.doubts.days, [doubt]);
    assert_eq!(read.value.doubts.unnamed, Some((date(2026, 9, 1), date(2026, 9, 2))));

    let after = go_on(&log, &log, &*former.clock).await.unwrap();
    let last = after.last.unwrap();
    assert_eq!((after.under_way, last.holds(), last.done()), (None, true, Extent { days: 2, entries: 3 }));
    assert_eq!(after.doubts.days, [doubt]);
}

#[tokio::test]
async fn the_towns_data_are_read_with_the_edit_under_way() {
    let former = former().await;
    let town = TableTownStore::new(former.table.clone(), former.clock.clone());
    let battery = json!({ "name": "乾電池", "reading": "かんでんち", "category": "hazardous" });
    let (revision, records) = town.read().await.unwrap();
    let named = |TownRecord { kind, id, body }: TownRecord| (format!("{kind}/{id}"), body);
    let expected = [
        ("topic/flood".to_owned(), json!({ "name": "水害", "order": 2 })),
        ("topic/safety".to_owned(), json!({ "name": "防犯", "order": 1 })),
        ("waste-item/kandenchi".to_owned(), battery.clone()),
    ];
    let records: BTreeMap<String, Value> = records.into_iter().map(named).collect();
    assert_eq!((revision, records), (Revision(3), BTreeMap::from(expected)));
    assert_eq!(town.revised().await.unwrap(), at("2026-11-22T02:58:00Z"));

    let history = town.history(None, 10).await.unwrap();
    assert_eq!(history.iter().map(|edit| edit.revision).collect::<Vec<_>>(), [Revision(3), Revision(2)]);
    let small = &history[1];
    assert_eq!((small.label.as_str(), small.undoes), ("乾電池", Some(Revision(1))));
    let counts = Counts { added: 0, changed: 1, removed: 0 };
    assert_eq!(small.counts, BTreeMap::from([("waste-item".to_owned(), counts)]));
    assert_eq!((&small.act.actor, &small.act.department), (&Actor::Staff(taro()), &Some(environment())));
    let (_, changes) = town.past(Revision(2)).await.unwrap().unwrap();
    assert_eq!((changes.len(), &changes[0].after), (1, &Some(battery)));
    assert_eq!(changes[0].before.as_ref().unwrap()["name"], "電池");
    let (large, changes) = town.past(Revision(3)).await.unwrap().unwrap();
    assert_eq!((large.undoes, changes.len()), (None, 2));
    assert_eq!((changes[0].before.as_ref(), changes[1].after.as_ref(), changes[1].id.as_str()), (None, None, "kasa"));

    let uploads = TableUploads::new(former.table.clone(), former.clock.clone());
    let upload = uploads.find("former0upload").await.unwrap().unwrap();
    assert_eq!((upload.staff, upload.kind.as_str(), upload.file_name.as_str()), (taro(), "waste-items", "items.csv"));
    assert_eq!(
        (upload.at, upload.bytes),
        (at("2026-11-22T02:50:00Z"), "品名,分別\n乾電池,有害ごみ\n".as_bytes().to_vec())
    );
}

#[tokio::test]
async fn rules_are_due_as_they_were() {
    let former = former().await;
    let rules = TableReminders::new(former.table.clone());
    let id: RuleId = RULE.parse().unwrap();
    let read = rules.find(&id).await.unwrap().unwrap();
    let rule = read.value;
    assert_eq!((read.version, rule.name.as_str(), &rule.department), (6, "3か月児健診", &environment()));
    assert_eq!((rule.until, rule.grace_minutes, &rule.author), (Some(date(2027, 3, 31)), 60, &taro()));
    let permit = Permit { by: "hanako".parse().unwrap(), at: at("2026-11-01T01:00:00Z"), reach: reach() };
    assert_eq!(rule.state, RuleState::On { permit, next: at("2026-12-09T01:00:00Z") });
    let dates = Recurrence {
        rules: parse_rules("水2 毎月末日").unwrap(),
        except: parse_periods("2027-01-13").unwrap(),
        extra: parse_periods("2026-12-24").unwrap(),
        holidays: OnHoliday::Next,
    };
    let wording = Wording { messages: vec![Message::Text("{date}は健診です".to_owned())] };
    let kind = RuleKind::Resident {
        kind: "child".parse().unwrap(),
        months_after: 3,
        schedule: Schedule { dates, time: time(10, 0, 0, 0), from: date(2026, 11, 1) },
        audience: Some(Audience::Districts(BTreeSet::from(["asahidai".parse().unwrap()]))),
        content: Content { wordings: BTreeMap::from([(Language::Japanese, wording)]) },
    };
    assert_eq!(rule.kind, kind);
    let went = Outcome { due: at("2026-10-14T01:00:00Z"), became: Became::Went(BROADCAST.parse().unwrap()) };
    assert_eq!(rule.outcomes, [went, Outcome { due: at("2026-11-11T01:00:00Z"), became: Became::Missed }]);

    assert_eq!(rules.due(at("2026-12-09T01:00:00Z"), 10).await.unwrap(), [id]);
    let all = rules.list(None, 10).await.unwrap();
    assert_eq!((all.len(), &all[0].value.id, &all[0].value.kind), (2, &RuleId::garbage(), &RuleKind::Garbage));
    assert_eq!((&all[0].value.state, all[0].value.until), (&RuleState::Draft, None));
}

#[tokio::test]
async fn templates_and_audiences_are_found() {
    let former = former().await;
    let store = TableTemplates::new(former.table.clone());
    let (templates, audiences): (&dyn Templates, &dyn SavedAudiences) = (&store, &store);
    let id: TemplateId = TEMPLATE.parse().unwrap();
    let head = TemplateHead {
        id: id.clone(),
        name: "断水".parse().unwrap(),
        lane: Lane::Emergency,
        earnest: Earnest::Drill,
        version: 2,
        saved_at: at("2026-11-20T03:00:00Z"),
    };
    assert_eq!(templates.of(&environment(), None, 10).await.unwrap(), std::slice::from_ref(&head));
    let newest = templates.find(&id).await.unwrap().unwrap();
    assert_eq!((TemplateHead::of(&newest.value, newest.version), newest.value.author), (head, taro()));
    let wordings = &newest.value.content.wordings;
    let button = |label: &str, does: Does| Button { label: label.to_owned(), does };
    let open = button("くわしく", Does::Open("https://city.example.jp/".to_owned()));
    let say = button("わかった", Does::Say("わかりました".to_owned()));
    let messages = [
        Message::Picture(PictureId::try_from("ab".repeat(32)).unwrap()),
        Message::Buttons { title: "断水".to_owned(), text: "断水します".to_owned(), buttons: vec![open, say] },
        Message::Flex { alt: "断水".to_owned(), contents: r#"{"type":"bubble"}"#.to_owned() },
    ];
    assert_eq!(wordings[&Language::Japanese].messages, messages);
    assert_eq!(wordings[&Language::English].messages, [Message::Text("Water is off".to_owned())]);

    let id: SavedAudienceId = AUDIENCE.parse().unwrap();
    let saved = audiences.find(&environment(), &id).await.unwrap().unwrap();
    let audience = Audience::And(vec![
        Audience::Districts(BTreeSet::from(["asahidai".parse().unwrap()])),
        Audience::TopicsAny(BTreeSet::from(["safety".parse().unwrap()])),
        Audience::ChildAge { from_months: 3, to_months: 12 },
        Audience::DateIn { kind: "dog".parse().unwrap(), month: "2020-01".parse().unwrap() },
        Audience::Or(vec![
            Audience::Languages(BTreeSet::from([Language::Japanese, Language::EasyJapanese])),
            Audience::JoinedSince(date(2026, 4, 1)),
        ]),
        Audience::Not(Box::new(Audience::NotReceived(BROADCAST.parse().unwrap()))),
    ]);
    assert_eq!((saved.name.as_str(), &saved.audience), ("旭台の子育て", &audience));
    assert_eq!(audiences.of(&environment(), None, 10).await.unwrap(), [saved]);
}

#[tokio::test]
async fn what_was_sent_of_a_broadcast_is_known() {
    let former = former().await;
    let id: BroadcastId = BROADCAST.parse().unwrap();
    let progress = TableLedgers::new(former.table.clone()).progress(&id).await.unwrap();
    let part = &progress.parts[&0_u16];
    assert_eq!((&part.broadcast, part.part, part.frozen_at), (&id, 0, at("2026-11-22T02:59:30Z")));
    assert_eq!((part.sections.as_slice(), part.digest.len()), (&[1_200, 3][..], 64));
    assert_eq!(part.left_out, LeftOut { blocked: 1, outside: 2, muted: 3, capped: 4 });
    let ledger = &progress.ledgers[&(0_u16, 0_u16)];
    assert_eq!((ledger.fence, ledger.lease_until), (2, Some(at("2026-11-22T03:00:30Z"))));
    assert_eq!(ledger.settled_at, at("2026-11-22T02:40:00Z"));
    let doubt = Some(Doubt { at: at("2026-11-22T02:59:50Z"), fence: 1 });
    let pages = [
        PageState::Accepted { generation: 1, dropped: vec![4], request: Some("former-request-1".to_owned()) },
        PageState::Open { generation: 1, dropped: vec![0, 499], tried: Tried::Perhaps, doubt },
        PageState::NEW,
        PageState::Refused { status: 400 },
        PageState::Expired,
        PageState::Stopped,
        PageState::Unclear,
    ];
    assert_eq!(ledger.pages, pages);
    // Conditions compare the stored ranks with those of now.
    let stored = former.memory.partition(&format!("BROADCAST#{BROADCAST}"));
    let run = stored.iter().find(|item| item["kind"]["S"] == "run").unwrap();
    for (number, page) in pages.iter().enumerate() {
        assert_eq!(run[&format!("p{number}")]["M"]["rank"]["N"], page.rank().to_string(), "{page:?}");
    }

    let broadcasts = TableBroadcasts::new(former.table.clone());
    assert_eq!(broadcasts.order(&id, Lane::Routine).await.unwrap(), Order::GiveWay, "an emergency is going");
    assert_eq!(broadcasts.order(&id, Lane::Emergency).await.unwrap(), Order::Go);
}

#[tokio::test]
async fn whom_a_broadcast_reaches_and_who_left_is_known() {
    let former = former().await;
    let counts = TableReachCounts::new(former.table.clone(), former.clock.clone());
    let read = counts.find(&BROADCAST.parse().unwrap()).await.unwrap().unwrap();
    let count = read.value;
    assert_eq!((read.version, count.of.len(), count.next), (2, 64, 32));
    assert_eq!(count.began, at("2026-11-22T02:55:00Z"));
    let overlap = Overlap { broadcast: BROADCAST.parse().unwrap(), title: "断水のお知らせ".to_owned(), both: 9 };
    let reached = Reached {
        reach: reach(),
        left_out: LeftOut { blocked: 5, outside: 6, muted: 7, capped: 8 },
        wordings: BTreeMap::from([(Language::English, 2), (Language::Japanese, 38)]),
        lately: Some(9),
        recent: vec![overlap],
    };
    assert_eq!(count.counted, reached);

    let within = at("2026-11-22T00:00:00Z")..at(NOON);
    let left = TableUnfollows::new(former.table.clone()).some(&within, None).await.unwrap();
    assert_eq!(left, [Unfollow { at: at("2026-11-22T02:21:00Z"), resident: resident(2) }]);
}

#[tokio::test]
async fn questions_are_counted_and_decided_as_they_were() {
    let former = former().await;
    let questions = TableQuestions::new(former.table.clone(), former.clock.clone());
    let month: Month = "2026-11".parse().unwrap();
    let asked = questions.asked(month, None).await.unwrap();
    let asking = Asked { question: "除湿機".to_owned(), at: at("2026-11-22T02:31:00Z") };
    assert_eq!((asked.asked, asked.next), (vec![asking], None));
    assert!(questions.was_asked(month, &key("除湿機")).await.unwrap());
    let counts = questions.counts(month).await.unwrap().unwrap();
    let question =
        |times: u64| json!({ "key": "除湿機", "question": "除湿機", "times": times, "last": "2026-11-22T02:31:00Z" });
    let stored = former.memory.partition("QUESTION#2026-11");
    let passes = json!({
        "under_way": {
            "began": "2026-11-22T02:59:00Z", "finished": null, "kinds": 1, "top": [question(3)],
            "at_hand": question(1), "after": stored[0]["SK"]["S"],
        },
        "last": {
            "began": "2026-11-22T01:00:00Z", "finished": "2026-11-22T01:00:01Z", "kinds": 1, "top": [question(2)],
            "at_hand": null, "after": null,
        },
    });
    assert_eq!((counts.version, serde_json::to_value(&counts.value).unwrap()), (2, passes));
    let mut handled = questions.handled().await.unwrap();
    handled.sort_by_key(|handling| handling.at);
    let decided: Vec<_> = handled.iter().map(|each| (each.key.as_str(), each.how.clone(), each.by.clone())).collect();
    let answered = How::Answered("kasa".parse().unwrap());
    assert_eq!(decided, [("傘立", answered, taro()), ("天気", How::Ignored, taro())]);
}

#[tokio::test]
async fn counts_of_residents_go_on() {
    let former = former().await;
    let counts = TableResidentCounts::new(former.table.clone(), former.clock.clone());
    let day = date(2026, 11, 21);
    let tally = Tally {
        day,
        following: 41,
        blocked: 2,
        districts: BTreeMap::from([("asahidai".parse().unwrap(), 30)]),
        without_district: 11,
        languages: BTreeMap::from([(Language::English, 1), (Language::Japanese, 40)]),
        topics: BTreeMap::from([("safety".parse().unwrap(), Switched { on: 3, off: 4 })]),
        came: BTreeMap::from([(date(2026, 11, 20), 5)]),
        left: BTreeMap::from([(day, 1)]),
    };
    let after = "U10000000000000000000000000000000".parse().unwrap();
    let next = Cursor { partition: 16, after: Some(after) };
    let job = Counting { began: at("2026-11-21T03:00:00Z"), finished: None, next, tally: tally.clone() };
    let read = counts.job().await.unwrap().unwrap();
    assert_eq!((read.version, read.value), (3, job));
    assert_eq!(counts.last().await.unwrap(), Some(Counted { at: at("2026-11-21T03:05:00Z"), tally }));
    let history = counts.history(date(2026, 11, 1), date(2026, 11, 30)).await.unwrap();
    assert_eq!(history, [DayCount { day, following: 41, blocked: 2 }]);

    let mut seen = Tally::new(date(2026, 11, 22));
    let from = Cursor { partition: 0x4a, after: None };
    counts.count(&from, &mut seen, at(NOON)).await.unwrap();
    assert_eq!((seen.following, seen.without_district), (1, 0));
    let districts: Vec<_> = seen.districts.iter().map(|(id, count)| (id.as_str(), *count)).collect();
    let topics: Vec<_> = seen.topics.iter().map(|(id, switched)| (id.as_str(), *switched)).collect();
    assert_eq!((districts, topics), (vec![("asahidai", 1)], vec![("safety", Switched { on: 0, off: 1 })]));
}

#[tokio::test]
async fn residents_are_candidates_as_they_were() {
    let former = former().await;
    let source = TableAudienceSource::new(former.table.clone(), former.clock.clone());
    let mut seen = Vec::new();
    let mut see = |candidate: &Candidate<'_>| {
        let district = candidate.district.map(str::to_owned);
        let months = candidate.children.len() + candidate.dates.len();
        seen.push((candidate.id, district, candidate.morning, months, candidate.garbage.len()));
    };
    source.read(0x4a, &mut see).await.unwrap();
    let expected = (PackedId::of(&resident(0)), Some("asahidai".to_owned()), Some(time(6, 30, 0, 0)), 2, 1);
    assert_eq!(seen, [expected]);
}

#[tokio::test]
async fn an_import_of_friends_rests_where_it_did() {
    let former = former().await;
    let read = TableImports::new(former.table.clone(), former.clock.clone()).job().await.unwrap().unwrap();
    let import = Import {
        by: taro(),
        began: at("2026-11-22T01:00:00Z"),
        event: "former-import-1".parse().unwrap(),
        stage: Stage::Failed(Failure::NotAllowed),
        next: Some(Onward("former-onward".to_owned())),
        seen: Seen { friends: 300, new: 20, odd: 1 },
        anew: 1,
        moved: at("2026-11-22T01:10:00Z"),
        claimed_until: Some(at("2026-11-22T01:11:00Z")),
    };
    assert_eq!((read.version, read.value), (9, import));
}

#[tokio::test]
async fn a_report_is_found_by_its_place_and_one_in_the_making_goes_on() {
    let former = former().await;
    let point = Point::new(35.1, 139.1).unwrap();
    let reports = TableReports::new(former.table.clone(), former.clock.clone());
    let (id, kind) = (REPORT.parse().unwrap(), "road".parse().unwrap());
    let found = Neighbour { id, kind, point, standing: ReportStanding::Working };
    assert_eq!(reports.near(&[point.cell()]).await.unwrap(), [found]);

    let conversations = TableConversations::new(former.table.clone(), former.clock.clone());
    let nothing = "01KFORMER00000000000000000".parse().unwrap();
    let read = conversations.load(&resident(1), &nothing).await.unwrap().conversation.unwrap();
    assert_eq!((read.version, read.value.expecting), (4, Expecting::MonthOf("dog".parse().unwrap())));
    let drafting = json!({
        "draft": {
            "id": "0199cccc-0000-7000-8000-000000000002",
            "step": { "question": "road-what" },
            "kind": "road",
            "answers": [{ "question": "road-where", "text": "車道" }],
            "photos": [{ "id": "0199dddd-0000-5000-8000-000000000002", "at": "2026-11-22T02:49:00Z", "index": 1 }],
            "place": { "point": { "lat": 3_510_000, "lon": 13_910_000 }, "text": "橋のたもと", "source": "chat" },
            "comment": "穴",
        },
        "begun": "2026-11-22T02:48:00Z",
        "reviewed": true,
        "sets": [{ "id": "former-set", "at": "2026-11-22T02:49:00Z", "came": 1, "left_out": 0 }],
        "sources": [
            { "message": "468789577898262532", "told": { "answer": "road-where" } },
            { "message": "468789577898262533", "told": "place" },
        ],
    });
    assert_eq!(serde_json::to_value(&read.value.report).unwrap(), drafting);
}
