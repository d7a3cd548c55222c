//! A snow day, and the dates that residents are asked for, as people write them in their browsers.

use domain::audit::Action;
use http::StatusCode;
use serde_json::json;
use tests::console::{Browser, Seen, TownHall};
use tests::forms::forms;

use super::town::hall;

const NEW: &str = "/town/changes/new";
const SNOW: &str = "/town/changes/edit?id=2027-01-20";

/// The fields of a snow day: of two areas, of one category, with another day.
const FIELDS: [(&str, &str); 8] = [
    ("seen", "[]"),
    ("id", ""),
    ("date", "2027-01-20"),
    ("areas", "yamate"),
    ("areas", "kita"),
    ("categories", "plastics"),
    ("new_date", "2027-01-22"),
    ("reason", "大雪のため"),
];

/// Adds the snow day.
async fn add(browser: &Browser) -> Seen {
    let form = browser.get(NEW).await;
    assert_eq!(form.status, StatusCode::OK, "{}", form.body);
    browser.post(&form, NEW, &FIELDS).await
}

/// The values that are ticked in a form that goes somewhere.
fn ticked(page: &Seen, action: &str, name: &str) -> Vec<String> {
    let form = forms(&page.body).into_iter().find(|form| form.action == action).unwrap();
    form.fields.into_iter().filter(|field| field.name == name).flat_map(|field| field.values).collect()
}

fn stored(hall: &TownHall) -> Option<serde_json::Value> {
    hall.records.body("change", "2027-01-20")
}

#[tokio::test]
async fn a_snow_day_is_added_shown_changed_and_undone() {
    let hall = hall();
    let mori = hall.signed_in("mori").await;
    let added = add(&mori).await;
    assert_eq!(
        (added.status, added.location()),
        (StatusCode::SEE_OTHER, "/town/changes/edit?id=2027-01-20&done=added")
    );
    let body = stored(&hall).unwrap();
    assert_eq!((&body["areas"], &body["categories"]), (&json!(["kita", "yamate"]), &json!(["plastics"])));
    assert_eq!((&body["date"], &body["moved_to"]), (&json!("2027-01-20"), &json!("2027-01-22")));
    assert_eq!(add(&mori).await.location(), "/town/changes/edit?id=2027-01-20&done=already", "a double click");
    let act = hall.staff.acts().into_iter().rfind(|act| act.action == Action::EditTown).unwrap();
    assert_eq!((act.subject.as_str(), act.department.unwrap().as_str()), ("change/2027-01-20", "environment"));

    let list = mori.get("/town/changes").await;
    for words in [
        "2027-01-20の北コースほか1区域・プラスチック資源",
        "北コース、山手コース",
        "2027-01-22",
        "大雪のため",
        "すべて",
    ] {
        assert!(list.body.contains(words), "{words}: {}", list.body);
    }
    let latest = list.body.find("2027-01-20の").unwrap();
    assert!(latest < list.body.find("2025-09-05の").unwrap(), "the latest stands first");

    let form = mori.get(SNOW).await;
    assert_eq!(ticked(&form, SNOW, "areas"), ["kita", "yamate"]);
    assert_eq!(ticked(&form, SNOW, "categories"), ["plastics"]);
    let seen = form.field("seen").unwrap();
    let everywhere =
        [("seen", seen.as_str()), ("date", "2027-01-20"), ("categories", "plastics"), ("reason", "大雪のため")];
    let saved = mori.post(&form, SNOW, &everywhere).await;
    assert_eq!(saved.location(), "/town/changes/edit?id=2027-01-20&done=saved", "{}", saved.body);
    let body = stored(&hall).unwrap();
    assert_eq!(
        (&body["areas"], &body["moved_to"]),
        (&json!([]), &json!(null)),
        "no box, no day: everywhere, without another"
    );

    let past = mori.get("/town/history/3").await;
    for words in ["北コース、山手コース", "すべて", "この変更を取り消す"] {
        assert!(past.body.contains(words), "{words}: {}", past.body);
    }
    assert_eq!(mori.post(&past, "/town/history/3/undo", &[]).await.location(), "/town/history/4?done=undone");
    assert_eq!(stored(&hall).unwrap()["areas"], json!(["kita", "yamate"]));
    let ask = mori.get("/town/changes/remove?id=2027-01-20").await;
    assert!(ask.body.contains("もとの日に集めるものとして案内します"), "{}", ask.body);
    let seen = ask.field("seen").unwrap();
    let removed = mori.post(&ask, "/town/changes/remove?id=2027-01-20", &[("seen", &seen)]).await;
    assert_eq!(removed.location(), "/town/changes?done=removed");
    assert_eq!(stored(&hall), None);
}

