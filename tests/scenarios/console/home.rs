//! What the home page says waits for somebody: only what is true, and only to whom it concerns.

use app::ports::broadcasts::Broadcasts;
use app::ports::reminders::Reminders;
use app::ports::{Clock, Questions};
use app::questions::READINGS_MAX;
use domain::broadcast::{Broadcast, Guard, Pause, PauseReason, Reach, State};
use domain::ids::RuleId;
use domain::reminder::{Draft, GRACE_MINUTES, Kind, Rule};
use domain::sending::plan::Plan;
use domain::staff::{Role, Standing};
use domain::town::Town;
use http::StatusCode;
use jiff::SignedDuration;
use tests::city::TableFault;
use tests::console::TownHall;
use tests::town::ASKINGS_AT_ONCE;

use super::broadcasts::{self, press, put, written};

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

/// What is still being counted is neither nothing nor all.
#[tokio::test]
async fn nobody_is_told_that_nothing_waits_while_questions_are_being_counted() {
    let hall = TownHall::of(Town::default());
    let mut admin = TownHall::person("admin", [Role::Administrator]);
    admin.phone = Some("U0123456789abcdef0123456789abcdef".parse().unwrap());
    hall.staff.settle([admin]);
    assert!(home(&hall, "admin").await.contains("いま、あなたを待っている仕事はありません"));
    hall.clock.advance(SignedDuration::from_mins(6));
    let now = hall.clock.now();
    hall.questions.ask("まぐろ", now - DAY * 29);
    for number in 0..=READINGS_MAX * ASKINGS_AT_ONCE {
        hall.questions.ask(&format!("しつもん{number}"), now - DAY);
    }
    let first = home(&hall, "admin").await;
    assert!(first.contains("答えられなかった質問を数えています"), "{first}");
    assert!(!first.contains("いま、あなたを待っている仕事はありません"), "{first}");
    let second = home(&hall, "admin").await;
    assert!(second.contains("答えられなかった質問が101件以上あります"), "{second}");
}

/// Residents choose times as soon as anything is collected; whether they hear anything then is up to the rule.
#[tokio::test]
async fn that_nobody_is_reminded_of_garbage_is_said_to_who_writes_as_long_as_it_is_so() {
    const OFF: &str = "ごみの日のお知らせが動いていません";
    assert!(!home(&hall(), "admin").await.contains(OFF), "nothing is collected");
    let hall = super::town::hall();
    hall.staff.settle([
        TownHall::person("admin", [Role::Administrator]),
        TownHall::person("reader", [Role::Reader("roads".parse().unwrap())]),
    ]);
    assert!(home(&hall, "admin").await.contains(OFF));
    assert!(!home(&hall, "reader").await.contains(OFF), "who may do nothing about it");
    let draft = Draft {
        name: "ごみの日のお知らせ".parse().unwrap(),
        department: "roads".parse().unwrap(),
        kind: Kind::Garbage,
        until: None,
        grace_minutes: GRACE_MINUTES,
    };
    let mut rule = Rule::new(RuleId::garbage(), draft, "admin".parse().unwrap());
    let (now, by) = (hall.clock.now(), "approver".parse().unwrap());
    rule.ask(&"admin".parse().unwrap(), Reach::default(), now).unwrap();
    hall.reminders.put(&rule, None, None).await.unwrap();
    assert!(home(&hall, "admin").await.contains(OFF), "it waits for its approval");
    rule.approve(&by, now).unwrap();
    hall.reminders.put(&rule, Some(1), None).await.unwrap();
    assert!(!home(&hall, "admin").await.contains(OFF));
    rule.pause(&by, now).unwrap();
    hall.reminders.put(&rule, Some(2), None).await.unwrap();
    assert!(home(&hall, "admin").await.contains(OFF), "it rests");
}

#[tokio::test]
async fn no_question_is_sought_in_a_month_of_which_none_is_kept() {
    let hall = hall();
    let browser = hall.signed_in("admin").await;
    for (month, kept) in [("0001-01", false), ("2025-08", false), ("2025-09", true)] {
        assert_eq!(browser.get(&format!("/questions?month={month}")).await.status, StatusCode::OK);
        let counts = hall.questions.counts(month.parse().unwrap()).await.unwrap();
        assert_eq!(counts.is_some(), kept, "{month}");
    }
}

