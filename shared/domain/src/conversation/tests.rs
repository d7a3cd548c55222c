//! The conversation as residents have it: what is said, what is kept, in whatever order events come.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::garbage::calendar::{Entry, parse_rules};
use crate::garbage::waste::{WasteIndex, WasteItem};
use crate::ids::{DepartmentId, TopicId};
use crate::reply::{CARDS_MAX, CHOICES_MAX, Card, REPLIES_MAX, Row, TEXT_UNITS_MAX};
use crate::resident::Switch;
use crate::time::YearMonth;
use crate::town::{Area, Category, Department, District, Name, Profile, Texts, Topic};

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
            Action::Open(_) => None,
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
fn a_district_is_chosen_by_typing_its_name_or_a_part_of_it() {
    for (typed, district) in [("南", "minami"), ("ミナミ", "minami"), ("ほんちょう", "honcho"), ("北本", "kita-honcho")]
    {
        let mut chat = Chat::default();
        chat.hear(&town(), 1, tapped(&Command::Districts));
        let turn = chat.hear(&town(), 2, said(typed));
        assert_eq!(chat.settings().district().unwrap().as_str(), district, "{typed}");
        assert!(spoken(&turn).contains("お住まいの地区を"), "{typed}");
    }
}

#[test]
fn a_name_that_fits_several_districts_or_none_is_asked_again() {
    let mut chat = Chat::default();
    chat.hear(&town(), 1, tapped(&Command::Districts));
    let several = chat.hear(&town(), 2, said("町"));
    assert_eq!(chat.settings().district(), None);
    assert!(offered(&several).contains(&Command::SetDistrict("honcho".parse().unwrap())));
    let none = chat.hear(&town(), 3, said("ほしぞら"));
    assert!(spoken(&none).contains("「ほしぞら」という地区は見つかりませんでした"));
    chat.hear(&town(), 4, said("南町"));
    assert_eq!(chat.settings().district().unwrap().as_str(), "minami");
}

#[test]
fn a_thing_to_throw_away_is_answered_even_while_a_district_is_asked() {
    let mut chat = Chat::default();
    chat.hear(&town(), 1, tapped(&Command::Districts));
    let turn = chat.hear(&town(), 2, said("かんでんち"));
    assert!(spoken(&turn).contains("有害ごみ"));
}

#[test]
fn a_hundred_and_sixty_nine_districts_are_walked_by_the_kana_table() {
    let town = big_town();
    let mut chat = Chat::default();
    let turn = chat.hear(&town, 1, tapped(&Command::Districts));
    let rows: Vec<Command> =
        offered(&turn).into_iter().filter(|command| matches!(command, Command::DistrictsInRow(_))).collect();
    assert_eq!(rows.len(), 10);
    let mut reached = 0;
    for (second, row) in (2..).zip(&rows) {
        let turn = chat.hear(&town, second, tapped(row));
        reached += offered(&turn).iter().filter(|command| matches!(command, Command::SetDistrict(_))).count();
    }
    assert_eq!(reached, 169);
}

#[test]
fn districts_without_readings_are_walked_by_their_first_characters() {
    let names: Vec<String> = (0..169).map(|n| format!("{}町{n}区", ["峰山", "大宮", "網野", "丹後"][n % 4])).collect();
    let ids: Vec<String> = (0..169).map(|n| format!("d{n}")).collect();
    let districts: Vec<(&str, &str, &str)> =
        ids.iter().zip(&names).map(|(id, name)| (id.as_str(), name.as_str(), name.as_str())).collect();
    let town = town_with(&districts);
    let mut chat = Chat::default();
    let rows = offered(&chat.hear(&town, 1, tapped(&Command::Districts)));
    let rows: Vec<&Command> = rows.iter().filter(|command| matches!(command, Command::DistrictsInRow(_))).collect();
    assert_eq!(rows.len(), 4);
    let mut reached = 0;
    for (second, row) in (2..).zip(rows) {
        let turn = chat.hear(&town, second, tapped(row));
        reached += offered(&turn).iter().filter(|command| matches!(command, Command::SetDistrict(_))).count();
    }
    assert_eq!(reached, 169);
    let many = chat.hear(&town, 99, said("町"));
    assert!(spoken(&many).contains("ほかにもあります"), "what is not shown is said");
}

