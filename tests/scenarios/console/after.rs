//! What went and what came of it, as staff see it: from a resident who leaves to the page and the file.

use std::sync::Arc;
use std::time::Duration;

use app::ports::Clock;
use app::ports::broadcasts::Broadcasts;
use domain::audit::Action;
use domain::broadcast::{Broadcast, Earnest, Lane};
use domain::conversation::Deed;
use domain::language::Language;
use domain::resident::{Standing, Switch};
use domain::staff::Role;
use domain::town::{Department, Town};
use http::StatusCode;
use jiff::SignedDuration;
use tests::city::City;
use tests::console::{Browser, Seen, TownHall};
use tests::post::{Friend, Functions};

use crate::sending::{EMERGENCY, ROUTINE, approve, friend, id};

const EVIL: &str = "=1+1<script>alert(1)</script>";
const PATH: &str = "/broadcasts/after";
const EXPORT: &str = "/broadcasts/after/export";

/// A town hall whose broadcasts really go, and the city whose inbox hears who leaves.
struct World {
    hall: TownHall,
    functions: Functions,
    city: City,
}

impl World {
    fn new() -> Self {
        let mut town = Town::default();
        for (id, name) in [("roads", "道路課"), ("disaster", "防災課")] {
            let department = Department { id: id.parse().unwrap(), name: name.to_owned(), phone: String::new() };
            town.departments.insert(department.id.clone(), department);
        }
        let hall = TownHall::of(town);
        let reader = || [Role::Reader("roads".parse().unwrap())];
        hall.staff.settle(["author", "approver", "chiba"].map(|who| TownHall::person(who, reader())));
        for number in 0..700 {
            let (standing, muted, language) = (Standing::Following, Switch::Off, Language::Japanese);
            hall.post.befriend(Friend { standing, muted, language, ..Friend::new(friend(number)) });
        }
        let mut functions = hall.post.functions(Arc::new(Town::default()), hall.staff.clone(), [EMERGENCY, ROUTINE]);
        let city = City::of(Town::default());
        functions.janitor.after.unfollows = city.table.clone();
        Self { hall, functions, city }
    }

    /// A broadcast goes, changed before.
    async fn sends(&self, number: u32, lane: Lane, change: impl FnOnce(&mut Broadcast)) {
        let post = &self.hall.post;
        approve(post, id(number), lane, 1).await;
        let mut there = post.find(&id(number)).await.unwrap().unwrap();
        change(&mut there.value);
        post.put(&there.value, Some(there.version), None).await.unwrap();
        self.functions.work_until_closed(&id(number), 10).await;
    }

    async fn leaves(&self, number: u32) {
        let resident = friend(number).text().parse().unwrap();
        let mut letter = self.city.letter(&resident, number, Deed::Unfollowed);
        letter.incoming.at = self.hall.post.now();
        self.city.inbox.handle(&letter).await.unwrap();
    }

    /// Time goes on to a full hour, and the janitor looks.
    async fn passes(&self, hours: u64) {
        let now = self.hall.post.now();
        let on = 3_600 * i64::try_from(hours).unwrap() - now.as_second().rem_euclid(3_600);
        tokio::time::advance(Duration::from_secs(u64::try_from(on).unwrap())).await;
        self.hall.clock.advance(SignedDuration::from_secs(on));
        self.functions.janitor.tick().await.unwrap();
    }
}

/// What is known in a file, line by line.
fn lines(seen: &Seen) -> Vec<Vec<String>> {
    // The mark by which Excel knows UTF-8.
    let body = seen.body.strip_prefix('\u{feff}').unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(body.as_bytes());
    reader.records().map(|line| line.unwrap().iter().map(str::to_owned).collect()).collect()
}

async fn export(browser: &Browser, fields: &[(&str, &str)]) -> Seen {
    let page = browser.get(PATH).await;
    browser.post(&page, EXPORT, fields).await
}

fn column(lines: &[Vec<String>], name: &str) -> usize {
    lines[0].iter().position(|column| column == name).unwrap_or_else(|| panic!("no column {name}"))
}

