//! Every role tries every route: a table of who may, so that a route which is not in it fails.

use app::ports::broadcasts::Broadcasts;
use app::ports::outside::Hook;
use app::ports::reminders::Reminders;
use app::ports::reports::Reports;
use app::ports::staff::Written;
use app::ports::templates::{SavedAudiences, Templates};
use app::ports::{Clock, KeptUpload, TownRecord, Uploads};
use app::report::outside::hash_of;
use app::town::TownData;
use app::town::data::CalendarLine;
use app::town::records::to_records;
use domain::audit::{Act, Action, Actor};
use domain::broadcast::audience::Audience;
use domain::broadcast::content::Content;
use domain::broadcast::template::{SavedAudience, SavedName, Template};
use domain::broadcast::{Broadcast, Draft, Earnest, Lane, Origin, When};
use domain::dates::parse_rules;
use domain::garbage::calendar::{CollectionChange, Entry};
use domain::ids::StaffId;
use domain::reminder::schedule::Schedule;
use domain::reminder::{self, GRACE_MINUTES, Kind};
use domain::resident::Switch;
use domain::staff::{Role, Staff};
use domain::time::date_in_japan;
use domain::town::{Area, Category, Department, Name, Topic};
use http::{Method, StatusCode};
use jiff::civil::date;
use tests::console::{ORIGIN, TownHall};

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum May {
    /// Anybody, signed in or not.
    Anybody,
    /// Whoever works here.
    Staff,
    /// Administrators.
    Administrators,
    /// Whoever writes messages: everybody but readers.
    Writers,
    /// Whoever writes for the department of roads, and administrators.
    Roads,
    /// Whoever has a role in the department of roads, and administrators.
    RoadsReaders,
    /// Whoever approves what the department of roads sends.
    RoadsApprovers,
}

