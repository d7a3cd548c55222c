//! Damage reports in the console: found, worked on, answered, merged, entered; by whom it may be, and by two at once.

use std::hash::{DefaultHasher, Hash, Hasher};

use app::ports::Clock;
use app::ports::reports::Reports;
use app::ports::staff::{AuditLog, Written};
use domain::audit::Action;
use domain::ids::{PhotoId, ReportId, ResidentId, StaffId};
use domain::report::boundary::{Boundaries, Boundary, Polygon};
use domain::report::kind::{Question, ReportKind};
use domain::report::photo::{Photo, PhotoFault, PhotoState};
use domain::report::place::{Place, PlaceSource, Point};
use domain::report::{Answer, By, Deed, Filing, Priority, Report, ReportNumber, Reporter, State, Told, What};
use domain::staff::Role;
use domain::town::Name;
use http::{StatusCode, header};
use jiff::{SignedDuration, Timestamp};
use tests::console::{Browser, Seen, TownHall};
use tests::forms::{Form, forms};
use uuid::Builder;

use super::audit::{self, has, noon};
use super::broadcasts::{EVIL, hall_with, send};

pub(super) const LINE_ID: &str = "U0123456789abcdef0123456789abcdef";
const HERE: (f64, f64) = (35.681_23, 139.767_12);

fn name(ja: &str) -> Name {
    Name { ja: ja.to_owned(), ..Name::default() }
}

pub(super) fn kind(id: &str, called: &str, department: &str) -> ReportKind {
    let question = |id: &str, asked: &str, choices: &[&str]| Question {
        id: id.parse().unwrap(),
        question: name(asked),
        choices: choices.iter().map(|choice| name(choice)).collect(),
    };
    ReportKind {
        id: id.parse().unwrap(),
        name: name(called),
        description: Name::default(),
        department: department.parse().unwrap(),
        urgent: name("電線が切れている。"),
        urgent_phone: "0000-00-1234".to_owned(),
        duplicate_radius_m: 50,
        due_days: Some(7),
        closed: Name::default(),
        questions: vec![
            question("lamp", "点きますか。", &["点かない", "ちらつく"]),
            question("pole", "電柱の番号", &[]),
        ],
    }
}

/// The town hall of [`super::broadcasts`] in a town with a kind for roads and one for the other department.
pub(super) fn hall() -> TownHall {
    hall_with(|town| town.report_kinds = vec![kind("light", "街路灯", "roads"), kind("park", "公園", "other")])
}

/// A report of a street light, which the roads look after.
pub(super) fn lamp(id: ReportId, now: Timestamp) -> Report {
    made(id, "lamp", &kind("light", "街路灯", "roads"), Reporter::Told { contact: String::new() }, now)
}

/// A report of this kind, filed now by this reporter.
pub(super) fn report(hall: &TownHall, event: &str, of: &str, reporter: Reporter) -> Report {
    let kind = if of == "light" { kind("light", "街路灯", "roads") } else { kind("park", "公園", "other") };
    let now = hall.clock.now();
    let mut hasher = DefaultHasher::new();
    event.hash(&mut hasher);
    let mut random = [0; 10];
    random[2..].copy_from_slice(&hasher.finish().to_be_bytes());
    let id = Builder::from_unix_timestamp_millis(now.as_millisecond().unsigned_abs(), &random).into_uuid();
    made(ReportId::of_uuid(id.into_bytes()), event, &kind, reporter, now)
}

fn made(id: ReportId, event: &str, kind: &ReportKind, reporter: Reporter, now: Timestamp) -> Report {
    let filing = Filing {
        id,
        place: Place {
            point: Point::new(HERE.0, HERE.1).unwrap(),
            accuracy_m: Some(12),
            text: "本町公民館の前".to_owned(),
            source: PlaceSource::Chat,
            district: None,
        },
        answers: vec![Answer { question: "lamp".parse().unwrap(), text: "ちらつく".to_owned() }],
        comment: format!("{event}のことば"),
        reporter,
        photos: vec![],
        priority: Priority::Normal,
        by: By::Reporter,
    };
    Report::file(filing, kind, now).unwrap()
}

/// The same of a friend of the account, stored; gives its address.
pub(super) async fn filed(hall: &TownHall, event: &str, of: &str) -> String {
    store(hall, &report(hall, event, of, Reporter::Resident(LINE_ID.parse::<ResidentId>().unwrap()))).await
}

pub(super) async fn store(hall: &TownHall, report: &Report) -> String {
    assert_eq!(hall.reports.put(report, None, None).await.unwrap(), Written::Done);
    format!("/reports/{}", report.id)
}

pub(super) fn id_of(at: &str) -> ReportId {
    at.rsplit('/').next().unwrap().split('?').next().unwrap().parse().unwrap()
}