#[test]
fn topics_follow_the_towns_default_until_the_resident_says_otherwise() {
    let mut chat = Chat::default();
    let disaster: TopicId = "disaster".parse().unwrap();
    let turn = chat.hear(&town(), 1, tapped(&Command::Topics));
    assert!(offered(&turn).contains(&Command::SwitchTopic(disaster.clone(), Switch::Off)));
    let turn = chat.hear(&town(), 2, tapped(&Command::SwitchTopic(disaster.clone(), Switch::Off)));
    assert_eq!(chat.settings().topic(&disaster), Some(Switch::Off));
    assert!(offered(&turn).contains(&Command::SwitchTopic(disaster, Switch::On)));
}

#[test]
fn a_child_is_added_by_buttons_or_by_typing_and_taken_away() {
    let may = YearMonth::new(2024, 5).unwrap();
    let mut chat = Chat::default();
    let years = chat.hear(&town(), 1, tapped(&Command::AddChild));
    assert!(offered(&years).contains(&Command::AddChildIn(2024)));
    let months = chat.hear(&town(), 2, tapped(&Command::AddChildIn(2024)));
    assert!(offered(&months).contains(&Command::AddChildOf(may)));
    chat.hear(&town(), 3, said("2024年5月"));
    assert!(chat.settings().children().contains(&may));
    chat.hear(&town(), 4, tapped(&Command::RemoveChildOf(may)));
    assert!(chat.settings().children().is_empty());
    let turn = chat.hear(&town(), 5, tapped(&Command::AddChildOf(YearMonth::new(2199, 1).unwrap())));
    assert!(chat.settings().children().is_empty(), "{}", spoken(&turn));
}

#[test]
fn a_thing_to_throw_away_is_answered_even_while_a_birth_month_is_asked() {
    let mut chat = Chat::default();
    chat.hear(&town(), 1, tapped(&Command::AddChild));
    assert!(spoken(&chat.hear(&town(), 2, said("かんでんち"))).contains("有害ごみ"));
}

#[test]
fn today_is_the_next_day_only_until_its_time_has_come() {
    let mut town = town();
    let entry = Entry {
        rules: parse_rules("月 火 水 木 金 土 日").unwrap(),
        except: Vec::new(),
        extra: Vec::new(),
        note: "祝日も集めます".to_owned(),
    };
    town.calendar.add("north".parse().unwrap(), "hazardous".parse().unwrap(), entry);
    let mut chat = Chat::default();
    chat.hear(&town, 1, tapped(&Command::SetDistrict("minami".parse().unwrap())));
    // 2026-11-19T08:30 in Japan is this second; the event's own time does not matter.
    let half_past_eight = "2026-11-19T08:30:00+09:00".parse::<Timestamp>().unwrap();
    for (seconds, day) in [(-60, "今日 11月19日(木)"), (0, "今日 11月19日(木)"), (60, "明日 11月20日(金)")]
    {
        let now = half_past_eight + SignedDuration::from_secs(seconds);
        let turn = respond(&town, chat.resident.as_ref(), None, &incoming(9, said("かんでんち")), now);
        assert!(spoken(&turn).contains(day), "{seconds}: {}", spoken(&turn));
        assert!(spoken(&turn).contains("祝日も集めます"));
        let turn = respond(&town, chat.resident.as_ref(), None, &incoming(9, tapped(&Command::NextCollection)), now);
        assert!(spoken(&turn).contains(day), "{seconds}: {}", spoken(&turn));
    }
}

#[test]
fn the_eleventh_child_is_refused() {
    let mut chat = Chat::default();
    for month in 1..=10 {
        chat.hear(&town(), i64::from(month), tapped(&Command::AddChildOf(YearMonth::new(2024, month).unwrap())));
    }
    let turn = chat.hear(&town(), 11, tapped(&Command::AddChildOf(YearMonth::new(2024, 11).unwrap())));
    assert_eq!(chat.settings().children().len(), 10);
    assert!(spoken(&turn).contains("10人まで"));
}

#[test]
fn the_language_changes_the_words_at_once() {
    let mut chat = Chat::default();
    let turn = chat.hear(&town(), 1, tapped(&Command::SetLanguage(Language::English)));
    assert!(spoken(&turn).contains("I will answer in English."));
    assert!(spoken(&chat.hear(&town(), 2, said("settings"))).contains("Your settings"));
}

#[test]
fn clearing_asks_first_and_then_forgets_all() {
    let mut chat = Chat::default();
    chat.hear(&town(), 1, tapped(&Command::SetDistrict("minami".parse().unwrap())));
    let asked = chat.hear(&town(), 2, said("リセット"));
    assert!(offered(&asked).contains(&Command::ClearNow));
    assert!(chat.settings().district().is_some());
    chat.hear(&town(), 3, tapped(&Command::ClearNow));
    assert_eq!(chat.settings().district(), None);
}

