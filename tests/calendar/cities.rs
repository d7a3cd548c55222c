//! Real cities in the 5374 format, if the environment names a folder of theirs: two years around their last closure, with the
//! centre's closures read in both ways that the format has.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use app::town::five374;
use domain::dates::ClosureEffect;
use jiff::civil::{Date, date};

use crate::slow::{self, Closing, Line};
use crate::{files, rows};

/// Names a folder that holds a folder for each city.
const FOLDER: &str = "KAIRAN_5374";

/// A city in small, with every dialect that the real ones have.
const SMALL: [(&str, &str); 3] = [
    (
        "area_days.csv",
        "地名,センター,もえる,もえない,資源,紙\n\
         北町,北センター,月 木,水1:6 7 11 12 1 水2:4 5 水5:12,隔木20251218 *1,木1 木3 木5\n\
         南町,南センター,火　金,火2 金4:4 6 8,20260110 20260214,木1・木2\n\
         西町,,水,土5,隔月20260106,－\n",
    ),
    ("description.csv", "label,sublabel,description,styles,bgcolor\nもえる,,,,\nもえない,,,,\n資源,,,,\n紙,,,,\n"),
    (
        "center.csv",
        "名称,休止開始日,休止終了日\n北センター,2025/12/29,2026/01/03\n南センター,20260101,20260103\n南センター,2026/8/13,2026/8/15\n",
    ),
];

/// The small city always, and every city of the folder that the environment names.
#[test]
#[expect(clippy::disallowed_methods, reason = "which other cities are read is the caller's choice")]
fn cities_have_the_days_of_the_slow_reading() {
    let small = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("small-city");
    std::fs::create_dir_all(&small).unwrap();
    for (name, text) in SMALL {
        std::fs::write(small.join(name), text).unwrap();
    }
    assert_eq!(compare(&small), 2 * 11);
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let mut cities = 0;
    for city in std::fs::read_dir(folder).unwrap() {
        let path = city.unwrap().path();
        if path.join("area_days.csv").is_file() {
            let compared = compare(&path);
            println!("{}: {compared} calendars of two years", path.display());
            assert!(50 < compared, "{}", path.display());
            cities += 1;
        }
    }
    assert!(0 < cities, "{FOLDER} names a folder without cities");
}

/// Compares every cell of a city's calendar, with both effects of a closure; says how many it compared.
fn compare(folder: &Path) -> usize {
    let files = files(folder);
    let closures = rows(&files, "center.csv");
    let day = |text: &str| -> Date {
        let digits: Vec<i16> = match text.split('/').collect::<Vec<_>>()[..] {
            [year, month, day] => [year, month, day].map(|part| part.parse().unwrap()).to_vec(),
            _ => [&text[..4], &text[4..6], &text[6..]].map(|part| part.parse().unwrap()).to_vec(),
        };
        date(digits[0], digits[1].try_into().unwrap(), digits[2].try_into().unwrap())
    };
    let last_closed = closures[1..].iter().map(|row| day(&row[2])).max().unwrap();
    let (first, last) = (date(last_closed.year() - 1, 1, 1), date(last_closed.year(), 12, 31));
    let sheet = rows(&files, "area_days.csv");
    let (header, districts) = sheet.split_first().unwrap();
    let mut compared = 0;
    for (effect, said) in [(ClosureEffect::Skip, "skip"), (ClosureEffect::ShiftWeek, "shift-week")] {
        let town = five374::read(&files, effect).data.into_town();
        for row in districts {
            let closings: Vec<Closing> = closures[1..]
                .iter()
                .filter(|closure| closure[0] == row[1])
                .map(|closure| Closing {
                    from: day(&closure[1]).to_string(),
                    to: day(&closure[2]).to_string(),
                    effect: said.to_owned(),
                    moved_to: String::new(),
                })
                .collect();
            for (label, cell) in header.iter().zip(row).skip(2) {
                let line = Line { when: plain(cell), ..Line::default() };
                if line.when.is_empty() {
                    continue;
                }
                let area = &town.districts.iter().find(|district| district.name == row[0]).unwrap().area;
                let category = town.categories.iter().find(|category| category.name.ja == *label).unwrap();
                let ours: BTreeSet<Date> = town.calendar.days(area, &category.id, first..=last).collect();
                assert_eq!(ours, slow::days(&[line], &closings, first, last), "{} {label} {cell}, {said}", row[0]);
                compared += 1;
            }
        }
    }
    compared
}

/// A cell of that format in the plain notation: `水1:6 7 水2:4` as `水1:6,7 水2:4`. The months hold for all days since the last months.
fn plain(cell: &str) -> String {
    let mut done: Vec<String> = Vec::new();
    let mut days: Vec<String> = Vec::new();
    let mut months: Vec<&str> = Vec::new();
    let close = |days: &mut Vec<String>, months: &mut Vec<&str>, done: &mut Vec<String>| {
        let suffix = if months.is_empty() { String::new() } else { format!(":{}", months.join(",")) };
        done.extend(days.drain(..).map(|day| day + &suffix));
        months.clear();
    };
    for token in cell.split([' ', '　', '・', '\n']).filter(|token| !token.is_empty() && *token != "－") {
        if token.starts_with('*') {
            continue;
        }
        if !months.is_empty() && token.len() <= 2 && token.parse::<u8>().is_ok() {
            months.push(token);
            continue;
        }
        if !months.is_empty() {
            close(&mut days, &mut months, &mut done);
        }
        let (day, month) = token.split_once(':').map_or((token, None), |(day, month)| (day, Some(month)));
        // Every second week from a date, whatever day of the week is named.
        let day = match day.strip_prefix('隔') {
            Some(rest) => format!("隔@{}", rest.trim_start_matches(|sign: char| !sign.is_ascii_digit())),
            None => day.to_owned(),
        };
        days.push(day);
        months.extend(month);
    }
    close(&mut days, &mut months, &mut done);
    done.join(" ")
}
