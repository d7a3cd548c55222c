//! 稼働状況: an administrator sees whether all runs, and hands back what failed, whatever happens meanwhile.

use app::ports::Clock as _;
use app::ports::broadcasts::Broadcasts as _;
use app::ports::checkup::{Checkups as _, Heartbeat, Heartbeats as _, Runner};
use app::ports::watch::{FailedLetter, Flow, OnTheWay};
use app::watch::{PRESS_LASTS, PRESS_MAX};
use domain::audit::{Act, Action, Actor};
use domain::broadcast::audience::Audience;
use domain::broadcast::content::Content;
use domain::broadcast::{Broadcast, Draft, Earnest, Lane, Origin, Pause, PauseReason, Reach, State, When};
use domain::checkup::{Chain, Checkup, DayUnfollows, Messages, Unfollows};
use domain::sending::plan::Plan;
use domain::staff::Role;
use domain::town::Town;
use http::StatusCode;
use jiff::SignedDuration;
use jiff::civil::date;
use tests::console::{Browser, Seen, TownHall};
use tests::staff::StaffFault;

const PATH: &str = "/watch";
const WELL: &str = "すべて正常です";

async fn hall() -> (TownHall, Browser) {
    let hall = TownHall::of(Town::default());
    hall.staff.settle([
        TownHall::person("admin", [Role::Administrator]),
        TownHall::person("reader", [Role::Reader("roads".parse().unwrap())]),
    ]);
    let admin = hall.signed_in("admin").await;
    (hall, admin)
}

/// The hourly look was made, and what runs every minute has run.
async fn all_runs(hall: &TownHall, messages: Messages, unfollows: Unfollows, chain: Chain) {
    let now = hall.clock.now();
    let before = hall.watch.checkups.last().await.unwrap();
    let checkup = Checkup::new(now, messages, unfollows, chain, before.as_ref());
    hall.watch.checkups.put(&checkup).await.unwrap();
    for runner in Runner::ALL {
        hall.watch.checkups.beat(&Heartbeat { runner, at: now }).await.unwrap();
    }
}

async fn all_is_well(hall: &TownHall) {
    let chain = Chain::Whole { at: hall.clock.now() };
    all_runs(hall, Messages::Limited { limit: 30_000, used: 1_200 }, Unfollows::default(), chain).await;
}

fn redrive_of(flow: Flow) -> String {
    format!("{PATH}/{}/redrive", flow.name())
}

/// Presses the button on the page that asks, and sees where it leads.
async fn press(browser: &Browser, flow: Flow) -> Seen {
    let path = redrive_of(flow);
    let asked = browser.get(&path).await;
    assert_eq!(asked.status, StatusCode::OK);
    assert!(asked.body.contains(&format!("action=\"{path}\"")), "no button: {}", asked.body);
    let pressed = browser.post(&asked, &path, &[]).await;
    assert_eq!(pressed.status, StatusCode::SEE_OTHER, "{}", pressed.body);
    browser.get(pressed.location()).await
}

fn redrives(hall: &TownHall) -> Vec<Act> {
    hall.staff.acts().into_iter().filter(|act| act.action == Action::Redrive).collect()
}

fn bodies(letters: &[FailedLetter]) -> Vec<&str> {
    letters.iter().map(|letter| letter.body.as_str()).collect()
}

/// The page in which all of this is said.
async fn says(browser: &Browser, words: &[&str]) -> String {
    let page = browser.get(PATH).await;
    assert_eq!(page.status, StatusCode::OK);
    for said in words {
        assert!(page.body.contains(said), "{said} is not in {}", page.body);
    }
    page.body
}

#[tokio::test]
async fn all_is_well_only_where_all_was_asked_and_nothing_is_wrong() {
    let (hall, admin) = hall().await;
    assert!(admin.get("/").await.body.contains("href=\"/watch\""), "the menu leads there");
    let fresh = says(&admin, &["確認できていないことがあります", "まだ確認されていません"]).await;
    assert!(!fresh.contains(WELL));
    all_is_well(&hall).await;
    let on_the_way = OnTheWay { waiting: 1_200, in_hand: 34, delayed: 5 };
    hall.watch.flows.wait(Flow::Sending, on_the_way);
    let well =
        says(&admin, &[WELL, "一斉配信", "<div>1,205</div>", "<div>34</div>", "30,000通のうち、約1,200通"]).await;
    assert!(!well.contains("/redrive") && !well.contains("role=\"alert\""), "nothing is to be done: {well}");
}

