//! Photos that browsers put: one to a slot, five to a report, and taken back for good.

use app::ports::reports::PhotoJob;
use domain::report::photo::{PHOTOS_MAX, PhotoFault};

use super::*;

fn asked(report: &str, slot: usize) -> Value {
    json!({ "report": report, "slot": slot, "bytes": 9, "type": "image/png" })
}

async fn add(browser: &Browser<'_>, report: &str, slot: usize) -> Said {
    browser.post("/report/photos", asked(report, slot)).await
}

async fn photo(browser: &Browser<'_>, report: &str, slot: usize) -> String {
    add(browser, report, slot).await.body["photo"].as_str().unwrap().to_owned()
}

async fn take_back(browser: &Browser<'_>, photo: &str) -> Said {
    browser.call(Method::DELETE, &format!("/report/photos/{photo}"), "").await
}

#[tokio::test]
async fn the_same_slot_is_the_same_photo_with_a_new_link() {
    let counter = Counter::open();
    let browser = counter.browser(1).await;
    let report = browser.begin().await;
    let first = add(&browser, &report, 3).await;
    assert_eq!(first.status, 200, "{first:?}");
    assert_eq!(add(&browser, &report, 3).await, first);
    assert_ne!(photo(&browser, &report, 4).await, first.body["photo"].as_str().unwrap());
    let jobs = counter.city.jobs.take_photos();
    assert_eq!(jobs.len(), 2, "each is looked after once: {jobs:?}");
    assert!(jobs.iter().all(|job| matches!(job, PhotoJob::Uploaded { .. })), "{jobs:?}");
    let photo = first.body["photo"].as_str().unwrap();
    counter.take_over(&report, photo).await;
    let came = add(&browser, &report, 3).await;
    assert_eq!(
        (came.status, came.body),
        (409, json!({ "error": "kept", "photo": photo })),
        "which one it is, another page may not know"
    );
    assert_eq!(take_back(&browser, photo).await.status, 204);
    assert_eq!(add(&browser, &report, 3).await.error(), (409, "withdrawn", ""));
}

#[tokio::test]
async fn five_photos_are_taken_and_one_that_is_taken_back_makes_room() {
    let counter = Counter::open();
    let browser = counter.browser(1).await;
    let report = browser.begin().await;
    for slot in 0..PHOTOS_MAX {
        assert_eq!(add(&browser, &report, slot).await.status, 200, "{slot}");
    }
    assert_eq!(add(&browser, &report, PHOTOS_MAX).await.error(), (422, "too-many", "photos"));
    assert_eq!(add(&browser, &report, 0).await.status, 200, "one that is there gets a new link");
    let first = photo(&browser, &report, 0).await;
    for _ in 0..2 {
        assert_eq!(take_back(&browser, &first).await.status, 204);
    }
    assert_eq!(add(&browser, &report, PHOTOS_MAX).await.status, 200);
    assert_eq!(add(&browser, &report, PHOTOS_MAX + 1).await.error(), (422, "too-many", "photos"));
    assert_eq!(add(&browser, &report, 20).await.error(), (400, "bad-request", ""));
    let another = browser.begin().await;
    assert_eq!(add(&browser, &another, 0).await.status, 200, "another report has its own");
    let filing = filing_with(&report, "/photos", json!([first]));
    assert_eq!(browser.post("/report/reports", filing).await.error(), (422, "unknown", "photos"), "it is taken back");
    let elsewhere = filing_with(&report, "/photos", json!([photo(&browser, &another, 0).await]));
    assert_eq!(browser.post("/report/reports", elsewhere).await.error(), (422, "unknown", "photos"));
}

