//! Settings: seen, changed and cleared, and what was stored before there were more of them.

use super::*;

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
    let years = chat.hear(&town(), 1, tapped(&Command::AddDate(child())));
    assert!(offered(&years).contains(&Command::AddDateIn(child(), 2024)));
    let months = chat.hear(&town(), 2, tapped(&Command::AddDateIn(child(), 2024)));
    assert!(offered(&months).contains(&Command::AddDateOf(child(), may)));
    chat.hear(&town(), 3, said("2024年5月"));
    assert!(chat.settings().children().contains(&may));
    chat.hear(&town(), 4, tapped(&Command::RemoveDateOf(child(), may)));
    assert!(chat.settings().children().is_empty());
    let turn = chat.hear(&town(), 5, tapped(&Command::AddDateOf(child(), YearMonth::new(2199, 1).unwrap())));
    assert!(chat.settings().children().is_empty(), "{}", spoken(&turn));
}

#[test]
fn a_thing_to_throw_away_is_answered_even_while_a_birth_month_is_asked() {
    let mut chat = Chat::default();
    chat.hear(&town(), 1, tapped(&Command::AddDate(child())));
    assert!(spoken(&chat.hear(&town(), 2, said("かんでんち"))).contains("有害ごみ"));
}

#[test]
fn the_eleventh_child_is_refused() {
    let mut chat = Chat::default();
    for month in 1..=10 {
        chat.hear(
            &town(),
            i64::from(month),
            tapped(&Command::AddDateOf(child(), YearMonth::new(2024, month).unwrap())),
        );
    }
    let turn = chat.hear(&town(), 11, tapped(&Command::AddDateOf(child(), YearMonth::new(2024, 11).unwrap())));
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
    let town = garbage_town();
    let mut chat = Chat::default();
    chat.hear(&town, 1, tapped(&Command::MuteNow));
    chat.hear(&town, 2, tapped(&Command::Remind("burnable".parse().unwrap(), Switch::On)));
    chat.hear(&town, 3, tapped(&Command::RemindersOff));
    chat.hear(&town, 4, tapped(&Command::AddDateOf(child(), YearMonth::new(2024, 5).unwrap())));
    let stored = serde_json::to_string(chat.settings()).unwrap();
    assert_eq!(serde_json::from_str::<crate::resident::Settings>(&stored).unwrap(), *chat.settings());
}
