//! The conversation as residents have it: what is said, what is kept, in whatever order events come.

mod days;
mod districts;
mod garbage;
mod months;
mod notice;
mod random;
mod reminders;
mod report;
mod settings;

use std::collections::BTreeMap;

use super::*;
use crate::dates::parse_rules;
use crate::garbage::calendar::Entry;
use crate::garbage::waste::{WasteIndex, WasteItem};
use crate::ids::{DepartmentId, TopicId};
use crate::reply::{CARDS_MAX, CHOICES_MAX, Card, REPLIES_MAX, Row, TEXT_UNITS_MAX};
use crate::resident::Switch;
use crate::time::YearMonth;
use crate::town::{Area, Category, DateKind, Department, Direction, District, Name, Profile, Texts, Topic};

const SOMEBODY: &str = "U0123456789abcdef0123456789abcdef";

fn name(ja: &str, en: &str) -> Name {
    Name { ja: ja.to_owned(), easy: String::new(), en: en.to_owned() }
}

fn item(id: &str, name: &str, reading: &str, category: &str) -> WasteItem {
    WasteItem {
        id: id.parse().unwrap(),
        name: name.to_owned(),
        reading: reading.to_owned(),
        aliases: Vec::new(),
        category: category.parse().unwrap(),
        how: String::new(),
        note: String::new(),
        name_en: String::new(),
    }
}

fn category(id: &str, name_ja: &str, put_out_by: &str) -> Category {
    Category {
        id: id.parse().unwrap(),
        name: name(name_ja, ""),
        color: "#aa3300".to_owned(),
        description: String::new(),
        how: "透明な袋に入れてください。".to_owned(),
        put_out_by: put_out_by.to_owned(),
        department: Some("environment".parse().unwrap()),
    }
}

fn town_with(districts: &[(&str, &str, &str)]) -> Town {
    let department: DepartmentId = "environment".parse().unwrap();
    let topic = |id: &str, ja: &str, default| Topic {
        id: id.parse().unwrap(),
        name: name(ja, id),
        description: String::new(),
        department: department.clone(),
        default,
        weekly_max: None,
    };
    let texts = |welcome: &str| Texts {
        welcome: welcome.to_owned(),
        garbage_not_found_contact: "環境課へ".to_owned(),
        emergency_note: "119ではありません".to_owned(),
    };
    let area: Area = Area { id: "north".parse().unwrap(), name: "北".to_owned(), center: String::new() };
    Town {
        profile: Profile {
            name: "ためし町".to_owned(),
            languages: Language::ALL.to_vec(),
            blocked_resident_retention_days: Some(30),
            texts: BTreeMap::from([(Language::Japanese, texts("ようこそ")), (Language::English, texts("Welcome"))]),
            ..Profile::default()
        },
        departments: BTreeMap::from([(
            department.clone(),
            Department { id: department.clone(), name: "環境課".to_owned(), phone: "0000-00-0000".to_owned() },
        )]),
        districts: districts
            .iter()
            .map(|(id, name, reading)| District {
                id: id.parse().unwrap(),
                name: (*name).to_owned(),
                reading: (*reading).to_owned(),
                area: area.id.clone(),
            })
            .collect(),
        areas: BTreeMap::from([(area.id.clone(), area)]),
        topics: vec![topic("crime", "防犯", Switch::Off), topic("disaster", "防災", Switch::On)],
        categories: vec![category("hazardous", "有害ごみ", "8:30"), category("oversized", "粗大ごみ", "")],
        waste: WasteIndex::new(vec![
            item("kandenchi", "乾電池", "かんでんち", "hazardous"),
            item("tansu", "たんす", "たんす", "oversized"),
        ]),
        ..Town::default()
    }
}

fn town() -> Town {
    town_with(&[
        ("honcho", "本町", "ほんちょう"),
        ("kita-honcho", "北本町", "きたほんちょう"),
        ("minami", "南町", "みなみまち"),
    ])
}

/// A town whose garbage goes out on Mondays and Thursdays, and some of it once a month.
fn garbage_town() -> Town {
    with_garbage(town())
}

