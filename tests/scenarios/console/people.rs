//! People: who is invited, changed, kept out, and what the rules and two administrators at once do to it.

use app::staff::RACES_MAX;
use console::words::people as words;
use domain::audit::Action;
use domain::ids::DepartmentId;
use domain::staff::{Role, Roles, Staff, Standing};
use domain::town::{Department, Town};
use http::StatusCode;
use tests::console::{Browser, Seen, TownHall};
use tests::staff::StaffFault;

/// Texts that would do harm as HTML or as a formula.
const SCRIPT: &str = "<script>alert(1)</script>";
const FORMULA: &str = "=cmd|' /C calc'!A0";

fn id(text: &str) -> DepartmentId {
    text.parse().unwrap()
}

fn town() -> Town {
    let named = |id: &str, name: &str| Department { id: self::id(id), name: name.to_owned(), phone: String::new() };
    let departments = [named("garbage", "環境課"), named("roads", "道路課"), named("safety", SCRIPT)];
    Town { departments: departments.into_iter().map(|known| (known.id.clone(), known)).collect(), ..Town::default() }
}

/// Two administrators and an editor.
fn hall() -> TownHall {
    let hall = TownHall::of(town());
    hall.staff.settle([
        TownHall::person("admin", [Role::Administrator]),
        TownHall::person("second", [Role::Administrator]),
        TownHall::person("hanako", [Role::Editor(id("garbage"))]),
    ]);
    hall
}

fn person(hall: &TownHall, id: &str) -> Staff {
    hall.staff.person(&id.parse().unwrap()).unwrap()
}

fn roles(roles: impl IntoIterator<Item = Role>) -> Roles {
    Roles(roles.into_iter().collect())
}

fn actions(hall: &TownHall) -> Vec<Action> {
    hall.staff.acts().into_iter().map(|act| act.action).filter(|action| *action != Action::SignIn).collect()
}

/// Sends the form of `page` with these fields.
async fn send(browser: &Browser, page: &Seen, path: &str, fields: &[(&str, &str)]) -> Seen {
    let kept = ["seen", "id"].map(|name| (name, page.field(name)));
    let kept = kept.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?)));
    browser.post(page, path, &kept.chain(fields.iter().copied()).collect::<Vec<_>>()).await
}

#[track_caller]
fn has(seen: &Seen, texts: &[&str]) {
    for text in texts {
        assert!(seen.body.contains(text), "{text} is not in {}", seen.body);
    }
}

#[tokio::test]
async fn the_list_says_who_is_there_and_what_they_may() {
    let hall = hall();
    let mut invited = TownHall::person("new", [Role::Reader(id("gone"))]);
    (invited.standing, invited.identity) = (Standing::Invited, None);
    let mut out = TownHall::person("old", [Role::Approver(id("roads")), Role::Editor(id("roads"))]);
    (out.standing, out.phone) = (Standing::Disabled, Some(format!("U{}", "a".repeat(32)).parse().unwrap()));
    hall.staff.settle([invited, out]);
    let list = hall.signed_in("admin").await.get("/people").await;
    has(&list, &["職員の一覧（5人）", "職員 admin</a>（あなた）", "招待中", "利用中", "停止中", "管理者"]);
    has(
        &list,
        &["環境課：編集者", "道路課：承認者", "gone（なくなった課）：閲覧者", "つながっています", "つながっていません"],
    );
    assert!(!list.body.contains("道路課：編集者"), "an approver is an editor anyway");
    assert!(!list.body.contains(&"a".repeat(32)), "whose phone it is, is nobody's business");
}

