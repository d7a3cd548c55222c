//! What residents can report, what is asked about it, and how far the town goes, as people see and write it in their browsers.

use domain::audit::Action;
use http::StatusCode;
use serde_json::json;
use tests::console::{Browser, Seen};
use tests::forms::forms;

use super::town::hall;

const NEW: &str = "/town/report-kinds/new";
const LIGHT: &str = "/town/report-kinds/edit?id=street-light";
const NEW_QUESTION: &str = "/town/report-questions/new";
const SETTINGS: &str = "/settings/reports";

/// A kind as it is typed, with some of the fields other.
async fn add(browser: &Browser, others: &[(&'static str, &'static str)]) -> Seen {
    let form = browser.get(NEW).await;
    assert_eq!(form.status, StatusCode::OK, "{}", form.body);
    let mut fields = vec![
        ("seen", "[]"),
        ("id", ""),
        ("name", "カーブミラー"),
        ("name_en", "Mirror"),
        ("description", "くもっている、向きが違う"),
        ("department", "roads-and-parks"),
        ("duplicate_radius_m", "２０"),
        ("due_days", "7"),
    ];
    fields.retain(|(name, _)| !others.iter().any(|(other, _)| other == name));
    fields.extend(others);
    browser.post(&form, NEW, &fields).await
}

/// Opens the form of a record and sends it back with one field typed anew.
async fn change(browser: &Browser, path: &str, name: &str, text: &str) -> Seen {
    let page = browser.get(path).await;
    let form = forms(&page.body).into_iter().find(|form| form.action == path);
    let mut fields = form.unwrap_or_else(|| panic!("no form goes to {path}: {}", page.body)).untouched();
    fields.retain(|(known, _)| known != "csrf" && known != name);
    fields.push((name.to_owned(), text.to_owned()));
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(&page, path, &fields).await
}