fn with_garbage(mut town: Town) -> Town {
    let mut add = |id: &str, names: [&str; 3], put_out_by: &str, when: &str| {
        let [ja, easy, en] = names.map(str::to_owned);
        town.categories.push(Category { name: Name { ja, easy, en }, ..category(id, "", put_out_by) });
        town.calendar.add("north".parse().unwrap(), id.parse().unwrap(), Entry::from(parse_rules(when).unwrap()));
    };
    add("burnable", ["燃やすごみ", "もやす ごみ", "Burnable waste"], "8:30", "月 木");
    add("non-burnable", ["燃やさないごみ", "もやさない ごみ", "Non-burnable waste"], "8:30", "水4");
    add("plastics", ["プラスチック資源", "プラスチック", "Plastics"], "13:00", "水");
    add("paper", ["古紙", "かみ", "Paper"], "", "金2");
    town
}

/// A kind of date of the town.
fn date_kind(id: &str, name_ja: &str, direction: Direction) -> DateKind {
    let question = name(&format!("{name_ja}は、いつですか。"), "When?");
    DateKind { id: id.parse().unwrap(), name: name(name_ja, id), question, direction }
}

fn child() -> DateKindId {
    DateKindId::child()
}

fn big_town() -> Town {
    let rows = "あかさたなはまやらわ";
    let districts: Vec<(String, String, String)> = (0..169)
        .map(|n| {
            let row = rows.chars().nth(n % 10).unwrap();
            (format!("d{n}"), format!("第{n}区"), format!("{row}だい{n}く"))
        })
        .collect();
    let borrowed: Vec<(&str, &str, &str)> =
        districts.iter().map(|(id, name, reading)| (id.as_str(), name.as_str(), reading.as_str())).collect();
    town_with(&borrowed)
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + second).unwrap()
}

fn incoming(second: i64, deed: Deed) -> Incoming {
    Incoming {
        event: format!("event-{second}").parse().unwrap(),
        resident: SOMEBODY.parse().unwrap(),
        at: at(second),
        message: None,
        deed,
    }
}

fn said(text: &str) -> Deed {
    Deed::Said(text.to_owned())
}

fn tapped(command: &Command) -> Deed {
    Deed::Tapped(command.data())
}

/// What is stored of somebody, and what they were told last.
#[derive(Default)]
struct Chat {
    resident: Option<Resident>,
    conversation: Option<Conversation>,
}

impl Chat {
    fn hear(&mut self, town: &Town, second: i64, deed: Deed) -> Turn {
        let turn =
            respond(town, self.resident.as_ref(), self.conversation.as_ref(), &incoming(second, deed), at(second));
        self.resident = turn.resident.clone().or(self.resident.take());
        self.conversation = turn.conversation.clone().or(self.conversation.take());
        turn
    }

    /// Somebody who lives in 南町.
    fn of_minami() -> Self {
        let mut chat = Self::default();
        chat.hear(&town(), -1_000_000_000, tapped(&Command::SetDistrict("minami".parse().unwrap())));
        chat
    }

    /// At a time in Japan, such as `2026-11-25T08:00`.
    fn hear_at(&mut self, town: &Town, time: &str, deed: Deed) -> Turn {
        let time: Timestamp = format!("{time}:00+09:00").parse().unwrap();
        self.hear(town, time.as_second() - at(0).as_second(), deed)
    }

    fn settings(&self) -> &crate::resident::Settings {
        &self.resident.as_ref().unwrap().settings
    }
}

/// Everything that a turn says, in one text.
fn spoken(turn: &Turn) -> String {
    let mut all = String::new();
    for reply in &turn.replies {
        match reply {
            Reply::Text(text) => all.push_str(text),
            Reply::Cards { summary, cards } => {
                all.push_str(summary);
                for card in cards {
                    all.push_str(&card_text(card));
                }
            }
        }
        all.push('\n');
    }
    all
}

