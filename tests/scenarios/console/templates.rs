//! Templates in versions and audiences under a name: made, kept, used, changed by two, gone with the town, and nobody else's.

use app::broadcast::templates::TemplateDesk;
use app::ports::Versioned;
use app::ports::broadcasts::Broadcasts;
use app::ports::templates::{SavedAudiences, Templates};
use domain::audit::Action;
use domain::broadcast::audience::Audience;
use domain::broadcast::content::{Content, Message, Wording};
use domain::broadcast::template::{SavedAudience, Template};
use domain::broadcast::{Broadcast, Earnest, Lane, Origin};
use domain::ids::{BroadcastId, DepartmentId, TemplateId};
use domain::language::Language;
use domain::staff::Role;
use http::StatusCode;
use jiff::SignedDuration;
use tests::console::{Browser, ORIGIN, Seen, TownHall};
use tests::forms::{Form, forms, unescaped};

use super::broadcasts::{EVIL, form_to, press, send, written};

/// The town hall of [`super::foreign`], with a second editor of roads.
fn hall() -> TownHall {
    let hall = super::foreign::hall();
    hall.staff.settle([TownHall::person("second", [Role::Editor("roads".parse().unwrap())])]);
    hall
}

/// The form of a page that goes to an address with this end, sent but for these fields.
async fn send_from(browser: &Browser, page: &str, end: &str, changed: &[(&str, &str)]) -> Seen {
    let page = browser.get(page).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    send(browser, form_to(&forms(&page.body), end), changed).await
}

