//! A broadcast from its form to its approval: who may do what with it, and what is told to whom.

use app::ports::broadcasts::Broadcasts;
use app::ports::{Clock, Versioned};
use domain::audit::Action;
use domain::broadcast::{Broadcast, Earnest, Guard, Origin, Pause, PauseReason, Reach, State};
use domain::ids::BroadcastId;
use domain::language::Language;
use domain::resident::{Standing, Switch};
use domain::sending::frozen::PackedId;
use domain::sending::plan::Plan;
use domain::staff::Role;
use domain::town::{Department, QuietHours, Town};
use http::StatusCode;
use tests::console::{Browser, ORIGIN, Seen, TownHall};
use tests::forms::{Form, forms};
use tests::post::Friend;

pub(super) const EVIL: &str = r#"<script>alert(1)</script>"'><img src=x>"#;

/// A town hall with an editor, an approver and one who is both for roads, and an editor and approver of another department.
pub(super) fn hall() -> TownHall {
    hall_with(|_| {})
}

/// The same in a town that is a little different.
pub(super) fn hall_with(change: impl FnOnce(&mut Town)) -> TownHall {
    let mut town = Town::default();
    "ためし町".clone_into(&mut town.profile.name);
    for id in ["roads", "other"] {
        let department = Department { id: id.parse().unwrap(), name: format!("{id}課"), phone: String::new() };
        town.departments.insert(department.id.clone(), department);
    }
    change(&mut town);
    let hall = TownHall::of(town);
    let roads = || "roads".parse().unwrap();
    let other = || "other".parse().unwrap();
    hall.staff.settle([
        TownHall::person("aoki", [Role::Editor(roads())]),
        TownHall::person("baba", [Role::Approver(roads())]),
        TownHall::person("chiba", [Role::Reader(roads())]),
        TownHall::person("doi", [Role::Approver(other())]),
    ]);
    for number in 0..10_u8 {
        let (language, standing, muted) = (Language::Japanese, Standing::Following, Switch::Off);
        hall.post.befriend(Friend { standing, muted, language, ..Friend::new(PackedId([number; 16])) });
    }
    hall
}

pub(super) fn form_to<'a>(forms: &'a [Form], end: &str) -> &'a Form {
    let found = forms.iter().find(|form| form.action.ends_with(end));
    found.unwrap_or_else(|| panic!("no form goes to …{end}"))
}

