//! What everybody and other programs see of damage reports: what staff released, in every form, and nothing else.

use std::sync::Arc;
use std::time::Duration;

use app::broadcast::public::PublicPage;
use app::ports::Clock;
use app::ports::reports::Reports;
use axum::body::Bytes;
use domain::broadcast::content::PictureId;
use domain::ids::ReportId;
use domain::report::kind::Question;
use domain::report::place::{Place, PlaceSource, Point};
use domain::report::release::{Release, ReleasedPhoto};
use domain::report::{Answer, By, Deed, Filing, Priority, Report, Reporter};
use domain::town::{Department, District, Name, Town};
use http::{Method, Request, Response};
use jiff::{SignedDuration, Timestamp};
use portal::Portal;
use serde_json::Value;
use tests::city::{TestClock, TestTown};
use tests::outside::{TestApiKeys, faces_with};
use tests::post::Post;
use tests::reports::{TestReportJobs, TestReports};

use crate::portal::{ask, get, page, town as quiet_town};
use crate::report_desk::{light, resident};

const EVIL: &str = "<script>alert(1)</script>\"'&";
/// What only staff may see.
const SECRET: &str = "ひみつ";
pub(crate) const KEY: &str = "key-of-the-app";
/// Every address under which reports are seen.
const FACES: [&str; 14] = [
    "/reports",
    "/reports?lang=en",
    "/reports?lang=ja-easy",
    "/reports/map",
    "/reports.atom",
    "/reports.geojson",
    "/reports.csv",
    "/open311/v2/requests.json",
    "/open311/v2/requests.xml",
    "/open311/v2/requests.json?status=open",
    "/open311/v2/services.json",
    "/open311/v2/services/light.json",
    "/open311/v2/services/light.xml",
    "/open311/v2/discovery.json",
];

pub(crate) fn town() -> Town {
    let mut town = quiet_town();
    let mut kind = light();
    kind.questions = vec![
        Question { id: "pole".parse().unwrap(), question: name("柱の番号"), choices: Vec::new() },
        Question {
            id: "how".parse().unwrap(),
            question: name("ようす"),
            choices: vec![name("消えている"), name("ちらつく")],
        },
    ];
    let mut closed = light();
    closed.id = "road".parse().unwrap();
    closed.closed = name("冬は受け付けません。");
    town.report_kinds = vec![kind, closed];
    let id = "roads".parse().unwrap();
    town.departments
        .insert("roads".parse().unwrap(), Department { id, name: "道路課".to_owned(), phone: String::new() });
    let (id, area) = ("honcho".parse().unwrap(), "east".parse().unwrap());
    town.districts.push(District { id, name: "本町".to_owned(), reading: "ほんちょう".to_owned(), area });
    town
}

fn name(ja: &str) -> Name {
    Name { ja: ja.to_owned(), ..Name::default() }
}

/// A portal with reports, and those who call it.
pub(crate) struct Public {
    pub(crate) reports: Arc<TestReports>,
    pub(crate) jobs: Arc<TestReportJobs>,
    pub(crate) keys: Arc<TestApiKeys>,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) portal: Portal,
}

impl Public {
    pub(crate) fn of(town: Town) -> Self {
        let (reports, jobs, keys) = (Arc::<TestReports>::default(), Arc::default(), Arc::<TestApiKeys>::default());
        keys.give("防犯アプリ", KEY);
        let clock = Arc::new(TestClock::noon());
        let (post, towns) = (Post::new(Duration::ZERO), Arc::new(TestTown(Arc::new(town))));
        let public = PublicPage::new(post.clone(), towns.clone(), post.clone(), clock.clone());
        let faces = faces_with(&reports, &keys, &jobs, clock.clone());
        let portal = Portal::new(public, faces, towns, clock.clone(), "https://pictures.example").unwrap();
        Self { reports, jobs, keys, clock, portal }
    }

    pub(crate) fn open() -> Self {
        Self::of(town())
    }

