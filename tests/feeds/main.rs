//! Writes the feeds and files of the sample town, as its portal answers them on one day, for programs that are not ours to read:
//! `feeds FOLDER`, and what other systems are told of its reports. With the town come changes of collections (`changes.csv`) and a damage report of each kind.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use app::broadcast::public::PublicPage;
use app::ports::Clock;
use app::ports::outside::{Hook, Letter};
use app::ports::reports::{ChangeJob, Reports};
use app::report::relay::{Reach, Relay, new_secret};
use app::town::{Files, read};
use axum::body::Bytes;
use clap::Parser;
use domain::broadcast::content::PictureId;
use domain::ids::ReportId;
use domain::report::place::{Place, PlaceSource, Point};
use domain::report::release::{Release, ReleasedPhoto};
use domain::report::{By, Deed, Filing, Priority, Report, Reporter};
use domain::town::Town;
use http::Request;
use jiff::{SignedDuration, Timestamp};
use portal::Portal;
use secrecy::ExposeSecret;
use serde_json::json;
use tests::city::TestTown;
use tests::hooks::{TestHookCalls, TestHooks};
use tests::outside::faces_of;
use tests::post::Post;
use tests::reports::{TestReportJobs, TestReports};
use tests::staff::{TestChance, TestStaff};

/// The day of the feeds: 2026-11-21 in Japan.
const NOW: &str = "2026-11-21T03:00:00Z";
/// When the town's data was revised.
const REVISED: &str = "2026-11-20T08:09:10Z";
/// What stands in reports and is nobody's business.
const SECRET: &str = "ひみつ";
const CHANGES: &[u8] = include_bytes!("changes.csv");

/// Writes the feeds of the sample town.
#[derive(Parser)]
struct Arguments {
    /// Where to.
    folder: PathBuf,
}

struct Fixed(Timestamp);

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        self.0
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = Arguments::parse().folder;
    fs::create_dir_all(&folder)?;
    let town = town()?;
    let mut names = vec!["calendar.csv".to_owned()];
    for area in town.areas.keys() {
        names.extend([format!("calendar/{area}.ics"), format!("calendar/{area}.csv")]);
        names.extend(town.categories.iter().map(|category| format!("calendar/{area}/{}.ics", category.id)));
    }
    let reports = Arc::new(TestReports::default());
    names.extend(fill(&reports, &town, NOW.parse()?).await?);
    let (clock, towns) = (Arc::new(Fixed(NOW.parse()?)), Arc::new(TestTown(Arc::new(town))));
    let post = Post::new(Duration::ZERO);
    let public = PublicPage::new(post.clone(), towns.clone(), post, clock.clone());
    let faces = faces_of(&reports, &Arc::default(), clock.clone());
    let portal = Portal::new(public, faces, towns.clone(), clock.clone(), "https://pictures.example")?;
    for name in names {
        let request = Request::get(format!("/{name}")).header("host", "portal.example").body(Bytes::new())?;
        let response = portal.answer(request).await;
        if response.status() != 200 {
            return Err(format!("{name}: {}", response.status()).into());
        }
        fs::write(folder.join(name.replace('/', "_")), response.into_body())?;
    }
    fs::write(folder.join("letters.json"), letters(reports, towns, clock).await?)?;
    Ok(())
}

/// What another system is told of the filing of each report, and the secret by which it believes that.
async fn letters(reports: Arc<TestReports>, towns: Arc<TestTown>, clock: Arc<Fixed>) -> Result<String, Box<dyn Error>> {
    const URL: &str = "https://hooks.example.jp/";
    let secret = new_secret(&TestChance::default());
    let hook = "0199cccc-0000-7000-8000-000000000001";
    let (hooks, calls) =
        (Arc::new(TestHooks::new(Arc::new(TestStaff::new(clock.clone())))), Arc::new(TestHookCalls::default()));
    let name = "道路台帳".to_owned();
    let made_at = clock.now();
    hooks.settle([Hook { id: hook.to_owned(), name, url: URL.to_owned(), secret: secret.clone(), made_at }]);
    let jobs = Arc::new(TestReportJobs::default());
    let relay =
        Relay { reports: reports.clone(), hooks, jobs, towns, calls: calls.clone(), reach: Reach::Internet, clock };
    for report in reports.all() {
        let job = ChangeJob { report: report.id, change: 1, hook: Some(hook.to_owned()) };
        relay.pass_on(&job, None).await?;
    }
    let letters = calls.take_heard(URL).into_iter().map(|Letter { id, timestamp, signature, body }| {
        json!({ "id": id, "timestamp": timestamp, "signature": signature, "body": body })
    });
    let letters = json!({ "secret": secret.expose_secret(), "letters": letters.collect::<Vec<_>>() });
    Ok(letters.to_string())
}

/// Files a report of each kind, an hour after the other, works on some, and releases all but the last; gives the names of what everybody
/// and other programs see of them.
async fn fill(reports: &TestReports, town: &Town, now: Timestamp) -> Result<Vec<String>, Box<dyn Error>> {
    let mut names = ["reports.geojson", "reports.csv", "reports.atom"].map(str::to_owned).to_vec();
    let mut resources = ["discovery", "services", "requests"].map(str::to_owned).to_vec();
    let staff = "hanako".parse()?;
    for (number, kind) in (1_i64..).zip(&town.report_kinds) {
        let filed = now - SignedDuration::from_hours(24 - number);
        let id = ReportId::computed(filed, [u8::try_from(number)?; 16]);
        let point = Point::new(35.5 + f64::from(u16::try_from(number)?) / 1_000.0, 139.5)?;
        let place = Place { point, accuracy_m: None, text: String::new(), source: PlaceSource::Staff, district: None };
        let (reporter, by) = (Reporter::Told { contact: SECRET.to_owned() }, By::Staff("hanako".parse()?));
        let (answers, photos, priority) = (Vec::new(), Vec::new(), Priority::Normal);
        let filing =
            Filing { id: id.clone(), place, answers, comment: SECRET.to_owned(), reporter, photos, priority, by };
        let mut report = Report::file(filing, kind, filed)?;
        if number % 2 == 0 {
            report.act(Deed::Done { answer: SECRET.to_owned() }, &staff, filed + SignedDuration::from_mins(30))?;
        }
        if usize::try_from(number)? < town.report_kinds.len() {
            let what = format!("{}が\"<こわれて>\"いる & 危ない", kind.name.ja);
            let copy = PictureId::of([u8::try_from(number)?; 32]);
            let photos = vec![ReleasedPhoto { of: "photo".parse()?, copy, areas: Vec::new() }];
            let (place, outcome) = ("=役場の前, 北側".to_owned(), "直しました。\n二行目".to_owned());
            report.release = Some(Release { at: filed, what, place, outcome, photos, taken_back: Vec::new() });
            resources.extend([format!("services/{}", kind.id), format!("requests/{id}"), format!("tokens/{id}")]);
        }
        Reports::put(reports, &report, None, None).await?;
    }
    names.extend(resources.iter().flat_map(|name| ["json", "xml"].map(|form| format!("open311/v2/{name}.{form}"))));
    Ok(names)
}

fn town() -> Result<Town, Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/sample-town");
    let mut files = Files::default();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if let Some(name) = path.file_name().and_then(|name| name.to_str()).filter(|_| path.is_file()) {
            files.0.insert(name.to_owned(), fs::read(&path)?);
        }
    }
    files.0.insert("changes.csv".to_owned(), CHANGES.to_vec());
    Ok(Town { revision: 7, revised: REVISED.parse()?, ..read(&files).data.into_town() })
}
