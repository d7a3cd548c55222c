//! Residents report damage on the portal, and see what becomes of it: whatever comes twice, from elsewhere, or dies half-way.

mod guard;
mod photos;

use std::sync::Arc;

use app::ports::Clock as _;
use app::ports::reports::{CleanPhoto, PhotoFiles as _, Reports as _};
use app::report::desk::ReportDesk;
use app::report::resident::{FILED_A_DAY_MAX, ResidentDesk};
use axum::body::Bytes;
use domain::ids::{PhotoId, ReportId, ResidentId};
use domain::report::boundary::{Boundaries, Boundary, Polygon};
use domain::report::kind::{Question, ReportKind};
use domain::report::photo::{Photo, PhotoState};
use domain::report::place::Point;
use domain::report::release::Release;
use domain::report::{By, Deed, Report, State};
use domain::town::{Name, Town};
use http::header::{CONTENT_TYPE, COOKIE, ORIGIN, SET_COOKIE};
use http::{Method, Request, Response};
use jiff::SignedDuration;
use portal::{Portal, ReportPages, Settings};
use serde_json::{Value, json};
use tests::city::City;
use tests::portal::{TestLogins, TestResidentSessions, id_token};
use tests::reports::{TestPhotoFiles, TestPhotoUploads};
use tests::staff::TestChance;

use crate::portal::portal_of;
use crate::report_desk::{light, resident};
use crate::sending;

const HOST: &str = "portal.example";
const OURS: &str = "https://portal.example";
const COMMENT: &str = "たろうの家の前です";

/// The city with its portal.
struct Counter {
    city: City,
    portal: Portal,
    files: Arc<TestPhotoFiles>,
    uploads: Arc<TestPhotoUploads>,
    sessions: Arc<TestResidentSessions>,
    logins: Arc<TestLogins>,
}

/// Somebody's browser.
struct Browser<'a> {
    counter: &'a Counter,
    who: ResidentId,
    cookie: String,
}

/// An answer of the API.
#[derive(Debug, Clone, PartialEq)]
struct Said {
    status: u16,
    body: Value,
}

impl Said {
    fn error(&self) -> (u16, &str, &str) {
        (self.status, self.body["error"].as_str().unwrap_or(""), self.body["field"].as_str().unwrap_or(""))
    }
}

fn name(ja: &str, en: &str) -> Name {
    Name { ja: ja.to_owned(), en: en.to_owned(), ..Name::default() }
}

fn town() -> Town {
    let questions = vec![
        Question {
            id: "lit".parse().unwrap(),
            question: name("ついていますか。", "Is it on?"),
            choices: vec![name("消えている", "Off"), name("ちらつく", "Flickers")],
        },
        Question { id: "pole".parse().unwrap(), question: name("柱の番号", "Number"), choices: Vec::new() },
    ];
    let light = ReportKind { questions, ..light() };
    let river = ReportKind { id: "river".parse().unwrap(), closed: name("工事中", "Closed"), ..light.clone() };
    let corner = |lat, lon| Point::new(lat, lon).unwrap();
    let square = [corner(35.0, 139.0), corner(35.0, 140.0), corner(36.0, 140.0), corner(36.0, 139.0)];
    let polygons = vec![Polygon::new(&square, &[]).unwrap()];
    let boundaries = Boundaries(vec![Boundary { district: Some("honcho".parse().unwrap()), polygons }]);
    Town { report_kinds: vec![light, river], boundaries, ..crate::portal::town() }
}

impl Counter {
    fn open() -> Self {
        Self::of(town())
    }

    fn of(town: Town) -> Self {
        let city = City::of(town.clone());
        let (post, _) = sending::city(1);
        let (files, uploads) = (Arc::<TestPhotoFiles>::default(), Arc::<TestPhotoUploads>::default());
        let (sessions, logins) = (Arc::<TestResidentSessions>::default(), Arc::<TestLogins>::default());
        let desk = ResidentDesk {
            reports: city.reports.clone(),
            jobs: city.jobs.clone(),
            uploads: uploads.clone(),
            files: files.clone(),
            towns: city.inbox.towns.clone(),
            clock: city.clock.clone(),
            chance: Arc::new(TestChance::default()),
        };
        let settings = Settings {
            liff_id: "1234567890-AbcdEfgh".to_owned(),
            liff_script: None,
            map_tiles: None,
            photos: "https://files.example".to_owned(),
        };
        let pages = ReportPages { desk, logins: logins.clone(), sessions: sessions.clone(), settings };
        let portal = portal_of(&post, town).with_reports(pages).unwrap();
        Self { city, portal, files, uploads, sessions, logins }
    }