#[test]
fn who_mutes_is_warned_first_still_answered_and_can_come_back() {
    let mut chat = Chat::default();
    let asked = chat.hear(&town(), 1, said("配信を止める"));
    assert!(spoken(&asked).contains("緊急のお知らせも届かなくなります"));
    assert!(offered(&asked).contains(&Command::MuteNow) && offered(&asked).contains(&Command::Cancel));
    assert_eq!(chat.settings().muted(), Switch::Off, "asked, not done");

    let done = chat.hear(&town(), 2, tapped(&Command::MuteNow));
    assert_eq!(chat.settings().muted(), Switch::On);
    assert!(spoken(&done).contains("配信を止めました") && spoken(&done).contains("止めています"), "{}", spoken(&done));
    assert!(offered(&done).contains(&Command::Unmute) && !offered(&done).contains(&Command::Mute));
    assert!(spoken(&chat.hear(&town(), 3, said("かんでんち"))).contains("有害ごみ"), "questions are answered");
    let topics = chat.hear(&town(), 4, tapped(&Command::SwitchTopic("crime".parse().unwrap(), Switch::On)));
    assert!(spoken(&topics).contains("配信をすべて止めている"), "a topic that will not come is not promised");
    assert!(offered(&topics).contains(&Command::Unmute));
    chat.hear(&town(), 5, Deed::Unfollowed);
    let back = chat.hear(&town(), 6, Deed::Followed);
    assert!(spoken(&back).contains("止めています"), "who comes back sees it");

    let again = chat.hear(&town(), 7, said("また受け取る"));
    assert_eq!(chat.settings().muted(), Switch::Off);
    assert!(spoken(&again).contains("受け取っています") && offered(&again).contains(&Command::Mute));
    chat.hear(&town(), 6, tapped(&Command::MuteNow));
    assert_eq!(chat.settings().muted(), Switch::Off, "an older tap comes too late");
}

#[test]
fn clearing_brings_broadcasts_back() {
    let mut chat = Chat::default();
    chat.hear(&town(), 1, tapped(&Command::MuteNow));
    chat.hear(&town(), 2, tapped(&Command::ClearNow));
    assert_eq!(chat.settings().muted(), Switch::Off);
    chat.hear(&town(), 4, tapped(&Command::MuteNow));
    chat.hear(&town(), 3, tapped(&Command::ClearNow));
    assert_eq!(chat.settings().muted(), Switch::On, "what was set later stays");
}

#[test]
fn settings_stored_before_there_was_muting_are_read() {
    let stored = r#"{"district":null,"language":null,"topics":{},"children":{},"cleared":null}"#;
    let settings: crate::resident::Settings = serde_json::from_str(stored).unwrap();
    assert_eq!(settings, crate::resident::Settings::default());
    let mut chat = Chat::default();
    chat.hear(&town(), 1, tapped(&Command::MuteNow));
    let stored = serde_json::to_string(chat.settings()).unwrap();
    assert_eq!(serde_json::from_str::<crate::resident::Settings>(&stored).unwrap(), *chat.settings());
}

#[test]
fn an_unknown_thing_is_kept_as_a_question_without_who_asked() {
    let turn = Chat::default().hear(&town(), 1, said("宇宙船ゾゾムギ"));
    assert_eq!(turn.effects, [Effect::KeepQuestion("宇宙船ゾゾムギ".to_owned())]);
    assert!(spoken(&turn).contains("環境課へ"));
}

#[test]
fn nobody_is_told_that_a_question_was_kept_when_it_was_not() {
    for text in ["taro@example.jp", "？？", "母が倒れました。どうしたらよいですか。"] {
        let turn = Chat::default().hear(&town(), 1, said(text));
        assert!(turn.effects.is_empty(), "{text}");
        assert!(!spoken(&turn).contains("記録しました"), "{text}");
    }
}

#[test]
fn what_the_calendar_collects_needs_no_call_though_no_time_is_known() {
    let mut town = town();
    let entry =
        Entry { rules: parse_rules("月").unwrap(), except: Vec::new(), extra: Vec::new(), note: String::new() };
    town.calendar.add("north".parse().unwrap(), "oversized".parse().unwrap(), entry);
    let told = spoken(&Chat::default().hear(&town, 1, said("たんす")));
    assert!(told.contains("地区を選ぶと、次の収集日がわかります。") && !told.contains("電話をかける"), "{told}");
}

#[test]
fn a_thing_that_nobody_collects_offers_a_call() {
    let turn = Chat::default().hear(&town(), 1, said("たんす"));
    let calls = turn.replies.iter().any(|reply| match reply {
        Reply::Cards { cards, .. } => {
            cards[0].buttons.iter().any(|button| button.action == Action::Open("tel:0000000000".to_owned()))
        }
        Reply::Text(_) => false,
    });
    assert!(calls);
}

