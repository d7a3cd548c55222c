//! A photo as a use case gets it: the file, the two reasons why there is none, and trouble that is waited out.

use app::error::Kind;
use app::ports::reports::{Fetched, PhotoSource as _};
use line::photo_source::LinePhotoSource;
use serde_json::json;
use wiremock::matchers::path;
use wiremock::{Mock, ResponseTemplate};

use crate::city::City;

const BYTES_MAX: u64 = 10_000;

/// What becomes of LINE's answer.
async fn fetched(answer: ResponseTemplate) -> Result<Fetched, Kind> {
    let city = City::new().await;
    Mock::given(path("/v2/bot/message/468789577898262530/content")).respond_with(answer).mount(&city.data).await;
    let photo = LinePhotoSource::new(city.client.clone()).fetch("468789577898262530", BYTES_MAX).await;
    city.assert_documented().await;
    photo.map_err(|error| error.kind)
}

#[tokio::test]
async fn a_photo_is_fetched_whole_up_to_its_bound() {
    let file = |length: usize| ResponseTemplate::new(200).set_body_raw(vec![7; length], "image/jpeg");
    assert!(fetched(file(10_000)).await == Ok(Fetched::File(vec![7; 10_000].into())));
    assert!(fetched(file(10_001)).await == Ok(Fetched::TooLarge));
    assert!(fetched(file(0)).await == Ok(Fetched::File(Vec::new().into())));
    let chunked = |length: usize| file(length).append_header("transfer-encoding", "chunked");
    assert!(fetched(chunked(10_000)).await == Ok(Fetched::File(vec![7; 10_000].into())));
    assert!(fetched(chunked(10_001)).await == Ok(Fetched::TooLarge), "where LINE does not say how long it is");
}

#[tokio::test]
async fn what_is_not_there_is_told_apart_from_trouble() {
    for (status, expected) in [
        (202, Ok(Fetched::Missing)),
        (404, Ok(Fetched::Missing)),
        (410, Ok(Fetched::Withdrawn)),
        // As on the day when LINE answered so to everybody for an hour and a half.
        (400, Err(Kind::Transient)),
        (401, Err(Kind::Transient)),
        (403, Err(Kind::Transient)),
        (429, Err(Kind::Throttled)),
        (500, Err(Kind::Transient)),
        (503, Err(Kind::Transient)),
    ] {
        let answer = ResponseTemplate::new(status).set_body_json(json!({ "message": "No" }));
        assert!(fetched(answer).await == expected, "{status}");
    }
}

#[tokio::test]
async fn what_is_no_message_is_not_asked_for() {
    let city = City::new().await;
    let source = LinePhotoSource::new(city.client.clone());
    for odd in ["", "..", "1/content?", "写真"] {
        let refused = source.fetch(odd, BYTES_MAX).await.map(drop);
        assert_eq!(refused.expect_err(odd).kind, Kind::Permanent, "{odd}");
    }
    assert!(city.requests().await.is_empty());
}
