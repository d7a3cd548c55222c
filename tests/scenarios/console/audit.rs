//! The audit log's pages: what they show, find, give away as a file, and say of a log that was tampered with.

use std::collections::BTreeSet;
use std::sync::Arc;

use app::broadcast::desk::Outcome;
use app::ports::staff::AuditLog;
use app::ports::{Clock, How, Questions};
use app::questions;
use console::words::questions::how;
use console::words::{audit as words, home, people};
use domain::audit::{Act, Action, Actor};
use domain::broadcast::Draft;
use domain::broadcast::content::{Content, Message, Wording};
use domain::ids::StaffId;
use domain::language::Language;
use domain::staff::Role;
use domain::town::{Department, Town};
use http::{StatusCode, header};
use jiff::{SignedDuration, Timestamp};
use tests::city::TestTown;
use tests::console::{Browser, ORIGIN, Seen, TownHall, query};
use tests::forms::forms;
use tests::staff::StaffFault;

use super::broadcasts;

const SCRIPT: &str = "<script>alert(1)</script>";
const FORMULA: &str = "=cmd|' /C calc'!A0";

pub(super) fn hall() -> TownHall {
    let department = Department { id: "garbage".parse().unwrap(), name: "環境課".to_owned(), phone: String::new() };
    let departments = [(department.id.clone(), department)].into();
    let hall = TownHall::of(Town { departments, ..Town::default() });
    hall.staff.settle([
        TownHall::person("admin", [Role::Administrator]),
        TownHall::person("hanako", [Role::Editor("garbage".parse().unwrap())]),
    ]);
    hall
}

/// An act of Hanako's.
pub(super) fn act(at: Timestamp, action: Action, subject: &str, before: &str, after: &str) -> Act {
    let (subject, before, after) = (subject.to_owned(), before.to_owned(), after.to_owned());
    Act { at, actor: Actor::Staff("hanako".parse().unwrap()), action, subject, department: None, before, after }
}

/// Noon in Japan of a day in November 2026.
pub(super) fn noon(day: i64) -> Timestamp {
    let first: Timestamp = "2026-11-01T12:00:00+09:00".parse().unwrap();
    first + SignedDuration::from_hours(24 * (day - 1))
}

/// Writes so many edits on a day, as of things numbered from 0.
async fn edits(hall: &TownHall, day: i64, count: usize) {
    for number in 0..count {
        let edit = act(noon(day), Action::EditTown, &format!("waste-item/d{day}-{number}"), "", "");
        hall.staff.append(&edit).await.unwrap();
    }
}

#[track_caller]
pub(super) fn has(seen: &Seen, texts: &[&str]) {
    for text in texts {
        assert!(seen.body.contains(text), "{text} is not in {}", seen.body);
    }
}

/// The items that a page names, in its order.
fn items(seen: &Seen) -> Vec<String> {
    let links = seen.body.split("品目：").skip(1);
    links.map(|rest| rest.split('<').find(|text| !text.is_empty()).unwrap_or_default().to_owned()).collect()
}

/// Where 「さらに前をさがす」 leads.
fn earlier(seen: &Seen) -> Option<String> {
    let (before, _) = seen.body.split_once(&format!("\">{}</a>", words::EARLIER))?;
    Some(before.rsplit_once("href=\"")?.1.replace("&amp;", "&"))
}

/// All pages from here back, at most `most`.
async fn back(browser: &Browser, from: &str, most: usize) -> Vec<Seen> {
    let mut pages = vec![browser.get(from).await];
    while let Some(next) = earlier(pages.last().unwrap()) {
        assert!(pages.len() < most, "no end after {most} pages");
        pages.push(browser.get(&next).await);
    }
    pages
}

async fn export(browser: &Browser, fields: &[(&str, &str)]) -> Seen {
    let page = browser.get("/audit").await;
    browser.post(&page, "/audit/export", fields).await
}

const NOVEMBER: [(&str, &str); 2] = [("csv-first", "2026-11-01"), ("csv-last", "2026-11-21")];