#[tokio::test]
async fn what_is_no_photo_of_a_new_report_gets_no_link() {
    let counter = Counter::open();
    let browser = counter.browser(1).await;
    let report = browser.begin().await;
    for (pointer, value, expected) in [
        ("/bytes", json!(0), (422, "invalid", "bytes")),
        ("/bytes", json!(20_000_001), (422, "too-large", "bytes")),
        ("/bytes", json!(-1), (400, "bad-request", "")),
        ("/type", json!("image/gif"), (422, "unknown", "type")),
        ("/type", json!("image/png\r\nx: y"), (422, "unknown", "type")),
        ("/report", json!("report-1"), (422, "invalid", "report")),
        ("/report", json!("0099aaaa-0000-7000-8000-000000000001"), (422, "too-old", "report")),
    ] {
        let mut asked = asked(&report, 0);
        *asked.pointer_mut(pointer).unwrap() = value.clone();
        assert_eq!(browser.post("/report/photos", asked).await.error(), expected, "{pointer} {value}");
    }
    assert_eq!(browser.post("/report/reports", filing(&report)).await.status, 201);
    assert_eq!(add(&browser, &report, 0).await.error(), (409, "filed-otherwise", ""));
    assert_eq!((counter.city.reports.photos_kept(), counter.city.jobs.take_photos()), (0, vec![]));
}

#[tokio::test]
async fn adding_that_dies_anywhere_leaves_no_photo_that_nobody_looks_after() {
    for calls in 0..20 {
        let counter = Counter::open();
        let browser = counter.browser(1).await;
        let report = browser.begin().await;
        counter.city.reports.life.ends_after(calls);
        let first = add(&browser, &report, 0).await;
        counter.city.reports.life.ends_after(usize::MAX);
        let jobs = counter.city.jobs.take_photos();
        assert!(counter.city.reports.photos_kept() <= jobs.len(), "{calls}: its job is put before the photo");
        assert_eq!(add(&browser, &report, 0).await.status, 200, "{calls}");
        assert_eq!(counter.city.reports.photos_kept(), 1, "{calls}");
        if first.status == 200 {
            return assert!(2 < calls, "{calls}");
        }
        assert_eq!(first.error(), (503, "trouble", ""), "{calls}");
    }
    panic!("it was never added");
}

/// `photo` refuses one.
async fn refuse(counter: &Counter, photo: &str, fault: PhotoFault) {
    let id: PhotoId = photo.parse().unwrap();
    let there = counter.city.reports.photos(std::slice::from_ref(&id)).await.unwrap().pop().unwrap();
    let refused = Photo { state: PhotoState::Refused(fault), ..there.value };
    counter.city.reports.put_photo(&refused, Some(there.version)).await.unwrap();
}

#[tokio::test]
async fn a_photo_that_was_waited_for_too_long_is_awaited_again_and_one_that_is_no_photo_is_not() {
    let counter = Counter::open();
    let browser = counter.browser(1).await;
    let report = browser.begin().await;
    let id = photo(&browser, &report, 0).await;
    assert_eq!(counter.city.jobs.take_photos().len(), 1);
    refuse(&counter, &id, PhotoFault::Gone).await;
    counter.city.clock.advance(SignedDuration::from_mins(50));
    assert_eq!(add(&browser, &report, 0).await.status, 200);
    assert_eq!(counter.city.jobs.take_photos().len(), 1, "it is looked after again");
    let seen = browser.get(&format!("/report/photos?ids={id}")).await;
    assert_eq!(seen.body, json!([{ "photo": id, "state": "waiting" }]), "and not refused while it is on its way");
    counter.take_over(&report, &id).await;
    let seen = browser.get(&format!("/report/photos?ids={id}")).await;
    assert_eq!(seen.body[0]["state"], "kept");

    let other = photo(&browser, &report, 1).await;
    assert_eq!(counter.city.jobs.take_photos().len(), 1);
    refuse(&counter, &other, PhotoFault::Heic).await;
    assert_eq!(add(&browser, &report, 1).await.error(), (409, "kept", ""));
    assert_eq!(counter.city.jobs.take_photos(), []);
}

#[tokio::test]
async fn a_photo_that_is_awaited_again_is_one_of_five() {
    let counter = Counter::open();
    let browser = counter.browser(1).await;
    let report = browser.begin().await;
    let late = photo(&browser, &report, 0).await;
    refuse(&counter, &late, PhotoFault::Gone).await;
    for slot in 1..=PHOTOS_MAX {
        assert_eq!(add(&browser, &report, slot).await.status, 200, "{slot}");
    }
    assert_eq!(add(&browser, &report, 0).await.error(), (422, "too-many", "photos"));
}
