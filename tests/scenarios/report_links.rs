//! What the chat offers beside itself: links to the pages of reports, and the place that stands in a photo.

use app::error::Kind;
use app::ports::reports::{PhotoJob, Reports};
use domain::conversation::{Deed, ReportLinks};
use domain::ids::PhotoId;
use domain::report::kind::ReportKind;
use domain::report::photo::{PhotoFault, PhotoState};
use domain::report::place::{PlaceSource, Point};
use domain::town::{Name, Town};
use jiff::SignedDuration;
use tests::city::City;

use crate::report_desk::{Office, resident, work};

const PAGE: &str = "https://town.example/report";

fn city() -> City {
    let name = |ja: &str| Name { ja: ja.to_owned(), ..Name::default() };
    let other = ReportKind {
        id: "other".parse().unwrap(),
        name: name("その他"),
        description: Name::default(),
        department: "roads".parse().unwrap(),
        urgent: Name::default(),
        urgent_phone: String::new(),
        duplicate_radius_m: 50,
        due_days: None,
        closed: Name::default(),
        questions: Vec::new(),
    };
    City::of(Town { report_kinds: vec![other], ..Town::default() })
}

/// What the account answers to the `number`th thing that a resident does.
async fn told(city: &City, number: u32, deed: Deed) -> String {
    city.clock.advance(SignedDuration::from_secs(1));
    city.inbox.handle(&city.letter(&resident(1), number, deed)).await.unwrap();
    city.platform.received().pop().unwrap()
}

fn tap(data: &str) -> Deed {
    Deed::Tapped(data.to_owned())
}

/// Somebody has sent a photo and is to say that it is all; the photo is this by then.
async fn with_photo(city: &City, state: PhotoState) -> PhotoId {
    told(city, 1, tap("report")).await;
    told(city, 2, tap("report-kind:other")).await;
    told(city, 3, Deed::SentPhoto { message: "1".to_owned(), index: None, total: None, set: None }).await;
    let PhotoJob::Sent { photo: id, .. } = city.jobs.take_photos().remove(0) else { panic!("another job") };
    let mut read = city.reports.photos(std::slice::from_ref(&id)).await.unwrap();
    let mut photo = read.remove(0);
    photo.value.state = state;
    city.reports.put_photo(&photo.value, Some(photo.version)).await.unwrap();
    id
}

fn kept(gps: Option<Point>) -> PhotoState {
    PhotoState::Kept { sha: "0".repeat(64), width: 10, height: 10, gps }
}

fn there() -> Point {
    Point::new(35.12345, 139.54321).unwrap()
}

#[tokio::test(start_paused = true)]
async fn the_place_of_a_kept_photo_is_offered_and_filed_as_such() {
    let city = city();
    let photo = with_photo(&city, kept(Some(there()))).await;
    let asked = told(&city, 4, tap("report-photos-done")).await;
    assert!(asked.contains("写真の場所を使う") && asked.contains("35.12345"), "{asked}");
    told(&city, 5, tap("report-photo-place")).await;
    told(&city, 6, tap("report-no-comment")).await;
    let id = city.reports.photo(&photo).unwrap().report;
    told(&city, 7, tap(&format!("report-send:{id}"))).await;
    let place = city.reports.report(&id).unwrap().place;
    assert_eq!((place.point, place.source), (there(), PlaceSource::Photo));
}

#[tokio::test(start_paused = true)]
async fn a_photo_that_says_no_place_or_is_not_there_offers_none() {
    for state in [kept(None), PhotoState::Waiting, PhotoState::Withdrawn, PhotoState::Refused(PhotoFault::Broken)] {
        let city = city();
        with_photo(&city, state.clone()).await;
        let asked = told(&city, 4, tap("report-photos-done")).await;
        assert!(asked.contains("場所を教えてください") && !asked.contains("写真の場所"), "{state:?}: {asked}");
    }
}

#[tokio::test(start_paused = true)]
async fn while_photos_cannot_be_read_the_event_waits() {
    let city = city();
    with_photo(&city, kept(Some(there()))).await;
    city.clock.advance(SignedDuration::from_secs(1));
    let letter = city.letter(&resident(1), 4, tap("report-photos-done"));
    city.reports.life.ends_after(0);
    assert_eq!(city.inbox.handle(&letter).await.unwrap_err().kind, Kind::Transient);
    city.reports.life.ends_after(usize::MAX);
    city.inbox.handle(&letter).await.unwrap();
    assert!(city.platform.received().pop().unwrap().contains("写真の場所を使う"));
}

#[tokio::test(start_paused = true)]
async fn links_are_offered_where_there_are_pages() {
    let mut city = city();
    assert!(!told(&city, 1, tap("report")).await.contains("https://"));
    city.inbox.links = Some(ReportLinks::at(PAGE.to_owned()));
    let menu = told(&city, 2, tap("report")).await;
    assert!(menu.contains("地図のページで報告する") && menu.contains(PAGE), "{menu}");
}

#[tokio::test(start_paused = true)]
async fn what_is_told_leads_to_the_page_of_the_report() {
    let mut office = Office::open();
    office.notices.links = Some(ReportLinks::at(PAGE.to_owned()));
    let report = office.reported_by(1).await;
    office.act(&report, work()).await;
    let job = office.city.jobs.take_notices().remove(0);
    office.notices.tell(&job, None).await.unwrap();
    let told = office.city.platform.received().pop().unwrap();
    assert!(told.contains("くわしく見る") && told.contains(&format!("{PAGE}/mine/{}", report.id)), "{told}");
}
