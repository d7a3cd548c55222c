//! Garbage reminders: what holds without a word, what is chosen, and how all of it is stopped.

use jiff::civil::time;

use super::*;
use crate::garbage::reminder::{EVENINGS, MORNINGS};
use crate::ids::CategoryId;
use crate::resident::RemindAt;

fn id(category: &str) -> CategoryId {
    category.parse().unwrap()
}

fn evening(hour: i8) -> Command {
    Command::RemindEvening(RemindAt::At(time(hour, 0, 0, 0)))
}

#[test]
fn whoever_chose_a_district_is_told_what_they_will_be_reminded_of() {
    let mut chat = Chat::default();
    let turn = chat.hear(&garbage_town(), 1, tapped(&Command::SetDistrict("minami".parse().unwrap())));
    assert!(spoken(&turn).contains("ごみの日のお知らせ: 燃やさないごみ、古紙(前の日の夜7時)"), "{}", spoken(&turn));
    assert!(offered(&turn).contains(&Command::Reminders));
    let settings = spoken(&chat.hear(&garbage_town(), 2, said("設定")));
    assert!(settings.contains("ごみの日のお知らせ燃やさないごみ、古紙(前の日の夜7時)"), "{settings}");
}

#[test]
fn the_cards_show_what_holds_and_offer_its_opposite() {
    let turn = Chat::of_minami().hear(&garbage_town(), 1, said("ごみの日のお知らせ"));
    let offered = offered(&turn);
    assert!(offered.contains(&Command::Remind(id("non-burnable"), Switch::Off)), "rare: on from the start");
    assert!(offered.contains(&Command::Remind(id("burnable"), Switch::On)), "every week: off from the start");
    assert!(
        !offered.iter().any(|command| matches!(command, Command::Remind(category, _) if *category == id("oversized")))
    );
    assert!(spoken(&turn).contains("✓ 燃やさないごみ") && spoken(&turn).contains("　 燃やすごみ"), "{}", spoken(&turn));
    assert!(spoken(&turn).contains("✓ 夜7時") && spoken(&turn).contains("✓ お知らせしない"), "{}", spoken(&turn));
    for at in EVENINGS {
        assert!(offered.contains(&Command::RemindEvening(RemindAt::At(at))));
    }
    for at in MORNINGS {
        assert!(offered.contains(&Command::RemindMorning(RemindAt::At(at))));
    }
}

#[test]
fn each_change_is_confirmed_by_what_now_holds() {
    let town = garbage_town();
    let mut chat = Chat::of_minami();
    let on = chat.hear(&town, 1, tapped(&Command::Remind(id("burnable"), Switch::On)));
    assert!(spoken(&on).starts_with("燃やすごみ: 前の日の夜7時にお知らせします。\n"), "{}", spoken(&on));
    let off = chat.hear(&town, 2, tapped(&Command::Remind(id("non-burnable"), Switch::Off)));
    assert!(spoken(&off).starts_with("燃やさないごみ: お知らせしません。\n"), "{}", spoken(&off));
    let later = chat.hear(&town, 3, tapped(&evening(21)));
    assert!(spoken(&later).starts_with("燃やすごみ、古紙: 前の日の夜9時にお知らせします。\n"), "{}", spoken(&later));
    let morning = chat.hear(&town, 4, tapped(&Command::RemindMorning(RemindAt::At(time(6, 30, 0, 0)))));
    let both = "燃やすごみ、古紙: 前の日の夜9時とその日の朝6時30分にお知らせします。\n";
    assert!(spoken(&morning).starts_with(both), "{}", spoken(&morning));
    let only = chat.hear(&town, 5, tapped(&Command::RemindEvening(RemindAt::Never)));
    assert!(spoken(&only).starts_with("燃やすごみ、古紙: その日の朝6時30分にお知らせします。\n"), "{}", spoken(&only));
    let settings = chat.settings();
    assert_eq!((settings.evening(), settings.morning()), (None, Some(time(6, 30, 0, 0))));
    assert_eq!(settings.garbage(&id("burnable")), Some(Switch::On));
    assert_eq!(settings.garbage(&id("paper")), None, "what nobody touched follows the calendar");
}

#[test]
fn an_older_tap_is_answered_by_what_holds() {
    let town = garbage_town();
    let mut chat = Chat::of_minami();
    chat.hear(&town, 9, tapped(&evening(21)));
    let late = chat.hear(&town, 5, tapped(&Command::RemindersOff));
    assert!(spoken(&late).starts_with("燃やさないごみ、古紙: 前の日の夜9時にお知らせします。\n"), "{}", spoken(&late));
    let late = chat.hear(&town, 4, tapped(&evening(17)));
    assert!(spoken(&late).contains("夜9時にお知らせします。"), "{}", spoken(&late));
}

