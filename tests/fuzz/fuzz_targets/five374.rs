//! Any bytes as the five files of the 5374 format are read or reported, and what was read makes a town.

#![no_main]

use app::town::{Files, five374};
use domain::dates::ClosureEffect;
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 5] = ["area_days.csv", "target.csv", "description.csv", "center.csv", "remarks.csv"];
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
    let reading = five374::read(&files, ClosureEffect::ShiftWeek);
    for problem in &reading.problems {
        assert!(!problem.to_string().is_empty());
    }
    let town = reading.data.into_town();
    let day = jiff::civil::date(2026, 4, 1);
    for area in town.areas.keys() {
        for category in town.calendar.categories(area) {
            if let Some(next) = town.calendar.next_day(area, category, day) {
                assert!(day <= next && town.calendar.on(area, next).contains(&category));
            }
        }
    }
});
