//! Golden calendars: the days that our rules give are those of an independent slow reading of the same cells, over two years, for
//! the sample town, for real cities if there are any, and for whatever cells a generator writes.

#![expect(clippy::unwrap_used, reason = "cells that cannot be read fail the test")]

mod cities;
mod random;
mod sample_town;
mod slow;

use std::path::Path;

use app::town::Files;

/// The tables of a folder.
fn files(folder: &Path) -> Files {
    let mut files = Files::default();
    for entry in std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.unwrap().path();
        if path.is_file() {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            files.0.insert(name, std::fs::read(&path).unwrap());
        }
    }
    files
}

/// The rows of a table without its header, found by the names in that.
fn rows(files: &Files, name: &str) -> Vec<Vec<String>> {
    let text = String::from_utf8_lossy(&files.0[name]);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(|cell| cell.trim().to_owned()).collect()).collect()
}
