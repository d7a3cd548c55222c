//! The town's settings, as administrators change them: well, badly, two at once, and back again.

use app::town::records::to_records;
use app::town::{Files, read};
use domain::audit::Action;
use domain::staff::Role;
use domain::town::Profile;
use http::StatusCode;
use tests::console::{Browser, Seen, TownHall};

const EVIL: &str = r#""><script>alert(1)</script>"#;
const TOWN: &str = "/settings/town";
const SENDING: &str = "/settings/sending";
const JAPANESE: &str = "/settings/texts-ja";

/// The sample town with its rich menu, and Sato and Kato who look after everything.
fn hall() -> TownHall {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/sample-town");
    let mut files = Files::default();
    for part in ["", "rich-menu/"] {
        for entry in std::fs::read_dir(folder.join(part)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let name = path.file_name().unwrap().to_str().unwrap();
                files.0.insert(format!("{part}{name}"), std::fs::read(&path).unwrap());
            }
        }
    }
    let reading = read(&files);
    assert_eq!(reading.problems, [], "the sample town is sound");
    let hall = TownHall::of_records(to_records(&reading.data).unwrap());
    hall.staff.settle([
        TownHall::person("sato", [Role::Administrator]),
        TownHall::person("kato", [Role::Administrator]),
        TownHall::person("mori", [Role::Approver("environment".parse().unwrap())]),
    ]);
    hall
}

fn profile(hall: &TownHall) -> Profile {
    serde_json::from_value(hall.records.body("profile", "profile").unwrap()["profile"].clone()).unwrap()
}

/// All fields of a form, as a browser sends them, with some of them other.
fn fields<'a>(path: &str, others: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut all = match path {
        TOWN => vec![
            ("name", "こはる野市"),
            ("reading", "こはるのし"),
            ("phone", "0000-00-0000"),
            ("website", "https://www.example.jp/koharuno/"),
            ("portal", ""),
            ("languages", "ja"),
            ("languages", "ja-easy"),
            ("languages", "en"),
            ("blocked_resident_retention_days", "days"),
            ("days", "30"),
        ],
        SENDING => vec![("quiet_from", "21:00"), ("quiet_to", "07:00"), ("weekly_max", ""), ("public_page", "off")],
        JAPANESE => {
            vec![("welcome", "こんにちは"), ("garbage_not_found_contact", "環境課へ"), ("emergency_note", "119番へ")]
        }
        _ => panic!("no form"),
    };
    all.retain(|(name, _)| !others.iter().any(|(other, _)| other == name));
    all.extend(others.iter().filter(|(_, value)| *value != "-"));
    all
}

async fn save(browser: &Browser, form: &Seen, path: &str, others: &[(&str, &str)]) -> Seen {
    assert!(form.status == StatusCode::OK || form.field("seen").is_some(), "{}", form.status);
    let seen = form.field("seen").unwrap();
    let mut all = fields(path, others);
    all.push(("seen", &seen));
    browser.post(form, path, &all).await
}

