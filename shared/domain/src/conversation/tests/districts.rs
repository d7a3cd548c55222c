//! Choosing the district.

use super::*;

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
fn the_name_of_a_district_is_offered_as_the_district() {
    let turn = Chat::default().hear(&town(), 1, said("南町"));
    assert!(offered(&turn).contains(&Command::SetDistrict("minami".parse().unwrap())));
    assert!(turn.effects.is_empty());
}