fn card_text(card: &Card) -> String {
    let mut text = card.title.clone();
    text.extend(card.badge.iter().map(|badge| badge.text.as_str()));
    for row in &card.rows {
        match row {
            Row::Text(row) | Row::Note(row) => text.push_str(row),
            Row::Field { name, value } => {
                text.push_str(name);
                text.push_str(value);
            }
        }
    }
    text.extend(card.buttons.iter().map(|button| button.label.as_str()));
    text
}

/// The commands that a turn offers, on cards and below.
fn offered(turn: &Turn) -> Vec<Command> {
    let on_cards = turn.replies.iter().flat_map(|reply| match reply {
        Reply::Text(_) => Vec::new(),
        Reply::Cards { cards, .. } => cards.iter().flat_map(|card| card.buttons.clone()).collect(),
    });
    on_cards
        .chain(turn.choices.clone())
        .filter_map(|choice| match choice.action {
            Action::Send { data, .. } => Some(Command::parse(&data).expect("we offer only commands of ours")),
            Action::Open(_) | Action::Camera | Action::CameraRoll | Action::Location => None,
        })
        .collect()
}

#[test]
fn a_new_resident_is_welcomed_and_shown_where_to_begin() {
    let mut chat = Chat::default();
    let turn = chat.hear(&town(), 1, Deed::Followed);
    assert!(spoken(&turn).contains("ようこそ"));
    assert!(offered(&turn).contains(&Command::Districts));
    assert!(offered(&turn).contains(&Command::SetLanguage(Language::English)));
    assert_eq!(chat.resident.unwrap().since, at(1));
}

#[test]
fn who_blocks_is_marked_told_nothing_and_erased_after_the_towns_days() {
    let mut chat = Chat::default();
    chat.hear(&town(), 1, Deed::Followed);
    let turn = chat.hear(&town(), 10, Deed::Unfollowed);
    assert!(turn.replies.is_empty());
    assert_eq!(turn.erase_resident_at, Some(at(10) + SignedDuration::from_hours(30 * 24)));
    assert_eq!(turn.effects, [Effect::NoteUnfollow(at(10))]);
    assert_eq!(chat.resident.as_ref().unwrap().standing.value, Standing::Blocked);
    let turn = chat.hear(&town(), 20, Deed::Followed);
    assert_eq!(turn.erase_resident_at, None);
    assert!(!turn.replies.is_empty());
}

#[test]
fn a_block_that_is_told_late_happened_all_the_same() {
    let mut chat = Chat::default();
    chat.hear(&town(), 10, Deed::Followed);
    let late = chat.hear(&town(), 5, Deed::Unfollowed);
    assert_eq!(late.effects, [Effect::NoteUnfollow(at(5))], "at its own time");
    assert_eq!(chat.resident.unwrap().standing.value, Standing::Following);
}

#[test]
fn an_older_event_neither_undoes_a_block_nor_a_setting() {
    let mut chat = Chat::default();
    chat.hear(&town(), 5, tapped(&Command::SetDistrict("minami".parse().unwrap())));
    chat.hear(&town(), 3, tapped(&Command::SetDistrict("honcho".parse().unwrap())));
    assert_eq!(chat.settings().district().unwrap().as_str(), "minami");
    chat.hear(&town(), 10, Deed::Unfollowed);
    let late = chat.hear(&town(), 7, said("かんでんち"));
    assert!(late.replies.is_empty());
    assert_eq!(chat.resident.unwrap().standing.value, Standing::Blocked);
}

#[test]
fn things_that_are_not_text_get_a_kind_answer_and_unknown_deeds_none() {
    for thing in [Thing::Photo, Thing::Place, Thing::Sticker, Thing::Video, Thing::Audio, Thing::File, Thing::Unknown] {
        assert_eq!(Chat::default().hear(&town(), 1, Deed::Sent(thing)).replies.len(), 1, "{thing:?}");
    }
    assert_eq!(Chat::default().hear(&town(), 1, Deed::Other), Turn::default());
    let odd = Chat::default().hear(&town(), 1, Deed::Tapped("コマンドではない".to_owned()));
    assert!(spoken(&odd).contains("使えなくなりました"));
}
