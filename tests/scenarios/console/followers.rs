//! The import of the friends from before as administrators see it: begun, watched, refused by LINE, let go on.

use app::ports::Clock;
use app::ports::followers::{Failure, Imports, Job, Onward, Seen, Stage};
use domain::audit::Action;
use domain::staff::Role;
use domain::town::Town;
use http::StatusCode;
use jiff::SignedDuration;
use tests::console::{Browser, Seen as Page, TownHall};

const PATH: &str = "/residents/import";
const NEXT: &str = "secret-place-on-the-list";

fn hall() -> TownHall {
    let hall = TownHall::of(Town::default());
    let department = "roads".parse().unwrap();
    hall.staff.settle([
        TownHall::person("admin", [Role::Administrator]),
        TownHall::person("reader", [Role::Reader(department)]),
    ]);
    hall
}

/// The import as it stands, changed as the janitor would.
async fn becomes(hall: &TownHall, stage: Stage) {
    let job = hall.imports.job().await.unwrap().unwrap().value;
    let seen = Seen { friends: 12_345, new: 12_000, odd: 2 };
    hall.imports.settle(Job { stage, seen, next: Some(Onward(NEXT.to_owned())), ..job });
}

async fn press(browser: &Browser, page: &Page, path: &str) {
    assert!(page.body.contains(&format!("action=\"{path}\"")), "no button to {path}: {}", page.body);
    let pressed = browser.post(page, path, &[]).await;
    assert_eq!(pressed.status, StatusCode::SEE_OTHER);
    assert!(pressed.location().starts_with(PATH));
}

#[tokio::test]
async fn an_administrator_begins_it_and_sees_how_it_comes_on_and_ends() {
    let hall = hall();
    let admin = hall.signed_in("admin").await;
    assert!(admin.get("/residents").await.body.contains(&format!("href=\"{PATH}\"")));
    let page = admin.get(PATH).await;
    for said in
        ["認証済アカウント", "プレミアムアカウント", "二重になることはありません", "いつ友だちになったかは分からない"]
    {
        assert!(page.body.contains(said), "{said}");
    }
    press(&admin, &page, PATH).await;
    let goes_on = admin.get(&format!("{PATH}?done=begun")).await;
    assert!(goes_on.body.contains("取り込みをはじめました") && goes_on.body.contains("<progress"));
    assert!(!goes_on.body.contains("action=\"/residents/import"), "there is nothing to press while it goes on");
    becomes(&hall, Stage::Finished(hall.clock.now())).await;
    let ended = admin.get(PATH).await;
    for said in ["取り込みが終わりました", ">12,345<", ">12,000<", ">345<", "職員 admin", "2件"] {
        assert!(ended.body.contains(said), "{said} is not in {}", ended.body);
    }
    press(&admin, &ended, PATH).await;
    let acts = hall.staff.acts();
    let actions: Vec<Action> = acts.iter().map(|act| act.action).filter(|it| *it == Action::ImportFollowers).collect();
    assert_eq!(actions.len(), 2);
    assert!(acts.iter().all(|act| !act.before.contains(NEXT) && !act.after.contains(NEXT)));
}

#[tokio::test]
async fn why_it_rests_is_said_in_words_and_it_can_go_on() {
    let hall = hall();
    let admin = hall.signed_in("admin").await;
    press(&admin, &admin.get(PATH).await, PATH).await;
    for (why, said) in
        [(Failure::NotAllowed, "このアカウントでは取り込めません"), (Failure::Refused, "LINEに断られました")]
    {
        becomes(&hall, Stage::Failed(why)).await;
        let page = admin.get(PATH).await;
        assert!(page.body.contains(said), "{said} is not in {}", page.body);
        press(&admin, &page, "/residents/import/resume").await;
        let job = hall.imports.job().await.unwrap().unwrap().value;
        assert_eq!((job.stage, job.next), (Stage::Going, Some(Onward(NEXT.to_owned()))), "it goes on where it stood");
    }
}

#[tokio::test]
async fn one_that_does_not_come_on_says_so() {
    let hall = hall();
    let admin = hall.signed_in("admin").await;
    press(&admin, &admin.get(PATH).await, PATH).await;
    hall.clock.advance(SignedDuration::from_mins(5));
    assert!(!admin.get(PATH).await.body.contains("しばらく進んでいません"));
    hall.clock.advance(SignedDuration::from_secs(1));
    assert!(admin.get(PATH).await.body.contains("しばらく進んでいません"));
}

#[tokio::test]
async fn nobody_else_is_led_there() {
    let hall = hall();
    let reader = hall.signed_in("reader").await;
    assert!(!reader.get("/residents").await.body.contains(PATH));
    assert_eq!(reader.get(PATH).await.status, StatusCode::FORBIDDEN);
}