#[test]
fn all_of_it_is_stopped_by_one_tap_or_one_sentence_and_begun_again() {
    let town = garbage_town();
    let mut chat = Chat::of_minami();
    let cards = chat.hear(&town, 1, said("ごみの日のお知らせ"));
    assert!(offered(&cards).contains(&Command::RemindersOff));
    let stopped = chat.hear(&town, 2, tapped(&Command::RemindersOff));
    assert!(spoken(&stopped).contains("ごみの日のお知らせをすべて止めました。"), "{}", spoken(&stopped));
    assert_eq!((chat.settings().evening(), chat.settings().morning()), (None, None));
    assert_eq!(chat.settings().muted(), Switch::Off, "other broadcasts still come");
    let settings = spoken(&chat.hear(&town, 3, said("設定")));
    assert!(settings.contains("ごみの日のお知らせ止めています"), "{settings}");
    let cards = chat.hear(&town, 4, said("ごみの日のお知らせ"));
    assert!(!offered(&cards).contains(&Command::RemindersOff), "there is nothing to stop");
    let on = chat.hear(&town, 5, tapped(&Command::Remind(id("burnable"), Switch::On)));
    assert!(spoken(&on).starts_with("燃やすごみ: お知らせする時間が選ばれていない"), "{}", spoken(&on));
    assert!(offered(&stopped).contains(&evening(19)));
    let again = chat.hear(&town, 6, tapped(&evening(19)));
    assert!(
        spoken(&again).contains("燃やすごみ、燃やさないごみ、古紙: 前の日の夜7時にお知らせします。"),
        "{}",
        spoken(&again)
    );
    chat.hear(&town, 7, said("ごみの日のお知らせを止める"));
    assert_eq!(chat.settings().evening(), None);
}

#[test]
fn who_chose_nothing_of_it_is_told_that_nothing_comes() {
    let town = garbage_town();
    let mut chat = Chat::of_minami();
    chat.hear(&town, 1, tapped(&Command::Remind(id("non-burnable"), Switch::Off)));
    chat.hear(&town, 2, tapped(&Command::Remind(id("paper"), Switch::Off)));
    let turn = chat.hear(&town, 3, tapped(&evening(20)));
    assert!(spoken(&turn).contains("お知らせするごみが選ばれていないため"), "{}", spoken(&turn));
}

#[test]
fn without_a_district_the_district_is_asked_first_and_what_was_tapped_is_kept() {
    let town = garbage_town();
    let mut chat = Chat::default();
    for (second, command) in (1..).zip([Command::Reminders, Command::Remind(id("burnable"), Switch::On), evening(20)]) {
        let turn = chat.hear(&town, second, tapped(&command));
        assert!(spoken(&turn).contains("お住まいの地区が必要です"), "{command:?}: {}", spoken(&turn));
        assert_eq!(chat.conversation.as_ref().unwrap().expecting, Expecting::District);
    }
    let turn = chat.hear(&town, 9, said("南町"));
    assert!(spoken(&turn).contains("燃やすごみ、燃やさないごみ、古紙(前の日の夜8時)"), "{}", spoken(&turn));
}

#[test]
fn who_has_muted_all_is_told_that_reminders_do_not_come_either() {
    let mut chat = Chat::of_minami();
    chat.hear(&town(), 1, tapped(&Command::MuteNow));
    let turn = chat.hear(&garbage_town(), 2, tapped(&Command::Remind(id("burnable"), Switch::On)));
    assert!(spoken(&turn).contains("配信をすべて止めている") && offered(&turn).contains(&Command::Unmute));
}

#[test]
fn a_time_that_is_not_offered_and_a_category_that_is_gone_change_nothing() {
    let mut chat = Chat::of_minami();
    for command in [
        Command::RemindEvening(RemindAt::At(time(3, 0, 0, 0))),
        Command::RemindMorning(RemindAt::At(time(19, 0, 0, 0))),
        Command::Remind(id("gone"), Switch::On),
    ] {
        let before = chat.settings().clone();
        chat.hear(&garbage_town(), 1, tapped(&command));
        assert_eq!(*chat.settings(), before, "{command:?}");
    }
}

#[test]
fn an_area_without_collection_days_has_nothing_to_choose() {
    let turn = Chat::of_minami().hear(&town(), 1, tapped(&Command::Reminders));
    assert!(spoken(&turn).contains("まだ登録されていません"), "{}", spoken(&turn));
}

/// The town with so many more categories.
fn with_more(number: usize) -> Town {
    let mut town = garbage_town();
    for number in 0..number {
        let id = format!("more-{number}");
        town.categories.push(category(&id, &format!("とても長い名前のごみの種類その{number}番目"), "8:30"));
        town.calendar.add("north".parse().unwrap(), id.parse().unwrap(), Entry::from(parse_rules("金1").unwrap()));
    }
    town
}

#[test]
fn many_categories_are_all_within_reach_and_more_than_cards_can_show_do_no_harm() {
    for (more, shown) in [(0, 4), (20, 24), (76, 80), (120, 80)] {
        let town = with_more(more);
        let turn = Chat::of_minami().hear(&town, 1, tapped(&Command::Reminders));
        let switches = offered(&turn).iter().filter(|command| matches!(command, Command::Remind(..))).count();
        assert_eq!(switches, shown, "{more} more");
        let Reply::Cards { cards, .. } = &turn.replies[0] else { panic!("{}", spoken(&turn)) };
        assert!(cards.len() <= CARDS_MAX && cards.iter().all(|card| card.buttons.len() <= 8), "{} cards", cards.len());
        assert!(offered(&turn).contains(&evening(19)), "the times are always there");
        let today = Chat::of_minami().hear(&town, 2, said("今日"));
        assert!(today.choices.len() <= CHOICES_MAX);
    }
}