/// The routes as they are meant. `{…}` is filled by what belongs to the department of roads.
const MEANT: &[(&str, &str, May)] = &[
    ("GET", "/", May::Staff),
    ("GET", "/broadcasts", May::Staff),
    ("GET", "/broadcasts/new", May::Writers),
    ("POST", "/broadcasts/new", May::Writers),
    ("GET", "/broadcasts/after", May::Staff),
    ("POST", "/broadcasts/after/export", May::Staff),
    ("GET", "/broadcasts/pictures/{id}", May::Staff),
    ("GET", "/broadcasts/{id}", May::Staff),
    ("GET", "/broadcasts/{id}/progress.json", May::Staff),
    ("GET", "/broadcasts/{id}/counting.json", May::Roads),
    ("GET", "/broadcasts/{id}/edit", May::Roads),
    ("POST", "/broadcasts/{id}/edit", May::Roads),
    ("POST", "/broadcasts/{id}/copy", May::Roads),
    ("POST", "/broadcasts/{id}/ask", May::Roads),
    ("POST", "/broadcasts/{id}/approve", May::RoadsApprovers),
    ("POST", "/broadcasts/{id}/take-back", May::Roads),
    ("GET", "/broadcasts/{id}/stop", May::Roads),
    ("POST", "/broadcasts/{id}/stop", May::Roads),
    ("POST", "/broadcasts/{id}/resume", May::RoadsApprovers),
    ("POST", "/broadcasts/{id}/remark", May::Roads),
    ("POST", "/broadcasts/{id}/template", May::Roads),
    ("GET", "/broadcasts/templates", May::Staff),
    ("GET", "/broadcasts/templates/new", May::Writers),
    ("POST", "/broadcasts/templates/new", May::Writers),
    ("GET", "/broadcasts/templates/{id}", May::Staff),
    ("GET", "/broadcasts/templates/{id}/edit", May::Roads),
    ("POST", "/broadcasts/templates/{id}/edit", May::Roads),
    ("POST", "/broadcasts/templates/{id}/take-again", May::Roads),
    ("POST", "/broadcasts/templates/{id}/write", May::Roads),
    ("GET", "/broadcasts/templates/{id}/remove", May::Roads),
    ("POST", "/broadcasts/templates/{id}/remove", May::Roads),
    ("GET", "/broadcasts/audiences", May::Staff),
    ("GET", "/broadcasts/audiences/{department}/{id}/remove", May::Roads),
    ("POST", "/broadcasts/audiences/{department}/{id}/remove", May::Roads),
    ("GET", "/reminders", May::Staff),
    ("GET", "/reminders/new", May::Writers),
    ("POST", "/reminders/new", May::Writers),
    ("POST", "/reminders/new/garbage", May::Writers),
    ("GET", "/reminders/{id}", May::Staff),
    ("GET", "/reminders/{id}/counting.json", May::Writers),
    ("GET", "/reminders/{id}/edit", May::Roads),
    ("POST", "/reminders/{id}/edit", May::Roads),
    ("POST", "/reminders/{id}/ask", May::Roads),
    ("POST", "/reminders/{id}/approve", May::RoadsApprovers),
    ("POST", "/reminders/{id}/take-back", May::Roads),
    ("POST", "/reminders/{id}/pause", May::Roads),
    ("POST", "/reminders/{id}/go-on", May::RoadsApprovers),
    ("GET", "/reminders/{id}/end", May::Roads),
    ("POST", "/reminders/{id}/end", May::Roads),
    ("GET", "/reminders/{id}/remove", May::Roads),
    ("POST", "/reminders/{id}/remove", May::Roads),
    ("POST", "/reminders/{id}/try", May::Roads),
    ("GET", "/reports", May::Staff),
    ("GET", "/reports/map", May::Staff),
    ("GET", "/reports/new", May::Writers),
    ("POST", "/reports/new", May::Writers),
    ("POST", "/reports/export", May::Staff),
    ("GET", "/reports/{id}", May::RoadsReaders),
    ("GET", "/reports/{id}/print", May::RoadsReaders),
    ("POST", "/reports/{id}/act", May::Roads),
    ("GET", "/reports/{id}/release", May::Roads),
    ("POST", "/reports/{id}/release", May::Roads),
    ("GET", "/reports/{id}/merge", May::Roads),
    ("POST", "/reports/{id}/merge", May::Roads),
    ("GET", "/residents", May::Staff),
    ("GET", "/residents/counting.json", May::Staff),
    ("POST", "/residents/count", May::Staff),
    ("GET", "/residents/import", May::Administrators),
    ("POST", "/residents/import", May::Administrators),
    ("POST", "/residents/import/resume", May::Administrators),
    ("GET", "/trial", May::Writers),
    ("POST", "/trial", May::Writers),
    ("POST", "/trial/code", May::Writers),
    ("POST", "/trial/disconnect", May::Writers),
    ("GET", "/sign-in", May::Anybody),
    ("GET", "/sign-in/callback", May::Anybody),
    ("GET", "/signed-in", May::Anybody),
    ("GET", "/signed-out", May::Anybody),
    ("POST", "/sign-out", May::Staff),
    ("GET", "/sessions", May::Staff),
    ("POST", "/sessions/end-others", May::Staff),
    ("GET", "/assets/{name}", May::Anybody),
    ("GET", "/people", May::Administrators),
    ("POST", "/people", May::Administrators),
    ("GET", "/people/help", May::Staff),
    ("GET", "/people/invite", May::Administrators),
    ("POST", "/people/invite", May::Administrators),
    ("GET", "/people/{id}", May::Administrators),
    ("POST", "/people/{id}", May::Administrators),
    ("POST", "/people/{id}/mail", May::Administrators),
    ("GET", "/people/{id}/disable", May::Administrators),
    ("POST", "/people/{id}/disable", May::Administrators),
    ("GET", "/people/{id}/enable", May::Administrators),
    ("POST", "/people/{id}/enable", May::Administrators),
    ("GET", "/questions", May::Writers),
    ("GET", "/questions/counting.json", May::Writers),
    ("POST", "/questions/ignore", May::Roads),
    ("POST", "/questions/reopen", May::Roads),
    ("POST", "/questions/item", May::Writers),
    ("POST", "/questions/alias", May::Writers),
    ("GET", "/garbage", May::Staff),
    ("GET", "/garbage/areas/{area}", May::Staff),
    ("GET", "/garbage/areas/{area}/year", May::Staff),
    ("GET", "/garbage/changes", May::Staff),
    ("GET", "/garbage/changes/{change}", May::Staff),
    ("POST", "/garbage/changes/{change}/broadcast", May::Roads),
    ("GET", "/garbage/cancel", May::Writers),
    ("POST", "/garbage/cancel", May::Roads),
    ("GET", "/town", May::Staff),
    ("GET", "/town/history", May::Staff),
    ("GET", "/town/history/{revision}", May::Staff),
    ("POST", "/town/history/{revision}/undo", May::Roads),
    ("GET", "/town/{table}", May::Staff),
    ("POST", "/town/{table}/export", May::Staff),
    ("GET", "/town/{table}/new", May::Writers),
    ("POST", "/town/{table}/new", May::Roads),
    ("GET", "/town/{table}/edit", May::Roads),
    ("POST", "/town/{table}/edit", May::Roads),
    ("GET", "/town/{table}/remove", May::Roads),
    ("POST", "/town/{table}/remove", May::Roads),
    ("GET", "/town/{table}/import", May::Writers),
    ("POST", "/town/{table}/import", May::Writers),
    ("GET", "/town/{table}/import/{upload}", May::Writers),
    ("POST", "/town/{table}/import/{upload}", May::Roads),
    ("GET", "/settings", May::Administrators),
    ("GET", "/settings/menu", May::Administrators),
    ("GET", "/settings/outside", May::Administrators),
    ("GET", "/settings/outside/keys/new", May::Administrators),
    ("POST", "/settings/outside/keys/new", May::Administrators),
    ("GET", "/settings/outside/keys/{hash}/remove", May::Administrators),
    ("POST", "/settings/outside/keys/{hash}/remove", May::Administrators),
    ("GET", "/settings/outside/hooks/new", May::Administrators),
    ("POST", "/settings/outside/hooks/new", May::Administrators),
    ("GET", "/settings/outside/hooks/{id}/remove", May::Administrators),
    ("POST", "/settings/outside/hooks/{id}/remove", May::Administrators),
    ("GET", "/settings/{part}", May::Administrators),
    ("POST", "/settings/{part}", May::Administrators),
    ("GET", "/audit", May::Administrators),
    ("POST", "/audit", May::Administrators),
    ("GET", "/audit/{day}/{number}", May::Administrators),
    ("POST", "/audit/export", May::Administrators),
    ("GET", "/audit/check", May::Administrators),
    ("POST", "/audit/check", May::Administrators),
    ("GET", "/audit/checking.json", May::Administrators),
    ("GET", "/watch", May::Administrators),
    ("GET", "/watch/{flow}/redrive", May::Administrators),
    ("POST", "/watch/{flow}/redrive", May::Administrators),
];