    async fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Response<String> {
        let mut request = Request::builder().method(method).uri(path).header("host", HOST);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.portal.answer(request.body(Bytes::from(body.to_owned())).unwrap()).await
    }

    /// The browser of somebody who came in.
    async fn browser(&self, number: u32) -> Browser<'_> {
        let mut browser = Browser { counter: self, who: resident(number), cookie: String::new() };
        browser.come_in().await;
        browser
    }

    fn report(&self, id: &str) -> Report {
        self.city.reports.report(&id.parse().unwrap()).unwrap()
    }

    /// `photo` takes an uploaded photo over.
    async fn take_over(&self, report: &str, photo: &str) {
        let (report, id): (ReportId, PhotoId) = (report.parse().unwrap(), photo.parse().unwrap());
        let clean = CleanPhoto {
            sha: "ab".repeat(32),
            large: vec![1],
            small: vec![2],
            width: 4,
            height: 3,
            gps: Some(Point::new(35.5, 139.5).unwrap()),
        };
        self.files.keep(&report, &id, &clean).await.unwrap();
        let there = self.city.reports.photos(std::slice::from_ref(&id)).await.unwrap().pop().unwrap();
        let CleanPhoto { sha, width, height, gps, .. } = clean;
        let kept = Photo { state: PhotoState::Kept { sha, width, height, gps }, ..there.value };
        self.city.reports.put_photo(&kept, Some(there.version)).await.unwrap();
    }

    /// Staff do something with a report.
    async fn staff(&self, id: &str, deed: Deed) {
        let (reports, jobs, clock) = (self.city.reports.clone(), self.city.jobs.clone(), self.city.clock.clone());
        let (desk, seen) = (ReportDesk { reports, jobs, clock }, self.report(id).history.len());
        desk.act(&id.parse().unwrap(), seen, deed, &"hanako".parse().unwrap()).await.unwrap();
    }
}

impl Browser<'_> {
    async fn come_in(&mut self) {
        let body = json!({ "idToken": id_token(&self.who) }).to_string();
        let headers = [(CONTENT_TYPE.as_str(), "application/json"), (ORIGIN.as_str(), OURS), ("cookie", &self.cookie)];
        let response = self.counter.ask(Method::POST, "/report/session", &headers, &body).await;
        assert_eq!((response.status().as_u16(), response.body().as_str()), (204, ""));
        let cookie = response.headers()[SET_COOKIE].to_str().unwrap();
        for attribute in ["__Host-kairan-resident=", "HttpOnly", "Secure", "SameSite=Strict", "Path=/", "Max-Age=7200"]
        {
            assert!(cookie.contains(attribute), "{cookie}");
        }
        cookie.split(';').next().unwrap().clone_into(&mut self.cookie);
    }

    async fn call(&self, method: Method, path: &str, body: &str) -> Said {
        let mut headers = vec![(COOKIE.as_str(), self.cookie.as_str())];
        if method != Method::GET {
            headers.extend([(ORIGIN.as_str(), OURS), ("sec-fetch-site", "same-origin")]);
        }
        if method == Method::POST {
            headers.push((CONTENT_TYPE.as_str(), "application/json"));
        }
        let response = self.counter.ask(method, path, &headers, body).await;
        assert_eq!(response.headers()["cache-control"], "no-store", "{path}");
        let body = response.body();
        let body = if body.is_empty() { Value::Null } else { serde_json::from_str(body).unwrap() };
        Said { status: response.status().as_u16(), body }
    }

    async fn get(&self, path: &str) -> Said {
        self.call(Method::GET, path, "").await
    }

    async fn post(&self, path: &str, body: Value) -> Said {
        self.call(Method::POST, path, &body.to_string()).await
    }

    async fn begin(&self) -> String {
        let said = self.post("/report/begin", json!({})).await;
        assert_eq!(said.status, 200);
        said.body["report"].as_str().unwrap().to_owned()
    }

    /// Files a report like all others.
    async fn file(&self) -> String {
        let report = self.begin().await;
        let said = self.post("/report/reports", filing(&report)).await;
        assert_eq!(said.status, 201, "{said:?}");
        report
    }

    /// Does something with a report.
    async fn act(&self, report: &str, act: &str, text: &str) -> Said {
        self.post(&format!("/report/reports/{report}/{act}"), json!({ "text": text })).await
    }

    async fn look(&self, report: &str) -> Said {
        self.get(&format!("/report/reports/{report}")).await
    }
}