#[tokio::test]
async fn a_broadcast_waits_for_those_who_may_approve_it_and_for_nobody_else() {
    let hall = broadcasts::hall();
    let (aoki, baba) = (hall.signed_in("aoki").await, hall.signed_in("baba").await);
    let theirs = written(&aoki, "/broadcasts/new", "断水のお知らせ").await;
    let waits = "あなたを待っている配信";
    assert!(!home(&hall, "baba").await.contains(waits), "a draft waits for nobody");
    press(&aoki, &theirs, "ask").await;
    let own = written(&baba, "/broadcasts/new", "お祭り").await;
    press(&baba, &own, "ask").await;
    let approver = home(&hall, "baba").await;
    assert!(approver.contains(&format!("href=\"{theirs}\"")) && approver.contains("承認待ち"), "{approver}");
    assert!(approver.contains("配信が1件あります") && !approver.contains("お祭り"), "one's own to all: {approver}");
    for who in ["aoki", "chiba", "doi"] {
        assert!(!home(&hall, who).await.contains(waits), "{who}");
    }
    put(&hall, &theirs, State::Held { at: hall.clock.now(), why: Guard::TooMany }).await;
    for (who, expected) in [("aoki", true), ("baba", true), ("chiba", false), ("doi", false)] {
        let page = home(&hall, who).await;
        assert_eq!(page.contains(waits) && page.contains("確認待ち"), expected, "{who}: {page}");
    }
}

#[tokio::test]
async fn what_waits_is_not_lost_behind_newer_drafts() {
    let hall = broadcasts::hall();
    let aoki = hall.signed_in("aoki").await;
    let at = written(&aoki, "/broadcasts/new", "断水のお知らせ").await;
    press(&aoki, &at, "ask").await;
    let first = broadcasts::stored(&hall, &at).await.value;
    for number in 0..250 {
        let id = format!("ffffffff-0000-7000-8000-{number:012}").parse().unwrap();
        let draft = Broadcast { id, state: State::Draft, ..first.clone() };
        hall.post.put(&draft, None, None).await.unwrap();
    }
    let page = home(&hall, "baba").await;
    assert!(page.contains(&format!("href=\"{at}\"")) && page.contains("配信が1件あります"), "{page}");
}

#[tokio::test]
async fn everybody_sees_what_is_being_sent_and_who_may_let_it_go_on_is_asked_to() {
    let hall = broadcasts::hall();
    let at = written(&hall.signed_in("aoki").await, "/broadcasts/new", "断水のお知らせ").await;
    let sending = |pause: Option<PauseReason>| {
        let (since, plan) = (hall.clock.now(), Plan { parts: 1, variants: Vec::new() });
        State::Sending { since, reach: <_>::default(), plan, pause: pause.map(|why| Pause { at: since, why }) }
    };
    let (waits, known) = ("<h2>あなたを待っていること</h2>", "<h2>まちのようす</h2>");
    for (pause, said, asked) in [
        (None, "送信中", false),
        (Some(PauseReason::QuietHours), "中断中", false),
        (Some(PauseReason::Quota), "中断中", true),
    ] {
        put(&hall, &at, sending(pause)).await;
        for (who, approves) in [("aoki", false), ("baba", true), ("chiba", false), ("doi", false)] {
            let page = home(&hall, who).await;
            let places = [waits, "いま送っている配信", known].map(|text| page.find(text).unwrap());
            assert!(page.contains(&format!("href=\"{at}\"")) && page.contains(said), "{who}: {page}");
            assert_eq!(places.is_sorted(), asked && approves, "{who}, {pause:?}: {page}");
        }
    }
}

#[tokio::test]
async fn one_source_that_is_down_does_not_take_the_page_with_it() {
    let hall = hall();
    hall.counts.fail_last(TableFault::Throttled);
    let admin = home(&hall, "admin").await;
    assert!(admin.contains("一部を表示できません") && admin.contains("ログインしていない職員"));
    assert!(!admin.contains("友だち</h2>") && !admin.contains("まちのようす"), "no heading over nothing");
}