/// Of everything that an address can name one, all of the department of roads.
const ID: &str = "0199f000-0000-7000-8000-000000000001";
/// The key of another system.
const KEY: &str = "kairan_key";
/// The topic as it was at first, and since somebody edited it.
const BEFORE: &str = r#"[["works","工事","","","","roads","on",""]]"#;
const SEEN: &str = r#"[["works","道路工事","","","","roads","on",""]]"#;
/// No picture and no asset has such a name: what may be asked for and is not there.
const NOT_THERE: [&str; 2] = ["/broadcasts/pictures/{id}", "/assets/{name}"];

/// A town with a topic and a category of the department of roads.
fn records() -> Vec<TownRecord> {
    let department = |id: &str| Department { id: id.parse().unwrap(), name: id.to_owned(), phone: String::new() };
    let departments = vec![department("roads"), department("other")];
    let category = Category {
        id: "gravel".parse().unwrap(),
        name: Name { ja: "がれき".to_owned(), ..Name::default() },
        color: "#B3261E".to_owned(),
        description: String::new(),
        how: String::new(),
        put_out_by: String::new(),
        department: Some("roads".parse().unwrap()),
    };
    let topic = Topic {
        id: "works".parse().unwrap(),
        name: Name { ja: "工事".to_owned(), ..Name::default() },
        description: String::new(),
        department: "roads".parse().unwrap(),
        default: Switch::On,
        weekly_max: None,
    };
    let area = Area { id: "east".parse().unwrap(), name: "東".to_owned(), center: String::new() };
    let entry = Entry::from(parse_rules("水").unwrap());
    let calendar = vec![CalendarLine { area: area.id.clone(), category: category.id.clone(), entry }];
    let change = CollectionChange {
        id: "snow".parse().unwrap(),
        date: date(2026, 12, 2),
        areas: [].into(),
        categories: [category.id.clone()].into(),
        moved_to: None,
        reason: "雪".to_owned(),
    };
    let data = TownData {
        departments,
        topics: vec![topic],
        categories: vec![category],
        areas: vec![area],
        calendar,
        changes: vec![change],
        ..TownData::default()
    };
    to_records(&data).unwrap()
}

