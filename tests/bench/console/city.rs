//! How long pages of the local city take the function, and how much of that is the city's AWS, which stands for the table.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use serde_json::{Value, json};

use crate::function::{Function, StandIn};
use crate::request;
use crate::times::percentile;

/// Pages of the sample town.
const PATHS: &[&str] = &[
    "/",
    "/residents",
    "/broadcasts",
    "/questions",
    "/town",
    "/town/waste-items",
    "/town/waste-items/edit?id=airon",
    "/town/history",
    "/trial",
    "/people",
    "/audit",
    "/watch",
];
/// Each page is asked for so often, all of them by turns.
const ROUNDS: usize = 50;
/// So many turns before do not count.
const WARM_UP: usize = 3;

/// Times of one page.
#[derive(Default)]
struct Times {
    total: Vec<Duration>,
    aws: Vec<Duration>,
    own: Vec<Duration>,
    calls: u32,
}

/// Starts the function before the city's AWS, and asks for all pages by turns.
#[tokio::main]
pub(crate) async fn measure(city: &Path, cookie: &str, command: &[String]) -> Result<Value, Box<dyn Error>> {
    let city: Value = serde_json::from_slice(&fs::read(city)?)?;
    let of_city = |name: &str| city[name].as_str().unwrap_or_default().to_owned();
    let gate =
        Arc::new(Gate { aws: of_city("aws"), client: reqwest::Client::builder().build()?, meter: Mutex::default() });
    let stand_in = StandIn::start(Router::new().fallback(forward).with_state(Arc::clone(&gate))).await?;
    let environment = [
        ("TABLE_NAME", of_city("table")),
        ("LINE_SECRET_ID", of_city("lineSecret")),
        ("LINE_API_BASE", of_city("simulator")),
        ("LINE_DATA_BASE", of_city("lineData")),
        ("MEDIA_BUCKET", of_city("bucket")),
        ("PICTURES_BUCKET", of_city("bucket")),
        ("PICTURES_BASE", of_city("aws")),
        ("EMERGENCY_PARTS_URL", of_city("emergencyParts")),
        ("ROUTINE_PARTS_URL", of_city("routineParts")),
        ("EMERGENCY_RUNS_URL", of_city("emergencyRuns")),
        ("ROUTINE_RUNS_URL", of_city("routineRuns")),
        ("NOTICE_QUEUE_URL", format!("{}/notice", of_city("aws"))),
        ("STAFF_ISSUER", of_city("aws")),
        ("STAFF_CLIENT_ID", "console".to_owned()),
        ("STAFF_EMAIL_TRUST", "verified".to_owned()),
        ("CONSOLE_ADDRESS", of_city("console")),
        ("AWS_REGION", of_city("region")),
        ("AWS_ACCESS_KEY_ID", of_city("accessKeyId")),
        ("AWS_SECRET_ACCESS_KEY", of_city("secretAccessKey")),
    ];
    let mut function = Function::start(stand_in, command, &environment)?;
    let mut measured: Vec<Times> = PATHS.iter().map(|_| Times::default()).collect();
    for turn in 0..WARM_UP + ROUNDS {
        for (path, times) in PATHS.iter().zip(&mut measured) {
            gate.begin();
            let began = Instant::now();
            let (at, answer) = function.answer_to(request::get(path, Some(cookie))).await?;
            let answer: Value = serde_json::from_slice(&answer)?;
            if answer["statusCode"] != 200 {
                return Err(format!("{path}: {answer}").into());
            }
            let (busy, calls) = gate.spent();
            if WARM_UP <= turn {
                let total = at - began;
                times.total.push(total);
                times.aws.push(busy);
                times.own.push(total.saturating_sub(busy));
                times.calls = calls;
            }
        }
    }
    function.end().await?;
    let page = |(path, times): (&&str, &mut Times)| {
        let of = |times: &mut Vec<Duration>| json!({ "p50": percentile(times, 50), "p99": percentile(times, 99) });
        json!({
            "path": path, "calls": times.calls,
            "total": of(&mut times.total), "aws": of(&mut times.aws), "own": of(&mut times.own),
        })
    };
    Ok(json!({ "rounds": ROUNDS, "pages": PATHS.iter().zip(&mut measured).map(page).collect::<Vec<_>>() }))
}

/// What stands between the function and the city's AWS, and takes the time.
struct Gate {
    aws: String,
    client: reqwest::Client,
    meter: Mutex<Meter>,
}

/// The time in which at least one call was under way.
#[derive(Default)]
struct Meter {
    under_way: u32,
    since: Option<Instant>,
    busy: Duration,
    calls: u32,
}

impl Gate {
    fn begin(&self) {
        *self.meter.lock().unwrap_or_else(PoisonError::into_inner) = Meter::default();
    }

    fn spent(&self) -> (Duration, u32) {
        let meter = self.meter.lock().unwrap_or_else(PoisonError::into_inner);
        (meter.busy, meter.calls)
    }

    fn enter(&self) {
        let mut meter = self.meter.lock().unwrap_or_else(PoisonError::into_inner);
        meter.since.get_or_insert_with(Instant::now);
        meter.under_way += 1;
        meter.calls += 1;
    }

    fn leave(&self) {
        let mut meter = self.meter.lock().unwrap_or_else(PoisonError::into_inner);
        meter.under_way = meter.under_way.saturating_sub(1);
        if meter.under_way == 0
            && let Some(since) = meter.since.take()
        {
            meter.busy += since.elapsed();
        }
    }
}

async fn forward(State(gate): State<Arc<Gate>>, request: Request) -> Response {
    gate.enter();
    let answer = handed_on(&gate, request).await;
    gate.leave();
    answer.unwrap_or_else(|error| (StatusCode::BAD_GATEWAY, error.to_string()).into_response())
}

async fn handed_on(gate: &Gate, request: Request) -> Result<Response, Box<dyn Error + Send + Sync>> {
    let (head, body) = request.into_parts();
    let mut headers = head.headers;
    for name in [header::HOST, header::CONTENT_LENGTH, header::CONNECTION] {
        headers.remove(name);
    }
    let url = format!("{}{}", gate.aws, head.uri);
    let body = body.collect().await?.to_bytes();
    let answer = gate.client.request(head.method, url).headers(headers).body(body).send().await?;
    let (status, content_type) = (answer.status(), answer.headers().get(header::CONTENT_TYPE).cloned());
    let body: Bytes = answer.bytes().await?;
    let mut response = (status, body).into_response();
    if let Some(content_type) = content_type {
        response.headers_mut().insert(header::CONTENT_TYPE, content_type);
    }
    Ok(response)
}
