//! A large city: many residents, cheaply kept, and many multicasts.

use reqwest::Method;
use serde_json::json;

use crate::city::{City, text};

const RESIDENTS: usize = 100_000;
const A_PAGE: usize = 500;

#[tokio::test]
async fn a_hundred_thousand_residents_each_get_their_multicast_once() {
    let city = City::start().await;
    city.admin(Method::PUT, "/simulator/limits", json!({ "multicastPerSecond": 1_000_000 })).await;
    let before = resident_memory();
    let made = json!({ "count": RESIDENTS, "seed": "large", "webhooks": false });
    let made = city.admin(Method::POST, "/simulator/residents", made).await;
    assert_eq!((made["count"].as_u64(), made["residents"].as_array().map(Vec::len)), (Some(100_000), Some(1_000)));
    let mut ids = Vec::with_capacity(RESIDENTS);
    let mut start = String::new();
    for _ in 0..RESIDENTS / 1_000 {
        let page = city.get(&format!("/v2/bot/followers/ids?limit=1000{start}")).await.body;
        ids.extend(page["userIds"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()));
        start = format!("&start={}", page["next"].as_str().unwrap_or_default());
    }
    assert_eq!(ids.len(), RESIDENTS);
    for page in ids.chunks(A_PAGE) {
        let body = json!({ "to": page, "messages": [text("evacuate")] });
        assert_eq!(city.post("/v2/bot/message/multicast", body).await.status, 200);
    }
    city.post("/v2/bot/message/multicast", json!({ "to": ids[..A_PAGE], "messages": [text("evacuate")] })).await;
    assert_eq!(city.histogram("evacuate").await, json!({ "0": 0, "1": 99_500, "2": 500 }));
    assert_eq!(city.ask(&format!("/simulator/residents/{}", ids[0])).await["sends"], 2);
    // 24 bytes a resident, an index of 8 to 16, four bytes a delivery; the bound leaves room for the test's own lists.
    let grown = resident_memory().saturating_sub(before);
    assert!(grown < 100 * 1024 * 1024, "{grown} bytes for {RESIDENTS} residents");
}

/// Resident memory of this process in bytes, as Linux tells it.
fn resident_memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    status.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or(0) * 4096
}
