//! Who gets in, and what happens to those who do not.

use console::web::respond::POLICY;
use console::web::session::COOKIE_NAME;
use console::words::sign_in;
use domain::audit::{Action, Actor};
use domain::staff::{Role, Standing};
use domain::town::Town;
use http::{StatusCode, header};
use jiff::SignedDuration;
use tests::console::{Browser, ORIGIN, Seen, TownHall};
use tests::forms::{Form, forms};

use super::broadcasts;

fn hall() -> TownHall {
    let hall = TownHall::of(Town::default());
    let department = || "roads".parse().unwrap();
    hall.staff.settle([
        TownHall::person("admin", [Role::Administrator]),
        TownHall::person("reader", [Role::Reader(department())]),
    ]);
    hall
}

fn actions(hall: &TownHall) -> Vec<Action> {
    hall.staff.acts().into_iter().map(|act| act.action).collect()
}

fn is_signed_out(seen: &Seen) -> bool {
    seen.status == StatusCode::SEE_OTHER && seen.location().starts_with("/sign-in?")
}

#[tokio::test]
async fn one_signs_in_lands_where_one_wanted_to_go_and_is_recorded() {
    let hall = hall();
    let browser = hall.browser();
    let asked = browser.get("/?page=2").await;
    assert!(is_signed_out(&asked));
    assert_eq!(asked.location(), "/sign-in?return=%2F%3Fpage%3D2");
    let landed = browser.sign_in("admin", "/?page=2").await;
    assert_eq!((landed.status, landed.location()), (StatusCode::SEE_OTHER, "/?page=2"));
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
    assert_eq!(actions(&hall), [Action::SignIn]);
}

#[tokio::test]
async fn strangers_and_people_who_are_kept_out_do_not_get_in() {
    let hall = hall();
    let mut gone = TownHall::person("gone", [Role::Administrator]);
    gone.standing = Standing::Disabled;
    hall.staff.settle([gone]);
    for code in ["somebody", "somebody/admin@city.example", "gone"] {
        let browser = hall.browser();
        let refused = browser.sign_in(code, "/").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{code}");
        assert!(browser.session_cookie().is_none());
        assert!(is_signed_out(&browser.get("/").await), "{code}");
    }
    assert_eq!(actions(&hall), [Action::SignInRefused; 2], "the same account twice within a minute is one entry");
    let acts = hall.staff.acts();
    assert_eq!(acts[0].actor, Actor::Stranger);
    assert!(acts.iter().all(|act| !act.subject.contains("somebody")), "a stranger's id is not kept");
}

#[tokio::test]
async fn a_sign_in_that_this_browser_did_not_begin_is_refused() {
    let hall = hall();
    let (mine, theirs) = (hall.browser(), hall.browser());
    mine.get("/sign-in").await;
    let state =
        theirs.get("/sign-in").await.location().split_once("state=").unwrap().1.split('&').next().unwrap().to_owned();
    for path in [format!("/sign-in/callback?state={state}&code=admin"), "/sign-in/callback?code=admin".to_owned()] {
        assert_eq!(mine.get(&path).await.status, StatusCode::BAD_REQUEST);
    }
    assert!(mine.session_cookie().is_none());
}

/// Where the browser comes back to from the issuer, vouched for.
fn callback(begun: &Seen, more: &str) -> String {
    let state = begun.location().split_once("state=").unwrap().1.split('&').next().unwrap();
    format!("/sign-in/callback?state={state}{more}")
}