/// What is filed, as the page says it.
fn filing(report: &str) -> Value {
    json!({
        "report": report,
        "kind": "light",
        "answers": [{ "question": "lit", "text": "off" }, { "question": "pole", "text": "" }],
        "place": { "lat": 35.123_456, "lon": 139.5, "accuracy": 12.3, "text": "本町1", "source": "device" },
        "comment": COMMENT,
        "photos": [],
    })
}

/// The same with something else in one place.
fn filing_with(report: &str, pointer: &str, value: Value) -> Value {
    let mut filing = filing(report);
    *filing.pointer_mut(pointer).unwrap() = value;
    filing
}

#[tokio::test]
async fn a_report_with_a_photo_goes_from_the_page_to_staff_and_back() {
    let counter = Counter::open();
    let browser = counter.browser(1).await;
    let report = browser.begin().await;
    let asked = json!({ "report": report, "slot": 0, "bytes": 12_000_000, "type": "image/jpeg" });
    let upload = browser.post("/report/photos", asked).await;
    let photo = upload.body["photo"].as_str().unwrap().to_owned();
    assert_eq!(upload.body["url"], format!("https://files.example/incoming/{report}/{photo}?bytes=12000000"));
    assert_eq!(upload.body["headers"], json!({ "content-type": "image/jpeg" }));
    counter.uploads.put(&report.parse().unwrap(), &photo.parse().unwrap(), b"file");
    let seen = browser.get(&format!("/report/photos?ids={photo}")).await;
    assert_eq!(seen.body, json!([{ "photo": photo, "state": "waiting" }]));
    counter.take_over(&report, &photo).await;
    let seen = browser.get(&format!("/report/photos?ids={photo}")).await;
    assert_eq!(seen.body[0]["gps"], json!({ "lat": 35.5, "lon": 139.5 }), "{seen:?}");
    assert_eq!(seen.body[0]["small"], format!("https://files.example/{report}/{photo}-small.jpg"));
    assert_eq!(
        seen.body[0]["large"],
        format!("https://files.example/{report}/{photo}.jpg"),
        "links end: they are asked for anew"
    );
    let said = browser.post("/report/reports", filing_with(&report, "/photos", json!([photo]))).await;
    assert_eq!((said.status, &said.body["report"]), (201, &json!(report)));
    let kept = counter.report(&report);
    assert_eq!(said.body["number"], kept.number().to_string());
    assert_eq!(kept.history[0].by, By::Reporter);
    let texts: Vec<&str> = kept.answers.iter().map(|answer| answer.text.as_str()).collect();
    assert_eq!(texts, ["消えている", "わからない"], "staff read Japanese");
    assert_eq!((kept.place.accuracy_m, kept.place.district.as_ref().unwrap().as_str()), (Some(13), "honcho"));
    let list = browser.get("/report/reports").await.body;
    assert_eq!((&list[0]["standing"], &list[0]["mine"]), (&json!("received"), &json!(true)));
    counter.city.clock.advance(SignedDuration::from_mins(5));
    counter.staff(&report, Deed::Note("見積もり待ち".to_owned())).await;
    counter.staff(&report, Deed::Done { answer: "なおしました。".to_owned() }).await;
    let detail = browser.look(&report).await.body;
    assert_eq!((&detail["standing"], &detail["comment"]), (&json!("done"), &json!(COMMENT)));
    assert_eq!(detail["photos"][0]["large"], format!("https://files.example/{report}/{photo}.jpg"));
    let history = detail["history"].as_array().unwrap();
    let words: Vec<_> = history.iter().map(|entry| (&entry["what"], &entry["by"], &entry["text"])).collect();
    let expected = json!([["filed", "reporter", null], ["state", "town", "なおしました。"]]);
    assert_eq!(json!(words), expected, "what staff note for themselves is not shown");
    assert!(!detail.to_string().contains("見積もり"), "{detail}");
    assert_eq!(detail["changed"], history[1]["at"]);
    assert_eq!(detail["can"], json!({ "comment": true, "reopen": true, "unfollow": false }));
    assert_eq!(browser.act(&report, "comment", "まだ暗いです").await.status, 204);
    assert_eq!(browser.act(&report, "reopen", "消えています").await.status, 204);
    assert_eq!(counter.report(&report).state, State::Checking);
    assert_eq!(browser.act(&report, "reopen", "消えています").await.error(), (409, "unchanged", ""));
    let changes = counter.city.jobs.take_changes();
    let changes: Vec<usize> = changes.into_iter().map(|job| job.change).collect();
    assert_eq!(changes, [1, 2, 3, 4, 5], "other systems hear of each");
}