#[tokio::test]
async fn the_list_is_searched_and_paged() {
    let hall = hall();
    hall.staff.settle((0..120).map(|number| TownHall::person(&format!("p{number:03}"), [Role::Reader(id("roads"))])));
    let browser = hall.signed_in("admin").await;
    let mut names = Vec::new();
    for page in ["/people", "/people?page=2", "/people?page=3"] {
        let seen = browser.get(page).await;
        names.extend(seen.body.match_indices("href=\"/people/p").map(|(at, _)| seen.body[at..at + 20].to_owned()));
    }
    assert_eq!((names.len(), names.first().unwrap().as_str()), (120, "href=\"/people/p000\">"));
    names.dedup();
    assert_eq!(names.len(), 120, "nobody stands on two pages");
    has(&browser.get("/people").await, &["3ページ中1ページ", "/people?page=2"]);
    for page in ["/people?page=99", "/people?page=3"] {
        has(&browser.get(page).await, &["3ページ中3ページ"]);
    }
    for wrong in ["/people?page=0", "/people?page=-1", "/people?page=x"] {
        has(&browser.get(wrong).await, &["3ページ中1ページ"]);
    }
    for found in ["P007@", "職員 Ｐ００７", "職員p007"] {
        let seen = search(&browser, &[("q", found)]).await;
        has(&seen, &["（1人）", "職員 p007"]);
        assert_eq!(seen.field("q").as_deref(), Some(found), "what was asked for can be changed");
    }
    has(&search(&browser, &[("q", "nobody-of-this-name")]).await, &[words::NOBODY]);
}

/// Sends the search of the list: what is searched for stands in no address.
async fn search(browser: &Browser, fields: &[(&str, &str)]) -> Seen {
    browser.post(&browser.get("/people").await, "/people", fields).await
}

#[tokio::test]
async fn what_was_found_is_paged_without_a_name_in_an_address() {
    let hall = hall();
    hall.staff.settle((0..120).map(|number| TownHall::person(&format!("p{number:03}"), [Role::Reader(id("roads"))])));
    let browser = hall.signed_in("admin").await;
    let mut names = Vec::new();
    for page in ["", "2", "3"] {
        let seen = search(&browser, &[("q", "職員 p"), ("page", page)]).await;
        names.extend(seen.body.match_indices("href=\"/people/p").map(|(at, _)| seen.body[at..at + 20].to_owned()));
        has(&seen, &["（120人）", "name=\"q\" value=\"職員 p\"", "type=\"submit\" name=\"page\""]);
        assert!(!seen.body.contains("q="), "{}", seen.body);
    }
    names.dedup();
    assert_eq!(names.len(), 120, "everybody, once");
    let asked_by_address = browser.get("/people?q=p007").await;
    has(&asked_by_address, &["（123人）"]);
}

#[tokio::test]
async fn somebody_is_invited_once() {
    let hall = hall();
    let browser = hall.signed_in("admin").await;
    let form = browser.get("/people/invite").await;
    let typed = [
        ("name", " 山田 花子 "),
        ("email", "Yamada@City.example"),
        ("role-garbage", "approver"),
        ("role-roads", "reader"),
        ("role-safety", "none"),
    ];
    let sent = send(&browser, &form, "/people/invite", &typed).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let again = send(&browser, &form, "/people/invite", &typed).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "a double click");
    let new = person(&hall, form.field("id").unwrap().as_str());
    assert_eq!((new.name.as_str(), new.email.as_str()), ("山田 花子", "yamada@city.example"));
    assert_eq!(new.roles, roles([Role::Approver(id("garbage")), Role::Reader(id("roads"))]));
    assert_eq!(new.standing, Standing::Invited);
    assert_eq!(actions(&hall), [Action::Invite]);
    assert_eq!(hall.accounts.mails(), [new.email]);
    let page = browser.get(sent.location()).await;
    has(&page, &[words::DONE_INVITED_MAILED.text, words::TELL_THEM, "https://console.example/", "yamada@city.example"]);
    has(&browser.get(again.location()).await, &[words::DONE_INVITED_KNOWN.text]);
}

/// Sends a good invitation for an address; the page to which it leads.
async fn invite(browser: &Browser, email: &str) -> Seen {
    let form = browser.get("/people/invite").await;
    let typed = [("name", "山田 花子"), ("email", email), ("role-roads", "reader")];
    let sent = send(browser, &form, "/people/invite", &typed).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    browser.get(sent.location()).await
}