#[tokio::test(start_paused = true)]
async fn who_leaves_after_a_broadcast_is_seen_on_its_page_on_the_list_and_in_the_file() {
    let world = World::new();
    let chiba = world.hall.signed_in("chiba").await;
    world.sends(1, Lane::Routine, |_| {}).await;
    let own = format!("/broadcasts/{}", id(1));
    assert!(chiba.get(&own).await.body.contains("まだ数えていません"));
    assert!(chiba.get("/broadcasts").await.body.contains(&format!("href=\"{PATH}\"")));
    for number in [5, 6] {
        world.leaves(number).await;
    }
    world.passes(1).await;
    let chiba = world.hall.signed_in("chiba").await;
    let page = chiba.get(PATH).await;
    assert_eq!(page.status, StatusCode::OK);
    for shown in ["避難のお願い", "防災課", "職員 author", "職員 approver", "2（集計中）", &format!("href=\"{own}\"")]
    {
        assert!(page.body.contains(shown), "{shown} is not in {}", page.body);
    }
    assert!(chiba.get(&own).await.body.contains("24時間以内にブロックした人：2人（集計中"));
    world.passes(31).await;
    let chiba = world.hall.signed_in("chiba").await;
    assert!(chiba.get(&own).await.body.contains("24時間以内にブロックした人：2人<"));
    let file = export(&chiba, &[]).await;
    assert_eq!(file.status, StatusCode::OK, "{}", file.body);
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    let lines = lines(&file);
    assert_eq!(lines.len(), 2);
    let cell = |name| lines[1][column(&lines, name)].as_str();
    assert_eq!([cell("24時間以内にブロックした人"), cell("ブロックの集計")], ["2", "確定"]);
    assert_eq!([cell("対象になった人"), cell("LINEが受け付けた人")], ["700", "700"]);
    assert_eq!([cell("作成者"), cell("承認者"), cell("担当課")], ["職員 author", "職員 approver", "防災課"]);
    assert_eq!([cell("送り始めた日時"), cell("承認日時")], ["2026-11-21 12:00:00"; 2]);
    let recorded: Vec<_> = world.hall.staff.acts().into_iter().filter(|act| act.action == Action::Export).collect();
    assert_eq!(recorded.len(), 1);
    assert_eq!((recorded[0].subject.as_str(), recorded[0].before.as_str()), ("broadcasts", ""));
    assert_eq!(recorded[0].after, r#"{"entries":1,"first":"2026-10-23","last":"2026-11-22"}"#);
}

#[tokio::test(start_paused = true)]
async fn departments_and_days_are_summed_without_drills_and_nothing_typed_does_anything() {
    let world = World::new();
    world.sends(1, Lane::Routine, |_| {}).await;
    world.sends(2, Lane::Routine, |broadcast| EVIL.clone_into(&mut broadcast.title)).await;
    world.sends(3, Lane::Routine, |broadcast| broadcast.department = "roads".parse().unwrap()).await;
    world.sends(4, Lane::Emergency, |broadcast| broadcast.earnest = Earnest::Drill).await;
    let chiba = world.hall.signed_in("chiba").await;
    let all = chiba.get(PATH).await;
    assert!(all.body.contains("&lt;script&gt;") && !all.body.contains("<script>alert"), "{}", all.body);
    let tile = |body: &str, label: &str| {
        let (_, rest) = body.split_once(&format!("tile-label\">{label}</span> <span class=\"tile-value\">")).unwrap();
        rest.split('<').next().unwrap().to_owned()
    };
    assert_eq!([tile(&all.body, "配信の数"), tile(&all.body, "受け付け")], ["3", "2,100"]);
    assert!(all.body.contains("配信ごとの結果（4件）") && all.body.contains("訓練"));
    let roads = chiba.get(&format!("{PATH}?department=roads")).await;
    assert_eq!(tile(&roads.body, "配信の数"), "1");
    assert!(roads.body.contains("配信ごとの結果（1件）"));
    let none = chiba.get(&format!("{PATH}?first=2026-11-22&last=2026-11-23")).await;
    assert!(none.body.contains("この期間に送り終わった配信はありません。"), "{}", none.body);

    let file = export(&chiba, &[("first", "2026-11-21"), ("last", "2026-11-21")]).await;
    let lines = lines(&file);
    assert_eq!(lines.len(), 5);
    let titles: Vec<_> = lines[1..].iter().map(|line| line[column(&lines, "件名")].as_str()).collect();
    assert!(titles.contains(&format!("'{EVIL}").as_str()), "{titles:?}");
    let drills = lines[1..].iter().filter(|line| line[column(&lines, "訓練")] == "訓練").count();
    assert_eq!(drills, 1);
}

#[tokio::test(start_paused = true)]
async fn a_period_that_is_wrong_is_told_at_its_field_and_gives_no_file() {
    let world = World::new();
    world.sends(1, Lane::Routine, |_| {}).await;
    let chiba = world.hall.signed_in("chiba").await;
    for (first, last, said) in [
        ("2026-11-21", "2026-11-20", "同じ日か、それよりあとの日"),
        ("2025-11-20", "2026-11-21", "期間は366日までにしてください。"),
        ("あした", "2026-11-21", "日付を選びなおしてください。"),
    ] {
        let page = chiba.get(&format!("{PATH}?{}", tests::console::query(&[("first", first), ("last", last)]))).await;
        assert!(page.body.contains(said), "{said} is not in {}", page.body);
        assert!(!page.body.contains("避難のお願い"));
        let refused = export(&chiba, &[("first", first), ("last", last)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains(said));
    }
    let year = chiba.get(&format!("{PATH}?first=2025-11-21&last=2026-11-21")).await;
    assert!(year.body.contains("避難のお願い"), "a year and a day");
    let nothing = export(&chiba, &[("first", "2026-01-01"), ("last", "2026-01-02")]).await;
    assert!(nothing.body.contains("書き出す配信がありません"), "{}", nothing.body);
    assert!(world.hall.staff.acts().iter().all(|act| act.action != Action::Export));
}

#[tokio::test(start_paused = true)]
async fn very_many_are_shown_in_pages_and_written_in_parts() {
    let world = World::new();
    world.sends(1, Lane::Routine, |_| {}).await;
    let one = world.hall.post.broadcast(&id(1)).unwrap();
    for number in 2..=2_101 {
        world.hall.post.put(&Broadcast { id: id(number), ..one.clone() }, None, None).await.unwrap();
    }
    let chiba = world.hall.signed_in("chiba").await;
    let page = chiba.get(&format!("{PATH}?page=2")).await;
    assert!(page.body.contains("40ページ中2ページ") && page.body.contains("新しいものだけを表示しています"));
    assert_eq!(page.body.matches("href=\"/broadcasts/0199aaaa").count(), 50);
    let offered = export(&chiba, &[]).await;
    assert!(offered.body.contains("一つのファイルに入りません"));
    let (mut ids, mut files) = (Vec::new(), 0);
    for form in tests::forms::forms(&offered.body).iter().filter(|form| form.action == EXPORT) {
        let fields = form.untouched();
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let lines = lines(&chiba.post(&offered, EXPORT, &fields).await);
        ids.extend(lines[1..].iter().map(|line| line[column(&lines, "配信の識別名")].clone()));
        files += 1;
    }
    ids.sort();
    ids.dedup();
    assert_eq!((files, ids.len()), (2, 2_101));
}
