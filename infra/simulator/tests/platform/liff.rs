//! LIFF: keys and ID tokens, the page that a link opens, tickets that work once, and the sign-in outside of LINE.

use reqwest::Method;
use serde_json::{Value, json};
use simulator::{Options, Simulator};

use crate::city::City;

const LIFF: &str = "1234567890-AbcdEfgh";
const ENDPOINT: &str = "http://127.0.0.1:9/report";

async fn city() -> City {
    City::with(Options {
        liff_id: Some(LIFF.to_owned()),
        liff_endpoint: Some(ENDPOINT.to_owned()),
        ..Options::default()
    })
    .await
}

/// Opens a link of the LIFF app in LINE: the page, and the ticket that it gets.
async fn open(city: &City, resident: &str, rest: &str) -> (String, String) {
    let wish = json!({ "url": format!("https://liff.line.me/{LIFF}{rest}") });
    let opened = city.admin(Method::POST, &format!("/simulator/residents/{resident}/liff"), wish).await;
    let (page, ticket) = opened["url"].as_str().unwrap().split_once("#liff-ticket=").unwrap();
    (page.to_owned(), ticket.to_owned())
}

/// What `liff.init()` is answered.
async fn init(city: &City, wish: Value) -> reqwest::Response {
    city.http.post(city.url("/liff/init")).body(wish.to_string()).send().await.unwrap()
}

async fn entered(city: &City, ticket: &str) -> Value {
    init(city, json!({ "liffId": LIFF, "ticket": ticket })).await.json().await.unwrap()
}

async fn verify(city: &City, token: &Value, channel: &str) -> (u16, Value) {
    let form = [("id_token", token.as_str().unwrap()), ("client_id", channel)];
    let answer = city.http.post(city.url("/oauth2/v2.1/verify")).form(&form).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test]
async fn a_link_opens_the_endpoint_and_tells_it_the_rest() {
    let city = city().await;
    let resident = &city.residents(1).await[0];
    for (rest, expected) in [
        ("", ENDPOINT.to_owned()),
        ("/", ENDPOINT.to_owned()),
        ("/mine", format!("{ENDPOINT}?liff.state=%2Fmine")),
        ("/mine/1?a=b&c=%20", format!("{ENDPOINT}?liff.state=%2Fmine%2F1%3Fa%3Db%26c%3D%2520")),
        ("?lang=en", format!("{ENDPOINT}?liff.state=%3Flang%3Den")),
    ] {
        assert_eq!(open(&city, resident, rest).await.0, expected, "{rest}");
    }
    let path = format!("/simulator/residents/{resident}/liff");
    for bad in ["", "https://liff.line.me/", "https://liff.line.me/1234567890-Other", "https://example.jp/report"] {
        assert_eq!(city.post(&path, json!({ "url": bad })).await.status, 400, "{bad}");
    }
    let longer = format!("https://liff.line.me/{LIFF}x/mine");
    assert_eq!(city.post(&path, json!({ "url": longer })).await.status, 400, "another app's id begins alike");
    let nobody = format!("/simulator/residents/U{}/liff", "0".repeat(32));
    assert_eq!(city.post(&nobody, json!({})).await.status, 404);
}

#[tokio::test]
async fn a_ticket_is_taken_once_for_a_session_that_gets_fresh_tokens() {
    let city = city().await;
    let resident = &city.residents(1).await[0];
    let (_, ticket) = open(&city, resident, "/mine").await;
    let first = entered(&city, &ticket).await;
    assert_eq!((&first["inClient"], &first["endpoint"]), (&json!(true), &json!(ENDPOINT)));
    let (status, claims) = verify(&city, &first["idToken"], "1234567890").await;
    assert_eq!((status, claims["sub"].as_str()), (200, Some(resident.as_str())));
    assert_eq!(entered(&city, &ticket).await, json!({ "endpoint": ENDPOINT }), "a ticket works once");
    city.advance(3_600_000).await;
    assert_eq!(verify(&city, &first["idToken"], "1234567890").await.1["error_description"], "IdToken expired.");
    let session = json!({ "liffId": LIFF, "session": first["session"], "ticket": null });
    let again: Value = init(&city, session).await.json().await.unwrap();
    assert_eq!(verify(&city, &again["idToken"], "1234567890").await.0, 200);
    assert_eq!(verify(&city, &again["idToken"], "2").await.1["error_description"], "Invalid IdToken Audience.");
    assert_eq!(verify(&city, &json!("a.b.c"), "2").await.1["error_description"], "Invalid IdToken.");
    assert_eq!(init(&city, json!({ "liffId": "1-other" })).await.status(), 404);
}

