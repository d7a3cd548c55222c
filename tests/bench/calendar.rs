//! How fast the days of a year come: `cargo run --release -p tests --bin bench-calendar`.
//!
//! 169 areas with eight categories each, of every kind of rule, with closures that skip, shift and move. Nothing is drawn by lot.

use std::error::Error;
use std::io::Write;
use std::time::{Duration, Instant};

use domain::dates::{Closure, ClosureEffect, Recurrence, parse_periods, parse_rules};
use domain::garbage::calendar::{Calendar, Entry};
use domain::ids::{AreaId, CategoryId};
use jiff::civil::{Date, date};
use serde_json::json;

/// As many areas as a large city has.
const AREAS: usize = 169;
/// How often all days are computed.
const ROUNDS: usize = 51;
/// The year.
const YEAR: (Date, Date) = (date(2027, 1, 1), date(2027, 12, 31));
/// The rules of the categories; each area begins elsewhere in them.
const RULES: [&str; 16] = [
    "月 木",
    "火 金",
    "水",
    "平日",
    "水2 水4",
    "金1 金3",
    "最終土",
    "隔週火@2026-04-07",
    "隔週水@2026-04-01",
    "3日ごと@2026-04-01",
    "毎月15日",
    "毎月末日",
    "平日1 平日末",
    "水2:4-9 水3:10-3",
    "木4:5,7,9,11,1,3",
    "2027-03-11 2027-06-10 2027-09-09 2027-12-09",
];
/// What is done on holidays; each category has another.
const HOLIDAYS: [&str; 5] = ["", "", "skip", "next", "土"];
/// The categories of an area.
const CATEGORIES: usize = 8;

fn main() -> Result<(), Box<dyn Error>> {
    let (calendar, areas, categories) = generated()?;
    let count = || -> usize {
        let places = areas.iter().flat_map(|area| categories.iter().map(move |category| (area, category)));
        places.map(|(area, category)| calendar.days(area, category, YEAR.0..=YEAR.1).count()).sum()
    };
    let days = count();
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(count());
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    let millis = |time: Duration| (time.as_secs_f64() * 1e5).round() / 100.0;
    let [min, p50, max] = [0, ROUNDS / 2, ROUNDS - 1].map(|place| millis(times[place]));
    let start = Instant::now();
    let findings = calendar.findings(YEAR.0).len();
    let found = millis(start.elapsed());
    let figures = json!({
        "areas": AREAS, "categories": CATEGORIES, "days": days, "rounds": ROUNDS, "min_ms": min, "p50_ms": p50, "max_ms": max,
        "findings": findings, "findings_ms": found,
    });
    let mut out = std::io::stdout();
    writeln!(out, "{figures}")?;
    writeln!(
        out,
        "| days of a year, {AREAS} areas x {CATEGORIES} categories: {days} days | p50 {p50:.1} ms | min {min:.1} ms | max {max:.1} ms | findings in {found:.1} ms |"
    )?;
    Ok(())
}

/// A calendar, its areas and their categories.
type Generated = (Calendar, Vec<AreaId>, Vec<CategoryId>);

fn generated() -> Result<Generated, Box<dyn Error>> {
    let areas = (0..AREAS).map(|area| format!("area-{area}").parse()).collect::<Result<Vec<AreaId>, _>>()?;
    let categories = (0..CATEGORIES).map(|category| format!("category-{category}").parse());
    let categories = categories.collect::<Result<Vec<CategoryId>, _>>()?;
    let closures = [
        Closure { days: "12-31..01-03".parse()?, effect: ClosureEffect::Skip },
        Closure { days: "08-13..08-15".parse()?, effect: ClosureEffect::ShiftWeek },
        Closure { days: "2027-11-01..2027-11-05".parse()?, effect: ClosureEffect::MoveTo("11-08".parse()?) },
    ];
    let mut calendar = Calendar::default();
    for (number, area) in areas.iter().enumerate() {
        for (place, category) in categories.iter().enumerate() {
            let recurrence = Recurrence {
                rules: parse_rules(RULES[(number + 2 * place) % RULES.len()])?,
                except: parse_periods("2027-05-03..2027-05-05")?,
                extra: parse_periods("12-30")?,
                holidays: HOLIDAYS[(number + place) % HOLIDAYS.len()].parse()?,
            };
            calendar.add(area.clone(), category.clone(), Entry { recurrence, note: String::new() });
        }
        for closure in closures {
            calendar.close(area.clone(), closure);
        }
    }
    Ok((calendar, areas, categories))
}
