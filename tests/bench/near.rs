//! How long it takes to find what was reported near a place, among 100,000 reports: `cargo run --release -p tests --bin bench-near`.
//!
//! The table is a stand-in on this machine that has its answers ready; all else is ours: the cells that a circle touches, the calls, the
//! reading of what they answer, the distances. What the stand-in and the way to it take is not taken off. Nothing is drawn by lot.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::ports::Clock;
use app::report::desk::ReportDesk;
use aws::Table;
use aws::clients::Clients;
use aws::clock::SystemClock;
use aws::report_jobs::{ReportQueues, SqsReportJobs};
use aws::reports::{CELL_REPORTS_MAX, TableReports};
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use domain::ids::ReportId;
use domain::report::kind::ReportKind;
use domain::report::place::{Cell, Place, PlaceSource, Point};
use domain::report::{By, Filing, Priority, Report, Reporter};
use domain::town::Name;
use serde_json::{Value, json};

/// So many reports the town has.
const REPORTS: u32 = 100_000;
/// How often each place is looked at.
const ROUNDS: usize = 9;
/// So many places are looked at.
const PLACES: u32 = 25;
/// The town: a square of some 10 km, and one of some 5 km, whose cells hold more than are ever looked at.
const TOWNS: [(&str, f64); 2] = [("10 km square", 0.09), ("5 km square", 0.045)];
/// What is near: as the console looks for duplicates, and the widest that nine cells hold.
const RADII: [u32; 2] = [50, 500];
/// The south-western corner of the town.
const CORNER: (f64, f64) = (35.6, 139.4);
/// At most so long on the larger town.
const MAX_MS: f64 = 30.0;

/// The answers of the table, by the partition that is asked for.
type Answers = Arc<BTreeMap<String, Bytes>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout();
    writeln!(out, "| {REPORTS} reports in a | within | found | read | p50 | p99 |\n|---|---:|---:|---:|---:|---:|")?;
    let mut worst = 0.0_f64;
    for (number_of_town, (name, degrees)) in TOWNS.into_iter().enumerate() {
        let points: Vec<Point> = (0..REPORTS).map(|number| point(number, degrees)).collect::<Result<_, _>>()?;
        let desk = desk(answers(&points)?).await?;
        for radius in RADII {
            let (mut times, mut found, mut read) = (Vec::new(), 0, 0);
            for place in 0..PLACES {
                let report = report(point(place * (REPORTS / PLACES) + 1, degrees)?)?;
                for _ in 0..ROUNDS {
                    let start = Instant::now();
                    let near = desk.near(&report, radius).await?;
                    times.push(start.elapsed());
                    found += near.len();
                }
                read += desk.reports.near(&Cell::around(report.place.point, radius)).await?.len();
            }
            times.sort_unstable();
            let millis = |time: Duration| time.as_secs_f64() * 1_000.0;
            let (p50, p99) = (millis(times[times.len() / 2]), millis(times[times.len() * 99 / 100]));
            let (found, read) = (found / times.len(), read / PLACES as usize);
            if found == 0 {
                return Err("nothing is found: the stand-in's items are not the table's".into());
            }
            if number_of_town == 0 {
                worst = worst.max(p50);
            }
            writeln!(out, "| {name} | {radius} m | {found} | {read} | {p50:.1} ms | {p99:.1} ms |")?;
        }
    }
    let verdict = if worst < MAX_MS { "met" } else { "missed" };
    writeln!(out, "\nExpected below {MAX_MS} ms (p50) in the larger town: {verdict}.")?;
    Ok(())
}

/// Places in a square, one as likely as the other: multiples of two irrational numbers fill it evenly (R. Kronecker).
fn point(number: u32, degrees: f64) -> Result<Point, Box<dyn Error>> {
    let along = |step: f64| (f64::from(number) * step).fract() * degrees;
    Ok(Point::new(CORNER.0 + along(0.754_877_666_246_692_7), CORNER.1 + along(0.569_840_290_998_053_2) * 1.2)?)
}

fn report(point: Point) -> Result<Report, Box<dyn Error>> {
    let place = Place { point, accuracy_m: None, text: String::new(), source: PlaceSource::Staff, district: None };
    let filing = Filing {
        id: ReportId::first_at(SystemClock.now()),
        place,
        answers: Vec::new(),
        comment: String::new(),
        reporter: Reporter::Erased,
        photos: Vec::new(),
        priority: Priority::Normal,
        by: By::System,
    };
    Ok(Report::file(filing, &kind()?, SystemClock.now())?)
}

fn kind() -> Result<ReportKind, Box<dyn Error>> {
    Ok(ReportKind {
        id: "light".parse()?,
        name: Name::default(),
        description: Name::default(),
        department: "roads".parse()?,
        urgent: Name::default(),
        urgent_phone: String::new(),
        duplicate_radius_m: 50,
        due_days: None,
        closed: Name::default(),
        questions: Vec::new(),
    })
}

/// The items of each cell as DynamoDB sends them, the latest first, as many as are asked for.
fn answers(points: &[Point]) -> Result<Answers, Box<dyn Error>> {
    let mut cells: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for (number, point) in points.iter().enumerate().rev() {
        let partition = format!("NEAR#{}", point.cell());
        let items = cells.entry(partition.clone()).or_default();
        if items.len() == CELL_REPORTS_MAX {
            continue;
        }
        let id = format!("0199cccc-0000-7000-8000-{number:012}");
        let stored: Value = serde_json::to_value(point)?;
        items.push(json!({
            "PK": { "S": partition }, "SK": { "S": id }, "kind": { "S": "near" }, "v": { "N": "1" }, "id": { "S": id },
            "of": { "S": "light" }, "standing": { "S": "received" },
            "point": { "M": { "lat": { "N": stored["lat"].to_string() }, "lon": { "N": stored["lon"].to_string() } } },
        }));
    }
    let answer = |items: Vec<Value>| Bytes::from(json!({ "Count": items.len(), "Items": items }).to_string());
    Ok(Arc::new(cells.into_iter().map(|(partition, items)| (partition, answer(items))).collect()))
}

/// The use case on a table of this machine.
async fn desk(answers: Answers) -> Result<ReportDesk, Box<dyn Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let service = Router::new().fallback(ask).with_state(answers);
    tokio::spawn(async move { axum::serve(listener, service).await });
    let credentials = SharedCredentialsProvider::new(Credentials::new("id", "secret", None, None, "benchmark"));
    let config = SdkConfig::builder().behavior_version(BehaviorVersion::v2026_01_12());
    let config = config.region(Region::new("ap-northeast-1")).credentials_provider(credentials);
    let clients = Clients::new(config.endpoint_url(format!("http://{address}")).build());
    let clock = Arc::new(SystemClock);
    let reports = TableReports::new(Table::new(&clients, "city".to_owned()), clock.clone());
    let jobs = SqsReportJobs::new(&clients, ReportQueues::default());
    Ok(ReportDesk { reports: Arc::new(reports), jobs: Arc::new(jobs), clock })
}

async fn ask(State(answers): State<Answers>, body: Bytes) -> impl IntoResponse {
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    let values = asked["ExpressionAttributeValues"].as_object().into_iter().flat_map(|values| values.values());
    let partition = values.filter_map(|value| value["S"].as_str()).find(|value| value.starts_with("NEAR#"));
    let empty = || Bytes::from_static(b"{\"Count\":0,\"Items\":[]}");
    let answer = partition.and_then(|partition| answers.get(partition)).cloned().unwrap_or_else(empty);
    ([(CONTENT_TYPE, "application/x-amz-json-1.0")], answer)
}