#[tokio::test]
async fn a_broadcast_that_waits_for_a_person_is_not_called_well() {
    let (hall, admin) = hall().await;
    all_is_well(&hall).await;
    for (number, why) in [(1, PauseReason::QuietHours), (2, PauseReason::Credentials)] {
        let page = says(&admin, &[WELL]).await;
        assert!(!page.contains("途中で止まっている配信が1件"), "it goes on by itself: {page}");
        let (reach, plan) = (Reach::default(), Plan { parts: 1, variants: Vec::new() });
        let pause = Some(Pause { at: hall.clock.now(), why });
        let id = format!("0199eeee-0000-8000-8000-{number:012}").parse().unwrap();
        let draft = Draft {
            title: "断水のお知らせ".parse().unwrap(),
            department: "roads".parse().unwrap(),
            content: Content::default(),
            audience: Audience::All,
            lane: Lane::Emergency,
            when: When::AtOnce,
        };
        let broadcast = Broadcast::new(id, draft, Earnest::Real, Origin::Staff, "admin".parse().unwrap());
        let state = State::Sending { since: hall.clock.now(), reach, plan, pause };
        hall.post.put(&Broadcast { state, ..broadcast }, None, None).await.unwrap();
    }
    let page = says(&admin, &["LINEにつなぐための設定", "途中で止まっている配信が1件あります"]).await;
    assert!(!page.contains(WELL) && page.contains("role=\"alert\""), "{page}");
}

#[tokio::test]
async fn what_the_hourly_look_could_not_ask_is_not_called_well() {
    let (hall, admin) = hall().await;
    let plenty = Messages::Limited { limit: 30_000, used: 1_200 };
    let whole = Chain::Whole { at: hall.clock.now() };
    for (messages, chain, said) in [
        (Messages::Unsaid, whole, "今月の通数を、LINEから確かめられませんでした"),
        (plenty, Chain::NotLooked, "操作の記録が変えられていないかの確認が、まだ終わっていない"),
    ] {
        all_runs(&hall, messages, Unfollows::default(), chain).await;
        let page =
            says(&admin, &["確認できていないことがあります", said, "0人（ふだんの人数は、まだ分かりません）"]).await;
        assert!(!page.contains(WELL) && !page.contains("role=\"alert\""), "it is not known to be wrong: {page}");
    }
    all_is_well(&hall).await;
    says(&admin, &[WELL]).await;
}

#[tokio::test]
async fn what_is_wrong_comes_first_in_words_that_say_what_to_do() {
    let (hall, admin) = hall().await;
    let days = (14..=20).map(|day| DayUnfollows { day: date(2026, 11, day), people: 2 }).collect();
    let unfollows = Unfollows { last_day: 21, days };
    let chain = Chain::Broken { at: hall.clock.now(), day: None, why: None };
    all_runs(&hall, Messages::Limited { limit: 1_000, used: 800 }, unfollows, chain).await;
    hall.watch.flows.bury(Flow::Notices, "a");
    let page = says(
        &admin,
        &[
            "「報告者へのお知らせ」に、失敗したものが約1件あります",
            "8割以上",
            "ブロックした人が、ふだんよりずっと多く",
            "21人（ふだんは1日に2人ほど）",
            "異常が見つかりました",
        ],
    )
    .await;
    assert!(!page.contains(WELL));
    let places = ["対応が必要なことがあります", "<h2>失敗したもの</h2>", "<h2>待っているもの</h2>"];
    assert!(places.map(|text| page.find(text).unwrap()).is_sorted(), "{page}");
    hall.clock.advance(SignedDuration::from_mins(15));
    let late = ["「お知らせ予約の実行」が15分以上動いていないか", "「配信の見回り」が15分以上", "止まっています"];
    says(&admin, &late).await;
    hall.clock.advance(SignedDuration::from_hours(3));
    let admin = hall.signed_in("admin").await;
    says(&admin, &["1時間ごとの確認が3時間以上行われていません"]).await;
}

