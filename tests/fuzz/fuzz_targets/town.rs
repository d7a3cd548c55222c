//! Any bytes as a file of a town's folder are read or reported, and what was read makes a town that can be searched.

#![no_main]

use app::town::{Files, read};
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 13] = [
    "town.yaml", "texts.yaml", "departments.csv", "areas.csv", "districts.csv", "topics.csv", "categories.csv",
    "calendar.csv", "closures.csv", "waste-items.csv", "rich-menu.yaml", "changes.csv", "dates.csv",
];
/// Stands between the files of one input.
const BETWEEN: &[u8] = b"\n%%\n";

fuzz_target!(|bytes: &[u8]| {
    let mut files = Files::default();
    let mut rest = bytes;
    for name in NAMES {
        let end = rest.windows(BETWEEN.len()).position(|window| window == BETWEEN);
        files.0.insert(name.to_owned(), rest[..end.unwrap_or(rest.len())].to_vec());
        rest = end.map_or(&[], |end| &rest[end + BETWEEN.len()..]);
    }
    let reading = read(&files);
    for problem in &reading.problems {
        assert!(!problem.to_string().is_empty());
    }
    let town = reading.data.into_town();
    for item in town.waste.items().iter().take(3) {
        let _ = town.waste.find(&item.name);
    }
});
