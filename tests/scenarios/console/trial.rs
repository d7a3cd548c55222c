//! A message to oneself, from the form to the phone; and how the phone is connected.

use app::inbox::{Inbox, Letter};
use app::ports::Clock;
use domain::audit::Action;
use domain::conversation::{Deed, Incoming};
use domain::ids::ResidentId;
use domain::staff::Role;
use domain::town::Town;
use http::StatusCode;
use jiff::SignedDuration;
use tests::city::{PlatformFault, TestTable, TestTown};
use tests::console::{Browser, Seen, TownHall};
use tests::reports::{TestReportJobs, TestReports};

fn phone() -> ResidentId {
    "U0123456789abcdef0123456789abcdef".parse().unwrap()
}

fn hall() -> TownHall {
    let mut town = Town::default();
    "ためし町".clone_into(&mut town.profile.name);
    let hall = TownHall::of(town);
    let mut aoki = TownHall::person("aoki", [Role::Editor("roads".parse().unwrap())]);
    aoki.phone = Some(phone());
    let baba = TownHall::person("baba", [Role::Editor("roads".parse().unwrap())]);
    let chiba = TownHall::person("chiba", [Role::Reader("roads".parse().unwrap())]);
    hall.staff.settle([aoki, baba, chiba]);
    hall
}

async fn send(browser: &Browser, form: &Seen, text: &str) -> Seen {
    let id = form.field("id").unwrap();
    browser.post(form, "/trial", &[("id", id.as_str()), ("text", text)]).await
}

fn arrived(hall: &TownHall) -> usize {
    hall.platform.received_by(&phone())
}