/// The town hall in which somebody works, and of everything there is one.
async fn hall_of(somebody: Staff) -> TownHall {
    let hall = TownHall::of_records(records());
    let (id, now) = (somebody.id.clone(), hall.clock.now());
    let reader = TownHall::person("sato", [Role::Reader("roads".parse().unwrap())]);
    hall.staff.settle([somebody, reader, TownHall::person("chief", [Role::Administrator])]);
    let by = || "sato".parse::<StaffId>().unwrap();
    let act = |subject: &str| Act {
        at: now,
        actor: Actor::CommandLine,
        action: Action::EditTown,
        subject: subject.to_owned(),
        department: None,
        before: String::new(),
        after: String::new(),
    };
    let draft = Draft {
        title: "工事".to_owned(),
        department: "roads".parse().unwrap(),
        content: Content::default(),
        audience: Audience::All,
        lane: Lane::Routine,
        when: When::AtOnce,
    };
    let broadcast = Broadcast::new(ID.parse().unwrap(), draft, Earnest::Real, Origin::Staff, by());
    assert_eq!(hall.post.put(&broadcast, None, None).await.unwrap(), Written::Done);
    let name: SavedName = "工事".parse().unwrap();
    let template = Template::of(&broadcast, ID.parse().unwrap(), name.clone(), by(), now);
    Templates::put(&*hall.templates, &template, None, &act("template/x")).await.unwrap();
    let department = "roads".parse().unwrap();
    let saved = SavedAudience { id: ID.parse().unwrap(), name, department, audience: Audience::All };
    SavedAudiences::put(&*hall.templates, &saved, &act("audience/x")).await.unwrap();
    let dates = parse_rules("月").unwrap().into();
    let schedule = Schedule { dates, time: jiff::civil::time(10, 0, 0, 0), from: date_in_japan(now) };
    let kind = Kind::Town { schedule, audience: Audience::All, content: Content::default() };
    let draft = reminder::Draft {
        name: "工事".parse().unwrap(),
        department: "roads".parse().unwrap(),
        kind,
        until: None,
        grace_minutes: GRACE_MINUTES,
    };
    let rule = reminder::Rule::new(ID.parse().unwrap(), draft, by());
    assert_eq!(hall.reminders.put(&rule, None, None).await.unwrap(), Written::Done);
    let report = super::reports::lamp(ID.parse().unwrap(), now);
    assert_eq!(hall.reports.put(&report, None, None).await.unwrap(), Written::Done);
    let chief = hall.signed_in("chief").await;
    let page = chief.get("/town").await;
    let fields = [("seen", BEFORE), ("name", "道路工事"), ("department", "roads"), ("default", "on")];
    let edited = chief.post(&page, "/town/topics/edit?id=works", &fields).await;
    assert_eq!(edited.status, StatusCode::SEE_OTHER, "the revision that is undone: {}", edited.body);
    let file = "id,name,name_easy,name_en,description,department,default\r\nworks,道路,,,,roads,on\r\n";
    let (kind, file_name, bytes) = ("topics".to_owned(), "topics.csv".to_owned(), file.as_bytes().to_vec());
    hall.uploads
        .keep(&KeptUpload { id: "upload".to_owned(), staff: id, kind, file_name, at: now, bytes })
        .await
        .unwrap();
    hall.questions.ask("じゃり", now);
    hall.api_keys.give("道路台帳", KEY);
    let secret = "whsec_AAAA".into();
    let (name, url) = ("道路台帳".to_owned(), "https://hooks.example.jp/".to_owned());
    hall.hooks.settle([Hook { id: ID.to_owned(), name, url, secret, made_at: now }]);
    hall
}

