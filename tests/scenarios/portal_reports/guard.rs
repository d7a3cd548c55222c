//! Who gets through: with a session, from our own pages, in JSON of a bearable size, and to nothing of somebody else's.

use super::*;

/// Every call of the API but those that begin and end a session.
fn calls() -> Vec<(Method, String, Value)> {
    let report = "0199aaaa-0000-7000-8000-000000000001";
    let one = |rest: &str| format!("/report/reports/{report}{rest}");
    let text = || json!({ "text": "x" });
    vec![
        (Method::POST, "/report/begin".to_owned(), json!({})),
        (
            Method::POST,
            "/report/photos".to_owned(),
            json!({ "report": report, "slot": 0, "bytes": 1, "type": "image/png" }),
        ),
        (Method::DELETE, "/report/photos/0199aaaa-0000-5000-8000-000000000002".to_owned(), Value::Null),
        (Method::GET, "/report/photos?ids=0199aaaa-0000-5000-8000-000000000002".to_owned(), Value::Null),
        (Method::POST, "/report/near".to_owned(), json!({ "lat": 35.5, "lon": 139.5, "kind": "light" })),
        (Method::POST, "/report/reports".to_owned(), filing(report)),
        (Method::GET, "/report/reports".to_owned(), Value::Null),
        (Method::GET, one(""), Value::Null),
        (Method::POST, one("/follow"), json!({})),
        (Method::POST, one("/unfollow"), json!({})),
        (Method::POST, one("/comment"), text()),
        (Method::POST, one("/reopen"), text()),
    ]
}

fn written(body: &Value) -> String {
    if body.is_null() { String::new() } else { body.to_string() }
}

#[tokio::test]
async fn nothing_is_done_without_a_session_or_with_one_that_has_ended() {
    let counter = Counter::open();
    let mut ended = counter.browser(1).await;
    counter.city.clock.advance(SignedDuration::from_hours(2));
    let cookies = [
        String::new(),
        "__Host-kairan-resident=".to_owned(),
        format!("__Host-kairan-resident={}", "A".repeat(43)),
        ended.cookie.replace("__Host-kairan-resident", "kairan-resident"),
        ended.cookie.clone(),
    ];
    for cookie in cookies {
        ended.cookie.clone_from(&cookie);
        for (method, path, body) in calls() {
            let said = ended.call(method.clone(), &path, &written(&body)).await;
            assert_eq!(said.error(), (401, "no-session", ""), "{method} {path} {cookie}");
        }
    }
    assert_eq!(counter.city.reports.all(), []);
}

#[tokio::test]
async fn a_session_is_one_residents_and_the_one_before_it_ends() {
    let counter = Counter::open();
    let mut browser = counter.browser(1).await;
    let earlier = browser.cookie.clone();
    browser.come_in().await;
    assert_ne!(browser.cookie, earlier);
    assert_eq!(counter.sessions.count(), 1);
    assert_eq!(browser.get("/report/reports").await.status, 200);
    browser.cookie = earlier;
    assert_eq!(browser.get("/report/reports").await.status, 401);
}

#[tokio::test]
async fn who_signs_out_leaves_neither_session_nor_cookie() {
    let counter = Counter::open();
    let (browser, other) = (counter.browser(1).await, counter.browser(2).await);
    counter.sessions.life.ends_after(0);
    let said = browser.call(Method::DELETE, "/report/session", "").await;
    assert_eq!(said.error(), (503, "trouble", ""), "who is told that it is done has no session");
    counter.sessions.life.ends_after(usize::MAX);
    for cookie in [browser.cookie.as_str(), browser.cookie.as_str(), "", "__Host-kairan-resident=x"] {
        let headers = [("cookie", cookie), ("origin", OURS)];
        let response = counter.ask(Method::DELETE, "/report/session", &headers, "").await;
        assert_eq!((response.status().as_u16(), response.body().as_str()), (204, ""), "{cookie}");
        let ended = response.headers()[SET_COOKIE].to_str().unwrap();
        for attribute in ["__Host-kairan-resident=;", "HttpOnly", "Secure", "SameSite=Strict", "Path=/", "Max-Age=0"] {
            assert!(ended.contains(attribute), "{ended}");
        }
    }
    assert_eq!(counter.sessions.count(), 1);
    assert_eq!(browser.get("/report/reports").await.error(), (401, "no-session", ""));
    assert_eq!(other.get("/report/reports").await.status, 200, "others stay");
}

#[tokio::test]
async fn a_token_that_is_not_believed_begins_nothing() {
    let counter = Counter::open();
    let stranger = Browser { counter: &counter, who: resident(1), cookie: String::new() };
    let come = |token: &str| stranger.post("/report/session", json!({ "idToken": token }));
    assert_eq!(come("something else").await.error(), (401, "not-believed", ""));
    assert_eq!(stranger.post("/report/session", json!({ "token": "x" })).await.error(), (400, "bad-request", ""));
    counter.logins.life.ends_after(0);
    assert_eq!(come(&id_token(&resident(1))).await.error(), (503, "trouble", ""));
    counter.logins.life.ends_after(usize::MAX);
    counter.sessions.life.ends_after(0);
    assert_eq!(come(&id_token(&resident(1))).await.error(), (503, "trouble", ""));
    assert_eq!(counter.sessions.count(), 0);
}