#[tokio::test]
async fn a_setting_is_changed_shown_recorded_and_taken_back() {
    let hall = hall();
    let sato = hall.signed_in("sato").await;
    let form = sato.get(TOWN).await;
    assert_eq!(form.status, StatusCode::OK);
    let changed = [("name", "こはる市"), ("blocked_resident_retention_days", "null"), ("days", "")];
    let saved = save(&sato, &form, TOWN, &changed).await;
    assert_eq!((saved.status, saved.location()), (StatusCode::SEE_OTHER, "/settings?done=saved"), "{}", saved.body);
    assert_eq!(profile(&hall).name, "こはる市");
    assert_eq!(profile(&hall).blocked_resident_retention_days, None);
    let shown = sato.get(saved.location()).await;
    assert!(shown.body.contains("保存しました") && shown.body.contains("こはる市") && shown.body.contains("消さない"));
    assert_eq!(save(&sato, &form, TOWN, &changed).await.location(), "/settings?done=already", "a double click");

    let edits: Vec<_> = hall.staff.acts().into_iter().filter(|act| act.action == Action::EditTown).collect();
    assert_eq!(edits.len(), 1);
    assert_eq!((edits[0].subject.as_str(), &edits[0].department), ("profile/profile", &None));
    let after: serde_json::Value = serde_json::from_str(&edits[0].after).unwrap();
    assert_eq!((&after["name"], &after["ja"]["emergency_note"].is_string()), (&"こはる市".into(), &true));
    let log = sato.get("/audit").await;
    assert!(log.body.contains("ブロックした住民の登録内容を消すまで") && log.body.contains("消さない"), "{}", log.body);

    let history = sato.get("/town/history").await;
    assert!(history.body.contains("「まちの基本情報」を変更"), "{}", history.body);
    let past = sato.get("/town/history/2").await;
    for words in ["まちの名前", "こはる市", "30日", "消さない"] {
        assert!(past.body.contains(words), "{words}: {}", past.body);
    }
    assert!(!past.body.contains("119"), "only what differs is told");
    let undone = sato.post(&past, "/town/history/2/undo", &[]).await;
    assert_eq!(undone.location(), "/town/history/3?done=undone");
    assert_eq!(profile(&hall).name, "こはる野市");
    assert_eq!(profile(&hall).blocked_resident_retention_days, Some(30));
}

#[tokio::test]
async fn a_form_that_is_sent_as_it_came_changes_nothing() {
    let hall = hall();
    let sato = hall.signed_in("sato").await;
    for path in [TOWN, SENDING] {
        let form = sato.get(path).await;
        assert_eq!(save(&sato, &form, path, &[]).await.location(), "/settings?done=already", "{path}");
    }
    assert!(hall.staff.acts().iter().all(|act| act.action != Action::EditTown));
}

#[tokio::test]
async fn the_second_of_two_administrators_sees_the_difference_and_decides() {
    let hall = hall();
    let (sato, kato) = (hall.signed_in("sato").await, hall.signed_in("kato").await);
    let (hers, his, sending) = (sato.get(TOWN).await, kato.get(TOWN).await, kato.get(SENDING).await);
    save(&sato, &hers, TOWN, &[("phone", "0000-00-0001")]).await;
    let told = save(&kato, &his, TOWN, &[("phone", "0000-00-0002"), ("reading", "こはるの")]).await;
    assert_eq!(told.status, StatusCode::CONFLICT);
    for words in ["ほかの職員が先に変更しました", "画面を開いたとき", "0000-00-0001", "0000-00-0002", "こはるの"]
    {
        assert!(told.body.contains(words), "{words}: {}", told.body);
    }
    assert_eq!(profile(&hall).phone, "0000-00-0001", "nothing is overwritten");
    let saved = save(&kato, &told, TOWN, &[("phone", "0000-00-0002")]).await;
    assert_eq!(saved.location(), "/settings?done=saved");
    assert_eq!(profile(&hall).phone, "0000-00-0002", "knowingly");
    let other = save(&kato, &sending, SENDING, &[("weekly_max", "3")]).await;
    assert_eq!(other.location(), "/settings?done=saved", "another part does not meet it");
    assert_eq!((profile(&hall).sending.weekly_max, &*profile(&hall).phone), (Some(3), "0000-00-0002"));
    let told = save(&kato, &sending, SENDING, &[("weekly_max", "9")]).await;
    let comparison = told.body.split("<tbody").nth(1).unwrap();
    assert!(comparison.contains("9通") && !comparison.contains("送らない時間帯のおわり</div></th>"), "{comparison}");
}

/// The form, what is typed into it, the field that is at fault, and the words about it; without a field, all is well.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str, &'a str);

