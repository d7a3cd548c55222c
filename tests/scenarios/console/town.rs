//! The town's data, as people edit it in their browsers: two at once, with mistakes, from files, and back again.

use app::ports::{How, Questions};
use app::town::records::to_records;
use app::town::{Files, read};
use console::words::questions as question_words;
use console::words::town as words;
use domain::audit::Action;
use domain::staff::Role;
use http::StatusCode;
use jiff::SignedDuration;
use tests::city::TableFault;
use tests::console::{Browser, ORIGIN, Seen, TownHall, query};
use tests::forms::forms;

const EVIL: &str = r#""><script>alert(1)</script>"#;

/// The sample town, with Sato who looks after everything, Mori of the environment, Ueda of the roads, and Oka who reads.
pub(super) fn hall() -> TownHall {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/sample-town");
    let mut files = Files::default();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            files.0.insert(name, std::fs::read(&path).unwrap());
        }
    }
    let mut data = read(&files).data;
    data.menu.clear();
    let hall = TownHall::of_records(to_records(&data).unwrap());
    let department = |name: &str| name.parse().unwrap();
    hall.staff.settle([
        TownHall::person("sato", [Role::Administrator]),
        TownHall::person("mori", [Role::Editor(department("environment"))]),
        TownHall::person("ueda", [Role::Approver(department("roads-and-parks"))]),
        TownHall::person("oka", [Role::Reader(department("environment"))]),
    ]);
    hall
}

const AIRON: &str = "/town/waste-items/edit?id=airon";

/// All fields of a waste item's form, one of them changed.
fn airon<'a>(form: &'a Seen, seen: &'a str, name: &'static str, value: &'a str) -> Vec<(&'static str, &'a str)> {
    assert_eq!(form.status, StatusCode::OK);
    let mut fields = vec![
        ("seen", seen),
        ("name", "アイロン"),
        ("reading", "あいろん"),
        ("aliases", "スチームアイロン|衣類スチーマー"),
        ("category", "non-burnable"),
        ("how", "水を抜いて青い指定袋へ。"),
        ("note", ""),
        ("name_en", "Iron"),
    ];
    fields.iter_mut().filter(|(known, _)| *known == name).for_each(|(_, known)| *known = value);
    fields
}

async fn save(browser: &Browser, form: &Seen, name: &'static str, value: &str) -> Seen {
    let seen = form.field("seen").unwrap();
    browser.post(form, AIRON, &airon(form, &seen, name, value)).await
}

