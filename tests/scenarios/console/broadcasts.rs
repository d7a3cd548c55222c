//! A broadcast from its form to its approval: who may do what with it, and what is told to whom.

use app::ports::broadcasts::Broadcasts;
use domain::audit::Action;
use domain::broadcast::{Earnest, Origin, State};
use domain::ids::BroadcastId;
use domain::language::Language;
use domain::resident::{Standing, Switch};
use domain::sending::frozen::PackedId;
use domain::staff::Role;
use domain::town::{Department, Town};
use http::StatusCode;
use tests::console::{Browser, ORIGIN, Seen, TownHall};
use tests::forms::{Form, forms};
use tests::post::Friend;

pub(super) const EVIL: &str = r#"<script>alert(1)</script>"'><img src=x>"#;

/// A town hall with an editor, an approver and one who is both for roads, and an editor and approver of another department.
pub(super) fn hall() -> TownHall {
    let mut town = Town::default();
    "ためし町".clone_into(&mut town.profile.name);
    for id in ["roads", "other"] {
        let department = Department { id: id.parse().unwrap(), name: format!("{id}課"), phone: String::new() };
        town.departments.insert(department.id.clone(), department);
    }
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
        hall.post.befriend(Friend { id: PackedId([number; 16]), standing, muted, district: None, language });
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

pub(super) async fn state(hall: &TownHall, at: &str) -> State {
    let id: BroadcastId = at.rsplit('/').next().unwrap().parse().unwrap();
    hall.post.find(&id).await.unwrap().unwrap().value.state
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
    let empty = send(&aoki, form, &[("title", "空の配信"), ("ja-0-text", ""), ("do", "save")]).await;
    let at = empty.location().split('?').next().unwrap().to_owned();
    let refused = press(&aoki, &at, "ask").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("このままでは送れません"));
    assert!(matches!(state(&hall, &at).await, State::Draft));
}
