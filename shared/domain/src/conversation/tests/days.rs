//! Today, tomorrow and the next days, and what falls out of them.

use jiff::civil::date;

use super::*;
use crate::garbage::calendar::CollectionChange;

fn told(town: &Town, time: &str, deed: Deed) -> String {
    spoken(&Chat::of_minami().hear_at(town, time, deed))
}

/// The town in which nothing that is not burnt is collected on 25 November 2026.
fn snowed_in(moved_to: Option<Date>) -> Town {
    let mut town = garbage_town();
    town.calendar.change(&CollectionChange {
        id: "snow".parse().unwrap(),
        date: date(2026, 11, 25),
        areas: ["north".parse().unwrap()].into(),
        categories: ["non-burnable".parse().unwrap()].into(),
        moved_to,
        reason: "大雪のため".to_owned(),
    });
    town
}

#[test]
fn today_and_tomorrow_are_answered_with_what_goes_out_by_when() {
    let town = garbage_town();
    for asked in [said("きょう"), said("今日のごみは？"), tapped(&Command::Today)] {
        let told = told(&town, "2026-11-25T07:00", asked);
        assert!(told.contains("今日 11月25日(水)のごみ"), "{told}");
        assert!(told.contains("燃やさないごみ8時30分まで") && told.contains("プラスチック資源13時まで"), "{told}");
        assert!(!told.contains("燃やすごみ") && !told.contains("まででした"), "{told}");
    }
    for asked in [said("あした"), said("明日のごみ"), tapped(&Command::Tomorrow)] {
        let told = told(&town, "2026-11-24T23:59", asked);
        assert!(told.contains("明日 11月25日(水)のごみ") && told.contains("燃やさないごみ8時30分まで"), "{told}");
    }
    let paper = told(&town, "2026-11-13T07:00", said("今日"));
    assert!(paper.contains("古紙収集します"), "no time is known: {paper}");
}

#[test]
fn after_its_time_today_is_over_and_the_next_day_is_told() {
    let town = garbage_town();
    let on_time = told(&town, "2026-11-25T08:30", said("今日"));
    assert!(!on_time.contains("まででした"), "{on_time}");
    let late = told(&town, "2026-11-25T08:31", said("今日"));
    assert!(late.contains("今日の収集は 8:30 まででした。"), "{late}");
    assert!(late.contains("燃やさないごみ次は12月23日(水)") && late.contains("プラスチック資源13時まで"), "{late}");
    let evening = told(&town, "2026-11-25T20:00", said("今日"));
    let both = "今日の収集は 8:30 まででした。今日の収集は 13:00 まででした。";
    assert!(evening.contains(both), "the earlier time first: {evening}");
}

#[test]
fn a_day_without_collection_says_what_comes_next() {
    let told = told(&garbage_town(), "2026-11-24T07:00", said("今日"));
    assert!(told.contains("収集はありません。"), "{told}");
    assert!(told.contains("次は明日 11月25日(水)の「燃やさないごみ、プラスチック資源」です。"), "{told}");
}

#[test]
fn the_next_day_of_a_category_is_told_by_a_part_of_its_name_in_any_language() {
    let town = garbage_town();
    for asked in [
        "次の燃やさないごみ",
        "つぎの不燃ごみはいつ？",
        "燃えないゴミの日",
        "もやさない ごみは何曜日",
        "next non-burnable?",
        "Next Non-Burnable Waste",
    ] {
        let told = told(&town, "2026-11-24T07:00", said(asked));
        assert!(told.contains("燃やさないごみ次の収集日明日 11月25日(水)出す時間8時30分まで"), "{asked}: {told}");
        assert!(!told.contains("プラスチック"), "{asked}: {told}");
    }
    let burnable = told(&town, "2026-11-24T07:00", said("next burnable"));
    assert!(burnable.contains("燃やすごみ") && !burnable.contains("燃やさないごみ"), "{burnable}");
    let both = told(&town, "2026-11-24T07:00", said("次の燃や"));
    assert!(both.contains("燃やすごみ次の収集日11月26日(木)") && both.contains("燃やさないごみ次の収集日"), "{both}");
    let by_tap = told(&town, "2026-11-24T07:00", tapped(&Command::NextOf("paper".parse().unwrap())));
    assert!(by_tap.contains("古紙次の収集日12月11日(金)"), "{by_tap}");
}

