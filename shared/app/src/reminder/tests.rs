//! What is said of the garbage that goes out on a day.

use domain::broadcast::content::Message;
use domain::dates::parse_rules;
use domain::garbage::reminder::{EVENING_DEFAULT, MORNING_DEFAULT, Side, Slot};
use domain::ids::CategoryId;
use domain::language::Language;
use domain::town::{Category, District, Name, Town};
use jiff::civil::date;

use super::garbage::{said, summary};

fn town() -> Town {
    let mut town = Town::default();
    town.profile.languages = vec![Language::English, Language::Japanese];
    for (id, ja, en, put_out_by) in [
        ("paper", "紙", "Paper", "13:00"),
        ("burnable", "燃やすごみ", "Burnable", "8:30"),
        ("cans", "かん", "", "8:30"),
    ] {
        let name = Name { ja: ja.to_owned(), en: en.to_owned(), ..Name::default() };
        let (color, description, how) = (String::new(), String::new(), String::new());
        let put_out_by = put_out_by.to_owned();
        town.categories.push(Category {
            id: id.parse().unwrap(),
            name,
            color,
            description,
            how,
            put_out_by,
            department: None,
        });
    }
    for (area, category, rules) in
        [("east", "paper", "水"), ("east", "burnable", "水 土"), ("west", "cans", "水"), ("empty", "cans", "木")]
    {
        let entry = parse_rules(rules).unwrap().into();
        town.calendar.add(area.parse().unwrap(), category.parse().unwrap(), entry);
    }
    for area in ["east", "west"] {
        let (id, name, reading) = (area.parse().unwrap(), area.to_owned(), area.to_owned());
        town.districts.push(District { id, name, reading, area: area.parse().unwrap() });
    }
    town
}

fn set(ids: &[&str]) -> std::collections::BTreeSet<CategoryId> {
    ids.iter().map(|id| id.parse().unwrap()).collect()
}

fn text(message: &Message) -> &str {
    match message {
        Message::Text(text) => text,
        other => panic!("no text: {other:?}"),
    }
}

fn at(side: Side) -> Slot {
    match side {
        Side::Evening => Slot { side, at: EVENING_DEFAULT },
        Side::Morning => Slot { side, at: MORNING_DEFAULT },
    }
}

#[test]
fn every_set_that_somebody_may_be_reminded_of_is_said_in_every_language_the_japanese_first() {
    let said = said(&town(), at(Side::Evening), date(2026, 11, 25));
    let sets = [set(&["burnable", "paper"]), set(&["cans"]), set(&["burnable"]), set(&["paper"])];
    let expected: Vec<_> = [Language::Japanese, Language::English]
        .into_iter()
        .flat_map(|language| sets.clone().map(|set| (language, set)))
        .collect();
    let mut found: Vec<_> = said.iter().map(|said| (said.language, said.categories.clone())).collect();
    assert!(found[..4].iter().all(|(language, _)| *language == Language::Japanese));
    let sorted = |mut all: Vec<_>| {
        all.sort();
        all
    };
    found = sorted(found);
    assert_eq!(found, sorted(expected));
}

#[test]
fn what_goes_out_earlier_is_named_earlier_and_nothing_else_is_named() {
    let said = said(&town(), at(Side::Morning), date(2026, 11, 25));
    let both = said.iter().find(|said| said.categories.len() == 2 && said.language == Language::Japanese).unwrap();
    let text = text(&both.wording.messages[0]);
    let place = |name: &str| text.find(name);
    assert!(place("燃やすごみ").unwrap() < place("紙").unwrap(), "{text}");
    assert!(place("8:30").unwrap() < place("13:00").unwrap(), "{text}");
    assert_eq!(place("かん"), None, "{text}");
    let cans =
        said.iter().find(|said| said.categories == set(&["cans"]) && said.language == Language::English).unwrap();
    assert_eq!(cans.content().wordings.len(), 1);
}

#[test]
fn of_a_day_without_collections_nothing_is_said() {
    // On Thursday something is collected where nobody lives.
    for day in [date(2026, 11, 23), date(2026, 11, 26)] {
        assert_eq!(said(&town(), at(Side::Evening), day), []);
        assert!(summary(&town(), at(Side::Evening), day).wordings.is_empty());
    }
    let all = summary(&town(), at(Side::Evening), date(2026, 11, 25));
    let text = text(&all.wordings[&Language::Japanese].messages[0]).to_owned();
    assert!(["燃やすごみ", "紙", "かん"].iter().all(|name| text.contains(name)), "{text}");
}
