//! The month's messages on the pages of broadcasts: what is routine is kept back by them, what is urgent is not, and a platform that
//! does not say how many there are keeps nobody from sending.

use domain::broadcast::State;
use http::StatusCode;
use tests::console::{Browser, TownHall};
use tests::forms::forms;

use super::broadcasts::{form_to, hall, press, send, state, written};

/// Writes an emergency to all ten friends.
async fn urgent(browser: &Browser, title: &str) -> String {
    let page = browser.get("/broadcasts/new").await;
    let forms = forms(&page.body);
    let form = form_to(&forms, "/broadcasts/new");
    let fields = [("title", title), ("ja-0-text", title), ("lane", "emergency"), ("do", "save")];
    let sent = send(browser, form, &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    sent.location().split('?').next().unwrap().to_owned()
}

async fn approve(hall: &TownHall, at: &str) {
    let baba = hall.signed_in("baba").await;
    let approved = press(&baba, at, "approve").await;
    assert_eq!(approved.location(), format!("{at}?done=approved"), "{}", approved.body);
}

#[tokio::test]
async fn a_routine_broadcast_that_needs_more_than_is_left_is_refused_in_numbers() {
    let hall = hall();
    let aoki = hall.signed_in("aoki").await;
    let at = written(&aoki, "/broadcasts/new", "お祭り").await;
    hall.post.quota.limit(1_200, 1_191);
    let refused = press(&aoki, &at, "ask").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in ["10人に届く配信ですが、今月はあと約9通しか送れません", "今月の上限1,200通", "送信済み1,191通"]
    {
        assert!(refused.body.contains(said), "{said} is not in {}", refused.body);
    }
    assert!(matches!(state(&hall, &at).await, State::Draft));
    hall.post.quota.limit(1_200, 1_190);
    assert_eq!(press(&aoki, &at, "ask").await.location(), format!("{at}?done=asked"));
    // By the time somebody approves, others have sent.
    hall.post.quota.limit(1_200, 1_195);
    let baba = hall.signed_in("baba").await;
    assert!(baba.get(&at).await.body.contains("今月は、あと約5通送れます"));
    let refused = press(&baba, &at, "approve").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("あと約5通しか送れません"));
    assert!(matches!(state(&hall, &at).await, State::AwaitingApproval { .. }));
}

#[tokio::test]
async fn what_is_approved_and_has_not_gone_is_taken_off() {
    let hall = hall();
    let aoki = hall.signed_in("aoki").await;
    hall.post.quota.limit(100, 85);
    let first = written(&aoki, "/broadcasts/new", "一つめ").await;
    press(&aoki, &first, "ask").await;
    let second = written(&aoki, "/broadcasts/new", "二つめ").await;
    press(&aoki, &second, "ask").await;
    approve(&hall, &first).await;
    let list = aoki.get("/broadcasts").await;
    assert!(
        list.body.contains("あと約5通送れます（今月の上限100通、送信済み85通、承認済み・送信中の配信の分10通）"),
        "{}",
        list.body
    );
    let baba = hall.signed_in("baba").await;
    assert_eq!(press(&baba, &second, "approve").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    hall.post.quota.limit(105, 85);
    approve(&hall, &second).await;
}

#[tokio::test]
async fn an_emergency_is_not_kept_back_and_says_how_many_it_reaches() {
    let hall = hall();
    let aoki = hall.signed_in("aoki").await;
    hall.post.quota.limit(100, 97);
    let at = urgent(&aoki, "避難").await;
    assert_eq!(press(&aoki, &at, "ask").await.location(), format!("{at}?done=asked"));
    let page = aoki.get(&at).await;
    assert!(page.body.contains("10人のうち、届くのは、少なくて0人、多くて約3人です。"), "{}", page.body);
    assert!(page.body.contains("最大500人ずつのまとまり"), "{}", page.body);
    approve(&hall, &at).await;
    hall.post.quota.limit(100, 0);
    let at = urgent(&aoki, "避難").await;
    press(&aoki, &at, "ask").await;
    assert!(!aoki.get(&at).await.body.contains("届くのは"), "there is enough");
}

#[tokio::test]
async fn a_platform_that_does_not_say_keeps_nobody_from_sending() {
    let hall = hall();
    let aoki = hall.signed_in("aoki").await;
    hall.post.quota.fail();
    let at = written(&aoki, "/broadcasts/new", "お祭り").await;
    assert_eq!(press(&aoki, &at, "ask").await.location(), format!("{at}?done=asked"));
    for page in [at.as_str(), "/broadcasts"] {
        assert!(aoki.get(page).await.body.contains("残りの通数を確かめられませんでした"), "{page}");
    }
    approve(&hall, &at).await;
}