    /// A report that a resident filed now with words that are nobody's business.
    fn report(&self, number: u32) -> Report {
        let at = self.clock.now();
        let id: ReportId =
            format!("{}-{number:012x}", ReportId::first_at(at).as_str().rsplit_once('-').unwrap().0).parse().unwrap();
        let filing = Filing {
            id,
            place: Place {
                point: Point::new(35.1 + f64::from(number) / 1000.0, 139.1).unwrap(),
                accuracy_m: None,
                text: format!("{SECRET}の場所"),
                source: PlaceSource::Chat,
                district: Some("honcho".parse().unwrap()),
            },
            answers: vec![Answer { question: "pole".parse().unwrap(), text: format!("{SECRET}の柱") }],
            comment: format!("{SECRET}の文"),
            reporter: Reporter::Resident(resident(number)),
            photos: Vec::new(),
            priority: Priority::High,
            by: By::Reporter,
        };
        Report::file(filing, &town().report_kinds[0], at).unwrap()
    }

    async fn put(&self, report: &Report) {
        let read = Reports::find(&*self.reports, &report.id).await.unwrap();
        self.reports.put(report, read.as_ref(), None).await.unwrap();
    }

    /// A report that staff released.
    async fn released(&self, number: u32, what: &str) -> Report {
        let mut report = self.report(number);
        report.release = Some(release(self.clock.now(), what));
        self.put(&report).await;
        report
    }

    async fn json(&self, path: &str) -> Value {
        serde_json::from_str(&page(&self.portal, path).await).unwrap()
    }

    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Response<String> {
        let body = form.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect::<Vec<_>>().join("&");
        self.send(path, "application/x-www-form-urlencoded", body).await
    }

    pub(crate) async fn send(&self, path: &str, content_type: &str, body: String) -> Response<String> {
        let request = Request::post(path).header("host", "portal.example").header("content-type", content_type);
        self.portal.answer(request.body(Bytes::from(body)).unwrap()).await
    }
}

fn release(at: Timestamp, what: &str) -> Release {
    Release {
        at,
        what: what.to_owned(),
        place: "中央公園の北側".to_owned(),
        outcome: String::new(),
        photos: vec![ReleasedPhoto { of: "photo-1".parse().unwrap(), copy: PictureId::of([7; 32]), areas: Vec::new() }],
        taken_back: Vec::new(),
    }
}

fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// A form that is filed.
pub(crate) fn form<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let usual = [
        ("api_key", KEY),
        ("service_code", "light"),
        ("lat", "35.12345"),
        ("long", "139.54321"),
        ("description", "街路灯が消えています"),
    ];
    let kept = usual.into_iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name));
    kept.chain(more.iter().copied()).filter(|(_, value)| !value.is_empty()).collect()
}

pub(crate) fn header<'a>(response: &'a Response<String>, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn what_staff_released_is_seen_in_every_form_and_nothing_else_in_any() {
    let public = Public::open();
    let mut shown = public.released(1, "街路灯が消えている").await;
    shown.act(Deed::Note(format!("{SECRET}のメモ")), &"hanako".parse().unwrap(), public.clock.now()).unwrap();
    shown.act(Deed::Answer(format!("{SECRET}の返事")), &"hanako".parse().unwrap(), public.clock.now()).unwrap();
    public.put(&shown).await;
    let hidden = public.report(2);
    public.put(&hidden).await;
    let mut duplicate = public.released(3, "べつの報告").await;
    duplicate.merge_into(&mut public.report(4), &"hanako".parse().unwrap(), public.clock.now()).unwrap();
    public.put(&duplicate).await;
    let one = |id: &ReportId| {
        [
            format!("/reports/{id}"),
            format!("/open311/v2/requests/{id}.json"),
            format!("/open311/v2/requests/{id}.xml"),
            format!("/open311/v2/tokens/{id}.json"),
        ]
    };
    let pages = FACES.iter().map(|path| (*path).to_owned()).chain(one(&shown.id));
    for path in pages {
        let said = page(&public.portal, &path).await;
        for secret in [SECRET, hidden.id.as_str(), duplicate.id.as_str(), "べつの報告", resident(1).as_str(), "hanako"]
        {
            assert!(!said.contains(secret), "{secret} in {path}: {said}");
        }
        let is_about_kinds = path.contains("services") || path.contains("discovery");
        let names_it = said.contains("街路灯が消えている") || path.contains("tokens");
        assert_eq!(names_it, !is_about_kinds, "{path}: {said}");
    }
    for report in [&hidden, &duplicate] {
        for path in one(&report.id) {
            assert_eq!(get(&public.portal, &path).await.status(), 404, "{path}");
        }
    }
    let ids = format!("/open311/v2/requests.json?service_request_id={},{}", hidden.id, duplicate.id);
    assert_eq!(public.json(&ids).await, serde_json::json!([]));
    // What is hidden again is gone at once.
    shown.release = None;
    public.put(&shown).await;
    for path in FACES {
        let said = page(&public.portal, path).await;
        assert!(!said.contains("街路灯が消えている") && !said.contains(shown.id.as_str()), "{path}: {said}");
    }
}