pub(super) fn stored(hall: &TownHall, at: &str) -> Report {
    hall.reports.report(&id_of(at)).unwrap()
}

fn number(at: &str) -> String {
    domain::report::ReportNumber::of(&id_of(at)).to_string()
}

/// The form of a page with which something is done.
fn form_of<'a>(forms: &'a [Form], deed: &str) -> Option<&'a Form> {
    forms.iter().filter(|form| form.action.ends_with("/act")).find(|form| {
        form.fields.iter().any(|field| field.name == "deed" && field.values == [deed])
            || form.buttons.iter().any(|(name, value)| name == "deed" && value == deed)
    })
}

/// Does something by the form of a page.
pub(super) async fn push(browser: &Browser, page: &Seen, deed: &str, fields: &[(&str, &str)]) -> Seen {
    let forms = forms(&page.body);
    let form = form_of(&forms, deed).unwrap_or_else(|| panic!("no form for {deed}: {}", page.body));
    let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("deed", deed)]).collect();
    send(browser, form, &fields).await
}

/// Does something by the form of the page at this address.
pub(super) async fn act(browser: &Browser, at: &str, deed: &str, fields: &[(&str, &str)]) -> Seen {
    let page = browser.get(at).await;
    push(browser, &page, deed, fields).await
}

#[tokio::test]
async fn a_report_is_found_worked_on_and_answered() {
    let hall = hall();
    let at = filed(&hall, "first", "light").await;
    let editor = hall.signed_in("aoki").await;
    let list = editor.get("/reports").await.body;
    assert!(list.contains("<details class=\"fold\"><summary>条件"), "no condition is set: {list}");
    let some = editor.get("/reports?state=all").await.body;
    assert!(some.contains("<details class=\"fold\" open><summary>条件"), "one is: {some}");
    for said in [number(&at).as_str(), "街路灯", "本町公民館の前", "受付", "通常", "決まっていません", "今日"]
    {
        assert!(list.contains(said), "{said}: {list}");
    }
    let page = editor.get(&at).await.body;
    for said in
        ["firstのことば", "点きますか。", "ちらつく", "35.68123,139.76712", "約12m", "LINEの友だち", "地理院地図"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains(LINE_ID), "who it is stays with LINE");
    assert!(
        page.contains("続報を受け取る人も、これまでの返事をすべて読みます。"),
        "an answer is not for the reporter alone: {page}"
    );
    assert!(page.contains("<li hidden=\"\" data-point=\"35.68123,139.76712\""), "of itself only the map tells: {page}");
    assert_eq!(act(&editor, &at, "check", &[]).await.location(), format!("{at}?done=saved"), "that is no news");
    assert!(hall.report_jobs.take_notices().is_empty());
    let working = act(&editor, &at, "work", &[("report-answer", "明日、直します。")]).await;
    assert_eq!(working.location(), format!("{at}?done=told"));
    let notices = hall.report_jobs.take_notices();
    assert_eq!(notices.iter().map(|job| (job.report.clone(), job.entry)).collect::<Vec<_>>(), [(id_of(&at), 2)]);
    act(&editor, &at, "note", &[("report-note", "部品を注文した。")]).await;
    act(&editor, &at, "done", &[]).await;
    let history: Vec<Told> = stored(&hall, &at).history.iter().map(|entry| entry.told).collect();
    assert_eq!(history, [Told::No, Told::No, Told::Due, Told::No, Told::Due]);
    let page = editor.get(&at).await.body;
    for said in
        ["「確認中」から「対応中」に", "明日、直します。", "部品を注文した。", "職員 aoki", "LINEで知らせるところです"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!editor.get("/reports").await.body.contains(&number(&at)), "what is done is not open");
    assert!(editor.get("/reports?state=done").await.body.contains(&number(&at)));
    act(&editor, &at, "reopen", &[]).await;
    assert_eq!(stored(&hall, &at).state, State::Checking);
    let acts = hall.staff.acts();
    let worked = acts.iter().filter(|act| act.action == Action::WorkOnReport);
    assert_eq!(worked.clone().count(), 5, "{acts:?}");
    assert!(worked.clone().all(|act| act.subject == format!("report/{}", id_of(&at))));
    assert!(worked.clone().all(|act| !act.after.contains("明日")), "what was written is not in the log");
}