#[tokio::test]
async fn what_is_wrong_is_told_at_its_field_and_nothing_is_saved() {
    let hall = hall();
    let sato = hall.signed_in("sato").await;
    let before = profile(&hall);
    let long = "あ".repeat(301);
    let cases: [Case<'_>; 19] = [
        (TOWN, &[("name", " ")], "name", "空です"),
        (TOWN, &[("name", "町\u{3000}")], "", ""),
        (TOWN, &[("phone", "0120")], "phone", "電話番号ではありません"),
        (TOWN, &[("phone", "")], "phone", "空です"),
        (TOWN, &[("website", "www.example.jp")], "website", "アドレスではありません"),
        (TOWN, &[("website", "javascript:alert(1)")], "website", "アドレスではありません"),
        (TOWN, &[("portal", "javascript:alert(1)")], "portal", "アドレスではありません"),
        (TOWN, &[("languages", "-")], "languages", "空です"),
        (TOWN, &[("languages", "fr")], "languages", "書けません"),
        (TOWN, &[("days", "")], "days", "0から3650まで"),
        (TOWN, &[("days", "3651")], "days", "0から3650まで"),
        (TOWN, &[("days", "-1")], "days", "0から3650まで"),
        (TOWN, &[("blocked_resident_retention_days", "-"), ("days", "-")], "days", "0から3650まで"),
        (SENDING, &[("quiet_from", "25:00")], "quiet_from", "時刻ではありません"),
        (SENDING, &[("quiet_to", "")], "quiet_to", "片方の時刻しかありません"),
        (SENDING, &[("quiet_to", "21:00")], "quiet_to", "同じ時刻"),
        (SENDING, &[("weekly_max", "0")], "weekly_max", "0は書けません"),
        (JAPANESE, &[("welcome", &long)], "welcome", "長すぎます（301文字）"),
        (JAPANESE, &[("emergency_note", "｛名前｝さん、119番へ")], "emergency_note", "「｛名前｝」は"),
    ];
    for (path, others, field, words) in cases {
        let form = sato.get(path).await;
        let told = save(&sato, &form, path, others).await;
        if field.is_empty() {
            assert_eq!(told.status, StatusCode::SEE_OTHER, "{others:?}");
            let back = sato.get(path).await;
            save(&sato, &back, path, &[]).await;
            continue;
        }
        assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY, "{others:?}");
        let error = format!(r#"id="f-{field}-error""#);
        assert!(told.body.contains(&error) && told.body.contains(words), "{others:?}: {}", told.body);
        assert!(told.body.contains("<title>エラー："), "{others:?}");
    }
    assert_eq!(profile(&hall), before);
    let form = sato.get(SENDING).await;
    let told = save(&sato, &form, SENDING, &[("public_page", "maybe")]).await;
    assert!(told.body.contains("「maybe」は書けません"), "{}", told.body);
}

#[tokio::test]
async fn a_doubtful_reading_is_saved_only_knowingly() {
    let hall = hall();
    let sato = hall.signed_in("sato").await;
    let form = sato.get(TOWN).await;
    let told = save(&sato, &form, TOWN, &[("reading", "コハルノ")]).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told.body.contains("「コハルノ」は読みではありません"), "{}", told.body);
    assert!(told.body.contains("注意を確かめたうえで保存する"));
    let saved = save(&sato, &told, TOWN, &[("reading", "コハルノ"), ("warnings", "accept")]).await;
    assert_eq!(saved.location(), "/settings?done=saved");
    assert_eq!(hall.records.body("profile", "profile").unwrap()["reading"], "コハルノ");
}