#[tokio::test]
async fn a_wrong_day_is_told_at_its_field_and_the_ticks_stay() {
    let hall = hall();
    let mori = hall.signed_in("mori").await;
    let form = mori.get(NEW).await;
    let mut fields = FIELDS;
    fields[6].1 = "2027-01-20";
    let told = mori.post(&form, NEW, &fields).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told.body.contains("代わりの日が、取りやめる日と同じか、それより前です"), "{}", told.body);
    assert!(told.body.contains("f-new_date-error"), "{}", told.body);
    assert_eq!(ticked(&told, NEW, "areas"), ["kita", "yamate"]);
    assert_eq!(stored(&hall), None);
}

#[tokio::test]
async fn who_owns_the_garbage_writes_changes_and_only_administrators_dates() {
    let hall = hall();
    let (mori, ueda, oka, sato) = (
        hall.signed_in("mori").await,
        hall.signed_in("ueda").await,
        hall.signed_in("oka").await,
        hall.signed_in("sato").await,
    );
    assert_eq!(add(&ueda).await.status, StatusCode::FORBIDDEN, "the roads have no garbage");
    assert_eq!(oka.get(NEW).await.status, StatusCode::FORBIDDEN, "a reader");
    assert_eq!(stored(&hall), None);
    assert_eq!(add(&mori).await.status, StatusCode::SEE_OTHER);
    assert!(!oka.get("/town/changes").await.body.contains(SNOW), "no link for a reader");
    assert!(mori.get("/town/changes").await.body.contains(SNOW));

    let new = "/town/dates/new";
    assert_eq!(mori.get(new).await.status, StatusCode::FORBIDDEN);
    let form = sato.get(new).await;
    let fields = [
        ("seen", "[]"),
        ("name", "引っこした月"),
        ("name_en", "Moved in"),
        ("question", "いつですか"),
        ("direction", "past"),
    ];
    let added = sato.post(&form, new, &fields).await;
    assert_eq!(added.location(), "/town/dates/edit?id=moved-in&done=added", "{}", added.body);
    assert_eq!(hall.records.body("date-kind", "moved-in").unwrap()["direction"], json!("past"));
    let list = mori.get("/town/dates").await;
    assert!(list.body.contains("引っこした月") && list.body.contains("今月まで（過ぎたこと）"), "{}", list.body);
    let mut child = fields.to_vec();
    child.push(("id", "child"));
    let told = sato.post(&form, new, &child).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY, "its name is kept for children: {}", told.body);
    assert!(told.body.contains("「child」は、お子さんの生まれた月に使う識別名です"), "{}", told.body);
}

#[tokio::test]
async fn a_file_of_changes_is_looked_at_taken_and_taken_back() {
    let hall = hall();
    let mori = hall.signed_in("mori").await;
    let page = mori.get("/town/changes/import").await;
    let header = "id,date,areas,categories,new_date,reason\n";
    let send = async |rows: &str| {
        let file = format!("{header}{rows}");
        let file = ("file", "changes.csv", file.as_bytes());
        let sent = mori.upload(&page, "/town/changes/import", &[("missing", "keep")], file).await;
        (sent.location().split('?').next().unwrap().to_owned(), mori.get(sent.location()).await)
    };
    let (_, bad) = send("a,2027-02-30,,,,\nb,2027-02-10,umi,,2027-02-09,\n").await;
    for words in ["「2027-02-30」は日付ではありません。", "「umi」はareas.csvにありません。", "代わりの日が、"]
    {
        assert!(bad.body.contains(words), "{words}: {}", bad.body);
    }
    assert!(!bad.body.contains("この内容で取り込む"));

    let (address, preview) =
        send("2025-09-05,2025-09-05,chuo,,2025-09-06,台風のため\nyuki,2027-02-10,,burnable,,\n").await;
    assert!(preview.body.contains("中央コース") && preview.body.contains("2025-09-06"), "{}", preview.body);
    let digest = preview.field("digest").unwrap();
    let done = mori.post(&preview, &address, &[("digest", digest.as_str()), ("missing", "keep")]).await;
    assert_eq!(done.location(), "/town/history/2?done=imported");
    assert_eq!(hall.records.body("change", "yuki").unwrap()["categories"], json!(["burnable"]));
    assert_eq!(hall.records.body("change", "2025-09-05").unwrap()["areas"], json!(["chuo"]));
    let past = mori.get("/town/history/2").await;
    assert!(past.body.contains("収集の変更：追加1件、変更1件"), "{}", past.body);
    assert!(mori.post(&past, "/town/history/2/undo", &[]).await.location().ends_with("done=undone"));
    assert_eq!(hall.records.body("change", "yuki"), None);
    assert_eq!(hall.records.body("change", "2025-09-05").unwrap()["areas"], json!([]));
}