#[tokio::test]
async fn a_queue_that_does_not_answer_hides_nothing_else() {
    let (hall, admin) = hall().await;
    all_is_well(&hall).await;
    hall.watch.flows.silence(Flow::Photos);
    let page = says(&admin, &["「報告の写真」の数が分かりません", "いまは分かりません"]).await;
    assert!(!page.contains(WELL) && !page.contains("role=\"alert\""), "it is not known to be wrong: {page}");
    hall.watch.flows.bury(Flow::Changes, "a");
    says(&admin, &[redrive_of(Flow::Changes).as_str(), "「報告の写真」の数が分かりません"]).await;
    // Whose numbers are not known nobody hands back, and the page says that it did not work.
    let asked = admin.get(&redrive_of(Flow::Photos)).await;
    assert_eq!(asked.status, StatusCode::SERVICE_UNAVAILABLE);
    let pressed = admin.post(&admin.get(PATH).await, &redrive_of(Flow::Photos), &[]).await;
    assert_eq!(pressed.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(redrives(&hall).is_empty());
}

#[tokio::test]
async fn what_failed_goes_back_in_order_and_is_on_record() {
    let (hall, admin) = hall().await;
    all_is_well(&hall).await;
    let flows = &hall.watch.flows;
    for number in 0..12 {
        flows.bury(Flow::Inbox, &format!("<b>{number}</b>"));
    }
    let letters = flows.lying(Flow::Inbox);
    flows.bury(Flow::Photos, "another");
    says(&admin, &[redrive_of(Flow::Inbox).as_str()]).await;
    let asked = admin.get(&redrive_of(Flow::Inbox)).await;
    let words = ["約12件", "いま返事が届きます", "通数に数えられます", "一度に100件まで", "出しなおす</button>"];
    for said in words {
        assert!(asked.body.contains(said), "{said} is not in {}", asked.body);
    }
    let done = press(&admin, Flow::Inbox).await;
    assert!(done.body.contains("「住民からのメッセージ」を12件、出しなおしました"), "{}", done.body);
    assert!(!done.body.contains("<b>"), "what residents wrote is not shown");
    assert_eq!(flows.handed_back(Flow::Inbox), letters, "each once, whole and in order");
    assert!(flows.lying(Flow::Inbox).is_empty());
    assert_eq!(bodies(&flows.lying(Flow::Photos)), ["another"], "nobody asked for that");
    let acts = redrives(&hall);
    assert_eq!(acts.len(), 1);
    let act = &acts[0];
    assert_eq!((&act.actor, &act.subject[..]), (&Actor::Staff("admin".parse().unwrap()), "failed/inbox"));
    assert_eq!((&act.before[..], &act.after[..]), ("", r#"{"letters":12}"#));
    let log = admin.get("/audit").await;
    assert!(log.body.contains("<a href=\"/watch\">住民からのメッセージ</a>"), "{}", log.body);
    assert!(log.body.contains("<strong>件数</strong>"), "how many there were is no secret: {}", log.body);
}

#[tokio::test]
async fn what_failed_of_broadcasts_is_cleared_away_and_not_sent_again() {
    let (hall, admin) = hall().await;
    hall.watch.flows.bury(Flow::Sending, "run");
    let asked = admin.get(&redrive_of(Flow::Sending)).await;
    for said in ["メッセージは送られません", "自動で送りなおしています", "片付ける</button>"]
    {
        assert!(asked.body.contains(said), "{said} is not in {}", asked.body);
    }
    assert!(press(&admin, Flow::Sending).await.body.contains("「一斉配信」の控えを1件、片付けました"));
    assert!(hall.watch.flows.lying(Flow::Sending).is_empty());
    assert!(hall.watch.flows.handed_back(Flow::Sending).is_empty());
    assert_eq!(redrives(&hall).len(), 1);
}

#[tokio::test]
async fn one_press_is_bounded_in_number_and_time() {
    let (hall, admin) = hall().await;
    let flows = &hall.watch.flows;
    for number in 0..=PRESS_MAX {
        flows.bury(Flow::Changes, &number.to_string());
    }
    let done = press(&admin, Flow::Changes).await;
    assert!(done.body.contains("100件、出しなおしました") && done.body.contains("約1件"), "{}", done.body);
    assert_eq!(bodies(&flows.lying(Flow::Changes)), ["100"]);
    // What fails again at once is not taken again by the same press.
    flows.fail_again(Flow::Notices);
    flows.bury(Flow::Notices, "poison");
    assert!(press(&admin, Flow::Notices).await.body.contains("1件、出しなおしました"));
    assert_eq!((flows.handed_back(Flow::Notices).len(), flows.lying(Flow::Notices).len()), (1, 1));
    let each = PRESS_LASTS / 2;
    flows.slow_down(&hall.clock, each);
    for number in 0..5 {
        flows.bury(Flow::Photos, &number.to_string());
    }
    assert!(press(&admin, Flow::Photos).await.body.contains("2件、出しなおしました"));
    assert_eq!(flows.lying(Flow::Photos).len(), 3, "the rest lies where it lay");
}

/// Whatever dies on the way: each message was handed back or lies there, or both.
#[tokio::test]
async fn a_press_that_stops_half_way_loses_nothing_and_says_so() {
    for (hand_backs, removals, handed_back, lying) in [(Some(3), None, 3, 2), (None, Some(3), 4, 2)] {
        let (hall, admin) = hall().await;
        let flows = &hall.watch.flows;
        for number in 0..5 {
            flows.bury(Flow::Photos, &number.to_string());
        }
        let all = flows.lying(Flow::Photos);
        if let Some(times) = hand_backs {
            flows.fail_hand_back_after(times);
        }
        if let Some(times) = removals {
            flows.fail_removal_after(times);
        }
        let stopped = press(&admin, Flow::Photos).await;
        assert!(stopped.body.contains("「報告の写真」は、3件で止まりました"), "{}", stopped.body);
        assert!(stopped.body.contains("role=\"alert\""));
        assert_eq!((flows.handed_back(Flow::Photos).len(), flows.lying(Flow::Photos).len()), (handed_back, lying));
        let kept = [flows.handed_back(Flow::Photos), flows.lying(Flow::Photos)].concat();
        assert!(all.iter().all(|letter| kept.contains(letter)), "nothing is lost");
        // Until what was taken is found again, another press finds nothing.
        let again = press(&admin, Flow::Photos).await.body;
        assert!(again.contains("いまは取り出せませんでした") && !again.contains("失敗したものはありません"), "{again}");
        flows.find_again();
        assert!(press(&admin, Flow::Photos).await.body.contains("2件、出しなおしました"));
        assert!(flows.lying(Flow::Photos).is_empty());
        let again = flows.handed_back(Flow::Photos);
        assert!(all.iter().all(|letter| again.iter().any(|back| back.id == letter.id)), "by the id that it had");
    }
}

#[tokio::test]
async fn who_comes_second_finds_nothing_and_is_told_so() {
    let (hall, admin) = hall().await;
    let empty = admin.get(&redrive_of(Flow::Inbox)).await;
    assert_eq!(empty.status, StatusCode::OK);
    assert!(empty.body.contains("失敗したものはありません"), "{}", empty.body);
    assert!(!empty.body.contains("action=\"/watch"), "there is nothing to press");
    hall.watch.flows.bury(Flow::Inbox, "a");
    let path = redrive_of(Flow::Inbox);
    let asked = admin.get(&path).await;
    assert!(press(&admin, Flow::Inbox).await.body.contains("1件、出しなおしました"));
    // A double click, or a colleague with the page still open.
    let second = admin.post(&asked, &path, &[]).await;
    assert_eq!(second.location(), "/watch?done=inbox&moved=0");
    assert!(admin.get(second.location()).await.body.contains("失敗したものはありません"));
    assert_eq!((hall.watch.flows.handed_back(Flow::Inbox).len(), redrives(&hall).len()), (1, 1));
    // At the same moment: the colleague has taken them, and has not removed them yet.
    hall.watch.flows.bury(Flow::Inbox, "b");
    hall.watch.flows.taken_by_others();
    let third = admin.post(&asked, &path, &[]).await;
    assert_eq!(third.location(), "/watch?done=inbox&moved=0");
    let seen = admin.get(third.location()).await.body;
    assert!(seen.contains("いまは取り出せませんでした") && seen.contains("約1件"), "{seen}");
    assert_eq!(hall.watch.flows.handed_back(Flow::Inbox).len(), 1);
}

#[tokio::test]
async fn nothing_is_handed_back_without_an_entry_in_the_log() {
    let (hall, admin) = hall().await;
    hall.watch.flows.bury(Flow::Inbox, "a");
    let path = redrive_of(Flow::Inbox);
    let asked = admin.get(&path).await;
    hall.staff.fail([StaffFault::Throttled]);
    assert_eq!(admin.post(&asked, &path, &[]).await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(hall.watch.flows.handed_back(Flow::Inbox).is_empty());
    assert_eq!(hall.watch.flows.lying(Flow::Inbox).len(), 1);
    assert!(press(&admin, Flow::Inbox).await.body.contains("1件、出しなおしました"));
}

#[tokio::test]
async fn nobody_else_may_look_or_press() {
    let (hall, admin) = hall().await;
    hall.watch.flows.bury(Flow::Inbox, "a");
    let path = redrive_of(Flow::Inbox);
    let reader = hall.signed_in("reader").await;
    let home = reader.get("/").await;
    assert!(!home.body.contains("href=\"/watch\""));
    assert_eq!(reader.get(PATH).await.status, StatusCode::FORBIDDEN);
    assert_eq!(reader.get(&path).await.status, StatusCode::FORBIDDEN);
    let csrf = home.field("csrf").unwrap();
    let forced = reader.post_as(&path, &[("csrf", csrf.as_str())], tests::console::ORIGIN).await;
    assert_eq!(forced.status, StatusCode::FORBIDDEN);
    // Without the page's token an administrator does nothing either, nor with a flow that there is not.
    admin.post_as(&path, &[("csrf", "forged")], tests::console::ORIGIN).await;
    assert_eq!(admin.get("/watch/letters/redrive").await.status, StatusCode::NOT_FOUND);
    assert!(hall.watch.flows.handed_back(Flow::Inbox).is_empty() && redrives(&hall).is_empty());
}