#[tokio::test]
async fn a_town_that_takes_no_reports_has_none_of_it() {
    let public = Public::of(quiet_town());
    for path in FACES.iter().chain(&["/reports/x", "/open311/v2/x"]) {
        assert_eq!(get(&public.portal, path).await.status(), 404, "{path}");
    }
    let posted = public.post("/open311/v2/requests.json", &form(&[])).await;
    assert_eq!(posted.status(), 404);
}

#[tokio::test]
async fn a_town_that_released_nothing_says_so() {
    let public = Public::open();
    assert!(page(&public.portal, "/reports").await.contains("公開している報告は、まだありません。"));
    assert_eq!(public.json("/reports.geojson").await["features"], serde_json::json!([]));
    assert_eq!(public.json("/open311/v2/requests.json").await, serde_json::json!([]));
    let xml = page(&public.portal, "/open311/v2/requests.xml").await;
    assert!(xml.contains("<service_requests></service_requests>"), "{xml}");
    for path in FACES {
        let response = get(&public.portal, path).await;
        assert_eq!(header(&response, "cache-control"), "public, max-age=60", "{path}");
        let again = ask(&public.portal, Method::GET, path, &[("if-none-match", header(&response, "etag"))]).await;
        assert_eq!((again.status().as_u16(), again.body().as_str()), (304, ""), "{path}");
        let is_data = !path.starts_with("/reports?") && path != "/reports" && path != "/reports/map";
        assert_eq!(header(&response, "access-control-allow-origin") == "*", is_data, "{path}");
    }
}

#[tokio::test]
async fn whatever_was_typed_stays_text() {
    let public = Public::open();
    let mut report = public.released(1, EVIL).await;
    report.release = Some(Release { place: EVIL.to_owned(), outcome: EVIL.to_owned(), ..report.release.unwrap() });
    public.put(&report).await;
    for path in
        ["/reports", "/reports/map", "/reports.atom", "/open311/v2/requests.xml", &format!("/reports/{}", report.id)]
    {
        let said = page(&public.portal, path).await;
        assert!(!said.contains("<script>alert") && said.contains("&lt;script&gt;"), "{path}: {said}");
    }
    assert_eq!(public.json("/reports.geojson").await["features"][0]["properties"]["what"], EVIL);
    assert_eq!(public.json("/open311/v2/requests.json").await[0]["description"], EVIL);
    let mut formula = public.released(2, "=1+1").await;
    formula.release = Some(release(public.clock.now(), "=1+1"));
    public.put(&formula).await;
    assert!(page(&public.portal, "/reports.csv").await.contains(",'=1+1,"));
}

#[tokio::test]
async fn a_place_that_begins_with_its_district_names_it_once() {
    let public = Public::open();
    let mut report = public.released(1, "街路灯が消えている").await;
    let path = format!("/reports/{}", report.id);
    for (place, said) in [("中央公園", "本町 中央公園"), ("本町の公園", "本町の公園"), ("本町", "本町")]
    {
        report.release = Some(Release { place: place.to_owned(), ..report.release.unwrap() });
        public.put(&report).await;
        for path in ["/reports", "/reports/map", "/reports.atom", path.as_str()] {
            let page = page(&public.portal, path).await;
            assert!(page.contains(&format!(">{said}<")) || page.contains(&format!(";{said}&")), "{path}: {page}");
        }
    }
}

