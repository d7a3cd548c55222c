//! Any bytes as a file of a town's folder are read or reported, and what was read makes a town that can be searched.

#![no_main]

use app::town::records::{from_records, to_records};
use app::town::{Files, read};
use domain::report::place::Point;
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 17] = [
    "town.yaml",
    "texts.yaml",
    "departments.csv",
    "areas.csv",
    "districts.csv",
    "topics.csv",
    "categories.csv",
    "calendar.csv",
    "closures.csv",
    "waste-items.csv",
    "rich-menu.yaml",
    "changes.csv",
    "dates.csv",
    "report-kinds.csv",
    "report-questions.csv",
    "boundaries.geojson",
    "report-answers.csv",
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
    let records = to_records(&reading.data).expect("what was read can be written");
    assert!(from_records(records).data.boundaries == reading.data.boundaries, "boundaries come back from their parts");
    let town = reading.data.into_town();
    let somewhere = Point::new(35.0, 139.0).expect("a point");
    let _ = town.boundaries.locate(somewhere, town.profile.reports.boundary_tolerance_m);
    for item in town.waste.items().iter().take(3) {
        let _ = town.waste.find(&item.name);
    }
});