#[tokio::test]
async fn an_invitation_without_a_mail_stands_and_the_mail_is_sent_by_a_button() {
    let hall = hall();
    let browser = hall.signed_in("admin").await;
    hall.accounts.fail(2);
    let told = invite(&browser, "yamada@city.example").await;
    has(&told, &[words::DONE_INVITED_UNMAILED.title, words::MAIL_AGAIN]);
    let (roster, _) = app::ports::staff::StaffStore::roster(&*hall.staff).await.unwrap();
    let new = roster.0.into_iter().find(|staff| staff.email.as_str() == "yamada@city.example").unwrap();
    let again = format!("/people/{}/mail", new.id);
    has(&told, &[&format!("action=\"{again}\"")]);
    // The second one goes out for the first time, the third one again.
    for (done, mails) in [("unmailed", 0), ("mailed", 1), ("mailed", 2)] {
        let sent = browser.post(&told, &again, &[]).await;
        assert_eq!(sent.location(), format!("/people/{}?done={done}", new.id));
        assert_eq!(hall.accounts.mails().len(), mails);
    }
    has(&browser.get(&format!("/people/{}?done=unmailed", new.id)).await, &[words::NOT_MAILED.title]);
    hall.accounts.settle(&new.email);
    let sent = browser.post(&told, &again, &[]).await;
    has(&browser.get(sent.location()).await, &[words::HAS_PASSWORD.title]);
    assert_eq!(hall.accounts.mails().len(), 2, "whoever has a password keeps it");
    assert_eq!(actions(&hall), [Action::Invite; 5], "each try is recorded");
    // Whoever has come needs no invitation.
    hall.browser().sign_in("yamada/yamada@city.example", "/").await;
    let sent = browser.post(&told, &again, &[]).await;
    assert_eq!(sent.location(), format!("/people/{}", new.id));
    assert_eq!(actions(&hall).iter().filter(|action| **action == Action::Invite).count(), 5);
    assert!(!browser.get(sent.location()).await.body.contains(words::MAIL_AGAIN));
}

#[tokio::test]
async fn where_accounts_are_not_ours_nothing_is_sent_and_the_page_says_so() {
    let hall = TownHall::of_foreign_accounts(town());
    hall.staff.settle([TownHall::person("admin", [Role::Administrator])]);
    let browser = hall.signed_in("admin").await;
    has(&browser.get("/people/invite").await, &[words::INVITE_LEAD]);
    let told = invite(&browser, "yamada@city.example").await;
    has(&told, &[words::DONE_INVITED.text, words::NOTHING_SENT, "手引き「職員を招待する」"]);
    assert!(!told.body.contains(words::MAIL_AGAIN));
    let id = hall.staff.acts().into_iter().find(|act| act.action == Action::Invite).unwrap().subject;
    let person = format!("/people/{}", id.split_once('/').unwrap().1);
    let sent = browser.post(&told, &format!("{person}/mail"), &[]).await;
    assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, person.as_str()));
    assert_eq!(actions(&hall), [Action::Invite]);
}

#[tokio::test]
async fn a_refused_invitation_says_why_and_keeps_what_was_typed() {
    let hall = hall();
    let browser = hall.signed_in("admin").await;
    let form = browser.get("/people/invite").await;
    let good =
        [("name", "山田 花子"), ("email", "yamada@city.example"), ("administrator", "yes"), ("role-roads", "editor")];
    let long = "あ".repeat(61);
    for (wrong, field, said) in [
        (vec![("name", "")], "name", words::BAD_NAME),
        (vec![("name", long.as_str())], "name", words::BAD_NAME),
        (vec![("email", "yamada")], "email", words::BAD_EMAIL),
        (vec![("email", "hanako@city.example")], "email", words::EMAIL_TAKEN),
        (vec![("role-roads", "emperor")], "role-roads", words::BAD_ROLE),
    ] {
        let kept = good.iter().filter(|(name, _)| wrong.iter().all(|(other, _)| other != name));
        let typed: Vec<_> = kept.chain(&wrong).copied().collect();
        let back = send(&browser, &form, "/people/invite", &typed).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
        has(&back, &["<title>エラー：", said, &format!("id=\"f-{field}-error\""), &format!("href=\"#f-{field}\"")]);
        for (name, value) in typed.iter().filter(|(name, _)| ["name", "email"].contains(name)) {
            assert_eq!(back.field(name).unwrap_or_default(), *value);
        }
        assert!(back.body.contains("value=\"yes\" checked"), "the box stays ticked");
        assert_eq!(back.body.contains("value=\"editor\" selected"), field != "role-roads");
        assert_eq!(back.field("id"), form.field("id"), "the same invitation");
    }
    let back = send(&browser, &form, "/people/invite", &good[..2]).await;
    has(&back, &[words::CHOOSE_ROLE, "id=\"f-administrator-error\""]);
    assert_eq!(browser.post(&form, "/people/invite", &good).await.status, StatusCode::BAD_REQUEST, "no id");
    // An id that our form did not mint could be the name of a page, or somebody's.
    for id in ["", "help", "invite", "admin", "second"] {
        let fields: Vec<_> = good.iter().copied().chain([("id", id)]).collect();
        assert_eq!(browser.post(&form, "/people/invite", &fields).await.status, StatusCode::BAD_REQUEST, "{id}");
    }
    assert_eq!(actions(&hall), []);
}