#[tokio::test]
async fn a_kind_is_added_closed_and_opened_again() {
    let hall = hall();
    let ueda = hall.signed_in("ueda").await;
    let added = add(&ueda, &[]).await;
    assert_eq!(
        (added.status, added.location()),
        (StatusCode::SEE_OTHER, "/town/report-kinds/edit?id=mirror&done=added")
    );
    let body = hall.records.body("report-kind", "mirror").unwrap();
    assert_eq!((&body["duplicate_radius_m"], &body["due_days"], &body["place"]), (&json!(20), &json!(7), &json!(5)));
    let act = hall.staff.acts().into_iter().rfind(|act| act.action == Action::EditTown).unwrap();
    assert_eq!((act.subject.as_str(), act.department.unwrap().as_str()), ("report-kind/mirror", "roads-and-parks"));

    let closed = change(&ueda, LIGHT, "closed", "ただいま受け付けていません。").await;
    assert_eq!(closed.status, StatusCode::SEE_OTHER, "{}", closed.body);
    assert_eq!(
        hall.records.body("report-kind", "street-light").unwrap()["closed"]["ja"],
        json!("ただいま受け付けていません。")
    );
    let list = ueda.get("/town/report-kinds?department=roads-and-parks").await;
    for words in ["報告の種別（4件）", "カーブミラー", "道路公園課", "ただいま受け付けていません。"]
    {
        assert!(list.body.contains(words), "{words}: {}", list.body);
    }
    assert!(!list.body.contains("河川・水路"), "of another department");
    let past = ueda.get("/town/history").await;
    assert!(past.body.contains("「街路灯」を変更"), "{}", past.body);
    assert_eq!(change(&ueda, LIGHT, "closed", "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(hall.records.body("report-kind", "street-light").unwrap()["closed"]["ja"], json!(""));
}

#[tokio::test]
async fn a_wrong_kind_is_told_at_its_field_and_nobody_touches_anothers() {
    let hall = hall();
    let (ueda, mori, oka) = (hall.signed_in("ueda").await, hall.signed_in("mori").await, hall.signed_in("oka").await);
    for (others, field, words) in [
        (("name", "道路"), "name", "「道路」は、登録されている「道路」が使っています。"),
        (("urgent", "割れている"), "urgent_phone", "両方書くか、両方とも空にしてください。"),
        (("urgent_phone", "119"), "urgent", "両方書くか、両方とも空にしてください。"),
        (("duplicate_radius_m", ""), "duplicate_radius_m", "空です。書いてください。"),
        (("due_days", "0"), "due_days", "0は書けません。"),
        (("closed_en", "Closed"), "closed", "空です。書いてください。"),
    ] {
        let told = add(&ueda, &[others]).await;
        assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY, "{others:?}: {}", told.body);
        assert!(told.body.contains(&format!("f-{field}-error")), "{others:?}: {}", told.body);
        assert!(told.body.contains(words), "{others:?}: {}", told.body);
    }
    assert_eq!(hall.records.body("report-kind", "mirror"), None);
    assert_eq!(add(&mori, &[]).await.status, StatusCode::FORBIDDEN, "the roads are another department's");
    assert_eq!(oka.get(NEW).await.status, StatusCode::FORBIDDEN, "a reader");
    assert_eq!(mori.get(LIGHT).await.status, StatusCode::FORBIDDEN);
    assert!(!mori.get("/town/report-kinds").await.body.contains(LIGHT), "no link to another department's");
}

#[tokio::test]
async fn a_question_is_asked_about_a_kind_and_holds_it() {
    let hall = hall();
    let ueda = hall.signed_in("ueda").await;
    let form = ueda.get(NEW_QUESTION).await;
    let fields = [
        ("seen", "[]"),
        ("id", "park-where"),
        ("kind", "park"),
        ("question", "どこの公園ですか。"),
        ("choices", "中央公園 | 桜木公園"),
        ("choices_en", "Central|Sakuragi"),
    ];
    let added = ueda.post(&form, NEW_QUESTION, &fields).await;
    assert_eq!(added.location(), "/town/report-questions/edit?id=park-where&done=added", "{}", added.body);
    let body = hall.records.body("report-question", "park-where").unwrap();
    assert_eq!(
        (&body["kind"], &body["choices"][1]),
        (&json!("park"), &json!({"ja": "桜木公園", "easy": "", "en": "Sakuragi"}))
    );
    let list = ueda.get("/town/report-questions?kind=park").await;
    for words in ["報告の質問（2件）", "どこの公園ですか。", "公園・遊具", "中央公園、桜木公園"]
    {
        assert!(list.body.contains(words), "{words}: {}", list.body);
    }
    let told = change(&ueda, "/town/report-questions/edit?id=park-where", "choices_en", "Central").await;
    assert!(told.body.contains("選択肢が1個あります（日本語は2個）。"), "{}", told.body);

    let path = "/town/report-kinds/remove?id=park";
    let ask = ueda.get(path).await;
    assert!(ask.body.contains("これまでに届いた報告は残りますが"), "{}", ask.body);
    let seen = ask.field("seen").unwrap();
    let held = ueda.post(&ask, path, &[("seen", &seen)]).await;
    assert_eq!(held.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(held.body.contains("報告の質問「どこの公園ですか。」の報告の種別（公園・遊具）"), "{}", held.body);
}

#[tokio::test]
async fn the_overview_says_how_far_the_town_is_known() {
    let known = hall();
    let overview = known.signed_in("oka").await.get("/town").await;
    assert!(overview.body.contains("12地区のうち12地区の境界があります。"), "{}", overview.body);
    let unknown = super::foreign::hall();
    let overview = unknown.signed_in("reader").await.get("/town").await;
    assert!(overview.body.contains("境界は読み込まれていません。"), "{}", overview.body);
}

#[tokio::test]
async fn how_reports_are_taken_is_changed_and_taken_back() {
    let hall = hall();
    let (sato, mori) = (hall.signed_in("sato").await, hall.signed_in("mori").await);
    assert_eq!(mori.get(SETTINGS).await.status, StatusCode::FORBIDDEN);
    let overview = sato.get("/settings").await;
    for words in ["損傷報告の決まり", "200メートル", "365日"] {
        assert!(overview.body.contains(words), "{words}: {}", overview.body);
    }
    let form = sato.get(SETTINGS).await;
    assert!(form.body.contains("対応が終わっていない報告は、何日たっても消えません。"), "{}", form.body);
    let told = change(&sato, SETTINGS, "boundary_tolerance_m", "5001").await;
    assert!(told.body.contains("0から5000までの整数を書いてください。"), "{}", told.body);
    let saved = change(&sato, SETTINGS, "erase_after_days", "").await;
    assert_eq!((saved.status, saved.location()), (StatusCode::SEE_OTHER, "/settings?done=saved"), "{}", saved.body);
    let stored = || hall.records.body("profile", "profile").unwrap()["profile"]["reports"].clone();
    assert_eq!(stored(), json!({"boundary_tolerance_m": 200, "erase_after_days": null}));
    assert!(sato.get("/settings").await.body.contains("消さない"));
    let past = sato.get("/town/history/2").await;
    assert!(past.body.contains("対応を終えた報告の個人情報を消すまでの日数"), "{}", past.body);
    assert!(sato.post(&past, "/town/history/2/undo", &[]).await.location().ends_with("done=undone"));
    assert_eq!(stored()["erase_after_days"], json!(365));
}