/// Writes a template and gives its address.
async fn template(browser: &Browser, new: &str, name: &str) -> String {
    let fields = [("name", name), ("ja-0-text", name), ("do", "save")];
    let sent = send_from(browser, new, "/templates/new", &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    sent.location().strip_suffix("?done=saved").unwrap().to_owned()
}

async fn save(browser: &Browser, at: &str, text: &str) -> Seen {
    send_from(browser, &format!("{at}/edit"), "/edit", &[("ja-0-text", text), ("do", "save")]).await
}

fn id_of(at: &str) -> TemplateId {
    at.rsplit('/').next().unwrap().parse().unwrap()
}

async fn newest(hall: &TownHall, at: &str) -> Versioned<Template> {
    let templates: &dyn Templates = hall.templates.as_ref();
    templates.find(&id_of(at)).await.unwrap().unwrap()
}

async fn broadcast(hall: &TownHall, at: &str) -> Broadcast {
    let id: BroadcastId = at.trim_end_matches("/edit").rsplit('/').next().unwrap().parse().unwrap();
    hall.post.find(&id).await.unwrap().unwrap().value
}

fn says(text: &str) -> Content {
    let wording = Wording { messages: vec![Message::Text(text.to_owned())] };
    Content { wordings: [(Language::Japanese, wording)].into() }
}

fn roads() -> DepartmentId {
    "roads".parse().unwrap()
}

fn saved_acts(hall: &TownHall) -> Vec<Action> {
    let of_roads = hall.staff.acts().into_iter().filter(|act| act.department == Some(roads()));
    of_roads.map(|act| act.action).collect()
}

#[tokio::test]
async fn a_broadcast_becomes_a_template_and_a_template_a_broadcast() {
    let hall = hall();
    let browser = hall.signed_in("roads").await;
    let original = written(&browser, "/broadcasts/new", "断水のお知らせ").await;
    let kept = press(&browser, &original, "template").await;
    let at = kept.location().strip_suffix("/edit").unwrap().to_owned();
    assert_eq!(newest(&hall, &at).await.value.content, says("断水のお知らせ"));
    let done = send_from(
        &browser,
        kept.location(),
        "/edit",
        &[("name", "断水"), ("ja-0-text", "止まります"), ("lane", "emergency"), ("do", "save")],
    );
    assert_eq!(done.await.location(), format!("{at}?done=saved"));
    assert!(browser.get("/broadcasts").await.body.contains("href=\"/broadcasts/templates\""));
    let list = browser.get("/broadcasts/templates").await.body;
    assert!(list.contains(&format!("href=\"{at}\">断水</a>")) && list.contains("第2版"), "{list}");

    let page = browser.get(&at).await;
    let pages = forms(&page.body);
    let button = form_to(&pages, "/write");
    let begun = send(&browser, button, &[]).await;
    let twice = send(&browser, button, &[]).await;
    assert_eq!(begun.location(), twice.location(), "the same button twice is one broadcast");
    let begun = broadcast(&hall, begun.location()).await;
    assert_eq!((begun.title.as_str(), begun.content, begun.lane), ("断水", says("止まります"), Lane::Emergency));
    assert_eq!((begun.earnest, begun.origin), (Earnest::Real, Origin::FromTemplate(id_of(&at))));
    assert_eq!(saved_acts(&hall), [Action::SaveTemplate, Action::SaveTemplate]);
    let written = hall.post.acts().iter().filter(|act| act.action == Action::WriteBroadcast).count();
    assert_eq!(written, 2, "the first one, and the one that began with the template");
}

#[tokio::test]
async fn every_saving_is_a_version_that_can_be_looked_at_and_taken_again() {
    let hall = hall();
    let browser = hall.signed_in("roads").await;
    let at = template(&browser, "/broadcasts/templates/new", "一つ目").await;
    for text in ["二つ目", "三つ目"] {
        assert_eq!(save(&browser, &at, text).await.status, StatusCode::SEE_OTHER);
    }
    // What changes nothing is no version.
    assert_eq!(save(&browser, &at, "三つ目").await.location(), format!("{at}?done=saved"));
    assert_eq!(newest(&hall, &at).await.version, 3);

    let older = browser.get(&format!("{at}?version=1")).await.body;
    assert!(older.contains("前の版（第1版）を見ています。いまは第3版です。"), "{older}");
    assert!(older.contains("</span> 一つ目</del>") && older.contains("</span> 三つ目</ins>"), "{older}");
    assert_eq!(browser.get(&format!("{at}?version=4")).await.status, StatusCode::NOT_FOUND);
    let again = send_from(&browser, &format!("{at}?version=1"), "/take-again", &[]).await;
    assert_eq!(again.location(), format!("{at}?done=again"));
    let now = newest(&hall, &at).await;
    assert_eq!((now.version, now.value.content), (4, says("一つ目")));
    let all: &dyn Templates = hall.templates.as_ref();
    let kept = all.versions(&id_of(&at), None, 10).await.unwrap();
    let texts: Vec<Content> = kept.into_iter().map(|kept| kept.value.content).collect();
    assert_eq!(texts, ["一つ目", "三つ目", "二つ目", "一つ目"].map(says));
    let page = browser.get(&at).await.body;
    assert!((1..=4).all(|version| page.contains(&format!("第{version}版"))), "{page}");
}

#[tokio::test]
async fn an_unfinished_template_is_kept_and_says_what_is_wrong_with_it() {
    let hall = hall();
    let browser = hall.signed_in("roads").await;
    let at = template(&browser, "/broadcasts/templates/new", "はじめ").await;
    let wrong = [("ja-0-text", "{nothing}です")];
    let looked = send_from(&browser, &format!("{at}/edit"), "/edit", &[wrong[0], ("do", "content:show:ja:")]).await;
    let kept = send_from(&browser, &format!("{at}/edit"), "/edit", &[wrong[0], ("do", "save")]).await;
    assert_eq!(kept.location(), format!("{at}/edit?done=unfinished"));
    assert_eq!(newest(&hall, &at).await.value.content, says("{nothing}です"));
    let again = browser.get(kept.location()).await;
    assert!(again.body.contains("ひな形を保存しました"), "{}", again.body);
    for page in [looked, again] {
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("「{nothing}」に入る町のデータがありません"), "{}", page.body);
    }
    let huge = "長".repeat(75_000);
    let told = send_from(&browser, &format!("{at}/edit"), "/edit", &[("ja-0-text", &huge), ("do", "save")]).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told.body.contains(&huge) && told.body.contains("225,000バイトまで"));
    assert_eq!(newest(&hall, &at).await.version, 2, "it was kept");
}

