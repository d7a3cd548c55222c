//! How long each page takes the router, and how large it is.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use http::StatusCode;
use serde_json::{Value, json};
use tests::console::Browser;

use crate::times::percentile;
use crate::town;

/// Each page is asked for so often, all of them by turns.
const ROUNDS: usize = 200;
/// So many turns before do not count.
const WARM_UP: usize = 5;

/// Asks for all pages by turns.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn measure(folder: &Path) -> Result<Value, Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let hall = town::hall().await?;
    let browser = hall.signed_in(town::ADMINISTRATOR).await;
    let paths = town::paths(&browser).await?;
    let mut times: Vec<Vec<Duration>> = paths.iter().map(|_| Vec::with_capacity(ROUNDS)).collect();
    for turn in 0..WARM_UP + ROUNDS {
        for (path, times) in paths.iter().zip(&mut times) {
            let began = Instant::now();
            let seen = browser.get(path).await;
            let time = began.elapsed();
            if seen.status != StatusCode::OK {
                return Err(format!("{path}: {} {}", seen.status, seen.body).into());
            }
            if WARM_UP <= turn {
                times.push(time);
            }
        }
    }
    let mut pages = Vec::new();
    for (number, (path, times)) in paths.iter().zip(&mut times).enumerate() {
        let [p50, p99] = [50, 99].map(|percent| percentile(times, percent));
        let (file, bytes) = keep(&browser, folder, path, &format!("{number}.html")).await?;
        pages.push(json!({ "path": path, "p50": p50, "p99": p99, "file": file, "bytes": bytes }));
    }
    let mut assets = Vec::new();
    for path in [console::assets::stylesheet(), console::assets::script(), console::assets::mark()] {
        let (file, bytes) = keep(&browser, folder, path, path.rsplit('/').next().unwrap_or(path)).await?;
        assets.push(json!({ "path": path, "file": file, "bytes": bytes }));
    }
    Ok(json!({ "rounds": ROUNDS, "pages": pages, "assets": assets }))
}

/// Writes what is at a path into the folder.
async fn keep(browser: &Browser, folder: &Path, path: &str, name: &str) -> Result<(String, usize), Box<dyn Error>> {
    let body = browser.get(path).await.body;
    fs::write(folder.join(name), &body)?;
    Ok((name.to_owned(), body.len()))
}