#[tokio::test]
async fn a_list_is_chosen_from_and_paged() {
    let public = Public::open();
    for number in 1..=65 {
        let mut report = public.released(number, &format!("報告{number}号")).await;
        if number % 2 == 0 {
            report.act(Deed::Work { answer: String::new() }, &"hanako".parse().unwrap(), public.clock.now()).unwrap();
            public.put(&report).await;
        }
        public.clock.advance(SignedDuration::from_mins(1));
    }
    let first = page(&public.portal, "/reports?lang=en").await;
    assert!(first.contains("報告65号") && first.contains("報告36号") && !first.contains("報告35号"), "{first}");
    let next = first
        .split("href=\"")
        .find_map(|rest| rest.split_once('"').filter(|(href, _)| href.contains("before=")))
        .unwrap()
        .0;
    let second = page(&public.portal, &next.replace("&amp;", "&")).await;
    assert!(
        second.contains("報告35号") && second.contains("報告6号") && second.contains("<html lang=\"en\">"),
        "{second}"
    );
    let working = page(&public.portal, "/reports?standing=working&kind=light&district=honcho").await;
    assert!(working.contains("報告64号") && !working.contains("報告65号") && working.contains("対応中"), "{working}");
    assert!(working.contains("<option value=\"working\" selected>"), "{working}");
    for (path, said) in [
        ("/reports?standing=closed", "あてはまる報告はありません。"),
        ("/reports?kind=gone", "あてはまる報告はありません。"),
    ] {
        assert!(page(&public.portal, path).await.contains(said), "{path}");
    }
    for odd in [
        "/reports?standing=x",
        "/reports?kind=%20",
        "/reports?before=%2F",
        "/reports/map?district=A",
        "/reports.csv?month=2026-13",
        "/reports.geojson?month=x",
        "/reports.csv?before=%2F",
    ] {
        assert_eq!(get(&public.portal, odd).await.status(), 404, "{odd}");
    }
}

#[tokio::test]
async fn open_data_comes_by_month_and_says_where_it_goes_on() {
    let public = Public::open();
    public.clock.advance(SignedDuration::from_hours(-24 * 30));
    public.released(1, "十月の報告").await;
    public.clock.advance(SignedDuration::from_hours(24 * 30));
    for number in 2..1_004 {
        public.released(number, "十一月の報告").await;
    }
    let first = get(&public.portal, "/reports.csv").await;
    assert_eq!(header(&first, "content-disposition"), "attachment; filename=\"reports-2026-11.csv\"");
    let next = header(&first, "link")
        .strip_prefix("<https://portal.example")
        .unwrap()
        .split_once(">; rel=\"next\"")
        .unwrap()
        .0
        .to_owned();
    assert_eq!(first.body().lines().count(), 1_001);
    assert!(first.body().starts_with(
        "\u{feff}受付番号,受付日時,更新日時,状態,種別,内容,場所,地区,緯度,経度,対応の結果,担当課,ページ\r\n"
    ));
    let rest = get(&public.portal, &next).await;
    assert_eq!((rest.body().lines().count(), header(&rest, "link")), (3, ""));
    let earlier = page(&public.portal, "/reports.csv?month=2026-10").await;
    assert!(earlier.contains("十月の報告") && !earlier.contains("十一月の報告"), "{earlier}");
    let row = earlier.lines().nth(1).unwrap();
    assert!(
        row.contains(",2026-10-22 12:00:00,")
            && row.contains(",受付,街路灯,")
            && row.contains(",本町,35.10100,139.10000,"),
        "{row}"
    );
    let feature = &public.json("/reports.geojson?month=2026-10").await["features"][0];
    assert_eq!(feature["geometry"], serde_json::json!({ "type": "Point", "coordinates": [139.1, 35.101] }));
    assert_eq!(feature["properties"]["photos"].as_array().unwrap().len(), 1);
    // A month that begins after the report from which it should go on has nothing.
    let odd = format!("/reports.csv?month=2026-11&before={}", ReportId::first_at(Timestamp::UNIX_EPOCH));
    assert_eq!(page(&public.portal, &odd).await.lines().count(), 1);
}