#[tokio::test]
async fn a_text_reaches_ones_own_phone_once() {
    let hall = hall();
    let browser = hall.signed_in("aoki").await;
    let form = browser.get("/trial").await;
    let sent = send(&browser, &form, "1行め\r\n2行め").await;
    assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, "/trial?done=sent"));
    assert!(browser.get("/trial?done=sent").await.body.contains("送りました"));
    let again = send(&browser, &form, "1行め\r\n2行め").await;
    assert_eq!(again.location(), "/trial?done=already-sent");
    assert_eq!(arrived(&hall), 1);
    assert!(hall.platform.received()[0].contains(r"1行め\n2行め"), "{:?}", hall.platform.received());
    let acts = hall.staff.acts();
    assert!(acts.iter().any(|act| act.action == Action::SendTrial && act.after == r#"{"units":7}"#));
    assert!(!format!("{acts:?}").contains("1行め"));
}

#[tokio::test]
async fn the_same_form_reaches_another_phone_that_was_connected_since() {
    let hall = hall();
    let browser = hall.signed_in("aoki").await;
    let form = browser.get("/trial").await;
    assert_eq!(send(&browser, &form, "テスト").await.location(), "/trial?done=sent");
    let mut aoki = hall.staff.person(&"aoki".parse().unwrap()).unwrap();
    let other: ResidentId = "Ufedcba9876543210fedcba9876543210".parse().unwrap();
    aoki.phone = Some(other.clone());
    hall.staff.settle([aoki]);
    assert_eq!(send(&browser, &form, "テスト").await.location(), "/trial?done=sent");
    assert_eq!((arrived(&hall), hall.platform.received_by(&other)), (1, 1));
}

#[tokio::test]
async fn the_text_is_shown_as_a_phone_would_without_being_sent() {
    let hall = hall();
    let browser = hall.signed_in("aoki").await;
    let form = browser.get("/trial").await;
    let id = form.field("id").unwrap();
    let evil = "</textarea><script>alert(1)</script>";
    let shown = browser.post(&form, "/trial", &[("id", id.as_str()), ("text", evil), ("do", "show")]).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert_eq!(
        shown.body.matches("&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;").count(),
        2,
        "{}",
        shown.body
    );
    assert_eq!(shown.field("id"), Some(id), "what is sent later is still the same message");
    assert_eq!(arrived(&hall), 0);
}

#[tokio::test]
async fn what_cannot_be_sent_comes_back_with_what_was_typed() {
    let hall = hall();
    let browser = hall.signed_in("aoki").await;
    let form = browser.get("/trial").await;
    let empty = send(&browser, &form, " \r\n ").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.body.contains("本文を入力してください"));
    let long = "🍎".repeat(2_501);
    let long = send(&browser, &form, &long).await;
    assert!(long.body.contains("本文が2文字多すぎます") && long.body.contains("🍎🍎"), "{}", long.status);
    let fits = send(&browser, &form, &"🍎".repeat(2_500)).await;
    assert_eq!((fits.status, arrived(&hall)), (StatusCode::SEE_OTHER, 1));
    let odd = browser.post(&form, "/trial", &[("id", "odd"), ("text", "x")]).await;
    assert_eq!(odd.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn every_refusal_is_told_with_what_to_do_and_the_same_form_may_be_sent_again() {
    let hall = hall();
    let browser = hall.signed_in("aoki").await;
    let form = browser.get("/trial").await;
    hall.platform.fail([PlatformFault::Throttled]);
    let busy = send(&browser, &form, "テスト").await;
    assert!(busy.body.contains("LINEが混み合っています") && busy.body.contains("テスト</textarea>"), "{}", busy.body);
    hall.platform.fail([PlatformFault::TimedOutAfterAcceptance]);
    let unclear = send(&browser, &busy, "テスト").await;
    assert!(unclear.body.contains("届いたかどうか分かりません"));
    assert_eq!(unclear.field("id"), form.field("id"));
    assert_eq!(send(&browser, &unclear, "テスト").await.location(), "/trial?done=already-sent");
    assert_eq!(arrived(&hall), 1);

    hall.post.quota.limit(200, 200);
    hall.platform.fail([PlatformFault::Throttled]);
    let form = browser.get("/trial").await;
    assert!(send(&browser, &form, "テスト").await.body.contains("今月送れる数を使い切りました"));
    hall.platform.refuse_pushes();
    assert!(send(&browser, &form, "テスト").await.body.contains("ブロックしているか"));
}

#[tokio::test]
async fn a_form_older_than_the_platforms_memory_is_not_sent_but_asked_for_anew() {
    let hall = hall();
    let old = hall.signed_in("aoki").await.get("/trial").await;
    hall.clock.advance(SignedDuration::from_hours(24));
    let browser = hall.signed_in("aoki").await;
    let today = browser.get("/trial").await;
    let (id, new) = (old.field("id").unwrap(), today.field("id").unwrap());
    assert_ne!(id, new);
    let asked = browser.post(&today, "/trial", &[("id", id.as_str()), ("text", "テスト")]).await;
    assert!(asked.body.contains("時間がたちすぎました") && asked.body.contains("テスト</textarea>"));
    assert_eq!(arrived(&hall), 0);
    assert_eq!(send(&browser, &asked, "テスト").await.location(), "/trial?done=sent");
}

#[tokio::test]
async fn a_phone_is_connected_by_the_code_that_the_page_shows_and_disconnected_again() {
    let hall = hall();
    let browser = hall.signed_in("baba").await;
    assert!(browser.get("/").await.body.contains("スマートフォンをつなぐ"), "it waits on the home page");
    let page = browser.get("/trial").await;
    assert!(!page.body.contains("<textarea"), "without a phone there is nothing to send to");
    let shown = browser.post(&page, "/trial/code", &[]).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.body.contains("12:10まで使えます"), "{}", shown.body);
    let at = shown.body.find("職員 0").expect("a code");
    let typed: String = shown.body[at..].chars().take_while(|char| *char != '<').collect();

    let inbox = Inbox {
        conversations: std::sync::Arc::new(TestTable::default()),
        messenger: hall.platform.clone(),
        towns: std::sync::Arc::new(TestTown(std::sync::Arc::new(Town::default()))),
        phone_codes: hall.staff.clone(),
        reports: std::sync::Arc::new(TestReports::default()),
        jobs: std::sync::Arc::new(TestReportJobs::default()),
        links: None,
        clock: hall.clock.clone(),
    };
    let resident: ResidentId = "Ufedcba9876543210fedcba9876543210".parse().unwrap();
    let incoming = Incoming {
        event: "e1".parse().unwrap(),
        resident: resident.clone(),
        at: hall.clock.now(),
        deed: Deed::Said(typed),
        message: None,
    };
    inbox.handle(&Letter { incoming, reply_token: None, received_at: hall.clock.now() }).await.unwrap();

    let page = browser.get("/trial").await;
    assert!(page.body.contains("つながっています") && page.body.contains("<textarea"));
    assert!(!page.body.contains("Ufedc"), "whose phone it is stays with the platform");
    let gone = browser.post(&page, "/trial/disconnect", &[]).await;
    assert_eq!(gone.location(), "/trial?done=disconnected");
    assert!(browser.get("/trial?done=disconnected").await.body.contains("まだつながっていません"));
    let actions: Vec<_> = hall.staff.acts().into_iter().map(|act| act.action).collect();
    assert_eq!(actions, [Action::SignIn, Action::OfferCode, Action::ConnectPhone, Action::DisconnectPhone]);
}

#[tokio::test]
async fn a_reader_may_not_write_even_to_themselves() {
    let hall = hall();
    let browser = hall.signed_in("chiba").await;
    assert_eq!(browser.get("/trial").await.status, StatusCode::FORBIDDEN);
    assert!(!browser.get("/").await.body.contains("href=\"/trial\""));
}