#[tokio::test]
async fn somebody_gets_another_name_and_other_roles() {
    let hall = hall();
    let browser = hall.signed_in("admin").await;
    let form = browser.get("/people/hanako").await;
    has(&form, &["value=\"職員 hanako\"", words::EMAIL_FIXED]);
    let typed = [("name", "田中 花子"), ("administrator", "yes"), ("role-garbage", "none"), ("role-roads", "approver")];
    let sent = send(&browser, &form, "/people/hanako", &typed).await;
    assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, "/people/hanako?done=changed"), "{}", sent.body);
    let changed = person(&hall, "hanako");
    assert_eq!(changed.name.as_str(), "田中 花子");
    assert_eq!(changed.roles, roles([Role::Administrator, Role::Approver(id("roads"))]));
    has(&browser.get(sent.location()).await, &[words::DONE_CHANGED.title]);
    let act = hall.staff.acts().into_iter().find(|act| act.action == Action::ChangePerson).unwrap();
    assert!(act.before.contains("職員 hanako") && act.after.contains("田中 花子"));
    let no_role = [("name", "田中 花子"), ("role-garbage", "none")];
    let back = send(&browser, &browser.get("/people/hanako").await, "/people/hanako", &no_role).await;
    assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
    has(&back, &[words::CHOOSE_ROLE]);
    for unknown in ["/people/nobody", "/people/A%20B", "/people/nobody/disable"] {
        assert_eq!(browser.get(unknown).await.status, StatusCode::NOT_FOUND, "{unknown}");
    }
}