/// The address of a route, and what its form holds: always about what belongs to the department of roads.
fn asked(path: &str) -> (String, Vec<(&'static str, &'static str)>) {
    let is_record = path.starts_with("/town/{table}") && ["/edit", "/remove"].iter().any(|end| path.ends_with(end));
    let query = if is_record { "?id=works" } else { "" };
    let id = if path.starts_with("/people") { "sato" } else { ID };
    let names =
        [("{table}", "topics"), ("{id}", id), ("{department}", "roads"), ("{revision}", "2"), ("{upload}", "upload")];
    let day_and_part =
        [("{area}", "east"), ("{change}", "snow"), ("{day}", "2026-11-21"), ("{number}", "1"), ("{part}", "town")];
    let filled = names.iter().chain(&day_and_part).fold(path.to_owned(), |path, (name, by)| path.replace(name, by));
    let filled = filled.replace("{hash}", &hash_of(KEY)).replace("{flow}", "inbox");
    let fields = match path {
        "/garbage/cancel" => {
            vec![("date", "2026-12-09"), ("place", "all"), ("categories", "gravel"), ("reason", "雪"), ("do", "save")]
        }
        path if path.starts_with("/garbage/") => vec![("id", ID)],
        "/questions/ignore" => vec![("question", "じゃり")],
        path if path.starts_with("/town/") => {
            vec![("seen", SEEN), ("name", "工事"), ("department", "roads"), ("default", "on"), ("missing", "keep")]
        }
        _ => vec![],
    };
    (filled + query, fields)
}

#[test]
fn every_route_is_in_the_table_and_none_is_there_for_nothing() {
    let routes = console::routes::all();
    for route in &routes {
        let meant = MEANT.iter().any(|(method, path, _)| route.method.as_str() == *method && route.path == *path);
        assert!(meant, "{} {} is in no table: say who may use it", route.method, route.path);
    }
    assert_eq!(routes.len(), MEANT.len());
}

#[tokio::test]
async fn each_role_gets_what_it_may_and_nothing_else() {
    let department = |name: &str| name.parse().unwrap();
    let people = [
        ("admin", vec![Role::Administrator]),
        ("approver", vec![Role::Approver(department("roads"))]),
        ("editor", vec![Role::Editor(department("roads"))]),
        ("reader", vec![Role::Reader(department("roads"))]),
        ("other", vec![Role::Approver(department("other"))]),
    ];
    for (method, path, may) in MEANT {
        for (id, roles) in &people {
            let hall = hall_of(TownHall::person(id, roles.clone())).await;
            let is_there = !NOT_THERE.contains(path);
            let (path, fields) = asked(path);
            let browser = hall.signed_in(id).await;
            let csrf = browser.get("/").await.field("csrf").unwrap();
            let status = if *method == "GET" {
                browser.get(&path).await.status
            } else {
                let fields: Vec<(&str, &str)> = fields.into_iter().chain([("csrf", csrf.as_str())]).collect();
                browser.post_as(&path, &fields, ORIGIN).await.status
            };
            let denied = status == StatusCode::FORBIDDEN;
            let expected = match may {
                May::Anybody | May::Staff => false,
                May::Administrators => *id != "admin",
                May::Writers => *id == "reader",
                May::Roads => ["reader", "other"].contains(id),
                May::RoadsReaders => *id == "other",
                May::RoadsApprovers => *id != "approver",
            };
            assert_eq!(denied, expected, "{method} {path} for {id}: {status}");
            assert_eq!(status == StatusCode::NOT_FOUND, !is_there, "{method} {path} for {id}: {status}");
            let recorded = hall.staff.acts().iter().any(|act| act.action == Action::Denied);
            assert_eq!(recorded, denied, "{method} {path} for {id}: a denial is recorded");
        }
        let hall = TownHall::of_records(records());
        let nobody = hall.browser();
        let seen = match Method::try_from(*method).unwrap() {
            Method::GET => nobody.get(path).await,
            _ => nobody.post_as(path, &[], ORIGIN).await,
        };
        // Who leaves without a session is sent on to the issuer.
        let turned_away = seen.location().starts_with("/sign-in")
            || seen.headers.contains_key("refresh")
            || seen.status == StatusCode::UNAUTHORIZED;
        assert_eq!(turned_away, *may != May::Anybody, "{method} {path} for nobody: {}", seen.status);
    }
}