#[tokio::test]
async fn what_is_sent_again_is_done_once() {
    let counter = Counter::open();
    let browser = counter.browser(1).await;
    let report = browser.begin().await;
    let once = browser.post("/report/reports", filing(&report)).await;
    assert_eq!(browser.post("/report/reports", filing(&report)).await, once);
    assert_eq!(counter.city.reports.all().len(), 1);
    for _ in 0..2 {
        assert_eq!(browser.act(&report, "comment", "まだです").await.status, 204);
    }
    assert_eq!(counter.report(&report).history.len(), 2);
    for (pointer, value) in [
        ("/comment", json!("ちがう")),
        ("/place/lat", json!(35.2)),
        ("/place/text", json!("本町9")),
        ("/answers/1/text", json!("A-12")),
    ] {
        let otherwise = browser.post("/report/reports", filing_with(&report, pointer, value)).await;
        assert_eq!(otherwise.error(), (409, "filed-otherwise", ""), "{pointer}");
    }
    // A day later, when nothing is filed with this id any more.
    counter.city.clock.advance(SignedDuration::from_hours(25));
    let mut browser = browser;
    browser.come_in().await;
    assert_eq!(browser.post("/report/reports", filing(&report)).await, once);
    let another = counter.browser(2).await;
    assert_eq!(another.post("/report/reports", filing(&report)).await.error(), (409, "filed-otherwise", ""));
}

#[tokio::test]
async fn what_was_filed_before_its_kind_was_removed_is_said_to_be_filed() {
    let before = Counter::open();
    let report = before.browser(1).await.file().await;
    let kinds = town().report_kinds.into_iter().filter(|kind| kind.id.as_str() != "light").collect();
    let counter = Counter::of(Town { report_kinds: kinds, ..town() });
    counter.city.reports.put(&before.report(&report), None, None).await.unwrap();
    let browser = counter.browser(1).await;
    assert_eq!(browser.post("/report/reports", filing(&report)).await.error(), (409, "filed-otherwise", ""));
    let begun = [browser.begin().await, browser.begin().await];
    let new = begun.iter().find(|id| **id != report).unwrap();
    assert_eq!(browser.post("/report/reports", filing(new)).await.error(), (422, "unknown", "kind"));
}

#[tokio::test]
async fn of_two_that_file_the_same_at_once_both_have_the_one_report() {
    let counter = Counter::open();
    let browser = counter.browser(1).await;
    let report = browser.begin().await;
    let file = || browser.post("/report/reports", filing(&report));
    let (one, other) = futures_util::join!(file(), file());
    assert_eq!((one.status, &one), (201, &other));
    assert_eq!(counter.city.reports.all().len(), 1);
}

#[tokio::test]
async fn filing_that_dies_anywhere_is_filed_by_the_next_try() {
    for calls in 0..20 {
        let counter = Counter::open();
        let browser = counter.browser(1).await;
        let report = browser.begin().await;
        let asked = json!({ "report": report, "slot": 0, "bytes": 9, "type": "image/jpeg" });
        let photo = browser.post("/report/photos", asked).await.body["photo"].clone();
        let filing = filing_with(&report, "/photos", json!([photo]));
        counter.city.reports.life.ends_after(calls);
        let first = browser.post("/report/reports", filing.clone()).await;
        counter.city.reports.life.ends_after(usize::MAX);
        if first.status != 201 {
            assert_eq!(first.error(), (503, "trouble", ""), "{calls}");
        }
        assert_eq!(browser.post("/report/reports", filing).await.status, 201, "{calls}");
        let all = counter.city.reports.all();
        let changes = counter.city.jobs.take_changes();
        assert_eq!((all.len(), all[0].history.len()), (1, 1), "{calls}");
        assert!(changes.iter().all(|job| job.change == 1) && (1..=2).contains(&changes.len()), "{calls}: {changes:?}");
        let late = counter.city.clock.now() + SignedDuration::from_hours(99);
        assert_eq!(counter.city.reports.forgotten_photos(late, 9).await.unwrap(), [], "its photo is filed with it");
        if first.status == 201 {
            return assert!(3 < calls, "{calls}");
        }
    }
    panic!("it was never filed");
}