/// Sends a form as it came, but for these fields.
pub(super) async fn send(browser: &Browser, form: &Form, changed: &[(&str, &str)]) -> Seen {
    let mut fields = form.untouched();
    fields.retain(|(name, _)| !changed.iter().any(|(other, _)| name == other));
    fields.extend(changed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post_as(&form.action, &fields, ORIGIN).await
}

/// Writes a broadcast and gives its address.
pub(super) async fn written(browser: &Browser, from: &str, title: &str) -> String {
    let page = browser.get(from).await;
    let forms = forms(&page.body);
    let form = form_to(&forms, "/broadcasts/new");
    let sent = send(browser, form, &[("title", title), ("ja-0-text", title), ("do", "save")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    sent.location().split('?').next().unwrap().to_owned()
}

/// Presses a button of a broadcast's page.
pub(super) async fn press(browser: &Browser, at: &str, what: &str) -> Seen {
    let page = browser.get(at).await;
    let forms = forms(&page.body);
    let end = format!("{at}/{what}");
    match forms.iter().find(|form| form.action.ends_with(&end)) {
        Some(form) => send(browser, form, &[]).await,
        // There is no button: somebody who knows the address sends it all the same, with a token of another form.
        None => send(browser, form_to(&forms, "/sign-out"), &[]).await,
    }
}

/// A broadcast as it is kept.
pub(super) async fn stored(hall: &TownHall, at: &str) -> Versioned<Broadcast> {
    let id: BroadcastId = at.rsplit('/').next().unwrap().parse().unwrap();
    hall.post.find(&id).await.unwrap().unwrap()
}

pub(super) async fn state(hall: &TownHall, at: &str) -> State {
    stored(hall, at).await.value.state
}

/// Puts a broadcast where senders and rules would.
pub(super) async fn put(hall: &TownHall, at: &str, state: State) {
    let Versioned { value, version } = stored(hall, at).await;
    hall.post.put(&Broadcast { state, ..value }, Some(version), None).await.unwrap();
}

#[tokio::test]
async fn one_writes_another_approves_and_both_are_recorded() {
    let hall = hall();
    let (aoki, baba) = (hall.signed_in("aoki").await, hall.signed_in("baba").await);
    let at = written(&aoki, "/broadcasts/new", "断水のお知らせ").await;
    assert!(matches!(state(&hall, &at).await, State::Draft));
    assert!(aoki.get("/broadcasts").await.body.contains("断水のお知らせ"));
    assert_eq!(press(&aoki, &at, "ask").await.location(), format!("{at}?done=asked"));
    let State::AwaitingApproval { reach, .. } = state(&hall, &at).await else { panic!("nobody was asked") };
    assert_eq!((reach.reached, reach.followers), (10, 10));
    assert!(!aoki.get(&at).await.body.contains("/approve"), "its author is offered to approve a broadcast to all");
    assert_eq!(press(&baba, &at, "approve").await.location(), format!("{at}?done=approved"));
    assert!(matches!(state(&hall, &at).await, State::Approved { .. }));
    let actions: Vec<Action> = hall.post.acts().iter().map(|act| act.action).collect();
    assert_eq!(actions, [Action::WriteBroadcast, Action::AskApproval, Action::ApproveBroadcast]);
    assert_eq!(hall.post.waiting().0, 1, "its one part was asked for");
}

#[tokio::test]
async fn the_author_of_a_broadcast_to_all_does_not_approve_it() {
    let hall = hall();
    let baba = hall.signed_in("baba").await;
    let at = written(&baba, "/broadcasts/new", "お祭り").await;
    press(&baba, &at, "ask").await;
    let page = baba.get(&at).await;
    assert!(!page.body.contains(&format!("{at}/approve")));
    let forms = forms(&page.body);
    let back = form_to(&forms, "/take-back");
    let mut fields = back.untouched();
    fields.retain(|(name, _)| name != "do");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let forced = baba.post_as(&format!("{at}/approve"), &fields, ORIGIN).await;
    assert_eq!(forced.location(), format!("{at}?done=own-work"));
    assert!(matches!(state(&hall, &at).await, State::AwaitingApproval { .. }));
}

#[tokio::test]
async fn nobody_of_another_department_does_anything_with_it_and_readers_only_read() {
    let hall = hall();
    let aoki = hall.signed_in("aoki").await;
    let at = written(&aoki, "/broadcasts/new", "工事").await;
    for who in ["chiba", "doi"] {
        let browser = hall.signed_in(who).await;
        let page = browser.get(&at).await;
        assert_eq!(page.status, StatusCode::OK);
        let forms = forms(&page.body);
        let token = form_to(&forms, "/sign-out").untouched();
        let fields: Vec<(&str, &str)> = token.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        for what in ["edit", "copy", "ask", "approve", "take-back", "stop", "resume", "remark"] {
            assert!(!page.body.contains(&format!("{at}/{what}")), "{who} is offered to {what}");
            let before = hall.staff.acts().len();
            let answer = browser.post_as(&format!("{at}/{what}"), &fields, ORIGIN).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{who} may {what}");
            assert_eq!(hall.staff.acts().len(), before + 1, "{what} by {who} is not recorded");
        }
        for what in ["edit", "stop"] {
            assert_eq!(
                browser.get(&format!("{at}/{what}")).await.status,
                StatusCode::FORBIDDEN,
                "{who} may see {what}"
            );
        }
    }
    assert!(matches!(state(&hall, &at).await, State::Draft));
}

#[tokio::test]
async fn the_second_of_two_editors_is_told_and_overwrites_nothing() {
    let hall = hall();
    let (aoki, baba) = (hall.signed_in("aoki").await, hall.signed_in("baba").await);
    let at = written(&aoki, "/broadcasts/new", "はじめ").await;
    let edit = format!("{at}/edit");
    let (first, second) = (aoki.get(&edit).await, baba.get(&edit).await);
    let (first, second) = (forms(&first.body), forms(&second.body));
    let done = send(&aoki, form_to(&first, "/edit"), &[("title", "さき"), ("do", "save")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let theirs = [("title", "あと"), ("ja-0-text", "ちがう本文"), ("do", "save")];
    let told = send(&baba, form_to(&second, "/edit"), &theirs).await;
    assert_eq!(told.status, StatusCode::CONFLICT);
    // Their title beside mine, their words beside mine, and nothing of what is the same.
    for (there, here) in [("さき", "あと"), ("はじめ", "ちがう本文")] {
        assert!(told.body.contains(&format!("</span> {there}</del>")), "{}", told.body);
        assert!(told.body.contains(&format!("</span> {here}</ins>")), "{}", told.body);
    }
    assert_eq!(told.body.matches("</del>").count(), 2);
    assert!(aoki.get(&at).await.body.contains("さき"));
    let again = forms(&told.body);
    let done = send(&baba, form_to(&again, "/edit"), &[("do", "save")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert!(aoki.get(&at).await.body.contains("あと"));
}

#[tokio::test]
async fn a_drill_says_so_everywhere_and_so_does_its_copy() {
    let hall = hall();
    let aoki = hall.signed_in("aoki").await;
    let at = written(&aoki, "/broadcasts/new?earnest=drill", "地震の練習").await;
    assert!(aoki.get(&at).await.body.contains("【訓練】"));
    let copied = press(&aoki, &at, "copy").await;
    let copy = copied.location().strip_suffix("/edit").unwrap().to_owned();
    let id: BroadcastId = copy.rsplit('/').next().unwrap().parse().unwrap();
    let copy = hall.post.find(&id).await.unwrap().unwrap().value;
    let original: BroadcastId = at.rsplit('/').next().unwrap().parse().unwrap();
    assert_eq!((copy.earnest, copy.origin), (Earnest::Drill, Origin::CopyOf(original)));
    // A form of a broadcast that is meant says "drill" nowhere; a form of a drill cannot be sent as one that is meant.
    let edit = aoki.get(&format!("{at}/edit")).await;
    let edit = forms(&edit.body);
    send(&aoki, form_to(&edit, "/edit"), &[("earnest", "real"), ("do", "save")]).await;
    let id: BroadcastId = at.rsplit('/').next().unwrap().parse().unwrap();
    assert_eq!(hall.post.find(&id).await.unwrap().unwrap().value.earnest, Earnest::Drill);
}

#[tokio::test]
async fn nothing_that_is_typed_becomes_an_element() {
    let hall = hall();
    let aoki = hall.signed_in("aoki").await;
    let at = written(&aoki, "/broadcasts/new", EVIL).await;
    let page = aoki.get(&at).await;
    let remark = forms(&page.body);
    send(&aoki, form_to(&remark, "/remark"), &[("remark", EVIL)]).await;
    for path in ["/broadcasts".to_owned(), at.clone(), format!("{at}/edit")] {
        let page = aoki.get(&path).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("&lt;script&gt;") && !page.body.contains("<script>alert"), "{path}");
        assert!(!page.body.contains("<img src=x"), "{path}");
    }
}

#[tokio::test]
async fn what_cannot_be_sent_is_told_before_anybody_is_asked() {
    let hall = hall();
    let aoki = hall.signed_in("aoki").await;
    let page = aoki.get("/broadcasts/new").await;
    let forms = forms(&page.body);
    let form = form_to(&forms, "/broadcasts/new");
    let untitled = send(&aoki, form, &[("title", ""), ("do", "save")]).await;
    assert_eq!(untitled.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(untitled.body.contains("件名を入れてください。"));
    let counted = send(&aoki, form, &[("title", "あ"), ("ja-0-text", "い"), ("do", "count")]).await;
    assert_eq!(counted.status, StatusCode::OK);
    assert!(counted.body.contains("いま送ると届く人数"));
    // A draft may be unfinished: it is kept, and what is wrong stands at its field.
    let empty = send(&aoki, form, &[("title", "空の配信"), ("ja-0-text", ""), ("do", "save")]).await;
    let at = empty.location().strip_suffix("/edit?done=unfinished").unwrap_or_else(|| panic!("{empty:?}")).to_owned();
    let again = aoki.get(empty.location()).await;
    assert_eq!(again.status, StatusCode::OK);
    for said in ["下書きを保存しました", r##"<a href="#f-ja-0-text">"##, "空です。入力してください。"]
    {
        assert!(again.body.contains(said), "{said} is not in {}", again.body);
    }
    assert!(aoki.get(&at).await.body.contains("このままでは送れません"));
    let refused = press(&aoki, &at, "ask").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("このままでは送れません"));
    assert!(matches!(state(&hall, &at).await, State::Draft));
}

#[tokio::test]
async fn what_is_written_is_checked_when_it_is_looked_at() {
    let hall = hall();
    let aoki = hall.signed_in("aoki").await;
    let page = aoki.get("/broadcasts/new").await;
    assert!(!page.body.contains("空です。"), "nobody has written anything yet");
    let forms = forms(&page.body);
    let form = form_to(&forms, "/broadcasts/new");
    let wrong = [("title", "あ"), ("ja-0-text", "{nothing}です")];
    for (pressed, said) in [("content:show:ja:", true), ("content:show", true), ("content:add:ja:text", false)] {
        let seen = send(&aoki, form, &[wrong[0], wrong[1], ("do", pressed)]).await;
        assert_eq!(seen.status, StatusCode::OK);
        assert_eq!(seen.body.contains("「{nothing}」に入る町のデータがありません"), said, "{pressed}: {}", seen.body);
        assert!(seen.body.contains("{nothing}です</textarea>"), "{pressed}: {}", seen.body);
    }
}

#[tokio::test]
async fn what_is_too_large_to_be_kept_is_told_and_nothing_that_was_typed_is_lost() {
    let hall = hall();
    let aoki = hall.signed_in("aoki").await;
    let page = aoki.get("/broadcasts/new").await;
    let forms = forms(&page.body);
    let huge = "長".repeat(75_000);
    let typed = [("title", "大きな配信"), ("ja-0-text", huge.as_str()), ("do", "save")];
    let told = send(&aoki, form_to(&forms, "/broadcasts/new"), &typed).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told.body.contains("225,000バイトまでに減らさないと、保存できません"));
    assert!(told.body.contains(&huge) && told.body.contains("大きな配信"));
    assert!(!aoki.get("/broadcasts").await.body.contains("大きな配信"), "it was kept");
}

#[tokio::test]
async fn what_was_typed_stays_when_the_broadcast_has_gone_meanwhile() {
    let hall = hall();
    let aoki = hall.signed_in("aoki").await;
    let at = written(&aoki, "/broadcasts/new", "お祭り").await;
    let edit = aoki.get(&format!("{at}/edit")).await;
    let (since, reach) = (hall.clock.now(), Reach { reached: 10, capped: 0, followers: 10 });
    let plan = Plan { parts: 1, variants: Vec::new() };
    put(&hall, &at, State::Sending { since, reach, plan, pause: None }).await;
    let mut page = edit;
    for _ in 0..2 {
        let forms = forms(&page.body);
        let typed = [("title", "直した件名"), ("ja-0-text", "直した本文"), ("do", "save")];
        page = send(&aoki, form_to(&forms, "/edit"), &typed).await;
        assert_eq!(page.status, StatusCode::CONFLICT);
        for kept in ["この配信は、もう変えられません", "直した件名", "直した本文"] {
            assert!(page.body.contains(kept), "{kept} is not in {}", page.body);
        }
    }
    assert!(aoki.get(&at).await.body.contains("お祭り"));
}

#[tokio::test]
async fn what_has_not_gone_is_thrown_away_once_it_was_confirmed_and_only_as_it_was_seen() {
    let hall = hall();
    let (aoki, baba) = (hall.signed_in("aoki").await, hall.signed_in("baba").await);
    let held = State::Held { at: hall.clock.now(), why: Guard::TooMany };
    for (title, asked, state) in [("一つめ", false, None), ("二つめ", true, None), ("三つめ", false, Some(held))]
    {
        let at = written(&aoki, "/broadcasts/new", title).await;
        if asked {
            press(&aoki, &at, "ask").await;
        }
        if let Some(state) = state {
            put(&hall, &at, state).await;
        }
        assert!(baba.get(&at).await.body.contains("破棄する"), "{title}");
        let confirm = baba.get(&format!("{at}/stop")).await;
        assert!(confirm.body.contains("この配信を破棄しますか") && !confirm.body.contains("配信を止める"), "{title}");
        let forms = forms(&confirm.body);
        // Somebody else has changed it since: what they did is not thrown away unseen.
        hall.post.put(&stored(&hall, &at).await.value, Some(stored(&hall, &at).await.version), None).await.unwrap();
        assert_eq!(send(&baba, form_to(&forms, "/stop"), &[]).await.status, StatusCode::CONFLICT, "{title}");
        assert!(!matches!(self::state(&hall, &at).await, State::Stopped { .. }), "{title}");
        let confirm = baba.get(&format!("{at}/stop")).await;
        let done = send(&baba, form_to(&tests::forms::forms(&confirm.body), "/stop"), &[]).await;
        assert_eq!(done.location(), format!("{at}?done=discarded"));
        let page = baba.get(done.location()).await;
        for said in ["配信を破棄しました", "だれにも送られていません", ">破棄</span>"] {
            assert!(page.body.contains(said), "{title}: {said} is not in {}", page.body);
        }
        assert!(!page.body.contains("配信の結果") && !page.body.contains("破棄する"), "{title}: {}", page.body);
    }
    let list = aoki.get("/broadcasts").await.body;
    assert_eq!((list.matches(">破棄</span>").count(), list.matches(">停止</span>").count()), (3, 0), "{list}");
    assert!(!aoki.get("/broadcasts/after").await.body.contains("一つめ"), "it has not gone");
}

#[tokio::test]
async fn to_how_many_it_would_go_is_for_those_who_write_or_approve_it() {
    let hall = hall();
    let aoki = hall.signed_in("aoki").await;
    let at = written(&aoki, "/broadcasts/new", "工事").await;
    press(&aoki, &at, "ask").await;
    for (who, sees) in [("aoki", true), ("baba", true), ("chiba", false), ("doi", false)] {
        let browser = hall.signed_in(who).await;
        let page = browser.get(&at).await;
        assert_eq!(page.status, StatusCode::OK);
        for count in ["いま送ると届く人数", "友だちの数"] {
            assert_eq!(page.body.contains(count), sees, "{who}, {count}: {}", page.body);
        }
        let counting = browser.get(&format!("{at}/counting.json")).await;
        assert_eq!(counting.status == StatusCode::OK, sees, "{who}");
        let list = browser.get("/broadcasts").await.body;
        let row = list.split("<tr").find(|row| row.contains("工事")).unwrap();
        assert_eq!(row.contains(r#"data-label="人数"><div>10</div>"#), sees, "{who}: {row}");
    }
}

/// As if the town slept at noon.
pub(super) fn noon() -> QuietHours {
    QuietHours::new(jiff::civil::time(11, 0, 0, 0), jiff::civil::time(13, 0, 0, 0)).unwrap()
}

#[tokio::test]
async fn what_is_let_go_on_at_night_says_that_it_goes_on_in_the_morning() {
    let hall = hall_with(|town| {
        town.profile.sending.quiet_hours = Some(noon());
    });
    let (aoki, baba) = (hall.signed_in("aoki").await, hall.signed_in("baba").await);
    for (lane, done, said) in
        [("routine", "resumed-at-night", "朝になったら再開します"), ("emergency", "resumed", "配信を再開しました")]
    {
        let page = aoki.get("/broadcasts/new").await;
        let fields = [("title", lane), ("ja-0-text", lane), ("lane", lane), ("do", "save")];
        let sent = send(&aoki, form_to(&forms(&page.body), "/broadcasts/new"), &fields).await;
        let at = sent.location().split('?').next().unwrap().to_owned();
        let (since, plan) = (hall.clock.now(), Plan { parts: 1, variants: Vec::new() });
        let pause = Some(Pause { at: since, why: PauseReason::Quota });
        put(&hall, &at, State::Sending { since, reach: Reach::default(), plan, pause }).await;
        let resumed = press(&baba, &at, "resume").await;
        assert_eq!(resumed.location(), format!("{at}?done={done}"));
        assert!(baba.get(resumed.location()).await.body.contains(said));
    }
}
