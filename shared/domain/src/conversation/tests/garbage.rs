//! What a thing is and how it is put out.

use super::*;

#[test]
fn today_is_the_next_day_only_until_its_time_has_come() {
    let mut town = town();
    let entry = Entry {
        note: "祝日も集めます".to_owned(),
        ..Entry::from(parse_rules("月 火 水 木 金 土 日").unwrap())
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
    let entry = parse_rules("月").unwrap().into();
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