#[tokio::test]
async fn the_second_of_two_editors_is_told_what_differs() {
    let hall = hall();
    let (one, other) = (hall.signed_in("roads").await, hall.signed_in("second").await);
    let at = template(&one, "/broadcasts/templates/new", "はじめ").await;
    let edit = other.get(&format!("{at}/edit")).await;
    let remove = other.get(&format!("{at}/remove")).await;
    save(&one, &at, "さき").await;
    let told = send(&other, form_to(&forms(&edit.body), "/edit"), &[("ja-0-text", "あと"), ("do", "save")]).await;
    assert_eq!(told.status, StatusCode::CONFLICT);
    assert!(told.body.contains("</span> さき</del>") && told.body.contains("</span> あと</ins>"), "{}", told.body);
    assert_eq!(told.body.matches("</del>").count(), 1, "and nothing of what is the same");
    assert_eq!(newest(&hall, &at).await.value.content, says("さき"), "nothing was overwritten");
    let done = send(&other, form_to(&forms(&told.body), "/edit"), &[("do", "save")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert_eq!(newest(&hall, &at).await.value.content, says("あと"));

    let stale = send(&other, form_to(&forms(&remove.body), "/remove"), &[]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "what was not seen is not removed");
    let removed = send(&other, form_to(&forms(&stale.body), "/remove"), &[]).await;
    assert_eq!(removed.location(), "/broadcasts/templates?department=roads&done=removed");
    assert_eq!(one.get(&at).await.status, StatusCode::NOT_FOUND);
    let acts = saved_acts(&hall);
    assert_eq!(acts[acts.len() - 2..], [Action::SaveTemplate, Action::RemoveTemplate]);
}

#[tokio::test]
async fn what_was_typed_outlives_the_template_that_somebody_removed() {
    let hall = hall();
    let (one, other) = (hall.signed_in("roads").await, hall.signed_in("second").await);
    let at = template(&one, "/broadcasts/templates/new?earnest=drill", "避難訓練").await;
    let edit = other.get(&format!("{at}/edit")).await;
    send_from(&one, &format!("{at}/remove"), "/remove", &[]).await;
    let told = send(&other, form_to(&forms(&edit.body), "/edit"), &[("ja-0-text", "あと"), ("do", "save")]).await;
    assert_eq!(told.status, StatusCode::CONFLICT);
    assert!(told.body.contains("ほかの人がこのひな形を消しました"), "{}", told.body);
    let done = send(&other, form_to(&forms(&told.body), "/templates/new"), &[("do", "save")]).await;
    let anew = done.location().strip_suffix("?done=saved").unwrap();
    assert_ne!(anew, at);
    let anew = newest(&hall, anew).await.value;
    assert_eq!((anew.content, anew.earnest, anew.department), (says("あと"), Earnest::Drill, roads()));
}

#[tokio::test]
async fn with_a_template_of_drills_only_drills_are_written_whatever_a_form_says() {
    let hall = hall();
    let browser = hall.signed_in("roads").await;
    let drill = written(&browser, "/broadcasts/new?earnest=drill", "地震の練習").await;
    let of_drill = press(&browser, &drill, "template").await;
    let of_drill = of_drill.location().strip_suffix("/edit").unwrap().to_owned();
    let drawn = template(&browser, "/broadcasts/templates/new?earnest=drill", "津波の練習").await;
    for at in [of_drill, drawn] {
        assert!(browser.get(&at).await.body.contains("【訓練】"));
        let edit = format!("{at}/edit");
        for forged in ["real", ""] {
            let fields = [("earnest", forged), ("ja-0-text", "本番"), ("name", "本番"), ("do", "save")];
            let saved = send_from(&browser, &edit, "/edit", &fields).await;
            assert_eq!(saved.location(), format!("{at}?done=saved"));
            assert_eq!(newest(&hall, &at).await.value.earnest, Earnest::Drill);
            let begun = send_from(&browser, &at, "/write", &[("earnest", forged)]).await;
            assert_eq!(broadcast(&hall, begun.location()).await.earnest, Earnest::Drill, "{at}");
        }
    }
}

/// Sends any form at all, with one's own token.
async fn force(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Seen {
    let csrf = browser.get("/").await.field("csrf").unwrap();
    let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("csrf", csrf.as_str())]).collect();
    browser.post_as(path, &fields, ORIGIN).await
}

#[tokio::test]
async fn nobody_of_another_department_changes_anything_and_readers_only_read() {
    let hall = hall();
    let mine = hall.signed_in("roads").await;
    let (at, of) =
        (template(&mine, "/broadcasts/templates/new", "工事").await, written(&mine, "/broadcasts/new", "工事").await);
    keep(&mine, "川の人", &[]).await;
    let audience = only_audience(&hall).await;
    let audience_at = format!("/broadcasts/audiences/roads/{}/remove", audience.id);
    let anew = |name| {
        [("id", "0199aaaa-0000-7000-8000-000000000001"), ("department", "roads"), ("name", name), ("do", "save")]
    };
    for who in ["other", "reader"] {
        let browser = hall.signed_in(who).await;
        let page = browser.get(&at).await;
        assert_eq!(page.status, StatusCode::OK, "{who} may look");
        let list = browser.get("/broadcasts/audiences?department=roads").await.body;
        assert!(list.contains("川の人") && !list.contains(&audience_at), "{who}: {list}");
        assert!(!page.body.contains(&format!("{at}/")), "{who} is offered something: {}", page.body);
        for path in [format!("{at}/edit"), format!("{at}/remove"), audience_at.clone()] {
            assert_eq!(browser.get(&path).await.status, StatusCode::FORBIDDEN, "{who} sees {path}");
        }
        let tries = [
            (format!("{at}/edit"), vec![("seen", "1"), ("name", "盗"), ("do", "save")]),
            (format!("{at}/take-again"), vec![("seen", "1"), ("version", "1")]),
            (format!("{at}/write"), vec![("id", "0199aaaa-0000-7000-8000-000000000002")]),
            (format!("{at}/remove"), vec![("seen", "1")]),
            (format!("{of}/template"), vec![("id", "0199aaaa-0000-7000-8000-000000000003")]),
            ("/broadcasts/templates/new".to_owned(), anew("盗").to_vec()),
            (audience_at.clone(), vec![]),
            (
                "/broadcasts/new".to_owned(),
                vec![
                    ("id", "0199aaaa-0000-7000-8000-000000000004"),
                    ("department", "roads"),
                    ("audience-id", "0199aaaa-0000-7000-8000-000000000005"),
                    ("audience-name", "盗"),
                    ("do", "keep-audience"),
                ],
            ),
        ];
        for (path, fields) in tries {
            hall.clock.advance(SignedDuration::from_mins(2));
            let before = hall.staff.acts().len();
            let answer = force(&browser, &path, &fields).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{who} sends {path}: {}", answer.body);
            let acts = hall.staff.acts();
            assert_eq!(acts.len(), before + 1, "{who}: {path}");
            assert_eq!(acts.last().map(|act| act.action), Some(Action::Denied), "{who}: {path}");
        }
    }
    assert_eq!(newest(&hall, &at).await.version, 1);
    assert_eq!(only_audience(&hall).await, audience);
}

#[tokio::test]
async fn a_forged_id_of_another_departments_template_changes_nothing_of_it() {
    let hall = hall();
    let (mine, other) = (hall.signed_in("roads").await, hall.signed_in("other").await);
    let at = template(&mine, "/broadcasts/templates/new?earnest=drill", "避難訓練").await;
    let theirs = newest(&hall, &at).await;
    let (id, acts) = (id_of(&at).to_string(), saved_acts(&hall));
    // Even of what says the same it would make a real one of a drill.
    for name in ["盗", "避難訓練"] {
        let fields = [("id", id.as_str()), ("name", name), ("ja-0-text", name), ("do", "save")];
        let told = send_from(&other, "/broadcasts/templates/new", "/templates/new", &fields).await;
        assert_eq!(told.status, StatusCode::CONFLICT, "{}", told.body);
        let pages = forms(&told.body);
        let anew = send(&other, form_to(&pages, "/templates/new"), &[("do", "save")]).await;
        let anew = newest(&hall, anew.location().strip_suffix("?done=saved").unwrap()).await.value;
        assert_eq!((anew.content, anew.department.as_str()), (says(name), "other"), "sent again it is a new one");
    }
    let of = written(&other, "/broadcasts/new", "工事").await;
    let kept = force(&other, &format!("{of}/template"), &[("id", &id)]).await;
    assert_eq!(kept.status, StatusCode::NOT_FOUND, "{}", kept.body);
    assert_eq!(newest(&hall, &at).await, theirs);
    assert_eq!(saved_acts(&hall), acts);
}

/// Keeps what the form of a new broadcast says under a name.
async fn keep(browser: &Browser, name: &str, conditions: &[(&str, &str)]) -> Seen {
    let fields = [("audience-name", name), ("do", "keep-audience")];
    let fields: Vec<(&str, &str)> = conditions.iter().copied().chain(fields).collect();
    send_from(browser, "/broadcasts/new", "/broadcasts/new", &fields).await
}

async fn audiences(hall: &TownHall) -> Vec<SavedAudience> {
    let audiences: &dyn SavedAudiences = hall.templates.as_ref();
    audiences.of(&roads(), None, 100).await.unwrap()
}

async fn only_audience(hall: &TownHall) -> SavedAudience {
    let found = audiences(hall).await;
    assert_eq!(found.len(), 1);
    found[0].clone()
}

const KAWA: [(&str, &str); 2] = [("audience-0-0-kind", "districts"), ("audience-0-0-of", "kawa")];

#[tokio::test]
async fn an_audience_is_kept_under_a_name_and_used_without_scripts() {
    let hall = hall();
    let browser = hall.signed_in("roads").await;
    for (name, conditions, said) in [
        ("", &KAWA[..], "1文字から60文字までの名前を入れてください。"),
        ("川の人", &KAWA[..1], "一つ以上選んでください。"),
    ] {
        let wrong = keep(&browser, name, conditions).await;
        assert!(wrong.body.contains(said), "{}", wrong.body);
    }
    assert_eq!(audiences(&hall).await, []);
    let typed = [KAWA[0], KAWA[1], ("title", "書きかけ")];
    let kept = keep(&browser, "川の人", &typed).await;
    assert!(kept.body.contains("配信対象を保存しました"), "{}", kept.body);
    assert_eq!(kept.field("title").as_deref(), Some("書きかけ"), "what was typed stays");
    let saved = only_audience(&hall).await;
    assert_eq!(
        (saved.name.as_str(), &saved.audience),
        ("川の人", &Audience::Districts(["kawa".parse().unwrap()].into()))
    );
    assert_eq!(saved_acts(&hall), [Action::SaveAudience]);

    let chosen = [("saved-audience", saved.id.as_str()), ("do", "use-audience")];
    let used = send_from(&browser, "/broadcasts/new", "/broadcasts/new", &chosen).await;
    assert!(used.body.contains("<strong>川に住む人</strong>"), "{}", used.body);
    let none = [("do", "use-audience")];
    let asked = send_from(&browser, "/broadcasts/new", "/broadcasts/new", &none).await;
    assert!(asked.body.contains("担当課の保存した配信対象から選んでください。"), "{}", asked.body);

    let list = browser.get("/broadcasts/audiences").await.body;
    assert!(list.contains("川の人") && list.contains("川に住む人"), "{list}");
    let remove = format!("/broadcasts/audiences/roads/{}/remove", saved.id);
    let removed = send_from(&browser, &remove, "/remove", &[]).await;
    assert_eq!(removed.location(), "/broadcasts/audiences?department=roads&done=audience-removed");
    assert_eq!(audiences(&hall).await, []);
    assert_eq!(saved_acts(&hall), [Action::SaveAudience, Action::RemoveAudience]);
}

#[tokio::test]
async fn a_double_click_keeps_an_audience_once() {
    let hall = hall();
    let browser = hall.signed_in("roads").await;
    let page = browser.get("/broadcasts/new").await;
    let pages = forms(&page.body);
    let form: &Form = form_to(&pages, "/broadcasts/new");
    for _ in 0..2 {
        let kept = send(&browser, form, &[("audience-name", "みんな"), ("do", "keep-audience")]).await;
        assert!(kept.body.contains("配信対象を保存しました"), "{}", kept.body);
    }
    assert_eq!(only_audience(&hall).await.audience, Audience::All);
    assert_eq!(saved_acts(&hall), [Action::SaveAudience]);
}

#[tokio::test]
async fn another_audience_kept_from_a_form_that_was_used_before_is_another_one() {
    let hall = hall();
    let browser = hall.signed_in("roads").await;
    let page = browser.get("/broadcasts/new").await;
    let pages = forms(&page.body);
    // The browser's way back shows the same form again.
    let form: &Form = form_to(&pages, "/broadcasts/new");
    for fields in [&[("audience-name", "みんな")][..], &[("audience-name", "全員")], &[("audience-name", "みんな")]]
    {
        let fields: Vec<_> = fields.iter().copied().chain([("do", "keep-audience")]).collect();
        let kept = send(&browser, form, &fields).await;
        assert!(kept.body.contains("配信対象を保存しました"), "{}", kept.body);
    }
    let mut names: Vec<String> = audiences(&hall).await.into_iter().map(|saved| saved.name.to_string()).collect();
    names.sort();
    assert_eq!(names, ["みんな", "全員"]);
    assert_eq!(saved_acts(&hall), [Action::SaveAudience, Action::SaveAudience]);
}

#[tokio::test]
async fn a_saved_audience_gives_exactly_the_one_it_was_saved_from() {
    let kawa = || Audience::Districts(["kawa".parse().unwrap()].into());
    let topics = || Audience::TopicsAny(["works".parse().unwrap(), "mine".parse().unwrap()].into());
    let child = || Audience::ChildAge { from_months: 24, to_months: 47 };
    let not = |audience| Audience::Not(Box::new(audience));
    for expected in [
        Audience::All,
        topics(),
        Audience::And(vec![kawa(), not(child())]),
        Audience::And(vec![child(), Audience::Or(vec![kawa(), topics()]), not(Audience::And(vec![topics(), child()]))]),
        Audience::Or(vec![Audience::Languages([Language::English].into()), Audience::And(vec![kawa(), child()])]),
    ] {
        let hall = hall();
        let browser = hall.signed_in("roads").await;
        let first = settle(&hall, expected.clone()).await;
        let used = use_saved(&browser, &first).await;
        // Kept once more under another name, and then the broadcast itself.
        let again = [("audience-name", "もう一つ"), ("do", "keep-audience")];
        let kept = send(&browser, form_to(&forms(&used.body), "/broadcasts/new"), &again).await;
        let done = [("title", "だれに"), ("ja-0-text", "本文"), ("do", "save")];
        let done = send(&browser, form_to(&forms(&kept.body), "/broadcasts/new"), &done).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        let written = broadcast(&hall, done.location().split('?').next().unwrap()).await;
        assert_eq!(written.audience, expected);
        let all: Vec<Audience> = audiences(&hall).await.into_iter().map(|saved| saved.audience).collect();
        assert_eq!(all, [expected.clone(), expected]);
    }
}

/// An audience that is kept from the beginning.
async fn settle(hall: &TownHall, audience: Audience) -> SavedAudience {
    let (templates, clock) = (hall.templates.clone(), hall.clock.clone());
    let desk = TemplateDesk { audiences: templates.clone(), templates, clock };
    let id = "0199bbbb-0000-7000-8000-000000000001".parse().unwrap();
    let saved = SavedAudience { id, name: "みんな".parse().unwrap(), department: roads(), audience };
    desk.keep_audience(&saved, &"roads".parse().unwrap()).await.unwrap();
    saved
}

/// The form of a new broadcast in which an audience was chosen.
async fn use_saved(browser: &Browser, saved: &SavedAudience) -> Seen {
    let chosen = [("saved-audience", saved.id.as_str()), ("do", "use-audience")];
    send_from(browser, "/broadcasts/new", "/broadcasts/new", &chosen).await
}

#[tokio::test]
async fn what_the_town_has_given_up_is_said_and_nothing_breaks() {
    let hall = hall();
    let browser = hall.signed_in("roads").await;
    let kawa = Audience::Districts(["kawa".parse().unwrap()].into());
    let child = Audience::ChildAge { from_months: 24, to_months: 47 };
    let saved = settle(&hall, Audience::And(vec![kawa, child])).await;
    let removed = send_from(&hall.signed_in("admin").await, "/town/districts/remove?id=kawa", "id=kawa", &[]).await;
    assert_eq!(removed.status, StatusCode::SEE_OTHER, "{}", removed.body);
    hall.clock.advance(SignedDuration::from_mins(2));

    let list = browser.get("/broadcasts/audiences").await;
    assert_eq!(list.status, StatusCode::OK);
    for said in ["見直しが必要", "なくなった地区（kawa）が選ばれています"] {
        assert!(list.body.contains(said), "{}", list.body);
    }
    let used = use_saved(&browser, &saved).await;
    assert_eq!(used.status, StatusCode::OK);
    let said = "「みんな」には、いまは使えない条件があります（なくなった地区（kawa）が選ばれています）。";
    assert!(used.body.contains(said), "{}", used.body);
    assert_eq!(used.field("audience-0-1-from").as_deref(), Some("2"), "the other condition is there");
    let fields = [("title", "だれに"), ("ja-0-text", "本文"), ("do", "save")];
    let refused = send(&browser, form_to(&forms(&used.body), "/broadcasts/new"), &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "nobody else is reached instead");
    let remove = format!("/broadcasts/audiences/roads/{}/remove", saved.id);
    assert_eq!(send_from(&browser, &remove, "/remove", &[]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn nothing_that_is_typed_becomes_an_element() {
    let hall = hall();
    let browser = hall.signed_in("roads").await;
    let at = template(&browser, "/broadcasts/templates/new", EVIL).await;
    save(&browser, &at, "ほかの本文").await;
    let kept = keep(&browser, EVIL, &KAWA).await;
    let id = only_audience(&hall).await.id;
    let paths = [
        "/broadcasts/templates".to_owned(),
        at.clone(),
        format!("{at}?version=1"),
        format!("{at}/edit"),
        format!("{at}/remove"),
        "/broadcasts/audiences".to_owned(),
        format!("/broadcasts/audiences/roads/{id}/remove"),
        "/broadcasts/new".to_owned(),
    ];
    let mut pages = vec![("the form again".to_owned(), kept)];
    for path in paths {
        let page = browser.get(&path).await;
        pages.push((path, page));
    }
    for (path, page) in pages {
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.body.contains("&lt;script&gt;"), "{path} does not show it");
        assert!(!page.body.contains("<script>alert") && !page.body.contains("<img src=x"), "{path}");
    }
}

#[tokio::test]
async fn each_department_has_a_list_of_its_own_and_long_ones_go_on() {
    let hall = hall();
    let browser = hall.signed_in("roads").await;
    for number in 1..=31 {
        template(&browser, "/broadcasts/templates/new", &format!("ひな形{number:02}号")).await;
        hall.clock.advance(SignedDuration::from_secs(1));
    }
    let first = browser.get("/broadcasts/templates").await.body;
    assert!(first.contains("ひな形31号") && first.contains("ひな形02号") && !first.contains("ひな形01号"));
    let next = first.split("href=\"").find(|link| link.contains("from=")).unwrap().split('"').next().unwrap();
    let rest = browser.get(&unescaped(next)).await.body;
    assert!(rest.contains("ひな形01号") && !rest.contains("ひな形02号"));
    let other = browser.get("/broadcasts/templates?department=other").await.body;
    assert!(!other.contains("ひな形31号") && !other.contains("ひな形をつくる</a>"), "{other}");
}