#[tokio::test]
async fn what_somebody_writes_is_told_to_other_systems_wherever_it_dies() {
    for calls in 0..20 {
        let counter = Counter::open();
        let browser = counter.browser(1).await;
        let report = browser.file().await;
        assert_eq!(counter.city.jobs.take_changes().len(), 1);
        counter.city.reports.life.ends_after(calls);
        let first = browser.act(&report, "comment", "まだです").await;
        counter.city.reports.life.ends_after(usize::MAX);
        assert_eq!(browser.act(&report, "comment", "まだです").await.status, 204, "{calls}");
        assert_eq!(counter.report(&report).history.len(), 2, "{calls}");
        let changes = counter.city.jobs.take_changes();
        assert!(!changes.is_empty() && changes.iter().all(|job| job.change == 2), "{calls}: {changes:?}");
        if first.status == 204 {
            return assert!(2 < calls, "{calls}");
        }
        assert_eq!(first.error(), (503, "trouble", ""), "{calls}");
    }
    panic!("it was never written");
}

#[tokio::test]
async fn what_is_not_as_it_must_be_is_refused_by_its_field() {
    let counter = Counter::open();
    let browser = counter.browser(1).await;
    let report = browser.begin().await;
    let long = "長".repeat(1_001);
    let lit = |text: &str| json!([{ "question": "lit", "text": text }, { "question": "pole", "text": "" }]);
    for (pointer, value, expected) in [
        ("/kind", json!("bridge"), ("unknown", "kind")),
        ("/kind", json!("river"), ("closed", "kind")),
        ("/place/lat", json!(36.5), ("outside", "place")),
        ("/place/lat", json!(91), ("invalid", "place")),
        ("/place/text", json!(long), ("too-long", "place")),
        ("/answers", json!([{ "question": "lit", "text": "Off" }]), ("missing", "answers")),
        ("/answers", lit("bright"), ("unknown", "answers")),
        ("/answers/1/text", json!(long), ("too-long", "answers")),
        ("/comment", json!(long), ("too-long", "comment")),
        ("/photos", json!(["0199aaaa-0000-5000-8000-000000000002"]), ("unknown", "photos")),
        ("/photos", json!((0..6).map(|n| format!("p{n}")).collect::<Vec<_>>()), ("too-many", "photos")),
        ("/report", json!("0199aaaa-0000-4000-8000-000000000001"), ("invalid", "report")),
        ("/report", json!("0fffaaaa-0000-7000-8000-000000000001"), ("invalid", "report")),
        ("/report", json!("0099aaaa-0000-7000-8000-000000000001"), ("too-old", "report")),
    ] {
        let said = browser.post("/report/reports", filing_with(&report, pointer, value.clone())).await;
        assert_eq!(said.error(), (422, expected.0, expected.1), "{pointer} {value}");
    }
    assert_eq!(counter.city.reports.all(), []);
    assert_eq!(counter.city.jobs.take_changes(), []);
    // What is not quite in the town is near enough; and an answer in any language is one.
    let near = browser.post("/report/reports", filing_with(&report, "/place/lat", json!(36.000_9))).await;
    assert_eq!(near.status, 201);
    counter.city.clock.advance(SignedDuration::from_mins(119));
    let late = browser.begin().await;
    counter.city.clock.advance(SignedDuration::from_hours(24));
    let browser = counter.browser(1).await;
    assert_eq!(browser.post("/report/reports", filing(&late)).await.error(), (422, "too-old", "report"));
}

