//! What the home page says waits for somebody: only what is true, and only to whom it concerns.

use app::ports::Clock;
use domain::staff::{Role, Standing};
use domain::town::Town;
use http::StatusCode;
use jiff::SignedDuration;
use tests::city::TableFault;
use tests::console::TownHall;

const DAY: SignedDuration = SignedDuration::from_hours(24);

fn hall() -> TownHall {
    let hall = TownHall::of(Town::default());
    let mut invited = TownHall::person("new", [Role::Administrator]);
    (invited.standing, invited.identity) = (Standing::Invited, None);
    hall.staff.settle([
        TownHall::person("admin", [Role::Administrator]),
        TownHall::person("reader", [Role::Reader("roads".parse().unwrap())]),
        invited,
    ]);
    hall
}

async fn home(hall: &TownHall, who: &str) -> String {
    let seen = hall.signed_in(who).await.get("/").await;
    assert_eq!(seen.status, StatusCode::OK);
    seen.body
}

#[tokio::test]
async fn each_person_is_told_what_waits_for_them() {
    let hall = hall();
    let admin = home(&hall, "admin").await;
    assert!(admin.contains("まだ一度もログインしていない職員が1人います") && admin.contains("href=\"/trial\""));
    assert!(!admin.contains("いま、あなたを待っている仕事はありません"));
    let reader = home(&hall, "reader").await;
    assert!(!reader.contains("ログインしていない職員") && !reader.contains("href=\"/people\""));
    let places = ["いま、あなたを待っている仕事はありません", "まちのようす</h2>", "友だち</h2>"];
    let places = places.map(|text| reader.find(text).unwrap());
    assert!(places.is_sorted(), "the numbers stand under a heading of their own: {reader}");
}

#[tokio::test]
async fn questions_of_the_last_thirty_days_wait_each_once() {
    let hall = hall();
    let now = hall.clock.now();
    for (question, days) in [("まぐろ", 1), ("マグロ", 29), ("usb", 30), ("ぞぞむぎ", 31), ("いか", 90)] {
        hall.questions.ask(question, now - DAY * days);
    }
    assert!(home(&hall, "admin").await.contains("答えられなかった質問が2件あります"), "{}", home(&hall, "admin").await);
    // 30 days before the 1st of March lies in January.
    let hall = self::hall();
    while domain::time::date_in_japan(hall.clock.now()) != jiff::civil::date(2027, 3, 1) {
        hall.clock.advance(DAY);
    }
    hall.questions.ask("まぐろ", hall.clock.now() - DAY * 30);
    assert!(home(&hall, "admin").await.contains("答えられなかった質問が1件あります"));
}

#[tokio::test]
async fn one_source_that_is_down_does_not_take_the_page_with_it() {
    let hall = hall();
    hall.counts.fail_last(TableFault::Throttled);
    let admin = home(&hall, "admin").await;
    assert!(admin.contains("一部を表示できません") && admin.contains("ログインしていない職員"));
    assert!(!admin.contains("友だち</h2>") && !admin.contains("まちのようす"), "no heading over nothing");
}
