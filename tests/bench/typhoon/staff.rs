//! The sample town, and a member of staff who reads pages of the console during the storm.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use app::town::{Files, TownData, read};
use domain::staff::Role;
use http::StatusCode;
use tests::console::TownHall;

use crate::Failure;
use crate::log::Log;

/// Who reads.
const READER: &str = "staff-0";
/// What they read, one page a second.
const PAGES: [&str; 6] = ["/", "/broadcasts", "/reports", "/residents", "/questions", "/town"];

/// The data of the sample town.
pub(crate) fn sample_town() -> Result<TownData, Failure> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/sample-town");
    let mut files = Files::default();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if let Some(name) = path.file_name().and_then(|name| name.to_str())
            && path.is_file()
        {
            files.0.insert(name.to_owned(), fs::read(&path)?);
        }
    }
    let mut data = read(&files).data;
    data.menu.clear();
    Ok(data)
}

/// Reads so many pages, one a second.
pub(crate) async fn read_pages(hall: &TownHall, log: &Log, seconds: u32) {
    hall.staff.settle([TownHall::person(READER, [Role::Administrator])]);
    let browser = hall.signed_in(READER).await;
    for (second, path) in (0..seconds).zip(PAGES.iter().cycle()) {
        tokio::time::sleep_until((log.began() + Duration::from_secs(second.into())).into()).await;
        let began = Instant::now();
        let seen = browser.get(path).await;
        log.page(began.elapsed());
        if seen.status != StatusCode::OK {
            log.wrong(format!("the console answers {} for {path}", seen.status));
        }
    }
}