/// The browser should have forgotten it by then; one that keeps it all the same is not believed.
#[tokio::test]
async fn a_sign_in_that_took_more_than_ten_minutes_is_refused() {
    for (seconds, expected) in [(599, StatusCode::SEE_OTHER), (600, StatusCode::BAD_REQUEST)] {
        let hall = hall();
        let browser = hall.browser();
        let begun = browser.get("/sign-in").await;
        assert!(begun.headers[header::SET_COOKIE].to_str().unwrap().ends_with("Max-Age=600"));
        hall.clock.advance(SignedDuration::from_secs(seconds));
        let back = browser.get(&callback(&begun, "&code=admin")).await;
        assert_eq!(back.status, expected, "{seconds} s");
        assert_eq!(browser.session_cookie().is_some(), expected == StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn what_the_issuer_answers_instead_of_a_code_is_said_in_words() {
    for (error, status, said) in [
        ("access_denied", StatusCode::BAD_REQUEST, sign_in::DECLINED),
        ("login_required", StatusCode::BAD_REQUEST, sign_in::OLD),
        ("temporarily_unavailable", StatusCode::SERVICE_UNAVAILABLE, sign_in::ISSUER_SILENT),
        ("invalid_scope", StatusCode::BAD_REQUEST, sign_in::ISSUER_SILENT),
    ] {
        let browser = hall().browser();
        let begun = browser.get("/sign-in").await;
        let back = browser.get(&callback(&begun, &format!("&error={error}"))).await;
        assert_eq!(back.status, status, "{error}");
        assert!(back.body.contains(said.title), "{error}: {}", back.body);
    }
}

#[tokio::test]
async fn what_is_built_in_is_given_out_without_asking_the_table() {
    let browser = TownHall::without_a_town().browser();
    assert_eq!(browser.get(console::assets::stylesheet()).await.status, StatusCode::OK);
    assert_eq!(browser.get("/assets/nothing.css").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/signed-out").await.status, StatusCode::SERVICE_UNAVAILABLE, "a page names the town");
}

#[tokio::test]
async fn a_session_is_new_at_each_sign_in_and_dead_after_sign_out() {
    let hall = hall();
    let browser = hall.browser();
    // Session fixation: a cookie that somebody else put there is not taken over.
    browser.set_cookie(COOKIE_NAME, "admin.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    browser.sign_in("admin", "/").await;
    let first = browser.session_cookie().unwrap();
    assert!(!first.ends_with(".AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
    browser.sign_in("admin", "/").await;
    let second = browser.session_cookie().unwrap();
    assert_ne!(first, second);
    let thief = hall.browser();
    thief.set_cookie(COOKIE_NAME, &first);
    assert!(is_signed_out(&thief.get("/").await), "the first session has ended with the second sign-in");
    assert_eq!(hall.staff.sessions(&"admin".parse().unwrap()), 1);
    let home = browser.get("/").await;
    let out = browser.post(&home, "/sign-out", &[]).await;
    assert_eq!(out.status, StatusCode::OK);
    assert!(out.headers["refresh"].to_str().unwrap().contains("https://issuer.example/sign-out"), "at the issuer too");
    assert!(browser.session_cookie().is_none());
    let thief = hall.browser();
    thief.set_cookie(COOKIE_NAME, &second);
    assert!(is_signed_out(&thief.get("/").await), "a cookie is worthless after sign-out");
    assert_eq!(actions(&hall), [Action::SignIn, Action::SignIn, Action::SignOut]);
}

#[tokio::test]
async fn a_session_ends_by_silence_by_age_and_at_once_for_who_is_disabled() {
    let hall = hall();
    let browser = hall.signed_in("admin").await;
    hall.clock.advance(SignedDuration::from_mins(29));
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
    hall.clock.advance(SignedDuration::from_mins(29));
    assert_eq!(browser.get("/").await.status, StatusCode::OK, "it was used");
    hall.clock.advance(SignedDuration::from_mins(30));
    assert!(is_signed_out(&browser.get("/").await));

    let browser = hall.signed_in("admin").await;
    for _ in 0..28 {
        hall.clock.advance(SignedDuration::from_mins(25));
        assert_eq!(browser.get("/").await.status, StatusCode::OK);
    }
    hall.clock.advance(SignedDuration::from_mins(25));
    assert!(is_signed_out(&browser.get("/").await), "twelve hours are over");

    let browser = hall.signed_in("reader").await;
    let mut reader = hall.staff.person(&"reader".parse().unwrap()).unwrap();
    reader.standing = Standing::Disabled;
    hall.staff.settle([reader]);
    assert!(is_signed_out(&browser.get("/").await));
}

#[tokio::test]
async fn forms_from_elsewhere_and_without_our_token_change_nothing() {
    let hall = hall();
    let browser = hall.signed_in("admin").await;
    let home = browser.get("/").await;
    let csrf = home.field("csrf").unwrap();
    let foreign = browser.post_as("/sign-out", &[("csrf", &csrf)], "https://evil.example").await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    for token in ["", "wrong"] {
        let without = browser.post_as("/sign-out", &[("csrf", token)], ORIGIN).await;
        assert_eq!(without.status, StatusCode::FORBIDDEN, "{token}");
    }
    assert_eq!(browser.get("/").await.status, StatusCode::OK, "still signed in");
    let other = hall.signed_in("reader").await;
    let theirs = other.get("/").await.field("csrf").unwrap();
    assert_eq!(browser.post_as("/sign-out", &[("csrf", &theirs)], ORIGIN).await.status, StatusCode::FORBIDDEN);
}

/// What a form holds when its session ends comes back, through the sign-in, and is sent in the end.
#[tokio::test]
async fn nothing_typed_is_lost_when_the_session_ends_in_the_middle() {
    let hall = hall();
    let browser = hall.signed_in("admin").await;
    let form = browser.get("/people/invite").await;
    hall.clock.advance(SignedDuration::from_mins(31));
    let typed = "長い <b>名前</b> \"です\" & もう1行";
    let id = form.field("id").unwrap();
    let fields = [("id", id.as_str()), ("name", typed)];
    let expired = browser.post(&form, "/people/invite", &fields).await;
    assert_eq!(expired.status, StatusCode::UNAUTHORIZED);
    assert_eq!(expired.field("name").as_deref(), Some(typed));
    assert!(!expired.body.contains("<b>名前"), "escaped");
    browser.sign_in("admin", "/signed-in").await;
    let again = browser.post(&expired, "/people/invite", &fields).await;
    assert_eq!(again.status, StatusCode::FORBIDDEN, "the old token is not good any more");
    assert_eq!(again.field("name").as_deref(), Some(typed));
    let sent = browser.post(&again, "/people/invite", &fields).await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY, "it has arrived: the address is still missing");
    assert_eq!(sent.field("name").as_deref(), Some(typed));
}

#[tokio::test]
async fn one_sees_where_one_is_signed_in_and_ends_it_elsewhere() {
    let hall = hall();
    let office = hall.signed_in("admin").await;
    hall.clock.advance(SignedDuration::from_mins(40));
    let (home, reader) = (hall.signed_in("admin").await, hall.signed_in("reader").await);
    let alone = home.get("/sessions").await;
    assert!(alone.body.contains("ログイン中の端末（1台）"), "who said nothing for long is out: {}", alone.body);
    assert!(!alone.body.contains("/sessions/end-others"), "nothing to end");
    office.sign_in("admin", "/").await;
    hall.clock.advance(SignedDuration::from_mins(5));
    let seen = home.get("/sessions").await;
    assert!(seen.body.contains("ログイン中の端末（2台）"), "{}", seen.body);
    assert_eq!(seen.body.matches("（この画面）").count(), 1);
    let sent = home.post(&seen, "/sessions/end-others", &[]).await;
    assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, "/sessions?done=ended"));
    assert!(home.get(sent.location()).await.body.contains("ほかの端末からログアウトしました"));
    assert!(is_signed_out(&office.get("/").await));
    assert_eq!(reader.get("/").await.status, StatusCode::OK, "nobody else is touched");
    assert_eq!(actions(&hall).last(), Some(&Action::SignOutElsewhere));
}

/// What somebody may not send is not even looked at: a body that is no form gets the same answer. Only of whoever is not
/// signed in it is read, for what was typed to come back.
#[tokio::test]
async fn who_may_not_send_a_form_is_refused_before_it_is_read() {
    let hall = hall();
    let (nobody, reader, admin) = (hall.browser(), hall.signed_in("reader").await, hall.signed_in("admin").await);
    let path = "/town/topics/import";
    let (kind, small) = ("multipart/form-data; boundary=b", b"--b\r\nbroken".to_vec());
    let large: Vec<u8> = small.iter().copied().cycle().take(4_000_000).collect();
    for body in [&small, &large] {
        assert_eq!(reader.post_raw(path, kind, body).await.status, StatusCode::FORBIDDEN);
        assert_eq!(
            admin.post_raw(path, kind, body).await.status,
            StatusCode::BAD_REQUEST,
            "it may, but this is no form"
        );
    }
    assert_eq!(nobody.post_raw(path, kind, &large).await.status, StatusCode::BAD_REQUEST);
    assert!(actions(&hall).contains(&Action::Denied));
}

/// Files do not come back, so no button pretends to send one.
#[tokio::test]
async fn a_file_is_asked_for_again_when_the_session_ends_in_the_middle() {
    let hall = hall();
    let browser = hall.signed_in("admin").await;
    let home = browser.get("/").await;
    hall.clock.advance(SignedDuration::from_mins(31));
    let large = vec![b'a'; 1_000_000];
    for file in [&b""[..], b"id,name", &large] {
        let expired = browser.upload(&home, "/town/topics/import", &[], ("file", "a.csv", file)).await;
        assert_eq!(expired.status, StatusCode::UNAUTHORIZED);
        assert!(expired.body.contains("ファイルを選びなおす"));
        assert!(!expired.body.contains("入力した内容を送信する</button>"));
    }
}

/// Sends the form of a new broadcast as its page does: as one that may bring a picture.
async fn send_broadcast(browser: &Browser, page: &Seen, typed: &[(&str, &str)], picture: &[u8]) -> Seen {
    let forms = forms(&page.body);
    let mut fields = broadcasts::form_to(&forms, "/broadcasts/new").untouched();
    fields.retain(|(name, _)| name != "csrf" && !typed.iter().any(|(other, _)| name == other));
    let kept = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let fields: Vec<(&str, &str)> = kept.chain(typed.iter().copied()).collect();
    browser.upload(page, "/broadcasts/new", &fields, ("ja-0-file", "a.png", picture)).await
}

/// What a form holds that came back; it is sent where the first one went.
fn come_back(seen: &Seen) -> Form {
    broadcasts::form_to(&forms(&seen.body), "/broadcasts/new").clone()
}

/// The form of a broadcast may bring a picture, and so is another kind of form: its words come back all the same.
#[tokio::test]
async fn a_broadcast_that_was_being_written_is_not_lost_when_the_session_ends() {
    let hall = broadcasts::hall();
    let browser = hall.signed_in("aoki").await;
    let page = browser.get("/broadcasts/new").await;
    hall.clock.advance(SignedDuration::from_mins(31));
    let typed = [("title", "断水のお知らせ"), ("ja-0-text", "<b>あす</b>\r\n断水します"), ("do", "save")];
    let expired = send_broadcast(&browser, &page, &typed, b"").await;
    assert_eq!(expired.status, StatusCode::UNAUTHORIZED);
    for said in ["件名（職員用）", "断水のお知らせ", "日本語 1通目 本文", "&lt;b&gt;あす"] {
        assert!(expired.body.contains(said), "{said}: {}", expired.body);
    }
    for not in ["ファイル", "集める日", "<b>あす"] {
        assert!(!expired.body.contains(not), "{not}: {}", expired.body);
    }
    browser.sign_in("aoki", "/signed-in").await;
    // Sent from the first page once more, it carries the token of the session that has ended.
    let again = send_broadcast(&browser, &page, &typed, b"").await;
    assert_eq!(
        (again.status, come_back(&again).untouched().len()),
        (StatusCode::FORBIDDEN, 1 + come_back(&expired).untouched().len())
    );
    let again = broadcasts::send(&browser, &come_back(&expired), &[]).await;
    assert_eq!(again.status, StatusCode::FORBIDDEN, "the page that came back has no token at all");
    let sent = broadcasts::send(&browser, &come_back(&again), &[]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let kept = browser.get(sent.location()).await;
    assert!(kept.body.contains("断水のお知らせ") && kept.body.contains("&lt;b&gt;あす"), "{}", kept.body);
}

#[tokio::test]
async fn of_a_broadcast_with_a_picture_the_words_come_back_and_the_picture_is_asked_for() {
    let hall = broadcasts::hall();
    let browser = hall.signed_in("aoki").await;
    let page = browser.get("/broadcasts/new").await;
    hall.clock.advance(SignedDuration::from_mins(31));
    let typed = [("title", "断水のお知らせ"), ("ja-0-text", "断水します"), ("do", "save")];
    let expired = send_broadcast(&browser, &page, &typed, &vec![7; 1_000_000]).await;
    assert_eq!(expired.status, StatusCode::UNAUTHORIZED);
    assert!(expired.body.contains("選んだファイルは残せませんでした"), "{}", expired.body);
    let form = come_back(&expired).untouched();
    assert!(form.contains(&("ja-0-text".to_owned(), "断水します".to_owned())), "{form:?}");
    assert!(expired.body.len() < 100_000, "the picture itself does not come back");
}

/// Whoever is not signed in must not be able to make an answer that is too large for Lambda.
#[tokio::test]
async fn more_text_than_an_answer_can_hold_does_not_come_back() {
    let browser = broadcasts::hall().browser();
    for (bytes, expected) in [(300_000, StatusCode::UNAUTHORIZED), (400_000, StatusCode::PAYLOAD_TOO_LARGE)] {
        let text = "\"".repeat(bytes);
        let answered = browser.post_as("/broadcasts/new", &[("ja-0-text", &text)], ORIGIN).await;
        assert_eq!(answered.status, expected, "{bytes} bytes");
        assert!(answered.body.len() < 6_000_000, "{bytes} bytes become {}", answered.body.len());
    }
}

#[tokio::test]
async fn one_leaves_even_after_the_session_has_ended_and_at_the_issuer_too() {
    let hall = hall();
    let browser = hall.signed_in("admin").await;
    let home = browser.get("/").await;
    hall.clock.advance(SignedDuration::from_mins(31));
    let left = browser.post(&home, "/sign-out", &[]).await;
    assert_eq!(left.status, StatusCode::OK);
    assert!(
        left.headers["refresh"].to_str().unwrap().contains("https://issuer.example/sign-out"),
        "{:?}",
        left.headers
    );
    assert!(browser.session_cookie().is_none());
}

#[tokio::test]
async fn what_is_too_large_or_no_form_is_refused() {
    let hall = hall();
    let browser = hall.signed_in("admin").await;
    let home = browser.get("/").await;
    let huge = browser.post(&home, "/sign-out", &[("note", &"あ".repeat(4_000_000))]).await;
    assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
    let broken = browser.post_raw("/sign-out", "multipart/form-data; boundary=b", b"--b\r\nbroken").await;
    assert_eq!(broken.status, StatusCode::BAD_REQUEST);
    assert_eq!(browser.get("/no-such-page").await.status, StatusCode::NOT_FOUND);
    let form_only = browser.get("/sign-out").await;
    assert_eq!(form_only.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(form_only.body.contains("このアドレスは直接開けません"));
}

#[tokio::test]
async fn every_answer_has_the_headers_that_protect_it() {
    let hall = hall();
    let browser = hall.signed_in("admin").await;
    for path in ["/", "/sign-in", "/no-such-page", "/signed-out", "/trial/code"] {
        let seen = browser.get(path).await;
        let header =
            |name: &str| seen.headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
        assert_eq!(header("content-security-policy"), POLICY, "{path}");
        assert_eq!(header("x-frame-options"), "DENY");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), "same-origin");
        assert!(header("strict-transport-security").starts_with("max-age=31536000"));
        assert_eq!(header("cache-control"), "no-store");
        for inline in ["<script>", "style=\"", "onclick", "javascript:"] {
            assert!(!seen.body.contains(inline), "{path} holds {inline}");
        }
    }
    let style = browser.get(console::assets::stylesheet()).await;
    assert_eq!(style.headers[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
}

/// Broken stores are said in words, and nobody is let in because of them.
#[tokio::test]
async fn a_store_that_fails_closes_the_door() {
    let hall = hall();
    let browser = hall.signed_in("admin").await;
    hall.staff.fail_reads(1);
    let seen = browser.get("/").await;
    assert_eq!(seen.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(seen.body.contains("いま処理できませんでした"));
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
}

/// Whoever is denied the same again and again does not fill the log.
#[tokio::test]
async fn a_repeated_denial_is_recorded_once_a_minute() {
    let hall = hall();
    let browser = hall.signed_in("reader").await;
    let denied = |hall: &TownHall| actions(hall).into_iter().filter(|action| *action == Action::Denied).count();
    for person in 0..50 {
        assert_eq!(browser.get(&format!("/people/{person}")).await.status, StatusCode::FORBIDDEN, "denied every time");
    }
    assert_eq!(denied(&hall), 1, "whatever stands in the address");
    browser.get("/audit").await;
    assert_eq!(denied(&hall), 2, "another page is another entry");
    hall.clock.advance(SignedDuration::from_secs(59));
    browser.get("/audit").await;
    assert_eq!(denied(&hall), 2);
    hall.clock.advance(SignedDuration::from_secs(1));
    browser.get("/audit").await;
    assert_eq!(denied(&hall), 3);
}

#[tokio::test]
async fn who_signs_out_is_out_even_while_nothing_can_be_recorded() {
    let hall = hall();
    let browser = hall.signed_in("admin").await;
    let stolen = browser.session_cookie().unwrap();
    let home = browser.get("/").await;
    hall.staff.fail([tests::staff::StaffFault::Throttled]);
    let out = browser.post(&home, "/sign-out", &[]).await;
    assert_eq!(out.status, StatusCode::OK);
    assert_eq!(hall.staff.sessions(&"admin".parse().unwrap()), 0);
    let thief = hall.browser();
    thief.set_cookie(COOKIE_NAME, &stolen);
    assert!(is_signed_out(&thief.get("/").await));
}