#[tokio::test]
async fn who_looks_after_it_by_when_and_where_it_is_can_be_changed() {
    let hall = hall();
    let at = filed(&hall, "first", "light").await;
    let editor = hall.signed_in("aoki").await;
    for (deed, field, value) in [
        ("assign", "assignee", "baba"),
        ("priority", "priority", "high"),
        ("due", "due", "2026-12-24"),
        ("kind", "kind", "park"),
        ("place", "report-point", "北緯35.7度 東経139.8度"),
    ] {
        let sent = act(&editor, &at, deed, &[(field, value)]).await;
        assert_eq!(sent.location(), format!("{at}?done=saved"), "{deed}: {}", sent.body);
    }
    let now = stored(&hall, &at);
    assert_eq!(now.assignee.as_ref().map(StaffId::as_str), Some("baba"));
    assert_eq!((now.priority, now.kind.as_str()), (Priority::High, "park"));
    assert_eq!(now.due, Some(jiff::civil::date(2026, 12, 24)));
    assert_eq!((now.place.point.text().as_str(), now.place.source), ("35.70000,139.80000", PlaceSource::Staff));
    assert_eq!(act(&editor, &at, "due", &[("due", "")]).await.location(), format!("{at}?done=saved"));
    assert_eq!(stored(&hall, &at).due, None);
    for (deed, field, value, said) in [
        ("assign", "assignee", "chiba", "担当者を選びなおしてください。"),
        ("assign", "assignee", "doi", "担当者を選びなおしてください。"),
        ("priority", "priority", "highest", "優先度を選んでください。"),
        ("due", "due", "tomorrow", "日付を選んでください。"),
        ("kind", "kind", "ship", "種別を選んでください。"),
        ("move", "department", "sea", "所管課を選んでください。"),
        ("place", "report-point", "公民館の前", "緯度と経度を"),
        ("answer", "report-answer", " \n", "内容を入力してください。"),
        ("decline", "report-answer", "", "内容を入力してください。"),
        ("note", "report-note", "", "内容を入力してください。"),
    ] {
        let before = stored(&hall, &at);
        let sent = act(&editor, &at, deed, &[(field, value)]).await;
        assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY, "{deed} {value}: {}", sent.body);
        assert!(sent.body.contains(said) && sent.body.contains("エラー"), "{deed} {value}: {}", sent.body);
        assert_eq!(stored(&hall, &at), before, "{deed} {value}");
    }
    let long = "あ".repeat(1_001);
    let sent = act(&editor, &at, "note", &[("report-note", &long)]).await;
    assert!(sent.status == StatusCode::CONFLICT && sent.body.contains(&long), "what was typed is not lost");
    let page = editor.get(&at).await;
    assert_eq!(push(&editor, &page, "note", &[("deed", "explode")]).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_second_of_two_sees_what_the_first_did_and_loses_nothing() {
    let hall = hall();
    let at = filed(&hall, "first", "light").await;
    let (one, other) = (hall.signed_in("aoki").await, hall.signed_in("baba").await);
    let seen = other.get(&at).await;
    act(&one, &at, "work", &[("report-answer", "明日、直します。")]).await;
    assert_eq!(hall.report_jobs.take_notices().len(), 1);
    let late = push(&other, &seen, "decline", &[("report-answer", "私有地のため、市では直せません。")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    for said in [
        "その間に、この報告が変わりました",
        "その間にあったこと",
        "明日、直します。",
        "私有地のため、市では直せません。",
    ] {
        assert!(late.body.contains(said), "{said}: {}", late.body);
    }
    assert_eq!(stored(&hall, &at).state, State::Working, "nothing was written");
    assert!(hall.report_jobs.take_notices().is_empty(), "and nobody is told");
    let again = push(&other, &late, "decline", &[]).await;
    assert_eq!(again.location(), format!("{at}?done=told"), "what was typed is sent from there: {}", again.body);
    let why = "私有地のため、市では直せません。".to_owned();
    assert_eq!(stored(&hall, &at).state, State::Declined { why });
}

#[tokio::test]
async fn a_double_click_is_one_click() {
    let hall = hall();
    let at = filed(&hall, "first", "light").await;
    let editor = hall.signed_in("aoki").await;
    for (deed, fields) in [
        ("check", vec![]),
        ("work", vec![("report-answer", " 明日、直します。\r\nお待ちください。")]),
        ("answer", vec![("report-answer", "あさってになりました。")]),
        ("note", vec![("report-note", "雨だった。")]),
        ("assign", vec![("assignee", "aoki")]),
        ("priority", vec![("priority", "low")]),
        ("due", vec![("due", "")]),
        ("place", vec![("report-point", "35.7, 139.8")]),
        ("kind", vec![("kind", "park")]),
        ("done", vec![]),
        ("reopen", vec![("report-answer", "まだのようです。")]),
        ("decline", vec![("report-answer", "私有地でした。")]),
    ] {
        let page = editor.get(&at).await;
        let (first, second) = (push(&editor, &page, deed, &fields).await, push(&editor, &page, deed, &fields).await);
        assert_eq!(first.status, StatusCode::SEE_OTHER, "{deed}: {}", first.body);
        assert_eq!(second.location(), first.location(), "{deed}: {}", second.body);
    }
    assert_eq!(stored(&hall, &at).history.len(), 13, "each is there once");
    let page = editor.get(&at).await;
    push(&editor, &page, "note", &[("report-note", "一つ")]).await;
    let other = push(&editor, &page, "note", &[("report-note", "二つ")]).await;
    assert_eq!(other.status, StatusCode::CONFLICT, "another note is another one");
}

#[tokio::test]
async fn what_was_reported_to_others_is_not_seen() {
    let hall = hall();
    let (mine, theirs) = (filed(&hall, "mine", "light").await, filed(&hall, "theirs", "park").await);
    let (editor, other, admin) = {
        hall.staff.settle([TownHall::person("admin", [Role::Administrator])]);
        (hall.signed_in("aoki").await, hall.signed_in("doi").await, hall.signed_in("admin").await)
    };
    for list in ["/reports", "/reports/map", "/reports?department=other", "/reports?state=all&kind=park"] {
        assert!(!editor.get(list).await.body.contains(&number(&theirs)), "{list}");
    }
    assert!(other.get("/reports").await.body.contains(&number(&theirs)));
    let both = admin.get("/reports").await.body;
    assert!(both.contains(&number(&mine)) && both.contains(&number(&theirs)), "{both}");
    assert!(!admin.get("/reports?department=roads").await.body.contains(&number(&theirs)));
    for at in [theirs.clone(), format!("{theirs}/print"), format!("{theirs}/merge")] {
        assert_eq!(editor.get(&at).await.status, StatusCode::FORBIDDEN, "{at}");
    }
    let page = editor.get(&mine).await;
    let near = page.body.split_once("近くの報告").unwrap().1;
    assert!(near.contains("公園") && !near.contains(&number(&theirs)), "only that there is one: {near}");
    assert!(!page.body.contains("theirsのことば") && !page.body.contains(&theirs), "{}", page.body);
    let merge = format!("{mine}/merge?into={}", id_of(&theirs));
    assert_eq!(editor.get(&merge).await.status, StatusCode::FORBIDDEN, "nor merged with");
    let searched = editor.get(&format!("/reports?q={}", number(&theirs))).await;
    assert!(searched.body.contains("この受付番号の報告は見つかりません"), "{}", searched.body);
    let moved = act(&editor, &mine, "move", &[("department", "other")]).await;
    assert_eq!(moved.location(), "/reports?done=moved");
    assert!(editor.get(moved.location()).await.body.contains("ほかの課に移しました"));
    assert_eq!(editor.get(&mine).await.status, StatusCode::FORBIDDEN);
    let stale = push(&editor, &page, "note", &[("report-note", "まだ私のもの")]).await;
    assert_eq!(stale.status, StatusCode::FORBIDDEN);
    assert_eq!(other.get(&mine).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_reader_looks_and_does_nothing() {
    let hall = hall();
    let told = Reporter::Told { contact: "山田 0000-00-9999".to_owned() };
    let at = store(&hall, &report(&hall, "told", "light", told)).await;
    let reader = hall.signed_in("chiba").await;
    let page = reader.get(&at).await;
    assert!(page.body.contains("toldのことば") && page.body.contains("電話・窓口"), "{}", page.body);
    assert!(!page.body.contains("山田"), "only who works on it needs to call");
    assert!(forms(&page.body).iter().all(|form| !form.action.contains("/reports/")), "{}", page.body);
    for (path, fields) in [("act", [("deed", "check"), ("seen", "1")]), ("merge", [("into", "x"), ("seen", "1")])] {
        assert_eq!(reader.post(&page, &format!("{at}/{path}"), &fields).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(reader.get("/reports/new").await.status, StatusCode::FORBIDDEN);
    assert_eq!(stored(&hall, &at).history.len(), 1);
    let editor = hall.signed_in("aoki").await;
    assert!(editor.get(&at).await.body.contains("山田 0000-00-9999"));
    let sent = act(&editor, &at, "answer", &[("report-answer", "直しました。")]).await;
    assert_eq!(sent.location(), format!("{at}?done=unreachable"), "nobody can be told by LINE");
}

#[tokio::test]
async fn photos_are_shown_by_links_that_only_their_page_may_load() {
    let hall = hall();
    let mut reported = report(&hall, "first", "light", Reporter::Resident(LINE_ID.parse().unwrap()));
    let kept = PhotoState::Kept {
        sha: "ab".repeat(32),
        width: 1_600,
        height: 1_200,
        gps: Some(Point::new(HERE.0 + 0.001, HERE.1).unwrap()),
    };
    let states = [kept, PhotoState::Waiting, PhotoState::Refused(PhotoFault::Heic), PhotoState::Withdrawn]
        .into_iter()
        .enumerate();
    for (at, state) in states {
        let id: PhotoId = format!("photo-{at}").parse().unwrap();
        let photo = Photo { id: id.clone(), report: reported.id.clone(), by: None, at: hall.clock.now(), state };
        assert_eq!(hall.reports.put_photo(&photo, None).await.unwrap(), Written::Done);
        reported.photos.push(id);
    }
    let at = store(&hall, &reported).await;
    let editor = hall.signed_in("aoki").await;
    let page = editor.get(&at).await;
    let link = format!("https://files.example/{}/photo-0.jpg", reported.id);
    for said in [link.as_str(), "width=\"1600\"", "約111m", "受け取っているところです", "HEICという形式", "取り消した"]
    {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
    assert_eq!(page.body.matches("<img src=\"https://").count(), 1, "{}", page.body);
    let policy = |seen: &Seen| seen.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
    assert!(policy(&page).contains(" https://files.example;"), "{}", policy(&page));
    let list = editor.get("/reports").await;
    assert!(
        list.body.contains("photo-0-small.jpg") && policy(&list).contains("https://files.example;"),
        "{}",
        list.body
    );
    assert!(!policy(&editor.get("/").await).contains("files.example"), "no other page");
    let sheet = editor.get(&format!("{at}/print")).await;
    assert!(sheet.body.contains(&link) && policy(&sheet).contains("https://files.example;"), "{}", sheet.body);
}

#[tokio::test]
async fn where_a_photo_was_made_becomes_the_place_by_a_button_and_never_by_itself() {
    const BUTTON: &str = "この位置を報告の場所にする";
    let hall = hall();
    let mut reported = report(&hall, "first", "light", Reporter::Resident(LINE_ID.parse().unwrap()));
    let there = Point::new(HERE.0 + 0.001, HERE.1).unwrap();
    for (at, gps) in [Some(there), Some(reported.place.point), None].into_iter().enumerate() {
        let id: PhotoId = format!("photo-{at}").parse().unwrap();
        let state = PhotoState::Kept { sha: "ab".repeat(32), width: 1_600, height: 1_200, gps };
        let photo = Photo { id: id.clone(), report: reported.id.clone(), by: None, at: hall.clock.now(), state };
        assert_eq!(hall.reports.put_photo(&photo, None).await.unwrap(), Written::Done);
        reported.photos.push(id);
    }
    let at = store(&hall, &reported).await;
    assert!(!hall.signed_in("chiba").await.get(&at).await.body.contains(BUTTON), "a reader takes nothing");
    let editor = hall.signed_in("aoki").await;
    let page = editor.get(&at).await;
    assert_eq!(page.body.matches(BUTTON).count(), 1, "only where it is another place: {}", page.body);
    let forms = forms(&page.body);
    let holds = |form: &&Form| form.fields.iter().any(|field| field.values == [there.text()]);
    let taken = send(&editor, forms.iter().find(holds).unwrap(), &[]).await;
    assert_eq!(taken.location(), format!("{at}?done=saved"), "{}", taken.body);
    let place = Place { point: there, accuracy_m: None, source: PlaceSource::Staff, ..reported.place.clone() };
    assert_eq!(stored(&hall, &at).place, place);
    let again = editor.get(&at).await;
    assert_eq!(again.body.matches(BUTTON).count(), 1, "and the other way round: {}", again.body);
}

#[tokio::test]
async fn a_report_by_telephone_is_entered_once() {
    let hall = hall();
    let editor = hall.signed_in("aoki").await;
    let kinds = editor.get("/reports/new").await.body;
    assert!(kinds.contains("/reports/new?kind=light") && kinds.contains("/reports/new?kind=park"), "{kinds}");
    let page = editor.get("/reports/new?kind=light").await;
    assert!(page.body.contains("電線が切れている。") && page.body.contains("0000-00-1234"), "{}", page.body);
    let fill = async |page: &Seen, fields: &[(&str, &str)]| {
        let forms = forms(&page.body);
        send(&editor, forms.iter().find(|form| form.action == "/reports/new").unwrap(), fields).await
    };
    let wrong = fill(&page, &[("report-point", "1, 2, 3"), ("report-contact", &"あ".repeat(101))]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in ["報告の内容：内容を入力してください。", "緯度と経度を", "100文字まで", "1, 2, 3"]
    {
        assert!(wrong.body.contains(said), "{said}: {}", wrong.body);
    }
    let right = [
        ("report-comment", "街路灯がちらつく。"),
        ("report-point", "35.68123，139.76712"),
        ("report-place", "公園の北"),
        ("report-contact", "山田 0000-00-9999"),
        ("priority", "high"),
        ("question-lamp", "ちらつく"),
        ("question-pole", "本町12"),
    ];
    let (first, second) = (fill(&wrong, &right).await, fill(&wrong, &right).await);
    let at = first.location().strip_suffix("?done=entered").unwrap_or_else(|| panic!("{}", first.body)).to_owned();
    assert_eq!(second.location(), first.location(), "a double click");
    assert!(editor.get(first.location()).await.body.contains("報告を受け付けました"));
    let there = stored(&hall, &at);
    assert_eq!((hall.reports.all().len(), there.priority, there.department.as_str()), (1, Priority::High, "roads"));
    assert_eq!(there.reporter, Reporter::Told { contact: "山田 0000-00-9999".to_owned() });
    assert_eq!(there.history[0].by, By::Staff("aoki".parse().unwrap()));
    let answers: Vec<&str> = there.answers.iter().map(|answer| answer.text.as_str()).collect();
    assert_eq!(answers, ["ちらつく", "本町12"]);
    let other = fill(&wrong, &[right[1], ("report-comment", "ちがう内容"), ("report-contact", "")]).await;
    assert_eq!(other.status, StatusCode::CONFLICT, "something else under the same id is not lost quietly");
    assert!(other.body.contains("ちがう内容"));
    assert_eq!(hall.staff.acts().iter().filter(|act| act.action == Action::EnterReport).count(), 1);
    let page = editor.get("/reports/new?kind=park").await;
    let theirs = fill(&page, &[right[0], right[1]]).await;
    let there = hall.reports.all().into_iter().find(|report| report.department.as_str() == "other").unwrap();
    assert_eq!(theirs.location(), format!("/reports?entered={}", there.number()));
    assert!(editor.get(theirs.location()).await.body.contains(&format!("{} で受け付けました", there.number())));
}

#[tokio::test]
async fn a_place_lies_in_its_district_and_not_outside_the_town() {
    let hall = hall_with(|town| {
        town.report_kinds = vec![kind("light", "街路灯", "roads")];
        let corner = |lat, lon| Point::new(lat, lon).unwrap();
        let square = [corner(35.6, 139.7), corner(35.6, 139.8), corner(35.7, 139.8), corner(35.7, 139.7)];
        let polygons = vec![Polygon::new(&square, &[]).unwrap()];
        town.boundaries = Boundaries(vec![Boundary { district: Some("honmachi".parse().unwrap()), polygons }]);
    });
    let at = filed(&hall, "first", "light").await;
    let editor = hall.signed_in("aoki").await;
    assert!(editor.get("/reports/map").await.body.contains("data-frame=\"35.60000,139.70000,35.70000,139.80000\""));
    let outside = act(&editor, &at, "place", &[("report-point", "36.0, 139.75")]).await;
    assert_eq!(outside.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(outside.body.contains("まちの区域の外です") && outside.body.contains("36.0, 139.75"), "{}", outside.body);
    let inside = act(&editor, &at, "place", &[("report-point", "35.65, 139.75")]).await;
    assert_eq!(inside.location(), format!("{at}?done=saved"));
    assert_eq!(stored(&hall, &at).place.district, Some("honmachi".parse().unwrap()));
}

#[tokio::test]
async fn two_about_the_same_thing_become_one() {
    let hall = hall();
    let one = filed(&hall, "one", "light").await;
    hall.clock.advance(SignedDuration::from_mins(5));
    let other_id: ResidentId = "Uffffffffffffffffffffffffffffffff".parse().unwrap();
    let main = store(&hall, &report(&hall, "main", "light", Reporter::Resident(other_id))).await;
    let editor = hall.signed_in("aoki").await;
    let page = editor.get(&one).await.body;
    let way = format!("{one}/merge?into={}", id_of(&main));
    assert!(page.contains(&way.replace('&', "&amp;")) && page.contains("約0m"), "{page}");
    let asked = editor.get(&way).await;
    for said in [number(&one).as_str(), number(&main).as_str(), "mainのことば", "どちらの報告の人にも"] {
        assert!(asked.body.contains(said), "{said}: {}", asked.body);
    }
    let by_number = editor.get(&format!("{one}/merge?report-number={}", number(&main).to_lowercase())).await;
    assert!(by_number.body.contains("mainのことば"), "{}", by_number.body);
    let near = editor.get(&format!("{one}/merge")).await;
    for said in [number(&main).as_str(), "mainのことば", "約0m", "にまとめる"] {
        assert!(near.body.contains(said), "what is nearby is offered: {said}: {}", near.body);
    }
    let nowhere = editor.get(&format!("{one}/merge?report-number=x")).await;
    assert_eq!(nowhere.status, StatusCode::UNPROCESSABLE_ENTITY);
    let all = forms(&asked.body);
    let form = all.iter().find(|form| form.action.ends_with("/merge")).unwrap();
    let (first, second) = (send(&editor, form, &[]).await, send(&editor, form, &[]).await);
    assert_eq!(first.location(), format!("{main}?done=merged"), "{}", first.body);
    assert_eq!(second.location(), first.location(), "a double click");
    assert_eq!(stored(&hall, &one).state, State::Duplicate { of: id_of(&main) });
    let kept = stored(&hall, &main);
    assert_eq!((kept.merged.len(), kept.hears().count()), (1, 2));
    assert!(editor.get(&main).await.body.contains(&one), "the one that went is named");
    assert!(editor.get(&one).await.body.contains(&main), "and the one that remains");
    assert_eq!(hall.report_jobs.take_notices().len(), 1, "who reported the one is told");
    let itself = editor.get(&format!("{main}/merge?into={}", id_of(&main))).await;
    let all = forms(&itself.body);
    let sent = send(&editor, all.iter().find(|form| form.action.ends_with("/merge")).unwrap(), &[]).await;
    assert!(sent.status == StatusCode::CONFLICT && sent.body.contains("同じ報告どうし"), "{}", sent.body);
}

#[tokio::test]
async fn a_list_is_filtered_paged_and_searched() {
    let hall = hall();
    let mut all = Vec::new();
    for number in 0..35 {
        hall.clock.advance(SignedDuration::from_mins(1));
        all.push(filed(&hall, &format!("event-{number}"), "light").await);
    }
    let editor = hall.signed_in("aoki").await;
    let shown = async |path: &str| -> Vec<usize> {
        let body = editor.get(path).await.body;
        (0..all.len()).filter(|at| body.contains(&number(&all[*at]))).collect()
    };
    assert_eq!(shown("/reports").await, (5..35).collect::<Vec<_>>(), "the latest first");
    let page = editor.get("/reports").await.body;
    let next = page.split_once("from=").unwrap().1.split('"').next().unwrap().to_owned();
    assert_eq!(shown(&format!("/reports?from={next}")).await, (0..5).collect::<Vec<_>>());
    act(&editor, &all[3], "assign", &[("assignee", "aoki")]).await;
    act(&editor, &all[4], "check", &[]).await;
    act(&editor, &all[2], "due", &[("due", "2026-11-01")]).await;
    assert_eq!(shown("/reports?who=me").await, [3]);
    assert_eq!(shown("/reports?state=checking").await, [4]);
    assert_eq!(shown("/reports?late=yes").await, [2]);
    assert_eq!(shown(&format!("/reports?state=received&from={next}")).await, [0, 1, 2, 3]);
    assert_eq!(shown(&format!("/reports?state=received&who=nobody&from={next}")).await, [0, 1, 2]);
    assert_eq!(shown("/reports?who=baba").await, Vec::<usize>::new());
    assert_eq!(shown("/reports?kind=park").await, Vec::<usize>::new());
    assert_eq!(shown("/reports?state=%3Cscript%3E&kind=%00&from=%20").await.len(), 30, "nonsense is no condition");
    let found = editor.get(&format!("/reports?q={}", number(&all[7]).to_lowercase().replace('-', "%20"))).await;
    assert_eq!(found.location(), all[7]);
    assert!(editor.get("/reports?q=hello").await.body.contains("受付番号の形ではありません"));
    let board = editor.get("/reports").await.body;
    assert!(board.contains("href=\"/reports?state=received\"") && board.contains(">34<"), "{board}");
}

#[tokio::test]
async fn the_map_holds_places_and_nothing_of_people() {
    let hall = hall();
    let told = Reporter::Told { contact: "山田".to_owned() };
    let at = store(&hall, &report(&hall, "told", "light", told)).await;
    let editor = hall.signed_in("aoki").await;
    let map = editor.get("/reports/map").await;
    for said in ["data-point=\"35.68123,139.76712\"", "data-standing=\"received\"", "data-sign=\"受\"", at.as_str()] {
        assert!(map.body.contains(said), "{said}: {}", map.body);
    }
    for said in ["山田", "toldのことば"] {
        assert!(!map.body.contains(said), "{said}: {}", map.body);
    }
    assert!(
        map.body.contains("data-tiles=\"https://cyberjapandata.gsi.go.jp/xyz/std/{z}/{x}/{y}.png\""),
        "{}",
        map.body
    );
    assert!(map.body.contains("国土地理院"), "whose tiles they are is said");
    let policy = map.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("img-src 'self' data: https://cyberjapandata.gsi.go.jp;"), "{policy}");
    assert!(!editor.get("/reports?state=all").await.body.contains("data-map"), "the list loads no map");
    assert!(!editor.get("/reports/map?state=done").await.body.contains(&number(&at)), "the same conditions");
}

#[tokio::test]
async fn the_sheet_for_the_crew_does_not_say_who_reported() {
    let hall = hall();
    let told = Reporter::Told { contact: "山田".to_owned() };
    let at = store(&hall, &report(&hall, "told", "light", told)).await;
    let sheet = hall.signed_in("aoki").await.get(&format!("{at}/print")).await.body;
    for said in [number(&at).as_str(), "街路灯", "toldのことば", "35.68123,139.76712", "<svg", "QRコード"] {
        assert!(sheet.contains(said), "{said}: {sheet}");
    }
    assert!(!sheet.contains("山田") && !sheet.contains("電話・窓口"), "{sheet}");
}

#[tokio::test]
async fn a_file_holds_what_the_list_holds_and_is_written_down() {
    let hall = hall();
    let mut reported = report(&hall, "first", "light", Reporter::Resident(LINE_ID.parse().unwrap()));
    reported.place.text = "=1+1".to_owned();
    let at = store(&hall, &reported).await;
    filed(&hall, "theirs", "park").await;
    let editor = hall.signed_in("aoki").await;
    let list = editor.get("/reports?state=all&kind=light").await;
    let all = forms(&list.body);
    let file = send(&editor, all.iter().find(|form| form.action == "/reports/export").unwrap(), &[]).await;
    assert_eq!(file.status, StatusCode::OK);
    let mut rows = csv::Reader::from_reader(file.body.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 1, "{}", file.body);
    let (number, today) = (number(&at), "2026-11-21 12:00:00");
    for (column, said) in
        [(0, number.as_str()), (1, "街路灯"), (2, "roads課"), (3, "受付"), (10, "35.68123"), (12, "'=1+1")]
    {
        assert_eq!(&rows[0][column], said, "{}", file.body);
    }
    assert_eq!(&rows[0][5], today);
    for said in [LINE_ID, "ことば"] {
        assert!(!file.body.contains(said), "{said}: {}", file.body);
    }
    let acts = hall.staff.acts();
    let exported: Vec<_> = acts.iter().filter(|act| act.action == Action::Export).collect();
    assert!(exported.len() == 1 && exported[0].subject == "reports" && exported[0].after.contains("light"), "{acts:?}");
    let none = editor.get("/reports?state=declined").await;
    let all = forms(&none.body);
    let none = send(&editor, all.iter().find(|form| form.action == "/reports/export").unwrap(), &[]).await;
    assert!(none.body.contains("書き出す報告がありません"), "{}", none.body);
    assert_eq!(hall.staff.acts().iter().filter(|act| act.action == Action::Export).count(), 1);
}

#[tokio::test]
async fn whatever_was_written_stays_text() {
    let hall = hall();
    let mut reported = report(&hall, "first", "light", Reporter::Told { contact: EVIL.to_owned() });
    reported.comment = EVIL.to_owned();
    reported.place.text = EVIL.to_owned();
    reported.answers[0].text = EVIL.to_owned();
    let by = "aoki".parse().unwrap();
    for deed in [Deed::Note(EVIL.to_owned()), Deed::Answer(EVIL.to_owned()), Deed::Decline { why: EVIL.to_owned() }] {
        reported.act(deed, &by, hall.clock.now()).unwrap();
    }
    assert!(matches!(reported.history.last().unwrap().what, What::State { .. }));
    let at = store(&hall, &reported).await;
    let second = filed(&hall, "second", "light").await;
    let editor = hall.signed_in("aoki").await;
    let merge = format!("{second}/merge?into={}", id_of(&at));
    for path in
        [at.clone(), format!("{at}/print"), merge, "/reports?state=all".to_owned(), "/reports/map?state=all".to_owned()]
    {
        let page = editor.get(&path).await.body;
        assert!(!page.contains("<script>alert") && page.contains("&lt;script&gt;"), "{path}: {page}");
    }
    let sent = act(&editor, &second, "place", &[("report-point", EVIL), ("report-place", EVIL)]).await;
    assert!(!sent.body.contains("<script>alert"), "{}", sent.body);
}

#[tokio::test]
async fn what_was_done_to_a_damage_report_is_read_in_words_and_holds_nothing_personal() {
    let hall = audit::hall();
    let id: ReportId = "01a1fc0b-f320-7000-8000-00000000abcd".parse().unwrap();
    let subject = format!("report/{id}");
    let entered = audit::act(noon(20), Action::EnterReport, &subject, "", "received filed");
    let worked = audit::act(noon(20), Action::WorkOnReport, &subject, "received", "working state");
    let merged = audit::act(noon(20), Action::MergeReports, &subject, "working", "working merged");
    for act in [entered, worked, merged] {
        hall.staff.append(&act).await.unwrap();
    }
    let browser = hall.signed_in("admin").await;
    let list = browser.get("/audit").await;
    let link = format!("<a href=\"/reports/{id}\">{}</a>", ReportNumber::of(&id));
    has(&list, &[&link, "変更後：受付：受け付けました", "変更前：受付", "変更後：対応中：状態を変えました"]);
    has(&list, &["変更前：対応中", "変更後：対応中：ほかの報告をまとめました"]);
    assert!(!list.body.contains(console::words::audit::HIDDEN), "{}", list.body);
}