fn note(hall: &TownHall) -> String {
    hall.records.body("waste-item", "airon").unwrap()["note"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_edit_is_saved_shown_recorded_and_undone() {
    let hall = hall();
    let mori = hall.signed_in("mori").await;
    let form = mori.get(AIRON).await;
    let saved = save(&mori, &form, "note", "さましてから").await;
    assert_eq!((saved.status, saved.location()), (StatusCode::SEE_OTHER, "/town/waste-items/edit?id=airon&done=saved"));
    assert_eq!(note(&hall), "さましてから");
    assert!(mori.get(saved.location()).await.body.contains("保存しました"));
    let again = save(&mori, &form, "note", "さましてから").await;
    assert_eq!(again.location(), "/town/waste-items/edit?id=airon&done=already", "a double click");
    let edits: Vec<_> = hall.staff.acts().into_iter().filter(|act| act.action == Action::EditTown).collect();
    assert_eq!(edits.len(), 1);
    assert_eq!(edits[0].department.as_ref().unwrap().as_str(), "environment");

    let history = mori.get("/town/history").await;
    assert!(history.body.contains("「アイロン」を変更") && history.body.contains("職員 mori"), "{}", history.body);
    let past = mori.get("/town/history/2").await;
    assert!(past.body.contains("さましてから") && past.body.contains("この変更を取り消す"));
    let undone = mori.post(&past, "/town/history/2/undo", &[]).await;
    assert_eq!(undone.location(), "/town/history/3?done=undone");
    assert_eq!(note(&hall), "");
    assert_eq!(mori.post(&past, "/town/history/2/undo", &[]).await.location(), "/town/history/2?done=already");
}

#[tokio::test]
async fn the_second_of_two_editors_sees_the_difference_and_decides() {
    let hall = hall();
    let (mori, sato) = (hall.signed_in("mori").await, hall.signed_in("sato").await);
    let (hers, his) = (mori.get(AIRON).await, sato.get(AIRON).await);
    save(&mori, &hers, "note", "森の注意").await;
    let told = save(&sato, &his, "note", "佐藤の注意").await;
    assert_eq!(told.status, StatusCode::CONFLICT);
    for words in ["ほかの職員が先に変更しました", "画面を開いたとき", "森の注意", "佐藤の注意"]
    {
        assert!(told.body.contains(words), "{words}: {}", told.body);
    }
    assert_eq!(note(&hall), "森の注意", "nothing is overwritten");
    let seen = told.field("seen").unwrap();
    let mut fields = airon(&his, &seen, "note", "佐藤の注意");
    fields.retain(|(name, _)| *name != "csrf");
    let saved = sato.post(&told, AIRON, &fields).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    assert_eq!(note(&hall), "佐藤の注意", "knowingly");
}

#[tokio::test]
async fn what_a_colleague_removed_is_not_lost_to_the_one_who_types() {
    let hall = hall();
    let (mori, sato) = (hall.signed_in("mori").await, hall.signed_in("sato").await);
    let form = mori.get(AIRON).await;
    let ask = sato.get("/town/waste-items/remove?id=airon").await;
    let seen = ask.field("seen").unwrap();
    let removed = sato.post(&ask, "/town/waste-items/remove?id=airon", &[("seen", &seen)]).await;
    assert_eq!(removed.location(), "/town/waste-items?done=removed");
    let told = save(&mori, &form, "note", "だいじな入力").await;
    assert_eq!(told.status, StatusCode::CONFLICT);
    assert!(told.body.contains("先に削除しました") && told.body.contains("だいじな入力"), "{}", told.body);
    let gone = sato.post(&ask, "/town/waste-items/remove?id=airon", &[("seen", &seen)]).await;
    assert_eq!(gone.location(), "/town/waste-items?done=gone");
}

#[tokio::test]
async fn edits_of_different_things_do_not_meet() {
    let hall = hall();
    let mori = hall.signed_in("mori").await;
    let form = mori.get(AIRON).await;
    let mut other = hall.records.body("waste-item", "airondai").unwrap();
    other["note"] = "ほかの人".into();
    hall.records.interlope([app::ports::TownRecord {
        kind: "waste-item".to_owned(),
        id: "airondai".to_owned(),
        body: other,
    }]);
    assert_eq!(save(&mori, &form, "note", "自分").await.status, StatusCode::SEE_OTHER);
    assert_eq!(note(&hall), "自分");
    assert_eq!(hall.records.body("waste-item", "airondai").unwrap()["note"], "ほかの人");
}

#[tokio::test]
async fn an_answer_that_is_lost_is_no_harm() {
    let hall = hall();
    let mori = hall.signed_in("mori").await;
    let form = mori.get(AIRON).await;
    hall.records.fail_writes([TableFault::Throttled, TableFault::ReplyLost]);
    for _ in 0..2 {
        assert_eq!(save(&mori, &form, "note", "一度").await.status, StatusCode::SERVICE_UNAVAILABLE);
    }
    assert!(save(&mori, &form, "note", "一度").await.location().ends_with("done=already"));
    assert_eq!(hall.staff.acts().iter().filter(|act| act.action == Action::EditTown).count(), 1);
}

#[tokio::test]
async fn mistakes_stand_beside_their_fields_and_nothing_typed_is_lost() {
    let hall = hall();
    let mori = hall.signed_in("mori").await;
    let form = mori.get(AIRON).await;
    let told = save(&mori, &form, "name", "").await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told.body.contains(r##"href="#f-name""##) && told.body.contains(r#"id="f-name-error""#));
    assert!(told.body.contains("空です。書いてください。") && told.body.contains("水を抜いて青い指定袋へ。"));
    let warned = save(&mori, &form, "reading", "アイロン").await;
    assert_eq!(warned.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(warned.body.contains("注意を確かめたうえで保存する"), "{}", warned.body);
    let seen = form.field("seen").unwrap();
    let mut fields = airon(&form, &seen, "reading", "アイロン");
    fields.push(("warnings", "accept"));
    assert_eq!(mori.post(&warned, AIRON, &fields).await.status, StatusCode::SEE_OTHER);

    let path = "/town/calendar/edit?id=chuo%2Fburnable";
    let calendar = mori.get(path).await;
    let seen = calendar.field("seen").unwrap();
    let fields = [("seen", seen.as_str()), ("when-1", "月 木"), ("when-2", "水9")];
    let told = mori.post(&calendar, path, &fields).await;
    assert!(
        told.body.contains(r##"href="#f-when-2""##) && told.body.contains("「水9」を読めません。"),
        "{}",
        told.body
    );
    let saved = mori.post(&calendar, path, &[("seen", seen.as_str()), ("when-1", "月 木"), ("when-3", "水２")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let lines = hall.records.body("calendar", "chuo/burnable").unwrap();
    assert_eq!(lines["lines"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn nobody_edits_what_is_not_theirs() {
    let hall = hall();
    for (id, path, expected) in [
        ("oka", "/town/waste-items", StatusCode::OK),
        ("oka", AIRON, StatusCode::FORBIDDEN),
        ("oka", "/town/waste-items/new", StatusCode::FORBIDDEN),
        ("ueda", AIRON, StatusCode::FORBIDDEN),
        ("ueda", "/town/waste-items/remove?id=airon", StatusCode::FORBIDDEN),
        ("ueda", "/town/waste-items/new", StatusCode::OK),
        ("mori", "/town/districts/edit?id=ekimae", StatusCode::FORBIDDEN),
        ("mori", "/town/districts/new", StatusCode::FORBIDDEN),
        ("mori", "/town/districts/import", StatusCode::FORBIDDEN),
        ("mori", "/town/topics/edit?id=disaster", StatusCode::FORBIDDEN),
        ("mori", "/town/topics/edit?id=garbage", StatusCode::OK),
        ("mori", "/town/calendar/edit?id=chuo%2Fburnable", StatusCode::OK),
        ("sato", "/town/departments/edit?id=environment", StatusCode::OK),
        ("sato", "/town/waste-items/edit?id=nothing", StatusCode::NOT_FOUND),
        ("sato", "/town/nothing", StatusCode::NOT_FOUND),
        ("sato", "/town/history/999", StatusCode::NOT_FOUND),
    ] {
        let seen = hall.signed_in(id).await.get(path).await;
        assert_eq!(seen.status, expected, "{id} {path}");
    }
    // What the route cannot know: whose a record would be.
    let ueda = hall.signed_in("ueda").await;
    let form = ueda.get("/town/waste-items/new").await;
    let fields = [("seen", "[]"), ("name", "靴べら"), ("reading", "くつべら"), ("category", "burnable")];
    assert_eq!(ueda.post(&form, "/town/waste-items/new", &fields).await.status, StatusCode::FORBIDDEN);
    let seen = hall.signed_in("mori").await.get(AIRON).await.field("seen").unwrap();
    assert_eq!(ueda.post(&form, AIRON, &airon(&form, &seen, "note", "x")).await.status, StatusCode::FORBIDDEN);
    let remove = "/town/waste-items/remove?id=airon";
    assert_eq!(ueda.post(&form, remove, &[("seen", &seen)]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(note(&hall), "");
    let denials = hall.staff.acts().iter().filter(|act| act.action == Action::Denied).count();
    assert_eq!(denials, 10, "each is recorded, the same person at the same route once a minute");
}

#[tokio::test]
async fn nothing_is_removed_that_is_needed() {
    let hall = hall();
    let sato = hall.signed_in("sato").await;
    for (path, said) in [
        ("/town/categories/remove?id=burnable", "ほかのデータが使っている"),
        ("/town/areas/remove?id=chuo", "ほかのデータが使っている"),
        ("/town/departments/remove?id=environment", "この課の権限を持つ職員がいる"),
    ] {
        let ask = sato.get(path).await;
        let seen = ask.field("seen").unwrap();
        let told = sato.post(&ask, path, &[("seen", &seen)]).await;
        assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert!(told.body.contains(said) && told.body.contains("は削除できません</h1>"), "{}", told.body);
        for pointless in ["name=\"seen\"", "button-danger", words::REMOVE_CONSEQUENCES[0]] {
            assert!(ask.body.contains(pointless) && !told.body.contains(pointless), "{path}: {pointless}");
        }
    }
}

#[tokio::test]
async fn what_is_wrong_names_its_field_and_leads_to_it() {
    let hall = hall();
    let sato = hall.signed_in("sato").await;
    let form = sato.get(AIRON).await;
    let told = save(&sato, &form, "name", "").await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    let link = r##"<a href="#f-name">品目の名前：空です。書いてください。</a>"##;
    assert!(told.body.contains(link), "{}", told.body);

    let form = sato.get(AIRON).await;
    let doubted = save(&sato, &form, "reading", "アイロン").await;
    assert!(doubted.body.contains("<li>読み：「アイロン」は読みではありません。"), "{}", doubted.body);

    let form = sato.get("/town/calendar/new").await;
    let lines = [("seen", "[]"), ("area", "chuo"), ("category", "non-burnable"), ("when-1", "月"), ("when-2", "水9")];
    let told = sato.post(&form, "/town/calendar/new", &lines).await;
    assert!(told.body.contains(r##"<a href="#f-when-2">行2の集める日：「水9」を読めません。"##), "{}", told.body);
    assert!(!told.body.contains("（when）"), "a form does not speak of the file's columns");
    let import = sato.get("/town/calendar/import").await;
    assert!(import.body.contains(">when<") && import.body.contains(">集める日<"), "{}", import.body);
}

#[tokio::test]
async fn a_department_with_staff_stays_whichever_way_it_would_go() {
    let hall = hall();
    let sato = hall.signed_in("sato").await;
    let form = sato.get("/town/departments/new").await;
    let parks = [("seen", "[]"), ("id", "parks"), ("name", "公園課"), ("phone", "0000-00-0003")];
    let added = sato.post(&form, "/town/departments/new", &parks).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    let without = include_str!("../../../infra/sample-town/departments.csv");
    hall.staff.settle([TownHall::person("kida", [Role::Reader("parks".parse().unwrap())])]);

    let past = sato.get("/town/history/2").await;
    let kept = sato.post(&past, "/town/history/2/undo", &[]).await;
    assert_eq!(kept.status, StatusCode::CONFLICT);
    let form = sato.get("/town/departments/import").await;
    let file = ("file", "departments.csv", without.as_bytes());
    let sent = sato.upload(&form, "/town/departments/import", &[("missing", "remove")], file).await;
    let preview = sato.get(sent.location()).await;
    assert!(!preview.body.contains("この内容で取り込む"));
    for page in [&kept, &preview] {
        assert!(page.body.contains(words::DEPARTMENT_HAS_STAFF.title), "{}", page.body);
        assert!(page.body.contains("<li>公園課</li>"), "{}", page.body);
    }
    assert!(hall.records.body("department", "parks").is_some());
}

#[tokio::test]
async fn lists_are_searched_filtered_and_paged() {
    let hall = hall();
    let oka = hall.signed_in("oka").await;
    let all = oka.get("/town/waste-items").await;
    assert!(all.body.contains("rel=\"next\"") && !all.body.contains("/town/waste-items/edit"), "{}", all.body);
    let found = oka.get(&format!("/town/waste-items?{}", query(&[("q", "すちーむアイロン")]))).await;
    assert!(found.body.contains(">アイロン<") || found.body.contains("アイロン"), "{}", found.body);
    assert!(found.body.contains("（1件）"), "{}", found.body);
    let filtered = oka.get("/town/waste-items?category=burnable&q=airon").await;
    assert!(filtered.body.contains("（0件）") && filtered.body.contains("条件に合うものはありません"));
    for table in ["calendar", "districts", "topics", "categories", "areas", "closures", "departments"] {
        assert_eq!(oka.get(&format!("/town/{table}")).await.status, StatusCode::OK, "{table}");
    }
    assert!(oka.get("/town").await.body.contains("受信トピック"));
}

async fn upload(browser: &Browser, text: &str, missing: &str) -> Seen {
    let form = browser.get("/town/waste-items/import").await;
    let file = ("file", "items.csv", text.as_bytes());
    let sent = browser.upload(&form, "/town/waste-items/import", &[("missing", missing)], file).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let mut preview = browser.get(sent.location()).await;
    preview.headers = sent.headers;
    preview
}

fn address(preview: &Seen) -> String {
    preview.location().split('?').next().unwrap().to_owned()
}

const HEADER: &str = "id,name,reading,aliases,category,how,note,name_en\n";

#[tokio::test]
async fn a_file_with_mistakes_changes_nothing_and_a_good_one_what_was_agreed_to() {
    let hall = hall();
    let mori = hall.signed_in("mori").await;
    let bad =
        upload(&mori, &format!("{HEADER}airon,,あいろん,,non-burnable,,,\nkutsu,靴,くつ,,nai,,,\n"), "keep").await;
    for words in [
        "取り込めません",
        "品目の名前<span class=\"hint\">（name）</span>",
        "空です。",
        "「nai」はcategories.csvにありません。",
    ] {
        assert!(bad.body.contains(words), "{words}: {}", bad.body);
    }
    assert!(!bad.body.contains("この内容で取り込む"));

    let text =
        format!("{HEADER}airon,アイロン,あいろん,,non-burnable,,新しい注意,\nkutsubera,靴べら,くつべら,,burnable,,,\n");
    let preview = upload(&mori, &text, "keep").await;
    assert!(preview.body.contains("新しい注意") && preview.body.contains("靴べら"), "{}", preview.body);
    assert_eq!(note(&hall), "", "a preview changes nothing");
    let digest = preview.field("digest").unwrap();
    let agree = [("digest", digest.as_str()), ("missing", "keep")];
    let done = mori.post(&preview, &address(&preview), &agree).await;
    assert_eq!(done.location(), "/town/history/2?done=imported");
    assert_eq!(note(&hall), "新しい注意");
    let again = mori.post(&preview, &address(&preview), &agree).await;
    assert_eq!(again.location(), "/town/waste-items?done=already");
    let past = mori.get("/town/history/2").await;
    assert!(past.body.contains("追加1件、変更1件"), "{}", past.body);
    assert!(mori.post(&past, "/town/history/2/undo", &[]).await.location().ends_with("done=undone"));
    assert!(hall.records.body("waste-item", "kutsubera").is_none());
}

#[tokio::test]
async fn an_import_whose_ground_has_moved_is_shown_again() {
    let hall = hall();
    let mori = hall.signed_in("mori").await;
    let preview = upload(&mori, &format!("{HEADER}airon,アイロン,あいろん,,non-burnable,,取り込み,\n"), "keep").await;
    let form = mori.get(AIRON).await;
    save(&mori, &form, "note", "編集").await;
    let digest = preview.field("digest").unwrap();
    let told = mori.post(&preview, &address(&preview), &[("digest", &digest), ("missing", "keep")]).await;
    assert_eq!(told.status, StatusCode::CONFLICT);
    assert!(told.body.contains("確認したあとに、データが変わりました"));
    assert_eq!(note(&hall), "編集");
    let digest = told.field("digest").unwrap();
    let done = mori.post(&told, &address(&preview), &[("digest", &digest), ("missing", "keep")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert_eq!(note(&hall), "取り込み");
}

#[tokio::test]
async fn a_file_is_nobody_elses_and_does_not_wait_for_ever() {
    let hall = hall();
    let (mori, sato) = (hall.signed_in("mori").await, hall.signed_in("sato").await);
    let form = mori.get("/town/topics/import").await;
    let topics = "id,name,name_easy,name_en,description,department,default\ndisaster,防災,,,,disaster-prevention,on\n";
    let sent = mori.upload(&form, "/town/topics/import", &[], ("file", "topics.csv", topics.as_bytes())).await;
    let denied = mori.get(sent.location()).await;
    assert!(denied.body.contains("あなたの権限では変えられないデータ"), "{}", denied.body);
    assert!(!denied.body.contains("この内容で取り込む"));
    let preview = upload(&mori, &format!("{HEADER}airon,アイロン,あいろん,,non-burnable,,取り込み,\n"), "keep").await;
    assert_eq!(sato.get(&address(&preview)).await.status, StatusCode::GONE);
    hall.uploads.forget();
    let gone = mori.get(&address(&preview)).await;
    assert!(gone.status == StatusCode::GONE && gone.body.contains("期限（24時間）が過ぎました"));
    let form = mori.get("/town/waste-items/import").await;
    let nothing = mori.upload(&form, "/town/waste-items/import", &[], ("file", "", b"")).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn four_thousand_rows_are_imported_and_taken_back() {
    let hall = hall();
    let sato = hall.signed_in("sato").await;
    let rows = (0..4_000).map(|n| format!("x{n},品目{n},ひんもく,,burnable,,,")).collect::<Vec<_>>().join("\n");
    let preview = upload(&sato, &format!("{HEADER}{rows}"), "keep").await;
    let digest = preview.field("digest").unwrap();
    let done = sato.post(&preview, &address(&preview), &[("digest", &digest), ("missing", "keep")]).await;
    assert_eq!(done.location(), "/town/history/2?done=imported");
    assert!(hall.records.body("waste-item", "x3999").is_some());
    let past = sato.get("/town/history/2?page=80").await;
    assert!(past.body.contains("追加4,000件"), "{}", &past.body[..2_000]);
    sato.post(&past, "/town/history/2/undo", &[]).await;
    assert!(hall.records.body("waste-item", "x0").is_none());
}

#[tokio::test]
async fn a_table_is_taken_out_and_that_is_recorded() {
    let hall = hall();
    let oka = hall.signed_in("oka").await;
    let list = oka.get("/town/waste-items").await;
    let file = oka.post(&list, "/town/waste-items/export", &[]).await;
    assert_eq!(file.status, StatusCode::OK);
    assert!(file.body.starts_with("\u{feff}id,name,reading") && file.body.contains("\r\n"), "{}", &file.body[..200]);
    assert!(hall.staff.acts().iter().any(|act| act.action == Action::Export && act.subject == "waste-items.csv"));
    let sato = hall.signed_in("sato").await;
    let preview = upload(&sato, &file.body, "remove").await;
    assert!(preview.body.contains("変わるところはありません"), "{}", preview.body);
}

#[tokio::test]
async fn what_is_written_anywhere_stays_text_everywhere() {
    let hall = hall();
    let sato = hall.signed_in("sato").await;
    let form = sato.get("/town/waste-items/new").await;
    let fields = [
        ("seen", "[]"),
        ("id", "evil"),
        ("name", EVIL),
        ("reading", "わる"),
        ("aliases", EVIL),
        ("category", "burnable"),
        ("how", EVIL),
        ("note", EVIL),
        ("name_en", EVIL),
    ];
    let saved = sato.post(&form, "/town/waste-items/new", &fields).await;
    assert_eq!(saved.location(), "/town/waste-items/edit?id=evil&done=added", "{}", saved.body);
    hall.questions.ask(EVIL, "2026-11-20T00:00:00Z".parse().unwrap());
    let list = format!("/town/waste-items?{}", query(&[("q", EVIL)]));
    for path in
        ["/town/waste-items/edit?id=evil", "/town/waste-items/remove?id=evil", "/town/history/2", &list, "/questions"]
    {
        let page = sato.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.body.contains("&lt;script&gt;") && !page.body.contains("<script>"), "{path}");
    }
}

#[tokio::test]
async fn a_question_becomes_an_alias_an_item_or_nothing() {
    let hall = hall();
    let mori = hall.signed_in("mori").await;
    for (question, day) in [("ズボンプレス", "18"), ("ずぼんプレス", "19"), ("靴べら", "20"), ("こんにちは", "20")]
    {
        hall.questions.ask(question, format!("2026-11-{day}T00:00:00Z").parse().unwrap());
    }
    hall.questions.ask("先月の", "2026-10-01T00:00:00Z".parse().unwrap());
    let list = mori.get("/questions").await;
    assert!(list.body.contains("2026年11月の質問（3種類）") && !list.body.contains("先月の"), "{}", list.body);
    assert!(list.body.contains("ずぼんプレス") && !list.body.contains("ズボンプレス"), "one row for all spellings");
    assert!(mori.get("/questions?month=2026-10").await.body.contains("先月の"));

    let form = mori.post(&list, "/questions/alias", &[("question", "ずぼんプレス"), ("find", "アイロン")]).await;
    assert!(form.body.contains(r#"value="airon""#), "{}", form.body);
    let fields = [("question", "ずぼんプレス"), ("alias", "ズボンプレス"), ("item", "airon"), ("add", "yes")];
    let missing = mori
        .post(&form, "/questions/alias", &fields[..2].iter().chain(&fields[3..]).copied().collect::<Vec<_>>())
        .await;
    assert!(missing.body.contains("品目を選んでください。"));
    assert_eq!(mori.post(&form, "/questions/alias", &fields).await.location(), "/questions?done=alias");
    assert_eq!(hall.records.body("waste-item", "airon").unwrap()["aliases"][2], "ズボンプレス");

    let form = mori.post(&list, "/questions/item", &[("question", "靴べら")]).await;
    assert!(form.body.contains(r#"value="靴べら""#));
    let item =
        [("seen", "[]"), ("question", "靴べら"), ("name", "靴べら"), ("reading", "くつべら"), ("category", "burnable")];
    assert_eq!(mori.post(&form, "/town/waste-items/new", &item).await.location(), "/questions?done=item");
    assert!(hall.records.body("waste-item", "kutsubera").is_some());

    assert_eq!(
        mori.post(&list, "/questions/ignore", &[("question", "こんにちは")]).await.location(),
        "/questions?done=ignored"
    );
    let never = mori.post(&list, "/questions/ignore", &[("question", "だれも聞いていない")]).await;
    assert_eq!(never.status, StatusCode::NOT_FOUND, "only what somebody asked");
    assert!(mori.get("/questions").await.body.contains("まだ対応していない質問はありません"));
    let handled = mori.get("/questions?show=handled").await;
    assert!(handled.body.contains("こんにちは") && handled.body.contains("職員 mori"), "{}", handled.body);
    let acts = format!("{:?}", hall.staff.acts());
    assert!(!acts.contains("こんにちは"), "the log is kept for good, residents' words are not");
    let oka = hall.signed_in("oka").await;
    assert_eq!(oka.get("/questions").await.status, StatusCode::FORBIDDEN, "residents' words are not for everybody");
    let read = oka.get("/town").await;
    assert_eq!(oka.post(&read, "/questions/ignore", &[("question", "x")]).await.status, StatusCode::FORBIDDEN);
}

/// Two who decide about the same question: the second is told what the first decided, and nothing is overwritten unknowingly.
#[tokio::test]
async fn a_decision_about_a_question_is_not_overwritten_unseen() {
    let hall = hall();
    let (sato, mori) = (hall.signed_in("sato").await, hall.signed_in("mori").await);
    for question in ["ずぼんプレス", "靴べら"] {
        hall.questions.ask(question, "2026-11-20T00:00:00Z".parse().unwrap());
    }
    let (list, question) = (mori.get("/questions").await, ("question", "ずぼんプレス"));
    let standing = || async { hall.questions.handled().await.unwrap() };
    assert_eq!(
        sato.post(&list_of(&sato).await, "/questions/ignore", &[question]).await.location(),
        "/questions?done=ignored"
    );
    hall.clock.advance(SignedDuration::from_mins(1));
    let before = standing().await;
    let alias = [question, ("alias", "ずぼんプレス"), ("item", "airon"), ("add", "yes")];
    for (path, fields) in [("/questions/alias", &alias[..]), ("/questions/item", &alias[..1])] {
        let told = mori.post(&list, path, fields).await;
        assert_eq!(told.status, StatusCode::CONFLICT, "{path}: {}", told.body);
        for said in [question_words::MEANWHILE.text, "対応しない", "職員 sato"] {
            assert!(told.body.contains(said), "{path}: {said}: {}", told.body);
        }
    }
    assert_eq!((standing().await, aliases(&hall)), (before.clone(), 2), "nothing was changed");
    assert_eq!(
        mori.post(&list, "/questions/ignore", &[question]).await.status,
        StatusCode::SEE_OTHER,
        "the same anyway"
    );
    assert_eq!(standing().await, before);

    // Having seen it, one may.
    let told = mori.post(&list, "/questions/alias", &alias).await;
    let form = forms(&told.body).into_iter().find(|form| form.action == "/questions/alias").unwrap();
    let fields = form.untouched();
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(mori.post_as("/questions/alias", &fields, ORIGIN).await.location(), "/questions?done=alias");
    assert_eq!(aliases(&hall), 3);

    // Taking back is the same: Sato's page still shows what Sato decided.
    let id = app::questions::hash(&before[0].key);
    let old = [("id", id.as_str()), ("decided", &before[0].at.to_string())];
    let told = sato.post(&list_of(&sato).await, "/questions/reopen", &old).await;
    assert_eq!(told.status, StatusCode::CONFLICT);
    assert!(told.body.contains("品目「アイロン」で答える") && told.body.contains("職員 mori"), "{}", told.body);
    let again = told.field("decided").unwrap();
    let now = [("id", id.as_str()), ("decided", again.as_str())];
    assert_eq!(sato.post(&told, "/questions/reopen", &now).await.location(), "/questions?show=handled&done=reopened");
    assert!(standing().await.is_empty());
    assert_eq!(sato.post(&told, "/questions/reopen", &now).await.status, StatusCode::SEE_OTHER, "back is back");

    // A new item is added, but what was decided while its form was filled in stays.
    let form = mori.post(&list, "/questions/item", &[("question", "靴べら")]).await;
    sato.post(&list_of(&sato).await, "/questions/ignore", &[("question", "靴べら")]).await;
    let item =
        [("seen", "[]"), ("question", "靴べら"), ("name", "靴べら"), ("reading", "くつべら"), ("category", "burnable")];
    assert_eq!(mori.post(&form, "/town/waste-items/new", &item).await.location(), "/questions?done=theirs");
    assert!(mori.get("/questions?done=theirs").await.body.contains(question_words::THEIRS.title));
    assert_eq!(standing().await[0].how, How::Ignored);
    assert!(hall.records.body("waste-item", "kutsubera").is_some());
}

async fn list_of(browser: &Browser) -> Seen {
    browser.get("/questions").await
}

/// How many aliases the iron has.
fn aliases(hall: &TownHall) -> usize {
    hall.records.body("waste-item", "airon").unwrap()["aliases"].as_array().unwrap().len()
}

/// Whoever keeps no waste items sees what was asked, but does not decide for the whole town.
#[tokio::test]
async fn who_keeps_no_waste_items_decides_nothing_about_questions() {
    let hall = hall();
    hall.questions.ask("スチームアイロン台", "2026-11-20T00:00:00Z".parse().unwrap());
    hall.questions.ask("こんにちは", "2026-11-20T00:00:00Z".parse().unwrap());
    let (mori, ueda) = (hall.signed_in("mori").await, hall.signed_in("ueda").await);
    for (browser, decides) in [(&mori, true), (&ueda, false)] {
        let list = list_of(browser).await;
        assert!(list.body.contains("こんにちは"), "{}", list.body);
        assert_eq!(list.body.contains("/questions/ignore"), decides);
        assert_eq!(browser.get("/").await.body.contains("答えられなかった質問が2件"), decides);
        let form = browser.post(&list, "/questions/alias", &[("question", "アイロン")]).await;
        assert_eq!(form.body.contains("value=\"airon\""), decides);
        assert_eq!(form.body.contains(question_words::WHICH_THEIRS), !decides, "{}", form.body);
        assert!(!form.body.contains(question_words::WHICH_NONE), "something was found");
    }
    let list = list_of(&ueda).await;
    let ignored = ueda.post(&list, "/questions/ignore", &[("question", "こんにちは")]).await;
    assert_eq!(ignored.status, StatusCode::FORBIDDEN);
    mori.post(&list_of(&mori).await, "/questions/ignore", &[("question", "こんにちは")]).await;
    let handled = hall.questions.handled().await.unwrap();
    assert!(!ueda.get("/questions?show=handled").await.body.contains("/questions/reopen"));
    let (id, at) = (app::questions::hash(&handled[0].key), handled[0].at.to_string());
    let taken = ueda.post(&list, "/questions/reopen", &[("id", id.as_str()), ("decided", at.as_str())]).await;
    assert_eq!((taken.status, hall.questions.handled().await.unwrap()), (StatusCode::FORBIDDEN, handled));
    let denied = hall.staff.acts().iter().filter(|act| act.action == Action::Denied).count();
    assert_eq!(denied, 2, "and both are recorded");
}

/// More questions than are listed, more askings than one look reads: the list says what it leaves out, and home too.
#[tokio::test]
async fn very_many_questions_are_counted_over_several_looks() {
    let hall = hall();
    let mori = hall.signed_in("mori").await;
    for number in 0..6_000 {
        let question =
            if number % 100 == 0 { "ずぼんプレス".to_owned() } else { format!("しつもん{}", number % 3_000) };
        hall.questions.ask(&question, "2026-11-20T00:00:00Z".parse().unwrap());
    }
    let begun = mori.get("/questions").await;
    assert!(begun.body.contains("質問を数えています"), "{}", begun.body);
    assert!(begun.body.contains("data-url=\"/questions/counting.json?month=2026-11\""));
    assert!(!begun.body.contains("まだ対応していない質問はありません"), "nothing is claimed before it is known");
    let polled = mori.get("/questions/counting.json?month=2026-11").await.body;
    assert!(polled.contains("\"finished\":true"), "{polled}");
    let list = mori.get("/questions").await;
    assert!(list.body.contains("2026年11月の質問（2,971種類）"), "{}", list.body);
    assert!(list.body.contains("回数の少ない質問が、ほかに2,871種類あります"), "{}", list.body);
    let places = ["ずぼんプレス", "しつもん"].map(|text| list.body.find(text).unwrap());
    assert!(places.is_sorted(), "the most frequent first");
    assert!(mori.get("/").await.body.contains("答えられなかった質問が100件以上あります"));
}