#[tokio::test]
async fn the_feed_has_first_what_changed_last() {
    let public = Public::open();
    let mut first = public.released(1, "はじめの報告").await;
    public.clock.advance(SignedDuration::from_hours(1));
    public.released(2, "つぎの報告").await;
    public.clock.advance(SignedDuration::from_hours(1));
    first
        .act(Deed::Done { answer: format!("{SECRET}の返事") }, &"hanako".parse().unwrap(), public.clock.now())
        .unwrap();
    public.put(&first).await;
    let feed = page(&public.portal, "/reports.atom").await;
    let (one, other) = (feed.find("完了 街路灯: はじめの報告").unwrap(), feed.find("受付 街路灯: つぎの報告").unwrap());
    assert!(one < other && !feed.contains(SECRET), "{feed}");
    assert!(
        feed.contains("<updated>2026-11-21T05:00:00Z</updated>") && feed.contains(&format!("urn:uuid:{}", first.id)),
        "{feed}"
    );
}

#[tokio::test]
async fn other_programs_read_what_the_specification_says() {
    let public = Public::open();
    let services = public.json("/open311/v2/services.json?jurisdiction_id=midori.example").await;
    assert_eq!(
        services,
        serde_json::json!([{
            "service_code": "light", "service_name": "街路灯", "description": null, "metadata": true, "type": "realtime",
            "keywords": null, "group": "道路課",
        }]),
        "what is closed is not offered"
    );
    let definition = public.json("/open311/v2/services/light.json").await;
    assert_eq!(definition["service_code"], "light");
    assert_eq!(
        definition["attributes"][1],
        serde_json::json!({
            "variable": true, "code": "how", "datatype": "singlevaluelist", "required": false, "datatype_description": null,
            "order": 2, "description": "ようす",
            "values": [{ "key": "消えている", "name": "消えている" }, { "key": "ちらつく", "name": "ちらつく" }],
        })
    );
    assert_eq!(definition["attributes"][0]["datatype"], "string");
    let mut report = public.released(1, "消えている").await;
    public.clock.advance(SignedDuration::from_hours(1));
    report.act(Deed::Done { answer: String::new() }, &"hanako".parse().unwrap(), public.clock.now()).unwrap();
    report.release = Some(Release { outcome: "電球を替えました。".to_owned(), ..report.release.unwrap() });
    public.put(&report).await;
    let expected = serde_json::json!([{
        "service_request_id": report.id, "status": "closed", "status_notes": "完了: 電球を替えました。",
        "service_name": "街路灯", "service_code": "light", "description": "消えている", "agency_responsible": "道路課",
        "service_notice": null, "requested_datetime": "2026-11-21T03:00:00Z", "updated_datetime": "2026-11-21T04:00:00Z",
        "expected_datetime": null, "address": "中央公園の北側", "address_id": null, "zipcode": null, "lat": 35.101, "long": 139.1,
        "media_url": format!("https://pictures.example/released/{}/original.jpg", PictureId::of([7; 32]).as_str()),
    }]);
    for path in [
        "requests.json",
        "requests.json?status=closed",
        "requests.json?service_code=road,light",
        &format!("requests/{}.json", report.id),
        &format!("requests.json?service_request_id={}&status=open", report.id),
        "requests.json?start_date=2026-11-21T12:00:00%2B09:00&end_date=2026-11-21T03:00:00Z",
    ] {
        assert_eq!(public.json(&format!("/open311/v2/{path}")).await, expected, "{path}");
    }
    for none in [
        "status=open",
        "service_code=road",
        "start_date=2026-11-21T03:00:01Z",
        "end_date=2026-11-21T02:59:59Z",
        "start_date=2030-01-01T00:00:00Z",
    ] {
        assert_eq!(public.json(&format!("/open311/v2/requests.json?{none}")).await, serde_json::json!([]), "{none}");
    }
    let token = public.json(&format!("/open311/v2/tokens/{}.json", report.id)).await;
    assert_eq!(token, serde_json::json!([{ "service_request_id": report.id, "token": report.id }]));
    let discovery = public.json("/open311/v2/discovery.json").await;
    assert_eq!(discovery["endpoints"][0]["url"], "https://portal.example/open311/v2");
    assert_eq!(discovery["endpoints"][0]["formats"], serde_json::json!(["text/xml", "application/json"]));
    let xml = get(&public.portal, "/open311/v2/requests.xml").await;
    assert_eq!(header(&xml, "content-type"), "text/xml; charset=utf-8");
    assert!(
        xml.body()
            .starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<service_requests><request><service_request_id>"),
        "{}",
        xml.body()
    );
}