#[tokio::test]
async fn nobody_files_more_than_so_many_a_day() {
    let counter = Counter::open();
    let browser = counter.browser(1).await;
    let followed = counter.browser(2).await.file().await;
    assert_eq!(browser.act(&followed, "follow", "").await.status, 204);
    for _ in 0..FILED_A_DAY_MAX {
        browser.file().await;
        counter.city.clock.advance(SignedDuration::from_secs(1));
    }
    let report = browser.begin().await;
    assert_eq!(browser.post("/report/reports", filing(&report)).await.error(), (429, "too-many-today", ""));
    assert_eq!(counter.browser(2).await.file().await.len(), 36, "others file");
    counter.city.clock.advance(SignedDuration::from_hours(24));
    counter.browser(1).await.file().await;
}

#[tokio::test]
async fn what_was_reported_near_is_shown_without_who_and_can_be_followed() {
    let counter = Counter::open();
    let first = counter.browser(1).await;
    let report = first.file().await;
    let other = counter.browser(2).await;
    let near = |lat: f64| json!({ "lat": lat, "lon": 139.5, "kind": "light" });
    let found = other.post("/report/near", near(35.123_6)).await;
    assert_eq!(found.body["inside"], true);
    let one = &found.body["near"][0];
    assert_eq!((&one["report"], &one["standing"], &one["metres"]), (&json!(report), &json!("received"), &json!(16)));
    let mut keys: Vec<&str> = one.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["filed", "kind", "metres", "number", "report", "standing"], "neither where exactly nor what");
    let release = Release {
        at: counter.city.clock.now(),
        what: "街路灯が消えています".to_owned(),
        place: String::new(),
        outcome: String::new(),
        photos: Vec::new(),
        taken_back: Vec::new(),
    };
    counter.staff(&report, Deed::Release(release)).await;
    let found = other.post("/report/near", near(35.123_6)).await;
    assert_eq!(found.body["near"][0]["what"], "街路灯が消えています");
    assert_eq!(other.post("/report/near", near(35.2)).await.body, json!({ "inside": true, "near": [] }));
    assert_eq!(other.post("/report/near", near(37.0)).await.body, json!({ "inside": false, "near": [] }));
    let odd = json!({ "lat": 35.1, "lon": 139.5, "kind": "bridge" });
    assert_eq!(other.post("/report/near", odd).await.error(), (422, "unknown", "kind"));

    for _ in 0..2 {
        assert_eq!(other.act(&report, "follow", "").await.status, 204);
    }
    assert_eq!(other.act(&report, "comment", "となりの者です").await.status, 204);
    let seen = other.look(&report).await.body;
    assert_eq!((&seen["mine"], &seen["can"]["unfollow"]), (&json!(false), &json!(true)));
    for hidden in [COMMENT, "となり", "本町1", "honcho", "消えている\"", "accuracy"] {
        assert!(!seen.to_string().contains(hidden), "{hidden}: {seen}");
    }
    let own = first.look(&report).await.body;
    assert!(!own.to_string().contains("となり"), "what a follower writes is for staff: {own}");
    assert_eq!(counter.report(&report).history.last().unwrap().by, By::Follower);
    assert_eq!(other.act(&report, "unfollow", "").await.status, 204);
    assert_eq!(other.look(&report).await.error(), (404, "not-found", ""));
    assert_eq!(other.get("/report/reports").await.body, json!([]));
    assert_eq!(first.act(&report, "unfollow", "").await.error(), (409, "unchanged", ""), "it stays the reporter's");
}

#[tokio::test]
async fn a_duplicate_leads_to_the_one_that_remains() {
    let counter = Counter::open();
    let browser = counter.browser(1).await;
    let (kept, merged) = (counter.browser(2).await.file().await, browser.file().await);
    let (reports, jobs, clock) = (counter.city.reports.clone(), counter.city.jobs.clone(), counter.city.clock.clone());
    let desk = ReportDesk { reports, jobs, clock };
    desk.merge(&merged.parse().unwrap(), 1, &kept.parse().unwrap(), &"hanako".parse().unwrap()).await.unwrap();
    let seen = browser.look(&merged).await.body;
    let number = counter.report(&kept).number().to_string();
    assert_eq!(seen["duplicate"], json!({ "report": kept, "number": number }));
    assert_eq!(browser.look(&kept).await.body["mine"], false);
    assert_eq!(browser.act(&merged, "reopen", "").await.error(), (409, "wrong-state", ""));
    assert_eq!(browser.act(&merged, "comment", " ").await.error(), (422, "empty", "text"));
}
