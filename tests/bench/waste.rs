//! How fast a resident's words find a waste item: `cargo run --release -p tests --bin bench-waste`.
//!
//! The list is the sample town's, made as long as the longest known (3,984 items) by compounds, or any CSV file by `--items`
//! (columns `name`/`hinmoku`, `reading`/`hiragana`, `aliases`, `name_en`). Nothing is drawn by lot: two runs ask the same.

mod compounds;

use std::collections::BTreeSet;
use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use app::ports::TownRecord;
use app::town::TownData;
use app::town::records::{from_records, to_records};
use clap::Parser;
use domain::garbage::waste::{Lookup, WasteIndex, WasteItem};
use domain::ids::CategoryId;
use domain::town::{Category, Name};
use serde_json::json;

use crate::compounds::lengthen;

/// As many items as the longest list known has.
const ITEMS: usize = 3_984;
/// Every so many items, one is asked for.
const ASKED_EVERY: usize = 4;
/// How often each question is asked.
const ROUNDS: usize = 21;
/// How often the index is built.
const BUILDS: usize = 21;

/// Measures the lookup of waste items.
#[derive(Parser)]
struct Arguments {
    /// A CSV file of waste items; the sample town's, made long, if none is given.
    #[arg(long)]
    items: Option<PathBuf>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let items = match Arguments::parse().items {
        Some(path) => read(&path)?,
        None => lengthen(
            &read(&PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../infra/sample-town/waste-items.csv")))?,
            ITEMS,
        )?,
    };
    let builds: Vec<Duration> = (0..BUILDS).map(|_| time_build(&items)).collect();
    let stored = stored(&items)?;
    let loads = (0..BUILDS).map(|_| time_load(&stored)).collect::<Result<Vec<_>, _>>()?;
    let index = WasteIndex::new(items);
    let questions = questions(index.items());
    let mut answers = Answers::default();
    for question in &questions {
        answers.count(&index.find(&question.text));
    }
    let mut rounds: Vec<Vec<Duration>> = questions.iter().map(|_| Vec::with_capacity(ROUNDS)).collect();
    for _ in 0..ROUNDS {
        for (question, times) in questions.iter().zip(&mut rounds) {
            let start = Instant::now();
            std::hint::black_box(index.find(std::hint::black_box(&question.text)));
            times.push(start.elapsed());
        }
    }
    // The median of the rounds is the question's own time, without what else the machine did meanwhile.
    let times: Vec<Duration> = rounds.iter_mut().map(|times| percentile(times, 0.5)).collect();
    let slowest = times.iter().zip(&questions).max_by_key(|(time, _)| **time).map_or("", |(_, question)| question.kind);
    report(&index, [builds, loads], times, &answers, slowest)
}

fn time_build(items: &[WasteItem]) -> Duration {
    let items = items.to_vec();
    let start = Instant::now();
    let index = WasteIndex::new(items);
    let time = start.elapsed();
    std::hint::black_box(index);
    time
}

/// A record as the table holds it: kind, id and text.
type Stored = (String, String, String);

/// The items as the table holds them.
fn stored(items: &[WasteItem]) -> Result<Vec<Stored>, Box<dyn Error>> {
    let categories: BTreeSet<_> = items.iter().map(|item| item.category.clone()).collect();
    let category = |id: CategoryId| Category {
        id,
        name: Name::default(),
        color: "#000000".to_owned(),
        description: String::new(),
        how: String::new(),
        put_out_by: String::new(),
        department: None,
    };
    let categories = categories.into_iter().map(category).collect();
    let data = TownData { categories, waste_items: items.to_vec(), ..TownData::default() };
    let text = |record: TownRecord| (record.kind, record.id, record.body.to_string());
    Ok(to_records(&data)?.into_iter().map(text).collect())
}

/// What a cold start does with what it has read: texts become records, a town, and an index.
fn time_load(stored: &[Stored]) -> Result<Duration, Box<dyn Error>> {
    let stored = stored.to_vec();
    let start = Instant::now();
    let record = |(kind, id, body): Stored| -> Result<TownRecord, serde_json::Error> {
        Ok(TownRecord { kind, id, body: serde_json::from_str(&body)? })
    };
    let records = stored.into_iter().map(record).collect::<Result<_, _>>()?;
    let town = from_records(records).data.into_town();
    let time = start.elapsed();
    assert!(!town.waste.items().is_empty(), "nothing was loaded");
    Ok(time)
}

fn report(
    index: &WasteIndex,
    [mut builds, mut loads]: [Vec<Duration>; 2],
    mut times: Vec<Duration>,
    answers: &Answers,
    slowest: &str,
) -> Result<(), Box<dyn Error>> {
    let (items, asked) = (index.items().len(), times.len());
    let micros = |time: Duration| (time.as_secs_f64() * 1e7).round() / 10.0;
    let [p50, p99, max] = [0.5, 0.99, 1.0].map(|share| micros(percentile(&mut times, share)));
    let [build_min, build, build_max] = [0.0, 0.5, 1.0].map(|share| micros(percentile(&mut builds, share)) / 1_000.0);
    let load = micros(percentile(&mut loads, 0.5)) / 1_000.0;
    let figures = json!({
        "items": items, "questions": asked, "rounds": ROUNDS, "p50_us": p50, "p99_us": p99, "max_us": max, "slowest_kind": slowest,
        "build_min_ms": build_min, "build_ms": build, "build_max_ms": build_max,
        "load_ms": load,
        "answers": {"found": answers.found, "nearest": answers.nearest, "nothing": answers.nothing},
    });
    let mut out = std::io::stdout();
    writeln!(out, "{figures}")?;
    writeln!(
        out,
        "| waste lookup, {items} items | p50 {p50:.0} us | p99 {p99:.0} us | max {max:.0} us | index built in {build:.1} ms, loaded in all in {load:.1} ms |"
    )?;
    Ok(())
}

fn percentile(times: &mut [Duration], share: f64) -> Duration {
    times.sort_unstable();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a place in a list"
    )]
    let place = ((times.len() as f64 * share).ceil() as usize).clamp(1, times.len());
    times[place - 1]
}