#[tokio::test]
async fn calls_from_elsewhere_change_nothing() {
    let counter = Counter::open();
    let browser = counter.browser(1).await;
    let sessions = (Method::POST, "/report/session".to_owned(), json!({ "idToken": id_token(&resident(2)) }));
    let ends = (Method::DELETE, "/report/session".to_owned(), Value::Null);
    for (method, path, body) in
        calls().into_iter().chain([sessions, ends]).filter(|(method, ..)| *method != Method::GET)
    {
        for from in [
            &[][..],
            &[("origin", "https://evil.example")],
            &[("origin", "https://evil.example"), ("sec-fetch-site", "same-site")],
            &[("origin", OURS), ("sec-fetch-site", "cross-site")],
            &[("origin", OURS), ("sec-fetch-site", "same-site")],
            &[("origin", OURS), ("sec-fetch-site", "none")],
            &[("origin", "null")],
        ] {
            let mut headers = vec![("cookie", browser.cookie.as_str()), ("content-type", "application/json")];
            headers.extend(from);
            let response = counter.ask(method.clone(), &path, &headers, &written(&body)).await;
            assert_eq!(response.status(), 403, "{method} {path} {from:?}");
            assert_eq!(response.body(), r#"{"error":"foreign"}"#);
        }
    }
    assert_eq!((counter.city.reports.all(), counter.sessions.count()), (vec![], 1));
}

#[tokio::test]
async fn a_body_is_json_of_a_bearable_size() {
    let counter = Counter::open();
    let browser = counter.browser(1).await;
    for (method, path, body) in calls().into_iter().filter(|(method, ..)| *method == Method::POST) {
        let whole = written(&body);
        let post = |kind: &'static str, body: String| {
            let (path, cookie, counter) = (path.clone(), browser.cookie.clone(), &counter);
            let method = method.clone();
            async move {
                let headers = [("cookie", cookie.as_str()), ("origin", OURS), ("content-type", kind)];
                let response = counter.ask(method, &path, &headers, &body).await;
                response.status().as_u16()
            }
        };
        assert_eq!(post("text/plain", whole.clone()).await, 415, "{path}");
        assert_eq!(post("application/x-www-form-urlencoded", whole.clone()).await, 415, "{path}");
        assert_eq!(post("application/json", whole.clone() + &" ".repeat(65_536)).await, 413, "{path}");
        assert_ne!(post("Application/JSON; charset=utf-8", whole.clone()).await, 415, "{path}");
        if whole != "{}" {
            for odd in ["", "{", "[]", "null", "{\"lat\":1e999}", "\u{0}"] {
                assert_eq!(post("application/json", odd.to_owned()).await, 400, "{path} {odd}");
            }
        }
    }
    let report = browser.begin().await;
    for odd in [("/place/lat", json!("35")), ("/place/source", json!("staff")), ("/photos", json!(["A B"]))] {
        let said = browser.post("/report/reports", filing_with(&report, odd.0, odd.1.clone())).await;
        assert_eq!(said.error(), (400, "bad-request", ""), "{odd:?}");
    }
    assert_eq!(browser.get("/report/photos?ids=A%20B").await.error(), (400, "bad-request", ""));
    let many = vec!["p"; 21].join(",");
    assert_eq!(browser.get(&format!("/report/photos?ids={many}")).await.error(), (400, "bad-request", ""));
    assert_eq!(browser.get("/report/photos").await.body, json!([]));
}

