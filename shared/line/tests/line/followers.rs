//! The list of followers as a use case gets it: pages, and the two refusals that mean something.

use app::error::Kind;
use app::ports::followers::{FollowersList, Listed, Onward};
use line::followers::LineFollowers;
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::city::{City, resident};

const PATH: &str = "/v2/bot/followers/ids";

/// What becomes of LINE's answer to the first page, or to a later one.
async fn page(from: Option<&Onward>, answer: ResponseTemplate) -> Result<Listed, Kind> {
    let city = City::new().await;
    city.answers("GET", PATH, answer).await;
    let page = LineFollowers::new(city.client.clone()).page(from).await;
    city.assert_documented().await;
    page.map_err(|error| error.kind)
}

fn says(status: u16, message: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({ "message": message }))
}

#[tokio::test]
async fn a_page_says_who_is_on_it_and_where_the_list_goes_on() {
    let body = json!({ "userIds": [resident(1).as_str(), "odd"], "next": "on+ward=" });
    let first = page(None, ResponseTemplate::new(200).set_body_json(body)).await;
    let next = Some(Onward("on+ward=".to_owned()));
    assert_eq!(first, Ok(Listed::Page { residents: vec![resident(1)], odd: 1, next: next.clone() }));
    let last = page(next.as_ref(), ResponseTemplate::new(200).set_body_json(json!({ "userIds": [] }))).await;
    assert_eq!(last, Ok(Listed::Page { residents: vec![], odd: 0, next: None }));
}

#[tokio::test]
async fn an_account_that_may_not_and_a_forgotten_place_are_told_apart_from_failures() {
    let later = Some(Onward("old".to_owned()));
    for (from, status, expected) in [
        (None, 403, Ok(Listed::NotAllowed)),
        (later.as_ref(), 403, Ok(Listed::NotAllowed)),
        (later.as_ref(), 400, Ok(Listed::Forgotten)),
        (None, 400, Err(Kind::Permanent)),
        (later.as_ref(), 404, Err(Kind::Permanent)),
        (later.as_ref(), 429, Err(Kind::Throttled)),
        (later.as_ref(), 500, Err(Kind::Transient)),
    ] {
        assert_eq!(page(from, says(status, "No")).await, expected, "{status}");
    }
}
