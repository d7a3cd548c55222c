//! Every role tries every route: a table of who may, so that a route which is not in it fails.

use app::ports::TownRecord;
use app::town::TownData;
use app::town::records::to_records;
use domain::resident::Switch;
use domain::staff::Role;
use domain::town::{Department, Name, Topic};
use http::{Method, StatusCode};
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
}

/// The routes as they are meant. `{…}` is filled by what belongs to the department of roads.
const MEANT: &[(&str, &str, May)] = &[
    ("GET", "/", May::Staff),
    // Those of one broadcast deny more, by its department: `broadcasts.rs`.
    ("GET", "/broadcasts", May::Staff),
    ("GET", "/broadcasts/new", May::Writers),
    ("POST", "/broadcasts/new", May::Writers),
    ("GET", "/broadcasts/pictures/{id}", May::Staff),
    ("GET", "/broadcasts/{id}", May::Staff),
    ("GET", "/broadcasts/{id}/progress.json", May::Staff),
    ("GET", "/broadcasts/{id}/edit", May::Writers),
    ("POST", "/broadcasts/{id}/edit", May::Writers),
    ("POST", "/broadcasts/{id}/copy", May::Writers),
    ("POST", "/broadcasts/{id}/ask", May::Writers),
    ("POST", "/broadcasts/{id}/approve", May::Writers),
    ("POST", "/broadcasts/{id}/take-back", May::Writers),
    ("GET", "/broadcasts/{id}/stop", May::Writers),
    ("POST", "/broadcasts/{id}/stop", May::Writers),
    ("POST", "/broadcasts/{id}/resume", May::Writers),
    ("POST", "/broadcasts/{id}/remark", May::Writers),
    ("GET", "/residents", May::Staff),
    ("GET", "/residents/counting.json", May::Staff),
    ("POST", "/residents/count", May::Staff),
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
    ("POST", "/questions/ignore", May::Writers),
    ("POST", "/questions/reopen", May::Writers),
    ("POST", "/questions/item", May::Writers),
    ("POST", "/questions/alias", May::Writers),
    ("GET", "/town", May::Staff),
    ("GET", "/town/history", May::Staff),
    ("GET", "/town/history/{revision}", May::Staff),
    ("POST", "/town/history/{revision}/undo", May::Writers),
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
    ("POST", "/town/{table}/import/{upload}", May::Writers),
    ("GET", "/settings", May::Administrators),
    ("GET", "/settings/menu", May::Administrators),
    ("GET", "/settings/{part}", May::Administrators),
    ("POST", "/settings/{part}", May::Administrators),
    ("GET", "/audit", May::Administrators),
    ("GET", "/audit/{day}/{number}", May::Administrators),
    ("POST", "/audit/export", May::Administrators),
    ("GET", "/audit/check", May::Administrators),
    ("POST", "/audit/check", May::Administrators),
    ("GET", "/audit/checking.json", May::Administrators),
];

/// A town with a topic of the department of roads.
fn records() -> Vec<TownRecord> {
    let department = |id: &str| Department { id: id.parse().unwrap(), name: id.to_owned(), phone: String::new() };
    let topic = Topic {
        id: "works".parse().unwrap(),
        name: Name { ja: "工事".to_owned(), ..Name::default() },
        description: String::new(),
        department: "roads".parse().unwrap(),
        default: Switch::On,
    };
    let departments = vec![department("roads"), department("other")];
    to_records(&TownData { departments, topics: vec![topic], ..TownData::default() }).unwrap()
}

/// The address of a route, and what its form holds: always about the topic of the department of roads.
fn asked(path: &str) -> (String, Vec<(&'static str, &'static str)>) {
    const SEEN: &str = r#"[["works","工事","","","","roads","on"]]"#;
    let typed = [("seen", SEEN), ("name", "道路工事"), ("department", "roads"), ("default", "on")];
    let is_record = ["/edit", "/remove"].iter().any(|end| path.ends_with(end));
    let query = if is_record { "?id=works" } else { "" };
    (
        format!("{}{query}", path.replace("{table}", "topics")),
        if path.starts_with("/town/") { typed.to_vec() } else { vec![] },
    )
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
            let hall = TownHall::of_records(records());
            hall.staff.settle([TownHall::person(id, roles.clone())]);
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
            };
            assert_eq!(denied, expected, "{method} {path} for {id}: {status}");
            let recorded = hall.staff.acts().iter().any(|act| act.action == domain::audit::Action::Denied);
            assert_eq!(recorded, denied, "{method} {path} for {id}: a denial is recorded");
        }
        let hall = TownHall::of_records(records());
        let nobody = hall.browser();
        let seen = match Method::try_from(*method).unwrap() {
            Method::GET => nobody.get(path).await,
            _ => nobody.post_as(path, &[], ORIGIN).await,
        };
        let turned_away = ["/sign-in", "/signed-out"].iter().any(|to| seen.location().starts_with(to))
            || seen.status == StatusCode::UNAUTHORIZED;
        assert_eq!(turned_away, *may != May::Anybody, "{method} {path} for nobody: {}", seen.status);
    }
}
