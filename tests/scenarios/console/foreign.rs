//! What belongs to others: every table of the town, every way to change it, tried by who may not.

use app::ports::{TownRecord, TownStore};
use app::town::records::to_records;
use app::town::table::TownTable;
use app::town::{Files, read};
use domain::audit::Action;
use domain::staff::Role;
use http::StatusCode;
use jiff::SignedDuration;
use tests::console::{Browser, ORIGIN, Seen, TownHall, query};
use tests::forms::forms;

/// A town with one record in each table. What can be a department's is the roads'.
const TOWN: [(&str, &str); 14] = [
    (
        "town.yaml",
        "id: ume\nname: うめ町\nreading: うめちょう\nphone: \"0000-00-0000\"\nwebsite: https://www.example.jp/\n\
         languages: [ja]\nblocked_resident_retention_days: 30\ntexts:\n  welcome: ようこそ\n",
    ),
    ("departments.csv", "id,name,phone\nroads,道路課,0000-00-0001\nother,環境課,0000-00-0002\n"),
    ("areas.csv", "id,name,center\nhigashi,東,ひがしセンター\n"),
    ("districts.csv", "id,name,reading,area\nkawa,川,かわ,higashi\n"),
    (
        "topics.csv",
        "id,name,name_easy,name_en,description,department,default\nworks,工事,,,道路の工事,roads,on\n\
         mine,清掃,,,,other,on\n",
    ),
    (
        "categories.csv",
        "id,name,name_easy,name_en,color,description,how,put_out_by,department\n\
         gravel,がれき,,,#B3261E,石,持ち込む,8:30,roads\nmoeru,燃やす,,,#2E6B30,,,8:30,other\n",
    ),
    ("calendar.csv", "area,category,when,except,extra,note\nhigashi,gravel,水,,,朝\n"),
    ("closures.csv", "center,from,to,effect,note\nひがしセンター,2026-01-01,2026-01-03,skip,年始\n"),
    (
        "waste-items.csv",
        "id,name,reading,aliases,category,how,note,name_en\nishi,石,いし,小石,gravel,,角に注意,Stone\n",
    ),
    ("changes.csv", "id,date,areas,categories,new_date,reason\nyuki,2027-01-20,higashi,gravel,2027-01-22,雪\n"),
    (
        "dates.csv",
        "id,name,name_easy,name_en,question,question_easy,question_en,direction\ninu,犬,,,いつですか,,,past\n",
    ),
    (
        "report-kinds.csv",
        "id,name,name_easy,name_en,description,description_easy,description_en,department,urgent,urgent_easy,\
         urgent_en,urgent_phone,duplicate_radius_m,due_days,closed,closed_easy,closed_en\n\
         michi,道路,,,穴,,,roads,陥没,,,119,50,14,工事中,,\n",
    ),
    (
        "report-questions.csv",
        "id,kind,question,question_easy,question_en,choices,choices_easy,choices_en\n\
         doko,michi,どこですか,,,上,,\n",
    ),
    ("report-answers.csv", "id,kind,occasion,name,text\nmita,michi,work,見ました,見に行きました\n"),
];

/// The foreign record of each table, a column that is changed in it, and whether a department owns it.
const FOREIGN: [(TownTable, &str, &str, bool); 13] = [
    (TownTable::WasteItems, "ishi", "note", true),
    (TownTable::Calendar, "higashi/gravel", "note-1", true),
    (TownTable::Changes, "yuki", "reason", true),
    (TownTable::Topics, "works", "description", true),
    (TownTable::Categories, "gravel", "description", true),
    (TownTable::Districts, "kawa", "name", false),
    (TownTable::Dates, "inu", "question", false),
    (TownTable::ReportKinds, "michi", "description", true),
    (TownTable::ReportQuestions, "doko", "question", true),
    (TownTable::ReportAnswers, "mita", "text", true),
    (TownTable::Areas, "higashi", "name", false),
    (TownTable::Closures, "ひがしセンター/2026-01-01..2026-01-03", "note", false),
    (TownTable::Departments, "roads", "name", false),
];