#[test]
fn what_is_no_category_is_asked_as_a_thing() {
    let told = told(&garbage_town(), "2026-11-24T07:00", said("乾電池はいつ？"));
    assert!(told.contains("有害ごみ"), "{told}");
    let turn = Chat::of_minami().hear(&garbage_town(), 1, said("次の宇宙船ゾゾムギ"));
    assert!(spoken(&turn).contains("見つかりませんでした"));
}

#[test]
fn what_nobody_collects_has_no_day_but_a_number_to_call() {
    let turn = Chat::default().hear(&garbage_town(), 1, said("次の粗大ごみ"));
    assert!(spoken(&turn).contains("電話をかける") && !spoken(&turn).contains("地区を選ぶと"), "{}", spoken(&turn));
}

#[test]
fn a_day_without_a_district_asks_for_the_district() {
    for asked in [said("今日"), said("明日"), said("次の燃やすごみ"), tapped(&Command::NextCollection)] {
        let turn = Chat::default().hear(&garbage_town(), 1, asked);
        assert!(spoken(&turn).starts_with("お住まいの地区を選ぶと"), "{}", spoken(&turn));
        assert_eq!(turn.conversation.unwrap().expecting, Expecting::District);
    }
}

#[test]
fn an_old_button_for_a_category_that_is_gone_is_answered() {
    let turn = Chat::of_minami().hear(&town(), 1, tapped(&Command::NextOf("gone".parse().unwrap())));
    assert!(spoken(&turn).contains("いまの一覧にありません"));
}

#[test]
fn a_day_that_falls_out_is_told_with_the_reason_and_the_new_day() {
    let moved = snowed_in(Some(date(2026, 11, 27)));
    let out = "燃やさないごみ: 明日 11月25日(水)は大雪のため収集しません。\nかわりに11月27日(金)に収集します。";
    for asked in ["明日", "ごみの日", "次の燃やさないごみ", "次の収集日"] {
        let told = told(&moved, "2026-11-24T07:00", said(asked));
        assert!(told.contains(out), "{asked}: {told}");
    }
    let next = told(&moved, "2026-11-24T07:00", said("次の燃やさないごみ"));
    assert!(next.contains("次の収集日11月27日(金)"), "{next}");
    for asked in ["今日", "次のプラスチック"] {
        let told = told(&moved, "2026-11-24T07:00", said(asked));
        assert!(!told.contains("大雪"), "it does not concern this: {asked}: {told}");
    }
    let before = told(&moved, "2026-10-20T07:00", said("ごみの日"));
    assert!(!before.contains("大雪"), "another day comes first: {before}");
    let on_it = told(&moved, "2026-11-27T07:00", said("今日"));
    assert!(on_it.contains("燃やさないごみ8時30分まで"), "{on_it}");
    let gone = told(&snowed_in(None), "2026-11-25T07:00", said("今日"));
    assert!(gone.contains("大雪のため収集しません。\nかわりの収集はありません。"), "{gone}");
}

#[test]
fn english_and_easy_japanese_have_the_same_answers() {
    let town = snowed_in(Some(date(2026, 11, 27)));
    let mut chat = Chat::of_minami();
    chat.hear(&town, 0, tapped(&Command::SetLanguage(Language::English)));
    let told = spoken(&chat.hear_at(&town, "2026-11-25T14:00", said("today")));
    assert!(told.contains("It is too late for today: garbage had to be out by 13:00."), "{told}");
    assert!(told.contains("not collected on Today, Wed 25 November (大雪のため)."), "{told}");
    assert!(told.contains("It is collected on Fri 27 November instead."), "{told}");
    let mut chat = Chat::of_minami();
    chat.hear(&town, 0, tapped(&Command::SetLanguage(Language::EasyJapanese)));
    let told = spoken(&chat.hear_at(&town, "2026-11-24T07:00", said("あした")));
    assert!(told.contains("もやさない ごみ: あした 11月25日(水曜日)は 大雪のため 集めません。"), "{told}");
}

#[test]
fn the_calendar_is_opened_where_the_town_says_where_its_pages_are() {
    let mut town = snowed_in(None);
    let opens = |town: &Town, address: &str| {
        let turn = Chat::of_minami().hear_at(town, "2026-11-25T07:00", tapped(&Command::NextCollection));
        format!("{:?}", turn.replies).contains(address)
    };
    assert!(!opens(&town, "/calendar/"), "nor an address without a place");
    town.profile.portal = "https://pages.example.jp".to_owned();
    assert!(opens(&town, "https://pages.example.jp/calendar/north"));
}