/// How the questions were answered.
#[derive(Default)]
struct Answers {
    found: usize,
    nearest: usize,
    nothing: usize,
}

impl Answers {
    fn count(&mut self, answer: &Lookup<'_>) {
        match answer {
            Lookup::Found(_) => self.found += 1,
            Lookup::Nearest(_) => self.nearest += 1,
            Lookup::Nothing => self.nothing += 1,
        }
    }
}

fn read(path: &PathBuf) -> Result<Vec<WasteItem>, Box<dyn Error>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(path)?;
    let header = reader.headers()?.clone();
    let column = |names: &[&str]| header.iter().position(|name| names.contains(&name.trim_start_matches('\u{feff}')));
    let columns = [&["name", "hinmoku"][..], &["reading", "hiragana"], &["aliases"], &["name_en"]].map(column);
    let mut items = Vec::new();
    for record in reader.records() {
        let record = record?;
        let [name, reading, aliases, name_en] = columns.map(|at| at.and_then(|at| record.get(at)).unwrap_or_default());
        let aliases = aliases.split('|').filter(|alias| !alias.is_empty()).map(str::to_owned).collect();
        items.push(item(items.len(), name.to_owned(), reading.to_owned(), aliases, name_en)?);
    }
    Ok(items)
}

fn item(
    place: usize,
    name: String,
    reading: String,
    aliases: Vec<String>,
    name_en: &str,
) -> Result<WasteItem, Box<dyn Error>> {
    Ok(WasteItem {
        id: format!("item-{place}").parse()?,
        name,
        reading,
        aliases,
        category: "burnable".parse()?,
        how: String::new(),
        note: String::new(),
        name_en: name_en.to_owned(),
    })
}

/// A question and what is odd about it.
struct Question {
    kind: &'static str,
    text: String,
}

/// What residents may type to find every fourth item, in every way that costs differently.
fn questions(items: &[WasteItem]) -> Vec<Question> {
    let mut questions = Vec::new();
    for item in items.iter().step_by(ASKED_EVERY) {
        let mut ask = |kind: &'static str, text: String| questions.push(Question { kind, text });
        let reading: Vec<char> = item.reading.chars().collect();
        let middle = reading.len() / 2;
        ask("name", item.name.clone());
        ask("reading", item.reading.clone());
        ask("katakana", item.reading.chars().map(katakana).collect());
        ask("beginning", reading[..middle].iter().collect());
        ask("sentence", format!("{}はどうやって捨てるの？", item.name));
        ask("letter left out", without(&reading, middle));
        ask("letters changed places", swapped(&reading, middle));
        ask("slip in a sentence", format!("{}の捨て方を教えてください", without(&reading, middle)));
        ask("English", format!("how to throw away {}", item.name_en));
        ask("not in the list", reading.iter().rev().collect());
        ask("a hundred characters", reading.iter().chain(&['と', '古', 'い']).cycle().take(100).collect());
    }
    questions
}

fn katakana(char: char) -> char {
    if matches!(char, 'ぁ'..='ゖ') { char::from_u32(u32::from(char) + 0x60).unwrap_or(char) } else { char }
}

fn without(chars: &[char], at: usize) -> String {
    chars.iter().enumerate().filter(|(place, _)| *place != at).map(|(_, char)| *char).collect()
}

fn swapped(chars: &[char], at: usize) -> String {
    let mut chars = chars.to_vec();
    if 0 < at {
        chars.swap(at - 1, at);
    }
    chars.into_iter().collect()
}
