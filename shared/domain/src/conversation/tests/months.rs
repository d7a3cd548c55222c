//! The months that residents give of themselves: children's, and the kinds of the town.

use super::*;
use crate::resident::DATES_MAX;

fn month(text: &str) -> YearMonth {
    text.parse().unwrap()
}

fn kind(id: &str) -> DateKindId {
    id.parse().unwrap()
}

fn dog_town() -> Town {
    let mut town = town();
    town.dates = vec![
        date_kind("dog", "犬を飼い始めた月", Direction::Past),
        date_kind("licence", "免許が切れる月", Direction::Future),
        date_kind("any", "その他の月", Direction::Any),
    ];
    town
}

#[test]
fn a_month_of_a_kind_is_added_by_taps_and_taken_away() {
    let town = dog_town();
    let mut chat = Chat::default();
    let settings = chat.hear(&town, 1, said("設定"));
    assert!(spoken(&settings).contains("犬を飼い始めた月未設定"), "{}", spoken(&settings));
    assert!(offered(&settings).contains(&Command::Dates(kind("dog"))));
    let card = chat.hear(&town, 2, tapped(&Command::Dates(kind("dog"))));
    assert!(offered(&card).contains(&Command::AddDate(kind("dog"))));
    let years = chat.hear(&town, 3, tapped(&Command::AddDate(kind("dog"))));
    assert!(spoken(&years).contains("犬を飼い始めた月は、いつですか。"), "{}", spoken(&years));
    assert!(offered(&years).contains(&Command::AddDateIn(kind("dog"), 2026)));
    assert!(!offered(&years).contains(&Command::AddDateIn(kind("dog"), 2027)), "it lies in the past");
    let months = chat.hear(&town, 4, tapped(&Command::AddDateIn(kind("dog"), 2026)));
    assert!(offered(&months).contains(&Command::AddDateOf(kind("dog"), month("2026-11"))));
    assert!(!offered(&months).contains(&Command::AddDateOf(kind("dog"), month("2026-12"))), "it lies in the past");
    let added = chat.hear(&town, 5, tapped(&Command::AddDateOf(kind("dog"), month("2024-05"))));
    assert!(spoken(&added).contains("「犬を飼い始めた月」に2024年5月を登録しました。"), "{}", spoken(&added));
    assert_eq!(chat.settings().dates(&kind("dog")), [month("2024-05")].into());
    assert!(chat.settings().dates(&kind("licence")).is_empty() && chat.settings().children().is_empty());
    assert!(spoken(&chat.hear(&town, 6, said("設定"))).contains("犬を飼い始めた月2024年5月"));
    let removed = chat.hear(&town, 7, tapped(&Command::RemoveDateOf(kind("dog"), month("2024-05"))));
    assert!(spoken(&removed).contains("「犬を飼い始めた月」から2024年5月を消しました。"), "{}", spoken(&removed));
    assert!(chat.settings().dates(&kind("dog")).is_empty());
}

#[test]
fn a_typed_month_goes_to_the_kind_that_was_asked_for() {
    let town = dog_town();
    let mut chat = Chat::default();
    chat.hear(&town, 1, tapped(&Command::AddDate(kind("dog"))));
    assert_eq!(chat.conversation.as_ref().unwrap().expecting, Expecting::MonthOf(kind("dog")));
    chat.hear(&town, 2, said("いつだったかな"));
    chat.hear(&town, 3, said("令和2年3月"));
    assert_eq!(chat.settings().dates(&kind("dog")), [month("2020-03")].into());
    chat.hear(&town, 4, said("2019年1月"));
    assert_eq!(chat.settings().dates(&kind("dog")).len(), 1, "a month is expected no more");
    chat.hear(&town, 5, tapped(&Command::AddDate(child())));
    assert_eq!(chat.conversation.as_ref().unwrap().expecting, Expecting::ChildMonth);
    chat.hear(&town, 6, said("2024年5月"));
    assert_eq!(chat.settings().children(), [month("2024-05")].into());
}

#[test]
fn a_kind_says_on_which_side_of_today_its_months_lie() {
    // Today is 18 November 2026.
    let town = dog_town();
    for (id, text, is_taken) in [
        ("dog", "2026-11", true),
        ("dog", "2026-12", false),
        ("dog", "1950-04", true),
        ("dog", "1901-01", false),
        ("licence", "2026-11", true),
        ("licence", "2026-10", false),
        ("licence", "2031-03", true),
        ("licence", "2099-03", false),
        ("any", "2020-01", true),
        ("any", "2030-01", true),
        ("child", "2027-01", false),
        ("child", "2006-01", true),
        ("child", "2005-12", false),
    ] {
        let mut chat = Chat::default();
        chat.hear(&town, 1, tapped(&Command::AddDateOf(kind(id), month(text))));
        assert_eq!(chat.settings().dates(&kind(id)).contains(&month(text)), is_taken, "{id} {text}");
    }
    for (id, first, last) in [("dog", 2015, 2026), ("licence", 2026, 2037), ("any", 2021, 2032)] {
        let turn = Chat::default().hear(&town, 1, tapped(&Command::AddDate(kind(id))));
        let years: Vec<i16> = offered(&turn)
            .into_iter()
            .filter_map(|command| if let Command::AddDateIn(_, year) = command { Some(year) } else { None })
            .collect();
        assert_eq!((years.iter().min(), years.iter().max(), years.len()), (Some(&first), Some(&last), 12), "{id}");
    }
}

#[test]
fn of_each_kind_ten_months_are_kept() {
    let town = dog_town();
    let mut chat = Chat::default();
    for year in 0..10 {
        let month = YearMonth::new(2010 + year, 1).unwrap();
        chat.hear(&town, i64::from(year), tapped(&Command::AddDateOf(kind("dog"), month)));
    }
    let turn = chat.hear(&town, 11, tapped(&Command::AddDateOf(kind("dog"), month("2024-05"))));
    assert_eq!(chat.settings().dates(&kind("dog")).len(), DATES_MAX);
    assert!(spoken(&turn).contains("10件まで"), "{}", spoken(&turn));
    chat.hear(&town, 12, tapped(&Command::AddDateOf(kind("any"), month("2024-05"))));
    assert_eq!(chat.settings().dates(&kind("any")).len(), 1, "each kind has room of its own");
}

#[test]
fn a_kind_that_the_town_gave_up_is_answered_and_keeps_nothing_new() {
    let mut chat = Chat::default();
    for command in [
        Command::Dates(kind("gone")),
        Command::AddDate(kind("gone")),
        Command::AddDateIn(kind("gone"), 2024),
        Command::AddDateOf(kind("gone"), month("2024-05")),
        Command::RemoveDateOf(kind("gone"), month("2024-05")),
    ] {
        let turn = chat.hear(&dog_town(), 1, tapped(&command));
        assert!(spoken(&turn).contains("その登録は、いまはありません。"), "{command:?}");
    }
    assert!(chat.settings().dates(&kind("gone")).is_empty());
}

#[test]
fn twenty_kinds_are_all_within_reach() {
    let mut town = town();
    town.dates =
        (0..20).map(|number| date_kind(&format!("k{number}"), &format!("その{number}"), Direction::Any)).collect();
    let turn = Chat::default().hear(&town, 1, said("設定"));
    assert_eq!(
        offered(&turn).iter().filter(|command| matches!(command, Command::Dates(kind) if !kind.is_child())).count(),
        20
    );
}