#[tokio::test]
async fn what_is_somebody_elses_is_not_there() {
    let counter = Counter::open();
    let owner = counter.browser(1).await;
    let draft = owner.begin().await;
    let asked = |report: &str| json!({ "report": report, "slot": 0, "bytes": 9, "type": "image/jpeg" });
    let photo = owner.post("/report/photos", asked(&draft)).await.body["photo"].as_str().unwrap().to_owned();
    let report = owner.file().await;
    let other = counter.browser(2).await;
    assert_eq!(other.look(&report).await.error(), (404, "not-found", ""));
    for act in ["unfollow", "comment", "reopen"] {
        assert_eq!(other.act(&report, act, "x").await.error(), (404, "not-found", ""), "{act}");
        assert_eq!(other.act("0199aaaa-0000-7000-8000-000000000009", act, "x").await.status, 404, "{act}");
    }
    assert_eq!(other.act("0199aaaa-0000-7000-8000-000000000009", "follow", "").await.status, 404);
    assert_eq!(other.get(&format!("/report/photos?ids={photo}")).await.body, json!([]));
    let taken = other.call(Method::DELETE, &format!("/report/photos/{photo}"), "").await;
    assert_eq!(taken.error(), (404, "not-found", ""));
    let stolen = other.post("/report/reports", filing_with(&other.begin().await, "/photos", json!([photo]))).await;
    assert_eq!(stolen.error(), (422, "unknown", "photos"));
    let stolen = other.post("/report/reports", filing_with(&draft, "/photos", json!([photo]))).await;
    assert_eq!(stolen.error(), (422, "unknown", "photos"), "not with the draft, either");
    let own = other.post("/report/photos", asked(&draft)).await.body["photo"].clone();
    assert_ne!(own, json!(photo), "a draft is no secret; what is in it is its owner's");
    assert_eq!(other.get("/report/reports").await.body, json!([]));
    // After a writing that died half-way somebody may be found for a report that they do not hear of.
    counter.city.reports.find_wrongly(&resident(2), &report.parse().unwrap());
    assert_eq!(other.get("/report/reports").await.body, json!([]));
}

#[tokio::test]
async fn the_pages_are_the_same_for_everybody_and_kept_by_nobody() {
    let counter = Counter::open();
    let browser = counter.browser(1).await;
    let report = browser.file().await;
    for path in ["/report", "/report?liff.state=%2Fmine", "/report/mine", &format!("/report/mine/{report}")] {
        let response = counter.ask(Method::GET, path, &[("cookie", &browser.cookie)], "").await;
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert_eq!(response.headers()["x-frame-options"], "DENY");
        let policy = response.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("script-src 'self';") && policy.contains("https://files.example"), "{policy}");
        assert_eq!(
            response.headers()["permissions-policy"],
            "camera=(self), microphone=(), geolocation=(self)",
            "{path}"
        );
        let stranger = counter.ask(Method::GET, path, &[], "").await;
        assert_eq!(stranger.body(), response.body());
        assert!(!stranger.body().contains(COMMENT) && !stranger.body().contains(resident(1).as_str()), "{path}");
        assert_eq!(counter.ask(Method::HEAD, path, &[], "").await.body(), "");
        assert_eq!(counter.ask(Method::POST, path, &[("origin", OURS)], "").await.status(), 405, "{path}");
    }
    let news = counter.ask(Method::GET, "/news", &[], "").await;
    assert!(!news.headers()["content-security-policy"].to_str().unwrap().contains("script-src"));
    assert_eq!(news.headers()["permissions-policy"], "camera=(), microphone=(), geolocation=()");
}

#[tokio::test]
async fn where_nothing_is_taken_there_is_nothing() {
    let nothing = Counter::of(Town { report_kinds: Vec::new(), ..town() });
    let (post, _) = sending::city(1);
    let without = portal_of(&post, town());
    for path in ["/report", "/report/mine", "/report/reports"] {
        assert_eq!(nothing.ask(Method::GET, path, &[], "").await.status(), 404, "{path}");
        assert_eq!(crate::portal::get(&without, path).await.status(), 404, "{path}");
    }
    let counter = Counter::open();
    for path in ["/report/", "/report/x", "/report/mine/", "/report/mine/A%20B", "/report/reports/x/erase"] {
        assert_eq!(counter.ask(Method::GET, path, &[], "").await.status(), 404, "{path}");
    }
    let wrong = counter.ask(Method::DELETE, "/report/reports", &[], "").await;
    assert_eq!((wrong.status().as_u16(), wrong.headers()["allow"].to_str().unwrap()), (405, "POST, GET"));
}

/// Whoever stands before the function may call it by another name than its readers do: browsers say whose page asks.
#[tokio::test]
async fn a_page_of_ours_is_let_in_under_whatever_name_its_readers_know_it() {
    let counter = Counter::open();
    let browser = counter.browser(1).await;
    for from in [
        &[("origin", "https://reports.town.example"), ("sec-fetch-site", "same-origin")][..],
        &[("sec-fetch-site", "same-origin")],
        &[("origin", OURS)],
    ] {
        let mut headers = vec![("cookie", browser.cookie.as_str()), ("content-type", "application/json")];
        headers.extend(from);
        let response = counter.ask(Method::POST, "/report/begin", &headers, "{}").await;
        assert_eq!(response.status(), 200, "{from:?}");
    }
}

#[tokio::test]
async fn an_id_is_taken_that_was_minted_by_a_clock_which_is_a_minute_ahead() {
    let counter = Counter::open();
    let browser = counter.browser(1).await;
    for (ahead, expected) in [(60, 201), (61, 422)] {
        counter.city.clock.advance(SignedDuration::from_secs(ahead));
        let report = browser.begin().await;
        counter.city.clock.advance(SignedDuration::from_secs(-ahead));
        assert_eq!(browser.post("/report/reports", filing(&report)).await.status, expected, "{ahead} s");
    }
}