#[tokio::test]
async fn the_rules_of_sending_can_be_lifted_and_set() {
    let hall = hall();
    let sato = hall.signed_in("sato").await;
    let form = sato.get(SENDING).await;
    assert!(form.body.contains(r#"value="07:00""#), "as a browser's field takes it: {}", form.body);
    let free = [("quiet_from", ""), ("quiet_to", ""), ("weekly_max", "２"), ("public_page", "on")];
    assert_eq!(save(&sato, &form, SENDING, &free).await.location(), "/settings?done=saved");
    let sending = profile(&hall).sending;
    assert_eq!((sending.quiet_hours, sending.weekly_max), (None, Some(2)), "full-width digits are digits");
    let shown = sato.get("/settings").await;
    assert!(
        shown.body.contains("（時間帯なし）") && shown.body.contains("2通") && shown.body.contains("だれでも読める")
    );
    let form = sato.get(SENDING).await;
    save(&sato, &form, SENDING, &[("quiet_from", "12:30"), ("quiet_to", "13:05")]).await;
    let quiet = profile(&hall).sending.quiet_hours.unwrap();
    assert_eq!((quiet.begin().to_string(), quiet.end().to_string()), ("12:30:00".to_owned(), "13:05:00".to_owned()));
}

#[tokio::test]
async fn texts_are_shown_as_a_phone_would_and_no_html_in_them_is_html() {
    let hall = hall();
    let sato = hall.signed_in("sato").await;
    let form = sato.get(JAPANESE).await;
    assert!(form.body.contains(r#"data-for="f-welcome""#) && form.body.contains("友だち追加ありがとうございます"));
    let looked = save(&sato, &form, JAPANESE, &[("welcome", "見え方だけ"), ("do", "show")]).await;
    assert_eq!(looked.status, StatusCode::OK);
    assert!(looked.body.contains(">見え方だけ</p>"), "{}", looked.body);
    assert_ne!(profile(&hall).texts[&domain::language::Language::Japanese].welcome, "見え方だけ");

    let saved = save(&sato, &form, JAPANESE, &[("welcome", EVIL), ("emergency_note", "一\r\n二")]).await;
    assert_eq!(saved.location(), "/settings?done=saved");
    assert_eq!(profile(&hall).texts[&domain::language::Language::Japanese].emergency_note, "一\n二");
    let form = sato.get(TOWN).await;
    assert_eq!(save(&sato, &form, TOWN, &[("name", EVIL)]).await.location(), "/settings?done=saved");
    for path in ["/settings", TOWN, JAPANESE, "/settings/menu", "/town/history", "/town/history/2", "/audit"] {
        let page = sato.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(!page.body.contains("<script>alert"), "{path}: {}", page.body);
    }
}

#[tokio::test]
async fn the_rich_menu_is_shown_in_words() {
    let hall = hall();
    let sato = hall.signed_in("sato").await;
    let page = sato.get("/settings/menu").await;
    for words in [
        "ごみの分け方をしらべる",
        "アカウントの機能「ごみのしらべ方」を呼び出す",
        "タブ「せってい・その他」に切り替える",
        "ページを開く：https://www.example.jp/koharuno/bousai/",
        "rich-menu/kurashi.png（2500×1686）",
        "コマンドで読み込みます",
    ] {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
}

#[tokio::test]
async fn who_is_no_administrator_sees_no_way_there() {
    let hall = hall();
    let mori = hall.signed_in("mori").await;
    assert!(!mori.get("/").await.body.contains(r#"href="/settings""#));
    let sato = hall.signed_in("sato").await;
    assert!(sato.get("/").await.body.contains(r#"href="/settings""#));
    let form = sato.get(TOWN).await;
    let seen = form.field("seen").unwrap();
    let csrf = mori.get("/").await.field("csrf").unwrap();
    let mut all = fields(TOWN, &[("name", "もり市")]);
    all.extend([("seen", seen.as_str()), ("csrf", csrf.as_str())]);
    assert_eq!(mori.post_as(TOWN, &all, tests::console::ORIGIN).await.status, StatusCode::FORBIDDEN);
    assert_eq!(profile(&hall).name, "こはる野市");
    assert_eq!(sato.get("/settings/no-such-part").await.status, StatusCode::NOT_FOUND);
}
