//! Reminders in the console: written, tried out, approved, paused, ended; by whom it may be, and by two at once.

use app::ports::Clock;
use app::ports::broadcasts::Broadcasts;
use app::ports::reminders::Reminders;
use domain::audit::Action;
use domain::broadcast::audience::Audience;
use domain::broadcast::content::Content;
use domain::broadcast::{self, Broadcast, Earnest, Guard, Lane, Origin, When};
use domain::garbage::reminder::Slot;
use domain::ids::{BroadcastId, RuleId};
use domain::reminder::{Became, Kind, Outcome, Rule, State};
use domain::staff::Role;
use http::StatusCode;
use jiff::civil::date;
use tests::console::{Browser, Seen, TownHall};
use tests::forms::forms;

use super::broadcasts::{EVIL, form_to, press, send};

/// The town hall of [`super::foreign`], where `roads` approves, with somebody who only edits for roads.
fn hall() -> TownHall {
    let hall = super::foreign::hall();
    hall.staff.settle([TownHall::person("editor", [Role::Editor("roads".parse().unwrap())])]);
    hall
}

/// The form of a page that goes to an address with this end, sent but for these fields.
async fn send_from(browser: &Browser, page: &str, end: &str, changed: &[(&str, &str)]) -> Seen {
    let page = browser.get(page).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    send(browser, form_to(&forms(&page.body), end), changed).await
}

/// Of fields with the same name the last one.
fn last_of_each<'a>(fields: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().copied().collect::<std::collections::BTreeMap<_, _>>().into_iter().collect()
}

