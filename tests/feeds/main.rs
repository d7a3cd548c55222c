//! Writes the feeds and files of the sample town, as its portal answers them on one day, for programs that are not ours to read:
//! `feeds FOLDER`. With the town come changes of collections (`changes.csv`).

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use app::broadcast::public::PublicPage;
use app::ports::Clock;
use app::town::{Files, read};
use axum::body::Bytes;
use clap::Parser;
use domain::town::Town;
use http::Request;
use jiff::Timestamp;
use portal::Portal;
use tests::city::TestTown;
use tests::post::Post;

/// The day of the feeds: 2026-11-21 in Japan.
const NOW: &str = "2026-11-21T03:00:00Z";
/// When the town's data was revised.
const REVISED: &str = "2026-11-20T08:09:10Z";
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
    let (clock, towns) = (Arc::new(Fixed(NOW.parse()?)), Arc::new(TestTown(Arc::new(town))));
    let post = Post::new(Duration::ZERO);
    let public = PublicPage::new(post.clone(), towns.clone(), post, clock.clone());
    let portal = Portal::new(public, towns, clock, "https://pictures.example")?;
    for name in names {
        let request = Request::get(format!("/{name}")).header("host", "portal.example").body(Bytes::new())?;
        let response = portal.answer(request).await;
        if response.status() != 200 {
            return Err(format!("{name}: {}", response.status()).into());
        }
        fs::write(folder.join(name.replace('/', "_")), response.into_body())?;
    }
    Ok(())
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