/// Their town hall.
pub(super) fn hall() -> TownHall {
    let files = TOWN.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()));
    let hall = TownHall::of_records(to_records(&read(&Files(files.collect())).data).unwrap());
    let department = |name: &str| name.parse().unwrap();
    hall.staff.settle([
        TownHall::person("admin", [Role::Administrator]),
        TownHall::person("other", [Role::Approver(department("other"))]),
        TownHall::person("reader", [Role::Reader(department("roads"))]),
        TownHall::person("roads", [Role::Approver(department("roads"))]),
    ]);
    hall
}

fn record_path(table: TownTable, what: &str, id: &str) -> String {
    format!("/town/{}/{what}?{}", table.name(), query(&[("id", id)]))
}

/// What a page's form would send, with one field typed anew.
fn filled(page: &Seen, action: &str, name: &str, text: &str) -> Vec<(String, String)> {
    let form = forms(&page.body).into_iter().find(|form| form.action == action);
    let mut fields = form.unwrap_or_else(|| panic!("no form goes to {action}: {}", page.body)).untouched();
    fields.retain(|(known, _)| known != "csrf");
    if let Some((_, value)) = fields.iter_mut().find(|(known, _)| known == name) {
        text.clone_into(value);
    }
    fields
}

/// Sends fields that somebody may have got from anywhere, with one's own token.
async fn post(browser: &Browser, path: &str, fields: &[(String, String)]) -> Seen {
    let csrf = browser.get("/").await.field("csrf").unwrap();
    let fields = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    browser.post_as(path, &fields.chain([("csrf", csrf.as_str())]).collect::<Vec<_>>(), ORIGIN).await
}

/// Some time passes: the same denial is recorded once a minute.
fn later(hall: &TownHall) {
    hall.clock.advance(SignedDuration::from_mins(2));
}

/// The table as a file in which the foreign record is another.
async fn changed_file(admin: &Browser, table: TownTable, column: &str) -> String {
    let list = admin.get(&format!("/town/{}", table.name())).await;
    let file = admin.post(&list, &format!("/town/{}/export", table.name()), &[]).await.body;
    let at = table.columns().iter().position(|name| *name == column).unwrap();
    let mut lines: Vec<String> = file.lines().map(str::to_owned).collect();
    let mut cells: Vec<&str> = lines[1].split(',').collect();
    cells[at] = "ほかの人の文";
    lines[1] = cells.join(",");
    lines.join("\r\n")
}

async fn upload(browser: &Browser, table: TownTable, file: &str) -> Seen {
    let home = browser.get("/").await;
    let path = format!("/town/{}/import", table.name());
    browser.upload(&home, &path, &[], ("file", table.file(), file.as_bytes())).await
}

/// What nobody may have changed: all records, and how many refusals are in the log.
async fn stands(hall: &TownHall) -> (Vec<TownRecord>, usize) {
    let denied = hall.staff.acts().iter().filter(|act| act.action == Action::Denied).count();
    (hall.records.read().await.unwrap().1, denied)
}

/// Who may not change a record, of those who try.
fn strangers(is_departments: bool) -> &'static [&'static str] {
    if is_departments { &["other", "reader"] } else { &["other", "reader", "roads"] }
}

#[test]
fn every_table_is_tried() {
    for table in TownTable::ALL {
        assert!(FOREIGN.iter().any(|(tried, ..)| *tried == table), "{table:?} is tried by nobody");
    }
}

#[tokio::test]
async fn nobody_changes_removes_or_takes_back_what_is_not_theirs() {
    for (table, id, column, is_departments) in FOREIGN {
        let hall = hall();
        let admin = hall.signed_in("admin").await;
        let (edit, remove) = (record_path(table, "edit", id), record_path(table, "remove", id));
        // The very forms that an administrator could send, so that nothing but the right is missing.
        let change = filled(&admin.get(&edit).await, &edit, column, "ほかの人の文");
        let removal = filled(&admin.get(&remove).await, &remove, "", "");
        let before = hall.records.read().await.unwrap().1;
        let mine = filled(&admin.get(&edit).await, &edit, column, "わたしの文");
        let done = post(&admin, &edit, &mine).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{table:?}: {}", done.body);
        let edited = hall.records.read().await.unwrap().1;
        assert_ne!(before, edited, "{table:?}: there is something to take back");

        for person in strangers(is_departments) {
            let browser = hall.signed_in(person).await;
            let (mut expected, mut tries) = (stands(&hall).await, Vec::new());
            for path in [&edit, &remove] {
                later(&hall);
                tries.push((path.as_str(), browser.get(path).await.status));
            }
            // The same, as it was and as it is now: a conflict tells nothing either.
            let now = filled(&admin.get(&edit).await, &edit, column, "ほかの人の文");
            for fields in [&change, &now] {
                later(&hall);
                tries.push((edit.as_str(), post(&browser, &edit, fields).await.status));
            }
            tries.push((remove.as_str(), post(&browser, &remove, &removal).await.status));
            tries.push(("undo", post(&browser, "/town/history/2/undo", &[]).await.status));
            for (path, status) in &tries {
                assert_eq!(*status, StatusCode::FORBIDDEN, "{table:?}: {person} tries {path}");
            }
            expected.1 += tries.len();
            assert!(stands(&hall).await == expected, "{table:?}: {person} changed something, or it is not recorded");
        }
        let undone = post(&admin, "/town/history/2/undo", &[]).await;
        assert_eq!(undone.status, StatusCode::SEE_OTHER, "{table:?}: who may, can");
        assert!(hall.records.read().await.unwrap().1 == before, "{table:?}");
    }
}