#[test]
fn the_name_of_a_category_is_answered_as_such() {
    let turn = Chat::default().hear(&town(), 1, said("粗大ゴミ"));
    assert!(spoken(&turn).starts_with("粗大ごみ"), "{}", spoken(&turn));
    assert!(spoken(&turn).contains("透明な袋に入れてください。"));
    assert!(turn.effects.is_empty());
}

#[test]
fn the_name_of_a_district_is_offered_as_the_district() {
    let turn = Chat::default().hear(&town(), 1, said("南町"));
    assert!(offered(&turn).contains(&Command::SetDistrict("minami".parse().unwrap())));
    assert!(turn.effects.is_empty());
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

fn any_deed() -> impl Strategy<Value = Deed> {
    let month = (2020_i16..2027, 1_i8..=12).prop_map(|(year, month)| YearMonth::new(year, month).unwrap());
    let switch = prop_oneof![Just(Switch::On), Just(Switch::Off)];
    prop_oneof![
        Just(Deed::Followed),
        Just(Deed::Unfollowed),
        "\\PC{0,80}".prop_map(Deed::Said),
        "[a-z-]{0,12}:?\\PC{0,12}".prop_map(Deed::Tapped),
        prop_oneof![Just("honcho"), Just("minami"), Just("gone")]
            .prop_map(|id| tapped(&Command::SetDistrict(id.parse().unwrap()))),
        Just(tapped(&Command::ForgetDistrict)),
        Just(tapped(&Command::Districts)),
        Just(tapped(&Command::ClearNow)),
        Just(tapped(&Command::MuteNow)),
        Just(tapped(&Command::Unmute)),
        (prop_oneof![Just("crime"), Just("disaster")], switch)
            .prop_map(|(id, switch)| tapped(&Command::SwitchTopic(id.parse().unwrap(), switch))),
        month.clone().prop_map(|month| tapped(&Command::AddChildOf(month))),
        month.prop_map(|month| tapped(&Command::RemoveChildOf(month))),
        prop_oneof![Just(Language::English), Just(Language::EasyJapanese)]
            .prop_map(|language| tapped(&Command::SetLanguage(language))),
    ]
}

proptest! {
    /// Whatever comes in whatever state, the answer fits into one call of the platform.
    #[test]
    fn every_answer_fits(deeds in prop::collection::vec(any_deed(), 1..12)) {
        let town = big_town();
        let mut chat = Chat::default();
        for (second, deed) in (1..).zip(deeds) {
            let turn = chat.hear(&town, second, deed);
            prop_assert!(turn.replies.len() <= REPLIES_MAX);
            prop_assert!(turn.choices.len() <= CHOICES_MAX);
            for choice in &turn.choices {
                prop_assert!(choice.label.graphemes(true).count() <= LABEL_GRAPHEMES_MAX);
            }
            for reply in &turn.replies {
                match reply {
                    Reply::Text(text) => {
                        prop_assert!(!text.is_empty() && text.encode_utf16().count() <= TEXT_UNITS_MAX);
                    }
                    Reply::Cards { cards, .. } => prop_assert!((1..=CARDS_MAX).contains(&cards.len())),
                }
            }
        }
    }

    /// Settings after a set of events do not depend on the order in which the events arrive, nor on repeats.
    #[test]
    fn settings_do_not_depend_on_the_order_of_events(
        deeds in prop::collection::vec(any_deed(), 1..10),
        order in prop::collection::vec(any::<prop::sample::Index>(), 20),
    ) {
        // Ten children at most are kept, so that a full list cannot make the order matter.
        let town = town();
        let events: Vec<(i64, Deed)> = (1..).zip(deeds.into_iter().filter(|deed| !matches!(deed, Deed::Said(_)))).collect();
        prop_assume!(!events.is_empty());
        let mut in_order = Chat::default();
        for (second, deed) in &events {
            in_order.hear(&town, *second, deed.clone());
        }
        let mut shuffled = Chat::default();
        let mut places: Vec<usize> = order.iter().map(|index| index.index(events.len())).collect();
        // Each comes at least once, the last of all in the order that is furthest from the true one.
        places.extend((0..events.len()).rev());
        for place in places {
            let (second, deed) = &events[place];
            shuffled.hear(&town, *second, deed.clone());
        }
        let (one, other) = (in_order.resident.unwrap(), shuffled.resident.unwrap());
        prop_assert_eq!(one.settings, other.settings);
    }
}
