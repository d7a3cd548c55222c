//! The sample town: two years of every category in every area, and days of it that were counted by hand.

use std::collections::BTreeMap;
use std::path::Path;

use domain::town::Town;
use jiff::civil::{Date, date};

use crate::slow::{self, Closing, Line};
use crate::{files, rows};

const FIRST: Date = date(2026, 4, 1);
const LAST: Date = date(2028, 3, 31);

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../infra/sample-town"))
}

fn town() -> Town {
    app::town::read(&files(folder())).data.into_town()
}

/// The rows of a table as cells by the names of their columns.
fn named(name: &str) -> Vec<BTreeMap<String, String>> {
    let rows = rows(&files(folder()), name);
    let (header, rows) = rows.split_first().unwrap();
    rows.iter().map(|row| header.iter().cloned().zip(row.iter().cloned()).collect()).collect()
}

#[test]
fn two_years_of_the_sample_town_are_those_of_the_slow_reading() {
    let town = town();
    let (areas, closures) = (named("areas.csv"), named("closures.csv"));
    let mut lines: BTreeMap<(String, String), Vec<Line>> = BTreeMap::new();
    for row in named("calendar.csv") {
        let cell = |name: &str| row.get(name).cloned().unwrap_or_default();
        let line =
            Line { when: cell("when"), except: cell("except"), extra: cell("extra"), holidays: cell("holidays") };
        lines.entry((cell("area"), cell("category"))).or_default().push(line);
    }
    let mut count = 0;
    for ((area, category), lines) in &lines {
        let center = &areas.iter().find(|row| row["id"] == *area).unwrap()["center"];
        let cell = |row: &BTreeMap<String, String>, name: &str| row.get(name).cloned().unwrap_or_default();
        let closings: Vec<Closing> = closures
            .iter()
            .filter(|row| row["center"] == *center)
            .map(|row| Closing {
                from: cell(row, "from"),
                to: cell(row, "to"),
                effect: cell(row, "effect"),
                moved_to: cell(row, "moved_to"),
            })
            .collect();
        let slow: Vec<Date> = slow::days(lines, &closings, FIRST, LAST).into_iter().collect();
        let ours: Vec<Date> =
            town.calendar.days(&area.parse().unwrap(), &category.parse().unwrap(), FIRST..=LAST).collect();
        assert_eq!(ours, slow, "{category} in {area}");
        assert!(!ours.is_empty(), "{category} in {area}");
        count += 1;
    }
    // Six areas, eight categories each.
    assert_eq!(count, 48);
}

#[test]
fn days_counted_by_hand_are_days_of_the_sample_town() {
    let town = town();
    let days = |area: &str, category: &str, first: Date, last: Date| {
        let days = town.calendar.days(&area.parse().unwrap(), &category.parse().unwrap(), first..=last);
        days.map(|day| day.strftime("%m-%d").to_string()).collect::<Vec<_>>().join(" ")
    };
    let winter = (date(2026, 12, 21), date(2027, 1, 20));
    let of = |area, category| days(area, category, winter.0, winter.1);
    assert_eq!(of("chuo", "burnable"), "12-21 12-24 12-28 01-04 01-07 01-11 01-14 01-18", "closed on the 31st");
    assert_eq!(of("chuo", "paper"), "12-29 01-12", "every second week over the turn of the year");
    assert_eq!(of("minami", "hazardous"), "12-28", "an extra day for the last of the month");
    assert_eq!(of("yamate", "burnable"), "12-22 12-25 12-29 12-30 01-05 01-08 01-12 01-15 01-19", "an extra day");
    assert_eq!(days("minami", "cloth", date(2026, 10, 1), date(2026, 10, 31)), "10-17", "the festival");
    assert_eq!(days("yamate", "hazardous", date(2027, 1, 1), date(2027, 12, 31)), "03-11 06-10 09-09 12-09");
    assert_eq!(
        days("higashi", "non-burnable", date(2028, 2, 1), date(2028, 2, 29)),
        "02-23",
        "a leap year's fourth Wednesday"
    );
}
