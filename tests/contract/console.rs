//! The console at its deployed address: what is far too large is turned away, and the next request is answered.

use reqwest::{StatusCode, Url};

use crate::place::{PATIENCE, Place};

/// A million bytes.
const MB: usize = 1_000_000;

/// A client of the console, whose host has a name of which only browsers know that it is this machine.
fn client(console: &Url) -> reqwest::Client {
    let here = ([127, 0, 0, 1], console.port().unwrap()).into();
    let redirect = reqwest::redirect::Policy::none();
    let http = reqwest::Client::builder().timeout(PATIENCE).redirect(redirect);
    http.resolve(console.host_str().unwrap(), here).build().unwrap()
}

/// What is over 6 MB with its Base64 never reaches the function: there the HTTP API itself says 413, as it does to
/// everything over 10 MB (docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html, and the quotas of
/// Lambda). The local city's gateway lets more through; then the function says it.
#[tokio::test]
async fn a_form_of_many_megabytes_is_too_large_and_does_no_harm() {
    let console = Url::parse(&Place::running().console).unwrap();
    let http = client(&console);
    let origin = console.origin().ascii_serialization();
    for (path, megabytes) in [("/sign-out", 1), ("/sign-out", 5), ("/town/waste-items/import", 5), ("/sign-out", 10)] {
        let sent = http
            .post(console.join(path).unwrap())
            .header("origin", &origin)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("note={}", "a".repeat(megabytes * MB)));
        let answer = sent.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE, "{megabytes} MB to {path}");
        let next = http.get(console.join("/signed-out").unwrap()).send().await.unwrap();
        assert_eq!(next.status(), StatusCode::OK, "after {megabytes} MB to {path}");
    }
}