/// Writes a rule for every Monday and Thursday, and gives its address.
async fn written(browser: &Browser, name: &str, more: &[(&str, &str)]) -> String {
    let fields = [("rule-name", name), ("ja-0-text", "{date} です。"), ("rule-weekdays", "月"), ("do", "save")];
    let fields: Vec<(&str, &str)> = last_of_each(&fields.iter().chain(more).copied().collect::<Vec<_>>());
    let sent = send_from(browser, "/reminders/new", "/reminders/new", &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    sent.location().strip_suffix("?done=saved").unwrap().to_owned()
}

fn state(hall: &TownHall, at: &str) -> State {
    hall.reminders.rule(&at.rsplit('/').next().unwrap().parse().unwrap()).unwrap().state
}

/// Presses a button of its page.
async fn push(browser: &Browser, at: &str, end: &str) -> String {
    let seen = press(browser, at, end).await;
    assert_eq!(seen.status, StatusCode::SEE_OTHER, "{end}: {}", seen.body);
    seen.location().rsplit("done=").next().unwrap().to_owned()
}

/// Asks for approval, as often as it takes until whom it reaches is counted.
async fn ask(browser: &Browser, at: &str) {
    for _ in 0..20 {
        if push(browser, at, "ask").await == "asked" {
            return;
        }
    }
    panic!("the counting never ends");
}

#[tokio::test]
async fn a_rule_is_written_approved_once_paused_and_ended() {
    let hall = hall();
    let (editor, approver) = (hall.signed_in("editor").await, hall.signed_in("roads").await);
    let at = written(&editor, "道路の点検", &[]).await;
    let page = editor.get(&at).await.body;
    for said in ["道路の点検", "下書き", "毎週月曜日 10:00", "すべての友だち"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert_eq!(page.matches(" です。").count(), 10 + 1, "the next ten dates, and the next on a phone: {page}");
    assert!(!page.contains("{date}"), "{page}");
    ask(&editor, &at).await;
    assert!(matches!(state(&hall, &at), State::Awaiting { .. }));
    assert!(!editor.get(&at).await.body.contains("/approve\""), "an editor approves nothing");
    assert!(approver.get(&at).await.body.contains("配信のたびに"), "what it costs is said to who approves");
    let reader = hall.signed_in("reader").await;
    assert!(!reader.get(&at).await.body.contains("配信のたびに"), "and whom it reaches to nobody else");
    assert_eq!(push(&approver, &at, "approve").await, "approved");
    assert!(matches!(state(&hall, &at), State::On { .. }));
    assert!(editor.get("/reminders").await.body.contains("動いています"));
    assert_eq!(push(&editor, &at, "pause").await, "paused");
    assert!(matches!(state(&hall, &at), State::Paused { .. }));
    assert!(!editor.get(&at).await.body.contains("/go-on\""), "who may not approve lets nothing go on");
    assert_eq!(push(&approver, &at, "go-on").await, "resumed");
    let sent = send_from(&editor, &format!("{at}/end"), "/end", &[]).await;
    assert_eq!(sent.location(), format!("{at}?done=ended"));
    assert!(matches!(state(&hall, &at), State::Ended { .. }));
    let acts: Vec<Action> = hall.staff.acts().into_iter().map(|act| act.action).collect();
    for action in [
        Action::WriteReminder,
        Action::AskReminder,
        Action::ApproveReminder,
        Action::PauseReminder,
        Action::ResumeReminder,
        Action::EndReminder,
    ] {
        assert_eq!(acts.iter().filter(|act| **act == action).count(), 1, "{action:?} in {acts:?}");
    }
}

#[tokio::test]
async fn a_change_voids_the_approval_and_a_new_name_does_not() {
    let hall = hall();
    let (editor, approver) = (hall.signed_in("editor").await, hall.signed_in("roads").await);
    let at = written(&editor, "点検", &[]).await;
    ask(&editor, &at).await;
    push(&approver, &at, "approve").await;
    let edit = format!("{at}/edit");
    let renamed = send_from(&editor, &edit, "/edit", &[("rule-name", "道路の点検"), ("do", "save")]).await;
    assert_eq!(renamed.location(), format!("{at}?done=saved-name"));
    assert!(
        editor.get(renamed.location()).await.body.contains("名前だけを変えました"),
        "and nothing is said of a draft"
    );
    assert!(matches!(state(&hall, &at), State::On { .. }), "another name");
    let went = Outcome { due: hall.clock.now(), became: Became::Missed };
    let rule = hall.reminders.find(&at.rsplit('/').next().unwrap().parse().unwrap()).await.unwrap().unwrap();
    let with = Rule { outcomes: vec![went], ..rule.value };
    hall.reminders.put(&with, Some(rule.version), None).await.unwrap();
    let changed = send_from(&editor, &edit, "/edit", &[("rule-time", "11:00"), ("do", "save")]).await;
    assert_eq!(changed.location(), format!("{at}?done=saved-anew"));
    assert!(editor.get(changed.location()).await.body.contains("まだ出ていなかった配信は、下書きにもどしました"));
    assert_eq!(state(&hall, &at), State::Draft, "another time");
}

#[tokio::test]
async fn the_second_of_two_editors_sees_what_differs_and_loses_nothing() {
    let hall = hall();
    let editor = hall.signed_in("editor").await;
    let at = written(&editor, "点検", &[]).await;
    let edit = format!("{at}/edit");
    let opened = editor.get(&edit).await;
    send_from(&editor, &edit, "/edit", &[("rule-name", "先の名前"), ("do", "save")]).await;
    let late =
        send(&editor, form_to(&forms(&opened.body), "/edit"), &[("rule-name", "あとの名前"), ("do", "save")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.body.contains("先の名前") && late.body.contains("あとの名前"), "{}", late.body);
    let again = send(&editor, form_to(&forms(&late.body), "/edit"), &[("do", "save")]).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    assert!(editor.get(&at).await.body.contains("あとの名前"));
}

#[tokio::test]
async fn mistakes_are_told_at_their_fields_and_everything_typed_stays() {
    let hall = hall();
    let editor = hall.signed_in("editor").await;
    for (field, value, said) in [
        ("rule-name", "", "名前を1行、60文字までで入力してください。"),
        ("rule-time", "25:00", "時刻を入力してください。"),
        ("rule-until", "2020-01-01", "「この日まで」が「この日から」より前です。"),
        ("rule-grace", "9999", "分までで入力してください。"),
        ("rule-except", "あした", "読み取れません。"),
    ] {
        let fields = [
            ("rule-name", "点検"),
            ("ja-0-text", "消えない本文"),
            ("rule-weekdays", "月"),
            (field, value),
            ("do", "save"),
        ];
        let seen = send_from(&editor, "/reminders/new", "/reminders/new", &last_of_each(&fields)).await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert!(seen.body.contains(said) && seen.body.contains("消えない本文"), "{field}: {}", seen.body);
    }
    let none = written(&editor, "もう来ない日", &[("rule-how", "once"), ("rule-date", "2020-01-01")]).await;
    let asked = press(&editor, &none, "ask").await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(asked.body.contains("これから配信する日がありません"), "{}", asked.body);
}

#[tokio::test]
async fn dates_of_residents_have_their_kind_and_months() {
    let hall = hall();
    let editor = hall.signed_in("editor").await;
    let new = "/reminders/new?kind=resident";
    let fields = [
        ("rule-name", "4か月児健診"),
        ("ja-0-text", "{month}の健診です。"),
        ("rule-dates", "child"),
        ("rule-months-after", "4"),
        ("rule-how", "nth-working-day"),
        ("rule-nth", "1"),
        ("do", "save"),
    ];
    let sent = send_from(&editor, new, "/reminders/new", &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let at = sent.location().strip_suffix("?done=saved").unwrap().to_owned();
    let page = editor.get(&at).await.body;
    assert!(page.contains("「お子さんが生まれた月」の4か月後の月、毎月1番目の平日 10:00"), "{page}");
    for (field, value) in [("rule-dates", "gone"), ("rule-dates", ""), ("rule-months-after", "x")] {
        let changed: Vec<_> = fields.iter().copied().chain([(field, value)]).collect();
        let seen = send_from(&editor, new, "/reminders/new", &last_of_each(&changed)).await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {value}");
    }
}

#[tokio::test]
async fn the_garbage_reminders_begin_once_and_are_switched_on_by_an_approver() {
    let hall = hall();
    let (editor, approver) = (hall.signed_in("editor").await, hall.signed_in("roads").await);
    assert!(editor.get("/reminders").await.body.contains("まだ始まっていません"));
    for _ in 0..2 {
        let page = editor.get("/reminders").await;
        let forms = forms(&page.body);
        if let Some(form) = forms.iter().find(|form| form.action.ends_with("/new/garbage")) {
            assert_eq!(send(&editor, form, &[]).await.location(), "/reminders/garbage");
        }
    }
    let at = "/reminders/garbage";
    assert_eq!(hall.reminders.rule(&RuleId::garbage()).unwrap().kind, Kind::Garbage);
    ask(&editor, at).await;
    let page = approver.get(at).await.body;
    assert!(page.contains("集める日ごとに1通") && !page.contains("配信のたびに"), "what it costs: {page}");
    assert_eq!(push(&approver, at, "approve").await, "approved");
    assert!(matches!(state(&hall, at), State::On { .. }));
    assert_eq!(editor.get(&format!("{at}/edit")).await.location(), at, "there is nothing to edit");
}

#[tokio::test]
async fn garbage_reminders_that_ended_begin_again_for_whichever_department() {
    let hall = hall();
    let (editor, approver) = (hall.signed_in("editor").await, hall.signed_in("roads").await);
    let (list, begin, at) = ("/reminders", "/new/garbage", "/reminders/garbage");
    send_from(&editor, list, begin, &[]).await;
    ask(&editor, at).await;
    push(&approver, at, "approve").await;
    let stale = approver.get(list).await;
    assert!(!stale.body.contains(begin), "they go on: {}", stale.body);
    let question = editor.get(&format!("{at}/end")).await.body;
    assert!(
        question.contains("「ごみの日のお知らせを準備する」を押し") && !question.contains("内容を変えて"),
        "{question}"
    );
    send_from(&editor, &format!("{at}/end"), "/end", &[]).await;
    assert!(matches!(state(&hall, at), State::Ended { .. }));
    assert!(editor.get(at).await.body.contains("「ごみの日のお知らせを準備する」を押し"));
    let other = hall.signed_in("other").await;
    for _ in 0..2 {
        let page = other.get(list).await;
        if let Some(form) = forms(&page.body).iter().find(|form| form.action.ends_with(begin)) {
            assert!(page.body.contains("終わりました"), "{}", page.body);
            assert_eq!(send(&other, form, &[]).await.location(), at);
        }
    }
    let rule = hall.reminders.rule(&RuleId::garbage()).unwrap();
    assert_eq!((rule.state, rule.department.as_str(), rule.author.as_str()), (State::Draft, "other", "other"));
    let acts = hall.staff.acts();
    let written = acts.iter().filter(|act| act.action == Action::WriteReminder);
    let departments: Vec<_> = written.map(|act| act.department.as_ref().unwrap().as_str()).collect();
    assert_eq!(departments, ["roads", "other"]);
}

#[tokio::test]
async fn what_went_by_the_hour_is_neither_changed_nor_copied_nor_kept_as_a_template() {
    let hall = hall();
    let editor = hall.signed_in("editor").await;
    let id: BroadcastId = "0199f000-0000-7000-8000-000000000001".parse().unwrap();
    let draft = broadcast::Draft {
        title: "ごみの日のお知らせ 11月25日(水) 19:00".to_owned(),
        department: "roads".parse().unwrap(),
        content: Content::default(),
        audience: Audience::GarbageDay { day: date(2026, 11, 25), slot: Slot::all().next().unwrap() },
        lane: Lane::Routine,
        when: When::AtOnce,
    };
    let due = hall.clock.now();
    let origin = Origin::Rule { rule: RuleId::garbage(), due, seen_by: None };
    let state = broadcast::State::Held { at: due, why: Guard::TooOld };
    let held =
        Broadcast { state, ..Broadcast::new(id.clone(), draft, Earnest::Real, origin, "editor".parse().unwrap()) };
    hall.post.put(&held, None, None).await.unwrap();
    let at = format!("/broadcasts/{id}");
    let page = editor.get(&at).await;
    assert!(page.body.contains("破棄だけができます") && page.body.contains("/stop\""), "{}", page.body);
    for end in ["ask", "edit", "copy", "template"] {
        assert!(!page.body.contains(&format!("{at}/{end}\"")), "{end}: {}", page.body);
    }
    assert_eq!(editor.get(&format!("{at}/edit")).await.location(), at);
    let copy = "0199f000-0000-7000-8000-000000000002";
    for (end, whom) in [("copy", ""), ("copy", "unclear"), ("copy", "rest"), ("template", "")] {
        let seen = editor.post(&page, &format!("{at}/{end}"), &[("id", copy), ("whom", whom)]).await;
        assert_eq!(seen.location(), format!("{at}?done=wrong-state"), "{end} {whom}: {}", seen.body);
    }
    let typed =
        [("seen", "1"), ("title", "別の題名"), ("department", "roads"), ("ja-0-text", "別の本文"), ("do", "save")];
    let edited = editor.post(&page, &format!("{at}/edit"), &typed).await;
    assert_eq!(edited.status, StatusCode::CONFLICT, "{}", edited.body);
    assert_eq!(hall.post.find(&id).await.unwrap().unwrap().value, held, "nothing has changed");
    assert!(hall.post.find(&copy.parse().unwrap()).await.unwrap().is_none(), "there is no copy");
}

#[tokio::test]
async fn what_is_typed_does_no_harm_and_another_departments_is_left_alone() {
    let hall = hall();
    let editor = hall.signed_in("editor").await;
    let at = written(&editor, EVIL, &[("ja-0-text", EVIL)]).await;
    for page in [at.as_str(), "/reminders", &format!("{at}/edit"), &format!("{at}/end")] {
        let page = editor.get(page).await.body;
        assert!(!page.contains("<script>alert") && !page.contains(EVIL), "{page}");
    }
    let other = hall.signed_in("other").await;
    assert_eq!(other.get(&at).await.status, StatusCode::OK, "everybody who works here reads");
    assert_eq!(other.get(&format!("{at}/edit")).await.status, StatusCode::FORBIDDEN);
    for end in ["ask", "pause", "end", "remove", "try"] {
        let page = other.get("/reminders").await;
        let seen = other.post(&page, &format!("{at}/{end}"), &[("seen", "1")]).await;
        assert_eq!(seen.status, StatusCode::FORBIDDEN, "{end}");
    }
}

#[tokio::test]
async fn a_draft_is_removed_and_what_went_is_only_ended() {
    let hall = hall();
    let editor = hall.signed_in("editor").await;
    let at = written(&editor, "いらない予約", &[]).await;
    let seen = send_from(&editor, &format!("{at}/remove"), "/remove", &[]).await;
    assert_eq!(seen.location(), "/reminders?done=removed");
    assert_eq!(editor.get(&at).await.status, StatusCode::NOT_FOUND);
    let approver = hall.signed_in("roads").await;
    let at = written(&editor, "いる予約", &[]).await;
    let drafted = editor.get(&at).await;
    ask(&editor, &at).await;
    push(&approver, &at, "approve").await;
    assert!(!editor.get(&at).await.body.contains(&format!("{at}/remove\"")), "it is only ended");
    let late = editor.post(&drafted, &format!("{at}/remove"), &[("seen", "3")]).await;
    assert_eq!(late.location(), format!("{at}?done=wrong-state"), "{}", late.body);
    assert!(matches!(state(&hall, &at), State::On { .. }));
}