#[tokio::test]
async fn more_than_an_answer_holds_goes_on_where_the_answer_says() {
    let public = Public::open();
    for number in 1..=1_001 {
        public.released(number, "消えている").await;
    }
    let first = get(&public.portal, "/open311/v2/requests.json?status=open,closed&service_code=light").await;
    let next = header(&first, "link").strip_prefix("<https://portal.example").unwrap();
    let next = next.split_once(">; rel=\"next\"").unwrap().0;
    assert!(next.starts_with("/open311/v2/requests.json?status=open%2Cclosed&service_code=light&before="), "{next}");
    let second = get(&public.portal, next).await;
    let many = |response: &Response<String>| response.body().matches("\"service_request_id\"").count();
    assert_eq!((many(&first), many(&second), header(&second, "link")), (1_000, 1, ""));
    assert_eq!(get(&public.portal, "/open311/v2/requests.json?before=%2F").await.status(), 400);
}

#[tokio::test]
async fn what_was_looked_through_in_part_does_not_seem_to_be_all() {
    let public = Public::open();
    for number in 1..=5_001 {
        public.released(number, "消えている").await;
    }
    for path in ["/reports?kind=road", "/reports/map?kind=road"] {
        let said = page(&public.portal, path).await;
        assert!(!said.contains("あてはまる報告はありません。") && said.contains("rel=\"next\""), "{path}: {said}");
    }
    let none = get(&public.portal, "/open311/v2/requests.json?service_code=road").await;
    assert!(none.body() == "[]" && header(&none, "link").contains("before="), "{}", none.body());
}

#[tokio::test]
async fn what_a_program_asks_wrongly_is_told_in_its_own_form() {
    let public = Public::open();
    let many = vec!["x"; 51].join(",");
    for (path, status) in [
        ("services/gone.json", 404),
        ("services/%20.json", 404),
        ("requests/0199aaaa-0000-7000-8000-000000000002.json", 404),
        ("tokens/%2F.json", 404),
        ("requests.json?status=pending", 400),
        ("requests.json?start_date=yesterday", 400),
        ("requests.json?end_date=2026-11-22", 400),
        ("requests.json?start_date=2026-01-01T00:00:00Z&end_date=2026-11-01T00:00:00Z", 400),
        (&format!("requests.json?service_request_id={many}"), 400),
    ] {
        let response = get(&public.portal, &format!("/open311/v2/{path}")).await;
        assert_eq!(response.status(), status, "{path}");
        let errors: Value = serde_json::from_str(response.body()).unwrap();
        assert_eq!(errors[0]["code"], status, "{path}");
        assert!(!errors[0]["description"].as_str().unwrap().is_empty(), "{path}");
    }
    let xml = get(&public.portal, "/open311/v2/services/gone.xml").await;
    assert!(xml.body().ends_with("<errors><error>\n<code>404</code>\n<description>service_code was not found.</description>\n</error>\n</errors>\n") || xml.body().contains("<code>404</code>"), "{}", xml.body());
    for path in ["/open311/v2/", "/open311/v2/requests", "/open311/v2/requests.yaml"] {
        assert_eq!(get(&public.portal, path).await.status(), 404, "{path}");
    }
    for method in [Method::PUT, Method::DELETE] {
        let refused = ask(&public.portal, method, "/open311/v2/requests.json", &[]).await;
        assert_eq!((refused.status().as_u16(), header(&refused, "allow")), (405, "GET, HEAD, POST"));
    }
    let refused = public.post("/open311/v2/services.json", &form(&[])).await;
    assert_eq!((refused.status().as_u16(), header(&refused, "allow")), (405, "GET, HEAD"));
    assert_eq!(public.post("/reports", &form(&[])).await.status(), 405);
    assert_eq!(public.reports.all().len(), 0);
}