#[tokio::test]
async fn only_pages_of_the_app_may_read_what_it_answers() {
    let city = city().await;
    let asked = init(&city, json!({ "liffId": LIFF })).await;
    assert_eq!(asked.headers()["access-control-allow-origin"], "http://127.0.0.1:9");
    let sdk = city.http.get(city.url("/liff/sdk.js")).send().await.unwrap();
    assert_eq!(sdk.headers()["access-control-allow-origin"], "http://127.0.0.1:9");
    assert!(sdk.headers()["content-type"].to_str().unwrap().starts_with("text/javascript"));
    let none = City::start().await;
    assert!(init(&none, json!({ "liffId": LIFF })).await.headers().get("access-control-allow-origin").is_none());
    let configured = json!({ "liffId": LIFF, "liffEndpoint": "http://127.0.0.1:10/report" });
    assert_eq!(none.admin(Method::PUT, "/simulator/config", configured).await["liffId"], LIFF);
    let asked = init(&none, json!({ "liffId": LIFF })).await;
    assert_eq!(asked.headers()["access-control-allow-origin"], "http://127.0.0.1:10");
}

#[tokio::test]
async fn who_opens_a_page_elsewhere_signs_in_and_comes_back() {
    let city = city().await;
    let named = json!({ "count": 1, "seed": "n", "webhooks": false, "name": "<b>\"花子\"" });
    let resident = city.admin(Method::POST, "/simulator/residents", named).await["residents"][0]["userId"].clone();
    let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let back = format!("{ENDPOINT}/mine");
    let page = http.get(city.url("/liff/login")).query(&[("redirectUri", &back)]).send().await.unwrap();
    let page = page.text().await.unwrap();
    assert!(page.contains("&lt;b&gt;&quot;花子&quot;") && !page.contains("<b>"), "{page}");
    let sign_in = |user: String, back: String| {
        http.post(city.url("/liff/login")).form(&[("userId", user), ("redirectUri", back)]).send()
    };
    let user = resident.as_str().unwrap().to_owned();
    let answer = sign_in(user.clone(), back.clone()).await.unwrap();
    let (to, ticket) = answer.headers()["location"].to_str().unwrap().split_once("#liff-ticket=").unwrap();
    assert_eq!((answer.status().as_u16(), to), (303, back.as_str()));
    assert_eq!(entered(&city, ticket).await["inClient"], false);
    for (user, back) in [("U1".to_owned(), back), (user, "https://evil.example/report".to_owned())] {
        assert_eq!(sign_in(user, back).await.unwrap().status(), 400);
    }
}

#[tokio::test]
async fn tokens_can_come_expired_and_the_app_can_be_out_of_order() {
    let city = city().await;
    let resident = &city.residents(1).await[0];
    let rules = json!({ "rules": [
        { "on": "liff", "kind": "expireToken", "times": 1 }, { "on": "certs", "kind": "error500", "times": 1 },
        { "on": "liff", "kind": "error500", "times": 1, "afterCalls": 1 },
        { "on": "liff", "kind": "hangUp", "times": 1, "afterCalls": 2 },
    ] });
    city.admin(Method::PUT, "/simulator/faults", rules).await;
    let (_, ticket) = open(&city, resident, "").await;
    let first = entered(&city, &ticket).await;
    assert_eq!(verify(&city, &first["idToken"], "1234567890").await.1["error_description"], "IdToken expired.");
    let session = json!({ "liffId": LIFF, "session": first["session"] });
    assert_eq!(init(&city, session.clone()).await.status(), 500);
    city.http.post(city.url("/liff/init")).body(session.to_string()).send().await.unwrap_err();
    let fresh: Value = init(&city, session).await.json().await.unwrap();
    assert_eq!(verify(&city, &fresh["idToken"], "1234567890").await.0, 200);
    let certs = async || city.http.get(city.url("/oauth2/v2.1/certs")).send().await.unwrap();
    assert_eq!(certs().await.status(), 500);
    let keys: Value = certs().await.json().await.unwrap();
    let key = &keys["keys"][0];
    assert_eq!((&key["kty"], &key["crv"], &key["alg"]), (&json!("EC"), &json!("P-256"), &json!("ES256")));
    assert!(key["kid"].is_string() && key["d"].is_null(), "{key}");
}

#[tokio::test]
async fn the_key_outlives_a_reset_and_a_restart() {
    let file = std::env::temp_dir().join(format!("simulator-liff-{}.json", std::process::id()));
    let keys = async |simulator: &Simulator| {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        http.delete(format!("{}/simulator", simulator.url())).send().await.unwrap();
        let certs = http.get(format!("{}/oauth2/v2.1/certs", simulator.url())).send().await.unwrap();
        certs.json::<Value>().await.unwrap()
    };
    let options = || Options { save: Some(file.clone()), ..Options::default() };
    let first = Simulator::start(options()).await.unwrap();
    let before = keys(&first).await;
    first.stop().await.unwrap();
    let second = Simulator::start(options()).await.unwrap();
    assert_eq!(keys(&second).await, before);
    assert_ne!(keys(&Simulator::start(Options::default()).await.unwrap()).await, before);
    drop(second);
    std::fs::remove_file(&file).unwrap();
}