#[tokio::test]
async fn nobody_lifts_their_own_roles() {
    let hall = hall();
    let browser = hall.signed_in("admin").await;
    let own = browser.get("/people/admin").await;
    has(&own, &[words::OWN.title, words::OWN.text]);
    assert!(!own.body.contains("role-roads") && !own.body.contains("/people/admin/disable"), "{}", own.body);
    let forged = [("name", "わたし"), ("administrator", "yes"), ("role-roads", "approver")];
    let refused = send(&browser, &own, "/people/admin", &forged).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    has(&refused, &[words::ONESELF, "value=\"わたし\""]);
    for path in ["/people/admin/disable", "/people/admin/enable"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        has(&page, &[words::ONESELF]);
    }
    let refused = send(&browser, &own, "/people/admin/disable", &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(person(&hall, "admin").roles, roles([Role::Administrator]));
    let renamed = send(&browser, &own, "/people/admin", &[("name", "わたし")]).await;
    assert_eq!(renamed.status, StatusCode::SEE_OTHER, "{}", renamed.body);
    let now = person(&hall, "admin");
    assert_eq!((now.name.as_str(), now.roles), ("わたし", roles([Role::Administrator])));
}

#[tokio::test]
async fn the_last_administrator_stays_one() {
    let hall = hall();
    let browser = hall.signed_in("admin").await;
    let page = browser.get("/people/second/disable").await;
    let sent = send(&browser, &page, "/people/second/disable", &[]).await;
    assert_eq!(sent.location(), "/people/second?done=disabled");
    let own = browser.get("/people/admin").await;
    for (path, typed) in
        [("/people/admin", &[("name", "わたし"), ("role-roads", "approver")][..]), ("/people/admin/disable", &[])]
    {
        let refused = send(&browser, &own, path, typed).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        has(&refused, &[words::LAST_ADMINISTRATOR]);
    }
    assert_eq!(person(&hall, "admin").standing, Standing::Active);
}

#[tokio::test]
async fn who_is_disabled_is_out_at_once_and_can_be_let_in_again() {
    let hall = hall();
    let (browser, hanako) = (hall.signed_in("admin").await, hall.signed_in("hanako").await);
    assert_eq!(hanako.get("/").await.status, StatusCode::OK);
    let ask = browser.get("/people/hanako/disable").await;
    has(&ask, &["職員 hanakoさんの利用を停止しますか", words::DISABLE_DOES[0], "環境課：編集者"]);
    let sent = send(&browser, &ask, "/people/hanako/disable", &[]).await;
    assert_eq!(sent.location(), "/people/hanako?done=disabled");
    assert_eq!(hanako.get("/").await.status, StatusCode::SEE_OTHER, "out");
    assert_eq!(hall.browser().sign_in("hanako", "/").await.status, StatusCode::FORBIDDEN);
    let again = browser.get("/people/hanako/disable").await;
    assert_eq!((again.status, again.location()), (StatusCode::SEE_OTHER, "/people/hanako"), "nothing to ask any more");
    has(&browser.get(sent.location()).await, &[words::DONE_DISABLED.title, "停止中", "/people/hanako/enable"]);
    let ask = browser.get("/people/hanako/enable").await;
    let sent = send(&browser, &ask, "/people/hanako/enable", &[]).await;
    assert_eq!(sent.location(), "/people/hanako?done=enabled");
    assert_eq!(hanako.get("/").await.status, StatusCode::SEE_OTHER, "the old session does not come back");
    assert_eq!(hall.signed_in("hanako").await.get("/").await.status, StatusCode::OK);
    let changes = [Action::DisablePerson, Action::SignInRefused, Action::EnablePerson];
    assert_eq!(actions(&hall), changes);
}

#[tokio::test]
async fn of_two_administrators_the_second_is_told_and_overwrites_nothing() {
    let hall = hall();
    let (one, two) = (hall.signed_in("admin").await, hall.signed_in("second").await);
    let (form, other) = (one.get("/people/hanako").await, two.get("/people/hanako").await);
    let theirs = [("name", "田中 花子"), ("role-garbage", "reader")];
    assert_eq!(send(&two, &other, "/people/hanako", &theirs).await.status, StatusCode::SEE_OTHER);
    let mine = [("name", "職員 hanako"), ("role-garbage", "editor"), ("role-roads", "approver")];
    let told = send(&one, &form, "/people/hanako", &mine).await;
    assert_eq!(told.status, StatusCode::CONFLICT, "{}", told.body);
    has(&told, &[words::MEANWHILE.title, words::THEIR_CHANGES, words::YOUR_CHANGES, words::START_ANEW]);
    let (their_part, my_part) = told.body.split_once(words::YOUR_CHANGES).unwrap();
    let my_table = my_part.split_once("</table>").unwrap().0;
    for text in ["職員 hanako", "田中 花子", "編集者", "閲覧者"] {
        assert!(their_part.contains(text), "{text} is not in what they changed: {their_part}");
        assert!(my_table.contains(text), "{text} is not in what I typed: {my_table}");
    }
    assert!(my_table.contains("承認者") && !their_part.contains("承認者"));
    assert_eq!(told.field("name").as_deref(), Some("職員 hanako"), "what was typed is still there");
    let now = person(&hall, "hanako");
    assert_eq!((now.name.as_str(), now.roles), ("田中 花子", roles([Role::Reader(id("garbage"))])), "not overwritten");
    // After a look, the same is saved.
    let saved = send(&one, &told, "/people/hanako", &mine).await;
    assert_eq!(saved.location(), "/people/hanako?done=changed");
    assert_eq!(person(&hall, "hanako").name.as_str(), "職員 hanako");
    assert_eq!(actions(&hall), [Action::ChangePerson; 2]);
}

#[tokio::test]
async fn what_happens_between_reading_and_writing_is_a_conflict_too() {
    let hall = hall();
    let browser = hall.signed_in("admin").await;
    let form = browser.get("/people/hanako").await;
    let typed = [("name", "職員 hanako"), ("role-roads", "editor")];
    // The browser's own requests write that the session is used: only after a minute, so none of them does here.
    let faster = Staff { name: "田中 花子".parse().unwrap(), ..person(&hall, "hanako") };
    hall.staff.meanwhile([faster]);
    let told = send(&browser, &form, "/people/hanako", &typed).await;
    assert_eq!(told.status, StatusCode::CONFLICT, "{}", told.body);
    assert_eq!(person(&hall, "hanako").name.as_str(), "田中 花子");
    // Somebody else was changed: this one can still be.
    let form = browser.get("/people/hanako").await;
    hall.staff.meanwhile([Staff { name: "二人目".parse().unwrap(), ..person(&hall, "second") }]);
    assert_eq!(send(&browser, &form, "/people/hanako", &typed).await.status, StatusCode::SEE_OTHER);
    // Disabling asks again as well.
    let ask = browser.get("/people/hanako/disable").await;
    hall.staff.meanwhile([TownHall::person("hanako", [Role::Administrator])]);
    let told = send(&browser, &ask, "/people/hanako/disable", &[]).await;
    assert_eq!(told.status, StatusCode::CONFLICT);
    has(&told, &[words::ASK_AGAIN, "管理者"]);
    assert_eq!(person(&hall, "hanako").standing, Standing::Active);
    hall.staff.fail(std::iter::repeat_n(StaffFault::Raced, RACES_MAX));
    let busy = send(&browser, &told, "/people/hanako/disable", &[]).await;
    assert_eq!(busy.status, StatusCode::SERVICE_UNAVAILABLE, "outrun again and again");
}

#[tokio::test]
async fn a_first_sign_in_and_a_double_click_are_no_conflict() {
    let hall = hall();
    let mut invited = TownHall::person("new", [Role::Reader(id("roads"))]);
    (invited.standing, invited.identity) = (Standing::Invited, None);
    hall.staff.settle([invited]);
    let browser = hall.signed_in("admin").await;
    let form = browser.get("/people/new").await;
    hall.browser().sign_in("new/new@city.example", "/").await;
    assert_eq!(person(&hall, "new").standing, Standing::Active);
    let typed = [("name", "職員 new"), ("role-roads", "editor")];
    for _ in 0..2 {
        let sent = send(&browser, &form, "/people/new", &typed).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    }
    assert_eq!(person(&hall, "new").standing, Standing::Active);
    assert_eq!(hall.staff.acts().iter().filter(|act| act.action == Action::ChangePerson).count(), 2);
    for wrong in ["", "{}", "null", SCRIPT] {
        let sent = browser.post(&form, "/people/new", &[("seen", wrong), ("name", "x")]).await;
        assert_eq!(sent.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
}

#[tokio::test]
async fn nothing_that_was_typed_becomes_markup() {
    let hall = hall();
    for (at, text) in [SCRIPT, FORMULA].into_iter().enumerate() {
        let staff = TownHall::person(&format!("evil{at}"), [Role::Editor(id("safety"))]);
        hall.staff.settle([Staff { name: text.parse().unwrap(), ..staff }]);
    }
    let browser = hall.signed_in("admin").await;
    let tame = |seen: &Seen| {
        assert!(!seen.body.contains("<script>alert"), "{}", seen.body);
        assert!(seen.body.contains("&lt;script&gt;alert"), "{}", seen.body);
    };
    let found = search(&browser, &[("q", SCRIPT)]).await;
    tame(&found);
    has(&browser.get("/people").await, &["=cmd|' /C calc'!A0"]);
    for path in ["/people/evil0", "/people/evil0/disable", "/people/invite"] {
        tame(&browser.get(path).await);
    }
    let form = browser.get("/people/invite").await;
    let names = ["name", "email", "role-garbage", "role-roads", "role-safety", "administrator"];
    tame(&send(&browser, &form, "/people/invite", &names.map(|name| (name, SCRIPT))).await);
    let form = browser.get("/people/evil0").await;
    let faster = Staff { name: format!("二{SCRIPT}").parse().unwrap(), ..person(&hall, "evil0") };
    hall.staff.meanwhile([faster]);
    let told = send(&browser, &form, "/people/evil0", &[("name", SCRIPT), ("role-safety", "approver")]).await;
    assert_eq!(told.status, StatusCode::CONFLICT);
    tame(&told);
}

#[tokio::test]
async fn everybody_may_read_what_the_roles_mean() {
    let hall = hall();
    let help = hall.signed_in("hanako").await.get("/people/help").await;
    assert_eq!(help.status, StatusCode::OK);
    has(&help, &["閲覧者", "編集者", "承認者", "管理者", words::HELP_RULES[0]]);
}
