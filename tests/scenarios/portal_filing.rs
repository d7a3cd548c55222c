//! What other programs file by Open311: it becomes a report like any other, once, and nobody sees it before staff release it.

use app::ports::outside::ApiKeys as _;
use app::report::outside::hash_of;
use domain::audit::{Act, Action, Actor};
use domain::report::place::{PlaceSource, Point};
use domain::report::{By, Reporter, Standing};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::portal::get;
use crate::portal_public::{KEY, Public, form, header, town};

#[tokio::test]
async fn another_system_files_a_report_that_staff_find() {
    let public = Public::open();
    let more = [
        ("jurisdiction_id", "midori.example"),
        ("last_name", "山田"),
        ("first_name", "太郎"),
        ("phone", "090-0000-0000"),
        ("email", "taro@example.jp"),
        ("address_string", "本町1丁目\n交差点"),
        ("attribute[pole]", "A-12"),
        ("attribute[how][]", "ちらつく"),
        ("attribute[gone]", "x"),
        ("media_url", "http://example.jp/photo.jpg"),
        ("device_id", "d"),
    ];
    let response = public.post("/open311/v2/requests.json", &form(&more)).await;
    assert_eq!(response.status(), 201);
    assert_eq!(header(&response, "cache-control"), "no-store");
    let filed: Value = serde_json::from_str(response.body()).unwrap();
    let [report] = &public.reports.all()[..] else { panic!("one report") };
    assert_eq!(filed[0]["service_request_id"], report.id.as_str());
    assert!(filed[0]["service_notice"].as_str().unwrap().contains(&report.number().to_string()));
    assert_eq!(report.history[0].by, By::Outside("防犯アプリ".to_owned()));
    assert!(report.reporter == Reporter::Told { contact: "山田 太郎 090-0000-0000 taro@example.jp".to_owned() });
    assert_eq!(report.place.text, "本町1丁目 交差点");
    assert_eq!(
        (report.place.source, report.place.point.text()),
        (PlaceSource::Outside, "35.12345,139.54321".to_owned())
    );
    let answers: Vec<&str> = report.answers.iter().map(|answer| answer.text.as_str()).collect();
    assert_eq!(answers, ["A-12", "ちらつく"]);
    assert!(
        report.comment.starts_with("街路灯が消えています\n\n")
            && report.comment.ends_with("：http://example.jp/photo.jpg"),
        "{}",
        report.comment
    );
    assert_eq!(public.jobs.take_changes().len(), 1);
    // Not even the system that filed it reads it before staff release it.
    assert_eq!(get(&public.portal, &format!("/open311/v2/requests/{}.json", report.id)).await.status(), 404);
}

#[tokio::test]
async fn an_answer_is_kept_as_the_town_calls_it() {
    let mut town = town();
    town.report_kinds[0].questions[1].choices[1].en = "Flickering".to_owned();
    let public = Public::of(town);
    for said in ["ちらつく", "flickering", "ＦＬＩＣＫＥＲＩＮＧ"] {
        let response = public.post("/open311/v2/requests.json", &form(&[("attribute[how]", said)])).await;
        assert_eq!(response.status(), 201, "{said}");
    }
    let [report] = &public.reports.all()[..] else { panic!("the same answer is the same report") };
    assert_eq!(report.answers.iter().map(|answer| answer.text.as_str()).collect::<Vec<_>>(), ["ちらつく"]);
}

#[tokio::test]
async fn the_same_again_within_ten_minutes_is_the_same_report() {
    let public = Public::open();
    // Steps of ten minutes begin at noon: a minute before one the same is in two of them.
    public.clock.advance(SignedDuration::from_mins(9));
    let file = async |more: &[(&'static str, &'static str)]| {
        let response = public.post("/open311/v2/requests.json", &form(more)).await;
        assert_eq!(response.status(), 201, "{}", response.body());
        serde_json::from_str::<Value>(response.body()).unwrap()[0]["service_request_id"].clone()
    };
    let first = file(&[]).await;
    assert_eq!(file(&[]).await, first);
    public.clock.advance(SignedDuration::from_mins(9));
    assert_eq!(file(&[]).await, first, "in the next step");
    assert_eq!(public.jobs.take_changes().len(), 1);
    for other in [
        ("lat", "35.12346"),
        ("description", "べつの灯"),
        ("phone", "0123"),
        ("attribute[pole]", "A"),
        ("address_string", "A"),
    ] {
        assert_ne!(file(&[other]).await, first, "{other:?}");
    }
    let count = public.reports.all().len();
    public.clock.advance(SignedDuration::from_mins(2));
    assert_ne!(file(&[]).await, first, "later it is another one");
    assert_eq!(public.reports.all().len(), count + 1);
    // Both at once.
    let form = form(&[("description", "同時")]);
    let path = "/open311/v2/requests.json";
    let (one, other) = tokio::join!(public.post(path, &form), public.post(path, &form));
    assert_eq!(one.body(), other.body());
    assert_eq!(public.reports.all().len(), count + 2);
}