#[tokio::test]
async fn nobody_adds_to_what_is_not_theirs() {
    for (table, id, column, is_departments) in FOREIGN {
        let hall = hall();
        let admin = hall.signed_in("admin").await;
        let (new, edit) = (format!("/town/{}/new", table.name()), record_path(table, "edit", id));
        // A copy of the foreign record under another name.
        let mut copy = filled(&admin.get(&edit).await, &edit, column, "ほかの人の文");
        for (name, text) in [
            ("name", "新しい名前"),
            ("reading", "あたらしい"),
            ("aliases", "砂利"),
            ("from", "2025-12-30"),
            ("area", "higashi"),
        ] {
            copy.iter_mut().filter(|(known, _)| known == name).for_each(|(_, value)| text.clone_into(value));
        }
        copy.extend(
            [("id", "atarashii"), ("area", "higashi"), ("category", "gravel")]
                .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        if table == TownTable::Calendar {
            // There, one removes first what is in the way.
            let remove = record_path(table, "remove", id);
            let removal = filled(&admin.get(&remove).await, &remove, "", "");
            assert_eq!(post(&admin, &remove, &removal).await.status, StatusCode::SEE_OTHER);
        }
        for person in strangers(is_departments) {
            let browser = hall.signed_in(person).await;
            let mut expected = stands(&hall).await;
            let tried = post(&browser, &new, &copy).await;
            assert_eq!(tried.status, StatusCode::FORBIDDEN, "{table:?}: {person}: {}", tried.body);
            expected.1 += 1;
            assert!(stands(&hall).await == expected, "{table:?}: {person}");
        }
        let added = post(&admin, &new, &copy).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{table:?}: who may, can: {}", added.body);
    }
}

#[tokio::test]
async fn nobody_imports_what_is_not_theirs() {
    for (table, _, column, is_departments) in FOREIGN {
        let hall = hall();
        let admin = hall.signed_in("admin").await;
        let file = changed_file(&admin, table, column.trim_end_matches("-1")).await;
        let agreed = admin.get(upload(&admin, table, &file).await.location()).await;
        let digest = agreed.field("digest").unwrap_or_else(|| panic!("{table:?}: {}", agreed.body));
        for person in strangers(is_departments) {
            let browser = hall.signed_in(person).await;
            let mut expected = stands(&hall).await;
            let sent = upload(&browser, table, &file).await;
            expected.1 += 1;
            if sent.status == StatusCode::SEE_OTHER {
                let preview = browser.get(sent.location()).await;
                assert_eq!((preview.status, preview.field("digest")), (StatusCode::OK, None), "{table:?}: no button");
                let path = sent.location().split('?').next().unwrap();
                for digest in [digest.as_str(), "x"] {
                    later(&hall);
                    let fields = [("missing", "keep"), ("digest", digest)];
                    let tried = post(&browser, path, &fields.map(|(a, b)| (a.to_owned(), b.to_owned()))).await;
                    assert_eq!(tried.status, StatusCode::FORBIDDEN, "{table:?}: {person}");
                }
                expected.1 += 1;
            } else {
                assert_eq!(sent.status, StatusCode::FORBIDDEN, "{table:?}: {person}");
            }
            assert!(stands(&hall).await == expected, "{table:?}: {person} changed something, or it is not recorded");
        }
    }
}