#[tokio::test]
async fn an_entry_says_when_who_what_and_how_it_was() {
    let hall = hall();
    let before = r#"{"name":"乾電池","category":"hazard","aliases":"電池","note":"同じ"}"#;
    let after = r#"{"name":"乾電池","category":"metal","aliases":"電池/単三","note":"同じ"}"#;
    let edit = act(noon(20), Action::EditTown, "waste-item/kandenchi", before, after);
    hall.staff.append(&Act { department: "garbage".parse().ok(), ..edit }).await.unwrap();
    let roles = |role: &str| format!(r#"{{"name":"職員 hanako","standing":"active","roles":["{role}"]}}"#);
    let lifted = act(noon(20), Action::ChangePerson, "staff/hanako", &roles("x"), &roles("administrator"));
    hall.staff.append(&Act { actor: Actor::CommandLine, ..lifted }).await.unwrap();
    let gone = Actor::Staff("gone-1".parse().unwrap());
    hall.staff.append(&Act { actor: gone, ..act(noon(20), Action::Denied, "GET /people", "", "") }).await.unwrap();
    let stranger = act(noon(20), Action::SignInRefused, "identity/00ff", "", "");
    hall.staff.append(&Act { actor: Actor::Stranger, ..stranger }).await.unwrap();
    let browser = hall.signed_in("admin").await;
    let list = browser.get("/audit").await;
    has(
        &list,
        &["2026年11月20日（金）", "2026年11月21日（土）", "12:00", "職員 hanako", words::action(Action::EditTown)],
    );
    has(&list, &["品目：<a href=\"/town/waste-items/edit?id=kandenchi\">乾電池</a>", "環境課", "変更の内容（2項目）"]);
    has(
        &list,
        &[
            "<strong>分別</strong>",
            "hazard",
            "metal",
            "<strong>別名</strong>",
            "電池/単三",
            "<a href=\"/people/hanako\">",
            people::COMMAND,
        ],
    );
    has(&list, &["権限", "管理者", "（登録のない職員） gone-1", "画面 /people の表示", people::STRANGER, "識別 00ff"]);
    assert!(!list.body.contains("同じ"), "what did not change is not shown");
    let days: Vec<_> = ["2026年11月21日", "2026年11月20日"].map(|day| list.body.find(day)).into();
    assert!(days[0] < days[1], "the latest first");
    let entry = browser.get("/audit/2026-11-20/1").await;
    has(&entry, &["2026年11月20日（金）12:00", "乾電池", "hazard", "単三", "2026年11月20日（金）の1番", words::HASHES]);
    for unknown in
        ["/audit/2026-11-20/99", "/audit/2026-11-20/0", "/audit/2026-11-19/1", "/audit/x/1", "/audit/2026-11-20/x"]
    {
        assert_eq!(browser.get(unknown).await.status, StatusCode::NOT_FOUND, "{unknown}");
    }
}

#[tokio::test]
async fn edits_of_many_records_are_readable_too() {
    let hall = hall();
    let lines = r#"[{"when":"月","except":""},{"when":"木","note":"午後"}]"#;
    let nested = r#"{"texts":{"ja":{"welcome":"ようこそ"}},"phone":null,"deep":{"a":{"b":{"c":1}}}}"#;
    for (action, subject, before, after) in [
        (Action::EditTown, "calendar/north/burnable", "", lines),
        (Action::ImportTown, "waste-items.csv", "", r#"{"waste-item":{"added":3,"changed":0,"removed":1}}"#),
        (Action::UndoTown, "revision/5", "", ""),
        (Action::EditTown, "profile/profile", "", nested),
        (Action::Export, "audit", "", r#"{"entries":9,"what":"sign-in"}"#),
        (Action::ChangePerson, "staff/hanako", r#"{"standing":"active"}"#, r#"{"standing":"disabled","roles":"?"}"#),
    ] {
        hall.staff.append(&act(noon(20), action, subject, before, after)).await.unwrap();
    }
    let list = hall.signed_in("admin").await.get("/audit").await;
    has(&list, &["<a href=\"/town/calendar/edit?id=north%2Fburnable\">north/burnable</a>", "集める日：木、備考：午後"]);
    has(&list, &["品目（waste-items.csv）", "<strong>品目・追加</strong>", "変更後：3", "まちのデータの変更（5回目）"]);
    has(
        &list,
        &[
            "まちの基本情報：profile",
            "<strong>文面・日本語・友だち追加のあいさつ</strong>",
            "ようこそ",
            "deep・a・b",
            "<strong>操作</strong>",
        ],
    );
    has(&list, &["変更後：ログイン", "変更前：利用中", "変更後：停止中", "変更後：?"]);
}

#[tokio::test]
async fn the_log_is_filtered_by_everything() {
    let hall = hall();
    for day in 10..=12 {
        edits(&hall, day, 2).await;
    }
    let other = act(noon(13), Action::UndoTown, "waste-item/other", r#"{"name":"ストーブ"}"#, "");
    let other = Act { actor: Actor::CommandLine, department: "garbage".parse().ok(), ..other };
    hall.staff.append(&other).await.unwrap();
    let browser = hall.signed_in("admin").await;
    for (fields, found) in [
        (vec![("first", "2026-11-12")], &["ストーブ", "d12-1", "d12-0"][..]),
        (vec![("last", "2026-11-10")], &["d10-1", "d10-0"]),
        (vec![("first", "2026-11-11"), ("last", "2026-11-11")], &["d11-1", "d11-0"]),
        (vec![("who", "command-line")], &["ストーブ"]),
        (vec![("last", "2026-11-10"), ("who", "hanako")], &["d10-1", "d10-0"]),
        (vec![("who", "stranger")], &[]),
        (vec![("what", "undo-town")], &["ストーブ"]),
        (vec![("department", "garbage")], &["ストーブ"]),
        (vec![("first", "2027-01-01")], &[]),
    ] {
        let seen = browser.get(&format!("/audit?{}", query(&fields))).await;
        assert_eq!(items(&seen), found, "{fields:?}");
        if found.is_empty() {
            has(&seen, &[words::NOTHING]);
        }
        let sent = browser.post(&seen, "/audit", &fields).await;
        assert_eq!(sent.location(), format!("/audit?{}", query(&fields)), "a form without a text leads to its address");
    }
    let list = browser.get("/audit").await;
    for (text, found) in [("Ｄ11-1", &["d11-1"][..]), ("すとーぶ", &["ストーブ"]), ("ない", &[])] {
        let seen = browser.post(&list, "/audit", &[("q", text)]).await;
        assert_eq!(seen.status, StatusCode::OK, "{text}");
        assert_eq!(items(&seen), found, "{text}");
    }
    for (fields, said) in [
        (vec![("first", "2026-02-30")], words::BAD_DAY),
        (vec![("last", "yesterday")], words::BAD_DAY),
        (vec![("first", "2026-11-12"), ("last", "2026-11-11")], words::WRONG_ORDER),
    ] {
        let seen = browser.get(&format!("/audit?{}", query(&fields))).await;
        has(&seen, &[said, &format!("value=\"{}\"", fields[0].1)]);
        assert_eq!(items(&seen), [""; 0]);
    }
    for wrong in ["x", "2026-11-21", "2026-11-21.x", "2026-11-21.-1", SCRIPT] {
        let seen = browser.get(&format!("/audit?{}", query(&[("from", wrong)]))).await;
        assert_eq!(seen.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
}

/// A text may be a name: it goes by the form, and no link of the page holds it.
#[tokio::test]
async fn a_text_stands_in_no_address() {
    let hall = hall();
    edits(&hall, 10, 60).await;
    let browser = hall.signed_in("admin").await;
    let by_address = browser.get(&format!("/audit?{}", query(&[("q", "佐藤")]))).await;
    assert_eq!(items(&by_address).len(), 49, "an address searches for no text");
    assert!(!by_address.body.contains("佐藤"));
    let list = browser.get("/audit").await;
    let text = ("q", "d10-");
    let mut page = browser.post(&list, "/audit", &[text, ("who", "hanako")]).await;
    assert_eq!(items(&page).len(), 50);
    let links: Vec<&str> = page.body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(links.iter().all(|link| !link.contains("q=") && !link.contains("from=")), "{links:?}");
    let next = forms(&page.body).into_iter().find(|form| form.untouched().iter().any(|(name, _)| name == "from"));
    let fields = next.unwrap().untouched();
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    page = browser.post_as("/audit", &fields, ORIGIN).await;
    assert_eq!(items(&page).len(), 10, "the conditions go along");
    has(&page, &[words::LATEST, "value=\"d10-\""]);
}

/// What the list hides cannot be guessed by searching for it.
#[tokio::test]
async fn a_text_is_not_found_in_what_is_hidden() {
    let hall = hall();
    let letter = act(noon(20), Action::EditTown, "letter/7", r#"{"comment":"わたしの家の前"}"#, "わたしの庭");
    hall.staff.append(&letter).await.unwrap();
    let browser = hall.signed_in("admin").await;
    let list = browser.get("/audit").await;
    for (text, is_found) in [("letter/7", true), ("わたしの家", false), ("わたしの庭", false)] {
        let seen = browser.post(&list, "/audit", &[("q", text)]).await;
        assert_eq!(seen.body.contains("href=\"/audit/2026-11-20/1\""), is_found, "{text}");
        let file = browser.post(&list, "/audit/export", &[NOVEMBER[0], NOVEMBER[1], ("q", text)]).await;
        assert_eq!(file.body.starts_with('\u{feff}'), is_found, "{text}");
    }
}

#[tokio::test]
async fn every_entry_is_reached_once_even_while_others_are_written() {
    let hall = hall();
    for (day, count) in [(1, 49), (2, 51), (9, 1), (20, 100)] {
        edits(&hall, day, count).await;
    }
    let browser = hall.signed_in("admin").await;
    let first = browser.get("/audit").await;
    edits(&hall, 21, 30).await;
    let mut found = items(&first);
    assert_eq!(found.len(), 49, "a page of 50, with the sign-in");
    for page in back(&browser, &earlier(&first).unwrap(), 10).await {
        assert!(items(&page).len() <= 50);
        has(&page, &[words::LATEST]);
        found.extend(items(&page));
    }
    assert_eq!(found.len(), 201);
    assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), 201, "none twice");
    assert_eq!((found[0].as_str(), found[200].as_str()), ("d20-99", "d1-0"));
}

#[tokio::test]
async fn a_filter_that_finds_little_reads_a_bounded_part_at_a_time() {
    let hall = hall();
    let rare = act(noon(1), Action::UndoTown, "waste-item/rare", "", "");
    hall.staff.append(&rare).await.unwrap();
    edits(&hall, 2, 1_500).await;
    edits(&hall, 3, 1_000).await;
    let browser = hall.signed_in("admin").await;
    let pages = back(&browser, "/audit?what=undo-town", 5).await;
    assert_eq!(pages.len(), 3, "a thousand entries at a time");
    has(&pages[0], &[words::NOTHING_YET, "2026年11月3日（火）までさがしました"]);
    assert_eq!(items(pages.last().unwrap()), ["rare"]);
    assert!(earlier(&pages[0]).unwrap().contains("what=undo-town"), "the conditions stay");
}

#[tokio::test]
async fn nothing_in_the_log_becomes_markup() {
    let hall = hall();
    for text in [SCRIPT, FORMULA] {
        let state = format!(r#"{{"{text}":"{text}","name":"{text}"}}"#);
        for (subject, before, after) in [
            (text, text, ""),
            ("waste-item/x", text, state.as_str()),
            ("staff/x", "", state.as_str()),
            ("report/1", text, ""),
        ] {
            let written = act(noon(20), Action::EditTown, subject, before, after);
            hall.staff.append(&Act { department: "nowhere".parse().ok(), ..written }).await.unwrap();
        }
    }
    let browser = hall.signed_in("admin").await;
    let page = browser.get("/audit").await;
    let list = browser.post(&page, "/audit", &[("q", SCRIPT), ("who", SCRIPT), ("first", SCRIPT)]).await;
    assert!(!list.body.contains("<script>alert"), "{}", list.body);
    let paths = (1..=8).map(|number| format!("/audit/2026-11-20/{number}"));
    for path in paths.chain(["/audit".to_owned()]) {
        let seen = browser.get(&path).await;
        assert!(!seen.body.contains("<script>alert"), "{path}: {}", seen.body);
        assert!(seen.body.contains("&lt;script&gt;") || seen.body.contains("=cmd|"), "{path}: {}", seen.body);
    }
    let refused = export(&browser, &[("csv-first", SCRIPT), ("csv-last", SCRIPT), ("q", SCRIPT)]).await;
    assert!(!refused.body.contains("<script>alert") && refused.body.contains("&lt;script&gt;"));
}

#[tokio::test]
async fn decisions_about_questions_are_read_like_everything_and_nobody_is_said_to_have_looked() {
    let hall = hall();
    let by: StaffId = "hanako".parse().unwrap();
    let answered = How::Answered("kandenchi".parse().unwrap());
    hall.questions.ask("田中さんの犬", noon(20));
    for (decision, seen) in [(How::Ignored, None), (answered, Some(noon(20)))] {
        questions::handle(&*hall.questions, "田中さんの犬", decision, seen, &by, noon(20)).await.unwrap();
    }
    let handled = hall.questions.handled().await.unwrap();
    questions::reopen(&*hall.questions, &handled[0], &by, noon(20)).await.unwrap();
    let browser = hall.signed_in("admin").await;
    let list = browser.get("/audit?what=handle-question").await;
    assert!(!list.body.contains(words::HIDDEN) && !list.body.contains("question/"), "{}", list.body);
    let (ignored, answered) = (how(None), how(Some("kandenchi")));
    has(&list, &[words::action(Action::HandleQuestion), words::QUESTION, &ignored, &answered]);
    for (number, says) in [(1, [&ignored, &ignored]), (2, [&ignored, &answered]), (3, [&answered, &answered])] {
        let entry = browser.get(&format!("/audit/2026-11-20/{number}")).await;
        assert!(!entry.body.contains(words::LOOK_RECORDED) && !entry.body.contains("田中"), "{}", entry.body);
        has(&entry, &says.map(String::as_str));
        assert_eq!(entry.body.contains(&ignored), number < 3, "{}", entry.body);
    }
    assert!(hall.staff.acts().iter().all(|act| act.action != Action::ViewPersonalData));
}

/// Broadcasts, templates and audiences are the staff's own work: what was changed stands in the list, in words.
#[tokio::test]
async fn the_staffs_own_work_is_read_in_the_list_and_nobody_is_said_to_have_looked() {
    let hall = broadcasts::hall();
    hall.staff.settle([TownHall::person("admin", [Role::Administrator])]);
    let (aoki, baba) = (hall.signed_in("aoki").await, hall.signed_in("baba").await);
    let at = broadcasts::written(&aoki, "/broadcasts/new", "断水のお知らせ").await;
    broadcasts::press(&aoki, &at, "ask").await;
    broadcasts::press(&baba, &at, "approve").await;
    for act in hall.post.acts() {
        hall.staff.append(&act).await.unwrap();
    }
    let admin = hall.signed_in("admin").await;
    let list = admin.get("/audit").await;
    assert!(!list.body.contains(words::HIDDEN), "{}", list.body);
    has(&list, &[&format!("配信：<a href=\"{at}\">断水のお知らせ</a>"), "roads課"]);
    let approvals = admin.get("/audit?what=approve-broadcast").await;
    has(
        &approvals,
        &["<strong>状態</strong>", "変更前：承認待ち", "変更後：承認済み", "届く人数：10", "送る内容の値（日本語）"],
    );
    assert!(!approvals.body.contains("<strong>配信の内容</strong>"), "what did not change is not there");
    has(&admin.get("/audit?what=write-broadcast").await, &["配信の内容", "【日本語】", "すべての友だち", "本番"]);
    let looks = hall.staff.acts().into_iter().filter(|act| act.action == Action::ViewPersonalData).count();
    let day = domain::time::date_in_japan(Clock::now(&*hall.clock));
    let numbers = 1..=hall.staff.acts().len();
    for number in numbers {
        let entry = admin.get(&format!("/audit/{day}/{number}")).await;
        assert_eq!(entry.status, StatusCode::OK);
        assert!(!entry.body.contains(words::LOOK_RECORDED), "{}", entry.body);
    }
    assert_eq!(looks, 0);
}

/// Texts so long that the log would cut them: that they differ is seen all the same.
#[tokio::test]
async fn a_change_at_the_end_of_a_long_broadcast_is_in_the_log() {
    let hall = broadcasts::hall();
    hall.staff.settle([TownHall::person("admin", [Role::Administrator])]);
    let aoki = hall.signed_in("aoki").await;
    let at = broadcasts::written(&aoki, "/broadcasts/new", "長いお知らせ").await;
    let id = at.rsplit('/').next().unwrap().parse().unwrap();
    let town = Arc::new(TestTown(Arc::new(Town::default())));
    let desk = hall.post.desk(town, hall.staff.clone(), hall.clock.clone());
    let by = "aoki".parse().unwrap();
    let messages = |last: &str| vec![Message::Text(format!("{}{last}", "あ".repeat(4_990))); 5];
    for (seen, last) in [(1, "一"), (2, "二")] {
        let there = desk.look(&id).await.unwrap().unwrap().broadcast.value;
        let wording = |language| (language, Wording { messages: messages(last) });
        let wordings = [Language::Japanese, Language::English].map(wording).into();
        let draft = Draft { content: Content { wordings }, ..there.draft() };
        assert!(matches!(desk.edit(&id, seen, draft, &by).await.unwrap(), Outcome::Done(_)));
    }
    let act = hall.post.acts().pop().unwrap();
    assert!(!act.before.contains('二') && serde_json::from_str::<serde_json::Value>(&act.before).is_ok());
    hall.staff.append(&act).await.unwrap();
    let list = hall.signed_in("admin").await.get("/audit?what=write-broadcast").await;
    has(&list, &["長いお知らせ", "変更の内容（1項目）", "<strong>配信の内容</strong>"]);
}

#[tokio::test]
async fn what_may_be_personal_is_shown_alone_and_the_look_recorded() {
    let hall = hall();
    let letter = act(noon(20), Action::EditTown, "letter/7", "", r#"{"comment":"わたしの家の前です"}"#);
    hall.staff.append(&letter).await.unwrap();
    let browser = hall.signed_in("admin").await;
    let looks =
        || hall.staff.acts().into_iter().filter(|act| act.action == Action::ViewPersonalData).collect::<Vec<_>>();
    let list = browser.get("/audit").await;
    assert!(!list.body.contains("わたしの家"), "{}", list.body);
    has(&list, &[words::HIDDEN]);
    assert!(looks().is_empty(), "the list shows nothing personal");
    has(&browser.get("/audit/2026-11-20/1").await, &["わたしの家の前です", words::LOOK_RECORDED]);
    assert_eq!(looks().iter().map(|act| act.subject.as_str()).collect::<Vec<_>>(), ["audit/2026-11-20/1"]);
    hall.staff.fail([StaffFault::Throttled]);
    let unrecorded = browser.get("/audit/2026-11-20/1").await;
    assert_eq!(unrecorded.status, StatusCode::SERVICE_UNAVAILABLE, "not shown where it cannot be recorded");
    browser.get("/audit/2026-11-21/1").await;
    assert_eq!(looks().len(), 1, "a sign-in is nothing personal");
}

#[tokio::test]
async fn a_file_is_given_after_it_was_recorded_and_no_cell_is_a_formula() {
    let hall = hall();
    edits(&hall, 1, 2).await;
    for text in [FORMULA, "＝1+1", "+1", "-1", "@A1"] {
        hall.staff.append(&act(noon(2), Action::EditTown, text, text, text)).await.unwrap();
    }
    edits(&hall, 3, 1).await;
    let browser = hall.signed_in("admin").await;
    let file = export(&browser, &NOVEMBER).await;
    assert_eq!(file.status, StatusCode::OK, "{}", file.body);
    assert_eq!(file.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    assert_eq!(file.headers[header::CONTENT_DISPOSITION], "attachment; filename=\"audit-2026-11-01-2026-11-21.csv\"");
    let rows: Vec<&str> = file.body.strip_prefix('\u{feff}').unwrap().split_terminator("\r\n").collect();
    assert_eq!(rows.len(), 1 + 9, "a head, and every entry but that of the export itself");
    assert!(
        rows[0].starts_with("\"日\",\"番号\",\"日時（日本時間）\"") && !file.body.replace("\r\n", "").contains('\n')
    );
    assert!(
        rows[1].starts_with("\"2026-11-01\",\"1\",\"2026-11-01 12:00:00\",\"hanako\",\"職員 hanako\",\"edit-town\"")
    );
    assert!(rows[9].contains("\"sign-in\""), "the earliest first: {}", rows[9]);
    for row in &rows[1..] {
        for cell in row.trim_matches('"').split("\",\"") {
            assert!(!cell.starts_with(['=', '+', '-', '@', '＝']), "{cell} would be run");
        }
    }
    let last = hall.staff.acts().pop().unwrap();
    assert_eq!((last.action, last.subject.as_str()), (Action::Export, "audit"));
    assert!(last.after.contains("\"entries\":9") && last.after.contains("2026-11-21"), "{}", last.after);
    let filtered = export(&browser, &[NOVEMBER[0], ("csv-last", "2026-11-01"), ("q", "d1-1"), ("who", "hanako")]).await;
    assert_eq!(filtered.body.matches("\r\n").count(), 2, "{}", filtered.body);
    assert!(hall.staff.acts().pop().unwrap().after.contains("d1-1"));
    hall.staff.fail([StaffFault::Throttled]);
    let unrecorded = export(&browser, &NOVEMBER).await;
    assert_eq!(unrecorded.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!unrecorded.body.contains("d1-1"), "no file that is not recorded");
}

#[tokio::test]
async fn a_file_has_at_most_a_month_and_says_what_is_wrong() {
    let hall = hall();
    let browser = hall.signed_in("admin").await;
    for (first, last, field, said) in [
        ("2026-10-21", "2026-11-21", "csv-last", words::TOO_LONG),
        ("", "2026-11-21", "csv-first", words::BAD_DAY),
        ("2026-11-21", "2026-11-31", "csv-last", words::BAD_DAY),
        ("2026-11-21", "2026-11-20", "csv-last", words::WRONG_ORDER),
    ] {
        let refused = export(&browser, &[("csv-first", first), ("csv-last", last), ("q", "x")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{first} {last}");
        has(&refused, &[said, &format!("href=\"#f-{field}\""), &format!("value=\"{last}\""), "name=\"q\" value=\"x\""]);
    }
    let month = export(&browser, &[("csv-first", "2026-10-22"), ("csv-last", "2026-11-21")]).await;
    assert!(month.body.starts_with('\u{feff}'), "31 days are not too many");
    let none = export(&browser, &[("csv-first", "2026-10-01"), ("csv-last", "2026-10-02")]).await;
    has(&none, &[words::NOTHING_TO_EXPORT.title]);
    let exports = hall.staff.acts().iter().filter(|act| act.action == Action::Export).count();
    assert_eq!(exports, 1, "only what was given is recorded");
    let wrong = export(&browser, &[NOVEMBER[0], NOVEMBER[1], ("begin", "x")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_does_not_fit_into_a_file_comes_in_parts_that_hold_everything_once() {
    let hall = hall();
    let long = "\"".repeat(20_000);
    for number in 0..130 {
        let edit = act(noon(10 + number / 60), Action::EditTown, &format!("waste-item/n{number}-"), &long, "");
        hall.staff.append(&edit).await.unwrap();
    }
    let browser = hall.signed_in("admin").await;
    let mut answer = export(&browser, &NOVEMBER).await;
    let mut files = Vec::new();
    for _ in 0..6 {
        has(&answer, &[words::TOO_LARGE.title]);
        edits(&hall, 21, 1).await;
        let forms: Vec<String> = answer.body.split("<form ").skip(1).map(str::to_owned).collect();
        let part = |label: &str| {
            let body = forms.iter().find(|form| form.contains(label)).cloned().unwrap();
            let form = Seen { body, ..answer.clone() };
            ["csv-first", "csv-last", "begin", "end"].map(|name| form.field(name).map(|value| (name, value)))
        };
        let (later, rest) = (part(words::EXPORT_LATER), part(words::EXPORT_EARLIER));
        let (page, mut given) = (answer.clone(), Vec::new());
        for part in [&later, &rest] {
            let fields: Vec<_> = part.iter().flatten().map(|(name, value)| (*name, value.as_str())).collect();
            given.push(browser.post(&page, "/audit/export", &fields).await);
        }
        answer = given.pop().unwrap();
        files.extend(given);
        if answer.body.starts_with('\u{feff}') {
            files.push(answer.clone());
            break;
        }
    }
    assert!(files.len() > 2, "{} files", files.len());
    let mut found = Vec::new();
    for file in &files {
        assert!(file.body.starts_with('\u{feff}') && serde_json::to_string(&file.body).unwrap().len() < 6_000_000);
        let rows = csv::Reader::from_reader(file.body.as_bytes()).into_records();
        found.extend(rows.map(|row| row.unwrap()[7].to_owned()).filter(|subject| subject.starts_with("waste-item/n")));
    }
    found.sort_unstable();
    let mut written: Vec<_> = (0..130).map(|number| format!("waste-item/n{number}-")).collect();
    written.sort_unstable();
    assert_eq!(found, written, "each once");
    let names: BTreeSet<_> = files.iter().map(|file| file.headers[header::CONTENT_DISPOSITION].as_bytes()).collect();
    assert_eq!(names.len(), files.len(), "each file has a name of its own");
}

/// What is rare lies further back than one answer looks: no empty file is given for it.
#[tokio::test]
async fn where_nothing_was_found_yet_only_the_rest_is_offered() {
    let hall = hall();
    let rare = Act { actor: Actor::CommandLine, ..act(noon(1), Action::EditTown, "waste-item/rare", "", "") };
    hall.staff.append(&rare).await.unwrap();
    edits(&hall, 2, 20_001).await;
    let browser = hall.signed_in("admin").await;
    let who = ("who", "command-line");
    let answer = export(&browser, &[NOVEMBER[0], NOVEMBER[1], who]).await;
    has(&answer, &[words::EXPORT_EARLIER, "name=\"begin\""]);
    assert!(!answer.body.contains(words::EXPORT_LATER) && !answer.body.starts_with('\u{feff}'));
    let begin = answer.field("begin").unwrap();
    let rest = browser.post(&answer, "/audit/export", &[NOVEMBER[0], NOVEMBER[1], who, ("begin", &begin)]).await;
    assert!(rest.body.starts_with('\u{feff}') && rest.body.contains("waste-item/rare"), "{}", rest.body);
}

/// Begins a check and looks until it is finished: what the page says then, and how often it was looked.
async fn check(browser: &Browser, fields: &[(&str, &str)]) -> (Seen, usize) {
    let page = browser.get("/audit/check").await;
    let begun = browser.post(&page, "/audit/check", fields).await;
    assert_eq!((begun.status, begun.location()), (StatusCode::SEE_OTHER, "/audit/check"));
    for looks in 1..20 {
        let seen = browser.get("/audit/check").await;
        if !seen.body.contains(words::CHECKING) {
            return (seen, looks);
        }
    }
    panic!("no end");
}

const DAYS: [(&str, &str); 2] = [("first", "2026-11-01"), ("last", "2026-11-21")];

#[tokio::test]
async fn a_log_that_holds_is_said_to() {
    let hall = hall();
    for day in [1, 2, 5] {
        edits(&hall, day, 3).await;
    }
    let browser = hall.signed_in("admin").await;
    let before = browser.get("/audit/check").await;
    has(&before, &["value=\"2026-10-22\"", "value=\"2026-11-21\""]);
    assert!(!before.body.contains(words::RESULTS), "nothing was checked");
    let (seen, _) = check(&browser, &DAYS).await;
    assert_eq!(seen.status, StatusCode::OK);
    has(&seen, &[words::WHOLE.title, "記録のある4日分、10件", words::LAST_HASH, "2026年11月1日（日）"]);
    assert!(!seen.body.contains(words::BROKEN_DAYS));
    for part in [[("first", "2026-11-02"), ("last", "2026-11-02")], [("first", "2026-11-03"), ("last", "2026-11-30")]] {
        has(&check(&browser, &part).await.0, &[words::WHOLE.title]);
    }
    let (nothing, _) = check(&browser, &[("first", "2026-11-03"), ("last", "2026-11-04")]).await;
    has(&nothing, &[words::NO_DAYS]);
    assert!(!nothing.body.contains(words::WHOLE.title) && !nothing.body.contains(words::LAST_HASH_ABOUT));
    let refused = browser.post(&nothing, "/audit/check", &[("first", ""), ("last", "2026-11-21")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    has(&refused, &[words::BAD_DAY]);
}

/// What somebody did to the log.
type Harm = Box<dyn FnOnce(&mut tests::staff::Log)>;

#[tokio::test]
async fn a_log_that_was_tampered_with_is_found_day_by_day() {
    let day = |text: &str| text.parse::<jiff::civil::Date>().unwrap();
    let second = day("2026-11-02");
    let harms: [(Harm, &str, &str); 5] = [
        (
            Box::new(move |log| log.entries.get_mut(&(second, 2)).unwrap().act.subject.push('x')),
            "2026-11-02",
            "2番の記録が、書かれたときと違っています。",
        ),
        (Box::new(move |log| drop(log.entries.remove(&(second, 2)))), "2026-11-02", "2番の記録がなくなっているか"),
        (Box::new(move |log| drop(log.entries.remove(&(second, 3)))), "2026-11-02", "この日の最後の記録が"),
        (
            Box::new(move |log| {
                log.days.remove(&second);
                log.entries.retain(|(of, _), _| *of != second);
            }),
            "2026-11-05",
            "つながりが切れています",
        ),
        (
            Box::new(move |log| {
                let last = *log.days.last_key_value().unwrap().0;
                log.days.remove(&last);
                log.entries.retain(|(of, _), _| *of != last);
            }),
            "2026-11-05",
            "つながりが切れています",
        ),
    ];
    for (harm, broken, why) in harms {
        let hall = hall();
        for day in [1, 2, 5] {
            edits(&hall, day, 3).await;
        }
        let browser = hall.signed_in("admin").await;
        hall.staff.tamper(harm);
        let home = || async { browser.get("/").await.body.contains(home::AUDIT) };
        assert!(!home().await, "nothing is known yet");
        let (seen, _) = check(&browser, &DAYS).await;
        has(&seen, &[words::NOT_WHOLE.title, words::NOT_WHOLE_DO[0], why]);
        assert!(!seen.body.contains(words::WHOLE.title) && !seen.body.contains(words::LAST_HASH_ABOUT));
        let rows = seen.body.split("<tr ").skip(1).filter(|row| row.contains("datetime")).collect::<Vec<_>>();
        assert_eq!(rows.len(), 1, "{why}: one day is broken");
        assert!(rows[0].contains(&format!("datetime=\"{broken}\"")), "{why}: {}", rows[0]);
        assert!(home().await, "{why}: whoever may read the log is told at home");
        hall.clock.advance(SignedDuration::from_hours(24));
        let next = hall.signed_in("admin").await;
        let (later, _) = check(&next, &[("first", "2026-11-22"), ("last", "2026-11-22")]).await;
        has(&later, &[words::STILL_NOT_WHOLE.title, why, &format!("datetime=\"{broken}\"")]);
        assert!(next.get("/").await.body.contains(home::AUDIT), "{why}: a check of other days changes nothing");
        let hanako = hall.signed_in("hanako").await.get("/").await;
        assert!(!hanako.body.contains(home::AUDIT), "and nobody else");
    }
}

/// A log of more entries than one look reads, with an entry altered in its second part.
#[tokio::test]
async fn a_long_check_goes_on_with_every_look_and_forgets_nothing() {
    let hall = hall();
    for day in 1..=3 {
        edits(&hall, day, 7_500).await;
    }
    let browser = hall.signed_in("admin").await;
    hall.staff.tamper(|log| log.entries.values_mut().nth(7_400).unwrap().act.after.push('x'));
    let page = browser.get("/audit/check").await;
    browser.post(&page, "/audit/check", &DAYS).await;
    has(&browser.get("/audit/check").await, &[words::CHECKING, "data-url=\"/audit/checking.json\"", "max=\"22501\""]);
    let polled: serde_json::Value = serde_json::from_str(&browser.get("/audit/checking.json").await.body).unwrap();
    assert_eq!((&polled["done"], &polled["finished"]), (&polled["total"], &true.into()), "{polled}");
    let seen = browser.get("/audit/check").await;
    has(&seen, &[words::NOT_WHOLE.title, "7401番の記録が、書かれたときと違っています。", "22,501件"]);
    let (again, looks) = check(&browser, &DAYS).await;
    assert_eq!(looks, 2, "without a script as well");
    has(&again, &[words::NOT_WHOLE.title, "7401番の記録が、書かれたときと違っています。"]);
}