#[tokio::test]
async fn a_report_whose_writing_died_is_filed_by_the_next_attempt() {
    let public = Public::open();
    public.reports.life.ends_after(2);
    let path = "/open311/v2/requests.json";
    assert_eq!(public.post(path, &form(&[])).await.status(), 503);
    assert_eq!(public.reports.all().len(), 0);
    public.reports.life.ends_after(usize::MAX);
    assert_eq!(public.post(path, &form(&[])).await.status(), 201);
    assert_eq!(public.reports.all().len(), 1);
}

#[tokio::test]
async fn what_cannot_be_filed_is_refused_with_a_reason() {
    let public = Public::open();
    let (long, longest) = ("あ".repeat(1_001), "あ".repeat(101));
    let address = format!("https://example.jp/{}", "a".repeat(300));
    for (field, value, status) in [
        ("api_key", "", 403),
        ("api_key", "another", 403),
        ("service_code", "", 400),
        ("service_code", "gone", 404),
        ("service_code", "../x", 404),
        ("service_code", "road", 400),
        ("lat", "", 400),
        ("lat", "north", 400),
        ("lat", "91", 400),
        ("lat", "NaN", 400),
        ("long", "inf", 400),
        ("description", "", 400),
        ("description", "  ", 400),
        ("description", long.as_str(), 400),
        ("attribute[pole]", long.as_str(), 400),
        ("attribute[how]", "こわれた", 400),
        ("phone", longest.as_str(), 400),
        ("media_url", "javascript:alert(1)", 400),
        ("media_url", "https://a.example/ b", 400),
        ("media_url", address.as_str(), 400),
    ] {
        let response = public.post("/open311/v2/requests.json", &form(&[(field, value)])).await;
        assert_eq!(response.status(), status, "{field}={value}");
        let errors: Value = serde_json::from_str(response.body()).unwrap();
        assert_eq!(errors[0]["code"], status, "{field}={value}");
        assert!(!response.body().contains(KEY));
    }
    let path = "/open311/v2/requests.xml";
    let form_type = "application/x-www-form-urlencoded; charset=utf-8";
    for (content_type, body, status) in [
        ("application/json", "{}".to_owned(), 400),
        ("multipart/form-data", "x".to_owned(), 400),
        ("", String::new(), 400),
        (form_type, String::new(), 403),
        (form_type, format!("api_key={KEY}&x={}", "x".repeat(65_536)), 413),
    ] {
        let response = public.send(path, content_type, body).await;
        assert_eq!(response.status(), status, "{content_type}");
        assert!(response.body().contains(&format!("<code>{status}</code>")), "{}", response.body());
    }
    // A key in the address is none: addresses are written into logs on their way.
    let without = form(&[("api_key", "")]);
    assert_eq!(public.post(&format!("/open311/v2/requests.json?api_key={KEY}"), &without).await.status(), 403);
    assert_eq!((public.reports.all().len(), public.jobs.take_changes().len()), (0, 0));
}

#[tokio::test]
async fn a_place_outside_the_town_is_not_taken() {
    use domain::report::boundary::{Boundaries, Boundary, Polygon};
    let mut town = town();
    let corner = |lat, lon| Point::new(lat, lon).unwrap();
    let square = [corner(35.0, 139.0), corner(35.0, 140.0), corner(36.0, 140.0), corner(36.0, 139.0)];
    let polygons = vec![Polygon::new(&square, &[]).unwrap()];
    town.boundaries = Boundaries(vec![Boundary { district: Some("honcho".parse().unwrap()), polygons }]);
    let public = Public::of(town);
    let path = "/open311/v2/requests.json";
    let outside = public.post(path, &form(&[("lat", "34.9")])).await;
    assert_eq!(outside.status(), 400);
    assert!(outside.body().contains("outside"), "{}", outside.body());
    // A town's line is drawn coarsely.
    assert_eq!(public.post(path, &form(&[("lat", "34.999")])).await.status(), 201);
    assert_eq!(public.post(path, &form(&[])).await.status(), 201);
    let all = public.reports.all();
    assert!(all.iter().all(|report| report.place.district == Some("honcho".parse().unwrap())));
    assert!(all.iter().all(|report| report.state.standing() == Standing::Received && report.due.is_some()));
}

#[tokio::test]
async fn a_key_files_nothing_once_it_is_taken_away() {
    // The SHA-256 of `abc`, as FIPS 180-2 gives it: of a key nothing else is kept.
    assert_eq!(hash_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    let (public, path) = (Public::open(), "/open311/v2/requests.json");
    let hash = hash_of(KEY);
    for (api_key, status) in [(hash.as_str(), 403), (&KEY[..KEY.len() - 1], 403), (KEY, 201)] {
        assert_eq!(public.post(path, &form(&[("api_key", api_key)])).await.status(), status, "{api_key}");
    }
    let act = Act {
        at: Timestamp::UNIX_EPOCH,
        actor: Actor::Staff("sato".parse().unwrap()),
        action: Action::RemoveApiKey,
        subject: "api-key".to_owned(),
        department: None,
        before: String::new(),
        after: String::new(),
    };
    public.keys.remove(&hash, &act).await.unwrap();
    let later = public.post(path, &form(&[("description", "べつの灯")])).await;
    assert_eq!((later.status().as_u16(), public.reports.all().len()), (403, 1), "{}", later.body());
}
